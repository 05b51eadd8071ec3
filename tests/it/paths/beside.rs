//! Commands beside a program that runs neither make a database nor change its tables: they say what is amiss.

use super::Machine;
use super::imports::{PEOPLE, WEEK};
use crate::place::Engine;
use crate::store::Raw;
use crate::talk::timetable::book;

/// Commands that need what a school has written down.
const BESIDE: [&[&str]; 8] = [
    &["backup", "night.db"],
    &["outbox"],
    &["outbox", "retry", "nothing"],
    &["agree", "nothing"],
    &["invite", "--role", "admin"],
    &["import", "edt.xlsx", "--dry-run"],
    &["import", "edt.xlsx", "--apply"],
    &["store", "move", "--to", "sqlite://elsewhere.db"],
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_makes_a_database_where_none_is() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        machine.puts("edt.xlsx", &book(&PEOPLE, &WEEK));
        for command in BESIDE {
            let (code, out, err) = machine.said(command).await;
            assert_eq!((code, out.as_str()), (2, ""), "{engine:?} {command:?}: {err}");
            assert!(
                err.starts_with("Pas de base de données de Préau dans ") && err.contains("--config"),
                "{command:?}: {err}"
            );
            assert_eq!(err.lines().count(), 1, "{err}");
        }
        let (code, _, err) = machine.said(&["restore", "nowhere.db"]).await;
        assert_eq!(code, 2, "{err}");
        let there: Vec<_> = std::fs::read_dir(machine.folder()).expect("the folder").flatten().collect();
        assert_eq!(there.len(), 1, "{engine:?}: nothing but the workbook: {there:?}");
        if engine == Engine::Postgres {
            let mut raw = Raw::url(&machine.database_url()).await;
            let tables = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'";
            assert_eq!(raw.number(tables).await, 0, "no table was made");
        }
        machine.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_or_newer_database_is_left_as_it_is() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        machine.puts("edt.xlsx", &book(&PEOPLE, &WEEK));
        assert_eq!(machine.said(&["migrate"]).await.0, 0);
        let mut raw = Raw::url(&machine.database_url()).await;
        let newest = "version = (SELECT MAX(version) FROM _sqlx_migrations)";
        let seen = "SELECT COUNT(*) FROM _sqlx_migrations";
        let all = raw.number(seen).await;

        // As after a newer program was put in place: one change more than the database has seen.
        raw.execute(&format!("DELETE FROM _sqlx_migrations WHERE {newest}")).await;
        for command in &BESIDE[..7] {
            let (code, _, err) = machine.said(command).await;
            assert_eq!(code, 1, "{engine:?} {command:?}: {err}");
            assert!(err.starts_with("1 changement des tables attend : arrêtez Préau, puis « preau migrate »"), "{err}");
        }
        assert_eq!(raw.number(seen).await, all - 1, "nobody applied it");
        let (code, out, _) = machine.said(&["check"]).await;
        assert!(code == 0 && out.contains("· 1 migration sera faite"), "{out}");

        // As after going back to an older program.
        raw.execute(&format!("UPDATE _sqlx_migrations SET version = 9999 WHERE {newest}")).await;
        for command in BESIDE {
            let (code, _, err) = machine.said(command).await;
            assert_eq!(code, 1, "{engine:?} {command:?}: {err}");
            assert!(err.contains("version plus récente de Préau"), "{err}");
        }
        assert!(!machine.folder().join("night.db").exists() && !machine.folder().join("elsewhere.db").exists());
        drop(raw);
        machine.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_nightly_backup_of_the_readme_saves_a_dated_file() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        assert_eq!(machine.said(&["migrate"]).await.0, 0);
        let readme = std::fs::read_to_string(crate::source::root().join("README.md")).expect("README.md");
        let line =
            readme.lines().find_map(|line| line.strip_prefix("ExecStart=/bin/sh -c '")).expect("the timer's command");
        // As systemd reads it; this machine's program stands elsewhere, and its configuration is in the environment.
        let line = line.trim_end_matches('\'').replace("$$", "$").replace("%%", "%");
        let line = line
            .replace("/usr/local/bin/preau", env!("CARGO_BIN_EXE_preau"))
            .replace("--config /etc/preau/school.toml", "");
        let night = async || {
            let mut shell = tokio::process::Command::new("/bin/sh");
            shell.args(["-c", &line]).current_dir(machine.folder()).env("PREAU__DATABASE__URL", machine.database_url());
            super::told(shell.output().await.expect("a shell"))
        };
        let (code, out, err) = night().await;
        assert_eq!(code, 0, "{out}{err}");
        let saved: Vec<_> = std::fs::read_dir(machine.folder().join("backup")).expect("a folder").flatten().collect();
        let name = saved.first().expect("a file").file_name().into_string().expect("a name");
        assert!(
            saved.len() == 1 && name.starts_with("preau-20") && name.len() == "preau-2026-11-24.db".len(),
            "{name}"
        );
        // The same night again overwrites nothing.
        assert_eq!(night().await.0, 2);
        let (code, _, err) = machine.said(&["restore", &format!("backup/{name}"), "--replace"]).await;
        assert_eq!(code, 0, "{err}");
        machine.remove().await;
    }
}
