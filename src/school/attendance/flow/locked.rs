//! A sheet that is old enough is locked: two people change it.

use super::super::rules::{Settings, locked_before};
use super::super::{LateChange, Source, Verdict, store};
use super::contesting::answer_contest;
use super::{CHANGE, Correction, Unchanged, correct, object};
use crate::kernel::{Error, Result, Text};
use crate::platform::store::Tx;
use crate::school::approval::flow::{self as approval, Ask};
use crate::school::audit::Actor;
use crate::school::audit::flow::{record, record_many};
use crate::school::classroom::flow::classroom;
use crate::school::roster::Role;
use crate::school::roster::flow::person;
use crate::school::session::flow::session;
use crate::school::session::title;
use crate::text;

/// Locks what is old enough and can be contested no more, and forgets which screens of a roll stood where.
pub async fn lock(tx: &mut Tx) -> Result<usize> {
    store::forget_shown(tx, tx.now().plus_days(-1)).await?;
    let (now, days) = (tx.now(), *tx.config().section::<Settings>()?);
    let (ended, validated) = locked_before(now, days.lock_days, days.contest_days);
    let moved = |session: String| (object(&session), Some("validated".to_owned()), Some("locked".to_owned()));
    let locked: Vec<_> = store::lock(tx, ended, validated).await?.into_iter().map(moved).collect();
    record_many(tx, &Actor::System, "sheet.locked", &locked).await?;
    Ok(locked.len())
}

/// A locked sheet is changed by two: asks for the second person. `false` when just this waits for an answer already.
pub async fn ask_change(tx: &mut Tx, change: &LateChange) -> Result<bool> {
    let Some(session) = session(tx, &change.session).await? else { return Ok(false) };
    let Some(line) = store::line(tx, &change.session, &change.person).await? else { return Ok(false) };
    let payload = serde_json::to_value(change)?;
    let asked = payload.to_string();
    if approval::open_agreements(tx).await?.iter().any(|one| one.kind == CHANGE && one.payload == asked) {
        return Ok(false);
    }
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
    // An admin who asks is one voice; it takes another's.
    let is_admin = person(tx, &change.by).await?.is_some_and(|person| person.role == Role::Admin);
    let needs = if is_admin { 2 } else { 1 };
    let ask = Ask { kind: CHANGE, effects, payload, needs, asked_by: Some(change.by.clone()), hours: 72 };
    approval::ask(tx, ask).await?;
    let actor = Actor::Person(change.by.clone());
    let object = format!("sheet:{}:{}", change.session, change.person);
    record(tx, &actor, "sheet.change_asked", &object, None, Some(change.mark.code())).await?;
    Ok(true)
}

/// What was agreed is carried out.
pub async fn carry_out(tx: &mut Tx, change: &LateChange) -> Result<()> {
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
        words => Text::verbatim(words),
    }
}
