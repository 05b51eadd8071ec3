//! The SQL of what is seen of a session's call: looks, who is in it, whom nobody knew.

use crate::kernel::{At, Result};
use crate::platform::store::Tx;
use crate::{fetch_all, fetch_optional, run, statements};

statements! {
    OPEN_WATCH = "INSERT INTO presence_watch (session_id, opened_at) VALUES ($1, $2) \
        ON CONFLICT (session_id) DO UPDATE SET closed_at = NULL";
    CLOSE_WATCH = "UPDATE presence_watch SET closed_at = $2 WHERE session_id = $1 AND closed_at IS NULL";
    WATCH = "SELECT opened_at, closed_at FROM presence_watch WHERE session_id = $1";
    CALLS = "SELECT opened_at, closed_at FROM live_call WHERE session_id = $1 ORDER BY opened_at, call_id";
    GOES_ON = "SELECT again FROM live_call WHERE session_id = $1 ORDER BY opened_at DESC, call_id LIMIT 1";
    EXTENDED = "SELECT extended FROM live_call WHERE session_id = $1 AND closed_at IS NULL \
        ORDER BY opened_at DESC, call_id LIMIT 1";
    INSERT_POLL = "INSERT INTO presence_poll (session_id, at, complete, people) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (session_id, at) DO NOTHING";
    POLLS = "SELECT at, complete FROM presence_poll WHERE session_id = $1 ORDER BY at";
    LAST_POLL = "SELECT CAST(MAX(at) AS BIGINT) FROM presence_poll WHERE session_id = $1";
    LAST_COMPLETE = "SELECT CAST(MAX(at) AS BIGINT) FROM presence_poll WHERE session_id = $1 AND complete AND at < $2";
    PRESENT = "SELECT peer, person_id, since FROM presence_now WHERE session_id = $1 ORDER BY peer";
    SET_PRESENT = "INSERT INTO presence_now (session_id, peer, person_id, since) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (session_id, peer) DO UPDATE SET since = excluded.since, person_id = excluded.person_id";
    DROP_PRESENT = "DELETE FROM presence_now WHERE session_id = $1 AND peer = $2";
    INSERT_PEER = "INSERT INTO presence_peer (session_id, peer, title, first_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (session_id, peer) DO NOTHING";
    LINK_PEERS = "UPDATE presence_peer SET matched_at = $2, \
        person_id = (SELECT a.person_id FROM account a WHERE a.telegram_id = presence_peer.peer) \
        WHERE session_id = $1 AND person_id IS NULL AND matched_by IS NULL \
        AND EXISTS (SELECT 1 FROM account a WHERE a.telegram_id = presence_peer.peer)";
    PEERS = "SELECT peer, title, first_at, person_id, matched_by FROM presence_peer WHERE session_id = $1 \
        ORDER BY first_at, peer";
    NAME_PEER = "UPDATE presence_peer SET person_id = $3, matched_by = $4, matched_at = $5 \
        WHERE session_id = $1 AND peer = $2 AND person_id IS NULL AND matched_by IS NULL";
    UNNAME_PEER = "UPDATE presence_peer SET person_id = NULL, matched_by = NULL, matched_at = NULL \
        WHERE session_id = $1 AND peer = $2 AND matched_by IS NOT NULL";
    LAST_LEFT = "SELECT COALESCE(e.person_id, p.person_id) AS person, CAST(MAX(e.source_at) AS BIGINT) FROM presence_event e \
        LEFT JOIN presence_peer p ON p.session_id = e.session_id AND e.person_id IS NULL \
        AND CAST(p.peer AS TEXT) = e.detail \
        WHERE e.session_id = $1 AND e.kind = 'left' AND COALESCE(e.person_id, p.person_id) IS NOT NULL \
        GROUP BY COALESCE(e.person_id, p.person_id) ORDER BY 1";
}

/// Somebody who is in a call, as of the last look.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(in crate::school::attendance) struct Present {
    pub peer: i64,
    pub person_id: Option<String>,
    pub since: At,
}

pub(in crate::school::attendance) async fn open_watch(tx: &mut Tx, session_id: &str, opened: At) -> Result<()> {
    run!(tx, OPEN_WATCH, session_id, opened).map(|_| ())
}

/// `false` when it was closed before.
pub(in crate::school::attendance) async fn close_watch(tx: &mut Tx, session_id: &str, closed: At) -> Result<bool> {
    Ok(run!(tx, CLOSE_WATCH, session_id, closed)? == 1)
}

/// When the session's call opened and closed.
pub(in crate::school::attendance) async fn watch(tx: &mut Tx, session_id: &str) -> Result<Option<(At, Option<At>)>> {
    fetch_optional!(tx, (At, Option<At>), WATCH, session_id)
}

