//! What everything needs is away for long: Telegram, the accounts' door, the database, room on the disk. Whoever looks after
//! the machine hears it once, nothing is lost, and `/etat` says from when to when.

use std::path::PathBuf;
use std::time::Duration;

use preau::kernel::{At, Clock, Lang};
use preau::platform::store::{Connection, Tx};
use preau::platform::web::{Health as _, Visit};
use preau::platform::{inbox, outbox};
use preau::sandbox::{Fault, Mail};
use preau::school::session::{self, Mode, Session};

use super::within;
use crate::place::{Engine, in_ci, tell};
use crate::store::Raw;
use crate::talk::mailed::MAIL;
use crate::talk::school::{School, at};

const TELEGRAM: &str = "Préau : Telegram ne répond pas";
pub const STORE: &str = "Préau : la base de données ne se laisse plus écrire";
const DAY: &str = "24/11/2026";

pub fn subjects(mails: &[Mail]) -> Vec<&str> {
    mails.iter().map(|mail| mail.subject.as_str()).collect()
}

/// A machine minute passes, and school time with it.
pub async fn minute(school: &School, now: At) {
    school.clock.correct_wall(school.clock.wall().plus_minutes(1));
    school.clock.set(now);
    // What is due is begun, and fails.
    Clock::machine().rest(Duration::from_millis(40)).await;
    school.app().expect("running").house().minute().await;
}

async fn rows(school: &School) -> i64 {
    Raw::open(&school.place).await.number("SELECT COUNT(*) FROM outbox").await
}

/// Where machine time may be set: on PostgreSQL it is the server's, and programs follow it (`paths/house.rs` tries what a
/// silence comes to on both).
pub fn own_time() -> Vec<Engine> {
    Engine::all().into_iter().filter(|engine| *engine == Engine::Sqlite).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn telegram_is_away_for_an_hour() {
    for engine in own_time() {
        let mut school = School::with(engine, &MAIL).await;
        school.group = school.adopt("BTS SIO 1A").await;
        let mut ids = Vec::new();
        for (from, to) in [("09:20", "10:30"), ("10:10", "11:30"), ("09:05", "09:30")] {
            let lesson = Session { subject: format!("Cours de {from}"), ..school.lesson(from, to, None) };
            ids.push((from, school.plan(lesson).await));
        }
        school.until("09:02").await;
        let before = rows(&school).await;
        let reminders = |school: &School, from: &str| {
            let words = format!("Cours de {from}");
            school
                .all(school.group)
                .iter()
                .filter(|one| one.text.contains("Rappel") && one.text.contains(&words))
                .count()
        };
        school.sandbox.fault(Fault::Away(true));
        school.sandbox.restart();
        let asked = ["Inès", "Noé", "Léa", "Paul", "Karim"];
        for who in asked {
            school.sandbox.say(school.is(who), school.is(who), "/prochain");
        }
        let begin = at(DAY, "09:02");
        for passed in 1..=60 {
            minute(&school, begin.plus_minutes(passed)).await;
        }
        // Told once, by mail, with its hour; what is stuck meanwhile is the same trouble.
        let mails = school.sandbox.mails();
        assert_eq!(subjects(&mails), [TELEGRAM], "{engine:?}");
        assert!(mails[0].body.contains("depuis le mar. 24 nov., 09:0"), "{engine:?}: {}", mails[0].body);
        let after = rows(&school).await;
        assert!(
            after < before + 40,
            "{engine:?}: what waits does not grow with the time that it waits: {before}, {after}"
        );
        assert_eq!(school.app().expect("running").in_hand(), 0, "{engine:?}");

        school.sandbox.fault(Fault::Away(false));
        // Pauses between tries may have grown to minutes.
        for _ in 0..15 {
            school.clock.correct_wall(school.clock.wall().plus_minutes(1));
            school.drain().await.expect("quiet");
        }
        school.app().expect("running").house().minute().await;
        school.drain().await.expect("quiet");
        for who in asked {
            let answers = school.all(school.is(who)).iter().filter(|one| one.text.contains("Cours de")).count();
            assert_eq!(answers, 1, "{engine:?}: {who}");
        }
        // Each reminder has come, or is reported: its lesson had begun, or Telegram hung up on it.
        // (`/etat` names the first of them, and says how many there are.)
        let reported = async |tx: &mut Tx| outbox::store::troubles(tx, At(0), 100).await;
        let reported = school.app().expect("running").db().read(reported).await.expect("read");
        for (from, id) in ids.iter().filter(|(from, _)| *from != "09:05") {
            let came = reminders(&school, from);
            let told = reported.iter().any(|row| row.kind == session::REMIND && row.payload.contains(id));
            assert!(came == 1 || (came == 0 && told), "{engine:?}: {from}: {came}, {reported:#?}");
        }
        let state = school.ask("Claire", "/etat").await;
        let line = "· Telegram n’a pas répondu du mar. 24 nov., 09:0";
        assert!(state.contains(line) && state.contains(" à 10:0"), "{engine:?}: {state}");
        // One sentence: who had the mail is not told again.
        assert!(
            school.all(school.is("Claire")).iter().all(|one| !one.text.starts_with("Telegram n’a pas")),
            "{engine:?}"
        );
        assert_eq!(subjects(&school.sandbox.mails()), [TELEGRAM], "{engine:?}");
        school.end().await;
    }
}

/// Without a mail server nobody can be told while it lasts: admins hear it afterwards, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_mail_it_is_told_when_telegram_is_back() {
    for engine in own_time() {
        let school = School::without_group(engine).await;
        for hour in ["09:00", "10:00"] {
            school.until(hour).await;
            school.sandbox.fault(Fault::Away(true));
            school.sandbox.restart();
            for passed in 1..=8 {
                minute(&school, at(DAY, hour).plus_minutes(passed)).await;
            }
            school.sandbox.fault(Fault::Away(false));
            within(Duration::from_mins(1), "back", async || {
                school.app().expect("running").house().minute().await;
                school.all(school.is("Claire")).iter().any(|one| one.text.contains(&format!("24 nov., {}", &hour[..3])))
            })
            .await;
            school.drain().await.expect("quiet");
        }
        let told = school.all(school.is("Claire")).into_iter().map(|one| one.text);
        let told: Vec<String> =
            told.filter(|text| text.starts_with("Telegram n’a pas répondu du mar. 24 nov.")).collect();
        assert_eq!(told.len(), 2, "{engine:?}: one for each absence: {told:?}");
        assert!(school.told("Inès").is_empty() || !school.told("Inès").contains("n’a pas répondu"), "admins only");
        school.end().await;
    }
}

