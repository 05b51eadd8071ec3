//! What the person who sent the file reads, and the files they get.

use preau::kernel::Lang;
use preau::kernel::time::{Zone, read_day, read_hour};
use preau::school::workbook::{self, Known, SheetKind, open, preview, sheet};

use super::files::{V, head, people_head, row, sheets, timetable};
use super::{imported, now, read_all};

fn said(known: &Known, bytes: &[u8], lang: Lang) -> String {
    let read = read_all(bytes);
    let difference = workbook::difference(known, &read, now(), Zone::default());
    preview(&read, &difference, &difference.without_rights(known)).render(lang)
}

fn file() -> Vec<u8> {
    let lessons = vec![
        head(),
        row!["24/11/2026", "09:00", "10:00", "1A", "Maths", "Mme Roy", "B101"],
        row!["31/11/2026", "09:00", "10:00", "1A", "Anglais", "Mme Roy", "B101"],
        row!["24/11/2026", "09:00", "10:00", "1B", "Réseaux", "M. Diallo", "B101"],
    ];
    let people = vec![
        people_head(),
        row!["Diallo", "Mamadou", "d@e.fr", "", "enseignant"],
        row!["Moreau", "Inès", "i@e.fr", "", "", "1A"],
    ];
    sheets(&[("Personnes", people), ("EDT", lessons), ("Budget", vec![row!["Papier", 3.0]])])
}

