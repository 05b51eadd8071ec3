//! The roll, the sheet, its correction, and what becomes of it.

mod closing;
mod fair;
mod following;
mod own;
mod roll;
mod strangers;
mod undoing;
mod validated;
mod watched;

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};

use preau::school::session::{Mode, Session};

use super::school::School;
use crate::world::Engine;

/// « Réseaux », 14:00–16:00, from afar: the school's account has opened its call. It is 13:55.
async fn in_call(engine: Engine) -> (School, String) {
    in_call_of(School::on(engine).await).await
}

async fn in_call_of(mut school: School) -> (School, String) {
    let caller = school.caller().await;
    school.who.insert("Appels".to_owned(), caller);
    let lesson = school.lesson("14:00", "16:00", None);
    let id = school.plan(Session { mode: Mode::Remote, ..lesson }).await;
    school.until("13:55").await;
    (school, id)
}

fn enter(school: &School, who: &[&str]) {
    for who in who {
        school.sandbox.join_call(school.is(who), school.group).expect("joined");
    }
}

const LINK: &str = "https://visio.example/sio";

fn book(file: &preau::sandbox::Document) -> Range<Data> {
    let mut book = Xlsx::new(Cursor::new(file.bytes.clone())).expect("a workbook");
    let name = book.sheet_names()[0].clone();
    book.worksheet_range(&name).expect("a sheet")
}

/// Family name, first name, state, source of each student; then what stands under the table.
fn table(file: &preau::sandbox::Document) -> (Vec<[String; 4]>, String) {
    let range = book(file);
    let cell = |row: &[Data], column: usize| row.get(column).map(ToString::to_string).unwrap_or_default();
    let lines: Vec<[String; 4]> = range
        .rows()
        .skip(6)
        .take_while(|row| !cell(row, 0).is_empty())
        .map(|row| [cell(row, 0), cell(row, 1), cell(row, 2), cell(row, 6)])
        .collect();
    let rest: Vec<String> = range.rows().skip(6 + lines.len()).map(|row| cell(row, 0)).collect();
    (lines, rest.join("|"))
}
