//! The world as the Bot API's JSON.

use serde_json::{Map, Value, json};

use super::World;
use super::chat::{Body, Chat, Kind, Link, Member, PERMISSIONS, Poll, Post, RIGHTS, Status, flags};

/// An object to be filled field by field.
pub fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn put(map: &mut Map<String, Value>, name: &str, value: Value) {
    map.insert(name.to_owned(), value);
}

impl World {
    pub fn user_json(&self, id: i64) -> Value {
        if id == self.bot.id {
            return json!({ "id": id, "is_bot": true, "first_name": self.bot.name, "username": self.bot.username });
        }
        let Some(person) = self.people.get(&id) else {
            return json!({ "id": id, "is_bot": false, "first_name": "" });
        };
        let mut user = object(json!({ "id": id, "is_bot": false, "first_name": person.first }));
        if !person.last.is_empty() {
            put(&mut user, "last_name", json!(person.last));
        }
        if let Some(name) = &person.username {
            put(&mut user, "username", json!(name));
        }
        if !person.language.is_empty() {
            put(&mut user, "language_code", json!(person.language));
        }
        Value::Object(user)
    }

    /// `getMe`'s answer: the bot with its abilities.
    pub fn me_json(&self) -> Value {
        json!({
            "id": self.bot.id, "is_bot": true, "first_name": self.bot.name, "username": self.bot.username,
            "can_join_groups": true, "can_read_all_group_messages": false, "supports_guest_queries": false,
            "supports_inline_queries": false, "can_connect_to_business": false, "has_main_web_app": false,
            "has_topics_enabled": false, "allows_users_to_create_topics": false, "can_manage_bots": false,
            "supports_join_request_queries": false,
        })
    }

    pub fn chat_json(&self, id: i64) -> Value {
        let Some(chat) = self.chats.get(&id) else {
            return self.private_json(id);
        };
        if chat.kind == Kind::Private {
            return self.private_json(id);
        }
        let mut json = object(json!({ "id": id, "type": chat.kind.name(), "title": chat.title }));
        if chat.forum {
            put(&mut json, "is_forum", json!(true));
        }
        Value::Object(json)
    }

    fn private_json(&self, id: i64) -> Value {
        let mut json = object(json!({ "id": id, "type": "private" }));
        if let Some(person) = self.people.get(&id) {
            put(&mut json, "first_name", json!(person.first));
            if !person.last.is_empty() {
                put(&mut json, "last_name", json!(person.last));
            }
            if let Some(name) = &person.username {
                put(&mut json, "username", json!(name));
            }
        }
        Value::Object(json)
    }

    /// `ChatFullInfo`.
    pub fn full_chat_json(&self, id: i64) -> Value {
        let mut json = object(self.chat_json(id));
        put(&mut json, "accent_color_id", json!(id.rem_euclid(7)));
        put(&mut json, "max_reaction_count", json!(11));
        let gifts = json!({ "unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false,
            "premium_subscription": false, "gifts_from_channels": false });
        put(&mut json, "accepted_gift_types", gifts);
        let Some(chat) = self.chats.get(&id).filter(|chat| chat.kind != Kind::Private) else {
            return Value::Object(json);
        };
        if !chat.description.is_empty() {
            put(&mut json, "description", json!(chat.description));
        }
        put(&mut json, "permissions", Value::Object(flags(&PERMISSIONS, &chat.permissions)));
        let may_invite = chat.member(self.bot.id, self.seconds()).may("can_invite_users");
        if may_invite && let Some(link) = chat.links.iter().find(|link| link.primary && !link.revoked) {
            put(&mut json, "invite_link", json!(link.url));
        }
        if let Some(photo) = &chat.photo {
            put(&mut json, "photo", self.chat_photo_json(photo));
        }
        if let Some(post) = chat.pinned.last().and_then(|id| chat.posts.get(id)) {
            put(&mut json, "pinned_message", self.post_json(chat, post, false));
        }
        Value::Object(json)
    }

    fn chat_photo_json(&self, file: &str) -> Value {
        let unique = self.files.get(file).map(|file| file.unique.clone()).unwrap_or_default();
        json!({ "small_file_id": file, "small_file_unique_id": unique,
            "big_file_id": file, "big_file_unique_id": unique })
    }

    pub fn member_json(&self, user: i64, member: &Member) -> Value {
        let mut json = object(json!({ "status": member.name(), "user": self.user_json(user) }));
        match &member.status {
            Status::Owner => put(&mut json, "is_anonymous", json!(false)),
            Status::Administrator { rights, by } => {
                put(&mut json, "can_be_edited", json!(*by == self.bot.id));
                put(&mut json, "is_anonymous", json!(false));
                json.extend(flags(&RIGHTS, rights));
            }
            Status::Restricted { permissions, present, until } => {
                put(&mut json, "is_member", json!(present));
                put(&mut json, "until_date", json!(until));
                json.extend(flags(&PERMISSIONS, permissions));
            }
            Status::Kicked { until } => put(&mut json, "until_date", json!(until)),
            Status::Member | Status::Left => {}
        }
        if member.admin()
            && let Some(title) = &member.title
        {
            put(&mut json, "custom_title", json!(title));
        }
        Value::Object(json)
    }

