//! What a Référence is: found in its class, else in another class of the file; never silently there twice.

use preau::kernel::Lang;
use preau::kernel::time::Zone;
use preau::school::workbook::{self, Difference, Known, lesson_loads};

use super::files::{V, row, sheets, timetable};
use super::{at, ids, imported, now, read_all, warnings};

fn line(day: &str, hour: &str, class: &str, subject: &str, reference: &str) -> Vec<V> {
    let end = if hour == "08:30" { "10:30" } else { "16:00" };
    row![day, hour, end, class, subject, "", "", "", "", reference]
}

fn known(rows: Vec<Vec<V>>) -> Known {
    imported(&read_all(&timetable(rows)))
}

fn compare_at(known: &Known, rows: Vec<Vec<V>>, now: preau::kernel::At) -> Difference {
    workbook::difference(known, &read_all(&timetable(rows)), now, Zone::default())
}

fn compare(known: &Known, rows: Vec<Vec<V>>) -> Difference {
    compare_at(known, rows, now())
}

fn counts(d: &Difference) -> (usize, usize, usize, usize) {
    (d.added.len(), d.removed.len(), d.changed.len(), d.unchanged)
}

fn class_of<'a>(known: &'a Known, reference: &str) -> (&'a str, &'a str) {
    let lesson = known.lessons.iter().find(|one| one.reference.as_deref() == Some(reference)).unwrap();
    let class = known.classrooms.iter().find(|class| class.id == lesson.classroom_id).unwrap();
    (&class.name, &lesson.id)
}

#[test]
fn two_sessions_that_change_places_keep_their_identity() {
    let known = known(vec![
        line("24/11/2026", "08:30", "4A", "Maths", "T1"),
        line("24/11/2026", "08:30", "4B", "Maths", "T2"),
        line("25/11/2026", "08:30", "4A", "Anglais", "T3"),
    ]);
    let swapped = || {
        vec![
            line("24/11/2026", "08:30", "4A", "Maths", "T2"),
            line("24/11/2026", "08:30", "4B", "Maths", "T1"),
            line("25/11/2026", "08:30", "4A", "Anglais", "T3"),
        ]
    };
    let difference = compare(&known, swapped());
    assert_eq!(counts(&difference), (0, 0, 2, 1));
    assert!(difference.warnings.is_empty(), "{:?}", warnings(&difference.warnings));
    let after = workbook::apply(&known, &difference, ids());
    assert_eq!(class_of(&after, "T1"), ("4B", class_of(&known, "T1").1));
    assert_eq!(class_of(&after, "T2"), ("4A", class_of(&known, "T2").1));
    assert!(compare(&after, swapped()).is_empty());
    // Said as what it is, and each class lost one.
    let said: Vec<String> = workbook::changes(&known, &difference, now(), Zone::default())
        .iter()
        .flat_map(|change| change.details.iter().map(|detail| detail.render(Lang::Fr)))
        .collect();
    assert_eq!(said, ["classe 4A → 4B", "classe 4B → 4A"]);
    let (classes, school) = lesson_loads(&known, &difference, &[].into(), now());
    assert_eq!((classes.values().map(|load| load.now).collect::<Vec<_>>(), school.now), (vec![1, 1], 2));
    // Into a class that is new.
    let new = compare(
        &known,
        vec![line("26/11/2026", "14:00", "4C", "Maths", "T1"), line("24/11/2026", "08:30", "4A", "M", "T9")],
    );
    assert_eq!((new.changed.len(), new.changed[0].after.class.name.as_str()), (1, "4C"));
    assert_eq!(new.changed[0].id, class_of(&known, "T1").1);
}

