//! A start that is stopped half-way: at each of its commits and calls within one process, and by SIGKILL at any moment
//! of the real program's first seconds. The next start finds its house in order.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream;
use preau::demo::stage::{Kill, Stage};
use preau::kernel::Clock;
use preau::kernel::id::Ids;
use preau::platform::store::Probe;
use preau::school::roster::flow as roster;
use serde_json::json;

use super::outcome;
use crate::paths::{Machine, Running};
use crate::place::{Engine, Place};
use crate::store::Raw;

/// What stands in the store and at Telegram once a new program has come to rest.
async fn standing(stage: &Stage, place: &Place) -> BTreeMap<String, String> {
    let mut raw = Raw::open(place).await;
    let mut found = BTreeMap::new();
    // Leases are the processes' own: one that is gone leaves its name until a day later.
    for table in raw.tables().await.into_iter().filter(|table| !matches!(table.as_str(), "outbox" | "lease")) {
        // Whether a minute began meanwhile is by chance: then the house was kept.
        let which = if table == "setting" { "WHERE name <> 'house.kept'" } else { "" };
        found.insert(table.clone(), raw.number(&format!("SELECT COUNT(*) FROM {table} {which}")).await.to_string());
    }
    for state in ["scheduled", "executing", "retryable", "completed", "discarded", "unknown"] {
        // Menus may be set twice; that they are set is seen below.
        let rows = format!(
            "SELECT COUNT(*) FROM outbox WHERE state = '{state}' AND (kind <> 'telegram.menus' OR state <> 'completed')"
        );
        found.insert(format!("outbox {state}"), raw.number(&rows).await.to_string());
    }
    found.insert("migrations".to_owned(), raw.number("SELECT COUNT(*) FROM _sqlx_migrations").await.to_string());
    for scope in ["default", "all_private_chats", "all_group_chats", "all_chat_administrators"] {
        for language in ["", "fr", "en"] {
            let list = stage.sandbox.commands(&json!({ "type": scope }), language);
            found.insert(format!("{scope} {language}"), format!("{list:?}"));
        }
    }
    found
}

