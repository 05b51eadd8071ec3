//! What the bot says: messages, files, forwards.

use serde_json::{Value, json};

use super::params::Params;
use crate::sandbox::world::World;
use crate::sandbox::world::chat::{Body, Chat, Kind, Post, Status};
use crate::sandbox::world::entities;
use crate::sandbox::world::refusal::{Answer, Refusal, bad, forbidden};

pub const LONGEST_TEXT: usize = 4096;
pub const LONGEST_CAPTION: usize = 1024;
const LARGEST_DOCUMENT: usize = 50 * 1024 * 1024;
const LARGEST_PHOTO: usize = 10 * 1024 * 1024;

const MOST_BUTTONS: usize = 100;
/// What a button may do besides opening an address and calling back.
const OTHER_KINDS: [&str; 8] = [
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
];

/// The length that counts: UTF-16 units, the strictest reading.
pub fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// May the bot write here, this kind of thing?
pub fn writable(world: &mut World, p: &Params, permission: &str, what: &str) -> Result<i64, Refusal> {
    let id = world.target(p)?;
    if id > 0 {
        let now = world.now();
        let person = world.people.get(&id).ok_or_else(|| bad("chat not found"))?;
        if person.blocked {
            return Err(forbidden("bot was blocked by the user"));
        }
        if !person.started && person.reachable_until.is_none_or(|until| until < now) {
            return Err(forbidden("bot can't initiate conversation with a user"));
        }
        world.chats.entry(id).or_insert_with(|| Chat::new(id, Kind::Private, ""));
        return Ok(id);
    }
    let everybody = world.chat(id).is_some_and(|chat| chat.permissions.contains(permission));
    let allowed = match &world.member(id, world.bot.id).status {
        Status::Owner | Status::Administrator { .. } => true,
        Status::Restricted { permissions, .. } => everybody && permissions.contains(permission),
        _ => everybody,
    };
    if allowed { Ok(id) } else { Err(bad(format!("not enough rights to send {what} to the chat"))) }
}

/// Text or caption with its entities.
pub fn words(p: &Params, text: &str, given: &str, longest: usize, too_long: &str) -> Result<entities::Parsed, Refusal> {
    let raw = p.text(text).unwrap_or_default();
    let (parsed, mut found) = entities::parse(&raw, p.text("parse_mode").as_deref())?;
    if let Some(Value::Array(explicit)) = p.json(given)? {
        found = explicit;
    }
    let trimmed = parsed.trim_end();
    if length(trimmed) > longest {
        return Err(bad(too_long));
    }
    Ok((trimmed.to_owned(), found))
}

/// The inline keyboard of a request, judged; other keyboards leave no trace on the message.
pub fn markup(p: &Params) -> Result<Option<Value>, Refusal> {
    let Some(markup) = p.json("reply_markup")? else { return Ok(None) };
    let Some(rows) = markup.get("inline_keyboard") else { return Ok(None) };
    let rows =
        rows.as_array().ok_or_else(|| bad("field \"inline_keyboard\" of the InlineKeyboardMarkup must be an Array"))?;
    let buttons: Vec<&Value> = rows.iter().filter_map(Value::as_array).flatten().collect();
    for button in &buttons {
        judge_button(button)?;
    }
    if buttons.len() > MOST_BUTTONS {
        return Err(bad("reply markup is too long"));
    }
    Ok((!buttons.is_empty()).then(|| json!({ "inline_keyboard": rows })))
}

fn judge_button(button: &Value) -> Result<(), Refusal> {
    let field = |name: &str| button.get(name).and_then(Value::as_str);
    if field("text").is_none_or(|text| text.trim().is_empty()) {
        return Err(bad("can't parse inline keyboard button: Field \"text\" must be of type String"));
    }
    if let Some(url) = field("url") {
        let host = url.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
        let named = host.is_some_and(|host| host.contains('.')) || url.starts_with("tg://");
        if !named {
            return Err(bad(format!("inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")));
        }
        return Ok(());
    }
    if let Some(data) = field("callback_data") {
        if data.is_empty() || data.len() > 64 {
            return Err(bad("BUTTON_DATA_INVALID"));
        }
        return Ok(());
    }
    if button.as_object().is_some_and(|fields| fields.keys().any(|field| OTHER_KINDS.contains(&field.as_str()))) {
        return Ok(());
    }
    Err(bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"))
}

/// Fills in what every sent message may carry: the reply, the topic, the keyboard.
pub fn dress(world: &World, p: &Params, chat: i64, mut post: Post) -> Result<Post, Refusal> {
    post.markup = markup(p)?;
    post.protected = p.flag("protect_content") == Some(true);
    let exists = |id: i64| world.chat(chat).is_some_and(|chat| chat.posts.contains_key(&id));
    if let Some(reply) = p.json("reply_parameters")? {
        let id = reply.get("message_id").and_then(Value::as_i64).unwrap_or(0);
        let without = reply.get("allow_sending_without_reply").and_then(Value::as_bool).unwrap_or(false);
        match exists(id) {
            true => post.reply_to = Some(id),
            false if without => {}
            false => return Err(bad("message to be replied not found")),
        }
    }
    if let Some(thread) = p.int("message_thread_id") {
        let topic = world.chat(chat).and_then(|chat| chat.topics.get(&thread));
        match topic {
            None => return Err(bad("message thread not found")),
            Some(topic) if topic.closed && !world.member(chat, world.bot.id).may("can_manage_topics") => {
                return Err(bad("TOPIC_CLOSED"));
            }
            Some(_) => post.thread = Some(thread),
        }
    }
    Ok(post)
}

pub fn deliver(world: &mut World, chat: i64, post: Post) -> Value {
    let id = world.post(chat, post);
    world.message_json(chat, id)
}

pub fn message(world: &mut World, p: &Params) -> Answer {
    let chat = writable(world, p, "can_send_messages", "text messages")?;
    let (text, found) = words(p, "text", "entities", LONGEST_TEXT, "message is too long")?;
    if text.trim().is_empty() {
        return Err(bad("message text is empty"));
    }
    let mut post = Post::new(world.bot.id, Body::Text(text));
    post.entities = found;
    let post = dress(world, p, chat, post)?;
    Ok(deliver(world, chat, post))
}

/// Telegram looks into pictures: what is none is refused.
pub fn is_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xff\xd8")
}

