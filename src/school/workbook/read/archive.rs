//! What a zip file unpacks to, looked at before anything is unpacked in memory.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;
use zip::result::ZipError;

use super::grid::Area;
use super::{MAX_INFLATED, Trouble};

/// What a zip file holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Inside {
    Xlsx,
    Ods(OdsShape),
}

/// Merged areas of each sheet of an .ods: calamine does not tell.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct OdsShape {
    pub areas: Vec<Vec<(u32, u32, u32, u32)>>,
}

impl OdsShape {
    pub fn areas(&self, sheet: usize) -> Vec<Area> {
        let areas = self.areas.get(sheet).map(Vec::as_slice).unwrap_or_default();
        areas.iter().map(|(r, c, rows, cols)| Area { start: (*r, *c), end: (r + rows - 1, c + cols - 1) }).collect()
    }
}

/// Parts other than sheets are read into memory whole: fewer bytes for them.
const MAX_PART: u64 = 64 * 1024 * 1024;
const MAX_PARTS: usize = 5_000;
/// Cells that calamine may lay out for an .ods, empty ones and repeated ones counted.
const MAX_LAID_OUT: u64 = 8_000_000;

/// Declared sizes first, then the true ones, streaming, with a limit.
pub(super) fn look(bytes: &[u8]) -> Result<Inside, Trouble> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(trouble)?;
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.map(std::borrow::Cow::into_owned))
        .collect::<Result<_, _>>()
        .map_err(trouble)?;
    let has = |name: &str| names.iter().any(|n| n.replace('\\', "/").eq_ignore_ascii_case(name));
    let spreadsheet = has("content.xml");
    if names.len() > MAX_PARTS {
        return Err(Trouble::Bomb);
    }
    if !spreadsheet && (!has("[Content_Types].xml") || has("xl/workbook.bin") || !sheets_inside(&names)) {
        return Err(Trouble::NotAWorkbook);
    }
    let mut declared = 0_u64;
    for index in 0..archive.len() {
        declared = declared.saturating_add(archive.by_index(index).map_err(trouble)?.size());
        if declared > MAX_INFLATED {
            return Err(Trouble::Bomb);
        }
    }
    let (mut actual, mut content, mut mime) = (0_u64, Vec::new(), Vec::new());
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(trouble)?;
        let name = part.name().map_err(trouble)?.into_owned();
        let sheet = name.contains("worksheets/") || name == "content.xml";
        let limit = if sheet { MAX_INFLATED } else { MAX_PART }.min(MAX_INFLATED - actual);
        let mut limited = part.by_ref().take(limit + 1);
        let mut head = Vec::new();
        let size = match name.as_str() {
            "content.xml" => limited.read_to_end(&mut content).map(|n| u64::try_from(n).unwrap_or(u64::MAX)),
            "mimetype" => limited.read_to_end(&mut mime).map(|n| u64::try_from(n).unwrap_or(u64::MAX)),
            _ => skim(&mut limited, &mut head),
        }
        .map_err(|_| Trouble::Corrupt)?;
        // calamine makes room for as many shared strings as are announced; `<si/>` is the shortest.
        if number(&head, b"uniqueCount") > size / 5 + 1 {
            return Err(Trouble::Corrupt);
        }
        if size > limit {
            return Err(Trouble::Bomb);
        }
        actual += size;
    }
    if !spreadsheet {
        return Ok(Inside::Xlsx);
    }
    if !mime.starts_with(b"application/vnd.oasis.opendocument.spreadsheet") {
        return Err(Trouble::NotAWorkbook);
    }
    OdsScan::default().run(&content).map(Inside::Ods)
}

/// Where a part says what it holds.
const HEAD: u64 = 4096;

/// Reads a part to its end and keeps its beginning; gives its size.
fn skim(part: &mut impl std::io::Read, head: &mut Vec<u8>) -> std::io::Result<u64> {
    let begun = part.by_ref().take(HEAD).read_to_end(head)?;
    Ok(u64::try_from(begun).unwrap_or(u64::MAX) + std::io::copy(part, &mut std::io::sink())?)
}

fn sheets_inside(names: &[String]) -> bool {
    let lower = |name: &String| name.to_ascii_lowercase().replace('\\', "/");
    names.iter().map(lower).any(|name| name.contains("worksheets/") || name.ends_with("workbook.xml"))
}

#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
fn trouble(error: ZipError) -> Trouble {
    match error {
        ZipError::UnsupportedArchive(why) if why == ZipError::PASSWORD_REQUIRED => Trouble::Password,
        ZipError::InvalidPassword => Trouble::Password,
        _ => Trouble::Corrupt,
    }
}

