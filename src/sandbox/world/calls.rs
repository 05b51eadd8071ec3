//! Video chats of a group: who was in, from when to when. All dates are school time.

use serde_json::json;

use super::World;
use super::chat::Chat;
use crate::kernel::At;

/// Telegram cuts longer titles off in its apps, and refuses them here.
pub const LONGEST_TITLE: usize = 64;

/// Somebody's stay in a call. Coming back begins another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    pub person: i64,
    /// The channel as which the person is shown, if that was chosen: then nobody else learns who it is.
    pub channel: Option<(i64, String)>,
    pub joined: At,
    pub left: Option<At>,
    /// The audio stream: another one after each joining.
    pub source: i32,
    /// When the person spoke last; until then they are muted.
    pub spoke: Option<At>,
}

#[derive(Clone, Debug)]
pub struct GroupCall {
    pub id: i64,
    pub title: String,
    pub by: i64,
    /// When the group had its number first: when it began, or was scheduled.
    pub made: At,
    /// For when it is scheduled, as long as nobody began it: until then nobody can come in.
    pub scheduled: Option<At>,
    pub started: At,
    pub ended: Option<At>,
    /// What the creator's request was numbered, against doing it twice.
    pub random: Option<i32>,
    pub join_muted: bool,
    /// Who only listens is not shown.
    pub hidden: bool,
    /// Counts what changed among the participants.
    pub version: i32,
    pub stays: Vec<Stay>,
}

impl GroupCall {
    pub const fn open(&self) -> bool {
        self.ended.is_none()
    }
    /// Who is in now, in the order of joining.
    pub fn inside(&self) -> impl Iterator<Item = &Stay> {
        self.stays.iter().filter(|stay| stay.left.is_none())
    }
    /// Who is in and shown.
    pub fn shown(&self) -> impl Iterator<Item = &Stay> {
        self.inside().filter(|stay| !self.hidden || stay.spoke.is_some())
    }
    pub fn seconds(&self, now: At) -> i64 {
        At(self.ended.unwrap_or(now).millis() - self.started.millis()).seconds()
    }
}

impl Chat {
    /// The call that is open, or scheduled.
    pub fn call(&self) -> Option<&GroupCall> {
        self.calls.iter().rfind(|call| call.open())
    }
    pub fn call_mut(&mut self) -> Option<&mut GroupCall> {
        self.calls.iter_mut().rfind(|call| call.open())
    }
}

impl World {
    /// Begins a call, or the one that is scheduled, unless one is open. Returns the open call's id.
    pub fn start_call(&mut self, by: i64, chat_id: i64, title: &str, random: Option<i32>) -> i64 {
        let now = self.now();
        let Some(chat) = self.chats.get_mut(&chat_id) else { return 0 };
        let id = if let Some(call) = chat.call_mut() {
            if call.scheduled.take().is_none() {
                return call.id;
            }
            call.started = now;
            call.id
        } else {
            self.new_call(by, chat_id, title, (random, None))
        };
        self.service(chat_id, by, "video_chat_started", json!({}));
        self.tell_call(chat_id, id);
        id
    }

    /// Schedules a call, unless there is one. Returns the id of the one that is there.
    pub fn schedule_call(&mut self, by: i64, chat_id: i64, title: &str, at: At) -> i64 {
        let Some(chat) = self.chats.get(&chat_id) else { return 0 };
        if let Some(known) = chat.call() {
            return known.id;
        }
        let id = self.new_call(by, chat_id, title, (None, Some(at)));
        self.service(chat_id, by, "video_chat_scheduled", json!({ "start_date": at.seconds() }));
        self.tell_call(chat_id, id);
        id
    }

    fn new_call(&mut self, by: i64, chat_id: i64, title: &str, (random, scheduled): (Option<i32>, Option<At>)) -> i64 {
        let (now, number) = (self.now(), self.ids.below(1 << 50));
        let hidden = self.plan.hidden.contains(&chat_id);
        let Some(chat) = self.chats.get_mut(&chat_id) else { return 0 };
        let id = 5_000_000_000_000_000_000 + i64::try_from(number).unwrap_or(0);
        chat.calls.push(GroupCall {
            id,
            title: title.to_owned(),
            by,
            made: now,
            scheduled,
            started: now,
            ended: None,
            random,
            join_muted: false,
            hidden,
            version: 1,
            stays: Vec::new(),
        });
        id
    }

