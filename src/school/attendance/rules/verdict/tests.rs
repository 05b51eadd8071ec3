//! What a line says, case by case.

use super::*;
use crate::school::attendance::rules::Poll;

const START: At = At(1_795_525_200_000);
const RULE: Rule =
    Rule { present_percent: 80, partial_percent: 50, late_minutes: 10, early_minutes: 10, blind_percent: 10 };

/// Two hours.
fn lesson(mode: Mode) -> Lesson {
    Lesson { start: START, end: START.plus_minutes(120), mode }
}
fn at(seconds: i64) -> At {
    At(START.0 + seconds * 1000)
}
fn event(kind: EventKind, seconds: i64) -> Event {
    Event {
        id: String::new(),
        person_id: Some("p".to_owned()),
        kind,
        source: "test".to_owned(),
        source_at: at(seconds),
        received_at: at(seconds),
        detail: None,
    }
}
#[test]
fn of_two_corrections_at_one_instant_the_one_learnt_last_counts() {
    let one = Event { id: "1".to_owned(), ..said(60, Mark::Present, Some(10)) };
    let two = Event { id: "2".to_owned(), ..said(60, Mark::Present, None) };
    assert_eq!(manual(&[&one, &two]).and_then(|verdict| verdict.late), None);
    let (one, two) = (Event { id: "3".to_owned(), ..one }, two);
    assert_eq!(manual(&[&one, &two]).and_then(|verdict| verdict.late), Some(10));
}

fn stay(from: i64, to: i64) -> Vec<Event> {
    vec![event(EventKind::Joined, from), event(EventKind::Left, to)]
}
fn said(seconds: i64, mark: Mark, late: Option<i64>) -> Event {
    let verdict = Verdict { mark, late, early: None, minutes: Some(999), source: Source::Manual };
    Event { detail: Some(serde_json::to_string(&verdict).unwrap()), ..event(EventKind::Manual, seconds) }
}
/// A call with a poll each 15 s, none strictly within `dark`.
fn call(opened: i64, closed: i64, dark: (i64, i64)) -> Watch {
    let polls = (opened..=closed).step_by(15).filter(|second| *second <= dark.0 || *second >= dark.1);
    let polls = polls.map(|second| Poll { at: at(second), complete: true }).collect();
    Watch { opened: Some(at(opened)), closed: Some(at(closed)), polls, ..Watch::default() }
}
fn whole() -> Watch {
    call(-300, 7200, (0, 0))
}
fn remote(watch: &Watch, events: &[Event]) -> Verdict {
    judge(&lesson(Mode::Remote), watch, events, &RULE)
}
/// mark, late, early, minutes
type Short = (Mark, Option<i64>, Option<i64>, Option<i64>);
fn short(verdict: Verdict) -> Short {
    (verdict.mark, verdict.late, verdict.early, verdict.minutes)
}

#[test]
fn thresholds_are_exact() {
    let table: &[(&str, (i64, i64), Short)] = &[
        ("all", (-200, 7200), (Mark::Present, None, None, Some(120))),
        ("80 %, left 24 min before", (0, 5760), (Mark::Present, None, Some(24), Some(96))),
        ("a second less", (0, 5759), (Mark::Partial, None, Some(24), Some(95))),
        ("50 %, came 60 min late", (3600, 7200), (Mark::Partial, Some(60), None, Some(60))),
        ("a second less", (3601, 7200), (Mark::Absent, None, None, Some(59))),
        ("10 min late is on time", (600, 7200), (Mark::Present, None, None, Some(110))),
        ("a second later", (601, 7200), (Mark::Present, Some(10), None, Some(109))),
        ("12 min and 59 s", (779, 7200), (Mark::Present, Some(12), None, Some(107))),
        ("10 min early is to the end", (0, 6600), (Mark::Present, None, None, Some(110))),
        ("a second earlier", (0, 6599), (Mark::Present, None, Some(10), Some(109))),
        ("never in the lesson", (-200, -100), (Mark::Absent, None, None, Some(0))),
    ];
    for (name, (from, to), expected) in table {
        assert_eq!(short(remote(&whole(), &stay(*from, *to))), *expected, "{name}");
    }
}

