//! Decisions about calls: what they are called, who makes them, how often they are looked at.

use std::time::Duration;

use super::{Heard, Hitch, LiveCall, NoCall, Settings};
use crate::kernel::At;
use crate::kernel::secret::sha256_hex;
use crate::kernel::time::Zone;
use crate::school::session::{CALL_BEFORE, CALL_EARLIEST, Mode, Session, State, first_call, is_ahead};

/// Telegram takes no longer title.
const MOST_TITLE: usize = 64;
/// One account looks once in so many milliseconds, all its calls together: Telegram takes five questions a second.
const A_LOOK_MILLIS: usize = 212;
/// However many calls there are, each is looked at once in so many seconds.
const MOST_SECONDS: usize = 45;
/// Looks lie apart by so much less than they might, at most.
const JITTER_MILLIS: i64 = 1_200;
/// Without a complete look for longer than this, nobody knows who is in a call.
const DARK: Duration = Duration::from_secs(45);
/// So many calls may be opened by an account within a minute, and two more seconds are left for them to arrive.
const OPENED_A_MINUTE: usize = 20;
const A_MINUTE: Duration = Duration::from_secs(62);
/// Telegram that does not answer is asked again so often.
const AGAIN: Duration = Duration::from_secs(20);
/// All accounts together are asked for a call no longer than this: what stands for it is there within a minute.
pub const ALL_TRIED: Duration = Duration::from_secs(40);
/// However many they are, each has so long to answer.
const EACH_TRIED: Duration = Duration::from_secs(5);
/// An account that has so many calls takes another one only where no other can: it would see each more seldom.
const FULL: usize = 50;
/// Accounts whose numbers of calls differ by less than this are equally busy.
const ABOUT_AS_BUSY: usize = 4;

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

/// The number by which Telegram knows that two requests are one: those of one row. A lesson that is put back has another
/// row, and its call is another.
pub fn token(key: &str) -> i32 {
    let hash = sha256_hex(key);
    let digits = hash.get(..7).unwrap_or("0");
    i32::from_str_radix(digits, 16).unwrap_or(1)
}

/// When a session's call is opened: five minutes before its start, and earlier where more are due in a minute than may be
/// opened. `starts`: of it and of all that begin with it or after it, the last one first; it stands at `place`.
pub fn opening(starts: &[At], place: usize, accounts: usize) -> At {
    let capacity = OPENED_A_MINUTE * accounts.max(1);
    let mut moments: Vec<At> = Vec::with_capacity(starts.len());
    for start in starts.iter().take(place + 1) {
        let wanted = start.plus_minutes(-CALL_BEFORE);
        let before = moments.len().checked_sub(capacity).and_then(|other| moments.get(other));
        let room = before.map_or(wanted, |other| At(other.0.saturating_sub(A_MINUTE.as_secs().cast_signed() * 1000)));
        moments.push(wanted.min(room).max(start.plus_minutes(-CALL_EARLIEST)));
    }
    moments.last().copied().unwrap_or_default()
}

/// No account could open the call: when to ask again (school time), or why there is none. The earliest that may work
/// counts, and at the start whatever waits is no call.
pub fn after_hitches(hitches: &[Hitch], now: At, start: At) -> Result<At, NoCall> {
    let again = hitches.iter().filter_map(|hitch| match hitch {
        Hitch::Wait(span) if now.plus(*span) < start => Some(now.plus(*span)),
        Hitch::Away if now < start => Some(now.plus(AGAIN).min(start)),
        _ => None,
    });
    match again.min() {
        Some(at) => Ok(at),
        None => Err(why(hitches)),
    }
}

/// What there is to say of so many hitches: the first that says more than that an account is not in the group.
pub fn why(hitches: &[Hitch]) -> NoCall {
    let telling = hitches.iter().find(|hitch| **hitch != Hitch::NotAllowed);
    telling.or(hitches.first()).map_or(NoCall::NoCaller, NoCall::from)
}

/// Who hears that there is no call. `signed_in`: an account was, once; `foreseen`: the school gave what one signs in with.
pub fn heard(why: &NoCall, signed_in: bool, foreseen: bool) -> Heard {
    match why {
        NoCall::NoCaller if !signed_in && foreseen => Heard::InCharge,
        NoCall::NoCaller if !signed_in => Heard::Nobody,
        _ => Heard::Everybody,
    }
}

