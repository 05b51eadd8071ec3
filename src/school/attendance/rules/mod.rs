//! Decisions about presence, pure: what a call [`seen`] proves, what a line says ([`verdict`]), and until when a press,
//! a contestation or a change is taken.
//!
//! In a hybrid lesson the call speaks for those whom it saw; whom it never saw is to be marked, not absent.
//!
//! All is reckoned in instants: nights in which clocks change are nights like others.

pub mod looking;
pub mod naming;
pub mod own;
pub mod seen;
pub mod verdict;

pub use self::naming::in_order;
pub use self::own::{ClassRule, class_rule};
pub use self::seen::{Span, between, blind, interval, intervals, usable, watched_minutes, window};
pub use self::verdict::{Judge, justify};

use std::collections::{BTreeMap, HashMap};

use crate::kernel::At;
use crate::kernel::text::names;
use crate::school::attendance::{Event, Sight, Watched};
use crate::school::session::{Mode, here_window};

/// What a session was planned to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lesson {
    pub start: At,
    pub end: At,
    pub mode: Mode,
}

/// One look into a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Poll {
    pub at: At,
    /// Every page read, no listener hidden.
    pub complete: bool,
}

/// What is known of a call; all empty when there was none. While it runs, `closed` is the moment of asking.
///
/// An incomplete poll decides nothing here: whom it saw comes as events, and it writes no
/// [`Left`](super::EventKind::Left).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Watch {
    pub opened: Option<At>,
    pub closed: Option<At>,
    /// When, in between, it was closed: nobody could be in it. In order, none within another.
    pub shut: Vec<Span>,
    pub polls: Vec<Poll>,
}

impl Watch {
    /// May anybody be said, at that moment, not to be in the call? Only while it is seen: who came since the last look
    /// that saw everybody is unknown. Of one that is over it is as it was at its end. One page that failed is no sign that
    /// listeners are hidden.
    pub fn sight(&self, now: At) -> Sight {
        let Some(opened) = self.opened else { return Sight::Clear };
        let at = self.closed.map_or(now, |closed| closed.min(now));
        let last = seen::looks(self).into_iter().filter(|look| *look <= at).max();
        if last.is_some_and(|last| !is_blind(last, at)) {
            return Sight::Clear;
        }
        let since = last.map_or(opened, |last| last.max(opened));
        let in_part = self.polls.iter().any(|poll| !poll.complete && poll.at > since);
        if in_part && self.closed.is_none() && is_blind(since, at) { Sight::Hidden } else { Sight::None }
    }
}

/// The thresholds of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Seen at least this share: present.
    pub present_percent: i64,
    /// Seen at least this share: in part.
    pub partial_percent: i64,
    /// More than this after the start: late.
    pub late_minutes: i64,
    /// More than this before the end: left early.
    pub early_minutes: i64,
    /// A call unobserved for more than this share proposes nothing.
    pub blind_percent: i64,
}

/// What a school sets: `[attendance]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Of every class that has none of its own.
    pub rule: Rule,
    /// Classes with a rule of their own.
    pub classes: Vec<ClassRule>,
    /// How long a sheet may be contested.
    pub contest_days: i64,
    /// When a sheet is locked.
    pub lock_days: i64,
    /// When the teacher is reminded.
    pub remind_hours: i64,
    /// When the supervisor gets it.
    pub escalate_hours: i64,
}

impl Settings {
    /// The rule of a class, by its name.
    pub fn rule_of(&self, class: &str) -> Rule {
        let class = names::fold(class);
        self.classes.iter().find(|own| names::fold(&own.class) == class).map_or(self.rule, |own| own.rule)
    }
}

/// Why « Je suis là » is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPress {
    /// Before its window, or after it.
    Closed,
    /// The call is open and watched: entering it is what counts.
    CallOpen,
    /// In a room without a link nobody presses: the teacher sees who is there.
    OnSite,
}

