//! Timetables as schools really write them.

use preau::school::session::Mode;
use preau::school::workbook::{SheetKind, read};

use super::files::{V, biff, head, ods, ods_text, ole, put, row, sheets, timetable};
use super::{faults, read_all, sessions, warnings};

fn one(cells: Vec<V>) -> Vec<String> {
    let book = read_all(&timetable(vec![cells]));
    assert!(book.faults.is_empty(), "{:?}", faults(&book));
    sessions(&book)
}

const MATHS: &str = "1A 2026-11-24 08:30-10:30 Maths";

#[test]
fn hours_in_every_dress() {
    for (start, end) in [
        (V::from("08:30"), V::from("10:30")),
        (V::from("8h30"), V::from("10h30")),
        (V::from("8h 30"), V::from("10 h 30")),
        (V::from("08.30"), V::from("10:30:00")),
        (V::Time(8, 30), V::Time(10, 30)),
        (V::from(0.354_166_666_7), V::from(0.4375)),
        (V::from("0.354166666666667"), V::from("0,4375")),
        (V::Moment(2026, 11, 24, 8, 30), V::Moment(2026, 11, 24, 10, 30)),
        (V::from(46_350.354_166_7), V::from(46_350.437_5)),
        (V::Span(0.354_166_67), V::Span(0.4375)),
        (V::from("2026-11-24 08:30:00"), V::from("2026-11-24 10:30:00")),
        (V::from("8:30 AM"), V::from("10:30 am")),
        (V::from("0830"), V::from("1030")),
        (V::from(830.0), V::from(1030.0)),
        (V::from("08h30mn"), V::from("10 h 30 min")),
        (V::Formula("=TIME(8,30,0)", "0.3541666666"), V::from("10:30")),
    ] {
        let said = format!("{start:?}");
        assert_eq!(one(vec![V::Date(2026, 11, 24), start, end, "1A".into(), "Maths".into()]), [MATHS], "{said}");
    }
    assert_eq!(one(row!["24/11/2026", "20h 30", "22h", "1A", "Maths"]), ["1A 2026-11-24 20:30-22:00 Maths"]);
}

#[test]
fn floats_as_text_are_parts_of_a_day_and_never_minutes() {
    for (start, end, read) in [
        ("0.5", "0.75", "12:00-18:00"),
        ("0.25", "0,5", "06:00-12:00"),
        ("8.30", "14.05", "08:30-14:05"),
        ("00.30", "00:45", "00:30-00:45"),
    ] {
        assert_eq!(one(row!["24/11/2026", start, end, "1A", "M"]), [format!("1A 2026-11-24 {read} M")]);
    }
    for wrong in ["8.5", "14.3", "9.", "8.305", "8,5", "1.5", "0860", "2430", "30mn", "83"] {
        let book = read_all(&timetable(vec![row!["24/11/2026", wrong, "23:00", "1A", "M"]]));
        assert!(faults(&book)[0].contains(&format!("« {wrong} » n’est pas une heure")), "{:?}", faults(&book));
    }
}

/// Files of old Macs count days from 1904; hours are hours.
#[test]
fn days_that_are_counted_from_1904() {
    use std::io::Read as _;
    let days: f64 = 46_350.0 - 1462.0;
    let format = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0..).zip(["Date", "Début", "Fin", "Classe", "Matière"]) {
        sheet.write_string(0, column, heading).unwrap();
    }
    for line in [1, 2] {
        for (column, words) in [(1, "08:30"), (2, "10:30"), (3, "1A"), (4, "Maths")] {
            sheet.write_string(line, column, words).unwrap();
        }
    }
    sheet.write_number_with_format(1, 0, days, &format).unwrap();
    sheet.write_number_with_format(2, 0, days + 1.0, &format).unwrap();
    put(sheet, 2, 1, &V::Time(8, 30));
    let bytes = book.save_to_buffer().unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let name = file.name().unwrap().into_owned();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        if name == "xl/workbook.xml" {
            let words = String::from_utf8(content).unwrap();
            content = words.replacen("<workbookPr", "<workbookPr date1904=\"1\"", 1).into_bytes();
            assert!(content.windows(8).any(|some| some == b"date1904"));
        }
        parts.push((name, content));
    }
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    let read = read_all(&super::files::zipped(&parts));
    assert!(read.faults.is_empty(), "{:?}", faults(&read));
    assert_eq!(sessions(&read), [MATHS, "1A 2026-11-25 08:30-10:30 Maths"]);
    // … and in an .xls, where a record says so.
    let rows = vec![vec!["Début", "Fin", "Classe", "Matière", "Date"], vec!["8h30", "10h30", "1A", "Maths"]];
    let mut number = vec![1, 0, 4, 0, 0, 0];
    number.extend(days.to_le_bytes());
    let mut date = vec![0, 0, 14, 0];
    date.resize(20, 0);
    let old = ole("Workbook", &biff(&rows, &[(0x0203, number)], &[(0x0022, vec![1, 0]), (0x00E0, date)]));
    assert_eq!(sessions(&read_all(&old)), [MATHS]);
}

