//! What of an update is stored, if anything.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::{is_ours, split_command};

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

/// What of a captioned file says where it stands, who sent it and in whose name.
const ABOUT: [&str; 5] = ["message_id", "date", "chat", "from", "sender_chat"];

/// What is stored of this update; `None` when it does not concern us.
pub fn kept<'u>(update: &'u Value, bot_id: i64, bot_name: &str) -> Option<Cow<'u, Value>> {
    if is_ours(update, bot_id, bot_name) {
        return Some(Cow::Borrowed(update));
    }
    captioned(update, bot_name).map(Cow::Owned)
}

/// A file in a group (a photo of a medical note) under whose words stands a command about a person: it is deleted there
/// as typed words are. The command alone is kept of it, not the file and no other word.
fn captioned(update: &Value, bot_name: &str) -> Option<Value> {
    let message = update.get("message").filter(|message| message.get("forward_origin").is_none())?;
    let (name, _) = split_command(message.get("caption")?.as_str()?, bot_name)?;
    if !HUSHED.contains(&name.as_str()) {
        return None;
    }
    let about = ABOUT.iter().filter_map(|key| Some(((*key).to_owned(), message.get(*key)?.clone())));
    let mut kept: Map<String, Value> = about.collect();
    kept.insert("text".to_owned(), json!(format!("/{name}")));
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
}
