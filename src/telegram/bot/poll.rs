//! Long polling that gives Telegram's own JSON: types of ours would drop fields that they do not know, and teloxide's
//! polling confirms updates before they are handled.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use teloxide::RequestError;
use teloxide::requests::{JsonRequest, Payload, Request as _};

/// `getUpdates` with raw answers.
#[derive(Debug, Clone, Serialize)]
pub struct Poll {
    pub offset: i64,
    pub limit: u8,
    /// Seconds; 0 answers at once.
    pub timeout: u32,
    pub allowed_updates: [&'static str; 5],
}

impl Poll {
    /// What we ask for: `chat_member` comes only when it is named.
    pub const KINDS: [&'static str; 5] =
        ["message", "callback_query", "chat_member", "my_chat_member", "chat_join_request"];

    pub const fn from(offset: i64, timeout: u32) -> Self {
        Self { offset, limit: 100, timeout, allowed_updates: Self::KINDS }
    }

    pub(super) async fn ask(self, api: &teloxide::Bot) -> Result<Vec<Value>, RequestError> {
        JsonRequest::new(api.clone(), self).send().await
    }
}

impl Payload for Poll {
    type Output = Vec<Value>;
    const NAME: &'static str = "GetUpdates";

    fn timeout_hint(&self) -> Option<Duration> {
        Some(Duration::from_secs(u64::from(self.timeout)))
    }
}
