//! The roll, the sheet, `/presence` and `/moi`.

use super::flow::{self, Correction, Decided, Here, Unchanged, Validated};
use super::screens::{self, At as Spot, Show};
use super::store;
use super::{Decision, LateChange, Mark, Reason, SheetState, Source, Undo, Verdict, Wish};
use crate::kernel::text::Arg;
use crate::kernel::{Error, Result, Text};
use crate::school::classroom::flow::classroom;
use crate::school::roster::Role;
use crate::school::roster::flow::{classrooms_of, person};
use crate::school::session::flow::{between, may_say_here, of_teacher, session};
use crate::school::session::{Session, title};
use crate::telegram::command::{Answer, Turn};
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// `/presence` looks back so many days, and shows so many sheets.
const DAYS_BACK: i64 = 7;
const MOST_SHEETS: usize = 8;

/// May this person act on this session's sheet? Its teacher, and those in charge of the class.
async fn in_charge(turn: &mut Turn<'_>, session: &Session) -> Result<Option<String>> {
    let Some(id) = turn.who.person.clone() else { return Ok(None) };
    if session.teacher_id.as_deref() == Some(id.as_str()) {
        return Ok(Some(id));
    }
    let Some(person) = person(turn.tx, &id).await? else { return Ok(None) };
    let classes = classrooms_of(turn.tx, &id).await?;
    let allowed = match person.role {
        Role::Student | Role::Teacher => false,
        Role::Supervisor => classes.is_empty() || classes.contains(&session.classroom_id),
        Role::Manager | Role::Admin => true,
    };
    Ok(allowed.then_some(id))
}

/// The session of a press, if the presser is in charge of it.
async fn mine(turn: &mut Turn<'_>, session_id: &str) -> Result<std::result::Result<(Session, String), Answer>> {
    let Some(session) = session(turn.tx, session_id).await? else {
        return Ok(Err(Answer::alert(text!("attendance-gone")).loud()));
    };
    Ok(match in_charge(turn, &session).await? {
        Some(by) => Ok((session, by)),
        None => Err(Answer::alert(text!("attendance-not-yours")).loud()),
    })
}

async fn show(turn: &mut Turn<'_>, session: &Session, what: Show) -> Result<Answer> {
    Ok(match flow::view(turn.tx, session).await? {
        Some(view) => Answer::screen(screens::screen(&view, &what)?),
        None => Answer::alert(text!("attendance-not-open")).loud(),
    })
}

fn unchanged(why: &Unchanged) -> Text {
    match why {
        Unchanged::Stale => text!("attendance-stale"),
        Unchanged::Locked => text!("attendance-locked"),
        Unchanged::Same => text!("attendance-same"),
        Unchanged::Gone => text!("attendance-gone"),
    }
}

fn spot(turn: &Turn<'_>) -> Result<Spot> {
    Ok(serde_json::from_str(&turn.args)?)
}

