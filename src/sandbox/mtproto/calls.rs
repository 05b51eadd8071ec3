//! Video chats of groups: beginning, watching, ending. Nobody joins by this door: that would need media.
//!
//! What a second `phone.createGroupCall` gets while a call is open is documented nowhere. Here the same `random_id`
//! gets the same call again, and another one is refused with `GROUPCALL_ALREADY_STARTED`.

use grammers_tl_types::{enums, functions as f, types};

use super::groups::{count, group, mask};
use super::refusal::{No, bad};
use super::requests::{Ask, date};
use super::shapes::{self, blank};
use super::talk;
use crate::sandbox::world::World;
use crate::sandbox::world::calls::{GroupCall, LONGEST_TITLE, Stay};
use crate::sandbox::world::upgrade::channel_id;

/// Participants on one page.
const PAGE: usize = 100;
const MANAGE: &str = "can_manage_video_chats";

pub fn input(world: &World, viewer: i64, id: i64) -> enums::InputGroupCall {
    types::InputGroupCall { id, access_hash: world.callers.hash(viewer, "call", id) }.into()
}

/// A call as `viewer` sees it; a call that is over is only said to be.
pub fn call(world: &World, viewer: i64, chat: i64, call: &GroupCall) -> Result<enums::GroupCall, No> {
    let access_hash = world.callers.hash(viewer, "call", call.id);
    if let Some(ended) = call.ended {
        let duration = date(call.seconds(ended));
        return Ok(types::GroupCallDiscarded { id: call.id, access_hash, duration }.into());
    }
    let may = world.member(chat, viewer).may(MANAGE);
    let mut shown = blank::<types::GroupCall>(&[&[0; 32]])?;
    shown.id = call.id;
    shown.access_hash = access_hash;
    shown.title = Some(call.title.clone()).filter(|title| !title.is_empty());
    shown.join_muted = call.join_muted;
    shown.can_change_join_muted = may;
    shown.listeners_hidden = call.hidden;
    shown.creator = call.by == viewer;
    shown.schedule_date = call.scheduled.map(|at| date(at.seconds()));
    shown.participants_count = count(call.inside().count());
    shown.unmuted_video_limit = 30;
    shown.version = call.version;
    Ok(shown.into())
}

pub fn participant(stay: &Stay, viewer: i64, just_joined: bool) -> Result<enums::GroupCallParticipant, No> {
    let mut shown = blank::<types::GroupCallParticipant>(&[&[0; 4], &shapes::PEER, &[0; 8]])?;
    shown.peer = match &stay.channel {
        Some((channel_id, _)) => types::PeerChannel { channel_id: *channel_id }.into(),
        None => types::PeerUser { user_id: stay.person }.into(),
    };
    shown.is_self = stay.person == viewer;
    shown.left = stay.left.is_some();
    shown.just_joined = just_joined;
    shown.muted = stay.spoke.is_none();
    shown.can_self_unmute = true;
    shown.date = date(stay.joined.seconds());
    shown.active_date = stay.spoke.map(|at| date(at.seconds()));
    shown.source = stay.source;
    Ok(shown.into())
}

/// The users and channels that these stays show.
pub fn faces(
    world: &World,
    viewer: i64,
    chat: i64,
    stays: &[&Stay],
) -> Result<(Vec<enums::User>, Vec<enums::Chat>), No> {
    let mut chats = vec![group(world, viewer, chat)?];
    for (id, title) in stays.iter().filter_map(|stay| stay.channel.as_ref()) {
        chats.push(mask(world, viewer, *id, title)?);
    }
    let people = stays.iter().filter(|stay| stay.channel.is_none()).map(|stay| stay.person);
    Ok((shapes::users(world, viewer, people)?, chats))
}

/// The update that tells of a call.
pub fn update(world: &World, viewer: i64, chat: i64, told: &GroupCall) -> Result<enums::Update, No> {
    let peer = types::PeerChannel { channel_id: channel_id(chat) }.into();
    let call = call(world, viewer, chat, told)?;
    Ok(types::UpdateGroupCall { live_story: false, peer: Some(peer), call }.into())
}