#[test]
fn days_in_every_dress() {
    for date in [
        V::from("24/11/2026"),
        V::from("24-11-26"),
        V::from("24.11.2026"),
        V::from("2026-11-24"),
        V::from("mardi 24/11/2026"),
        V::from("Mardi 24 novembre 2026"),
        V::from("24 nov. 2026"),
        V::from("Tuesday 24 November 2026"),
        V::from("2026-11-24 00:00:00"),
        V::Date(2026, 11, 24),
        V::Moment(2026, 11, 24, 13, 0),
        V::from(46_350.0),
    ] {
        let said = format!("{date:?}");
        assert_eq!(one(vec![date, "08:30".into(), "10:30".into(), "1A".into(), "Maths".into()]), [MATHS], "{said}");
    }
    assert_eq!(one(row!["1er décembre 2026", "08:30", "10:30", "1A", "M"]), ["1A 2026-12-01 08:30-10:30 M"]);
}

#[test]
fn lengths_instead_of_ends() {
    for length in [
        V::from("2h"),
        V::from("2h00"),
        V::from("120"),
        V::from(120.0),
        V::from("120 min"),
        V::from("120 mn"),
        V::from("2h00 min"),
        V::from(2.0),
        V::from("2"),
        V::Time(2, 0),
        V::from(2.0 / 24.0),
        V::Span(2.0 / 24.0),
    ] {
        let said = format!("{length:?}");
        let rows = vec![
            row!["Date", "Début", "Durée (min)", "Classe", "Matière"],
            vec!["24/11/2026".into(), "08:30".into(), length, "1A".into(), "Maths".into()],
        ];
        assert_eq!(sessions(&read_all(&sheets(&[("EDT", rows)]))), [MATHS], "{said}");
    }
}

#[test]
fn english_headings_in_another_order_below_titles() {
    let rows = vec![
        row!["École Horizon"],
        row!["", "Timetable of autumn 2026"],
        vec![],
        row!["SUBJECT", "Class ", "ROOM", "End time", "start TIME", "Date*", "Teacher", "Remarks"],
        row!["Maths", "1A", "B204", "10:30", "08:30", "24/11/2026", "Mr Diallo", "hello"],
    ];
    let book = read_all(&sheets(&[("Autumn", rows)]));
    assert_eq!(sessions(&book), [MATHS]);
    assert_eq!(book.lessons[0].place.row, 5);
    assert_eq!(book.lessons[0].room.as_deref(), Some("B204"));
    assert_eq!(book.sheets[0].header_row, 4);
    assert_eq!(book.sheets[0].lines, 1);
}

