//! The same file again: when nothing was recorded since it was wholly applied, it has nothing to do, and that can be said
//! without reading it.

use super::super::store;
use crate::kernel::Result;
use crate::platform::store::Tx;
use crate::school::audit::flow::{Mark, holds};

/// What is said of a file whose `key` names its content and all that hangs on; `None`: it must be read. For a snapshot.
pub async fn said_again(tx: &mut Tx, key: &str) -> Result<Option<String>> {
    let Some((kept, said)) = store::again(tx, key).await? else { return Ok(None) };
    let kept: Mark = serde_json::from_str(&kept)?;
    let same = !store::has_rest(tx).await? && holds(tx, &kept).await?;
    Ok(same.then_some(said))
}

/// The file is wholly applied, and from now on, until something is recorded, this is said of it. `written`: what stands in
/// the audit once all of it is written; when something else was recorded meanwhile, nothing is noted.
pub async fn note_again(tx: &mut Tx, key: &str, written: &Mark, said: &str) -> Result<()> {
    if store::has_rest(tx).await? || !holds(tx, written).await? {
        return Ok(());
    }
    store::keep_again(tx, key, &serde_json::to_string(written)?, said).await
}
