//! Looking after the running program: the minute's house-keeping, what `/readyz` says, and alerts outside Telegram.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio_cron_scheduler::{Job as Tick, JobScheduler};

use super::away::{Away, Moment};
use crate::kernel::absence::Needed;
use crate::kernel::{Error, Result, Text};
use crate::platform::alert::Alert;
use crate::platform::store::{Db, Tenure, Tx};
use crate::platform::tasks::Tasks;
use crate::platform::telemetry::names;
use crate::platform::web::{Check, Health};
use crate::platform::{inbox, outbox, schedule};
use crate::school::FEATURES;
use crate::telegram;
use crate::telegram::port::{Reader, Updates};
use crate::text;

/// When the house is kept: each machine minute.
pub const EACH_MINUTE: &str = "0 * * * * *";
/// The setting that says when the house was kept last, in machine time.
const KEPT: &str = "house.kept";
/// So long the house-keeping waits for its turn to write; then the database counts as away.
const PATIENCE: Duration = Duration::from_secs(20);
/// Effects that ended badly can be decided about for so many days.
const DAYS_TROUBLE: i64 = 30;

/// What the house-keeping looks at. It begins before Telegram has answered: that Telegram is away is its news.
#[derive(Clone)]
pub struct House {
    pub db: Db,
    pub alert: Alert,
    pub tenure: Tenure,
    /// Set once Telegram has answered.
    pub bot: Arc<OnceLock<Arc<dyn Updates>>>,
    /// Since when Telegram gives nothing although this process serves it.
    pub(super) silent: Arc<Mutex<Option<Away>>>,
    /// Another process served Telegram when this one looked last.
    stood_by: Arc<AtomicBool>,
    /// Since when the database cannot be written.
    pub(super) unwritten: Arc<Mutex<Option<Away>>>,
    /// Held while a backup is made.
    pub(super) backing_up: Arc<tokio::sync::Mutex<()>>,
}

impl House {
    pub fn new(db: Db, alert: Alert, tenure: Tenure, bot: Arc<OnceLock<Arc<dyn Updates>>>) -> Self {
        let (silent, unwritten, backing_up) = (Arc::default(), Arc::default(), Arc::default());
        Self { db, alert, tenure, bot, silent, stood_by: Arc::default(), unwritten, backing_up }
    }

    /// House-keeping `when` (in machine time) it is due: the one thing the scheduler is used for.
    pub async fn tick(self, when: &str, tasks: Tasks) -> Result<JobScheduler> {
        let scheduler = JobScheduler::new().await.map_err(|error| Error::fault(&error))?;
        let job = Tick::new_async(when, move |_, _| {
            let (house, tasks) = (self.clone(), tasks.clone());
            Box::pin(async move {
                // As a task of ours: stopping waits for it, and a crash takes it along.
                let stopping = tasks.stopping().clone();
                let minute = async move {
                    house.minute().await;
                    // It may take long: whoever stops does not wait for it, and the next start makes it anew.
                    if let Some(Err(error)) = stopping.run_until_cancelled(Box::pin(house.back_up())).await {
                        tracing::warn!(error = %error, "house.backup_failed");
                    }
                };
                let _ = tasks.spawn(minute).await;
            })
        })
        .map_err(|error| Error::fault(&error))?;
        scheduler.add(job).await.map_err(|error| Error::fault(&error))?;
        scheduler.start().await.map_err(|error| Error::fault(&error))?;
        Ok(scheduler)
    }

    /// What one minute asks for; each part whatever became of the others.
    pub async fn minute(&self) {
        let began = self.now();
        // Many may wait for the writer, each for half a minute: that nobody gets it is news long before it is our turn.
        let turn = self.db.clock().within(PATIENCE, self.db.transact(async |_: &mut Tx| Ok(()))).await;
        let kept = match turn {
            Some(Ok(())) => self.keep().await,
            Some(Err(error)) => Err(error),
            None => Err(Error::outage("database", "somebody else writes all the time")),
        };
        if let Err(error) = &kept {
            tracing::warn!(error = %error, "house.keeping_failed");
        }
        // What is kept each minute is small: others may have found no room all the same.
        let lacked = self.db.lacked_room().map(|(now, wall)| Moment { now, wall });
        let away = lacked.or_else(|| kept.is_err_and(|error| error.is_outage()).then_some(began));
        if let Err(error) = self.mind(Needed::Store, away).await {
            tracing::warn!(error = %error, "house.alert_failed");
        }
        if let Err(error) = self.listen_for_silence().await {
            tracing::warn!(error = %error, "house.alert_failed");
        }
    }

