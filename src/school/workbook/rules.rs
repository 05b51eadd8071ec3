//! What the school knows against what a file says → what applying it would do. Pure.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{Days, NaiveDate};

use crate::kernel::text::names;
use crate::kernel::time::{Zone, monday};
use crate::kernel::{At, Text};
use crate::text;

use super::read::{is_joined, part};
use super::rules_clash::{self, ClassNames, Item};
use super::rules_match::{self, Frozen, Wish};
use super::rules_near::{looks_like, same_letters};
use super::rules_people;
use super::rules_teacher::{Found, Teachers};
use super::{
    ChangedLesson, ClassRef, Difference, Known, KnownLesson, LessonState, NewClass, NewLesson, Place, Warning, Who,
    Workbook, class_key,
};

/// What applying `read` would do to what is `known`. The same file applied and read again has nothing left to do.
pub fn difference(known: &Known, read: &Workbook, now: At, zone: Zone) -> Difference {
    let mut out = Difference::default();
    let mut classes = Classes::new(known);
    let parted = part(read, |name| classes.knows(name));
    let twice = match &parted {
        Cow::Owned(parted) => parted.warnings.clone(),
        Cow::Borrowed(_) => Vec::new(),
    };
    let read: &Workbook = &parted;
    // People first: what changes in them is what must not be overlooked.
    rules_people::compare(known, read, &mut classes, &mut out);
    out.warnings.extend(twice);
    let teachers = Teachers::new(known, &out.people);
    let names = known.classrooms.iter().map(|class| (class.id.as_str(), class.name.as_str())).collect();
    let scene = Scene { known, read, now, zone, teachers, names };
    scene.lessons(&mut classes, &mut out);
    for class in &classes.created {
        if let Some(near) = &class.near {
            let text = text!("workbook-warning-class-near", class = class.name.as_str(), near = near.as_str());
            out.warnings.push(Warning { place: None, text });
        }
        if is_joined(&class.name) {
            let text = text!("workbook-warning-class-joined", class = class.name.as_str());
            out.warnings.push(Warning { place: None, text });
        }
    }
    out.classes = classes.created;
    out
}

/// Class names → classes, known or to be created.
pub(super) struct Classes {
    by_key: HashMap<String, ClassRef>,
    /// Known ones: key and name.
    known: Vec<(String, String)>,
    pub created: Vec<NewClass>,
}

/// Beyond so many new classes nobody reads which other they look like.
const MANY_NEW: usize = 200;

impl Classes {
    pub fn new(known: &Known) -> Self {
        let mut by_key = HashMap::new();
        for class in &known.classrooms {
            let named = ClassRef { id: Some(class.id.clone()), name: class.name.clone() };
            by_key.entry(class_key(&class.name)).or_insert(named);
        }
        let known = known.classrooms.iter().map(|class| (class_key(&class.name), class.name.clone())).collect();
        Self { by_key, known, created: Vec::new() }
    }

    fn knows(&self, name: &str) -> bool {
        self.by_key.contains_key(&class_key(name))
    }

    pub fn resolve(&mut self, name: &str) -> ClassRef {
        let key = class_key(name);
        if let Some(class) = self.by_key.get(&key) {
            return class.clone();
        }
        let near = if self.created.len() < MANY_NEW { self.near(&key) } else { None };
        self.created.push(NewClass { name: name.to_owned(), near });
        let class = ClassRef { id: None, name: name.to_owned() };
        self.by_key.insert(key, class.clone());
        class
    }

    fn near(&self, key: &str) -> Option<String> {
        let known = self.known.iter().find(|(other, _)| looks_like(key, other)).map(|(_, name)| name);
        let created = || self.created.iter().map(|class| &class.name).find(|name| same_letters(key, &class_key(name)));
        known.or_else(created).cloned()
    }
}

struct Scene<'a> {
    known: &'a Known,
    read: &'a Workbook,
    now: At,
    zone: Zone,
    teachers: Teachers,
    names: ClassNames<'a>,
}

impl<'a> Scene<'a> {
    fn lessons(&self, classes: &mut Classes, out: &mut Difference) {
        let wishes: Vec<Wish<'a>> =
            self.read.lessons.iter().map(|row| Wish::new(row, classes.resolve(&row.class), self.zone)).collect();
        let frozen = Frozen::new(self.read, self.known, self.zone);
        let pairs = rules_match::pair(&wishes, &self.known.lessons, &frozen, self.now, self.zone);
        let mut items = Vec::new();
        let mut unknown_teachers = Unknown::default();
        for (wish, pair) in wishes.iter().zip(&pairs.of_wish) {
            let before = pair.and_then(|index| self.known.lessons.get(index));
            if let Some(item) = self.settle(wish, before, &mut unknown_teachers, out) {
                items.push(item);
            }
        }
        self.remove(&wishes, &pairs.taken, &frozen, out);
        let removed: HashSet<&str> = out.removed.iter().map(|lesson| lesson.id.as_str()).collect();
        for (lesson, taken) in self.known.lessons.iter().zip(&pairs.taken) {
            if !taken && lesson.start > self.now && !removed.contains(lesson.id.as_str()) {
                items.push(Item::of_known(lesson, None, &self.names));
            }
        }
        rules_clash::warn(items, self.zone, &mut out.warnings);
        unknown_teachers.say(out);
    }

