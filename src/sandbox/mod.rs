//! Stand-ins for every outside system, on loopback.
//!
//! One [`Sandbox`] is one world: people, their phones, groups, the bot's side of Telegram, and a mail server. The
//! product meets it through doors only (Bot API over HTTP, `MTProto` over TCP, SMTP) and cannot tell that it is not the
//! real thing; tests and the demo act as people through the methods here, and another process through the control door.
//!
//! A person may also be a user account ([`Sandbox::add_caller`]). Its client is given a session with a key of ours
//! ([`Sandbox::caller_seed`]), signed in or not; whoever has to sign in does it with the account's phone, the code 12345
//! and the password, if there is one. Telegram's limits hold for accounts always: five `phone.*` requests a second,
//! twenty calls begun a minute, fifty groups made a day (of school time).
//!
//! * `world` the model behind one lock · `botapi` the Bot API door · `mtproto` the door for user accounts · `schema`
//!   both sides held to the published API · `journal` what was asked · `mail` the SMTP door · `control` the control
//!   door · `acts` and `looks` the Rust side of acting and looking.

mod acts;
mod botapi;
mod control;
mod door;
mod journal;
mod looks;
mod mail;
mod mime;
mod mtproto;
mod schema;
mod values;
mod webhook;
mod world;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use values::{Button, Call, CallLook, CallStay, ChatLook, Document, Fault, Limits, Mail, Message, Options};

use botapi::Shared;
use door::{Door, Ear, Lines, Scissors};
use schema::Schema;
use world::World;

/// How long stopping waits for open lines.
const PATIENCE: Duration = Duration::from_secs(3);

struct Inner {
    world: Shared,
    /// The Bot API's.
    ear: Ear,
    lines: Lines,
    control_lines: Lines,
    stop: CancellationToken,
    tasks: TaskTracker,
    bot_api: SocketAddr,
    control: SocketAddr,
    smtp: SocketAddr,
    mtproto: SocketAddr,
    token: String,
    bot_id: i64,
    bot_username: String,
}

/// One world with its doors open. Cheap to clone; it ends with [`Sandbox::stop`] or with its last clone.
#[derive(Clone)]
pub struct Sandbox(Arc<Inner>);

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sandbox({})", self.0.bot_api)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

impl Inner {
    fn close(&self) {
        self.stop.cancel();
        self.ear.end();
        self.lines.cut();
        self.control_lines.cut();
        self.tasks.close();
    }
}

/// Serves a router over a door until told to stop.
async fn serve(door: Door, router: axum::Router, stop: CancellationToken) {
    let service = router.into_make_service_with_connect_info::<Scissors>();
    let _ = axum::serve(door, service).with_graceful_shutdown(stop.cancelled_owned()).await;
}

impl Sandbox {
    /// Opens all doors on free ports of 127.0.0.1.
    pub async fn start(options: Options) -> io::Result<Self> {
        let schema = options.schema.as_deref().map(Schema::load).transpose()?;
        let world = World::new(&options, schema);
        let (token, bot_id, bot_username) = (world.bot.token.clone(), world.bot.id, world.bot.username.clone());
        let world: Shared = Arc::new(Mutex::new(world));
        let (bot_listener, bot_api) = door::bind().await?;
        let (control_listener, control) = door::bind().await?;
        let (smtp_listener, smtp) = door::bind().await?;
        let (caller_listener, mtproto) = door::bind().await?;
        botapi::lock(&world).callers.port = mtproto.port();
        let inner = Inner {
            world,
            ear: Ear::new(bot_listener, bot_api),
            lines: Lines::default(),
            control_lines: Lines::default(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            bot_api,
            control,
            smtp,
            mtproto,
            token,
            bot_id,
            bot_username,
        };
        let sandbox = Self(Arc::new(inner));
        sandbox.open(Ear::new(control_listener, control));
        sandbox.open_plain(smtp_listener, caller_listener);
        Ok(sandbox)
    }

    /// The doors that speak HTTP.
    fn open(&self, control: Ear) {
        let inner = &self.0;
        let (world, stop) = (inner.world.clone(), inner.stop.clone());
        let door = Door { ear: inner.ear.clone(), lines: inner.lines.clone() };
        door::spawn(inner.tasks.track_future(serve(door, botapi::router(world.clone()), stop.clone())));
        let door = Door { ear: control, lines: inner.control_lines.clone() };
        // The control door must not keep the sandbox alive: it holds a weak end.
        let router = control::router(Arc::downgrade(inner));
        door::spawn(inner.tasks.track_future(serve(door, router, stop.clone())));
        door::spawn(inner.tasks.track_future(webhook::deliver(world, stop)));
    }

    /// The doors that speak languages of their own.
    fn open_plain(&self, smtp: TcpListener, callers: TcpListener) {
        let inner = &self.0;
        let (world, stop, lines) = (inner.world.clone(), inner.stop.clone(), inner.lines.clone());
        door::spawn(inner.tasks.track_future(mail::serve(smtp, world.clone(), lines.clone(), stop.clone())));
        door::spawn(inner.tasks.track_future(mtproto::serve(callers, world, lines, stop)));
    }

    /// Closes all doors and ends the sandbox's tasks; the world can still be looked at.
    pub async fn stop(&self) {
        self.0.close();
        let clock = self.with(|world| world.clock.clone());
        let _ = clock.within(PATIENCE, self.0.tasks.wait()).await;
    }

    /// Drops every open connection, long polls, accounts' lines and mails in hand; the world stays.
    pub fn restart(&self) {
        self.0.lines.cut();
    }

    fn with<T>(&self, work: impl FnOnce(&mut World) -> T) -> T {
        work(&mut botapi::lock(&self.0.world))
    }

    pub fn token(&self) -> &str {
        &self.0.token
    }
    pub fn bot_id(&self) -> i64 {
        self.0.bot_id
    }
    pub fn bot_username(&self) -> &str {
        &self.0.bot_username
    }
    pub fn bot_api_url(&self) -> String {
        format!("http://{}", self.0.bot_api)
    }
    pub fn control_url(&self) -> String {
        format!("http://{}", self.0.control)
    }
    pub fn smtp_port(&self) -> u16 {
        self.0.smtp.port()
    }
    pub fn mtproto_port(&self) -> u16 {
        self.0.mtproto.port()
    }
    /// A new session for a user account's client, as JSON: `{"dc", "address", "auth_key" (hex), "account"}`. With an
    /// account it is signed in already; without, it still has to sign in. Each call makes another session.
    pub fn caller_seed(&self, account: Option<i64>) -> String {
        let (key, hash) = self.with(|world| {
            (world.new_key(account), account.map(|account| world.callers.hash(account, "user", account)))
        });
        let key = key.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        let account = account.zip(hash).map(|(id, hash)| json!({ "id": id, "access_hash": hash }));
        json!({ "dc": mtproto::HOME, "address": self.0.mtproto.to_string(), "auth_key": key, "account": account })
            .to_string()
    }
}
