//! How a plan is written: staged in short transactions, then flipped. A large one goes in rounds, so that nobody waits long
//! for the writer: the first with all that decides, the others each in a transaction of its own, by whoever comes (the
//! row that applies the import, another import, the machine's user, a row of their own after a stop). What began or was
//! changed between two rounds stays as it is, and is said.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::super::{Effect, Kept, Receipt, store};
use super::lesson::Lesson;
use super::plan::Plan;
use super::{What, show};
use crate::kernel::Result;
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow as audit;
use crate::school::classroom::flow as classroom;
use crate::school::roster::flow as roster;
use crate::school::session::flow as session;
use crate::school::session::{Session, State};

/// Has those who left a class leave its group too: payload, some [`Leaving`].
pub const LEAVE: &str = "workbook.leave";
/// Writes the rounds that are still to come, after a stop too.
pub const REST: &str = "workbook.rest";

/// So many things are staged in one transaction …
const STAGED_AT_ONCE: usize = 1_000;
/// … and so many leavings looked at.
const AT_ONCE: usize = 500;

/// A person who left a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaving {
    pub person: String,
    pub classroom: String,
}

/// Some of a plan's people and sessions, written together.
#[derive(Debug, Clone)]
pub(super) struct Round {
    /// Names what is staged for it.
    batch: String,
    people: Range<usize>,
    sessions: Range<usize>,
    work: Work,
}

/// What is written with a round and not staged.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Work {
    /// Of its people, those who are not new.
    known: BTreeSet<String>,
    /// Of its sessions, those that are news to their class: looked for before anything was written.
    fresh: BTreeSet<String>,
    /// As in the plan.
    removed: Vec<(String, String)>,
    left: Vec<Leaving>,
    away: Vec<Leaving>,
    /// Where what becomes of a person or a session stands among the import's effects.
    effects: BTreeMap<String, i64>,
}

/// Some of a plan, for one transaction.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    People(&'a str, &'a [roster::Staged]),
    Sessions(&'a str, &'a [Lesson]),
    /// From this position on.
    Effects(i64, &'a [Effect]),
    /// The round at this place.
    Round(usize),
}

impl Plan {
    fn people_of(&self, round: &Round) -> &[roster::Staged] {
        self.people.get(round.people.clone()).unwrap_or_default()
    }

    fn sessions_of(&self, round: &Round) -> &[Lesson] {
        self.sessions.get(round.sessions.clone()).unwrap_or_default()
    }

    /// Is it written in several rounds?
    pub(super) fn goes_on(&self) -> bool {
        self.rounds.len() > 1
    }

    /// What its rounds are staged under.
    pub fn batches(&self) -> impl Iterator<Item = &str> {
        self.rounds.iter().map(|round| round.batch.as_str())
    }

    /// Names its rounds.
    fn id(&self) -> &str {
        self.batches().next().unwrap_or_default()
    }

    /// What is staged, in parts.
    pub fn parts(&self) -> Vec<Part<'_>> {
        let mut parts = Vec::new();
        for (place, round) in self.rounds.iter().enumerate() {
            let people = self.people_of(round).chunks(STAGED_AT_ONCE);
            parts.extend(people.map(|some| Part::People(&round.batch, some)));
            let sessions = self.sessions_of(round).chunks(STAGED_AT_ONCE);
            parts.extend(sessions.map(|some| Part::Sessions(&round.batch, some)));
            // The first is written from memory.
            parts.extend((place > 0).then_some(Part::Round(place)));
        }
        let first = self.undoable.as_ref().map_or(1, |(_, first)| *first);
        let effects = self.effects.chunks(STAGED_AT_ONCE).zip((first..).step_by(STAGED_AT_ONCE));
        parts.extend(effects.map(|(some, from)| Part::Effects(from, some)));
        parts
    }

    fn effects_until(&self) -> Option<(&str, i64)> {
        let (import, first) = self.undoable.as_ref()?;
        Some((import, first + i64::try_from(self.effects.len()).unwrap_or(0) - 1))
    }
}

/// Divides a plan into its rounds: people before the lessons that name them, and of a large plan the next lessons before
/// the others.
pub(super) async fn divide(tx: &mut Tx, plan: &mut Plan) -> Result<()> {
    let most = usize::try_from(tx.config().database.round).unwrap_or(usize::MAX).max(1);
    let (people, all) = (plan.people.len(), plan.people.len() + plan.sessions.len());
    if all > most {
        plan.sessions.sort_by_key(Lesson::soonest);
    }
    let fresh = plan.fresh(tx).await?;
    for from in (0..all.max(1)).step_by(most) {
        let until = from.saturating_add(most).min(all);
        plan.rounds.push(Round {
            batch: tx.new_id(),
            people: from.min(people)..until.min(people),
            sessions: from.saturating_sub(people)..until.saturating_sub(people),
            work: Work::default(),
        });
    }
    let mut works = works(plan, &fresh);
    for round in &mut plan.rounds {
        round.work = works.next().unwrap_or_default();
    }
    Ok(())
}

