//! The account that held a group is lost: its spare holds it, and whoever looks after the group lets another one in.

use super::members::{TEND, few};
use super::tell;
use crate::kernel::Result;
use crate::kernel::secret::sha256_hex;
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::classroom::Group;
use crate::school::classroom::flow as classrooms;
use crate::school::roster::flow::admins;
use crate::text;

/// An account was lost: every group that it held, or stood by for, is looked at. `mark` names the occasion.
pub async fn account_left(tx: &mut Tx, account: i64, mark: &str) -> Result<()> {
    for group in classrooms::groups(tx).await? {
        if [group.owner, group.spare].contains(&Some(account)) {
            let put = Put::new(TEND, format!("{TEND}:{}:{mark}", group.chat), &group.classroom_id)?;
            outbox::put(tx, put.caller().repeatable().rank(Rank::Bulk).lane(TEND)).await?;
        }
    }
    Ok(())
}

/// Whichever of its groups is looked at first, admins get one message that names them all: those by which nobody stands.
async fn tell_lost(tx: &mut Tx, lost: i64, ready: &[i64]) -> Result<()> {
    let mut groups = classrooms::groups(tx).await?;
    groups.retain(|group| group.owner == Some(lost) && !group.spare.is_some_and(|spare| ready.contains(&spare)));
    groups.sort_by_key(|group| group.chat);
    let titles: Vec<String> = groups.iter().map(|group| group.title.clone()).collect();
    let words = text!("group-owner-lost", count = titles.len(), titles = few(&titles));
    let chats: Vec<String> = groups.iter().map(|group| group.chat.to_string()).collect();
    let all = admins(tx).await?;
    tell(tx, &all, &format!("group-owner-lost:{lost}:{}", sha256_hex(chats.join(" "))), &words).await
}

/// The owner is lost for good. Gives the group as it stands then; where nobody stands by, admins are told once.
pub async fn succeeded(tx: &mut Tx, group: &Group, lost: i64, ready: &[i64]) -> Result<Group> {
    let object = format!("classroom:{}", group.classroom_id);
    let Some(heir) = group.spare.filter(|spare| ready.contains(spare)) else {
        tell_lost(tx, lost, ready).await?;
        return Ok(group.clone());
    };
    classrooms::set_owner(tx, group.chat, heir).await?;
    let (old, new) = (lost.to_string(), heir.to_string());
    record(tx, &Actor::System, "group.owner_changed", &object, Some(&old), Some(&new)).await?;
    Ok(Group { owner: Some(heir), spare: None, ..group.clone() })
}
