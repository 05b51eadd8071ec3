//! The journal: every request at either door of Telegram, in order of arrival, and what became of it.

use serde_json::Value;

use super::botapi::{Shared, lock};
use super::values::Call;
use super::world::World;

/// The outcome of a request that is under way.
const WAITING: &str = "waiting";

impl World {
    /// Writes a request down; returns its number.
    pub fn write_down(&mut self, method: &str, params: Value, chat_id: Option<i64>) -> u64 {
        let number = u64::try_from(self.journal.len()).unwrap_or(u64::MAX) + 1;
        let at = self.now();
        let (method, outcome) = (method.to_owned(), WAITING.to_owned());
        self.journal.push(Call { number, at, method, params, chat_id, outcome });
        number
    }
}

/// A line of the journal whose request is under way.
pub struct Entry {
    pub world: Shared,
    pub number: u64,
}

impl Entry {
    pub fn settle(&self, outcome: &str) {
        self.write(|call| outcome.clone_into(&mut call.outcome));
    }

    /// What was found out about the request after it was written down.
    pub fn note(&self, params: Value, chat_id: Option<i64>) {
        self.write(|call| (call.params, call.chat_id) = (params, chat_id));
    }

    fn write(&self, what: impl FnOnce(&mut Call)) {
        let index = usize::try_from(self.number.saturating_sub(1)).unwrap_or(usize::MAX);
        let mut world = lock(&self.world);
        if let Some(call) = world.journal.get_mut(index) {
            what(call);
        }
        world.touch();
    }
}

impl Drop for Entry {
    /// Who hung up while waiting, or was cut off, got nothing done: effects and outcomes are never apart.
    fn drop(&mut self) {
        self.write(|call| {
            if call.outcome == WAITING {
                "reset".clone_into(&mut call.outcome);
            }
        });
    }
}