/// The program ends while Telegram is away, and the next one finds it back: what the one before saw is over, and told once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_program_saw_away_is_over_for_the_next() {
    for (engine, keys) in own_time().into_iter().flat_map(|engine| [(engine, &MAIL[..]), (engine, &[])]) {
        let mut school = School::with(engine, keys).await;
        school.until("09:00").await;
        school.sandbox.fault(Fault::Away(true));
        school.sandbox.restart();
        for passed in 1..=8 {
            minute(&school, at(DAY, "09:00").plus_minutes(passed)).await;
        }
        school.stop().await;
        school.sandbox.fault(Fault::Away(false));
        school.clock.set(at(DAY, "09:12"));
        school.start().await.expect("it starts");
        school.app().expect("running").house().minute().await;
        school.drain().await.expect("quiet");
        let state = school.ask("Claire", "/etat").await;
        let line = "· Telegram n’a pas répondu du mar. 24 nov., 09:0";
        assert!(state.contains(line) && state.contains(" à 09:12 (Paris)."), "{engine:?}: {state}");
        assert!(!state.contains("ne répond plus"), "{engine:?}: {state}");
        // By mail while it lasted, or in Telegram afterwards; never both, and never twice.
        for _ in 0..2 {
            school.app().expect("running").house().minute().await;
            school.drain().await.expect("quiet");
        }
        let told = school.all(school.is("Claire"));
        let told = told.iter().filter(|one| one.text.starts_with("Telegram n’a pas répondu")).count();
        assert_eq!((school.sandbox.mails().len(), told), if keys.is_empty() { (0, 1) } else { (1, 0) }, "{engine:?}");
        school.end().await;
    }
}