#[test]
fn late_and_early_count_from_when_the_call_was_open() {
    let watch = call(1200, 6000, (0, 0));
    assert_eq!(short(remote(&watch, &stay(1800, 6000))), (Mark::Present, None, None, Some(70)));
    assert_eq!(short(remote(&watch, &stay(1860, 6000))), (Mark::Present, Some(11), None, Some(69)));
    assert_eq!(short(remote(&watch, &stay(1200, 5340))), (Mark::Present, None, Some(11), Some(69)));
}

#[test]
fn a_usable_call_that_never_saw_the_person_proposes_absent_and_nothing_else_does() {
    assert_eq!(short(remote(&whole(), &[])), (Mark::Absent, None, None, Some(0)));
    assert_eq!(remote(&whole(), &[]).source, Source::Call);
    for (name, mode, watch) in [
        ("no call", Mode::Remote, Watch::default()),
        ("a call never polled", Mode::Remote, Watch { opened: Some(at(0)), ..Watch::default() }),
        ("W < 50 %", Mode::Hybrid, call(3601, 7200, (0, 0))),
        ("blind > 10 %", Mode::Hybrid, call(0, 7200, (0, 735))),
        ("on site", Mode::OnSite, whole()),
    ] {
        let verdict = judge(&lesson(mode), &watch, &[], &RULE);
        assert_eq!((short(verdict), verdict.source), ((Mark::Open, None, None, None), Source::Nothing), "{name}");
    }
    // The boundaries: W exactly 50 %, blind exactly 10 %.
    assert_eq!(remote(&call(3600, 7200, (0, 0)), &[]).mark, Mark::Absent);
    assert_eq!(remote(&call(0, 7200, (0, 720)), &[]).mark, Mark::Absent);
}

#[test]
fn whom_the_call_could_not_know_is_to_be_marked() {
    let judge = |events: &[Event]| {
        let (watch, events) = (whole(), events.iter().collect::<Vec<_>>());
        let verdict = Judge::new(lesson(Mode::Remote), &watch, RULE).says(&events, false);
        (short(verdict), verdict.source)
    };
    assert_eq!(judge(&[]), ((Mark::Open, None, None, None), Source::Nothing));
    assert_eq!(judge(&[event(EventKind::Card, 0)]).0.0, Mark::Present);
    assert_eq!(judge(&[said(0, Mark::Absent, None)]), ((Mark::Absent, None, None, None), Source::Manual));
}

#[test]
fn while_it_runs_who_came_is_there_and_nobody_is_missing() {
    let so_far = |events: &[Event]| {
        let (watch, events) = (whole(), events.iter().collect::<Vec<_>>());
        short(Judge::new(lesson(Mode::Remote), &watch, RULE).says_so_far(&events))
    };
    assert_eq!(so_far(&[]), (Mark::Open, None, None, None));
    assert_eq!(so_far(&stay(0, 60)), (Mark::Present, None, None, None));
    assert_eq!(so_far(&stay(720, 800)), (Mark::Present, Some(12), None, None));
    assert_eq!(so_far(&[event(EventKind::Button, 60)]), (Mark::Present, None, None, None));
    assert_eq!(so_far(&[event(EventKind::Button, 901)]), (Mark::Open, None, None, None));
}

