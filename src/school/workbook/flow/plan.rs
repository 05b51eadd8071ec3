//! What applying a difference writes, worked out on a snapshot.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{
    ChangedPerson, ClassRef, Difference, Effect, Enrolled, Known, KnownPerson, PersonState, Receipt, Told, class_key,
    leaves, store,
};
use super::brake::away;
use super::lesson::{Lesson, Made, class_id};
use super::rounds::{Leaving, Round, divide};
use super::undo::enrolled;
use crate::kernel::words::Lexicon;
use crate::kernel::{At, Result};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::classroom::flow as classroom;
use crate::school::roster::{Person, flow as roster};
use crate::school::session::flow as session;
use crate::school::session::{Foretold, Session, State};

/// Everything that applying a difference writes.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(super) actor: Actor,
    /// Id, name.
    pub(super) classes: Vec<(String, String)>,
    pub(super) people: Vec<roster::Staged>,
    pub(super) sessions: Vec<Lesson>,
    /// Those who leave a class, counted as removals.
    pub(super) left: Vec<Leaving>,
    /// … and who may be in groups of classes that they never were of.
    pub(super) away: Vec<Leaving>,
    /// Sessions that are removed from their class, by class.
    pub(super) removed: Vec<(String, String)>,
    /// To be undone by `[Annuler]`, under this import, from this position on.
    pub(super) effects: Vec<Effect>,
    pub(super) undoable: Option<(String, i64)>,
    /// In which it is written: one at least.
    pub(super) rounds: Vec<Round>,
    pub receipt: Receipt,
}

impl Plan {
    /// Of its new sessions, those that are news to their class. To be asked before anything is written.
    pub(super) async fn fresh(&self, tx: &mut Tx) -> Result<BTreeSet<String>> {
        let new: Vec<session::Newcomer<'_>> = self.sessions.iter().filter_map(Lesson::newcomer).collect();
        session::fresh(tx, &new).await
    }

    /// What is done can be undone, when it is an import that can.
    fn note(&mut self, effect: impl FnOnce() -> Effect) {
        if self.undoable.is_some() {
            self.effects.push(effect());
        }
    }
}

/// Works out what applying a difference writes. `import`: the one under which it can be undone.
pub(super) async fn plan(
    tx: &mut Tx,
    actor: Actor,
    known: &Known,
    full: &Difference,
    rights: bool,
    import: Option<&str>,
) -> Result<Plan> {
    if rights {
        return plan_of(tx, actor, (full, full), rights, import).await;
    }
    let held = full.without_rights(known);
    plan_of(tx, actor, (full, &held), rights, import).await
}

/// As [`plan`], where it is known what is done of it: everything, or what does not wait for rights.
pub(super) async fn plan_of(
    tx: &mut Tx,
    actor: Actor,
    (full, difference): (&Difference, &Difference),
    rights: bool,
    import: Option<&str>,
) -> Result<Plan> {
    let undoable = match import {
        Some(import) => Some((import.to_owned(), store::effects_until(tx, import).await? + 1)),
        None => None,
    };
    let mut plan = Plan {
        actor,
        classes: Vec::new(),
        people: Vec::new(),
        sessions: Vec::new(),
        left: Vec::new(),
        away: Vec::new(),
        removed: Vec::new(),
        effects: Vec::new(),
        undoable,
        rounds: Vec::new(),
        receipt: receipt(full, difference, rights),
    };
    let mut classes = BTreeMap::new();
    for class in &difference.classes {
        let known = classroom::by_name(tx, &class.name).await?;
        let id = known.map_or_else(|| tx.new_id(), |class| class.id);
        classes.insert(class_key(&class.name), id.clone());
        plan.note(|| Effect::ClassMade { id: id.clone() });
        plan.classes.push((id, class.name.clone()));
    }
    let new_people = people(tx, &mut plan, difference, &classes).await?;
    sessions(tx, &mut plan, difference, &classes, &new_people).await?;
    divide(tx, &mut plan).await?;
    Ok(plan)
}

/// Which classes would be told of its sessions, and when: grouped by the moment, the soonest first.
pub(super) async fn foretell(tx: &mut Tx, known: &Known, plan: &Plan) -> Result<Vec<Told>> {
    let mut told: BTreeMap<At, Told> = BTreeMap::new();
    let fresh = plan.fresh(tx).await?;
    let news: Vec<session::Staged> = plan.sessions.iter().filter_map(|one| one.news(&fresh)).collect();
    let batch = || plan.sessions.iter().map(|one| one.staged().after).collect();
    for Foretold { classroom_id, at, wait } in session::foretell(tx, &news, batch).await? {
        let name = known.classrooms.iter().find(|class| class.id == classroom_id).map(|class| class.name.clone());
        let one = told.entry(at).or_insert_with(|| Told { at, wait, classes: Vec::new() });
        one.classes.push(name.unwrap_or_default());
    }
    for one in told.values_mut() {
        one.classes.sort();
    }
    Ok(told.into_values().collect())
}

fn receipt(full: &Difference, difference: &Difference, rights: bool) -> Receipt {
    Receipt {
        added: difference.added.len(),
        changed: difference.changed.len(),
        removed: difference.removed.len(),
        people_added: difference.people.added.len(),
        people_changed: difference.people.changed.len(),
        people_left: difference.people.left.len(),
        classes: difference.classes.len(),
        rights_given: if rights { full.rights.len() } else { 0 },
        rights_waiting: if rights { 0 } else { full.rights.len() },
        kept: 0,
    }
}

