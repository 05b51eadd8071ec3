//! What a timetable file changes, and what it leaves alone.

use preau::kernel::time::Zone;
use preau::school::workbook::{self, Difference, Known, Workbook, lesson_loads, removals_over_limit};

use super::files::{V, row, timetable};
use super::{at, ids, imported, now, read_all, warnings};

fn book(rows: Vec<Vec<V>>) -> Workbook {
    read_all(&timetable(rows))
}

fn compare(known: &Known, rows: Vec<Vec<V>>) -> Difference {
    workbook::difference(known, &book(rows), now(), Zone::default())
}

fn counts(d: &Difference) -> (usize, usize, usize, usize) {
    (d.added.len(), d.removed.len(), d.changed.len(), d.unchanged)
}

/// Two weeks of 1A, one lesson of 1B.
fn base() -> Vec<Vec<V>> {
    vec![
        row!["24/11/2026", "08:30", "10:30", "1A", "Maths", "", "B1"],
        row!["25/11/2026", "08:30", "10:30", "1A", "Anglais", "", "B1"],
        row!["26/11/2026", "08:30", "10:30", "1A", "Maths", "", "B1"],
        row!["01/12/2026", "08:30", "10:30", "1A", "Réseaux", "", "B1"],
        row!["24/11/2026", "14:00", "16:00", "1B", "Maths", "", "B2"],
    ]
}

fn known() -> Known {
    imported(&book(base()))
}

fn id_of(known: &Known, start: preau::kernel::At) -> String {
    known.lessons.iter().find(|l| l.start == start).unwrap().id.to_string()
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let again = compare(&known(), base());
    assert!(again.is_empty());
    assert_eq!(counts(&again), (0, 0, 0, 5));
    // Other letters, the same school: one change of writing at most, nobody lost.
    let mut rows = base();
    rows.reverse();
    assert!(compare(&known(), rows).is_empty());
}

#[test]
fn moved_within_its_week_it_keeps_its_identity() {
    let known = known();
    let mut rows = base();
    rows[1] = row!["27/11/2026", "14:00", "16:00", "1A", "ANGLAIS", "", "B1"];
    let moved = compare(&known, rows);
    assert_eq!(counts(&moved), (0, 0, 1, 4));
    assert_eq!(moved.changed[0].id, id_of(&known, at("2026-11-25", "08:30")));
    // Two of the same subject moved in one week: nobody can tell which is which.
    let mut rows = base();
    rows[0] = row!["24/11/2026", "09:30", "11:30", "1A", "Maths", "", "B1"];
    rows[2] = row!["26/11/2026", "09:30", "11:30", "1A", "Maths", "", "B1"];
    assert_eq!(counts(&compare(&known, rows)), (2, 2, 0, 3));
    // One of them: what is left on both sides is unique.
    let mut rows = base();
    rows[0] = row!["27/11/2026", "09:30", "11:30", "1A", "Maths", "", "B1"];
    assert_eq!(counts(&compare(&known, rows)), (0, 0, 1, 4));
    // Into another week: another session.
    let mut rows = base();
    rows[1] = row!["02/12/2026", "08:30", "10:30", "1A", "Anglais", "", "B1"];
    assert_eq!(counts(&compare(&known, rows)), (1, 1, 0, 4));
}

#[test]
fn a_reference_is_followed_anywhere() {
    let line = |date: &str, subject: &str| vec![row![date, "08:30", "10:30", "1A", subject, "", "", "", "", "R1"]];
    let known = imported(&book(line("24/11/2026", "Maths")));
    let moved = compare(&known, line("15/12/2026", "MATHS"));
    assert_eq!(counts(&moved), (0, 0, 1, 0));
    let renamed = compare(&known, line("27/11/2026", "Algèbre"));
    assert_eq!(renamed.changed[0].id, known.lessons[0].id, "in a week that the file speaks for, whatever it is called");
    assert_eq!(moved.changed[0].id, known.lessons[0].id);
    let after = workbook::apply(&known, &moved, ids());
    assert_eq!(after.lessons[0].start, at("2026-12-15", "08:30"));
    assert_eq!(after.lessons[0].id, known.lessons[0].id);
}

