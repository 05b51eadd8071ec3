//! The difference, one line a thing: what would be removed, changed (old → new) and added, sessions before people.
//! Removals come first: they are what its reader must not miss.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use chrono::{Datelike as _, NaiveDate};

use crate::kernel::text::Arg;
use crate::kernel::time::Zone;
use crate::kernel::{At, Lang, Text, Words};
use crate::text;

use super::rules_people::{as_known, full_name};
use super::{
    ChangedLesson, ChangedPerson, ClassRef, Difference, Known, KnownLesson, KnownPerson, LessonState, PersonState,
};

/// What happens to a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Removed,
    Changed,
    Added,
}

/// What it happens to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thing {
    Session,
    Person,
    Class,
}

/// One thing that applying would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub fate: Fate,
    pub thing: Thing,
    /// Which one it is: « mer. 25 nov., 08:30–10:30 (Paris) · 1A · Réseaux ».
    pub head: Text,
    /// What becomes otherwise: « salle B204 → B105 ».
    pub details: Vec<Text>,
}

/// Lines on one page, as many as a phone shows at once.
const A_PAGE: usize = 8;
/// Longest piece of a school's own words in a line.
const MOST_LETTERS: usize = 40;

/// How many things applying would do.
pub fn total(difference: &Difference) -> usize {
    let Difference { added, removed, changed, people, classes, .. } = difference;
    let people = people.added.len() + people.left.len() + people.changed.len();
    added.len() + removed.len() + changed.len() + people + classes.len()
}

/// Everything that applying would do, as it is said at `now`.
pub fn changes(known: &Known, difference: &Difference, now: At, zone: Zone) -> Vec<Change> {
    each(known, difference, now, (zone, None)).collect()
}

/// As [`changes`], one after the other: of a large file they take more room than the file. `lang`: the one language in
/// which they will be said; many sessions share their hours, which are then put into words once.
pub fn each<'a>(
    known: &'a Known,
    difference: &'a Difference,
    now: At,
    (zone, lang): (Zone, Option<Lang>),
) -> impl Iterator<Item = Change> + 'a {
    let writer = Writer { known, year: school_year(zone.day(now)), zone, said: lang.map(|lang| (lang, Rc::default())) };
    let (of_removed, of_changed) = (writer.clone(), writer.clone());
    let mut removed: Vec<&KnownLesson> = difference.removed.iter().collect();
    removed.sort_by(|a, b| (a.start, &a.id).cmp(&(b.start, &b.id)));
    let mut changed: Vec<&ChangedLesson> = difference.changed.iter().collect();
    changed.sort_by(|a, b| (a.before.start, &a.id).cmp(&(b.before.start, &b.id)));
    let mut added: Vec<&LessonState> = difference.added.iter().map(|new| &new.lesson).collect();
    added.sort_by_key(|lesson| lesson.start);

    let made = |fate, thing, head, details| Change { fate, thing, head, details };
    let removed = removed
        .into_iter()
        .map(move |lesson| made(Fate::Removed, Thing::Session, of_removed.known_lesson(lesson), Vec::new()));
    let changed = changed.into_iter().map(move |lesson| {
        made(Fate::Changed, Thing::Session, of_changed.known_lesson(&lesson.before), of_changed.moved(lesson))
    });
    let of_people = writer.clone();
    let added = added.into_iter().map(move |lesson| {
        let head = writer.lesson((lesson.start, lesson.end), &lesson.class.name, &lesson.subject);
        made(Fate::Added, Thing::Session, head, Vec::new())
    });
    let people = &difference.people;
    let left = people
        .left
        .iter()
        .map(move |left| made(Fate::Removed, Thing::Person, person(&as_known(left, known)), Vec::new()));
    let turned = people.changed.iter().map(move |changed| {
        let name = full_name(&changed.before.first_name, &changed.before.last_name);
        made(Fate::Changed, Thing::Person, Text::verbatim(short(&name)), of_people.turned(changed))
    });
    let new = people.added.iter().map(move |new| made(Fate::Added, Thing::Person, person(&new.person), Vec::new()));
    let classes = difference
        .classes
        .iter()
        .map(move |class| made(Fate::Added, Thing::Class, Text::verbatim(short(&class.name)), Vec::new()));
    removed.chain(changed).chain(added).chain(left).chain(turned).chain(new).chain(classes)
}

