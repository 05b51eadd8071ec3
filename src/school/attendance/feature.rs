//! What the attendance registers.

use std::sync::Arc;

use super::rules::{ClassRule, Rule, Settings, class_rule};
use super::{chat, flow, jobs, screens, store};
use crate::kernel::text::names;
use crate::platform::config::{ConfigError, Layers, Section};
use crate::platform::outbox::{Door, Job};
use crate::platform::schedule::Moment;
use crate::school::feature::Feature;
use crate::school::rights::Act;
use crate::school::session;
use crate::telegram::command::{Audience, Button, Command, Place, Reason, Topic};

const ROLL: Audience = Act::Roll.audience();
const ANNOUNCE: Audience = Act::Announce.audience();
const OWN: Audience = Act::Own.audience();

pub const FEATURE: Feature = Feature {
    commands: &[
        Command {
            fr: "presence",
            en: "attendance",
            line: "attendance-menu-presence",
            help: "help-attendance",
            audience: ROLL,
            place: Place::Private,
            shown: true,
            reads: true,
            take: |turn| Box::pin(chat::presence(turn)),
        },
        Command {
            fr: "moi",
            en: "me",
            line: "attendance-menu-me",
            help: "help-me",
            audience: OWN,
            place: Place::Both,
            shown: true,
            reads: true,
            take: |turn| Box::pin(chat::me(turn)),
        },
    ],
    buttons: &[
        Button { action: session::HERE, audience: ANNOUNCE, take: |turn| Box::pin(chat::here(turn)) },
        Button { action: screens::SHEET, audience: ROLL, take: |turn| Box::pin(chat::sheet(turn)) },
        Button { action: screens::LIST, audience: ROLL, take: |turn| Box::pin(chat::list(turn)) },
        Button { action: screens::EXCEPT, audience: ROLL, take: |turn| Box::pin(chat::except(turn)) },
        Button { action: screens::SAVE, audience: ROLL, take: |turn| Box::pin(chat::save(turn)) },
        Button { action: screens::UNSAVE, audience: ROLL, take: |turn| Box::pin(chat::unsave(turn)) },
        Button { action: screens::MINUTES, audience: ROLL, take: |turn| Box::pin(chat::minutes(turn)) },
        Button { action: screens::WHO, audience: ROLL, take: |turn| Box::pin(chat::who(turn)) },
        Button { action: screens::NAME, audience: ROLL, take: |turn| Box::pin(chat::name(turn)) },
        Button { action: screens::ONE, audience: ROLL, take: |turn| Box::pin(chat::one(turn)) },
        Button { action: screens::SET, audience: ROLL, take: |turn| Box::pin(chat::set(turn)) },
        Button { action: screens::REASON, audience: ROLL, take: |turn| Box::pin(chat::reason(turn)) },
        Button { action: screens::VALIDATE, audience: ROLL, take: |turn| Box::pin(chat::validate(turn)) },
        Button { action: screens::SEND_FILE, audience: ROLL, take: |turn| Box::pin(chat::file(turn)) },
        Button { action: screens::SHEETS, audience: ROLL, take: |turn| Box::pin(chat::presence_page(turn)) },
        Button { action: screens::MINE, audience: OWN, take: |turn| Box::pin(chat::me_page(turn)) },
        Button { action: screens::CONTEST, audience: OWN, take: |turn| Box::pin(chat::contest(turn)) },
        Button { action: screens::DECIDE, audience: ROLL, take: |turn| Box::pin(chat::decide(turn)) },
    ],
    topics: &[
        Topic { name: screens::REASON, audience: ROLL, take: |turn| Box::pin(chat::reason_words(turn)) },
        Topic { name: screens::CONTEST_WORDS, audience: OWN, take: |turn| Box::pin(chat::contest_words(turn)) },
        Topic { name: screens::REFUSAL, audience: ROLL, take: |turn| Box::pin(chat::refusal(turn)) },
    ],
    jobs: &[
        Job { name: session::OPEN, door: Door::Inner, run: |desk, row| Box::pin(jobs::open(desk, row)) },
        Job { name: session::CLOSE, door: Door::Inner, run: |desk, row| Box::pin(jobs::close(desk, row)) },
        Job { name: session::FOLLOW, door: Door::Inner, run: |desk, row| Box::pin(jobs::follow(desk, row)) },
        Job { name: flow::BLIND, door: Door::Inner, run: |desk, row| Box::pin(jobs::blind(desk, row)) },
        Job { name: flow::NUDGE, door: Door::Inner, run: |desk, row| Box::pin(jobs::nudge(desk, row)) },
        Job { name: flow::LOCK, door: Door::Inner, run: |desk, row| Box::pin(jobs::lock(desk, row)) },
        // An agreement's row is a row of the Telegram door like any other; it touches the store alone.
        Job { name: flow::CHANGE, door: Door::Telegram, run: |desk, row| Box::pin(jobs::change(desk, row)) },
        Job { name: flow::BOARD, door: Door::Telegram, run: |desk, row| Box::pin(jobs::board(desk, row)) },
        Job { name: flow::ROLL, door: Door::Telegram, run: |desk, row| Box::pin(jobs::main_screen(desk, row)) },
        Job { name: flow::REFRESH, door: Door::Telegram, run: |desk, row| Box::pin(jobs::refresh(desk, row)) },
        Job { name: flow::ASK, door: Door::Telegram, run: |desk, row| Box::pin(jobs::main_screen(desk, row)) },
        Job { name: flow::TELL_NUDGE, door: Door::Telegram, run: |desk, row| Box::pin(jobs::tell_nudge(desk, row)) },
        Job { name: flow::REPORT, door: Door::Telegram, run: |desk, row| Box::pin(jobs::report(desk, row)) },
        Job { name: flow::FILE, door: Door::Telegram, run: |desk, row| Box::pin(jobs::file(desk, row)) },
        Job { name: flow::CONTESTED, door: Door::Telegram, run: |desk, row| Box::pin(jobs::contested(desk, row)) },
        Job { name: flow::DECIDED, door: Door::Telegram, run: |desk, row| Box::pin(jobs::decided(desk, row)) },
    ],
    // The next night locks what this one did not; the next look shows what this one would have.
    fading: &[flow::LOCK, flow::BLIND, session::FOLLOW, flow::REFRESH],
    moments: &[Moment { name: "attendance-lock", cron: "0 3 * * *", kind: flow::LOCK, catch_up_hours: 24 }],
    settings: &[Section { name: "attendance", read: |layers| Ok(Arc::new(settings(layers)?)) }],
    statements: store::STATEMENTS,
    further_statements: store::FURTHER,
    reasons: &[
        Reason { code: "PRE-01", words: "why-pre-01" },
        Reason { code: "PRE-02", words: "why-pre-02" },
        Reason { code: "PRE-03", words: "why-pre-03" },
        Reason { code: "PRE-04", words: "why-pre-04" },
        Reason { code: "PRE-05", words: "why-pre-05" },
    ],
    ..Feature::named("attendance")
};

fn settings(layers: &Layers) -> Result<Settings, ConfigError> {
    let value = |key: &'static str, least, most| layers.number(key, least, most);
    let rule = Rule::read(value, |why| layers.wrong("attendance.partial_percent", why))?;
    let classes = layers.list("attendance.classes");
    let read = |line: &String| class_rule(line, &rule).map_err(|why| layers.wrong("attendance.classes", &why));
    let classes: Vec<ClassRule> = classes.iter().map(read).collect::<Result<_, _>>()?;
    if let Some(twice) = twice(&classes) {
        return Err(layers.wrong("attendance.classes", &format!("« {twice} » stands there twice")));
    }
    Ok(Settings {
        rule,
        classes,
        contest_days: layers.number("attendance.contest_days", 0, 365)?,
        lock_days: layers.number("attendance.lock_days", 1, 365)?,
        remind_hours: layers.number("attendance.remind_hours", 1, 720)?,
        escalate_hours: layers.number("attendance.escalate_hours", 1, 720)?,
    })
}

fn twice(classes: &[ClassRule]) -> Option<&str> {
    let mut known = std::collections::BTreeSet::new();
    classes.iter().map(|own| own.class.as_str()).find(|class| !known.insert(names::fold(class)))
}
