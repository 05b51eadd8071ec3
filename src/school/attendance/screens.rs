//! What is shown of a sheet, out of values.

use serde::{Deserialize, Serialize};

use super::{Counts, Line, Mark, OwnLine, Reason, SheetState, Verdict, View, Wish};
use crate::kernel::text::Arg;
use crate::kernel::time::Zone;
use crate::kernel::{Result, Text};
use crate::telegram::screen::{Key, Screen};
use crate::text;

pub const SHEET: &str = "attendance.sheet";
pub const LIST: &str = "attendance.list";
pub const EXCEPT: &str = "attendance.except";
pub const SAVE: &str = "attendance.save";
pub const ONE: &str = "attendance.one";
pub const SET: &str = "attendance.set";
pub const REASON: &str = "attendance.reason";
pub const VALIDATE: &str = "attendance.validate";
pub const SEND_FILE: &str = "attendance.send_file";
pub const CONTEST: &str = "attendance.contest";
pub const CONTEST_WORDS: &str = "attendance.contest_words";
pub const DECIDE: &str = "attendance.decide";
pub const REFUSAL: &str = "attendance.refusal";

/// Names on one page of a list.
const A_PAGE: usize = 12;
/// Names listed in a message before « et n autres ».
const MOST_NAMES: usize = 10;

/// Where a press stands: which sheet, which version was on the screen, which page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct At {
    pub session: String,
    pub version: i64,
    #[serde(default)]
    pub page: usize,
    #[serde(default)]
    pub person: Option<String>,
    /// The names picked as absent.
    #[serde(default)]
    pub absent: Vec<String>,
    /// The minutes of a late arrival are asked.
    #[serde(default)]
    pub late: bool,
    #[serde(default)]
    pub leave_open: bool,
}

impl At {
    pub fn of(session: &str, version: i64) -> Self {
        Self { session: session.to_owned(), version, ..Self::default() }
    }
    pub fn json(&self) -> Result<String> {
        Ok(serde_json::to_string(self)?)
    }
    fn page(&self, page: usize) -> Self {
        Self { page, ..self.clone() }
    }
}

/// Which screen.
#[derive(Debug, Clone)]
pub enum Show {
    Main,
    List(usize),
    Except { page: usize, absent: Vec<String> },
    One(String, usize),
    Late(String, usize),
    Reason(Wish),
    Changed { name: String, old: Verdict, new: Verdict, undo: Wish },
    AskOpen { count: i64, version: i64 },
}

/// « en retard 12 min », « présent » …
pub fn verdict(verdict: &Verdict) -> Text {
    let mut parts = vec![verdict.mark.word()];
    if let Some(minutes) = verdict.late {
        parts.push(text!("attendance-late-by", count = minutes));
    }
    if let Some(minutes) = verdict.early {
        parts.push(text!("attendance-early-by", count = minutes));
    }
    Text::joined(", ", parts)
}

fn line_words(line: &Line) -> Text {
    verdict(&line.verdict())
}

/// The screen.
pub fn screen(view: &View, show: &Show) -> Result<Screen> {
    match show {
        Show::Main => main(view),
        Show::List(page) => list(view, *page),
        Show::Except { page, absent } => except(view, *page, absent),
        Show::One(person, page) => one(view, person, *page),
        Show::Late(person, page) => late(view, person, *page),
        Show::Reason(wish) => reason(view, wish),
        Show::Changed { name, old, new, undo } => {
            let words = text!("attendance-changed", name = name, old = verdict(old), new = verdict(new));
            let mut screen = main(view)?;
            screen.text = Text::lines([words, screen.text]);
            let key = Key::press(text!("attendance-undo-key"), SET, serde_json::to_string(undo)?);
            screen.keys.insert(0, vec![key]);
            Ok(screen)
        }
        Show::AskOpen { count, version } => {
            let mut at = At::of(&view.session.id, *version);
            at.leave_open = true;
            let screen = Screen::new(text!("attendance-ask-open", count = *count))
                .row([Key::press(text!("attendance-leave-open-key"), VALIDATE, at.json()?)])
                .row([
                    Key::press(text!("attendance-list-key"), LIST, At::of(&view.session.id, *version).json()?),
                    back(view)?,
                ]);
            Ok(screen)
        }
    }
}

fn at(view: &View) -> At {
    At::of(&view.session.id, view.sheet.version)
}

fn back(view: &View) -> Result<Key> {
    Ok(Key::press(text!("attendance-back-key"), SHEET, at(view).json()?))
}

fn counts(view: &View) -> Text {
    let counts = Counts::of(&view.lines);
    let mut parts = vec![text!("attendance-count-present", count = counts.present)];
    for (count, part) in [
        (counts.late, text!("attendance-count-late", count = counts.late)),
        (counts.partial, text!("attendance-count-partial", count = counts.partial)),
        (counts.absent, text!("attendance-count-absent", count = counts.absent)),
        (counts.justified, text!("attendance-count-justified", count = counts.justified)),
        (counts.open, text!("attendance-count-open", count = counts.open)),
    ] {
        if count > 0 {
            parts.push(part);
        }
    }
    Text::joined(" · ", parts)
}

