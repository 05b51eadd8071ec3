//! A stage: sandbox, product and a clock that somebody sets. The demo and the tests play on it.

use std::sync::Arc;
use std::time::Duration;

pub use super::kill::Kill;
use crate::app::{App, Start, sections};
use crate::kernel::id::Ids;
use crate::kernel::{At, Clock, Error, Result};
use crate::platform::config::Config;
use crate::platform::store::{Database, Db, Probe, Tx};
use crate::platform::{inbox, outbox};
use crate::sandbox::{Options, Sandbox};
use crate::telegram::port::Callers as _;

/// How long the stage waits for quiet (machine time) before it says what does not come to rest: longer than the lease
/// of a row, which a machine that has much to do may let run out.
const PATIENCE: Duration = Duration::from_mins(2);
/// What is pushed to a user account arrives within so long (machine time), also on a busy machine.
const PUSHED_WITHIN: Duration = Duration::from_millis(250);
/// So soon the stage looks again whether anything moves, if programs of their own are on it, and while it is long in moving
/// (machine time).
const LOOKS: Duration = Duration::from_millis(2);
const LOOKS_AT_OTHERS: Duration = Duration::from_millis(80);
const LOOKS_SELDOM: Duration = Duration::from_millis(12);

/// Sandbox and product side by side.
pub struct Stage {
    pub sandbox: Sandbox,
    pub clock: Clock,
    pub ids: Ids,
    pub config: Arc<Config>,
    probe: Probe,
    app: Option<App>,
    /// Further programs on the same (PostgreSQL) store.
    others: Vec<App>,
    /// The product runs as programs of their own: the stage looks at their database.
    watched: Option<Database>,
    kill: Option<Kill>,
    kills: usize,
    patience: Duration,
    /// Keys of the rows whose call was under way when the product was stopped so, and of all that it had in hand.
    in_flight: Vec<String>,
    cut: Vec<String>,
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stage")
    }
}

/// How a stage is set.
#[derive(Debug, Clone)]
pub struct Set {
    /// School time at the beginning.
    pub at: At,
    pub seed: u64,
    /// Configuration keys on top of those that point at the sandbox; `{smtp_port}` is its mail server's port.
    pub keys: Vec<(String, String)>,
    pub limits: crate::sandbox::Limits,
    /// The Bot API's schema: what is said on the wire is held against it.
    pub schema: Option<std::path::PathBuf>,
    pub probe: Probe,
}

impl Stage {
    /// Raises the sandbox and starts the product on it. `keys` must name a database.
    pub async fn raise(set: Set) -> Result<Self> {
        let mut stage = Self::empty(set).await?;
        stage.start().await?;
        Ok(stage)
    }

    /// Raises the sandbox for programs of their own, which somebody starts on the database that `keys` name.
    pub async fn watch(set: Set) -> Result<Self> {
        let mut stage = Self::empty(set).await?;
        stage.watched = Some(stage.beside().await?);
        Ok(stage)
    }

    /// Raises the sandbox alone.
    pub async fn empty(set: Set) -> Result<Self> {
        let clock = Clock::standing(set.at);
        let options = Options { clock: clock.clone(), seed: set.seed, limits: set.limits, schema: set.schema };
        let sandbox = Sandbox::start(options).await.map_err(|error| Error::outage("sandbox", &error))?;
        let mut keys = vec![
            ("telegram.token".to_owned(), sandbox.token().to_owned()),
            ("telegram.api_url".to_owned(), sandbox.bot_api_url()),
            ("web.admin_listen".to_owned(), String::new()),
            ("outbox.retry_base_ms".to_owned(), "20".to_owned()),
            ("outbox.again_ms".to_owned(), "0".to_owned()),
            ("telegram.caller.pace_ms".to_owned(), "0".to_owned()),
        ];
        for (key, value) in set.keys {
            keys.retain(|(known, _)| *known != key);
            keys.push((key, value.replace("{smtp_port}", &sandbox.smtp_port().to_string())));
        }
        let pairs: Vec<(&str, &str)> = keys.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let config = Config::with(&pairs, &sections()).map_err(|error| Error::fault(&error))?;
        let ids = Ids::seeded(clock.clone(), set.seed);
        Ok(Self {
            sandbox,
            clock,
            ids,
            config: Arc::new(config),
            probe: set.probe,
            app: None,
            others: Vec::new(),
            watched: None,
            kill: None,
            kills: 0,
            patience: PATIENCE,
            in_flight: Vec::new(),
            cut: Vec::new(),
        })
    }

    /// Starts the product (again).
    pub async fn start(&mut self) -> Result<()> {
        let start = Start { clock: self.clock.clone(), ids: self.ids.clone(), probe: self.probe.clone() };
        self.app = Some(App::start(Arc::clone(&self.config), start).await?);
        Ok(())
    }

