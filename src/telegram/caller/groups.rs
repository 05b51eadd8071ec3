//! Groups: made, found again, people let in and made administrators, members listed, history read.

use std::time::Duration;

use futures::future::BoxFuture;
use grammers_client::tl;

use super::line::Line;
use super::{Accounts, trouble, wire};
use crate::kernel::At;
use crate::telegram::command::Standing;
use crate::telegram::port::{Called, Members, Rights, Sought, Trouble, Whom};
use crate::telegram::screen::is_same;

/// Members a page.
const A_PAGE: i32 = 200;
/// Beyond so many the list is not read to its end.
const MOST_MEMBERS: usize = 10_000;
/// Messages a page of a history, and so many pages at most.
const LOOKED_THROUGH: i32 = 100;
const MOST_PAGES: usize = 10;
/// Telegram's clock and ours are no more minutes apart.
const CLOCKS_APART: i64 = 10;
/// It says so already.
const SAME: &[&str] = &["CHAT_NOT_MODIFIED", "CHAT_ABOUT_NOT_MODIFIED"];

pub(super) async fn create(accounts: &Accounts, line: &Line, title: &str, about: &str) -> Called<i64> {
    let request = tl::functions::channels::CreateChannel {
        broadcast: false,
        megagroup: true,
        for_import: false,
        forum: false,
        title: title.to_owned(),
        about: about.to_owned(),
        geo_point: None,
        address: None,
        ttl_period: None,
    };
    let answer = line.ask(&request).await?;
    let made = wire::chats(&answer).iter().find_map(wire::channel).map(|(channel, hash)| (channel.id, hash));
    let (channel, hash) = made.ok_or_else(|| Trouble::Lost("a group was made and not named".to_owned()))?;
    let chat = wire::chat_of(channel);
    accounts.meet(line, chat, hash).await;
    Ok(chat)
}

/// Among which groups that the account made one is looked for: descriptions cost a question each.
#[derive(Clone, Copy)]
pub(super) enum Among<'a> {
    /// Not among older ones.
    Since(At),
    /// Those that are called so.
    Title(&'a str),
}

impl Among<'_> {
    fn has(&self, known: &Known) -> bool {
        match self {
            Self::Since(since) => known.made.is_some_and(|made| made.plus_minutes(CLOCKS_APART) >= *since),
            Self::Title(title) => known.made.is_some() && known.title == *title,
        }
    }
}

/// Looks through groups that the account owns for one whose description holds the mark.
pub(super) async fn find(accounts: &Accounts, line: &Line, mark: &str, among: Among<'_>) -> Called<Option<i64>> {
    for known in Box::pin(dialogs(accounts, line)).await? {
        if among.has(&known) && full(line, known.chat).await?.about.contains(mark) {
            return Ok(Some(known.chat));
        }
    }
    Ok(None)
}

/// A supergroup among the account's chats.
struct Known {
    chat: i64,
    title: String,
    /// When the account made it, if it did.
    made: Option<At>,
}

/// Every supergroup among the account's chats; their hashes are remembered.
fn dialogs<'a>(accounts: &'a Accounts, line: &'a Line) -> BoxFuture<'a, Called<Vec<Known>>> {
    // Boxed: the client's own list is large.
    Box::pin(async move {
        let mut chats = Vec::new();
        let mut list = line.client.iter_dialogs();
        while let Some(dialog) = line.within(list.next()).await? {
            let grammers_client::peer::Peer::Group(group) = dialog.peer() else { continue };
            if let Some((channel, hash)) = wire::channel(&group.raw) {
                let chat = wire::chat_of(channel.id);
                accounts.meet(line, chat, hash).await;
                // To its maker Telegram dates a group by its making, to others by their coming in.
                let made = channel.creator.then(|| wire::at(channel.date));
                chats.push(Known { chat, title: channel.title.clone(), made });
            }
        }
        Ok(chats)
    })
}