fn main(view: &View) -> Result<Screen> {
    let mut lines = vec![text!("attendance-head", class = &view.classroom, session = view.head.clone())];
    lines.push(match view.sheet.state {
        SheetState::Running => text!("attendance-running", count = view.lines.len()),
        SheetState::Proposed => text!("attendance-proposed"),
        SheetState::Validated => text!("attendance-validated"),
        SheetState::Locked => text!("attendance-locked-state"),
    });
    lines.push(counts(view));
    if view.sheet.state != SheetState::Running {
        for (mark, title) in [
            (Mark::Absent, text!("attendance-names-absent", names = names(view, Mark::Absent))),
            (Mark::Partial, text!("attendance-names-partial", names = names(view, Mark::Partial))),
            (Mark::Open, text!("attendance-names-open", names = names(view, Mark::Open))),
        ] {
            if view.lines.iter().any(|line| line.mark == mark) {
                lines.push(title);
            }
        }
    }
    if !view.absences.is_empty() {
        lines.push(text!("attendance-announced-absent", names = view.absences.join(", ")));
    }
    if !view.latenesses.is_empty() {
        lines.push(text!("attendance-announced-late", names = view.latenesses.join(", ")));
    }
    let mut screen = Screen::lines(lines);
    let here = at(view);
    if view.sheet.state == SheetState::Locked {
        return Ok(screen.row([Key::press(text!("attendance-file-key"), SEND_FILE, here.json()?)]));
    }
    if view.lines.iter().any(|line| line.mark == Mark::Open) {
        screen = screen.row([Key::press(text!("attendance-except-key"), EXCEPT, here.json()?)]).row([Key::press(
            text!("attendance-all-key"),
            SAVE,
            here.json()?,
        )]);
    }
    let list = if view.sheet.state == SheetState::Running {
        text!("attendance-list-key")
    } else {
        text!("attendance-correct-key")
    };
    let mut bottom = vec![Key::press(list, LIST, here.json()?)];
    match view.sheet.state {
        SheetState::Proposed => bottom.insert(0, Key::press(text!("attendance-validate-key"), VALIDATE, here.json()?)),
        SheetState::Validated => bottom.push(Key::press(text!("attendance-file-key"), SEND_FILE, here.json()?)),
        SheetState::Running | SheetState::Locked => {}
    }
    Ok(screen.row(bottom))
}

fn names(view: &View, mark: Mark) -> String {
    let names: Vec<String> = view.lines.iter().filter(|line| line.mark == mark).map(Line::short_name).collect();
    let more = names.len().saturating_sub(MOST_NAMES);
    let mut shown = names.into_iter().take(MOST_NAMES).collect::<Vec<_>>().join(", ");
    if more > 0 {
        shown = format!("{shown} +{more}");
    }
    shown
}

/// The lines of a page, and how many pages there are.
fn page_of(view: &View, page: usize) -> (&[Line], usize, usize) {
    let pages = view.lines.len().div_ceil(A_PAGE).max(1);
    let page = page.min(pages - 1);
    (view.lines.chunks(A_PAGE).nth(page).unwrap_or_default(), page, pages)
}

fn turn_pages(screen: Screen, action: &str, at: &At, page: usize, pages: usize) -> Result<Screen> {
    if pages < 2 {
        return Ok(screen);
    }
    let mut row = Vec::new();
    if page > 0 {
        row.push(Key::press(text!("attendance-page-before"), action, at.page(page - 1).json()?));
    }
    if page + 1 < pages {
        row.push(Key::press(
            text!("attendance-page-after", page = page + 2, pages = pages),
            action,
            at.page(page + 1).json()?,
        ));
    }
    Ok(screen.row(row))
}

fn list(view: &View, page: usize) -> Result<Screen> {
    let (lines, page, pages) = page_of(view, page);
    let mut screen = Screen::lines([text!("attendance-list-head", session = view.head.clone()), counts(view)]);
    for pair in lines.chunks(2) {
        let mut row = Vec::new();
        for line in pair {
            let label = text!("attendance-name-key", name = line.short_name(), state = line_words(line));
            let here = At { person: Some(line.person_id.clone()), page, ..at(view) };
            row.push(Key::press(label, ONE, here.json()?));
        }
        screen = screen.row(row);
    }
    Ok(turn_pages(screen, LIST, &at(view), page, pages)?.row([back(view)?]))
}

