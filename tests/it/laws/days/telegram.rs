//! A small Telegram in memory: people, groups, messages, calls. It hands out updates in Telegram's JSON and is asked
//! through the port; nothing of it is a socket, and nothing of it waits.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use preau::kernel::At;
use preau::telegram::screen::{Page, WireDoes};
use serde_json::{Value, json};

pub const BOT: i64 = 7_900_000_001;
pub const BOT_NAME: &str = "HorizonClasseBot";
/// The school's calling account.
pub const CALLER: i64 = 6_900_000_001;

#[derive(Debug, Clone)]
pub struct Human {
    pub first: String,
    pub last: String,
    pub blocked: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    Owner,
    Admin,
    Member,
    Left,
    Banned,
}

impl Is {
    pub const fn present(self) -> bool {
        matches!(self, Self::Owner | Self::Admin | Self::Member)
    }
    const fn word(self) -> &'static str {
        match self {
            Self::Owner => "creator",
            Self::Admin => "administrator",
            Self::Member => "member",
            Self::Left => "left",
            Self::Banned => "kicked",
        }
    }
}

#[derive(Debug, Clone, Default)]
pub struct Group {
    pub title: String,
    pub about: String,
    pub members: BTreeMap<i64, Is>,
    pub asking: BTreeSet<i64>,
    pub link: Option<String>,
    pub calls: Vec<Call>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub id: i64,
    pub by: i64,
    pub token: i32,
    pub title: String,
    pub opened: At,
    pub ended: Option<At>,
    /// Who was in it, from when until when.
    pub stays: Vec<(i64, At, Option<At>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub id: i64,
    /// The bot, or whoever wrote it.
    pub from: i64,
    pub at: At,
    pub text: String,
    /// Label and button data, row after row; what opens an address has no data.
    pub keys: Vec<(String, Option<String>)>,
    pub file: Option<(String, Vec<u8>)>,
}

/// One call of the bot or of the account, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub at: At,
    /// The outbox row for which it was made.
    pub row: Option<String>,
    pub method: &'static str,
    pub chat: i64,
    pub words: String,
    /// It did something that somebody may notice.
    pub effect: bool,
    /// It was done, be it that nothing changed by it.
    pub done: bool,
    /// Its answer did not arrive.
    pub lost: bool,
}

#[derive(Debug, Clone)]
pub struct Telegram {
    pub people: BTreeMap<i64, Human>,
    pub groups: BTreeMap<i64, Group>,
    pub chats: BTreeMap<i64, Vec<Said>>,
    /// Updates that the bot has not confirmed.
    pub queue: VecDeque<(i64, Value)>,
    /// Presses, and how often each was answered.
    pub presses: BTreeMap<String, usize>,
    /// What was said over them.
    pub answers: BTreeMap<String, String>,
    pub journal: Vec<Asked>,
    /// The calling account is signed in.
    pub has_caller: bool,
    /// What was asked just now changed nothing.
    pub unfelt: bool,
    next_update: i64,
    next_message: i64,
    next_call: i64,
}

impl Default for Telegram {
    fn default() -> Self {
        Self {
            people: BTreeMap::new(),
            groups: BTreeMap::new(),
            chats: BTreeMap::new(),
            queue: VecDeque::new(),
            presses: BTreeMap::new(),
            answers: BTreeMap::new(),
            journal: Vec::new(),
            has_caller: false,
            unfelt: false,
            next_update: 300_000_001,
            next_message: 1,
            next_call: 8_000_000_001,
        }
    }
}

impl Telegram {
    pub fn add_person(&mut self, account: i64, first: &str, last: &str) {
        let human = Human { first: first.to_owned(), last: last.to_owned(), blocked: false };
        self.people.insert(account, human);
    }

    pub fn add_group(&mut self, chat: i64, title: &str, owner: i64) {
        let members = BTreeMap::from([(owner, Is::Owner), (BOT, Is::Admin)]);
        self.groups.insert(chat, Group { title: title.to_owned(), members, ..Group::default() });
    }