/// Has nobody seen the whole call for too long?
pub fn is_dark(seen: At, now: At) -> bool {
    seen.until(now) > DARK
}

/// Somebody ended the session's call by hand, at the hours that it has now: none is opened in its place.
pub fn was_ended(session: &Session, last: &LiveCall) -> bool {
    last.closed_at.is_some() && last.end_asked && last.opened_at >= first_call(session.start_at)
}

/// Of two lessons that share a call: does the `other` one go out while this one goes on? Neither does of two that run side by
/// side.
pub fn goes_out(other: &Session, session: &Session) -> bool {
    other.start_at < session.start_at && other.end_at < session.end_at
}

/// Until when a call is to stand, seen from `now`.
pub fn lasts(session: Option<&Session>, call: &LiveCall, settings: Settings, now: At) -> At {
    let Some(session) = session.filter(|session| session.state == State::Planned && session.mode != Mode::OnSite)
    else {
        return now;
    };
    // A session that was moved away leaves its call at once: its new hours have one of their own.
    if is_ahead(session, now) || call.end_asked {
        return now;
    }
    until(session, settings, call.extended)
}

/// Until when a call stays open by itself: with its session, however that is moved.
pub const fn until(session: &Session, settings: Settings, extended: i64) -> At {
    session.end_at.plus_minutes(settings.grace_minutes + extended)
}

/// How long one of so many accounts may take to open a call.
pub fn patience(accounts: usize) -> Duration {
    let share = ALL_TRIED / u32::try_from(accounts.max(1)).unwrap_or(u32::MAX);
    share.max(EACH_TRIED)
}

/// Whom to ask, in this order: the group's owner, its spare, then whoever has the fewest calls; whoever is full comes
/// after those who are not. `place` parts calls that
/// are opened at one moment among accounts that are about as busy.
pub fn order(ready: &[i64], owner: Option<i64>, spare: Option<i64>, busy: &[(i64, usize)], place: usize) -> Vec<i64> {
    let calls = |account: &i64| busy.iter().find(|(known, _)| known == account).map_or(0, |(_, count)| *count);
    let least = ready.iter().map(calls).min().unwrap_or(0);
    let rank = |account: &i64| {
        let place = match Some(*account) {
            this if this == owner => 0,
            this if this == spare => 1,
            _ => 2,
        };
        (calls(account) >= FULL, place)
    };
    let mut all = ready.to_vec();
    all.sort_unstable();
    if !all.is_empty() {
        let first = place % all.len();
        all.rotate_left(first);
    }
    all.sort_by_key(|account| (rank(account), (calls(account) - least) / ABOUT_AS_BUSY));
    all
}

/// Seconds between two looks into one of `live` calls of an account: `usual`, as long as that is not too many questions.
pub fn pace(usual: usize, live: usize) -> usize {
    usual.max((live * A_LOOK_MILLIS).div_ceil(1000)).min(usual.max(MOST_SECONDS))
}

/// When the look after one that began at `began` is due: `seconds` later, or a little less, so that the looks of many
/// calls keep apart and none is ever later than it should be. `spread`: 0..1000.
pub fn next_look(began: At, seconds: usize, spread: u64) -> At {
    let millis = i64::try_from(seconds).unwrap_or(12).saturating_mul(1000);
    let jitter = (millis / 10).min(JITTER_MILLIS) * i64::try_from(spread).unwrap_or(500) / 1000;
    At(began.millis() + millis - jitter)
}

