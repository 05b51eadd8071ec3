//! Who moves the demo's clock: by steps, to the next event, or sixty times as fast; and who restarts the product.

use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::extras::Extras;
use super::stage::Stage;
use crate::kernel::{At, Error, Result, Text};
use crate::platform::outbox;
use crate::platform::store::Tx;
use crate::platform::why::why;
use crate::school::{classroom, session};

/// What a visitor wants of the clock and the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// So much further.
    Advance(Duration),
    /// To the next moment that people notice.
    Next,
    /// Sixty times as fast as the machine.
    Play,
    Pause,
    /// The product falls as by a crash, and is started again.
    Restart,
    /// To a moment.
    Until(At),
}

/// What the driver is about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Running {
    /// The clock runs by itself.
    pub plays: bool,
    /// An order is being carried out.
    pub busy: bool,
    /// Why the product does not run.
    pub fallen: Option<Fallen>,
    /// When it was restarted last; while it has fallen it was not.
    pub restarted: Option<At>,
    /// What the clock passed last that people notice.
    pub happened: Option<Happened>,
}

/// The product was to start again, and does not.
#[derive(Debug, Clone, PartialEq)]
pub struct Fallen {
    pub why: Text,
    /// What it waits for is Telegram.
    pub awaits_telegram: bool,
    /// It may start by itself later.
    again: bool,
}

impl Fallen {
    fn of(error: &Error) -> Self {
        let why = match error {
            Error::Refusal(refusal) => refusal.text.clone(),
            Error::Outage { detail, .. } | Error::Fault { detail } => why(detail),
        };
        let awaits_telegram = matches!(error, Error::Outage { system: "telegram", .. });
        Self { why, awaits_telegram, again: error.is_outage() }
    }
}

/// Something that people notice, and when it was due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    pub at: At,
    /// Class and kind of job; no class where it concerns none.
    pub what: Vec<(Option<String>, String)>,
}

/// The visitor's end.
#[derive(Debug, Clone)]
pub struct Driver {
    orders: mpsc::Sender<Order>,
    running: watch::Receiver<Running>,
    ended: CancellationToken,
}

/// How often the running clock steps (machine time), and how far (school time): sixty times as fast.
const STEP: Duration = Duration::from_millis(250);
const STRIDE: Duration = Duration::from_secs(15);

/// How often a product that waits for Telegram is started again (machine time).
const AGAIN: Duration = Duration::from_secs(1);

/// What hangs longer is left hanging: it is what one came to see.
const PATIENCE: Duration = Duration::from_secs(2);
/// While Telegram is away there is no quiet: what can be done without it is done by then.
const PATIENCE_AWAY: Duration = Duration::from_millis(250);

/// What is put off by seconds then, again and again, is looked at so often (school time): every step waits.
const STRIDE_AWAY: Duration = Duration::from_secs(30);

/// So many rows ahead are looked through for what people notice.
const LOOK_AHEAD: i64 = 400;

/// What puts itself off by seconds while Telegram is away: only what is further ahead is an event then.
const PUT_OFF: [&str; 2] = ["call.open", "call.nobody"];
const PUT_OFF_WITHIN: Duration = Duration::from_mins(1);

/// Moments that people notice.
const EVENTS: [&str; 10] = [
    "session.remind",
    "session.notice",
    "attendance.open",
    "attendance.close",
    "attendance.nudge",
    "attendance.lock",
    "call.open",
    "call.end",
    "call.nobody",
    "approval.expire",
];

impl Driver {
    /// Asks for something; it is done in turn.
    pub fn order(&self, order: Order) -> Result<()> {
        self.orders.try_send(order).map_err(|error| Error::outage("demo", &error))
    }
    pub fn running(&self) -> Running {
        self.running.borrow().clone()
    }
    /// The working end stops after what it has in hand, and takes the stage down.
    pub fn end(&self) {
        self.ended.cancel();
    }
}

/// Gives the visitor's end, and the one that works until the first is dropped.
pub fn driver(stage: Stage, extras: Extras) -> (Driver, Work) {
    let (orders, taken) = mpsc::channel(64);
    let (running, seen) = watch::channel(Running::default());
    let ended = CancellationToken::new();
    (Driver { orders, running: seen, ended: ended.clone() }, Work { stage, extras, taken, running, ended })
}

/// The working end.
#[derive(Debug)]
pub struct Work {
    stage: Stage,
    extras: Extras,
    taken: mpsc::Receiver<Order>,
    running: watch::Sender<Running>,
    ended: CancellationToken,
}

impl Work {
    /// Carries out orders until told to end, or until nobody can give any; then takes the stage down.
    pub async fn run(mut self) {
        loop {
            let (plays, waits) = (self.running.borrow().plays, self.waits());
            let order = tokio::select! {
                () = self.ended.cancelled() => None,
                order = self.taken.recv() => order,
                () = self.stage.clock.rest(STEP), if plays => Some(Order::Advance(STRIDE)),
                () = self.stage.clock.rest(AGAIN), if waits && !plays => {
                    self.start().await;
                    continue;
                }
            };
            let Some(order) = order else { break };
            if !plays || !matches!(order, Order::Advance(STRIDE)) {
                self.running.send_modify(|running| running.busy = true);
            }
            self.carry_out(order).await;
            self.running.send_modify(|running| running.busy = false);
            self.stage.sandbox.touch();
        }
        self.stage.strike().await;
    }

