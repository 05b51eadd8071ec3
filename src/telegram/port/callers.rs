//! What jobs may ask of the user accounts: groups made, members listed, calls opened, looked at and ended.
//!
//! Chats and people bear their Bot API ids. Every call names the account that makes it; one that is signed out or away
//! answers [`Trouble::Unsent`](super::Trouble::Unsent): nothing was done, another may be asked.

use std::time::Duration;

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::Called;
use crate::kernel::{At, Result, Text};
use crate::platform::store::Tx;
use crate::telegram::caller::store;
use crate::telegram::command::Standing;
use crate::text;

/// Performed by a feature: an account was lost, admins are told.
pub const LOST: &str = "caller.lost";

/// What is told of an account that was lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostAccount {
    pub account: i64,
    pub name: String,
    /// Telegram's word for it.
    pub why: String,
}

/// Performed by a feature: an account cannot be opened, admins are told.
pub const SHUT: &str = "caller.shut";

/// What is told of an account whose secret does not open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShutAccount {
    pub account: i64,
    pub name: String,
    /// Why, with what to do: a whole sentence.
    pub why: Text,
}

/// Performed by a feature: Telegram has not answered accounts for long, admins are told. Its payload is since when (school
/// time), as it was known first.
pub const AWAY: &str = "caller.away";

/// An account that Telegram does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwayAccount {
    pub account: i64,
    /// As admins know it.
    pub name: String,
    /// School time.
    pub since: At,
}

/// The accounts that Telegram does not answer, as whoever serves them last knew.
pub async fn away_now(tx: &mut Tx) -> Result<Vec<AwayAccount>> {
    let known = store::accounts(tx).await?.into_iter().filter(store::Account::is_away);
    let away = |kept: store::Account| {
        Some(AwayAccount { account: kept.account, name: kept.shown(), since: kept.standing_since? })
    };
    Ok(known.filter_map(away).collect())
}

/// Whom a call is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom<'a> {
    /// Somebody whom the account has met: a member of one of its groups.
    Account(i64),
    /// The school's bot: looked up by its user name once, known by its number from then on.
    Bot { account: i64, name: &'a str },
}

/// Rights of an administrator, by their MTProto names (`manage_call` …).
pub type Rights<'a> = &'a [&'static str];

/// Who is in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Members {
    /// Everybody is in the list: nothing follows from an absence otherwise.
    pub complete: bool,
    pub list: Vec<(i64, Standing)>,
    /// How those in the list call themselves, for staff's eyes.
    pub names: Vec<(i64, String)>,
}

/// A call that is open in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCall {
    pub id: i64,
    /// Telegram's own line about it in the group, where it is found.
    pub message: Option<i64>,
    /// One of the school's accounts opened it.
    pub ours: bool,
}

/// Somebody in a call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InCall {
    /// An account; or, below zero, a channel as which somebody joined.
    pub peer: i64,
    /// The name of the channel.
    pub title: Option<String>,
    /// When this device joined, as Telegram says.
    pub since: At,
}

/// One look into a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The call goes on.
    pub open: bool,
    /// Every page was read and no listener is hidden: who is not in the list is not in the call.
    pub complete: bool,
    pub people: Vec<InCall>,
}

/// Something was pushed about a call: worth a look soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    pub call: i64,
    /// It says who came or went; else only that the call itself began, changed or ended.
    pub of_people: bool,
}

/// Why an account was lost, in words, by Telegram's word.
pub fn lost_because(word: &str) -> Text {
    match word {
        "AUTH_KEY_UNREGISTERED" | "AUTH_KEY_INVALID" | "SESSION_REVOKED" | "SESSION_EXPIRED" => {
            text!("caller-lost-signed-out")
        }
        "USER_DEACTIVATED" | "USER_DEACTIVATED_BAN" | "PHONE_NUMBER_BANNED" => text!("caller-lost-banned"),
        "AUTH_KEY_DUPLICATED" => text!("caller-lost-duplicated"),
        other => text!("caller-lost-other", word = other),
    }
}

/// How an account that was lost for this word of Telegram's is replaced.
pub fn signed_in_again(word: &str) -> Text {
    match word {
        "USER_DEACTIVATED" | "USER_DEACTIVATED_BAN" | "PHONE_NUMBER_BANNED" => text!("caller-again-other"),
        _ => text!("caller-again-any"),
    }
}

