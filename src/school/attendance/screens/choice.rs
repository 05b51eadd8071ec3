//! Which sheet: those that wait first, a page at a time.

use super::{At as Spot, SHEET, SHEETS, page_keys, page_of};
use crate::kernel::text::Arg;
use crate::kernel::time::Zone;
use crate::kernel::{At, Result};
use crate::telegram::screen::{Key, Screen, clip};
use crate::text;

/// A sheet that may be chosen.
#[derive(Debug, Clone)]
pub struct Choice {
    pub session: String,
    pub class: String,
    pub subject: String,
    pub start: At,
    /// The lesson runs.
    pub running: bool,
    /// It is over, and nobody validated its sheet.
    pub waits: bool,
    pub version: i64,
}

const A_PAGE: usize = 6;
/// Letters that class and subject have together in a label.
const NAMES: usize = 17;

/// The lesson that runs, what waits to be validated, then the others.
const fn order(choice: &Choice) -> u8 {
    match (choice.running, choice.waits) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    }
}

/// `all`: the newest first.
pub fn choose(mut all: Vec<Choice>, page: usize, zone: Zone) -> Result<Screen> {
    all.sort_by_key(order);
    let (some, page, pages) = page_of(&all, page, A_PAGE);
    let waiting = all.iter().filter(|choice| choice.waits).count();
    let mut words = vec![text!("attendance-choose")];
    if waiting > 0 {
        words.push(text!("attendance-choose-open", count = waiting));
    }
    let mut screen = Screen::lines(words);
    for choice in some {
        // Hour, class and day tell sheets apart: a long subject gives way.
        let (day, hour) = (Arg::Day(zone.day(choice.start)), zone.clock_hour(choice.start));
        let class = clip(&choice.class, 12);
        let subject = clip(&choice.subject, NAMES.saturating_sub(class.chars().count()));
        let label = text!("attendance-choose-key", day = day, hour = hour, class = class, subject = subject);
        screen = screen.row([Key::press(label, SHEET, Spot::of(&choice.session, choice.version).json()?)]);
    }
    let keys = page_keys(SHEETS, page, pages, |page| Ok(page.to_string()))?;
    Ok(screen.row(keys).menu(None))
}
