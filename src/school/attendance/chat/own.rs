//! One's own line, and contesting it.

use super::super::screens::{self, At, Show};
use super::super::store::Contest;
use super::super::{Decision, Mark, SheetState, Wish, flow, store};
use super::{mine, show};
use crate::kernel::{Error, Result, Text};
use crate::school::session::flow::session;
use crate::school::session::{Session, title};
use crate::telegram::command::{Answer, Turn};
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// Nothing is contested after all: back to the first page.
const BACK: &str = "back";

/// `/moi`: one's own lines, in private wherever it is typed.
pub async fn me(turn: &mut Turn<'_>) -> Result<Answer> {
    let answer = own_lines(turn).await?;
    // One's own presence is nobody else's business.
    Ok(if turn.is_private() { answer } else { answer.privately().hush() })
}

/// Another page of it, or « Retour » to it from the question that `[Contester]` asked.
pub async fn me_page(turn: &mut Turn<'_>) -> Result<Answer> {
    if turn.args == BACK {
        turn.end_question().await?;
    }
    own_lines(turn).await
}

/// One's lines are shown for so many days; one that may be contested is shown however old it is, back to the second.
const DAYS_SHOWN: i64 = 14;
const DAYS_READ: i64 = 92;
const MOST_LINES: i64 = 1000;

async fn own_lines(turn: &mut Turn<'_>) -> Result<Answer> {
    let Some(id) = turn.who.person.clone() else { return Ok(Answer::say(text!("session-who-are-you"))) };
    let (zone, now) = (turn.tx.zone(), turn.tx.now());
    let mut lines = Vec::new();
    for line in store::lines_of_person(turn.tx, &id, now.plus_days(-DAYS_READ), MOST_LINES).await? {
        let open = flow::may_contest(turn.tx, line.sheet_state, line.end_at, line.validated_at)?;
        let may = open && line.contest.is_none();
        if may || line.start_at >= now.plus_days(-DAYS_SHOWN) {
            lines.push((line, may));
        }
    }
    if lines.is_empty() {
        return Ok(Answer::say(text!("attendance-me-none")));
    }
    // What can be contested first, absences before all and whole presences last; newest first within.
    lines.sort_by_key(|(line, may)| match (may, line.mark) {
        (true, Mark::Absent) => 0,
        (true, _) if !line.verdict().is_whole() => 1,
        (true, _) => 2,
        (false, _) => 3,
    });
    Ok(Answer::screen(screens::own_lines(&lines, turn.args.trim().parse().unwrap_or(0), zone)?))
}

/// `[Contester]`: asks why.
pub async fn contest(turn: &mut Turn<'_>) -> Result<Answer> {
    let id = turn.args.clone();
    let (session, _) = match contestable(turn, &id).await? {
        Ok(found) => found,
        Err(why) => return Ok(Answer::alert(why).loud()),
    };
    turn.ask(screens::CONTEST_WORDS, &id).await?;
    let words = text!("attendance-contest-ask", session = title(&session, turn.tx.zone()));
    let back = Key::press(text!("attendance-back-key"), screens::MINE, BACK);
    let first = back.does.clone();
    Ok(Answer::screen(Screen::new(words).folding(back, first)).new_message())
}

/// The session whose line may be contested now, and whose line it is; or why it may not.
async fn contestable(turn: &mut Turn<'_>, id: &str) -> Result<std::result::Result<(Session, String), Text>> {
    let Some(person) = turn.who.person.clone() else { return Ok(Err(text!("session-who-are-you"))) };
    let (session, sheet) = (session(turn.tx, id).await?, store::sheet(turn.tx, id).await?);
    let line = store::line(turn.tx, id, &person).await?;
    let (Some(session), Some(sheet), Some(_)) = (session, sheet, line) else {
        return Ok(Err(text!("attendance-gone")));
    };
    if sheet.state == SheetState::Running {
        return Ok(Err(text!("attendance-contest-early")));
    }
    if !flow::may_contest(turn.tx, sheet.state, session.end_at, sheet.validated_at)? {
        let days = flow::contest_days(turn.tx)?;
        return Ok(Err(text!("attendance-contest-late", count = days)));
    }
    Ok(match store::contest_of(turn.tx, id, &person).await? {
        Some(contest) if contest.state == "open" => Err(text!("attendance-contest-twice")),
        Some(_) => Err(text!("attendance-contest-over")),
        None => Ok((session, person)),
    })
}

/// The words of a contest. They may come a day after they were asked for.
pub async fn contest_words(turn: &mut Turn<'_>) -> Result<Answer> {
    let id = turn.asked.clone();
    turn.end_question().await?;
    let person = match contestable(turn, &id).await? {
        Ok((_, person)) => person,
        Err(why) => return Ok(Answer::say(why)),
    };
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
    let (session, by) = match mine(turn, &contest.session_id).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    if contest.state != "open" {
        return Ok(Answer::say(text!("attendance-contest-decided-already")));
    }
    if !decision.accept {
        turn.ask(screens::REFUSAL, &contest.id).await?;
        let here = At { give_up: true, ..At::of(&session.id, 0) };
        let back = Key::press(text!("attendance-back-key"), screens::SHEET, here.json()?);
        let screen = Screen::new(text!("attendance-contest-refuse-words")).folding(back, screens::closing(here)?);
        return Ok(Answer::screen(screen).new_message());
    }
    // The student's words, and the ways to answer them, stay where they are.
    if decision.other {
        return Ok(show(turn, &session, Show::One(contest.person_id.clone(), 0)).await?.new_message());
    }
    Ok(accept(turn, &session, &contest, &by).await?.new_message())
}

/// The line becomes « présent » like any other correction: with what it says now before one's eyes, and a reason.
async fn accept(turn: &mut Turn<'_>, session: &Session, contest: &Contest, by: &str) -> Result<Answer> {
    let line = store::line(turn.tx, &session.id, &contest.person_id).await?;
    let sheet = store::sheet(turn.tx, &session.id).await?;
    let (Some(line), Some(sheet)) = (line, sheet) else {
        return Ok(Answer::alert(text!("attendance-gone")).loud());
    };
    if line.verdict().is_whole() {
        flow::decide(turn.tx, &contest.id, true, "contest", by).await?;
        return Ok(Answer::say(text!("attendance-contest-accepted", state = line.verdict().words())));
    }
    let wish = Wish {
        session: session.id.clone(),
        person: contest.person_id.clone(),
        mark: Mark::Present,
        late: None,
        early: None,
        version: sheet.version,
        page: 0,
        undo: None,
    };
    show(turn, session, Show::Reason(wish)).await
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
    Ok(Answer::say(if flow::decide(turn.tx, &id, false, &words, &by).await? {
        text!("attendance-contest-refused")
    } else {
        text!("attendance-contest-decided-already")
    }))
}
