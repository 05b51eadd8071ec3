//! A day played, and what stands in the end.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use preau::kernel::time::{Zone, read_day};
use preau::kernel::{At, Error, Result};
use preau::platform::store::Tx;
use preau::school::audit::Actor;
use preau::school::roster::flow as roster;
use preau::school::session::{Mode, Session, State, flow as sessions};

use super::plan::{ADMIN, Act, Disturbance, Lesson, Plan};
use super::port::Stop;
use super::program::Program;
use super::school::{CLASS, GROUP, School, account, at, name, person};
use super::seen::{Account, Bag, Book, Name, Pressed, Seen, paper, read};
use super::telegram::{BOT, CALLER, Is, Telegram};
use crate::place::Place;

/// A day on its way.
struct Day<'p> {
    plan: &'p Plan,
    program: Program,
    class: String,
    /// Ids by lesson, in the plan's order.
    ids: Vec<String>,
    touched: BTreeSet<String>,
    asleep: Vec<(At, At)>,
    pressed: Vec<Pressed>,
    /// The press of which it is not known yet what came of it.
    query: Option<String>,
    enrolments: Vec<(At, String, bool)>,
}

/// Plays a day on a copy of the school, and with `sweeps` the three nights after it; `Err`: it did not come to its end.
pub async fn play(
    school: &School,
    plan: &Plan,
    disturbance: &Disturbance,
    sweeps: bool,
) -> std::result::Result<Seen, String> {
    let mut place = school.place.copied().await;
    let mut world = school.world.clone();
    world.has_caller = plan.caller;
    if plan.caller {
        world.groups.get_mut(&GROUP).expect("the group").members.insert(CALLER, Is::Admin);
    }
    let program = Program::new(&place, Arc::new(Mutex::new(world)), at(7 * 60 + 30), 1_000 + plan.seed).await;
    let class = school.class.clone();
    let mut day = Day {
        plan,
        program,
        class,
        ids: Vec::new(),
        touched: BTreeSet::new(),
        asleep: Vec::new(),
        pressed: Vec::new(),
        query: None,
        enrolments: Vec::new(),
    };
    let played = day.play(&place, disturbance, sweeps).await;
    day.program.end().await;
    place.remove().await;
    played.map_err(|error| format!("the day did not end: {error}"))
}

