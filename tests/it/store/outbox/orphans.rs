//! Rows whose process is gone.

use preau::platform::outbox::{Outcome, ReadBack, store};

use super::{Does, Rig, SHORT, row};
use crate::place::Engine;

/// On SQLite the next start knows that it is alone; on PostgreSQL the lease must run out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_was_begun_is_in_doubt_or_repeated_by_its_policy() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, SHORT).await;
        rig.seen.plan("once, begun", [Does::CallsAndHangs]);
        rig.seen.plan("once, not begun", [Does::Hangs]);
        rig.seen.plan("again, begun", [Does::CallsAndHangs]);
        rig.put([row("once, begun"), row("once, not begun"), row("again, begun").repeatable()]).await;
        rig.put([row("behind it").lane("once, begun")]).await;
        rig.hire().await;
        rig.until("all three hang", async |rig| rig.seen.keys().len() == 3).await;
        rig.until("the call was begun", async |rig| {
            let sql = "SELECT COUNT(*) FROM outbox WHERE called_at IS NOT NULL";
            super::super::Raw::open(&rig.place).await.number(sql).await == 1
        })
        .await;
        rig.kill().await;
        rig.hire().await;
        rig.until_state("once, begun", "unknown").await;
        rig.until_state("once, not begun", "completed").await;
        rig.until_state("again, begun", "completed").await;
        rig.until_state("behind it", "completed").await;
        assert_eq!(rig.seen.times("once, begun"), 1, "{engine:?}: never repeated blindly");
        assert_eq!((rig.seen.times("once, not begun"), rig.seen.times("again, begun")), (2, 2));
        rig.until("told", async |rig| !rig.seen.told().is_empty()).await;
        assert_eq!(rig.seen.told(), [("once, begun".to_owned(), "unknown".to_owned())], "told once");
        assert_eq!(rig.state("report:once, begun").await, "scheduled", "told in the transaction that settled it");
        rig.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_in_doubt_and_does_not_block() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[]).await;
        rig.seen.plan("lost", [Does::Ends(Outcome::Unknown("no answer".to_owned()))]);
        rig.put([row("lost").lane("l"), row("next").lane("l")]).await;
        rig.hire().await;
        rig.until_state("next", "completed").await;
        assert_eq!((rig.state("lost").await.as_str(), rig.seen.times("lost")), ("unknown", 1), "{engine:?}");
        assert_eq!(rig.seen.told(), [("lost".to_owned(), "unknown".to_owned())]);
        rig.end().await;
    }
}

/// The message went, then the store was away when that was to be kept: an error is no leave to send it again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_after_its_call_is_in_doubt_or_repeated_by_its_policy() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[]).await;
        rig.seen.plan("once", [Does::CallsAndFails]);
        rig.seen.plan("again", [Does::CallsAndFails]);
        rig.put([row("once"), row("again").repeatable()]).await;
        rig.hire().await;
        rig.until_state("once", "unknown").await;
        rig.until_state("again", "completed").await;
        assert_eq!((rig.seen.times("once"), rig.seen.times("again")), (1, 2), "{engine:?}");
        rig.end().await;
    }
}

/// … and where the outside can be asked, it is, before anything is repeated or given up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_after_a_call_that_left_a_trace_is_looked_for() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, SHORT).await;
        for key in ["once", "once, unreadable", "again", "again, unreadable"] {
            rig.seen.plan(key, [Does::LeavesATraceAndFails]);
        }
        for key in ["once", "again"] {
            rig.seen.found.lock().unwrap().insert(key.to_owned(), [ReadBack::Done].into());
        }
        rig.put([row("once"), row("once, unreadable")]).await;
        rig.put([row("again").repeatable(), row("again, unreadable").repeatable()]).await;
        rig.hire().await;
        for (key, state, times) in [
            ("once", "completed", 1),
            ("once, unreadable", "unknown", 1),
            ("again", "completed", 1),
            ("again, unreadable", "completed", 2),
        ] {
            rig.until_state(key, state).await;
            assert_eq!(rig.seen.times(key), times, "{engine:?}: {key}");
        }
        assert_eq!(rig.seen.told(), [("once, unreadable".to_owned(), "unknown".to_owned())]);
        rig.end().await;
    }
}

