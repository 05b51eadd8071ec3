//! What Telegram's errors mean for us. teloxide matches error texts exactly and Telegram rewords them, so unknown ones
//! are looked at too.

use std::time::Duration;

use teloxide::{ApiError, RequestError};

use super::super::port::{NO_CONNECTION, Trouble};

pub(super) fn of(error: &RequestError) -> Trouble {
    match error {
        RequestError::RetryAfter(seconds) => Trouble::Wait(Duration::from_secs(u64::from(seconds.seconds()))),
        RequestError::MigrateToChatId(chat) => Trouble::Upgraded(chat.0),
        RequestError::Network(error) if error.is_connect() => Trouble::Unsent(NO_CONNECTION.to_owned()),
        RequestError::Network(_) => Trouble::Lost("the connection broke".to_owned()),
        // Never the raw answer: it may hold people's words.
        RequestError::InvalidJson { .. } => Trouble::Lost("the answer is not Telegram's JSON".to_owned()),
        RequestError::Io(_) => Trouble::Unsent("input or output failed".to_owned()),
        RequestError::Api(error) => of_api(error),
    }
}

fn of_api(error: &ApiError) -> Trouble {
    // What teloxide does not know it shows in quotation marks.
    let said = match error {
        ApiError::Unknown(said) => said.clone(),
        known => known.to_string(),
    };
    let lower = said.to_lowercase();
    let words = unquoted(&said);
    let has = |piece: &str| lower.contains(piece);
    if has("message to edit not found")
        || has("message to delete not found")
        || has("message can't be edited")
        || has("message can't be deleted")
    {
        Trouble::MessageGone
    } else if has("blocked by the user")
        || has("can't initiate conversation")
        || has("user is deactivated")
        || has("bot was kicked")
        || has("chat not found")
        || has("not a member of the")
        || has("peer_id_invalid")
    {
        Trouble::Unreachable(words)
    } else if has("internal server error") || has("bad gateway") || has("gateway timeout") {
        Trouble::Lost(words)
    } else {
        Trouble::Refused(words)
    }
}

/// Telegram quotes what it refuses (addresses, names): that stays out of logs and notes. The apostrophe of « can't »
/// quotes nothing: a quotation begins after something that is no letter.
fn unquoted(words: &str) -> String {
    let mut plain = String::new();
    let mut rest = words;
    while let Some(at) = rest.find(['\'', '"']) {
        let (before, quoted) = rest.split_at(at);
        let mark = &quoted[..1];
        let after = &quoted[1..];
        plain.push_str(before);
        match after.find(mark) {
            Some(end) if !before.ends_with(char::is_alphanumeric) => {
                plain.push('…');
                rest = &after[end + 1..];
            }
            _ => {
                plain.push_str(mark);
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain.chars().take(120).collect()
}

/// Telegram gives its updates to one reader: who is it, when it is not us (409)?
pub(super) fn reader_of(trouble: &Trouble) -> Option<super::Reader> {
    let Trouble::Refused(words) = trouble else { return None };
    let lower = words.to_lowercase();
    if lower.contains("webhook") {
        Some(super::Reader::Webhook)
    } else if lower.contains("conflict") || lower.contains("terminated by other getupdates") {
        Some(super::Reader::Rival)
    } else {
        None
    }
}

/// Is this refusal about a press that Telegram no longer waits for?
pub(super) fn is_old_press(words: &str) -> bool {
    let lower = words.to_lowercase();
    lower.contains("query is too old") || lower.contains("query id is invalid")
}

pub(super) const fn label(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Wait(_) => "wait",
        Trouble::Unsent(_) => "unsent",
        Trouble::Lost(_) => "lost",
        Trouble::Unreachable(_) => "unreachable",
        Trouble::Upgraded(_) => "upgraded",
        Trouble::MessageGone => "message_gone",
        Trouble::Refused(_) => "refused",
    }
}

#[cfg(test)]
mod tests {
    use super::super::Reader;
    use super::*;

    #[test]
    fn what_telegram_quotes_is_left_out() {
        let url = "Bad Request: inline keyboard button URL 'https://x.example/?k=geheim' is invalid: wrong HTTP URL";
        assert_eq!(unquoted(url), "Bad Request: inline keyboard button URL … is invalid: wrong HTTP URL");
        assert_eq!(unquoted("Bad Request: message can't be deleted"), "Bad Request: message can't be deleted");
        assert_eq!(unquoted("can't parse \"Inès M.\" here"), "can't parse … here");
        assert_eq!(unquoted("an 'open end"), "an 'open end");
        assert_eq!(unquoted(&"x".repeat(500)).len(), 120);
    }

    #[test]
    fn the_two_conflicts_are_told_apart() {
        let reader = |words: &str| reader_of(&of_api(&ApiError::Unknown(words.to_owned())));
        let rival = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
        assert_eq!(reader(rival), Some(Reader::Rival));
        let active = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the \
                      webhook first";
        assert_eq!(reader(active), Some(Reader::Webhook));
        assert_eq!(reader("Conflict: terminated by setWebhook request"), Some(Reader::Webhook));
        assert_eq!(reader_of(&of_api(&ApiError::TerminatedByOtherGetUpdates)), Some(Reader::Rival));
        assert_eq!(reader_of(&of_api(&ApiError::CantGetUpdates)), Some(Reader::Webhook));
        assert_eq!(reader("Bad Request: chat not found"), None);
    }
}
