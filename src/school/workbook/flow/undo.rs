//! `[Annuler (10 min)]`: what an import changed is put back, thing by thing, unless somebody changed it since.
//!
//! Taking away again what this very import added is no removal in the sense of the brake: nobody relied on it, it was
//! there for ten minutes at most, and what anybody used meanwhile (a session that began, a person who tied an account)
//! stays. What the import removed comes back, and no longer counts as removed.
//!
//! Undoing works in short transactions, newest first; each thing is settled in the one that put it back.

use super::super::{Effect, Enrolled, Kept, Undone, store};
use super::{What, show};
use crate::kernel::{At, Result};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::attendance::flow as attendance;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::classroom::flow as classroom;
use crate::school::roster::flow as roster;
use crate::school::session::flow as session;
use crate::school::session::{CLASS_SETTLED, Session, State};

pub const UNDO: &str = "workbook.undo";

/// For so long an import can be undone.
pub const UNDO_MINUTES: i64 = 10;
/// So many things are put back in one transaction.
const AT_ONCE: i64 = 50;
/// So many that stay are named.
const NAMED: i64 = 8;

const UNDONE: &str = "undone";

/// The person and their classes as they are now.
pub(super) async fn enrolled(tx: &mut Tx, id: &str) -> Result<Option<Enrolled>> {
    let Some(person) = roster::person(tx, id).await? else { return Ok(None) };
    Ok(Some(Enrolled { person, classes: roster::classrooms_of(tx, id).await? }))
}

/// How a press of `[Annuler]` is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undoing {
    Begun,
    /// Pressed before.
    Already,
    TooLate,
    /// Nothing to undo: it was not applied, or is forgotten.
    Nothing,
}

/// Until when an import that was last applied at `at` can be undone.
pub const fn undo_until(at: At) -> At {
    at.plus_minutes(UNDO_MINUTES)
}

/// `[Annuler (10 min)]`: from now on the import is given up; the work is a row.
pub async fn press_undo(tx: &mut Tx, import_id: &str, actor: &Actor) -> Result<Undoing> {
    let Some(import) = store::import(tx, import_id).await? else { return Ok(Undoing::Nothing) };
    if import.undone_at.is_some() {
        return Ok(Undoing::Already);
    }
    let Some(applied) = import.settled_at.filter(|_| import.state == "applied") else { return Ok(Undoing::Nothing) };
    if tx.now() > undo_until(applied) {
        return Ok(Undoing::TooLate);
    }
    if !store::begin_undo(tx, import_id).await? {
        return Ok(Undoing::Already);
    }
    let object = format!("import:{import_id}");
    record(tx, actor, "workbook.undone", &object, Some("applied"), Some("undone")).await?;
    let put = Put::new(UNDO, format!("{UNDO}:{import_id}"), &import_id)?.rank(Rank::Answer).repeatable();
    outbox::put(tx, put.until(tx.now().plus_days(1))).await?;
    Ok(Undoing::Begun)
}

/// Puts some of it back, newest first; `false` when nothing is left to look at, and that was told. While an import is not
/// wholly written it puts nothing back: what is to come may name what would go.
pub async fn undo_some(tx: &mut Tx, import_id: &str) -> Result<bool> {
    if store::has_rest(tx).await? {
        return Ok(true);
    }
    let Some(import) = store::import(tx, import_id).await? else { return Ok(false) };
    let Some(pressed) = import.undone_at else { return Ok(false) };
    let since = pressed.plus_minutes(-UNDO_MINUTES);
    let actor = import.by_person.map_or(Actor::Cli, Actor::Person);
    let some = store::effects(tx, import_id, since, AT_ONCE).await?;
    for (position, at, effect) in &some {
        let effect: Effect = serde_json::from_str(effect)?;
        let outcome = put_back(tx, &actor, effect, *at).await?.map_or(UNDONE, Kept::code);
        store::settle_effect(tx, import_id, *position, outcome).await?;
    }
    if !some.is_empty() {
        return Ok(true);
    }
    if let Some(account) = import.chat {
        show(tx, import_id, account, &format!("undone:{import_id}"), What::Undone).await?;
    }
    Ok(false)
}

pub async fn undone(tx: &mut Tx, import_id: &str) -> Result<Undone> {
    let (mut back, mut kept, mut older) = (0, 0, 0);
    for (outcome, count) in store::effect_outcomes(tx, import_id).await? {
        match outcome.as_str() {
            UNDONE => back += count,
            "" => older += count,
            _ => kept += count,
        }
    }
    let mut named = Vec::new();
    for (effect, outcome) in store::kept_effects(tx, import_id, UNDONE, NAMED).await? {
        if let Some(why) = Kept::read(&outcome) {
            named.push((serde_json::from_str(&effect)?, why));
        }
    }
    Ok(Undone { back, kept, named, older })
}

