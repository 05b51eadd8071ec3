//! Messages as TL values.

use grammers_tl_types::{enums, types};
use serde_json::Value;

use super::calls;
use super::refusal::No;
use super::requests::date;
use super::shapes::{self, blank};
use crate::sandbox::world::World;
use crate::sandbox::world::chat::{Body, Chat, Post};
use crate::sandbox::world::upgrade::channel_id;

/// `messageActionEmpty`.
const NO_ACTION: [u8; 4] = 0xb6ae_f7b0_u32.to_le_bytes();

/// The state of a group's messages: the next one's id. So the message 7 moves it from 7 to 8.
pub fn pts(chat: &Chat) -> i32 {
    date(chat.next)
}

/// The update that brings one message.
pub fn brought(message: enums::Message, id: i64) -> enums::Update {
    types::UpdateNewChannelMessage { message, pts: date(id + 1), pts_count: 1 }.into()
}

pub fn message(world: &World, viewer: i64, chat: &Chat, post: &Post) -> Result<enums::Message, No> {
    let peer: enums::Peer = types::PeerChannel { channel_id: channel_id(chat.id) }.into();
    let from: enums::Peer = types::PeerUser { user_id: post.from }.into();
    let reply_to = post.reply_to.map(reply).transpose()?;
    if let Body::Service { name, value } = &post.body {
        let mut shown = blank::<types::MessageService>(&[&[0; 8], &shapes::PEER, &[0; 4], &NO_ACTION])?;
        (shown.id, shown.date, shown.peer_id, shown.reply_to) =
            (date(post.id), date(post.at.seconds()), peer, reply_to);
        shown.from_id = Some(from);
        shown.out = post.from == viewer;
        shown.action = action(world, viewer, chat, post, name, value);
        return Ok(shown.into());
    }
    let mut shown = blank::<types::Message>(&[&[0; 12], &shapes::PEER, &[0; 8]])?;
    (shown.id, shown.date, shown.peer_id, shown.reply_to) = (date(post.id), date(post.at.seconds()), peer, reply_to);
    shown.from_id = Some(from);
    shown.out = post.from == viewer;
    post.body.text().clone_into(&mut shown.message);
    shown.edit_date = post.edited.map(|at| date(at.seconds()));
    shown.pinned = chat.pinned.contains(&post.id);
    shown.noforwards = post.protected;
    shown.media = media(world, post)?;
    Ok(shown.into())
}

/// What hangs on a message: a document with its name, type and size, or a picture of which only that it is one.
fn media(world: &World, post: &Post) -> Result<Option<enums::MessageMedia>, No> {
    match &post.body {
        Body::Document { file, .. } => {
            let Some(kept) = world.files.get(file) else { return Ok(None) };
            let mut document = blank::<types::Document>(&[&[0; 44], &shapes::NO_VECTOR])?;
            document.id = shapes::number(&kept.unique);
            document.date = date(post.at.seconds());
            document.mime_type.clone_from(&kept.mime);
            document.size = i64::try_from(kept.bytes.len()).unwrap_or(i64::MAX);
            document.attributes = vec![types::DocumentAttributeFilename { file_name: kept.name.clone() }.into()];
            let mut media = blank::<types::MessageMediaDocument>(&[&[0; 4]])?;
            media.document = Some(document.into());
            Ok(Some(media.into()))
        }
        Body::Photo { .. } => Ok(Some(blank::<types::MessageMediaPhoto>(&[&[0; 4]])?.into())),
        _ => Ok(None),
    }
}

fn reply(to: i64) -> Result<enums::MessageReplyHeader, No> {
    let mut header = blank::<types::MessageReplyHeader>(&[&[0; 4]])?;
    header.reply_to_msg_id = Some(date(to));
    Ok(header.into())
}

fn id_of(value: &Value) -> i64 {
    value.get("id").and_then(Value::as_i64).unwrap_or(0)
}

/// What a service message says; what has no counterpart here is shown empty.
fn action(world: &World, viewer: i64, chat: &Chat, post: &Post, name: &str, value: &Value) -> enums::MessageAction {
    let text = || value.as_str().unwrap_or_default().to_owned();
    match name {
        "supergroup_chat_created" => types::MessageActionChannelCreate { title: chat.title.clone() }.into(),
        "new_chat_title" => types::MessageActionChatEditTitle { title: text() }.into(),
        "new_chat_photo" => types::MessageActionChatEditPhoto { photo: types::PhotoEmpty { id: 0 }.into() }.into(),
        "delete_chat_photo" => enums::MessageAction::ChatDeletePhoto,
        "new_chat_members" => {
            let users = value.as_array().map(|who| who.iter().map(id_of).collect()).unwrap_or_default();
            types::MessageActionChatAddUser { users }.into()
        }
        "left_chat_member" => types::MessageActionChatDeleteUser { user_id: id_of(value) }.into(),
        "pinned_message" => enums::MessageAction::PinMessage,
        "migrate_from_chat_id" => {
            let (title, chat_id) = (chat.title.clone(), -value.as_i64().unwrap_or(0));
            types::MessageActionChannelMigrateFrom { title, chat_id }.into()
        }
        "migrate_to_chat_id" => {
            types::MessageActionChatMigrateTo { channel_id: channel_id(value.as_i64().unwrap_or(0)) }.into()
        }
        "video_chat_scheduled" | "video_chat_started" | "video_chat_ended" => {
            let meant = chat.calls.iter().rfind(|call| call.made <= post.at);
            let call = calls::input(world, viewer, meant.map_or(0, |call| call.id));
            if let Some(at) = value.get("start_date").and_then(Value::as_i64) {
                return types::MessageActionGroupCallScheduled { call, schedule_date: date(at) }.into();
            }
            let duration = value.get("duration").and_then(Value::as_i64).map(date);
            types::MessageActionGroupCall { call, duration }.into()
        }
        _ => enums::MessageAction::Empty,
    }
}
