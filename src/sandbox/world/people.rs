//! What people do in their apps. Each returns what the app would show when it is not possible.

use serde_json::{Value, json};

use super::chat::{Body, Chat, Kind, Member, Poll, Post, Status, right};
use super::membership::Way;
use super::posts::command_entities;
use super::{Person, Press, World};

type Done<T = ()> = Result<T, String>;

impl World {
    pub fn add_person(&mut self, first: &str, last: &str, language: &str) -> i64 {
        let step = i64::try_from(self.ids.below(9_000)).unwrap_or(0);
        self.next_person += 1 + step;
        let id = self.next_person;
        let person = Person {
            first: first.to_owned(),
            last: last.to_owned(),
            language: language.to_owned(),
            username: None,
            bio: None,
            started: false,
            blocked: false,
            reachable_until: None,
        };
        self.people.insert(id, person);
        id
    }

    fn private(&mut self, user: i64) {
        self.chats.entry(user).or_insert_with(|| Chat::new(user, Kind::Private, ""));
    }

    /// Presses Start: opens the private chat, and unblocks the bot when it was blocked.
    pub fn start_bot(&mut self, user: i64, payload: &str) -> Done<i64> {
        if !self.people.contains_key(&user) {
            return Err("nobody of that id".to_owned());
        }
        let fits = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
        if payload.len() > 64 || !payload.chars().all(fits) {
            // The app opens the chat without it: nothing of ours may depend on that.
            return Err("START_PARAM_INVALID".to_owned());
        }
        self.block(user, false);
        let text = if payload.is_empty() { "/start".to_owned() } else { format!("/start {payload}") };
        self.say(user, user, &text, None)
    }

    /// May this person write here?
    fn may_speak(&mut self, user: i64, chat_id: i64) -> Done {
        if chat_id == user {
            let person = self.people.get_mut(&user).ok_or("nobody of that id")?;
            if person.blocked {
                return Err("the bot is blocked".to_owned());
            }
            person.started = true;
            self.private(user);
            return Ok(());
        }
        let member = self.member(chat_id, user);
        let chat = self.chats.get(&chat_id).ok_or("no such chat")?;
        if chat.migrated_to.is_some() {
            return Err("the group was upgraded to a supergroup".to_owned());
        }
        let silenced = match &member.status {
            Status::Restricted { permissions, .. } => !permissions.contains("can_send_messages"),
            Status::Member => !chat.permissions.contains("can_send_messages"),
            _ => false,
        };
        if !member.present() || silenced {
            return Err(format!("CHAT_WRITE_FORBIDDEN: is {}", member.name()));
        }
        Ok(())
    }

    pub fn say(&mut self, user: i64, chat: i64, text: &str, reply_to: Option<i64>) -> Done<i64> {
        self.may_speak(user, chat)?;
        let mut post = Post::new(user, Body::Text(text.to_owned()));
        post.entities = command_entities(text);
        post.reply_to = reply_to;
        Ok(self.post(chat, post))
    }

    /// Words, or none, with what else Telegram tells of their message.
    pub fn say_with(&mut self, user: i64, chat: i64, text: &str, reply_to: Option<i64>, told: Value) -> Done<i64> {
        self.may_speak(user, chat)?;
        let mut post = Post::new(user, Body::Text(text.to_owned()));
        post.entities = command_entities(text);
        post.reply_to = reply_to;
        post.told = super::render::object(told);
        Ok(self.post(chat, post))
    }

    /// Asks a question with answers to choose from.
    pub fn ask_poll(&mut self, user: i64, chat: i64, question: &str, options: &[&str]) -> Done<i64> {
        self.may_speak(user, chat)?;
        let poll = Poll {
            id: self.ids.below(1_000_000_000).to_string(),
            question: question.to_owned(),
            options: options.iter().map(|option| (*option).to_owned()).collect(),
            votes: std::collections::BTreeMap::new(),
            closed: false,
            anonymous: true,
            several: false,
            correct: Vec::new(),
        };
        Ok(self.post(chat, Post::new(user, Body::Poll(poll))))
    }

