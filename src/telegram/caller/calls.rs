//! Calls: opened, looked at, ended.

use grammers_client::tl;

use super::line::Line;
use super::{trouble, united, wire};
use crate::telegram::port::{Called, InCall, Look, OpenCall, Trouble};

/// So many participants a page.
const A_PAGE: i32 = 500;
/// A call of more pages than this is nobody's class.
const MOST_PAGES: usize = 20;
/// The call was over before.
const OVER: &[&str] = &["GROUPCALL_INVALID", "GROUPCALL_ALREADY_DISCARDED", "GROUPCALL_NOT_MODIFIED"];

/// The call that is open in the group now.
pub(super) async fn current(line: &Line, chat: i64) -> Called<Option<OpenCall>> {
    let request = tl::functions::channels::GetFullChannel { channel: wire::input_channel(line, chat)? };
    let tl::enums::messages::ChatFull::Full(answer) = line.ask(&request).await?;
    let tl::enums::ChatFull::ChannelFull(full) = answer.full_chat else { return Ok(None) };
    let Some(tl::enums::InputGroupCall::Call(call)) = full.call else { return Ok(None) };
    line.met_call(call.id, call.access_hash);
    Ok(Some(OpenCall { id: call.id, message: None }))
}

pub(super) async fn start(line: &Line, chat: i64, title: &str, token: i32, muted: bool) -> Called<OpenCall> {
    let request = tl::functions::phone::CreateGroupCall {
        rtmp_stream: false,
        peer: wire::input_peer(line, chat)?,
        random_id: token,
        title: Some(title.to_owned()),
        schedule_date: None,
    };
    let answer = line.ask(&request).await?;
    let (mut opened, mut message) = (None, None);
    for update in wire::updates(answer) {
        match update {
            tl::enums::Update::GroupCall(update) => {
                if let tl::enums::GroupCall::Call(call) = update.call {
                    line.met_call(call.id, call.access_hash);
                    opened = Some(call.id);
                }
            }
            tl::enums::Update::NewChannelMessage(update) => {
                if let tl::enums::Message::Service(service) = update.message {
                    message = Some(i64::from(service.id));
                }
            }
            _ => {}
        }
    }
    // It was opened, but the answer does not say as what: looked up.
    let id = match opened {
        Some(id) => id,
        None => match current(line, chat).await? {
            Some(open) => open.id,
            None => return Err(Trouble::Lost("a call was opened and is not there".to_owned())),
        },
    };
    if muted {
        mute(line, chat, id).await;
    }
    Ok(OpenCall { id, message })
}

/// Who joins is muted: a courtesy, no reason to do without the call.
async fn mute(line: &Line, chat: i64, id: i64) {
    let Ok(call) = input_call(line, chat, id).await else { return };
    let request = tl::functions::phone::ToggleGroupCallSettings {
        reset_invite_hash: false,
        call,
        join_muted: Some(true),
        messages_enabled: None,
        send_paid_messages_stars: None,
    };
    if let Err(trouble) = line.ask(&request).await {
        tracing::info!(caller.account = line.account, trouble = ?trouble, "caller.not_muted");
    }
}

/// What this account must say to ask about a call; an account that takes over learns it from the group.
async fn input_call(line: &Line, chat: i64, id: i64) -> Called<tl::enums::InputGroupCall> {
    if line.call_hash(id).is_none() {
        current(line, chat).await?;
    }
    let access_hash = line.call_hash(id).ok_or_else(|| Trouble::Refused("GROUPCALL_INVALID".to_owned()))?;
    Ok(tl::types::InputGroupCall { id, access_hash }.into())
}

const NOBODY: Look = Look { open: false, complete: true, people: Vec::new() };

/// One look: the call and everybody in it, page by page.
pub(super) async fn look(line: &Line, chat: i64, id: i64) -> Called<Look> {
    let call = match input_call(line, chat, id).await {
        Ok(call) => call,
        Err(why) if trouble::is(&why, OVER) => return Ok(NOBODY),
        Err(why) => return Err(why),
    };
    let first = tl::functions::phone::GetGroupCall { call: call.clone(), limit: A_PAGE };
    let tl::enums::phone::GroupCall::Call(answer) = match line.ask(&first).await {
        Ok(answer) => answer,
        Err(why) if trouble::is(&why, OVER) => return Ok(NOBODY),
        Err(why) => return Err(why),
    };
    let tl::enums::GroupCall::Call(state) = answer.call else { return Ok(NOBODY) };
    let mut titles = answer.chats;
    let mut people = answer.participants;
    let mut next = answer.participants_next_offset;
    let mut complete = !state.listeners_hidden;
    for _ in 0..MOST_PAGES {
        // Asked with an empty offset it begins again, for ever.
        if next.is_empty() {
            break;
        }
        let request = tl::functions::phone::GetGroupParticipants {
            call: call.clone(),
            ids: Vec::new(),
            sources: Vec::new(),
            offset: std::mem::take(&mut next),
            limit: A_PAGE,
        };
        let Ok(tl::enums::phone::GroupParticipants::Participants(page)) = line.ask(&request).await else {
            complete = false;
            break;
        };
        // Somebody came or went between two pages: who is missing may have moved between them.
        complete &= page.version == state.version;
        people.extend(page.participants);
        titles.extend(page.chats);
        next = page.next_offset;
    }
    complete &= next.is_empty();
    let people = people.iter().filter_map(|one| in_call(one, &titles)).collect();
    Ok(Look { open: true, complete, people: united(people) })
}

fn in_call(one: &tl::enums::GroupCallParticipant, chats: &[tl::enums::Chat]) -> Option<InCall> {
    let tl::enums::GroupCallParticipant::Participant(one) = one;
    if one.left {
        return None;
    }
    let peer = wire::peer(&one.peer);
    let title = chats.iter().find_map(|chat| match chat {
        tl::enums::Chat::Channel(channel) if wire::chat_of(channel.id) == peer => Some(channel.title.clone()),
        _ => None,
    });
    Some(InCall { peer, title, since: wire::at(one.date) })
}

pub(super) async fn end(line: &Line, chat: i64, id: i64) -> Called<bool> {
    let call = match input_call(line, chat, id).await {
        Ok(call) => call,
        Err(why) if trouble::is(&why, OVER) => return Ok(false),
        Err(why) => return Err(why),
    };
    match line.ask(&tl::functions::phone::DiscardGroupCall { call }).await {
        Ok(_) => Ok(true),
        Err(why) if trouble::is(&why, OVER) => Ok(false),
        Err(why) => Err(why),
    }
}
