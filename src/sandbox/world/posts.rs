//! Putting messages into chats, and what of them the bot gets to see.

use serde_json::{Value, json};

use super::World;
use super::chat::{Body, Kind, Post};
use crate::sandbox::values::{Button, Document, Message};

impl World {
    /// Gives the message its id and date, keeps it, and tells the bot when it may see it.
    pub fn post(&mut self, chat_id: i64, mut post: Post) -> i64 {
        let now = self.now();
        let Some(chat) = self.chats.get_mut(&chat_id) else { return 0 };
        // Supergroups count for themselves; private chats and basic groups share the bot's own sequence.
        let counter = if chat.kind == Kind::Super { &mut chat.next } else { &mut self.next_own };
        let id = *counter;
        *counter += 1;
        post.id = id;
        post.at = now;
        let seen = self.sees(chat_id, &post);
        if let Some(chat) = self.chats.get_mut(&chat_id) {
            chat.posts.insert(id, post);
        }
        if seen {
            let message = self.message_json(chat_id, id);
            self.update("message", message);
        }
        id
    }

    /// Own messages never come back as updates, except service messages about what the bot changed.
    pub fn sees(&self, chat_id: i64, post: &Post) -> bool {
        let service = matches!(post.body, Body::Service { .. });
        if post.from == self.bot.id && !service {
            return false;
        }
        let Some(chat) = self.chats.get(&chat_id) else { return false };
        if chat.kind == Kind::Private {
            return true;
        }
        let member = chat.member(self.bot.id, self.seconds());
        if !member.present() {
            return false;
        }
        if member.admin() || service {
            return true;
        }
        // Privacy mode: commands that may be meant for us, and replies to us.
        let to_us = post.reply_to.and_then(|id| chat.posts.get(&id)).is_some_and(|to| to.from == self.bot.id);
        to_us || self.is_command_for_us(post.body.text())
    }

    fn is_command_for_us(&self, text: &str) -> bool {
        let Some(command) = text.strip_prefix('/').and_then(|rest| rest.split_whitespace().next()) else {
            return false;
        };
        command.split_once('@').is_none_or(|(_, to)| to.eq_ignore_ascii_case(&self.bot.username))
    }

    /// A service message: never answered, always seen.
    pub fn service(&mut self, chat: i64, from: i64, name: &'static str, value: Value) -> i64 {
        self.post(chat, Post::service(from, name, value))
    }

    /// The message as a person reads it.
    pub fn look(&self, chat_id: i64, id: i64) -> Option<Message> {
        let chat = self.chats.get(&chat_id)?;
        let post = chat.posts.get(&id)?;
        Some(Message {
            id,
            chat: chat_id,
            from: post.from,
            from_bot: post.from == self.bot.id,
            at: post.at,
            edited: post.edited,
            changed: post.changed,
            text: post.body.text().to_owned(),
            buttons: post.markup.as_ref().map(buttons).unwrap_or_default(),
            document: post
                .body
                .file()
                .and_then(|id| self.files.get(id))
                .map(|file| Document { name: file.name.clone(), bytes: file.bytes.clone() }),
            edits: post.edits,
            pinned: chat.pinned.contains(&id),
            service: match &post.body {
                Body::Service { name, .. } => Some((*name).to_owned()),
                _ => None,
            },
            detail: match &post.body {
                Body::Service { value, .. } => value.clone(),
                _ => Value::Null,
            },
            entities: post.entities.clone(),
            photo: matches!(post.body, Body::Photo { .. }),
            reply_to: post.reply_to,
        })
    }

    pub fn read(&self, chat: i64) -> Vec<Message> {
        let ids: Vec<i64> = self.chats.get(&chat).map(|chat| chat.posts.keys().copied().collect()).unwrap_or_default();
        ids.into_iter().filter_map(|id| self.look(chat, id)).collect()
    }

    pub fn remove_post(&mut self, chat: i64, id: i64) -> bool {
        self.chats.get_mut(&chat).is_some_and(|chat| {
            chat.pinned.retain(|pinned| *pinned != id);
            chat.posts.remove(&id).is_some()
        })
    }
}

/// The inline keyboard of a markup.
fn buttons(markup: &Value) -> Vec<Vec<Button>> {
    let text = |button: &Value, name: &str| button.get(name).and_then(Value::as_str).map(str::to_owned);
    let rows = markup.get("inline_keyboard").and_then(Value::as_array).cloned().unwrap_or_default();
    rows.iter()
        .map(|row| {
            row.as_array()
                .map(|row| {
                    row.iter()
                        .map(|button| Button {
                            text: text(button, "text").unwrap_or_default(),
                            data: text(button, "callback_data"),
                            url: text(button, "url"),
                        })
                        .collect()
                })
                .unwrap_or_default()
        })
        .collect()
}

/// What a user's own text carries as entities without any parse mode: commands.
pub fn command_entities(text: &str) -> Vec<Value> {
    if !text.starts_with('/') {
        return Vec::new();
    }
    let command = text.split_whitespace().next().unwrap_or_default();
    if command.len() < 2 {
        return Vec::new();
    }
    vec![json!({ "type": "bot_command", "offset": 0, "length": command.encode_utf16().count() })]
}
