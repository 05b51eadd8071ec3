//! Supergroups as an account sees them: creating, listing, looking.

use grammers_tl_types::{enums, functions as f, types};
use serde_json::json;

use super::refusal::{No, bad};
use super::requests::{Ask, date};
use super::shapes::{self, NO_VECTOR, blank};
use super::{rights, talk};
use crate::sandbox::world::World;
use crate::sandbox::world::chat::{Chat, Kind, Member, Status};
use crate::sandbox::world::upgrade::{channel_id, chat_id};

/// `chatPhotoEmpty`, `photoEmpty` with its id, `peerNotifySettings` with nothing set.
const NO_CHAT_PHOTO: [u8; 4] = 0x37c1_011c_u32.to_le_bytes();
const NO_PHOTO: [u8; 12] = [0x2d, 0xb2, 0x31, 0x23, 0, 0, 0, 0, 0, 0, 0, 0];
const NOTIFY: [u8; 8] = [0x0c, 0x2c, 0x62, 0x99, 0, 0, 0, 0];
const LONGEST_TITLE: usize = 128;
pub const LONGEST_ABOUT: usize = 255;
/// Dialogs on one page.
const PAGE: usize = 100;

impl Ask<'_> {
    /// The group meant, when the hash is the asker's own; being in it is another question.
    pub fn group(&mut self, input: &enums::InputChannel) -> Result<i64, No> {
        let enums::InputChannel::Channel(types::InputChannel { channel_id, access_hash }) = input else {
            return Err(bad("CHANNEL_INVALID"));
        };
        let id = chat_id(*channel_id);
        let known = self.world.chat(id).is_some_and(|chat| chat.kind == Kind::Super);
        if !known || *access_hash != self.world.callers.hash(self.me, "channel", *channel_id) {
            return Err(bad("CHANNEL_INVALID"));
        }
        self.about(id);
        Ok(id)
    }

    /// A group that the asker is in.
    pub fn own_group(&mut self, input: &enums::InputChannel) -> Result<i64, No> {
        let id = self.group(input)?;
        if self.world.member(id, self.me).present() { Ok(id) } else { Err(No::new(406, "CHANNEL_PRIVATE")) }
    }

    /// The same, named as a peer.
    pub fn own_peer(&mut self, input: &enums::InputPeer) -> Result<i64, No> {
        let enums::InputPeer::Channel(types::InputPeerChannel { channel_id, access_hash }) = input else {
            return Err(bad("PEER_ID_INVALID"));
        };
        let (channel_id, access_hash) = (*channel_id, *access_hash);
        self.own_group(&types::InputChannel { channel_id, access_hash }.into())
    }

    /// Does the asker hold this right?
    pub fn need(&self, chat: i64, right: &str) -> Result<(), No> {
        if self.world.member(chat, self.me).may(right) { Ok(()) } else { Err(bad("CHAT_ADMIN_REQUIRED")) }
    }

    pub fn chat(&self, id: i64) -> Result<&Chat, No> {
        self.world.chat(id).ok_or_else(|| bad("CHANNEL_INVALID"))
    }

    pub fn chat_mut(&mut self, id: i64) -> Result<&mut Chat, No> {
        self.world.chats.get_mut(&id).ok_or_else(|| bad("CHANNEL_INVALID"))
    }

    /// An answer that changes nothing but what is said of one group.
    pub fn changed(&self, chat: i64) -> Result<enums::Updates, No> {
        let update = types::UpdateChannel { channel_id: channel_id(chat) }.into();
        self.updates(chat, vec![update], Vec::new())
    }

    pub fn updates(
        &self,
        chat: i64,
        updates: Vec<enums::Update>,
        users: Vec<enums::User>,
    ) -> Result<enums::Updates, No> {
        let chats = vec![group(self.world, self.me, chat)?];
        Ok(types::Updates { updates, users, chats, date: self.date(), seq: 0 }.into())
    }
}

