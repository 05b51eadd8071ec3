//! The account that held a group is lost: its spare holds it, and whoever looks after the group lets another one in.

use super::members::TEND;
use super::tell;
use crate::kernel::Result;
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

/// The owner is lost for good. Gives the group as it stands then; where nobody stands by, admins are told once.
pub async fn succeeded(tx: &mut Tx, group: &Group, lost: i64, ready: &[i64]) -> Result<Group> {
    let object = format!("classroom:{}", group.classroom_id);
    let Some(heir) = group.spare.filter(|spare| ready.contains(spare)) else {
        let all = admins(tx).await?;
        let words = text!("group-owner-lost", title = group.title.as_str());
        tell(tx, &all, &format!("group-owner-lost:{}:{lost}", group.chat), &words).await?;
        return Ok(group.clone());
    };
    classrooms::set_owner(tx, group.chat, heir).await?;
    let (old, new) = (lost.to_string(), heir.to_string());
    record(tx, &Actor::System, "group.owner_changed", &object, Some(&old), Some(&new)).await?;
    Ok(Group { owner: Some(heir), spare: None, ..group.clone() })
}
