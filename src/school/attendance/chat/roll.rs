//! Names and states: picked, listed, set, with a reason once the lesson is over.

use super::super::flow::{self, Correction, Here, Roll, Unchanged};
use super::super::rules::{Lesson, NoPress, button_window};
use super::super::screens::{self, Show};
use super::super::{LateChange, LateRoll, Mark, Reason, Saved, SheetState, Source, Undo, Verdict, Wish, store};
use super::{mine, show, spot, unchanged};
use crate::kernel::text::Arg;
use crate::kernel::{Result, Text};
use crate::school::session::Session;
use crate::school::session::flow::of_student;
use crate::telegram::command::{Answer, Turn};
use crate::text;

/// `[Liste]`, a page of it.
pub async fn list(turn: &mut Turn<'_>) -> Result<Answer> {
    let spot = spot(turn)?;
    match mine(turn, &spot.session).await? {
        Ok((session, _)) => show(turn, &session, Show::List(spot.page)).await,
        Err(answer) => Ok(answer),
    }
}

/// `[Tous présents sauf…]`: names are picked, then saved.
pub async fn except(turn: &mut Turn<'_>) -> Result<Answer> {
    let spot = spot(turn)?;
    match mine(turn, &spot.session).await? {
        Ok((session, _)) => show(turn, &session, Show::Except { page: spot.page, absent: spot.absent }).await,
        Err(answer) => Ok(answer),
    }
}

/// `[Enregistrer]`, and `[Tous présents]`.
pub async fn save(turn: &mut Turn<'_>) -> Result<Answer> {
    let spot = spot(turn)?;
    let (session, by) = match mine(turn, &spot.session).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    // « Tous présents » would turn an announced absence into its contrary unseen.
    if !spot.sure && spot.absent.is_empty() && announced_absences(turn, &session).await? {
        return show(turn, &session, Show::AskAll).await;
    }
    let roll = Roll { session_id: &session.id, absent: &spot.absent, by: &by, agreed: false };
    match flow::mark_open(turn.tx, &roll, spot.version).await? {
        Ok(lines) => {
            let alert = text!("attendance-saved", count = lines.len());
            let until = turn.tx.now().plus_minutes(10);
            let saved = Saved { session: session.id.clone(), version: spot.version + 1, until, lines };
            Ok(show(turn, &session, Show::Saved(saved)).await?.with_alert(alert))
        }
        Err(Unchanged::Locked) => {
            let late = LateRoll { session: session.id.clone(), absent: spot.absent, by };
            let asked = flow::ask_roll(turn.tx, &late).await?;
            Ok(show(turn, &session, Show::Main).await?.with_alert(second_words(asked)).loud())
        }
        Err(Unchanged::Same) => Ok(show(turn, &session, Show::Main).await?.with_alert(unchanged(&Unchanged::Same))),
        Err(why) => {
            // By this very press, which came twice.
            if let Some(saved) = flow::saved_before(turn.tx, &roll, spot.version).await? {
                let alert = text!("attendance-saved", count = saved.lines.len());
                return Ok(show(turn, &session, Show::Saved(saved)).await?.with_alert(alert));
            }
            Ok(show(turn, &session, Show::Main).await?.with_alert(unchanged(&why)).loud())
        }
    }
}

/// Did anybody announce an absence, of whom nobody has said anything since?
async fn announced_absences(turn: &mut Turn<'_>, session: &Session) -> Result<bool> {
    let view = flow::view(turn.tx, session).await?;
    Ok(view.is_some_and(|view| view.sheet.validated_at.is_none() && screens::announced_open(&view).next().is_some()))
}

/// `[Annuler (10 min)]` under a roll that was saved.
pub async fn unsave(turn: &mut Turn<'_>) -> Result<Answer> {
    let saved: Saved = serde_json::from_str(&turn.args)?;
    let (session, by) = match mine(turn, &saved.session).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    if turn.tx.now() > saved.until {
        return Ok(show(turn, &session, Show::Main).await?.with_alert(text!("attendance-unsave-late")).loud());
    }
    let done = flow::take_back(turn.tx, &saved, &by).await?;
    let answer = show(turn, &session, Show::Main).await?;
    if done.is_err()
        && let Some(count) = flow::taken_back_before(turn.tx, &saved, &by).await?
    {
        return Ok(answer.with_alert(text!("attendance-unsaved", count = count)));
    }
    Ok(match done {
        Ok(count) => answer.with_alert(text!("attendance-unsaved", count = count)),
        Err(why) => answer.with_alert(unchanged(&why)).loud(),
    })
}

