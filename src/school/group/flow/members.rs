//! Who is in the groups, who manages calls there, and what keeps a group in step with its class.

use std::collections::BTreeSet;

use super::super::{Stranger, Work, rules, store};
use super::making::{about, spare_in};
use super::tell;
use crate::kernel::Result;
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::classroom::Group;
use crate::school::classroom::flow as classrooms;
use crate::school::rights::{Act, Tie};
use crate::school::roster::Person;
use crate::school::roster::flow::{
    account_of_person, admins, looks_after, may, person_of_account, staff_of, students_of,
};
use crate::school::session::flow::teaches_in;
use crate::text;

/// Each morning: what follows is looked at by whoever serves the accounts.
pub const DAILY: &str = "group.daily";
pub const ROUND: &str = "group.round";
/// One group: its name, its members.
pub const TEND: &str = "group.tend";
/// Who manages calls in one group.
pub use crate::school::classroom::MANAGERS as RIGHTS;

const STRANGER: &str = "stranger";
const MISSING: &str = "missing";
/// So many names stand in one message.
pub(super) const MOST_NAMES: usize = 12;

/// Each morning.
pub async fn daily(tx: &mut Tx) -> Result<()> {
    classrooms::queue(tx).await?;
    let day = tx.zone().day(tx.now());
    let put = Put::new(ROUND, format!("{ROUND}:{day}"), &())?.caller().repeatable().rank(Rank::Bulk);
    outbox::put(tx, put).await.map(|_| ())
}

/// Every group is looked at, one after the other.
pub async fn round(tx: &mut Tx, mark: &str) -> Result<()> {
    for group in classrooms::groups(tx).await? {
        let put = Put::new(TEND, format!("{TEND}:{}:{mark}", group.chat), &group.classroom_id)?;
        outbox::put(tx, put.caller().repeatable().rank(Rank::Bulk).lane(TEND)).await?;
    }
    Ok(())
}

/// The groups that are not called as their class and their school are: they follow now, not the next morning.
pub async fn in_step(tx: &mut Tx, mark: &str) -> Result<()> {
    for group in classrooms::groups(tx).await? {
        if keeping(tx, &group).await?.is_some() {
            let put = Put::new(TEND, format!("{TEND}:{}:{mark}", group.chat), &group.classroom_id)?;
            outbox::put(tx, put.caller().repeatable().rank(Rank::Bulk).lane(TEND)).await?;
        }
    }
    Ok(())
}

/// What is to be changed so that a group is called as its class is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keeping {
    pub title: Option<String>,
    pub about: Option<String>,
}

/// A group whose class was renamed since it was named here. What people called it since is theirs.
pub async fn keeping(tx: &mut Tx, group: &Group) -> Result<Option<Keeping>> {
    let Some((title, words)) = store::kept(tx, group.chat).await? else { return Ok(None) };
    let Some(class) = classrooms::classroom(tx, &group.classroom_id).await? else { return Ok(None) };
    let wanted = about(tx, &class);
    let keeping = Keeping {
        title: Some(class.name).filter(|name| *name != title),
        about: Some(wanted).filter(|wanted| *wanted != words),
    };
    Ok(Some(keeping).filter(|keeping| keeping.title.is_some() || keeping.about.is_some()))
}

/// It is called so now.
pub async fn kept(tx: &mut Tx, group: &Group, keeping: &Keeping) -> Result<()> {
    let Some((title, words)) = store::kept(tx, group.chat).await? else { return Ok(()) };
    let title = keeping.title.clone().unwrap_or(title);
    store::set_kept(tx, group.chat, &title, keeping.about.as_ref().unwrap_or(&words)).await?;
    if keeping.title.is_some() {
        classrooms::set_title(tx, group.chat, &title).await?;
        let object = format!("classroom:{}", group.classroom_id);
        record(tx, &Actor::System, "group.renamed", &object, Some(&group.title), Some(&title)).await?;
    }
    Ok(())
}

/// Somebody came or was changed: who manages calls is looked at, when it is somebody who might.
pub async fn joined(tx: &mut Tx, chat: i64, account: i64, by: i64) -> Result<()> {
    let Some(group) = classrooms::group_of_chat(tx, chat).await? else { return Ok(()) };
    if group.owner.is_none() || [group.owner, group.spare].contains(&Some(by)) {
        return Ok(());
    }
    let person = person_of_account(tx, account).await?;
    if person.is_none_or(|person| !Act::Roll.is_ever(Some(person.role))) {
        return Ok(());
    }
    let key = format!("{RIGHTS}:{chat}:{}", tx.new_id());
    rights(tx, &group, key).await
}