/// Five lessons a week, numbered 1 to 5 each week.
fn numbered(monday: &str, subjects: [&str; 5]) -> Vec<Vec<V>> {
    let days = (0..5).map(|n| super::day(monday).checked_add_days(chrono::Days::new(n)).unwrap());
    let line = |(n, (day, subject)): (u32, (chrono::NaiveDate, &str))| {
        let day = day.format("%d/%m/%Y").to_string();
        row![day, "08:30", "10:30", "1A", subject, "", "", "", "", n.to_string()]
    };
    (1..).zip(days.zip(subjects)).map(line).collect()
}

const SUBJECTS: [&str; 5] = ["Maths", "Anglais", "Droit", "Réseaux", "Sport"];
const OTHERS: [&str; 5] = ["Anglais", "Droit", "Réseaux", "Sport", "Maths"];

/// A school that numbers anew each week loses no lesson, whether the first week is over or not.
#[test]
fn numbers_that_begin_anew_each_week_are_other_lessons() {
    let known = imported(&book(numbered("2026-11-23", SUBJECTS)));
    for subjects in [SUBJECTS, OTHERS] {
        let file = book(numbered("2026-11-30", subjects));
        let sunday = at("2026-11-29", "18:00");
        let over = workbook::difference(&known, &file, sunday, Zone::default());
        assert_eq!((counts(&over), over.untaken), ((5, 0, 0, 0), 0));
        assert_eq!(
            warnings(&over.warnings)[0],
            "« 1 » était la référence de « Maths » (lun. 23 nov.), déjà passée ou commencée : cette ligne est une autre séance. Donnez à chaque séance une référence qui ne revient pas."
        );
        // Again: nothing to do, nothing to say; and what moves then is the new one.
        let after = workbook::apply(&known, &over, ids());
        let again = workbook::difference(&after, &file, sunday, Zone::default());
        assert!(again.is_empty() && again.warnings.is_empty() && again.unchanged == 5);
        let mut later = numbered("2026-11-30", subjects);
        later[0][1] = "09:30".into();
        let moved = workbook::difference(&after, &book(later), sunday, Zone::default());
        assert_eq!((counts(&moved), moved.changed[0].before.start), ((0, 0, 1, 4), at("2026-11-30", "08:30")));
    }
    // Still ahead, with other subjects: it stays as it is, and that is said.
    let file = book(numbered("2026-11-30", OTHERS));
    let ahead = workbook::difference(&known, &file, now(), Zone::default());
    assert_eq!(counts(&ahead), (5, 0, 0, 0));
    assert!(
        warnings(&ahead.warnings)[0].starts_with("« 1 » est déjà la référence de Maths (1A, lun. 23 nov.), qui reste"),
        "{:?}",
        warnings(&ahead.warnings)
    );
    let after = workbook::apply(&known, &ahead, ids());
    assert!(workbook::difference(&after, &file, now(), Zone::default()).is_empty());
    // The same subjects may have moved: the brake holds what would leave its week.
    let moved = workbook::difference(&known, &book(numbered("2026-11-30", SUBJECTS)), now(), Zone::default());
    assert_eq!(counts(&moved), (0, 0, 5, 0));
    let (classes, school) = lesson_loads(&known, &moved, &[].into(), now());
    assert!(removals_over_limit(&classes, school).any(), "{classes:?}");
}

/// What has begun stays: a line of its day does not add a second lesson there, and is not called unchanged.
#[test]
fn a_line_for_what_has_begun_is_not_taken() {
    let line = |hour: &str| vec![row!["24/11/2026", hour, "12:00", "1A", "Maths", "", "", "", "", "R1"]];
    let known = imported(&book(line("08:30")));
    let late = workbook::difference(&known, &book(line("09:00")), at("2026-11-24", "08:40"), Zone::default());
    assert!(late.is_empty());
    assert_eq!((late.unchanged, late.untaken, late.past), (0, 1, 0));
    assert_eq!(
        warnings(&late.warnings),
        [
            "ligne non prise : sa référence (R1) est celle de « Maths » (mar. 24 nov.), déjà passée ou commencée, qui reste comme elle est. Si c’est une autre séance, donnez-en une autre."
        ]
    );
    // On another day it is another session: the class must hear of it.
    let rows = vec![row!["26/11/2026", "08:30", "12:00", "1A", "Maths", "", "", "", "", "R1"]];
    let other = workbook::difference(&known, &book(rows), at("2026-11-24", "08:40"), Zone::default());
    assert_eq!((counts(&other), other.untaken), ((1, 0, 0, 0), 0));
}

