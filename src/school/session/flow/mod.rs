//! Planning, moving and cancelling sessions; announcing an absence. Everything due hangs on the session's own rows;
//! `many` sessions in numbers · `notices` what a class is told of changes · `groups` who may join a class's group ·
//! `calling` when its call is due, and what became of it.

mod calling;
mod groups;
mod many;
mod notices;

use serde::{Deserialize, Serialize};

pub use self::calling::{call_again, call_is, call_is_ahead, call_missed};
pub use self::groups::{asks_to_join, grouped, still_joins};
pub use self::many::{
    Arrange, LeftOut, Staged, arrange, clear, clear_old, flip, flip_rest, foretell, fresh, is_news, stage,
};
pub use self::notices::{Newcomer, Notice, Telling, reminded, telling, told};
pub use super::store::{
    announced, between, call_state, of_classroom, of_teacher, planned, planned_in, session, teaches, teaches_in,
};
use super::{CALL, CLASS_SETTLED, CLOSE, CallState, FOLLOW, HANG_UP, OPEN, REMIND, SHOW, Session, State, rules, store};
use crate::kernel::secret::fingerprint;
use crate::kernel::{At, Result, Text};
use crate::platform::outbox::{self, Put};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::classroom::flow::managers_changed;
use crate::school::rights::Act;
use crate::school::roster::flow::{may, person as who};
use crate::text;

/// What the rows of a session carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    pub session_id: String,
    /// The start for which the row was written: a session that moved has other rows.
    pub start_at: At,
}

/// A look at the session's message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    pub session_id: String,
    /// What stands there tells of other hours: it becomes a note of the move.
    pub moved: bool,
    /// The class that the session left: what stands in that one's group is meant.
    #[serde(default)]
    pub left: Option<String>,
    /// Something was promised that stands in it: where there is none, one is sent.
    #[serde(default)]
    pub send: bool,
}

/// Plans a session (id and revision are given here) and everything that is due for it.
pub async fn plan(tx: &mut Tx, actor: &Actor, mut session: Session) -> Result<String> {
    session.id = tx.new_id();
    session.revision = 1;
    let news = notices::news(tx, &[Newcomer::of(&session)]).await?;
    store::insert(tx, &session).await?;
    record(tx, actor, "session.planned", &object(&session.id), None, Some(&summary(&session))).await?;
    schedule(tx, &session).await?;
    if news.contains(&session.id) {
        notices::changed(tx, None, &session).await?;
    }
    if session.teacher_id.is_some() {
        managers_changed(tx, &session.classroom_id).await?;
    }
    Ok(session.id)
}

/// A change that was made: what the session was, and what it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    pub before: Session,
    pub after: Session,
}

/// Changes a session, be it to another class; it keeps its identity. What was due is withdrawn and what is due now is written. `None`: there is
/// no such session.
pub async fn change(tx: &mut Tx, actor: &Actor, mut after: Session) -> Result<Option<Changed>> {
    let Some(before) = store::session(tx, &after.id).await? else { return Ok(None) };
    after.revision = before.revision + 1;
    store::update(tx, &after).await?;
    record(tx, actor, "session.changed", &object(&after.id), Some(&summary(&before)), Some(&summary(&after))).await?;
    if rules::matters(&before, &after) {
        rearrange(tx, &after, before.start_at, left(&before, &after)).await?;
        notices::changed(tx, Some(&before), &after).await?;
    }
    if before.teacher_id != after.teacher_id || before.state != after.state || left(&before, &after).is_some() {
        managers_changed(tx, &after.classroom_id).await?;
    }
    if let Some(class) = left(&before, &after) {
        managers_changed(tx, class).await?;
    }
    Ok(Some(Changed { before, after }))
}

/// The class that a change takes a session out of.
fn left<'a>(before: &'a Session, after: &Session) -> Option<&'a str> {
    (before.classroom_id != after.classroom_id).then_some(before.classroom_id.as_str())
}

