//! What the groups register.

use super::{REMOVE, chat, flow, jobs, store};
use crate::platform::outbox::{Door, Job};
use crate::platform::schedule::Moment;
use crate::school::classroom;
use crate::school::feature::Feature;
use crate::school::rights::Act;
use crate::telegram::caller;
use crate::telegram::command::{Audience, Button, Happening};

const SCHOOL: Audience = Act::School.audience();

pub const FEATURE: Feature = Feature {
    notices: &[|tx, chat, happening| {
        Box::pin(async move {
            match happening {
                Happening::Member { account, by, is, .. } if is.is_in() => {
                    flow::joined(tx, chat.id, *account, *by).await
                }
                _ => Ok(()),
            }
        })
    }],
    buttons: &[
        Button { action: classroom::GROUP_PAGE, audience: SCHOOL, take: |turn| Box::pin(chat::page(turn)) },
        Button { action: REMOVE, audience: SCHOOL, take: |turn| Box::pin(chat::remove(turn)) },
        Button { action: chat::REMOVE_NOW, audience: SCHOOL, take: |turn| Box::pin(chat::remove_now(turn)) },
        Button { action: chat::COMPARE, audience: SCHOOL, take: |turn| Box::pin(chat::compare(turn)) },
    ],
    jobs: &[
        Job { name: caller::READY, door: Door::Caller, run: |desk, row| Box::pin(jobs::ready(desk, row)) },
        Job { name: caller::CONNECTED, door: Door::Inner, run: |desk, row| Box::pin(jobs::connected(desk, row)) },
        Job { name: caller::LEFT, door: Door::Inner, run: |desk, row| Box::pin(jobs::left(desk, row)) },
        Job { name: classroom::QUEUE, door: Door::Caller, run: |desk, row| Box::pin(jobs::queue(desk, row)) },
        Job { name: flow::MAKE, door: Door::Caller, run: |desk, row| Box::pin(jobs::make(desk, row)) },
        Job { name: flow::EQUIP, door: Door::Caller, run: |desk, row| Box::pin(jobs::equip(desk, row)) },
        Job { name: flow::LINK, door: Door::Telegram, run: |desk, row| Box::pin(jobs::link(desk, row)) },
        Job { name: flow::SPARE, door: Door::Caller, run: |desk, row| Box::pin(jobs::spare(desk, row)) },
        Job { name: flow::GREET, door: Door::Telegram, run: |desk, row| Box::pin(jobs::greet(desk, row)) },
        Job { name: flow::PIN, door: Door::Telegram, run: |desk, row| Box::pin(jobs::pin(desk, row)) },
        Job { name: flow::SHOW, door: Door::Telegram, run: |desk, row| Box::pin(jobs::show(desk, row)) },
        Job { name: flow::REMOVE, door: Door::Telegram, run: |desk, row| Box::pin(jobs::remove(desk, row)) },
        Job { name: flow::PHOTO, door: Door::Telegram, run: |desk, row| Box::pin(jobs::photo(desk, row)) },
        Job { name: flow::DAILY, door: Door::Inner, run: |desk, row| Box::pin(jobs::daily(desk, row)) },
        Job { name: flow::ROUND, door: Door::Caller, run: |desk, row| Box::pin(jobs::round(desk, row)) },
        Job { name: flow::TEND, door: Door::Caller, run: |desk, row| Box::pin(jobs::tend(desk, row)) },
        Job { name: flow::COMPARE, door: Door::Caller, run: |desk, row| Box::pin(jobs::compare(desk, row)) },
        Job { name: flow::RIGHTS, door: Door::Caller, run: |desk, row| Box::pin(jobs::rights(desk, row)) },
    ],
    // The next morning looks again.
    fading: &[caller::READY, caller::CONNECTED, flow::ROUND, flow::TEND, flow::SPARE, flow::DAILY],
    moments: &[Moment { name: "group-daily", cron: "0 5 * * *", kind: flow::DAILY, catch_up_hours: 18 }],
    statements: store::STATEMENTS,
    ..Feature::named("group")
};
