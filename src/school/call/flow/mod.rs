//! A call is opened, seen, over; a teacher ends or extends it. `told` what is said of one that is not to be had.

mod told;

use serde::{Deserialize, Serialize};

pub use self::told::{excluded, failed, groupless, nobody, out_of_sight, telegram_is_away, tell_each, unended};
pub use super::store::{call, last_opened, open_of};
use super::{LiveCall, Settings, rules, store};
use crate::kernel::{At, Result, Text};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::attendance::flow as attendance;
use crate::school::attendance::flow::Observation;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::session::flow::{between, call_again, call_is, call_is_ahead, session};
use crate::school::session::{CALL_EARLIEST, CallState, HANG_UP, Mode, Session, State, first_call, is_ahead};

/// A call that is opened by hand, or that was opened for another lesson, is first looked for so long after there was none.
const FOUND_AFTER: std::time::Duration = std::time::Duration::from_secs(15);
/// Lessons in a row share a call: so many minutes after its start the one before may still be the one that ends it.
const JUST_BEGUN: i64 = 5;
/// A lesson that left a shared call so many minutes ago may still be the one that was meant when it ends.
const JUST_GONE: i64 = 1;

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
    all.retain(|session| settings.wants(session));
    all.sort_by(|a, b| (b.start_at, &a.id).cmp(&(a.start_at, &b.id)));
    let starts: Vec<At> = all.iter().map(|session| session.start_at).collect();
    let place = all.iter().position(|session| session.id == about.id).unwrap_or(0);
    Ok((rules::opening(&starts, place, accounts), place))
}

/// The call is open: it is looked into from now on, its message stands in the group, and its end is foreseen. A session
/// that was cancelled, moved away or turned on-site while it was opened wants none any more: ours ends at once.
///
/// It lasts as long as those before it were said to; a session that left it, and is put back, comes into it again.
pub async fn opened(tx: &mut Tx, session_id: &str, call: &LiveCall) -> Result<()> {
    let found = session(tx, session_id).await?;
    let settings = *tx.config().section::<Settings>()?;
    let before = match &found {
        Some(session) => last_at_its_hours(tx, session).await?,
        None => None,
    };
    let extended = before.as_ref().map_or(0, |before| before.extended);
    let call = &LiveCall { extended, again: before.is_some(), ..call.clone() };
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
    let key = look_key(&session.id, call.call_id);
    let look = Put::new(LOOK, key, &which)?.caller().repeatable().until(until.plus_days(1));
    outbox::put(tx, look).await?;
    // It may be the second time that the session comes into this one.
    let named = |kind: &str| format!("{kind}:{}:{}:{}", session.id, call.call_id, call.opened_at.millis());
    let show = Put::new(SHOW, named(SHOW), &which)?.lane(format!("session:{}", session.id));
    let shown = if tx.now() < session.end_at { session.end_at } else { until };
    outbox::put(tx, show.until(shown)).await?;
    let end = Put::new(HANG_UP, named(HANG_UP), &session.id)?.caller().repeatable();
    outbox::put(tx, end.due(until).until(until.plus_days(1))).await?;
    attendance::boards(tx, session, false).await
}

/// There is one for each session in a call, however often it came into it: what is pushed hastens it.
fn look_key(session_id: &str, call_id: i64) -> String {
    format!("{LOOK}:{session_id}:{call_id}")
}

/// The session's newest call, open or over, at the hours that it has now: how long it is to last was said of that one, and
/// what stands in the group of another tells of other hours.
async fn last_at_its_hours(tx: &mut Tx, session: &Session) -> Result<Option<LiveCall>> {
    let last = store::last_of(tx, &session.id).await?;
    Ok(last.filter(|last| last.opened_at >= first_call(session.start_at)))
}

