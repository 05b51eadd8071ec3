//! A call is opened, or one that stands open is taken.

use std::time::Duration;

use super::super::flow::{self, Sought, Standing};
use super::super::{Hitch, LiveCall, Settings, is_remote, rules, store};
use super::{elsewhere, hitch, standing};
use crate::kernel::{At, Result};
use crate::platform::outbox::{self, Outcome, Row};
use crate::platform::store::Tx;
use crate::school::classroom::Group;
use crate::school::session::flow::About;
use crate::school::session::{CALL_EARLIEST, Session};
use crate::telegram::port::{Desk, OpenCall, Trouble, done};

/// A call that somebody opens is found within so many seconds.
const FOUND_WITHIN: usize = 30;
/// Where no account was ever signed in, one is waited for so long.
const NOBODY_WITHIN: usize = 300;
/// A turn to ask about a group that comes sooner than this is waited for.
const SOON: Duration = Duration::from_secs(20);

/// Five minutes before the start, or when its turn is: the call that is open is taken, else one is opened.
pub async fn open(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: About = row.read()?;
    let settings = *desk.db.config().section::<Settings>()?;
    let Some((session, group, _)) = standing(desk, &about.session_id).await? else {
        return Ok(Outcome::Cancel("the session is gone".to_owned()));
    };
    if session.start_at != about.start_at || !is_remote(&session) {
        return Ok(Outcome::Cancel("no call is wanted".to_owned()));
    }
    if !settings.wants(&session) {
        return done(desk, row, async |tx| flow::excluded(tx, &session).await).await;
    }
    let ready = desk.callers.gathered().await;
    if let Some(later) = elsewhere(desk).filter(|_| ready.is_empty()) {
        return Ok(later);
    }
    let (moment, place) = desk.db.read(async |tx| flow::opening(tx, &session, ready.len()).await).await?;
    if desk.db.clock().now() < moment {
        return Ok(Outcome::Again(moment));
    }
    let Some(group) = group else { return groupless(desk, row, &session).await };
    match desk.db.read(async |tx| flow::standing(tx, &session).await).await? {
        Standing::Wanted => {}
        Standing::Open => return Ok(Outcome::Done),
        Standing::Ended(call) => {
            return done(desk, row, async |tx| flow::seek_again(tx, &session, &call).await).await;
        }
    }
    let asked = desk.db.clock().now();
    let mut hitches = match try_each(desk, row, &session, &group, (&ready, place)).await? {
        Ok(call) => return take(desk, row, &call, asked).await,
        Err(hitches) => hitches,
    };
    // One that is not even asked.
    if !desk.callers.shut().is_empty() {
        hitches.push(Hitch::Shut);
    }
    if let Some(later) = elsewhere(desk) {
        return Ok(later);
    }
    let (now, wall) = (desk.db.clock().now(), desk.db.clock().wall());
    let why = match rules::after_hitches(&hitches, now, session.start_at) {
        Ok(at) if hitches.contains(&Hitch::Away) => return Ok(Outcome::Again(at)),
        // What Telegram wants waited for is machine time.
        Ok(at) => return Ok(Outcome::Snooze(wall.plus(now.until(at)))),
        Err(why) => why,
    };
    let signed_in = desk.callers.has_any();
    done(desk, row, async |tx| flow::failed(tx, &session, &why, signed_in).await).await
}

/// The call is the session's. One that was ended meanwhile, with the lesson before, is nobody's: the row asks again.
async fn take(desk: &Desk, row: &Row, call: &LiveCall, asked: At) -> Result<Outcome> {
    desk.db
        .transact(async |tx| {
            let outcome = if flow::is_ended(tx, call, asked).await? {
                Outcome::Again(tx.now())
            } else {
                flow::opened(tx, &call.session_id, call).await?;
                Outcome::Done
            };
            outbox::store::settle(tx, row, &outcome, row.due_at).await
        })
        .await?;
    Ok(Outcome::Settled)
}

/// The class has no group: the row is withdrawn, and written again once there is one.
async fn groupless(desk: &Desk, row: &Row, session: &Session) -> Result<Outcome> {
    let withdrawn = Outcome::Cancel("the class has no group".to_owned());
    if !desk.callers.has_any() {
        return Ok(withdrawn);
    }
    desk.db
        .transact(async |tx| {
            flow::groupless(tx, session).await?;
            outbox::store::settle(tx, row, &withdrawn, row.due_at).await
        })
        .await?;
    Ok(Outcome::Settled)
}

