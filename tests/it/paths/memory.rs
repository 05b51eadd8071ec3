//! Memory while what everything needs is away: what waits, waits where it was.

use std::time::Duration;

use preau::kernel::Clock;

use super::{Machine, Running, within};
use crate::place::Engine;
use crate::store::Raw;

const PEOPLE: usize = 50;
/// What each of them says meanwhile.
const LINES: usize = 20;
/// Whoever hoarded what was said would hold eight megabytes of it, several times over.
const MOST_KILOBYTES: u64 = 12_000;

impl Running {
    /// What a line of its status says, in kilobytes.
    fn kilobytes(&self, line: &str) -> u64 {
        let path = format!("/proc/{}/status", self.pid());
        let status = std::fs::read_to_string(path).expect("it runs");
        let found = status.lines().find_map(|one| one.strip_prefix(line)?.strip_suffix(" kB"));
        found.expect(line).trim_start_matches(':').trim().parse().expect("a number")
    }

    /// From here on the most that it has at once is counted anew.
    fn forget_the_most(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.pid()), "5").expect("its own user may");
    }
}

/// Everybody types long words while the database cannot be written, and nothing of it is hoarded; all are answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_for_a_locked_database_is_not_held_in_memory() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        let mut run = machine.command(&["run"]);
        for limit in ["OVERALL", "CHAT", "GROUP"] {
            run.env(format!("PREAU__TELEGRAM__LIMITS__{limit}"), "0");
        }
        let running = Running::start(run, &machine.folder().join("run.log"));
        machine.until("/readyz", 200).await;
        let people: Vec<i64> =
            (0..PEOPLE).map(|number| machine.sandbox.add_person(&format!("P{number}"), "", "fr")).collect();
        let answers = || people.iter().map(|one| machine.sandbox.messages(*one).len()).collect::<Vec<_>>();
        // Once before: what a program has read and made by then, it keeps.
        for one in &people {
            machine.sandbox.say(*one, *one, &format!("/semmaine {}", "é".repeat(4_000)));
        }
        within(Duration::from_mins(1), "answered", async || answers().iter().all(|said| *said == 2)).await;

        let mut stranger = Raw::url(&machine.database_url()).await;
        let lock = match engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN; SELECT pg_advisory_xact_lock(5264709)",
        };
        stranger.execute(lock).await;
        let before = running.kilobytes("VmRSS");
        running.forget_the_most();
        for number in 0..LINES {
            for one in &people {
                machine.sandbox.say(*one, *one, &format!("/semmaine {number} {}", "é".repeat(4_000)));
            }
        }
        Clock::machine().rest(Duration::from_secs(6)).await;
        let most = running.kilobytes("VmHWM");
        stranger.execute("ROLLBACK").await;
        assert!(most < before + MOST_KILOBYTES, "{engine:?}: {before} kB, then {most} kB");

        within(Duration::from_mins(2), "answered", async || answers().iter().all(|said| *said == 2 + 2 * LINES)).await;
        running.signal("TERM").await;
        assert_eq!(running.ended().await.0, 0, "{engine:?}");
        machine.remove().await;
    }
}