/// The accounts' door is away, with two accounts; the Bot API works. One sentence for both.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_accounts_door_is_away_for_an_hour() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let names = [school.caller_number(1).await, school.caller_number(2).await].map(|account| account.to_string());
        let accounts = school.app().expect("running").callers().clone();
        let lesson = school.lesson("10:15", "11:00", None);
        school.plan(Session { mode: Mode::Remote, ..lesson }).await;
        school.until("09:00").await;
        school.sandbox.fault(Fault::CallersAway(true));
        school.sandbox.restart();
        let told = |school: &School| -> Vec<String> {
            let all = school.all(school.is("Claire")).into_iter().map(|one| one.text);
            all.filter(|text| text.starts_with("Telegram ne répond plus")).collect()
        };
        for hour in ["09:01", "09:03", "09:05", "09:20", "09:40", "09:59"] {
            school.until(hour).await;
            assert_eq!(accounts.prove().await, Some(()));
            assert_eq!(told(&school).len(), usize::from(hour > "09:05"), "{engine:?}: {hour}: {:?}", told(&school));
        }
        let words = told(&school).remove(0);
        let since = "aux comptes appelants";
        assert!(words.contains(since) && words.contains("depuis le mar. 24 nov., 09:01"), "{engine:?}: {words}");
        for name in &names {
            assert!(words.contains(name), "{engine:?}: {words}");
            let state = school.ask("Claire", "/etat").await;
            let line = format!("· Compte appelant {name} : Telegram ne lui répond pas depuis le mar. 24 nov., 09:01");
            assert!(state.contains(&line), "{engine:?}: {state}");
        }
        assert!(!school.told("Mamadou").contains("Telegram ne répond plus"), "admins only");
        school.sandbox.fault(Fault::CallersAway(false));
        assert_eq!(accounts.prove().await, Some(()));
        school.drain().await.expect("quiet");
        assert!(!school.ask("Claire", "/etat").await.contains("ne lui répond pas"), "{engine:?}");
        school.until("10:16").await;
        assert_eq!(school.sandbox.calls(school.group).len(), 1, "{engine:?}: its call opens");
        assert_eq!(told(&school).len(), 1, "{engine:?}");
        school.end().await;
    }
}

/// Another program holds the writer for over a minute: it is told by mail and at `/readyz`, and all goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_is_locked_for_a_minute() {
    let engines = Engine::all().into_iter().map(async |engine| {
        let school = School::with(engine, &MAIL).await;
        school.until("09:00").await;
        let mut stranger = Raw::open(&school.place).await;
        let hold = match engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN; SELECT pg_advisory_xact_lock(5264709)",
        };
        stranger.execute(hold).await;
        let asked = ["Inès", "Noé", "Léa"];
        let known = asked.map(|who| school.all(school.is(who)).len());
        for who in asked {
            school.sandbox.say(school.is(who), school.is(who), "/moi");
        }
        let clock = Clock::machine();
        let house = school.app().expect("running").house().clone();
        house.minute().await;
        // However many wait for the writer before the house-keeping does.
        assert!(clock.elapsed() < Duration::from_secs(35), "{engine:?}: {:?}", clock.elapsed());
        assert_eq!(subjects(&school.sandbox.mails()), [STORE], "{engine:?}");
        let said = &school.sandbox.mails()[0].body;
        assert!(said.contains("depuis le mar. 24 nov., 09:00 (Paris)"), "{engine:?}: {said}");
        let checks = house.checks().await;
        assert_eq!(checks[0].detail, "cannot be written since 2026-11-24 09:00", "{engine:?}");
        let visit = Visit { db: house.db.clone(), lang: Lang::Fr, checks };
        let mut pages = preau::school::FEATURES.iter().flat_map(|feature| feature.pages);
        let page = pages.find(|page| page.path == "/").expect("a page").show;
        let page = page(&visit).await.expect("the page");
        let line =
            "<li>La base de données ne se laisse plus écrire depuis le mar. 24 nov., 09:00 (Paris). Tout attend.</li>";
        assert!(page.contains(line) && !page.contains("cannot be written"), "{engine:?}: {page}");
        clock.rest(Duration::from_secs(62).saturating_sub(clock.elapsed())).await;
        school.clock.set(at(DAY, "09:01"));
        stranger.execute("ROLLBACK").await;
        house.minute().await;
        school.drain().await.expect("quiet");
        for (who, known) in asked.iter().zip(known) {
            assert_eq!(school.all(school.is(who)).len(), known + 1, "{engine:?}: {who}");
        }
        assert!(house.checks().await[0].ok, "{engine:?}");
        let state = school.ask("Claire", "/etat").await;
        let line = "· La base de données ne s’est pas laissé écrire du mar. 24 nov., 09:00 (Paris) à 09:01 (Paris).";
        assert!(state.contains(line), "{engine:?}: {state}");
        assert_eq!(subjects(&school.sandbox.mails()), [STORE], "{engine:?}: once");
        drop(stranger);
        school.check().await;
    });
    futures::future::join_all(engines).await;
}

