//! What is done to three programs, and how long nobody serves then.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::rc::Rc;
use std::time::Duration;

use preau::kernel::At;
use preau::kernel::Clock;
use preau::kernel::id::Ids;
use preau::platform::tasks::Tasks;

use super::super::programs::Program;
use super::school::School;
use super::stopwatch::Stopwatch;
use crate::paths::within;
use crate::store::Raw;

/// How often it is looked whether anything is due, and who serves.
const LOOK: Duration = Duration::from_millis(100);
/// A new holder leaves the one before so much after its term (DESIGN 4).
const GRACE: Duration = Duration::from_secs(5);
/// The server cuts a program off that stands still for so long with the turn to decide.
pub(super) const CUT_OFF: Duration = Duration::from_secs(5);
/// A strike follows another after so many milliseconds, and so many more at most.
const BETWEEN: (u64, u64) = (3_000, 4_000);
/// Whoever serves is killed, or paused for longer than the lease lasts, so long after the time before; meanwhile he is
/// paused for less only. Else nobody would ever have the accounts, whose lease lasts thirty seconds.
const LOSS: (u64, u64) = (18_000, 36_000);
/// … and for the first time so long after the start.
const FIRST_LOSS: (u64, u64) = (4_000, 6_000);

const HOLDERS: &str = "SELECT name || ' ' || holder FROM lease WHERE name IN ('telegram', 'caller') \
    AND until >= CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

/// How much is left of a lease's term, in milliseconds.
const LEFT: &str =
    "SELECT COALESCE(MAX(until), 0) - CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) FROM lease";

/// One of the three.
#[derive(Clone)]
struct Slot {
    program: Rc<Program>,
    /// The name by which it holds leases.
    holder: String,
    /// Until when it is paused.
    paused: Option<Duration>,
}

pub(super) struct Strikes<'s> {
    school: &'s School,
    clock: Clock,
    chance: Ids,
    slots: RefCell<Vec<Slot>>,
    /// From when until when one was paused.
    pauses: RefCell<Vec<(Duration, Duration)>>,
    ended: Cell<bool>,
    stopwatch: Stopwatch,
    tasks: Tasks,
    /// Since when nobody serves for sure, and nobody has the accounts.
    unserved: Cell<Option<Lost>>,
    uncalled: Cell<Option<Lost>>,
    /// Who was struck then, and how often each program had opened an account's line.
    opened_before: RefCell<(String, BTreeMap<String, usize>)>,
    told: RefCell<Told>,
}

/// Whoever had a lease was struck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Lost {
    at: Duration,
    /// From when on another one may make use of the lease.
    free: Duration,
    /// How often Telegram was polled, and how many messages were sent, at the first look after it.
    heard: Option<(usize, usize)>,
    /// When it was not polled yet since.
    unpolled: Duration,
}

/// A lease came into use again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Again {
    /// When, on the machine's clock: the programs' logs have it too.
    pub at: At,
    /// So long after the strike Telegram was not polled yet, and so long it was not all as before.
    pub polled: Duration,
    pub after: Duration,
    /// So much of that, and of what passed since the lease was free, the machine gave.
    pub given: Duration,
    pub late: Duration,
    /// Another program was paused meanwhile: it may have been given the turn to decide, and holds all up until it is cut
    /// off.
    pub held_up: bool,
}

/// What was done, and what came of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    pub kills: usize,
    pub pauses: usize,
    /// Kills, and pauses longer than the lease, of whoever served or was about to.
    pub losses: usize,
    /// All strikes at whoever had the `telegram` lease.
    pub hits: usize,
    /// Rows that whoever was struck had in hand, and the most of them at once whose call was begun.
    pub in_hand: BTreeSet<String>,
    pub most_calls: usize,
    /// From a strike at the holder of the lease until somebody serves; from one at either holder until the accounts are
    /// with whoever serves.
    pub served: Vec<Again>,
    pub called: Vec<Again>,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let most = |spans: &[Again]| {
            let of = |what: fn(&Again) -> Duration| spans.iter().map(what).max().unwrap_or_default();
            let (after, given, late) = (of(|one| one.after), of(|one| one.given), of(|one| one.late));
            format!("after {after:?} at most, {given:?} of the machine's, {late:?} after the lease was free")
        };
        let Self { kills, pauses, hits, losses, most_calls, .. } = self;
        write!(f, "{kills} kills, {pauses} pauses, {hits} of whoever served, {losses} for longer than the lease; ")?;
        write!(f, "at most {most_calls} calls under way; ")?;
        write!(f, "served again {} times, {}; ", self.served.len(), most(&self.served))?;
        write!(f, "accounts again {} times, {}", self.called.len(), most(&self.called))
    }
}