/// What was due for a session that was changed is withdrawn, and what is due now is written.
async fn rearrange(tx: &mut Tx, after: &Session, was_at: At, left: Option<&str>) -> Result<()> {
    unschedule(tx, &after.id).await?;
    if was_at != after.start_at {
        call_is_ahead(tx, &after.id).await?;
    }
    // What stands in the group is corrected before a new reminder goes under it. Back at hours that were told already,
    // the old message simply holds again.
    if let Some(class) = left {
        let look = Look { session_id: after.id.clone(), moved: false, left: Some(class.to_owned()), send: false };
        look_at(tx, "left", &look).await?;
    } else {
        let told = is_told(tx, after).await?;
        show(tx, after, "changed", was_at != after.start_at && !told).await?;
    }
    let (now, first) = (tx.now(), was_at.min(after.start_at));
    if after.state == State::Cancelled || (first.plus_minutes(-CLASS_SETTLED) <= now && now < after.end_at) {
        // Its roll may be open just now, or its call shown to those who wait for it.
        let about = About { session_id: after.id.clone(), start_at: after.start_at };
        let put = Put::new(FOLLOW, format!("{FOLLOW}:{}:changed:{}", after.id, after.revision), &about)?;
        outbox::put(tx, put.inner()).await?;
    }
    // Its call may be open just now: it ends with it, or with the new hours.
    let put = Put::new(HANG_UP, format!("{HANG_UP}:{}:changed:{}", after.id, after.revision), &after.id)?;
    outbox::put(tx, put.caller().repeatable()).await?;
    schedule(tx, after).await
}

/// Has the reminder of these hours left?
async fn is_told(tx: &mut Tx, session: &Session) -> Result<bool> {
    let row = outbox::store::look_up(tx, &reminder_key(session)).await?;
    Ok(row.is_some_and(|row| row.state == "completed"))
}

/// What became of a session's reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reminder {
    /// None left, and none will.
    None,
    /// It is performed just now, or is looked for: it may have left.
    Leaves,
    /// It left, may have left, or will.
    Left,
}

/// What became of the reminder of these hours. None leaves any more once the session has begun.
pub async fn reminder(tx: &mut Tx, session: &Session) -> Result<Reminder> {
    let row = outbox::store::look_up(tx, &reminder_key(session)).await?;
    let begun = tx.now() >= session.start_at;
    Ok(match row.as_ref().map(|row| row.state.as_str()) {
        None | Some("discarded" | "cancelled") => Reminder::None,
        Some("retryable") if begun && row.as_ref().is_some_and(|row| row.doubt_at.is_some()) => Reminder::Leaves,
        Some("scheduled" | "retryable") if begun => Reminder::None,
        Some("executing") => Reminder::Leaves,
        Some(_) => Reminder::Left,
    })
}

/// The start is in the key: hours are told once, and other hours again.
fn reminder_key(session: &Session) -> String {
    format!("{REMIND}:{}:{}", session.id, session.start_at.millis())
}

/// Cancels a session; what was announced of it is corrected. `None`: it was not planned.
pub async fn cancel(tx: &mut Tx, actor: &Actor, session_id: &str) -> Result<Option<Changed>> {
    match store::session(tx, session_id).await? {
        Some(session) if session.state == State::Planned => {
            change(tx, actor, Session { state: State::Cancelled, ..session }).await
        }
        _ => Ok(None),
    }
}

/// Takes back a session that was planned by mistake at `since` or later: as long as nobody was told of it, it never
/// was; then it is cancelled as any other, and no longer names its teacher.
pub async fn take_back(tx: &mut Tx, actor: &Actor, session: Session, since: At) -> Result<()> {
    let silent = tx.now() < session.start_at.plus_minutes(-rules::REMIND_BEFORE - 1);
    if silent && store::announced(tx, &session.id).await?.is_empty() && notices::take_back(tx, &session, since).await? {
        unschedule(tx, &session.id).await?;
        store::delete(tx, &session.id).await?;
        return record(tx, actor, "session.taken_back", &object(&session.id), Some(&summary(&session)), None).await;
    }
    change(tx, actor, Session { state: State::Cancelled, teacher_id: None, ..session }).await.map(|_| ())
}

/// Writes what is ahead of a session.
async fn schedule(tx: &mut Tx, session: &Session) -> Result<()> {
    outbox::put_many(tx, ahead(session, tx.now())?).await
}

