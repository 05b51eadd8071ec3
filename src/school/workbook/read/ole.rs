//! A look into an OLE file (.xls, and .xlsx with a password) before calamine reads it: chains that run in a circle,
//! declared sizes that no memory holds, passwords.

use super::{MAX_CELLS, MAX_INFLATED, Trouble};

const END: u32 = 0xFFFF_FFFE;
const LARGEST_SECTOR: u32 = 0xFFFF_FFFA;
/// Cells between the first and the last corner of a sheet: calamine lays them all out.
const MAX_LAID_OUT: u64 = 4_000_000;

fn u16_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

struct Ole<'a> {
    bytes: &'a [u8],
    sector: usize,
    fat: Vec<u32>,
}

impl<'a> Ole<'a> {
    fn sector(&self, id: u32) -> Option<&'a [u8]> {
        let start = size(id).checked_add(1)?.checked_mul(self.sector)?;
        self.bytes.get(start..self.bytes.len().min(start.checked_add(self.sector)?)).filter(|s| !s.is_empty())
    }

    fn open(bytes: &'a [u8]) -> Option<Self> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let most = bytes.len() / sector + 1;
        let mut ole = Self { bytes, sector, fat: Vec::new() };
        let mut tables: Vec<u32> = (0..109).filter_map(|n| u32_at(bytes, 76 + 4 * n)).collect();
        let mut next = u32_at(bytes, 68)?;
        let mut steps = 0;
        while next < LARGEST_SECTOR {
            steps += 1;
            if steps > most {
                return None;
            }
            let block = ole.sector(next)?;
            let numbers: Vec<u32> = (0..sector / 4).filter_map(|n| u32_at(block, 4 * n)).collect();
            let (last, ids) = numbers.split_last()?;
            tables.extend(ids);
            next = *last;
        }
        tables.retain(|id| *id < LARGEST_SECTOR);
        // Each table speaks for sector/4 sectors: more of them than the file has room for is a trap.
        if tables.len() > most / (sector / 4) + 2 {
            return None;
        }
        for id in tables {
            let block = ole.sector(id)?;
            ole.fat.extend((0..sector / 4).filter_map(|n| u32_at(block, 4 * n)));
        }
        Some(ole)
    }

    /// The bytes of a chain; `None` when it leaves the file or runs in a circle.
    fn chain(&self, mut id: u32) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        while id != END {
            if out.len() > self.bytes.len() {
                return None;
            }
            out.extend_from_slice(self.sector(id)?);
            id = *self.fat.get(size(id))?;
        }
        Some(out)
    }

    /// A stream kept in 64-byte pieces.
    fn small_chain(mut id: u32, table: &[u8], pieces: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        while id != END {
            if out.len() > pieces.len() {
                return None;
            }
            let start = size(id).checked_mul(64)?;
            out.extend_from_slice(pieces.get(start..pieces.len().min(start + 64)).filter(|s| !s.is_empty())?);
            id = u32_at(table, size(id).checked_mul(4)?)?;
        }
        Some(out)
    }
}

/// The name of a directory entry.
fn name_of(entry: &[u8]) -> String {
    let letters = (0..32).filter_map(|n| u16_at(entry, 2 * n)).take_while(|letter| *letter != 0);
    letters.filter_map(char::from_u32).collect()
}

/// Is this an old workbook that can be read safely?
pub(super) fn look(bytes: &[u8]) -> Result<(), Trouble> {
    let ole = Ole::open(bytes).ok_or(Trouble::Corrupt)?;
    let directory = u32_at(bytes, 48).and_then(|start| ole.chain(start)).ok_or(Trouble::Corrupt)?;
    let entries: Vec<&[u8]> = directory.chunks_exact(128).collect();
    let named = |name: &str| entries.iter().find(|entry| name_of(entry).eq_ignore_ascii_case(name)).copied();
    if named("EncryptedPackage").is_some() || named("EncryptionInfo").is_some() {
        return Err(Trouble::Password);
    }
    let book = named("Workbook").or_else(|| named("Book")).ok_or(Trouble::NotAWorkbook)?;
    stream(&ole, &entries, book).ok_or(Trouble::Corrupt).and_then(|stream| records(&stream))
}

