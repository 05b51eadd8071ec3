//! Keeping within Telegram's limits: so many messages a second overall, so many a second in one chat, so many a minute
//! in one group. Machine time (monotonic); 0 switches a limit off. Answers to people go before reminders before bulk.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::kernel::Clock;
use crate::platform::config::Limits;
use crate::platform::outbox::Rank;

/// Waiting longer than this is not for a worker: the row is snoozed instead.
const PATIENCE: Duration = Duration::from_secs(2);
/// Messages of one second do not arrive within one second: the way takes now a little more time, now less. So many as
/// Telegram allows leave in a second and this much.
const SLACK: Duration = Duration::from_millis(250);
/// Chats that were quiet for this long are forgotten.
const MEMORY: Duration = Duration::from_mins(2);

#[derive(Debug, Default)]
struct Past {
    overall: VecDeque<Duration>,
    chats: HashMap<i64, VecDeque<Duration>>,
    /// How many of each rank wait at this moment.
    waiting: [u32; 3],
    /// And how many in each chat.
    waiting_in: HashMap<i64, u32>,
    /// Chats in which Telegram asked to wait: until when.
    held: HashMap<i64, Duration>,
    /// Telegram asked so in two chats at once: it means everybody.
    all_held: Duration,
}

/// What a turn counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Message(Rank),
    /// Edits are no messages of the chat; Telegram counts them overall.
    Edit,
}

impl Kind {
    const fn rank(self) -> Rank {
        match self {
            Self::Message(rank) => rank,
            Self::Edit => Rank::Answer,
        }
    }
}

/// The one pace of all sending.
#[derive(Debug)]
pub struct Pace {
    limits: Limits,
    clock: Clock,
    past: Mutex<Past>,
}

impl Pace {
    pub fn new(limits: Limits, clock: Clock) -> Self {
        Self { limits, clock, past: Mutex::new(Past::default()) }
    }

    /// Waits for this chat's turn. `Err(span)`: not within [`PATIENCE`], come back after `span`.
    pub async fn turn(&self, chat: i64, rank: Rank) -> Result<(), Duration> {
        self.wait(chat, Kind::Message(rank)).await
    }

    /// As [`Pace::turn`], for a message that is edited.
    pub async fn turn_to_edit(&self, chat: i64) -> Result<(), Duration> {
        self.wait(chat, Kind::Edit).await
    }

    /// Could a message leave now?
    pub fn is_free(&self, chat: i64) -> bool {
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        self.span(&mut past, self.clock.elapsed(), chat, Kind::Message(Rank::Answer)).is_zero()
            && !past.waiting_in.contains_key(&chat)
    }

    /// Telegram asked to wait (429). It does not say whether it means the chat or everybody: asked in two chats at
    /// once, it is everybody.
    pub fn hold(&self, chat: i64, span: Duration) {
        let now = self.clock.elapsed();
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        past.held.retain(|_, until| *until > now);
        let until = now + span;
        if past.held.keys().any(|held| *held != chat) {
            past.all_held = past.all_held.max(until);
        }
        let held = past.held.entry(chat).or_default();
        *held = (*held).max(until);
    }

    async fn wait(&self, chat: i64, kind: Kind) -> Result<(), Duration> {
        let began = self.clock.elapsed();
        let Some(mut waiting) = self.try_turn(chat, kind) else { return Ok(()) };
        let place = Place::take(self, chat, kind.rank());
        // Those who wait in this chat already go before: no worker stands in a long queue.
        let each = Duration::from_secs(1).checked_div(self.limits.chat).unwrap_or_default();
        let queue = if kind == Kind::Edit { Duration::ZERO } else { each * place.before };
        if waiting + queue > PATIENCE {
            return Err(waiting + queue);
        }
        loop {
            self.clock.rest(waiting.min(Duration::from_millis(50)).max(Duration::from_millis(2))).await;
            let waited = self.clock.elapsed().saturating_sub(began);
            match self.try_turn(chat, kind) {
                None => return Ok(()),
                Some(span) if span > PATIENCE || waited > 2 * PATIENCE => return Err(span.max(each)),
                Some(span) => waiting = span,
            }
        }
    }

    /// Takes the turn (`None`), or says how long until it may come.
    fn try_turn(&self, chat: i64, kind: Kind) -> Option<Duration> {
        let now = self.clock.elapsed();
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        let mut wait = self.span(&mut past, now, chat, kind);
        let better = usize::try_from(kind.rank().code()).unwrap_or(0);
        if past.waiting.iter().take(better).any(|count| *count > 0) && self.limits.overall > 0 {
            wait = wait.max(Duration::from_millis(5));
        }
        if !wait.is_zero() {
            return Some(wait);
        }
        if kind != Kind::Edit {
            let times = past.chats.entry(chat).or_default();
            times.push_back(now);
            while times.len() > 64 {
                times.pop_front();
            }
        }
        past.overall.push_back(now);
        None
    }

