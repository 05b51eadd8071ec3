//! The demo's page: whoever opens it is anybody of the school. Rendered here, sent again as it changes; the browser
//! holds nothing but what it shows.
//!
//! `view` what a tab shows, in its address · `shell` the page around the phones · `phone` one phone · `text` messages ·
//! `tour` eight steps for a newcomer · `trouble` what a visitor lets go wrong · `behind` what the product does meanwhile ·
//! `notes` its remarks in words · `acts` what a visitor does · `stream` changes as they happen · `look` colours ·
//! `house` the address, and one school after the other.

mod acts;
mod behind;
mod house;
mod look;
mod notes;
mod phone;
mod shell;
mod stream;
mod text;
mod tour;
mod trouble;
mod view;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};

use axum::Router;
use axum::extract::{DefaultBodyLimit, RawQuery, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};

use super::driver::Driver;
use super::extras::{Extras, Played};
use super::school::{Part, Persona, School};
use crate::kernel::text::{Lang, Text};
use crate::kernel::{At, Clock, Result};
use crate::platform::store::Database;
use crate::sandbox::Sandbox;
use crate::text;
pub use house::show;
use house::{Fresh, House};
use trouble::Troubles;
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
    /// What the school speaks.
    lang: Lang,
    troubles: Troubles,
    fresh: Fresh,
    /// Another school is shown now.
    over: AtomicBool,
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
    async fn of(school: School, fresh: Fresh) -> Result<(Self, super::driver::Work)> {
        let School { stage, personas, groups, caller, lang } = school;
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
                lang,
                troubles: Troubles::default(),
                fresh,
                over: AtomicBool::new(false),
            },
            work,
        ))
    }

    /// It is shown no longer: open tabs are told, and its stage is taken down.
    fn leave(&self) {
        self.over.store(true, Ordering::Relaxed);
        self.driver.end();
        self.sandbox.touch();
    }
}

fn router(house: House) -> Router {
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
        .route("/fault", post(trouble::fault))
        .route("/fresh", post(acts::fresh))
        .route("/assets/page.css", get(async move || ([(header::CONTENT_TYPE, "text/css")], sheet.clone())))
        .route("/assets/page.js", asset("text/javascript", include_str!("assets/page.js")))
        .route("/assets/htmx.min.js", asset("text/javascript", include_str!("assets/htmx.min.js")))
        .route("/assets/sse.min.js", asset("text/javascript", include_str!("assets/sse.min.js")))
        .layer(from_fn(ours))
        .with_state(house)
}

async fn ours(request: Request, next: Next) -> Response {
    if acts::is_ours(request.headers()) { next.run(request).await } else { StatusCode::FORBIDDEN.into_response() }
}

async fn page(State(demo): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let view = View::read(&query.unwrap_or_default(), &demo.usual, demo.lang);
    let fresh = [(header::CACHE_CONTROL, "no-store")];
    (fresh, Html(shell::page(&demo, &view).await.into_string())).into_response()
}
