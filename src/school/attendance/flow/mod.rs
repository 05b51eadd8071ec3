//! From the opening of a sheet to its validation, and what follows.
//!
//! `opening` the sheet opens, closes and is asked about · `changing` a line is marked, corrected, pressed · `again` by a
//! key that was pressed before · `validating`
//! the teacher stands by it, and it is made public · `following` what is shown of it is kept up to date · `observing` what
//! is seen of its call · `naming` who somebody in it is · `contesting` a student objects · `locked` two people change what
//! is old.

mod again;
mod changing;
mod contesting;
mod following;
mod locked;
mod naming;
mod observing;
mod opening;
mod validating;

use serde::{Deserialize, Serialize};

pub use self::again::{Made, saved_before, taken_back_before, written_before};
pub use self::changing::{Correction, Here, ROLL_CALL, Roll, UNDO, correct, here, mark_open, take_back};
pub use self::contesting::{contest, contest_days, contested_instead, decide, may_contest};
pub use self::following::{boards, follow, forget, redrawn, refreshed, showing, shown};
pub use self::locked::{ask_change, ask_roll, carry_out, lock, reason_words, sheet};
pub use self::naming::match_peer;
pub use self::observing::{
    Observation, Visitor, goes_on, had_a_call, is_watched, last_complete_look, last_look, observe, sees, strangers,
    unseen, watch_from, watch_until,
};
use self::observing::{gone, inside, watch};
pub use self::opening::{Nudge, close, instead, nudge, open};
use self::opening::{lesson, rule};
pub use self::validating::{Validated, corrected, file_for, validate};
pub use super::store::{events, is_on_a_sheet, lines, sessions_with_sheet};
use super::{Early, Line, Mark, SheetState, Sight, Source, View, Watched, rules, store};
use crate::kernel::{At, Result};
use crate::platform::store::Tx;
use crate::school::classroom::flow::classroom;
use crate::school::rights::{Act, may_teach};
use crate::school::roster::flow::{may, person_of_account, reachable, staff_of, students_of};
use crate::school::roster::{Person, Reachable};
use crate::school::session::flow::announced;
use crate::school::session::{Mode, Session, State, head_with_day, is_ahead};

/// The call is open: those in charge see who comes, until the roll stands there. Foreseen by the calls.
pub const BOARD: &str = "call.board";
/// Looks whether a call goes on unseen.
pub const BLIND: &str = "attendance.blind";
pub const ROLL: &str = "attendance.roll";
pub const REFRESH: &str = "attendance.refresh";
pub const ASK: &str = "attendance.ask";
pub const NUDGE: &str = "attendance.nudge";
pub const TELL_NUDGE: &str = "attendance.tell_nudge";
pub const REPORT: &str = "attendance.report";
pub const FILE: &str = "attendance.file";
pub const LOCK: &str = "attendance.lock";
pub const CONTESTED: &str = "attendance.contested";
pub const DECIDED: &str = "attendance.decided";
/// Carries out an agreed change of a locked sheet.
pub const CHANGE: &str = "attendance.change";

/// A message about a session for one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct For {
    pub session_id: String,
    pub account: i64,
    /// The version of the sheet, where the message is about one.
    #[serde(default)]
    pub version: i64,
}

/// A message about a contest for one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContestFor {
    pub contest_id: String,
    pub account: i64,
}

/// Who gets the roll of a session: its teacher, else those in charge of the class.
pub async fn in_charge(tx: &mut Tx, session: &Session) -> Result<Vec<Reachable>> {
    // Whose right to teach still waits for an admin's word gets no roll.
    if let Some(teacher) = &session.teacher_id
        && let Some(found) = reachable(tx, teacher).await?.filter(|found| may_teach(found.role))
    {
        return Ok(vec![found]);
    }
    staff_of(tx, &session.classroom_id).await
}

/// May this person act on a session's roll, sheet and call? Its teacher while they teach, and who looks after the class.
pub async fn may_run(tx: &mut Tx, by: &Person, session: &Session) -> Result<bool> {
    let gives = session.teacher_id.as_deref() == Some(by.id.as_str());
    may(tx, by, Act::Roll, &session.classroom_id, gives).await
}

/// May whoever an account stands for see it? Asked again when a message is written: what was asked for may have waited
/// for hours, and the class be another's.
pub async fn may_see(tx: &mut Tx, account: i64, session: &Session) -> Result<bool> {
    match person_of_account(tx, account).await?.filter(|person| person.active) {
        Some(person) => may_run(tx, &person, session).await,
        None => Ok(false),
    }
}

