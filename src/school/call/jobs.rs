//! What the outbox performs for calls.

use super::flow::{self, Ending, Said, Which};
use super::{LiveCall, NoCall, Settings, rules, screens, store};
use crate::kernel::{Lang, Result};
use crate::platform::outbox::{Outcome, Row};
use crate::platform::store::Tx;
use crate::school::attendance::flow::{Observation, Visitor, in_charge, unseen};
use crate::school::classroom::Group;
use crate::school::classroom::flow::{classroom, group_of};
use crate::school::roster::flow::admins;
use crate::school::session::flow::{About, call_is, session};
use crate::school::session::{CallState, Session, State, call_slot, title};
use crate::telegram::port::{Called, Desk, InCall, LostAccount, OpenCall, Post, Trouble, done, lost_because, post};
use crate::telegram::screen::Screen;
use crate::text;

/// A call that is opened again is found within so many seconds.
const FOUND_WITHIN: usize = 30;

/// The session with its class's group and language.
async fn standing(desk: &Desk, session_id: &str) -> Result<Option<(Session, Option<Group>, Lang)>> {
    desk.db
        .read(async |tx| {
            let Some(session) = session(tx, session_id).await? else { return Ok(None) };
            let group = group_of(tx, &session.classroom_id).await?;
            let class = classroom(tx, &session.classroom_id).await?;
            let lang = class.and_then(|class| class.lang).unwrap_or(tx.config().school.language);
            Ok(Some((session, group, lang)))
        })
        .await
}

/// Five minutes before the start: the call that is open is taken, else one is opened.
pub async fn open(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: About = row.read()?;
    let settings = *desk.db.config().section::<Settings>()?;
    let Some((session, group, _)) = standing(desk, &about.session_id).await? else {
        return Ok(Outcome::Cancel("the session is gone".to_owned()));
    };
    if session.start_at != about.start_at || !rules::is_wanted(&session, settings) {
        return Ok(Outcome::Cancel("no call is wanted".to_owned()));
    }
    let Some(group) = group else { return Ok(Outcome::Cancel("the class has no group".to_owned())) };
    if desk.db.read(async |tx| store::open_of(tx, &session.id).await).await?.is_some() {
        return Ok(Outcome::Done);
    }
    let tried = try_each(desk, row, &session, &group, settings).await?;
    let why = match tried {
        Tried::Open(call) => return done(desk, row, async |tx| flow::opened(tx, &session, &call).await).await,
        Tried::Later(outcome) => return Ok(outcome),
        Tried::No(why) => why,
    };
    // Where nobody ever signed an account in, a session without a call is what everybody expects.
    let tell = why != NoCall::NoCaller || desk.callers.has_any();
    done(desk, row, async |tx| flow::failed(tx, &session, &why, tell).await).await
}

enum Tried {
    Open(LiveCall),
    /// Not decided yet.
    Later(Outcome),
    No(NoCall),
}

/// Asks the accounts one after the other.
async fn try_each(desk: &Desk, row: &Row, session: &Session, group: &Group, settings: Settings) -> Result<Tried> {
    let ready = desk.callers.gathered().await;
    if ready.is_empty() {
        return Ok(Tried::No(NoCall::NoCaller));
    }
    let busy = desk.db.read(async |tx| flow::busy(tx).await).await?;
    let clock = desk.db.clock();
    let begun = clock.now() >= session.start_at;
    let title = rules::title(session, desk.db.config().school.time_zone);
    let token = rules::token(&session.id, session.start_at);
    let mut why = NoCall::NotAllowed;
    for account in rules::order(&ready, group.owner, group.spare, &busy) {
        row.about_to_call(&desk.db).await?;
        match take_or_start(desk, account, group.chat, (&title, token), settings.join_muted).await {
            Ok(None) => {}
            Ok(Some((open, adopted))) => {
                return Ok(Tried::Open(LiveCall {
                    session_id: session.id.clone(),
                    call_id: open.id,
                    chat: group.chat,
                    account,
                    title,
                    adopted,
                    message: open.message,
                    opened_at: clock.now(),
                    closed_at: None,
                    extended: 0,
                    end_asked: false,
                }));
            }
            Err(Trouble::Wait(span)) => {
                if clock.now().plus(span) < session.start_at {
                    return Ok(Tried::Later(Outcome::Snooze(clock.wall().plus(span))));
                }
                why = NoCall::Wait;
            }
            // What was opened is found when it is asked again.
            Err(Trouble::Lost(word) | Trouble::Unsent(word)) if !begun => {
                if desk.callers.ready().contains(&account) {
                    return Ok(Tried::Later(Outcome::Retry(word)));
                }
                why = NoCall::NoCaller;
            }
            Err(Trouble::Lost(_) | Trouble::Unsent(_)) => why = NoCall::Away,
            Err(Trouble::Refused(word)) if word == "CHAT_ADMIN_REQUIRED" => {}
            Err(Trouble::Refused(word)) => why = NoCall::Refused(word),
            Err(other) => why = NoCall::Refused(format!("{other:?}")),
        }
    }
    Ok(Tried::No(why))
}

