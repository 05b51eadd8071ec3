//! Which classes a cell names, and which class a name means.

use preau::kernel::time::Zone;
use preau::school::workbook::{self, Difference, Known, KnownClassroom};

use super::files::{V, head, people_head, row, sheets, timetable};
use super::{imported, now, read_all, warnings};

fn known(names: &[&str]) -> Known {
    let class = |name: &&str| KnownClassroom { id: format!("id {name}"), name: (*name).to_owned() };
    Known { classrooms: names.iter().map(class).collect(), ..Known::default() }
}

fn compare(known: &Known, lessons: &[&str], people: &[&str]) -> Difference {
    let mut rows = vec![head()];
    rows.extend(
        (8..)
            .zip(lessons)
            .map(|(hour, class)| row!["24/11/2026", format!("{hour}:00"), format!("{hour}:50"), *class, "M"]),
    );
    let mut persons = vec![people_head()];
    persons.extend((1..).zip(people).map(|(n, class)| row!["N", "P", format!("n{n}@e.fr"), "", "", *class]));
    workbook::difference(known, &read_all(&sheets(&[("EDT", rows), ("Personnes", persons)])), now(), Zone::default())
}

/// The classes of all lessons that are added, in the file's order.
fn classes(difference: &Difference) -> Vec<&str> {
    assert!(difference.faults.is_empty(), "{:?}", difference.faults);
    difference.added.iter().map(|new| new.lesson.class.name.as_str()).collect()
}

fn created(difference: &Difference) -> Vec<&str> {
    difference.classes.iter().map(|class| class.name.as_str()).collect()
}

#[test]
fn a_name_with_a_plus_or_an_ampersand_is_one_class() {
    let none = Known::default();
    for name in ["Bac+3 Dev", "M1 Marketing & Communication", "Arts et métiers", "1A/1B", "1A + 1B"] {
        let difference = compare(&none, &[name], &[name]);
        assert_eq!((classes(&difference), created(&difference)), (vec![name], vec![name]));
        // New, and perhaps two: said once.
        let said = warnings(&difference.warnings).into_iter().filter(|said| said.contains("une virgule")).count();
        assert_eq!(said, 1, "{name}: {:?}", warnings(&difference.warnings));
    }
    // Known as a whole: whatever its parts are.
    let school = known(&["M1 Marketing & Communication", "M1 Marketing", "Communication"]);
    let difference = compare(&school, &["M1 MARKETING & communication"], &[]);
    assert_eq!(classes(&difference), ["M1 Marketing & Communication"]);
    assert!(difference.warnings.is_empty());
}

#[test]
fn known_names_joined_are_several_classes() {
    let school = known(&["1A", "1B", "Bac+3 Dev"]);
    for (cell, parts) in [
        ("1A + 1B", vec!["1A", "1B"]),
        ("1a&1B", vec!["1A", "1B"]),
        ("1A et 1B", vec!["1A", "1B"]),
        ("1A and 1B", vec!["1A", "1B"]),
        ("1A/1B", vec!["1A", "1B"]),
        ("1B + Bac+3 Dev", vec!["1B", "Bac+3 Dev"]),
        ("Bac+3 Dev, 1A+1B", vec!["Bac+3 Dev", "1A", "1B"]),
        ("1A; 1A + 1B", vec!["1A", "1B"]),
    ] {
        let difference = compare(&school, &[cell], &[cell]);
        assert_eq!(classes(&difference), parts, "{cell}");
        assert_eq!(difference.people.added[0].person.classes.len(), parts.len(), "{cell}");
        assert!(
            created(&difference).is_empty() && difference.warnings.is_empty(),
            "{cell}: {:?}",
            warnings(&difference.warnings)
        );
    }
    // Known by the file itself: each stands alone somewhere.
    let difference = compare(&Known::default(), &["1A + 1B", "1A"], &["1B"]);
    assert_eq!(classes(&difference), ["1A", "1B", "1A"]);
    // Only one of them is known: one class, and a word about it.
    let difference = compare(&school, &["1A + 1C"], &[]);
    assert_eq!(created(&difference), ["1A + 1C"]);
    assert!(warnings(&difference.warnings)[0].contains("« 1A + 1C »"));
}

