//! The control door: another process may read the clock, move it, act as people and look around.

use std::sync::Weak;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::values::Fault;
use super::{Inner, Sandbox};
use crate::kernel::At;

/// How long a look at the clock waits.
const LONGEST_LOOK: Duration = Duration::from_secs(20);

type Reply = Result<Json<Value>, (StatusCode, Json<Value>)>;

#[derive(Clone)]
struct Handle(Weak<Inner>);

impl Handle {
    fn sandbox(&self) -> Result<Sandbox, (StatusCode, Json<Value>)> {
        let gone = || (StatusCode::GONE, Json(json!({ "error": "the sandbox has ended" })));
        self.0.upgrade().map(Sandbox).ok_or_else(gone)
    }
}

pub fn router(inner: Weak<Inner>) -> Router {
    Router::new()
        .route("/clock", get(clock))
        .route("/clock/advance", post(advance))
        .route("/clock/set", post(set))
        .route("/journal", get(journal))
        .route("/violations", get(violations))
        .route("/mails", get(mails))
        .route("/idle", get(idle))
        .route("/chat/{id}", get(chat))
        .route("/chat/{id}/{message}/document", get(document))
        .route("/act", post(act))
        // People's apps send larger files than a door takes by itself.
        .route("/act/send_file", post(send_file).layer(DefaultBodyLimit::disable()))
        .with_state(Handle(inner))
}

#[derive(Deserialize)]
struct After {
    after: Option<i64>,
}

/// Answers as soon as the clock has passed `after`, at the latest after twenty seconds.
async fn clock(State(handle): State<Handle>, Query(After { after }): Query<After>) -> Reply {
    // Only the clock is held while waiting, never the sandbox.
    let clock = handle.sandbox()?.with(|world| world.clock.clone());
    if let Some(after) = after {
        let _ = clock.within(LONGEST_LOOK, clock.until(At(after.saturating_add(1)))).await;
    }
    Ok(Json(json!({ "now": clock.now() })))
}

#[derive(Deserialize)]
struct Millis {
    ms: u64,
}

async fn advance(State(handle): State<Handle>, Json(Millis { ms }): Json<Millis>) -> Reply {
    let clock = handle.sandbox()?.with(|world| world.clock.clone());
    clock.advance(Duration::from_millis(ms));
    Ok(Json(json!({ "now": clock.now() })))
}

async fn set(State(handle): State<Handle>, Json(Millis { ms }): Json<Millis>) -> Reply {
    let clock = handle.sandbox()?.with(|world| world.clock.clone());
    clock.set(At(i64::try_from(ms).unwrap_or(i64::MAX)));
    Ok(Json(json!({ "now": clock.now() })))
}

async fn journal(State(handle): State<Handle>) -> Reply {
    Ok(Json(json!(handle.sandbox()?.journal())))
}

async fn violations(State(handle): State<Handle>) -> Reply {
    Ok(Json(json!(handle.sandbox()?.violations())))
}

async fn mails(State(handle): State<Handle>) -> Reply {
    Ok(Json(json!(handle.sandbox()?.mails())))
}

async fn idle(State(handle): State<Handle>) -> Reply {
    let sandbox = handle.sandbox()?;
    Ok(Json(json!({ "idle": sandbox.idle(), "updates": sandbox.update_count() })))
}

async fn chat(State(handle): State<Handle>, Path(id): Path<i64>) -> Reply {
    Ok(Json(json!(handle.sandbox()?.messages(id))))
}

/// The bytes of a message's document, as they are.
async fn document(
    State(handle): State<Handle>,
    Path((id, message)): Path<(i64, i64)>,
) -> Result<Bytes, (StatusCode, Json<Value>)> {
    let found = handle.sandbox()?.messages(id).into_iter().find(|shown| shown.id == message);
    let none = || (StatusCode::NOT_FOUND, Json(json!({ "error": "no message with a document" })));
    found.and_then(|message| message.document).map(|file| Bytes::from(file.bytes)).ok_or_else(none)
}

#[derive(Deserialize)]
struct File {
    user: i64,
    chat: i64,
    name: String,
    caption: Option<String>,
}

