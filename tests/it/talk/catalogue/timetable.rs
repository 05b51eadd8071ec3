//! The school's file: read, its mistakes, what would change, applied, undone, agreed to.

use preau::kernel::Lang;
use preau::school::roster::Role;

use super::super::timetable::book;
use super::tale::Tale;

const STAFF: [[&str; 7]; 5] = [
    ["Roy", "Élise", "e.roy@ecole.example", "01/02/1980", "enseignant", "", ""],
    ["Zola", "Zoé", "zoe@ecole.example", "12/03/2006", "", "BTS SIO 1B", ""],
    ["Neuf", "Max", "max@ecole.example", "12/03/2006", "", "BTS SIO 1A", ""],
    ["Jeune", "", "sans-prenom@ecole.example", "", "", "BTS SIO 1A", ""],
    ["Carte", "Léo", "pas une adresse", "", "chef", "BTS SIO 1A", "malade"],
];

const WEEK: [[&str; 7]; 14] = [
    ["25/11/2026", "08:30", "10:30", "BTS SIO 1A", "Réseaux", "M. Diallo", "B204"],
    ["31/11/2026", "08:30", "10:30", "BTS SIO 1A", "Algorithmique", "M. Diallo", "B204"],
    ["26/11/2026", "14:00", "12:00", "BTS SIO 1A", "Anglais", "Mme Roy", "A1"],
    ["26/11/2026", "14:00", "16:00", "BTS SIO 1A", "Droit", "Mme Durand", "A1"],
    ["26/11/2026", "15:00", "16:00", "BTS SIO 1A", "Maths", "M. Diallo", "A1"],
    ["bientôt", "15:00", "16:00", "BTS SIO 1A", "Maths", "", "A1"],
    ["", "15:00", "16:00", "BTS SIO 1A", "Maths", "", "A1"],
    ["27/11/2026", "huit", "16:00", "BTS SIO 1A", "Maths", "", "A1"],
    ["27/11/2026", "15:00", "", "BTS SIO 1A", "Maths", "", "A1"],
    ["27/11/2026", "15:00", "16:00", "", "Maths", "", "A1"],
    ["27/11/2026", "15:00", "16:00", "BTS SIO 1A", "", "", "A1"],
    ["20/11/2026", "15:00", "16:00", "BTS SIO 1A", "Histoire", "", "A1"],
    ["27/11/2096", "15:00", "16:00", "BTS SIO 1A", "Histoire", "", "A1"],
    ["27/11/2026", "10:00", "12:00", "BTS SIO IA", "Droit", "", "A1"],
];

async fn read(tale: &mut Tale) {
    tale.tell("Claire", ["/horaires", "/timetable"]).await;
    tale.tell("Claire", ["/modele", "/template"]).await;
    tale.send("Claire", "notes.xlsx", b"ceci n'est pas un classeur".to_vec()).await;
    tale.send("Claire", "vide.xlsx", book(&[], &[["1", "2", "3", "4", "5", "6", "7"]])).await;
    tale.send("Claire", "EDT_S48.xlsx", book(&STAFF, &WEEK)).await;
    tale.touch("Claire", "workbook-changes-key").await;
    tale.touch("Claire", "workbook-changes-back-key").await;
    tale.touch("Claire", "workbook-annotated-key").await;
    tale.touch("Claire", "workbook-apply-without-key").await;
    tale.touch("Claire", "workbook-give-rights-key").await;
    tale.touch("Claire", "workbook-undo-key").await;
    tale.send("Claire", "EDT_S48.xlsx", book(&STAFF[..3], &WEEK[..1])).await;
    tale.touch("Claire", "workbook-apply-key").await;
    tale.touch("Claire", "workbook-give-rights-key").await;
    tale.send("Claire", "EDT_S48.xlsx", book(&STAFF[..3], &WEEK[..1])).await;
    tale.touch("Claire", "workbook-abandon-key").await;
    tale.touch("Claire", "workbook-undo-key").await;
}

/// Rows that are wrong, as many to a file as a message names.
const WRONG: [[[&str; 7]; 5]; 2] = [
    [
        ["24/11/2127", "08:00", "10:00", "BTS SIO 1A", "Réseaux", "", "A1"],
        ["26/11/2026", "", "10:00", "BTS SIO 1A", "Réseaux", "", "A1"],
        ["26/11/2026", "08:00", "10:00", "#REF!", "Réseaux", "", "A1"],
        ["26/11/2026", "08:00", "midi", "BTS SIO 1A", "Réseaux", "", "A1"],
        ["26/11/2026", "08:00", "10:00", "BTS SIO 1A", "#NAME?", "", "A1"],
    ],
    [
        ["26/11/2026", "08:00", "10:00", "BTS SIO 1 A", "Réseaux", "", "A1"],
        ["26/11/2026", "08:00", "10:00", "BTS SIO 1A / BTS SIO 2B", "Anglais", "", "A1"],
        ["26/11/2026", "09:00", "11:00", "BTS SIO 1A", "Droit", "Diallo", "A1"],
        ["26/11/2026", "10:00", "12:00", "BTS SIO 2C", "Maths", "Diallo", "B2"],
        ["26/11/2026", "10:00", "12:00", "BTS SIO 2C", "Maths", "Diallo", "B2"],
    ],
];

