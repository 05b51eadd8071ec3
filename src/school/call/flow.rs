//! A call is opened, seen, over, or not to be had; a teacher ends or extends it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use super::store::{call, open_of};
use super::{LiveCall, NoCall, Settings, rules, store};
use crate::kernel::{At, Result, Text};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::attendance::flow as attendance;
use crate::school::attendance::flow::{BOARD, For, Observation};
use crate::school::attendance::{Mark, NOBODY_MINUTES};
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::roster::Reachable;
use crate::school::roster::flow::{TELL, Tell, admins, staff_of};
use crate::school::session::flow::{call_is, session};
use crate::school::session::{CALL_BEFORE, CallState, HANG_UP, Session, State, title};
use crate::text;

/// However much is pushed, two looks lie so far apart.
const LEAST_BETWEEN_LOOKS: Duration = Duration::from_secs(3);

/// Looks into a live call, again and again.
pub const LOOK: &str = "call.look";
/// Looks for a call that was opened again, while its session runs.
pub const FIND: &str = "call.find";
/// The call's message in the group.
pub const SHOW: &str = "call.show";
/// A line to a class's group.
pub const SAY: &str = "call.say";

/// What the group is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Said {
    pub chat: i64,
    pub session_id: String,
    pub words: Text,
}

/// A call, by what its rows carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Which {
    pub session_id: String,
    pub call_id: i64,
}

fn object(session_id: &str) -> String {
    format!("session:{session_id}")
}

/// The call is open: it is looked into from now on, its message stands in the group, and its end is foreseen.
pub async fn opened(tx: &mut Tx, session: &Session, call: &LiveCall) -> Result<()> {
    if !store::insert(tx, call).await? {
        return Ok(());
    }
    let until = rules::until(session, *tx.config().section::<Settings>()?, call.extended);
    attendance::watch_from(tx, &session.id, call.opened_at).await?;
    call_is(tx, &session.id, CallState::Open).await?;
    let how = if call.adopted { "call.adopted" } else { "call.opened" };
    record(tx, &Actor::System, how, &object(&session.id), None, Some(&call.title)).await?;
    let which = Which { session_id: session.id.clone(), call_id: call.call_id };
    let named = |kind: &str| format!("{kind}:{}:{}", session.id, call.call_id);
    let look = Put::new(LOOK, named(LOOK), &which)?.caller().repeatable().until(until.plus_days(1));
    outbox::put(tx, look).await?;
    let show = Put::new(SHOW, named(SHOW), &which)?.lane(format!("session:{}", session.id));
    outbox::put(tx, show.until(session.end_at)).await?;
    let end = Put::new(HANG_UP, named(HANG_UP), &session.id)?.caller().repeatable();
    outbox::put(tx, end.due(until).until(until.plus_days(1))).await?;
    // Once the lesson runs, the roll says it.
    let people = if tx.now() < session.start_at { attendance::in_charge(tx, session).await? } else { Vec::new() };
    for person in people {
        let board = For { session_id: session.id.clone(), account: person.telegram_id, version: 0 };
        let key = format!("{}:{}", named(BOARD), person.telegram_id);
        let put = Put::new(BOARD, key, &board)?.lane(format!("chat:{}", person.telegram_id));
        outbox::put(tx, put.until(session.start_at)).await?;
    }
    Ok(())
}

/// What a look showed.
pub async fn seen(tx: &mut Tx, call: &LiveCall, open: bool, observation: &Observation) -> Result<()> {
    if open {
        return attendance::observe(tx, &call.session_id, observation).await;
    }
    over(tx, call, observation.at).await?;
    // Whoever ended it by mistake opens another: that one is looked for.
    let Some(session) = session(tx, &call.session_id).await? else { return Ok(()) };
    let runs = session.state == State::Planned && tx.now() < session.end_at && !call.end_asked;
    if runs {
        let key = format!("{FIND}:{}:{}", call.session_id, call.call_id);
        let which = Which { session_id: call.session_id.clone(), call_id: call.call_id };
        outbox::put(tx, Put::new(FIND, key, &which)?.caller().repeatable().until(session.end_at)).await?;
    }
    Ok(())
}

