//! The inbox's SQL.

use std::collections::HashSet;

use super::Received;
use crate::kernel::{At, Result};
use crate::platform::store::Tx;
use crate::{fetch_all, fetch_optional, insert_many, run, statements};

statements! {
    INSERT = "INSERT INTO inbox (update_id, chat, body, state, received_at) VALUES ($1, $2, $3, 'new', $4) \
        ON CONFLICT (update_id) DO UPDATE SET chat = excluded.chat, body = excluded.body, state = excluded.state, \
        attempts = 0, received_at = excluded.received_at, settled_at = NULL, note = NULL \
        WHERE inbox.state <> 'new' AND inbox.settled_at < $5";
    /// Many that are new.
    INSERT_NEW = "INSERT INTO inbox (update_id, chat, body, state, received_at) VALUES ($1, $2, $3, $4, $5)";
    KNOWN = "SELECT update_id FROM inbox WHERE update_id >= $1 AND update_id <= $2";
    UNDONE = "SELECT update_id, chat, body, attempts FROM inbox WHERE state = 'new' ORDER BY update_id";
    SETTLE = "UPDATE inbox SET state = $2, note = $3, settled_at = $4, body = '' WHERE update_id = $1 AND state = 'new'";
    /// As `SETTLE`, for eight.
    SETTLE_EIGHT = "UPDATE inbox SET state = 'done', note = NULL, settled_at = $1, body = '' \
        WHERE state = 'new' AND update_id IN ($2, $3, $4, $5, $6, $7, $8, $9)";
    TRIED = "UPDATE inbox SET attempts = attempts + 1, note = $2 WHERE update_id = $1";
    IS_NEW = "SELECT COUNT(*) FROM inbox WHERE update_id = $1 AND state = 'new'";
    PURGE = "DELETE FROM inbox WHERE state <> 'new' AND settled_at < $1";
    FORGET_SETTLED = "DELETE FROM inbox WHERE state <> 'new'";
    WAITING = "SELECT COUNT(*) FROM inbox WHERE state = 'new'";
    LAST_RECEIVED = "SELECT CAST(MAX(received_at) AS BIGINT) FROM inbox";
    READ_SETTING = "SELECT value FROM setting WHERE name = $1";
    WRITE_SETTING = "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
}

/// Stores an update; `false` when it was received before. Telegram keeps an update for a day, and may number anew: what
/// was settled longer ago and had this number was another one.
pub async fn insert(tx: &mut Tx, update_id: i64, chat: i64, body: &str) -> Result<bool> {
    let wall = tx.wall();
    let kept = wall.plus_days(-1);
    Ok(run!(tx, INSERT, update_id, chat, body, wall, kept)? == 1)
}

/// Stores a batch, as [`insert`] does each; gives those that were not received before.
pub async fn insert_batch(tx: &mut Tx, batch: Vec<Received>) -> Result<Vec<Received>> {
    let ids = || batch.iter().map(|received| received.update_id);
    let (Some(first), Some(last)) = (ids().min(), ids().max()) else { return Ok(batch) };
    let known: HashSet<i64> = fetch_all!(tx, (i64,), KNOWN, first, last)?.into_iter().map(|(id,)| id).collect();
    let (again, new): (Vec<Received>, Vec<Received>) =
        batch.into_iter().partition(|received| known.contains(&received.update_id));
    let wall = tx.wall();
    let inserted: Result<u64> =
        insert_many!(tx, INSERT_NEW, new, |one| [one.update_id, one.chat, &one.body, "new", wall]).await;
    inserted?;
    let mut fresh = new;
    for received in again {
        if insert(tx, received.update_id, received.chat, &received.body).await? {
            fresh.push(received);
        }
    }
    fresh.sort_by_key(|received| received.update_id);
    Ok(fresh)
}

/// Updates received and not settled, oldest first.
pub async fn undone(tx: &mut Tx) -> Result<Vec<Received>> {
    let mut undone = fetch_all!(tx, Received, UNDONE)?;
    for received in &mut undone {
        received.found = true;
    }
    Ok(undone)
}

/// Settles an update; `false` when it was settled before (then nothing may be done for it again).
pub async fn settle(tx: &mut Tx, update_id: i64) -> Result<bool> {
    let wall = tx.wall();
    Ok(run!(tx, SETTLE, update_id, "done", Option::<String>::None, wall)? == 1)
}

/// Settles many; those that were settled before stay as they are.
pub async fn settle_many(tx: &mut Tx, ids: &[i64]) -> Result<()> {
    let wall = tx.wall();
    for some in ids.chunks(8) {
        // The last one stands for those that are missing.
        let one = |place: usize| some.get(place).or(some.last()).copied().unwrap_or_default();
        run!(tx, SETTLE_EIGHT, wall, one(0), one(1), one(2), one(3), one(4), one(5), one(6), one(7))?;
    }
    Ok(())
}

/// Gives an update up; `note` says why and holds no personal data. `false` when it was settled before.
pub async fn fail(tx: &mut Tx, update_id: i64, note: &str) -> Result<bool> {
    let wall = tx.wall();
    Ok(run!(tx, SETTLE, update_id, "failed", Some(note), wall)? == 1)
}

/// Notes a try, or a start, that did not settle it; `note` says why.
pub async fn tried(tx: &mut Tx, update_id: i64, note: &str) -> Result<()> {
    run!(tx, TRIED, update_id, note).map(|_| ())
}

pub async fn is_new(tx: &mut Tx, update_id: i64) -> Result<bool> {
    Ok(fetch_optional!(tx, (i64,), IS_NEW, update_id)?.is_some_and(|(count,)| count > 0))
}

pub async fn waiting(tx: &mut Tx) -> Result<i64> {
    Ok(fetch_optional!(tx, (i64,), WAITING)?.map_or(0, |(count,)| count))
}

pub async fn purge(tx: &mut Tx, before: At) -> Result<u64> {
    run!(tx, PURGE, before)
}

/// What was settled is known no more: numbers of another bot say nothing.
pub async fn forget_settled(tx: &mut Tx) -> Result<u64> {
    run!(tx, FORGET_SETTLED)
}

/// When Telegram last gave something that is kept: machine time; after two days without anything it is not known.
pub async fn last_received(tx: &mut Tx) -> Result<Option<At>> {
    Ok(fetch_optional!(tx, (Option<At>,), LAST_RECEIVED)?.and_then(|(at,)| at))
}

/// The setting that holds when admins were last told something outside Telegram: school time, in milliseconds.
pub const LAST_ALERT: &str = "alert.last";

/// A small value that belongs to no table.
pub async fn setting(tx: &mut Tx, name: &str) -> Result<Option<String>> {
    Ok(fetch_optional!(tx, (String,), READ_SETTING, name)?.map(|(value,)| value))
}

pub async fn set_setting(tx: &mut Tx, name: &str, value: &str) -> Result<()> {
    run!(tx, WRITE_SETTING, name, value).map(|_| ())
}
