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
