//! Whom a teacher's name in the timetable means: a unique folded match, or nobody.

use std::collections::{HashMap, HashSet};

use crate::kernel::text::names;
use crate::kernel::words::Folds;
use crate::kernel::{Text, Words};
use crate::school::rights::may_teach;
use crate::text;

use super::{Difference, Known, PeopleDifference, Place, Warning, Who};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    One(Who),
    None,
    Several,
}

/// Everyone who may teach once the file is applied, by the ways to write them.
pub(super) struct Teachers {
    /// « Prénom Nom », « Nom Prénom ».
    full: HashMap<String, Vec<Who>>,
    /// « M. Nom », « P. Nom », « Nom P. ».
    short: HashMap<String, Vec<Who>>,
}

const TITLES: [&str; 18] = [
    "m",
    "mr",
    "mme",
    "mlle",
    "mrs",
    "ms",
    "miss",
    "monsieur",
    "madame",
    "mademoiselle",
    "dr",
    "docteur",
    "pr",
    "prof",
    "professeur",
    "professeure",
    "me",
    "sir",
];

impl Teachers {
    pub fn new(known: &Known, people: &PeopleDifference) -> Self {
        let mut teachers = Self { full: HashMap::new(), short: HashMap::new() };
        let gone: HashSet<&str> = people.left.iter().map(|person| person.id.as_str()).collect();
        let changed: HashMap<&str, _> = people.changed.iter().map(|c| (c.id.as_str(), &c.after)).collect();
        for person in &known.people {
            let id = person.id.as_str();
            let (last, first, role, active) = match changed.get(id) {
                Some(after) => (&after.last_name, &after.first_name, after.role, after.active),
                None => (&person.last_name, &person.first_name, person.role, person.active),
            };
            if may_teach(role) && active && !gone.contains(id) {
                teachers.add(&Who::Known(person.id.as_str().into()), last, first);
            }
        }
        for (index, new) in people.added.iter().enumerate() {
            if may_teach(new.person.role) {
                teachers.add(&Who::New(index), &new.person.last_name, &new.person.first_name);
            }
        }
        teachers
    }

    fn add(&mut self, who: &Who, last: &str, first: &str) {
        let (last, first) = (names::fold(last), names::fold(first));
        if last.is_empty() {
            return;
        }
        let initial: String = first.chars().take(1).collect();
        let initials: String = first.split(' ').filter_map(|name| name.chars().next()).collect();
        let spaced: String = initials.chars().map(String::from).collect::<Vec<_>>().join(" ");
        for form in [format!("{first} {last}"), format!("{last} {first}")] {
            note(&mut self.full, form.trim(), who);
        }
        let mut forms = vec![last.clone()];
        for initials in [initial, initials, spaced] {
            forms.push(format!("{initials} {last}"));
            forms.push(format!("{last} {initials}"));
        }
        for form in forms {
            note(&mut self.short, form.trim(), who);
        }
    }

    /// `folded`: a name, folded.
    pub fn find(&self, folded: &str) -> Found {
        // « Mme Roy »; but « M. Diallo » may also be Mamadou Diallo's initial: both ways are looked at.
        let untitled = folded.split_once(' ').filter(|(title, _)| TITLES.contains(title)).map(|(_, rest)| rest);
        let ways: Vec<&str> = std::iter::once(folded).chain(untitled).collect();
        for forms in [&self.full, &self.short] {
            let found: HashSet<&Who> = ways.iter().filter_map(|way| forms.get(*way)).flatten().collect();
            let mut found = found.into_iter();
            match (found.next(), found.next()) {
                (Some(one), None) => return Found::One(one.clone()),
                (Some(_), Some(_)) => return Found::Several,
                _ => {}
            }
        }
        Found::None
    }
}

fn note(forms: &mut HashMap<String, Vec<Who>>, form: &str, who: &Who) {
    let all = forms.entry(form.to_owned()).or_default();
    if !all.contains(who) {
        all.push(who.clone());
    }
}

/// Whom teachers' names mean: each is looked for once.
#[derive(Default)]
pub(super) struct Whose {
    pub folds: Folds,
    /// By the folded name.
    pub found: HashMap<Words, Found>,
    pub unknown: Unknown,
}

/// Teachers' names that mean nobody in particular: said once a name and whoever keeps such sessions.
#[derive(Default)]
pub(super) struct Unknown {
    seen: HashMap<(String, Option<String>), usize>,
    names: Vec<Unsure>,
}

struct Unsure {
    name: String,
    place: Place,
    count: usize,
    several: bool,
    /// Who was tied to these sessions before, and stays.
    keeper: Option<String>,
}

impl Unknown {
    pub fn note(&mut self, name: &str, place: &Place, several: bool, keeper: Option<String>) {
        let next = self.names.len();
        let index = *self.seen.entry((names::fold(name), keeper.clone())).or_insert(next);
        match self.names.get_mut(index) {
            Some(known) => known.count += 1,
            None => {
                self.names.push(Unsure { name: name.to_owned(), place: place.clone(), count: 1, several, keeper });
            }
        }
    }

    pub fn say(self, out: &mut Difference) {
        for Unsure { name, place, count, several, keeper } in self.names {
            let text: Text = match (several, keeper) {
                (true, None) => text!("workbook-warning-teacher-several", name = name, count = count),
                (false, None) => text!("workbook-warning-teacher-none", name = name, count = count),
                (true, Some(keeper)) => {
                    text!("workbook-warning-teacher-kept-several", name = name, count = count, keeper = keeper)
                }
                (false, Some(keeper)) => {
                    text!("workbook-warning-teacher-kept", name = name, count = count, keeper = keeper)
                }
            };
            out.warnings.push(Warning { place: Some(place), text });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn teachers(people: &[(&str, &str, &str)]) -> Teachers {
        let mut teachers = Teachers { full: HashMap::new(), short: HashMap::new() };
        for (id, first, last) in people {
            teachers.add(&Who::Known((*id).into()), last, first);
        }
        teachers
    }

    #[test]
    fn names_as_timetables_write_them() {
        let teachers = teachers(&[
            ("d", "Mamadou", "Diallo"),
            ("r", "Élise", "Roy"),
            ("p1", "Jean-Paul", "Petit"),
            ("p2", "Anne", "Petit"),
        ]);
        let one = |name: &str, id: &str| {
            assert_eq!(teachers.find(&names::fold(name)), Found::One(Who::Known(id.into())), "{name}");
        };
        one("M. Diallo", "d");
        one("diallo mamadou", "d");
        one("Mme ROY", "r");
        one("E. Roy", "r");
        one("Roy E.", "r");
        one("Mme Elise Roy", "r");
        one("J-P Petit", "p1");
        one("A. Petit", "p2");
        assert_eq!(teachers.find("m petit"), Found::Several);
        assert_eq!(teachers.find("mme durand"), Found::None);
        assert_eq!(teachers.find("m"), Found::None);
    }
}