#[test]
fn in_a_hybrid_lesson_whom_the_call_never_saw_may_sit_in_the_room() {
    let hybrid = |events: &[Event]| judge(&lesson(Mode::Hybrid), &whole(), events, &RULE);
    for (name, events) in [
        ("never", Vec::new()),
        ("before the lesson only", stay(-200, -100)),
        ("an import says nothing", vec![event(EventKind::Import, 0)]),
    ] {
        let verdict = hybrid(&events);
        assert_eq!((verdict.mark, verdict.source, verdict.minutes), (Mark::Open, Source::Nothing, Some(0)), "{name}");
    }
    // Seen in it, however short: the rule holds, as for everybody.
    assert_eq!(short(hybrid(&stay(0, 30))), (Mark::Absent, None, None, Some(0)));
    assert_eq!(short(hybrid(&stay(0, 4000))), (Mark::Partial, None, Some(53), Some(66)));
    assert_eq!(short(hybrid(&stay(0, 7200))), (Mark::Present, None, None, Some(120)));
    // From afar there is no room to sit in.
    assert_eq!(remote(&whole(), &[]).mark, Mark::Absent);
}

#[test]
fn a_call_that_is_not_usable_shows_minutes_and_proposes_nothing() {
    let watch = call(3601, 7200, (0, 0));
    assert_eq!(short(remote(&watch, &stay(3700, 7200))), (Mark::Open, None, None, Some(58)));
}

#[test]
fn blind_minutes_are_nobodys() {
    let watch = call(-300, 7200, (3000, 3600));
    assert_eq!(short(remote(&watch, &stay(0, 7200))), (Mark::Present, None, None, Some(110)));
    // 88 of 110 minutes.
    assert_eq!(short(remote(&watch, &stay(0, 5880))), (Mark::Present, None, Some(22), Some(88)));
    // Blind at the beginning: who is first seen after it is not late.
    let watch = call(-300, 7200, (-60, 660));
    assert_eq!(short(remote(&watch, &[event(EventKind::Seen, 660)])), (Mark::Present, None, None, Some(109)));
    assert_eq!(remote(&watch, &[event(EventKind::Joined, 650)]).late, Some(10));
    // Blind at the end: who did not leave did not leave early.
    let mut watch = call(-300, 7200, (6540, 9999));
    watch.closed = None;
    assert_eq!(short(remote(&watch, &[event(EventKind::Joined, 0)])), (Mark::Present, None, None, Some(109)));
}

#[test]
fn a_press_proves_arrival_when_the_call_could_not() {
    let press = |seconds| vec![event(EventKind::Button, seconds)];
    let present = (Mark::Present, None, None, None);
    for (name, mode, watch) in [
        ("no call", Mode::Remote, Watch::default()),
        ("on site", Mode::OnSite, Watch::default()),
        ("a call much later", Mode::Hybrid, call(3601, 7200, (0, 0))),
        ("a blind call", Mode::Remote, call(0, 7200, (0, 7200))),
    ] {
        let verdict = judge(&lesson(mode), &watch, &press(900), &RULE);
        assert_eq!((short(verdict), verdict.source), (present, Source::Button), "{name}");
        assert_eq!(judge(&lesson(mode), &watch, &press(901), &RULE).mark, Mark::Open, "{name}: out of its window");
    }
    // On site nobody asks a call, even if somebody opened one.
    let on_site = |events: &[Event]| short(judge(&lesson(Mode::OnSite), &whole(), events, &RULE));
    assert_eq!(on_site(&press(60)), present);
    assert_eq!(on_site(&stay(0, 7200)), (Mark::Open, None, None, None));
    // A lesson shorter than the button's window, and a call that nobody saw closing.
    let brief = Lesson { end: at(60), ..lesson(Mode::Remote) };
    let watch = Watch { opened: Some(at(31)), ..Watch::default() };
    assert_eq!(judge(&brief, &watch, &press(77), &RULE).mark, Mark::Present);
    // While a call is open and seen, what it sees counts.
    assert_eq!(remote(&whole(), &press(60)).mark, Mark::Absent);
    // Pressed while blind: arrived then, and the rest is what the call saw.
    let watch = call(-300, 7200, (0, 600));
    let both = [press(300), stay(900, 7200)].concat();
    assert_eq!(short(remote(&watch, &both[1..])), (Mark::Present, Some(15), None, Some(105)));
    assert_eq!(short(remote(&watch, &both)), (Mark::Present, None, None, Some(105)));
    assert_eq!(remote(&watch, &press(300)).mark, Mark::Absent);
    assert_eq!(judge(&lesson(Mode::Hybrid), &watch, &press(300), &RULE).mark, Mark::Open);
}

