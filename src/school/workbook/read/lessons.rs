//! A line of a timetable sheet → sessions, or a fault and what it freezes.

use std::collections::HashMap;
use std::rc::Rc;

use chrono::{Datelike as _, NaiveDate, NaiveTime, TimeDelta, Timelike as _, Weekday};

use crate::kernel::text::names;
use crate::kernel::time::read_weekday;
use crate::kernel::words::Lexicon;
use crate::kernel::{Text, Words};
use crate::school::session::Mode;
use crate::text;

use super::super::{Fault, Freeze, LessonRow, Workbook, reference_key};
use super::headers::Column;
use super::{Cell, Line, MAX_LESSONS, cells, classes};

/// The longest words that a cell may hold, in letters.
const MAX_CLASS: usize = 64;
const MAX_WORDS: usize = 200;
/// The most classes that one line may name.
const MAX_CLASSES: usize = 30;
/// The longest range of a `Jour` line.
const MAX_DAYS: i64 = 400;

/// What was read before, and comes again on many lines.
#[derive(Default)]
pub(super) struct Memory {
    lexicon: Lexicon,
    /// By their cells: the classes that can be taken …
    classes: HashMap<Words, Rc<[Words]>>,
    /// … and the modes.
    modes: HashMap<Words, Option<Mode>>,
}

pub(super) fn read(line: &Line<'_>, book: &mut Workbook, memory: &mut Memory) {
    let mut faults = Vec::new();
    let classes = classes(line, memory, &mut faults);
    let subject = required(line, Column::Subject, memory, &mut faults);
    let days = days(line, book, &mut faults);
    let hours = hours(line, &mut faults);
    let mode = mode(line, memory, &mut faults);
    let reference = short(line, Column::Reference, memory, &mut faults);
    let teacher = short(line, Column::Teacher, memory, &mut faults);
    let room = short(line, Column::Room, memory, &mut faults);
    let address = link(line, book);
    if let (true, Some(classes), Some(subject), Some((days, weekly)), Some((start, end))) =
        (faults.is_empty(), &classes, &subject, &days, hours)
    {
        // Each column that is there says something, be it nothing.
        let nothing = memory.lexicon.words("");
        let said = |column: Column, words: &Option<Words>| {
            line.has(column).then(|| words.clone().unwrap_or_else(|| nothing.clone()))
        };
        let (teacher, room) = (said(Column::Teacher, &teacher), said(Column::Room, &room));
        let (mode, address) = (mode_or_default(line, mode, address.is_some()), address.as_deref().map(Words::from));
        let address = said(Column::Link, &address);
        for day in days {
            for class in classes.iter() {
                if book.lessons.len() > MAX_LESSONS {
                    return;
                }
                book.lessons.push(LessonRow {
                    place: line.place(),
                    reference: reference.as_deref().map(|words| effective_reference(words, *day, *weekly)),
                    class: class.clone(),
                    day: *day,
                    start,
                    end,
                    subject: subject.clone(),
                    teacher: teacher.clone(),
                    room: room.clone(),
                    mode,
                    link: address.clone(),
                });
            }
        }
        return;
    }
    let readable_days = days.map(|(days, _)| days);
    let classes: Option<Vec<String>> = classes.map(|classes| classes.iter().map(String::from).collect());
    freeze(book, classes.as_deref(), reference.as_deref(), readable_days.as_deref(), subject.as_deref());
    book.faults.append(&mut faults);
}

/// What a line that cannot be taken may stand for.
pub(super) fn freeze(
    book: &mut Workbook,
    classes: Option<&[String]>,
    reference: Option<&str>,
    days: Option<&[NaiveDate]>,
    subject: Option<&str>,
) {
    // A line of many weeks may stand for any day; a weekly reference has the week in it, so it is not one we know.
    let day = match days {
        Some([day]) => Some(*day),
        _ => None,
    };
    let readings = classes.map(|classes| classes.iter().map(|class| classes::readings(class)).collect());
    let many: Vec<Option<String>> = match readings.and_then(|all: Vec<Option<Vec<String>>>| all.into_iter().collect()) {
        None::<Vec<Vec<String>>> => vec![None],
        Some(readings) => readings.iter().flatten().map(|class| Some(names::fold(class))).collect(),
    };
    for class in many {
        book.freezes.push(Freeze {
            class,
            reference: reference.map(reference_key),
            day,
            subject: subject.map(names::fold),
        });
    }
}

/// One reference a week for a line that stands for many weeks.
fn effective_reference(words: &str, day: NaiveDate, weekly: bool) -> Words {
    if !weekly {
        return words.into();
    }
    format!("{words}@{}-W{:02}", day.iso_week().year(), day.iso_week().week()).into()
}

/// Link given and nothing said: distanciel. No such column and no link: nothing said (what is known stays).
fn mode_or_default(line: &Line<'_>, mode: Option<Mode>, has_link: bool) -> Option<Mode> {
    match (mode, has_link) {
        (Some(mode), _) => Some(mode),
        (None, true) => Some(Mode::Remote),
        (None, false) => line.has(Column::Mode).then_some(Mode::OnSite),
    }
}