#[test]
fn a_class_that_the_file_does_not_name_keeps_its_session_and_that_is_said() {
    let first = known(vec![line("24/11/2026", "08:30", "1A", "Maths", "S1")]);
    let difference = compare(&first, vec![line("24/11/2026", "08:30", "1B", "Maths", "s1")]);
    assert_eq!(counts(&difference), (1, 0, 0, 0));
    assert_eq!(
        warnings(&difference.warnings),
        [
            "« s1 » est déjà la référence de Maths (1A, mar. 24 nov.), qui reste : deux séances la portent. Donnez-en une autre, ou, pour déplacer celle de 1A, mettez aussi 1A et sa semaine dans le fichier."
        ]
    );
    // Nor is a week that it does not speak for touched, in another class.
    let far =
        known(vec![line("08/12/2026", "08:30", "1A", "Maths", "S1"), line("24/11/2026", "14:00", "1A", "M", "S2")]);
    let rows = || vec![line("24/11/2026", "08:30", "1B", "Maths", "S1"), line("24/11/2026", "14:00", "1A", "M", "S2")];
    let difference = compare(&far, rows());
    assert_eq!(counts(&difference), (1, 0, 0, 1));
    assert!(warnings(&difference.warnings)[0].contains("Maths (1A, mar. 8 déc.)"));
    // That advice followed: its week in the file, it moves.
    let mut whole = rows();
    whole.push(line("07/12/2026", "14:00", "1A", "M", "S3"));
    let difference = compare(&far, whole);
    assert_eq!(counts(&difference), (1, 0, 1, 1));
    assert_eq!(difference.changed[0].id, class_of(&far, "S1").1);
    // A session that has a sheet, or begins so soon that its class heard of it, stays; what goes is gone, not there twice.
    let soon = at("2026-11-24", "08:15");
    let here = || vec![line("25/11/2026", "08:30", "1B", "Maths", "S1"), line("25/11/2026", "14:00", "1A", "M", "S2")];
    let near =
        known(vec![line("24/11/2026", "08:30", "1A", "Maths", "S1"), line("25/11/2026", "14:00", "1A", "M", "S2")]);
    let difference = compare_at(&near, here(), soon);
    assert_eq!(counts(&difference), (1, 1, 0, 1));
    assert!(difference.warnings.is_empty());
    assert_eq!(counts(&compare_at(&near, here(), now())), (0, 0, 1, 1));
}

#[test]
fn nobody_guesses_between_two_that_bear_it() {
    let both =
        known(vec![line("24/11/2026", "08:30", "1A, 1B", "Maths", "S1"), line("25/11/2026", "08:30", "1C", "M", "S2")]);
    // The lesson of two classes together, sent for one of them: nothing to say.
    let difference = compare(&both, vec![line("24/11/2026", "14:00", "1A", "Maths", "S1")]);
    assert_eq!((counts(&difference), difference.warnings.len()), ((0, 0, 1, 0), 0));
    // A third class joins; both stay.
    let joined = compare(
        &both,
        vec![line("24/11/2026", "08:30", "1A, 1B, 1C", "Maths", "S1"), line("25/11/2026", "08:30", "1C", "M", "S2")],
    );
    assert_eq!((counts(&joined), joined.warnings.len()), ((1, 0, 0, 3), 0));
    // Two of them, one to go to: which?
    let which = compare(
        &both,
        vec![
            line("24/11/2026", "08:30", "1C", "Maths", "S1"),
            line("25/11/2026", "08:30", "1A, 1B", "M", "S9"),
            line("26/11/2026", "08:30", "1C", "M", "S2"),
        ],
    );
    assert_eq!(counts(&which), (3, 2, 1, 0));
}

