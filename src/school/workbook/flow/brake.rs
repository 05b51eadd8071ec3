//! What of a difference needs an agreement.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::super::{
    Difference, Known, KnownPerson, Load, classless_leavers, leavers, lesson_loads, removals_over_limit, roster_loads,
    roster_removals, store, with_school,
};
use crate::kernel::{At, Result, Text};
use crate::platform::store::Tx;
use crate::school::classroom::flow as classroom;
use crate::school::roster::flow as roster;
use crate::text;

/// How many, and in which classes.
pub type Count = (usize, Vec<String>);

/// The people whom a difference takes out of their classes, or out of the school.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Leavers {
    /// Their ids.
    pub people: BTreeSet<String>,
    /// The names of the classes that they leave.
    pub classes: Vec<String>,
    /// Some are in no class.
    pub classless: bool,
}

impl Leavers {
    pub fn count(&self) -> usize {
        self.people.len()
    }
    /// « 1A, 1B, sans classe »
    pub fn places(&self) -> Text {
        let classes = self.classes.iter().map(Text::verbatim);
        Text::joined(", ", classes.chain(self.classless.then(|| text!("workbook-no-class"))))
    }
}

/// The removals that need an agreement: of sessions (the importer's own, a second press), of people (two persons).
#[derive(Debug, Clone, Default)]
pub struct Brake {
    pub sessions: Option<Count>,
    pub people: Option<Leavers>,
}

/// What a difference would remove beyond the limits of a rolling day, from all sources.
pub async fn brake(tx: &mut Tx, known: &Known, difference: &Difference) -> Result<Brake> {
    let (now, since) = (tx.now(), tx.now().plus_days(-1));
    let name = |id: &String| {
        known.classrooms.iter().find(|class| class.id == *id).map_or_else(|| id.clone(), |class| class.name.clone())
    };
    let removing = |loads: &BTreeMap<String, Load>| -> Count {
        let removing = loads.iter().filter(|(_, load)| load.now > 0);
        (removing.clone().map(|(_, load)| load.now).sum(), removing.map(|(class, _)| name(class)).collect())
    };
    let already = already(tx, "session", since).await?;
    let (loads, school) = lesson_loads(known, difference, &already, now);
    let sessions = removals_over_limit(&loads, school).any().then(|| removing(&loads));

    let already = self::already(tx, "roster", since).await?;
    let classless = classless_gone(tx, since).await?;
    let (loads, school) = roster_loads(known, difference, &already, classless);
    // What leaves a group is counted for itself: few of a large class may be many of its group.
    let over = removals_over_limit(&loads, school).any() || groups_over_limit(tx, difference, since).await?;
    let people = over.then(|| Leavers {
        people: leavers(difference),
        classes: removing(&loads).1,
        classless: !classless_leavers(difference).is_empty(),
    });
    Ok(Brake { sessions, people })
}

async fn already(tx: &mut Tx, kind: &str, since: At) -> Result<BTreeMap<String, usize>> {
    let rows = store::removals(tx, kind, since).await?;
    Ok(rows.into_iter().map(|(class, count)| (class, usize::try_from(count).unwrap_or(0))).collect())
}

/// Those who left the school since, and were counted in no class.
async fn classless_gone(tx: &mut Tx, since: At) -> Result<usize> {
    let counted: HashSet<String> = store::removed(tx, "roster", since).await?.into_iter().collect();
    Ok(roster::left_since(tx, since).await?.iter().filter(|person| !counted.contains(*person)).count())
}

/// The groups of classes that somebody never was listed in, and is in all the same: who taught or looked after them.
pub(super) async fn away(tx: &mut Tx, person: &str, classes: &[String]) -> Result<Vec<String>> {
    let mut away = Vec::new();
    if roster::account_of_person(tx, person).await?.is_none() {
        return Ok(away);
    }
    for class in classroom::classrooms(tx).await? {
        if !classes.contains(&class.id) && roster::is_in_group(tx, person, &class.id).await? {
            away.push(class.id);
        }
    }
    Ok(away)
}

/// Would more people leave the classes' groups than may in a rolling day, from all sources?
async fn groups_over_limit(tx: &mut Tx, difference: &Difference, since: At) -> Result<bool> {
    let mut leaving: BTreeMap<String, usize> = BTreeMap::new();
    for (class, people) in &roster_removals(difference) {
        for person in people {
            if roster::may_be_in(tx, person, class).await? {
                *leaving.entry(class.clone()).or_default() += 1;
            }
        }
    }
    for KnownPerson { id, classes, .. } in &difference.people.left {
        for class in away(tx, id, classes).await? {
            *leaving.entry(class).or_default() += 1;
        }
    }
    if leaving.is_empty() {
        return Ok(false);
    }
    let (loads, school) = groups_loads(tx, leaving, since).await?;
    Ok(removals_over_limit(&loads, school).any())
}

/// Would so many more leave this class's group than may in a rolling day, from all sources?
pub async fn group_over_limit(tx: &mut Tx, classroom_id: &str, count: usize) -> Result<bool> {
    let since = tx.now().plus_days(-1);
    let (loads, school) = groups_loads(tx, [(classroom_id.to_owned(), count)], since).await?;
    Ok(removals_over_limit(&loads, school).any())
}

/// Somebody is taken out of a class's group: it counts for a day. `object` names them.
pub async fn left_group(tx: &mut Tx, classroom_id: &str, object: &str) -> Result<()> {
    store::insert_removal(tx, "group", classroom_id, object).await
}

/// How many would leave the groups of these classes, how many did since, and how many there are.
pub(super) async fn groups_loads(
    tx: &mut Tx,
    leaving: impl IntoIterator<Item = (String, usize)>,
    since: At,
) -> Result<(BTreeMap<String, Load>, Load)> {
    let mut loads: BTreeMap<String, Load> = BTreeMap::new();
    for (class, now) in leaving {
        loads.entry(class).or_default().now += now;
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
    Ok(with_school(loads, &already(tx, "group", since).await?))
}
