//! Updates posted to an address, with the secret, in order, again until they are taken.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{call, refusal, rest, sandbox};

/// Takes one request: its head and its body; answers with this status.
async fn take(listener: &TcpListener, status: &str) -> (String, Value) {
    let (mut line, _) = listener.accept().await.expect("a line");
    let (mut read, mut piece) = (Vec::new(), [0_u8; 4096]);
    loop {
        let count = line.read(&mut piece).await.expect("bytes");
        read.extend_from_slice(&piece[..count]);
        let text = String::from_utf8_lossy(&read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && let Ok(update) = serde_json::from_str(body)
        {
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            line.write_all(answer.as_bytes()).await.expect("answered");
            return (head.to_owned(), update);
        }
    }
}

#[tokio::test]
async fn updates_are_posted_with_the_secret_and_again_until_they_are_taken() {
    let sandbox = sandbox().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/hook?of=school", listener.local_addr().expect("an address"));
    let set = |secret: &str| json!({ "url": url, "secret_token": secret });
    assert_eq!(
        refusal(&sandbox, "setWebhook", &set("é")).await,
        "Bad Request: secret token contains unallowed characters"
    );
    assert_eq!(refusal(&sandbox, "setWebhook", &set(&"a".repeat(257))).await, "Bad Request: secret token is too long");
    call(&sandbox, "setWebhook", &set("s3cret_-")).await;
    let lea = sandbox.add_person("Léa", "", "fr");
    sandbox.start_bot(lea, "");
    sandbox.say(lea, lea, "bonjour");
    let (head, first) = take(&listener, "500 Internal Server Error").await;
    assert!(head.starts_with("POST /hook?of=school HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("X-Telegram-Bot-Api-Secret-Token: s3cret_-"), "{head}");
    assert_eq!(first["message"]["text"], "/start");
    let (_, again) = take(&listener, "200 OK").await;
    assert_eq!(again, first, "what was not taken comes again");
    let (_, second) = take(&listener, "204 No Content").await;
    assert_eq!(second["message"]["text"], "bonjour");
    for _ in 0..100 {
        if call(&sandbox, "getWebhookInfo", &json!({})).await["result"]["pending_update_count"] == json!(0) {
            break;
        }
        rest(10).await;
    }
    let info = call(&sandbox, "getWebhookInfo", &json!({})).await["result"].clone();
    assert_eq!((info["pending_update_count"].clone(), info["url"].clone()), (json!(0), json!(url)));
    assert_eq!(info["last_error_message"], "Wrong response from the webhook: 500 Internal Server Error");
    assert!(refusal(&sandbox, "getUpdates", &json!({})).await.starts_with("Conflict: can't use getUpdates"));
    // Once it is gone, updates wait for a poll.
    call(&sandbox, "deleteWebhook", &json!({})).await;
    sandbox.say(lea, lea, "encore");
    let polled = call(&sandbox, "getUpdates", &json!({})).await;
    assert_eq!(polled["result"][0]["message"]["text"], "encore");
    assert!(sandbox.violations().is_empty(), "{:?}", sandbox.violations());
}
