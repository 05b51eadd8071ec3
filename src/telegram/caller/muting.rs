//! Which of our calls are muted for whoever joins, where the school wishes that. It is done once, also beyond a restart and
//! whichever process serves the accounts: what is changed afterwards is somebody's wish.

use super::store;
use crate::kernel::Result;
use crate::platform::store::Db;

/// Calls by their number, whichever account asks; over, they are forgotten.
pub(super) struct Muting(Db);

impl Muting {
    pub const fn new(db: Db) -> Self {
        Self(db)
    }

    /// `Some(true)`: it was muted once. `Some(false)`: it was to be muted, and is not yet.
    pub async fn of(&self, call: i64) -> Option<bool> {
        kept(call, self.0.read(async |tx| store::muting(tx, call).await).await).flatten()
    }

    pub async fn note(&self, call: i64, done: bool) {
        kept(call, self.0.transact(async |tx| store::set_muting(tx, call, done).await).await);
    }

    pub async fn forget(&self, call: i64) {
        if self.of(call).await.is_some() {
            kept(call, self.0.transact(async |tx| store::forget_muting(tx, call).await).await);
        }
    }
}

/// A courtesy to those who join: no reason to do without the call.
fn kept<T>(call: i64, outcome: Result<T>) -> Option<T> {
    outcome.inspect_err(|error| tracing::info!(call, error = %error, "caller.muting_unknown")).ok()
}
