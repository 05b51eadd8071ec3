//! `preau secrets`: the key that seals the secrets of the store.

use std::sync::Arc;

use super::{Ended, Here};
use crate::kernel::Result;
use crate::platform::store::{Db, Tx, alone};
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::telegram::caller::{rotation, vault};
use crate::text;

/// A new key in the place of the old one. Alone: whoever seals meanwhile would seal with a key that goes.
pub(super) async fn rotate(here: &Here) -> Ended {
    here.there().await?;
    let database = here.alone(Arc::clone(&here.config)).await?;
    let vault = vault(&here.config);
    let work = Box::pin(rotation::rotate(&database.db, &vault));
    let count = Box::pin(alone(&database.db, work)).await;
    let noted = match &count {
        Ok(count) => noted(&database.db, *count).await,
        Err(_) => Ok(()),
    };
    database.close().await;
    here.say(&text!("check-secrets-rotated", count = count?));
    noted?;
    if vault.is_given() {
        here.say(&text!("check-secrets-given"));
    }
    Ok(())
}

async fn noted(db: &Db, count: usize) -> Result<()> {
    let sealed = format!("{count} secrets");
    let work = async |tx: &mut Tx| {
        let (old, new) = ("the old key", format!("a new key: {sealed}"));
        record(tx, &Actor::Cli, "secrets.rotated", "secrets", Some(old), Some(&new)).await
    };
    db.transact(work).await
}
