//! A sheet, written and read back as a spreadsheet reads it.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};
use preau::kernel::time::Zone;
use preau::kernel::{At, Lang};
use preau::school::attendance::rules::Rule;
use preau::school::attendance::sheet::{SheetFacts, xlsx};
use preau::school::attendance::{Counts, Line, Mark, Source, Watched};
use preau::school::session::Mode;

fn line(last: &str, first: &str, mark: Mark, late: Option<i64>, minutes: Option<i64>) -> Line {
    Line {
        person_id: last.to_owned(),
        last_name: last.to_owned(),
        first_name: first.to_owned(),
        mark,
        late,
        early: None,
        minutes,
        source: Source::Call,
        told_apart: None,
    }
}

fn facts() -> SheetFacts {
    let start = At(1_795_525_200_000);
    let mut early = line("@Roy", "-Léa", Mark::Present, None, Some(90));
    early.early = Some(30);
    SheetFacts {
        school: "École Horizon".to_owned(),
        registration: "SIRET 123 456 789 00012".to_owned(),
        classroom: "BTS SIO 1A".to_owned(),
        subject: "=1+1".to_owned(),
        teacher: "M. Diallo".to_owned(),
        place: "https://visio.example/x".to_owned(),
        mode: Mode::Remote,
        start,
        end: start.plus_minutes(120),
        zone: Zone::default(),
        validated_by: "M. Diallo".to_owned(),
        validated_at: Some(start.plus_minutes(122)),
        revision: 2,
        corrected: Some(("Mme Adam".to_owned(), start.plus_minutes(180))),
        watched: Some(Watched {
            minutes: 110,
            lesson: 120,
            blind: 10,
            interval: Some(45),
            usable: true,
            rule: Rule {
                present_percent: 75,
                partial_percent: 50,
                late_minutes: 15,
                early_minutes: 10,
                blind_percent: 10,
            },
        }),
        lines: vec![
            line("=HYPERLINK(\"x\")", "+33", Mark::Present, None, Some(120)),
            line("Touré", "Karim", Mark::Present, Some(12), Some(108)),
            early,
            line("Blanc", "Noé", Mark::Absent, Some(7), Some(0)),
            line("Petit", "Paul\u{1}", Mark::Justified, None, None),
            line("Moreau", "Inès", Mark::Partial, Some(40), Some(80)),
            line("Adam", "Zoé", Mark::Open, None, None),
        ],
    }
}

fn read(facts: &SheetFacts, lang: Lang) -> (String, Range<Data>, usize) {
    let mut book = Xlsx::new(Cursor::new(xlsx(facts, lang).unwrap())).unwrap();
    let name = book.sheet_names()[0].clone();
    let formulas = book.worksheet_formula(&name).unwrap().used_cells().count();
    (name.clone(), book.worksheet_range(&name).unwrap(), formulas)
}

fn row(range: &Range<Data>, row: usize) -> Vec<String> {
    range.rows().nth(row).unwrap().iter().map(ToString::to_string).collect()
}

#[test]
fn the_head_says_what_a_sheet_must_show() {
    let (name, range, _) = read(&facts(), Lang::Fr);
    assert_eq!((name.as_str(), range.start()), ("Présence", Some((0, 0))));
    assert_eq!(
        row(&range, 0)[..6],
        ["Feuille de présence", "", "", "", "SIRET, n° d’activité", "SIRET 123 456 789 00012"]
    );
    assert_eq!(row(&range, 1), ["Établissement", "École Horizon", "", "", "Classe", "BTS SIO 1A", "", ""]);
    assert_eq!(row(&range, 2), ["Matière", "'=1+1", "", "", "Enseignant", "M. Diallo", "", ""]);
    let hours = "14:00–16:00 (Paris)";
    assert_eq!(row(&range, 3), ["Date", "mardi 24 novembre 2026", "", "", "Horaires", hours, "", ""]);
    assert_eq!(row(&range, 4)[4..6], ["Lieu ou lien", "https://visio.example/x"]);
    assert_eq!(
        row(&range, 5),
        ["Nom", "Prénom", "État", "Retard (min)", "Départ avant la fin (min)", "Minutes vues", "Source", "Signature"]
    );
}

