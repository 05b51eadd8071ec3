//! The last time that something everything needs was away, kept in the store: `/etat` says since when, and until when,
//! whichever process saw it.

use crate::kernel::Result;
use crate::kernel::absence::{Absence, Needed};
use crate::platform::inbox;
use crate::platform::store::Tx;

/// The setting that keeps it.
const fn setting(what: Needed) -> &'static str {
    match what {
        Needed::Telegram => "absence.telegram",
        Needed::Store => "absence.store",
    }
}

pub async fn keep(tx: &mut Tx, absence: &Absence) -> Result<()> {
    inbox::store::set_setting(tx, setting(absence.what), &serde_json::to_string(absence)?).await
}

/// The last one; what does not parse counts as none.
pub async fn last(tx: &mut Tx, what: Needed) -> Result<Option<Absence>> {
    let kept = inbox::store::setting(tx, setting(what)).await?;
    Ok(kept.and_then(|text| serde_json::from_str(&text).ok()))
}
