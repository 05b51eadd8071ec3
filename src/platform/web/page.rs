//! Pages on the admin listener, which the features export: to read only, without scripts, behind a token. The token is
//! given once in the address (then a cookie stands for it) or with each request as `Authorization: Bearer`.

use std::collections::BTreeMap;

use axum::extract::Query;
use axum::http::header::{
    ACCEPT_LANGUAGE, AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, LOCATION,
    REFERRER_POLICY, SET_COOKIE, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::future::BoxFuture;
use secrecy::{ExposeSecret as _, SecretString};

use super::Check;
use crate::kernel::secret::sha256_hex;
use crate::kernel::{Lang, Result, Text};
use crate::platform::store::Db;
use crate::text;

const NAME: &str = "preau_admin";

/// Somebody who may look, and what a page is made of.
#[derive(Debug)]
pub struct Visit {
    pub db: Db,
    pub lang: Lang,
    pub checks: Vec<Check>,
}

/// A page that a feature exports.
pub struct Page {
    pub path: &'static str,
    /// Its HTML.
    pub show: for<'a> fn(&'a Visit) -> BoxFuture<'a, Result<String>>,
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Page({})", self.path)
    }
}

/// The pages, and what opens them.
#[derive(Debug, Clone)]
pub struct Pages {
    pub list: Vec<&'static Page>,
    pub db: Db,
    /// `None`: they are off.
    pub token: Option<SecretString>,
}

/// Whether a request may see a page.
enum Entry {
    Off,
    Refused,
    /// The token stood in the address: a cookie takes its place, and the address loses it.
    Asked(String),
    Open,
}

impl Pages {
    fn entry(&self, headers: &HeaderMap, query: &BTreeMap<String, String>) -> Entry {
        let Some(token) = &self.token else { return Entry::Off };
        let (wanted, session) = (print("token", token.expose_secret()), print("cookie", token.expose_secret()));
        let is_token = |given: &str| same(&print("token", given), &wanted);
        if let Some(given) = query.get("token") {
            return if is_token(given) { Entry::Asked(session) } else { Entry::Refused };
        }
        let words = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let bearer = words(AUTHORIZATION).strip_prefix("Bearer ").is_some_and(|given| is_token(given.trim()));
        let mut cookies = words(COOKIE).split(';').filter_map(|one| one.trim().split_once('='));
        let cookie = cookies.any(|(name, value)| name == NAME && same(value, &session));
        if bearer || cookie { Entry::Open } else { Entry::Refused }
    }

    /// Answers a request for `page`; `checks` are made for those only who may look.
    pub(super) async fn answer(
        &self,
        page: &'static Page,
        headers: &HeaderMap,
        Query(query): Query<BTreeMap<String, String>>,
        checks: impl Future<Output = Vec<Check>>,
    ) -> Response {
        let lang = spoken(headers).unwrap_or(self.db.config().school.language);
        match self.entry(headers, &query) {
            Entry::Off => plain(StatusCode::FORBIDDEN, &text!("state-page-off"), lang),
            Entry::Refused => {
                let refused = plain(StatusCode::UNAUTHORIZED, &text!("state-page-refused"), lang);
                ([(WWW_AUTHENTICATE, "Bearer")], refused).into_response()
            }
            Entry::Asked(session) => {
                let cookie = format!("{NAME}={session}; Path=/; HttpOnly; SameSite=Strict");
                let headers = [(LOCATION, page.path.to_owned()), (SET_COOKIE, cookie)];
                (StatusCode::SEE_OTHER, headers, [(CACHE_CONTROL, "no-store"), (REFERRER_POLICY, "no-referrer")])
                    .into_response()
            }
            Entry::Open => {
                let visit = Visit { db: self.db.clone(), lang, checks: checks.await };
                match (page.show)(&visit).await {
                    Ok(html) => (StatusCode::OK, guarded("text/html; charset=utf-8"), html).into_response(),
                    Err(error) => {
                        tracing::warn!(error = %error, "web.page_failed");
                        plain(StatusCode::SERVICE_UNAVAILABLE, &text!("state-page-away"), lang)
                    }
                }
            }
        }
    }
}

fn plain(status: StatusCode, words: &Text, lang: Lang) -> Response {
    (status, guarded("text/plain; charset=utf-8"), format!("{}\n", words.render(lang))).into_response()
}

/// Nothing is run, kept or shown within another page.
fn guarded(kind: &'static str) -> [(HeaderName, &'static str); 5] {
    let policy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, policy),
    ]
}

fn print(what: &str, of: &str) -> String {
    sha256_hex(format!("preau admin {what} {of}"))
}

/// In a time that does not tell how much of it is alike.
fn same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

/// The first language of the browser's that we speak.
fn spoken(headers: &HeaderMap) -> Option<Lang> {
    let wanted = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    wanted.split(',').find_map(|tag| Lang::read(tag.split(';').next().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_that_we_speak_is_spoken() {
        let ask = |wanted: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, wanted.parse().unwrap());
            spoken(&headers)
        };
        assert_eq!(ask("de-DE,de;q=0.9,en-GB;q=0.8,fr;q=0.5"), Some(Lang::En));
        assert_eq!(ask("fr-CA"), Some(Lang::Fr));
        assert_eq!((ask("de"), spoken(&HeaderMap::new())), (None, None));
    }

    #[test]
    fn alike_is_alike_only() {
        assert!(same("abc", "abc") && same("", ""));
        assert!(!same("abc", "abd") && !same("abc", "ab") && !same("", "a"));
    }
}
