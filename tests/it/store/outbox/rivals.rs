//! Workers of several processes on one database.

use std::collections::BTreeSet;

use super::super::Raw;
use super::{Rig, row};
use crate::place::Engine;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_rivals_claim_four_hundred_rows_once_each() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[("outbox.workers", "4")]).await;
        for _ in 0..8 {
            rig.hire().await;
        }
        rig.put((0..400).map(|at| row(&format!("row:{at:03}")))).await;
        rig.until_quiet().await;
        let performed = rig.seen.keys();
        let once: BTreeSet<&String> = performed.iter().collect();
        let refused = rig.seen.refused.lock().unwrap().clone();
        assert_eq!((performed.len() - refused.len(), once.len()), (400, 400), "{engine:?}: {refused:?}");
        rig.kill().await;
        if engine == Engine::Postgres {
            // Who claims waits for who decides: nobody is in anybody's way crosswise.
            let deadlocks = "SELECT CAST(deadlocks AS BIGINT) FROM pg_stat_database WHERE datname = current_database()";
            assert_eq!(Raw::open(&rig.place).await.number(deadlocks).await, 0);
        }
        rig.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lane_keeps_its_order_among_rivals() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[("outbox.workers", "4")]).await;
        for _ in 0..3 {
            rig.hire().await;
        }
        let mut rows = Vec::new();
        for at in 0..20 {
            for lane in ["a", "b", "c"] {
                rows.push(row(&format!("{lane}:{at:02}")).lane(lane));
            }
        }
        rig.put(rows).await;
        rig.until_quiet().await;
        let performed = rig.seen.keys();
        let refused = rig.seen.refused.lock().unwrap().clone();
        for lane in ["a:", "b:", "c:"] {
            let keys: Vec<&String> = performed.iter().filter(|key| key.starts_with(lane)).collect();
            // Who was not allowed to call (a busy database) did nothing outside, and ran again.
            let again = refused.iter().filter(|(key, _)| key.starts_with(lane)).count();
            assert_eq!(keys.len() - again, 20, "{engine:?}: {refused:?}");
            assert!(keys.is_sorted(), "{engine:?}: {keys:?}");
        }
        rig.end().await;
    }
}