/// In any order, also where two columns are called alike: the one that is called as in our template is meant.
#[test]
fn of_two_columns_that_say_the_same_the_usual_name_counts_wherever_it_stands() {
    let ours = row!["Date", "Début", "Fin", "Classe", "Matière", "Enseignant", "Salle"];
    let line = row!["24/11/2026", "08:30", "10:30", "1A", "Maths", "Mme Roy", "B1"];
    for (other, counts) in [
        ("Groupe", "Classe"),
        ("Promotion", "Classe"),
        ("Cours", "Matière"),
        ("Module (code)", "Matière"),
        ("Lieu", "Salle"),
        ("Intervenant", "Enseignant"),
        ("Heure", "Début"),
        ("Enseiganttt", "Enseignant"),
    ] {
        for at in 0..=ours.len() {
            let (mut head, mut cells) = (ours.clone(), line.clone());
            head.insert(at, V::from(other));
            cells.insert(at, V::from("TP1"));
            let book = read_all(&sheets(&[("EDT", vec![head, cells])]));
            assert_eq!(sessions(&book), [MATHS], "{other} at {at}");
            let lesson = &book.lessons[0];
            assert_eq!((lesson.teacher.as_deref(), lesson.room.as_deref()), (Some("Mme Roy"), Some("B1")), "{other}");
            let said = warnings(&book.warnings);
            if other == "Enseiganttt" {
                assert!(said.is_empty(), "too far from ours: {said:?}");
                continue;
            }
            let words =
                format!("la colonne « {other} » n’est pas lue : « {counts} » dit la même chose et compte seule.");
            assert_eq!(said, [words], "{at}");
        }
    }
    let people = |head: Vec<V>, cells: Vec<V>| read_all(&sheets(&[("Personnes", vec![head, cells])]));
    let book =
        people(row!["Groupe", "Nom", "Prénom", "Classe(s)", "Badge", "Carte"], row!["TP1", "A", "B", "1A", "9", "7"]);
    assert_eq!(book.people[0].classes.as_deref(), Some(&["1A".to_owned()][..]));
    assert_eq!(book.people[0].card.as_deref(), Some("7"));
}

/// What is to be corrected is named by the column that counts.
#[test]
fn a_fault_names_the_column_that_counts() {
    let head = row!["Groupe", "Date", "Début", "Fin", "Classe", "Matière", "Référence"];
    let line = |subject: &str| row!["TP1", "24/11/2026", "08:30", "10:30", "1A", subject, "R1"];
    let book = read_all(&sheets(&[(
        "EDT",
        vec![head, line("Maths"), line("Anglais"), row!["TP1", "24/11/2026", "9", "10", "", "X"]],
    )]));
    let said = faults(&book);
    assert!(said.iter().any(|fault| fault.starts_with("EDT 4 Classe:")), "{said:?}");
}

#[test]
fn headings_without_accents_or_with_a_wrong_letter() {
    let rows = vec![
        row!["DATE", "DEBUT", "FIN", "CLASSE", "MATIERES", "ENSEIGANT"],
        row!["24/11/2026", "8h30", "10h30", "1A", "Maths", "X"],
    ];
    let book = read_all(&sheets(&[("EDT", rows)]));
    assert_eq!(sessions(&book), [MATHS]);
    assert_eq!(book.lessons[0].teacher.as_deref(), Some("X"));
}

#[test]
fn weekly_lines_stand_for_every_week_between() {
    let rows = vec![
        row!["Jour", "Du", "Au", "Début", "Fin", "Classe", "Matière", "Référence"],
        row!["Mardi", "24/11/2026", "08/12/2026", "08:30", "10:30", "1A, 1B", "Maths", "R7"],
    ];
    let book = read_all(&sheets(&[("EDT", rows)]));
    assert!(book.faults.is_empty(), "{:?}", faults(&book));
    assert_eq!(book.lessons.len(), 6);
    assert_eq!(book.lessons[0].reference.as_deref(), Some("R7@2026-W48"));
    assert_eq!(book.lessons[5].day.to_string(), "2026-12-08");
    assert_eq!(book.lessons[5].class, "1B");
}

