//! A call is opened, or one that stands open is taken.

use super::super::flow::{self, Sought};
use super::super::{Hitch, LiveCall, Settings, rules, store};
use super::{hitch, standing};
use crate::kernel::Result;
use crate::platform::outbox::{Outcome, Row};
use crate::platform::store::Tx;
use crate::school::classroom::Group;
use crate::school::session::flow::About;
use crate::school::session::{CALL_EARLIEST, Session};
use crate::telegram::port::{Called, Desk, OpenCall, done};

/// A call that somebody opens is found within so many seconds.
const FOUND_WITHIN: usize = 30;
/// Where no account was ever signed in, one is waited for so long.
const NOBODY_WITHIN: usize = 300;

/// Five minutes before the start, or when its turn is: the call that is open is taken, else one is opened.
pub async fn open(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: About = row.read()?;
    let settings = *desk.db.config().section::<Settings>()?;
    let Some((session, group, _)) = standing(desk, &about.session_id).await? else {
        return Ok(Outcome::Cancel("the session is gone".to_owned()));
    };
    if session.start_at != about.start_at || !rules::is_wanted(&session, settings) {
        return Ok(Outcome::Cancel("no call is wanted".to_owned()));
    }
    let ready = desk.callers.gathered().await;
    if ready.is_empty() && !desk.callers.serves() {
        return Ok(Outcome::Retry("another process serves the callers".to_owned()));
    }
    let (moment, place) = desk.db.read(async |tx| flow::opening(tx, &session, ready.len()).await).await?;
    if desk.db.clock().now() < moment {
        return Ok(Outcome::Again(moment));
    }
    let Some(group) = group else {
        if !desk.callers.has_any() {
            return Ok(Outcome::Cancel("the class has no group".to_owned()));
        }
        return done(desk, row, async |tx| flow::groupless(tx, &session).await).await;
    };
    if desk.db.read(async |tx| store::open_of(tx, &session.id).await).await?.is_some() {
        return Ok(Outcome::Done);
    }
    let hitches = match try_each(desk, row, &session, &group, (&ready, place)).await? {
        Ok(call) => return done(desk, row, async |tx| flow::opened(tx, &session.id, &call).await).await,
        Err(hitches) => hitches,
    };
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

/// Asks the accounts one after the other, until one has the call.
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
    let token = rules::token(&session.id, session.start_at);
    let mut hitches = Vec::new();
    for account in rules::order(ready, group.owner, group.spare, &busy, place) {
        row.about_to_call(&desk.db).await?;
        match take_or_start(desk, account, group.chat, (&title, token), settings.join_muted).await {
            Ok(Some(open)) => return Ok(Ok(live(desk, session, group, account, &open))),
            Ok(None) => hitches.push(Hitch::NotAllowed),
            Err(trouble) => {
                tracing::info!(caller.account = account, trouble = ?trouble, "call.not_opened");
                hitches.push(hitch(desk, account, &trouble));
            }
        }
    }
    Ok(Err(hitches))
}

/// The group's open call, or a new one. `None`: this account is not in there.
async fn take_or_start(
    desk: &Desk,
    account: i64,
    chat: i64,
    (title, token): (&str, i32),
    muted: bool,
) -> Called<Option<OpenCall>> {
    if !desk.callers.knows(account, chat).await? {
        return Ok(None);
    }
    desk.callers.start_call(account, chat, title, token, muted).await.map(Some)
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
    let runs = session.start_at.plus_minutes(-CALL_EARLIEST) <= now && now < session.end_at;
    if !runs || !rules::is_wanted(&session, settings) {
        return Ok(Outcome::Done);
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
        return Ok(Outcome::Done);
    }
    let ready = desk.callers.gathered().await;
    let within = if ready.is_empty() && !desk.callers.has_any() { NOBODY_WITHIN } else { FOUND_WITHIN };
    let first = before.as_ref().map(|call| call.account).or(group.owner);
    for account in rules::order(&ready, first, group.spare, &busy, 0) {
        if desk.callers.knows(account, group.chat).await != Ok(true) {
            continue;
        }
        match desk.callers.open_call(account, group.chat).await {
            Ok(Some(found)) if Some(found.id) != sought.call_id => {
                let extended = before.map_or(0, |call| call.extended);
                let call = LiveCall { extended, ..live(desk, &session, &group, account, &found) };
                return done(desk, row, async |tx| flow::opened(tx, &session.id, &call).await).await;
            }
            // Nobody opened one yet.
            Ok(_) => break,
            Err(trouble) => tracing::debug!(caller.account = account, trouble = ?trouble, "call.not_found"),
        }
    }
    Ok(Outcome::Again(rules::next_look(now, within, desk.db.ids().below(1000))))
}