async fn rights(tx: &mut Tx, group: &Group, key: String) -> Result<()> {
    let put = Put::new(RIGHTS, key, &group.classroom_id)?.caller().repeatable();
    outbox::put(tx, put.lane(format!("{RIGHTS}:{}", group.chat)).whenever()).await.map(|_| ())
}

/// Somebody who is to become an administrator with exactly these rights; with none, to be one no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub account: i64,
    pub rights: &'static [&'static str],
    /// They have rights that were given here.
    pub has_some: bool,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    Done,
    /// Telegram never will: they left, they own the group.
    Never,
    /// None of our accounts may, as things stand: what they have stays theirs.
    Stuck,
}

/// Who is to be changed in a group that was made here.
pub async fn changes(tx: &mut Tx, group: &Group) -> Result<Vec<Change>> {
    let given = store::managers(tx, group.chat).await?;
    let inside = classrooms::members(tx, group.chat).await?;
    for (account, _) in &given {
        // Who left is no administrator any more.
        if !inside.iter().any(|(member, _)| member == account) {
            store::drop_manager(tx, group.chat, *account).await?;
        }
    }
    let mut all = Vec::new();
    for (account, standing) in inside {
        if [group.owner, group.spare].contains(&Some(account)) {
            continue;
        }
        let person = person_of_account(tx, account).await?.filter(|person| person.active);
        let wanted: &[&str] = match &person {
            Some(person) => {
                let cares = looks_after(tx, person, &group.classroom_id).await?;
                rules::rights(cares, may_there(tx, person, Act::Roll, &group.classroom_id).await?)
            }
            None => &[],
        };
        let had = given.iter().find(|(known, _)| *known == account).map(|(_, rights)| rights.as_str());
        if rules::is_to_change(wanted, had, standing == "admin") {
            all.push(Change { account, rights: wanted, has_some: had.is_some_and(|rights| !rights.is_empty()) });
        }
    }
    Ok(all)
}

/// May this person do it in the class, by the lessons that they give there too?
async fn may_there(tx: &mut Tx, person: &Person, act: Act, classroom_id: &str) -> Result<bool> {
    // Nobody's lessons are looked for where they would say nothing.
    let counts = act.is_by(Some(person.role), Tie::Teaches);
    let teaches = counts && teaches_in(tx, &person.id, classroom_id).await?;
    may(tx, person, act, classroom_id, teaches).await
}

/// Before Telegram is asked: whatever becomes of it, it was us.
pub async fn beginning(tx: &mut Tx, chat: i64, change: &Change) -> Result<()> {
    let known = store::managers(tx, chat).await?.iter().any(|(account, _)| *account == change.account);
    if known { Ok(()) } else { store::set_manager(tx, chat, change.account, "").await }
}

/// What Telegram said to it. Rights that stay against our will are tried again each morning; admins hear of them once.
pub async fn changed(tx: &mut Tx, group: &Group, change: &Change, did: Did) -> Result<()> {
    let (chat, account) = (group.chat, change.account);
    match did {
        Did::Stuck => {
            if store::stuck_manager(tx, chat, account).await? {
                tell_stuck(tx, group, account).await?;
            }
            return Ok(());
        }
        Did::Done if !change.rights.is_empty() => {
            store::set_manager(tx, chat, account, &change.rights.join(" ")).await?;
        }
        Did::Done | Did::Never => store::drop_manager(tx, chat, account).await?,
    }
    if did == Did::Done {
        let object = format!("classroom:{}", group.classroom_id);
        let (who, what) = (account.to_string(), change.rights.join(" "));
        record(tx, &Actor::System, "group.rights", &object, Some(&who), Some(&what)).await?;
    }
    Ok(())
}

async fn tell_stuck(tx: &mut Tx, group: &Group, account: i64) -> Result<()> {
    let person = person_of_account(tx, account).await?;
    let name = person.map_or_else(|| account.to_string(), |person| person.short_name());
    let words = text!("group-rights-stuck", title = group.title.as_str(), name = name);
    let (all, mark) = (admins(tx).await?, tx.new_id());
    tell(tx, &all, &format!("group-rights-stuck:{}:{account}:{mark}", group.chat), &words).await
}

/// A complete list of who is in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Account, standing.
    pub list: Vec<(i64, &'static str)>,
    pub names: Vec<(i64, String)>,
    /// The bot and the school's own accounts: nobody's business.
    pub own: Vec<i64>,
}

/// What a complete list shows: how many people were held against the roster, who is of another class or of none, who is
/// not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    pub people: usize,
    pub strangers: Vec<Stranger>,
    pub missing: Vec<String>,
}

