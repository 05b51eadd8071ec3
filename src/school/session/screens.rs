//! What is shown of a session, out of values.

use super::{CALL_BEFORE, CallState, HERE, Mode, Session, State, changes, head, head_with_day, rules, title};
use crate::kernel::time::Zone;
use crate::kernel::{At, Text};
use crate::telegram::screen::{Key, Screen};
use crate::text;

pub const ABSENT: &str = "session.absent";
pub const LATE: &str = "session.late";
pub const WITHDRAW: &str = "session.withdraw";

/// What stood there told of other hours.
pub fn moved(session: &Session, zone: Zone) -> Screen {
    Screen::new(text!("session-moved", session = head_with_day(session, zone)))
}

/// What a class is told of changes.
pub fn notice(lines: &[Text]) -> Screen {
    let shown = lines.iter().take(changes::MOST_LINES).map(|line| text!("session-notice-line", change = line.clone()));
    let mut words = vec![text!("session-notice-head")];
    words.extend(shown);
    if lines.len() > changes::MOST_LINES {
        words.push(text!("session-notice-more", count = lines.len() - changes::MOST_LINES));
    }
    Screen::lines(words)
}

/// The link by which one joins from afar, or all that is said of where a lesson is.
pub fn join(session: &Session) -> Option<Key> {
    let link = session.link.as_ref().filter(|_| session.mode != Mode::OnSite || session.room.trim().is_empty())?;
    Some(Key::open(text!("session-join-key"), link.clone()))
}

/// What is known of the session's call when its message is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Calling {
    pub state: Option<CallState>,
    /// A call is going to be opened: some account can.
    pub foreseen: bool,
}

/// The session's message before its sheet is validated.
pub fn message(session: &Session, calling: Calling, now: At, zone: Zone) -> Screen {
    if session.state == State::Cancelled {
        return Screen::new(text!("session-cancelled", session = title(session, zone)));
    }
    if now < session.start_at.plus_minutes(-rules::REMIND_BEFORE) {
        return moved(session, zone);
    }
    // Nothing is ahead any more: the group's words say so until the sheet is validated.
    if now >= session.end_at {
        return Screen::new(text!("session-over", session = head(session, zone)));
    }
    let mut screen = Screen::new(text!("session-reminder", session = head(session, zone)));
    let open = calling.state.is_some_and(CallState::is_open);
    if calling.foreseen && calling.state.is_none() && session.mode != Mode::OnSite {
        let at = zone.clock_hour(session.start_at.plus_minutes(-CALL_BEFORE));
        screen.text = Text::lines([screen.text, text!("session-call-foreseen", hour = at)]);
    }
    // The call's own message has the way in; two ways would part the class.
    let mut first: Vec<Key> = join(session).filter(|_| !open).into_iter().collect();
    if rules::here_is_offered(session, calling.state, now) {
        first.push(Key::press(text!("session-here-key"), HERE, session.id.clone()));
    }
    screen = screen.row(first);
    screen.row([
        Key::press(text!("session-absent-key"), ABSENT, session.id.clone()),
        Key::press(text!("session-late-key"), LATE, session.id.clone()),
    ])
}
