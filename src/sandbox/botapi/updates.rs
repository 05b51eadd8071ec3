//! `getUpdates` and what surrounds it.

use std::time::Duration;

use serde_json::{Value, json};

use super::params::Params;
use super::{Shared, lock};
use crate::sandbox::webhook::{Webhook, on_loopback};
use crate::sandbox::world::World;
use crate::sandbox::world::refusal::{Answer, bad, conflict};

const TERMINATED: &str = "terminated by other getUpdates request; make sure that only one bot instance is running";
const BY_WEBHOOK: &str = "terminated by setWebhook request";
const WEBHOOK_ACTIVE: &str =
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
/// The server never holds a poll longer.
const LONGEST_POLL: i64 = 50;

/// Waits for updates. A newer poll ends an older one with 409.
pub async fn poll(world: &Shared, p: &Params) -> Answer {
    let limit = usize::try_from(p.int("limit").unwrap_or(100).clamp(1, 100)).unwrap_or(100);
    let timeout = Duration::from_secs(u64::try_from(p.int("timeout").unwrap_or(0).clamp(0, LONGEST_POLL)).unwrap_or(0));
    let (mine, notify, clock) = begin(&mut lock(world), p)?;
    let until = clock.elapsed() + timeout;
    loop {
        let told = notify.notified();
        let more = {
            let mut world = lock(world);
            if world.queue.poll != mine {
                return Err(conflict(if world.bot.webhook.is_some() { BY_WEBHOOK } else { TERMINATED }));
            }
            let now = world.now();
            world.queue.expire(now);
            let more = world.queue.ripen(clock.elapsed());
            let batch = world.queue.batch(limit);
            let left = until.saturating_sub(clock.elapsed());
            if !batch.is_empty() || left.is_zero() {
                return Ok(Value::Array(batch));
            }
            more.map_or(until, |more| more.min(until))
        };
        // Told or out of time: the next turn of the loop says which.
        let _ = clock.within(more.saturating_sub(clock.elapsed()), told).await;
    }
}

type Begun = (u64, std::sync::Arc<tokio::sync::Notify>, crate::kernel::Clock);

fn begin(world: &mut World, p: &Params) -> Result<Begun, crate::sandbox::world::refusal::Refusal> {
    if world.bot.webhook.is_some() {
        return Err(conflict(WEBHOOK_ACTIVE));
    }
    allow(world, p)?;
    if world.plan.deaf_polls > 0 {
        world.plan.deaf_polls -= 1;
    } else if let Some(offset) = p.int("offset") {
        let taken = world.queue.confirm(offset, world.plan.duplicates);
        world.plan.duplicates -= taken;
    }
    world.queue.poll += 1;
    world.queue.notify.notify_waiters();
    Ok((world.queue.poll, world.queue.notify.clone(), world.clock.clone()))
}

fn allow(world: &mut World, p: &Params) -> Result<(), crate::sandbox::world::refusal::Refusal> {
    if let Some(kinds) = p.json("allowed_updates")? {
        let kinds: Vec<String> =
            serde_json::from_value(kinds).map_err(|_| bad("can't parse allowed_updates JSON object"))?;
        world.queue.allow(&kinds);
    }
    Ok(())
}

pub fn settings(world: &mut World, name: &str, p: &Params) -> Answer {
    match name {
        "setWebhook" => return set_webhook(world, p),
        "getWebhookInfo" => return Ok(webhook_info(world)),
        "deleteWebhook" => {
            world.bot.webhook = None;
            if p.flag("drop_pending_updates") == Some(true) {
                world.queue.forget();
            }
        }
        "logOut" => world.bot.logged_out = Some(world.now()),
        _ => {}
    }
    Ok(json!(true))
}

fn set_webhook(world: &mut World, p: &Params) -> Answer {
    let url = p.text("url").unwrap_or_default();
    allow(world, p)?;
    if p.flag("drop_pending_updates") == Some(true) {
        world.queue.forget();
    }
    if url.is_empty() {
        world.bot.webhook = None;
        return Ok(json!(true));
    }
    if on_loopback(&url).is_none() {
        let Some(rest) = url.strip_prefix("https://") else {
            return Err(bad("bad webhook: An HTTPS URL must be provided for webhook"));
        };
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        let port = authority.rsplit_once(':').map_or("443", |(_, port)| port);
        if !["443", "80", "88", "8443"].contains(&port) {
            return Err(bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"));
        }
    }
    let secret = p.text("secret_token").filter(|secret| !secret.is_empty());
    if secret.as_ref().is_some_and(|secret| secret.len() > 256) {
        return Err(bad("secret token is too long"));
    }
    let may = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    if secret.as_ref().is_some_and(|secret| !secret.chars().all(may)) {
        return Err(bad("secret token contains unallowed characters"));
    }
    world.bot.webhook = Some(Webhook { url, secret, last_error: None });
    // A poll that waits now ends with 409, as the real one does.
    world.queue.poll += 1;
    world.queue.notify.notify_waiters();
    Ok(json!(true))
}

fn webhook_info(world: &World) -> Value {
    let mut info = json!({
        "url": world.bot.webhook.as_ref().map_or("", |hook| &hook.url), "has_custom_certificate": false,
        "pending_update_count": world.queue.pending(),
    });
    if let (Some(kinds), Some(fields)) = (world.queue.explicit(), info.as_object_mut()) {
        fields.insert("allowed_updates".to_owned(), json!(kinds));
    }
    let error = world.bot.webhook.as_ref().and_then(|hook| hook.last_error.as_ref());
    if let (Some((at, why)), Some(fields)) = (error, info.as_object_mut()) {
        fields.insert("last_error_date".to_owned(), json!(at.millis() / 1000));
        fields.insert("last_error_message".to_owned(), json!(why));
    }
    info
}
