//! A small school for conversations: one class with its group, its teacher, its supervisor, an admin.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

use preau::kernel::time::{Zone, read_day, read_hour};
use preau::kernel::{At, Lang};
use preau::platform::store::{Probe, Tx};
use preau::sandbox::Message;
use preau::school::attendance::{Line, Sheet, flow as attendance};
use preau::school::audit::{Actor, flow as audit};
use preau::school::classroom;
use preau::school::roster::{Person, Role, flow as roster, store as roster_store};
use preau::school::session::{Mode, Session, State, flow as sessions};

use crate::world::{Engine, World, seed};

/// First name, family name.
pub const STUDENTS: [(&str, &str); 5] =
    [("Noé", "Blanc"), ("Inès", "Moreau"), ("Léa", "Petit"), ("Paul", "Simon"), ("Karim", "Touré")];

pub struct School {
    world: World,
    pub group: i64,
    pub class: String,
    /// Accounts by first name.
    pub who: BTreeMap<String, i64>,
}

impl Deref for School {
    type Target = World;
    fn deref(&self) -> &World {
        &self.world
    }
}

impl DerefMut for School {
    fn deref_mut(&mut self) -> &mut World {
        &mut self.world
    }
}

/// `p-ines`
pub fn id_of(first: &str) -> String {
    format!("p-{}", preau::kernel::text::names::fold(first).replace(' ', "-"))
}

impl School {
    /// Tuesday 24 November 2026, 08:00: the class has its group and no lesson yet.
    pub async fn on(engine: Engine) -> Self {
        let mut school = Self::without_group(engine).await;
        school.group = school.adopt("BTS SIO 1A").await;
        school
    }

    pub async fn without_group(engine: Engine) -> Self {
        Self::with(engine, &[]).await
    }

    /// Without a group, and with these keys.
    pub async fn with(engine: Engine, keys: &[(&str, &str)]) -> Self {
        Self::of(World::with(engine, Probe::default(), keys).await).await
    }

    /// The school in this world.
    pub async fn of(world: World) -> Self {
        Self::speaking(world, Lang::Fr).await
    }

    /// The school in this world, whose people speak so.
    pub async fn speaking(world: World, lang: Lang) -> Self {
        let mut school = Self { world, group: 0, class: String::new(), who: BTreeMap::new() };
        school.class = school.add_class("BTS SIO 1A").await;
        let class = school.class.clone();
        school.add("Claire", "Laurent", Role::Admin, &[], lang).await;
        school.add("Éric", "Adam", Role::Supervisor, &[&class], lang).await;
        school.add("Mamadou", "Diallo", Role::Teacher, &[], lang).await;
        for (first, last) in STUDENTS {
            school.add(first, last, Role::Student, &[&class], lang).await;
        }
        school
    }

    pub async fn write<T>(&self, work: impl AsyncFnOnce(&mut Tx) -> preau::kernel::Result<T>) -> T {
        let done = self.db().expect("running").transact(work).await.expect("written");
        self.drain().await.expect("quiet");
        done
    }

    /// Plans sessions as a file does: staged, then written together.
    pub async fn plan_together(&self, plan: &[Session]) {
        let flip = async |tx: &mut Tx| {
            let batch = tx.new_id();
            let all: Vec<_> =
                plan.iter().map(|session| sessions::Staged::added(tx.new_id(), session.clone())).collect();
            sessions::stage(tx, &batch, &Actor::Cli, &all).await?;
            let new: Vec<_> = all.iter().map(|one| sessions::Newcomer::of(&one.after)).collect();
            let fresh = sessions::fresh(tx, &new).await?;
            sessions::flip(tx, &batch, &all, &fresh).await?;
            audit::flip(tx, &batch).await
        };
        self.write(flip).await;
    }

    pub async fn add_class(&self, name: &str) -> String {
        self.write(async |tx| classroom::flow::ensure(tx, &Actor::Cli, name).await).await.0
    }

    /// Somebody of the school who has no account yet.
    pub async fn add_unlinked(&self, first: &str, last: &str, role: Role, classes: &[&str]) {
        let person = Person {
            id: id_of(first),
            last_name: last.to_owned(),
            first_name: first.to_owned(),
            email: None,
            birth: Some("2005-03-12".to_owned()),
            card: None,
            role,
            lang: None,
            active: true,
        };
        self.write(async |tx| {
            roster::add(tx, &Actor::Cli, &person).await?;
            for class in classes {
                roster::enrol(tx, &Actor::Cli, &person.id, class).await?;
            }
            Ok(())
        })
        .await;
    }

