//! Planning and changing sessions in numbers, as a file does: what is true is written together, what is due for it
//! follows in short transactions, by rows that are written with it.

use serde::{Deserialize, Serialize};

use super::super::{ARRANGE, Session, State, rules, store};
use super::{Changed, ahead, notices, object, rearrange, summary};
use crate::kernel::{At, Result};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record_many;

/// Plans many sessions, as [`super::plan`] does; gives them as they were written. What is due for them follows in short
/// transactions, by rows that are written with them.
pub async fn plan_many(tx: &mut Tx, actor: &Actor, mut sessions: Vec<Session>) -> Result<Vec<Session>> {
    let ids = tx.ids().clone();
    let (mut told, mut wanted) = (Vec::with_capacity(sessions.len()), Vec::with_capacity(sessions.len()));
    for session in &mut sessions {
        session.id = ids.next();
        session.revision = 1;
        told.push((object(&session.id), None, Some(summary(session))));
        wanted.push((session.start_at, Arrange { session_id: session.id.clone(), revision: 1, was_at: None }));
    }
    let news = notices::news(tx, &sessions).await?;
    store::insert_many(tx, &sessions).await?;
    record_many(tx, actor, "session.planned", &told).await?;
    arrange_soon(tx, wanted).await?;
    for session in sessions.iter().filter(|session| news.contains(&session.id)) {
        notices::changed(tx, None, session).await?;
    }
    Ok(sessions)
}

/// Changes many sessions, as [`super::change`] does; what was due is withdrawn, and what is due now written, in short
/// transactions afterwards. A row that is performed meanwhile finds that the session was changed.
pub async fn change_many(tx: &mut Tx, actor: &Actor, sessions: Vec<Session>) -> Result<Vec<Changed>> {
    let (mut told, mut wanted, mut all) = (Vec::new(), Vec::new(), Vec::with_capacity(sessions.len()));
    for mut after in sessions {
        let Some(before) = store::session(tx, &after.id).await? else { continue };
        after.revision = before.revision + 1;
        store::update(tx, &after).await?;
        told.push((object(&after.id), Some(summary(&before)), Some(summary(&after))));
        if rules::matters(&before, &after) {
            let was_at = Some(before.start_at);
            let soonest = before.start_at.min(after.start_at);
            notices::changed(tx, Some(&before), &after).await?;
            wanted.push((soonest, Arrange { session_id: after.id.clone(), revision: after.revision, was_at }));
        }
        all.push(Changed { before, after });
    }
    record_many(tx, actor, "session.changed", &told).await?;
    arrange_soon(tx, wanted).await?;
    Ok(all)
}

/// Cancels many sessions, as [`super::cancel`] does; gives those that were planned.
pub async fn cancel_many(tx: &mut Tx, actor: &Actor, ids: &[&str]) -> Result<Vec<Changed>> {
    let mut cancelled = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(session) = store::session(tx, id).await?.filter(|session| session.state == State::Planned) {
            cancelled.push(Session { state: State::Cancelled, ..session });
        }
    }
    change_many(tx, actor, cancelled).await
}

/// So many sessions are arranged in one transaction.
const ARRANGED_AT_ONCE: usize = 100;

/// A session for which what is due must be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrange {
    pub session_id: String,
    /// A session that was changed again is arranged by that change.
    pub revision: i64,
    /// Its start before it was changed; none: it is new.
    pub was_at: Option<At>,
}

/// Has sessions arranged, those that come first before the others.
async fn arrange_soon(tx: &mut Tx, mut wanted: Vec<(At, Arrange)>) -> Result<()> {
    wanted.sort_by_key(|(soonest, _)| *soonest);
    let until = tx.now().plus_days(7);
    let mut puts = Vec::new();
    for some in wanted.chunks(ARRANGED_AT_ONCE) {
        let some: Vec<&Arrange> = some.iter().map(|(_, one)| one).collect();
        let Some(first) = some.first() else { continue };
        let key = format!("{ARRANGE}:{}:{}", first.session_id, first.revision);
        puts.push(Put::new(ARRANGE, key, &some)?.inner().rank(Rank::Answer).until(until));
    }
    outbox::put_many(tx, puts).await
}

/// Writes what is due for some sessions as they stand now. Done twice it does no more.
pub async fn arrange(tx: &mut Tx, wanted: &[Arrange]) -> Result<()> {
    let (now, mut due) = (tx.now(), Vec::new());
    for one in wanted {
        let Some(session) = store::session(tx, &one.session_id).await? else { continue };
        if session.revision != one.revision {
            continue;
        }
        match one.was_at {
            None => due.extend(ahead(&session, now)?),
            Some(was_at) => rearrange(tx, &session, was_at).await?,
        }
    }
    outbox::put_many(tx, due).await
}
