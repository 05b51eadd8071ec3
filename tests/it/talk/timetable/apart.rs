//! A workbook is read by a process of its own: what becomes of it there is one sentence here, and everything else goes
//! on.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use super::*;
use crate::world::Engine;
use preau::platform::store::Probe;

const LESSON: [[&str; 7]; 1] = [["25/11/2026", "08:30", "10:30", "1A", "Réseaux", "", "B204"]];

/// A reader that does this.
pub fn reader(folder: &std::path::Path, script: &str) -> PathBuf {
    let path = folder.join("reader.sh");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a reader");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).expect("it may run");
    path
}

const BROKE: &str = "Je n’ai pas lu ce fichier : sa lecture s’est arrêtée net. Ouvrez-le dans Excel ou LibreOffice, \
enregistrez-le à nouveau, puis renvoyez-le. (IMP-15)";
const SPENT: &str = "Je n’ai pas lu ce fichier : le lire demande trop de mémoire ou de temps. Enregistrez-le à nouveau \
sans images ni onglets inutiles, ou en plusieurs fichiers, puis renvoyez-le. (IMP-14)";

/// What readers do, and what is said then.
const READERS: [(&str, &str, &str); 9] = [
    ("ends at once, with nothing said", "exit 0", BROKE),
    ("fails", "exit 3", BROKE),
    ("falls over", "kill -SEGV $$", BROKE),
    ("speaks in no frames of ours", "yes 'no frame of ours'", BROKE),
    ("speaks in frames that hold nothing of ours", r"printf '\004\000\000\000J{}}'", BROKE),
    ("breaks off in a frame", r"printf '\377\000\000\000J{'", BROKE),
    // A sheet of nothing, and not the end.
    ("does not say everything", r"cat > /dev/null; printf '\016\000\000\000J{\042People\042:[]}'", BROKE),
    ("aborts, as without memory", "kill -ABRT $$", SPENT),
    ("does not end", "exec sleep 600", SPENT),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_becomes_of_the_reader_is_one_sentence() {
    for engine in Engine::all() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = reader(folder.path(), "exit 1");
        let keys = [("files.reader", path.to_str().expect("text")), ("files.reader_seconds", "1")];
        let world = World::with(engine, Probe::default(), &keys).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        for (what, script, said) in READERS {
            reader(folder.path(), script);
            assert_eq!(sends(&world, claire, "edt.xlsx", book(&[], &LESSON)).await, said, "it {what}");
        }
        assert!(timetable(&world).await.is_empty(), "nothing is changed");
        presses(&world, claire, "Pourquoi").await;
        let why = last(&world, claire);
        assert!(why.contains("avec une mémoire et un temps comptés"), "{why}");
        world.check().await;
    }
}

/// The real reader, with less than it needs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_without_memory_says_so_and_a_later_one_reads() {
    let world = World::with(Engine::Sqlite, Probe::default(), &[("files.reader_megabytes", "16")]).await;
    let claire = admin(&world, "Claire", "Claire Dupont").await;
    assert_eq!(sends(&world, claire, "edt.xlsx", book(&[], &LESSON)).await, SPENT);
    world.check().await;
}

/// In the middle of many files at once nobody waits for ever, and each is answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_files_than_readers_are_all_read() {
    let world = World::on(Engine::Sqlite).await;
    let claire = admin(&world, "Claire", "Claire Dupont").await;
    for number in 0..12 {
        world.sandbox.send_file(claire, claire, &format!("edt{number}.xlsx"), book(&[], &LESSON), None);
    }
    world.drain().await.expect("quiet");
    let read = world.sandbox.messages(claire).into_iter().filter(|message| message.text.starts_with("Lu : 1 onglet"));
    assert_eq!(read.count(), 12);
    world.check().await;
}
