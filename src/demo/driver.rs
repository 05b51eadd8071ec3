//! Who moves the demo's clock: by steps, to the next event, or sixty times as fast; and who restarts the product.

use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::extras::Extras;
use super::stage::Stage;
use crate::kernel::{At, Error, Result};
use crate::platform::outbox;
use crate::platform::store::Tx;

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
}

/// The visitor's end.
#[derive(Debug, Clone)]
pub struct Driver {
    orders: mpsc::Sender<Order>,
    running: watch::Receiver<Running>,
}

/// How often the running clock steps (machine time), and how far (school time): sixty times as fast.
const STEP: Duration = Duration::from_millis(250);
const STRIDE: Duration = Duration::from_secs(15);

/// What hangs longer is left hanging: it is what one came to see.
const PATIENCE: Duration = Duration::from_secs(2);

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
    pub fn changes(&self) -> watch::Receiver<Running> {
        self.running.clone()
    }
}

/// Gives the visitor's end, and the one that works until the first is dropped.
pub fn driver(mut stage: Stage, extras: Extras) -> (Driver, Work) {
    stage.set_patience(PATIENCE);
    let (orders, taken) = mpsc::channel(64);
    let (running, seen) = watch::channel(Running::default());
    (Driver { orders, running: seen }, Work { stage, extras, taken, running })
}

/// The working end.
#[derive(Debug)]
pub struct Work {
    stage: Stage,
    extras: Extras,
    taken: mpsc::Receiver<Order>,
    running: watch::Sender<Running>,
}

impl Work {
    /// Carries out orders until nobody can give any; then takes the stage down.
    pub async fn run(mut self) {
        loop {
            let plays = self.running.borrow().plays;
            let order = tokio::select! {
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
                self.running.send_modify(|running| running.fallen = fallen);
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
    }

    fn pass(&self, at: At) {
        self.stage.clock.set(at);
        self.extras.act(at);
    }

    async fn next_event(&self) -> Option<At> {
        let now = self.stage.clock.now();
        let look = async |tx: &mut Tx| outbox::store::upcoming(tx, 400).await;
        let rows = self.stage.db().ok()?.read(look).await.ok()?;
        rows.into_iter().find(|row| row.due_at > now && EVENTS.contains(&row.kind.as_str())).map(|row| row.due_at)
    }
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
