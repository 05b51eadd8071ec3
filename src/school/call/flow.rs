//! A call is opened, seen, over, or not to be had; a teacher ends or extends it.

use serde::{Deserialize, Serialize};

pub use super::store::{call, last_opened, open_of};
use super::{Heard, LiveCall, NoCall, Settings, rules, store};
use crate::kernel::{At, Result, Text};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::attendance::flow as attendance;
use crate::school::attendance::flow::{BOARD, For, Observation};
use crate::school::attendance::{Mark, NOBODY_MINUTES};
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::classroom::flow::classroom;
use crate::school::roster::Reachable;
use crate::school::roster::flow::{TELL, Tell, admins, staff_of};
use crate::school::session::flow::{between, call_is, session};
use crate::school::session::{CALL_EARLIEST, CallState, HANG_UP, Mode, Session, State, title};
use crate::text;

/// A call that somebody opens by hand is first looked for so many seconds after there was none.
const FOUND_AFTER: std::time::Duration = std::time::Duration::from_secs(15);

/// Looks into a live call, again and again.
pub const LOOK: &str = "call.look";
/// Looks for a call that somebody opens, again or by hand, while there is none and the session runs.
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

/// A call that is looked for: any that is open, but not this one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sought {
    pub session_id: String,
    #[serde(default)]
    pub call_id: Option<i64>,
}

fn object(session_id: &str) -> String {
    format!("session:{session_id}")
}

/// When the session's call is to be opened, and its place among those that are opened with it.
pub async fn opening(tx: &mut Tx, about: &Session, accounts: usize) -> Result<(At, usize)> {
    let settings = *tx.config().section::<Settings>()?;
    let mut all = between(tx, about.start_at, about.start_at.plus_minutes(CALL_EARLIEST + 1)).await?;
    all.retain(|session| rules::is_wanted(session, settings));
    all.sort_by(|a, b| (b.start_at, &a.id).cmp(&(a.start_at, &b.id)));
    let starts: Vec<At> = all.iter().map(|session| session.start_at).collect();
    let place = all.iter().position(|session| session.id == about.id).unwrap_or(0);
    Ok((rules::opening(&starts, place, accounts), place))
}

