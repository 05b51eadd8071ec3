//! What the timetable workbook registers.

use super::{chat, flow, jobs, screens, store};
use crate::platform::outbox::{Door, Job};
use crate::platform::schedule::Moment;
use crate::school::feature::Feature;
use crate::school::rights::Act;
use crate::school::roster::STRAY;
use crate::telegram::command::{Audience, Button, Command, Place, Reason, Upload};

const ADMIN: Audience = Act::School.audience();
const FORGET: &str = "workbook.forget";

pub const FEATURE: Feature = Feature {
    commands: &[
        Command {
            fr: "horaires",
            en: "timetable",
            line: "workbook-menu-timetable",
            help: "help-timetable",
            audience: ADMIN,
            place: Place::Private,
            shown: true,
            reads: true,
            take: |_| Box::pin(async { Ok(chat::timetable()) }),
        },
        Command {
            fr: "modele",
            en: "template",
            line: "workbook-menu-template",
            help: "help-template",
            audience: ADMIN,
            place: Place::Private,
            shown: true,
            reads: false,
            take: |turn| Box::pin(chat::template(turn)),
        },
    ],
    buttons: &[
        Button { action: screens::APPLY, audience: ADMIN, take: |turn| Box::pin(chat::apply(turn)) },
        Button { action: screens::ABANDON, audience: ADMIN, take: |turn| Box::pin(chat::abandon(turn)) },
        Button { action: screens::LOOK, audience: ADMIN, take: |turn| Box::pin(chat::look(turn)) },
        Button { action: screens::UNDO, audience: ADMIN, take: |turn| Box::pin(chat::undo(turn)) },
        Button { action: screens::ANNOTATED, audience: ADMIN, take: |turn| Box::pin(chat::annotated(turn)) },
    ],
    uploads: &[Upload {
        audience: ADMIN,
        endings: &[".xlsx", ".xls", ".ods", ".xlsm"],
        take: |turn| Box::pin(chat::upload(turn)),
    }],
    jobs: &[
        Job { name: flow::READ, door: Door::Telegram, run: |desk, row| Box::pin(jobs::read_file(desk, row)) },
        Job { name: flow::APPLY, door: Door::Telegram, run: |desk, row| Box::pin(jobs::apply(desk, row)) },
        Job { name: flow::REST, door: Door::Inner, run: |desk, row| Box::pin(jobs::rest(desk, row)) },
        Job { name: flow::LEAVE, door: Door::Inner, run: |desk, row| Box::pin(jobs::leave(desk, row)) },
        Job { name: STRAY, door: Door::Inner, run: |desk, row| Box::pin(jobs::stray(desk, row)) },
        Job { name: flow::SHOW, door: Door::Telegram, run: |desk, row| Box::pin(jobs::show(desk, row)) },
        Job { name: flow::OVER, door: Door::Inner, run: |desk, row| Box::pin(jobs::over(desk, row)) },
        Job { name: flow::UNDO, door: Door::Telegram, run: |desk, row| Box::pin(jobs::undo(desk, row)) },
        Job { name: flow::ANNOTATE, door: Door::Telegram, run: |desk, row| Box::pin(jobs::annotate(desk, row)) },
        Job { name: flow::TEMPLATE, door: Door::Telegram, run: |desk, row| Box::pin(jobs::template(desk, row)) },
        Job { name: FORGET, door: Door::Inner, run: |desk, row| Box::pin(jobs::forget(desk, row)) },
    ],
    // The next night forgets what this one did not.
    fading: &[FORGET],
    moments: &[Moment { name: "workbook-forget", cron: "30 3 * * *", kind: FORGET, catch_up_hours: 24 }],
    statements: store::STATEMENTS,
    reasons: &[
        Reason { code: "IMP-01", words: "why-imp-01" },
        Reason { code: "IMP-02", words: "why-imp-02" },
        Reason { code: "IMP-03", words: "why-imp-03" },
        Reason { code: "IMP-04", words: "why-imp-04" },
        Reason { code: "IMP-05", words: "why-imp-05" },
        Reason { code: "IMP-06", words: "why-imp-06" },
        Reason { code: "IMP-07", words: "why-imp-07" },
        Reason { code: "IMP-08", words: "why-imp-08" },
        Reason { code: "IMP-09", words: "why-imp-09" },
        Reason { code: "IMP-10", words: "why-imp-10" },
        Reason { code: "IMP-11", words: "why-imp-11" },
        Reason { code: "IMP-12", words: "why-imp-12" },
        Reason { code: "IMP-13", words: "why-imp-13" },
        Reason { code: "IMP-14", words: "why-imp-14" },
        Reason { code: "IMP-15", words: "why-imp-15" },
    ],
    ..Feature::named("workbook")
};