/// The group's open call, or a new one; and whether somebody else had opened it. `None`: this account is not in there.
async fn take_or_start(
    desk: &Desk,
    account: i64,
    chat: i64,
    (title, token): (&str, i32),
    muted: bool,
) -> Called<Option<(OpenCall, bool)>> {
    if !desk.callers.knows(account, chat).await? {
        return Ok(None);
    }
    match desk.callers.open_call(account, chat).await? {
        Some(open) => Ok(Some((open, true))),
        None => desk.callers.start_call(account, chat, title, token, muted).await.map(|open| Some((open, false))),
    }
}

/// One look into a live call; the row is due again soon.
pub async fn look(desk: &Desk, row: &Row) -> Result<Outcome> {
    let which: Which = row.read()?;
    let read = async |tx: &mut Tx| {
        let call = store::call(tx, &which.session_id, which.call_id).await?;
        Ok((call, flow::busy(tx).await?))
    };
    let (call, busy) = desk.db.read(read).await?;
    let Some(call) = call.filter(|call| call.closed_at.is_none()) else { return Ok(Outcome::Done) };
    let live = busy.iter().find(|(account, _)| *account == call.account).map_or(1, |(_, count)| *count);
    let usual = usize::try_from(desk.db.config().telegram.caller.poll_seconds).unwrap_or(12);
    let clock = desk.db.clock();
    let next = || rules::next_look(clock.now(), rules::pace(usual, live), desk.db.ids().below(1000));
    match desk.callers.look(call.account, call.chat, call.call_id).await {
        Ok(seen) => {
            let one = |one: InCall| Visitor { peer: one.peer, title: one.title, since: one.since };
            let people = seen.people.into_iter().map(one).collect();
            let observation = Observation { at: clock.now(), complete: seen.complete, people };
            desk.db.transact(async |tx| flow::seen(tx, &call, seen.open, &observation).await).await?;
            Ok(if seen.open { Outcome::Again(next()) } else { Outcome::Done })
        }
        Err(Trouble::Wait(span)) => {
            desk.db.transact(async |tx| unseen(tx, &call.session_id).await).await?;
            Ok(Outcome::Snooze(clock.wall().plus(span)))
        }
        Err(trouble) => {
            tracing::info!(session = %call.session_id, trouble = ?trouble, "call.look_failed");
            desk.db.transact(async |tx| unseen(tx, &call.session_id).await).await?;
            if !take_over(desk, &call).await? {
                out_of_sight(desk, &call).await?;
            }
            Ok(Outcome::Again(next()))
        }
    }
}

/// A call was ended while its lesson runs: one that is opened again is taken.
pub async fn find(desk: &Desk, row: &Row) -> Result<Outcome> {
    let which: Which = row.read()?;
    let Some((session, Some(group), _)) = standing(desk, &which.session_id).await? else {
        return Ok(Outcome::Cancel("no session or no group".to_owned()));
    };
    let now = desk.db.clock().now();
    if session.state != State::Planned || now >= session.end_at {
        return Ok(Outcome::Done);
    }
    let read = async |tx: &mut Tx| {
        let open = store::open_of(tx, &session.id).await?;
        Ok((open, store::call(tx, &which.session_id, which.call_id).await?, flow::busy(tx).await?))
    };
    let (open, before, busy) = desk.db.read(read).await?;
    let (None, Some(before)) = (open, before) else { return Ok(Outcome::Done) };
    let again = Outcome::Again(rules::next_look(now, FOUND_WITHIN, desk.db.ids().below(1000)));
    let ready = desk.callers.gathered().await;
    let Some(account) = rules::order(&ready, Some(before.account), group.spare, &busy).first().copied() else {
        return Ok(again);
    };
    match desk.callers.open_call(account, group.chat).await {
        Ok(Some(found)) if found.id != before.call_id => {
            let call = LiveCall {
                call_id: found.id,
                account,
                adopted: true,
                message: found.message,
                opened_at: now,
                end_asked: false,
                ..before
            };
            done(desk, row, async |tx| flow::opened(tx, &session, &call).await).await
        }
        Err(Trouble::Wait(span)) => Ok(Outcome::Snooze(desk.db.clock().wall().plus(span))),
        _ => Ok(again),
    }
}

