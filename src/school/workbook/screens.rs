//! What is shown of an import, out of values.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{
    Difference, Effect, Kept, Receipt, SheetKind, Standing, Told, Undone, leavers, rules_changes, rules_preview,
};
use crate::kernel::time::Zone;
use crate::kernel::{At, Result, Text};
use crate::school::session;
use crate::telegram::screen::{Does, Key, Screen};
use crate::text;

pub const APPLY: &str = "workbook.apply";
pub const ABANDON: &str = "workbook.abandon";
pub const ANNOTATED: &str = "workbook.annotated";
pub const LOOK: &str = "workbook.look";
pub const UNDO: &str = "workbook.undo";

/// What `[Voir les 20 changements]` carries; no page: back to the import's own message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    pub import: String,
    pub page: Option<usize>,
    /// `[Voir les 20 rôles]`
    #[serde(default)]
    pub roles: bool,
    /// The receipt under which it was pressed.
    #[serde(default)]
    pub receipt: Option<String>,
}

impl Look {
    fn changes(import: &str) -> Self {
        Self { import: import.to_owned(), page: None, roles: false, receipt: None }
    }

    fn roles(import: &str, receipt: Option<&str>) -> Self {
        Self { roles: true, receipt: receipt.map(str::to_owned), ..Self::changes(import) }
    }

    fn key(&self, page: Option<usize>, label: Text) -> Result<Key> {
        Ok(Key::press(label, LOOK, serde_json::to_string(&Self { page, ..self.clone() })?))
    }

