//! The audit's SQL: inserts and reads, nothing else.

use super::Entry;
use crate::kernel::Result;
use crate::platform::store::Tx;
use crate::{fetch_all, fetch_optional, insert_many, statements};

statements! {
    INSERT = "INSERT INTO audit_entry (id, at, actor_kind, actor, action, object, old, new) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
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
