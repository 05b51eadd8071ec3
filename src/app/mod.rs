//! The running program: builds from configuration, starts in order, stops in order. It iterates over features and names
//! none.

mod away;
mod ground;
mod house;
mod nightly;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::sync::mpsc;
use tokio_cron_scheduler::JobScheduler;
use tokio_util::sync::CancellationToken;

use self::ground::Ground;
pub use self::house::House;
use crate::connectors::CONNECTORS;
use crate::kernel::id::Ids;
use crate::kernel::{Clock, Error, Result};
use crate::platform::abilities::Abilities;
use crate::platform::config::{Config, Section};
use crate::platform::outbox::{self, Hooks, Put, Tenures, Worker};
use crate::platform::store::{Database, Db, Leader, Lease, Occupant, Probe, Tenure, Tx};
use crate::platform::tasks::{Leash, Tasks};
use crate::platform::{http, schedule};
use crate::school::{FEATURES, IDENTIFY, TROUBLE, UNTOLD};
use crate::telegram::caller::{self, Accounts};
use crate::telegram::pace::Pace;
use crate::telegram::port::{Callers, Desk, Hint, Messenger, Newest, Updates};
use crate::telegram::{self, Bot, Routes, Telegram};

/// How long a clean stop may take before what is left is dropped.
const PATIENCE: Duration = Duration::from_millis(3_500);
/// The term of the `telegram` lease. With the five seconds that a new holder leaves the one before, nobody waits longer than
/// fifteen seconds for whoever takes over; half a second of them is for what he does first.
const TERM: Duration = Duration::from_millis(9_500);
/// The term of the `caller` lease: connecting an account anew costs more.
const CALLER_TERM: Duration = Duration::from_secs(30);
/// Telegram is asked again after this long when it is away at the start.
const AGAIN: Duration = Duration::from_secs(2);
/// … and then less and less often, down to this.
const MOST_PAUSE: Duration = Duration::from_secs(30);

/// Every section of the configuration that a feature or a connector claims.
pub fn sections() -> Vec<Section> {
    let features = FEATURES.iter().flat_map(|feature| feature.settings);
    features.chain(CONNECTORS.iter().flat_map(|connector| connector.settings)).copied().collect()
}

/// A running Préau.
pub struct App {
    database: Database,
    tasks: Tasks,
    telegram: Telegram,
    callers: Accounts,
    house: House,
    admin: Option<SocketAddr>,
    ticker: Option<JobScheduler>,
    leases: Vec<Lease>,
    occupant: Option<Occupant>,
    _leash: Leash,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("App")
    }
}

/// What starting needs besides the configuration.
#[derive(Debug, Clone)]
pub struct Start {
    pub clock: Clock,
    pub ids: Ids,
    pub probe: Probe,
}

/// Telegram, as the program sees it. [`App::start`] speaks to the real one; a model of it may stand in.
pub struct Outside {
    pub updates: Arc<dyn Updates>,
    pub messenger: Arc<dyn Messenger>,
    pub callers: Arc<dyn Callers>,
    /// What is pushed to the callers.
    pub hints: mpsc::Receiver<Hint>,
}

impl std::fmt::Debug for Outside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Outside")
    }
}

impl App {
    /// Opens the store, asks Telegram who we are, and starts everything. Telegram being away is an [`Error::Outage`]:
    /// the caller may try again.
    pub async fn start(config: Arc<Config>, start: Start) -> Result<Self> {
        let ground = Ground::lay(&config, &start).await?;
        match connect(&config, &start.clock, &start.probe).await {
            Ok(bot) => Self::on(ground, bot, &config, &start).await,
            Err(error) => {
                ground.leave(&start.clock).await;
                Err(error)
            }
        }
    }

    /// As [`App::start`], but Telegram being away is waited out: meanwhile `/readyz` says so. `None` when `stopping`
    /// was told before Telegram answered. May be dropped at any moment: what was begun is let go, as by a crash.
    pub async fn start_patiently(
        config: Arc<Config>,
        start: Start,
        stopping: &CancellationToken,
    ) -> Result<Option<Self>> {
        let ground = Ground::lay(&config, &start).await?;
        let mut pause = AGAIN;
        let refused = loop {
            let answer = stopping.run_until_cancelled(connect(&config, &start.clock, &start.probe)).await;
            match answer {
                Some(Ok(bot)) => return Self::on(ground, bot, &config, &start).await.map(Some),
                Some(Err(error)) if error.is_outage() => {
                    tracing::warn!(error = %error, "telegram.away");
                    stopping.run_until_cancelled(start.clock.rest(pause)).await;
                    pause = (pause * 2).min(MOST_PAUSE);
                }
                Some(Err(error)) => break Some(error),
                None => break None,
            }
        };
        ground.leave(&start.clock).await;
        refused.map_or(Ok(None), Err)
    }

