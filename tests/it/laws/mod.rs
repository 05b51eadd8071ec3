//! Laws: a school day disturbed, against the same day undisturbed.

mod calls;
mod days;
mod groups;
mod handover;
mod kill;
mod killed;
pub mod outcome;
mod programs;
mod several;
mod starting;
mod three;
mod told;

use futures::StreamExt as _;
use futures::stream;

use crate::place::Engine;

/// So many points of a short scene. On PostgreSQL each costs the wait for what the stopped program held: fewer there.
const fn tried(engine: Engine) -> usize {
    match engine {
        Engine::Sqlite => 50,
        Engine::Postgres => 26,
    }
}

/// Plays one of two halves of a scene's points, spread over `all` of them; what was broken.
async fn half<F>(engine: Engine, half: usize, all: usize, killed_at: impl Fn(usize) -> F) -> Vec<String>
where
    F: Future<Output = Option<String>>,
{
    let tried = tried(engine);
    assert!(all >= tried, "{engine:?}: {all} points");
    let points = (half..tried).step_by(2).map(|number| killed_at(1 + number * (all - 2) / tried));
    let ended: Vec<Option<String>> = stream::iter(points).buffer_unordered(engine.beside()).collect().await;
    ended.into_iter().flatten().collect()
}

/// Did the kill come as it was to? How many points a scene has varies by a few: the last of those that were counted may not
/// be reached when it is played again.
const fn came(point: usize, all: usize, kills: usize) -> bool {
    kills == 1 || (kills == 0 && point * 10 > all * 9)
}
