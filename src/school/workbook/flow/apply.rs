//! Writing a difference, in one transaction.

use std::collections::BTreeMap;

use super::super::store;
use super::super::{
    ClassRef, Difference, Known, KnownPerson, LessonState, PersonState, Receipt, Who, Workbook, class_key,
};
use super::{Application, Count, Seen, What, ask_two, brake, see, show, standing};
use crate::kernel::{Error, Result};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::classroom::flow as classroom;
use crate::school::roster::{Person, flow as roster};
use crate::school::session::flow as session;
use crate::school::session::{Session, State};

/// Applies a difference. The caller has checked fingerprint and limits in the same transaction.
async fn apply(tx: &mut Tx, actor: &Actor, known: &Known, full: &Difference, rights: bool) -> Result<Receipt> {
    let held;
    let difference = if rights {
        full
    } else {
        held = full.without_rights(known);
        &held
    };
    let mut classes: BTreeMap<String, String> = BTreeMap::new();
    for class in &difference.classes {
        let (id, _) = classroom::ensure(tx, actor, &class.name).await?;
        classes.insert(class_key(&class.name), id);
    }
    let mut new_people = Vec::new();
    for new in &difference.people.added {
        new_people.push(add_person(tx, actor, &new.person, &classes).await?);
    }
    for changed in &difference.people.changed {
        change_person(tx, actor, &changed.id, &changed.before, &changed.after, &classes).await?;
    }
    for left in &difference.people.left {
        leave(tx, actor, left).await?;
    }
    let added = difference.added.iter().map(|new| planned(&new.lesson, &classes, &new_people));
    session::plan_many(tx, actor, added.collect::<Result<_>>()?).await?;
    for changed in &difference.changed {
        let mut after = planned(&changed.after, &classes, &new_people)?;
        after.id.clone_from(&changed.id);
        session::change(tx, actor, after).await?;
    }
    for removed in &difference.removed {
        session::cancel(tx, actor, &removed.id).await?;
        store::insert_removal(tx, "session", &removed.classroom_id, &removed.id).await?;
    }
    Ok(Receipt {
        added: difference.added.len(),
        changed: difference.changed.len(),
        removed: difference.removed.len(),
        people_added: difference.people.added.len(),
        people_changed: difference.people.changed.len(),
        people_left: difference.people.left.len(),
        classes: difference.classes.len(),
        rights_given: if rights { full.rights.len() } else { 0 },
        rights_waiting: if rights { 0 } else { full.rights.len() },
    })
}

/// How a row that applies an import ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    Applied,
    /// What is known changed since it was agreed to: nothing was done.
    Stale,
}

/// The job's half: everything is checked again, applied, and told. `row`: the row's id. `agreement`: the one that the
/// row carries out.
pub async fn carry_out(tx: &mut Tx, application: &Application, row: &str, agreement: Option<&str>) -> Result<Carried> {
    if store::receipt(tx, row).await?.is_some() {
        // The row ran before, and the program stopped before it could be settled.
        return Ok(Carried::Applied);
    }
    let import_id = &application.import_id;
    let Some(standing) = standing(tx, import_id).await? else { return late(tx, application, row, agreement).await };
    let may = match (standing.state.as_str(), agreement) {
        ("waiting", Some(_)) => standing.agreement_id.as_deref() == agreement,
        ("previewed", None) => true,
        ("applied", None) => application.rights,
        _ => false,
    };
    let brake = brake(tx, &standing.known, &standing.difference).await?;
    let held = (brake.sessions.is_some() && !application.sure) || (brake.people.is_some() && agreement.is_none());
    if !may || held || standing.fingerprint != application.fingerprint {
        return late(tx, application, row, agreement).await;
    }
    let actor = application.by.clone().map_or(Actor::Cli, Actor::Person);
    let receipt = settle(tx, &actor, import_id, (&standing.known, &standing.difference), application.rights).await?;
    store::keep_receipt(tx, row, &serde_json::to_string(&receipt)?).await?;
    if let Some(account) = application.account {
        show(tx, import_id, account, row, What::Done(row.to_owned())).await?;
    }
    Ok(Carried::Applied)
}

async fn late(tx: &mut Tx, application: &Application, row: &str, agreement: Option<&str>) -> Result<Carried> {
    let import = store::import(tx, &application.import_id).await?;
    let state = import.as_ref().map_or("", |import| import.state.as_str());
    let what = match agreement {
        Some(_) => What::Late,
        None => What::Stale,
    };
    if agreement.is_some() && state == "waiting" {
        store::settle(tx, &application.import_id, "abandoned").await?;
    }
    // Who gave it up meanwhile was told so.
    if let Some(account) = application.account.filter(|_| matches!(state, "previewed" | "waiting" | "applied")) {
        show(tx, &application.import_id, account, row, what).await?;
    }
    Ok(Carried::Stale)
}

