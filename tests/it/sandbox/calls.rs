//! Video chats: an account begins and watches them, people come and go, the bot hears of it.

use std::time::Duration;

use grammers_client::client::UpdateStream;
use grammers_client::tl::{enums, functions as f, types};
use preau::kernel::Clock;
use preau::sandbox::{Fault, Limits, Sandbox};
use serde_json::json;

use super::callers::{Group, claire, with_bot};
use super::mtproto::Caller;
use super::{ALL, MORNING, call, kinds, sandbox, sandbox_with, updates};

pub fn begin(group: &Group, random_id: i32, title: &str) -> f::phone::CreateGroupCall {
    let title = Some(title.to_owned());
    f::phone::CreateGroupCall { rtmp_stream: false, peer: group.peer(), random_id, title, schedule_date: None }
}

fn told(updates: enums::Updates) -> enums::GroupCall {
    let enums::Updates::Updates(updates) = updates else { panic!("{updates:?}") };
    match updates.updates.into_iter().next() {
        Some(enums::Update::GroupCall(update)) => update.call,
        other => panic!("{other:?}"),
    }
}

/// The line about a call that an answer brings: its number, who began the call, and which call that is.
fn line(updates: &enums::Updates) -> Option<(i32, enums::Peer, i64)> {
    let enums::Updates::Updates(updates) = updates else { panic!("{updates:?}") };
    updates.updates.iter().find_map(|update| {
        let enums::Update::NewChannelMessage(update) = update else { return None };
        let enums::Message::Service(line) = &update.message else { return None };
        let enums::MessageAction::GroupCall(action) = &line.action else { return None };
        let enums::InputGroupCall::Call(call) = &action.call else { return None };
        Some((line.id, line.from_id.clone()?, call.id))
    })
}

#[tokio::test]
async fn the_answer_to_who_begins_a_call_brings_the_line_about_it() {
    let sandbox = sandbox().await;
    let (caller, owner) = claire(&sandbox).await;
    let group = with_bot(&sandbox, &caller, &["manage_call"]).await;
    let answer = caller.ask(begin(&group, 7, "Maths")).await;
    let shown = sandbox.messages(group.chat).pop().expect("a line");
    assert_eq!(shown.service.as_deref(), Some("video_chat_started"));
    let (number, by, call) = line(&answer).expect("the line");
    let by = matches!(by, enums::Peer::User(user) if user.user_id == owner);
    assert_eq!((i64::from(number), by, call), (shown.id, true, sandbox.calls(group.chat)[0].id));
    // It may be missing, as any update may.
    sandbox.end_call(owner, group.chat);
    sandbox.fault(Fault::BareCalls { times: 1 });
    super::rest(1_000).await;
    assert_eq!(line(&caller.ask(begin(&group, 8, "Maths")).await), None);
    assert_eq!(sandbox.violations(), Vec::<String>::new());
}

impl Caller {
    pub async fn begin(&self, group: &Group, random_id: i32, title: &str) -> types::InputGroupCall {
        let enums::GroupCall::Call(call) = told(self.ask(begin(group, random_id, title)).await) else { panic!() };
        types::InputGroupCall { id: call.id, access_hash: call.access_hash }
    }
    pub async fn inside(&self, call: &types::InputGroupCall) -> types::phone::GroupParticipants {
        let enums::phone::GroupParticipants::Participants(page) = self.ask(page(call, "", 100)).await;
        page
    }
}

pub fn page(call: &types::InputGroupCall, offset: &str, limit: i32) -> f::phone::GetGroupParticipants {
    let (call, offset) = (call.clone().into(), offset.to_owned());
    f::phone::GetGroupParticipants { call, ids: Vec::new(), sources: Vec::new(), offset, limit }
}

pub fn person(participant: &enums::GroupCallParticipant) -> types::GroupCallParticipant {
    let enums::GroupCallParticipant::Participant(participant) = participant;
    participant.clone()
}

pub fn user(participant: &types::GroupCallParticipant) -> Option<i64> {
    match &participant.peer {
        enums::Peer::User(user) => Some(user.user_id),
        _ => None,
    }
}

/// What must come within a while.
async fn soon<T>(work: impl Future<Output = T>) -> T {
    Clock::machine().within(Duration::from_secs(20), work).await.expect("nothing came")
}

/// The next news of participants: the version, and who.
pub async fn change(news: &mut UpdateStream) -> (i32, types::GroupCallParticipant) {
    loop {
        let (update, ..) = soon(Box::pin(news.next_raw())).await.unwrap();
        if let enums::Update::GroupCallParticipants(update) = update {
            return (update.version, person(&update.participants[0]));
        }
    }
}

