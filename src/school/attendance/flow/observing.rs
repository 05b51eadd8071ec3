//! What is seen of a session's call: looks, joins and leaves; what the lines say of it while the lesson runs.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::rules::looking::{self, Change, Device};
use super::super::rules::{Poll, Watch, between, blind_from, gone_from, is_blind};
use super::super::{EventKind, SheetState, Sight, Stranger, store};
use super::BLIND;
use super::opening::{foresee_nobody, forget_nobody};
use crate::kernel::{At, Result};
use crate::platform::outbox::{self, Put};
use crate::platform::store::Tx;
use crate::school::roster::flow::person_of_account;
use crate::school::session::flow::{call_is, call_state, follow, follow_at, session};
use crate::school::session::{CallState, Session, first_call, here_window};

/// Somebody in a call, as one look shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// An account; or, below zero, a channel as which somebody joined.
    pub peer: i64,
    /// The name of the channel.
    pub title: Option<String>,
    /// The moment they joined.
    pub since: At,
}

/// One look into a session's call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    pub at: At,
    /// Who is not in the list is not in the call.
    pub complete: bool,
    pub people: Vec<Visitor>,
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
    let again = seen.complete
        && store::last_complete(tx, session_id, seen.at).await?.is_none_or(|last| is_blind(last, seen.at));
    store::insert_poll(tx, session_id, seen.at, seen.complete, seen.people.len()).await?;
    if seen.complete {
        call_is(tx, session_id, CallState::Open).await?;
        // Nobody could be missed until now, be it for a while.
        if again && seen.at < session.end_at && store::sheet(tx, session_id).await?.is_some() {
            let opened = watch(tx, session_id).await?.opened.unwrap_or(seen.at);
            foresee_nobody(tx, &session, opened).await?;
        }
    } else {
        unseen(tx, session_id).await?;
    }
    let known = store::link_peers(tx, session_id).await?;
    let changes = write(tx, session_id, seen, Some(&session)).await?;
    if known > 0 || again || !changes.is_empty() {
        freshen(tx, session_id).await?;
    }
    // Who does not come back is told of, though nothing happens then.
    if let Some(left) = changes.iter().filter_map(Change::left_at).max() {
        follow_at(tx, session_id, gone_from(left)).await?;
    }
    Ok(())
}

/// A look failed, or did not see everybody: as soon as nobody has seen for too long, « Je suis là » stands beside the call.
pub async fn unseen(tx: &mut Tx, session_id: &str) -> Result<()> {
    let Some(session) = session(tx, session_id).await? else { return Ok(()) };
    let (watch, now) = (watch(tx, session_id).await?, tx.now());
    if watch.sight(now) != Sight::Clear {
        forget_nobody(tx, &session).await?;
    }
    let Some(from) = blind_from(&watch) else { return Ok(()) };
    // That nobody can be seen is told, though nothing happens then.
    follow_at(tx, session_id, from).await?;
    // Later nobody presses: what stands in the group stays.
    if now > here_window(session.start_at).1 {
        return Ok(());
    }
    if now < from {
        let put = Put::new(BLIND, format!("{BLIND}:{session_id}:{}", from.millis()), &session_id)?;
        return outbox::put(tx, put.inner().due(from).until(session.end_at)).await.map(|_| ());
    }
    if call_state(tx, session_id).await? == Some(CallState::Open) {
        call_is(tx, session_id, CallState::Unseen).await?;
    }
    Ok(())
}