async fn settle(
    tx: &mut Tx,
    actor: &Actor,
    import_id: &str,
    (known, difference): (&Known, &Difference),
    rights: bool,
) -> Result<Receipt> {
    let receipt = apply(tx, actor, known, difference, rights).await?;
    store::settle(tx, import_id, "applied").await?;
    let object = format!("import:{import_id}");
    record(tx, actor, "workbook.applied", &object, None, Some(&serde_json::to_string(&receipt)?)).await?;
    Ok(receipt)
}

/// The receipt that is kept under `key`.
pub async fn receipt(tx: &mut Tx, key: &str) -> Result<Option<Receipt>> {
    Ok(store::receipt(tx, key).await?.map(|json| serde_json::from_str(&json)).transpose()?)
}

/// A file applied at the school's machine: what its user allows beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtOnce {
    pub sha256: String,
    /// Roles above student too.
    pub rights: bool,
    /// So many sessions may be removed, even beyond the limit.
    pub remove: Option<usize>,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    Applied(Receipt),
    /// So many sessions would be removed, beyond the limit, and that number was not allowed.
    Removes(Count),
    /// Two persons must agree; the agreement's id.
    Asked(String, Count),
}

/// Applies a file, or says what hinders it.
pub async fn at_once(tx: &mut Tx, workbook: &Workbook, terms: &AtOnce) -> Result<(Seen, Ended)> {
    let seen = see(tx, workbook).await?;
    let brake = brake(tx, &seen.known, &seen.difference).await?;
    if let Some(count) = brake.sessions.filter(|count| terms.remove != Some(count.0)) {
        return Ok((seen, Ended::Removes(count)));
    }
    let import_id = store::insert(tx, &workbook.file, None, None).await?;
    store::previewed(tx, &import_id, &terms.sha256, &serde_json::to_string(workbook)?).await?;
    if let Some(count) = brake.people {
        let application = Application {
            import_id,
            fingerprint: seen.fingerprint.clone(),
            rights: terms.rights,
            sure: true,
            by: None,
            account: None,
        };
        let agreement = ask_two(tx, &application, &workbook.file, &count).await?;
        return Ok((seen, Ended::Asked(agreement, count)));
    }
    let receipt = settle(tx, &Actor::Cli, &import_id, (&seen.known, &seen.difference), terms.rights).await?;
    Ok((seen, Ended::Applied(receipt)))
}

fn class_id(class: &ClassRef, made: &BTreeMap<String, String>) -> Result<String> {
    class
        .id
        .clone()
        .or_else(|| made.get(&class_key(&class.name)).cloned())
        .ok_or_else(|| Error::fault("a class of the file was neither known nor made"))
}

fn planned(lesson: &LessonState, classes: &BTreeMap<String, String>, new_people: &[String]) -> Result<Session> {
    let teacher_id = match &lesson.teacher {
        Some(Who::Known(id)) => Some(id.clone()),
        Some(Who::New(index)) => new_people.get(*index).cloned(),
        None => None,
    };
    Ok(Session {
        id: String::new(),
        classroom_id: class_id(&lesson.class, classes)?,
        reference: lesson.reference.clone(),
        start_at: lesson.start,
        end_at: lesson.end,
        subject: lesson.subject.clone(),
        teacher_id,
        teacher_name: lesson.teacher_name.clone(),
        room: lesson.room.clone(),
        mode: lesson.mode,
        link: lesson.link.clone(),
        state: State::Planned,
        revision: 0,
    })
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

async fn add_person(
    tx: &mut Tx,
    actor: &Actor,
    state: &PersonState,
    classes: &BTreeMap<String, String>,
) -> Result<String> {
    let id = tx.new_id();
    roster::add(tx, actor, &person(id.clone(), state)).await?;
    for class in &state.classes {
        roster::enrol(tx, actor, &id, &class_id(class, classes)?).await?;
    }
    Ok(id)
}

async fn change_person(
    tx: &mut Tx,
    actor: &Actor,
    id: &str,
    before: &KnownPerson,
    after: &PersonState,
    classes: &BTreeMap<String, String>,
) -> Result<()> {
    roster::change(tx, actor, &person(id.to_owned(), after)).await?;
    let mut kept = Vec::new();
    for class in &after.classes {
        kept.push(class_id(class, classes)?);
    }
    for class in &kept {
        roster::enrol(tx, actor, id, class).await?;
    }
    for class in before.classes.iter().filter(|class| !kept.contains(class)) {
        roster::unenrol(tx, actor, id, class).await?;
        store::insert_removal(tx, "roster", class, id).await?;
    }
    Ok(())
}

async fn leave(tx: &mut Tx, actor: &Actor, left: &KnownPerson) -> Result<()> {
    for class in &left.classes {
        roster::unenrol(tx, actor, &left.id, class).await?;
        store::insert_removal(tx, "roster", class, &left.id).await?;
    }
    roster::deactivate(tx, actor, &left.id).await
}
