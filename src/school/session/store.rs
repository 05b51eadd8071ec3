//! The sessions' SQL.

use super::{Session, State};
use crate::kernel::{At, Result};
use crate::platform::store::{Affected as _, Tx};
use crate::{fetch_all, fetch_optional, insert_many, run, statements};

statements! {
    SESSION = "SELECT id, classroom_id, reference, start_at, end_at, subject, teacher_id, teacher_name, room, mode, link, \
        state, revision FROM session WHERE id = $1";
    INSERT = "INSERT INTO session (id, classroom_id, reference, start_at, end_at, subject, teacher_id, teacher_name, room, \
        mode, link, state, revision, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)";
    UPDATE = "UPDATE session SET reference = $2, start_at = $3, end_at = $4, subject = $5, teacher_id = $6, \
        teacher_name = $7, room = $8, mode = $9, link = $10, state = $11, revision = $12, updated_at = $13 \
        WHERE id = $1 AND revision = $12 - 1";
    OF_CLASSROOM = "SELECT id, classroom_id, reference, start_at, end_at, subject, teacher_id, teacher_name, room, mode, \
        link, state, revision FROM session WHERE classroom_id = $1 AND start_at >= $2 AND start_at < $3 \
        ORDER BY start_at, id";
    OF_TEACHER = "SELECT id, classroom_id, reference, start_at, end_at, subject, teacher_id, teacher_name, room, mode, \
        link, state, revision FROM session WHERE teacher_id = $1 AND start_at >= $2 AND start_at < $3 \
        ORDER BY start_at, id";
    BETWEEN = "SELECT id, classroom_id, reference, start_at, end_at, subject, teacher_id, teacher_name, room, mode, \
        link, state, revision FROM session WHERE start_at >= $1 AND start_at < $2 ORDER BY start_at, id";
    PLANNED = "SELECT id, classroom_id, reference, start_at, end_at, subject, teacher_id, teacher_name, room, mode, \
        link, state, revision FROM session WHERE state = 'planned' ORDER BY start_at, id";
    ANNOUNCE = "INSERT INTO announcement (session_id, person_id, kind, minutes, at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (session_id, person_id) DO UPDATE SET kind = excluded.kind, minutes = excluded.minutes, \
        at = excluded.at WHERE announcement.kind <> excluded.kind";
    WITHDRAW = "DELETE FROM announcement WHERE session_id = $1 AND person_id = $2";
    DELETE = "DELETE FROM session WHERE id = $1";
    PLANNED_IN = "SELECT COUNT(*) FROM session WHERE classroom_id = $1 AND state = 'planned'";
    TEACHES = "SELECT COUNT(*) FROM session WHERE teacher_id = $1";
    ANNOUNCED = "SELECT person_id, kind FROM announcement WHERE session_id = $1 ORDER BY at, person_id";
}

pub async fn session(tx: &mut Tx, id: &str) -> Result<Option<Session>> {
    fetch_optional!(tx, Session, SESSION, id)
}

pub(super) async fn insert(tx: &mut Tx, session: &Session) -> Result<()> {
    let now = tx.now();
    run!(
        tx,
        INSERT,
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
    .exactly_one("session to insert")
}

/// Many at once.
pub(super) async fn insert_many(tx: &mut Tx, sessions: &[Session]) -> Result<()> {
    let now = tx.now();
    let touched = insert_many!(tx, INSERT, sessions, |session| [
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
    ]);
    touched.await.map(|_| ())
}

/// Writes a session whose revision was raised by one; a fault when somebody else raised it meanwhile.
pub(super) async fn update(tx: &mut Tx, session: &Session) -> Result<()> {
    let now = tx.now();
    run!(
        tx,
        UPDATE,
        &session.id,
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

/// Who announced what: person, `absent` or `late`.
pub async fn announced(tx: &mut Tx, session_id: &str) -> Result<Vec<(String, String)>> {
    fetch_all!(tx, (String, String), ANNOUNCED, session_id)
}

impl State {
    pub const fn is_planned(self) -> bool {
        matches!(self, Self::Planned)
    }
}