/// What is ahead of a session at `now`.
fn ahead(session: &Session, now: At) -> Result<Vec<Put>> {
    let moments = rules::moments(session, now);
    let about = About { session_id: session.id.clone(), start_at: session.start_at };
    let lane = format!("session:{}", session.id);
    let (start, end) = (session.start_at.millis(), session.end_at.millis());
    let mut puts = Vec::new();
    if let Some((due, until)) = moments.remind {
        let put = Put::new(REMIND, reminder_key(session), &about)?;
        puts.push(put.lane(&lane).due(due.max(now)).until(until));
    }
    puts.extend(calling::ahead(session, now)?);
    for (kind, moment, mark) in
        [(OPEN, moments.open, start.to_string()), (CLOSE, moments.close, format!("{start}:{end}"))]
    {
        let Some((due, until)) = moment else { continue };
        let put = Put::new(kind, format!("{kind}:{}:{mark}", session.id), &about)?;
        puts.push(put.inner().lane(&lane).due(due.max(now)).until(until));
    }
    let look = Look { session_id: session.id.clone(), moved: false, left: None, send: false };
    for (name, moment) in [("here", moments.here), ("here-over", moments.here_over), ("over", moments.over)] {
        let Some((due, until)) = moment else { continue };
        let key = format!("{SHOW}:{}:{start}:{end}:{name}", session.id);
        puts.push(Put::new(SHOW, key, &look)?.lane(&lane).due(due.max(now)).until(until).repeatable());
    }
    Ok(puts)
}

async fn unschedule(tx: &mut Tx, session_id: &str) -> Result<()> {
    for kind in [REMIND, CALL, OPEN, CLOSE, SHOW] {
        outbox::cancel_like(tx, &format!("{kind}:{session_id}:"), "the session was changed").await?;
    }
    Ok(())
}

/// The session's message in the group is brought up to date (edited only; never a message by itself).
async fn show(tx: &mut Tx, session: &Session, why: &str, moved: bool) -> Result<()> {
    look_at(tx, why, &Look { session_id: session.id.clone(), moved, left: None, send: false }).await
}

async fn look_at(tx: &mut Tx, why: &str, look: &Look) -> Result<()> {
    let key = format!("{SHOW}:{}:{why}:{}", look.session_id, tx.new_id());
    let put = Put::new(SHOW, key, look)?.lane(format!("session:{}", look.session_id)).repeatable();
    outbox::put(tx, put).await.map(|_| ())
}

/// What a student announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Announcement {
    Absent,
    Late,
}

impl Announcement {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Late => "late",
        }
    }
}

/// Records an announcement; `false` when it stood already.
pub async fn announce(tx: &mut Tx, session_id: &str, person_id: &str, what: Announcement) -> Result<bool> {
    let fresh = store::announce(tx, session_id, person_id, what.code(), None).await?;
    if fresh {
        let actor = Actor::Person(person_id.to_owned());
        record(tx, &actor, "session.announced", &object(session_id), None, Some(what.code())).await?;
        follow(tx, session_id).await?;
    }
    Ok(fresh)
}

/// Takes an announcement back; `false` when there was none. Once the session is over it stays.
pub async fn withdraw(tx: &mut Tx, session_id: &str, person_id: &str) -> Result<bool> {
    let done = store::withdraw(tx, session_id, person_id).await?;
    if done {
        let actor = Actor::Person(person_id.to_owned());
        record(tx, &actor, "session.withdrawn", &object(session_id), None, None).await?;
        follow(tx, session_id).await?;
    }
    Ok(done)
}

/// Somebody said something while the lesson runs, or came into its call before: what is shown of its roll follows, at
/// most every few seconds.
pub async fn follow(tx: &mut Tx, session_id: &str) -> Result<()> {
    let now = tx.now();
    follow_at(tx, session_id, now).await
}