    pub fn link_json(&self, chat: &Chat, link: &Link) -> Value {
        let mut json = object(json!({
            "invite_link": link.url, "creator": self.user_json(link.creator), "creates_join_request": link.asks,
            "is_primary": link.primary, "is_revoked": link.revoked,
        }));
        if let Some(name) = &link.name {
            put(&mut json, "name", json!(name));
        }
        if let Some(expire) = link.expire {
            put(&mut json, "expire_date", json!(expire));
        }
        if let Some(limit) = link.member_limit {
            put(&mut json, "member_limit", json!(limit));
        }
        let waiting = chat.requests.values().filter(|request| request.link == link.url).count();
        if waiting > 0 {
            put(&mut json, "pending_join_request_count", json!(waiting));
        }
        Value::Object(json)
    }

    /// A message; what it replies to is shown one level deep, as Telegram does.
    pub fn post_json(&self, chat: &Chat, post: &Post, with_reply: bool) -> Value {
        let mut json = object(json!({
            "message_id": post.id, "from": self.user_json(post.from), "date": post.at.seconds(),
            "chat": self.chat_json(chat.id),
        }));
        if let Some(edited) = post.edited {
            put(&mut json, "edit_date", json!(edited.seconds()));
        }
        if let Some(thread) = post.thread {
            put(&mut json, "message_thread_id", json!(thread));
            put(&mut json, "is_topic_message", json!(true));
        }
        if let Some((from, at)) = post.origin {
            let origin = json!({ "type": "user", "date": at.seconds(), "sender_user": self.user_json(from) });
            put(&mut json, "forward_origin", origin);
        }
        if post.protected {
            put(&mut json, "has_protected_content", json!(true));
        }
        if with_reply && let Some(original) = post.reply_to.and_then(|id| chat.posts.get(&id)) {
            put(&mut json, "reply_to_message", self.post_json(chat, original, false));
        }
        json.extend(post.told.clone());
        // A contact or a place has no words.
        if post.told.is_empty() || !post.body.text().is_empty() {
            self.put_body(&mut json, post);
        }
        if let Some(markup) = &post.markup {
            put(&mut json, "reply_markup", markup.clone());
        }
        Value::Object(json)
    }

    fn put_body(&self, json: &mut Map<String, Value>, post: &Post) {
        let (name, value, words) = match &post.body {
            Body::Text(text) => ("text", json!(text), "entities"),
            Body::Document { file, .. } => ("document", self.document_json(file), "caption_entities"),
            Body::Photo { file, .. } => ("photo", json!([self.photo_json(file)]), "caption_entities"),
            Body::Poll(poll) => ("poll", poll_json(poll), ""),
            Body::Service { name, value } => (*name, value.clone(), ""),
        };
        put(json, name, value);
        if let Body::Document { caption, .. } | Body::Photo { caption, .. } = &post.body
            && !caption.is_empty()
        {
            put(json, "caption", json!(caption));
        }
        if !post.entities.is_empty() && !words.is_empty() {
            put(json, words, json!(post.entities));
        }
    }

    fn document_json(&self, id: &str) -> Value {
        self.files.get(id).map_or(Value::Null, |file| {
            json!({ "file_id": id, "file_unique_id": file.unique, "file_name": file.name, "mime_type": file.mime,
                "file_size": file.bytes.len() })
        })
    }

    pub fn photo_json(&self, id: &str) -> Value {
        self.files.get(id).map_or(Value::Null, |file| {
            json!({ "file_id": id, "file_unique_id": file.unique, "width": 640, "height": 480,
                "file_size": file.bytes.len() })
        })
    }

    pub fn message_json(&self, chat: i64, id: i64) -> Value {
        self.chats
            .get(&chat)
            .and_then(|chat| chat.posts.get(&id).map(|post| self.post_json(chat, post, true)))
            .unwrap_or(Value::Null)
    }
}

pub fn poll_json(poll: &Poll) -> Value {
    let quiz = !poll.correct.is_empty();
    let options: Vec<Value> = poll
        .options
        .iter()
        .enumerate()
        .map(|(index, text)| {
            let votes = poll.votes.values().filter(|chosen| chosen.contains(&index)).count();
            json!({ "persistent_id": format!("{}-{index}", poll.id), "text": text, "voter_count": votes })
        })
        .collect();
    let mut json = object(json!({
        "id": poll.id, "question": poll.question, "options": options, "total_voter_count": poll.votes.len(),
        "is_closed": poll.closed, "is_anonymous": poll.anonymous, "type": if quiz { "quiz" } else { "regular" },
        "allows_multiple_answers": poll.several, "allows_revoting": !quiz, "members_only": false,
    }));
    if quiz {
        put(&mut json, "correct_option_ids", json!(poll.correct));
    }
    Value::Object(json)
}
