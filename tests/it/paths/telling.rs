//! What went wrong on our side: a short reference in the chat, the reason in the log, each line of which a machine reads.

use serde_json::Value;

use super::{Machine, Running, eventually};
use crate::place::Engine;
use crate::store::Raw;

/// The lines of a log in JSON; each says when and how grave it is.
pub fn read(log: &str) -> Vec<Value> {
    let lines = log.lines().map(|line| {
        let read: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let at = read["timestamp"].as_str().map(chrono::DateTime::parse_from_rfc3339);
        assert!(matches!(at, Some(Ok(_))), "when was it? {line}");
        let level = read["level"].as_str().unwrap_or_default();
        assert!(["ERROR", "WARN", "INFO", "DEBUG", "TRACE"].contains(&level), "how grave is it? {line}");
        read
    });
    lines.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_reference_in_the_chat_stands_in_the_log_with_the_reason() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        let file = machine.folder().join("run.log");
        let mut command = machine.command(&["run"]);
        command.env("PREAU__LOG__FORMAT", "json");
        let running = Running::start(command, &file);
        machine.until("/readyz", 200).await;
        let admin = machine.admin().await;
        // A bug: a table is not there.
        let mut raw = Raw::url(&machine.database_url()).await;
        raw.execute("ALTER TABLE classroom RENAME TO elsewhere").await;
        machine.sandbox.say(admin, admin, "/classes");
        let said = async || machine.sandbox.last(admin).is_some_and(|last| last.text.contains("cette référence"));
        eventually("it is said", said).await;
        let said = machine.sandbox.last(admin).expect("an answer").text;
        let (_, reference) = said.trim_end_matches('.').rsplit_once(' ').expect("a reference");
        assert!(reference.len() >= 6 && !said.contains("classroom"), "{engine:?}: {said}");
        running.signal("TERM").await;
        assert_eq!(running.ended().await.0, 0);

        let log = std::fs::read_to_string(&file).expect("a log");
        let told: Vec<Value> = read(&log).into_iter().filter(|line| line["reference"] == reference).collect();
        assert_eq!(told.len(), 1, "{engine:?}: {reference} in {log}");
        assert_eq!(told[0]["level"], "ERROR", "{engine:?}: {told:?}");
        assert!(told[0].to_string().contains("classroom"), "{engine:?}: why it failed stands there too: {told:?}");
        drop(raw);
        machine.remove().await;
    }
}
