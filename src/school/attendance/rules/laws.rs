//! What holds for every call and every list of events.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::verdict::judge;
use super::*;
use crate::school::attendance::{Event, EventKind, Mark, Source, Verdict};

const START: i64 = 1_795_525_200_000;

fn event(kind: EventKind, at: i64, received: i64, detail: Option<String>) -> Event {
    let (source_at, received_at) = (At(at), At(received));
    // Named by what it says: an order of learning that no permutation of the list changes.
    let id = format!("{at} {received} {kind:?} {detail:?}");
    Event { id, person_id: Some("p".to_owned()), kind, source: "law".to_owned(), source_at, received_at, detail }
}

fn modes() -> impl Strategy<Value = Mode> {
    select(&Mode::ALL[..])
}

fn kinds() -> impl Strategy<Value = EventKind> {
    use EventKind::{Button, Import, Joined, Left, Manual, Seen};
    select(vec![Joined, Left, Seen, Joined, Left, Button, Manual, Import])
}

fn rules() -> impl Strategy<Value = Rule> {
    (0..=100_i64, 0..=100_i64, 0..30_i64, 0..30_i64, 0..=100_i64).prop_map(|(a, b, late, early, blind)| Rule {
        present_percent: a.max(b),
        partial_percent: a.min(b),
        late_minutes: late,
        early_minutes: early,
        blind_percent: blind,
    })
}

fn lessons() -> impl Strategy<Value = Lesson> {
    (1..240_i64, modes()).prop_map(|(minutes, mode)| Lesson {
        start: At(START),
        end: At(START).plus_minutes(minutes),
        mode,
    })
}

/// A second around the lesson.
fn moments() -> impl Strategy<Value = i64> {
    (-1_200..16_000_i64).prop_map(|second| START + second * 1000)
}

/// A call that may open late, close early or not at all, and is polled with holes.
fn watches() -> impl Strategy<Value = Watch> {
    let ends = (prop::option::of(-600..9_000_i64), prop::option::of(0..16_000_i64));
    let holes = prop::collection::vec((-600..15_000_i64, 0..1_200_i64), 0..4);
    // Once it was closed and opened again.
    let shut = prop::option::of((-600..9_000_i64, 1..3_000_i64));
    (ends, holes, shut, 5..40_i64, any::<bool>()).prop_map(|((opened, closed), holes, shut, pace, polled)| {
        let shut: Vec<(i64, i64)> = shut.into_iter().map(|(from, length)| (from, from + length)).collect();
        let seconds = (opened.unwrap_or(0)..=closed.unwrap_or(14_400)).step_by(usize::try_from(pace).unwrap());
        let polls = seconds.map(|second| {
            let complete = !holes.iter().any(|(from, length)| *from < second && second < from + length);
            Poll { at: At(START + second * 1000), complete }
        });
        let is_open =
            |poll: &Poll| !shut.iter().any(|(from, to)| (START + from * 1000..START + to * 1000).contains(&poll.at.0));
        let polls = polls.filter(is_open);
        let at = |second: i64| At(START + second * 1000);
        Watch {
            opened: opened.map(at),
            closed: closed.map(at),
            shut: shut.iter().map(|(from, to)| (at(*from), at(*to))).collect(),
            polls: if polled { polls.collect() } else { Vec::new() },
        }
    })
}

fn details() -> impl Strategy<Value = Option<String>> {
    select(vec![None, Some("phone".to_owned()), Some("desk".to_owned())])
}

fn presences() -> impl Strategy<Value = Event> {
    (select(vec![EventKind::Joined, EventKind::Seen]), moments(), 0..3_i64, details())
        .prop_map(|(kind, at, lag, detail)| event(kind, at, at + lag, detail))
}

fn verdicts() -> impl Strategy<Value = Verdict> {
    let marks = select(vec![Mark::Open, Mark::Present, Mark::Partial, Mark::Absent, Mark::Justified]);
    (marks, prop::option::of(-5..50_i64)).prop_map(|(mark, minutes)| Verdict {
        mark,
        late: minutes,
        early: minutes,
        minutes,
        source: Source::Manual,
    })
}

/// Anything but what a person in charge says.
fn events() -> impl Strategy<Value = Vec<Event>> {
    let lefts = (moments(), 0..3_i64, details()).prop_map(|(at, lag, d)| event(EventKind::Left, at, at + lag, d));
    let proofs = select(vec![EventKind::Button, EventKind::Card, EventKind::Signature, EventKind::Import]);
    let proofs = (proofs, moments()).prop_map(|(kind, at)| event(kind, at, at, None));
    prop::collection::vec(prop_oneof![6 => presences(), 4 => lefts, 1 => proofs], 0..14)
}

