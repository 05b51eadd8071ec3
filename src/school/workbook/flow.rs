//! From a file to the timetable and the roster: previewed, agreed, applied in one transaction.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::rules_limit::{Load, OverLimit, lesson_loads, removals_over_limit, roster_removals};
use super::store::{self, Import};
use super::{
    ClassRef, Difference, Known, KnownClassroom, KnownLesson, KnownPerson, LessonState, PersonState, Who, Workbook,
    rules,
};
use crate::kernel::{Error, Result, Text};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::approval::Ask;
use crate::school::approval::flow::ask;
use crate::school::attendance::flow::sessions_with_sheet;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::classroom::flow as classroom;
use crate::school::roster::{Person, flow as roster};
use crate::school::session::flow as session;
use crate::school::session::{Session, State};
use crate::text;

pub const READ: &str = "workbook.read";
pub const APPLY: &str = "workbook.apply";
pub const ANNOTATE: &str = "workbook.annotate";
pub const TEMPLATE: &str = "workbook.template";

/// Telegram gives bots files up to 20 MB.
pub const MOST_BYTES: u64 = 20 * 1024 * 1024;

/// A file to fetch and read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetch {
    pub import_id: String,
    pub file_id: String,
    pub account: i64,
}

/// An import to apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    pub import_id: String,
    /// What was on the screen when it was agreed to.
    pub fingerprint: String,
    /// Roles above student too.
    pub rights: bool,
    pub by: String,
    pub account: i64,
    /// The removals beyond the limit were agreed to.
    pub agreed: bool,
}

/// Something for one account about one import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForImport {
    pub import_id: String,
    pub account: i64,
}

/// A file arrived: it will be fetched and read.
pub async fn receive(tx: &mut Tx, name: &str, file_id: &str, account: i64, by: &str) -> Result<String> {
    let import_id = store::insert(tx, name, Some(account), Some(by)).await?;
    let fetch = Fetch { import_id: import_id.clone(), file_id: file_id.to_owned(), account };
    let put = Put::new(READ, format!("{READ}:{import_id}"), &fetch)?;
    outbox::put(tx, put.lane(format!("chat:{account}")).rank(Rank::Answer).repeatable()).await?;
    Ok(import_id)
}

/// The file was read: what it says is kept until it is applied or given up.
pub async fn was_read(tx: &mut Tx, import_id: &str, sha256: &str, workbook: &Workbook) -> Result<()> {
    store::previewed(tx, import_id, sha256, &serde_json::to_string(workbook)?).await
}

/// The file could not be read, or was given up.
pub async fn close(tx: &mut Tx, import_id: &str, state: &str) -> Result<()> {
    store::settle(tx, import_id, state).await
}

/// Workbooks of imports that ended a week ago are forgotten.
pub async fn forget(tx: &mut Tx) -> Result<u64> {
    let before = tx.now().plus_days(-7);
    store::forget(tx, before).await
}

/// What the school knows.
pub async fn known(tx: &mut Tx) -> Result<Known> {
    let fixed = sessions_with_sheet(tx).await?;
    let now = tx.now();
    let lessons = session::planned(tx)
        .await?
        .into_iter()
        // What ended two months ago concerns no file any more.
        .filter(|lesson| lesson.end_at > now.plus_days(-60))
        .map(|lesson| KnownLesson {
            fixed: fixed.binary_search(&lesson.id).is_ok(),
            id: lesson.id,
            classroom_id: lesson.classroom_id,
            reference: lesson.reference,
            start: lesson.start_at,
            end: lesson.end_at,
            subject: lesson.subject,
            teacher_id: lesson.teacher_id,
            teacher_name: lesson.teacher_name,
            room: lesson.room,
            mode: lesson.mode,
            link: lesson.link,
        })
        .collect();
    let classrooms = classroom::classrooms(tx)
        .await?
        .into_iter()
        .map(|class| KnownClassroom { id: class.id, name: class.name })
        .collect();
    let enrolments = roster::enrolments(tx).await?;
    let mut classes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (person, class) in enrolments {
        classes.entry(person).or_default().push(class);
    }
    let people = roster::people(tx)
        .await?
        .into_iter()
        .map(|person| KnownPerson {
            classes: classes.remove(&person.id).unwrap_or_default(),
            id: person.id,
            last_name: person.last_name,
            first_name: person.first_name,
            email: person.email,
            birth: person.birth.and_then(|day| day.parse().ok()),
            card: person.card,
            role: person.role,
            lang: person.lang,
            active: person.active,
        })
        .collect();
    Ok(Known { lessons, classrooms, people })
}

