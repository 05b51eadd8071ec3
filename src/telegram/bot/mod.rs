//! The bot: teloxide behind [`Messenger`]. Paced, never retried here; what went wrong is told as a [`Trouble`].

mod calls;
mod poll;
mod trouble;

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use futures::future::BoxFuture;
use teloxide::prelude::*;
use teloxide::types::{InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions};

use self::poll::Poll;

use super::pace::Pace;
use super::port::{Called, Leave, Trouble, Updates};
use super::screen::{Page, WireDoes};
use crate::kernel::secret::{ExposeSecret as _, SecretString};
use crate::kernel::{Clock, Error, Refusal, Result};
use crate::platform::store::{Probe, Tenure};
use crate::platform::telemetry::names;
use crate::text;

/// The refusal of a token that Telegram does not know.
pub const BAD_TOKEN: &str = "TEL-08";

const LOST: &str = "another process serves Telegram now";

/// The bot's identity at Telegram. Cheap to clone.
#[derive(Clone)]
pub struct Bot {
    api: teloxide::Bot,
    pace: Arc<Pace>,
    probe: Probe,
    clock: Clock,
    id: i64,
    name: String,
    /// Who reads our updates, as the last poll told; `None`: Telegram did not answer.
    reader: Arc<Mutex<Option<Reader>>>,
    /// Set once the program serves.
    tenure: Arc<OnceLock<Tenure>>,
}

/// Who is given the bot's updates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    Us,
    /// Another program that polls with the same token.
    Rival,
    /// An address to which Telegram posts them.
    Webhook,
}

impl std::fmt::Debug for Bot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bot(@{})", self.name)
    }
}

impl Bot {
    /// Asks Telegram who the token is.
    pub async fn connect(
        token: &SecretString,
        api_url: &str,
        client: reqwest::Client,
        pace: Arc<Pace>,
        probe: Probe,
        clock: Clock,
    ) -> Result<Self> {
        let url = api_url.parse().map_err(|_| Error::fault("telegram.api_url does not parse"))?;
        let api = teloxide::Bot::with_client(token.expose_secret(), client).set_api_url(url);
        probe.reach("before call").await;
        let answer = api.get_me().await;
        probe.reach("after call").await;
        let me = match answer {
            Ok(me) => me,
            Err(error) => {
                return Err(match trouble::of(&error) {
                    Trouble::Refused(why) => Refusal::new("TEL-08", text!("telegram-token-refused", why = why)).into(),
                    other => Error::outage("telegram", &other),
                });
            }
        };
        let id = i64::try_from(me.id.0).unwrap_or(0);
        Ok(Self {
            api,
            pace,
            probe,
            clock,
            id,
            name: me.username().to_owned(),
            reader: Arc::new(Mutex::new(Some(Reader::Us))),
            tenure: Arc::default(),
        })
    }

    /// One outside call: between two probes, with errors sorted.
    async fn call<T>(
        &self,
        method: &'static str,
        request: impl IntoFuture<Output = Result<T, teloxide::RequestError>>,
    ) -> Called<T> {
        self.probe.reach("before call").await;
        self.may_call()?;
        let began = self.clock.elapsed();
        let request = async { request.into_future().await.map_err(|error| trouble::of(&error)) };
        let outcome = match self.tenure.get() {
            // Given up, its connection is closed with it: on waking nothing more goes out, and no answer is waited for.
            Some(tenure) => tenure.during(request).await.unwrap_or_else(|| Err(Trouble::Lost(LOST.to_owned()))),
            None => request.await,
        };
        let took = self.clock.elapsed().saturating_sub(began);
        metrics::histogram!(names::TELEGRAM_SECONDS, "method" => method).record(took.as_secs_f64());
        let ended = outcome.as_ref().err().map_or("ok", trouble::label);
        metrics::counter!(names::TELEGRAM_REQUESTS, "method" => method, "outcome" => ended).increment(1);
        if let Err(trouble) = &outcome {
            tracing::debug!(telegram.method = method, trouble = trouble::label(trouble), "telegram.trouble");
        }
        self.probe.reach("after call").await;
        outcome
    }

