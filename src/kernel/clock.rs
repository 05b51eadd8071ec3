//! Three readings of time.
//!
//! * [`Clock::now`] is **school time**: due moments, windows, texts. Tests set it and the demo accelerates it.
//! * [`Clock::wall`] is **machine time** (UTC): stored where processes meet (leases, holds, `retry_after`).
//! * [`Clock::elapsed`] is **monotonic**, within this process only: time-outs and pacing.
//!
//! All stored instants are unix milliseconds UTC ([`At`]).

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Datelike as _, TimeZone, Timelike as _, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

/// An instant: unix milliseconds, UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type, Default)]
#[sqlx(transparent)]
#[serde(transparent)]
pub struct At(pub i64);

impl At {
    pub const fn millis(self) -> i64 {
        self.0
    }
    /// Whole seconds, as Telegram's `date` fields want them.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds * 1000)
    }
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        Self(self.0 + minutes * 60_000)
    }
    pub const fn plus_hours(self, hours: i64) -> Self {
        self.plus_minutes(hours * 60)
    }
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_hours(days * 24)
    }
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)))
    }
    /// How long from `self` until `later`; zero when `later` is not later.
    pub fn until(self, later: Self) -> Duration {
        Duration::from_millis(u64::try_from(later.0 - self.0).unwrap_or(0))
    }
    /// Whole minutes from `self` to `later`, rounded down (negative when `later` is earlier).
    pub const fn minutes_to(self, later: Self) -> i64 {
        (later.0 - self.0).div_euclid(60_000)
    }
    pub fn utc(self) -> DateTime<Utc> {
        Utc.timestamp_millis_opt(self.0).single().unwrap_or(DateTime::<Utc>::UNIX_EPOCH)
    }
    pub fn of<Tz: TimeZone>(moment: &DateTime<Tz>) -> Self {
        Self(moment.timestamp_millis())
    }
}

impl fmt::Debug for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let utc = self.utc();
        let (year, month, day) = (utc.year(), utc.month(), utc.day());
        let (hour, minute, second, millis) = (utc.hour(), utc.minute(), utc.second(), utc.timestamp_subsec_millis());
        // Written for each session of a large timetable: chrono's own way takes thrice as long.
        if (0..10_000).contains(&year) {
            return write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z");
        }
        write!(f, "{}", utc.format("%Y-%m-%dT%H:%M:%S%.3fZ"))
    }
}

/// Where school time comes from.
enum School {
    /// The machine's own UTC clock.
    Machine,
    /// A clock that somebody sets: a test, the demo, the sandbox's control door.
    Set(watch::Sender<At>),
}

struct Inner {
    school: School,
    started: std::time::Instant,
    /// Added to the machine's UTC for [`Clock::wall`]; on `PostgreSQL` the server's clock decides.
    wall_offset: AtomicI64,
    /// Milliseconds of machine time that nobody waited for: see [`Clock::skip`].
    skipped: AtomicI64,
}

/// The one source of time. Cheap to clone.
#[derive(Clone)]
pub struct Clock(Arc<Inner>);

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({:?})", self.now())
    }
}

fn machine_utc() -> At {
    #[expect(clippy::disallowed_methods, reason = "the kernel's clock is the one reader of the machine's clock")]
    let now = Utc::now();
    At(now.timestamp_millis())
}

impl Clock {
    fn build(school: School) -> Self {
        #[expect(clippy::disallowed_methods, reason = "the kernel's clock is the one reader of the machine's clock")]
        let started = std::time::Instant::now();
        Self(Arc::new(Inner { school, started, wall_offset: AtomicI64::new(0), skipped: AtomicI64::new(0) }))
    }

    /// School time is the machine's time.
    pub fn machine() -> Self {
        Self::build(School::Machine)
    }

    /// School time stands at `at` until [`Clock::set`] or [`Clock::advance`].
    pub fn standing(at: At) -> Self {
        Self::build(School::Set(watch::Sender::new(at)))
    }

    /// School time.
    pub fn now(&self) -> At {
        match &self.0.school {
            School::Machine => machine_utc(),
            School::Set(at) => *at.borrow(),
        }
    }

    /// Machine time, corrected by the database server's where there is one.
    pub fn wall(&self) -> At {
        let (offset, skipped) = (&self.0.wall_offset, &self.0.skipped);
        At(machine_utc().0 + offset.load(Ordering::Relaxed) + skipped.load(Ordering::Relaxed))
    }

    /// Time since this clock was made, monotonic.
    pub fn elapsed(&self) -> Duration {
        self.0.started.elapsed()
    }

    /// Sets how far [`Clock::wall`] is from the machine's own clock.
    pub fn correct_wall(&self, server: At) {
        self.0.wall_offset.store(server.0 - machine_utc().0, Ordering::Relaxed);
    }

