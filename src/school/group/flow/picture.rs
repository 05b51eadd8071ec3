//! The picture of the groups that were made here follows a file.

use super::super::store;
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

/// Gives one group the picture.
pub const PHOTO: &str = "group.photo";

/// Every group that has another picture than the file's gets it. `mark` names the occasion.
pub async fn photos(tx: &mut Tx, hash: &str, mark: &str) -> Result<()> {
    for group in classrooms::groups(tx).await? {
        if store::photo(tx, group.chat).await?.is_some_and(|given| given.as_deref() != Some(hash)) {
            put(tx, &group, mark).await?;
        }
    }
    Ok(())
}

pub(super) async fn put(tx: &mut Tx, group: &Group, mark: &str) -> Result<()> {
    let put = Put::new(PHOTO, format!("{PHOTO}:{}:{mark}", group.chat), &group.classroom_id)?;
    outbox::put(tx, put.repeatable().rank(Rank::Bulk).lane(format!("group:{}", group.chat))).await.map(|_| ())
}

/// Has the group this picture, or is it none of ours?
pub async fn has_photo(tx: &mut Tx, group: &Group, hash: &str) -> Result<bool> {
    Ok(store::photo(tx, group.chat).await?.is_none_or(|given| given.as_deref() == Some(hash)))
}

pub async fn photo_set(tx: &mut Tx, group: &Group, hash: &str) -> Result<()> {
    store::set_photo(tx, group.chat, hash).await?;
    let object = format!("classroom:{}", group.classroom_id);
    record(tx, &Actor::System, "group.photo", &object, None, Some(hash)).await
}

/// The file is not there, or too large: admins are told, once a day.
pub async fn unreadable(tx: &mut Tx, why: &str) -> Result<()> {
    let day = tx.zone().day(tx.now());
    let all = admins(tx).await?;
    tell(tx, &all, &format!("group-photo:{day}"), &text!("group-photo-unreadable", why = why)).await
}
