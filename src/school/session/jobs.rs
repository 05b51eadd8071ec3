//! What the outbox performs for sessions: the reminder, keeping the session's message true, and letting into a class's
//! group whoever may join it: teachers may, by their lessons.

use std::time::Duration;

use super::flow::{About, Arrange, Look, Notice, Reminder};
use super::screens::Calling;
use super::{Mode, Session, State, changes, notice_slot, rules, screens, slot};
use crate::kernel::{Lang, Result, Text};
use crate::platform::outbox::{self, Outcome, Row};
use crate::platform::store::Tx;
use crate::school::call::Settings as Calls;
use crate::school::classroom::Group;
use crate::school::classroom::flow::{classroom, group_of};
use crate::school::roster::flow as roster;
use crate::school::session::flow;
use crate::telegram::port::{Desk, Post, Trouble, outcome_of, post};
use crate::text;

/// The session as it stands, if the row is still about it, with its class's group and language; `left`: as the class
/// that it left sees it.
async fn standing(desk: &Desk, session_id: &str, left: Option<&str>) -> Result<Option<(Session, Option<Group>, Lang)>> {
    desk.db
        .read(async |tx| {
            let Some(session) = flow::session(tx, session_id).await? else { return Ok(None) };
            let session = left.map_or_else(|| session.clone(), |class| changes::seen_by(class, &session));
            let group = group_of(tx, &session.classroom_id).await?;
            let class = classroom(tx, &session.classroom_id).await?;
            let lang = class.and_then(|class| class.lang).unwrap_or(tx.config().school.language);
            Ok(Some((session, group, lang)))
        })
        .await
}

/// What is known of its call.
async fn calling(desk: &Desk, session: &Session) -> Result<Calling> {
    if session.mode == Mode::OnSite {
        return Ok(Calling::default());
    }
    let state = desk.db.read(async |tx| flow::call_state(tx, &session.id).await).await?;
    let wanted = desk.db.config().section::<Calls>()?.wants(session);
    Ok(Calling { state, foreseen: wanted && !desk.callers.ready().is_empty() })
}

/// Fifteen minutes before the start: one message in the class's group.
pub async fn remind(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: About = row.read()?;
    let now = desk.db.clock().now();
    let Some((session, group, lang)) = standing(desk, &about.session_id, None).await? else {
        return Ok(Outcome::Cancel("the session is gone".to_owned()));
    };
    if session.state != State::Planned || session.start_at != about.start_at {
        return Ok(Outcome::Cancel("the session was changed".to_owned()));
    }
    let Some(group) = group else { return Ok(Outcome::Cancel("the class has no group".to_owned())) };
    if now > session.start_at {
        // A row that an admin ran again has a new window, but a reminder has only one use.
        return Ok(Outcome::Cancel("the session has begun".to_owned()));
    }
    let mut screen = screens::message(&session, calling(desk, &session).await?, now, desk.db.config().school.time_zone);
    if let Some(late) = rules::late_by(row.due_at, now) {
        screen.text = Text::lines([screen.text, text!("session-reminder-late", count = late)]);
    }
    // The old message, if the session was moved, stays as a note of the move; the reminder is a new one.
    let outcome =
        post(desk, row, Post::new(group.chat, screen, lang).slot(slot(&session.id)).afresh().any_hour()).await?;
    if outcome == Outcome::Settled {
        desk.db.transact(async |tx| flow::reminded(tx, &session).await).await?;
    }
    Ok(outcome)
}

