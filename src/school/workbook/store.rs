//! The imports' SQL.

use crate::kernel::{At, Result};
use crate::platform::store::{Affected as _, Tx};
use crate::{fetch_all, fetch_optional, insert_many, run, statements};

statements! {
    INSERT = "INSERT INTO workbook_import (id, file_name, sha256, chat, by_person, state, created_at) \
        VALUES ($1, $2, '', $3, $4, 'reading', $5)";
    IMPORT = "SELECT id, file_name, sha256, chat, by_person, state, workbook, fingerprint, agreement_id, \
        settled_at, undone_at FROM workbook_import WHERE id = $1";
    STATE = "SELECT state, agreement_id FROM workbook_import WHERE id = $1";
    PREVIEWED = "UPDATE workbook_import SET state = 'previewed', sha256 = $2, workbook = $3 \
        WHERE id = $1 AND state = 'reading'";
    SETTLE = "UPDATE workbook_import SET state = $2, settled_at = $3 WHERE id = $1";
    WAIT = "UPDATE workbook_import SET state = 'waiting', agreement_id = $2, fingerprint = $3 WHERE id = $1";
    BEGIN_UNDO = "UPDATE workbook_import SET state = 'abandoned', undone_at = $2 \
        WHERE id = $1 AND state = 'applied' AND undone_at IS NULL";
    INSERT_EFFECT = "INSERT INTO workbook_effect (import_id, position, at, effect) VALUES ($1, $2, $3, $4)";
    LAST_APPLIED = "SELECT CAST(MAX(settled_at) AS BIGINT) FROM workbook_import WHERE state = 'applied'";
    EFFECTS_UNTIL = "SELECT effects_until FROM workbook_import WHERE id = $1";
    KEEP_EFFECTS = "UPDATE workbook_import SET effects_until = $2 WHERE id = $1";
    DROP_STAGED_EFFECTS = "DELETE FROM workbook_effect WHERE import_id = $1 \
        AND position > (SELECT effects_until FROM workbook_import WHERE id = $1)";
    EFFECTS = "SELECT position, at, effect FROM workbook_effect WHERE import_id = $1 AND outcome IS NULL AND at >= $2 \
        AND position <= (SELECT effects_until FROM workbook_import WHERE id = $1) ORDER BY position DESC LIMIT $3";
    SETTLE_EFFECT = "UPDATE workbook_effect SET outcome = $3 WHERE import_id = $1 AND position = $2";
    EFFECT_OUTCOMES = "SELECT COALESCE(outcome, '') AS outcome, COUNT(*) FROM workbook_effect WHERE import_id = $1 \
        AND position <= (SELECT effects_until FROM workbook_import WHERE id = $1) GROUP BY outcome ORDER BY 1";
    KEPT_EFFECTS = "SELECT effect, outcome FROM workbook_effect WHERE import_id = $1 AND outcome IS NOT NULL \
        AND outcome <> $2 ORDER BY position LIMIT $3";
    FORGET_EFFECTS = "DELETE FROM workbook_effect WHERE at < $1";
    TAKE_BACK_REMOVAL = "DELETE FROM removal WHERE kind = $1 AND classroom_id = $2 AND object = $3 AND at >= $4";
    TAKE_BACK_LEAVING = "DELETE FROM removal WHERE kind = 'group' AND object = $1 AND at >= $2";
    FORGET = "UPDATE workbook_import SET workbook = NULL WHERE COALESCE(settled_at, created_at) < $1 \
        AND workbook IS NOT NULL";
    KEPT_FILES = "SELECT DISTINCT sha256 FROM workbook_import WHERE workbook IS NOT NULL ORDER BY sha256";
    KEEP_RECEIPT = "INSERT INTO workbook_receipt (key, receipt, at) VALUES ($1, $2, $3)";
    RECEIPT = "SELECT receipt FROM workbook_receipt WHERE key = $1";
    INSERT_REMOVAL = "INSERT INTO removal (id, at, kind, classroom_id, object) VALUES ($1, $2, $3, $4, $5)";
    REMOVALS = "SELECT classroom_id, COUNT(*) FROM removal WHERE kind = $1 AND at > $2 \
        GROUP BY classroom_id ORDER BY classroom_id";
    REMOVED = "SELECT DISTINCT object FROM removal WHERE kind = $1 AND at > $2 ORDER BY object";
}

