//! What a group itself says of a message whose answer was lost, or whose process stopped during the call.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Desk, Sought, Trouble, outcome_of};
use crate::kernel::{At, Result};
use crate::platform::outbox::{self, Outcome, ReadBack, Row};
use crate::telegram::store;

/// A message whose answer was lost was sent just now: further back nothing is looked for.
const READ_BACK_MINUTES: i64 = 2;
/// So long after a crash, or a start, the accounts are waited for that may read a group: another process may have served
/// them.
const CONNECTING: Duration = Duration::from_mins(1);
/// What Telegram took before the line broke stands in the history a moment later.
const SETTLING: Duration = Duration::from_secs(2);

/// A message on its way: by this it is found in its group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sent {
    pub chat: i64,
    pub words: String,
    pub slot: Option<String>,
    /// School time at which it left.
    pub at: At,
    /// It stands behind this message of ours; 0: none is known.
    #[serde(default)]
    pub after: i64,
}

/// The last message of ours in each group, as far as this process knows: what says the same words there is not the next.
#[derive(Debug, Clone, Default)]
pub struct Newest(Arc<Mutex<HashMap<i64, i64>>>);

impl Newest {
    pub(super) fn of(&self, chat: i64) -> i64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&chat).copied().unwrap_or(0)
    }
    fn note(&self, chat: i64, message: i64) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let newest = known.entry(chat).or_default();
        *newest = message.max(*newest);
    }
}

/// The message stands there: the row is done.
pub(super) async fn stands(desk: &Desk, row: &Row, sent: &Sent, message: i64) -> Result<Outcome> {
    if sent.chat < 0 {
        desk.newest.note(sent.chat, message);
    }
    desk.db
        .transact(async |tx| {
            if let Some(slot) = &sent.slot {
                store::set_slot(tx, slot, sent.chat, message).await?;
            }
            outbox::store::settle(tx, row, &Outcome::Done, row.due_at).await
        })
        .await?;
    Ok(Outcome::Settled)
}

/// What the group itself says about a message whose answer was lost.
enum Found {
    There(i64),
    /// It was looked for where it would stand.
    Absent,
    /// Nobody could look.
    Unknown,
}

/// The answer was lost: an account that is in the group looks whether the message stands there, before anything is sent
/// again. Nobody can look: its policy says what that means; nobody yet: it is looked for a little later.
pub(super) async fn read_back(desk: &Desk, row: &Row, sent: &Sent, why: String) -> Result<Outcome> {
    desk.callers.gathered().await;
    match look_for(desk, sent).await {
        Found::There(message) => stands(desk, row, sent, message).await,
        Found::Absent => Ok(Outcome::Retry(format!("{why}; it does not stand in the group"))),
        Found::Unknown if desk.callers.awaited_for().is_some() => Ok(Outcome::InDoubt(why)),
        Found::Unknown => Ok(outcome_of(desk, row, Trouble::Lost(why))),
    }
}

/// The process that sent a group's message is gone: the group itself says what came of it. The accounts of this process
/// may not be connected yet: they are waited for.
pub async fn look_back(desk: &Desk, row: &Row) -> Result<ReadBack> {
    let (Some(trace), Some(since)) = (&row.trace, row.doubt_at) else {
        return Ok(ReadBack::Unreadable("it left no trace".to_owned()));
    };
    let sent: Sent = serde_json::from_str(trace)?;
    let ready = desk.callers.gathered().await;
    if !desk.callers.has_any() {
        return Ok(ReadBack::Unreadable("no account reads the group".to_owned()));
    }
    let found = if ready.is_empty() { Found::Unknown } else { look_for(desk, &sent).await };
    let wall = desk.db.clock().wall();
    let connecting = desk.callers.awaited_for().is_some_and(|span| span < CONNECTING);
    Ok(match found {
        Found::There(message) => {
            stands(desk, row, &sent, message).await?;
            ReadBack::Done
        }
        Found::Absent => ReadBack::Absent,
        Found::Unknown if connecting || wall < since.plus(CONNECTING) => ReadBack::Later(wall.plus(SETTLING)),
        Found::Unknown => ReadBack::Unreadable("no account reads the group".to_owned()),
    })
}

/// Looks through a group's history for words that were sent; a moment is left for them to arrive.
async fn look_for(desk: &Desk, sent: &Sent) -> Found {
    let Sent { chat, ref words, at, after, .. } = *sent;
    let clock = desk.db.clock();
    let since = at.plus_minutes(-READ_BACK_MINUTES);
    let sought = Sought { from: desk.telegram.me().0, words, since, after };
    for account in desk.callers.ready() {
        if desk.callers.knows(account, chat).await != Ok(true) {
            continue;
        }
        clock.rest(SETTLING).await;
        match desk.callers.find_message(account, chat, sought).await {
            Ok(Some(message)) => return Found::There(message),
            Ok(None) => return Found::Absent,
            // Another one may be able to.
            Err(trouble) => tracing::info!(caller.account = account, trouble = ?trouble, "caller.not_read_back"),
        }
    }
    Found::Unknown
}
