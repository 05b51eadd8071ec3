//! Telegram's way to say no.

use serde_json::{Map, Value, json};

/// An answer with `ok: false`. The texts are those of tdlib/telegram-bot-api.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: u16,
    pub description: String,
    pub retry_after: Option<u32>,
    pub migrate_to: Option<i64>,
}

pub type Answer = Result<Value, Refusal>;

impl Refusal {
    pub fn new(code: u16, description: impl Into<String>) -> Self {
        Self { code, description: description.into(), retry_after: None, migrate_to: None }
    }
    pub fn too_many(seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..Self::new(429, format!("Too Many Requests: retry after {seconds}")) }
    }
    pub fn migrated(to: i64) -> Self {
        Self { migrate_to: Some(to), ..bad("group chat was upgraded to a supergroup chat") }
    }
    pub fn not_found() -> Self {
        Self::new(404, "Not Found")
    }

    pub fn body(&self) -> Value {
        let mut parameters = Map::new();
        if let Some(seconds) = self.retry_after {
            parameters.insert("retry_after".to_owned(), json!(seconds));
        }
        if let Some(chat) = self.migrate_to {
            parameters.insert("migrate_to_chat_id".to_owned(), json!(chat));
        }
        let mut body = json!({ "ok": false, "error_code": self.code, "description": self.description });
        if !parameters.is_empty()
            && let Some(body) = body.as_object_mut()
        {
            body.insert("parameters".to_owned(), Value::Object(parameters));
        }
        body
    }
}

pub fn bad(text: impl AsRef<str>) -> Refusal {
    Refusal::new(400, format!("Bad Request: {}", text.as_ref()))
}
pub fn forbidden(text: impl AsRef<str>) -> Refusal {
    Refusal::new(403, format!("Forbidden: {}", text.as_ref()))
}
pub fn conflict(text: impl AsRef<str>) -> Refusal {
    Refusal::new(409, format!("Conflict: {}", text.as_ref()))
}
