//! How many removals may happen without a second agreement, over a rolling 24 h and from all sources:
//! max(2, min(20 %, 5)) in a class, max(10, 2 %) in the school.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::kernel::At;

use super::{Difference, Known};

/// One class, or the school: what was removed in the last 24 h, what would be now, and how many there are now
/// (planned future sessions, or people of the roster).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Load {
    pub already: usize,
    pub now: usize,
    pub size: usize,
}

impl Load {
    fn total(self) -> usize {
        self.already.saturating_add(self.now)
    }
    /// How many there were before the removals of the window.
    fn base(self) -> usize {
        self.size.saturating_add(self.already)
    }
}

/// What would exceed the limit: which classes (keys as given), and whether the school as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OverLimit {
    pub classes: Vec<String>,
    pub school: bool,
}

impl OverLimit {
    pub fn any(&self) -> bool {
        self.school || !self.classes.is_empty()
    }
}

/// A class in which nothing would be removed now never exceeds; neither does the school.
pub fn removals_over_limit(classes: &BTreeMap<String, Load>, school: Load) -> OverLimit {
    let over = |load: &Load| load.now > 0 && load.total() > (load.base() / 5).clamp(2, 5);
    OverLimit {
        classes: classes.iter().filter(|(_, load)| over(load)).map(|(class, _)| class.clone()).collect(),
        school: school.now > 0 && school.total() > (school.base() / 50).max(10),
    }
}

/// The sessions that a file would remove, class by class and for the school. `already`: by class, in the last 24 h.
pub fn lesson_loads(
    known: &Known,
    difference: &Difference,
    already: &BTreeMap<String, usize>,
    now: At,
) -> (BTreeMap<String, Load>, Load) {
    let mut loads: BTreeMap<String, Load> = BTreeMap::new();
    for lesson in known.lessons.iter().filter(|lesson| lesson.start > now) {
        loads.entry(lesson.classroom_id.clone()).or_default().size += 1;
    }
    for lesson in &difference.removed {
        loads.entry(lesson.classroom_id.clone()).or_default().now += 1;
    }
    with_school(loads, already)
}

fn with_school(mut loads: BTreeMap<String, Load>, already: &BTreeMap<String, usize>) -> (BTreeMap<String, Load>, Load) {
    for (class, count) in already {
        loads.entry(class.clone()).or_default().already += count;
    }
    let school = loads.values().fold(Load::default(), |sum, load| Load {
        already: sum.already + load.already,
        now: sum.now + load.now,
        size: sum.size + load.size,
    });
    (loads, school)
}

/// Who would leave which class (« parti », or another class in *Personnes*): class id → ids of people.
pub fn roster_removals(difference: &Difference) -> BTreeMap<String, BTreeSet<String>> {
    let mut removals: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for person in &difference.people.left {
        for class in &person.classes {
            removals.entry(class.clone()).or_default().insert(person.id.clone());
        }
    }
    for changed in &difference.people.changed {
        for class in &changed.before.classes {
            if !changed.after.classes.iter().any(|kept| kept.id.as_ref() == Some(class)) {
                removals.entry(class.clone()).or_default().insert(changed.id.clone());
            }
        }
    }
    removals
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(already: usize, now: usize, size: usize) -> bool {
        let classes = BTreeMap::from([("1A".to_owned(), Load { already, now, size })]);
        !removals_over_limit(&classes, Load::default()).classes.is_empty()
    }

    #[test]
    fn two_are_always_free_and_five_at_most() {
        assert!(!over(0, 2, 3));
        assert!(over(0, 3, 3));
        assert!(!over(0, 3, 15));
        assert!(over(0, 4, 15));
        assert!(!over(0, 5, 28));
        assert!(over(0, 6, 1000));
        // What went before counts, and so does what it was taken from.
        assert!(over(4, 2, 1000));
        assert!(!over(9, 0, 1000));
    }

    #[test]
    fn the_school_as_a_whole() {
        let school = |already, now, size| removals_over_limit(&BTreeMap::new(), Load { already, now, size }).school;
        assert!(!school(0, 10, 100));
        assert!(school(0, 11, 100));
        assert!(!school(0, 40, 2000));
        assert!(school(10, 31, 2000));
    }
}
