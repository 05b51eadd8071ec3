//! The list of personal links, as a CSV that spreadsheets open: UTF-8 with its mark, semicolons.

use crate::kernel::text::cells::csv_row;

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub last_name: String,
    pub first_name: String,
    pub link: String,
    pub until: String,
}

/// The file's bytes. `headings`: four words in the reader's language.
pub fn links(headings: &[String; 4], lines: &[Line]) -> Vec<u8> {
    let mut out = String::from("\u{feff}");
    csv_row(&mut out, headings);
    for Line { last_name, first_name, link, until } in lines {
        csv_row(&mut out, [last_name, first_name, link, until]);
    }
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_be_formulas() {
        let line = Line {
            last_name: "=HYPERLINK(\"x\";\"y\")".to_owned(),
            first_name: "@Inès".to_owned(),
            link: "https://t.me/b?start=abc".to_owned(),
            until: "mar. 8 déc.".to_owned(),
        };
        let headings = ["Nom", "Prénom", "Lien", "Valable jusqu’au"].map(str::to_owned);
        let text = String::from_utf8(links(&headings, &[line])).unwrap();
        assert_eq!(
            text,
            "\u{feff}Nom;Prénom;Lien;Valable jusqu’au\r\n\
             \"'=HYPERLINK(\"\"x\"\";\"\"y\"\")\";'@Inès;https://t.me/b?start=abc;mar. 8 déc.\r\n"
        );
    }
}
