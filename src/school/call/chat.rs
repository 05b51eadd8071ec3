//! What those in charge do about a call, under its roll.

use super::LiveCall;
use super::flow::{self, Ending};
use crate::kernel::{Result, Text};
use crate::platform::outbox::{self, Put, Rank};
use crate::school::attendance::Mark;
use crate::school::attendance::flow::lines;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::roster::flow::{TELL, Tell, looks_after, person, reachable};
use crate::school::session::flow::{announced, session};
use crate::school::session::{Session, title};
use crate::telegram::command::{Answer, Turn};
use crate::text;

/// So many minutes a press adds.
const LONGER: i64 = 15;
/// So many minutes late a teacher says to be.
const LATE: i64 = 5;

/// The open call of the session that was pressed under, if the presser is in charge of it.
async fn mine(turn: &mut Turn<'_>) -> Result<std::result::Result<(Session, LiveCall, String), Answer>> {
    let id = turn.args.clone();
    let Some(session) = session(turn.tx, &id).await? else {
        return Ok(Err(Answer::alert(text!("attendance-gone")).loud()));
    };
    let no = || Ok(Err(Answer::alert(text!("attendance-not-yours")).loud()));
    let Some(by) = turn.who.person.clone() else { return no() };
    let theirs = session.teacher_id.as_deref() == Some(by.as_str());
    if !theirs {
        let Some(who) = person(turn.tx, &by).await? else { return no() };
        if !looks_after(turn.tx, &who, &session.classroom_id).await? {
            return no();
        }
    }
    match flow::open_of(turn.tx, &id).await? {
        Some(call) => Ok(Ok((session, call, by))),
        None => Ok(Err(Answer::alert(text!("call-not-open")).loud())),
    }
}

/// `[Fermer l'appel]`
pub async fn end(turn: &mut Turn<'_>) -> Result<Answer> {
    match mine(turn).await? {
        Ok((_, call, by)) => {
            flow::end(turn.tx, &call, &by).await?;
            // Lessons in a row share one: it goes on without this one.
            Ok(Answer::alert(match flow::ending(turn.tx, &call.session_id).await? {
                Ending::Leave(_, title) => text!("call-left", title = title),
                _ => text!("call-ending"),
            }))
        }
        Err(answer) => Ok(answer),
    }
}

/// `[Prolonger 15 min]`
pub async fn extend(turn: &mut Turn<'_>) -> Result<Answer> {
    match mine(turn).await? {
        Ok((session, call, by)) => {
            let until = flow::extend(turn.tx, &session, &call, LONGER, &by).await?;
            Ok(Answer::alert(text!("call-extended", hour = turn.tx.zone().clock_hour(until))))
        }
        Err(answer) => Ok(answer),
    }
}

/// `[Écrire aux absents]`: each who is waited for gets a word in private; nobody is named in the group.
pub async fn write(turn: &mut Turn<'_>) -> Result<Answer> {
    let (session, _, by) = match mine(turn).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
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
