//! One line, or all that are open, by a person in charge; « Je suis là » by a student.

use super::super::rules::{NoPress, may_press};
use super::super::store::{self, Change};
use super::super::{EventKind, Line, Mark, Saved, Sheet, SheetState, Source, Verdict, Was};
use super::Unchanged;
use super::contesting::answer_contest;
use super::locked::sheet;
use super::observing::watch;
use super::opening::lesson;
use super::validating::publish;
use crate::kernel::Result;
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::session::Session;
use crate::school::session::flow::follow;

/// The reason of taking a change back: no answer to anybody.
pub const UNDO: &str = "undo";
/// The reason of marking who was not marked: none is asked.
pub const ROLL_CALL: &str = "roll";

/// A correction by a person in charge.
#[derive(Debug, Clone)]
pub struct Correction<'c> {
    pub session_id: &'c str,
    pub person_id: &'c str,
    pub verdict: Verdict,
    pub reason: &'c str,
    pub by: &'c str,
    /// The version that was on the screen; `None` does not mind.
    pub version: Option<i64>,
    /// Takes a change back: the line is again what `verdict` says, its source too.
    pub undo: bool,
    /// A second person agreed: a locked sheet changes too.
    pub agreed: bool,
}

/// Marks one line by hand: an event, the line, a revision and who did it.
pub async fn correct(tx: &mut Tx, correction: &Correction<'_>) -> Result<std::result::Result<Line, Unchanged>> {
    let (session_id, person_id) = (correction.session_id, correction.person_id);
    let Some(sheet) = sheet(tx, session_id).await? else { return Ok(Err(Unchanged::Gone)) };
    let Some(line) = store::line(tx, session_id, person_id).await? else { return Ok(Err(Unchanged::Gone)) };
    if sheet.state == SheetState::Locked && !correction.agreed {
        return Ok(Err(Unchanged::Locked));
    }
    if correction.version.is_some_and(|version| version != sheet.version) {
        return Ok(Err(Unchanged::Stale));
    }
    let source = if correction.undo { correction.verdict.source } else { Source::Manual };
    let verdict = Verdict { source, minutes: line.minutes, ..correction.verdict };
    if verdict == line.verdict() {
        return Ok(Err(Unchanged::Same));
    }
    if verdict.mark == Mark::Justified && line.mark != Mark::Absent && !correction.undo {
        return Ok(Err(Unchanged::NotAbsent));
    }
    if !store::bump(tx, session_id, sheet.version).await? {
        return Ok(Err(Unchanged::Stale));
    }
    write(tx, &sheet, &line, &verdict, correction.reason, correction.by).await?;
    match sheet.state {
        SheetState::Running => follow(tx, session_id).await?,
        SheetState::Proposed => {}
        // Locked without having been validated: nobody stands by it yet.
        SheetState::Locked if sheet.validated_at.is_none() => {}
        SheetState::Validated | SheetState::Locked => publish(tx, session_id, correction.by).await?,
    }
    Ok(Ok(line))
}

/// The event, the line, the change and the audit; the sheet's version was raised by the caller.
async fn write(tx: &mut Tx, sheet: &Sheet, line: &Line, verdict: &Verdict, reason: &str, by: &str) -> Result<()> {
    let (old, new) = (serde_json::to_string(&line.verdict())?, serde_json::to_string(verdict)?);
    let session_id = sheet.session_id.as_str();
    // Taking a word back leaves nobody's word: what else was seen counts again.
    let word = match verdict.source {
        Source::Manual => *verdict,
        _ => Verdict { mark: Mark::Open, late: None, early: None, ..*verdict },
    };
    let word = serde_json::to_string(&word)?;
    store::insert_event(tx, session_id, &line.person_id, EventKind::Manual, by, Some(&word)).await?;
    store::set_line(tx, session_id, &line.person_id, verdict).await?;
    let change = Change { session_id, person_id: &line.person_id, version: sheet.version + 1, old, new, reason, by };
    store::insert_change(tx, &change).await?;
    let actor = Actor::Person(by.to_owned());
    let object = format!("sheet:{session_id}:{}", line.person_id);
    record(tx, &actor, "sheet.corrected", &object, Some(&change.old), Some(&change.new)).await?;
    // A roll is no answer to who objects: that is decided by itself, with a reason.
    if matches!(reason, UNDO | ROLL_CALL) {
        return Ok(());
    }
    answer_contest(tx, session_id, &line.person_id, reason, by).await
}

