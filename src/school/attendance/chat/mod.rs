//! The roll, the sheet, `/presence` and `/moi`.
//!
//! `roll` names and states, picked and set · `sheet` which sheet, validated, sent · `who` strangers in the call, minutes ·
//! `own` one's own line and contesting it.

mod own;
mod roll;
mod sheet;
mod who;

pub use self::own::{contest, contest_words, decide, me, me_page, refusal};
pub use self::roll::{except, here, list, one, reason, reason_words, save, set, unsave};
pub use self::sheet::{file, presence, presence_page, sheet, validate};
pub use self::who::{minutes, name, who};
use super::flow::{self, Unchanged};
use super::screens::{self, At as Spot, Show};
use super::{SheetState, roll_slot, store};
use crate::kernel::{Result, Text};
use crate::school::roster::flow::person;
use crate::school::session::flow::session;
use crate::school::session::{Session, State};
use crate::telegram::command::{Answer, Turn};
use crate::text;

/// May this person act on this session's sheet? Its teacher, and those in charge of the class.
async fn in_charge(turn: &mut Turn<'_>, session: &Session) -> Result<Option<String>> {
    let Some(id) = turn.who.person.clone() else { return Ok(None) };
    let Some(person) = person(turn.tx, &id).await? else { return Ok(None) };
    Ok(flow::may_run(turn.tx, &person, session).await?.then_some(id))
}

/// The session of a press, if the presser is in charge of it.
async fn mine(turn: &mut Turn<'_>, session_id: &str) -> Result<std::result::Result<(Session, String), Answer>> {
    let Some(session) = session(turn.tx, session_id).await? else {
        return Ok(Err(Answer::alert(text!("attendance-gone")).loud()));
    };
    // Cancelled while it ran: its roll stands nowhere any more.
    if session.state == State::Cancelled
        && store::sheet(turn.tx, session_id).await?.is_some_and(|sheet| sheet.state == SheetState::Running)
    {
        return Ok(Err(Answer::alert(text!("session-cancelled-alert")).loud()));
    }
    Ok(match in_charge(turn, &session).await? {
        Some(by) => Ok((session, by)),
        None => Err(Answer::alert(text!("attendance-not-yours")).loud()),
    })
}

async fn show(turn: &mut Turn<'_>, session: &Session, what: Show) -> Result<Answer> {
    let Some(view) = flow::view(turn.tx, session).await? else {
        return board(turn, session, what).await;
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

/// The sheet is not open yet; its call may be.
async fn board(turn: &mut Turn<'_>, session: &Session, what: Show) -> Result<Answer> {
    let Some(early) = flow::early(turn.tx, session).await?.filter(|_| turn.is_private()) else {
        return Ok(Answer::alert(text!("attendance-not-open")).loud());
    };
    let what = if let Show::List(page) = what { Show::BoardList(page) } else { Show::Board };
    let screen = screens::board(&early, &what)?;
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
