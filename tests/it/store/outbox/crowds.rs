//! Many rows that become due at once.

use std::time::Duration;

use preau::platform::outbox::Put;

use super::{NOW, Rig};
use crate::place::Engine;

/// More than are worth claiming ahead.
const CROWD: usize = 70;

/// A crowd is held before it is due, begins at its moment and not before, and is let go when the program stops meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_is_claimed_ahead_and_none_of_it_is_early_or_lost() {
    for engine in Engine::all() {
        let mut rig = Rig::on(engine, &[]).await;
        let due = NOW.plus(Duration::from_millis(1_500));
        let key = |number: usize| format!("crowd {number:02}");
        let inner = |number| Put::new("test.daily", key(number), &serde_json::json!({})).unwrap().inner().due(due);
        rig.put((0..CROWD).map(inner)).await;
        // One of a lane in which another one goes before waits for it as ever.
        let behind =
            |name: &str, at| Put::new("test.daily", name, &serde_json::json!({})).unwrap().inner().lane("l").due(at);
        rig.put([behind("first", due), behind("second", due.plus(Duration::from_millis(1)))]).await;
        let all = async |rig: &Rig, state: &str| {
            for number in 0..CROWD {
                if rig.state(&key(number)).await != state {
                    return false;
                }
            }
            true
        };
        rig.hire().await;
        rig.until("held", async |rig| all(rig, "executing").await).await;
        assert_eq!((rig.seen.keys().len(), rig.state("second").await), (0, "scheduled".to_owned()), "{engine:?}");
        for (database, tasks) in rig.workers.drain(..) {
            tasks.stop(&rig.clock, Duration::from_secs(10)).await;
            database.close().await;
        }
        assert!(all(&rig, "scheduled").await, "{engine:?}: let go");
        rig.hire().await;
        rig.until("held again", async |rig| all(rig, "executing").await).await;
        rig.clock.set(NOW.plus(Duration::from_millis(1_499)));
        rig.clock.rest(Duration::from_millis(50)).await;
        assert!(rig.seen.keys().is_empty(), "{engine:?}: early");
        rig.clock.set(due);
        rig.until("done", async |rig| all(rig, "completed").await).await;
        rig.clock.set(due.plus(Duration::from_secs(1)));
        rig.until_state("second", "completed").await;
        let mut keys = rig.seen.keys();
        keys.sort();
        keys.dedup();
        assert_eq!((keys.len(), rig.seen.keys().len()), (CROWD + 2, CROWD + 2), "{engine:?}: each once");
        rig.end().await;
    }
}
