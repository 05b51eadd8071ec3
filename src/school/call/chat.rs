//! What those in charge do about a call, under its roll.

use super::LiveCall;
use super::flow::{self, Ending};
use crate::kernel::text::Arg;
use crate::kernel::{Result, Text};
use crate::platform::outbox::{self, Put, Rank};
use crate::school::attendance::flow::{lines, may_run, redrawn, sees};
use crate::school::attendance::{Mark, Redrawn};
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::roster::flow::{TELL, Tell, person, reachable};
use crate::school::session::flow::{announced, session};
use crate::school::session::{Longer, Session, title};
use crate::telegram::command::{Answer, Turn};
use crate::text;

/// So many minutes a press adds.
const LONGER: i64 = 15;
/// So many minutes late a teacher says to be.
const LATE: i64 = 5;

/// The open call of the session that was pressed under, if the presser is in charge of it.
async fn mine(turn: &mut Turn<'_>) -> Result<std::result::Result<(Session, LiveCall, String), Answer>> {
    let id = turn.args.clone();
    of_session(turn, &id).await
}

/// As [`mine`], where the key carries more than the session.
async fn of_session(turn: &mut Turn<'_>, id: &str) -> Result<std::result::Result<(Session, LiveCall, String), Answer>> {
    let Some(session) = session(turn.tx, id).await? else {
        return Ok(Err(Answer::alert(text!("attendance-gone")).loud()));
    };
    let no = || Ok(Err(Answer::alert(text!("attendance-not-yours")).loud()));
    let Some(by) = turn.who.person.clone() else { return no() };
    let Some(who) = person(turn.tx, &by).await? else { return no() };
    if !may_run(turn.tx, &who, &session).await? {
        return no();
    }
    match flow::open_of(turn.tx, id).await? {
        Some(call) => Ok(Ok((session, call, by))),
        None => Ok(Err(Answer::alert(text!("call-not-open")).loud())),
    }
}

/// `[Fermer l'appel]`
pub async fn end(turn: &mut Turn<'_>) -> Result<Answer> {
    match mine(turn).await? {
        Ok((_, call, by)) => {
            flow::end(turn.tx, &call, &by).await?;
            ends(turn, &call).await
        }
        Err(answer) => Ok(answer),
    }
}

/// What becomes of a call that somebody said to end. Lessons in a row share one: it goes on without this one.
async fn ends(turn: &mut Turn<'_>, call: &LiveCall) -> Result<Answer> {
    Ok(Answer::alert(match flow::ending(turn.tx, &call.session_id).await? {
        Ending::Leave(_, title) => text!("call-left", title = title),
        _ => text!("call-ending"),
    }))
}

/// `[Prolonger 15 min]`: once for each key that is shown; pressed twice, or by somebody who did not see that another did,
/// it says until when the call stays open.
pub async fn extend(turn: &mut Turn<'_>) -> Result<Answer> {
    // A key from before keys said it was shown when nothing was added.
    let bare = || Longer { session: turn.args.clone(), extended: 0 };
    let meant: Longer = serde_json::from_str(&turn.args).unwrap_or_else(|_| bare());
    let (session, call, by) = match of_session(turn, &meant.session).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    if call.end_asked {
        return ends(turn, &call).await;
    }
    let minutes = if meant.extended == call.extended { LONGER } else { 0 };
    let until = flow::extend(turn.tx, &session, &call, minutes, &by).await?;
    let words = text!("call-extended", hour = Arg::Hour(until, turn.tx.zone()));
    // The key that stands there from now on adds to what this one added.
    let private = turn.is_private();
    let drawn = if private { redrawn(turn.tx, &session, turn.who.account).await? } else { None };
    Ok(match drawn {
        Some(Redrawn { screen, slot }) => Answer { slot, ..Answer::screen(screen).with_alert(words) },
        None => Answer::alert(words),
    })
}

/// `[Écrire aux absents]`: each who is waited for gets a word in private; nobody is named in the group.
pub async fn write(turn: &mut Turn<'_>) -> Result<Answer> {
    let (session, _, by) = match mine(turn).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    // The key may stand there from before.
    if !sees(turn.tx, &session.id).await? {
        return Ok(Answer::alert(text!("call-write-unseen")).loud());
    }
    let said = announced(turn.tx, &session.id).await?;
    let mut told = 0;
    let (mut unreachable, words) = (0, text!("call-you-are-missed", session = title(&session, turn.tx.zone())));
    for line in lines(turn.tx, &session.id).await? {
        let away = said.iter().any(|(person, what)| *person == line.person_id && what == "absent");
        if line.mark != Mark::Open || away {
            continue;
        }
        let Some(found) = reachable(turn.tx, &line.person_id).await? else {
            unreachable += 1;
            continue;
        };
        let tell = Tell { account: found.telegram_id, lang: found.lang, text: words.clone(), tie: None };
        // Once a session, however often it is pressed.
        let put = Put::new(TELL, format!("{TELL}:missed:{}:{}", session.id, found.telegram_id), &tell)?;
        let put = put.lane(format!("chat:{}", found.telegram_id)).rank(Rank::Answer).until(session.end_at);
        if outbox::put(turn.tx, put).await? {
            told += 1;
        }
    }
    if told > 0 {
        let actor = Actor::Person(by);
        let object = format!("session:{}", session.id);
        record(turn.tx, &actor, "call.wrote_to_missing", &object, None, Some(&told.to_string())).await?;
    }
    let words: Text = if unreachable > 0 {
        text!("call-written-some", count = told, others = unreachable)
    } else {
        text!("call-written", count = told)
    };
    Ok(Answer::alert(words))
}

/// `[Annoncer 5 min de retard]`: the group learns that the teacher comes.
pub async fn late(turn: &mut Turn<'_>) -> Result<Answer> {
    let (session, call, by) = match mine(turn).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    let words = text!("call-teacher-late", subject = &session.subject, minutes = LATE);
    let about = super::flow::Said { chat: call.chat, session_id: session.id.clone(), words };
    let put = Put::new(flow::SAY, format!("{}:{}:late", flow::SAY, session.id), &about)?;
    let fresh = outbox::put(turn.tx, put.rank(Rank::Answer).until(session.end_at)).await?;
    if fresh {
        record(turn.tx, &Actor::Person(by), "call.teacher_late", &format!("session:{}", session.id), None, None)
            .await?;
        return Ok(Answer::alert(text!("call-late-said", minutes = LATE)));
    }
    Ok(Answer::alert(text!("call-late-said-before")).loud())
}
