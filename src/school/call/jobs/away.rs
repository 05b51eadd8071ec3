//! Telegram has not answered accounts for long: admins are told, unless it answers again.

use futures::future::join_all;

use super::super::flow;
use super::tell_admins;
use crate::kernel::text::Arg;
use crate::kernel::{At, Result};
use crate::platform::outbox::{Outcome, Row};
use crate::platform::store::Tx;
use crate::telegram::port::{AWAY, AwayAccount, Desk, away_now};
use crate::text;

/// So many minutes more than what is stuck is waited for: that all of Telegram is away is known by then.
const LATER: i64 = 2;

/// One absence, one sentence, of those that are away when it is said. While all of Telegram is away that is what is told,
/// by whatever way there is: what would be written here would leave only once it is back.
pub async fn away(desk: &Desk, row: &Row) -> Result<Outcome> {
    let now = desk.db.clock().now();
    let soon = Outcome::Again(now.plus_minutes(1));
    // Nobody else can ask the accounts.
    if !desk.callers.serves() {
        return Ok(soon);
    }
    let ready = desk.callers.gathered().await;
    let read = async |tx: &mut Tx| Ok((away_now(tx).await?, flow::telegram_is_away(tx).await?));
    let (known, telegram) = desk.db.read(read).await?;
    let later = LATER + desk.db.config().outbox.stuck_minutes;
    let due = |away: &[AwayAccount]| away.iter().map(|one| one.since.plus_minutes(later)).min();
    if let Some(due) = due(&known).filter(|due| now < *due) {
        return Ok(Outcome::Again(due));
    }
    if telegram {
        return Ok(soon);
    }
    // What is kept is up to a minute old, or from before this process.
    if known.iter().any(|one| !ready.contains(&one.account)) {
        return Ok(soon);
    }
    let asked = join_all(known.iter().map(|one| desk.callers.answers(one.account))).await;
    let away: Vec<AwayAccount> =
        known.into_iter().zip(asked).filter(|(_, answers)| !answers).map(|(one, _)| one).collect();
    match due(&away) {
        None => Ok(Outcome::Cancel("they are answered again".to_owned())),
        Some(due) if now < due => Ok(Outcome::Again(due)),
        Some(_) => tell(desk, row, &away).await,
    }
}

async fn tell(desk: &Desk, row: &Row, away: &[AwayAccount]) -> Result<Outcome> {
    let since = away.iter().map(|one| one.since).min().unwrap_or(At(0));
    let names: Vec<&str> = away.iter().map(|one| one.name.as_str()).collect();
    let (count, names) = (away.len(), names.join(", "));
    let moment = Arg::Moment(since, desk.db.config().school.time_zone);
    // Rows of several accounts may come to one absence.
    let key = format!("{AWAY}:{}", since.millis());
    tell_admins(desk, row, &key, text!("call-accounts-away", count = count, names = names, since = moment)).await
}
