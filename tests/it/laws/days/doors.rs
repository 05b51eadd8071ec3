//! The same days through the real doors: the bot over HTTP, the account over MTProto; with what goes wrong there.

use std::collections::BTreeSet;

use preau::demo::stage::Kill;
use preau::kernel::{At, Result};
use preau::platform::store::Tx;
use preau::sandbox::{Call as Request, Message};
use preau::school::audit::Actor;
use preau::school::session::flow as sessions;

use super::asked::{Calls, Known};
use super::plan::{ADMIN, Act, Lesson, Plan, STRANGER};
use super::school::at;
use super::seen::{Account, Bag, Book, Name, Pressed, Seen, paper, read};
use super::telegram::Call;
use super::trouble::{self, Calm, Troubles};
use super::{judge, play, recount};
use crate::place::{Engine, tell};
use crate::store::Raw;
use crate::talk::school::School;
use crate::world::World;

/// So many days, on each engine.
const DAYS: u64 = 10;

/// Others than those of the model, and others on each engine.
const fn first(engine: Engine) -> u64 {
    match engine {
        Engine::Sqlite => 90_000,
        Engine::Postgres => 95_001,
    }
}

struct Day {
    school: School,
    caller: i64,
    calls: Calls,
    kill: Kill,
    ids: Vec<String>,
    touched: BTreeSet<String>,
    asleep: Vec<(At, At)>,
    pressed: Vec<Pressed>,
    /// The press of which it is not known yet what came of it.
    query: Option<String>,
    enrolments: Vec<(At, String, bool)>,
    /// How many requests there had been when each step began.
    steps: Vec<usize>,
}

/// A day that was played.
struct Played {
    seen: Seen,
    steps: Vec<usize>,
    asked: Vec<Request>,
    /// How much of what was to go wrong with requests and updates did not.
    unstruck: usize,
}

/// Plays a day, disturbed so; with `sweeps` the three nights after it.
async fn play(engine: Engine, plan: &Plan, troubles: &Troubles, sweeps: bool) -> Result<Played> {
    let (calls, kill) = (Calls::default(), Kill::at(troubles.point.unwrap_or(usize::MAX)));
    let mut school = School::of(World::with(engine, calls.probe(&kill), &[]).await).await;
    school.group = school.adopt("BTS SIO 1A").await;
    let stranger = school.sandbox.add_person(STRANGER, "Lopez", "fr");
    school.who.insert(STRANGER.to_owned(), stranger);
    let caller = if plan.caller { school.caller().await } else { 0 };
    calls.of(&school.sandbox);
    let mut day = Day {
        school,
        caller,
        calls,
        kill,
        ids: Vec::new(),
        touched: BTreeSet::new(),
        asleep: Vec::new(),
        pressed: Vec::new(),
        query: None,
        enrolments: Vec::new(),
        steps: Vec::new(),
    };
    let played = day.play(plan, troubles, sweeps).await;
    day.school.strike().await;
    played
}

impl Day {
    async fn play(&mut self, plan: &Plan, troubles: &Troubles, sweeps: bool) -> Result<Played> {
        self.school.arm(self.kill.clone());
        for lesson in &plan.lessons {
            self.step(troubles);
            let id = self.put(*lesson).await?;
            self.ids.push(id);
            self.calls.rest();
        }
        for (minute, act) in &plan.acts {
            self.step(troubles);
            // A jump leaves earlier hours behind.
            let when = at(*minute).max(self.school.clock.now());
            self.school.pass_to(when).await?;
            self.act(act).await?;
            self.school.settle().await?;
            self.calls.rest();
            self.note_press();
        }
        self.step(troubles);
        let when = at(22 * 60).max(self.school.clock.now());
        self.school.pass_to(when).await?;
        self.calls.rest();
        let points = self.kill.reached();
        let unstruck = self.school.sandbox.planned().len();
        // What was planned to disturb the day does not disturb the night.
        self.school.disarm();
        self.school.sandbox.forgive();
        self.school.settle().await?;
        let asked = self.school.sandbox.journal();
        let from = self.steps.first().copied().unwrap_or(0);
        let mut seen = self.seen(&asked[from..]).await?;
        (seen.points, seen.deaf, seen.unheard) = (points, troubles.is_deaf(), troubles.is_unheard());
        if sweeps || seen.unheard {
            self.nights(&mut seen).await?;
        }
        Ok(Played { seen, steps: self.steps.clone(), asked, unstruck })
    }

