//! Workbooks with something changed in them, at every level of their bytes: each is read or refused with one sentence,
//! never a panic, never a hang; what is read is the same in the process apart, and applied twice it does nothing more.

use std::io::{Cursor, Read as _};
use std::time::Duration;

use preau::kernel::time::Zone;
use preau::kernel::{Clock, Lang, Refusal};
use preau::platform::apart::Apart;
use preau::platform::config::Config;
use preau::school::workbook::{self, Known, Workbook, jobs, read, sheet};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use zip::ZipArchive;

use super::files::{HEAD, V, biff, head, ods, ods_text, ole, people_head, row, sheets, zipped};
use super::{ids, now};

/// A debug build on a busy machine; a small file takes milliseconds.
const LONGEST: Duration = Duration::from_mins(2);
const CODES: [&str; 8] = ["IMP-01", "IMP-02", "IMP-03", "IMP-04", "IMP-05", "IMP-06", "IMP-07", "IMP-08"];

const LINES: [[&str; 8]; 4] = [
    ["24/11/2026", "08:30", "10:30", "1A", "Maths", "M. Diallo", "B204", ""],
    ["25/11/2026", "08h30", "10h30", "1A + 1B", "Réseaux", "", "", "distanciel"],
    ["31/11/2026", "14:00", "12:00", "1B", "Anglais", "Mme Roy", "A1", "hybride"],
    ["26/11/2026", "14:00", "16:00", "1B", "Anglais", "Mme Roy", "A1", "hybride"],
];

fn xlsx() -> Vec<u8> {
    let mut lessons = vec![head()];
    for (day, line) in (24..).zip(LINES) {
        let mut cells: Vec<V> = line.iter().map(|words| V::from(*words)).collect();
        (cells[0], cells[1]) = (V::Date(2026, 11, day), V::Time(8, 30));
        lessons.push(cells);
    }
    lessons.push(row!["", V::Span(0.5), V::Number(0.25), V::Bool(true), V::Formula("=1+1", "2")]);
    let mut people = vec![people_head()];
    people.push(row!["Diallo", "Mamadou", "m@e.fr", "01/02/1980", "enseignant", "", "fr", "0042", ""]);
    people.push(row!["Moreau", "Inès", "i@e.fr", V::Date(2006, 3, 12), "", "1A", "en", 43.0, "parti"]);
    sheets(&[("EDT", lessons), ("Personnes", people)])
}

fn calc() -> Vec<u8> {
    let line = |cells: &[&str]| {
        let cells: String = cells.iter().map(|words| ods_text(words)).collect();
        format!("<table:table-row>{cells}</table:table-row>")
    };
    let lines: String = std::iter::once(line(&HEAD)).chain(LINES.iter().map(|cells| line(cells))).collect();
    let dated = r#"<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="date" office:date-value="2026-11-24"/><table:table-cell office:value-type="time" office:time-value="PT08H30M00S"/><table:covered-table-cell/><table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="1" office:value-type="float" office:value="12"/></table:table-row>"#;
    ods(&format!("{lines}{dated}"))
}

fn old() -> Vec<u8> {
    let mut lines = vec![HEAD.to_vec()];
    lines.extend(LINES.iter().map(|line| line.to_vec()));
    let mut strings = [1_u32.to_le_bytes(), 1_u32.to_le_bytes()].concat();
    strings.extend([5, 0, 0]);
    strings.extend(b"Maths");
    let shared = [9_u16.to_le_bytes(), [4, 0], [0, 0], [0, 0], [0, 0]].concat();
    let number = [&[10, 0, 0, 0, 0, 0][..], &46_350.5_f64.to_le_bytes()].concat();
    let merged = [1_u16, 2, 3, 4, 5].map(u16::to_le_bytes).concat();
    let extra = [(0x00FD, shared), (0x0203, number), (0x00E5, merged)];
    ole("Workbook", &biff(&lines, &extra, &[(0x00FC, strings)]))
}

