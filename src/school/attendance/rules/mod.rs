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

pub use self::naming::tell_apart;
pub use self::own::{ClassRule, class_rule};
pub use self::seen::{blind, intervals, usable, watched_minutes, window};
pub use self::verdict::{judge, justify, live};

use crate::kernel::At;
use crate::kernel::text::names;
use crate::school::session::Mode;

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
    pub polls: Vec<Poll>,
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
    Early,
    Late,
    /// The call is open and watched: entering it is what counts.
    CallOpen,
}

const MINUTE: i64 = 60_000;

/// When « Je suis là » is offered: from 5 min before the start to 15 min after, both included.
pub const fn button_window(lesson: &Lesson) -> (At, At) {
    let start = lesson.start.0;
    (At(start.saturating_sub(5 * MINUTE)), At(start.saturating_add(15 * MINUTE)))
}

/// Is a press taken now? A lesson on site has no call to enter instead.
pub fn may_press(lesson: &Lesson, watch: &Watch, now: At) -> Result<(), NoPress> {
    let (from, until) = button_window(lesson);
    if now < from {
        Err(NoPress::Early)
    } else if now > until {
        Err(NoPress::Late)
    } else if lesson.mode != Mode::OnSite && seen::watched_now(watch, now) {
        Err(NoPress::CallOpen)
    } else {
        Ok(())
    }
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
            [(-301, Err(NoPress::Early)), (-300, Ok(())), (0, Ok(())), (900, Ok(())), (901, Err(NoPress::Late))]
        {
            assert_eq!(may_press(&lesson(Mode::Remote), &none, after(seconds)), answer, "{seconds}");
        }
    }

    #[test]
    fn a_watched_call_replaces_the_button() {
        let polls = vec![Poll { at: after(60), complete: true }, Poll { at: after(100), complete: false }];
        let watch = Watch { opened: Some(after(0)), closed: Some(after(600)), polls };
        let ask = |mode, seconds| may_press(&lesson(mode), &watch, after(seconds));
        assert_eq!(ask(Mode::Remote, -1), Ok(()), "not open yet");
        assert_eq!(ask(Mode::Remote, 45), Err(NoPress::CallOpen), "no poll yet, for 45 s");
        assert_eq!(ask(Mode::Remote, 46), Ok(()), "blind");
        assert_eq!(ask(Mode::Hybrid, 105), Err(NoPress::CallOpen));
        assert_eq!(ask(Mode::Hybrid, 106), Ok(()), "an incomplete poll does not see");
        assert_eq!(ask(Mode::Remote, 600), Ok(()), "closed");
        assert_eq!(ask(Mode::OnSite, 61), Ok(()), "on site there is no call to enter");
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
