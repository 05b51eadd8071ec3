//! The demo school's timetable, as a secretary would send it: two sheets, and two mistakes.

use rust_xlsxwriter::{Workbook, XlsxError};

use crate::kernel::{Error, Result};

/// People of the story: family name, first name, mail, birth, role, class.
pub const PEOPLE: [[&str; 6]; 7] = [
    ["Diallo", "Mamadou", "m.diallo@horizon.example", "04/02/1980", "enseignant", "BTS SIO 1A"],
    ["Adam", "Sylvie", "s.adam@horizon.example", "19/07/1975", "superviseur", "BTS SIO 1A"],
    ["Moreau", "Inès", "i.moreau@horizon.example", "12/03/2008", "étudiant", "BTS SIO 1A"],
    ["Toumi", "Karim", "k.toumi@horizon.example", "30/11/2007", "étudiant", "BTS SIO 1A"],
    ["Bernard", "Noé", "n.bernard@horizon.example", "01/01/2008", "étudiant", "BTS SIO 1A"],
    ["Simon", "Paul", "p.simon@horizon.example", "23/05/2007", "étudiant", "BTS SIO 1A"],
    ["Petit", "Léa", "l.petit@horizon.example", "14/09/2007", "étudiant", "BTS SIO 1A"],
];

const LESSONS: [[&str; 9]; 5] = [
    ["24/11/2026", "09:00", "12:00", "BTS SIO 1A", "Algorithmique", "M. Diallo", "B204", "présentiel", ""],
    [
        "24/11/2026",
        "14h00",
        "16h00",
        "BTS SIO 1A",
        "Réseaux",
        "M. Diallo",
        "",
        "distanciel",
        "https://visio.horizon.example/reseaux",
    ],
    ["25/11/2026", "8h30", "10h30", "BTS SIO 1A", "Mathématiques", "M. Diallo", "B101", "présentiel", ""],
    ["31/11/2026", "09:00", "12:00", "BTS SIO 1A", "Anglais", "M. Diallo", "B101", "présentiel", ""],
    ["26/11/2026", "16:00", "14:00", "BTS SIO 1A", "Anglais", "M. Diallo", "B101", "présentiel", ""],
];

/// The second class's people; its teacher is known by his mail.
pub const SECOND: [[&str; 6]; 4] = [
    ["Costa", "Jade", "j.costa@horizon.example", "17/02/2007", "étudiant", "BTS SIO 2A"],
    ["Girard", "Hugo", "h.girard@horizon.example", "08/10/2006", "étudiant", "BTS SIO 2A"],
    ["Lefèvre", "Tom", "t.lefevre@horizon.example", "29/04/2007", "étudiant", "BTS SIO 2A"],
    ["Nguyen", "Lina", "l.nguyen@horizon.example", "11/06/2007", "étudiant", "BTS SIO 2A"],
];

const SECOND_LESSONS: [[&str; 9]; 1] =
    [["25/11/2026", "14:00", "15:00", "BTS SIO 2A", "Systèmes", "M. Diallo", "", "distanciel", ""]];

/// The file's bytes.
pub fn timetable() -> Result<Vec<u8>> {
    build(&PEOPLE, &LESSONS).map_err(|error| Error::fault(&error))
}

/// The second class's file.
pub fn second_timetable() -> Result<Vec<u8>> {
    build(&SECOND, &SECOND_LESSONS).map_err(|error| Error::fault(&error))
}

fn build(persons: &[[&str; 6]], sessions: &[[&str; 9]]) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let people = workbook.add_worksheet().set_name("Personnes")?;
    write(people, &["Nom", "Prénom", "E-mail", "Naissance", "Rôle", "Classe(s)"], persons)?;
    let lessons = workbook.add_worksheet().set_name("Semaine 48")?;
    let heads = ["Date", "Début", "Fin", "Classe", "Matière", "Enseignant", "Salle", "Mode", "Lien"];
    write(lessons, &heads, sessions)?;
    workbook.save_to_buffer()
}

/// A sheet's heads and lines, from its first row on.
pub(super) fn write<T: AsRef<str>, const N: usize>(
    sheet: &mut rust_xlsxwriter::Worksheet,
    heads: &[&str],
    rows: &[[T; N]],
) -> std::result::Result<(), XlsxError> {
    for (column, head) in (0_u16..).zip(heads) {
        sheet.write_string(0, column, *head)?;
    }
    for (row, cells) in (1_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            sheet.write_string(row, column, cell.as_ref())?;
        }
    }
    Ok(())
}
