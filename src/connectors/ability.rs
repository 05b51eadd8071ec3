//! What outside systems can do, as small traits. A connector offers some, a feature's jobs ask for one.

use futures::future::BoxFuture;

/// Why an outside system did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failed {
    /// It had no effect: try again.
    Unsent(String),
    /// Its answer is lost: it may have had its effect.
    Lost(String),
    /// It says no, and will say so again.
    Refused(String),
}

pub type Done<T> = std::result::Result<T, Failed>;

/// A mail to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub body: String,
}

/// Sends mail to people, in the school's name.
pub trait Mailer: Send + Sync + 'static {
    /// Can it be reached? What fails here has sent nothing.
    fn reach(&self) -> BoxFuture<'_, Done<()>>;
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Done<()>>;
}
