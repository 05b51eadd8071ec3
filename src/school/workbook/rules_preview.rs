//! The difference as a message: what was read, what would change, what to correct, whom it gives rights.

use crate::kernel::text::Arg;
use crate::kernel::time::Zone;
use crate::kernel::{Lang, Text};
use crate::school::session::Wait;
use crate::text;

use super::{Difference, Fault, Place, Receipt, Right, SheetKind, Told, Warning, Workbook};

/// How many faults, warnings and names stand in a message; the rest is in the annotated file.
const SHOWN: usize = 5;
const NAMES: usize = 8;
/// So many letters of a message may name who gets a role, and who leaves: Telegram takes 4096 in all.
const LETTERS: usize = 2400;
/// … of which so many, where both are named, who gets a role.
const LETTERS_OF_RIGHTS: usize = 1000;
/// Lines of roles on one page.
const A_PAGE: usize = 20;
/// So many moments at which classes are told stand in a message.
const MOMENTS: usize = 3;

/// At most some twenty short lines: five faults and five warnings, then their number. `first`: of the difference, what
/// is done before any role is given; it alone is counted.
pub fn preview(read: &Workbook, difference: &Difference, first: &Difference) -> Text {
    let faults = faults(read, difference);
    let warnings: Vec<&Warning> = difference.warnings.iter().chain(&read.warnings).collect();
    let mut lines = vec![head(read)];
    if faults.is_empty() && lines_read(read) == 0 {
        lines.push(text!("workbook-preview-empty"));
        return Text::lines(lines);
    }
    lines.extend(timetable(read, first));
    lines.extend(people(first));
    lines.extend(legend(first));
    lines.extend(classes(first));
    if faults.is_empty() && warnings.is_empty() {
        lines.push(text!("workbook-preview-clean"));
    } else {
        let wrong = faulty_lines(read, difference).len();
        lines.push(text!("workbook-preview-to-look-at", faults = wrong, warnings = warnings.len()));
    }
    lines.extend(faults.iter().take(SHOWN).map(|fault| say_fault(fault)));
    lines.extend(warnings.iter().take(SHOWN).map(|warning| say_warning(warning)));
    let rest = faults.len().saturating_sub(SHOWN) + warnings.len().saturating_sub(SHOWN);
    if rest > 0 {
        lines.push(text!("workbook-preview-rest", count = rest));
    }
    if difference.frozen > 0 {
        lines.push(text!("workbook-preview-frozen", count = difference.frozen));
    }
    lines.extend(rights(difference));
    if !difference.rights.is_empty() && first.rights.is_empty() {
        let (people, sessions) = (difference.rights.len(), difference.waiting_sessions());
        lines.push(text!("workbook-preview-waiting", people = people, sessions = sessions));
    }
    // A line that is not taken is no line that is so already.
    if difference.is_empty() && difference.rights.is_empty() && (difference.untaken == 0 || !faults.is_empty()) {
        let nothing = text!("workbook-preview-nothing");
        lines.push(if faults.is_empty() { nothing } else { text!("workbook-preview-nothing-yet") });
    }
    Text::lines(lines)
}

/// What is wrong with the file's lines, in their order.
pub fn faults<'a>(read: &'a Workbook, difference: &'a Difference) -> Vec<&'a Fault> {
    let mut all: Vec<&Fault> = read.faults.iter().chain(&difference.faults).collect();
    all.sort_by(|a, b| (&a.sheet, a.row).cmp(&(&b.sheet, b.row)));
    all
}

/// How many classes will be told of it, and when; `None`: nobody will.
pub fn told(told: &[Told], zone: Zone) -> Option<Text> {
    let said = told.iter().take(MOMENTS).map(|Told { at, wait, classes }| {
        let (count, at) = (classes.len(), Arg::Moment(*at, zone));
        match wait {
            None => text!("workbook-told-now", count = count),
            Some(Wait::Sunday) => text!("workbook-told-sunday", count = count, at = at),
            Some(Wait::Night) => text!("workbook-told-night", count = count, at = at),
        }
    });
    let rest = told.get(MOMENTS..).and_then(|rest| {
        let count = rest.iter().map(|told| told.classes.len()).sum::<usize>();
        rest.last().map(|last| text!("workbook-told-rest", count = count, at = Arg::Moment(last.at, zone)))
    });
    let said: Vec<Text> = said.chain(rest).collect();
    (!said.is_empty()).then(|| Text::joined(" ", said))
}

