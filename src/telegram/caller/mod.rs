//! The callers: user accounts over MTProto (grammers), for what bots cannot do.
//!
//! `identity` a key and what it stands for · `login` getting one · `rotation` sealing it anew · `line` one account's
//! connections · `served` the lines of all accounts, opened, proved and let go · `asked` what is asked through them ·
//! `pace` how often it asks · `muting` which calls are muted · `silence` what becomes of one that does not answer ·
//! `visit` what commands ask · `trouble` errors · `groups` and `calls` what is asked of Telegram · `wire` Telegram's values
//! read · `store` the SQL.
//!
//! One process serves the callers: the one that holds the `caller` lease, which follows the `telegram` lease. A key used
//! by two at once may be revoked: every connection, and everything asked through one, ends with the lease.

mod asked;
mod calls;
mod groups;
pub mod identity;
mod line;
pub mod login;
mod muting;
mod pace;
pub mod rotation;
mod served;
mod silence;
pub mod store;
mod trouble;
pub mod visit;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;

use self::identity::Identity;
use self::line::Line;
use self::muting::Muting;
use super::port::{Callers as _, Hint, InCall, lost_because, signed_in_again};
use crate::kernel::text::Arg;
use crate::kernel::time::Zone;
use crate::kernel::{Error, Result, Text};
use crate::platform::config::Config;
use crate::platform::store::{Db, Probe, Tenure};
use crate::platform::tasks::Tasks;
use crate::platform::vault::Vault;
use crate::text;

/// Performed by a feature: an account was signed in. Its payload is the account.
pub const READY: &str = "caller.ready";
/// Performed by a feature: an account is connected, as after each start. Its payload is the account.
pub const CONNECTED: &str = "caller.connected";
/// Performed by a feature: what an account held is to be taken over. Its payload is the account.
pub const LEFT: &str = "caller.left";

/// A question without an answer for so long was not taken along: nobody is there.
const SILENT: Duration = Duration::from_secs(5);
/// So many hints may wait.
const HINTS: usize = 1_000;

/// The accounts that this process serves. Cheap to clone.
#[derive(Clone)]
pub struct Accounts(Arc<Inner>);

struct Inner {
    db: Db,
    vault: Vault,
    tenure: Tenure,
    tasks: Tasks,
    probe: Probe,
    lines: Mutex<BTreeMap<i64, Arc<Line>>>,
    /// One at a time brings the lines in step: no account is connected twice.
    gathering: tokio::sync::Mutex<()>,
    hints: mpsc::Sender<Hint>,
    /// The store knows an account, ready or lost.
    any: AtomicBool,
    /// … one that is signed in and whose secret opens.
    signed_in: AtomicBool,
    /// Since when there are no lines here, while there are none; monotonic.
    idle: Mutex<Duration>,
    /// Every account that was ever signed in: the school's own, nobody's presence.
    own: Mutex<BTreeSet<i64>>,
    /// Accounts whose secret does not open, by what was logged of it.
    shut: Mutex<BTreeMap<i64, String>>,
    muting: Muting,
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Accounts({})", self.ready().len())
    }
}

/// The vault of this configuration.
pub fn vault(config: &Config) -> Vault {
    Vault::of(&config.secrets)
}

/// Under which name an account's identity is sealed.
fn sealed_as(account: i64) -> String {
    format!("caller_account:{account}")
}

/// The number of the application; beside a Telegram on loopback any will do.
fn api_id(config: &Config) -> i32 {
    if config.telegram.caller.api_id == 0 { 1 } else { config.telegram.caller.api_id }
}

/// What keeps an account from being of use, as whoever serves the accounts last knew: since when, why, what to do.
pub fn hindrance(kept: &store::Account, zone: Zone) -> Option<Text> {
    if let Some(since) = kept.lost_at {
        let word = kept.why.as_deref().unwrap_or_default();
        let (since, why) = (Arg::Moment(since, zone), lost_because(word));
        return Some(text!("caller-is-lost", since = since, why = why, remedy = signed_in_again(word)));
    }
    let since = Arg::Moment(kept.standing_since.unwrap_or_default(), zone);
    match kept.standing.as_str() {
        store::SHUT => Some(text!("caller-is-shut", since = since, why = kept.standing_words())),
        store::AWAY => Some(text!("caller-is-away", since = since)),
        _ => None,
    }
}

/// What an account's secret holds.
fn opened(config: &Config, vault: &Vault, kept: &store::Account) -> Result<Identity> {
    let identity = Identity::read(&vault.open(&sealed_as(kept.account), &kept.sealed)?)?;
    if identity.is_loopback() && !crate::platform::config::is_loopback_url(&config.telegram.api_url) {
        return Err(Error::fault("caller: an account of a Telegram on loopback"));
    }
    Ok(identity)
}

impl Accounts {
    /// Nothing is connected yet; see [`Accounts::serve`]. Hints about calls come out of the receiver.
    pub fn new(db: Db, tenure: Tenure, tasks: Tasks, probe: Probe) -> (Self, mpsc::Receiver<Hint>) {
        let (hints, pushed) = mpsc::channel(HINTS);
        let (vault, idle) = (vault(db.config()), Mutex::new(db.clock().elapsed()));
        let muting = Muting::new(db.clone());
        (
            Self(Arc::new(Inner {
                db,
                vault,
                tenure,
                tasks,
                probe,
                lines: Mutex::default(),
                gathering: tokio::sync::Mutex::default(),
                hints,
                any: AtomicBool::new(false),
                signed_in: AtomicBool::new(false),
                idle,
                own: Mutex::default(),
                shut: Mutex::default(),
                muting,
            })),
            pushed,
        )
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, BTreeMap<i64, Arc<Line>>> {
        self.0.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn own(&self) -> std::sync::MutexGuard<'_, BTreeSet<i64>> {
        self.0.own.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn unopened(&self) -> std::sync::MutexGuard<'_, BTreeMap<i64, String>> {
        self.0.shut.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers a peer's hash, beyond a restart too.
    async fn meet(&self, line: &Line, peer: i64, hash: i64) {
        if !line.met(peer, hash) {
            return;
        }
        let kept = self.0.db.transact(async |tx| store::set_peer(tx, line.account, peer, hash).await).await;
        if let Err(error) = kept {
            // It can be learnt again.
            tracing::debug!(caller.account = line.account, error = %error, "caller.peer_not_kept");
        }
    }
}

/// Two devices of one person are one; the first join counts.
fn united(mut people: Vec<InCall>) -> Vec<InCall> {
    people.sort();
    people.dedup_by(|later, first| later.peer == first.peer);
    people
}