async fn full(line: &Line, chat: i64) -> Called<tl::types::ChannelFull> {
    let request = tl::functions::channels::GetFullChannel { channel: wire::input_channel(line, chat)? };
    let tl::enums::messages::ChatFull::Full(answer) = line.ask_of_group(&request, None).await?;
    match answer.full_chat {
        tl::enums::ChatFull::ChannelFull(full) => Ok(full),
        _ => Err(Trouble::Refused("not a supergroup".to_owned())),
    }
}

/// Makes sure that the account may ask about the group; one that is not among its chats is private to it. Chats are listed
/// no more often than `every` so long.
pub(super) async fn reach(accounts: &Accounts, line: &Line, chat: i64, every: Duration) -> Called<()> {
    if line.hash_of(chat).is_none() && line.may_list(every) {
        Box::pin(dialogs(accounts, line)).await?;
    }
    match line.hash_of(chat) {
        Some(_) => Ok(()),
        None => Err(Trouble::Refused("CHANNEL_PRIVATE".to_owned())),
    }
}

/// May this account ask about the group? A group met by nobody yet is looked for among its chats.
pub(super) async fn knows(accounts: &Accounts, line: &Line, chat: i64) -> Called<bool> {
    if line.hash_of(chat).is_none() {
        Box::pin(dialogs(accounts, line)).await?;
    }
    if line.hash_of(chat).is_none() {
        return Ok(false);
    }
    match full(line, chat).await {
        Ok(_) => Ok(true),
        Err(why) if trouble::is(&why, &["CHANNEL_PRIVATE", "CHANNEL_INVALID"]) => Ok(false),
        Err(why) => Err(why),
    }
}

/// Whom a call is about, as this account may name them. A person not met yet is looked for among the group's members.
async fn someone(accounts: &Accounts, line: &Line, chat: i64, whom: Whom<'_>) -> Called<tl::enums::InputUser> {
    match whom {
        Whom::Account(account) => {
            if line.hash_of(account).is_none() {
                members(accounts, line, chat).await?;
            }
            wire::input_user(line, account)
        }
        // Each step of a group's making is about the bot: it is met once.
        Whom::Bot { account, .. } if line.hash_of(account).is_some() => wire::input_user(line, account),
        Whom::Bot { name, .. } => {
            let request = tl::functions::contacts::ResolveUsername { username: name.to_owned(), referer: None };
            let tl::enums::contacts::ResolvedPeer::Peer(found) = line.ask(&request).await?;
            let met = found.users.iter().find_map(wire::user);
            let (account, hash) = met.ok_or_else(|| Trouble::Refused("USERNAME_NOT_OCCUPIED".to_owned()))?;
            accounts.meet(line, account, hash).await;
            wire::input_user(line, account)
        }
    }
}

pub(super) async fn invite(accounts: &Accounts, line: &Line, chat: i64, whom: Whom<'_>) -> Called<bool> {
    let user = someone(accounts, line, chat, whom).await?;
    let request =
        tl::functions::channels::InviteToChannel { channel: wire::input_channel(line, chat)?, users: vec![user] };
    match line.ask(&request).await {
        Ok(tl::enums::messages::InvitedUsers::Users(answer)) => Ok(answer.missing_invitees.is_empty()),
        Err(why) if trouble::is(&why, &["USER_ALREADY_PARTICIPANT"]) => Ok(true),
        Err(why) if trouble::is(&why, &["USER_PRIVACY_RESTRICTED", "USER_NOT_MUTUAL_CONTACT"]) => Ok(false),
        Err(why) => Err(why),
    }
}

/// A link by which one account enters without asking.
pub(super) async fn one_link(line: &Line, chat: i64) -> Called<String> {
    let request = tl::functions::messages::ExportChatInvite {
        legacy_revoke_permanent: false,
        request_needed: false,
        peer: wire::input_peer(line, chat)?,
        expire_date: None,
        usage_limit: Some(1),
        title: None,
        subscription_pricing: None,
    };
    match line.ask(&request).await? {
        tl::enums::ExportedChatInvite::ChatInviteExported(made) => Ok(made.link),
        tl::enums::ExportedChatInvite::ChatInvitePublicJoinRequests => {
            Err(Trouble::Refused("a link that is none".to_owned()))
        }
    }
}