/// A roll: all are present but those.
#[derive(Debug, Clone, Copy)]
pub struct Roll<'r> {
    pub session_id: &'r str,
    pub absent: &'r [String],
    pub by: &'r str,
    /// A second person agreed: a locked sheet is marked too.
    pub agreed: bool,
}

/// Every open line becomes present, those of `absent` become absent; lines that somebody marked stay (while the session
/// runs, naming somebody absent overrules them). A sheet that somebody stands by is corrected, line by line. Gives what
/// the changed lines were.
pub async fn mark_open(tx: &mut Tx, roll: &Roll<'_>, version: i64) -> Result<std::result::Result<Vec<Was>, Unchanged>> {
    let Roll { session_id, absent, by, agreed } = *roll;
    let Some(sheet) = sheet(tx, session_id).await? else { return Ok(Err(Unchanged::Gone)) };
    // Once it is validated, lines are corrected one by one.
    if sheet.version != version || sheet.validated_at.is_some() {
        return Ok(Err(Unchanged::Stale));
    }
    if sheet.state == SheetState::Locked && !agreed {
        return Ok(Err(Unchanged::Locked));
    }
    let mut changes = Vec::new();
    for line in store::lines(tx, session_id).await? {
        let mark = match (absent.contains(&line.person_id), line.mark) {
            (true, Mark::Open) => Mark::Absent,
            (true, _) if sheet.state == SheetState::Running => Mark::Absent,
            (false, Mark::Open) => Mark::Present,
            _ => continue,
        };
        let verdict = Verdict { mark, late: None, early: None, minutes: line.minutes, source: Source::Manual };
        if verdict != line.verdict() {
            changes.push((line, verdict));
        }
    }
    if changes.is_empty() {
        return Ok(Err(Unchanged::Same));
    }
    if !store::bump(tx, session_id, version).await? {
        return Ok(Err(Unchanged::Stale));
    }
    for (line, verdict) in &changes {
        write(tx, &sheet, line, verdict, ROLL_CALL, by).await?;
    }
    if sheet.state == SheetState::Running {
        follow(tx, session_id).await?;
    }
    Ok(Ok(changes
        .into_iter()
        .map(|(line, _)| Was { person: line.person_id.clone(), verdict: line.verdict() })
        .collect()))
}

/// Takes a roll back: its lines are what they were, as long as nobody changed the sheet since. Gives how many.
pub async fn take_back(tx: &mut Tx, saved: &Saved, by: &str) -> Result<std::result::Result<usize, Unchanged>> {
    let session_id = saved.session.as_str();
    let Some(sheet) = sheet(tx, session_id).await? else { return Ok(Err(Unchanged::Gone)) };
    let open = matches!(sheet.state, SheetState::Running | SheetState::Proposed);
    if !open || sheet.version != saved.version || !store::bump(tx, session_id, saved.version).await? {
        return Ok(Err(Unchanged::Stale));
    }
    for was in &saved.lines {
        if let Some(line) = store::line(tx, session_id, &was.person).await? {
            write(tx, &sheet, &line, &was.verdict, UNDO, by).await?;
        }
    }
    if sheet.state == SheetState::Running {
        follow(tx, session_id).await?;
    }
    Ok(Ok(saved.lines.len()))
}

/// What became of « Je suis là ».
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Here {
    Noted,
    /// The roster was frozen at the start, without this person.
    NotOnSheet,
    Refused(NoPress),
}

/// « Je suis là ». The sheet's version stays: a teacher who is picking names need not begin again.
pub async fn here(tx: &mut Tx, session: &Session, person_id: &str) -> Result<Here> {
    let session_id = session.id.as_str();
    let watch = watch(tx, session_id).await?;
    if let Err(why) = may_press(&lesson(session), session.link.is_some(), &watch, tx.now()) {
        return Ok(Here::Refused(why));
    }
    let open = store::sheet(tx, session_id).await?.is_some();
    if open && store::line(tx, session_id, person_id).await?.is_none() {
        return Ok(Here::NotOnSheet);
    }
    let said = store::events(tx, session_id)
        .await?
        .iter()
        .any(|event| event.kind == EventKind::Button && event.person_id.as_deref() == Some(person_id));
    if !said {
        store::insert_event(tx, session_id, person_id, EventKind::Button, "group", None).await?;
        // Before the start there is no sheet yet: the press counts when it opens.
        store::press_line(tx, session_id, person_id).await?;
        follow(tx, session_id).await?;
    }
    Ok(Here::Noted)
}