/// Lines to correct, as (sheet, row): one line with two faults is one.
pub(super) fn faulty_lines<'a>(read: &'a Workbook, difference: &'a Difference) -> Vec<(&'a str, u32)> {
    let faults = read.faults.iter().chain(&difference.faults);
    let mut places: Vec<(&str, u32)> = faults.map(|fault| (fault.sheet.as_str(), fault.row)).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// How many lines stand under headings of ours.
fn lines_read(read: &Workbook) -> u32 {
    read.sheets.iter().filter(|sheet| sheet.kind != SheetKind::Ignored).map(|sheet| sheet.lines).sum()
}

fn head(read: &Workbook) -> Text {
    let taken = || read.sheets.iter().filter(|sheet| sheet.kind != SheetKind::Ignored);
    let lines = lines_read(read);
    let read_line = text!(
        "workbook-preview-read",
        sheets = text!("workbook-sheets", count = taken().count()),
        lines = text!("workbook-lines", count = lines)
    );
    let ignored: Vec<&str> =
        read.sheets.iter().filter(|sheet| sheet.kind == SheetKind::Ignored).map(|sheet| sheet.name.as_str()).collect();
    if ignored.is_empty() {
        return read_line;
    }
    let names = text!("workbook-preview-ignored", count = ignored.len(), names = some(&ignored));
    Text::joined(" ", [read_line, names])
}

/// Names, a few of them.
fn some(names: &[&str]) -> Text {
    let shown = names.iter().take(NAMES).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMES) {
        0 => Text::verbatim(shown),
        more => text!("workbook-names-and-more", names = shown, count = more),
    }
}

fn timetable(read: &Workbook, difference: &Difference) -> Vec<Text> {
    let any = read.sheets.iter().any(|sheet| sheet.kind == SheetKind::Timetable);
    let mut lines = Vec::new();
    if any {
        lines.push(text!(
            "workbook-preview-lessons",
            added = difference.added.len(),
            removed = difference.removed.len(),
            changed = difference.changed.len(),
            unchanged = difference.unchanged
        ));
    }
    if difference.untaken > 0 {
        lines.push(text!("workbook-preview-untaken", count = difference.untaken));
    }
    if difference.past > 0 {
        lines.push(text!("workbook-preview-past", count = difference.past));
    }
    lines
}

fn people(difference: &Difference) -> Vec<Text> {
    let people = &difference.people;
    let mut lines = Vec::new();
    if people.added.len() + people.changed.len() + people.left.len() + people.unchanged > 0 {
        lines.push(text!(
            "workbook-preview-people",
            added = people.added.len(),
            changed = people.changed.len(),
            left = people.left.len(),
            unchanged = people.unchanged
        ));
    }
    if people.strangers > 0 {
        lines.push(text!("workbook-preview-strangers", count = people.strangers));
    }
    lines
}

/// What the signs mean, where there is something under one.
fn legend(difference: &Difference) -> Option<Text> {
    let Difference { added, removed, changed, people, .. } = difference;
    let any = added.len() + removed.len() + changed.len() + people.added.len() + people.changed.len() > 0;
    any.then(|| text!("workbook-preview-legend"))
}

/// What was done, in words, and only what there was of it; `None`: nothing.
pub fn done(receipt: &Receipt) -> Option<Text> {
    let Receipt { added, changed, removed, people_added, people_changed, people_left, classes, .. } = *receipt;
    let mut all = counted([
        (added, |n| text!("workbook-done-sessions-added", count = n), |n| text!("workbook-done-added", count = n)),
        (
            changed,
            |n| text!("workbook-done-sessions-changed", count = n),
            |n| text!("workbook-done-changed", count = n),
        ),
        (
            removed,
            |n| text!("workbook-done-sessions-removed", count = n),
            |n| text!("workbook-done-removed", count = n),
        ),
    ]);
    all.extend(counted([
        (people_added, |n| text!("workbook-done-people-added", count = n), |n| text!("workbook-done-added", count = n)),
        (
            people_changed,
            |n| text!("workbook-done-people-changed", count = n),
            |n| text!("workbook-done-changed", count = n),
        ),
        (people_left, |n| text!("workbook-done-people-left", count = n), |n| text!("workbook-done-left", count = n)),
    ]));
    all.extend((classes > 0).then(|| text!("workbook-done-classes", count = classes)));
    (!all.is_empty()).then(|| text!("workbook-done", what = Text::joined(", ", all)))
}

/// What was not done, because it began or somebody changed it while the file was written; `None`: nothing.
pub fn kept(receipt: &Receipt) -> Option<Text> {
    (receipt.kept > 0).then(|| text!("workbook-done-kept", count = receipt.kept))
}

/// A count, and how it is said as the first of its kind and after another.
type Said = (usize, fn(usize) -> Text, fn(usize) -> Text);

fn counted(counts: [Said; 3]) -> Vec<Text> {
    let some = counts.into_iter().filter(|(count, ..)| *count > 0).enumerate();
    some.map(|(place, (count, first, after))| if place == 0 { first(count) } else { after(count) }).collect()
}

