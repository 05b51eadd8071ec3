//! The session begins and ends; its sheet is asked about.

use serde::{Deserialize, Serialize};

use super::super::rules::{Judge, Lesson, Rule, Settings, by_person};
use super::super::{Event, EventKind, Line, NOBODY_MINUTES, Verdict, store};
use super::following::refresh;
use super::observing::{named, watch};
use super::{ASK, For, NUDGE, ROLL, TELL_NUDGE, awake, in_charge, object};
use crate::kernel::{At, Result};
use crate::platform::outbox::{self, Put};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::classroom::flow::classroom;
use crate::school::roster::flow::{staff_of, students_at};
use crate::school::session::flow::{About, session};
use crate::school::session::{NOBODY, Session, State};

/// The session begins: its roster is frozen as of `due`, however late this runs (the program may have been stopped), and
/// whoever is in charge gets the roll, which was due then. A session that was written down while it ran begins with that.
pub async fn open(tx: &mut Tx, about: &About, due: At) -> Result<bool> {
    let Some(session) = session(tx, &about.session_id).await? else { return Ok(false) };
    if session.state != State::Planned || session.start_at != about.start_at {
        return Ok(false);
    }
    if !store::insert_sheet(tx, &session.id).await? {
        return Ok(false);
    }
    for student in students_at(tx, &session.classroom_id, due).await? {
        store::insert_line(tx, &session.id, &student).await?;
    }
    // « Je suis là » may have been pressed before the start.
    propose_lines(tx, &session, true).await?;
    record(tx, &Actor::System, "sheet.opened", &object(&session.id), None, None).await?;
    let people = in_charge(tx, &session).await?;
    if !people.is_empty() && tx.now() < session.start_at.plus_minutes(NOBODY_MINUTES) {
        foresee_nobody(tx, &session, session.start_at).await?;
    }
    for person in people {
        let about = For { session_id: session.id.clone(), account: person.telegram_id, version: 1 };
        let key = format!("{ROLL}:{}:{}", session.id, person.telegram_id);
        let put = Put::new(ROLL, key, &about)?.lane(format!("chat:{}", person.telegram_id)).until(session.end_at);
        outbox::put(tx, put.due(due)).await?;
    }
    Ok(true)
}

/// With a call or without one, ten minutes after people could come: somebody may have forgotten.
pub(super) async fn foresee_nobody(tx: &mut Tx, session: &Session, since: At) -> Result<()> {
    let ten = since.max(session.start_at).plus_minutes(NOBODY_MINUTES).max(tx.now());
    let put = Put::new(NOBODY, nobody_key(session), &session.id)?;
    outbox::put(tx, put.inner().due(ten).until(session.end_at)).await.map(|_| ())
}

/// Nobody is missed in a call that hides who is in it: its roll says that they are to be marked.
pub(super) async fn forget_nobody(tx: &mut Tx, session: &Session) -> Result<()> {
    outbox::cancel(tx, &nobody_key(session), "nobody sees who is in the call").await.map(|_| ())
}

fn nobody_key(session: &Session) -> String {
    format!("{NOBODY}:{}:{}", session.id, session.start_at.millis())
}

/// The session ends: the rules propose, the teacher is asked.
pub async fn close(tx: &mut Tx, about: &About) -> Result<bool> {
    let Some(session) = session(tx, &about.session_id).await? else { return Ok(false) };
    if session.state != State::Planned {
        return Ok(false);
    }
    // A session whose opening was missed altogether still gets its sheet.
    open(tx, &About { session_id: session.id.clone(), start_at: session.start_at }, session.start_at).await?;
    if !store::propose(tx, &session.id).await? {
        return Ok(false);
    }
    record(tx, &Actor::System, "sheet.proposed", &object(&session.id), Some("running"), Some("proposed")).await?;
    // Who tied their account while they were in the call is known by now.
    store::link_peers(tx, &session.id).await?;
    propose_lines(tx, &session, false).await?;
    refresh(tx, &session.id, "over").await?;
    ask(tx, &session).await?;
    let hours = tx.config().section::<Settings>()?.clone();
    // The last one comes the day before the sheet is locked.
    let last = (hours.lock_days * 24 - 24).max(hours.escalate_hours + 24);
    for (step, after) in [("teacher", hours.remind_hours), ("supervisor", hours.escalate_hours), ("last", last)] {
        let due = awake(tx, session.end_at.plus_hours(after));
        let nudge = Nudge { session_id: session.id.clone(), step: step.to_owned() };
        let put =
            Put::new(NUDGE, format!("{NUDGE}:{}:{step}", session.id), &nudge)?.inner().due(due).until(due.plus_days(3));
        outbox::put(tx, put).await?;
    }
    Ok(true)
}

