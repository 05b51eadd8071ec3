//! Who is in a group without being of its class is taken out when an admin says so: by name, within the limits of a day;
//! beyond them two persons agree.

use super::super::{Removal, Stranger};
use super::members::is_of_class;
use crate::kernel::{Result, Text};
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
    /// Nobody of them is a stranger any more.
    Nobody,
}

/// What became of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    Out,
    /// Telegram refused it: an administrator of the group.
    Stuck,
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
        if !belongs && matches!(there.as_deref(), Some("member" | "admin")) {
            left.push(one.clone());
        }
    }
    Ok(left)
}

fn names(people: &[Stranger]) -> String {
    people.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// An admin said so.
pub async fn remove(tx: &mut Tx, removal: Removal) -> Result<Removing> {
    let people = strangers_of(tx, &removal).await?;
    if people.is_empty() {
        return Ok(Removing::Nobody);
    }
    let removal = Removal { people, ..removal };
    let (class, count) = (removal.classroom_id.clone(), removal.people.len());
    if group_over_limit(tx, &class, count).await? {
        let name = classrooms::classroom(tx, &class).await?.map(|class| class.name).unwrap_or_default();
        let effects = text!("group-remove-effects", class = name, count = count, names = names(&removal.people));
        let (payload, asked_by) = (serde_json::to_value(&removal)?, Some(removal.by.clone()));
        let ask = Ask { kind: REMOVE, effects, payload, needs: 2, asked_by, hours: HOURS };
        approval::ask(tx, ask).await?;
        return Ok(Removing::Asked);
    }
    counted(tx, &removal).await?;
    let put = Put::new(REMOVE, format!("{REMOVE}:{}", tx.new_id()), &removal)?.repeatable().rank(Rank::Answer);
    outbox::put(tx, put).await?;
    Ok(Removing::Begun)
}

/// Each counts for a day from now on.
async fn counted(tx: &mut Tx, removal: &Removal) -> Result<()> {
    let object = format!("classroom:{}", removal.classroom_id);
    for one in &removal.people {
        left_group(tx, &removal.classroom_id, &one.account.to_string()).await?;
        let (who, account) = (Actor::Person(removal.by.clone()), one.account.to_string());
        record(tx, &who, "group.stranger_removed", &object, Some(&account), None).await?;
    }
    Ok(())
}

/// What became of them; `agreement`: it was agreed first, and counts from now on.
pub async fn removed(
    tx: &mut Tx,
    removal: &Removal,
    all: &[(Stranger, Gone)],
    agreement: Option<&str>,
    mark: &str,
) -> Result<()> {
    if let Some(agreement) = agreement {
        approval::carried_out(tx, agreement).await?;
        let people = all.iter().map(|(one, _)| one.clone()).collect();
        counted(tx, &Removal { people, ..removal.clone() }).await?;
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