    /// Somebody of the school, with an account that has pressed Start.
    pub async fn add(&mut self, first: &str, last: &str, role: Role, classes: &[&str], lang: Lang) -> i64 {
        self.add_unlinked(first, last, role, classes).await;
        let account = self.sandbox.add_person(first, last, lang.code());
        self.write(async |tx| roster_store::insert_account(tx, account, &id_of(first), Some(lang), None).await).await;
        self.sandbox.start_bot(account, "");
        self.drain().await.expect("quiet");
        self.who.insert(first.to_owned(), account);
        account
    }

    /// A group adopted by the admin for the class called so.
    pub async fn adopt(&self, class: &str) -> i64 {
        let (admin, group) = (self.is("Claire"), self.adopt_empty(class).await);
        for (first, _) in STUDENTS {
            self.sandbox.add_member(group, self.is(first), admin);
        }
        self.drain().await.expect("quiet");
        group
    }

    /// A group of a class, and nobody in it but who made it and the bot.
    pub async fn adopt_empty(&self, class: &str) -> i64 {
        let admin = self.is("Claire");
        let group = self.sandbox.add_group(class, admin);
        self.sandbox.add_bot(group, admin);
        self.sandbox.promote_bot(group, admin, &classroom::RIGHTS);
        self.drain().await.expect("quiet");
        self.say(admin, group, &format!("/adopter {class}")).await;
        group
    }

    /// The school's calling account is signed in, and may manage calls in the group.
    pub async fn caller(&self) -> i64 {
        self.caller_number(1).await
    }

    pub async fn caller_number(&self, number: usize) -> i64 {
        let account = self.sandbox.add_caller("Horizon", "Appels", &format!("+3360000000{number}"), None);
        std::fs::write(seed(&self.place, number), self.sandbox.caller_seed(Some(account))).expect("a seed");
        let admin = self.is("Claire");
        self.sandbox.add_member(self.group, account, admin);
        self.sandbox.promote(self.group, account, admin, &["manage_call"]);
        self.app().expect("running").callers().gather().await.expect("signed in");
        self.drain().await.expect("quiet");
        account
    }

    /// Waits until this is so: for what is done a moment later (a drain sees nothing yet), or rests (a drain would wait for
    /// minutes).
    pub async fn soon(&self, what: &str, mut so: impl AsyncFnMut() -> bool) {
        for _ in 0..2_000 {
            if so().await {
                return;
            }
            self.clock.rest(std::time::Duration::from_millis(10)).await;
        }
        panic!("never: {what}");
    }

    pub fn is(&self, first: &str) -> i64 {
        *self.who.get(first).unwrap_or_else(|| panic!("{first} is not in the story"))
    }

    /// Today's lesson, from one hour to another: « Réseaux » of M. Diallo in B204, with a link or without.
    pub fn lesson(&self, from: &str, to: &str, link: Option<&str>) -> Session {
        let day = Zone::default().day(self.clock.now());
        let at = |hour: &str| Zone::default().instant(day, read_hour(hour).expect("an hour"));
        Session {
            id: String::new(),
            classroom_id: self.class.clone(),
            reference: None,
            start_at: at(from),
            end_at: at(to),
            subject: "Réseaux".to_owned(),
            teacher_id: Some(id_of("Mamadou")),
            teacher_name: "M. Diallo".to_owned(),
            room: "B204".to_owned(),
            mode: if link.is_some() { Mode::Remote } else { Mode::OnSite },
            link: link.map(str::to_owned),
            state: State::Planned,
            revision: 1,
        }
    }

    pub async fn plan(&self, lesson: Session) -> String {
        self.write(async |tx| sessions::plan(tx, &Actor::Cli, lesson).await).await
    }

    /// « Réseaux », 14:00–16:00, on site.
    pub async fn plan_usual(&self) -> String {
        self.plan(self.lesson("14:00", "16:00", None)).await
    }

