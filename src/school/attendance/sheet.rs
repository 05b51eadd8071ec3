//! The sheet as a workbook, out of values.
//!
//! What it must show: organisation and its numbers, title, day, hours with their zone, place or link, teacher, each trainee, room for
//! the signatures of trainees and teacher. States are words; no colour carries anything.

use rust_xlsxwriter::{
    DocProperties, Format, FormatAlign, FormatBorder, FormatPattern, Workbook, Worksheet, XlsxError,
};
use unicode_normalization::UnicodeNormalization as _;

use super::{Counts, Line, Mark, Watched};
use crate::kernel::text::{Arg, cells};
use crate::kernel::time::Zone;
use crate::kernel::{At, Error, Lang, Result, Text};
use crate::school::session::Mode;
use crate::text;

/// All that a sheet shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetFacts {
    pub school: String,
    /// Under which numbers the school is registered (SIRET, training activity).
    pub registration: String,
    pub classroom: String,
    pub subject: String,
    pub teacher: String,
    /// A room or a link.
    pub place: String,
    pub mode: Mode,
    pub start: At,
    pub end: At,
    pub zone: Zone,
    pub validated_by: String,
    /// `None`: a proposal.
    pub validated_at: Option<At>,
    pub revision: i64,
    /// Who corrected it last after it was validated, and when.
    pub corrected: Option<(String, At)>,
    /// How its call was watched; none: there was none.
    pub watched: Option<Watched>,
    pub lines: Vec<Line>,
}

/// A spreadsheet takes 32 767 letters in a cell; nobody's name has more than these.
const LONGEST: usize = 500;
const WIDTHS: [u16; 8] = [24, 20, 18, 13, 14, 14, 14, 26];
/// The last of the eight columns.
const LAST: u16 = 7;
/// The row with the names of the columns.
const HEAD: u32 = 5;

/// What a line says on paper: the word of its state. What is undecided is « non pointé », never absent.
pub fn state(line: &Line) -> Text {
    match (line.mark, line.late) {
        (Mark::Present, Some(late)) => text!("attendance-sheet-late", minutes = late),
        (Mark::Open | Mark::Partial, _) => text!("attendance-sheet-open"),
        (mark, _) => mark.word(),
    }
}

/// The workbook's bytes; the same for the same facts.
pub fn xlsx(facts: &SheetFacts, lang: Lang) -> Result<Vec<u8>> {
    // The writer's errors may quote a cell: only their kind goes on.
    write(facts, lang).map_err(|error| Error::fault(&format!("the sheet was not written: {}", kind(&error))))
}

/// `2026-11-24_14h00_BTS-SIO-1A_Reseaux.xlsx`
pub fn file_name(facts: &SheetFacts) -> String {
    let when = facts.zone.local(facts.start).format("%Y-%m-%d_%Hh%M").to_string();
    let words = [facts.classroom.as_str(), facts.subject.as_str()].map(plain);
    let parts: Vec<String> = std::iter::once(when).chain(words).filter(|part| !part.is_empty()).collect();
    format!("{}.xlsx", parts.join("_"))
}

/// Letters and digits that every file system takes, at most 40, with one `-` for what lies between.
fn plain(words: &str) -> String {
    let mut out = String::new();
    let mut gap = false;
    for letter in words.nfkd().filter(|letter| !unicode_normalization::char::is_combining_mark(*letter)) {
        let mut buffer = [0; 4];
        let letters = match letter {
            'œ' => "oe",
            'Œ' => "OE",
            'æ' => "ae",
            'Æ' => "AE",
            'ß' => "ss",
            letter if letter.is_ascii_alphanumeric() => letter.encode_utf8(&mut buffer),
            _ => {
                gap = true;
                continue;
            }
        };
        if out.len() + letters.len() >= 40 {
            break;
        }
        if gap && !out.is_empty() {
            out.push('-');
        }
        gap = false;
        out.push_str(letters);
    }
    out
}

