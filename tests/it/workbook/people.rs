//! *Personnes*: who is recognised, who never is merged, removed or raised.

use preau::kernel::Lang;
use preau::kernel::time::Zone;
use preau::school::roster::Role;
use preau::school::workbook::{self, Difference, Known, KnownClassroom, KnownPerson, Who, Workbook};

use super::files::{V, people, people_head, row, sheets};
use super::{day, faults, ids, now, read_all, warnings};

fn person(id: &str, last: &str, first: &str, email: &str) -> KnownPerson {
    KnownPerson {
        id: id.to_owned(),
        last_name: last.to_owned(),
        first_name: first.to_owned(),
        email: (!email.is_empty()).then(|| email.to_owned()),
        birth: Some(day("2009-03-12")),
        card: Some(format!("00{id}")),
        role: Role::Student,
        lang: None,
        classes: vec!["c1".to_owned()],
        active: true,
    }
}

fn known(people: Vec<KnownPerson>) -> Known {
    let classrooms = vec![KnownClassroom { id: "c1".to_owned(), name: "1A".to_owned() }];
    Known { lessons: vec![], classrooms, people }
}

fn compare(known: &Known, rows: Vec<Vec<V>>) -> (Workbook, Difference) {
    let book = read_all(&people(rows));
    let difference = workbook::difference(known, &book, now(), Zone::default());
    (book, difference)
}

fn reasons(difference: &Difference) -> Vec<String> {
    difference.faults.iter().map(|f| f.reason.render(Lang::Fr)).collect()
}

#[test]
fn lines_that_cannot_be_taken() {
    for (cells, expected) in [
        (row!["Moreau", "Inès", "", "", "", "1A"], "Personnes 2 : on ne sait pas de qui il s'agit"),
        (row!["Moreau", "", "", "12/03/2009"], "on ne sait pas de qui"),
        (row!["Moreau", "Inès", "ines(at)ecole", "", "", "1A"], "Personnes 2 E-mail: « ines(at)ecole » n'est pas"),
        (row!["Moreau", "Inès", "a@b.fr", "31/11/2009"], "« 31/11/2009 » n'existe pas"),
        (row!["Moreau", "Inès", "a@b.fr", "12/03/2109"], "ne peut pas être une naissance"),
        (row!["Moreau", "Inès", "a@b.fr", "", "roi"], "« roi » n'est pas un rôle"),
        (row!["Moreau", "Inès", "a@b.fr", "", "Admin"], "preau invite"),
        (row!["Moreau", "Inès", "a@b.fr", "", "", "", "", "", "vacances"], "« vacances » n'est pas un statut"),
    ] {
        let book = read_all(&people(vec![cells]));
        assert!(book.people.is_empty());
        assert!(faults(&book).join("|").contains(expected), "{expected} — {:?}", faults(&book));
    }
}

#[test]
fn births_cards_and_languages_as_written() {
    let book = read_all(&people(vec![
        vec![
            "Moreau".into(),
            "Inès".into(),
            V::None,
            V::Date(2009, 3, 12),
            "".into(),
            "1A, 1B".into(),
            "Anglais".into(),
            V::from(4217.0),
        ],
        row!["Petit", "Jean", "J.PETIT@ecole.fr ", "05/06/68", "Professeur", "", "espagnol", "", "actif"],
    ]));
    assert!(book.faults.is_empty(), "{:?}", faults(&book));
    let ines = &book.people[0];
    assert_eq!((ines.card.as_deref(), ines.lang, ines.birth), (Some("4217"), Some(Lang::En), Some(day("2009-03-12"))));
    assert_eq!(ines.classes.as_deref().unwrap().len(), 2);
    let petit = &book.people[1];
    assert_eq!((petit.birth, petit.role, petit.active), (Some(day("1968-06-05")), Some(Role::Teacher), Some(true)));
    assert_eq!(petit.email.as_deref(), Some("j.petit@ecole.fr"));
    assert_eq!(warnings(&book.warnings).len(), 1);
}

