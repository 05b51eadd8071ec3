//! Groups are kept in step: name, members, who manages calls.

use super::super::flow::{self, Seen};
use super::super::rules;
use super::{done, later, outcome_of};
use crate::kernel::Result;
use crate::platform::outbox::{Outcome, Row};
use crate::school::classroom::Group;
use crate::school::classroom::flow as classrooms;
use crate::telegram::port::{Called, Desk, Trouble, Whom};

/// Each morning.
pub async fn daily(desk: &Desk, row: &Row) -> Result<Outcome> {
    done(desk, row, async |tx| flow::daily(tx).await).await
}

/// Every group is looked at, where there is an account to look.
pub async fn round(desk: &Desk, row: &Row) -> Result<Outcome> {
    if desk.callers.ready().is_empty() {
        return Ok(Outcome::Cancel("no account".to_owned()));
    }
    done(desk, row, async |tx| flow::round(tx, &row.key).await).await
}

async fn group_of(desk: &Desk, classroom_id: &str) -> Result<Option<Group>> {
    desk.db.read(async |tx| classrooms::group_of(tx, classroom_id).await).await
}

/// One group: it is called as its class is, and who is in it is held against the roster.
pub async fn tend(desk: &Desk, row: &Row) -> Result<Outcome> {
    let classroom_id: String = row.read()?;
    let Some(group) = group_of(desk, &classroom_id).await? else {
        return Ok(Outcome::Cancel("the class has no group".to_owned()));
    };
    row.about_to_call(&desk.db).await?;
    let ready = desk.callers.ready();
    let mut by = None;
    for account in rules::order(&ready, group.owner, group.spare) {
        match desk.callers.knows(account, group.chat).await {
            Ok(true) => {
                by = Some(account);
                break;
            }
            Ok(false) | Err(Trouble::Refused(_)) => {}
            Err(trouble) => return Ok(outcome_of(desk, trouble)),
        }
    }
    let Some(by) = by else { return Ok(Outcome::Cancel("no account is in the group".to_owned())) };
    if [group.owner, group.spare].contains(&Some(by))
        && let Err(trouble) = keep(desk, &group, by).await?
    {
        return Ok(outcome_of(desk, trouble));
    }
    let members = match desk.callers.members(by, group.chat).await {
        Ok(members) => members,
        Err(Trouble::Refused(_)) => return Ok(Outcome::Cancel("the members are not shown".to_owned())),
        Err(trouble) => return Ok(outcome_of(desk, trouble)),
    };
    let mut own = ready.clone();
    own.extend([group.owner, group.spare].into_iter().flatten());
    own.push(desk.telegram.me().0);
    let list = members.list.iter().map(|(account, standing)| (*account, standing.code())).collect();
    let seen = Seen { list, names: members.names, own };
    done(desk, row, async |tx| {
        // Nothing follows from an absence in a list that is not complete.
        if members.complete {
            flow::compared(tx, &group, &seen).await?;
        }
        flow::tended(tx, &group, &ready, &row.id).await
    })
    .await
}

/// A class that was renamed: its group is too.
async fn keep(desk: &Desk, group: &Group, by: i64) -> Result<Called<()>> {
    let Some(keeping) = desk.db.read(async |tx| flow::keeping(tx, group).await).await? else { return Ok(Ok(())) };
    if let Some(title) = &keeping.title
        && let Err(trouble) = desk.callers.rename(by, group.chat, title).await
    {
        return Ok(Err(trouble));
    }
    if let Some(about) = &keeping.about
        && let Err(trouble) = desk.callers.describe(by, group.chat, about).await
    {
        return Ok(Err(trouble));
    }
    desk.db.transact(async |tx| flow::kept(tx, group, &keeping).await).await?;
    Ok(Ok(()))
}

/// Teachers manage calls, those who look after the class keep order; who does so no more may no more.
pub async fn rights(desk: &Desk, row: &Row) -> Result<Outcome> {
    let classroom_id: String = row.read()?;
    let Some(group) = group_of(desk, &classroom_id).await? else {
        return Ok(Outcome::Cancel("the class has no group".to_owned()));
    };
    let Some(owner) = group.owner else { return Ok(Outcome::Cancel("nobody's group".to_owned())) };
    let ready = desk.callers.ready();
    let by = [Some(owner), group.spare].into_iter().flatten().find(|account| ready.contains(account));
    let Some(by) = by else { return Ok(later(desk)) };
    for change in desk.db.transact(async |tx| flow::changes(tx, &group).await).await? {
        desk.db.transact(async |tx| flow::beginning(tx, group.chat, &change).await).await?;
        row.about_to_call(&desk.db).await?;
        let asked = desk.callers.promote(by, group.chat, Whom::Account(change.account), change.rights).await;
        let did = match asked {
            Ok(()) => true,
            Err(Trouble::Refused(why)) if rules::is_about_them(&why) => {
                tracing::info!(group.chat = group.chat, why, "group.rights_refused");
                false
            }
            Err(trouble) => return Ok(outcome_of(desk, trouble)),
        };
        desk.db.transact(async |tx| flow::changed(tx, &group, &change, did).await).await?;
    }
    Ok(Outcome::Done)
}
