//! What jobs may ask of Telegram, and the ways it can fail. The bot implements [`Messenger`] and [`Updates`], the user
//! accounts [`Callers`]; tests may stand in.

mod callers;
mod history;

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;

pub use self::callers::{
    AWAY, AwayAccount, Callers, Hint, InCall, LOST, Look, LostAccount, Members, OpenCall, Rights, SHUT, ShutAccount,
    Sought, Whom, away_now, lost_because, signed_in_again,
};
pub use self::history::{Newest, look_back};
use self::history::{Sent, read_back, stands};
pub use super::bot::{Reader, deep_link};
pub use super::routes::menu_for;

use crate::kernel::{Lang, Result};
use crate::platform::abilities::Abilities;
use crate::platform::outbox::{self, Outcome, Rank, Row};
use crate::platform::store::{Db, Tx};
use crate::telegram::callback;
pub use crate::telegram::command::Standing;
use crate::telegram::command::{Command, Reason};
use crate::telegram::screen::{Page, Screen};
use crate::telegram::{store, why};

/// Why a call gave no answer of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// Not now: come back after this long. The call had no effect.
    Wait(Duration),
    /// The connection could not be made: the call had no effect.
    Unsent(String),
    /// The answer is lost: the call may have had its effect.
    Lost(String),
    /// The person cannot be written to: never pressed Start, blocked the bot, or is gone.
    Unreachable(String),
    /// The group became a supergroup with this id.
    Upgraded(i64),
    /// The message to edit or delete is not there any more.
    MessageGone,
    /// The bot lacks a right, or the thing asked for cannot be; Telegram's words.
    Refused(String),
}

/// What [`Trouble::Unsent`] says when nobody could be reached.
pub use crate::platform::why::NO_CONNECTION;

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Wait(span) => write!(f, "asks to wait {} s", span.as_secs()),
            Self::Unsent(why) | Self::Lost(why) | Self::Unreachable(why) | Self::Refused(why) => f.write_str(why),
            Self::Upgraded(_) => f.write_str("the group became a supergroup"),
            Self::MessageGone => f.write_str("the message is gone"),
        }
    }
}

/// A turn to write into a chat, taken from the pace: what follows goes out at once. The pace may be waited for; only then
/// a row says that its call begins.
#[derive(Debug)]
pub struct Leave {
    pub(in crate::telegram) chat: i64,
    /// When it may leave, as the clock's elapsed time tells.
    pub(in crate::telegram) at: std::time::Duration,
}

impl Leave {
    /// Given by a [`Messenger`] whose chats' turn always is now.
    pub const fn into(chat: i64) -> Self {
        Self { chat, at: std::time::Duration::ZERO }
    }
    /// The chat that may be written to.
    pub const fn chat(&self) -> i64 {
        self.chat
    }
}

pub type Called<T> = std::result::Result<T, Trouble>;

/// A chat as Telegram describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatInfo {
    pub id: i64,
    pub title: String,
    pub is_supergroup: bool,
}

/// A member's standing and, for admins, the rights that matter to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberInfo {
    pub account: i64,
    pub standing: Standing,
    pub is_owner: bool,
    /// Bot API names of the rights that are given (`can_invite_users` …).
    pub rights: Vec<&'static str>,
}

/// A file to send.
#[derive(Debug, Clone)]
pub struct Attachment {
    pub name: String,
    pub bytes: Vec<u8>,
    pub caption: String,
}

/// Who sees a command list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MenuScope {
    Default,
    AllPrivate,
    AllGroups,
    AllGroupAdmins,
    Chat(i64),
    /// One person in one group: chat, account.
    Member(i64, i64),
}

