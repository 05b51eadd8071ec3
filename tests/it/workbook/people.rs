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
        (row!["Moreau", "Inès", "", "", "", "1A"], "Personnes 2 Nom: on ne sait pas de qui il s’agit"),
        (row!["Moreau", "", "", "12/03/2009"], "on ne sait pas de qui"),
        (row!["Moreau", "Inès", "ines(at)ecole", "", "", "1A"], "Personnes 2 E-mail: « ines(at)ecole » n’est pas"),
        (row!["Moreau", "Inès", "a@b.fr", "31/11/2009"], "« 31/11/2009 » n’existe pas"),
        (row!["Moreau", "Inès", "a@b.fr", "12/03/2109"], "ne peut pas être une naissance"),
        (row!["Moreau", "Inès", "a@b.fr", "", "roi"], "« roi » n’est pas un rôle"),
        (row!["Moreau", "Inès", "a@b.fr", "", "", "", "", "", "vacances"], "« vacances » n’est pas un statut"),
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

/// Lines that share an e-mail or a card with somebody and are not taken for them.
#[test]
fn another_person_is_never_taken_for_the_one_who_is_known() {
    let martin = KnownPerson {
        birth: Some(day("2008-03-12")),
        card: Some("0042".to_owned()),
        ..person("1", "Martin", "Lucas", "lucas@e.fr")
    };
    let ines = KnownPerson { birth: None, card: None, ..person("2", "Moreau", "Inès", "famille@e.fr") };
    let unborn = KnownPerson { birth: None, card: Some("77".to_owned()), ..person("3", "Roy", "Jules", "") };
    let known = known(vec![martin, ines, unborn]);
    for (line, whose) in [
        // A card given again: the same first name is no proof.
        (row!["Petit", "Lucas", "", "05/06/2009", "", "1B", "", "42"], "Lucas Martin"),
        (row!["Petit", "Jules", "", "05/06/2009", "", "", "", "77"], "Jules Roy"),
        (row!["Petit", "Jules", "jules@e.fr", "", "", "", "", "77"], "Jules Roy"),
        // A family's address: a brother whose birth says it, or nobody knows his or hers.
        (row!["Moreau", "Paul", "famille@e.fr"], "Inès Moreau"),
        (row!["Moreau", "Paul", "famille@e.fr", "01/02/2011"], "Inès Moreau"),
        (row!["", "Paul", "famille@e.fr"], "Inès Moreau"),
        (row!["Martin", "Lukas", "lucas@e.fr", "01/02/2011"], "Lucas Martin"),
        (row!["Petit", "Lucas", "lucas@e.fr", "01/02/2011"], "Lucas Martin"),
        (row!["Lucas", "Martin", "lucas@e.fr", "01/02/2011"], "Lucas Martin"),
        // Twins.
        (row!["Martin", "Théo", "lucas@e.fr", "12/03/2008"], "Lucas Martin"),
    ] {
        let (_, difference) = compare(&known, vec![line]);
        assert!(difference.is_empty(), "{whose}: {difference:#?}");
        assert_eq!(reasons(&difference).len(), 1, "{whose}");
        assert!(reasons(&difference)[0].contains(&format!("est à {whose}")), "{:?}", reasons(&difference));
    }
}

