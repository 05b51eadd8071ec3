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
        self.journal.push(Call { number, at, method, params, chat_id, outcome, planned: false });
        number
    }

    /// What became of a request that was over at once.
    pub fn settle(&mut self, number: u64, outcome: &str) {
        self.rewrite(number, |call| outcome.clone_into(&mut call.outcome));
    }

    fn rewrite(&mut self, number: u64, what: impl FnOnce(&mut Call)) {
        let index = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
        if let Some(call) = self.journal.get_mut(index) {
            what(call);
        }
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

    /// So says the fault plan.
    pub fn settle_by_plan(&self, outcome: &str) {
        self.write(|call| {
            outcome.clone_into(&mut call.outcome);
            call.planned = true;
        });
    }

    /// What was found out about the request after it was written down.
    pub fn note(&self, params: Value, chat_id: Option<i64>) {
        self.write(|call| (call.params, call.chat_id) = (params, chat_id));
    }

    fn write(&self, what: impl FnOnce(&mut Call)) {
        let mut world = lock(&self.world);
        world.rewrite(self.number, what);
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
