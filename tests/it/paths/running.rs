//! `preau run`: alive, ready, told to stop.

use std::time::Duration;

use preau::sandbox::Fault;

use super::{Machine, Running, eventually};
use crate::place::Engine;
use crate::store::Raw;
use crate::talk::timetable::book;

/// DESIGN: SIGTERM stops within five seconds.
const STOP: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_stops_cleanly_when_told() {
    for (engine, signal) in Engine::all().into_iter().flat_map(|engine| [(engine, "TERM"), (engine, "INT")]) {
        let machine = Machine::of(engine).await;
        let running = machine.run();
        machine.until("/readyz", 200).await;
        let ines = machine.sandbox.add_person("Inès", "Moreau", "fr");
        machine.sandbox.say(ines, ines, "/semmaine");
        eventually("answered", async || machine.sandbox.messages(ines).len() == 2).await;
        running.signal(signal).await;
        let (code, took) = running.ended().await;
        assert_eq!(code, 0, "{engine:?}: SIG{signal}");
        assert!(took < STOP, "{engine:?}: {took:?}");
        // It ended by itself: nobody's patience ran out.
        let log = std::fs::read_to_string(machine.folder().join("run.log")).expect("a log");
        assert!(log.contains("preau.stopped") && !log.contains("tasks.dropped"), "{engine:?}: {log}");
        // Nothing is left to tell: the next run finds its house in order.
        let again = machine.run();
        machine.until("/readyz", 200).await;
        again.signal(signal).await;
        assert_eq!(again.ended().await.0, 0);
        assert_eq!(machine.sandbox.messages(ines).len(), 2, "answered once");
        assert!(machine.sandbox.violations().is_empty(), "{:#?}", machine.sandbox.violations());
        machine.remove().await;
    }
}