/// How the call was watched, and what minutes in it are held against.
pub fn watched(lesson: &Lesson, watch: &Watch, rule: Rule) -> Watched {
    let dark = window(lesson, watch).map_or_else(Vec::new, |window| blind(watch, window));
    let dark = dark.iter().fold(0_i64, |sum, (from, to)| sum.saturating_add(to.0.saturating_sub(from.0)));
    let minutes = watched_minutes(lesson, watch);
    Watched {
        minutes,
        lesson: lesson.end.0.saturating_sub(lesson.start.0) / MINUTE,
        // Begun minutes: a stretch of fifty seconds is told of too.
        blind: dark.saturating_add(MINUTE - 1) / MINUTE,
        // How often one looked says nothing where nothing was seen.
        interval: interval(watch).filter(|_| minutes > 0),
        usable: usable(lesson, watch, &rule),
        rule,
    }
}

/// Everybody's events, each once: by the person that they name, or whose the number under which they were seen turned
/// out to be.
pub fn by_person<'e>(events: &'e [Event], named: &'e BTreeMap<String, String>) -> HashMap<&'e str, Vec<&'e Event>> {
    let mut all: HashMap<&str, Vec<&Event>> = HashMap::new();
    for event in events {
        let number = || named.get(event.detail.as_deref()?).map(String::as_str);
        if let Some(person) = event.person_id.as_deref().or_else(number) {
            all.entry(person).or_default().push(event);
        }
    }
    all
}

const MINUTE: i64 = 60_000;

/// When « Je suis là » is offered: from 5 min before the start to 15 min after, both included.
pub const fn button_window(lesson: &Lesson) -> (At, At) {
    here_window(lesson.start)
}

/// Is a press taken now? `linked`: the lesson has a link.
pub fn may_press(lesson: &Lesson, linked: bool, watch: &Watch, now: At) -> Result<(), NoPress> {
    let (from, until) = button_window(lesson);
    if lesson.mode == Mode::OnSite && !linked {
        Err(NoPress::OnSite)
    } else if now < from || now > until {
        Err(NoPress::Closed)
    } else if seen::watched_now(watch, now) {
        Err(NoPress::CallOpen)
    } else {
        Ok(())
    }
}

/// Is a call that was seen whole at `look`, and not since, blind at `now`?
pub const fn is_blind(look: At, now: At) -> bool {
    now.0.saturating_sub(look.0) > seen::BLIND
}

/// From when on nobody sees who is in the call, if no look succeeds until then; `None` when it is not open.
pub fn blind_from(watch: &Watch) -> Option<At> {
    let open = watch.opened.filter(|_| watch.closed.is_none())?;
    Some(At(seen::looks(watch).into_iter().fold(open, At::max).0.saturating_add(seen::BLIND + 1)))
}

/// Out for so long and no longer is not out: as in the intervals.
const GONE: i64 = 2 * MINUTE;

/// From when on who left at that moment, and did not come back, has gone.
pub const fn gone_from(left: At) -> At {
    At(left.0.saturating_add(GONE + 1))
}

/// The sheets to lock at `now`, validated or not: those whose lesson ended before this. From then on a change needs a
/// second person.
pub fn locked_before(now: At, lock_days: i64) -> At {
    now.plus_days(-lock_days)
}

/// Until when a student may contest: counted from the validation, and from the end while there is none.
pub fn contest_until(end: At, validated: Option<At>, days: i64) -> At {
    validated.map_or(end, |validated| validated.max(end)).plus_days(days)
}

#[cfg(test)]
mod laws;

#[cfg(test)]
mod tests {
    use super::*;

    const START: At = At(1_795_525_200_000);

    fn lesson(mode: Mode) -> Lesson {
        Lesson { start: START, end: START.plus_minutes(120), mode }
    }
    fn after(seconds: i64) -> At {
        At(START.0 + seconds * 1000)
    }

    #[test]
    fn the_button_is_offered_from_five_before_to_fifteen_after() {
        let none = Watch::default();
        for (seconds, answer) in
            [(-301, Err(NoPress::Closed)), (-300, Ok(())), (0, Ok(())), (900, Ok(())), (901, Err(NoPress::Closed))]
        {
            assert_eq!(may_press(&lesson(Mode::Remote), false, &none, after(seconds)), answer, "{seconds}");
        }
    }

