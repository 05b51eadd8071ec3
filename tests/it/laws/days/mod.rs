//! Many school days, each out of one number: people, timetable, faults, and the point at which the program is stopped. The
//! real program runs on a real database; Telegram is a small model behind the port (`port`, `account`), without sockets.
//!
//! `plan` a day out of a number · `telegram` the model · `port` and `account` the traits · `program` the program started
//! and stopped · `school` what each day begins with · `play` a day played · `seen` what stands then · `judge` the laws ·
//! `begun` that of calls · `recount` that of sheets, counted anew out of what people did · `doors` the same through the real
//! doors · `trouble` what goes wrong there · `asked` what was asked there, and for which row · `bugbase` what failed once ·
//! `shrink` a day that broke a law made smaller.
//!
//! A day is disturbed [`EACH`] times, each held against the same day undisturbed: `LAWS_DAYS` says how many disturbed days
//! there are (few, unless it is set; `.ci/run` sets as many as fit into its hour), `LAWS_FIRST` with which number they
//! begin, `LAWS_SIZE` of how many acts they are. A longer campaign:
//! `LAWS_DAYS=20000 cargo test --release -- --ignored laws_long`. `LAWS_SHOW=1` prints all that stood in the end of a day
//! that broke a law. `LAWS_DOORS` and `LAWS_DOORS_FIRST` say how many days are played through the real doors, and with which
//! number they begin.

mod account;
mod asked;
mod begun;
mod bugbase;
mod doors;
mod judge;
mod judged;
mod plan;
mod play;
mod port;
mod program;
mod recount;
mod school;
mod seen;
mod shrink;
mod telegram;
mod trouble;

use std::sync::atomic::{AtomicBool, Ordering};

use futures::StreamExt as _;
use futures::stream;

use self::plan::{Disturbance, Plan};
use self::school::School;
use crate::place::{Engine, tell};

/// Disturbed days in a run of `cargo test` on an engine, unless `LAWS_DAYS` says otherwise.
const DAYS: u64 = 48;
/// Of so many days a share can be judged.
const MANY: u64 = 40;
/// So often one day is disturbed, each time otherwise.
const EACH: u64 = 8;
/// One disturbed day of so many is followed by its nights; the undisturbed one always is.
const SWEPT: u64 = 4;
/// Acts of a day, beside lessons that are attended.
const SIZE: usize = 12;
/// So many days are played side by side: they mostly wait for the disk.
const BESIDE: usize = 6;

#[expect(clippy::disallowed_methods, reason = "a campaign is told by the environment how long it is")]
fn told(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|days| days.parse().ok()).unwrap_or(usual)
}

/// What came of days.
#[derive(Debug, Default)]
struct Judged {
    /// What was broken, by number.
    broken: Vec<(u64, String)>,
    /// Disturbed days that were held against the undisturbed one as a whole, and all of them.
    compared: (u64, u64),
    /// Sheets that were counted anew.
    recounted: usize,
}

impl Judged {
    fn broken(number: u64, why: String) -> Self {
        Self { broken: vec![(number, why)], ..Self::default() }
    }
    fn with(mut self, other: Self) -> Self {
        self.broken.extend(other.broken);
        self.compared = (self.compared.0 + other.compared.0, self.compared.1 + other.compared.1);
        self.recounted += other.recounted;
        self
    }
}

