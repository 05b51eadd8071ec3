//! The others of a class: while a visitor plays one or two people, the rest of the class comes to its calls, as classes
//! do: most in time, one late, one for a while, one not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use super::school::{Part, Persona};
use crate::kernel::At;
use crate::sandbox::Sandbox;

/// When somebody is in a call: minutes from its opening, and how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Habit {
    comes: i64,
    /// Minutes away in the middle: from, until. A connection that breaks.
    away: Option<(i64, i64)>,
    goes: i64,
}

const LONG: i64 = 24 * 60;

/// What the n-th of a class does; `None`: does not come.
fn habit(nth: usize) -> Option<Habit> {
    let nth_minute = i64::try_from(nth).unwrap_or(0);
    let usual = Habit { comes: 1 + nth_minute % 6, away: None, goes: LONG };
    match nth % 13 {
        3 => None,
        5 => Some(Habit { comes: 19, ..usual }),
        7 => Some(Habit { away: Some((40, 41)), ..usual }),
        9 => Some(Habit { goes: 75, ..usual }),
        _ => Some(usual),
    }
}

impl Habit {
    fn is_in(self, minute: i64) -> bool {
        let away = self.away.is_some_and(|(from, until)| minute >= from && minute < until);
        minute >= self.comes && minute < self.goes && !away
    }
}

/// Whom a visitor has played: they do nothing by themselves.
pub type Played = Arc<Mutex<BTreeSet<i64>>>;

/// The rest of each class.
#[derive(Debug)]
pub struct Extras {
    sandbox: Sandbox,
    played: Played,
    /// The students of each group, in order.
    classes: BTreeMap<i64, Vec<i64>>,
}

impl Extras {
    pub fn new(sandbox: Sandbox, personas: &[Persona], groups: &BTreeMap<String, i64>, played: Played) -> Self {
        let students = |class: &String| {
            let those = personas.iter().filter(|one| one.part == Part::Student && one.class == *class);
            those.filter(|one| one.paper.is_none()).map(|one| one.account).collect()
        };
        let classes = groups.iter().map(|(class, chat)| (*chat, students(class))).collect();
        Self { sandbox, played, classes }
    }

    /// What they do at this moment.
    pub fn act(&self, now: At) {
        let played = self.played.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for (chat, students) in &self.classes {
            let Some(call) = self.sandbox.calls(*chat).into_iter().next_back().filter(|call| call.open) else {
                continue;
            };
            let minute = (now.millis() - call.started.millis()) / 60_000;
            for (nth, account) in students.iter().enumerate().filter(|(_, account)| !played.contains(account)) {
                let is = call.participants.iter().any(|stay| stay.person == *account && stay.left.is_none());
                let should = habit(nth).is_some_and(|habit| habit.is_in(minute));
                if should && !is {
                    // Who left the group does not come in.
                    let _ = self.sandbox.join_call(*account, *chat);
                } else if is && !should {
                    self.sandbox.leave_call(*account, *chat);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_in_time_but_for_a_few() {
        let habits: Vec<_> = (0..14).map(habit).collect();
        let inside = |minute: i64| habits.iter().flatten().filter(|habit| habit.is_in(minute)).count();
        assert_eq!((inside(0), inside(7), inside(20), inside(40), inside(41), inside(80)), (0, 12, 13, 12, 13, 12));
    }
}
