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