impl Day<'_> {
    async fn play(&mut self, place: &Place, disturbance: &Disturbance, sweeps: bool) -> Result<Seen> {
        let stop = Stop::at(disturbance.stop.unwrap_or(usize::MAX));
        self.program.disturbed(Arc::clone(&stop), disturbance.faults.clone());
        self.program.start().await?;
        self.program.settle().await?;
        stop.arm();
        for lesson in &self.plan.lessons {
            let id = self.put(*lesson).await?;
            self.ids.push(id);
        }
        for (minute, act) in &self.plan.acts {
            self.program.pass_to(at(*minute)).await?;
            self.act(act).await?;
            self.program.settle().await?;
            self.note_press();
        }
        self.program.pass_to(at(22 * 60)).await?;
        // What was planned to disturb the day does not disturb the night.
        let (points, made) = (stop.reached(), self.program.line.made.load(Ordering::SeqCst));
        stop.disarm();
        if stop.is_hit() {
            self.program.settle().await?;
        }
        let mut seen = self.seen(place).await?;
        (seen.points, seen.made) = (points, made);
        if !sweeps {
            return Ok(seen);
        }
        // Two nights: what one sweep sees to the next finds agreed.
        self.program.pass_to(at(30 * 60)).await?;
        self.program.pass_to(at(54 * 60)).await?;
        let before = self.program.world().journal.len();
        self.program.sleep_until(at(55 * 60)).await?;
        self.program.pass_to(at(78 * 60)).await?;
        seen.second = self.program.world().journal[before..].iter().filter(|asked| asked.effect).cloned().collect();
        Ok(seen)
    }

    async fn put(&mut self, lesson: Lesson) -> Result<String> {
        let session = session(&self.class, lesson);
        let id = self.program.write(async |tx| sessions::plan(tx, &Actor::Cli, session.clone()).await).await?;
        self.program.settle().await?;
        Ok(id)
    }

    async fn act(&mut self, act: &Act) -> Result<()> {
        let now = self.program.clock.now();
        match act {
            Act::Say { who, group, words } => {
                let (who, mut world) = (account(who), self.program.world());
                let chat = if *group { GROUP } else { who };
                // Who is not in the group says nothing there, and who blocked the bot nothing to it.
                if world.reaches(who) && (!group || world.is(GROUP, who).present()) {
                    world.say(who, chat, now, words);
                }
            }
            Act::Press { who, group, pick, twice } => self.press(account(who), *group, *pick, *twice),
            Act::Ask(who) => self.program.world().ask_to_join(account(who), GROUP, now),
            Act::Leave(who) => self.set(account(who), account(who), Is::Left, now),
            Act::Ban(who) => self.set(account(ADMIN), account(who), Is::Banned, now),
            Act::Block(who, blocked) => self.program.world().block(account(who), *blocked, now),
            Act::Enter(who) => {
                let call = self.program.world().join_call(account(who), GROUP, now);
                self.program.hint(call).await;
            }
            Act::HangUp(who) => {
                let call = self.program.world().leave_call(account(who), GROUP, now);
                self.program.hint(call).await;
            }
            Act::Sleep(minutes) => {
                self.asleep.push((now, now.plus_minutes(*minutes)));
                self.program.sleep_until(now.plus_minutes(*minutes)).await?;
            }
            Act::Jump(minutes) => {
                self.asleep.push((now, now.plus_minutes(*minutes)));
                self.program.settle().await?;
                self.program.clock.set(now.plus_minutes(*minutes));
            }
            of_office => {
                let (ids, class) = (&self.ids, &self.class);
                let done = self.program.write(async |tx| office(tx, of_office, ids, class).await).await?;
                self.touched.extend(done);
                if let Act::Enrol(who, is) = of_office {
                    self.enrolments.push((now, (*who).to_owned(), *is));
                }
            }
        }
        Ok(())
    }

    fn set(&self, by: i64, who: i64, is: Is, now: At) {
        let mut world = self.program.world();
        if world.is(GROUP, who).present() {
            world.set(GROUP, by, who, is, now);
        }
    }

    fn press(&mut self, who: i64, group: bool, pick: usize, twice: bool) {
        let at = self.program.clock.now();
        let mut world = self.program.world();
        let chat = if group { GROUP } else { who };
        if group && !world.is(GROUP, who).present() || !world.reaches(who) {
            return;
        }
        let Some((press, data)) = world.pressable(chat).and_then(|said| {
            let keys: Vec<_> = said.keys.iter().filter_map(|(label, data)| Some((label, data.as_ref()?))).collect();
            let (key, data) = keys.get(pick % keys.len().max(1))?;
            let press = Pressed {
                at,
                who: name(who),
                chat,
                message: said.id,
                text: read(&said.text),
                keys: keys.iter().map(|(label, _)| read(label)).collect(),
                key: read(key),
                ..Pressed::default()
            };
            Some((press, (*data).clone()))
        }) else {
            return;
        };
        let message = press.message;
        let query = world.press(who, chat, message, &data);
        if twice {
            world.press(who, chat, message, &data);
        }
        drop(world);
        self.query = Some(query);
        self.pressed.push(press);
    }

    /// What came of the press of just now.
    fn note_press(&mut self) {
        let Some(query) = self.query.take() else { return };
        let mut world = self.program.world();
        let answer = world.answers.get(&query).map(|answer| read(answer)).unwrap_or_default();
        let Some(press) = self.pressed.last_mut() else { return };
        let then = world.said(press.chat, press.message).map(|said| read(&said.text));
        (press.then, press.answer) = (then.unwrap_or_default(), answer);
    }

    async fn seen(&self, place: &Place) -> Result<Seen> {
        let mut seen = self.in_telegram();
        (seen.pressed, seen.enrolments) = (self.pressed.clone(), self.enrolments.clone());
        seen.accounts = super::plan::STUDENTS.map(|who| (who.to_owned(), account(who))).into();
        let files = {
            let world = self.program.world();
            let mut files: Vec<_> = world.chats.values().flatten().filter(|said| said.file.is_some()).collect();
            files.sort_by_key(|said| said.id);
            files.iter().rev().filter_map(|said| said.file.as_ref()).filter_map(|(_, bytes)| paper(bytes)).collect()
        };
        let (class, now) = (self.class.clone(), self.program.clock.now());
        let (name, account): (Name, Account) = (Box::new(name), Box::new(account));
        let (touched, asleep) = (self.touched.clone(), self.asleep.clone());
        let book = Book { class, group: GROUP, ours: [CALLER, BOT], name, account, touched, asleep, now, files };
        book.rows(place, &mut seen).await?;
        self.program.read(async |tx| book.stored(tx, &mut seen).await).await?;
        seen.in_flight.clone_from(&self.program.in_flight);
        seen.cut.clone_from(&self.program.cut);
        seen.kills = self.program.kills;
        Ok(seen)
    }

    /// What Telegram knows.
    fn in_telegram(&self) -> Seen {
        let world: &Telegram = &self.program.world();
        let mut shown = Bag::new();
        for (chat, said) in world.chats.iter().flat_map(|(chat, all)| all.iter().map(move |said| (chat, said))) {
            if said.from == BOT {
                let keys: Vec<&str> = said.keys.iter().map(|(label, _)| label.as_str()).collect();
                *shown.entry(format!("{}: {} {keys:?}", name(*chat), said.text)).or_default() += 1;
            }
        }
        let group = &world.groups[&GROUP];
        let humans = || group.members.iter().filter(|(who, _)| ![BOT, CALLER].contains(*who));
        Seen {
            journal: world.journal.clone(),
            shown,
            members: humans().map(|(who, is)| (name(*who), is.present())).collect(),
            asking: group.asking.iter().map(|who| name(*who)).collect(),
            calls: group.calls.clone(),
            unanswered: world.presses.values().filter(|answered| **answered == 0).count(),
            ..Seen::default()
        }
    }
}

