//! The paths that a fact or an effect takes when something goes wrong on the way, and the real program from its
//! command line to its exit code.

mod commands;
mod door;
mod imports;
mod replay;
mod running;

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use preau::kernel::{At, Clock};
use preau::sandbox::{Limits, Options, Sandbox};
use tokio::process::{Child, Command};

use crate::world::schema;

/// Tuesday 24 November 2026, 08:00 in Paris.
pub const MORNING: At = At(1_795_503_600_000);

/// The real program in a folder of its own, against a sandbox.
pub struct Machine {
    pub sandbox: Sandbox,
    pub clock: Clock,
    folder: tempfile::TempDir,
    admin: u16,
}

impl Machine {
    pub async fn new() -> Self {
        let clock = Clock::standing(MORNING);
        let options = Options { clock: clock.clone(), seed: 3, limits: Limits::default(), schema: schema() };
        let sandbox = Sandbox::start(options).await.expect("the sandbox");
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port();
        Self { sandbox, clock, folder: tempfile::tempdir().expect("a folder"), admin: free }
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
        command
    }

    pub async fn said(&self, args: &[&str]) -> (i32, String, String) {
        told(self.command(args).output().await.expect("the program"))
    }

    pub fn run(&self) -> Running {
        Running(self.command(&["run"]).stderr(Stdio::piped()).kill_on_drop(true).spawn().expect("the program"))
    }

    /// What the admin listener says; status 0 when it is not there.
    pub async fn ask(&self, path: &str) -> (u16, String) {
        let url = format!("http://127.0.0.1:{}{path}", self.admin);
        match client().get(url).send().await {
            Ok(answer) => (answer.status().as_u16(), answer.text().await.unwrap_or_default()),
            Err(_) => (0, String::new()),
        }
    }

    pub async fn until(&self, path: &str, status: u16) {
        eventually(&format!("{path} gives {status}"), async || self.ask(path).await.0 == status).await;
    }
}

fn client() -> preau::platform::http::Client {
    preau::platform::http::client(Duration::from_secs(1), Duration::from_secs(5)).expect("a client")
}

/// `preau ARGS` with an empty environment.
pub fn bare(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(PathBuf::from(env!("CARGO_BIN_EXE_preau")));
    command.args(args).current_dir(folder).env_clear().stdin(Stdio::null());
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
    pub async fn signal(&self, name: &str) {
        let pid = self.0.id().expect("it runs").to_string();
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

pub async fn eventually(what: &str, mut so: impl AsyncFnMut() -> bool) {
    let clock = Clock::machine();
    while !so().await {
        assert!(clock.elapsed() < Duration::from_secs(30), "never: {what}");
        clock.rest(Duration::from_millis(20)).await;
    }
}
