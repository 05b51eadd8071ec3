//! The attendance's SQL: sheets, lines, events, contests; `calls` what is seen of calls.

mod calls;

pub(super) use self::calls::{
    calls, close_watch, drop_present, extended, goes_on, insert_peer, insert_poll, last_complete, last_left, last_poll,
    link_peers, name_peer, open_watch, peers, polls, present, set_present, unname_peer, watch,
};

use std::collections::HashSet;

use super::rules::in_order;
use super::{Event, EventKind, Line, OwnLine, Sheet, SheetState, Verdict};
use crate::kernel::{At, Result};
use crate::platform::store::{Affected as _, Tx};
use crate::{fetch_all, fetch_optional, run, statements};

statements! {
    SHEET = "SELECT session_id, state, version, revision, opened_at, validated_at, validated_by FROM sheet WHERE session_id = $1";
    INSERT_SHEET = "INSERT INTO sheet (session_id, state, version, opened_at) VALUES ($1, 'running', 1, $2) \
        ON CONFLICT (session_id) DO NOTHING";
    INSERT_LINE = "INSERT INTO sheet_line (session_id, person_id, state, source, updated_at) \
        VALUES ($1, $2, 'open', 'nothing', $3) ON CONFLICT (session_id, person_id) DO NOTHING";
    LINES = "SELECT l.person_id, p.last_name, p.first_name, l.state, l.late, l.early, l.minutes, l.source \
        FROM sheet_line l JOIN person p ON p.id = l.person_id WHERE l.session_id = $1 \
        ORDER BY p.id";
    SET_LINE = "UPDATE sheet_line SET state = $3, late = $4, early = $5, minutes = $6, source = $7, updated_at = $8 \
        WHERE session_id = $1 AND person_id = $2";
    PRESS_LINE = "UPDATE sheet_line SET state = 'present', source = 'button', updated_at = $3 \
        WHERE session_id = $1 AND person_id = $2 AND state = 'open'";
    BUMP = "UPDATE sheet SET version = version + 1 WHERE session_id = $1 AND version = $2";
    PUBLISH = "UPDATE sheet SET revision = revision + 1 WHERE session_id = $1";
    PROPOSE = "UPDATE sheet SET state = 'proposed', proposed_at = $2, version = version + 1 \
        WHERE session_id = $1 AND state = 'running'";
    VALIDATE = "UPDATE sheet SET state = CASE WHEN state = 'locked' THEN 'locked' ELSE 'validated' END, \
        validated_at = $2, validated_by = $3, version = version + 1 \
        WHERE session_id = $1 AND (state <> 'locked' OR validated_at IS NULL) AND version = $4";
    LOCK = "UPDATE sheet SET state = 'locked', version = version + 1 WHERE state IN ('proposed', 'validated') \
        AND session_id IN (SELECT id FROM session WHERE end_at < $1) RETURNING session_id, validated_at IS NOT NULL";
    INSERT_EVENT = "INSERT INTO presence_event (id, session_id, person_id, kind, source, source_at, received_at, detail) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    EVENTS = "SELECT id, person_id, kind, source, source_at, received_at, detail FROM presence_event WHERE session_id = $1 \
        ORDER BY source_at, received_at, id";
    INSERT_CHANGE = "INSERT INTO sheet_change (id, session_id, person_id, version, old, new, reason, by_person, at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    CHANGES_AT = "SELECT person_id, old, new, reason, by_person, at FROM sheet_change WHERE session_id = $1 AND version = $2 \
        ORDER BY id";
    LAST_CHANGE = "SELECT by_person, at FROM sheet_change WHERE session_id = $1 ORDER BY version DESC, id DESC LIMIT 1";
    LINES_OF_PERSON = "SELECT l.session_id, l.state, l.late, l.early, l.minutes, l.source, s.start_at, s.end_at, s.subject, \
        h.state AS sheet_state, h.validated_at, c.id AS contest FROM sheet_line l JOIN session s ON s.id = l.session_id \
        JOIN sheet h ON h.session_id = l.session_id \
        LEFT JOIN contest c ON c.session_id = l.session_id AND c.person_id = l.person_id WHERE l.person_id = $1 AND s.start_at >= $2 \
        ORDER BY s.start_at DESC, l.session_id LIMIT $3";
    INSERT_CONTEST = "INSERT INTO contest (id, session_id, person_id, words, state, at) VALUES ($1, $2, $3, $4, 'open', $5) \
        ON CONFLICT (session_id, person_id) DO NOTHING";
    CONTEST = "SELECT id, session_id, person_id, words, state FROM contest WHERE id = $1";
    CONTEST_OF = "SELECT id, session_id, person_id, words, state FROM contest WHERE session_id = $1 AND person_id = $2";
    CONTESTED = "SELECT person_id FROM contest WHERE session_id = $1 AND state = 'open' ORDER BY person_id";
    DECIDE_CONTEST = "UPDATE contest SET state = $2, reason = $3, decided_by = $4, decided_at = $5 \
        WHERE id = $1 AND state = 'open'";
    CONTEST_REASON = "SELECT COALESCE(reason, '') AS reason FROM contest WHERE id = $1";
    SET_SHOWN = "INSERT INTO roll_shown (session_id, account, screen, words) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (session_id, account) DO UPDATE SET screen = excluded.screen, words = excluded.words";
    SET_WORDS = "UPDATE roll_shown SET words = $4 WHERE session_id = $1 AND account = $2 AND screen = $3";
    SHOWN = "SELECT screen, words FROM roll_shown WHERE session_id = $1 AND account = $2";
    UNSHOW = "DELETE FROM roll_shown WHERE session_id = $1 AND account = $2";
    FORGET_SHOWN = "DELETE FROM roll_shown WHERE session_id IN (SELECT id FROM session WHERE end_at < $1)";
    WATCHERS = "SELECT account FROM roll_shown WHERE session_id = $1 ORDER BY account";
    ON_A_SHEET = "SELECT COUNT(*) FROM sheet_line WHERE person_id = $1";
    TO_CHOOSE = "SELECT s.id AS session_id, s.classroom_id, s.teacher_id, s.subject, s.start_at, h.state, h.validated_at, h.version \
        FROM sheet h JOIN session s ON s.id = h.session_id \
        WHERE (h.state = 'proposed' OR (h.state = 'locked' AND h.validated_at IS NULL) OR s.start_at >= $1) AND s.start_at < $2 \
        AND (s.state = 'planned' OR h.state <> 'running') ORDER BY s.start_at DESC, s.id";
    TIED = "SELECT l.person_id FROM sheet_line l JOIN account a ON a.person_id = l.person_id \
        WHERE l.session_id = $1 AND a.linked_at <= $2 ORDER BY l.person_id";
    INSERT_SEEN = "INSERT INTO presence_event (id, session_id, person_id, kind, source, source_at, received_at, detail) \
        VALUES ($1, $2, $3, $4, 'call', $5, $6, $7)";
    HAS_SHEET = "SELECT session_id FROM sheet ORDER BY session_id";
}

