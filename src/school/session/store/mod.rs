//! The sessions' SQL; `notices` what their classes are told of them · `packs` new ones that wait for their round.

mod notices;
mod packs;

pub(super) use self::notices::{
    add_to_notice, all_untold, drop_addition, drop_notice, drop_reminded, drop_taken, forget_told, next_notice,
    note_notice, notices, release_taken, set_untold, take_untold, taken, told_now, untold, untold_of, was_noticed,
};
pub(super) use self::packs::{clear_old_packs, clear_packs, pack, packed};

use super::{CallState, Session, State};
use crate::kernel::{At, Result};
use crate::platform::store::{Affected as _, Tx};
use crate::{fetch_all, fetch_optional, insert_many, run, statements};

/// What became of the session's call.
pub async fn call_state(tx: &mut Tx, session_id: &str) -> Result<Option<CallState>> {
    Ok(fetch_optional!(tx, (CallState,), CALL_STATE, session_id)?.map(|(state,)| state))
}

pub(super) async fn set_call_state(tx: &mut Tx, session_id: &str, state: CallState) -> Result<()> {
    let now = tx.now();
    run!(tx, SET_CALL_STATE, session_id, state, now).map(|_| ())
}

pub(super) async fn forget_call_state(tx: &mut Tx, session_id: &str) -> Result<()> {
    run!(tx, FORGET_CALL_STATE, session_id).map(|_| ())
}

statements! {
    SESSION = "SELECT id, classroom_id, reference, start_at, end_at, subject, teacher_id, teacher_name, room, mode, link, \
        state, revision FROM session WHERE id = $1";
    INSERT = "INSERT INTO session (id, classroom_id, reference, start_at, end_at, subject, teacher_id, teacher_name, room, \
        mode, link, state, revision, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)";
    UPDATE = "UPDATE session SET classroom_id = $2, reference = $3, start_at = $4, end_at = $5, subject = $6, \
        teacher_id = $7, teacher_name = $8, room = $9, mode = $10, link = $11, state = $12, revision = $13, \
        updated_at = $14 WHERE id = $1 AND revision = $13 - 1";
    STAGE = "INSERT INTO session_staged (batch, id, classroom_id, reference, start_at, end_at, subject, teacher_id, \
        teacher_name, room, mode, link, state, revision) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    FLIP_CHANGED = "UPDATE session SET classroom_id = g.classroom_id, reference = g.reference, start_at = g.start_at, \
        end_at = g.end_at, subject = g.subject, teacher_id = g.teacher_id, teacher_name = g.teacher_name, \
        room = g.room, mode = g.mode, link = g.link, state = g.state, revision = g.revision, updated_at = $2 \
        FROM session_staged g WHERE g.batch = $1 AND g.revision > 1 AND g.id = session.id AND session.revision = g.revision - 1";
    STAGED = "SELECT id, classroom_id, reference, start_at, end_at, subject, teacher_id, teacher_name, room, mode, link, \
        state, revision FROM session_staged WHERE batch = $1 ORDER BY id";
    UNDER_STAGED = "SELECT s.id, s.classroom_id, s.reference, s.start_at, s.end_at, s.subject, s.teacher_id, \
        s.teacher_name, s.room, s.mode, s.link, s.state, s.revision FROM session s \
        JOIN session_staged g ON g.id = s.id WHERE g.batch = $1 ORDER BY s.id";
    UNSTAGE = "DELETE FROM session_staged WHERE batch = $1 AND id = $2";
    CLEAR = "DELETE FROM session_staged WHERE batch = $1";
    CLEAR_OLD = "DELETE FROM session_staged WHERE batch < $1";
    OF_CLASSROOM = "SELECT id, classroom_id, reference, start_at, end_at, subject, teacher_id, teacher_name, room, mode, \
        link, state, revision FROM session WHERE classroom_id = $1 AND start_at >= $2 AND start_at < $3 \
        ORDER BY start_at, id";
    OF_TEACHER = "SELECT id, classroom_id, reference, start_at, end_at, subject, teacher_id, teacher_name, room, mode, \
        link, state, revision FROM session WHERE teacher_id = $1 AND start_at >= $2 AND start_at < $3 \
        ORDER BY start_at, id";
    BETWEEN = "SELECT id, classroom_id, reference, start_at, end_at, subject, teacher_id, teacher_name, room, mode, \
        link, state, revision FROM session WHERE start_at >= $1 AND start_at < $2 ORDER BY start_at, id";
    NEXT = "SELECT id, classroom_id, reference, start_at, end_at, subject, teacher_id, teacher_name, room, mode, \
        link, state, revision FROM session WHERE state = 'planned' AND start_at >= $1 AND end_at > $2 \
        ORDER BY start_at, id LIMIT 1";
    NEXT_OF_CLASSROOM = "SELECT id, classroom_id, reference, start_at, end_at, subject, teacher_id, teacher_name, room, \
        mode, link, state, revision FROM session WHERE classroom_id = $1 AND state = 'planned' AND start_at >= $2 \
        AND end_at > $3 ORDER BY start_at, id LIMIT 1";
    NEXT_OF_TEACHER = "SELECT id, classroom_id, reference, start_at, end_at, subject, teacher_id, teacher_name, room, \
        mode, link, state, revision FROM session WHERE teacher_id = $1 AND state = 'planned' AND start_at >= $2 \
        AND end_at > $3 ORDER BY start_at, id LIMIT 1";
    TAUGHT = "SELECT DISTINCT classroom_id FROM session WHERE teacher_id = $1 AND state = 'planned' AND end_at > $2 \
        ORDER BY classroom_id";
    PLANNED = "SELECT id, classroom_id, reference, start_at, end_at, subject, teacher_id, teacher_name, room, mode, \
        link, state, revision FROM session WHERE state = 'planned' ORDER BY start_at, id";
    CALL_STATE = "SELECT state FROM session_call WHERE session_id = $1";
    SET_CALL_STATE = "INSERT INTO session_call (session_id, state, at) VALUES ($1, $2, $3) \
        ON CONFLICT (session_id) DO UPDATE SET state = excluded.state, at = excluded.at";
    FORGET_CALL_STATE = "DELETE FROM session_call WHERE session_id = $1";
    ANNOUNCE = "INSERT INTO announcement (session_id, person_id, kind, minutes, at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (session_id, person_id) DO UPDATE SET kind = excluded.kind, minutes = excluded.minutes, \
        at = excluded.at WHERE announcement.kind <> excluded.kind";
    WITHDRAW = "DELETE FROM announcement WHERE session_id = $1 AND person_id = $2";
    DELETE = "DELETE FROM session WHERE id = $1";
    PLANNED_IN = "SELECT COUNT(*) FROM session WHERE classroom_id = $1 AND state = 'planned'";
    TEACHES = "SELECT COUNT(*) FROM session WHERE teacher_id = $1";
    TEACHES_IN = "SELECT COUNT(*) FROM session WHERE teacher_id = $1 AND classroom_id = $2 AND state = 'planned' \
        AND end_at > $3";
    ANNOUNCED = "SELECT person_id, kind FROM announcement WHERE session_id = $1 ORDER BY at, person_id";
}

