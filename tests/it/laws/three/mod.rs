//! Three real programs on one PostgreSQL, one of them killed or paused (SIGSTOP) every few seconds, while the days of a
//! small school go by: lessons with their reminders, sheets and calls, people who ask and press.
//!
//! [`strikes`] what is done to the programs, and how long nobody serves then · [`stopwatch`] how much time the machine gave
//! them meanwhile · [`school`] what goes on meanwhile, and what must have come of it.

mod school;
mod stopwatch;
mod strikes;

use std::time::Duration;

use preau::kernel::Clock;

use self::school::School;
use self::strikes::{CUT_OFF, Strikes, Told};
use crate::place::{Engine, tell};

/// Polling and sending are taken over within this …
const SERVED: Duration = Duration::from_secs(15);
/// … and the user accounts within this.
const CALLER: Duration = Duration::from_mins(1);
/// A play of so many minutes strikes whoever has the accounts, too.
const LONG: u64 = 5;
/// What whoever takes over may need from the moment on which he may serve until he has polled and sent.
const BEGUN: Duration = Duration::from_millis(700);

/// A takeover that was too late, counted in time that the machine gave.
fn too_late(told: &Told) -> Vec<String> {
    let mut broken = Vec::new();
    for one in &told.served {
        // A second one that stands still at that very moment is a second failure.
        let more = if one.held_up { CUT_OFF } else { Duration::ZERO };
        if one.given > SERVED + more {
            broken.push(format!("nobody served for longer than {:?}: {one}", SERVED + more));
        }
        if one.late > BEGUN + more {
            broken.push(format!("nobody served {:?} after somebody might: {one}", BEGUN + more));
        }
    }
    let late = told.called.iter().filter(|one| one.given > CALLER);
    broken.extend(late.map(|one| format!("nobody had the accounts for longer than {CALLER:?}: {one}")));
    broken
}

async fn three(minutes: u64, seed: u64) {
    let school = School::open(minutes).await;
    let strikes = Strikes::begin(&school, seed).await;
    tell(&format!("three programs, {minutes} minutes, seed {seed}"));
    futures::join!(strikes.strike(), strikes.watch(), async {
        school.live(Duration::from_secs(minutes * 60), seed).await;
        strikes.end();
    });
    school.close_the_day().await;
    let told = strikes.told();
    tell(&told.to_string());
    let mut broken = school.judge(&told).await;
    broken.extend(too_late(&told));
    if told.losses == 0 || told.served.is_empty() {
        broken.push("nobody took over from anybody".to_owned());
    }
    // In a short play whoever is struck may have had no account connected.
    if minutes >= LONG && told.called.is_empty() {
        broken.push("nobody took the accounts over".to_owned());
    }
    broken.extend(strikes.stop().await);
    if !broken.is_empty() {
        tell(&format!("the programs' logs: {}", school.keep_logs(seed)));
    }
    school.end().await;
    assert!(broken.is_empty(), "seed {seed}: {told}\n{broken:#?}");
}

/// `THREE=MINUTES` or `THREE=MINUTES/SEED`; one minute where nothing is said. Nearly all of it is waiting.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says by the environment how long it is played")]
async fn one_of_three_programs_is_killed_or_paused_every_few_seconds() {
    if !Engine::all().contains(&Engine::Postgres) {
        return;
    }
    let asked = std::env::var("THREE").unwrap_or_else(|_| "1".to_owned());
    let (minutes, seed) = asked.split_once('/').map_or((asked.as_str(), None), |(most, seed)| (most, Some(seed)));
    let fresh = || u64::try_from(Clock::machine().wall().millis()).unwrap_or(0);
    let seed = seed.map_or_else(fresh, |seed| seed.parse().expect("THREE=MINUTES/SEED"));
    three(minutes.parse().expect("THREE=MINUTES/SEED"), seed).await;
}
