//! The outbox's SQL: written, claimed, settled, let go · `shown` what people see of it and decide about.

mod shown;

pub use self::shown::{
    Overdue, STATEMENTS as SHOWN, Shown, Troubled, ahead, ahead_of, counts, counts_of, forget, hurry, in_flight,
    last_done, look_up, open_in, overdue, overdue_row, overdue_rows, recall, recent, revive, trouble, troubled,
    troubles, upcoming,
};

use std::time::Duration;

use super::back::Back;
use super::put::Put;
use super::worker::Doors;
use super::{Door, MOST_ATTEMPTS, Outcome, Row};
use crate::kernel::{At, Result};
use crate::platform::store::{Affected as _, Tx};
use crate::{fetch_all, fetch_optional, insert_many, run, statements};

statements! {
    INSERT = "INSERT INTO outbox (id, kind, key, lane, door, rank, policy, payload, state, due_at, expires_at, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'scheduled', $9, $10, $11) \
        ON CONFLICT (key) DO UPDATE SET state = 'scheduled', id = excluded.id, payload = excluded.payload, \
        due_at = excluded.due_at, expires_at = excluded.expires_at, rank = excluded.rank, attempts = 0, \
        hold_until = 0, settled_at = NULL, called_at = NULL, trace = NULL, doubt_at = NULL, note = NULL \
        WHERE outbox.state = 'cancelled'";
    /// What is in doubt may have been done: it is looked for first.
    CANCEL = "UPDATE outbox SET state = 'cancelled', note = $2, settled_at = $3, payload = '{}' \
        WHERE key = $1 AND state IN ('scheduled', 'retryable') AND doubt_at IS NULL";
    CANCEL_LIKE = "UPDATE outbox SET state = 'cancelled', note = $2, settled_at = $3, payload = '{}' \
        WHERE key >= $1 AND key < $4 AND state IN ('scheduled', 'retryable') AND doubt_at IS NULL";
    /// Lane heads that are due, best rank first. The guard stands twice: a rival that waited for the row's lock must
    /// find it taken. Ranks and states are spelt as the partial indexes spell them: SQLite uses an index only then.
    CLAIM = "UPDATE outbox SET state = 'executing', lease_until = $3, holder = $4, attempts = attempts + 1, \
        called_at = NULL WHERE id IN ( \
        SELECT o.id FROM outbox o WHERE o.state IN ('scheduled', 'retryable') AND o.rank IN (0, 1, 2) \
        AND o.due_at <= $1 AND o.hold_until <= $2 \
        AND ((o.door = 'inner' AND $8) OR (o.door = 'telegram' AND $5) OR (o.door = 'caller' AND $6)) \
        AND NOT EXISTS (SELECT 1 FROM outbox h WHERE h.lane = o.lane AND h.id <> o.id \
        AND h.state IN ('scheduled', 'retryable', 'executing') AND (h.state = 'executing' OR \
        (h.due_at <= $1 AND h.expires_at >= $1 AND (h.rank < o.rank OR \
        (h.rank = o.rank AND (h.due_at < o.due_at OR (h.due_at = o.due_at AND h.id < o.id))))))) \
        ORDER BY o.rank, o.due_at, o.id LIMIT $7) \
        AND state IN ('scheduled', 'retryable') AND hold_until <= $2 \
        RETURNING id, kind, key, door, payload, policy, due_at, expires_at, attempts, rank, trace, doubt_at";
    /// So many at most that may be performed by any process, are due soon and stand alone in their lane.
    CROWD = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM outbox WHERE state IN ('scheduled', 'retryable') \
        AND due_at > $1 AND due_at <= $2 AND door = 'inner' LIMIT $3) AS soon";
    /// As `CLAIM`, of those.
    CLAIM_AHEAD = "UPDATE outbox SET state = 'executing', lease_until = $3, holder = $4, attempts = attempts + 1, \
        called_at = NULL WHERE id IN ( \
        SELECT o.id FROM outbox o WHERE o.state IN ('scheduled', 'retryable') \
        AND o.due_at > $1 AND o.due_at <= $5 AND o.hold_until <= $2 AND o.door = 'inner' \
        AND NOT EXISTS (SELECT 1 FROM outbox h WHERE h.lane = o.lane AND h.id <> o.id \
        AND h.state IN ('scheduled', 'retryable', 'executing')) ORDER BY o.due_at, o.id LIMIT $6) \
        AND state IN ('scheduled', 'retryable') AND hold_until <= $2 \
        RETURNING id, kind, key, door, payload, policy, due_at, expires_at, attempts, rank, trace, doubt_at";
    /// Claimed ahead, and not begun.
    RELEASE = "UPDATE outbox SET state = 'scheduled', attempts = attempts - 1, lease_until = 0 \
        WHERE id = $1 AND holder = $2 AND state = 'executing'";
    /// May anything be claimed, is anything to be taken up whose holder is gone, when is something due next, and when may a
    /// held row go on?
    LOOK = "SELECT \
        EXISTS (SELECT 1 FROM outbox WHERE state IN ('scheduled', 'retryable') AND due_at <= $1 AND hold_until <= $2 \
        AND (door = 'inner' AND $5 OR door = 'telegram' AND $3 OR door = 'caller' AND $4)), \
        EXISTS (SELECT 1 FROM outbox WHERE state = 'executing' AND (lease_until <= $2 OR ($6 AND holder <> $7))), \
        (SELECT CAST(MIN(due_at) AS BIGINT) FROM outbox WHERE state IN ('scheduled', 'retryable') AND due_at > $1 \
        AND (door = 'inner' OR (door = 'telegram' AND $3) OR (door = 'caller' AND $4))), \
        (SELECT CAST(MIN(hold_until) AS BIGINT) FROM outbox WHERE state IN ('scheduled', 'retryable') \
        AND hold_until > 0 AND due_at <= $1 AND hold_until > $2)";
    BEGIN_CALL = "UPDATE outbox SET called_at = $3, lease_until = $4, trace = $5, doubt_at = NULL \
        WHERE id = $1 AND holder = $2 AND state = 'executing' AND lease_until > $3";
    EXTEND = "UPDATE outbox SET lease_until = $4 WHERE id = $1 AND holder = $2 AND state = 'executing' AND lease_until > $3";
    STILL_HELD = "SELECT COUNT(*) FROM outbox WHERE id = $1 AND holder = $2 AND state = 'executing' AND lease_until > $3";
    SETTLE = "UPDATE outbox SET state = $3, note = $4, settled_at = $5, hold_until = $6, payload = $7, lease_until = 0, \
        trace = CASE WHEN $8 THEN trace ELSE NULL END, doubt_at = CASE WHEN $8 THEN doubt_at ELSE NULL END \
        WHERE id = $1 AND holder = $2 AND state = 'executing'";
    IN_DOUBT = "UPDATE outbox SET state = 'retryable', note = $3, doubt_at = called_at, hold_until = $4, lease_until = 0 \
        WHERE id = $1 AND holder = $2 AND state = 'executing'";
    HASTEN = "UPDATE outbox SET due_at = $2 WHERE key = $1 AND state IN ('scheduled', 'retryable') \
        AND due_at > $2";
    AGAIN = "UPDATE outbox SET state = 'scheduled', due_at = $3, hold_until = $4, attempts = 0, lease_until = 0, \
        called_at = NULL, trace = NULL, doubt_at = NULL WHERE id = $1 AND holder = $2 AND state = 'executing'";
    UNREACHED = "SELECT COUNT(*) FROM outbox WHERE state = 'retryable' AND door = $1 AND note = $2";
    REACHED = "UPDATE outbox SET hold_until = 0, attempts = 0 WHERE state = 'retryable' AND door = $1 AND note = $2";
    UNDO_ATTEMPT = "UPDATE outbox SET attempts = attempts - 1 WHERE id = $1";
    /// It was looked for and is not there: nothing is in doubt any more.
    CLEAR_DOUBT = "UPDATE outbox SET trace = NULL, doubt_at = NULL WHERE id = $1 AND holder = $2 AND state = 'executing'";
    /// Rows whose holder is gone. What can be looked for outside is taken up again for that, whatever its policy.
    ORPHANS_TRACED = "UPDATE outbox SET state = 'retryable', doubt_at = called_at, hold_until = 0, lease_until = 0 \
        WHERE state = 'executing' AND (lease_until <= $1 OR ($2 AND holder <> $3)) \
        AND called_at IS NOT NULL AND trace IS NOT NULL";
    /// Of the others, those whose call was begun and may go once only are in doubt; the others run again.
    ORPHANS_DOUBT = "UPDATE outbox SET state = 'unknown', note = 'the program stopped during the call', settled_at = $1 \
        WHERE state = 'executing' AND (lease_until <= $1 OR ($2 AND holder <> $3)) \
        AND policy = 'at_most_once' AND called_at IS NOT NULL RETURNING id, kind, key";
    ORPHANS_RETRY = "UPDATE outbox SET state = 'retryable', hold_until = 0, lease_until = 0 \
        WHERE state = 'executing' AND (lease_until <= $1 OR ($2 AND holder <> $3))";
    PURGE = "DELETE FROM outbox WHERE state IN ('completed', 'cancelled') AND settled_at < $1 AND hold_until < $1";
    PURGE_KIND = "DELETE FROM outbox WHERE state IN ('completed', 'cancelled') AND settled_at < $1 AND hold_until < $1 \
        AND kind = $2";
    WAITING = "SELECT COUNT(*) FROM outbox WHERE state IN ('scheduled', 'retryable', 'executing') \
        AND (state = 'executing' OR due_at <= $1)";
    EMPTY_FORGOTTEN = "UPDATE outbox SET payload = '{}' \
        WHERE state = 'completed' AND note = 'forgotten' AND hold_until < $1 AND payload <> '{}'";
    /// Admins were told when it ended so; what nobody decided about for long is let go, with what it holds of people.
    LET_GO = "UPDATE outbox SET state = 'completed', note = 'forgotten', payload = '{}', hold_until = 0 \
        WHERE state IN ('discarded', 'unknown') AND settled_at < $1";
    READY_OF = "SELECT key, payload FROM outbox WHERE kind = $1 AND state IN ('scheduled', 'retryable') AND due_at <= $2 \
        AND doubt_at IS NULL ORDER BY due_at, id";
    ABSORB = "UPDATE outbox SET state = 'completed', note = 'done with another', payload = '{}', settled_at = $2 \
        WHERE key = $1 AND state IN ('scheduled', 'retryable') AND doubt_at IS NULL";
    /// The clock was put back. `$1`: by how much; `$2`: the time that is now.
    HOLDS_BACK = "UPDATE outbox SET hold_until = hold_until - $1 WHERE state IN ('scheduled', 'retryable') AND hold_until > $2";
    DOUBTS_BACK = "UPDATE outbox SET doubt_at = doubt_at - $1 WHERE state IN ('scheduled', 'retryable', 'executing') AND doubt_at > $2";
    CALLS_BACK = "UPDATE outbox SET called_at = called_at - $1 WHERE state = 'executing' AND called_at > $2";
    LEASES_BACK = "UPDATE outbox SET lease_until = $1 WHERE state = 'executing' AND lease_until > $1";
    /// Only what looks again and again is scheduled and was held before.
    LOOKS_BACK = "UPDATE outbox SET due_at = due_at - $1 WHERE state = 'scheduled' AND hold_until > 0 AND due_at > $2";
    LAST_SETTLED = "SELECT CAST(MAX(settled_at) AS BIGINT) FROM outbox";
    /// A backup is back. What was on its way when it was made may have gone since.
    RESTORED_BEGUN = "UPDATE outbox SET state = 'unknown', note = 'restored: it was on its way', settled_at = $1, lease_until = 0, \
        trace = NULL, doubt_at = NULL WHERE door <> 'inner' AND policy = 'at_most_once' \
        AND ((state = 'executing' AND called_at IS NOT NULL) OR (state IN ('executing', 'retryable') AND doubt_at IS NOT NULL))";
    /// What was to go before now has gone, or has missed its moment. `$3`: the answers to people's own questions.
    RESTORED_DUE = "UPDATE outbox SET state = 'cancelled', note = 'restored: due before', settled_at = $1, lease_until = 0, \
        payload = '{}' WHERE door <> 'inner' AND (policy = 'at_most_once' OR kind = $3) \
        AND (state = 'executing' OR (state IN ('scheduled', 'retryable') AND due_at <= $2)) RETURNING kind";
    /// What may be repeated is done again, at once: nobody holds it. What left a trace is looked for first.
    RESTORED_AGAIN = "UPDATE outbox SET state = 'retryable', hold_until = 0, lease_until = 0, \
        doubt_at = CASE WHEN trace IS NOT NULL AND called_at IS NOT NULL THEN called_at ELSE doubt_at END \
        WHERE state = 'executing'";
}

