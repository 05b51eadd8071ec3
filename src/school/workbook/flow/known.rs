//! What is known now, what a workbook would change in it, and what of that needs an agreement.

use std::collections::{BTreeMap, HashSet};

use super::super::rules_limit::{Load, OverLimit, lesson_loads, removals_over_limit, roster_removals};
use super::super::store::{self, Import};
use super::super::{Difference, Known, KnownClassroom, KnownLesson, KnownPerson, Standing, Workbook, rules};
use crate::kernel::{At, Result};
use crate::platform::store::Tx;
use crate::school::attendance::flow::sessions_with_sheet;
use crate::school::classroom::flow as classroom;
use crate::school::roster::flow as roster;
use crate::school::session::State;
use crate::school::session::flow as session;

/// What ended so long ago concerns no file any more.
const DAYS_BACK: i64 = 60;
const DAYS_AHEAD: i64 = 3_660;

/// What the school knows.
pub async fn known(tx: &mut Tx) -> Result<Known> {
    let fixed: HashSet<String> = sessions_with_sheet(tx).await?.into_iter().collect();
    let now = tx.now();
    let lessons = session::between(tx, now.plus_days(-DAYS_BACK), now.plus_days(DAYS_AHEAD))
        .await?
        .into_iter()
        .filter(|lesson| lesson.state == State::Planned)
        .map(|lesson| KnownLesson {
            fixed: fixed.contains(&lesson.id),
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

/// What a workbook would do now.
#[derive(Debug, Clone)]
pub struct Seen {
    pub known: Known,
    pub difference: Difference,
    pub fingerprint: String,
}

pub async fn see(tx: &mut Tx, workbook: &Workbook) -> Result<Seen> {
    let known = known(tx).await?;
    let difference = rules::difference(&known, workbook, tx.now(), tx.zone());
    let fingerprint = difference.fingerprint()?;
    Ok(Seen { known, difference, fingerprint })
}

/// The import against what is known now; `None` when it is gone or its workbook was forgotten.
pub async fn standing(tx: &mut Tx, import_id: &str) -> Result<Option<Standing>> {
    let Some(import) = store::import(tx, import_id).await? else { return Ok(None) };
    let Some(json) = &import.workbook else { return Ok(None) };
    let workbook: Workbook = serde_json::from_str(json)?;
    let Seen { known, mut difference, mut fingerprint } = see(tx, &workbook).await?;
    if import.state == "applied" {
        difference = difference.only_rights(&known);
        fingerprint = difference.fingerprint()?;
    }
    let Import { id, file_name, sha256, state, agreement_id, .. } = import;
    Ok(Some(Standing {
        import_id: id,
        file_name,
        sha256,
        state,
        agreement_id,
        workbook,
        known,
        difference,
        fingerprint,
    }))
}

/// How many, and in which classes.
pub type Count = (usize, Vec<String>);

/// The removals that need an agreement: of sessions (the importer's own, a second press), of people (two persons).
#[derive(Debug, Clone, Default)]
pub struct Brake {
    pub sessions: Option<Count>,
    pub people: Option<Count>,
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
    let said = |over: &OverLimit, loads: &BTreeMap<String, Load>| -> Option<Count> {
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
    let over = removals_over_limit(&loads, school);
    let people = match said(&over, &loads) {
        // What leaves a group is counted for itself: few of a large class may be many of its group.
        None if groups_over_limit(tx, difference, since).await? => {
            said(&OverLimit { school: true, ..OverLimit::default() }, &loads)
        }
        people => people,
    };
    Ok(Brake { sessions, people })
}

/// Would more people leave the classes' groups than may in a rolling day, from all sources?
async fn groups_over_limit(tx: &mut Tx, difference: &Difference, since: At) -> Result<bool> {
    let removals = roster_removals(difference);
    let mut loads: BTreeMap<String, Load> = BTreeMap::new();
    for (class, people) in &removals {
        for person in people {
            if roster::may_be_in(tx, person, class).await? {
                loads.entry(class.clone()).or_default().now += 1;
            }
        }
    }
    if loads.is_empty() {
        return Ok(false);
    }
    for group in classroom::groups(tx).await? {
        let away: HashSet<i64> = classroom::standings(tx, group.chat)
            .await?
            .into_iter()
            .filter(|(_, standing)| matches!(standing.as_str(), "absent" | "banned"))
            .map(|(account, _)| account)
            .collect();
        let linked = roster::linked_accounts(tx, &group.classroom_id).await?;
        loads.entry(group.classroom_id).or_default().size =
            linked.iter().filter(|account| !away.contains(account)).count();
    }
    for (class, count) in store::removals(tx, "group", since).await? {
        loads.entry(class).or_default().already += usize::try_from(count).unwrap_or(0);
    }
    let school = loads.values().fold(Load::default(), |sum, load| Load {
        already: sum.already + load.already,
        now: sum.now + load.now,
        size: sum.size + load.size,
    });
    Ok(removals_over_limit(&loads, school).any())
}
