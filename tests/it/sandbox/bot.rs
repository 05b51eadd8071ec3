//! Talking with people.

use serde_json::json;
use teloxide::prelude::*;
use teloxide::types::{BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, ParseMode};

use super::{bot, call, group, kinds, refusal, sandbox, updates};

#[tokio::test]
async fn a_conversation_with_buttons() {
    let sandbox = sandbox().await;
    let bot = bot(&sandbox);
    let me = bot.get_me().await.unwrap();
    assert_eq!(me.username(), sandbox.bot_username());
    let lea = sandbox.add_person("Léa", "Petit", "fr");
    sandbox.start_bot(lea, "abc");
    let got = bot.get_updates().await.unwrap();
    let teloxide::types::UpdateKind::Message(message) = &got[0].kind else { panic!("{got:?}") };
    assert_eq!(message.text(), Some("/start abc"));
    assert_eq!(message.chat.id.0, lea);

    let keyboard = InlineKeyboardMarkup::new([[
        InlineKeyboardButton::callback("Oui", "yes"),
        InlineKeyboardButton::url("Page", "https://example.org/x".parse().unwrap()),
    ]]);
    let sent = bot
        .send_message(ChatId(lea), "Bonjour <b>Léa</b> &amp; co")
        .parse_mode(ParseMode::Html)
        .reply_markup(keyboard.clone())
        .await
        .unwrap();
    let seen = sandbox.last(lea).unwrap();
    assert_eq!(seen.text, "Bonjour Léa & co");
    assert_eq!(sandbox.press(lea, lea, seen.id, "Page"), Err("url: https://example.org/x".to_owned()));
    assert!(sandbox.press(lea, lea, seen.id, "Non").unwrap_err().contains("Oui | Page"));

    let query = sandbox.press(lea, lea, seen.id, "Oui").unwrap();
    assert_eq!(sandbox.callback_answer(&query), None);
    bot.answer_callback_query(query.clone().into()).text("Noté").show_alert(true).await.unwrap();
    assert_eq!(sandbox.callback_answer(&query), Some(Some("Noté".to_owned())));
    let again = bot.answer_callback_query(query.into()).await.unwrap_err().to_string();
    assert!(again.contains("query is too old"), "{again}");

    let same = bot
        .edit_message_text(ChatId(lea), sent.id, "Bonjour <b>Léa</b> &amp; co")
        .parse_mode(ParseMode::Html)
        .reply_markup(keyboard)
        .await
        .unwrap_err();
    assert!(matches!(same, teloxide::RequestError::Api(teloxide::ApiError::MessageNotModified)), "{same:?}");
    bot.edit_message_text(ChatId(lea), sent.id, "Merci").await.unwrap();
    let seen = sandbox.last(lea).unwrap();
    assert_eq!((seen.text.as_str(), seen.edits, seen.buttons.len()), ("Merci", 1, 0));
    assert_eq!(sandbox.violations(), Vec::<String>::new());
    sandbox.stop().await;
}

#[tokio::test]
async fn who_never_pressed_start_cannot_be_written_to() {
    let sandbox = sandbox().await;
    let zoe = sandbox.add_person("Zoé", "", "fr");
    let write = json!({ "chat_id": zoe, "text": "x" });
    assert_eq!(
        refusal(&sandbox, "sendMessage", &write).await,
        "Forbidden: bot can't initiate conversation with a user"
    );
    sandbox.start_bot(zoe, "");
    assert_eq!(call(&sandbox, "sendmessage", &write).await["ok"], true);
    sandbox.block_bot(zoe, true);
    assert_eq!(refusal(&sandbox, "sendMessage", &write).await, "Forbidden: bot was blocked by the user");
    assert_eq!(kinds(&updates(&sandbox, &[]).await), ["message", "my_chat_member"]);
    assert_eq!(
        refusal(&sandbox, "sendMessage", &json!({ "chat_id": 1, "text": "x" })).await,
        "Bad Request: chat not found"
    );
}