/// The note of a row whose catch-up window was over.
pub(super) const MISSED: &str = "its moment was over";
/// What was done later than this is noted as late.
const LATE_SECONDS: u64 = 60;

pub(super) async fn insert(tx: &mut Tx, id: &str, put: &Put, due: At, expires: At) -> Result<bool> {
    let wall = tx.wall();
    let touched = run!(
        tx,
        INSERT,
        id,
        put.kind,
        &put.key,
        &put.lane,
        put.door.code(),
        put.rank.code(),
        put.policy.code(),
        &put.payload,
        due,
        expires,
        wall
    )?;
    Ok(touched == 1)
}

/// Many at once: id, intention, due, end of its window.
pub(super) async fn insert_many(tx: &mut Tx, rows: &[(String, Put, At, At)]) -> Result<u64> {
    let wall = tx.wall();
    // Placeholders stand for columns in order; `scheduled` is written out in the statement for one row.
    insert_many!(tx, INSERT, rows, |row| [
        &row.0,
        row.1.kind,
        &row.1.key,
        &row.1.lane,
        row.1.door.code(),
        row.1.rank.code(),
        row.1.policy.code(),
        &row.1.payload,
        "scheduled",
        row.2,
        row.3,
        wall
    ])
    .await
}

pub(super) async fn cancel(tx: &mut Tx, key: &str, why: &str) -> Result<u64> {
    let wall = tx.wall();
    run!(tx, CANCEL, key, why, wall)
}

