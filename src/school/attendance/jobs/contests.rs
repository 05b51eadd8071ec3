//! An objection reaches whoever decides, and what they decided whoever objected.

use super::super::flow::{self, ContestFor};
use super::super::store::Contest;
use super::super::{Decision, Line, screens, store};
use super::{NOT_THEIRS, theirs};
use crate::kernel::{Result, Text};
use crate::platform::outbox::{Outcome, Row};
use crate::platform::store::Tx;
use crate::school::roster::flow::person_of_account;
use crate::school::session::flow::session;
use crate::school::session::title;
use crate::telegram::port::{Desk, Post, post};
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// The objection, the line that it is about, and how its session is called; `None`: one of them is gone.
async fn found(tx: &mut Tx, about: &ContestFor) -> Result<Option<(Contest, Line, Text)>> {
    let Some(contest) = store::contest(tx, &about.contest_id).await? else { return Ok(None) };
    let Some(session) = session(tx, &contest.session_id).await? else { return Ok(None) };
    let line = store::line(tx, &contest.session_id, &contest.person_id).await?;
    let head = title(&session, tx.zone());
    Ok(line.map(|line| (contest, line, head)))
}

/// A student objects: the one in charge decides.
pub async fn contested(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: ContestFor = row.read()?;
    let known = desk
        .db
        .read(async |tx| {
            let Some((contest, line, head)) = found(tx, &about).await? else { return Ok(None) };
            let lang = person_of_account(tx, about.account).await?.and_then(|person| person.lang);
            Ok(Some((contest, line, head, lang.unwrap_or(tx.config().school.language))))
        })
        .await?;
    let Some((contest, line, head, lang)) = known else { return Ok(Outcome::Cancel("the contest is gone".to_owned())) };
    if !theirs(desk, &contest.session_id, about.account).await? {
        desk.db.transact(async |tx| flow::contested_instead(tx, &contest).await).await?;
        return Ok(Outcome::Cancel(NOT_THEIRS.to_owned()));
    }
    let words = text!(
        "attendance-contested",
        name = line.short_name(),
        session = head,
        state = line.verdict().words(),
        words = contest.words.as_str()
    );
    let decision =
        |accept: bool, other: bool| serde_json::to_string(&Decision { contest: contest.id.clone(), accept, other });
    let mut answers = vec![Key::press(text!("attendance-contest-other-key"), screens::DECIDE, decision(true, true)?)];
    // What the line says already is no answer.
    if !line.verdict().is_whole() {
        answers.insert(0, Key::press(text!("attendance-contest-accept-key"), screens::DECIDE, decision(true, false)?));
    }
    let screen = Screen::new(words).row(answers).row([Key::press(
        text!("attendance-contest-refuse-key"),
        screens::DECIDE,
        decision(false, false)?,
    )]);
    let outcome = post(desk, row, Post::private(about.account, screen, lang)).await?;
    // Whoever was to decide cannot be written to any more: somebody else must.
    if matches!(outcome, Outcome::Cancel(_)) {
        desk.db.transact(async |tx| flow::contested_instead(tx, &contest).await).await?;
    }
    Ok(outcome)
}

/// The student learns what was decided.
pub async fn decided(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: ContestFor = row.read()?;
    let known = desk
        .db
        .read(async |tx| {
            let Some((contest, line, head)) = found(tx, &about).await? else { return Ok(None) };
            // The account may be another's by now.
            let reader = person_of_account(tx, about.account).await?.filter(|person| person.id == contest.person_id);
            let Some(reader) = reader else { return Ok(None) };
            let reason = store::contest_reason(tx, &contest.id).await?;
            Ok(Some((contest, line, head, reason, reader.lang.unwrap_or(tx.config().school.language))))
        })
        .await?;
    let Some((contest, line, head, reason, lang)) = known else {
        return Ok(Outcome::Cancel("the contest is gone".to_owned()));
    };
    let (reason, state) = (reason.unwrap_or_default(), line.verdict().words());
    let words = match (contest.state.as_str(), reason.as_str()) {
        ("accepted", "contest" | flow::ROLL_CALL) => {
            text!("attendance-decided-accepted", session = head, state = state)
        }
        ("accepted", why) => {
            text!("attendance-decided-corrected", session = head, state = state, reason = flow::reason_words(why))
        }
        _ => text!("attendance-decided-refused", session = head, reason = reason),
    };
    post(desk, row, Post::private(about.account, Screen::new(words), lang)).await
}
