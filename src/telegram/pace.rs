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
/// Telegram allows leave in a second and this much. What arrives too close all the same Telegram refuses (429), with no
/// effect, and is sent again; each millisecond here is a fortieth of a second more for a broadcast of 1,500.
const SLACK: Duration = Duration::from_millis(20);
/// A turn is given so long before its moment: what is written down before a call begins takes a little time.
const LEAD: Duration = Duration::from_millis(25);
/// So many answers tell how quick the way is.
const MOST_TOOK: usize = 64;
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
    /// When chats that were quiet were forgotten.
    swept: Duration,
    /// How long the last answers took to come.
    took: VecDeque<Duration>,
}

impl Past {
    /// One that counted from `at` counts from `then`.
    fn put_off(&mut self, chat: i64, at: Duration, then: Duration) {
        moved(&mut self.overall, at, then);
        if let Some(times) = self.chats.get_mut(&chat) {
            moved(times, at, then);
        }
    }
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

    /// Waits for this chat's turn: it may leave at the moment that is given (as [`Clock::elapsed`] tells), at most
    /// [`LEAD`] ahead, by [`Pace::depart`]. `Err(span)`: not within [`PATIENCE`], come back after `span`.
    pub async fn turn(&self, chat: i64, rank: Rank) -> Result<Duration, Duration> {
        self.wait(chat, Kind::Message(rank)).await
    }

    /// As [`Pace::turn`], for a message that is edited.
    pub async fn turn_to_edit(&self, chat: i64) -> Result<Duration, Duration> {
        self.wait(chat, Kind::Edit).await
    }

    /// Waits for the moment that a turn was given, and gives when it leaves. What leaves later than it was to counts from
    /// when it leaves: those behind it would arrive too close otherwise.
    pub async fn depart(&self, chat: i64, at: Duration) -> Duration {
        let early = at.saturating_sub(self.clock.elapsed());
        if !early.is_zero() {
            self.clock.rest(early).await;
        }
        let now = self.clock.elapsed();
        if self.is_limited() {
            self.past.lock().unwrap_or_else(PoisonError::into_inner).put_off(chat, at, now);
        }
        now
    }

    /// What left then was answered now. Of an answer that took longer than the quickest of late, nobody knows whether the
    /// way there was the long one: it counts as if it was, or it might come in one second with all who left after it.
    pub fn arrived(&self, chat: i64, left: Duration) {
        if !self.is_limited() {
            return;
        }
        let took = self.clock.elapsed().saturating_sub(left);
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        past.took.push_back(took);
        if past.took.len() > MOST_TOOK {
            past.took.pop_front();
        }
        let quickest = past.took.iter().min().copied().unwrap_or(took);
        past.put_off(chat, left, left + took.saturating_sub(quickest));
    }

    const fn is_limited(&self) -> bool {
        self.limits.overall > 0 || self.limits.chat > 0 || self.limits.group > 0
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

    async fn wait(&self, chat: i64, kind: Kind) -> Result<Duration, Duration> {
        let began = self.clock.elapsed();
        let mut waiting = match self.try_turn(chat, kind) {
            Ok(at) => return Ok(at),
            Err(span) => span,
        };
        let place = Place::take(self, chat, kind.rank());
        // Those who wait in this chat already go before: no worker stands in a long queue.
        let each = Duration::from_secs(1).checked_div(self.limits.chat).unwrap_or_default();
        let queue = if kind == Kind::Edit { Duration::ZERO } else { each * place.before };
        if waiting + queue > PATIENCE {
            return Err(waiting + queue);
        }
        loop {
            let rest = waiting.saturating_sub(LEAD / 2);
            self.clock.rest(rest.clamp(Duration::from_millis(2), Duration::from_millis(50))).await;
            let waited = self.clock.elapsed().saturating_sub(began);
            match self.try_turn(chat, kind) {
                Ok(at) => return Ok(at),
                Err(span) if span > PATIENCE || waited > 2 * PATIENCE => return Err(span.max(each)),
                Err(span) => waiting = span,
            }
        }
    }

    /// Takes the turn (`Ok`: its moment), or says how long until it may come.
    fn try_turn(&self, chat: i64, kind: Kind) -> Result<Duration, Duration> {
        let now = self.clock.elapsed();
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = self.span(&mut past, now, chat, kind);
        let better = usize::try_from(kind.rank().code()).unwrap_or(0);
        if past.waiting.iter().take(better).any(|count| *count > 0) && self.limits.overall > 0 {
            return Err(wait.max(Duration::from_millis(5)));
        }
        if wait > LEAD {
            return Err(wait);
        }
        let at = now + wait;
        let group = if chat < 0 { self.limits.group } else { 0 };
        if kind != Kind::Edit && (self.limits.chat > 0 || group > 0) {
            let times = past.chats.entry(chat).or_default();
            times.push_back(at);
            while times.len() > 64 {
                times.pop_front();
            }
        }
        past.overall.push_back(at);
        Ok(at)
    }

    /// How long until one more may leave.
    fn span(&self, past: &mut Past, now: Duration, chat: i64, kind: Kind) -> Duration {
        let second = Duration::from_secs(1);
        let held = past.held.get(&chat).copied().unwrap_or_default().max(past.all_held);
        let wait = held.saturating_sub(now).max(free_in(&mut past.overall, now, self.limits.overall, second + SLACK));
        if kind == Kind::Edit {
            return wait;
        }
        let group = if chat < 0 { self.limits.group } else { 0 };
        if self.limits.chat == 0 && group == 0 {
            return wait;
        }
        if past.chats.len() > 4096 && now.saturating_sub(past.swept) > MEMORY / 4 {
            past.swept = now;
            past.chats.retain(|_, times| times.back().is_some_and(|last| now.saturating_sub(*last) < MEMORY));
        }
        let times = past.chats.entry(chat).or_default();
        wait.max(free_in_window(times, now, self.limits.chat, second)).max(free_in(
            times,
            now,
            group,
            Duration::from_mins(1),
        ))
    }
}

/// What was to leave at `at` leaves `now`.
fn moved(times: &mut VecDeque<Duration>, at: Duration, now: Duration) {
    if let Some(place) = times.iter().rposition(|time| *time == at) {
        times.remove(place);
        let after = times.iter().rposition(|time| *time <= now).map_or(0, |place| place + 1);
        times.insert(after, now);
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
            assert!(pace.turn(-1, Rank::Bulk).await.is_ok());
        }
    }