    /// As [`App::start`], on this model of Telegram: nothing is asked of the real one.
    pub async fn start_on(config: Arc<Config>, start: Start, outside: Outside) -> Result<Self> {
        let ground = Ground::lay(&config, &start).await?;
        let accounts = ground.accounts(&start).0;
        Self::over(ground, outside, accounts, &config, &start).await
    }

    /// Telegram answered: everything else.
    async fn on(ground: Ground, bot: Bot, config: &Config, start: &Start) -> Result<Self> {
        bot.serve_under(ground.tenure.clone());
        let bot = Arc::new(bot);
        let (accounts, hints) = ground.accounts(start);
        let callers = Arc::new(accounts.clone());
        let outside = Outside { updates: Arc::clone(&bot) as Arc<dyn Updates>, messenger: bot, callers, hints };
        Self::over(ground, outside, accounts, config, start).await
    }

    async fn over(
        ground: Ground,
        outside: Outside,
        accounts: Accounts,
        config: &Config,
        start: &Start,
    ) -> Result<Self> {
        let Ground {
            database,
            tasks,
            tenure,
            caller: callers,
            bot: known,
            admin,
            occupant,
            leash,
            alert,
            house,
            ticker,
        } = ground;
        let Outside { updates, messenger, callers: served, hints } = outside;
        let _ = known.set(Arc::clone(&updates));
        let db = database.db.clone();
        let routes = Arc::new(routes()?);
        let (bot_id, name) = messenger.me();
        let line = (updates, Arc::clone(&messenger));
        let telegram = Telegram::new(db.clone(), line, Arc::clone(&routes), tenure.clone(), alert);
        let desk = Desk {
            db: db.clone(),
            telegram: messenger,
            callers: served,
            commands: routes.commands.clone().into(),
            reasons: routes.reasons.clone().into(),
            abilities: connect_systems(config, &start.clock, &start.probe)?,
            newest: Newest::default(),
        };
        let holder = start.ids.next();
        let leases = if db.is_sqlite() { Vec::new() } else { keep_leases(&db, &tasks, &holder, [&tenure, &callers]) };
        telegram::put_menus(&db, bot_id, &routes.commands).await?;
        schedule::ensure(&db, FEATURES.iter().flat_map(|feature| feature.moments)).await?;
        let jobs = FEATURES.iter().flat_map(|feature| feature.jobs).chain(telegram::JOBS);
        let tenures = Tenures { telegram: tenure, caller: callers };
        let worker = Worker::new(db.clone(), jobs, desk, holder.clone(), tenures, hooks());
        tasks.spawn(worker.run(tasks.clone()));
        tasks.spawn(telegram.clone().run(tasks.clone()));
        tasks.spawn(accounts.clone().serve());
        tasks.spawn(take_hints(db.clone(), hints, tasks.clone()));
        // The name by which it holds leases and rows: whoever looks into the database finds its program.
        tracing::info!(bot = %format_args!("@{name}"), holder = %holder, "preau.started");
        Ok(Self { database, tasks, telegram, callers: accounts, house, admin, ticker, leases, occupant, _leash: leash })
    }

    pub fn db(&self) -> &Db {
        &self.database.db
    }
    /// The user accounts.
    pub fn callers(&self) -> &Accounts {
        &self.callers
    }
    /// What is looked after each machine minute.
    pub fn house(&self) -> &House {
        &self.house
    }
    pub fn tasks(&self) -> &Tasks {
        &self.tasks
    }
    /// Where the admin listener answers.
    pub fn admin_address(&self) -> Option<SocketAddr> {
        self.admin
    }
    /// Updates received and not yet taken.
    pub fn in_hand(&self) -> usize {
        self.telegram.in_hand()
    }

    /// Finishes what is in hand, begins nothing new, closes the store.
    pub async fn stop(mut self) {
        quiet(&mut self.ticker).await;
        let clock = self.database.db.clock().clone();
        self.tasks.stop(&clock, PATIENCE).await;
        for lease in &self.leases {
            // Unreleased it runs out by itself: another process only waits a little longer.
            let _ = lease.release(&self.database.db).await;
        }
        vacate(self.occupant.as_ref(), &self.database.db).await;
        self.database.close().await;
        tracing::info!("preau.stopped");
    }

    /// Drops everything at once, as a crash would; the store's file is let go.
    pub async fn abandon(mut self) {
        self.tasks.abandon().await;
        quiet(&mut self.ticker).await;
        self.database.close().await;
    }
}