/// Bytes flipped, cut, doubled, moved, overwritten by extremes.
fn bytes(rng: &mut StdRng, mut file: Vec<u8>) -> Vec<u8> {
    for _ in 0..rng.random_range(1..4) {
        let length = file.len().max(1);
        let (from, span) = (rng.random_range(0..length), rng.random_range(1..=length.min(64)));
        let until = (from + span).min(file.len());
        match rng.random_range(0..6) {
            0 => file.truncate(from),
            1 => drop(file.drain(from.min(until)..until)),
            2 => {
                let again = file[from.min(until)..until].to_vec();
                file.splice(from.min(until)..from.min(until), again);
            }
            3 => {
                let extremes: [&[u8]; 5] =
                    [&[0xFF; 4], &[0; 4], &[0xFF, 0xFF, 0xFF, 0x7F], &[0xFE, 0xFF, 0xFF, 0xFF], &[1, 0]];
                for (place, byte) in file.iter_mut().skip(from).zip(extremes[rng.random_range(0..5)]) {
                    *place = *byte;
                }
            }
            4 => {
                for place in file.iter_mut().skip(from).take(span) {
                    *place = rng.random();
                }
            }
            _ => {
                if let Some(place) = file.get_mut(from) {
                    *place ^= 1 << rng.random_range(0..8);
                }
            }
        }
    }
    file
}

/// What is put in the place of a number or of a name.
const ODD: [&str; 16] = [
    "",
    "-1",
    "0",
    "1",
    "4294967295",
    "4294967296",
    "18446744073709551616",
    "1e308",
    "-1e308",
    "NaN",
    "2958466",
    "XFD1048576",
    "A0",
    "&lol;",
    "rId99",
    "\u{0}",
];

/// An XML part with values, tags and whole elements changed.
fn xml(rng: &mut StdRng, part: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(part).into_owned();
    let places = |of: char| text.char_indices().filter(|(_, c)| *c == of).map(|(at, _)| at).collect::<Vec<_>>();
    let (opens, quotes) = (places('<'), places('"'));
    if opens.len() < 3 || quotes.len() < 2 {
        return bytes(rng, part.to_vec());
    }
    let tag = |rng: &mut StdRng| opens[rng.random_range(0..opens.len())];
    let odd = ODD[rng.random_range(0..ODD.len())];
    match rng.random_range(0..6) {
        // A value of an attribute.
        0 | 1 => {
            let at = rng.random_range(0..quotes.len() / 2) * 2;
            [&text[..=quotes[at]], odd, &text[quotes[at + 1]..]].concat().into_bytes()
        }
        // What stands between two tags.
        2 => {
            let from = tag(rng);
            let Some(end) = text[from..].find('>').map(|end| from + end + 1) else { return text.into_bytes() };
            let next = text[end..].find('<').map_or(text.len(), |next| end + next);
            [&text[..end], odd, &text[next..]].concat().into_bytes()
        }
        // Elements twice, or not at all.
        3 => {
            let (a, b) = (tag(rng), tag(rng));
            let (from, until) = (a.min(b), a.max(b));
            let times = rng.random_range(2..50);
            [&text[..from], &text[from..until].repeat(times), &text[until..]].concat().into_bytes()
        }
        4 => {
            let (a, b) = (tag(rng), tag(rng));
            [&text[..a.min(b)], &text[a.max(b)..]].concat().into_bytes()
        }
        // Nested without end.
        _ => {
            let from = tag(rng);
            [&text[..from], &"<c r=\"A1\"><is><t>".repeat(2_000), &text[from..]].concat().into_bytes()
        }
    }
}

/// A zip file with one of its parts changed, gone, or there twice under another's name.
fn parts(rng: &mut StdRng, file: &[u8]) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(file)).unwrap();
    let mut all: Vec<(String, Vec<u8>)> = Vec::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let (name, mut bytes) = (part.name().unwrap().into_owned(), Vec::new());
        part.read_to_end(&mut bytes).unwrap();
        all.push((name, bytes));
    }
    let which = rng.random_range(0..all.len());
    match rng.random_range(0..12) {
        0 => drop(all.remove(which)),
        1 => {
            let other = all[rng.random_range(0..all.len())].1.clone();
            all[which].1 = other;
        }
        2 => all[which].0 = format!("xl/worksheets/{which}.xml"),
        3 => all[which].1 = bytes(rng, all[which].1.clone()),
        _ => {
            for _ in 0..rng.random_range(1..3) {
                all[which].1 = xml(rng, &all[which].1);
            }
        }
    }
    // Two parts of one name are not written.
    all.sort();
    all.dedup_by(|a, b| a.0 == b.0);
    let parts: Vec<(&str, &[u8])> = all.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    zipped(&parts)
}

