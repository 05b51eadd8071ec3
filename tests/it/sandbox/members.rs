//! Groups: who is in, who asks, who may.

use preau::kernel::Clock;
use preau::sandbox::Limits;
use serde_json::json;
use teloxide::prelude::*;
use teloxide::types::UpdateKind;

use super::{ALL, MORNING, bot, call, group, kinds, refusal, sandbox, sandbox_with, updates};

#[tokio::test]
async fn a_request_to_join_is_approved() {
    let clock = Clock::standing(MORNING);
    let sandbox = sandbox_with(clock.clone(), Limits::default()).await;
    let bot = bot(&sandbox);
    let (chat, _) = group(&sandbox, &["invite_users"]);
    updates(&sandbox, &ALL).await;
    let link = bot.create_chat_invite_link(ChatId(chat)).name("Léa").creates_join_request(true).await.unwrap();
    let lea = sandbox.add_person("Léa", "Petit", "fr");
    sandbox.ask_to_join(lea, &link.invite_link).unwrap();
    assert_eq!(sandbox.join_requests(chat), [lea]);

    let got = bot.get_updates().await.unwrap();
    let UpdateKind::ChatJoinRequest(request) = &got[0].kind else { panic!("{got:?}") };
    assert_eq!(request.invite_link.as_ref().map(|link| link.invite_link.as_str()), Some(link.invite_link.as_str()));
    // For five minutes the bot may write first.
    bot.send_message(request.user_chat_id, "Un instant").await.unwrap();
    clock.advance(std::time::Duration::from_secs(301));
    bot.send_message(request.user_chat_id, "Trop tard").await.unwrap_err();

    updates(&sandbox, &ALL).await;
    let who = json!({ "chat_id": chat, "user_id": lea });
    bot.approve_chat_join_request(ChatId(chat), request.from.id).await.unwrap();
    assert_eq!(sandbox.member_status(chat, lea), "member");
    let got = updates(&sandbox, &ALL).await;
    assert_eq!(kinds(&got), ["chat_member", "message"]);
    assert_eq!(got[0]["chat_member"]["via_join_request"], true);
    assert_eq!(got[0]["chat_member"]["invite_link"]["name"], "Léa");
    let again = refusal(&sandbox, "approveChatJoinRequest", &who).await;
    assert_eq!(again, "Bad Request: USER_ALREADY_PARTICIPANT");
    sandbox.leave(lea, chat);
    assert_eq!(refusal(&sandbox, "declineChatJoinRequest", &who).await, "Bad Request: HIDE_REQUESTER_MISSING");
    assert_eq!(sandbox.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn chat_member_comes_only_to_an_admin_who_asked_for_it() {
    let sandbox = sandbox().await;
    let (chat, owner) = group(&sandbox, &[]);
    updates(&sandbox, &ALL).await;
    let (one, two, three) = (
        sandbox.add_person("Un", "", "fr"),
        sandbox.add_person("Deux", "", "fr"),
        sandbox.add_person("Trois", "", "fr"),
    );
    sandbox.add_member(chat, one, owner);
    assert_eq!(kinds(&updates(&sandbox, &ALL).await), ["message"], "not an admin");
    sandbox.promote_bot(chat, owner, &["invite_users"]);
    updates(&sandbox, &[]).await;
    sandbox.add_member(chat, two, owner);
    assert_eq!(kinds(&updates(&sandbox, &ALL).await), ["message"], "not asked for");
    sandbox.add_member(chat, three, owner);
    assert_eq!(kinds(&updates(&sandbox, &ALL).await), ["chat_member", "message"]);
    sandbox.ban(owner, three, chat);
    let got = updates(&sandbox, &ALL).await;
    assert_eq!(kinds(&got), ["message", "chat_member"]);
    assert_eq!(got[1]["chat_member"]["new_chat_member"]["status"], "kicked");
    assert_eq!(sandbox.members(chat).len(), 4);
}

#[tokio::test]
async fn every_right_is_asked_for() {
    let sandbox = sandbox().await;
    let (chat, owner) = group(&sandbox, &["other"]);
    let lea = sandbox.add_person("Léa", "", "fr");
    sandbox.add_member(chat, lea, owner);
    let message = sandbox.say(lea, chat, "bonjour");
    let cases = [
        ("banChatMember", json!({ "user_id": lea }), "restrict/unrestrict chat member"),
        ("restrictChatMember", json!({ "user_id": lea, "permissions": {} }), "restrict/unrestrict chat member"),
        ("createChatInviteLink", json!({}), "manage chat invite link"),
        ("approveChatJoinRequest", json!({ "user_id": lea }), "manage chat invite link"),
        ("setChatTitle", json!({ "title": "x" }), "change chat title"),
        ("setChatDescription", json!({ "description": "x" }), "set chat description"),
        ("setChatPermissions", json!({ "permissions": {} }), "change chat permissions"),
        ("pinChatMessage", json!({ "message_id": message }), "manage pinned messages in the chat"),
    ];
    for (method, mut params, what) in cases {
        params["chat_id"] = json!(chat);
        let said = refusal(&sandbox, method, &params).await;
        assert_eq!(said, format!("Bad Request: not enough rights to {what}"), "{method}");
    }
    let delete = json!({ "chat_id": chat, "message_id": message });
    assert_eq!(refusal(&sandbox, "deleteMessage", &delete).await, "Bad Request: message can't be deleted for everyone");
    let promote = json!({ "chat_id": chat, "user_id": lea, "can_pin_messages": true });
    assert_eq!(refusal(&sandbox, "promoteChatMember", &promote).await, "Bad Request: not enough rights");
    sandbox.promote_bot(chat, owner, &["add_admins"]);
    assert_eq!(refusal(&sandbox, "promoteChatMember", &promote).await, "Bad Request: RIGHT_FORBIDDEN");
    sandbox.promote_bot(chat, owner, &["add_admins", "pin_messages"]);
    assert_eq!(call(&sandbox, "promoteChatMember", &promote).await["ok"], true);
    assert_eq!(sandbox.member_status(chat, lea), "administrator");
    sandbox.ban(owner, sandbox.bot_id(), chat);
    let write = json!({ "chat_id": chat, "text": "x" });
    let kicked = "Forbidden: bot was kicked from the supergroup chat";
    assert_eq!(refusal(&sandbox, "sendMessage", &write).await, kicked);
    assert_eq!(sandbox.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_kick_is_a_ban_and_an_unban() {
    let clock = Clock::standing(MORNING);
    let sandbox = sandbox_with(clock.clone(), Limits::default()).await;
    let (chat, owner) = group(&sandbox, &["ban_users"]);
    let lea = sandbox.add_person("Léa", "", "fr");
    sandbox.add_member(chat, lea, owner);
    let who = json!({ "chat_id": chat, "user_id": lea });
    call(&sandbox, "unbanChatMember", &json!({ "chat_id": chat, "user_id": lea, "only_if_banned": true })).await;
    assert_eq!(sandbox.member_status(chat, lea), "member");
    call(&sandbox, "unbanChatMember", &who).await;
    assert_eq!(sandbox.member_status(chat, lea), "left", "without only_if_banned a member is thrown out");
    let until = MORNING.seconds() + 60;
    call(&sandbox, "banChatMember", &json!({ "chat_id": chat, "user_id": lea, "until_date": until })).await;
    assert_eq!(sandbox.member_status(chat, lea), "kicked");
    clock.advance(std::time::Duration::from_secs(61));
    assert_eq!(sandbox.member_status(chat, lea), "left");
    let owner = json!({ "chat_id": chat, "user_id": owner });
    assert_eq!(refusal(&sandbox, "banChatMember", &owner).await, "Bad Request: can't remove chat owner");
}

#[tokio::test]
async fn a_group_moves_and_its_old_address_says_where() {
    let sandbox = sandbox().await;
    let owner = sandbox.add_person("Claire", "", "fr");
    let old = sandbox.add_basic_group("3ᵉ B", owner);
    sandbox.add_bot(old, owner);
    let new = sandbox.upgrade_group(old);
    let error = bot(&sandbox).send_message(ChatId(old), "x").await.unwrap_err();
    assert!(matches!(error, teloxide::RequestError::MigrateToChatId(ChatId(id)) if id == new), "{error:?}");
    bot(&sandbox).send_message(ChatId(new), "x").await.unwrap();
    let got = updates(&sandbox, &[]).await;
    assert!(got.iter().any(|update| update["message"]["migrate_to_chat_id"] == json!(new)));
}

#[tokio::test]
async fn links_end_and_fill_up() {
    let clock = Clock::standing(MORNING);
    let sandbox = sandbox_with(clock.clone(), Limits::default()).await;
    let (chat, _) = group(&sandbox, &["invite_users"]);
    let both = json!({ "chat_id": chat, "member_limit": 1, "creates_join_request": true });
    let said = refusal(&sandbox, "createChatInviteLink", &both).await;
    assert_eq!(said, "Bad Request: member limit can't be specified for links requiring administrator approval");
    let make = async |mut params: serde_json::Value| -> String {
        params["chat_id"] = json!(chat);
        let answer = call(&sandbox, "createChatInviteLink", &params).await;
        answer["result"]["invite_link"].as_str().unwrap().to_owned()
    };
    let (one, two) = (sandbox.add_person("Un", "", "fr"), sandbox.add_person("Deux", "", "fr"));
    let single = make(json!({ "member_limit": 1 })).await;
    sandbox.join(one, &single).unwrap();
    assert_eq!(sandbox.join(two, &single), Err("INVITE_HASH_EXPIRED".to_owned()));
    let short = make(json!({ "expire_date": MORNING.seconds() + 60 })).await;
    let asking = make(json!({ "creates_join_request": true })).await;
    assert_eq!(sandbox.links(chat), [short.clone(), asking.clone()]);
    clock.advance(std::time::Duration::from_secs(61));
    assert_eq!(sandbox.join(two, &short), Err("INVITE_HASH_EXPIRED".to_owned()));
    assert_eq!(sandbox.join(two, &asking), Err("INVITE_REQUEST_SENT".to_owned()));
    assert_eq!(sandbox.join_requests(chat), [two]);
    let who = json!({ "chat_id": chat, "user_id": two });
    assert_eq!(call(&sandbox, "declineChatJoinRequest", &who).await["ok"], true);
    assert_eq!(sandbox.member_status(chat, two), "left");
    // The door for writing first closes with the request.
    let write = json!({ "chat_id": two, "text": "x" });
    assert_eq!(
        refusal(&sandbox, "sendMessage", &write).await,
        "Forbidden: bot can't initiate conversation with a user"
    );
}