#[test]
fn recognised_by_mail_else_card_else_name_and_birth() {
    let known = known(vec![person("1", "Moreau", "Inès", "ines@ecole.fr"), person("2", "Roy", "Paul", "")]);
    let (_, by_mail) = compare(&known, vec![row!["Moreau-Petit", "Inès", "INES@ecole.fr"]]);
    assert_eq!(by_mail.people.changed[0].id, "1");
    assert_eq!(by_mail.people.changed[0].after.last_name, "Moreau-Petit");
    let (_, by_card) = compare(&known, vec![row!["Roy", "Paul", "paul@ecole.fr", "", "", "", "", "2"]]);
    assert_eq!(by_card.people.changed[0].after.email.as_deref(), Some("paul@ecole.fr"));
    assert_eq!(by_card.people.changed[0].after.card.as_deref(), Some("002"));
    let (_, by_birth) = compare(&known, vec![row!["ROY", "paul", "", "12/03/2009", "", "1A"]]);
    assert_eq!(by_birth.people.changed[0].id, "2");
    let (_, same) = compare(&known, vec![row!["Moreau", "Inès", "ines@ecole.fr", "", "", "1a"]]);
    assert!(same.is_empty());
    assert_eq!(same.people.unchanged, 1);
}

#[test]
fn two_matches_are_never_merged() {
    let known = known(vec![person("1", "Moreau", "Inès", "ines@ecole.fr"), person("2", "Roy", "Paul", "")]);
    let (_, difference) = compare(&known, vec![row!["Moreau", "Inès", "ines@ecole.fr", "", "", "", "", "2"]]);
    assert!(difference.is_empty());
    assert!(reasons(&difference)[0].contains("deux personnes différentes"));
    // A sister with the family's address.
    let (_, sister) = compare(&known, vec![row!["Moreau", "Léa", "ines@ecole.fr", "01/02/2011"]]);
    assert!(sister.is_empty());
    assert!(reasons(&sister)[0].contains("est à Inès Moreau"));
    // Homonyms born the same day.
    let mut twins = known.clone();
    twins.people.push(KnownPerson { email: None, card: None, ..person("3", "Roy", "Paul", "") });
    let (_, two) = compare(&twins, vec![row!["Roy", "Paul", "", "12/03/2009"]]);
    assert!(two.is_empty() && two.faults.len() == 1);
}

#[test]
fn two_lines_for_one_person() {
    let known = known(vec![person("1", "Moreau", "Inès", "ines@ecole.fr")]);
    let (book, _) = compare(
        &known,
        vec![
            row!["Moreau", "Inès", "ines@ecole.fr", "", "", "1A"],
            row!["Moreau", "Inès", "ines@ecole.fr", "", "", "1B"],
        ],
    );
    assert_eq!(book.faults.len(), 2);
    assert!(book.people.is_empty());
    let (book, _) = compare(&known, vec![row!["A", "B", "a@b.fr"], row!["A", "B", "a@b.fr"]]);
    assert_eq!((book.people.len(), book.warnings.len()), (1, 1));
    // By different keys: only what is known shows it.
    let (book, difference) =
        compare(&known, vec![row!["Moreau", "Inès", "ines@ecole.fr"], row!["Moreau", "Inès", "", "", "", "", "", "1"]]);
    assert_eq!(book.faults.len(), 0);
    assert_eq!(difference.faults.len(), 2);
    assert!(difference.is_empty());
}

