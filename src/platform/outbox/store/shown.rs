//! What people see of the outbox and decide about: what is to come, what is late, dead or in doubt.

use crate::kernel::{At, Result};
use crate::platform::outbox::Door;
use crate::platform::store::Tx;
use crate::{fetch_all, fetch_optional, run, statements};

statements! {
    COUNTS = "SELECT state, COUNT(*) FROM outbox GROUP BY state ORDER BY state";
    COUNTS_OF = "SELECT state, COUNT(*) FROM outbox WHERE kind = $1 GROUP BY state ORDER BY state";
    IN_FLIGHT = "SELECT key FROM outbox WHERE state = 'executing' AND called_at IS NOT NULL ORDER BY key";
    OVERDUE = "SELECT COUNT(*) FROM outbox WHERE state IN ('scheduled', 'retryable', 'executing') AND due_at < $1";
    OVERDUE_ROWS = "SELECT id, kind, state, payload, COALESCE(note, '') AS note, due_at, hold_until FROM outbox \
        WHERE state IN ('scheduled', 'retryable', 'executing') AND due_at < $1 ORDER BY due_at, id LIMIT $2";
    OVERDUE_ROW = "SELECT id, kind, state, payload, COALESCE(note, '') AS note, due_at, hold_until FROM outbox \
        WHERE id = $2 AND state IN ('scheduled', 'retryable', 'executing') AND due_at < $1";
    /// What somebody outside asked to wait for (`snoozed`) is waited for.
    HURRY = "UPDATE outbox SET hold_until = 0 WHERE id = $2 AND state IN ('scheduled', 'retryable') AND due_at < $1 \
        AND hold_until > $3 AND COALESCE(note, '') <> 'snoozed'";
    TROUBLED = "SELECT id, kind, key, state, COALESCE(note, '') AS note, due_at FROM outbox \
        WHERE state IN ('discarded', 'unknown') ORDER BY due_at DESC, id LIMIT $1";
    LOOK_UP = "SELECT id, kind, key, state, COALESCE(note, '') AS note, due_at, doubt_at FROM outbox WHERE key = $1";
    /// A catch-up window that is still open stays as it is: nothing is sent later than it is worth sending.
    OPEN_IN = "SELECT key FROM outbox WHERE lane = $1 AND state IN ('scheduled', 'retryable', 'executing') ORDER BY due_at, id";
    REVIVE = "UPDATE outbox SET state = 'scheduled', attempts = 0, hold_until = 0, settled_at = NULL, called_at = NULL, \
        trace = NULL, doubt_at = NULL, expires_at = CASE WHEN expires_at > $3 THEN expires_at ELSE $2 END \
        WHERE id = $1 AND state IN ('discarded', 'unknown')";
    TROUBLES = "SELECT id, kind, key, state, payload, due_at, attempts, COALESCE(settled_at, 0) AS settled_at FROM outbox \
        WHERE state IN ('discarded', 'unknown') AND settled_at >= $1 ORDER BY settled_at DESC, id LIMIT $2";
    TROUBLE = "SELECT id, kind, key, state, payload, due_at, attempts, COALESCE(settled_at, 0) AS settled_at FROM outbox \
        WHERE id = $1 AND state IN ('discarded', 'unknown')";
    /// `hold_until`: so long it can be taken back.
    FORGET = "UPDATE outbox SET state = 'completed', note = 'forgotten', hold_until = $2 \
        WHERE id = $1 AND state IN ('discarded', 'unknown')";
    RECALL = "UPDATE outbox SET state = $2, note = 'taken back', hold_until = 0 \
        WHERE id = $1 AND state = 'completed' AND note = 'forgotten' AND hold_until > $3";
    AHEAD = "SELECT kind, due_at FROM outbox WHERE state IN ('scheduled', 'retryable') AND due_at > $1 \
        ORDER BY due_at, id LIMIT $2";
    /// … of the kinds from `$2` on and before `$3`.
    AHEAD_OF = "SELECT kind, due_at FROM outbox WHERE state IN ('scheduled', 'retryable') AND due_at > $1 \
        AND kind >= $2 AND kind < $3 ORDER BY due_at, id LIMIT 1";
    /// What somebody forgot, or what was done with another, was not performed.
    LAST_DONE = "SELECT CAST(MAX(settled_at) AS BIGINT) FROM outbox WHERE state = 'completed' AND door = $1 \
        AND COALESCE(note, '') NOT IN ('forgotten', 'done with another')";
    UPCOMING = "SELECT id, kind, key, state, COALESCE(note, '') AS note, due_at FROM outbox \
        WHERE state IN ('scheduled', 'retryable', 'executing') ORDER BY due_at, id LIMIT $1";
    RECENT = "SELECT id, kind, key, state, COALESCE(note, '') AS note, due_at FROM outbox \
        WHERE settled_at IS NOT NULL ORDER BY settled_at DESC, id DESC LIMIT $1";
}