/// The act `send_file` for files that are no text: the body is the file.
async fn send_file(State(handle): State<Handle>, Query(file): Query<File>, bytes: Bytes) -> Reply {
    let File { user, chat, name, caption } = file;
    let id = handle.sandbox()?.send_file(user, chat, &name, bytes.into(), caption.as_deref());
    answer(sent(id))
}

fn answer(result: Result<Value, String>) -> Reply {
    let refused = |why: String| (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "error": why })));
    result.map(|result| Json(json!({ "result": result }))).map_err(refused)
}

async fn act(State(handle): State<Handle>, Json(act): Json<Act>) -> Reply {
    answer(act.on(&handle.sandbox()?))
}

/// Everything a person can do, as JSON: `{"act": "say", "user": 1, "chat": 1, "text": "…"}`; trouble as
/// `{"act": "fault", "fault": {"reset": {"method": "sendMessage", "times": 1}}}`.
#[derive(Debug, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
enum Act {
    AddPerson { first: String, last: String, language_code: String },
    AddCaller { first: String, last: String, phone: String, password: Option<String> },
    CallerSeed { account: Option<i64> },
    AddGroup { title: String, owner: i64 },
    AddBasicGroup { title: String, owner: i64 },
    UpgradeGroup { chat: i64 },
    SetForum { chat: i64, forum: bool },
    AddBot { chat: i64, by: i64 },
    PromoteBot { chat: i64, by: i64, rights: Vec<String> },
    AddMember { chat: i64, user: i64, by: i64 },
    Promote { chat: i64, user: i64, by: i64, rights: Vec<String> },
    StartBot { user: i64, payload: String },
    Say { user: i64, chat: i64, text: String },
    Reply { user: i64, chat: i64, to: i64, text: String },
    SendFile { user: i64, chat: i64, name: String, text: String, caption: Option<String> },
    Edit { user: i64, chat: i64, id: i64, text: String },
    Press { user: i64, chat: i64, message: i64, label: String },
    PressData { user: i64, chat: i64, message: i64, data: String },
    CallbackAnswer { query: String },
    Vote { user: i64, chat: i64, message: i64, options: Vec<usize> },
    AskToJoin { user: i64, link: String },
    Join { user: i64, link: String },
    Leave { user: i64, chat: i64 },
    Ban { by: i64, user: i64, chat: i64 },
    Unban { by: i64, user: i64, chat: i64 },
    Rename { by: i64, chat: i64, title: String },
    StartCall { by: i64, chat: i64, title: String },
    ScheduleCall { by: i64, chat: i64, title: String, at: At },
    MuteCall { chat: i64, muted: bool },
    JoinCall { user: i64, chat: i64 },
    JoinCallAsChannel { user: i64, chat: i64, title: String },
    SpeakInCall { user: i64, chat: i64 },
    LeaveCall { user: i64, chat: i64 },
    EndCall { by: i64, chat: i64 },
    Calls { chat: i64 },
    Connections { account: i64 },
    BlockBot { user: i64, blocked: bool },
    DeleteMessage { user: i64, chat: i64, id: i64 },
    Members { chat: i64 },
    JoinRequests { chat: i64 },
    Links { chat: i64 },
    RenumberUpdates { next: i64 },
    Fault { fault: Fault },
    Restart,
}

fn words(rights: &[String]) -> Vec<&str> {
    rights.iter().map(String::as_str).collect()
}

/// A message id, or why there is none.
fn sent(id: i64) -> Result<Value, String> {
    if id == 0 { Err("the app would not let this person write here".to_owned()) } else { Ok(json!(id)) }
}

/// What only some may do.
fn done(may: bool) -> Result<Value, String> {
    if may { Ok(Value::Null) } else { Err("the app would not let this person do that here".to_owned()) }
}