/// A name was tapped: what it may become.
pub async fn one(turn: &mut Turn<'_>) -> Result<Answer> {
    let spot = spot(turn)?;
    let session = match mine(turn, &spot.session).await? {
        Ok((session, _)) => session,
        Err(answer) => return Ok(answer),
    };
    let Some(person) = spot.person else { return show(turn, &session, Show::List(spot.page)).await };
    let what = if spot.late { Show::Late(person, spot.page) } else { Show::One(person, spot.page) };
    show(turn, &session, what).await
}

/// A state was tapped. While the session runs it is written at once; afterwards a reason is asked.
pub async fn set(turn: &mut Turn<'_>) -> Result<Answer> {
    let wish: Wish = serde_json::from_str(&turn.args)?;
    let (session, by) = match mine(turn, &wish.session).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    let Some(sheet) = flow::sheet(turn.tx, &session.id).await? else {
        return Ok(Answer::alert(text!("attendance-not-open")).loud());
    };
    if wish.undo.as_ref().is_some_and(|undo| turn.tx.now() > undo.until) {
        return Ok(show(turn, &session, Show::Main).await?.with_alert(text!("attendance-undo-late")).loud());
    }
    if sheet.version != wish.version {
        if let Some(answer) = written_before(turn, &session, &wish, &by).await? {
            return Ok(answer);
        }
        let answer = show(turn, &session, Show::One(wish.person.clone(), wish.page)).await?;
        return Ok(answer.with_alert(text!("attendance-stale")).loud());
    }
    let line = store::line(turn.tx, &session.id, &wish.person).await?;
    let is_open = line.is_some_and(|line| line.mark == Mark::Open);
    let contested = is_contested(turn, &session, &wish.person).await?;
    match sheet.state {
        SheetState::Running => write(turn, &session, &wish, flow::ROLL_CALL, &by).await,
        _ if wish.undo.is_some() => write(turn, &session, &wish, flow::UNDO, &by).await,
        // To mark who was not marked is no correction; but who objects to that is answered with a reason.
        SheetState::Proposed if is_open && !contested => write(turn, &session, &wish, flow::ROLL_CALL, &by).await,
        SheetState::Proposed | SheetState::Validated | SheetState::Locked => {
            show(turn, &session, Show::Reason(wish)).await
        }
    }
}

/// Does the person object to their line, and wait for an answer?
async fn is_contested(turn: &mut Turn<'_>, session: &Session, person: &str) -> Result<bool> {
    let contest = store::contest_of(turn.tx, &session.id, person).await?;
    Ok(contest.is_some_and(|contest| contest.state == "open"))
}

/// A reason was tapped, or another is to be typed.
pub async fn reason(turn: &mut Turn<'_>) -> Result<Answer> {
    let reason: Reason = serde_json::from_str(&turn.args)?;
    let (session, by) = match mine(turn, &reason.wish.session).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    // A key that stood there before excuses had kinds.
    let excuses = reason.wish.mark == Mark::Justified && reason.wish.undo.is_none();
    if excuses && !matches!(reason.code.as_deref(), Some("document" | "school")) {
        return show(turn, &session, Show::Reason(reason.wish)).await;
    }
    if let Some(code) = reason.code {
        return write(turn, &session, &reason.wish, &code, &by).await;
    }
    turn.ask(screens::REASON, &serde_json::to_string(&reason.wish)?).await?;
    show(turn, &session, Show::Words(reason.wish)).await
}

/// The words of a reason.
pub async fn reason_words(turn: &mut Turn<'_>) -> Result<Answer> {
    let wish: Wish = serde_json::from_str(&turn.asked)?;
    turn.end_question().await?;
    let words: String = turn.args.trim().chars().take(200).collect();
    match mine(turn, &wish.session).await? {
        // Asked before excuses had kinds: no words are kept of one.
        Ok((session, _)) if wish.mark == Mark::Justified => {
            Ok(show(turn, &session, Show::Reason(wish)).await?.new_message())
        }
        Ok((session, by)) => {
            let mut answer = write(turn, &session, &wish, &words, &by).await?;
            // No press, no alert: what it would say comes first.
            if let (Some(alert), Some(screen)) = (answer.alert.take(), answer.screen.as_mut()) {
                screen.text = Text::lines([alert, screen.text.clone()]);
            }
            Ok(answer)
        }
        Err(_) => Ok(Answer::say(text!("attendance-not-yours"))),
    }
}