fn kind(error: &XlsxError) -> String {
    format!("{error:?}").split(['(', '{', ' ']).next().unwrap_or_default().to_owned()
}

struct Looks {
    title: Format,
    label: Format,
    value: Format,
    head: Format,
    cell: Format,
    number: Format,
}

impl Looks {
    fn new() -> Self {
        let cell = Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter);
        let head = cell.clone().set_bold().set_text_wrap().set_pattern(FormatPattern::Solid);
        Self {
            title: Format::new().set_bold().set_font_size(14),
            label: Format::new().set_bold(),
            // What is long gets smaller letters instead of being cut.
            value: Format::new().set_align(FormatAlign::Left).set_shrink(),
            head: head.set_background_color("D9D9D9"),
            number: cell.clone().set_align(FormatAlign::Right),
            cell,
        }
    }
}

/// A page being written.
struct Page<'a> {
    sheet: &'a mut Worksheet,
    looks: Looks,
    lang: Lang,
}

impl Page<'_> {
    /// Words of people.
    fn words(&mut self, row: u32, column: u16, words: &str, look: fn(&Looks) -> &Format) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(row, column, harmless(words), look(&self.looks)).map(|_| ())
    }
    /// Words of ours.
    fn say(&mut self, row: u32, column: u16, text: &Text, look: fn(&Looks) -> &Format) -> Result<(), XlsxError> {
        self.words(row, column, &text.render(self.lang), look)
    }
    fn number(&mut self, row: u32, column: u16, number: Option<i64>) -> Result<(), XlsxError> {
        match number.and_then(|number| i32::try_from(number).ok()) {
            Some(number) => self.sheet.write_number_with_format(row, column, number, &self.looks.number),
            None => self.sheet.write_blank(row, column, &self.looks.number),
        }
        .map(|_| ())
    }
    /// A label, and a value over three columns.
    fn fact(&mut self, row: u32, column: u16, label: &Text, value: &str) -> Result<(), XlsxError> {
        self.say(row, column, label, |looks| &looks.label)?;
        let words = harmless(value);
        self.sheet.merge_range(row, column + 1, row, column + 3, &words, &self.looks.value).map(|_| ())
    }
}

fn harmless(words: &str) -> String {
    let words: String = words.chars().take(LONGEST).collect();
    cells::neutralise(&words).into_owned()
}

fn write(facts: &SheetFacts, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = facts.validated_at.unwrap_or(facts.end).utc();
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let mut page = Page { sheet: book.add_worksheet(), looks: Looks::new(), lang };
    page.sheet.set_name(text!("attendance-sheet-tab").render(lang))?;
    set_up(page.sheet)?;
    header(&mut page, facts)?;
    let mut row = HEAD + 1;
    for line in &facts.lines {
        student(&mut page, row, line)?;
        row += 1;
    }
    footer(&mut page, row + 1, facts)?;
    book.save_to_buffer()
}

/// A4 across, one page wide; the head stays in sight and is printed on each page.
fn set_up(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(HEAD + 1, 0)?;
    sheet.set_repeat_rows(HEAD, HEAD)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_footer("&R&P / &N");
    Ok(())
}

