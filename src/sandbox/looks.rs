//! Looking at the world, and making trouble in it.

use serde_json::Value;

use super::Sandbox;
use super::values::{Call, CallLook, CallStay, Fault, Mail, Message};
use super::world::calls::{GroupCall, Stay};

impl Sandbox {
    /// A chat's messages that are not deleted, oldest first.
    pub fn messages(&self, chat: i64) -> Vec<Message> {
        self.with(|world| world.read(chat))
    }
    /// The last message from the bot, service messages left out.
    pub fn last(&self, chat: i64) -> Option<Message> {
        let from_bot = |message: &Message| message.from_bot && message.service.is_none();
        self.messages(chat).into_iter().rev().find(from_bot)
    }
    pub fn members(&self, chat: i64) -> Vec<i64> {
        self.with(|world| {
            let seconds = world.seconds();
            let members = world.chat(chat).map(|chat| &chat.members).into_iter().flatten();
            members.filter(|(_, member)| member.at(seconds).present()).map(|(user, _)| *user).collect()
        })
    }
    /// `creator`, `administrator`, `member`, `restricted`, `left` or `kicked`.
    pub fn member_status(&self, chat: i64, user: i64) -> String {
        self.with(|world| world.member(chat, user).name().to_owned())
    }
    pub fn join_requests(&self, chat: i64) -> Vec<i64> {
        self.with(|world| world.chat(chat).map(|chat| chat.requests.keys().copied().collect()).unwrap_or_default())
    }
    pub fn title(&self, chat: i64) -> String {
        self.with(|world| world.chat(chat).map(|chat| chat.title.clone()).unwrap_or_default())
    }
    /// The bytes of a group's picture.
    pub fn photo(&self, chat: i64) -> Option<Vec<u8>> {
        self.with(|world| {
            let file = world.chat(chat).and_then(|chat| chat.photo.clone())?;
            world.files.get(&file).map(|file| file.bytes.clone())
        })
    }
    /// Links of a chat that still let people in, oldest first.
    pub fn links(&self, chat: i64) -> Vec<String> {
        self.with(|world| {
            let links = world.chat(chat).map(|chat| chat.links.clone()).unwrap_or_default();
            links.into_iter().map(|link| link.url).filter(|url| world.open_link(url).is_ok()).collect()
        })
    }
    /// The commands set for one scope and language (no fallback to wider ones).
    pub fn commands(&self, scope: &Value, language: &str) -> Vec<(String, String)> {
        let key = (super::botapi::scope_key(Some(scope)), language.to_owned());
        self.with(|world| world.bot.commands.get(&key).cloned().unwrap_or_default())
    }
    pub fn mails(&self) -> Vec<Mail> {
        self.with(|world| world.mails.clone())
    }
    /// No update waits unconfirmed for the bot.
    pub fn idle(&self) -> bool {
        self.with(|world| {
            let now = world.now();
            world.queue.expire(now);
            world.queue.pending() == 0
        })
    }
    /// How many presses the bot has not answered.
    pub fn unanswered(&self) -> usize {
        self.with(|world| world.presses.values().filter(|press| !press.answered).count())
    }
    /// How many updates were ever queued.
    pub fn update_count(&self) -> u64 {
        self.with(|world| world.queue.count)
    }

    /// A group's calls, oldest first.
    pub fn calls(&self, chat: i64) -> Vec<CallLook> {
        let stay = |stay: &Stay| CallStay {
            person: stay.person,
            channel: stay.channel.as_ref().map(|(_, title)| title.clone()),
            joined: stay.joined,
            left: stay.left,
        };
        let look = |call: &GroupCall| CallLook {
            id: call.id,
            title: call.title.clone(),
            open: call.open(),
            join_muted: call.join_muted,
            started: call.started,
            ended: call.ended,
            participants: call.stays.iter().map(stay).collect(),
        };
        self.with(|world| world.chat(chat).map(|chat| chat.calls.iter().map(look).collect()).unwrap_or_default())
    }

    /// How many connections of a user account are open.
    pub fn connections(&self, account: i64) -> usize {
        self.with(|world| world.callers.hearing(account, None).count())
    }

    pub fn fault(&self, fault: Fault) {
        let away = matches!(fault, Fault::Away(true));
        self.with(|world| world.trouble(fault));
        if away {
            self.restart();
        }
    }
    pub fn journal(&self) -> Vec<Call> {
        self.with(|world| world.journal.clone())
    }
    /// Where either side left the published API; empty without a schema.
    pub fn violations(&self) -> Vec<String> {
        self.with(|world| world.violations.clone())
    }
}
