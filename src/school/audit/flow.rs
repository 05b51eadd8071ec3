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
    let entry = Entry {
        at: tx.now(),
        actor_kind: actor.kind().to_owned(),
        actor: actor.id(),
        action: action.to_owned(),
        object: object.to_owned(),
        old: old.map(str::to_owned),
        new: new.map(str::to_owned),
    };
    store::insert(tx, &entry).await
}
