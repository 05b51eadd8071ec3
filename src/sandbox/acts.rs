//! Acting as a person. A private chat's id is the person's.
//!
//! What the app would not let a person do returns 0 where a message id is expected and `false` elsewhere, and changes
//! nothing.

use serde_json::{Value, json};

use super::Sandbox;
use super::world::chat::{Body, Kind, Status};
use crate::kernel::At;

impl Sandbox {
    pub fn add_person(&self, first: &str, last: &str, language_code: &str) -> i64 {
        self.with(|world| world.add_person(first, last, language_code))
    }
    /// Gives a person a user name (without its `@`) and what they say of themselves.
    pub fn describe(&self, user: i64, username: &str, bio: &str) {
        self.with(|world| {
            if let Some(person) = world.people.get_mut(&user) {
                (person.username, person.bio) = (Some(username.to_owned()), Some(bio.to_owned()));
            }
        });
    }
    /// A person who is also a user account: `phone` and the code 12345 sign in, and the password where there is one.
    pub fn add_caller(&self, first: &str, last: &str, phone: &str, password: Option<&str>) -> i64 {
        self.with(|world| world.add_caller(first, last, phone, password))
    }
    /// A supergroup.
    pub fn add_group(&self, title: &str, owner: i64) -> i64 {
        self.with(|world| world.new_group(title, owner, Kind::Super))
    }
    pub fn add_basic_group(&self, title: &str, owner: i64) -> i64 {
        self.with(|world| world.new_group(title, owner, Kind::Basic))
    }
    /// Makes a basic group a supergroup; returns the new id.
    pub fn upgrade_group(&self, chat: i64) -> i64 {
        self.with(|world| world.upgrade(chat))
    }
    /// Turns topics on or off.
    pub fn set_forum(&self, chat: i64, forum: bool) {
        self.with(|world| {
            if let Some(chat) = world.chats.get_mut(&chat) {
                chat.forum = forum;
            }
        });
    }
    pub fn add_bot(&self, chat: i64, by: i64) {
        self.with(|world| world.add_member(chat, world.bot.id, by));
    }
    /// Rights by their Bot API names (`can_` may be left out) or `MTProto` names; none at all demotes.
    pub fn promote_bot(&self, chat: i64, by: i64, rights: &[&str]) -> bool {
        self.promote(chat, self.bot_id(), by, rights)
    }
    pub fn add_member(&self, chat: i64, user: i64, by: i64) {
        self.with(|world| world.add_member(chat, user, by));
    }
    /// Takes a member's right to write, as an admin does in the app.
    pub fn mute(&self, chat: i64, user: i64, by: i64) {
        self.with(|world| world.mute(by, user, chat));
    }
    pub fn promote(&self, chat: i64, user: i64, by: i64, rights: &[&str]) -> bool {
        self.with(|world| {
            let may = world.rules_over(by, user, chat, "can_promote_members");
            if may {
                world.promote(chat, user, by, rights);
            }
            may
        })
    }

    /// Presses Start, on a deep link when there is a payload.
    pub fn start_bot(&self, user: i64, payload: &str) -> i64 {
        self.with(|world| world.start_bot(user, payload)).unwrap_or(0)
    }
    pub fn say(&self, user: i64, chat: i64, text: &str) -> i64 {
        self.with(|world| world.say(user, chat, text, None)).unwrap_or(0)
    }
    pub fn reply(&self, user: i64, chat: i64, to: i64, text: &str) -> i64 {
        self.with(|world| world.say(user, chat, text, Some(to))).unwrap_or(0)
    }
    /// Words, or none, with what else the Bot API's `Message` tells of them: `contact`, `via_bot`, `quote` …
    pub fn say_with(&self, user: i64, chat: i64, text: &str, reply_to: Option<i64>, told: Value) -> i64 {
        self.with(|world| world.say_with(user, chat, text, reply_to, told)).unwrap_or(0)
    }
    pub fn ask_poll(&self, user: i64, chat: i64, question: &str, options: &[&str]) -> i64 {
        self.with(|world| world.ask_poll(user, chat, question, options)).unwrap_or(0)
    }
    /// Passes on what somebody said elsewhere.
    pub fn forward(&self, user: i64, chat: i64, author: i64, text: &str) -> i64 {
        self.with(|world| {
            let origin =
                json!({ "type": "user", "date": world.now().seconds(), "sender_user": world.user_json(author) });
            world.say_with(user, chat, text, None, json!({ "forward_origin": origin }))
        })
        .unwrap_or(0)
    }
    pub fn send_file(&self, user: i64, chat: i64, name: &str, bytes: Vec<u8>, caption: Option<&str>) -> i64 {
        self.with(|world| world.send_file(user, chat, name, bytes, caption.unwrap_or_default())).unwrap_or(0)
    }
    /// Changes an own message: the bot hears `edited_message` where it would hear the message.
    pub fn edit(&self, user: i64, chat: i64, id: i64, text: &str) -> Result<(), String> {
        self.with(|world| world.edit_own(user, chat, id, text))
    }
    /// Presses the first button whose text contains `label`; returns the callback query's id.
    pub fn press(&self, user: i64, chat: i64, message: i64, label: &str) -> Result<String, String> {
        self.with(|world| world.press(user, chat, message, label))
    }
    /// A press with any data, on any message: an old client, or somebody who forges.
    pub fn press_data(&self, user: i64, chat: i64, message: i64, data: &str) -> String {
        self.with(|world| world.press_data(user, chat, message, data))
    }
    /// `None`: not answered yet. `Some(None)`: answered without text. Read as [`Sandbox::messages`] are.
    pub fn callback_answer(&self, query: &str) -> Option<Option<String>> {
        let text = |words: &String| words.replace('\u{a0}', " ");
        self.with(|world| {
            let answered = world.presses.get(query).filter(|press| press.answered);
            answered.map(|press| press.text.as_ref().map(text))
        })
    }
    /// Was the answer shown as an alert?
    pub fn callback_alert(&self, query: &str) -> bool {
        self.with(|world| world.presses.get(query).is_some_and(|press| press.alert))
    }
    pub fn vote(&self, user: i64, chat: i64, message: i64, options: &[usize]) -> Result<(), String> {
        self.with(|world| world.vote(user, chat, message, options))
    }

