//! `preau store move`, by the real program: nobody runs on either database while it copies.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use preau::kernel::secret::sha256_hex;
use preau::platform::store::Probe;
use tokio::io::AsyncWriteExt as _;

use super::{Machine, Running, bare, told};
use crate::laws::outcome;
use crate::place::{Engine, Place};
use crate::store::Raw;

/// `preau run` on this database; it is expected to refuse.
async fn run_on(machine: &Machine, url: &str) -> (i32, String) {
    let mut command = machine.command(&["run"]);
    command.env("PREAU__DATABASE__URL", url).env("PREAU__WEB__ADMIN_LISTEN", "").kill_on_drop(true);
    let clock = preau::kernel::Clock::machine();
    let ended = clock.within(Duration::from_secs(15), command.output()).await;
    let ended = ended.unwrap_or_else(|| panic!("{url}: it does not refuse"));
    let (code, _, err) = told(ended.expect("it ran"));
    (code, err)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_address_comes_from_a_file_or_from_standard_input() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        assert_eq!(machine.said(&["migrate"]).await.0, 0);
        std::fs::write(machine.folder().join("address"), "sqlite://one.db\n").expect("a file");
        let (code, out, err) = machine.said(&["store", "move", "--to-file", "address"]).await;
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.contains("→ sqlite://one.db."), "{out}");
        let mut command = machine.command(&["store", "move", "--to-file", "-"]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
        child.stdin.take().expect("its input").write_all(b"sqlite://two.db").await.expect("written");
        let (code, out, err) = told(child.wait_with_output().await.expect("it ran"));
        assert_eq!(code, 0, "{out}{err}");
        for name in ["one.db", "two.db"] {
            assert!(machine.folder().join(name).is_file(), "{name}");
        }
        for (wrong, words) in [
            (&["store", "move"][..], "--to"),
            (&["store", "move", "--to-file", "nowhere"], "nowhere"),
            (&["store", "move", "--to-file", "address", "--to", "sqlite://x.db"], "--to"),
        ] {
            let (code, _, err) = machine.said(wrong).await;
            assert_eq!(code, 2, "{err}");
            assert!(err.contains(words), "{err}");
        }
        // A password for all to see is still taken, and said.
        let (code, _, err) = machine.said(&["store", "move", "--to", "postgres://a:geheim@127.0.0.1:1/x"]).await;
        assert_eq!(code, 1);
        assert!(err.contains("--to-file") && !err.contains("geheim"), "{err}");
        machine.remove().await;
    }
}

/// The database's own settings take their time to arrive.
const SLOW: &str = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS \
    'BEGIN PERFORM pg_sleep(16); RETURN NEW; END'; \
    CREATE TRIGGER slow BEFORE INSERT ON setting FOR EACH STATEMENT EXECUTE FUNCTION slow()";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_and_a_program_that_runs_give_way_to_each_other() {
    // Also in the run on PostgreSQL alone: what a school does is to leave SQLite.
    for (source, _) in Engine::pairs().into_iter().filter(|(_, target)| *target == Engine::Postgres) {
        let machine = Machine::on(source).await;
        let mut target = Place::on(Engine::Postgres).await;
        assert_eq!(machine.said(&["migrate"]).await.0, 0);
        let move_it = ["store", "move", "--to", &target.url];

        // A program that runs on either side: refused, also before Telegram has answered it.
        machine.sandbox.fault(preau::sandbox::Fault::Away(true));
        let running = machine.run();
        machine.until("/healthz", 200).await;
        let (code, _, err) = machine.said(&move_it).await;
        assert_eq!(code, 1, "{source:?}: {err}");
        assert!(err.contains("sert déjà à un autre preau"), "{err}");
        machine.sandbox.fault(preau::sandbox::Fault::Away(false));
        running.signal("TERM").await;
        assert_eq!(running.ended().await.0, 0);
        let mut command = machine.command(&["run"]);
        command.env("PREAU__DATABASE__URL", &target.url);
        let running = Running::start(command, &machine.folder().join("run.log"));
        machine.until("/readyz", 200).await;
        let (code, _, err) = machine.said(&move_it).await;
        assert_eq!(code, 1, "{source:?}: {err}");
        assert!(err.contains("sert déjà à un autre preau"), "{err}");
        running.signal("TERM").await;
        assert_eq!(running.ended().await.0, 0);

        // A copy that takes longer than a lease lives.
        let mut raw = Raw::open(&target).await;
        raw.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await;
        let mut command = machine.command(&["migrate"]);
        let (code, _, err) = told(command.env("PREAU__DATABASE__URL", &target.url).output().await.expect("it ran"));
        assert_eq!(code, 0, "{err}");
        raw.execute(SLOW).await;
        let mut given = Raw::url(&machine.database_url()).await;
        given.execute("INSERT INTO setting (name, value) VALUES ('slow', 'x')").await;
        let moving = Running::start(machine.command(&move_it), &machine.folder().join("move.log"));
        machine.clock.rest(Duration::from_secs(12)).await;
        for url in [machine.database_url(), target.url.clone()] {
            let (code, err) = run_on(&machine, &url).await;
            assert_eq!(code, 1, "{source:?}, {url}: {err}");
            assert!(err.contains("un autre preau"), "{err}");
        }
        let mut beside = machine.command(&["outbox", "list"]);
        let (code, _, err) = told(beside.env("PREAU__DATABASE__URL", &target.url).output().await.expect("it ran"));
        assert_eq!(code, 1);
        assert!(err.contains("un autre preau la déplace ou la restaure"), "{err}");
        let (code, _) = moving.ended().await;
        assert_eq!(
            code,
            0,
            "{source:?}: {}",
            std::fs::read_to_string(machine.folder().join("move.log")).expect("a log")
        );
        // Then the way is free.
        raw.execute("DROP TRIGGER slow ON setting").await;
        let mut command = machine.command(&["run"]);
        command.env("PREAU__DATABASE__URL", &target.url);
        let running = Running::start(command, &machine.folder().join("run.log"));
        machine.until("/readyz", 200).await;
        running.signal("TERM").await;
        assert_eq!(running.ended().await.0, 0);
        drop((raw, given));
        target.remove().await;
        machine.remove().await;
    }
}

