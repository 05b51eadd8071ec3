//! Calls: opened, looked at, ended.

use std::collections::BTreeSet;
use std::time::Duration;

use grammers_client::tl;

use super::line::Line;
use super::muting::Muting;
use super::{groups, trouble, united, wire};
use crate::telegram::port::{Called, InCall, Look, OpenCall, Trouble};

/// So many participants a page.
const A_PAGE: i32 = 500;
/// A call of more pages than this is nobody's class.
const MOST_PAGES: usize = 20;
/// A connection that broke stands anew after so long, or so long.
const ANEW: [Duration; 2] = [Duration::from_millis(300), Duration::from_secs(2)];
/// A call is open there already, or the one that was foreseen has begun.
const STARTED: &[&str] = &["GROUPCALL_ALREADY_STARTED"];
/// Who joins is muted already.
const MUTED: &[&str] = &["GROUPCALL_NOT_MODIFIED"];
/// The call was over before.
const OVER: &[&str] = &["GROUPCALL_INVALID", "GROUPCALL_ALREADY_DISCARDED", "GROUPCALL_NOT_MODIFIED"];

/// The call that is open in the group now. `turn`: the group's, where many are looked at again and again.
async fn current(line: &Line, chat: i64, turn: Option<i64>) -> Called<Option<OpenCall>> {
    let request = tl::functions::channels::GetFullChannel { channel: wire::input_channel(line, chat)? };
    let tl::enums::messages::ChatFull::Full(answer) = line.ask_of_group(&request, turn).await?;
    let tl::enums::ChatFull::ChannelFull(full) = answer.full_chat else { return Ok(None) };
    let Some(tl::enums::InputGroupCall::Call(call)) = full.call else { return Ok(None) };
    line.met_call(call.id, call.access_hash);
    Ok(Some(OpenCall { id: call.id, message: None, ours: false }))
}

/// How calls are to be.
pub(super) struct Wish<'w> {
    /// The school's accounts: what one of them began, another may find.
    pub own: &'w BTreeSet<i64>,
    /// Who joins our own is muted.
    pub muted: bool,
    pub muting: &'w Muting,
}

/// What a group has of a call.
enum Found {
    Nothing,
    /// Somebody foresaw one: nobody can be in it before it is begun.
    Foreseen(i64),
    Open(OpenCall),
}

/// The call that is open, if one is.
pub(super) async fn open(line: &Line, chat: i64, turn: Option<i64>, wish: &Wish<'_>) -> Called<Option<OpenCall>> {
    Ok(match found(line, chat, turn, wish).await? {
        Found::Open(open) => Some(open),
        Found::Nothing | Found::Foreseen(_) => None,
    })
}

/// As [`current`], with who opened it and where Telegram says so in the group. Our own is muted as it was to be: whoever
/// began it may have been cut off before.
async fn found(line: &Line, chat: i64, turn: Option<i64>, wish: &Wish<'_>) -> Called<Found> {
    let Some(found) = current(line, chat, turn).await? else { return Ok(Found::Nothing) };
    let request = tl::functions::phone::GetGroupCall { call: input_call(line, chat, found.id).await?, limit: 1 };
    let answer = match line.ask_paced(&request, None).await {
        Ok(tl::enums::phone::GroupCall::Call(answer)) => answer,
        Err(why) if trouble::is(&why, OVER) => return Ok(Found::Nothing),
        Err(why) => return Err(why),
    };
    let tl::enums::GroupCall::Call(state) = answer.call else { return Ok(Found::Nothing) };
    if state.schedule_date.is_some() {
        return Ok(Found::Foreseen(found.id));
    }
    let said = said(line, chat, found.id).await;
    // Telegram says « creator » of the account that asks only; of the others, who is named in its line.
    let ours = state.creator || said.as_ref().and_then(|said| said.by).is_some_and(|by| wish.own.contains(&by));
    if ours && wish.muted && wish.muting.of(found.id).await != Some(true) {
        mute(line, chat, (found.id, state.join_muted), wish.muting).await;
    }
    Ok(Found::Open(OpenCall { message: said.map(|said| said.message), ours, ..found }))
}

/// Telegram's own line about a call that began.
struct Said {
    message: i64,
    /// Who began it.
    by: Option<i64>,
}

/// The line about a call, if it is among the newest of the group.
async fn said(line: &Line, chat: i64, id: i64) -> Option<Said> {
    let found = groups::history(line, chat, 0).await.ok()?;
    found.iter().find_map(|message| says(message, id))
}