/// Comes in by a link; who is in already has nothing to do.
pub(super) async fn enter(line: &Line, url: &str) -> Called<()> {
    let hash = url.rsplit(['/', '+']).next().unwrap_or_default().to_owned();
    match line.ask(&tl::functions::messages::ImportChatInvite { hash }).await {
        Ok(_) => Ok(()),
        Err(why) if trouble::is(&why, &["USER_ALREADY_PARTICIPANT"]) => Ok(()),
        Err(why) => Err(why),
    }
}

pub(super) async fn promote(
    accounts: &Accounts,
    line: &Line,
    chat: i64,
    whom: Whom<'_>,
    rights: Rights<'_>,
) -> Called<()> {
    let user_id = someone(accounts, line, chat, whom).await?;
    let request = tl::functions::channels::EditAdmin {
        channel: wire::input_channel(line, chat)?,
        user_id,
        admin_rights: wire::rights(rights),
        rank: None,
    };
    same_is_done(line.ask(&request).await.map(|_| ()))
}

pub(super) async fn rename(line: &Line, chat: i64, title: &str) -> Called<()> {
    let request =
        tl::functions::channels::EditTitle { channel: wire::input_channel(line, chat)?, title: title.to_owned() };
    same_is_done(line.ask(&request).await.map(|_| ()))
}

pub(super) async fn describe(line: &Line, chat: i64, about: &str) -> Called<()> {
    let request =
        tl::functions::messages::EditChatAbout { peer: wire::input_peer(line, chat)?, about: about.to_owned() };
    same_is_done(line.ask(&request).await.map(|_| ()))
}

fn same_is_done(answer: Called<()>) -> Called<()> {
    match answer {
        Err(why) if trouble::is(&why, SAME) => Ok(()),
        answer => answer,
    }
}

/// Removes a group that the account owns, for everybody.
pub(super) async fn delete(line: &Line, chat: i64) -> Called<()> {
    let request = tl::functions::channels::DeleteChannel { channel: wire::input_channel(line, chat)? };
    line.ask(&request).await.map(|_| ())
}

/// A link by which anybody enters.
pub(super) async fn link(line: &Line, chat: i64) -> Called<String> {
    let request = tl::functions::messages::ExportChatInvite {
        legacy_revoke_permanent: false,
        request_needed: false,
        peer: wire::input_peer(line, chat)?,
        expire_date: None,
        usage_limit: None,
        title: None,
        subscription_pricing: None,
    };
    match line.ask(&request).await? {
        tl::enums::ExportedChatInvite::ChatInviteExported(invite) => Ok(invite.link),
        tl::enums::ExportedChatInvite::ChatInvitePublicJoinRequests => Err(Trouble::Refused("no link".to_owned())),
    }
}

/// Everybody in the group, as far as Telegram shows them.
pub(super) async fn members(accounts: &Accounts, line: &Line, chat: i64) -> Called<Members> {
    let hidden = full(line, chat).await?.participants_hidden;
    let mut list: Vec<(i64, Standing)> = Vec::new();
    let mut names: Vec<(i64, String)> = Vec::new();
    let mut count = usize::MAX;
    let mut read = 0;
    while read < count.min(MOST_MEMBERS) {
        let request = tl::functions::channels::GetParticipants {
            channel: wire::input_channel(line, chat)?,
            filter: tl::enums::ChannelParticipantsFilter::ChannelParticipantsRecent,
            offset: i32::try_from(read).unwrap_or(i32::MAX),
            limit: A_PAGE,
            hash: 0,
        };
        let tl::enums::channels::ChannelParticipants::Participants(page) = line.ask(&request).await? else { break };
        count = usize::try_from(page.count).unwrap_or(0);
        if page.participants.is_empty() {
            break;
        }
        for (account, hash) in page.users.iter().filter_map(wire::user) {
            accounts.meet(line, account, hash).await;
        }
        names.extend(page.users.iter().filter_map(wire::name));
        read += page.participants.len();
        list.extend(page.participants.iter().filter_map(member));
    }
    list.sort_by_key(|(account, _)| *account);
    list.dedup_by_key(|(account, _)| *account);
    // The same people on two pages: somebody came or went meanwhile, and somebody may be missing.
    let complete = !hidden && count <= MOST_MEMBERS && list.len() == count;
    Ok(Members { complete, list, names })
}

