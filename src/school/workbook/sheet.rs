//! Workbooks that we write: the empty template, and a school's own file with a column « Problème ».

use std::collections::{BTreeMap, HashMap, HashSet};

use rust_xlsxwriter::{Color, DataValidation, Format, FormatAlign, Note, Workbook as Writer, Worksheet, XlsxError};

use crate::kernel::text::cells::neutralise;
use crate::kernel::{Error, Lang, Result, Text};
use crate::school::roster::Role;
use crate::school::session::Mode;
use crate::text;

use super::read::{Cell, Grid, Sheet};
use super::{Difference, Fault, SheetRead, Warning, Workbook};

#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
fn fault(error: XlsxError) -> Error {
    Error::fault(&format!("writing a workbook: {error}"))
}

/// Lines of the template that offer lists.
const LINES: u32 = 2_000;

struct Template {
    lang: Lang,
    heading: Format,
}

/// The empty workbook: *Personnes*, the timetable, and how to fill them.
pub fn template(lang: Lang) -> Result<Vec<u8>> {
    let heading = Format::new().set_bold().set_background_color(Color::RGB(0x00DC_E6F1));
    Template { lang, heading }.write().map_err(fault)
}

impl Template {
    fn say(&self, text: &Text) -> String {
        text.render(self.lang)
    }

    fn write(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Writer::new();
        self.timetable(book.add_worksheet())?;
        self.people(book.add_worksheet())?;
        self.help(book.add_worksheet())?;
        book.save_to_buffer()
    }