/// A group as `viewer` sees it.
pub fn group(world: &World, viewer: i64, id: i64) -> Result<enums::Chat, No> {
    let chat = world.chat(id).ok_or_else(|| bad("CHANNEL_INVALID"))?;
    let (member, seconds) = (world.member(id, viewer), world.seconds());
    let hash = world.callers.hash(viewer, "channel", channel_id(id));
    if let Status::Kicked { until } = member.status {
        let mut gone = blank::<types::ChannelForbidden>(&[&[0; 24]])?;
        (gone.megagroup, gone.id, gone.access_hash) = (true, channel_id(id), hash);
        gone.title.clone_from(&chat.title);
        gone.until_date = Some(date(until)).filter(|until| *until != 0);
        return Ok(gone.into());
    }
    let mut shown = blank::<types::Channel>(&[&[0; 20], &NO_CHAT_PHOTO, &[0; 4]])?;
    shown.id = channel_id(id);
    shown.access_hash = Some(hash);
    shown.title.clone_from(&chat.title);
    shown.megagroup = true;
    shown.forum = chat.forum;
    shown.creator = member.status == Status::Owner;
    shown.left = !member.present();
    shown.date = date(chat.posts.values().next().map_or(seconds, |post| post.at.seconds()));
    if let Some(photo) = &chat.photo {
        shown.photo =
            types::ChatPhoto { has_video: false, photo_id: shapes::number(photo), stripped_thumb: None, dc_id: 2 }
                .into();
    }
    if let Some(call) = chat.call() {
        shown.call_active = true;
        shown.call_not_empty = call.inside().next().is_some();
    }
    if member.admin() {
        shown.admin_rights = Some(rights::admin(|name| member.may(name))?);
    }
    if let Status::Restricted { permissions, until, .. } = &member.status {
        shown.banned_rights = Some(rights::banned(permissions, *until)?.into());
    }
    shown.default_banned_rights = Some(rights::banned(&chat.permissions, 0)?.into());
    let present = chat.members.values().filter(|member| member.at(seconds).present()).count();
    shown.participants_count = Some(count(present));
    Ok(shown.into())
}

/// A channel of which only the name is ever seen.
pub fn mask(world: &World, viewer: i64, id: i64, title: &str) -> Result<enums::Chat, No> {
    let mut shown = blank::<types::Channel>(&[&[0; 20], &NO_CHAT_PHOTO, &[0; 4]])?;
    (shown.min, shown.broadcast, shown.id) = (true, true, id);
    shown.access_hash = Some(world.callers.hash(viewer, "channel", id));
    title.clone_into(&mut shown.title);
    Ok(shown.into())
}

pub fn count(many: usize) -> i32 {
    i32::try_from(many).unwrap_or(i32::MAX)
}

/// Creating twice makes two: there is no number that would tell a repetition.
pub fn create(ask: &mut Ask, request: &f::channels::CreateChannel) -> Result<enums::Updates, No> {
    let title: String = request.title.trim().chars().take(LONGEST_TITLE).collect();
    ask.note("title", title.as_str());
    ask.note("about", request.about.as_str());
    if !request.megagroup {
        return Err(bad("NOT_IMPLEMENTED_BROADCAST_CHANNELS"));
    }
    if title.is_empty() {
        return Err(bad("CHAT_TITLE_EMPTY"));
    }
    if request.about.chars().count() > LONGEST_ABOUT {
        return Err(bad("CHAT_ABOUT_TOO_LONG"));
    }
    let id = ask.world.new_group(&title, ask.me, Kind::Super);
    ask.about(id);
    let chat = ask.chat_mut(id)?;
    chat.description.clone_from(&request.about);
    chat.forum = request.forum;
    ask.world.service(id, ask.me, "supergroup_chat_created", json!(true));
    ask.changed(id)
}

pub fn several(ask: &mut Ask, request: &f::channels::GetChannels) -> Result<enums::messages::Chats, No> {
    let ids: Result<Vec<i64>, No> = request.id.iter().map(|input| ask.group(input)).collect();
    let chats: Result<Vec<_>, No> = ids?.into_iter().map(|id| group(ask.world, ask.me, id)).collect();
    Ok(types::messages::Chats { chats: chats? }.into())
}

