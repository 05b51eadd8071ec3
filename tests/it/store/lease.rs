//! Named leases: two never hold one, whatever happens.

use std::time::Duration;

use preau::kernel::id::Ids;
use preau::kernel::{At, Clock};
use preau::platform::store::{Lease, correct_wall};

use crate::place::{Engine, Place};

const TERM: Duration = Duration::from_secs(10);

fn lease(holder: &str) -> Lease {
    Lease { name: "telegram", holder: holder.to_owned(), term: TERM }
}

#[tokio::test]
async fn two_holders_never_both() {
    for engine in Engine::all() {
        let mut place = Place::on(engine).await;
        let clock = Clock::standing(At(0));
        let (one, two) = (place.open_with(clock.clone(), &[]).await, place.open_with(clock.clone(), &[]).await);
        let chance = Ids::seeded(clock.clone(), 11);
        // What should be so: the holder and the end of its term, by machine time.
        let (mut holder, mut until): (Option<usize>, At) = (None, At(0));
        let mut wall = At(1_800_000_000_000);
        for step in 0..300 {
            wall = wall.plus(Duration::from_millis(chance.below(6_000) + 50));
            clock.correct_wall(wall);
            let who = usize::try_from(chance.below(2)).unwrap();
            let (db, lease) = [(&one.db, lease("one")), (&two.db, lease("two"))][who].clone();
            let free = holder.is_none() || until < clock.wall();
            if chance.below(4) == 0 {
                lease.release(db).await.unwrap();
                holder = holder.filter(|holder| *holder != who);
            } else {
                let held = lease.hold(db).await.unwrap();
                assert_eq!(held.is_some(), free || holder == Some(who), "{engine:?}, step {step}");
                if held.is_some() {
                    (holder, until) = (Some(who), wall.plus(TERM));
                }
            }
        }
        one.close().await;
        two.close().await;
        place.remove().await;
    }
}

#[tokio::test]
async fn of_many_who_ask_at_once_one_gets_it() {
    for engine in Engine::all() {
        let mut place = Place::on(engine).await;
        let clock = Clock::standing(At(0));
        let database = place.open_with(clock.clone(), &[]).await;
        for round in 0..10_i64 {
            clock.correct_wall(At(1_800_000_000_000).plus_minutes(round));
            let names: Vec<Lease> = (0..6).map(|at| lease(&format!("{at}"))).collect();
            let asked = names.iter().map(|lease| lease.hold(&database.db));
            let got = futures::future::join_all(asked).await;
            assert_eq!(got.into_iter().filter_map(|held| held.ok().flatten()).count(), 1, "{engine:?}");
        }
        database.close().await;
        place.remove().await;
    }
}

#[tokio::test]
async fn an_expired_lease_is_taken_and_a_released_one_at_once() {
    for engine in Engine::all() {
        let mut place = Place::on(engine).await;
        let clock = Clock::standing(At(0));
        let database = place.open_with(clock.clone(), &[]).await;
        let db = &database.db;
        clock.correct_wall(At(1_800_000_000_000));
        let first = lease("one").hold(db).await.unwrap().expect("nobody held it");
        assert_eq!(first.expired, None);
        assert_eq!(lease("two").hold(db).await.unwrap(), None);
        assert_eq!(lease("two").holder(db).await.unwrap().as_deref(), Some("one"));

        clock.correct_wall(At(1_800_000_000_000).plus(TERM + Duration::from_secs(1)));
        assert_eq!(lease("one").holder(db).await.unwrap(), None);
        let second = lease("two").hold(db).await.unwrap().expect("its term ran out");
        let ended = At(1_800_000_000_000).plus(TERM);
        // The machine's clock went on by as long as the question took.
        let expired = second.expired.expect("the one before may still have calls on their way");
        assert!(ended <= expired && expired < ended.plus(Duration::from_secs(1)), "{expired:?}");

        lease("two").release(db).await.unwrap();
        let third = lease("one").hold(db).await.unwrap().expect("it was given back");
        assert_eq!(third.expired, None);
        database.close().await;
        place.remove().await;
    }
}

/// The clock was put back: what was taken by the time before ends a term from now, and not when the clock has caught up.
#[tokio::test]
async fn a_lease_of_a_time_that_was_put_back_is_nobodys_for_long() {
    for engine in Engine::all() {
        let mut place = Place::on(engine).await;
        let clock = Clock::standing(At(0));
        let database = place.open_with(clock.clone(), &[]).await;
        let (db, noon) = (&database.db, At(1_800_000_000_000));
        clock.correct_wall(noon);
        lease("one").hold(db).await.unwrap().expect("nobody held it");
        // By little: whoever holds it may live.
        clock.correct_wall(noon.plus_minutes(-1).plus(TERM * 2));
        assert_eq!(lease("two").hold(db).await.unwrap(), None, "{engine:?}");
        clock.correct_wall(noon.plus_hours(-1));
        let two = lease("two").hold(db).await.unwrap().expect("nobody can hold it for an hour");
        let ends = noon.plus_hours(-1).plus(TERM);
        let expired = two.expired.expect("another one had it");
        assert!(ends <= expired && expired < ends.plus(TERM), "{engine:?}: {expired:?}");
        assert_eq!(lease("one").hold(db).await.unwrap(), None, "{engine:?}");
        // Whoever lives renews it by the time that is now.
        clock.correct_wall(noon.plus_hours(-2));
        lease("two").hold(db).await.unwrap().expect("its own");
        assert_eq!(lease("one").hold(db).await.unwrap(), None, "{engine:?}");
        database.close().await;
        place.remove().await;
    }
}

#[tokio::test]
async fn on_postgresql_the_servers_clock_is_machine_time() {
    for engine in Engine::all() {
        let mut place = Place::on(engine).await;
        let (clock, truth) = (Clock::standing(At(0)), Clock::machine());
        let database = place.open_with(clock.clone(), &[]).await;
        // A machine that is an hour late.
        clock.correct_wall(truth.wall().plus_hours(-1));
        correct_wall(&database.db).await.unwrap();
        let wrong = clock.wall().until(truth.wall());
        match engine {
            Engine::Postgres => assert!(wrong < Duration::from_secs(5), "{wrong:?}"),
            Engine::Sqlite => assert!(wrong > Duration::from_mins(59), "the machine's own clock is the store's"),
        }
        database.close().await;
        place.remove().await;
    }
}
