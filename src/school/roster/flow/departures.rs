//! Who left a class leaves its group: not at once, so that it can be undone, and never announced. Those who look after
//! the class are told.
//!
//! The decision (and its counting against the limits) is its caller's; here it is noted, and looked at again when its
//! time has come: who is of the class again stays.

use super::super::{Person, Role, STRAY, Stray, store};
use super::joining::belongs;
use super::{admins, staff_of, tell};
use crate::kernel::{At, Result, Text};
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
    /// The person stays: the account was theirs by mistake.
    pub untied: bool,
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
    depart_at(tx, person_id, account, classroom_id, due).await?;
    Ok(true)
}

async fn depart_at(tx: &mut Tx, person_id: &str, account: i64, classroom_id: &str, due: At) -> Result<()> {
    store::put_departure(tx, classroom_id, person_id, account, due).await?;
    put_row(tx, classroom_id, due, &due.millis().to_string()).await
}

/// The account was untied: when that can be undone no more, it is looked at which groups it is in by that tie alone.
pub(super) async fn plan_stray(tx: &mut Tx, stray: &Stray, due: At) -> Result<()> {
    let put = Put::new(STRAY, format!("{STRAY}:{}:{}", stray.account, tx.new_id()), stray)?;
    outbox::put(tx, put.inner().due(due).until(due.plus_days(7))).await.map(|_| ())
}

/// The classes whose groups an untied account is in without a reason of its own. None once it is tied to the same person
/// again.
pub async fn strays_in(tx: &mut Tx, stray: &Stray) -> Result<Vec<String>> {
    let holder = holder_of(tx, stray.account).await?;
    let mut classes = Vec::new();
    if holder.as_ref().is_some_and(|holder| holder.id == stray.person) {
        return Ok(classes);
    }
    let own = store::classrooms_of(tx, &stray.person).await?;
    for group in classrooms::groups(tx).await? {
        let standing = classrooms::member(tx, group.chat, stray.account).await?;
        let is_in = match standing.as_deref() {
            Some("member" | "admin") => true,
            // Of those who were there before us Telegram told us nothing.
            None => own.contains(&group.classroom_id),
            Some(_) => false,
        };
        if is_in && !has_place(tx, holder.as_ref(), &stray.person, &group.classroom_id).await? {
            classes.push(group.classroom_id);
        }
    }
    Ok(classes)
}

/// The untied account leaves the class's group now.
pub async fn plan_stray_departure(tx: &mut Tx, stray: &Stray, classroom_id: &str) -> Result<()> {
    let now = tx.now();
    depart_at(tx, &stray.person, stray.account, classroom_id, now).await
}

/// The active person behind an account.
async fn holder_of(tx: &mut Tx, account: i64) -> Result<Option<Person>> {
    Ok(store::person_of_account(tx, account).await?.filter(|person| person.active))
}

/// May whoever stands behind the account be in the class's group? `leaver`: who left the class, or was untied. Staff who
/// came into a group by somebody else's tie teach there, or look after it: theirs to leave.
async fn has_place(tx: &mut Tx, holder: Option<&Person>, leaver: &str, classroom_id: &str) -> Result<bool> {
    match holder {
        Some(holder) if holder.id != leaver && holder.role != Role::Student => Ok(true),
        Some(holder) => belongs(tx, holder, classroom_id).await,
        None => Ok(false),
    }
}

/// `mark` names the occasion: those who leave together leave by one row.
async fn put_row(tx: &mut Tx, classroom_id: &str, due: At, mark: &str) -> Result<()> {
    let put = Put::new(DEPART, format!("{DEPART}:{classroom_id}:{mark}"), &classroom_id)?;
    let put = put.lane(format!("depart:{classroom_id}")).due(due).until(due.plus_days(3)).repeatable();
    outbox::put(tx, put).await.map(|_| ())
}