/// A disk of its own with little room; only root may mount one.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn at(folder: PathBuf) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;

        let mut mount = std::process::Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=16m", "tmpfs"]).arg(&folder).stderr(std::process::Stdio::null());
        if mount.status().is_ok_and(|done| done.success()) {
            return Some(Self(folder));
        }
        let root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
        assert!(!(root && in_ci()), "root mounts a disk in CI");
        tell("skipped: a full disk, since none can be mounted here");
        None
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.0.join("preau.db").display())
    }

    /// To the last byte. SQLite's log is taken over into the database before: what it once had is room that stays its own.
    async fn fill(&self) {
        let mut raw = Raw::url(&self.url()).await;
        within(Duration::from_secs(30), "the log is empty", async || {
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").await;
            std::fs::metadata(self.0.join("preau.db-wal")).is_ok_and(|log| log.len() == 0)
        })
        .await;
        let mut filler = std::fs::File::create(self.0.join("filler")).expect("a file");
        for size in [64 * 1024, 512, 1] {
            while std::io::Write::write_all(&mut filler, &vec![b'x'; size]).is_ok() {}
        }
    }

    fn empty(&self) {
        std::fs::remove_file(self.0.join("filler")).expect("removed");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Nobody does anything: the house-keeping of the next minute finds it. Then people ask, and are answered once there is
/// room.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_disk_is_full() {
    let folder = tempfile::tempdir().expect("a folder");
    if !Engine::all().contains(&Engine::Sqlite) {
        return;
    }
    let Some(disk) = SmallDisk::at(folder.path().to_owned()) else { return };
    let url = disk.url();
    let keys: Vec<(&str, &str)> = MAIL.into_iter().chain([("database.url", url.as_str())]).collect();
    let school = School::with(Engine::Sqlite, &keys).await;
    school.until("09:00").await;
    let house = school.app().expect("running").house().clone();
    house.minute().await;
    assert!(house.checks().await[0].ok);
    disk.fill().await;
    house.minute().await;
    assert_eq!(subjects(&school.sandbox.mails()), [STORE]);
    assert!(school.sandbox.mails()[0].body.contains("depuis le mar. 24 nov., 09:00 (Paris)"));
    assert_eq!(house.checks().await[0].detail, "cannot be written since 2026-11-24 09:00");

    let asked = ["Inès", "Noé", "Léa", "Paul"];
    let known = asked.map(|who| school.all(school.is(who)).len());
    for nth in 0..80 {
        let who = school.is(asked[nth % 4]);
        school.sandbox.say(who, who, if nth < 4 { "/moi" } else { "bonjour" });
    }
    for passed in 1..=12 {
        school.clock.set(at(DAY, "09:00").plus_minutes(passed));
        Clock::machine().rest(Duration::from_millis(100)).await;
        house.minute().await;
    }
    // What cannot be kept is left with Telegram.
    assert_eq!(school.app().expect("running").in_hand(), 0);
    assert_eq!(asked.map(|who| school.all(school.is(who)).len()), known);

    disk.empty();
    house.minute().await;
    house.minute().await;
    school.drain().await.expect("quiet");
    assert!(house.checks().await[0].ok);
    for (who, known) in asked.iter().zip(known) {
        let said = school.all(school.is(who));
        assert_eq!(said.len(), known + 20, "{who}: each once: {said:#?}");
        assert!(said.iter().all(|one| !one.text.contains("cette référence")), "no bug of ours: {said:#?}");
    }
    let state = school.ask("Claire", "/etat").await;
    let line = "· La base de données ne s’est pas laissé écrire du mar. 24 nov., 09:00 (Paris) à 09:12 (Paris).";
    assert!(state.contains(line), "{state}");
    assert_eq!(subjects(&school.sandbox.mails()), [STORE], "once");
    school.check().await;
}

/// What is kept each minute finds room, and what somebody else wrote does not: it is told all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn there_is_room_for_little_only() {
    if !Engine::all().contains(&Engine::Sqlite) {
        return;
    }
    let school = School::with(Engine::Sqlite, &MAIL).await;
    school.until("09:00").await;
    let house = school.app().expect("running").house().clone();
    house.minute().await;
    let db = school.db().expect("running").clone();
    let much = async |tx: &mut Tx| {
        let Connection::Sqlite(connection) = tx.connection() else { panic!("SQLite") };
        sqlx::query("PRAGMA max_page_count = 1").execute(connection).await.expect("no more pages");
        inbox::store::set_setting(tx, "much", &"x".repeat(1_000_000)).await
    };
    db.transact(much).await.expect_err("no room");
    school.clock.set(at(DAY, "09:01"));
    house.minute().await;
    assert_eq!(subjects(&school.sandbox.mails()), [STORE]);
    let room = async |tx: &mut Tx| {
        let Connection::Sqlite(connection) = tx.connection() else { panic!("SQLite") };
        sqlx::query("PRAGMA max_page_count = 1000000").execute(connection).await.expect("room");
        Ok(())
    };
    db.transact(room).await.expect("as before");
    house.minute().await;
    assert!(house.checks().await[0].ok, "nobody found no room any more");
    let state = school.ask("Claire", "/etat").await;
    assert!(
        state.contains("· La base de données ne s’est pas laissé écrire du mar. 24 nov., 09:00 (Paris)"),
        "{state}"
    );
    school.check().await;
}