/// Gives the ids of those who are new.
async fn people(
    tx: &mut Tx,
    plan: &mut Plan,
    difference: &Difference,
    classes: &BTreeMap<String, String>,
) -> Result<Vec<String>> {
    let mut new_people = Vec::with_capacity(difference.people.added.len());
    for new in &difference.people.added {
        let after = person(tx.new_id(), &new.person);
        let enter = class_ids(&new.person.classes, classes)?;
        new_people.push(after.id.clone());
        plan.note(|| Effect::PersonAdded { after: Enrolled { person: after.clone(), classes: enter.clone() } });
        plan.people.push(roster::Staged { before: None, after, enter, leave: Vec::new(), account: None });
    }
    for changed in &difference.people.changed {
        change(tx, plan, changed, classes).await?;
    }
    for gone in &difference.people.left {
        leave(tx, plan, gone).await?;
    }
    Ok(new_people)
}

async fn change(
    tx: &mut Tx,
    plan: &mut Plan,
    changed: &ChangedPerson,
    classes: &BTreeMap<String, String>,
) -> Result<()> {
    let Some(before) = enrolled(tx, &changed.id).await? else { return Ok(()) };
    let after = person(changed.id.clone(), &changed.after);
    turn(tx, plan, before, Enrolled { person: after, classes: class_ids(&changed.after.classes, classes)? }).await
}

/// Out of the school, and of every class; kept for the evidence.
async fn leave(tx: &mut Tx, plan: &mut Plan, gone: &KnownPerson) -> Result<()> {
    let Some(before) = enrolled(tx, &gone.id).await? else { return Ok(()) };
    // Who taught or looked after other classes is in their groups too.
    for classroom in away(tx, &gone.id, &before.classes).await? {
        plan.away.push(Leaving { person: gone.id.clone(), classroom });
    }
    let after = Person { active: false, ..before.person.clone() };
    turn(tx, plan, before, Enrolled { person: after, classes: Vec::new() }).await
}

async fn turn(tx: &mut Tx, plan: &mut Plan, before: Enrolled, after: Enrolled) -> Result<()> {
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|class| !those.contains(class)).cloned().collect()
    };
    let leave = only(&before.classes, &after.classes);
    plan.left.extend(leave.iter().map(|class| Leaving { person: after.person.id.clone(), classroom: class.clone() }));
    plan.people.push(roster::Staged {
        enter: only(&after.classes, &before.classes),
        leave,
        account: roster::account_of_person(tx, &after.person.id).await?,
        before: Some(before.person.clone()),
        after: after.person.clone(),
    });
    plan.note(|| Effect::PersonChanged { before, after });
    Ok(())
}

async fn sessions(
    tx: &mut Tx,
    plan: &mut Plan,
    difference: &Difference,
    classes: &BTreeMap<String, String>,
    new_people: &[String],
) -> Result<()> {
    let mut made = Made { classes, people: new_people, lexicon: Lexicon::default() };
    plan.sessions.reserve(difference.added.len());
    for new in &difference.added {
        let one = Lesson::New(made.newcomer(tx.new_id(), &new.lesson)?);
        plan.note(|| Effect::SessionAdded { after: one.staged().after });
        plan.sessions.push(one);
    }
    for changed in &difference.changed {
        let Some(before) = session::session(tx, &changed.id).await? else { continue };
        let after = made.newcomer(String::new(), &changed.after)?.session();
        let one = session::Staged::changed(before.clone(), after);
        if leaves(difference, changed) {
            plan.removed.push((before.classroom_id.clone(), before.id.clone()));
        }
        plan.note(|| Effect::SessionChanged { before, after: one.after.clone() });
        plan.sessions.push(Lesson::Changed(Box::new(one)));
    }
    for gone in &difference.removed {
        let before = session::session(tx, &gone.id).await?.filter(|session| session.state == State::Planned);
        let Some(before) = before else { continue };
        plan.removed.push((before.classroom_id.clone(), before.id.clone()));
        let cancelled = Session { state: State::Cancelled, ..before.clone() };
        let one = session::Staged::changed(before.clone(), cancelled);
        plan.note(|| Effect::SessionRemoved { before, after: one.after.clone() });
        plan.sessions.push(Lesson::Changed(Box::new(one)));
    }
    Ok(())
}

/// In ten minutes those who left leave the groups too, another removal; but who has lessons ahead in the class, or is
/// of it again, stays. To be asked when the timetable is written.
pub async fn leave_groups(tx: &mut Tx, left: &[Leaving]) -> Result<()> {
    for Leaving { person: id, classroom: class } in left {
        let of_the_school = roster::person(tx, id).await?.is_some_and(|person| person.active);
        let teaches = of_the_school && session::teaches_in(tx, id, class).await?;
        let stays = teaches || roster::classrooms_of(tx, id).await?.contains(class);
        if !stays && roster::plan_departure(tx, id, class).await? {
            store::insert_removal(tx, "group", class, id).await?;
        }
    }
    Ok(())
}

fn class_ids(classes: &[ClassRef], made: &BTreeMap<String, String>) -> Result<Vec<String>> {
    let mut ids = classes.iter().map(|class| class_id(class, made)).collect::<Result<Vec<_>>>()?;
    ids.sort();
    ids.dedup();
    Ok(ids)
}

fn person(id: String, state: &PersonState) -> Person {
    Person {
        id,
        last_name: state.last_name.clone(),
        first_name: state.first_name.clone(),
        email: state.email.clone(),
        birth: state.birth.map(|day| day.to_string()),
        card: state.card.clone(),
        role: state.role,
        lang: state.lang,
        active: state.active,
    }
}
