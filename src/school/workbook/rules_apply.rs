//! A difference taken apart: applied to what is known (purely), held without its rights, named by a fingerprint.

use std::collections::{HashMap, HashSet};

use crate::kernel::Result;
use crate::kernel::secret::sha256_hex;

use super::rules_people::as_known;
use super::{
    ClassRef, Difference, Known, KnownClassroom, KnownLesson, KnownPerson, LessonState, PersonState, Who, class_key,
};

impl Difference {
    /// Does applying it change anything?
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.changed.is_empty()
            && self.removed.is_empty()
            && self.classes.is_empty()
            && self.people.added.is_empty()
            && self.people.changed.is_empty()
            && self.people.left.is_empty()
    }

    /// Names everything that applying it would do: a press that carries another one is answered with a fresh preview.
    pub fn fingerprint(&self) -> Result<String> {
        let people = &self.people;
        let what = (
            (&self.added, &self.changed, &self.removed, &self.classes),
            (&people.added, &people.changed, &people.left, &self.rights),
        );
        Ok(sha256_hex(serde_json::to_vec(&what)?))
    }

    /// The same, giving nobody a role that is new to them: what `[Appliquer]` does before `[Donner ces droits]`.
    pub fn without_rights(&self, known: &Known) -> Self {
        let mut held = self.clone();
        for right in &self.rights {
            match &right.who {
                Who::New(index) => {
                    if let Some(new) = held.people.added.get_mut(*index) {
                        new.person.role = right.from;
                    }
                }
                Who::Known(id) => {
                    for changed in held.people.changed.iter_mut().filter(|changed| changed.id == *id) {
                        changed.after.role = right.from;
                    }
                }
            }
        }
        held.people.changed.retain(|changed| as_known(&changed.before, known) != changed.after);
        held.rights.clear();
        held
    }

    /// Nothing but the roles that are new to people who are known: what is left once the rest was applied.
    pub fn only_rights(&self, known: &Known) -> Self {
        let mut only = Self::default();
        for right in &self.rights {
            let Who::Known(id) = &right.who else { continue };
            let changed = self.people.changed.iter().find(|changed| changed.id == *id && changed.before.active);
            if let Some(changed) = changed {
                let mut changed = changed.clone();
                changed.after = PersonState { role: right.to, ..as_known(&changed.before, known) };
                only.people.changed.push(changed);
                only.rights.push(right.clone());
            }
        }
        only
    }
}

/// What is known once the difference is applied, rights included. `next_id` names what is new.
pub fn apply(known: &Known, difference: &Difference, mut next_id: impl FnMut() -> String) -> Known {
    let mut after = known.clone();
    let mut classes: HashMap<String, String> = HashMap::new();
    for class in &difference.classes {
        let id = next_id();
        classes.insert(class_key(&class.name), id.clone());
        after.classrooms.push(KnownClassroom { id, name: class.name.clone() });
    }
    let class_id = |class: &ClassRef| {
        let created = || classes.get(&class_key(&class.name)).cloned().unwrap_or_default();
        class.id.clone().unwrap_or_else(created)
    };
    let person = |id: String, state: &PersonState| KnownPerson {
        id,
        last_name: state.last_name.clone(),
        first_name: state.first_name.clone(),
        email: state.email.clone(),
        birth: state.birth,
        card: state.card.clone(),
        role: state.role,
        lang: state.lang,
        classes: state.classes.iter().map(class_id).collect(),
        active: state.active,
    };
    let gone: HashSet<&str> = difference.people.left.iter().map(|person| person.id.as_str()).collect();
    for known in after.people.iter_mut().filter(|known| gone.contains(known.id.as_str())) {
        known.active = false;
    }
    for changed in &difference.people.changed {
        for known in after.people.iter_mut().filter(|known| known.id == changed.id) {
            *known = person(changed.id.clone(), &changed.after);
        }
    }
    let ids: Vec<String> = difference.people.added.iter().map(|_| next_id()).collect();
    after.people.extend(ids.iter().zip(&difference.people.added).map(|(id, new)| person(id.clone(), &new.person)));

    let lesson = |id: String, state: &LessonState| KnownLesson {
        id,
        classroom_id: class_id(&state.class),
        reference: state.reference.clone(),
        start: state.start,
        end: state.end,
        subject: state.subject.clone(),
        teacher_id: match &state.teacher {
            Some(Who::Known(id)) => Some(id.clone()),
            Some(Who::New(index)) => ids.get(*index).cloned(),
            None => None,
        },
        teacher_name: state.teacher_name.clone(),
        room: state.room.clone(),
        mode: state.mode,
        link: state.link.clone(),
        fixed: false,
    };
    let removed: HashSet<&str> = difference.removed.iter().map(|lesson| lesson.id.as_str()).collect();
    let changed: HashMap<&str, &LessonState> =
        difference.changed.iter().map(|changed| (changed.id.as_str(), &changed.after)).collect();
    after.lessons.retain(|known| !removed.contains(known.id.as_str()));
    for known in &mut after.lessons {
        if let Some(state) = changed.get(known.id.as_str()) {
            *known = lesson(known.id.clone(), state);
        }
    }
    after.lessons.extend(difference.added.iter().map(|new| lesson(next_id(), &new.lesson)));
    after
}
