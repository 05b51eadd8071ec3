//! What is shown of a sheet, out of values.
//!
//! `choice` which sheet · `board` the call before its lesson · `overview` the first screen of a roll or sheet · `names`
//! lists of names, paged · `line` one student's line · `who` strangers in the call · `told` what others are shown.

mod board;
mod choice;
mod line;
mod names;
mod overview;
mod told;
mod who;

use serde::{Deserialize, Serialize};

pub use self::board::{board, uncalled};
pub use self::choice::{Choice, choose};
pub use self::overview::{cancelled, ended};
pub use self::told::{own_lines, report};
use super::{Counts, Line, Mark, Naming, Saved, SheetState, Stranger, Verdict, View, Wish};
use crate::kernel::secret::sha256_hex;
use crate::kernel::{Lang, Result, Text};
use crate::telegram::screen::{Does, Key, MOST_ALONE, MOST_LABEL, Screen, clip};
use crate::text;

pub const SHEET: &str = "attendance.sheet";
pub const LIST: &str = "attendance.list";
pub const EXCEPT: &str = "attendance.except";
pub const SAVE: &str = "attendance.save";
pub const UNSAVE: &str = "attendance.unsave";
pub const MINUTES: &str = "attendance.minutes";
pub const WHO: &str = "attendance.who";
pub const NAME: &str = "attendance.name";
pub const ONE: &str = "attendance.one";
pub const SET: &str = "attendance.set";
pub const REASON: &str = "attendance.reason";
pub const VALIDATE: &str = "attendance.validate";
pub const SEND_FILE: &str = "attendance.send_file";
pub const SHEETS: &str = "attendance.sheets";
pub const MINE: &str = "attendance.mine";
pub const CONTEST: &str = "attendance.contest";
pub const CONTEST_WORDS: &str = "attendance.contest_words";
pub const DECIDE: &str = "attendance.decide";
pub const REFUSAL: &str = "attendance.refusal";

/// Names listed in a message before « et n autres ».
const MOST_NAMES: usize = 10;

/// Where a press stands: which sheet, which version was on the screen, which page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is what one key says")]
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
    /// The first screen was come back to by closing another.
    #[serde(default)]
    pub closing: bool,
    /// Whoever announced an absence was in sight when this was pressed.
    #[serde(default)]
    pub sure: bool,
    /// Somebody in the call whom nobody knows.
    #[serde(default)]
    pub peer: Option<i64>,
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

/// A screen of a sheet, for whoever pressed under it.
#[derive(Debug, Clone)]
pub struct Redrawn {
    pub screen: Screen,
    /// While the lesson runs: where it is followed from now on.
    pub slot: Option<String>,
}

/// Which screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Show {
    /// The call is open, the lesson has not begun.
    Board,
    /// … and a list of who is in it.
    BoardList(usize),
    Main,
    List(usize),
    /// What was seen of each.
    Minutes(usize),
    /// Who are they: which of those whom nobody knows, a page of them.
    Who(usize),
    /// … and which name.
    Whose(i64, usize),
    Named {
        stranger: Stranger,
        undo: Naming,
    },
    /// All present, though these announced an absence?
    AskAll,
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
    /// A roll was saved: it may be taken back.
    Saved(Saved),
    AskOpen {
        count: i64,
        version: i64,
    },
}

impl Show {
    /// May this screen be brought up to date under the eyes of whoever has it? Not where one line is decided: what is
    /// tapped there was meant for what stood there.
    pub const fn follows(&self) -> bool {
        matches!(
            self,
            Self::Board
                | Self::BoardList(_)
                | Self::Main
                | Self::List(_)
                | Self::Except { .. }
                | Self::Changed { .. }
                | Self::Saved(_)
                | Self::Named { .. }
        )
    }
}

/// A hash of what people read of a screen: two that differ in their keys' meaning alone look alike.
pub fn fingerprint(screen: &Screen) -> String {
    let labels = screen.keys.iter().flatten().map(|key| key.label.clone());
    sha256_hex(Text::lines(std::iter::once(screen.text.clone()).chain(labels)).render(Lang::Fr))
}