/// What the rules say of each line, from everything that was seen so far.
pub(super) async fn propose_lines(tx: &mut Tx, session: &Session, running: bool) -> Result<()> {
    for (line, verdict) in verdicts(tx, session, running).await? {
        if verdict != line.verdict() {
            store::set_line(tx, &session.id, &line.person_id, &verdict).await?;
        }
    }
    Ok(())
}

/// Each line as it is, and as the rules would have it.
pub(super) async fn verdicts(tx: &mut Tx, session: &Session, running: bool) -> Result<Vec<(Line, Verdict)>> {
    let events = store::events(tx, &session.id).await?;
    let named = named(tx, &session.id).await?;
    let tied = store::tied(tx, &session.id, session.end_at).await?;
    let rule = rule(tx, session).await?;
    let watch = watch(tx, &session.id).await?;
    let of_person = by_person(&events, &named);
    let judge = Judge::new(lesson(session), &watch, rule);
    let lines = store::lines(tx, &session.id).await?;
    let say = |line: Line| {
        let own = of_person.get(line.person_id.as_str()).map_or(&[][..], Vec::as_slice);
        let in_call = |event: &&Event| matches!(event.kind, EventKind::Joined | EventKind::Seen);
        let knowable = tied.contains(&line.person_id) || own.iter().any(in_call);
        let verdict = if running { judge.says_so_far(own) } else { judge.says(own, knowable) };
        (line, verdict)
    };
    Ok(lines.into_iter().map(say).collect())
}

/// The rule of a session's class.
pub(super) async fn rule(tx: &mut Tx, session: &Session) -> Result<Rule> {
    let class = classroom(tx, &session.classroom_id).await?.map(|class| class.name).unwrap_or_default();
    Ok(tx.config().section::<Settings>()?.rule_of(&class))
}

pub(super) const fn lesson(session: &Session) -> Lesson {
    Lesson { start: session.start_at, end: session.end_at, mode: session.mode }
}

/// A reminder of a sheet that is not validated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nudge {
    pub session_id: String,
    /// `teacher`, `supervisor`, or `last`: the supervisor once more.
    pub step: String,
}

/// The sheet is still not validated: the teacher, later those in charge of the class, are reminded.
pub async fn nudge(tx: &mut Tx, nudge: &Nudge) -> Result<()> {
    let Some(sheet) = store::sheet(tx, &nudge.session_id).await? else { return Ok(()) };
    let Some(session) = session(tx, &nudge.session_id).await? else { return Ok(()) };
    if !sheet.waits() {
        return Ok(());
    }
    let people = if nudge.step == "teacher" {
        in_charge(tx, &session).await?
    } else {
        staff_of(tx, &session.classroom_id).await?
    };
    let now = tx.now();
    let due = awake(tx, now);
    for person in people {
        let about = For { session_id: session.id.clone(), account: person.telegram_id, version: sheet.version };
        let key = format!("{TELL_NUDGE}:{}:{}:{}", session.id, nudge.step, person.telegram_id);
        let put = Put::new(TELL_NUDGE, key, &about)?.lane(format!("chat:{}", person.telegram_id));
        // Late, after a stop, it may be night.
        outbox::put(tx, put.due(due)).await?;
    }
    Ok(())
}

async fn ask(tx: &mut Tx, session: &Session) -> Result<()> {
    let version = store::sheet(tx, &session.id).await?.map_or(0, |sheet| sheet.version);
    for person in in_charge(tx, session).await? {
        let about = For { session_id: session.id.clone(), account: person.telegram_id, version };
        let key = format!("{ASK}:{}:{}", session.id, person.telegram_id);
        let put =
            Put::new(ASK, key, &about)?.lane(format!("chat:{}", person.telegram_id)).until(session.end_at.plus_days(2));
        outbox::put(tx, put).await?;
    }
    Ok(())
}

/// A roll or a proposed sheet that could not reach its reader goes to those in charge of the class.
pub async fn instead(tx: &mut Tx, session: &Session, kind: &'static str, about: &For) -> Result<()> {
    let until = if kind == ROLL { session.end_at } else { session.end_at.plus_days(2) };
    for person in staff_of(tx, &session.classroom_id).await? {
        let about = For { account: person.telegram_id, ..about.clone() };
        let put = Put::new(kind, format!("{kind}:{}:{}", session.id, person.telegram_id), &about)?;
        outbox::put(tx, put.lane(format!("chat:{}", person.telegram_id)).until(until)).await?;
    }
    Ok(())
}