fn except(view: &View, page: usize, absent: &[String]) -> Result<Screen> {
    let (lines, page, pages) = page_of(view, page);
    let open = view.lines.iter().filter(|line| line.mark == Mark::Open && !absent.contains(&line.person_id)).count();
    let mut screen = Screen::new(text!("attendance-except-head", absent = absent.len()));
    for pair in lines.chunks(2) {
        let mut row = Vec::new();
        for line in pair {
            let picked = absent.contains(&line.person_id);
            let label = if picked {
                text!("attendance-picked-key", name = line.short_name())
            } else {
                Text::verbatim(line.short_name())
            };
            let mut after: Vec<String> = absent.to_vec();
            if picked {
                after.retain(|id| *id != line.person_id);
            } else {
                after.push(line.person_id.clone());
            }
            row.push(Key::press(label, EXCEPT, At { absent: after, page, ..at(view) }.json()?));
        }
        screen = screen.row(row);
    }
    let here = At { absent: absent.to_vec(), ..at(view) };
    screen = turn_pages(screen, EXCEPT, &here, page, pages)?;
    let save = text!("attendance-save-key", present = open, absent = absent.len());
    Ok(screen.row([Key::press(save, SAVE, here.json()?)]).row([back(view)?]))
}

fn wish(view: &View, person: &str, page: usize, mark: Mark, late: Option<i64>) -> Result<String> {
    let wish = Wish {
        session: view.session.id.clone(),
        person: person.to_owned(),
        mark,
        late,
        early: None,
        version: view.sheet.version,
        page,
        undo_until: None,
    };
    Ok(serde_json::to_string(&wish)?)
}

fn one(view: &View, person: &str, page: usize) -> Result<Screen> {
    let Some(line) = view.lines.iter().find(|line| line.person_id == person) else { return list(view, page) };
    let here = At { person: Some(person.to_owned()), page, late: true, ..at(view) };
    let words =
        text!("attendance-one", name = line.short_name(), state = line_words(line), source = line.source.word());
    let mut screen = Screen::new(words);
    if let Some(minutes) = line.minutes {
        screen.text = Text::lines([screen.text, text!("attendance-minutes", count = minutes)]);
    }
    Ok(screen
        .row([
            Key::press(text!("attendance-present-key"), SET, wish(view, person, page, Mark::Present, None)?),
            Key::press(text!("attendance-absent-key"), SET, wish(view, person, page, Mark::Absent, None)?),
        ])
        .row([
            Key::press(text!("attendance-late-key"), ONE, here.json()?),
            Key::press(text!("attendance-justified-key"), SET, wish(view, person, page, Mark::Justified, None)?),
        ])
        .row([Key::press(text!("attendance-back-key"), LIST, at(view).page(page).json()?)]))
}

fn late(view: &View, person: &str, page: usize) -> Result<Screen> {
    let Some(line) = view.lines.iter().find(|line| line.person_id == person) else { return list(view, page) };
    let mut screen = Screen::new(text!("attendance-late-ask", name = line.short_name()));
    for minutes in [[5, 10, 15], [20, 30, 45]] {
        let mut row = Vec::new();
        for count in minutes {
            let args = wish(view, person, page, Mark::Present, Some(count))?;
            row.push(Key::press(text!("attendance-minutes-key", count = count), SET, args));
        }
        screen = screen.row(row);
    }
    Ok(screen.row([Key::press(text!("attendance-back-key"), LIST, at(view).page(page).json()?)]))
}

fn reason(view: &View, wish: &Wish) -> Result<Screen> {
    let Some(line) = view.lines.iter().find(|line| line.person_id == wish.person) else { return main(view) };
    let new = Verdict { mark: wish.mark, late: wish.late, early: wish.early, minutes: None, source: line.source };
    let words = text!("attendance-why", name = line.short_name(), old = line_words(line), new = verdict(&new));
    let press = |label: Text, code: Option<&str>| -> Result<Key> {
        let reason = Reason { wish: wish.clone(), code: code.map(str::to_owned) };
        Ok(Key::press(label, REASON, serde_json::to_string(&reason)?))
    };
    Ok(Screen::new(words)
        .row([
            press(text!("attendance-why-network"), Some("network"))?,
            press(text!("attendance-why-mistake"), Some("mistake"))?,
        ])
        .row([press(text!("attendance-why-other"), None)?])
        .row([Key::press(text!("attendance-back-key"), LIST, at(view).page(wish.page).json()?)]))
}

/// One's own line.
pub fn own_line(line: &OwnLine, zone: Zone) -> Text {
    let said =
        Verdict { mark: line.mark, late: line.late, early: line.early, minutes: line.minutes, source: line.source };
    let state = match line.sheet_state {
        SheetState::Validated | SheetState::Locked => text!("attendance-me-final", state = verdict(&said)),
        SheetState::Running | SheetState::Proposed => text!("attendance-me-open", state = verdict(&said)),
    };
    text!(
        "attendance-me-line",
        day = Arg::Day(zone.day(line.start_at)),
        hours = Arg::Hours(line.start_at, line.end_at, zone),
        subject = &line.subject,
        state = state
    )
}

/// The session's message in the group after its end: counts only, no names.
pub fn report(view: &View) -> Screen {
    let counts = Counts::of(&view.lines);
    let there = counts.present + counts.partial;
    let mut words = vec![
        text!("attendance-report", session = view.head.clone()),
        text!("attendance-report-counts", present = there, all = counts.all),
    ];
    if counts.late > 0 {
        words.push(text!("attendance-report-late", count = counts.late));
    }
    words.push(text!("attendance-report-me"));
    Screen::lines(words)
}