/// What goes with each round.
fn works(plan: &Plan, fresh: &BTreeSet<String>) -> std::vec::IntoIter<Work> {
    let (mut works, mut of) = (Vec::new(), HashMap::new());
    let undoable = plan.undoable.as_ref().filter(|_| plan.goes_on());
    let with_some = undoable.is_some() || !(plan.removed.is_empty() && plan.left.is_empty() && plan.away.is_empty());
    for (place, round) in plan.rounds.iter().enumerate() {
        let (people, sessions) = (plan.people_of(round), plan.sessions_of(round));
        let known = people.iter().filter(|one| one.before.is_some()).map(|one| one.after.id.clone());
        let news = sessions.iter().map(Lesson::id).filter(|id| fresh.contains(*id)).map(str::to_owned);
        works.push(Work { known: known.collect(), fresh: news.collect(), ..Work::default() });
        let ids = people.iter().map(|one| one.after.id.as_str()).chain(sessions.iter().map(Lesson::id));
        // A file that only adds has nothing that goes with one thing alone.
        if with_some {
            of.extend(ids.map(|id| (id, place)));
        }
    }
    let mut with = |id: &str, add: &mut dyn FnMut(&mut Work)| {
        if let Some(work) = of.get(id).and_then(|place| works.get_mut(*place)) {
            add(work);
        }
    };
    for one in &plan.removed {
        with(&one.1, &mut |work| work.removed.push(one.clone()));
    }
    for one in &plan.left {
        with(&one.person, &mut |work| work.left.push(one.clone()));
    }
    for one in &plan.away {
        with(&one.person, &mut |work| work.away.push(one.clone()));
    }
    if let Some((_, first)) = undoable {
        for (effect, position) in plan.effects.iter().zip(*first..) {
            let id = effect.object();
            with(id, &mut |work| {
                work.effects.insert(id.to_owned(), position);
            });
        }
    }
    works.into_iter()
}

/// Stages a part of a plan: nothing of it is seen before it is flipped.
pub async fn stage(tx: &mut Tx, plan: &Plan, part: Part<'_>) -> Result<()> {
    match part {
        Part::People(batch, some) => roster::stage(tx, batch, &plan.actor, some).await,
        Part::Sessions(batch, some) => {
            let some: Vec<session::Staged> = some.iter().map(Lesson::staged).collect();
            session::stage(tx, batch, &plan.actor, &some).await
        }
        Part::Round(place) => {
            let Some(round) = plan.rounds.get(place) else { return Ok(()) };
            let (position, work) = (i64::try_from(place).unwrap_or(i64::MAX), serde_json::to_string(&round.work)?);
            store::stage_round(tx, plan.id(), position, &round.batch, &work).await
        }
        Part::Effects(from, some) => {
            let Some((import, first)) = &plan.undoable else { return Ok(()) };
            if from == *first {
                store::drop_staged_effects(tx, import).await?;
            }
            let mut rows = Vec::with_capacity(some.len());
            for (position, effect) in (from..).zip(some) {
                rows.push((position, serde_json::to_string(effect)?));
            }
            store::insert_effects(tx, import, &rows).await
        }
    }
}

/// What was staged for a round is not needed any more; of one that is to come it is.
pub async fn clear(tx: &mut Tx, batch: &str) -> Result<()> {
    if store::is_to_come(tx, batch).await? {
        return Ok(());
    }
    store::end_round(tx, batch).await?;
    roster::clear(tx, batch).await?;
    session::clear(tx, batch).await?;
    audit::clear(tx, batch).await
}

/// What was staged in batches before this one and never flipped will not be, but for what is to come.
pub(super) async fn clear_old(tx: &mut Tx, before: &str) -> Result<()> {
    let first = store::first_to_come(tx).await?;
    let before = first.as_deref().map_or(before, |first| first.min(before));
    roster::clear_old(tx, before).await?;
    session::clear_old(tx, before).await?;
    audit::clear_old(tx, before).await?;
    store::clear_old_rounds(tx, before).await
}

/// Writes a plan, or the first round of it. Its caller has checked, in this transaction, that nothing happened since.
pub(super) async fn flip(tx: &mut Tx, plan: &Plan) -> Result<()> {
    for (id, name) in &plan.classes {
        classroom::ensure_as(tx, &plan.actor, id, name).await?;
    }
    if let Some((import, until)) = plan.effects_until() {
        store::keep_effects(tx, import, until).await?;
    }
    let Some(round) = plan.rounds.first() else { return Ok(()) };
    roster::flip(tx, &round.batch, plan.people_of(round)).await?;
    let sessions: Vec<session::Staged> = plan.sessions_of(round).iter().map(Lesson::staged).collect();
    session::flip(tx, &round.batch, &sessions, &round.work.fresh).await?;
    follow(tx, &round.batch, &round.work).await
}