    #[test]
    fn a_watched_call_replaces_the_button() {
        let polls = vec![Poll { at: after(60), complete: true }, Poll { at: after(100), complete: false }];
        let watch = Watch { opened: Some(after(0)), closed: Some(after(600)), polls, ..Watch::default() };
        let ask = |mode, seconds| may_press(&lesson(mode), false, &watch, after(seconds));
        assert_eq!(ask(Mode::Remote, -1), Ok(()), "not open yet");
        assert_eq!(ask(Mode::Remote, 45), Err(NoPress::CallOpen), "no poll yet, for 45 s");
        assert_eq!(ask(Mode::Remote, 46), Ok(()), "blind");
        assert_eq!(ask(Mode::Hybrid, 105), Err(NoPress::CallOpen));
        assert_eq!(ask(Mode::Hybrid, 106), Ok(()), "an incomplete poll does not see");
        assert_eq!(ask(Mode::Remote, 600), Ok(()), "closed");
        assert_eq!(ask(Mode::OnSite, 61), Err(NoPress::OnSite));
        // With a link one presses in a room too; its hours are the same.
        let in_a_room = |seconds| may_press(&lesson(Mode::OnSite), true, &Watch::default(), after(seconds));
        assert_eq!((in_a_room(61), in_a_room(901)), (Ok(()), Err(NoPress::Closed)));
        // The moment at which it is blind is the moment from which it is pressed.
        let open = Watch { closed: None, ..watch.clone() };
        let from = blind_from(&open).expect("open");
        assert_eq!(from, At(after(105).0 + 1));
        assert_eq!(may_press(&lesson(Mode::Remote), false, &open, At(from.0 - 1)), Err(NoPress::CallOpen));
        assert_eq!(may_press(&lesson(Mode::Remote), false, &open, from), Ok(()));
        assert_eq!((blind_from(&watch), blind_from(&Watch::default())), (None, None));
    }

    #[test]
    fn nobody_is_missed_in_a_call_that_is_not_seen_whole() {
        let polls = |list: &[(i64, bool)]| {
            list.iter().map(|(seconds, complete)| Poll { at: after(*seconds), complete: *complete }).collect()
        };
        let watch = |list: &[(i64, bool)]| Watch { opened: Some(after(0)), polls: polls(list), ..Watch::default() };
        let ask = |list: &[(i64, bool)], seconds| watch(list).sight(after(seconds));
        assert_eq!(Watch::default().sight(after(0)), Sight::Clear, "nobody comes by a call");
        assert_eq!(ask(&[], 300), Sight::None, "no look succeeded");
        assert_eq!(ask(&[(12, false), (24, false)], 30), Sight::None, "too soon to tell");
        assert_eq!(ask(&[(12, false), (24, false), (36, false)], 46), Sight::Hidden);
        assert_eq!(ask(&[(12, true), (24, false)], 57), Sight::Clear, "not for long enough to be told");
        assert_eq!(ask(&[(12, true), (24, false)], 58), Sight::Hidden, "hidden later: nobody knows who came since");
        assert_eq!(ask(&[(12, true)], 57), Sight::Clear);
        assert_eq!(ask(&[(12, true)], 58), Sight::None, "lost: no look succeeds any more");
        assert_eq!(ask(&[(12, true), (24, false), (300, true)], 300), Sight::Clear, "seen again");
        let over = |list: &[(i64, bool)]| Watch { closed: Some(after(60)), ..watch(list) };
        assert_eq!(over(&[(12, true), (40, true)]).sight(after(600)), Sight::Clear, "seen until it was over");
        assert_eq!(over(&[(12, true), (24, false)]).sight(after(600)), Sight::None, "over, it hides nobody");
        let again = Watch { shut: vec![(after(60), after(600))], ..watch(&[(12, true), (50, true)]) };
        assert_eq!(again.sight(after(645)), Sight::Clear, "opened again, as it was empty");
        assert_eq!(again.sight(after(646)), Sight::None);
    }

    #[test]
    fn locks_and_contestations() {
        for (days, locked) in [(0, false), (10, false), (11, true)] {
            assert_eq!(START < locked_before(START.plus_days(days), 10), locked, "{days}");
        }
        assert_eq!(contest_until(START, None, 7), START.plus_days(7));
        assert_eq!(contest_until(START, Some(START.plus_hours(5)), 7), START.plus_hours(5).plus_days(7));
        assert_eq!(contest_until(START, Some(START.plus_hours(-1)), 7), START.plus_days(7));
    }
}
