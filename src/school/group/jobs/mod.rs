//! What the outbox performs for groups.

mod making;
mod picture;
mod removing;
mod tending;

use std::time::Duration;

pub use self::making::{equip, greet, link, make, pin, queue, ready, spare};
pub use self::picture::photo;
pub use self::removing::{remove, show};
pub use self::tending::{compare, connected, daily, left, rights, round, tend};

use crate::platform::outbox::Outcome;
use crate::telegram::port::{Desk, Trouble, done};

/// An account that is away is waited for so long.
const AWAY_MINUTES: i64 = 5;
/// A process that just started connects its accounts.
const STARTING: Duration = Duration::from_secs(1);

/// Later; `None` when accounts are there, or none is to come. Nothing is given up because this process, or the one that
/// served them before, is just starting or stopping.
fn awaited(desk: &Desk) -> Option<Outcome> {
    let moment = desk.db.clock().wall().plus(STARTING);
    desk.callers.awaited_for().map(|_| Outcome::Snooze(moment))
}

/// The account is away: later.
fn later(desk: &Desk) -> Outcome {
    if let Some(moment) = awaited(desk) {
        moment
    } else if desk.callers.has_any() {
        Outcome::Again(desk.db.clock().now().plus_minutes(AWAY_MINUTES))
    } else {
        Outcome::Snooze(desk.db.clock().wall().plus(STARTING))
    }
}

/// What an account's trouble with a step of the making means. While Telegram does not answer it at all, nothing was
/// tried: however long that lasts, the class waits for its group, and no admin has to see to it.
async fn answered(desk: &Desk, by: i64, trouble: Trouble) -> Outcome {
    match trouble {
        Trouble::Unsent(_) | Trouble::Lost(_)
            // One that is lost for good is seen to at the next attempt.
            if desk.callers.ready().contains(&by) && !desk.callers.answers(by).await =>
        {
            later(desk)
        }
        trouble => outcome_of(desk, trouble),
    }
}

/// What a trouble means; every call of ours may be repeated.
fn outcome_of(desk: &Desk, trouble: Trouble) -> Outcome {
    match trouble {
        Trouble::Wait(span) => Outcome::Snooze(desk.db.clock().wall().plus(span)),
        Trouble::Unsent(why) | Trouble::Lost(why) => Outcome::Retry(why),
        Trouble::Refused(why) | Trouble::Unreachable(why) => Outcome::Refused(why),
        Trouble::MessageGone | Trouble::Upgraded(_) => Outcome::Refused(format!("{trouble:?}")),
    }
}
