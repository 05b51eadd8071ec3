//! The callers' SQL: accounts and what they may ask about.

use crate::kernel::{At, Result};
use crate::platform::store::Tx;
use crate::{fetch_all, fetch_optional, run, statements};

statements! {
    ACCOUNTS = "SELECT account, name, sealed, state, why, signed_in_at, lost_at FROM caller_account ORDER BY account";
    ACCOUNT = "SELECT account, name, sealed, state, why, signed_in_at, lost_at FROM caller_account WHERE account = $1";
    SAVE_ACCOUNT = "INSERT INTO caller_account (account, name, sealed, state, why, signed_in_at, lost_at) \
        VALUES ($1, $2, $3, 'ready', NULL, $4, NULL) ON CONFLICT (account) DO UPDATE SET name = excluded.name, \
        sealed = excluded.sealed, state = 'ready', why = NULL, signed_in_at = excluded.signed_in_at, lost_at = NULL";
    LOSE_ACCOUNT = "UPDATE caller_account SET state = 'lost', why = $2, lost_at = $3 \
        WHERE account = $1 AND state = 'ready' AND signed_in_at = $4";
    RESEAL = "UPDATE caller_account SET sealed = $2 WHERE account = $1 AND sealed = $3";
    PEERS = "SELECT peer, access_hash FROM caller_peer WHERE account = $1 ORDER BY peer";
    SET_PEER = "INSERT INTO caller_peer (account, peer, access_hash) VALUES ($1, $2, $3) \
        ON CONFLICT (account, peer) DO UPDATE SET access_hash = excluded.access_hash";
}

/// A user account, as it is kept.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Account {
    pub account: i64,
    pub name: String,
    pub sealed: String,
    pub state: String,
    pub why: Option<String>,
    pub signed_in_at: At,
    pub lost_at: Option<At>,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({}, {})", self.account, self.state)
    }
}

impl Account {
    pub fn is_ready(&self) -> bool {
        self.state == "ready"
    }

    /// As admins know it.
    pub fn shown(&self) -> String {
        if self.name.is_empty() { self.account.to_string() } else { self.name.clone() }
    }
}

pub async fn accounts(tx: &mut Tx) -> Result<Vec<Account>> {
    fetch_all!(tx, Account, ACCOUNTS)
}

pub async fn account(tx: &mut Tx, account: i64) -> Result<Option<Account>> {
    fetch_optional!(tx, Account, ACCOUNT, account)
}

/// Signed in, again perhaps.
pub(super) async fn save_account(tx: &mut Tx, account: i64, name: &str, sealed: &str) -> Result<()> {
    let now = tx.now();
    run!(tx, SAVE_ACCOUNT, account, name, sealed, now).map(|_| ())
}

/// `false` when it was lost before, or signed in anew since.
pub(super) async fn lose_account(tx: &mut Tx, account: i64, why: &str, since: At) -> Result<bool> {
    let now = tx.now();
    Ok(run!(tx, LOSE_ACCOUNT, account, why, now, since)? == 1)
}

/// Nothing, when it was signed in anew meanwhile.
pub(super) async fn reseal(tx: &mut Tx, kept: &Account, sealed: &str) -> Result<()> {
    run!(tx, RESEAL, kept.account, sealed, &kept.sealed).map(|_| ())
}

pub(super) async fn peers(tx: &mut Tx, account: i64) -> Result<Vec<(i64, i64)>> {
    fetch_all!(tx, (i64, i64), PEERS, account)
}

pub(super) async fn set_peer(tx: &mut Tx, account: i64, peer: i64, access_hash: i64) -> Result<()> {
    run!(tx, SET_PEER, account, peer, access_hash).map(|_| ())
}
