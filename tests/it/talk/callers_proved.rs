//! Accounts are asked for a sign of life under the lease by which they are served, and no longer.

use std::time::Duration;

use preau::platform::store::{Lease, Probe, Tenure};
use preau::platform::tasks::Tasks;
use preau::sandbox::Fault;
use preau::telegram::caller::Accounts;
use preau::telegram::port::Callers as _;

use super::school::School;
use crate::paths::within;
use crate::world::Engine;

const TERM: Duration = Duration::from_secs(4);

fn slow(seconds: u64, times: u32) -> Fault {
    Fault::Delay { method: Some("updates.getState".to_owned()), millis: seconds * 1_000, times }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_accounts_hold_up_neither_each_other_nor_the_end_of_the_lease() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let both = [school.caller().await, school.caller_number(2).await];
        school.stop().await;
        let (clock, sandbox) = (school.clock.clone(), school.sandbox.clone());
        let connected = || both.map(|account| sandbox.connections(account));
        within(Duration::from_secs(5), "closed", async || connected() == [0, 0]).await;

        let beside = school.beside().await.expect("the database");
        let (tenure, tasks, keeping) = (Tenure::shared(&clock, TERM), Tasks::default(), Tasks::default());
        let lease = Lease { name: "caller", holder: "test".to_owned(), term: TERM };
        keeping.spawn(tenure.clone().keep(lease, None, beside.db.clone(), keeping.clone()));
        within(Duration::from_secs(5), "held", async || tenure.holds()).await;
        let (accounts, _hints) = Accounts::new(beside.db.clone(), tenure, tasks.clone(), Probe::default());
        accounts.gather().await.expect("connected");
        assert_eq!(accounts.ready().len(), 2, "{engine:?}");

        let mut began = clock.elapsed();
        let mut took = || {
            let took = clock.elapsed().saturating_sub(began);
            began = clock.elapsed();
            took
        };
        sandbox.fault(slow(3, 2));
        assert_eq!(accounts.prove().await, Some(()), "{engine:?}");
        let together = took();
        assert!(together >= Duration::from_secs(3), "{engine:?}: nobody was asked");
        assert!(together < Duration::from_millis(5_500), "{engine:?}: one after the other, {together:?}");
        assert_eq!(connected(), [1, 1], "{engine:?}");

        // The lease is not renewed any more.
        sandbox.fault(slow(120, 2));
        keeping.abandon().await;
        took();
        assert_eq!(accounts.prove().await, None, "{engine:?}");
        assert!(took() < TERM, "{engine:?}: the silent accounts were waited for");
        // Nobody let them go: the connections end with the lease.
        within(Duration::from_secs(2), "closed", async || connected() == [0, 0]).await;
        tasks.stop(&clock, Duration::from_secs(1)).await;
        beside.close().await;
        school.end().await;
    }
}