#[test]
fn a_name_that_changes_is_said_by_name() {
    let known = known(vec![person("1", "Moreau", "Inès", "ines@ecole.fr"), person("2", "Martin", "Mathieu", "")]);
    for (line, said) in [
        // Married; a letter put right while the birth agrees; first and last name exchanged; card and e-mail agree.
        (row!["Petit", "Inès", "ines@ecole.fr"], "Inès Moreau devient Inès Petit"),
        (row!["Petit", "Inès", "", "12/03/2009", "", "", "", "1"], "Inès Moreau devient Inès Petit"),
        (row!["Moreau-Petit", "Inès", "", "", "", "", "", "1"], "Inès Moreau devient Inès Moreau-Petit"),
        (row!["Martin", "Matthieu", "", "12/03/2009", "", "", "", "2"], "Mathieu Martin devient Matthieu Martin"),
        (row!["Inès", "Moreau", "ines@ecole.fr"], "Inès Moreau devient Moreau Inès"),
        (row!["Moreau", "Agnès", "ines@ecole.fr", "", "", "", "", "1"], "Inès Moreau devient Agnès Moreau"),
    ] {
        let (_, difference) = compare(&known, vec![line]);
        assert_eq!((difference.people.changed.len(), difference.faults.len()), (1, 0), "{said}");
        assert!(warnings(&difference.warnings)[0].contains(said), "{said} — {:?}", warnings(&difference.warnings));
    }
    // Written otherwise, the same name: nothing to say.
    let (_, same) = compare(&known, vec![row!["MOREAU", "Ines", "ines@ecole.fr"]]);
    assert!(same.warnings.is_empty());
}

/// A first name put right, where address and last name agree and nothing contradicts.
#[test]
fn a_first_name_is_corrected() {
    let jean = KnownPerson { birth: None, ..person("1", "Martin", "Jean", "jean@e.fr") };
    let lea = KnownPerson { birth: None, card: None, ..person("2", "Petit", "Léa", "lea@e.fr") };
    let known = known(vec![jean, lea, person("3", "Roy", "Mathieu", "m@e.fr")]);
    for (line, said) in [
        (row!["Martin", "Jean-Baptiste", "jean@e.fr"], Some("Jean Martin devient Jean-Baptiste Martin")),
        (
            row!["Petit", "Léa Marie", "lea@e.fr", "01/02/2011", "", "", "", "77"],
            Some("Léa Petit devient Léa Marie Petit"),
        ),
        (row!["ROY", "Matthieu", "m@e.fr"], Some("Mathieu Roy devient Matthieu ROY")),
        (row!["Roy", "Matthieu", "m@e.fr", "12/03/2009", "", "", "", "3"], Some("Mathieu Roy devient Matthieu Roy")),
        // Something contradicts, or too little agrees.
        (row!["Roy", "Matthieu", "m@e.fr", "13/03/2009"], None),
        (row!["Martin", "Jean-Baptiste", "jean@e.fr", "", "", "", "", "999"], None),
        (row!["", "Jean-Baptiste", "jean@e.fr"], None),
        (row!["Martin", "Jean-Baptiste", "", "", "", "", "", "1"], None),
        (row!["Martin", "Jeanne", "jean@e.fr"], None),
        (row!["Roy", "Mathieue", "m@e.fr"], None),
        (row!["Petit", "Lea", "lea@e.fr"], Some("")),
        (row!["Petit", "Léo", "lea@e.fr"], None),
    ] {
        let (_, difference) = compare(&known, vec![line.clone()]);
        if let Some(said) = said {
            assert!(difference.faults.is_empty(), "{line:?}: {:?}", reasons(&difference));
            assert!(warnings(&difference.warnings).join("").starts_with(said), "{:?}", warnings(&difference.warnings));
        } else {
            assert!(difference.is_empty(), "{line:?}");
            assert!(reasons(&difference)[0].contains("cet e-mail ou cette carte est à"), "{line:?}");
        }
    }
}

/// Whoever does what a refusal says is not refused again.
#[test]
fn what_the_refusal_of_another_person_says_works() {
    let ines = KnownPerson { birth: None, ..person("1", "Moreau", "Inès", "ines@e.fr") };
    let known = known(vec![ines]);
    let (_, refused) = compare(&known, vec![row!["Moreau", "Agnès", "ines@e.fr"]]);
    assert_eq!(
        reasons(&refused),
        ["cet e-mail ou cette carte est à Inès Moreau. Si c’est quelqu’un d’autre, donnez le sien ou laissez la case \
          vide. Si c’est bien Inès Moreau, écrivez son nom ainsi ; pour changer de prénom, il faut sur la ligne l’e-mail \
          et la carte que l’école connaît déjà."]
    );
    for (line, added, changed) in [
        (row!["Moreau", "Agnès", "agnes@e.fr"], 1, 0),
        (row!["Moreau", "Agnès", "", "01/02/2011"], 1, 0),
        (row!["Moreau", "Inès", "ines@e.fr", "01/02/2011"], 0, 1),
        (row!["Moreau", "Agnès", "ines@e.fr", "", "", "", "", "1"], 0, 1),
    ] {
        let (_, followed) = compare(&known, vec![line.clone()]);
        assert!(followed.faults.is_empty(), "{line:?}: {:?}", reasons(&followed));
        assert_eq!((followed.people.added.len(), followed.people.changed.len()), (added, changed), "{line:?}");
    }
}