fn manuals() -> impl Strategy<Value = Event> {
    (moments(), prop::option::of(verdicts())).prop_map(|(at, verdict)| {
        let detail = verdict.map_or_else(|| "{".to_owned(), |verdict| serde_json::to_string(&verdict).unwrap());
        event(EventKind::Manual, at, at, Some(detail))
    })
}

proptest! {
    // A failure prints its smallest case; no file is left at the top of the checkout.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn absent_needs_a_usable_call(
        lesson in lessons(), watch in watches(), events in events(), rule in rules(),
    ) {
        let verdict = judge(&lesson, &watch, &events, &rule);
        if lesson.mode == Mode::OnSite || !usable(&lesson, &watch, &rule) {
            prop_assert!(matches!(verdict.mark, Mark::Open | Mark::Present));
            prop_assert_eq!((verdict.late, verdict.early), (None, None));
        }
        // Nor against whom the call of a hybrid lesson never saw.
        let in_call = |event: &Event| matches!(event.kind, EventKind::Joined | EventKind::Seen);
        if lesson.mode == Mode::Hybrid && !events.iter().any(in_call) {
            prop_assert_ne!(verdict.mark, Mark::Absent);
        }
        prop_assert_eq!(verdict.mark == Mark::Open, verdict.source == Source::Nothing);
        prop_assert_ne!(verdict.mark, Mark::Justified);
        let there = matches!(verdict.mark, Mark::Present | Mark::Partial);
        prop_assert!(there || (verdict.late, verdict.early) == (None, None));
    }

    /// Nobody is absent for having no account of ours: the call does not miss whom it could not know.
    #[test]
    fn who_could_not_be_known_is_never_absent(
        lesson in lessons(), watch in watches(), events in events(), rule in rules(),
    ) {
        let all: Vec<&Event> = events.iter().collect();
        let judge = Judge::new(lesson, &watch, rule);
        let (known, unknown) = (judge.says(&all, true), judge.says(&all, false));
        prop_assert_ne!(unknown.mark, Mark::Absent);
        // And that is all that it changes.
        if known.mark == Mark::Absent {
            prop_assert_eq!((unknown.mark, unknown.source), (Mark::Open, Source::Nothing));
        } else {
            prop_assert_eq!((unknown.mark, unknown.source), (known.mark, known.source));
            prop_assert_eq!((unknown.late, unknown.early), (known.late, known.early));
        }
    }

    #[test]
    fn judging_is_total(
        bounds in prop::array::uniform4(any::<i64>()), mode in modes(),
        polls in prop::collection::vec(any::<(i64, bool)>(), 0..5),
        moments in prop::collection::vec((any::<i64>(), kinds()), 0..8), rule in prop::array::uniform5(any::<i64>()),
    ) {
        let lesson = Lesson { start: At(bounds[0]), end: At(bounds[1]), mode };
        let polls = polls.into_iter().map(|(at, complete)| Poll { at: At(at), complete }).collect();
        let shut = vec![(At(bounds[1]), At(bounds[2]))];
        let watch = Watch { opened: Some(At(bounds[2])), closed: Some(At(bounds[3])), shut, polls };
        let events: Vec<Event> =
            moments.into_iter().map(|(at, kind)| event(kind, at, at, Some("{}".to_owned()))).collect();
        let rule = Rule {
            present_percent: rule[0],
            partial_percent: rule[1],
            late_minutes: rule[2],
            early_minutes: rule[3],
            blind_percent: rule[4],
        };
        for watch in [&watch, &Watch { closed: None, ..watch.clone() }, &Watch { opened: None, ..watch.clone() }] {
            judge(&lesson, watch, &events, &rule);
            intervals(&events, watch, &lesson);
            let _ = may_press(&lesson, true, watch, At(bounds[2]));
        }
    }

    #[test]
    fn an_incomplete_poll_decides_nothing(
        lesson in lessons(), watch in watches(), events in events(), rule in rules(), at in moments(),
    ) {
        let mut more = watch.clone();
        more.polls.push(Poll { at: At(at), complete: false });
        prop_assert_eq!(judge(&lesson, &more, &events, &rule), judge(&lesson, &watch, &events, &rule));
    }

    #[test]
    fn presence_never_lowers_minutes(
        lesson in lessons(), watch in watches(), events in events(), rule in rules(),
        more in prop::collection::vec(presences(), 1..5),
    ) {
        let before = judge(&lesson, &watch, &events, &rule).minutes.unwrap_or(0);
        let all = [events, more].concat();
        prop_assert!(judge(&lesson, &watch, &all, &rule).minutes.unwrap_or(0) >= before);
    }

    #[test]
    fn an_interval_in_pieces_is_the_interval(
        lesson in lessons(), watch in watches(), rule in rules(), from in moments(),
        pieces in prop::collection::vec((1..1_500_i64, 0..=120_i64), 1..8), last in 1..1_500_i64,
    ) {
        let mut split = vec![event(EventKind::Joined, from, from, None)];
        let mut now = from;
        for (stay, gap) in pieces {
            now += stay * 1000;
            split.push(event(EventKind::Left, now, now, None));
            now += gap * 1000;
            split.push(event(EventKind::Joined, now, now, None));
        }
        now += last * 1000;
        split.push(event(EventKind::Left, now, now, None));
        let one = [split[0].clone(), split[split.len() - 1].clone()];
        prop_assert_eq!(judge(&lesson, &watch, &split, &rule), judge(&lesson, &watch, &one, &rule));
        prop_assert_eq!(intervals(&split, &watch, &lesson), intervals(&one, &watch, &lesson));
    }

    #[test]
    fn the_order_of_events_means_nothing(
        lesson in lessons(), watch in watches(), mut events in events(), rule in rules(),
        said in prop::collection::vec(manuals(), 0..3),
        swaps in prop::collection::vec(any::<(Index, Index)>(), 1..12),
    ) {
        events.extend(said);
        prop_assume!(!events.is_empty());
        let mut other = events.clone();
        for (a, b) in swaps {
            let (a, b) = (a.index(events.len()), b.index(events.len()));
            other.swap(a, b);
        }
        prop_assert_eq!(judge(&lesson, &watch, &other, &rule), judge(&lesson, &watch, &events, &rule));
        prop_assert_eq!(intervals(&other, &watch, &lesson), intervals(&events, &watch, &lesson));
    }

    #[test]
    fn minutes_are_never_more_than_those_watched(
        lesson in lessons(), watch in watches(), mut events in events(), rule in rules(),
        said in prop::option::of(manuals()),
    ) {
        events.extend(said);
        let minutes = judge(&lesson, &watch, &events, &rule).minutes.unwrap_or(0);
        prop_assert!(0 <= minutes && minutes <= watched_minutes(&lesson, &watch));
    }

    #[test]
    fn intervals_are_apart_and_within_the_window(lesson in lessons(), watch in watches(), events in events()) {
        let spans = intervals(&events, &watch, &lesson);
        for (from, to) in &spans {
            let window = window(&lesson, &watch).unwrap();
            prop_assert!(window.0 <= *from && from < to && *to <= window.1);
        }
        for (one, next) in spans.iter().zip(spans.iter().skip(1)) {
            prop_assert!(one.1 < next.0);
        }
    }

    #[test]
    fn a_press_that_was_taken_counts(
        lesson in lessons(), mut watch in watches(), rule in rules(), second in -300..=900_i64,
        linked in any::<bool>(),
    ) {
        let now = At(START + second * 1000);
        if watch.opened.is_none() {
            watch.polls.clear();
        }
        // What is known at the press: the call until then.
        let mut known = watch.clone();
        known.opened = known.opened.filter(|opened| *opened <= now);
        known.closed = known.closed.filter(|closed| *closed <= now);
        if let Some((closed, _)) = known.shut.iter().find(|(closed, again)| (*closed..*again).contains(&now)) {
            known.closed = Some(*closed);
        }
        known.shut.retain(|(_, again)| *again <= now);
        known.polls.retain(|poll| known.opened.is_some() && poll.at <= now);
        let refused = may_press(&lesson, linked, &known, now).is_err();
        let verdict = judge(&lesson, &watch, &[event(EventKind::Button, now.0, now.0, None)], &rule);
        if !usable(&lesson, &watch, &rule) {
            prop_assert!(refused || verdict.mark == Mark::Present);
        }
    }

    #[test]
    fn a_press_worsens_nothing(
        lesson in lessons(), watch in watches(), events in events(), rule in rules(), at in moments(),
    ) {
        let rank = |verdict: &Verdict| match verdict.mark {
            Mark::Absent | Mark::Justified => 0,
            Mark::Open => 1,
            Mark::Partial => 2,
            Mark::Present => 3,
        };
        let before = judge(&lesson, &watch, &events, &rule);
        let pressed = [events, vec![event(EventKind::Button, at, at, None)]].concat();
        let after = judge(&lesson, &watch, &pressed, &rule);
        prop_assert!(rank(&after) >= rank(&before) && after.late <= before.late);
    }
}
