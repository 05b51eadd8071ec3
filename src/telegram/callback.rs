//! What a button stands for. On the wire it is `1` followed by 160 random bits; its meaning, and who may press it, lie
//! in our store. The same press twice has one effect because the actions check the state, not the press.

use super::screen::{Does, Page, Screen, WireDoes, WireKey};
use super::store;
use crate::kernel::{Lang, Result};
use crate::platform::store::Tx;

/// The version of the wire form; others are answered with « ce menu a expiré ».
const VERSION: char = '1';
/// Longest label that a phone shows whole.
const MOST_LABEL: usize = 40;

/// A button found again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub action: String,
    pub args: String,
    /// The one account that may press it; `None`: everybody who sees it.
    pub actor: Option<i64>,
}

/// Renders a screen in `lang` and stores what its keys stand for. `actor`: the one account that may press them.
pub async fn lay(tx: &mut Tx, screen: &Screen, lang: Lang, actor: Option<i64>) -> Result<Page> {
    let mut keys = Vec::with_capacity(screen.keys.len());
    for row in screen.keys.iter().take(super::screen::MOST_ROWS) {
        let mut wire = Vec::with_capacity(row.len());
        for key in row {
            let does = match &key.does {
                Does::Press { action, args } => {
                    let id = tx.ids().token();
                    store::insert_button(tx, &id, action, args, actor).await?;
                    WireDoes::Data(format!("{VERSION}{id}"))
                }
                Does::Open(address) => WireDoes::Url(address.clone()),
                Does::Start(payload) => WireDoes::Start(payload.clone()),
            };
            wire.push(WireKey { label: super::screen::clip(&key.label.render(lang), MOST_LABEL), does });
        }
        keys.push(wire);
    }
    Ok(Page { text: screen.words(lang), keys, silent: screen.silent })
}

/// What the data of a pressed button stands for; `None` when it is not ours or too old.
pub async fn find(tx: &mut Tx, data: &str) -> Result<Option<Found>> {
    match data.strip_prefix(VERSION) {
        Some(id) if id.len() == 32 && id.bytes().all(|b| b.is_ascii_alphanumeric()) => store::button(tx, id).await,
        _ => Ok(None),
    }
}