/// The account of a call is gone: another one that is in the group goes on. `false`: there is none.
async fn take_over(desk: &Desk, call: &LiveCall) -> Result<bool> {
    let ready = desk.callers.gathered().await;
    if !desk.callers.serves() || ready.contains(&call.account) {
        return Ok(true);
    }
    let read = async |tx: &mut Tx| {
        let group = match session(tx, &call.session_id).await? {
            Some(session) => group_of(tx, &session.classroom_id).await?,
            None => None,
        };
        Ok((group, flow::busy(tx).await?))
    };
    let (group, busy) = desk.db.read(read).await?;
    let (owner, spare) = group.map_or((None, None), |group| (group.owner, group.spare));
    for account in rules::order(&ready, owner, spare, &busy) {
        if desk.callers.knows(account, call.chat).await == Ok(true) {
            desk.db.transact(async |tx| flow::taken_over(tx, call, account).await).await?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// The call goes on and nobody can look into it: what stands for a call is offered, and those in charge know.
async fn out_of_sight(desk: &Desk, call: &LiveCall) -> Result<()> {
    let zone = desk.db.config().school.time_zone;
    desk.db
        .transact(async |tx| {
            let Some(session) = session(tx, &call.session_id).await? else { return Ok(()) };
            if session.state != State::Planned || tx.now() >= session.end_at {
                return Ok(());
            }
            call_is(tx, &session.id, CallState::Failed).await?;
            let people = in_charge(tx, &session).await?;
            let words = text!("call-out-of-sight", session = title(&session, zone));
            let key = format!("call:unseen:{}:{}:{}", session.id, call.call_id, call.account);
            flow::tell_each(tx, &people, &key, &words, session.end_at).await
        })
        .await
}

/// The call ends: at its time, by the teacher's word, or with its session.
pub async fn hang_up(desk: &Desk, row: &Row) -> Result<Outcome> {
    let session_id: String = row.read()?;
    let call = match desk.db.read(async |tx| flow::ending(tx, &session_id).await).await? {
        Ending::Nothing => return Ok(Outcome::Done),
        Ending::Later(until) => return Ok(Outcome::Again(until)),
        Ending::Leave(call) => {
            let at = desk.db.clock().now();
            return done(desk, row, async |tx| flow::over(tx, &call, at).await).await;
        }
        Ending::End(call) => call,
    };
    row.about_to_call(&desk.db).await?;
    match desk.callers.end_call(call.account, call.chat, call.call_id).await {
        // Ended by somebody else before: over is over.
        Ok(_) => {
            let at = desk.db.clock().now();
            done(desk, row, async |tx| flow::over(tx, &call, at).await).await
        }
        Err(Trouble::Wait(span)) => Ok(Outcome::Snooze(desk.db.clock().wall().plus(span))),
        Err(_) if !take_over(desk, &call).await? => {
            // Nobody is left who could end it: its members do, or the next lesson takes it over.
            let at = desk.db.clock().now();
            done(desk, row, async |tx| flow::over(tx, &call, at).await).await
        }
        Err(trouble) => Ok(Outcome::Retry(format!("{trouble:?}"))),
    }
}

/// The call's message in the group.
pub async fn show(desk: &Desk, row: &Row) -> Result<Outcome> {
    let which: Which = row.read()?;
    let Some((session, _, lang)) = standing(desk, &which.session_id).await? else {
        return Ok(Outcome::Cancel("the session is gone".to_owned()));
    };
    let Some(call) = desk.db.read(async |tx| store::call(tx, &which.session_id, which.call_id).await).await? else {
        return Ok(Outcome::Cancel("the call is gone".to_owned()));
    };
    let over = call.closed_at.is_some();
    if over && !row.key.ends_with(":over") {
        return Ok(Outcome::Cancel("the call is over".to_owned()));
    }
    // The report may stand there already.
    if over && desk.db.read(async |tx| crate::school::attendance::flow::is_public(tx, &session.id).await).await? {
        return Ok(Outcome::Cancel("the report stands there".to_owned()));
    }
    let screen = screens::message(&call, &session, desk.db.config().school.time_zone);
    let message = Post::new(call.chat, screen, lang).slot(call_slot(&session.id)).any_hour();
    post(desk, row, if over { message.edit_only() } else { message }).await
}

/// Did anybody come?
pub async fn nobody(desk: &Desk, row: &Row) -> Result<Outcome> {
    let session_id: String = row.read()?;
    done(desk, row, async |tx| flow::nobody(tx, &session_id).await).await
}

/// A line to a class's group.
pub async fn say(desk: &Desk, row: &Row) -> Result<Outcome> {
    let said: Said = row.read()?;
    let lang = standing(desk, &said.session_id).await?.map_or(desk.db.config().school.language, |(_, _, lang)| lang);
    post(desk, row, Post::new(said.chat, Screen::new(said.words), lang).any_hour()).await
}

/// An account was lost: every admin is told, with what to do.
pub async fn lost(desk: &Desk, row: &Row) -> Result<Outcome> {
    let lost: LostAccount = row.read()?;
    let name = if lost.name.is_empty() { lost.account.to_string() } else { lost.name };
    let words = text!("call-account-lost", name = name, why = lost_because(&lost.why));
    let until = desk.db.clock().now().plus_days(7);
    done(desk, row, async |tx| {
        let all = admins(tx).await?;
        flow::tell_each(tx, &all, &row.key, &words, until).await
    })
    .await
}
