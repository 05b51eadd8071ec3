//! How long applying a large file takes, and above all its transactions, of which everybody else waits for one at a time:
//! `cargo test --release --test it -- --ignored --nocapture how_long`.

use preau::platform::store::{Database, Tx};
use preau::school::session::flow as sessions;
use preau::school::workbook::{flow, jobs, read};

use super::{LESSONS, PEOPLE};
use crate::place::{Engine, Place};
use crate::world::at;
use rust_xlsxwriter::Workbook;

/// A sheet of so many lines.
fn sheet(head: &[&str], count: u16, line: impl Fn(u16) -> Vec<String>) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    if head.contains(&"Nom") {
        sheet.set_name("Personnes").expect("a name");
    }
    for (column, words) in (0..).zip(head) {
        sheet.write_string(0, column, *words).expect("a cell");
    }
    for n in 0..count {
        for (column, words) in (0..).zip(line(n)) {
            sheet.write_string(u32::from(n) + 1, column, words).expect("a cell");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

fn lessons(count: u16, room: &str) -> Vec<u8> {
    let day = |n: u16| format!("{:02}/{:02}/2027", n % 28 + 1, n / 28 % 12 + 1);
    sheet(&LESSONS, count, |n| {
        let (class, hour) = (format!("C{}", n / 700), 7 + n / 336 % 8);
        let (subject, room) = (format!("M{}", n % 9), room.to_owned());
        vec![day(n), format!("{hour}:00"), format!("{hour}:50"), class, subject, String::new(), room]
    })
}

fn people(count: u16, year: u16) -> Vec<u8> {
    sheet(&PEOPLE, count, |n| {
        let names = [format!("Nom{n}"), format!("Prénom{n}"), format!("e{n}@ecole.example")];
        let more = [format!("12/03/{year}"), String::new(), format!("C{}", n / 30), String::new()];
        names.into_iter().chain(more).collect()
    })
}

async fn apply(database: &Database, what: &str, bytes: &[u8]) {
    let clock = preau::kernel::Clock::machine();
    let began = clock.elapsed();
    let workbook = read(bytes, "edt.xlsx").expect("read");
    let read = clock.elapsed();
    let terms = flow::AtOnce { sha256: String::new(), rights: false, remove: None };
    let look = async |tx: &mut Tx| flow::preview(tx, &workbook, Some(&terms)).await;
    let previewed = database.db.read(look).await.expect("looked at");
    let import_id = database.db.transact(async |tx| flow::kept(tx, &workbook, &terms, true).await).await.expect("kept");
    let looked = clock.elapsed();
    jobs::stage(&database.db, previewed.plan.as_ref()).await.expect("staged");
    let staged = clock.elapsed();
    let write = async |tx: &mut Tx| flow::at_once(tx, &import_id, &workbook, &terms, &previewed).await;
    let ended = database.db.transact(write).await.expect("written");
    let written = clock.elapsed();
    let (mut rounds, mut longest, mut last) = (1, written.saturating_sub(staged), written);
    while let Some(batch) = database.db.transact(async |tx| flow::next_round(tx).await).await.expect("written") {
        let round = clock.elapsed();
        database.db.transact(async |tx| flow::clear(tx, &batch).await).await.expect("cleared");
        let cleared = clock.elapsed();
        longest = longest.max(round.saturating_sub(last)).max(cleared.saturating_sub(round));
        (rounds, last) = (rounds + 1, cleared);
    }
    assert!(matches!(ended, Some(flow::Ended::Applied(_))), "{ended:?}");
    jobs::clear(&database.db, previewed.plan.as_ref()).await.expect("cleared");
    println!(
        "{what}: read {:?}, looked at and planned {:?}, staged {:?}, first flip {:?}; \
        {rounds} rounds in {:?}, the longest transaction {longest:?}",
        read.saturating_sub(began),
        looked.saturating_sub(read),
        staged.saturating_sub(looked),
        written.saturating_sub(staged),
        last.saturating_sub(staged)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measure, not a test"]
async fn how_long_applying_takes() {
    for engine in Engine::all() {
        for count in [200_u16, 2_000, 10_000] {
            let mut place = Place::on(engine).await;
            let database = place.open(at("24/11/2026", "08:00")).await;
            apply(&database, &format!("{engine:?}, {count} new sessions"), &lessons(count, "A1")).await;
            apply(&database, &format!("{engine:?}, {count} changed sessions"), &lessons(count, "B2")).await;
            let heads = count / 5;
            apply(&database, &format!("{engine:?}, {heads} new people"), &people(heads, 2008)).await;
            apply(&database, &format!("{engine:?}, {heads} changed people"), &people(heads, 2009)).await;
            // What is due for sessions follows: a hundred a transaction, by rows.
            let all = async |tx: &mut Tx| sessions::planned(tx).await;
            let some = database.db.read(all).await.expect("read").into_iter().take(100);
            let due = |one: preau::school::session::Session| sessions::Arrange {
                left: None,
                session_id: one.id,
                revision: one.revision,
                was_at: Some(one.start_at),
            };
            let due: Vec<sessions::Arrange> = some.map(due).collect();
            let clock = preau::kernel::Clock::machine();
            let began = clock.elapsed();
            database.db.transact(async |tx| sessions::arrange(tx, &due).await).await.expect("arranged");
            println!("{engine:?}, arranging {} sessions: {:?}", due.len(), clock.elapsed().saturating_sub(began));
            database.close().await;
            place.remove().await;
        }
    }
}
