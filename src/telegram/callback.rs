//! What a button stands for. On the wire it is `1` followed by 160 random bits; its meaning, and who may press it, lie
//! in our store. After these may stand the name of the command whose menu it is in: it opens nothing that typing it
//! would not, and renews the menu once the button is forgotten. The same press twice has one effect because the actions
//! check the state, not the press.

use super::screen::{Does, MOST_ALONE, MOST_LABEL, Page, Screen, WireDoes, WireKey};
use super::store;
use crate::kernel::{Lang, Result};
use crate::platform::store::Tx;

/// The version of the wire form; others are answered with « ce menu a expiré ».
const VERSION: char = '1';
/// How many letters name a button.
const ID: usize = 32;
/// Telegram's limit for a button's data, in bytes.
const MOST_DATA: usize = 64;

/// A button found again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub action: String,
    pub args: String,
    /// The one account that may press it; `None`: everybody who sees it.
    pub actor: Option<i64>,
    /// The one chat whose messages it stands under; `None`: laid before that was kept.
    pub chat: Option<i64>,
}

impl Found {
    /// A program of somebody's own may send any data under any message of ours: what was laid for another chat, or for
    /// another account, is not pressed here.
    pub fn stands_in(&self, chat: i64) -> bool {
        self.chat.is_none_or(|laid| laid == chat)
    }
}

/// Who sees the keys of a page, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen<'m> {
    pub chat: i64,
    /// The one account that may press them; `None`: everybody in the chat.
    pub actor: Option<i64>,
    /// The command that renews the menu.
    pub menu: Option<&'m str>,
}

/// Renders a screen in `lang` and stores what its keys stand for.
pub async fn lay(tx: &mut Tx, screen: &Screen, lang: Lang, seen: Seen<'_>) -> Result<Page> {
    let Seen { chat, actor, menu } = seen;
    let menu = menu.filter(|name| 1 + ID + name.len() <= MOST_DATA).unwrap_or_default();
    let mut keys = Vec::with_capacity(screen.keys.len());
    for row in screen.keys.iter().take(super::screen::MOST_ROWS) {
        let mut wire = Vec::with_capacity(row.len());
        for key in row {
            let does = match &key.does {
                Does::Press { action, args } => {
                    let id = tx.ids().token();
                    let meant = Found { action: action.clone(), args: args.clone(), actor, chat: Some(chat) };
                    store::insert_button(tx, &id, &meant).await?;
                    WireDoes::Data(format!("{VERSION}{id}{menu}"))
                }
                Does::Open(address) => WireDoes::Url(address.clone()),
                Does::Start(payload) => WireDoes::Start(payload.clone()),
            };
            let most = if row.len() > 1 { MOST_LABEL } else { MOST_ALONE };
            wire.push(WireKey { label: super::screen::clip(&key.label.render(lang), most), does });
        }
        keys.push(wire);
    }
    Ok(Page { text: screen.words(lang), keys, silent: screen.silent })
}

/// What the data of a pressed button stands for; `None` when it is not ours or too old.
pub async fn find(tx: &mut Tx, data: &str) -> Result<Option<Found>> {
    match read(data) {
        Some((id, _)) => store::button(tx, id).await,
        None => Ok(None),
    }
}

/// The command whose menu a button stood in, whether the button is still known or not.
pub(super) fn menu_of(data: &str) -> Option<&str> {
    read(data).map(|(_, menu)| menu).filter(|menu| !menu.is_empty())
}

fn read(data: &str) -> Option<(&str, &str)> {
    let (id, menu) = data.strip_prefix(VERSION)?.split_at_checked(ID)?;
    id.bytes().all(|b| b.is_ascii_alphanumeric()).then_some((id, menu))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn data_names_the_button_and_its_menu() {
        let id = "a".repeat(ID);
        assert_eq!(read(&format!("1{id}")), Some((id.as_str(), "")));
        assert_eq!(menu_of(&format!("1{id}")), None);
        assert_eq!(menu_of(&format!("1{id}liens")), Some("liens"));
        for other in ["", "1", "2aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "1é", "1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaé"] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    proptest! {
        /// Whatever a program of somebody's own sends: what is read is the version, as many letters as name a button, and
        /// what follows them, and nothing else is.
        #[test]
        fn only_data_of_our_shape_is_read(data in prop_oneof![".{0,80}", "[12][a-zA-Z0-9é ]{28,36}", "1[a-z2-7]{32}[a-z]{0,31}"]) {
            match read(&data) {
                Some((id, menu)) => {
                    prop_assert_eq!(format!("1{id}{menu}"), data.as_str());
                    prop_assert!(id.len() == ID && id.bytes().all(|b| b.is_ascii_alphanumeric()));
                }
                None => prop_assert!(!data.starts_with('1') || !data.is_char_boundary(33) || data.len() < 33
                    || !data[1..33].bytes().all(|b| b.is_ascii_alphanumeric())),
            }
        }
    }
}
