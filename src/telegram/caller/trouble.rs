//! Telegram's errors to a user account, in our words.

use std::time::Duration;

use grammers_client::InvocationError;

use crate::telegram::port::{NO_CONNECTION, Trouble};

/// What stands before the reason when the account itself is gone: signed out, banned, deactivated.
const GONE: &str = "account gone: ";

/// What an error of the client means. The client's texts quote no names and no keys.
pub(super) fn of(error: &InvocationError) -> Trouble {
    let rpc = match error {
        InvocationError::Rpc(rpc) => rpc,
        // The connection was never made.
        InvocationError::Io(io) if io.kind() == std::io::ErrorKind::ConnectionRefused => {
            return Trouble::Unsent(NO_CONNECTION.to_owned());
        }
        _ => return Trouble::Lost(error.to_string()),
    };
    let name = rpc.name.as_str();
    match (rpc.code, rpc.value) {
        (420, Some(seconds)) => Trouble::Wait(Duration::from_secs(u64::from(seconds.max(1)))),
        (401, _) => Trouble::Unsent(format!("{GONE}{name}")),
        // Used from two places, the key is good no more.
        _ if name == "AUTH_KEY_DUPLICATED" => Trouble::Unsent(format!("{GONE}{name}")),
        _ if name.starts_with("USER_DEACTIVATED") => Trouble::Unsent(format!("{GONE}{name}")),
        // Said with a 500, and says that nothing was made.
        _ if name == "CREATE_CALL_FAILED" => Trouble::Refused(name.to_owned()),
        // Telegram's inside failed, perhaps after the effect.
        (500.. | ..0, _) => Trouble::Lost(name.to_owned()),
        _ => Trouble::Refused(name.to_owned()),
    }
}

/// Why the account is gone, if that is what the trouble says.
pub(super) fn gone(trouble: &Trouble) -> Option<&str> {
    match trouble {
        Trouble::Unsent(why) => why.strip_prefix(GONE),
        _ => None,
    }
}

/// What there is to say of it, for those who look after the machine.
pub(super) fn words(trouble: &Trouble) -> String {
    trouble.to_string()
}

/// Is it this refusal?
pub(super) fn is(trouble: &Trouble, names: &[&str]) -> bool {
    matches!(trouble, Trouble::Refused(name) if names.contains(&name.as_str()))
}

#[cfg(test)]
mod tests {
    use grammers_client::sender::RpcError;
    use grammers_client::tl;

    use super::*;

    #[test]
    fn errors_are_told_apart() {
        let rpc = |code, words: &str| {
            let error = RpcError::from(tl::types::RpcError { error_code: code, error_message: words.to_owned() });
            of(&InvocationError::Rpc(error))
        };
        assert_eq!(rpc(420, "FLOOD_WAIT_31"), Trouble::Wait(Duration::from_secs(31)));
        assert_eq!(rpc(420, "SLOWMODE_WAIT_3"), Trouble::Wait(Duration::from_secs(3)));
        assert_eq!(gone(&rpc(401, "AUTH_KEY_UNREGISTERED")), Some("AUTH_KEY_UNREGISTERED"));
        assert_eq!(gone(&rpc(406, "AUTH_KEY_DUPLICATED")), Some("AUTH_KEY_DUPLICATED"));
        assert_eq!(gone(&rpc(401, "SESSION_REVOKED")), Some("SESSION_REVOKED"));
        assert_eq!(gone(&rpc(403, "USER_DEACTIVATED_BAN")), Some("USER_DEACTIVATED_BAN"));
        assert_eq!(rpc(500, "CREATE_CALL_FAILED"), Trouble::Refused("CREATE_CALL_FAILED".to_owned()));
        assert_eq!(rpc(500, "WORKER_BUSY"), Trouble::Lost("WORKER_BUSY".to_owned()));
        assert_eq!(rpc(400, "CHAT_ADMIN_REQUIRED"), Trouble::Refused("CHAT_ADMIN_REQUIRED".to_owned()));
        assert!(matches!(of(&InvocationError::Dropped("gone")), Trouble::Lost(_)));
        let reset = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        assert!(matches!(of(&InvocationError::Io(reset)), Trouble::Lost(_)));
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        assert!(matches!(of(&InvocationError::Io(refused)), Trouble::Unsent(_)));
    }
}
