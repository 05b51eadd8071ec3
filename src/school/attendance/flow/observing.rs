//! What is seen of a session's call: looks, joins and leaves; what the lines say of it while the lesson runs.

use std::collections::HashMap;

use super::super::rules::looking::{self, Change, Device};
use super::super::rules::{Poll, Watch};
use super::super::{EventKind, SheetState, store};
use crate::kernel::{At, Result};
use crate::platform::store::Tx;
use crate::school::roster::flow::person_of_account;
use crate::school::session::Session;
use crate::school::session::flow::{follow, session};

/// One look into a session's call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    pub at: At,
    /// Who is not in the list is not in the call.
    pub complete: bool,
    /// Accounts, and channels below zero, with the moment they joined.
    pub people: Vec<(i64, At)>,
}

/// The session's call was opened; one that is opened again goes on where the first began.
pub async fn watch_from(tx: &mut Tx, session_id: &str, opened: At) -> Result<()> {
    store::open_watch(tx, session_id, opened).await
}

/// The call is over: everybody has left.
pub async fn watch_until(tx: &mut Tx, session_id: &str, closed: At) -> Result<()> {
    if !store::close_watch(tx, session_id, closed).await? {
        return Ok(());
    }
    let empty = Observation { at: closed, complete: true, people: Vec::new() };
    write(tx, session_id, &empty, None).await?;
    freshen(tx, session_id).await
}

/// What a look showed: a row for the look, events for what changed.
pub async fn observe(tx: &mut Tx, session_id: &str, seen: &Observation) -> Result<()> {
    let Some(session) = session(tx, session_id).await? else { return Ok(()) };
    store::insert_poll(tx, session_id, seen.at, seen.complete, seen.people.len()).await?;
    if write(tx, session_id, seen, Some(&session)).await? {
        freshen(tx, session_id).await?;
    }
    Ok(())
}

/// Writes what changed since the last look; `true` when something did.
async fn write(tx: &mut Tx, session_id: &str, seen: &Observation, session: Option<&Session>) -> Result<bool> {
    let known = store::present(tx, session_id).await?;
    let mut persons: HashMap<i64, Option<String>> = known.iter().map(|one| (one.peer, one.person_id.clone())).collect();
    let before: Vec<Device> = known.iter().map(|one| Device { peer: one.peer, since: one.since }).collect();
    let mut now = Vec::new();
    for (peer, since) in &seen.people {
        if !persons.contains_key(peer) {
            let person = if *peer > 0 { person_of_account(tx, *peer).await? } else { None };
            // Who teaches is no listener.
            if let (Some(person), Some(session)) = (&person, session)
                && session.teacher_id.as_deref() == Some(person.id.as_str())
            {
                continue;
            }
            persons.insert(*peer, person.map(|person| person.id));
        }
        now.push(Device { peer: *peer, since: *since });
    }
    let last = store::last_complete(tx, session_id, seen.at).await?;
    let changes = looking::changes(&before, last, &now, seen.complete, seen.at);
    for change in &changes {
        let (kind, peer, at) = match *change {
            Change::Joined { peer, at } => (EventKind::Joined, peer, at),
            Change::Left { peer, at } => (EventKind::Left, peer, at),
        };
        let person = persons.get(&peer).cloned().flatten();
        // Whom nobody knows is told apart by a number.
        let device = person.is_none().then(|| peer.to_string());
        store::insert_seen(tx, session_id, person.as_deref(), kind, at, device.as_deref()).await?;
    }
    for device in looking::after(&before, &now, seen.complete) {
        let person = persons.get(&device.peer).cloned().flatten();
        if !before.contains(&device) {
            store::set_present(tx, session_id, device.peer, person.as_deref(), device.since).await?;
        }
    }
    for gone in before.iter().filter(|old| seen.complete && !now.iter().any(|new| new.peer == old.peer)) {
        store::drop_present(tx, session_id, gone.peer).await?;
    }
    Ok(!changes.is_empty())
}

/// While the lesson runs its lines say who came; after it, the rules speak.
async fn freshen(tx: &mut Tx, session_id: &str) -> Result<()> {
    let Some(session) = session(tx, session_id).await? else { return Ok(()) };
    let Some(sheet) = store::sheet(tx, session_id).await? else { return Ok(()) };
    if sheet.state != SheetState::Running {
        return Ok(());
    }
    super::opening::propose_lines(tx, &session, true).await?;
    follow(tx, session_id).await
}

/// What is known of the session's call.
pub(super) async fn watch(tx: &mut Tx, session_id: &str) -> Result<Watch> {
    let Some((opened, closed)) = store::watch(tx, session_id).await? else { return Ok(Watch::default()) };
    let polls = store::polls(tx, session_id).await?;
    let polls = polls.into_iter().map(|(at, complete)| Poll { at, complete }).collect();
    Ok(Watch { opened: Some(opened), closed, polls })
}

/// Is a call open for the session, as far as its sheet is concerned?
pub async fn is_watched(tx: &mut Tx, session_id: &str) -> Result<bool> {
    Ok(store::watch(tx, session_id).await?.is_some_and(|(_, closed)| closed.is_none()))
}

/// When the session's call was looked into last.
pub async fn last_look(tx: &mut Tx, session_id: &str) -> Result<Option<At>> {
    store::last_poll(tx, session_id).await
}

/// When everybody in the session's call was seen last.
pub async fn last_complete_look(tx: &mut Tx, session_id: &str) -> Result<Option<At>> {
    let after = At(tx.now().0 + 1);
    store::last_complete(tx, session_id, after).await
}

/// The accounts of those who are in the call now and are nobody of the school's, channels too.
pub async fn strangers(tx: &mut Tx, session_id: &str) -> Result<usize> {
    Ok(store::present(tx, session_id).await?.iter().filter(|one| one.person_id.is_none()).count())
}
