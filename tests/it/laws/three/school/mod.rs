//! A small school whose days go by: what people do, and what must have come of it.

mod judge;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use preau::demo::day::at;
use preau::demo::stage::{Set, Stage};
use preau::kernel::id::Ids;
use preau::kernel::time::Zone;
use preau::kernel::{At, Clock, Result};
use preau::platform::inbox;
use preau::platform::outbox::store as outbox;
use preau::platform::store::{Probe, Tx};
use preau::sandbox::{Call, Message};
use preau::school::audit::Actor;
use preau::school::classroom;
use preau::school::roster::{Person, Role, flow as roster, store as roster_store};
use preau::school::session::{Mode, Session, State, flow as sessions};

use super::super::outcome;
use crate::place::{Engine, Place};

const CLASSES: usize = 4;
/// Students of each class.
const STUDENTS: usize = 3;
/// Hours at which each class has a lesson of an hour; the first class's last one is a remote one of twenty minutes.
const HOURS: [i64; 3] = [8, 10, 14];
/// Somebody asks, or presses, so often.
const EACH: Duration = Duration::from_millis(400);
/// An answer that was given so long ago at most may not have been noted yet when a program is struck.
const JUST_NOW: Duration = Duration::from_secs(3);

pub(super) struct School {
    pub(super) stage: Stage,
    pub(super) place: Place,
    machine: Clock,
    admin: i64,
    teacher: i64,
    students: Vec<i64>,
    groups: Vec<i64>,
    caller: i64,
    /// Remote lessons: the title of their call, and when they end.
    remote: Vec<(String, At)>,
    /// What each student was told before anybody asked.
    greeted: RefCell<BTreeMap<i64, usize>>,
    /// Questions of each student, and when the last was asked.
    asked: RefCell<BTreeMap<i64, (usize, Duration)>>,
    /// Whose answers may have been under way at a strike: those may be repeated, once a strike.
    doubled: RefCell<BTreeMap<i64, usize>>,
    /// Messages of the teacher's, under which he pressed.
    pressed: RefCell<BTreeSet<(i64, &'static str)>>,
    presses: Cell<usize>,
}

fn person(id: &str, first: &str, role: Role) -> Person {
    Person {
        id: id.to_owned(),
        last_name: "Simon".to_owned(),
        first_name: first.to_owned(),
        email: None,
        birth: None,
        card: None,
        role,
        lang: None,
        active: true,
    }
}

impl School {
    /// With lessons enough for so many minutes of the machine's. Monday's school does nothing: time stands at Tuesday,
    /// half past seven.
    pub(super) async fn open(minutes: u64) -> Self {
        let place = Place::ready(Engine::Postgres).await;
        let set = Set { at: at("24/11/2026", "07:30"), ..outcome::set(&place, Probe::default()) };
        let stage = Stage::watch(set).await.expect("the stage");
        let sandbox = stage.sandbox.clone();
        let admin = sandbox.add_person("Claire", "Simon", "fr");
        let teacher = sandbox.add_person("Mamadou", "Simon", "fr");
        let caller = sandbox.add_caller("Horizon", "Appels", "+33600000001", None);
        let students: Vec<i64> =
            (0..CLASSES * STUDENTS).map(|number| sandbox.add_person(&format!("E{number}"), "Simon", "fr")).collect();
        let mut groups = Vec::new();
        for class in 0..CLASSES {
            let group = sandbox.add_group(&format!("Classe {class}"), admin);
            sandbox.add_bot(group, admin);
            sandbox.promote_bot(group, admin, &classroom::RIGHTS);
            sandbox.add_member(group, caller, admin);
            sandbox.promote(group, caller, admin, &["manage_call"]);
            for student in &students[class * STUDENTS..(class + 1) * STUDENTS] {
                sandbox.add_member(group, *student, admin);
            }
            groups.push(group);
        }
        // The bot may write to whoever has pressed Start.
        for account in students.iter().chain([&admin, &teacher]) {
            sandbox.start_bot(*account, "");
        }
        let mut school = Self {
            stage,
            place,
            machine: Clock::machine(),
            admin,
            teacher,
            students,
            groups,
            caller,
            remote: Vec::new(),
            greeted: RefCell::default(),
            asked: RefCell::default(),
            doubled: RefCell::default(),
            pressed: RefCell::default(),
            presses: Cell::new(0),
        };
        school.fill(i64::try_from(minutes).unwrap_or(1)).await;
        std::fs::write(school.place.path("caller.seed"), sandbox.caller_seed(Some(caller))).expect("a seed");
        school
    }

