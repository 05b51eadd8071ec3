//! Updates posted to an address, as Telegram does once a webhook is set: one at a time, in order, each again until it is
//! answered with 2xx. As with a local Bot API server, an http address is taken too, on loopback only: nothing ever
//! leaves the machine, so updates for an https address wait for ever.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use super::botapi::{Shared, lock};
use crate::kernel::{At, Clock};

/// The first pause after a failure; each further one doubles it.
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
/// An answer must come within this time.
const PATIENCE: Duration = Duration::from_mins(1);

/// Where updates are posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    pub url: String,
    /// Goes back in `X-Telegram-Bot-Api-Secret-Token`.
    pub secret: Option<String>,
    pub last_error: Option<(At, String)>,
}

/// Host and path of an address that updates can be posted to.
pub fn on_loopback(url: &str) -> Option<(&str, String)> {
    let (authority, path) = url.strip_prefix("http://")?.split_once('/')?;
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    ["127.0.0.1", "localhost"].contains(&host).then(|| (authority, format!("/{path}")))
}

/// Posts what waits for as long as a webhook is set, until told to stop.
pub async fn deliver(world: Shared, stop: CancellationToken) {
    let clock = lock(&world).clock.clone();
    let mut pause = PAUSE;
    while !stop.is_cancelled() {
        let (next, notify) = next(&world);
        let told = notify.notified();
        let Some((hook, update)) = next else {
            tokio::select! {
                () = stop.cancelled() => return,
                // Setting a webhook wakes too; looking now and then costs nothing.
                _ = clock.within(Duration::from_millis(50), told) => continue,
            }
        };
        let outcome = stop.run_until_cancelled(post(&clock, &hook, &update)).await;
        match outcome {
            None => return,
            Some(Ok(())) => {
                pause = PAUSE;
                settle(&world, &hook, &update);
            }
            Some(Err(why)) => {
                note(&world, &hook, why);
                stop.run_until_cancelled(clock.rest(pause)).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

/// What is to be posted now, and what tells of more.
fn next(world: &Shared) -> (Option<(Webhook, Value)>, std::sync::Arc<tokio::sync::Notify>) {
    let mut world = lock(world);
    let now = world.now();
    world.queue.expire(now);
    let elapsed = world.clock.elapsed();
    world.queue.ripen(elapsed);
    let hook = world.bot.webhook.clone().filter(|hook| on_loopback(&hook.url).is_some());
    let next = hook.and_then(|hook| Some((hook, world.queue.batch(1).pop()?)));
    (next, world.queue.notify.clone())
}

/// Taken: unless the webhook is another by now, it does not come again.
fn settle(world: &Shared, hook: &Webhook, update: &Value) {
    let mut world = lock(world);
    if let Some(id) =
        update["update_id"].as_i64().filter(|_| world.bot.webhook.as_ref().is_some_and(|h| h.url == hook.url))
    {
        world.queue.confirm(id + 1, 0);
    }
}

fn note(world: &Shared, hook: &Webhook, why: String) {
    let mut world = lock(world);
    let now = world.now();
    if let Some(set) = world.bot.webhook.as_mut().filter(|set| set.url == hook.url) {
        set.last_error = Some((now, why));
    }
}

async fn post(clock: &Clock, hook: &Webhook, update: &Value) -> Result<(), String> {
    let Some((authority, path)) = on_loopback(&hook.url) else { return Err("not on loopback".to_owned()) };
    let body = update.to_string();
    let secret = hook.secret.as_ref().map(|secret| format!("X-Telegram-Bot-Api-Secret-Token: {secret}\r\n"));
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {authority}\r\nContent-Type: application/json\r\n{}Content-Length: {}\r\nConnection: close\r\n\r\n",
        secret.unwrap_or_default(),
        body.len()
    );
    let exchange = async {
        let mut line = TcpStream::connect(authority).await?;
        line.write_all(head.as_bytes()).await?;
        line.write_all(body.as_bytes()).await?;
        let mut answer = Vec::new();
        line.take(4096).read_to_end(&mut answer).await?;
        std::io::Result::Ok(answer)
    };
    let answer = match clock.within(PATIENCE, exchange).await {
        None => return Err("Read timeout expired".to_owned()),
        Some(Err(error)) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            return Err("Connection refused".to_owned());
        }
        Some(Err(_)) => return Err("Connection reset by peer".to_owned()),
        Some(Ok(answer)) => answer,
    };
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.lines().next().and_then(|line| line.split_once(' ')).map_or("", |(_, status)| status.trim());
    if status.starts_with('2') { Ok(()) } else { Err(format!("Wrong response from the webhook: {status}")) }
}
