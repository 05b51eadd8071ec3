//! What is known now, what a workbook would change in it, and where an import stands.

use std::collections::{BTreeMap, HashSet};

use super::super::store::{self, Import};
use super::super::{Difference, Known, KnownClassroom, KnownLesson, KnownPerson, Standing, Workbook, rules};
use crate::kernel::Result;
use crate::kernel::words::Lexicon;
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
    let (now, mut lexicon) = (tx.now(), Lexicon::default());
    let lessons = session::between(tx, now.plus_days(-DAYS_BACK), now.plus_days(DAYS_AHEAD))
        .await?
        .into_iter()
        .filter(|lesson| lesson.state == State::Planned)
        .map(|lesson| KnownLesson {
            fixed: fixed.contains(&lesson.id),
            id: lesson.id.into(),
            classroom_id: lexicon.words(&lesson.classroom_id),
            reference: lesson.reference.map(Into::into),
            start: lesson.start_at,
            end: lesson.end_at,
            subject: lexicon.words(&lesson.subject),
            teacher_id: lesson.teacher_id.map(|id| lexicon.words(&id)),
            teacher_name: lexicon.words(&lesson.teacher_name),
            room: lexicon.words(&lesson.room),
            mode: lesson.mode,
            link: lesson.link.map(Into::into),
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
}

pub async fn see(tx: &mut Tx, workbook: &Workbook) -> Result<Seen> {
    let known = known(tx).await?;
    let difference = rules::difference(&known, workbook, tx.now(), tx.zone());
    Ok(Seen { known, difference })
}

/// The import against what is known now; `None` when it is gone or its workbook was forgotten.
pub async fn standing(tx: &mut Tx, import_id: &str) -> Result<Option<Standing>> {
    let Some(import) = store::import(tx, import_id).await? else { return Ok(None) };
    let Some(json) = &import.workbook else { return Ok(None) };
    let workbook: Workbook = serde_json::from_str(json)?;
    let Seen { known, mut difference } = see(tx, &workbook).await?;
    if import.state == "applied" {
        difference = difference.only_rights(&known);
    }
    let fingerprint = difference.fingerprint()?;
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