/// The SQL of the other files of this store.
pub const FURTHER: &[&[(&str, &str)]] = &[calls::STATEMENTS];

/// Somebody's objection to their own line.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Contest {
    pub id: String,
    pub session_id: String,
    pub person_id: String,
    pub words: String,
    pub state: String,
}

/// A sheet that may be chosen, with what is said of its session.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct ToChoose {
    pub session_id: String,
    pub classroom_id: String,
    pub teacher_id: Option<String>,
    pub subject: String,
    pub start_at: At,
    pub state: SheetState,
    pub validated_at: Option<At>,
    pub version: i64,
}

/// The sheets of sessions that began since `from` and before `until`, and all that wait to be validated; newest first.
pub(super) async fn to_choose(tx: &mut Tx, from: At, until: At) -> Result<Vec<ToChoose>> {
    fetch_all!(tx, ToChoose, TO_CHOOSE, from, until)
}

pub async fn sheet(tx: &mut Tx, session_id: &str) -> Result<Option<Sheet>> {
    fetch_optional!(tx, Sheet, SHEET, session_id)
}

/// Opens a sheet; `false` when it was open already.
pub(super) async fn insert_sheet(tx: &mut Tx, session_id: &str) -> Result<bool> {
    let now = tx.now();
    Ok(run!(tx, INSERT_SHEET, session_id, now)? == 1)
}

pub(super) async fn insert_line(tx: &mut Tx, session_id: &str, person_id: &str) -> Result<()> {
    let now = tx.now();
    run!(tx, INSERT_LINE, session_id, person_id, now).map(|_| ())
}

/// The lines of a sheet, by family name as people sort them.
pub async fn lines(tx: &mut Tx, session_id: &str) -> Result<Vec<Line>> {
    let mut lines = fetch_all!(tx, Line, LINES, session_id)?;
    in_order(&mut lines);
    Ok(lines)
}

/// One line, named as among the others of its sheet.
pub async fn line(tx: &mut Tx, session_id: &str, person_id: &str) -> Result<Option<Line>> {
    Ok(lines(tx, session_id).await?.into_iter().find(|line| line.person_id == person_id))
}

