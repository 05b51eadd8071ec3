//! The machine's clock is put back while the program runs, or between two runs: a time server set it right, a machine was
//! restored as it was. Nothing is done again, nothing sooner than its hour, and nothing waits for the clock to catch up.
//!
//! On PostgreSQL machine time is the server's: the program asks it as soon as its own makes a step.

use std::time::Duration;

use preau::kernel::Clock;
use preau::platform::outbox::store as outbox;
use preau::platform::store::Tx;
use preau::sandbox::Fault;
use preau::school::session::Session;

use super::within;
use crate::place::Engine;
use crate::talk::calls::{enter, in_call};
use crate::talk::school::{School, at};

const DAY: &str = "24/11/2026";
const LOOK: &str = "phone.getGroupCall";
const BACKS: [(i64, Duration); 2] = [(5, Duration::from_mins(5)), (60, Duration::from_hours(1))];

/// The clock is put back, and the program has looked at its rows since.
async fn put_back(school: &School, span: Duration) {
    school.clock.put_back(span);
    Clock::machine().rest(Duration::from_millis(1_500)).await;
    school.drain().await.expect("quiet");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_sent_is_not_sent_again_and_nothing_comes_before_its_hour() {
    for engine in Engine::all() {
        for (minutes, span) in BACKS {
            let school = School::on(engine).await;
            let reminders = |hour: &str| {
                let words = format!("Cours de {hour}");
                school
                    .all(school.group)
                    .iter()
                    .filter(|one| one.text.contains("Rappel") && one.text.contains(&words))
                    .count()
            };
            for (from, to) in [("10:15", "10:45"), ("10:18", "11:00")] {
                let lesson = school.lesson(from, to, None);
                school.plan(Session { subject: format!("Cours de {from}"), ..lesson }).await;
            }
            school.until("10:02").await;
            assert_eq!((reminders("10:15"), reminders("10:18")), (1, 0), "{engine:?}");
            put_back(&school, span).await;
            let again = at(DAY, "10:02").plus_minutes(-minutes);
            assert_eq!(school.clock.now(), again);
            for who in ["Inès", "Claire"] {
                let said = school.ask(who, "/ping").await;
                assert!(!said.is_empty(), "{engine:?}: people are answered");
            }
            school.until("10:02").await;
            assert_eq!((reminders("10:15"), reminders("10:18")), (1, 0), "{engine:?}, {minutes} min: nothing is early");
            school.until("10:03").await;
            assert_eq!((reminders("10:15"), reminders("10:18")), (1, 1), "{engine:?}, {minutes} min");
            school.to(DAY, "11:30").await;
            let late = async |tx: &mut Tx| outbox::overdue(tx, at(DAY, "11:25")).await;
            assert_eq!(school.write(late).await, 0, "{engine:?}, {minutes} min: no row is stuck");
            school.check().await;
        }
    }
}

/// What Telegram asked to wait for, or failed a moment ago, waits for that moment and not for the clock.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_held_for_seconds_is_not_held_for_an_hour() {
    for engine in Engine::all() {
        for restart in [false, true] {
            let mut school = School::on(engine).await;
            school.plan_usual().await;
            school.until("13:44").await;
            let method = Some("sendMessage".to_owned());
            school.sandbox.fault(Fault::TooManyRequests { method, retry_after: 4, times: 1 });
            school.clock.set(at(DAY, "13:45"));
            let waits = async || {
                let retried = async |tx: &mut Tx| outbox::counts(tx).await;
                let counts = school.db().expect("running").read(retried).await.expect("read");
                counts.iter().any(|(state, count)| state == "retryable" && *count == 1)
            };
            within(Duration::from_secs(10), "it is held", waits).await;
            if restart {
                school.stop().await;
                school.clock.put_back(Duration::from_hours(1));
                school.start().await.expect("again");
            } else {
                school.clock.put_back(Duration::from_hours(1));
                Clock::machine().rest(Duration::from_millis(1_500)).await;
            }
            assert_eq!(school.about("Réseaux").len(), 0, "{engine:?}, restart {restart}: not before its hour");
            school.clock.set(at(DAY, "13:45"));
            let sent = async || school.about("Réseaux").len() == 1;
            within(Duration::from_secs(20), "it is sent", sent).await;
            school.until("14:01").await;
            assert_eq!(school.about("Réseaux").len(), 1, "{engine:?}, restart {restart}");
            school.check().await;
        }
    }
}

/// A call that is open is looked into as before: who comes and goes by the clock that is now is seen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_looked_into_all_the_while() {
    for engine in Engine::all() {
        for (minutes, span) in BACKS {
            let (school, id) = in_call(engine).await;
            enter(&school, &["Inès", "Léa"]);
            school.until("14:30").await;
            put_back(&school, span).await;
            let looks = school.sandbox.requests(LOOK);
            let from = at(DAY, "14:30").plus_minutes(-minutes);
            school.go_to(from.plus_minutes(2)).await.expect("time passes");
            let seen = school.sandbox.requests(LOOK) - looks;
            assert!((3..12).contains(&seen), "{engine:?}, {minutes} min: {seen} looks in two minutes");
            enter(&school, &["Paul"]);
            school.go_to(from.plus_minutes(4)).await.expect("time passes");
            school.until("16:06").await;
            let calls = school.sandbox.calls(school.group);
            assert!(calls.len() == 1 && !calls[0].open, "{engine:?}, {minutes} min: one, and over: {calls:?}");
            let said = school.said(&id).await;
            assert_eq!(said[1..3], ["Inès M. : présent", "Léa P. : présent"], "{engine:?}, {minutes} min: {said:?}");
            assert_eq!(said[4], "Karim T. : absent", "{engine:?}, {minutes} min: {said:?}");
            assert!(!said[3].contains("absent"), "{engine:?}, {minutes} min: who came after it is seen: {said:?}");
            assert_eq!(school.about("Réseaux").len(), 2, "{engine:?}, {minutes} min: a reminder and a call");
            school.check().await;
        }
    }
}
