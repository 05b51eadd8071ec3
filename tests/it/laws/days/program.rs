//! The real program on a real database and the small Telegram; started, stopped and started again.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use preau::app::{App, Outside, Start};
use preau::kernel::id::Ids;
use preau::kernel::{At, Clock, Error, Result};
use preau::platform::config::Config;
use preau::platform::store::{Database, Probe, Tx};
use preau::platform::{inbox, outbox};
use preau::telegram::port::Hint;
use tokio::sync::{Notify, mpsc};

use super::port::{Fault, Line, Stop};
use super::telegram::Telegram;
use crate::place::Place;

/// Longer nothing may take to come to rest (machine time).
const PATIENCE: Duration = Duration::from_mins(1);
/// Within so long it looks into a call that something is pushed about (machine time).
const LOOKED: Duration = Duration::from_millis(200);
/// So soon it is looked again whether anything moves, and while it is long in moving.
const LOOKS: Duration = Duration::from_millis(2);
const LOOKS_SELDOM: Duration = Duration::from_millis(10);
/// What a program that is gone held has run out after this (machine time, which is skipped).
const GONE: Duration = Duration::from_mins(2);

pub struct Program {
    config: Arc<Config>,
    pub clock: Clock,
    ids: Ids,
    app: Option<App>,
    /// The database beside the program: what is looked at and written here reaches no probe.
    beside: Option<Database>,
    pub line: Line,
    pub kills: usize,
    /// Keys of the rows whose call was begun when the program was stopped, where that is noted.
    pub in_flight: Vec<String>,
    /// Keys of all rows that were under way then: of what may be repeated nothing is noted.
    pub cut: Vec<String>,
}

impl Program {
    pub async fn new(place: &Place, world: Arc<Mutex<Telegram>>, at: At, seed: u64) -> Self {
        let keys = [
            ("web.admin_listen", ""),
            ("outbox.retry_base_ms", "4"),
            ("outbox.again_ms", "0"),
            ("telegram.limits.overall", "0"),
            ("telegram.limits.chat", "0"),
            ("telegram.limits.group", "0"),
            ("telegram.caller.poll_seconds", "30"),
            ("telegram.caller.pace_ms", "0"),
            ("school.name", "École Horizon"),
        ];
        let config = place.config(&keys);
        let clock = Clock::standing(at);
        let ids = Ids::seeded(clock.clone(), seed);
        let line = Line {
            world,
            clock: clock.clone(),
            stop: Stop::at(usize::MAX),
            faults: Arc::new(BTreeMap::new()),
            made: Arc::new(AtomicUsize::new(0)),
            fresh: Arc::new(Notify::new()),
            hints: mpsc::channel(1).0,
        };
        let beside = Database::open(Arc::clone(&config), clock.clone(), ids.clone(), Probe::default()).await;
        let beside = Some(beside.expect("the database"));
        Self { config, clock, ids, app: None, beside, line, kills: 0, in_flight: Vec::new(), cut: Vec::new() }
    }

    pub fn disturbed(&mut self, stop: Arc<Stop>, faults: BTreeMap<usize, Fault>) {
        self.line.stop = stop;
        self.line.faults = Arc::new(faults);
    }