/// One line says what a sheet is written of, and bears the reference of another class's session as a second line does: found
/// by it the first time or not, it is the same when the file comes again (the second line has its own session then).
#[test]
fn who_bears_a_reference_is_the_same_when_the_file_comes_again() {
    let mut known =
        known(vec![line("10/12/2026", "08:30", "1A", "Maths", "S8"), line("15/12/2026", "14:00", "1B", "Maths", "S1")]);
    for lesson in known.lessons.iter_mut().filter(|lesson| lesson.reference.as_deref() == Some("S1")) {
        lesson.fixed = true;
    }
    let rows = vec![
        line("15/12/2026", "14:00", "1B", "Maths", "S8"),
        line("11/12/2026", "08:30", "1C", "Maths", "S8"),
        line("09/12/2026", "08:30", "1A", "Droit", "S3"),
        // A line that cannot be read keeps the session of 1A.
        line("10/12/2026", "25:30", "1A", "Maths", ""),
    ];
    let first = compare(&known, rows.clone());
    assert_eq!(first.changed.len(), 0, "{first:#?}");
    let after = workbook::apply(&known, &first, ids());
    assert_eq!(class_of(&after, "S1").0, "1B");
    assert!(compare(&after, rows.clone()).is_empty(), "{:#?}", compare(&after, rows));
    // Alone in the file, too.
    let alone =
        || vec![line("15/12/2026", "14:00", "1B", "Maths", "S8"), line("09/12/2026", "08:30", "1A", "Droit", "S3")];
    assert_eq!(compare(&known, alone()).changed.len(), 0);
}

/// One line for each of the classes that share a lesson, as many programs write it.
#[test]
fn a_lesson_that_two_classes_share_may_have_a_line_for_each() {
    let rows = |hour: &str| {
        vec![
            line("24/11/2026", hour, "1A", "Maths", "S1"),
            line("24/11/2026", hour, "1B", "Maths", "S1"),
            line("25/11/2026", "08:30", "1A", "Droit", "S2"),
        ]
    };
    let read = read_all(&timetable(rows("08:30")));
    assert!(read.faults.is_empty() && read.freezes.is_empty(), "{:?}", super::faults(&read));
    let first = known(rows("08:30"));
    assert_eq!(first.lessons.len(), 3);
    assert!(compare(&first, rows("08:30")).is_empty());
    let moved = compare(&first, rows("14:00"));
    assert_eq!((counts(&moved), moved.warnings.len()), ((0, 0, 2, 1), 0), "both move");
    // Twice in one class it is a fault still, also where a line names both.
    for joined in ["1A", "1A, 1B", "1A + 1B"] {
        let mut twice = rows("08:30");
        twice.push(line("27/11/2026", "08:30", joined, "Maths", "S1"));
        let read = read_all(&timetable(twice));
        assert!(super::faults(&read).iter().any(|fault| fault.contains("la même référence est déjà en")), "{joined}");
    }
}

#[test]
fn a_session_that_a_reference_brings_from_another_week_is_said() {
    let known = known(vec![line("08/12/2026", "08:30", "1A", "Maths", "S1")]);
    let difference = compare(&known, vec![line("24/11/2026", "08:30", "1A", "Maths", "S1")]);
    assert_eq!(counts(&difference), (0, 0, 1, 0));
    assert!(
        warnings(&difference.warnings)[0]
            .starts_with("« Maths » (S1), prévue mar. 8 déc., hors des semaines de ce fichier, est déplacée ici."),
        "{:?}",
        warnings(&difference.warnings)
    );
}

/// « Code », « Id », « Numéro » may be a subject's, the same each week, and « N° de séance » counts within each: they name
/// no session.
#[test]
fn a_column_of_codes_is_no_reference() {
    for heading in ["Code", "ID", "Numéro", "Identifiant", "N° de séance", "Numéro de séance", "Lesson number"] {
        let file = |day: &str| {
            let head = row!["Date", "Début", "Fin", "Classe", "Matière", heading];
            read_all(&sheets(&[("EDT", vec![head, row![day, "08:30", "10:30", "1A", "Maths", "MA1"]])]))
        };
        let known = imported(&file("24/11/2026"));
        assert_eq!(known.lessons[0].reference, None, "{heading}");
        let next = workbook::difference(&known, &file("01/12/2026"), now(), Zone::default());
        assert_eq!(counts(&next), (1, 0, 0, 0), "{heading}");
    }
    for heading in ["Référence", "Réf.", "ID séance", "Réf. séance", "Session ID", "Lesson reference"] {
        let head = row!["Date", "Début", "Fin", "Classe", "Matière", heading];
        let lesson = row!["24/11/2026", "08:30", "10:30", "1A", "Maths", "MA1"];
        let read = read_all(&sheets(&[("EDT", vec![head, lesson])]));
        assert_eq!(read.lessons[0].reference.as_deref(), Some("MA1"), "{heading}");
    }
}

