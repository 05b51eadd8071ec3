//! Who is in a group, as what, and who hears of a change.

use serde_json::{Value, json};

use super::World;
use super::chat::{Link, Member, Status};

/// How somebody came in.
#[derive(Clone, Debug, Default)]
pub struct Way {
    pub link: Option<String>,
    pub by_request: bool,
}

impl World {
    pub fn member(&self, chat: i64, user: i64) -> Member {
        let seconds = self.seconds();
        self.chats.get(&chat).map_or(Member::new(Status::Left), |chat| chat.member(user, seconds))
    }

    /// May this admin do that to somebody? Nobody does it to the owner.
    pub fn rules_over(&self, by: i64, user: i64, chat: i64, right: &str) -> bool {
        self.member(chat, by).may(right) && !matches!(self.member(chat, user).status, Status::Owner)
    }

    /// Changes somebody's standing: the bot hears `my_chat_member` of itself always, `chat_member` of others as an
    /// admin. No service message: that is the caller's.
    pub fn change_member(&mut self, chat_id: i64, actor: i64, user: i64, new: &Member, way: &Way) {
        let old = self.member(chat_id, user);
        let Some(chat) = self.chats.get_mut(&chat_id) else { return };
        chat.members.insert(user, new.clone());
        if !new.present() && user != self.bot.id {
            chat.requests.remove(&user);
        }
        if old == *new {
            return;
        }
        if !new.present() {
            self.leave_call(user, chat_id);
        }
        if self.callers.accounts.contains_key(&user) {
            self.tell_standing(chat_id, user);
        }
        let mut value = json!({
            "chat": self.chat_json(chat_id), "from": self.user_json(actor), "date": self.seconds(),
            "old_chat_member": self.member_json(user, &old), "new_chat_member": self.member_json(user, new),
        });
        if let Some(fields) = value.as_object_mut() {
            if let Some(link) = way.link.as_deref().and_then(|url| self.seen_link(chat_id, url)) {
                fields.insert("invite_link".to_owned(), link);
            }
            if way.by_request {
                fields.insert("via_join_request".to_owned(), json!(true));
            }
        }
        if user == self.bot.id {
            self.update("my_chat_member", value);
        } else if self.member(chat_id, self.bot.id).admin() {
            self.update("chat_member", value);
        }
    }

    /// A link as the bot sees it: of others' links only the beginning.
    fn seen_link(&self, chat_id: i64, url: &str) -> Option<Value> {
        let chat = self.chats.get(&chat_id)?;
        let link = chat.link(url)?;
        let mut shown = self.link_json(chat, link);
        if link.creator != self.bot.id
            && let Some(fields) = shown.as_object_mut()
        {
            let hidden: String = url.chars().take(url.chars().count().saturating_sub(8)).collect();
            fields.insert("invite_link".to_owned(), json!(format!("{hidden}...")));
        }
        Some(shown)
    }

    /// Brings people in: standing, service message, and the link's count.
    pub fn enter(&mut self, chat_id: i64, actor: i64, user: i64, way: &Way) {
        let old = self.member(chat_id, user);
        let status = match old.status {
            // Who was restricted stays so when coming back.
            Status::Restricted { permissions, until, .. } => Status::Restricted { permissions, present: true, until },
            _ => Status::Member,
        };
        if let Some(chat) = self.chats.get_mut(&chat_id) {
            chat.requests.remove(&user);
            if let Some(link) = way.link.as_deref().and_then(|url| chat.link_mut(url)) {
                link.used += 1;
            }
        }
        self.change_member(chat_id, actor, user, &Member::new(status), way);
        let who = json!([self.user_json(user)]);
        let from = if way.link.is_some() { user } else { actor };
        self.service(chat_id, from, "new_chat_members", who);
    }

    /// Takes somebody out, by themselves or by an admin (`status` says which).
    pub fn exit(&mut self, chat_id: i64, actor: i64, user: i64, status: Status) {
        let was_present = self.member(chat_id, user).present();
        if was_present {
            // The service message first: afterwards a bot that left would not see it.
            let who = self.user_json(user);
            self.service(chat_id, actor, "left_chat_member", who);
        }
        self.change_member(chat_id, actor, user, &Member::new(status), &Way::default());
    }

    /// Somebody asks to come in: the bot hears of it when it may invite.
    pub fn request(&mut self, chat_id: i64, user: i64, link: &str) {
        let now = self.now();
        let Some(chat) = self.chats.get_mut(&chat_id) else { return };
        chat.requests.insert(user, super::chat::JoinRequest { link: link.to_owned() });
        if !self.member(chat_id, self.bot.id).may("can_invite_users") {
            return;
        }
        if let Some(person) = self.people.get_mut(&user) {
            person.reachable_until = Some(now.plus_minutes(super::REQUEST_WINDOW_MINUTES));
        }
        let mut value = json!({
            "chat": self.chat_json(chat_id), "from": self.user_json(user), "user_chat_id": user,
            "date": now.seconds(),
        });
        let bio = self.people.get(&user).and_then(|person| person.bio.clone());
        let link = self.seen_link(chat_id, link);
        if let Some(fields) = value.as_object_mut() {
            fields.extend(link.map(|link| ("invite_link".to_owned(), link)));
            fields.extend(bio.map(|bio| ("bio".to_owned(), json!(bio))));
        }
        self.update("chat_join_request", value);
    }

    /// The chat and a copy of a link that still lets people in.
    pub fn open_link(&self, url: &str) -> Result<(i64, Link), String> {
        let seconds = self.seconds();
        let found = self.chats.values().find_map(|chat| chat.link(url).map(|link| (chat.id, link.clone())));
        let Some((chat, link)) = found else { return Err("INVITE_HASH_INVALID".to_owned()) };
        let used_up = link.member_limit.is_some_and(|limit| link.used >= limit);
        if link.revoked || used_up || link.expire.is_some_and(|expire| expire <= seconds) {
            return Err("INVITE_HASH_EXPIRED".to_owned());
        }
        Ok((chat, link))
    }

    /// A new link of a chat.
    pub fn new_link(&mut self, chat_id: i64, creator: i64) -> Link {
        let token = self.ids.token();
        let (head, tail): (String, String) = (token.chars().take(8).collect(), token.chars().skip(8).take(8).collect());
        let link = Link {
            url: format!("https://t.me/+{head}{}", tail.to_uppercase()),
            creator,
            name: None,
            expire: None,
            member_limit: None,
            asks: false,
            primary: false,
            revoked: false,
            used: 0,
        };
        if let Some(chat) = self.chats.get_mut(&chat_id) {
            chat.links.push(link.clone());
        }
        link
    }
}