pub(super) async fn cancel_like(tx: &mut Tx, prefix: &str, why: &str) -> Result<u64> {
    let wall = tx.wall();
    // Keys are ASCII: everything that begins with the prefix sorts before the prefix followed by the last ASCII sign.
    run!(tx, CANCEL_LIKE, prefix, why, wall, format!("{prefix}\u{7f}"))
}

pub(super) async fn claim(tx: &mut Tx, holder: &str, lease_until: At, doors: Doors, most: i64) -> Result<Vec<Row>> {
    let (now, wall) = (tx.now(), tx.wall());
    let Doors { inner, telegram, caller } = doors;
    let mut rows = fetch_all!(tx, Row, CLAIM, now, wall, lease_until, holder, telegram, caller, most, inner)?;
    for row in &mut rows {
        holder.clone_into(&mut row.holder);
    }
    // RETURNING keeps no order.
    rows.sort_by(|a, b| (a.rank, a.due_at, &a.id).cmp(&(b.rank, b.due_at, &b.id)));
    Ok(rows)
}

/// Are as many as `crowd` rows that any process may perform due after now and until then?
pub(super) async fn is_crowd(tx: &mut Tx, until: At, crowd: i64) -> Result<bool> {
    let now = tx.now();
    Ok(fetch_optional!(tx, (i64,), CROWD, now, until, crowd)?.is_some_and(|(count,)| count >= crowd))
}