/// A first start under a kill, and another where it came; what stands in the end.
async fn first_start(engine: Engine, kill: Kill, at: &str) -> (bool, BTreeMap<String, String>) {
    let mut place = Place::on(engine).await;
    let mut stage = Stage::empty(outcome::set(&place, Probe::default())).await.expect("the sandbox");
    let killed = stage.start_under(kill).await.unwrap_or_else(|error| panic!("{engine:?}, {at}: {error}"));
    if killed {
        stage.start().await.unwrap_or_else(|error| panic!("{engine:?}, after {at}: {error}"));
    }
    stage.drain().await.unwrap_or_else(|error| panic!("{engine:?}, after {at}: {error}"));
    let standing = standing(&stage, &place).await;
    outcome::strike(stage).await;
    place.remove().await;
    (killed, standing)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_start_may_be_stopped_at_any_point() {
    for engine in Engine::all() {
        let count = Kill::at(usize::MAX);
        let (killed, calm) = first_start(engine, count.clone(), "no point").await;
        assert!(!killed && calm["default "].contains("aide"), "{calm:#?}");
        let points = count.reached();
        assert!(points > 20, "a first start has many points, this one {points}");
        let every = (1..=points).map(|point| {
            let calm = &calm;
            async move {
                let at = format!("point {point} of {points}");
                let (_, standing) = first_start(engine, Kill::at(point), &at).await;
                assert_eq!(standing, *calm, "{engine:?}, after {at}");
            }
        });
        stream::iter(every).buffer_unordered(engine.beside()).collect::<()>().await;
    }
}

/// What a program that was stopped leaves behind, each time: a question nobody answered yet, a message whose call was
/// begun, and one whose call was not.
async fn leave_behind(engine: Engine, place: &Place, stage: &Stage, admin: i64, round: usize) {
    let mut raw = Raw::open(place).await;
    let until = match engine {
        // Whoever has the lock file is alone: however long somebody gone held it.
        Engine::Sqlite => 9_000_000_000_000,
        Engine::Postgres => stage.clock.wall().plus(Duration::from_secs(5)).millis(),
    };
    for (name, called) in [("begun", "1"), ("waiting", "NULL")] {
        let page = json!({ "text": format!("{name} {round}"), "keys": [], "silent": false });
        let payload = json!({ "chat": admin, "page": page, "edit": null, "slot": null });
        let now = stage.clock.now().millis();
        raw.execute(&format!(
            "INSERT INTO outbox (id, kind, key, lane, door, rank, policy, payload, state, due_at, expires_at, \
            lease_until, holder, called_at, attempts, created_at) VALUES ('{name} {round}', 'telegram.answer', \
            '{name} {round}', '{name} {round}', 'telegram', 1, 'at_most_once', '{payload}', 'executing', {now}, \
            {now} + 86400000, {until}, 'somebody gone', {called}, 1, 1)"
        ))
        .await;
    }
    stage.sandbox.say(admin, admin, "/ping");
}

/// How often the bot said this to somebody.
fn said(stage: &Stage, chat: i64, words: &str) -> usize {
    stage.sandbox.messages(chat).iter().filter(|message| message.from_bot && message.text.contains(words)).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_that_finds_work_may_be_stopped_at_any_point() {
    for engine in Engine::all() {
        let all = engine.beside();
        // Each point costs two waits there: every other one is tried.
        let step = if engine == Engine::Postgres { 2 } else { 1 };
        let every = (0..all).map(|nth| found_work(engine, nth * step, all * step));
        stream::iter(every).buffer_unordered(all).collect::<()>().await;
    }
}

/// Starts at a place of their own, each stopped at another point: every `of`-th, from the `nth` on.
async fn found_work(engine: Engine, nth: usize, of: usize) {
    let mut place = Place::on(engine).await;
    let stage = outcome::stage(&place, Probe::default()).await;
    let mut day = outcome::day(stage);
    day.evening().await.expect("the evening");
    let (admin, stage) = (day.cast.admin, &mut day.stage);
    let points = one_start(engine, &place, stage, admin, 0, 0).await;
    assert!(points > 15, "this start has many points, this one {points}");
    for point in (1 + nth..=points).step_by(of) {
        one_start(engine, &place, stage, admin, point, points).await;
    }
    outcome::strike(day.stage).await;
    place.remove().await;
}

/// A start that finds work, stopped at this point (0: at none); how many it reached.
async fn one_start(engine: Engine, place: &Place, stage: &mut Stage, admin: i64, point: usize, points: usize) -> usize {
    let at = format!("{engine:?}, point {point} of {points}");
    stage.crash().await;
    leave_behind(engine, place, stage, admin, point).await;
    let kill = Kill::at(if point == 0 { usize::MAX } else { point });
    let killed = stage.start_under(kill.clone()).await.unwrap_or_else(|error| panic!("{at}: {error}"));
    let reached = kill.reached();
    if killed {
        stage.start().await.unwrap_or_else(|error| panic!("after {at}: {error}"));
    }
    stage.drain().await.unwrap_or_else(|error| panic!("after {at}: {error}"));
    // Admins are told a second later, of all that ended badly together.
    let mut raw = Raw::open(place).await;
    // Also where it was the telling itself that was stopped.
    let told = async || said(stage, admin, "Peut-être non envoyé") > 0;
    crate::paths::eventually(&format!("told, {at}"), told).await;
    stage.drain().await.unwrap_or_else(|error| panic!("after {at}: {error}"));

    let is_in = async |raw: &mut Raw, key: &str, state: &str| {
        raw.number(&format!("SELECT COUNT(*) FROM outbox WHERE key = '{key} {point}' AND state = '{state}'")).await == 1
    };
    assert!(is_in(&mut raw, "begun", "unknown").await, "{at}: whose call was begun is in doubt");
    assert_eq!(said(stage, admin, &format!("begun {point}")), 0, "{at}: and not sent again");
    let sent = said(stage, admin, &format!("waiting {point}"));
    let doubted = is_in(&mut raw, "waiting", "unknown").await;
    assert!(sent == 1 || (sent == 0 && doubted && killed), "{at}: whose call was not begun goes once: {sent}");
    let questions = "SELECT COUNT(*) FROM inbox WHERE state = 'new'";
    assert_eq!(raw.number(questions).await, 0, "{at}: every question is answered");
    // Seen to: the next round begins with nothing open.
    raw.execute("UPDATE outbox SET state = 'completed' WHERE state = 'unknown'").await;
    for message in stage.sandbox.messages(admin) {
        if message.text.contains("Peut-être non envoyé") {
            stage.sandbox.delete_message(admin, admin, message.id);
        }
    }
    reached
}

/// Twenty starts of the real program, each killed within its first second; then one that is left alone.
async fn killed_again_and_again(machine: &Machine, seed: u64) {
    let chance = Ids::seeded(Clock::standing(machine.clock.now()), seed);
    for _ in 0..20 {
        let running: Running = machine.run();
        machine.clock.rest(Duration::from_millis(chance.below(900))).await;
        running.kill().await;
        let mut raw = Raw::url(&machine.database_url()).await;
        if let Raw::Sqlite(_) = raw {
            let whole = "SELECT COUNT(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'";
            assert_eq!(raw.number(whole).await, 1);
        }
    }
    let running = machine.run();
    machine.until("/readyz", 200).await;
    let ines = machine.sandbox.add_person("Inès", "Moreau", "fr");
    machine.sandbox.start_bot(ines, "");
    crate::paths::eventually("greeted", async || machine.sandbox.messages(ines).len() == 2).await;
    let menus = async || !machine.sandbox.commands(&json!({ "type": "all_chat_administrators" }), "en").is_empty();
    crate::paths::eventually("menus", menus).await;
    running.signal("TERM").await;
    assert_eq!(running.ended().await.0, 0);
    let (code, out, err) = machine.said(&["check"]).await;
    assert_eq!(code, 0, "{out}{err}");
    let mut raw = Raw::url(&machine.database_url()).await;
    // The menus of a program that was stopped a dozen times while it set them are given up, and put anew by the next.
    let wrong = "SELECT COUNT(*) FROM outbox WHERE state IN ('unknown', 'executing') \
        OR (state = 'discarded' AND kind <> 'telegram.menus')";
    assert_eq!(raw.number(wrong).await, 0);
    assert!(machine.sandbox.violations().is_empty(), "{:#?}", machine.sandbox.violations());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_real_program_survives_sigkill_in_its_first_seconds() {
    for engine in Engine::all() {
        let machine = Machine::on(engine).await;
        killed_again_and_again(&machine, 5).await;
        // And once more on what stands there now: an admin, a timetable, its reminders.
        let running = machine.run();
        machine.until("/readyz", 200).await;
        machine.admin().await;
        machine.puts(
            "edt.xlsx",
            &crate::talk::timetable::book(&crate::paths::imports::PEOPLE, &crate::paths::imports::WEEK),
        );
        let (code, out, err) = machine.imports(&["edt.xlsx", "--apply"]).await;
        assert_eq!(code, 0, "{out}{err}");
        let mut raw = Raw::url(&machine.database_url()).await;
        // What is due for the sessions follows the import in rows of its own.
        let unarranged = "SELECT COUNT(*) FROM outbox WHERE kind = 'session.arrange' AND state <> 'completed'";
        let deadline = machine.clock.elapsed() + Duration::from_secs(30);
        while raw.number(unarranged).await > 0 {
            assert!(machine.clock.elapsed() < deadline, "{engine:?}: arranged");
            machine.clock.rest(Duration::from_millis(20)).await;
        }
        running.kill().await;
        let planned = "SELECT COUNT(*) FROM outbox WHERE state = 'scheduled' AND kind LIKE 'session.%'";
        let before = raw.number(planned).await;
        assert!(before > 0);
        killed_again_and_again(&machine, 6).await;
        assert_eq!((raw.number(planned).await, machine.sessions().await), (before, 2), "{engine:?}");
        machine.remove().await;
    }
}

/// A program that is stopped with SQLite's writer in its hand while somebody types a command beside it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_types_beside_a_program_that_stops_types_again() {
    for engine in Engine::all() {
        let mut place = Place::on(engine).await;
        let kill = Kill::at(1);
        let mut stage = outcome::stage(&place, kill.probe()).await;
        stage.settle().await.expect("quiet");
        let ines = stage.sandbox.add_person("Inès", "Moreau", "fr");
        stage.sandbox.say(ines, ines, "/ping");
        stage.arm(kill);
        let token = stage.write_beside(async |tx| roster::admin_link(tx).await).await;
        assert!(token.is_ok_and(|token| token.len() == 32), "{engine:?}");
        stage.settle().await.expect("quiet");
        assert_eq!(stage.kills(), 1, "{engine:?}");
        assert!(stage.sandbox.last(ines).is_some_and(|said| said.text.starts_with("pong")), "{engine:?}");
        assert_eq!(Raw::open(&place).await.number("SELECT COUNT(*) FROM personal_link").await, 1, "{engine:?}");
        outcome::strike(stage).await;
        place.remove().await;
    }
}
