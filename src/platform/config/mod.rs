//! The configuration: compiled-in defaults (`config/default.toml`), then a file, then the environment
//! (`PREAU__SECTION__KEY`). What is not known, not allowed or not readable is refused with one sentence that names the
//! key; secrets come from the environment or from a file of their own, never from TOML.

mod address;
mod layers;
mod read;
mod section;

use std::any::Any;
use std::fmt;
use std::net::SocketAddr;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::NaiveTime;
use secrecy::SecretString;

pub use self::address::{has_password, is_loopback_host, is_loopback_url, shown_database};
pub use self::layers::Layers;
use self::section::Sections;
pub use self::section::{Section, Settings};
use crate::kernel::Lang;
use crate::kernel::time::Zone;

const DEFAULTS: &str = include_str!("../../../config/default.toml");
/// Read when it is there and no other file is given.
const USUAL_FILE: &str = "config/school.toml";
/// … else where `preau init` puts it: commands are typed as they are told, in whichever folder.
const INSTALLED_FILE: &str = "/etc/preau/school.toml";

/// Why the configuration was refused, in one sentence that names the key. Ends the program with exit code 2.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

/// A text that may carry a credential (a database address, a webhook): its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(String);

impl Hidden {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl Deref for Hidden {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Everything that can be set. `config/default.toml` says what each key means.
#[derive(Debug, Clone)]
pub struct Config {
    /// The school: name, time zone, language, quiet hours.
    pub school: School,
    /// The bot: token, address, polling, limits.
    pub telegram: Telegram,
    /// The store.
    pub database: Database,
    /// Where school time comes from.
    pub clock: ClockSource,
    /// The two web listeners.
    pub web: Web,
    /// How admins are reached when Telegram is down.
    pub alert: Alert,
    /// `[mail]`
    pub mail: Mail,
    /// `[backup]`
    pub backup: Backup,
    /// The log.
    pub log: Log,
    /// The workers of the outbox.
    pub outbox: Outbox,
    /// `[secrets]`
    pub secrets: Secrets,
    /// Kept files.
    pub files: Files,
    /// Files of secrets that other accounts of the machine may read.
    pub exposed: Vec<String>,
    /// What features and connectors read.
    sections: Sections,
}

/// `[school]`
#[derive(Debug, Clone)]
pub struct School {
    /// As people see it.
    pub name: String,
    /// The file with the picture of its groups.
    pub photo: Option<PathBuf>,
    /// Its numbers, as sheets must show them.
    pub registration: Option<String>,
    /// Whom people write to about their data.
    pub privacy_contact: Option<String>,
    /// Of the timetable.
    pub time_zone: Zone,
    /// Of groups, and of people who chose none.
    pub language: Lang,
    /// Nothing that can wait is sent from this hour …
    pub quiet_from: NaiveTime,
    /// … until this one.
    pub quiet_until: NaiveTime,
}

/// `[telegram]`
#[derive(Debug, Clone)]
pub struct Telegram {
    /// The bot's token; without it `preau run` cannot start.
    pub token: Option<SecretString>,
    /// Where the Bot API answers, without a trailing slash.
    pub api_url: String,
    /// How long one poll may wait.
    pub poll_seconds: u32,
    /// No polling while this many updates wait.
    pub in_hand: usize,
    /// The pace of sending.
    pub limits: Limits,
    /// The user account, `[telegram.caller]`.
    pub caller: Caller,
}

/// `[telegram.caller]`: the user account that does what bots cannot.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The school's own application at my.telegram.org; 0: no caller.
    pub api_id: i32,
    pub api_hash: Option<SecretString>,
    /// A live call is looked at so often.
    pub poll_seconds: u32,
    /// Two questions of an account about calls lie so many milliseconds apart; 0: no pace.
    pub pace_ms: u64,
    /// One account makes so many groups a day; 0: none by itself.
    pub groups_a_day: u32,
    /// Files that stand for sign-ins of a Telegram on loopback.
    pub seeds: Vec<PathBuf>,
}

/// `[secrets]`: what seals the secrets of the store.
#[derive(Debug, Clone)]
pub struct Secrets {
    pub key: Option<SecretString>,
    /// What takes its place: `preau secrets rotate`.
    pub new_key: Option<SecretString>,
    pub key_file: PathBuf,
}

/// `[telegram.limits]`: 0 is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A second, all chats together.
    pub overall: u32,
    /// A second, one chat.
    pub chat: u32,
    /// A minute, one group.
    pub group: u32,
}

/// `[database]`
#[derive(Debug, Clone)]
pub struct Database {
    /// `sqlite://PATH` or `postgres://…`.
    pub url: Hidden,
    /// Connections that read.
    pub readers: u32,
    /// So many things a file changes in one transaction.
    pub round: u32,
}

/// `[clock]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClockSource {
    /// The machine's own clock.
    Machine,
    /// The sandbox's clock door, an http address on loopback (feature `sandbox` only).
    Door(String),
}

/// `[web]`
#[derive(Debug, Clone)]
pub struct Web {
    /// For people and webhooks.
    pub listen: Option<SocketAddr>,
    /// How people reach it.
    pub public_url: Option<String>,
    /// For health checks, metrics and the admin page.
    pub admin_listen: Option<SocketAddr>,
    /// What opens the admin page; `None`: it is off.
    pub admin_token: Option<SecretString>,
}

/// How the mail server's connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpTls {
    /// Begins in the clear and must change to TLS before anything is said.
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// None; on loopback only.
    Plain,
}

