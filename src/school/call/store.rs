//! The calls' SQL.

use super::LiveCall;
use crate::kernel::{At, Result};
use crate::platform::store::{Affected as _, Tx};
use crate::{fetch_all, fetch_optional, run, statements};

statements! {
    INSERT = "INSERT INTO live_call (session_id, call_id, chat, account, title, adopted, message, opened_at, extended, \
        end_asked, again) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (session_id, call_id) DO UPDATE SET \
        closed_at = NULL, chat = excluded.chat, account = excluded.account, title = excluded.title, \
        adopted = excluded.adopted, message = COALESCE(excluded.message, live_call.message), \
        opened_at = excluded.opened_at, extended = excluded.extended, end_asked = excluded.end_asked, \
        again = excluded.again \
        WHERE live_call.closed_at IS NOT NULL";
    OPEN_OF = "SELECT session_id, call_id, chat, account, title, adopted, message, opened_at, closed_at, extended, \
        end_asked, again \
        FROM live_call WHERE session_id = $1 AND closed_at IS NULL ORDER BY opened_at DESC, call_id LIMIT 1";
    LAST_OF = "SELECT session_id, call_id, chat, account, title, adopted, message, opened_at, closed_at, extended, \
        end_asked, again \
        FROM live_call WHERE session_id = $1 ORDER BY opened_at DESC, call_id LIMIT 1";
    CALL = "SELECT session_id, call_id, chat, account, title, adopted, message, opened_at, closed_at, extended, \
        end_asked, again \
        FROM live_call WHERE session_id = $1 AND call_id = $2";
    OPEN_IN = "SELECT session_id FROM live_call WHERE chat = $1 AND call_id = $2 AND closed_at IS NULL ORDER BY session_id";
    LATELY_IN = "SELECT session_id FROM live_call WHERE chat = $1 AND call_id = $2 AND (closed_at IS NULL OR closed_at >= $3) \
        ORDER BY session_id";
    CLOSED_SINCE = "SELECT COUNT(*) FROM live_call WHERE chat = $1 AND call_id = $2 AND closed_at >= $3";
    CLOSE = "UPDATE live_call SET closed_at = $3 WHERE session_id = $1 AND call_id = $2 AND closed_at IS NULL";
    EXTEND = "UPDATE live_call SET extended = extended + $3, end_asked = FALSE WHERE session_id = $1 AND call_id = $2";
    ASK_END = "UPDATE live_call SET end_asked = TRUE WHERE session_id = $1 AND call_id = $2";
    SET_ACCOUNT = "UPDATE live_call SET account = $3 WHERE session_id = $1 AND call_id = $2";
    BUSY = "SELECT account, COUNT(*) FROM live_call WHERE closed_at IS NULL GROUP BY account ORDER BY account";
    LAST_OPENED = "SELECT CAST(MAX(opened_at) AS BIGINT) FROM live_call";
    LIVE_OF_CALL = "SELECT session_id, account FROM live_call WHERE call_id = $1 AND closed_at IS NULL ORDER BY session_id";
}

/// A session that left a call which goes on comes back into it; `false` when it is in it.
pub(super) async fn insert(tx: &mut Tx, call: &LiveCall) -> Result<bool> {
    let touched = run!(
        tx,
        INSERT,
        &call.session_id,
        call.call_id,
        call.chat,
        call.account,
        &call.title,
        call.adopted,
        call.message,
        call.opened_at,
        call.extended,
        call.end_asked,
        call.again
    )?;
    Ok(touched == 1)
}

/// When a call was last opened, or found open.
pub async fn last_opened(tx: &mut Tx) -> Result<Option<At>> {
    Ok(fetch_optional!(tx, (Option<At>,), LAST_OPENED)?.and_then(|(at,)| at))
}

/// The call that is open for a session.
pub async fn open_of(tx: &mut Tx, session_id: &str) -> Result<Option<LiveCall>> {
    fetch_optional!(tx, LiveCall, OPEN_OF, session_id)
}

/// The session's newest call, open or over.
pub(super) async fn last_of(tx: &mut Tx, session_id: &str) -> Result<Option<LiveCall>> {
    fetch_optional!(tx, LiveCall, LAST_OF, session_id)
}

pub async fn call(tx: &mut Tx, session_id: &str, call_id: i64) -> Result<Option<LiveCall>> {
    fetch_optional!(tx, LiveCall, CALL, session_id, call_id)
}

/// The sessions for which this call stands open.
pub(super) async fn open_in(tx: &mut Tx, chat: i64, call_id: i64) -> Result<Vec<String>> {
    Ok(fetch_all!(tx, (String,), OPEN_IN, chat, call_id)?.into_iter().map(|(id,)| id).collect())
}

/// The sessions for which this call stands open, or stood since then.
pub(super) async fn lately_in(tx: &mut Tx, chat: i64, call_id: i64, since: At) -> Result<Vec<String>> {
    Ok(fetch_all!(tx, (String,), LATELY_IN, chat, call_id, since)?.into_iter().map(|(id,)| id).collect())
}

/// Was this call closed for a session, then or later?
pub(super) async fn was_closed(tx: &mut Tx, chat: i64, call_id: i64, since: At) -> Result<bool> {
    Ok(fetch_optional!(tx, (i64,), CLOSED_SINCE, chat, call_id, since)?.is_some_and(|(count,)| count > 0))
}

/// `false` when it was closed before.
pub(super) async fn close(tx: &mut Tx, session_id: &str, call_id: i64, at: At) -> Result<bool> {
    Ok(run!(tx, CLOSE, session_id, call_id, at)? == 1)
}

pub(super) async fn extend(tx: &mut Tx, session_id: &str, call_id: i64, minutes: i64) -> Result<()> {
    run!(tx, EXTEND, session_id, call_id, minutes)?.exactly_one("call to extend")
}

pub(super) async fn ask_end(tx: &mut Tx, session_id: &str, call_id: i64) -> Result<()> {
    run!(tx, ASK_END, session_id, call_id)?.exactly_one("call to end")
}

pub(super) async fn set_account(tx: &mut Tx, session_id: &str, call_id: i64, account: i64) -> Result<()> {
    run!(tx, SET_ACCOUNT, session_id, call_id, account)?.exactly_one("call to take over")
}

/// How many calls each account has open.
pub(super) async fn busy(tx: &mut Tx) -> Result<Vec<(i64, usize)>> {
    let rows = fetch_all!(tx, (i64, i64), BUSY)?;
    Ok(rows.into_iter().map(|(account, count)| (account, usize::try_from(count).unwrap_or(0))).collect())
}

/// The sessions for which a call is open, and the account that looks into it for each.
pub(super) async fn live_of_call(tx: &mut Tx, call_id: i64) -> Result<Vec<(String, i64)>> {
    fetch_all!(tx, (String, i64), LIVE_OF_CALL, call_id)
}
