//! Writing a difference, in one transaction.

use std::collections::BTreeMap;

use super::super::store;
use super::super::{
    ClassRef, Difference, Effect, Enrolled, Known, KnownPerson, LessonState, PersonState, Receipt, Standing, Who,
    Workbook, class_key,
};
use super::agree::ask_two;
use super::undo::{enrolled, remember};
use super::{Application, Brake, Count, Seen, What, brake, see, show, standing};
use crate::kernel::{At, Error, Result};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::{Mark, holds, mark, record};
use crate::school::classroom::flow as classroom;
use crate::school::roster::{Person, flow as roster};
use crate::school::session::flow::{self as session, Changed};
use crate::school::session::{Session, State};

/// Applies a difference. The caller has checked fingerprint and limits in the same transaction. Gives what was done, to
/// be told and to be undone.
async fn apply(
    tx: &mut Tx,
    actor: &Actor,
    known: &Known,
    full: &Difference,
    rights: bool,
) -> Result<(Receipt, Vec<Effect>)> {
    let held;
    let difference = if rights {
        full
    } else {
        held = full.without_rights(known);
        &held
    };
    let mut done = Vec::new();
    let mut classes: BTreeMap<String, String> = BTreeMap::new();
    for class in &difference.classes {
        let (id, made) = classroom::ensure(tx, actor, &class.name).await?;
        done.extend(made.then(|| Effect::ClassMade { id: id.clone() }));
        classes.insert(class_key(&class.name), id);
    }
    let mut people = Vec::with_capacity(difference.people.added.len());
    for new in &difference.people.added {
        let mut theirs = Vec::new();
        for class in &new.person.classes {
            theirs.push(class_id(class, &classes)?);
        }
        theirs.sort();
        theirs.dedup();
        people.push((person(tx.new_id(), &new.person), theirs));
    }
    roster::add_many(tx, actor, &people).await?;
    let new_people: Vec<String> = people.iter().map(|(person, _)| person.id.clone()).collect();
    done.extend(
        people.into_iter().map(|(person, classes)| Effect::PersonAdded { after: Enrolled { person, classes } }),
    );
    let mut leavings = Leavings::new();
    for changed in &difference.people.changed {
        let before = enrolled(tx, &changed.id).await?;
        change_person(tx, actor, &changed.id, &changed.before, &changed.after, &classes, &mut leavings).await?;
        done.extend(turned(before, enrolled(tx, &changed.id).await?));
    }
    for gone in &difference.people.left {
        let before = enrolled(tx, &gone.id).await?;
        leave(tx, actor, gone, &mut leavings).await?;
        done.extend(turned(before, enrolled(tx, &gone.id).await?));
    }
    let added = difference.added.iter().map(|new| planned(&new.lesson, &classes, &new_people));
    let added = session::plan_many(tx, actor, added.collect::<Result<_>>()?).await?;
    done.extend(added.into_iter().map(|after| Effect::SessionAdded { after }));
    let mut changed = Vec::with_capacity(difference.changed.len());
    for one in &difference.changed {
        let mut after = planned(&one.after, &classes, &new_people)?;
        after.id.clone_from(&one.id);
        changed.push(after);
    }
    let changed = session::change_many(tx, actor, changed).await?;
    done.extend(changed.into_iter().map(|Changed { before, after }| Effect::SessionChanged { before, after }));
    let gone: Vec<&str> = difference.removed.iter().map(|lesson| lesson.id.as_str()).collect();
    let gone = session::cancel_many(tx, actor, &gone).await?;
    let counted: Vec<_> = gone.iter().map(|one| (one.before.classroom_id.as_str(), one.before.id.as_str())).collect();
    store::insert_removals(tx, "session", &counted).await?;
    done.extend(gone.into_iter().map(|Changed { before, after }| Effect::SessionRemoved { before, after }));
    leave_groups(tx, &leavings).await?;
    let receipt = Receipt {
        added: difference.added.len(),
        changed: difference.changed.len(),
        removed: difference.removed.len(),
        people_added: difference.people.added.len(),
        people_changed: difference.people.changed.len(),
        people_left: difference.people.left.len(),
        classes: difference.classes.len(),
        rights_given: if rights { full.rights.len() } else { 0 },
        rights_waiting: if rights { 0 } else { full.rights.len() },
    };
    Ok((receipt, done))
}

