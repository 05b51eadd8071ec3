//! What of an update is stored, if anything. Of a group nothing but what is asked of us, and of nobody who did not ask.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::{CHANGES, is_ours, split_command};

/// What is said about a person: typed in a group, it is deleted there and answered in private, whether there is such a
/// command or not.
pub const HUSHED: [&str; 14] = [
    "bloquer",
    "debloquer",
    "retirer",
    "exclure",
    "desinscrire",
    "absence",
    "absent",
    "retard",
    "block",
    "unblock",
    "unenrol",
    "unenroll",
    "remove",
    "late",
];

/// What of a message says where it stands, who sent it and in whose name.
const ABOUT: [&str; 5] = ["message_id", "date", "chat", "from", "sender_chat"];

/// What is stored of this update; `None` when it does not concern us.
pub fn kept<'u>(update: &'u Value, bot_id: i64, bot_name: &str) -> Option<Cow<'u, Value>> {
    if !is_ours(update, bot_id, bot_name) {
        return captioned(update, bot_name).map(Cow::Owned);
    }
    let private = |message: &Value| message.pointer("/chat/type").and_then(Value::as_str) == Some("private");
    if let Some(message) = update.get("message").filter(|message| !private(message)) {
        let asked = ABOUT.iter().chain(&["text"]).chain(&CHANGES);
        return Some(Cow::Owned(with(update, "message", of(message, asked))));
    }
    // What stood over the key is ours, and what that answered to may be somebody's.
    if let Some(press) = update.get("callback_query")
        && let Some(message) = press.get("message").filter(|message| !private(message))
    {
        return Some(Cow::Owned(with(update, "callback_query", with(press, "message", of(message, &ABOUT)))));
    }
    // What whoever asks to join says of themselves in Telegram decides nothing here.
    if let Some(request) = update.get("chat_join_request").filter(|request| request.get("bio").is_some()) {
        return Some(Cow::Owned(with(update, "chat_join_request", Value::Object(but(request, "bio")))));
    }
    Some(Cow::Borrowed(update))
}

/// These parts of a message: neither what it answers to or quotes nor whom it names, which are other people's.
fn of<'k>(message: &Value, keys: impl IntoIterator<Item = &'k &'k str>) -> Value {
    let kept = keys.into_iter().filter_map(|key| Some(((*key).to_owned(), message.get(*key)?.clone())));
    Value::Object(kept.collect())
}

/// The same with another part.
fn with(all: &Value, key: &str, part: Value) -> Value {
    let mut all = but(all, key);
    all.insert(key.to_owned(), part);
    Value::Object(all)
}

/// The same without a part.
fn but(all: &Value, key: &str) -> Map<String, Value> {
    let parts = all.as_object().into_iter().flatten().filter(|(name, _)| *name != key);
    parts.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// A file in a group (a photo of a medical note) under whose words stands a command about a person: it is deleted there
/// as typed words are. The command alone is kept of it, not the file and no other word.
fn captioned(update: &Value, bot_name: &str) -> Option<Value> {
    let message = update.get("message").filter(|message| message.get("forward_origin").is_none())?;
    let (name, _) = split_command(message.get("caption")?.as_str()?, bot_name)?;
    if !HUSHED.contains(&name.as_str()) {
        return None;
    }
    let kept = with(&of(message, &ABOUT), "text", json!(format!("/{name}")));
    Some(json!({ "update_id": update.get("update_id")?, "message": kept }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_file_about_a_person_the_command_alone_is_kept() {
        let group = |message: Value| {
            let mut message = message;
            message["chat"] = json!({ "id": -100, "type": "supergroup" });
            json!({ "update_id": 1, "message": message })
        };
        let file = json!([{ "file_id": "a" }]);
        let photo = group(json!({ "message_id": 3, "photo": file, "caption": "/Absence@PreauBot grippe" }));
        let stored = kept(&photo, 5, "PreauBot").expect("stored").to_string();
        assert!(stored.contains(r#""text":"/absence""#) && stored.contains(r#""message_id":3"#), "{stored}");
        assert!(!stored.contains("file_id") && !stored.contains("grippe"), "{stored}");
        for other in [
            json!({ "photo": file, "caption": "/moi" }),
            json!({ "photo": file, "caption": "absence" }),
            json!({ "photo": file, "caption": "/absence@OtherBot" }),
            json!({ "photo": file, "caption": "/absence", "forward_origin": {} }),
            json!({ "photo": file }),
        ] {
            assert_eq!(kept(&group(other.clone()), 5, "PreauBot"), None, "{other}");
        }
        let typed = group(json!({ "text": "/absence demain" }));
        assert_eq!(kept(&typed, 5, "PreauBot").as_deref(), Some(&typed));
    }

    #[test]
    fn of_whoever_asks_to_join_nothing_is_kept_that_decides_nothing() {
        let group = json!({ "id": -100, "type": "supergroup", "title": "1A" });
        let asks = json!({ "chat": group, "from": { "id": 7 }, "user_chat_id": 7, "date": 1 });
        let mut told = asks.clone();
        told["bio"] = json!("ma vie");
        let update = |request: Value| json!({ "update_id": 1, "chat_join_request": request });
        assert_eq!(kept(&update(told), 5, "PreauBot").as_deref(), Some(&update(asks)));
    }

    /// Whoever types a command under somebody's words answers to them: Telegram sends those along.
    #[test]
    fn of_what_a_command_answers_to_nothing_is_kept() {
        let group = json!({ "id": -100, "type": "supergroup", "title": "1A" });
        let of_another =
            json!({ "message_id": 2, "chat": group, "from": { "id": 8, "first_name": "Léa" }, "text": "ma mère" });
        let around = |message: &Value| {
            let mut message = message.clone();
            for (key, value) in [
                ("reply_to_message", of_another.clone()),
                ("quote", json!({ "text": "ma mère", "position": 0 })),
                ("external_reply", json!({ "origin": { "sender_user": { "id": 8, "first_name": "Léa" } } })),
                ("entities", json!([{ "type": "text_mention", "user": { "id": 8, "first_name": "Léa" } }])),
                ("pinned_message", of_another.clone()),
            ] {
                message[key] = value;
            }
            message
        };
        let own = json!({ "message_id": 3, "date": 1, "chat": group, "from": { "id": 7 }, "text": "/prochain" });
        let typed = json!({ "update_id": 1, "message": around(&own) });
        assert_eq!(kept(&typed, 5, "PreauBot").as_deref(), Some(&json!({ "update_id": 1, "message": own })));
        let ours = json!({ "message_id": 3, "date": 1, "chat": group, "from": { "id": 5 }, "text": "Rappel" });
        let pressed = |message: Value| json!({ "update_id": 1, "callback_query": { "id": "9", "from": { "id": 7 }, "message": message } });
        let stood = json!({ "message_id": 3, "date": 1, "chat": group, "from": { "id": 5 } });
        assert_eq!(kept(&pressed(around(&ours)), 5, "PreauBot").as_deref(), Some(&pressed(stood)));
        let mut answered =
            around(&json!({ "message_id": 3, "date": 1, "chat": group, "from": { "id": 7 }, "text": "oui" }));
        answered["reply_to_message"]["from"]["id"] = json!(5);
        let update = json!({ "update_id": 1, "message": answered });
        let stored = kept(&update, 5, "PreauBot").expect("an answer to us");
        assert!(!stored.to_string().contains("ma mère") && stored.to_string().contains("oui"), "{stored}");
    }
}
