//! What an action of the audit is called, and what an entry is about. Pure.

use chrono::{Datelike as _, NaiveDate};
use serde::Deserialize;

use crate::kernel::text::names::fold;
use crate::kernel::time::read_day;
use crate::kernel::{Lang, Text};
use crate::text;

/// So many lines stand on a page.
pub const PAGE_LINES: usize = 8;
/// So many of the newest stand in a file.
pub const MOST_LINES: usize = 5_000;

/// Each action, and the key of its words. A test looks that every one that is written has them.
pub const ACTIONS: &[(&str, &str)] = &[
    ("account.forgotten", "journal-account-forgotten"),
    ("account.lang", "journal-account-lang"),
    ("account.reachable", "journal-account-reachable"),
    ("account.tied", "journal-account-tied"),
    ("account.untied", "journal-account-untied"),
    ("agreement.asked", "journal-agreement-asked"),
    ("agreement.came_to_nothing", "journal-agreement-came-to-nothing"),
    ("agreement.carried_out", "journal-agreement-carried-out"),
    ("agreement.decided", "journal-agreement-decided"),
    ("agreement.voiced", "journal-agreement-voiced"),
    ("call.adopted", "journal-call-adopted"),
    ("call.end_asked", "journal-call-end-asked"),
    ("call.extended", "journal-call-extended"),
    ("call.failed", "journal-call-failed"),
    ("call.opened", "journal-call-opened"),
    ("call.over", "journal-call-over"),
    ("call.taken_over", "journal-call-taken-over"),
    ("call.teacher_late", "journal-call-teacher-late"),
    ("call.unwanted", "journal-call-unwanted"),
    ("call.wrote_to_missing", "journal-call-wrote-to-missing"),
    ("caller.signed_in", "journal-caller-signed-in"),
    ("classroom.adopted", "journal-classroom-adopted"),
    ("classroom.closed", "journal-classroom-closed"),
    ("classroom.group_made", "journal-classroom-group-made"),
    ("classroom.group_upgraded", "journal-classroom-group-upgraded"),
    ("classroom.made", "journal-classroom-made"),
    ("classroom.reopened", "journal-classroom-reopened"),
    ("group.account_paused", "journal-group-account-paused"),
    ("group.join_approved", "journal-group-join-approved"),
    ("group.join_declined", "journal-group-join-declined"),
    ("group.left", "journal-group-left"),
    ("group.orphaned", "journal-group-orphaned"),
    ("group.owner_changed", "journal-group-owner-changed"),
    ("group.photo", "journal-group-photo"),
    ("group.renamed", "journal-group-renamed"),
    ("group.rights", "journal-group-rights"),
    ("group.stranger_removed", "journal-group-stranger-removed"),
    ("group.untied", "journal-group-untied"),
    ("link.dead", "journal-link-dead"),
    ("link.made", "journal-link-made"),
    ("link.refused", "journal-link-refused"),
    ("link.renewed", "journal-link-renewed"),
    ("link.used", "journal-link-used"),
    ("links.mailed", "journal-links-mailed"),
    ("links.ordered", "journal-links-ordered"),
    ("outbox.forgotten", "journal-outbox-forgotten"),
    ("outbox.recalled", "journal-outbox-recalled"),
    ("outbox.retried", "journal-outbox-retried"),
    ("person.added", "journal-person-added"),
    ("person.changed", "journal-person-changed"),
    ("person.created", "journal-person-created"),
    ("person.enrolled", "journal-person-enrolled"),
    ("person.left", "journal-person-left"),
    ("person.role", "journal-person-role"),
    ("person.taken_back", "journal-person-taken-back"),
    ("person.unenrolled", "journal-person-unenrolled"),
    ("presence.named", "journal-presence-named"),
    ("presence.unnamed", "journal-presence-unnamed"),
    ("secrets.rotated", "journal-secrets-rotated"),
    ("session.announced", "journal-session-announced"),
    ("session.changed", "journal-session-changed"),
    ("session.planned", "journal-session-planned"),
    ("session.taken_back", "journal-session-taken-back"),
    ("session.withdrawn", "journal-session-withdrawn"),
    ("sheet.change_asked", "journal-sheet-change-asked"),
    ("sheet.contest_decided", "journal-sheet-contest-decided"),
    ("sheet.contested", "journal-sheet-contested"),
    ("sheet.corrected", "journal-sheet-corrected"),
    ("sheet.locked", "journal-sheet-locked"),
    ("sheet.opened", "journal-sheet-opened"),
    ("sheet.proposed", "journal-sheet-proposed"),
    ("sheet.roll_asked", "journal-sheet-roll-asked"),
    ("sheet.validated", "journal-sheet-validated"),
    ("store.moved", "journal-store-moved"),
    ("store.restored", "journal-store-restored"),
    ("workbook.applied", "journal-workbook-applied"),
    ("workbook.undone", "journal-workbook-undone"),
];

/// Of which kinds some actions are, by what they wrote.
const KINDS: &[(&str, &str)] = &[
    ("session.announced absent", "journal-session-announced-absent"),
    ("session.announced late", "journal-session-announced-late"),
];

/// The action of an entry, with its kind where there are several.
pub fn kind(action: String, new: Option<&str>) -> String {
    let precise = format!("{action} {}", new.unwrap_or_default());
    if KINDS.iter().any(|(name, _)| *name == precise) { precise } else { action }
}

/// What was done, in words.
pub fn words(action: &str) -> Text {
    let known = ACTIONS.iter().chain(KINDS).find(|(name, _)| *name == action);
    known.map_or_else(|| text!("journal-action-unknown", action = action), |(_, key)| Text::of(key, vec![]))
}

