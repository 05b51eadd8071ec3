//! The Bot API door: tokens, methods in any case, faults, the journal, and the file store.

mod chats;
mod commands;
pub use commands::scope_key;
mod edit;
mod files;
mod invites;
mod members;
mod params;
mod polls;
mod send;
mod topics;
mod updates;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::{Value, json};

use super::door::Scissors;
use super::journal::Entry;
use super::world::World;
use super::world::faults::Fate;
use super::world::refusal::{Answer, Refusal, bad};
use params::Params;

pub type Shared = Arc<Mutex<World>>;

pub fn lock(world: &Shared) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

pub fn router(world: Shared) -> Router {
    Router::new()
        .route("/{bot}/{method}", any(method))
        .route("/file/{bot}/{*path}", any(file))
        .fallback(async || answer(&Err(Refusal::not_found())))
        .layer(DefaultBodyLimit::disable())
        .with_state(world)
}

fn answer(result: &Answer) -> Response {
    let (code, body) = match result {
        Ok(result) => (200, json!({ "ok": true, "result": result })),
        Err(refusal) => (refusal.code, refusal.body()),
    };
    let code = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (code, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// Hangs up: nothing of this response will ever leave.
fn hang_up(scissors: &Scissors) -> Response {
    scissors.0.cancel();
    StatusCode::OK.into_response()
}

/// Is this `bot<token>` ours? A malformed one has no address at all.
fn check_token(world: &World, segment: &str) -> Result<(), Refusal> {
    let token = segment.strip_prefix("bot").ok_or_else(Refusal::not_found)?;
    if token.split_once(':').is_none_or(|(id, _)| id.parse::<i64>().is_err()) {
        return Err(Refusal::not_found());
    }
    if token != world.bot.token {
        return Err(Refusal::new(401, "Unauthorized"));
    }
    let ten_minutes_on = world.bot.logged_out.map(|at| at.plus_minutes(10));
    if ten_minutes_on.is_some_and(|until| world.now() < until) {
        return Err(Refusal::new(400, "Logged out"));
    }
    Ok(())
}

async fn method(
    State(world): State<Shared>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    Path((bot, name)): Path<(String, String)>,
    request: Request,
) -> Response {
    let name = canonical(&name);
    {
        let mut world = lock(&world);
        if world.plan.away {
            return hang_up(&scissors);
        }
        if let Err(refusal) = check_token(&world, &bot) {
            turn_away(&mut world, &name, &refusal);
            return answer(&Err(refusal));
        }
    }
    let params = match Params::read(request).await {
        Ok(params) => params,
        Err(refusal) => {
            turn_away(&mut lock(&world), &name, &refusal);
            return answer(&Err(refusal));
        }
    };
    let (number, fate, clock) = {
        let mut world = lock(&world);
        let number = enter(&mut world, &name, &params);
        (number, world.plan.fate(&name), world.clock.clone())
    };
    let entry = Entry { world: world.clone(), number };
    if let Some(millis) = fate.delay {
        clock.rest(Duration::from_millis(millis)).await;
    }
    if let Some(refusal) = refused_by(&fate) {
        entry.settle_by_plan(&refusal.description);
        return answer(&Err(refusal));
    }
    if fate.reset {
        entry.settle("reset");
        return hang_up(&scissors);
    }
    let result = if name == "getUpdates" {
        updates::poll(&world, &params).await
    } else {
        let mut world = lock(&world);
        world.within_pace(&name, &params).and_then(|()| dispatch(&mut world, &name, &params))
    };
    if let Some(millis) = fate.late {
        // Whoever hangs up before has lost it.
        entry.settle("lost");
        clock.rest(Duration::from_millis(millis)).await;
    }
    let away = {
        let mut world = lock(&world);
        if let (Ok(result), Some(schema)) = (&result, &world.schema) {
            let wrong = schema.check_answer(&name, result);
            world.violations.extend(wrong);
        }
        world.plan.away
    };
    if fate.lost || away {
        entry.settle("lost");
        return hang_up(&scissors);
    }
    entry.settle(result.as_ref().err().map_or("ok", |refusal| refusal.description.as_str()));
    answer(&result)
}

/// Not even looked at: it stands in the journal all the same.
fn turn_away(world: &mut World, name: &str, refusal: &Refusal) {
    let number = world.write_down(name, Value::Null, None);
    world.settle(number, &refusal.description);
}

fn refused_by(fate: &Fate) -> Option<Refusal> {
    if fate.server_error {
        return Some(Refusal::new(502, "Bad Gateway"));
    }
    fate.retry_after.map(Refusal::too_many)
}

/// Writes a request down and holds it to the schema; returns its number.
fn enter(world: &mut World, name: &str, params: &Params) -> u64 {
    let shown = params.shown();
    let wrong = world.schema.as_ref().map(|schema| schema.check_request(name, &shown)).unwrap_or_default();
    world.violations.extend(wrong);
    world.write_down(name, Value::Object(shown), params.int("chat_id"))
}

async fn file(
    State(world): State<Shared>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    Path((bot, path)): Path<(String, String)>,
) -> Response {
    let world = lock(&world);
    if world.plan.away {
        return hang_up(&scissors);
    }
    if let Err(refusal) = check_token(&world, &bot) {
        return answer(&Err(refusal));
    }
    match world.files.values().find(|file| file.path == path) {
        Some(file) => ([(header::CONTENT_TYPE, "application/octet-stream")], file.bytes.clone()).into_response(),
        None => answer(&Err(Refusal::not_found())),
    }
}

/// Every method that is served, in Telegram's own spelling.
const METHODS: [&str; 58] = [
    "getMe",
    "getUpdates",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "logOut",
    "close",
    "sendMessage",
    "sendDocument",
    "sendPhoto",
    "sendPoll",
    "stopPoll",
    "sendChatAction",
    "forwardMessage",
    "copyMessage",
    "editMessageText",
    "editMessageCaption",
    "editMessageReplyMarkup",
    "deleteMessage",
    "deleteMessages",
    "answerCallbackQuery",
    "pinChatMessage",
    "unpinChatMessage",
    "unpinAllChatMessages",
    "getFile",
    "getChat",
    "getChatMember",
    "getChatAdministrators",
    "getChatMemberCount",
    "banChatMember",
    "unbanChatMember",
    "restrictChatMember",
    "promoteChatMember",
    "setChatAdministratorCustomTitle",
    "createChatInviteLink",
    "editChatInviteLink",
    "revokeChatInviteLink",
    "exportChatInviteLink",
    "approveChatJoinRequest",
    "declineChatJoinRequest",
    "setChatTitle",
    "setChatDescription",
    "setChatPhoto",
    "deleteChatPhoto",
    "setChatPermissions",
    "setMyCommands",
    "getMyCommands",
    "deleteMyCommands",
    "leaveChat",
    "createForumTopic",
    "editForumTopic",
    "closeForumTopic",
    "reopenForumTopic",
    "deleteForumTopic",
    "setMyName",
    "getMyName",
    "setMyDescription",
    "setMyShortDescription",
];

fn canonical(name: &str) -> String {
    let known = METHODS.into_iter().find(|known| known.eq_ignore_ascii_case(name));
    known.map_or_else(|| name.to_owned(), str::to_owned)
}

fn dispatch(world: &mut World, name: &str, p: &Params) -> Answer {
    match name {
        "getMe" => Ok(world.me_json()),
        "setWebhook" | "deleteWebhook" | "getWebhookInfo" | "logOut" | "close" => updates::settings(world, name, p),
        "sendMessage" => send::message(world, p),
        "sendDocument" => send::file(world, p, "document"),
        "sendPhoto" => send::file(world, p, "photo"),
        "sendChatAction" => send::action(world, p),
        "forwardMessage" => send::forward(world, p),
        "copyMessage" => send::copy(world, p),
        "sendPoll" => polls::send(world, p),
        "stopPoll" => polls::stop(world, p),
        "editMessageText" => edit::text(world, p),
        "editMessageCaption" => edit::caption(world, p),
        "editMessageReplyMarkup" => edit::markup_only(world, p),
        "deleteMessage" => edit::delete(world, p),
        "deleteMessages" => edit::delete_several(world, p),
        "answerCallbackQuery" => edit::answer_press(world, p),
        "pinChatMessage" => chats::pin(world, p),
        "unpinChatMessage" => chats::unpin(world, p),
        "unpinAllChatMessages" => chats::unpin_all(world, p),
        "getFile" => files::get(world, p),
        "getChat" => chats::get(world, p),
        "getChatMember" => members::get(world, p),
        "getChatAdministrators" => members::administrators(world, p),
        "getChatMemberCount" => members::count(world, p),
        "banChatMember" => members::ban(world, p),
        "unbanChatMember" => members::unban(world, p),
        "restrictChatMember" => members::restrict(world, p),
        "promoteChatMember" => members::promote(world, p),
        "setChatAdministratorCustomTitle" => members::custom_title(world, p),
        "createChatInviteLink" => invites::create(world, p),
        "editChatInviteLink" => invites::edit(world, p),
        "revokeChatInviteLink" => invites::revoke(world, p),
        "exportChatInviteLink" => invites::export(world, p),
        "approveChatJoinRequest" => invites::settle(world, p, true),
        "declineChatJoinRequest" => invites::settle(world, p, false),
        "setChatTitle" => chats::set_title(world, p),
        "setChatDescription" => chats::set_description(world, p),
        "setChatPhoto" => chats::set_photo(world, p),
        "deleteChatPhoto" => chats::delete_photo(world, p),
        "setChatPermissions" => chats::set_permissions(world, p),
        "leaveChat" => chats::leave(world, p),
        "setMyCommands" => commands::set(world, p),
        "getMyCommands" => commands::get(world, p),
        "deleteMyCommands" => commands::delete(world, p),
        "setMyName" | "getMyName" | "setMyDescription" | "setMyShortDescription" => commands::about(world, name, p),
        "createForumTopic" => topics::create(world, p),
        "editForumTopic" | "closeForumTopic" | "reopenForumTopic" | "deleteForumTopic" => {
            topics::change(world, name, p)
        }
        _ => Err(Refusal::not_found()),
    }
}

impl World {
    /// Only what makes a message, or changes one, counts.
    fn within_pace(&mut self, method: &str, p: &Params) -> Result<(), Refusal> {
        let counts = ["send", "copy", "forward", "editMessage"].iter().any(|prefix| method.starts_with(prefix));
        if !counts || method == "sendChatAction" {
            return Ok(());
        }
        let now = self.clock.elapsed();
        self.pace.take(p.int("chat_id").unwrap_or(0), now).map_err(Refusal::too_many)
    }

    /// The chat of a request: it exists, is where it was, and the bot may be in it.
    fn target(&self, p: &Params) -> Result<i64, Refusal> {
        let id = match p.text("chat_id") {
            None => return Err(bad("chat_id is empty")),
            Some(text) => text.parse::<i64>().map_err(|_| bad("chat not found"))?,
        };
        self.within_reach(id)
    }

    /// As [`World::target`], of any chat that a request names.
    fn within_reach(&self, id: i64) -> Result<i64, Refusal> {
        if id == self.bot.id {
            return Err(super::world::refusal::forbidden("bots can't send messages to bots"));
        }
        if id > 0 {
            return if self.people.contains_key(&id) { Ok(id) } else { Err(bad("chat not found")) };
        }
        let chat = self.chats.get(&id).ok_or_else(|| bad("chat not found"))?;
        if let Some(new) = chat.migrated_to {
            return Err(Refusal::migrated(new));
        }
        let member = self.member(id, self.bot.id);
        let kind = chat.kind.name();
        if member.present() {
            return Ok(id);
        }
        let why = if member.name() == "kicked" { "bot was kicked from" } else { "bot is not a member of" };
        Err(super::world::refusal::forbidden(format!("{why} the {kind} chat")))
    }

    /// The chat of a request that only groups know.
    fn target_group(&self, p: &Params) -> Result<i64, Refusal> {
        let id = self.target(p)?;
        if id > 0 { Err(bad("method is available only for supergroups and channel")) } else { Ok(id) }
    }

    /// A group in which the bot holds a right, or the refusal that names what it may not do.
    fn target_with(&self, p: &Params, right: &str, refusal: &str) -> Result<i64, Refusal> {
        let id = self.target_group(p)?;
        if self.member(id, self.bot.id).may(right) {
            Ok(id)
        } else {
            Err(bad(format!("not enough rights{}{refusal}", if refusal.is_empty() { "" } else { " " })))
        }
    }
}