/// However much is pushed, two looks into one of `live` calls of an account lie so far apart.
pub fn least_between(live: usize) -> Duration {
    let shared = u64::try_from(live * A_LOOK_MILLIS).unwrap_or(u64::MAX);
    Duration::from_millis(shared.clamp(3_000, 45_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::school::call::When;

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
    fn who_never_had_a_caller_hears_nothing_and_who_foresees_one_is_told() {
        assert_eq!(heard(&NoCall::NoCaller, false, false), Heard::Nobody);
        assert_eq!(heard(&NoCall::NoCaller, false, true), Heard::InCharge);
        assert_eq!(heard(&NoCall::NoCaller, true, true), Heard::Everybody);
        assert_eq!(heard(&NoCall::Away, false, true), Heard::Everybody);
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
    fn one_row_has_one_token() {
        assert_eq!(token("call.open:a:1"), token("call.open:a:1"));
        assert_ne!(token("call.open:a:1"), token("call.open:b:1"));
        assert_ne!(token("call.open:a:1"), token("call.open:a:1:2"), "a lesson that was put back");
        assert!(token("call.open:a:1") > 0);
    }

    #[test]
    fn when_a_call_is_wanted() {
        let usual = Settings { when: When::Always, join_muted: false, grace_minutes: 5 };
        let linked = session("Réseaux");
        let unlinked = Session { link: None, ..linked.clone() };
        assert!(usual.wants(&linked));
        assert!(!Settings { when: When::WithoutLink, ..usual }.wants(&linked));
        assert!(Settings { when: When::WithoutLink, ..usual }.wants(&unlinked));
        assert!(!Settings { when: When::Never, ..usual }.wants(&unlinked));
        assert!(!usual.wants(&Session { mode: Mode::OnSite, ..linked.clone() }));
        assert!(!usual.wants(&Session { state: State::Cancelled, ..linked }));
    }

    #[test]
    fn the_owner_first_then_the_spare_then_the_least_busy() {
        assert_eq!(order(&[1, 2, 3, 4], Some(3), Some(2), &[(1, 5), (4, 1)], 0), [3, 2, 4, 1]);
        assert_eq!(order(&[1, 2], Some(9), None, &[], 0), [1, 2]);
        assert_eq!(order(&[], Some(9), None, &[], 3), [0; 0]);
        // Opened at one moment, by accounts of which nobody is busy: each in turn.
        let firsts: Vec<i64> = (0..5).map(|place| order(&[7, 5, 6], None, None, &[(5, 2)], place)[0]).collect();
        assert_eq!(firsts, [5, 6, 7, 5, 6]);
        assert_eq!(order(&[5, 6], None, None, &[(5, 9), (6, 5)], 0), [6, 5]);
    }

    #[test]
    fn who_is_full_stands_behind_those_who_are_free() {
        let busy = |owner, spare| order(&[1, 2, 3], Some(1), Some(2), &[(1, owner), (2, spare), (3, 49)], 0);
        assert_eq!(busy(49, 0), [1, 2, 3]);
        assert_eq!(busy(50, 49), [2, 3, 1]);
        assert_eq!(busy(200, 80), [3, 1, 2]);
        assert_eq!(order(&[1, 2], Some(2), None, &[(1, 70), (2, 90)], 0), [2, 1], "all are full: as ever");
    }

    #[test]
    fn all_accounts_together_are_asked_for_less_than_a_minute() {
        assert_eq!([1, 2, 5].map(|count| patience(count).as_secs()), [40, 20, 8]);
        assert_eq!((patience(0), patience(100)), (ALL_TRIED, EACH_TRIED));
        assert!(ALL_TRIED + EACH_TRIED < Duration::from_mins(1));
    }

    #[test]
    fn a_lone_call_opens_five_minutes_before_and_two_hundred_from_fifteen_minutes_before() {
        let start = At(1_795_525_200_000);
        assert_eq!(opening(&[start], 0, 1), start.plus_minutes(-5));
        for accounts in [1, 2, 4] {
            let starts = vec![start; 200 * accounts];
            let mut all: Vec<At> = (0..starts.len()).map(|place| opening(&starts, place, accounts)).collect();
            all.sort_unstable();
            assert!(all.iter().all(|at| (start.plus_minutes(-15)..=start.plus_minutes(-5)).contains(at)));
            for some in all.windows(20 * accounts + 1) {
                assert!(some[0].until(some[20 * accounts]) >= Duration::from_mins(1), "{some:?}");
            }
            assert_eq!(all.iter().filter(|at| **at == start.plus_minutes(-5)).count(), 20 * accounts);
        }
        // Those of a later hour keep theirs, and those before make room.
        let later = start.plus_minutes(2);
        let starts: Vec<At> = std::iter::repeat_n(later, 20).chain(std::iter::repeat_n(start, 41)).collect();
        assert_eq!(opening(&starts, 19, 1), later.plus_minutes(-5));
        assert_eq!(opening(&starts, 20, 1), start.plus_minutes(-5));
        assert_eq!(opening(&starts, 40, 1), At(start.0 - 362_000));
        assert_eq!(opening(&starts, 60, 1), At(start.0 - 424_000));
    }

    #[test]
    fn what_may_work_before_the_start_is_asked_again_and_what_cannot_is_said() {
        let (now, start) = (At(0), At(300_000));
        let wait = |seconds| Hitch::Wait(Duration::from_secs(seconds));
        let refused = || Hitch::Refused("CREATE_CALL_FAILED".to_owned());
        for (hitches, then) in [
            (vec![wait(600), wait(100)], Ok(At(100_000))),
            (vec![wait(100), Hitch::Away], Ok(At(20_000))),
            (vec![Hitch::NotAllowed, wait(600)], Err(NoCall::Wait)),
            (vec![Hitch::NotAllowed, refused()], Err(NoCall::Refused("CREATE_CALL_FAILED".to_owned()))),
            (vec![Hitch::Gone], Err(NoCall::NoCaller)),
            (vec![Hitch::NotAllowed], Err(NoCall::NotAllowed)),
            (Vec::new(), Err(NoCall::NoCaller)),
        ] {
            assert_eq!(after_hitches(&hitches, now, start), then, "{hitches:?}");
        }
        assert_eq!(after_hitches(&[Hitch::Away], At(290_000), start), Ok(start));
        assert_eq!(after_hitches(&[Hitch::Away], start, start), Err(NoCall::Away));
        assert_eq!(after_hitches(&[wait(1)], start, start), Err(NoCall::Wait));
    }

    /// A session's call as it opens.
    fn live(session: &Session) -> LiveCall {
        LiveCall {
            session_id: "s".to_owned(),
            call_id: 1,
            chat: -1,
            account: 7,
            title: String::new(),
            adopted: false,
            message: None,
            opened_at: session.start_at.plus_minutes(-5),
            closed_at: None,
            extended: 0,
            end_asked: false,
            again: false,
        }
    }

    #[test]
    fn a_call_ends_with_its_session_wherever_that_goes() {
        let settings = Settings { when: When::Always, join_muted: false, grace_minutes: 5 };
        let session = session("Réseaux");
        let call = LiveCall { extended: 15, ..live(&session) };
        let now = session.start_at;
        let ask = |session: &Session, call: &LiveCall| lasts(Some(session), call, settings, now);
        assert_eq!(ask(&session, &call), session.end_at.plus_minutes(20));
        assert_eq!(lasts(None, &call, settings, now), now);
        assert_eq!(ask(&session, &LiveCall { end_asked: true, ..call.clone() }), now);
        let with = |change: fn(&mut Session)| {
            let mut other = session.clone();
            change(&mut other);
            other
        };
        assert_eq!(ask(&with(|one| one.state = State::Cancelled), &call), now);
        assert_eq!(ask(&with(|one| one.mode = Mode::OnSite), &call), now);
        assert_eq!(ask(&with(|one| one.start_at = one.start_at.plus_minutes(21)), &call), now);
        assert!(ask(&with(|one| one.start_at = one.start_at.plus_minutes(20)), &call) > now);
    }

    #[test]
    fn what_somebody_ended_by_hand_is_ended_at_those_hours() {
        let session = session("Réseaux");
        let open = LiveCall { end_asked: true, ..live(&session) };
        let over = LiveCall { closed_at: Some(session.start_at), ..open.clone() };
        assert!(was_ended(&session, &over));
        assert!(!was_ended(&session, &open));
        assert!(!was_ended(&session, &LiveCall { end_asked: false, ..over.clone() }), "it ended with its lesson");
        let later = Session { start_at: session.start_at.plus_hours(3), ..session };
        assert!(!was_ended(&later, &over), "moved, it has another");
    }

    #[test]
    fn fifty_calls_keep_the_pace_and_two_hundred_stretch_it() {
        assert_eq!((pace(12, 1), pace(12, 50), pace(12, 100), pace(12, 200), pace(12, 900)), (12, 12, 22, 43, 45));
        for spread in [0, 500, 999] {
            let next = next_look(At(0), 12, spread).millis();
            assert!((10_800..=12_000).contains(&next), "{next}");
            let next = next_look(At(0), 43, spread).millis();
            assert!((41_800..=43_000).contains(&next), "{next}");
        }
        let seconds = |live| least_between(live).as_millis();
        assert_eq!((seconds(1), seconds(50), seconds(200), seconds(900)), (3_000, 10_600, 42_400, 45_000));
    }
}
