//! When a voice counts, and what it decides. Pure.

use super::{Agreement, CLI, State, Voice};
use crate::kernel::At;
use crate::kernel::id;

/// A single admin may be their own second person after this long, on the command line.
const SECOND_THOUGHTS_HOURS: i64 = 24;

/// How long an agreement stays open: with one admin, two voices take more than a day.
pub fn open_until(now: At, hours: i64, needs: i64, admins: i64) -> At {
    let least = if needs > 1 && admins <= 1 { 2 * SECOND_THOUGHTS_HOURS } else { 1 };
    now.plus_hours(hours.max(least))
}

/// Why the command line may not speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotYet {
    /// There are other admins: one of them must accept in Telegram.
    OthersCan,
    /// The admin's own acceptance in Telegram comes first.
    FirstVoice,
    /// Not before this moment.
    Until(At),
}

/// May the command line accept? With one voice needed, at once; as a second voice only where no other admin is, and
/// not before a day has passed.
pub fn cli_may(agreement: &Agreement, voices: &[Voice], admins: i64, now: At) -> Result<(), NotYet> {
    if agreement.needs <= 1 {
        return Ok(());
    }
    if admins > 1 {
        return Err(NotYet::OthersCan);
    }
    if !voices.iter().any(|voice| voice.agrees && voice.voter != CLI) {
        return Err(NotYet::FirstVoice);
    }
    let from = agreement.asked_at.plus_hours(SECOND_THOUGHTS_HOURS);
    if now < from { Err(NotYet::Until(from)) } else { Ok(()) }
}

/// From when on a single admin may be their own second person, on the command line. `None` where it takes no second
/// person, another one, or where it is over before that.
pub fn alone_from(agreement: &Agreement, admins: i64) -> Option<At> {
    let from = agreement.asked_at.plus_hours(SECOND_THOUGHTS_HOURS);
    (is_open(agreement) && agreement.needs > 1 && admins <= 1 && from < agreement.expires_at).then_some(from)
}

/// Does it still wait for voices?
pub fn is_open(agreement: &Agreement) -> bool {
    agreement.state == State::Open
}

/// What the voices decide, if anything, and how many are missing.
pub fn outcome(needs: i64, voices: &[Voice]) -> (Option<State>, i64) {
    if voices.iter().any(|voice| !voice.agrees) {
        return (Some(State::Refused), 0);
    }
    let agreed = i64::try_from(voices.len()).unwrap_or(i64::MAX);
    let left = (needs.max(1) - agreed).max(0);
    ((left == 0).then_some(State::Agreed), left)
}

/// Does what somebody typed name this agreement? Its id, or the six letters that people read out.
pub fn is_named(agreement: &Agreement, typed: &str) -> bool {
    let typed = typed.trim().to_lowercase();
    agreement.id == typed || id::reference(&agreement.id) == typed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agreement(needs: i64) -> Agreement {
        Agreement {
            id: "018f0000-0000-7000-8000-00000abc1234".to_owned(),
            kind: "test.do".to_owned(),
            effects: String::new(),
            payload: String::new(),
            needs,
            asked_by: None,
            asked_at: At(0),
            expires_at: At(0).plus_hours(48),
            state: State::Open,
            over_kind: None,
            ending: None,
        }
    }
    fn voice(voter: &str, agrees: bool) -> Voice {
        Voice { voter: voter.to_owned(), agrees, at: At(0) }
    }

    #[test]
    fn two_people_or_one_refusal_decide() {
        assert_eq!(outcome(2, &[]), (None, 2));
        assert_eq!(outcome(2, &[voice("a", true)]), (None, 1));
        assert_eq!(outcome(2, &[voice("a", true), voice("b", true)]), (Some(State::Agreed), 0));
        assert_eq!(outcome(2, &[voice("a", true), voice("b", false)]), (Some(State::Refused), 0));
        assert_eq!(outcome(1, &[voice("a", true)]), (Some(State::Agreed), 0));
    }

    #[test]
    fn a_single_admin_is_their_own_second_person_after_a_day() {
        let (asked, first) = (agreement(2), [voice("a", true)]);
        let day = At(0).plus_hours(24);
        assert_eq!(cli_may(&asked, &first, 1, At(0)), Err(NotYet::Until(day)));
        assert_eq!(cli_may(&asked, &first, 1, day), Ok(()));
        assert_eq!(cli_may(&asked, &[], 1, day), Err(NotYet::FirstVoice));
        assert_eq!(cli_may(&asked, &first, 2, day), Err(NotYet::OthersCan));
        assert_eq!(cli_may(&agreement(1), &[], 3, At(0)), Ok(()));
        assert_eq!(alone_from(&asked, 1), Some(day));
        assert_eq!(alone_from(&asked, 2), None);
        assert_eq!(alone_from(&agreement(1), 1), None);
        assert_eq!(alone_from(&Agreement { expires_at: day, ..asked.clone() }, 1), None);
        assert_eq!(open_until(At(0), 6, 2, 1), At(0).plus_hours(48));
        assert_eq!(open_until(At(0), 6, 2, 2), At(0).plus_hours(6));
    }

    #[test]
    fn six_letters_name_it() {
        assert!(is_named(&agreement(1), "BC1234"));
        assert!(is_named(&agreement(1), "018f0000-0000-7000-8000-00000abc1234"));
        assert!(!is_named(&agreement(1), "c1234"));
    }
}
