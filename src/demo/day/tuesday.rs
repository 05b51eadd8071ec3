//! Tuesday: two lessons, and the outcome.

use super::Day;
use crate::kernel::Result;
use crate::school::workbook;

/// The lines of the afternoon's sheet.
const LINES: [[&str; 3]; 5] = [
    ["Bernard", "Noé", "absent"],
    ["Moreau", "Inès", "présent"],
    ["Petit", "Léa", "retard 10 min"],
    ["Simon", "Paul", "présent"],
    ["Toumi", "Karim", "présent"],
];

/// The words of a workbook, row by row.
pub(super) fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let grid = workbook::open(bytes).unwrap_or_default();
    let cells = |row: &workbook::read::Row| {
        row.cells()
            .filter_map(|(_, cell)| match cell {
                workbook::read::Cell::Text(text) => Some(String::from(text)),
                _ => None,
            })
            .collect()
    };
    grid.sheets.iter().flat_map(|sheet| &sheet.rows).map(cells).collect()
}

/// Is there a row with all of these words?
pub(super) fn holds(rows: &[Vec<String>], words: &[&str]) -> bool {
    rows.iter().any(|row| words.iter().all(|word| row.iter().any(|cell| cell == word)))
}

impl Day {
    pub(super) async fn session(&mut self) -> Result<()> {
        self.transcript.scene("Mardi matin, en salle ; l’après-midi, à distance");
        self.go_to("24/11/2026", "08:45").await?;
        self.go_to("24/11/2026", "09:05").await?;
        self.on_sheet("Algorithmique", "Tous présents").await?;
        self.go_to("24/11/2026", "12:00").await?;
        self.on_sheet("Algorithmique", "Valider").await?;
        self.go_to("24/11/2026", "13:45").await?;
        let group = self.cast.group;
        self.expect_said(group, "Réseaux");
        let noe = self.account("Noé");
        self.press("Noé", noe, group, "Je serai absent").await?;
        self.go_to("24/11/2026", "13:57").await?;
        for who in ["Inès", "Karim"] {
            let account = self.account(who);
            self.press(who, account, group, "Je suis là").await?;
        }
        Ok(())
    }

    pub(super) async fn roll(&mut self) -> Result<()> {
        self.transcript.scene("L’appel");
        self.go_to("24/11/2026", "14:00").await?;
        let teacher = self.account("Mamadou");
        self.expect_said(teacher, "Réseaux");
        self.go_to("24/11/2026", "14:06").await?;
        let (lea, group) = (self.account("Léa"), self.cast.group);
        self.press("Léa", lea, group, "En retard").await?;
        self.go_to("24/11/2026", "14:12").await?;
        // The roll's message followed by itself.
        self.expect_said(teacher, "Retard annoncé : Léa P.");
        self.on_sheet("Réseaux", "sauf").await?;
        // Noé announced it: he is picked already.
        self.expect_said(teacher, "1 absent choisi");
        self.press("M. Diallo", teacher, teacher, "Paul S.").await?;
        self.press("M. Diallo", teacher, teacher, "Enregistrer").await?;
        self.press("M. Diallo", teacher, teacher, "Liste").await?;
        self.press("M. Diallo", teacher, teacher, "Léa P.").await?;
        self.press("M. Diallo", teacher, teacher, "En retard").await?;
        self.press("M. Diallo", teacher, teacher, "10 min").await
    }

    pub(super) async fn validate(&mut self) -> Result<()> {
        self.transcript.scene("La fin du cours : corriger, valider");
        self.go_to("24/11/2026", "16:00").await?;
        let (teacher, group) = (self.account("Mamadou"), self.cast.group);
        self.on_sheet("Réseaux", "Corriger").await?;
        self.press("M. Diallo", teacher, teacher, "Paul S.").await?;
        self.press("M. Diallo", teacher, teacher, "Présent").await?;
        self.expect_said(teacher, "Paul S. : absent → présent. Motif ?");
        self.press("M. Diallo", teacher, teacher, "Panne réseau").await?;
        self.expect_said(teacher, "4 présents (dont 1 retard), 1 absent.");
        self.press("M. Diallo", teacher, teacher, "Valider").await?;
        self.expect_said(group, "4 présents sur 5");
        let paul = self.account("Paul");
        self.say("Paul", paul, paul, "/moi").await?;
        self.expect_said(paul, "présent");
        self.go_to("24/11/2026", "19:00").await
    }

    /// The outcome, looked at from outside and in the store.
    pub(super) fn check(&mut self) {
        let sandbox = self.stage.sandbox.clone();
        let files = |chat: i64| -> Vec<Vec<u8>> {
            let documents = sandbox.messages(chat).into_iter().filter_map(|message| message.document);
            documents.filter(|file| file.name.contains("Reseaux")).map(|file| file.bytes).collect()
        };
        for (name, account) in [("teacher", self.account("Mamadou")), ("supervisor", self.account("Sylvie"))] {
            let sheets = files(account);
            self.expect(&format!("the sheet reaches the {name}"), sheets.len() == 1);
            for rows in sheets.iter().map(|sheet| rows(sheet)) {
                self.expect(&format!("the sheet of the {name} names the school"), holds(&rows, &["École Horizon"]));
                for line in LINES {
                    let what = format!("{line:?} in the sheet of the {name}, which holds {rows:?}");
                    self.expect(&what, holds(&rows, &line));
                }
            }
        }
        let group = self.cast.group;
        let about: Vec<_> =
            sandbox.messages(group).into_iter().filter(|message| message.text.contains("Réseaux")).collect();
        self.expect("the session cost the group one message", about.len() == 1);
        let names = ["Noé", "Karim", "Moreau", "Toumi"];
        let shown = about.iter().any(|message| names.iter().any(|name| message.text.contains(name)));
        self.expect("no student's name in the group's report", !shown);
        let violations = sandbox.violations();
        self.expect(&format!("Telegram's own language: {violations:?}"), violations.is_empty());
    }
}