    fn waits(&self) -> bool {
        self.running.borrow().fallen.as_ref().is_some_and(|fallen| fallen.again)
    }

    /// Starts the product, or says why it does not start.
    async fn start(&mut self) {
        let fallen = self.stage.start().await.err().map(|error| Fallen::of(&error));
        let restarted = fallen.is_none().then(|| self.stage.clock.now());
        let before = self.running.borrow().fallen.clone();
        let changed = before != fallen;
        self.running.send_modify(|running| (running.fallen, running.restarted) = (fallen, restarted));
        if changed {
            self.rest().await;
            self.stage.sandbox.touch();
        }
    }

    async fn carry_out(&mut self, order: Order) {
        // Telegram may be back since the last try.
        if self.waits() && order != Order::Restart {
            self.start().await;
        }
        match order {
            Order::Advance(span) => self.go(self.stage.clock.now().plus(span)).await,
            Order::Until(at) => self.go(at).await,
            Order::Next => {
                if let Some(at) = self.next_event().await {
                    self.go(at).await;
                }
            }
            Order::Play => self.running.send_modify(|running| running.plays = true),
            Order::Pause => self.running.send_modify(|running| running.plays = false),
            Order::Restart => {
                self.stage.crash().await;
                self.start().await;
                self.rest().await;
            }
        }
    }

    /// Waits for quiet, but not for long: while Telegram is away there is none.
    async fn rest(&mut self) -> bool {
        let patience = if self.stage.sandbox.is_away() { PATIENCE_AWAY } else { PATIENCE };
        self.stage.set_patience(patience);
        self.stage.drain().await.is_ok()
    }

    /// Lets school time pass until `at`, over each moment at which something is due.
    async fn go(&mut self, at: At) {
        let mut quiet = self.rest().await;
        let ahead = self.events().await.unwrap_or_default();
        loop {
            let Ok((next, waiting)) = self.stage.ahead().await else { break };
            match next.filter(|due| *due <= at) {
                _ if waiting && quiet => {}
                Some(due) => self.pass(self.step_to(due).min(at)),
                None => break,
            }
            quiet = self.rest().await;
            self.stage.sandbox.touch();
        }
        self.pass(at);
        self.rest().await;
        let ahead: Vec<_> = ahead.into_iter().filter(|row| row.due_at <= at).collect();
        if let Some(happened) = self.happened(&ahead).await {
            self.running.send_modify(|running| running.happened = Some(happened));
        }
    }

    /// How far one step goes for what is due then.
    fn step_to(&self, due: At) -> At {
        let now = self.stage.clock.now();
        if self.stage.sandbox.is_away() && due > now { due.max(now.plus(STRIDE_AWAY)) } else { due }
    }

    fn pass(&self, at: At) {
        self.stage.clock.set(at);
        self.extras.act(at);
    }

    async fn next_event(&self) -> Option<At> {
        let (now, away) = (self.stage.clock.now(), self.stage.sandbox.is_away());
        let counts = |row: &&outbox::store::Shown| {
            !away || !PUT_OFF.contains(&row.kind.as_str()) || row.due_at >= now.plus(PUT_OFF_WITHIN)
        };
        Some(self.events().await?.iter().find(counts)?.due_at)
    }

    /// What is ahead that people notice.
    async fn events(&self) -> Option<Vec<outbox::store::Shown>> {
        let now = self.stage.clock.now();
        let look = async |tx: &mut Tx| outbox::store::upcoming(tx, LOOK_AHEAD).await;
        let mut rows = self.stage.db().ok()?.read(look).await.ok()?;
        rows.retain(|row| row.due_at > now && EVENTS.contains(&row.kind.as_str()));
        Some(rows)
    }

    /// The last of what was ahead and came about, with its classes; what only looked waits again.
    async fn happened(&self, ahead: &[outbox::store::Shown]) -> Option<Happened> {
        if ahead.is_empty() {
            return None;
        }
        let look = async |tx: &mut Tx| {
            let mut found: Option<Happened> = None;
            for row in ahead {
                let now = outbox::store::look_up(tx, &row.key).await?;
                if now.is_none_or(|now| now.due_at != row.due_at || now.state != "completed") {
                    continue;
                }
                let one = (class_of(tx, &row.key).await?, row.kind.clone());
                match &mut found {
                    Some(last) if last.at == row.due_at => last.what.push(one),
                    _ => found = Some(Happened { at: row.due_at, what: vec![one] }),
                }
            }
            Ok(found)
        };
        let mut found = self.stage.db().ok()?.read(look).await.ok()??;
        found.what.sort();
        found.what.dedup();
        Some(found)
    }
}

/// The class of a row: its key names a lesson or a class after its kind.
async fn class_of(tx: &mut Tx, key: &str) -> Result<Option<String>> {
    let Some(id) = key.split(':').nth(1) else { return Ok(None) };
    let class = session::flow::session(tx, id).await?.map_or_else(|| id.to_owned(), |lesson| lesson.classroom_id);
    Ok(classroom::flow::classroom(tx, &class).await?.map(|class| class.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_event_is_a_kind_that_is_registered() {
        let known = |kind: &str| crate::school::FEATURES.iter().flat_map(|one| one.jobs).any(|job| job.name == kind);
        let unknown: Vec<_> = EVENTS.into_iter().filter(|kind| !known(kind)).collect();
        assert!(unknown.is_empty(), "no job is called {unknown:?}");
    }
}
