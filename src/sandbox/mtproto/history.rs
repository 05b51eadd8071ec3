//! What was written in a group: reading, writing, pinning, deleting.

use grammers_tl_types::{enums, functions as f, types};
use serde_json::Value;

use super::groups::{count, group};
use super::refusal::{No, bad};
use super::requests::{Ask, date};
use super::{shapes, talk};
use crate::sandbox::world::chat::{Body, Post};

/// Messages on one page.
const PAGE: usize = 100;
const LONGEST_TEXT: usize = 4096;

/// Which of a group's messages are wanted: ids between these, both left out; 0 = no bound.
struct Window {
    below: i32,
    above: i32,
    limit: i32,
}

impl Window {
    fn new(offset: i32, most: i32, above: i32, limit: i32) -> Self {
        let below = [offset, most].into_iter().filter(|id| *id > 0).min().unwrap_or(0);
        Self { below, above, limit }
    }

    fn holds(&self, id: i64) -> bool {
        (self.below == 0 || id < i64::from(self.below)) && id > i64::from(self.above)
    }
}

/// Newest first.
fn page(
    ask: &Ask,
    chat: i64,
    window: &Window,
    wanted: impl Fn(&Post) -> bool,
) -> Result<enums::messages::Messages, No> {
    let found = ask.chat(chat)?;
    let all: Vec<&Post> = found.posts.values().rev().filter(|post| wanted(post)).collect();
    let limit = usize::try_from(window.limit).unwrap_or(0).min(PAGE);
    let posts: Vec<&Post> = all.iter().copied().filter(|post| window.holds(post.id)).take(limit).collect();
    let messages = posts.iter().map(|post| talk::message(ask.world, ask.me, found, post)).collect::<Result<_, _>>()?;
    Ok(types::messages::ChannelMessages {
        inexact: false,
        pts: talk::pts(found),
        count: count(all.len()),
        offset_id_offset: None,
        messages,
        topics: Vec::new(),
        chats: vec![group(ask.world, ask.me, chat)?],
        users: shapes::users(ask.world, ask.me, posts.iter().map(|post| post.from))?,
    }
    .into())
}

pub fn read(ask: &mut Ask, request: &f::messages::GetHistory) -> Result<enums::messages::Messages, No> {
    let chat = ask.own_peer(&request.peer)?;
    let window = Window::new(request.offset_id, request.max_id, request.min_id, request.limit);
    let before = i64::from(request.offset_date);
    page(ask, chat, &window, |post| before == 0 || post.at.seconds() < before)
}

/// By words, sender and date; of the filters only the one for pinned messages narrows.
pub fn search(ask: &mut Ask, request: &f::messages::Search) -> Result<enums::messages::Messages, No> {
    let chat = ask.own_peer(&request.peer)?;
    ask.note("q", request.q.as_str());
    let from = match &request.from_id {
        None => None,
        Some(enums::InputPeer::PeerSelf) => Some(ask.me),
        Some(enums::InputPeer::User(user)) => Some(user.user_id),
        Some(_) => return Err(bad("PEER_ID_INVALID")),
    };
    let pinned = ask.chat(chat)?.pinned.clone();
    let only_pinned = request.filter == enums::MessagesFilter::InputMessagesFilterPinned;
    let words = request.q.to_lowercase();
    let window = Window::new(request.offset_id, request.max_id, request.min_id, request.limit);
    page(ask, chat, &window, |post| {
        let at = post.at.seconds();
        from.is_none_or(|from| post.from == from)
            && (!only_pinned || pinned.contains(&post.id))
            && (request.min_date == 0 || at >= i64::from(request.min_date))
            && (request.max_date == 0 || at <= i64::from(request.max_date))
            && (words.is_empty() || post.body.text().to_lowercase().contains(&words))
    })
}

