//! The audit's SQL: inserts and reads, nothing else. Entries of a batch lie in `audit_staged` and count once the batch is in
//! `audit_batch`; only those that do not count are ever deleted.

use std::sync::Arc;

use super::{Actor, Entry, Of, Sought};
use crate::kernel::{At, Result};
use crate::platform::store::Tx;
use crate::{fetch_all, fetch_optional, insert_many, run, statements};

statements! {
    INSERT = "INSERT INTO audit_entry (id, at, actor_kind, actor, action, object, old, new) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    STAGE = "INSERT INTO audit_staged (batch, id, actor_kind, actor, action, object, old, new) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    FLIP = "INSERT INTO audit_batch (id, batch, at) VALUES ($1, $2, $3)";
    UNSTAGE = "DELETE FROM audit_staged WHERE batch = $1 AND object = $2 \
        AND NOT EXISTS (SELECT 1 FROM audit_batch b WHERE b.batch = audit_staged.batch)";
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
    /// Ids of sessions are 36 letters long; after that of a sheet stands the student of the line.
    FOUND = "SELECT e.at, e.actor_kind, e.actor, e.action, e.object, e.old, e.new, COUNT(*) OVER () AS total \
        FROM (SELECT id, at, actor_kind, actor, action, object, old, new FROM audit_entry \
        UNION ALL SELECT s.id, b.at, s.actor_kind, s.actor, s.action, s.object, s.old, s.new FROM audit_staged s \
        JOIN audit_batch b ON b.batch = s.batch) e \
        WHERE e.at >= $1 AND e.at < $2 \
        AND ($3 = '' OR $3 LIKE '%|' || e.action || '|%') \
        AND ($4 = '' OR e.actor = $4 OR e.object LIKE '%:' || $4 OR e.old = $4 OR e.new = $4 \
        OR (e.action LIKE 'presence.%' AND (e.old LIKE '%person:' || $4 OR e.new LIKE '%person:' || $4))) \
        AND ($5 = '' OR e.object = 'classroom:' || $5 OR e.old = $5 OR e.new = $5 \
        OR e.old LIKE '%| class ' || $5 OR e.new LIKE '%| class ' || $5 \
        OR (e.object LIKE 'session:%' AND SUBSTR(e.object, 9) IN (SELECT id FROM session WHERE classroom_id = $5)) \
        OR (e.object LIKE 'sheet:%' AND SUBSTR(e.object, 7, 36) IN (SELECT id FROM session WHERE classroom_id = $5))) \
        ORDER BY e.at DESC, e.id DESC LIMIT $6 OFFSET $7";
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
pub(super) async fn stage(tx: &mut Tx, batch: &str, actor: &Actor, action: &str, objects: &[Of]) -> Result<()> {
    let ids = tx.ids().clone();
    // What all of them share is handed over without being copied.
    let (batch, kind, who, action): (Arc<str>, Arc<str>, Arc<str>, Arc<str>) =
        (batch.into(), actor.kind().into(), actor.id().into(), action.into());
    let touched = insert_many!(tx, STAGE, objects, |one| [
        Arc::clone(&batch),
        ids.next(),
        Arc::clone(&kind),
        Arc::clone(&who),
        Arc::clone(&action),
        &one.0,
        one.1.as_deref(),
        one.2.as_deref()
    ]);
    touched.await.map(|_| ())
}

/// All of a batch counts from now on, by one row however much it is: a large import's entries take as long to copy as
/// its sessions.
pub(super) async fn flip(tx: &mut Tx, batch: &str) -> Result<u64> {
    let (id, now) = (tx.new_id(), tx.now());
    run!(tx, FLIP, &id, batch, now)
}

/// What would have happened to one object.
pub(super) async fn unstage(tx: &mut Tx, batch: &str, object: &str) -> Result<u64> {
    run!(tx, UNSTAGE, batch, object)
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

#[derive(sqlx::FromRow)]
struct Counted {
    #[sqlx(flatten)]
    entry: Entry,
    total: i64,
}

/// Some of what is sought, newest first; and how many there are, unless none stands so far behind.
pub async fn found(tx: &mut Tx, sought: &Sought, most: usize, after: usize) -> Result<(Vec<Entry>, usize)> {
    let Bound { from, until, actions, person, class } = Bound::of(sought);
    let (most, after) = (number(most), number(after));
    let rows = fetch_all!(tx, Counted, FOUND, from, until, actions, person, class, most, after)?;
    let total = rows.first().map_or(0, |row| usize::try_from(row.total).unwrap_or(0));
    Ok((rows.into_iter().map(|row| row.entry).collect(), total))
}

fn number(of: usize) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}

/// What is sought, as the statements take it: an empty text restricts nothing.
struct Bound {
    from: At,
    until: At,
    actions: String,
    person: String,
    class: String,
}

impl Bound {
    fn of(sought: &Sought) -> Self {
        // No action at all is « || », in which none is found.
        let actions = sought.actions.as_ref().map_or_else(String::new, |all| format!("|{}|", all.join("|")));
        let (person, class) = (sought.person.clone().unwrap_or_default(), sought.class.clone().unwrap_or_default());
        Self { from: sought.from, until: sought.until, actions, person, class }
    }
}

pub async fn latest(tx: &mut Tx, most: i64) -> Result<Vec<Entry>> {
    fetch_all!(tx, Entry, LATEST, most)
}
