//! Planning and changing sessions in numbers, as a file does: staged in batches, written together, and what is due for
//! them follows in short transactions, by rows that are written with them.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::super::{ARRANGE, Foretold, Session, rules, store};
use super::{Newcomer, ahead, left, notices, object, rearrange, summary};
use crate::kernel::{At, Error, Result};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow as audit;
use crate::school::classroom::flow::managers_changed;

/// A session as a batch is going to write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staged {
    /// As it is; none: it is new.
    pub before: Option<Session>,
    pub after: Session,
}

impl Staged {
    /// A session that is new; id and revision are given here.
    pub fn added(id: String, session: Session) -> Self {
        Self { before: None, after: Session { id, revision: 1, ..session } }
    }

    /// A session that becomes another.
    pub fn changed(before: Session, after: Session) -> Self {
        let after = Session { id: before.id.clone(), revision: before.revision + 1, ..after };
        Self { before: Some(before), after }
    }
}

/// Stages some sessions of a batch: nothing of it is seen before the batch is flipped.
pub async fn stage(tx: &mut Tx, batch: &str, actor: &Actor, some: &[Staged]) -> Result<()> {
    let (mut planned, mut changed) = (Vec::new(), Vec::new());
    let (mut new_ones, mut others) = (Vec::new(), Vec::new());
    for Staged { before, after } in some {
        let (id, new) = (object(&after.id), Some(summary(after)));
        if let Some(before) = before {
            changed.push((id, Some(summary(before)), new));
            others.push(after);
        } else {
            planned.push((id, None, new));
            new_ones.push(after);
        }
    }
    store::pack(tx, batch, &new_ones).await?;
    store::stage(tx, batch, &others).await?;
    audit::stage(tx, batch, actor, "session.planned", &planned).await?;
    audit::stage(tx, batch, actor, "session.changed", &changed).await
}

/// Of the sessions that will be added, those that are news to their class: by their ids. To be asked before any of them
/// is written, since what is written makes a week one that its class knows.
pub async fn fresh(tx: &mut Tx, added: &[Newcomer<'_>]) -> Result<BTreeSet<String>> {
    Ok(notices::news(tx, added).await?.into_iter().collect())
}

/// May a class have to be told of it? `fresh`: as [`fresh`] gives it.
pub fn is_news(one: &Staged, fresh: &BTreeSet<String>) -> bool {
    match &one.before {
        None => fresh.contains(&one.after.id),
        Some(before) => rules::matters(before, &one.after),
    }
}

/// Of a batch, what classes may have to be told (what each session was, and what it becomes), and what is untold already.
async fn news<'a>(
    tx: &mut Tx,
    all: &'a [Staged],
    fresh: &BTreeSet<String>,
) -> Result<(Vec<notices::News<'a>>, notices::Untold)> {
    let news = all.iter().filter(|one| is_news(one, fresh)).map(|one| (one.before.as_ref(), &one.after)).collect();
    Ok((news, store::all_untold(tx).await?))
}

/// Which classes would be told, and when, were a batch flipped now: `all` its news (by [`is_news`]), `batch` the whole of
/// it, which is only asked for when there are some.
pub async fn foretell(tx: &mut Tx, all: &[Staged], batch: impl FnOnce() -> Vec<Session>) -> Result<Vec<Foretold>> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let untold = store::all_untold(tx).await?;
    let news: Vec<notices::News<'_>> = all.iter().map(|one| (one.before.as_ref(), &one.after)).collect();
    let batch = batch();
    let batch: Vec<&Session> = batch.iter().collect();
    notices::foretell(tx, &news, &untold, &batch).await
}

/// A session of a batch that stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// As it would have become.
    pub after: Session,
    /// It began; otherwise somebody changed it.
    pub begun: bool,
}