#[test]
fn nobody_is_removed_for_being_missing_and_parti_says_so() {
    let known = known((1..=4).map(|n| person(&n.to_string(), &format!("N{n}"), "P", &format!("n{n}@e.fr"))).collect());
    let (_, difference) = compare(&known, vec![row!["N1", "P", "n1@e.fr", "", "", "", "", "", "parti"]]);
    assert_eq!(difference.people.left.len(), 1);
    assert!(difference.people.changed.is_empty() && difference.removed.is_empty());
    assert_eq!(workbook::roster_removals(&difference)["c1"].len(), 1);
    let after = workbook::apply(&known, &difference, ids());
    assert_eq!(after.people.iter().filter(|p| p.active).count(), 3);
    let (_, again) = compare(&after, vec![row!["N1", "P", "n1@e.fr", "", "", "", "", "", "parti"]]);
    assert!(again.is_empty());
    // Without a word in Statut they stay gone; « actif » takes them back.
    let (_, silent) = compare(&after, vec![row!["N1", "P", "n1@e.fr"]]);
    assert!(silent.is_empty() && silent.warnings.len() == 1);
    let (_, back) = compare(&after, vec![row!["N1", "P", "n1@e.fr", "", "", "", "", "", "actif"]]);
    assert!(back.people.changed[0].after.active);
}

#[test]
fn rights_are_listed_by_name_and_held() {
    let known = known(vec![person("1", "Moreau", "Inès", "ines@ecole.fr")]);
    let rows = || {
        vec![
            row!["Diallo", "Mamadou", "d@e.fr", "", "enseignant"],
            row!["Moreau", "Inès", "ines@ecole.fr", "", "responsable"],
        ]
    };
    let (_, difference) = compare(&known, rows());
    let rights: Vec<_> = difference.rights.iter().map(|r| (r.name.as_str(), r.from, r.to)).collect();
    assert_eq!(
        rights,
        [("Mamadou Diallo", Role::Student, Role::Teacher), ("Inès Moreau", Role::Student, Role::Manager)]
    );
    assert_eq!(difference.rights[0].who, Who::New(0));
    let held = difference.without_rights(&known);
    assert!(held.rights.is_empty() && held.people.changed.is_empty());
    assert_eq!(held.people.added[0].person.role, Role::Student);
    assert_ne!(held.fingerprint().unwrap(), difference.fingerprint().unwrap());
    let after = workbook::apply(&known, &held, ids());
    assert!(after.people.iter().all(|p| p.role == Role::Student));
    // Asked again next time, and nothing once given.
    assert_eq!(compare(&after, rows()).1.rights.len(), 2);
    let given = workbook::apply(&known, &difference, ids());
    assert!(compare(&given, rows()).1.is_empty());
}

#[test]
fn admins_are_out_of_reach() {
    let admin = KnownPerson { role: Role::Admin, ..person("1", "Laurent", "Anne", "anne@e.fr") };
    let known = known(vec![admin]);
    let (_, lowered) = compare(&known, vec![row!["Laurent", "Anne", "anne@e.fr", "", "étudiant"]]);
    assert!(lowered.is_empty() && lowered.rights.is_empty() && lowered.warnings.len() == 1);
    let (_, sent) = compare(&known, vec![row!["Laurent", "Anne", "anne@e.fr", "", "", "", "", "", "parti"]]);
    assert!(sent.is_empty() && sent.warnings.len() == 1);
}

#[test]
fn a_person_sheet_in_english_beside_a_timetable() {
    let rows = vec![
        row!["First name", "Last name", "E-mail", "Role", "Class(es)", "Status"],
        row!["Mamadou", "Diallo", "d@e.fr", "Teacher", "", "active"],
    ];
    let lesson = vec![super::files::head(), row!["24/11/2026", "08:30", "10:30", "1A", "Maths", "M. Diallo"]];
    let book = read_all(&sheets(&[("People", rows), ("EDT", lesson), ("Vide", vec![people_head()])]));
    let difference = workbook::difference(&Known::default(), &book, now(), Zone::default());
    assert_eq!(difference.added[0].lesson.teacher, Some(Who::New(0)));
    assert!(difference.warnings.is_empty());
    let after = workbook::apply(&Known::default(), &difference, ids());
    assert_eq!(after.lessons[0].teacher_id.as_ref(), Some(&after.people[0].id));
    assert!(workbook::difference(&after, &book, now(), Zone::default()).is_empty());
}
