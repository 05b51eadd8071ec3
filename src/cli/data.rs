//! Moving, saving and bringing back the database.

use std::path::Path;
use std::sync::Arc;

use super::{End, Ended, Here, print, table};
use crate::kernel::Error;
use crate::platform::config::shown_database;
use crate::platform::store::{self, Lease, Tally};

/// Brings the tables up to date, alone.
pub(super) async fn migrate(here: &Here) -> Ended {
    let before = store::look(&here.config).await?;
    here.alone(Arc::clone(&here.config)).await?.close().await;
    let after = store::look(&here.config).await?;
    let count = |schema: &Option<store::Schema>| schema.as_ref().map_or(0, |schema| schema.applied.len());
    print(&format!(
        "{}: {} migrations applied, {} of them now",
        shown_database(&here.config.database.url),
        count(&after),
        count(&after) - count(&before)
    ));
    Ok(())
}

/// Copies everything into another database and proves it.
pub(super) async fn move_store(here: &Here, to: &str) -> Ended {
    let target = Arc::new(here.config.with_database("--to", to)?);
    if target.database.url == here.config.database.url {
        return Err(End::Usage("--to is the database that database.url names already".to_owned()));
    }
    let from = here.alone(Arc::clone(&here.config)).await?;
    let outcome = async {
        nobody_runs(&from.db).await?;
        let to = here.alone(Arc::clone(&target)).await?;
        let outcome = async {
            nobody_runs(&to.db).await?;
            Ok::<_, End>(store::move_to(&from, &to).await?)
        };
        let outcome = outcome.await;
        to.close().await;
        outcome
    };
    let outcome = outcome.await;
    from.close().await;
    show(&outcome?);
    print(&format!(
        "the same on both sides: {} → {}; now set database.url (PREAU__DATABASE__URL) to the new one",
        shown_database(&here.config.database.url),
        shown_database(&target.database.url)
    ));
    Ok(())
}

/// On SQLite the lock file says so; on `PostgreSQL` the lease of a program that runs.
async fn nobody_runs(db: &store::Db) -> Ended {
    let lease = Lease { name: "telegram", holder: String::new(), term: std::time::Duration::ZERO };
    match lease.holder(db).await? {
        Some(_) if !db.is_sqlite() => {
            Err(Error::outage("database", "a preau run holds it (or stopped a moment ago); stop it first").into())
        }
        _ => Ok(()),
    }
}

pub(super) async fn backup(here: &Here, file: &Path) -> Ended {
    if file.exists() {
        return Err(End::Usage(format!("{} is there already: name another file", file.display())));
    }
    let database = here.beside().await?;
    let outcome = store::backup(&database, file).await;
    database.close().await;
    show(&outcome?);
    print(&format!("saved in {} (readable by you alone; it holds no secret key)", file.display()));
    Ok(())
}

pub(super) async fn restore(here: &Here, file: &Path, replace: bool) -> Ended {
    let database = here.alone(Arc::clone(&here.config)).await?;
    let outcome = async {
        nobody_runs(&database.db).await?;
        store::restore(&database, file, replace).await.map_err(|error| match &error {
            Error::Outage { detail, .. } if detail.contains("must be empty") => End::Usage(format!(
                "{} is not empty; --replace removes what it holds",
                shown_database(&here.config.database.url)
            )),
            _ => error.into(),
        })
    };
    let outcome = outcome.await;
    database.close().await;
    show(&outcome?);
    print(&format!("{} is back in {}", file.display(), shown_database(&here.config.database.url)));
    Ok(())
}

/// A line per table that holds rows: how many, and the beginning of the hash that both sides gave.
fn show(tallies: &[Tally]) {
    let mut rows = vec![vec!["table".to_owned(), "rows".to_owned(), "sha256 (sum of rows)".to_owned()]];
    rows.extend(tallies.iter().filter(|tally| tally.rows > 0).map(|tally| {
        vec![tally.table.clone(), tally.rows.to_string(), tally.hash.chars().take(16).collect::<String>()]
    }));
    table::show(&rows, &[1]);
    let total: u64 = tallies.iter().map(|tally| tally.rows).sum();
    print(&format!("{total} rows in {} tables", tallies.len()));
}
