//! The agreements' SQL.

use super::{Agreement, State, Voice};
use crate::kernel::Result;
use crate::platform::store::{Affected as _, Tx};
use crate::{fetch_all, fetch_optional, run, statements};

statements! {
    INSERT = "INSERT INTO agreement (id, kind, effects, payload, needs, asked_by, asked_at, expires_at, state) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open')";
    AGREEMENT = "SELECT id, kind, effects, payload, needs, asked_by, asked_at, expires_at, state, \
        over_kind, ending FROM agreement WHERE id = $1";
    OPEN = "SELECT id, kind, effects, payload, needs, asked_by, asked_at, expires_at, state, \
        over_kind, ending FROM agreement \
        WHERE state = 'open' ORDER BY asked_at, id";
    /// Takes the row's lock: two voices at the same time count each other.
    HOLD = "UPDATE agreement SET state = 'open' WHERE id = $1 AND state = 'open'";
    DECIDE = "UPDATE agreement SET state = $2, decided_at = $3 WHERE id = $1 AND state = 'open'";
    DONE = "UPDATE agreement SET state = 'done', payload = '{}', ending = $2 WHERE id = $1 AND state = 'agreed'";
    WHEN_OVER = "UPDATE agreement SET over_kind = $2 WHERE id = $1 AND state = 'open'";
    SAY_ENDING = "UPDATE agreement SET ending = $2 WHERE id = $1";
    VOICES = "SELECT voter, agrees, at FROM agreement_voice WHERE agreement_id = $1 ORDER BY at, voter";
    SPEAK = "INSERT INTO agreement_voice (agreement_id, voter, agrees, at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (agreement_id, voter) DO UPDATE SET agrees = excluded.agrees, at = excluded.at \
        WHERE agreement_voice.agrees AND NOT excluded.agrees";
}

pub(super) async fn insert(tx: &mut Tx, agreement: &Agreement) -> Result<()> {
    run!(
        tx,
        INSERT,
        &agreement.id,
        &agreement.kind,
        &agreement.effects,
        &agreement.payload,
        agreement.needs,
        agreement.asked_by.as_deref(),
        agreement.asked_at,
        agreement.expires_at
    )?
    .exactly_one("agreement to ask for")
}

pub async fn agreement(tx: &mut Tx, id: &str) -> Result<Option<Agreement>> {
    fetch_optional!(tx, Agreement, AGREEMENT, id)
}

/// Those that wait for voices, oldest first.
pub async fn open(tx: &mut Tx) -> Result<Vec<Agreement>> {
    fetch_all!(tx, Agreement, OPEN)
}

/// Locks an open agreement for this transaction; `false` when it is not open.
pub(super) async fn hold(tx: &mut Tx, id: &str) -> Result<bool> {
    Ok(run!(tx, HOLD, id)? == 1)
}

/// `false` when it was decided before.
pub(super) async fn decide(tx: &mut Tx, id: &str, state: State) -> Result<bool> {
    let now = tx.now();
    Ok(run!(tx, DECIDE, id, state.code(), now)? == 1)
}

/// `false` when it was not agreed, or carried out before. `ending`: what happened instead.
pub(super) async fn done(tx: &mut Tx, id: &str, ending: Option<&str>) -> Result<bool> {
    Ok(run!(tx, DONE, id, ending)? == 1)
}

pub(super) async fn when_over(tx: &mut Tx, id: &str, kind: &str) -> Result<()> {
    run!(tx, WHEN_OVER, id, kind)?.exactly_one("agreement that waits")
}

pub(super) async fn say_ending(tx: &mut Tx, id: &str, ending: &str) -> Result<()> {
    run!(tx, SAY_ENDING, id, ending)?.exactly_one("agreement that ended")
}

pub async fn voices(tx: &mut Tx, id: &str) -> Result<Vec<Voice>> {
    fetch_all!(tx, Voice, VOICES, id)
}

/// `false` when this voter said so before. Who accepted may still refuse; never the other way round.
pub(super) async fn speak(tx: &mut Tx, id: &str, voter: &str, agrees: bool) -> Result<bool> {
    let now = tx.now();
    Ok(run!(tx, SPEAK, id, voter, agrees, now)? == 1)
}
