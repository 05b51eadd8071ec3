//! A tour of the methods that no other test asks for, with grammers reading every answer.

use grammers_client::tl::{enums, functions as f, types};
use serde_json::json;

use super::callers::{banned, claire, with_bot};
use super::{call, sandbox};

#[tokio::test]
async fn the_methods_that_nothing_else_asks_for() {
    let sandbox = sandbox().await;
    let (caller, claire) = claire(&sandbox).await;
    let group = with_bot(&sandbox, &caller, &["invite_users"]).await;
    let paul = sandbox.add_caller("Paul", "Petit", "33600000002", None);
    let enums::contacts::ResolvedPeer::Peer(found) =
        caller.ask(f::contacts::ResolvePhone { phone: "33600000002".to_owned() }).await;
    assert!(matches!(&found.users[0], enums::User::User(user) if user.id == paul && user.phone.is_none()));
    let enums::users::UserFull::Full(full) = caller.ask(f::users::GetFullUser { id: enums::InputUser::UserSelf }).await;
    assert!(matches!(&full.full_user, enums::UserFull::Full(full) if full.id == claire));
    caller.ask(f::help::GetNearestDc {}).await;
    caller.ask(f::account::UpdateStatus { offline: true }).await;
    caller.ask(f::messages::EditChatAbout { peer: group.peer(), about: "y".repeat(200) }).await;

    sandbox.add_member(group.chat, paul, claire);
    let who = caller.member(&group, paul).await;
    let participant: enums::InputPeer = types::InputPeerUser { user_id: paul, access_hash: who.access_hash }.into();
    for (send, status) in [(true, "restricted"), (false, "member")] {
        let (channel, participant) = (group.input(), participant.clone());
        caller.ask(f::channels::EditBanned { channel, participant, banned_rights: banned(false, send) }).await;
        assert_eq!(sandbox.member_status(group.chat, paul), status);
    }
    let search = f::channels::GetParticipants {
        channel: group.input(),
        filter: types::ChannelParticipantsSearch { q: "petit".to_owned() }.into(),
        offset: 0,
        limit: 10,
        hash: 0,
    };
    let enums::channels::ChannelParticipants::Participants(found) = caller.ask(search).await else { panic!() };
    assert_eq!((found.count, found.participants.len()), (1, 1));
    let other = super::mtproto::caller(&sandbox, paul);
    let theirs = other.groups().await;
    other.ask(f::channels::LeaveChannel { channel: theirs[0].input() }).await;
    assert_eq!(sandbox.member_status(group.chat, paul), "left");
    assert_eq!(other.refused(f::channels::LeaveChannel { channel: theirs[0].input() }).await, "USER_NOT_PARTICIPANT");

    // What was said since a state that the client knows.
    let pts = caller.full(&group).await.pts;
    let said = sandbox.say(claire, group.chat, "Bonjour");
    let since = f::updates::GetChannelDifference {
        force: false,
        channel: group.input(),
        filter: enums::ChannelMessagesFilter::Empty,
        pts,
        limit: 100,
    };
    let enums::updates::ChannelDifference::Difference(missed) = caller.ask(since).await else { panic!() };
    assert!(matches!(&missed.new_messages[..], [enums::Message::Message(message)] if i64::from(message.id) == said));
    let ids = [missed.pts - 1, 999].map(|id| types::InputMessageId { id }.into()).to_vec();
    let enums::messages::Messages::ChannelMessages(found) =
        caller.ask(f::channels::GetMessages { channel: group.input(), id: ids }).await
    else {
        panic!()
    };
    assert!(matches!(&found.messages[..], [enums::Message::Message(_), enums::Message::Empty(_)]));

    let file = sandbox.send_file(claire, group.chat, "feuille.pdf", vec![7; 30], Some("La feuille"));
    let id = types::InputMessageId { id: i32::try_from(file).unwrap() }.into();
    let enums::messages::Messages::ChannelMessages(found) =
        caller.ask(f::channels::GetMessages { channel: group.input(), id: vec![id] }).await
    else {
        panic!()
    };
    let [enums::Message::Message(message)] = &found.messages[..] else { panic!("{found:?}") };
    let Some(enums::MessageMedia::Document(media)) = &message.media else { panic!("{message:?}") };
    let Some(enums::Document::Document(document)) = &media.document else { panic!("{media:?}") };
    assert_eq!((message.message.as_str(), document.size), ("La feuille", 30));
    let name = types::DocumentAttributeFilename { file_name: "feuille.pdf".to_owned() };
    assert_eq!(document.attributes, [name.into()]);

    for (bytes, outcome) in [(b"no picture".to_vec(), Some("IMAGE_PROCESS_FAILED")), (b"\x89PNG..".to_vec(), None)] {
        caller.ask(f::upload::SaveFilePart { file_id: 5, file_part: 0, bytes }).await;
        let file = types::InputFile { id: 5, parts: 1, name: "a.png".to_owned(), md5_checksum: String::new() };
        let photo = types::InputChatUploadedPhoto {
            file: Some(file.into()),
            video: None,
            video_start_ts: None,
            video_emoji_markup: None,
        };
        let set = f::channels::EditPhoto { channel: group.input(), photo: photo.into() };
        match outcome {
            Some(refusal) => assert_eq!(caller.refused(set).await, refusal),
            None => drop(caller.ask(set).await),
        }
    }
    let chat = call(&sandbox, "getChat", &json!({ "chat_id": group.chat })).await;
    assert!(chat["result"]["photo"].is_object());
    caller.ask(f::channels::EditPhoto { channel: group.input(), photo: enums::InputChatPhoto::Empty }).await;
    let known = caller.client.request_login_code("33600000002", "hash").await;
    assert!(known.is_ok());
    assert_eq!(sandbox.violations(), Vec::<String>::new());
}
