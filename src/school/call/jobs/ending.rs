//! A call ends: at its time, by the teacher's word, or with its session.

use std::time::Duration;

use super::super::flow::{self, Ending};
use super::super::{Hitch, LiveCall, NoCall, rules};
use super::{elsewhere, hitch, missing};
use crate::kernel::{At, Result};
use crate::platform::outbox::{Outcome, Row};
use crate::telegram::port::{Desk, done};

/// Telegram that does not answer is asked again so soon, and so is one that wants waited for, at most.
const SOON: Duration = Duration::from_secs(20);
/// Where no account may end it, it is tried again so often.
const TRIED_AGAIN: Duration = Duration::from_mins(1);
/// A call that does not end for so long is told, though what is in the way may go by itself.
const TOLD_AFTER: Duration = Duration::from_mins(2);

/// The call ends: at its time, by the teacher's word, or with its session.
pub async fn hang_up(desk: &Desk, row: &Row) -> Result<Outcome> {
    let session_id: String = row.read()?;
    let (call, until) = match desk.db.read(async |tx| flow::ending(tx, &session_id).await).await? {
        Ending::Nothing => return Ok(Outcome::Done),
        Ending::Later(until) => return Ok(Outcome::Again(until)),
        Ending::Leave(call, title) => {
            if !call.adopted && call.title != title {
                rename(desk, row, &call, &title).await?;
            }
            let at = desk.db.clock().now();
            return done(desk, row, async |tx| flow::hung_up(tx, &call, at).await).await;
        }
        Ending::End(call, until) => (call, until),
    };
    let hitches = end_by_any(desk, row, &call).await?;
    let now = desk.db.clock().now();
    // Ended, perhaps by somebody else before: over is over.
    if hitches.is_empty() {
        return done(desk, row, async |tx| flow::ended_for_all(tx, &call, now).await).await;
    }
    // After a day nobody asks about it any more.
    if now.plus(TRIED_AGAIN) >= row.expires_at {
        return done(desk, row, async |tx| flow::hung_up(tx, &call, now).await).await;
    }
    if let Some(later) = elsewhere(desk) {
        return Ok(later);
    }
    let waits = hitches.iter().filter_map(|hitch| match hitch {
        Hitch::Wait(span) => Some(*span),
        _ => None,
    });
    let passes = hitches.iter().any(Hitch::passes);
    // The row is due again and again; its window ends a day after it was first to be done.
    let since = row.expires_at.plus_days(-1).max(if until < now { until } else { At(0) });
    if !passes || since.until(now) >= TOLD_AFTER {
        let why: NoCall = rules::why(&hitches);
        desk.db.transact(async |tx| flow::unended(tx, &call, &why).await).await?;
    }
    Ok(match waits.min() {
        Some(span) if span <= SOON => Outcome::Snooze(desk.db.clock().wall().plus(span)),
        _ if passes => Outcome::Again(now.plus(SOON)),
        _ => Outcome::Again(now.plus(TRIED_AGAIN)),
    })
}

/// Has the call ended by its own account, else by any other; none left over: what each of them said.
async fn end_by_any(desk: &Desk, row: &Row, call: &LiveCall) -> Result<Vec<Hitch>> {
    let ready = desk.callers.gathered().await;
    let mut hitches = Vec::new();
    // Whoever looks into it, however busy that one is.
    for account in rules::order(&ready, Some(call.account), None, &[], 0) {
        row.about_to_call(&desk.db).await?;
        let ended = match desk.callers.knows(account, call.chat).await {
            Ok(true) => desk.callers.end_call(account, call.chat, call.call_id).await,
            Ok(false) => {
                hitches.push(Hitch::NotAllowed);
                continue;
            }
            Err(trouble) => Err(trouble),
        };
        match ended {
            Ok(_) => return Ok(Vec::new()),
            Err(trouble) => {
                tracing::info!(caller.account = account, trouble = ?trouble, "call.not_ended");
                hitches.push(hitch(desk, account, &trouble).await?);
            }
        }
    }
    if hitches.is_empty() {
        hitches.push(missing(desk, call.account).await?);
    }
    Ok(hitches)
}

/// The next lesson goes on in the call: a courtesy.
async fn rename(desk: &Desk, row: &Row, call: &LiveCall, title: &str) -> Result<()> {
    row.about_to_call(&desk.db).await?;
    if let Err(trouble) = desk.callers.name_call(call.account, call.chat, call.call_id, title).await {
        tracing::info!(caller.account = call.account, trouble = ?trouble, "call.not_renamed");
    }
    Ok(())
}