fn turned(before: Option<Enrolled>, after: Option<Enrolled>) -> Option<Effect> {
    let (before, after) = before.zip(after)?;
    Some(Effect::PersonChanged { before, after })
}

/// How a row that applies an import ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    Applied,
    /// What is known changed since it was agreed to: nothing was done.
    Stale,
    /// More must be said first: by the importer on a second button, or by two persons.
    Asked,
}

/// What was looked at on a snapshot, before the writer is asked for: the difference takes longer than the writing.
#[derive(Debug, Clone)]
pub struct Looked {
    standing: Standing,
    brake: Brake,
    mark: Mark,
    at: At,
}

/// Looks at an import as it stands. For a snapshot.
pub async fn look_ahead(tx: &mut Tx, import_id: &str) -> Result<Option<Looked>> {
    let (mark, at) = (mark(tx).await?, tx.now());
    let Some(standing) = standing(tx, import_id).await? else { return Ok(None) };
    let brake = brake(tx, &standing.known, &standing.difference).await?;
    Ok(Some(Looked { standing, brake, mark, at }))
}

/// What was looked at, if nothing happened since; otherwise a second look, here.
async fn still(tx: &mut Tx, import_id: &str, looked: Option<Looked>) -> Result<Option<Looked>> {
    let Some(looked) = looked else { return look_ahead(tx, import_id).await };
    let import = store::import(tx, import_id).await?;
    let Standing { state, agreement_id, known, difference, .. } = &looked.standing;
    let same = import.is_some_and(|import| import.state == *state && import.agreement_id == *agreement_id);
    if same && holds(tx, &looked.mark).await? && !begun(known, difference, looked.at, tx.now()) {
        return Ok(Some(looked));
    }
    look_ahead(tx, import_id).await
}

/// Did a session begin between the two moments? A file never touches one that has begun.
fn begun(known: &Known, difference: &Difference, from: At, until: At) -> bool {
    let mut starts = known.lessons.iter().map(|lesson| lesson.start);
    let mut new = difference.added.iter().map(|new| new.lesson.start);
    let between = |start: At| start > from && start <= until;
    until > from
        && (starts.any(between) || new.any(between) || difference.changed.iter().any(|c| between(c.after.start)))
}

/// The job's half: everything is looked at as it is now, and applied, asked or refused; the message follows. `row`: the
/// row's id. `agreement`: the one that the row carries out.
pub async fn carry_out(
    tx: &mut Tx,
    application: &Application,
    row: &str,
    agreement: Option<&str>,
    looked: Option<Looked>,
) -> Result<Carried> {
    if store::receipt(tx, row).await?.is_some() {
        // The row ran before, and the program stopped before it could be settled.
        return Ok(Carried::Applied);
    }
    let import_id = &application.import_id;
    let Some(Looked { standing, brake, .. }) = still(tx, import_id, looked).await? else {
        return late(tx, application, row, agreement).await;
    };
    let may = match (standing.state.as_str(), agreement) {
        ("waiting", Some(_)) => standing.agreement_id.as_deref() == agreement,
        ("previewed", None) => true,
        ("applied", None) => application.rights && !standing.difference.rights.is_empty(),
        _ => false,
    };
    if !may || standing.fingerprint != application.fingerprint {
        return late(tx, application, row, agreement).await;
    }
    if let Some(count) = brake.sessions.filter(|_| !application.sure) {
        return ask(tx, application, row, What::Confirm(application.clone(), count)).await;
    }
    if let Some(count) = brake.people.filter(|_| agreement.is_none()) {
        ask_two(tx, application, &standing.file_name, &count).await?;
        return ask(tx, application, row, What::Standing).await;
    }
    let actor = application.by.clone().map_or(Actor::Cli, Actor::Person);
    let (receipt, done) =
        settle(tx, &actor, import_id, (&standing.known, &standing.difference), application.rights).await?;
    store::keep_receipt(tx, row, &serde_json::to_string(&receipt)?).await?;
    if let Some(account) = application.account {
        remember(tx, import_id, &done).await?;
        show(tx, import_id, account, row, What::Done(row.to_owned())).await?;
    }
    Ok(Carried::Applied)
}

