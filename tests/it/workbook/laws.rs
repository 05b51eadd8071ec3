//! What holds for any timetable: the same file twice does nothing, and an import never reaches beyond its file.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use preau::kernel::time::{Zone, monday};
use preau::kernel::{At, Lang};
use preau::school::roster::Role;
use preau::school::workbook::{self, Freeze, Known, LessonRow, PersonRow, Place, Workbook};
use proptest::prelude::*;

use super::{day, hour, ids};

const CLASSES: [&str; 4] = ["1A", "1B", "2C", "BTS SIO"];
const SUBJECTS: [&str; 3] = ["Maths", "Anglais", "Réseaux"];
const TEACHERS: [&str; 4] = ["", "M. Diallo", "Mme Roy", "Inconnu"];

fn lesson() -> impl Strategy<Value = LessonRow> {
    (0_u64..28, 8_u32..18, 0..CLASSES.len(), 0..SUBJECTS.len(), 0..TEACHERS.len(), proptest::option::of(0..12), 0..3)
        .prop_map(|(offset, start, class, subject, teacher, reference, room)| LessonRow {
            place: Place { sheet: "EDT".into(), row: 0 },
            reference: reference.map(|n| format!("R{n}").into()),
            class: CLASSES[class].into(),
            day: day("2026-11-23").checked_add_days(Days::new(offset)).unwrap(),
            start: hour(&format!("{start}:00")),
            end: hour(&format!("{}:00", start + 1)),
            subject: SUBJECTS[subject].into(),
            teacher: Some(TEACHERS[teacher].into()),
            room: (room > 0).then(|| format!("B{room}").into()),
            mode: None,
            link: None,
        })
}

fn person() -> impl Strategy<Value = PersonRow> {
    (0_usize..8, 0_usize..3, proptest::option::of(0..CLASSES.len()), proptest::option::of(any::<bool>())).prop_map(
        |(number, role, class, active)| PersonRow {
            place: Place { sheet: "Personnes".into(), row: 0 },
            last_name: Some(["Diallo", "Roy", "Moreau", "Petit", "Adam", "Bel", "Clair", "Dur"][number].to_owned()),
            first_name: Some("Camille".to_owned()),
            email: Some(format!("p{number}@ecole.fr")),
            birth: None,
            card: None,
            role: [None, Some(Role::Student), Some(Role::Teacher)][role],
            lang: None,
            classes: class.map(|class| vec![CLASSES[class].to_owned()]),
            active,
        },
    )
}

const FIRSTS: [&str; 4] = ["Inès", "Paul", "Louis", "Louise"];
const LASTS: [&str; 3] = ["Moreau", "Petit", "Moreau-Petit"];

/// Families that share names, addresses and cards.
fn relative() -> impl Strategy<Value = PersonRow> {
    use proptest::option::of;
    let keys = (of(0_usize..2), of(0_usize..3), of(1_u32..4));
    (0..FIRSTS.len(), 0..LASTS.len(), keys).prop_map(|(first, last, (email, card, born))| PersonRow {
        place: Place { sheet: "Personnes".into(), row: 0 },
        last_name: Some(LASTS[last].to_owned()),
        first_name: Some(FIRSTS[first].to_owned()),
        email: email.map(|n| ["famille@e.fr", "autre@e.fr"][n].to_owned()),
        birth: born.map(|n| day(&format!("2009-03-0{n}"))),
        card: card.map(|n| ["0042", "42", "7"][n].to_owned()),
        role: None,
        lang: None,
        classes: None,
        active: None,
    })
}

/// A file of people as reading would give it: each line says who it is, and no two say the same.
fn family() -> impl Strategy<Value = Workbook> {
    proptest::collection::vec(relative(), 0..6).prop_map(|rows| {
        let (mut book, mut keys) = (Workbook::default(), BTreeSet::new());
        for (row, mut person) in (2_u32..).zip(rows) {
            person.place.row = row;
            let name = person.birth.map(|birth| format!("{:?} {:?} {birth}", person.last_name, person.first_name));
            let card = person.card.as_deref().map(workbook::card_key);
            let own: Vec<String> = [person.email.clone(), card, name].into_iter().flatten().collect();
            if !own.is_empty() && own.iter().all(|key| !keys.contains(key)) {
                keys.extend(own);
                book.people.push(person);
            }
        }
        book
    })
}

fn freeze() -> impl Strategy<Value = Freeze> {
    (proptest::option::of(0..CLASSES.len()), proptest::option::of(0..12), proptest::option::of(0_u64..28)).prop_map(
        |(class, reference, offset)| Freeze {
            class: class.map(|class| CLASSES[class].to_lowercase()),
            reference: reference.map(|n| format!("r{n}")),
            day: offset.map(|n| day("2026-11-23").checked_add_days(Days::new(n)).unwrap()),
            subject: None,
        },
    )
}