type Change = Box<dyn Fn(&mut Session) + Send>;

/// What the school's office writes; gives the lesson that is another one by it.
pub async fn office(tx: &mut Tx, act: &Act, ids: &[String], class: &str) -> Result<Option<String>> {
    let (lesson, change): (usize, Change) = match *act {
        Act::Move(lesson, by) => {
            let moved = move |session: &mut Session| {
                session.start_at = session.start_at.plus_minutes(by);
                session.end_at = session.end_at.plus_minutes(by);
            };
            (lesson, Box::new(moved))
        }
        Act::Room(lesson) => (lesson, Box::new(|session| "C101".clone_into(&mut session.room))),
        Act::Cancel(lesson) => {
            sessions::cancel(tx, &Actor::Cli, &ids[lesson]).await?;
            return Ok(Some(ids[lesson].clone()));
        }
        Act::Plan(lesson) => return sessions::plan(tx, &Actor::Cli, session(class, lesson)).await.map(Some),
        Act::Enrol(who, true) => return roster::enrol(tx, &Actor::Cli, &person(who), class).await.map(|_| None),
        Act::Enrol(who, false) => return roster::unenrol(tx, &Actor::Cli, &person(who), class).await.map(|_| None),
        _ => return Ok(None),
    };
    let mut after = sessions::session(tx, &ids[lesson]).await?.ok_or_else(|| Error::fault("no session"))?;
    if after.state == State::Planned {
        change(&mut after);
        sessions::change(tx, &Actor::Cli, after).await?;
    }
    Ok(Some(ids[lesson].clone()))
}

/// A lesson of this class.
pub fn session(class: &str, lesson: Lesson) -> Session {
    Session {
        id: String::new(),
        classroom_id: class.to_owned(),
        reference: None,
        start_at: at(lesson.start),
        end_at: at(lesson.start + lesson.minutes),
        subject: lesson.subject.to_owned(),
        teacher_id: Some(person(super::plan::TEACHER)),
        teacher_name: "M. Diallo".to_owned(),
        room: "B204".to_owned(),
        mode: if lesson.remote { Mode::Remote } else { Mode::OnSite },
        link: None,
        state: State::Planned,
        revision: 1,
    }
}

#[test]
fn minutes_of_the_day_are_school_time() {
    let day = read_day("25/11/2026").expect("a day");
    assert_eq!(Zone::default().day(at(24 * 60)), day);
    assert_eq!(at(60).0 - at(0).0, 3_600_000);
    assert_eq!(name(account("Paul")), "Paul");
    assert_eq!((name(GROUP).as_str(), CLASS), ("group", "BTS SIO 1A"));
}
