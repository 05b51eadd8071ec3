//! Who left a class leaves its group: not at once, so that it can be undone, and never announced. Those who look after
//! the class are told.
//!
//! The decision (and its counting against the limits) is its caller's; here it is noted, and looked at again when its
//! time has come: who is of the class again stays.

use super::super::store;
use super::joining::belongs;
use super::{admins, staff_of, tell};
use crate::kernel::{At, Result};
use crate::platform::outbox::{self, Put};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::classroom::flow as classrooms;
use crate::text;

pub const DEPART: &str = "roster.depart";

/// As long as what took them out of the class can be undone.
const WAIT_MINUTES: i64 = 10;

/// Somebody whose time to leave the group has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaver {
    pub person: String,
    pub account: i64,
    /// When they left the class.
    pub since: At,
}

/// Those who are to leave a group now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departing {
    pub chat: i64,
    pub leavers: Vec<Leaver>,
}

/// What became of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    Gone,
    /// Was not there.
    Absent,
    /// The bot may not remove people there.
    Held,
    /// Telegram refused it for this person (an admin of the group).
    Stuck,
}

/// May this person's account be in the class's group, as far as we know?
pub async fn may_be_in(tx: &mut Tx, person_id: &str, classroom_id: &str) -> Result<bool> {
    let Some(account) = store::account_of_person(tx, person_id).await? else { return Ok(false) };
    let Some(group) = classrooms::group_of(tx, classroom_id).await? else { return Ok(false) };
    let standing = classrooms::member(tx, group.chat, account).await?;
    // Of those who were there before us Telegram told us nothing.
    Ok(!matches!(standing.as_deref(), Some("absent" | "banned")))
}

/// Is the person's account in the class's group, as Telegram told us?
pub async fn is_in_group(tx: &mut Tx, person_id: &str, classroom_id: &str) -> Result<bool> {
    let Some(account) = store::account_of_person(tx, person_id).await? else { return Ok(false) };
    let Some(group) = classrooms::group_of(tx, classroom_id).await? else { return Ok(false) };
    let standing = classrooms::member(tx, group.chat, account).await?;
    Ok(matches!(standing.as_deref(), Some("member" | "admin")))
}

/// The person was taken out of the class: they leave its group in ten minutes. `false`: there is nothing to leave.
pub async fn plan_departure(tx: &mut Tx, person_id: &str, classroom_id: &str) -> Result<bool> {
    let Some(account) = store::account_of_person(tx, person_id).await? else { return Ok(false) };
    if !may_be_in(tx, person_id, classroom_id).await? {
        return Ok(false);
    }
    let due = tx.now().plus_minutes(WAIT_MINUTES);
    store::put_departure(tx, classroom_id, person_id, account, due).await?;
    put_row(tx, classroom_id, due, &due.millis().to_string()).await?;
    Ok(true)
}

/// `mark` names the occasion: those who leave together leave by one row.
async fn put_row(tx: &mut Tx, classroom_id: &str, due: At, mark: &str) -> Result<()> {
    let put = Put::new(DEPART, format!("{DEPART}:{classroom_id}:{mark}"), &classroom_id)?;
    let put = put.lane(format!("depart:{classroom_id}")).due(due).until(due.plus_days(3)).repeatable();
    outbox::put(tx, put).await.map(|_| ())
}

/// Those who are to leave the class's group now. Who is of the class again, or untied meanwhile, is not.
pub async fn departing(tx: &mut Tx, classroom_id: &str) -> Result<Option<Departing>> {
    let mut leavers = Vec::new();
    for (person, account, since) in store::departures(tx, classroom_id).await? {
        let tied = store::account_of_person(tx, &person).await? == Some(account);
        let known = store::person(tx, &person).await?.filter(|person| person.active);
        let belongs = match &known {
            Some(known) => belongs(tx, known, classroom_id).await?,
            None => false,
        };
        if belongs || !tied {
            store::drop_departure(tx, classroom_id, &person).await?;
        } else {
            leavers.push(Leaver { person, account, since });
        }
    }
    let group = classrooms::group_of(tx, classroom_id).await?;
    if group.is_none() {
        for leaver in &leavers {
            store::drop_departure(tx, classroom_id, &leaver.person).await?;
        }
    }
    Ok(group.filter(|_| !leavers.is_empty()).map(|group| Departing { chat: group.chat, leavers }))
}

/// What became of them is kept; staff are told who left, and whom they must see to. `row`: names the news.
pub async fn departed(tx: &mut Tx, classroom_id: &str, row: &str, all: &[(Leaver, Left)]) -> Result<()> {
    let class = classrooms::classroom(tx, classroom_id).await?.map(|class| class.name).unwrap_or_default();
    let (mut gone, mut held, mut stuck) = (Vec::new(), Vec::new(), Vec::new());
    let mut since = tx.now();
    for (leaver, left) in all {
        let name = store::person(tx, &leaver.person).await?.map(|person| person.short_name()).unwrap_or_default();
        match left {
            Left::Gone => gone.push(name),
            Left::Absent => {}
            Left::Stuck => stuck.push(name),
            Left::Held => {
                since = since.min(leaver.since);
                held.push(name);
                store::hold_departure(tx, classroom_id, &leaver.person).await?;
                continue;
            }
        }
        store::drop_departure(tx, classroom_id, &leaver.person).await?;
        if *left == Left::Gone {
            let object = format!("classroom:{classroom_id}");
            record(tx, &Actor::System, "group.left", &object, Some(&leaver.person), None).await?;
        }
    }
    let staff = staff_of(tx, classroom_id).await?;
    if !gone.is_empty() {
        let words = text!("roster-told-departed", count = gone.len(), names = gone.join(", "), class = class.as_str());
        tell(tx, &staff, &format!("departed:{row}"), &words, None).await?;
    }
    if !stuck.is_empty() {
        let words = text!("roster-told-stuck", names = stuck.join(", "), class = class.as_str());
        tell(tx, &staff, &format!("stuck:{row}"), &words, None).await?;
    }
    if !held.is_empty() {
        // Once: the same people are tried again whenever the bot's rights change.
        let words = text!("roster-told-held", count = held.len(), names = held.join(", "), class = class.as_str());
        let admins = admins(tx).await?;
        tell(tx, &admins, &format!("held:{classroom_id}:{}", since.millis()), &words, None).await?;
    }
    Ok(())
}

/// The bot's rights in a group changed: those who could not be removed are tried again.
pub async fn released(tx: &mut Tx, chat: i64) -> Result<()> {
    let Some(group) = classrooms::group_of_chat(tx, chat).await? else { return Ok(()) };
    if store::release_departures(tx, &group.classroom_id).await? {
        let now = tx.now();
        let mark = tx.new_id();
        put_row(tx, &group.classroom_id, now, &mark).await?;
    }
    Ok(())
}
