//! One lease follows another: who serves under the one has the other, in each of two programs on one store.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use preau::kernel::Clock;
use preau::platform::store::{Db, Leader, Lease, Tenure};
use preau::platform::tasks::Tasks;

use crate::place::within;
use crate::place::{Engine, Place};

const FIRST: Duration = Duration::from_secs(1);
const SECOND: Duration = Duration::from_secs(3);

/// One program's leases. Each is kept by tasks of its own.
struct Program {
    db: Db,
    first: Tenure,
    second: Tenure,
    leases: [Lease; 2],
    keeps: [Tasks; 2],
}

impl Program {
    fn new(db: &Db, clock: &Clock, holder: &str) -> Self {
        let lease = |name, term| Lease { name, holder: holder.to_owned(), term };
        let (first, second) = (Tenure::shared(clock, FIRST), Tenure::shared(clock, SECOND));
        let leases = [lease("telegram", FIRST), lease("caller", SECOND)];
        let program = Self { db: db.clone(), first, second, leases, keeps: [Tasks::default(), Tasks::default()] };
        let leader = Leader { tenure: program.first.clone(), lease: program.leases[0].clone() };
        program.keep_first(&program.keeps[0]);
        let [_, lease] = program.leases.clone();
        let keeps = &program.keeps[1];
        keeps.spawn(program.second.clone().keep(lease, Some(leader), db.clone(), keeps.clone()));
        program
    }

    fn keep_first(&self, tasks: &Tasks) {
        let lease = self.leases[0].clone();
        tasks.spawn(self.first.clone().keep(lease, None, self.db.clone(), tasks.clone()));
    }

    /// Another one takes the first lease, and this program goes on.
    async fn loses_the_first(&self) {
        self.keeps[0].abandon().await;
        self.leases[0].release(&self.db).await.expect("released");
    }

    fn holds(&self) -> (bool, bool) {
        (self.first.holds(), self.second.holds())
    }

    async fn end(&self) {
        for tasks in &self.keeps {
            tasks.abandon().await;
        }
    }
}

/// Something that goes on under a tenure, and notes its end.
struct Work(Arc<AtomicBool>);

impl Drop for Work {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_loses_the_leading_lease_gives_the_other_up_once_its_work_has_ended() {
    for engine in Engine::all() {
        let mut place = Place::on(engine).await;
        let clock = Clock::machine();
        let (here, there) = (place.open_with(clock.clone(), &[]).await, place.open_with(clock.clone(), &[]).await);
        let one = Program::new(&here.db, &clock, "one");
        within(Duration::from_secs(5), "the first has both", async || one.holds() == (true, true)).await;
        let two = Program::new(&there.db, &clock, "two");
        clock.rest(Duration::from_secs(2)).await;
        assert_eq!((one.holds(), two.holds()), ((true, true), (false, false)), "{engine:?}");
        let (ended, tasks) = (Arc::new(AtomicBool::new(false)), Tasks::default());
        let (work, under) = (Work(Arc::clone(&ended)), one.second.clone());
        tasks.spawn(async move {
            let gone_on = async move {
                let _work = work;
                std::future::pending::<()>().await;
            };
            under.during(gone_on).await
        });

        one.loses_the_first().await;
        let began = clock.elapsed();
        let over = async || {
            assert!(!(one.second.holds() && two.second.holds()), "{engine:?}: both");
            assert!(ended.load(Ordering::SeqCst) || !two.second.holds(), "{engine:?}: before the work had ended");
            two.holds() == (true, true)
        };
        // It does not wait until the term has run out, which begins anew each second: it never would.
        within(Duration::from_secs(12), "the second has both", over).await;
        let took = clock.elapsed().saturating_sub(began);
        assert!(took < Duration::from_secs(12), "{engine:?}: {took:?}");

        // The first comes back, and nothing changes hands.
        let again = Tasks::default();
        one.keep_first(&again);
        let until = clock.elapsed() + SECOND * 2;
        while clock.elapsed() < until {
            assert_eq!((one.holds(), two.holds()), ((false, false), (true, true)), "{engine:?}");
            clock.rest(Duration::from_millis(20)).await;
        }
        // The second vanishes: both leases run out, and the first has them again.
        two.end().await;
        within(Duration::from_secs(25), "the first has both again", async || one.holds() == (true, true)).await;
        again.abandon().await;
        one.end().await;
        tasks.abandon().await;
        here.close().await;
        there.close().await;
        place.remove().await;
    }
}

/// While nobody serves, who has the other lease keeps it; and nobody takes it who does not serve.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_lead_takes_nothing_and_keeps_what_nobody_wants() {
    for engine in Engine::all() {
        let mut place = Place::on(engine).await;
        let clock = Clock::machine();
        let database = place.open_with(clock.clone(), &[]).await;
        let one = Program::new(&database.db, &clock, "one");
        within(Duration::from_secs(5), "the first has both", async || one.holds() == (true, true)).await;
        one.loses_the_first().await;
        let until = clock.elapsed() + SECOND * 2;
        while clock.elapsed() < until {
            assert!(one.second.holds(), "{engine:?}");
            clock.rest(Duration::from_millis(20)).await;
        }
        // Somebody else serves, who wants no other lease; it is given up all the same, and nobody takes it.
        let stranger = Lease { name: "telegram", holder: "stranger".to_owned(), term: Duration::from_mins(1) };
        stranger.hold(&database.db).await.expect("asked").expect("free");
        within(Duration::from_secs(5), "given up", async || !one.second.holds()).await;
        let free = async || one.leases[1].holder(&database.db).await.expect("asked").is_none();
        within(Duration::from_secs(5), "released", free).await;
        clock.rest(SECOND).await;
        assert!(free().await && !one.second.holds(), "{engine:?}");
        one.end().await;
        database.close().await;
        place.remove().await;
    }
}