/// The classes of a cell; line breaks inside it part them too.
pub(super) fn class_names(cell: &Cell) -> Vec<String> {
    match cell {
        Cell::Text(words) => classes::split(words),
        other => classes::split(&other.words()),
    }
}

pub(super) fn class_reason(cell: &Cell, classes: &[String]) -> Option<Text> {
    if !cell.is_name() {
        Some(text!("workbook-fault-class-unreadable", value = cell.words()))
    } else if classes.is_empty() {
        Some(text!("workbook-fault-class-missing"))
    } else if classes.iter().map(|class| classes::count(class)).sum::<usize>() > MAX_CLASSES
        || classes.iter().any(|class| classes::longest(class) > MAX_CLASS)
    {
        Some(text!("workbook-fault-too-long", limit = MAX_CLASS))
    } else {
        None
    }
}

fn classes(line: &Line<'_>, memory: &mut Memory, faults: &mut Vec<Fault>) -> Option<Rc<[Words]>> {
    let Some(cell) = line.cell(Column::Class) else {
        faults.push(line.fault(Column::Class, text!("workbook-fault-class-missing")));
        return None;
    };
    let key = if let Cell::Text(words) = cell { Some(words) } else { None };
    if let Some(known) = key.and_then(|words| memory.classes.get(words)) {
        return Some(Rc::clone(known));
    }
    let classes = class_names(cell);
    if let Some(reason) = class_reason(cell, &classes) {
        faults.push(line.fault(Column::Class, reason));
        return None;
    }
    let classes: Rc<[Words]> = classes.iter().map(|class| memory.lexicon.words(class)).collect();
    if let Some(words) = key {
        memory.classes.insert(words.clone(), Rc::clone(&classes));
    }
    Some(classes)
}

/// Words of a cell that may be empty, within limits. An error value of Excel's (`#REF!`) is a fault.
fn short(line: &Line<'_>, column: Column, memory: &mut Memory, faults: &mut Vec<Fault>) -> Option<Words> {
    let cell = line.cell(column)?;
    let words = cell.said(&mut memory.lexicon);
    if let Cell::Error(_) = cell {
        faults.push(line.fault(column, text!("workbook-fault-error-value", value = words.as_str())));
        return None;
    }
    // So many bytes are so many letters at most.
    if words.len() > MAX_WORDS && words.chars().count() > MAX_WORDS {
        faults.push(line.fault(column, text!("workbook-fault-too-long", limit = MAX_WORDS)));
        return None;
    }
    (!words.is_empty()).then_some(words)
}

fn required(line: &Line<'_>, column: Column, memory: &mut Memory, faults: &mut Vec<Fault>) -> Option<Words> {
    let before = faults.len();
    let words = short(line, column, memory, faults);
    if words.is_none() && faults.len() == before {
        faults.push(line.fault(column, text!("workbook-fault-empty", column = line.headers.label(column))));
    }
    words
}

fn mode(line: &Line<'_>, memory: &mut Memory, faults: &mut Vec<Fault>) -> Option<Mode> {
    let words = line.cell(Column::Mode).filter(|cell| cell.says())?.said(&mut memory.lexicon);
    let mode = *memory.modes.entry(words.clone()).or_insert_with(|| Mode::read(&words));
    if mode.is_none() {
        faults.push(line.fault(Column::Mode, text!("workbook-fault-mode", value = clip(&words))));
    }
    mode
}

/// A link that can be pressed; anything else is said and left out.
fn link(line: &Line<'_>, book: &mut Workbook) -> Option<String> {
    let words = line.words(Column::Link)?;
    let lower = words.to_lowercase();
    let web = lower.starts_with("https://") || lower.starts_with("http://");
    let address = if web { words.clone() } else { format!("https://{words}") };
    let host = address.split("://").nth(1).and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let pressable = host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':'))
        && !address.contains(char::is_whitespace)
        && address.len() <= 1000;
    if !pressable {
        book.warnings.push(line.warning(text!("workbook-warning-link", value = clip(&words))));
    }
    pressable.then_some(address)
}

/// What a person wrote, short enough to be said again.
pub(super) fn clip(words: &str) -> String {
    let mut clipped: String = words.chars().take(40).collect();
    if words.chars().count() > 40 {
        clipped.push('…');
    }
    clipped
}

fn one_day(line: &Line<'_>, column: Column, faults: &mut Vec<Fault>) -> Option<NaiveDate> {
    let cell = line.cell(column)?;
    let day = cell.day();
    if let Some(day) = day.filter(|day| cells::likely(*day)) {
        return Some(day);
    }
    let words = cell.words();
    let reason = match day {
        Some(_) => text!("workbook-fault-date-far", value = clip(&words)),
        None if cells::looks_like_a_day(&words) => text!("workbook-fault-date-none", value = clip(&words)),
        None => text!("workbook-fault-date-unreadable", value = clip(&words)),
    };
    faults.push(line.fault(column, reason));
    None
}

