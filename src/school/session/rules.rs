//! Decisions about sessions: when what is due, what a change means.

use super::{CALL_EARLIEST, CallState, Mode, Session, State};
use crate::kernel::At;
use crate::kernel::text::names;

/// Minutes before the start when the reminder leaves.
pub const REMIND_BEFORE: i64 = 15;
/// « Je suis là » is offered from five minutes before the start …
const HERE_FROM: i64 = 5;
/// … to fifteen minutes after it.
const HERE_UNTIL: i64 = 15;

/// So long before its hours a session has no call: one that is open is of hours that it had before.
pub const fn first_call(start: At) -> At {
    start.plus_minutes(-CALL_EARLIEST - 5)
}

/// Is the session, at the hours that it has now, one that is still to have its call?
pub fn is_ahead(session: &Session, now: At) -> bool {
    session.state == State::Planned && now < first_call(session.start_at)
}

/// A sheet is still opened and closed so many days after its session: without it the record has a hole.
pub const DAYS_SHEET: i64 = 90;

/// A roll that is shown follows at most so often.
const FOLLOW_MILLIS: i64 = 5_000;
/// … and where a call is open, in which people come and go by themselves, so often.
const FOLLOW_CALL_MILLIS: i64 = 30_000;

/// When a roll that is shown follows what is said now: all that is said in the same seconds, at once.
pub const fn next_follow(now: At, calling: bool) -> At {
    let step = if calling { FOLLOW_CALL_MILLIS } else { FOLLOW_MILLIS };
    At((now.0.div_euclid(step) + 1) * step)
}

/// When the moments of a session are due: `(due, end of the catch-up window)`. `None`: too late already, or not for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moments {
    pub remind: Option<(At, At)>,
    /// The video call may open, or learns when.
    pub call: Option<(At, At)>,
    /// « Je suis là » appears in the session's message …
    pub here: Option<(At, At)>,
    /// … and disappears.
    pub here_over: Option<(At, At)>,
    /// Nothing can be announced any more: the keys disappear.
    pub over: Option<(At, At)>,
    pub open: Option<(At, At)>,
    pub close: Option<(At, At)>,
}

/// What is still ahead of a session at `now`. A reminder is worth sending until the start, the roll until the end, and
/// the sheet is closed even days late.
pub fn moments(session: &Session, now: At) -> Moments {
    let (start, end) = (session.start_at, session.end_at);
    let planned = session.state == State::Planned;
    let when = |wanted: bool, due: At, until: At| (planned && wanted && now < until).then_some((due, until));
    let has_link = session.link.is_some();
    Moments {
        remind: when(true, start.plus_minutes(-REMIND_BEFORE), start),
        call: when(session.mode != Mode::OnSite, start.plus_minutes(-CALL_EARLIEST), end),
        here: when(has_link, start.plus_minutes(-HERE_FROM), start.plus_minutes(HERE_UNTIL)),
        here_over: when(
            has_link && now < start.plus_minutes(HERE_UNTIL),
            // The button is offered in the fifteenth minute still; a short session ends before.
            start.plus_minutes(HERE_UNTIL).plus(std::time::Duration::from_secs(1)).min(end),
            end.plus_days(1),
        ),
        over: when(now < end, end, end.plus_days(1)),
        open: when(now < end, start, end.plus_days(DAYS_SHEET)),
        close: when(now < end, end, end.plus_days(DAYS_SHEET)),
    }
}

/// So many minutes after its moment something leaves; `None` when nobody would notice.
pub const fn late_by(due: At, now: At) -> Option<i64> {
    let minutes = (now.0 - due.0) / 60_000;
    if minutes >= 2 { Some(minutes) } else { None }
}

/// Does this say by itself that it is a room: « Salle B204 », « Amphi A »?
pub fn names_a_room(words: &str) -> bool {
    const ROOMS: [&str; 17] = [
        "salle",
        "amphi",
        "amphitheatre",
        "labo",
        "laboratoire",
        "atelier",
        "gymnase",
        "stade",
        "piscine",
        "cdi",
        "bibliotheque",
        "auditorium",
        "hall",
        "room",
        "lab",
        "workshop",
        "gym",
    ];
    let first = names::fold(words).split(|letter: char| !letter.is_alphabetic()).next().unwrap_or_default().to_owned();
    ROOMS.contains(&first.as_str())
}

/// When « Je suis là » is taken in a session that starts then, both included.
pub const fn here_window(start: At) -> (At, At) {
    (At(start.0.saturating_sub(HERE_FROM * 60_000)), At(start.0.saturating_add(HERE_UNTIL * 60_000)))
}

/// Is « Je suis là » offered now? It stands beside a link, in a room too, and for a call that is not there or that nobody
/// sees; while one is open, to be in it is what counts. Whether a press is taken the attendance says, which knows each
/// look.
pub fn here_is_offered(session: &Session, call: Option<CallState>, now: At) -> bool {
    let offered = match call {
        None => session.link.is_some(),
        Some(CallState::Open) => false,
        Some(CallState::Unseen | CallState::Failed | CallState::Over) => {
            session.link.is_some() || session.mode != Mode::OnSite
        }
    };
    let (from, until) = here_window(session.start_at);
    session.state == State::Planned && offered && now >= from && now <= until && now < session.end_at
}

