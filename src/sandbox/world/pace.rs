//! Telegram's pace: so many messages a second, a chat, a group. Measured on the monotonic reading.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::sandbox::values::Limits;

/// A chat may be written to this much faster for a moment.
const BURST: u32 = 3;

#[derive(Debug)]
pub struct Pace {
    limits: Limits,
    overall: VecDeque<Duration>,
    chats: BTreeMap<i64, VecDeque<Duration>>,
}

/// How many of `sent` are younger than `span`, and when the next place comes free if `allowed` are taken.
fn full(sent: &VecDeque<Duration>, now: Duration, span: Duration, allowed: u32) -> Option<Duration> {
    let allowed = usize::try_from(allowed).unwrap_or(usize::MAX);
    let recent = sent.iter().filter(|at| **at + span > now).count();
    if allowed == 0 || recent < allowed {
        return None;
    }
    let frees = sent.iter().rev().nth(allowed - 1).copied().unwrap_or(now);
    Some((frees + span).saturating_sub(now))
}

impl Pace {
    pub const fn calls_unpaced(&self) -> bool {
        self.limits.calls_unpaced
    }

    pub const fn new(limits: Limits) -> Self {
        Self { limits, overall: VecDeque::new(), chats: BTreeMap::new() }
    }

    /// Counts one message, or says how many seconds to wait.
    pub fn take(&mut self, chat: i64, now: Duration) -> Result<(), u32> {
        let minute = Duration::from_mins(1);
        while self.overall.front().is_some_and(|at| *at + minute < now) {
            self.overall.pop_front();
        }
        let sent = self.chats.entry(chat).or_default();
        while sent.front().is_some_and(|at| *at + minute < now) {
            sent.pop_front();
        }
        // A short burst is let through: the rate holds over the burst's span.
        let burst_span = Duration::from_secs(u64::from(BURST));
        let waits = [
            full(&self.overall, now, Duration::from_secs(1), self.limits.overall_per_second),
            full(sent, now, burst_span, self.limits.chat_per_second.saturating_mul(BURST)),
            if chat < 0 { full(sent, now, minute, self.limits.group_per_minute) } else { None },
        ];
        if let Some(wait) = waits.into_iter().flatten().max() {
            return Err(u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX).max(1));
        }
        sent.push_back(now);
        self.overall.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn off_means_off() {
        let mut pace = Pace::new(Limits::default());
        assert!((0..1_000).all(|_| pace.take(-1, Duration::ZERO).is_ok()));
    }

    #[test]
    fn a_chat_takes_a_burst_and_then_waits() {
        let mut pace = Pace::new(Limits { chat_per_second: 1, ..Limits::default() });
        assert!((0..3).all(|_| pace.take(5, Duration::ZERO).is_ok()));
        assert_eq!(pace.take(5, Duration::ZERO), Err(3));
        assert_eq!(pace.take(6, Duration::ZERO), Ok(()));
        assert_eq!(pace.take(5, Duration::from_secs(3)), Ok(()));
    }

    #[test]
    fn all_chats_together_take_thirty_a_second() {
        let mut pace = Pace::new(Limits { overall_per_second: 30, ..Limits::default() });
        assert!((1..=30).all(|chat| pace.take(chat, Duration::from_millis(10)).is_ok()));
        assert_eq!(pace.take(31, Duration::from_millis(20)), Err(1));
        assert_eq!(pace.take(-31, Duration::from_millis(1_009)), Err(1));
        assert_eq!(pace.take(31, Duration::from_millis(1_010)), Ok(()));
    }

    #[test]
    fn a_group_takes_twenty_a_minute() {
        let mut pace = Pace::new(Limits { group_per_minute: 20, ..Limits::default() });
        for second in 0..20 {
            assert_eq!(pace.take(-5, Duration::from_secs(second)), Ok(()));
        }
        assert_eq!(pace.take(-5, Duration::from_secs(20)), Err(40));
        assert_eq!(pace.take(5, Duration::from_secs(20)), Ok(()));
    }
}
