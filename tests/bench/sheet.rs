//! What a sheet costs: the intervals and the lines of 500 participants with 20,000 events in a call of two hours.
//!
//! `cargo bench --bench sheet` prints the figure; `cargo bench --bench sheet -- --judge` also fails above 20 ms.

#![expect(clippy::print_stdout, reason = "the figure is what this program is for")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Duration;

use preau::kernel::At;
use preau::school::attendance::rules::{Judge, Lesson, Poll, Rule, Watch, by_person};
use preau::school::attendance::{Counts, Event, EventKind, Line, Mark, Source};
use preau::school::session::Mode;

const PEOPLE: usize = 500;
const EVENTS: usize = 20_000;
const START: At = At(1_795_525_200_000);
const MOST: Duration = Duration::from_millis(20);
const RUNS: usize = 51;

/// A call that is looked at each twelve seconds, three of them blind.
fn watch() -> Watch {
    let dark = |second: i64| [1_000, 3_000, 5_000].iter().any(|from| (*from..*from + 120).contains(&second));
    let seconds = (-300..=7_500_i64).step_by(12);
    let polls = seconds.map(|second| Poll { at: At(START.0 + second * 1000), complete: !dark(second) });
    Watch {
        opened: Some(At(START.0 - 300_000)),
        closed: Some(At(START.0 + 7_500_000)),
        polls: polls.collect(),
        ..Watch::default()
    }
}

/// Everybody comes and goes twenty times; one in five under a number that was named later.
fn events() -> (Vec<Event>, BTreeMap<String, String>) {
    let (mut events, mut named) = (Vec::with_capacity(EVENTS), BTreeMap::new());
    for number in 0..EVENTS {
        let (person, turn) = (number % PEOPLE, number / PEOPLE);
        let id = format!("person-{person:04}");
        let stranger = person % 5 == 0;
        if stranger {
            named.insert((9_000 + person).to_string(), id.clone());
        }
        let second = i64::try_from(turn * 180 + person % 97).unwrap_or_default();
        let at = At(START.0 - 200_000 + second * 1000);
        events.push(Event {
            id: format!("{number:06}"),
            person_id: (!stranger).then_some(id),
            kind: if turn % 2 == 0 { EventKind::Joined } else { EventKind::Left },
            source: "call".to_owned(),
            source_at: at,
            received_at: at,
            detail: Some((9_000 + person).to_string()),
        });
    }
    (events, named)
}

/// All lines, judged by the intervals in which each was in the call.
fn sheet(watch: &Watch, events: &[Event], named: &BTreeMap<String, String>) -> Vec<Line> {
    let lesson = Lesson { start: START, end: START.plus_minutes(120), mode: Mode::Remote };
    let rule =
        Rule { present_percent: 80, partial_percent: 50, late_minutes: 10, early_minutes: 10, blind_percent: 10 };
    let of_person = by_person(events, named);
    let judge = Judge::new(lesson, watch, rule);
    let mut lines: Vec<Line> = Vec::with_capacity(of_person.len());
    for (person, own) in of_person {
        let said = judge.says(&own, true);
        lines.push(Line {
            person_id: person.to_owned(),
            last_name: person.to_owned(),
            first_name: "Inès".to_owned(),
            mark: said.mark,
            late: said.late,
            early: said.early,
            minutes: said.minutes,
            source: said.source,
            told_apart: None,
        });
    }
    lines
}

#[expect(clippy::disallowed_methods, reason = "a bench has no clock but the machine's")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

fn main() -> ExitCode {
    let judged = std::env::args().any(|arg| arg == "--judge");
    let (watch, (events, named)) = (watch(), events());
    let mut taken: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let begun = now();
            black_box(sheet(black_box(&watch), black_box(&events), black_box(&named)));
            begun.elapsed()
        })
        .collect();
    taken.sort_unstable();
    let lines = sheet(&watch, &events, &named);
    let counts = Counts::of(&lines);
    let sound = counts.all == 500 && lines.iter().all(|line| line.source == Source::Call && line.mark != Mark::Open);
    let (middle, worst) = (taken.get(RUNS / 2).copied(), taken.last().copied());
    let (middle, worst) = (middle.unwrap_or_default(), worst.unwrap_or_default());
    println!(
        "{PEOPLE} participants, {EVENTS} events, {} partial: {middle:?} (worst of {RUNS}: {worst:?})",
        counts.partial
    );
    if !sound {
        println!("the sheet is not what it should be: {counts:?}");
        return ExitCode::FAILURE;
    }
    if judged && middle > MOST {
        println!("more than {MOST:?}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
