//! What a class is told of changes in its timetable, and when. Pure.
//!
//! Told is what people may have been misled about: lessons of the week that `/semaine` shows, and of the next two days
//! whatever the week. Beyond that, who looks finds what is true.

use chrono::{Datelike as _, Days, NaiveTime, Weekday};

use super::{Session, State, Wait, head_with_day, rules, title, when};
use crate::kernel::time::{Zone, monday};
use crate::kernel::{At, Text};
use crate::text;

/// Changes within so many minutes are told of together: one import is one notice.
pub const TOGETHER_MINUTES: i64 = 2;
/// A lesson this near is told of in quiet hours too.
const NEAR_HOURS: i64 = 12;
/// A notice that would come later than this before the lesson does not wait for the end of quiet hours.
const AHEAD_MINUTES: i64 = 60;
/// So many notices a class and day are messages; what follows goes into the last one.
pub const MOST_A_DAY: usize = 3;
/// Lines that one notice has.
pub const MOST_LINES: usize = 20;

/// A session as the class knows it (`None`: it does not), and as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub known: Option<Session>,
    pub now: Session,
}

/// Between which hours and on which days groups are left in peace.
#[derive(Debug, Clone, Copy)]
pub struct Quiet {
    pub zone: Zone,
    pub from: NaiveTime,
    pub until: NaiveTime,
}

impl Change {
    /// The first start that people have in mind or should have; `None` when all that is past.
    pub fn first(&self, now: At) -> Option<At> {
        first(self.known.as_ref(), &self.now, now)
    }

    /// Its line in a notice; `None` when it is as the class knows it.
    pub fn line(&self, zone: Zone) -> Option<Text> {
        let now = &self.now;
        let known = match (&self.known, now.state) {
            (None, State::Cancelled) => return None,
            (None, State::Planned) => return Some(text!("session-notice-added", session = head_with_day(now, zone))),
            (Some(known), _) => known,
        };
        match (known.state, now.state) {
            (State::Cancelled, State::Cancelled) => None,
            (State::Planned, State::Cancelled) => Some(text!("session-notice-cancelled", session = title(known, zone))),
            (State::Cancelled, State::Planned) => {
                Some(text!("session-notice-back", session = head_with_day(now, zone)))
            }
            (State::Planned, State::Planned) if !rules::matters(known, now) => None,
            (State::Planned, State::Planned) => Some(moved(known, now, zone)),
        }
    }
}

/// A session as a class sees it: where it went to another class, it is cancelled.
pub fn seen_by(class: &str, session: &Session) -> Session {
    if session.classroom_id == class {
        return session.clone();
    }
    Session { classroom_id: class.to_owned(), state: State::Cancelled, ..session.clone() }
}

fn moved(known: &Session, now: &Session, zone: Zone) -> Text {
    let first = if (known.start_at, known.end_at) == (now.start_at, now.end_at) {
        text!("session-notice-changed", session = title(now, zone))
    } else {
        text!("session-notice-moved", subject = &now.subject, old = when(known, zone), new = when(now, zone))
    };
    let mut parts = vec![first];
    let from_to = |old: Text, new: Text| text!("session-notice-from-to", old = old, new = new);
    if known.subject != now.subject {
        parts.push(from_to(Text::verbatim(&known.subject), Text::verbatim(&now.subject)));
    }
    if known.place() != now.place() {
        parts.push(from_to(known.place(), now.place()));
    }
    if known.teacher_name.trim() != now.teacher_name.trim() {
        parts.push(from_to(teacher(known), teacher(now)));
    }
    if known.link != now.link && now.link.is_some() {
        parts.push(text!("session-notice-link"));
    }
    Text::joined(" ; ", parts)
}

fn teacher(session: &Session) -> Text {
    match session.teacher_name.trim() {
        "" => text!("session-notice-no-teacher"),
        name => Text::verbatim(name),
    }
}

/// The lines of a notice, by start.
pub fn lines(changes: &[Change], now: At, zone: Zone) -> Vec<Text> {
    let mut left: Vec<&Change> = changes.iter().filter(|change| change.first(now).is_some()).collect();
    left.sort_by_key(|change| (change.first(now), change.now.id.clone()));
    left.into_iter().filter_map(|change| change.line(zone)).collect()
}

/// What was taken out and put in again just so, by another file, is the same lesson: each that is gone stands for its
/// twin among `standing` (sessions of its class), and the twin is no addition.
pub fn pair(changes: &mut Vec<Change>, standing: &[Session]) {
    let mut twins: Vec<String> = Vec::new();
    for change in changes.iter_mut().filter(|change| change.now.state == State::Cancelled) {
        let Some(known) = &change.known else { continue };
        let is_twin = |other: &&Session| !rules::matters(known, other) && !twins.contains(&other.id);
        if let Some(twin) = standing.iter().find(is_twin) {
            twins.push(twin.id.clone());
            change.now = twin.clone();
        }
    }
    changes.retain(|change| change.known.is_some() || !twins.contains(&change.now.id));
}

