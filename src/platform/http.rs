//! Clients for calling out. Every client has time-outs, follows no redirect (a token would travel along), uses no
//! proxy (a request goes where the configuration says) and tells who it is.

use std::error::Error as _;
use std::time::Duration;

pub use reqwest::{Client, Method, Response};

use crate::kernel::{Error, Result};

/// What we call ourselves.
pub const USER_AGENT: &str = concat!("preau/", env!("CARGO_PKG_VERSION"));

/// A client that gives up connecting after `connect`, and the whole exchange after `whole`.
pub fn client(connect: Duration, whole: Duration) -> Result<Client> {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that builds clients")]
    let builder = Client::builder();
    builder
        .user_agent(USER_AGENT)
        .connect_timeout(connect)
        .timeout(whole)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .map_err(|error| Error::fault(&format!("no HTTP client: {}", said(error))))
}

/// What went wrong, with its causes and without the address, which may hold a token.
pub fn said(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        words.push_str(": ");
        words.push_str(&inner.to_string());
        cause = inner.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_error_never_shows_the_address() {
        let client = client(Duration::from_secs(1), Duration::from_secs(1)).unwrap();
        let error = client.get("http://127.0.0.1:1/bot123:geheim/getMe").send().await.unwrap_err();
        let words = said(error);
        assert!(!words.contains("geheim"), "{words}");
        assert!(words.to_lowercase().contains("refused"), "{words}");
    }
}
