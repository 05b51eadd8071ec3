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
    KEEP_WORKBOOK = "UPDATE workbook_import SET workbook = $2 WHERE id = $1";
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
    CORRECT_RECEIPT = "UPDATE workbook_receipt SET receipt = $2 WHERE key = $1";
    BEGIN_REST = "INSERT INTO workbook_rest (plan, import_id, at, receipt_key, account) VALUES ($1, $2, $3, $4, $5)";
    RESTS = "SELECT COUNT(*) FROM workbook_rest";
    END_REST = "DELETE FROM workbook_rest WHERE plan = $1 \
        AND NOT EXISTS (SELECT 1 FROM workbook_round r WHERE r.plan = workbook_rest.plan)";
    STAGE_ROUND = "INSERT INTO workbook_round (plan, position, batch, work) VALUES ($1, $2, $3, $4)";
    NEXT_ROUND = "SELECT r.plan, r.batch, r.work, w.import_id, w.at, w.receipt_key, w.account FROM workbook_round r \
        JOIN workbook_rest w ON w.plan = r.plan ORDER BY r.plan, r.position LIMIT 1";
    END_ROUND = "DELETE FROM workbook_round WHERE batch = $1";
    IS_TO_COME = "SELECT COUNT(*) FROM workbook_round r JOIN workbook_rest w ON w.plan = r.plan WHERE r.batch = $1";
    FIRST_TO_COME = "SELECT MIN(r.batch) FROM workbook_round r JOIN workbook_rest w ON w.plan = r.plan";
    CLEAR_OLD_ROUNDS = "DELETE FROM workbook_round WHERE batch < $1";
    RECEIPT = "SELECT receipt FROM workbook_receipt WHERE key = $1";
    INSERT_REMOVAL = "INSERT INTO removal (id, at, kind, classroom_id, object) VALUES ($1, $2, $3, $4, $5)";
    REMOVALS = "SELECT classroom_id, COUNT(*) FROM removal WHERE kind = $1 AND at > $2 \
        GROUP BY classroom_id ORDER BY classroom_id";
    AGAIN = "SELECT mark, said FROM workbook_again WHERE key = $1";
    KEEP_AGAIN = "INSERT INTO workbook_again (key, mark, said, at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (key) DO UPDATE SET mark = excluded.mark, said = excluded.said, at = excluded.at";
    FORGET_AGAIN = "DELETE FROM workbook_again WHERE at < $1";
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

pub(super) async fn previewed(tx: &mut Tx, id: &str, sha256: &str, workbook: Option<&str>) -> Result<()> {
    run!(tx, PREVIEWED, id, sha256, workbook)?.exactly_one("import that was read")
}

/// Of a file that was applied: what stood in the audit then, and what is said of it since, as JSON.
pub(super) async fn again(tx: &mut Tx, key: &str) -> Result<Option<(String, String)>> {
    fetch_optional!(tx, (String, String), AGAIN, key)
}

pub(super) async fn keep_again(tx: &mut Tx, key: &str, mark: &str, said: &str) -> Result<()> {
    let now = tx.now();
    run!(tx, KEEP_AGAIN, key, mark, said, now).map(|_| ())
}

pub(super) async fn forget_again(tx: &mut Tx, before: At) -> Result<u64> {
    run!(tx, FORGET_AGAIN, before)
}

/// What an import's file says, as JSON.
pub(super) async fn keep_workbook(tx: &mut Tx, id: &str, workbook: &str) -> Result<()> {
    run!(tx, KEEP_WORKBOOK, id, workbook)?.exactly_one("import whose workbook is kept")
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

/// An effect of which nothing came about; gone already, it need not be kept.
pub(super) async fn leave_effect(tx: &mut Tx, import_id: &str, position: i64, outcome: &str) -> Result<()> {
    run!(tx, SETTLE_EFFECT, import_id, position, outcome).map(|_| ())
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

pub(super) async fn correct_receipt(tx: &mut Tx, key: &str, receipt: &str) -> Result<()> {
    run!(tx, CORRECT_RECEIPT, key, receipt)?.exactly_one("receipt to correct")
}

/// Of an import the first round was written, and others are to come; `plan`: under which those were staged.
pub(super) async fn begin_rest(
    tx: &mut Tx,
    plan: &str,
    import_id: &str,
    key: &str,
    account: Option<i64>,
) -> Result<()> {
    let now = tx.now();
    run!(tx, BEGIN_REST, plan, import_id, now, key, account).map(|_| ())
}

/// Is a round to come, of any import?
pub(super) async fn has_rest(tx: &mut Tx) -> Result<bool> {
    Ok(fetch_optional!(tx, (i64,), RESTS)?.is_some_and(|(count,)| count > 0))
}

/// `false` when there are rounds to come.
pub(super) async fn end_rest(tx: &mut Tx, plan: &str) -> Result<bool> {
    Ok(run!(tx, END_REST, plan)? == 1)
}

pub(super) async fn stage_round(tx: &mut Tx, plan: &str, position: i64, batch: &str, work: &str) -> Result<()> {
    run!(tx, STAGE_ROUND, plan, position, batch, work).map(|_| ())
}

/// A round that is to come.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct ToCome {
    pub plan: String,
    pub batch: String,
    pub work: String,
    pub import_id: String,
    /// When the first round was written.
    pub at: At,
    pub receipt_key: String,
    pub account: Option<i64>,
}

pub(super) async fn next_round(tx: &mut Tx) -> Result<Option<ToCome>> {
    fetch_optional!(tx, ToCome, NEXT_ROUND)
}

/// It was written, or never will be.
pub(super) async fn end_round(tx: &mut Tx, batch: &str) -> Result<()> {
    run!(tx, END_ROUND, batch).map(|_| ())
}

/// Is this batch still to be written?
pub(super) async fn is_to_come(tx: &mut Tx, batch: &str) -> Result<bool> {
    Ok(fetch_optional!(tx, (i64,), IS_TO_COME, batch)?.is_some_and(|(count,)| count > 0))
}

/// The oldest batch that is still to be written.
pub(super) async fn first_to_come(tx: &mut Tx) -> Result<Option<String>> {
    Ok(fetch_optional!(tx, (Option<String>,), FIRST_TO_COME)?.and_then(|(batch,)| batch))
}

pub(super) async fn clear_old_rounds(tx: &mut Tx, before: &str) -> Result<()> {
    run!(tx, CLEAR_OLD_ROUNDS, before).map(|_| ())
}
