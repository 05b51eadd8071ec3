//! What those in charge, staff and admins hear of a call that is not as it should be.

use super::{FOUND_AFTER, Which, object, seek};
use crate::kernel::absence::Needed;
use crate::kernel::{At, Result, Text};
use crate::platform::inbox::absence;
use crate::platform::outbox::{self, Put};
use crate::platform::store::Tx;
use crate::school::attendance::flow as attendance;
use crate::school::attendance::{Mark, NOBODY_MINUTES};
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::call::{Heard, LiveCall, NoCall, rules, store};
use crate::school::classroom::flow::classroom;
use crate::school::rights::Act;
use crate::school::roster::Reachable;
use crate::school::roster::flow::{TELL, Tell, admins, staff_of};
use crate::school::session::flow::{call_is, call_missed, session};
use crate::school::session::{CallState, Session, State, here_window, title};
use crate::text;

const AN_HOUR_MILLIS: i64 = 3_600_000;
/// So many minutes after Telegram came back the school's accounts may still be on their way.
const JUST_BACK: i64 = 2;

/// The call goes on and nobody can look into it: what stands for a call is offered, and those in charge know, once.
pub async fn out_of_sight(tx: &mut Tx, which: &Which, why: &NoCall) -> Result<()> {
    let open = store::call(tx, &which.session_id, which.call_id).await?.is_some_and(|call| call.closed_at.is_none());
    let Some(session) = session(tx, &which.session_id).await?.filter(|_| open) else { return Ok(()) };
    if session.state != State::Planned || tx.now() >= session.end_at {
        return Ok(());
    }
    call_missed(tx, &session.id, CallState::Unseen).await?;
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

/// No account can end the call: those in charge know, once, and can.
pub async fn unended(tx: &mut Tx, call: &LiveCall, why: &NoCall) -> Result<()> {
    let Some(session) = session(tx, &call.session_id).await? else { return Ok(()) };
    let why = match why {
        NoCall::NotAllowed => text!("call-unended-not-allowed"),
        NoCall::Wait => text!("call-unseen-wait"),
        other => reason(other),
    };
    let people = attendance::in_charge(tx, &session).await?;
    let words = text!("call-unended", session = title(&session, tx.zone()), why = why);
    let (key, until) = (format!("call:unended:{}:{}", session.id, call.call_id), tx.now().plus_hours(12));
    tell_each(tx, &people, &key, &words, until).await
}

/// No call: what stands for it is offered, and those in charge know why. `signed_in`: the school had an account once.
pub async fn failed(tx: &mut Tx, session: &Session, why: &NoCall, signed_in: bool) -> Result<()> {
    if tx.now() >= session.end_at {
        return cut_short(tx, session, why).await;
    }
    let (from, why_sought) = (tx.now().plus(FOUND_AFTER), session.start_at.millis().to_string());
    seek(tx, session, &why_sought, None, from).await?;
    let heard = rules::heard(why, signed_in, tx.config().telegram.caller.api_id != 0);
    if heard == Heard::Nobody {
        return excluded(tx, session).await;
    }
    call_missed(tx, &session.id, CallState::Failed).await?;
    record(tx, &Actor::System, "call.failed", &object(&session.id), None, Some(&format!("{why:?}"))).await?;
    let (teacher, mut staff) = parted(tx, session).await?;
    let admins = admins(tx).await?;
    if heard == Heard::Everybody {
        let mut others = staff_of(tx, &session.classroom_id).await?;
        others.extend(admins);
        add(&mut staff, others, &teacher);
    } else {
        let key = format!("call:no-caller:{}", tx.zone().day(tx.now()));
        tell_each(tx, &admins, &key, &text!("call-never-signed-in"), session.end_at).await?;
    }
    let (title, instead) = (title(session, tx.zone()), instead(session, tx.now()));
    let words = |why: Text| text!("call-failed", session = title.clone(), why = why, instead = instead.clone());
    let key = format!("call:{}:{}", session.id, session.start_at.millis());
    tell_each(tx, &teacher, &key, &words(reason(why)), session.end_at).await?;
    let key = format!("call:failed:{}:{}", cause(why), tx.now().millis().div_euclid(AN_HOUR_MILLIS));
    for one in &staff {
        let admin = Act::School.is_always(Some(one.role));
        let why = if admin { reason_for_admins(why) } else { reason(why) };
        let words = Text::lines([words(why), text!("call-failed-more")]);
        tell_each(tx, std::slice::from_ref(one), &key, &words, session.end_at).await?;
    }
    Ok(())
}

/// The lesson is over, and its call was prolonged while we ended it: it is open no more, though somebody was told so.
async fn cut_short(tx: &mut Tx, session: &Session, why: &NoCall) -> Result<()> {
    record(tx, &Actor::System, "call.failed", &object(&session.id), None, Some(&format!("{why:?}"))).await?;
    let people = attendance::in_charge(tx, session).await?;
    let why = if *why == NoCall::Wait { text!("call-unseen-wait") } else { reason(why) };
    let words = text!("call-cut-short", session = title(session, tx.zone()), why = why);
    let (key, until) = (format!("call:cut-short:{}:{}", session.id, tx.now().millis()), tx.now().plus_hours(1));
    tell_each(tx, &people, &key, &words, until).await
}

/// The school opens no call for such a session. Nothing is promised to anybody; without a link of its own it has what
/// stands for a call.
pub async fn excluded(tx: &mut Tx, session: &Session) -> Result<()> {
    if session.link.is_some() { Ok(()) } else { call_is(tx, &session.id, CallState::Failed).await }
}

/// There is nowhere to open a call: the class has no group yet. A teacher hears it once a day of each class; staff and
/// admins once a day.
pub async fn groupless(tx: &mut Tx, session: &Session) -> Result<()> {
    record(tx, &Actor::System, "call.failed", &object(&session.id), None, Some("NoGroup")).await?;
    let (teacher, mut staff) = parted(tx, session).await?;
    let admins = admins(tx).await?;
    add(&mut staff, admins, &teacher);
    let class = classroom(tx, &session.classroom_id).await?.map(|class| class.name).unwrap_or_default();
    let words = text!("call-groupless", session = title(session, tx.zone()), class = class);
    let day = tx.zone().day(tx.now());
    let key = format!("call:groupless:{}:{day}", session.classroom_id);
    tell_each(tx, &teacher, &key, &words, session.end_at).await?;
    let words = Text::lines([words, text!("call-groupless-more")]);
    tell_each(tx, &staff, &format!("call:groupless:{day}"), &words, session.end_at).await
}

/// The session's own teacher; and who stands in, where that one cannot be written to. Each teacher hears of each lesson,
/// but who looks after many would hear of two hundred on a bad morning.
async fn parted(tx: &mut Tx, session: &Session) -> Result<(Vec<Reachable>, Vec<Reachable>)> {
    let people = attendance::in_charge(tx, session).await?;
    Ok(people.into_iter().partition(|one| session.teacher_id.as_deref() == Some(one.person_id.as_str())))
}

/// Those who are not among them yet, nor among the `known`.
fn add(people: &mut Vec<Reachable>, others: Vec<Reachable>, known: &[Reachable]) {
    for one in others {
        if !people.iter().chain(known).any(|known| known.telegram_id == one.telegram_id) {
            people.push(one);
        }
    }
}

/// What stands for the call, as the session's message shows it.
fn instead(session: &Session, now: At) -> Text {
    let (_, until) = here_window(session.start_at);
    if session.link.is_some() {
        text!("call-instead-link")
    } else if now <= until {
        text!("call-instead-here")
    } else {
        text!("call-instead-mark")
    }
}

/// What is one trouble, however many lessons have it.
fn cause(why: &NoCall) -> String {
    match why {
        NoCall::NoCaller => "no-caller".to_owned(),
        NoCall::Shut => "shut".to_owned(),
        NoCall::NotAllowed => "not-allowed".to_owned(),
        NoCall::Wait => "wait".to_owned(),
        NoCall::Away => "away".to_owned(),
        NoCall::Refused(word) => format!("refused-{word}"),
    }
}

fn reason(why: &NoCall) -> Text {
    match why {
        NoCall::NoCaller => text!("call-why-no-caller"),
        NoCall::Shut => text!("call-why-shut"),
        NoCall::NotAllowed => text!("call-why-not-allowed"),
        NoCall::Wait => text!("call-why-wait"),
        NoCall::Away => text!("call-why-away"),
        NoCall::Refused(word) => text!("call-why-refused", word = word.as_str()),
    }
}

/// As [`reason`], for those who can do something about the server.
fn reason_for_admins(why: &NoCall) -> Text {
    match why {
        NoCall::NoCaller => text!("call-why-no-caller-admin"),
        NoCall::Shut => text!("call-why-shut-admin"),
        other => reason(other),
    }
}

/// Ten minutes in, or later where nobody could be seen until then, and nobody is on the sheet: those in charge are asked
/// to look.
pub async fn nobody(tx: &mut Tx, session_id: &str) -> Result<()> {
    let Some(session) = session(tx, session_id).await? else { return Ok(()) };
    let lines = attendance::lines(tx, session_id).await?;
    let planned = session.state == State::Planned && tx.now() < session.end_at;
    if !planned || lines.is_empty() || lines.iter().any(|line| line.mark != Mark::Open) {
        return Ok(());
    }
    let people = attendance::in_charge(tx, &session).await?;
    let minutes = (tx.now().millis() - session.start_at.millis()) / 60_000;
    let words = text!("call-nobody", session = title(&session, tx.zone()), count = minutes.max(NOBODY_MINUTES));
    tell_each(tx, &people, &format!("nobody:{session_id}"), &words, session.end_at).await
}

/// All of Telegram is away, or was until a moment ago: that is what is told, and not that its accounts are.
pub async fn telegram_is_away(tx: &mut Tx) -> Result<bool> {
    let last = absence::last(tx, Needed::Telegram).await?;
    Ok(last.is_some_and(|last| last.until.is_none_or(|until| tx.now() < until.plus_minutes(JUST_BACK))))
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
