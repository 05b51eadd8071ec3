//! Lines of one file that speak of the same thing.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::BuildHasher as _;

use chrono::{NaiveDate, NaiveTime};

use crate::kernel::text::names;
use crate::kernel::words::Folds;
use crate::kernel::{Text, Words};
use crate::text;

use super::super::{Fault, LessonRow, PersonRow, Place, Warning, Workbook, card_key, class_key, reference_key};
use super::classes::readings;
use super::headers::Column;
use super::heading;
use super::lessons::freeze;

/// The same session twice is said and taken once; the same reference on two lines of a class is a fault of both. A
/// lesson that two classes share may have a line for each.
pub(super) fn lessons(book: &mut Workbook) {
    drop_doubles(book);
    let mut lines: HashMap<(String, String), BTreeSet<Place>> = HashMap::new();
    for lesson in &book.lessons {
        let Some(reference) = lesson.reference.as_deref().map(reference_key) else { continue };
        // « 1A + 1B » may be both of them.
        let classes = readings(&lesson.class).unwrap_or_else(|| vec![String::from(&lesson.class)]);
        for class in classes {
            lines.entry((class_key(&class), reference.clone())).or_default().insert(lesson.place.clone());
        }
    }
    let mut bad: BTreeMap<Place, Place> = BTreeMap::new();
    for places in lines.into_values().filter(|places| places.len() > 1) {
        for place in &places {
            if let Some(other) = places.iter().find(|other| *other != place) {
                bad.insert(place.clone(), other.clone());
            }
        }
    }
    if bad.is_empty() {
        return;
    }
    let faults: Vec<Fault> = bad
        .iter()
        .map(|(place, other)| Fault {
            sheet: String::from(&place.sheet),
            row: place.row,
            column: heading(book, &place.sheet, Column::Reference),
            reason: text!("workbook-fault-reference-twice", other = where_is(other, &place.sheet)),
        })
        .collect();
    let (out, kept): (Vec<LessonRow>, Vec<LessonRow>) =
        std::mem::take(&mut book.lessons).into_iter().partition(|lesson| bad.contains_key(&lesson.place));
    book.lessons = kept;
    for lesson in out {
        // The reference that both bear, whatever else they say; and what each says: it is the one's or the other's.
        let class = [String::from(&lesson.class)];
        for reference in [lesson.reference.as_deref(), None] {
            freeze(book, Some(&class), reference, Some(&[lesson.day]), Some(lesson.subject.as_str()));
        }
    }
    book.faults.extend(faults);
}

/// « ligne 12 », with the sheet's name when it is another.
pub(in super::super) fn where_is(place: &Place, here: &str) -> Text {
    if place.sheet == here {
        text!("workbook-line", row = place.row)
    } else {
        text!("workbook-line-of", row = place.row, sheet = place.sheet.as_str())
    }
}

type Same = (Words, NaiveDate, NaiveTime, NaiveTime, Words, Option<Words>, Option<Words>, Option<Words>);

fn same(lesson: &LessonRow, folds: &mut Folds) -> Same {
    (
        folds.of(&lesson.class),
        lesson.day,
        lesson.start,
        lesson.end,
        folds.of(&lesson.subject),
        lesson.reference.as_deref().map(|reference| reference_key(reference).into()),
        lesson.teacher.as_ref().map(|teacher| folds.of(teacher)),
        lesson.room.as_ref().map(|room| folds.of(room)),
    )
}

