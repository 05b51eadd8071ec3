//! What the agreements register.

use super::{chat, flow, jobs, store};
use crate::platform::outbox::{Door, Job};
use crate::school::feature::Feature;
use crate::telegram::command::Reason;
use crate::telegram::port::Desk;

const JOBS: &[Job<Desk>] = &[
    Job { name: flow::SHOW, door: Door::Telegram, run: jobs::show },
    Job { name: flow::OUTCOME, door: Door::Telegram, run: jobs::show },
    Job { name: flow::EXPIRE, door: Door::Inner, run: jobs::expire },
];

pub const FEATURE: Feature = Feature {
    buttons: chat::BUTTONS,
    jobs: JOBS,
    statements: store::STATEMENTS,
    reasons: &[Reason { code: "AGR-01", words: "why-agr-01" }],
    ..Feature::named("approval")
};
