//! The bot's updates: numbered, kept 24 hours, filtered by what the bot asked for.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::kernel::At;

/// An offset beyond the newest number by more than this is not believed: the server begins at the oldest again.
const BELIEVED: i64 = 10;

/// What a bot gets that never said what it wants: all but three.
const DEFAULT: [&str; 12] = [
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_join_request",
    "chat_boost",
];

#[derive(Debug)]
struct Waiting {
    id: i64,
    at: At,
    value: Value,
}

#[derive(Debug)]
pub struct Queue {
    next: i64,
    waiting: VecDeque<Waiting>,
    allowed: BTreeSet<String>,
    explicit: Option<Vec<String>>,
    /// Updates that were confirmed and come again, by a fault.
    again: Vec<Value>,
    pub count: u64,
    /// Which poll is the living one: a newer poll ends the older.
    pub poll: u64,
    pub notify: Arc<Notify>,
}

impl Queue {
    pub fn new(first: i64) -> Self {
        Self {
            next: first,
            waiting: VecDeque::new(),
            allowed: DEFAULT.into_iter().map(str::to_owned).collect(),
            explicit: None,
            again: Vec::new(),
            count: 0,
            poll: 0,
            notify: Arc::new(Notify::new()),
        }
    }

    /// Remembered until told otherwise; an empty list means the default set.
    pub fn allow(&mut self, kinds: &[String]) {
        if kinds.is_empty() {
            self.allowed = DEFAULT.into_iter().map(str::to_owned).collect();
            self.explicit = None;
        } else {
            self.allowed = kinds.iter().map(|kind| kind.to_lowercase()).collect();
            self.explicit = Some(kinds.to_vec());
        }
    }

    pub fn explicit(&self) -> Option<&Vec<String>> {
        self.explicit.as_ref()
    }

    /// The update as it will be sent; `None` when the bot did not ask for its kind.
    pub fn push(&mut self, kind: &'static str, value: Value, at: At) -> Option<Value> {
        if !self.allowed.contains(kind) {
            return None;
        }
        let id = self.next;
        self.next += 1;
        self.count += 1;
        let mut update = serde_json::Map::new();
        update.insert("update_id".to_owned(), json!(id));
        update.insert(kind.to_owned(), value);
        let update = Value::Object(update);
        self.waiting.push_back(Waiting { id, at, value: update.clone() });
        self.notify.notify_waiters();
        Some(update)
    }

    /// The next update will have this number, as after a week without any; gives the one that it would have had. While
    /// updates wait the server numbers on.
    pub fn renumber(&mut self, next: i64) -> Result<i64, String> {
        if !self.waiting.is_empty() {
            return Err(format!("{} updates wait: they are numbered on", self.waiting.len()));
        }
        Ok(std::mem::replace(&mut self.next, next))
    }

    /// Confirms everything below `offset` (a negative one keeps that many from the end; one of the future is of another
    /// numbering, and confirms nothing). `again` updates of what was confirmed are delivered once more; returns how many
    /// were taken for that.
    pub fn confirm(&mut self, offset: i64, again: u32) -> u32 {
        if offset > self.next.saturating_add(BELIEVED) {
            return 0;
        }
        let first = if offset < 0 {
            let keep = usize::try_from(-offset).unwrap_or(usize::MAX);
            let skip = self.waiting.len().saturating_sub(keep);
            self.waiting.get(skip).map_or(self.next, |waiting| waiting.id)
        } else {
            offset
        };
        let mut taken = 0;
        while let Some(front) = self.waiting.front() {
            if front.id >= first {
                break;
            }
            if let Some(gone) = self.waiting.pop_front()
                && taken < again
            {
                taken += 1;
                self.again.push(gone.value);
            }
        }
        taken
    }

    pub fn expire(&mut self, now: At) {
        self.waiting.retain(|waiting| waiting.at.plus_hours(24) > now);
    }

    pub fn batch(&mut self, limit: usize) -> Vec<Value> {
        let mut batch = std::mem::take(&mut self.again);
        // What has no room comes with the next batch.
        self.again = batch.split_off(limit.min(batch.len()));
        batch.extend(self.waiting.iter().map(|waiting| waiting.value.clone()));
        batch.truncate(limit);
        batch
    }

    pub fn pending(&self) -> usize {
        self.waiting.len()
    }

    pub fn forget(&mut self) {
        self.waiting.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue() -> Queue {
        let mut queue = Queue::new(10);
        for _ in 0..3 {
            queue.push("message", json!({}), At(0));
        }
        queue
    }

    #[test]
    fn kinds_that_were_not_asked_for_never_enter() {
        let mut queue = queue();
        assert_eq!(queue.push("chat_member", json!({}), At(0)), None);
        queue.allow(&["chat_member".to_owned()]);
        assert!(queue.push("chat_member", json!({}), At(0)).is_some());
        assert_eq!(queue.push("message", json!({}), At(0)), None);
        queue.allow(&[]);
        assert!(queue.push("message", json!({}), At(0)).is_some());
    }

    #[test]
    fn offsets_confirm_from_either_end() {
        let mut one = queue();
        one.confirm(11, 0);
        assert_eq!(one.batch(100).len(), 2);
        let mut two = queue();
        two.confirm(-1, 0);
        assert_eq!(two.batch(100).first().and_then(|update| update["update_id"].as_i64()), Some(12));
    }

    #[test]
    fn numbers_begin_anew_while_nothing_waits() {
        let mut queue = queue();
        assert!(queue.renumber(3).is_err());
        assert_eq!((queue.confirm(13, 0), queue.renumber(3)), (0, Ok(13)));
        queue.push("message", json!({}), At(0));
        // An offset of the numbering before confirms nothing: it comes at each poll.
        for _ in 0..2 {
            queue.confirm(15, 0);
            assert_eq!(queue.batch(100).first().and_then(|update| update["update_id"].as_i64()), Some(3));
        }
        queue.confirm(4, 0);
        assert_eq!(queue.pending(), 0);
    }

    #[test]
    fn a_day_later_they_are_gone() {
        let mut queue = queue();
        queue.expire(At(0).plus_hours(23));
        assert_eq!(queue.pending(), 3);
        queue.expire(At(0).plus_hours(24));
        assert_eq!(queue.pending(), 0);
    }

    #[test]
    fn a_duplicate_comes_once_more() {
        let mut queue = queue();
        assert_eq!(queue.confirm(12, 1), 1);
        let ids: Vec<i64> = queue.batch(100).iter().filter_map(|update| update["update_id"].as_i64()).collect();
        assert_eq!(ids, [10, 12]);
        assert_eq!(queue.batch(100).len(), 1);
    }

    #[test]
    fn duplicates_beyond_the_limit_come_with_the_next_batch() {
        let mut queue = queue();
        assert_eq!(queue.confirm(13, 3), 3);
        let mut ids =
            || -> Vec<i64> { queue.batch(2).iter().filter_map(|update| update["update_id"].as_i64()).collect() };
        assert_eq!([ids(), ids(), ids()], [vec![10, 11], vec![12], vec![]]);
    }
}