/// What applying an import would do now.
#[derive(Debug, Clone)]
pub struct Standing {
    pub import: Import,
    pub workbook: Workbook,
    pub known: Known,
    pub difference: Difference,
    pub fingerprint: String,
}

/// The import against what is known now; `None` when it is gone or its workbook was forgotten.
pub async fn standing(tx: &mut Tx, import_id: &str) -> Result<Option<Standing>> {
    let Some(import) = store::import(tx, import_id).await? else { return Ok(None) };
    let Some(json) = &import.workbook else { return Ok(None) };
    let workbook: Workbook = serde_json::from_str(json)?;
    let known = known(tx).await?;
    let (now, zone) = (tx.now(), tx.zone());
    let difference = rules::difference(&known, &workbook, now, zone);
    let fingerprint = difference.fingerprint()?;
    Ok(Some(Standing { import, workbook, known, difference, fingerprint }))
}

/// The removals that need an agreement: of sessions (the importer's own, a second press), of people (two persons).
#[derive(Debug, Clone, Default)]
pub struct Brake {
    pub sessions: Option<(usize, Vec<String>)>,
    pub people: Option<(usize, Vec<String>)>,
}

/// What a difference would remove beyond the limits of a rolling day, from all sources.
pub async fn brake(tx: &mut Tx, known: &Known, difference: &Difference) -> Result<Brake> {
    let (now, since) = (tx.now(), tx.now().plus_days(-1));
    let name = |id: &String| {
        known.classrooms.iter().find(|class| class.id == *id).map_or_else(|| id.clone(), |class| class.name.clone())
    };
    let counted = |rows: Vec<(String, i64)>| -> BTreeMap<String, usize> {
        rows.into_iter().map(|(class, count)| (class, usize::try_from(count).unwrap_or(0))).collect()
    };
    let said = |over: &OverLimit, loads: &BTreeMap<String, Load>| -> Option<(usize, Vec<String>)> {
        let removing = loads.iter().filter(|(_, load)| load.now > 0);
        over.any().then(|| {
            (removing.clone().map(|(_, load)| load.now).sum(), removing.map(|(class, _)| name(class)).collect())
        })
    };
    let already = counted(store::removals(tx, "session", since).await?);
    let (loads, school) = lesson_loads(known, difference, &already, now);
    let sessions = said(&removals_over_limit(&loads, school), &loads);
    let already = counted(store::removals(tx, "roster", since).await?);
    let mut loads: BTreeMap<String, Load> = BTreeMap::new();
    for person in known.people.iter().filter(|person| person.active) {
        for class in &person.classes {
            loads.entry(class.clone()).or_default().size += 1;
        }
    }
    for (class, people) in roster_removals(difference) {
        loads.entry(class).or_default().now += people.len();
    }
    for (class, count) in already {
        loads.entry(class).or_default().already += count;
    }
    let school = loads.values().fold(Load::default(), |sum, load| Load {
        already: sum.already + load.already,
        now: sum.now + load.now,
        size: sum.size + load.size,
    });
    Ok(Brake { sessions, people: said(&removals_over_limit(&loads, school), &loads) })
}

/// How a press of `[Appliquer]` is answered.
#[derive(Debug, Clone)]
pub enum Pressed {
    /// It is being applied.
    Applying,
    /// What is known changed since the preview.
    Stale(Box<Standing>),
    /// The importer must press a second button that names the number and the classes.
    ConfirmSessions(usize, Vec<String>),
    /// Two persons must agree; they were asked.
    Waiting(usize),
    /// Applied or given up before.
    Settled,
    Gone,
}