/// The screen.
pub fn screen(view: &View, show: &Show) -> Result<Screen> {
    match show {
        // What stood there before the lesson began.
        Show::Main | Show::Board => overview::main(view),
        Show::List(page) | Show::BoardList(page) => names::list(view, *page),
        Show::Minutes(page) => names::minutes(view, *page),
        Show::Who(page) => who::who(view, *page),
        Show::Whose(peer, page) => who::whose(view, *peer, *page),
        Show::Named { stranger, undo } => who::named(view, stranger, undo),
        Show::AskAll => names::ask_all(view),
        Show::Except { page, absent } => names::except(view, *page, absent),
        Show::One(person, page) => line::one(view, person, *page),
        Show::Late(person, page) => line::late(view, person, *page),
        Show::Reason(wish) => line::reason(view, wish),
        Show::Words(wish) => {
            let here = At { give_up: true, ..at(view) };
            let key = Key::press(text!("attendance-back-key"), SHEET, here.json()?);
            let words = Screen::lines([line::changing(view, wish), text!("attendance-reason-words")]);
            Ok(words.folding(key, closing(here)?))
        }
        Show::Changed { name, old, new, undo } => {
            let words = text!("attendance-changed", name = name, old = old.words(), new = new.words());
            // While the lesson runs the next name is one tap away.
            let mut screen = if view.sheet.state == SheetState::Running {
                names::list(view, undo.page)?
            } else {
                overview::main(view)?
            };
            screen.text = Text::lines([words, screen.text]);
            let key = Key::press(text!("attendance-undo-key"), SET, serde_json::to_string(undo)?);
            screen.keys.insert(0, vec![key]);
            Ok(screen)
        }
        Show::Saved(saved) => {
            let key = Key::press(text!("attendance-undo-key"), UNSAVE, serde_json::to_string(saved)?);
            Ok(overview::main(view)?.row([key]))
        }
        Show::AskOpen { count, version } => {
            let asked = At::of(&view.session.id, *version);
            let so = At { leave_open: true, ..asked.clone() };
            Ok(Screen::new(text!("attendance-ask-open", count = *count))
                .row([Key::press(text!("attendance-leave-open-key"), VALIDATE, so.json()?)])
                .row([Key::press(text!("attendance-list-key"), LIST, asked.json()?)])
                .folding(back(view)?, closing(at(view))?))
        }
    }
}

fn at(view: &View) -> At {
    At::of(&view.session.id, view.sheet.version)
}

fn back(view: &View) -> Result<Key> {
    Ok(Key::press(text!("attendance-back-key"), SHEET, at(view).json()?))
}

/// « Retour » to the list.
fn back_to_list(view: &View, page: usize) -> Result<Key> {
    Ok(Key::press(text!("attendance-back-key"), LIST, at(view).page(page).json()?))
}

/// What « ✕ Fermer » does on any screen of a sheet: its message stays, with the first screen and what is to be decided
/// there. A roll is followed in it while the lesson runs, and a sheet waits in it to be validated or corrected.
pub fn closing(here: At) -> Result<Does> {
    Ok(Does::Press { action: SHEET.to_owned(), args: At { closing: true, ..here }.json()? })
}

/// Some of the things as a page of so many, which page it is, and how many there are.
fn page_of<T>(all: &[T], page: usize, on_one: usize) -> (&[T], usize, usize) {
    let pages = all.len().div_ceil(on_one).max(1);
    let page = page.min(pages - 1);
    (all.chunks(on_one).nth(page).unwrap_or_default(), page, pages)
}

/// How keys stand on a page of names: so many rows.
const NAME_ROWS: usize = 5;

/// Two keys in a row, as long as both are seen whole there; one that is not has a row of its own, where more is seen.
/// Gives the places of a page's keys, row by row, which page it is, and how many there are.
fn rows_of(longest: &[Text], page: usize) -> (Vec<Vec<usize>>, usize, usize) {
    let (mut rows, mut has_room): (Vec<Vec<usize>>, bool) = (Vec::new(), false);
    for (place, label) in longest.iter().enumerate() {
        let is_short = widest(label) <= MOST_LABEL;
        if let Some(row) = rows.last_mut().filter(|_| has_room && is_short) {
            row.push(place);
            has_room = false;
        } else {
            rows.push(vec![place]);
            has_room = is_short;
        }
    }
    let (some, page, pages) = page_of(&rows, page, NAME_ROWS);
    (some.to_vec(), page, pages)
}

