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
/// Chats that were quiet for this long are forgotten.
const MEMORY: Duration = Duration::from_mins(2);

#[derive(Debug, Default)]
struct Past {
    overall: VecDeque<Duration>,
    chats: HashMap<i64, VecDeque<Duration>>,
    /// How many of each rank wait at this moment.
    waiting: [u32; 3],
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
        let Some(mut waiting) = self.try_turn(chat, rank) else { return Ok(()) };
        if waiting > PATIENCE {
            return Err(waiting);
        }
        let _place = Place::take(self, rank);
        loop {
            self.clock.rest(waiting.min(Duration::from_millis(50)).max(Duration::from_millis(2))).await;
            match self.try_turn(chat, rank) {
                None => return Ok(()),
                Some(span) if span > PATIENCE => return Err(span),
                Some(span) => waiting = span,
            }
        }
    }

    /// Takes the turn (`None`), or says how long until it may come.
    fn try_turn(&self, chat: i64, rank: Rank) -> Option<Duration> {
        let now = self.clock.elapsed();
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        let second = Duration::from_secs(1);
        let mut wait = free_in(&mut past.overall, now, self.limits.overall, second);
        let better = usize::try_from(rank.code()).unwrap_or(0);
        if past.waiting.iter().take(better).any(|count| *count > 0) && self.limits.overall > 0 {
            wait = wait.max(Duration::from_millis(5));
        }
        if past.chats.len() > 4096 {
            past.chats.retain(|_, times| times.back().is_some_and(|last| now.saturating_sub(*last) < MEMORY));
        }
        let group = if chat < 0 { self.limits.group } else { 0 };
        let times = past.chats.entry(chat).or_default();
        wait = wait.max(free_in_window(times, now, self.limits.chat, second));
        wait = wait.max(free_in(times, now, group, Duration::from_mins(1)));
        if !wait.is_zero() {
            return Some(wait);
        }
        times.push_back(now);
        while times.len() > 64 {
            times.pop_front();
        }
        past.overall.push_back(now);
        None
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

struct Place<'p>(&'p Pace, usize);

impl<'p> Place<'p> {
    fn take(pace: &'p Pace, rank: Rank) -> Self {
        let taken = Self(pace, usize::try_from(rank.code()).unwrap_or(0));
        taken.change(|count| count + 1);
        taken
    }
    fn change(&self, by: impl FnOnce(u32) -> u32) {
        let mut past = self.0.past.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = past.waiting.get_mut(self.1) {
            *count = by(*count);
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.change(|count| count.saturating_sub(1));
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
        assert!(pace.try_turn(7, Rank::Answer).is_some_and(|span| span <= Duration::from_secs(1)));
        assert_eq!(pace.turn(8, Rank::Answer).await, Ok(()));
    }
}