/// Puts one thing back; gives why it stays when it does. `at`: when the import did it.
async fn put_back(tx: &mut Tx, actor: &Actor, effect: Effect, at: At) -> Result<Option<Kept>> {
    match effect {
        Effect::SessionAdded { after } => {
            let Some(now) = session::session(tx, &after.id).await? else { return Ok(None) };
            let kept = since_then(tx, &now, &after).await?;
            if kept.is_none() {
                session::take_back(tx, actor, now, at).await?;
            }
            Ok(kept)
        }
        Effect::SessionChanged { before, after } | Effect::SessionRemoved { before, after } => {
            let (class, id, start) = (before.classroom_id.clone(), before.id.clone(), before.start_at);
            let kept = back_to(tx, actor, before, &after).await?;
            // Out of its class, or of a week of which the file said nothing, it was a removal too.
            let left = after.state != State::Planned || after.classroom_id != class || after.start_at != start;
            if kept.is_none() && left {
                store::take_back_removal(tx, "session", &class, &id, at).await?;
            }
            Ok(kept)
        }
        Effect::PersonChanged { before, after } => turn_back(tx, actor, &before, &after, at).await,
        Effect::PersonAdded { after } => unmake_person(tx, actor, &after).await,
        Effect::ClassMade { id } => {
            let empty = roster::class_size(tx, &id).await? == 0
                && classroom::group_of(tx, &id).await?.is_none()
                && session::planned_in(tx, &id).await? == 0;
            if empty {
                classroom::close(tx, actor, &id).await?;
            }
            Ok((!empty).then_some(Kept::Used))
        }
    }
}

/// What happened to a session since the import left it so. Its revision is not looked at: undoing a later press of the
/// same import raised it.
async fn since_then(tx: &mut Tx, now: &Session, left: &Session) -> Result<Option<Kept>> {
    let as_left = Session { revision: now.revision, ..left.clone() };
    if *now != as_left {
        return Ok(Some(Kept::Changed));
    }
    let running = now.state == State::Planned && now.start_at <= tx.now();
    if running || attendance::sheet(tx, &now.id).await?.is_some() {
        return Ok(Some(Kept::Begun));
    }
    Ok(None)
}

/// A session as it was; not once its old hours are over.
async fn back_to(tx: &mut Tx, actor: &Actor, before: Session, left: &Session) -> Result<Option<Kept>> {
    let Some(now) = session::session(tx, &before.id).await? else { return Ok(Some(Kept::Changed)) };
    if let Some(kept) = since_then(tx, &now, left).await? {
        return Ok(Some(kept));
    }
    if before.end_at <= tx.now() {
        return Ok(Some(Kept::Begun));
    }
    let settled = tx.now().plus_minutes(CLASS_SETTLED);
    if before.classroom_id != now.classroom_id && before.start_at.min(now.start_at) <= settled {
        return Ok(Some(Kept::Near));
    }
    session::change(tx, actor, before).await?;
    Ok(None)
}

async fn turn_back(tx: &mut Tx, actor: &Actor, before: &Enrolled, after: &Enrolled, at: At) -> Result<Option<Kept>> {
    let id = &before.person.id;
    if enrolled(tx, id).await?.as_ref() != Some(after) {
        return Ok(Some(Kept::Changed));
    }
    let new = || after.classes.iter().filter(|class| !before.classes.contains(class));
    for class in new() {
        // They came into the new group meanwhile: nobody is put out of a group by undoing.
        if roster::is_in_group(tx, id, class).await? {
            return Ok(Some(Kept::Joined));
        }
    }
    roster::change(tx, actor, &before.person).await?;
    if before.person.active && !after.person.active {
        // Out of groups of classes that they only taught, too.
        store::take_back_leaving(tx, id, at).await?;
    }
    for class in new() {
        roster::unenrol(tx, actor, id, class).await?;
    }
    for class in before.classes.iter().filter(|class| !after.classes.contains(class)) {
        roster::enrol(tx, actor, id, class).await?;
        for kind in ["roster", "group"] {
            store::take_back_removal(tx, kind, class, id, at).await?;
        }
    }
    Ok(None)
}

/// A new person is as if they had never been noted: otherwise the corrected file would find them gone.
async fn unmake_person(tx: &mut Tx, actor: &Actor, after: &Enrolled) -> Result<Option<Kept>> {
    let id = &after.person.id;
    match enrolled(tx, id).await? {
        None => return Ok(None),
        Some(now) if now != *after => return Ok(Some(Kept::Changed)),
        Some(_) => {}
    }
    if roster::account_of_person(tx, id).await?.is_some() {
        return Ok(Some(Kept::Joined));
    }
    if session::teaches(tx, id).await? || attendance::is_on_a_sheet(tx, id).await? {
        return Ok(Some(Kept::Used));
    }
    roster::take_back(tx, actor, id).await?;
    Ok(None)
}