/// The roll or the sheet, from its first screen.
pub async fn sheet(turn: &mut Turn<'_>) -> Result<Answer> {
    let spot = spot(turn)?;
    if spot.give_up {
        turn.end_question().await?;
    }
    match mine(turn, &spot.session).await? {
        Ok((session, _)) => show(turn, &session, Show::Main).await,
        Err(answer) => Ok(answer),
    }
}

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
    let done = flow::mark_open(turn.tx, &session.id, &spot.absent, &by, spot.version).await?;
    let answer = show(turn, &session, Show::Main).await?;
    Ok(match done {
        Ok(count) => answer.with_alert(text!("attendance-saved", count = count)),
        Err(Unchanged::Same) => answer.with_alert(unchanged(&Unchanged::Same)),
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
    let Some(sheet) = store::sheet(turn.tx, &session.id).await? else {
        return Ok(Answer::alert(text!("attendance-not-open")).loud());
    };
    if wish.undo.as_ref().is_some_and(|undo| turn.tx.now() > undo.until) {
        return Ok(show(turn, &session, Show::Main).await?.with_alert(text!("attendance-undo-late")).loud());
    }
    if sheet.version != wish.version {
        let answer = show(turn, &session, Show::One(wish.person.clone(), wish.page)).await?;
        return Ok(answer.with_alert(text!("attendance-stale")).loud());
    }
    let line = store::line(turn.tx, &session.id, &wish.person).await?;
    let is_open = line.is_some_and(|line| line.mark == Mark::Open);
    match sheet.state {
        SheetState::Running => write(turn, &session, &wish, "roll", &by).await,
        _ if wish.undo.is_some() => write(turn, &session, &wish, "undo", &by).await,
        // To mark who was not marked is no correction.
        SheetState::Proposed if is_open => write(turn, &session, &wish, "roll", &by).await,
        SheetState::Proposed | SheetState::Validated | SheetState::Locked => {
            show(turn, &session, Show::Reason(wish)).await
        }
    }
}

/// A reason was tapped, or another is to be typed.
pub async fn reason(turn: &mut Turn<'_>) -> Result<Answer> {
    let reason: Reason = serde_json::from_str(&turn.args)?;
    let (session, by) = match mine(turn, &reason.wish.session).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
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
    match flow::correct(turn.tx, &correction).await? {
        Ok(before) if wish.undo.is_some() => {
            let words = text!("attendance-undone", name = before.short_name(), state = verdict.words());
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
            let answer = show(turn, session, Show::One(wish.person.clone(), wish.page)).await?;
            Ok(answer.with_alert(unchanged(&why)))
        }
    }
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
    let words = if flow::ask_change(turn.tx, &change).await? {
        text!("attendance-change-asked")
    } else {
        text!("attendance-change-waits")
    };
    Ok(show(turn, session, Show::Main).await?.with_alert(words).loud())
}

/// `[Valider]`
pub async fn validate(turn: &mut Turn<'_>) -> Result<Answer> {
    let spot = spot(turn)?;
    let (session, by) = match mine(turn, &spot.session).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    match flow::validate(turn.tx, &session.id, &by, spot.version, spot.leave_open).await? {
        Validated::Done => Ok(show(turn, &session, Show::Main).await?.with_alert(text!("attendance-validated-alert"))),
        Validated::Open(count) => show(turn, &session, Show::AskOpen { count, version: spot.version }).await,
        Validated::Refused(why) => {
            let answer = show(turn, &session, Show::Main).await?.with_alert(unchanged(&why));
            Ok(if why == Unchanged::Same { answer } else { answer.loud() })
        }
    }
}

/// `[Recevoir la feuille]`
pub async fn file(turn: &mut Turn<'_>) -> Result<Answer> {
    let spot = spot(turn)?;
    let session = match mine(turn, &spot.session).await? {
        Ok((session, _)) => session,
        Err(answer) => return Ok(answer),
    };
    let Some(sheet) = store::sheet(turn.tx, &session.id).await? else {
        return Ok(Answer::alert(text!("attendance-not-open")).loud());
    };
    flow::file_for(turn.tx, &session.id, turn.who.account, sheet.revision).await?;
    Ok(Answer::alert(text!("attendance-file-coming")))
}

/// `[Je suis là]`
pub async fn here(turn: &mut Turn<'_>) -> Result<Answer> {
    let (id, person) = (turn.args.clone(), turn.who.person.clone());
    match may_say_here(turn.tx, &id, person.as_deref()).await? {
        Ok((session, person)) => Ok(match flow::here(turn.tx, &session.id, &person).await? {
            Here::Noted => Answer::alert(text!("attendance-here-noted")),
            Here::NotOnSheet => Answer::alert(text!("attendance-here-not-listed")).loud(),
        }),
        Err(words) => Ok(Answer::alert(words).loud()),
    }
}

/// `/presence`: the sheets of the last days, the nearest first.
pub async fn presence(turn: &mut Turn<'_>) -> Result<Answer> {
    let (zone, now) = (turn.tx.zone(), turn.tx.now());
    let Some(id) = turn.who.person.clone() else { return Ok(Answer::say(text!("session-who-are-you"))) };
    let Some(person) = person(turn.tx, &id).await? else { return Ok(Answer::say(text!("session-who-are-you"))) };
    let from = zone.start_of(zone.day(now.plus_days(-DAYS_BACK)));
    let mut sessions = match person.role {
        Role::Student | Role::Teacher => of_teacher(turn.tx, &id, from, now.plus_minutes(1)).await?,
        _ => between(turn.tx, from, now.plus_minutes(1)).await?,
    };
    let classes = classrooms_of(turn.tx, &id).await?;
    if person.role == Role::Supervisor && !classes.is_empty() {
        let theirs = |session: &Session| session.teacher_id.as_deref() == Some(id.as_str());
        sessions.retain(|session| theirs(session) || classes.contains(&session.classroom_id));
    }
    sessions.reverse();
    let mut screen = Screen::new(text!("attendance-choose"));
    for session in &sessions {
        let Some(sheet) = store::sheet(turn.tx, &session.id).await? else { continue };
        let class = classroom(turn.tx, &session.classroom_id).await?.map(|class| class.name).unwrap_or_default();
        let day = Arg::Day(zone.day(session.start_at));
        let (hour, subject) = (zone.clock_hour(session.start_at), &session.subject);
        let label = if sheet.state == SheetState::Proposed {
            text!("attendance-choose-key-open", day = day, hour = hour, class = class, subject = subject)
        } else {
            text!("attendance-choose-key", day = day, hour = hour, class = class, subject = subject)
        };
        screen = screen.row([Key::press(label, screens::SHEET, Spot::of(&session.id, sheet.version).json()?)]);
        if screen.keys.len() >= MOST_SHEETS {
            break;
        }
    }
    let none = screen.keys.is_empty();
    Ok(if none { Answer::say(text!("attendance-none", count = DAYS_BACK)) } else { Answer::screen(screen) })
}

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
