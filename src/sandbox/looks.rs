//! Looking at the world, and making trouble in it.

use serde_json::{Value, json};
use tokio::sync::watch;

use super::Sandbox;
use super::values::{Call, CallLook, CallStay, ChatLook, Fault, Mail, Message};
use super::world::calls::{GroupCall, Stay};
use super::world::chat::{Chat, Kind};

impl Sandbox {
    /// A chat's messages that are not deleted, oldest first, read as people read them: a space is a space.
    pub fn messages(&self, chat: i64) -> Vec<Message> {
        let mut messages = self.messages_as_sent(chat);
        for message in &mut messages {
            message.text = message.text.replace('\u{a0}', " ");
        }
        messages
    }
    /// … letter by letter as they were sent.
    pub fn messages_as_sent(&self, chat: i64) -> Vec<Message> {
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
    /// The chats of a person, their private one first, then groups by their title.
    pub fn chats_of(&self, person: i64) -> Vec<ChatLook> {
        self.with(|world| {
            let seconds = world.seconds();
            let mine = |chat: &&Chat| chat.id == person || chat.member(person, seconds).present();
            let mut chats: Vec<ChatLook> =
                world.chats.values().filter(mine).map(|chat| chat_look(chat, person, seconds)).collect();
            chats.sort_by(|one, other| (!one.private, &one.title).cmp(&(!other.private, &other.title)));
            chats
        })
    }
    /// The command list that this person's app shows in this chat: the narrowest scope that has one, in their language.
    pub fn command_list(&self, person: i64, chat: i64) -> Vec<(String, String)> {
        self.with(|world| {
            let member = world.member(chat, person);
            let language = world.people.get(&person).map(|person| person.language.clone()).unwrap_or_default();
            let admin = member.admin();
            let of = |kind: &str| json!({ "type": kind, "chat_id": chat });
            let alone = json!({ "type": "chat_member", "chat_id": chat, "user_id": person });
            let scopes = if chat == person {
                vec![of("chat"), json!({ "type": "all_private_chats" })]
            } else if admin {
                let every = ["all_chat_administrators", "all_group_chats"].map(|kind| json!({ "type": kind }));
                [vec![alone, of("chat_administrators"), of("chat")], every.to_vec()].concat()
            } else {
                vec![alone, of("chat"), json!({ "type": "all_group_chats" })]
            };
            let keys = scopes.into_iter().chain([json!({ "type": "default" })]).flat_map(|scope| {
                let key = super::botapi::scope_key(Some(&scope));
                [(key.clone(), language.clone()), (key, String::new())]
            });
            let mut lists = keys.filter_map(|key| world.bot.commands.get(&key).cloned());
            lists.find(|list| !list.is_empty()).unwrap_or_default()
        })
    }
    /// A person's first and last name; the bot has only one.
    pub fn name(&self, person: i64) -> String {
        self.with(|world| {
            if person == world.bot.id {
                return world.bot.name.clone();
            }
            world.people.get(&person).map(|one| format!("{} {}", one.first, one.last)).unwrap_or_default()
        })
    }
    /// Counts up whenever something happens in this world, at any door.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.with(|world| world.changes.subscribe())
    }
    /// A person acted: who looks on looks again.
    pub fn touch(&self) {
        self.with(|world| world.touch());
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

    /// The next update will have this number, as Telegram does after a week without updates; gives the number that it
    /// would have had. Refused while updates wait.
    pub fn renumber_updates(&self, next: i64) -> Result<i64, String> {
        self.with(|world| {
            let now = world.now();
            world.queue.expire(now);
            world.queue.renumber(next)
        })
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
            open: call.open() && call.scheduled.is_none(),
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
        let away = if let Fault::Away(away) = fault { Some(away) } else { None };
        self.with(|world| world.trouble(fault));
        let turned = match away {
            // Who is not there lets nobody connect: what is to be sent has surely not left. Then lines that are open.
            Some(true) => {
                let shut = self.0.ear.shut();
                self.restart();
                shut
            }
            Some(false) => self.0.ear.open(),
            None => Ok(()),
        };
        if let Err(error) = turned {
            tracing::error!(%error, "sandbox.door_stuck");
        }
    }
    /// Is Telegram away?
    pub fn is_away(&self) -> bool {
        self.with(|world| world.plan.away)
    }
    /// What was planned to go wrong, and has not yet.
    pub fn planned(&self) -> Vec<Fault> {
        self.with(|world| world.plan.pending())
    }
    /// Nothing goes wrong any more of what was planned to.
    pub fn forgive(&self) {
        self.with(|world| drop(std::mem::take(&mut world.plan)));
    }
    /// How many requests there were at both doors: the number of the last one in the journal.
    pub fn asked(&self) -> usize {
        self.with(|world| world.journal.len())
    }
    /// How many requests of this method there were.
    pub fn requests(&self, method: &str) -> usize {
        self.with(|world| world.journal.iter().filter(|call| call.method.eq_ignore_ascii_case(method)).count())
    }
    pub fn journal(&self) -> Vec<Call> {
        self.with(|world| world.journal.clone())
    }
    /// Where either side left the published API; empty without a schema.
    pub fn violations(&self) -> Vec<String> {
        self.with(|world| world.violations.clone())
    }
}

fn chat_look(chat: &Chat, person: i64, seconds: i64) -> ChatLook {
    ChatLook {
        id: chat.id,
        private: chat.kind == Kind::Private,
        title: chat.title.clone(),
        description: chat.description.clone(),
        members: chat.members.values().filter(|member| member.at(seconds).present()).count(),
        status: chat.member(person, seconds).name().to_owned(),
        pinned: chat.pinned.last().copied(),
        photo: chat.photo.is_some(),
        last: chat.posts.values().next_back().map(|post| post.at),
    }
}
