//! Writing intentions.

use serde::Serialize;

use super::store;
use super::{Door, Policy, Rank};
use crate::kernel::{At, Result};
use crate::platform::store::Tx;

/// The catch-up window where nothing else is said, and of what is wanted however late.
const DAYS_USUAL: i64 = 1;
const DAYS_WHENEVER: i64 = 365;

/// An intention to be written. Two with the same key are one; a cancelled one is revived by writing it again.
#[derive(Debug, Clone)]
pub struct Put {
    pub(super) kind: &'static str,
    pub(super) key: String,
    pub(super) lane: String,
    pub(super) door: Door,
    pub(super) rank: Rank,
    pub(super) policy: Policy,
    pub(super) payload: String,
    pub(super) due_at: Option<At>,
    pub(super) expires_at: Option<At>,
    pub(super) whenever: bool,
}

impl Put {
    /// `kind` names the job, `key` the effect (`session.remind:ID:START`).
    pub fn new(kind: &'static str, key: impl Into<String>, payload: &impl Serialize) -> Result<Self> {
        let key = key.into();
        Ok(Self {
            kind,
            lane: key.clone(),
            key,
            door: Door::Telegram,
            rank: Rank::Timed,
            policy: Policy::AtMostOnce,
            payload: serde_json::to_string(payload)?,
            due_at: None,
            expires_at: None,
            whenever: false,
        })
    }
    /// Rows of one lane run one after the other. Default: a lane of its own.
    pub fn lane(mut self, lane: impl Into<String>) -> Self {
        self.lane = lane.into();
        self
    }
    /// Touches nothing outside but the database: any process may perform it, any number of times.
    pub fn inner(mut self) -> Self {
        self.door = Door::Inner;
        self.policy = Policy::AtLeastOnce;
        self
    }
    /// Through the user account.
    pub fn caller(mut self) -> Self {
        self.door = Door::Caller;
        self
    }
    pub fn rank(mut self, rank: Rank) -> Self {
        self.rank = rank;
        self
    }
    /// May be repeated after a lost answer.
    pub fn repeatable(mut self) -> Self {
        self.policy = Policy::AtLeastOnce;
        self
    }
    /// School time at which it is due. Default: now.
    pub fn due(mut self, at: At) -> Self {
        self.due_at = Some(at);
        self
    }
    /// End of the catch-up window (school time): a moment missed beyond it is recorded as missed. Default: a day after due.
    pub fn until(mut self, at: At) -> Self {
        self.expires_at = Some(at);
        self
    }
    /// Wanted however late: somebody waits for it, or a record would be wrong without it.
    pub fn whenever(mut self) -> Self {
        self.whenever = true;
        self
    }
    fn window(&self, now: At) -> (At, At) {
        let due = self.due_at.unwrap_or(now);
        let days = if self.whenever { DAYS_WHENEVER } else { DAYS_USUAL };
        (due, self.expires_at.unwrap_or(due.plus_days(days)))
    }
}

/// Writes an intention; `false` when it stood already.
pub async fn put(tx: &mut Tx, put: Put) -> Result<bool> {
    let (due, expires) = put.window(tx.now());
    let id = tx.new_id();
    let written = store::insert(tx, &id, &put, due, expires).await?;
    tx.wake();
    Ok(written)
}

/// Writes many intentions, as [`put`] does; their keys differ.
pub async fn put_many(tx: &mut Tx, puts: Vec<Put>) -> Result<()> {
    let (now, ids) = (tx.now(), tx.ids().clone());
    let rows: Vec<_> = puts
        .into_iter()
        .map(|put| {
            let (due, expires) = put.window(now);
            (ids.next(), put, due, expires)
        })
        .collect();
    store::insert_many(tx, &rows).await?;
    tx.wake();
    Ok(())
}

/// What waits is due already at this school time, if that is sooner.
pub async fn hasten(tx: &mut Tx, key: &str, at: At) -> Result<()> {
    store::hasten(tx, key, at).await?;
    tx.wake();
    Ok(())
}

/// Withdraws an intention that has not been begun; `false` when there was none.
pub async fn cancel(tx: &mut Tx, key: &str, why: &str) -> Result<bool> {
    Ok(store::cancel(tx, key, why).await? > 0)
}

/// Withdraws all intentions not yet begun whose key begins with `prefix` (`session.remind:ID:`).
pub async fn cancel_like(tx: &mut Tx, prefix: &str, why: &str) -> Result<u64> {
    store::cancel_like(tx, prefix, why).await
}
