//! Against a hand-written mail server and a webhook, both on loopback.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use super::*;
use crate::platform::config::Config;
use crate::platform::tasks::Tasks;
use crate::platform::web;

const ANY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// Speaks just enough SMTP; refuses every recipient when `refusing`.
async fn converse(stream: TcpStream, mails: mpsc::UnboundedSender<String>, refusing: bool) -> std::io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 loopback\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let answer: &[u8] = match line.get(..4).unwrap_or_default() {
            "EHLO" => b"250-loopback\r\n250 AUTH PLAIN\r\n",
            "AUTH" => b"235 ok\r\n",
            "RCPT" if refusing => b"550 no such person as admin@school.example\r\n",
            "DATA" => {
                write.write_all(b"354 go on\r\n").await?;
                let mut mail = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    mail.push_str(&line);
                    mail.push('\n');
                }
                let _ = mails.send(mail);
                b"250 taken\r\n"
            }
            _ => b"250 ok\r\n",
        };
        write.write_all(answer).await?;
    }
    Ok(())
}

async fn mail_server(tasks: &Tasks, refusing: bool) -> (u16, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind(ANY).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, mails) = mpsc::unbounded_channel();
    let spawner = tasks.clone();
    tasks.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            spawner.spawn(converse(stream, sender.clone(), refusing));
        }
    });
    (port, mails)
}

fn alert(keys: &[(&str, &str)]) -> Alert {
    let config = Config::with(keys, &[]).unwrap();
    Alert::new(&config.alert, Lang::En, &Clock::machine()).unwrap()
}

fn by_mail(port: u16) -> Alert {
    alert(&[
        ("alert.smtp_host", "127.0.0.1"),
        ("alert.smtp_port", &port.to_string()),
        ("alert.smtp_tls", "none"),
        ("alert.smtp_user", "preau"),
        ("alert.smtp_password", "geheim"),
        ("alert.mail_from", "Préau <preau@school.example>"),
        ("alert.mail_to", "admin@school.example, second@school.example"),
    ])
}

#[tokio::test]
async fn a_mail_arrives_once_an_hour() {
    let tasks = Tasks::default();
    let (port, mut mails) = mail_server(&tasks, false).await;
    let alert = by_mail(port);
    let (subject, body) = (Text::verbatim("Telegram is away\r\nBcc: all@x"), text_body());
    alert.send(&subject, &body).await.unwrap();
    alert.send(&subject, &body).await.unwrap();
    alert.send(&Text::verbatim("The disk is full"), &body).await.unwrap();
    let first = mails.recv().await.unwrap();
    assert!(first.contains("Subject: Telegram is away  Bcc: all@x"), "{first}");
    assert!(first.contains("To: admin@school.example, second@school.example"), "{first}");
    assert!(first.contains("3 rows are overdue"), "{first}");
    assert!(mails.recv().await.unwrap().contains("Subject: The disk is full"));
    assert!(mails.try_recv().is_err(), "the same subject was sent twice");
    tasks.abandon().await;
}

fn text_body() -> Text {
    Text::verbatim("3 rows are overdue")
}

#[tokio::test]
async fn a_refusal_is_an_outage_without_the_servers_words_and_may_be_tried_again() {
    let tasks = Tasks::default();
    let (port, _mails) = mail_server(&tasks, true).await;
    let alert = by_mail(port);
    for _ in 0..2 {
        let error = alert.send(&Text::verbatim("x"), &text_body()).await.unwrap_err();
        assert!(error.is_outage());
        assert_eq!(error.to_string(), "mail server is unavailable: the server answered 550");
    }
    tasks.abandon().await;
    let error = alert.send(&Text::verbatim("x"), &text_body()).await.unwrap_err();
    assert!(error.is_outage(), "{error}");
}

#[tokio::test]
async fn a_webhook_gets_subject_and_body() {
    let tasks = Tasks::default();
    let (listener, bound) = web::bind("test", ANY).await.unwrap();
    let (sender, mut posts) = mpsc::unbounded_channel::<String>();
    let heard = sender.clone();
    let pages = Router::new()
        .route("/hook", post(async move |body: String| heard.send(body).map_err(|_| StatusCode::GONE)))
        .route("/full", post(async || StatusCode::INSUFFICIENT_STORAGE));
    web::serve(listener, pages, &tasks);
    let good = alert(&[("alert.webhook_url", &format!("http://{bound}/hook"))]);
    good.send(&Text::verbatim("x"), &text_body()).await.unwrap();
    let json: serde_json::Value = serde_json::from_str(&posts.recv().await.unwrap()).unwrap();
    assert_eq!(json, serde_json::json!({ "subject": "x", "body": "3 rows are overdue" }));
    let full = alert(&[("alert.webhook_url", &format!("http://{bound}/full"))]);
    let error = full.send(&Text::verbatim("x"), &text_body()).await.unwrap_err();
    assert_eq!(error.to_string(), "alert webhook is unavailable: answered 507");
    tasks.stop(&Clock::machine(), Duration::from_secs(5)).await;
}

/// A test can stop the program before and after each call, on either channel.
#[tokio::test]
async fn each_call_lies_between_two_points() {
    let tasks = Tasks::default();
    let (port, _mails) = mail_server(&tasks, false).await;
    let port = port.to_string();
    let by_mail = [
        ("alert.smtp_host", "127.0.0.1"),
        ("alert.smtp_port", port.as_str()),
        ("alert.smtp_tls", "none"),
        ("alert.mail_from", "preau@school.example"),
        ("alert.mail_to", "admin@school.example"),
    ];
    // Nobody listens there: an attempt is a call too.
    let by_webhook = [("alert.webhook_url", "http://127.0.0.1:1/hook")];
    for (keys, sent) in [(&by_mail[..], true), (&by_webhook, false)] {
        let reached: Arc<Mutex<Vec<&str>>> = Arc::default();
        let heard = Arc::clone(&reached);
        let probe = Probe::new(move |point| {
            heard.lock().unwrap().push(point);
            Box::pin(async {})
        });
        let config = Config::with(keys, &[]).unwrap();
        let alert = Alert::under(&config.alert, Lang::En, &Clock::machine(), &probe).unwrap();
        assert_eq!(alert.send(&Text::verbatim("x"), &text_body()).await.is_ok(), sent);
        assert_eq!(*reached.lock().unwrap(), ["before call", "after call"], "{keys:?}");
    }
    tasks.abandon().await;
}

#[tokio::test]
async fn without_a_channel_the_log_has_to_do() {
    let alert = alert(&[]);
    assert!(!alert.is_connected());
    assert!(alert.send(&Text::verbatim("x"), &text_body()).await.is_ok());
}

#[test]
fn an_hour_is_an_hour() {
    assert!(is_due(None, Duration::ZERO));
    assert!(!is_due(Some(Duration::from_secs(10)), Duration::from_secs(3609)));
    assert!(is_due(Some(Duration::from_secs(10)), Duration::from_secs(3610)));
}
