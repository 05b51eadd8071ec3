//! Finding entries, and reading them in words.

use std::collections::BTreeMap;

use chrono::Days;

use super::rules::Object;
use super::{FILE, Found, Line, Meant, Order, Query, Who, rules};
use crate::kernel::text::Arg;
use crate::kernel::text::names::fold;
use crate::kernel::{At, Result, Text};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::audit::flow as audit;
use crate::school::audit::{Entry, Sought};
use crate::school::classroom::flow as classrooms;
use crate::school::rights::Act;
use crate::school::roster::Person;
use crate::school::roster::flow as roster;
use crate::school::session::flow as sessions;
use crate::text;

/// What these words look for: a day, and beside it a class, a person, or what was done.
pub async fn meant(tx: &mut Tx, words: &str) -> Result<Meant> {
    if let Some(class) = classrooms::by_name(tx, words).await? {
        return Ok(Meant::Query(Query { class: Some(class.id), ..Query::default() }));
    }
    let today = tx.zone().day(tx.now());
    let (day, rest) = rules::take_day(words, today);
    let query = Query { day, ..Query::default() };
    if rest.is_empty() {
        return Ok(Meant::Query(query));
    }
    if let Some(class) = classrooms::by_name(tx, &rest).await? {
        return Ok(Meant::Query(Query { class: Some(class.id), ..query }));
    }
    let sought = fold(&rest);
    let mut people = roster::people(tx).await?;
    people.retain(|person| rules::begins(&fold(&person.full_name()), &sought));
    Ok(match people.as_slice() {
        [one] => Meant::Query(Query { person: Some(one.id.clone()), ..query }),
        [] if rules::called(&rest).is_empty() => Meant::Unknown(rest),
        [] => Meant::Query(Query { word: Some(rest), ..query }),
        several => {
            let named = |person: &Person| (person.id.clone(), person.full_name());
            Meant::Several(query, several.iter().map(named).collect())
        }
    })
}

fn sought(tx: &Tx, query: &Query) -> Sought {
    let zone = tx.zone();
    let next = |day: chrono::NaiveDate| day.checked_add_days(Days::new(1)).unwrap_or(day);
    Sought {
        from: query.day.map_or(At(0), |day| zone.start_of(day)),
        until: query.day.map_or(At(i64::MAX), |day| zone.start_of(next(day))),
        actions: query.word.as_deref().map(rules::called),
        person: query.person.clone(),
        class: query.class.clone(),
    }
}

/// A page of it, newest first.
pub async fn page(tx: &mut Tx, query: Query, page: usize) -> Result<Found> {
    let sought = sought(tx, &query);
    let before = |page: usize| (page - 1) * rules::PAGE_LINES;
    let mut page = page.max(1);
    let (mut entries, mut count) = audit::found(tx, &sought, rules::PAGE_LINES, before(page)).await?;
    if entries.is_empty() && page > 1 {
        // Beyond the last one, which is shown instead.
        count = audit::found(tx, &sought, 1, 0).await?.1;
        page = count.div_ceil(rules::PAGE_LINES).max(1);
        entries = audit::found(tx, &sought, rules::PAGE_LINES, before(page)).await?.0;
    }
    let pages = count.div_ceil(rules::PAGE_LINES).max(1);
    let mut names = Names::read(tx).await?;
    let sought = names.sought(tx, &query).await?;
    let lines = names.lines(tx, entries).await?;
    Ok(Found { query, sought, lines, count, page, pages })
}

/// The newest of it, for a file.
pub async fn all(tx: &mut Tx, query: &Query) -> Result<Vec<Line>> {
    let sought = sought(tx, query);
    let (entries, _) = audit::found(tx, &sought, rules::MOST_LINES, 0).await?;
    Names::read(tx).await?.lines(tx, entries).await
}

/// Orders the file; within a minute the same order is one.
pub async fn order(tx: &mut Tx, order: &Order, message: i64) -> Result<()> {
    let minute = tx.now().seconds() / 60;
    let key = format!("{FILE}:{}:{message}:{minute}", order.account);
    let put = Put::new(FILE, key, order)?.rank(Rank::Answer).repeatable();
    outbox::put(tx, put.lane(format!("chat:{}", order.account))).await.map(|_| ())
}

/// Is this account still an admin's?
pub async fn may_read(tx: &mut Tx, account: i64) -> Result<bool> {
    roster::account_may(tx, account, Act::School).await
}

/// What ids stand for: read once, for many lines.
struct Names {
    people: BTreeMap<String, String>,
    classes: BTreeMap<String, Option<String>>,
    lessons: BTreeMap<String, Option<(String, String)>>,
}

