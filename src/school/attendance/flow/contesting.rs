//! A student objects to their own line; the one in charge decides.

use super::super::rules::contest_until;
use super::super::store::{self, Contest};
use super::super::{LateChange, Mark, SheetState, Source, Verdict};
use super::{CONTESTED, ContestFor, Correction, DECIDED, Unchanged, ask_change, awake, correct, in_charge, object};
use crate::kernel::{At, Error, Result};
use crate::platform::outbox::{self, Put};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::roster::flow::reachable;
use crate::school::session::flow::session;

/// May this line still be contested?
pub fn may_contest(tx: &Tx, state: SheetState, end: At, validated: Option<At>) -> bool {
    let until = contest_until(end, validated, tx.config().attendance.contest_days);
    matches!(state, SheetState::Proposed | SheetState::Validated) && tx.now() <= until
}

/// A student objects to their line; `None` when they did before.
pub async fn contest(tx: &mut Tx, session_id: &str, person_id: &str, words: &str) -> Result<Option<String>> {
    let Some(session) = session(tx, session_id).await? else { return Ok(None) };
    let Some(id) = store::insert_contest(tx, session_id, person_id, words).await? else { return Ok(None) };
    let actor = Actor::Person(person_id.to_owned());
    record(tx, &actor, "sheet.contested", &object(session_id), None, None).await?;
    let now = tx.now();
    let due = awake(tx, now);
    for person in in_charge(tx, &session).await? {
        let about = ContestFor { contest_id: id.clone(), account: person.telegram_id };
        let key = format!("{CONTESTED}:{id}:{}", person.telegram_id);
        let put = Put::new(CONTESTED, key, &about)?.lane(format!("chat:{}", person.telegram_id));
        outbox::put(tx, put.due(due)).await?;
    }
    Ok(Some(id))
}

/// How a decision about a contest ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    Done,
    Already,
    /// The sheet was locked meanwhile: a second person is asked, the contest stays open until then.
    Asked,
}

/// The one in charge decides.
pub async fn decide(tx: &mut Tx, contest_id: &str, accept: bool, reason: &str, by: &str) -> Result<Decided> {
    let Some(contest) = store::contest(tx, contest_id).await? else { return Ok(Decided::Already) };
    let locked = store::sheet(tx, &contest.session_id).await?.is_some_and(|sheet| sheet.state == SheetState::Locked);
    if contest.state != "open" {
        return Ok(Decided::Already);
    }
    let verdict = Verdict { mark: Mark::Present, late: None, early: None, minutes: None, source: Source::Manual };
    if accept && locked {
        let change = LateChange {
            session: contest.session_id,
            person: contest.person_id,
            mark: verdict.mark,
            late: None,
            early: None,
            reason: reason.to_owned(),
            by: by.to_owned(),
        };
        ask_change(tx, &change).await?;
        return Ok(Decided::Asked);
    }
    let state = if accept { "accepted" } else { "refused" };
    if !settle_contest(tx, &contest, state, reason, by).await? {
        return Ok(Decided::Already);
    }
    if accept {
        let correction = Correction {
            session_id: &contest.session_id,
            person_id: &contest.person_id,
            verdict,
            reason,
            by,
            version: None,
            undo: false,
            agreed: false,
        };
        match correct(tx, &correction).await? {
            // Already so: the contest is settled all the same.
            Ok(_) | Err(Unchanged::Same) => {}
            Err(why) => return Err(Error::outage("sheet", &format!("{why:?}"))),
        }
    }
    Ok(Decided::Done)
}

/// Records what was decided and tells the student; `false` when it was decided before.
pub(super) async fn settle_contest(
    tx: &mut Tx,
    contest: &Contest,
    state: &str,
    reason: &str,
    by: &str,
) -> Result<bool> {
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
