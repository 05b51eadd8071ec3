//! What a kind of effect is called, and when doing it again is of use. Pure.

use std::time::Duration;

use chrono::{Days, NaiveTime};

use super::HeldBack;
use crate::kernel::time::Zone;
use crate::kernel::{At, Text};
use crate::text;

/// How many troubles are listed.
pub const MOST_LISTED: usize = 5;
/// Troubles within so many milliseconds are told of in one message.
pub const TOGETHER_MILLIS: i64 = 1_000;
/// For so many minutes forgetting can be taken back.
pub const BACK_MINUTES: i64 = 10;

const REMINDER: &str = "session.remind";
pub const CALL_OPEN: &str = "call.open";
/// An answer to somebody's own question.
pub const ANSWER: &str = "telegram.answer";

/// What looks at something again and again, or draws it anew: nobody waits for it.
const LOOKS: [&str; 7] = [
    "call.look",
    "call.find",
    "call.nobody",
    "caller.away",
    "attendance.follow",
    "attendance.refresh",
    "attendance.blind",
];
/// So many rows are read to find what is worth telling of what is due next.
pub const AHEAD: i64 = 200;

/// Is this what somebody may be told to come next?
pub fn is_told(kind: &str) -> bool {
    !LOOKS.contains(&kind)
}

/// What a kind of effect is, in words. Every kind that is registered has its own: a test looks.
pub fn words(kind: &str) -> Text {
    known(kind).unwrap_or_else(|| text!("state-kind-unknown", kind = kind))
}

fn known(kind: &str) -> Option<Text> {
    Some(match kind {
        ANSWER => text!("state-kind-telegram-answer"),
        "telegram.press" => text!("state-kind-telegram-press"),
        "telegram.delete" => text!("state-kind-telegram-delete"),
        "telegram.menus" => text!("state-kind-telegram-menus"),
        "classroom.adopt" => text!("state-kind-classroom-adopt"),
        "classroom.grouped" => text!("state-kind-classroom-grouped"),
        "classroom.rights" => text!("state-kind-classroom-rights"),
        "classroom.queue" | "caller.ready" => text!("state-kind-group-queue"),
        "group.make" => text!("state-kind-group-make"),
        "group.equip" | "group.link" | "group.spare" => text!("state-kind-group-equip"),
        "group.greet" | "group.pin" => text!("state-kind-group-greet"),
        "group.daily" | "group.round" | "group.tend" | "caller.connected" => text!("state-kind-group-tend"),
        "group.compare" | "group.compared" => text!("state-kind-group-compare"),
        "group.remove" => text!("state-kind-group-remove"),
        "group.photo" => text!("state-kind-group-photo"),
        "group.rights" => text!("state-kind-group-rights"),
        "classroom.hush" => text!("state-kind-classroom-hush"),
        "classroom.standing" => text!("state-kind-classroom-standing"),
        "roster.approve_join" => text!("state-kind-roster-approve-join"),
        "roster.decline_join" => text!("state-kind-roster-decline-join"),
        "roster.decline_note" => text!("state-kind-roster-decline-note"),
        "roster.welcome" | "roster.welcome_more" => text!("state-kind-roster-welcome"),
        "roster.tell" | "roster.tied" | "roster.tied_more" => text!("state-kind-roster-tell"),
        "roster.walked_out" => text!("state-kind-roster-walked-out"),
        "roster.menu" => text!("state-kind-roster-menu"),
        "roster.mail" => text!("state-kind-roster-mail"),
        "roster.depart" => text!("state-kind-roster-depart"),
        "roster.links" => text!("state-kind-roster-links"),
        "roster.stray" => text!("state-kind-roster-stray"),
        "roster.forget" => text!("state-kind-roster-forget"),
        "approval.show" => text!("state-kind-approval-show"),
        "approval.outcome" => text!("state-kind-approval-outcome"),
        "approval.expire" => text!("state-kind-approval-expire"),
        REMINDER => text!("state-kind-session-remind"),
        "session.arrange" => text!("state-kind-session-arrange"),
        "session.notice" => text!("state-kind-session-notice"),
        "session.show" => text!("state-kind-session-show"),
        "attendance.open" => text!("state-kind-attendance-open"),
        "attendance.close" => text!("state-kind-attendance-close"),
        "attendance.nudge" => text!("state-kind-attendance-nudge"),
        "attendance.tell_nudge" => text!("state-kind-attendance-tell-nudge"),
        "attendance.lock" => text!("state-kind-attendance-lock"),
        "attendance.roll" => text!("state-kind-attendance-roll"),
        "attendance.follow" | "attendance.refresh" | "attendance.blind" => text!("state-kind-attendance-follow"),
        "attendance.ask" => text!("state-kind-attendance-ask"),
        "attendance.report" => text!("state-kind-attendance-report"),
        "attendance.file" => text!("state-kind-attendance-file"),
        CALL_OPEN => text!("state-kind-call-open"),
        "call.end" => text!("state-kind-call-end"),
        "call.look" => text!("state-kind-call-look"),
        "call.find" => text!("state-kind-call-find"),
        "call.nobody" => text!("state-kind-call-nobody"),
        "call.show" => text!("state-kind-call-show"),
        "call.board" => text!("state-kind-call-board"),
        "call.say" => text!("state-kind-call-say"),
        "caller.lost" => text!("state-kind-caller-lost"),
        "caller.away" => text!("state-kind-caller-away"),
        "caller.shut" => text!("state-kind-caller-shut"),
        "caller.left" => text!("state-kind-caller-left"),
        "attendance.change" => text!("state-kind-attendance-change"),
        "attendance.contested" => text!("state-kind-attendance-contested"),
        "attendance.decided" => text!("state-kind-attendance-decided"),
        "workbook.read" => text!("state-kind-workbook-read"),
        "workbook.apply" => text!("state-kind-workbook-apply"),
        "workbook.rest" => text!("state-kind-workbook-rest"),
        "workbook.leave" => text!("state-kind-workbook-leave"),
        "workbook.show" => text!("state-kind-workbook-show"),
        "workbook.over" => text!("state-kind-workbook-over"),
        "workbook.undo" => text!("state-kind-workbook-undo"),
        "workbook.annotate" => text!("state-kind-workbook-annotate"),
        "workbook.template" => text!("state-kind-workbook-template"),
        "workbook.forget" => text!("state-kind-workbook-forget"),
        "journal.file" => text!("state-kind-journal-file"),
        super::TROUBLE | super::TELL | super::RESTORED | super::ABSENT => text!("state-kind-state"),
        _ => return None,
    })
}

