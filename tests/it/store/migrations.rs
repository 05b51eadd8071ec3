//! Migrations: twice is once, and what older versions wrote is still there.

use super::{Raw, grow, migrator, rows_of};
use crate::place::{Engine, Place};
use preau::kernel::At;

#[tokio::test]
async fn opening_twice_changes_nothing() {
    for engine in Engine::all() {
        let mut place = Place::on(engine).await;
        place.open(At(0)).await.close().await;
        let before = Raw::open(&place).await.tables().await;
        place.open(At(0)).await.close().await;
        assert_eq!(before, Raw::open(&place).await.tables().await);
        place.remove().await;
    }
}

#[tokio::test]
async fn rows_of_every_older_version_survive() {
    for engine in Engine::all() {
        let versions: Vec<i64> = migrator().await.iter().map(|migration| migration.version).collect();
        // An old school of each version, brought up to date by today's program.
        for last in versions.iter().copied() {
            let mut place = Place::on(engine).await;
            let (migrator, mut raw) = (migrator().await, Raw::open(&place).await);
            for version in versions.iter().copied().filter(|version| *version <= last) {
                raw.migrate_to(&migrator, version).await;
                raw.execute(&rows_of(version)).await;
            }
            let mut before = Vec::new();
            for table in raw.tables().await {
                let columns = raw.columns(&table).await;
                let rows = raw.values(&table, &columns).await;
                assert!(!rows.is_empty(), "{engine:?}: tests/data/migrations keeps no row of {table}");
                before.push((table, columns, rows));
            }
            place.open(At(0)).await.close().await;
            // No migration rewrites a column that an older one made: every value is as it was.
            for (table, columns, rows) in before {
                assert_eq!(raw.values(&table, &columns).await, rows, "{engine:?}: {table} of version {last}");
            }
            drop(raw);
            place.remove().await;
        }
    }
}

#[tokio::test]
async fn today_s_rows_obey_their_references() {
    let place = Place::on(Engine::Sqlite).await;
    let mut raw = grow(&place).await;
    assert_eq!(raw.number("SELECT COUNT(*) FROM pragma_foreign_key_check").await, 0);
}
