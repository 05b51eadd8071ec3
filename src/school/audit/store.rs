//! The audit's SQL: inserts and reads, nothing else.

use super::Entry;
use crate::kernel::Result;
use crate::platform::store::Tx;
use crate::{fetch_all, fetch_optional, insert_many, run, statements};

statements! {
    INSERT = "INSERT INTO audit_entry (id, at, actor_kind, actor, action, object, old, new) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    STAGE = "INSERT INTO audit_staged (batch, id, actor_kind, actor, action, object, old, new) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    FLIP = "INSERT INTO audit_entry (id, at, actor_kind, actor, action, object, old, new) \
        SELECT id, CAST($2 AS BIGINT), actor_kind, actor, action, object, old, new FROM audit_staged WHERE batch = $1";
    CLEAR = "DELETE FROM audit_staged WHERE batch = $1";
    CLEAR_OLD = "DELETE FROM audit_staged WHERE batch < $1";
    OF_OBJECT = "SELECT at, actor_kind, actor, action, object, old, new FROM audit_entry WHERE object = $1 ORDER BY at, id";
    SINCE = "SELECT COUNT(*) FROM audit_entry WHERE id >= $1";
    LATEST = "SELECT at, actor_kind, actor, action, object, old, new FROM audit_entry ORDER BY at DESC, id DESC LIMIT $1";
}

pub(super) async fn insert(tx: &mut Tx, entry: &Entry) -> Result<()> {
    insert_many(tx, std::slice::from_ref(entry)).await
}

/// Many at once.
pub(super) async fn insert_many(tx: &mut Tx, entries: &[Entry]) -> Result<()> {
    let ids = tx.ids().clone();
    let touched = insert_many!(tx, INSERT, entries, |entry| [
        ids.next(),
        entry.at,
        &entry.actor_kind,
        &entry.actor,
        &entry.action,
        &entry.object,
        entry.old.as_deref(),
        entry.new.as_deref()
    ]);
    touched.await.map(|_| ())
}

/// Many that will be there once their batch is flipped.
pub(super) async fn stage(tx: &mut Tx, batch: &str, entries: &[Entry]) -> Result<()> {
    let ids = tx.ids().clone();
    let touched = insert_many!(tx, STAGE, entries, |entry| [
        batch,
        ids.next(),
        &entry.actor_kind,
        &entry.actor,
        &entry.action,
        &entry.object,
        entry.old.as_deref(),
        entry.new.as_deref()
    ]);
    touched.await.map(|_| ())
}

pub(super) async fn flip(tx: &mut Tx, batch: &str) -> Result<u64> {
    let now = tx.now();
    run!(tx, FLIP, batch, now)
}

pub(super) async fn clear(tx: &mut Tx, batch: &str) -> Result<u64> {
    run!(tx, CLEAR, batch)
}

pub(super) async fn clear_old(tx: &mut Tx, before: &str) -> Result<u64> {
    run!(tx, CLEAR_OLD, before)
}

/// What happened to one object, oldest first.
pub async fn of_object(tx: &mut Tx, object: &str) -> Result<Vec<Entry>> {
    fetch_all!(tx, Entry, OF_OBJECT, object)
}

/// How many entries have an id from this one on.
pub(super) async fn since(tx: &mut Tx, id: &str) -> Result<i64> {
    Ok(fetch_optional!(tx, (i64,), SINCE, id)?.map_or(0, |(count,)| count))
}

pub async fn latest(tx: &mut Tx, most: i64) -> Result<Vec<Entry>> {
    fetch_all!(tx, Entry, LATEST, most)
}
