//! The timetable workbook: odd and hostile files, what an import would do, and what it never does.

mod classes;
mod compare;
pub mod files;
mod hostile;
mod laws;
mod mutations;
mod odd;
mod people;
mod references;
mod said;

use chrono::{NaiveDate, NaiveTime};
use preau::kernel::time::{Zone, read_hour};
use preau::kernel::{At, Lang};
use preau::school::workbook::{self, Known, Workbook, read};

/// Monday 23 November 2026, 06:00 in Paris.
pub fn now() -> At {
    Zone::default().instant(day("2026-11-23"), hour("06:00"))
}

pub fn day(words: &str) -> NaiveDate {
    words.parse().unwrap()
}

pub fn hour(words: &str) -> NaiveTime {
    read_hour(words).unwrap()
}

pub fn at(date: &str, time: &str) -> At {
    Zone::default().instant(day(date), hour(time))
}

pub fn read_all(bytes: &[u8]) -> Workbook {
    read(bytes, "test.xlsx").unwrap()
}

/// Ids `n1`, `n2`…
pub fn ids() -> impl FnMut() -> String {
    let mut next = 0;
    move || {
        next += 1;
        format!("n{next}")
    }
}

/// « sheet 5 Date : reason », line by line.
pub fn faults(book: &Workbook) -> Vec<String> {
    book.faults.iter().map(|f| format!("{} {} {}: {}", f.sheet, f.row, f.column, f.reason.render(Lang::Fr))).collect()
}

pub fn warnings(warnings: &[workbook::Warning]) -> Vec<String> {
    warnings.iter().map(|w| w.text.render(Lang::Fr)).collect()
}

/// « class day start-end subject », session by session.
pub fn sessions(book: &Workbook) -> Vec<String> {
    book.lessons
        .iter()
        .map(|l| format!("{} {} {}-{} {}", l.class, l.day, l.start.format("%H:%M"), l.end.format("%H:%M"), l.subject))
        .collect()
}

/// What is known after a first import.
pub fn imported(book: &Workbook) -> Known {
    let known = Known::default();
    let difference = workbook::difference(&known, book, now(), Zone::default());
    let mut next = ids();
    workbook::apply(&known, &difference, move || format!("first-{}", next()))
}