fn stream(ole: &Ole<'_>, entries: &[&[u8]], book: &[u8]) -> Option<Vec<u8>> {
    let root = *entries.first()?;
    // calamine reads the small pieces whenever the header speaks of some.
    let pieces = if u32_at(ole.bytes, 64)? > 0 {
        let table = ole.chain(u32_at(ole.bytes, 60)?)?;
        Some((table, ole.chain(u32_at(root, 116)?)?))
    } else {
        None
    };
    let (start, length) = (u32_at(book, 116)?, u32_at(book, 120)?);
    let mut out = match pieces {
        Some((table, pieces)) if length < 4096 => Ole::small_chain(start, &table, &pieces)?,
        _ => ole.chain(start)?,
    };
    out.truncate(size(length));
    Some(out)
}

/// Corners of the cells of a sheet.
#[derive(Default)]
struct Corners {
    rows: Option<(u32, u32)>,
    columns: Option<(u32, u32)>,
}

impl Corners {
    fn add(&mut self, row: u32, column: u32) {
        let widen = |seen: Option<(u32, u32)>, n: u32| Some(seen.map_or((n, n), |(a, b)| (a.min(n), b.max(n))));
        self.rows = widen(self.rows, row);
        self.columns = widen(self.columns, column);
    }
    /// Takes in the cells of a record.
    fn look(&mut self, kind: u32, data: &[u8]) {
        // NUMBER, LABEL, RSTRING, BOOLERR, RK, LABELSST, FORMULA; MULRK ends with its last column.
        if !matches!(kind, 0x0203 | 0x0204 | 0x00D6 | 0x0205 | 0x027E | 0x00FD | 0x0006 | 0x00BD) {
            return;
        }
        if let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) {
            self.add(row, column);
            if kind == 0x00BD {
                self.add(row, u16_at(data, data.len().saturating_sub(2)).unwrap_or(column));
            }
        }
    }
    fn laid_out(&self) -> u64 {
        let across = |seen: Option<(u32, u32)>| seen.map_or(0, |(a, b)| u64::from(b - a) + 1);
        across(self.rows) * across(self.columns)
    }
}

/// Kind, content, and what follows.
fn record(rest: &[u8]) -> Option<(u32, &[u8], &[u8])> {
    let (kind, length) = (u16_at(rest, 0)?, size(u16_at(rest, 2)?));
    Some((kind, rest.get(4..4 + length).unwrap_or_default(), rest.get(4 + length..).unwrap_or_default()))
}

fn records(stream: &[u8]) -> Result<(), Trouble> {
    let mut rest = stream;
    let (mut strings, mut sheets) = (Vec::new(), Vec::new());
    while let Some((kind, data, after)) = record(rest) {
        match kind {
            // FILEPASS
            0x002F if u16_at(data, 0).unwrap_or(0) != 0 => return Err(Trouble::Password),
            // DIMENSIONS: calamine makes room for what it declares.
            0x0200 => match declared(data) {
                None => return Err(Trouble::Corrupt),
                Some(cells) if cells > MAX_LAID_OUT => return Err(Trouble::TooManyCells),
                Some(_) => {}
            },
            // BOUNDSHEET: calamine reads a sheet from wherever it says, as often as it is said.
            0x0085 => sheets.push(size(u32_at(data, 0).unwrap_or(u32::MAX))),
            // SST
            0x00FC => strings = lengths(data, after)?,
            _ => {}
        }
        rest = after;
    }
    // Sheets that lie in one another are read again and again.
    let mut budget = stream.len().saturating_mul(2);
    let (mut laid_out, mut letters) = (0, 0);
    for start in sheets {
        let from = stream.get(start..).unwrap_or_default();
        let mut rest = from;
        let mut depth = 0_u32;
        let mut corners = Corners::default();
        while let Some((kind, data, after)) = record(rest) {
            rest = after;
            match kind {
                0x0809 => depth += 1,
                0x000A if depth <= 1 => break,
                0x000A => depth -= 1,
                _ => corners.look(kind, data),
            }
            if kind == 0x00FD {
                // LABELSST: each cell has a copy of its string.
                let string = u32_at(data, 6).and_then(|index| strings.get(size(index)));
                letters += string.map_or(0, |length| u64::from(*length));
            }
            if laid_out + corners.laid_out() > MAX_LAID_OUT {
                return Err(Trouble::TooManyCells);
            }
            if letters > MAX_INFLATED {
                return Err(Trouble::Bomb);
            }
        }
        laid_out += corners.laid_out();
        budget = budget.checked_sub(from.len() - rest.len()).ok_or(Trouble::Bomb)?;
    }
    Ok(())
}