    /// A step of the day begins, with what goes wrong from here on.
    fn step(&mut self, troubles: &Troubles) {
        let now = self.steps.len();
        self.steps.push(self.school.sandbox.asked());
        for (_, fault) in troubles.faults.iter().filter(|(step, _)| *step == now) {
            self.school.sandbox.fault(fault.clone());
        }
    }

    /// Two nights: what one sweep sees to the next finds agreed. And a third, which has nothing to do.
    async fn nights(&mut self, seen: &mut Seen) -> Result<()> {
        self.school.pass_to(at(30 * 60)).await?;
        self.school.pass_to(at(54 * 60)).await?;
        self.calls.rest();
        let before = self.school.sandbox.asked();
        self.sleep(at(55 * 60)).await?;
        self.school.pass_to(at(78 * 60)).await?;
        self.calls.rest();
        let asked = self.school.sandbox.journal();
        let night = self.seen(&asked[before..]).await?;
        seen.second = night.journal.iter().filter(|asked| asked.effect).cloned().collect();
        seen.night = Some(Box::new(night));
        Ok(())
    }

    /// The program is stopped as by SIGTERM, time passes, and it is started again.
    async fn sleep(&mut self, until: At) -> Result<()> {
        self.school.stop().await;
        self.school.clock.set(until);
        self.school.start().await
    }

    async fn put(&mut self, lesson: Lesson) -> Result<String> {
        let session = play::session(&self.school.class, lesson);
        let id = self.school.write_beside(async |tx| sessions::plan(tx, &Actor::Cli, session.clone()).await).await?;
        self.school.settle().await?;
        Ok(id)
    }

    async fn act(&mut self, act: &Act) -> Result<()> {
        let (group, admin) = (self.school.group, self.school.is(ADMIN));
        let is = |who: &str| self.school.is(who);
        let sandbox = self.school.sandbox.clone();
        let present = |who: i64| sandbox.members(group).contains(&who);
        match act {
            Act::Say { who, group: true, words } if present(is(who)) => _ = sandbox.say(is(who), group, words),
            Act::Say { group: true, .. } => {}
            Act::Say { who, words, .. } => _ = sandbox.say(is(who), is(who), words),
            Act::Press { who, group: true, .. } | Act::Key { who, group: true, .. } if !present(is(who)) => {}
            Act::Press { who, group: there, .. } | Act::Key { who, group: there, .. } => {
                let chat = if *there { group } else { is(who) };
                let meant = |label: &str| !matches!(act, Act::Key { label: meant, .. } if !label.contains(meant));
                let has = |message: &Message| {
                    let mut keys = message.buttons.iter().flatten();
                    message.from_bot && keys.any(|key| key.data.is_some() && meant(&read(&key.text)))
                };
                let all = sandbox.messages(chat).into_iter().filter(has);
                let newest = all.max_by_key(|message| (message.at, message.text.clone(), message.id));
                let Some(message) = newest else { return Ok(()) };
                let keys: Vec<(&str, &String)> = message
                    .buttons
                    .iter()
                    .flatten()
                    .filter_map(|key| Some((key.text.as_str(), key.data.as_ref()?)))
                    .collect();
                let (pick, twice) = match act {
                    Act::Press { pick, twice, .. } => (pick % keys.len(), *twice),
                    _ => (keys.iter().position(|(label, _)| meant(&read(label))).unwrap_or(0), false),
                };
                let (key, data) = keys[pick];
                self.query = Some(sandbox.press_data(is(who), chat, message.id, data));
                if twice {
                    sandbox.press_data(is(who), chat, message.id, data);
                }
                self.pressed.push(Pressed {
                    at: self.school.clock.now(),
                    who: (*who).to_owned(),
                    chat,
                    message: message.id,
                    text: read(&message.text),
                    keys: keys.iter().map(|(label, _)| read(label)).collect(),
                    key: read(key),
                    ..Pressed::default()
                });
            }
            Act::Ask(who) => {
                let link = self.link().await?;
                // Who is in it, or banned, asks for nothing.
                let _ = sandbox.ask_to_join(is(who), &link);
            }
            Act::Leave(who) if present(is(who)) => sandbox.leave(is(who), group),
            Act::Ban(who) if present(is(who)) => _ = sandbox.ban(admin, is(who), group),
            Act::Leave(_) | Act::Ban(_) => {}
            Act::Block(who, blocked) => sandbox.block_bot(is(who), *blocked),
            Act::Enter(who) => _ = sandbox.join_call(is(who), group),
            Act::HangUp(who) => _ = sandbox.leave_call(is(who), group),
            Act::Sleep(minutes) => {
                let now = self.school.clock.now();
                self.asleep.push((now, now.plus_minutes(*minutes)));
                self.sleep(now.plus_minutes(*minutes)).await?;
                self.school.arm(self.kill.clone());
            }
            Act::Jump(minutes) => {
                let now = self.school.clock.now();
                self.asleep.push((now, now.plus_minutes(*minutes)));
                self.school.clock.set(now.plus_minutes(*minutes));
            }
            of_office => {
                let (ids, class) = (self.ids.clone(), self.school.class.clone());
                let write = async |tx: &mut Tx| play::office(tx, of_office, &ids, &class).await;
                let done = self.school.write_beside(write).await?;
                self.touched.extend(done);
                if let Act::Enrol(who, is) = of_office {
                    self.enrolments.push((self.school.clock.now(), (*who).to_owned(), *is));
                }
            }
        }
        Ok(())
    }

