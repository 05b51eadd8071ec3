//! Moments and reminders through the real outbox and its worker.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::Args;
use futures::future::BoxFuture;
use serde::Serialize;

use super::super::{End, Here};
use super::idle::Idle;
use crate::app;
use crate::kernel::{Clock, Lang, Result, Text};
use crate::platform::abilities::Abilities;
use crate::platform::config::is_loopback_url;
use crate::platform::outbox::{self, Door, Hooks, Job, Outcome, Put, Row, Tenures, Worker};
use crate::platform::store::{Db, Probe, Tenure};
use crate::platform::tasks::Tasks;
use crate::telegram::caller::Accounts;
use crate::telegram::port::{self, Desk, Newest, Post};
use crate::telegram::screen::Screen;
use crate::text;

const MOMENT: &str = "bench.moment";
const REMINDER: &str = "bench.reminder";
/// Rows that are written in one transaction.
const AT_ONCE: i64 = 1000;
/// A bench that nothing happens in for so long is over.
const PATIENCE: Duration = Duration::from_mins(2);
/// So long the worker's tasks are waited for at the end.
const ENDING: Duration = Duration::from_secs(10);

#[derive(Debug, Args)]
pub(in crate::cli) struct Schedule {
    /// How many moments
    #[arg(value_name = "N")]
    count: i64,
    /// They are due so many seconds after they are written
    #[arg(long, value_name = "SECONDS", default_value_t = 3)]
    after: u64,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Broadcast {
    /// How many groups
    #[arg(value_name = "N")]
    count: i64,
    /// The first group; the others have the ids below
    #[arg(long, value_name = "ID", default_value_t = -1_001_000_000_000, allow_hyphen_values = true)]
    first_group: i64,
}

/// How late each moment began. Milliseconds; before its time would be negative.
#[derive(Debug, Serialize)]
pub(super) struct Late {
    ran: usize,
    min_ms: i64,
    p50_ms: i64,
    p99_ms: i64,
    max_ms: i64,
    /// While they lay ahead.
    #[serde(flatten)]
    idle: Idle,
}

#[derive(Debug, Serialize)]
pub(super) struct Told {
    reminders: i64,
    /// Reached, those of an earlier run among them.
    sent: i64,
    /// The program was ended during the call: nobody knows, and admins would be told.
    in_doubt: i64,
    seconds: f64,
}

/// What a moment notes.
struct Notes {
    clock: Clock,
    late: Mutex<Vec<i64>>,
}

impl Notes {
    fn late(&self) -> std::sync::MutexGuard<'_, Vec<i64>> {
        self.late.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const MOMENTS: &[Job<Arc<Notes>>] = &[Job { name: MOMENT, door: Door::Inner, run: |notes, row| note(notes, row) }];

fn note<'a>(notes: &'a Arc<Notes>, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    let late = notes.clock.now().millis() - row.due_at.millis();
    notes.late().push(late);
    Box::pin(async { Ok(Outcome::Done) })
}

pub(super) async fn schedule(db: &Db, asked: &Schedule) -> Result<Late> {
    let (clock, tasks) = (db.clock().clone(), Tasks::default());
    let notes = Arc::new(Notes { clock: clock.clone(), late: Mutex::default() });
    let tenure = Tenure::alone(&clock);
    let tenures = Tenures { telegram: tenure.clone(), caller: tenure };
    let worker = Worker::new(db.clone(), MOMENTS, Arc::clone(&notes), db.ids().next(), tenures, Hooks::none());
    // Where writing them takes longer they are late, and it shows.
    let due = clock.now().plus(Duration::from_secs(asked.after));
    let run = db.ids().next();
    let rows = |number: i64| Ok(Put::new(MOMENT, format!("{MOMENT}:{run}:{number}"), &())?.inner().due(due));
    write(db, asked.count, rows).await?;
    tasks.spawn(worker.run(tasks.clone()));
    let idle = Idle::until(&clock, due).await;
    clock.until(due).await;
    settled(db, MOMENT).await?;
    tasks.stop(&clock, ENDING).await;
    let mut late = std::mem::take(&mut *notes.late());
    late.sort_unstable();
    Ok(Late::of(&late, idle))
}

impl Late {
    /// `late` is sorted.
    fn of(late: &[i64], idle: Idle) -> Self {
        let at = |per_cent: usize| late.get(late.len().saturating_sub(1) * per_cent / 100).copied().unwrap_or(0);
        Self { ran: late.len(), min_ms: at(0), p50_ms: at(50), p99_ms: at(99), max_ms: at(100), idle }
    }
}

const REMINDERS: &[Job<Desk>] =
    &[Job { name: REMINDER, door: Door::Telegram, run: |desk, row| Box::pin(remind(desk, row)) }];

async fn remind(desk: &Desk, row: &Row) -> Result<Outcome> {
    let (chat, number): (i64, i64) = row.read()?;
    let words = Screen::new(Text::verbatim(format!("Rappel {number}")));
    port::post(desk, row, Post::new(chat, words, Lang::Fr)).await
}

pub(super) async fn broadcast(here: &Here, db: &Db, asked: &Broadcast) -> Result<Told, End> {
    // Groups of chance are nobody's to be written to.
    if !is_loopback_url(&here.config.telegram.api_url) {
        return Err(End::Usage(text!("cli-bench-loopback")));
    }
    let (clock, tasks) = (db.clock().clone(), Tasks::default());
    let began = clock.elapsed();
    let probe = Probe::default();
    let bot = app::connect(&here.config, &clock, &probe).await?;
    let tenure = Tenure::alone(&clock);
    bot.serve_under(tenure.clone());
    let (accounts, _hints) = Accounts::new(db.clone(), tenure.clone(), tasks.clone(), probe);
    let desk = Desk {
        db: db.clone(),
        telegram: Arc::new(bot),
        callers: Arc::new(accounts),
        commands: Arc::default(),
        reasons: Arc::default(),
        abilities: Abilities::default(),
        newest: Newest::default(),
    };
    let due = clock.now();
    let rows = |number: i64| {
        let to = (asked.first_group - number, number);
        Ok(Put::new(REMINDER, format!("{REMINDER}:{number}"), &to)?.due(due))
    };
    write(db, asked.count, rows).await?;
    let hooks = Hooks { doubt: |desk, row| Box::pin(port::look_back(desk, row)), ..Hooks::none() };
    let tenures = Tenures { telegram: tenure.clone(), caller: tenure };
    let worker = Worker::new(db.clone(), REMINDERS, desk, db.ids().next(), tenures, hooks);
    tasks.spawn(worker.run(tasks.clone()));
    let (sent, in_doubt) = settled(db, REMINDER).await?;
    tasks.stop(&clock, ENDING).await;
    let seconds = clock.elapsed().saturating_sub(began).as_secs_f64();
    Ok(Told { reminders: asked.count, sent, in_doubt, seconds })
}

async fn write(db: &Db, count: i64, row: impl Fn(i64) -> Result<Put>) -> Result<()> {
    let mut from = 0;
    while from < count {
        let until = count.min(from + AT_ONCE);
        let puts = (from..until).map(&row).collect::<Result<Vec<Put>>>()?;
        db.transact(async |tx| outbox::put_many(tx, puts).await).await?;
        from = until;
    }
    Ok(())
}

/// Waits until no row of this kind waits any more: how many are done, and how many in doubt. What moves nothing for long
/// is given up.
async fn settled(db: &Db, kind: &str) -> Result<(i64, i64)> {
    let clock = db.clock();
    let (mut before, mut moved) = (None, clock.elapsed());
    loop {
        let counts = db.read(async |tx| outbox::store::counts_of(tx, kind).await).await?;
        let of = |states: &[&str]| -> i64 {
            counts.iter().filter(|(state, _)| states.contains(&state.as_str())).map(|(_, count)| count).sum()
        };
        let waiting = of(&["scheduled", "executing", "retryable"]);
        if before != Some(waiting) {
            (before, moved) = (Some(waiting), clock.elapsed());
        }
        if waiting == 0 || clock.elapsed().saturating_sub(moved) > PATIENCE {
            return Ok((of(&["completed"]), of(&["unknown"])));
        }
        clock.rest(Duration::from_millis(200)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lateness_is_told_by_rank() {
        let late: Vec<i64> = (0..=100).collect();
        let told = Late::of(&late, Idle::default());
        assert_eq!((told.ran, told.min_ms, told.p50_ms, told.p99_ms, told.max_ms), (101, 0, 50, 99, 100));
        assert_eq!(Late::of(&[], Idle::default()).ran, 0);
    }
}
