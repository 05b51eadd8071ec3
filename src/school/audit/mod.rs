//! Who did what, when, old and new. Written in the transaction of the change itself; never changed afterwards.

pub mod feature;
pub mod flow;
pub mod store;

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person of the school, by id.
    Person(String),
    /// A Telegram account that is not (yet) tied to a person.
    Account(i64),
    /// Somebody at the school's machine.
    Cli,
    /// Préau itself, by what it was asked to do before.
    System,
}

impl Actor {
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Account(_) => "account",
            Self::Cli => "cli",
            Self::System => "system",
        }
    }
    pub fn id(&self) -> String {
        match self {
            Self::Person(id) => id.clone(),
            Self::Account(account) => account.to_string(),
            Self::Cli | Self::System => String::new(),
        }
    }
}

/// One entry, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    pub at: crate::kernel::At,
    pub actor_kind: String,
    pub actor: String,
    pub action: String,
    pub object: String,
    pub old: Option<String>,
    pub new: Option<String>,
}
