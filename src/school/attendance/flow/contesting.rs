//! A student objects to their own line; the one in charge decides.

use super::super::SheetState;
use super::super::rules::{Settings, contest_until};
use super::super::store::{self, Contest};
use super::{CONTESTED, ContestFor, DECIDED, awake, in_charge, object};
use crate::kernel::{At, Result};
use crate::platform::outbox::{self, Put};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::roster::Reachable;
use crate::school::roster::flow::{reachable, staff_of};
use crate::school::session::flow::session;

/// May this line still be contested?
pub fn may_contest(tx: &Tx, state: SheetState, end: At, validated: Option<At>) -> Result<bool> {
    let until = contest_until(end, validated, contest_days(tx)?);
    Ok(state != SheetState::Running && tx.now() <= until)
}

/// For so many days a line may be contested.
pub fn contest_days(tx: &Tx) -> Result<i64> {
    Ok(tx.config().section::<Settings>()?.contest_days)
}

/// A student objects to their line; `None` when they did before.
pub async fn contest(tx: &mut Tx, session_id: &str, person_id: &str, words: &str) -> Result<Option<String>> {
    let Some(session) = session(tx, session_id).await? else { return Ok(None) };
    let Some(id) = store::insert_contest(tx, session_id, person_id, words).await? else { return Ok(None) };
    let actor = Actor::Person(person_id.to_owned());
    record(tx, &actor, "sheet.contested", &object(session_id), None, None).await?;
    let people = in_charge(tx, &session).await?;
    tell(tx, &id, &people).await?;
    Ok(Some(id))
}

/// Each of them is told once.
async fn tell(tx: &mut Tx, contest_id: &str, people: &[Reachable]) -> Result<()> {
    let now = tx.now();
    let due = awake(tx, now);
    for person in people {
        let about = ContestFor { contest_id: contest_id.to_owned(), account: person.telegram_id };
        let key = format!("{CONTESTED}:{contest_id}:{}", person.telegram_id);
        let put = Put::new(CONTESTED, key, &about)?.lane(format!("chat:{}", person.telegram_id));
        outbox::put(tx, put.due(due)).await?;
    }
    Ok(())
}

/// Whoever was to decide cannot be written to: those who look after the class decide.
pub async fn contested_instead(tx: &mut Tx, contest: &Contest) -> Result<()> {
    let Some(session) = session(tx, &contest.session_id).await? else { return Ok(()) };
    let staff = staff_of(tx, &session.classroom_id).await?;
    tell(tx, &contest.id, &staff).await
}

/// The one in charge decides: refuses, or agrees with what the line says already. Whatever else a line becomes, the
/// correction answers the contest. `false` when it was decided before.
pub async fn decide(tx: &mut Tx, contest_id: &str, accept: bool, reason: &str, by: &str) -> Result<bool> {
    let Some(contest) = store::contest(tx, contest_id).await? else { return Ok(false) };
    settle_contest(tx, &contest, if accept { "accepted" } else { "refused" }, reason, by).await
}

/// A line was corrected: an open contest of it is answered by that, with the same reason.
pub(super) async fn answer_contest(
    tx: &mut Tx,
    session_id: &str,
    person_id: &str,
    reason: &str,
    by: &str,
) -> Result<()> {
    if let Some(contest) = store::contest_of(tx, session_id, person_id).await? {
        settle_contest(tx, &contest, "accepted", reason, by).await?;
    }
    Ok(())
}

/// Records what was decided and tells the student; `false` when it was decided before.
async fn settle_contest(tx: &mut Tx, contest: &Contest, state: &str, reason: &str, by: &str) -> Result<bool> {
    if !store::decide_contest(tx, &contest.id, state, reason, by).await? {
        return Ok(false);
    }
    let actor = Actor::Person(by.to_owned());
    record(tx, &actor, "sheet.contest_decided", &object(&contest.session_id), None, Some(state)).await?;
    if let Some(person) = reachable(tx, &contest.person_id).await? {
        let about = ContestFor { contest_id: contest.id.clone(), account: person.telegram_id };
        let put = Put::new(DECIDED, format!("{DECIDED}:{}", contest.id), &about)?;
        outbox::put(tx, put.lane(format!("chat:{}", person.telegram_id))).await?;
    }
    Ok(true)
}
