//! What the state registers.

use super::{ABSENT, RESTORED, TELL, TROUBLE, chat, jobs, page, screens};
use crate::platform::outbox::{Door, Job};
use crate::platform::web::Page;
use crate::school::feature::Feature;
use crate::school::rights::Act;
use crate::telegram::command::{Audience, Button, Command, Place, callers};

const ADMIN: Audience = Act::School.audience();

pub const FEATURE: Feature = Feature {
    commands: &[Command {
        fr: "etat",
        en: "status",
        line: "state-menu",
        help: "help-status",
        audience: ADMIN,
        place: Place::Private,
        shown: true,
        reads: true,
        take: |turn| Box::pin(chat::state(turn)),
    }],
    buttons: &[
        Button { action: screens::RETRY, audience: ADMIN, take: |turn| Box::pin(chat::retry(turn)) },
        Button { action: screens::FORGET, audience: ADMIN, take: |turn| Box::pin(chat::forget(turn)) },
        Button { action: screens::RECALL, audience: ADMIN, take: |turn| Box::pin(chat::recall(turn)) },
    ],
    jobs: &[
        Job { name: TROUBLE, door: Door::Inner, run: |desk, row| Box::pin(jobs::trouble(desk, row)) },
        Job { name: TELL, door: Door::Telegram, run: |desk, row| Box::pin(jobs::tell(desk, row)) },
        Job { name: ABSENT, door: Door::Inner, run: |desk, row| Box::pin(jobs::absent(desk, row)) },
        Job { name: RESTORED, door: Door::Telegram, run: |desk, row| Box::pin(jobs::restored(desk, row)) },
    ],
    pages: &[Page {
        path: "/",
        show: |visit| {
            Box::pin(async move {
                let callers = visit.db.read(async |tx| callers(tx).await).await?;
                page::health(visit, callers).await
            })
        },
    }],
    ..Feature::named("state")
};