/// As [`Change::first`].
pub fn first(known: Option<&Session>, after: &Session, now: At) -> Option<At> {
    let ahead = |session: &Session| session.state == State::Planned && session.end_at > now;
    let starts = |session: &Session| ahead(session).then_some(session.start_at);
    // Who plans a lesson that has begun already reminds nobody of it.
    let fresh = |session: &Session| (session.start_at > now).then_some(session.start_at);
    match known {
        Some(known) => starts(known).into_iter().chain(starts(after)).min(),
        None => starts(after).and(fresh(after)),
    }
}

/// When the class is told of a change made now, if it is to be told: `first` is the start that it is about.
pub fn due(first: At, now: At, quiet: Quiet) -> Option<At> {
    let soon = now.plus_minutes(TOGETHER_MINUTES);
    let near = first.plus_hours(-NEAR_HOURS);
    let awake = quiet.zone.after_quiet(soon, quiet.from, quiet.until);
    let due = if near <= now {
        soon
    } else if awake.plus_minutes(AHEAD_MINUTES) > first {
        near.max(soon)
    } else {
        awake
    };
    (first < horizon(due, quiet.zone)).then_some(due)
}

/// What a notice waits for that leaves at `due` for a change made now; `None`: it leaves at once.
pub fn wait(due: At, now: At, zone: Zone) -> Option<Wait> {
    let sunday = zone.day(now).weekday() == Weekday::Sun;
    (due > now.plus_minutes(TOGETHER_MINUTES)).then_some(if sunday { Wait::Sunday } else { Wait::Night })
}

