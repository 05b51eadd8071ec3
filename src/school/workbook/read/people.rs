//! A line of *Personnes* → a person, or a fault.

use chrono::{Datelike as _, NaiveDate};

use crate::kernel::Lang;
use crate::kernel::text::names;
use crate::school::roster::Role;
use crate::text;

use super::super::{Fault, PersonRow, Workbook};
use super::headers::Column;
use super::lessons::{class_names, class_reason, clip};
use super::{Cell, Line};

const MAX_NAME: usize = 100;
/// Two figures of a year beyond this one were of the last century: nobody at school was born later.
const YOUNGEST: i32 = 2025;

pub(super) fn read(line: &Line<'_>, book: &mut Workbook) {
    let mut faults = Vec::new();
    let person = PersonRow {
        place: line.place(),
        last_name: name(line, Column::LastName, &mut faults),
        first_name: name(line, Column::FirstName, &mut faults),
        email: email(line, &mut faults),
        birth: birth(line, &mut faults),
        card: name(line, Column::Card, &mut faults),
        role: role(line, &mut faults),
        lang: lang(line, book),
        classes: classes(line, &mut faults),
        active: status(line, &mut faults),
    };
    let named = person.last_name.is_some() && person.first_name.is_some() && person.birth.is_some();
    if faults.is_empty() && person.email.is_none() && person.card.is_none() && !named {
        faults.push(line.fault(Column::LastName, text!("workbook-fault-identity")));
    }
    if faults.is_empty() {
        book.people.push(person);
    } else {
        book.faults.append(&mut faults);
    }
}

fn name(line: &Line<'_>, column: Column, faults: &mut Vec<Fault>) -> Option<String> {
    let cell = line.cell(column)?;
    let words = cell.words();
    if let Cell::Error(_) | Cell::Bool(_) = cell {
        faults.push(line.fault(column, text!("workbook-fault-error-value", value = words)));
        return None;
    }
    if words.chars().count() > MAX_NAME {
        faults.push(line.fault(column, text!("workbook-fault-too-long", limit = MAX_NAME)));
        return None;
    }
    (!words.is_empty()).then_some(words)
}

fn email(line: &Line<'_>, faults: &mut Vec<Fault>) -> Option<String> {
    let words = line.words(Column::Email)?;
    let email = words.strip_prefix("mailto:").unwrap_or(&words);
    if !is_email(email) {
        faults.push(line.fault(Column::Email, text!("workbook-fault-email", value = clip(&words))));
        return None;
    }
    Some(names::fold_email(email))
}

fn is_email(email: &str) -> bool {
    let Some((local, domain)) = email.split_once('@') else { return false };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>()[]\\,;:\"@".contains(c);
    let dotted = |words: &str| !words.starts_with('.') && !words.ends_with('.') && !words.contains("..");
    !local.is_empty()
        && local.chars().all(plain)
        && dotted(local)
        && domain.contains('.')
        && dotted(domain)
        && domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
        && email.len() <= 254
}

fn birth(line: &Line<'_>, faults: &mut Vec<Fault>) -> Option<NaiveDate> {
    let cell = line.cell(Column::Birth)?;
    let words = cell.words();
    let day = cell.day().or_else(|| match cell {
        // Born before the days that are likely for lessons.
        Cell::Number(days) if (3_000.0..20_000.0).contains(days) => Cell::serial(*days).day(),
        _ => None,
    });
    let two_figures = words.rsplit(['/', '-', '.']).next().is_some_and(|year| year.len() == 2);
    let day = day
        .and_then(|day| if day.year() > YOUNGEST && two_figures { day.with_year(day.year() - 100) } else { Some(day) });
    match day {
        Some(day) if (1900..=YOUNGEST).contains(&day.year()) => Some(day),
        Some(_) => {
            faults.push(line.fault(Column::Birth, text!("workbook-fault-birth-far", value = clip(&words))));
            None
        }
        None => {
            let reason = if super::cells::looks_like_a_day(&words) {
                text!("workbook-fault-date-none", value = clip(&words))
            } else {
                text!("workbook-fault-date-unreadable", value = clip(&words))
            };
            faults.push(line.fault(Column::Birth, reason));
            None
        }
    }
}

fn role(line: &Line<'_>, faults: &mut Vec<Fault>) -> Option<Role> {
    let words = line.words(Column::Role)?;
    let role = Role::read(&words);
    if role.is_none() {
        faults.push(line.fault(Column::Role, text!("workbook-fault-role", value = clip(&words))));
    }
    role
}

/// A language that we do not speak is no reason to refuse a person.
fn lang(line: &Line<'_>, book: &mut Workbook) -> Option<Lang> {
    let words = line.words(Column::Lang)?;
    let lang = Lang::read(&words);
    if lang.is_none() {
        book.warnings.push(line.warning(text!("workbook-warning-lang", value = clip(&words))));
    }
    lang
}

fn classes(line: &Line<'_>, faults: &mut Vec<Fault>) -> Option<Vec<String>> {
    let cell = line.cell(Column::Class)?;
    let classes = class_names(cell);
    if let Some(reason) = class_reason(cell, &classes) {
        faults.push(line.fault(Column::Class, reason));
        return None;
    }
    Some(classes)
}

fn status(line: &Line<'_>, faults: &mut Vec<Fault>) -> Option<bool> {
    let words = line.words(Column::Status)?;
    let folded = names::fold(&words);
    match folded.strip_suffix(" e").unwrap_or(&folded) {
        "actif" | "active" | "inscrit" | "inscrite" | "present" | "presente" | "enrolled" | "ok" => Some(true),
        "parti" | "partie" | "sorti" | "sortie" | "left" | "gone" | "depart" | "demissionnaire" | "radie"
        | "radiee" => Some(false),
        _ => {
            faults.push(line.fault(Column::Status, text!("workbook-fault-status", value = clip(&words))));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in ["a@b.fr", "Ines.Moreau@ecole-horizon.fr", "x+y@sub.domain.org"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["a@b", "a b@c.fr", "@b.fr", "a@b..fr", "a@b.fr, c@d.fr", "a@@b.fr", "ines", "a@.fr"] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
