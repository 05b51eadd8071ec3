//! `preau bench`: what is measured, with the real store, queue and clock of the configured database. Each prints one JSON
//! line and ends.
//!
//! `seed` a made-up school to be asked about · `queue` moments and reminders that are due at once · `idle` what it costs to
//! wait for them.
//!
//! A bench never touches a school: it is refused as soon as the database knows a person or a class. Whatever Telegram it
//! speaks to is on this machine.

mod idle;
mod queue;
mod seed;

use clap::Subcommand;
use serde::Serialize;

use super::{End, Ended, Here, print};
use crate::kernel::Error;
use crate::platform::store::{Database, Db};
use crate::school::{classroom, roster};
use crate::text;

#[derive(Debug, Subcommand)]
pub(super) enum Bench {
    /// Fills an empty database with a school: students with an account each, in classes with a next session
    Seed(seed::Seed),
    /// Has so many moments due at the same instant, and says how late each began
    Schedule(queue::Schedule),
    /// Has so many reminders due at once, each to a group of its own; begun again it goes on
    Broadcast(queue::Broadcast),
}

pub(super) async fn bench(here: &Here, bench: &Bench) -> Ended {
    let database = here.alone(std::sync::Arc::clone(&here.config)).await?;
    let measured = match is_empty(&database.db).await {
        Ok(true) => perform(here, &database, bench).await,
        Ok(false) => Err(End::Usage(text!("cli-bench-school"))),
        Err(end) => Err(end),
    };
    database.close().await;
    measured
}

async fn perform(here: &Here, database: &Database, bench: &Bench) -> Ended {
    match bench {
        Bench::Seed(asked) => told(&seed::seed(&database.db, asked).await?),
        Bench::Schedule(asked) => told(&queue::schedule(&database.db, asked).await?),
        Bench::Broadcast(asked) => told(&queue::broadcast(here, &database.db, asked).await?),
    }
}

/// Does the database know nobody?
async fn is_empty(db: &Db) -> Result<bool, End> {
    let (people, classes) = db
        .read(async |tx| Ok((roster::flow::count_by_role(tx).await?, classroom::flow::classrooms(tx).await?)))
        .await?;
    Ok(people.is_empty() && classes.is_empty())
}

fn told(report: &impl Serialize) -> Ended {
    print(&serde_json::to_string(report).map_err(Error::from)?);
    Ok(())
}
