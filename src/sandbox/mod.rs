//! Stand-ins for every outside system, on loopback.
//!
//! One [`Sandbox`] is one world: people, their phones, groups, the bot's side of Telegram, and a mail server. The
//! product meets it through doors only (Bot API over HTTP, SMTP) and cannot tell that it is not the real thing; tests
//! and the demo act as people through the methods here, and another process through the control door.
//!
//! * `world` the model behind one lock · `botapi` the Bot API door · `schema` both sides held to the published API ·
//!   `mail` the SMTP door · `control` the control door · `acts` and `looks` the Rust side of acting and looking.

mod acts;
mod botapi;
mod control;
mod door;
mod looks;
mod mail;
mod mime;
mod schema;
mod values;
mod webhook;
mod world;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use values::{Button, Call, Document, Fault, Limits, Mail, Message, Options};

use botapi::Shared;
use door::{Door, Lines, Scissors};
use schema::Schema;
use world::World;

/// How long stopping waits for open lines.
const PATIENCE: Duration = Duration::from_secs(3);

struct Inner {
    world: Shared,
    lines: Lines,
    control_lines: Lines,
    stop: CancellationToken,
    tasks: TaskTracker,
    bot_api: SocketAddr,
    control: SocketAddr,
    smtp: SocketAddr,
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
        let inner = Inner {
            world,
            lines: Lines::default(),
            control_lines: Lines::default(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            bot_api,
            control,
            smtp,
            token,
            bot_id,
            bot_username,
        };
        let sandbox = Self(Arc::new(inner));
        sandbox.open(bot_listener, control_listener, smtp_listener);
        Ok(sandbox)
    }

    fn open(&self, bot: tokio::net::TcpListener, control: tokio::net::TcpListener, smtp: tokio::net::TcpListener) {
        let inner = &self.0;
        let (world, stop) = (inner.world.clone(), inner.stop.clone());
        let door = Door { listener: bot, lines: inner.lines.clone() };
        door::spawn(inner.tasks.track_future(serve(door, botapi::router(world.clone()), stop.clone())));
        let door = Door { listener: control, lines: inner.control_lines.clone() };
        // The control door must not keep the sandbox alive: it holds a weak end.
        let router = control::router(Arc::downgrade(inner));
        door::spawn(inner.tasks.track_future(serve(door, router, stop.clone())));
        door::spawn(inner.tasks.track_future(webhook::deliver(world.clone(), stop.clone())));
        door::spawn(inner.tasks.track_future(mail::serve(smtp, world, inner.lines.clone(), stop)));
    }

    /// Closes all doors and ends the sandbox's tasks; the world can still be looked at.
    pub async fn stop(&self) {
        self.0.close();
        let clock = self.with(|world| world.clock.clone());
        let _ = clock.within(PATIENCE, self.0.tasks.wait()).await;
    }

    /// Drops every open connection, long polls and mails in hand; the world stays.
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
}