/// What is left to fail once everything is copied is said as such: a second try would be refused, and none is needed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_that_cannot_be_recorded_says_that_it_was_made() {
    const SQLITE: &str = "CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'full'); END";
    const POSTGRES: &str = "CREATE FUNCTION full_up() RETURNS trigger LANGUAGE plpgsql AS \
        'BEGIN RAISE EXCEPTION ''full''; END'; \
        CREATE TRIGGER full_up BEFORE INSERT ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION full_up()";
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        assert_eq!(machine.said(&["migrate"]).await.0, 0);
        let mut raw = Raw::url(&machine.database_url()).await;
        raw.execute("INSERT INTO setting (name, value) VALUES ('mine', 'x')").await;
        raw.execute(if engine == Engine::Sqlite { SQLITE } else { POSTGRES }).await;
        let (code, out, err) = machine.said(&["store", "move", "--to", "sqlite://new.db"]).await;
        assert_eq!(code, 1, "{out}{err}");
        assert!(out.contains("Tout est pareil des deux côtés") && out.contains("→ sqlite://new.db."), "{out}");
        assert!(err.contains("Copié : tout est dans sqlite://new.db, à l’identique."), "{err}");
        let mut moved = Raw::at(&machine.folder().join("new.db")).await;
        assert_eq!(moved.number("SELECT COUNT(*) FROM setting WHERE name = 'mine'").await, 1);
        drop((raw, moved));
        machine.remove().await;
    }
}

/// What every table holds: how many rows, and a hash of them. What moves themselves write down is left out.
async fn held(place: &Place) -> BTreeMap<String, (usize, String)> {
    let (mut raw, mut held) = (Raw::open(place).await, BTreeMap::new());
    // Who holds what is the matter of the programs at one database.
    for table in raw.tables().await.into_iter().filter(|table| table != "lease") {
        let columns = raw.columns(&table).await;
        let rows = raw.values(&table, &columns).await;
        // SQLite knows no word for true.
        let plain = |row: &String| row.replace("=true", "=1").replace("=false", "=0");
        let mut rows: Vec<String> = rows.iter().map(plain).collect();
        rows.retain(|row| !(table == "audit_entry" && row.contains("action=store.moved")));
        rows.sort();
        held.insert(table, (rows.len(), sha256_hex(rows.join("\n").as_bytes())));
    }
    held
}

/// `preau store move`, from one place to another.
async fn carry(from: &Place, to: &Place) {
    let mut command = bare(&from.path(""), &["store", "move", "--to", &to.url]);
    command.env("PREAU__DATABASE__URL", &from.url).env("PREAU__TELEGRAM__TOKEN", "1:none");
    let (code, out, err) = told(command.output().await.expect("it ran"));
    assert_eq!(code, 0, "{} → {}: {out}{err}", from.url, to.url);
}

/// A database in which the story was played to its end, with a group and a call that made themselves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_that_was_played_goes_to_the_other_engine_and_comes_back_row_by_row() {
    for (one, two) in Engine::pairs().into_iter().filter(|(one, two)| one != two) {
        let (mut here, mut there, mut back) = (Place::ready(one).await, Place::on(two).await, Place::on(one).await);
        let mut day = outcome::day(outcome::stage(&here, Probe::default()).await);
        day.play().await.expect("the day");
        day.with_caller().await.expect("Wednesday");
        assert!(day.wrong.is_empty(), "{:#?}", day.wrong);
        outcome::strike(day.stage).await;
        let before = held(&here).await;
        for table in [
            "person",
            "account",
            "session",
            "sheet_change",
            "presence_event",
            "outbox",
            "caller_account",
            "audit_entry",
        ] {
            assert!(before.get(table).is_some_and(|(rows, _)| *rows > 0), "{one:?}: {table} in {before:#?}");
        }
        carry(&here, &there).await;
        assert_eq!(held(&there).await, before, "{one:?} → {two:?}");
        carry(&there, &back).await;
        assert_eq!(held(&back).await, before, "{one:?} → {two:?} → {one:?}");
        let mut raw = Raw::open(&back).await;
        raw.execute("DELETE FROM outbox WHERE id = (SELECT MIN(id) FROM outbox)").await;
        assert_ne!(held(&back).await, before, "a row that is missing shows");
        let moves = raw.number("SELECT COUNT(*) FROM audit_entry WHERE action = 'store.moved'").await;
        assert_eq!(moves, 2, "both moves stand in the audit");
        drop(raw);
        for place in [&mut here, &mut there, &mut back] {
            place.remove().await;
        }
    }
}
