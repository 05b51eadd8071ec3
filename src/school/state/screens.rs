//! What is shown of the state, out of values.

use super::{Backup, Card, Done, Ended, HeldBack, Parts, Press, Trouble, rules};
use crate::kernel::absence::{Absence, Needed};
use crate::kernel::text::Arg;
use crate::kernel::time::Zone;
use crate::kernel::{At, Result, Text};
use crate::school::roster::Role;
use crate::telegram::screen::{Key, Screen};
use crate::text;

pub const RETRY: &str = "state.retry";
pub const FORGET: &str = "state.forget";
pub const RECALL: &str = "state.recall";

/// So many names of classes or groups are listed.
const MOST_NAMES: usize = 3;

/// The health card; `done` is what a press on it has just done.
pub fn card(done: Option<&Done>, card: &Card) -> Result<Screen> {
    let concerns = concerns(card);
    let mut lines: Vec<Text> = done.map(|done| said(done, card.zone)).into_iter().collect();
    lines.push(verdict(&concerns));
    lines.push(title(card));
    lines.extend(concerns.into_iter().map(dotted));
    let listed: Vec<Trouble> = card.troubles.iter().chain(&card.overdue).cloned().collect();
    lines.extend(numbered(&listed, card.zone));
    lines.push(text!("state-now"));
    lines.extend(standing(card).into_iter().map(dotted));
    let mut screen = Screen::lines(lines);
    screen = undo(keys(screen, &listed, &[])?, done, &[])?;
    Ok(if screen.keys.is_empty() { screen } else { screen.menu(None) })
}

pub fn title(card: &Card) -> Text {
    text!("state-title", school = &card.school, now = Arg::Moment(card.now, card.zone))
}

/// « Tout va bien. », or how much somebody should see to.
pub fn verdict(concerns: &[Text]) -> Text {
    if concerns.is_empty() { text!("state-well") } else { text!("state-look", count = concerns.len()) }
}

/// After a backup came back: what is not sent any more.
pub fn held_back(held: &HeldBack) -> Text {
    let counted = [
        (held.reminders, text!("state-restored-reminders", count = held.reminders)),
        (held.others, text!("state-restored-others", count = held.others)),
        (held.doubts, text!("state-restored-doubts", count = held.doubts)),
    ];
    let lines = counted.into_iter().filter(|(count, _)| *count > 0).map(|(_, line)| dotted(line));
    Text::joined("\n", [text!("state-restored")].into_iter().chain(lines).chain([text!("state-restored-since")]))
}

/// What is away, since when; what was, from when to when.
pub fn absence(absence: &Absence, zone: Zone) -> Text {
    let since = Arg::Moment(absence.since, zone);
    let until = absence.until.map(|until| {
        let same_day = zone.day(until) == zone.day(absence.since);
        if same_day { Arg::Hour(until, zone) } else { Arg::Moment(until, zone) }
    });
    match (absence.what, until) {
        (Needed::Telegram, None) => text!("state-telegram-away", since = since),
        (Needed::Telegram, Some(until)) => text!("state-telegram-was-away", since = since, until = until),
        (Needed::Store, None) => text!("state-store-away", since = since),
        (Needed::Store, Some(until)) => text!("state-store-was-away", since = since, until = until),
    }
}

fn dotted(line: Text) -> Text {
    text!("state-line", line = line)
}

/// What somebody should see to.
pub fn concerns(card: &Card) -> Vec<Text> {
    let away = card.absences.iter().filter(|absence| absence.until.is_none());
    let mut lines: Vec<Text> = away.map(|away| absence(away, card.zone)).collect();
    if card.stuck > 0 {
        lines.push(text!("state-stuck", count = card.stuck, minutes = card.stuck_minutes));
    }
    if card.doubts > 0 {
        lines.push(text!("state-doubts", count = card.doubts));
    }
    if card.dead > 0 {
        lines.push(text!("state-dead", count = card.dead));
    }
    if let Some((count, until)) = card.agreements {
        lines.push(text!("state-agreements", count = count, until = Arg::Moment(until, card.zone)));
    }
    for weak in card.weak.iter().take(MOST_NAMES) {
        lines.push(text!("state-weak", group = &weak.title, count = weak.missing));
    }
    if card.weak.len() > MOST_NAMES {
        lines.push(text!("state-weak-more", count = card.weak.len() - MOST_NAMES));
    }
    for (name, trouble) in &card.callers {
        if let Some(trouble) = trouble {
            lines.push(text!("state-caller-trouble", name = name, trouble = trouble.clone()));
        }
    }
    if card.callers.is_empty() && card.caller_foreseen {
        lines.push(text!("state-caller-unsigned"));
    }
    if card.caller_nameless {
        lines.push(text!("state-caller-no-api"));
    }
    if !card.groupless.is_empty() {
        let mut names = card.groupless.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>().join(", ");
        if card.groupless.len() > MOST_NAMES {
            names.push_str(", …");
        }
        lines.push(text!("state-groupless", count = card.groupless.len(), names = names));
    }
    if card.classes == 0 {
        lines.push(text!("state-no-classes"));
    }
    if let Some(why) = card.backup.as_ref().and_then(|backup| backup.failed.as_ref()) {
        lines.push(text!("state-backup-failed", why = why.clone()));
    }
    if !card.alert {
        lines.push(text!("state-no-alert"));
    }
    lines
}

