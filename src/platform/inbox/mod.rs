//! The inbox: what came in from Telegram, stored before it is acted on.
//!
//! A batch of updates and the polling offset are stored in one transaction; only then is Telegram told. A row is settled
//! in the transaction of the state change that it caused. Bodies of settled rows are emptied at once.

pub mod absence;
pub mod store;

/// An update as it was received.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Received {
    pub update_id: i64,
    /// The chat whose order it belongs to.
    pub chat: i64,
    /// Telegram's own JSON.
    pub body: String,
    /// Tries that failed for an outage, and starts that found it undone.
    pub attempts: i64,
    /// Found undone: whoever had it in hand before is gone, perhaps because of it.
    #[sqlx(skip)]
    pub found: bool,
}
