//! What is shown of a call, out of values.

use super::LiveCall;
use crate::kernel::At;
use crate::kernel::time::Zone;
use crate::school::session::{Session, head_with_day, is_ahead, title};
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// No group has so many messages: Telegram shows the newest.
const NEWEST: i64 = 999_999_999;

/// The way into a group's call: Telegram's own line about it, else the newest of the group, above which the call stands.
fn way_in(call: &LiveCall) -> String {
    let channel = -1_000_000_000_000 - call.chat;
    format!("https://t.me/c/{channel}/{}", call.message.unwrap_or(NEWEST))
}

/// The call's message in the group: the way in, and once it is over that it is; of a session that was moved away from it,
/// where to.
pub fn message(call: &LiveCall, session: &Session, now: At, zone: Zone) -> Screen {
    if call.closed_at.is_some() && is_ahead(session, now) {
        return Screen::new(text!("session-moved", session = head_with_day(session, zone)));
    }
    if call.closed_at.is_some() {
        return Screen::new(text!("call-over", session = title(session, zone)));
    }
    Screen::new(text!("call-open", title = call.title.as_str())).row([Key::open(text!("call-join-key"), way_in(call))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_in_leads_to_telegrams_own_line() {
        let call = LiveCall {
            session_id: "s".to_owned(),
            call_id: 1,
            chat: -1_002_000_000_007,
            account: 7,
            title: "Réseaux · 24/11".to_owned(),
            adopted: false,
            message: Some(12),
            opened_at: At(0),
            closed_at: None,
            extended: 0,
            end_asked: false,
            again: false,
        };
        assert_eq!(way_in(&call), "https://t.me/c/2000000007/12");
        let unknown = LiveCall { message: None, ..call };
        assert_eq!(way_in(&unknown), "https://t.me/c/2000000007/999999999", "not its first message");
    }
}
