//! What a user account does in groups, and what the bot sees of it.

use grammers_client::tl::{enums, functions as f, types};
use preau::kernel::Clock;
use preau::sandbox::{Fault, Limits, Sandbox};
use serde_json::json;

use super::mtproto::{Caller, caller};
use super::{ALL, MORNING, call, kinds, sandbox, sandbox_with, updates};

pub const PHONE: &str = "33600000001";

pub fn rights(names: &[&str]) -> enums::ChatAdminRights {
    let has = |name: &str| names.contains(&name);
    types::ChatAdminRights {
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
        manage_topics: false,
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

pub fn banned(view: bool, send: bool) -> enums::ChatBannedRights {
    use grammers_client::tl::Deserializable as _;
    let mut rights = types::ChatBannedRights::from_bytes(&[0; 8]).unwrap();
    (rights.view_messages, rights.send_messages) = (view, send);
    rights.into()
}

/// A group as an account names it, and its id in the Bot API.
pub struct Group {
    pub channel: types::InputChannel,
    pub chat: i64,
}

impl Group {
    pub fn input(&self) -> enums::InputChannel {
        self.channel.clone().into()
    }
    pub fn peer(&self) -> enums::InputPeer {
        let types::InputChannel { channel_id, access_hash } = self.channel;
        types::InputPeerChannel { channel_id, access_hash }.into()
    }
}

fn of_chat(chat: &enums::Chat) -> Group {
    let enums::Chat::Channel(channel) = chat else { panic!("{chat:?}") };
    let (channel_id, access_hash) = (channel.id, channel.access_hash.unwrap());
    Group { channel: types::InputChannel { channel_id, access_hash }, chat: -1_000_000_000_000 - channel_id }
}

impl Caller {
    pub async fn create(&self, title: &str, about: &str) -> Group {
        let updates = self.ask(creation(title, about)).await;
        let enums::Updates::Updates(updates) = updates else { panic!("{updates:?}") };
        of_chat(&updates.chats[0])
    }
    pub async fn groups(&self) -> Vec<Group> {
        let all = dialogs(0);
        match self.ask(all).await {
            enums::messages::Dialogs::Dialogs(dialogs) => dialogs.chats.iter().map(of_chat).collect(),
            other => panic!("{other:?}"),
        }
    }
    pub async fn bot(&self, sandbox: &Sandbox) -> enums::InputUser {
        let ask = f::contacts::ResolveUsername { username: sandbox.bot_username().to_owned(), referer: None };
        let enums::contacts::ResolvedPeer::Peer(found) = self.ask(ask).await;
        let enums::User::User(bot) = &found.users[0] else { panic!("{found:?}") };
        types::InputUser { user_id: bot.id, access_hash: bot.access_hash.unwrap() }.into()
    }
    /// Somebody of a group, as this account names them.
    pub async fn member(&self, group: &Group, user: i64) -> types::InputUser {
        let list = self.members(group, 0, 200).await;
        let found = list.users.iter().find_map(|found| match found {
            enums::User::User(found) if found.id == user => found.access_hash,
            _ => None,
        });
        types::InputUser { user_id: user, access_hash: found.expect("not a member") }
    }
    pub async fn members(&self, group: &Group, offset: i32, limit: i32) -> types::channels::ChannelParticipants {
        let filter = enums::ChannelParticipantsFilter::ChannelParticipantsRecent;
        let ask = f::channels::GetParticipants { channel: group.input(), filter, offset, limit, hash: 0 };
        match self.ask(ask).await {
            enums::channels::ChannelParticipants::Participants(list) => list,
            enums::channels::ChannelParticipants::NotModified => panic!("not asked for"),
        }
    }
    pub async fn full(&self, group: &Group) -> types::ChannelFull {
        let enums::messages::ChatFull::Full(full) =
            self.ask(f::channels::GetFullChannel { channel: group.input() }).await;
        match full.full_chat {
            enums::ChatFull::ChannelFull(full) => full,
            other => panic!("{other:?}"),
        }
    }
}

pub fn creation(title: &str, about: &str) -> f::channels::CreateChannel {
    f::channels::CreateChannel {
        broadcast: false,
        megagroup: true,
        for_import: false,
        forum: false,
        title: title.to_owned(),
        about: about.to_owned(),
        geo_point: None,
        address: None,
        ttl_period: None,
    }
}

fn dialogs(limit: i32) -> f::messages::GetDialogs {
    f::messages::GetDialogs {
        exclude_pinned: false,
        folder_id: None,
        offset_date: 0,
        offset_id: 0,
        offset_peer: enums::InputPeer::Empty,
        limit,
        hash: 0,
    }
}

pub async fn claire(sandbox: &Sandbox) -> (Caller, i64) {
    let claire = sandbox.add_caller("Claire", "Martin", PHONE, None);
    (caller(sandbox, claire), claire)
}

/// A group that Claire's account made, with the bot as an admin of these rights.
pub async fn with_bot(sandbox: &Sandbox, caller: &Caller, names: &[&str]) -> Group {
    let group = caller.create("3ᵉ B", "préau:3b").await;
    let bot = caller.bot(sandbox).await;
    caller.ask(f::channels::InviteToChannel { channel: group.input(), users: vec![bot.clone()] }).await;
    let give = f::channels::EditAdmin { channel: group.input(), user_id: bot, admin_rights: rights(names), rank: None };
    caller.ask(give).await;
    group
}

#[tokio::test]
async fn a_group_is_made_and_the_bot_becomes_its_admin() {
    let sandbox = sandbox().await;
    let (caller, claire) = claire(&sandbox).await;
    updates(&sandbox, &ALL).await;
    let group = with_bot(&sandbox, &caller, &["invite_users", "ban_users", "manage_call", "change_info"]).await;
    assert_eq!(sandbox.member_status(group.chat, claire), "creator");
    assert_eq!(sandbox.title(group.chat), "3ᵉ B");
    let heard = updates(&sandbox, &ALL).await;
    assert_eq!(kinds(&heard), ["my_chat_member", "message", "my_chat_member"]);
    assert_eq!(heard[2]["my_chat_member"]["new_chat_member"]["can_restrict_members"], true);
    assert_eq!(heard[2]["my_chat_member"]["new_chat_member"]["can_delete_messages"], false);
    let full = caller.full(&group).await;
    assert_eq!((full.about.as_str(), full.participants_count, full.admins_count), ("préau:3b", Some(2), Some(2)));
    assert!(full.call.is_none());
    // Creating has no number that would tell a repetition: twice makes two.
    caller.create("3ᵉ B", "préau:3b").await;
    assert_eq!(caller.groups().await.len(), 2);
    let mut listed = caller.client.iter_dialogs();
    assert_eq!(listed.next().await.unwrap().unwrap().peer().name(), Some("3ᵉ B"));
    assert_eq!(sandbox.violations(), Vec::<String>::new());
    let made = sandbox.journal().into_iter().find(|call| call.method == "channels.createChannel").unwrap();
    assert_eq!(made.params, json!({ "account": claire, "title": "3ᵉ B", "about": "préau:3b" }));
    assert_eq!(made.chat_id, Some(group.chat));
}

#[tokio::test]
async fn members_come_by_the_bots_link_and_are_listed_in_pages() {
    let sandbox = sandbox().await;
    let (caller, _) = claire(&sandbox).await;
    let group = with_bot(&sandbox, &caller, &["invite_users", "ban_users"]).await;
    let made = call(&sandbox, "createChatInviteLink", &json!({ "chat_id": group.chat })).await;
    let link = made["result"]["invite_link"].as_str().unwrap().to_owned();
    let people: Vec<i64> = (0..210).map(|n| sandbox.add_person(&format!("Élève {n}"), "", "fr")).collect();
    for person in &people {
        sandbox.join(*person, &link).unwrap();
    }
    let mut seen = Vec::new();
    let mut pages = caller.client.iter_participants(grammers_client::session::types::PeerRef {
        id: grammers_client::session::types::PeerId::channel(group.channel.channel_id).unwrap(),
        auth: grammers_client::session::types::PeerAuth::from_hash(group.channel.access_hash),
    });
    while let Some(participant) = pages.next().await.unwrap() {
        seen.extend(participant.user.id().bare_id());
    }
    assert_eq!(seen.len(), 212);
    sandbox.fault(Fault::PartialMembers(group.chat));
    let page = caller.members(&group, 0, 200).await;
    assert_eq!((page.count, page.participants.len()), (212, 107));
    // The bot bans one: the account sees it.
    let who = caller.member(&group, people[1]).await;
    call(&sandbox, "banChatMember", &json!({ "chat_id": group.chat, "user_id": people[1] })).await;
    let peer = types::InputPeerUser { user_id: who.user_id, access_hash: who.access_hash };
    let ask = f::channels::GetParticipant { channel: group.input(), participant: peer.into() };
    let enums::channels::ChannelParticipant::Participant(found) = caller.ask(ask).await;
    assert!(matches!(found.participant, enums::ChannelParticipant::Banned(_)), "{found:?}");
}

#[tokio::test]
async fn what_the_account_does_the_bot_hears_of() {
    let sandbox = sandbox().await;
    let (caller, owner) = claire(&sandbox).await;
    let group = with_bot(&sandbox, &caller, &["invite_users", "change_info"]).await;
    let lea = sandbox.add_person("Léa", "", "fr");
    sandbox.add_member(group.chat, lea, owner);
    updates(&sandbox, &ALL).await;
    caller.ask(f::channels::EditTitle { channel: group.input(), title: "3ᵉ A".to_owned() }).await;
    caller.ask(f::messages::EditChatAbout { peer: group.peer(), about: "La classe".to_owned() }).await;
    let who = caller.member(&group, lea).await;
    let participant = types::InputPeerUser { user_id: lea, access_hash: who.access_hash }.into();
    let ban = f::channels::EditBanned { channel: group.input(), participant, banned_rights: banned(true, true) };
    caller.ask(ban).await;
    let heard = updates(&sandbox, &ALL).await;
    assert_eq!(kinds(&heard), ["message", "message", "chat_member"]);
    assert_eq!(heard[0]["message"]["new_chat_title"], "3ᵉ A");
    assert_eq!(heard[2]["chat_member"]["new_chat_member"]["status"], "kicked");
    let chat = call(&sandbox, "getChat", &json!({ "chat_id": group.chat })).await;
    assert_eq!(chat["result"]["description"], "La classe");
    // And the other way round.
    call(&sandbox, "setChatTitle", &json!({ "chat_id": group.chat, "title": "3ᵉ C" })).await;
    let enums::messages::Chats::Chats(chats) = caller.ask(f::channels::GetChannels { id: vec![group.input()] }).await
    else {
        panic!()
    };
    assert!(matches!(&chats.chats[0], enums::Chat::Channel(channel) if channel.title == "3ᵉ C"));
    let same = f::channels::EditTitle { channel: group.input(), title: "3ᵉ C".to_owned() };
    assert_eq!(caller.refused(same).await, "CHAT_NOT_MODIFIED");
    caller.ask(f::channels::DeleteChannel { channel: group.input() }).await;
    assert_eq!(caller.groups().await.len(), 0);
    assert_eq!(kinds(&updates(&sandbox, &ALL).await).last().map(String::as_str), Some("my_chat_member"));
    assert_eq!(sandbox.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_was_written_can_be_read_back() {
    let sandbox = sandbox().await;
    let (caller, claire) = claire(&sandbox).await;
    let group = with_bot(&sandbox, &caller, &["pin_messages", "delete_messages"]).await;
    let sent = call(&sandbox, "sendMessage", &json!({ "chat_id": group.chat, "text": "Feuille du jour" })).await;
    let id = i32::try_from(sent["result"]["message_id"].as_i64().unwrap()).unwrap();
    let peer = grammers_client::session::types::PeerRef {
        id: grammers_client::session::types::PeerId::channel(group.channel.channel_id).unwrap(),
        auth: grammers_client::session::types::PeerAuth::from_hash(group.channel.access_hash),
    };
    updates(&sandbox, &ALL).await;
    let own = Box::pin(caller.client.send_message(peer, "Merci")).await.unwrap();
    assert_eq!((own.text(), own.id()), ("Merci", id + 1));
    assert_eq!(updates(&sandbox, &ALL).await[0]["message"]["text"], "Merci");
    let mut history = caller.client.iter_messages(peer);
    let mut texts = Vec::new();
    while let Some(message) = history.next().await.unwrap() {
        texts.push((message.id(), message.text().to_owned()));
    }
    assert_eq!(texts[..2], [(id + 1, "Merci".to_owned()), (id, "Feuille du jour".to_owned())]);
    assert_eq!(texts.last().map(|(id, _)| *id), Some(1), "the group's making is its first message");
    let mut found = caller.client.search_messages(peer).query("feuille");
    assert_eq!(found.next().await.unwrap().unwrap().id(), id);
    let pin =
        f::messages::UpdatePinnedMessage { silent: true, unpin: false, pm_oneside: false, peer: group.peer(), id };
    caller.ask(pin).await;
    assert_eq!(caller.full(&group).await.pinned_msg_id, Some(id));
    assert!(updates(&sandbox, &ALL).await[0]["message"]["pinned_message"].is_object());
    caller.ask(f::channels::DeleteMessages { channel: group.input(), id: vec![id, id + 1, 999] }).await;
    assert!(sandbox.messages(group.chat).iter().all(|message| message.text.is_empty()));
    assert_eq!(sandbox.member_status(group.chat, claire), "creator");
    assert_eq!(sandbox.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn rights_and_hashes_are_asked_for() {
    let sandbox = sandbox().await;
    let (owner, claire) = claire(&sandbox).await;
    let group = with_bot(&sandbox, &owner, &["other"]).await;
    let paul = sandbox.add_caller("Paul", "", "33600000002", None);
    let other = caller(&sandbox, paul);
    let title = |channel| f::channels::EditTitle { channel, title: "x".to_owned() };
    // Another account's hash is worth nothing.
    assert_eq!(other.refused(title(group.input())).await, "CHANNEL_INVALID");
    sandbox.add_member(group.chat, paul, claire);
    let same = &other.groups().await[0];
    assert_eq!(same.chat, group.chat);
    assert_ne!(same.channel.access_hash, group.channel.access_hash);
    assert_eq!(other.refused(title(same.input())).await, "CHAT_ADMIN_REQUIRED");
    let bot = other.bot(&sandbox).await;
    let admin = |channel, user_id, names: &[&str]| f::channels::EditAdmin {
        channel,
        user_id,
        admin_rights: rights(names),
        rank: None,
    };
    assert_eq!(other.refused(admin(same.input(), bot.clone(), &["other"])).await, "CHAT_ADMIN_REQUIRED");
    assert_eq!(owner.refused(admin(group.input(), bot, &["other"])).await, "USER_ID_INVALID");
    // An admin gives no right that they do not hold.
    let who = owner.member(&group, paul).await;
    owner.ask(admin(group.input(), who.into(), &["add_admins"])).await;
    let me = other.member(same, claire).await;
    assert_eq!(other.refused(admin(same.input(), me.into(), &["add_admins"])).await, "USER_CREATOR");
    let bot = other.bot(&sandbox).await;
    assert_eq!(other.refused(admin(same.input(), bot, &["manage_call"])).await, "RIGHT_FORBIDDEN");
    // Who is out is told so.
    sandbox.ban(claire, paul, group.chat);
    assert_eq!(other.refused(title(same.input())).await, "CHANNEL_PRIVATE");
    assert_eq!(other.refused(creation("", "")).await, "CHAT_TITLE_EMPTY");
    assert_eq!(other.refused(creation("x", &"y".repeat(256))).await, "CHAT_ABOUT_TOO_LONG");
}

#[tokio::test]
async fn somebody_private_is_missing_and_a_link_lets_a_spare_account_in() {
    let sandbox = sandbox().await;
    let (caller, claire) = claire(&sandbox).await;
    let group = with_bot(&sandbox, &caller, &["invite_users"]).await;
    let (lea, paul) = (sandbox.add_person("Léa", "", "fr"), sandbox.add_caller("Paul", "", "33600000002", None));
    // People are known by having been met: once in the group.
    sandbox.add_member(group.chat, lea, claire);
    let who = caller.member(&group, lea).await;
    sandbox.leave(lea, group.chat);
    sandbox.fault(Fault::CannotBeAdded(lea));
    let ask = f::channels::InviteToChannel { channel: group.input(), users: vec![who.into()] };
    let enums::messages::InvitedUsers::Users(invited) = caller.ask(ask).await;
    let enums::MissingInvitee::Invitee(missing) = &invited.missing_invitees[0];
    assert_eq!(missing.user_id, lea);
    assert_eq!(sandbox.member_status(group.chat, lea), "left");
    let ask = f::messages::ExportChatInvite {
        legacy_revoke_permanent: false,
        request_needed: false,
        peer: group.peer(),
        expire_date: None,
        usage_limit: Some(1),
        title: Some("remplaçant".to_owned()),
        subscription_pricing: None,
    };
    let enums::ExportedChatInvite::ChatInviteExported(link) = caller.ask(ask).await else { panic!() };
    let hash = link.link.trim_start_matches("https://t.me/+").to_owned();
    super::mtproto::caller(&sandbox, paul).ask(f::messages::ImportChatInvite { hash }).await;
    assert_eq!(sandbox.member_status(group.chat, paul), "member");
}

#[tokio::test]
async fn fifty_groups_a_day() {
    let clock = Clock::standing(MORNING);
    let sandbox = sandbox_with(clock.clone(), Limits::default()).await;
    let (caller, _) = claire(&sandbox).await;
    for _ in 0..50 {
        caller.create("x", "").await;
    }
    assert_eq!(caller.refused(creation("x", "")).await, "FLOOD_WAIT 86400");
    // All of them are listed, a page at a time.
    let mut listed = caller.client.iter_dialogs();
    let mut many = 0;
    while listed.next().await.unwrap().is_some() {
        many += 1;
    }
    assert_eq!(many, 50);
    assert!(matches!(caller.ask(dialogs(20)).await, enums::messages::Dialogs::Slice(page) if page.dialogs.len() == 20));
    clock.advance(std::time::Duration::from_hours(24));
    caller.create("x", "").await;
}