/// As [`follow`], as of a moment that is still to come.
pub async fn follow_at(tx: &mut Tx, session_id: &str, at: At) -> Result<()> {
    let Some(session) = store::session(tx, session_id).await? else { return Ok(()) };
    let calling = store::call_state(tx, session_id).await?.is_some_and(CallState::is_open);
    let due = rules::next_follow(at, calling);
    if (at < session.start_at && !calling) || due >= session.end_at {
        return Ok(());
    }
    let about = About { session_id: session.id.clone(), start_at: session.start_at };
    let put = Put::new(FOLLOW, format!("{FOLLOW}:{session_id}:{}", due.millis()), &about)?;
    outbox::put(tx, put.inner().due(due)).await.map(|_| ())
}

/// The session and the student who pressed under it, if it is theirs and not over; otherwise what to tell them.
pub async fn of_student(
    tx: &mut Tx,
    session_id: &str,
    person: Option<&str>,
) -> Result<std::result::Result<(Session, String), Text>> {
    let Some(session) = store::session(tx, session_id).await? else { return Ok(Err(text!("session-gone"))) };
    let Some(person) = person else { return Ok(Err(text!("session-who-are-you"))) };
    let found = who(tx, person).await?;
    let may = match &found {
        Some(found) => may(tx, found, Act::Announce, &session.classroom_id, false).await?,
        None => false,
    };
    if !may {
        // Its own teacher is of no class: whoever is no student hears that first.
        let staff = found.is_some_and(|found| !Act::Announce.is_ever(Some(found.role)));
        return Ok(Err(if staff { text!("session-students-only") } else { text!("session-not-yours") }));
    }
    if session.state == State::Cancelled {
        return Ok(Err(text!("session-cancelled-alert")));
    }
    if tx.now() >= session.end_at {
        return Ok(Err(text!("session-over-alert")));
    }
    Ok(Ok((session, person.to_owned())))
}

fn object(session_id: &str) -> String {
    format!("session:{session_id}")
}

/// For the audit: what a session is, without people's names. A link is told by its fingerprint: it may hold a key.
fn summary(session: &Session) -> String {
    let or_none = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
    let teacher = match (&session.teacher_id, session.teacher_name.trim()) {
        (Some(id), _) => format!("person:{id}"),
        (None, "") => "–".to_owned(),
        // A name that is nobody's in the roster.
        (None, name) => format!("name:{}", fingerprint(name)),
    };
    format!(
        "{:?} {:?}–{:?} {} | {} | {:?} | teacher {teacher} | link {} | ref {} | class {}",
        session.state,
        session.start_at,
        session.end_at,
        session.subject,
        session.room,
        session.mode,
        session.link.as_deref().map_or_else(|| "–".to_owned(), fingerprint),
        or_none(&session.reference),
        session.classroom_id
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::school::session::Mode;

    #[test]
    fn the_audit_shows_whatever_changed() {
        let session = Session {
            id: "s".to_owned(),
            classroom_id: "c".to_owned(),
            reference: None,
            start_at: At(0),
            end_at: At(1),
            subject: "Réseaux".to_owned(),
            teacher_id: None,
            teacher_name: String::new(),
            room: String::new(),
            mode: Mode::OnSite,
            link: None,
            state: State::Planned,
            revision: 1,
        };
        let with = |change: fn(&mut Session)| {
            let mut other = session.clone();
            change(&mut other);
            other
        };
        let some = |text: &str| Some(text.to_owned());
        let changed = [
            with(|s| s.classroom_id = "d".to_owned()),
            with(|s| s.reference = Some("R1".to_owned())),
            with(|s| s.start_at = At(-60_000)),
            with(|s| s.end_at = At(60_000)),
            with(|s| s.subject = "Algo".to_owned()),
            with(|s| s.teacher_id = Some("p".to_owned())),
            with(|s| s.teacher_name = "Roy".to_owned()),
            with(|s| s.room = "B204".to_owned()),
            with(|s| s.mode = Mode::Remote),
            with(|s| s.link = Some("https://a.example".to_owned())),
            with(|s| s.state = State::Cancelled),
        ];
        for other in changed {
            assert_ne!(summary(&session), summary(&other), "{other:?}");
        }
        let link = Session { link: some("https://visio.example/geheim"), teacher_name: "Roy".to_owned(), ..session };
        assert!(!summary(&link).contains("geheim") && !summary(&link).contains("Roy"));
    }
}