impl fmt::Display for Again {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, polled, after, given, late, held_up } = self;
        let other = if *held_up { ", while another one stood still" } else { "" };
        write!(
            f,
            "at {at:?}: polled after {polled:?}, all as before after {after:?}, of which the machine gave {given:?}, "
        )?;
        write!(f, "{late:?} of them since the lease was free{other}")
    }
}

impl<'s> Strikes<'s> {
    pub(super) async fn begin(school: &'s School, seed: u64) -> Self {
        let (clock, tasks) = (Clock::machine(), Tasks::default());
        let strikes = Self {
            school,
            stopwatch: Stopwatch::start(&clock, &school.place.url, &tasks),
            tasks,
            clock,
            chance: Ids::seeded(Clock::standing(At(0)), seed),
            slots: RefCell::default(),
            pauses: RefCell::default(),
            ended: Cell::new(false),
            unserved: Cell::new(None),
            uncalled: Cell::new(None),
            opened_before: RefCell::default(),
            told: RefCell::default(),
        };
        for number in 0..3 {
            let slot = strikes.start().await;
            let wanted = if number == 0 { "serves" } else { "stands by" };
            slot.program.until(wanted).await;
            strikes.slots.borrow_mut().push(slot);
        }
        strikes
    }

    async fn start(&self) -> Slot {
        let settings = self.school.settings();
        let settings: Vec<(&str, &str)> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let program = Rc::new(Program::on(&self.school.stage.sandbox, &self.school.place, &settings));
        let mut holder = None;
        within(Duration::from_secs(30), "it says its name", async || {
            let log = program.log(&self.school.place);
            let started = log.lines().find(|line| line.contains("preau.started"));
            let name = started.and_then(|line| line.split_once("holder=")?.1.split_whitespace().next());
            holder = name.map(str::to_owned);
            holder.is_some()
        })
        .await;
        Slot { program, holder: holder.expect("a name"), paused: None }
    }

    /// No more strikes; whoever is paused goes on.
    pub(super) fn end(&self) {
        self.ended.set(true);
    }

    pub(super) fn told(&self) -> Told {
        self.told.borrow().clone()
    }

    fn below(&self, (least, more): (u64, u64)) -> Duration {
        Duration::from_millis(least + self.chance.below(more))
    }

    fn one_of(&self, some: &[usize]) -> Option<usize> {
        let at = self.chance.below(u64::try_from(some.len()).unwrap_or(1));
        some.get(usize::try_from(at).unwrap_or(0)).copied()
    }

