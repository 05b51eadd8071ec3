//! `preau run`: alive, ready, told to stop.

use std::time::Duration;

use preau::sandbox::Fault;

use super::{Machine, eventually};

/// DESIGN: SIGTERM stops within five seconds.
const STOP: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_stops_cleanly_when_told() {
    for signal in ["TERM", "INT"] {
        let machine = Machine::new().await;
        let running = machine.run();
        machine.until("/readyz", 200).await;
        let ines = machine.sandbox.add_person("Inès", "Moreau", "fr");
        machine.sandbox.say(ines, ines, "/semmaine");
        eventually("answered", async || machine.sandbox.messages(ines).len() == 2).await;
        running.signal(signal).await;
        let (code, took) = running.ended().await;
        assert_eq!(code, 0, "SIG{signal}");
        assert!(took < STOP, "{took:?}");
        // Nothing is left to tell: the next run finds its house in order.
        let again = machine.run();
        machine.until("/readyz", 200).await;
        again.signal(signal).await;
        assert_eq!(again.ended().await.0, 0);
        assert_eq!(machine.sandbox.messages(ines).len(), 2, "answered once");
        assert!(machine.sandbox.violations().is_empty(), "{:#?}", machine.sandbox.violations());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_says_that_telegram_is_away_and_waits_for_it() {
    let machine = Machine::new().await;
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
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_stops_while_it_waits_for_telegram() {
    let machine = Machine::new().await;
    machine.sandbox.fault(Fault::Away(true));
    let running = machine.run();
    machine.until("/readyz", 503).await;
    running.signal("TERM").await;
    let (code, took) = running.ended().await;
    assert_eq!(code, 0);
    assert!(took < STOP, "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn school_time_comes_from_the_sandbox_when_the_configuration_says_so() {
    use preau::kernel::Clock;
    use preau::kernel::id::Ids;
    use preau::platform::config::Config;
    use preau::platform::outbox::{self, Put};
    use preau::platform::store::{Database, Probe};

    let machine = Machine::new().await;
    let door = format!("{}/clock", machine.sandbox.control_url());
    let running = super::Running(
        machine
            .command(&["run"])
            .env("PREAU__CLOCK__SOURCE", &door)
            .stderr(std::process::Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the program"),
    );
    machine.until("/readyz", 200).await;
    let ines = machine.sandbox.add_person("Inès", "Moreau", "fr");
    machine.sandbox.start_bot(ines, "");
    eventually("greeted", async || machine.sandbox.messages(ines).len() > 1).await;
    let before = machine.sandbox.messages(ines).len();

    // Beside the live run: a message that is due in an hour of school time.
    let url = format!("sqlite://{}", machine.folder().join("data/preau.db").display());
    let config = std::sync::Arc::new(Config::with(&[("database.url", &url)]).expect("a configuration"));
    let clock = Clock::standing(super::MORNING);
    let ids = Ids::from_system(clock.clone());
    let beside = Database::open(config, clock, ids, Probe::default()).await.expect("the database");
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
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_signal_ends_it_at_once() {
    let machine = Machine::new().await;
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
}
