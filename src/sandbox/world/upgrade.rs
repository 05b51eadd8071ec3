//! A basic group becomes a supergroup: the old id answers with the new one for ever after.

use serde_json::json;

use super::World;
use super::chat::{Chat, Kind, Post};

/// Between a supergroup's id in the Bot API and the same in `MTProto` lies this much.
const SUPER: i64 = -1_000_000_000_000;

/// A supergroup's own id, out of the Bot API's.
pub const fn channel_id(chat: i64) -> i64 {
    SUPER - chat
}

/// A supergroup's id in the Bot API, out of its own.
pub const fn chat_id(channel: i64) -> i64 {
    SUPER - channel
}

impl World {
    /// The id of a channel of its own, not of any group's: the two kinds share one sequence.
    pub fn new_channel_id(&mut self) -> i64 {
        self.next_super -= 1;
        channel_id(self.next_super)
    }

    pub fn new_group(&mut self, title: &str, owner: i64, kind: Kind) -> i64 {
        let id = if kind == Kind::Super {
            self.next_super -= 1;
            self.next_super
        } else {
            self.next_basic -= 1;
            self.next_basic
        };
        let mut chat = Chat::new(id, kind, title);
        chat.members.insert(owner, super::chat::Member::new(super::chat::Status::Owner));
        self.chats.insert(id, chat);
        id
    }

    /// Returns the supergroup's id; a supergroup stays what it is.
    pub fn upgrade(&mut self, old: i64) -> i64 {
        let Some(chat) = self.chats.get(&old).filter(|chat| chat.kind == Kind::Basic).cloned() else { return old };
        if let Some(already) = chat.migrated_to {
            return already;
        }
        let owner =
            chat.members.iter().find(|(_, member)| member.name() == "creator").map_or(self.bot.id, |(id, _)| *id);
        let new = self.new_group(&chat.title, owner, Kind::Super);
        if let Some(group) = self.chats.get_mut(&new) {
            group.members.clone_from(&chat.members);
            group.description.clone_from(&chat.description);
            group.photo.clone_from(&chat.photo);
            group.permissions.clone_from(&chat.permissions);
        }
        self.post(old, Post::service(owner, "migrate_to_chat_id", json!(new)));
        self.post(new, Post::service(owner, "migrate_from_chat_id", json!(old)));
        if let Some(chat) = self.chats.get_mut(&old) {
            chat.migrated_to = Some(new);
        }
        new
    }
}