    /// A page of so many, back to what it was pressed under.
    fn screen(&self, words: Text, page: usize, pages: usize) -> Result<Screen> {
        let back = self.key(None, text!("workbook-changes-back-key"))?;
        // The import waits to be applied or abandoned: closing its list comes back to these keys.
        let first: Does = back.does.clone();
        let mut turns = Vec::new();
        if page > 0 {
            let label = text!("workbook-changes-before", page = page, pages = pages);
            turns.push(self.key(Some(page - 1), label)?);
        }
        if page + 1 < pages {
            let label = text!("workbook-changes-after", page = page + 2, pages = pages);
            turns.push(self.key(Some(page + 1), label)?);
        }
        Ok(Screen::new(words).row(turns).folding(back, first))
    }
}

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
pub fn preview(standing: &Standing, told: &[Told], zone: Zone) -> Result<Screen> {
    let (workbook, difference) = (&standing.workbook, &standing.difference);
    let first = difference.without_rights(&standing.known);
    let words = std::iter::once(rules_preview::preview(workbook, difference, &first));
    let mut screen = Screen::lines(words.chain(rules_preview::told(told, zone)));
    let import = standing.import_id.clone();
    let key = |rights: bool, label: Text| press(&import, &standing.fingerprint, rights, false, label);
    let plain = !first.is_empty();
    screen = screen.row(look_key(standing)?).row(roles_key(standing, None)?);
    if plain {
        let label = match rules_preview::faulty_lines(workbook, difference).as_slice() {
            [] => text!("workbook-apply-key"),
            lines @ [(sheet, row), ..] => {
                // A sheet that is not read is more than its first line.
                let whole = workbook.sheets.iter().any(|one| one.name == *sheet && one.kind == SheetKind::Ignored);
                text!("workbook-apply-without-key", count = lines.len() + usize::from(whole), row = *row)
            }
        };
        screen = screen.row([key(false, label)?]);
    }
    // Roles are given by these words alone; where there is more to do, they stand under the receipt.
    if !plain && !difference.rights.is_empty() {
        screen = screen.row([key(true, text!("workbook-give-rights-key"))?]);
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

/// What was done (and the key of its receipt), and the rights that wait.
pub fn done(
    import: &str,
    (key, receipt): (Option<&str>, Option<&Receipt>),
    standing: Option<&Standing>,
) -> Result<Screen> {
    let mut lines = Vec::new();
    if let Some(receipt) = receipt {
        let Receipt { added, removed, people_added, people_changed, people_left, .. } = *receipt;
        let nobody_else = people_added + people_changed == receipt.rights_given;
        if receipt.rights_given > 0 && nobody_else && added + removed + people_left == 0 {
            lines.push(text!("workbook-rights-given", count = receipt.rights_given));
        } else {
            lines.extend(rules_preview::done(receipt));
        }
        lines.extend(rules_preview::kept(receipt));
    }
    let undo = [Key::press(text!("workbook-undo-key"), UNDO, import)];
    let Some(standing) = standing.filter(|standing| !standing.difference.rights.is_empty()) else {
        return Ok(Screen::lines(lines).row(undo));
    };
    lines.extend(rules_preview::rights(&standing.difference));
    let label = text!("workbook-give-rights-key");
    let give = press(&standing.import_id, &standing.fingerprint, true, false, label)?;
    Ok(Screen::lines(lines).row(roles_key(standing, key)?).row([give]).row(undo))
}

/// What an import's message shows when it was not applied because what is known changed.
pub fn afresh(standing: &Standing, told: &[Told], zone: Zone) -> Result<Screen> {
    if standing.state == "applied" {
        done(&standing.import_id, (None, None), Some(standing))
    } else {
        preview(standing, told, zone)
    }
}

/// So many letters of classes' names a key can hold.
const KEY_NAMES: usize = 11;

/// The second button, which names what the first would remove from its class or its week; of it, so many `moves`.
pub fn confirm(pressed: &Press, count: usize, classes: &[String], moves: usize) -> Result<Screen> {
    let names = classes.join(", ");
    let words = text!(
        "workbook-confirm",
        count = count,
        classes = names.as_str(),
        moves = moves,
        removes = count.saturating_sub(moves)
    );
    let label = if names.chars().count() <= KEY_NAMES {
        text!("workbook-confirm-key", count = count, classes = names, moves = moves)
    } else {
        text!("workbook-confirm-key-many", count = count, classes = classes.len(), moves = moves)
    };
    let sure = press(&pressed.import, &pressed.fingerprint, pressed.rights, true, label)?;
    let abandon = Key::press(text!("workbook-abandon-key"), ABANDON, pressed.import.clone());
    Ok(Screen::new(words).row([sure]).row([abandon]))
}

/// `[Voir les 20 changements]`, when there is something to see.
fn look_key(standing: &Standing) -> Result<Option<Key>> {
    let label = match rules_changes::total(&next(standing)) {
        0 => return Ok(None),
        // As many letters as a key shows.
        count @ 1..=999 => text!("workbook-changes-key", count = count),
        _ => text!("workbook-changes-key-many"),
    };
    Look::changes(&standing.import_id).key(Some(0), label).map(Some)
}

/// `[Voir les 20 rôles]`, when the message has no room for all who get one: no role is given to whom nobody could read.
fn roles_key(standing: &Standing, receipt: Option<&str>) -> Result<Option<Key>> {
    if !rules_preview::hides_rights(&standing.difference) {
        return Ok(None);
    }
    let label = text!("workbook-roles-key", count = standing.difference.rights.len());
    Look::roles(&standing.import_id, receipt).key(Some(0), label).map(Some)
}

/// Who would get which role, a page of it.
pub fn roles(standing: &Standing, page: usize, receipt: Option<&str>) -> Result<Screen> {
    let look = Look::roles(&standing.import_id, receipt);
    if standing.difference.rights.is_empty() {
        return look.screen(text!("workbook-changes-none"), 0, 1);
    }
    let (words, page, pages) = rules_preview::rights_page(&standing.difference, page);
    look.screen(words, page, pages)
}

/// What the import's next key does: all but the roles, else the roles and what hangs on them.
fn next(standing: &Standing) -> Cow<'_, Difference> {
    let first = standing.difference.without_rights(&standing.known);
    if first.is_empty() { Cow::Borrowed(&standing.difference) } else { Cow::Owned(first) }
}

/// What would change, line by line, a page of it.
pub fn changes(standing: &Standing, page: usize, now: At, zone: Zone) -> Result<Screen> {
    let look = Look::changes(&standing.import_id);
    let all = rules_changes::changes(&standing.known, &next(standing), now, zone);
    if all.is_empty() {
        return look.screen(text!("workbook-changes-none"), 0, 1);
    }
    let (words, page, pages) = rules_changes::page(&all, page);
    look.screen(words, page, pages)
}

/// Two persons must agree: nothing is applied until then, and its importer may take it back.
pub fn waiting(standing: &Standing) -> Result<Screen> {
    let import = standing.import_id.clone();
    let abandon = Key::press(text!("workbook-abandon-key"), ABANDON, import.clone());
    let screen = Screen::new(text!("workbook-waiting", count = leavers(&standing.difference).len()));
    Ok(screen.row(look_key(standing)?).row([abandon]))
}

/// What undoing came to.
pub fn undone(undone: &Undone, zone: Zone) -> Screen {
    let Undone { back, kept, named, older } = undone;
    let mut lines = Vec::new();
    if *kept == 0 && *older == 0 {
        lines.push(text!("workbook-undone"));
    } else {
        lines.push(text!("workbook-undone-some", back = *back));
    }
    if *kept > 0 {
        lines.push(text!("workbook-undone-kept", count = *kept));
        for (effect, why) in named {
            lines.push(text!("workbook-undone-line", what = name_of(effect, zone), why = why_of(*why)));
        }
        if i64::try_from(named.len()).is_ok_and(|named| *kept > named) {
            lines.push(text!("workbook-undone-more"));
        }
    }
    if *older > 0 {
        lines.push(text!("workbook-undone-older", count = *older));
    }
    Screen::lines(lines)
}

fn name_of(effect: &Effect, zone: Zone) -> Text {
    match effect {
        Effect::ClassMade { .. } => text!("workbook-undone-class"),
        Effect::PersonAdded { after: person } | Effect::PersonChanged { after: person, .. } => {
            Text::verbatim(person.person.short_name())
        }
        Effect::SessionAdded { after: session }
        | Effect::SessionChanged { before: session, .. }
        | Effect::SessionRemoved { before: session, .. } => session::title(session, zone),
    }
}

fn why_of(why: Kept) -> Text {
    match why {
        Kept::Changed => text!("workbook-kept-changed"),
        Kept::Begun => text!("workbook-kept-begun"),
        Kept::Near => text!("workbook-kept-near"),
        Kept::Joined => text!("workbook-kept-joined"),
        Kept::Used => text!("workbook-kept-used"),
    }
}