/// A complete list is held against the roster: what we thought of the group is put right, and staff are told, once, of
/// who is there without being of the class, and who is of the class without being there; `asker` sees all of it anyway.
/// Nobody is removed.
pub async fn compared(tx: &mut Tx, group: &Group, seen: &Seen, asker: Option<i64>) -> Result<Compared> {
    let people: Vec<_> = seen.list.iter().filter(|(account, _)| !seen.own.contains(account)).collect();
    for (account, standing) in &people {
        classrooms::member_seen(tx, group.chat, *account, standing).await?;
    }
    for (account, _) in classrooms::members(tx, group.chat).await? {
        if !seen.list.iter().any(|(known, _)| *known == account) {
            classrooms::member_seen(tx, group.chat, account, "absent").await?;
        }
    }
    let (mut strangers, mut missing) = (Vec::new(), Vec::new());
    for (account, _) in &people {
        let person = person_of_account(tx, *account).await?.filter(|person| person.active);
        if let Some(person) = &person
            && is_of_class(tx, person, &group.classroom_id).await?
        {
            continue;
        }
        let called = seen.names.iter().find(|(known, _)| known == account).map(|(_, name)| name.trim().to_owned());
        let called = called.filter(|name| !name.is_empty()).unwrap_or_else(|| account.to_string());
        strangers.push((*account, person.map_or(called, |person| person.short_name())));
    }
    for student in students_of(tx, &group.classroom_id).await? {
        if let Some(account) = account_of_person(tx, &student.id).await?
            && !seen.list.iter().any(|(known, _)| *known == account)
        {
            missing.push((account, student.short_name()));
        }
    }
    let stranger = |(account, name): &(i64, String)| Stranger { account: *account, name: name.clone() };
    let all = Compared {
        people: people.len(),
        strangers: strangers.iter().map(stranger).collect(),
        missing: missing.iter().map(|(_, name)| name.clone()).collect(),
    };
    let strangers = news(tx, group.chat, STRANGER, &strangers).await?;
    let missing = news(tx, group.chat, MISSING, &missing).await?;
    let class = classrooms::classroom(tx, &group.classroom_id).await?.map(|class| class.name).unwrap_or_default();
    let mut staff = staff_of(tx, &group.classroom_id).await?;
    staff.retain(|one| Some(one.telegram_id) != asker);
    let mark = tx.new_id();
    if !strangers.is_empty() {
        let (count, names) = (strangers.len(), few(&strangers));
        let words = text!("group-strangers", count = count, names = names, class = class.as_str());
        tell(tx, &staff, &format!("group-strangers:{mark}"), &words).await?;
    }
    if !missing.is_empty() {
        let words = text!("group-missing", count = missing.len(), names = few(&missing), class = class);
        tell(tx, &staff, &format!("group-missing:{mark}"), &words).await?;
    }
    Ok(all)
}

pub(super) async fn is_of_class(tx: &mut Tx, person: &Person, classroom_id: &str) -> Result<bool> {
    may_there(tx, person, Act::Group, classroom_id).await
}

/// Those of whom nothing was told yet; of whom it holds no more it may be told again.
async fn news(tx: &mut Tx, chat: i64, what: &str, now: &[(i64, String)]) -> Result<Vec<String>> {
    let before: BTreeSet<i64> = store::noticed(tx, chat, what).await?.into_iter().collect();
    for account in &before {
        if !now.iter().any(|(known, _)| known == account) {
            store::forget_note(tx, chat, *account, what).await?;
        }
    }
    let mut fresh = Vec::new();
    for (account, name) in now.iter().filter(|(account, _)| !before.contains(account)) {
        store::note(tx, chat, *account, what).await?;
        fresh.push(name.clone());
    }
    Ok(fresh)
}

pub(super) fn few(names: &[String]) -> String {
    let shown = names.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > MOST_NAMES { format!("{shown}…") } else { shown }
}

/// A group was looked at: rights come next, and a spare account where there is none. `mark` names the occasion.
pub async fn tended(tx: &mut Tx, group: &Group, ready: &[i64], mark: &str) -> Result<()> {
    let Some(owner) = group.owner else { return Ok(()) };
    rights(tx, group, format!("{RIGHTS}:{}:{mark}", group.chat)).await?;
    if rules::spare(ready, owner, group.spare, &group.classroom_id) == group.spare {
        return Ok(());
    }
    let work = Work { classroom_id: group.classroom_id.clone(), account: owner, chat: Some(group.chat) };
    spare_in(tx, &work, mark).await
}
