//! What the outbox performs to tell admins of effects that ended badly.

use super::screens;
use super::{Marked, Tell, TellHeldBack, flow, rules};
use crate::kernel::Result;
use crate::kernel::absence::Absence;
use crate::platform::outbox::{self, Outcome, Row};
use crate::telegram::port::{Desk, Post, done, post};
use crate::telegram::screen::Screen;

/// Waits a moment for what ends badly together, then writes one message to each admin.
pub async fn trouble(desk: &Desk, row: &Row) -> Result<Outcome> {
    let first: Marked = row.read()?;
    let ripe = crate::kernel::At(first.at.millis() + rules::TOGETHER_MILLIS);
    if desk.db.clock().wall() < ripe {
        return Ok(Outcome::Snooze(ripe));
    }
    desk.db
        .transact(async |tx| {
            let rows = flow::tell(tx, &first).await?;
            tracing::warn!(rows, "state.troubled");
            outbox::store::settle(tx, row, &Outcome::Done, row.due_at).await
        })
        .await?;
    Ok(Outcome::Settled)
}

/// One private message to one admin.
pub async fn tell(desk: &Desk, row: &Row) -> Result<Outcome> {
    let Tell { account, rows } = row.read()?;
    let read = async |tx: &mut crate::platform::store::Tx| {
        Ok((flow::still_open(tx, &rows).await?, flow::reachable_admin(tx, account).await?))
    };
    let (open, reader) = desk.db.read(read).await?;
    let Some(reader) = reader else { return Ok(Outcome::Cancel("the admin cannot be reached".to_owned())) };
    if open.is_empty() {
        return Ok(Outcome::Cancel("all of it was seen to".to_owned()));
    }
    let school = &desk.db.config().school;
    let screen = screens::told(None, &open, &rows, school.time_zone)?;
    post(desk, row, Post::private(account, screen, reader.lang.unwrap_or(school.language))).await
}

/// One private message to one admin: what is not sent any more after a backup came back.
pub async fn restored(desk: &Desk, row: &Row) -> Result<Outcome> {
    let TellHeldBack { account, held_back } = row.read()?;
    let reader = desk.db.read(async |tx| flow::reachable_admin(tx, account).await).await?;
    let Some(reader) = reader else { return Ok(Outcome::Cancel("the admin cannot be reached".to_owned())) };
    let screen = Screen::new(screens::held_back(&held_back));
    post(desk, row, Post::private(account, screen, reader.lang.unwrap_or(desk.db.config().school.language))).await
}

/// Something was away and nobody could be told: each admin hears now from when to when.
pub async fn absent(desk: &Desk, row: &Row) -> Result<Outcome> {
    let absence: Absence = row.read()?;
    done(desk, row, async |tx| flow::tell_absence(tx, &row.key, &absence).await).await
}