/// The call is open: it is looked into from now on, its message stands in the group, and its end is foreseen. A session
/// that was cancelled, moved away or turned on-site while it was opened wants none any more: ours ends at once.
pub async fn opened(tx: &mut Tx, session_id: &str, call: &LiveCall) -> Result<()> {
    let found = session(tx, session_id).await?;
    let settings = *tx.config().section::<Settings>()?;
    let until = rules::lasts(found.as_ref(), call, settings, tx.now());
    let Some(session) = found.filter(|_| until > tx.now()) else {
        if !call.adopted && store::insert(tx, call).await? {
            record(tx, &Actor::System, "call.unwanted", &object(session_id), None, Some(&call.title)).await?;
            let now = tx.now();
            end_at(tx, call, now).await?;
        }
        return Ok(());
    };
    let session = &session;
    if !store::insert(tx, call).await? {
        return Ok(());
    }
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

/// What a look showed; `false` when the call is over. What was seen of one that was ended meanwhile counts no more.
pub async fn seen(tx: &mut Tx, which: &Which, open: bool, observation: &Observation) -> Result<bool> {
    let call = store::call(tx, &which.session_id, which.call_id).await?;
    let Some(call) = call.filter(|call| call.closed_at.is_none()) else { return Ok(false) };
    if open {
        attendance::observe(tx, &call.session_id, observation).await?;
        return Ok(true);
    }
    over(tx, &call, observation.at).await?;
    // Whoever ended it by mistake opens another: that one is looked for.
    let Some(session) = session(tx, &call.session_id).await? else { return Ok(false) };
    if !call.end_asked {
        let now = tx.now();
        seek(tx, &session, &call.call_id.to_string(), Some(call.call_id), now).await?;
    }
    Ok(false)
}

/// From then on, as long as the session runs, a call that somebody opens for it is looked for. `why` names the effect.
async fn seek(tx: &mut Tx, session: &Session, why: &str, but: Option<i64>, from: At) -> Result<()> {
    if session.state != State::Planned || session.mode == Mode::OnSite || tx.now() >= session.end_at {
        return Ok(());
    }
    let sought = Sought { session_id: session.id.clone(), call_id: but };
    let put = Put::new(FIND, format!("{FIND}:{}:{why}", session.id), &sought)?.caller().repeatable();
    outbox::put(tx, put.due(from).until(session.end_at)).await.map(|_| ())
}

/// The call goes on and nobody can look into it: what stands for a call is offered, and those in charge know, once.
pub async fn out_of_sight(tx: &mut Tx, which: &Which, why: &NoCall) -> Result<()> {
    let open = store::call(tx, &which.session_id, which.call_id).await?.is_some_and(|call| call.closed_at.is_none());
    let Some(session) = session(tx, &which.session_id).await?.filter(|_| open) else { return Ok(()) };
    if session.state != State::Planned || tx.now() >= session.end_at {
        return Ok(());
    }
    call_is(tx, &session.id, CallState::Unseen).await?;
    let why = match why {
        NoCall::NotAllowed => text!("call-unseen-not-allowed"),
        NoCall::Wait => text!("call-unseen-wait"),
        other => reason(other),
    };
    let people = attendance::in_charge(tx, &session).await?;
    let words = text!("call-out-of-sight", session = title(&session, tx.zone()), why = why);
    let key = format!("call:unseen:{}:{}", session.id, which.call_id);
    tell_each(tx, &people, &key, &words, session.end_at).await
}

/// When the whole call was seen last; its opening is such a moment too.
pub async fn seen_at(tx: &mut Tx, call: &LiveCall) -> Result<At> {
    let look = attendance::last_complete_look(tx, &call.session_id).await?;
    Ok(look.map_or(call.opened_at, |look| look.max(call.opened_at)))
}

/// No account can end the call: those in charge know, once, and can.
pub async fn unended(tx: &mut Tx, call: &LiveCall, why: &NoCall) -> Result<()> {
    let Some(session) = session(tx, &call.session_id).await? else { return Ok(()) };
    let why = match why {
        NoCall::NotAllowed => text!("call-unended-not-allowed"),
        other => reason(other),
    };
    let people = attendance::in_charge(tx, &session).await?;
    let words = text!("call-unended", session = title(&session, tx.zone()), why = why);
    let (key, until) = (format!("call:unended:{}:{}", session.id, call.call_id), tx.now().plus_hours(12));
    tell_each(tx, &people, &key, &words, until).await
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

/// No call: what stands for it is offered, and those in charge know why. `signed_in`: the school had an account once.
pub async fn failed(tx: &mut Tx, session: &Session, why: &NoCall, signed_in: bool) -> Result<()> {
    let (from, why_sought) = (tx.now().plus(FOUND_AFTER), session.start_at.millis().to_string());
    seek(tx, session, &why_sought, None, from).await?;
    let heard = rules::heard(why, signed_in, tx.config().telegram.caller.api_id != 0);
    if heard == Heard::Nobody && session.link.is_some() {
        return Ok(());
    }
    call_is(tx, &session.id, CallState::Failed).await?;
    if heard == Heard::Nobody {
        return Ok(());
    }
    record(tx, &Actor::System, "call.failed", &object(&session.id), None, Some(&format!("{why:?}"))).await?;
    let mut people: Vec<Reachable> = attendance::in_charge(tx, session).await?;
    let admins = admins(tx).await?;
    if heard == Heard::Everybody {
        let mut others = staff_of(tx, &session.classroom_id).await?;
        others.extend(admins);
        add(&mut people, others);
    } else {
        let day = tx.zone().day(tx.now());
        tell_each(tx, &admins, &format!("call:no-caller:{day}"), &text!("call-never-signed-in"), session.end_at)
            .await?;
    }
    let instead = if session.link.is_some() { text!("call-instead-link") } else { text!("call-instead-here") };
    let words = text!("call-failed", session = title(session, tx.zone()), why = reason(why), instead = instead);
    tell_each(tx, &people, &format!("call:{}:{}", session.id, session.start_at.millis()), &words, session.end_at).await
}

/// Those who are not among them yet.
fn add(people: &mut Vec<Reachable>, others: Vec<Reachable>) {
    for one in others {
        if !people.iter().any(|known| known.telegram_id == one.telegram_id) {
            people.push(one);
        }
    }
}

/// There is nowhere to open a call: the class has no group yet. Told once a day of each class.
pub async fn groupless(tx: &mut Tx, session: &Session) -> Result<()> {
    record(tx, &Actor::System, "call.failed", &object(&session.id), None, Some("NoGroup")).await?;
    let mut people = attendance::in_charge(tx, session).await?;
    let admins = admins(tx).await?;
    add(&mut people, admins);
    let class = classroom(tx, &session.classroom_id).await?.map(|class| class.name).unwrap_or_default();
    let words = text!("call-groupless", session = title(session, tx.zone()), class = class);
    let key = format!("call:groupless:{}:{}", session.classroom_id, tx.zone().day(tx.now()));
    tell_each(tx, &people, &key, &words, session.end_at).await
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
pub async fn taken_over(tx: &mut Tx, which: &Which, account: i64) -> Result<()> {
    let call = store::call(tx, &which.session_id, which.call_id).await?;
    let Some(call) = call.filter(|call| call.closed_at.is_none()) else { return Ok(()) };
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
    /// The next session goes on in the same call, which is called so then.
    Leave(LiveCall, String),
    /// Its session goes on until then.
    Later(At),
}

/// Should the session's call end now? A session that was moved takes its call along; one that is cancelled, or turned
/// on-site, ends it.
pub async fn ending(tx: &mut Tx, session_id: &str) -> Result<Ending> {
    let Some(call) = store::open_of(tx, session_id).await? else { return Ok(Ending::Nothing) };
    let (now, settings) = (tx.now(), *tx.config().section::<Settings>()?);
    let session = session(tx, session_id).await?;
    let until = rules::lasts(session.as_ref(), &call, settings, now);
    if until > now {
        return Ok(Ending::Later(until));
    }
    for other in store::open_in(tx, call.chat, call.call_id).await? {
        if other != session_id
            && let Some(next) = store::call(tx, &other, call.call_id).await?
        {
            return Ok(Ending::Leave(call, next.title));
        }
    }
    Ok(Ending::End(call))
}

/// Something was pushed about a call: it is looked into soon, as often as Telegram lets us.
pub async fn hinted(tx: &mut Tx, call_id: i64) -> Result<()> {
    let sessions = store::live_of_call(tx, call_id).await?;
    if sessions.is_empty() {
        return Ok(());
    }
    let (now, busy) = (tx.now(), store::busy(tx).await?);
    for (session, account) in sessions {
        let live = busy.iter().find(|(known, _)| *known == account).map_or(1, |(_, count)| *count);
        let soon = match attendance::last_look(tx, &session).await? {
            Some(last) => now.max(last.plus(rules::least_between(live))),
            None => now,
        };
        outbox::hasten(tx, &format!("{LOOK}:{session}:{call_id}"), soon).await?;
    }
    Ok(())
}

/// How many calls each account has open.
pub async fn busy(tx: &mut Tx) -> Result<Vec<(i64, usize)>> {
    store::busy(tx).await
}
