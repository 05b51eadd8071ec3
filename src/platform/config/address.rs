//! Addresses in the configuration: https anywhere, plain http on loopback only.

use std::net::{IpAddr, SocketAddr};

use super::{Config, ConfigError, Hidden};

/// The host of an `http(s)://` address, with the scheme; `None` when it is no such address or tries to be clever.
fn scheme_and_host(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    if !url.is_ascii() || url.contains(|c: char| c.is_ascii_control() || c == ' ' || c == '\\') {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // No user:password@ here: it would be a secret in plain sight, and a way to hide the real host.
    if authority.contains('@') {
        return None;
    }
    let (host, port) = match authority.strip_prefix('[') {
        Some(six) => six.split_once(']')?,
        None => authority.find(':').map_or((authority, ""), |colon| authority.split_at(colon)),
    };
    let port_is_fine = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    (!host.is_empty() && port_is_fine).then_some((scheme, host))
}

/// Is this host name or number the machine itself?
pub fn is_loopback_host(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Does this `http(s)://` address lead to the machine itself?
pub fn is_loopback_url(url: &str) -> bool {
    scheme_and_host(url).is_some_and(|(_, host)| is_loopback_host(host))
}

/// An address of the web: https, or http on loopback. Returned without a trailing slash.
pub(super) fn web_address(url: &str) -> Result<String, String> {
    let (scheme, host) = scheme_and_host(url)
        .ok_or_else(|| "is not an address such as https://host:port/path (without user or password)".to_owned())?;
    match scheme {
        "https" => {}
        "http" if is_loopback_host(host) => {}
        "http" => return Err("plain http is allowed on loopback (127.0.0.1, [::1], localhost) only".to_owned()),
        _ => return Err("begins with neither https:// nor http://".to_owned()),
    }
    Ok(url.trim_end_matches('/').to_owned())
}

/// An address to listen on: `127.0.0.1:9464`, `[::1]:9464`, `0.0.0.0:8080`.
pub(super) fn listen_address(text: &str) -> Result<SocketAddr, String> {
    let text = text.strip_prefix("localhost:").map_or_else(|| text.to_owned(), |port| format!("127.0.0.1:{port}"));
    text.parse().map_err(|_| "is not an address with a port such as 127.0.0.1:9464".to_owned())
}

/// What is wrong with this database address, if anything.
pub(super) fn database_address(url: &str) -> Result<String, String> {
    let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
    known.then(|| url.to_owned()).ok_or_else(|| "begins with neither sqlite:// nor postgres://".to_owned())
}

/// Does this database address carry a password?
pub fn has_password(url: &str) -> bool {
    let authority = url.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let user = authority.and_then(|authority| authority.rsplit_once('@')).map(|(user, _)| user);
    user.is_some_and(|user| user.contains(':')) || url.contains("password=")
}

/// A database address as it may be shown: without user, password and options.
pub fn shown_database(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.split('?').next().unwrap_or_default().to_owned();
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let rest = if scheme == "sqlite" { rest } else { rest.rsplit_once('@').map_or(rest, |(_, place)| place) };
    format!("{scheme}://{rest}")
}

impl Config {
    /// The same, on another database: `key` (`--to`) is named when the address is none.
    pub fn with_database(&self, key: &str, url: &str) -> Result<Self, ConfigError> {
        let url = database_address(url).map_err(|why| ConfigError(format!("{key} {why}")))?;
        let mut config = self.clone();
        config.database.url = Hidden::new(url);
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_loopback_only() {
        for good in ["http://127.0.0.1:80", "http://localhost/", "http://[::1]:9/x", "https://api.telegram.org"] {
            assert!(web_address(good).is_ok(), "{good}");
        }
        for bad in [
            "http://api.telegram.org",
            "http://127.0.0.1.evil.example",
            "http://127.0.0.1@evil.example",
            "http://evil.example\\@127.0.0.1",
            "http://evil.example?@127.0.0.1/",
            "http://127.0.0.1:x",
            "ftp://127.0.0.1",
            "api.telegram.org",
            "https://",
        ] {
            assert!(web_address(bad).is_err(), "{bad}");
            assert!(!is_loopback_url(bad) || bad.starts_with("ftp"), "{bad}");
        }
        assert_eq!(web_address("https://a.example/b/").as_deref(), Ok("https://a.example/b"));
    }

    #[test]
    fn passwords_are_seen() {
        assert!(has_password("postgres://preau:geheim@db/preau"));
        assert!(has_password("postgres://db/preau?user=x&password=y"));
        assert!(!has_password("postgres://preau@db:5432/preau"));
        assert!(!has_password("sqlite://data/preau.db"));
    }

    #[test]
    fn a_shown_address_holds_no_secret() {
        assert_eq!(shown_database("postgres://preau:ge@heim@db:5432/preau?password=x"), "postgres://db:5432/preau");
        assert_eq!(shown_database("sqlite://data/preau.db?mode=rwc"), "sqlite://data/preau.db");
        let config = Config::defaults(&[]).unwrap();
        assert_eq!(&*config.with_database("--to", "sqlite://x.db").unwrap().database.url, "sqlite://x.db");
        assert!(config.with_database("--to", "mysql://x").unwrap_err().to_string().starts_with("--to begins with"));
    }

    #[test]
    fn listening_needs_a_port() {
        assert!(listen_address("localhost:9464").is_ok_and(|address| address.ip().is_loopback()));
        assert!(listen_address("127.0.0.1").is_err());
    }
}
