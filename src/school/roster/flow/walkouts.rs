//! A student who left the class's group by themselves (or whom somebody there removed) but is still of the class: those
//! who look after the class are told, together and not at night. The group hears nothing, and nobody is put back.

use serde::{Deserialize, Serialize};

use super::super::{Role, rules, store};
use super::{staff_of, tell};
use crate::kernel::{At, Result};
use crate::platform::outbox::{self, Put};
use crate::platform::store::Tx;
use crate::school::classroom::flow as classrooms;
use crate::text;

/// The job that tells of them.
pub const WALKED_OUT: &str = "roster.walked_out";

/// How far back a note that was held up looks.
const DAYS_BACK: i64 = 7;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalkedOut {
    pub classroom: String,
    /// Those whose leaving is told at this moment.
    pub due: At,
}

fn due(tx: &Tx, left: At) -> At {
    let school = &tx.config().school;
    rules::told_at(left, |at| school.time_zone.after_quiet(at, school.quiet_from, school.quiet_until))
}

/// Somebody left a group: if it is a class's, it is told of in a while. Who was there and who belongs there is looked at
/// then.
pub async fn walked_out(tx: &mut Tx, chat: i64) -> Result<()> {
    let Some(group) = classrooms::group_of_chat(tx, chat).await? else { return Ok(()) };
    let now = tx.now();
    let due = due(tx, now);
    let note = WalkedOut { classroom: group.classroom_id, due };
    let key = format!("{WALKED_OUT}:{}:{}", note.classroom, due.millis());
    outbox::put(tx, Put::new(WALKED_OUT, key, &note)?.inner().due(due)).await.map(|_| ())
}

/// Tells of those who left and did not come back; `false` when there is nobody to tell of.
pub async fn tell_walkouts(tx: &mut Tx, note: &WalkedOut) -> Result<bool> {
    let Some(group) = classrooms::group_of(tx, &note.classroom).await? else { return Ok(false) };
    let since = note.due.plus_days(-DAYS_BACK);
    let mut names = Vec::new();
    for (account, left) in classrooms::gone_since(tx, group.chat, since).await? {
        if due(tx, left) != note.due {
            continue;
        }
        let Some(person) = store::person_of_account(tx, account).await?.filter(|person| person.active) else {
            continue;
        };
        if person.role == Role::Student && store::is_enrolled(tx, &person.id, &note.classroom).await? {
            names.push(person.short_name());
        }
    }
    if names.is_empty() {
        return Ok(false);
    }
    let class = classrooms::classroom(tx, &note.classroom).await?.map(|class| class.name).unwrap_or_default();
    let words = text!("roster-told-walked-out", count = names.len(), names = names.join(", "), class = class);
    let staff = staff_of(tx, &note.classroom).await?;
    let key = format!("walked-out:{}:{}", note.classroom, note.due.millis());
    tell(tx, &staff, &key, &words, None).await?;
    Ok(true)
}