/// One plan, undisturbed and then disturbed as these numbers say.
async fn judged(school: &School, plan: &Plan, numbers: impl IntoIterator<Item = u64>) -> Judged {
    let first = plan.seed * EACH;
    let calm = match play::play(school, plan, &Disturbance::default(), true).await {
        Ok(calm) => calm,
        Err(why) => return Judged::broken(first, why),
    };
    let wrong = judge::alone(&calm);
    if !wrong.is_empty() {
        return Judged::broken(first, format!("undisturbed: {wrong:#?}"));
    }
    let mut all = Judged { recounted: recount::count(&calm), ..Judged::default() };
    for number in numbers {
        let disturbance = Disturbance::of(number, calm.points, calm.made);
        let (wrong, shown) = match play::play(school, plan, &disturbance, number % SWEPT == 0).await {
            Ok(seen) => {
                all.compared.0 += u64::from(judge::is_comparable(&seen, &calm));
                all.recounted += recount::count(&seen);
                (judge::all(&seen, &calm), Some(seen))
            }
            Err(why) => (vec![why], None),
        };
        all.compared.1 += 1;
        if !wrong.is_empty() {
            all.broken.push((number, format!("{disturbance:?} of {} points: {wrong:#?}", calm.points)));
            if told("LAWS_SHOW", 0) > 0 {
                tell(&format!("{plan:#?}\ncalm {calm:#?}\nday {number} {:#?}", shown.unwrap_or_default()));
            }
        }
    }
    all
}

/// Plays these days of a school; what was broken is printed with its number, and the first of them made smaller.
async fn played(school: &School, engine: Engine, first: u64, count: u64) -> Judged {
    let size = usize::try_from(told("LAWS_SIZE", u64::try_from(SIZE).unwrap_or(0))).unwrap_or(SIZE);
    let seeds = first / EACH..(first + count).div_ceil(EACH);
    let once = &AtomicBool::new(false);
    let played = seeds.map(|seed| async move {
        let numbers = (seed * EACH..(seed + 1) * EACH).filter(|number| (first..first + count).contains(number));
        let judged = judged(school, &Plan::of(seed, size), numbers).await;
        for (number, why) in &judged.broken {
            tell(&format!("{engine:?}, day {number}: {why}"));
        }
        if let Some((number, _)) = judged.broken.first().filter(|_| !once.swap(true, Ordering::SeqCst)) {
            let (size, less) = shrink::shrunk(school, seed, *number).await;
            tell(&format!(
                "{engine:?}, day {number}: LAWS_SIZE={size} LAWS_FIRST={number} LAWS_DAYS=1 gives it; {less:#?}"
            ));
        }
        judged
    });
    stream::iter(played).buffer_unordered(BESIDE).fold(Judged::default(), async |all, one| all.with(one)).await
}

/// Plays so many days on each engine, beginning with that one.
async fn campaign(first: u64, count: u64) {
    for engine in Engine::all() {
        let school = School::made(engine).await;
        let Judged { broken, compared, recounted } =
            played(&school, engine, told("LAWS_FIRST", first), told("LAWS_DAYS", count)).await;
        school.remove().await;
        assert!(broken.is_empty(), "{engine:?}: days {:?} broke a law", numbers(&broken));
        let (whole, all) = compared;
        tell(&format!(
            "{engine:?}: {whole} of {all} disturbed days were held against the undisturbed one as a whole, and {recounted} \
            sheets were counted anew"
        ));
        assert!(
            all < MANY || whole * 2 >= all,
            "{engine:?}: {whole} of {all} days were compared: the others prove little"
        );
    }
}

fn numbers(broken: &[(u64, String)]) -> Vec<u64> {
    broken.iter().map(|(number, _)| *number).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_days_keep_the_laws() {
    campaign(0, DAYS).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_failed_once_holds() {
    for engine in Engine::all() {
        let school = School::made(engine).await;
        let is = bugbase::SEEDS.map(|(number, ..)| (number, Plan::of(number / EACH, SIZE).print()));
        let was = bugbase::SEEDS.map(|(number, print, _)| (number, print.to_owned()));
        assert_eq!(is, was, "other days than those that failed: what went wrong there must be found anew");
        for (number, _, sentence) in bugbase::SEEDS {
            let broken = played(&school, engine, number, 1).await.broken;
            assert!(broken.is_empty(), "{engine:?}, day {number}, again: {sentence}");
        }
        school.remove().await;
    }
}

/// A campaign: `LAWS_DAYS=20000 cargo test --release -- --ignored laws_long`, beginning behind the days of every run.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a long campaign"]
async fn laws_long() {
    campaign(1_000, 10_000).await;
}
