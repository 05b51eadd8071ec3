//! Polls of the bot.

use std::collections::BTreeMap;

use serde_json::Value;

use super::params::Params;
use super::send::{deliver, dress, length, writable};
use crate::sandbox::world::World;
use crate::sandbox::world::chat::{Body, Poll, Post};
use crate::sandbox::world::refusal::{Answer, Refusal, bad};
use crate::sandbox::world::render::poll_json;

fn options(p: &Params) -> Result<Vec<String>, Refusal> {
    let given = p.json("options")?.unwrap_or_default();
    let given = given.as_array().cloned().unwrap_or_default();
    let options: Vec<String> = given
        .iter()
        .map(|option| option.get("text").unwrap_or(option).as_str().unwrap_or_default().trim().to_owned())
        .collect();
    if options.is_empty() {
        return Err(bad("poll must have at least 1 option"));
    }
    if options.len() > 12 {
        return Err(bad("poll can't have more than 12 options"));
    }
    if options.iter().any(String::is_empty) {
        return Err(bad("poll options must be non-empty"));
    }
    if options.iter().any(|option| length(option) > 100) {
        return Err(bad("poll options length must not exceed 100"));
    }
    Ok(options)
}

pub fn send(world: &mut World, p: &Params) -> Answer {
    let chat = writable(world, p, "can_send_polls", "polls")?;
    let question = p.text("question").unwrap_or_default().trim().to_owned();
    if question.is_empty() {
        return Err(bad("poll question must be non-empty"));
    }
    if length(&question) > 300 {
        return Err(bad("poll question length must not exceed 300"));
    }
    let quiz = p.text("type").as_deref() == Some("quiz");
    let correct: Vec<i64> = match p.json("correct_option_ids")? {
        Some(ids) if quiz => serde_json::from_value(ids).unwrap_or_default(),
        // What clients of older versions send.
        _ if quiz => p.int("correct_option_id").into_iter().collect(),
        _ => Vec::new(),
    };
    if quiz && correct.is_empty() {
        return Err(bad("QUIZ_CORRECT_ANSWERS_EMPTY"));
    }
    let id = format!("{:019}", world.ids.below(9_000_000_000_000_000_000));
    let poll = Poll {
        id,
        question,
        options: options(p)?,
        votes: BTreeMap::new(),
        closed: p.flag("is_closed") == Some(true),
        anonymous: p.flag("is_anonymous") != Some(false),
        several: p.flag("allows_multiple_answers") == Some(true),
        correct,
    };
    let post = Post::new(world.bot.id, Body::Poll(poll));
    let post = dress(world, p, chat, post)?;
    Ok(deliver(world, chat, post))
}

pub fn stop(world: &mut World, p: &Params) -> Answer {
    let chat = world.target(p)?;
    let markup = super::send::markup(p)?;
    let bot = world.bot.id;
    let id = p.int("message_id").ok_or_else(|| bad("message identifier is not specified"))?;
    let post = world.chats.get_mut(&chat).and_then(|chat| chat.posts.get_mut(&id));
    let post = post.ok_or_else(|| bad("message with poll to stop not found"))?;
    let Body::Poll(poll) = &mut post.body else { return Err(bad("message is not a poll")) };
    if post.from != bot {
        return Err(bad("poll can't be stopped"));
    }
    if poll.closed {
        return Err(bad("poll has already been closed"));
    }
    poll.closed = true;
    post.markup = markup;
    let json: Value = poll_json(poll);
    world.update("poll", json.clone());
    Ok(json)
}
