//! The same teacher, room or class at two places at once, in the timetable as it would be.

use std::collections::{BTreeSet, HashMap};

use crate::kernel::text::Arg;
use crate::kernel::text::names;
use crate::kernel::time::Zone;
use crate::kernel::words::Folds;
use crate::kernel::{At, Text, Words};
use crate::school::session::Mode;
use crate::text;

use super::{ClassRef, KnownLesson, LessonState, Place, Warning, Who};

/// A session of the resulting timetable.
#[derive(Debug, Clone)]
struct Item<'a> {
    /// Its class: known by its id, or new under this name.
    class: (Option<&'a str>, &'a str),
    subject: &'a Words,
    teacher: Option<Teacher<'a>>,
    teacher_name: &'a str,
    /// Folded.
    room: Option<Words>,
    room_name: &'a str,
    link: Option<&'a str>,
    start: At,
    end: At,
    /// The line it comes from; `None`: the file does not speak of it.
    place: Option<&'a Place>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Teacher<'a> {
    Known(&'a str),
    New(usize),
    /// Nobody in particular; folded.
    Named(Words),
}

/// Id → name.
pub(super) type ClassNames<'a> = HashMap<&'a str, &'a str>;

/// All sessions of the resulting timetable.
pub(super) struct Items<'a> {
    names: &'a ClassNames<'a>,
    folds: &'a mut Folds,
    all: Vec<Item<'a>>,
}

impl<'a> Items<'a> {
    pub fn new(names: &'a ClassNames<'a>, folds: &'a mut Folds) -> Self {
        Self { names, folds, all: Vec::new() }
    }

    fn room(&mut self, room: &Words, mode: Mode) -> Option<Words> {
        (mode != Mode::Remote).then(|| self.folds.of(room)).filter(|room| !room.is_empty())
    }

