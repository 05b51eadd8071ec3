//! Who is in a group without being of its class is taken out when an admin says so: by name, within the limits of a day;
//! beyond them two persons agree.
//!
//! They leave one after the other, each with a row of its own that says what became of those before: however it is cut
//! off, nobody is out without being counted and told of.

use super::super::{Gone, Progress, Removal, Stranger};
use super::members::is_of_class;
use crate::kernel::{At, Result, Text};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::approval::Ask;
use crate::school::approval::flow as approval;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::classroom::flow as classrooms;
use crate::school::roster::flow::{TELL, Tell, person_of_account};
use crate::school::workbook::flow::{group_over_limit, left_group};
use crate::text;

/// Takes them out.
pub const REMOVE: &str = "group.remove";

/// An agreement stays open so long.
const HOURS: i64 = 24;

/// What becomes of the wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removing {
    Begun,
    /// Too many for one day: admins are asked.
    Asked,
    /// By this very key, before.
    Already,
    /// Nobody of them is a stranger any more.
    Nobody,
}

/// Where one stands who is to be taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// In the group, without being of the class.
    Stranger,
    /// Of the class by now, or in a group that is the class's no more.
    Stays,
    Away,
}

/// Where this one stands now.
pub async fn stands(tx: &mut Tx, removal: &Removal, one: &Stranger) -> Result<Stands> {
    let alone = Removal { people: vec![one.clone()], progress: Progress::default(), ..removal.clone() };
    if !strangers_of(tx, &alone).await?.is_empty() {
        return Ok(Stands::Stranger);
    }
    let there = classrooms::member(tx, removal.chat, one.account).await?;
    Ok(if is_in(there.as_deref()) { Stands::Stays } else { Stands::Away })
}

fn is_in(standing: Option<&str>) -> bool {
    matches!(standing, Some("member" | "admin"))
}

/// Those of them who still are not of the class whose group this still is.
pub async fn strangers_of(tx: &mut Tx, removal: &Removal) -> Result<Vec<Stranger>> {
    let mut left = Vec::new();
    let group = classrooms::group_of(tx, &removal.classroom_id).await?;
    if group.is_none_or(|group| group.chat != removal.chat) {
        return Ok(left);
    }
    for one in &removal.people {
        let person = person_of_account(tx, one.account).await?.filter(|person| person.active);
        let belongs = match &person {
            Some(person) => is_of_class(tx, person, &removal.classroom_id).await?,
            None => false,
        };
        let there = classrooms::member(tx, removal.chat, one.account).await?;
        if !belongs && is_in(there.as_deref()) {
            left.push(one.clone());
        }
    }
    Ok(left)
}

fn names(people: &[Stranger]) -> String {
    people.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// An admin said so. `press` names the key: they are strangers until Telegram took them out, and a key that is pressed
/// again meanwhile neither counts them again nor asks two persons about them.
pub async fn remove(tx: &mut Tx, removal: Removal, press: &str) -> Result<Removing> {
    let people = strangers_of(tx, &removal).await?;
    if people.is_empty() {
        return Ok(Removing::Nobody);
    }
    let key = if press.is_empty() { new_key(tx) } else { format!("{REMOVE}:press:{press}") };
    if outbox::store::look_up(tx, &key).await?.is_some() {
        return Ok(Removing::Already);
    }
    let removal = Removal { people, ..removal };
    let (class, count) = (removal.classroom_id.clone(), removal.people.len());
    if group_over_limit(tx, &class, count).await? {
        if is_asked(tx, &removal).await? {
            return Ok(Removing::Asked);
        }
        let name = classrooms::classroom(tx, &class).await?.map(|class| class.name).unwrap_or_default();
        let effects = text!("group-remove-effects", class = name, count = count, names = names(&removal.people));
        let (payload, asked_by) = (serde_json::to_value(&removal)?, Some(removal.by.clone()));
        let ask = Ask { kind: REMOVE, effects, payload, needs: 2, asked_by, hours: HOURS };
        approval::ask(tx, ask).await?;
        return Ok(Removing::Asked);
    }
    for one in &removal.people {
        counted(tx, &removal, one).await?;
    }
    let until = tx.now().plus_days(1);
    put(tx, key, &removal, until).await?;
    Ok(Removing::Begun)
}

/// Are two persons asked about all of them already?
async fn is_asked(tx: &mut Tx, removal: &Removal) -> Result<bool> {
    for open in approval::open_agreements(tx).await? {
        if open.kind != REMOVE {
            continue;
        }
        let asked: Removal = serde_json::from_str(&open.payload)?;
        let among = |one: &Stranger| asked.people.iter().any(|known| known.account == one.account);
        if asked.chat == removal.chat && removal.people.iter().all(among) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn new_key(tx: &Tx) -> String {
    format!("{REMOVE}:{}", tx.new_id())
}

async fn put(tx: &mut Tx, key: String, removal: &Removal, until: At) -> Result<()> {
    let put = Put::new(REMOVE, key, removal)?.repeatable().rank(Rank::Answer);
    outbox::put(tx, put.until(until)).await.map(|_| ())
}

/// One counts for a day from now on.
async fn counted(tx: &mut Tx, removal: &Removal, one: &Stranger) -> Result<()> {
    let (object, account) = (format!("classroom:{}", removal.classroom_id), one.account.to_string());
    left_group(tx, &removal.classroom_id, &account).await?;
    let who = Actor::Person(removal.by.clone());
    record(tx, &who, "group.stranger_removed", &object, Some(&account), None).await
}

/// Whoever was begun with has come to this (none: they stay). The next one is begun with; after the last, whoever asked
/// is told of all. What was agreed counts from here on, before Telegram is asked.
pub async fn next(tx: &mut Tx, mut removal: Removal, gone: Option<Gone>, (mark, until): (&str, At)) -> Result<()> {
    if let (Some(one), Some(gone)) = (removal.progress.begun.take(), gone) {
        removal.progress.ended.push((one, gone));
    }
    let mut left = strangers_of(tx, &removal).await?.into_iter();
    let Some(one) = left.next() else { return removed(tx, &removal, mark).await };
    if removal.progress.agreement.is_some() {
        counted(tx, &removal, &one).await?;
    }
    removal.people = left.collect();
    removal.progress.begun = Some(one);
    let key = new_key(tx);
    put(tx, key, &removal, until).await
}

/// What became of them all.
async fn removed(tx: &mut Tx, removal: &Removal, mark: &str) -> Result<()> {
    let Progress { agreement, ended: all, .. } = &removal.progress;
    if let Some(agreement) = agreement {
        approval::carried_out(tx, agreement).await?;
    }
    let some = |what: Gone| -> Vec<Stranger> {
        all.iter().filter(|(_, gone)| *gone == what).map(|(one, _)| one.clone()).collect()
    };
    let (out, stuck) = (some(Gone::Out), some(Gone::Stuck));
    let mut lines = Vec::new();
    if !out.is_empty() {
        lines.push(text!("group-removed", count = out.len(), names = names(&out)));
    }
    if !stuck.is_empty() {
        lines.push(text!("group-remove-stuck", names = names(&stuck)));
    }
    if lines.is_empty() {
        lines.push(text!("group-remove-nobody"));
    }
    let told = Tell { account: removal.account, lang: None, text: Text::lines(lines), tie: None };
    let put = Put::new(TELL, format!("{TELL}:removed:{mark}"), &told)?.rank(Rank::Answer);
    outbox::put(tx, put.lane(format!("chat:{}", removal.account))).await.map(|_| ())
}
