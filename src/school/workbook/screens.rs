//! What is shown of an import, out of values.

use serde::{Deserialize, Serialize};

use super::{Receipt, Standing, rules_preview};
use crate::kernel::{Result, Text};
use crate::telegram::screen::{Key, Screen};
use crate::text;

pub const APPLY: &str = "workbook.apply";
pub const ABANDON: &str = "workbook.abandon";
pub const ANNOTATED: &str = "workbook.annotated";

/// What `[Appliquer]` carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Press {
    pub import: String,
    pub fingerprint: String,
    pub rights: bool,
    /// The second press, which names the number and the classes.
    pub sure: bool,
}

/// What a file says and would do, with what can be pressed.
pub fn preview(standing: &Standing) -> Result<Screen> {
    let (workbook, difference) = (&standing.workbook, &standing.difference);
    let mut screen = Screen::new(rules_preview::preview(workbook, difference));
    let import = standing.import_id.clone();
    let key = |rights: bool, label: Text| press(&import, &standing.fingerprint, rights, false, label);
    let rights = difference.rights.len();
    let plain = !difference.without_rights(&standing.known).is_empty();
    if plain {
        let label = match rules_preview::faulty_lines(workbook, difference).as_slice() {
            [] => text!("workbook-apply-key"),
            lines @ [(_, row), ..] => text!("workbook-apply-without-key", count = lines.len(), row = *row),
        };
        screen = screen.row([key(false, label)?]);
    }
    if rights > 0 {
        let label =
            if plain { text!("workbook-apply-rights-key", count = rights) } else { text!("workbook-give-rights-key") };
        screen = screen.row([key(true, label)?]);
    }
    let mut last = Vec::new();
    let clean = workbook.faults.is_empty() && workbook.warnings.is_empty();
    if !clean || !difference.faults.is_empty() || !difference.warnings.is_empty() {
        last.push(Key::press(text!("workbook-annotated-key"), ANNOTATED, import.clone()));
    }
    last.push(Key::press(text!("workbook-abandon-key"), ABANDON, import));
    Ok(screen.row(last))
}

fn press(import: &str, fingerprint: &str, rights: bool, sure: bool, label: Text) -> Result<Key> {
    let press = Press { import: import.to_owned(), fingerprint: fingerprint.to_owned(), rights, sure };
    Ok(Key::press(label, APPLY, serde_json::to_string(&press)?))
}

/// What was done, and the rights that wait.
pub fn done(receipt: Option<&Receipt>, standing: Option<&Standing>) -> Result<Screen> {
    let mut lines = Vec::new();
    if let Some(receipt) = receipt {
        let Receipt { added, removed, changed, people_added, people_changed, people_left, .. } = *receipt;
        let nobody_else = people_added + people_changed == receipt.rights_given;
        if receipt.rights_given > 0 && nobody_else && added + removed + people_left == 0 {
            lines.push(text!("workbook-rights-given", count = receipt.rights_given));
        } else {
            lines.push(text!("workbook-applied", added = added, removed = removed, changed = changed));
            if people_added + people_changed + people_left > 0 {
                lines.push(text!(
                    "workbook-applied-people",
                    added = people_added,
                    changed = people_changed,
                    left = people_left
                ));
            }
        }
    }
    let Some(standing) = standing.filter(|standing| !standing.difference.rights.is_empty()) else {
        return Ok(Screen::lines(lines));
    };
    lines.extend(rules_preview::rights(&standing.difference));
    let label = text!("workbook-give-rights-key");
    Ok(Screen::lines(lines).row([press(&standing.import_id, &standing.fingerprint, true, false, label)?]))
}

/// What an import's message shows when it was not applied because what is known changed.
pub fn afresh(standing: &Standing) -> Result<Screen> {
    if standing.state == "applied" { done(None, Some(standing)) } else { preview(standing) }
}

/// The second button, which names what the first would remove.
pub fn confirm(pressed: &Press, count: usize, classes: &[String]) -> Result<Screen> {
    let classes = classes.join(", ");
    let words = text!("workbook-confirm", count = count, classes = classes.as_str());
    let label = text!("workbook-confirm-key", count = count, classes = classes);
    let sure = press(&pressed.import, &pressed.fingerprint, pressed.rights, true, label)?;
    let abandon = Key::press(text!("workbook-abandon-key"), ABANDON, pressed.import.clone());
    Ok(Screen::new(words).row([sure]).row([abandon]))
}
