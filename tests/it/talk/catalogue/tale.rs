//! A conversation that is written down: after each act, the messages that are new or say something else than before.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::{Deref, DerefMut};

use preau::kernel::Lang;
use preau::platform::store::Probe;
use preau::sandbox::Message;
use preau::school::roster::Role;

use super::super::school::School;
use super::hold;
use super::pattern::Pattern;
use crate::world::{Engine, World};

/// French, then English.
pub type Both<'a> = [&'a str; 2];

pub struct Tale {
    school: School,
    lang: Lang,
    out: String,
    seen: BTreeMap<(i64, i64), String>,
    groups: Vec<i64>,
    mails: usize,
}

impl Deref for Tale {
    type Target = School;
    fn deref(&self) -> &School {
        &self.school
    }
}

impl DerefMut for Tale {
    fn deref_mut(&mut self) -> &mut School {
        &mut self.school
    }
}

/// Between the messages of a file.
const RULE: &str = "\n▸ ";

/// The messages of a file that was written here.
pub fn entries(text: &str) -> Vec<String> {
    text.split(RULE).skip(1).map(|entry| entry.split("\n\n## ").next().unwrap_or_default().to_owned()).collect()
}

impl Tale {
    /// The small school, whose people all speak `lang`; without a group yet.
    pub async fn begin(lang: Lang, keys: &[(&str, &str)]) -> Self {
        let mut all = vec![("classroom.languages", "BTS SIO 1A: en, BTS SIO 1B: en, BTS SIO 1C: en")];
        if lang == Lang::Fr {
            all.clear();
        }
        all.extend(keys);
        let engine = *Engine::all().first().expect("an engine");
        let world = World::with(engine, Probe::default(), &all).await;
        let school = School::speaking(world, lang).await;
        let mut tale = Self { school, lang, out: String::new(), seen: BTreeMap::new(), groups: Vec::new(), mails: 0 };
        tale.look(false);
        tale
    }

    /// With its group, adopted.
    pub async fn grouped(lang: Lang, keys: &[(&str, &str)]) -> Self {
        let mut tale = Self::begin(lang, keys).await;
        let group = tale.adopt("BTS SIO 1A").await;
        tale.school.group = group;
        tale.add_group(group);
        let (teacher, admin) = (tale.is("Mamadou"), tale.is("Claire"));
        tale.sandbox.add_member(group, teacher, admin);
        tale.drain().await.expect("quiet");
        tale.step("/adopter BTS SIO 1A");
        tale
    }

    pub const fn school_mut(&mut self) -> &mut School {
        &mut self.school
    }

    pub fn add_group(&mut self, group: i64) {
        if !self.groups.contains(&group) {
            self.groups.push(group);
        }
    }

    pub async fn join(&mut self, first: &str, last: &str, role: Role, classes: &[&str]) -> i64 {
        let lang = self.lang;
        let account = self.school.add(first, last, role, classes, lang).await;
        self.look(false);
        account
    }

    /// Somebody at Telegram whom the school does not know.
    pub fn stranger(&mut self, first: &str) -> i64 {
        let account = self.sandbox.add_person(first, "", self.lang.code());
        self.school.who.insert(first.to_owned(), account);
        account
    }

    pub fn of(&self, words: Both<'_>) -> String {
        match self.lang {
            Lang::Fr => words[0].to_owned(),
            Lang::En => words[1].to_owned(),
        }
    }

    /// Says so in private.
    pub async fn tell(&mut self, who: &str, words: Both<'_>) {
        let words = self.of(words);
        self.school.ask(who, &words).await;
        self.step(&format!("{who} : {words}"));
    }

    pub async fn tell_in(&mut self, who: &str, chat: i64, words: Both<'_>) {
        let words = self.of(words);
        let account = self.is(who);
        self.school.say(account, chat, &words).await;
        self.step(&format!("{who}, dans le groupe : {words}"));
    }

    pub async fn start(&mut self, who: &str, payload: &str) {
        let account = self.is(who);
        self.sandbox.start_bot(account, payload);
        self.drain().await.expect("quiet");
        self.step(&format!("{who} : /start"));
    }

    pub async fn send(&mut self, who: &str, name: &str, bytes: Vec<u8>) {
        let account = self.is(who);
        self.sandbox.send_file(account, account, name, bytes, None);
        self.drain().await.expect("quiet");
        self.step(&format!("{who} : {name}"));
    }

