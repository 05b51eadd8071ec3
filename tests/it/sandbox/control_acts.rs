//! Every act of the control door, each once over HTTP, with what comes of it.

use std::collections::BTreeSet;
use std::sync::Mutex;

use preau::sandbox::Sandbox;
use serde_json::{Value, json};

use super::{ALL, call, group, http, kinds, refusal, rest, sandbox, updates};
use crate::source;

/// Another process at the door.
struct Other {
    sandbox: Sandbox,
    tried: Mutex<BTreeSet<String>>,
}

impl Other {
    async fn asked(&self, act: &str, mut with: Value) -> Value {
        with["act"] = json!(act);
        let url = format!("{}/act", self.sandbox.control_url());
        self.tried.lock().unwrap().insert(act.to_owned());
        http().post(url).json(&with).send().await.unwrap().json().await.unwrap()
    }

    /// What the act gives; it must not be refused.
    async fn act(&self, act: &str, with: Value) -> Value {
        let answer = self.asked(act, with).await;
        assert!(answer.get("error").is_none(), "{act}: {answer}");
        answer["result"].clone()
    }

    async fn id(&self, act: &str, with: Value) -> i64 {
        let result = self.act(act, with).await;
        let id = result.as_i64().unwrap_or_else(|| panic!("{act}: {result}"));
        assert_ne!(id, 0, "{act}");
        id
    }

    /// The texts of a chat.
    async fn texts(&self, chat: i64) -> Vec<String> {
        let url = format!("{}/chat/{chat}", self.sandbox.control_url());
        let shown: Value = http().get(url).send().await.unwrap().json().await.unwrap();
        let messages = shown.as_array().cloned().unwrap_or_default();
        messages.iter().filter_map(|message| message["text"].as_str().map(str::to_owned)).collect()
    }

    async fn person(&self, first: &str) -> i64 {
        self.id("add_person", json!({ "first": first, "last": "", "language_code": "fr" })).await
    }
}

/// The acts that the door takes, in its own words.
fn offered() -> BTreeSet<String> {
    let files = source::files();
    let (_, text) = files.iter().find(|(path, _)| path == "src/sandbox/control.rs").unwrap();
    let items = syn::parse_file(text).unwrap().items;
    let acts = items.into_iter().find_map(|item| match item {
        syn::Item::Enum(item) if item.ident == "Act" => Some(item.variants),
        _ => None,
    });
    let snake = |name: String| {
        let parts =
            name.chars().flat_map(|c| if c.is_uppercase() { vec!['_', c.to_ascii_lowercase()] } else { vec![c] });
        parts.collect::<String>().trim_start_matches('_').to_owned()
    };
    acts.unwrap().into_iter().map(|act| snake(act.ident.to_string())).collect()
}

#[tokio::test]
async fn every_act_has_its_effect() {
    let other = Other { sandbox: sandbox().await, tried: Mutex::default() };
    private_chats(&other).await;
    groups(&other).await;
    joining(&other).await;
    calls(&other).await;
    trouble(&other).await;
    assert_eq!(*other.tried.lock().unwrap(), offered(), "an act that nobody tries");
    assert_eq!(other.sandbox.violations(), Vec::<String>::new());
    other.sandbox.stop().await;
}