    pub fn send_file(&mut self, user: i64, chat: i64, name: &str, bytes: Vec<u8>, caption: &str) -> Done<i64> {
        self.may_speak(user, chat)?;
        let file = self.keep_file(name, mime_of(name), bytes, false);
        Ok(self.post(chat, Post::new(user, Body::Document { file, caption: caption.to_owned() })))
    }

    /// Changes an own text, or the words under a file: the bot sees it where it would see the message.
    pub fn edit_own(&mut self, user: i64, chat: i64, id: i64, text: &str) -> Done {
        self.may_speak(user, chat)?;
        let now = self.now();
        let post = self.chats.get_mut(&chat).and_then(|chat| chat.posts.get_mut(&id));
        let Some(post) = post.filter(|post| post.from == user) else { return Err("MESSAGE_ID_INVALID".to_owned()) };
        match &mut post.body {
            Body::Document { caption, .. } | Body::Photo { caption, .. } => text.clone_into(caption),
            body => *body = Body::Text(text.to_owned()),
        }
        post.entities = command_entities(text);
        (post.edited, post.changed) = (Some(now), Some(now));
        post.edits += 1;
        let post = post.clone();
        if self.sees(chat, &post) {
            let message = self.message_json(chat, id);
            self.update("edited_message", message);
        }
        Ok(())
    }

    /// Presses the first button whose text contains `label`.
    pub fn press(&mut self, user: i64, chat: i64, message: i64, label: &str) -> Done<String> {
        let seen = self.look(chat, message).ok_or("no such message")?;
        let buttons: Vec<_> = seen.buttons.into_iter().flatten().collect();
        let Some(button) = buttons.iter().find(|button| button.text.contains(label)) else {
            let texts: Vec<&str> = buttons.iter().map(|button| button.text.as_str()).collect();
            return Err(format!("no button « {label} »; there are: {}", texts.join(" | ")));
        };
        if let Some(url) = &button.url {
            return Err(format!("url: {url}"));
        }
        let data = button.data.clone().unwrap_or_default();
        if chat != user && !self.member(chat, user).present() {
            return Err("not a member of the group".to_owned());
        }
        Ok(self.press_data(user, chat, message, &data))
    }

    /// A press with any data: what an old or forged client may send.
    pub fn press_data(&mut self, user: i64, chat: i64, message: i64, data: &str) -> String {
        let id = format!("{}{:09}", user, self.ids.below(1_000_000_000));
        self.presses.insert(
            id.clone(),
            Press { at: self.now(), elapsed: self.clock.elapsed(), answered: false, text: None, alert: false },
        );
        let shown = match self.message_json(chat, message) {
            // The message is gone: Telegram says which it was, and nothing else.
            Value::Null => json!({ "chat": self.chat_json(chat), "message_id": message, "date": 0 }),
            message => message,
        };
        let value = json!({
            "id": id, "from": self.user_json(user), "message": shown, "data": data,
            "chat_instance": format!("{}", chat.wrapping_mul(2_654_435_761)),
        });
        self.update("callback_query", value);
        id
    }

    pub fn ask_to_join(&mut self, user: i64, url: &str) -> Done {
        let (chat, link) = self.open_link(url)?;
        let member = self.member(chat, user);
        if member.present() {
            return Err("USER_ALREADY_PARTICIPANT".to_owned());
        }
        if matches!(member.status, Status::Kicked { .. }) {
            return Err("USER_BANNED_IN_CHANNEL".to_owned());
        }
        if !link.asks {
            return Err("this link asks nobody: use join".to_owned());
        }
        self.request(chat, user, url);
        Ok(())
    }

    pub fn join(&mut self, user: i64, url: &str) -> Done {
        let (chat, link) = self.open_link(url)?;
        let member = self.member(chat, user);
        if member.present() {
            return Err("USER_ALREADY_PARTICIPANT".to_owned());
        }
        if matches!(member.status, Status::Kicked { .. }) {
            return Err("USER_BANNED_IN_CHANNEL".to_owned());
        }
        if link.asks {
            self.request(chat, user, url);
            return Err("INVITE_REQUEST_SENT".to_owned());
        }
        self.enter(chat, user, user, &Way { link: Some(url.to_owned()), by_request: false });
        Ok(())
    }

