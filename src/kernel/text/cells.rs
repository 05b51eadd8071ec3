//! Cells of files that people open in a spreadsheet. Names come from people: a cell that begins like a formula is made
//! harmless.

use std::borrow::Cow;

/// A cell that no spreadsheet takes for a formula: what begins with `= + - @`, a tab or a line break gets a leading
/// apostrophe.
pub fn neutralise(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Adds a row of a CSV as spreadsheets open it: semicolons, no cell that is taken for a formula or for several.
pub fn csv_row(out: &mut String, cells: impl IntoIterator<Item = impl AsRef<str>>) {
    let cells: Vec<String> = cells.into_iter().map(|words| cell(words.as_ref())).collect();
    out.push_str(&cells.join(";"));
    out.push_str("\r\n");
}

fn cell(words: &str) -> String {
    let harmless = neutralise(words).replace(['\r', '\n'], " ");
    if harmless.contains([';', '"', ',']) { format!("\"{}\"", harmless.replace('"', "\"\"")) } else { harmless }
}

#[cfg(test)]
mod tests {
    use super::neutralise;

    #[test]
    fn formulas_become_words() {
        for cell in ["=1+1", "+33", "-1", "@x", "\t=1", "\r=1"] {
            assert_eq!(neutralise(cell), format!("'{cell}"));
        }
        assert_eq!(neutralise("Inès"), "Inès");
    }
}