    /// Who holds a lease now, if its term has not run out.
    async fn holder(raw: &mut Raw, name: &str) -> Option<String> {
        let held = raw.texts(HOLDERS).await;
        held.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned))
    }

    /// Strikes every few seconds, until the end.
    pub(super) async fn strike(&self) {
        let mut raw = Raw::open(&self.school.place).await;
        let mut next = self.clock.elapsed() + self.below(BETWEEN);
        let mut loss = self.clock.elapsed() + self.below(FIRST_LOSS);
        while !self.ended.get() {
            self.clock.rest(LOOK).await;
            self.wake(false).await;
            let now = self.clock.elapsed();
            if now < next {
                continue;
            }
            if self.strike_one(&mut raw, now >= loss).await {
                loss = self.clock.elapsed() + self.below(LOSS);
            }
            next = self.clock.elapsed() + self.below(BETWEEN);
        }
        self.wake(true).await;
    }

    async fn wake(&self, all: bool) {
        for number in 0..3 {
            let slot = self.slots.borrow()[number].clone();
            if slot.paused.is_some_and(|until| all || until <= self.clock.elapsed()) {
                self.note_in_hand(&mut Raw::open(&self.school.place).await, &slot.holder).await;
                slot.program.running.signal("CONT").await;
                self.slots.borrow_mut()[number].paused = None;
            }
        }
    }

    /// What whoever is struck has in hand may come into doubt.
    async fn note_in_hand(&self, raw: &mut Raw, holder: &str) -> usize {
        let of = format!("FROM outbox WHERE state = 'executing' AND holder = '{holder}'");
        let keys = raw.texts(&format!("SELECT key {of}")).await;
        let calls = raw.number(&format!("SELECT COUNT(*) {of} AND called_at IS NOT NULL")).await;
        self.told.borrow_mut().in_hand.extend(keys);
        usize::try_from(calls).unwrap_or(0)
    }

    /// One strike; was it a loss of whoever serves?
    async fn strike_one(&self, raw: &mut Raw, loss: bool) -> bool {
        let (telegram, caller) = (Self::holder(raw, "telegram").await, Self::holder(raw, "caller").await);
        let slots = self.slots.borrow().clone();
        let held = slots.iter().position(|slot| telegram.as_deref() == Some(&slot.holder));
        let awake: Vec<usize> = (0..3).filter(|number| slots[*number].paused.is_none()).collect();
        let chosen = if loss { held.filter(|number| awake.contains(number)) } else { self.one_of(&awake) };
        let Some(number) = chosen else { return false };
        let slot = &slots[number];
        let (serves, calls) = (held == Some(number), caller.as_deref() == Some(&slot.holder));
        // Of three, one at most is paused: somebody is whole.
        let may_pause = awake.len() == 3;
        let kill = if serves && !loss { false } else { !may_pause || self.chance.below(2) == 0 };
        if !kill && !may_pause {
            return false;
        }
        let span = match (serves, loss) {
            (true, false) => self.below((300, 3_700)),
            (true, true) => self.below((12_000, 8_000)),
            _ => self.below((1_000, 19_000)),
        };
        let now = self.clock.elapsed();
        slot.program.running.signal(if kill { "KILL" } else { "STOP" }).await;
        if !kill {
            self.slots.borrow_mut()[number].paused = Some(now + span);
            self.pauses.borrow_mut().push((now, now + span));
        }
        if serves {
            self.unserved.set(Some(self.lost(raw, "telegram", now).await));
        }
        // One who is paused for a moment keeps the accounts.
        if (serves && loss) || (calls && !serves) {
            let opened = slots.iter().map(|slot| (slot.holder.clone(), self.opened(slot))).collect();
            self.opened_before.replace((slot.holder.clone(), opened));
            self.uncalled.set(Some(self.lost(raw, "caller", now).await));
        }
        let begun = self.note_in_hand(raw, &slot.holder).await;
        {
            let mut told = self.told.borrow_mut();
            *(if kill { &mut told.kills } else { &mut told.pauses }) += 1;
            told.hits += usize::from(serves);
            told.losses += usize::from(serves && loss);
            told.most_calls = told.most_calls.max(begun);
        }
        self.school.struck(serves);
        if kill {
            let again = self.start().await;
            self.slots.borrow_mut()[number] = again;
        }
        serves && loss
    }

    async fn lost(&self, raw: &mut Raw, name: &str, at: Duration) -> Lost {
        let left = raw.number(&format!("{LEFT} WHERE name = '{name}'")).await;
        let left = Duration::from_millis(u64::try_from(left).unwrap_or(0));
        Lost { at, free: self.clock.elapsed() + left + GRACE, heard: None, unpolled: at }
    }

    fn heard(&self) -> (usize, usize) {
        let sandbox = &self.school.stage.sandbox;
        (sandbox.requests("getUpdates"), sandbox.requests("sendMessage"))
    }

    /// Looks who serves, until the end; and in the end until somebody does.
    pub(super) async fn watch(&self) {
        let mut raw = Raw::open(&self.school.place).await;
        let mut before = self.clock.elapsed();
        while !self.ended.get() || self.unserved.get().is_some() || self.uncalled.get().is_some() {
            self.clock.rest(LOOK).await;
            let looked = self.clock.elapsed();
            if self.unserved.get().is_some() || self.uncalled.get().is_some() {
                self.look(&mut raw, before).await;
            }
            before = looked;
        }
    }

    /// `before`: when it was looked the last time.
    async fn look(&self, raw: &mut Raw, before: Duration) {
        let since = (self.unserved.get(), self.uncalled.get());
        let heard = self.heard();
        let Some(telegram) = Self::holder(raw, "telegram").await else { return };
        let slot = self.slots.borrow().iter().find(|slot| slot.holder == telegram).cloned();
        let Some(slot) = slot.filter(|slot| slot.paused.is_none()) else { return };
        let serves = slot.program.telegram().await == "serves";
        // Struck meanwhile: what was seen is of before.
        if let Some(lost) = since.0.filter(|_| self.unserved.get() == since.0) {
            // What was on its way at the strike has been heard by the first look.
            let (polls, sent) = lost.heard.unwrap_or(heard);
            let unpolled = if serves && heard.0 > polls { lost.unpolled } else { before };
            let lost = Lost { heard: Some((polls, sent)), unpolled, ..lost };
            self.unserved.set(Some(lost));
            let again = heard.0 > polls && heard.1 > sent;
            // In the end nobody asks any more, and what cannot be seen is not judged.
            if serves && (again || self.ended.get()) {
                if again {
                    self.told.borrow_mut().served.push(self.again(lost, before));
                }
                self.unserved.set(None);
            }
        }
        let called = serves
            && Self::holder(raw, "caller").await.as_ref() == Some(&telegram)
            && since.1.is_some_and(|_| self.has_opened(&slot));
        if let Some(lost) = since.1.filter(|_| called && self.uncalled.get() == since.1) {
            self.told.borrow_mut().called.push(self.again(lost, before));
            self.uncalled.set(None);
        }
    }

    /// How often a program opened an account's line: it does when it may use it, and connects when something is asked.
    fn opened(&self, slot: &Slot) -> usize {
        slot.program.log(&self.school.place).matches("caller.connected").count()
    }

    /// Since the strike; or it was struck itself, lost nothing by it and is connected still.
    fn has_opened(&self, slot: &Slot) -> bool {
        let before = self.opened_before.borrow();
        self.opened(slot) > before.1.get(&slot.holder).copied().unwrap_or(0)
            || (before.0 == slot.holder && self.school.is_connected())
    }

    /// It was not so at the look before.
    fn again(&self, lost: Lost, before: Duration) -> Again {
        let (not_yet, free) = (before.max(lost.at), lost.free.max(lost.at));
        let after = not_yet.saturating_sub(lost.at);
        let late = self.stopwatch.given(free, not_yet.max(free));
        // Until the lease is free there is nothing to do but to wait.
        let given = not_yet.min(free).saturating_sub(lost.at) + late;
        let held_up = |(from, until): &(Duration, Duration)| {
            *from <= not_yet && (*until).min(*from + CUT_OFF + Duration::from_secs(1)) >= free
        };
        let held_up = self.pauses.borrow().iter().any(held_up);
        Again { at: self.clock.wall(), polled: lost.unpolled.saturating_sub(lost.at), after, given, late, held_up }
    }

    /// Ends all three; what went wrong in that.
    pub(super) async fn stop(self) -> Vec<String> {
        let mut wrong = Vec::new();
        self.tasks.stop(&self.clock, Duration::from_secs(5)).await;
        for slot in self.slots.into_inner() {
            let log = slot.program.log(&self.school.place);
            wrong.extend(log.lines().filter(|line| line.contains("panicked")).map(str::to_owned));
            slot.program.running.signal("TERM").await;
            let Ok(program) = Rc::try_unwrap(slot.program) else { continue };
            let code = program.running.ended().await.0;
            if code != 0 {
                wrong.push(format!("it ended with {code}"));
            }
        }
        wrong
    }
}