impl Names {
    async fn read(tx: &mut Tx) -> Result<Self> {
        // Who left the school is among them.
        let people = roster::people(tx).await?.into_iter().map(|person| (person.id.clone(), person.full_name()));
        Ok(Self { people: people.collect(), classes: BTreeMap::new(), lessons: BTreeMap::new() })
    }

    async fn class(&mut self, tx: &mut Tx, id: &str) -> Result<Option<String>> {
        if let Some(known) = self.classes.get(id) {
            return Ok(known.clone());
        }
        let name = classrooms::classroom(tx, id).await?.map(|class| class.name);
        self.classes.insert(id.to_owned(), name.clone());
        Ok(name)
    }

    /// Subject and class of a session.
    async fn lesson(&mut self, tx: &mut Tx, id: &str) -> Result<Option<(String, String)>> {
        if let Some(known) = self.lessons.get(id) {
            return Ok(known.clone());
        }
        let found = match sessions::session(tx, id).await? {
            Some(session) => Some((session.subject, self.class(tx, &session.classroom_id).await?.unwrap_or_default())),
            None => None,
        };
        self.lessons.insert(id.to_owned(), found.clone());
        Ok(found)
    }

    async fn sought(&mut self, tx: &mut Tx, query: &Query) -> Result<Vec<Text>> {
        let mut words = Vec::new();
        if let Some(class) = &query.class {
            words.extend(self.class(tx, class).await?.map(Text::verbatim));
        }
        words.extend(query.person.as_ref().and_then(|id| self.people.get(id)).cloned().map(Text::verbatim));
        words.extend(query.word.clone().map(|word| text!("journal-word", word = word)));
        words.extend(query.day.map(|day| text!("journal-day", day = Arg::Day(day))));
        Ok(words)
    }

    async fn lines(&mut self, tx: &mut Tx, entries: Vec<Entry>) -> Result<Vec<Line>> {
        let mut lines = Vec::with_capacity(entries.len());
        for entry in entries {
            let about = self.about(tx, &entry).await?;
            let (at, who) = (entry.at, self.who(&entry));
            lines.push(Line { at, who, action: rules::kind(entry.action, entry.new.as_deref()), about });
        }
        Ok(lines)
    }

    fn who(&self, entry: &Entry) -> Who {
        match entry.actor_kind.as_str() {
            "person" => self.people.get(&entry.actor).cloned().map_or(Who::Gone, Who::Named),
            "account" => Who::Account,
            "cli" => Who::Machine,
            _ => Who::Program,
        }
    }

    async fn about(&mut self, tx: &mut Tx, entry: &Entry) -> Result<Vec<Text>> {
        let mut about: Vec<Option<String>> = Vec::new();
        match rules::object(&entry.object) {
            // Whoever did it to themselves is named already.
            Object::Person(id) if entry.actor == id => {}
            Object::Person(id) => {
                let kept = || entry.old.as_deref().or(entry.new.as_deref()).and_then(rules::name);
                about.push(self.people.get(id).cloned().or_else(kept));
            }
            Object::Lesson(id, person) => {
                let (subject, class) = if let Some((subject, class)) = self.lesson(tx, id).await? {
                    (Some(subject), Some(class))
                } else {
                    let kept = entry.old.as_deref().or(entry.new.as_deref());
                    (kept.and_then(rules::subject).map(str::to_owned), None)
                };
                about.extend([subject, class]);
                about.extend(person.map(|id| self.people.get(id).cloned()));
            }
            Object::Class(id) => about.push(self.class(tx, id).await?),
            Object::Staff => return Ok(vec![text!("journal-staff")]),
            Object::Other => {}
        }
        about.push(self.beside(tx, entry).await?);
        Ok(about.into_iter().flatten().filter(|words| !words.is_empty()).map(Text::verbatim).collect())
    }

    /// Whom or what else some entries name.
    async fn beside(&mut self, tx: &mut Tx, entry: &Entry) -> Result<Option<String>> {
        let value = entry.new.as_deref().or(entry.old.as_deref()).unwrap_or_default();
        match entry.action.as_str() {
            "person.enrolled" | "person.unenrolled" => self.class(tx, value).await,
            "group.left" | "group.untied" => Ok(self.people.get(value).cloned()),
            "presence.named" | "presence.unnamed" => {
                Ok(value.split_once("person:").and_then(|(_, id)| self.people.get(id)).cloned())
            }
            "caller.signed_in" => Ok(Some(value.to_owned())),
            _ => Ok(None),
        }
    }
}