/// How much room words take, in whatever language.
fn widest(words: &Text) -> usize {
    Lang::ALL.iter().map(|lang| words.render(*lang).encode_utf16().count()).max().unwrap_or(0)
}

/// The least of a name that is still known.
const LEAST_NAME: usize = 9;

/// « Karim T. · retard 12 min »: where there is no room for both, the name gives way.
fn name_key(line: &Line) -> Text {
    let state = line.verdict().short();
    let room = MOST_ALONE.saturating_sub(widest(&state) + " · ".chars().count()).max(LEAST_NAME);
    text!("attendance-name-key", name = clip(&line.short_name(), room), state = state)
}

/// « ‹ 1/3 », « 3/3 › »: the keys to the pages before and after; `args` says what they carry.
fn page_keys(action: &str, page: usize, pages: usize, args: impl Fn(usize) -> Result<String>) -> Result<Vec<Key>> {
    let mut row = Vec::new();
    if page > 0 {
        row.push(Key::press(text!("attendance-page-before", page = page, pages = pages), action, args(page - 1)?));
    }
    if page + 1 < pages {
        row.push(Key::press(text!("attendance-page-after", page = page + 2, pages = pages), action, args(page + 1)?));
    }
    Ok(row)
}

/// « 3 présents (dont 1 retard) »: whatever follows is no part of those who are present.
fn with_late(present: Text, late: i64) -> Text {
    if late > 0 { text!("attendance-count-late", present = present, count = late) } else { present }
}

fn counts(view: &View) -> Text {
    let counts = Counts::of(&view.lines);
    let mut parts = vec![with_late(text!("attendance-count-present", count = counts.present), counts.late)];
    for (count, part) in [
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

/// Those who announced an absence and of whom nobody has said anything yet.
pub fn announced_open(view: &View) -> impl Iterator<Item = &Line> {
    view.lines.iter().filter(|line| line.mark == Mark::Open && view.absences.contains(&line.person_id))
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

#[cfg(test)]
mod tests {
    use super::super::Source;
    use super::*;

    fn line(first: &str, last: &str, late: Option<i64>, early: Option<i64>) -> Line {
        Line {
            person_id: first.to_owned(),
            last_name: last.to_owned(),
            first_name: first.to_owned(),
            mark: if late.is_some() && early.is_some() { Mark::Partial } else { Mark::Present },
            late,
            early,
            minutes: None,
            source: Source::Call,
            told_apart: None,
        }
    }

    #[test]
    fn a_state_is_seen_whole_beside_whatever_name() {
        for (first, late, early) in [
            ("Noé", None, None),
            ("Marie-Christine", Some(12), None),
            ("Marie-Christine-Élisabeth-Alexandra", Some(120), None),
            ("Marie-Christine-Élisabeth-Alexandra", None, Some(20)),
        ] {
            let line = line(first, "Duval", late, early);
            for lang in Lang::ALL {
                let (label, state) = (name_key(&line).render(lang), line.verdict().short().render(lang));
                assert!(label.ends_with(&state) && label.encode_utf16().count() <= MOST_ALONE, "{label}");
            }
        }
        assert_eq!(name_key(&line("Karim", "Touré", Some(12), None)).render(Lang::Fr), "Karim T. · retard 12 min");
    }

    #[test]
    fn a_long_label_stands_alone_and_a_page_keeps_its_rows() {
        let labels =
            |widths: &[usize]| widths.iter().map(|width| Text::verbatim("x".repeat(*width))).collect::<Vec<_>>();
        assert_eq!(rows_of(&labels(&[5, 24, 25, 5, 5]), 0), (vec![vec![0, 1], vec![2], vec![3, 4]], 0, 1));
        assert_eq!(rows_of(&labels(&[5, 30, 5]), 0).0, [[0], [1], [2]]);
        // Ten to a page as a rule; five where each stands alone.
        assert_eq!(rows_of(&labels(&[8; 11]), 1), (vec![vec![10]], 1, 2));
        assert_eq!(rows_of(&labels(&[28; 11]), 2), (vec![vec![10]], 2, 3));
    }
}
