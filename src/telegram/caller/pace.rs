//! An account's pace towards Telegram when it asks about calls: questions keep apart, looks take turns, and what
//! Telegram wants waited for is waited for without asking again. Measured on the monotonic reading.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::kernel::Clock;
use crate::telegram::port::{Called, Trouble};

/// So many questions may come together; as many steps later come the next.
const TOGETHER: u32 = 5;
/// A look that would wait longer is sent away until its turn: whoever performs it has other things to do.
const PATIENT: Duration = Duration::from_millis(400);
/// A turn that nobody took so long after its moment is forgotten.
const STALE: Duration = Duration::from_mins(1);

/// The pace of one account.
#[derive(Debug)]
pub(super) struct Pace {
    /// Between two questions; zero: no pace.
    step: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When the last questions left, oldest first.
    asked: VecDeque<Duration>,
    /// Up to here the turns of looks are given away.
    given: Duration,
    /// Looks that were sent away, by their call: their turns.
    turns: HashMap<i64, Duration>,
    /// Methods that Telegram wants left alone, by their number: until when.
    held: HashMap<u32, Duration>,
}

impl State {
    /// The turn of a look into this call: `Ok` when it is now or soon, else how long that is.
    fn turn(&mut self, call: i64, now: Duration, step: Duration) -> Result<Duration, Duration> {
        let turn = self.turns.remove(&call).unwrap_or_else(|| {
            let turn = self.given.max(now);
            self.given = turn + step;
            turn
        });
        let wait = turn.saturating_sub(now);
        if wait <= PATIENT {
            return Ok(wait);
        }
        self.turns.retain(|_, turn| *turn + STALE > now);
        self.turns.insert(call, turn);
        Err(wait)
    }

    /// Lets a question leave, or says how long it must wait.
    fn leave(&mut self, now: Duration, step: Duration) -> Option<Duration> {
        let span = step * TOGETHER;
        while self.asked.front().is_some_and(|at| *at + span <= now) {
            self.asked.pop_front();
        }
        if self.asked.len() >= TOGETHER as usize {
            return self.asked.front().map(|first| (*first + span).saturating_sub(now));
        }
        self.asked.push_back(now);
        None
    }
}

impl Pace {
    pub fn new(step: Duration) -> Self {
        Self { step, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a question may leave. `look`: the call that is looked into; what begins or ends calls takes no turn
    /// and goes before.
    pub async fn wait(&self, clock: &Clock, method: u32, look: Option<i64>) -> Called<()> {
        if let Some(left) = self.held(method, clock.elapsed()) {
            return Err(Trouble::Wait(left));
        }
        if self.step.is_zero() {
            return Ok(());
        }
        if let Some(call) = look {
            let turn = self.state().turn(call, clock.elapsed(), self.step);
            match turn {
                Ok(wait) => clock.rest(wait).await,
                Err(wait) => return Err(Trouble::Wait(wait)),
            }
        } else {
            // Looks that come after make room.
            let mut state = self.state();
            state.given = state.given.max(clock.elapsed()) + self.step;
        }
        loop {
            let wait = self.state().leave(clock.elapsed(), self.step);
            match wait {
                Some(wait) => clock.rest(wait).await,
                None => return Ok(()),
            }
        }
    }

    fn held(&self, method: u32, now: Duration) -> Option<Duration> {
        let mut state = self.state();
        state.held.retain(|_, until| *until > now);
        state.held.get(&method).map(|until| until.saturating_sub(now))
    }

    /// Telegram wants this method left alone for so long.
    pub fn hold(&self, clock: &Clock, method: u32, span: Duration) {
        self.state().held.insert(method, clock.elapsed() + span);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: Duration = Duration::from_millis(200);

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn five_leave_together_and_the_next_after_five_steps() {
        let mut state = State::default();
        assert!((0..5).all(|_| state.leave(ms(7), STEP).is_none()));
        assert_eq!(state.leave(ms(300), STEP), Some(ms(707)));
        assert_eq!(state.leave(ms(1007), STEP), None);
    }

    #[test]
    fn looks_take_turns_and_those_sent_away_keep_theirs() {
        let mut state = State::default();
        let turns: Vec<_> = (1..=5).map(|call| state.turn(call, ms(0), STEP)).collect();
        assert_eq!(turns, [Ok(ms(0)), Ok(ms(200)), Ok(ms(400)), Err(ms(600)), Err(ms(800))]);
        // Too early again: the turn stays what it was. Who comes new comes after.
        assert_eq!(state.turn(4, ms(50), STEP), Err(ms(550)));
        assert_eq!(state.turn(6, ms(50), STEP), Err(ms(950)));
        assert_eq!(state.turn(4, ms(590), STEP), Ok(ms(10)));
        assert_eq!(state.turn(6, ms(1200), STEP), Ok(ms(0)), "late, and at once");
        assert_eq!(state.turn(4, ms(5000), STEP), Ok(ms(0)));
    }

    /// Two hundred calls that come back 42 s after each look are each looked into every 42 to 43 s.
    #[test]
    fn a_full_account_looks_into_each_call_in_time() {
        let step = ms(212);
        let mut state = State::default();
        let mut due: Vec<(Duration, i64)> = (0..200).map(|call| (ms(0), call)).collect();
        let mut last: HashMap<i64, Duration> = HashMap::new();
        let mut longest = ms(0);
        while let Some((now, call)) = due.pop() {
            if now > ms(600_000) {
                break;
            }
            match state.turn(call, now, step) {
                Ok(wait) => {
                    if let Some(before) = last.insert(call, now + wait) {
                        longest = longest.max((now + wait).saturating_sub(before));
                    }
                    let spread = u64::try_from(call * 37 % 1000).unwrap();
                    due.push((now + wait + ms(43_000 - spread * 12 / 10), call));
                }
                Err(wait) => due.push((now + wait, call)),
            }
            due.sort_by_key(|(at, call)| std::cmp::Reverse((*at, *call)));
        }
        assert!((ms(42_000)..ms(45_000)).contains(&longest), "{longest:?}");
    }

    #[tokio::test]
    async fn what_telegram_wants_waited_for_is_not_asked_before() {
        let (pace, clock) = (Pace::new(Duration::ZERO), Clock::machine());
        assert_eq!(pace.wait(&clock, 1, None).await, Ok(()));
        pace.hold(&clock, 1, ms(60_000));
        assert!(matches!(pace.wait(&clock, 1, Some(5)).await, Err(Trouble::Wait(left)) if left > ms(50_000)));
        assert_eq!(pace.wait(&clock, 2, Some(5)).await, Ok(()));
    }
}
