//! A tour of every method, held to the published API on both sides, with teloxide reading every answer.

use std::collections::BTreeSet;

use preau::sandbox::Sandbox;
use serde_json::{Value, json};
use teloxide::prelude::*;
use teloxide::types::{
    BotCommand, CallbackQueryId, ChatPermissions, InlineKeyboardButton, InlineKeyboardMarkup, InputFile,
    InputPollOption, MessageId,
};

use super::{ALL, bot, call, group, sandbox, updates};
use crate::source;

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
    let keys = |label: &str| InlineKeyboardMarkup::new([[InlineKeyboardButton::callback(label.to_owned(), "k")]]);
    bot.edit_message_text(id, text.id, "Bonsoir").reply_markup(keys("Oui")).await.unwrap();
    bot.edit_message_reply_markup(id, text.id).reply_markup(keys("Non")).await.unwrap();
    let shown =
        |of: MessageId| sandbox.messages(chat).into_iter().find(|message| message.id == i64::from(of.0)).unwrap();
    assert_eq!((shown(text.id).text.as_str(), shown(text.id).buttons[0][0].text.as_str()), ("Bonsoir", "Non"));
    let query = sandbox.press(owner, chat, i64::from(text.id.0), "Non").unwrap();
    bot.answer_callback_query(CallbackQueryId(query.clone())).text("noté").await.unwrap();
    assert_eq!(sandbox.callback_answer(&query), Some(Some("noté".to_owned())));
    bot.edit_message_reply_markup(id, text.id).await.unwrap();
    assert!(shown(text.id).buttons.is_empty());
    bot.get_file(file.document().unwrap().file.id.clone()).await.unwrap();
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
    bot.set_webhook("https://bots.example/hook".parse().unwrap()).await.unwrap();
    assert!(bot.get_webhook_info().await.unwrap().url.is_some());
    bot.delete_webhook().await.unwrap();
    about_itself(&bot).await;
    at_the_door(&sandbox, &bot, id).await;
    bot.leave_chat(id).await.unwrap();
    bot.close().await.unwrap();
    bot.log_out().await.unwrap();
    assert_eq!(call(&sandbox, "getMe", &json!({})).await["description"], Value::from("Logged out"));
    assert_eq!(sandbox.violations(), Vec::<String>::new());
    let called: BTreeSet<String> = sandbox.journal().into_iter().map(|call| call.method).collect();
    let forgotten: Vec<String> = served().difference(&called).cloned().collect();
    assert!(forgotten.is_empty(), "served, and not on the tour: {forgotten:?}");
}

/// The methods that the door serves, in its own words.
fn served() -> BTreeSet<String> {
    let files = source::files();
    let (_, text) = files.iter().find(|(path, _)| path == "src/sandbox/botapi/mod.rs").unwrap();
    let (_, list) = text.split_once("const METHODS").unwrap();
    let (list, _) = list.split_once("];").unwrap();
    let found: BTreeSet<String> = list.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    assert!(found.len() > 50, "{found:?}");
    found
}

/// What the bot says of itself.
async fn about_itself(bot: &Bot) {
    bot.set_my_commands([BotCommand::new("ping", "Répond")]).await.unwrap();
    assert_eq!(bot.get_my_commands().await.unwrap().len(), 1);
    bot.delete_my_commands().await.unwrap();
    assert!(bot.get_my_commands().await.unwrap().is_empty());
    bot.set_my_name().name("La vie scolaire").await.unwrap();
    assert_eq!(bot.get_my_name().await.unwrap().name, "La vie scolaire");
    assert_eq!(bot.get_me().await.unwrap().first_name, "La vie scolaire");
    bot.set_my_description().description("Rappels et présences").await.unwrap();
    bot.set_my_short_description().short_description("Rappels").await.unwrap();
    assert!(bot.set_my_name().name("x".repeat(65)).await.is_err());
    assert!(bot.set_my_description().description("x".repeat(513)).await.is_err());
    assert!(bot.set_my_short_description().short_description("x".repeat(121)).await.is_err());
}

/// Two ask to come in.
async fn at_the_door(sandbox: &Sandbox, bot: &Bot, id: ChatId) {
    let link = bot.create_chat_invite_link(id).creates_join_request(true).await.unwrap().invite_link;
    let [one, two] = ["Noé", "Zoé"].map(|name| sandbox.add_person(name, "", "fr"));
    for person in [one, two] {
        sandbox.ask_to_join(person, &link).unwrap();
    }
    bot.approve_chat_join_request(id, UserId(one.unsigned_abs())).await.unwrap();
    bot.decline_chat_join_request(id, UserId(two.unsigned_abs())).await.unwrap();
    assert_eq!(sandbox.member_status(id.0, one), "member");
    assert_eq!(sandbox.member_status(id.0, two), "left");
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
