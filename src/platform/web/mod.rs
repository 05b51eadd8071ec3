//! Listening. The admin listener answers `/healthz` (alive), `/readyz` (fit to work, with named checks) and `/metrics`
//! (Prometheus), which know nobody's data, and serves the features' pages, which need a token ([`Page`]). It belongs on
//! loopback or in a private network.

mod page;

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

pub use self::page::{Page, Pages, Visit};
use crate::kernel::{At, Clock, Error, Result};
use crate::platform::tasks::Tasks;
use crate::platform::telemetry;

/// One thing that must be so for the program to do its work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Short and stable: `store`, `telegram`.
    pub name: String,
    /// Is it so?
    pub ok: bool,
    /// Why not, in a few words without personal data; empty when all is well.
    pub detail: String,
    /// Since when it is so, in school time, where that is known: for the page, which says it in words.
    #[serde(skip)]
    pub since: Option<At>,
}

impl Check {
    /// Of `telegram`: nothing has come from there since the start.
    pub const NOT_YET: &str = "has not answered yet";
    /// … it answers no more.
    pub const SILENT: &str = "does not answer";
    /// The checks themselves take longer than [`PATIENCE`].
    pub const LATE: &str = "no answer within 3 s";
    /// … another program is given what is ours.
    pub const RIVAL: &str = "another program polls with the same token";
    pub const WEBHOOK: &str = "a webhook takes the updates";
    /// … all is well: another process of ours serves it.
    pub const STANDS_BY: &str = "stands by";
    /// All is well.
    pub fn pass(name: &str) -> Self {
        Self { name: name.to_owned(), ok: true, detail: String::new(), since: None }
    }
    /// Something is missing.
    pub fn fail(name: &str, detail: impl Into<String>) -> Self {
        Self { name: name.to_owned(), ok: false, detail: detail.into(), since: None }
    }
}

/// What `/readyz` asks. Cheap: a health checker may ask each second.
pub trait Health: Send + Sync {
    /// The checks as they stand now.
    fn checks(&self) -> BoxFuture<'_, Vec<Check>>;
}

/// The answer of `/readyz`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readiness {
    /// Do all checks pass?
    pub ready: bool,
    /// Each of them.
    pub checks: Vec<Check>,
}

/// How long the checks may take before they count as failed.
const PATIENCE: Duration = Duration::from_secs(3);

#[derive(Clone)]
struct Admin {
    health: Arc<dyn Health>,
    clock: Clock,
}

impl Admin {
    async fn checks(&self) -> Vec<Check> {
        let checks = self.clock.within(PATIENCE, self.health.checks()).await;
        checks.unwrap_or_else(|| vec![Check::fail("checks", Check::LATE)])
    }
}

/// Serves `/healthz`, `/readyz`, `/metrics` and the pages until the tasks stop; says which address was bound (port 0 takes a free
/// one). `listen` is `web.admin_listen`.
pub async fn serve_admin(
    listen: SocketAddr,
    health: Arc<dyn Health>,
    pages: Option<Pages>,
    clock: &Clock,
    tasks: &Tasks,
) -> Result<SocketAddr> {
    let (listener, bound) = bind("web.admin_listen", listen).await?;
    telemetry::metrics();
    let mut routes = Router::new()
        .route("/healthz", get(async || "ok"))
        .route("/readyz", get(ready))
        .route("/metrics", get(measures));
    for page in pages.iter().flat_map(|pages| pages.list.clone()) {
        let pages = pages.clone();
        let show = async move |State(admin): State<Admin>, headers: HeaderMap, query| match pages {
            Some(pages) => pages.answer(page, &headers, query, admin.checks()).await,
            None => StatusCode::NOT_FOUND.into_response(),
        };
        routes = routes.route(page.path, get(show));
    }
    serve(listener, routes.with_state(Admin { health, clock: clock.clone() }), tasks);
    Ok(bound)
}