#[test]
fn weekly_lines_that_cannot_be() {
    let line = |day: &str, from: &str, until: &str| {
        let rows = vec![
            row!["Jour", "Du", "Au", "Début", "Fin", "Classe", "Matière"],
            row![day, from, until, "08:30", "10:30", "1A", "Maths"],
        ];
        faults(&read_all(&sheets(&[("EDT", rows)]))).join("|")
    };
    assert!(line("mardi", "08/12/2026", "24/11/2026").contains("2 Au: la date de fin vient avant"));
    assert!(line("mardi", "08/12/2026", "24/11/2029").contains("plus d’un an"));
    assert!(line("mardi", "25/11/2026", "26/11/2026").contains("ne tombe jamais"));
    assert!(line("mardredi", "24/11/2026", "08/12/2026").contains("« mardredi » n’est pas un jour"));
    assert!(line("mardi", "31/11/2026", "08/12/2026").contains("« 31/11/2026 » n’existe pas"));
    assert!(line("mardi", "24/11/2026", "").contains("« Au » est vide"));
    assert!(line("", "24/11/2026", "08/12/2026").contains("la date manque"));
}

#[test]
fn faulty_lines_are_named_by_sheet_row_column_and_reason() {
    for (cells, expected) in [
        (row!["31/11/2026", "08:30", "10:30", "1A", "M"], "EDT 2 Date: « 31/11/2026 » n’existe pas. Corrigez la date."),
        (row!["bientôt", "08:30", "10:30", "1A", "M"], "EDT 2 Date: « bientôt » n’est pas une date."),
        (row!["11/24/2026", "08:30", "10:30", "1A", "M"], "n’existe pas"),
        (row!["24/11/0026", "08:30", "10:30", "1A", "M"], "bien loin"),
        (row!["", "08:30", "10:30", "1A", "M"], "EDT 2 Date: la date manque"),
        (row!["24/11/2026", "10:30", "08:30", "1A", "M"], "EDT 2 Fin: la fin ne vient pas après le début"),
        (row!["24/11/2026", "10:30", "10:30", "1A", "M"], "la fin ne vient pas après le début"),
        (row!["24/11/2026", "s", "10:30", "1A", "M"], "EDT 2 Début: « s » n’est pas une heure"),
        (row!["24/11/2026", 8.0, "10:30", "1A", "M"], "« 8 » n’est pas une heure"),
        (row!["24/11/2026", 8.5, "10:30", "1A", "M"], "« 8.5 » n’est pas une heure"),
        (row!["24/11/2026", 860.0, "10:30", "1A", "M"], "« 860 » n’est pas une heure"),
        (row!["24/11/2026", 830.5, "10:30", "1A", "M"], "« 830.5 » n’est pas une heure"),
        (row!["24/11/2026", "25:00", "26:00", "1A", "M"], "« 25:00 » n’est pas une heure"),
        (row!["24/11/2026", "20h 30 France", "22:00", "1A", "M"], "n’est pas une heure"),
        (row!["24/11/2026", "", "10:30", "1A", "M"], "l’heure de début manque"),
        (row!["24/11/2026", "08:30", "", "1A", "M"], "l’heure de fin manque"),
        (row!["24/11/2026", "08:30", "10:30", "", "M"], "EDT 2 Classe: la classe manque"),
        (row!["24/11/2026", "08:30", "10:30", " , ", "M"], "la classe manque"),
        (row!["24/11/2026", "08:30", "10:30", "1A", ""], "« Matière » est vide"),
        (row!["24/11/2026", "08:30", "10:30", "1A", "M", "", "", "sur Mars"], "« sur Mars » n’est pas un mode"),
        (
            vec!["24/11/2026".into(), "08:30".into(), "10:30".into(), V::Date(2026, 2, 1), "M".into()],
            "Excel y voit une date",
        ),
        (vec![V::Bool(true), "08:30".into(), "10:30".into(), "1A".into(), "M".into()], "n’est pas une date"),
        (row!["24/11/2026", "08:30", "10:30", "1A", "M".repeat(300)], "trop long"),
        (row!["24/11/2026", "08:30", "10:30", "C".repeat(65), "M"], "trop long"),
    ] {
        let book = read_all(&timetable(vec![cells]));
        let said = faults(&book).join(" | ");
        assert!(said.contains(expected), "{expected} — {said}");
        assert!(book.lessons.is_empty());
        assert!(!book.freezes.is_empty());
    }
}

