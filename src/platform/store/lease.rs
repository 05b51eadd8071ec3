//! Named leases in machine time: who polls Telegram and sends, when several programs share one PostgreSQL.

use std::time::Duration;

use super::transaction::{Db, Tx};
use crate::kernel::{At, Result};
use crate::{fetch_optional, run, statements};

statements! {
    TAKE_LEASE = "INSERT INTO lease (name, holder, until, taken_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until, \
        taken_at = CASE WHEN lease.holder = excluded.holder THEN lease.taken_at ELSE excluded.taken_at END \
        WHERE lease.holder = excluded.holder OR lease.until < $4 OR lease.until > $5 RETURNING taken_at";
    DROP_LEASE = "UPDATE lease SET until = 0 WHERE name = $1 AND holder = $2";
    READ_LEASE = "SELECT holder, until FROM lease WHERE name = $1";
}

/// So many terms ahead nobody can hold one: the clock was put back since, and whoever lives renews it by the time that is
/// now.
const MOST_TERMS: u32 = 6;

/// Takes or renews a lease of any name for a term; gives since when it is held, `None` when it is another's.
pub(super) async fn take(tx: &mut Tx, name: &str, holder: &str, wall: At, term: Duration) -> Result<Option<At>> {
    let (until, nonsense) = (wall.plus(term), wall.plus(term * MOST_TERMS));
    Ok(fetch_optional!(tx, (At,), TAKE_LEASE, name, holder, until, wall, nonsense)?.map(|(since,)| since))
}

/// A lease that this process tries to hold.
#[derive(Debug, Clone)]
pub struct Lease {
    pub name: &'static str,
    pub holder: String,
    pub term: Duration,
}

/// A lease that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// Machine time.
    pub since: At,
    /// It was taken just now, not renewed.
    pub fresh: bool,
    /// When (machine time) the term ended of another holder that let it run out: that one may still have calls on their
    /// way.
    pub expired: Option<At>,
}

impl Lease {
    /// Takes or renews the lease. `None` when another holds it.
    pub async fn hold(&self, db: &Db) -> Result<Option<Held>> {
        let wall = db.clock().wall();
        db.transact_aside(async |tx| {
            let before = fetch_optional!(tx, (String, At), READ_LEASE, self.name)?;
            let taken = take(tx, self.name, &self.holder, wall, self.term).await?;
            let fresh = before.as_ref().is_none_or(|(holder, until)| *holder != self.holder || *until < wall);
            let another = before.filter(|(holder, _)| fresh && *holder != self.holder);
            // One of a time that was put back ends a term from now at the latest.
            let expired = another.map(|(_, until)| until.min(wall.plus(self.term))).filter(|until| *until > At(0));
            Ok(taken.map(|since| Held { since, fresh, expired }))
        })
        .await
    }

    /// Gives the lease back, so that another takes over at once.
    pub async fn release(&self, db: &Db) -> Result<()> {
        db.transact_aside(async |tx| run!(tx, DROP_LEASE, self.name, &self.holder).map(|_| ())).await
    }

    /// Who holds it now, if anybody does.
    pub async fn holder(&self, db: &Db) -> Result<Option<String>> {
        let wall = db.clock().wall();
        let row = db.read(async |tx| fetch_optional!(tx, (String, At), READ_LEASE, self.name)).await?;
        Ok(row.filter(|(_, until)| *until >= wall).map(|(holder, _)| holder))
    }
}