/// Has the leases of several programs on one store kept: who takes `telegram` takes `caller` too. Gives them in the order
/// in which they are given back: whoever finds the first one free finds the other one free.
fn keep_leases(db: &Db, tasks: &Tasks, holder: &str, [telegram, callers]: [&Tenure; 2]) -> Vec<Lease> {
    let lease = |name, term| Lease { name, holder: holder.to_owned(), term };
    let (first, mut leases) = (lease("telegram", TERM), Vec::new());
    tasks.spawn(telegram.clone().keep(first.clone(), None, db.clone(), tasks.clone()));
    if caller::login::is_configured(db.config()) {
        let second = lease("caller", CALLER_TERM);
        let leader = Leader { tenure: telegram.clone(), lease: first.clone() };
        tasks.spawn(callers.clone().keep(second.clone(), Some(leader), db.clone(), tasks.clone()));
        leases.push(second);
    }
    leases.push(first);
    leases
}

/// What is pushed to the user accounts reaches the features, until the tasks stop: who gives hints lives longer.
async fn take_hints(db: Db, mut hints: mpsc::Receiver<Hint>, tasks: Tasks) {
    while let Some(Some(hint)) = tasks.stopping().run_until_cancelled(hints.recv()).await {
        let taken = db.transact(async |tx| {
            for take in FEATURES.iter().flat_map(|feature| feature.hints) {
                take(tx, hint).await?;
            }
            Ok(())
        });
        if let Err(error) = taken.await {
            // The next look sees it all the same.
            tracing::debug!(error = %error, "caller.hint_lost");
        }
    }
}

async fn quiet(ticker: &mut Option<JobScheduler>) {
    if let Some(mut ticker) = ticker.take() {
        let _ = ticker.shutdown().await;
    }
}

/// Takes our name out of the database; left there it counts as gone after a while.
async fn vacate(occupant: Option<&Occupant>, db: &Db) {
    if let Some(occupant) = occupant {
        let _ = occupant.leave(db).await;
    }
}

/// Asks Telegram who the token is.
pub async fn connect(config: &Config, clock: &Clock, probe: &Probe) -> Result<Bot> {
    let Some(token) = &config.telegram.token else {
        return Err(Error::fault(
            "telegram.token is not set: give it as PREAU__TELEGRAM__TOKEN or telegram.token_file",
        ));
    };
    let client = http::client(Duration::from_secs(5), config.request_time_out())?;
    let pace = Arc::new(Pace::new(config.telegram.limits, clock.clone()));
    Bot::connect(token, &config.telegram.api_url, client, pace, probe.clone(), clock.clone()).await
}

/// What the outside systems that are configured can do.
fn connect_systems(config: &Config, clock: &Clock, probe: &Probe) -> Result<Abilities> {
    let mut abilities = Abilities::default();
    for connector in CONNECTORS {
        (connector.connect)(config, clock, probe, &mut abilities)?;
    }
    Ok(abilities)
}

/// What the features registered, for Telegram's side.
pub fn routes() -> Result<Routes> {
    Routes::new(
        FEATURES.iter().flat_map(|feature| feature.commands),
        FEATURES.iter().flat_map(|feature| feature.buttons).chain(telegram::BUTTONS),
        FEATURES.iter().flat_map(|feature| feature.topics),
        FEATURES.iter().flat_map(|feature| feature.uploads),
        FEATURES.iter().flat_map(|feature| feature.notices.iter().copied()),
        FEATURES.iter().flat_map(|feature| feature.reasons).chain(telegram::REASONS),
        IDENTIFY,
    )
}

fn hooks() -> Hooks<Desk> {
    Hooks {
        trouble: on_trouble,
        begun: |tx, row| Box::pin(schedule::follow(tx, FEATURES.iter().flat_map(|feature| feature.moments), row)),
        doubt: |desk, row| Box::pin(telegram::port::look_back(desk, row)),
        fading: FEATURES.iter().flat_map(|feature| feature.fading).chain(telegram::FADING).copied().collect(),
    }
}

/// A row ended dead or in doubt: admins are told in chat (by rows of their own, which tell of nothing further). The same
/// row may come to that again after an admin pressed Retry: its moment stands in the key.
fn on_trouble<'a>(
    _desk: &'a Desk,
    tx: &'a mut Tx,
    kind: &'a str,
    key: &'a str,
    _state: &'a str,
) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        if UNTOLD.contains(&kind) {
            return Ok(());
        }
        let Some(row) = outbox::store::look_up(tx, key).await? else { return Ok(()) };
        let (id, at) = (row.id, tx.wall());
        let payload = serde_json::json!({ "id": id, "at": at });
        let told = format!("{TROUBLE}:{key}:{}", at.millis());
        outbox::put(tx, Put::new(TROUBLE, told, &payload)?.inner().lane(TROUBLE).whenever()).await.map(|_| ())
    })
}