/// Days are said without their year: a slip in it is said.
#[test]
fn a_day_of_another_age_is_said_with_its_year() {
    let rows = |year: &str| vec![row![format!("27/11/{year}").as_str(), "08:30", "10:30", "1A", "Maths"]];
    let far = workbook::difference(&known(), &book(rows("2096")), at("2026-11-24", "08:40"), Zone::default());
    let said = warnings(&far.warnings);
    assert!(said.iter().any(|words| words.contains("le 27/11/2096 est bien loin. Vérifiez l’année.")), "{said:?}");
    let near = workbook::difference(&known(), &book(rows("2027")), at("2026-11-24", "08:40"), Zone::default());
    assert!(!warnings(&near.warnings).iter().any(|words| words.contains("bien loin")));
}

#[test]
fn it_speaks_only_for_its_classes_and_weeks() {
    let known = known();
    // Only 1A, only the first week: 1B and the second week stay.
    let first = compare(&known, vec![row!["24/11/2026", "08:30", "10:30", "1A", "Maths", "", "B1"]]);
    assert_eq!(counts(&first), (0, 2, 0, 1));
    assert!(first.removed.iter().all(|l| l.start < at("2026-11-30", "00:00")));
    // A class that the file does not name.
    let other = compare(&known, vec![row!["24/11/2026", "08:30", "10:30", "2C", "Maths"]]);
    assert_eq!(counts(&other), (1, 0, 0, 0));
    assert_eq!(other.classes[0].name, "2C");
    // Whole weeks: Wednesday's file speaks for Tuesday too.
    let wednesday = compare(&known, vec![row!["25/11/2026", "08:30", "10:30", "1A", "Anglais", "", "B1"]]);
    assert_eq!(wednesday.removed.len(), 2);
}

#[test]
fn the_past_and_what_has_a_sheet_never_change() {
    let mut known = known();
    let later = at("2026-11-25", "12:00");
    let gone = vec![
        row!["30/11/2026", "08:30", "10:30", "1A", "Réseaux"],
        row!["24/11/2026", "07:00", "08:00", "1A", "Sport"],
    ];
    let difference = workbook::difference(&known, &book(gone.clone()), later, Zone::default());
    assert!(difference.removed.iter().all(|l| l.start > later));
    assert_eq!(difference.past, 1);
    assert!(difference.added.iter().all(|l| l.lesson.start > later));
    known.lessons.iter_mut().for_each(|l| l.fixed = true);
    let difference = workbook::difference(&known, &book(gone), now(), Zone::default());
    assert!(difference.removed.is_empty() && difference.changed.is_empty());
    // Moved by its reference while it has a sheet: said, not done.
    let line = |date: &str| vec![row![date, "08:30", "10:30", "1A", "M", "", "", "", "", "R1"]];
    let mut known = imported(&book(line("24/11/2026")));
    known.lessons[0].fixed = true;
    let moved = compare(&known, line("15/12/2026"));
    assert!(moved.is_empty());
    assert_eq!((moved.unchanged, moved.untaken), (0, 1));
    assert!(warnings(&moved.warnings)[0].contains("(mar. 24 nov.), qui a déjà sa feuille"));
    let renamed = compare(&known, vec![row!["24/11/2026", "08:30", "10:30", "1A", "Droit", "", "", "", "", "R1"]]);
    assert!(renamed.is_empty() && (renamed.unchanged, renamed.untaken) == (0, 1));
    // Moved into what is over, while it lies ahead itself: that is said, not that it is over.
    let mut known = imported(&book(line("15/12/2026")));
    known.lessons[0].fixed = false;
    let back = workbook::difference(&known, &book(line("24/11/2026")), later, Zone::default());
    assert!(back.is_empty() && (back.unchanged, back.untaken) == (0, 1));
    assert!(warnings(&back.warnings)[0].contains("la nouvelle date est déjà passée"), "{:?}", warnings(&back.warnings));
}