    /// Starts the product under a kill that is armed from its first step on, and lets it come to rest. `true`: the kill
    /// came, and the product was dropped where it stood, as by a crash.
    pub async fn start_under(&mut self, kill: Kill) -> Result<bool> {
        kill.arm(true);
        self.kill = Some(kill.clone());
        let start = Start { clock: self.clock.clone(), ids: self.ids.clone(), probe: kill.probe() };
        let hit = async {
            while !kill.hit() {
                self.clock.rest(Duration::from_millis(1)).await;
            }
        };
        let started = tokio::select! {
            started = App::start(Arc::clone(&self.config), start) => Some(started?),
            () = hit => None,
        };
        self.app = started;
        // A fault of the stage's own is found again by whoever drains it next.
        let _ = self.drain().await;
        // Also one that came after the last look: whoever waits there may hold the writer.
        let killed = kill.over();
        kill.arm(false);
        if killed {
            self.crash().await;
        }
        Ok(killed)
    }

    /// Starts one more program on the same store; only PostgreSQL takes several.
    pub async fn start_another(&mut self) -> Result<()> {
        let ids = Ids::from_system(self.clock.clone());
        let start = Start { clock: self.clock.clone(), ids, probe: Probe::default() };
        self.others.push(App::start(Arc::clone(&self.config), start).await?);
        Ok(())
    }

    /// The first program vanishes without a word; the next one is all there is.
    pub async fn lose_first(&mut self) {
        if let Some(app) = self.app.take() {
            app.abandon().await;
        }
        if !self.others.is_empty() {
            self.app = Some(self.others.remove(0));
        }
    }

    /// Stops the product as SIGTERM does. What that reaches is no point of what was played: whoever waits for the end would
    /// be stopped there himself.
    pub async fn stop(&mut self) {
        self.disarm();
        for app in self.others.drain(..) {
            app.stop().await;
        }
        if let Some(app) = self.app.take() {
            app.stop().await;
        }
        if let Some(watched) = self.watched.take() {
            watched.close().await;
        }
    }

    /// Drops the product as a crash does. The store and the outside world stay.
    pub async fn crash(&mut self) {
        if let Some(app) = self.app.take() {
            app.abandon().await;
        }
        self.sandbox.restart();
    }

    /// From here on, what the product reaches is told to `probe` (from its next start).
    pub fn set_probe(&mut self, probe: Probe) {
        self.probe = probe;
    }