/// The bot's calls. Chat ids are the Bot API's.
pub trait Messenger: Send + Sync + 'static {
    /// Waits for this chat's turn: to be taken before [`Row::about_to_call`].
    fn turn(&self, chat: i64, rank: Rank) -> BoxFuture<'_, Called<Leave>>;
    /// As [`Messenger::turn`], for a message that is edited.
    fn turn_to_edit(&self, chat: i64) -> BoxFuture<'_, Called<Leave>>;
    fn send<'a>(&'a self, leave: Leave, page: &'a Page) -> BoxFuture<'a, Called<i64>>;
    /// Could a message to this chat leave now, without waiting for its turn?
    fn is_free(&self, chat: i64) -> bool;
    /// `Ok(false)` when the message says this already.
    fn edit<'a>(&'a self, leave: Leave, message: i64, page: &'a Page) -> BoxFuture<'a, Called<bool>>;
    /// `Ok(false)` when the message is gone, or too old to be deleted.
    fn delete(&self, chat: i64, message: i64) -> BoxFuture<'_, Called<bool>>;
    /// Pins a message without a sound; one that is pinned stays so.
    fn pin(&self, chat: i64, message: i64) -> BoxFuture<'_, Called<()>>;
    /// The picture of a group.
    fn set_photo(&self, chat: i64, bytes: Vec<u8>) -> BoxFuture<'_, Called<()>>;
    fn send_file(&self, leave: Leave, file: Attachment) -> BoxFuture<'_, Called<i64>>;
    fn answer_press<'a>(&'a self, query: &'a str, text: Option<&'a str>, loud: bool) -> BoxFuture<'a, Called<()>>;
    fn approve_join(&self, chat: i64, account: i64) -> BoxFuture<'_, Called<()>>;
    fn decline_join(&self, chat: i64, account: i64) -> BoxFuture<'_, Called<()>>;
    /// A new link by which people ask to join; `name` is for admins' eyes.
    fn join_link<'a>(&'a self, chat: i64, name: &'a str) -> BoxFuture<'a, Called<String>>;
    fn chat(&self, chat: i64) -> BoxFuture<'_, Called<ChatInfo>>;
    fn member(&self, chat: i64, account: i64) -> BoxFuture<'_, Called<MemberInfo>>;
    fn administrators(&self, chat: i64) -> BoxFuture<'_, Called<Vec<MemberInfo>>>;
    fn ban(&self, chat: i64, account: i64) -> BoxFuture<'_, Called<()>>;
    /// Has a member leave, who may ask to join again.
    fn remove(&self, chat: i64, account: i64) -> BoxFuture<'_, Called<()>>;
    /// Lifts a ban; never throws out a present member.
    fn unban(&self, chat: i64, account: i64) -> BoxFuture<'_, Called<()>>;
    /// The file's bytes; refused above `most` bytes.
    fn download<'a>(&'a self, file_id: &'a str, most: u64) -> BoxFuture<'a, Called<Vec<u8>>>;
    fn set_menu<'a>(
        &'a self,
        scope: MenuScope,
        language: Option<Lang>,
        commands: &'a [(String, String)],
    ) -> BoxFuture<'a, Called<()>>;
    /// The bot's id and user name.
    fn me(&self) -> (i64, String);
}

/// Where what people do comes from.
pub trait Updates: Send + Sync + 'static {
    /// The updates from number `offset` on, as Telegram's own JSON; those below are confirmed by it and gone. Waits up to
    /// `seconds` while there are none.
    fn poll(&self, offset: i64, seconds: u32) -> BoxFuture<'_, Called<Vec<serde_json::Value>>>;
    /// Who is given the bot's updates, as the last poll told; `None`: Telegram did not answer it.
    fn reader(&self) -> Option<Reader>;
    /// The host to which Telegram posts the updates; `None` when they are polled.
    fn webhook(&self) -> BoxFuture<'_, Called<Option<String>>>;
    /// From here on updates are polled again; none is dropped.
    fn drop_webhook(&self) -> BoxFuture<'_, Called<()>>;
}

