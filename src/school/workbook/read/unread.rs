//! Sheets that are not read although sessions stand in them: hidden, or without their row of headings. What they may
//! stand for is frozen, as for a line to correct.

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;

use crate::kernel::time::{monday, read_hour};
use crate::text;

use super::super::{Fault, Freeze, SheetKind, Workbook, class_key};
use super::{Cell, Grid, Row, Sheet, cells, lessons};

pub(super) fn sheets(grid: &Grid, book: &mut Workbook) {
    let classes: HashSet<String> = book.lessons.iter().map(|lesson| class_key(&lesson.class)).collect();
    let kinds: Vec<SheetKind> = book.sheets.iter().map(|sheet| sheet.kind).collect();
    for (sheet, _) in grid.sheets.iter().zip(kinds).filter(|(_, kind)| *kind == SheetKind::Ignored) {
        if let Some(row) = look(sheet, &classes, &mut book.freezes) {
            let reason = if sheet.hidden { text!("workbook-sheet-hidden") } else { text!("workbook-sheet-headless") };
            book.faults.push(Fault { sheet: sheet.name.clone(), row, column: String::new(), reason });
        }
    }
}

/// Freezes what the sheet may stand for; gives its first line that looks like a session.
fn look(sheet: &Sheet, classes: &HashSet<String>, freezes: &mut Vec<Freeze>) -> Option<u32> {
    let mut first = None;
    let mut weeks: BTreeSet<Option<NaiveDate>> = BTreeSet::new();
    for row in sheet.rows.iter().filter(|row| !row.banner) {
        let seen = Seen::of(row, classes);
        if seen.is_session() {
            first = first.or(Some(row.number));
        }
        match seen.days() {
            [day] => weeks.insert(Some(monday(*day))),
            // Of many days, or of one that cannot be read.
            [_, ..] => weeks.insert(None),
            [] if seen.hour => weeks.insert(None),
            [] => false,
        };
    }
    first?;
    let any = weeks.contains(&None);
    let weeks = weeks.into_iter().filter(|week| !any || week.is_none());
    freezes.extend(weeks.map(|day| Freeze { day, ..Freeze::default() }));
    first
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
