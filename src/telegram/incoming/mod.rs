//! From Telegram's JSON to what somebody did (`parse`), and the handler tree that says which kind of thing that is.

mod kept;
mod parse;

use dptree::prelude::*;

pub use self::kept::{HUSHED, kept};
pub use self::parse::parse;
pub(super) use self::parse::standing;
use super::command::{Chat, ChatKind, Happening, Sent};
use crate::kernel::text::names::fold;

/// An update that may concern us, parsed.
#[derive(Debug, Clone)]
pub struct Incoming {
    pub chat: Chat,
    /// Who did it: account and language tag.
    pub from: Option<From>,
    /// Said in the name of the group itself (an anonymous admin): who it was is not told.
    pub anonymous: bool,
    /// Somebody else's words, passed on.
    pub forwarded: bool,
    pub what: What,
}

#[derive(Debug, Clone)]
pub struct From {
    pub account: i64,
    pub language: Option<String>,
}

#[derive(Debug, Clone)]
pub enum What {
    Text {
        message: i64,
        text: String,
    },
    File {
        message: i64,
        file: Sent,
    },
    Press {
        query: String,
        data: String,
        message: i64,
    },
    Happening(Happening),
    /// A photo, a voice message, a sticker: no words.
    Wordless {
        message: i64,
    },
    /// Nothing for us.
    Other,
}

/// The kind of thing that an update is: what the handler tree decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    Command {
        name: String,
        args: String,
        message: i64,
    },
    Text {
        text: String,
        message: i64,
    },
    File {
        file: Sent,
        message: i64,
    },
    Press {
        query: String,
        data: String,
        message: i64,
    },
    Happening(Happening),
    /// A command of somebody else, passed on: whoever forwards it does not give it.
    Forwarded {
        message: i64,
    },
    /// Something other than words, in private.
    Unread {
        message: i64,
    },
    Nothing,
}

/// The bot's user name, without `@`.
#[derive(Debug, Clone)]
pub struct BotName(pub String);

/// Whoever waits for an answer to an update, read from its JSON alone: it may be what cannot be parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    pub account: i64,
    pub chat: i64,
    pub language: Option<String>,
    /// The press to be answered.
    pub query: Option<String>,
}

impl Asker {
    /// `None` when nobody waits: memberships, joins, talk in groups, what is said in a group's or a channel's name.
    pub fn of(body: &str) -> Option<Self> {
        let update: serde_json::Value = serde_json::from_str(body).ok()?;
        let press = update.get("callback_query");
        let message = update.get("message").filter(|message| {
            let text = message.get("text").and_then(|text| text.as_str());
            let private = message.pointer("/chat/type").and_then(|kind| kind.as_str()) == Some("private");
            let asks = private && (text.is_some() || message.get("document").is_some());
            let commands = text.is_some_and(|text| text.starts_with('/'));
            (asks || commands) && message.get("sender_chat").is_none()
        });
        let did = press.or(message)?;
        let account = did.pointer("/from/id")?.as_i64()?;
        let chat = did.pointer("/message/chat/id").or_else(|| did.pointer("/chat/id"));
        let text = |place: &str| did.pointer(place).and_then(|value| value.as_str()).map(str::to_owned);
        Some(Self {
            account,
            chat: chat.and_then(serde_json::Value::as_i64).unwrap_or(account),
            language: text("/from/language_code"),
            query: press.and_then(|_| text("/id")),
        })
    }
}

/// The handler tree: pure, so that a test can run it without a network. Needs an [`Incoming`] and the [`BotName`].
pub fn schema() -> Handler<'static, Route> {
    dptree::entry()
        .branch(dptree::filter_map(as_press).endpoint(give))
        .branch(dptree::filter_map(as_happening).endpoint(give))
        .branch(dptree::filter_map(as_forwarded).endpoint(give))
        .branch(dptree::filter_map(as_command).endpoint(give))
        .branch(dptree::filter_map(as_file).endpoint(give))
        .branch(dptree::filter_map(as_text).endpoint(give))
        .branch(dptree::filter_map(as_unread).endpoint(give))
        .endpoint(|| async { Route::Nothing })
}

async fn give(route: Route) -> Route {
    route
}

fn as_press(incoming: Incoming) -> Option<Route> {
    match incoming.what {
        What::Press { query, data, message } => Some(Route::Press { query, data, message }),
        _ => None,
    }
}

fn as_happening(incoming: Incoming) -> Option<Route> {
    match incoming.what {
        What::Happening(happening) => Some(Route::Happening(happening)),
        _ => None,
    }
}