/// A faulty line says in which column, as the file writes it; and they come in the order of the file.
#[test]
fn every_faulty_line_of_people_names_its_column() {
    let known = known(vec![person("1", "Moreau", "Inès", "ines@e.fr"), person("2", "Roy", "Paul", "paul@e.fr")]);
    let rows = vec![
        row!["Nom", "Prénom", "Courriel", "Naissance", "Fonction", "Classe", "Badge"],
        row!["Moreau", "Agnès", "ines@e.fr"],
        row!["Blanc", "", ""],
        row!["Petit", "Lou", "lou@e.fr", "31/02/2009"],
        row!["Moreau", "Jules", "", "01/02/2011", "", "", "1"],
        row!["Moreau", "Inès", "ines@e.fr", "", "", "", "2"],
        row!["", "Noé", "noe@e.fr"],
        row!["Roy", "Paul", "paul@e.fr"],
        row!["Roy", "Paul", "", "12/03/2009"],
        row!["Noir", "Luc", "luc@e.fr", "", "", "1A"],
        row!["Noir", "Luc", "luc@e.fr", "", "", "1B"],
        row!["Gris", "A", "", "", "", "1A", "88"],
        row!["Gris", "B", "", "", "", "1B", "88"],
        row!["Vert", "Ada", "ada@e.fr", "", "admin"],
    ];
    let book = read_all(&sheets(&[("Personnes", rows)]));
    let difference = workbook::difference(&known, &book, now(), Zone::default());
    let said: Vec<_> = workbook::faults(&book, &difference).iter().map(|f| (f.row, f.column.clone())).collect();
    let expected = [
        (2, "Courriel"),
        (3, "Nom"),
        (4, "Naissance"),
        (5, "Badge"),
        (6, "Courriel"),
        (7, "Nom"),
        (8, "Courriel"),
        (9, "Nom"),
        (10, "Courriel"),
        (11, "Courriel"),
        (12, "Badge"),
        (13, "Badge"),
        (14, "Fonction"),
    ];
    assert_eq!(said, expected.map(|(row, column)| (row, column.to_owned())));
}

#[test]
fn somebody_of_the_same_name_is_said() {
    let known = known(vec![person("1", "Moreau", "Inès", "")]);
    let (_, twice) = compare(&known, vec![row!["Moreau", "Ines", "ines@ecole.fr"]]);
    assert_eq!(twice.people.added.len(), 1);
    assert!(warnings(&twice.warnings)[0].contains("Inès Moreau existe déjà"), "{:?}", warnings(&twice.warnings));
    // Within a file too, by what else they have.
    let lines = || vec![row!["Petit", "Léa", "lea@e.fr"], row!["PETIT", "Lea", "", "01/01/2010"]];
    let (_, two) = compare(&known, lines());
    assert_eq!(two.people.added.len(), 2);
    assert_eq!(warnings(&two.warnings).len(), 1);
    assert!(warnings(&two.warnings)[0].starts_with("Lea PETIT est déjà en ligne 2"), "{:?}", warnings(&two.warnings));
    // Another birth: another person, and nothing to say.
    let (_, other) = compare(&known, vec![row!["Moreau", "Ines", "ines@ecole.fr", "01/01/2010"]]);
    assert!(other.people.added.len() == 1 && other.warnings.is_empty());
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
    assert!(held.is_empty() && held.rights.is_empty());
    assert_ne!(held.fingerprint().unwrap(), difference.fingerprint().unwrap());
    let after = workbook::apply(&known, &held, ids());
    assert_eq!(after, known);
    // Asked again next time, and nothing once given.
    assert_eq!(compare(&after, rows()).1.rights.len(), 2);
    let given = workbook::apply(&known, &difference, ids());
    assert!(compare(&given, rows()).1.is_empty());
}

