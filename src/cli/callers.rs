//! The user accounts, for `preau check`: each asked for real, by a line of a moment.

use super::check::Findings;
use super::{Here, words};
use crate::kernel::text::Arg;
use crate::kernel::{Error, Result, Text};
use crate::platform::store::{Database, is_served};
use crate::telegram::caller::visit::{self, Seen};
use crate::telegram::caller::{hindrance, login, store, vault};
use crate::telegram::port::{lost_because, signed_in_again};
use crate::text;

/// What becomes of each account. A program that runs has the keys in use: then the store says how they stand.
pub(super) async fn look(here: &Here, found: &mut Findings, store_is_fit: bool) -> Result<()> {
    if !store_is_fit {
        none(here, found);
        return Ok(());
    }
    let database = Database::beside(std::sync::Arc::clone(&here.config), here.clock.clone(), here.ids.clone()).await?;
    let told = each(here, &database, found).await;
    database.close().await;
    told
}

fn none(here: &Here, found: &mut Findings) {
    let is_foreseen = login::is_configured(&here.config);
    found.note(if is_foreseen { text!("check-caller-not-signed") } else { text!("check-caller-none") });
}

async fn each(here: &Here, database: &Database, found: &mut Findings) -> Result<()> {
    let db = &database.db;
    let known = db.read(async |tx| store::accounts(tx).await).await?;
    if known.is_empty() {
        none(here, found);
        return Ok(());
    }
    if !login::is_configured(&here.config) {
        found.missing(text!("check-caller-no-api"));
        return Ok(());
    }
    let served = is_served(db).await?;
    let vault = vault(&here.config);
    let (mut ready, mut broken) = (0, Vec::new());
    for kept in &known {
        let name = kept.shown();
        if let Some(since) = kept.lost_at.filter(|_| !kept.is_ready()) {
            let word = kept.why.as_deref().unwrap_or_default();
            let (why, remedy) = (lost_because(word), signed_in_again(word));
            let since = Arg::Moment(since, here.config.school.time_zone);
            broken.push(text!("check-caller-lost", name = name, since = since, why = why, remedy = remedy));
            continue;
        }
        // The key is read in any case: a program that runs reads it when it connects, and not before.
        let seen = match if served { visit::is_sound(db, &vault, kept) } else { visit::look(db, &vault, kept).await } {
            Ok(seen) => seen,
            Err(Error::Refusal(refusal)) => {
                broken.push(text!("check-caller-shut", name = name, why = refusal.text));
                continue;
            }
            Err(error) => {
                broken.push(text!("check-caller-shut", name = name, why = words::of(&error)));
                continue;
            }
        };
        match said(here, kept, seen, served) {
            Ok(sentence) => {
                found.well(sentence);
                ready += 1;
            }
            Err(sentence) => broken.push(sentence),
        }
    }
    for sentence in broken {
        // Another one does its work.
        if ready > 0 { found.note(sentence) } else { found.missing(sentence) }
    }
    if ready == 1 {
        found.note(text!("check-caller-one"));
    }
    Ok(())
}

/// What there is to say of an account whose key can be read; `Err`: it is of no use.
fn said(here: &Here, kept: &store::Account, seen: Seen, served: bool) -> std::result::Result<Text, Text> {
    let name = kept.shown();
    match seen {
        // The program that runs knows how its account stands.
        Seen::As(_) if served => match hindrance(kept, here.config.school.time_zone) {
            None => Ok(text!("check-caller-served", name = name)),
            Some(trouble) => Err(text!("check-caller-hindered", name = name, trouble = trouble)),
        },
        Seen::As(name) => Ok(text!("check-caller", name = name)),
        Seen::Gone(why) => {
            let (why, remedy) = (lost_because(&why), signed_in_again(&why));
            Err(text!("check-caller-gone", name = name, why = why, remedy = remedy))
        }
        Seen::Away(why) => Err(text!("check-caller-away", name = name, why = words::why(&why))),
    }
}
