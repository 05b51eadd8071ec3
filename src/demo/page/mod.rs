//! The demo's page: whoever opens it is anybody of the school. Rendered here, sent again as it changes; the browser
//! holds nothing but what it shows.
//!
//! `view` what a tab shows, in its address · `shell` the page around the phones · `phone` one phone · `text` messages ·
//! `tour` eight steps for a newcomer · `behind` what the product does meanwhile · `acts` what a visitor does ·
//! `stream` changes as they happen · `look` colours.

mod acts;
mod behind;
mod look;
mod phone;
mod shell;
mod stream;
mod text;
mod tour;
mod view;

use std::collections::BTreeMap;
use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError};

use axum::Router;
use axum::extract::{DefaultBodyLimit, RawQuery, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::driver::Driver;
use super::extras::{Extras, Played};
use super::school::{Part, Persona, School};
use crate::kernel::text::Text;
use crate::kernel::{At, Clock, Error, Result};
use crate::platform::store::Database;
use crate::sandbox::Sandbox;
use crate::text;
use view::{Phone, View};

/// What the page is made of.
#[derive(Debug)]
pub struct Demo {
    sandbox: Sandbox,
    driver: Driver,
    clock: Clock,
    personas: Vec<Persona>,
    groups: BTreeMap<String, i64>,
    /// The product's database, opened beside it.
    db: Database,
    /// The account that opens calls.
    caller: Option<i64>,
    /// A newcomer's phones.
    usual: Vec<Phone>,
    /// When the demo began, and when the tour's lesson begins.
    began: At,
    lesson: At,
    played: Played,
    /// A visitor took Telegram away.
    away: AtomicBool,
}

type Shared = Arc<Demo>;

fn part_word(part: Part) -> Text {
    match part {
        Part::Student => text!("demo-students"),
        Part::Teacher => text!("demo-teachers"),
        Part::Supervisor => text!("demo-supervisors"),
        Part::Manager => text!("demo-managers"),
        Part::Admin => text!("demo-admins"),
        Part::Stranger => text!("demo-strangers"),
    }
}

impl Demo {
    fn persona(&self, account: i64) -> Option<&Persona> {
        self.personas.iter().find(|one| one.account == account)
    }

    /// From here on this person does only what visitors do.
    fn play(&self, account: i64) {
        self.played.lock().unwrap_or_else(PoisonError::into_inner).insert(account);
    }

    /// Takes a school over: its stage goes to the driver's working end, which is given back.
    pub async fn of(school: School) -> Result<(Self, super::driver::Work)> {
        let School { stage, personas, groups, caller } = school;
        let (sandbox, clock, db) = (stage.sandbox.clone(), stage.clock.clone(), stage.beside().await?);
        let account = |part: Part| personas.iter().find(|one| one.part == part).map(|one| one.account);
        let usual = [account(Part::Student), account(Part::Teacher)];
        let usual = usual.into_iter().flatten().map(|account| Phone { account, chat: account }).collect();
        let played = Played::default();
        let extras = Extras::new(sandbox.clone(), &personas, &groups, Arc::clone(&played));
        let (driver, work) = super::driver::driver(stage, extras);
        let began = clock.now();
        let lesson = super::day::at("24/11/2026", "14:00");
        Ok((
            Self {
                sandbox,
                driver,
                clock,
                personas,
                groups,
                db,
                caller,
                usual,
                began,
                lesson,
                played,
                away: AtomicBool::new(false),
            },
            work,
        ))
    }
}

/// Serves the page on a loopback address until told to stop; gives the address.
pub async fn serve(demo: Demo, listen: SocketAddr, stop: CancellationToken) -> Result<(SocketAddr, Served)> {
    let listener = TcpListener::bind(listen).await.map_err(|error| Error::outage("demo", &error))?;
    let bound = listener.local_addr().map_err(|error| Error::outage("demo", &error))?;
    let router = router(Arc::new(demo));
    let served = async move {
        // Streams end with the program, not before: nobody waits for open tabs.
        tokio::select! {
            _ = axum::serve(listener, router) => {}
            () = stop.cancelled() => {}
        }
    };
    Ok((bound, Box::pin(served)))
}

/// Raises the demo school, serves its page, and takes everything down when told to stop. `out` is told what is done, and
/// the address.
pub async fn show(listen: SocketAddr, mut out: Box<dyn Write + Send>, stop: CancellationToken) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("preau-demo-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| Error::outage("files", &error))?;
    let shown = Box::pin(show_in(&folder, listen, &mut *out, stop)).await;
    let _ = std::fs::remove_dir_all(&folder);
    shown
}

async fn show_in(
    folder: &Path,
    listen: SocketAddr,
    out: &mut (dyn Write + Send),
    stop: CancellationToken,
) -> Result<()> {
    let mut say = |words: &str| {
        let _ = writeln!(out, "{words}").and_then(|()| out.flush());
    };
    let opened = Box::pin(stop.run_until_cancelled(super::school::open(folder, &mut say))).await;
    let Some(school) = opened else { return Ok(()) };
    let (demo, work) = Demo::of(school?).await?;
    let (address, served) = serve(demo, listen, stop).await?;
    say(&format!("Préau · http://{address}/ (Ctrl+C : fin / end)"));
    tokio::join!(served, work.run());
    Ok(())
}

/// Runs while the page is served.
pub type Served = futures::future::BoxFuture<'static, ()>;

fn router(demo: Shared) -> Router {
    let asset = |kind: &'static str, body: &'static str| {
        get(async move || ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], body))
    };
    let sheet = look::sheet();
    Router::new()
        .route("/", get(page))
        .route("/stream", get(stream::stream))
        .route("/act/{act}", post(acts::act))
        // People's apps send larger files than a door takes by itself.
        .route("/act/file", post(acts::file).layer(DefaultBodyLimit::max(64 << 20)))
        .route("/menu", get(acts::menu))
        .route("/file/{chat}/{message}", get(acts::document))
        .route("/paper/EDT_S50.xlsx", get(acts::workbook))
        .route("/clock", post(acts::clock))
        .route("/fault", post(acts::fault))
        .route("/assets/page.css", get(async move || ([(header::CONTENT_TYPE, "text/css")], sheet.clone())))
        .route("/assets/page.js", asset("text/javascript", include_str!("assets/page.js")))
        .route("/assets/htmx.min.js", asset("text/javascript", include_str!("assets/htmx.min.js")))
        .route("/assets/sse.min.js", asset("text/javascript", include_str!("assets/sse.min.js")))
        .layer(from_fn(ours))
        .with_state(demo)
}

async fn ours(request: Request, next: Next) -> Response {
    if acts::is_ours(request.headers()) { next.run(request).await } else { StatusCode::FORBIDDEN.into_response() }
}

async fn page(State(demo): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let view = View::read(&query.unwrap_or_default(), &demo.usual);
    let fresh = [(header::CACHE_CONTROL, "no-store")];
    (fresh, Html(shell::page(&demo, &view).await.into_string())).into_response()
}
