//! Looks into a live call, and what becomes of one that its account sees no more.

use std::time::Duration;

use super::super::flow::{self, Which};
use super::super::{Hitch, LiveCall, NoCall, rules, store};
use super::hitch;
use crate::kernel::{At, Result};
use crate::platform::outbox::{self, Outcome, Row};
use crate::platform::store::Tx;
use crate::school::attendance::flow::{self as attendance, Observation, Visitor};
use crate::school::classroom::flow::group_of;
use crate::school::session::flow::session;
use crate::telegram::port::{Desk, InCall, Trouble};

/// A wait that is no longer than this is waited for as it is.
const SHORT: Duration = Duration::from_secs(5);
/// Whoever takes a call over looks into it so soon.
const SOON: Duration = Duration::from_secs(3);
/// After so long in the dark it is told whatever was tried.
const TOLD_AT_LAST: Duration = Duration::from_secs(15);

/// One look into a live call; the row is due again soon.
pub async fn look(desk: &Desk, row: &Row) -> Result<Outcome> {
    let which: Which = row.read()?;
    let read = async |tx: &mut Tx| {
        let call = store::call(tx, &which.session_id, which.call_id).await?;
        Ok((call, flow::busy(tx).await?))
    };
    let (call, busy) = desk.db.read(read).await?;
    let Some(call) = call.filter(|call| call.closed_at.is_none()) else { return over(desk, row, &which).await };
    let live = busy.iter().find(|(account, _)| *account == call.account).map_or(1, |(_, count)| *count);
    let usual = usize::try_from(desk.db.config().telegram.caller.poll_seconds).unwrap_or(12);
    let clock = desk.db.clock();
    let began = clock.now();
    let next = rules::next_look(began, rules::pace(usual, live), desk.db.ids().below(1000));
    if !desk.callers.ready().contains(&call.account) {
        // Right after a start, or once the callers came to this process, it is not connected yet.
        desk.callers.gathered().await;
    }
    match desk.callers.look(call.account, call.chat, call.call_id).await {
        Ok(seen) => {
            let one = |one: InCall| Visitor { peer: one.peer, title: one.title, since: one.since };
            let people = seen.people.into_iter().map(one).collect();
            let observation = Observation { at: clock.now(), complete: seen.complete, people };
            let goes_on = desk.db.transact(async |tx| flow::seen(tx, &which, seen.open, &observation).await).await?;
            if goes_on { Ok(Outcome::Again(next)) } else { over(desk, row, &which).await }
        }
        Err(trouble) => unseen(desk, &call, &trouble, (next, began.plus(rules::least_between(live)))).await,
    }
}

/// The session's call is over. The row is withdrawn, so that it is written again if the session comes back into the call;
/// if it did so just now, it goes on.
async fn over(desk: &Desk, row: &Row, which: &Which) -> Result<Outcome> {
    desk.db
        .transact(async |tx| {
            let call = store::call(tx, &which.session_id, which.call_id).await?;
            let outcome = if call.is_some_and(|call| call.closed_at.is_none()) {
                Outcome::Again(tx.now())
            } else {
                Outcome::Cancel("the call is over".to_owned())
            };
            outbox::store::settle(tx, row, &outcome, row.due_at).await
        })
        .await?;
    Ok(Outcome::Settled)
}

/// The look failed: it is repeated `soon`, as long as nothing is lost by that; then another account takes over, or those
/// in charge learn that nobody sees the call.
async fn unseen(desk: &Desk, call: &LiveCall, trouble: &Trouble, (next, soon): (At, At)) -> Result<Outcome> {
    if !matches!(trouble, Trouble::Wait(_)) {
        tracing::info!(session = %call.session_id, trouble = ?trouble, "call.look_failed");
    }
    if !desk.callers.serves() {
        return Ok(Outcome::Again(next));
    }
    desk.db.transact(async |tx| attendance::unseen(tx, &call.session_id).await).await?;
    let why = hitch(desk, call.account, trouble).await?;
    let now = desk.db.clock().now();
    let seen = desk.db.read(async |tx| flow::seen_at(tx, call).await).await?;
    let lost = !why.passes();
    let again = match &why {
        Hitch::Wait(span) => next.min(now.plus(*span)),
        _ => next,
    };
    if !lost && !rules::is_dark(seen, now) {
        return Ok(match why {
            // The account's turn, or Telegram's breath: machine time.
            Hitch::Wait(span) if span <= SHORT => Outcome::Snooze(desk.db.clock().wall().plus(span)),
            Hitch::Away => Outcome::Again(again.min(soon)),
            _ => Outcome::Again(again),
        });
    }
    let other = another(desk, call).await?;
    let which = Which { session_id: call.session_id.clone(), call_id: call.call_id };
    let told = other.is_none() || rules::is_dark(seen.plus(TOLD_AT_LAST), now);
    desk.db
        .transact(async |tx| {
            if let Some(account) = other {
                flow::taken_over(tx, &which, account).await?;
            }
            if told {
                flow::out_of_sight(tx, &which, &NoCall::from(&why)).await?;
            }
            Ok(())
        })
        .await?;
    Ok(Outcome::Again(if other.is_some() && !told { now.plus(SOON) } else { again }))
}

/// Another account that is in the group.
async fn another(desk: &Desk, call: &LiveCall) -> Result<Option<i64>> {
    let mut ready = desk.callers.gathered().await;
    ready.retain(|account| *account != call.account);
    let read = async |tx: &mut Tx| {
        let group = match session(tx, &call.session_id).await? {
            Some(session) => group_of(tx, &session.classroom_id).await?,
            None => None,
        };
        Ok((group, flow::busy(tx).await?))
    };
    let (group, busy) = desk.db.read(read).await?;
    let (owner, spare) = group.map_or((None, None), |group| (group.owner, group.spare));
    for account in rules::order(&ready, owner, spare, &busy, 0) {
        if desk.callers.knows(account, call.chat).await == Ok(true) {
            return Ok(Some(account));
        }
    }
    Ok(None)
}