#[test]
fn what_a_faulty_line_freezes() {
    let book = read_all(&timetable(vec![
        row!["31/11/2026", "08:30", "10:30", "1A", "Maths", "", "", "", "", "R1"],
        row!["24/11/2026", "x", "10:30", "", "Maths"],
        row!["24/11/2026", "x", "10:30", "1A, 1B", ""],
    ]));
    let freezes: Vec<_> = book
        .freezes
        .iter()
        .map(|f| (f.class.as_deref(), f.reference.as_deref(), f.day.map(|d| d.to_string()), f.subject.as_deref()))
        .collect();
    let day = || Some("2026-11-24".to_owned());
    assert_eq!(
        freezes,
        [
            (Some("1a"), Some("r1"), None, Some("maths")),
            (None, None, day(), Some("maths")),
            (Some("1a"), None, day(), None),
            (Some("1b"), None, day(), None),
        ]
    );
}

#[test]
fn modes_and_links() {
    let book = read_all(&timetable(vec![
        row!["24/11/2026", "08:00", "09:00", "1A", "A", "", "", "", "", ""],
        row!["24/11/2026", "09:00", "10:00", "1A", "B", "", "", "", "https://zoom.us/j/1", ""],
        row!["24/11/2026", "10:00", "11:00", "1A", "C", "", "", "Hybride", "zoom.us/j/1", ""],
        row!["24/11/2026", "11:00", "12:00", "1A", "D", "", "", "", "voir le mail", ""],
        row!["24/11/2026", "12:00", "13:00", "1A", "E", "", "", "", "javascript:alert(1)", ""],
    ]));
    let modes: Vec<_> =
        book.lessons.iter().map(|l| (l.mode.unwrap(), l.link.as_deref().filter(|l| !l.is_empty()))).collect();
    assert_eq!(modes[0], (Mode::OnSite, None));
    assert_eq!(modes[1], (Mode::Remote, Some("https://zoom.us/j/1")));
    assert_eq!(modes[2], (Mode::Hybrid, Some("https://zoom.us/j/1")));
    assert_eq!(modes[3], (Mode::OnSite, None));
    assert_eq!(modes[4], (Mode::OnSite, None));
    assert_eq!(book.warnings.len(), 2);
}

#[test]
fn merged_cells_speak_for_their_whole_area() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0..).zip(super::files::HEAD) {
        sheet.write_string(2, column, heading).unwrap();
    }
    let format = rust_xlsxwriter::Format::new();
    sheet.merge_range(0, 0, 0, 9, "Emploi du temps", &format).unwrap();
    sheet.merge_range(3, 0, 4, 0, "24/11/2026", &format).unwrap();
    sheet.merge_range(3, 3, 4, 3, "1A", &format).unwrap();
    sheet.merge_range(5, 0, 5, 9, "Semaine 49", &format).unwrap();
    for (row, cells) in [(3, ["08:30", "10:30", "Maths"]), (4, ["10:30", "12:30", "Anglais"])] {
        put(sheet, row, 1, &cells[0].into());
        put(sheet, row, 2, &cells[1].into());
        put(sheet, row, 4, &cells[2].into());
    }
    let read = read_all(&book.save_to_buffer().unwrap());
    assert!(read.faults.is_empty(), "{:?}", faults(&read));
    assert_eq!(sessions(&read), [MATHS, "1A 2026-11-24 10:30-12:30 Anglais"]);
    assert_eq!(read.lessons[1].place.row, 5);
}

#[test]
fn rows_are_numbered_as_in_the_file() {
    let mut rows = vec![vec![], vec![], vec![], vec![], head()];
    rows.extend([vec![], vec![], row!["31/11/2026", "08:30", "10:30", "1A", "M"]]);
    assert!(faults(&read_all(&sheets(&[("EDT", rows)])))[0].starts_with("EDT 8 Date"));
}

#[test]
fn ids_read_as_numbers_are_whole() {
    let book = read_all(&timetable(vec![vec![
        "24/11/2026".into(),
        "08:30".into(),
        "10:30".into(),
        V::from(12.0),
        "Maths".into(),
        V::None,
        V::from(204.0),
        V::None,
        V::None,
        V::from(-1_001_280_000_001.0),
    ]]));
    let lesson = &book.lessons[0];
    assert_eq!(lesson.class, "12");
    assert_eq!(lesson.room.as_deref(), Some("204"));
    assert_eq!(lesson.reference.as_deref(), Some("-1001280000001"));
}