/// An import, from the file's arrival to its end.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Import {
    pub id: String,
    pub file_name: String,
    pub sha256: String,
    pub chat: Option<i64>,
    pub by_person: Option<String>,
    /// `reading`, `previewed`, `waiting`, `applied`, `abandoned` or `refused`.
    pub state: String,
    /// The workbook as it was read, in JSON.
    pub workbook: Option<String>,
    pub fingerprint: Option<String>,
    pub agreement_id: Option<String>,
    /// When it ended; applied again (rights), when that was.
    pub settled_at: Option<At>,
    /// When `[Annuler]` was pressed.
    pub undone_at: Option<At>,
}

pub(super) async fn insert(tx: &mut Tx, file_name: &str, chat: Option<i64>, by: Option<&str>) -> Result<String> {
    let (id, now) = (tx.new_id(), tx.now());
    run!(tx, INSERT, &id, file_name, chat, by, now)?;
    Ok(id)
}

pub async fn import(tx: &mut Tx, id: &str) -> Result<Option<Import>> {
    fetch_optional!(tx, Import, IMPORT, id)
}

/// When a timetable was last applied that was not undone since.
pub async fn last_applied(tx: &mut Tx) -> Result<Option<At>> {
    Ok(fetch_optional!(tx, (Option<At>,), LAST_APPLIED)?.and_then(|(at,)| at))
}

/// Where an import stands, and the agreement that it waits for: without its workbook, which may be large.
pub(super) async fn state(tx: &mut Tx, id: &str) -> Result<Option<(String, Option<String>)>> {
    fetch_optional!(tx, (String, Option<String>), STATE, id)
}

pub(super) async fn previewed(tx: &mut Tx, id: &str, sha256: &str, workbook: &str) -> Result<()> {
    run!(tx, PREVIEWED, id, sha256, workbook)?.exactly_one("import that was read")
}

pub(super) async fn settle(tx: &mut Tx, id: &str, state: &str) -> Result<()> {
    let now = tx.now();
    run!(tx, SETTLE, id, state, now)?.exactly_one("import to settle")
}

pub(super) async fn wait(tx: &mut Tx, id: &str, agreement_id: &str, fingerprint: &str) -> Result<()> {
    run!(tx, WAIT, id, agreement_id, fingerprint)?.exactly_one("import that waits")
}

/// `false` when it is not applied, or was undone before.
pub(super) async fn begin_undo(tx: &mut Tx, id: &str) -> Result<bool> {
    let now = tx.now();
    Ok(run!(tx, BEGIN_UNDO, id, now)? == 1)
}

/// The last of an import's effects that was done: those beyond it are staged.
pub(super) async fn effects_until(tx: &mut Tx, import_id: &str) -> Result<i64> {
    Ok(fetch_optional!(tx, (i64,), EFFECTS_UNTIL, import_id)?.map_or(0, |(position,)| position))
}

/// Effects up to this one are done.
pub(super) async fn keep_effects(tx: &mut Tx, import_id: &str, until: i64) -> Result<()> {
    run!(tx, KEEP_EFFECTS, import_id, until)?.exactly_one("import whose effects are kept")
}

/// What was staged before, and never done.
pub(super) async fn drop_staged_effects(tx: &mut Tx, import_id: &str) -> Result<u64> {
    run!(tx, DROP_STAGED_EFFECTS, import_id)
}

/// Position, effect.
pub(super) async fn insert_effects(tx: &mut Tx, import_id: &str, effects: &[(i64, String)]) -> Result<()> {
    let now = tx.now();
    let touched = insert_many!(tx, INSERT_EFFECT, effects, |effect| [import_id, effect.0, now, &effect.1]);
    touched.await.map(|_| ())
}

