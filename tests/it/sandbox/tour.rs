//! A tour of every method, held to the published API on both sides, with teloxide reading every answer.

use serde_json::{Value, json};
use teloxide::prelude::*;
use teloxide::types::{ChatPermissions, InputFile, InputPollOption, MessageId};

use super::{ALL, bot, call, group, sandbox, updates};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const RIGHTS: [&str; 8] = [
    "change_info",
    "delete_messages",
    "ban_users",
    "invite_users",
    "pin_messages",
    "manage_call",
    "manage_topics",
    "add_admins",
];

#[tokio::test]
async fn a_tour_with_teloxide_leaves_no_violation() {
    let sandbox = sandbox().await;
    let bot = bot(&sandbox);
    let (chat, owner) = group(&sandbox, &RIGHTS);
    let lea = sandbox.add_person("Léa", "Petit", "fr");
    updates(&sandbox, &ALL).await;
    let (id, user) = (ChatId(chat), UserId(lea.unsigned_abs()));

    let link = bot.create_chat_invite_link(id).name("a").member_limit(3).await.unwrap();
    bot.edit_chat_invite_link(id, link.invite_link.clone()).name("b").await.unwrap();
    sandbox.join(lea, &link.invite_link).unwrap();
    assert!(bot.revoke_chat_invite_link(id, link.invite_link).await.unwrap().is_revoked);
    bot.export_chat_invite_link(id).await.unwrap();
    assert_eq!(bot.get_chat_member_count(id).await.unwrap(), 3);
    assert!(bot.get_chat_member(id, user).await.unwrap().is_present());
    assert_eq!(bot.get_chat_administrators(id).await.unwrap().len(), 2);
    bot.promote_chat_member(id, user).can_pin_messages(true).await.unwrap();
    bot.set_chat_administrator_custom_title(id, user, "Déléguée").await.unwrap();
    bot.get_chat_member(id, user).await.unwrap();
    bot.promote_chat_member(id, user).await.unwrap();
    bot.restrict_chat_member(id, user, ChatPermissions::empty()).await.unwrap();
    bot.get_chat_member(id, user).await.unwrap();
    assert_eq!(sandbox.say(lea, chat, "chut"), 0);
    bot.set_chat_permissions(id, ChatPermissions::empty()).await.unwrap();

    let text = bot.send_message(id, "Bonjour").await.unwrap();
    bot.send_message(id, "Suite").reply_parameters(teloxide::types::ReplyParameters::new(text.id)).await.unwrap();
    bot.send_chat_action(id, teloxide::types::ChatAction::Typing).await.unwrap();
    let file = bot.send_document(id, InputFile::memory("a").file_name("a.txt")).caption("c").await.unwrap();
    bot.edit_message_caption(id, file.id).caption("d").await.unwrap();
    bot.send_photo(id, InputFile::memory(PNG).file_name("a.png")).await.unwrap();
    bot.pin_chat_message(id, text.id).await.unwrap();
    let full = bot.get_chat(id).await.unwrap();
    assert_eq!(full.pinned_message.map(|message| message.id), Some(text.id));
    bot.unpin_chat_message(id).message_id(text.id).await.unwrap();
    bot.unpin_all_chat_messages(id).await.unwrap();
    bot.forward_message(id, id, text.id).await.unwrap();
    bot.copy_message(id, id, text.id).await.unwrap();
    let options = ["Oui", "Non"].map(InputPollOption::new);
    let poll = bot.send_poll(id, "Présent ?", options).is_anonymous(false).await.unwrap();
    sandbox.vote(owner, chat, i64::from(poll.id.0), &[0]).unwrap();
    assert!(bot.stop_poll(id, poll.id).await.unwrap().is_closed);
    bot.delete_message(id, text.id).await.unwrap();
    bot.delete_messages(id, [file.id, MessageId(9_999)]).await.unwrap();

    bot.set_chat_title(id, "3ᵉ A").await.unwrap();
    bot.set_chat_description(id).description("La classe").await.unwrap();
    bot.set_chat_photo(id, InputFile::memory(PNG).file_name("a.png")).await.unwrap();
    bot.get_chat(id).await.unwrap();
    // teloxide 0.17 expects a string where Telegram says true: it is done, and only the answer cannot be read.
    let photo = bot.delete_chat_photo(id).await;
    assert!(matches!(photo, Err(teloxide::RequestError::InvalidJson { .. })), "{photo:?}");
    sandbox.set_forum(chat, true);
    let topic = bot.create_forum_topic(id, "Devoirs").await.unwrap();
    bot.send_message(id, "dans le sujet").message_thread_id(topic.thread_id).await.unwrap();
    bot.edit_forum_topic(id, topic.thread_id).name("Leçons").await.unwrap();
    bot.close_forum_topic(id, topic.thread_id).await.unwrap();
    bot.reopen_forum_topic(id, topic.thread_id).await.unwrap();
    bot.delete_forum_topic(id, topic.thread_id).await.unwrap();

    sandbox.start_call(owner, chat, "");
    sandbox.end_call(owner, chat);
    bot.ban_chat_member(id, user).await.unwrap();
    bot.unban_chat_member(id, user).only_if_banned(true).await.unwrap();
    assert_eq!(sandbox.member_status(chat, lea), "left");
    let heard = bot.get_updates().await.unwrap();
    assert!(heard.iter().all(|update| !matches!(update.kind, teloxide::types::UpdateKind::Error(_))), "{heard:?}");
    bot.get_webhook_info().await.unwrap();
    bot.delete_webhook().await.unwrap();
    bot.get_my_commands().await.unwrap();
    bot.delete_my_commands().await.unwrap();
    bot.leave_chat(id).await.unwrap();
    bot.log_out().await.unwrap();
    assert_eq!(call(&sandbox, "getMe", &json!({})).await["description"], Value::from("Logged out"));
    assert_eq!(sandbox.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_wrong_is_noticed() {
    let sandbox = sandbox().await;
    let lea = sandbox.add_person("Léa", "", "fr");
    sandbox.start_bot(lea, "");
    call(&sandbox, "sendMessage", &json!({ "chat_id": lea, "text": "x", "colour": "red" })).await;
    call(&sandbox, "sendMessage", &json!({ "chat_id": lea, "text": "x", "reply_markup": { "inline_keyboard": 5 } }))
        .await;
    if super::schema().is_some() {
        let wrong = sandbox.violations().join("; ");
        assert!(wrong.contains("sendMessage.colour: unknown field"), "{wrong}");
        assert!(wrong.contains("reply_markup"), "{wrong}");
    }
}
