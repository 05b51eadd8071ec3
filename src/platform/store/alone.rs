//! Who is at work on a PostgreSQL database as a whole: programs that run, and one that moves or restores everything.
//! Each writes its name down first and looks for the other second: of two that begin at once at least one sees the
//! other, and gives way. On SQLite the lock file says it.

use std::time::Duration;

use super::lease::take;
use super::open::is_locked;
use super::transaction::Db;
use super::wall::correct_wall;
use super::{IN_USE, MOVED};
use crate::kernel::{Error, Result};
use crate::platform::tasks::Tasks;
use crate::{fetch_optional, run, statements};

statements! {
    RUNNING = "SELECT COUNT(*) FROM lease WHERE ((name >= 'run:' AND name < 'run;') OR name = 'telegram') AND until >= $1";
    HELD = "SELECT holder FROM lease WHERE name = $1 AND until >= $2";
    LEAVE = "DELETE FROM lease WHERE name = $1 AND holder = $2";
    FORGET_GONE = "DELETE FROM lease WHERE name >= 'run:' AND name < 'run;' AND until < $1";
}

/// A name that is not renewed for so long counts as gone.
const TERM: Duration = Duration::from_secs(10);
const MOVING: &str = "store.alone";

/// A name written down in a database.
#[derive(Debug, Clone)]
pub struct Occupant {
    name: String,
    holder: String,
}

impl Occupant {
    /// A program that runs: refused while the database is moved or restored. `None` on SQLite.
    pub async fn running(db: &Db, holder: &str) -> Result<Option<Self>> {
        if db.is_sqlite() {
            return Ok(None);
        }
        let occupant = Self { name: format!("run:{holder}"), holder: holder.to_owned() };
        occupant.hold(db).await?;
        if let Err(moved) = not_moved(db).await {
            occupant.leave(db).await?;
            return Err(moved);
        }
        Ok(Some(occupant))
    }

    /// Writes the name down, or on; `false` when it is another's.
    async fn hold(&self, db: &Db) -> Result<bool> {
        let wall = db.clock().wall();
        db.transact_aside(async |tx| {
            run!(tx, FORGET_GONE, wall.plus_days(-1))?;
            Ok(take(tx, &self.name, &self.holder, wall, TERM).await?.is_some())
        })
        .await
    }

    /// Renews the name until the tasks stop. Once another moves the database (this process was paused for longer than
    /// its term), everything here stops.
    pub async fn keep(self, db: Db, tasks: Tasks) {
        let clock = db.clock().clone();
        while tasks.stopping().run_until_cancelled(clock.rest(TERM / 4)).await.is_some() {
            let held = async {
                self.hold(&db).await?;
                holder_of_move(&db).await
            };
            match held.await {
                Ok(None) => {}
                Ok(Some(_)) => {
                    tracing::error!("store.taken_away: the database is being moved or restored");
                    tasks.stopping().cancel();
                }
                Err(error) => tracing::warn!(error = %error, "store.name_not_renewed"),
            }
        }
    }

    pub async fn leave(&self, db: &Db) -> Result<()> {
        db.transact_aside(async |tx| run!(tx, LEAVE, &self.name, &self.holder).map(|_| ())).await
    }
}

/// Does a program run on this database now?
pub async fn is_served(db: &Db) -> Result<bool> {
    if db.is_sqlite() {
        return Ok(is_locked(&db.config().database.url));
    }
    correct_wall(db).await?;
    let wall = db.clock().wall();
    let running = db.read(async |tx| fetch_optional!(tx, (i64,), RUNNING, wall)).await?;
    Ok(running.is_some_and(|(count,)| count > 0))
}

async fn holder_of_move(db: &Db) -> Result<Option<String>> {
    let wall = db.clock().wall();
    let row = db.read(async |tx| fetch_optional!(tx, (String,), HELD, MOVING, wall)).await?;
    Ok(row.map(|(holder,)| holder))
}

/// Refuses while the database is moved or restored.
pub async fn not_moved(db: &Db) -> Result<()> {
    if db.is_sqlite() || holder_of_move(db).await?.is_none() {
        return Ok(());
    }
    Err(Error::outage("database", &format!("{MOVED}; try again when that is done")))
}

/// Does `work` while no program runs on this database and none begins to: the name is renewed all the while, and what is
/// not committed when it is lost is rolled back.
pub async fn alone<T>(db: &Db, work: impl Future<Output = Result<T>>) -> Result<T> {
    if db.is_sqlite() {
        // The lock file keeps others out.
        return work.await;
    }
    correct_wall(db).await?;
    let me = Occupant { name: MOVING.to_owned(), holder: db.ids().next() };
    if !me.hold(db).await? {
        return Err(Error::outage("database", MOVED));
    }
    let wall = db.clock().wall();
    let running = db.read(async |tx| fetch_optional!(tx, (i64,), RUNNING, wall)).await;
    let outcome = match running {
        Ok(Some((0,)) | None) => tokio::select! {
            done = work => done,
            lost = lost(&me, db) => Err(lost),
        },
        Ok(Some(_)) => {
            let why = format!("it{IN_USE} (one that was killed is forgotten after ten seconds)");
            Err(Error::outage("database", &why))
        }
        Err(error) => Err(error),
    };
    // Not given back it runs out by itself.
    let _ = me.leave(db).await;
    outcome
}

/// Returns when the name could not be renewed for half its term.
async fn lost(me: &Occupant, db: &Db) -> Error {
    let clock = db.clock();
    let mut renewed = clock.elapsed();
    loop {
        clock.rest(TERM / 5).await;
        match clock.within(TERM / 5, me.hold(db)).await {
            Some(Ok(true)) => renewed = clock.elapsed(),
            Some(Ok(false)) => return Error::outage("database", "another preau took it; nothing was kept"),
            _ if clock.elapsed().saturating_sub(renewed) > TERM / 2 => {
                return Error::outage("database", "it did not answer in time; nothing was kept");
            }
            _ => {}
        }
    }
}