/// Messages by their ids; one that is gone is shown empty.
pub fn by_id(ask: &mut Ask, request: &f::channels::GetMessages) -> Result<enums::messages::Messages, No> {
    let chat = ask.own_group(&request.channel)?;
    let ids = request.id.iter().filter_map(|id| match id {
        enums::InputMessage::Id(types::InputMessageId { id }) => Some(i64::from(*id)),
        _ => None,
    });
    let found = ask.chat(chat)?;
    let messages: Vec<enums::Message> = ids
        .clone()
        .map(|id| match found.posts.get(&id) {
            Some(post) => talk::message(ask.world, ask.me, found, post),
            None => Ok(types::MessageEmpty { id: date(id), peer_id: None }.into()),
        })
        .collect::<Result<_, _>>()?;
    let people = ids.filter_map(|id| found.posts.get(&id)).map(|post| post.from);
    Ok(types::messages::ChannelMessages {
        inexact: false,
        pts: talk::pts(found),
        count: count(messages.len()),
        offset_id_offset: None,
        messages,
        topics: Vec::new(),
        chats: vec![group(ask.world, ask.me, chat)?],
        users: shapes::users(ask.world, ask.me, people)?,
    }
    .into())
}

/// Writes into a group. The same random id again is the same message.
pub fn send(ask: &mut Ask, request: &f::messages::SendMessage) -> Result<enums::Updates, No> {
    let chat = ask.own_peer(&request.peer)?;
    ask.note("text", request.message.as_str());
    if request.message.trim().is_empty() {
        return Err(bad("MESSAGE_EMPTY"));
    }
    if request.message.chars().count() > LONGEST_TEXT {
        return Err(bad("MESSAGE_TOO_LONG"));
    }
    let reply_to = match &request.reply_to {
        Some(enums::InputReplyTo::Message(to)) => Some(i64::from(to.reply_to_msg_id)),
        _ => None,
    };
    let sent = (ask.me, request.random_id);
    if ask.world.callers.sent.contains_key(&sent) {
        return Err(No::new(500, "RANDOM_ID_DUPLICATE"));
    }
    let me = ask.me;
    let id = ask.world.say(me, chat, &request.message, reply_to).map_err(|_| No::new(403, "CHAT_WRITE_FORBIDDEN"))?;
    ask.world.callers.sent.insert(sent, id);
    let found = ask.chat(chat)?;
    let post = found.posts.get(&id).ok_or_else(|| bad("MESSAGE_ID_INVALID"))?;
    let message = talk::message(ask.world, me, found, post)?;
    let named = types::UpdateMessageId { id: date(id), random_id: request.random_id }.into();
    let users = shapes::users(ask.world, me, [me])?;
    ask.updates(chat, vec![named, talk::brought(message, id)], users)
}

pub fn pin(ask: &mut Ask, request: &f::messages::UpdatePinnedMessage) -> Result<enums::Updates, No> {
    let chat = ask.own_peer(&request.peer)?;
    ask.note("message", request.id);
    if !ask.chat(chat)?.permissions.contains("can_pin_messages") {
        ask.need(chat, "can_pin_messages")?;
    }
    let id = i64::from(request.id);
    let group = ask.chat_mut(chat)?;
    match group.posts.get(&id) {
        None | Some(Post { body: Body::Service { .. }, .. }) => return Err(bad("MESSAGE_ID_INVALID")),
        Some(_) => group.pinned.retain(|pinned| *pinned != id),
    }
    if !request.unpin {
        group.pinned.push(id);
        let found = ask.chat(chat)?;
        let shown = found.posts.get(&id).map_or(Value::Null, |post| ask.world.post_json(found, post, false));
        ask.world.service(chat, ask.me, "pinned_message", shown);
    }
    ask.changed(chat)
}

/// Own messages always, others' with the right; what is not there is passed over.
pub fn delete(ask: &mut Ask, request: &f::channels::DeleteMessages) -> Result<enums::messages::AffectedMessages, No> {
    let chat = ask.own_group(&request.channel)?;
    ask.note("messages", request.id.clone());
    let me = ask.me;
    let all = ask.world.member(chat, me).may("can_delete_messages");
    let posts = &ask.chat(chat)?.posts;
    let found: Vec<&Post> = request.id.iter().filter_map(|id| posts.get(&i64::from(*id))).collect();
    if !all && found.iter().any(|post| post.from != me) {
        return Err(No::new(403, "MESSAGE_DELETE_FORBIDDEN"));
    }
    let ids: Vec<i64> = found.into_iter().map(|post| post.id).collect();
    for id in &ids {
        ask.world.remove_post(chat, *id);
    }
    // What is deleted moves no state here: clients that missed it find out by reading.
    Ok(types::messages::AffectedMessages { pts: talk::pts(ask.chat(chat)?), pts_count: 0 }.into())
}