impl Ask<'_> {
    /// The group and the call meant, over or not, when the hash is the asker's own and the asker is in the group.
    fn call(&mut self, meant: &enums::InputGroupCall) -> Result<(i64, GroupCall), No> {
        let enums::InputGroupCall::Call(types::InputGroupCall { id, access_hash }) = meant else {
            return Err(bad("GROUPCALL_INVALID"));
        };
        self.note("call", *id);
        let chats = self.world.chats.values();
        let found =
            chats.flat_map(|chat| chat.calls.iter().map(|call| (chat.id, call))).find(|(_, call)| call.id == *id);
        let (chat, call) = found.map(|(chat, call)| (chat, call.clone())).ok_or_else(|| bad("GROUPCALL_INVALID"))?;
        if *access_hash != self.world.callers.hash(self.me, "call", *id) {
            return Err(bad("GROUPCALL_INVALID"));
        }
        self.about(chat);
        if self.world.member(chat, self.me).present() {
            Ok((chat, call))
        } else {
            Err(No::new(403, "GROUPCALL_FORBIDDEN"))
        }
    }

    fn open_call(&mut self, meant: &enums::InputGroupCall) -> Result<(i64, GroupCall), No> {
        let (chat, call) = self.call(meant)?;
        if call.open() { Ok((chat, call)) } else { Err(bad("GROUPCALL_INVALID")) }
    }

    /// An open call that the asker may steer.
    fn steered(&mut self, meant: &enums::InputGroupCall) -> Result<i64, No> {
        let (chat, _) = self.open_call(meant)?;
        self.need(chat, MANAGE)?;
        Ok(chat)
    }

    /// The answer that tells of one call.
    fn told(&self, chat: i64, id: i64) -> Result<enums::Updates, No> {
        let calls = &self.chat(chat)?.calls;
        let call = calls.iter().find(|call| call.id == id).ok_or_else(|| bad("GROUPCALL_INVALID"))?;
        self.updates(chat, vec![update(self.world, self.me, chat, call)?], Vec::new())
    }
}

impl Ask<'_> {
    /// As [`Ask::told`], with the line about it in the group, which was just written.
    fn begun(&mut self, chat: i64, id: i64) -> Result<enums::Updates, No> {
        if self.world.plan.begun_bare() {
            return self.told(chat, id);
        }
        let found = self.chat(chat)?;
        let call = found.calls.iter().find(|call| call.id == id).ok_or_else(|| bad("GROUPCALL_INVALID"))?;
        let line = found.posts.values().next_back().ok_or_else(|| bad("MESSAGE_ID_INVALID"))?;
        let message = talk::message(self.world, self.me, found, line)?;
        let told = vec![update(self.world, self.me, chat, call)?, talk::brought(message, line.id)];
        self.updates(chat, told, shapes::users(self.world, self.me, [self.me])?)
    }
}

fn checked(title: &str) -> Result<&str, No> {
    let title = title.trim();
    if title.chars().count() > LONGEST_TITLE { Err(bad("TITLE_INVALID")) } else { Ok(title) }
}

pub fn create(ask: &mut Ask, request: &f::phone::CreateGroupCall) -> Result<enums::Updates, No> {
    let chat = ask.own_peer(&request.peer)?;
    let title = request.title.clone().unwrap_or_default();
    ask.note("title", title.as_str());
    ask.note("random_id", request.random_id);
    ask.need(chat, MANAGE)?;
    let title = checked(&title)?;
    if request.schedule_date.is_some() {
        return Err(bad("SCHEDULE_DATE_INVALID"));
    }
    if request.rtmp_stream || ask.world.plan.no_calls.contains(&chat) {
        return Err(bad("CREATE_CALL_FAILED"));
    }
    if let Some(open) = ask.chat(chat)?.call() {
        let again = open.by == ask.me && open.random == Some(request.random_id);
        return if again { ask.told(chat, open.id) } else { Err(No::new(403, "GROUPCALL_ALREADY_STARTED")) };
    }
    let id = ask.world.start_call(ask.me, chat, title, Some(request.random_id));
    ask.note("call", id);
    ask.begun(chat, id)
}

/// What was scheduled begins, for whoever may manage calls.
pub fn start_scheduled(ask: &mut Ask, request: &f::phone::StartScheduledGroupCall) -> Result<enums::Updates, No> {
    let (chat, call) = ask.open_call(&request.call)?;
    ask.need(chat, MANAGE)?;
    if call.scheduled.is_none() {
        return Err(No::new(403, "GROUPCALL_ALREADY_STARTED"));
    }
    ask.world.start_call(ask.me, chat, "", None);
    ask.begun(chat, call.id)
}

