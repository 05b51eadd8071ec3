//! The process that reads a workbook: what it is started with, and what it may use.

use std::process::Stdio;
use std::time::Duration;

use preau::kernel::Clock;
use serde_json::Value;

use super::imports::WEEK;
use super::{Machine, bare, eventually};
use crate::place::Engine;
use crate::talk::timetable::apart::reader;
use crate::talk::timetable::book;

/// Limits as the kernel sees them: name, soft and hard.
fn limits(pid: u32) -> Vec<(String, String, String)> {
    let all = std::fs::read_to_string(format!("/proc/{pid}/limits")).unwrap_or_default();
    let line = |line: &str| {
        let words: Vec<&str> = line.get(26..)?.split_whitespace().collect();
        Some((line.get(..26)?.trim().to_owned(), (*words.first()?).to_owned(), (*words.get(1)?).to_owned()))
    };
    all.lines().skip(1).filter_map(line).collect()
}

#[tokio::test]
async fn it_is_confined_before_it_reads() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = bare(folder.path(), &["read-workbook", "--megabytes", "300", "--seconds", "7"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn().expect("it runs");
    let pid = child.id().expect("it runs");
    let expected = [
        ("Max cpu time", "7", "8"),
        ("Max file size", "0", "0"),
        ("Max core file size", "0", "0"),
        ("Max processes", "0", "0"),
        ("Max open files", "3", "3"),
        ("Max address space", "314572800", "314572800"),
    ];
    eventually("confined", async || {
        let limits = limits(pid);
        expected.iter().all(|(name, soft, hard)| {
            limits.iter().any(|known| (known.0.as_str(), known.1.as_str(), known.2.as_str()) == (*name, *soft, *hard))
        })
    })
    .await;
    // Nothing that is asked, nothing that is said; and it ends by itself.
    drop(child.stdin.take());
    let ended = Clock::machine().within(Duration::from_secs(20), child.wait()).await.expect("it ends").expect("ended");
    assert_eq!(ended.code(), Some(1));
    // Nobody who looks for help is shown it.
    let help = bare(folder.path(), &["--help"]).output().await.expect("help");
    assert!(!String::from_utf8_lossy(&help.stdout).contains("read-workbook"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_inherits_pipes_and_nothing_else() {
    let machine = Machine::on(Engine::Sqlite).await;
    let (code, _, err) = machine.said(&["migrate"]).await;
    assert_eq!(code, 0, "{err}");
    let (seen, folder) = (machine.folder().join("seen"), machine.folder());
    let script = format!("env > {0}; ls -l /proc/$$/fd >> {0}; pwd >> {0}; exit 3", seen.display());
    let path = reader(folder, &script);
    machine.puts("edt.xlsx", &book(&[], &WEEK));
    let args = ["import", "edt.xlsx", "--apply", "--json"];
    let told = async |code: &str| {
        let output = machine.command(&args).env("PREAU__FILES__READER", &path).output().await.expect("it ran");
        let said: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!((output.status.code(), said["refused"]["code"].as_str()), (Some(1), Some(code)), "{said}");
        assert_eq!(said["applied"], Value::Bool(false));
    };
    told("IMP-15").await;
    let seen = std::fs::read_to_string(&seen).expect("what it saw");
    assert!(!seen.contains("PREAU") && !seen.contains("TOKEN"), "{seen}");
    // What this test itself was started with, and cannot close, is passed on.
    let ours: Vec<String> = std::fs::read_dir("/proc/self/fd")
        .expect("what is open")
        .filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok())
        .map(|link| link.display().to_string())
        .collect();
    let inherited = |line: &str| line.rsplit(' ').next().is_some_and(|to| ours.iter().any(|link| link == to));
    let open = seen.lines().filter(|line| line.contains(" -> ") && (line.contains("/dev/null") || !inherited(line)));
    let open: Vec<&str> = open.collect();
    // Two pipes, nowhere, and the script itself.
    assert_eq!(open.iter().filter(|line| line.contains("pipe:[")).count(), 2, "{open:?}");
    let else_open = open.iter().filter(|line| !line.contains("pipe:[") && !line.contains("/dev/null"));
    assert!(else_open.clone().all(|line| line.contains("reader.sh") || line.contains("/seen")), "{open:?}");
    assert!(seen.lines().any(|line| line == "/"), "{seen}");
    // In words, for whoever typed it.
    let mut command = machine.command(&["import", "edt.xlsx", "--apply"]);
    let (code, out, err) = super::told(command.env("PREAU__FILES__READER", &path).output().await.expect("it ran"));
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    assert!(err.contains("sa lecture s’est arrêtée net") && err.contains("(IMP-15)"), "{err}");
    // One that is not there is a matter of this machine, not of the file.
    let mut command = machine.command(&["import", "edt.xlsx", "--apply"]);
    let output = command.env("PREAU__FILES__READER", "/nowhere/reader").output().await.expect("it ran");
    let (code, out, err) = super::told(output);
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    assert!(!err.contains("IMP-") && err.contains("/nowhere/reader"), "{err}");
    assert_eq!(machine.sessions().await, 0, "nothing is changed");
    // The program's own reader.
    let (code, out, err) = machine.said(&["import", "edt.xlsx", "--apply"]).await;
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(machine.sessions().await, 2);
    machine.remove().await;
}