#[test]
fn the_preview_in_french() {
    insta::assert_snapshot!(said(&Known::default(), &file(), Lang::Fr), @"
    Lu : 2 onglets, 5 lignes. Onglet laissé de côté : Budget.
    Séances : +2 −0 ~0, inchangées 0.
    Personnes : +1 ~0, inchangées 0.
    + à ajouter, − à retirer, ~ à modifier.
    Classes à créer : 1A, 1B.
    1 ligne à corriger, 2 avertissements :
    • EDT, ligne 3, Date : « 31/11/2026 » n’existe pas. Corrigez la date.
    • EDT, ligne 4 : la salle B101 est prise deux fois, mar. 24 nov., 09:00 (Paris) : Maths (1A, L.2) et Réseaux (1B, L.4).
    • EDT, ligne 2 : aucun enseignant ne s’appelle « Mme Roy ». L’appel d’une séance ira à la vie scolaire.
    Rôle à confirmer à part : Mamadou Diallo (enseignant).
    1 personne et 1 séance attendent ces droits.
    ");
}

#[test]
fn the_preview_in_english() {
    insta::assert_snapshot!(said(&Known::default(), &file(), Lang::En), @"
    Read: 2 sheets, 5 rows. Sheet left aside: Budget.
    Sessions: +2 −0 ~0, unchanged 0.
    People: +1 ~0, unchanged 0.
    + to add, − to remove, ~ to change.
    Classes to create: 1A, 1B.
    1 row to correct, 2 warnings:
    • EDT, row 3, Date: “31/11/2026” does not exist. Correct the date.
    • EDT, row 4: room B101 is taken twice, Tue 24 Nov, 09:00 (Paris): Maths (1A, row 2) and Réseaux (1B, row 4).
    • EDT, row 2: no teacher is called “Mme Roy”. The roll of one session goes to the supervisors.
    Role to confirm separately: Mamadou Diallo (teacher).
    1 person and 1 session wait for these rights.
    ");
}

#[test]
fn nothing_to_change() {
    let rows = || vec![row!["24/11/2026", "09:00", "10:00", "1A", "Maths"]];
    let known = imported(&read_all(&timetable(rows())));
    insta::assert_snapshot!(said(&known, &timetable(rows()), Lang::Fr), @"
    Lu : 1 onglet, 1 ligne.
    Séances : +0 −0 ~0, inchangées 1.
    Rien à corriger.
    Rien à changer : tout est déjà comme dans le fichier.
    ");
}

/// Before and after `[Appliquer]`, as long as the rights wait: what is counted is what is done, and nothing twice.
#[test]
fn what_waits_for_rights_is_said_apart() {
    let known = Known::default();
    let (first, read) = (file(), read_all(&file()));
    let difference = workbook::difference(&known, &read, now(), Zone::default());
    let held = workbook::apply(&known, &difference.without_rights(&known), super::ids());
    let again = said(&held, &first, Lang::Fr);
    assert!(again.contains("Séances : +0 −0 ~0, inchangées 2.\nPersonnes : +0 ~0, inchangées 1.\n"), "{again}");
    assert!(again.ends_with("1 personne et 1 séance attendent ces droits."), "{again}");
    let given = workbook::apply(&known, &difference, super::ids());
    assert!(!said(&given, &first, Lang::Fr).contains("attend"), "nothing waits any more");
}

#[test]
fn who_left_and_was_never_known_is_no_person_unchanged() {
    let gone = |n: u32| row![format!("N{n}"), "P", format!("n{n}@e.fr"), "", "", "", "", "", "parti"];
    let words = said(&Known::default(), &super::files::people((1..=4).map(gone).collect()), Lang::Fr);
    assert!(
        words.contains("4 personnes notées parties, inconnues de l’école.") && !words.contains("inchangées"),
        "{words}"
    );
}

#[test]
fn what_is_not_taken_is_not_called_as_in_the_file() {
    let line = |day: &str| timetable(vec![row![day, "09:00", "10:00", "1A", "Maths", "", "", "", "", "R1"]]);
    let mut known = imported(&read_all(&line("24/11/2026")));
    known.lessons[0].fixed = true;
    let words = said(&known, &line("26/11/2026"), Lang::Fr);
    assert!(words.contains("inchangées 0.\n1 ligne non prise.\n") && !words.contains("Rien à changer"), "{words}");
}

#[test]
fn many_faults_are_five_and_a_number() {
    let rows: Vec<Vec<V>> = (0..12).map(|_| row!["31/11/2026", "09:00", "10:00", "1A", "Maths"]).collect();
    let words = said(&Known::default(), &timetable(rows), Lang::Fr);
    assert_eq!(words.lines().filter(|l| l.starts_with('•')).count(), 5);
    assert!(words.contains("12 lignes à corriger"));
    assert!(words.contains("et 7 autres, dans le fichier annoté."));
    assert!(words.lines().count() <= 12);
}

#[test]
fn the_template_is_read_back_and_says_nothing() {
    for lang in Lang::ALL {
        let read = read_all(&sheet::template(lang).unwrap());
        let kinds: Vec<SheetKind> = read.sheets.iter().map(|s| s.kind).collect();
        assert_eq!(kinds, [SheetKind::Timetable, SheetKind::People, SheetKind::Ignored]);
        assert_eq!((read.sheets[0].columns.len(), read.sheets[1].columns.len()), (10, 9));
        assert!(
            read.faults.is_empty() && read.warnings.is_empty() && read.lessons.is_empty() && read.people.is_empty()
        );
    }
    // Sent back as it came.
    let said = said(&Known::default(), &sheet::template(Lang::Fr).unwrap(), Lang::Fr);
    let words =
        "Il n’y a que des titres, aucune ligne en dessous : rien n’a changé. Remplissez le fichier, puis renvoyez-le.";
    assert_eq!(said.lines().last(), Some(words), "{said}");
    assert!(!said.contains("inchangées") && !said.contains("Rien à corriger"), "{said}");
}

#[test]
fn their_own_file_comes_back_with_a_column_of_problems() {
    let bytes = file();
    let (grid, read) = (open(&bytes).unwrap(), read_all(&bytes));
    let difference = workbook::difference(&Known::default(), &read, now(), Zone::default());
    let back = sheet::annotated(&grid, &read, &difference, Lang::Fr).unwrap();
    let again = open(&back).unwrap();
    let names: Vec<&str> = again.sheets.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["Personnes", "EDT", "Budget"]);
    let edt = &again.sheets[1];
    let cell = |row: usize, column| edt.rows[row].get(column).map(workbook::read::Cell::words).unwrap_or_default();
    assert_eq!(cell(0, 10), "Problème");
    assert_eq!(cell(2, 0), "31/11/2026");
    assert!(cell(2, 10).starts_with("Date : « 31/11/2026 » n’existe pas"));
    assert!(cell(3, 10).contains("la salle B101 est prise deux fois"));
    // Sent again as it is, it says the same.
    let reread = read_all(&back);
    assert_eq!(reread.lessons, read.lessons);
    assert_eq!(reread.faults, read.faults);
}

#[test]
fn dates_and_numbers_come_back_as_they_were() {
    let bytes = timetable(vec![
        vec![
            V::Date(2026, 11, 24),
            V::Time(8, 30),
            V::from(0.4375),
            V::from(12.0),
            "Maths".into(),
            "".into(),
            V::Bool(true),
        ],
        row!["24/11/2026", "x"],
    ]);
    let (grid, read) = (open(&bytes).unwrap(), read_all(&bytes));
    let back = sheet::annotated(&grid, &read, &workbook::Difference::default(), Lang::En).unwrap();
    assert_eq!(read_all(&back).lessons, read.lessons);
    assert_eq!(read_all(&back).faults, read.faults);
}

#[test]
fn formulas_are_made_harmless() {
    for words in ["=1+1", "+33 6", "-x", "@a", "\tb", "\rc"] {
        assert_eq!(preau::kernel::text::cells::neutralise(words), format!("'{words}"));
    }
    for words in ["Inès", "1-2", "a=b", ""] {
        assert_eq!(preau::kernel::text::cells::neutralise(words), words);
    }
}

#[test]
fn everybody_who_gets_a_role_is_named_the_highest_first() {
    let names = ["Ada", "Bob", "Cléo", "Dan", "Eva", "Fay", "Guy", "Hal", "Ida"];
    let mut people = vec![people_head()];
    for name in names {
        let role = if name == "Ida" { "responsable" } else { "enseignant" };
        people.push(row![format!("{name}son"), name, format!("{name}@e.fr"), "", role]);
    }
    let words = said(&Known::default(), &sheets(&[("Personnes", people)]), Lang::Fr);
    assert!(
        words.contains("Rôles à confirmer à part : Ida Idason (responsable), Ada Adason (enseignant), "),
        "{words}"
    );
    assert!(names.iter().all(|name| words.contains(&format!("{name} {name}son ("))), "{words}");
    assert!(!words.contains("autre"), "{words}");
}

#[test]
fn what_was_done_is_said_in_words() {
    use preau::school::workbook::{Receipt, done};

    let said = |receipt: Receipt, lang| done(&receipt).map(|text| text.render(lang));
    assert_eq!(said(Receipt { rights_waiting: 2, ..Receipt::default() }, Lang::Fr), None);
    let some = Receipt { changed: 2, removed: 1, people_left: 1, ..Receipt::default() };
    assert_eq!(said(some, Lang::Fr).as_deref(), Some("Fait : 2 séances modifiées, 1 retirée, 1 départ."));
    let all = Receipt {
        added: 1,
        changed: 2,
        removed: 3,
        people_added: 2,
        people_changed: 1,
        people_left: 2,
        classes: 1,
        ..Receipt::default()
    };
    let words = "Done: 1 session added, 2 changed, 3 removed, 2 people added, 1 changed, 2 gone, 1 class created.";
    assert_eq!(said(all, Lang::En).as_deref(), Some(words));
}

#[test]
fn how_many_classes_are_told_and_when() {
    use preau::school::session::Wait;
    use preau::school::workbook::{Told, told};

    let some = |day: &str, hour: &str, wait: Option<Wait>, count: usize| {
        let classes = (0..count).map(|n| format!("{n}A")).collect();
        let at = Zone::default().instant(read_day(day).expect("a day"), read_hour(hour).expect("an hour"));
        Told { at, wait, classes }
    };
    let said = |all: &[Told], lang: Lang| told(all, Zone::default()).map(|text| text.render(lang));
    assert_eq!(said(&[], Lang::Fr), None);
    let sunday = some("23/11/2026", "07:00", Some(Wait::Sunday), 1);
    assert_eq!(
        said(&[some("22/11/2026", "18:07", None, 1), sunday.clone()], Lang::Fr).expect("words"),
        "1 classe sera prévenue tout de suite. 1 classe sera prévenue le lun. 23 nov., 07:00 (Paris) : pas d’avis le dimanche."
    );
    let many = [
        some("24/11/2026", "22:02", None, 3),
        some("24/11/2026", "23:30", Some(Wait::Night), 2),
        some("25/11/2026", "07:00", Some(Wait::Night), 1),
        some("25/11/2026", "07:15", Some(Wait::Night), 1),
        some("25/11/2026", "08:00", Some(Wait::Sunday), 2),
    ];
    assert_eq!(
        said(&many, Lang::Fr).expect("words"),
        "3 classes seront prévenues tout de suite. \
         2 classes seront prévenues le mar. 24 nov., 23:30 (Paris), après les heures calmes. \
         1 classe sera prévenue le mer. 25 nov., 07:00 (Paris), après les heures calmes. \
         3 autres le seront au plus tard le mer. 25 nov., 08:00 (Paris)."
    );
    assert_eq!(
        said(&many[..4], Lang::En).expect("words"),
        "3 classes will be told at once. \
         2 classes will be told on Tue 24 Nov, 23:30 (Paris), after the quiet hours. \
         1 class will be told on Wed 25 Nov, 07:00 (Paris), after the quiet hours. \
         1 other will be by Wed 25 Nov, 07:15 (Paris)."
    );
    let sundays = [some("23/11/2026", "07:00", Some(Wait::Sunday), 4)];
    let monday = "4 classes will be told on Mon 23 Nov, 07:00 (Paris): no notices on Sundays.";
    assert_eq!(said(&sundays, Lang::En).as_deref(), Some(monday));
}

/// A day of another school year is told by its year: a slip of the hand is seen before it is applied.
#[test]
fn a_day_of_another_school_year_has_its_year() {
    let day = |day: &str| row![day, "09:00", "10:00", "1A", "Maths", "Mme Roy", "B101"];
    let lessons = vec![head(), day("24/11/2026"), day("31/07/2027"), day("24/11/2027")];
    let read = read_all(&sheets(&[("EDT", lessons)]));
    let known = Known::default();
    let difference = workbook::difference(&known, &read, now(), Zone::default());
    let all = workbook::changes(&known, &difference, now(), Zone::default());
    let lines: Vec<String> =
        workbook::listed(&all).iter().map(|line| line.render(Lang::Fr).replace('\u{a0}', " ")).collect();
    for words in ["mar. 24 nov., 09:00–10:00", "sam. 31 juil., 09:00–10:00", "mer. 24 nov. 2027, 09:00–10:00"] {
        assert!(lines.iter().any(|line| line.contains(words)), "{words}: {lines:#?}");
    }
}