    /// What came of the press of just now.
    fn note_press(&mut self) {
        let Some(query) = self.query.take() else { return };
        let (sandbox, Some(press)) = (&self.school.sandbox, self.pressed.last_mut()) else { return };
        let then = sandbox.messages(press.chat).into_iter().find(|message| message.id == press.message);
        press.then = then.map(|message| read(&message.text)).unwrap_or_default();
        press.answer = read(&sandbox.callback_answer(&query).flatten().unwrap_or_default());
    }

    async fn link(&self) -> Result<String> {
        let class = self.school.class.clone();
        let beside = self.school.beside().await?;
        let group = beside.db.read(async |tx| preau::school::classroom::flow::group_of(tx, &class).await).await;
        beside.close().await;
        Ok(group?.and_then(|group| group.join_link).unwrap_or_default())
    }

    /// What stands, and what was asked of Telegram.
    async fn seen(&self, asked: &[Request]) -> Result<Seen> {
        let (sandbox, group) = (&self.school.sandbox, self.school.group);
        let who = self.school.who.clone();
        let names = who.clone();
        let name: Name = Box::new(move |one| match names.iter().find(|(_, account)| **account == one) {
            Some((name, _)) => name.clone(),
            None if one == group => "group".to_owned(),
            None => one.to_string(),
        });
        let account: Account = Box::new(move |first| who.get(first).copied().unwrap_or(0));
        let mut shown = Bag::new();
        let chats: Vec<i64> = self.school.who.values().copied().chain([group]).collect();
        let all: Vec<Message> = chats.iter().flat_map(|chat| self.school.all(*chat)).collect();
        for message in &all {
            let keys: Vec<&str> = message.buttons.iter().flatten().map(|key| key.text.as_str()).collect();
            *shown.entry(format!("{}: {} {keys:?}", name(message.chat), message.text)).or_default() += 1;
        }
        let members = sandbox.members(group);
        let numbered = |call: i64| asked.iter().find(|one| one.params.get("call").is_some_and(|id| *id == call));
        let token = |call: i64| numbered(call)?.params.get("random_id")?.as_i64();
        let calls = sandbox.calls(group).into_iter().enumerate().map(|(place, call)| Call {
            id: call.id,
            by: 0,
            // One that nobody asked for here is one of its own.
            token: token(call.id)
                .and_then(|token| token.try_into().ok())
                .unwrap_or(-1 - i32::try_from(place).unwrap_or(0)),
            title: call.title,
            opened: call.started,
            ended: call.ended,
            stays: call.participants.iter().map(|stay| (stay.person, stay.joined, stay.left)).collect(),
        });
        let mut seen = Seen {
            shown,
            members: self.school.who.iter().map(|(who, account)| (who.clone(), members.contains(account))).collect(),
            asking: sandbox.join_requests(group).into_iter().map(&name).collect(),
            pressed: self.pressed.clone(),
            enrolments: self.enrolments.clone(),
            accounts: self.school.who.clone(),
            calls: calls.collect(),
            unanswered: sandbox.unanswered(),
            ..Seen::default()
        };
        let mut files: Vec<_> = all.iter().filter(|message| message.document.is_some()).collect();
        files.sort_by_key(|message| message.id);
        let files = files.iter().rev().filter_map(|message| paper(&message.document.as_ref()?.bytes)).collect();
        let book = Book {
            class: self.school.class.clone(),
            group,
            ours: [self.caller, sandbox.bot_id()],
            name,
            account,
            touched: self.touched.clone(),
            asleep: self.asleep.clone(),
            now: self.school.clock.now(),
            files,
        };
        book.rows(&self.school.place, &mut seen).await?;
        let beside = self.school.beside().await?;
        let read = beside.db.read(async |tx| book.stored(tx, &mut seen).await).await;
        beside.close().await;
        read?;
        let rows = "SELECT key || '|' || kind || '|' || COALESCE(lane, '') FROM outbox";
        let rows = Raw::open(&self.school.place).await.texts(rows).await;
        let known = |row: &String| {
            let mut words = row.rsplitn(3, '|').map(str::to_owned);
            Some(Known { lane: words.next()?, kind: words.next()?, key: words.next()? })
        };
        let rows: Vec<Known> = rows.iter().filter_map(known).collect();
        let lost;
        (seen.journal, lost) = self.calls.told(asked, &rows, &seen.planned);
        seen.in_flight = [self.school.in_flight(), &lost].concat();
        seen.cut = [self.school.cut(), &lost].concat();
        seen.kills = self.school.kills();
        Ok(seen)
    }
}