/// `sendDocument` and `sendPhoto`.
pub fn file(world: &mut World, p: &Params, kind: &str) -> Answer {
    let photo = kind == "photo";
    let (permission, what) = if photo { ("can_send_photos", "photos") } else { ("can_send_documents", "documents") };
    let chat = writable(world, p, permission, what)?;
    let (caption, found) = words(p, "caption", "caption_entities", LONGEST_CAPTION, "message caption is too long")?;
    let known = p.text(kind).filter(|id| world.files.contains_key(id));
    let file = match (known, p.upload(kind)) {
        (Some(id), _) => id,
        (None, Some(upload)) => {
            if upload.bytes.is_empty() {
                return Err(bad("file must be non-empty"));
            }
            let largest = if photo { LARGEST_PHOTO } else { LARGEST_DOCUMENT };
            if upload.bytes.len() > largest {
                return Err(if photo { bad("file is too big") } else { Refusal::new(413, "Request Entity Too Large") });
            }
            if photo && !is_picture(&upload.bytes) {
                return Err(bad("IMAGE_PROCESS_FAILED"));
            }
            let (name, bytes) = (upload.name.clone(), upload.bytes.to_vec());
            let by_name = crate::sandbox::world::people::mime_of(&name);
            let mime = if by_name == "application/octet-stream" { upload.mime.clone() } else { by_name.to_owned() };
            world.keep_file(&name, &mime, bytes, photo)
        }
        (None, None) if p.text(kind).is_none() => return Err(bad(format!("there is no {kind} in the request"))),
        // Fetching by URL would need a network; Telegram says the same of an unknown id.
        (None, None) => return Err(bad("wrong file identifier/HTTP URL specified")),
    };
    let body = if photo { Body::Photo { file, caption } } else { Body::Document { file, caption } };
    let mut post = Post::new(world.bot.id, body);
    post.entities = found;
    let post = dress(world, p, chat, post)?;
    Ok(deliver(world, chat, post))
}

pub fn action(world: &mut World, p: &Params) -> Answer {
    const ACTIONS: [&str; 11] = [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ];
    writable(world, p, "can_send_messages", "text messages")?;
    match p.text("action") {
        Some(action) if ACTIONS.contains(&action.as_str()) => Ok(json!(true)),
        _ => Err(bad("wrong parameter action in request")),
    }
}

/// The message that is to be forwarded or copied, seen where it is.
fn original(world: &World, p: &Params, verb: &str) -> Result<Post, Refusal> {
    let from = world.within_reach(p.int("from_chat_id").ok_or_else(|| bad("chat not found"))?)?;
    let chat = world.chat(from).ok_or_else(|| bad("chat not found"))?;
    let id = p.int("message_id").ok_or_else(|| bad("message identifier is not specified"))?;
    let post = chat.posts.get(&id).ok_or_else(|| bad(format!("message to {verb} not found")))?;
    if post.protected || matches!(post.body, Body::Service { .. }) {
        return Err(bad(format!("message can't be {}", if verb == "copy" { "copied" } else { "forwarded" })));
    }
    Ok(post.clone())
}

pub fn forward(world: &mut World, p: &Params) -> Answer {
    let chat = writable(world, p, "can_send_messages", "text messages")?;
    let post = original(world, p, "forward")?;
    let mut forwarded = Post::new(world.bot.id, post.body);
    forwarded.entities = post.entities;
    forwarded.origin = post.origin.or(Some((post.from, post.at)));
    Ok(deliver(world, chat, forwarded))
}

pub fn copy(world: &mut World, p: &Params) -> Answer {
    let chat = writable(world, p, "can_send_messages", "text messages")?;
    let post = original(world, p, "copy")?;
    let mut copied = Post::new(world.bot.id, post.body);
    copied.entities = post.entities;
    if p.value("caption").is_some()
        && let Body::Document { caption, .. } | Body::Photo { caption, .. } = &mut copied.body
    {
        let given = words(p, "caption", "caption_entities", LONGEST_CAPTION, "message caption is too long")?;
        (*caption, copied.entities) = given;
    }
    let copied = dress(world, p, chat, copied)?;
    let id = world.post(chat, copied);
    Ok(json!({ "message_id": id }))
}
