//! What somebody at the school's machine does: invites the first admin, agrees, looks at the outbox.

use clap::ValueEnum;

use super::{End, Ended, Here, complain, print, table};
use crate::app;
use crate::kernel::Text;
use crate::platform::outbox;
use crate::platform::store::Probe;
use crate::school::audit::{self, Actor};
use crate::school::roster::LinkKind;
use crate::school::{approval, roster};
use crate::text;

/// Who may be invited from the command line.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Invited {
    Admin,
}

/// One link, alone on standard output; how long it lives, on standard error. Telegram is asked for the bot's name
/// first: a link that leads nowhere is not made.
pub(super) async fn invite(here: &Here, role: Invited) -> Ended {
    let Invited::Admin = role;
    if here.config.telegram.token.is_none() {
        return Err(End::Usage(text!("cli-no-token-for-link")));
    }
    let bot = app::connect(&here.config, &here.clock, &Probe::default()).await?;
    let database = here.beside().await?;
    let made = database.db.transact(async |tx| Ok((roster::flow::admin_link(tx).await?, tx.now()))).await;
    database.close().await;
    let (token, now) = made?;
    let zone = here.config.school.time_zone;
    let until = zone.local(roster::rules::expiry(LinkKind::Admin, now)).format("%H:%M").to_string();
    print(&bot.deep_link(&token));
    complain(&text!("check-invited", until = until, zone = zone.to_string()).render(here.config.school.language));
    Ok(())
}

/// Agrees, as somebody at the school's machine: says what will happen now.
pub(super) async fn agree(here: &Here, id: &str) -> Ended {
    let database = here.beside().await?;
    let said = database.db.transact(async |tx| approval::flow::agree_on_cli(tx, id).await).await;
    database.close().await;
    let said = said?;
    if said.counted {
        here.say(&said.words);
        return Ok(());
    }
    complain(&said.words.render(here.config.school.language));
    Err(End::Said)
}

fn row_state(state: &str) -> Text {
    match state {
        "scheduled" => text!("cli-row-scheduled"),
        "executing" => text!("cli-row-executing"),
        "retryable" => text!("cli-row-retryable"),
        "completed" => text!("cli-row-completed"),
        "cancelled" => text!("cli-row-cancelled"),
        "discarded" => text!("cli-row-discarded"),
        "unknown" => text!("cli-row-unknown"),
        other => Text::verbatim(other),
    }
}

/// How many rows are in which state, then those that are dead or in doubt.
pub(super) async fn outbox(here: &Here) -> Ended {
    let database = here.beside().await?;
    let outcome = database
        .db
        .read(async |tx| Ok((outbox::store::counts(tx).await?, outbox::store::troubled(tx, 200).await?)))
        .await;
    database.close().await;
    let (counts, troubled) = outcome?;
    // A row that is over has one of the states that are never left again.
    if counts.iter().all(|(state, _)| ["completed", "cancelled"].contains(&state.as_str())) {
        here.say(&text!("cli-outbox-nothing"));
    }
    let said = |words: &Text| words.render(here.config.school.language);
    let counts: Vec<Vec<String>> =
        counts.into_iter().map(|(state, count)| vec![said(&row_state(&state)), count.to_string()]).collect();
    table::show(&counts, &[1]);
    if troubled.is_empty() {
        return Ok(());
    }
    let zone = here.config.school.time_zone;
    let heads = [
        Text::verbatim("id"),
        text!("cli-outbox-kind"),
        text!("cli-outbox-state"),
        text!("cli-outbox-due"),
        text!("cli-outbox-key"),
        text!("cli-outbox-why"),
    ];
    let mut rows: Vec<Vec<String>> = vec![heads.iter().map(said).collect()];
    rows.extend(troubled.into_iter().map(|row| {
        let due = zone.local(row.due_at).format("%Y-%m-%d %H:%M").to_string();
        vec![row.id, row.kind, said(&row_state(&row.state)), due, row.key, row.note]
    }));
    print("");
    table::show(&rows, &[]);
    Ok(())
}

/// Performs a dead or doubtful row again: the run that is live takes it.
pub(super) async fn retry(here: &Here, id: &str) -> Ended {
    let database = here.beside().await?;
    let revived = database
        .db
        .transact(async |tx| {
            let row = outbox::store::trouble(tx, id).await?;
            let revived = outbox::store::revive(tx, id).await?;
            if revived {
                let (object, old) = (format!("outbox:{id}"), row.map(|row| format!("{} {}", row.kind, row.state)));
                audit::flow::record(tx, &Actor::Cli, "outbox.retried", &object, old.as_deref(), Some("again")).await?;
            }
            Ok(revived)
        })
        .await;
    database.close().await;
    if revived? {
        here.say(&text!("cli-outbox-again", id = id));
        Ok(())
    } else {
        Err(End::Usage(text!("cli-no-row", id = id)))
    }
}
