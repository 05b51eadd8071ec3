//! The `MTProto` door: what a user account's client connects to.
//!
//! A session here always brings a key that the sandbox has handed out (see [`super::Sandbox::caller_seed`]): clients
//! know Telegram's own RSA keys only, so a key can never be agreed upon with anybody else. The salt is zero for ever,
//! which spares clients the asking for salts. Times in packets are machine time; dates inside are school time.
//!
//! * `wire` keys and encryption · `frames` packets and messages · `line` one connection · `requests` the table of
//!   methods · `auth`, `people`, `groups`, `members`, `manage`, `history`, `calls`, `updates` the methods · `shapes`,
//!   `rights`, `talk` the world as TL values · `news` what is pushed.

mod auth;
mod calls;
mod frames;
mod groups;
mod history;
mod line;
mod manage;
mod members;
mod news;
mod people;
mod refusal;
mod requests;
mod rights;
mod shapes;
mod talk;
mod updates;
mod wire;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::botapi::{Shared, lock};
use super::door::{Lines, spawn};

pub use wire::key_id;

/// The data centre that every session of the sandbox calls home.
pub const HOME: i32 = 2;

/// Serves until told to stop.
pub async fn serve(listener: TcpListener, world: Shared, lines: Lines, stop: CancellationToken) {
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        let Ok((stream, address)) = accepted else { continue };
        if !address.ip().is_loopback() || lock(&world).plan.no_callers() {
            continue;
        }
        // Small answers follow one another: none waits for the other to be acknowledged.
        let _ = stream.set_nodelay(true);
        let (world, line) = (world.clone(), lines.line());
        spawn(async move {
            let _ = line.run_until_cancelled(line::talk(stream, world)).await;
        });
    }
}
