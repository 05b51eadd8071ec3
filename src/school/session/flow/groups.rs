//! Who may join a class's group, as far as lessons tell; and a group that comes when its class has lessons already.

use super::super::{REMIND, SHOW, rules, store};
use super::{About, Look, calling, reminder_key};
use crate::kernel::{At, Result};
use crate::platform::outbox::{self, Put};
use crate::platform::store::Tx;
use crate::school::classroom::flow::group_of_chat;
use crate::school::rights::may_teach;
use crate::school::roster::flow::{self as roster, person_of_account};

/// Somebody asks to join a group: the teachers of its lessons ahead may, whatever classes the roster gives them.
pub async fn asks_to_join(tx: &mut Tx, chat: i64, (account, tag): (i64, Option<&str>), user_chat: i64) -> Result<()> {
    let Some(group) = group_of_chat(tx, chat).await? else { return Ok(()) };
    let teaches = account_teaches(tx, account, &group.classroom_id).await?;
    roster::asks_to_join(tx, chat, (account, tag), user_chat, teaches).await
}

/// The request waited: may they join now? If not, they are declined.
pub async fn still_joins(tx: &mut Tx, chat: i64, join: &roster::Join) -> Result<bool> {
    let teaches = account_teaches(tx, join.account, &join.classroom).await?;
    roster::still_joins(tx, chat, join, teaches).await
}

async fn account_teaches(tx: &mut Tx, account: i64, classroom_id: &str) -> Result<bool> {
    match person_of_account(tx, account).await? {
        Some(person) if may_teach(person.role) => store::teaches_in(tx, &person.id, classroom_id).await,
        _ => Ok(false),
    }
}

/// No session lasts longer.
const LONGEST_DAYS: i64 = 1;

/// A class has a group from now on: what was to be said or opened there, and is still of use, is.
pub async fn grouped(tx: &mut Tx, classroom_id: &str) -> Result<()> {
    let now = tx.now();
    let until = At(now.plus_minutes(rules::REMIND_BEFORE).0 + 1);
    for session in store::of_classroom(tx, classroom_id, now.plus_days(-LONGEST_DAYS), until).await? {
        if let Some((due, until)) = rules::moments(&session, now).remind {
            let about = About { session_id: session.id.clone(), start_at: session.start_at };
            // One that has left is not written again.
            let put = Put::new(REMIND, reminder_key(&session), &about)?;
            outbox::put(tx, put.lane(format!("session:{}", session.id)).due(due).until(until)).await?;
        }
        if let Some((due, until)) = rules::moments(&session, now).here.filter(|(due, _)| *due <= now) {
            let look = Look { session_id: session.id.clone(), moved: false, left: None, send: false };
            let put = Put::new(SHOW, format!("{SHOW}:{}:grouped:{}", session.id, now.millis()), &look)?;
            outbox::put(tx, put.lane(format!("session:{}", session.id)).due(due).until(until).repeatable()).await?;
        }
        // Withdrawn where there was no group to open it in.
        if let Some(put) = calling::ahead(&session, now)? {
            // Of a session that was changed before its rows bore the change: one row opens its call.
            if session.revision > 1 {
                outbox::cancel(tx, &calling::first_key(&session), "written anew").await?;
            }
            outbox::put(tx, put).await?;
        }
    }
    Ok(())
}
