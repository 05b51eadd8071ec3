//! `preau bench`: small, as a school's machine would type it. What it measures is told in README.md.

use serde_json::Value;

use super::Machine;
use crate::place::Engine;

impl Machine {
    /// `preau bench ARGS` on a database of its own; what it prints is one JSON line.
    async fn benches(&self, database: &str, args: &[&str]) -> Value {
        let (code, out, err) = self.tried(database, args).await;
        assert_eq!((code, out.lines().count()), (0, 1), "{args:?}: {out}{err}");
        serde_json::from_str(out.trim()).expect("one JSON line")
    }

    async fn tried(&self, database: &str, args: &[&str]) -> (i32, String, String) {
        let all: Vec<&str> = std::iter::once("bench").chain(args.iter().copied()).collect();
        let mut command = self.command(&all);
        if self.place.is_none() {
            command.env("PREAU__DATABASE__URL", format!("sqlite://{database}.db"));
        }
        super::told(command.output().await.expect("it ran"))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn benches_say_what_they_measured_and_touch_no_school() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        // More than a crowd, so that they are claimed ahead.
        let late = machine.benches("queue", &["schedule", "200", "--after", "9"]).await;
        assert_eq!(late["ran"], 200, "{late}");
        // Nothing is done about what lies ahead.
        let [idle, cpu] = ["idle_ms", "idle_cpu_ms"].map(|key| late[key].as_u64().expect("a number"));
        assert!(idle >= 2_000 && cpu * 20 <= idle, "{late}");
        let [min, p50, p99, max] =
            ["min_ms", "p50_ms", "p99_ms", "max_ms"].map(|key| late[key].as_i64().expect("a number"));
        assert!(0 <= min && min <= p50 && p50 <= p99 && p99 <= max && max < 10_000, "{late}");

        let owner = machine.sandbox.add_person("Claire", "", "fr");
        let groups: Vec<i64> = (0..20).map(|number| machine.sandbox.add_group(&format!("G{number}"), owner)).collect();
        for group in &groups {
            machine.sandbox.add_bot(*group, owner);
        }
        let first = groups[0].to_string();
        let told = machine.benches("queue", &["broadcast", "20", "--first-group", &first]).await;
        assert_eq!((&told["reminders"], &told["sent"], &told["in_doubt"]), (&20.into(), &20.into(), &0.into()));
        // Begun again it goes on: nobody is written to twice.
        let again = machine.benches("queue", &["broadcast", "20", "--first-group", &first]).await;
        assert_eq!(again["sent"], 20);
        for (number, group) in groups.iter().enumerate() {
            let said = machine.sandbox.messages(*group).into_iter().map(|message| message.text);
            // That the bot came is a line without words.
            let said: Vec<String> = said.filter(|words| !words.is_empty()).collect();
            assert_eq!(said, [format!("Rappel {number}")]);
        }

        let seeded = machine.benches("school", &["seed", "--people", "60", "--first-user-id", "500"]).await;
        let shape = ["people", "classes", "first_user_id", "last_user_id", "class_size"].map(|key| seeded[key].clone());
        assert_eq!(shape, [60, 3, 500, 559, 25].map(Value::from), "{seeded}");
        // What is there now is a school.
        for args in [&["seed"][..], &["schedule", "5"], &["broadcast", "5"]] {
            let (code, out, err) = machine.tried("school", args).await;
            assert_eq!((code, out.as_str()), (2, ""), "{args:?}: {err}");
        }
        machine.remove().await;
    }
}

/// Each is answered with their own next session, as a flood is checked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_seeded_is_told_their_own_next_session() {
    let machine = Machine::new().await;
    let (ines, stranger) = (machine.sandbox.add_person("Inès", "", "fr"), machine.sandbox.add_person("Zoé", "", "fr"));
    // She is the thirty-first: the sixth of the second class.
    let first = (ines - 30).to_string();
    machine.benches("data/preau", &["seed", "--people", "60", "--first-user-id", &first]).await;
    let running = machine.run();
    machine.sandbox.say(ines, ines, "/prochain");
    machine.sandbox.say(stranger, stranger, "/prochain");
    let said = |person: i64| machine.sandbox.last(person).map(|last| last.text).unwrap_or_default();
    super::eventually("her own", async || said(ines).contains("Cours 1,") && said(ines).contains("08:05")).await;
    super::eventually("nobody's", async || !said(stranger).is_empty()).await;
    assert!(!said(stranger).contains("Cours"), "{}", said(stranger));
    running.signal("TERM").await;
    assert_eq!(running.ended().await.0, 0);
    machine.remove().await;
}
