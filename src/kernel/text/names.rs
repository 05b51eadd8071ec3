//! Names as people write them: compared without case, accents or spacing, and shortened for small screens.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The form in which names, subjects and headers are compared: no case, no accents, no punctuation, one space between
/// words. `«  Réseaux  (TP) »` and `reseaux tp` are the same.
pub fn fold(words: &str) -> String {
    fold_usual(words).unwrap_or_else(|| fold_any(words))
}

/// Is `folded` what these words fold to? Said at the first letter that differs.
pub fn folds_to(words: &str, folded: &str) -> bool {
    let (mut rest, mut gap, mut begun) = (folded.chars(), false, false);
    for letter in words.chars() {
        match usual(letter) {
            Usual::Gap => gap = true,
            Usual::Letter(plain) => {
                if std::mem::take(&mut gap) && begun && rest.next() != Some(' ') {
                    return false;
                }
                if rest.next() != Some(plain) {
                    return false;
                }
                begun = true;
            }
            Usual::Other => return fold_any(words) == folded,
        }
    }
    rest.next().is_none()
}

/// What a letter is folded to, where it is one of those that nearly all words of ours are made of.
enum Usual {
    Letter(char),
    Gap,
    Other,
}

const fn usual(letter: char) -> Usual {
    Usual::Letter(match letter {
        '0'..='9' | 'a'..='z' => letter,
        'A'..='Z' => letter.to_ascii_lowercase(),
        '\0'..='\x7f' | '\u{a0}' | '«' | '»' | '’' | '–' | '—' => return Usual::Gap,
        'à' | 'â' | 'ä' | 'á' | 'À' | 'Â' | 'Ä' | 'Á' => 'a',
        'ç' | 'Ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => 'e',
        'î' | 'ï' | 'í' | 'Î' | 'Ï' | 'Í' => 'i',
        'ñ' | 'Ñ' => 'n',
        'ô' | 'ö' | 'ó' | 'Ô' | 'Ö' | 'Ó' => 'o',
        'ù' | 'û' | 'ü' | 'ú' | 'Ù' | 'Û' | 'Ü' | 'Ú' => 'u',
        _ => return Usual::Other,
    })
}

/// [`fold`] for those letters; a large timetable asks for it a million times. `None`: there are others among them.
fn fold_usual(words: &str) -> Option<String> {
    let mut out = String::with_capacity(words.len());
    let mut gap = false;
    for letter in words.chars() {
        let plain = match usual(letter) {
            Usual::Letter(plain) => plain,
            Usual::Gap => {
                gap = true;
                continue;
            }
            Usual::Other => return None,
        };
        if std::mem::take(&mut gap) && !out.is_empty() {
            out.push(' ');
        }
        out.push(plain);
    }
    Some(out)
}

fn fold_any(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut gap = false;
    for letter in words.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match letter {
            'œ' => push(&mut out, &mut gap, "oe"),
            'æ' => push(&mut out, &mut gap, "ae"),
            'ß' => push(&mut out, &mut gap, "ss"),
            letter if letter.is_alphanumeric() => push(&mut out, &mut gap, letter.encode_utf8(&mut [0; 4])),
            _ => gap = true,
        }
    }
    out
}

fn push(out: &mut String, gap: &mut bool, letters: &str) {
    if *gap && !out.is_empty() {
        out.push(' ');
    }
    *gap = false;
    out.push_str(letters);
}

/// An e-mail address in the form in which two are compared: trimmed, lower case.
pub fn fold_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// « Inès M. »: what may be shown where a full name need not be.
pub fn short(first: &str, last: &str) -> String {
    match last.trim().chars().next() {
        Some(initial) => format!("{} {}.", first.trim(), initial.to_uppercase()),
        None => first.trim().to_owned(),
    }
}

/// How many letters must be changed, added or dropped to make `a` of `b`.
pub fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (other, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let change = diagonal + usize::from(letter != *other);
            diagonal = *cell;
            *cell = change.min(left + 1).min(diagonal + 1);
            left = *cell;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// The `most` candidates nearest to what was typed, nearest first; none that is a different word altogether.
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let typed = fold(typed);
    let limit = (typed.chars().count() / 2).max(2);
    let mut ranked: Vec<(usize, &str)> = candidates
        .into_iter()
        .map(|candidate| {
            let folded = fold(candidate);
            let near = if !typed.is_empty() && folded.starts_with(&typed) { 1 } else { distance(&typed, &folded) };
            (near, candidate)
        })
        .filter(|(near, _)| *near <= limit)
        .collect();
    ranked.sort_unstable();
    ranked.dedup_by_key(|(_, candidate)| *candidate);
    ranked.into_iter().take(most).map(|(_, candidate)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_letters_are_folded_as_any() {
        for letter in '\0'..'\u{2100}' {
            for words in [format!("a{letter}B"), format!("{letter}{letter} e\u{301}")] {
                assert_eq!(fold(&words), fold_any(&words), "{letter:?}");
                assert!(folds_to(&words, &fold_any(&words)), "{letter:?}");
            }
        }
    }

    #[test]
    fn what_words_fold_to_is_known_without_folding_them() {
        for (words, folded, so) in [
            ("  Réseaux   (TP) ", "reseaux tp", true),
            ("Cœur", "coeur", true),
            ("Cœur", "coeurs", false),
            ("TP", "tp ", false),
            ("TP 1", "tp1", false),
            ("TP", "tp 1", false),
            ("«»", "", true),
        ] {
            assert_eq!(folds_to(words, folded), so, "{words:?} {folded:?}");
        }
    }

    #[test]
    fn folding_forgets_case_accents_and_spacing() {
        assert_eq!(fold("  Réseaux   (TP) "), "reseaux tp");
        assert_eq!(fold("Cœur-d’Œuvre"), "coeur d oeuvre");
        assert_eq!(fold("ﬁn ÉTÉ"), "fin ete");
    }

    #[test]
    fn nearest_suggests_only_what_is_near() {
        let commands = ["aujourdhui", "semaine", "prochain", "moi"];
        assert_eq!(nearest("semaines", commands, 2), ["semaine"]);
        assert_eq!(nearest("proch", commands, 2), ["prochain"]);
        assert!(nearest("zzzzzz", commands, 2).is_empty());
    }

    #[test]
    fn distances_are_levenshteins() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
    }

    #[test]
    fn short_names_hide_the_family_name() {
        assert_eq!(short("Inès", "Moreau"), "Inès M.");
        assert_eq!(short("Inès", " "), "Inès");
    }
}
