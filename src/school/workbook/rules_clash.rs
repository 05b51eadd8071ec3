//! The same teacher, room or class at two places at once, in the timetable as it would be.

use std::collections::{BTreeSet, HashMap};

use crate::kernel::text::Arg;
use crate::kernel::text::names;
use crate::kernel::time::Zone;
use crate::kernel::{At, Text};
use crate::school::session::Mode;
use crate::text;

use super::{ClassRef, KnownLesson, LessonState, Place, Warning, Who, class_key};

/// A session of the resulting timetable.
#[derive(Debug, Clone)]
pub(super) struct Item {
    class: String,
    class_name: String,
    subject: String,
    teacher: Option<String>,
    teacher_name: String,
    room: Option<String>,
    room_name: String,
    link: Option<String>,
    start: At,
    end: At,
    /// The line it comes from; `None`: the file does not speak of it.
    place: Option<Place>,
}

/// Id → name.
pub(super) type ClassNames<'a> = HashMap<&'a str, &'a str>;

fn room_key(room: &str, mode: Mode) -> Option<String> {
    Some(names::fold(room)).filter(|room| !room.is_empty() && mode != Mode::Remote)
}

fn name_key(name: &str) -> Option<String> {
    Some(names::fold(name)).filter(|name| !name.is_empty()).map(|name| format!("name {name}"))
}

impl Item {
    pub fn of_state(lesson: &LessonState, place: &Place) -> Self {
        let ClassRef { id, name } = &lesson.class;
        let teacher = match &lesson.teacher {
            Some(Who::Known(id)) => Some(format!("id {id}")),
            Some(Who::New(index)) => Some(format!("new {index}")),
            None => name_key(&lesson.teacher_name),
        };
        Self {
            class: id.clone().unwrap_or_else(|| format!("new {}", class_key(name))),
            class_name: name.clone(),
            subject: lesson.subject.clone(),
            teacher,
            teacher_name: lesson.teacher_name.clone(),
            room: room_key(&lesson.room, lesson.mode),
            room_name: lesson.room.clone(),
            link: lesson.link.clone(),
            start: lesson.start,
            end: lesson.end,
            place: Some(place.clone()),
        }
    }

    pub fn of_known(lesson: &KnownLesson, place: Option<&Place>, names: &ClassNames<'_>) -> Self {
        let teacher = lesson.teacher_id.as_ref().map(|id| format!("id {id}"));
        Self {
            class: lesson.classroom_id.clone(),
            class_name: names.get(lesson.classroom_id.as_str()).map(|name| (*name).to_owned()).unwrap_or_default(),
            subject: lesson.subject.clone(),
            teacher: teacher.or_else(|| name_key(&lesson.teacher_name)),
            teacher_name: lesson.teacher_name.clone(),
            room: room_key(&lesson.room, lesson.mode),
            room_name: lesson.room.clone(),
            link: lesson.link.clone(),
            start: lesson.start,
            end: lesson.end,
            place: place.cloned(),
        }
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

pub(super) fn warn(mut items: Vec<Item>, zone: Zone, warnings: &mut Vec<Warning>) {
    items.sort_by(|a, b| (a.start, a.end, &a.class).cmp(&(b.start, b.end, &b.class)));
    let mut groups: HashMap<(What, &str), Vec<&Item>> = HashMap::new();
    for item in &items {
        groups.entry((What::Class, &item.class)).or_default().push(item);
        if let Some(teacher) = &item.teacher {
            groups.entry((What::Teacher, teacher)).or_default().push(item);
        }
        if let Some(room) = &item.room {
            groups.entry((What::Room, room)).or_default().push(item);
        }
    }
    let mut found = Vec::new();
    for ((what, _), group) in groups {
        for (index, one) in group.iter().enumerate() {
            let after = group.iter().skip(index + 1).take(FAR).take_while(|other| other.start < one.end);
            for other in after.filter(|other| clash(what, one, other)) {
                found.push((what, *one, *other));
            }
        }
    }
    // One pair of sessions is said once: the class before the teacher before the room. In the order of the day.
    // To the last word: a fingerprint is made of it.
    found.sort_by(|(what, one, other), (that, first, second)| {
        let order = |item: &'_ Item| (item.class.clone(), item.subject.clone(), item.start);
        (one.start, &one.place, &other.place, *what as u8, order(one), order(other)).cmp(&(
            first.start,
            &first.place,
            &second.place,
            *that as u8,
            order(first),
            order(second),
        ))
    });
    let mut said = BTreeSet::new();
    for (what, one, other) in found {
        if said.len() >= MANY {
            break;
        }
        if said.insert((one.start, &one.class, &one.subject, other.start, &other.class, &other.subject)) {
            let place = other.place.clone().or_else(|| one.place.clone());
            warnings.push(Warning { place, text: say(what, one, other, zone) });
        }
    }
}

/// Is this one of them?
pub(super) fn is_clash(warning: &Warning) -> bool {
    matches!(warning.text.key(), "workbook-clash-class" | "workbook-clash-teacher" | "workbook-clash-room")
}

fn clash(what: What, one: &Item, other: &Item) -> bool {
    let of_the_file = one.place.is_some() || other.place.is_some();
    // One lesson given to two classes together: one line of the file, or alike in all but the class.
    let together = one.class != other.class
        && (one.place == other.place
            || (one.start == other.start
                && one.end == other.end
                && names::fold(&one.subject) == names::fold(&other.subject)
                && one.teacher == other.teacher
                && one.room == other.room
                && one.link == other.link));
    of_the_file && (what == What::Class || !together)
}

fn say(what: What, one: &Item, other: &Item, zone: Zone) -> Text {
    let lesson = |item: &Item| {
        let (subject, class) = (item.subject.as_str(), item.class_name.as_str());
        match &item.place {
            Some(place) => text!("workbook-clash-lesson", subject = subject, class = class, row = place.row),
            None => text!("workbook-clash-lesson-known", subject = subject, class = class),
        }
    };
    let moment = || Arg::Moment(other.start, zone);
    let (first, second) = (lesson(one), lesson(other));
    match what {
        What::Class => {
            let class = other.class_name.as_str();
            text!("workbook-clash-class", class = class, moment = moment(), first = first, second = second)
        }
        What::Teacher => {
            let teacher = other.teacher_name.as_str();
            text!("workbook-clash-teacher", teacher = teacher, moment = moment(), first = first, second = second)
        }
        What::Room => {
            let room = other.room_name.as_str();
            text!("workbook-clash-room", room = room, moment = moment(), first = first, second = second)
        }
    }
}