/// Those who are to leave the class's group now: it is the account that leaves, unless whoever it is tied to now is of
/// the class.
pub async fn departing(tx: &mut Tx, classroom_id: &str) -> Result<Option<Departing>> {
    let mut leavers = Vec::new();
    for (person, account, since) in store::departures(tx, classroom_id).await? {
        let holder = holder_of(tx, account).await?;
        if has_place(tx, holder.as_ref(), &person, classroom_id).await? {
            store::drop_departure(tx, classroom_id, &person).await?;
            continue;
        }
        let untied = match store::person(tx, &person).await?.filter(|person| person.active) {
            Some(known) => belongs(tx, &known, classroom_id).await?,
            None => false,
        };
        leavers.push(Leaver { person, account, since, untied });
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
    let mut told = Told::default();
    let mut since = tx.now();
    for (leaver, left) in all {
        let name = store::person(tx, &leaver.person).await?.map(|person| person.short_name()).unwrap_or_default();
        told.note(name, leaver.untied, *left);
        if *left == Left::Held {
            since = since.min(leaver.since);
            store::hold_departure(tx, classroom_id, &leaver.person).await?;
            continue;
        }
        store::drop_departure(tx, classroom_id, &leaver.person).await?;
        if *left == Left::Gone {
            let (action, object) = (if leaver.untied { "group.untied" } else { "group.left" }, object(classroom_id));
            record(tx, &Actor::System, action, &object, Some(&leaver.person), None).await?;
        }
    }
    let staff = staff_of(tx, classroom_id).await?;
    for (key, words) in told.news(&class) {
        tell(tx, &staff, &format!("{key}:{row}"), &words, None).await?;
    }
    // Once: the same people are tried again whenever the bot's rights change.
    let admins = admins(tx).await?;
    for (key, words) in told.held(&class) {
        tell(tx, &admins, &format!("{key}:{classroom_id}:{}", since.millis()), &words, None).await?;
    }
    Ok(())
}

fn object(classroom_id: &str) -> String {
    format!("classroom:{classroom_id}")
}

/// Names by what became of them: people who left the class, people whose account was another's.
#[derive(Debug, Default)]
struct Told {
    gone: [Vec<String>; 2],
    held: [Vec<String>; 2],
    stuck: Vec<Text>,
}

impl Told {
    fn note(&mut self, name: String, untied: bool, left: Left) {
        let [people, accounts] = match left {
            Left::Absent => return,
            Left::Gone => &mut self.gone,
            Left::Held => &mut self.held,
            Left::Stuck => {
                self.stuck.push(if untied {
                    text!("roster-untied-account", name = name)
                } else {
                    Text::verbatim(name)
                });
                return;
            }
        };
        if untied { accounts.push(name) } else { people.push(name) }
    }

    fn news(&self, class: &str) -> Vec<(&'static str, Text)> {
        let [people, accounts] = &self.gone;
        let mut news = Vec::new();
        if !people.is_empty() {
            let (count, names) = (people.len(), people.join(", "));
            news.push(("departed", text!("roster-told-departed", count = count, names = names, class = class)));
        }
        if !accounts.is_empty() {
            let (count, names) = (accounts.len(), accounts.join(", "));
            news.push(("stray", text!("roster-told-stray", count = count, names = names, class = class)));
        }
        if !self.stuck.is_empty() {
            let names = Text::joined(", ", self.stuck.clone());
            news.push(("stuck", text!("roster-told-stuck", names = names, class = class)));
        }
        news
    }

    fn held(&self, class: &str) -> Vec<(&'static str, Text)> {
        let [people, accounts] = &self.held;
        let mut news = Vec::new();
        if !people.is_empty() {
            let (count, names) = (people.len(), people.join(", "));
            news.push(("held", text!("roster-told-held", count = count, names = names, class = class)));
        }
        if !accounts.is_empty() {
            let (count, names) = (accounts.len(), accounts.join(", "));
            news.push(("stray-held", text!("roster-told-stray-held", count = count, names = names, class = class)));
        }
        news
    }
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