    pub fn add_member(&mut self, chat: i64, user: i64, by: i64) {
        if !self.member(chat, user).present() {
            self.enter(chat, by, user, &Way::default());
        }
    }

    pub fn promote(&mut self, chat: i64, user: i64, by: i64, rights: &[&str]) {
        let status = if rights.is_empty() {
            Status::Member
        } else {
            let mut rights: std::collections::BTreeSet<_> = rights.iter().filter_map(|name| right(name)).collect();
            rights.insert("can_manage_chat");
            Status::Administrator { rights, by }
        };
        self.add_member(chat, user, by);
        self.change_member(chat, by, user, &Member::new(status), &Way::default());
    }

    pub fn leave(&mut self, user: i64, chat: i64) {
        self.exit(chat, user, user, Status::Left);
    }

    pub fn ban(&mut self, by: i64, user: i64, chat: i64) {
        self.exit(chat, by, user, Status::Kicked { until: 0 });
    }

    /// An admin takes a member's right to write.
    pub fn mute(&mut self, by: i64, user: i64, chat: i64) {
        let present = self.member(chat, user).present();
        let status = Status::Restricted { permissions: std::collections::BTreeSet::new(), present, until: 0 };
        self.change_member(chat, by, user, &Member::new(status), &Way::default());
    }

    /// An admin takes a ban back.
    pub fn unban(&mut self, by: i64, user: i64, chat: i64) {
        if matches!(self.member(chat, user).status, Status::Kicked { .. }) {
            self.change_member(chat, by, user, &Member::new(Status::Left), &Way::default());
        }
    }

    pub fn rename(&mut self, by: i64, chat_id: i64, title: &str) {
        if let Some(chat) = self.chats.get_mut(&chat_id) {
            title.clone_into(&mut chat.title);
            self.service(chat_id, by, "new_chat_title", json!(title));
        }
    }

    /// Blocking and unblocking show as the bot's own membership in the private chat.
    pub fn block(&mut self, user: i64, blocked: bool) {
        let Some(person) = self.people.get_mut(&user) else { return };
        if person.blocked == blocked {
            return;
        }
        person.blocked = blocked;
        self.private(user);
        let (inside, outside) = (Member::new(Status::Member), Member::new(Status::Kicked { until: 0 }));
        let (old, new) = if blocked { (inside, outside) } else { (outside, inside) };
        let value = json!({
            "chat": self.chat_json(user), "from": self.user_json(user), "date": self.seconds(),
            "old_chat_member": self.member_json(self.bot.id, &old),
            "new_chat_member": self.member_json(self.bot.id, &new),
        });
        self.update("my_chat_member", value);
    }

    /// Votes in a poll; an empty choice takes the vote back.
    pub fn vote(&mut self, user: i64, chat_id: i64, message: i64, chosen: &[usize]) -> Done {
        let post = self.chats.get_mut(&chat_id).and_then(|chat| chat.posts.get_mut(&message));
        let Some(Post { body: Body::Poll(poll), from, .. }) = post else { return Err("no such poll".to_owned()) };
        if poll.closed || chosen.iter().any(|index| *index >= poll.options.len()) {
            return Err("POLL_VOTE_INVALID".to_owned());
        }
        if chosen.is_empty() {
            poll.votes.remove(&user);
        } else {
            poll.votes.insert(user, chosen.to_vec());
        }
        let (poll, ours) = (poll.clone(), *from == self.bot.id);
        if !ours {
            return Ok(());
        }
        if !poll.anonymous {
            let persistent: Vec<String> = chosen.iter().map(|index| format!("{}-{index}", poll.id)).collect();
            let value = json!({ "poll_id": poll.id, "user": self.user_json(user), "option_ids": chosen,
                "option_persistent_ids": persistent });
            self.update("poll_answer", value);
        }
        self.update("poll", super::render::poll_json(&poll));
        Ok(())
    }
}

/// What Telegram would say a file is, by its name.
pub fn mime_of(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).as_deref() {
        Some("pdf") => "application/pdf",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("xls") => "application/vnd.ms-excel",
        Some("ods") => "application/vnd.oasis.opendocument.spreadsheet",
        Some("csv") => "text/csv",
        Some("txt") => "text/plain",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("zip") => "application/zip",
        _ => "application/octet-stream",
    }
}