/// A message that is looked for in a group's history.
#[derive(Debug, Clone, Copy)]
pub struct Sought<'s> {
    /// Who wrote it.
    pub from: i64,
    /// Exactly these.
    pub words: &'s str,
    /// Not before (school time).
    pub since: At,
    /// Behind this one.
    pub after: i64,
}

/// The user accounts.
pub trait Callers: Send + Sync + 'static {
    /// The accounts that are signed in and served by this process.
    fn ready(&self) -> Vec<i64>;
    /// As [`Callers::ready`], after a look into the store: right after a start nobody is connected yet.
    fn gathered(&self) -> BoxFuture<'_, Vec<i64>>;
    /// Does this process serve the accounts? Where it does not, or stops, that none is ready says nothing of them.
    fn serves(&self) -> bool {
        true
    }
    /// None is ready here though one is signed in (this process starts or stops, or another one serves): for how long.
    /// What needs an account waits.
    fn awaited_for(&self) -> Option<Duration>;
    /// Every account that was ever signed in, lost ones too: the school's own, nobody's presence.
    fn ours(&self) -> Vec<i64>;
    /// The accounts that are signed in and whose secret does not open here, where this process serves them: none of them
    /// comes back by itself.
    fn shut(&self) -> Vec<i64>;
    /// Was an account ever signed in? Where none was, nobody waits for one.
    fn has_any(&self) -> bool;

    /// Does Telegram answer this account just now?
    fn answers(&self, account: i64) -> BoxFuture<'_, bool>;

    /// Was this account lost for good: signed out, banned, taken out of the store?
    fn is_lost(&self, account: i64) -> BoxFuture<'_, Result<bool>>;

    /// Makes a supergroup; gives its id. Telegram knows no way to say « once »: see [`Callers::find_group`].
    fn create_group<'a>(&'a self, by: i64, title: &'a str, about: &'a str) -> BoxFuture<'a, Called<i64>>;
    /// A supergroup that this account made at `since` (school time) or later, with this mark in its description.
    fn find_group<'a>(&'a self, by: i64, mark: &'a str, since: At) -> BoxFuture<'a, Called<Option<i64>>>;
    /// Can this account act in the group?
    fn knows(&self, by: i64, chat: i64) -> BoxFuture<'_, Called<bool>>;
    /// Has somebody enter the group; `false` when their settings do not let them be invited.
    fn invite<'a>(&'a self, by: i64, chat: i64, whom: Whom<'a>) -> BoxFuture<'a, Called<bool>>;
    /// Has another of these accounts enter the group, by a link that lets one in.
    fn bring(&self, by: i64, chat: i64, other: i64) -> BoxFuture<'_, Called<()>>;
    /// Makes somebody an administrator with exactly these rights.
    fn promote<'a>(&'a self, by: i64, chat: i64, whom: Whom<'a>, rights: Rights<'a>) -> BoxFuture<'a, Called<()>>;
    fn rename<'a>(&'a self, by: i64, chat: i64, title: &'a str) -> BoxFuture<'a, Called<()>>;
    fn describe<'a>(&'a self, by: i64, chat: i64, about: &'a str) -> BoxFuture<'a, Called<()>>;
    fn members(&self, by: i64, chat: i64) -> BoxFuture<'_, Called<Members>>;

    /// The call that is open in a group. [`Trouble::Wait`](super::Trouble::Wait): as many groups were asked about as may be;
    /// its turn comes then. An account that is not in the group is refused. `muted`: who joins our own is to be.
    fn open_call(&self, by: i64, chat: i64, muted: bool) -> BoxFuture<'_, Called<Option<OpenCall>>>;
    /// The group's open call, or else a new one: the same `token` while it is open gives the same call. An account that is
    /// not in the group is refused.
    fn start_call<'a>(
        &'a self,
        by: i64,
        chat: i64,
        title: &'a str,
        token: i32,
        muted: bool,
    ) -> BoxFuture<'a, Called<OpenCall>>;
    /// Gives an open call another title.
    fn name_call<'a>(&'a self, by: i64, chat: i64, call: i64, title: &'a str) -> BoxFuture<'a, Called<()>>;
    fn look(&self, by: i64, chat: i64, call: i64) -> BoxFuture<'_, Called<Look>>;
    /// Ends a call; `false` when it was over.
    fn end_call(&self, by: i64, chat: i64, call: i64) -> BoxFuture<'_, Called<bool>>;

    /// The newest such message in a group. Refused when the history cannot be read back as far as that.
    fn find_message<'a>(&'a self, by: i64, chat: i64, sought: Sought<'a>) -> BoxFuture<'a, Called<Option<i64>>>;
}