    /// Headings with their notes; the wide ones are where long words go.
    fn headings(&self, sheet: &mut Worksheet, headings: &[(Text, Text)]) -> Result<(), XlsxError> {
        for (column, (heading, note)) in (0_u16..).zip(headings) {
            sheet.write_string_with_format(0, column, self.say(heading), &self.heading)?;
            let note = Note::new(self.say(note)).set_author("Préau").add_author_prefix(false);
            sheet.insert_note(0, column, &note)?;
            sheet.set_column_width(column, 16)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        Ok(())
    }

    fn list(&self, sheet: &mut Worksheet, column: u16, choices: &[Text]) -> Result<(), XlsxError> {
        let words: Vec<String> = choices.iter().map(|choice| self.say(choice)).collect();
        let list = DataValidation::new().allow_list_strings(&words)?;
        sheet.add_data_validation(1, column, LINES, column, &list)?;
        Ok(())
    }

    fn timetable(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name(self.say(&text!("workbook-template-timetable")))?;
        self.headings(
            sheet,
            &[
                (text!("workbook-template-date"), text!("workbook-template-date-note")),
                (text!("workbook-template-start"), text!("workbook-template-start-note")),
                (text!("workbook-template-end"), text!("workbook-template-end-note")),
                (text!("workbook-template-class"), text!("workbook-template-class-note")),
                (text!("workbook-template-subject"), text!("workbook-template-subject-note")),
                (text!("workbook-template-teacher"), text!("workbook-template-teacher-note")),
                (text!("workbook-template-room"), text!("workbook-template-room-note")),
                (text!("workbook-template-mode"), text!("workbook-template-mode-note")),
                (text!("workbook-template-link"), text!("workbook-template-link-note")),
                (text!("workbook-template-reference"), text!("workbook-template-reference-note")),
            ],
        )?;
        let (date, hour) = (Format::new().set_num_format("dd/mm/yyyy"), Format::new().set_num_format("hh:mm"));
        sheet.set_column_format(0, &date)?;
        sheet.set_column_format(1, &hour)?;
        sheet.set_column_format(2, &hour)?;
        self.list(sheet, 7, &Mode::ALL.map(Mode::label))
    }

    fn people(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name(self.say(&text!("workbook-template-people")))?;
        self.headings(
            sheet,
            &[
                (text!("workbook-template-last-name"), text!("workbook-template-last-name-note")),
                (text!("workbook-template-first-name"), text!("workbook-template-first-name-note")),
                (text!("workbook-template-email"), text!("workbook-template-email-note")),
                (text!("workbook-template-birth"), text!("workbook-template-birth-note")),
                (text!("workbook-template-role"), text!("workbook-template-role-note")),
                (text!("workbook-template-classes"), text!("workbook-template-classes-note")),
                (text!("workbook-template-language"), text!("workbook-template-language-note")),
                (text!("workbook-template-card"), text!("workbook-template-card-note")),
                (text!("workbook-template-status"), text!("workbook-template-status-note")),
            ],
        )?;
        let (date, words) = (Format::new().set_num_format("dd/mm/yyyy"), Format::new().set_num_format("@"));
        sheet.set_column_format(3, &date)?;
        sheet.set_column_format(7, &words)?;
        let roles: Vec<Text> = Role::ALL.into_iter().filter(|role| !role.is_by_link_alone()).map(Role::label).collect();
        self.list(sheet, 4, &roles)?;
        self.list(sheet, 6, &[Text::verbatim("fr"), Text::verbatim("en")])?;
        self.list(sheet, 8, &[text!("workbook-template-active"), text!("workbook-template-left")])
    }

    fn help(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name(self.say(&text!("workbook-template-help")))?;
        let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        sheet.set_column_width(0, 100)?;
        let lines = self.say(&text!("workbook-template-help-lines"));
        for (row, line) in (0_u32..).zip(lines.lines()) {
            sheet.write_string_with_format(row, 0, neutralise(line.trim()).into_owned(), &wrapped)?;
        }
        Ok(())
    }
}

/// The school's own cells again, with what is wrong beside each line, in words and in colour. Faulty cells are red,
/// lines worth a look are yellow.
pub fn annotated(grid: &Grid, read: &Workbook, difference: &Difference, lang: Lang) -> Result<Vec<u8>> {
    let mut notes: HashMap<&str, BTreeMap<u32, Marks<'_>>> = HashMap::new();
    for fault in read.faults.iter().chain(&difference.faults) {
        notes.entry(&fault.sheet).or_default().entry(fault.row).or_default().faults.push(fault);
    }
    for warning in read.warnings.iter().chain(&difference.warnings) {
        if let Some(place) = &warning.place {
            notes.entry(&place.sheet).or_default().entry(place.row).or_default().warnings.push(warning);
        }
    }
    let mut book = Writer::new();
    let mut taken = HashSet::new();
    for sheet in grid.sheets.iter().filter(|sheet| !sheet.hidden) {
        let marks = notes.remove(sheet.name.as_str()).unwrap_or_default();
        let about = read.sheets.iter().find(|about| about.name == sheet.name);
        let page = book.add_worksheet();
        page.set_name(sheet_name(&sheet.name, &mut taken)).map_err(fault)?;
        Page { sheet, about, marks, lang, colours: Colours::new() }.write(page).map_err(fault)?;
    }
    book.save_to_buffer().map_err(fault)
}

#[derive(Default)]
struct Marks<'a> {
    faults: Vec<&'a Fault>,
    warnings: Vec<&'a Warning>,
}

struct Colours {
    fault: Format,
    warning: Format,
    heading: Format,
}

impl Colours {
    fn new() -> Self {
        let filled = |colour: u32| Format::new().set_background_color(Color::RGB(colour));
        Self {
            fault: filled(0x00FF_C7CE),
            warning: filled(0x00FF_EB9C),
            heading: Format::new().set_bold().set_text_wrap(),
        }
    }
}

struct Page<'a> {
    sheet: &'a Sheet,
    about: Option<&'a SheetRead>,
    marks: BTreeMap<u32, Marks<'a>>,
    lang: Lang,
    colours: Colours,
}

