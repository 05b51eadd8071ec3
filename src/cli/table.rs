//! Rows in columns.

/// Prints rows; the columns named in `right` are numbers.
pub(super) fn show(rows: &[Vec<String>], right: &[usize]) {
    for line in lay(rows, right) {
        super::print(&line);
    }
}

/// Lines whose columns stand under each other; the columns named in `right` are numbers.
fn lay(rows: &[Vec<String>], right: &[usize]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|at| width(at).unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).enumerate().map(|(at, (cell, width))| {
            if right.contains(&at) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other() {
        let row = |one: &str, two: &str| vec![one.to_owned(), two.to_owned()];
        assert_eq!(lay(&[row("é", "10"), row("bcd", "9")], &[1]), ["é    10", "bcd   9"]);
    }
}
