//! A sheet that is old enough is locked: two people change it.

use super::super::rules::{Settings, locked_before};
use super::super::{Agreed, LateChange, LateRoll, Line, Mark, Sheet, SheetState, Source, Verdict, store};
use super::changing::{Roll, mark_open};
use super::contesting::answer_contest;
use super::{CHANGE, Correction, Unchanged, correct, object};
use crate::kernel::{At, Error, Result, Text};
use crate::platform::store::Tx;
use crate::school::approval::flow::{self as approval, Ask};
use crate::school::audit::Actor;
use crate::school::audit::flow::{record, record_many};
use crate::school::classroom::flow::classroom;
use crate::school::rights::Act;
use crate::school::roster::flow::person;
use crate::school::session::flow::session;
use crate::school::session::title;
use crate::text;

/// Sheets of lessons that ended before this are locked.
fn deadline(tx: &Tx) -> Result<At> {
    Ok(locked_before(tx.now(), tx.config().section::<Settings>()?.lock_days))
}

/// A session's sheet as it stands now: old enough it is locked, though the night that writes so is still to come.
pub async fn sheet(tx: &mut Tx, session_id: &str) -> Result<Option<Sheet>> {
    let Some(mut sheet) = store::sheet(tx, session_id).await? else { return Ok(None) };
    if matches!(sheet.state, SheetState::Proposed | SheetState::Validated)
        && let Some(session) = session(tx, session_id).await?
        && session.end_at < deadline(tx)?
    {
        sheet.state = SheetState::Locked;
    }
    Ok(Some(sheet))
}

/// Locks what is old enough, validated or not, and forgets which screens of a roll stood where.
pub async fn lock(tx: &mut Tx) -> Result<usize> {
    store::forget_shown(tx, tx.now().plus_days(-1)).await?;
    let ended = deadline(tx)?;
    let moved = |(session, validated): (String, bool)| {
        let was = if validated { "validated" } else { "proposed" };
        (object(&session), Some(was.to_owned()), Some("locked".to_owned()))
    };
    let locked: Vec<_> = store::lock(tx, ended).await?.into_iter().map(moved).collect();
    record_many(tx, &Actor::System, "sheet.locked", &locked).await?;
    Ok(locked.len())
}

/// A locked sheet is changed by two: asks for the second person. `false` when just this waits for an answer already.
pub async fn ask_change(tx: &mut Tx, change: &LateChange) -> Result<bool> {
    let Some(session) = session(tx, &change.session).await? else { return Ok(false) };
    let Some(line) = store::line(tx, &change.session, &change.person).await? else { return Ok(false) };
    let new = Verdict {
        mark: change.mark,
        late: change.late,
        early: change.early,
        minutes: line.minutes,
        source: Source::Manual,
    };
    let class = classroom(tx, &session.classroom_id).await?.map(|class| class.name).unwrap_or_default();
    let effects = text!(
        "attendance-change-effects",
        class = class,
        session = title(&session, tx.zone()),
        name = line.short_name(),
        old = line.verdict().words(),
        new = new.words(),
        reason = reason_words(&change.reason)
    );
    if !ask_second(tx, effects, serde_json::to_value(change)?, &change.by).await? {
        return Ok(false);
    }
    let actor = Actor::Person(change.by.clone());
    let object = format!("sheet:{}:{}", change.session, change.person);
    record(tx, &actor, "sheet.change_asked", &object, None, Some(change.mark.code())).await?;
    Ok(true)
}

/// A roll on a locked sheet: one question about all that is still to be marked. `false` when just this waits already,
/// or nothing is to be marked.
pub async fn ask_roll(tx: &mut Tx, roll: &LateRoll) -> Result<bool> {
    let Some(session) = session(tx, &roll.session).await? else { return Ok(false) };
    let lines = store::lines(tx, &roll.session).await?;
    let open: Vec<&Line> = lines.iter().filter(|line| line.mark == Mark::Open).collect();
    if open.is_empty() {
        return Ok(false);
    }
    let is_absent = |line: &&&Line| roll.absent.contains(&line.person_id);
    let absent: Vec<String> = open.iter().filter(is_absent).map(|line| line.short_name()).collect();
    let class = classroom(tx, &session.classroom_id).await?.map(|class| class.name).unwrap_or_default();
    let effects = text!(
        "attendance-roll-effects",
        class = class,
        session = title(&session, tx.zone()),
        present = open.len() - absent.len(),
        absent = absent.len(),
        names = absent.join(", ")
    );
    if !ask_second(tx, effects, serde_json::to_value(roll)?, &roll.by).await? {
        return Ok(false);
    }
    let count = open.len().to_string();
    record(tx, &Actor::Person(roll.by.clone()), "sheet.roll_asked", &object(&roll.session), None, Some(&count)).await?;
    Ok(true)
}

/// `false` when just this waits for an answer already.
async fn ask_second(tx: &mut Tx, effects: Text, payload: serde_json::Value, by: &str) -> Result<bool> {
    let asked = payload.to_string();
    if approval::open_agreements(tx).await?.iter().any(|one| one.kind == CHANGE && one.payload == asked) {
        return Ok(false);
    }
    // An admin who asks is one voice; it takes another's.
    let decides = person(tx, by).await?.is_some_and(|person| Act::School.is_always(Some(person.role)));
    let needs = if decides { 2 } else { 1 };
    approval::ask(tx, Ask { kind: CHANGE, effects, payload, needs, asked_by: Some(by.to_owned()), hours: 72 }).await?;
    Ok(true)
}

/// What was agreed is carried out.
pub async fn carry_out(tx: &mut Tx, agreed: &Agreed) -> Result<()> {
    match agreed {
        Agreed::Line(change) => carry_out_line(tx, change).await,
        Agreed::Roll(roll) => carry_out_roll(tx, roll).await,
    }
}

async fn carry_out_roll(tx: &mut Tx, late: &LateRoll) -> Result<()> {
    let Some(sheet) = store::sheet(tx, &late.session).await? else { return Ok(()) };
    let roll = Roll { session_id: &late.session, absent: &late.absent, by: &late.by, agreed: true };
    match mark_open(tx, &roll, sheet.version).await? {
        Err(why @ Unchanged::Stale) => Err(Error::outage("sheet", &format!("{why:?}"))),
        // Nothing is left to be marked: somebody did it line by line.
        _ => Ok(()),
    }
}

async fn carry_out_line(tx: &mut Tx, change: &LateChange) -> Result<()> {
    let verdict =
        Verdict { mark: change.mark, late: change.late, early: change.early, minutes: None, source: Source::Manual };
    let correction = Correction {
        session_id: &change.session,
        person_id: &change.person,
        verdict,
        reason: &change.reason,
        by: &change.by,
        version: None,
        undo: false,
        agreed: true,
    };
    if let Err(why @ Unchanged::Stale) = correct(tx, &correction).await? {
        return Err(Error::outage("sheet", &format!("{why:?}")));
    }
    // The line may have said so already.
    answer_contest(tx, &change.session, &change.person, &change.reason, &change.by).await
}

/// The reason of a change as people read it: one of ours, or their own words.
pub fn reason_words(reason: &str) -> Text {
    match reason {
        "network" => text!("attendance-why-network"),
        "mistake" => text!("attendance-why-mistake"),
        "contest" => text!("attendance-why-contest"),
        "document" => text!("attendance-why-document"),
        "school" => text!("attendance-why-school"),
        words => Text::verbatim(words),
    }
}
