//! A call ends: at its time, by the teacher's word, or with its session.

use std::time::Duration;

use super::super::flow::{self, Ending};
use super::super::{Hitch, LiveCall, NoCall, rules};
use super::hitch;
use crate::kernel::Result;
use crate::platform::outbox::{Outcome, Row};
use crate::telegram::port::{Desk, done};

/// Telegram that does not answer is asked again so soon, and so is one that wants waited for, at most.
const SOON: Duration = Duration::from_secs(20);
/// Where no account may end it, it is tried again so often.
const TRIED_AGAIN: Duration = Duration::from_mins(1);

/// The call ends: at its time, by the teacher's word, or with its session.
pub async fn hang_up(desk: &Desk, row: &Row) -> Result<Outcome> {
    let session_id: String = row.read()?;
    let call = match desk.db.read(async |tx| flow::ending(tx, &session_id).await).await? {
        Ending::Nothing => return Ok(Outcome::Done),
        Ending::Later(until) => return Ok(Outcome::Again(until)),
        Ending::Leave(call, title) => {
            if !call.adopted && call.title != title {
                rename(desk, row, &call, &title).await?;
            }
            let at = desk.db.clock().now();
            return done(desk, row, async |tx| flow::over(tx, &call, at).await).await;
        }
        Ending::End(call) => call,
    };
    let hitches = end_by_any(desk, row, &call).await?;
    let now = desk.db.clock().now();
    // Ended, perhaps by somebody else before: over is over. After a day nobody asks about it any more.
    if hitches.is_empty() || now.plus(TRIED_AGAIN) >= row.expires_at {
        return done(desk, row, async |tx| flow::over(tx, &call, now).await).await;
    }
    if !desk.callers.serves() {
        return Ok(Outcome::Retry("another process serves the callers".to_owned()));
    }
    let waits = hitches.iter().filter_map(|hitch| match hitch {
        Hitch::Wait(span) => Some(*span),
        _ => None,
    });
    match waits.min() {
        Some(span) if span <= SOON => Ok(Outcome::Snooze(desk.db.clock().wall().plus(span))),
        _ if hitches.iter().any(Hitch::passes) => Ok(Outcome::Again(now.plus(SOON))),
        _ => {
            let why: NoCall = rules::why(&hitches);
            desk.db.transact(async |tx| flow::unended(tx, &call, &why).await).await?;
            Ok(Outcome::Again(now.plus(TRIED_AGAIN)))
        }
    }
}

/// Has the call ended by its own account, else by any other; none left over: what each of them said.
async fn end_by_any(desk: &Desk, row: &Row, call: &LiveCall) -> Result<Vec<Hitch>> {
    let ready = desk.callers.gathered().await;
    let busy = desk.db.read(async |tx| flow::busy(tx).await).await?;
    let mut hitches = Vec::new();
    for account in rules::order(&ready, Some(call.account), None, &busy, 0) {
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
                hitches.push(hitch(desk, account, &trouble));
            }
        }
    }
    if hitches.is_empty() {
        hitches.push(Hitch::Gone);
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
