//! When a session's call is due, and what became of it.

use super::super::{CALL, CallState, SHOW, Session, State, rules, store};
use super::{About, Look, show};
use crate::kernel::{At, Result};
use crate::platform::outbox::{self, Put};
use crate::platform::store::Tx;

/// The row that opens a session's call, if that is still ahead. A session that was changed has one of its own: its call
/// may have been opened before, and ended with the change. Whether there is anything left to open the row finds out.
pub(super) fn ahead(session: &Session, now: At) -> Result<Option<Put>> {
    let Some((due, until)) = rules::moments(session, now).call else { return Ok(None) };
    let changed = if session.revision > 1 { format!(":{}", session.revision) } else { String::new() };
    Ok(Some(opening(session, &changed)?.due(due.max(now)).until(until)))
}

/// The key of a session's row as long as it was not changed.
pub(super) fn first_key(session: &Session) -> String {
    format!("{CALL}:{}:{}", session.id, session.start_at.millis())
}

/// The rows of one session open its call one after the other.
fn opening(session: &Session, why: &str) -> Result<Put> {
    let about = About { session_id: session.id.clone(), start_at: session.start_at };
    let put = Put::new(CALL, format!("{}{why}", first_key(session)), &about)?;
    Ok(put.lane(format!("{CALL}:{}", session.id)).caller().repeatable())
}

/// A new call is opened now, and until then at the latest: the one of this number ended, or was left, and nobody meant
/// this session by that. It may be left more than once.
pub async fn call_again(tx: &mut Tx, session: &Session, instead_of: i64, until: At) -> Result<()> {
    let put = opening(session, &format!(":instead:{instead_of}:{}", tx.now().millis()))?;
    outbox::put(tx, put.until(until)).await.map(|_| ())
}

/// What became of the session's call; its message in the group says so.
pub async fn call_is(tx: &mut Tx, session_id: &str, state: CallState) -> Result<()> {
    match became(tx, session_id, state).await? {
        Some(session) => show(tx, &session, "call", false).await,
        None => Ok(()),
    }
}

/// The session was moved away from the hours at which its call was opened, or failed: its call is still to come.
pub async fn call_is_ahead(tx: &mut Tx, session_id: &str) -> Result<()> {
    match store::call_state(tx, session_id).await? {
        Some(CallState::Over | CallState::Failed) => store::forget_call_state(tx, session_id).await,
        _ => Ok(()),
    }
}

/// As [`call_is`], of a call that is missed: people are told that what stands for it is in the session's message, as long
/// as it is. Where there is none (the session came late, or its reminder was lost) it is sent.
pub async fn call_missed(tx: &mut Tx, session_id: &str, state: CallState) -> Result<()> {
    let Some(session) = became(tx, session_id, state).await? else { return Ok(()) };
    let (now, (_, here_until)) = (tx.now(), rules::here_window(session.start_at));
    let promised = session.link.is_some() || now <= here_until;
    if !promised || session.state != State::Planned || now >= session.end_at {
        return show(tx, &session, "call", false).await;
    }
    let look = Look { session_id: session.id.clone(), moved: false, left: None, send: true };
    let put = Put::new(SHOW, format!("{SHOW}:{}:missed:{}", session.id, tx.new_id()), &look)?;
    outbox::put(tx, put.lane(format!("session:{}", session.id)).until(session.end_at)).await.map(|_| ())
}

/// Notes what became of a session's call, if that is news.
async fn became(tx: &mut Tx, session_id: &str, state: CallState) -> Result<Option<Session>> {
    let Some(session) = store::session(tx, session_id).await? else { return Ok(None) };
    if store::call_state(tx, session_id).await? == Some(state) {
        return Ok(None);
    }
    store::set_call_state(tx, session_id, state).await?;
    here_follows(tx, &session, state).await?;
    Ok(Some(session))
}

/// Without a link nothing foresaw that « Je suis là » stands there: it comes with its window, and goes with it.
async fn here_follows(tx: &mut Tx, session: &Session, state: CallState) -> Result<()> {
    let (from, until) = rules::here_window(session.start_at);
    let now = tx.now();
    if state == CallState::Open || session.link.is_some() || now > until || session.state != State::Planned {
        return Ok(());
    }
    let (start, end) = (session.start_at.millis(), session.end_at.millis());
    let after = until.plus(std::time::Duration::from_secs(1)).min(session.end_at);
    let look = Look { session_id: session.id.clone(), moved: false, left: None, send: false };
    for (name, due) in [("here", from), ("here-over", after)] {
        if due > now {
            let put = Put::new(SHOW, format!("{SHOW}:{}:{start}:{end}:{name}", session.id), &look)?;
            let put = put.lane(format!("session:{}", session.id)).due(due).until(session.end_at.plus_days(1));
            outbox::put(tx, put.repeatable()).await?;
        }
    }
    Ok(())
}