#[test]
fn unknown_and_hidden_sheets_are_left_aside_by_name() {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, hidden) in [("EDT", false), ("Vieux", true)] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap().set_hidden(hidden);
        for (column, heading) in (0..).zip(super::files::HEAD) {
            sheet.write_string(0, column, heading).unwrap();
        }
        for (column, words) in (0..).zip(["24/11/2026", "08:30", "10:30", "1A", name]) {
            sheet.write_string(1, column, words).unwrap();
        }
    }
    book.add_worksheet().set_name("Budget").unwrap().write_string(0, 0, "Papier").unwrap();
    let read = read_all(&book.save_to_buffer().unwrap());
    assert_eq!(read.lessons.len(), 1);
    let kinds: Vec<_> = read.sheets.iter().map(|s| (s.name.as_str(), s.kind)).collect();
    let ignored = SheetKind::Ignored;
    assert_eq!(kinds, [("EDT", SheetKind::Timetable), ("Vieux", ignored), ("Budget", ignored)]);
    // What may stand for lessons is to be corrected; a budget is not.
    assert_eq!(
        faults(&read),
        [
            "Vieux 2 : cet onglet est masqué : les séances qui s’y trouvent ne sont pas lues. Affichez-le, ou supprimez-le."
        ]
    );
    assert_eq!(read.freezes.len(), 1);
}

/// The headings are lost at the top and stand again on the second page: what is above them is named, and its week frozen.
#[test]
fn lines_above_the_headings_are_to_be_corrected() {
    let monday = |day: &str| row![day, "08:30", "10:30", "1A", "Maths"];
    let pages = |first: Vec<Vec<V>>| {
        let lines = [first, vec![head(), monday("07/12/2026"), head(), monday("14/12/2026")]];
        read_all(&sheets(&[("EDT", lines.concat())]))
    };
    let read = pages(vec![row!["Emploi du temps"], monday("23/11/2026"), monday("24/11/2026"), monday("01/12/2026")]);
    assert_eq!(sessions(&read), ["1A 2026-12-07 08:30-10:30 Maths", "1A 2026-12-14 08:30-10:30 Maths"]);
    let said = |row: u32| {
        format!(
            "EDT {row} : cette ligne est au-dessus des titres (ligne 5) : elle n’est pas lue. Mettez les titres au-dessus d’elle."
        )
    };
    assert_eq!(faults(&read), [said(2), said(3), said(4)]);
    let weeks = |read: &preau::school::workbook::Workbook| -> Vec<_> {
        read.freezes.iter().map(|freeze| freeze.day.map(|day| day.to_string())).collect()
    };
    assert_eq!(weeks(&read), [Some("2026-11-23".to_owned()), Some("2026-11-30".to_owned())]);
    // Numbers as Excel counts them, and columns that are not those of the second page but name a class of the file.
    for line in [row![46_349.0, 0.354, 0.4375, "9Z", "Maths"], row!["1A", "Maths", "23/11/2026", "08:30", "10:30"]] {
        let read = pages(vec![line.clone()]);
        assert_eq!((read.faults.len(), weeks(&read)), (1, vec![Some("2026-11-23".to_owned())]), "{line:?}");
    }
    // Titles, and when the file was made.
    for line in [
        row!["Semaine du", "23/11/2026", "au", "27/11/2026"],
        row!["Édité le", "23/11/2026", "08:30"],
        row!["23/11/2026"],
        row!["1A", "23/11/2026"],
    ] {
        let read = pages(vec![line.clone()]);
        assert_eq!((read.faults.len(), read.freezes.len()), (0, 0), "{line:?}");
    }
    // A lesson of the week that is read below: it is not taken for removed.
    let known = super::imported(&read_all(&timetable(vec![monday("07/12/2026"), monday("09/12/2026")])));
    let read = pages(vec![monday("09/12/2026")]);
    let zone = preau::kernel::time::Zone::default();
    let difference = preau::school::workbook::difference(&known, &read, super::now(), zone);
    assert_eq!((difference.removed.len(), difference.frozen, difference.unchanged), (0, 1, 1));
}

