//! Writing an entry.

use super::{Actor, Entry, store};
use crate::kernel::Result;
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

/// As [`record`], for one action on many objects: each with the value after.
pub async fn record_many(tx: &mut Tx, actor: &Actor, action: &str, objects: &[(String, String)]) -> Result<()> {
    let made = |(object, new): &(String, String)| entry(tx, actor, action, object, None, Some(new));
    let entries: Vec<Entry> = objects.iter().map(made).collect();
    store::insert_many(tx, &entries).await
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
