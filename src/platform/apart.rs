//! Work on what strangers send, in a process of its own: this program starts itself anew with three pipes, an empty
//! environment, so much memory and so many seconds. Whatever becomes of it there (a crash, a loop, a flood), here it is
//! an answer: [`Gone`].
//!
//! What comes back are frames: their length (`u32`, little endian) and as many bytes, at most [`LONGEST`].

use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Resource, Rlimit, setrlimit};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::kernel::{Clock, Error, Result};
use crate::platform::config::Config;

/// The longest frame, in bytes.
pub const LONGEST: usize = 16 * 1024 * 1024;
/// All frames together, in bytes.
const FLOOD: usize = 512 * 1024 * 1024;
/// How many such processes a program has at once when it takes a [`seat`] for each.
const SEATS: usize = 4;
static FREE: Semaphore = Semaphore::const_new(SEATS);

/// This program, even when another version lies in its place by now.
const OURSELVES: &str = "/proc/self/exe";

/// What such a process may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Memory, in megabytes (of addresses: what is only reserved counts).
    pub megabytes: u32,
    /// Of the processor; half as many more on the wall.
    pub seconds: u32,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gone {
    /// It wanted more memory or time than it may have.
    Spent,
    /// It broke, or what it said makes no sense.
    Broke,
}

/// What takes a frame; `false`: it makes no sense, and nothing more is read.
pub type Take<'a> = &'a mut (dyn FnMut(&[u8]) -> bool + Send);

/// Leave to start one more.
pub type Seat = SemaphorePermit<'static>;

/// A seat, when one is free: what comes in by itself must not take the machine's memory many times over.
pub fn seat() -> Option<Seat> {
    FREE.try_acquire().ok()
}

/// How it is started.
#[derive(Debug, Clone)]
pub struct Apart {
    program: PathBuf,
    limits: Limits,
}

impl Apart {
    /// As `[files]` says.
    pub fn under(config: &Config) -> Self {
        let files = &config.files;
        let program = files.reader.clone().unwrap_or_else(|| {
            let there = std::path::Path::new(OURSELVES);
            let found = if there.exists() { None } else { std::env::current_exe().ok() };
            found.unwrap_or_else(|| there.to_owned())
        });
        Self { program, limits: Limits { megabytes: files.reader_megabytes, seconds: files.reader_seconds } }
    }

    /// Has `verb` (a hidden command of ours) work on `input`, and gives `take` every frame of its answer. The outer error
    /// is an [`Error::Outage`]: it could not be started.
    pub async fn ask(
        &self,
        clock: &Clock,
        verb: &'static str,
        input: &[&[u8]],
        take: Take<'_>,
    ) -> Result<Result<(), Gone>> {
        let Limits { megabytes, seconds } = self.limits;
        let started = Command::new(&self.program)
            .arg(verb)
            .args(["--megabytes", &megabytes.to_string(), "--seconds", &seconds.to_string()])
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        let cannot = |error| Error::outage("files", &format!("{}: {error}", self.program.display()));
        let mut child = started.map_err(cannot)?;
        let patience = Duration::from_secs(u64::from(seconds) + u64::from(seconds).div_ceil(2));
        let work = converse(&mut child, input, take);
        let (ended, sense) = match clock.within(patience, work).await {
            Some(Ok(ended)) => ended,
            Some(Err(error)) => return Err(Error::outage("files", &error)),
            None => {
                // Killed, and waited for: nothing of it is left when this returns.
                let _ = child.kill().await;
                tracing::warn!(apart.verb = verb, "apart.late");
                return Ok(Err(Gone::Spent));
            }
        };
        if ended.success() && sense {
            return Ok(Ok(()));
        }
        let gone = if sense { gone(ended) } else { Gone::Broke };
        tracing::warn!(apart.verb = verb, apart.ended = %ended, apart.sense = sense, "apart.gone");
        Ok(Err(gone))
    }
}

/// Says everything and hears everything at the same time; then how it ended, and whether what it said made sense.
async fn converse(child: &mut Child, input: &[&[u8]], take: Take<'_>) -> std::io::Result<(ExitStatus, bool)> {
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let told = async {
        let Some(stdin) = stdin else { return };
        tell(stdin, input).await;
    };
    let heard = async {
        let Some(stdout) = stdout else { return false };
        hear(stdout, take).await
    };
    let ((), sense) = futures::join!(told, heard);
    if !sense {
        let _ = child.start_kill();
    }
    Ok((child.wait().await?, sense))
}

/// It may be gone before it heard everything: that shows by its end.
async fn tell(mut stdin: ChildStdin, input: &[&[u8]]) {
    for some in input {
        if stdin.write_all(some).await.is_err() {
            return;
        }
    }
    let _ = stdin.shutdown().await;
}

/// `false`: not frames of ours, or too many of them.
async fn hear(stdout: ChildStdout, take: Take<'_>) -> bool {
    let mut stdout = BufReader::with_capacity(64 * 1024, stdout);
    let (mut frame, mut all) = (Vec::new(), 0_usize);
    loop {
        let mut length = [0; 4];
        match stdout.read(&mut length).await {
            // A frame that breaks off is one that makes no sense unless the process is gone too: its end says why.
            Ok(0) | Err(_) => return true,
            Ok(some) => {
                let Some(rest) = length.get_mut(some..) else { return false };
                if stdout.read_exact(rest).await.is_err() {
                    return true;
                }
            }
        }
        let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
        all = all.saturating_add(length);
        if length > LONGEST || all > FLOOD {
            return false;
        }
        frame.resize(length, 0);
        if stdout.read_exact(&mut frame).await.is_err() {
            return true;
        }
        if !take(&frame) {
            return false;
        }
    }
}

/// Out of memory is an abort (6), out of seconds SIGXCPU (24) or SIGKILL (9), as when the machine itself has no memory
/// left.
fn gone(ended: ExitStatus) -> Gone {
    if matches!(ended.signal(), Some(6 | 9 | 24)) { Gone::Spent } else { Gone::Broke }
}

/// Takes from this process what it does not need to work on what a stranger sent: memory and seconds beyond these
/// limits, files, further processes, a dump of what it holds. To be called before anything is read.
pub fn confine(limits: Limits) -> std::io::Result<()> {
    let seconds = u64::from(limits.seconds);
    let most = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(Resource::Core, most(0))?;
    setrlimit(Resource::Fsize, most(0))?;
    setrlimit(Resource::Nproc, most(0))?;
    setrlimit(Resource::Nofile, most(3))?;
    setrlimit(Resource::Cpu, Rlimit { current: Some(seconds), maximum: Some(seconds + 1) })?;
    setrlimit(Resource::As, most(u64::from(limits.megabytes) << 20))?;
    Ok(())
}

/// Writes one frame; longer than [`LONGEST`] it is an error.
pub fn frame(output: &mut impl Write, bytes: &[u8]) -> std::io::Result<()> {
    let length = u32::try_from(bytes.len()).ok().filter(|_| bytes.len() <= LONGEST);
    let length = length.ok_or_else(|| std::io::Error::other("a frame is too long"))?;
    output.write_all(&length.to_le_bytes())?;
    output.write_all(bytes)
}

/// Everything that was said to this process.
pub fn heard(input: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut all = Vec::new();
    input.read_to_end(&mut all)?;
    Ok(all)
}