const WRONG_PEOPLE: [[[&str; 7]; 5]; 3] = [
    [
        ["", "", "", "", "", "BTS SIO 1A", ""],
        ["Zola", "Zoé", "zoe(at)ecole", "12/03/2006", "", "BTS SIO 1A", ""],
        ["Neuf", "Max", "max@ecole.example", "12/03/1806", "", "BTS SIO 1A", ""],
        ["Carte", "Léo", "leo@ecole.example", "12/03/2006", "chef", "BTS SIO 1A", ""],
        ["Roux", "Anna", "anna@ecole.example", "12/03/1986", "admin", "", ""],
    ],
    [
        ["Roux", "Anna", "anna@ecole.example", "12/03/1986", "", "BTS SIO 1A", "malade"],
        ["", "", "inconnu@ecole.example", "", "", "BTS SIO 1A", ""],
        ["Zola", "Zoé", "zoe@ecole.example", "12/03/2006", "", "BTS SIO 1A", ""],
        ["Zola", "Zoé", "zoe@ecole.example", "12/03/2006", "", "BTS SIO 1A", ""],
        ["Zola", "Zoé", "zoe@ecole.example", "13/03/2006", "", "BTS SIO 1B", ""],
    ],
    [
        ["Moreau", "Inès", "", "12/03/2006", "", "BTS SIO 1A", ""],
        ["Blanc", "Noé", "", "12/03/2005", "", "BTS SIO 1B", ""],
        ["Diallo", "Mamadou", "", "12/03/2005", "étudiant", "", ""],
        ["Laurent", "Claire", "", "12/03/2005", "", "", "parti"],
        ["Simon", "Paul", "", "12/03/2005", "", "", "parti"],
    ],
];

async fn wrong(tale: &mut Tale) {
    for rows in WRONG {
        tale.send("Claire", "EDT.xlsx", book(&[], &rows)).await;
    }
    let [faulty, doubtful, known] = WRONG_PEOPLE;
    tale.send("Claire", "personnes.xlsx", book(&faulty, &[])).await;
    for rows in [doubtful, known] {
        tale.send("Claire", "personnes.xlsx", book(&rows, &[])).await;
        tale.touch("Claire", "workbook-changes-key").await;
        tale.touch("Claire", "workbook-changes-back-key").await;
    }
}

/// Many sessions go at once: it is asked whether that is meant.
async fn emptied(tale: &mut Tale) {
    let days: Vec<String> = (1..29).map(|day| format!("{day:02}/01/2027")).collect();
    let all: Vec<[&str; 7]> =
        days.iter().map(|day| [day.as_str(), "08:00", "10:00", "BTS SIO 1A", "Réseaux", "M. Diallo", "B204"]).collect();
    tale.send("Claire", "janvier.xlsx", book(&[], &all)).await;
    tale.touch("Claire", "workbook-apply-key").await;
    tale.wait("13:00").await;
    let ends = [all.first().copied(), all.last().copied()];
    let ends: Vec<[&str; 7]> = ends.into_iter().flatten().collect();
    tale.send("Claire", "janvier.xlsx", book(&[], &ends)).await;
    tale.touch("Claire", "workbook-apply-key").await;
    tale.touch("Claire", "workbook-confirm-key").await;
}

/// A week is planned, then changed: its class is told, and what was removed is confirmed.
async fn changed(tale: &mut Tale) {
    let line = |day: &'static str, from: &'static str, to: &'static str, subject: &'static str, room: &'static str| {
        [day, from, to, "BTS SIO 1A", subject, "M. Diallo", room]
    };
    let week = [
        line("25/11/2026", "08:30", "10:30", "Réseaux", "B204"),
        line("26/11/2026", "08:30", "10:30", "Anglais", "B204"),
        line("27/11/2026", "08:30", "10:30", "Droit", "B204"),
    ];
    tale.send("Claire", "EDT.xlsx", book(&[], &week)).await;
    tale.touch("Claire", "workbook-apply-key").await;
    tale.wait("12:00").await;
    let week = [
        line("25/11/2026", "10:30", "12:30", "Réseaux", "B204"),
        line("26/11/2026", "08:30", "10:30", "Anglais", "C3"),
        line("26/11/2026", "14:00", "16:00", "Maths", "C3"),
    ];
    tale.send("Claire", "EDT.xlsx", book(&[], &week)).await;
    tale.touch("Claire", "workbook-changes-key").await;
    tale.touch("Claire", "telegram-close-key").await;
    tale.touch("Claire", "workbook-apply-key").await;
    tale.wait("12:30").await;
    tale.tell("Inès", ["/semaine", "/week"]).await;
}

/// Many leave at once: two people decide.
async fn agreed(tale: &mut Tale) {
    let names: Vec<[String; 2]> = (10..40).map(|n| [format!("Nom{n}"), format!("Prénom{n}")]).collect();
    let people = |status: &'static str| -> Vec<[&str; 7]> {
        names.iter().map(|[last, first]| [last.as_str(), first, "", "12/03/2006", "", "BTS SIO 1A", status]).collect()
    };
    tale.send("Claire", "personnes.xlsx", book(&people(""), &[])).await;
    tale.touch("Claire", "workbook-apply-key").await;
    tale.join("Diane", "Roux", Role::Admin, &[]).await;
    tale.wait("14:00").await;
    for answer in ["approval-refuse", "approval-accept"] {
        tale.send("Claire", "personnes.xlsx", book(&people("parti"), &[])).await;
        tale.touch("Claire", "workbook-apply-key").await;
        tale.touch("Diane", answer).await;
    }
}

async fn told(lang: Lang) {
    let mut tale = Tale::grouped(lang, &[]).await;
    read(&mut tale).await;
    wrong(&mut tale).await;
    changed(&mut tale).await;
    emptied(&mut tale).await;
    agreed(&mut tale).await;
    tale.end("timetable").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_timetable_in_french() {
    told(Lang::Fr).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_timetable_in_english() {
    told(Lang::En).await;
}
