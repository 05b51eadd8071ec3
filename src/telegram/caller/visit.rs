//! What commands ask as an account: a line of a moment, beside no program that runs with the same key.

use std::time::Duration;

use super::identity::Identity;
use super::line::{Line, Opening};
use super::{api_id, opened, store, trouble};
use crate::kernel::Result;
use crate::platform::store::{Db, Tenure};
use crate::platform::tasks::Tasks;
use crate::platform::vault::Vault;
use crate::telegram::port::Called;

/// How Telegram sees an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Signed in, and called so.
    As(String),
    /// Signed out, banned, deactivated; Telegram's word.
    Gone(String),
    /// No answer, or none that says anything about the account.
    Away(String),
}

/// Asks Telegram who an account is. A secret that does not open is the refusal that says so.
pub async fn look(db: &Db, vault: &Vault, kept: &store::Account) -> Result<Seen> {
    let identity = opened(db.config(), vault, kept)?;
    Ok(match name(db, &identity, kept).await {
        Ok(name) => Seen::As(name),
        Err(trouble) => match trouble::gone(&trouble) {
            Some(why) => Seen::Gone(why.to_owned()),
            None => Seen::Away(trouble::words(&trouble)),
        },
    })
}

/// Does the account's secret open? Telegram is not asked.
pub fn is_sound(db: &Db, vault: &Vault, kept: &store::Account) -> Result<Seen> {
    opened(db.config(), vault, kept).map(|_| Seen::As(kept.shown()))
}

async fn name(db: &Db, identity: &Identity, kept: &store::Account) -> Called<String> {
    let (clock, tasks) = (db.clock(), Tasks::default());
    let (account, since) = (kept.account, kept.signed_in_at);
    let (api_id, step) = (api_id(db.config()), Duration::ZERO);
    let tenure = &Tenure::alone(clock);
    let opening = Opening { account, since, api_id, clock, tasks: &tasks, tenure, hints: None, step };
    let line = Line::open(identity, identity.session(), &opening);
    let answer = line.within(line.client.get_me()).await;
    drop(line);
    tasks.stop(clock, Duration::from_secs(1)).await;
    let user = answer?;
    Ok([user.first_name(), user.last_name()].into_iter().flatten().collect::<Vec<_>>().join(" "))
}
