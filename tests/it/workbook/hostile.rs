//! Files that are not what they seem: one sentence, and nothing breaks.

use preau::kernel::Lang;
use preau::school::workbook::read;
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;

use super::files::{biff, head, ods, ods_text, ole, row, sheets, timetable, zipped};
use super::{read_all, sessions};

/// An .xlsx with one sheet of this content, whatever it is.
fn raw_xlsx(sheet: &str) -> Vec<u8> {
    let book = r#"<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="EDT" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet";
    let link = format!(
        r#"<Relationships><Relationship Id="rId1" Type="{kind}" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    let office = r#"<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    zipped(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", office.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", link.as_bytes()),
        ("xl/worksheets/sheet1.xml", format!("<worksheet>{sheet}</worksheet>").as_bytes()),
    ])
}

fn code(bytes: &[u8]) -> &'static str {
    let refusal = read(bytes, "edt.xlsx").unwrap_err();
    for lang in Lang::ALL {
        let words = refusal.text.render(lang);
        assert!(words.len() > 40 && !words.contains('⟦'), "{words}");
    }
    refusal.code
}

#[test]
fn nothing_and_not_a_workbook() {
    assert_eq!(code(b""), "IMP-02");
    assert_eq!(code(b"Date;Debut;Fin\n"), "IMP-02");
    assert_eq!(code(b"%PDF-1.7 ..."), "IMP-02");
    assert_eq!(code(&zipped(&[("word/document.xml", b"<w/>"), ("[Content_Types].xml", b"<t/>")])), "IMP-02");
    assert_eq!(code(&zipped(&[("photo.jpg", b"jpg")])), "IMP-02");
    let odt = zipped(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<a/>")]);
    assert_eq!(code(&odt), "IMP-02");
    assert_eq!(code(&ole("WordDocument", b"text")), "IMP-02");
    let xlsb = zipped(&[("[Content_Types].xml", b"<t/>"), ("xl/workbook.bin", b"x"), ("xl/worksheets/s.bin", b"x")]);
    assert_eq!(code(&xlsb), "IMP-02");
}

#[test]
fn too_heavy() {
    assert_eq!(code(&vec![b'P'; 20 * 1024 * 1024 + 1]), "IMP-01");
}

#[test]
fn passwords() {
    assert_eq!(code(&ole("EncryptedPackage", &[1; 5000])), "IMP-03");
    assert_eq!(code(&ole("Workbook", &biff(&[], &[], &[(0x002F, vec![1, 0, 1, 0])]))), "IMP-03");
}

#[test]
fn damaged() {
    let good = timetable(vec![row!["24/11/2026", "08:30", "10:30", "1A", "Maths"]]);
    assert_eq!(code(&good[..good.len() / 2]), "IMP-04");
    assert_eq!(code(b"PK\x03\x04 and no more"), "IMP-04");
    assert_eq!(code(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and no more"), "IMP-04");
    let broken = zipped(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", b"<workbook><sheets><sheet"),
        ("xl/worksheets/sheet1.xml", b"<worksheet>"),
    ]);
    assert_eq!(code(&broken), "IMP-04");
}

#[test]
fn a_chain_that_runs_in_a_circle() {
    let mut file = ole("Workbook", &biff(&[vec!["Date"]], &[], &[]));
    // The first sector of the stream is followed by itself.
    file[512 + 8..512 + 12].copy_from_slice(&2_u32.to_le_bytes());
    assert_eq!(code(&file), "IMP-04");
    // So is the directory's.
    let mut file = ole("Workbook", &biff(&[vec!["Date"]], &[], &[]));
    file[512 + 4..512 + 8].copy_from_slice(&1_u32.to_le_bytes());
    assert_eq!(code(&file), "IMP-04");
}

#[test]
fn an_old_file_that_declares_a_sheet_no_memory_holds() {
    let mut corners = Vec::new();
    corners.extend(0_u32.to_le_bytes());
    corners.extend(0x00FF_FFFF_u32.to_le_bytes());
    corners.extend([0, 0, 0xFF, 0x3F, 0, 0]);
    assert_eq!(code(&ole("Workbook", &biff(&[vec!["Date"]], &[(0x0200, corners)], &[]))), "IMP-06");
}

/// Kind and content.
type Record = (u16, Vec<u8>);

/// Shared strings: one long one, cut by a CONTINUE record, and cells that show it.
fn shared(cells: u16) -> (Vec<Record>, Vec<Record>) {
    let mut sst = [1_u32.to_le_bytes(), 1_u32.to_le_bytes()].concat();
    sst.extend(16_000_u16.to_le_bytes());
    sst.push(0);
    sst.extend([b'a'; 8_000]);
    let rest = std::iter::once(0).chain([b'b'; 8_000]).collect();
    let cell = |row: u16| (0x00FD, [row.to_le_bytes(), [12, 0], [0, 0], [0, 0], [0, 0]].concat());
    (vec![(0x00FC, sst), (0x003C, rest)], (1..=cells).map(cell).collect())
}

#[test]
fn one_long_string_in_every_cell_of_an_old_file() {
    let lines = [super::files::HEAD.to_vec(), vec!["24/11/2026", "08:30", "10:30", "1A", "Maths"]];
    let (strings, cells) = shared(20_000);
    assert_eq!(code(&ole("Workbook", &biff(&lines, &cells, &strings))), "IMP-05");
    // A few are fine.
    let (strings, cells) = shared(3);
    let read = read_all(&ole("Workbook", &biff(&lines, &cells, &strings)));
    assert_eq!(sessions(&read).len(), 1);
    // One that does not end.
    let (mut strings, cells) = shared(3);
    strings.pop();
    assert_eq!(code(&ole("Workbook", &biff(&lines, &cells, &strings))), "IMP-04");
}

/// Found by changing bytes: room was made for as many shared strings as a file announces, a hundred gigabytes, and the
/// whole program fell over.
#[test]
fn a_file_that_announces_more_strings_than_it_has() {
    let with = |count: &str| {
        let good = timetable(vec![row!["24/11/2026", "08:30", "10:30", "1A", "Maths"]]);
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(good)).unwrap();
        let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
        for index in 0..archive.len() {
            let mut part = archive.by_index(index).unwrap();
            let (name, mut bytes) = (part.name().unwrap().into_owned(), String::new());
            std::io::Read::read_to_string(&mut part, &mut bytes).unwrap();
            if let Some((before, after)) = bytes.split_once("uniqueCount=\"") {
                bytes = format!("{before}uniqueCount=\"{count}{}", &after[after.find('"').unwrap()..]);
            }
            parts.push((name, bytes.into_bytes()));
        }
        let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        zipped(&parts)
    };
    assert_eq!(sessions(&read_all(&with("15"))).len(), 1);
    assert_eq!(code(&with("4294967295")), "IMP-04");
}

/// Found by reading what follows from that: a sheet that ends before it begins.
#[test]
fn an_old_file_whose_sheet_ends_before_it_begins() {
    let corners = |top: u32, bottom: u32, left: u8, right: u8| {
        let mut corners = [top.to_le_bytes(), bottom.to_le_bytes()].concat();
        corners.extend([left, 0, right, 0, 0, 0]);
        ole("Workbook", &biff(&[super::files::HEAD.to_vec()], &[(0x0200, corners)], &[]))
    };
    assert!(read(&corners(0, 3, 0, 10), "edt.xls").is_ok());
    assert!(read(&corners(0, 0, 0, 0), "edt.xls").is_ok());
    assert_eq!(code(&corners(9, 3, 0, 10)), "IMP-04");
    assert_eq!(code(&corners(0, 3, 9, 2)), "IMP-04");
}

/// Found by changing bytes: such a file was read, and could not be given back annotated.
#[test]
fn a_cell_beyond_the_last_row_or_column() {
    let cell = |(column, words)| format!(r#"<c r="{column}1" t="inlineStr"><is><t>{words}</t></is></c>"#);
    let head = ('A'..).zip(super::files::HEAD).map(cell).collect::<Vec<_>>().concat();
    let with = |place: &str| {
        raw_xlsx(&format!(
            r#"<sheetData><row r="1">{head}</row><row r="2"><c r="{place}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>"#
        ))
    };
    assert!(read(&with("XFD1048576"), "edt.xlsx").is_ok());
    assert_eq!(code(&with("A1048577")), "IMP-04");
    assert_eq!(code(&with("XFE2")), "IMP-04");
}

#[test]
fn an_old_file_that_names_one_sheet_a_thousand_times() {
    let lines: Vec<Vec<&str>> = (0..200).map(|_| super::files::HEAD.to_vec()).collect();
    let plain = biff(&lines, &[], &[]);
    let first = plain.windows(4).position(|four| four[..2] == [0x85, 0]).expect("BOUNDSHEET");
    let length = usize::from(u16::from_le_bytes([plain[first + 2], plain[first + 3]]));
    let again = |n: usize, shift: usize| {
        let mut data = plain[first + 4..first + 4 + length].to_vec();
        let place = u32::from_le_bytes([data[0], data[1], data[2], data[3]]);
        let place = place + u32::try_from(shift).expect("small");
        data[..4].copy_from_slice(&place.to_le_bytes());
        let last = data.len() - 1;
        data[last] = b'A' + u8::try_from(n % 26).expect("small");
        (0x0085_u16, data)
    };
    let shift = 1_000 * (length + 4);
    let global: Vec<(u16, Vec<u8>)> = (0..1_000).map(|n| again(n, shift)).collect();
    assert_eq!(code(&ole("Workbook", &biff(&lines, &[], &global))), "IMP-05");
}

#[test]
fn a_zip_bomb_by_its_true_size() {
    let part = vec![b' '; 201 * 1024 * 1024];
    let parts: [(&str, &[u8]); 3] = [
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/worksheets/sheet1.xml", &part),
    ];
    let bomb = zipped(&parts);
    assert!(bomb.len() < 1024 * 1024);
    assert_eq!(code(&bomb), "IMP-05");
}

#[test]
fn a_zip_bomb_that_lies_about_its_size() {
    let part = vec![b' '; 65 * 1024 * 1024];
    let mut bomb = zipped(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/worksheets/sheet1.xml", b"<worksheet/>"),
        ("xl/sharedStrings.xml", &part),
    ]);
    // Every place where the size stands says 100 bytes.
    let size = u32::try_from(part.len()).unwrap().to_le_bytes();
    for at in 0..bomb.len() - 4 {
        if bomb[at..at + 4] == size {
            bomb[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
        }
    }
    assert!(["IMP-04", "IMP-05"].contains(&code(&bomb)));
}

#[test]
fn a_picture_that_unpacks_without_end() {
    let part = vec![0; 65 * 1024 * 1024];
    let parts: [(&str, &[u8]); 3] =
        [("[Content_Types].xml", b"<Types/>"), ("xl/worksheets/sheet1.xml", b"<w/>"), ("xl/media/a.bmp", &part)];
    assert_eq!(code(&zipped(&parts)), "IMP-05");
}

#[test]
fn two_million_cells_and_not_one_more() {
    // The same row again and again: a small file.
    let rows = format!("<row>{}</row>", "<c><v>1</v></c>".repeat(200)).repeat(10_001);
    assert_eq!(code(&raw_xlsx(&format!("<sheetData>{rows}</sheetData>"))), "IMP-06");
}

#[test]
fn a_cell_in_the_last_corner_costs_one_cell() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0..).zip(super::files::HEAD) {
        sheet.write_string(0, column, heading).unwrap();
    }
    for (column, words) in (0..).zip(["24/11/2026", "08:30", "10:30", "1A", "Maths"]) {
        sheet.write_string(1, column, words).unwrap();
    }
    sheet.write_string(1_048_575, 16_383, "x").unwrap();
    let read = read_all(&book.save_to_buffer().unwrap());
    assert_eq!(sessions(&read), ["1A 2026-11-24 08:30-10:30 Maths"]);
    assert!(read.faults.is_empty());
}

