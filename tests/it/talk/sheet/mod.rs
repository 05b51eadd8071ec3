//! The roll, the sheet, its correction, and what becomes of it.

mod closing;
mod fair;
mod following;
mod own;
mod roll;
mod undoing;
mod validated;

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};

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
