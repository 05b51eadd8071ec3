//! The SQL of what a class is yet to be told of its lessons, and of the notices that tell it.

use std::collections::HashMap;

use crate::kernel::{At, Result};
use crate::platform::store::Tx;
use crate::{fetch_all, fetch_optional, insert_many, run, statements};

statements! {
    /// What a notice took along that has left is told, also where the program stopped before it noted so.
    ALL_UNTOLD = "SELECT session_id, classroom_id, known FROM session_untold u WHERE NOT EXISTS (SELECT 1 FROM outbox o \
        WHERE o.key = u.notice AND o.state = 'completed' \
        AND COALESCE(o.note, '') <> 'forgotten') ORDER BY session_id, classroom_id";
    UNTOLD = "SELECT classroom_id, known FROM session_untold u WHERE session_id = $1 AND NOT EXISTS (SELECT 1 \
        FROM outbox o WHERE o.key = u.notice AND o.state = 'completed' \
        AND COALESCE(o.note, '') <> 'forgotten') ORDER BY classroom_id";
    UNTOLD_OF = "SELECT session_id, known FROM session_untold WHERE classroom_id = $1 AND notice IS NULL \
        ORDER BY session_id";
    SET_UNTOLD = "INSERT INTO session_untold (session_id, classroom_id, known, due_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (session_id, classroom_id) DO UPDATE SET due_at = excluded.due_at, notice = NULL, \
        known = CASE WHEN EXISTS (SELECT 1 FROM outbox o WHERE o.key = session_untold.notice AND o.state = 'completed' \
        AND COALESCE(o.note, '') <> 'forgotten') THEN excluded.known ELSE session_untold.known END";
    NEXT_NOTICE = "SELECT CAST(MIN(due_at) AS BIGINT) FROM session_untold \
        WHERE classroom_id = $1 AND due_at > $2 AND notice IS NULL";
    TAKE_UNTOLD = "UPDATE session_untold SET notice = $2 WHERE classroom_id = $1 AND notice IS NULL";
    DROP_ADDITION = "DELETE FROM session_untold WHERE session_id = $1 AND known IS NULL AND notice IS NULL";
    TAKEN = "SELECT session_id, known FROM session_untold WHERE notice = $1 ORDER BY session_id";
    RELEASE_TAKEN = "UPDATE session_untold SET notice = NULL, due_at = $2 WHERE notice = $1";
    DROP_TAKEN = "DELETE FROM session_untold WHERE notice = $1";
    TOLD_NOW = "UPDATE session_untold SET known = $3 WHERE session_id = $1 AND classroom_id = $2 AND notice IS NULL";
    DROP_REMINDED = "DELETE FROM session_untold WHERE session_id = $1 AND notice IS NULL \
        AND EXISTS (SELECT 1 FROM session s WHERE s.id = $1 AND s.revision = $2 \
        AND s.classroom_id = session_untold.classroom_id)";
    FORGET_UNTOLD = "DELETE FROM session_untold WHERE classroom_id = $1 AND due_at < $2 \
        AND session_id IN (SELECT id FROM session WHERE end_at < $2)";
    FORGET_NOTICES = "DELETE FROM class_notice WHERE classroom_id = $1 AND day < $2";
    NOTE_NOTICE = "INSERT INTO class_notice (id, classroom_id, day, said, at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (id) DO UPDATE SET said = excluded.said";
    ADD_TO_NOTICE = "UPDATE class_notice SET said = $2, at = $3 WHERE id = $1";
    NOTICED_SINCE = "SELECT COUNT(*) FROM class_notice WHERE classroom_id = $1 AND at >= $2";
    DROP_NOTICE = "DELETE FROM class_notice WHERE id = $1";
    NOTICES = "SELECT id, said FROM class_notice WHERE classroom_id = $1 AND day = $2 ORDER BY at, id";
}

/// Sessions of which something is untold: to which class, and as it knows them.
pub(in crate::school::session) async fn all_untold(
    tx: &mut Tx,
) -> Result<HashMap<String, Vec<(String, Option<String>)>>> {
    let mut all: HashMap<String, Vec<(String, Option<String>)>> = HashMap::new();
    for (session, class, known) in fetch_all!(tx, (String, String, Option<String>), ALL_UNTOLD)? {
        all.entry(session).or_default().push((class, known));
    }
    Ok(all)
}

/// The classes to which something of a session is untold, and the session as each knows it (none: it does not).
pub(in crate::school::session) async fn untold(tx: &mut Tx, session_id: &str) -> Result<Vec<(String, Option<String>)>> {
    fetch_all!(tx, (String, Option<String>), UNTOLD, session_id)
}

