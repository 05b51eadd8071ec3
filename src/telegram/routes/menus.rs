//! Menus: which commands Telegram shows to whom, per language, scope and role. Never relied on for rights.

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::super::command::{Audience, Command};
use super::super::port::{Desk, MenuScope, outcome_of};
use crate::kernel::secret::sha256_hex;
use crate::kernel::{Lang, Result, Text};
use crate::platform::inbox;
use crate::platform::outbox::{self, Outcome, Put, Row};
use crate::platform::store::Db;

pub(super) const MENUS: &str = "telegram.menus";
const SETTING: &str = "telegram.menus";
/// Telegram takes 100; a list that long helps nobody.
const MOST: usize = 30;
/// Telegram's own first command.
const START: &str = "start";

#[derive(Debug, Serialize, Deserialize)]
struct Menus {
    hash: String,
}

/// The list for one rank, place and language: name and line.
pub fn menu_for(commands: &[&'static Command], rank: Audience, private: bool, lang: Lang) -> Vec<(String, String)> {
    let open = |command: &&&Command| command.shown && command.audience <= rank && command.place.allows(private);
    let mut shown: Vec<&Command> = commands.iter().filter(open).copied().collect();
    // What everybody knows from other bots comes first, whichever feature it belongs to.
    shown.sort_by_key(|command| command.fr != START);
    let line = |command: &Command| (command.name(lang).to_owned(), Text::of(command.line, vec![]).render(lang));
    shown.into_iter().map(line).take(MOST).collect()
}

/// One list as it is set: for whom, in which language (`None`: any other), names and lines.
type Menu = (MenuScope, Option<Lang>, Vec<(String, String)>);

/// The general lists: strangers in private (whoever is known has a list of their own there), students in groups. Who
/// is an administrator of a group need not be one of the school: admins of the school have lists of their own there.
fn general(commands: &[&'static Command]) -> Vec<Menu> {
    let scopes = [
        (MenuScope::Default, Audience::Anyone, true),
        (MenuScope::AllPrivate, Audience::Anyone, true),
        (MenuScope::AllGroups, Audience::Student, false),
        (MenuScope::AllGroupAdmins, Audience::Student, false),
    ];
    let mut all = Vec::new();
    for (scope, rank, private) in scopes {
        for language in [None, Some(Lang::Fr), Some(Lang::En)] {
            let list = menu_for(commands, rank, private, language.unwrap_or_default());
            all.push((scope.clone(), language, list));
        }
    }
    all
}

/// Has the general menus set when they differ from those that were set last for this bot.
pub async fn put_menus(db: &Db, bot: i64, commands: &[&'static Command]) -> Result<()> {
    let hash = sha256_hex(format!("{bot} {:?}", general(commands)));
    db.transact(async |tx| {
        if inbox::store::setting(tx, SETTING).await?.as_deref() != Some(hash.as_str()) {
            let menus = Menus { hash: hash.clone() };
            // Each time under a key of its own: the same lists may come back after others (a version rolled back).
            outbox::cancel_like(tx, &format!("{MENUS}:"), "other menus").await?;
            let key = format!("{MENUS}:{hash}:{}", tx.new_id());
            outbox::put(tx, Put::new(MENUS, key, &menus)?.lane(MENUS).repeatable().whenever()).await?;
        }
        Ok(())
    })
    .await
}

/// Sets each list that differs from what was set last. Where Telegram asks to wait, the next try goes on from there.
pub(super) fn set<'a>(desk: &'a Desk, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        let menus: Menus = row.read()?;
        let (bot, _) = desk.telegram.me();
        for (scope, language, list) in general(&desk.commands) {
            let name = format!("{SETTING}.{bot}.{scope:?}.{}", language.map_or("any", Lang::code));
            let hash = sha256_hex(format!("{list:?}"));
            let stands = desk.db.read(async |tx| inbox::store::setting(tx, &name).await).await?;
            if stands.as_deref() == Some(hash.as_str()) {
                continue;
            }
            row.about_to_call(&desk.db).await?;
            if let Err(trouble) = desk.telegram.set_menu(scope, language, &list).await {
                return Ok(outcome_of(desk, row, trouble));
            }
            desk.db.transact(async |tx| inbox::store::set_setting(tx, &name, &hash).await).await?;
        }
        desk.db.transact(async |tx| inbox::store::set_setting(tx, SETTING, &menus.hash).await).await?;
        Ok(Outcome::Done)
    })
}
