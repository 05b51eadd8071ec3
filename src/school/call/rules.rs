//! Decisions about calls: what they are called, who makes them, how often they are looked at.

use super::{Settings, When};
use crate::kernel::At;
use crate::kernel::secret::sha256_hex;
use crate::kernel::time::Zone;
use crate::school::session::{Mode, Session, State};

/// Telegram takes no longer title.
const MOST_TITLE: usize = 64;
/// One account makes so many looks a second, all its calls together: Telegram allows five questions.
const LOOKS_A_SECOND: usize = 4;
/// However many calls there are, each is looked at once in so many seconds.
const MOST_SECONDS: usize = 45;

/// « Réseaux · 24/11 »
pub fn title(session: &Session, zone: Zone) -> String {
    let day = zone.day(session.start_at).format("%d/%m").to_string();
    let room = MOST_TITLE - day.chars().count() - 3;
    let subject = session.subject.trim();
    let short: String = if subject.chars().count() > room {
        subject.chars().take(room - 1).chain(['…']).collect()
    } else {
        subject.to_owned()
    };
    format!("{short} · {day}")
}

/// The number by which Telegram knows that two requests are one: of this session at this start.
pub fn token(session_id: &str, start: At) -> i32 {
    let hash = sha256_hex(format!("{session_id}:{}", start.millis()));
    let digits = hash.get(..7).unwrap_or("0");
    i32::from_str_radix(digits, 16).unwrap_or(1)
}

/// Is a call to be opened for it?
pub fn is_wanted(session: &Session, settings: Settings) -> bool {
    session.state == State::Planned
        && session.mode != Mode::OnSite
        && match settings.when {
            When::Always => true,
            When::WithoutLink => session.link.is_none(),
            When::Never => false,
        }
}

/// Until when a call stays open by itself: with its session, however that is moved.
pub const fn until(session: &Session, settings: Settings, extended: i64) -> At {
    session.end_at.plus_minutes(settings.grace_minutes + extended)
}

/// Whom to ask, in this order: the group's owner, its spare, then whoever has the fewest calls.
pub fn order(ready: &[i64], owner: Option<i64>, spare: Option<i64>, busy: &[(i64, usize)]) -> Vec<i64> {
    let calls = |account: &i64| busy.iter().find(|(known, _)| known == account).map_or(0, |(_, count)| *count);
    let rank = |account: &i64| match Some(*account) {
        this if this == owner => 0,
        this if this == spare => 1,
        _ => 2,
    };
    let mut all = ready.to_vec();
    all.sort_by_key(|account| (rank(account), calls(account), *account));
    all
}

/// Seconds between two looks into one of `live` calls of an account: `usual`, as long as that is not too many questions.
pub fn pace(usual: usize, live: usize) -> usize {
    usual.max(live.div_ceil(LOOKS_A_SECOND)).min(usual.max(MOST_SECONDS))
}

/// When the next look is due. `spread` (0..1000) keeps looks of many calls apart.
pub fn next_look(now: At, seconds: usize, spread: u64) -> At {
    let millis = i64::try_from(seconds).unwrap_or(12).saturating_mul(1000);
    // A tenth to either side.
    let jitter = millis / 5 * i64::try_from(spread).unwrap_or(500) / 1000 - millis / 10;
    At(now.millis() + millis + jitter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(subject: &str) -> Session {
        Session {
            id: "s".to_owned(),
            classroom_id: "c".to_owned(),
            reference: None,
            start_at: At(1_795_525_200_000),
            end_at: At(1_795_532_400_000),
            subject: subject.to_owned(),
            teacher_id: None,
            teacher_name: String::new(),
            room: String::new(),
            mode: Mode::Remote,
            link: Some("https://visio.example/a".to_owned()),
            state: State::Planned,
            revision: 1,
        }
    }

    #[test]
    fn a_call_is_called_after_its_lesson() {
        let paris = "Europe/Paris".parse().unwrap();
        assert_eq!(title(&session("Réseaux"), paris), "Réseaux · 24/11");
        let long = title(&session(&"Administration des systèmes ".repeat(4)), paris);
        assert_eq!(long.chars().count(), 64);
        assert!(long.ends_with("… · 24/11"), "{long}");
    }

    #[test]
    fn one_session_at_one_start_has_one_token() {
        let start = At(1_795_525_200_000);
        assert_eq!(token("a", start), token("a", start));
        assert_ne!(token("a", start), token("b", start));
        assert_ne!(token("a", start), token("a", start.plus_minutes(1)));
        assert!(token("a", start) > 0);
    }

    #[test]
    fn when_a_call_is_wanted() {
        let usual = Settings { when: When::Always, join_muted: false, grace_minutes: 5 };
        let linked = session("Réseaux");
        let unlinked = Session { link: None, ..linked.clone() };
        assert!(is_wanted(&linked, usual));
        assert!(!is_wanted(&linked, Settings { when: When::WithoutLink, ..usual }));
        assert!(is_wanted(&unlinked, Settings { when: When::WithoutLink, ..usual }));
        assert!(!is_wanted(&unlinked, Settings { when: When::Never, ..usual }));
        assert!(!is_wanted(&Session { mode: Mode::OnSite, ..linked.clone() }, usual));
        assert!(!is_wanted(&Session { state: State::Cancelled, ..linked }, usual));
    }

    #[test]
    fn the_owner_first_then_the_spare_then_the_least_busy() {
        assert_eq!(order(&[1, 2, 3, 4], Some(3), Some(2), &[(1, 5), (4, 1)]), [3, 2, 4, 1]);
        assert_eq!(order(&[1, 2], Some(9), None, &[]), [1, 2]);
        assert_eq!(order(&[], Some(9), None, &[]), [0; 0]);
    }

    #[test]
    fn fifty_calls_keep_the_pace_and_two_hundred_stretch_it() {
        assert_eq!((pace(12, 1), pace(12, 48), pace(12, 100), pace(12, 200)), (12, 12, 25, 45));
        for spread in [0, 500, 999] {
            let next = next_look(At(0), 12, spread).millis();
            assert!((10_800..=13_200).contains(&next), "{next}");
        }
    }
}