/// A file as reading would give it: no reference twice in a class, no person twice, rows numbered.
fn file(frozen: bool) -> impl Strategy<Value = Workbook> {
    let freezes = proptest::collection::vec(freeze(), if frozen { 0..3 } else { 0..1 });
    (proptest::collection::vec(lesson(), 0..40), proptest::collection::vec(person(), 0..6), freezes).prop_map(
        |(lessons, people, freezes)| {
            let mut book = Workbook { freezes, ..Workbook::default() };
            let (mut references, mut mails, mut same) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
            for (row, mut lesson) in (2_u32..).zip(lessons) {
                lesson.place.row = row;
                if lesson.reference.as_ref().is_some_and(|r| !references.insert((lesson.class.clone(), r.clone()))) {
                    lesson.reference = None;
                }
                let key = (
                    lesson.class.clone(),
                    lesson.day,
                    lesson.start,
                    lesson.subject.clone(),
                    lesson.teacher.clone(),
                    lesson.room.clone(),
                );
                if same.insert(key) {
                    book.lessons.push(lesson);
                }
            }
            for (row, mut person) in (2_u32..).zip(people) {
                person.place.row = row;
                if mails.insert(person.email.clone()) {
                    book.people.push(person);
                }
            }
            book
        },
    )
}

fn zone() -> Zone {
    Zone::default()
}

fn moment() -> impl Strategy<Value = At> {
    (0_u64..28, 0_i64..24).prop_map(|(offset, hours)| {
        zone().start_of(day("2026-11-23").checked_add_days(Days::new(offset)).unwrap()).plus_hours(hours)
    })
}

fn school(book: &Workbook, sheets: u64) -> Known {
    let early = zone().start_of(day("2026-11-01"));
    let mut next = ids();
    let first = workbook::difference(&Known::default(), book, early, zone());
    let mut known = workbook::apply(&Known::default(), &first, || format!("k{}", next()));
    for (n, lesson) in (0_u64..).zip(&mut known.lessons) {
        lesson.fixed = sheets >> (n % 64) & 1 == 1 && n % 5 == 0;
    }
    known
}

