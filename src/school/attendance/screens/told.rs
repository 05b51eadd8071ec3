//! What students and the group are shown.

use super::super::{Counts, OwnLine, View};
use super::{CONTEST, MINE, page_keys, page_of, with_late};
use crate::kernel::text::Arg;
use crate::kernel::time::Zone;
use crate::kernel::{Result, Text};
use crate::school::session::title;
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// Lines on one page of one's own.
const A_PAGE: usize = 6;

/// One's own lines, a page of them; those that may be contested have a key.
pub fn own_lines(lines: &[(OwnLine, bool)], page: usize, zone: Zone) -> Result<Screen> {
    let (some, page, pages) = page_of(lines, page, A_PAGE);
    let head = text!("attendance-me-head");
    let said = some.iter().map(|(line, _)| own_line(line, zone));
    let mut screen = Screen::lines(std::iter::once(head).chain(said));
    for (line, _) in some.iter().filter(|(_, may)| *may) {
        let (day, hour) = (Arg::Day(zone.day(line.start_at)), zone.clock_hour(line.start_at));
        let label = text!("attendance-contest-key", hour = hour, day = day);
        screen = screen.row([Key::press(label, CONTEST, line.session_id.clone())]);
    }
    let keys = page_keys(MINE, page, pages, |page| Ok(page.to_string()))?;
    Ok(screen.row(keys).menu(None))
}

/// One's own line.
fn own_line(line: &OwnLine, zone: Zone) -> Text {
    let mut state = line.verdict().words();
    if let Some(minutes) = line.minutes {
        state = text!("attendance-me-seen", state = state, count = minutes);
    }
    let stands = line.validated_at.is_some();
    let state = if stands { state } else { text!("attendance-me-open", state = state) };
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
    let present = text!("attendance-report-counts", present = counts.present, all = counts.all);
    let mut words = vec![with_late(present, counts.late)];
    // Undecided lines count neither way.
    let open = counts.open + counts.partial;
    if open > 0 {
        words.push(text!("attendance-report-open", count = open));
    }
    Screen::lines([
        text!("attendance-report", session = title(&view.session, view.zone), counts = Text::joined(", ", words)),
        text!("attendance-report-me"),
    ])
}
