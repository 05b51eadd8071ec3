//! Who presses a key twice meets what they did by it a moment ago, and may take it back as before: to them nothing else
//! changed the sheet.

use super::super::{Line, Mark, Saved, Verdict, Was, Wish, store};
use super::changing::{ROLL_CALL, Roll, UNDO};
use super::locked::sheet;
use crate::kernel::{At, Result};
use crate::platform::store::Tx;

/// For so long what was done may be taken back.
const UNDO_MINUTES: i64 = 10;

/// One line as somebody changed it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    pub person: String,
    pub old: Verdict,
    pub new: Verdict,
    reason: String,
    pub until: At,
}

/// What the last change of the sheet did, when it was this person's, made on this version, and may still be taken back.
async fn made(tx: &mut Tx, session_id: &str, version: i64, by: &str) -> Result<Vec<Made>> {
    let mut all = Vec::new();
    if sheet(tx, session_id).await?.is_none_or(|sheet| sheet.version != version + 1) {
        return Ok(all);
    }
    let now = tx.now();
    for (person, old, new, reason, who, at) in store::changes_at(tx, session_id, version + 1).await? {
        let until = at.plus_minutes(UNDO_MINUTES);
        if who != by || now > until {
            return Ok(Vec::new());
        }
        let (old, new) = (serde_json::from_str(&old)?, serde_json::from_str(&new)?);
        all.push(Made { person, old, new, reason, until });
    }
    Ok(all)
}

/// This roll, saved already.
pub async fn saved_before(tx: &mut Tx, roll: &Roll<'_>, version: i64) -> Result<Option<Saved>> {
    let made = made(tx, roll.session_id, version, roll.by).await?;
    let mark = |one: &Made| if roll.absent.contains(&one.person) { Mark::Absent } else { Mark::Present };
    let same = |one: &Made| one.reason == ROLL_CALL && one.new.mark == mark(one) && one.new.late.is_none();
    let open = |line: &Line| line.mark == Mark::Open;
    let Some(until) = made.first().map(|first| first.until).filter(|_| made.iter().all(same)) else { return Ok(None) };
    if store::lines(tx, roll.session_id).await?.iter().any(open) {
        return Ok(None);
    }
    let lines = made.into_iter().map(|one| Was { person: one.person, verdict: one.old }).collect();
    Ok(Some(Saved { session: roll.session_id.to_owned(), version: version + 1, until, lines }))
}

/// This wish, written already.
pub async fn written_before(tx: &mut Tx, wish: &Wish, by: &str) -> Result<Option<Made>> {
    let mut made = made(tx, &wish.session, wish.version, by).await?;
    let wanted = (wish.mark, wish.late, wish.early);
    let same = |one: &Made| one.person == wish.person && (one.new.mark, one.new.late, one.new.early) == wanted;
    let alone = made.len() == 1 && made.iter().all(same);
    Ok(made.pop().filter(|one| alone && (one.reason == UNDO) == wish.undo.is_some()))
}

/// This roll, taken back already: how many lines.
pub async fn taken_back_before(tx: &mut Tx, saved: &Saved, by: &str) -> Result<Option<usize>> {
    let made = made(tx, &saved.session, saved.version, by).await?;
    Ok((!made.is_empty() && made.iter().all(|one| one.reason == UNDO)).then_some(made.len()))
}
