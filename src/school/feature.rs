//! What a feature registers. `school/mod.rs` lists the features; `app` hands each slice to its room.

use futures::future::BoxFuture;

use crate::kernel::Result;
use crate::platform::config::Section;
use crate::platform::outbox::Job;
use crate::platform::schedule::Moment;
use crate::platform::store::Tx;
use crate::platform::web::Page;
use crate::telegram::command::{Button, Command, Notice, Reason, Topic, Upload};
use crate::telegram::port::{Desk, Hint};

/// Takes a hint, in a transaction.
pub type Hinted = for<'a> fn(&'a mut Tx, Hint) -> BoxFuture<'a, Result<()>>;

/// One feature: everything the rest of the program needs to know of it.
pub struct Feature {
    pub name: &'static str,
    pub commands: &'static [Command],
    pub buttons: &'static [Button],
    /// Questions whose answers it takes.
    pub topics: &'static [Topic],
    pub uploads: &'static [Upload],
    /// What it wants to know of groups.
    pub notices: &'static [Notice],
    /// What the outbox performs for it.
    pub jobs: &'static [Job<Desk>],
    /// Kinds of jobs that are worth nothing later: a missed one is no trouble to anybody.
    pub fading: &'static [&'static str],
    /// What is worth a look soon, as Telegram pushed it.
    pub hints: &'static [Hinted],
    /// What recurs.
    pub moments: &'static [Moment],
    /// What it shows on the admin listener.
    pub pages: &'static [Page],
    /// Why it refuses what it refuses, by code.
    pub reasons: &'static [Reason],
    /// Its sections of the configuration.
    pub settings: &'static [Section],
    /// Its SQL, for the test that prepares every statement on both engines.
    pub statements: &'static [(&'static str, &'static str)],
    /// … and that of the other files of a store that has several.
    pub further_statements: &'static [&'static [(&'static str, &'static str)]],
}

impl Feature {
    /// A feature that registers nothing yet.
    pub const fn named(name: &'static str) -> Self {
        Self {
            name,
            commands: &[],
            buttons: &[],
            topics: &[],
            uploads: &[],
            notices: &[],
            jobs: &[],
            fading: &[],
            hints: &[],
            moments: &[],
            pages: &[],
            reasons: &[],
            settings: &[],
            statements: &[],
            further_statements: &[],
        }
    }
}

impl std::fmt::Debug for Feature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Feature({})", self.name)
    }
}