fn as_forwarded(incoming: Incoming) -> Option<Route> {
    match incoming.what {
        What::Text { message, text } if incoming.forwarded && text.starts_with('/') => {
            Some(Route::Forwarded { message })
        }
        _ => None,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "dptree hands values out of its map")]
fn as_command(incoming: Incoming, bot: BotName) -> Option<Route> {
    let What::Text { message, text } = incoming.what else { return None };
    let private = incoming.chat.kind == ChatKind::Private;
    let (name, args) = split_command(&text, &bot.0).or_else(|| private.then(|| split_accented(&text)).flatten())?;
    Some(Route::Command { name, args, message })
}

fn as_file(incoming: Incoming) -> Option<Route> {
    match incoming.what {
        What::File { message, file } if incoming.chat.kind == ChatKind::Private => Some(Route::File { file, message }),
        _ => None,
    }
}

fn as_text(incoming: Incoming) -> Option<Route> {
    match incoming.what {
        What::Text { message, text } if incoming.chat.kind == ChatKind::Private && !text.starts_with('/') => {
            Some(Route::Text { text, message })
        }
        _ => None,
    }
}

#[expect(clippy::needless_pass_by_value, reason = "dptree hands values out of its map")]
fn as_unread(incoming: Incoming) -> Option<Route> {
    match incoming.what {
        What::Wordless { message } if incoming.chat.kind == ChatKind::Private => Some(Route::Unread { message }),
        _ => None,
    }
}

/// `/name@bot args`: the name in lower case and the rest. `None` when it is no command, or another bot's.
pub fn split_command(text: &str, bot: &str) -> Option<(String, String)> {
    let rest = text.strip_prefix('/')?;
    let (head, args) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let (name, addressee) = head.split_once('@').map_or((head, None), |(name, to)| (name, Some(to)));
    if addressee.is_some_and(|to| !to.eq_ignore_ascii_case(bot)) || name.is_empty() || name.len() > 32 {
        return None;
    }
    name.chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_')
        .then(|| (name.to_ascii_lowercase(), args.trim().to_owned()))
}

/// `/présence`, `/aujourd’hui`: Telegram takes such words for no command, people type them all the same. In private they
/// are read without accents and signs; a command for another bot stays another's.
fn split_accented(text: &str) -> Option<(String, String)> {
    let rest = text.strip_prefix('/')?;
    let (head, args) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let name: String = fold(head).chars().filter(char::is_ascii_alphanumeric).take(32).collect();
    (!head.contains('@') && !name.is_empty()).then(|| (name, args.trim().to_owned()))
}

/// Service messages that change a group.
const CHANGES: [&str; 4] = ["left_chat_member", "migrate_to_chat_id", "migrate_from_chat_id", "new_chat_title"];

/// Does this update concern us? What a bot admin sees of people's talk (neither a command, nor an answer to us, nor a
/// change of the group) is dropped before anything is stored.
pub fn is_ours(update: &serde_json::Value, bot_id: i64, bot_name: &str) -> bool {
    let Some(message) = update.get("message") else {
        return ["callback_query", "chat_member", "my_chat_member", "chat_join_request"]
            .iter()
            .any(|key| update.get(key).is_some());
    };
    if message.pointer("/chat/type").and_then(|kind| kind.as_str()) == Some("private") {
        return true;
    }
    if CHANGES.iter().any(|key| message.get(key).is_some()) {
        return true;
    }
    let text = message.get("text").and_then(|text| text.as_str()).unwrap_or_default();
    let answers = message.pointer("/reply_to_message/from/id").and_then(serde_json::Value::as_i64) == Some(bot_id);
    // What is passed on is somebody else's.
    message.get("forward_origin").is_none() && (split_command(text, bot_name).is_some() || answers && !text.is_empty())
}

const PLACES: [&str; 5] = [
    "/message/chat/id",
    "/callback_query/message/chat/id",
    "/chat_member/chat/id",
    "/my_chat_member/chat/id",
    "/chat_join_request/chat/id",
];