    #[tokio::test]
    async fn a_group_that_is_full_for_long_asks_to_come_back() {
        let pace = pace(0, 0, 2);
        assert!(pace.turn(-1, Rank::Timed).await.is_ok());
        assert!(pace.turn(-1, Rank::Timed).await.is_ok());
        assert!(pace.turn(-1, Rank::Timed).await.is_err_and(|span| span > Duration::from_secs(50)));
        // Other chats, and private ones, are not held up by it.
        assert!(pace.turn(-2, Rank::Timed).await.is_ok());
        for _ in 0..5 {
            assert!(pace.turn(7, Rank::Answer).await.is_ok());
        }
    }

    #[tokio::test]
    async fn one_chat_waits_for_its_second() {
        let pace = pace(0, 1, 0);
        assert!(pace.turn(7, Rank::Answer).await.is_ok());
        assert!(pace.try_turn(7, Kind::Message(Rank::Answer)).is_err_and(|span| span <= Duration::from_secs(1)));
        assert!(!pace.is_free(7) && pace.is_free(8));
        assert!(pace.turn_to_edit(7).await.is_ok(), "what is edited is no new message");
        assert!(pace.turn(8, Rank::Answer).await.is_ok());
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

    /// Thirty that leave in a moment and are long on their way may come in one moment with thirty others.
    #[tokio::test]
    async fn what_is_answered_late_counts_from_its_answer() {
        let pace = pace(2, 1, 0);
        let first = pace.turn(6, Rank::Answer).await.expect("free");
        let first = pace.depart(6, first).await;
        pace.arrived(6, first);
        pace.clock.rest(Duration::from_millis(1_100)).await;
        let slow = pace.turn(7, Rank::Answer).await.expect("free");
        let slow = pace.depart(7, slow).await;
        assert!(pace.turn(8, Rank::Answer).await.is_ok());
        pace.clock.rest(Duration::from_millis(600)).await;
        pace.arrived(7, slow);
        pace.clock.rest(Duration::from_millis(600)).await;
        // The other one is a second old; this one is not.
        assert!(pace.try_turn(7, Kind::Message(Rank::Answer)).is_err(), "its chat");
        assert!(pace.turn(9, Rank::Answer).await.is_ok());
        assert!(pace.try_turn(10, Kind::Message(Rank::Answer)).is_err(), "all chats");
    }

    /// However long the way is, when it is as long for everybody it costs nobody a turn.
    #[tokio::test]
    async fn a_long_way_for_all_holds_nobody_up() {
        let pace = pace(2, 0, 0);
        for chat in 0..4 {
            let at = pace.turn(chat, Rank::Answer).await.expect("a turn");
            let left = pace.depart(chat, at).await;
            let now = pace.clock.elapsed();
            pace.arrived(chat, left.saturating_sub(Duration::from_millis(400)).min(now));
        }
        let past = pace.past.lock().unwrap();
        assert!(past.took.len() == 4 && past.overall.len() <= 4, "{past:?}");
    }

    #[tokio::test]
    async fn telegram_is_obeyed_in_a_chat_and_in_all_when_it_asks_twice() {
        let pace = pace(0, 0, 0);
        pace.hold(7, Duration::from_secs(9));
        assert!(pace.turn(7, Rank::Answer).await.is_err_and(|span| span > Duration::from_secs(8)));
        assert!(pace.turn_to_edit(7).await.is_err());
        assert!(pace.turn(8, Rank::Answer).await.is_ok());
        pace.hold(-8, Duration::from_secs(5));
        assert!(pace.turn(9, Rank::Answer).await.is_err_and(|span| span > Duration::from_secs(4)));
        assert!(!pace.is_free(9));
    }

    /// Thirty a second: what leaves late moves those behind it, and no second sees a thirty-first.
    #[tokio::test]
    async fn no_second_holds_more_than_it_may() {
        let pace = pace(5, 0, 0);
        let mut left = Vec::new();
        for number in 0..16 {
            let at = pace.turn(number, Rank::Timed).await.expect("a turn");
            if number % 3 == 0 {
                // Writing it down took long.
                pace.clock.rest(Duration::from_millis(40)).await;
            }
            pace.depart(number, at).await;
            left.push(pace.clock.elapsed());
        }
        for six in left.windows(6) {
            let span = six[5].saturating_sub(six[0]);
            assert!(span >= Duration::from_secs(1), "{span:?}: {left:?}");
        }
        let whole = left[15].saturating_sub(left[0]);
        assert!(whole < Duration::from_millis(3_600), "{whole:?}");
    }

    /// A hundred thousand people write at once: nobody's turn costs more for that.
    #[tokio::test]
    async fn without_limits_nobody_is_remembered() {
        let pace = pace(0, 0, 0);
        for chat in 0..10_000 {
            assert!(pace.turn(chat, Rank::Answer).await.is_ok());
        }
        assert!(pace.past.lock().unwrap().chats.is_empty());
    }
}
