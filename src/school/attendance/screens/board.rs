//! The call is open, the lesson has not begun: who is there already.

use super::super::{Early, Mark, Sight};
use super::{At, LIST, SHEET, Show, closing, page_keys, page_of};
use crate::kernel::time::Zone;
use crate::kernel::{Result, Text};
use crate::school::session::{END_CALL, RUN_LATE, Session, State, head_with_day, is_ahead, title};
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// Names on one page of the list.
const A_PAGE: usize = 30;

/// What those in charge see of it.
pub fn board(early: &Early, show: &Show) -> Result<Screen> {
    let here = At::of(&early.session.id, 0);
    match show {
        Show::BoardList(page) | Show::List(page) => list(early, *page, &here),
        _ => {
            let id = || early.session.id.clone();
            Ok(Screen::new(words(early))
                .row([
                    Key::press(text!("attendance-list-key"), LIST, here.json()?),
                    Key::press(text!("call-end-key"), END_CALL, id()),
                ])
                .row([Key::press(text!("call-late-key"), RUN_LATE, id())]))
        }
    }
}

/// What becomes of it when there is no such call any more, and no roll yet.
pub fn uncalled(session: &Session, classroom: &str, now: crate::kernel::At, zone: Zone) -> Screen {
    if session.state == State::Cancelled {
        let head = text!("attendance-head", class = classroom, session = head_with_day(session, zone));
        return Screen::lines([head, text!("attendance-roll-cancelled")]);
    }
    Screen::new(if is_ahead(session, now) {
        text!("session-moved", session = head_with_day(session, zone))
    } else {
        text!("call-over", session = title(session, zone))
    })
}

fn words(early: &Early) -> Text {
    let present = early.lines.iter().filter(|line| line.mark == Mark::Present).count();
    let (session, count) = (title(&early.session, early.zone), early.lines.len());
    match early.sight {
        Sight::Hidden => text!("call-board-hidden", session = session, present = present, count = count),
        Sight::Clear | Sight::None => text!("call-board", session = session, present = present, count = count),
    }
}

fn list(early: &Early, page: usize, here: &At) -> Result<Screen> {
    let (some, page, pages) = page_of(&early.lines, page, A_PAGE);
    let state = |mark: Mark, announced: bool| match (mark, announced, early.sight) {
        (Mark::Present, ..) => text!("call-board-in"),
        (_, true, _) => text!("call-board-announced"),
        (_, false, Sight::Clear) => text!("call-board-out"),
        (_, false, Sight::None | Sight::Hidden) => text!("attendance-open"),
    };
    let lines = some.iter().map(|line| {
        let announced = early.absences.contains(&line.person_id);
        text!("attendance-name-line", name = line.short_name(), state = state(line.mark, announced))
    });
    let screen = Screen::lines(std::iter::once(words(early)).chain(lines));
    let keys = page_keys(LIST, page, pages, |page| here.page(page).json())?;
    let back = Key::press(text!("attendance-back-key"), SHEET, here.json()?);
    Ok(screen.row(keys).folding(back, closing(here.clone())?))
}