/// One page of them under their headings; gives it, which page it is (from 0) and how many there are.
pub fn page(changes: &[Change], page: usize) -> (Text, usize, usize) {
    let pages = changes.len().div_ceil(A_PAGE).max(1);
    let page = page.min(pages - 1);
    let shown = changes.chunks(A_PAGE).nth(page).unwrap_or_default();
    (Text::lines(under_headings(shown, changes)), page, pages)
}

/// All of them, one under the other, for a screen without pages.
pub fn listed(changes: &[Change]) -> Vec<Text> {
    under_headings(changes, changes)
}

fn under_headings(shown: &[Change], all: &[Change]) -> Vec<Text> {
    let mut lines = Vec::new();
    let mut under = None;
    for change in shown {
        let kind = (change.fate, change.thing);
        if under.replace(kind) != Some(kind) {
            lines.push(heading(change, all.iter().filter(|other| (other.fate, other.thing) == kind).count()));
        }
        lines.push(line(change));
    }
    lines
}

fn heading(change: &Change, count: usize) -> Text {
    match (change.thing, change.fate) {
        (Thing::Session, Fate::Removed) => text!("workbook-changes-sessions-removed", count = count),
        (Thing::Session, Fate::Changed) => text!("workbook-changes-sessions-changed", count = count),
        (Thing::Session, Fate::Added) => text!("workbook-changes-sessions-added", count = count),
        (Thing::Person, Fate::Removed) => text!("workbook-changes-people-left", count = count),
        (Thing::Person, Fate::Changed) => text!("workbook-changes-people-changed", count = count),
        (Thing::Person, Fate::Added) => text!("workbook-changes-people-added", count = count),
        (Thing::Class, _) => text!("workbook-changes-classes", count = count),
    }
}

fn line(change: &Change) -> Text {
    let head = change.head.clone();
    let details = Text::joined(" ; ", change.details.iter().cloned());
    match change.fate {
        Fate::Removed => text!("workbook-change-removed", what = head),
        Fate::Added => text!("workbook-change-added", what = head),
        Fate::Changed => text!("workbook-change-changed", what = head, details = details),
    }
}

fn short(words: &str) -> String {
    let words = words.trim();
    if words.chars().count() <= MOST_LETTERS {
        return words.to_owned();
    }
    let mut out: String = words.chars().take(MOST_LETTERS - 1).collect();
    out.push('…');
    out
}

/// « rien » where nothing is written.
fn or_nothing(words: &str) -> Text {
    if words.trim().is_empty() { text!("workbook-change-nothing") } else { Text::verbatim(short(words)) }
}

/// Hours that were put into words.
type Said = Rc<RefCell<HashMap<(At, At), Text>>>;

#[derive(Clone)]
struct Writer<'a> {
    known: &'a Known,
    /// The school year in which this is read.
    year: i32,
    zone: Zone,
    said: Option<(Lang, Said)>,
}

/// The year in which a day's school year began: with August.
fn school_year(day: NaiveDate) -> i32 {
    if day.month() >= 8 { day.year() } else { day.year() - 1 }
}