pub(super) async fn set_line(tx: &mut Tx, session_id: &str, person_id: &str, verdict: &Verdict) -> Result<()> {
    let now = tx.now();
    run!(
        tx,
        SET_LINE,
        session_id,
        person_id,
        verdict.mark,
        verdict.late,
        verdict.early,
        verdict.minutes,
        verdict.source,
        now
    )?
    .exactly_one("line of a sheet")
}

/// « Je suis là »: an open line becomes present; what somebody said of it stays.
pub(super) async fn press_line(tx: &mut Tx, session_id: &str, person_id: &str) -> Result<()> {
    let now = tx.now();
    run!(tx, PRESS_LINE, session_id, person_id, now).map(|_| ())
}

/// The sheet changes; `false` when somebody changed it since `version`.
pub(super) async fn bump(tx: &mut Tx, session_id: &str, version: i64) -> Result<bool> {
    Ok(run!(tx, BUMP, session_id, version)? == 1)
}

/// The sheet is made public once more.
pub(super) async fn publish(tx: &mut Tx, session_id: &str) -> Result<()> {
    run!(tx, PUBLISH, session_id)?.exactly_one("sheet")
}

/// The session is over; `false` when the sheet was not running.
pub(super) async fn propose(tx: &mut Tx, session_id: &str) -> Result<bool> {
    let now = tx.now();
    Ok(run!(tx, PROPOSE, session_id, now)? == 1)
}

/// `false` when the sheet changed since `version`, or was locked after it was validated.
pub(super) async fn validate(tx: &mut Tx, session_id: &str, by: &str, version: i64) -> Result<bool> {
    let now = tx.now();
    Ok(run!(tx, VALIDATE, session_id, now, by, version)? == 1)
}

/// Locks the sheets of sessions that ended before this: gives each one's session, and whether it was validated. What
/// nobody validated can still be validated as it stands.
pub(super) async fn lock(tx: &mut Tx, ended_before: At) -> Result<Vec<(String, bool)>> {
    fetch_all!(tx, (String, bool), LOCK, ended_before)
}

pub(super) async fn insert_event(
    tx: &mut Tx,
    session_id: &str,
    person_id: &str,
    kind: EventKind,
    source: &str,
    detail: Option<&str>,
) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now());
    run!(tx, INSERT_EVENT, &id, session_id, person_id, kind, source, now, now, detail).map(|_| ())
}

pub async fn events(tx: &mut Tx, session_id: &str) -> Result<Vec<Event>> {
    fetch_all!(tx, Event, EVENTS, session_id)
}

/// What a correction was, as it is kept.
#[derive(Debug)]
pub(super) struct Change<'c> {
    pub session_id: &'c str,
    pub person_id: &'c str,
    pub version: i64,
    pub old: String,
    pub new: String,
    pub reason: &'c str,
    pub by: &'c str,
}

pub(super) async fn insert_change(tx: &mut Tx, change: &Change<'_>) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now());
    run!(
        tx,
        INSERT_CHANGE,
        &id,
        change.session_id,
        change.person_id,
        change.version,
        &change.old,
        &change.new,
        change.reason,
        change.by,
        now
    )
    .map(|_| ())
}

/// Person, old, new, reason, who, when: what was changed when the sheet came to this version.
pub(super) async fn changes_at(
    tx: &mut Tx,
    session_id: &str,
    version: i64,
) -> Result<Vec<(String, String, String, String, String, At)>> {
    fetch_all!(tx, (String, String, String, String, String, At), CHANGES_AT, session_id, version)
}

/// Who changed a line of this sheet last, and when.
pub async fn last_change(tx: &mut Tx, session_id: &str) -> Result<Option<(String, At)>> {
    fetch_optional!(tx, (String, At), LAST_CHANGE, session_id)
}

/// A person's lines since `from`, newest first.
pub async fn lines_of_person(tx: &mut Tx, person_id: &str, from: At, most: i64) -> Result<Vec<OwnLine>> {
    fetch_all!(tx, OwnLine, LINES_OF_PERSON, person_id, from, most)
}

/// `None` when the line was contested before.
pub(super) async fn insert_contest(
    tx: &mut Tx,
    session_id: &str,
    person_id: &str,
    words: &str,
) -> Result<Option<String>> {
    let (id, now) = (tx.new_id(), tx.now());
    let fresh = run!(tx, INSERT_CONTEST, &id, session_id, person_id, words, now)? == 1;
    Ok(fresh.then_some(id))
}