/// How many reminders, and how many others, these kinds are.
pub fn held_back(kinds: &[String], doubts: i64) -> HeldBack {
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let reminders = kinds.iter().filter(|kind| *kind == REMINDER).count();
    HeldBack { reminders: count(reminders), others: count(kinds.len() - reminders), doubts }
}

/// Is doing it again of use? A reminder is, until the lesson begins; what was missed otherwise may be made up for.
pub fn may_retry(kind: &str, lesson_start: Option<At>, now: At) -> bool {
    kind != REMINDER || lesson_start.is_some_and(|start| now < start)
}

/// A machine instant as school time, to the minute; the two are the same wherever nobody sets the clock.
pub fn school_time(at: At, wall: At, now: At) -> At {
    At(now.millis() - (wall.millis() - at.millis()) + HALF_A_MINUTE).min(now)
}

/// The school time that is so much machine time ahead, to the minute.
pub fn after(rest: Duration, now: At) -> At {
    At(now.plus(rest).millis() + HALF_A_MINUTE)
}

const HALF_A_MINUTE: i64 = 30_000;

/// One a day, from `hour` on; what is overdue is made at the next minute, and one that failed not before `rests`.
pub fn next_backup(made: Option<At>, rests: Option<At>, now: At, zone: Zone, hour: NaiveTime) -> At {
    let today = zone.day(now);
    if made.is_some_and(|made| zone.day(made) == today) {
        return zone.instant(today.checked_add_days(Days::new(1)).unwrap_or(today), hour);
    }
    let at = zone.instant(today, hour).max(rests.unwrap_or(now)).max(now);
    // After midnight the next day's hour counts.
    at.max(zone.instant(zone.day(at), hour))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Lang;
    use crate::school::FEATURES;
    use crate::telegram;

    #[test]
    fn every_registered_job_has_words() {
        let jobs = FEATURES.iter().flat_map(|feature| feature.jobs).chain(telegram::JOBS);
        let without: Vec<&str> = jobs.map(|job| job.name).filter(|name| known(name).is_none()).collect();
        assert!(without.is_empty(), "school/state/rules.rs has no words for {without:?}");
        let jobs = || FEATURES.iter().flat_map(|feature| feature.jobs);
        assert!(LOOKS.iter().all(|kind| jobs().any(|job| job.name == *kind) && !is_told(kind)), "{LOOKS:?}");
        assert!(is_told(REMINDER) && is_told(CALL_OPEN));
        assert_eq!(words("later.thing").render(Lang::Fr), "une tâche (later.thing)");
    }

    #[test]
    fn the_next_backup_is_todays_until_it_is_made() {
        let zone = Zone::default();
        let at = |day: u32, hour: u32| {
            let day = chrono::NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
            zone.instant(day, NaiveTime::from_hms_opt(hour, 0, 0).unwrap())
        };
        let hour = NaiveTime::from_hms_opt(3, 0, 0).unwrap();
        let next = |made, now| next_backup(made, None, now, zone, hour);
        assert_eq!(next(None, at(24, 1)), at(24, 3));
        assert_eq!(next(Some(at(23, 3)), at(24, 8)), at(24, 8), "overdue");
        assert_eq!(next(Some(at(24, 3)), at(24, 8)), at(25, 3));
        let failed = |rests, now| next_backup(Some(at(23, 3)), Some(rests), now, zone, hour);
        assert_eq!(failed(at(24, 9), at(24, 8)), at(24, 9), "it failed, and is tried again an hour later");
        assert_eq!(failed(at(24, 1), at(24, 0)), at(24, 3), "but not before its hour");
        assert_eq!(failed(at(25, 0), at(24, 23)), at(25, 3));
    }

    #[test]
    fn what_was_just_now_is_now() {
        assert_eq!(school_time(At(990), At(1_000), At(7_000_000)), At(7_000_000));
        assert_eq!(school_time(At(0), At(120_000), At(7_000_000)), At(7_000_000 - 90_000));
    }

    #[test]
    fn a_reminder_is_of_use_until_the_lesson_begins() {
        assert!(may_retry("session.remind", Some(At(10)), At(9)));
        assert!(!may_retry("session.remind", Some(At(10)), At(10)));
        assert!(!may_retry("session.remind", None, At(9)));
        assert!(may_retry("attendance.file", Some(At(10)), At(99)));
    }
}