/// « 08:00 (Paris) » today, with its day otherwise.
fn when(card: &Card, at: At) -> Arg {
    if card.zone.day(at) == card.zone.day(card.now) { Arg::Hour(at, card.zone) } else { Arg::Moment(at, card.zone) }
}

/// How things stand where nobody need do anything: one line for each part of the program, then the school's.
pub fn standing(card: &Card) -> Vec<Text> {
    let mut lines = vec![
        reading(card),
        sending(card),
        match &card.next {
            Some((kind, at)) => text!("state-next", what = rules::words(kind), at = when(card, *at)),
            None => text!("state-next-none"),
        },
    ];
    lines.extend(calling(card));
    lines.push(match card.parts.imported {
        Some(at) => text!("state-imported", at = when(card, at)),
        None => text!("state-imported-never"),
    });
    lines.push(saving(card));
    if card.alert {
        lines.push(match card.parts.alerted {
            Some(at) => text!("state-alert-last", at = when(card, at)),
            None => text!("state-alert"),
        });
    }
    lines.push(text!("state-store", engine = card.parts.engine));
    let back = card.absences.iter().filter(|absence| absence.until.is_some());
    lines.extend(back.map(|back| absence(back, card.zone)));
    if card.classes > 0 {
        let coming = card.coming.map_or(0, |(count, _)| count);
        let groups = card.classes - card.groupless.len() - coming;
        lines.push(text!("state-classes", classes = card.classes, groups = groups));
    }
    if let Some((count, day)) = card.coming {
        lines.push(text!("state-coming", count = count, day = Arg::Day(day)));
    }
    lines.extend(people(card));
    lines
}

fn reading(card: &Card) -> Text {
    match card.parts.received {
        Some(at) => text!("state-updates", at = when(card, at), count = card.updates),
        None => text!("state-updates-never", count = card.updates),
    }
}

fn sending(card: &Card) -> Text {
    match card.parts.sent {
        Some(at) => text!("state-waiting", at = when(card, at), count = card.waiting),
        None => text!("state-waiting-never", count = card.waiting),
    }
}

/// Calling accounts, and the calls that they opened and will open.
fn calling(card: &Card) -> Vec<Text> {
    let ready: Vec<&str> =
        card.callers.iter().filter(|(_, trouble)| trouble.is_none()).map(|(name, _)| &**name).collect();
    let mut lines = Vec::new();
    if !ready.is_empty() {
        lines.push(text!("state-callers", count = ready.len(), names = ready.join(", ")));
    } else if card.callers.is_empty() && !card.caller_foreseen {
        lines.push(text!("state-caller-none"));
    }
    // « à partir de 13:45 », « à partir du mar. 24 nov., 13:45 »
    let from = |at: At| match when(card, at) {
        hour @ Arg::Hour(..) => text!("state-from-hour", at = hour),
        moment => text!("state-from-moment", at = moment),
    };
    let Parts { called, next_call, .. } = &card.parts;
    // A school without calls has no line about them.
    let next = next_call.filter(|_| !ready.is_empty());
    lines.extend(match (called, next) {
        (Some(last), Some(next)) => Some(text!("state-calls", at = when(card, *last), next = from(next))),
        (Some(last), None) => Some(text!("state-calls-last", at = when(card, *last))),
        (None, Some(next)) => Some(text!("state-calls-next", next = from(next))),
        (None, None) => None,
    });
    lines
}

fn saving(card: &Card) -> Text {
    let Some(Backup { made, next, .. }) = &card.backup else { return text!("state-backup-none") };
    match made {
        Some(made) => text!("state-backup", at = when(card, *made), next = when(card, *next)),
        None => text!("state-backup-never", next = when(card, *next)),
    }
}