/// What a message says of this call's beginning.
fn says(message: &tl::enums::Message, id: i64) -> Option<Said> {
    let tl::enums::Message::Service(service) = message else { return None };
    let tl::enums::MessageAction::GroupCall(action) = &service.action else { return None };
    let tl::enums::InputGroupCall::Call(call) = &action.call else { return None };
    let by = service.from_id.as_ref().map(wire::peer);
    (call.id == id && action.duration.is_none()).then(|| Said { message: i64::from(service.id), by })
}

/// The call that is open, or one that was foreseen and begins now, or a new one.
pub(super) async fn start(line: &Line, chat: i64, title: &str, token: i32, wish: &Wish<'_>) -> Called<OpenCall> {
    let begun = match found(line, chat, None, wish).await? {
        Found::Open(open) => return Ok(open),
        Found::Foreseen(id) => match begin_foreseen(line, chat, id, wish).await {
            // Whoever foresaw it took it back meanwhile.
            Err(why) if trouble::is(&why, OVER) => begin(line, chat, title, token).await,
            answer => answer,
        },
        Found::Nothing => begin(line, chat, title, token).await,
    };
    match begun {
        Ok(begun) => {
            if begun.ours && wish.muted && wish.muting.of(begun.id).await != Some(true) {
                mute(line, chat, (begun.id, false), wish.muting).await;
            }
            Ok(begun)
        }
        // Somebody else was quicker.
        Err(why) if trouble::is(&why, STARTED) => open(line, chat, None, wish).await?.ok_or(why),
        // Perhaps it was begun: what stands open says so.
        Err(Trouble::Lost(why)) => begun_perhaps(line, chat, wish).await.ok_or(Trouble::Lost(why)),
        Err(why) => Err(why),
    }
}

/// Looks again once the connection stands anew.
async fn begun_perhaps(line: &Line, chat: i64, wish: &Wish<'_>) -> Option<OpenCall> {
    for pause in ANEW {
        line.rest(pause).await;
        if let Ok(found) = open(line, chat, None, wish).await {
            return found;
        }
    }
    None
}

/// A call that somebody foresaw begins now: there is room for one in a group, and that one is theirs.
async fn begin_foreseen(line: &Line, chat: i64, id: i64, wish: &Wish<'_>) -> Called<OpenCall> {
    let request = tl::functions::phone::StartScheduledGroupCall { call: input_call(line, chat, id).await? };
    line.ask_paced(&request, None).await?;
    let open = open(line, chat, None, wish).await?;
    open.ok_or_else(|| Trouble::Lost("a call was begun and is not there".to_owned()))
}

async fn begin(line: &Line, chat: i64, title: &str, token: i32) -> Called<OpenCall> {
    let request = tl::functions::phone::CreateGroupCall {
        rtmp_stream: false,
        peer: wire::input_peer(line, chat)?,
        random_id: token,
        title: Some(title.to_owned()),
        schedule_date: None,
    };
    let updates = wire::updates(line.ask_paced(&request, None).await?);
    let opened = updates.iter().find_map(|update| match update {
        tl::enums::Update::GroupCall(tl::types::UpdateGroupCall { call: tl::enums::GroupCall::Call(call), .. }) => {
            line.met_call(call.id, call.access_hash);
            Some(call.id)
        }
        _ => None,
    });
    // It was opened, but the answer does not say as what: looked up.
    let id = match opened {
        Some(id) => id,
        None => match current(line, chat, None).await? {
            Some(open) => open.id,
            None => return Err(Trouble::Lost("a call was opened and is not there".to_owned())),
        },
    };
    let told = updates.iter().find_map(|update| match update {
        tl::enums::Update::NewChannelMessage(update) => says(&update.message, id),
        _ => None,
    });
    let told = match told {
        Some(told) => Some(told),
        None => said(line, chat, id).await,
    };
    Ok(OpenCall { id, message: told.map(|told| told.message), ours: true })
}

/// Who joins is muted, if it is not `so` already: a courtesy, no reason to do without the call. What fails is done by a look.
async fn mute(line: &Line, chat: i64, (id, so): (i64, bool), muting: &Muting) {
    if so {
        return muting.note(id, true).await;
    }
    let Ok(call) = input_call(line, chat, id).await else { return muting.note(id, false).await };
    let request = tl::functions::phone::ToggleGroupCallSettings {
        reset_invite_hash: false,
        call,
        join_muted: Some(true),
        messages_enabled: None,
        send_paid_messages_stars: None,
    };
    match line.ask_paced(&request, None).await {
        Err(why) if !trouble::is(&why, MUTED) => {
            tracing::info!(caller.account = line.account, trouble = ?why, "caller.not_muted");
            muting.note(id, false).await;
        }
        _ => muting.note(id, true).await,
    }
}

pub(super) async fn name(line: &Line, chat: i64, id: i64, title: &str) -> Called<()> {
    let call = input_call(line, chat, id).await?;
    let request = tl::functions::phone::EditGroupCallTitle { call, title: title.to_owned() };
    match line.ask_paced(&request, None).await {
        Err(why) if !trouble::is(&why, OVER) => Err(why),
        _ => Ok(()),
    }
}