#[tokio::test]
async fn limits_of_texts_buttons_and_answers() {
    let sandbox = sandbox().await;
    let lea = sandbox.add_person("Léa", "", "fr");
    sandbox.start_bot(lea, "");
    let text = |length: usize| json!({ "chat_id": lea, "text": "é".repeat(length) });
    assert_eq!(call(&sandbox, "sendMessage", &text(4096)).await["ok"], true);
    assert_eq!(refusal(&sandbox, "sendMessage", &text(4097)).await, "Bad Request: message is too long");
    assert_eq!(refusal(&sandbox, "sendMessage", &text(0)).await, "Bad Request: message text is empty");
    let data = |length: usize| {
        json!({ "chat_id": lea, "text": "x",
            "reply_markup": { "inline_keyboard": [[{ "text": "b", "callback_data": "d".repeat(length) }]] } })
    };
    assert_eq!(call(&sandbox, "sendMessage", &data(64)).await["ok"], true);
    assert_eq!(refusal(&sandbox, "sendMessage", &data(65)).await, "Bad Request: BUTTON_DATA_INVALID");
    let keys = |count: usize| {
        let row: Vec<serde_json::Value> =
            (0..count).map(|at| json!({ "text": "b", "callback_data": at.to_string() })).collect();
        json!({ "chat_id": lea, "text": "x", "reply_markup": { "inline_keyboard": row.chunks(8).collect::<Vec<_>>() } })
    };
    assert_eq!(call(&sandbox, "sendMessage", &keys(100)).await["ok"], true);
    assert_eq!(refusal(&sandbox, "sendMessage", &keys(101)).await, "Bad Request: reply markup is too long");
    let key = |field: &str| {
        json!({ "chat_id": lea, "text": "x",
            "reply_markup": { "inline_keyboard": [[{ "text": "b", field: { "text": "c" } }]] } })
    };
    assert_eq!(call(&sandbox, "sendMessage", &key("copy_text")).await["ok"], true);
    let refused = refusal(&sandbox, "sendMessage", &key("calback_data")).await;
    assert!(refused.ends_with("Text buttons are unallowed in the inline keyboard"), "{refused}");
    let long = json!({ "callback_query_id": "1", "text": "x".repeat(201) });
    assert_eq!(refusal(&sandbox, "answerCallbackQuery", &long).await, "Bad Request: MESSAGE_TOO_LONG");
    let gone = json!({ "chat_id": lea, "message_id": 999, "text": "x" });
    assert_eq!(refusal(&sandbox, "editMessageText", &gone).await, "Bad Request: message to edit not found");
}

