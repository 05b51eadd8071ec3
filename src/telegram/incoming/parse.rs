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
                from: Some(user(&query.from)),
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
            from: Some(user(&request.from)),
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
        from: message.from.as_ref().filter(|_| spoken_as.is_none()).map(user),
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
        from: Some(user(&update.from)),
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

fn user(user: &teloxide::types::User) -> From {
    From { account: account(user), language: user.language_code.clone() }
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
    use super::*;

    #[test]
    fn hostile_bodies_are_refused_without_quoting_them() {
        for body in ["", "{}", "[]", "{\"update_id\":\"Inès\"}", "{\"update_id\":1,\"message\":{\"text\":\"Inès\"}}"]
        {
            assert!(parse(body).is_err_and(|why| !why.contains("Inès")), "{body}");
        }
    }
}