/// A row as it is shown to admins.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Shown {
    pub id: String,
    pub kind: String,
    pub key: String,
    pub state: String,
    pub note: String,
    pub due_at: At,
    /// Since when it may have been done, and nobody knows (machine time); read by [`look_up`] alone.
    #[sqlx(default)]
    pub doubt_at: Option<At>,
}

/// A row that should have been performed long ago and is not settled.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Overdue {
    pub id: String,
    pub kind: String,
    pub state: String,
    pub payload: String,
    pub note: String,
    pub due_at: At,
    /// Machine time before which it is not tried again.
    pub hold_until: At,
}

impl Overdue {
    /// It rests until then; `None`: it is being tried, or waits for what goes before it.
    pub fn rests(&self, wall: At) -> Option<At> {
        (self.state != "executing" && self.hold_until > wall).then_some(self.hold_until)
    }
    /// It rests because it was asked to wait, not because it failed.
    pub fn was_asked_to_wait(&self) -> bool {
        self.note == "snoozed"
    }
}

/// A row that ended dead or in doubt, with all that is needed to say what it was about.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Troubled {
    pub id: String,
    pub kind: String,
    pub key: String,
    pub state: String,
    pub payload: String,
    pub due_at: At,
    pub attempts: i64,
    /// Machine time at which it ended so.
    pub settled_at: At,
}

impl Troubled {
    /// The answer to the call was lost.
    pub fn is_in_doubt(&self) -> bool {
        self.state == "unknown"
    }
    /// It was not tried out: its catch-up window ended first.
    pub fn is_missed(&self) -> bool {
        !self.is_in_doubt() && self.attempts < crate::platform::outbox::MOST_ATTEMPTS
    }
}

/// How many rows stand in each state.
pub async fn counts(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    fetch_all!(tx, (String, i64), COUNTS)
}

/// As [`counts`], of one kind.
pub async fn counts_of(tx: &mut Tx, kind: &str) -> Result<Vec<(String, i64)>> {
    fetch_all!(tx, (String, i64), COUNTS_OF, kind)
}

/// Rows that should have been performed before `since` and are not settled.
pub async fn overdue(tx: &mut Tx, since: At) -> Result<i64> {
    Ok(fetch_optional!(tx, (i64,), OVERDUE, since)?.map_or(0, |(count,)| count))
}

/// The oldest of these rows.
pub async fn overdue_rows(tx: &mut Tx, since: At, most: i64) -> Result<Vec<Overdue>> {
    fetch_all!(tx, Overdue, OVERDUE_ROWS, since, most)
}

/// This row, if it is one of these.
pub async fn overdue_row(tx: &mut Tx, since: At, id: &str) -> Result<Option<Overdue>> {
    fetch_optional!(tx, Overdue, OVERDUE_ROW, since, id)
}

/// An overdue row that rests after a failure is tried at once; its attempts stay counted. `false`: it does not rest, or
/// was asked to.
pub async fn hurry(tx: &mut Tx, since: At, id: &str) -> Result<bool> {
    let wall = tx.wall();
    let touched = run!(tx, HURRY, since, id, wall)?;
    tx.wake();
    Ok(touched == 1)
}