/// As [`flip`], for a batch that is one of several whose first was flipped at `since`: what began or was changed
/// meanwhile stays as it is, and is given.
pub async fn flip_rest(tx: &mut Tx, batch: &str, since: At, fresh: &BTreeSet<String>) -> Result<Vec<LeftOut>> {
    let now = tx.now();
    let began = |one: &Session| one.start_at > since && one.start_at <= now;
    let standing = store::under_staged(tx, batch).await?;
    let mut standing: HashMap<String, Session> = standing.into_iter().map(|one| (one.id.clone(), one)).collect();
    let (mut all, mut out) = (Vec::new(), Vec::new());
    let mut waiting = store::packed(tx, batch).await?;
    waiting.extend(store::staged(tx, batch).await?);
    for after in waiting {
        let before = standing.remove(&after.id);
        // Whoever changes a session raises its revision.
        let untouched = before.as_ref().map_or(0, |before| before.revision) + 1 == after.revision;
        let late = began(&after) || before.as_ref().is_some_and(began);
        if untouched && !late {
            all.push(Staged { before, after });
        } else {
            store::unstage(tx, batch, &after.id).await?;
            audit::unstage(tx, batch, &object(&after.id)).await?;
            out.push(LeftOut { after, begun: late });
        }
    }
    flip(tx, batch, &all, fresh).await?;
    Ok(out)
}

/// Writes all sessions of a batch at once; `fresh`: those that are news to their class. What is due for them follows in
/// short transactions, by rows that are written with them: a row that is performed meanwhile finds that the session was
/// changed.
pub async fn flip(tx: &mut Tx, batch: &str, all: &[Staged], fresh: &BTreeSet<String>) -> Result<()> {
    let (news, untold) = news(tx, all, fresh).await?;
    let added: Vec<&Session> = all.iter().filter(|one| one.before.is_none()).map(|one| &one.after).collect();
    let written = store::insert_many(tx, &added).await? + store::flip(tx, batch).await?;
    if usize::try_from(written).ok() != Some(all.len()) {
        return Err(Error::outage("import", "a session was changed while it was staged"));
    }
    let mut wanted = Vec::with_capacity(all.len());
    for Staged { before, after } in all {
        let (was_at, soonest) = match before {
            None => (None, after.start_at),
            Some(before) if !rules::matters(before, after) => continue,
            Some(before) => (Some(before.start_at), before.start_at.min(after.start_at)),
        };
        let left = before.as_ref().and_then(|before| left(before, after)).map(str::to_owned);
        wanted.push((soonest, Arrange { session_id: after.id.clone(), revision: after.revision, was_at, left }));
    }
    arrange_soon(tx, wanted).await?;
    let mut classes: BTreeSet<&str> = BTreeSet::new();
    for Staged { before, after } in all {
        let left = before.as_ref().and_then(|before| left(before, after));
        if left.is_some() || before.as_ref().is_none_or(|was| was.teacher_id != after.teacher_id) {
            classes.insert(&after.classroom_id);
        }
        classes.extend(left);
    }
    for class in classes {
        managers_changed(tx, class).await?;
    }
    notices::changed_many(tx, &news, &untold).await
}

/// What was staged is not needed any more.
pub async fn clear(tx: &mut Tx, batch: &str) -> Result<()> {
    store::clear_packs(tx, batch).await?;
    store::clear(tx, batch).await.map(|_| ())
}

/// Batches before this one that were never flipped.
pub async fn clear_old(tx: &mut Tx, before: &str) -> Result<()> {
    store::clear_old_packs(tx, before).await?;
    store::clear_old(tx, before).await.map(|_| ())
}

/// So many sessions are arranged in one transaction.
const ARRANGED_AT_ONCE: usize = 50;

/// A session for which what is due must be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrange {
    pub session_id: String,
    /// A session that was changed again is arranged by that change.
    pub revision: i64,
    /// Its start before it was changed; none: it is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was_at: Option<At>,
    /// The class that it left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<String>,
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
            Some(was_at) => rearrange(tx, &session, was_at, one.left.as_deref()).await?,
        }
    }
    outbox::put_many(tx, due).await
}
