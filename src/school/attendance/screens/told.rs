//! What students and the group are shown.

use super::super::{Counts, Mark, OwnLine, SheetState, View};
use crate::kernel::Text;
use crate::kernel::text::Arg;
use crate::kernel::time::Zone;
use crate::school::session::title;
use crate::telegram::screen::Screen;
use crate::text;

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