async fn private_chats(other: &Other) {
    let s = &other.sandbox;
    let lea = other.person("Léa").await;
    other.id("start_bot", json!({ "user": lea, "payload": "abc" })).await;
    let said = other.id("say", json!({ "user": lea, "chat": lea, "text": "bonjour" })).await;
    other.id("reply", json!({ "user": lea, "chat": lea, "to": said, "text": "encore" })).await;
    other.act("edit", json!({ "user": lea, "chat": lea, "id": said, "text": "bonsoir" })).await;
    let file = json!({ "user": lea, "chat": lea, "name": "a.csv", "text": "x;y", "caption": "voilà" });
    other.id("send_file", file).await;
    assert_eq!(other.texts(lea).await, ["/start abc", "bonsoir", "encore", "voilà"]);
    let shown = s.messages(lea);
    assert_eq!(shown[2].reply_to, Some(said));
    assert_eq!(shown[3].document.as_ref().map(|file| file.bytes.as_slice()), Some(&b"x;y"[..]));
    other.act("delete_message", json!({ "user": lea, "chat": lea, "id": said })).await;
    assert_eq!(other.texts(lea).await, ["/start abc", "encore", "voilà"]);

    // Presses: by what the key says, and by any data.
    let keys = json!({ "inline_keyboard": [[{ "text": "Oui", "callback_data": "o" }]] });
    let sent = call(s, "sendMessage", &json!({ "chat_id": lea, "text": "?", "reply_markup": keys })).await;
    let message = sent["result"]["message_id"].clone();
    updates(s, &ALL).await;
    let query = other.act("press", json!({ "user": lea, "chat": lea, "message": message, "label": "Oui" })).await;
    let unanswered = json!({ "answered": false, "text": null });
    assert_eq!(other.act("callback_answer", json!({ "query": query })).await, unanswered);
    call(s, "answerCallbackQuery", &json!({ "callback_query_id": query, "text": "noté" })).await;
    let answered = json!({ "answered": true, "text": "noté" });
    assert_eq!(other.act("callback_answer", json!({ "query": query })).await, answered);
    other.act("press_data", json!({ "user": lea, "chat": lea, "message": message, "data": "forged" })).await;
    let heard = updates(s, &ALL).await;
    let data: Vec<&Value> = heard.iter().map(|update| &update["callback_query"]["data"]).collect();
    assert_eq!(data, [&json!("o"), &json!("forged")]);

    other.act("block_bot", json!({ "user": lea, "blocked": true })).await;
    let write = json!({ "chat_id": lea, "text": "x" });
    assert_eq!(refusal(s, "sendMessage", &write).await, "Forbidden: bot was blocked by the user");
}

async fn groups(other: &Other) {
    let s = &other.sandbox;
    let (claire, lea) = (other.person("Claire").await, other.person("Léa").await);
    let basic = other.id("add_basic_group", json!({ "title": "1B", "owner": claire })).await;
    assert_eq!(s.member_status(basic, claire), "creator");
    let upgraded = other.id("upgrade_group", json!({ "chat": basic })).await;
    assert!(upgraded != basic && s.title(upgraded) == "1B");
    let chat = other.id("add_group", json!({ "title": "1A", "owner": claire })).await;
    other.act("add_bot", json!({ "chat": chat, "by": claire })).await;
    assert_eq!(s.member_status(chat, s.bot_id()), "member");
    other.act("promote_bot", json!({ "chat": chat, "by": claire, "rights": ["pin_messages"] })).await;
    assert_eq!(s.member_status(chat, s.bot_id()), "administrator");
    other.act("add_member", json!({ "chat": chat, "user": lea, "by": claire })).await;
    let members: BTreeSet<i64> = s.members(chat).into_iter().collect();
    assert_eq!(other.act("members", json!({ "chat": chat })).await.as_array().map(Vec::len), Some(3));
    assert!(members.contains(&lea));
    other.act("promote", json!({ "chat": chat, "user": lea, "by": claire, "rights": ["manage_call"] })).await;
    assert_eq!(s.member_status(chat, lea), "administrator");
    other.act("rename", json!({ "by": claire, "chat": chat, "title": "1A bis" })).await;
    assert_eq!(s.title(chat), "1A bis");
    other.act("set_forum", json!({ "chat": chat, "forum": true })).await;
    assert_eq!(call(s, "getChat", &json!({ "chat_id": chat })).await["result"]["is_forum"], true);

    let options = json!([{ "text": "Oui" }, { "text": "Non" }]);
    let poll = json!({ "chat_id": chat, "question": "Là ?", "options": options, "is_anonymous": false });
    let poll = call(s, "sendPoll", &poll).await["result"]["message_id"].clone();
    updates(s, &ALL).await;
    other.act("vote", json!({ "user": lea, "chat": chat, "message": poll, "options": [1] })).await;
    let heard = updates(s, &ALL).await;
    assert_eq!(kinds(&heard), ["poll_answer"]);
    assert_eq!(heard[0]["poll_answer"]["option_ids"], json!([1]));

    other.act("ban", json!({ "by": claire, "user": lea, "chat": chat })).await;
    assert_eq!(s.member_status(chat, lea), "kicked");
    other.act("unban", json!({ "by": claire, "user": lea, "chat": chat })).await;
    assert_eq!(s.member_status(chat, lea), "left");
}