/// A teacher or supervisor whose role was not given is no student meanwhile: on no roll, in no count.
#[test]
fn a_role_that_waits_makes_nobody_a_student() {
    let student = person("1", "Moreau", "Inès", "ines@ecole.fr");
    let gone = KnownPerson { role: Role::Teacher, active: false, ..person("2", "Roy", "Anne", "roy@e.fr") };
    let known = known(vec![KnownPerson { birth: None, ..student }, gone]);
    let lesson = || {
        vec![
            super::files::head(),
            row!["24/11/2026", "08:30", "10:30", "1A", "Maths", "M. Diallo"],
            row!["25/11/2026", "08:30", "10:30", "1A", "Droit", "Inès Moreau"],
        ]
    };
    let persons = || {
        vec![
            people_head(),
            row!["Petit", "Noé", "noe@e.fr", "", "", "1A"],
            row!["Diallo", "Mamadou", "d@e.fr", "", "enseignant", "1A, 2B"],
            row!["Blanc", "Léa", "lea@e.fr", "", "étudiante", "1A"],
            row!["Moreau", "Inès", "ines@ecole.fr", "12/03/2009", "enseignante", "1A, 3C"],
            row!["Roy", "Anne", "roy@e.fr", "", "superviseur", "1A", "", "", "actif"],
        ]
    };
    let book = read_all(&sheets(&[("Personnes", persons()), ("EDT", lesson())]));
    let difference = |known: &Known| workbook::difference(known, &book, now(), Zone::default());
    let first = difference(&known);
    assert_eq!(first.rights.len(), 3);
    let after = workbook::apply(&known, &first.without_rights(&known), ids());
    let students = |known: &Known| {
        let on_roll = known.people.iter().filter(|p| p.active && p.role == Role::Student && !p.classes.is_empty());
        on_roll.map(|p| (p.first_name.clone(), p.classes.len())).collect::<Vec<_>>()
    };
    assert_eq!(students(&after), [("Inès".to_owned(), 1), ("Noé".to_owned(), 1), ("Léa".to_owned(), 1)]);
    assert_eq!(after.people.len(), 4, "Diallo is not there yet");
    assert!(!after.people[1].active, "Roy is still gone");
    assert_eq!(after.people[0].birth, Some(day("2009-03-12")), "the rest of the line is taken");
    let names: Vec<&str> = after.classrooms.iter().map(|class| class.name.as_str()).collect();
    assert_eq!(names, ["1A"], "classes of those who wait wait too");
    assert!(after.lessons.iter().all(|lesson| lesson.teacher_id.is_none() && !lesson.teacher_name.is_empty()));

    // Nothing left to apply but the rights; once they are given, all is as if they had been at once.
    let second = difference(&after);
    assert!(second.without_rights(&after).is_empty());
    let rights = second.only_rights(&after);
    assert_eq!(
        (rights.rights.len(), rights.people.added.len(), rights.people.changed.len(), rights.changed.len()),
        (3, 1, 2, 2)
    );
    let given = workbook::apply(&after, &rights, {
        let mut next = ids();
        move || format!("late-{}", next())
    });
    assert!(difference(&given).is_empty() && difference(&given).rights.is_empty());
    let diallo = given.people.iter().find(|p| p.last_name == "Diallo").unwrap();
    assert_eq!((diallo.role, diallo.classes.len()), (Role::Teacher, 2));
    assert_eq!(given.lessons[0].teacher_id.as_deref(), Some(diallo.id.as_str()));
    assert_eq!(given.lessons[1].teacher_id.as_deref(), Some("1"));
    let roy = given.people.iter().find(|p| p.last_name == "Roy").unwrap();
    assert_eq!((roy.role, roy.active), (Role::Supervisor, true));
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
fn an_admins_own_line_is_taken() {
    let admin = KnownPerson { role: Role::Admin, ..person("1", "Laurent", "Anne", "anne@e.fr") };
    let known = known(vec![admin, person("2", "Roy", "Paul", "paul@e.fr")]);
    let (book, difference) =
        compare(&known, vec![row!["Laurent", "Anne", "anne2@e.fr", "12/03/2009", "admin", "1A, 1B"]]);
    assert!(book.faults.is_empty() && difference.faults.is_empty() && difference.rights.is_empty());
    assert!(difference.warnings.is_empty(), "{:?}", warnings(&difference.warnings));
    let after = &difference.people.changed[0].after;
    assert_eq!((after.email.as_deref(), after.role, after.classes.len()), (Some("anne2@e.fr"), Role::Admin, 2));
    let again = workbook::difference(&workbook::apply(&known, &difference, ids()), &book, now(), Zone::default());
    assert!(again.is_empty() && again.warnings.is_empty());
    // Nobody else becomes one: known, new, or gone.
    let mut gone = known.clone();
    gone.people[0].active = false;
    for (known, line) in [
        (&known, row!["Roy", "Paul", "paul@e.fr", "", "admin"]),
        (&known, row!["Neuf", "Léa", "lea@e.fr", "", "Administratrice"]),
        (&gone, row!["Laurent", "Anne", "anne@e.fr", "", "admin", "", "", "", "actif"]),
        (&gone, row!["Laurent", "Anne", "anne@e.fr", "", "", "", "", "", "actif"]),
    ] {
        let (_, difference) = compare(known, vec![line]);
        assert!(difference.is_empty() && difference.rights.is_empty(), "{difference:#?}");
        assert_eq!(difference.faults[0].column, "Rôle");
        assert!(reasons(&difference)[0].contains("preau invite"));
    }
}

#[test]
fn a_role_that_is_taken_away_is_said_by_name() {
    let known = known(vec![KnownPerson { role: Role::Manager, ..person("1", "Roy", "Anne", "roy@e.fr") }]);
    let (_, lowered) = compare(&known, vec![row!["Roy", "Anne", "roy@e.fr", "", "étudiante"]]);
    assert_eq!(lowered.people.changed[0].after.role, Role::Student);
    assert_eq!(warnings(&lowered.warnings), ["Anne Roy (responsable) perd ce rôle et devient étudiant."]);
}

/// The admin who was made by a link has a name and nothing else: no proof that a line means them.
#[test]
fn nobody_joins_an_admin_by_a_name_alone() {
    let bare = KnownPerson {
        email: None,
        birth: None,
        card: None,
        classes: vec![],
        role: Role::Admin,
        ..person("1", "Dupont", "Claire", "")
    };
    let known = known(vec![bare]);
    let (_, second) = compare(&known, vec![row!["DUPONT", "Claire", "c@e.fr", "", "responsable"]]);
    assert_eq!((second.people.added.len(), second.rights.len()), (1, 1));
    let said = &warnings(&second.warnings)[0];
    assert!(said.contains("Claire Dupont est déjà admin") && said.contains("enlevez cette ligne"), "{said}");
    for line in [
        row!["DUPONT", "Claire", "c@e.fr", "", "admin"],
        row!["Dupont", "Claire", "", "", "admin", "", "", "4242"],
        row!["Dupont", "Claire", "", "12/03/1980", "admin"],
    ] {
        let (_, joined) = compare(&known, vec![line]);
        assert!(joined.is_empty() && joined.rights.is_empty(), "{joined:#?}");
        assert!(reasons(&joined)[0].contains("preau invite"));
    }
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
    assert_eq!(after.lessons[0].teacher_id.as_deref(), Some(after.people[0].id.as_str()));
    assert!(workbook::difference(&after, &book, now(), Zone::default()).is_empty());
}
