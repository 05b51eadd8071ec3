//! What a class was not told yet: noted with each change, compared with what stands when the notice leaves. What was
//! undone until then was never changed.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::super::changes::{self, Change, Quiet};
use super::super::{Foretold, NOTICE, Session, store};
use crate::kernel::time::monday;
use crate::kernel::{At, Lang, Result, Text};
use crate::platform::outbox::{self, Put};
use crate::platform::store::Tx;
use crate::school::classroom::flow::{classroom, group_of, groups};

/// A notice to a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub classroom_id: String,
}

/// What a notice says now.
#[derive(Debug, Clone)]
pub struct Telling {
    pub chat: i64,
    pub lang: Lang,
    /// The sessions that it tells of, as the class sees them now.
    pub sessions: Vec<Session>,
    pub lines: Vec<Text>,
    /// The day's messages are used up: what is said goes into this one, after its own lines.
    pub into: Option<(String, Vec<Text>)>,
}

/// A session changed, or (`known`: none) is new to its class.
pub(super) async fn changed(tx: &mut Tx, known: Option<&Session>, after: &Session) -> Result<()> {
    let untold = Untold::from([(after.id.clone(), store::untold(tx, &after.id).await?)]);
    changed_many(tx, &[(known, after)], &untold).await
}

/// A session that changes: as its class knows it (none: it is new), and as it becomes.
pub(super) type News<'s> = (Option<&'s Session>, &'s Session);
/// What is untold of sessions already, by their ids: to which class, and as it knows them, as JSON.
pub(super) type Untold = HashMap<String, Vec<(String, Option<String>)>>;

