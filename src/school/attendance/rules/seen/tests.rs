//! Windows, blind time and presence, case by case.

use super::*;
use crate::school::attendance::rules::Poll;
use crate::school::session::Mode;

const START: At = At(1_795_525_200_000);
const LESSON: Lesson = Lesson { start: START, end: START.plus_minutes(120), mode: Mode::Remote };
const RULE: Rule =
    Rule { present_percent: 80, partial_percent: 50, late_minutes: 10, early_minutes: 10, blind_percent: 10 };

fn at(seconds: i64) -> At {
    At(START.0 + seconds * 1000)
}
fn event(kind: EventKind, seconds: i64, device: Option<&str>) -> Event {
    Event {
        id: String::new(),
        person_id: Some("p".to_owned()),
        kind,
        source: "call".to_owned(),
        source_at: at(seconds),
        received_at: at(seconds),
        detail: device.map(str::to_owned),
    }
}
fn joined(seconds: i64) -> Event {
    event(EventKind::Joined, seconds, None)
}
fn left(seconds: i64) -> Event {
    event(EventKind::Left, seconds, None)
}
/// Opened at −300 s, closed at 7200 s, a poll each 15 s, incomplete within the stretches `dark`.
fn watch(dark: &[(i64, i64)]) -> Watch {
    let polls = (-300..=7200)
        .step_by(15)
        .map(|second| {
            let complete = !dark.iter().any(|(from, to)| *from < second && second < *to);
            Poll { at: at(second), complete }
        })
        .collect();
    Watch { opened: Some(at(-300)), closed: Some(at(7200)), polls, ..Watch::default() }
}
fn seconds(spans: &[Span]) -> Vec<(i64, i64)> {
    spans.iter().map(|(from, to)| ((from.0 - START.0) / 1000, (to.0 - START.0) / 1000)).collect()
}
fn of(events: &[Event], watch: &Watch) -> Vec<(i64, i64)> {
    seconds(&intervals(events, watch, &LESSON))
}

#[test]
fn gaps_of_two_minutes_are_merged_and_longer_ones_are_not() {
    let watch = watch(&[]);
    assert_eq!(of(&[joined(0), left(600), joined(720), left(900)], &watch), [(0, 900)]);
    assert_eq!(of(&[joined(0), left(600), joined(721), left(900)], &watch), [(0, 600), (721, 900)]);
    // Merged first, cut then.
    assert_eq!(of(&[joined(-120), left(-60), joined(60), left(120)], &watch), [(0, 120)]);
}

#[test]
fn several_devices_are_one_person() {
    let watch = watch(&[]);
    let device = event;
    let phone = [device(EventKind::Joined, 0, Some("phone")), device(EventKind::Left, 600, Some("phone"))];
    let desk = [device(EventKind::Joined, 300, Some("desk")), device(EventKind::Left, 1200, Some("desk"))];
    assert_eq!(of(&[phone.clone(), desk.clone()].concat(), &watch), [(0, 1200)]);
    // Left without a device: with all of them.
    assert_eq!(of(&[&phone[..1], &desk[..1], &[left(900)]].concat(), &watch), [(0, 900)]);
    // A lone device is left whatever is named.
    assert_eq!(of(&[joined(0), phone[1].clone()], &watch), [(0, 600)]);
    assert_eq!(of(&[desk[0].clone(), phone[1].clone()], &watch), [(300, 600)]);
    // Replaced in the same second: never out.
    assert_eq!(of(&[joined(0), joined(600), left(600)], &watch), [(0, 7200)]);
    assert_eq!(of(&[joined(0), joined(60), left(600)], &watch), [(0, 600)]);
}

#[test]
fn an_open_interval_lasts_until_the_close_or_the_last_complete_poll() {
    let mut watch = watch(&[(3000, 8000)]);
    assert_eq!(of(&[joined(600)], &watch), [(600, 7200)]);
    watch.closed = None;
    assert_eq!(of(&[joined(600)], &watch), [(600, 3000)]);
    watch.polls.push(Poll { at: at(5000), complete: false });
    assert_eq!(of(&[joined(600)], &watch), [(600, 3000)]);
    watch.polls.push(Poll { at: at(7180), complete: true });
    assert_eq!(of(&[joined(600)], &watch), [(600, 7200)]);
    assert_eq!(of(&[left(600)], &watch), []);
    assert_eq!(of(&[joined(600)], &Watch::default()), []);
}

#[test]
fn blind_is_more_than_45_seconds_without_a_complete_poll() {
    let polls = |list: &[i64]| list.iter().map(|second| Poll { at: at(*second), complete: true }).collect();
    let all = (at(0), at(200));
    let dark = |watch: &Watch| seconds(&blind(watch, all));
    let mut watch =
        Watch { opened: Some(at(0)), closed: Some(at(200)), polls: polls(&[45, 90, 136, 160]), ..Watch::default() };
    assert_eq!(dark(&watch), [(90, 136)]);
    watch.polls = polls(&[-20, 90]);
    assert_eq!(dark(&watch), [(0, 90), (90, 200)]);
    watch.opened = Some(at(-60));
    assert_eq!(dark(&watch), [(0, 90), (90, 200)], "the stretch is reckoned whole, then cut");
    watch.closed = None;
    watch.polls = polls(&[0, 40, 80, 120, 158]);
    assert_eq!(dark(&watch), []);
    assert_eq!(dark(&Watch::default()), [(0, 200)]);
}