/// How many letters each shared string has. It runs on through the CONTINUE records that follow it, each of which
/// begins anew with a sign of how wide its letters are when it cuts a string.
fn lengths(data: &[u8], after: &[u8]) -> Result<Vec<u32>, Trouble> {
    let mut pieces = Pieces { data: data.get(8..).unwrap_or_default(), after };
    let mut lengths = Vec::new();
    while !pieces.data.is_empty() || pieces.go_on() {
        if lengths.len() > MAX_CELLS {
            return Err(Trouble::Bomb);
        }
        let Some(length) = pieces.string() else { return Err(Trouble::Corrupt) };
        lengths.push(length);
    }
    Ok(lengths)
}

struct Pieces<'a> {
    data: &'a [u8],
    after: &'a [u8],
}

impl Pieces<'_> {
    fn go_on(&mut self) -> bool {
        match record(self.after) {
            Some((0x003C, data, after)) => {
                (self.data, self.after) = (data, after);
                true
            }
            _ => false,
        }
    }

    /// One string; gives its length.
    fn string(&mut self) -> Option<u32> {
        if self.data.is_empty() {
            return Some(0);
        }
        let (length, flags) = (u16_at(self.data, 0)?, *self.data.get(2)?);
        self.data = self.data.get(3..)?;
        let mut more = 0_usize;
        if flags & 0x08 != 0 {
            more += 4 * size(u16_at(self.data, 0)?);
            self.data = self.data.get(2..)?;
        }
        if flags & 0x04 != 0 {
            more = more.checked_add(size(u32_at(self.data, 0)?))?;
            self.data = self.data.get(4..)?;
        }
        let (mut left, mut width) = (size(length), 1 + usize::from(flags & 1));
        while left > 0 {
            let here = left.min(self.data.len() / width);
            self.data = self.data.get(here * width..)?;
            left -= here;
            if left > 0 {
                self.go_on().then_some(())?;
                width = 1 + usize::from(self.data.first()? & 1);
                self.data = self.data.get(1..)?;
            }
        }
        while more > 0 {
            if self.data.is_empty() && !self.go_on() {
                return None;
            }
            let here = more.min(self.data.len());
            self.data = self.data.get(here..)?;
            more -= here;
        }
        Some(length)
    }
}

/// How many cells a sheet says that it has room for; `None`: one that ends before it begins, in which calamine counts
/// below zero.
fn declared(data: &[u8]) -> Option<u64> {
    let corners = if data.len() == 10 {
        (u16_at(data, 0), u16_at(data, 2), u16_at(data, 4), u16_at(data, 6))
    } else {
        (u32_at(data, 0), u32_at(data, 4), u16_at(data, 8), u16_at(data, 10))
    };
    match corners {
        // Of none at all the ends are 0.
        (Some(_), Some(0), ..) | (.., Some(0)) => Some(0),
        (Some(top), Some(bottom), Some(left), Some(right)) => {
            let (rows, columns) = (bottom.checked_sub(top)?, right.checked_sub(left)?);
            (rows > 0 && columns > 0).then(|| u64::from(rows) * u64::from(columns.min(256)))
        }
        _ => Some(0),
    }
}