/// As [`changed`], for different sessions; `untold`: what is untold of them already.
pub(super) async fn changed_many(tx: &mut Tx, changed: &[News<'_>], untold: &Untold) -> Result<()> {
    let (mut rows, mut puts) = (Vec::new(), BTreeMap::new());
    for (change, due) in to_tell(tx, changed, untold).await? {
        let class = change.now.classroom_id.clone();
        let known = change.known.as_ref().map(serde_json::to_string).transpose()?;
        puts.insert((class.clone(), due), notice(&class, due)?);
        rows.push((change.now.id, class, known, due));
    }
    if rows.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> =
        rows.iter().map(|(id, class, known, due)| (id.as_str(), class.as_str(), known.clone(), *due)).collect();
    store::set_untold(tx, &rows).await?;
    outbox::put_many(tx, puts.into_values().collect()).await
}

/// What classes are to be told of sessions that change now, and when.
async fn to_tell(tx: &mut Tx, changed: &[News<'_>], untold: &Untold) -> Result<Vec<(Change, At)>> {
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    let (now, quiet, with_group) = (tx.now(), quiet(tx), with_group(tx).await?);
    // Each class's next notice.
    let (mut next, mut told) = (HashMap::new(), Vec::new());
    for (class, known, after) in changed.iter().flat_map(by_class).filter(|(class, ..)| with_group.contains(*class)) {
        // Something may be untold already: the class knows what stood before that.
        let earlier = untold.get(&after.id).into_iter().flatten().find(|(to, _)| to == class);
        let earlier = earlier.map(|(_, json)| read(json.as_deref())).transpose()?;
        let known = earlier.as_ref().map_or(known, Option::as_ref);
        let after = changes::seen_by(class, after);
        let due = changes::first(known, &after, now).and_then(|first| changes::due(first, now, quiet));
        let Some(due) = due else { continue };
        let next = match next.entry(class) {
            Entry::Occupied(next) => next.into_mut(),
            Entry::Vacant(first) => first.insert(store::next_notice(tx, class).await?),
        };
        // A notice that leaves before takes this along.
        let due = next.filter(|next| *next <= due).unwrap_or(due);
        *next = Some(due);
        told.push((Change { known: known.cloned(), now: after }, due));
    }
    Ok(told)
}

/// Whom a change concerns: the session's class, and the one that it leaves; with the session as that class knew it.
fn by_class<'s>(
    (known, after): &News<'s>,
) -> impl Iterator<Item = (&'s str, Option<&'s Session>, &'s Session)> + use<'s> {
    let (known, after) = (*known, *after);
    let of = |class: &'s str| (class, known.filter(|known| known.classroom_id == class), after);
    let left = known.map(|known| known.classroom_id.as_str()).filter(|class| *class != after.classroom_id);
    std::iter::once(after.classroom_id.as_str()).chain(left).map(of).collect::<Vec<_>>().into_iter()
}

/// Which classes would be told, and when, were this batch written now: of `news` among it, and of what is untold already.
pub(super) async fn foretell(
    tx: &mut Tx,
    news: &[News<'_>],
    untold: &Untold,
    batch: &[&Session],
) -> Result<Vec<Foretold>> {
    let (now, zone) = (tx.now(), tx.zone());
    let mut classes: BTreeMap<String, (At, Vec<Change>)> = BTreeMap::new();
    for (change, due) in to_tell(tx, news, untold).await? {
        let class = classes.entry(change.now.classroom_id.clone()).or_insert_with(|| (due, Vec::new()));
        class.0 = class.0.min(due);
        class.1.push(change);
    }
    let unwritten: HashMap<&str, &Session> = batch.iter().map(|session| (session.id.as_str(), *session)).collect();
    let mut told = Vec::new();
    for (classroom_id, (at, mut changes)) in classes {
        for (id, json) in store::untold_of(tx, &classroom_id).await? {
            if changes.iter().any(|change| change.now.id == id) {
                continue;
            }
            let written = match unwritten.get(id.as_str()) {
                Some(session) => Some((*session).clone()),
                None => store::session(tx, &id).await?,
            };
            if let Some(now) = written {
                changes.push(Change { known: read(json.as_deref())?, now: changes::seen_by(&classroom_id, &now) });
            }
        }
        if !said(tx, &classroom_id, &mut changes, &unwritten, at).await?.is_empty() {
            let wait = changes::wait(at, now, zone);
            told.push(Foretold { classroom_id, at, wait });
        }
    }
    Ok(told)
}

/// What a notice at `at` says of changes in a class; of the sessions some (by their ids) are not written yet.
async fn said(
    tx: &mut Tx,
    classroom_id: &str,
    changes: &mut Vec<Change>,
    unwritten: &HashMap<&str, &Session>,
    at: At,
) -> Result<Vec<Text>> {
    let own = |session: &&&Session| session.classroom_id == classroom_id;
    let own: Vec<&Session> = unwritten.values().filter(own).copied().collect();
    let mut standing = Vec::new();
    for known in changes.iter().filter_map(|change| change.known.as_ref()) {
        // Only those at the same start may be the same lesson.
        let until = At(known.start_at.millis() + 1);
        let mut found = store::of_classroom(tx, classroom_id, known.start_at, until).await?;
        found.retain(|session| !unwritten.contains_key(session.id.as_str()));
        standing.extend(found);
        standing.extend(own.iter().filter(|session| session.start_at == known.start_at).copied().cloned());
    }
    standing.sort_by(|a, b| (a.start_at, &a.id).cmp(&(b.start_at, &b.id)));
    changes::pair(changes, &standing);
    Ok(changes::lines(changes, at, tx.zone()))
}

/// A session that was planned at `since` or later is taken back; `false` when its class may know of it by a notice.
pub(super) async fn take_back(tx: &mut Tx, session: &Session, since: At) -> Result<bool> {
    if store::drop_addition(tx, &session.id).await? {
        return Ok(true);
    }
    // One may be on its way, or have been told.
    let on_its_way = store::untold(tx, &session.id).await?;
    Ok(on_its_way.is_empty() && !store::was_noticed(tx, &session.classroom_id, since).await?)
}

fn notice(classroom_id: &str, due: At) -> Result<Put> {
    let notice = Notice { classroom_id: classroom_id.to_owned() };
    let put = Put::new(NOTICE, format!("{NOTICE}:{classroom_id}:{}", due.millis()), &notice)?;
    Ok(put.lane(format!("{NOTICE}:{classroom_id}")).due(due))
}

/// What is looked at of a session that will be planned.
#[derive(Debug, Clone, Copy)]
pub struct Newcomer<'a> {
    pub id: &'a str,
    pub classroom_id: &'a str,
    pub start_at: At,
}

impl<'a> Newcomer<'a> {
    pub fn of(session: &'a Session) -> Self {
        Self { id: &session.id, classroom_id: &session.classroom_id, start_at: session.start_at }
    }
}

/// Of the sessions about to be planned, those that are news: additions to a week that the class knows. A week that had
/// nothing is a timetable being made, which who looks will find.
pub(super) async fn news(tx: &mut Tx, planned: &[Newcomer<'_>]) -> Result<HashSet<String>> {
    let (zone, now) = (tx.zone(), tx.now());
    let until = changes::horizon(now.plus_days(2), zone);
    let soon = |session: &Newcomer<'_>| session.start_at > now && session.start_at < until;
    let with_group = with_group(tx).await?;
    let mut weeks: HashMap<_, Vec<&str>> = HashMap::new();
    for session in planned.iter().copied().filter(soon).filter(|session| with_group.contains(session.classroom_id)) {
        let first = monday(zone.day(session.start_at));
        weeks.entry((session.classroom_id, first)).or_default().push(session.id);
    }
    let mut news = HashSet::new();
    for ((class, first), sessions) in weeks {
        let from = zone.start_of(first);
        if !store::of_classroom(tx, class, from, from.plus_days(7)).await?.is_empty() {
            news.extend(sessions.into_iter().map(str::to_owned));
        }
    }
    Ok(news)
}

/// Classes that have a group.
async fn with_group(tx: &mut Tx) -> Result<HashSet<String>> {
    Ok(groups(tx).await?.into_iter().map(|group| group.classroom_id).collect())
}

/// What this notice has to say, with all that is untold by now; `None` when nothing is. `id` is its row's key.
pub async fn telling(tx: &mut Tx, id: &str, classroom_id: &str) -> Result<Option<Telling>> {
    let (now, zone) = (tx.now(), tx.zone());
    let today = zone.day(now);
    store::forget_told(tx, classroom_id, now.plus_days(-1), &today.pred_opt().unwrap_or(today).to_string()).await?;
    store::take_untold(tx, classroom_id, id).await?;
    let mut changes = Vec::new();
    for (session_id, json) in store::taken(tx, id).await? {
        let Some(now) = store::session(tx, &session_id).await? else { continue };
        changes.push(Change { known: read(json.as_deref())?, now: changes::seen_by(classroom_id, &now) });
    }
    // One that was held up (a stop, Telegram away) may come in quiet hours: it waits like any other.
    let soon = now.plus_minutes(-changes::TOGETHER_MINUTES);
    let dues = changes.iter().filter_map(|change| changes::due(change.first(now)?, soon, quiet(tx)));
    if let Some(due) = dues.min().filter(|due| *due > now) {
        store::release_taken(tx, id, due).await?;
        outbox::put(tx, notice(classroom_id, due)?).await?;
        return Ok(None);
    }
    let lines = said(tx, classroom_id, &mut changes, &HashMap::new(), now).await?;
    let group = group_of(tx, classroom_id).await?.filter(|_| !lines.is_empty());
    let Some(group) = group else {
        store::drop_taken(tx, id).await?;
        store::drop_notice(tx, id).await?;
        return Ok(None);
    };
    let class = classroom(tx, classroom_id).await?;
    let lang = class.and_then(|class| class.lang).unwrap_or(tx.config().school.language);
    let mut before = store::notices(tx, classroom_id, &today.to_string()).await?;
    before.retain(|(known, _)| known != id);
    let into = match before.pop() {
        Some((last, said)) if before.len() + 1 >= changes::MOST_A_DAY => Some((last, serde_json::from_str(&said)?)),
        _ => {
            // Noted before it leaves: one whose answer is lost counts too.
            store::note_notice(tx, id, classroom_id, &today.to_string(), &serde_json::to_string(&lines)?).await?;
            None
        }
    };
    let sessions = changes.into_iter().map(|change| change.now).collect();
    Ok(Some(Telling { chat: group.chat, lang, sessions, lines, into }))
}

/// The notice has left.
pub async fn told(tx: &mut Tx, id: &str, telling: &Telling, said: &[Text]) -> Result<()> {
    for session in &telling.sessions {
        // Changed again while it left: from what was told.
        store::told_now(tx, &session.id, &session.classroom_id, &serde_json::to_string(session)?).await?;
    }
    store::drop_taken(tx, id).await?;
    if let Some((last, _)) = &telling.into {
        store::add_to_notice(tx, last, &serde_json::to_string(said)?).await?;
    }
    Ok(())
}

/// The reminder of a session has left: it said how things stand.
pub async fn reminded(tx: &mut Tx, session: &Session) -> Result<()> {
    store::drop_reminded(tx, &session.id, session.revision).await
}

fn read(json: Option<&str>) -> Result<Option<Session>> {
    Ok(json.map(serde_json::from_str).transpose()?)
}

fn quiet(tx: &Tx) -> Quiet {
    let school = &tx.config().school;
    Quiet { zone: school.time_zone, from: school.quiet_from, until: school.quiet_until }
}