/// A line of the log for machines is an object; a line for people is not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_is_written_in_the_form_that_is_asked_for() {
    for form in ["json", "human"] {
        let machine = Machine::new().await;
        let running = Running::start(machine.command(&["--log", form, "run"]), &machine.folder().join("run.log"));
        machine.until("/readyz", 200).await;
        running.signal("TERM").await;
        assert_eq!(running.ended().await.0, 0);
        let log = std::fs::read_to_string(machine.folder().join("run.log")).expect("a log");
        assert!(log.lines().count() > 1, "{log}");
        for line in log.lines() {
            let read = serde_json::from_str::<serde_json::Value>(line).ok();
            assert_eq!(read.is_some(), form == "json", "{form}: {line}");
            if let Some(line) = read {
                assert!(
                    line["level"] == "INFO" && line["timestamp"].is_string() && line["message"].is_string(),
                    "{line}"
                );
            }
        }
        assert!(log.contains("preau.stopped"), "{log}");
        machine.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_says_that_telegram_is_away_and_waits_for_it() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        machine.sandbox.fault(Fault::Away(true));
        let running = machine.run();
        machine.until("/healthz", 200).await;
        let (status, body) = machine.ask("/readyz").await;
        assert_eq!(status, 503);
        assert!(body.contains(r#"{"name":"store","ok":true"#), "{body}");
        assert!(body.contains(r#"{"name":"telegram","ok":false,"detail":"has not answered yet"}"#), "{body}");
        machine.sandbox.fault(Fault::Away(false));
        machine.until("/readyz", 200).await;
        machine.sandbox.fault(Fault::Away(true));
        machine.sandbox.restart();
        machine.until("/readyz", 503).await;
        assert!(machine.ask("/readyz").await.1.contains("does not answer"));
        machine.sandbox.fault(Fault::Away(false));
        machine.until("/readyz", 200).await;
        assert!(machine.ask("/metrics").await.1.contains("preau_ready{check=\"telegram\"} 1"));
        running.signal("TERM").await;
        assert_eq!(running.ended().await.0, 0);
        machine.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_stops_while_it_waits_for_telegram() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        machine.sandbox.fault(Fault::Away(true));
        let running = machine.run();
        machine.until("/readyz", 503).await;
        running.signal("TERM").await;
        let (code, took) = running.ended().await;
        assert_eq!(code, 0);
        assert!(took < STOP, "{took:?}");
        machine.remove().await;
    }
}

/// SIGTERM, then the end in time and with exit code 0.
pub async fn stops_in_time(running: Running, while_what: &str) {
    running.signal("TERM").await;
    let (code, took) = running.ended().await;
    assert_eq!(code, 0, "while {while_what}");
    assert!(took < STOP, "while {while_what}: {took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_stops_in_time_while_telegram_hangs() {
    for engine in Engine::all() {
        let hangs = |method: &str| Fault::Delay { method: Some(method.to_owned()), millis: 20_000, times: 1 };
        // At the start: nobody has said yet who we are.
        let machine = Machine::of(engine).await;
        machine.sandbox.fault(hangs("getMe"));
        let running = machine.run();
        machine.until("/healthz", 200).await;
        stops_in_time(running, "getMe hangs").await;
        // A poll that is open and a message that does not come through.
        let running = machine.run();
        machine.until("/readyz", 200).await;
        let ines = machine.sandbox.add_person("Inès", "Moreau", "fr");
        machine.sandbox.fault(hangs("sendMessage"));
        let before = machine.sandbox.journal().len();
        machine.sandbox.say(ines, ines, "/semmaine");
        let sends = async || machine.sandbox.journal()[before..].iter().any(|call| call.method == "sendMessage");
        eventually("it is being sent", sends).await;
        stops_in_time(running, "sendMessage hangs").await;
        // Away altogether, with something to send.
        machine.sandbox.fault(Fault::Away(true));
        machine.sandbox.say(ines, ines, "/semmaine");
        machine.sandbox.fault(Fault::Away(false));
        let running = machine.run();
        machine.until("/readyz", 200).await;
        machine.sandbox.fault(Fault::Away(true));
        machine.until("/readyz", 503).await;
        stops_in_time(running, "Telegram is away").await;
        machine.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_stops_in_time_while_it_reads_a_long_workbook() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        let running = machine.run();
        machine.until("/readyz", 200).await;
        let admin = machine.admin().await;
        let hour = |n: usize| format!("{:02}:{:02}", 8 + n % 10, n % 60);
        let lines: Vec<[String; 7]> = (0..40_000)
            .map(|n| {
                let class = format!("C{}", n % 997);
                [
                    "25/11/2026".to_owned(),
                    hour(n),
                    "19:00".to_owned(),
                    class,
                    format!("Matière {n}"),
                    String::new(),
                    format!("B{n}"),
                ]
            })
            .collect();
        let rows: Vec<[&str; 7]> = lines.iter().map(|line| line.each_ref().map(String::as_str)).collect();
        machine.sandbox.send_file(admin, admin, "long.xlsx", book(&[], &rows), None);
        let mut raw = Raw::url(&machine.database_url()).await;
        eventually("it is read", async || {
            let reading = "SELECT COUNT(*) FROM outbox WHERE kind = 'workbook.read' AND state = 'executing'";
            raw.number(reading).await == 1
        })
        .await;
        machine.clock.rest(Duration::from_millis(300)).await;
        assert_eq!(
            raw.number("SELECT COUNT(*) FROM outbox WHERE kind = 'workbook.read' AND state = 'executing'").await,
            1
        );
        stops_in_time(running, "a workbook is read").await;
        machine.remove().await;
    }
}

/// The turn to decide, as each program takes it on PostgreSQL (`platform/store/transaction.rs`).
const ONE_DECISION: &str = "BEGIN; SELECT pg_advisory_xact_lock(5264709)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_stops_in_time_while_a_stranger_holds_the_database() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        let hold = match engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => ONE_DECISION,
        };
        let running = machine.run();
        machine.until("/readyz", 200).await;
        let mut stranger = Raw::url(&machine.database_url()).await;
        stranger.execute(hold).await;
        let ines = machine.sandbox.add_person("Inès", "Moreau", "fr");
        machine.sandbox.say(ines, ines, "/semmaine");
        eventually("it was fetched", async || !machine.sandbox.journal().is_empty()).await;
        machine.clock.rest(Duration::from_millis(1_500)).await;
        stops_in_time(running, "the database is busy").await;
        // The same at the start, before there is anything to stop.
        let running = machine.run();
        machine.clock.rest(Duration::from_millis(1_500)).await;
        stops_in_time(running, "the database is busy at the start").await;
        stranger.execute("ROLLBACK").await;
        let running = machine.run();
        eventually("answered", async || machine.sandbox.messages(ines).len() == 2).await;
        stops_in_time(running, "nothing is wrong").await;
        machine.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn school_time_comes_from_the_sandbox_when_the_configuration_says_so() {
    for engine in Engine::all() {
        use preau::platform::outbox::{self, Put};

        let machine = Machine::on(engine).await;
        let running = machine.run();
        machine.until("/readyz", 200).await;
        let ines = machine.sandbox.add_person("Inès", "Moreau", "fr");
        machine.sandbox.start_bot(ines, "");
        eventually("greeted", async || machine.sandbox.messages(ines).len() > 1).await;
        let before = machine.sandbox.messages(ines).len();

        // Beside the live run: a message that is due in an hour of school time.
        let beside = machine.database().await;
        let page = serde_json::json!({ "text": "une heure après", "keys": [], "silent": false });
        let payload = serde_json::json!({ "chat": ines, "page": page, "edit": null, "slot": null });
        let put = Put::new("telegram.answer", "an hour later", &payload).expect("a row");
        let put = put.due(super::MORNING.plus_hours(1));
        beside.db.transact(async |tx| outbox::put(tx, put).await).await.expect("written");
        beside.close().await;

        machine.clock.rest(Duration::from_millis(1500)).await;
        assert_eq!(machine.sandbox.messages(ines).len(), before, "school time stands still");
        machine.clock.advance(Duration::from_hours(1));
        eventually("sent", async || machine.sandbox.messages(ines).len() == before + 1).await;
        running.signal("TERM").await;
        assert_eq!(running.ended().await.0, 0);
        machine.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_signal_ends_it_at_once() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        let running = machine.run();
        machine.until("/readyz", 200).await;
        let ines = machine.sandbox.add_person("Inès", "Moreau", "fr");
        // A call in hand that takes its time: the first signal waits for it.
        machine.sandbox.fault(Fault::Delay { method: Some("sendMessage".to_owned()), millis: 15_000, times: 1 });
        machine.sandbox.say(ines, ines, "/semmaine");
        eventually("taken", async || machine.sandbox.idle()).await;
        machine.clock.rest(Duration::from_millis(300)).await;
        running.signal("TERM").await;
        machine.clock.rest(Duration::from_millis(500)).await;
        running.signal("TERM").await;
        let (code, took) = running.ended().await;
        assert_eq!(code, 1);
        assert!(took < Duration::from_secs(2), "{took:?}");
        machine.remove().await;
    }
}