#[tokio::test]
async fn files_both_ways() {
    let sandbox = sandbox().await;
    let bot = bot(&sandbox);
    let lea = sandbox.add_person("Léa", "", "fr");
    sandbox.send_file(lea, lea, "liste.xlsx", b"PK..".to_vec(), Some("la liste"));
    let got = bot.get_updates().await.unwrap();
    let teloxide::types::UpdateKind::Message(message) = &got[0].kind else { panic!("{got:?}") };
    let document = message.document().unwrap();
    assert_eq!(document.file_name.as_deref(), Some("liste.xlsx"));
    let file = bot.get_file(document.file.id.clone()).await.unwrap();
    let url = format!("{}/file/bot{}/{}", sandbox.bot_api_url(), sandbox.token(), file.path);
    assert_eq!(super::http().get(url).send().await.unwrap().bytes().await.unwrap().as_ref(), b"PK..");

    let upload = InputFile::memory(b"nom;note".to_vec()).file_name("notes.csv");
    bot.send_document(ChatId(lea), upload).caption("Voilà").await.unwrap();
    let seen = sandbox.last(lea).unwrap();
    assert_eq!(seen.text, "Voilà");
    let document = seen.document.unwrap();
    assert_eq!((document.name.as_str(), document.bytes.as_slice()), ("notes.csv", b"nom;note".as_slice()));

    sandbox.send_file(lea, lea, "film.bin", vec![0; 20 * 1024 * 1024 + 1], None);
    let big = updates(&sandbox, &[]).await;
    let id = big.last().unwrap()["message"]["document"]["file_id"].clone();
    assert_eq!(refusal(&sandbox, "getFile", &json!({ "file_id": id })).await, "Bad Request: file is too big");
    assert_eq!(sandbox.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_photo_is_a_picture_and_what_is_passed_on_is_within_reach() {
    let sandbox = sandbox().await;
    let bot = bot(&sandbox);
    let lea = sandbox.add_person("Léa", "", "fr");
    sandbox.start_bot(lea, "");
    let send = async |bytes: &'static [u8]| {
        bot.send_photo(ChatId(lea), InputFile::memory(bytes).file_name("a.png")).await.map(|_| ())
    };
    send(b"\x89PNG\r\n\x1a\n").await.unwrap();
    let refused = send(b"PK..").await.unwrap_err().to_string();
    assert!(refused.contains("IMAGE_PROCESS_FAILED"), "{refused}");

    let (chat, owner) = group(&sandbox, &[]);
    let said = sandbox.say(owner, chat, "/liste");
    for method in ["forwardMessage", "copyMessage"] {
        let from = |from: i64| json!({ "chat_id": lea, "from_chat_id": from, "message_id": said });
        assert_eq!(call(&sandbox, method, &from(chat)).await["ok"], true);
        let basic = sandbox.add_basic_group("1B", owner);
        sandbox.add_bot(basic, owner);
        let moved = sandbox.upgrade_group(basic);
        let answer = call(&sandbox, method, &from(basic)).await;
        assert_eq!(answer["parameters"]["migrate_to_chat_id"], moved, "{answer}");
        let strange = sandbox.add_group("1C", owner);
        assert_eq!(
            refusal(&sandbox, method, &from(strange)).await,
            "Forbidden: bot is not a member of the supergroup chat"
        );
    }
}

/// Whoever is turned away at the door stands in the journal too.
#[tokio::test]
async fn a_wrong_token_is_written_down() {
    let sandbox = sandbox().await;
    let url = format!("{}/bot1:wrong/getMe", sandbox.bot_api_url());
    assert_eq!(super::http().get(url).send().await.unwrap().status(), 401);
    let journal = sandbox.journal();
    assert_eq!((journal[0].method.as_str(), journal[0].outcome.as_str()), ("getMe", "Unauthorized"));
}

#[tokio::test]
async fn privacy_mode_hides_what_is_not_for_the_bot() {
    let sandbox = sandbox().await;
    let (chat, owner) = group(&sandbox, &[]);
    updates(&sandbox, &[]).await;
    let own = call(&sandbox, "sendMessage", &json!({ "chat_id": chat, "text": "Bonjour" })).await;
    let own = own["result"]["message_id"].as_i64().unwrap();
    sandbox.say(owner, chat, "entre nous");
    sandbox.say(owner, chat, "/liste@UnAutreBot");
    assert_eq!(updates(&sandbox, &[]).await.len(), 0);
    sandbox.say(owner, chat, "/liste");
    sandbox.say(owner, chat, &format!("/liste@{}", sandbox.bot_username()));
    sandbox.reply(owner, chat, own, "merci");
    sandbox.rename(owner, chat, "3ᵉ A");
    assert_eq!(updates(&sandbox, &[]).await.len(), 4);
    sandbox.promote_bot(chat, owner, &["pin_messages"]);
    sandbox.say(owner, chat, "entre nous");
    assert_eq!(kinds(&updates(&sandbox, &[]).await), ["my_chat_member", "message"]);
}

#[tokio::test]
async fn commands_by_scope_and_language() {
    let sandbox = sandbox().await;
    let bot = bot(&sandbox);
    // teloxide's own lists begin with a slash; Telegram takes both.
    bot.set_my_commands([BotCommand::new("/ping", "Répond"), BotCommand::new("aide", "Aide")])
        .scope(teloxide::types::BotCommandScope::AllPrivateChats)
        .language_code("fr")
        .await
        .unwrap();
    let scope = json!({ "type": "all_private_chats" });
    assert_eq!(sandbox.commands(&scope, "fr")[0], ("ping".to_owned(), "Répond".to_owned()));
    assert!(sandbox.commands(&scope, "en").is_empty());
    assert!(sandbox.commands(&json!({ "type": "default" }), "fr").is_empty());
    assert_eq!(sandbox.violations(), Vec::<String>::new());
}