fn header(page: &mut Page, facts: &SheetFacts) -> Result<(), XlsxError> {
    let zone = facts.zone;
    let day = text!("attendance-sheet-day", day = day(facts.start, zone), year = year(facts.start, zone));
    let hours = text!("attendance-sheet-hours", hours = Arg::Hours(facts.start, facts.end, zone));
    page.say(0, 0, &text!("attendance-sheet-title"), |looks| &looks.title)?;
    if !facts.registration.is_empty() {
        page.fact(0, 4, &text!("attendance-sheet-registration"), &facts.registration)?;
    }
    page.fact(1, 0, &text!("attendance-sheet-school"), &facts.school)?;
    page.fact(1, 4, &text!("attendance-sheet-class"), &facts.classroom)?;
    page.fact(2, 0, &text!("attendance-sheet-subject"), &facts.subject)?;
    page.fact(2, 4, &text!("attendance-sheet-teacher"), &facts.teacher)?;
    page.fact(3, 0, &text!("attendance-sheet-date"), &day.render(page.lang))?;
    page.fact(3, 4, &text!("attendance-sheet-time"), &hours.render(page.lang))?;
    page.fact(4, 0, &text!("attendance-sheet-mode"), &facts.mode.label().render(page.lang))?;
    page.fact(4, 4, &text!("attendance-sheet-place"), &facts.place)?;
    let columns = [
        text!("attendance-sheet-last-name"),
        text!("attendance-sheet-first-name"),
        text!("attendance-sheet-state"),
        text!("attendance-sheet-late-minutes"),
        text!("attendance-sheet-early-minutes"),
        text!("attendance-sheet-minutes"),
        text!("attendance-sheet-source"),
        text!("attendance-sheet-signature"),
    ];
    for (column, name) in (0..).zip(&columns) {
        page.say(HEAD, column, name, |looks| &looks.head)?;
    }
    Ok(())
}

fn student(page: &mut Page, row: u32, line: &Line) -> Result<(), XlsxError> {
    // Who was not there was neither late nor gone early; while that is undecided, so is this.
    let there = line.mark == Mark::Present;
    page.sheet.set_row_height(row, 22)?;
    page.words(row, 0, &line.last_name, |looks| &looks.cell)?;
    page.words(row, 1, &line.first_name, |looks| &looks.cell)?;
    page.say(row, 2, &state(line), |looks| &looks.cell)?;
    page.number(row, 3, line.late.filter(|_| there))?;
    page.number(row, 4, line.early.filter(|_| there))?;
    page.number(row, 5, line.minutes)?;
    page.say(row, 6, &line.source.word(), |looks| &looks.cell)?;
    page.sheet.write_blank(row, LAST, &page.looks.cell).map(|_| ())
}

fn footer(page: &mut Page, row: u32, facts: &SheetFacts) -> Result<(), XlsxError> {
    let counts = Counts::of(&facts.lines);
    let numbers = [
        (text!("attendance-sheet-all"), counts.all),
        (text!("attendance-sheet-count-present"), counts.present),
        (text!("attendance-sheet-count-late"), counts.late),
        (text!("attendance-sheet-count-partial"), counts.partial),
        (text!("attendance-sheet-count-absent"), counts.absent),
        (text!("attendance-sheet-count-justified"), counts.justified),
        (text!("attendance-sheet-count-open"), counts.open),
    ];
    for (column, (name, number)) in (0..).zip(&numbers) {
        page.say(row, column, name, |looks| &looks.head)?;
        page.number(row + 1, column, Some(*number))?;
    }
    page.say(row + 3, 0, &text!("attendance-sheet-revision", number = facts.revision), |looks| &looks.label)?;
    page.say(row + 4, 0, &validation(facts), |looks| &looks.label)?;
    if let Some((who, at)) = &facts.corrected {
        let (day, year, hour) = (day(*at, facts.zone), year(*at, facts.zone), Arg::Hour(*at, facts.zone));
        let words = text!("attendance-sheet-corrected", who = who, day = day, year = year, hour = hour);
        page.say(row + 5, 0, &words, |looks| &looks.label)?;
    }
    page.say(row + 6, 0, &text!("attendance-sheet-teacher-signature"), |looks| &looks.label)?;
    page.sheet.set_row_height(row + 6, 40)?;
    page.sheet.merge_range(row + 6, 2, row + 6, 4, "", &page.looks.cell)?;
    let said = facts.watched.as_ref().map(by_what).unwrap_or_default();
    for (row, words) in (row + 8..).zip(&said) {
        page.say(row, 0, words, |looks| &looks.value)?;
    }
    Ok(())
}

