//! Updates in hand: which chat's turn it is, and what was answered and must still be noted so.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::{Notify, Semaphore, SemaphorePermit};

use crate::platform::inbox::Received;
use crate::platform::telemetry::names;

/// Chats that are served at once: over a network each answer takes its tens of milliseconds.
const CHATS_AT_ONCE: usize = 128;

/// Updates in hand, by chat.
#[derive(Debug)]
pub(super) struct Hands {
    held: Mutex<Held>,
    count: AtomicUsize,
    fewer: Notify,
    room: Semaphore,
}

#[derive(Debug, Default)]
struct Held {
    queues: HashMap<i64, VecDeque<Received>>,
    ids: HashSet<i64>,
    /// Answered, and not settled yet: in hand until that is done.
    answered: HashSet<i64>,
    /// Those of them that nobody settles at this moment.
    unsettled: Vec<i64>,
    /// Somebody settles.
    settling: bool,
}

impl Default for Hands {
    fn default() -> Self {
        Self {
            held: Mutex::default(),
            count: AtomicUsize::new(0),
            fewer: Notify::new(),
            room: Semaphore::new(CHATS_AT_ONCE),
        }
    }
}

impl Hands {
    /// Adds an update, unless it is in hand already; `true` when its chat has nobody who takes its updates.
    pub(super) fn add(&self, received: Received) -> bool {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if !held.ids.insert(received.update_id) {
            return false;
        }
        self.note(held.ids.len());
        if let Some(queue) = held.queues.get_mut(&received.chat) {
            queue.push_back(received);
            return false;
        }
        held.queues.insert(received.chat, VecDeque::from([received]));
        true
    }

    /// The chat's next update; forgets the chat when there is none.
    pub(super) fn next(&self, chat: i64) -> Option<Received> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let next = held.queues.get_mut(&chat).and_then(VecDeque::pop_front);
        if next.is_none() {
            held.queues.remove(&chat);
        }
        next
    }

    pub(super) fn done(&self, update_id: i64) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.answered.contains(&update_id) {
            return;
        }
        held.ids.remove(&update_id);
        self.note(held.ids.len());
        self.fewer.notify_one();
    }

    /// It was answered, and changed nothing: it is settled together with others.
    pub(super) fn answered(&self, update_id: i64) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.answered.insert(update_id) {
            held.unsettled.push(update_id);
        }
    }

    /// Is somebody needed who settles? Whoever is told so does.
    pub(super) fn wants_settling(&self) -> bool {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = !held.settling && !held.unsettled.is_empty();
        held.settling |= wanted;
        wanted
    }

    /// What is to be settled next; with nothing, whoever settles is dismissed.
    pub(super) fn to_settle(&self) -> Vec<i64> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let ids = std::mem::take(&mut held.unsettled);
        held.settling = !ids.is_empty();
        ids
    }

    pub(super) fn settled(&self, ids: &[i64]) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        for id in ids {
            held.answered.remove(id);
            held.ids.remove(id);
        }
        self.note(held.ids.len());
        self.fewer.notify_one();
    }

    fn note(&self, count: usize) {
        self.count.store(count, Ordering::Relaxed);
        metrics::gauge!(names::INBOX_WAITING).set(f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
    }

    /// How many are in hand.
    pub(super) fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// Waits until there are fewer.
    pub(super) async fn fewer(&self) {
        self.fewer.notified().await;
    }

    /// Waits for a chat's place among those that are served at once.
    pub(super) async fn room(&self) -> Option<SemaphorePermit<'_>> {
        self.room.acquire().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn update(update_id: i64, chat: i64) -> Received {
        Received { update_id, chat, body: String::new(), attempts: 0, found: false }
    }

    #[test]
    fn what_is_answered_stays_in_hand_until_it_is_settled() {
        let hands = Hands::default();
        assert!(hands.add(update(1, 7)) && !hands.add(update(2, 7)) && hands.add(update(3, 8)));
        assert_eq!(hands.next(7).map(|one| one.update_id), Some(1));
        hands.answered(1);
        hands.done(1);
        assert_eq!(hands.count(), 3, "nobody noted it yet");
        assert!(!hands.add(update(1, 7)), "found undone, it is not taken again");
        // One settles for all; whoever comes meanwhile is settled by them.
        assert!(hands.wants_settling() && !hands.wants_settling());
        assert_eq!(hands.to_settle(), [1]);
        assert_eq!(hands.next(8).map(|one| one.update_id), Some(3));
        hands.answered(3);
        hands.done(3);
        assert!(!hands.wants_settling());
        hands.settled(&[1]);
        assert_eq!((hands.count(), hands.to_settle()), (2, vec![3]));
        hands.settled(&[3]);
        assert!(hands.to_settle().is_empty() && hands.count() == 1);
        hands.answered(2);
        assert!(hands.wants_settling(), "who settled is gone");
    }
}
