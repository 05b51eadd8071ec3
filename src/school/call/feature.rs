//! What the calls register.

use std::sync::Arc;

use super::{Settings, When, chat, flow, jobs, store};
use crate::platform::config::{ConfigError, Layers, Section};
use crate::platform::outbox::{Door, Job};
use crate::school::feature::Feature;
use crate::school::rights::Act;
use crate::school::session;
use crate::telegram::command::{Audience, Button};
use crate::telegram::port::{AWAY, LOST, SHUT};

const ROLL: Audience = Act::Roll.audience();

pub const FEATURE: Feature = Feature {
    buttons: &[
        Button { action: session::END_CALL, audience: ROLL, take: |turn| Box::pin(chat::end(turn)) },
        Button { action: session::EXTEND_CALL, audience: ROLL, take: |turn| Box::pin(chat::extend(turn)) },
        Button { action: session::WRITE_MISSING, audience: ROLL, take: |turn| Box::pin(chat::write(turn)) },
        Button { action: session::RUN_LATE, audience: ROLL, take: |turn| Box::pin(chat::late(turn)) },
    ],
    jobs: &[
        Job { name: session::CALL, door: Door::Caller, run: |desk, row| Box::pin(jobs::open(desk, row)) },
        Job { name: session::HANG_UP, door: Door::Caller, run: |desk, row| Box::pin(jobs::hang_up(desk, row)) },
        Job { name: flow::LOOK, door: Door::Caller, run: |desk, row| Box::pin(jobs::look(desk, row)) },
        Job { name: flow::FIND, door: Door::Caller, run: |desk, row| Box::pin(jobs::find(desk, row)) },
        Job { name: session::NOBODY, door: Door::Inner, run: |desk, row| Box::pin(jobs::nobody(desk, row)) },
        Job { name: flow::SHOW, door: Door::Telegram, run: |desk, row| Box::pin(jobs::show(desk, row)) },
        Job { name: flow::SAY, door: Door::Telegram, run: |desk, row| Box::pin(jobs::say(desk, row)) },
        Job { name: LOST, door: Door::Inner, run: |desk, row| Box::pin(jobs::lost(desk, row)) },
        // Who serves the accounts serves Telegram.
        Job { name: AWAY, door: Door::Telegram, run: |desk, row| Box::pin(jobs::away(desk, row)) },
        Job { name: SHUT, door: Door::Inner, run: |desk, row| Box::pin(jobs::shut(desk, row)) },
    ],
    // The next look sees what this one would have; and once a lesson is over nobody need be asked to look at it. That an
    // account was away is no news a day later.
    fading: &[flow::LOOK, flow::FIND, session::NOBODY, AWAY],
    hints: &[|tx, hint| Box::pin(flow::hinted(tx, hint.call))],
    settings: &[Section { name: "call", read: |layers| Ok(Arc::new(settings(layers)?)) }],
    statements: store::STATEMENTS,
    ..Feature::named("call")
};

fn settings(layers: &Layers) -> Result<Settings, ConfigError> {
    let when = |text: &str| match text {
        "always" => Ok(When::Always),
        "without_link" => Ok(When::WithoutLink),
        "never" => Ok(When::Never),
        _ => Err("must be one of always, without_link, never".to_owned()),
    };
    let yes = |text: &str| match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("must be yes or no".to_owned()),
    };
    Ok(Settings {
        when: layers.read("call.when", when)?,
        join_muted: layers.read("call.join_muted", yes)?,
        grace_minutes: layers.number("call.grace_minutes", 0, 120)?,
    })
}
