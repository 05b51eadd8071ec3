//! What is shown of a sheet, out of values.

use serde::{Deserialize, Serialize};

use super::{Counts, Line, Mark, OwnLine, Reason, SheetState, Source, Verdict, View, Wish};
use crate::kernel::text::Arg;
use crate::kernel::time::Zone;
use crate::kernel::{Result, Text};
use crate::school::session::title;
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
    /// Going back gives up the question that was asked.
    #[serde(default)]
    pub give_up: bool,
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
    Except {
        page: usize,
        absent: Vec<String>,
    },
    One(String, usize),
    Late(String, usize),
    Reason(Wish),
    /// The words of a reason are awaited.
    Words(Wish),
    Changed {
        name: String,
        old: Verdict,
        new: Verdict,
        undo: Wish,
    },
    AskOpen {
        count: i64,
        version: i64,
    },
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
        Show::Words(wish) => {
            let here = At { give_up: true, ..at(view) };
            let key = Key::press(text!("attendance-back-key"), SHEET, here.json()?);
            Ok(Screen::lines([changing(view, wish), text!("attendance-reason-words")]).row([key]))
        }
        Show::Changed { name, old, new, undo } => {
            let words = text!("attendance-changed", name = name, old = old.words(), new = new.words());
            // While the lesson runs the next name is one tap away.
            let mut screen = if view.sheet.state == SheetState::Running { list(view, undo.page)? } else { main(view)? };
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
    Text::joined(", ", parts)
}

/// May the sheet still be changed by one person?
fn is_open(view: &View) -> bool {
    view.sheet.state != SheetState::Locked
}

fn main(view: &View) -> Result<Screen> {
    let mut lines = vec![text!("attendance-head", class = &view.classroom, session = view.head.clone())];
    lines.push(match view.sheet.state {
        SheetState::Running => text!("attendance-running", count = view.lines.len()),
        SheetState::Proposed => text!("attendance-proposed"),
        SheetState::Validated => text!("attendance-validated"),
        SheetState::Locked => text!("attendance-locked-state"),
    });
    lines.push(text!("attendance-counts", counts = counts(view)));
    if view.sheet.state != SheetState::Running {
        let many = |mark: Mark| view.lines.iter().filter(|line| line.mark == mark).count();
        for (mark, title) in [
            (
                Mark::Absent,
                text!("attendance-names-absent", count = many(Mark::Absent), names = named(view, Mark::Absent)),
            ),
            (
                Mark::Partial,
                text!("attendance-names-partial", count = many(Mark::Partial), names = named(view, Mark::Partial)),
            ),
            (Mark::Open, text!("attendance-names-open", names = named(view, Mark::Open))),
        ] {
            if many(mark) > 0 {
                lines.push(title);
            }
        }
    }
    if !view.absences.is_empty() {
        lines.push(text!("attendance-announced-absent", names = shortened(view.absences.clone())));
    }
    if !view.latenesses.is_empty() {
        lines.push(text!("attendance-announced-late", names = shortened(view.latenesses.clone())));
    }
    let mut screen = Screen::lines(lines);
    let here = at(view);
    if is_open(view) && view.lines.iter().any(|line| line.mark == Mark::Open) {
        screen = screen.row([
            Key::press(text!("attendance-except-key"), EXCEPT, here.json()?),
            Key::press(text!("attendance-all-key"), SAVE, here.json()?),
        ]);
    }
    let list = if view.sheet.state == SheetState::Running {
        text!("attendance-list-key")
    } else {
        text!("attendance-correct-key")
    };
    let mut bottom = vec![Key::press(list, LIST, here.json()?)];
    match view.sheet.state {
        SheetState::Proposed => bottom.insert(0, Key::press(text!("attendance-validate-key"), VALIDATE, here.json()?)),
        SheetState::Validated | SheetState::Locked => {
            bottom.push(Key::press(text!("attendance-file-key"), SEND_FILE, here.json()?));
        }
        SheetState::Running => {}
    }
    Ok(screen.row(bottom))
}

fn named(view: &View, mark: Mark) -> Text {
    shortened(view.lines.iter().filter(|line| line.mark == mark).map(Line::short_name).collect())
}

/// « Inès M., Noé B. et 3 autres »
fn shortened(names: Vec<String>) -> Text {
    let more = names.len().saturating_sub(MOST_NAMES);
    // One name takes no more room than « et 1 autre ».
    if more <= 1 {
        return Text::verbatim(names.join(", "));
    }
    let shown = names.into_iter().take(MOST_NAMES).collect::<Vec<_>>().join(", ");
    text!("attendance-names-more", names = shown, count = more)
}

/// Some of the lines as a page, which page it is, and how many there are.
fn page_of<T>(lines: &[T], page: usize) -> (&[T], usize, usize) {
    let pages = lines.len().div_ceil(A_PAGE).max(1);
    let page = page.min(pages - 1);
    (lines.chunks(A_PAGE).nth(page).unwrap_or_default(), page, pages)
}