fn classes(difference: &Difference) -> Option<Text> {
    let names: Vec<&str> = difference.classes.iter().map(|class| class.name.as_str()).collect();
    (!names.is_empty()).then(|| text!("workbook-preview-classes", count = names.len(), names = some(&names)))
}

pub(super) fn rights(difference: &Difference) -> Option<Text> {
    if difference.rights.is_empty() {
        return None;
    }
    Some(text!(
        "workbook-preview-rights",
        count = difference.rights.len(),
        names = whose(&difference.rights, LETTERS).0
    ))
}

/// Are some of those who get a role not named by [`rights`], for want of room?
pub(super) fn hides_rights(difference: &Difference) -> bool {
    by_rank(&difference.rights).iter().map(letters).sum::<usize>() > LETTERS
}

/// A page of those who get a role, one a line, which page it is, and of how many.
pub(super) fn rights_page(difference: &Difference, page: usize) -> (Text, usize, usize) {
    let all = by_rank(&difference.rights);
    let pages = all.len().div_ceil(A_PAGE).max(1);
    let page = page.min(pages - 1);
    let shown = all.chunks(A_PAGE).nth(page).unwrap_or_default();
    let head = text!("workbook-roles-head", count = all.len());
    let lines = shown.iter().map(|right| text!("workbook-roles-line", right = right.clone()));
    (Text::lines(std::iter::once(head).chain(lines)), page, pages)
}

/// Who gets which role, the highest first: as many as there is room for.
fn whose(rights: &[Right], room: usize) -> (Text, usize) {
    filled(by_rank(rights), room)
}

/// Who gets which role, the highest first.
fn by_rank(rights: &[Right]) -> Vec<Text> {
    let mut sorted: Vec<&Right> = rights.iter().collect();
    sorted.sort_by(|a, b| (b.to, &a.name).cmp(&(a.to, &b.name)));
    let said = |right: &&Right| text!("workbook-preview-right", name = right.name.as_str(), role = right.to.label());
    sorted.iter().map(said).collect()
}

/// The room that one takes among others, in the language that takes most.
fn letters(one: &Text) -> usize {
    Lang::ALL.iter().map(|lang| one.render(*lang).chars().count() + 2).max().unwrap_or(0)
}

/// All of them, while there is room for their letters, else how many more; gives how much room is left.
fn filled(all: Vec<Text>, mut room: usize) -> (Text, usize) {
    let (count, mut shown) = (all.len(), Vec::new());
    for one in all {
        let long = letters(&one);
        if long > room {
            break;
        }
        room -= long;
        shown.push(one);
    }
    let (more, names) = (count - shown.len(), Text::joined(", ", shown));
    let names = if more == 0 { names } else { text!("workbook-names-and-more", names = names, count = more) };
    (names, room)
}

/// Is there room to name each of these roles to those who must agree? Nobody agrees to what is not read.
pub fn all_named(rights: &[Right]) -> bool {
    by_rank(rights).iter().map(letters).sum::<usize>() <= LETTERS_OF_RIGHTS
}

/// What those who must agree to an application read: who leaves, what else changes, and who gets which role.
pub(super) fn effects(read: &Workbook, difference: &Difference, gone: &[String], rights: bool) -> Vec<Text> {
    let given: &[Right] = if rights { &difference.rights } else { &[] };
    let (roles, left) = whose(given, LETTERS_OF_RIGHTS);
    let (names, _) = filled(gone.iter().map(Text::verbatim).collect(), LETTERS - LETTERS_OF_RIGHTS + left);
    let mut lines = vec![text!("workbook-agree-names", count = gone.len(), names = names)];
    lines.extend(timetable(read, difference));
    lines.extend(people(difference));
    lines.extend(legend(difference));
    if !given.is_empty() {
        lines.push(text!("workbook-agree-rights", count = given.len(), names = roles));
    }
    lines
}

/// « EDT, ligne 47, Date : … »
pub(super) fn say_fault(fault: &Fault) -> Text {
    let (sheet, row) = (fault.sheet.as_str(), fault.row);
    if fault.column.is_empty() {
        return text!("workbook-said-line", sheet = sheet, row = row, what = fault.reason.clone());
    }
    let column = fault.column.as_str();
    text!("workbook-said-cell", sheet = sheet, row = row, column = column, what = fault.reason.clone())
}

fn say_warning(warning: &Warning) -> Text {
    match &warning.place {
        Some(Place { sheet, row }) => {
            text!("workbook-said-line", sheet = sheet.as_str(), row = *row, what = warning.text.clone())
        }
        None => text!("workbook-said", what = warning.text.clone()),
    }
}
