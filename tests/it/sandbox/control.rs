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
