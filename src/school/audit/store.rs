//! The audit's SQL: inserts and reads, nothing else. Entries of a batch lie in `audit_staged` and count once the batch is in
//! `audit_batch`; only those that do not count are ever deleted.

use super::Entry;
use crate::kernel::Result;
use crate::platform::store::Tx;
use crate::{fetch_all, fetch_optional, insert_many, run, statements};

statements! {
    INSERT = "INSERT INTO audit_entry (id, at, actor_kind, actor, action, object, old, new) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    STAGE = "INSERT INTO audit_staged (batch, id, actor_kind, actor, action, object, old, new) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    FLIP = "INSERT INTO audit_batch (id, batch, at) VALUES ($1, $2, $3)";
    CLEAR = "DELETE FROM audit_staged WHERE batch = $1 \
        AND NOT EXISTS (SELECT 1 FROM audit_batch b WHERE b.batch = audit_staged.batch)";
    CLEAR_OLD = "DELETE FROM audit_staged WHERE batch < $1 \
        AND NOT EXISTS (SELECT 1 FROM audit_batch b WHERE b.batch = audit_staged.batch)";
    OF_OBJECT = "SELECT id, at, actor_kind, actor, action, object, old, new FROM audit_entry WHERE object = $1 \
        UNION ALL SELECT s.id, b.at, s.actor_kind, s.actor, s.action, s.object, s.old, s.new FROM audit_staged s \
        JOIN audit_batch b ON b.batch = s.batch WHERE s.object = $1 ORDER BY at, id";
    SINCE = "SELECT (SELECT COUNT(*) FROM audit_entry WHERE id >= $1) + (SELECT COUNT(*) FROM audit_batch WHERE id >= $1)";
    SALT = "SELECT salt FROM audit_salt WHERE id = 1";
    KEEP_SALT = "INSERT INTO audit_salt (id, salt) VALUES (1, $1) ON CONFLICT (id) DO NOTHING";
    LATEST = "SELECT id, at, actor_kind, actor, action, object, old, new FROM audit_entry \
        UNION ALL SELECT s.id, b.at, s.actor_kind, s.actor, s.action, s.object, s.old, s.new FROM audit_staged s \
        JOIN audit_batch b ON b.batch = s.batch ORDER BY at DESC, id DESC LIMIT $1";
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

/// All of a batch counts from now on, by one row however much it is: a large import's entries take as long to copy as
/// its sessions.
pub(super) async fn flip(tx: &mut Tx, batch: &str) -> Result<u64> {
    let (id, now) = (tx.new_id(), tx.now());
    run!(tx, FLIP, &id, batch, now)
}

/// What counts stays.
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

/// How many entries, and batches of entries, have an id from this one on.
pub(super) async fn since(tx: &mut Tx, id: &str) -> Result<i64> {
    Ok(fetch_optional!(tx, (i64,), SINCE, id)?.map_or(0, |(count,)| count))
}

pub(super) async fn salt(tx: &mut Tx) -> Result<Option<String>> {
    Ok(fetch_optional!(tx, (String,), SALT)?.map(|(salt,)| salt))
}

/// The first one stays.
pub(super) async fn keep_salt(tx: &mut Tx, salt: &str) -> Result<()> {
    run!(tx, KEEP_SALT, salt).map(|_| ())
}

pub async fn latest(tx: &mut Tx, most: i64) -> Result<Vec<Entry>> {
    fetch_all!(tx, Entry, LATEST, most)
}
