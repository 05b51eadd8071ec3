//! The classes that a cell names. A comma, a semicolon, a bar or a new line part two classes. A plus, an ampersand, a
//! slash, « et » may also stand in a name (« Bac+3 Dev », « Marketing & Communication »): they part only what is known.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::kernel::text::names;

use super::super::{LessonRow, PersonRow, Workbook, class_key};
use super::twins;

pub(super) fn split(words: &str) -> Vec<String> {
    let mut classes: Vec<String> = Vec::new();
    for class in words.split([',', ';', '\n', '|']) {
        let class = class.split_whitespace().collect::<Vec<_>>().join(" ");
        let folded = names::fold(&class);
        if !folded.is_empty() && classes.iter().all(|other| names::fold(other) != folded) {
            classes.push(class);
        }
    }
    classes
}

/// Where a name may be parted: the words between what may join them, as ranges. One: nothing joins.
fn pieces(name: &str) -> Vec<(usize, usize)> {
    let mut pieces = Vec::new();
    let (mut start, mut word) = (0, 0);
    for (end, letter) in name.char_indices().chain(std::iter::once((name.len(), ' '))) {
        if !matches!(letter, '+' | '&' | '/' | ' ') {
            continue;
        }
        let is_and = name.get(word..end).is_some_and(|word| matches!(word.to_lowercase().as_str(), "et" | "and"));
        if letter == ' ' && !is_and {
            word = end + 1;
            continue;
        }
        pieces.push((start, if is_and { word } else { end }));
        start = end + 1;
        word = start;
    }
    pieces.push((start.min(name.len()), name.len()));
    let blank = |(from, to): &(usize, usize)| name.get(*from..*to).is_none_or(|piece| names::fold(piece).is_empty());
    if pieces.iter().any(blank) { vec![(0, name.len())] } else { pieces }
}

fn words(name: &str, pieces: &[(usize, usize)], from: usize, to: usize) -> String {
    let range = pieces.get(from).zip(pieces.get(to)).and_then(|((start, _), (_, end))| name.get(*start..*end));
    range.unwrap_or_default().trim().to_owned()
}

/// May this name be that of several classes?
pub(in super::super) fn is_joined(name: &str) -> bool {
    pieces(name).len() > 1
}

/// Every class that a name may stand for, whole or in part; `None`: too many to say.
pub(super) fn readings(name: &str) -> Option<Vec<String>> {
    let pieces = pieces(name);
    let count = pieces.len();
    let ranges = (0..count).flat_map(|from| (from..count).map(move |to| (from, to)));
    (count <= 8).then(|| ranges.map(|(from, to)| words(name, &pieces, from, to)).collect())
}

/// The longest of what a name is made of.
pub(super) fn longest(name: &str) -> usize {
    pieces(name)
        .iter()
        .filter_map(|(from, to)| name.get(*from..*to))
        .map(|piece| piece.trim().chars().count())
        .max()
        .unwrap_or(0)
}

pub(super) fn count(name: &str) -> usize {
    pieces(name).len()
}

/// The classes that a joined name means, when every part is one: as long names as can be.
fn parts(name: &str, is_class: &impl Fn(&str) -> bool) -> Option<Vec<String>> {
    let pieces = pieces(name);
    let count = pieces.len();
    // From the end: `next[i]` is where the class that begins at piece `i` ends, if the rest can be parted too.
    let mut next: Vec<Option<usize>> = vec![None; count];
    for from in (0..count).rev() {
        let fits = |to: &usize| {
            let rest = *to + 1 == count || next.get(*to + 1).is_some_and(Option::is_some);
            rest && is_class(&words(name, &pieces, from, *to))
        };
        let end = (from..count).rev().find(fits);
        if let Some(slot) = next.get_mut(from) {
            *slot = end;
        }
    }
    let mut found = Vec::new();
    let mut from = 0;
    while from < count {
        let to = next.get(from).copied().flatten()?;
        found.push(words(name, &pieces, from, to));
        from = to + 1;
    }
    Some(found)
}

/// The workbook with joined names parted, wherever each part is a class that is `known` or stands alone in the file.
/// Its warnings are those that this brings: a session that is now named twice.
pub(in super::super) fn part(book: &Workbook, known: impl Fn(&str) -> bool) -> Cow<'_, Workbook> {
    let of_people = book.people.iter().flat_map(|person| person.classes.iter().flatten());
    let of_lessons = book.lessons.iter().map(|lesson| lesson.class.as_str());
    // Many lessons are of the same class.
    let named: HashSet<&str> = of_lessons.chain(of_people.map(String::as_str)).collect();
    if !named.iter().any(|name| is_joined(name)) {
        return Cow::Borrowed(book);
    }
    let alone: HashSet<String> = named.iter().filter(|name| !is_joined(name)).map(|name| class_key(name)).collect();
    let is_class = |name: &str| known(name) || alone.contains(&class_key(name));
    let apart = |name: &str| parts(name, &is_class).unwrap_or_else(|| vec![name.to_owned()]);
    let mut lessons = Vec::with_capacity(book.lessons.len());
    for lesson in &book.lessons {
        let classes = apart(&lesson.class).into_iter();
        lessons.extend(classes.map(|class| LessonRow { class: class.into(), ..lesson.clone() }));
    }
    let people = book.people.iter().map(|person| {
        let classes = person.classes.as_ref().map(|classes| classes.iter().flat_map(|name| apart(name)).collect());
        PersonRow { classes, ..person.clone() }
    });
    let people = people.collect();
    let mut parted = Workbook { lessons, people, faults: Vec::new(), warnings: Vec::new(), ..book.clone() };
    twins::drop_doubles(&mut parted);
    Cow::Owned(parted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cell_may_name_several_classes() {
        assert_eq!(split("1A, 1B"), ["1A", "1B"]);
        assert_eq!(split("1A | 1B;1a \n BTS  SIO 2"), ["1A", "1B", "BTS SIO 2"]);
        assert_eq!(split("Bac+3 Dev"), ["Bac+3 Dev"]);
        assert!(split(" , ; ").is_empty());
    }

    #[test]
    fn where_a_name_may_be_parted() {
        let cut = |name: &str| -> Vec<String> {
            let pieces = pieces(name);
            (0..pieces.len()).map(|n| words(name, &pieces, n, n)).collect()
        };
        assert_eq!(cut("1A + 1B"), ["1A", "1B"]);
        assert_eq!(cut("1A et 1B ET 1C"), ["1A", "1B", "1C"]);
        assert_eq!(cut("Étés & Arts et métiers"), ["Étés", "Arts", "métiers"]);
        assert_eq!(cut("Bac+3 Dev"), ["Bac", "3 Dev"]);
        for whole in ["1A", "Ététer", "C++", "et", "Pro et", "& co", "", "+"] {
            assert_eq!(pieces(whole).len(), 1, "{whole}");
        }
        assert_eq!(readings("a+b+c").unwrap(), ["a", "a+b", "a+b+c", "b", "b+c", "c"]);
        assert_eq!(readings("a+b+c+d+e+f+g+h+i"), None);
    }

    #[test]
    fn parts_are_the_longest_that_are_known() {
        let known = |name: &str| ["1a", "1b", "1a 1b x", "x"].contains(&class_key(name).as_str());
        assert_eq!(parts("1A + 1B", &known).unwrap(), ["1A", "1B"]);
        assert_eq!(parts("1A+1B+X", &known).unwrap(), ["1A+1B+X"]);
        assert_eq!(parts("1B+1A+1B+X", &known).unwrap(), ["1B", "1A+1B+X"]);
        assert_eq!(parts("1A+1B+Y", &known), None);
    }
}