/// When each of the session's calls was opened, and closed.
pub(in crate::school::attendance) async fn calls(tx: &mut Tx, session_id: &str) -> Result<Vec<(At, Option<At>)>> {
    fetch_all!(tx, (At, Option<At>), CALLS, session_id)
}

/// Had the session a call before its newest one, at the same hours?
pub(in crate::school::attendance) async fn goes_on(tx: &mut Tx, session_id: &str) -> Result<bool> {
    Ok(fetch_optional!(tx, (bool,), GOES_ON, session_id)?.is_some_and(|(again,)| again))
}

/// How many minutes longer than it would by itself the session's call stays open.
pub(in crate::school::attendance) async fn extended(tx: &mut Tx, session_id: &str) -> Result<i64> {
    Ok(fetch_optional!(tx, (i64,), EXTENDED, session_id)?.map_or(0, |(minutes,)| minutes))
}

pub(in crate::school::attendance) async fn insert_poll(
    tx: &mut Tx,
    session_id: &str,
    at: At,
    complete: bool,
    people: usize,
) -> Result<()> {
    let people = i64::try_from(people).unwrap_or(i64::MAX);
    run!(tx, INSERT_POLL, session_id, at, complete, people).map(|_| ())
}

/// The looks into a session's call: when, and was everybody seen?
pub(in crate::school::attendance) async fn polls(tx: &mut Tx, session_id: &str) -> Result<Vec<(At, bool)>> {
    fetch_all!(tx, (At, bool), POLLS, session_id)
}

pub(in crate::school::attendance) async fn last_poll(tx: &mut Tx, session_id: &str) -> Result<Option<At>> {
    Ok(fetch_optional!(tx, (Option<At>,), LAST_POLL, session_id)?.and_then(|(at,)| at))
}

pub(in crate::school::attendance) async fn last_complete(
    tx: &mut Tx,
    session_id: &str,
    before: At,
) -> Result<Option<At>> {
    Ok(fetch_optional!(tx, (Option<At>,), LAST_COMPLETE, session_id, before)?.and_then(|(at,)| at))
}

pub(in crate::school::attendance) async fn present(tx: &mut Tx, session_id: &str) -> Result<Vec<Present>> {
    fetch_all!(tx, Present, PRESENT, session_id)
}

pub(in crate::school::attendance) async fn set_present(
    tx: &mut Tx,
    session_id: &str,
    peer: i64,
    person: Option<&str>,
    since: At,
) -> Result<()> {
    run!(tx, SET_PRESENT, session_id, peer, person, since).map(|_| ())
}

pub(in crate::school::attendance) async fn drop_present(tx: &mut Tx, session_id: &str, peer: i64) -> Result<()> {
    run!(tx, DROP_PRESENT, session_id, peer).map(|_| ())
}

/// Somebody who was in a call without being known at first.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(in crate::school::attendance) struct Peer {
    #[sqlx(rename = "peer")]
    pub number: i64,
    pub title: Option<String>,
    pub first_at: At,
    pub person_id: Option<String>,
    pub matched_by: Option<String>,
}

pub(in crate::school::attendance) async fn insert_peer(
    tx: &mut Tx,
    session_id: &str,
    peer: i64,
    title: Option<&str>,
    first: At,
) -> Result<()> {
    run!(tx, INSERT_PEER, session_id, peer, title, first).map(|_| ())
}

/// Those whose account was tied to a person since are that person; gives how many.
pub(in crate::school::attendance) async fn link_peers(tx: &mut Tx, session_id: &str) -> Result<u64> {
    let now = tx.now();
    run!(tx, LINK_PEERS, session_id, now)
}

pub(in crate::school::attendance) async fn peers(tx: &mut Tx, session_id: &str) -> Result<Vec<Peer>> {
    fetch_all!(tx, Peer, PEERS, session_id)
}

/// Somebody in charge says who it is; `false` when that was known before.
pub(in crate::school::attendance) async fn name_peer(
    tx: &mut Tx,
    session_id: &str,
    peer: i64,
    person: Option<&str>,
    by: &str,
) -> Result<bool> {
    let now = tx.now();
    Ok(run!(tx, NAME_PEER, session_id, peer, person, by, now)? == 1)
}

/// `false` when nobody had said so.
pub(in crate::school::attendance) async fn unname_peer(tx: &mut Tx, session_id: &str, peer: i64) -> Result<bool> {
    Ok(run!(tx, UNNAME_PEER, session_id, peer)? == 1)
}

/// When each person who ever left the call left it last.
pub(in crate::school::attendance) async fn last_left(tx: &mut Tx, session_id: &str) -> Result<Vec<(String, At)>> {
    fetch_all!(tx, (String, At), LAST_LEFT, session_id)
}