    pub fn ask_to_join(&self, user: i64, link: &str) -> Result<(), String> {
        self.with(|world| world.ask_to_join(user, link))
    }
    pub fn join(&self, user: i64, link: &str) -> Result<(), String> {
        self.with(|world| world.join(user, link))
    }
    pub fn leave(&self, user: i64, chat: i64) {
        self.with(|world| world.leave(user, chat));
    }
    pub fn ban(&self, by: i64, user: i64, chat: i64) -> bool {
        self.with(|world| {
            let may = world.rules_over(by, user, chat, "can_restrict_members");
            if may {
                world.ban(by, user, chat);
            }
            may
        })
    }
    pub fn unban(&self, by: i64, user: i64, chat: i64) -> bool {
        self.with(|world| {
            let may = world.rules_over(by, user, chat, "can_restrict_members");
            if may {
                world.unban(by, user, chat);
            }
            may
        })
    }
    pub fn rename(&self, by: i64, chat: i64, title: &str) -> bool {
        self.with(|world| {
            let member = world.member(chat, by);
            let everybody = world.chat(chat).is_some_and(|chat| chat.permissions.contains("can_change_info"));
            let may = member.may("can_change_info") || (everybody && matches!(member.status, Status::Member));
            if may {
                world.rename(by, chat, title);
            }
            may
        })
    }
    /// Begins a video chat, or the one that is scheduled, unless one is open; returns the id of the open one.
    pub fn start_call(&self, by: i64, chat: i64, title: &str) -> i64 {
        self.with(|world| world.start_call(by, chat, title, None))
    }
    /// Schedules a video chat, unless there is one: nobody can come in before somebody begins it. Returns its id.
    pub fn schedule_call(&self, by: i64, chat: i64, title: &str, at: At) -> i64 {
        self.with(|world| world.schedule_call(by, chat, title, at))
    }
    /// Comes into the open call; from a second device the first one falls out.
    pub fn join_call(&self, user: i64, chat: i64) -> Result<(), String> {
        self.with(|world| world.join_call(user, chat, None))
    }
    /// Comes in as a channel of that title: the others do not learn who it is.
    pub fn join_call_as_channel(&self, user: i64, chat: i64, title: &str) -> Result<(), String> {
        self.with(|world| world.join_call_as_channel(user, chat, title))
    }
    /// Whoever joins the open call is muted from now on, or not; `false` when none is open.
    pub fn mute_call(&self, chat: i64, muted: bool) -> bool {
        self.with(|world| world.mute_call(chat, muted))
    }
    /// Says something in the call: no longer muted.
    pub fn speak_in_call(&self, user: i64, chat: i64) -> bool {
        self.with(|world| world.speak_in_call(user, chat))
    }
    pub fn leave_call(&self, user: i64, chat: i64) -> bool {
        self.with(|world| world.leave_call(user, chat))
    }
    pub fn end_call(&self, by: i64, chat: i64) -> bool {
        self.with(|world| world.end_call(by, chat))
    }
    pub fn block_bot(&self, user: i64, blocked: bool) {
        self.with(|world| world.block(user, blocked));
    }
    /// Deletes a message: an own one, or any as an admin who may.
    pub fn delete_message(&self, user: i64, chat: i64, id: i64) {
        self.with(|world| {
            let own = world
                .chat(chat)
                .and_then(|chat| chat.posts.get(&id))
                .is_some_and(|post| post.from == user || (chat == user && !matches!(post.body, Body::Service { .. })));
            if own || world.member(chat, user).may("can_delete_messages") {
                world.remove_post(chat, id);
            }
        });
    }
}
