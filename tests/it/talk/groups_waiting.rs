//! What is asked of groups while no account is connected for a moment waits for one, and is not given up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use preau::kernel::Lang;
use preau::platform::store::Probe;
use preau::school::group::Work;
use preau::school::group::flow::{self, Comparison};
use preau::telegram::port::Callers as _;

use super::school::School;
use crate::paths::within;
use crate::store::Raw;
use crate::world::{Engine, World};

/// Rows of these kinds, in this state.
const KINDS: &str = "kind IN ('classroom.queue', 'group.round', 'group.tend', 'group.spare', 'group.compare')";

/// The rows are taken, then the program is asked to stop and lets its accounts go, then the jobs go on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_gives_nothing_up_and_the_next_start_does_it() {
    for engine in Engine::all() {
        let held = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&held);
        let probe = Probe::new(move |point| {
            let held = Arc::clone(&seen);
            Box::pin(async move {
                while point == "after commit" && held.load(Ordering::SeqCst) {
                    tokio::task::yield_now().await;
                }
            })
        });
        let world = World::with(engine, probe, &[("outbox.workers", "16")]).await;
        let mut school = School::of(world).await;
        school.group = school.adopt("BTS SIO 1A").await;
        let account = school.caller().await;
        school.caller_number(2).await;
        let accounts = school.app().expect("running").callers().clone();
        let mut raw = Raw::open(&school.place).await;
        raw.execute(&format!("DELETE FROM outbox WHERE {KINDS}")).await;

        let beside = school.beside().await.expect("the database");
        held.store(true, Ordering::SeqCst);
        let work = Work { classroom_id: school.class.clone(), account, chat: Some(school.group) };
        let asked = Comparison { classroom_id: school.class.clone(), account: school.is("Claire"), lang: Lang::Fr };
        let all = async |tx: &mut _| {
            flow::daily(tx).await?;
            flow::round(tx, "test").await?;
            flow::ask_to_compare(tx, &asked).await?;
            flow::spare_in(tx, &work, "test").await
        };
        beside.db.transact(all).await.expect("written");
        beside.close().await;
        let executing = format!("SELECT COUNT(*) FROM outbox WHERE state = 'executing' AND {KINDS}");
        within(Duration::from_secs(20), "all are taken", async || raw.number(&executing).await == 5).await;
        let let_go = async {
            within(Duration::from_secs(3), "let go", async || accounts.ready().is_empty()).await;
            assert_eq!(accounts.gathered().await, [0; 0], "{engine:?}: who stops connects nobody");
            held.store(false, Ordering::SeqCst);
        };
        tokio::join!(school.stop(), let_go);
        let left = format!("SELECT kind || ' ' || state FROM outbox WHERE {KINDS} AND state <> 'retryable'");
        let left = raw.texts(&left).await;
        assert!(left.is_empty(), "{engine:?}: {left:?}");

        school.start().await.expect("again");
        school.drain().await.expect("quiet");
        let told = school.told("Claire");
        assert!(!told.contains("aucun compte"), "{engine:?}: {told}");
        let done = format!("SELECT kind FROM outbox WHERE {KINDS} AND state = 'completed' ORDER BY kind");
        let done = raw.texts(&done).await;
        assert!(["group.compare", "group.round", "group.tend"].iter().all(|kind| done.iter().any(|it| it == kind)));
        school.end().await;
    }
}
