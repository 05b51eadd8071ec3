//! Moving, saving and bringing back the database.

use std::path::Path;
use std::sync::Arc;

use super::{End, Ended, Here, Target, complain, table, unreadable, words};
use crate::kernel::Error;
use crate::platform::config::{Config, has_password, shown_database};
use crate::platform::store::{self, Db, Tally};
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::state;
use crate::text;

/// Brings the tables up to date, alone.
pub(super) async fn migrate(here: &Here) -> Ended {
    let before = store::look(&here.config).await?;
    here.alone(Arc::clone(&here.config)).await?.close().await;
    let after = store::look(&here.config).await?;
    let count = |schema: &Option<store::Schema>| schema.as_ref().map_or(0, |schema| schema.applied.len());
    here.say(&text!(
        "cli-migrated",
        place = shown_database(&here.config.database.url),
        count = whole(count(&after)),
        now = whole(count(&after).saturating_sub(count(&before)))
    ));
    Ok(())
}

/// Copies everything into another database and proves it.
pub(super) async fn move_store(here: &Here, target: &Target) -> Ended {
    let (key, url) = target.address(here)?;
    let target = Arc::new(here.config.with_database(key, &url)?);
    if target.database.url == here.config.database.url {
        return Err(End::Usage(text!("cli-same-database", key = key)));
    }
    here.there().await?;
    let from = here.alone(Arc::clone(&here.config)).await?;
    let outcome = async {
        let to = here.alone(Arc::clone(&target)).await?;
        let copied = store::move_to(&from, &to).await;
        let recorded = match &copied {
            Ok(_) => moved(&here.config, &target, &from.db, &to.db).await,
            Err(_) => Ok(()),
        };
        to.close().await;
        Ok::<_, End>((copied?, recorded))
    };
    let outcome = outcome.await;
    from.close().await;
    let (tallies, recorded) = outcome?;
    show(here, &tallies);
    let (old, new) = (shown_database(&here.config.database.url), shown_database(&target.database.url));
    here.say(&text!("cli-store-moved", old = old, new = new.clone()));
    // The copy stands, and a second one would be refused: what failed is said for what it is.
    recorded.map_err(|error| {
        let sentence = text!("cli-store-unrecorded", new = new, why = words::of(&error));
        complain(&sentence.render(here.config.school.language));
        End::Said
    })
}

/// The move stands in the audit of both: the new one goes on, the old one is where it ended.
async fn moved(from: &Config, to: &Config, here: &Db, there: &Db) -> crate::kernel::Result<()> {
    let (old, new) = (shown_database(&from.database.url), shown_database(&to.database.url));
    for db in [there, here] {
        db.transact(async |tx| record(tx, &Actor::Cli, "store.moved", "store", Some(&old), Some(&new)).await).await?;
    }
    Ok(())
}

impl Target {
    /// The address, and how it was given.
    fn address(&self, here: &Here) -> Result<(&'static str, String), End> {
        match (&self.to, &self.to_file) {
            (Some(url), _) => {
                if has_password(url) {
                    complain(&text!("cli-password-seen").render(here.config.school.language));
                }
                Ok(("--to", url.clone()))
            }
            (None, Some(file)) => {
                let read = if file.as_os_str() == "-" {
                    std::io::read_to_string(std::io::stdin())
                } else {
                    std::fs::read_to_string(file)
                };
                let text = read.map_err(|error| unreadable(file, &error))?;
                Ok(("--to-file", text.trim().to_owned()))
            }
            (None, None) => Err(End::Usage(text!("cli-no-target"))),
        }
    }
}

pub(super) async fn backup(here: &Here, file: &Path) -> Ended {
    if file.exists() {
        return Err(End::Usage(text!("cli-file-there", file = file.display().to_string())));
    }
    let database = here.beside().await?;
    let outcome = store::backup(&database, file).await;
    database.close().await;
    show(here, &outcome?);
    here.say(&text!("cli-saved", file = file.display().to_string()));
    Ok(())
}

pub(super) async fn restore(here: &Here, file: &Path, replace: bool) -> Ended {
    if !file.is_file() {
        return Err(End::Usage(text!("cli-file-absent", file = file.display().to_string())));
    }
    let database = here.alone(Arc::clone(&here.config)).await?;
    let restored = store::restore(&database, file, replace, async |tx| {
        // Where it lies is this machine's affair.
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        state::flow::note_restored(tx, &name, replace).await?;
        state::flow::restored(tx).await
    })
    .await;
    database.close().await;
    let (tallies, held_back) = restored.map_err(|error| match &error {
        Error::Outage { detail, .. } if detail.contains("must be empty") => {
            End::Usage(text!("cli-not-empty", place = shown_database(&here.config.database.url)))
        }
        _ => error.into(),
    })?;
    show(here, &tallies);
    let place = shown_database(&here.config.database.url);
    here.say(&text!("cli-restored", file = file.display().to_string(), place = place));
    if !held_back.is_empty() {
        here.say(&state::screens::held_back(&held_back));
    }
    Ok(())
}

/// A line per table that holds rows: how many, and the beginning of the hash that both sides gave.
fn show(here: &Here, tallies: &[Tally]) {
    let heads = [text!("cli-table-name"), text!("cli-table-rows"), text!("cli-table-hash")];
    let mut rows = vec![heads.iter().map(|head| head.render(here.config.school.language)).collect()];
    rows.extend(tallies.iter().filter(|tally| tally.rows > 0).map(|tally| {
        vec![tally.table.clone(), tally.rows.to_string(), tally.hash.chars().take(16).collect::<String>()]
    }));
    table::show(&rows, &[1]);
    let total: u64 = tallies.iter().map(|tally| tally.rows).sum();
    here.say(&text!("cli-table-total", rows = i64::try_from(total).unwrap_or(i64::MAX), tables = whole(tallies.len())));
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
