//! Which sheet; validating it; having it sent.

use std::collections::HashMap;

use super::super::flow::{self, Unchanged, Validated};
use super::super::screens::{self, Choice, Show};
use super::super::{SheetState, store, waits};
use super::{mine, show, spot, unchanged};
use crate::kernel::Result;
use crate::school::classroom::flow::classroom;
use crate::school::rights::Act;
use crate::school::roster::flow::{may, person};
use crate::telegram::command::{Answer, Turn};
use crate::text;

/// `/presence` looks back so many days.
const DAYS_BACK: i64 = 7;

/// The roll or the sheet, from its first screen.
pub async fn sheet(turn: &mut Turn<'_>) -> Result<Answer> {
    let spot = spot(turn)?;
    if spot.give_up {
        turn.end_question().await?;
    }
    let session = match mine(turn, &spot.session).await? {
        Ok((session, _)) => session,
        Err(answer) => return Ok(answer),
    };
    let answer = show(turn, &session, Show::Main).await?;
    // Who closes a sheet that waits for them should not take it for done.
    let waits = store::sheet(turn.tx, &session.id).await?.is_some_and(|sheet| sheet.waits());
    Ok(if spot.closing && waits { answer.with_alert(text!("attendance-closed")) } else { answer })
}

/// `[Valider]`
pub async fn validate(turn: &mut Turn<'_>) -> Result<Answer> {
    let spot = spot(turn)?;
    let (session, by) = match mine(turn, &spot.session).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    match flow::validate(turn.tx, &session.id, &by, spot.version, spot.leave_open).await? {
        Validated::Done => Ok(show(turn, &session, Show::Main).await?.with_alert(text!("attendance-validated-alert"))),
        Validated::Open(count) => show(turn, &session, Show::AskOpen { count, version: spot.version }).await,
        Validated::Refused(why) => {
            let answer = show(turn, &session, Show::Main).await?.with_alert(unchanged(&why));
            Ok(if why == Unchanged::Same { answer } else { answer.loud() })
        }
    }
}

/// `[Recevoir la feuille]`
pub async fn file(turn: &mut Turn<'_>) -> Result<Answer> {
    let spot = spot(turn)?;
    let session = match mine(turn, &spot.session).await? {
        Ok((session, _)) => session,
        Err(answer) => return Ok(answer),
    };
    let Some(sheet) = store::sheet(turn.tx, &session.id).await? else {
        return Ok(Answer::alert(text!("attendance-not-open")).loud());
    };
    flow::file_for(turn.tx, &session.id, turn.who.account, sheet.revision).await?;
    Ok(Answer::alert(text!("attendance-file-coming")))
}

/// `/presence`: the sheets of the last days, and whatever waits to be validated.
pub async fn presence(turn: &mut Turn<'_>) -> Result<Answer> {
    sheets(turn, 0).await
}

/// Another page of it.
pub async fn presence_page(turn: &mut Turn<'_>) -> Result<Answer> {
    let page = turn.args.trim().parse().unwrap_or(0);
    sheets(turn, page).await
}

async fn sheets(turn: &mut Turn<'_>, page: usize) -> Result<Answer> {
    let (zone, now) = (turn.tx.zone(), turn.tx.now());
    let Some(id) = turn.who.person.clone() else { return Ok(Answer::say(text!("session-who-are-you"))) };
    let Some(person) = person(turn.tx, &id).await? else { return Ok(Answer::say(text!("session-who-are-you"))) };
    let from = zone.start_of(zone.day(now.plus_days(-DAYS_BACK)));
    // By class: may they act on its sheets, and what is it called?
    let mut classes: HashMap<String, (bool, String)> = HashMap::new();
    let mut choices = Vec::new();
    for known in store::to_choose(turn.tx, from, now.plus_minutes(1)).await? {
        if !classes.contains_key(&known.classroom_id) {
            let theirs = may(turn.tx, &person, Act::Roll, &known.classroom_id, false).await?;
            let name = classroom(turn.tx, &known.classroom_id).await?.map(|class| class.name).unwrap_or_default();
            classes.insert(known.classroom_id.clone(), (theirs, name));
        }
        let Some((theirs, class)) = classes.get(&known.classroom_id) else { continue };
        if *theirs || known.teacher_id.as_deref() == Some(id.as_str()) {
            choices.push(Choice {
                session: known.session_id,
                class: class.clone(),
                subject: known.subject,
                start: known.start_at,
                running: known.state == SheetState::Running,
                waits: waits(known.state, known.validated_at),
                version: known.version,
            });
        }
    }
    if choices.is_empty() {
        return Ok(Answer::say(text!("attendance-none", count = DAYS_BACK)));
    }
    Ok(Answer::screen(screens::choose(choices, page, zone)?))
}