#[test]
fn a_faulty_line_freezes_what_it_may_stand_for() {
    let known = known();
    // Anglais with a date that does not exist: every session of 1A that is missing stays.
    let mut rows = base();
    rows[1] = row!["31/11/2026", "08:30", "10:30", "1A", "Anglais", "", "B1"];
    rows.remove(2);
    let difference = compare(&known, rows.clone());
    assert_eq!((difference.removed.len(), difference.frozen), (0, 2));
    // A line whose class cannot be read freezes all classes, in its week.
    let mut rows = base();
    rows[1] = row!["25/11/2026", "08:30", "10:30", "", "Anglais", "", "B1"];
    rows[3] = row!["02/12/2026", "10:00", "11:00", "1A", "Sport", "", "B1"];
    let difference = compare(&known, rows);
    assert_eq!((difference.removed.len(), difference.frozen), (1, 1));
    // What is frozen is not taken for something that moved.
    let mut rows = base();
    rows[1] = row!["25/11/2026", "x", "10:30", "1A", "Anglais", "", "B1"];
    rows.push(row!["27/11/2026", "08:30", "10:30", "1A", "Anglais", "", "B1"]);
    let difference = compare(&known, rows);
    assert_eq!((counts(&difference), difference.frozen), ((1, 0, 0, 4), 1));
    // But another subject that moved is still recognised.
    let mut rows = base();
    rows[1] = row!["25/11/2026", "x", "10:30", "1A", "Anglais", "", "B1"];
    rows[0] = row!["27/11/2026", "08:30", "10:30", "1A", "Maths", "", "B1"];
    assert_eq!(counts(&compare(&known, rows)), (0, 0, 1, 3));
}

#[test]
fn a_faulty_line_with_a_reference_freezes_it_wherever_it_is() {
    let line = |date: &str, reference: &str| row![date, "08:30", "10:30", "1A", "M", "", "", "", "", reference];
    let known = imported(&book(vec![line("24/11/2026", "R1"), line("01/12/2026", "R2"), line("08/12/2026", "R3")]));
    let rows = vec![line("24/11/2026", "R1"), line("31/11/2026", "R2"), line("09/12/2026", "R9")];
    let difference = compare(&known, rows);
    assert_eq!(difference.frozen, 1);
    assert_eq!(difference.removed.len() + difference.changed.len(), 1);
}

#[test]
fn halves_of_a_class_stay_two_sessions() {
    let rows = || {
        vec![
            row!["24/11/2026", "08:30", "10:30", "1A", "TP", "M. A", "B1"],
            row!["24/11/2026", "08:30", "10:30", "1A", "TP", "M. B", "B2"],
        ]
    };
    let known = imported(&book(rows()));
    assert_eq!(known.lessons.len(), 2);
    let mut turned = rows();
    turned.reverse();
    assert!(compare(&known, turned).is_empty());
}

#[test]
fn clashes_import_and_are_said() {
    let rows = vec![
        row!["24/11/2026", "09:00", "10:00", "1A", "Maths", "Mme Roy", "B101"],
        row!["24/11/2026", "09:30", "10:30", "1B", "Anglais", "M. Petit", "B101"],
        row!["24/11/2026", "10:00", "11:00", "1A", "Sport", "Mme Roy", "Stade"],
        row!["24/11/2026", "10:15", "11:15", "1C", "Sport", "Mme Roy", ""],
        row!["25/11/2026", "08:00", "10:00", "2A, 2B", "Amphi", "M. Petit", "Amphi"],
        row!["26/11/2026", "08:00", "10:00", "2A", "Un", "", ""],
        row!["26/11/2026", "09:00", "11:00", "2A", "Deux", "", ""],
    ];
    let difference = compare(&Known::default(), rows);
    assert_eq!(difference.added.len(), 8);
    let said: Vec<String> = warnings(&difference.warnings).into_iter().filter(|w| w.contains("fois")).collect();
    assert_eq!(
        said,
        [
            "la salle B101 est prise deux fois, mar. 24 nov., 09:30 (Paris) : Maths (1A, L.2) et Anglais (1B, L.3).",
            "Mme Roy a deux séances à la fois, mar. 24 nov., 10:15 (Paris) : Sport (1A, L.4) et Sport (1C, L.5).",
            "2A a deux séances à la fois, jeu. 26 nov., 09:00 (Paris) : Un (2A, L.7) et Deux (2A, L.8).",
        ]
    );
}

#[test]
fn a_clash_with_a_session_that_the_file_does_not_name() {
    let known = imported(&book(vec![row!["24/11/2026", "09:00", "10:00", "1A", "Maths", "Mme Roy", "B101"]]));
    let difference = compare(&known, vec![row!["24/11/2026", "09:30", "10:30", "9Z", "Anglais", "", "B101"]]);
    assert!(warnings(&difference.warnings)[0].contains("la salle B101 est prise deux fois"));
    // Two old ones that clash are not this file's affair.
    let difference = compare(&known, vec![row!["24/11/2026", "15:30", "16:30", "9Z", "Anglais", "", ""]]);
    assert!(difference.warnings.is_empty());
}

