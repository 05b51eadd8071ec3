//! Who did what, when, old and new. Written in the transaction of the change itself; never changed afterwards.
//!
//! What stands in an entry stays after the person is gone, so it says no more than evidence needs: names, roles, classes,
//! hours as they were and as they are; of what identifies somebody elsewhere (mail, birth, card, Telegram account) a
//! fingerprint. By it one may check what a value was; nobody reads it there.

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

/// An object, with its values before and after.
pub type Of = (String, Option<String>, Option<String>);

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

/// How many letters of a hash tell two values apart.
const MARK: usize = 12;

/// The school's own salt of its fingerprints: they say nothing to another school, nor of two people who have the same.
#[derive(Debug, Clone)]
pub struct Salt(String);

impl Salt {
    pub const fn of(words: String) -> Self {
        Self(words)
    }

    /// `#3f9a…`: alike when the same value of the same object is alike.
    pub fn print(&self, object: &str, value: &str) -> String {
        let hash = crate::kernel::secret::sha256_hex(format!("{} {object} {value}", self.0));
        format!("#{}", hash.chars().take(MARK).collect::<String>())
    }
}

/// What is looked for; what is not given restricts nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    pub from: crate::kernel::At,
    pub until: crate::kernel::At,
    /// One of these actions (none at all, where the list is empty).
    pub actions: Option<Vec<&'static str>>,
    /// Who did it, or to whom it was done.
    pub person: Option<String>,
    /// The class itself, its lessons and sheets, who entered and left it.
    pub class: Option<String>,
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