/// What this account must say to ask about a call; an account that takes over learns it from the group.
async fn input_call(line: &Line, chat: i64, id: i64) -> Called<tl::enums::InputGroupCall> {
    if line.call_hash(id).is_none() {
        current(line, chat, None).await?;
    }
    let access_hash = line.call_hash(id).ok_or_else(|| Trouble::Refused("GROUPCALL_INVALID".to_owned()))?;
    Ok(tl::types::InputGroupCall { id, access_hash }.into())
}

const NOBODY: Look = Look { open: false, complete: true, people: Vec::new() };

/// One look: the call and everybody in it, page by page. One that was to be muted and is not yet is muted now.
pub(super) async fn look(line: &Line, chat: i64, id: i64, muting: &Muting) -> Called<Look> {
    let (look, muted) = looked(line, chat, id).await?;
    if !look.open {
        muting.forget(id).await;
    } else if muting.of(id).await == Some(false) {
        // Seldom: a look does not carry it about.
        Box::pin(mute(line, chat, (id, muted), muting)).await;
    }
    Ok(look)
}

/// What a look shows, and whether who joins is muted.
async fn looked(line: &Line, chat: i64, id: i64) -> Called<(Look, bool)> {
    let call = match input_call(line, chat, id).await {
        Ok(call) => call,
        Err(why) if trouble::is(&why, OVER) => return Ok((NOBODY, false)),
        Err(why) => return Err(why),
    };
    let first = tl::functions::phone::GetGroupCall { call: call.clone(), limit: A_PAGE };
    let tl::enums::phone::GroupCall::Call(answer) = match line.ask_paced(&first, Some(id)).await {
        Ok(answer) => answer,
        Err(why) if trouble::is(&why, OVER) => return Ok((NOBODY, false)),
        Err(why) => return Err(why),
    };
    let tl::enums::GroupCall::Call(state) = answer.call else { return Ok((NOBODY, false)) };
    let mut titles = answer.chats;
    let mut people = answer.participants;
    let mut next = answer.participants_next_offset;
    // One that was foreseen and did not begin has nobody in it.
    let mut complete = !state.listeners_hidden && state.schedule_date.is_none();
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
        let Ok(tl::enums::phone::GroupParticipants::Participants(page)) = line.ask_paced(&request, None).await else {
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
    Ok((Look { open: true, complete, people: united(people) }, state.join_muted))
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
    match line.ask_paced(&tl::functions::phone::DiscardGroupCall { call }, None).await {
        Ok(_) => Ok(true),
        Err(why) if trouble::is(&why, OVER) => Ok(false),
        Err(why) => Err(why),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::kernel::At;

    fn listed(peer: i64, channel: bool, date: i32, left: bool) -> tl::enums::GroupCallParticipant {
        let peer = if channel {
            tl::types::PeerChannel { channel_id: peer }.into()
        } else {
            tl::types::PeerUser { user_id: peer }.into()
        };
        let one = tl::types::GroupCallParticipant {
            muted: left,
            left,
            can_self_unmute: false,
            just_joined: !left,
            versioned: false,
            min: false,
            muted_by_you: false,
            volume_by_admin: false,
            is_self: false,
            video_joined: false,
            peer,
            date,
            active_date: None,
            source: date,
            volume: None,
            about: None,
            raise_hand_rating: None,
            video: None,
            presentation: None,
            paid_stars_total: None,
        };
        one.into()
    }

    proptest! {
        /// Whatever list Telegram gives (the same people on two pages, several devices, those who left among them, dates
        /// from any time, in any order): nobody is in it twice, nobody who left, and the first join counts.
        #[test]
        fn a_list_of_participants_names_each_who_is_there_once(
            list in prop::collection::vec((0..6_i64, any::<bool>(), any::<i32>(), any::<bool>()), 0..24),
        ) {
            let people: Vec<InCall> =
                list.iter().filter_map(|(peer, channel, date, left)| in_call(&listed(*peer, *channel, *date, *left), &[])).collect();
            let mut first: BTreeMap<i64, At> = BTreeMap::new();
            for (peer, channel, date, left) in &list {
                let peer = if *channel { wire::chat_of(*peer) } else { *peer };
                if !left {
                    let since = first.entry(peer).or_insert_with(|| wire::at(*date));
                    *since = (*since).min(wire::at(*date));
                }
            }
            let shown: Vec<(i64, At)> = united(people).into_iter().map(|one| (one.peer, one.since)).collect();
            prop_assert_eq!(shown, first.into_iter().collect::<Vec<_>>());
        }
    }
}
