//! Bytes of a workbook → a [`Grid`] of cells → a [`Workbook`].
//!
//! Hostile files are expected: what they unpack to is measured before calamine sees them ([`archive`], [`ole`]), cells
//! are counted while they are read, and a panic of the reader is a refusal.

mod archive;
mod cells;
mod classes;
mod grid;
mod headers;
mod lessons;
mod ole;
mod people;
mod twins;
mod unpack;
mod unread;

use crate::kernel::{Refusal, Words};
use crate::text;

use super::{Fault, Freeze, SheetKind, SheetRead, Warning, Workbook};
pub(super) use headers::Column;
use headers::Headers;

pub use cells::Cell;
pub(super) use classes::{is_joined, part};
pub use grid::{Grid, Row, Sheet};
pub(super) use twins::where_is;

/// The largest file that is looked at.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;
/// The most cells with something in them.
pub const MAX_CELLS: usize = 2_000_000;
/// The most a file may unpack to.
pub const MAX_INFLATED: u64 = 200 * 1024 * 1024;
/// The most sessions that one file may stand for, each week of a `Jour` line counted.
pub const MAX_LESSONS: usize = 200_000;

/// Why a file cannot be read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    TooHeavy,
    NotAWorkbook,
    Password,
    Corrupt,
    Bomb,
    TooManyCells,
    NoColumn,
    TooManyLessons,
}

impl Trouble {
    const ALL: [Self; 8] = [
        Self::TooHeavy,
        Self::NotAWorkbook,
        Self::Password,
        Self::Corrupt,
        Self::Bomb,
        Self::TooManyCells,
        Self::NoColumn,
        Self::TooManyLessons,
    ];

    fn refusal(self) -> Refusal {
        match self {
            Self::TooHeavy => Refusal::new("IMP-01", text!("workbook-too-heavy")),
            Self::NotAWorkbook => Refusal::new("IMP-02", text!("workbook-not-a-workbook")),
            Self::Password => Refusal::new("IMP-03", text!("workbook-password")),
            Self::Corrupt => Refusal::new("IMP-04", text!("workbook-corrupt")),
            Self::Bomb => Refusal::new("IMP-05", text!("workbook-bomb")),
            Self::TooManyCells => Refusal::new("IMP-06", text!("workbook-too-many-cells")),
            Self::NoColumn => Refusal::new("IMP-07", text!("workbook-no-column")),
            Self::TooManyLessons => Refusal::new("IMP-08", text!("workbook-too-many-lessons")),
        }
    }
}

/// The refusal of a file that has this code.
pub(super) fn refusal(code: &str) -> Option<Refusal> {
    Trouble::ALL.into_iter().map(Trouble::refusal).find(|refusal| refusal.code == code)
}

/// The cells of a file, or one sentence that says why not. The content decides on the format, not the name.
pub fn open(bytes: &[u8]) -> Result<Grid, Refusal> {
    unpack::grid(bytes).map_err(Trouble::refusal)
}

/// [`open`] and [`understand`].
pub fn read(bytes: &[u8], file: &str) -> Result<Workbook, Refusal> {
    understand(&open(bytes)?, file)
}

/// What the cells mean.
pub fn understand(grid: &Grid, file: &str) -> Result<Workbook, Refusal> {
    let mut book = Workbook { file: file.to_owned(), ..Workbook::default() };
    let mut heads = Vec::with_capacity(grid.sheets.len());
    let mut memory = lessons::Memory::default();
    for sheet in &grid.sheets {
        let found = if sheet.hidden { None } else { Headers::find(sheet) };
        let (kind, header_row, columns) =
            found.as_ref().map_or((SheetKind::Ignored, 0, Vec::new()), |h| (h.kind, h.row, h.columns()));
        let (mut lines, name) = (0, Words::from(&sheet.name));
        if let Some(headers) = &found {
            for row in sheet.rows.iter().filter(|row| row.number > headers.row) {
                if row.banner || headers.repeated(row) || !headers.touches(row) {
                    continue;
                }
                lines += 1;
                let line = Line { sheet: &name, headers, row };
                match kind {
                    SheetKind::People => people::read(&line, &mut book),
                    SheetKind::Timetable if headers.complete() => lessons::read(&line, &mut book, &mut memory),
                    SheetKind::Timetable | SheetKind::Ignored => {}
                }
                if book.lessons.len() > MAX_LESSONS {
                    return Err(Trouble::TooManyLessons.refusal());
                }
            }
            if lines > 0 {
                missing_columns(&sheet.name, headers, &mut book);
                columns_aside(&sheet.name, headers, &mut book);
            }
        }
        book.sheets.push(SheetRead { name: sheet.name.clone(), kind, header_row, columns, lines });
        heads.push(found);
    }
    if book.sheets.iter().all(|sheet| sheet.kind == SheetKind::Ignored) {
        return Err(Trouble::NoColumn.refusal());
    }
    unread::sheets(grid, &heads, &mut book);
    twins::lessons(&mut book);
    twins::people(&mut book);
    book.faults.sort_by(|a, b| (&a.sheet, a.row).cmp(&(&b.sheet, b.row)));
    Ok(book)
}

/// How a sheet calls a column.
pub(super) fn heading(book: &Workbook, sheet: &str, column: Column) -> String {
    let columns = book.sheets.iter().filter(|read| read.name == sheet).flat_map(|read| &read.columns);
    headers::label_among(column, columns.map(|(_, label)| label.as_str()))
}

/// A timetable sheet without hours, class or subject cannot be read: said once, not on every line.
fn missing_columns(sheet: &str, headers: &Headers, book: &mut Workbook) {
    for (label, reason) in headers.missing() {
        book.faults.push(Fault { sheet: sheet.to_owned(), row: headers.row, column: label, reason });
        book.freezes.push(Freeze::default());
    }
}

/// Two columns that say the same thing: one counts, and it is said which.
fn columns_aside(sheet: &str, headers: &Headers, book: &mut Workbook) {
    for (aside, counts) in headers.aside() {
        let place = super::Place { sheet: sheet.into(), row: headers.row };
        let text = text!("workbook-warning-column-aside", aside = aside, column = counts);
        book.warnings.push(Warning { place: Some(place), text });
    }
}

/// One line under its headings.
struct Line<'a> {
    sheet: &'a Words,
    headers: &'a Headers,
    row: &'a Row,
}

impl Line<'_> {
    fn place(&self) -> super::Place {
        super::Place { sheet: self.sheet.clone(), row: self.row.number }
    }
    fn has(&self, column: headers::Column) -> bool {
        self.headers.position(column).is_some()
    }
    /// The cell under a heading; `None` when there is no such column or nothing in the cell.
    fn cell(&self, column: headers::Column) -> Option<&Cell> {
        self.headers.position(column).and_then(|position| self.row.get(position)).filter(|cell| !cell.is_blank())
    }
    fn words(&self, column: headers::Column) -> Option<String> {
        self.cell(column).filter(|cell| cell.says()).map(Cell::words)
    }
    fn fault(&self, column: headers::Column, reason: crate::kernel::Text) -> Fault {
        Fault {
            sheet: self.sheet.as_str().to_owned(),
            row: self.row.number,
            column: self.headers.label(column),
            reason,
        }
    }
    fn warning(&self, text: crate::kernel::Text) -> Warning {
        Warning { place: Some(self.place()), text }
    }
}
