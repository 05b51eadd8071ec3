//! A basic group becomes a supergroup: the old id answers with the new one for ever after.

use serde_json::json;

use super::World;
use super::chat::{Chat, Kind, Post};

impl World {
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
