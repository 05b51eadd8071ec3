//! How each section is read from the layers, and what is refused in it.

use chrono::NaiveTime;
use secrecy::ExposeSecret as _;

use super::address::{database_address, has_password, is_loopback_host, is_loopback_url, listen_address, web_address};
use super::layers::Layers;
use super::{
    Alert, Backup, Caller, ClockSource, Config, ConfigError, Database, Files, Hidden, Limits, Log, LogFormat, Mail,
    Outbox, School, Secrets, Section, Sections, SmtpTls, Telegram, Web,
};
use crate::kernel::Lang;

/// A new holder settles the old one's executing rows only after its term (10 s), a request's time-out and these 5 s.
const BEYOND_TIME_OUT_SECONDS: u64 = 15;

impl Config {
    pub(super) fn read(layers: &Layers, claimed: &[Section]) -> Result<Self, ConfigError> {
        let config = Self {
            school: School::read(layers)?,
            telegram: Telegram::read(layers)?,
            database: Database::read(layers)?,
            clock: layers.read("clock.source", clock_source)?,
            web: Web::read(layers)?,
            alert: Alert::read(layers)?,
            mail: Mail::read(layers)?,
            backup: Backup {
                folder: layers.maybe("backup.folder", not_empty)?.map(Into::into),
                keep: layers.number("backup.keep", 1, 3660)?,
                hour: layers.read("backup.hour", hour)?,
            },
            log: Log {
                format: layers.read("log.format", |text| {
                    one_of(text, &[("human", LogFormat::Human), ("json", LogFormat::Json)])
                })?,
                level: layers.read("log.level", filter)?,
            },
            outbox: Outbox {
                workers: layers.number("outbox.workers", 1, 256)?,
                lease_seconds: layers.number("outbox.lease_seconds", 5, 3600)?,
                stuck_minutes: layers.number("outbox.stuck_minutes", 1, 1440)?,
                retry_base_ms: layers.number("outbox.retry_base_ms", 1, 600_000)?,
                again_ms: layers.number("outbox.again_ms", 0, 60_000)?,
            },
            secrets: Secrets {
                key: layers.given("secrets.key"),
                new_key: layers.given("secrets.new_key"),
                key_file: layers.read("secrets.key_file", not_empty)?.into(),
            },
            files: Files {
                folder: layers.read("files.folder", not_empty)?.into(),
                reader: layers.maybe("files.reader", not_empty)?.map(Into::into),
                reader_megabytes: layers.number("files.reader_megabytes", 16, 65_536)?,
                reader_seconds: layers.number("files.reader_seconds", 1, 600)?,
            },
            exposed: layers.exposed(),
            sections: Sections::read(layers, claimed)?,
        };
        if matches!(config.clock, ClockSource::Door(_)) && !is_loopback_url(&config.telegram.api_url) {
            let why = "a clock that can be set is refused unless telegram.api_url is on loopback";
            return Err(layers.wrong("clock.source", why));
        }
        if !config.telegram.caller.seeds.is_empty() && !is_loopback_url(&config.telegram.api_url) {
            let why = "is refused unless telegram.api_url is on loopback";
            return Err(layers.wrong("telegram.caller.seeds", why));
        }
        let least = config.request_time_out().as_secs() + BEYOND_TIME_OUT_SECONDS;
        let short = u64::from(config.outbox.lease_seconds) < least;
        if short && config.database.url.starts_with("postgres") && !is_loopback_url(&config.telegram.api_url) {
            let why = format!(
                "is below {least}, which on PostgreSQL would settle rows that another program may still be sending (with \
                 telegram.poll_seconds = {})",
                config.telegram.poll_seconds
            );
            return Err(layers.wrong("outbox.lease_seconds", &why));
        }
        Ok(config)
    }
}

/// A token that nobody guesses has at least so many letters.
const LEAST_TOKEN: usize = 16;

impl Web {
    fn read(layers: &Layers) -> Result<Self, ConfigError> {
        let admin_token = layers.secret("web.admin_token", "web.admin_token_file")?;
        if admin_token.as_ref().is_some_and(|token| token.expose_secret().chars().count() < LEAST_TOKEN) {
            let why = format!("web.admin_token has fewer than {LEAST_TOKEN} letters, which is soon guessed");
            return Err(layers.wrong("web.admin_token_file", &why));
        }
        Ok(Self {
            listen: layers.maybe("web.listen", listen_address)?,
            public_url: layers.maybe("web.public_url", web_address)?,
            admin_listen: layers.maybe("web.admin_listen", listen_address)?,
            admin_token,
        })
    }
}

impl School {
    fn read(layers: &Layers) -> Result<Self, ConfigError> {
        Ok(Self {
            name: layers.read("school.name", not_empty)?,
            photo: layers.maybe("school.photo", not_empty)?.map(Into::into),
            registration: layers.maybe("school.registration", not_empty)?,
            privacy_contact: layers.maybe("school.privacy_contact", not_empty)?,
            time_zone: layers.parse("school.time_zone")?,
            language: layers.read("school.language", |text| one_of(text, &[("fr", Lang::Fr), ("en", Lang::En)]))?,
            quiet_from: layers.read("school.quiet_from", hour)?,
            quiet_until: layers.read("school.quiet_until", hour)?,
        })
    }
}

impl Telegram {
    fn read(layers: &Layers) -> Result<Self, ConfigError> {
        Ok(Self {
            token: layers.secret("telegram.token", "telegram.token_file")?,
            api_url: layers.read("telegram.api_url", web_address)?,
            poll_seconds: layers.number("telegram.poll_seconds", 0, 50)?,
            in_hand: layers.number("telegram.in_hand", 1, 100_000)?,
            caller: Caller::read(layers)?,
            limits: Limits {
                overall: layers.number("telegram.limits.overall", 0, 10_000)?,
                chat: layers.number("telegram.limits.chat", 0, 10_000)?,
                group: layers.number("telegram.limits.group", 0, 10_000)?,
            },
        })
    }
}