async fn joining(other: &Other) {
    let s = &other.sandbox;
    let (chat, _) = group(s, &["invite_users"]);
    let (lea, noe) = (other.person("Léa").await, other.person("Noé").await);
    call(s, "createChatInviteLink", &json!({ "chat_id": chat, "creates_join_request": true })).await;
    let asks = other.act("links", json!({ "chat": chat })).await[0].clone();
    let open = call(s, "createChatInviteLink", &json!({ "chat_id": chat })).await["result"]["invite_link"].clone();
    other.act("ask_to_join", json!({ "user": lea, "link": asks })).await;
    assert_eq!(other.act("join_requests", json!({ "chat": chat })).await, json!([lea]));
    other.act("join", json!({ "user": noe, "link": open })).await;
    assert_eq!(s.member_status(chat, noe), "member");
    other.act("leave", json!({ "user": noe, "chat": chat })).await;
    assert_eq!(s.member_status(chat, noe), "left");
}

async fn calls(other: &Other) {
    let made = json!({ "first": "École", "last": "", "phone": "33600000001", "password": null });
    let account = other.id("add_caller", made).await;
    let seed = other.act("caller_seed", json!({ "account": account })).await;
    let caller = super::mtproto::connect(seed.as_str().unwrap());
    let chat = caller.create("3ᵉ B", "").await.chat;
    assert_eq!(other.act("connections", json!({ "account": account })).await, 1);
    let id = other.id("start_call", json!({ "by": account, "chat": chat, "title": "Maths" })).await;
    assert_eq!(other.act("mute_call", json!({ "chat": chat, "muted": true })).await, true);
    assert_eq!(other.act("calls", json!({ "chat": chat })).await[0]["join_muted"], true);
    let lea = other.person("Léa").await;
    other.act("add_member", json!({ "chat": chat, "user": lea, "by": account })).await;
    other.act("join_call", json!({ "user": lea, "chat": chat })).await;
    let inside = async || other.act("calls", json!({ "chat": chat })).await[0]["participants"].clone();
    assert_eq!((&inside().await[0]["person"], &inside().await[0]["left"]), (&json!(lea), &Value::Null));
    assert_eq!(other.act("speak_in_call", json!({ "user": lea, "chat": chat })).await, true);
    assert_eq!(other.act("leave_call", json!({ "user": lea, "chat": chat })).await, true);
    assert_ne!(inside().await[0]["left"], Value::Null);
    other.act("join_call_as_channel", json!({ "user": account, "chat": chat, "title": "Le Masque" })).await;
    assert_eq!(inside().await[1]["channel"], "Le Masque");
    assert_eq!(other.act("end_call", json!({ "by": account, "chat": chat })).await, true);
    let calls = other.act("calls", json!({ "chat": chat })).await;
    assert_eq!((&calls[0]["id"], &calls[0]["open"]), (&json!(id), &json!(false)));
    let later = json!({ "by": account, "chat": chat, "title": "Demain", "at": super::MORNING.plus_hours(3) });
    let scheduled = other.id("schedule_call", later).await;
    let calls = other.act("calls", json!({ "chat": chat })).await;
    assert_eq!((&calls[1]["id"], &calls[1]["open"]), (&json!(scheduled), &json!(false)));
    assert!(other.asked("join_call", json!({ "user": lea, "chat": chat })).await["error"].is_string());
}