    pub fn is(&self, chat: i64, account: i64) -> Is {
        self.groups.get(&chat).and_then(|group| group.members.get(&account).copied()).unwrap_or(Is::Left)
    }

    fn user(&self, account: i64) -> Value {
        if account == BOT {
            return json!({ "id": BOT, "is_bot": true, "first_name": "Horizon", "username": BOT_NAME });
        }
        let human = self.people.get(&account);
        let (first, last) = human.map_or(("?", ""), |human| (human.first.as_str(), human.last.as_str()));
        json!({ "id": account, "is_bot": false, "first_name": first, "last_name": last, "language_code": "fr" })
    }

    fn chat(&self, chat: i64) -> Value {
        match self.groups.get(&chat) {
            Some(group) => json!({ "id": chat, "type": "supergroup", "title": group.title }),
            None => {
                json!({ "id": chat, "type": "private", "first_name": self.people.get(&chat).map(|one| &one.first) })
            }
        }
    }

    fn update(&mut self, kind: &str, value: &Value) {
        let id = self.next_update;
        self.next_update += 1;
        self.queue.push_back((id, json!({ "update_id": id, kind: value })));
    }

    /// A message stands in a chat.
    fn stand(&mut self, chat: i64, from: i64, at: At, text: &str) -> &mut Said {
        let id = self.next_message;
        self.next_message += 1;
        let said = Said { id, from, at, text: text.to_owned(), keys: Vec::new(), file: None };
        let all = self.chats.entry(chat).or_default();
        all.push(said);
        all.last_mut().expect("just put")
    }

    /// The bot's message.
    pub fn post(&mut self, chat: i64, at: At, page: &Page) -> i64 {
        let said = self.stand(chat, BOT, at, &page.text);
        said.keys = keys(page);
        said.id
    }

    pub fn post_file(&mut self, chat: i64, at: At, caption: &str, name: &str, bytes: Vec<u8>) -> i64 {
        let said = self.stand(chat, BOT, at, caption);
        said.file = Some((name.to_owned(), bytes));
        said.id
    }

    pub fn said(&mut self, chat: i64, message: i64) -> Option<&mut Said> {
        self.chats.get_mut(&chat)?.iter_mut().find(|said| said.id == message)
    }

    /// May the bot write there?
    pub fn reaches(&self, chat: i64) -> bool {
        if chat < 0 { self.is(chat, BOT).present() } else { self.people.get(&chat).is_some_and(|human| !human.blocked) }
    }

    // What people do.

    pub fn say(&mut self, who: i64, chat: i64, at: At, text: &str) {
        let id = self.stand(chat, who, at, text).id;
        let message = json!({ "message_id": id, "date": at.seconds(), "chat": self.chat(chat), "from": self.user(who),
            "text": text });
        self.update("message", &message);
    }

    /// Presses a key; gives the query.
    pub fn press(&mut self, who: i64, chat: i64, message: i64, data: &str) -> String {
        let query = format!("q{}", self.presses.len() + 1);
        self.presses.insert(query.clone(), 0);
        let said = self.said(chat, message).map(|said| (said.text.clone(), said.at)).unwrap_or_default();
        let shown = json!({ "message_id": message, "date": said.1.seconds(), "chat": self.chat(chat),
            "from": self.user(BOT), "text": said.0 });
        let press = json!({ "id": query, "from": self.user(who), "chat_instance": chat.to_string(), "data": data,
            "message": shown });
        self.update("callback_query", &press);
        query
    }

    /// Somebody's standing in a group changes; the bot hears of it.
    pub fn set(&mut self, chat: i64, by: i64, account: i64, is: Is, at: At) {
        let was = self.is(chat, account);
        if was == is {
            return;
        }
        let entry = |is: Is, user: Value| match is {
            Is::Owner => json!({ "status": "creator", "user": user, "is_anonymous": false }),
            Is::Banned => json!({ "status": "kicked", "user": user, "until_date": 0 }),
            other => json!({ "status": other.word(), "user": user }),
        };
        let value = json!({ "chat": self.chat(chat), "from": self.user(by), "date": at.seconds(),
            "old_chat_member": entry(was, self.user(account)), "new_chat_member": entry(is, self.user(account)) });
        let Some(group) = self.groups.get_mut(&chat) else { return };
        group.members.insert(account, is);
        group.asking.remove(&account);
        if !is.present() {
            self.leave_call(account, chat, at);
        }
        // Of itself the bot hears otherwise, and no day is about that.
        if account != BOT {
            self.update("chat_member", &value);
        }
    }