    /// Between two runs of the program so much machine time passes: what the first one held runs out without anybody
    /// waiting for it. No effect where school time is the machine's.
    pub fn skip(&self, span: Duration) {
        if matches!(self.0.school, School::Set(_)) {
            self.0.skipped.fetch_add(i64::try_from(span.as_millis()).unwrap_or(0), Ordering::Relaxed);
        }
    }

    /// The machine's clock is put back by so much, as a time server or a machine restored as it was does; monotonic time
    /// goes on. No effect where school time is the machine's.
    pub fn put_back(&self, span: Duration) {
        let millis = i64::try_from(span.as_millis()).unwrap_or(0);
        if let School::Set(sender) = &self.0.school {
            self.0.wall_offset.fetch_sub(millis, Ordering::Relaxed);
            sender.send_modify(|now| *now = At(now.millis() - millis));
        }
    }

    /// Sets a standing clock; it never goes back. No effect on the machine's clock.
    pub fn set(&self, at: At) {
        if let School::Set(sender) = &self.0.school {
            sender.send_if_modified(|now| {
                let later = at > *now;
                if later {
                    *now = at;
                }
                later
            });
        }
    }

    /// Moves a standing clock forward.
    pub fn advance(&self, span: Duration) {
        self.set(self.now().plus(span));
    }

    /// Waits until school time has reached `at`.
    pub async fn until(&self, at: At) {
        match &self.0.school {
            School::Machine => loop {
                let left = self.now().until(at);
                if left.is_zero() {
                    return;
                }
                // Never longer than a minute at once: a machine that slept or was set shows it at the next look.
                self.rest(left.min(Duration::from_mins(1))).await;
            },
            School::Set(sender) => {
                let mut watcher = sender.subscribe();
                // The sender lives in self: waiting can only end by the time being reached.
                let _ = watcher.wait_for(|now| *now >= at).await;
            }
        }
    }

    /// Waits for a span of machine time (pacing, back-off of a connection, polling of what cannot wake us).
    pub async fn rest(&self, span: Duration) {
        #[expect(clippy::disallowed_methods, reason = "the kernel's clock is the one sleeper")]
        tokio::time::sleep(span).await;
    }

    /// Runs `work` for at most `span` of machine time; `None` when it took longer.
    pub async fn within<F: Future>(&self, span: Duration, work: F) -> Option<F::Output> {
        #[expect(clippy::disallowed_methods, reason = "the kernel's clock is the one giver of time-outs")]
        let outcome = tokio::time::timeout(span, work).await;
        outcome.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_as_chrono_writes_it() {
        for at in
            [0, -1, 1_795_503_600_000, 1_795_503_600_007, -62_167_219_200_000, 253_402_300_799_999, 253_402_300_800_000]
        {
            let at = At(at);
            assert_eq!(format!("{at:?}"), at.utc().format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string());
        }
    }

    #[tokio::test]
    async fn a_standing_clock_wakes_sleepers_and_never_goes_back() {
        let clock = Clock::standing(At(1_000));
        let sleeper = clock.clone();
        let wait = sleeper.until(At(61_000));
        clock.set(At(500));
        assert_eq!(clock.now(), At(1_000));
        clock.advance(Duration::from_mins(1));
        wait.await;
        assert_eq!(clock.now(), At(61_000));
    }

    #[test]
    fn skipped_time_is_machine_time_and_stays_when_the_server_corrects_it() {
        let clock = Clock::standing(At(1_000));
        let before = clock.wall();
        clock.skip(Duration::from_hours(1));
        assert!(before.minutes_to(clock.wall()) >= 60 && clock.now() == At(1_000));
        clock.correct_wall(machine_utc());
        assert!(before.minutes_to(clock.wall()) >= 60, "{before:?} {clock:?}");
        let machine = Clock::machine();
        machine.skip(Duration::from_hours(1));
        assert!(before.minutes_to(machine.wall()) < 60);
    }

    #[test]
    fn only_a_clock_that_is_put_back_goes_back() {
        let clock = Clock::standing(At(7_200_000));
        let (wall, elapsed) = (clock.wall(), clock.elapsed());
        clock.put_back(Duration::from_hours(1));
        let back = clock.wall().minutes_to(wall);
        assert!(clock.now() == At(3_600_000) && (59..=60).contains(&back), "{clock:?}: {back}");
        assert!(clock.elapsed() >= elapsed);
        let machine = Clock::machine();
        machine.put_back(Duration::from_hours(1));
        assert!(machine.wall() >= wall && machine.now() >= wall);
    }

    #[test]
    fn minutes_round_down_both_ways() {
        assert_eq!(At(0).minutes_to(At(119_999)), 1);
        assert_eq!(At(60_001).minutes_to(At(0)), -2);
        assert_eq!(At(5).until(At(0)), Duration::ZERO);
    }
}