/// What a look showed; `false` when the call is over. What was seen of one that was ended meanwhile counts no more.
pub async fn seen(tx: &mut Tx, which: &Which, open: bool, observation: &Observation) -> Result<bool> {
    let call = store::call(tx, &which.session_id, which.call_id).await?;
    let Some(call) = call.filter(|call| call.closed_at.is_none()) else { return Ok(false) };
    if open {
        attendance::observe(tx, &call.session_id, observation).await?;
        return Ok(true);
    }
    // One that lessons share is over for each of them at once. Of one that has just left it the end may be seen only now.
    let mut sharers = Vec::new();
    for id in store::lately_in(tx, call.chat, call.call_id, observation.at.plus_minutes(-JUST_GONE)).await? {
        if let (Some(call), Some(session)) = (store::call(tx, &id, call.call_id).await?, session(tx, &id).await?) {
            sharers.push((call, session));
        }
    }
    for (call, session) in sharers.iter().filter(|(call, _)| call.closed_at.is_none()) {
        let goes_out = sharers.iter().any(|(_, other)| rules::goes_out(other, session));
        let from = if sharers.len() > 1 { tx.now().plus(FOUND_AFTER) } else { tx.now() };
        ended(tx, (call, session), observation.at, goes_out, from).await?;
    }
    Ok(false)
}

/// A session's call was ended in the app: another one that somebody opens is looked for, `from` then on. Where another
/// lesson `goes_out` beside it, that one was meant: this one, which comes in, has a new call at once.
async fn ended(tx: &mut Tx, (call, session): (&LiveCall, &Session), at: At, goes_out: bool, from: At) -> Result<()> {
    over(tx, call, at).await?;
    let now = tx.now();
    // Whoever ended it by mistake, or for a break, opens another. What the next lesson opens comes before.
    seek(tx, session, &call.call_id.to_string(), Some(call.call_id), from).await?;
    if goes_out && !call.end_asked && now < session.start_at.plus_minutes(JUST_BEGUN) {
        return call_again(tx, session, call.call_id, session.end_at).await;
    }
    // Of a session that wants none any more we may have ended it ourselves.
    if rules::lasts(Some(session), call, *tx.config().section::<Settings>()?, now) > now {
        store::ask_end(tx, &call.session_id, call.call_id).await?;
    }
    Ok(())
}

/// We ended a session's call, or left it to the next lesson. Whoever said so may open another, after a break: that one is
/// looked for. A session that was put back meanwhile has a new one at once.
pub async fn hung_up(tx: &mut Tx, call: &LiveCall, at: At) -> Result<()> {
    over(tx, call, at).await?;
    let Some(session) = session(tx, &call.session_id).await? else { return Ok(()) };
    let call = store::call(tx, &call.session_id, call.call_id).await?.unwrap_or_else(|| call.clone());
    if call.end_asked {
        return seek(tx, &session, &call.call_id.to_string(), Some(call.call_id), at).await;
    }
    anew(tx, &session, &call, at).await
}

/// A session that goes on has a new call at once. So has one that is over, if somebody prolonged its call while we ended
/// it: they were told until when it stays open.
async fn anew(tx: &mut Tx, session: &Session, call: &LiveCall, at: At) -> Result<()> {
    let settings = *tx.config().section::<Settings>()?;
    let (until, runs) = (rules::lasts(Some(session), call, settings, at), at < session.end_at);
    if until <= at || !settings.wants(session) || !(runs || call.extended > 0) {
        return Ok(());
    }
    call_again(tx, session, call.call_id, if runs { session.end_at } else { until }).await
}

/// As [`hung_up`], of a call that nobody is in any more. A session that came into it while we ended it did not mean to
/// share its end: it has a new one at once.
pub async fn ended_for_all(tx: &mut Tx, call: &LiveCall, at: At) -> Result<()> {
    hung_up(tx, call, at).await?;
    let settings = *tx.config().section::<Settings>()?;
    for id in store::open_in(tx, call.chat, call.call_id).await? {
        let Some(other) = store::call(tx, &id, call.call_id).await? else { continue };
        let Some(session) = session(tx, &id).await? else { continue };
        // One that is to end now, too, has a row of its own for that.
        if rules::lasts(Some(&session), &other, settings, at) > at {
            over(tx, &other, at).await?;
            anew(tx, &session, &other, at).await?;
        }
    }
    Ok(())
}

