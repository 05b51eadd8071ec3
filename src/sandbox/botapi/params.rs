//! A request's parameters, whichever way they came: query, JSON, form or multipart.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value, json};

use crate::sandbox::world::refusal::{Refusal, bad};

/// Telegram takes no larger request than its largest upload and a little.
const LARGEST_BODY: usize = 60 * 1024 * 1024;

#[derive(Clone, Debug)]
pub struct Upload {
    pub name: String,
    pub mime: String,
    pub bytes: Bytes,
}

#[derive(Clone, Debug, Default)]
pub struct Params {
    pub fields: Map<String, Value>,
    pub files: BTreeMap<String, Upload>,
}

fn form(text: &[u8], fields: &mut Map<String, Value>) {
    for pair in text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let name = percent(halves.next().unwrap_or_default());
        fields.insert(name, Value::String(percent(halves.next().unwrap_or_default())));
    }
}

fn percent(text: &[u8]) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.iter().copied();
    while let Some(byte) = rest.next() {
        let decoded = match byte {
            b'+' => b' ',
            b'%' => {
                let pair: Vec<u8> = rest.by_ref().take(2).collect();
                let digits = std::str::from_utf8(&pair).unwrap_or_default();
                u8::from_str_radix(digits, 16).unwrap_or(b'?')
            }
            byte => byte,
        };
        out.push(decoded);
    }
    String::from_utf8_lossy(&out).into_owned()
}

impl Params {
    pub async fn read(request: Request) -> Result<Self, Refusal> {
        let mut params = Self::default();
        if let Some(query) = request.uri().query() {
            form(query.as_bytes(), &mut params.fields);
        }
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("").to_lowercase();
        if kind.starts_with("multipart/form-data") {
            let mut multipart =
                Multipart::from_request(request, &()).await.map_err(|_| bad("can't parse multipart request"))?;
            while let Some(part) = multipart.next_field().await.map_err(|_| bad("can't parse multipart request"))? {
                params.part(part).await?;
            }
            return Ok(params);
        }
        let body = axum::body::to_bytes(request.into_body(), LARGEST_BODY)
            .await
            .map_err(|_| Refusal::new(413, "Request Entity Too Large"))?;
        if kind.starts_with("application/json") {
            if !body.is_empty() {
                let parsed: Value = serde_json::from_slice(&body).map_err(|_| bad("can't parse JSON object"))?;
                if let Value::Object(fields) = parsed {
                    params.fields.extend(fields);
                }
            }
        } else {
            form(&body, &mut params.fields);
        }
        Ok(params)
    }

    async fn part(&mut self, part: axum::extract::multipart::Field<'_>) -> Result<(), Refusal> {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let mime = part.content_type().unwrap_or("application/octet-stream").to_owned();
        let bytes = part.bytes().await.map_err(|_| Refusal::new(413, "Request Entity Too Large"))?;
        match file {
            Some(file) => {
                self.files.insert(name, Upload { name: file, mime, bytes });
            }
            None => {
                self.fields.insert(name, Value::String(String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        Ok(())
    }

    /// The fields as they are judged and written down: a file shows as its name and size.
    pub fn shown(&self) -> Map<String, Value> {
        let mut shown = self.fields.clone();
        let referred: Vec<&str> =
            self.fields.values().filter_map(|value| value.as_str()?.strip_prefix("attach://")).collect();
        let describe = |file: &Upload| json!(format!("file:{} ({} bytes)", file.name, file.bytes.len()));
        for (name, file) in &self.files {
            if !referred.contains(&name.as_str()) {
                shown.insert(name.clone(), describe(file));
            }
        }
        for value in shown.values_mut() {
            let file = value.as_str().and_then(|text| text.strip_prefix("attach://")).and_then(|id| self.files.get(id));
            if let Some(file) = file {
                *value = describe(file);
            }
        }
        shown
    }

    pub fn value(&self, name: &str) -> Option<&Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    pub fn text(&self, name: &str) -> Option<String> {
        match self.value(name)? {
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    pub fn int(&self, name: &str) -> Option<i64> {
        match self.value(name)? {
            Value::Number(number) => number.as_i64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.value(name)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => Some(matches!(text.to_lowercase().as_str(), "true" | "1" | "yes")),
            Value::Number(number) => Some(number.as_i64() != Some(0)),
            _ => None,
        }
    }

    /// An object or array, given as such or as JSON in a string.
    pub fn json(&self, name: &str) -> Result<Option<Value>, Refusal> {
        match self.value(name) {
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text)) => {
                serde_json::from_str(text).map(Some).map_err(|_| bad(format!("can't parse {name} JSON object")))
            }
            other => Ok(other.cloned()),
        }
    }

    pub fn user(&self) -> Result<i64, Refusal> {
        self.int("user_id").filter(|id| *id > 0).ok_or_else(|| bad("invalid user_id specified"))
    }

    /// The upload behind a parameter, direct or by `attach://`.
    pub fn upload(&self, name: &str) -> Option<&Upload> {
        let by_reference = self.value(name).and_then(Value::as_str).and_then(|text| text.strip_prefix("attach://"));
        self.files.get(by_reference.unwrap_or(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read() {
        let mut fields = Map::new();
        form(b"chat_id=-1001&text=a+b%C3%A9&flag=true", &mut fields);
        let params = Params { fields, ..Params::default() };
        assert_eq!(params.int("chat_id"), Some(-1001));
        assert_eq!(params.text("text").as_deref(), Some("a bé"));
        assert_eq!(params.flag("flag"), Some(true));
    }
}
