//! Two programs on one PostgreSQL.

use preau::platform::store::Probe;

use super::outcome;
use crate::place::{Engine, Place};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_programs_double_nothing() {
    if !Engine::all().contains(&Engine::Postgres) {
        return;
    }
    let calm = outcome::undisturbed(Engine::Postgres).await;
    let mut place = Place::on(Engine::Postgres).await;
    let mut stage = outcome::stage(&place, Probe::default()).await;
    stage.start_another().await.expect("a second program");
    let mut day = outcome::day(stage);
    day.play().await.expect("the story");
    assert!(day.wrong.is_empty(), "{:#?}", day.wrong);
    assert_eq!(outcome::outcome(&day).await.expect("the outcome"), calm);
    let polls = day.stage.sandbox.journal();
    let conflicts = polls.iter().filter(|call| call.outcome.contains("Conflict")).count();
    assert_eq!(conflicts, 0, "two programs polled at once");
    outcome::strike(day.stage).await;
    place.remove().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_takes_over_when_the_first_vanishes() {
    if !Engine::all().contains(&Engine::Postgres) {
        return;
    }
    let calm = outcome::undisturbed(Engine::Postgres).await;
    let mut place = Place::on(Engine::Postgres).await;
    let mut stage = outcome::stage(&place, Probe::default()).await;
    stage.start_another().await.expect("a second program");
    let mut day = outcome::day(stage);
    day.evening().await.expect("the evening");
    let began = day.stage.clock.elapsed();
    day.stage.lose_first().await;
    day.day().await.expect("the day");
    let took = day.stage.clock.elapsed().saturating_sub(began);
    assert!(day.wrong.is_empty(), "{:#?}", day.wrong);
    // The leases run out after fifteen seconds; the day takes the rest, on a machine that has other things to do.
    assert!(took < std::time::Duration::from_mins(1), "took over after {took:?}");
    assert_eq!(outcome::outcome(&day).await.expect("the outcome"), calm);
    outcome::strike(day.stage).await;
    place.remove().await;
}