pub async fn contest(tx: &mut Tx, id: &str) -> Result<Option<Contest>> {
    fetch_optional!(tx, Contest, CONTEST, id)
}

pub async fn contest_of(tx: &mut Tx, session_id: &str, person_id: &str) -> Result<Option<Contest>> {
    fetch_optional!(tx, Contest, CONTEST_OF, session_id, person_id)
}

/// Those whose contest of this sheet waits for an answer.
pub(super) async fn contested(tx: &mut Tx, session_id: &str) -> Result<Vec<String>> {
    Ok(fetch_all!(tx, (String,), CONTESTED, session_id)?.into_iter().map(|(person,)| person).collect())
}

/// Why a contest was decided as it was.
pub async fn contest_reason(tx: &mut Tx, id: &str) -> Result<Option<String>> {
    Ok(fetch_optional!(tx, (String,), CONTEST_REASON, id)?.map(|(reason,)| reason))
}

/// `false` when it was decided before.
pub(super) async fn decide_contest(tx: &mut Tx, id: &str, state: &str, reason: &str, by: &str) -> Result<bool> {
    let now = tx.now();
    Ok(run!(tx, DECIDE_CONTEST, id, state, reason, by, now)? == 1)
}

pub(super) async fn set_shown(tx: &mut Tx, session_id: &str, account: i64, screen: &str, words: &str) -> Result<()> {
    run!(tx, SET_SHOWN, session_id, account, screen, words).map(|_| ())
}

pub(super) async fn set_words(tx: &mut Tx, session_id: &str, account: i64, screen: &str, words: &str) -> Result<()> {
    run!(tx, SET_WORDS, session_id, account, screen, words).map(|_| ())
}

/// What stands of a roll with this account: the screen, the hash of its words.
pub(super) async fn shown(tx: &mut Tx, session_id: &str, account: i64) -> Result<Option<(String, String)>> {
    fetch_optional!(tx, (String, String), SHOWN, session_id, account)
}

pub(super) async fn unshow(tx: &mut Tx, session_id: &str, account: i64) -> Result<()> {
    run!(tx, UNSHOW, session_id, account).map(|_| ())
}

/// Rolls of sessions that ended before `before` stand nowhere any more.
pub(super) async fn forget_shown(tx: &mut Tx, before: At) -> Result<()> {
    run!(tx, FORGET_SHOWN, before).map(|_| ())
}

/// The accounts with which the roll of a session stands.
pub(super) async fn watchers(tx: &mut Tx, session_id: &str) -> Result<Vec<i64>> {
    Ok(fetch_all!(tx, (i64,), WATCHERS, session_id)?.into_iter().map(|(account,)| account).collect())
}

/// Does a line of a sheet name this person?
pub async fn is_on_a_sheet(tx: &mut Tx, person_id: &str) -> Result<bool> {
    Ok(fetch_optional!(tx, (i64,), ON_A_SHEET, person_id)?.is_some_and(|(count,)| count > 0))
}

/// The sessions that have a sheet.
pub async fn sessions_with_sheet(tx: &mut Tx) -> Result<Vec<String>> {
    Ok(fetch_all!(tx, (String,), HAS_SHEET)?.into_iter().map(|(id,)| id).collect())
}

/// Those of a sheet who had an account by then.
pub(super) async fn tied(tx: &mut Tx, session_id: &str, by: At) -> Result<HashSet<String>> {
    Ok(fetch_all!(tx, (String,), TIED, session_id, by)?.into_iter().map(|(person,)| person).collect())
}

/// Somebody came or went, as a look showed.
pub(super) async fn insert_seen(
    tx: &mut Tx,
    session_id: &str,
    person: Option<&str>,
    kind: EventKind,
    at: At,
    device: Option<&str>,
) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now());
    run!(tx, INSERT_SEEN, &id, session_id, person, kind, at, now, device).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::{FURTHER, STATEMENTS};

    #[test]
    fn what_was_seen_and_what_was_changed_is_added_to_only() {
        for table in ["presence_event", "sheet_change"] {
            let all = STATEMENTS.iter().chain(FURTHER.iter().copied().flatten());
            let touching = all.filter(|(_, sql)| sql.contains(table));
            let words: Vec<&str> = touching.map(|(_, sql)| sql.split(' ').next().unwrap_or_default()).collect();
            assert!(words.contains(&"INSERT"), "{table}");
            assert!(words.iter().all(|word| matches!(*word, "INSERT" | "SELECT")), "{table}: {words:?}");
        }
    }
}