/// Was this call, which was asked for at `asked` and found open, ended meanwhile for every session that had it?
pub async fn is_ended(tx: &mut Tx, call: &LiveCall, asked: At) -> Result<bool> {
    Ok(store::was_closed(tx, call.chat, call.call_id, asked).await?
        && store::open_in(tx, call.chat, call.call_id).await?.is_empty())
}

/// What there is of a session's call when one is to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// None yet, or none at these hours: one is opened.
    Wanted,
    /// It is open.
    Open,
    /// Somebody ended this one by hand: another is theirs to open.
    Ended(LiveCall),
}

pub async fn standing(tx: &mut Tx, session: &Session) -> Result<Standing> {
    let last = store::last_of(tx, &session.id).await?;
    Ok(match (store::open_of(tx, &session.id).await?, last) {
        (Some(_), _) => Standing::Open,
        (None, Some(last)) if rules::was_ended(session, &last) => Standing::Ended(last),
        (None, _) => Standing::Wanted,
    })
}

/// The session was changed after somebody ended its call: another that they open is looked for, as before the change.
pub async fn seek_again(tx: &mut Tx, session: &Session, ended: &LiveCall) -> Result<()> {
    let now = tx.now();
    seek(tx, session, &ended.call_id.to_string(), Some(ended.call_id), now).await
}

/// From then on, as long as the session runs, a call that somebody opens for it is looked for. `why` names the effect.
async fn seek(tx: &mut Tx, session: &Session, why: &str, but: Option<i64>, from: At) -> Result<()> {
    let (wanted, now) = (session.state == State::Planned && session.mode != Mode::OnSite, tx.now());
    if !wanted || is_ahead(session, now) || now >= session.end_at {
        return Ok(());
    }
    let sought = Sought { session_id: session.id.clone(), call_id: but };
    let put = Put::new(FIND, format!("{FIND}:{}:{why}", session.id), &sought)?.caller().repeatable();
    outbox::put(tx, put.due(from).until(session.end_at)).await.map(|_| ())
}

/// When the whole call was seen last; its opening is such a moment too.
pub async fn seen_at(tx: &mut Tx, call: &LiveCall) -> Result<At> {
    let look = attendance::last_complete_look(tx, &call.session_id).await?;
    Ok(look.map_or(call.opened_at, |look| look.max(call.opened_at)))
}

/// The call is over, whoever ended it.
pub async fn over(tx: &mut Tx, call: &LiveCall, at: At) -> Result<()> {
    if !store::close(tx, &call.session_id, call.call_id, at).await? {
        return Ok(());
    }
    attendance::watch_until(tx, &call.session_id, at).await?;
    call_is(tx, &call.session_id, CallState::Over).await?;
    if session(tx, &call.session_id).await?.is_some_and(|session| is_ahead(&session, at)) {
        call_is_ahead(tx, &call.session_id).await?;
    }
    record(tx, &Actor::System, "call.over", &object(&call.session_id), None, None).await?;
    let which = Which { session_id: call.session_id.clone(), call_id: call.call_id };
    let key = format!("{SHOW}:{}:{}:{}:over", call.session_id, call.call_id, at.millis());
    let put = Put::new(SHOW, key, &which)?.lane(format!("session:{}", call.session_id)).repeatable();
    outbox::put(tx, put).await.map(|_| ())
}