    /// Purges what has served, writes the next occurrences, and tells admins outside Telegram when rows are stuck.
    pub async fn keep(&self) -> Result<()> {
        let Self { db, alert, tenure, .. } = self;
        schedule::ensure(db, FEATURES.iter().flat_map(|feature| feature.moments)).await?;
        let stuck_minutes = db.config().outbox.stuck_minutes;
        let (stuck, states) = db
            .transact(async |tx| {
                let (now, wall) = (tx.now(), tx.wall());
                // Something is written in any case: else nobody would notice, until somebody asks, that nothing can be.
                inbox::store::set_setting(tx, KEPT, &wall.millis().to_string()).await?;
                inbox::store::purge(tx, wall.plus_days(-2)).await?;
                outbox::store::purge(tx, wall.plus_days(-7), wall.plus_days(-DAYS_TROUBLE)).await?;
                // An answer's row says whose message was answered: it goes with the message's own trace.
                for kind in telegram::ANSWERS {
                    outbox::store::purge_kind(tx, kind, wall.plus_days(-2)).await?;
                }
                telegram::store::purge(tx, now.plus_days(-60)).await?;
                let stuck = outbox::store::overdue(tx, now.plus_minutes(-stuck_minutes)).await?;
                Ok((stuck, outbox::store::counts(tx).await?))
            })
            .await?;
        let measure = |count: i64| f64::from(i32::try_from(count).unwrap_or(i32::MAX));
        metrics::gauge!(names::OUTBOX_STUCK).set(measure(stuck));
        for state in outbox::STATES {
            let count = states.iter().find(|(name, _)| *name == state).map_or(0, |(_, count)| *count);
            metrics::gauge!(names::OUTBOX_ROWS, "state" => state).set(measure(count));
        }
        // Of several programs on one store, the one that serves Telegram says it. While Telegram is silent, that is what is
        // told.
        if stuck > 0 && alert.is_connected() && tenure.holds() && !self.is_away(Needed::Telegram) {
            let body = text!("alert-stuck-body", count = stuck, minutes = stuck_minutes);
            self.tell(&text!("alert-stuck-subject"), &body).await?;
        }
        Ok(())
    }

    /// Tells admins outside Telegram, and keeps when: `/etat` says it.
    pub(super) async fn tell(&self, subject: &Text, body: &Text) -> Result<()> {
        if self.alert.send(subject, body).await? {
            let at = self.db.clock().now().millis().to_string();
            let keep = async |tx: &mut Tx| inbox::store::set_setting(tx, inbox::store::LAST_ALERT, &at).await;
            self.db.transact(keep).await?;
        }
        Ok(())
    }

    /// Telegram gives nothing for long (it is away, the token was revoked): admins are told by another way.
    pub async fn listen_for_silence(&self) -> Result<()> {
        match self.bot.get() {
            // Another process serves Telegram, and says what it sees.
            Some(_) if !self.tenure.holds() => {
                self.let_go(Needed::Telegram);
                self.stood_by.store(true, Ordering::Relaxed);
                Ok(())
            }
            // Who takes over has hardly asked Telegram yet.
            Some(_) if self.stood_by.swap(false, Ordering::Relaxed) => Ok(()),
            Some(bot) if bot.reader().is_some() => self.mind(Needed::Telegram, None).await,
            // Who never got an answer does not know whether another process serves Telegram: it says what it sees.
            _ => self.mind(Needed::Telegram, Some(self.now())).await,
        }
    }
}

impl House {
    fn telegram(&self) -> Check {
        let Some(bot) = self.bot.get() else { return Check::fail("telegram", Check::NOT_YET) };
        // Without the lease another process serves Telegram: this one is fit to take over.
        match (self.tenure.holds(), bot.reader()) {
            (false, _) => Check { detail: Check::STANDS_BY.to_owned(), ..Check::pass("telegram") },
            (true, Some(Reader::Us)) => Check { detail: "serves".to_owned(), ..Check::pass("telegram") },
            (true, Some(Reader::Rival)) => Check::fail("telegram", Check::RIVAL),
            (true, Some(Reader::Webhook)) => Check::fail("telegram", Check::WEBHOOK),
            (true, None) => Check::fail("telegram", Check::SILENT),
        }
    }
}

impl Health for House {
    fn checks(&self) -> BoxFuture<'_, Vec<Check>> {
        Box::pin(async move {
            let store = match self.db.read(async |tx| inbox::store::waiting(tx).await).await {
                Ok(_) => match self.away_since(Needed::Store) {
                    Some(since) => {
                        let zone = self.db.config().school.time_zone;
                        let (day, time) = (zone.day(since), zone.time(since).format("%H:%M"));
                        let detail = format!("cannot be written since {day} {time}");
                        Check { since: Some(since), ..Check::fail("store", detail) }
                    }
                    None => Check::pass("store"),
                },
                Err(_) => Check::fail("store", "does not answer"),
            };
            vec![store, self.telegram()]
        })
    }
}