#[test]
fn near_class_names_are_created_with_a_warning() {
    let known = imported(&book(vec![row!["24/11/2026", "09:00", "10:00", "BTS SIO 1A", "Maths"]]));
    let difference = compare(&known, vec![row!["24/11/2026", "09:00", "10:00", "BTSSIO 1A", "Maths"]]);
    assert_eq!(difference.classes[0].near.as_deref(), Some("BTS SIO 1A"));
    assert_eq!(difference.added.len(), 1);
    assert!(warnings(&difference.warnings).iter().any(|w| w.contains("ressemble à « BTS SIO 1A »")));
    let difference = compare(&known, vec![row!["24/11/2026", "09:00", "10:00", "bts sio 1a", "Maths"]]);
    assert!(difference.classes.is_empty());
}

#[test]
fn columns_that_are_not_there_leave_things_as_they_are() {
    let rows = vec![row!["24/11/2026", "08:30", "10:30", "1A", "Maths", "M. X", "B1", "Hybride", "https://a.fr", "R1"]];
    let known = imported(&book(rows));
    let short = super::files::sheets(&[(
        "EDT",
        vec![row!["Date", "Début", "Fin", "Classe", "Matière"], row!["24/11/2026", "08:30", "11:00", "1A", "Maths"]],
    )]);
    let difference = workbook::difference(&known, &read_all(&short), now(), Zone::default());
    let after = &difference.changed[0].after;
    assert_eq!(
        (after.room.as_str(), after.teacher_name.as_str(), after.link.as_deref()),
        ("B1", "M. X", Some("https://a.fr"))
    );
    assert_eq!(after.reference.as_deref(), Some("R1"));
    // An empty cell empties.
    let emptied = compare(&known, vec![row!["24/11/2026", "08:30", "10:30", "1A", "Maths", "", "", "", "", ""]]);
    assert_eq!(emptied.changed[0].after.room, "");
    assert_eq!(emptied.changed[0].after.link, None);
}

#[test]
fn removals_count_against_the_limit() {
    let known = imported(&book(
        (0..20).map(|n| row![format!("{}/12/2026", n + 1), "08:30", "10:30", "1A", format!("M{n}")]).collect(),
    ));
    let keep = |n: i32| {
        (0..n)
            .chain(19..20)
            .map(|n| row![format!("{}/12/2026", n + 1), "08:30", "10:30", "1A", format!("M{n}")])
            .collect()
    };
    let over = |n: i32, already: usize| {
        let difference = compare(&known, keep(n));
        let class = known.classrooms[0].id.clone();
        let (classes, school) = lesson_loads(&known, &difference, &[(class, already)].into(), now());
        removals_over_limit(&classes, school).any()
    };
    assert!(!over(15, 0));
    assert!(over(14, 0));
    assert!(over(15, 2));
}

#[test]
fn the_fingerprint_names_the_effect() {
    let known = known();
    let rows = || vec![row!["24/11/2026", "08:30", "10:30", "1A", "Maths", "", "B9"]];
    let one = compare(&known, rows()).fingerprint().unwrap();
    assert_eq!(one, compare(&known, rows()).fingerprint().unwrap());
    let mut changed = known.clone();
    changed.lessons[0].room = "ailleurs".into();
    assert_ne!(one, compare(&changed, rows()).fingerprint().unwrap());
}

/// What somebody else imported meanwhile may clash with this file: whoever presses must have read of it.
#[test]
fn the_fingerprint_names_the_clashes_and_what_two_agree_to_does_not() {
    let rows = || vec![row!["24/11/2026", "08:30", "10:30", "1A", "Maths", "", "B9"]];
    let quiet = compare(&known(), rows());
    let mut other = known();
    let (start, end) = (at("2026-11-24", "09:00"), at("2026-11-24", "10:00"));
    let (id, classroom_id, room) = ("x".into(), "c9".into(), "B9".into());
    other.lessons.push(workbook::KnownLesson { id, classroom_id, room, start, end, ..other.lessons[0].clone() });
    let clashing = compare(&other, rows());
    assert!(warnings(&clashing.warnings)[0].contains("la salle B9 est prise deux fois"));
    assert_ne!(quiet.fingerprint().unwrap(), clashing.fingerprint().unwrap());
    assert_eq!(quiet.effects_print().unwrap(), clashing.effects_print().unwrap());
    // Other warnings change nothing.
    let mut warned = quiet.clone();
    warned.warnings.push(workbook::Warning { place: None, text: preau::text!("workbook-change-back") });
    assert_eq!(quiet.fingerprint().unwrap(), warned.fingerprint().unwrap());
}