/// The call is over, whoever ended it.
pub async fn over(tx: &mut Tx, call: &LiveCall, at: At) -> Result<()> {
    if !store::close(tx, &call.session_id, call.call_id, at).await? {
        return Ok(());
    }
    attendance::watch_until(tx, &call.session_id, at).await?;
    call_is(tx, &call.session_id, CallState::Over).await?;
    record(tx, &Actor::System, "call.over", &object(&call.session_id), None, None).await?;
    let which = Which { session_id: call.session_id.clone(), call_id: call.call_id };
    let key = format!("{SHOW}:{}:{}:over", call.session_id, call.call_id);
    let put = Put::new(SHOW, key, &which)?.lane(format!("session:{}", call.session_id)).repeatable();
    outbox::put(tx, put).await.map(|_| ())
}

/// No call: what stands for it is offered, and those in charge know why. Where nobody ever signed an account in, there is
/// nothing to tell.
pub async fn failed(tx: &mut Tx, session: &Session, why: &NoCall, tell: bool) -> Result<()> {
    if !tell && session.link.is_some() {
        return Ok(());
    }
    call_is(tx, &session.id, CallState::Failed).await?;
    if !tell {
        return Ok(());
    }
    record(tx, &Actor::System, "call.failed", &object(&session.id), None, Some(&format!("{why:?}"))).await?;
    let mut people: Vec<Reachable> = attendance::in_charge(tx, session).await?;
    let mut others = staff_of(tx, &session.classroom_id).await?;
    others.extend(admins(tx).await?);
    for one in others {
        if !people.iter().any(|known| known.telegram_id == one.telegram_id) {
            people.push(one);
        }
    }
    let instead = if session.link.is_some() { text!("call-instead-link") } else { text!("call-instead-here") };
    let words = text!("call-failed", session = title(session, tx.zone()), why = reason(why), instead = instead);
    tell_each(tx, &people, &format!("call:{}:{}", session.id, session.start_at.millis()), &words, session.end_at).await
}

fn reason(why: &NoCall) -> Text {
    match why {
        NoCall::NoCaller => text!("call-why-no-caller"),
        NoCall::NotAllowed => text!("call-why-not-allowed"),
        NoCall::Wait => text!("call-why-wait"),
        NoCall::Away => text!("call-why-away"),
        NoCall::Refused(word) => text!("call-why-refused", word = word.as_str()),
    }
}

/// Ten minutes in, and nobody is on the sheet: those in charge are asked to look.
pub async fn nobody(tx: &mut Tx, session_id: &str) -> Result<()> {
    let Some(session) = session(tx, session_id).await? else { return Ok(()) };
    let lines = attendance::lines(tx, session_id).await?;
    let planned = session.state == State::Planned && tx.now() < session.end_at;
    if !planned || lines.is_empty() || lines.iter().any(|line| line.mark != Mark::Open) {
        return Ok(());
    }
    let people = attendance::in_charge(tx, &session).await?;
    let words = text!("call-nobody", session = title(&session, tx.zone()), count = NOBODY_MINUTES);
    tell_each(tx, &people, &format!("nobody:{session_id}"), &words, session.end_at).await
}

/// Tells each of them, once; later than `until` it is no news any more.
pub async fn tell_each(tx: &mut Tx, people: &[Reachable], key: &str, words: &Text, until: At) -> Result<()> {
    for one in people {
        let tell = Tell { account: one.telegram_id, lang: one.lang, text: words.clone(), tie: None };
        let put = Put::new(TELL, format!("{TELL}:{key}:{}", one.telegram_id), &tell)?;
        outbox::put(tx, put.lane(format!("chat:{}", one.telegram_id)).until(until)).await?;
    }
    Ok(())
}