/// What every job may use.
#[derive(Clone)]
pub struct Desk {
    pub db: Db,
    pub telegram: Arc<dyn Messenger>,
    /// The user accounts; there may be none.
    pub callers: Arc<dyn Callers>,
    /// Every command there is, for menus.
    pub commands: Arc<[&'static Command]>,
    /// Every refusal's reason.
    pub reasons: Arc<[&'static Reason]>,
    /// What the connected systems can do.
    pub abilities: Abilities,
    pub newest: Newest,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desk")
    }
}

/// Does what a row asks of the store, and settles the row in the same transaction.
pub async fn done(desk: &Desk, row: &Row, work: impl AsyncFnOnce(&mut Tx) -> Result<()>) -> Result<Outcome> {
    desk.db
        .transact(async |tx| {
            work(tx).await?;
            outbox::store::settle(tx, row, &Outcome::Done, row.due_at).await
        })
        .await?;
    Ok(Outcome::Settled)
}

/// What a trouble means for the row that asked.
pub fn outcome_of(desk: &Desk, row: &Row, trouble: Trouble) -> Outcome {
    match trouble {
        Trouble::Wait(span) => Outcome::Snooze(desk.db.clock().wall().plus(span)),
        Trouble::Lost(why) if row.at_most_once() => Outcome::Unknown(why),
        Trouble::Unsent(why) if why == NO_CONNECTION => Outcome::Unreached(why),
        Trouble::Unsent(why) | Trouble::Lost(why) => Outcome::Retry(why),
        // Whoever blocked the bot is noted as such by its own update.
        Trouble::Unreachable(why) => Outcome::Cancel(why),
        Trouble::Refused(why) => Outcome::Refused(why),
        Trouble::MessageGone => Outcome::Cancel("the message is gone".to_owned()),
        Trouble::Upgraded(_) => Outcome::Retry("the group was upgraded".to_owned()),
    }
}

/// A message that a job wants to stand somewhere.
#[derive(Debug, Clone)]
pub struct Post {
    pub chat: i64,
    pub screen: Screen,
    pub lang: Lang,
    /// The one account that may press its keys.
    pub actor: Option<i64>,
    /// With a slot, the message that stands there is edited; the first time it is sent.
    pub slot: Option<String>,
    /// Where a message stands in this slot, that one is meant instead.
    pub rather: Option<String>,
    /// Never send: only edit what stands in the slot.
    pub edit_only: bool,
    /// Always send; the slot then stands for the new message.
    pub afresh: bool,
    /// It makes its sound in quiet hours too: a session that takes place then.
    pub any_hour: bool,
}

impl Post {
    pub fn new(chat: i64, screen: Screen, lang: Lang) -> Self {
        Self {
            chat,
            screen,
            lang,
            actor: None,
            slot: None,
            rather: None,
            edit_only: false,
            afresh: false,
            any_hour: false,
        }
    }
    /// To a person's private chat; only they may press its keys.
    pub fn private(account: i64, screen: Screen, lang: Lang) -> Self {
        Self { actor: Some(account), ..Self::new(account, screen, lang) }
    }
    pub fn slot(mut self, slot: impl Into<String>) -> Self {
        self.slot = Some(slot.into());
        self
    }
    pub fn rather(mut self, slot: impl Into<String>) -> Self {
        self.rather = Some(slot.into());
        self
    }
    pub fn afresh(mut self) -> Self {
        self.afresh = true;
        self
    }
    pub fn any_hour(mut self) -> Self {
        self.any_hour = true;
        self
    }
    /// In quiet hours only answers to one's own requests, and what may come at any hour, make a sound.
    fn hushed(mut self, desk: &Desk, row: &Row) -> Self {
        let school = &desk.db.config().school;
        let now = desk.db.clock().now();
        let quiet = school.time_zone.after_quiet(now, school.quiet_from, school.quiet_until) > now;
        self.screen.silent |= quiet && row.rank != Rank::Answer.code() && !self.any_hour;
        self
    }
    pub fn edit_only(mut self) -> Self {
        self.edit_only = true;
        self
    }
}

/// Sends or edits a message for an outbox row and settles the row together with where the message stands.
pub async fn post(desk: &Desk, row: &Row, post: Post) -> Result<Outcome> {
    let mut post = post.hushed(desk, row);
    if let Some(rather) = post.rather.take()
        && desk.db.read(async |tx| store::slot(tx, &rather).await).await?.is_some_and(|(chat, _)| chat == post.chat)
    {
        post.slot = Some(rather);
    }
    let (page, standing) = desk
        .db
        .transact(async |tx| {
            // A private chat has its person's id.
            let offered = (post.chat > 0).then(|| why::offer(&post.screen, post.lang, &desk.reasons));
            let screen = offered.as_ref().unwrap_or(&post.screen);
            let seen = callback::Seen { chat: post.chat, actor: post.actor, menu: None };
            let page = callback::lay(tx, screen, post.lang, seen).await?;
            let standing = match &post.slot {
                Some(slot) if !post.afresh => store::slot(tx, slot).await?,
                _ => None,
            };
            Ok((page, standing))
        })
        .await?;
    if let Some((chat, message)) = standing.filter(|(chat, _)| *chat == post.chat) {
        let edited = match desk.telegram.turn_to_edit(chat).await {
            Ok(leave) => {
                row.still_ours(&desk.db).await?;
                desk.telegram.edit(leave, message, &page).await
            }
            Err(trouble) => Err(trouble),
        };
        match edited {
            Ok(_) => return Ok(Outcome::Done),
            // An edit may be repeated without harm.
            Err(Trouble::Lost(why)) => return Ok(Outcome::Retry(why)),
            Err(Trouble::MessageGone) => {}
            Err(trouble) => return Ok(outcome_of(desk, row, trouble)),
        }
    }
    if post.edit_only {
        return Ok(Outcome::Cancel("no message to edit".to_owned()));
    }
    Ok(match send(desk, row, post.chat, &page, post.slot).await? {
        Ok(outcome) => outcome,
        Err(trouble) => outcome_of(desk, row, trouble),
    })
}

/// Sends a page for a row, when it is its turn, and settles the row together with where the message stands. What leaves
/// for a group leaves a trace: when the answer is lost, or the process stops, the group is asked first whether it stands
/// there.
pub async fn send(desk: &Desk, row: &Row, chat: i64, page: &Page, slot: Option<String>) -> Result<Called<Outcome>> {
    let leave = match desk.telegram.turn(chat, rank_of(row)).await {
        Ok(leave) => leave,
        Err(trouble) => return Ok(Err(trouble)),
    };
    let (at, after) = (desk.db.clock().now(), desk.newest.of(chat));
    let sent = Sent { chat, words: page.text.clone(), slot, at, after };
    // Nobody reads a private chat.
    if chat < 0 {
        row.about_to_leave_a_trace(&desk.db, &sent).await?;
    } else {
        row.about_to_call(&desk.db).await?;
    }
    match desk.telegram.send(leave, page).await {
        Ok(message) => stands(desk, row, &sent, message).await.map(Ok),
        Err(Trouble::Lost(why)) if chat < 0 => read_back(desk, row, &sent, why).await.map(Ok),
        Err(trouble) => Ok(Err(trouble)),
    }
}

fn rank_of(row: &Row) -> Rank {
    match row.rank {
        0 => Rank::Answer,
        1 => Rank::Timed,
        _ => Rank::Bulk,
    }
}

/// Sends a file for an outbox row, when it is its turn.
pub async fn send_file(desk: &Desk, row: &Row, chat: i64, file: Attachment) -> Result<Called<i64>> {
    let leave = match desk.telegram.turn(chat, rank_of(row)).await {
        Ok(leave) => leave,
        Err(trouble) => return Ok(Err(trouble)),
    };
    row.about_to_call(&desk.db).await?;
    Ok(desk.telegram.send_file(leave, file).await)
}

/// Pins what stands in a slot of this chat.
pub async fn pin(desk: &Desk, row: &Row, chat: i64, slot: &str) -> Result<Outcome> {
    let standing = desk.db.read(async |tx| store::slot(tx, slot).await).await?;
    let Some((_, message)) = standing.filter(|(where_it_stands, _)| *where_it_stands == chat) else {
        return Ok(Outcome::Cancel("no message to pin".to_owned()));
    };
    row.about_to_call(&desk.db).await?;
    Ok(match desk.telegram.pin(chat, message).await {
        Ok(()) => Outcome::Done,
        Err(trouble) => outcome_of(desk, row, trouble),
    })
}