/// A sheet that lost its headings: its lessons are neither read nor taken for removed.
#[test]
fn a_sheet_without_headings_freezes_its_weeks() {
    let week = |title: Vec<V>, rows: Vec<Vec<V>>| [vec![title], rows].concat();
    let monday = |day: &str| row![day, "08:30", "10:30", "1A", "Maths"];
    let lost = |rows: Vec<Vec<V>>| {
        read_all(&sheets(&[
            ("S48", week(head(), vec![monday("23/11/2026")])),
            ("S49", week(row!["Semaine 49"], rows)),
            ("S50", week(head(), vec![monday("07/12/2026")])),
        ]))
    };
    let read = lost(vec![monday("30/11/2026"), row!["02/12/2026", "14h", "16h", "1A", "Droit"]]);
    assert_eq!(
        faults(&read),
        [
            "S49 2 : cet onglet a des dates et des heures mais pas de titres comme Date, Début, Fin, Classe, Matière : il n’est pas lu. Ajoutez-les, ou supprimez-le."
        ]
    );
    let weeks: Vec<_> = read.freezes.iter().map(|freeze| freeze.day.map(|day| day.to_string())).collect();
    assert_eq!(weeks, [Some("2026-11-30".to_owned())], "once, and its week alone");
    let unread = lost(vec![monday("30/11/2026"), row!["15/12/2026", "huit", "10:3O", "1A", "Droit"]]);
    assert_eq!(unread.freezes.len(), 2, "an hour that cannot be read has its week all the same");
    // A day that cannot be read may be any; moments from and to; bare numbers beside a class of the file.
    let day = row!["30/11/2026", "08:30", "10:30", "1A", "Maths"];
    for rows in [
        vec![day.clone(), row!["31/11/2026", "08:30", "10:30", "1A", "Maths"]],
        vec![day, row!["01/12/2026", "18/12/2026", "08:30", "10:30", "mardi", "1A", "Maths"]],
    ] {
        assert_eq!(lost(rows).freezes, [preau::school::workbook::Freeze::default()]);
    }
    let (from, to) = (V::Moment(2026, 11, 30, 8, 30), V::Moment(2026, 11, 30, 10, 30));
    for line in [
        vec![from.clone(), to, "1A".into()],
        row![46_356.0, 0.354, 0.4375, "1A", "Maths"],
        vec![V::Date(2026, 11, 30), V::Time(8, 30), V::Time(10, 30), "9Z".into()],
    ] {
        let read = lost(vec![line.clone()]);
        assert_eq!((read.faults.len(), read.freezes.len()), (1, 1), "{line:?}");
    }
    // A log, amounts, holidays: no lessons.
    for line in [
        vec![from, "Claire".into()],
        row![46_356.0, 0.25, "Papier"],
        row!["30/11/2026", "Férié"],
        row!["08:30", "Sonnerie"],
    ] {
        let read = lost(vec![line.clone()]);
        assert!(read.faults.is_empty() && read.freezes.is_empty(), "{line:?}");
    }
}

#[test]
fn a_missing_column_is_said_once() {
    let rows = vec![
        row!["Date", "Début", "Matière", "Salle"],
        row!["24/11/2026", "08:30", "Maths", "B1"],
        row!["25/11/2026", "08:30", "Maths", "B1"],
    ];
    let book = read_all(&sheets(&[("EDT", rows)]));
    let said = faults(&book);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].starts_with("EDT 1 Classe: il manque une colonne « Classe »"));
    assert!(said[1].contains("« Fin » ou « Durée »"));
    assert_eq!(book.freezes[0], preau::school::workbook::Freeze::default());
}

#[test]
fn the_headings_again_on_each_page_are_no_line() {
    let book = read_all(&timetable(vec![
        row!["24/11/2026", "08:30", "10:30", "1A", "Maths"],
        head(),
        row!["25/11/2026", "08:30", "10:30", "1A", "Maths"],
    ]));
    assert!(book.faults.is_empty());
    assert_eq!(book.lessons.len(), 2);
}

