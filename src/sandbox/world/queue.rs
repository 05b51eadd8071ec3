//! The bot's updates: numbered, kept 24 hours, filtered by what the bot asked for.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

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

/// Nobody waits longer than this to be overtaken.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// When an update comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Now,
    Never,
    Late(Duration),
    /// Behind the next one, of its own chat or of another.
    Overtaken {
        within_chat: bool,
    },
}

/// An update that is on its way still: it has no number.
#[derive(Debug)]
struct Held {
    kind: &'static str,
    value: Value,
    at: At,
    /// It comes at this monotonic time at the latest.
    ready: Duration,
    /// Behind the next one: of its own chat?
    overtaken: Option<bool>,
}

impl Held {
    /// Does it come behind this one?
    fn is_behind(&self, chat: Option<i64>) -> bool {
        self.overtaken.is_some_and(|within_chat| (chat_of(&self.value) == chat) == within_chat)
    }
}

/// Where it happened.
fn chat_of(value: &Value) -> Option<i64> {
    let chat = value.get("chat").or_else(|| value.get("message")?.get("chat"));
    chat?.get("id")?.as_i64()
}

#[derive(Debug)]
pub struct Queue {
    next: i64,
    waiting: VecDeque<Waiting>,
    allowed: BTreeSet<String>,
    explicit: Option<Vec<String>>,
    /// Updates that were confirmed and come again, by a fault.
    again: Vec<Value>,
    /// Updates that come later, by a fault.
    held: Vec<Held>,
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
            held: Vec::new(),
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

    /// Did the bot ask for this kind?
    pub fn wants(&self, kind: &str) -> bool {
        self.allowed.contains(kind)
    }

    /// The update as it will be sent; `None` when the bot did not ask for its kind.
    pub fn push(&mut self, kind: &'static str, value: Value, at: At) -> Option<Value> {
        if !self.wants(kind) {
            return None;
        }
        let chat = chat_of(&value);
        let update = self.number(kind, value, at);
        self.let_go(|held| held.is_behind(chat));
        Some(update)
    }

    /// As [`Queue::push`], for one that does not come at once. A number is gone with one that never comes.
    pub fn hold(&mut self, kind: &'static str, value: Value, at: At, turn: Turn, elapsed: Duration) {
        let (wait, overtaken) = match turn {
            Turn::Never => {
                self.next += 1;
                return;
            }
            Turn::Now => (Duration::ZERO, None),
            Turn::Late(wait) => (wait, None),
            Turn::Overtaken { within_chat } => (LONGEST_WAIT, Some(within_chat)),
        };
        self.held.push(Held { kind, value, at, ready: elapsed + wait, overtaken });
        // Whoever waits for updates waits no longer than this one.
        self.notify.notify_waiters();
    }

    /// Lets go what has waited long enough by now; gives when there is more.
    pub fn ripen(&mut self, elapsed: Duration) -> Option<Duration> {
        self.let_go(|held| held.ready <= elapsed);
        self.held.iter().map(|held| held.ready).min()
    }

    fn let_go(&mut self, which: impl Fn(&Held) -> bool) {
        let (gone, held) = std::mem::take(&mut self.held).into_iter().partition(which);
        self.held = held;
        let gone: Vec<Held> = gone;
        for held in gone {
            self.number(held.kind, held.value, held.at);
        }
    }

    fn number(&mut self, kind: &'static str, value: Value, at: At) -> Value {
        let id = self.next;
        self.next += 1;
        self.count += 1;
        let mut update = serde_json::Map::new();
        update.insert("update_id".to_owned(), json!(id));
        update.insert(kind.to_owned(), value);
        let update = Value::Object(update);
        self.waiting.push_back(Waiting { id, at, value: update.clone() });
        self.notify.notify_waiters();
        update
    }

    /// The next update will have this number, as after a week without any; gives the one that it would have had. While
    /// updates wait the server numbers on.
    pub fn renumber(&mut self, next: i64) -> Result<i64, String> {
        if self.pending() > 0 {
            return Err(format!("{} updates wait: they are numbered on", self.pending()));
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
        self.waiting.len() + self.held.len()
    }

    pub fn forget(&mut self) {
        self.waiting.clear();
        self.held.clear();
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

    #[test]
    fn what_is_late_comes_behind_what_came_meanwhile() {
        let (mut queue, s) = (Queue::new(1), Duration::from_secs);
        let said = |chat: i64, words: &str| json!({ "chat": { "id": chat }, "text": words });
        queue.hold("message", said(1, "late"), At(0), Turn::Late(s(9)), s(0));
        queue.hold("message", said(1, "never"), At(0), Turn::Never, s(0));
        queue.hold("message", said(1, "overtaken"), At(0), Turn::Overtaken { within_chat: true }, s(0));
        queue.hold("message", said(1, "by another"), At(0), Turn::Overtaken { within_chat: false }, s(0));
        assert_eq!((queue.ripen(s(1)), queue.pending(), queue.batch(9).len()), (Some(s(5)), 3, 0));
        queue.push("message", said(2, "two"), At(0));
        queue.push("message", said(1, "one"), At(0));
        assert_eq!(queue.ripen(s(9)), None);
        let all = queue.batch(9);
        let all: Vec<_> =
            all.iter().map(|update| (update["update_id"].as_i64(), update["message"]["text"].as_str())).collect();
        let due = ["two", "by another", "one", "overtaken", "late"];
        assert_eq!(all, (2..).map(Some).zip(due.map(Some)).collect::<Vec<_>>());
    }
}
