//! `preau run` and `preau demo`.

use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::{End, Ended, Here};
use crate::app::{App, Start};
use crate::kernel::Error;
use crate::platform::config::Config;
use crate::platform::store::{MOVED, Probe};
use crate::platform::tasks::Tasks;
use crate::platform::telemetry;
use crate::text;

/// From the signal to the end.
const PATIENCE: Duration = Duration::from_millis(4_500);

/// From the signal to the end of a start that is under way.
const START_PATIENCE: Duration = Duration::from_millis(3_500);

pub(super) async fn run(config: Arc<Config>) -> Ended {
    if config.telegram.token.is_none() {
        return Err(End::Usage(text!("cli-no-token")));
    }
    let (stopping, tasks) = (CancellationToken::new(), Tasks::default());
    let heard = |kind| signal(kind).map_err(|error| End::Failed(error.into()));
    tasks.spawn(watch(heard(SignalKind::terminate())?, heard(SignalKind::interrupt())?, stopping.clone()));
    let Some(here) = stopping.run_until_cancelled(Here::at(Arc::clone(&config))).await else { return Ok(()) };
    let here = here?;
    follow(&here, &tasks)?;
    telemetry::keep(&tasks, &here.clock);
    let start = Start { clock: here.clock.clone(), ids: here.ids.clone(), probe: Probe::default() };
    let late = async {
        stopping.cancelled().await;
        here.clock.rest(START_PATIENCE).await;
    };
    let started = tokio::select! {
        started = App::start_patiently(config, start, &stopping) => started?,
        // Told to stop while it starts, and the database does not answer: what was begun is dropped, as by a crash.
        () = late => None,
    };
    if let Some(app) = started {
        let taken_away = stopping.run_until_cancelled(app.tasks().stopping().cancelled()).await.is_some();
        if here.clock.within(PATIENCE, app.stop()).await.is_none() {
            tracing::warn!("preau.stopped_hard");
        }
        if taken_away {
            return Err(Error::outage("database", MOVED).into());
        }
    }
    tasks.stopping().cancel();
    Ok(())
}

/// The first signal asks for a clean stop; the second ends the program where it stands.
async fn watch(mut terminate: Signal, mut interrupt: Signal, stopping: CancellationToken) {
    for times in 0.. {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        if times > 0 {
            std::process::exit(1);
        }
        tracing::info!("preau.stopping");
        stopping.cancel();
    }
}

/// School time comes from the sandbox's door when the configuration says so.
#[cfg(feature = "sandbox")]
fn follow(here: &Here, tasks: &Tasks) -> Ended {
    use crate::platform::clock_door::ClockDoor;
    use crate::platform::config::ClockSource;
    if let ClockSource::Door(url) = &here.config.clock {
        tracing::warn!(clock.source = %url, "preau.sandbox: school time and Telegram are played, this is no school");
        tasks.spawn(ClockDoor::new(url)?.follow(here.clock.clone(), tasks.clone()));
    }
    Ok(())
}

#[cfg(not(feature = "sandbox"))]
#[expect(clippy::unnecessary_wraps, reason = "the same shape with and without the sandbox")]
fn follow(_: &Here, _: &Tasks) -> Ended {
    Ok(())
}

/// Plays the story on the terminal.
#[cfg(feature = "sandbox")]
pub(super) async fn story() -> Ended {
    crate::demo::story::play(Box::new(std::io::stdout())).await.map_err(End::from)
}

/// The demo's page, until a signal.
#[cfg(feature = "sandbox")]
pub(super) async fn page(port: u16, lang: crate::kernel::Lang) -> Ended {
    let (stopping, tasks) = (CancellationToken::new(), Tasks::default());
    let heard = |kind| signal(kind).map_err(|error| End::Failed(error.into()));
    tasks.spawn(watch(heard(SignalKind::terminate())?, heard(SignalKind::interrupt())?, stopping.clone()));
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], port));
    Box::pin(crate::demo::page::show(listen, lang, Box::new(std::io::stdout()), stopping)).await.map_err(End::from)
}