#[test]
fn manual_then_signature_then_card_then_call() {
    let mut events = stay(1200, 7200);
    let ask = |events: &[Event]| {
        let verdict = remote(&whole(), events);
        (verdict.mark, verdict.late, verdict.minutes, verdict.source)
    };
    assert_eq!(ask(&events), (Mark::Present, Some(20), Some(100), Source::Call));
    events.push(event(EventKind::Card, 30));
    assert_eq!(ask(&events), (Mark::Present, None, Some(100), Source::Card));
    events.push(event(EventKind::Signature, 7000));
    assert_eq!(ask(&events), (Mark::Present, Some(20), Some(100), Source::Signature));
    events.push(said(8000, Mark::Absent, Some(4)));
    assert_eq!(ask(&events), (Mark::Absent, None, Some(100), Source::Manual));
    events.insert(0, said(9000, Mark::Present, Some(4)));
    assert_eq!(ask(&events), (Mark::Present, Some(4), Some(100), Source::Manual));
    // Words that cannot be read are none.
    events.push(Event { detail: Some("{}".to_owned()), ..event(EventKind::Manual, 9999) });
    events.push(event(EventKind::Manual, 9999));
    assert_eq!(ask(&events), (Mark::Present, Some(4), Some(100), Source::Manual));
}

#[test]
fn who_left_before_the_lesson_began_is_not_there_while_it_runs() {
    // The call of the lesson before goes on for this one.
    let watch = Watch { closed: None, ..call(-7200, 600, (0, 0)) };
    let judge = Judge::new(lesson(Mode::Remote), &watch, RULE);
    let ask = |events: &[Event]| {
        let verdict = judge.says_so_far(&events.iter().collect::<Vec<_>>());
        (verdict.mark, verdict.late)
    };
    assert_eq!(ask(&stay(-7000, -60)), (Mark::Open, None));
    assert_eq!(ask(&stay(-7000, 0)), (Mark::Open, None));
    assert_eq!(ask(&stay(-7000, 30)), (Mark::Present, None), "gone since, and seen in it");
    assert_eq!(ask(&[event(EventKind::Joined, -7000)]), (Mark::Present, None));
    // Back for the lesson, late or not; out for a moment is not out.
    let back = |at: i64| [stay(-7000, -300), vec![event(EventKind::Joined, at)]].concat();
    assert_eq!(ask(&back(300)), (Mark::Present, None));
    assert_eq!(ask(&back(1200)), (Mark::Present, Some(20)));
    assert_eq!(ask(&[stay(-7000, -60), stay(60, 90)].concat()), (Mark::Present, None));
    // Opened late: the call before that time is none of it.
    let late = Watch { opened: Some(at(600)), closed: None, ..Watch::default() };
    let judge = Judge::new(lesson(Mode::Remote), &late, RULE);
    assert_eq!(judge.says_so_far(&stay(300, 600).iter().collect::<Vec<_>>()).mark, Mark::Open);
}

#[test]
fn an_import_alone_says_nothing() {
    let none = Watch::default();
    assert_eq!(remote(&none, &[event(EventKind::Import, 0)]).mark, Mark::Open);
    assert_eq!(judge(&lesson(Mode::OnSite), &none, &[event(EventKind::Card, 0)], &RULE).source, Source::Card);
}

#[test]
fn a_justification_makes_no_absence() {
    for (before, after) in [
        (Mark::Absent, Mark::Justified),
        (Mark::Open, Mark::Open),
        (Mark::Present, Mark::Present),
        (Mark::Partial, Mark::Partial),
    ] {
        assert_eq!(justify(plain(before, Source::Call)).mark, after);
    }
}