async fn trouble(other: &Other) {
    let s = &other.sandbox;
    let slow = json!({ "too_many_requests": { "method": "getMe", "retry_after": 3, "times": 1 } });
    other.act("fault", json!({ "fault": slow })).await;
    assert_eq!(call(s, "getMe", &json!({})).await["parameters"]["retry_after"], 3);
    updates(s, &ALL).await;
    let next = other.id("renumber_updates", json!({ "next": 7 })).await;
    assert!(next > 300_000_000, "{next}");
    let noe = other.person("Noé").await;
    other.id("say", json!({ "user": noe, "chat": noe, "text": "x" })).await;
    let refused = other.asked("renumber_updates", json!({ "next": 1 })).await;
    assert!(refused["error"].is_string(), "one waits: {refused}");
    let numbers: Vec<i64> = updates(s, &ALL).await.iter().filter_map(|update| update["update_id"].as_i64()).collect();
    assert_eq!(numbers, [7]);
    // A restart breaks whatever line is open.
    let url = format!("{}/bot{}/getUpdates?timeout=20", s.bot_api_url(), s.token());
    let poll = http().get(url).send();
    let restart = async {
        rest(150).await;
        other.act("restart", json!({})).await
    };
    let (poll, _) = tokio::join!(poll, restart);
    assert!(poll.is_err(), "{poll:?}");
    let refused = other.asked("say", json!({ "user": 424_242, "chat": 424_242, "text": "x" })).await;
    assert!(refused["error"].is_string(), "{refused}");
}

/// What the app would not let somebody do is refused, and changes nothing.
#[tokio::test]
async fn nobody_acts_beyond_what_the_app_allows() {
    let other = Other { sandbox: sandbox().await, tried: Mutex::default() };
    let s = &other.sandbox;
    let (chat, owner) = group(s, &[]);
    let (lea, noe, paul) = (other.person("Léa").await, other.person("Noé").await, other.person("Paul").await);
    for user in [lea, noe, paul] {
        other.act("add_member", json!({ "chat": chat, "user": user, "by": owner })).await;
    }
    assert!(s.promote(chat, paul, owner, &["pin_messages"]) && s.ban(owner, noe, chat));
    let (title, bot) = (s.title(chat), s.member_status(chat, s.bot_id()));
    let pin = json!(["pin_messages"]);
    for by in [lea, paul] {
        for (act, with) in [
            ("ban", json!({ "by": by, "user": lea, "chat": chat })),
            ("unban", json!({ "by": by, "user": noe, "chat": chat })),
            ("rename", json!({ "by": by, "chat": chat, "title": "À nous" })),
            ("promote_bot", json!({ "by": by, "chat": chat, "rights": pin })),
            ("promote", json!({ "by": by, "user": lea, "chat": chat, "rights": pin })),
            ("ban", json!({ "by": by, "user": owner, "chat": chat })),
        ] {
            let refused = other.asked(act, with).await;
            assert!(refused["error"].is_string(), "{act} by {by}: {refused}");
        }
    }
    assert_eq!((s.title(chat), s.member_status(chat, s.bot_id())), (title, bot));
    assert_eq!((s.member_status(chat, lea), s.member_status(chat, noe)), ("member".into(), "kicked".into()));
    // Nor does somebody with the right do it to the owner.
    assert!(s.promote(chat, paul, owner, &["restrict_members", "promote_members"]));
    assert!(!s.ban(paul, owner, chat) && !s.promote(chat, owner, paul, &[]));
    assert_eq!(s.member_status(chat, owner), "creator");
    // A deep link takes 64 letters, digits, dashes and underscores.
    for payload in ["a b", "é", "a=b", &"x".repeat(65)] {
        let refused = other.asked("start_bot", json!({ "user": lea, "payload": payload })).await;
        assert!(refused["error"].is_string() && s.messages(lea).is_empty(), "{payload}: {refused}");
    }
    other.id("start_bot", json!({ "user": lea, "payload": "-_".repeat(32) })).await;
    s.stop().await;
}
