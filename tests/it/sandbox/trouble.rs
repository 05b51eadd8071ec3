//! Telegram's bad days.

use std::time::Duration;

use preau::kernel::Clock;
use preau::sandbox::{Fault, Limits, Sandbox};
use serde_json::{Value, json};
use teloxide::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{MORNING, bot, call, http, kinds, refusal, rest, sandbox, sandbox_with, updates};

async fn send(sandbox: &Sandbox, chat: i64) -> Result<Value, reqwest::Error> {
    let url = format!("{}/bot{}/sendMessage", sandbox.bot_api_url(), sandbox.token());
    http().post(url).json(&json!({ "chat_id": chat, "text": "x" })).send().await?.json().await
}

fn person(sandbox: &Sandbox) -> i64 {
    let lea = sandbox.add_person("Léa", "", "fr");
    sandbox.start_bot(lea, "");
    lea
}

fn from_bot(sandbox: &Sandbox, chat: i64) -> usize {
    sandbox.messages(chat).iter().filter(|message| message.from_bot).count()
}

#[tokio::test]
async fn the_older_poll_is_ended_by_the_newer() {
    let sandbox = sandbox().await;
    let older = {
        let sandbox = sandbox.clone();
        async move { call(&sandbox, "getUpdates", &json!({ "timeout": 20 })).await }
    };
    let newer = {
        let sandbox = sandbox.clone();
        async move {
            rest(150).await;
            let params = json!({ "timeout": 20 });
            let waiting = call(&sandbox, "getUpdates", &params);
            let speaking = async {
                rest(150).await;
                person(&sandbox)
            };
            tokio::join!(waiting, speaking).0
        }
    };
    let (older, newer) = tokio::join!(older, newer);
    assert_eq!(older["error_code"], 409);
    assert_eq!(
        older["description"],
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    );
    assert_eq!(newer["result"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_lost_answer_and_a_reset_are_broken_connections() {
    let sandbox = sandbox().await;
    let lea = person(&sandbox);
    sandbox.fault(Fault::LostAnswer { method: Some("sendMessage".to_owned()), times: 1 });
    let lost = send(&sandbox, lea).await.unwrap_err();
    assert!(!lost.is_timeout() && !lost.is_status(), "{lost:?}");
    assert_eq!(from_bot(&sandbox, lea), 1, "it was done");
    sandbox.fault(Fault::Reset { method: None, times: 1 });
    let error = bot(&sandbox).send_message(ChatId(lea), "x").await.unwrap_err();
    assert!(matches!(error, teloxide::RequestError::Network(_)), "{error:?}");
    assert_eq!(from_bot(&sandbox, lea), 1, "it was not done");
    send(&sandbox, lea).await.unwrap();
    let outcomes: Vec<String> = sandbox.journal().into_iter().map(|call| call.outcome).collect();
    assert_eq!(outcomes, ["lost", "reset", "ok"]);
}

/// The line stays open and says nothing: whoever gives up does not know that it was done.
#[tokio::test]
async fn an_answer_may_leave_too_late() {
    let sandbox = sandbox().await;
    let lea = person(&sandbox);
    let late = |millis| Fault::LateAnswer { method: Some("sendMessage".to_owned()), millis, times: 1 };
    sandbox.fault(late(60_000));
    let clock = Clock::machine();
    assert!(clock.within(Duration::from_millis(300), send(&sandbox, lea)).await.is_none());
    assert_eq!(from_bot(&sandbox, lea), 1, "it was done");
    sandbox.fault(late(200));
    assert_eq!(send(&sandbox, lea).await.unwrap()["ok"], true);
    assert!(clock.elapsed() >= Duration::from_millis(500));
    let outcomes: Vec<String> = sandbox.journal().into_iter().map(|call| call.outcome).collect();
    assert_eq!(outcomes, ["lost", "ok"]);
}

#[tokio::test]
async fn too_many_requests_by_plan_and_by_pace() {
    let limits = Limits { overall_per_second: 0, chat_per_second: 0, group_per_minute: 20, ..Limits::default() };
    let sandbox = sandbox_with(Clock::standing(MORNING), limits).await;
    let lea = person(&sandbox);
    sandbox.fault(Fault::TooManyRequests { method: None, retry_after: 7, times: 1 });
    let error = bot(&sandbox).send_message(ChatId(lea), "x").await.unwrap_err();
    assert!(matches!(error, teloxide::RequestError::RetryAfter(wait) if wait.duration() == Duration::from_secs(7)));
    let owner = sandbox.add_person("Claire", "", "fr");
    let chat = sandbox.add_group("3ᵉ B", owner);
    sandbox.add_bot(chat, owner);
    for _ in 0..20 {
        assert_eq!(send(&sandbox, chat).await.unwrap()["ok"], true);
    }
    let refused = send(&sandbox, chat).await.unwrap();
    assert_eq!(refused["error_code"], 429);
    assert!(refused["parameters"]["retry_after"].as_i64().is_some_and(|seconds| (55..=60).contains(&seconds)));
    assert_eq!(send(&sandbox, lea).await.unwrap()["ok"], true, "others may be written to");
}

/// Thirty a second, to whomever: the rest of a hundred at once wait a second.
#[tokio::test]
async fn too_many_at_once_by_the_overall_pace() {
    let limits = Limits { overall_per_second: 30, ..Limits::default() };
    let sandbox = sandbox_with(Clock::standing(MORNING), limits).await;
    let people: Vec<i64> = (0..100).map(|_| person(&sandbox)).collect();
    let sent = futures::future::join_all(people.iter().map(|person| send(&sandbox, *person))).await;
    let answers: Vec<Value> = sent.into_iter().map(Result::unwrap).collect();
    let (taken, refused): (Vec<&Value>, Vec<&Value>) = answers.iter().partition(|answer| answer["ok"] == true);
    assert!(taken.len() >= 30 && !refused.is_empty(), "{} taken", taken.len());
    for answer in refused {
        assert_eq!((&answer["error_code"], &answer["parameters"]["retry_after"]), (&json!(429), &json!(1)), "{answer}");
    }
    let written: usize = people.iter().map(|person| from_bot(&sandbox, *person)).sum();
    assert_eq!(written, taken.len(), "what was refused was not written");
}

#[tokio::test]
async fn server_errors_delays_and_absence() {
    let sandbox = sandbox().await;
    let lea = person(&sandbox);
    sandbox.fault(Fault::ServerError { method: Some("sendMessage".to_owned()), times: 1 });
    assert_eq!(send(&sandbox, lea).await.unwrap()["error_code"], 502);
    let clock = Clock::machine();
    sandbox.fault(Fault::Delay { method: None, millis: 200, times: 1 });
    send(&sandbox, lea).await.unwrap();
    assert!(clock.elapsed() >= Duration::from_millis(200));
    sandbox.fault(Fault::Away(true));
    send(&sandbox, lea).await.unwrap_err();
    sandbox.fault(Fault::Away(false));
    send(&sandbox, lea).await.unwrap();
    assert_eq!(from_bot(&sandbox, lea), 2);
}

#[tokio::test]
async fn a_restart_breaks_a_long_poll_and_keeps_the_updates() {
    let sandbox = sandbox().await;
    let mut line = tokio::net::TcpStream::connect(sandbox.bot_api_url().trim_start_matches("http://")).await.unwrap();
    let ask = format!("GET /bot{}/getUpdates?timeout=30 HTTP/1.1\r\nHost: x\r\n\r\n", sandbox.token());
    line.write_all(ask.as_bytes()).await.unwrap();
    rest(100).await;
    sandbox.restart();
    let mut heard = Vec::new();
    let _ = line.read_to_end(&mut heard).await;
    assert!(heard.is_empty(), "no answer was given");
    person(&sandbox);
    assert!(!sandbox.idle());
    assert_eq!(kinds(&updates(&sandbox, &[]).await), ["message"]);
    assert!(sandbox.idle());
}

#[tokio::test]
async fn an_update_may_come_twice() {
    let sandbox = sandbox().await;
    person(&sandbox);
    sandbox.fault(Fault::DuplicateUpdate { times: 1 });
    let first = call(&sandbox, "getUpdates", &json!({})).await["result"][0]["update_id"].as_i64().unwrap();
    let again = call(&sandbox, "getUpdates", &json!({ "offset": first + 1 })).await;
    assert_eq!(again["result"][0]["update_id"].as_i64(), Some(first));
    assert_eq!(call(&sandbox, "getUpdates", &json!({ "offset": first + 1 })).await["result"], json!([]));
}

/// What one poll brings, by its words.
async fn heard(sandbox: &Sandbox) -> Vec<String> {
    let batch = updates(sandbox, &[]).await;
    batch.iter().filter_map(|update| update["message"]["text"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn updates_are_lost_late_and_out_of_turn() {
    let sandbox = sandbox().await;
    let (lea, noe) = (person(&sandbox), person(&sandbox));
    assert_eq!(heard(&sandbox).await.len(), 2);
    sandbox.fault(Fault::LoseUpdates { kind: Some("message".to_owned()), times: 1 });
    sandbox.fault(Fault::LoseUpdates { kind: Some("chat_member".to_owned()), times: 1 });
    for words in ["one", "two"] {
        sandbox.say(lea, lea, words);
    }
    assert_eq!(heard(&sandbox).await, ["two"]);
    assert_eq!(sandbox.planned().len(), 1, "the other one was of another kind");
    for (within_chat, due) in [(true, ["noé", "léa 2", "léa 1"]), (false, ["noé", "léa 1", "léa 2"])] {
        sandbox.fault(Fault::ReorderUpdates { kind: None, within_chat, times: 1 });
        for (who, words) in [(lea, "léa 1"), (noe, "noé"), (lea, "léa 2")] {
            sandbox.say(who, who, words);
        }
        assert_eq!(heard(&sandbox).await, due);
    }
    // Whoever waits for updates is woken by one that is late, and by what comes meanwhile.
    sandbox.fault(Fault::DelayUpdates { kind: None, millis: 400, times: 1 });
    sandbox.say(lea, lea, "late");
    assert!(!sandbox.idle() && heard(&sandbox).await.is_empty());
    sandbox.say(noe, noe, "meanwhile");
    assert_eq!(heard(&sandbox).await, ["meanwhile"]);
    let clock = Clock::machine();
    let answer = call(&sandbox, "getUpdates", &json!({ "timeout": 20 })).await;
    assert_eq!(answer["result"][0]["message"]["text"], "late");
    assert!(clock.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn tokens_methods_and_webhooks_that_are_none() {
    let sandbox = sandbox().await;
    let ask = async |path: &str| -> Value {
        http().get(format!("{}{path}", sandbox.bot_api_url())).send().await.unwrap().json().await.unwrap()
    };
    assert_eq!(ask("/bot1:wrong/getMe").await["description"], "Unauthorized");
    assert_eq!(ask("/botnonsense/getMe").await["description"], "Not Found");
    assert_eq!(ask(&format!("/bot{}/flyAway", sandbox.token())).await["error_code"], 404);
    assert_eq!(ask(&format!("/bot{}/GETME", sandbox.token())).await["result"]["is_bot"], true);
    let http = json!({ "url": "http://example.org/hook" });
    let said = refusal(&sandbox, "setWebhook", &http).await;
    assert_eq!(said, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook");
    call(&sandbox, "setWebhook", &json!({ "url": "https://example.org/hook" })).await;
    assert!(refusal(&sandbox, "getUpdates", &json!({})).await.starts_with("Conflict: can't use getUpdates"));
    if super::schema().is_some() {
        assert_eq!(sandbox.violations(), ["flyAway: no such method"]);
    }
}

#[tokio::test]
async fn two_sandboxes_do_not_meet_and_stopping_closes_the_doors() {
    let (one, two) = (sandbox().await, sandbox().await);
    assert_ne!(one.bot_api_url(), two.bot_api_url());
    one.stop().await;
    assert!(http().get(format!("{}/bot{}/getMe", one.bot_api_url(), one.token())).send().await.is_err());
    assert_eq!(call(&two, "getMe", &json!({})).await["ok"], true);
}
