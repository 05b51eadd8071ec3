//! The first screen: counts, who is missing, what can be done.

use super::super::{Mark, SheetState, View};
use super::{EXCEPT, LIST, SAVE, SEND_FILE, VALIDATE, at, counts, named, shortened};
use crate::kernel::Result;
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// May the sheet still be changed by one person?
fn is_open(view: &View) -> bool {
    view.sheet.state != SheetState::Locked
}

pub(super) fn main(view: &View) -> Result<Screen> {
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
