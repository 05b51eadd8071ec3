//! Who moves the demo's clock: by steps, to the next event, or sixty times as fast; and who restarts the product.

use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

use super::extras::Extras;
use super::stage::Stage;
use crate::kernel::{At, Error, Result};
use crate::platform::outbox;
use crate::platform::store::Tx;
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Running {
    /// The clock runs by itself.
    pub plays: bool,
    /// An order is being carried out.
    pub busy: bool,
    /// Why the product does not run.
    pub fallen: Option<String>,
    /// When it was restarted last.
    pub restarted: Option<At>,
    /// What the clock passed last that people notice.
    pub happened: Option<Happened>,
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

/// What hangs longer is left hanging: it is what one came to see.
const PATIENCE: Duration = Duration::from_secs(2);

/// So many rows ahead are looked through for what people notice.
const LOOK_AHEAD: i64 = 400;

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
pub fn driver(mut stage: Stage, extras: Extras) -> (Driver, Work) {
    stage.set_patience(PATIENCE);
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
            let plays = self.running.borrow().plays;
            let order = tokio::select! {
                () = self.ended.cancelled() => None,
                order = self.taken.recv() => order,
                () = self.stage.clock.rest(STEP), if plays => Some(Order::Advance(STRIDE)),
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

    async fn carry_out(&mut self, order: Order) {
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
                let fallen = self.stage.start().await.err().map(|error| error.to_string());
                let at = self.stage.clock.now();
                self.running.send_modify(|running| (running.fallen, running.restarted) = (fallen, Some(at)));
                self.rest().await;
            }
        }
    }

    /// Waits for quiet, but not for long: while Telegram is away there is none.
    async fn rest(&self) -> bool {
        self.stage.drain().await.is_ok()
    }

    /// Lets school time pass until `at`, over each moment at which something is due.
    async fn go(&self, at: At) {
        let mut quiet = self.rest().await;
        let ahead = self.events().await.unwrap_or_default();
        loop {
            let Ok((next, waiting)) = self.stage.ahead().await else { break };
            match next.filter(|due| *due <= at) {
                _ if waiting && quiet => {}
                Some(due) => self.pass(due),
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

    fn pass(&self, at: At) {
        self.stage.clock.set(at);
        self.extras.act(at);
    }

    async fn next_event(&self) -> Option<At> {
        Some(self.events().await?.first()?.due_at)
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