/// Claims rows that become due until then, soonest first.
pub(super) async fn claim_ahead(tx: &mut Tx, holder: &str, lease_until: At, until: At, most: i64) -> Result<Vec<Row>> {
    let (now, wall) = (tx.now(), tx.wall());
    let mut rows = fetch_all!(tx, Row, CLAIM_AHEAD, now, wall, lease_until, holder, until, most)?;
    for row in &mut rows {
        holder.clone_into(&mut row.holder);
    }
    rows.sort_by(|a, b| (a.due_at, &a.id).cmp(&(b.due_at, &b.id)));
    Ok(rows)
}

/// A row that was claimed ahead is not performed here.
pub(super) async fn release(tx: &mut Tx, row: &Row) -> Result<()> {
    run!(tx, RELEASE, &row.id, &row.holder).map(|_| ())
}

/// What a look finds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    /// A row is due and not held. (Another one of its lane may have to go first.)
    pub due: bool,
    /// A row's holder is gone.
    pub orphans: bool,
    /// When something becomes due next (school time).
    pub next: Option<At>,
    /// When a held row may go on (machine time).
    pub hold: Option<At>,
}

/// `alone`: no other process than `holder` can hold any.
pub(super) async fn look(tx: &mut Tx, doors: Doors, holder: &str, alone: bool) -> Result<Found> {
    let (now, wall, Doors { inner, telegram, caller }) = (tx.now(), tx.wall(), doors);
    let found = fetch_optional!(
        tx,
        (bool, bool, Option<At>, Option<At>),
        LOOK,
        now,
        wall,
        telegram,
        caller,
        inner,
        alone,
        holder
    )?;
    let (due, orphans, next, hold) = found.unwrap_or_default();
    Ok(Found { due, orphans, next, hold })
}

