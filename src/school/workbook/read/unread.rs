//! What is not read although sessions stand in it: sheets that are hidden or without their row of headings, and lines
//! above that row (it was lost, and stands again on a later page). What they may stand for is frozen, as for a line to
//! correct.

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;

use crate::kernel::Words;
use crate::kernel::time::{monday, read_hour, read_weekday};
use crate::text;

use super::super::{Fault, Freeze, SheetKind, Workbook, class_key};
use super::headers::{Column, Headers};
use super::{Cell, Grid, Line, Row, Sheet, cells, lessons};

/// `heads`: the headings of each sheet.
pub(super) fn sheets(grid: &Grid, heads: &[Option<Headers>], book: &mut Workbook) {
    let classes: HashSet<&Words> = book.lessons.iter().map(|lesson| &lesson.class).collect();
    let classes: HashSet<String> = classes.into_iter().map(|class| class_key(class)).collect();
    for (sheet, headers) in grid.sheets.iter().zip(heads) {
        match headers {
            None => {
                let Some(row) = look(sheet, &classes, &mut book.freezes) else { continue };
                let reason =
                    if sheet.hidden { text!("workbook-sheet-hidden") } else { text!("workbook-sheet-headless") };
                book.faults.push(Fault { sheet: sheet.name.clone(), row, column: String::new(), reason });
            }
            Some(headers) if headers.kind == SheetKind::Timetable && headers.complete() => {
                above(sheet, headers, &classes, book);
            }
            Some(_) => {}
        }
    }
}

/// Freezes what the lines above the headings may stand for; each is to be corrected.
fn above(sheet: &Sheet, headers: &Headers, classes: &HashSet<String>, book: &mut Workbook) {
    let (mut weeks, name) = (BTreeSet::new(), Words::from(&sheet.name));
    for row in sheet.rows.iter().filter(|row| row.number < headers.row && !row.banner) {
        let (line, seen) = (Line { sheet: &name, headers, row }, Seen::of(row, classes));
        if stands_below(&line) || (seen.is_session() && seen.class) {
            seen.freeze(&mut weeks);
            let reason = text!("workbook-line-above", row = headers.row);
            book.faults.push(Fault { sheet: sheet.name.clone(), row: row.number, column: String::new(), reason });
        }
    }
    book.freezes.extend(frozen(weeks));
}

/// A day and an hour where the headings below have theirs: above them may also stand when the file was made.
fn stands_below(line: &Line<'_>) -> bool {
    let day = line.cell(Column::Date).and_then(Cell::day).is_some_and(cells::likely);
    let weekday = || line.words(Column::Weekday).as_deref().and_then(read_weekday).is_some();
    (day || weekday()) && line.cell(Column::Start).and_then(Cell::hour).is_some()
}

/// Freezes what the sheet may stand for; gives its first line that looks like a session.
fn look(sheet: &Sheet, classes: &HashSet<String>, freezes: &mut Vec<Freeze>) -> Option<u32> {
    let mut first = None;
    let mut weeks = BTreeSet::new();
    for row in sheet.rows.iter().filter(|row| !row.banner) {
        let seen = Seen::of(row, classes);
        if seen.is_session() {
            first = first.or(Some(row.number));
        }
        seen.freeze(&mut weeks);
    }
    first?;
    freezes.extend(frozen(weeks));
    first
}

/// By their Mondays; none: any week, and then the others need not be named.
type Weeks = BTreeSet<Option<NaiveDate>>;

fn frozen(weeks: Weeks) -> impl Iterator<Item = Freeze> {
    let any = weeks.contains(&None);
    let weeks = weeks.into_iter().filter(move |week| !any || week.is_none());
    weeks.map(|day| Freeze { day, ..Freeze::default() })
}

/// What a line without headings holds. Plain numbers may be a day and an hour, as Excel counts them: amounts look so
/// too.
#[derive(Default)]
struct Seen {
    days: Vec<NaiveDate>,
    bare_days: Vec<NaiveDate>,
    hour: bool,
    bare_hour: bool,
    class: bool,
}

impl Seen {
    fn of(row: &Row, classes: &HashSet<String>) -> Self {
        let mut seen = Self::default();
        let mut moments = 0;
        for (_, cell) in row.cells() {
            let day = cell.day().filter(|day| cells::likely(*day));
            seen.bare_hour |= matches!(cell, Cell::Number(number) if *number > 0.0 && *number < 1.0);
            seen.hour |= is_hour(cell);
            moments += usize::from(day.is_some() && cell.words().contains(':'));
            let named = || lessons::class_names(cell).iter().any(|class| classes.contains(&class_key(class)));
            seen.class |= day.is_none() && named();
            let days = if matches!(cell, Cell::Number(_)) { &mut seen.bare_days } else { &mut seen.days };
            if let Some(day) = day.filter(|day| !days.contains(day)) {
                days.push(day);
            }
        }
        // From a moment to another one; a single one is when somebody noted something.
        seen.hour |= moments > 1;
        seen
    }

    /// Which week the line may stand for.
    fn freeze(&self, weeks: &mut Weeks) {
        match self.days() {
            [day] => weeks.insert(Some(monday(*day))),
            // Of many days, or of one that cannot be read.
            [_, ..] => weeks.insert(None),
            [] if self.hour => weeks.insert(None),
            [] => false,
        };
    }

    fn is_session(&self) -> bool {
        let bare = !self.days().is_empty() && self.class && (self.hour || self.bare_hour);
        (!self.days.is_empty() && self.hour) || bare
    }

    fn days(&self) -> &[NaiveDate] {
        if self.days.is_empty() { &self.bare_days } else { &self.days }
    }
}

fn is_hour(cell: &Cell) -> bool {
    match cell {
        Cell::Hour(_) | Cell::Span(_) => true,
        Cell::Text(words) => words.len() <= 20 && read_hour(words).is_some(),
        Cell::Moment(_) | Cell::Number(_) | Cell::Bool(_) | Cell::Error(_) => false,
    }
}