/// `[alert]`
#[derive(Debug, Clone)]
pub struct Alert {
    /// Who gets mail.
    pub mail_to: Vec<String>,
    /// Who sends it.
    pub mail_from: String,
    /// The mail server.
    pub smtp_host: Option<String>,
    /// Its port.
    pub smtp_port: u16,
    /// Its protection.
    pub smtp_tls: SmtpTls,
    /// The log-in there.
    pub smtp_user: Option<String>,
    /// The log-in's password.
    pub smtp_password: Option<SecretString>,
    /// An address for a JSON POST.
    pub webhook_url: Option<Hidden>,
}

impl Alert {
    /// Are admins alerted by mail? The server may be there for personal links alone.
    pub fn by_mail(&self) -> bool {
        self.smtp_host.is_some() && !self.mail_to.is_empty()
    }

    /// Is there any way to tell admins something outside Telegram?
    pub fn is_connected(&self) -> bool {
        self.by_mail() || self.webhook_url.is_some()
    }
}

/// `[mail]`: to people, through the server of `[alert]`.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Who sends it; `None`: the school sends no mail to people.
    pub from: Option<String>,
}

impl Mail {
    /// May people be written to by mail?
    pub const fn is_connected(&self) -> bool {
        self.from.is_some()
    }
}

/// `[backup]`: what the program saves by itself.
#[derive(Debug, Clone)]
pub struct Backup {
    /// Where; `None`: off.
    pub folder: Option<PathBuf>,
    /// So many are kept.
    pub keep: usize,
    /// From this hour of each school day on.
    pub hour: NaiveTime,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For a terminal.
    Human,
    /// One object a line.
    Json,
}

/// `[log]`
#[derive(Debug, Clone)]
pub struct Log {
    /// How lines look.
    pub format: LogFormat,
    /// What is logged: a tracing filter.
    pub level: String,
}

/// `[outbox]`
#[derive(Debug, Clone, Copy)]
pub struct Outbox {
    /// Effects performed at once.
    pub workers: usize,
    /// How long a worker may hold a row.
    pub lease_seconds: u32,
    /// Overdue by more than this is stuck.
    pub stuck_minutes: i64,
    /// The first pause after a failure; each further one doubles it, up to ten minutes.
    pub retry_base_ms: u64,
    /// Machine time between two runs of a row that looks again and again.
    pub again_ms: u64,
}

/// `[files]`
#[derive(Debug, Clone)]
pub struct Files {
    /// Where kept files lie.
    pub folder: PathBuf,
    /// The program that reads workbooks; none: this one.
    pub reader: Option<PathBuf>,
    /// The memory that it may use for one.
    pub reader_megabytes: u32,
    /// Processor time, likewise.
    pub reader_seconds: u32,
}

impl Config {
    /// The configuration of this process: `file`, and the real environment. The one place that reads the environment.
    pub fn from_environment(file: Option<&Path>, claimed: &[Section]) -> Result<Self, ConfigError> {
        let readable = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self::load(file, std::env::vars_os().filter_map(readable), claimed)
    }

    /// The file that is read when none is named: `config/school.toml`, else `installed`, the first that is there.
    pub fn usual_file(installed: Option<&Path>) -> Option<&Path> {
        [Some(Path::new(USUAL_FILE)), installed].into_iter().flatten().find(|file| file.is_file())
    }

    /// The configuration that is installed on this machine. Whoever tries the program beside an installed one names
    /// another file by `PREAU_INSTALLED`, or none.
    pub fn installed_file() -> Option<PathBuf> {
        let file = std::env::var_os("PREAU_INSTALLED").map_or_else(|| PathBuf::from(INSTALLED_FILE), PathBuf::from);
        (!file.as_os_str().is_empty()).then_some(file)
    }

    /// Defaults, then `file`, then `env`. Beside the platform's own sections those that are `claimed` are known.
    pub fn load(
        file: Option<&Path>,
        env: impl Iterator<Item = (String, String)>,
        claimed: &[Section],
    ) -> Result<Self, ConfigError> {
        let mut layers = Layers::of_defaults(DEFAULTS, claimed)?;
        if let Some(path) = file {
            layers.add_file(path)?;
        }
        layers.add_environment(env)?;
        Self::read(&layers, claimed)
    }

    /// The defaults with these keys on top, as if the environment had given them: `[("telegram.token", "1:a")]`.
    pub fn with(keys: &[(&str, &str)], claimed: &[Section]) -> Result<Self, ConfigError> {
        Self::load(None, keys.iter().map(|(key, value)| (layers::variable(key), (*value).to_owned())), claimed)
    }

    /// How long a request of the bot's may take: a round of long polling is answered only when its time is over.
    pub fn request_time_out(&self) -> Duration {
        Duration::from_secs(u64::from(self.telegram.poll_seconds).saturating_add(7).max(17))
    }

    /// So long after a process began a request the request has ended, whatever became of the process: on `PostgreSQL` it
    /// may live on without its lease (10 s) first.
    pub fn orphan_wait(&self) -> Duration {
        let term = if self.database.url.starts_with("postgres") { 10 } else { 0 };
        let ended = self.request_time_out() + Duration::from_secs(term + 5);
        ended.min(Duration::from_secs(u64::from(self.outbox.lease_seconds)))
    }

    /// The defaults alone.
    pub fn defaults(claimed: &[Section]) -> Result<Self, ConfigError> {
        Self::with(&[], claimed)
    }

    /// What a claimed section says; a fault when nobody claims it.
    pub fn section<T: Any>(&self) -> crate::kernel::Result<&T> {
        self.sections.get()
    }
}

#[cfg(test)]
mod tests;
