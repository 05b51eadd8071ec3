//! Two real programs that import at the same moment, on PostgreSQL: what each decides holds for both.

use super::Machine;
use super::imports::{PEOPLE, WEEK};
use crate::place::Engine;
use crate::store::Raw;
use crate::talk::timetable::book;

fn postgres() -> bool {
    Engine::all().contains(&Engine::Postgres)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_file_imported_twice_at_once_is_added_once() {
    if !postgres() {
        return;
    }
    for round in 0..3 {
        let machine = Machine::on(Engine::Postgres).await;
        assert_eq!(machine.said(&["migrate"]).await.0, 0);
        machine.puts("edt.xlsx", &book(&PEOPLE, &WEEK));
        let import = async || machine.imports(&["edt.xlsx", "--apply", "--give-rights"]).await;
        let both: [_; 2] = futures::join!(import(), import()).into();
        assert!(both.iter().all(|(code, ..)| *code == 0), "round {round}: {both:#?}");
        let idle = both
            .iter()
            .filter(|(_, out, _)| out.ends_with("corrigez d’abord ces lignes, puis renvoyez le fichier.\n"))
            .count();
        assert_eq!(idle, 1, "round {round}: one found everything done: {both:#?}");
        let mut raw = Raw::url(&machine.database_url()).await;
        for (table, rows) in [("session", 2), ("person", 2), ("classroom", 1)] {
            assert_eq!(raw.number(&format!("SELECT COUNT(*) FROM {table}")).await, rows, "round {round}: {table}");
        }
        drop(raw);
        machine.remove().await;
    }
}

/// Eight lessons of a day; of sixteen three may go in a day without being asked for.
fn day(date: &'static str, kept: usize) -> Vec<[&'static str; 7]> {
    let hours = ["08:00", "09:00", "10:00", "11:00", "13:00", "14:00", "15:00", "16:00", "17:00"];
    (0..kept).map(|n| [date, hours[n], hours[n + 1], "1A", "Maths", "", "B1"]).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_files_do_not_remove_together_what_one_may_not() {
    if !postgres() {
        return;
    }
    for round in 0..3 {
        let machine = Machine::on(Engine::Postgres).await;
        assert_eq!(machine.said(&["migrate"]).await.0, 0);
        machine.puts("all.xlsx", &book(&[], &[day("25/11/2026", 8), day("02/12/2026", 8)].concat()));
        machine.puts("one.xlsx", &book(&[], &day("25/11/2026", 6)));
        machine.puts("two.xlsx", &book(&[], &day("02/12/2026", 6)));
        let (code, out, err) = machine.imports(&["all.xlsx", "--apply"]).await;
        assert_eq!((code, machine.sessions().await), (0, 16), "{out}{err}");
        for alone in ["one.xlsx", "two.xlsx"] {
            let (code, _, err) = machine.imports(&[alone, "--dry-run"]).await;
            assert_eq!((code, err.as_str()), (0, ""), "{alone} alone may go");
        }
        let import = async |file: &str| machine.imports(&[file, "--apply"]).await;
        let both: [_; 2] = futures::join!(import("one.xlsx"), import("two.xlsx")).into();
        let mut codes: Vec<i32> = both.iter().map(|(code, ..)| *code).collect();
        codes.sort_unstable();
        assert_eq!(codes, [0, 1], "round {round}: {both:#?}");
        let asked = both.iter().any(|(code, _, err)| *code == 1 && err.contains("--remove 2"));
        assert!(asked, "round {round}: {both:#?}");
        assert_eq!(machine.sessions().await, 14, "round {round}");
        machine.remove().await;
    }
}
