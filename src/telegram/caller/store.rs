//! The callers' SQL: accounts and what they may ask about.

use crate::kernel::{At, Result, Text};
use crate::platform::store::Tx;
use crate::{fetch_all, fetch_optional, run, statements};

statements! {
    ACCOUNTS = "SELECT account, name, sealed, state, why, signed_in_at, lost_at, standing, standing_why, standing_since \
        FROM caller_account ORDER BY account";
    ACCOUNT = "SELECT account, name, sealed, state, why, signed_in_at, lost_at, standing, standing_why, standing_since \
        FROM caller_account WHERE account = $1";
    SAVE_ACCOUNT = "INSERT INTO caller_account (account, name, sealed, state, why, signed_in_at, lost_at) \
        VALUES ($1, $2, $3, 'ready', NULL, $4, NULL) ON CONFLICT (account) DO UPDATE SET name = excluded.name, \
        sealed = excluded.sealed, state = 'ready', why = NULL, signed_in_at = excluded.signed_in_at, lost_at = NULL, \
        standing = 'well', standing_why = NULL, standing_since = NULL";
    LOSE_ACCOUNT = "UPDATE caller_account SET state = 'lost', why = $2, lost_at = $3 \
        WHERE account = $1 AND state = 'ready' AND signed_in_at = $4";
    SET_STANDING = "UPDATE caller_account SET standing = $2, standing_why = $3, standing_since = $4 \
        WHERE account = $1 AND state = 'ready' AND signed_in_at = $5 AND standing = $6";
    RESEAL = "UPDATE caller_account SET sealed = $2 WHERE account = $1 AND sealed = $3";
    MUTING = "SELECT done FROM caller_muting WHERE call_id = $1";
    SET_MUTING = "INSERT INTO caller_muting (call_id, done, at) VALUES ($1, $2, $3) \
        ON CONFLICT (call_id) DO UPDATE SET done = excluded.done, at = excluded.at";
    FORGET_MUTING = "DELETE FROM caller_muting WHERE call_id = $1";
    FORGET_MUTINGS = "DELETE FROM caller_muting WHERE at < $1";
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
    /// [`WELL`], [`SHUT`] or [`AWAY`]: how one that is ready stands, as whoever serves the accounts last knew.
    pub standing: String,
    /// Why it is shut: words, as JSON.
    pub standing_why: Option<String>,
    /// Since when it is not well (school time).
    pub standing_since: Option<At>,
}

/// Nothing is known against it.
pub const WELL: &str = "well";
/// Its secret does not open.
pub const SHUT: &str = "shut";
/// Telegram does not answer it.
pub const AWAY: &str = "away";

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({}, {})", self.account, self.state)
    }
}

impl Account {
    pub fn is_ready(&self) -> bool {
        self.state == "ready"
    }

    /// Telegram does not answer it.
    pub fn is_away(&self) -> bool {
        self.is_ready() && self.standing == AWAY
    }

    /// Why it does not open, with what to do.
    pub fn standing_words(&self) -> Text {
        let kept = self.standing_why.as_deref().and_then(|words| serde_json::from_str(words).ok());
        kept.unwrap_or_else(|| Text::verbatim(""))
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

/// It stands otherwise from now on; `false` when it changed meanwhile: lost, signed in anew, or said by another process.
pub(super) async fn set_standing(tx: &mut Tx, kept: &Account, standing: &str, why: Option<&str>) -> Result<bool> {
    let now = tx.now();
    let since = match standing {
        WELL => None,
        same if same == kept.standing => kept.standing_since,
        _ => Some(now),
    };
    Ok(run!(tx, SET_STANDING, kept.account, standing, why, since, kept.signed_in_at, &kept.standing)? == 1)
}

/// Nothing, when it was signed in anew meanwhile.
pub(super) async fn reseal(tx: &mut Tx, kept: &Account, sealed: &str) -> Result<()> {
    run!(tx, RESEAL, kept.account, sealed, &kept.sealed).map(|_| ())
}

/// Calls whose end nobody saw are forgotten after so many days.
const MUTING_DAYS: i64 = 7;

/// Was this call muted for whoever joins (`true`), or is that owed still?
pub(super) async fn muting(tx: &mut Tx, call: i64) -> Result<Option<bool>> {
    Ok(fetch_optional!(tx, (bool,), MUTING, call)?.map(|(done,)| done))
}

pub(super) async fn set_muting(tx: &mut Tx, call: i64, done: bool) -> Result<()> {
    let now = tx.now();
    run!(tx, FORGET_MUTINGS, now.plus_days(-MUTING_DAYS))?;
    run!(tx, SET_MUTING, call, done, now).map(|_| ())
}

pub(super) async fn forget_muting(tx: &mut Tx, call: i64) -> Result<()> {
    run!(tx, FORGET_MUTING, call).map(|_| ())
}

pub(super) async fn peers(tx: &mut Tx, account: i64) -> Result<Vec<(i64, i64)>> {
    fetch_all!(tx, (i64, i64), PEERS, account)
}

pub(super) async fn set_peer(tx: &mut Tx, account: i64, peer: i64, access_hash: i64) -> Result<()> {
    run!(tx, SET_PEER, account, peer, access_hash).map(|_| ())
}