/// Asks the accounts one after the other, until one has the call. All of them together take less than a minute, even where
/// Telegram is silent.
async fn try_each(
    desk: &Desk,
    row: &Row,
    session: &Session,
    group: &Group,
    (ready, place): (&[i64], usize),
) -> Result<std::result::Result<LiveCall, Vec<Hitch>>> {
    let settings = *desk.db.config().section::<Settings>()?;
    let busy = desk.db.read(async |tx| flow::busy(tx).await).await?;
    let title = rules::title(session, desk.db.config().school.time_zone);
    let token = rules::token(&row.key);
    let clock = desk.db.clock();
    let (began, patience) = (clock.elapsed(), rules::patience(ready.len()));
    let mut hitches = Vec::new();
    for account in rules::order(ready, group.owner, group.spare, &busy, place) {
        if clock.elapsed().saturating_sub(began) >= rules::ALL_TRIED {
            hitches.push(Hitch::Away);
            break;
        }
        row.about_to_call(&desk.db).await?;
        let asked = desk.callers.start_call(account, group.chat, &title, token, settings.join_muted);
        let answer = clock.within(patience, asked).await;
        match answer.unwrap_or_else(|| Err(Trouble::Lost("no answer in time".to_owned()))) {
            Ok(open) => return Ok(Ok(live(desk, session, group, account, &open))),
            Err(trouble) => {
                tracing::info!(caller.account = account, trouble = ?trouble, "call.not_opened");
                hitches.push(hitch(desk, account, &trouble).await?);
            }
        }
    }
    Ok(Err(hitches))
}

fn live(desk: &Desk, session: &Session, group: &Group, account: i64, open: &OpenCall) -> LiveCall {
    LiveCall {
        session_id: session.id.clone(),
        call_id: open.id,
        chat: group.chat,
        account,
        title: rules::title(session, desk.db.config().school.time_zone),
        adopted: !open.ours,
        message: open.message,
        opened_at: desk.db.clock().now(),
        closed_at: None,
        extended: 0,
        end_asked: false,
        again: false,
    }
}

/// There is no call while its lesson runs (it was ended, or could not be opened): one that somebody opens is taken.
pub async fn find(desk: &Desk, row: &Row) -> Result<Outcome> {
    let sought: Sought = row.read()?;
    let settings = *desk.db.config().section::<Settings>()?;
    let Some((session, Some(group), _)) = standing(desk, &sought.session_id).await? else {
        return Ok(Outcome::Cancel("no session or no group".to_owned()));
    };
    let now = desk.db.clock().now();
    if now >= session.end_at {
        return Ok(Outcome::Done);
    }
    if now < session.start_at.plus_minutes(-CALL_EARLIEST) || !settings.wants(&session) {
        // Put back, it is looked for again.
        return Ok(Outcome::Cancel("no call is wanted".to_owned()));
    }
    let read = async |tx: &mut Tx| {
        let before = match sought.call_id {
            Some(call) => store::call(tx, &session.id, call).await?,
            None => None,
        };
        Ok((store::open_of(tx, &session.id).await?, before, flow::busy(tx).await?))
    };
    let (open, before, busy) = desk.db.read(read).await?;
    if open.is_some() {
        // Once that one is over, it is looked for again.
        return Ok(Outcome::Cancel("no call is wanted".to_owned()));
    }
    let ready = desk.callers.gathered().await;
    let within = if ready.is_empty() && !desk.callers.has_any() { NOBODY_WITHIN } else { FOUND_WITHIN };
    let first = before.as_ref().map(|call| call.account).or(group.owner);
    let order = rules::order(&ready, first, group.spare, &busy, 0);
    // What we open after one that was ended by hand is the next lesson's: nothing of it is changed from here.
    let muted = settings.join_muted && sought.call_id.is_none();
    match found(desk, &order, group.chat, muted).await {
        Found::Call(account, call)
            if Some(call.id) != sought.call_id && !is_the_next(desk, &sought, &call, group.chat).await? =>
        {
            take(desk, row, &live(desk, &session, &group, account, &call), now).await
        }
        Found::Turn(span) if span <= SOON => Ok(Outcome::Snooze(desk.db.clock().wall().plus(span))),
        _ => Ok(Outcome::Again(rules::next_look(now, within, desk.db.ids().below(1000)))),
    }
}

/// What there is in a group.
enum Found {
    Call(i64, OpenCall),
    /// Nobody opened one yet, or nobody could be asked.
    Nothing,
    /// It is to be asked about after so long.
    Turn(Duration),
}

/// The first account that is in the group says what is open there.
async fn found(desk: &Desk, order: &[i64], chat: i64, muted: bool) -> Found {
    let mut turn = None;
    for account in order {
        match desk.callers.open_call(*account, chat, muted).await {
            Ok(Some(call)) => return Found::Call(*account, call),
            Ok(None) => return Found::Nothing,
            Err(Trouble::Wait(span)) => turn = Some(turn.map_or(span, |turn: Duration| turn.min(span))),
            Err(trouble) => tracing::debug!(caller.account = account, trouble = ?trouble, "call.not_found"),
        }
    }
    turn.map_or(Found::Nothing, Found::Turn)
}

/// We opened it for another session, in place of the one that was ended here: it is not this one's. The other's row may
/// not be written yet; but for a session whose call was ended by hand we open none.
async fn is_the_next(desk: &Desk, sought: &Sought, call: &OpenCall, chat: i64) -> Result<bool> {
    if sought.call_id.is_none() {
        return Ok(false);
    }
    if call.ours {
        return Ok(true);
    }
    desk.db.read(async |tx| flow::opened_for_another(tx, chat, call.id).await).await
}
