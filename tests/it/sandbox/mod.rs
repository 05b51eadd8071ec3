//! The sandbox through its doors: a real teloxide bot, raw HTTP, raw sockets and lettre.

mod bot;
mod caller_tour;
mod caller_trouble;
mod callers;
mod calls;
mod control;
mod control_acts;
mod mail;
mod members;
mod mtproto;
mod tour;
mod trouble;
mod webhook;

use std::time::Duration;

use preau::kernel::{At, Clock};
use preau::sandbox::{Limits, Options, Sandbox};
use serde_json::{Value, json};
use teloxide::Bot;

pub use crate::world::schema;

/// A Tuesday morning.
pub const MORNING: At = At(1_795_507_200_000);

#[expect(clippy::disallowed_methods, reason = "a test talks to loopback as any client may")]
pub fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a test waits for what happens in another task")]
pub async fn rest(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

pub async fn sandbox() -> Sandbox {
    sandbox_with(Clock::standing(MORNING), Limits::default()).await
}

pub async fn sandbox_with(clock: Clock, limits: Limits) -> Sandbox {
    Sandbox::start(Options { clock, seed: 7, limits, schema: schema() }).await.unwrap()
}

pub fn bot(sandbox: &Sandbox) -> Bot {
    Bot::with_client(sandbox.token(), http()).set_api_url(sandbox.bot_api_url().parse().unwrap())
}

/// One call with JSON, whatever comes back.
pub async fn call(sandbox: &Sandbox, method: &str, params: &Value) -> Value {
    let url = format!("{}/bot{}/{method}", sandbox.bot_api_url(), sandbox.token());
    http().post(url).json(params).send().await.unwrap().json().await.unwrap()
}

/// The description of a refusal.
pub async fn refusal(sandbox: &Sandbox, method: &str, params: &Value) -> String {
    let answer = call(sandbox, method, params).await;
    assert_eq!(answer["ok"], json!(false), "{method} was not refused: {answer}");
    answer["description"].as_str().unwrap_or_default().to_owned()
}

/// All updates that wait, confirmed.
pub async fn updates(sandbox: &Sandbox, allowed: &[&str]) -> Vec<Value> {
    let answer = call(sandbox, "getUpdates", &json!({ "allowed_updates": allowed })).await;
    let batch = answer["result"].as_array().cloned().unwrap_or_default();
    if let Some(last) = batch.last().and_then(|update| update["update_id"].as_i64()) {
        call(sandbox, "getUpdates", &json!({ "offset": last + 1 })).await;
    }
    batch
}

/// Everything the product may want to hear.
pub const ALL: [&str; 7] = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "poll_answer",
];

/// The kinds of updates, without their ids.
pub fn kinds(updates: &[Value]) -> Vec<String> {
    let kind =
        |update: &Value| update.as_object().and_then(|update| update.keys().find(|key| *key != "update_id").cloned());
    updates.iter().filter_map(kind).collect()
}

/// A group with its owner, and the bot as an admin with these rights.
pub fn group(sandbox: &Sandbox, rights: &[&str]) -> (i64, i64) {
    let owner = sandbox.add_person("Claire", "Martin", "fr");
    let chat = sandbox.add_group("3ᵉ B", owner);
    sandbox.add_bot(chat, owner);
    if !rights.is_empty() {
        sandbox.promote_bot(chat, owner, rights);
    }
    (chat, owner)
}