    pub fn ask_to_join(&mut self, account: i64, chat: i64, at: At) {
        let value = json!({ "chat": self.chat(chat), "from": self.user(account), "user_chat_id": account,
            "date": at.seconds() });
        let Some(group) = self.groups.get_mut(&chat) else { return };
        let is = group.members.get(&account).copied().unwrap_or(Is::Left);
        if is == Is::Left && group.asking.insert(account) {
            self.update("chat_join_request", &value);
        }
    }

    /// Blocks the bot, or lets it write again.
    pub fn block(&mut self, account: i64, blocked: bool, at: At) {
        let Some(human) = self.people.get_mut(&account) else { return };
        if std::mem::replace(&mut human.blocked, blocked) == blocked {
            return;
        }
        let me = self.user(BOT);
        let entry = |out: bool| {
            if out {
                json!({ "status": "kicked", "user": me, "until_date": 0 })
            } else {
                json!({ "status": "member", "user": me })
            }
        };
        let value = json!({ "chat": self.chat(account), "from": self.user(account), "date": at.seconds(),
            "old_chat_member": entry(!blocked), "new_chat_member": entry(blocked) });
        self.update("my_chat_member", &value);
    }

    pub fn open_call(&mut self, chat: i64) -> Option<&mut Call> {
        self.groups.get_mut(&chat)?.calls.iter_mut().find(|call| call.ended.is_none())
    }

    pub fn start_call(&mut self, chat: i64, by: i64, token: i32, title: &str, at: At) -> Option<i64> {
        let id = self.next_call;
        self.next_call += 1;
        let call = Call { id, by, token, title: title.to_owned(), opened: at, ended: None, stays: Vec::new() };
        self.groups.get_mut(&chat)?.calls.push(call);
        Some(id)
    }

    /// Gives the call.
    pub fn join_call(&mut self, account: i64, chat: i64, at: At) -> Option<i64> {
        if !self.is(chat, account).present() {
            return None;
        }
        let call = self.open_call(chat)?;
        if call.stays.iter().any(|(who, _, until)| *who == account && until.is_none()) {
            return None;
        }
        call.stays.push((account, at, None));
        Some(call.id)
    }

    pub fn leave_call(&mut self, account: i64, chat: i64, at: At) -> Option<i64> {
        let call = self.open_call(chat)?;
        let stay = call.stays.iter_mut().find(|(who, _, until)| *who == account && until.is_none())?;
        stay.2 = Some(at);
        Some(call.id)
    }

    pub fn end_call(&mut self, chat: i64, id: i64, at: At) -> bool {
        let open = self.open_call(chat).filter(|call| call.id == id);
        let Some(call) = open else { return false };
        call.ended = Some(at);
        for stay in call.stays.iter_mut().filter(|(_, _, until)| until.is_none()) {
            stay.2 = Some(at);
        }
        true
    }

    /// The bot's newest message that bears keys to press; of several of one moment, which come in any order, always the
    /// same.
    pub fn pressable(&self, chat: i64) -> Option<&Said> {
        let all = self.chats.get(&chat).into_iter().flatten();
        let bears = |said: &&Said| said.from == BOT && said.keys.iter().any(|(_, data)| data.is_some());
        all.filter(bears).max_by_key(|said| (said.at, &said.text, said.id))
    }
}

pub fn keys(page: &Page) -> Vec<(String, Option<String>)> {
    let data = |does: &WireDoes| match does {
        WireDoes::Data(data) => Some(data.clone()),
        WireDoes::Url(_) | WireDoes::Start(_) => None,
    };
    page.keys.iter().flatten().map(|key| (key.label.clone(), data(&key.does))).collect()
}