pub(super) async fn begin_call(
    tx: &mut Tx,
    id: &str,
    holder: &str,
    lease_until: At,
    trace: Option<&str>,
) -> Result<u64> {
    let wall = tx.wall();
    run!(tx, BEGIN_CALL, id, holder, wall, lease_until, trace)
}

/// A job takes long: its row stays with this process.
pub(super) async fn extend(tx: &mut Tx, id: &str, holder: &str, lease_until: At) -> Result<u64> {
    let wall = tx.wall();
    run!(tx, EXTEND, id, holder, wall, lease_until)
}

pub(super) async fn still_held(tx: &mut Tx, id: &str, holder: &str) -> Result<u64> {
    let wall = tx.wall();
    let count = fetch_optional!(tx, (i64,), STILL_HELD, id, holder, wall)?.map_or(0, |(count,)| count);
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Settles a claimed row. Bodies of settled rows are emptied at once, except of those that an admin may run again.
pub async fn settle(tx: &mut Tx, row: &Row, outcome: &Outcome, hold: At) -> Result<()> {
    let wall = tx.wall();
    if let Outcome::Again(at) = outcome {
        let hold = wall.plus(Duration::from_millis(tx.config().outbox.again_ms));
        return run!(tx, AGAIN, &row.id, &row.holder, *at, hold)?.exactly_one("outbox row to look again");
    }
    if let Outcome::InDoubt(why) = outcome {
        return run!(tx, IN_DOUBT, &row.id, &row.holder, why, hold)?.exactly_one("outbox row in doubt");
    }
    let late = row.due_at.until(tx.now()).as_secs();
    let late = (late > LATE_SECONDS).then(|| format!("{late} s late"));
    let (state, note, hold, payload) = match outcome {
        Outcome::Done => ("completed", late.as_deref(), At(0), "{}"),
        Outcome::Settled | Outcome::Again(_) | Outcome::InDoubt(_) => return Ok(()),
        Outcome::Retry(why) | Outcome::Unreached(why) => ("retryable", Some(why.as_str()), hold, row.payload.as_str()),
        Outcome::Snooze(until) => ("retryable", Some("snoozed"), *until, row.payload.as_str()),
        Outcome::Refused(why) => ("discarded", Some(why.as_str()), At(0), row.payload.as_str()),
        Outcome::Missed => ("discarded", Some(MISSED), At(0), row.payload.as_str()),
        Outcome::Cancel(why) => ("cancelled", Some(why.as_str()), At(0), "{}"),
        Outcome::Unknown(why) => ("unknown", Some(why.as_str()), At(0), row.payload.as_str()),
    };
    // A row that waits may still be in doubt.
    let waits = state == "retryable";
    run!(tx, SETTLE, &row.id, &row.holder, state, note, wall, hold, payload, waits)?
        .exactly_one("outbox row to settle")?;
    // Of what reached nobody only the pauses grow; what was too late was not tried at all.
    let spent = row.attempts >= MOST_ATTEMPTS && matches!(outcome, Outcome::Unreached(_) | Outcome::Missed);
    if spent || matches!(outcome, Outcome::Snooze(_)) {
        run!(tx, UNDO_ATTEMPT, &row.id)?;
    }
    Ok(())
}

/// Does anything wait that reached nobody, for the reason `why`?
pub async fn unreached(tx: &mut Tx, door: Door, why: &str) -> Result<bool> {
    Ok(fetch_optional!(tx, (i64,), UNREACHED, door.code(), why)?.is_some_and(|(count,)| count > 0))
}

/// The outside is back: what reached nobody, for the reason `why`, is tried at once.
pub async fn reached(tx: &mut Tx, door: Door, why: &str) -> Result<()> {
    run!(tx, REACHED, door.code(), why)?;
    tx.wake();
    Ok(())
}

/// A row that waits is due sooner.
pub(super) async fn hasten(tx: &mut Tx, key: &str, at: At) -> Result<()> {
    run!(tx, HASTEN, key, at).map(|_| ())
}

/// Settles a row as dead: its attempts or its catch-up window are used up.
pub(super) async fn discard(tx: &mut Tx, row: &Row, why: &str) -> Result<()> {
    let wall = tx.wall();
    run!(tx, SETTLE, &row.id, &row.holder, "discarded", Some(why), wall, At(0), &row.payload, false)?
        .exactly_one("outbox row to discard")
}

/// What was in doubt was not done.
pub(super) async fn clear_doubt(tx: &mut Tx, row: &Row) -> Result<()> {
    run!(tx, CLEAR_DOUBT, &row.id, &row.holder)?.exactly_one("outbox row in doubt")
}

/// Takes up rows whose holder is gone; gives those in doubt for good (id, kind, key). `alone`: no other process can hold
/// any.
pub(super) async fn recover(tx: &mut Tx, holder: &str, alone: bool) -> Result<Vec<(String, String, String)>> {
    let wall = tx.wall();
    run!(tx, ORPHANS_TRACED, wall, alone, holder)?;
    let doubt = fetch_all!(tx, (String, String, String), ORPHANS_DOUBT, wall, alone, holder)?;
    run!(tx, ORPHANS_RETRY, wall, alone, holder)?;
    Ok(doubt)
}

/// When (machine time) anything ended last, as far as is known.
pub(super) async fn last_settled(tx: &mut Tx) -> Result<Option<At>> {
    Ok(fetch_optional!(tx, (Option<At>,), LAST_SETTLED)?.and_then(|(at,)| at))
}

/// The clock was put back: pauses, leases and doubts are reckoned anew, and looks come as often as before.
pub(super) async fn put_back(tx: &mut Tx, back: Back, lease: Duration) -> Result<()> {
    let millis = |span: Duration| i64::try_from(span.as_millis()).unwrap_or(0);
    let (now, wall) = (tx.now(), tx.wall());
    if !back.school.is_zero() {
        run!(tx, LOOKS_BACK, millis(back.school), now)?;
    }
    if !back.wall.is_zero() {
        run!(tx, HOLDS_BACK, millis(back.wall), wall)?;
        run!(tx, DOUBTS_BACK, millis(back.wall), wall)?;
        run!(tx, CALLS_BACK, millis(back.wall), wall)?;
        run!(tx, LEASES_BACK, wall.plus(lease))?;
    }
    Ok(())
}

/// Deletes what ended well before `before` (machine time), and lets go of what ended badly before `long`.
pub async fn purge(tx: &mut Tx, before: At, long: At) -> Result<u64> {
    let wall = tx.wall();
    run!(tx, EMPTY_FORGOTTEN, wall)?;
    run!(tx, LET_GO, long)?;
    run!(tx, PURGE, before)
}

/// Deletes what of one kind ended well before `before` (machine time): its keys name people, and serve nobody longer.
pub async fn purge_kind(tx: &mut Tx, kind: &str, before: At) -> Result<u64> {
    run!(tx, PURGE_KIND, before, kind)
}

/// Rows that are due now or in hand.
pub async fn waiting(tx: &mut Tx) -> Result<i64> {
    let now = tx.now();
    Ok(fetch_optional!(tx, (i64,), WAITING, now)?.map_or(0, |(count,)| count))
}

/// When something becomes due next, of whatever kind.
pub async fn next_due(tx: &mut Tx) -> Result<Option<At>> {
    Ok(look(tx, Doors::ALL, "", false).await?.next)
}

/// Rows of a kind that are due and not begun: key, payload.
pub async fn ready_of(tx: &mut Tx, kind: &str) -> Result<Vec<(String, String)>> {
    let now = tx.now();
    fetch_all!(tx, (String, String), READY_OF, kind, now)
}

/// A row that is not begun is done, together with another of its lane.
pub async fn absorb(tx: &mut Tx, key: &str) -> Result<bool> {
    let wall = tx.wall();
    Ok(run!(tx, ABSORB, key, wall)? == 1)
}

/// After a backup came back: the kinds of what is not sent any more, and how many rows are in doubt. Nothing that may go
/// once only is sent again, nor an answer of kind `answer`; what is due later stays.
pub async fn restored(tx: &mut Tx, answer: &str) -> Result<(Vec<String>, u64)> {
    let (now, wall) = (tx.now(), tx.wall());
    let doubts = run!(tx, RESTORED_BEGUN, wall)?;
    let kinds = fetch_all!(tx, (String,), RESTORED_DUE, wall, now, answer)?;
    run!(tx, RESTORED_AGAIN)?;
    Ok((kinds.into_iter().map(|(kind,)| kind).collect(), doubts))
}