/// What the class's next notice takes along: session, as its class knows it.
pub(in crate::school::session) async fn untold_of(
    tx: &mut Tx,
    classroom_id: &str,
) -> Result<Vec<(String, Option<String>)>> {
    fetch_all!(tx, (String, Option<String>), UNTOLD_OF, classroom_id)
}

/// An addition that its class was not told of is forgotten; `false` when there was none.
pub(in crate::school::session) async fn drop_addition(tx: &mut Tx, session_id: &str) -> Result<bool> {
    Ok(run!(tx, DROP_ADDITION, session_id)? > 0)
}

/// Something of these sessions is untold (session, class, as it knows it, when it is told); what their class knew when it
/// first was stays.
pub(in crate::school::session) async fn set_untold(
    tx: &mut Tx,
    rows: &[(&str, &str, Option<String>, At)],
) -> Result<()> {
    let touched = insert_many!(tx, SET_UNTOLD, rows, |row| [row.0, row.1, row.2.as_deref(), row.3]);
    touched.await.map(|_| ())
}

/// When the class's next notice leaves.
pub(in crate::school::session) async fn next_notice(tx: &mut Tx, classroom_id: &str) -> Result<Option<At>> {
    let now = tx.now();
    Ok(fetch_optional!(tx, (Option<At>,), NEXT_NOTICE, classroom_id, now)?.and_then(|(at,)| at))
}

/// All that is untold goes with this notice.
pub(in crate::school::session) async fn take_untold(tx: &mut Tx, classroom_id: &str, notice: &str) -> Result<()> {
    run!(tx, TAKE_UNTOLD, classroom_id, notice).map(|_| ())
}

/// What goes with this notice: session, as its class knows it.
pub(in crate::school::session) async fn taken(tx: &mut Tx, notice: &str) -> Result<Vec<(String, Option<String>)>> {
    fetch_all!(tx, (String, Option<String>), TAKEN, notice)
}

/// What went with this notice waits for another.
pub(in crate::school::session) async fn release_taken(tx: &mut Tx, notice: &str, due: At) -> Result<()> {
    run!(tx, RELEASE_TAKEN, notice, due).map(|_| ())
}

pub(in crate::school::session) async fn drop_taken(tx: &mut Tx, notice: &str) -> Result<()> {
    run!(tx, DROP_TAKEN, notice).map(|_| ())
}

/// A session that changed again while a notice left: its class knows it so.
pub(in crate::school::session) async fn told_now(
    tx: &mut Tx,
    session_id: &str,
    classroom_id: &str,
    known: &str,
) -> Result<()> {
    run!(tx, TOLD_NOW, session_id, classroom_id, known).map(|_| ())
}

/// The reminder said how this session stands, at this revision.
pub(in crate::school::session) async fn drop_reminded(tx: &mut Tx, session_id: &str, revision: i64) -> Result<()> {
    run!(tx, DROP_REMINDED, session_id, revision).map(|_| ())
}

/// What lies behind: of sessions that ended before `before`, and notices of days before `day`.
pub(in crate::school::session) async fn forget_told(
    tx: &mut Tx,
    classroom_id: &str,
    before: At,
    day: &str,
) -> Result<()> {
    run!(tx, FORGET_UNTOLD, classroom_id, before)?;
    run!(tx, FORGET_NOTICES, classroom_id, day).map(|_| ())
}

pub(in crate::school::session) async fn note_notice(
    tx: &mut Tx,
    id: &str,
    classroom_id: &str,
    day: &str,
    said: &str,
) -> Result<()> {
    let now = tx.now();
    run!(tx, NOTE_NOTICE, id, classroom_id, day, said, now).map(|_| ())
}

pub(in crate::school::session) async fn add_to_notice(tx: &mut Tx, id: &str, said: &str) -> Result<()> {
    let now = tx.now();
    run!(tx, ADD_TO_NOTICE, id, said, now).map(|_| ())
}

/// Was this class told of changes since then?
pub(in crate::school::session) async fn was_noticed(tx: &mut Tx, classroom_id: &str, since: At) -> Result<bool> {
    Ok(fetch_optional!(tx, (i64,), NOTICED_SINCE, classroom_id, since)?.is_some_and(|(count,)| count > 0))
}

pub(in crate::school::session) async fn drop_notice(tx: &mut Tx, id: &str) -> Result<()> {
    run!(tx, DROP_NOTICE, id).map(|_| ())
}

/// The notices of a class on a day, oldest first: id, lines as JSON.
pub(in crate::school::session) async fn notices(
    tx: &mut Tx,
    classroom_id: &str,
    day: &str,
) -> Result<Vec<(String, String)>> {
    fetch_all!(tx, (String, String), NOTICES, classroom_id, day)
}
