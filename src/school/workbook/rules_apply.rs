//! A difference taken apart: applied to what is known (purely), held without its rights, named by a fingerprint.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::kernel::secret::sha256_hex;
use crate::kernel::text::names;
use crate::kernel::time::Zone;
use crate::kernel::{At, Result, Words};
use crate::school::rights::may_teach;
use crate::school::roster::Role;

use super::rules::{difference, same};
use super::rules_clash;
use super::rules_people::as_known;
use super::{
    ChangedLesson, ClassRef, Difference, Known, KnownClassroom, KnownLesson, KnownPerson, LessonState, PersonState,
    Who, Workbook, class_key,
};

/// Is every one of some among all?
fn among<T: Serialize>(some: &[T], all: &[T]) -> bool {
    let named = |one: &T| serde_json::to_string(one).ok();
    let all: HashSet<String> = all.iter().filter_map(named).collect();
    some.iter().all(|one| named(one).is_some_and(|one| all.contains(&one)))
}

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

    /// Names everything that applying it would do, and the clashes that its reader was warned of: a press that carries
    /// another one is answered with a fresh preview.
    pub fn fingerprint(&self) -> Result<String> {
        let clashes: Vec<_> = self.warnings.iter().filter(|warning| rules_clash::is_clash(warning)).collect();
        Ok(sha256_hex(serde_json::to_vec(&(self.effects_print()?, clashes))?))
    }

    /// Names everything that applying it would do, and nothing else: what was agreed to.
    pub fn effects_print(&self) -> Result<String> {
        let people = &self.people;
        let what = (
            (&self.added, &self.changed, &self.removed, &self.classes),
            (&people.added, &people.changed, &people.left, &self.rights),
        );
        Ok(sha256_hex(serde_json::to_vec(&what)?))
    }

    /// What the file would have done at an earlier moment, were all known then that is known now. What began since had
    /// no sheet before.
    pub fn as_of(then: At, now: At, known: &Known, read: &Workbook, zone: Zone) -> Self {
        let mut known = known.clone();
        for lesson in known.lessons.iter_mut().filter(|lesson| lesson.start > then && lesson.start <= now) {
            lesson.fixed = false;
        }
        difference(&known, read, then, zone)
    }

    /// The same people and roles, and sessions of the other alone: nothing that was not agreed to.
    pub fn is_left_of(&self, agreed: &Self) -> bool {
        let (mine, theirs) = (&self.people, &agreed.people);
        (&mine.added, &mine.changed, &mine.left) == (&theirs.added, &theirs.changed, &theirs.left)
            && self.rights == agreed.rights
            && among(&self.classes, &agreed.classes)
            && among(&self.added, &agreed.added)
            && among(&self.changed, &agreed.changed)
            && among(&self.removed, &agreed.removed)
    }

    /// The same, giving nobody a role that is new to them: what `[Appliquer]` does before `[Donner ces droits]`. Whoever
    /// would be new to the school waits with their role (else a teacher would stand on the roll as a student), whoever
    /// is known keeps role and classes, and sessions that would be theirs have no teacher yet.
    pub fn without_rights(&self, known: &Known) -> Self {
        let mut held = self.clone();
        let waiting: HashMap<&Who, Role> = self.rights.iter().map(|right| (&right.who, right.from)).collect();
        let place = held.keep_new(|index| !waiting.contains_key(&Who::New(index)));
        for changed in &mut held.people.changed {
            if waiting.contains_key(&Who::Known(changed.id.as_str().into())) {
                let before = as_known(&changed.before, known);
                changed.after = if before.active {
                    PersonState { role: before.role, classes: before.classes, ..changed.after.clone() }
                } else {
                    before
                };
            }
        }
        held.people.changed.retain(|changed| as_known(&changed.before, known) != changed.after);
        held.people.unchanged += self.people.changed.len() - held.people.changed.len();
        let teaches = |who: Who| match &who {
            Who::New(index) => place.get(*index).copied().flatten().map(Who::New),
            Who::Known(_) => waiting.get(&who).is_none_or(|held| may_teach(*held)).then_some(who),
        };
        for new in &mut held.added {
            new.lesson.teacher = new.lesson.teacher.take().and_then(teaches);
        }
        for changed in &mut held.changed {
            let tied = changed.before.teacher_id.clone().map(Who::Known);
            if changed.after.teacher != tied {
                changed.after.teacher = changed.after.teacher.take().and_then(teaches);
            }
        }
        held.changed.retain(|changed| !same(&changed.before, &changed.after));
        held.unchanged += self.changed.len() - held.changed.len();
        held.rights.clear();
        // A class that is named only by those who wait waits too.
        let new = (0..).zip(&self.people.added).filter(|(index, _)| waiting.contains_key(&Who::New(*index)));
        let known = self.people.changed.iter().filter(|c| waiting.contains_key(&Who::Known(c.id.as_str().into())));
        let states = new.map(|(_, new)| &new.person).chain(known.map(|changed| &changed.after));
        let theirs: HashSet<String> = states.flat_map(|state| &state.classes).map(|c| class_key(&c.name)).collect();
        let used = held.used_classes();
        held.classes
            .retain(|class| !theirs.contains(&class_key(&class.name)) || used.contains(&class_key(&class.name)));
        held
    }

    /// How many sessions get their teacher by the roles that wait, and not before.
    pub fn waiting_sessions(&self) -> usize {
        let waiting: HashMap<&Who, Role> = self.rights.iter().map(|right| (&right.who, right.from)).collect();
        let waits = |who: &Who| waiting.get(who).is_some_and(|held| matches!(who, Who::New(_)) || !may_teach(*held));
        let new = self.added.iter().filter(|new| new.lesson.teacher.as_ref().is_some_and(waits));
        let changed = self.changed.iter().filter(|changed| {
            let tied = changed.before.teacher_id.clone().map(Who::Known);
            changed.after.teacher != tied && changed.after.teacher.as_ref().is_some_and(waits)
        });
        new.count() + changed.count()
    }

    /// Nothing but the roles that wait, with what hangs on them: what is left once the rest was applied.
    pub fn only_rights(&self, known: &Known) -> Self {
        let mut only = Self { rights: self.rights.clone(), classes: self.classes.clone(), ..Self::default() };
        only.people.added.clone_from(&self.people.added);
        let waiting: HashMap<&Who, Role> = self.rights.iter().map(|right| (&right.who, right.to)).collect();
        let place = only.keep_new(|index| waiting.contains_key(&Who::New(index)));
        let whose = |who: &Who| match who {
            Who::New(index) => place.get(*index).copied().flatten().map(Who::New),
            Who::Known(_) => Some(who.clone()),
        };
        for right in &mut only.rights {
            if let Some(who) = whose(&right.who) {
                right.who = who;
            }
        }
        for changed in &self.people.changed {
            let Some(role) = waiting.get(&Who::Known(changed.id.as_str().into())) else { continue };
            let mut changed = changed.clone();
            if changed.before.active {
                let classes = std::mem::take(&mut changed.after.classes);
                changed.after = PersonState { role: *role, classes, ..as_known(&changed.before, known) };
            }
            only.people.changed.push(changed);
        }
        for changed in &self.changed {
            let (before, after) = (&changed.before, &changed.after);
            let Some(who) = after.teacher.as_ref().filter(|who| waiting.contains_key(who)) else { continue };
            if names::fold(&before.teacher_name) == names::fold(&after.teacher_name) {
                let after = LessonState { teacher: whose(who), ..as_it_is(before, &after.class) };
                if !same(before, &after) {
                    only.changed.push(ChangedLesson { after, ..changed.clone() });
                }
            }
        }
        let used = only.used_classes();
        only.classes.retain(|class| used.contains(&class_key(&class.name)));
        only
    }

    /// Keeps some of the new people; gives where each of them stands now.
    fn keep_new(&mut self, keeps: impl Fn(usize) -> bool) -> Vec<Option<usize>> {
        let (mut place, mut kept) = (Vec::new(), Vec::new());
        for (index, new) in std::mem::take(&mut self.people.added).into_iter().enumerate() {
            place.push(keeps(index).then_some(kept.len()));
            if keeps(index) {
                kept.push(new);
            }
        }
        self.people.added = kept;
        place
    }

    /// The classes of its sessions and people.
    fn used_classes(&self) -> HashSet<String> {
        let lessons = self.added.iter().map(|new| &new.lesson).chain(self.changed.iter().map(|changed| &changed.after));
        let people = self.people.added.iter().map(|new| &new.person);
        let people = people.chain(self.people.changed.iter().map(|changed| &changed.after));
        let classes = lessons.map(|lesson| &lesson.class).chain(people.flat_map(|person| &person.classes));
        // Many are of the same class.
        let names: HashSet<&str> = classes.map(|class| class.name.as_str()).collect();
        names.into_iter().map(class_key).collect()
    }
}

fn as_it_is(lesson: &KnownLesson, class: &ClassRef) -> LessonState {
    LessonState {
        class: ClassRef { id: Some(lesson.classroom_id.clone()), name: class.name.clone() },
        reference: lesson.reference.clone(),
        start: lesson.start,
        end: lesson.end,
        subject: lesson.subject.clone(),
        teacher: lesson.teacher_id.clone().map(Who::Known),
        teacher_name: lesson.teacher_name.clone(),
        room: lesson.room.clone(),
        mode: lesson.mode,
        link: lesson.link.clone(),
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
        class.id.as_ref().map_or_else(created, String::from)
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

    let lesson = |id: Words, state: &LessonState| KnownLesson {
        id,
        classroom_id: class_id(&state.class).into(),
        reference: state.reference.clone(),
        start: state.start,
        end: state.end,
        subject: state.subject.clone(),
        teacher_id: match &state.teacher {
            Some(Who::Known(id)) => Some(id.clone()),
            Some(Who::New(index)) => ids.get(*index).map(Words::from),
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
    after.lessons.extend(difference.added.iter().map(|new| lesson(next_id().into(), &new.lesson)));
    after
}
