//! `preau store move`: everything arrives, on either engine, or nothing does.

use preau::kernel::At;
use preau::platform::store::move_to;

use super::{Raw, grow};
use crate::place::{Engine, Place};

#[tokio::test]
async fn a_move_takes_every_row_of_every_table_and_back() {
    for (one, two) in Engine::pairs() {
        let (mut here, mut there, mut back) = (Place::on(one).await, Place::on(two).await, Place::on(one).await);
        let mut tables = grow(&here).await.tables().await;
        // Who holds what is the matter of the programs at one database.
        tables.retain(|table| table != "lease");
        let databases = (here.open(At(0)).await, there.open(At(0)).await, back.open(At(0)).await);
        let went = move_to(&databases.0, &databases.1).await.unwrap();
        let came = move_to(&databases.1, &databases.2).await.unwrap();
        assert_eq!(went, came, "{one:?} → {two:?} → {one:?}");
        let mut moved: Vec<String> = went.iter().map(|tally| tally.table.clone()).collect();
        moved.sort();
        assert_eq!(moved, tables);
        assert!(went.iter().all(|tally| tally.rows > 0), "{went:#?}");
        for place in [&mut here, &mut there, &mut back] {
            place.remove().await;
        }
    }
}

#[tokio::test]
async fn a_move_into_a_database_that_holds_rows_is_refused() {
    for (one, two) in Engine::pairs() {
        let (mut here, mut there) = (Place::on(one).await, Place::on(two).await);
        grow(&here).await;
        let databases = (here.open(At(0)).await, there.open(At(0)).await);
        let mut raw = Raw::open(&there).await;
        raw.execute("INSERT INTO setting (name, value) VALUES ('mine', '1')").await;
        let error = move_to(&databases.0, &databases.1).await.unwrap_err().to_string();
        assert!(error.contains("setting holds rows; it must be empty"), "{error}");
        assert_eq!(raw.number("SELECT COUNT(*) FROM person").await, 0, "nothing stays");
        drop(raw);
        here.remove().await;
        there.remove().await;
    }
}

#[tokio::test]
async fn many_rows_go_in_batches() {
    for (one, two) in Engine::pairs() {
        let (mut here, mut there) = (Place::on(one).await, Place::on(two).await);
        let databases = (here.open(At(0)).await, there.open(At(0)).await);
        let mut raw = Raw::open(&here).await;
        let rows: Vec<String> = (0..9_000).map(|at| format!("('name{at}', 'é{at}')")).collect();
        raw.execute(&format!("INSERT INTO setting (name, value) VALUES {}", rows.join(","))).await;
        let tallies = move_to(&databases.0, &databases.1).await.unwrap();
        assert_eq!(tallies.iter().find(|tally| tally.table == "setting").unwrap().rows, 9_000);
        drop(raw);
        here.remove().await;
        there.remove().await;
    }
}
