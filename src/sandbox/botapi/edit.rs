//! What the bot changes of what it said, and answers to presses.

use std::time::Duration;

use serde_json::{Value, json};

use super::params::Params;
use super::send::{LONGEST_CAPTION, LONGEST_TEXT, length, markup, words};
use crate::sandbox::world::World;
use crate::sandbox::world::chat::{Body, Post};
use crate::sandbox::world::refusal::{Answer, Refusal, bad, forbidden};

const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply markup are exactly the \
                            same as a current content and reply markup of the message";
const TOO_OLD: &str = "query is too old and response timeout expired or query ID is invalid";
/// How long a press can be answered: a minute for those who wait, a quarter of an hour of school time (which tests
/// and the demo move faster).
const PRESS_WAIT: Duration = Duration::from_mins(1);
const PRESS_MINUTES: i64 = 15;

/// A message of the bot that may still be edited.
fn editable(world: &World, p: &Params) -> Result<(i64, i64, Post), Refusal> {
    let chat = world.target(p)?;
    if world.people.get(&chat).is_some_and(|person| person.blocked) {
        return Err(forbidden("bot was blocked by the user"));
    }
    let id = p.int("message_id").ok_or_else(|| bad("message identifier is not specified"))?;
    let post = world.chat(chat).and_then(|chat| chat.posts.get(&id)).ok_or_else(|| bad("message to edit not found"))?;
    if post.from != world.bot.id || post.origin.is_some() || matches!(post.body, Body::Service { .. }) {
        return Err(bad("message can't be edited"));
    }
    Ok((chat, id, post.clone()))
}

/// Puts the changed message back, if it is one.
fn replace(world: &mut World, chat: i64, old: &Post, mut new: Post) -> Answer {
    let same_words = old.body.text() == new.body.text() && old.entities == new.entities;
    if same_words && old.markup == new.markup {
        return Err(bad(NOT_MODIFIED));
    }
    let now = world.now();
    if !same_words {
        new.edited = Some(now);
    }
    new.changed = Some(now);
    new.edits += 1;
    let id = new.id;
    if let Some(place) = world.chats.get_mut(&chat).and_then(|chat| chat.posts.get_mut(&id)) {
        *place = new;
    }
    Ok(world.message_json(chat, id))
}

pub fn text(world: &mut World, p: &Params) -> Answer {
    let (chat, _, old) = editable(world, p)?;
    let Body::Text(_) = &old.body else { return Err(bad("there is no text in the message to edit")) };
    let (text, entities) = words(p, "text", "entities", LONGEST_TEXT, "MESSAGE_TOO_LONG")?;
    if text.trim().is_empty() {
        return Err(bad("message text is empty"));
    }
    // Without a reply_markup the buttons go.
    let new = Post { body: Body::Text(text), entities, markup: markup(p)?, ..old.clone() };
    replace(world, chat, &old, new)
}

pub fn caption(world: &mut World, p: &Params) -> Answer {
    let (chat, _, old) = editable(world, p)?;
    let (caption, entities) = words(p, "caption", "caption_entities", LONGEST_CAPTION, "message caption is too long")?;
    let body = match &old.body {
        Body::Document { file, .. } => Body::Document { file: file.clone(), caption },
        Body::Photo { file, .. } => Body::Photo { file: file.clone(), caption },
        _ => return Err(bad("there is no caption in the message to edit")),
    };
    let new = Post { body, entities, markup: markup(p)?, ..old.clone() };
    replace(world, chat, &old, new)
}

pub fn markup_only(world: &mut World, p: &Params) -> Answer {
    let (chat, _, old) = editable(world, p)?;
    let new = Post { markup: markup(p)?, ..old.clone() };
    replace(world, chat, &old, new)
}

/// May the bot delete this message? Own ones and, as an admin with the right, others' — for 48 hours where they are
/// not in a supergroup.
fn deletable(world: &World, chat: i64, post: &Post) -> Result<(), Refusal> {
    let refused = Err(bad("message can't be deleted for everyone"));
    let may_delete = world.member(chat, world.bot.id).may("can_delete_messages");
    if may_delete {
        return Ok(());
    }
    if post.from != world.bot.id && chat < 0 {
        return refused;
    }
    if matches!(&post.body, Body::Service { name, .. } if name.ends_with("_chat_created")) {
        return refused;
    }
    if post.at.plus_hours(48) <= world.now() { refused } else { Ok(()) }
}

pub fn delete(world: &mut World, p: &Params) -> Answer {
    let chat = world.target(p)?;
    let id = p.int("message_id").ok_or_else(|| bad("message identifier is not specified"))?;
    let post =
        world.chat(chat).and_then(|chat| chat.posts.get(&id)).ok_or_else(|| bad("message to delete not found"))?;
    deletable(world, chat, post)?;
    world.remove_post(chat, id);
    Ok(json!(true))
}

/// Those that cannot be found or deleted are skipped, as Telegram does.
pub fn delete_several(world: &mut World, p: &Params) -> Answer {
    let chat = world.target(p)?;
    let ids: Vec<i64> = p
        .json("message_ids")?
        .and_then(|ids| serde_json::from_value(ids).ok())
        .ok_or_else(|| bad("message identifiers are not specified"))?;
    if ids.len() > 100 {
        return Err(bad("too many message identifiers specified"));
    }
    for id in ids {
        let post = world.chat(chat).and_then(|chat| chat.posts.get(&id)).cloned();
        if post.is_some_and(|post| deletable(world, chat, &post).is_ok()) {
            world.remove_post(chat, id);
        }
    }
    Ok(json!(true))
}

pub fn answer_press(world: &mut World, p: &Params) -> Answer {
    let id = p.text("callback_query_id").unwrap_or_default();
    let text = p.text("text").filter(|text| !text.is_empty());
    if text.as_deref().is_some_and(|text| length(text) > 200) {
        return Err(bad("MESSAGE_TOO_LONG"));
    }
    let (now, elapsed) = (world.now(), world.clock.elapsed());
    let press = world.presses.get_mut(&id).ok_or_else(|| bad(TOO_OLD))?;
    let old = press.at.plus_minutes(PRESS_MINUTES) < now || press.elapsed + PRESS_WAIT < elapsed;
    if press.answered || old {
        return Err(bad(TOO_OLD));
    }
    press.answered = true;
    press.text = text;
    press.alert = p.flag("show_alert") == Some(true);
    Ok(Value::Bool(true))
}
