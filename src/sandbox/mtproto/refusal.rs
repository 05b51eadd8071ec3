//! The way this door says no.

use grammers_tl_types::{deserialize, enums, types};

/// An `rpc_error`: code and text as the real server has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct No {
    pub code: i32,
    pub text: String,
}

impl No {
    pub fn new(code: i32, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }
    pub fn flood(seconds: impl std::fmt::Display) -> Self {
        Self::new(420, format!("FLOOD_WAIT_{seconds}"))
    }
    /// The session is nobody's: never signed in, signed out, or revoked.
    pub fn unknown_key() -> Self {
        Self::new(401, "AUTH_KEY_UNREGISTERED")
    }
    pub fn wire(self) -> enums::RpcError {
        types::RpcError { error_code: self.code, error_message: self.text }.into()
    }
}

impl From<deserialize::Error> for No {
    fn from(_: deserialize::Error) -> Self {
        Self::new(400, "INPUT_REQUEST_INVALID")
    }
}

pub fn bad(text: &str) -> No {
    No::new(400, text)
}