    /// A stage that somebody looks at waits less long for quiet: what hangs is part of what is looked at.
    pub fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
    }

    pub fn app(&self) -> Option<&App> {
        self.app.as_ref()
    }

    /// The running product's database.
    pub fn db(&self) -> Result<&Db> {
        let watched = self.watched.as_ref().map(|database| &database.db);
        self.app.as_ref().map(App::db).or(watched).ok_or_else(|| Error::fault("the product is not running"))
    }

    /// Opens the database beside the product, as the command line does.
    pub async fn beside(&self) -> Result<Database> {
        let ids = Ids::from_system(self.clock.clone());
        Database::open(Arc::clone(&self.config), self.clock.clone(), ids, Probe::default()).await
    }

    /// Writes beside the product, as the command line does. A [`Kill`] may stop the product just then, with the writer in
    /// its hand: it is started again, and the command typed again.
    pub async fn write_beside<T>(&mut self, work: impl AsyncFn(&mut Tx) -> Result<T>) -> Result<T> {
        loop {
            let written = async {
                let beside = self.beside().await?;
                let written = beside.db.transact(async |tx| work(tx).await).await;
                beside.close().await;
                written
            };
            let outcome = tokio::select! {
                biased;
                outcome = written => outcome,
                // What has the writer itself is through with it by then.
                () = self.killed_for(Duration::from_secs(2)) => Err(Error::outage("stage", "the product was stopped")),
            };
            match outcome {
                Err(_) if self.was_killed() => self.settle().await?,
                outcome => return outcome,
            }
        }
    }

    /// Returns so long after a [`Kill`] stopped the product.
    async fn killed_for(&self, span: Duration) {
        while !self.was_killed() {
            self.clock.rest(Duration::from_millis(20)).await;
        }
        self.clock.rest(span).await;
    }

    /// Waits until nothing moves: every update taken, every due row settled.
    pub async fn drain(&self) -> Result<()> {
        self.quiet().await.map(|_| ())
    }

    /// As [`Stage::drain`]; gives when something is due next.
    async fn quiet(&self) -> Result<Option<At>> {
        let began = self.clock.elapsed();
        let (mut looked, mut pause) = (false, LOOKS);
        loop {
            if self.was_killed() {
                return Err(Error::outage("stage", "the product was stopped"));
            }
            let (rest, next) = self.unrest().await?;
            if rest.is_none() {
                // What a row's call brought about stood in Telegram's queue before the row was done.
                self.clock.rest(if self.watched.is_some() { LOOKS_AT_OTHERS } else { LOOKS }).await;
                // Programs of their own hear of the hour, and answer presses, a moment later: they are looked at twice.
                if (looked || self.watched.is_none()) && self.in_memory().is_none() {
                    return Ok(next);
                }
                looked = true;
                continue;
            }
            looked = false;
            if self.clock.elapsed().saturating_sub(began) > self.patience {
                let why = rest.unwrap_or_default();
                return Err(Error::fault(&format!("the stage does not come to rest: {why}")));
            }
            // Looking costs what is looked at time: of what lasts, less and less often.
            self.clock.rest(pause).await;
            pause = (pause * 3 / 2).min(LOOKS_SELDOM);
        }
    }

    /// What still moves, if anything does, and when something is due next.
    async fn unrest(&self) -> Result<(Option<String>, Option<At>)> {
        let Ok(db) = self.db() else { return Ok((None, None)) };
        if let Some(moves) = self.in_memory() {
            return Ok((Some(moves), None));
        }
        let look = async |tx: &mut Tx| {
            let waiting = (inbox::store::waiting(tx).await?, outbox::store::waiting(tx).await?);
            Ok((waiting, outbox::store::next_due(tx).await?))
        };
        let ((inbox, outbox), next) = db.read(look).await?;
        let moves = inbox + outbox > 0;
        Ok((moves.then(|| format!("{inbox} rows in the inbox, {outbox} in the outbox")), next))
    }

    /// What plainly moves, without a look at the database.
    fn in_memory(&self) -> Option<String> {
        if !self.sandbox.idle() {
            return Some("Telegram holds updates that were not fetched".to_owned());
        }
        let in_hand: usize = self.others.iter().chain(&self.app).map(App::in_hand).sum();
        (in_hand > 0).then(|| format!("{in_hand} updates in hand"))
    }

    /// Is a user account connected, to which what happens in calls is pushed?
    fn hears(&self) -> bool {
        self.app.as_ref().is_some_and(|app| !app.callers().ready().is_empty())
    }

    /// The next moment when something is due; and whether something begins just now, which may set another one.
    pub(super) async fn ahead(&self) -> Result<(Option<At>, bool)> {
        let look = async |tx: &mut Tx| Ok((outbox::store::next_due(tx).await?, outbox::store::waiting(tx).await? > 0));
        self.db()?.read(look).await
    }

    /// Lets school time pass until `at`, stopping at each moment when something is due.
    pub async fn go_to(&self, at: At) -> Result<()> {
        let mut next = self.quiet().await?;
        if self.hears() {
            // What happened in a call arrives before time passes on.
            self.clock.rest(PUSHED_WITHIN).await;
            next = self.quiet().await?;
        }
        while let Some(due) = next.filter(|due| *due <= at) {
            self.clock.set(due);
            next = self.quiet().await?;
        }
        self.clock.set(at);
        self.drain().await
    }

    /// As [`Stage::drain`]; a product that a [`Kill`] stopped is started again on what it left.
    pub async fn settle(&mut self) -> Result<()> {
        self.settled().await.map(|_| ())
    }

    /// As [`Stage::settle`]; gives when something is due next.
    async fn settled(&mut self) -> Result<Option<At>> {
        loop {
            if self.was_killed() {
                self.crash().await;
                self.kills += 1;
                let left = self.beside().await?;
                self.in_flight.extend(left.db.read(async |tx| outbox::store::in_flight(tx).await).await?);
                let open = left.db.read(async |tx| outbox::store::upcoming(tx, 10_000).await).await?;
                self.cut.extend(open.into_iter().filter(|row| row.state == "executing").map(|row| row.key));
                left.close().await;
                if let Some(kill) = &self.kill {
                    kill.over();
                }
                self.start().await?;
            }
            match self.quiet().await {
                Err(_) if self.was_killed() => {}
                outcome => return outcome,
            }
        }
    }

    /// As [`Stage::go_to`], over kills.
    pub async fn pass_to(&mut self, at: At) -> Result<()> {
        let mut next = self.settled().await?;
        if self.hears() {
            self.clock.rest(PUSHED_WITHIN).await;
            next = self.settled().await?;
        }
        while let Some(due) = next.filter(|due| *due <= at) {
            self.clock.set(due);
            next = self.settled().await?;
        }
        self.clock.set(at);
        self.settle().await
    }

    /// Stops the product at a numbered point, as a crash would.
    pub fn arm(&mut self, kill: Kill) {
        kill.arm(true);
        self.kill = Some(kill);
    }

    /// How often the product was stopped so.
    pub fn kills(&self) -> usize {
        self.kills
    }

    /// What was under way then: keys of outbox rows.
    pub fn in_flight(&self) -> &[String] {
        &self.in_flight
    }

    /// All rows that it had in hand then: of what may be repeated nothing is noted before its call.
    pub fn cut(&self) -> &[String] {
        &self.cut
    }

    /// From here on the product is stopped at no point.
    pub fn disarm(&self) {
        if let Some(kill) = &self.kill {
            kill.arm(false);
        }
    }

    fn was_killed(&self) -> bool {
        self.kill.as_ref().is_some_and(Kill::hit)
    }

    /// Takes everything down.
    pub async fn strike(mut self) {
        self.stop().await;
        self.sandbox.stop().await;
    }
}
