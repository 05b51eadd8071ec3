//! Is one name of a class another one, misspelt? Sisters (1A and 1B, SIO 1 and SIO 2) are not. Names are folded.

use crate::kernel::text::names;

/// The same letters, spaced otherwise.
pub(super) fn same_letters(one: &str, other: &str) -> bool {
    one.replace(' ', "") == other.replace(' ', "")
}

/// One letter changed, added or dropped at most: the line that says so may mean the other.
pub(super) fn may_mean(written: &str, name: &str) -> bool {
    same_letters(written, name) || names::distance(written, name) <= 1
}

/// A word of fewer letters is an abbreviation (SIO, SIG), in which every letter counts.
const WORD: usize = 4;

/// Worth asking whether it is the same: a slip within a long word.
pub(super) fn looks_like(new: &str, known: &str) -> bool {
    if same_letters(new, known) {
        return true;
    }
    let (new, known) = (runs(new), runs(known));
    let mut differing = new.iter().zip(&known).filter(|(a, b)| a != b);
    let (Some((a, b)), None) = (differing.next(), differing.next()) else { return false };
    let long = |run: &str| run.chars().count() >= WORD && !run.chars().any(char::is_numeric);
    new.len() == known.len() && long(a) && long(b) && names::distance(a, b) <= 1
}

/// `bts sio 1a` → `bts`, `sio`, `1`, `a`.
fn runs(name: &str) -> Vec<String> {
    let mut runs: Vec<String> = Vec::new();
    let mut before = ' ';
    for letter in name.chars() {
        match runs.last_mut() {
            Some(run) if before != ' ' && letter != ' ' && before.is_numeric() == letter.is_numeric() => {
                run.push(letter);
            }
            _ if letter == ' ' => {}
            _ => runs.push(letter.to_string()),
        }
        before = letter;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_runs_of_letters_and_of_figures() {
        assert_eq!(runs("bts sio 1a"), ["bts", "sio", "1", "a"]);
        assert_eq!(runs("terminale12 b2"), ["terminale", "12", "b", "2"]);
    }
}
