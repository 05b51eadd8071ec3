//! Telegram's JSON, read by teloxide's types.

use teloxide::types::{ChatMember, ChatMemberKind, ChatMemberUpdated, Message, MessageKind, Update, UpdateKind};

use super::{From, Incoming, What};
use crate::telegram::command::{Chat, ChatKind, Happening, Sent, Standing};

/// Parses a stored update. `Err` holds no part of the body.
pub fn parse(body: &str) -> Result<Incoming, String> {
    let update: Update =
        serde_json::from_str(body).map_err(|error| format!("update does not parse ({:?})", error.classify()))?;
    match update.kind {
        UpdateKind::Message(message) => Ok(from_message(&message)),
        UpdateKind::CallbackQuery(query) => {
            let message = query.message.as_ref();
            Ok(Incoming {
                chat: message.map(|message| chat(message.chat())).ok_or("a press without a message")?,
                from: user(&query.from),
                anonymous: false,
                forwarded: false,
                what: What::Press {
                    query: query.id.0.clone(),
                    data: query.data.clone().unwrap_or_default(),
                    message: message.map_or(0, |message| i64::from(message.id().0)),
                },
            })
        }
        UpdateKind::ChatMember(update) => Ok(from_member(&update, false)),
        UpdateKind::MyChatMember(update) => Ok(from_member(&update, true)),
        UpdateKind::ChatJoinRequest(request) => Ok(Incoming {
            chat: chat(&request.chat),
            from: user(&request.from),
            anonymous: false,
            forwarded: false,
            what: What::Happening(Happening::AsksToJoin {
                account: account(&request.from),
                user_chat: request.user_chat_id.0,
                link: request.invite_link.map(|link| link.invite_link),
                language: request.from.language_code,
            }),
        }),
        _ => Err("an update of a kind that was not asked for".to_owned()),
    }
}

fn from_message(message: &Message) -> Incoming {
    let id = i64::from(message.id.0);
    let what = match &message.kind {
        MessageKind::LeftChatMember(_) => What::Happening(Happening::DepartureShown { message: id }),
        MessageKind::NewChatTitle(title) => What::Happening(Happening::Renamed { title: title.new_chat_title.clone() }),
        _ => {
            if let Some(to) = message.migrate_to_chat_id() {
                What::Happening(Happening::Upgraded { to: to.0 })
            } else if let Some(document) = message.document() {
                What::File {
                    message: id,
                    file: Sent {
                        file_id: document.file.id.0.clone(),
                        name: document.file_name.clone().unwrap_or_default(),
                        size: u64::from(document.file.size),
                    },
                }
            } else if let Some(text) = message.text() {
                What::Text { message: id, text: text.to_owned() }
            } else if matches!(message.kind, MessageKind::Common(_)) {
                What::Wordless { message: id }
            } else {
                What::Other
            }
        }
    };
    // With a sender chat (the group itself, a channel) `from` is a stand-in account of Telegram's: nobody of ours.
    let spoken_as = message.sender_chat.as_ref().map(|sender| sender.id);
    Incoming {
        chat: chat(&message.chat),
        from: message.from.as_ref().filter(|_| spoken_as.is_none()).and_then(user),
        anonymous: spoken_as == Some(message.chat.id),
        forwarded: message.forward_origin().is_some(),
        what,
    }
}

fn from_member(update: &ChatMemberUpdated, is_bot: bool) -> Incoming {
    let by = account(&update.from);
    let is = standing(&update.new_chat_member);
    let happening = if is_bot {
        Happening::Bot { by, is }
    } else {
        Happening::Member {
            account: account(&update.new_chat_member.user),
            by,
            name: update.new_chat_member.user.full_name(),
            was: standing(&update.old_chat_member),
            is,
        }
    };
    Incoming {
        chat: chat(&update.chat),
        from: user(&update.from),
        anonymous: false,
        forwarded: false,
        what: What::Happening(happening),
    }
}

