//! `preau secrets`: the key that seals the secrets of the store.

use std::sync::Arc;

use super::{Ended, Here};
use crate::platform::store::alone;
use crate::telegram::caller::{rotation, vault};
use crate::text;

/// A new key in the place of the old one. Alone: whoever seals meanwhile would seal with a key that goes.
pub(super) async fn rotate(here: &Here) -> Ended {
    here.there().await?;
    let database = here.alone(Arc::clone(&here.config)).await?;
    let vault = vault(&here.config);
    let work = Box::pin(rotation::rotate(&database.db, &vault));
    let count = Box::pin(alone(&database.db, work)).await;
    database.close().await;
    here.say(&text!("check-secrets-rotated", count = count?));
    if vault.is_given() {
        here.say(&text!("check-secrets-given"));
    }
    Ok(())
}
