//! The command line. Exit codes: 0 ok, 1 fault, 2 usage or configuration (one sentence that names the key).
//!
//! `init` the first questions, `unit` what makes a service of it · `run` the program · `check` what is connected and what is missing, `callers` among it, `live` by a trial · `owner` on whose behalf root types · `words` what went wrong · `acts` what an admin does at the machine ·
//! `apart` what the program starts itself for · `login` a user account · `secrets` their key · `import` a timetable workbook · `bench` how fast it is · `data` moving, saving and bringing back the database · `table` how rows are printed · `terminal` questions.

mod acts;
mod apart;
mod bench;
mod callers;
mod check;
mod data;
mod import;
mod init;
mod live;
mod login;
mod owner;
mod run;
mod secrets;
mod table;
mod terminal;
mod unit;
mod words;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::kernel::id::Ids;
use crate::kernel::{Clock, Error, Text};
use crate::platform::config::{ClockSource, Config, ConfigError, LogFormat, shown_database};
use crate::platform::store::{Database, Probe, Schema, look, not_moved};
use crate::platform::telemetry;
use crate::telegram::BAD_TOKEN;
use crate::text;

/// Préau: the courtyard of a school, in Telegram.
#[derive(Debug, Parser)]
#[command(name = "preau", version, about, max_term_width = 100)]
pub struct Cli {
    /// The school's configuration; without it config/school.toml, else /etc/preau/school.toml. Every key:
    /// config/default.toml
    #[arg(long, global = true, value_name = "PATH")]
    config: Option<PathBuf>,
    /// How log lines look (log.format)
    #[arg(long, global = true, value_name = "FORM")]
    log: Option<LogForm>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LogForm {
    Human,
    Json,
}

/// A language of the demo school.
#[cfg(feature = "sandbox")]
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Spoken {
    Fr,
    En,
}

#[cfg(feature = "sandbox")]
impl From<Spoken> for crate::kernel::Lang {
    fn from(spoken: Spoken) -> Self {
        match spoken {
            Spoken::Fr => Self::Fr,
            Spoken::En => Self::En,
        }
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Asks the few questions before the first start; writes the configuration and a systemd unit
    Init(init::Init),
    /// Runs until SIGTERM or SIGINT
    Run,
    /// Opens a demo school in the browser: no account, no network
    #[cfg(feature = "sandbox")]
    Demo {
        /// Plays a school day as a transcript instead, checks its outcome and ends
        #[arg(long)]
        story: bool,
        /// The page's port on this machine; 0 takes a free one
        #[arg(long, default_value_t = 8099, conflicts_with = "story")]
        port: u16,
        /// What the school speaks
        #[arg(long, value_enum, default_value_t = Spoken::Fr, conflicts_with = "story")]
        language: Spoken,
    },
    /// Says what is connected, what is missing and how to fix it
    Check {
        /// Asks the running program at `web.admin_listen` whether it is alive
        #[arg(long)]
        health: bool,
        /// Tries a real user account out: makes a group, opens a call, reads it, removes both
        #[arg(long, conflicts_with = "health")]
        live_caller: bool,
        /// So many seconds for somebody to join that call from a phone
        #[arg(long, value_name = "SECONDS", default_value_t = 60, requires = "live_caller")]
        wait: u64,
    },
    /// Prints one personal link that works once; also while `preau run` is live
    Invite {
        #[arg(long, value_enum)]
        role: acts::Invited,
    },
    /// Signs in a user account, which makes groups and opens calls; also while `preau run` is live
    Login {
        /// With its country code; asked when it is not given
        #[arg(long, value_name = "NUMBER")]
        phone: Option<String>,
    },
    /// Works on the key that seals secrets in the database
    #[command(subcommand)]
    Secrets(Secrets),
    /// Agrees to what waits for an agreement
    Agree {
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Reads a timetable workbook and says what it changes, or applies it; also while `preau run` is live
    Import(import::Import),
    /// Brings the tables of the database up to date
    Migrate,
    /// Works on the whole database
    #[command(subcommand)]
    Store(Store),
    /// Saves the database as one SQLite file; also while `preau run` is live
    Backup {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Brings a backup back into an empty database
    Restore(Restore),
    /// Measures: on an empty database, without a school
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Shows what must go out and does not
    Outbox {
        #[command(subcommand)]
        act: Option<Outbox>,
    },
    /// The program's own: reads a workbook from its standard input
    #[command(hide = true)]
    ReadWorkbook(apart::Confined),
}

#[derive(Debug, Subcommand)]
enum Secrets {
    /// Seals everything anew with a new key
    Rotate,
}

#[derive(Debug, Subcommand)]
enum Store {
    /// Copies everything into an empty database and proves it
    Move(Target),
}

/// Where everything goes.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Target {
    /// `sqlite://PATH` or `postgres://…`; with a password rather by --to-file, since others see it here
    #[arg(long, value_name = "URL")]
    to: Option<String>,
    /// A file that holds such an address and nothing else; `-` is standard input
    #[arg(long, value_name = "FILE")]
    to_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Restore {
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Removes what the database holds first
    #[arg(long)]
    replace: bool,
}

#[derive(Debug, Subcommand)]
enum Outbox {
    /// Counts by state, and what is dead or in doubt
    List,
    /// Performs a dead or doubtful row again
    Retry {
        #[arg(value_name = "ID")]
        id: String,
    },
}

/// Why a command ended without doing what it was asked.
#[derive(Debug)]
enum End {
    /// Usage or configuration: exit code 2.
    Usage(Text),
    /// Something stands in the way, and what is said here tells what to do: exit code 1.
    Refused(Text),
    /// Anything else: exit code 1.
    Failed(anyhow::Error),
    /// Everything was said already: exit code 1.
    Said,
}

type Ended = Result<(), End>;

impl From<ConfigError> for End {
    fn from(error: ConfigError) -> Self {
        // It names the key as it is written, in the language of the keys.
        Self::Usage(Text::verbatim(error.to_string()))
    }
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Cli {
    /// Does what was asked; what went wrong is one sentence on standard error.
    pub fn main(self) -> ExitCode {
        telemetry::crash_discreetly();
        if let Command::ReadWorkbook(confined) = self.command {
            return apart::read_workbook(confined);
        }
        let (end, lang) = match self.configured() {
            Ok(config) => {
                let lang = config.school.language;
                let end =
                    tokio::runtime::Runtime::new().map_err(|error| End::Failed(error.into())).and_then(|runtime| {
                        let end = runtime.block_on(self.perform(config));
                        // A workbook that is still being read on a thread of its own holds nobody up.
                        runtime.shutdown_background();
                        end
                    });
                (end, lang)
            }
            Err(error) => (Err(error.into()), crate::kernel::Lang::default()),
        };
        match end {
            Ok(()) => ExitCode::SUCCESS,
            Err(End::Said) => ExitCode::FAILURE,
            Err(End::Usage(sentence)) => {
                complain(&sentence.render(lang));
                ExitCode::from(2)
            }
            Err(End::Refused(sentence)) => {
                complain(&sentence.render(lang));
                ExitCode::FAILURE
            }
            Err(End::Failed(error)) => {
                let known = error.downcast_ref::<Error>();
                complain(&known.map_or_else(|| format!("{error:#}"), |error| words::of(error).render(lang)));
                match known {
                    // The token is a matter of configuration.
                    Some(Error::Refusal(refusal)) if refusal.code == BAD_TOKEN => ExitCode::from(2),
                    _ => ExitCode::FAILURE,
                }
            }
        }
    }

    /// What is played, and what is only being set up, has nothing to do with the school that is installed here.
    fn installed(&self) -> Option<PathBuf> {
        #[cfg(feature = "sandbox")]
        if matches!(self.command, Command::Demo { .. }) {
            return None;
        }
        if matches!(self.command, Command::Init(_)) { None } else { Config::installed_file() }
    }

    /// With the installed configuration, named or not, and about nobody's file: the service's own affair.
    fn is_the_services(&self) -> bool {
        let file = self.installed();
        let named = self.config.as_deref().or_else(|| Config::usual_file(file.as_deref()));
        let installed = file.is_some() && named == file.as_deref();
        installed
            && !matches!(
                self.command,
                Command::Import(_) | Command::Backup { .. } | Command::Restore(_) | Command::Store(_)
            )
    }

    fn configured(&self) -> Result<Config, ConfigError> {
        let installed = self.installed();
        let file = self.config.as_deref().or_else(|| Config::usual_file(installed.as_deref()));
        let mut config = Config::from_environment(file, &crate::app::sections())?;
        match self.log {
            Some(LogForm::Human) => config.log.format = LogFormat::Human,
            Some(LogForm::Json) => config.log.format = LogFormat::Json,
            None => {}
        }
        Ok(config)
    }

    async fn perform(self, mut config: Config) -> Ended {
        if !matches!(self.command, Command::Run) && config.log.level == "info" {
            // A command says what it did by itself; its log is for troubles.
            "warn".clone_into(&mut config.log.level);
        }
        telemetry::init(&config.log);
        if self.is_the_services() {
            owner::go_on(&config)?;
        }
        let config = Arc::new(config);
        match self.command {
            Command::Init(asked) => init::init(&config, &asked).await,
            Command::Run => run::run(config).await,
            #[cfg(feature = "sandbox")]
            Command::Demo { story: true, .. } => run::story().await,
            #[cfg(feature = "sandbox")]
            Command::Demo { port, language, .. } => run::page(port, language.into()).await,
            Command::Check { health: true, .. } => check::health(&config).await,
            Command::Check { live_caller: true, wait, .. } => live::try_out(&Here::at(config).await?, wait).await,
            Command::Check { .. } => check::check(config).await,
            Command::Invite { role } => acts::invite(&Here::at(config).await?, role).await,
            Command::Login { phone } => login::login(&Here::at(config).await?, phone).await,
            Command::Secrets(Secrets::Rotate) => secrets::rotate(&Here::at(config).await?).await,
            Command::Agree { id } => acts::agree(&Here::at(config).await?, &id).await,
            // Done before there was a configuration.
            Command::ReadWorkbook(_) => Err(End::Said),
            Command::Import(import) => import::import(&Here::at(config).await?, &import).await,
            Command::Migrate => data::migrate(&Here::at(config).await?).await,
            Command::Store(Store::Move(target)) => data::move_store(&Here::at(config).await?, &target).await,
            Command::Backup { file } => data::backup(&Here::at(config).await?, &file).await,
            Command::Restore(Restore { file, replace }) => {
                data::restore(&Here::at(config).await?, &file, replace).await
            }
            Command::Bench(asked) => bench::bench(&Here::at(config).await?, &asked).await,
            Command::Outbox { act: None | Some(Outbox::List) } => acts::outbox(&Here::at(config).await?).await,
            Command::Outbox { act: Some(Outbox::Retry { id }) } => acts::retry(&Here::at(config).await?, &id).await,
        }
    }
}

/// What every command needs: the configuration, the hour, ids.
struct Here {
    config: Arc<Config>,
    clock: Clock,
    ids: Ids,
}

impl Here {
    #[cfg_attr(not(feature = "sandbox"), expect(clippy::unused_async, reason = "only the sandbox's clock is asked"))]
    async fn at(config: Arc<Config>) -> Result<Self, End> {
        let clock = match &config.clock {
            ClockSource::Machine => Clock::machine(),
            #[cfg(feature = "sandbox")]
            ClockSource::Door(url) => {
                Clock::standing(crate::platform::clock_door::ClockDoor::new(url)?.read(None).await?)
            }
            #[cfg(not(feature = "sandbox"))]
            ClockSource::Door(_) => return Err(End::Usage(text!("cli-clock-source"))),
        };
        let ids = Ids::from_system(clock.clone());
        Ok(Self { config, clock, ids })
    }

    /// The database, beside a live run; never while it is moved or restored. It is neither made nor changed: whoever
    /// types in the wrong folder, or with another version, is told.
    async fn beside(&self) -> Result<Database, End> {
        let changes = self.there().await?.pending();
        if changes > 0 {
            return Err(End::Refused(text!("cli-pending", count = changes)));
        }
        let database = Database::beside(Arc::clone(&self.config), self.clock.clone(), self.ids.clone()).await?;
        if let Err(moved) = not_moved(&database.db).await {
            database.close().await;
            return Err(moved.into());
        }
        Ok(database)
    }

    /// What the database has seen, when there is one that this version knows.
    async fn there(&self) -> Result<Schema, End> {
        let url = shown_database(&self.config.database.url);
        match look(&self.config).await? {
            Some(schema) if schema.is_newer() => Err(End::Refused(text!("cli-newer", place = url))),
            Some(schema) if !schema.applied.is_empty() => Ok(schema),
            _ => {
                let file = url.strip_prefix("sqlite://").and_then(|file| std::path::absolute(file).ok());
                let place = file.map_or(url.clone(), |file| file.display().to_string());
                Err(End::Usage(text!("cli-no-database", place = place)))
            }
        }
    }

    /// The database, alone. It is made when it is not there.
    async fn alone(&self, config: Arc<Config>) -> Result<Database, End> {
        Ok(Database::open_alone(config, self.clock.clone(), self.ids.clone(), Probe::default()).await?)
    }

    fn say(&self, text: &Text) {
        print(&text.render(self.config.school.language));
    }
}

/// A file that was named and cannot be read.
fn unreadable(file: &Path, error: &std::io::Error) -> End {
    End::Usage(text!("cli-file-unreadable", file = file.display().to_string(), why = words::why(&error.to_string())))
}

/// A line on standard output. Whoever closed it wants no more of it.
fn print(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// A line on standard error.
fn complain(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
        assert!(Cli::try_parse_from(["preau", "outbox"]).is_ok());
        assert!(Cli::try_parse_from(["preau", "check", "--health", "--log", "json"]).is_ok());
        assert_eq!(Cli::try_parse_from(["preau", "dance"]).unwrap_err().exit_code(), 2);
    }
}
