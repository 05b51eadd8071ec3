//! Who joined a class's group is greeted there: one message a day and class, which is edited as more follow.

use serde::{Deserialize, Serialize};

use super::super::store;
use super::Join;
use super::put_menu_in;
use crate::kernel::{At, Lang, Result};
use crate::platform::outbox::{self, Put};
use crate::platform::store::Tx;
use crate::school::classroom::flow as classrooms;

/// Greets those of a day.
pub const WELCOME: &str = "roster.welcome";
/// Has the day's greeting name those who followed.
pub const WELCOME_MORE: &str = "roster.welcome_more";

/// The message is edited so often at most.
const PACE: i64 = 30_000;

/// A greeting in the group. Rows of earlier versions name neither class nor day: they fade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    #[serde(default)]
    pub classroom: String,
    #[serde(default)]
    pub day: String,
    pub lang: Lang,
}

impl Welcome {
    /// Where the day's message stands.
    pub fn slot(&self) -> String {
        format!("welcome:{}:{}", self.classroom, self.day)
    }
}

/// The request was approved: a greeting in the group, by first name.
pub async fn welcome(tx: &mut Tx, join: &Join, chat: i64) -> Result<()> {
    let Some(person) = store::person_of_account(tx, join.account).await? else { return Ok(()) };
    if join.own_menu {
        put_menu_in(tx, join.account, Some(chat)).await?;
    }
    let class = classrooms::classroom(tx, &join.classroom).await?;
    let lang = class.and_then(|class| class.lang).unwrap_or(tx.config().school.language);
    let now = tx.now();
    let welcome = Welcome { classroom: join.classroom.clone(), day: tx.zone().day(now).to_string(), lang };
    store::welcome(tx, &welcome.classroom, &welcome.day, &person.id).await?;
    let queue = format!("chat:{chat}");
    let put = Put::new(WELCOME, format!("{WELCOME}:{}:{}", welcome.classroom, welcome.day), &welcome)?;
    if outbox::put(tx, put.lane(queue.clone())).await? {
        return Ok(());
    }
    let due = At(now.millis() - now.millis().rem_euclid(PACE) + PACE);
    let key = format!("{WELCOME_MORE}:{}:{}", welcome.classroom, due.millis());
    outbox::put(tx, Put::new(WELCOME_MORE, key, &welcome)?.lane(queue).due(due).repeatable()).await.map(|_| ())
}

/// The group, and the first names of those who are greeted there.
pub async fn welcomed(tx: &mut Tx, welcome: &Welcome) -> Result<Option<(i64, Vec<String>)>> {
    let Some(group) = classrooms::group_of(tx, &welcome.classroom).await? else { return Ok(None) };
    Ok(Some((group.chat, store::welcomed(tx, &welcome.classroom, &welcome.day).await?)))
}