fn scope(book: &Workbook) -> Option<(NaiveDate, NaiveDate)> {
    let days = || book.lessons.iter().map(|l| l.day);
    Some((monday(days().min()?), monday(days().max()?).checked_add_days(Days::new(6))?))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_same_file_twice_does_nothing(before in file(false), new in file(true), now in moment(), sheets: u64) {
        let known = school(&before, sheets);
        let first = workbook::difference(&known, &new, now, zone());
        let after = workbook::apply(&known, &first, ids());
        let second = workbook::difference(&after, &new, now, zone());
        prop_assert!(second.is_empty(), "{second:#?}");
        prop_assert!(second.rights.is_empty());
        prop_assert_eq!(second.unchanged + second.past + second.untaken, new.lessons.len());
        // Every line that lies ahead is a session of its own, or said not to be taken, and counted so.
        let class = |id: &str| after.classrooms.iter().find(|c| c.id == id).map(|c| c.name.as_str()).unwrap();
        let mut there: Vec<_> = after.lessons.iter().map(|l| (class(&l.classroom_id), l.start, l.subject.as_str())).collect();
        let said = |row: &LessonRow| {
            first.warnings.iter().any(|w| w.place.as_ref() == Some(&row.place) && w.text.render(Lang::Fr).starts_with("ligne non prise"))
        };
        for row in new.lessons.iter().filter(|l| zone().instant(l.day, l.start) > now && !said(l)) {
            let one = (row.class.as_str(), zone().instant(row.day, row.start), row.subject.as_str());
            let found = there.iter().position(|other| *other == one);
            prop_assert!(found.is_some(), "{row:?} {first:#?}");
            there.swap_remove(found.unwrap());
        }
        let untaken = first.warnings.iter().filter(|w| w.text.render(Lang::Fr).starts_with("ligne non prise")).count();
        prop_assert_eq!(untaken, first.untaken);
    }

    #[test]
    fn roles_given_later_end_as_roles_given_at_once(before in file(false), new in file(true), now in moment(), sheets: u64) {
        let known = school(&before, sheets);
        let first = workbook::difference(&known, &new, now, zone());
        let after = workbook::apply(&known, &first.without_rights(&known), ids());
        // Until then nobody is more, or a student who was none: not by the file, not before.
        for person in after.people.iter().filter(|p| p.active && p.role == Role::Student) {
            let was = known.people.iter().any(|p| p.id == person.id && p.active && p.role == Role::Student);
            let row = new.people.iter().find(|row| row.email == person.email);
            prop_assert!(was || row.is_some_and(|row| row.role.unwrap_or_default() == Role::Student));
        }
        let second = workbook::difference(&after, &new, now, zone());
        prop_assert!(second.without_rights(&after).is_empty(), "{second:#?}");
        let mut next = ids();
        let given = workbook::apply(&after, &second.only_rights(&after), || format!("late-{}", next()));
        let third = workbook::difference(&given, &new, now, zone());
        prop_assert!(third.is_empty() && third.rights.is_empty(), "{third:#?}");
    }

    #[test]
    fn nobody_becomes_somebody_else(files in proptest::collection::vec(family(), 1..4)) {
        let mut known = Known::default();
        let early = zone().start_of(day("2026-11-01"));
        for (n, file) in files.iter().enumerate() {
            let difference = workbook::difference(&known, file, early, zone());
            for changed in &difference.people.changed {
                let (before, after) = (&changed.before, &changed.after);
                let other = [
                    before.first_name != after.first_name,
                    before.last_name != after.last_name,
                    before.birth.is_some() && before.birth != after.birth,
                ];
                prop_assert!(other.into_iter().filter(|differs| *differs).count() <= 1, "{changed:#?}");
                let renamed = other[0] || other[1];
                prop_assert!(!renamed || difference.warnings.iter().any(|w| w.place.as_ref() == Some(&changed.place)));
                // Brothers, sisters, twins: another first name alone is never enough.
                let same_card = before.card.as_deref().map(workbook::card_key) == after.card.as_deref().map(workbook::card_key);
                prop_assert!(!other[0] || before.birth.is_some() && before.birth == after.birth || same_card);
            }
            let mut next = ids();
            let after = workbook::apply(&known, &difference, || format!("{n}-{}", next()));
            // No address, card, or name and birth is two people's; and again nothing is left to do.
            let emails: Vec<&String> = after.people.iter().filter_map(|p| p.email.as_ref()).collect();
            prop_assert_eq!(emails.iter().collect::<BTreeSet<_>>().len(), emails.len());
            let cards: Vec<String> = after.people.iter().filter_map(|p| p.card.as_deref().map(workbook::card_key)).collect();
            prop_assert_eq!(cards.iter().collect::<BTreeSet<_>>().len(), cards.len());
            prop_assert_eq!(after.people.len(), known.people.len() + difference.people.added.len());
            // A line to correct may be right once its neighbour was taken (an address that changed hands).
            let again = workbook::difference(&after, file, early, zone());
            prop_assert!(again.is_empty() || !difference.faults.is_empty(), "{again:#?}");
            known = after;
        }
    }

    #[test]
    fn nothing_beyond_its_classes_and_weeks(before in file(false), new in file(true), now in moment(), sheets: u64) {
        let known = school(&before, sheets);
        let difference = workbook::difference(&known, &new, now, zone());
        let named: BTreeSet<&str> = new.lessons.iter().map(|l| l.class.as_str()).collect();
        let class = |id: &str| known.classrooms.iter().find(|c| c.id == id).map(|c| c.name.as_str()).unwrap();
        for lesson in &difference.removed {
            let (first, last) = scope(&new).unwrap();
            let day = zone().day(lesson.start);
            prop_assert!(named.contains(class(&lesson.classroom_id)) && first <= day && day <= last);
            prop_assert!(lesson.start > now && !lesson.fixed);
        }
        for changed in &difference.changed {
            prop_assert!(changed.before.start > now && !changed.before.fixed && changed.after.start > now);
            // Beyond the file's weeks, its reference alone does not name a session; and it weighs as a removal.
            let ((first, last), day) = (scope(&new).unwrap(), zone().day(changed.before.start));
            if day < first || day > last {
                prop_assert!(changed.before.subject == changed.after.subject && difference.afar.contains(&changed.id));
                prop_assert!(changed.before.reference.is_some() && changed.before.reference == changed.after.reference);
            }
            // Only a reference brings a session into another class: out of one that the file speaks for.
            if changed.after.class.id.as_ref() != Some(&changed.before.classroom_id) {
                let ((first, last), day) = (scope(&new).unwrap(), zone().day(changed.before.start));
                prop_assert!(named.contains(class(&changed.before.classroom_id)) && first <= day && day <= last);
                prop_assert!(changed.before.reference.is_some() && changed.before.reference == changed.after.reference);
            }
        }
        let leaving = difference.removed.len() + difference.changed.iter().filter(|c| workbook::leaves(&difference, c)).count();
        let (loads, weight) = workbook::lesson_loads(&known, &difference, &BTreeMap::new(), now);
        prop_assert_eq!((weight.now, loads.values().map(|load| load.now).sum::<usize>()), (leaving, leaving));
        let after = workbook::apply(&known, &difference, ids());
        // The past, sheets and other classes: the very same values.
        for old in known.lessons.iter().filter(|l| l.start <= now || l.fixed || !named.contains(class(&l.classroom_id))) {
            prop_assert!(after.lessons.contains(old));
        }
        // A reference of the file is nowhere twice in its class without a word.
        let class_after = |id: &str| after.classrooms.iter().find(|c| c.id == id).map(|c| c.name.as_str()).unwrap();
        for row in new.lessons.iter().filter(|l| zone().instant(l.day, l.start) > now && l.reference.is_some()) {
            let bear = after.lessons.iter().filter(|l| l.start > now && l.reference == row.reference && class_after(&l.classroom_id) == row.class).count();
            let said = |w: &workbook::Warning| w.place.as_ref() == Some(&row.place) && w.text.key() == "workbook-warning-reference-elsewhere";
            prop_assert!(bear <= 1 || difference.warnings.iter().any(said), "{row:?}");
        }
        // Nobody is removed by missing, identities are unique.
        prop_assert!(known.people.iter().all(|p| after.people.iter().any(|a| a.id == p.id)));
        let ids: BTreeSet<&str> = after.lessons.iter().map(|l| l.id.as_str()).collect();
        prop_assert_eq!(ids.len(), after.lessons.len());
        prop_assert_eq!(after.lessons.len(), known.lessons.len() + difference.added.len() - difference.removed.len());
    }

    #[test]
    fn a_line_of_unknown_meaning_holds_every_removal(before in file(false), mut new in file(false), now in moment()) {
        new.freezes.push(Freeze::default());
        let difference = workbook::difference(&school(&before, 0), &new, now, zone());
        prop_assert!(difference.removed.is_empty());
    }

    #[test]
    fn moved_within_the_week_ids_are_kept(before in file(false), shift in 0_u64..7) {
        // Every class has each subject once a week: move all of them.
        let mut seen = BTreeSet::new();
        let mut book = before;
        book.people.clear();
        book.lessons.retain(|l| seen.insert((l.class.clone(), l.subject.clone(), monday(l.day))));
        book.lessons.iter_mut().for_each(|l| l.reference = None);
        let known = school(&book, 0);
        for lesson in &mut book.lessons {
            lesson.day = monday(lesson.day).checked_add_days(Days::new(shift)).unwrap();
        }
        let early = zone().start_of(day("2026-11-01"));
        let difference = workbook::difference(&known, &book, early, zone());
        prop_assert!(difference.added.is_empty() && difference.removed.is_empty());
        let after = workbook::apply(&known, &difference, ids());
        let ids = |k: &Known| k.lessons.iter().map(|l| l.id.clone()).collect::<BTreeSet<_>>();
        prop_assert_eq!(ids(&known), ids(&after));
    }

    /// Hours later the same difference is found as of then; what is done of it is all of it but what has begun.
    #[test]
    fn what_was_agreed_to_is_found_again(before in file(false), new in file(true), then in moment(), hours in 0_i64..72) {
        let mut known = school(&before, 0);
        let agreed = workbook::difference(&known, &new, then, zone());
        let now = then.plus_hours(hours);
        for lesson in known.lessons.iter_mut().filter(|l| l.start > then && l.start <= now) {
            lesson.fixed = true;
        }
        let again = workbook::Difference::as_of(then, now, &known, &new, zone());
        prop_assert_eq!(again.fingerprint().unwrap(), agreed.fingerprint().unwrap());
        let left = workbook::difference(&known, &new, now, zone());
        if left.is_left_of(&agreed) {
            prop_assert!(agreed.removed.iter().all(|l| l.start <= now || left.removed.contains(l)));
            prop_assert!(left.people == agreed.people && left.rights == agreed.rights);
        }
        prop_assert!(hours > 0 || left.is_left_of(&agreed));
    }

    #[test]
    fn the_limit_grows_with_nothing_but_size(already in 0_usize..20, removed in 0_usize..20, size in 0_usize..2000) {
        let over = |already, now, size| workbook::removals_over_limit(&BTreeMap::default(), workbook::Load { already, now, size }).school;
        if over(already, removed, size) {
            prop_assert!(over(already, removed + 1, size) && already + removed > 10);
        }
    }
}
