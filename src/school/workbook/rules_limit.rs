//! How many removals may happen without a second agreement, over a rolling 24 h and from all sources:
//! max(2, min(20 %, 5)) in a class, max(10, 2 %) in the school, where those of no class count too.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::kernel::At;

use super::{ChangedLesson, Difference, Known};

/// One class, or the school: what was removed in the last 24 h, what would be now, and how many there are now
/// (planned future sessions, or people of the roster).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Load {
    pub already: usize,
    pub now: usize,
    pub size: usize,
}

impl Load {
    fn and(self, other: Self) -> Self {
        Self { already: self.already + other.already, now: self.now + other.now, size: self.size + other.size }
    }
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

/// The sessions that a file takes away: removed, moved to another class, or fetched by their reference out of a week of
/// which it says nothing. Class, id.
pub fn lessons_leaving(difference: &Difference) -> impl Iterator<Item = (&str, &str)> {
    let gone = difference.removed.iter();
    let moved = difference.changed.iter().filter(|one| leaves(difference, one)).map(|one| &one.before);
    gone.chain(moved).map(|lesson| (lesson.classroom_id.as_str(), lesson.id.as_str()))
}

/// Of those, how many go elsewhere.
pub fn lessons_moving(difference: &Difference) -> usize {
    difference.changed.iter().filter(|one| leaves(difference, one)).count()
}

/// Does a changed session leave where it was?
pub fn leaves(difference: &Difference, one: &ChangedLesson) -> bool {
    one.after.class.id.as_ref() != Some(&one.before.classroom_id) || difference.afar.contains(&one.id)
}

/// The sessions that a file would remove, class by class and for the school. `already`: by class, in the last 24 h.
pub fn lesson_loads(
    known: &Known,
    difference: &Difference,
    already: &BTreeMap<String, usize>,
    now: At,
) -> (BTreeMap<String, Load>, Load) {
    let mut sizes: HashMap<&str, Load> = HashMap::new();
    for lesson in known.lessons.iter().filter(|lesson| lesson.start > now) {
        sizes.entry(&lesson.classroom_id).or_default().size += 1;
    }
    let mut loads: BTreeMap<String, Load> = sizes.into_iter().map(|(class, load)| (class.to_owned(), load)).collect();
    for (class, _) in lessons_leaving(difference) {
        loads.entry(class.to_owned()).or_default().now += 1;
    }
    with_school(loads, already)
}

/// What was removed already is added, and the classes make the school.
pub fn with_school(
    mut loads: BTreeMap<String, Load>,
    already: &BTreeMap<String, usize>,
) -> (BTreeMap<String, Load>, Load) {
    for (class, count) in already {
        loads.entry(class.clone()).or_default().already += count;
    }
    let school = loads.values().fold(Load::default(), |sum, load| sum.and(*load));
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
            if !changed.after.classes.iter().any(|kept| kept.id.as_deref() == Some(class.as_str())) {
                removals.entry(class.clone()).or_default().insert(changed.id.clone());
            }
        }
    }
    removals
}

/// Everybody who would leave a class or the school: each once, of however many classes they are.
pub fn leavers(difference: &Difference) -> BTreeSet<String> {
    roster_removals(difference).into_values().flatten().chain(classless_leavers(difference)).collect()
}

/// Who would leave the school and is in no class (teachers, supervisors, managers).
pub fn classless_leavers(difference: &Difference) -> BTreeSet<String> {
    let classless = difference.people.left.iter().filter(|person| person.classes.is_empty());
    classless.map(|person| person.id.clone()).collect()
}

/// The people that a file would remove, class by class and for the school. `already`: by class, in the last 24 h;
/// `classless`: those of no class who left in that time.
pub fn roster_loads(
    known: &Known,
    difference: &Difference,
    already: &BTreeMap<String, usize>,
    classless: usize,
) -> (BTreeMap<String, Load>, Load) {
    let mut loads: BTreeMap<String, Load> = BTreeMap::new();
    let mut outside = Load { already: classless, now: classless_leavers(difference).len(), size: 0 };
    for person in known.people.iter().filter(|person| person.active) {
        if person.classes.is_empty() {
            outside.size += 1;
        }
        for class in &person.classes {
            loads.entry(class.clone()).or_default().size += 1;
        }
    }
    for (class, people) in roster_removals(difference) {
        loads.entry(class).or_default().now += people.len();
    }
    let (loads, school) = with_school(loads, already);
    (loads, school.and(outside))
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

    fn person(n: usize, classes: &[&str]) -> crate::school::workbook::KnownPerson {
        crate::school::workbook::KnownPerson {
            id: n.to_string(),
            last_name: format!("Nom{n}"),
            first_name: String::new(),
            email: None,
            birth: None,
            card: None,
            role: crate::school::roster::Role::Teacher,
            lang: None,
            classes: classes.iter().map(|class| (*class).to_owned()).collect(),
            active: true,
        }
    }

    proptest::proptest! {
        /// Whoever leaves the school weighs on it, of no class as of many; and is said once.
        #[test]
        fn everybody_who_leaves_counts(of in proptest::collection::vec(0_usize..4, 0..40), already in 0_usize..12) {
            let people: Vec<_> = (0..).zip(&of).map(|(n, classes)| person(n, &["1A", "1B", "1C"][..*classes])).collect();
            let mut difference = Difference::default();
            difference.people.left.clone_from(&people);
            let known = Known { people, ..Known::default() };
            let (loads, school) = roster_loads(&known, &difference, &BTreeMap::new(), already);
            proptest::prop_assert_eq!(leavers(&difference).len(), of.len());
            let classless = of.iter().filter(|classes| **classes == 0).count();
            proptest::prop_assert_eq!(school.now, of.iter().sum::<usize>() + classless);
            proptest::prop_assert!(school.now >= of.len() && school.size == school.now && school.already == already);
            proptest::prop_assert!(loads.keys().all(|class| !class.is_empty()));
            let over = removals_over_limit(&loads, school);
            proptest::prop_assert!(of.len() + already <= 10 || of.is_empty() || over.school);
        }
    }
}