impl Page<'_> {
    fn write(&self, page: &mut Worksheet) -> Result<(), XlsxError> {
        let last = self.sheet.rows.iter().flat_map(|row| row.cells().map(|(column, _)| column)).max().unwrap_or(0);
        // Excel's last column is 16 383.
        let beside = u16::try_from(last.saturating_add(1).min(16_383)).unwrap_or(16_383);
        for row in &self.sheet.rows {
            for (column, cell) in row.cells() {
                let Ok(column) = u16::try_from(column) else { continue };
                write_cell(page, row.number.saturating_sub(1), column, cell, self.colour(row.number, column))?;
            }
        }
        for (row, marks) in &self.marks {
            let said: Vec<String> = marks
                .faults
                .iter()
                .map(|fault| {
                    let reason = fault.reason.render(self.lang);
                    if fault.column.is_empty() { reason } else { format!("{} : {reason}", fault.column) }
                })
                .chain(marks.warnings.iter().map(|warning| warning.text.render(self.lang)))
                .collect();
            let colour = if marks.faults.is_empty() { &self.colours.warning } else { &self.colours.fault };
            let words = said.join(" · ");
            page.write_string_with_format(row.saturating_sub(1), beside, neutralise(&words).into_owned(), colour)?;
        }
        if !self.marks.is_empty() {
            let heading = text!("workbook-problem").render(self.lang);
            let row = self.about.map_or(1, |about| about.header_row.max(1));
            if !self.marks.contains_key(&row) {
                page.write_string_with_format(row.saturating_sub(1), beside, heading, &self.colours.heading)?;
            }
            page.set_column_width(beside, 60)?;
        }
        Ok(())
    }

    fn colour(&self, row: u32, column: u16) -> Option<&Format> {
        let marks = self.marks.get(&row)?;
        if marks.faults.is_empty() {
            return Some(&self.colours.warning);
        }
        let label = self.about.and_then(|about| about.columns.iter().find(|(at, _)| *at == u32::from(column)));
        let whole_line = marks.faults.iter().any(|fault| fault.column.is_empty());
        let named = label.is_some_and(|(_, label)| marks.faults.iter().any(|fault| fault.column == *label));
        (whole_line || named).then_some(&self.colours.fault)
    }
}

fn write_cell(
    page: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    colour: Option<&Format>,
) -> Result<(), XlsxError> {
    let format = |pattern: &str| colour.cloned().unwrap_or_default().set_num_format(pattern);
    let plain = colour.cloned().unwrap_or_default();
    match cell {
        Cell::Number(number) if number.is_finite() => page.write_number_with_format(row, column, *number, &plain)?,
        Cell::Bool(yes) => page.write_boolean_with_format(row, column, *yes, &plain)?,
        Cell::Moment(moment) if moment.time() == chrono::NaiveTime::MIN && writable(moment.date()) => {
            page.write_datetime_with_format(row, column, moment.date(), &format("dd/mm/yyyy"))?
        }
        Cell::Moment(moment) if writable(moment.date()) => {
            page.write_datetime_with_format(row, column, *moment, &format("dd/mm/yyyy hh:mm"))?
        }
        Cell::Hour(hour) => page.write_datetime_with_format(row, column, *hour, &format("hh:mm"))?,
        Cell::Text(words) => page.write_string_with_format(row, column, neutralise(words).into_owned(), &plain)?,
        other => page.write_string_with_format(row, column, neutralise(&other.words()).into_owned(), &plain)?,
    };
    Ok(())
}

fn writable(day: chrono::NaiveDate) -> bool {
    use chrono::Datelike as _;
    (1900..=9999).contains(&day.year())
}

/// A name that Excel accepts: at most 31 letters, none of `[]:*?/\`, no quote at an end, unlike the others.
fn sheet_name(name: &str, taken: &mut HashSet<String>) -> String {
    let clean: String = name.chars().map(|c| if "[]:*?/\\".contains(c) || c.is_control() { ' ' } else { c }).collect();
    let clean = clean.trim_matches(['\'', ' ']);
    // Counted as Excel counts, in UTF-16.
    let mut short = String::new();
    for letter in clean.chars() {
        if short.encode_utf16().count() + letter.len_utf16() > 27 && clean.encode_utf16().count() > 31 {
            break;
        }
        short.push(letter);
    }
    let base = if short.trim().is_empty() { "Feuille".to_owned() } else { short.trim().to_owned() };
    let mut name = base.clone();
    let mut number = 2;
    while !taken.insert(name.to_lowercase()) {
        let kept: String = base.chars().take(24).collect();
        name = format!("{kept} {number}");
        number += 1;
    }
    name
}