pub fn full(ask: &mut Ask, request: &f::channels::GetFullChannel) -> Result<enums::messages::ChatFull, No> {
    let id = ask.own_group(&request.channel)?;
    let (chat, seconds) = (ask.chat(id)?, ask.world.seconds());
    let mut full = blank::<types::ChannelFull>(&[&[0; 20], &[0; 12], &NO_PHOTO, &NOTIFY, &NO_VECTOR, &[0; 4]])?;
    full.id = channel_id(id);
    full.about.clone_from(&chat.description);
    full.participants_hidden = ask.world.plan.veiled.contains(&id);
    full.can_view_participants = !full.participants_hidden || ask.world.member(id, ask.me).admin();
    full.can_delete_channel = ask.world.member(id, ask.me).status == Status::Owner;
    let members = || chat.members.values().map(|member| member.at(seconds));
    full.participants_count = Some(count(members().filter(Member::present).count()));
    full.admins_count = Some(count(members().filter(Member::admin).count()));
    full.kicked_count = Some(count(members().filter(|member| member.name() == "kicked").count()));
    full.banned_count = Some(count(members().filter(|member| member.name() == "restricted").count()));
    full.pinned_msg_id = chat.pinned.last().map(|id| date(*id));
    full.pts = talk::pts(chat);
    full.call = chat.call().map(|call| super::calls::input(ask.world, ask.me, call.id));
    let chats = vec![group(ask.world, ask.me, id)?];
    Ok(types::messages::ChatFull { full_chat: full.into(), chats, users: Vec::new() }.into())
}

/// The groups of the asker, those with the newest message first.
pub fn dialogs(ask: &mut Ask, request: &f::messages::GetDialogs) -> Result<enums::messages::Dialogs, No> {
    let newest = |chat: &Chat| chat.posts.values().next_back().map_or(0, |post| post.at.millis());
    let own = |chat: &&Chat| chat.kind == Kind::Super && ask.world.member(chat.id, ask.me).present();
    let mut ids: Vec<(i64, i64)> = ask.world.chats.values().filter(own).map(|chat| (newest(chat), chat.id)).collect();
    ids.sort_unstable_by(|a, b| b.cmp(a));
    let total = ids.len();
    if let enums::InputPeer::Channel(last) = &request.offset_peer {
        // The last group of the page before may be gone by now: then its date says where to go on.
        let older = |(at, _): &(i64, i64)| at.div_euclid(1000) < i64::from(request.offset_date);
        let after = ids.iter().position(|(_, id)| *id == chat_id(last.channel_id)).map(|at| at + 1);
        let seen = after.or_else(|| ids.iter().position(older)).unwrap_or(total);
        ids.drain(..seen);
    }
    let mut ids: Vec<i64> = ids.into_iter().map(|(_, id)| id).collect();
    let wanted = usize::try_from(request.limit).unwrap_or(0);
    let rest = ids.len();
    ids.truncate(if wanted == 0 { PAGE } else { wanted.min(PAGE) });
    let (mut dialogs, mut messages, mut chats, mut people) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for id in &ids {
        let chat = ask.chat(*id)?;
        let last = chat.posts.values().next_back();
        let mut dialog = blank::<types::Dialog>(&[&[0; 4], &shapes::PEER, &[0; 28], &NOTIFY])?;
        dialog.peer = types::PeerChannel { channel_id: channel_id(*id) }.into();
        dialog.top_message = last.map_or(0, |post| date(post.id));
        dialog.pts = Some(talk::pts(chat));
        dialogs.push(dialog.into());
        if let Some(post) = last {
            messages.push(talk::message(ask.world, ask.me, chat, post)?);
            people.push(post.from);
        }
        chats.push(group(ask.world, ask.me, *id)?);
    }
    let users = shapes::users(ask.world, ask.me, people)?;
    if ids.len() == rest && rest == total {
        return Ok(types::messages::Dialogs { dialogs, messages, chats, users }.into());
    }
    Ok(types::messages::DialogsSlice { count: count(total), dialogs, messages, chats, users }.into())
}