    /// Presses the newest key with these words (a key of the locale files, or a name) in private.
    pub async fn touch(&mut self, who: &str, key: &str) {
        let account = self.is(who);
        self.touch_in(who, account, key).await;
    }

    pub async fn touch_in(&mut self, who: &str, chat: i64, key: &str) {
        let pattern = Pattern::of(self.lang, key);
        let is = |label: &str| if key.contains('-') { pattern.is(label) } else { label.contains(key) };
        let messages = self.sandbox.messages(chat);
        let found = messages.iter().rev().find_map(|message| {
            let label = message.buttons.iter().flatten().find(|button| is(&button.text))?;
            Some((message.id, label.text.clone()))
        });
        let (message, label) =
            found.unwrap_or_else(|| panic!("no key {key} for {who}: {:#?}\n{}", messages.last(), self.out));
        let said = self.press_on(who, chat, message, &label).await;
        self.heading(&format!("{who} : [{label}]"));
        if !said.is_empty() {
            let _ = write!(self.out, "{RULE}{who} (alerte)\n{said}");
        }
        self.look(true);
    }

    /// Time passes until then, today.
    pub async fn wait(&mut self, hour: &str) {
        self.until(hour).await;
        self.step(hour);
    }

    pub async fn wait_to(&mut self, day: &str, hour: &str) {
        self.to(day, hour).await;
        self.step(&format!("{day} {hour}"));
    }

    /// What came of something that the test did.
    pub fn step(&mut self, what: &str) {
        self.heading(what);
        self.look(true);
    }

    fn heading(&mut self, what: &str) {
        let _ = write!(self.out, "{}## {what}", if self.out.is_empty() { "" } else { "\n\n" });
    }

    fn chats(&self) -> Vec<(i64, String)> {
        let people = self.who.iter().map(|(first, account)| (*account, first.clone()));
        let groups = self.groups.iter().map(|group| (*group, format!("groupe {}", self.sandbox.title(*group))));
        people.chain(groups).collect()
    }

    fn look(&mut self, write: bool) {
        for (chat, name) in self.chats() {
            let messages = self.sandbox.messages(chat);
            let mut said: Vec<String> = Vec::new();
            for message in messages.iter().filter(|message| message.from_bot && message.service.is_none()) {
                let now = shown(message);
                let before = self.seen.insert((chat, message.id), now.clone());
                if before.as_ref() != Some(&now) {
                    let mark = if before.is_some() { " (modifié)" } else { "" };
                    said.push(format!("{RULE}{name}{mark}\n{now}"));
                }
            }
            if write {
                // Two lanes may write to one chat at once.
                said.sort();
                self.out.push_str(&said.concat());
            }
        }
        let mails = self.sandbox.mails();
        let mut said: Vec<String> = mails
            .iter()
            .skip(self.mails)
            .map(|mail| format!("{RULE}mail\n{}\n{}", mail.subject, scrub(&mail.body)))
            .collect();
        said.sort();
        self.mails = mails.len();
        if write {
            self.out.push_str(&said.concat());
        }
    }

    /// Everything stood as it is kept, and the world ended well.
    pub async fn end(mut self, name: &str) {
        self.out.push('\n');
        hold(&format!("{}/{name}.txt", self.lang.code()), &self.out);
        self.school.end().await;
    }
}

/// A message and its keys, row by row.
fn shown(message: &Message) -> String {
    let mut words = scrub(&message.text);
    if let Some(file) = &message.document {
        words = format!("[{}] {words}", if message.photo { "photo" } else { &file.name });
    }
    for row in &message.buttons {
        let row: Vec<String> = row.iter().map(|button| format!("[{}]", button.text)).collect();
        words = format!("{words}\n{}", row.join(" "));
    }
    words
}

/// Links and the references of requests are random.
fn scrub(words: &str) -> String {
    for title in ["Accord demandé · ", "Agreement needed · "] {
        if let Some(rest) = words.strip_prefix(title) {
            let rest = rest.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric());
            return format!("{title}K7QX2M{rest}");
        }
    }
    let mut out = String::new();
    for (at, piece) in words.split("https://t.me/").enumerate() {
        if at == 0 {
            out.push_str(piece);
            continue;
        }
        let rest = piece.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || "+?=_-".contains(letter));
        out.push_str("https://t.me/…");
        out.push_str(rest);
    }
    out
}
