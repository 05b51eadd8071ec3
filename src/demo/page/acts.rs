//! What a visitor does as somebody: each act goes to the world as that person's app would send it.

use std::time::Duration;

use axum::Form;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::phone::{Shown, said};
use super::view::{Phone, View};
use super::{Demo, Shared};
use crate::demo::driver::Order;
use crate::demo::school::files;
use crate::kernel::text::Lang;
use crate::text;

/// How long a press waits for the bot's answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Fields of every act; each act reads its own.
#[derive(Debug, Default, Deserialize)]
pub struct Fields {
    account: i64,
    chat: i64,
    #[serde(default)]
    l: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    link: String,
    #[serde(default)]
    message: i64,
    #[serde(default)]
    data: String,
}

fn lang(code: &str) -> Lang {
    if code == "en" { Lang::En } else { Lang::Fr }
}

/// `/act/{act}`.
pub async fn act(State(demo): State<Shared>, Path(act): Path<String>, Form(fields): Form<Fields>) -> Response {
    let lang = lang(&fields.l);
    let sandbox = &demo.sandbox;
    let Fields { account, chat, .. } = fields;
    demo.play(account);
    let outcome = match act.as_str() {
        "say" => sent(sandbox.say(account, chat, &fields.text), lang),
        "press" => return press(&demo, &fields, lang).await,
        "link" | "scan" => follow(&demo, account, &fields.link, lang),
        "join-call" => sandbox.join_call(account, chat).map(|()| String::new()),
        "leave-call" => {
            sandbox.leave_call(account, chat);
            Ok(String::new())
        }
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    sandbox.touch();
    let words = outcome.unwrap_or_else(|why| text!("demo-refused", why = why).render(lang));
    Html(said(&words, false, lang).into_string()).into_response()
}

fn sent(id: i64, lang: Lang) -> Result<String, String> {
    if id == 0 { Err(text!("demo-cannot-write").render(lang)) } else { Ok(String::new()) }
}

async fn press(demo: &Demo, fields: &Fields, lang: Lang) -> Response {
    let sandbox = &demo.sandbox;
    let query = sandbox.press_data(fields.account, fields.chat, fields.message, &fields.data);
    let mut changes = sandbox.changes();
    let answered = demo.clock.within(PATIENCE, async {
        loop {
            if let Some(words) = sandbox.callback_answer(&query) {
                return words;
            }
            if changes.changed().await.is_err() {
                return None;
            }
        }
    });
    let words = answered.await;
    let alert = sandbox.callback_alert(&query);
    let words = words.map_or_else(|| text!("demo-no-answer").render(lang), Option::unwrap_or_default);
    Html(said(&words, alert, lang).into_string()).into_response()
}

/// Opens a link as Telegram's apps do.
fn follow(demo: &Demo, account: i64, link: &str, lang: Lang) -> Result<String, String> {
    let sandbox = &demo.sandbox;
    if let Some((_, token)) = link.split_once("?start=") {
        return sent(sandbox.start_bot(account, token), lang);
    }
    if link.contains("t.me/+") || link.contains("t.me/joinchat/") {
        return match sandbox.join(account, link) {
            Err(why) if why == "INVITE_REQUEST_SENT" => Ok(text!("demo-asked-to-join").render(lang)),
            Err(why) if why == "USER_ALREADY_PARTICIPANT" => Ok(text!("demo-already-inside").render(lang)),
            other => other.map(|()| String::new()),
        };
    }
    if link.contains("t.me/c/") {
        // Telegram opens the group; its call is at the top.
        return Ok(text!("demo-link-group").render(lang));
    }
    Ok(text!("demo-link-outside", link = link).render(lang))
}

#[derive(Debug, Deserialize)]
pub struct Whose {
    account: i64,
    chat: i64,
    #[serde(default)]
    nth: usize,
    #[serde(default)]
    l: String,
}

/// `/act/file`: sends what was chosen.
pub async fn file(State(demo): State<Shared>, Query(whose): Query<Whose>, mut parts: Multipart) -> Response {
    let lang = lang(&whose.l);
    let mut outcome = Err(text!("demo-no-file").render(lang));
    while let Ok(Some(part)) = parts.next_field().await {
        let name = part.file_name().unwrap_or("fichier").to_owned();
        let Ok(bytes) = part.bytes().await else { break };
        outcome = sent(demo.sandbox.send_file(whose.account, whose.chat, &name, bytes.to_vec(), None), lang);
    }
    demo.sandbox.touch();
    let words = outcome.unwrap_or_else(|why| text!("demo-refused", why = why).render(lang));
    Html(said(&words, false, lang).into_string()).into_response()
}

/// `/menu`: the commands that the app shows.
pub async fn menu(State(demo): State<Shared>, Query(whose): Query<Whose>) -> Response {
    let phone = Phone { account: whose.account, chat: whose.chat };
    let view = View::read("", &[phone], lang(&whose.l));
    Html(Shown { demo: &demo, view: &view, nth: whose.nth, phone }.menu().into_string()).into_response()
}

#[derive(Debug, Deserialize)]
pub struct Reader {
    r#as: i64,
}

/// `/file/{chat}/{message}`: a document, to whoever is in the chat.
pub async fn document(
    State(demo): State<Shared>,
    Path((chat, id)): Path<(i64, i64)>,
    Query(reader): Query<Reader>,
) -> Response {
    let may = demo.sandbox.chats_of(reader.r#as).iter().any(|one| one.id == chat);
    let found = demo.sandbox.messages(chat).into_iter().find(|message| may && message.id == id);
    match found.and_then(|message| message.document.map(|file| (file, message.photo))) {
        Some((file, photo)) => download(&file.name, file.bytes, photo),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn download(name: &str, bytes: Vec<u8>, shown: bool) -> Response {
    let plain: String =
        name.chars().map(|sign| if sign.is_ascii() && !"\"\\\r\n".contains(sign) { sign } else { '_' }).collect();
    let kind = if shown { "inline" } else { "attachment" };
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("{kind}; filename=\"{plain}\"")),
    ];
    (headers, bytes).into_response()
}

/// `/paper/…`: the workbook that the newcomer uploads.
pub async fn workbook() -> Response {
    match files::next_week() {
        Ok(bytes) => download(files::NEXT_WEEK, bytes, false),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[derive(Debug, Deserialize)]
pub struct Clock {
    order: String,
}

/// `/clock`: moves it.
pub async fn clock(State(demo): State<Shared>, Form(clock): Form<Clock>) -> StatusCode {
    let order = match clock.order.as_str() {
        "five" => Order::Advance(Duration::from_mins(5)),
        "next" => Order::Next,
        "play" => Order::Play,
        "pause" => Order::Pause,
        "restart" => Order::Restart,
        _ => return StatusCode::NOT_FOUND,
    };
    if demo.driver.order(order).is_ok() { StatusCode::NO_CONTENT } else { StatusCode::SERVICE_UNAVAILABLE }
}

/// `/fresh`: another school, as it is before the tour.
pub async fn fresh(State(demo): State<Shared>, Form(asked): Form<Asked>) -> StatusCode {
    demo.fresh.ask(lang(&asked.l));
    demo.sandbox.touch();
    StatusCode::NO_CONTENT
}

#[derive(Debug, Deserialize)]
pub struct Asked {
    l: String,
}

/// A page on loopback answers to nobody else's name: another site cannot speak to it through the visitor's browser.
pub fn is_ours(headers: &HeaderMap) -> bool {
    let name = |value: &str| {
        let host = value.rsplit_once(':').map_or(value, |(host, _)| host);
        matches!(host, "127.0.0.1" | "localhost")
    };
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).is_some_and(name);
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
    host && origin.is_none_or(|origin| origin.strip_prefix("http://").is_some_and(name))
}
