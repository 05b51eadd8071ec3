//! The chat itself: title, description, photo, permissions, pinned messages.

use serde_json::{Value, json};

use super::params::Params;
use super::send;
use crate::sandbox::world::World;
use crate::sandbox::world::chat::{Chat, Kind, Status};
use crate::sandbox::world::refusal::{Answer, Refusal, bad};

pub fn get(world: &mut World, p: &Params) -> Answer {
    let chat = world.target(p)?;
    if chat > 0 && !world.chats.contains_key(&chat) {
        // A private chat that never was: the bot does not know this person.
        return Err(bad("chat not found"));
    }
    Ok(world.full_chat_json(chat))
}

pub fn leave(world: &mut World, p: &Params) -> Answer {
    let chat = world.target_group(p)?;
    world.exit(chat, world.bot.id, world.bot.id, Status::Left);
    Ok(json!(true))
}

fn chat_mut(world: &mut World, id: i64) -> Result<&mut Chat, Refusal> {
    world.chats.get_mut(&id).ok_or_else(|| bad("chat not found"))
}

pub fn set_title(world: &mut World, p: &Params) -> Answer {
    let id = world.target_with(p, "can_change_info", "to change chat title")?;
    let title = p.text("title").unwrap_or_default().trim().to_owned();
    if title.is_empty() {
        return Err(bad("title must be non-empty"));
    }
    let title: String = title.chars().take(128).collect();
    let chat = chat_mut(world, id)?;
    if chat.title == title {
        // The same again is no mistake, and nobody hears of it.
        return Ok(json!(true));
    }
    chat.title.clone_from(&title);
    world.service(id, world.bot.id, "new_chat_title", json!(title));
    Ok(json!(true))
}

pub fn set_description(world: &mut World, p: &Params) -> Answer {
    let id = world.target_with(p, "can_change_info", "to set chat description")?;
    let description: String = p.text("description").unwrap_or_default().trim().chars().take(255).collect();
    let chat = chat_mut(world, id)?;
    if chat.description == description {
        return Err(bad("chat description is not modified"));
    }
    chat.description = description;
    Ok(json!(true))
}

pub fn set_photo(world: &mut World, p: &Params) -> Answer {
    let id = world.target_with(p, "can_change_info", "to change chat photo")?;
    let upload = p.upload("photo").cloned().ok_or_else(|| bad("there is no photo in the request"))?;
    if !send::is_picture(&upload.bytes) {
        return Err(bad("IMAGE_PROCESS_FAILED"));
    }
    let file = world.keep_file(&upload.name, "image/jpeg", upload.bytes.to_vec(), true);
    chat_mut(world, id)?.photo = Some(file.clone());
    let sizes = json!([world.photo_json(&file)]);
    world.service(id, world.bot.id, "new_chat_photo", sizes);
    Ok(json!(true))
}

pub fn delete_photo(world: &mut World, p: &Params) -> Answer {
    let id = world.target_with(p, "can_change_info", "to change chat photo")?;
    if chat_mut(world, id)?.photo.take().is_none() {
        return Err(bad("CHAT_NOT_MODIFIED"));
    }
    world.service(id, world.bot.id, "delete_chat_photo", json!(true));
    Ok(json!(true))
}

pub fn set_permissions(world: &mut World, p: &Params) -> Answer {
    let id = world.target_with(p, "can_restrict_members", "to change chat permissions")?;
    let held = super::members::permissions(p)?;
    chat_mut(world, id)?.permissions = held;
    Ok(json!(true))
}

/// A chat in which the bot may pin: private ones always.
fn pinnable(world: &World, p: &Params) -> Result<i64, Refusal> {
    let id = world.target(p)?;
    let chat = world.chat(id).ok_or_else(|| bad("chat not found"))?;
    let everybody = chat.kind != Kind::Super && chat.permissions.contains("can_pin_messages");
    if id > 0 || everybody || world.member(id, world.bot.id).may("can_pin_messages") {
        Ok(id)
    } else {
        Err(bad("not enough rights to manage pinned messages in the chat"))
    }
}

pub fn pin(world: &mut World, p: &Params) -> Answer {
    let id = pinnable(world, p)?;
    let message = p.int("message_id").ok_or_else(|| bad("message identifier is not specified"))?;
    let chat = chat_mut(world, id)?;
    let Some(post) = chat.posts.get(&message) else { return Err(bad("message to pin not found")) };
    if matches!(post.body, crate::sandbox::world::chat::Body::Service { .. }) {
        return Err(bad("service messages can't be pinned"));
    }
    if chat.pinned.last() == Some(&message) {
        return Err(bad("CHAT_NOT_MODIFIED"));
    }
    chat.pinned.retain(|pinned| *pinned != message);
    chat.pinned.push(message);
    let shown = world.chat(id).and_then(|chat| chat.posts.get(&message).map(|post| world.post_json(chat, post, false)));
    world.service(id, world.bot.id, "pinned_message", shown.unwrap_or(Value::Null));
    Ok(json!(true))
}

pub fn unpin(world: &mut World, p: &Params) -> Answer {
    let id = pinnable(world, p)?;
    let wanted = p.int("message_id");
    let chat = chat_mut(world, id)?;
    match wanted.or(chat.pinned.last().copied()) {
        Some(message) if chat.posts.contains_key(&message) => {
            chat.pinned.retain(|pinned| *pinned != message);
            Ok(json!(true))
        }
        _ => Err(bad("message to unpin not found")),
    }
}

pub fn unpin_all(world: &mut World, p: &Params) -> Answer {
    let id = pinnable(world, p)?;
    chat_mut(world, id)?.pinned.clear();
    Ok(json!(true))
}
