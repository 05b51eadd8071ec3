//! Accounts that were just tied by a link: those who look after a class get one message an hour, which is edited as more
//! follow and names each of them.

use serde::{Deserialize, Serialize};

use super::super::{Person, Reachable, store};
use super::circles::{self, may_link};
use super::{class_names, classrooms_of, looks_after, staff_of_person};
use crate::kernel::text::names;
use crate::kernel::{At, Lang, Result, Text};
use crate::platform::outbox::{self, Put};
use crate::platform::store::Tx;
use crate::text;

/// Tells of those of an hour, once.
pub const TIED: &str = "roster.tied";
/// Has what was told name those who followed.
pub const TIED_MORE: &str = "roster.tied_more";

/// Under the message that tells of them, which is edited as others follow: what is pressed there is answered beside it.
pub const UNTIE_TOLD: &str = "roster.untie_told";
pub const LINKED_TOLD: &str = "roster.linked_told";

const HOUR: i64 = 3_600_000;
/// The message is edited so often at most.
const PACE: i64 = 30_000;

/// What one of the staff is told of: those of a circle who tied an account within this hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JustTied {
    /// Whoever is told.
    pub account: i64,
    pub circle: String,
    /// The beginning of the hour.
    pub since: At,
}

impl JustTied {
    fn named(&self, kind: &str) -> String {
        format!("{kind}:{}:{}:{}", self.circle, self.since.millis(), self.account)
    }
    /// Where the hour's message stands.
    pub fn slot(&self) -> String {
        self.named("tied")
    }
    fn put(&self, kind: &'static str, key: String) -> Result<Put> {
        Ok(Put::new(kind, key, self)?.lane(format!("chat:{}", self.account)).whenever())
    }
}

/// What is told: whose accounts, and the account itself where it is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    pub words: Text,
    pub only: Option<(String, i64)>,
    pub lang: Lang,
}

/// Somebody tied an account: the first of an hour is told at once, who follows is named there a little later.
pub(super) async fn just_tied(tx: &mut Tx, person: &Person) -> Result<()> {
    let now = tx.now();
    let since = At(now.millis() - now.millis().rem_euclid(HOUR));
    for one in staff_of_person(tx, &person.id).await? {
        let circle = circle_for(tx, &one, person).await?;
        let note = JustTied { account: one.telegram_id, circle, since };
        if outbox::put(tx, note.put(TIED, note.named(TIED))?).await? {
            continue;
        }
        let due = At(now.millis() - now.millis().rem_euclid(PACE) + PACE);
        let put = note.put(TIED_MORE, format!("{}:{}", note.named(TIED_MORE), due.millis()))?;
        outbox::put(tx, put.due(due).repeatable()).await?;
    }
    Ok(())
}

/// The circle under which whoever is told finds this person to untie them.
async fn circle_for(tx: &mut Tx, told: &Reachable, person: &Person) -> Result<String> {
    let classes = classrooms_of(tx, &person.id).await?;
    if let Some(told) = store::person(tx, &told.person_id).await? {
        for class in &classes {
            if looks_after(tx, &told, class).await? {
                return Ok(class.clone());
            }
        }
    }
    Ok(classes.into_iter().next().unwrap_or_else(|| circles::STAFF.to_owned()))
}

/// Nothing stands there to be edited: it is told anew, whoever was told of before included. `row` names the occasion.
pub async fn tell_anew(tx: &mut Tx, note: &JustTied, row: &str) -> Result<()> {
    outbox::put(tx, note.put(TIED, format!("{}:{row}", note.named(TIED)))?).await.map(|_| ())
}

/// What is told now of that hour; `None` when none of its ties stands any more.
pub async fn told_of(tx: &mut Tx, note: &JustTied) -> Result<Option<Told>> {
    let Some(circle) = circles::circle(tx, &note.circle).await? else { return Ok(None) };
    let reader = store::person_of_account(tx, note.account).await?;
    // It may have waited: of a class that is theirs no more they learn nothing.
    match &reader {
        Some(reader) if reader.active && may_link(tx, reader, &circle).await? => {}
        _ => return Ok(None),
    }
    let lang = reader.as_ref().and_then(|reader| reader.lang).unwrap_or(tx.config().school.language);
    let classless = note.circle == circles::STAFF;
    let mut all =
        store::tied_since(tx, (!classless).then_some(note.circle.as_str()), note.since, At(note.since.0 + HOUR))
            .await?;
    all.retain(|(id, ..)| reader.as_ref().is_none_or(|reader| reader.id != *id));
    let short = |(_, first, last, _): &(String, String, String, i64)| names::short(first, last);
    let words = match all.as_slice() {
        [] => return Ok(None),
        [one] => {
            let (name, classes) = (short(one), class_names(tx, &one.0).await?);
            if classes.is_empty() {
                text!("roster-told-tied", name = name)
            } else {
                text!("roster-told-tied-of", name = name, classes = classes)
            }
        }
        several => {
            let names: Vec<String> = several.iter().map(short).collect();
            text!("roster-told-tied-many", class = circle.name, count = names.len(), names = names.join(", "))
        }
    };
    let only = if all.len() == 1 { all.pop().map(|(id, _, _, account)| (id, account)) } else { None };
    Ok(Some(Told { words, only, lang }))
}
