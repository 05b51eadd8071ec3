//! Telegram's values, read: ids, rights, what stands in an answer.

use grammers_client::tl;

use super::line::Line;
use crate::kernel::At;
use crate::telegram::port::{Called, Trouble};

/// The Bot API's number of a supergroup is this much below zero.
const CHANNELS: i64 = -1_000_000_000_000;

pub(super) const fn channel_of(chat: i64) -> i64 {
    CHANNELS - chat
}

pub(super) const fn chat_of(channel: i64) -> i64 {
    CHANNELS - channel
}

fn unknown(what: &str) -> Trouble {
    Trouble::Refused(format!("the account does not know this {what}"))
}

pub(super) fn input_channel(line: &Line, chat: i64) -> Called<tl::enums::InputChannel> {
    let access_hash = line.hash_of(chat).ok_or_else(|| unknown("group"))?;
    Ok(tl::types::InputChannel { channel_id: channel_of(chat), access_hash }.into())
}

pub(super) fn input_peer(line: &Line, chat: i64) -> Called<tl::enums::InputPeer> {
    let access_hash = line.hash_of(chat).ok_or_else(|| unknown("group"))?;
    Ok(tl::types::InputPeerChannel { channel_id: channel_of(chat), access_hash }.into())
}

pub(super) fn input_user(line: &Line, account: i64) -> Called<tl::enums::InputUser> {
    let access_hash = line.hash_of(account).ok_or_else(|| unknown("person"))?;
    Ok(tl::types::InputUser { user_id: account, access_hash }.into())
}

/// School time and Telegram's dates are both seconds of one clock.
pub(super) fn at(date: i32) -> At {
    At(i64::from(date) * 1000)
}

/// The updates of an answer.
pub(super) fn updates(answer: tl::enums::Updates) -> Vec<tl::enums::Update> {
    match answer {
        tl::enums::Updates::Updates(updates) => updates.updates,
        tl::enums::Updates::Combined(updates) => updates.updates,
        tl::enums::Updates::UpdateShort(update) => vec![update.update],
        _ => Vec::new(),
    }
}

/// The chats that came with an answer.
pub(super) fn chats(answer: &tl::enums::Updates) -> &[tl::enums::Chat] {
    match answer {
        tl::enums::Updates::Updates(updates) => &updates.chats,
        tl::enums::Updates::Combined(updates) => &updates.chats,
        _ => &[],
    }
}

/// A supergroup, with its hash.
pub(super) fn channel(chat: &tl::enums::Chat) -> Option<(&tl::types::Channel, i64)> {
    match chat {
        tl::enums::Chat::Channel(channel) if !channel.min => Some((channel, channel.access_hash?)),
        _ => None,
    }
}

/// A person, with their hash.
pub(super) fn user(user: &tl::enums::User) -> Option<(i64, i64)> {
    match user {
        tl::enums::User::User(user) if !user.min => Some((user.id, user.access_hash?)),
        _ => None,
    }
}

/// How a person calls themselves.
pub(super) fn name(user: &tl::enums::User) -> Option<(i64, String)> {
    let tl::enums::User::User(user) = user else { return None };
    let words = [user.first_name.as_deref(), user.last_name.as_deref()];
    Some((user.id, words.into_iter().flatten().collect::<Vec<_>>().join(" ")))
}

/// A peer by the Bot API's number.
pub(super) const fn peer(peer: &tl::enums::Peer) -> i64 {
    match peer {
        tl::enums::Peer::User(user) => user.user_id,
        tl::enums::Peer::Chat(chat) => -chat.chat_id,
        tl::enums::Peer::Channel(channel) => chat_of(channel.channel_id),
    }
}

/// Exactly these rights, by their MTProto names; one that is unknown here is left out, never another given.
pub(super) fn rights(names: &[&'static str]) -> tl::enums::ChatAdminRights {
    let has = |name: &str| names.contains(&name);
    tl::types::ChatAdminRights {
        change_info: has("change_info"),
        post_messages: false,
        edit_messages: false,
        delete_messages: has("delete_messages"),
        ban_users: has("ban_users"),
        invite_users: has("invite_users"),
        pin_messages: has("pin_messages"),
        add_admins: has("add_admins"),
        anonymous: false,
        manage_call: has("manage_call"),
        other: has("other"),
        manage_topics: has("manage_topics"),
        post_stories: false,
        edit_stories: false,
        delete_stories: false,
        manage_direct_messages: false,
        manage_ranks: false,
        manage_linked_peers: false,
        manage_welcome_messages: false,
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_has_one_number_at_each_door() {
        assert_eq!(chat_of(2_000_000_001), -1_002_000_000_001);
        assert_eq!(channel_of(-1_002_000_000_001), 2_000_000_001);
        let user = tl::types::PeerUser { user_id: 7 }.into();
        assert_eq!(peer(&user), 7);
    }

    #[test]
    fn no_right_is_given_that_was_not_named() {
        let tl::enums::ChatAdminRights::Rights(rights) = rights(&["manage_call"]);
        assert!(rights.manage_call && !rights.other && !rights.add_admins && !rights.delete_messages);
    }
}
