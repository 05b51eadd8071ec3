//! The story as it is read: who said what where, and what everybody then saw.

use std::collections::BTreeMap;
use std::io::Write;

use crate::kernel::time::Zone;
use crate::sandbox::{Message, Sandbox};

/// Writes what is new in the chats it watches.
pub struct Transcript {
    out: Box<dyn Write + Send>,
    chats: Vec<(i64, String)>,
    seen: BTreeMap<(i64, i64), String>,
    zone: Zone,
}

impl std::fmt::Debug for Transcript {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Transcript({} chats)", self.chats.len())
    }
}

impl Transcript {
    pub fn new(out: Box<dyn Write + Send>) -> Self {
        Self { out, chats: Vec::new(), seen: BTreeMap::new(), zone: Zone::default() }
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
    pub fn act(&mut self, hour: &str, place: &str, who: &str, what: &str) {
        self.line(&format!("{hour} ({place}) {who} : {what}"));
    }

    pub fn line(&mut self, line: &str) {
        // A reader that went away (a closed pipe) changes nothing of the story's outcome.
        let _ = writeln!(self.out, "{line}");
    }

    /// Shows what the bot said or changed since the last look.
    pub fn look(&mut self, sandbox: &Sandbox) {
        let chats = self.chats.clone();
        for (chat, title) in chats {
            for message in sandbox.messages(chat) {
                if !message.from_bot || message.service.is_some() {
                    continue;
                }
                let words = said(&message);
                let before = self.seen.insert((chat, message.id), words.clone());
                if before.as_deref() == Some(words.as_str()) {
                    continue;
                }
                let changed = if before.is_some() { " (même message)" } else { "" };
                let hour = self.zone.clock_hour(message.changed.unwrap_or(message.at));
                self.line(&format!("{hour} ({title}) Préau{changed} : {words}"));
            }
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
