//! Writing an entry.

use serde::{Deserialize, Serialize};

pub use super::Of;
pub use super::store::found;
use super::{Actor, Entry, Salt, store};
use crate::kernel::{Result, id};
use crate::platform::store::Tx;

/// Records that `actor` did `action` (`session.moved`) to `object` (`session:ID`), with the values before and after.
pub async fn record(
    tx: &mut Tx,
    actor: &Actor,
    action: &str,
    object: &str,
    old: Option<&str>,
    new: Option<&str>,
) -> Result<()> {
    let entry = entry(tx, actor, action, object, old, new);
    store::insert(tx, &entry).await
}

/// As [`record`], for one action on many objects: each with the values before and after.
pub async fn record_many(tx: &mut Tx, actor: &Actor, action: &str, objects: &[Of]) -> Result<()> {
    let made = |(object, old, new): &Of| entry(tx, actor, action, object, old.as_deref(), new.as_deref());
    let entries: Vec<Entry> = objects.iter().map(made).collect();
    store::insert_many(tx, &entries).await
}

/// As [`record_many`], for what a batch is going to do: written once it is flipped, with that moment.
pub async fn stage(tx: &mut Tx, batch: &str, actor: &Actor, action: &str, objects: &[Of]) -> Result<()> {
    store::stage(tx, batch, actor, action, objects).await
}

/// What the batch did is recorded: it counts from now on.
pub async fn flip(tx: &mut Tx, batch: &str) -> Result<u64> {
    store::flip(tx, batch).await
}

/// Of a batch that does not count yet, what would have been done to this object is not.
pub async fn unstage(tx: &mut Tx, batch: &str, object: &str) -> Result<()> {
    store::unstage(tx, batch, object).await.map(|_| ())
}

/// What was staged and does not count is not needed any more.
pub async fn clear(tx: &mut Tx, batch: &str) -> Result<()> {
    store::clear(tx, batch).await.map(|_| ())
}

/// Batches before this one that were never flipped.
pub async fn clear_old(tx: &mut Tx, before: &str) -> Result<()> {
    store::clear_old(tx, before).await.map(|_| ())
}

/// Two processes' clocks are never further apart.
const APART_MINUTES: i64 = 5;

/// What stood in the audit at one moment: whatever is recorded since then is seen, so that what was read with it can be
/// relied on without reading it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    from: String,
    count: i64,
}

pub async fn mark(tx: &mut Tx) -> Result<Mark> {
    let from = id::floor(tx.wall().plus_minutes(-APART_MINUTES));
    Ok(Mark { count: store::since(tx, &from).await?, from })
}

/// The same mark, now that others could record nothing since it was taken, and so many entries more are to come.
pub async fn moved(tx: &mut Tx, mark: &Mark, more: i64) -> Result<Mark> {
    Ok(Mark { count: store::since(tx, &mark.from).await? + more, from: mark.from.clone() })
}

/// Was nothing recorded since?
pub async fn holds(tx: &mut Tx, mark: &Mark) -> Result<bool> {
    Ok(store::since(tx, &mark.from).await? == mark.count)
}

/// What fingerprints are made with; made here when there is none yet.
pub async fn salt(tx: &mut Tx) -> Result<Salt> {
    if let Some(salt) = store::salt(tx).await? {
        return Ok(Salt::of(salt));
    }
    let fresh = tx.ids().token();
    store::keep_salt(tx, &fresh).await?;
    // Another process may have been quicker.
    Ok(Salt::of(store::salt(tx).await?.unwrap_or(fresh)))
}

fn entry(tx: &Tx, actor: &Actor, action: &str, object: &str, old: Option<&str>, new: Option<&str>) -> Entry {
    Entry {
        at: tx.now(),
        actor_kind: actor.kind().to_owned(),
        actor: actor.id(),
        action: action.to_owned(),
        object: object.to_owned(),
        old: old.map(str::to_owned),
        new: new.map(str::to_owned),
    }
}
