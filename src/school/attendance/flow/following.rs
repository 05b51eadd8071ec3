//! What is shown of a roll while its lesson runs follows what students say: by edit, a few seconds later, and without
//! taking anybody out of what they are doing.

use super::super::screens::{self, Show};
use super::super::{Redrawn, SheetState, roll_slot, store};
use super::{BOARD, For, REFRESH, in_charge, view};
use crate::kernel::{At, Result};
use crate::platform::outbox::{self, Put};
use crate::platform::store::Tx;
use crate::school::session::flow::session;
use crate::school::session::{Session, State, is_ahead};

/// This screen of the roll, with words of this hash, now stands with this account.
pub async fn showing(tx: &mut Tx, session_id: &str, account: i64, show: &Show, words: &str) -> Result<()> {
    store::set_shown(tx, session_id, account, &serde_json::to_string(show)?, words).await
}

/// The same screen now has other words; nothing is noted when its reader went on to another one meanwhile.
pub async fn refreshed(tx: &mut Tx, session_id: &str, account: i64, show: &Show, words: &str) -> Result<()> {
    store::set_words(tx, session_id, account, &serde_json::to_string(show)?, words).await
}

/// What stands with this account is followed no more.
pub async fn forget(tx: &mut Tx, session_id: &str, account: i64) -> Result<()> {
    store::unshow(tx, session_id, account).await
}

/// The first screen as it stands now, for whoever pressed a key under it that changes its call alone; while the lesson
/// runs it is followed there from now on. `None`: there is no sheet yet.
pub async fn redrawn(tx: &mut Tx, session: &Session, account: i64) -> Result<Option<Redrawn>> {
    let Some(view) = view(tx, session).await? else { return Ok(None) };
    if view.sheet.state != SheetState::Running {
        return Ok(Some(Redrawn { screen: screens::screen(&view, &Show::Main)?, slot: None }));
    }
    // What may still be taken back there stays so.
    let kept = shown(tx, &session.id, account).await?.map(|(show, _)| show);
    let show = kept.filter(|show| matches!(show, Show::Saved(_) | Show::Named { .. })).unwrap_or(Show::Main);
    let screen = screens::screen(&view, &show)?;
    showing(tx, &session.id, account, &show, &screens::fingerprint(&screen)).await?;
    Ok(Some(Redrawn { screen, slot: Some(roll_slot(&session.id, account)) }))
}

/// What stands with this account: which screen, and the hash of its words.
pub async fn shown(tx: &mut Tx, session_id: &str, account: i64) -> Result<Option<(Show, String)>> {
    let Some((show, words)) = store::shown(tx, session_id, account).await? else { return Ok(None) };
    Ok(Some((serde_json::from_str(&show)?, words)))
}

/// Whatever is shown of this roll, or of its call before it, is brought up to date; `at` names the moment.
pub async fn follow(tx: &mut Tx, session_id: &str, at: At) -> Result<()> {
    let sheet = store::sheet(tx, session_id).await?;
    if sheet.is_none()
        && let Some(session) = session(tx, session_id).await?
    {
        boards(tx, &session, true).await?;
    }
    let running = sheet.is_none_or(|sheet| sheet.state == SheetState::Running);
    if running { refresh(tx, session_id, &at.millis().to_string()).await } else { Ok(()) }
}

/// The session's call is open and the lesson did not begin: those in charge follow who comes; with `new`, those of them
/// who do not yet, since they were put in charge after it was opened.
pub async fn boards(tx: &mut Tx, session: &Session, new: bool) -> Result<()> {
    let now = tx.now();
    // Once the lesson runs, the roll says it.
    if now >= session.start_at || is_ahead(session, now) || session.state != State::Planned {
        return Ok(());
    }
    let open = store::calls(tx, &session.id).await?.into_iter().rev().find(|(_, closed)| closed.is_none());
    let Some((opened, _)) = open else { return Ok(()) };
    let known = if new { store::watchers(tx, &session.id).await? } else { Vec::new() };
    for account in in_charge(tx, session).await?.into_iter().map(|person| person.telegram_id) {
        if known.contains(&account) {
            continue;
        }
        let about = For { session_id: session.id.clone(), account, version: 0 };
        let key = format!("{BOARD}:{}:{}:{account}:", session.id, opened.millis());
        // One that was not sent yet is this one.
        outbox::cancel_like(tx, &key, "done with another").await?;
        let put = Put::new(BOARD, format!("{key}{}", session.revision), &about)?.lane(format!("chat:{account}"));
        outbox::put(tx, put.until(session.start_at)).await?;
    }
    Ok(())
}

/// Each message that shows the roll is looked at; `why` names the effect.
pub(super) async fn refresh(tx: &mut Tx, session_id: &str, why: &str) -> Result<()> {
    for account in store::watchers(tx, session_id).await? {
        let about = For { session_id: session_id.to_owned(), account, version: 0 };
        let put = Put::new(REFRESH, format!("{REFRESH}:{session_id}:{account}:{why}"), &about)?;
        outbox::put(tx, put.lane(format!("chat:{account}")).repeatable()).await?;
    }
    Ok(())
}