pub(super) fn drop_doubles(book: &mut Workbook) {
    let mut folds = Folds::default();
    // By their hashes: all that makes them the same, kept of each, takes more room than the lessons.
    let hasher = std::hash::RandomState::new();
    let mut first: HashMap<u64, usize> = HashMap::with_capacity(book.lessons.len());
    // Those that share a hash with another one, and yet are others.
    let mut further: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut said: BTreeSet<Place> = BTreeSet::new();
    let mut doubles: HashSet<usize> = HashSet::new();
    for (index, lesson) in book.lessons.iter().enumerate() {
        let this = same(lesson, &mut folds);
        let hash = hasher.hash_one(&this);
        let Some(one) = first.get(&hash) else {
            first.insert(hash, index);
            continue;
        };
        let alike = std::iter::once(one).chain(further.get(&hash).into_iter().flatten());
        let mut alike = alike.filter_map(|index| book.lessons.get(*index));
        let Some(other) = alike.find(|other| same(other, &mut folds) == this).map(|other| &other.place) else {
            further.entry(hash).or_default().push(index);
            continue;
        };
        doubles.insert(index);
        // A line that names a class twice (« 1A, 1A + 1B ») is no other line.
        if *other != lesson.place && said.insert(lesson.place.clone()) {
            let text = text!("workbook-warning-twice", other = where_is(other, &lesson.place.sheet));
            book.warnings.push(Warning { place: Some(lesson.place.clone()), text });
        }
    }
    if !doubles.is_empty() {
        let mut index = 0..;
        book.lessons.retain(|_| index.next().is_none_or(|index| !doubles.contains(&index)));
    }
}

/// What identifies a person within a file, and the column in which it stands.
fn keys(person: &PersonRow) -> Vec<(Column, String)> {
    let mut keys = Vec::new();
    if let Some(email) = &person.email {
        keys.push((Column::Email, email.clone()));
    }
    if let Some(card) = &person.card {
        keys.push((Column::Card, card_key(card)));
    }
    if let (Some(last), Some(first), Some(birth)) = (&person.last_name, &person.first_name, person.birth) {
        keys.push((Column::LastName, format!("{}|{}|{birth}", names::fold(last), names::fold(first))));
    }
    keys
}

/// Two lines for one person: said and taken once when they agree, a fault of both when they do not.
pub(super) fn people(book: &mut Workbook) {
    let mut by_key: BTreeMap<(Column, String), Vec<usize>> = BTreeMap::new();
    for (index, person) in book.people.iter().enumerate() {
        for key in keys(person) {
            by_key.entry(key).or_default().push(index);
        }
    }
    let mut bad: BTreeMap<usize, (Column, Place)> = BTreeMap::new();
    let mut doubles: BTreeMap<usize, Place> = BTreeMap::new();
    for ((column, _), group) in by_key.into_iter().filter(|(_, group)| group.len() > 1) {
        let rows: Vec<(usize, &PersonRow)> =
            group.iter().filter_map(|index| book.people.get(*index).map(|row| (*index, row))).collect();
        let Some(((first_index, first), rest)) = rows.split_first() else { continue };
        if rest.iter().all(|(_, row)| alike(row, first)) {
            doubles.extend(rest.iter().map(|(index, _)| (*index, first.place.clone())));
        } else if let Some((_, second)) = rest.first() {
            let all = rest.iter().map(|(index, _)| (*index, &first.place));
            for (index, other) in std::iter::once((*first_index, &second.place)).chain(all) {
                bad.entry(index).or_insert_with(|| (column, other.clone()));
            }
        }
    }
    let mut kept = Vec::with_capacity(book.people.len());
    for (index, person) in std::mem::take(&mut book.people).into_iter().enumerate() {
        if let Some((column, other)) = bad.get(&index) {
            book.faults.push(Fault {
                sheet: String::from(&person.place.sheet),
                row: person.place.row,
                column: heading(book, &person.place.sheet, *column),
                reason: text!("workbook-fault-person-twice", other = where_is(other, &person.place.sheet)),
            });
        } else if let Some(other) = doubles.get(&index) {
            let text = text!("workbook-warning-twice", other = where_is(other, &person.place.sheet));
            book.warnings.push(Warning { place: Some(person.place), text });
        } else {
            kept.push(person);
        }
    }
    book.people = kept;
}

fn alike(one: &PersonRow, other: &PersonRow) -> bool {
    let fold = |words: &Option<String>| words.as_deref().map(names::fold);
    let classes = |row: &PersonRow| {
        row.classes.as_ref().map(|classes| classes.iter().map(|class| class_key(class)).collect::<BTreeSet<_>>())
    };
    fold(&one.last_name) == fold(&other.last_name)
        && fold(&one.first_name) == fold(&other.first_name)
        && one.email == other.email
        && one.birth == other.birth
        && one.card.as_deref().map(card_key) == other.card.as_deref().map(card_key)
        && one.role == other.role
        && one.lang == other.lang
        && one.active == other.active
        && classes(one) == classes(other)
}