/// The chat whose order an update belongs to (0: none).
pub fn chat_of(update: &serde_json::Value) -> i64 {
    PLACES.iter().find_map(|place| update.pointer(place).and_then(serde_json::Value::as_i64)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn commands_for_other_bots_are_not_ours() {
        assert_eq!(split_command("/moi", "PreauBot"), Some(("moi".to_owned(), String::new())));
        assert_eq!(split_command("/Moi@preaubot  a b", "PreauBot"), Some(("moi".to_owned(), "a b".to_owned())));
        assert_eq!(split_command("/moi@OtherBot", "PreauBot"), None);
        assert_eq!(split_command("bonjour", "PreauBot"), None);
        assert_eq!(split_command("/été", "PreauBot"), None);
    }

    #[test]
    fn accents_and_signs_are_forgiven_in_private() {
        assert_eq!(split_accented("/Présence 1A"), Some(("presence".to_owned(), "1A".to_owned())));
        assert_eq!(split_accented("/aujourd’hui"), Some(("aujourdhui".to_owned(), String::new())));
        for other in ["/", "/…", "présence", "/été@OtherBot"] {
            assert_eq!(split_accented(other), None, "{other}");
        }
    }

    #[test]
    fn whoever_waits_is_found_without_parsing() {
        let press = json!({"callback_query": {"id": "q", "from": {"id": 7, "language_code": "en"},
            "message": {"chat": {"id": -100}}, "data": 5}});
        let found = Asker { account: 7, chat: -100, language: Some("en".to_owned()), query: Some("q".to_owned()) };
        assert_eq!(Asker::of(&press.to_string()), Some(found));
        let typed = json!({"message": {"from": {"id": 7}, "chat": {"id": 7}, "text": "/moi"}});
        let found = Asker { account: 7, chat: 7, language: None, query: None };
        assert_eq!(Asker::of(&typed.to_string()), Some(found));
        for nobody in [
            json!({"message": {"from": {"id": 7}, "chat": {"id": 7}, "new_chat_title": "x"}}),
            json!({"message": {"from": {"id": 7}, "sender_chat": {"id": -1}, "chat": {"id": -1}, "text": "/x"}}),
            json!({"message": {"from": {"id": 7}, "chat": {"id": -1, "type": "supergroup"}, "text": "merci"}}),
            json!({"my_chat_member": {"from": {"id": 7}, "chat": {"id": 7}}}),
        ] {
            assert_eq!(Asker::of(&nobody.to_string()), None, "{nobody}");
        }
        assert_eq!(Asker::of("{"), None);
    }

    #[test]
    fn talk_in_groups_is_dropped_before_storage() {
        let group = |message: serde_json::Value| {
            let mut message = message;
            message["chat"] = json!({"id": -100, "type": "supergroup"});
            json!({"update_id": 1, "message": message})
        };
        assert!(!is_ours(&group(json!({"text": "bonjour à tous"})), 5, "PreauBot"));
        assert!(!is_ours(&group(json!({"text": "/x@OtherBot"})), 5, "PreauBot"));
        assert!(!is_ours(&group(json!({"photo": []})), 5, "PreauBot"));
        assert!(is_ours(&group(json!({"text": "/prochain"})), 5, "PreauBot"));
        assert!(is_ours(&group(json!({"text": "oui", "reply_to_message": {"from": {"id": 5}}})), 5, "PreauBot"));
        assert!(!is_ours(&group(json!({"text": "/moi", "forward_origin": {}})), 5, "PreauBot"));
        assert!(is_ours(&group(json!({"left_chat_member": {}})), 5, "PreauBot"));
        assert!(!is_ours(&json!({"update_id": 1, "edited_message": {"chat": {"type": "private"}}}), 5, "PreauBot"));
    }

    #[tokio::test]
    async fn the_tree_decides_by_kind_and_place() {
        let incoming = |kind: ChatKind, text: &str| Incoming {
            chat: Chat { id: 1, title: String::new(), kind },
            from: None,
            anonymous: false,
            forwarded: false,
            what: What::Text { message: 3, text: text.to_owned() },
        };
        let route = async |incoming: Incoming| match schema()
            .dispatch(dptree::deps![incoming, BotName("PreauBot".to_owned())])
            .await
        {
            std::ops::ControlFlow::Break(route) => route,
            std::ops::ControlFlow::Continue(_) => Route::Nothing,
        };
        let command = route(incoming(ChatKind::Supergroup, "/moi")).await;
        assert_eq!(command, Route::Command { name: "moi".to_owned(), args: String::new(), message: 3 });
        let answer = route(incoming(ChatKind::Private, "12/03/2009")).await;
        assert_eq!(answer, Route::Text { text: "12/03/2009".to_owned(), message: 3 });
        assert_eq!(route(incoming(ChatKind::Supergroup, "salut")).await, Route::Nothing);
        let photo = parse(
            r#"{"update_id":1,"message":{"message_id":3,"date":1,"chat":{"id":7,"type":"private","first_name":"I"},
            "from":{"id":7,"is_bot":false,"first_name":"I"},
            "photo":[{"file_id":"a","file_unique_id":"b","width":1,"height":1,"file_size":1}]}}"#,
        );
        assert_eq!(route(photo.expect("a photo")).await, Route::Unread { message: 3 });
    }
}