pub(in super::super) fn standing(member: &ChatMember) -> Standing {
    match &member.kind {
        ChatMemberKind::Owner(_) | ChatMemberKind::Administrator(_) => Standing::Admin,
        ChatMemberKind::Member(_) => Standing::Member,
        ChatMemberKind::Restricted(restricted) if restricted.is_member => Standing::Member,
        ChatMemberKind::Restricted(_) | ChatMemberKind::Left => Standing::Absent,
        ChatMemberKind::Banned(_) => Standing::Banned,
    }
}

fn account(user: &teloxide::types::User) -> i64 {
    i64::try_from(user.id.0).unwrap_or(0)
}

/// `None`: a number that is no account's.
fn user(user: &teloxide::types::User) -> Option<From> {
    let account = i64::try_from(user.id.0).ok()?;
    Some(From { account, language: user.language_code.clone() })
}

fn chat(chat: &teloxide::types::Chat) -> Chat {
    let kind = if chat.is_private() {
        ChatKind::Private
    } else if chat.is_supergroup() {
        ChatKind::Supergroup
    } else if chat.is_group() {
        ChatKind::Group
    } else {
        ChatKind::Channel
    };
    Chat { id: chat.id.0, title: chat.title().unwrap_or_default().to_owned(), kind }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::Index;
    use serde_json::{Value, json};

    use super::super::{Asker, chat_of, kept};
    use super::*;

    #[test]
    fn hostile_bodies_are_refused_without_quoting_them() {
        for body in ["", "{}", "[]", "{\"update_id\":\"Inès\"}", "{\"update_id\":1,\"message\":{\"text\":\"Inès\"}}"]
        {
            assert!(parse(body).is_err_and(|why| !why.contains("Inès")), "{body}");
        }
    }

    const BOT: i64 = 5;
    /// What somebody else said in the group.
    const TALK: &str = "ma mère est malade";

    /// Updates as Telegram sends them.
    fn updates() -> Vec<Value> {
        let from = json!({ "id": 7, "is_bot": false, "first_name": "Inès", "language_code": "fr" });
        let private = json!({ "id": 7, "type": "private", "first_name": "Inès" });
        let group = json!({ "id": -1_001_234_567_890_i64, "type": "supergroup", "title": "BTS SIO 1A" });
        let message = |chat: &Value, more: Value| {
            let mut message = json!({ "message_id": 3, "date": 1_795_500_000, "from": from, "chat": chat });
            message.as_object_mut().expect("a message").extend(more.as_object().expect("more").clone());
            message
        };
        let said = |chat: &Value, more: Value| json!({ "update_id": 1, "message": message(chat, more) });
        let member = |status: &str| json!({ "user": from, "status": status });
        let document = json!({ "file_id": "a", "file_unique_id": "b", "file_name": "x.xlsx", "file_size": 12 });
        let pressed = message(&private, json!({ "text": "x" }));
        vec![
            said(&private, json!({ "text": "/moi" })),
            said(&private, json!({ "text": "12/03/2009" })),
            said(&private, json!({ "document": document })),
            said(&group, json!({ "text": "bonjour" })),
            said(&group, json!({ "text": "/absence@PreauBot grippe" })),
            said(&group, json!({ "sender_chat": group, "text": "/moi" })),
            said(&group, json!({ "text": "/moi", "reply_to_message": message(&group, json!({ "text": TALK })) })),
            said(
                &group,
                json!({ "text": "oui", "quote": { "text": TALK, "position": 0 }, "reply_to_message":
                { "message_id": 2, "date": 1, "chat": group, "from": { "id": BOT }, "text": TALK } }),
            ),
            said(&group, json!({ "migrate_to_chat_id": -1_009_876_543_210_i64 })),
            said(&group, json!({ "left_chat_member": from })),
            json!({ "update_id": 1, "callback_query":
                { "id": "9", "from": from, "message": pressed, "chat_instance": "1", "data": "1aaaa" } }),
            json!({ "update_id": 1, "chat_member": { "chat": group, "from": from, "date": 1_795_500_000,
                "old_chat_member": member("left"), "new_chat_member": member("member") } }),
            json!({ "update_id": 1, "chat_join_request":
                { "chat": group, "from": from, "user_chat_id": 7, "date": 1_795_500_000 } }),
        ]
    }

    /// Every place of a body.
    fn places(value: &Value, here: &str, all: &mut Vec<String>) {
        all.push(here.to_owned());
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| places(value, &format!("{here}/{key}"), all)),
            Value::Array(list) => {
                list.iter().enumerate().for_each(|(at, value)| places(value, &format!("{here}/{at}"), all));
            }
            _ => {}
        }
    }

    fn odd() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            Just(json!({})),
            Just(json!([])),
            Just(json!(1.5)),
            any::<i64>().prop_map(|value| json!(value)),
            any::<u64>().prop_map(|value| json!(value)),
            any::<bool>().prop_map(|value| json!(value)),
            ".{0,40}".prop_map(|value| json!(value)),
            "/[a-zA-Z@_é ]{0,70}".prop_map(|value| json!(value)),
            (1..90_usize).prop_map(|deep| (0..deep).fold(json!(1), |inner, _| json!([inner]))),
            Just(json!({ "id": 99, "is_bot": false, "first_name": "Zoé", "type": "private" })),
        ]
    }

    fn bodies() -> impl Strategy<Value = Value> {
        let changes = prop::collection::vec((any::<Index>(), prop::option::of(odd())), 0..4);
        (prop::sample::select(updates()), changes).prop_map(|(mut body, changes)| {
            for (at, odd) in changes {
                let mut all = Vec::new();
                places(&body, "", &mut all);
                let place = &all[at.index(all.len())];
                if let Some(odd) = odd {
                    *body.pointer_mut(place).expect("a place") = odd;
                    continue;
                }
                let (above, key) = place.rsplit_once('/').unwrap_or(("", ""));
                if let Some(Value::Object(map)) = body.pointer_mut(above) {
                    map.remove(key);
                }
            }
            body
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1024))]

        /// Whatever a body holds, it is read or it is not; who did it, and where, is what it says and nobody else's; and
        /// people's talk in a group is not kept, however it is dressed, and whatever answers to it.
        #[test]
        fn a_body_says_who_did_it_or_nothing(body in bodies()) {
            let _ = chat_of(&body);
            let asker = Asker::of(&body.to_string());
            let stored = kept(&body, BOT, "PreauBot").map(std::borrow::Cow::into_owned);
            let number = |place: &str| body.pointer(place).and_then(Value::as_i64);
            if let Ok(incoming) = parse(&body.to_string()) {
                let kind = ["message", "callback_query", "chat_member", "my_chat_member", "chat_join_request"]
                    .into_iter().find(|kind| body.get(kind).is_some()).expect("a kind that is asked for");
                if let Some(from) = &incoming.from {
                    prop_assert_eq!(Some(from.account), number(&format!("/{kind}/from/id")));
                    let sender = format!("/{kind}/sender_chat");
                    prop_assert!(body.pointer(&sender).is_none_or(Value::is_null));
                }
                let chat = number(&format!("/{kind}/chat/id")).or(number(&format!("/{kind}/message/chat/id")));
                prop_assert_eq!(Some(incoming.chat.id), chat);
                if let Some(asker) = asker {
                    prop_assert_eq!(Some(asker.account), number(&format!("/{kind}/from/id")));
                }
            }
            if let (Some(stored), Some(message)) = (&stored, body.get("message")) {
                let private = message.pointer("/chat/type").and_then(Value::as_str) == Some("private");
                let text = stored.pointer("/message/text").and_then(Value::as_str).unwrap_or_default();
                let service = ["left_chat_member", "migrate_to_chat_id", "migrate_from_chat_id", "new_chat_title"];
                let answers = message.pointer("/reply_to_message/from/id").and_then(Value::as_i64) == Some(BOT);
                let changes = service.iter().any(|key| message.get(key).is_some());
                prop_assert!(private || changes || answers || text.starts_with('/'), "{stored}");
                prop_assert!(private || !stored.to_string().contains(TALK), "{stored}");
            }
        }
    }
}