/// Walks the tags of an .ods' content, in the way calamine does, and measures what repeats would lay out.
#[derive(Default)]
struct OdsScan {
    areas: Vec<Vec<(u32, u32, u32, u32)>>,
    /// Rows so far in this table, empty ones at its end counted apart.
    rows: u64,
    waiting_rows: u64,
    row_repeat: u64,
    column: u64,
    filled: u64,
    widest: u64,
    pushed: u64,
    letters: u64,
}

impl OdsScan {
    fn run(mut self, content: &[u8]) -> Result<OdsShape, Trouble> {
        let mut rest = content;
        while let Some(at) = rest.iter().position(|b| *b == b'<') {
            rest = rest.get(at + 1..).unwrap_or_default();
            let end = tag_end(rest);
            let tag = rest.get(..end).unwrap_or_default();
            let after = rest.get(end..).unwrap_or_default();
            self.tag(tag, after)?;
            rest = after;
        }
        Ok(OdsShape { areas: self.areas })
    }

    fn tag(&mut self, tag: &[u8], after: &[u8]) -> Result<(), Trouble> {
        if starts(tag, b"table:table") {
            self.areas.push(Vec::new());
            (self.rows, self.waiting_rows, self.widest) = (0, 0, 0);
        } else if starts(tag, b"table:table-row") {
            self.row_repeat = number(tag, b"table:number-rows-repeated");
            (self.column, self.filled) = (0, 0);
        } else if starts(tag, b"/table:table-row") || (starts(tag, b"table:table-row") && tag.ends_with(b"/")) {
            self.end_of_row()?;
        } else if starts(tag, b"table:table-cell") || starts(tag, b"table:covered-table-cell") {
            self.cell(tag, after)?;
        }
        Ok(())
    }

    fn end_of_row(&mut self) -> Result<(), Trouble> {
        if self.filled == 0 {
            self.waiting_rows = self.waiting_rows.saturating_add(self.row_repeat);
        } else {
            self.rows = self.rows.saturating_add(self.waiting_rows).saturating_add(self.row_repeat);
            self.waiting_rows = 0;
            self.widest = self.widest.max(self.filled);
            self.pushed = self.pushed.saturating_add(self.filled);
        }
        let laid_out = self.rows.saturating_mul(self.widest);
        if laid_out > MAX_LAID_OUT || self.pushed > MAX_LAID_OUT { Err(Trouble::TooManyCells) } else { Ok(()) }
    }

    fn cell(&mut self, tag: &[u8], after: &[u8]) -> Result<(), Trouble> {
        let repeat = number(tag, b"table:number-columns-repeated");
        let (down, across) = (number(tag, b"table:number-rows-spanned"), number(tag, b"table:number-columns-spanned"));
        if down.max(across) > 1 && tag.starts_with(b"table:table-cell") {
            let row = self.rows.saturating_add(self.waiting_rows);
            let numbers = [row, self.column, down, across].map(|n| u32::try_from(n.min(1_048_576)).unwrap_or(0));
            if let (Some(areas), [row, column, down, across]) = (self.areas.last_mut(), numbers) {
                areas.push((row, column, down, across));
            }
        }
        self.column = self.column.saturating_add(repeat);
        let closed = tag.ends_with(b"/");
        let valued = find(tag, b"office:").is_some() || find(tag, b"table:formula").is_some();
        if !closed || valued {
            self.filled = self.column;
            // Its text, up to the end of the cell; the value may stand in the tag too.
            let text = if closed { 0 } else { find(after, b"</table:").unwrap_or(after.len()) };
            let letters = u64::try_from(text + tag.len()).unwrap_or(u64::MAX);
            self.letters = self.letters.saturating_add(letters.saturating_mul(repeat).saturating_mul(self.row_repeat));
            if self.letters > 2 * MAX_INFLATED {
                return Err(Trouble::Bomb);
            }
        }
        Ok(())
    }
}

/// Where the tag ends: `>` outside of quotes.
fn tag_end(tag: &[u8]) -> usize {
    let mut quote = None;
    for (index, byte) in tag.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return index,
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
    }
    tag.len()
}

fn starts(tag: &[u8], name: &[u8]) -> bool {
    tag.strip_prefix(name).is_some_and(|rest| rest.first().is_none_or(|b| b.is_ascii_whitespace() || *b == b'/'))
}

fn find(within: &[u8], what: &[u8]) -> Option<usize> {
    within.windows(what.len()).position(|window| window == what)
}

/// An attribute that counts; 1 when it is not there, very many when it is no number.
fn number(tag: &[u8], name: &[u8]) -> u64 {
    let Some(at) = find(tag, name) else { return 1 };
    let rest = tag.get(at + name.len()..).unwrap_or_default();
    let digits: String = rest
        .iter()
        .skip_while(|b| !b.is_ascii_digit())
        .take_while(|b| b.is_ascii_digit())
        .map(|b| char::from(*b))
        .collect();
    digits.parse::<u64>().unwrap_or(u64::MAX).max(1)
}