    fn named(&mut self, name: &Words) -> Option<Teacher<'a>> {
        Some(self.folds.of(name)).filter(|name| !name.is_empty()).map(Teacher::Named)
    }

    /// As this line says, it will be so.
    pub fn will_be(&mut self, lesson: &'a LessonState, place: &'a Place) {
        let ClassRef { id, name } = &lesson.class;
        let item = Item {
            class: (id.as_deref(), name),
            subject: &lesson.subject,
            teacher: match &lesson.teacher {
                Some(Who::Known(id)) => Some(Teacher::Known(id)),
                Some(Who::New(index)) => Some(Teacher::New(*index)),
                None => self.named(&lesson.teacher_name),
            },
            teacher_name: &lesson.teacher_name,
            room: self.room(&lesson.room, lesson.mode),
            room_name: &lesson.room,
            link: lesson.link.as_deref(),
            start: lesson.start,
            end: lesson.end,
            place: Some(place),
        };
        self.all.push(item);
    }

    /// It is so, and stays.
    pub fn is(&mut self, lesson: &'a KnownLesson, place: Option<&'a Place>) {
        let class = lesson.classroom_id.as_str();
        let item = Item {
            class: (Some(class), self.names.get(class).copied().unwrap_or_default()),
            subject: &lesson.subject,
            teacher: match &lesson.teacher_id {
                Some(id) => Some(Teacher::Known(id)),
                None => self.named(&lesson.teacher_name),
            },
            teacher_name: &lesson.teacher_name,
            room: self.room(&lesson.room, lesson.mode),
            room_name: &lesson.room,
            link: lesson.link.as_deref(),
            start: lesson.start,
            end: lesson.end,
            place,
        };
        self.all.push(item);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum What {
    Class,
    Teacher,
    Room,
}

/// Nobody reads more.
const MANY: usize = 500;
/// How many sessions after one are compared with it: in a timetable of people, two or three overlap.
const FAR: usize = 60;

type Found<'i, 'a> = (What, &'i Item<'a>, &'i Item<'a>);

/// Those that clash in one thing, which each of these groups shares.
fn within<'i, 'a, K>(what: What, groups: HashMap<K, Vec<&'i Item<'a>>>, found: &mut Vec<Found<'i, 'a>>) {
    for group in groups.into_values() {
        for (index, one) in group.iter().enumerate() {
            let after = group.iter().skip(index + 1).take(FAR).take_while(|other| other.start < one.end);
            for other in after.filter(|other| clash(what, one, other)) {
                found.push((what, *one, *other));
            }
        }
    }
}

pub(super) fn warnings(items: Items<'_>, zone: Zone) -> Vec<Warning> {
    let mut items = items.all;
    items.sort_by(|a, b| (a.start, a.end, a.class).cmp(&(b.start, b.end, b.class)));
    let mut classes: HashMap<_, Vec<&Item<'_>>> = HashMap::new();
    let mut teachers: HashMap<_, Vec<&Item<'_>>> = HashMap::new();
    let mut rooms: HashMap<_, Vec<&Item<'_>>> = HashMap::new();
    for item in &items {
        classes.entry(item.class).or_default().push(item);
        if let Some(teacher) = &item.teacher {
            teachers.entry(teacher).or_default().push(item);
        }
        if let Some(room) = &item.room {
            rooms.entry(room).or_default().push(item);
        }
    }
    let mut found = Vec::new();
    within(What::Class, classes, &mut found);
    within(What::Teacher, teachers, &mut found);
    within(What::Room, rooms, &mut found);
    // One pair of sessions is said once: the class before the teacher before the room. In the order of the day.
    // To the last word: a fingerprint is made of it.
    found.sort_by(|(what, one, other), (that, first, second)| {
        let ends = (one.start, one.place, other.place, *what as u8).cmp(&(
            first.start,
            first.place,
            second.place,
            *that as u8,
        ));
        let order = |a: &Item<'_>, b: &Item<'_>| (a.class, a.subject, a.start).cmp(&(b.class, b.subject, b.start));
        ends.then_with(|| order(one, first)).then_with(|| order(other, second))
    });
    let (mut said, mut warnings) = (BTreeSet::new(), Vec::new());
    for (what, one, other) in found {
        if said.len() >= MANY {
            break;
        }
        if said.insert((one.start, one.class, one.subject, other.start, other.class, other.subject)) {
            let place = other.place.or(one.place).cloned();
            warnings.push(Warning { place, text: say(what, one, other, zone) });
        }
    }
    warnings
}

/// Is this one of them?
pub(super) fn is_clash(warning: &Warning) -> bool {
    matches!(warning.text.key(), "workbook-clash-class" | "workbook-clash-teacher" | "workbook-clash-room")
}

fn clash(what: What, one: &Item<'_>, other: &Item<'_>) -> bool {
    let of_the_file = one.place.is_some() || other.place.is_some();
    // One lesson given to two classes together: one line of the file, or alike in all but the class.
    let together = one.class != other.class
        && (one.place == other.place
            || (one.start == other.start
                && one.end == other.end
                && (one.subject == other.subject || names::fold(one.subject) == names::fold(other.subject))
                && one.teacher == other.teacher
                && one.room == other.room
                && one.link == other.link));
    of_the_file && (what == What::Class || !together)
}

fn say(what: What, one: &Item<'_>, other: &Item<'_>, zone: Zone) -> Text {
    let lesson = |item: &Item<'_>| {
        let (subject, class) = (item.subject.as_str(), item.class.1);
        match item.place {
            Some(place) => text!("workbook-clash-lesson", subject = subject, class = class, row = place.row),
            None => text!("workbook-clash-lesson-known", subject = subject, class = class),
        }
    };
    let moment = || Arg::Moment(other.start, zone);
    let (first, second) = (lesson(one), lesson(other));
    match what {
        What::Class => {
            let class = other.class.1;
            text!("workbook-clash-class", class = class, moment = moment(), first = first, second = second)
        }
        What::Teacher => {
            let teacher = other.teacher_name;
            text!("workbook-clash-teacher", teacher = teacher, moment = moment(), first = first, second = second)
        }
        What::Room => {
            let room = other.room_name;
            text!("workbook-clash-room", room = room, moment = moment(), first = first, second = second)
        }
    }
}