impl Caller {
    fn read(layers: &Layers) -> Result<Self, ConfigError> {
        let caller = Self {
            api_id: layers.number("telegram.caller.api_id", 0, i64::from(i32::MAX))?,
            api_hash: layers.secret("telegram.caller.api_hash", "telegram.caller.api_hash_file")?,
            poll_seconds: layers.number("telegram.caller.poll_seconds", 10, 45)?,
            pace_ms: layers.number("telegram.caller.pace_ms", 0, 10_000)?,
            groups_a_day: layers.number("telegram.caller.groups_a_day", 0, 500)?,
            seeds: layers.list("telegram.caller.seeds").into_iter().map(Into::into).collect(),
        };
        if caller.api_id > 0 && caller.api_hash.is_none() {
            return Err(layers.wrong("telegram.caller.api_id", "needs telegram.caller.api_hash_file beside it"));
        }
        if !caller.seeds.is_empty() && !cfg!(feature = "sandbox") {
            return Err(layers.wrong("telegram.caller.seeds", "this program was built without the sandbox"));
        }
        Ok(caller)
    }
}

impl Database {
    fn read(layers: &Layers) -> Result<Self, ConfigError> {
        let url = layers.read("database.url", database_address)?;
        if layers.is_from_file("database.url") && has_password(&url) {
            let why = "holds a password, which may not stand in a file; use PREAU__DATABASE__URL";
            return Err(layers.wrong("database.url", why));
        }
        let (readers, round) = (layers.number("database.readers", 1, 64)?, layers.number("database.round", 1, 20_000)?);
        Ok(Self { url: Hidden(url), readers, round })
    }
}

impl Alert {
    fn read(layers: &Layers) -> Result<Self, ConfigError> {
        let tls = [("starttls", SmtpTls::StartTls), ("tls", SmtpTls::Tls), ("none", SmtpTls::Plain)];
        let alert = Self {
            mail_to: layers.list("alert.mail_to"),
            mail_from: layers.text("alert.mail_from")?.to_owned(),
            smtp_host: layers.maybe("alert.smtp_host", not_empty)?,
            smtp_port: layers.number("alert.smtp_port", 1, 65_535)?,
            smtp_tls: layers.read("alert.smtp_tls", |text| one_of(text, &tls))?,
            smtp_user: layers.maybe("alert.smtp_user", not_empty)?,
            smtp_password: layers.secret("alert.smtp_password", "alert.smtp_password_file")?,
            webhook_url: layers.maybe("alert.webhook_url", web_address)?.map(Hidden),
        };
        let plain = alert.smtp_tls == SmtpTls::Plain;
        if plain && alert.smtp_host.as_deref().is_some_and(|host| !is_loopback_host(host)) {
            return Err(layers.wrong("alert.smtp_tls", "none is allowed on loopback only"));
        }
        // The server alone alerts nobody: personal links may be all that goes through it.
        if !alert.mail_to.is_empty() {
            if alert.smtp_host.is_none() {
                return Err(layers.wrong("alert.mail_to", "needs a mail server: set alert.smtp_host"));
            }
            if alert.mail_to.iter().any(|to| !is_mailbox(to)) {
                return Err(layers.wrong("alert.mail_to", "holds something that is no mail address"));
            }
            if !is_mailbox(&alert.mail_from) {
                return Err(layers.wrong("alert.mail_from", "must be a mail address, since alert.mail_to is set"));
            }
        }
        Ok(alert)
    }
}

impl Mail {
    fn read(layers: &Layers) -> Result<Self, ConfigError> {
        let mailbox =
            |text: &str| if is_mailbox(text) { Ok(text.to_owned()) } else { Err("is no mail address".to_owned()) };
        let from = layers.maybe("mail.from", mailbox)?;
        let server = layers.maybe("alert.smtp_host", not_empty)?.is_some();
        if from.is_some() && !server {
            return Err(layers.wrong("mail.from", "needs a mail server: set alert.smtp_host"));
        }
        if from.is_none() && server && layers.list("alert.mail_to").is_empty() {
            let why = "serves nobody: set alert.mail_to and alert.mail_from, or mail.from";
            return Err(layers.wrong("alert.smtp_host", why));
        }
        Ok(Self { from })
    }
}

fn one_of<T: Copy>(text: &str, choices: &[(&str, T)]) -> Result<T, String> {
    choices.iter().find(|(name, _)| *name == text).map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        format!("must be one of {}", names.join(", "))
    })
}

fn not_empty(text: &str) -> Result<String, String> {
    if text.is_empty() { Err("may not be empty".to_owned()) } else { Ok(text.to_owned()) }
}

fn is_mailbox(text: &str) -> bool {
    text.parse::<lettre::message::Mailbox>().is_ok()
}

fn filter(text: &str) -> Result<String, String> {
    let known = tracing_subscriber::EnvFilter::try_new(not_empty(text)?);
    known.map(|_| text.to_owned()).map_err(|_| "is no level (error, warn, info, debug, trace) and no filter".to_owned())
}

fn hour(text: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| "is not an hour such as 20:00".to_owned())
}

fn clock_source(text: &str) -> Result<ClockSource, String> {
    if text == "machine" {
        return Ok(ClockSource::Machine);
    }
    if !cfg!(feature = "sandbox") {
        return Err("must be machine: this program was built without the sandbox".to_owned());
    }
    if !text.starts_with("http://") || !is_loopback_url(text) {
        return Err("must be machine, or an http address of the sandbox on loopback".to_owned());
    }
    web_address(text).map(ClockSource::Door)
}