pub fn discard(ask: &mut Ask, request: &f::phone::DiscardGroupCall) -> Result<enums::Updates, No> {
    let (chat, call) = ask.call(&request.call)?;
    ask.need(chat, MANAGE)?;
    if !call.open() {
        return Err(bad("GROUPCALL_ALREADY_DISCARDED"));
    }
    ask.world.end_call(ask.me, chat);
    ask.told(chat, call.id)
}

pub fn title(ask: &mut Ask, request: &f::phone::EditGroupCallTitle) -> Result<enums::Updates, No> {
    let chat = ask.steered(&request.call)?;
    let title = checked(&request.title)?.to_owned();
    ask.note("title", title.as_str());
    change(ask, chat, |call| {
        let same = call.title == title;
        call.title.clone_from(&title);
        same
    })
}

pub fn settings(ask: &mut Ask, request: &f::phone::ToggleGroupCallSettings) -> Result<enums::Updates, No> {
    let chat = ask.steered(&request.call)?;
    let Some(muted) = request.join_muted else { return Err(bad("GROUPCALL_NOT_MODIFIED")) };
    ask.note("join_muted", muted);
    change(ask, chat, |call| std::mem::replace(&mut call.join_muted, muted) == muted)
}

/// Changes an open call and tells everybody; what `how` finds unchanged is refused.
fn change(ask: &mut Ask, chat: i64, how: impl FnOnce(&mut GroupCall) -> bool) -> Result<enums::Updates, No> {
    let call = ask.chat_mut(chat)?.call_mut().ok_or_else(|| bad("GROUPCALL_INVALID"))?;
    let id = call.id;
    if how(call) {
        return Err(bad("GROUPCALL_NOT_MODIFIED"));
    }
    ask.world.tell_call(chat, id);
    ask.told(chat, id)
}

/// A page of participants from the place that `offset` names, and where the next one begins (nowhere: empty).
fn page<'a>(call: &'a GroupCall, offset: &str, limit: i32, wanted: impl Fn(&Stay) -> bool) -> (Vec<&'a Stay>, String) {
    let from = offset.parse::<usize>().unwrap_or(0);
    let limit = usize::try_from(limit).unwrap_or(0).clamp(1, PAGE);
    let all: Vec<&Stay> = call.shown().filter(|stay| wanted(stay)).collect();
    let next = if from + limit < all.len() { (from + limit).to_string() } else { String::new() };
    (all.into_iter().skip(from).take(limit).collect(), next)
}

pub fn get(ask: &mut Ask, request: &f::phone::GetGroupCall) -> Result<enums::phone::GroupCall, No> {
    let (chat, found) = ask.open_call(&request.call)?;
    let (stays, participants_next_offset) = page(&found, "", request.limit, |_| true);
    let participants = stays.iter().map(|stay| participant(stay, ask.me, false)).collect::<Result<_, _>>()?;
    let (users, chats) = faces(ask.world, ask.me, chat, &stays)?;
    let call = call(ask.world, ask.me, chat, &found)?;
    Ok(types::phone::GroupCall { call, participants, participants_next_offset, chats, users }.into())
}

pub fn participants(
    ask: &mut Ask,
    request: &f::phone::GetGroupParticipants,
) -> Result<enums::phone::GroupParticipants, No> {
    let (chat, found) = ask.open_call(&request.call)?;
    let by_id = |stay: &Stay| {
        request.ids.iter().any(|id| match id {
            enums::InputPeer::User(user) => stay.channel.is_none() && stay.person == user.user_id,
            enums::InputPeer::PeerSelf => stay.person == ask.me,
            enums::InputPeer::Channel(channel) => {
                stay.channel.as_ref().is_some_and(|(id, _)| *id == channel.channel_id)
            }
            _ => false,
        }) || request.sources.contains(&stay.source)
    };
    let all = request.ids.is_empty() && request.sources.is_empty();
    let (stays, next_offset) = page(&found, &request.offset, request.limit, |stay| all || by_id(stay));
    let participants = stays.iter().map(|stay| participant(stay, ask.me, false)).collect::<Result<_, _>>()?;
    let (users, chats) = faces(ask.world, ask.me, chat, &stays)?;
    let (total, version) = (count(found.inside().count()), found.version);
    Ok(types::phone::GroupParticipants { count: total, participants, next_offset, chats, users, version }.into())
}