impl Act {
    fn on(self, s: &Sandbox) -> Result<Value, String> {
        match self {
            Self::AddPerson { first, last, language_code } => {
                return Ok(json!(s.add_person(&first, &last, &language_code)));
            }
            Self::AddCaller { first, last, phone, password } => {
                return Ok(json!(s.add_caller(&first, &last, &phone, password.as_deref())));
            }
            Self::CallerSeed { account } => return Ok(json!(s.caller_seed(account))),
            Self::AddGroup { title, owner } => return Ok(json!(s.add_group(&title, owner))),
            Self::AddBasicGroup { title, owner } => return Ok(json!(s.add_basic_group(&title, owner))),
            Self::UpgradeGroup { chat } => return Ok(json!(s.upgrade_group(chat))),
            Self::Members { chat } => return Ok(json!(s.members(chat))),
            Self::JoinRequests { chat } => return Ok(json!(s.join_requests(chat))),
            Self::Links { chat } => return Ok(json!(s.links(chat))),
            Self::RenumberUpdates { next } => return s.renumber_updates(next).map(Value::from),
            Self::SetForum { chat, forum } => s.set_forum(chat, forum),
            Self::AddBot { chat, by } => s.add_bot(chat, by),
            Self::PromoteBot { chat, by, rights } => return done(s.promote_bot(chat, by, &words(&rights))),
            Self::AddMember { chat, user, by } => s.add_member(chat, user, by),
            Self::Promote { chat, user, by, rights } => return done(s.promote(chat, user, by, &words(&rights))),
            Self::Leave { user, chat } => s.leave(user, chat),
            Self::Ban { by, user, chat } => return done(s.ban(by, user, chat)),
            Self::Unban { by, user, chat } => return done(s.unban(by, user, chat)),
            Self::Rename { by, chat, title } => return done(s.rename(by, chat, &title)),
            Self::BlockBot { user, blocked } => s.block_bot(user, blocked),
            Self::DeleteMessage { user, chat, id } => s.delete_message(user, chat, id),
            Self::Fault { fault } => s.fault(fault),
            Self::Restart => s.restart(),
            act => return act.called(s),
        }
        Ok(Value::Null)
    }

    /// What a person does in a call.
    fn called(self, s: &Sandbox) -> Result<Value, String> {
        match self {
            Self::StartCall { by, chat, title } => Ok(json!(s.start_call(by, chat, &title))),
            Self::ScheduleCall { by, chat, title, at } => Ok(json!(s.schedule_call(by, chat, &title, at))),
            Self::MuteCall { chat, muted } => Ok(json!(s.mute_call(chat, muted))),
            Self::JoinCall { user, chat } => s.join_call(user, chat).map(Value::from),
            Self::JoinCallAsChannel { user, chat, title } => {
                s.join_call_as_channel(user, chat, &title).map(Value::from)
            }
            Self::SpeakInCall { user, chat } => Ok(json!(s.speak_in_call(user, chat))),
            Self::LeaveCall { user, chat } => Ok(json!(s.leave_call(user, chat))),
            Self::EndCall { by, chat } => Ok(json!(s.end_call(by, chat))),
            Self::Calls { chat } => Ok(json!(s.calls(chat))),
            Self::Connections { account } => Ok(json!(s.connections(account))),
            act => act.said(s),
        }
    }

    /// What a person says and presses.
    fn said(self, s: &Sandbox) -> Result<Value, String> {
        match self {
            Self::StartBot { user, payload } => sent(s.start_bot(user, &payload)),
            Self::Say { user, chat, text } => sent(s.say(user, chat, &text)),
            Self::Reply { user, chat, to, text } => sent(s.reply(user, chat, to, &text)),
            Self::SendFile { user, chat, name, text, caption } => {
                sent(s.send_file(user, chat, &name, text.into_bytes(), caption.as_deref()))
            }
            Self::Edit { user, chat, id, text } => s.edit(user, chat, id, &text).map(Value::from),
            Self::Press { user, chat, message, label } => s.press(user, chat, message, &label).map(Value::String),
            Self::PressData { user, chat, message, data } => Ok(json!(s.press_data(user, chat, message, &data))),
            Self::CallbackAnswer { query } => {
                let answer = s.callback_answer(&query);
                Ok(json!({ "answered": answer.is_some(), "text": answer.flatten() }))
            }
            Self::Vote { user, chat, message, options } => s.vote(user, chat, message, &options).map(Value::from),
            Self::AskToJoin { user, link } => s.ask_to_join(user, &link).map(Value::from),
            Self::Join { user, link } => s.join(user, &link).map(Value::from),
            other => Err(format!("not an act: {other:?}")),
        }
    }
}