/// Up to here a notice at `at` tells of lessons: to the end of the week, and two days at least.
pub fn horizon(at: At, zone: Zone) -> At {
    let first = monday(zone.day(at));
    let next = first.checked_add_days(Days::new(7)).unwrap_or(first);
    zone.start_of(next).max(at.plus_days(2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;
    use crate::kernel::time::{read_day, read_hour};
    use crate::school::session::Mode;

    fn at(day: &str, hour: &str) -> At {
        Zone::default().instant(read_day(day).unwrap(), read_hour(hour).unwrap())
    }
    fn quiet() -> Quiet {
        Quiet { zone: Zone::default(), from: read_hour("20:00").unwrap(), until: read_hour("07:00").unwrap() }
    }
    fn session(id: &str) -> Session {
        Session {
            id: id.to_owned(),
            classroom_id: "c".to_owned(),
            reference: None,
            start_at: at("26/11/2026", "14:00"),
            end_at: at("26/11/2026", "16:00"),
            subject: "Réseaux".to_owned(),
            teacher_id: None,
            teacher_name: "M. Diallo".to_owned(),
            room: "B204".to_owned(),
            mode: Mode::OnSite,
            link: None,
            state: State::Planned,
            revision: 1,
        }
    }
    fn said(known: Option<Session>, now: Session) -> Vec<String> {
        let lines = lines(&[Change { known, now }], at("24/11/2026", "08:00"), Zone::default());
        lines.into_iter().map(|line| line.render(Lang::Fr)).collect()
    }

    #[test]
    fn each_change_has_its_line_with_day_zone_old_and_new() {
        let old = session("s");
        let cancelled = Session { state: State::Cancelled, ..old.clone() };
        let hours = "jeu. 26 nov., 14:00–16:00 (Paris)";
        assert_eq!(said(Some(old.clone()), cancelled.clone()), [format!("Annulé : Réseaux, {hours}")]);
        let back = format!("De nouveau prévu : Réseaux, {hours}, M. Diallo, salle B204");
        assert_eq!(said(Some(cancelled.clone()), old.clone()), [back]);
        assert_eq!(said(None, old.clone()), [format!("Ajouté : Réseaux, {hours}, M. Diallo, salle B204")]);
        let next = Session {
            start_at: at("27/11/2026", "09:00"),
            end_at: at("27/11/2026", "11:00"),
            room: "A10".to_owned(),
            ..old.clone()
        };
        assert_eq!(
            said(Some(old.clone()), next),
            [format!("Déplacé : Réseaux, {hours} → ven. 27 nov., 09:00–11:00 (Paris) ; salle B204 → salle A10")]
        );
        let remote = Session {
            subject: "Algo".to_owned(),
            teacher_name: " ".to_owned(),
            mode: Mode::Remote,
            link: Some("https://x.example".to_owned()),
            ..old.clone()
        };
        assert_eq!(
            said(Some(old.clone()), remote),
            [format!(
                "Modifié : Algo, {hours} ; Réseaux → Algo ; salle B204 → à distance ; M. Diallo → enseignant à préciser \
                 ; nouveau lien"
            )]
        );
        // As it was, noted otherwise, or never there: nothing to say.
        for (known, now) in [
            (Some(old.clone()), Session { reference: Some("R".to_owned()), ..old.clone() }),
            (Some(cancelled.clone()), cancelled.clone()),
            (None, cancelled),
        ] {
            assert!(said(known, now).is_empty());
        }
    }

    #[test]
    fn taken_out_and_put_in_again_is_no_change_and_the_past_is_past() {
        let old = session("s");
        let gone = Change { known: Some(old.clone()), now: Session { state: State::Cancelled, ..old.clone() } };
        let again = Change { known: None, now: Session { id: "t".to_owned(), ..old.clone() } };
        let (zone, now) = (Zone::default(), at("24/11/2026", "08:00"));
        let said = |changes: &[Change], at: At| {
            let (mut paired, standing) = (changes.to_vec(), [again.now.clone(), old.clone()]);
            pair(&mut paired, standing.get(..1).unwrap());
            lines(&paired, at, zone).len()
        };
        assert_eq!(said(&[gone.clone(), again.clone()], now), 0);
        assert_eq!(said(std::slice::from_ref(&gone), now), 0, "whoever told of the addition");
        let other = Change { known: None, now: Session { id: "u".to_owned(), room: "A1".to_owned(), ..old.clone() } };
        assert_eq!(said(&[gone.clone(), other.clone()], now), 1, "one for the other, and one more");
        assert_eq!(said(&[gone.clone(), gone.clone()], now), 1, "a twin stands for one");
        assert_eq!(said(&[gone.clone(), other], old.end_at), 0);
        assert_eq!(gone.first(old.start_at), Some(old.start_at), "those who wait in the room are told");
        assert_eq!(again.first(old.start_at), None, "a lesson that has begun is not news");
    }

    #[test]
    fn told_two_minutes_later_or_when_quiet_hours_end() {
        let said = |day: &str, hour: &str, first: (&str, &str)| {
            let due = due(at(first.0, first.1), at(day, hour), quiet());
            due.map(|due| Zone::default().local(due).format("%d/%m %H:%M").to_string())
        };
        for (day, hour, first, expected) in [
            ("24/11/2026", "10:00", ("26/11/2026", "09:00"), Some("24/11 10:02")),
            // Conversation 13: Sunday is quiet.
            ("22/11/2026", "18:07", ("26/11/2026", "09:00"), Some("23/11 07:00")),
            ("24/11/2026", "22:00", ("26/11/2026", "09:00"), Some("25/11 07:00")),
            // Within twelve hours it does not wait.
            ("24/11/2026", "22:00", ("25/11/2026", "09:59"), Some("24/11 22:02")),
            ("24/11/2026", "22:00", ("25/11/2026", "10:00"), Some("24/11 22:02")),
            ("24/11/2026", "22:00", ("25/11/2026", "10:01"), Some("25/11 07:00")),
            // The morning would be too late: told once it is near.
            ("28/11/2026", "21:00", ("30/11/2026", "07:30"), Some("29/11 19:30")),
            // This week, or two days at least; the rest is found by whoever looks.
            ("23/11/2026", "10:00", ("29/11/2026", "20:00"), Some("23/11 10:02")),
            ("23/11/2026", "10:00", ("30/11/2026", "08:00"), None),
            ("28/11/2026", "10:00", ("30/11/2026", "08:00"), Some("28/11 10:02")),
            ("28/11/2026", "10:00", ("30/11/2026", "11:00"), None),
        ] {
            assert_eq!(said(day, hour, first).as_deref(), expected, "{day} {hour} {first:?}");
        }
    }

    #[test]
    fn what_is_waited_for_is_said() {
        let waits = |day: &str, hour: &str, first: (&str, &str)| {
            let now = at(day, hour);
            wait(due(at(first.0, first.1), now, quiet()).unwrap(), now, Zone::default())
        };
        assert_eq!(waits("24/11/2026", "10:00", ("26/11/2026", "09:00")), None);
        assert_eq!(waits("22/11/2026", "18:07", ("26/11/2026", "09:00")), Some(Wait::Sunday));
        assert_eq!(waits("22/11/2026", "18:07", ("23/11/2026", "06:00")), None, "near");
        assert_eq!(waits("24/11/2026", "22:00", ("26/11/2026", "09:00")), Some(Wait::Night));
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

        /// In any night, on any Sunday, over both nights in which clocks change.
        #[test]
        fn a_notice_comes_before_its_lesson_and_wakes_nobody_for_one_that_is_far(
            now in 0..60 * 24 * 400_i64, ahead in 3..60 * 24 * 12_i64,
        ) {
            let now = at("01/09/2026", "00:00").plus_minutes(now);
            let (first, quiet) = (now.plus_minutes(ahead), quiet());
            let Some(due) = due(first, now, quiet) else {
                proptest::prop_assert!(first > now.plus_days(2));
                return Ok(());
            };
            proptest::prop_assert!(now.plus_minutes(TOGETHER_MINUTES) <= due && due < first);
            let awake = quiet.zone.after_quiet(due, quiet.from, quiet.until) == due;
            proptest::prop_assert!(awake || first <= due.plus_hours(NEAR_HOURS));
        }
    }
}
