//! The paths that a fact or an effect takes when something goes wrong on the way, and the real program from its
//! command line to its exit code.

mod admin_page;
mod again;
mod at_once;
mod bench;
mod beside;
mod canary;
mod commands;
mod demo;
mod door;
mod hanging;
mod house;
pub mod imports;
mod init;
mod keeping;
mod live;
mod login;
mod memory;
mod moving;
mod mute;
mod nightly;
mod outages;
mod outages_callers;
mod put_back;
mod reader;
mod replay;
mod restoring;
mod rotation;
mod running;
mod story;
pub mod telling;
mod unchanged;
mod upgrading;

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use preau::kernel::id::Ids;
use preau::kernel::{At, Clock};
use preau::platform::config::Config;
use preau::platform::store::{Database, Probe};
use preau::sandbox::{Limits, Options, Sandbox};
use tokio::process::{Child, Command};

use crate::place::{Engine, Place};
use crate::world::schema;

/// Tuesday 24 November 2026, 08:00 in Paris.
pub const MORNING: At = At(1_795_503_600_000);

/// Runs a command with these lines typed.
async fn typed(mut command: Command, lines: &[&str]) -> (i32, String, String) {
    use tokio::io::AsyncWriteExt as _;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program");
    let mut stdin = child.stdin.take().expect("a pipe");
    let lines = lines.iter().fold(String::new(), |all, line| all + line + "\n");
    // It may be gone before it read all of it.
    let _ = stdin.write_all(lines.as_bytes()).await;
    drop(stdin);
    told(child.wait_with_output().await.expect("it ran"))
}

/// The real program in a folder of its own, against a sandbox.
pub struct Machine {
    pub sandbox: Sandbox,
    pub clock: Clock,
    folder: tempfile::TempDir,
    /// A database elsewhere than in the folder.
    pub place: Option<Place>,
    /// Programs take school time from the sandbox.
    at_its_hour: bool,
    admin: u16,
}

impl Machine {
    pub async fn new() -> Self {
        let clock = Clock::standing(MORNING);
        let options = Options { clock: clock.clone(), seed: 3, limits: Limits::default(), schema: schema() };
        let sandbox = Sandbox::start(options).await.expect("the sandbox");
        Self {
            sandbox,
            clock,
            folder: tempfile::tempdir().expect("a folder"),
            place: None,
            at_its_hour: false,
            admin: free_port(),
        }
    }

    /// With a database of this engine, and the sandbox's hour.
    pub async fn on(engine: Engine) -> Self {
        Self { at_its_hour: true, ..Self::of(engine).await }
    }

    /// With a database of this engine, and the machine's own hour: as a school runs it.
    pub async fn of(engine: Engine) -> Self {
        let place = if engine == Engine::Postgres { Some(Place::on(engine).await) } else { None };
        Self { place, ..Self::new().await }
    }

    pub fn database_url(&self) -> String {
        let own = || format!("sqlite://{}", self.folder().join("data/preau.db").display());
        self.place.as_ref().map_or_else(own, |place| place.url.clone())
    }

    /// The database, beside whatever runs.
    pub async fn database(&self) -> Database {
        let config = Config::with(&[("database.url", &self.database_url())], &[]).expect("a configuration");
        let ids = Ids::from_system(self.clock.clone());
        Database::open(Arc::new(config), self.clock.clone(), ids, Probe::default()).await.expect("the database")
    }

    /// What was said on the wire was Telegram's own language; and nothing of it is left.
    pub async fn remove(mut self) {
        let violations = self.sandbox.violations();
        assert!(violations.is_empty(), "against the Bot API's schema: {violations:#?}");
        if let Some(place) = &mut self.place {
            place.remove().await;
        }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// `preau ARGS`, with nothing of this process's environment but what points at the sandbox.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = bare(self.folder(), args);
        command
            .env("PREAU__TELEGRAM__TOKEN", self.sandbox.token())
            .env("PREAU__TELEGRAM__API_URL", self.sandbox.bot_api_url())
            .env("PREAU__WEB__ADMIN_LISTEN", format!("127.0.0.1:{}", self.admin));
        if let Some(place) = &self.place {
            command.env("PREAU__DATABASE__URL", &place.url);
            // What a killed program held is taken up after seconds, not after a minute.
            command.env("PREAU__OUTBOX__LEASE_SECONDS", "5");
        }
        if self.at_its_hour {
            command.env("PREAU__CLOCK__SOURCE", format!("{}/clock", self.sandbox.control_url()));
        }
        command
    }

