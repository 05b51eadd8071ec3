//! What is shown of a session, out of values.

use super::{HERE, Mode, Session, State, head, head_with_day, rules};
use crate::kernel::At;
use crate::kernel::time::Zone;
use crate::telegram::screen::{Key, Screen};
use crate::text;

pub const ABSENT: &str = "session.absent";
pub const LATE: &str = "session.late";
pub const WITHDRAW: &str = "session.withdraw";

/// The session's message before its end.
pub fn message(session: &Session, now: At, zone: Zone) -> Screen {
    let head = head(session, zone);
    if session.state == State::Cancelled {
        return Screen::lines([text!("session-cancelled"), head]);
    }
    if now < session.start_at.plus_minutes(-rules::REMIND_BEFORE) {
        return Screen::lines([text!("session-moved"), head_with_day(session, zone)]);
    }
    let mut screen = Screen::lines([text!("session-reminder"), head]);
    let mut first = Vec::new();
    if let Some(link) = session.link.as_ref().filter(|_| session.mode != Mode::OnSite) {
        first.push(Key::open(text!("session-join-key"), link.clone()));
    }
    if rules::here_is_open(session, now) {
        first.push(Key::press(text!("session-here-key"), HERE, session.id.clone()));
    }
    screen = screen.row(first);
    if now < session.end_at {
        screen = screen.row([
            Key::press(text!("session-absent-key"), ABSENT, session.id.clone()),
            Key::press(text!("session-late-key"), LATE, session.id.clone()),
        ]);
    }
    screen
}