/// Does a change concern those who were reminded (hours, place, who teaches what, cancelled), or only the timetable's own
/// notes?
pub fn matters(before: &Session, after: &Session) -> bool {
    fn seen(session: &Session) -> (&str, At, At, &str, &str, &str, Mode, &Option<String>, State) {
        let Session { classroom_id, start_at, end_at, subject, teacher_name, room, mode, link, state, .. } = session;
        (classroom_id, *start_at, *end_at, subject, teacher_name, room, *mode, link, *state)
    }
    seen(before) != seen(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(link: Option<&str>) -> Session {
        Session {
            id: "s".to_owned(),
            classroom_id: "c".to_owned(),
            reference: None,
            start_at: At(0).plus_hours(10),
            end_at: At(0).plus_hours(12),
            subject: "Réseaux".to_owned(),
            teacher_id: None,
            teacher_name: String::new(),
            room: "B204".to_owned(),
            mode: if link.is_some() { Mode::Remote } else { Mode::OnSite },
            link: link.map(str::to_owned),
            state: State::Planned,
            revision: 1,
        }
    }

    #[test]
    fn a_room_that_says_so_is_not_called_a_room_twice() {
        for room in ["Salle B204", "AMPHI A", "Amphithéâtre", "labo-2", "Lab 3", "Room 12", "Gymnase Sud"] {
            assert!(names_a_room(room), "{room}");
        }
        for room in ["B204", "204", "Labrador", "", "Sud, salle 3"] {
            assert!(!names_a_room(room), "{room}");
        }
        let place = |room: &str, mode| {
            let place = Session { room: room.to_owned(), mode, ..session(None) }.place();
            (place.render(crate::kernel::Lang::Fr), place.render(crate::kernel::Lang::En))
        };
        let both = |fr: &str, en: &str| (fr.to_owned(), en.to_owned());
        assert_eq!(place("Salle B204", Mode::OnSite), both("Salle B204", "Salle B204"));
        assert_eq!(place("B204", Mode::OnSite), both("salle B204", "room B204"));
        assert_eq!(place("Amphi A", Mode::Hybrid), both("Amphi A ou à distance", "Amphi A or remote"));
    }

    #[test]
    fn a_session_created_late_still_gets_what_is_ahead() {
        let session = session(None);
        let early = moments(&session, At(0));
        assert_eq!(early.remind.map(|(due, _)| due), Some(session.start_at.plus_minutes(-15)));
        assert_eq!(early.here, None);
        let between = moments(&session, session.start_at.plus_minutes(-5));
        assert!(between.remind.is_some_and(|(due, until)| due < until && until == session.start_at));
        let running = moments(&session, session.start_at.plus_minutes(30));
        assert_eq!(running.remind, None);
        assert!(running.open.is_some() && running.close.is_some());
        let over = moments(&session, session.end_at);
        assert_eq!((over.open, over.close, over.over), (None, None, None));
    }

    #[test]
    fn a_roll_follows_at_most_every_five_seconds() {
        for (now, due) in [(0, 5_000), (4_999, 5_000), (5_000, 10_000)] {
            assert_eq!(next_follow(At(now), false), At(due));
            assert_eq!(next_follow(At(now), true), At(30_000));
        }
    }

    #[test]
    fn a_cancelled_session_has_no_moments() {
        let mut session = session(Some("https://meet.example/x"));
        assert!(moments(&session, At(0)).here.is_some());
        session.state = State::Cancelled;
        let none = moments(&session, At(0));
        assert_eq!((none.remind, none.here, none.here_over), (None, None, None));
        assert_eq!((none.over, none.open, none.close), (None, None, None));
        assert_eq!(none.call, None);
    }

    #[test]
    fn here_is_offered_from_five_before_to_fifteen_after() {
        let session = session(Some("https://meet.example/x"));
        for (minutes, open) in [(-6, false), (-5, true), (0, true), (15, true), (16, false)] {
            assert_eq!(here_is_offered(&session, None, session.start_at.plus_minutes(minutes)), open, "{minutes}");
            let at = session.start_at.plus_minutes(minutes);
            assert!(!here_is_offered(&session, Some(CallState::Open), at), "{minutes}");
            let unlinked = Session { link: None, ..session.clone() };
            assert_eq!(here_is_offered(&unlinked, Some(CallState::Failed), at), open, "{minutes}");
            assert_eq!(here_is_offered(&unlinked, Some(CallState::Unseen), at), open, "{minutes}");
        }
        assert!(!here_is_offered(&self::session(None), None, session.start_at));
        let in_a_room = Session { mode: Mode::OnSite, ..session.clone() };
        assert!(here_is_offered(&in_a_room, None, session.start_at), "in a room, with a link");
        assert!(moments(&in_a_room, At(0)).here.is_some());
        assert!(!here_is_offered(&self::session(None), Some(CallState::Failed), session.start_at), "on site");
        let brief = Session { end_at: session.start_at.plus_minutes(10), ..session.clone() };
        assert!(here_is_offered(&brief, None, session.start_at.plus_minutes(9)));
        assert!(!here_is_offered(&brief, None, brief.end_at), "over is over");
        assert_eq!(moments(&brief, At(0)).here_over.map(|(due, _)| due), Some(brief.end_at));
    }

    #[test]
    fn a_change_of_notes_alone_is_told_to_nobody() {
        let before = session(None);
        assert!(!matters(&before, &Session { reference: Some("R-1".to_owned()), ..before.clone() }));
        for after in [
            Session { teacher_name: "Mme Roy".to_owned(), ..before.clone() },
            Session { subject: "Algo".to_owned(), ..before.clone() },
            Session { room: String::new(), ..before.clone() },
            Session { state: State::Cancelled, ..before.clone() },
        ] {
            assert!(matters(&before, &after));
        }
    }
}