    pub fn end_call(&mut self, by: i64, chat_id: i64) -> bool {
        let now = self.now();
        let Some(call) = self.chats.get_mut(&chat_id).and_then(Chat::call_mut) else { return false };
        call.ended = Some(now);
        for stay in call.stays.iter_mut().filter(|stay| stay.left.is_none()) {
            stay.left = Some(now);
        }
        let (id, seconds) = (call.id, call.seconds(now));
        self.service(chat_id, by, "video_chat_ended", json!({ "duration": seconds }));
        self.tell_call(chat_id, id);
        true
    }

    /// `false` when none is open.
    pub fn mute_call(&mut self, chat_id: i64, muted: bool) -> bool {
        let Some(call) = self.chats.get_mut(&chat_id).and_then(Chat::call_mut) else { return false };
        call.join_muted = muted;
        let id = call.id;
        self.tell_call(chat_id, id);
        true
    }

    /// Comes into the call, as oneself or as a channel. From a second device the first one falls out.
    pub fn join_call(&mut self, user: i64, chat_id: i64, channel: Option<(i64, String)>) -> Result<(), String> {
        if !self.member(chat_id, user).present() {
            return Err("GROUPCALL_FORBIDDEN: not a member of the group".to_owned());
        }
        let (now, source) = (self.now(), i32::try_from(self.ids.below(1 << 30)).unwrap_or(0) + 1);
        let Some(call) = self.chats.get_mut(&chat_id).and_then(Chat::call_mut) else {
            return Err("GROUPCALL_INVALID: no call is open".to_owned());
        };
        if call.scheduled.is_some() {
            return Err("GROUPCALL_INVALID: the call is scheduled".to_owned());
        }
        for stay in call.stays.iter_mut().filter(|stay| stay.person == user && stay.left.is_none()) {
            stay.left = Some(now);
        }
        let stay = Stay { person: user, channel, joined: now, left: None, source, spoke: None };
        call.stays.push(stay.clone());
        self.changed_in_call(chat_id, &stay, true);
        Ok(())
    }

    /// A channel that exists only as somebody's mask.
    pub fn join_call_as_channel(&mut self, user: i64, chat_id: i64, title: &str) -> Result<(), String> {
        let channel = self.new_channel_id();
        self.join_call(user, chat_id, Some((channel, title.to_owned())))
    }

    /// `false` when the person was not in.
    pub fn leave_call(&mut self, user: i64, chat_id: i64) -> bool {
        let now = self.now();
        let call = self.chats.get_mut(&chat_id).and_then(Chat::call_mut);
        let stay = call.and_then(|call| call.stays.iter_mut().find(|stay| stay.person == user && stay.left.is_none()));
        let Some(stay) = stay else { return false };
        stay.left = Some(now);
        let stay = stay.clone();
        self.changed_in_call(chat_id, &stay, false);
        true
    }

    /// Says something: no longer muted, and shown even where listeners are not.
    pub fn speak_in_call(&mut self, user: i64, chat_id: i64) -> bool {
        let now = self.now();
        let call = self.chats.get_mut(&chat_id).and_then(Chat::call_mut);
        let stay = call.and_then(|call| call.stays.iter_mut().find(|stay| stay.person == user && stay.left.is_none()));
        let Some(stay) = stay else { return false };
        stay.spoke = Some(now);
        let stay = stay.clone();
        self.changed_in_call(chat_id, &stay, false);
        true
    }

    /// Counts the change and tells the members.
    fn changed_in_call(&mut self, chat_id: i64, stay: &Stay, just_joined: bool) {
        let Some(call) = self.chats.get_mut(&chat_id).and_then(Chat::call_mut) else { return };
        // Who is not shown changes nothing that anybody could see.
        if call.hidden && stay.spoke.is_none() {
            return;
        }
        call.version += 1;
        let id = call.id;
        self.tell_participant(chat_id, id, stay, just_joined);
    }
}