/// A line that cannot be read may be any session of its class and week, whatever its reference says: a new one, the one of
/// another line, none. Only a reference that a session bears and no other line does says which.
#[test]
fn a_faulty_line_keeps_what_it_may_stand_for_whatever_its_reference() {
    let days = ["07/12/2026", "08/12/2026", "09/12/2026", "11/12/2026"];
    let subjects = ["Réseaux", "Anglais", "Maths", "Droit"];
    let references = |letter: &str| (1..=4).map(|number| format!("{letter}{number}")).collect::<Vec<_>>();
    let rows = |references: &[String]| -> Vec<Vec<V>> {
        (0..4).map(|at| line(days[at], "08:30", "1A", subjects[at], &references[at])).collect()
    };
    let own = references("R");
    let known = known(rows(&own));
    let damages: [(usize, &str); 5] = [(1, "25:99"), (0, "31/11/2026"), (7, "sur Mars"), (2, "07:00"), (1, "")];
    for damaged in 0..4 {
        let meant = &known.lessons.iter().find(|lesson| lesson.subject == subjects[damaged]).unwrap().id;
        let kept = |difference: &Difference, said: &str| {
            assert!(difference.removed.is_empty(), "{said}: {:?}", difference.removed);
            assert!(difference.changed.iter().all(|changed| changed.before.id != *meant), "{said}");
        };
        for (cell, words) in damages {
            for reference in ["X9", "", own[damaged].as_str(), own[(damaged + 1) % 4].as_str()] {
                let mut file = rows(&own);
                file[damaged][9] = V::from(reference);
                file[damaged][cell] = V::from(words);
                kept(&compare(&known, file), &format!("{} {words:?} {reference:?}", subjects[damaged]));
            }
            // All are numbered anew.
            let mut file = rows(&references("S"));
            file[damaged][cell] = V::from(words);
            kept(&compare(&known, file), &format!("{} {words:?}, anew", subjects[damaged]));
        }
        // Filled down: both lines are faulty, and either may be the one that bears it.
        let mut file = rows(&own);
        file[damaged][9] = V::from(own[(damaged + 1) % 4].as_str());
        kept(&compare(&known, file), &format!("{} filled down", subjects[damaged]));
        // One that is new that week is no session that moved.
        let mut file = rows(&own);
        file[damaged][9] = V::from("X9");
        file[damaged][1] = V::from("huit");
        file.push(line("10/12/2026", "14:00", "1A", subjects[damaged], "R9"));
        let difference = compare(&known, file);
        kept(&difference, &format!("{} and a new one", subjects[damaged]));
        assert_eq!(difference.added.len(), 1);
    }
}

/// So it is for a line that stands for many weeks.
#[test]
fn a_faulty_weekly_line_with_a_new_reference_keeps_its_weeks() {
    let head = row!["Jour", "Du", "Au", "Début", "Fin", "Classe", "Matière", "Référence"];
    let file = |end: &str, reference: &str| {
        let line = row!["lundi", "07/12/2026", "15/12/2026", "08:30", end, "1A", "Réseaux", reference];
        let other = row!["mardi", "07/12/2026", "15/12/2026", "08:30", "10:30", "1A", "Anglais", "K2"];
        read_all(&sheets(&[("EDT", vec![head.clone(), line, other])]))
    };
    let known = imported(&file("10:30", "K1"));
    assert_eq!(known.lessons.len(), 4);
    let at = |file| workbook::difference(&known, &file, now(), Zone::default());
    for reference in ["K1", "K9", ""] {
        assert_eq!(counts(&at(file("10h3O", reference))), (0, 0, 0, 2), "{reference}");
    }
}
