//! The story as it is read: who said what where, and what everybody then saw.

use std::collections::BTreeMap;
use std::io::Write;

use chrono::NaiveDate;

use crate::kernel::time::{Zone, say_long_day};
use crate::kernel::{At, Lang};
use crate::sandbox::{Message, Sandbox};

/// Writes what is new in the chats it watches.
pub struct Transcript {
    out: Box<dyn Write + Send>,
    chats: Vec<(i64, String)>,
    seen: BTreeMap<(i64, i64), String>,
    zone: Zone,
    /// The day of what was told last.
    day: Option<NaiveDate>,
}

impl std::fmt::Debug for Transcript {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Transcript({} chats)", self.chats.len())
    }
}

impl Transcript {
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        Self { out, chats: Vec::new(), seen: BTreeMap::new(), zone: Zone::default(), day: None }
    }

    /// From here on, what is said in `chat` is shown under `title`.
    pub fn watch(&mut self, chat: i64, title: &str) {
        self.chats.push((chat, title.to_owned()));
    }

    /// A line between scenes.
    pub fn scene(&mut self, title: &str) {
        self.line(&format!("\n── {title} ──"));
    }

    /// What a person does.
    pub fn act(&mut self, now: At, place: &str, who: &str, what: &str) {
        self.told(now, &format!("({place}) {who} : {what}"));
    }

    /// A line with its hour, under its day where that is another.
    fn told(&mut self, at: At, what: &str) {
        let day = self.zone.day(at);
        if self.day.replace(day) != Some(day) {
            self.line(&format!("      {}", say_long_day(Lang::Fr, day)));
        }
        self.line(&format!("{} {what}", self.zone.clock_hour(at)));
    }

    pub fn line(&mut self, line: &str) {
        // A reader that went away (a closed pipe) changes nothing of the story's outcome.
        let _ = writeln!(self.out, "{line}");
    }

    /// Shows what the bot said or changed since the last look, in the order in which it did.
    pub fn look(&mut self, sandbox: &Sandbox) {
        let mut news = Vec::new();
        for (chat, title) in &self.chats {
            for message in sandbox.messages(*chat) {
                if !message.from_bot || message.service.is_some() {
                    continue;
                }
                let words = said(&message);
                let before = self.seen.insert((*chat, message.id), words.clone());
                if before.as_deref() == Some(words.as_str()) {
                    continue;
                }
                let changed = if before.is_some() { " (même message)" } else { "" };
                news.push((message.changed.unwrap_or(message.at), format!("({title}) Préau{changed} : {words}")));
            }
        }
        news.sort_by_key(|(at, _)| *at);
        for (at, what) in news {
            self.told(at, &what);
        }
    }
}

/// A message's words, its file and its buttons.
fn said(message: &Message) -> String {
    let mut words = message.text.replace('\n', "\n        ");
    if let Some(document) = &message.document {
        words = format!("[fichier {}, {} octets] {words}", document.name, document.bytes.len());
    }
    for row in &message.buttons {
        let keys: Vec<String> = row.iter().map(|button| format!("[{}]", button.text)).collect();
        words.push_str("\n        ");
        words.push_str(&keys.join(" "));
    }
    words
}