struct Samples {
    xlsx: Vec<u8>,
    ods: Vec<u8>,
    xls: Vec<u8>,
}

impl Samples {
    fn new() -> Self {
        let all = Self { xlsx: xlsx(), ods: calc(), xls: old() };
        for (name, sample) in [("xlsx", &all.xlsx), ("ods", &all.ods), ("xls", &all.xls)] {
            let book = read(sample, name).unwrap_or_else(|why| panic!("{name}: {}", why.text));
            assert!(book.lessons.len() >= 3, "{name}: a sample that is read is what is changed");
        }
        all
    }

    /// The file that belongs to this seed.
    fn changed(&self, seed: u64) -> Vec<u8> {
        let mut rng = StdRng::seed_from_u64(seed);
        match seed % 6 {
            0 => bytes(&mut rng, self.xlsx.clone()),
            1 | 2 => parts(&mut rng, &self.xlsx),
            3 => parts(&mut rng, &self.ods),
            // Old files have no sums that a flipped bit breaks.
            _ => bytes(&mut rng, self.xls.clone()),
        }
    }
}

/// Read or refused; and what is read can be compared, applied, compared again and given back.
fn holds(seed: u64, file: &[u8]) -> Result<Workbook, Refusal> {
    let clock = Clock::machine();
    let book = read(file, "edt.xlsx");
    match &book {
        Ok(book) => twice(seed, file, book),
        Err(refusal) => {
            assert!(CODES.contains(&refusal.code), "seed {seed}: {}", refusal.code);
            let words = refusal.text.render(Lang::Fr);
            assert!(words.starts_with("Je n’ai ") && !words.contains('\n'), "seed {seed}: {words}");
        }
    }
    let took = clock.elapsed();
    assert!(took < LONGEST, "seed {seed} took {took:?}");
    book
}

fn twice(seed: u64, file: &[u8], book: &Workbook) {
    let (known, zone) = (Known::default(), Zone::default());
    let difference = workbook::difference(&known, book, now(), zone);
    let mut next = ids();
    let after = workbook::apply(&known, &difference, move || format!("m-{}", next()));
    let again = workbook::difference(&after, book, now(), zone);
    assert!(again.is_empty(), "seed {seed}: applied again it would do {again:?}");
    let grid = workbook::open(file).unwrap();
    let back = sheet::annotated(&grid, book, &difference, Lang::Fr).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
    assert!(workbook::open(&back).is_ok(), "seed {seed}: what is given back cannot be read");
}

fn campaign(seeds: std::ops::Range<u64>) {
    let (samples, mut read) = (Samples::new(), 0);
    let all = seeds.end - seeds.start;
    for seed in seeds {
        read += u64::from(holds(seed, &samples.changed(seed)).is_ok());
    }
    // Changes that are always refused, or never seen, prove nothing.
    assert!(read * 20 > all && read * 20 < all * 19, "{read} of {all} were read");
}

#[test]
fn a_workbook_with_something_changed_is_read_or_refused() {
    campaign(0..600);
}

/// A night of it: `cargo test --release --test it -- --ignored mutations::many`.
#[test]
#[ignore = "a campaign"]
fn many_workbooks_with_something_changed_are_read_or_refused() {
    campaign(1_000_000..1_200_000);
}

/// The process apart says what this one would, about each.
#[tokio::test]
async fn what_is_read_apart_is_what_is_read_here() {
    let program = env!("CARGO_BIN_EXE_preau");
    let config = Config::with(&[("files.reader", program)], &[]).expect("a configuration");
    let (apart, clock, samples) = (Apart::under(&config), Clock::machine(), Samples::new());
    let originals = [samples.xlsx.clone(), samples.ods.clone(), samples.xls.clone(), Vec::new()];
    let changed = (500_000..500_060).map(|seed| samples.changed(seed));
    for (number, file) in originals.into_iter().chain(changed).enumerate() {
        let there = jobs::understood(&apart, &clock, &file, "edt.xlsx").await.expect("it started");
        assert_eq!(there, read(&file, "edt.xlsx"), "file {number}");
    }
}