#[test]
fn a_blind_stretch_interrupts_nobody() {
    let watch = watch(&[(1800, 2100)]);
    assert_eq!(seconds(&blind(&watch, (LESSON.start, LESSON.end))), [(1800, 2100)]);
    assert_eq!(watched_minutes(&LESSON, &watch), 115);
    let events = [joined(0), left(1800), event(EventKind::Seen, 2100, None)];
    assert_eq!(of(&events, &watch), [(0, 7200)]);
    let seen = Looked::of(&LESSON, &watch).unwrap().seen(&events.iter().collect::<Vec<_>>());
    assert_eq!((seen.time, seen.of), (115 * MINUTE, 115 * MINUTE));
    // First seen after it: may have come at its beginning. Joined: came when joined.
    assert_eq!(of(&events[2..], &watch), [(1800, 7200)]);
    assert_eq!(of(&[joined(2000)], &watch), [(2000, 7200)]);
}

#[test]
fn a_break_with_the_call_closed_is_no_blind_time() {
    let mut watch = watch(&[(1785, 2715)]);
    watch.shut = between(&[(at(-300), Some(at(1800))), (at(2700), Some(at(7200)))]);
    assert_eq!(seconds(&watch.shut), [(1800, 2700)]);
    let all = (LESSON.start, LESSON.end);
    assert_eq!(blind(&watch, all), []);
    assert_eq!(watched_minutes(&LESSON, &watch), 105);
    // Over a tenth of the lesson, and nobody was unseen while it was open.
    assert!(usable(&LESSON, &watch, &RULE));
    // Who was there before it and after it was there all along, and is held against what could be seen.
    let events = [joined(0), left(1800), joined(2700)];
    assert_eq!(of(&events, &watch), [(0, 7200)]);
    let seen = Looked::of(&LESSON, &watch).unwrap().seen(&events.iter().collect::<Vec<_>>());
    assert_eq!((seen.time, seen.of), (105 * MINUTE, 105 * MINUTE));
    let seen = Looked::of(&LESSON, &watch).unwrap().seen(&events[..2].iter().collect::<Vec<_>>());
    assert_eq!(seen.time, 30 * MINUTE);
    assert!(!open_at(&watch, at(1800)) && open_at(&watch, at(2700)) && !watched_now(&watch, at(2000)));
    assert!(watched_now(&watch, at(2710)), "opened again a moment ago");
    // Nobody looked just before and just after it: that is blind time still.
    watch.polls.retain(|poll| !(at(1500)..at(3000)).contains(&poll.at));
    assert_eq!(seconds(&blind(&watch, all)), [(1485, 1800), (2700, 3000)]);
    assert_eq!(watched_minutes(&LESSON, &watch), 94);
}

#[test]
fn calls_that_touch_leave_nothing_between_them() {
    let ask = |calls: &[(i64, Option<i64>)]| {
        let calls: Vec<_> = calls.iter().map(|(opened, closed)| (at(*opened), closed.map(at))).collect();
        seconds(&between(&calls))
    };
    assert_eq!(ask(&[]), []);
    assert_eq!(ask(&[(0, Some(10))]), []);
    assert_eq!(ask(&[(20, None), (0, Some(10))]), [(10, 20)]);
    assert_eq!(ask(&[(0, Some(50)), (10, Some(20)), (50, Some(60)), (70, None), (90, None)]), [(60, 70)]);
}

#[test]
fn the_usual_pace_of_looks_is_what_half_of_them_keep() {
    let at_pace = |seconds: &[i64]| {
        let polls = seconds.iter().map(|second| Poll { at: at(*second), complete: *second != 24 }).collect();
        interval(&Watch { polls, ..Watch::default() })
    };
    assert_eq!((at_pace(&[]), at_pace(&[5])), (None, None));
    // A hint hastened one look, a wait held one up: neither is the pace.
    assert_eq!(at_pace(&[0, 12, 24, 27, 39, 300, 312]), Some(12));
    assert_eq!(at_pace(&[0, 45, 90, 136]), Some(45));
}

#[test]
fn the_window_is_the_lesson_while_the_call_was_open() {
    let ask = |opened: Option<i64>, closed: Option<i64>| {
        let watch = Watch { opened: opened.map(at), closed: closed.map(at), ..Watch::default() };
        window(&LESSON, &watch).map(|window| seconds(&[window])[0])
    };
    assert_eq!(ask(Some(-300), Some(7300)), Some((0, 7200)));
    assert_eq!(ask(Some(600), None), Some((600, 7200)));
    assert_eq!(ask(Some(600), Some(1200)), Some((600, 1200)));
    assert_eq!(ask(Some(7200), None), None);
    assert_eq!(ask(None, Some(7200)), None);
}
