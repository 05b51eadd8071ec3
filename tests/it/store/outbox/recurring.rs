//! What recurs, and what was missed.

use preau::platform::outbox::Put;
use preau::platform::schedule;

use super::{MOMENTS, NOW, Rig, row};
use crate::place::Engine;

fn fading(key: &str) -> Put {
    Put::new("test.fades", key, &serde_json::json!({})).unwrap()
}

/// DESIGN 5: inside its window a missed moment runs late and says so, outside it is recorded as missed and told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missed_moment_is_recorded_not_performed() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[]).await;
        rig.put([
            row("slept through").due(NOW).until(NOW.plus_minutes(10)),
            fading("faded").due(NOW).until(NOW.plus_minutes(10)),
            row("late").due(NOW).until(NOW.plus_minutes(60)),
            row("waited for").due(NOW).whenever(),
        ])
        .await;
        rig.clock.set(NOW.plus_minutes(30));
        rig.hire().await;
        rig.until_state("slept through", "discarded").await;
        rig.until_state("faded", "cancelled").await;
        rig.until_state("late", "completed").await;
        rig.until("told", async |rig| !rig.seen.told().is_empty()).await;
        assert_eq!(rig.seen.told(), [("slept through".to_owned(), "discarded".to_owned())], "{engine:?}");
        let notes = [rig.look("slept through").await, rig.look("faded").await, rig.look("late").await];
        let notes: Vec<String> = notes.into_iter().map(|row| row.unwrap().note).collect();
        assert_eq!(notes, ["its moment was over", "its moment was over", "1800 s late"]);
        rig.clock.set(NOW.plus_days(20));
        rig.put([row("waited for too").due(NOW).whenever()]).await;
        rig.until_state("waited for too", "completed").await;
        assert_eq!(rig.state("waited for").await, "completed");
        assert_eq!((rig.seen.times("slept through"), rig.seen.times("faded")), (0, 0));
        rig.end().await;
    }
}

/// Each occurrence writes the next: a clock that runs through many days in one go skips none that is worth performing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_day_is_skipped_however_fast_time_runs() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[]).await;
        schedule::ensure(&rig.database.db, &MOMENTS).await.unwrap();
        rig.clock.set(NOW.plus_days(6));
        rig.hire().await;
        let zone = rig.database.db.config().school.time_zone;
        let due = |cron: &str, after| schedule::next(cron, zone, after).unwrap();
        let name = |name: &str, at: preau::kernel::At| format!("moment:{name}:{}", at.utc().format("%Y-%m-%dT%H:%M"));
        let (mut kept, mut at) = (Vec::new(), due("0 8 * * *", NOW));
        while at <= NOW.plus_days(6) {
            kept.push(name("kept", at));
            at = due("0 8 * * *", at);
        }
        let ahead = name("kept", at);
        rig.until("the next day stands", async |rig| rig.state(&ahead).await == "scheduled").await;
        rig.until_quiet().await;
        let performed = rig.seen.keys();
        let of = |prefix: &str| performed.iter().filter(|key| key.contains(prefix)).cloned().collect::<Vec<_>>();
        assert_eq!(of("moment:kept"), kept, "{engine:?}: every day, in order, once");
        // The brief one: the day that stood is recorded as missed, the last one runs late, the next one stands.
        let last = due("0 9 * * *", NOW.plus_days(5));
        assert_eq!(of("moment:brief"), [name("brief", last)]);
        assert_eq!(rig.state(&name("brief", due("0 9 * * *", NOW))).await, "discarded");
        assert_eq!(rig.state(&name("brief", due("0 9 * * *", last))).await, "scheduled");
        rig.end().await;
    }
}

/// What served is deleted after a while; what ended badly keeps what it needs to be done again, but not for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_decided_about_is_let_go_at_last() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[]).await;
        rig.put([row("done"), row("missed").due(NOW.plus_days(-3)).until(NOW.plus_days(-2))]).await;
        rig.hire().await;
        rig.until_state("done", "completed").await;
        rig.until_state("missed", "discarded").await;
        let purge = async |before, long| {
            let db = &rig.database.db;
            db.transact(async |tx| preau::platform::outbox::store::purge(tx, before, long).await).await.unwrap()
        };
        let (long_ago, soon) = (rig.clock.wall().plus_days(-1), rig.clock.wall().plus_minutes(1));
        assert_eq!(purge(long_ago, long_ago).await, 0, "{engine:?}: nothing is old enough");
        assert_eq!(purge(soon, long_ago).await, 1, "what was done; what was missed can still be made up for");
        assert_eq!((rig.state("done").await, rig.state("missed").await), (String::new(), "discarded".to_owned()));
        assert_eq!(purge(soon, soon).await, 1, "let go, and deleted with what served");
        assert_eq!(rig.state("missed").await, "");
        rig.end().await;
    }
}