fn turn_pages(screen: Screen, action: &str, at: &At, page: usize, pages: usize) -> Result<Screen> {
    if pages < 2 {
        return Ok(screen);
    }
    let mut row = Vec::new();
    if page > 0 {
        row.push(Key::press(
            text!("attendance-page-before", page = page, pages = pages),
            action,
            at.page(page - 1).json()?,
        ));
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
    let (lines, page, pages) = page_of(&view.lines, page);
    let head = text!("attendance-list-head", class = &view.classroom, session = title(&view.session, view.zone));
    let mut screen = Screen::lines([head, text!("attendance-counts", counts = counts(view))]);
    for pair in lines.chunks(2) {
        let mut row = Vec::new();
        for line in pair {
            let label = text!("attendance-name-key", name = line.short_name(), state = line.verdict().words());
            let here = At { person: Some(line.person_id.clone()), page, ..at(view) };
            row.push(Key::press(label, ONE, here.json()?));
        }
        screen = screen.row(row);
    }
    Ok(turn_pages(screen, LIST, &at(view), page, pages)?.row([back(view)?]))
}

fn except(view: &View, page: usize, absent: &[String]) -> Result<Screen> {
    // What somebody noted after the lesson is corrected through the list, with a reason.
    let running = view.sheet.state == SheetState::Running;
    let among: Vec<&Line> = view.lines.iter().filter(|line| running || line.mark == Mark::Open).collect();
    let (lines, page, pages) = page_of(&among, page);
    let is_picked = |line: &Line| absent.contains(&line.person_id);
    let open = view.lines.iter().filter(|line| line.mark == Mark::Open && !is_picked(line)).count();
    let picked = among.iter().filter(|line| is_picked(line)).count();
    let mut screen = Screen::new(text!("attendance-except-head", count = picked));
    for pair in lines.chunks(2) {
        let mut row = Vec::new();
        for line in pair {
            let mut after: Vec<String> = absent.to_vec();
            let label = if is_picked(line) {
                after.retain(|id| *id != line.person_id);
                text!("attendance-picked-key", name = line.short_name())
            } else {
                after.push(line.person_id.clone());
                match line.mark {
                    Mark::Open => Text::verbatim(line.short_name()),
                    _ => text!("attendance-name-key", name = line.short_name(), state = line.verdict().words()),
                }
            };
            row.push(Key::press(label, EXCEPT, At { absent: after, page, ..at(view) }.json()?));
        }
        screen = screen.row(row);
    }
    let here = At { absent: absent.to_vec(), ..at(view) };
    screen = turn_pages(screen, EXCEPT, &here, page, pages)?;
    let save = text!("attendance-save-key", present = open, absent = picked);
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
        undo: None,
    };
    Ok(serde_json::to_string(&wish)?)
}

fn one(view: &View, person: &str, page: usize) -> Result<Screen> {
    let Some(line) = view.lines.iter().find(|line| line.person_id == person) else { return list(view, page) };
    let here = At { person: Some(person.to_owned()), page, late: true, ..at(view) };
    let mut screen = Screen::new(text!("attendance-one", name = line.short_name(), state = line.verdict().words()));
    if line.source != Source::Nothing {
        screen.text = Text::lines([screen.text, text!("attendance-one-source", source = line.source.word())]);
    }
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

/// « Karim T. : absent → présent. »
fn changing(view: &View, wish: &Wish) -> Text {
    let found = view.lines.iter().find(|line| line.person_id == wish.person);
    let Some(line) = found else { return Text::verbatim("") };
    let new = Verdict { mark: wish.mark, late: wish.late, early: wish.early, minutes: None, source: line.source };
    text!("attendance-changed", name = line.short_name(), old = line.verdict().words(), new = new.words())
}

fn reason(view: &View, wish: &Wish) -> Result<Screen> {
    if !view.lines.iter().any(|line| line.person_id == wish.person) {
        return main(view);
    }
    let words = Text::joined(" ", [changing(view, wish), text!("attendance-why")]);
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
    let state = line.verdict().words();
    let state = match line.sheet_state {
        SheetState::Validated | SheetState::Locked => state,
        SheetState::Running | SheetState::Proposed => text!("attendance-me-open", state = state),
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
    let mut words = vec![text!("attendance-report-counts", present = counts.present, all = counts.all)];
    // Undecided lines count neither way.
    let late = view.lines.iter().filter(|line| line.mark == Mark::Present && line.late.is_some()).count();
    if late > 0 {
        words.push(text!("attendance-report-late", count = late));
    }
    let open = counts.open + counts.partial;
    if open > 0 {
        words.push(text!("attendance-report-open", count = open));
    }
    Screen::lines([
        text!("attendance-report", session = title(&view.session, view.zone), counts = Text::joined(", ", words)),
        text!("attendance-report-me"),
    ])
}