/// By what minutes were judged, and how well the call was seen.
fn by_what(watched: &Watched) -> Vec<Text> {
    let rule = &watched.rule;
    let mut said = vec![
        text!(
            "attendance-sheet-rule",
            present = rule.present_percent,
            partial = rule.partial_percent,
            late = rule.late_minutes,
            early = rule.early_minutes
        ),
        text!("attendance-sheet-watched", minutes = watched.minutes, lesson = watched.lesson, blind = watched.blind),
    ];
    said.extend(watched.interval.map(|seconds| text!("attendance-sheet-interval", seconds = seconds)));
    if !watched.usable {
        said.push(text!("attendance-sheet-unusable"));
    }
    said
}

fn validation(facts: &SheetFacts) -> Text {
    let Some(at) = facts.validated_at else { return text!("attendance-sheet-not-validated") };
    text!(
        "attendance-sheet-validated",
        who = &facts.validated_by,
        day = day(at, facts.zone),
        year = year(at, facts.zone),
        hour = Arg::Hour(at, facts.zone)
    )
}

fn day(at: At, zone: Zone) -> Arg {
    Arg::LongDay(zone.day(at))
}

/// As a word: years have no thousands.
fn year(at: At, zone: Zone) -> String {
    zone.day(at).format("%Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::school::attendance::Source;

    fn facts(classroom: &str, subject: &str) -> SheetFacts {
        SheetFacts {
            school: "École Horizon".to_owned(),
            registration: String::new(),
            classroom: classroom.to_owned(),
            subject: subject.to_owned(),
            teacher: "M. Diallo".to_owned(),
            place: "B204".to_owned(),
            mode: Mode::Remote,
            start: At(1_795_525_200_000),
            end: At(1_795_525_200_000).plus_minutes(120),
            zone: Zone::default(),
            validated_by: String::new(),
            validated_at: None,
            revision: 1,
            corrected: None,
            watched: None,
            lines: Vec::new(),
        }
    }

    #[test]
    fn file_names_are_taken_by_every_file_system() {
        for (classroom, subject, name) in [
            ("BTS SIO 1A", "Réseaux", "2026-11-24_14h00_BTS-SIO-1A_Reseaux.xlsx"),
            ("../..\\x:*?\"<>|\u{0}", "Œuvre & cœur (TP n° 2)", "2026-11-24_14h00_x_OEuvre-coeur-TP-n-2.xlsx"),
            ("دورة", "", "2026-11-24_14h00.xlsx"),
        ] {
            assert_eq!(file_name(&facts(classroom, subject)), name);
        }
        assert!(file_name(&facts(&"é ".repeat(99), &"z".repeat(999))).len() <= 16 + 1 + 40 + 1 + 40 + 5);
    }

    #[test]
    fn what_is_undecided_is_never_absent() {
        let say = |mark, late| {
            let line = Line {
                person_id: String::new(),
                last_name: String::new(),
                first_name: String::new(),
                mark,
                late,
                early: None,
                minutes: None,
                source: Source::Nothing,
                told_apart: None,
            };
            (state(&line).render(Lang::Fr), state(&line).render(Lang::En))
        };
        for (mark, late, french, english) in [
            (Mark::Present, None, "présent", "present"),
            (Mark::Present, Some(12), "retard 12 min", "late 12 min"),
            (Mark::Partial, Some(12), "non pointé", "not marked"),
            (Mark::Open, None, "non pointé", "not marked"),
            (Mark::Absent, Some(12), "absent", "absent"),
            (Mark::Justified, None, "justifié", "excused"),
        ] {
            assert_eq!(say(mark, late), (french.to_owned(), english.to_owned()));
        }
    }

    #[test]
    fn the_same_facts_make_the_same_bytes() {
        let facts = facts("BTS SIO 1A", "Réseaux");
        assert_eq!(xlsx(&facts, Lang::Fr).unwrap(), xlsx(&facts, Lang::Fr).unwrap());
        assert!(xlsx(&SheetFacts { school: "x".repeat(50_000), ..facts }, Lang::En).is_ok());
    }
}