    pub fn world(&self) -> MutexGuard<'_, Telegram> {
        self.line.world()
    }

    /// Starts the program; one that is stopped while it starts is dropped as it stands, and started again.
    pub async fn start(&mut self) -> Result<()> {
        loop {
            let (hints, pushed) = mpsc::channel(100);
            self.line.hints = hints;
            let line = Arc::new(self.line.clone());
            let outside = Outside {
                updates: Arc::clone(&line) as Arc<_>,
                messenger: Arc::clone(&line) as Arc<_>,
                callers: line,
                hints: pushed,
            };
            let start = Start { clock: self.clock.clone(), ids: self.ids.clone(), probe: self.line.stop.probe() };
            let started = tokio::select! {
                started = App::start_on(Arc::clone(&self.config), start, outside) => Some(started?),
                () = self.hit() => None,
            };
            if let Some(app) = started {
                self.app = Some(app);
                return Ok(());
            }
            self.picked_up().await?;
        }
    }

    async fn hit(&self) {
        while !self.line.stop.is_hit() {
            self.clock.rest(Duration::from_millis(1)).await;
        }
    }

    /// The program was stopped: what was under way is noted, and nothing stops it again.
    async fn picked_up(&mut self) -> Result<()> {
        if let Some(app) = self.app.take() {
            app.abandon().await;
        }
        self.kills += 1;
        self.line.stop.end();
        self.in_flight.extend(self.read(async |tx| outbox::store::in_flight(tx).await).await?);
        let open = self.read(async |tx| outbox::store::upcoming(tx, 10_000).await).await?;
        self.cut.extend(open.into_iter().filter(|row| row.state == "executing").map(|row| row.key));
        self.clock.skip(GONE);
        Ok(())
    }

    pub async fn read<T>(&self, work: impl AsyncFnOnce(&mut Tx) -> Result<T>) -> Result<T> {
        let beside = self.beside.as_ref().ok_or_else(|| Error::fault("the day is over"))?;
        beside.db.read(work).await
    }

    /// Writes beside the program, as the command line does; again where the program was stopped with the writer in hand.
    pub async fn write<T>(&mut self, work: impl AsyncFn(&mut Tx) -> Result<T>) -> Result<T> {
        loop {
            let beside = self.beside.as_ref().ok_or_else(|| Error::fault("the day is over"))?;
            let written = tokio::select! {
                biased;
                written = beside.db.transact(async |tx| work(tx).await) => Some(written),
                () = async { self.hit().await; self.clock.rest(Duration::from_millis(500)).await } => None,
            };
            match written {
                None | Some(Err(_)) if self.line.stop.is_hit() => _ = self.settle().await?,
                None => {}
                Some(written) => {
                    if let Some(app) = &self.app {
                        // A program looks for what others wrote once a second.
                        app.db().woken().notify_one();
                    }
                    return written;
                }
            }
        }
    }

    /// Waits until nothing moves: every update taken, every due row settled. A program that was stopped is started again
    /// on what it left. Gives when something is due next.
    pub async fn settle(&mut self) -> Result<Option<At>> {
        self.line.fresh.notify_waiters();
        let began = self.clock.elapsed();
        let mut pause = LOOKS;
        loop {
            if self.line.stop.is_hit() {
                self.picked_up().await?;
                self.start().await?;
            }
            // While it plainly moves the store is not asked: a question costs more than what it is about.
            let (rest, next) =
                if self.in_hand() > 0 { (Some("in hand".to_owned()), None) } else { self.unrest().await? };
            let Some(rest) = rest else { return Ok(next) };
            if self.clock.elapsed().saturating_sub(began) > PATIENCE {
                return Err(Error::fault(&format!("no rest: {rest}")));
            }
            self.clock.rest(pause).await;
            pause = (pause * 3 / 2).min(LOOKS_SELDOM);
        }
    }

    /// What the program has to take or works at, as it is seen from outside.
    fn in_hand(&self) -> usize {
        let hints = self.line.hints.max_capacity() - self.line.hints.capacity();
        self.app.as_ref().map_or(0, |app| self.world().queue.len() + app.in_hand() + hints)
    }

    /// What still moves, and when something is due next. The store is asked first: what a row's call brings about stands
    /// in the queue before the row is done.
    async fn unrest(&self) -> Result<(Option<String>, Option<At>)> {
        if self.app.is_none() {
            return Ok((None, None));
        }
        let look = async |tx: &mut Tx| {
            let waiting = (inbox::store::waiting(tx).await?, outbox::store::waiting(tx).await?);
            Ok((waiting, outbox::store::next_due(tx).await?))
        };
        let ((inbox, outbox), next) = self.read(look).await?;
        let held = self.in_hand();
        let moves = inbox > 0 || outbox > 0 || held > 0 || self.line.stop.is_hit();
        let words = || format!("{inbox} rows in the inbox, {outbox} in the outbox, {held} in hand");
        Ok((moves.then(words), next))
    }

    /// Lets school time pass, stopping at each moment when something is due.
    pub async fn pass_to(&mut self, at: At) -> Result<()> {
        while let Some(due) = self.settle().await?.filter(|due| *due <= at) {
            self.clock.set(due);
        }
        self.clock.set(at);
        self.settle().await.map(|_| ())
    }

    /// The program is stopped as by SIGTERM, time passes, and it is started again.
    pub async fn sleep_until(&mut self, at: At) -> Result<()> {
        self.settle().await?;
        let armed = self.line.stop.is_armed();
        self.line.stop.disarm();
        if let Some(app) = self.app.take() {
            app.stop().await;
        }
        if armed {
            self.line.stop.arm();
        }
        self.clock.set(at);
        self.start().await?;
        self.settle().await.map(|_| ())
    }

    /// Something was pushed about a call: it is waited for that the program looks, so that a day is the same each time.
    /// One that sleeps, or was stopped, or may not look so soon again, does not.
    pub async fn hint(&self, call: Option<i64>) {
        let Some(call) = call else { return };
        let looks = || self.world().journal.iter().filter(|asked| asked.method == "look").count();
        let (before, began) = (looks(), self.clock.elapsed());
        let _ = self.line.hints.try_send(Hint { call, of_people: true });
        while looks() == before && !self.line.stop.is_hit() && self.clock.elapsed().saturating_sub(began) < LOOKED {
            self.clock.rest(Duration::from_millis(1)).await;
        }
    }

    pub async fn end(&mut self) {
        self.line.stop.end();
        if let Some(app) = self.app.take() {
            app.stop().await;
        }
        if let Some(beside) = self.beside.take() {
            beside.close().await;
        }
    }
}
