//! The demo school's two workbooks: the week that is applied when the demo begins, and the next week's, which the
//! newcomer uploads: two lines of it are wrong, and a room is taken twice.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::people::{STAFF, birth, students};
use crate::demo::workbook::write;
use crate::kernel::{Error, Result};

/// What the next week's file is called.
pub const NEXT_WEEK: &str = "EDT_S50.xlsx";
/// So many of its lines are wrong: the key under the answer says so.
pub const WRONG_LINES: usize = 2;

const HEADS: [&str; 8] = ["Date", "Début", "Fin", "Classe", "Matière", "Enseignant", "Salle", "Mode"];

const THIS_WEEK: [[&str; 8]; 20] = [
    ["24/11/2026", "14:00", "16:00", "BTS SIO 1A", "Réseaux", "M. Diallo", "", "distanciel"],
    ["24/11/2026", "14:30", "17:30", "CAP Cuisine 1", "Pâtisserie", "M. Martin", "Labo 2", "présentiel"],
    ["24/11/2026", "16:15", "18:15", "BTS SIO 2A", "Bases de données", "Mme Petit", "B204", "présentiel"],
    ["24/11/2026", "15:00", "17:00", "Bachelor Com 1", "Communication écrite", "Mme Roy", "C12", "présentiel"],
    ["25/11/2026", "09:00", "12:00", "BTS SIO 1A", "Algorithmique", "Mme Petit", "B204", "présentiel"],
    ["25/11/2026", "14:00", "16:00", "BTS SIO 2A", "Systèmes", "M. Diallo", "", "distanciel"],
    ["25/11/2026", "09:30", "11:30", "Bachelor Com 1", "Espagnol", "Mme Garcia", "C14", "présentiel"],
    ["25/11/2026", "08:00", "12:00", "CAP Cuisine 1", "Cuisine de saison", "M. Martin", "Labo 1", "présentiel"],
    ["26/11/2026", "10:00", "12:00", "BTS SIO 1A", "Anglais", "Mme Roy", "B101", "présentiel"],
    ["26/11/2026", "14:00", "16:00", "BTS SIO 1A", "Réseaux", "M. Diallo", "B204", "hybride"],
    ["26/11/2026", "09:00", "12:00", "BTS SIO 2A", "Algorithmique", "Mme Petit", "B204", "présentiel"],
    ["26/11/2026", "14:00", "16:00", "Bachelor Com 1", "Réseaux sociaux", "Mme Garcia", "", "distanciel"],
    ["27/11/2026", "09:00", "11:00", "BTS SIO 2A", "Espagnol", "Mme Garcia", "C14", "présentiel"],
    ["27/11/2026", "09:00", "11:00", "BTS SIO 1A", "Mathématiques", "Mme Petit", "B101", "présentiel"],
    ["27/11/2026", "13:30", "15:30", "Bachelor Com 1", "Anglais", "Mme Roy", "C12", "présentiel"],
    ["27/11/2026", "08:00", "12:00", "CAP Cuisine 1", "Service en salle", "M. Martin", "Restaurant", "présentiel"],
    ["30/11/2026", "09:00", "12:00", "BTS SIO 1A", "Algorithmique", "Mme Petit", "B204", "présentiel"],
    ["30/11/2026", "14:00", "16:00", "BTS SIO 2A", "Systèmes", "M. Diallo", "", "distanciel"],
    ["30/11/2026", "10:00", "12:00", "Bachelor Com 1", "Communication écrite", "Mme Roy", "C12", "présentiel"],
    ["30/11/2026", "14:00", "17:00", "CAP Cuisine 1", "Hygiène", "M. Martin", "Labo 1", "présentiel"],
];

const ANOTHER_WEEK: [[&str; 8]; 8] = [
    ["07/12/2026", "09h00", "12h00", "BTS SIO 1A", "Algorithmique", "Mme Petit", "B204", "présentiel"],
    ["08/12/2026", "14h00", "16h00", "BTS SIO 1A", "Réseaux", "M. Diallo", "", "distanciel"],
    ["09/12/2026", "10h00", "12h00", "BTS SIO 1A", "Anglais", "Mme Roy", "B101", "présentiel"],
    ["31/11/2026", "14h00", "16h00", "BTS SIO 1A", "Réseaux", "M. Diallo", "", "distanciel"],
    ["07/12/2026", "14h00", "16h00", "BTS SIO 2A", "Systèmes", "M. Diallo", "", "distanciel"],
    ["09/12/2026", "10h30", "12h30", "BTS SIO 2A", "Bases de données", "Mme Petit", "B101", "présentiel"],
    ["10/12/2026", "16h00", "14h00", "BTS SIO 2A", "Espagnol", "Mme Garcia", "C14", "présentiel"],
    ["11/12/2026", "09h00", "11h00", "BTS SIO 2A", "Espagnol", "Mme Garcia", "C14", "présentiel"],
];

/// Everybody, and the week of the demo.
pub fn this_week() -> Result<Vec<u8>> {
    let staff = STAFF.iter().map(|row| row.map(str::to_owned));
    let students = students().map(|(nth, (last, first), class)| {
        [last.to_owned(), first.to_owned(), birth(nth), "étudiant".to_owned(), class.to_owned()]
    });
    let people: Vec<[String; 5]> = staff.chain(students).collect();
    build(Some(&people), "Semaine 48", &THIS_WEEK).map_err(|error| Error::fault(&error))
}

/// Another week, which is uploaded in the demo.
pub fn next_week() -> Result<Vec<u8>> {
    build(None, "Semaine 50", &ANOTHER_WEEK).map_err(|error| Error::fault(&error))
}

fn build(
    people: Option<&[[String; 5]]>,
    name: &str,
    sessions: &[[&str; 8]],
) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    if let Some(people) = people {
        let sheet = workbook.add_worksheet().set_name("Personnes")?;
        write(sheet, &["Nom", "Prénom", "Naissance", "Rôle", "Classe(s)"], people)?;
    }
    let sheet = workbook.add_worksheet().set_name(name)?;
    write(sheet, &HEADS, sessions)?;
    workbook.save_to_buffer()
}
