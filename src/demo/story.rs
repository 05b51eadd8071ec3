//! `preau demo --story`: a school day on the terminal. It checks its own outcome.

use std::io::Write;
use std::path::PathBuf;

use super::day::{Day, at};
use super::stage::{Set, Stage};
use super::transcript::Transcript;
use crate::kernel::{Error, Result};
use crate::platform::store::Probe;
use crate::sandbox::Limits;

/// Plays the story to `out`. `Err` when it came out otherwise.
pub async fn play(out: Box<dyn Write + Send>) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("preau-story-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| Error::outage("files", &error))?;
    let outcome = play_in(&folder, out).await;
    let _ = std::fs::remove_dir_all(&folder);
    outcome
}

async fn play_in(folder: &std::path::Path, out: Box<dyn Write + Send>) -> Result<()> {
    let stage = Stage::raise(set(folder)).await?;
    tell(Day::new(stage, Transcript::new(out))).await
}

/// Plays this day to its end. `Err` when it came out otherwise than the story has it.
pub async fn tell(mut day: Day) -> Result<()> {
    let mut played = day.play().await;
    if played.is_ok() && day.wrong.is_empty() {
        played = day.with_caller().await;
    }
    let wrong = std::mem::take(&mut day.wrong);
    day.stage.strike().await;
    played?;
    if wrong.is_empty() { Ok(()) } else { Err(Error::fault(&format!("the story came out otherwise: {wrong:?}"))) }
}

/// The demo school on Monday evening, in `folder`.
pub fn set(folder: &std::path::Path) -> Set {
    let database = format!("sqlite://{}", folder.join("preau.db").display());
    let keys = [
        ("database.url", database),
        ("files.folder", folder.join("files").display().to_string()),
        ("school.name", "École Horizon".to_owned()),
        // Where the calling account signs in, once a sign-in lies there.
        ("telegram.caller.seeds", folder.join("caller.seed").display().to_string()),
        // A look each half minute is often enough for a story, and never blind by itself.
        ("telegram.caller.poll_seconds", "30".to_owned()),
        ("secrets.key_file", folder.join("secrets.key").display().to_string()),
        // The sandbox sets no limits here: the story is told without Telegram's pauses.
        ("telegram.limits.overall", "0".to_owned()),
        ("telegram.limits.chat", "0".to_owned()),
        ("telegram.limits.group", "0".to_owned()),
    ];
    Set {
        at: at("23/11/2026", "18:00"),
        seed: 1,
        keys: keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        // Its hours fly by: what is paced by the machine's clock would hold them up.
        limits: Limits { calls_unpaced: true, ..Limits::default() },
        schema: schema(),
        probe: Probe::default(),
    }
}

/// The Bot API's schema, when the sources lie beside it.
fn schema() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/telegram/api.json");
    path.exists().then_some(path)
}
