//! The store, on both engines.

mod backup;
mod deciding;
mod following;
mod lease;
mod migrations;
mod moving;
mod outbox;
mod raw;
mod safety;
mod statements;

use std::path::{Path, PathBuf};

use sqlx::migrate::Migrator;

pub use self::raw::Raw;
use crate::place::Place;
use crate::source;

/// Our migrations, read from their folder.
pub async fn migrator() -> Migrator {
    Migrator::new(source::root().join("migrations").as_path()).await.unwrap()
}

/// Rows as the version of this migration wrote them.
pub fn rows_of(version: i64) -> String {
    let path: PathBuf = source::root().join(format!("tests/data/migrations/{version:04}.sql"));
    let why = format!("{}: every migration keeps rows here, of every table that it adds", show(&path));
    std::fs::read_to_string(&path).expect(&why)
}

fn show(path: &Path) -> String {
    path.strip_prefix(source::root()).unwrap().display().to_string()
}

/// Brings an empty place up to date, writing each version's rows on the way.
pub async fn grow(place: &Place) -> Raw {
    let (migrator, mut raw) = (migrator().await, Raw::open(place).await);
    for migration in migrator.iter() {
        raw.migrate_to(&migrator, migration.version).await;
        raw.execute(&rows_of(migration.version)).await;
    }
    raw
}
