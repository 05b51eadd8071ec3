//! A task beside the programs that does a small piece of what they do, again and again: how long it takes tells how much of
//! the time the machine gave to whoever had to work. What it did not give is not held against a program.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use preau::kernel::Clock;
use preau::kernel::secret::sha256_hex;
use preau::platform::tasks::Tasks;

use crate::store::Raw;

/// Between two pieces.
const REST: Duration = Duration::from_millis(100);
/// What a piece costs on a machine that does nothing else, at least.
const PIECE: Duration = Duration::from_millis(3);
/// On a machine that does nothing else pieces differ by so much.
const SPREAD: f64 = 2.0;

/// A rest and a piece of work.
#[derive(Debug, Clone, Copy)]
struct Tick {
    began: Duration,
    ended: Duration,
    /// How long the work took, with what the rest before it lasted too long.
    took: Duration,
}

#[derive(Clone)]
pub(super) struct Stopwatch {
    clock: Clock,
    ticks: Arc<Mutex<Vec<Tick>>>,
}

impl Stopwatch {
    /// Until the tasks stop. `url`: the database which the programs share.
    pub(super) fn start(clock: &Clock, url: &str, tasks: &Tasks) -> Self {
        let stopwatch = Self { clock: clock.clone(), ticks: Arc::default() };
        let (mine, url, stopping) = (stopwatch.clone(), url.to_owned(), tasks.stopping().clone());
        tasks.spawn(async move {
            let mut raw = Raw::url(&url).await;
            let rounds = mine.rounds();
            while !stopping.is_cancelled() {
                mine.tick(&mut raw, rounds).await;
            }
        });
        stopwatch
    }

    /// So many rounds of computing are a piece.
    fn rounds(&self) -> usize {
        let (began, mut rounds) = (self.clock.elapsed(), 0);
        while self.clock.elapsed().saturating_sub(began) < PIECE {
            compute();
            rounds += 1;
        }
        rounds
    }

    async fn tick(&self, raw: &mut Raw, rounds: usize) {
        let began = self.clock.elapsed();
        self.clock.rest(REST).await;
        for _ in 0..rounds {
            compute();
        }
        for _ in 0..3 {
            raw.number("SELECT COUNT(*) FROM lease").await;
        }
        let ended = self.clock.elapsed();
        let took = ended.saturating_sub(began).saturating_sub(REST);
        self.ticks.lock().expect("ticks").push(Tick { began, ended, took });
    }

    /// How much of a span the machine gave: each moment counts as much less as a piece took longer at that moment than the
    /// quickest of all.
    pub(super) fn given(&self, from: Duration, to: Duration) -> Duration {
        given(&self.ticks.lock().expect("ticks"), from, to)
    }
}

fn compute() {
    std::hint::black_box(sha256_hex(std::hint::black_box(&[7; 1024])));
}

fn given(ticks: &[Tick], from: Duration, to: Duration) -> Duration {
    let span = to.saturating_sub(from);
    let quickest = ticks.iter().map(|tick| tick.took).min().unwrap_or(PIECE).max(Duration::from_millis(1));
    let missing: Duration = ticks
        .iter()
        .map(|tick| {
            let within = tick.ended.min(to).saturating_sub(tick.began.max(from));
            let longer = tick.took.as_secs_f64() / quickest.as_secs_f64() / SPREAD;
            within.mul_f64(1.0 - 1.0 / longer.max(1.0))
        })
        .sum();
    span.saturating_sub(missing)
}

/// On a quiet machine all time counts; on one that does five things at once a fifth of it; and a stop of the whole machine
/// not at all.
#[test]
fn time_counts_as_far_as_it_was_given() {
    let millis = Duration::from_millis;
    let tick = |began, took| Tick { began: millis(began), ended: millis(began + 100 + took), took: millis(took) };
    let ticks = [tick(0, 10), tick(110, 15), tick(225, 100), tick(425, 4_900)];
    let given = |from, to| given(&ticks, millis(from), millis(to)).as_millis();
    assert_eq!(given(0, 225), 225);
    assert_eq!(given(225, 425), 40);
    assert!(given(425, 5_425) < 25, "{}", given(425, 5_425));
    // What is not measured yet counts.
    assert_eq!(given(5_425, 6_425), 1_000);
}