    /// Everybody, and every lesson.
    async fn fill(&mut self, days: i64) {
        let beside = self.stage.beside().await.expect("the database");
        let (me, first) = (&*self, at("24/11/2026", "00:00"));
        let write = async |tx: &mut Tx| {
            let mut remote = Vec::new();
            for (id, name, role, account) in
                [("p-claire", "Claire", Role::Admin, me.admin), ("p-mamadou", "Mamadou", Role::Teacher, me.teacher)]
            {
                roster::add(tx, &Actor::Cli, &person(id, name, role)).await?;
                roster_store::insert_account(tx, account, id, None, None).await?;
            }
            for class in 0..CLASSES {
                let id = me.class(tx, class).await?;
                for day in 0..=days {
                    for hour in HOURS {
                        let start = first.plus_days(day).plus_hours(hour);
                        let (session, is_remote) = lesson(&id, class, start);
                        if is_remote {
                            remote.push((session.subject.clone(), session.end_at));
                        }
                        sessions::plan(tx, &Actor::Cli, session).await?;
                    }
                }
            }
            Ok(remote)
        };
        let remote = beside.db.transact(write).await.expect("written");
        beside.close().await;
        self.remote = remote;
    }

    async fn class(&self, tx: &mut Tx, class: usize) -> Result<String> {
        let name = format!("Classe {class}");
        let (id, _) = classroom::flow::ensure(tx, &Actor::Cli, &name).await?;
        let group = classroom::Group {
            classroom_id: id.clone(),
            chat: self.groups[class],
            title: name,
            bot_is_admin: true,
            missing_rights: String::new(),
            join_link: None,
            owner: None,
            spare: None,
        };
        classroom::store::save_group(tx, &group, None).await?;
        for number in class * STUDENTS..(class + 1) * STUDENTS {
            let student = format!("p-{number}");
            roster::add(tx, &Actor::Cli, &person(&student, &format!("E{number}"), Role::Student)).await?;
            roster::enrol(tx, &Actor::Cli, &student, &id).await?;
            roster_store::insert_account(tx, self.students[number], &student, None, None).await?;
        }
        Ok(id)
    }

    /// As a school runs it: at Telegram's pace, and with the shortest lease of a row that a school may set.
    pub(super) fn settings(&self) -> Vec<(&'static str, String)> {
        let path = |name: &str| self.place.path(name).display().to_string();
        vec![
            ("PREAU__TELEGRAM__CALLER__SEEDS", path("caller.seed")),
            ("PREAU__SECRETS__KEY_FILE", path("secrets.key")),
            ("PREAU__TELEGRAM__CALLER__POLL_SECONDS", "30".to_owned()),
            ("PREAU__TELEGRAM__LIMITS__OVERALL", "30".to_owned()),
            ("PREAU__TELEGRAM__LIMITS__CHAT", "1".to_owned()),
            ("PREAU__TELEGRAM__LIMITS__GROUP", "20".to_owned()),
            ("PREAU__OUTBOX__LEASE_SECONDS", "32".to_owned()),
        ]
    }

    pub(super) fn is_connected(&self) -> bool {
        self.stage.sandbox.connections(self.caller) == 1
    }

    /// A program was struck. What was being answered by whoever served may be answered again.
    pub(super) fn struck(&self, serves: bool) {
        if !serves {
            return;
        }
        let (now, said) = (self.machine.elapsed(), self.said());
        for (student, (count, last)) in self.asked.borrow().iter() {
            let waits = said.get(student).copied().unwrap_or(0) < *count;
            if waits || now.saturating_sub(*last) < JUST_NOW {
                *self.doubled.borrow_mut().entry(*student).or_default() += 1;
            }
        }
    }

    /// How often the bot told each student in private of a lesson.
    fn said(&self) -> BTreeMap<i64, usize> {
        let mut said = BTreeMap::new();
        for call in self.stage.sandbox.journal().iter().filter(|call| is_sent(call) && words(call).contains("Cours ")) {
            if let Some(chat) = call.chat_id.filter(|chat| self.students.contains(chat)) {
                *said.entry(chat).or_default() += 1;
            }
        }
        for (student, count) in self.greeted.borrow().iter() {
            said.entry(*student).and_modify(|said| *said -= count);
        }
        said
    }

    /// Lives for so long: people ask and press, and whenever nothing is left to do time passes to what comes next.
    pub(super) async fn live(&self, span: Duration, seed: u64) {
        let chance = Ids::seeded(Clock::standing(At(0)), seed + 1);
        // Everybody has been greeted.
        self.stage.drain().await.expect("quiet");
        let greeted = self.said();
        self.greeted.replace(greeted);
        let began = self.machine.elapsed();
        let mut next = began;
        while self.machine.elapsed() < began + span {
            if self.machine.elapsed() >= next {
                next = self.machine.elapsed() + EACH;
                if !self.press() {
                    self.ask(&chance);
                }
            }
            if self.is_quiet().await {
                self.pass().await;
            }
            self.machine.rest(Duration::from_millis(60)).await;
        }
    }