    /// One session of the file: added, changed, unchanged or left out. Gives its place in the resulting timetable.
    fn settle(
        &self,
        wish: &Wish<'_>,
        before: Option<&KnownLesson>,
        unknown: &mut Unknown,
        out: &mut Difference,
    ) -> Option<Item> {
        let past = wish.start <= self.now;
        let Some(before) = before else {
            if past {
                out.past += 1;
                return None;
            }
            let lesson = self.state(wish, None, unknown);
            let item = Item::of_state(&lesson, &wish.row.place);
            out.added.push(NewLesson { place: wish.row.place.clone(), lesson });
            return Some(item);
        };
        if before.start <= self.now || before.fixed || past {
            out.unchanged += 1;
            if before.start != wish.start {
                let subject = before.subject.as_str();
                let text = if before.start <= self.now || before.fixed {
                    text!("workbook-warning-over", subject = subject)
                } else {
                    text!("workbook-warning-into-past", subject = subject)
                };
                out.warnings.push(Warning { place: Some(wish.row.place.clone()), text });
            }
            return (before.start > self.now).then(|| Item::of_known(before, Some(&wish.row.place), &self.names));
        }
        let after = self.state(wish, Some(before), unknown);
        let item = Item::of_state(&after, &wish.row.place);
        if same(before, &after) {
            out.unchanged += 1;
        } else {
            let place = wish.row.place.clone();
            out.changed.push(ChangedLesson { id: before.id.clone(), place, before: before.clone(), after });
        }
        Some(item)
    }

    /// The session as it shall be. What the file has no column for stays as it is.
    fn state(&self, wish: &Wish<'_>, before: Option<&KnownLesson>, unknown: &mut Unknown) -> LessonState {
        let row = wish.row;
        let teacher_name =
            row.teacher.clone().unwrap_or_else(|| before.map(|b| b.teacher_name.clone()).unwrap_or_default());
        let link = match &row.link {
            Some(link) => Some(link.clone()).filter(|link| !link.is_empty()),
            None => before.and_then(|b| b.link.clone()),
        };
        let mode = row.mode.or_else(|| before.map(|b| b.mode)).unwrap_or_default();
        LessonState {
            class: wish.class.clone(),
            reference: row.reference.clone().or_else(|| before.and_then(|b| b.reference.clone())),
            start: wish.start,
            end: wish.end,
            subject: row.subject.clone(),
            teacher: self.teacher(&teacher_name, wish, before, unknown),
            teacher_name,
            room: row.room.clone().unwrap_or_else(|| before.map(|b| b.room.clone()).unwrap_or_default()),
            mode,
            link,
        }
    }

    /// Who the name means; nobody when that is not certain. A tie that was made otherwise to the same name stays.
    fn teacher(&self, name: &str, wish: &Wish<'_>, before: Option<&KnownLesson>, unknown: &mut Unknown) -> Option<Who> {
        let tied = before
            .filter(|before| names::fold(&before.teacher_name) == names::fold(name))
            .and_then(|before| before.teacher_id.clone().map(Who::Known));
        if wish.row.teacher.is_none() || names::fold(name).is_empty() {
            return tied.filter(|_| wish.row.teacher.is_none());
        }
        match self.teachers.find(name) {
            Found::One(who) => Some(who),
            Found::None | Found::Several if tied.is_some() => tied,
            Found::None => {
                unknown.note(name, &wish.row.place, false);
                None
            }
            Found::Several => {
                unknown.note(name, &wish.row.place, true);
                None
            }
        }
    }

    /// Known sessions that the file no longer has, within what it speaks for.
    fn remove(&self, wishes: &[Wish<'_>], taken: &[bool], frozen: &Frozen, out: &mut Difference) {
        let days = || self.read.lessons.iter().map(|row| row.day);
        let (Some(first), Some(last)) = (days().min(), days().max()) else { return };
        let scope = (monday(first), sunday(last));
        let named: BTreeSet<&str> = wishes.iter().filter_map(|wish| wish.class.id.as_deref()).collect();
        for (lesson, taken) in self.known.lessons.iter().zip(taken) {
            let day = self.zone.day(lesson.start);
            let spoken_for = named.contains(lesson.classroom_id.as_str()) && scope.0 <= day && day <= scope.1;
            if *taken || !spoken_for || lesson.fixed || lesson.start <= self.now {
                continue;
            }
            if frozen.keeps(lesson) {
                out.frozen += 1;
            } else {
                out.removed.push(lesson.clone());
            }
        }
    }
}

fn sunday(day: NaiveDate) -> NaiveDate {
    monday(day).checked_add_days(Days::new(6)).unwrap_or(day)
}

/// Nothing to change?
pub(super) fn same(before: &KnownLesson, after: &LessonState) -> bool {
    let teacher = match &after.teacher {
        None => before.teacher_id.is_none(),
        Some(Who::Known(id)) => before.teacher_id.as_ref() == Some(id),
        Some(Who::New(_)) => false,
    };
    teacher
        && after.class.id.as_ref() == Some(&before.classroom_id)
        && before.reference == after.reference
        && before.start == after.start
        && before.end == after.end
        && before.subject == after.subject
        && before.teacher_name == after.teacher_name
        && before.room == after.room
        && before.mode == after.mode
        && before.link == after.link
}

/// Teachers' names that mean nobody in particular: said once a name.
#[derive(Default)]
struct Unknown {
    seen: HashMap<String, usize>,
    names: Vec<(String, Place, usize, bool)>,
}

impl Unknown {
    fn note(&mut self, name: &str, place: &Place, several: bool) {
        let next = self.names.len();
        let index = *self.seen.entry(names::fold(name)).or_insert(next);
        match self.names.get_mut(index) {
            Some(known) => known.2 += 1,
            None => self.names.push((name.to_owned(), place.clone(), 1, several)),
        }
    }

    fn say(self, out: &mut Difference) {
        for (name, place, count, several) in self.names {
            let text: Text = if several {
                text!("workbook-warning-teacher-several", name = name, count = count)
            } else {
                text!("workbook-warning-teacher-none", name = name, count = count)
            };
            out.warnings.push(Warning { place: Some(place), text });
        }
    }
}