#[test]
fn joined_classes_are_counted_once_and_change_nothing_twice() {
    let rows = || {
        vec![
            row!["24/11/2026", "08:30", "10:30", "1A + 1B", "Maths", "", "", "", "", "R1"],
            row!["24/11/2026", "08:30", "10:30", "1A", "Maths", "", "", "", "", "R1"],
            row!["25/11/2026", "08:30", "10:30", "1B", "Maths"],
        ]
    };
    let book = read_all(&timetable(rows()));
    let difference = workbook::difference(&Known::default(), &book, now(), Zone::default());
    // The same reference on two lines is a fault of both, joined or not.
    assert_eq!((difference.added.len(), book.faults.len()), (1, 2));
    let mut plain = rows();
    plain[0][9] = V::None;
    plain[1][9] = V::None;
    let book = read_all(&timetable(plain));
    let known = imported(&book);
    assert_eq!((known.lessons.len(), known.classrooms.len()), (3, 2));
    let again = workbook::difference(&known, &book, now(), Zone::default());
    assert!(again.is_empty() && again.unchanged == 3);
    assert!(warnings(&again.warnings)[0].contains("déjà en ligne 2"), "{:?}", warnings(&again.warnings));
}

#[test]
fn a_faulty_line_of_joined_classes_freezes_each() {
    let base = vec![
        row!["24/11/2026", "08:30", "10:30", "1A", "Maths"],
        row!["24/11/2026", "08:30", "10:30", "1B", "Maths"],
        row!["24/11/2026", "08:30", "10:30", "1C", "Maths"],
        row!["25/11/2026", "08:30", "10:30", "1A, 1B, 1C", "Sport"],
    ];
    let known = imported(&read_all(&timetable(base.clone())));
    let rows = vec![row!["24/11/2026", "x", "10:30", "1A + 1B", "Maths"], base[3].clone()];
    let difference = workbook::difference(&known, &read_all(&timetable(rows)), now(), Zone::default());
    assert_eq!((difference.removed.len(), difference.frozen), (1, 2));
}

#[test]
fn a_faulty_line_of_one_class_holds_nothing_in_its_neighbours() {
    let sports = || row!["27/11/2026", "08:30", "10:30", "1A, 1B, 1C, 2A", "Sport"];
    let mut base = vec![sports()];
    base.extend(["1A", "1B", "1C", "2A"].map(|class| row!["24/11/2026", "08:30", "10:30", class, "Maths"]));
    let known = imported(&read_all(&timetable(base)));
    let held = |class: &str, more: Vec<V>| {
        let rows = vec![sports(), row!["24/11/2026", "x", "10:30", class, "Maths"], more];
        let difference = workbook::difference(&known, &read_all(&timetable(rows)), now(), Zone::default());
        let gone: Vec<&str> = difference.removed.iter().map(|lesson| lesson.classroom_id.as_str()).collect();
        (difference.frozen, gone.len())
    };
    assert_eq!(held("1A", vec![]), (1, 3));
    assert_eq!(held("1 a", vec![]), (1, 3));
    // A name that means no class may be a slip for any that is near …
    assert_eq!(held("1D", vec![]), (3, 1));
    // … but not when the file has such a class.
    assert_eq!(held("1D", row!["26/11/2026", "08:30", "10:30", "1D", "Droit"]), (0, 4));
}

#[test]
fn sister_classes_do_not_look_alike_and_slips_do() {
    let near = |there: &str, new: &str| compare(&known(&[there]), &[new], &[]).classes[0].near.clone();
    for (there, new) in [
        ("1A", "1B"),
        ("1A", "2A"),
        ("BTS SIO 1A", "BTS SIO 1B"),
        ("BTS SIO 1", "BTS SIO 2"),
        ("L1", "L3"),
        ("M1", "L1"),
        ("Terminale 9", "Terminale 10"),
        ("BTS SIO 1", "BTS SIO 1A"),
        ("BTS SIO 1", "BTS SIG 1"),
        ("6e A", "6e B"),
    ] {
        assert_eq!(near(there, new), None, "{there} {new}");
    }
    for (there, new) in [
        ("BTS SIO 1A", "BTSSIO 1A"),
        ("1A", "1 A"),
        ("Terminale 1", "Terminal 1"),
        ("Licence Info", "License Info"),
        ("Licence Info", "Licence lnfo"),
    ] {
        assert_eq!(near(there, new).as_deref(), Some(there), "{new}");
    }
}