/// What came of a day.
#[derive(Default)]
struct Judged {
    wrong: Vec<String>,
    /// How much was to go wrong, and how much of it came to nothing.
    drawn: usize,
    unstruck: usize,
    recounted: usize,
    /// Was the disturbed day held against the undisturbed one as a whole?
    compared: bool,
}

impl Judged {
    fn wrong(words: &str, wrong: Vec<String>) -> Self {
        Self { wrong: wrong.into_iter().map(|why| format!("{words}: {why}")).collect(), ..Self::default() }
    }
}

/// A day undisturbed, and then disturbed.
async fn judged(engine: Engine, number: u64) -> Judged {
    let seed = first(engine) + number;
    let plan = trouble::plan(seed, number);
    let ended = |error| vec![format!("the day did not end: {error}")];
    let calm = match play(engine, &plan, &Troubles::default(), true).await {
        Ok(calm) => calm,
        Err(error) => return Judged::wrong("undisturbed", ended(error)),
    };
    let wrong = judge::alone(&calm.seen);
    if !wrong.is_empty() {
        return Judged::wrong("undisturbed", wrong);
    }
    let drawn = Calm { plan: &plan, points: calm.seen.points, steps: &calm.steps, asked: &calm.asked };
    let troubles = Troubles::of(seed, number, &drawn);
    let words = format!("{troubles:?} of {} points", calm.seen.points);
    match play(engine, &plan, &troubles, number % 4 == 1).await {
        Ok(day) => Judged {
            drawn: troubles.faults.len(),
            unstruck: day.unstruck,
            recounted: recount::count(&calm.seen) + recount::count(&day.seen),
            compared: judge::is_comparable(&day.seen, &calm.seen),
            ..Judged::wrong(&words, judge::all(&day.seen, &calm.seen))
        },
        Err(error) => Judged::wrong(&words, ended(error)),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn days_through_the_real_doors_keep_the_laws() {
    for engine in Engine::all() {
        let (from, count) = (super::told("LAWS_DOORS_FIRST", 0), super::told("LAWS_DOORS", DAYS));
        let played = (from..from + count).map(|number| async move { (number, judged(engine, number).await) });
        let played = futures::stream::iter(played);
        let all: Vec<_> =
            futures::StreamExt::collect(futures::StreamExt::buffer_unordered(played, engine.beside())).await;
        let sum = |of: fn(&Judged) -> usize| all.iter().map(|(_, one)| of(one)).sum::<usize>();
        let (drawn, unstruck, recounted) = (sum(|one| one.drawn), sum(|one| one.unstruck), sum(|one| one.recounted));
        let compared = sum(|one| usize::from(one.compared));
        let wrong: Vec<_> = all.iter().filter(|(_, one)| !one.wrong.is_empty()).collect();
        for (number, one) in &wrong {
            let seed = first(engine) + number;
            tell(&format!("{engine:?}, day {seed} through the doors ({number}): {:#?}", one.wrong));
        }
        tell(&format!(
            "{engine:?}, through the doors: {compared} of {count} days compared as a whole, {unstruck} of {drawn} troubles \
            came to nothing, {recounted} sheets counted anew"
        ));
        assert!(wrong.is_empty(), "{engine:?}: days {:?}", wrong.iter().map(|(number, _)| number).collect::<Vec<_>>());
        assert!(count < DAYS || recounted > 0, "{engine:?}: no sheet was counted anew");
        assert!(unstruck * 2 <= drawn, "{engine:?}: {unstruck} of {drawn} troubles came to nothing");
    }
}
