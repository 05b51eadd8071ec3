//! The world behind the doors: one value, behind one lock. Time, ids and secrets come from outside.

pub mod callers;
pub mod calls;
pub mod chat;
pub mod entities;
pub mod faults;
pub mod membership;
pub mod pace;
pub mod people;
pub mod posts;
pub mod queue;
pub mod refusal;
pub mod render;
pub mod upgrade;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;

use crate::kernel::id::Ids;
use crate::kernel::{At, Clock};
use crate::sandbox::schema::Schema;
use crate::sandbox::values::{Call, Mail, Options};
use crate::sandbox::webhook::Webhook;
use callers::Callers;
use chat::Chat;
use faults::Plan;
use pace::Pace;
use queue::{Queue, Turn};

/// How long Telegram lets a bot write to somebody who asked to join.
pub const REQUEST_WINDOW_MINUTES: i64 = 5;

#[derive(Clone, Debug)]
pub struct Person {
    pub first: String,
    pub last: String,
    pub language: String,
    /// Without its `@`.
    pub username: Option<String>,
    /// What they say of themselves: a bot sees it when they ask to join.
    pub bio: Option<String>,
    pub started: bool,
    pub blocked: bool,
    /// Until when the bot may write because of a join request that waits.
    pub reachable_until: Option<At>,
}

#[derive(Debug)]
pub struct Bot {
    pub id: i64,
    pub token: String,
    pub username: String,
    pub name: String,
    pub webhook: Option<Webhook>,
    pub logged_out: Option<At>,
    /// Commands by scope (as JSON) and language.
    pub commands: BTreeMap<(String, String), Vec<(String, String)>>,
}

#[derive(Clone, Debug)]
pub struct StoredFile {
    pub unique: String,
    pub name: String,
    pub mime: String,
    pub bytes: Vec<u8>,
    pub path: String,
}

/// A press of a button, and what became of it.
#[derive(Clone, Debug)]
pub struct Press {
    pub at: At,
    /// The same moment on the monotonic reading.
    pub elapsed: Duration,
    pub answered: bool,
    pub text: Option<String>,
    pub alert: bool,
}

#[derive(Debug)]
pub struct World {
    pub clock: Clock,
    pub ids: Ids,
    pub bot: Bot,
    pub people: BTreeMap<i64, Person>,
    pub chats: BTreeMap<i64, Chat>,
    pub queue: Queue,
    pub files: BTreeMap<String, StoredFile>,
    pub presses: BTreeMap<String, Press>,
    pub plan: Plan,
    pub callers: Callers,
    pub pace: Pace,
    pub journal: Vec<Call>,
    pub mails: Vec<Mail>,
    pub violations: Vec<String>,
    pub schema: Option<Schema>,
    /// Counts what happened, for those who look on.
    pub changes: watch::Sender<u64>,
    /// Private chats and basic groups share one sequence of message ids, the bot's own.
    next_own: i64,
    next_person: i64,
    next_super: i64,
    next_basic: i64,
}

impl World {
    pub fn new(options: &Options, schema: Option<Schema>) -> Self {
        let ids = Ids::seeded(options.clock.clone(), options.seed);
        let spread = i64::try_from(ids.below(1_000_000)).unwrap_or(0);
        // Ids beyond 32 bits on purpose: who keeps them in an i32 shall find out here.
        let bot_id = 7_900_000_000 + spread;
        let bot = Bot {
            id: bot_id,
            token: format!("{bot_id}:AA{}", ids.token()),
            username: "HorizonClasseBot".to_owned(),
            name: "Horizon".to_owned(),
            webhook: None,
            logged_out: None,
            commands: BTreeMap::new(),
        };
        let first_update = 300_000_000 + i64::try_from(ids.below(100_000_000)).unwrap_or(0);
        Self {
            clock: options.clock.clone(),
            bot,
            people: BTreeMap::new(),
            chats: BTreeMap::new(),
            queue: Queue::new(first_update),
            files: BTreeMap::new(),
            presses: BTreeMap::new(),
            plan: Plan::default(),
            callers: Callers::new(options.seed),
            pace: Pace::new(options.limits),
            journal: Vec::new(),
            mails: Vec::new(),
            violations: Vec::new(),
            schema,
            changes: watch::Sender::new(0),
            next_own: 1,
            next_person: 6_100_000_000 + spread,
            next_super: -1_002_000_000_000 - spread,
            next_basic: -4_500_000_000 - spread,
            ids,
        }
    }

    /// Something happened: whoever looks on looks again.
    pub fn touch(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    pub fn now(&self) -> At {
        self.clock.now()
    }
    pub fn seconds(&self) -> i64 {
        self.clock.now().seconds()
    }

    pub fn chat(&self, id: i64) -> Option<&Chat> {
        self.chats.get(&id)
    }

    /// Puts an update into the bot's queue, when the bot asked for its kind.
    pub fn update(&mut self, kind: &'static str, value: Value) {
        if !self.queue.wants(kind) {
            return;
        }
        if let Some(schema) = &self.schema {
            let update = json!({ "update_id": 1, kind: &value });
            self.violations.extend(schema.check_type("Update", &update));
        }
        let now = self.now();
        match self.plan.turn(kind) {
            Turn::Now => drop(self.queue.push(kind, value, now)),
            turn => self.queue.hold(kind, value, now, turn, self.clock.elapsed()),
        }
    }

    /// Keeps a file; returns its `file_id`.
    pub fn keep_file(&mut self, name: &str, mime: &str, bytes: Vec<u8>, photo: bool) -> String {
        let token = self.ids.token();
        let unique: String = token.chars().take(16).collect();
        let (kind, folder) = if photo { ("AgACAgQAAxkB", "photos") } else { ("BQACAgQAAxkB", "documents") };
        let id = format!("{kind}{token}");
        let extension = name.rsplit_once('.').map_or("bin", |(_, extension)| extension);
        let path = format!("{folder}/file_{}.{extension}", self.files.len());
        let file = StoredFile { unique, name: name.to_owned(), mime: mime.to_owned(), bytes, path };
        self.files.insert(id.clone(), file);
        id
    }
}