/// Who was tied to a session stays when the name means nobody in particular any more; that is said.
#[test]
fn a_teacher_whose_name_became_ambiguous_stays_and_that_is_said() {
    let teachers = |names: &[(&str, &str)]| {
        let line = |(last, first): &(&str, &str)| row![*last, *first, format!("{first}@e.fr"), "", "enseignant"];
        let people = [vec![super::files::people_head()], names.iter().map(line).collect()].concat();
        let lessons = vec![
            super::files::head(),
            row!["24/11/2026", "08:30", "10:30", "1A", "Maths", "M. Petit"],
            row!["25/11/2026", "08:30", "10:30", "1A", "Maths", "M. Petit"],
        ];
        read_all(&super::files::sheets(&[("Personnes", people), ("EDT", lessons)]))
    };
    let known = imported(&teachers(&[("Petit", "Jean")]));
    let jean = known.lessons[0].teacher_id.clone();
    assert!(jean.is_some());
    let again = workbook::difference(&known, &teachers(&[("Petit", "Anne")]), now(), Zone::default());
    assert!(again.changed.is_empty() && again.people.added.len() == 1);
    assert_eq!(
        warnings(&again.warnings),
        ["plusieurs enseignants peuvent être « M. Petit ». 2 séances restent à Jean Petit, comme avant. Si c’est \
          quelqu’un d’autre, ajoutez le prénom."]
    );
    // Nobody is called so any more.
    let mut gone = known.clone();
    gone.people[0].last_name = "Grand".to_owned();
    let lessons = book(vec![row!["24/11/2026", "08:30", "10:30", "1A", "Maths", "M. Petit"]]);
    let kept = workbook::difference(&gone, &lessons, now(), Zone::default());
    assert!(kept.changed.is_empty() && gone.lessons[0].teacher_id == jean);
    assert!(
        warnings(&kept.warnings)[0]
            .starts_with("aucun enseignant ne s’appelle « M. Petit ». Une séance reste à Jean Grand"),
        "{:?}",
        warnings(&kept.warnings)
    );
}

/// Alike in all but the class is one lesson of two classes; not where each has a link of its own.
#[test]
fn two_calls_at_once_are_no_lesson_together() {
    let call = |class: &str, link: &str| row!["24/11/2026", "09:00", "10:00", class, "Maths", "Mme Roy", "", "", link];
    let said =
        |rows| warnings(&compare(&Known::default(), rows).warnings).iter().filter(|w| w.contains("à la fois")).count();
    assert_eq!(said(vec![call("1A", "https://a.fr"), call("1B", "https://a.fr")]), 0);
    assert_eq!(said(vec![call("1A", "https://a.fr"), call("1B", "https://b.fr")]), 1);
}

#[test]
fn what_is_kept_as_json_comes_back_the_same() {
    let difference = compare(
        &known(),
        vec![
            row!["31/11/2026", "08:30", "10:30", "1A", "Maths"],
            row!["24/11/2026", "08:30", "10:30", "1C", "X", "Mme Y"],
        ],
    );
    let json = serde_json::to_string(&difference).unwrap();
    assert_eq!(serde_json::from_str::<Difference>(&json).unwrap(), difference);
    let read = book(base());
    assert_eq!(serde_json::from_str::<Workbook>(&serde_json::to_string(&read).unwrap()).unwrap(), read);
}

#[test]
fn the_night_the_clocks_change() {
    let rows = || {
        vec![
            row!["28/03/2027", "02:00", "02:45", "1A", "Nuit"],
            row!["27/03/2027", "08:00", "09:00", "1A", "Avant"],
            row!["29/03/2027", "08:00", "09:00", "1A", "Après"],
        ]
    };
    let known = imported(&book(rows()));
    assert!(known.lessons.iter().all(|l| l.end > l.start));
    assert!(compare(&known, rows()).is_empty());
}
