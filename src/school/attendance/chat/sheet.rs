//! Which sheet; validating it; having it sent.

use super::super::flow::{self, Unchanged, Validated};
use super::super::screens::{self, At as Spot, Show};
use super::super::{SheetState, store};
use super::{mine, show, spot, unchanged};
use crate::kernel::Result;
use crate::kernel::text::Arg;
use crate::school::classroom::flow::classroom;
use crate::school::roster::Role;
use crate::school::roster::flow::{classrooms_of, person};
use crate::school::session::Session;
use crate::school::session::flow::{between, of_teacher};
use crate::telegram::command::{Answer, Turn};
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// `/presence` looks back so many days, and shows so many sheets.
const DAYS_BACK: i64 = 7;
const MOST_SHEETS: usize = 8;

/// The roll or the sheet, from its first screen.
pub async fn sheet(turn: &mut Turn<'_>) -> Result<Answer> {
    let spot = spot(turn)?;
    if spot.give_up {
        turn.end_question().await?;
    }
    match mine(turn, &spot.session).await? {
        Ok((session, _)) => show(turn, &session, Show::Main).await,
        Err(answer) => Ok(answer),
    }
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

/// `/presence`: the sheets of the last days, the nearest first.
pub async fn presence(turn: &mut Turn<'_>) -> Result<Answer> {
    let (zone, now) = (turn.tx.zone(), turn.tx.now());
    let Some(id) = turn.who.person.clone() else { return Ok(Answer::say(text!("session-who-are-you"))) };
    let Some(person) = person(turn.tx, &id).await? else { return Ok(Answer::say(text!("session-who-are-you"))) };
    let from = zone.start_of(zone.day(now.plus_days(-DAYS_BACK)));
    let mut sessions = match person.role {
        Role::Student | Role::Teacher => of_teacher(turn.tx, &id, from, now.plus_minutes(1)).await?,
        _ => between(turn.tx, from, now.plus_minutes(1)).await?,
    };
    let classes = classrooms_of(turn.tx, &id).await?;
    if person.role == Role::Supervisor && !classes.is_empty() {
        let theirs = |session: &Session| session.teacher_id.as_deref() == Some(id.as_str());
        sessions.retain(|session| theirs(session) || classes.contains(&session.classroom_id));
    }
    sessions.reverse();
    let mut screen = Screen::new(text!("attendance-choose"));
    for session in &sessions {
        let Some(sheet) = store::sheet(turn.tx, &session.id).await? else { continue };
        let class = classroom(turn.tx, &session.classroom_id).await?.map(|class| class.name).unwrap_or_default();
        let day = Arg::Day(zone.day(session.start_at));
        let (hour, subject) = (zone.clock_hour(session.start_at), &session.subject);
        let label = if sheet.state == SheetState::Proposed {
            text!("attendance-choose-key-open", day = day, hour = hour, class = class, subject = subject)
        } else {
            text!("attendance-choose-key", day = day, hour = hour, class = class, subject = subject)
        };
        screen = screen.row([Key::press(label, screens::SHEET, Spot::of(&session.id, sheet.version).json()?)]);
        if screen.keys.len() >= MOST_SHEETS {
            break;
        }
    }
    let none = screen.keys.is_empty();
    Ok(if none { Answer::say(text!("attendance-none", count = DAYS_BACK)) } else { Answer::screen(screen) })
}