/// Everything a screen of a sheet is made of; `None` when the sheet is not open yet.
pub async fn view(tx: &mut Tx, session: &Session) -> Result<Option<View>> {
    let Some(sheet) = sheet(tx, &session.id).await? else { return Ok(None) };
    let lines = store::lines(tx, &session.id).await?;
    let classroom = classroom(tx, &session.classroom_id).await?.map(|class| class.name).unwrap_or_default();
    let said = announced(tx, &session.id).await?;
    let those = |kind: &str| -> Vec<String> {
        let is_so = |line: &&Line| said.iter().any(|(person, what)| *person == line.person_id && what == kind);
        lines.iter().filter(is_so).map(|line| line.person_id.clone()).collect()
    };
    let (absences, latenesses) = (those("absent"), those("late"));
    let contested = store::contested(tx, &session.id).await?;
    let (calling, strangers) = (is_watched(tx, &session.id).await?, strangers(tx, &session.id).await?);
    let extended = if calling { store::extended(tx, &session.id).await? } else { 0 };
    let running = sheet.state == SheetState::Running && calling;
    let gone = if running { gone(tx, &session.id).await? } else { Vec::new() };
    let (watched, sight) = watched(tx, session).await?;
    let zone = tx.zone();
    let head = head_with_day(session, zone);
    Ok(Some(View {
        session: session.clone(),
        head,
        classroom,
        sheet,
        lines,
        absences,
        latenesses,
        contested,
        calling,
        extended,
        gone,
        strangers,
        watched,
        sight,
        zone,
    }))
}

/// How the session's call was watched so far; `None` when there was none.
async fn watched(tx: &mut Tx, session: &Session) -> Result<(Option<Watched>, Sight)> {
    let watch = watch(tx, &session.id).await?;
    if watch.opened.is_none() || session.mode == Mode::OnSite {
        return Ok((None, Sight::Clear));
    }
    let rule = rule(tx, session).await?;
    Ok((Some(rules::watched(&lesson(session), &watch, rule)), watch.sight(tx.now())))
}

/// Who is in the call before the lesson begins; `None` when the sheet is open, or no call is, or the lesson was moved away
/// from it.
pub async fn early(tx: &mut Tx, session: &Session) -> Result<Option<Early>> {
    let open = store::sheet(tx, &session.id).await?.is_some() || is_ahead(session, tx.now());
    if open || session.state != State::Planned || !is_watched(tx, &session.id).await? {
        return Ok(None);
    }
    let inside = inside(tx, &session.id).await?;
    let students = students_of(tx, &session.classroom_id).await?;
    let mark = |id: &String| if inside.contains(id) { Mark::Present } else { Mark::Open };
    let line = |person: Person| Line {
        mark: mark(&person.id),
        person_id: person.id,
        last_name: person.last_name,
        first_name: person.first_name,
        late: None,
        early: None,
        minutes: None,
        source: Source::Call,
        told_apart: None,
    };
    let mut lines: Vec<Line> = students.into_iter().map(line).collect();
    rules::in_order(&mut lines);
    let said = announced(tx, &session.id).await?.into_iter();
    let absences = said.filter(|(_, what)| what == "absent").map(|(person, _)| person).collect();
    let classroom = classroom(tx, &session.classroom_id).await?.map(|class| class.name).unwrap_or_default();
    let sight = watch(tx, &session.id).await?.sight(tx.now());
    Ok(Some(Early { session: session.clone(), classroom, lines, absences, sight, zone: tx.zone() }))
}

/// Why a change was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unchanged {
    /// The sheet was changed since the press was shown.
    Stale,
    /// Too old: one person may not change it alone.
    Locked,
    /// The line says this already.
    Same,
    /// A justification qualifies an absence; it makes none.
    NotAbsent,
    Gone,
}

/// Is the session's report public?
pub async fn is_public(tx: &mut Tx, session_id: &str) -> Result<bool> {
    Ok(store::sheet(tx, session_id).await?.is_some_and(|sheet| sheet.revision > 0))
}

/// The first moment from `at` on when staff may be pushed a message.
fn awake(tx: &Tx, at: At) -> At {
    let school = &tx.config().school;
    school.time_zone.after_quiet(at, school.quiet_from, school.quiet_until)
}

fn object(session_id: &str) -> String {
    format!("sheet:{session_id}")
}
