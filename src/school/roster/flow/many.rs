//! Adding and changing people in numbers, as a file does: staged in batches, written together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::{Person, Role, store};
use super::members::{compared, facts, object};
use super::put_menu;
use crate::kernel::{At, Result};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow as audit;
use crate::school::classroom::flow as classrooms;

/// A person as a batch is going to write them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staged {
    /// As they are known; none: they are new.
    pub before: Option<Person>,
    pub after: Person,
    /// Classes that they enter, and those that they leave.
    pub enter: Vec<String>,
    pub leave: Vec<String>,
    /// Their account, where they have one.
    pub account: Option<i64>,
}

impl Staged {
    fn differs(&self) -> bool {
        self.before.as_ref() != Some(&self.after)
    }

    /// What they may do is not what they could.
    fn has_other_rights(&self) -> bool {
        let rights = |person: &Person| (person.role, person.active);
        self.before.as_ref().map(rights) != Some(rights(&self.after))
    }
}

/// Stages some people of a batch: nothing of it is seen before the batch is flipped.
pub async fn stage(tx: &mut Tx, batch: &str, actor: &Actor, some: &[Staged]) -> Result<()> {
    let (mut added, mut altered, mut left) = (Vec::new(), Vec::new(), Vec::new());
    let salt = audit::salt(tx).await?;
    let (mut enrolled, mut unenrolled, mut moves) = (Vec::new(), Vec::new(), Vec::new());
    for one in some {
        let (id, after) = (object(&one.after.id), &one.after);
        match &one.before {
            None => added.push((id.clone(), None, Some(facts(after, &salt)))),
            Some(before) if one.differs() => {
                let (old, new) = compared(before, after, &salt);
                let leaves = before.active && *after == (Person { active: false, ..before.clone() });
                let entries = if leaves { &mut left } else { &mut altered };
                entries.push((id.clone(), Some(old), Some(new)));
            }
            Some(_) => {}
        }
        for class in &one.enter {
            enrolled.push((id.clone(), None, Some(class.clone())));
            moves.push((after.id.as_str(), class.as_str(), false));
        }
        for class in &one.leave {
            unenrolled.push((id.clone(), Some(class.clone()), None));
            moves.push((after.id.as_str(), class.as_str(), true));
        }
    }
    let people: Vec<&Person> = some.iter().filter(|one| one.differs()).map(|one| &one.after).collect();
    store::stage_people(tx, batch, &people).await?;
    store::stage_enrolments(tx, batch, &moves).await?;
    for (action, objects) in [
        ("person.added", added),
        ("person.changed", altered),
        ("person.left", left),
        ("person.enrolled", enrolled),
        ("person.unenrolled", unenrolled),
    ] {
        audit::stage(tx, batch, actor, action, &objects).await?;
    }
    Ok(())
}

/// Writes all people of a batch at once. A role that changes brings another menu; who comes back need not leave the
/// class's group any more.
pub async fn flip(tx: &mut Tx, batch: &str, all: &[Staged]) -> Result<()> {
    store::flip_people(tx, batch).await?;
    store::flip_enrolments(tx, batch).await?;
    for one in all.iter().filter(|one| one.has_other_rights()) {
        if let Some(account) = one.account {
            put_menu(tx, account).await?;
        }
    }
    let staff = all.iter().filter(|one| one.after.role != Role::Student);
    let classes: BTreeSet<&String> = staff.flat_map(|one| one.enter.iter().chain(&one.leave)).collect();
    for class in classes {
        classrooms::managers_changed(tx, class).await?;
    }
    Ok(())
}

/// A person of a batch who stays as they are: somebody changed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    pub id: String,
    /// They were to leave the school.
    pub leaves: bool,
}

/// As [`flip`], for a batch that is one of several whose first was flipped at `since`. Who is one of `known` and was
/// changed meanwhile, or is not there any more, stays as they are, and is given.
pub async fn flip_rest(tx: &mut Tx, batch: &str, since: At, known: &BTreeSet<String>) -> Result<Vec<LeftOut>> {
    let standing = store::under_staged(tx, batch).await?.into_iter().map(|one| (one.person.id.clone(), one));
    let standing: HashMap<String, store::Touched> = standing.collect();
    let untouched = |id: &str| standing.get(id).is_some_and(|one| one.updated_at <= since);
    let staged = store::staged_people(tx, batch).await?;
    let (mut out, mut all) = (Vec::new(), BTreeMap::new());
    for id in known.iter().filter(|id| !untouched(id)) {
        store::unstage(tx, batch, id).await?;
        audit::unstage(tx, batch, &object(id)).await?;
        let leaves = staged.iter().any(|after| after.id == *id && !after.active);
        out.push(LeftOut { id: id.clone(), leaves });
    }
    let before = |id: &str| standing.get(id).map(|one| one.person.clone());
    for after in staged.into_iter().filter(|after| !known.contains(&after.id) || untouched(&after.id)) {
        let before = before(&after.id);
        let mut one = Staged { before, after, enter: Vec::new(), leave: Vec::new(), account: None };
        if one.before.is_some() && one.has_other_rights() {
            one.account = store::account_of_person(tx, &one.after.id).await?;
        }
        all.insert(one.after.id.clone(), one);
    }
    for (id, class, leaves) in store::staged_enrolments(tx, batch).await? {
        if !all.contains_key(&id)
            && let Some(person) = before(&id)
        {
            let same = Staged {
                before: Some(person.clone()),
                after: person,
                enter: Vec::new(),
                leave: Vec::new(),
                account: None,
            };
            all.insert(id.clone(), same);
        }
        let Some(one) = all.get_mut(&id) else { continue };
        if leaves { one.leave.push(class) } else { one.enter.push(class) }
    }
    let all: Vec<Staged> = all.into_values().collect();
    flip(tx, batch, &all).await?;
    Ok(out)
}

/// Ties accounts to people of whom neither has another tie; nobody is told. For a school that is made up to be measured.
pub async fn tie_quietly(tx: &mut Tx, ties: &[(i64, String)]) -> Result<()> {
    store::insert_accounts(tx, ties).await
}

/// What was staged is not needed any more.
pub async fn clear(tx: &mut Tx, batch: &str) -> Result<()> {
    store::clear_staged(tx, batch).await
}

/// Batches before this one that were never flipped.
pub async fn clear_old(tx: &mut Tx, before: &str) -> Result<()> {
    store::clear_old_staged(tx, before).await
}
