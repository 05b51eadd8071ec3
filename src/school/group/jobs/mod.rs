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

/// The account is away: later.
fn later(desk: &Desk) -> Outcome {
    if desk.callers.has_any() {
        Outcome::Again(desk.db.clock().now().plus_minutes(AWAY_MINUTES))
    } else {
        Outcome::Snooze(desk.db.clock().wall().plus(STARTING))
    }
}

/// What a trouble of an account's means; every call of ours may be repeated.
fn outcome_of(desk: &Desk, trouble: Trouble) -> Outcome {
    match trouble {
        Trouble::Wait(span) => Outcome::Snooze(desk.db.clock().wall().plus(span)),
        Trouble::Unsent(why) | Trouble::Lost(why) => Outcome::Retry(why),
        Trouble::Refused(why) | Trouble::Unreachable(why) => Outcome::Refused(why),
        Trouble::MessageGone | Trouble::Upgraded(_) => Outcome::Refused(format!("{trouble:?}")),
    }
}
