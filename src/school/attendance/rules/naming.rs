//! Namesakes of one sheet are told apart.

use std::collections::HashMap;

use crate::kernel::text::names::{fold, short};
use crate::school::attendance::Line;

/// By family name as people sort them, namesakes told apart.
pub fn in_order(lines: &mut [Line]) {
    lines.sort_by_cached_key(|line| (fold(&line.last_name), fold(&line.first_name)));
    tell_apart(lines);
}

/// As much of the family name as it takes: « Inès Ma. », « Inès Mo. »; who bears the very same name is numbered. Shown
/// only to those in charge.
fn tell_apart(lines: &mut [Line]) {
    let mut alike: HashMap<String, Vec<&mut Line>> = HashMap::new();
    for line in lines {
        alike.entry(fold(&short(&line.first_name, &line.last_name))).or_default().push(line);
    }
    for group in alike.into_values().filter(|group| group.len() > 1) {
        let names: Vec<String> = group.iter().map(|line| fold(&line.last_name)).collect();
        let mut met: HashMap<&str, usize> = HashMap::new();
        for (line, name) in group.into_iter().zip(&names) {
            let (first, family) = (line.first_name.trim(), line.last_name.trim());
            let number = met.entry(name).and_modify(|met| *met += 1).or_insert(1);
            line.told_apart = Some(if names.iter().filter(|other| *other == name).count() > 1 {
                format!("{first} {family} ({number})")
            } else {
                let part: String = family.chars().take(letters_needed(name, &names)).collect();
                let dot = if part.len() < family.len() { "." } else { "" };
                format!("{first} {part}{dot}")
            });
        }
    }
}

/// So many letters of this name, which stands once among `names`, begin no other.
fn letters_needed(name: &str, names: &[String]) -> usize {
    let most = name.chars().count().max(1);
    let is_alone = |letters: &usize| {
        let head: String = name.chars().take(*letters).collect();
        names.iter().filter(|other| other.starts_with(&head)).count() == 1
    };
    (2..most).find(is_alone).unwrap_or(most)
}
