//! What a program that has nothing to do costs.

use std::time::Duration;

use serde::Serialize;

use crate::kernel::{At, Clock};

/// So long after the moments were written the worker has looked at them.
const SETTLED: Duration = Duration::from_secs(1);
/// So long before they are due they may be claimed ahead.
const AHEAD_SECONDS: i64 = 5;

/// Processor time of the whole process while everything lies ahead. Milliseconds, to a hundredth of a second (the
/// system's own steps); both are 0 where there was no such time, or the system does not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(super) struct Idle {
    pub idle_ms: u64,
    pub idle_cpu_ms: u64,
}

impl Idle {
    /// Waits until shortly before `due`.
    pub(super) async fn until(clock: &Clock, due: At) -> Self {
        clock.rest(SETTLED).await;
        let (began, before) = (clock.elapsed(), spent());
        clock.until(At(due.millis() - AHEAD_SECONDS * 1_000)).await;
        let (Some(before), Some(after)) = (before, spent()) else { return Self::default() };
        let idle_ms = u64::try_from(clock.elapsed().saturating_sub(began).as_millis()).unwrap_or(u64::MAX);
        Self { idle_ms, idle_cpu_ms: after.saturating_sub(before) }
    }
}

/// Processor time of this process until now, in milliseconds (Linux: proc(5), in hundredths of a second).
fn spent() -> Option<u64> {
    in_stat(&std::fs::read_to_string("/proc/self/stat").ok()?)
}

/// `utime` and `stime`: the 14th and 15th value. The name before them, in parentheses, may hold anything.
fn in_stat(stat: &str) -> Option<u64> {
    let mut after = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut next = || after.next()?.parse::<u64>().ok();
    Some((next()? + next()?) * 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_found_behind_any_name() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194560 1 2 3 4 120 30 5 6 20 0 1 0 9";
        assert_eq!(in_stat(stat), Some(1_500));
        assert_eq!(in_stat("7 (a"), None);
        assert!(spent().is_some());
    }
}