    /// How long until one more may leave.
    fn span(&self, past: &mut Past, now: Duration, chat: i64, kind: Kind) -> Duration {
        let second = Duration::from_secs(1);
        let held = past.held.get(&chat).copied().unwrap_or_default().max(past.all_held);
        let wait = held.saturating_sub(now).max(free_in(&mut past.overall, now, self.limits.overall, second + SLACK));
        if kind == Kind::Edit {
            return wait;
        }
        if past.chats.len() > 4096 {
            past.chats.retain(|_, times| times.back().is_some_and(|last| now.saturating_sub(*last) < MEMORY));
        }
        let group = if chat < 0 { self.limits.group } else { 0 };
        let times = past.chats.entry(chat).or_default();
        wait.max(free_in_window(times, now, self.limits.chat, second)).max(free_in(
            times,
            now,
            group,
            Duration::from_mins(1),
        ))
    }
}

/// How long until one more fits in `window` (drops what is older).
fn free_in(times: &mut VecDeque<Duration>, now: Duration, limit: u32, window: Duration) -> Duration {
    if limit == 0 {
        if times.len() > 128 {
            times.clear();
        }
        return Duration::ZERO;
    }
    while times.front().is_some_and(|first| now.saturating_sub(*first) >= window) {
        times.pop_front();
    }
    free_in_window(times, now, limit, window)
}

fn free_in_window(times: &VecDeque<Duration>, now: Duration, limit: u32, window: Duration) -> Duration {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if limit == 0 || times.len() < limit {
        return Duration::ZERO;
    }
    times.iter().rev().nth(limit - 1).map_or(Duration::ZERO, |nth| (*nth + window).saturating_sub(now))
}

/// Somebody who waits.
struct Place<'p> {
    pace: &'p Pace,
    chat: i64,
    rank: usize,
    /// How many waited in this chat already.
    before: u32,
}

impl<'p> Place<'p> {
    fn take(pace: &'p Pace, chat: i64, rank: Rank) -> Self {
        let rank = usize::try_from(rank.code()).unwrap_or(0);
        let mut past = pace.past.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = past.waiting.get_mut(rank) {
            *count += 1;
        }
        let here = past.waiting_in.entry(chat).or_default();
        let before = *here;
        *here += 1;
        Self { pace, chat, rank, before }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut past = self.pace.past.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = past.waiting.get_mut(self.rank) {
            *count = count.saturating_sub(1);
        }
        let left = past.waiting_in.get(&self.chat).map_or(0, |count| count.saturating_sub(1));
        if left == 0 {
            past.waiting_in.remove(&self.chat);
        } else {
            past.waiting_in.insert(self.chat, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::At;

    fn pace(overall: u32, chat: u32, group: u32) -> Pace {
        Pace::new(Limits { overall, chat, group }, Clock::standing(At(0)))
    }

    #[tokio::test]
    async fn off_means_off() {
        let pace = pace(0, 0, 0);
        for _ in 0..1000 {
            assert_eq!(pace.turn(-1, Rank::Bulk).await, Ok(()));
        }
    }

    #[tokio::test]
    async fn a_group_that_is_full_for_long_asks_to_come_back() {
        let pace = pace(0, 0, 2);
        assert_eq!(pace.turn(-1, Rank::Timed).await, Ok(()));
        assert_eq!(pace.turn(-1, Rank::Timed).await, Ok(()));
        assert!(pace.turn(-1, Rank::Timed).await.is_err_and(|span| span > Duration::from_secs(50)));
        // Other chats, and private ones, are not held up by it.
        assert_eq!(pace.turn(-2, Rank::Timed).await, Ok(()));
        for _ in 0..5 {
            assert_eq!(pace.turn(7, Rank::Answer).await, Ok(()));
        }
    }

    #[tokio::test]
    async fn one_chat_waits_for_its_second() {
        let pace = pace(0, 1, 0);
        assert_eq!(pace.turn(7, Rank::Answer).await, Ok(()));
        assert!(pace.try_turn(7, Kind::Message(Rank::Answer)).is_some_and(|span| span <= Duration::from_secs(1)));
        assert!(!pace.is_free(7) && pace.is_free(8));
        assert_eq!(pace.turn_to_edit(7).await, Ok(()), "what is edited is no new message");
        assert_eq!(pace.turn(8, Rank::Answer).await, Ok(()));
    }

    /// Else forty messages to one person hold every worker for forty seconds, and everybody else's answers with them.
    #[tokio::test]
    async fn a_long_queue_in_one_chat_is_told_to_come_back() {
        let pace = pace(0, 1, 0);
        let began = pace.clock.elapsed();
        let turns = futures::future::join_all((0..40).map(|_| pace.turn(7, Rank::Timed))).await;
        let took = pace.clock.elapsed().saturating_sub(began);
        assert!(turns.iter().filter(|turn| turn.is_err()).count() >= 37, "{turns:?}");
        assert!(took < 2 * PATIENCE, "{took:?}");
    }

    #[tokio::test]
    async fn telegram_is_obeyed_in_a_chat_and_in_all_when_it_asks_twice() {
        let pace = pace(0, 0, 0);
        pace.hold(7, Duration::from_secs(9));
        assert!(pace.turn(7, Rank::Answer).await.is_err_and(|span| span > Duration::from_secs(8)));
        assert!(pace.turn_to_edit(7).await.is_err());
        assert_eq!(pace.turn(8, Rank::Answer).await, Ok(()));
        pace.hold(-8, Duration::from_secs(5));
        assert!(pace.turn(9, Rank::Answer).await.is_err_and(|span| span > Duration::from_secs(4)));
        assert!(!pace.is_free(9));
    }
}