/// The SQL of the other files of this store.
pub const FURTHER: &[&[(&str, &str)]] = &[notices::STATEMENTS, packs::STATEMENTS];

pub async fn session(tx: &mut Tx, id: &str) -> Result<Option<Session>> {
    fetch_optional!(tx, Session, SESSION, id)
}

/// Sessions that change, as they will be once their batch is flipped.
pub(super) async fn stage(tx: &mut Tx, batch: &str, sessions: &[&Session]) -> Result<()> {
    let touched = insert_many!(tx, STAGE, sessions, |session| [
        batch,
        &session.id,
        &session.classroom_id,
        session.reference.as_deref(),
        session.start_at,
        session.end_at,
        &session.subject,
        session.teacher_id.as_deref(),
        &session.teacher_name,
        &session.room,
        session.mode,
        session.link.as_deref(),
        session.state,
        session.revision
    ]);
    touched.await.map(|_| ())
}

/// Of those that change, gives how many were written: one whose revision somebody raised meanwhile is not.
pub(super) async fn flip(tx: &mut Tx, batch: &str) -> Result<u64> {
    let now = tx.now();
    run!(tx, FLIP_CHANGED, batch, now)
}

/// A batch's sessions that change, as they will be. A version before 0030 staged new ones here too.
pub(super) async fn staged(tx: &mut Tx, batch: &str) -> Result<Vec<Session>> {
    fetch_all!(tx, Session, STAGED, batch)
}

/// A batch's sessions as they are.
pub(super) async fn under_staged(tx: &mut Tx, batch: &str) -> Result<Vec<Session>> {
    fetch_all!(tx, Session, UNDER_STAGED, batch)
}

/// This one is not to be flipped.
pub(super) async fn unstage(tx: &mut Tx, batch: &str, id: &str) -> Result<()> {
    run!(tx, UNSTAGE, batch, id).map(|_| ())
}

pub(super) async fn clear(tx: &mut Tx, batch: &str) -> Result<u64> {
    run!(tx, CLEAR, batch)
}

pub(super) async fn clear_old(tx: &mut Tx, before: &str) -> Result<u64> {
    run!(tx, CLEAR_OLD, before)
}

pub(super) async fn insert(tx: &mut Tx, session: &Session) -> Result<()> {
    insert_many(tx, &[session]).await.map(|_| ())
}

/// Many at once; gives how many.
pub(super) async fn insert_many(tx: &mut Tx, sessions: &[&Session]) -> Result<u64> {
    let now = tx.now();
    insert_many!(tx, INSERT, sessions, |session| [
        &session.id,
        &session.classroom_id,
        session.reference.as_deref(),
        session.start_at,
        session.end_at,
        &session.subject,
        session.teacher_id.as_deref(),
        &session.teacher_name,
        &session.room,
        session.mode,
        session.link.as_deref(),
        session.state,
        session.revision,
        now,
        now
    ])
    .await
}

