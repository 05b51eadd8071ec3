//! Cells, sparsely kept: a sheet with one value in its last corner costs one value.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use super::cells::Cell;
use super::{MAX_CELLS, MAX_INFLATED, Trouble};

/// A workbook's cells, sheet by sheet, in the file's order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Grid {
    pub sheets: Vec<Sheet>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    pub name: String,
    pub hidden: bool,
    /// Rows that hold something, in order.
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// From 1, as people count.
    pub number: u32,
    /// One value across at least three columns and nothing else: a title, not a line.
    pub banner: bool,
    cells: Vec<(u32, Cell)>,
}

impl Row {
    pub fn get(&self, column: u32) -> Option<&Cell> {
        let index = self.cells.binary_search_by_key(&column, |(position, _)| *position).ok()?;
        self.cells.get(index).map(|(_, cell)| cell)
    }
    pub fn cells(&self) -> impl Iterator<Item = (u32, &Cell)> {
        self.cells.iter().map(|(column, cell)| (*column, cell))
    }
}

/// An area whose first cell stands for all (positions from 0, ends included).
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub start: (u32, u32),
    pub end: (u32, u32),
}

/// Counts while a grid grows.
#[derive(Default)]
pub(super) struct Meter {
    cells: usize,
    letters: u64,
}

impl Meter {
    fn add(&mut self, cell: &Cell) -> Result<(), Trouble> {
        self.cells += 1;
        self.letters += u64::try_from(cell.weight()).unwrap_or(u64::MAX);
        if self.cells > MAX_CELLS {
            return Err(Trouble::TooManyCells);
        }
        if self.letters > MAX_INFLATED { Err(Trouble::Bomb) } else { Ok(()) }
    }
}

/// What a sheet has room for, in Excel and in `LibreOffice`: a cell beyond that is none, and no file can give it back.
const MAX_ROWS: u32 = 1_048_576;
const MAX_COLUMNS: u32 = 16_384;

/// Builds one sheet. Files give their cells in order, mostly: each is put at the end, and what came otherwise is put in
/// order at last.
#[derive(Default)]
pub(super) struct Growing {
    rows: Vec<(u32, Vec<(u32, Cell)>)>,
    banners: HashSet<u32>,
    /// Some rows or cells came before others that stand before them, or twice.
    mixed: bool,
}

impl Growing {
    /// `row` and `column` from 0. Of two cells in one place the later one stays.
    pub fn put(&mut self, row: u32, column: u32, cell: Cell, meter: &mut Meter) -> Result<(), Trouble> {
        if cell.is_blank() {
            return Ok(());
        }
        if row >= MAX_ROWS || column >= MAX_COLUMNS {
            return Err(Trouble::Corrupt);
        }
        meter.add(&cell)?;
        match self.rows.last_mut() {
            Some((last, cells)) if *last == row => {
                self.mixed |= cells.last().is_some_and(|(before, _)| *before >= column);
                cells.push((column, cell));
            }
            last => {
                if let Some((last, cells)) = last {
                    cells.shrink_to_fit();
                    self.mixed |= *last > row;
                }
                self.rows.push((row, vec![(column, cell)]));
            }
        }
        Ok(())
    }

    /// Rows and cells in order, each once.
    fn settle(&mut self) {
        if !std::mem::take(&mut self.mixed) {
            return;
        }
        self.rows.sort_by_key(|(number, _)| *number);
        let mut rows: Vec<(u32, Vec<(u32, Cell)>)> = Vec::with_capacity(self.rows.len());
        for (number, mut cells) in self.rows.drain(..) {
            match rows.last_mut() {
                Some((last, known)) if *last == number => known.append(&mut cells),
                _ => rows.push((number, cells)),
            }
        }
        for (_, cells) in &mut rows {
            cells.sort_by_key(|(column, _)| *column);
            // The later one of two comes second.
            cells.dedup_by(|later, earlier| {
                let same = later.0 == earlier.0;
                if same {
                    std::mem::swap(later, earlier);
                }
                same
            });
        }
        self.rows = rows;
    }

    fn row(&self, number: u32) -> Option<&Vec<(u32, Cell)>> {
        let index = self.rows.binary_search_by_key(&number, |(row, _)| *row).ok()?;
        self.rows.get(index).map(|(_, cells)| cells)
    }

    /// Gives the areas' values to all of their cells, in rows and columns that hold something anyway.
    pub fn spread(&mut self, areas: &[Area], meter: &mut Meter) -> Result<(), Trouble> {
        self.settle();
        let last_column = self.rows.iter().filter_map(|(_, cells)| cells.last().map(|(n, _)| *n)).max().unwrap_or(0);
        for area in areas {
            let Some(first) = self.row(area.start.0) else { continue };
            let Ok(index) = first.binary_search_by_key(&area.start.1, |(column, _)| *column) else { continue };
            let Some((_, cell)) = first.get(index).cloned() else { continue };
            let wide = area.end.1.saturating_sub(area.start.1) >= 2 && area.start.0 == area.end.0;
            if wide && first.len() == 1 {
                self.banners.insert(area.start.0);
                continue;
            }
            let columns = area.start.1..=area.end.1.min(last_column).max(area.start.1);
            let (from, until) = (area.start.0, area.end.0.max(area.start.0));
            let from = self.rows.partition_point(|(number, _)| *number < from);
            for (_, cells) in self.rows.iter_mut().skip(from).take_while(|(number, _)| *number <= until) {
                fill(cells, columns.clone(), &cell, meter)?;
            }
        }
        Ok(())
    }

    pub fn finish(mut self, name: String, hidden: bool) -> Sheet {
        self.settle();
        let banners = self.banners;
        let rows = self.rows.into_iter().map(|(number, cells)| Row {
            number: number.saturating_add(1),
            banner: banners.contains(&number),
            cells,
        });
        Sheet { name, hidden, rows: rows.collect() }
    }
}

/// Puts a cell into all of these columns of a row that hold nothing.
fn fill(
    cells: &mut Vec<(u32, Cell)>,
    columns: RangeInclusive<u32>,
    cell: &Cell,
    meter: &mut Meter,
) -> Result<(), Trouble> {
    let from = cells.partition_point(|(column, _)| column < columns.start());
    let until = cells.partition_point(|(column, _)| column <= columns.end());
    let mut there = cells.get(from..until).unwrap_or_default().iter().map(|(column, _)| *column).peekable();
    let mut new = Vec::new();
    for column in columns {
        if there.next_if_eq(&column).is_none() {
            meter.add(cell)?;
            new.push((column, cell.clone()));
        }
    }
    if !new.is_empty() {
        cells.extend(new);
        cells.sort_by_key(|(column, _)| *column);
    }
    Ok(())
}