/// Claire's account and her group, with the bot in it and a call open.
async fn open(sandbox: &Sandbox) -> (Caller, i64, Group, types::InputGroupCall) {
    let (caller, owner) = claire(sandbox).await;
    let group = with_bot(sandbox, &caller, &["ban_users", "manage_call"]).await;
    let call = caller.begin(&group, 7, "Maths").await;
    (caller, owner, group, call)
}

fn member(sandbox: &Sandbox, group: &Group, owner: i64, name: &str) -> i64 {
    let person = sandbox.add_person(name, "", "fr");
    sandbox.add_member(group.chat, person, owner);
    person
}

#[tokio::test]
async fn a_scheduled_call_begins_when_somebody_begins_it() {
    let clock = Clock::standing(MORNING);
    let sandbox = sandbox_with(clock.clone(), Limits::default()).await;
    let (caller, owner) = claire(&sandbox).await;
    let group = with_bot(&sandbox, &caller, &["manage_call"]).await;
    updates(&sandbox, &ALL).await;
    let (lea, later) = (member(&sandbox, &group, owner, "Léa"), MORNING.plus_minutes(30));
    let number = sandbox.schedule_call(owner, group.chat, "Maths", later);
    let heard = updates(&sandbox, &ALL).await;
    let heard = heard.iter().find_map(|update| update["message"].get("video_chat_scheduled"));
    assert_eq!(heard, Some(&json!({ "start_date": later.seconds() })));
    let Some(enums::InputGroupCall::Call(call)) = caller.full(&group).await.call else { panic!("no call") };
    let ask = || f::phone::GetGroupCall { call: call.clone().into(), limit: 1 };
    let state = async || {
        let enums::phone::GroupCall::Call(found) = caller.ask(ask()).await;
        let enums::GroupCall::Call(state) = found.call else { panic!("{:?}", found.call) };
        (state.id, state.schedule_date.map(i64::from))
    };
    assert_eq!(state().await, (number, Some(later.seconds())));
    assert!(!sandbox.calls(group.chat)[0].open);
    assert!(sandbox.join_call(lea, group.chat).is_err());
    let start = || f::phone::StartScheduledGroupCall { call: call.clone().into() };
    assert!(matches!(told(caller.ask(start()).await), enums::GroupCall::Call(call) if call.schedule_date.is_none()));
    assert_eq!(state().await, (number, None));
    assert!(sandbox.calls(group.chat)[0].open);
    sandbox.join_call(lea, group.chat).expect("joined");
    assert_eq!(caller.refused(start()).await, "GROUPCALL_ALREADY_STARTED");
    assert_eq!(updates(&sandbox, &ALL).await[0]["message"]["video_chat_started"], json!({}));
    assert_eq!(sandbox.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_call_begins_and_ends_and_the_bot_hears_it() {
    let clock = Clock::standing(MORNING);
    let sandbox = sandbox_with(clock.clone(), Limits::default()).await;
    let (caller, _) = claire(&sandbox).await;
    let group = with_bot(&sandbox, &caller, &["manage_call"]).await;
    updates(&sandbox, &ALL).await;
    let call = caller.begin(&group, 7, "Maths").await;
    assert_eq!(updates(&sandbox, &ALL).await[0]["message"]["video_chat_started"], json!({}));
    assert!(matches!(caller.full(&group).await.call, Some(enums::InputGroupCall::Call(found)) if found == call));
    // The same number again is the same call, another one is refused.
    assert_eq!(caller.begin(&group, 7, "Maths").await, call);
    assert_eq!(caller.refused(begin(&group, 8, "Maths")).await, "GROUPCALL_ALREADY_STARTED");
    let rename = f::phone::EditGroupCallTitle { call: call.clone().into(), title: "Physique".to_owned() };
    caller.ask(rename).await;
    let mute = f::phone::ToggleGroupCallSettings {
        reset_invite_hash: false,
        call: call.clone().into(),
        join_muted: Some(true),
        messages_enabled: None,
        send_paid_messages_stars: None,
    };
    assert!(matches!(told(caller.ask(mute).await), enums::GroupCall::Call(call) if call.join_muted));
    super::rest(1_000).await;
    let look = f::phone::GetGroupCall { call: call.clone().into(), limit: 10 };
    let enums::phone::GroupCall::Call(seen) = caller.ask(look).await;
    assert!(matches!(seen.call, enums::GroupCall::Call(call) if call.title.as_deref() == Some("Physique")));
    clock.advance(Duration::from_mins(55));
    let discard = f::phone::DiscardGroupCall { call: call.clone().into() };
    assert!(
        matches!(told(caller.ask(discard.clone()).await), enums::GroupCall::Discarded(over) if over.duration == 3300)
    );
    assert_eq!(updates(&sandbox, &ALL).await[0]["message"]["video_chat_ended"], json!({ "duration": 3300 }));
    assert_eq!(caller.refused(discard).await, "GROUPCALL_ALREADY_DISCARDED");
    assert_eq!(caller.refused(page(&call, "", 10)).await, "GROUPCALL_INVALID");
    let seen = &sandbox.calls(group.chat)[0];
    assert_eq!((seen.id, seen.title.as_str(), seen.open), (call.id, "Physique", false));
    // After the end the same number makes a new call.
    super::rest(1_000).await;
    assert_ne!(caller.begin(&group, 7, "Maths").await.id, call.id);
    assert_eq!(sandbox.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn people_come_and_go_and_every_change_is_told() {
    let clock = Clock::standing(MORNING);
    let sandbox = sandbox_with(clock.clone(), Limits::default()).await;
    let (mut caller, owner, group, call) = open(&sandbox).await;
    let mut news = caller.news().await;
    caller.client.get_me().await.unwrap();
    let (lea, tom) = (member(&sandbox, &group, owner, "Léa"), member(&sandbox, &group, owner, "Tom"));
    sandbox.join_call(lea, group.chat).unwrap();
    let (version, joined) = change(&mut news).await;
    assert_eq!((version, user(&joined), joined.just_joined, joined.left), (2, Some(lea), true, false));
    assert_eq!(i64::from(joined.date), MORNING.seconds());
    clock.advance(Duration::from_mins(5));
    sandbox.join_call(tom, group.chat).unwrap();
    let (version, joined) = change(&mut news).await;
    assert_eq!((version, user(&joined)), (3, Some(tom)));
    // Another device: the same person, another stream, a new date.
    sandbox.join_call(lea, group.chat).unwrap();
    let (version, again) = change(&mut news).await;
    assert_eq!((version, user(&again)), (4, Some(lea)));
    assert_eq!(i64::from(again.date), MORNING.seconds() + 300);
    sandbox.leave_call(tom, group.chat);
    let (version, left) = change(&mut news).await;
    assert_eq!((version, user(&left), left.left), (5, Some(tom), true));
    sandbox.join_call_as_channel(tom, group.chat, "Le Masque").unwrap();
    let (version, masked) = change(&mut news).await;
    assert_eq!((version, user(&masked)), (6, None));
    let page = caller.inside(&call).await;
    assert_eq!((page.count, page.version, page.next_offset.as_str()), (2, 6, ""));
    assert_eq!(page.participants.iter().map(|found| user(&person(found))).collect::<Vec<_>>(), [Some(lea), None]);
    let masks =
        page.chats.iter().filter(|chat| matches!(chat, enums::Chat::Channel(mask) if mask.title == "Le Masque"));
    assert_eq!(masks.count(), 1);
    assert_eq!(sandbox.join_call(9, group.chat), Err("GROUPCALL_FORBIDDEN: not a member of the group".to_owned()));
    let stays = &sandbox.calls(group.chat)[0].participants;
    assert_eq!(stays.iter().map(|stay| stay.person).collect::<Vec<_>>(), [lea, tom, lea, tom]);
    assert_eq!(stays[0].left, Some(MORNING.plus_minutes(5)));
    assert_eq!(stays[3].channel.as_deref(), Some("Le Masque"));
}

#[tokio::test]
async fn who_is_put_out_by_the_bot_is_out_of_the_call() {
    let sandbox = sandbox().await;
    let (mut caller, owner, group, call_id) = open(&sandbox).await;
    let mut news = caller.news().await;
    caller.client.get_me().await.unwrap();
    let (lea, tom) = (member(&sandbox, &group, owner, "Léa"), member(&sandbox, &group, owner, "Tom"));
    for person in [lea, tom] {
        sandbox.join_call(person, group.chat).unwrap();
        change(&mut news).await;
    }
    call(&sandbox, "banChatMember", &json!({ "chat_id": group.chat, "user_id": lea })).await;
    let (version, left) = change(&mut news).await;
    assert_eq!((version, user(&left), left.left), (4, Some(lea), true));
    sandbox.leave(tom, group.chat);
    assert!(change(&mut news).await.1.left);
    assert_eq!(caller.inside(&call_id).await.count, 0);
    // A teacher ends it by hand: the account hears it, and the bot too.
    updates(&sandbox, &ALL).await;
    assert!(sandbox.end_call(owner, group.chat));
    let ended = soon(async {
        loop {
            if let enums::Update::GroupCall(update) = Box::pin(news.next_raw()).await.unwrap().0 {
                break update.call;
            }
        }
    });
    assert!(matches!(ended.await, enums::GroupCall::Discarded(call) if call.id == call_id.id));
    assert_eq!(kinds(&updates(&sandbox, &ALL).await), ["message"]);
}

#[tokio::test]
async fn an_account_hears_that_its_rights_are_others() {
    let sandbox = sandbox().await;
    let (one, owner) = claire(&sandbox).await;
    let group = with_bot(&sandbox, &one, &["add_admins", "manage_call", "ban_users"]).await;
    let paul = sandbox.add_caller("Paul", "", "33600000002", None);
    sandbox.add_member(group.chat, paul, owner);
    let mut spare = super::mtproto::caller(&sandbox, paul);
    let mut news = spare.news().await;
    spare.client.get_me().await.unwrap();
    let who = json!({ "chat_id": group.chat, "user_id": paul, "can_manage_video_chats": true });
    call(&sandbox, "promoteChatMember", &who).await;
    let heard = soon(Box::pin(news.next_raw())).await.unwrap().0;
    assert!(matches!(heard, enums::Update::Channel(update) if update.channel_id == group.channel.channel_id));
    let same = &spare.groups().await[0];
    spare.begin(same, 1, "Maths").await;
    call(&sandbox, "banChatMember", &json!({ "chat_id": group.chat, "user_id": paul })).await;
    let again = soon(Box::pin(news.next_raw())).await.unwrap().0;
    assert!(matches!(again, enums::Update::Channel(_) | enums::Update::GroupCall(_)), "{again:?}");
    assert_eq!(spare.refused(begin(same, 2, "Maths")).await, "CHANNEL_PRIVATE");
}

#[tokio::test]
async fn participants_come_in_pages_and_listeners_may_be_hidden() {
    let sandbox = sandbox().await;
    let (caller, owner, group, call) = open(&sandbox).await;
    let people: Vec<i64> = (0..5).map(|n| member(&sandbox, &group, owner, &format!("Élève {n}"))).collect();
    for person in &people {
        sandbox.join_call(*person, group.chat).unwrap();
    }
    let (mut seen, mut offset) = (Vec::new(), String::new());
    loop {
        let enums::phone::GroupParticipants::Participants(found) = caller.ask(page(&call, &offset, 2)).await;
        assert_eq!((found.count, found.version), (5, 6));
        seen.extend(found.participants.iter().filter_map(|found| user(&person(found))));
        offset = found.next_offset;
        if offset.is_empty() {
            break;
        }
    }
    assert_eq!(seen, people);
    sandbox.fault(Fault::HiddenListeners(group.chat));
    assert!(sandbox.speak_in_call(people[3], group.chat));
    super::rest(1_000).await;
    let look = f::phone::GetGroupCall { call: call.clone().into(), limit: 10 };
    let enums::phone::GroupCall::Call(hidden) = caller.ask(look).await;
    assert!(
        matches!(hidden.call, enums::GroupCall::Call(call) if call.listeners_hidden && call.participants_count == 5)
    );
    assert_eq!(hidden.participants.iter().map(|found| user(&person(found))).collect::<Vec<_>>(), [Some(people[3])]);
    sandbox.fault(Fault::ShownListeners(group.chat));
    super::rest(1_000).await;
    let look = f::phone::GetGroupCall { call: call.clone().into(), limit: 10 };
    let enums::phone::GroupCall::Call(shown) = caller.ask(look).await;
    assert_eq!(shown.participants.len(), 5);
}

#[tokio::test]
async fn calls_have_a_pace_and_a_door_keeper() {
    let sandbox = sandbox().await;
    let (caller, owner, group, call) = open(&sandbox).await;
    let look = page(&call, "", 10);
    let outcomes = futures::future::join_all((0..12).map(|_| caller.client.invoke(&look))).await;
    let refused = outcomes.iter().filter(|outcome| outcome.as_ref().is_err_and(|error| error.is("FLOOD_WAIT")));
    assert!((1..=11).contains(&refused.count()), "five a second are let through");
    // An ordinary member sees the call, and may not steer it.
    let paul = sandbox.add_caller("Paul", "", "33600000002", None);
    sandbox.add_member(group.chat, paul, owner);
    let other = super::mtproto::caller(&sandbox, paul);
    let same = &other.groups().await[0];
    let Some(enums::InputGroupCall::Call(seen)) = other.full(same).await.call else { panic!() };
    assert_eq!(seen.id, call.id);
    let theirs = f::phone::DiscardGroupCall { call: seen.into() };
    assert_eq!(other.refused(theirs).await, "CHAT_ADMIN_REQUIRED");
    assert_eq!(other.refused(page(&call, "", 10)).await, "GROUPCALL_INVALID");
    sandbox.end_call(owner, group.chat);
    super::rest(1_000).await;
    assert_eq!(other.refused(begin(same, 1, "x")).await, "CHAT_ADMIN_REQUIRED");
    assert_eq!(caller.refused(begin(&group, 1, &"x".repeat(65))).await, "TITLE_INVALID");
    sandbox.fault(Fault::CallsRefused(group.chat));
    assert_eq!(caller.refused(begin(&group, 1, "x")).await, "CREATE_CALL_FAILED");
}