/// Writes what changed since the last look.
///
/// Whom nobody knew at first is noted under their number all along: who they are stands elsewhere, and may be said later.
async fn write(tx: &mut Tx, session_id: &str, seen: &Observation, session: Option<&Session>) -> Result<Vec<Change>> {
    let present = store::present(tx, session_id).await?;
    let mut peers: HashMap<i64, Option<String>> =
        store::peers(tx, session_id).await?.into_iter().map(|one| (one.number, one.person_id)).collect();
    let mut persons: HashMap<i64, Option<String>> =
        present.iter().map(|one| (one.peer, one.person_id.clone())).collect();
    let before: Vec<Device> = present.iter().map(|one| Device { peer: one.peer, since: one.since }).collect();
    let teaches =
        |person: &Option<String>| person.is_some() && session.is_some_and(|session| session.teacher_id == *person);
    let mut now = Vec::new();
    for Visitor { peer, title, since } in &seen.people {
        let known = persons.get(peer).cloned().flatten();
        let person = match (known, peers.get(peer)) {
            (Some(person), _) => Some(person),
            (None, Some(person)) => person.clone(),
            (None, None) if *peer > 0 => person_of_account(tx, *peer).await?.map(|person| person.id),
            (None, None) => None,
        };
        // Who teaches is no listener.
        if teaches(&person) {
            continue;
        }
        // Noted as nobody before this table was: they go on as they began.
        let was_nobody = persons.get(peer).is_some_and(Option::is_none);
        if (person.is_none() || was_nobody) && !peers.contains_key(peer) {
            store::insert_peer(tx, session_id, *peer, title.as_deref(), (*since).min(seen.at)).await?;
            peers.insert(*peer, None);
        }
        let noted = person.filter(|_| !peers.contains_key(peer));
        persons.insert(*peer, noted);
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
        store::insert_seen(tx, session_id, person.as_deref(), kind, at, Some(&peer.to_string())).await?;
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
    Ok(changes)
}

/// While the lesson runs its lines say who came; after it, the rules speak. Before it, those who wait see who is there.
async fn freshen(tx: &mut Tx, session_id: &str) -> Result<()> {
    let Some(session) = session(tx, session_id).await? else { return Ok(()) };
    match store::sheet(tx, session_id).await? {
        Some(sheet) if sheet.state != SheetState::Running => return Ok(()),
        Some(_) => super::opening::propose_lines(tx, &session, true).await?,
        None => {}
    }
    follow(tx, session_id).await
}

/// What is known of the session's call.
pub(super) async fn watch(tx: &mut Tx, session_id: &str) -> Result<Watch> {
    let Some((opened, closed)) = store::watch(tx, session_id).await? else { return Ok(Watch::default()) };
    let polls = store::polls(tx, session_id).await?;
    let polls = polls.into_iter().map(|(at, complete)| Poll { at, complete }).collect();
    // A break between two calls is no time in which nobody looked.
    let shut = between(&store::calls(tx, session_id).await?);
    Ok(Watch { opened: Some(opened), closed, shut, polls })
}

/// Is a call open for the session, as far as its sheet is concerned?
pub async fn is_watched(tx: &mut Tx, session_id: &str) -> Result<bool> {
    Ok(store::watch(tx, session_id).await?.is_some_and(|(_, closed)| closed.is_none()))
}

/// May anybody be missed just now? Not in a call that goes on unseen: they may be in it.
pub async fn sees(tx: &mut Tx, session_id: &str) -> Result<bool> {
    let watch = watch(tx, session_id).await?;
    Ok(watch.closed.is_some() || watch.sight(tx.now()) == Sight::Clear)
}

/// Was a call opened for the hours that the session has now? With the first of them those in charge got a message, which
/// goes on through the others and becomes the roll.
pub async fn had_a_call(tx: &mut Tx, session: &Session) -> Result<bool> {
    let calls = store::calls(tx, &session.id).await?;
    Ok(calls.iter().any(|(opened, _)| *opened >= first_call(session.start_at)))
}

/// Is the session's newest call not the first at its hours, so that what was said of that one goes on?
pub async fn goes_on(tx: &mut Tx, session: &Session) -> Result<bool> {
    store::goes_on(tx, &session.id).await
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

/// Those who were in the call, channels too, and of whom nobody has said who they are.
pub async fn strangers(tx: &mut Tx, session_id: &str) -> Result<Vec<Stranger>> {
    let unknown = store::peers(tx, session_id).await?.into_iter();
    let unknown = unknown.filter(|one| one.person_id.is_none() && one.matched_by.is_none());
    Ok(unknown.map(|one| Stranger { peer: one.number, title: one.title, first_at: one.first_at }).collect())
}

/// Who it turned out to be, by number.
pub(super) async fn named(tx: &mut Tx, session_id: &str) -> Result<BTreeMap<String, String>> {
    let peers = store::peers(tx, session_id).await?.into_iter();
    Ok(peers.filter_map(|one| Some((one.number.to_string(), one.person_id?))).collect())
}

/// The persons who are in the call, as of the last look.
pub(super) async fn inside(tx: &mut Tx, session_id: &str) -> Result<HashSet<String>> {
    let named = named(tx, session_id).await?;
    let present = store::present(tx, session_id).await?.into_iter();
    Ok(present.filter_map(|one| one.person_id.or_else(|| named.get(&one.peer.to_string()).cloned())).collect())
}

/// Those who left the call a while ago and did not come back.
pub(super) async fn gone(tx: &mut Tx, session_id: &str) -> Result<Vec<String>> {
    let (inside, now) = (inside(tx, session_id).await?, tx.now());
    let left = store::last_left(tx, session_id).await?.into_iter();
    Ok(left.filter(|(who, at)| gone_from(*at) <= now && !inside.contains(who)).map(|(who, _)| who).collect())
}
