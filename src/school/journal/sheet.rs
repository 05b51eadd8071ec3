//! What was found, as a CSV that spreadsheets open.

use super::{Line, Who, rules};
use crate::kernel::text::cells::csv_row;
use crate::kernel::time::Zone;
use crate::kernel::{Lang, Text};
use crate::text;

/// The file's bytes: UTF-8 with its mark, semicolons.
pub fn csv(lines: &[Line], zone: Zone, lang: Lang) -> Vec<u8> {
    let mut out = String::from("\u{feff}");
    let heads = [
        text!("journal-csv-at", city = zone.city(lang)),
        text!("journal-csv-who"),
        text!("journal-csv-what"),
        text!("journal-csv-about"),
    ];
    csv_row(&mut out, heads.map(|head| head.render(lang)));
    for line in lines {
        csv_row(
            &mut out,
            [
                zone.local(line.at).format("%Y-%m-%d %H:%M:%S").to_string(),
                who(&line.who).render(lang),
                rules::words(&line.action).render(lang),
                about(line).render(lang),
            ],
        );
    }
    out.into_bytes()
}

pub fn who(who: &Who) -> Text {
    match who {
        Who::Named(name) => Text::verbatim(name.clone()),
        Who::Gone => text!("journal-who-gone"),
        Who::Account => text!("journal-who-account"),
        Who::Machine => text!("journal-who-machine"),
        Who::Program => text!("journal-who-program"),
    }
}

pub fn about(line: &Line) -> Text {
    Text::joined(", ", line.about.iter().cloned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::At;

    #[test]
    fn it_opens_in_a_spreadsheet_and_is_no_formula() {
        let line = Line {
            at: At(1_795_503_600_000),
            who: Who::Named("=1+1".to_owned()),
            action: "sheet.validated".to_owned(),
            about: vec![Text::verbatim("Réseaux; TP"), Text::verbatim("BTS SIO 1A")],
        };
        let text = String::from_utf8(csv(&[line], Zone::default(), Lang::Fr)).unwrap();
        assert_eq!(
            text,
            "\u{feff}Quand (Paris);Qui;Quoi;À propos de\r\n\
             2026-11-24 08:00:00;'=1+1;feuille validée;\"Réseaux; TP, BTS SIO 1A\"\r\n"
        );
    }
}