/// Another account takes over a call whose own is gone.
pub async fn taken_over(tx: &mut Tx, which: &Which, account: i64) -> Result<()> {
    let call = store::call(tx, &which.session_id, which.call_id).await?;
    let Some(call) = call.filter(|call| call.closed_at.is_none()) else { return Ok(()) };
    store::set_account(tx, &call.session_id, call.call_id, account).await?;
    let (old, new) = (call.account.to_string(), account.to_string());
    record(tx, &Actor::System, "call.taken_over", &object(&call.session_id), Some(&old), Some(&new)).await
}

/// The call stays open so many minutes longer than it would; gives until when. With none, nothing is changed.
pub async fn extend(tx: &mut Tx, session: &Session, call: &LiveCall, minutes: i64, by: &str) -> Result<At> {
    let until = rules::until(session, *tx.config().section::<Settings>()?, call.extended + minutes);
    if minutes == 0 {
        return Ok(until);
    }
    store::extend(tx, &call.session_id, call.call_id, minutes).await?;
    let (old, new) = (call.extended.to_string(), (call.extended + minutes).to_string());
    record(tx, &Actor::Person(by.to_owned()), "call.extended", &object(&call.session_id), Some(&old), Some(&new))
        .await?;
    Ok(until)
}

/// The call is to be ended now.
pub async fn end(tx: &mut Tx, call: &LiveCall, by: &str) -> Result<()> {
    let now = tx.now();
    store::ask_end(tx, &call.session_id, call.call_id).await?;
    // Whoever presses twice asks once.
    if !call.end_asked {
        record(tx, &Actor::Person(by.to_owned()), "call.end_asked", &object(&call.session_id), None, None).await?;
    }
    end_at(tx, call, now).await
}

async fn end_at(tx: &mut Tx, call: &LiveCall, at: At) -> Result<()> {
    // Not the row of its foreseen end: it may be the moment at which the call was opened.
    let key = format!("{HANG_UP}:{}:{}:{}:asked", call.session_id, call.call_id, at.millis());
    let put = Put::new(HANG_UP, key, &call.session_id)?.caller().repeatable().rank(Rank::Answer);
    outbox::put(tx, put.due(at).until(at.plus_days(1))).await.map(|_| ())
}

/// What is to become of a call now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Nothing is open.
    Nothing,
    /// It was to end by itself then, at the latest.
    End(LiveCall, At),
    /// Another session goes on in the same call, which is called so then.
    Leave(LiveCall, String),
    /// Its session goes on until then.
    Later(At),
}

/// Should the session's call end now? A session that was moved takes its call along; one that is cancelled, or turned
/// on-site, ends it.
pub async fn ending(tx: &mut Tx, session_id: &str) -> Result<Ending> {
    let Some(call) = store::open_of(tx, session_id).await? else { return Ok(Ending::Nothing) };
    let (now, settings) = (tx.now(), *tx.config().section::<Settings>()?);
    let until = rules::lasts(session(tx, session_id).await?.as_ref(), &call, settings, now);
    if until > now {
        return Ok(Ending::Later(until));
    }
    // Lessons that end together end it together: left to each other it would stay open.
    for other in store::open_in(tx, call.chat, call.call_id).await? {
        if other != session_id
            && let Some(next) = store::call(tx, &other, call.call_id).await?
            && rules::lasts(session(tx, &other).await?.as_ref(), &next, settings, now) > now
        {
            return Ok(Ending::Leave(call, next.title));
        }
    }
    Ok(Ending::End(call, until))
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
        outbox::hasten(tx, &look_key(&session, call_id), soon).await?;
    }
    Ok(())
}

/// Did one of our accounts, whichever, open this call for a session? One that somebody opened by hand is anybody's.
pub async fn opened_for_another(tx: &mut Tx, chat: i64, call_id: i64) -> Result<bool> {
    for session_id in store::open_in(tx, chat, call_id).await? {
        if store::call(tx, &session_id, call_id).await?.is_some_and(|call| !call.adopted) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How many calls each account has open.
pub async fn busy(tx: &mut Tx) -> Result<Vec<(i64, usize)>> {
    store::busy(tx).await
}
