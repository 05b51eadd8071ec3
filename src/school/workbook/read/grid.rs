//! Cells, sparsely kept: a sheet with one value in its last corner costs one value.

use std::collections::BTreeMap;

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

/// Builds one sheet.
#[derive(Default)]
pub(super) struct Growing {
    rows: BTreeMap<u32, BTreeMap<u32, Cell>>,
    banners: Vec<u32>,
}

impl Growing {
    /// `row` and `column` from 0.
    pub fn put(&mut self, row: u32, column: u32, cell: Cell, meter: &mut Meter) -> Result<(), Trouble> {
        if cell.is_blank() {
            return Ok(());
        }
        meter.add(&cell)?;
        self.rows.entry(row).or_default().insert(column, cell);
        Ok(())
    }

    /// Gives the areas' values to all of their cells, in rows and columns that hold something anyway.
    pub fn spread(&mut self, areas: &[Area], meter: &mut Meter) -> Result<(), Trouble> {
        let last_column = self.rows.values().filter_map(|row| row.keys().next_back().copied()).max().unwrap_or(0);
        for area in areas {
            let Some(cell) = self.rows.get(&area.start.0).and_then(|row| row.get(&area.start.1)).cloned() else {
                continue;
            };
            let wide = area.end.1.saturating_sub(area.start.1) >= 2 && area.start.0 == area.end.0;
            let alone = self.rows.get(&area.start.0).is_some_and(|row| row.len() == 1);
            if wide && alone {
                self.banners.push(area.start.0);
                continue;
            }
            let right = area.end.1.min(last_column);
            let rows: Vec<u32> =
                self.rows.range(area.start.0..=area.end.0.max(area.start.0)).map(|(n, _)| *n).collect();
            for number in rows {
                let Some(row) = self.rows.get_mut(&number) else { continue };
                for column in area.start.1..=right.max(area.start.1) {
                    if let std::collections::btree_map::Entry::Vacant(vacant) = row.entry(column) {
                        meter.add(&cell)?;
                        vacant.insert(cell.clone());
                    }
                }
            }
        }
        Ok(())
    }

    pub fn finish(self, name: String, hidden: bool) -> Sheet {
        let banners = self.banners;
        let rows = self
            .rows
            .into_iter()
            .map(|(number, cells)| Row {
                number: number.saturating_add(1),
                banner: banners.contains(&number),
                cells: cells.into_iter().collect(),
            })
            .collect();
        Sheet { name, hidden, rows }
    }
}
