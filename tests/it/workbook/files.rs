//! Files made for tests: .xlsx by `rust_xlsxwriter`, .ods and .xls by hand.

use std::io::{Cursor, Write as _};

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// One cell of a test.
#[derive(Debug, Clone)]
pub enum V {
    None,
    Text(String),
    Number(f64),
    Date(u16, u8, u8),
    Moment(u16, u8, u8, u16, u8),
    Time(u16, u8),
    Span(f64),
    Formula(&'static str, &'static str),
    Bool(bool),
}

impl From<&str> for V {
    fn from(words: &str) -> Self {
        if words.is_empty() { Self::None } else { Self::Text(words.to_owned()) }
    }
}
impl From<String> for V {
    fn from(words: String) -> Self {
        Self::from(words.as_str())
    }
}
impl From<f64> for V {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

macro_rules! row {
    ($($cell:expr),* $(,)?) => { vec![$($crate::workbook::files::V::from($cell)),*] };
}
pub(crate) use row;

pub const HEAD: [&str; 10] =
    ["Date", "Début", "Fin", "Classe", "Matière", "Enseignant", "Salle", "Mode", "Lien", "Référence"];
pub const PEOPLE: [&str; 9] =
    ["Nom", "Prénom", "E-mail", "Naissance", "Rôle", "Classe(s)", "Langue", "Carte", "Statut"];

pub fn head() -> Vec<V> {
    HEAD.iter().map(|h| V::from(*h)).collect()
}

pub fn people_head() -> Vec<V> {
    PEOPLE.iter().map(|h| V::from(*h)).collect()
}

pub fn put(sheet: &mut Worksheet, row: u32, column: u16, value: &V) {
    let format = |pattern: &str| Format::new().set_num_format(pattern);
    match value {
        V::None => return,
        V::Text(words) => sheet.write_string(row, column, words).unwrap(),
        V::Number(number) => sheet.write_number(row, column, *number).unwrap(),
        V::Date(y, m, d) => {
            let date = ExcelDateTime::from_ymd(*y, *m, *d).unwrap();
            sheet.write_datetime_with_format(row, column, &date, &format("dd/mm/yyyy")).unwrap()
        }
        V::Moment(y, mo, d, h, mi) => {
            let moment = ExcelDateTime::from_ymd(*y, *mo, *d).unwrap().and_hms(*h, *mi, 0.0).unwrap();
            sheet.write_datetime_with_format(row, column, &moment, &format("dd/mm/yyyy hh:mm")).unwrap()
        }
        V::Time(h, m) => {
            let time = ExcelDateTime::from_hms(*h, *m, 0.0).unwrap();
            sheet.write_datetime_with_format(row, column, &time, &format("hh:mm")).unwrap()
        }
        V::Span(days) => sheet.write_number_with_format(row, column, *days, &format("[h]:mm")).unwrap(),
        V::Formula(formula, result) => {
            sheet.write_formula(row, column, rust_xlsxwriter::Formula::new(*formula).set_result(*result)).unwrap()
        }
        V::Bool(yes) => sheet.write_boolean(row, column, *yes).unwrap(),
    };
}

pub fn sheets(sheets: &[(&str, Vec<Vec<V>>)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (number, row) in (0_u32..).zip(rows) {
            for (column, value) in (0_u16..).zip(row) {
                put(sheet, number, column, value);
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// One timetable sheet under the usual headings.
pub fn timetable(rows: Vec<Vec<V>>) -> Vec<u8> {
    let mut all = vec![head()];
    all.extend(rows);
    sheets(&[("EDT", all)])
}

pub fn people(rows: Vec<Vec<V>>) -> Vec<u8> {
    let mut all = vec![people_head()];
    all.extend(rows);
    sheets(&[("Personnes", all)])
}

pub fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// An .ods around the rows of one table.
pub fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="EDT">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<?xml version=\"1.0\"?><manifest:manifest xmlns:manifest=\"m\"/>"),
        ("content.xml", content.as_bytes()),
    ])
}

pub fn ods_text(words: &str) -> String {
    format!(r#"<table:table-cell office:value-type="string"><text:p>{words}</text:p></table:table-cell>"#)
}

/// An OLE file with one stream of this name (at least 4096 bytes are kept in it).
pub fn ole(name: &str, stream: &[u8]) -> Vec<u8> {
    let mut stream = stream.to_vec();
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    let sectors = u32::try_from(stream.len() / 512).unwrap();
    let mut out = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    out.extend([0; 16]);
    for half in [0x3E_u16, 3, 0xFFFE, 9, 6] {
        out.extend(half.to_le_bytes());
    }
    out.extend([0; 6]);
    // The first FAT sector comes first, those that it has no room for come last.
    let more = (0..108_u32).find(|more| 2 + sectors + more <= 128 * (1 + more)).unwrap();
    // Directory sectors 0; the directory is sector 1; no small pieces.
    for word in [0, 1 + more, 1, 0, 4096, 0xFFFF_FFFE, 0, 0xFFFF_FFFE, 0, 0] {
        out.extend(u32::to_le_bytes(word));
    }
    for n in 0..108 {
        let place = if n < more { 2 + sectors + n } else { 0xFFFF_FFFF };
        out.extend(place.to_le_bytes());
    }
    assert_eq!(out.len(), 512);
    let mut fat = vec![0xFFFF_FFFD_u32, 0xFFFF_FFFE];
    fat.extend((0..sectors).map(|n| if n + 1 == sectors { 0xFFFF_FFFE } else { n + 3 }));
    fat.extend((0..more).map(|_| 0xFFFF_FFFD));
    fat.resize(128 * (1 + usize::try_from(more).unwrap()), 0xFFFF_FFFF);
    let (first, last) = fat.split_at(128);
    let words = |fat: &[u32]| fat.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    out.extend(words(first));
    let size = u32::try_from(stream.len()).unwrap();
    for (name, kind, start, size) in
        [("Root Entry", 5_u8, 0xFFFF_FFFE_u32, 0), (name, 2, 2, size), ("", 0, 0, 0), ("", 0, 0, 0)]
    {
        let mut entry = [0_u8; 128];
        for (n, letter) in name.encode_utf16().enumerate() {
            entry[2 * n..2 * n + 2].copy_from_slice(&letter.to_le_bytes());
        }
        entry[64] = u8::try_from(2 * name.len() + 2).unwrap();
        entry[66] = kind;
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&size.to_le_bytes());
        out.extend(entry);
    }
    out.extend(stream);
    out.extend(words(last));
    out
}

fn record(out: &mut Vec<u8>, kind: u16, data: &[u8]) {
    out.extend(kind.to_le_bytes());
    out.extend(u16::try_from(data.len()).unwrap().to_le_bytes());
    out.extend(data);
}

/// The records of an .xls with one sheet of texts; `extra` goes into the sheet before them.
pub fn biff(rows: &[Vec<&str>], extra: &[(u16, Vec<u8>)], global: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let bof = |kind: u16| {
        let mut data = 0x0600_u16.to_le_bytes().to_vec();
        data.extend(kind.to_le_bytes());
        data.extend([0; 12]);
        data
    };
    let mut out = Vec::new();
    record(&mut out, 0x0809, &bof(0x0005));
    for (kind, data) in global {
        record(&mut out, *kind, data);
    }
    let start = u32::try_from(out.len() + 4 + 8 + 3 + 4).unwrap();
    let mut sheet = start.to_le_bytes().to_vec();
    sheet.extend([0, 0, 3, 0]);
    sheet.extend(b"EDT");
    record(&mut out, 0x0085, &sheet);
    record(&mut out, 0x000A, &[]);
    record(&mut out, 0x0809, &bof(0x0010));
    for (kind, data) in extra {
        record(&mut out, *kind, data);
    }
    for (number, row) in (0_u16..).zip(rows) {
        for (column, words) in (0_u16..).zip(row) {
            let mut data = number.to_le_bytes().to_vec();
            data.extend(column.to_le_bytes());
            data.extend([0, 0]);
            data.extend(u16::try_from(words.encode_utf16().count()).unwrap().to_le_bytes());
            data.push(1);
            data.extend(words.encode_utf16().flat_map(u16::to_le_bytes));
            record(&mut out, 0x0204, &data);
        }
    }
    record(&mut out, 0x000A, &[]);
    out
}