/// Keys of rows whose call was begun and is not settled.
pub async fn in_flight(tx: &mut Tx) -> Result<Vec<String>> {
    Ok(fetch_all!(tx, (String,), IN_FLIGHT)?.into_iter().map(|(key,)| key).collect())
}

/// Dead rows and rows in doubt, newest first.
pub async fn troubled(tx: &mut Tx, most: i64) -> Result<Vec<Shown>> {
    fetch_all!(tx, Shown, TROUBLED, most)
}

pub async fn look_up(tx: &mut Tx, key: &str) -> Result<Option<Shown>> {
    fetch_optional!(tx, Shown, LOOK_UP, key)
}

/// The keys of what is not over yet in a lane.
pub async fn open_in(tx: &mut Tx, lane: &str) -> Result<Vec<String>> {
    let keys = fetch_all!(tx, (String,), OPEN_IN, lane)?;
    Ok(keys.into_iter().map(|(key,)| key).collect())
}

/// Runs a dead or doubtful row again (an admin pressed Retry).
pub async fn revive(tx: &mut Tx, id: &str) -> Result<bool> {
    let (now, until) = (tx.now(), tx.now().plus_days(1));
    let touched = run!(tx, REVIVE, id, until, now)?;
    tx.wake();
    Ok(touched == 1)
}

/// Dead rows and rows in doubt that ended so at `since` (machine time) or later, newest first.
pub async fn troubles(tx: &mut Tx, since: At, most: i64) -> Result<Vec<Troubled>> {
    fetch_all!(tx, Troubled, TROUBLES, since, most)
}

/// This row, if it is dead or in doubt.
pub async fn trouble(tx: &mut Tx, id: &str) -> Result<Option<Troubled>> {
    fetch_optional!(tx, Troubled, TROUBLE, id)
}

/// Nobody need see to a dead or doubtful row any more; until `back` (machine time) that can be taken back. Its key stays
/// taken: what may have been done is not done again by writing it once more.
pub async fn forget(tx: &mut Tx, id: &str, back: At) -> Result<bool> {
    Ok(run!(tx, FORGET, id, back)? == 1)
}

/// Takes [`forget`] back; `false` when that is too late.
pub async fn recall(tx: &mut Tx, id: &str, in_doubt: bool) -> Result<bool> {
    let (wall, state) = (tx.wall(), if in_doubt { "unknown" } else { "discarded" });
    Ok(run!(tx, RECALL, id, state, wall)? == 1)
}

/// What becomes due next, soonest first: kind, school time.
pub async fn ahead(tx: &mut Tx, most: i64) -> Result<Vec<(String, At)>> {
    let now = tx.now();
    fetch_all!(tx, (String, At), AHEAD, now, most)
}

/// What becomes due next among the kinds that begin so (`call.`): school time.
pub async fn ahead_of(tx: &mut Tx, prefix: &str) -> Result<Option<At>> {
    let now = tx.now();
    // Kinds are ASCII.
    let found = fetch_optional!(tx, (String, At), AHEAD_OF, now, prefix, format!("{prefix}\u{7f}"))?;
    Ok(found.map(|(_, at)| at))
}

/// When the outside last did something through this door: machine time; older than the purge it is not known any more.
pub async fn last_done(tx: &mut Tx, door: Door) -> Result<Option<At>> {
    Ok(fetch_optional!(tx, (Option<At>,), LAST_DONE, door.code())?.and_then(|(at,)| at))
}

/// Rows that are not settled, soonest first.
pub async fn upcoming(tx: &mut Tx, most: i64) -> Result<Vec<Shown>> {
    fetch_all!(tx, Shown, UPCOMING, most)
}

/// Rows that were settled last.
pub async fn recent(tx: &mut Tx, most: i64) -> Result<Vec<Shown>> {
    fetch_all!(tx, Shown, RECENT, most)
}
