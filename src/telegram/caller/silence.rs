//! An account that left a question unanswered is asked one thing at a time until it answers: whoever asks meanwhile is told
//! at once. Each of fifty looks would else hold a worker for as long as an answer is waited for, and the calls of other
//! accounts would not be seen.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Whether an account answers.
#[derive(Debug, Default)]
pub(super) struct Silence(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    silent: bool,
    /// When the one question left that a silent account is asked.
    probed: Option<Duration>,
}

/// A question that may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asking {
    Usual,
    /// The one by which it is seen whether a silent account answers again.
    Probe,
}

impl Silence {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// May a question leave now? `patience`: an older probe is given up after so long, its asker is gone.
    pub fn asks(&self, now: Duration, patience: Duration) -> Option<Asking> {
        let mut state = self.state();
        if !state.silent {
            return Some(Asking::Usual);
        }
        if state.probed.is_some_and(|at| now <= at + patience) {
            return None;
        }
        state.probed = Some(now);
        Some(Asking::Probe)
    }

    /// What became of a question; `None`: its connection broke, or nobody waited any more.
    pub fn heard(&self, asking: Asking, answered: Option<bool>) {
        let mut state = self.state();
        if let Some(answered) = answered {
            state.silent = !answered;
        }
        if answered == Some(true) || asking == Asking::Probe {
            state.probed = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(15);

    fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_silent_account_is_asked_one_thing_at_a_time_until_it_answers() {
        let silence = Silence::default();
        assert!((0..8).all(|_| silence.asks(s(0), PATIENCE) == Some(Asking::Usual)));
        silence.heard(Asking::Usual, Some(false));
        assert_eq!(silence.asks(s(15), PATIENCE), Some(Asking::Probe));
        assert!((15..30).all(|at| silence.asks(s(at), PATIENCE).is_none()), "fifty looks hold no worker");
        // Older questions that time out make no room for a second one.
        silence.heard(Asking::Usual, Some(false));
        assert_eq!(silence.asks(s(20), PATIENCE), None);
        silence.heard(Asking::Probe, Some(false));
        assert_eq!(silence.asks(s(30), PATIENCE), Some(Asking::Probe), "the next one is asked at once");
        silence.heard(Asking::Probe, Some(true));
        assert!((0..8).all(|_| silence.asks(s(31), PATIENCE) == Some(Asking::Usual)), "as ever");
    }

    #[test]
    fn a_probe_whose_asker_is_gone_is_given_up() {
        let silence = Silence::default();
        silence.heard(Asking::Usual, Some(false));
        assert_eq!(silence.asks(s(1), PATIENCE), Some(Asking::Probe));
        assert_eq!(silence.asks(s(16), PATIENCE), None);
        assert_eq!(silence.asks(s(17), PATIENCE), Some(Asking::Probe));
        // … and says so at once where it can.
        silence.heard(Asking::Probe, None);
        assert_eq!(silence.asks(s(18), PATIENCE), Some(Asking::Probe));
        silence.heard(Asking::Usual, None);
        assert_eq!(silence.asks(s(19), PATIENCE), None, "nothing was heard of the account");
    }
}
