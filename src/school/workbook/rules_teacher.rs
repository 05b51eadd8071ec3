//! Whom a teacher's name in the timetable means: a unique folded match, or nobody.

use std::collections::{HashMap, HashSet};

use crate::kernel::text::names;
use crate::school::roster::Role;

use super::{Known, PeopleDifference, Who};

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
            if role >= Role::Teacher && active && !gone.contains(id) {
                teachers.add(&Who::Known(person.id.clone()), last, first);
            }
        }
        for (index, new) in people.added.iter().enumerate() {
            if new.person.role >= Role::Teacher {
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

    pub fn find(&self, name: &str) -> Found {
        let folded = names::fold(name);
        // « Mme Roy »; but « M. Diallo » may also be Mamadou Diallo's initial: both ways are looked at.
        let untitled = folded.split_once(' ').filter(|(title, _)| TITLES.contains(title)).map(|(_, rest)| rest);
        let ways: Vec<&str> = std::iter::once(folded.as_str()).chain(untitled).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn teachers(people: &[(&str, &str, &str)]) -> Teachers {
        let mut teachers = Teachers { full: HashMap::new(), short: HashMap::new() };
        for (id, first, last) in people {
            teachers.add(&Who::Known((*id).to_owned()), last, first);
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
        let one =
            |name: &str, id: &str| assert_eq!(teachers.find(name), Found::One(Who::Known(id.to_owned())), "{name}");
        one("M. Diallo", "d");
        one("diallo mamadou", "d");
        one("Mme ROY", "r");
        one("E. Roy", "r");
        one("Roy E.", "r");
        one("Mme Elise Roy", "r");
        one("J-P Petit", "p1");
        one("A. Petit", "p2");
        assert_eq!(teachers.find("M. Petit"), Found::Several);
        assert_eq!(teachers.find("Mme Durand"), Found::None);
        assert_eq!(teachers.find("M."), Found::None);
    }
}
