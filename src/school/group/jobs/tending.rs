//! Groups are kept in step: name, members, who manages calls.

use super::super::flow::{self, Change, Comparison, Did, Seen};
use super::super::rules;
use super::picture::follow;
use super::{answered, awaited, done, later, outcome_of};
use crate::kernel::Result;
use crate::platform::outbox::{Outcome, Row};
use crate::school::classroom::Group;
use crate::school::classroom::flow as classrooms;
use crate::telegram::port::{Called, Desk, Members, Trouble, Whom};
use crate::text;

/// Each morning.
pub async fn daily(desk: &Desk, row: &Row) -> Result<Outcome> {
    follow(desk, &row.id).await?;
    done(desk, row, async |tx| flow::daily(tx).await).await
}

/// After each start: what is configured may have changed meanwhile.
pub async fn connected(desk: &Desk, row: &Row) -> Result<Outcome> {
    follow(desk, &row.id).await?;
    done(desk, row, async |tx| flow::in_step(tx, &row.id).await).await
}

/// An account was lost: the groups that it held are looked at.
pub async fn left(desk: &Desk, row: &Row) -> Result<Outcome> {
    let account: i64 = row.read()?;
    done(desk, row, async |tx| flow::account_left(tx, account, &row.id).await).await
}

/// Every group is looked at, where there is an account to look.
pub async fn round(desk: &Desk, row: &Row) -> Result<Outcome> {
    let ready = desk.callers.gathered().await;
    if let Some(later) = awaited(desk) {
        return Ok(later);
    }
    if ready.is_empty() {
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
    let ready = desk.callers.gathered().await;
    if let Some(later) = awaited(desk) {
        return Ok(later);
    }
    let group = held(desk, group, &ready).await?;
    row.about_to_call(&desk.db).await?;
    let by = match insider(desk, &group, &ready).await {
        Ok(by) => by,
        Err(trouble) => return Ok(outcome_of(desk, trouble)),
    };
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
    let complete = members.complete;
    let seen = seen(desk, &group, members);
    done(desk, row, async |tx| {
        // Nothing follows from an absence in a list that is not complete.
        if complete {
            flow::compared(tx, &group, &seen, None).await?;
        }
        flow::tended(tx, &group, &ready, &row.id).await
    })
    .await
}

/// The account that reads the group: its owner, its spare, else any that is in it.
async fn insider(desk: &Desk, group: &Group, ready: &[i64]) -> Called<Option<i64>> {
    for account in rules::order(ready, group.owner, group.spare) {
        match desk.callers.knows(account, group.chat).await {
            Ok(true) => return Ok(Some(account)),
            Ok(false) | Err(Trouble::Refused(_)) => {}
            Err(trouble) => return Err(trouble),
        }
    }
    Ok(None)
}

/// A list of members, and who of them is ours.
fn seen(desk: &Desk, group: &Group, members: Members) -> Seen {
    // One that was lost may be in the group still.
    let mut own = desk.callers.ours();
    own.extend([group.owner, group.spare].into_iter().flatten());
    own.push(desk.telegram.me().0);
    let list = members.list.iter().map(|(account, standing)| (*account, standing.code())).collect();
    Seen { list, names: members.names, own }
}

/// An admin asked: the members are held against the roster now, and whoever asked is answered.
pub async fn compare(desk: &Desk, row: &Row) -> Result<Outcome> {
    let asked: Comparison = row.read()?;
    let Some(group) = group_of(desk, &asked.classroom_id).await? else {
        return Ok(Outcome::Cancel("the class has no group".to_owned()));
    };
    let ready = desk.callers.gathered().await;
    if let Some(later) = awaited(desk) {
        return Ok(later);
    }
    row.about_to_call(&desk.db).await?;
    let members = match insider(desk, &group, &ready).await {
        Ok(Some(by)) => desk.callers.members(by, group.chat).await.map(Some),
        Ok(None) => Ok(None),
        Err(trouble) => Err(trouble),
    };
    let members = match members {
        Ok(Some(members)) if members.complete => Ok(seen(desk, &group, members)),
        Ok(Some(_)) | Err(Trouble::Refused(_)) => Err(true),
        Ok(None) => Err(false),
        Err(trouble) => return Ok(outcome_of(desk, trouble)),
    };
    done(desk, row, async |tx| {
        let (words, strangers) = match &members {
            Ok(seen) => {
                let all = flow::compared(tx, &group, seen, Some(asked.account)).await?;
                (flow::found(tx, &asked, Some(&all)).await?, all.strangers)
            }
            Err(true) => (flow::found(tx, &asked, None).await?, Vec::new()),
            Err(false) => (text!("group-compare-nobody", title = group.title.as_str()), Vec::new()),
        };
        flow::answer(tx, &asked, words, &strangers, &row.id).await
    })
    .await
}

/// Whose account is lost for good is held by its spare from now on.
async fn held(desk: &Desk, group: Group, ready: &[i64]) -> Result<Group> {
    let Some(owner) = group.owner.filter(|owner| !ready.contains(owner)) else { return Ok(group) };
    if !desk.callers.is_lost(owner).await? {
        return Ok(group);
    }
    desk.db.transact(async |tx| flow::succeeded(tx, &group, owner, ready).await).await
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
    let ready = desk.callers.gathered().await;
    let by: Vec<i64> =
        [Some(owner), group.spare].into_iter().flatten().filter(|account| ready.contains(account)).collect();
    if by.is_empty() {
        return Ok(later(desk));
    }
    for change in desk.db.transact(async |tx| flow::changes(tx, &group).await).await? {
        desk.db.transact(async |tx| flow::beginning(tx, group.chat, &change).await).await?;
        row.about_to_call(&desk.db).await?;
        let did = match promoted(desk, &by, group.chat, &change).await {
            Ok(()) => Did::Done,
            Err((_, Trouble::Refused(why))) if rules::is_about_them(&why) => {
                tracing::info!(group.chat = group.chat, why, "group.rights_refused");
                if change.has_some && rules::is_another_s(&why) { Did::Stuck } else { Did::Never }
            }
            Err((account, trouble)) => return Ok(answered(desk, account, trouble).await),
        };
        desk.db.transact(async |tx| flow::changed(tx, &group, &change, did).await).await?;
    }
    Ok(Outcome::Done)
}

/// Changes somebody's rights by the first of our accounts that may: only who gave them, or made the group, can.
async fn promoted(desk: &Desk, by: &[i64], chat: i64, change: &Change) -> std::result::Result<(), (i64, Trouble)> {
    let mut refused = (0, Trouble::Refused("no account".to_owned()));
    for account in by {
        match desk.callers.promote(*account, chat, Whom::Account(change.account), change.rights).await {
            Ok(()) => return Ok(()),
            Err(Trouble::Refused(why)) if rules::is_another_s(&why) => refused = (*account, Trouble::Refused(why)),
            Err(trouble) => return Err((*account, trouble)),
        }
    }
    Err(refused)
}