#[test]
fn merged_areas_as_large_as_a_sheet() {
    let text = |words: &str| format!(r#"<c t="inlineStr"><is><t>{words}</t></is></c>"#);
    let heads: String = super::files::HEAD.map(text).concat();
    let line = ["24/11/2026", "08:30", "10:30", "1A"].map(text).concat();
    let merge = r#"<mergeCell ref="D2:E1048576"/>"#.repeat(5_000);
    let sheet = format!(
        "<sheetData><row>{heads}</row><row>{line}</row></sheetData><mergeCells count=\"1\">{merge}</mergeCells>"
    );
    let read = read_all(&raw_xlsx(&sheet));
    assert_eq!(sessions(&read), ["1A 2026-11-24 08:30-10:30 1A"]);
}

#[test]
fn an_ods_that_repeats_itself_without_end() {
    let many = r#"<table:table-row table:number-rows-repeated="1000000">"#;
    let wide = r#"<table:table-cell table:number-columns-repeated="16000" office:value-type="string"><text:p>x</text:p></table:table-cell>"#;
    assert_eq!(code(&ods(&format!("{many}{wide}</table:table-row>"))), "IMP-05");
    let gaps = format!(
        "<table:table-row><table:table-cell table:number-columns-repeated=\"16000\"/>{}</table:table-row>",
        ods_text("x")
    );
    assert_eq!(code(&ods(&gaps.repeat(600))), "IMP-06");
    let gap = format!(
        "<table:table-row>{0}</table:table-row><table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell/></table:table-row><table:table-row>{0}{0}{0}{0}{0}{0}{0}{0}{0}</table:table-row>",
        ods_text("x")
    );
    assert_eq!(code(&ods(&gap)), "IMP-06");
}

#[test]
fn no_column_of_ours() {
    assert_eq!(code(&sheets(&[("Feuil1", vec![])])), "IMP-07");
    assert_eq!(code(&sheets(&[("Budget", vec![row!["Poste", "Montant"], row!["Papier", 12.5]])])), "IMP-07");
    assert_eq!(code(&sheets(&[("Notes", vec![row!["Nom", "Note"], row!["Diallo", 12.0]])])), "IMP-07");
}

#[test]
fn more_sessions_than_a_school_has() {
    let heads = row!["Jour", "Du", "Au", "Début", "Fin", "Classe", "Matière"];
    let classes = (0..30).map(|n| format!("C{n}")).collect::<Vec<_>>().join(",");
    let line = row!["lundi", "01/09/2026", "30/06/2027", "08:00", "09:00", classes, "Maths"];
    let mut rows = vec![heads];
    rows.extend(std::iter::repeat_n(line, 200));
    assert_eq!(code(&sheets(&[("EDT", rows)])), "IMP-08");
}

#[test]
fn formulas_in_names_come_back_harmless() {
    let mut rows = vec![head()];
    rows.push(row!["24/11/2026", "08:30", "10:30", "1A", "=cmd|' /C calc'!A0", "@SUM(1)", "+33", "", "", ""]);
    let bytes = sheets(&[("EDT", rows)]);
    let grid = preau::school::workbook::open(&bytes).unwrap();
    let book = read_all(&bytes);
    assert_eq!(book.lessons[0].subject, "=cmd|' /C calc'!A0");
    let back = preau::school::workbook::sheet::annotated(
        &grid,
        &book,
        &preau::school::workbook::Difference::default(),
        Lang::Fr,
    )
    .unwrap();
    let again = preau::school::workbook::open(&back).unwrap();
    // In the file: a text with an apostrophe; for us: what it was.
    assert_eq!(again.sheets[0].rows[1].get(4).unwrap().words(), "=cmd|' /C calc'!A0");
    assert_eq!(read_all(&back).lessons, book.lessons);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Bytes of any kind give a workbook or a refusal, never a crash.
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600), kind in 0..3) {
        let mut file = match kind { 0 => b"PK\x03\x04".to_vec(), 1 => b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), _ => vec![] };
        file.extend(bytes);
        let _ = read(&file, "x");
    }

    /// Neither do files with some bytes changed.
    #[test]
    fn bruised_files(hits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), kind in 0..3) {
        let mut file = match kind {
            0 => timetable(vec![row!["24/11/2026", "08:30", "10:30", "1A", "Maths"]]),
            1 => ole("Workbook", &biff(&[vec!["Date", "Début"], vec!["24/11/2026", "08:30"]], &[], &[])),
            _ => ods(&format!("<table:table-row>{}</table:table-row>", ods_text("Date"))),
        };
        for (at, byte) in hits {
            let at = at.index(file.len());
            file[at] = byte;
        }
        let _ = read(&file, "x");
    }
}