async fn write(turn: &mut Turn<'_>, session: &Session, wish: &Wish, reason: &str, by: &str) -> Result<Answer> {
    let source = wish.undo.as_ref().map_or(Source::Manual, |undo| undo.source);
    let verdict = Verdict { mark: wish.mark, late: wish.late, early: wish.early, minutes: None, source };
    let correction = Correction {
        session_id: &session.id,
        person_id: &wish.person,
        verdict,
        reason,
        by,
        version: Some(wish.version),
        undo: wish.undo.is_some(),
        agreed: false,
    };
    let until = turn.tx.now().plus_minutes(10);
    let contested = is_contested(turn, session, &wish.person).await?;
    match flow::correct(turn.tx, &correction).await? {
        Ok(before) if wish.undo.is_some() => {
            let words = text!("attendance-undone", name = before.short_name(), state = verdict.words());
            Ok(show(turn, session, Show::Main).await?.with_alert(words))
        }
        // The student is told: that is not taken back, it is corrected again.
        Ok(_) if contested => {
            let words = text!("attendance-contest-accepted", state = verdict.words());
            Ok(show(turn, session, Show::Main).await?.with_alert(words))
        }
        Ok(before) => {
            let undo = Wish {
                mark: before.mark,
                late: before.late,
                early: before.early,
                version: wish.version + 1,
                undo: Some(Undo { until, source: before.source }),
                ..wish.clone()
            };
            let name = before.short_name();
            show(turn, session, Show::Changed { name, old: before.verdict(), new: verdict, undo }).await
        }
        Err(Unchanged::Locked) => ask_second(turn, session, wish, reason, by).await,
        Err(why) => {
            if let Some(answer) = written_before(turn, session, wish, by).await? {
                return Ok(answer);
            }
            let answer = show(turn, session, Show::One(wish.person.clone(), wish.page)).await?;
            Ok(answer.with_alert(unchanged(&why)))
        }
    }
}

/// The wish was written by this very press, which came twice: what it says then is said again.
async fn written_before(turn: &mut Turn<'_>, session: &Session, wish: &Wish, by: &str) -> Result<Option<Answer>> {
    let Some(made) = flow::written_before(turn.tx, wish, by).await? else { return Ok(None) };
    let Some(line) = store::line(turn.tx, &session.id, &wish.person).await? else { return Ok(None) };
    let (name, state) = (line.short_name(), made.new.words());
    if wish.undo.is_some() {
        let words = text!("attendance-undone", name = name, state = state);
        return Ok(Some(show(turn, session, Show::Main).await?.with_alert(words)));
    }
    // Who objected was told.
    if store::contest_of(turn.tx, &session.id, &wish.person).await?.is_some_and(|contest| contest.state != "open") {
        let words = text!("attendance-contest-accepted", state = state);
        return Ok(Some(show(turn, session, Show::Main).await?.with_alert(words)));
    }
    let undo = Wish {
        mark: made.old.mark,
        late: made.old.late,
        early: made.old.early,
        version: wish.version + 1,
        undo: Some(Undo { until: made.until, source: made.old.source }),
        ..wish.clone()
    };
    Ok(Some(show(turn, session, Show::Changed { name, old: made.old, new: made.new, undo }).await?))
}

/// The sheet is locked: the wish waits for a second person.
async fn ask_second(turn: &mut Turn<'_>, session: &Session, wish: &Wish, reason: &str, by: &str) -> Result<Answer> {
    let change = LateChange {
        session: session.id.clone(),
        person: wish.person.clone(),
        mark: wish.mark,
        late: wish.late,
        early: wish.early,
        reason: reason.to_owned(),
        by: by.to_owned(),
    };
    let asked = flow::ask_change(turn.tx, &change).await?;
    Ok(show(turn, session, Show::Main).await?.with_alert(second_words(asked)).loud())
}

fn second_words(asked: bool) -> Text {
    if asked { text!("attendance-change-asked") } else { text!("attendance-change-waits") }
}

/// `[Je suis là]`
pub async fn here(turn: &mut Turn<'_>) -> Result<Answer> {
    let (id, person) = (turn.args.clone(), turn.who.person.clone());
    let (session, person) = match of_student(turn.tx, &id, person.as_deref()).await? {
        Ok(found) => found,
        Err(words) => return Ok(Answer::alert(words).loud()),
    };
    let zone = turn.tx.zone();
    Ok(match flow::here(turn.tx, &session, &person).await? {
        Here::Noted => Answer::alert(text!("attendance-here-noted")),
        Here::NotOnSheet => Answer::alert(text!("attendance-here-not-listed")).loud(),
        Here::Refused(NoPress::CallOpen) => Answer::alert(text!("session-here-call")).loud(),
        Here::Refused(NoPress::OnSite) => Answer::alert(text!("session-here-on-site")).loud(),
        Here::Refused(NoPress::Closed) => {
            let lesson = Lesson { start: session.start_at, end: session.end_at, mode: session.mode };
            let (from, until) = button_window(&lesson);
            Answer::alert(text!("session-here-closed", hours = Arg::Hours(from, until, zone))).loud()
        }
    })
}
