//! The features of the school, one folder each. A feature may use those listed before it.

pub mod feature;

use futures::future::BoxFuture;

use self::roster::Role;
use crate::kernel::{Lang, Result};
use crate::platform::store::Tx;
use crate::telegram::command::{Audience, Caller, Identify};

pub mod approval;
pub mod attendance;
pub mod audit;
pub mod classroom;
pub mod roster;
pub mod session;
pub mod welcome;
pub mod workbook;

/// Every feature, each one line.
pub const FEATURES: &[&feature::Feature] = &[
    &audit::feature::FEATURE,
    &classroom::feature::FEATURE,
    &session::feature::FEATURE,
    &attendance::feature::FEATURE,
];

/// Who an account is: what Telegram's side asks before anything is done.
pub const IDENTIFY: Identify = identify;

/// The job that tells admins of a row that ended dead or in doubt.
pub const TROUBLE: &str = "state.trouble";

fn identify<'a>(tx: &'a mut Tx, account: i64, tag: Option<&'a str>) -> BoxFuture<'a, Result<Caller>> {
    Box::pin(async move {
        let person = roster::store::person_of_account(tx, account).await?.filter(|person| person.active);
        let spoken = tag.and_then(Lang::read).unwrap_or(tx.config().school.language);
        Ok(match person {
            None => Caller { account, person: None, rank: Audience::Anyone, lang: spoken },
            Some(person) => Caller {
                account,
                rank: match person.role {
                    Role::Student => Audience::Student,
                    Role::Teacher => Audience::Teacher,
                    Role::Supervisor => Audience::Supervisor,
                    Role::Manager => Audience::Manager,
                    Role::Admin => Audience::Admin,
                },
                lang: person.lang.unwrap_or(spoken),
                person: Some(person.id),
            },
        })
    })
}