/// Takes an address; `key` is the configuration's key, for the sentence when that fails.
pub async fn bind(key: &'static str, listen: SocketAddr) -> Result<(TcpListener, SocketAddr)> {
    let failed = |error: &std::io::Error| match error.kind() {
        ErrorKind::AddrInUse => Error::outage(key, &format!("{listen} is in use by another program")),
        ErrorKind::PermissionDenied => Error::outage(key, &format!("{listen} may not be used (ports below 1024)")),
        ErrorKind::AddrNotAvailable => Error::outage(key, &format!("{listen} is no address of this machine")),
        kind => Error::outage(key, &format!("{listen}: {kind}")),
    };
    let listener = TcpListener::bind(listen).await.map_err(|error| failed(&error))?;
    let bound = listener.local_addr().map_err(|error| failed(&error))?;
    Ok((listener, bound))
}

/// Serves pages until the tasks stop; what was asked before that is still answered.
pub fn serve(listener: TcpListener, pages: Router, tasks: &Tasks) {
    let stopping = tasks.stopping().clone();
    tasks.spawn(async move {
        let served = axum::serve(listener, pages).with_graceful_shutdown(stopping.cancelled_owned()).await;
        if let Err(error) = served {
            tracing::error!(name: "web.ended", { error.kind = %error.kind() }, "the web listener ended");
        }
    });
}

async fn ready(State(admin): State<Admin>) -> impl IntoResponse {
    let checks = admin.checks().await;
    for check in &checks {
        metrics::gauge!(telemetry::names::READY, "check" => check.name.clone()).set(if check.ok { 1.0 } else { 0.0 });
    }
    let ready = checks.iter().all(|check| check.ok);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, checks }))
}

async fn measures() -> impl IntoResponse {
    let handle = telemetry::metrics();
    handle.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.render())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::http;

    struct Fake(Option<Vec<Check>>);

    impl Health for Fake {
        fn checks(&self) -> BoxFuture<'_, Vec<Check>> {
            Box::pin(async {
                match &self.0 {
                    Some(checks) => checks.clone(),
                    None => std::future::pending().await,
                }
            })
        }
    }

    const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

    async fn asked(checks: Option<Vec<Check>>, path: &str) -> (u16, String) {
        let (clock, tasks) = (Clock::machine(), Tasks::default());
        let bound = serve_admin(ANY, Arc::new(Fake(checks)), None, &clock, &tasks).await.unwrap();
        let client = http::client(Duration::from_secs(1), Duration::from_secs(9)).unwrap();
        let answer = client.get(format!("http://{bound}{path}")).send().await.unwrap();
        let said = (answer.status().as_u16(), answer.text().await.unwrap());
        let before = clock.elapsed();
        tasks.stop(&clock, Duration::from_secs(5)).await;
        assert!(clock.elapsed().saturating_sub(before) < Duration::from_secs(4), "it stops when asked");
        assert!(client.get(format!("http://{bound}/healthz")).send().await.is_err());
        said
    }

    #[tokio::test]
    async fn it_says_that_it_is_alive_and_whether_it_is_ready() {
        assert_eq!(asked(Some(vec![]), "/healthz").await, (200, "ok".to_owned()));
        assert_eq!(asked(Some(vec![Check::pass("store")]), "/readyz").await.0, 200);
        let (status, body) = asked(Some(vec![Check::pass("store"), Check::fail("telegram", "away")]), "/readyz").await;
        let readiness: Readiness = serde_json::from_str(&body).unwrap();
        assert_eq!((status, readiness.ready), (503, false));
        assert_eq!(readiness.checks.last().unwrap().detail, "away");
        assert!(asked(Some(vec![]), "/metrics").await.1.contains("preau_"));
    }

    #[tokio::test]
    async fn checks_that_hang_are_checks_that_fail() {
        assert_eq!(asked(None, "/readyz").await.0, 503);
    }

    #[tokio::test]
    async fn a_port_in_use_is_said_plainly() {
        let (_held, bound) = bind("web.admin_listen", ANY).await.unwrap();
        let error = bind("web.admin_listen", bound).await.unwrap_err().to_string();
        assert_eq!(error, format!("web.admin_listen is unavailable: {bound} is in use by another program"));
    }
}
