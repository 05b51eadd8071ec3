//! The SQL of groups that were made here.

use crate::kernel::{At, Result};
use crate::platform::store::Tx;
use crate::{fetch_all, fetch_optional, run, statements};

statements! {
    PAUSED = "SELECT account, day, why FROM group_pause WHERE day >= $1 AND (until IS NULL OR until > $2) ORDER BY account";
    PAUSE = "INSERT INTO group_pause (account, day, why, until) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (account) DO UPDATE SET day = excluded.day, why = excluded.why, until = excluded.until";
    KEPT = "SELECT title, about FROM group_kept WHERE chat = $1";
    SET_KEPT = "INSERT INTO group_kept (chat, title, about) VALUES ($1, $2, $3) \
        ON CONFLICT (chat) DO UPDATE SET title = excluded.title, about = excluded.about";
    PHOTO = "SELECT photo FROM group_kept WHERE chat = $1";
    SET_PHOTO = "UPDATE group_kept SET photo = $2 WHERE chat = $1";
    MANAGERS = "SELECT account, rights FROM group_manager WHERE chat = $1 ORDER BY account";
    SET_MANAGER = "INSERT INTO group_manager (chat, account, rights) VALUES ($1, $2, $3) \
        ON CONFLICT (chat, account) DO UPDATE SET rights = excluded.rights, stuck_at = NULL";
    STUCK_MANAGER = "UPDATE group_manager SET stuck_at = $3 WHERE chat = $1 AND account = $2 AND stuck_at IS NULL";
    DROP_MANAGER = "DELETE FROM group_manager WHERE chat = $1 AND account = $2";
    NOTICED = "SELECT account FROM group_notice WHERE chat = $1 AND what = $2 ORDER BY account";
    NOTE = "INSERT INTO group_notice (chat, account, what, at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (chat, account, what) DO NOTHING";
    FORGET_NOTE = "DELETE FROM group_notice WHERE chat = $1 AND account = $2 AND what = $3";
}

/// The accounts that make no groups now, until which day, and Telegram's word for why.
pub(super) async fn paused(tx: &mut Tx, today: &str) -> Result<Vec<(i64, String, String)>> {
    let now = tx.now();
    fetch_all!(tx, (i64, String, String), PAUSED, today, now)
}

/// Until the end of this day, or until a moment of it.
pub(super) async fn pause(tx: &mut Tx, account: i64, day: &str, why: &str, until: Option<At>) -> Result<()> {
    run!(tx, PAUSE, account, day, why, until).map(|_| ())
}

/// Title and description of a group as they were set here.
pub(super) async fn kept(tx: &mut Tx, chat: i64) -> Result<Option<(String, String)>> {
    fetch_optional!(tx, (String, String), KEPT, chat)
}

pub(super) async fn set_kept(tx: &mut Tx, chat: i64, title: &str, about: &str) -> Result<()> {
    run!(tx, SET_KEPT, chat, title, about).map(|_| ())
}

/// The picture that a group made here was given, by its hash; `None`: no group of ours.
pub(super) async fn photo(tx: &mut Tx, chat: i64) -> Result<Option<Option<String>>> {
    Ok(fetch_optional!(tx, (Option<String>,), PHOTO, chat)?.map(|(photo,)| photo))
}

pub(super) async fn set_photo(tx: &mut Tx, chat: i64, hash: &str) -> Result<()> {
    run!(tx, SET_PHOTO, chat, hash).map(|_| ())
}

/// Who was made an administrator here: account, rights.
pub(super) async fn managers(tx: &mut Tx, chat: i64) -> Result<Vec<(i64, String)>> {
    fetch_all!(tx, (i64, String), MANAGERS, chat)
}

pub(super) async fn set_manager(tx: &mut Tx, chat: i64, account: i64, rights: &str) -> Result<()> {
    run!(tx, SET_MANAGER, chat, account, rights).map(|_| ())
}

/// Their rights cannot be changed; `false` when that is known.
pub(super) async fn stuck_manager(tx: &mut Tx, chat: i64, account: i64) -> Result<bool> {
    let now = tx.now();
    Ok(run!(tx, STUCK_MANAGER, chat, account, now)? == 1)
}

pub(super) async fn drop_manager(tx: &mut Tx, chat: i64, account: i64) -> Result<()> {
    run!(tx, DROP_MANAGER, chat, account).map(|_| ())
}

/// Of whom staff were told.
pub(super) async fn noticed(tx: &mut Tx, chat: i64, what: &str) -> Result<Vec<i64>> {
    Ok(fetch_all!(tx, (i64,), NOTICED, chat, what)?.into_iter().map(|(account,)| account).collect())
}

pub(super) async fn note(tx: &mut Tx, chat: i64, account: i64, what: &str) -> Result<()> {
    let now = tx.now();
    run!(tx, NOTE, chat, account, what, now).map(|_| ())
}

pub(super) async fn forget_note(tx: &mut Tx, chat: i64, account: i64, what: &str) -> Result<()> {
    run!(tx, FORGET_NOTE, chat, account, what).map(|_| ())
}