    /// From now on calls are made only while this process serves Telegram.
    pub fn serve_under(&self, tenure: Tenure) {
        let _ = self.tenure.set(tenure);
    }

    /// Asked after the pace, immediately before bytes go to the socket.
    fn may_call(&self) -> Called<()> {
        match self.tenure.get() {
            Some(tenure) if !tenure.holds() => Err(Trouble::Unsent(LOST.to_owned())),
            _ => Ok(()),
        }
    }

    /// As [`Bot::call`]; when Telegram says to wait, the pace knows.
    async fn paced<T>(
        &self,
        leave: Leave,
        method: &'static str,
        request: impl IntoFuture<Output = Result<T, teloxide::RequestError>>,
    ) -> Called<T> {
        let left = self.pace.depart(leave.chat, leave.at).await;
        let outcome = self.call(method, request).await;
        self.pace.arrived(leave.chat, left);
        if let Err(Trouble::Wait(span)) = &outcome {
            self.pace.hold(leave.chat, *span);
        }
        outcome
    }

    fn keyboard(&self, page: &Page) -> InlineKeyboardMarkup {
        InlineKeyboardMarkup::new(page.keys.iter().map(|row| {
            row.iter()
                .filter_map(|key| match &key.does {
                    WireDoes::Data(data) => Some(InlineKeyboardButton::callback(&key.label, data)),
                    WireDoes::Url(url) => Some(InlineKeyboardButton::url(&key.label, url.parse().ok()?)),
                    WireDoes::Start(payload) => {
                        Some(InlineKeyboardButton::url(&key.label, self.deep_link(payload).parse().ok()?))
                    }
                })
                .collect::<Vec<_>>()
        }))
    }

    /// The link that opens the private chat with a Start payload.
    pub fn deep_link(&self, payload: &str) -> String {
        deep_link(&self.name, payload)
    }

    pub const fn id(&self) -> i64 {
        self.id
    }

    /// The bot's user name, without `@`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What `@BotFather` set: may it read every message of a group, may it be added to groups at all?
    pub async fn may(&self) -> Called<BotMay> {
        let me = self.call("getMe", self.api.get_me()).await?;
        Ok(BotMay { join_groups: me.can_join_groups, read_all: me.can_read_all_group_messages })
    }
}

impl Updates for Bot {
    fn poll(&self, offset: i64, seconds: u32) -> BoxFuture<'_, Called<Vec<serde_json::Value>>> {
        Box::pin(async move {
            self.may_call()?;
            let outcome = Poll::from(offset, seconds).ask(&self.api).await.map_err(|error| trouble::of(&error));
            let ended = outcome.as_ref().err().map_or("ok", trouble::label);
            metrics::counter!(names::TELEGRAM_REQUESTS, "method" => "getUpdates", "outcome" => ended).increment(1);
            let reader = match &outcome {
                Ok(_) | Err(Trouble::Wait(_)) => Some(Reader::Us),
                Err(trouble) => trouble::reader_of(trouble),
            };
            *self.reader.lock().unwrap_or_else(PoisonError::into_inner) = reader;
            // A round that brings nothing changes nothing: how many there are depends on the machine.
            if outcome.as_ref().is_ok_and(|brought| !brought.is_empty()) {
                self.probe.reach("after call").await;
            }
            outcome
        })
    }

    fn reader(&self) -> Option<Reader> {
        *self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The rest of the address may be secret.
    fn webhook(&self) -> BoxFuture<'_, Called<Option<String>>> {
        Box::pin(async move {
            let info = self.call("getWebhookInfo", self.api.get_webhook_info()).await?;
            Ok(info.url.map(|url| url.host_str().unwrap_or_default().to_owned()))
        })
    }

    fn drop_webhook(&self) -> BoxFuture<'_, Called<()>> {
        Box::pin(async move {
            let request = self.api.delete_webhook().drop_pending_updates(false);
            self.call("deleteWebhook", request).await.map(|_| ())
        })
    }
}

/// What the bot's owner allowed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BotMay {
    pub join_groups: bool,
    pub read_all: bool,
}

/// `https://t.me/BOT?start=PAYLOAD`.
pub fn deep_link(bot: &str, payload: &str) -> String {
    format!("https://t.me/{bot}?start={payload}")
}

const fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}
