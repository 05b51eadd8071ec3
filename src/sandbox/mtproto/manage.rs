//! The group itself: title, description, picture, links, and its end.

use grammers_tl_types::{enums, functions as f, types};
use serde_json::json;

use super::groups::LONGEST_ABOUT;
use super::refusal::{No, bad};
use super::requests::Ask;
use crate::sandbox::world::chat::{Member, Status};
use crate::sandbox::world::membership::Way;

const LONGEST_TITLE: usize = 128;
/// Parts of an upload have a size of at most this.
const LARGEST_PART: usize = 512 * 1024;

pub fn title(ask: &mut Ask, request: &f::channels::EditTitle) -> Result<enums::Updates, No> {
    let chat = ask.own_group(&request.channel)?;
    let title: String = request.title.trim().chars().take(LONGEST_TITLE).collect();
    ask.note("title", title.as_str());
    ask.need(chat, "can_change_info")?;
    if title.is_empty() {
        return Err(bad("CHAT_TITLE_EMPTY"));
    }
    if ask.chat(chat)?.title == title {
        return Err(bad("CHAT_NOT_MODIFIED"));
    }
    ask.world.rename(ask.me, chat, &title);
    ask.changed(chat)
}

pub fn about(ask: &mut Ask, request: &f::messages::EditChatAbout) -> Result<bool, No> {
    let chat = ask.own_peer(&request.peer)?;
    ask.note("about", request.about.as_str());
    ask.need(chat, "can_change_info")?;
    if request.about.chars().count() > LONGEST_ABOUT {
        return Err(bad("CHAT_ABOUT_TOO_LONG"));
    }
    if ask.chat(chat)?.description == request.about {
        return Err(bad("CHAT_ABOUT_NOT_MODIFIED"));
    }
    ask.chat_mut(chat)?.description.clone_from(&request.about);
    Ok(true)
}

pub fn upload(ask: &mut Ask, request: &f::upload::SaveFilePart) -> Result<bool, No> {
    if request.bytes.len() > LARGEST_PART {
        return Err(bad("FILE_PART_TOO_BIG"));
    }
    ask.world.callers.uploads.entry(request.file_id).or_default().insert(request.file_part, request.bytes.clone());
    Ok(true)
}

pub fn photo(ask: &mut Ask, request: &f::channels::EditPhoto) -> Result<enums::Updates, No> {
    let chat = ask.own_group(&request.channel)?;
    ask.need(chat, "can_change_info")?;
    let file = match &request.photo {
        enums::InputChatPhoto::Empty => {
            if ask.chat_mut(chat)?.photo.take().is_none() {
                return Err(bad("CHAT_NOT_MODIFIED"));
            }
            ask.world.service(chat, ask.me, "delete_chat_photo", json!(true));
            return ask.changed(chat);
        }
        enums::InputChatPhoto::InputChatUploadedPhoto(types::InputChatUploadedPhoto {
            file: Some(enums::InputFile::File(file)),
            ..
        }) => file,
        _ => return Err(bad("PHOTO_INVALID")),
    };
    let parts = ask.world.callers.uploads.remove(&file.id).unwrap_or_default();
    if i32::try_from(parts.len()) != Ok(file.parts) {
        return Err(bad("FILE_PARTS_INVALID"));
    }
    let bytes: Vec<u8> = parts.into_values().flatten().collect();
    if !bytes.starts_with(b"\x89PNG") && !bytes.starts_with(b"\xff\xd8") {
        return Err(bad("IMAGE_PROCESS_FAILED"));
    }
    let kept = ask.world.keep_file(&file.name, "image/jpeg", bytes, true);
    ask.chat_mut(chat)?.photo = Some(kept.clone());
    let sizes = json!([ask.world.photo_json(&kept)]);
    ask.world.service(chat, ask.me, "new_chat_photo", sizes);
    ask.changed(chat)
}

/// A further link; with `legacy_revoke_permanent` it becomes the asker's main one.
pub fn link(ask: &mut Ask, request: &f::messages::ExportChatInvite) -> Result<enums::ExportedChatInvite, No> {
    let chat = ask.own_peer(&request.peer)?;
    ask.need(chat, "can_invite_users")?;
    if request.request_needed && request.usage_limit.is_some() {
        return Err(bad("USAGE_LIMIT_INVALID"));
    }
    let (me, date) = (ask.me, ask.date());
    let url = ask.world.new_link(chat, me).url;
    let group = ask.chat_mut(chat)?;
    if request.legacy_revoke_permanent {
        for link in group.links.iter_mut().filter(|link| link.primary && link.creator == me) {
            link.revoked = true;
        }
    }
    if let Some(link) = group.link_mut(&url) {
        link.primary = request.legacy_revoke_permanent;
        link.asks = request.request_needed;
        link.expire = request.expire_date.map(i64::from);
        link.member_limit = request.usage_limit.map(i64::from);
        link.name.clone_from(&request.title);
    }
    Ok(types::ChatInviteExported {
        revoked: false,
        permanent: request.legacy_revoke_permanent,
        request_needed: request.request_needed,
        link: url,
        admin_id: me,
        date,
        start_date: None,
        expire_date: request.expire_date,
        usage_limit: request.usage_limit,
        usage: None,
        requested: None,
        subscription_expired: None,
        title: request.title.clone(),
        subscription_pricing: None,
    }
    .into())
}

/// Comes in by a link.
pub fn join(
    ask: &mut Ask,
    request: &f::messages::ImportChatInvite,
) -> Result<enums::messages::ChatInviteJoinResult, No> {
    let url = format!("https://t.me/+{}", request.hash);
    let me = ask.me;
    let (chat, _) = ask.world.open_link(&url).map_err(|why| bad(&why))?;
    ask.about(chat);
    ask.world.join(me, &url).map_err(|why| bad(&why))?;
    Ok(types::messages::ChatInviteJoinResultOk { updates: ask.changed(chat)? }.into())
}

/// The owner ends the group: its call ends, everybody is out, and nothing of it can be reached again.
pub fn delete(ask: &mut Ask, request: &f::channels::DeleteChannel) -> Result<enums::Updates, No> {
    let chat = ask.own_group(&request.channel)?;
    if ask.world.member(chat, ask.me).status != Status::Owner {
        return Err(bad("CHAT_ADMIN_REQUIRED"));
    }
    let (me, bot) = (ask.me, ask.world.bot.id);
    let answer = ask.changed(chat)?;
    ask.world.end_call(me, chat);
    if ask.world.member(chat, bot).present() {
        ask.world.change_member(chat, me, bot, &Member::new(Status::Left), &Way::default());
    }
    ask.world.chats.remove(&chat);
    Ok(answer)
}