#[test]
fn each_line_has_its_word_and_no_cell_is_a_formula() {
    let (_, range, formulas) = read(&facts(), Lang::Fr);
    assert_eq!(formulas, 0);
    assert_eq!(row(&range, 6), ["'=HYPERLINK(\"x\")", "'+33", "présent", "", "", "120", "appel vidéo", ""]);
    assert_eq!(row(&range, 7), ["Touré", "Karim", "retard 12 min", "12", "", "108", "appel vidéo", ""]);
    assert_eq!(row(&range, 8), ["'@Roy", "'-Léa", "présent", "", "30", "90", "appel vidéo", ""]);
    assert_eq!(row(&range, 9), ["Blanc", "Noé", "absent", "", "", "0", "appel vidéo", ""]);
    assert_eq!(row(&range, 10)[2], "justifié");
    // Undecided: neither late nor not.
    assert_eq!(row(&range, 11), ["Moreau", "Inès", "non pointé", "", "", "80", "appel vidéo", ""]);
    assert_eq!(row(&range, 12), ["Adam", "Zoé", "non pointé", "", "", "", "appel vidéo", ""]);
}

#[test]
fn the_counts_are_those_of_the_lines_and_the_revision_is_named() {
    let (_, range, _) = read(&facts(), Lang::Fr);
    let counts = Counts::of(&facts().lines);
    let expected =
        [counts.all, counts.present, counts.late, counts.partial, counts.absent, counts.justified, counts.open];
    let numbers: Vec<i64> = range.rows().nth(15).unwrap()[..7]
        .iter()
        .map(|cell| match cell {
            Data::Float(number) => format!("{number:.0}").parse().unwrap(),
            other => panic!("{other:?} is no number"),
        })
        .collect();
    assert_eq!(numbers, expected);
    assert_eq!(numbers, [7, 3, 1, 1, 1, 1, 1]);
    assert_eq!(row(&range, 17)[0], "Révision 2");
    assert_eq!(row(&range, 18)[0], "Validée par M. Diallo, mardi 24 novembre 2026, 16:02 (Paris)");
    assert_eq!(row(&range, 19)[0], "Corrigée par Mme Adam, mardi 24 novembre 2026, 17:00 (Paris)");
    assert_eq!(row(&range, 20)[0], "Signature de l’enseignant");
}

#[test]
fn under_the_table_stands_by_what_minutes_were_judged() {
    let said = |facts: &SheetFacts| -> Vec<String> {
        let (_, range, _) = read(facts, Lang::Fr);
        range.rows().skip(22).map(|row| row[0].to_string()).collect()
    };
    let call = facts();
    let rule = "Règle : présent si ≥ 75 % des minutes vues, partiel dès 50 %, retard au-delà de 15 min, départ au-delà de 10 min";
    let watched = "Appel vu 110 min sur 120 ; ouvert sans être vu : 10 min";
    assert_eq!(said(&call), [rule, watched, "Appel regardé toutes les 45 s"]);
    let dark = call.watched.map(|watched| Watched { usable: false, interval: None, ..watched });
    let dark = SheetFacts { watched: dark, ..call.clone() };
    assert_eq!(said(&dark), [rule, watched, "L’appel n’a pas été assez vu : rien n’a été proposé d’après lui"]);
    assert_eq!(said(&SheetFacts { watched: None, ..call }), Vec::<String>::new(), "on site nobody looked");
}

#[test]
fn english_and_an_empty_class() {
    let facts =
        SheetFacts { lines: Vec::new(), validated_at: None, corrected: None, registration: String::new(), ..facts() };
    let (name, range, _) = read(&facts, Lang::En);
    assert_eq!(name, "Attendance");
    assert_eq!(row(&range, 3)[1], "Tuesday 24 November 2026");
    assert_eq!(row(&range, 8)[..7], ["0", "0", "0", "0", "0", "0", "0"]);
    assert_eq!(row(&range, 0)[4], "");
    assert_eq!(row(&range, 11)[0], "Proposal, not approved");
}