    fn ask(&self, chance: &Ids) {
        let number = usize::try_from(chance.below(u64::try_from(self.students.len()).unwrap_or(1))).unwrap_or(0);
        let student = self.students[number];
        self.stage.sandbox.say(student, student, "/prochain");
        let mut asked = self.asked.borrow_mut();
        let one = asked.entry(student).or_default();
        *one = (one.0 + 1, self.machine.elapsed());
    }

    /// The teacher presses under what is new: who is there, and that the sheet is right.
    fn press(&self) -> bool {
        for label in ["Tous présents", "Valider"] {
            let has = |message: &Message| message.buttons.iter().flatten().any(|key| key.text == label);
            let messages = self.stage.sandbox.messages(self.teacher);
            let new = messages.iter().find(|one| has(one) && !self.pressed.borrow().contains(&(one.id, label)));
            if let Some(message) = new {
                self.pressed.borrow_mut().insert((message.id, label));
                self.presses.set(self.presses.get() + 1);
                let _ = self.stage.sandbox.press(self.teacher, self.teacher, message.id, label);
                return true;
            }
        }
        false
    }

    async fn is_quiet(&self) -> bool {
        let look = async |tx: &mut Tx| Ok(inbox::store::waiting(tx).await? + outbox::waiting(tx).await?);
        let waiting = self.stage.db().expect("watched").read(look).await;
        self.stage.sandbox.idle() && waiting.is_ok_and(|waiting| waiting == 0)
    }

    /// To what is due next; not further than ten minutes.
    async fn pass(&self) {
        let now = self.stage.clock.now();
        let next = self.stage.db().expect("watched").read(async |tx| outbox::next_due(tx).await).await;
        let far = now.plus(Duration::from_mins(10));
        let next = next.ok().flatten().filter(|due| *due > now && *due < far).unwrap_or(far);
        self.stage.clock.set(next);
    }

    /// To the night after the day on which time stands: every lesson that has begun ends.
    pub(super) async fn close_the_day(&self) {
        let zone = Zone::default();
        let day = zone.day(self.stage.clock.now());
        self.stage.drain().await.expect("quiet");
        while self.stage.clock.now() < zone.start_of(day).plus_hours(20) {
            self.press();
            self.stage.drain().await.expect("quiet");
            self.pass().await;
        }
        while self.press() {
            self.stage.drain().await.expect("quiet");
        }
        self.stage.drain().await.expect("quiet");
    }

    /// For whoever looks for what went wrong; gives where.
    pub(super) fn keep_logs(&self, seed: u64) -> String {
        let kept = std::env::temp_dir().join(format!("preau-three-{seed}"));
        std::fs::create_dir_all(&kept).expect("a folder");
        let files = std::fs::read_dir(self.place.path("")).expect("the logs").flatten();
        for file in files.filter(|file| file.path().extension().is_some_and(|ending| ending == "log")) {
            std::fs::copy(file.path(), kept.join(file.file_name())).expect("copied");
        }
        kept.display().to_string()
    }

    pub(super) async fn end(mut self) {
        outcome::strike(self.stage).await;
        self.place.remove().await;
    }
}

/// « Cours 24-8-0 »: its day, hour and class. Is it a remote one?
fn lesson(classroom_id: &str, class: usize, start_at: At) -> (Session, bool) {
    let zone = Zone::default();
    let (day, hour) = (zone.day(start_at), start_at.millis() / 3_600_000 % 24 + 1);
    let remote = class == 0 && hour == 14;
    let session = Session {
        id: String::new(),
        classroom_id: classroom_id.to_owned(),
        reference: None,
        start_at,
        end_at: start_at.plus_minutes(if remote { 20 } else { 60 }),
        subject: format!("Cours {day}-{hour}-{class}"),
        teacher_id: Some("p-mamadou".to_owned()),
        teacher_name: "M. Simon".to_owned(),
        room: "B204".to_owned(),
        mode: if remote { Mode::Remote } else { Mode::OnSite },
        link: None,
        state: State::Planned,
        revision: 1,
    };
    (session, remote)
}

fn is_sent(call: &Call) -> bool {
    let method = call.method.to_lowercase();
    matches!(method.as_str(), "sendmessage" | "senddocument") && matches!(call.outcome.as_str(), "ok" | "lost")
}

fn words(call: &Call) -> String {
    let words = ["text", "caption"].iter().find_map(|key| call.params.get(key).and_then(serde_json::Value::as_str));
    words.unwrap_or_default().replace('\u{a0}', " ")
}