/// `[Appliquer]`: checked against what is known now; the work itself is a row.
pub async fn press_apply(tx: &mut Tx, application: &Application) -> Result<Pressed> {
    let Some(standing) = standing(tx, &application.import_id).await? else { return Ok(Pressed::Gone) };
    if standing.import.state != "previewed" && !(standing.import.state == "applied" && application.rights) {
        return Ok(Pressed::Settled);
    }
    if standing.fingerprint != application.fingerprint {
        return Ok(Pressed::Stale(Box::new(standing)));
    }
    let brake = brake(tx, &standing.known, &standing.difference).await?;
    if let Some((count, classes)) = brake.people {
        let payload = Application { agreed: true, ..application.clone() };
        let agreement = Ask {
            kind: APPLY,
            effects: text!(
                "workbook-agree-people",
                count = count,
                classes = classes.join(", "),
                file = &standing.import.file_name
            ),
            payload: serde_json::to_value(payload)?,
            needs: 2,
            asked_by: Some(application.by.clone()),
            hours: 72,
        };
        let agreement_id = ask(tx, agreement).await?;
        store::wait(tx, &application.import_id, &agreement_id, &application.fingerprint).await?;
        return Ok(Pressed::Waiting(count));
    }
    if let Some((count, classes)) = brake.sessions.filter(|_| !application.agreed) {
        return Ok(Pressed::ConfirmSessions(count, classes));
    }
    let key = format!("{APPLY}:{}:{}:{}", application.import_id, application.fingerprint, application.rights);
    let put = Put::new(APPLY, key, application)?.lane(format!("chat:{}", application.account));
    outbox::put(tx, put.rank(Rank::Answer).repeatable()).await?;
    Ok(Pressed::Applying)
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Receipt {
    pub added: usize,
    pub changed: usize,
    pub removed: usize,
    pub people_added: usize,
    pub people_changed: usize,
    pub people_left: usize,
    pub classes: usize,
    /// Roles that wait for `[Donner ces droits]`.
    pub rights_waiting: usize,
}

/// Applies a difference. The caller has checked fingerprint and limits in the same transaction.
pub async fn apply(tx: &mut Tx, actor: &Actor, known: &Known, full: &Difference, rights: bool) -> Result<Receipt> {
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
        classes.insert(super::class_key(&class.name), id);
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
    for new in &difference.added {
        let planned = planned(&new.lesson, &classes, &new_people)?;
        session::plan(tx, actor, planned).await?;
    }
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
        rights_waiting: if rights { 0 } else { full.rights.len() },
    })
}

/// The job's half: everything is checked again, applied, and the import settled. `None`: what is known changed since.
pub async fn carry_out(tx: &mut Tx, application: &Application) -> Result<Option<Receipt>> {
    let Some(standing) = standing(tx, &application.import_id).await? else { return Ok(None) };
    let state = standing.import.state.as_str();
    let may = matches!(state, "previewed" | "waiting") || (state == "applied" && application.rights);
    if !may || standing.fingerprint != application.fingerprint {
        return Ok(None);
    }
    let actor = Actor::Person(application.by.clone());
    let receipt = apply(tx, &actor, &standing.known, &standing.difference, application.rights).await?;
    store::settle(tx, &application.import_id, "applied").await?;
    let object = format!("import:{}", application.import_id);
    record(tx, &actor, "workbook.applied", &object, None, Some(&serde_json::to_string(&receipt)?)).await?;
    Ok(Some(receipt))
}

/// What the row `key` did before, if it ran before.
pub async fn receipt(tx: &mut Tx, key: &str) -> Result<Option<Receipt>> {
    Ok(store::receipt(tx, key).await?.map(|json| serde_json::from_str(&json)).transpose()?)
}

/// Keeps what the row `key` did.
pub async fn keep_receipt(tx: &mut Tx, key: &str, receipt: &Receipt) -> Result<()> {
    store::keep_receipt(tx, key, &serde_json::to_string(receipt)?).await
}

fn class_id(class: &ClassRef, made: &BTreeMap<String, String>) -> Result<String> {
    class
        .id
        .clone()
        .or_else(|| made.get(&super::class_key(&class.name)).cloned())
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

/// The file of an import, annotated, for one account.
pub async fn annotate(tx: &mut Tx, import_id: &str, account: i64) -> Result<()> {
    let about = ForImport { import_id: import_id.to_owned(), account };
    let put = Put::new(ANNOTATE, format!("{ANNOTATE}:{import_id}:{}", tx.new_id()), &about)?;
    outbox::put(tx, put.lane(format!("chat:{account}")).rank(Rank::Answer)).await.map(|_| ())
}

/// An empty template for one account.
pub async fn template(tx: &mut Tx, account: i64) -> Result<()> {
    let about = ForImport { import_id: String::new(), account };
    let put = Put::new(TEMPLATE, format!("{TEMPLATE}:{}", tx.new_id()), &about)?;
    outbox::put(tx, put.lane(format!("chat:{account}")).rank(Rank::Answer)).await.map(|_| ())
}

/// For the preview: what the file says and would do.
pub fn preview(standing: &Standing) -> Text {
    super::rules_preview::preview(&standing.workbook, &standing.difference)
}