impl Writer<'_> {
    fn class(&self, id: &str) -> &str {
        self.known.classrooms.iter().find(|class| class.id == id).map_or("", |class| class.name.as_str())
    }

    fn when(&self, hours: (At, At)) -> Text {
        let Some((lang, said)) = &self.said else { return self.hours(hours) };
        let words = || Text::verbatim(self.hours(hours).render(*lang));
        said.borrow_mut().entry(hours).or_insert_with(words).clone()
    }

    fn hours(&self, (start, end): (At, At)) -> Text {
        let (day, hours) = (self.zone.day(start), Arg::Hours(start, end, self.zone));
        // A slip of the hand in the year is seen here or nowhere.
        if school_year(day) != self.year {
            return text!(
                "workbook-change-when-year",
                day = Arg::Day(day),
                year = day.year().to_string(),
                hours = hours
            );
        }
        text!("workbook-change-when", day = Arg::Day(day), hours = hours)
    }

    fn lesson(&self, hours: (At, At), class: &str, subject: &str) -> Text {
        text!("workbook-change-session", when = self.when(hours), class = short(class), subject = short(subject))
    }

    fn known_lesson(&self, lesson: &KnownLesson) -> Text {
        self.lesson((lesson.start, lesson.end), self.class(&lesson.classroom_id), &lesson.subject)
    }

    /// What of a session becomes otherwise.
    fn moved(&self, changed: &ChangedLesson) -> Vec<Text> {
        let (before, after) = (&changed.before, &changed.after);
        let mut all = Vec::new();
        if (before.start, before.end) != (after.start, after.end) {
            all.push(text!("workbook-change-hours", new = self.when((after.start, after.end))));
        }
        if after.class.id.as_ref() != Some(&before.classroom_id) {
            let old = short(self.class(&before.classroom_id));
            all.push(text!("workbook-change-class", old = old, new = short(&after.class.name)));
        }
        if before.subject != after.subject {
            all.push(text!("workbook-change-subject", old = short(&before.subject), new = short(&after.subject)));
        }
        if before.teacher_name != after.teacher_name {
            let (old, new) = (or_nothing(&before.teacher_name), or_nothing(&after.teacher_name));
            all.push(text!("workbook-change-teacher", old = old, new = new));
        }
        if before.room != after.room {
            all.push(text!("workbook-change-room", old = or_nothing(&before.room), new = or_nothing(&after.room)));
        }
        if before.mode != after.mode {
            all.push(text!("workbook-change-mode", old = before.mode.label(), new = after.mode.label()));
        }
        if before.reference != after.reference {
            let said = |reference: &Option<Words>| or_nothing(reference.as_deref().unwrap_or_default());
            let (old, new) = (said(&before.reference), said(&after.reference));
            all.push(text!("workbook-change-reference", old = old, new = new));
        }
        match (&before.link, &after.link) {
            (old, new) if old == new => {}
            (None, _) => all.push(text!("workbook-change-link-added")),
            (_, None) => all.push(text!("workbook-change-link-removed")),
            _ => all.push(text!("workbook-change-link")),
        }
        // The same words, of which it is known now whom they mean.
        if all.is_empty() {
            all.push(text!("workbook-change-teacher-found", name = short(&after.teacher_name)));
        }
        all
    }

    /// What of a person becomes otherwise. Addresses, births and cards are not repeated in a chat.
    fn turned(&self, changed: &ChangedPerson) -> Vec<Text> {
        let KnownPerson { active, .. } = changed.before;
        let (before, after) = (as_known(&changed.before, self.known), &changed.after);
        let mut all = Vec::new();
        if !active && after.active {
            all.push(text!("workbook-change-back"));
        }
        let name = |person: &PersonState| full_name(&person.first_name, &person.last_name);
        if name(&before) != name(after) {
            all.push(text!("workbook-change-name", old = short(&name(&before)), new = short(&name(after))));
        }
        if before.role != after.role {
            all.push(text!("workbook-change-role", old = before.role.label(), new = after.role.label()));
        }
        let (old, new) = (classes(&before.classes), classes(&after.classes));
        if old != new {
            all.push(text!("workbook-change-classes", old = or_nothing(&old), new = or_nothing(&new)));
        }
        if before.lang != after.lang {
            all.push(text!("workbook-change-lang", new = after.lang.map_or("", crate::kernel::Lang::code)));
        }
        if before.email != after.email {
            all.push(text!("workbook-change-email"));
        }
        if before.birth != after.birth {
            all.push(text!("workbook-change-birth"));
        }
        if before.card != after.card {
            all.push(text!("workbook-change-card"));
        }
        all
    }
}

/// « Inès Moreau (étudiant) · 1A »
fn person(person: &PersonState) -> Text {
    let name = short(&full_name(&person.first_name, &person.last_name));
    let classes = classes(&person.classes);
    if classes.is_empty() {
        return text!("workbook-change-person", name = name, role = person.role.label());
    }
    text!("workbook-change-person-of", name = name, role = person.role.label(), classes = short(&classes))
}

fn classes(classes: &[ClassRef]) -> String {
    classes.iter().map(|class| class.name.as_str()).collect::<Vec<_>>().join(", ")
}