/// The actions in whose words, in either language, each of these words begins one.
pub fn called(sought: &str) -> Vec<&'static str> {
    let sought = fold(sought);
    let says =
        |key: &str| Lang::ALL.into_iter().any(|lang| begins(&fold(&Text::of(key, vec![]).render(lang)), &sought));
    ACTIONS.iter().filter(|(_, key)| says(key)).map(|(action, _)| *action).collect()
}

/// Does each word of `sought` begin a word of `words`? Both are folded.
pub fn begins(words: &str, sought: &str) -> bool {
    !sought.is_empty() && sought.split(' ').all(|part| words.split(' ').any(|word| word.starts_with(part)))
}

/// A day among these words (`24/11`, `24/11/2026`), and the other words. Without a year, the last one that has been.
pub fn take_day(words: &str, today: NaiveDate) -> (Option<NaiveDate>, String) {
    let (mut day, mut rest) = (None, Vec::new());
    for word in words.split_whitespace() {
        match read_day(word).or_else(|| day_of_the_year(word, today)) {
            Some(found) if day.is_none() => day = Some(found),
            _ => rest.push(word),
        }
    }
    (day, rest.join(" "))
}

fn day_of_the_year(word: &str, today: NaiveDate) -> Option<NaiveDate> {
    let numbers = word.split('/').filter(|part| part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit()));
    if word.matches('/').count() != 1 || numbers.count() != 2 {
        return None;
    }
    // The 29th of February is four years back at most.
    let last = |years: i32| read_day(&format!("{word}/{}", today.year() - years)).filter(|day| *day <= today);
    (0..=4).find_map(last)
}

/// What the object of an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object<'a> {
    Person(&'a str),
    /// A session or its sheet, and the student of the line.
    Lesson(&'a str, Option<&'a str>),
    Class(&'a str),
    /// People who are in no class.
    Staff,
    Other,
}

pub fn object(object: &str) -> Object<'_> {
    match object.split_once(':') {
        Some(("person", id)) => Object::Person(id),
        Some(("session", id)) => Object::Lesson(id, None),
        Some(("sheet", rest)) => match rest.split_once(':') {
            Some((id, person)) => Object::Lesson(id, Some(person)),
            None => Object::Lesson(rest, None),
        },
        Some(("classroom", id)) => Object::Class(id),
        None if object == "staff" => Object::Staff,
        _ => Object::Other,
    }
}

/// The subject in what the audit keeps of a session: `Planned FROM–TO Réseaux | B204 | …`.
pub fn subject(summary: &str) -> Option<&str> {
    let (head, _) = summary.split_once(" | ")?;
    head.splitn(3, ' ').nth(2).filter(|subject| !subject.is_empty())
}

/// The name in what the audit keeps of a person, once nothing else is kept of them.
pub fn name(facts: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Facts {
        first_name: String,
        last_name: String,
    }
    let Facts { first_name, last_name } = serde_json::from_str(facts).ok()?;
    Some(format!("{} {}", first_name.trim(), last_name.trim()).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn what_was_announced_is_said() {
        let say = |new| words(&kind("session.announced".to_owned(), new)).render(Lang::Fr);
        assert_eq!(
            [say(Some("absent")), say(Some("late")), say(None)],
            ["absence annoncée", "retard annoncé", "absence ou retard annoncé"]
        );
        assert_eq!(kind("person.role".to_owned(), Some("late")), "person.role");
    }

    #[test]
    fn a_day_is_found_among_words() {
        let today = day("2026-11-24");
        let take = |words| take_day(words, today);
        assert_eq!(take("24/11"), (Some(today), String::new()));
        assert_eq!(take("Diallo 25/11"), (Some(day("2025-11-25")), "Diallo".to_owned()), "not in the future");
        assert_eq!(take("29/02 feuille"), (Some(day("2024-02-29")), "feuille".to_owned()));
        assert_eq!(take("01/09/2026"), (Some(day("2026-09-01")), String::new()));
        assert_eq!(take("BTS 1/A 31/02"), (None, "BTS 1/A 31/02".to_owned()));
    }

    #[test]
    fn an_action_is_found_by_its_words() {
        assert_eq!(called("feuille validée"), ["sheet.validated"]);
        assert_eq!(called("VALID"), ["sheet.proposed", "sheet.validated"]);
        assert_eq!(called("sheet approved"), ["sheet.validated"]);
        assert_eq!(called("zzz"), Vec::<&str>::new());
        assert_eq!(called("  "), Vec::<&str>::new(), "nothing is not everything");
    }

    #[test]
    fn what_an_entry_is_about() {
        assert_eq!(object("person:p"), Object::Person("p"));
        assert_eq!(object("session:s"), Object::Lesson("s", None));
        assert_eq!(object("sheet:s:p"), Object::Lesson("s", Some("p")));
        assert_eq!(object("classroom:c"), Object::Class("c"));
        assert_eq!(
            (object("staff"), object("store"), object("link:3f")),
            (Object::Staff, Object::Other, Object::Other)
        );
        assert_eq!(subject("Planned 2026Z–2026Z Droit des affaires | B204 | OnSite"), Some("Droit des affaires"));
        assert_eq!(subject("gone"), None);
        assert_eq!(name(r##"{"birth":"#","first_name":"Yan","last_name":"Zola"}"##), Some("Yan Zola".to_owned()));
        assert_eq!(name(r#"{"last_name":"Zola"}"#), None);
    }
}