/// Writes a session whose revision was raised by one; a fault when somebody else raised it meanwhile.
pub(super) async fn update(tx: &mut Tx, session: &Session) -> Result<()> {
    let now = tx.now();
    run!(
        tx,
        UPDATE,
        &session.id,
        &session.classroom_id,
        session.reference.as_deref(),
        session.start_at,
        session.end_at,
        &session.subject,
        session.teacher_id.as_deref(),
        &session.teacher_name,
        &session.room,
        session.mode,
        session.link.as_deref(),
        session.state,
        session.revision,
        now
    )?
    .exactly_one("session to update")
}

/// Sessions of a class that start in `[from, until)`, cancelled ones too.
pub async fn of_classroom(tx: &mut Tx, classroom_id: &str, from: At, until: At) -> Result<Vec<Session>> {
    fetch_all!(tx, Session, OF_CLASSROOM, classroom_id, from, until)
}

pub async fn of_teacher(tx: &mut Tx, person_id: &str, from: At, until: At) -> Result<Vec<Session>> {
    fetch_all!(tx, Session, OF_TEACHER, person_id, from, until)
}

pub async fn between(tx: &mut Tx, from: At, until: At) -> Result<Vec<Session>> {
    fetch_all!(tx, Session, BETWEEN, from, until)
}

/// Of all classes, the planned session that runs or comes first; one that began before `from` is over.
pub async fn next(tx: &mut Tx, from: At) -> Result<Option<Session>> {
    let now = tx.now();
    fetch_optional!(tx, Session, NEXT, from, now)
}

/// As [`next`], of one class.
pub async fn next_of_classroom(tx: &mut Tx, classroom_id: &str, from: At) -> Result<Option<Session>> {
    let now = tx.now();
    fetch_optional!(tx, Session, NEXT_OF_CLASSROOM, classroom_id, from, now)
}

/// As [`next`], of one teacher.
pub async fn next_of_teacher(tx: &mut Tx, person_id: &str, from: At) -> Result<Option<Session>> {
    let now = tx.now();
    fetch_optional!(tx, Session, NEXT_OF_TEACHER, person_id, from, now)
}

/// The classes in which this person has lessons ahead.
pub async fn taught(tx: &mut Tx, person_id: &str) -> Result<Vec<String>> {
    let now = tx.now();
    Ok(fetch_all!(tx, (String,), TAUGHT, person_id, now)?.into_iter().map(|(class,)| class).collect())
}

/// Every planned session, past ones too.
pub async fn planned(tx: &mut Tx) -> Result<Vec<Session>> {
    fetch_all!(tx, Session, PLANNED)
}

/// `false` when the same was announced before.
pub(super) async fn announce(
    tx: &mut Tx,
    session_id: &str,
    person_id: &str,
    kind: &str,
    minutes: Option<i64>,
) -> Result<bool> {
    let now = tx.now();
    Ok(run!(tx, ANNOUNCE, session_id, person_id, kind, minutes, now)? == 1)
}

pub(super) async fn withdraw(tx: &mut Tx, session_id: &str, person_id: &str) -> Result<bool> {
    Ok(run!(tx, WITHDRAW, session_id, person_id)? == 1)
}

/// Nobody heard of it: it never was.
pub(super) async fn delete(tx: &mut Tx, id: &str) -> Result<()> {
    run!(tx, DELETE, id)?.exactly_one("session to delete")
}

/// How many planned sessions a class has, past ones too.
pub async fn planned_in(tx: &mut Tx, classroom_id: &str) -> Result<i64> {
    Ok(fetch_optional!(tx, (i64,), PLANNED_IN, classroom_id)?.map_or(0, |(count,)| count))
}

/// Does any session name this person as its teacher?
pub async fn teaches(tx: &mut Tx, person_id: &str) -> Result<bool> {
    Ok(fetch_optional!(tx, (i64,), TEACHES, person_id)?.is_some_and(|(count,)| count > 0))
}

/// Does this person have lessons ahead in this class?
pub async fn teaches_in(tx: &mut Tx, person_id: &str, classroom_id: &str) -> Result<bool> {
    let now = tx.now();
    Ok(fetch_optional!(tx, (i64,), TEACHES_IN, person_id, classroom_id, now)?.is_some_and(|(count,)| count > 0))
}

/// Who announced what: person, `absent` or `late`.
pub async fn announced(tx: &mut Tx, session_id: &str) -> Result<Vec<(String, String)>> {
    fetch_all!(tx, (String, String), ANNOUNCED, session_id)
}

impl State {
    pub const fn is_planned(self) -> bool {
        matches!(self, Self::Planned)
    }
}
