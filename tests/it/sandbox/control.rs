//! Acting from another process.

use preau::kernel::Clock;
use preau::sandbox::Limits;
use serde_json::{Value, json};

use super::{MORNING, http, sandbox_with};

#[tokio::test]
async fn another_process_acts_and_looks() {
    let clock = Clock::standing(MORNING);
    let sandbox = sandbox_with(clock.clone(), Limits::default()).await;
    let url = sandbox.control_url();
    let post = async |path: &str, body: Value| -> Value {
        http().post(format!("{url}{path}")).json(&body).send().await.unwrap().json().await.unwrap()
    };
    let get =
        async |path: &str| -> Value { http().get(format!("{url}{path}")).send().await.unwrap().json().await.unwrap() };

    let person = post("/act", json!({ "act": "add_person", "first": "Léa", "last": "", "language_code": "fr" })).await;
    let lea = person["result"].as_i64().unwrap();
    post("/act", json!({ "act": "say", "user": lea, "chat": lea, "text": "bonjour" })).await;
    assert_eq!(get(&format!("/chat/{lea}")).await[0]["text"], "bonjour");
    assert_eq!(get("/idle").await["idle"], false);
    let refused = post("/act", json!({ "act": "press", "user": lea, "chat": lea, "message": 1, "label": "x" })).await;
    assert!(refused["error"].as_str().is_some_and(|why| why.contains("no button")));
    post("/act", json!({ "act": "fault", "fault": { "reset": { "method": "getMe", "times": 1 } } })).await;
    let lost = http().get(format!("{}/bot{}/getMe", sandbox.bot_api_url(), sandbox.token())).send().await;
    assert!(lost.is_err());
    assert_eq!(get("/journal").await[0]["outcome"], "reset");

    let now = MORNING.millis();
    let later = format!("/clock?after={now}");
    let waiting = get(&later);
    let moving = async {
        super::rest(100).await;
        post("/clock/advance", json!({ "ms": 5_000 })).await
    };
    let (seen, _) = tokio::join!(waiting, moving);
    assert_eq!(seen["now"], now + 5_000);
    assert_eq!(post("/clock/set", json!({ "ms": now + 9_000 })).await["now"], now + 9_000);
}

#[tokio::test]
async fn another_process_holds_a_lesson() {
    let sandbox = sandbox_with(Clock::standing(MORNING), Limits::default()).await;
    let url = sandbox.control_url();
    let act = async |body: Value| -> Value {
        let answer: Value = http().post(format!("{url}/act")).json(&body).send().await.unwrap().json().await.unwrap();
        answer["result"].clone()
    };
    let made = json!({ "act": "add_caller", "first": "Claire", "last": "", "phone": "33600000001", "password": null });
    let claire = act(made).await.as_i64().unwrap();
    let seed = act(json!({ "act": "caller_seed", "account": claire })).await;
    let caller = super::mtproto::connect(seed.as_str().unwrap());
    let group = caller.create("3ᵉ B", "").await;
    assert_eq!(act(json!({ "act": "connections", "account": claire })).await, 1);
    let chat = group.chat;
    let call = act(json!({ "act": "start_call", "by": claire, "chat": chat, "title": "Maths" })).await;
    assert_eq!(act(json!({ "act": "join_call", "user": claire, "chat": chat })).await, Value::Null);
    assert_eq!(act(json!({ "act": "speak_in_call", "user": claire, "chat": chat })).await, true);
    assert_eq!(act(json!({ "act": "leave_call", "user": claire, "chat": chat })).await, true);
    act(json!({ "act": "join_call_as_channel", "user": claire, "chat": chat, "title": "Le Masque" })).await;
    assert_eq!(act(json!({ "act": "end_call", "by": claire, "chat": chat })).await, true);
    let calls = act(json!({ "act": "calls", "chat": chat })).await;
    assert_eq!((&calls[0]["id"], &calls[0]["open"], &calls[0]["title"]), (&call, &json!(false), &json!("Maths")));
    assert_eq!(calls[0]["participants"].as_array().map(Vec::len), Some(2));
    act(json!({ "act": "fault", "fault": { "revoke_session": claire } })).await;
    assert_eq!(caller.refused(super::callers::creation("x", "")).await, "AUTH_KEY_UNREGISTERED");
}

#[tokio::test]
async fn another_process_sends_and_reads_files_that_are_no_text() {
    let sandbox = sandbox_with(Clock::standing(MORNING), Limits::default()).await;
    let lea = sandbox.add_person("Léa", "", "fr");
    sandbox.start_bot(lea, "");
    let url = sandbox.control_url();
    // Larger than what a door usually takes, with every byte.
    let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(3_000_000).collect();
    assert!(String::from_utf8(bytes.clone()).is_err());
    let chat = lea.to_string();
    let send = async |to: &str| {
        let about = [("user", chat.as_str()), ("chat", to), ("name", "été & Cie.xlsx"), ("caption", "voilà")];
        let to = reqwest::Url::parse_with_params(&format!("{url}/act/send_file"), about).unwrap();
        let answer = http().post(to).body(bytes.clone()).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap())
    };
    let (status, told) = send(&chat).await;
    assert_eq!(status, 200, "{told}");
    let id = told["result"].as_i64().unwrap();
    let shown = sandbox.messages(lea).pop().unwrap();
    assert_eq!((shown.id, shown.text.as_str(), shown.document.unwrap().name.as_str()), (id, "voilà", "été & Cie.xlsx"));
    let read = async |id: i64| http().get(format!("{url}/chat/{lea}/{id}/document")).send().await.unwrap();
    assert!(read(id).await.bytes().await.unwrap() == bytes, "the bytes come back as they went");

    let words = sandbox.say(lea, lea, "bonjour");
    for none in [words, 999] {
        assert_eq!(read(none).await.status().as_u16(), 404);
    }
    assert_eq!(send("424242").await.0, 422);
}