/// Nobody is known before the first admin.
fn people(card: &Card) -> Option<Text> {
    let people = card.people.iter().filter(|(_, _, all)| *all > 0).map(|(role, linked, all)| {
        let (linked, all) = (*linked, *all);
        match role {
            Role::Student => text!("state-people-student", linked = linked, all = all),
            Role::Teacher => text!("state-people-teacher", linked = linked, all = all),
            Role::Supervisor => text!("state-people-supervisor", linked = linked, all = all),
            Role::Manager => text!("state-people-manager", linked = linked, all = all),
            Role::Admin => text!("state-people-admin", linked = linked, all = all),
        }
    });
    let people: Vec<Text> = people.collect();
    (!people.is_empty()).then(|| text!("state-people", people = Text::joined(", ", people)))
}

/// The message about rows that ended badly; `rows` are all of those that it is about.
pub fn told(done: Option<&Done>, open: &[Trouble], rows: &[String], zone: Zone) -> Result<Screen> {
    let mut lines: Vec<Text> = done.map(|done| said(done, zone)).into_iter().collect();
    let listed = open.get(..rules::MOST_LISTED).unwrap_or(open);
    lines.extend(numbered(listed, zone));
    if open.len() > listed.len() {
        lines.push(text!("state-more", count = open.len() - listed.len()));
    }
    if lines.is_empty() {
        lines.push(text!("state-all-settled"));
    }
    let screen = keys(Screen::lines(lines), listed, rows)?;
    undo(screen, done, rows)
}

/// One sentence for each, with a number where there are several.
pub fn numbered(troubles: &[Trouble], zone: Zone) -> Vec<Text> {
    let one = troubles.len() == 1;
    let sentences = troubles.iter().enumerate().map(|(at, trouble)| {
        let sentence = sentence(trouble, zone);
        if one { sentence } else { text!("state-numbered", number = at + 1, sentence = sentence) }
    });
    sentences.collect()
}

fn sentence(trouble: &Trouble, zone: Zone) -> Text {
    let what = what(trouble, zone);
    match trouble.ended {
        Ended::Doubt => text!("state-doubt", what = what),
        Ended::Missed => text!("state-missed", what = what),
        Ended::Failed => text!("state-failed", what = what),
        Ended::Again(at) => text!("state-overdue-again", what = what, at = Arg::Hour(at, zone)),
        Ended::Turn(at) => text!("state-overdue-turn", what = what, at = Arg::Moment(at, zone)),
        Ended::Queued => text!("state-overdue-queued", what = what),
    }
}

/// « un rappel de cours (BTS SIO 1A, Réseaux, mar. 24 nov., 14:00 (Paris)) »
fn what(trouble: &Trouble, zone: Zone) -> Text {
    let kind = rules::words(&trouble.kind);
    match &trouble.lesson {
        Some(lesson) => text!(
            "state-what-lesson",
            kind = kind,
            class = &lesson.class,
            subject = &lesson.subject,
            start = Arg::Moment(lesson.start, zone)
        ),
        None => text!("state-what", kind = kind, due = Arg::Moment(trouble.due, zone)),
    }
}

fn said(done: &Done, zone: Zone) -> Text {
    match done {
        Done::Retried(trouble) => text!("state-retried", what = what(trouble, zone)),
        Done::Forgotten(trouble) => text!("state-forgotten", what = what(trouble, zone)),
    }
}

fn keys(mut screen: Screen, troubles: &[Trouble], of: &[String]) -> Result<Screen> {
    let one = troubles.len() == 1;
    for (at, trouble) in troubles.iter().enumerate() {
        let (doubt, number) = (trouble.ended == Ended::Doubt, at + 1);
        let args = serde_json::to_string(&Press { row: trouble.id.clone(), of: of.to_vec(), doubt })?;
        let (again, enough) = if one {
            (text!("state-retry-key"), text!("state-forget-key"))
        } else {
            (text!("state-retry-key-number", number = number), text!("state-forget-key-number", number = number))
        };
        let retry = trouble.retry.then(|| Key::press(again, RETRY, args.clone()));
        let forget = trouble.ended.is_over().then(|| Key::press(enough, FORGET, args));
        screen = screen.row(retry.into_iter().chain(forget));
    }
    Ok(screen)
}

/// What was forgotten can be taken back for a while.
fn undo(screen: Screen, done: Option<&Done>, of: &[String]) -> Result<Screen> {
    let Some(Done::Forgotten(trouble)) = done else { return Ok(screen) };
    let press = Press { row: trouble.id.clone(), of: of.to_vec(), doubt: trouble.ended == Ended::Doubt };
    let label = text!("state-recall-key", minutes = rules::BACK_MINUTES);
    Ok(screen.row([Key::press(label, RECALL, serde_json::to_string(&press)?)]))
}