fn member(participant: &tl::enums::ChannelParticipant) -> Option<(i64, Standing)> {
    use tl::enums::ChannelParticipant as One;
    Some(match participant {
        One::Participant(one) => (one.user_id, Standing::Member),
        One::ParticipantSelf(one) => (one.user_id, Standing::Member),
        One::Creator(one) => (one.user_id, Standing::Admin),
        One::Admin(one) => (one.user_id, Standing::Admin),
        // Restricted, and there: muted, as a rule.
        One::Banned(tl::types::ChannelParticipantBanned { left: false, peer: tl::enums::Peer::User(one), .. }) => {
            (one.user_id, Standing::Member)
        }
        One::Banned(_) | One::Left(_) => return None,
    })
}

/// The newest message that is so. The history is read until it is older than `since`: only
/// then a message that was not met is not there.
pub(super) async fn find_message(line: &Line, chat: i64, sought: Sought<'_>) -> Called<Option<i64>> {
    let Sought { from, words, since, after } = sought;
    let mut before = 0;
    for _ in 0..MOST_PAGES {
        let page = history(line, chat, before).await?;
        let Some(oldest) = page.iter().filter_map(said).min() else { return Ok(None) };
        let found = page.iter().find_map(|message| match message {
            tl::enums::Message::Message(message)
                if is_same(&message.message, words)
                    && i64::from(message.id) > after
                    && wire::at(message.date) >= since
                    && is_from(message, from) =>
            {
                Some(i64::from(message.id))
            }
            _ => None,
        });
        let (id, at) = oldest;
        if found.is_some() || at < since {
            return Ok(found);
        }
        before = id;
    }
    Err(Trouble::Refused("too much was written in the group".to_owned()))
}

/// One page of a group's history, newest first; 0: its end.
pub(super) async fn history(line: &Line, chat: i64, before: i32) -> Called<Vec<tl::enums::Message>> {
    let request = tl::functions::messages::GetHistory {
        peer: wire::input_peer(line, chat)?,
        offset_id: before,
        offset_date: 0,
        add_offset: 0,
        limit: LOOKED_THROUGH,
        max_id: 0,
        min_id: 0,
        hash: 0,
    };
    match line.ask(&request).await? {
        tl::enums::messages::Messages::Messages(answer) => Ok(answer.messages),
        tl::enums::messages::Messages::Slice(answer) => Ok(answer.messages),
        tl::enums::messages::Messages::ChannelMessages(answer) => Ok(answer.messages),
        tl::enums::messages::Messages::NotModified(_) => Err(Trouble::Refused("no history".to_owned())),
    }
}

/// A message's number and when it was said.
fn said(message: &tl::enums::Message) -> Option<(i32, At)> {
    match message {
        tl::enums::Message::Message(message) => Some((message.id, wire::at(message.date))),
        tl::enums::Message::Service(message) => Some((message.id, wire::at(message.date))),
        tl::enums::Message::Empty(_) => None,
    }
}

fn is_from(message: &tl::types::Message, from: i64) -> bool {
    matches!(&message.from_id, Some(tl::enums::Peer::User(user)) if user.user_id == from)
}