/// What goes with a round whose people and sessions were written.
async fn follow(tx: &mut Tx, batch: &str, work: &Work) -> Result<()> {
    audit::flip(tx, batch).await?;
    let removed: Vec<_> = work.removed.iter().map(|(class, id)| (class.as_str(), id.as_str())).collect();
    store::insert_removals(tx, "session", &removed).await?;
    let left: Vec<_> = work.left.iter().map(|one| (one.classroom.as_str(), one.person.as_str())).collect();
    store::insert_removals(tx, "roster", &left).await?;
    let leavings: Vec<&Leaving> = work.left.iter().chain(&work.away).collect();
    let mut puts = Vec::new();
    for (number, some) in leavings.chunks(AT_ONCE).enumerate() {
        let put = Put::new(LEAVE, format!("{LEAVE}:{batch}:{number}"), &some)?;
        puts.push(put.inner().rank(Rank::Answer).until(tx.now().plus_days(7)));
    }
    outbox::put_many(tx, puts).await
}

/// The first of a plan's rounds was written, and its receipt kept under `key`: the others are to come, and then `account`
/// is told.
pub(super) async fn go_on(tx: &mut Tx, plan: &Plan, import_id: &str, key: &str, account: Option<i64>) -> Result<()> {
    store::begin_rest(tx, plan.id(), import_id, key, account).await?;
    let put = Put::new(REST, format!("{REST}:{}", plan.id()), &import_id)?;
    outbox::put(tx, put.inner().rank(Rank::Answer).whenever()).await.map(|_| ())
}

/// Is an import not wholly written yet?
pub async fn has_rest(tx: &mut Tx) -> Result<bool> {
    store::has_rest(tx).await
}

/// Writes the next round that is to come, if there is one; gives its batch, whose staged rows can be cleared. Done by two
/// programs at once, each round is still written once: it is taken away in the same transaction.
pub async fn next_round(tx: &mut Tx) -> Result<Option<String>> {
    let Some(next) = store::next_round(tx).await? else { return Ok(None) };
    let work: Work = serde_json::from_str(&next.work)?;
    let people = roster::flip_rest(tx, &next.batch, next.at, &work.known).await?;
    let sessions = session::flip_rest(tx, &next.batch, next.at, &work.fresh).await?;
    follow(tx, &next.batch, &work.without(&people, &sessions)).await?;
    if !(people.is_empty() && sessions.is_empty()) {
        leave_out(tx, &next, &work, &people, &sessions).await?;
    }
    store::end_round(tx, &next.batch).await?;
    if store::end_rest(tx, &next.plan).await?
        && let Some(account) = next.account
    {
        show(tx, &next.import_id, account, &next.receipt_key, What::Done(next.receipt_key.clone())).await?;
    }
    Ok(Some(next.batch))
}

impl Work {
    fn without(&self, people: &[roster::LeftOut], sessions: &[session::LeftOut]) -> Self {
        let out = people.iter().map(|one| &one.id).chain(sessions.iter().map(|one| &one.after.id));
        let out: HashSet<&String> = out.collect();
        let out = |id: &String| out.contains(id);
        let mut work = self.clone();
        work.removed.retain(|(_, id)| !out(id));
        work.left.retain(|one| !out(&one.person));
        work.away.retain(|one| !out(&one.person));
        work
    }
}

/// What stays as it is was not done: the receipt says so, and there is nothing of it to undo.
async fn leave_out(
    tx: &mut Tx,
    round: &store::ToCome,
    work: &Work,
    people: &[roster::LeftOut],
    sessions: &[session::LeftOut],
) -> Result<()> {
    let changed = people.iter().map(|one| (&one.id, Kept::Changed));
    let why = |one: &session::LeftOut| if one.begun { Kept::Begun } else { Kept::Changed };
    for (id, why) in changed.chain(sessions.iter().map(|one| (&one.after.id, why(one)))) {
        if let Some(position) = work.effects.get(id) {
            store::leave_effect(tx, &round.import_id, *position, why.code()).await?;
        }
    }
    let Some(before) = store::receipt(tx, &round.receipt_key).await? else { return Ok(()) };
    let mut receipt: Receipt = serde_json::from_str(&before)?;
    for one in sessions {
        let Session { state, revision, .. } = one.after;
        let number = match (revision, state) {
            (1, _) => &mut receipt.added,
            (_, State::Cancelled) => &mut receipt.removed,
            (_, State::Planned) => &mut receipt.changed,
        };
        *number = number.saturating_sub(1);
    }
    for one in people {
        let number = if one.leaves { &mut receipt.people_left } else { &mut receipt.people_changed };
        *number = number.saturating_sub(1);
    }
    receipt.kept += sessions.len() + people.len();
    let after = serde_json::to_string(&receipt)?;
    store::correct_receipt(tx, &round.receipt_key, &after).await?;
    let object = format!("import:{}", round.import_id);
    audit::record(tx, &Actor::System, "workbook.applied", &object, Some(&before), Some(&after)).await
}