/// Effects since a moment that undoing has not looked at, newest first: position, moment, effect.
pub(super) async fn effects(tx: &mut Tx, import_id: &str, since: At, most: i64) -> Result<Vec<(i64, At, String)>> {
    fetch_all!(tx, (i64, At, String), EFFECTS, import_id, since, most)
}

pub(super) async fn settle_effect(tx: &mut Tx, import_id: &str, position: i64, outcome: &str) -> Result<()> {
    run!(tx, SETTLE_EFFECT, import_id, position, outcome)?.exactly_one("effect that was looked at")
}

/// How many effects ended how; empty: not looked at.
pub(super) async fn effect_outcomes(tx: &mut Tx, import_id: &str) -> Result<Vec<(String, i64)>> {
    fetch_all!(tx, (String, i64), EFFECT_OUTCOMES, import_id)
}

/// Effects that stay, with why.
pub(super) async fn kept_effects(
    tx: &mut Tx,
    import_id: &str,
    undone: &str,
    most: i64,
) -> Result<Vec<(String, String)>> {
    fetch_all!(tx, (String, String), KEPT_EFFECTS, import_id, undone, most)
}

/// What can be undone no more need not be kept.
pub(super) async fn forget_effects(tx: &mut Tx, before: At) -> Result<u64> {
    run!(tx, FORGET_EFFECTS, before)
}

/// What came back was not removed.
pub(super) async fn take_back_removal(
    tx: &mut Tx,
    kind: &str,
    classroom_id: &str,
    object: &str,
    since: At,
) -> Result<()> {
    run!(tx, TAKE_BACK_REMOVAL, kind, classroom_id, object, since).map(|_| ())
}

/// Who comes back to the school was not removed from any group.
pub(super) async fn take_back_leaving(tx: &mut Tx, person_id: &str, since: At) -> Result<()> {
    run!(tx, TAKE_BACK_LEAVING, person_id, since).map(|_| ())
}

/// The workbooks of imports that ended before `before`, or came before it and never ended, are forgotten.
pub(super) async fn forget(tx: &mut Tx, before: At) -> Result<u64> {
    run!(tx, FORGET, before)
}

pub(super) async fn insert_removal(tx: &mut Tx, kind: &str, classroom_id: &str, object: &str) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now());
    run!(tx, INSERT_REMOVAL, &id, now, kind, classroom_id, object).map(|_| ())
}

/// Many at once: class, object.
pub(super) async fn insert_removals(tx: &mut Tx, kind: &str, removed: &[(&str, &str)]) -> Result<()> {
    let (ids, now) = (tx.ids().clone(), tx.now());
    let touched = insert_many!(tx, INSERT_REMOVAL, removed, |one| [ids.next(), now, kind, one.0, one.1]);
    touched.await.map(|_| ())
}

/// How many were removed since `since`, class by class.
pub async fn removals(tx: &mut Tx, kind: &str, since: At) -> Result<Vec<(String, i64)>> {
    fetch_all!(tx, (String, i64), REMOVALS, kind, since)
}

/// What was removed since `since`, each once.
pub(super) async fn removed(tx: &mut Tx, kind: &str, since: At) -> Result<Vec<String>> {
    Ok(fetch_all!(tx, (String,), REMOVED, kind, since)?.into_iter().map(|(object,)| object).collect())
}

/// Hashes of the files that are still wanted.
pub async fn kept_files(tx: &mut Tx) -> Result<Vec<String>> {
    Ok(fetch_all!(tx, (String,), KEPT_FILES)?.into_iter().map(|(hash,)| hash).collect())
}

/// Keeps what an outbox row did, so that it is told, not done again, when the row runs twice.
pub(super) async fn keep_receipt(tx: &mut Tx, key: &str, receipt: &str) -> Result<()> {
    let now = tx.now();
    run!(tx, KEEP_RECEIPT, key, receipt, now).map(|_| ())
}

pub(super) async fn receipt(tx: &mut Tx, key: &str) -> Result<Option<String>> {
    Ok(fetch_optional!(tx, (String,), RECEIPT, key)?.map(|(receipt,)| receipt))
}
