//! One's own line, and contesting it.

use super::super::flow::{self, Decided};
use super::super::{Decision, Mark, SheetState, screens, store};
use super::mine;
use crate::kernel::text::Arg;
use crate::kernel::{Error, Result, Text};
use crate::school::session::flow::session;
use crate::school::session::title;
use crate::telegram::command::{Answer, Turn};
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// `/moi`: one's own lines, in private wherever it is typed.
pub async fn me(turn: &mut Turn<'_>) -> Result<Answer> {
    let answer = own_lines(turn).await?;
    // One's own presence is nobody else's business.
    Ok(if turn.is_private() { answer } else { answer.privately().hush() })
}

async fn own_lines(turn: &mut Turn<'_>) -> Result<Answer> {
    let Some(id) = turn.who.person.clone() else { return Ok(Answer::say(text!("session-who-are-you"))) };
    let (zone, now) = (turn.tx.zone(), turn.tx.now());
    let lines = store::lines_of_person(turn.tx, &id, now.plus_days(-14), 10).await?;
    if lines.is_empty() {
        return Ok(Answer::say(text!("attendance-me-none")));
    }
    let mut words = vec![text!("attendance-me-head")];
    let mut screen = Screen::new(Text::verbatim(""));
    for line in &lines {
        words.push(screens::own_line(line, zone));
        // Who was there all the time has nothing to object to.
        let whole = line.mark == Mark::Present && line.late.is_none() && line.early.is_none();
        let may = flow::may_contest(turn.tx, line.sheet_state, line.end_at, line.validated_at);
        if may && !whole && line.contest.is_none() && screen.keys.len() < 4 {
            let label =
                text!("attendance-contest-key", subject = &line.subject, day = Arg::Day(zone.day(line.start_at)));
            screen = screen.row([Key::press(label, screens::CONTEST, line.session_id.clone())]);
        }
    }
    screen.text = Text::lines(words);
    Ok(Answer::screen(screen))
}

/// `[Contester]`: asks why.
pub async fn contest(turn: &mut Turn<'_>) -> Result<Answer> {
    let id = turn.args.clone();
    let Some(person) = turn.who.person.clone() else { return Ok(Answer::alert(text!("session-who-are-you")).loud()) };
    let (Some(session), Some(_)) = (session(turn.tx, &id).await?, store::line(turn.tx, &id, &person).await?) else {
        return Ok(Answer::alert(text!("attendance-gone")).loud());
    };
    let Some(sheet) = store::sheet(turn.tx, &id).await? else {
        return Ok(Answer::alert(text!("attendance-gone")).loud());
    };
    if sheet.state == SheetState::Running {
        return Ok(Answer::alert(text!("attendance-contest-early")).loud());
    }
    if !flow::may_contest(turn.tx, sheet.state, session.end_at, sheet.validated_at) {
        let days = turn.tx.config().attendance.contest_days;
        return Ok(Answer::alert(text!("attendance-contest-late", count = days)).loud());
    }
    if store::contest_of(turn.tx, &id, &person).await?.is_some() {
        return Ok(Answer::alert(text!("attendance-contest-twice")).loud());
    }
    turn.ask(screens::CONTEST_WORDS, &id).await?;
    let zone = turn.tx.zone();
    Ok(Answer::say(text!("attendance-contest-ask", session = title(&session, zone))).new_message())
}

/// The words of a contest.
pub async fn contest_words(turn: &mut Turn<'_>) -> Result<Answer> {
    let id = turn.asked.clone();
    turn.end_question().await?;
    let Some(person) = turn.who.person.clone() else { return Ok(Answer::say(text!("session-who-are-you"))) };
    if store::line(turn.tx, &id, &person).await?.is_none() {
        return Ok(Answer::say(text!("attendance-gone")));
    }
    let words: String = turn.args.trim().chars().take(500).collect();
    Ok(Answer::say(match flow::contest(turn.tx, &id, &person, &words).await? {
        Some(_) => text!("attendance-contest-noted"),
        None => text!("attendance-contest-twice"),
    }))
}

/// `[Mettre présent]` or `[Refuser]` under a contest.
pub async fn decide(turn: &mut Turn<'_>) -> Result<Answer> {
    let decision: Decision = serde_json::from_str(&turn.args)?;
    let Some(contest) = store::contest(turn.tx, &decision.contest).await? else {
        return Ok(Answer::alert(text!("attendance-gone")).loud());
    };
    let by = match mine(turn, &contest.session_id).await? {
        Ok((_, by)) => by,
        Err(answer) => return Ok(answer),
    };
    if contest.state != "open" {
        return Ok(Answer::say(text!("attendance-contest-decided-already")));
    }
    if !decision.accept {
        turn.ask(screens::REFUSAL, &contest.id).await?;
        return Ok(Answer::say(text!("attendance-contest-refuse-words")).new_message());
    }
    let done = flow::decide(turn.tx, &contest.id, true, "contest", &by).await?;
    Ok(Answer::say(decided(done, true)))
}

fn decided(done: Decided, accept: bool) -> Text {
    match (done, accept) {
        (Decided::Done, true) => text!("attendance-contest-accepted"),
        (Decided::Done, false) => text!("attendance-contest-refused"),
        (Decided::Already, _) => text!("attendance-contest-decided-already"),
        (Decided::Asked, _) => text!("attendance-change-asked"),
    }
}

/// The reason of a refusal.
pub async fn refusal(turn: &mut Turn<'_>) -> Result<Answer> {
    let id = turn.asked.clone();
    turn.end_question().await?;
    let Some(contest) = store::contest(turn.tx, &id).await? else { return Ok(Answer::say(text!("attendance-gone"))) };
    let Ok((_, by)) = mine(turn, &contest.session_id).await? else {
        return Ok(Answer::say(text!("attendance-not-yours")));
    };
    let words: String = turn.args.trim().chars().take(300).collect();
    if words.is_empty() {
        return Err(Error::fault("a text without words"));
    }
    let done = flow::decide(turn.tx, &id, false, &words, &by).await?;
    Ok(Answer::say(decided(done, false)))
}
