//! The roll, the sheet, `/presence` and `/moi`.
//!
//! `roll` names and states, picked and set · `sheet` which sheet, validated, sent · `own` one's own line and contesting it.

mod own;
mod roll;
mod sheet;

pub use self::own::{contest, contest_words, decide, me, refusal};
pub use self::roll::{except, here, list, one, reason, reason_words, save, set};
pub use self::sheet::{file, presence, sheet, validate};
use super::flow::{self, Unchanged};
use super::screens::{self, At as Spot, Show};
use super::{SheetState, roll_slot};
use crate::kernel::{Result, Text};
use crate::school::roster::Role;
use crate::school::roster::flow::{classrooms_of, person};
use crate::school::session::Session;
use crate::school::session::flow::session;
use crate::telegram::command::{Answer, Turn};
use crate::text;

/// May this person act on this session's sheet? Its teacher, and those in charge of the class.
async fn in_charge(turn: &mut Turn<'_>, session: &Session) -> Result<Option<String>> {
    let Some(id) = turn.who.person.clone() else { return Ok(None) };
    if session.teacher_id.as_deref() == Some(id.as_str()) {
        return Ok(Some(id));
    }
    let Some(person) = person(turn.tx, &id).await? else { return Ok(None) };
    let classes = classrooms_of(turn.tx, &id).await?;
    let allowed = match person.role {
        Role::Student | Role::Teacher => false,
        Role::Supervisor => classes.is_empty() || classes.contains(&session.classroom_id),
        Role::Manager | Role::Admin => true,
    };
    Ok(allowed.then_some(id))
}

/// The session of a press, if the presser is in charge of it.
async fn mine(turn: &mut Turn<'_>, session_id: &str) -> Result<std::result::Result<(Session, String), Answer>> {
    let Some(session) = session(turn.tx, session_id).await? else {
        return Ok(Err(Answer::alert(text!("attendance-gone")).loud()));
    };
    Ok(match in_charge(turn, &session).await? {
        Some(by) => Ok((session, by)),
        None => Err(Answer::alert(text!("attendance-not-yours")).loud()),
    })
}

async fn show(turn: &mut Turn<'_>, session: &Session, what: Show) -> Result<Answer> {
    let Some(view) = flow::view(turn.tx, session).await? else {
        return Ok(Answer::alert(text!("attendance-not-open")).loud());
    };
    let screen = screens::screen(&view, &what)?;
    if view.sheet.state != SheetState::Running || !turn.is_private() {
        return Ok(Answer::screen(screen));
    }
    // While the lesson runs, the message that was touched last is the one that follows it.
    let account = turn.who.account;
    flow::showing(turn.tx, &session.id, account, &what, &screens::fingerprint(&screen)).await?;
    Ok(Answer::screen(screen).slot(roll_slot(&session.id, account)))
}

fn unchanged(why: &Unchanged) -> Text {
    match why {
        Unchanged::Stale => text!("attendance-stale"),
        Unchanged::Locked => text!("attendance-locked"),
        Unchanged::Same => text!("attendance-same"),
        Unchanged::NotAbsent => text!("attendance-not-absent"),
        Unchanged::Gone => text!("attendance-gone"),
    }
}

fn spot(turn: &Turn<'_>) -> Result<Spot> {
    Ok(serde_json::from_str(&turn.args)?)
}