    pub async fn change(&self, id: &str, change: impl FnOnce(&mut Session)) {
        self.write(async |tx| {
            let mut session = sessions::session(tx, id).await?.expect("a session");
            change(&mut session);
            sessions::change(tx, &Actor::Cli, session).await
        })
        .await;
    }

    pub async fn cancel(&self, id: &str) {
        self.write(async |tx| sessions::cancel(tx, &Actor::Cli, id).await).await;
    }

    pub async fn to(&self, day: &str, hour: &str) {
        self.go_to(at(day, hour)).await.expect("time passes");
    }

    /// Says so; gives what stands last in that chat then.
    pub async fn say(&self, who: i64, chat: i64, words: &str) -> String {
        self.sandbox.say(who, chat, words);
        self.drain().await.expect("quiet");
        self.last(chat)
    }

    /// Says so in private.
    pub async fn ask(&self, who: &str, words: &str) -> String {
        self.say(self.is(who), self.is(who), words).await
    }

    /// Presses the newest key with this label in a chat; gives the words that showed over it.
    pub async fn press_in(&self, who: &str, chat: i64, label: &str) -> String {
        let has = |message: &Message| message.buttons.iter().flatten().any(|key| key.text.contains(label));
        let messages = self.sandbox.messages(chat);
        let found = messages.iter().rev().find(|message| has(message));
        let found = found.unwrap_or_else(|| panic!("no key « {label} » in {chat}: {messages:#?}"));
        self.press_on(who, chat, found.id, label).await
    }

    pub async fn press_on(&self, who: &str, chat: i64, message: i64, label: &str) -> String {
        let query = self.sandbox.press(self.is(who), chat, message, label).expect("a key");
        self.drain().await.expect("quiet");
        self.sandbox.callback_answer(&query).expect("every press is answered").unwrap_or_default()
    }

    /// Presses in private; gives what shows over it.
    pub async fn press(&self, who: &str, label: &str) -> String {
        self.press_in(who, self.is(who), label).await
    }

    pub fn last(&self, chat: i64) -> String {
        crate::world::last(&self.world, chat)
    }

    /// What the bot said last to somebody, files left out.
    pub fn told(&self, who: &str) -> String {
        let said = self.all(self.is(who)).into_iter().rfind(|message| message.document.is_none());
        said.map(|message| message.text).unwrap_or_default()
    }

    /// The messages of the bot in a chat, service messages left out.
    pub fn all(&self, chat: i64) -> Vec<Message> {
        let messages = self.sandbox.messages(chat);
        messages.into_iter().filter(|message| message.from_bot && message.service.is_none()).collect()
    }

    /// Those in the group that are about a lesson, notices of changes left out.
    pub fn about(&self, subject: &str) -> Vec<Message> {
        let is_so = |message: &Message| message.text.contains(subject) && !message.text.starts_with("Changements");
        self.all(self.group).into_iter().filter(is_so).collect()
    }

    /// Labels of the keys under the last message of a chat, row by row.
    pub fn keys(&self, chat: i64) -> Vec<Vec<String>> {
        let last = self.all(chat).into_iter().rfind(|message| message.document.is_none()).expect("a message");
        last.buttons.into_iter().map(|row| row.into_iter().map(|key| key.text).collect()).collect()
    }

    pub async fn lines(&self, id: &str) -> Vec<Line> {
        self.write(async |tx| attendance::lines(tx, id).await).await
    }

    /// « Noé B. : absent », in the sheet's order.
    pub async fn said(&self, id: &str) -> Vec<String> {
        let lines = self.lines(id).await;
        let words = |line: &Line| format!("{} : {}", line.short_name(), line.verdict().words().render(Lang::Fr));
        lines.iter().map(words).collect()
    }

    pub async fn sheet(&self, id: &str) -> Option<Sheet> {
        self.write(async |tx| attendance::sheet(tx, id).await).await
    }

    /// Files of sheets that somebody got, oldest first.
    pub fn files(&self, who: &str) -> Vec<preau::sandbox::Document> {
        self.all(self.is(who)).into_iter().filter_map(|message| message.document).collect()
    }

    pub async fn check(self) {
        self.world.check().await;
    }

    pub async fn end(mut self) {
        self.world.strike().await;
    }
}

pub fn at(day: &str, hour: &str) -> At {
    Zone::default().instant(read_day(day).expect("a day"), read_hour(hour).expect("an hour"))
}