    pub async fn said(&self, args: &[&str]) -> (i32, String, String) {
        told(self.command(args).output().await.expect("the program"))
    }

    pub fn run(&self) -> Running {
        Running::start(self.command(&["run"]), &self.folder().join("run.log"))
    }

    /// The first admin, by the link that `preau invite` prints beside the program that runs.
    pub async fn admin(&self) -> i64 {
        let (code, out, err) = self.said(&["invite", "--role", "admin"]).await;
        assert_eq!(code, 0, "{err}");
        let admin = self.sandbox.add_person("Claire", "", "fr");
        self.sandbox.start_bot(admin, out.trim().rsplit_once('=').expect("a link").1);
        eventually("asked", async || self.sandbox.messages(admin).len() > 1).await;
        self.sandbox.say(admin, admin, "Claire Laurent");
        let is_admin = async || self.sandbox.last(admin).is_some_and(|last| last.text.contains("administrateur"));
        eventually("an admin", is_admin).await;
        admin
    }

    /// What the admin listener says; status 0 when it is not there.
    pub async fn ask(&self, path: &str) -> (u16, String) {
        ask(self.admin, path).await
    }

    pub async fn until(&self, path: &str, status: u16) {
        eventually(&format!("{path} gives {status}"), async || self.ask(path).await.0 == status).await;
    }
}

/// What an admin listener says; status 0 when it is not there or does not answer.
pub async fn ask(port: u16, path: &str) -> (u16, String) {
    match client().get(format!("http://127.0.0.1:{port}{path}")).send().await {
        Ok(answer) => (answer.status().as_u16(), answer.text().await.unwrap_or_default()),
        Err(_) => (0, String::new()),
    }
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port()
}

fn client() -> preau::platform::http::Client {
    preau::platform::http::client(Duration::from_secs(1), Duration::from_secs(5)).expect("a client")
}

/// `preau ARGS` with an empty environment. A school that is installed on this machine has nothing to do with it.
pub fn bare(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(PathBuf::from(env!("CARGO_BIN_EXE_preau")));
    command.args(args).current_dir(folder).env_clear().env("PREAU_INSTALLED", "").stdin(Stdio::null());
    command
}

/// Exit code, standard output, standard error.
pub fn told(output: Output) -> (i32, String, String) {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

/// A running `preau run`.
pub struct Running(Child);

impl Running {
    /// Starts it; what it writes on standard error goes to `log`, since nobody reads a pipe while it runs.
    pub fn start(mut command: Command, log: &Path) -> Self {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(log).expect("a log");
        Self(command.stderr(log).kill_on_drop(true).spawn().expect("the program"))
    }

    /// SIGKILL, and waits until it is gone.
    pub async fn kill(mut self) {
        self.0.kill().await.expect("killed");
    }

    fn pid(&self) -> u32 {
        self.0.id().expect("it runs")
    }

    pub async fn signal(&self, name: &str) {
        let pid = self.pid();
        let sent = Command::new("sh").args(["-c", &format!("kill -{name} {pid}")]).status().await.expect("kill");
        assert!(sent.success());
    }

    /// Its exit code, and how long it took to end.
    pub async fn ended(self) -> (i32, Duration) {
        let clock = Clock::machine();
        let output = clock.within(Duration::from_secs(20), self.0.wait_with_output()).await;
        let (code, _, _) = told(output.expect("it ends").expect("it ran"));
        (code, clock.elapsed())
    }
}

pub async fn eventually(what: &str, so: impl AsyncFnMut() -> bool) {
    within(Duration::from_secs(30), what, so).await;
}

pub use crate::place::within;
