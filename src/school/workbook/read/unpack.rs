//! calamine's cells → ours.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    Data, DataRef, Dimensions, ExcelDateTime, Ods, OdsError, Range, Reader as _, Sheet as Meta, SheetType,
    SheetVisible, Xls, XlsError, Xlsx, XlsxError,
};

use super::archive::{self, Inside, OdsShape};
use super::cells::Cell;
use super::grid::{Area, Grid, Growing, Meter};
use super::{MAX_BYTES, Trouble, ole};
use crate::kernel::words::Lexicon;

const ZIP: &[u8] = b"PK\x03\x04";
const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// Days between the two calendars of Excel.
const FROM_1904: f64 = 1462.0;

type Bytes<'a> = Cursor<&'a [u8]>;

pub(super) fn grid(bytes: &[u8]) -> Result<Grid, Trouble> {
    if bytes.len() > MAX_BYTES {
        return Err(Trouble::TooHeavy);
    }
    // The readers of formats so old may panic on what they did not foresee: that is a damaged file.
    catch_unwind(AssertUnwindSafe(|| {
        if bytes.starts_with(ZIP) {
            match archive::look(bytes)? {
                Inside::Xlsx => xlsx(bytes),
                Inside::Ods(shape) => ods(bytes, &shape),
            }
        } else if bytes.starts_with(OLE) {
            ole::look(bytes)?;
            xls(bytes)
        } else {
            Err(Trouble::NotAWorkbook)
        }
    }))
    .unwrap_or(Err(Trouble::Corrupt))
}

fn is_sheet(meta: &Meta) -> bool {
    meta.typ == SheetType::WorkSheet
}

fn hidden(meta: &Meta) -> bool {
    meta.visible != SheetVisible::Visible
}

fn xlsx(bytes: &[u8]) -> Result<Grid, Trouble> {
    let mut book: Xlsx<Bytes<'_>> = Xlsx::new(Cursor::new(bytes)).map_err(|error| xlsx_trouble(&error))?;
    let shift = if book.has_1904_epoch() { FROM_1904 } else { 0.0 };
    let sheets: Vec<Meta> = book.sheets_metadata().iter().filter(|meta| is_sheet(meta)).cloned().collect();
    let (mut meter, mut lexicon) = (Meter::default(), Lexicon::default());
    let mut grid = Grid::default();
    for meta in sheets {
        let mut growing = Growing::default();
        {
            let mut reader = book.worksheet_cells_reader(&meta.name).map_err(|error| xlsx_trouble(&error))?;
            while let Some(cell) = reader.next_cell().map_err(|error| xlsx_trouble(&error))? {
                let (row, column) = cell.get_position();
                if let Some(ours) = borrowed(cell.get_value(), shift, &mut lexicon) {
                    growing.put(row, column, ours, &mut meter)?;
                }
            }
        }
        let merged = book.merge_cells_by_sheet_name(&meta.name).unwrap_or_default();
        growing.spread(&areas(&merged), &mut meter)?;
        grid.sheets.push(growing.finish(meta.name.clone(), hidden(&meta)));
    }
    Ok(grid)
}

fn xls(bytes: &[u8]) -> Result<Grid, Trouble> {
    let mut book: Xls<Bytes<'_>> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => Trouble::Password,
        _ => Trouble::Corrupt,
    })?;
    let shift = if book.has_1904_epoch() { FROM_1904 } else { 0.0 };
    let sheets: Vec<Meta> = book.sheets_metadata().iter().filter(|meta| is_sheet(meta)).cloned().collect();
    let (mut meter, mut lexicon) = (Meter::default(), Lexicon::default());
    let mut grid = Grid::default();
    for meta in sheets {
        let range = book.worksheet_range(&meta.name).map_err(|_| Trouble::Corrupt)?;
        let mut growing = Growing::default();
        put_all(&range, shift, &mut growing, (&mut meter, &mut lexicon))?;
        let merged = book.merge_cells_by_sheet_name(&meta.name).unwrap_or_default();
        growing.spread(&areas(&merged), &mut meter)?;
        grid.sheets.push(growing.finish(meta.name.clone(), hidden(&meta)));
    }
    Ok(grid)
}