async fn ask(tx: &mut Tx, application: &Application, row: &str, what: What) -> Result<Carried> {
    if let Some(account) = application.account {
        show(tx, &application.import_id, account, row, what).await?;
    }
    Ok(Carried::Asked)
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
) -> Result<(Receipt, Vec<Effect>)> {
    let (receipt, done) = apply(tx, actor, known, difference, rights).await?;
    store::settle(tx, import_id, "applied").await?;
    let object = format!("import:{import_id}");
    record(tx, actor, "workbook.applied", &object, None, Some(&serde_json::to_string(&receipt)?)).await?;
    Ok((receipt, done))
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

/// What a file would do, looked at on a snapshot.
#[derive(Debug, Clone)]
pub struct Previewed {
    pub seen: Seen,
    pub brake: Brake,
    /// The workbook as it is kept.
    json: String,
    mark: Mark,
    at: At,
}

/// Looks at what a file would do now. For a snapshot.
pub async fn preview(tx: &mut Tx, workbook: &Workbook) -> Result<Previewed> {
    let (mark, at) = (mark(tx).await?, tx.now());
    let seen = see(tx, workbook).await?;
    let brake = brake(tx, &seen.known, &seen.difference).await?;
    Ok(Previewed { seen, brake, json: serde_json::to_string(workbook)?, mark, at })
}

/// Applies a file, or says what hinders it.
pub async fn at_once(tx: &mut Tx, workbook: &Workbook, terms: &AtOnce, previewed: Previewed) -> Result<(Seen, Ended)> {
    let fresh = holds(tx, &previewed.mark).await?
        && !begun(&previewed.seen.known, &previewed.seen.difference, previewed.at, tx.now());
    let Previewed { seen, brake, json, .. } = if fresh { previewed } else { preview(tx, workbook).await? };
    if let Some(count) = brake.sessions.filter(|count| terms.remove != Some(count.0)) {
        return Ok((seen, Ended::Removes(count)));
    }
    let import_id = store::insert(tx, &workbook.file, None, None).await?;
    store::previewed(tx, &import_id, &terms.sha256, &json).await?;
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
    let (receipt, _) = settle(tx, &Actor::Cli, &import_id, (&seen.known, &seen.difference), terms.rights).await?;
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

async fn change_person(
    tx: &mut Tx,
    actor: &Actor,
    id: &str,
    before: &KnownPerson,
    after: &PersonState,
    classes: &BTreeMap<String, String>,
    left: &mut Leavings,
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
        leave_class(tx, actor, id, class, left).await?;
    }
    Ok(())
}

/// Who left which class: person, class.
type Leavings = Vec<(String, String)>;

/// Out of a class: a removal.
async fn leave_class(tx: &mut Tx, actor: &Actor, id: &str, class: &str, left: &mut Leavings) -> Result<()> {
    roster::unenrol(tx, actor, id, class).await?;
    store::insert_removal(tx, "roster", class, id).await?;
    left.push((id.to_owned(), class.to_owned()));
    Ok(())
}

/// In ten minutes out of the group too, another removal; but who has lessons ahead in the class stays. To be asked when
/// the timetable is written.
async fn leave_groups(tx: &mut Tx, left: &Leavings) -> Result<()> {
    for (id, class) in left {
        let of_the_school = roster::person(tx, id).await?.is_some_and(|person| person.active);
        let teaches = of_the_school && session::teaches_in(tx, id, class).await?;
        if !teaches && roster::plan_departure(tx, id, class).await? {
            store::insert_removal(tx, "group", class, id).await?;
        }
    }
    Ok(())
}

async fn leave(tx: &mut Tx, actor: &Actor, gone: &KnownPerson, left: &mut Leavings) -> Result<()> {
    for class in &gone.classes {
        leave_class(tx, actor, &gone.id, class, left).await?;
    }
    // Who taught or looked after other classes is in their groups too.
    for class in classroom::classrooms(tx).await? {
        if !gone.classes.contains(&class.id) && roster::is_in_group(tx, &gone.id, &class.id).await? {
            left.push((gone.id.clone(), class.id));
        }
    }
    roster::deactivate(tx, actor, &gone.id).await
}