/// Another account takes over a call whose own is gone.
pub async fn taken_over(tx: &mut Tx, call: &LiveCall, account: i64) -> Result<()> {
    store::set_account(tx, &call.session_id, call.call_id, account).await?;
    let (old, new) = (call.account.to_string(), account.to_string());
    record(tx, &Actor::System, "call.taken_over", &object(&call.session_id), Some(&old), Some(&new)).await
}

/// The call stays open so many minutes longer than it would.
pub async fn extend(tx: &mut Tx, session: &Session, call: &LiveCall, minutes: i64, by: &str) -> Result<At> {
    store::extend(tx, &call.session_id, call.call_id, minutes).await?;
    let until = rules::until(session, *tx.config().section::<Settings>()?, call.extended + minutes);
    let (old, new) = (call.extended.to_string(), (call.extended + minutes).to_string());
    record(tx, &Actor::Person(by.to_owned()), "call.extended", &object(&call.session_id), Some(&old), Some(&new))
        .await?;
    Ok(until)
}

/// The call is to be ended now.
pub async fn end(tx: &mut Tx, call: &LiveCall, by: &str) -> Result<()> {
    let now = tx.now();
    store::ask_end(tx, &call.session_id, call.call_id).await?;
    record(tx, &Actor::Person(by.to_owned()), "call.end_asked", &object(&call.session_id), None, None).await?;
    end_at(tx, call, now).await
}

async fn end_at(tx: &mut Tx, call: &LiveCall, at: At) -> Result<()> {
    let key = format!("{HANG_UP}:{}:{}:{}", call.session_id, call.call_id, at.millis());
    let put = Put::new(HANG_UP, key, &call.session_id)?.caller().repeatable().rank(Rank::Answer);
    outbox::put(tx, put.due(at).until(at.plus_days(1))).await.map(|_| ())
}

/// What is to become of a call now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Nothing is open.
    Nothing,
    End(LiveCall),
    /// The next session goes on in the same call.
    Leave(LiveCall),
    /// Its session goes on until then.
    Later(At),
}

/// Should the session's call end now? A session that was moved takes its call along; a cancelled one ends it.
pub async fn ending(tx: &mut Tx, session_id: &str) -> Result<Ending> {
    let Some(call) = store::open_of(tx, session_id).await? else { return Ok(Ending::Nothing) };
    let now = tx.now();
    let Some(session) = session(tx, session_id).await? else { return Ok(Ending::End(call)) };
    if session.state == State::Cancelled {
        return Ok(Ending::End(call));
    }
    let settings = *tx.config().section::<Settings>()?;
    // A session that was moved away leaves its call at once: its new hours have one of their own.
    let away = now < session.start_at.plus_minutes(-CALL_BEFORE - 10);
    let until = if away || call.end_asked { now } else { rules::until(&session, settings, call.extended) };
    if until > now {
        return Ok(Ending::Later(until));
    }
    let shared = store::open_in(tx, call.chat, call.call_id).await?.iter().any(|other| other != session_id);
    Ok(if shared { Ending::Leave(call) } else { Ending::End(call) })
}

/// Something was pushed about a call: it is looked into soon, as often as Telegram lets us.
pub async fn hinted(tx: &mut Tx, call_id: i64) -> Result<()> {
    let Some(session) = store::live_of_call(tx, call_id).await? else { return Ok(()) };
    let now = tx.now();
    let soon = match attendance::last_look(tx, &session).await? {
        Some(last) => now.max(last.plus(LEAST_BETWEEN_LOOKS)),
        None => now,
    };
    outbox::hasten(tx, &format!("{LOOK}:{session}:{call_id}"), soon).await
}

/// How many calls each account has open.
pub async fn busy(tx: &mut Tx) -> Result<Vec<(i64, usize)>> {
    store::busy(tx).await
}
