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
}

/// Renders a screen in `lang` and stores what its keys stand for. `actor`: the one account that may press them; `menu`:
/// the command that renews it.
pub async fn lay(tx: &mut Tx, screen: &Screen, lang: Lang, actor: Option<i64>, menu: Option<&str>) -> Result<Page> {
    let menu = menu.filter(|name| 1 + ID + name.len() <= MOST_DATA).unwrap_or_default();
    let mut keys = Vec::with_capacity(screen.keys.len());
    for row in screen.keys.iter().take(super::screen::MOST_ROWS) {
        let mut wire = Vec::with_capacity(row.len());
        for key in row {
            let does = match &key.does {
                Does::Press { action, args } => {
                    let id = tx.ids().token();
                    store::insert_button(tx, &id, action, args, actor).await?;
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
}
