//! Topics of a forum.

use serde_json::{Value, json};

use super::params::Params;
use crate::sandbox::world::World;
use crate::sandbox::world::chat::Topic;
use crate::sandbox::world::refusal::{Answer, Refusal, bad};

/// Colours that Telegram knows; the first is the usual one.
const USUAL_COLOR: i64 = 7_322_096;

fn forum(world: &World, p: &Params) -> Result<i64, Refusal> {
    let id = world.target_with(p, "can_manage_topics", "to create a topic")?;
    match world.chat(id) {
        Some(chat) if chat.forum => Ok(id),
        _ => Err(bad("the chat is not a forum")),
    }
}

fn name(p: &Params) -> Result<String, Refusal> {
    let name = p.text("name").unwrap_or_default().trim().to_owned();
    if name.is_empty() {
        return Err(bad("TOPIC_TITLE_EMPTY"));
    }
    Ok(name.chars().take(128).collect())
}

pub fn create(world: &mut World, p: &Params) -> Answer {
    let chat = forum(world, p)?;
    let name = name(p)?;
    let color = p.int("icon_color").unwrap_or(USUAL_COLOR);
    // A topic is named after the message that opened it.
    let id = world.service(chat, world.bot.id, "forum_topic_created", json!({ "name": name, "icon_color": color }));
    if let Some(chat) = world.chats.get_mut(&chat) {
        chat.topics.insert(id, Topic { name: name.clone(), closed: false });
    }
    Ok(json!({ "message_thread_id": id, "name": name, "icon_color": color }))
}

pub fn change(world: &mut World, method: &str, p: &Params) -> Answer {
    let id = forum(world, p)?;
    let thread = p.int("message_thread_id").unwrap_or(0);
    let new_name = p.text("name").filter(|name| !name.is_empty());
    let chat = world.chats.get_mut(&id).ok_or_else(|| bad("chat not found"))?;
    let topic = chat.topics.get_mut(&thread).ok_or_else(|| bad("TOPIC_ID_INVALID"))?;
    let closing = method == "closeForumTopic";
    let (field, value): (&'static str, Value) = match method {
        "editForumTopic" => {
            let Some(name) = new_name.filter(|name| *name != topic.name) else { return Err(bad("TOPIC_NOT_MODIFIED")) };
            topic.name.clone_from(&name);
            ("forum_topic_edited", json!({ "name": name }))
        }
        "deleteForumTopic" => {
            chat.topics.remove(&thread);
            chat.posts.retain(|_, post| post.thread != Some(thread));
            return Ok(json!(true));
        }
        _ if topic.closed == closing => return Err(bad("TOPIC_NOT_MODIFIED")),
        _ => {
            topic.closed = closing;
            (if closing { "forum_topic_closed" } else { "forum_topic_reopened" }, json!({}))
        }
    };
    world.service(id, world.bot.id, field, value);
    Ok(json!(true))
}