fn ods(bytes: &[u8], shape: &OdsShape) -> Result<Grid, Trouble> {
    let mut book: Ods<Bytes<'_>> = Ods::new(Cursor::new(bytes)).map_err(|error| match error {
        OdsError::Password => Trouble::Password,
        OdsError::CellLimitExceeded { .. } => Trouble::TooManyCells,
        OdsError::InvalidMime(_) => Trouble::NotAWorkbook,
        _ => Trouble::Corrupt,
    })?;
    let sheets: Vec<Meta> = book.sheets_metadata().to_vec();
    let (mut meter, mut lexicon) = (Meter::default(), Lexicon::default());
    let mut grid = Grid::default();
    for (index, meta) in sheets.into_iter().enumerate() {
        let range = book.worksheet_range(&meta.name).map_err(|_| Trouble::Corrupt)?;
        let mut growing = Growing::default();
        put_all(&range, 0.0, &mut growing, (&mut meter, &mut lexicon))?;
        growing.spread(&shape.areas(index), &mut meter)?;
        grid.sheets.push(growing.finish(meta.name.clone(), hidden(&meta)));
    }
    Ok(grid)
}

/// calamine's range begins at the first cell with something in it.
fn put_all(
    range: &Range<Data>,
    shift: f64,
    growing: &mut Growing,
    (meter, lexicon): (&mut Meter, &mut Lexicon),
) -> Result<(), Trouble> {
    let (top, left) = range.start().unwrap_or((0, 0));
    for (row, column, data) in range.used_cells() {
        let place = |from: u32, n: usize| from.saturating_add(u32::try_from(n).unwrap_or(u32::MAX));
        if let Some(cell) = owned(data, shift, lexicon) {
            growing.put(place(top, row), place(left, column), cell, meter)?;
        }
    }
    Ok(())
}

fn areas(merged: &[Dimensions]) -> Vec<Area> {
    merged.iter().map(|area| Area { start: area.start, end: area.end }).collect()
}

fn xlsx_trouble(error: &XlsxError) -> Trouble {
    match error {
        XlsxError::Password => Trouble::Password,
        _ => Trouble::Corrupt,
    }
}

fn borrowed(data: &DataRef<'_>, shift: f64, lexicon: &mut Lexicon) -> Option<Cell> {
    match data {
        DataRef::SharedString(words) => Some(Cell::text(words, lexicon)),
        other => owned(&Data::from(other.clone()), shift, lexicon),
    }
}

fn owned(data: &Data, shift: f64, lexicon: &mut Lexicon) -> Option<Cell> {
    Some(match data {
        #[expect(clippy::cast_precision_loss, reason = "ids beyond 2^53 are not cells of Excel either")]
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) => Cell::Number(*number),
        Data::String(words) => Cell::text(words, lexicon),
        Data::Bool(yes) => Cell::Bool(*yes),
        Data::DateTime(moment) => dated(moment, shift),
        Data::DateTimeIso(words) => iso(words).unwrap_or_else(|| Cell::text(words, lexicon)),
        Data::DurationIso(words) => iso_hour(words).unwrap_or_else(|| Cell::text(words, lexicon)),
        Data::Error(error) => Cell::Error(error.to_string().into()),
        Data::Empty => return None,
    })
}

fn dated(moment: &ExcelDateTime, shift: f64) -> Cell {
    let days = moment.as_f64();
    if moment.is_duration() {
        Cell::span(days)
    } else if days >= 1.0 {
        Cell::serial(days + shift)
    } else {
        Cell::serial(days)
    }
}

/// `2026-11-24` or `2026-11-24T08:30:00`, as .ods writes them.
fn iso(words: &str) -> Option<Cell> {
    let (day, hour) = words.split_once('T').unwrap_or((words, ""));
    let day = day.parse::<chrono::NaiveDate>().ok()?;
    let hour = crate::kernel::time::read_hour(hour.get(..5).unwrap_or("00:00"))?;
    Some(Cell::Moment(day.and_time(hour)))
}

/// `PT08H30M00S`.
fn iso_hour(words: &str) -> Option<Cell> {
    let (hours, rest) = words.strip_prefix("PT")?.split_once('H')?;
    let (minutes, _) = rest.split_once('M')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 1000 && minutes < 60).then_some(Cell::Span(hours * 60 + minutes))
}