/// One message tells a class of all that changed; once the day has had its share, the last one says it too.
pub async fn notice(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: Notice = row.read()?;
    let take = async |tx: &mut Tx| flow::telling(tx, &row.key, &about.classroom_id).await;
    let Some(telling) = desk.db.transact(take).await? else {
        return Ok(Outcome::Cancel("nothing to tell".to_owned()));
    };
    let (slot, said, afresh) = match &telling.into {
        None => (notice_slot(&row.key), telling.lines.clone(), true),
        Some((last, said)) => (notice_slot(last), [said.clone(), telling.lines.clone()].concat(), false),
    };
    // In quiet hours only what cannot wait is due.
    let mut message = Post::new(telling.chat, screens::notice(&said), telling.lang).slot(slot).any_hour();
    message.afresh = afresh;
    let outcome = post(desk, row, message).await?;
    if matches!(outcome, Outcome::Done | Outcome::Settled) {
        desk.db.transact(async |tx| flow::told(tx, &row.key, &telling, &said).await).await?;
    }
    Ok(outcome)
}

/// So long a look waits for a reminder that leaves just now.
const A_MOMENT: Duration = Duration::from_secs(1);

/// Brings the session's message up to date; one that is promised is sent where there is none.
pub async fn show(desk: &Desk, row: &Row) -> Result<Outcome> {
    let look: Look = row.read()?;
    let Some((session, Some(group), lang)) = standing(desk, &look.session_id, look.left.as_deref()).await? else {
        return Ok(Outcome::Cancel("no session or no group".to_owned()));
    };
    let (zone, now) = (desk.db.config().school.time_zone, desk.db.clock().now());
    let mut send = look.send;
    let screen = if look.moved && session.state == State::Planned {
        screens::moved(&session, zone)
    } else {
        let calling = calling(desk, &session).await?;
        // « Je suis là » stands in this message: it is sent where none will come by itself any more.
        if rules::here_is_offered(&session, calling.state, now) {
            match desk.db.read(async |tx| flow::reminder(tx, &session).await).await? {
                Reminder::Left => {}
                Reminder::None => send = true,
                Reminder::Leaves => return Ok(Outcome::Snooze(desk.db.clock().wall().plus(A_MOMENT))),
            }
        }
        screens::message(&session, calling, now, zone)
    };
    let message = Post::new(group.chat, screen, lang).slot(slot(&session.id));
    post(desk, row, if send { message.any_hour() } else { message.edit_only() }).await
}

/// Writes what is due for some of the sessions that were planned or changed together.
pub async fn arrange(desk: &Desk, row: &Row) -> Result<Outcome> {
    let wanted: Vec<Arrange> = row.read()?;
    desk.db.transact(async |tx| flow::arrange(tx, &wanted).await).await?;
    Ok(Outcome::Done)
}

/// A class has a group from now on.
pub async fn grouped(desk: &Desk, row: &Row) -> Result<Outcome> {
    let classroom: String = row.read()?;
    desk.db.transact(async |tx| flow::grouped(tx, &classroom).await).await?;
    Ok(Outcome::Done)
}

/// Approves a join request and has the person greeted. It may have waited: who may join no more is declined.
pub async fn approve(desk: &Desk, row: &Row) -> Result<Outcome> {
    let join: roster::Join = row.read()?;
    let Some(chat) = desk.db.read(async |tx| roster::chat_of(tx, &join.classroom).await).await? else {
        return Ok(Outcome::Cancel("the class has no group any more".to_owned()));
    };
    let look = async |tx: &mut Tx| {
        let joins = flow::still_joins(tx, chat, &join).await?;
        if !joins {
            let declined = Outcome::Cancel("they may join no more".to_owned());
            outbox::store::settle(tx, row, &declined, row.due_at).await?;
        }
        Ok(joins)
    };
    if !desk.db.transact(look).await? {
        return Ok(Outcome::Settled);
    }
    row.about_to_call(&desk.db).await?;
    match desk.telegram.approve_join(chat, join.account).await {
        Ok(()) => {
            desk.db.transact(async |tx| roster::welcome(tx, &join, chat).await).await?;
            Ok(Outcome::Done)
        }
        Err(trouble) => {
            if matches!(trouble, Trouble::Refused(_) | Trouble::Unreachable(_)) {
                desk.db.transact(async |tx| roster::join_failed(tx, &join).await).await?;
            }
            Ok(outcome_of(desk, row, trouble))
        }
    }
}
