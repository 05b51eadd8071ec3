//! The adapter's SQL: buttons, slots, questions that wait.

use super::callback::Found;
use crate::kernel::{At, Result};
use crate::platform::store::Tx;
use crate::{fetch_optional, run, statements};

statements! {
    INSERT_BUTTON = "INSERT INTO telegram_button (id, action, args, actor, chat, made_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
    BUTTON = "SELECT action, args, actor, chat FROM telegram_button WHERE id = $1";
    PURGE_BUTTONS = "DELETE FROM telegram_button WHERE made_at < $1";
    SLOT = "SELECT chat, message FROM telegram_slot WHERE slot = $1";
    SET_SLOT = "INSERT INTO telegram_slot (slot, chat, message, at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (slot) DO UPDATE SET chat = excluded.chat, message = excluded.message, at = excluded.at";
    DROP_SLOT = "DELETE FROM telegram_slot WHERE slot = $1";
    MOVE_BUTTONS = "UPDATE telegram_button SET chat = $2 WHERE chat = $1";
    MOVE_SLOTS = "UPDATE telegram_slot SET chat = $2 WHERE chat = $1";
    DIALOGUE = "SELECT topic, args FROM telegram_dialogue WHERE account = $1 AND until > $2";
    SET_DIALOGUE = "INSERT INTO telegram_dialogue (account, topic, args, until) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (account) DO UPDATE SET topic = excluded.topic, args = excluded.args, until = excluded.until";
    END_DIALOGUE = "DELETE FROM telegram_dialogue WHERE account = $1";
    FORGET_BUTTONS = "DELETE FROM telegram_button WHERE actor = $1";
    PURGE_DIALOGUES = "DELETE FROM telegram_dialogue WHERE until < $1";
}

pub(super) async fn insert_button(tx: &mut Tx, id: &str, found: &Found) -> Result<()> {
    let now = tx.now();
    let Found { action, args, actor, chat } = found;
    run!(tx, INSERT_BUTTON, id, action.as_str(), args.as_str(), *actor, *chat, now).map(|_| ())
}

pub(super) async fn button(tx: &mut Tx, id: &str) -> Result<Option<Found>> {
    let row = fetch_optional!(tx, (String, String, Option<i64>, Option<i64>), BUTTON, id)?;
    Ok(row.map(|(action, args, actor, chat)| Found { action, args, actor, chat }))
}

pub async fn purge(tx: &mut Tx, before: At) -> Result<()> {
    run!(tx, PURGE_BUTTONS, before)?;
    run!(tx, PURGE_DIALOGUES, before)?;
    Ok(())
}

/// Keys that only this account may press, and the question that it was asked.
pub(super) async fn forget(tx: &mut Tx, account: i64) -> Result<()> {
    run!(tx, FORGET_BUTTONS, account)?;
    run!(tx, END_DIALOGUE, account).map(|_| ())
}

/// The message (chat, id) that shows `slot`.
pub async fn slot(tx: &mut Tx, slot: &str) -> Result<Option<(i64, i64)>> {
    fetch_optional!(tx, (i64, i64), SLOT, slot)
}

pub async fn set_slot(tx: &mut Tx, slot: &str, chat: i64, message: i64) -> Result<()> {
    let now = tx.now();
    run!(tx, SET_SLOT, slot, chat, message, now).map(|_| ())
}

pub async fn drop_slot(tx: &mut Tx, slot: &str) -> Result<()> {
    run!(tx, DROP_SLOT, slot).map(|_| ())
}

/// A group was upgraded: its messages keep their ids in the new chat only for new ones; what was shown is shown anew,
/// and what was about to be shown there may be pressed there.
pub async fn move_slots(tx: &mut Tx, from: i64, to: i64) -> Result<()> {
    run!(tx, MOVE_BUTTONS, from, to)?;
    run!(tx, MOVE_SLOTS, from, to).map(|_| ())
}

/// The question that waits for this account's answer: topic and arguments.
pub async fn dialogue(tx: &mut Tx, account: i64) -> Result<Option<(String, String)>> {
    let now = tx.now();
    fetch_optional!(tx, (String, String), DIALOGUE, account, now)
}

/// Asks: the next text of this account goes to the topic. A draft is kept for 24 h.
pub async fn set_dialogue(tx: &mut Tx, account: i64, topic: &str, args: &str) -> Result<()> {
    let until = tx.now().plus_days(1);
    run!(tx, SET_DIALOGUE, account, topic, args, until).map(|_| ())
}

pub async fn end_dialogue(tx: &mut Tx, account: i64) -> Result<bool> {
    Ok(run!(tx, END_DIALOGUE, account)? > 0)
}