/// A backup came back that was made during a call: what may be repeated was perhaps done since, and is looked for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_on_its_way_in_a_backup_is_looked_for() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, SHORT).await;
        rig.seen.plan("again", [Does::LeavesATraceAndHangs]);
        rig.seen.found.lock().unwrap().insert("again".to_owned(), [ReadBack::Done].into());
        rig.put([row("again").repeatable()]).await;
        rig.hire().await;
        rig.until("the call was begun", async |rig| {
            let sql = "SELECT COUNT(*) FROM outbox WHERE called_at IS NOT NULL AND trace IS NOT NULL";
            super::super::Raw::open(&rig.place).await.number(sql).await == 1
        })
        .await;
        rig.kill().await;
        rig.database.db.transact(async |tx| store::restored(tx, "test.answer").await).await.unwrap();
        rig.hire().await;
        rig.until_state("again", "completed").await;
        assert_eq!(rig.seen.times("again"), 1, "{engine:?}");
        assert_eq!(*rig.seen.looked.lock().unwrap(), ["\"trace of again\""]);
        rig.end().await;
    }
}

/// A message that can be looked for is: found, it is done; not there once its request must have ended, it is sent again;
/// and where nobody can look, it is in doubt.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_left_a_trace_is_looked_for_before_anything_is_decided() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, SHORT).await;
        for key in ["there", "not there", "unreadable", "there, again", "unreadable, again"] {
            rig.seen.plan(key, [Does::LeavesATraceAndHangs]);
        }
        let later = ReadBack::Later(rig.clock.wall());
        let soon = (0..100_000).map(|_| ReadBack::Absent);
        rig.seen.found.lock().unwrap().insert("there".to_owned(), [later.clone(), ReadBack::Done].into());
        rig.seen.found.lock().unwrap().insert("there, again".to_owned(), [later, ReadBack::Done].into());
        rig.seen.found.lock().unwrap().insert("not there".to_owned(), soon.collect());
        let began = rig.clock.wall();
        rig.put([row("there"), row("not there"), row("unreadable"), row("behind it").lane("not there")]).await;
        // What may be repeated is looked for as well.
        rig.put([row("there, again").repeatable(), row("unreadable, again").repeatable()]).await;
        rig.hire().await;
        rig.until("the calls were begun", async |rig| {
            let sql = "SELECT COUNT(*) FROM outbox WHERE called_at IS NOT NULL AND trace IS NOT NULL";
            super::super::Raw::open(&rig.place).await.number(sql).await == 5
        })
        .await;
        rig.kill().await;
        assert!(!rig.cancel("gone").await);
        rig.hire().await;
        rig.until_state("there", "completed").await;
        rig.until_state("unreadable", "unknown").await;
        rig.until_state("there, again", "completed").await;
        rig.until_state("unreadable, again", "completed").await;
        // What may have been done is not withdrawn as if it had not.
        if rig.state("not there").await == "retryable" {
            assert!(!rig.cancel("not there").await);
        }
        rig.until_state("not there", "completed").await;
        // A request that was on its way when its process stopped has ended by then.
        assert!(rig.clock.wall() >= began.plus(std::time::Duration::from_secs(5)), "{engine:?}");
        rig.until_state("behind it", "completed").await;
        assert_eq!((rig.seen.times("there"), rig.seen.times("unreadable")), (1, 1), "{engine:?}");
        assert_eq!(rig.seen.times("not there"), 2, "{engine:?}: sent again, once");
        assert_eq!((rig.seen.times("there, again"), rig.seen.times("unreadable, again")), (1, 2), "{engine:?}");
        let looked = rig.seen.looked.lock().unwrap().clone();
        assert!(looked.contains(&"\"trace of there\"".to_owned()), "{looked:?}");
        assert_eq!(rig.seen.told(), [("unreadable".to_owned(), "unknown".to_owned())]);
        let sql = "SELECT COUNT(*) FROM outbox WHERE trace IS NOT NULL OR doubt_at IS NOT NULL";
        assert_eq!(super::super::Raw::open(&rig.place).await.number(sql).await, 0, "{engine:?}: no words are kept");
        rig.end().await;
    }
}
