//! What is shown of a roll while its lesson runs follows what students say: by edit, a few seconds later, and without
//! taking anybody out of what they are doing.

use super::super::screens::Show;
use super::super::{SheetState, store};
use super::{For, REFRESH};
use crate::kernel::{At, Result};
use crate::platform::outbox::{self, Put};
use crate::platform::store::Tx;

/// This screen of the roll, with words of this hash, now stands with this account.
pub async fn showing(tx: &mut Tx, session_id: &str, account: i64, show: &Show, words: &str) -> Result<()> {
    store::set_shown(tx, session_id, account, &serde_json::to_string(show)?, words).await
}

/// The same screen now has other words; nothing is noted when its reader went on to another one meanwhile.
pub async fn refreshed(tx: &mut Tx, session_id: &str, account: i64, show: &Show, words: &str) -> Result<()> {
    store::set_words(tx, session_id, account, &serde_json::to_string(show)?, words).await
}

/// What stands with this account: which screen, and the hash of its words.
pub async fn shown(tx: &mut Tx, session_id: &str, account: i64) -> Result<Option<(Show, String)>> {
    let Some((show, words)) = store::shown(tx, session_id, account).await? else { return Ok(None) };
    Ok(Some((serde_json::from_str(&show)?, words)))
}

/// Whatever is shown of this roll, or of its call before it, is brought up to date; `at` names the moment.
pub async fn follow(tx: &mut Tx, session_id: &str, at: At) -> Result<()> {
    let running = store::sheet(tx, session_id).await?.is_none_or(|sheet| sheet.state == SheetState::Running);
    if running { refresh(tx, session_id, &at.millis().to_string()).await } else { Ok(()) }
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