/// The days of a line, and whether it is a weekly one.
fn days(line: &Line<'_>, book: &mut Workbook, faults: &mut Vec<Fault>) -> Option<(Vec<NaiveDate>, bool)> {
    if line.cell(Column::Date).is_some() {
        let day = one_day(line, Column::Date, faults)?;
        // « Jour » beside a date only repeats it: worth a word when it does not.
        let said = line.words(Column::Weekday);
        if let Some(weekday) = said.as_deref().and_then(read_weekday).filter(|weekday| *weekday != day.weekday()) {
            let text = text!(
                "workbook-warning-weekday",
                day = day_text(day),
                real = weekday_text(day.weekday()),
                said = weekday_text(weekday)
            );
            book.warnings.push(line.warning(text));
        }
        return Some((vec![day], false));
    }
    if !(line.has(Column::Weekday) && line.has(Column::From) && line.has(Column::Until)) {
        faults.push(line.fault(Column::Date, text!("workbook-fault-date-missing")));
        return None;
    }
    weekly(line, faults).map(|days| (days, true))
}

fn weekly(line: &Line<'_>, faults: &mut Vec<Fault>) -> Option<Vec<NaiveDate>> {
    let Some(words) = line.words(Column::Weekday) else {
        faults.push(line.fault(Column::Weekday, text!("workbook-fault-date-missing")));
        return None;
    };
    let weekday = read_weekday(&words);
    if weekday.is_none() {
        faults.push(line.fault(Column::Weekday, text!("workbook-fault-weekday", value = clip(&words))));
    }
    for column in [Column::From, Column::Until] {
        if line.cell(column).is_none() {
            faults.push(line.fault(column, text!("workbook-fault-empty", column = line.headers.label(column))));
        }
    }
    let from = one_day(line, Column::From, faults);
    let until = one_day(line, Column::Until, faults);
    let (weekday, from, until) = (weekday?, from?, until?);
    let length = until.signed_duration_since(from).num_days();
    if length < 0 {
        faults.push(line.fault(Column::Until, text!("workbook-fault-range-backwards")));
        return None;
    }
    if length > MAX_DAYS {
        faults.push(line.fault(Column::Until, text!("workbook-fault-range-long")));
        return None;
    }
    let days: Vec<NaiveDate> =
        from.iter_days().take_while(|day| *day <= until).filter(|day| day.weekday() == weekday).collect();
    if days.is_empty() {
        faults.push(line.fault(Column::Weekday, text!("workbook-fault-range-empty")));
        return None;
    }
    Some(days)
}

fn day_text(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// « mardi », in the reader's language.
fn weekday_text(weekday: Weekday) -> Text {
    match weekday {
        Weekday::Mon => text!("workbook-monday"),
        Weekday::Tue => text!("workbook-tuesday"),
        Weekday::Wed => text!("workbook-wednesday"),
        Weekday::Thu => text!("workbook-thursday"),
        Weekday::Fri => text!("workbook-friday"),
        Weekday::Sat => text!("workbook-saturday"),
        Weekday::Sun => text!("workbook-sunday"),
    }
}

fn one_hour(line: &Line<'_>, column: Column, faults: &mut Vec<Fault>) -> Option<NaiveTime> {
    let cell = line.cell(column)?;
    let hour = cell.hour();
    if hour.is_none() {
        faults.push(line.fault(column, text!("workbook-fault-hour", value = clip(&cell.words()))));
    }
    hour.and_then(|hour| hour.with_nanosecond(0))
}

fn hours(line: &Line<'_>, faults: &mut Vec<Fault>) -> Option<(NaiveTime, NaiveTime)> {
    if line.cell(Column::Start).is_none() {
        faults.push(line.fault(Column::Start, text!("workbook-fault-hour-missing")));
    }
    let start = one_hour(line, Column::Start, faults);
    if line.cell(Column::End).is_some() {
        let end = one_hour(line, Column::End, faults);
        let (start, end) = (start?, end?);
        if end <= start {
            faults.push(line.fault(Column::End, text!("workbook-fault-end-before-start")));
            return None;
        }
        return Some((start, end));
    }
    let Some(cell) = line.cell(Column::Length) else {
        faults.push(line.fault(Column::End, text!("workbook-fault-end-missing")));
        return None;
    };
    let Some(minutes) = cell.minutes() else {
        faults.push(line.fault(Column::Length, text!("workbook-fault-length", value = clip(&cell.words()))));
        return None;
    };
    let start = start?;
    let (end, overflow) = start.overflowing_add_signed(TimeDelta::try_minutes(minutes)?);
    if overflow != 0 {
        faults.push(line.fault(Column::Length, text!("workbook-fault-past-midnight")));
        return None;
    }
    Some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weekly_reference_names_its_week() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        assert_eq!(effective_reference("R1", day, true), "R1@2026-W48");
        assert_eq!(effective_reference("R1", day, false), "R1");
    }
}
