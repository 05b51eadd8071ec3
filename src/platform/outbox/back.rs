//! A clock that is put back: a time server set it right, a machine was restored as it was. What waits was reckoned by the
//! time before, and would wait for as long as the clock has to catch up: pauses and leases are held against the time that
//! is now, and what looks again and again looks as often as before. What is due at an hour waits for that hour.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::store;
use crate::kernel::{At, Clock, Result};
use crate::platform::store::{Db, Tx, correct_wall};

/// Two readings are never taken at quite the same moment, and a clock that is set right by less is no trouble.
const SLACK: Duration = Duration::from_secs(10);

/// All three readings of time at one moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    elapsed: Duration,
    wall: At,
    school: At,
}

/// By how much the clocks were put back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Back {
    pub wall: Duration,
    pub school: Duration,
}

impl Back {
    fn is_none(self) -> bool {
        self == Self::default()
    }
}

fn read(clock: &Clock) -> Reading {
    Reading { elapsed: clock.elapsed(), wall: clock.wall(), school: clock.now() }
}

impl Reading {
    fn back_since(&self, before: &Self) -> Back {
        let expected = before.wall.plus(self.elapsed.saturating_sub(before.elapsed));
        let real = |span: Duration| if span > SLACK { span } else { Duration::ZERO };
        Back { wall: real(self.wall.until(expected)), school: real(self.school.until(before.school)) }
    }
}

/// The readings of the last look.
#[derive(Debug, Default)]
pub(super) struct Readings(Mutex<Option<Reading>>);

impl Readings {
    fn last(&self) -> Option<Reading> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn keep(&self, reading: Reading) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reading);
    }

    /// Was nothing read before, or did a clock go back since?
    pub fn are_passed(&self, now: &Reading) -> bool {
        self.last().is_none_or(|before| !now.back_since(&before).is_none())
    }

    /// Reads anew. Where the database's server says what machine time is, it is asked when ours went back.
    pub async fn anew(&self, db: &Db) -> Result<Reading> {
        let reading = read(db.clock());
        let went_back = self.last().is_some_and(|before| !reading.back_since(&before).wall.is_zero());
        if db.is_sqlite() || !went_back {
            return Ok(reading);
        }
        correct_wall(db).await?;
        Ok(read(db.clock()))
    }

    /// What was reckoned by a time that is put back is reckoned by the time that is now.
    pub async fn apply(&self, tx: &mut Tx, now: Reading, lease: Duration) -> Result<()> {
        let back = if let Some(before) = self.last() {
            now.back_since(&before)
        } else {
            // Perhaps while no program ran: something ended later than it is now.
            let ended = store::last_settled(tx).await?.map_or(Duration::ZERO, |ended| now.wall.until(ended));
            Back { wall: if ended > SLACK { ended } else { Duration::ZERO }, school: Duration::ZERO }
        };
        if back.is_none() {
            return Ok(());
        }
        tracing::warn!(wall_s = back.wall.as_secs(), school_s = back.school.as_secs(), "outbox.clock_put_back");
        store::put_back(tx, back, lease).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(elapsed: u64, wall: i64, school: i64) -> Reading {
        Reading {
            elapsed: Duration::from_secs(elapsed),
            wall: At::from_seconds(wall),
            school: At::from_seconds(school),
        }
    }

    #[test]
    fn only_what_goes_back_is_put_back() {
        let (before, none) = (at(10, 5_000, 9_000), Back::default());
        let s = Duration::from_secs;
        for (after, back) in [
            (at(11, 5_001, 9_001), none),
            (at(11, 8_601, 12_601), none),
            (at(70, 5_055, 9_055), none),
            (at(11, 1_401, 5_401), Back { wall: s(3_600), school: s(3_599) }),
            // School time stands, or is set by somebody.
            (at(71, 4_761, 9_000), Back { wall: s(300), ..none }),
            (at(11, 5_001, 8_700), Back { school: s(300), ..none }),
        ] {
            assert_eq!(after.back_since(&before), back, "{after:?}");
        }
    }
}