#[test]
fn twins_within_a_file() {
    let book = read_all(&timetable(vec![
        row!["24/11/2026", "08:30", "10:30", "1A", "Maths", "", "", "", "", "R1"],
        row!["24/11/2026", "8h30", "10h30", "1a", "MATHS", "", "", "", "", "r1"],
        row!["24/11/2026", "08:30", "10:30", "1B", "Maths", "", "", "", "", "R2"],
        row!["25/11/2026", "08:30", "10:30", "1B", "Maths", "", "", "", "", "R2"],
    ]));
    assert_eq!(sessions(&book), [MATHS]);
    assert_eq!(warnings(&book.warnings), ["déjà en ligne 2, comptée une fois."]);
    let said = faults(&book);
    assert_eq!(said.len(), 2);
    assert!(said[0].starts_with("EDT 4 Référence: la même référence est déjà en ligne 5"), "{said:?}");
    // The session that bears it, and what either line says: it is the reference of one of them.
    let frozen =
        |reference: Option<&str>| book.freezes.iter().filter(|one| one.reference.as_deref() == reference).count();
    assert_eq!((frozen(Some("R2")) + frozen(Some("r2")), frozen(None)), (2, 2));
}

#[test]
fn a_weekday_that_contradicts_its_date_is_a_warning() {
    let rows = vec![
        row!["Jour", "Date", "Début", "Fin", "Classe", "Matière"],
        row!["lundi", "24/11/2026", "08:30", "10:30", "1A", "Maths"],
        row!["mardi", "24/11/2026", "10:30", "11:30", "1A", "Maths"],
    ];
    let book = read_all(&sheets(&[("EDT", rows)]));
    assert_eq!(book.lessons.len(), 2);
    assert_eq!(warnings(&book.warnings), ["le 24/11/2026 est un mardi, pas un lundi. La date compte."]);
}

#[test]
fn an_ods_file() {
    let cells = |cells: &[String]| format!("<table:table-row>{}</table:table-row>", cells.concat());
    let heads: Vec<String> = ["Date", "Début", "Fin", "Classe", "Matière"].map(ods_text).to_vec();
    let typed = vec![
        r#"<table:table-cell office:value-type="date" office:date-value="2026-11-24" table:number-rows-spanned="2" table:number-columns-spanned="1"><text:p>24/11</text:p></table:table-cell>"#.to_owned(),
        r#"<table:table-cell office:value-type="time" office:time-value="PT08H30M00S"><text:p>08:30</text:p></table:table-cell>"#.to_owned(),
        ods_text("10h30"),
        ods_text("1A"),
        ods_text("Maths"),
    ];
    let second = vec![
        "<table:covered-table-cell/>".to_owned(),
        ods_text("11:00"),
        ods_text("12:00"),
        r#"<table:table-cell office:value-type="float" office:value="12"><text:p>12</text:p></table:table-cell>"#
            .to_owned(),
        ods_text("Anglais"),
    ];
    let tail = r#"<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#;
    let bytes = ods(&format!("{}{}{}{tail}", cells(&heads), cells(&typed), cells(&second)));
    let book = read(&bytes, "edt.ods").map_err(|r| r.text.to_string()).unwrap();
    assert!(book.faults.is_empty(), "{:?}", faults(&book));
    assert_eq!(sessions(&book), [MATHS, "12 2026-11-24 11:00-12:00 Anglais"]);
}

#[test]
fn an_xls_file_whatever_its_name() {
    let rows =
        vec![vec!["Date", "Début", "Fin", "Classe", "Matière"], vec!["24/11/2026", "8h30", "10h30", "1A", "Maths"]];
    let bytes = ole("Workbook", &biff(&rows, &[], &[]));
    let book = read(&bytes, "edt.xlsx").map_err(|r| r.text.to_string()).unwrap();
    assert_eq!(sessions(&book), [MATHS]);
    assert_eq!(book.sheets[0].name, "EDT");
}
