//! Three kinds of trouble, and what each asks for.
//!
//! * [`Refusal`]: the person can do something about it. It is said to them, in their language: what happened · why ·
//!   what to do · code.
//! * [`Error::Outage`]: somebody else is away; try later.
//! * [`Error::Fault`]: our bug. A short reference goes to the chat and to the log, the detail only to the log.

use crate::kernel::text::Text;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Something that the person can act on. `code` is stable and short (`IMP-04`); `text` says what happened, why and
/// what to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    pub code: &'static str,
    pub text: Text,
}

impl Refusal {
    pub fn new(code: &'static str, text: Text) -> Self {
        Self { code, text }
    }

    /// The sentence, with its code.
    pub fn said(&self) -> Text {
        Text::joined(" ", [self.text.clone(), Text::verbatim(format!("({})", self.code))])
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Said to the person.
    #[error("refused ({})", .0.code)]
    Refusal(Box<Refusal>),
    /// The named system is away or asks to wait; the row that caused the work runs again.
    #[error("{system} is unavailable: {detail}")]
    Outage { system: &'static str, detail: String },
    /// Our bug, or a state that must not be. `detail` is for the log and holds no personal data.
    #[error("fault: {detail}")]
    Fault { detail: String },
}

impl Error {
    pub fn outage(system: &'static str, detail: &(impl std::fmt::Display + ?Sized)) -> Self {
        Self::Outage { system, detail: detail.to_string() }
    }
    pub fn fault(detail: &(impl std::fmt::Display + ?Sized)) -> Self {
        Self::Fault { detail: detail.to_string() }
    }
    pub fn is_outage(&self) -> bool {
        matches!(self, Self::Outage { .. })
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refusal(Box::new(refusal))
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        // The line and column only: serde_json quotes values in its message.
        Self::fault(&format!("JSON of ours did not parse ({:?}, column {})", error.classify(), error.column()))
    }
}

/// `Err(refusal)` in one word.
pub fn refuse<T>(code: &'static str, text: Text) -> Result<T> {
    Err(Refusal::new(code, text).into())
}
