//! The backup of each day, made by the program itself.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use preau::app::House;
use preau::kernel::time::{Zone, read_day, read_hour};
use preau::kernel::{At, Lang};
use preau::platform::alert::Alert;
use preau::platform::inbox;
use preau::platform::store::{Database, Nightly, Tenure, restore};
use preau::platform::tasks::Tasks;
use preau::sandbox::{Limits, Options, Sandbox};

use super::{MORNING, Machine, within};
use crate::place::{Engine, Place};
use crate::store::{Raw, grow};
use crate::world::schema;

fn names(folder: &Path) -> Vec<String> {
    let Ok(read) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> = read.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn paris(day: &str, hour: &str) -> At {
    Zone::default().instant(read_day(day).expect("a day"), read_hour(hour).expect("an hour"))
}

/// A house that is kept each second, at an hour that the test sets.
struct Kept {
    sandbox: Sandbox,
    place: Place,
    database: Database,
    tasks: Tasks,
    _ticker: tokio_cron_scheduler::JobScheduler,
}

impl Kept {
    async fn on(engine: Engine, keys: &[(&str, &str)], serves: bool) -> Self {
        let clock = preau::kernel::Clock::standing(MORNING);
        let options = Options { clock: clock.clone(), seed: 5, limits: Limits::default(), schema: schema() };
        let sandbox = Sandbox::start(options).await.expect("the sandbox");
        let place = Place::on(engine).await;
        grow(&place).await;
        let (port, folder) = (sandbox.smtp_port().to_string(), place.path("backup").display().to_string());
        let mut all = vec![
            ("backup.folder", folder.as_str()),
            ("backup.keep", "2"),
            ("alert.smtp_host", "127.0.0.1"),
            ("alert.smtp_port", port.as_str()),
            ("alert.smtp_tls", "none"),
            ("alert.mail_from", "preau@school.example"),
            ("alert.mail_to", "admin@school.example"),
        ];
        all.extend(keys);
        let database = place.open_with(clock.clone(), &all).await;
        let alert = Alert::new(&database.db.config().alert, Lang::Fr, &clock).expect("the alerts");
        let tenure = if serves { Tenure::alone(&clock) } else { Tenure::shared(&clock, Duration::from_secs(10)) };
        let tasks = Tasks::default();
        let house = House::new(database.db.clone(), alert, tenure, Arc::default());
        let ticker = house.tick("* * * * * *", tasks.clone()).await.expect("it ticks");
        Self { sandbox, place, database, tasks, _ticker: ticker }
    }

    fn set(&self, day: &str, hour: &str) {
        self.database.db.clock().set(paris(day, hour));
    }

    async fn last(&self) -> Nightly {
        let read = self.database.db.read(async |tx| inbox::store::setting(tx, Nightly::SETTING).await).await;
        Nightly::read(read.expect("read").as_deref())
    }

    async fn end(mut self) {
        self.tasks.stop(&preau::kernel::Clock::machine(), Duration::from_secs(4)).await;
        self.database.close().await;
        self.sandbox.stop().await;
        self.place.remove().await;
    }
}

const SOON: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_a_day_is_made_and_the_newest_are_kept() {
    for engine in Engine::all() {
        let kept = Kept::on(engine, &[("backup.hour", "09:30")], true).await;
        let (folder, clock) = (kept.place.path("backup"), preau::kernel::Clock::machine());
        clock.rest(Duration::from_millis(2_500)).await;
        assert_eq!(names(&folder), Vec::<String>::new(), "{engine:?}: not before its hour");
        std::fs::create_dir(&folder).expect("a folder");
        std::fs::write(folder.join("preau-2026-11-20.db.partial"), "cut off").expect("a file");
        std::fs::write(folder.join("ours.txt"), "not its").expect("a file");
        let days = [("24/11/2026", "2026-11-24"), ("25/11/2026", "2026-11-25"), ("26/11/2026", "2026-11-26")];
        for (day, name) in days {
            kept.set(day, "09:30");
            let made = paris(day, "09:30");
            within(SOON, name, async || kept.last().await.made == Some(made)).await;
            let rights = folder.join(format!("preau-{name}.db")).metadata().expect("made").permissions().mode();
            assert_eq!(rights & 0o777, 0o600, "{engine:?}");
            kept.set(day, "23:00");
        }
        clock.rest(Duration::from_millis(1_500)).await;
        let newest = ["ours.txt", "preau-2026-11-25.db", "preau-2026-11-26.db"];
        assert_eq!(names(&folder), newest, "{engine:?}: one a day, two kept, no others touched");
        assert_eq!(kept.last().await.made, Some(paris("26/11/2026", "09:30")), "{engine:?}: once a day");
        assert!(kept.sandbox.mails().iter().all(|mail| !mail.subject.contains("sauvegarde")), "{engine:?}");

        // It holds everything, sealed, and no key: that comes from elsewhere.
        let file = std::fs::read(folder.join("preau-2026-11-26.db")).expect("a file");
        assert!(!file.starts_with(b"SQLite format"), "{engine:?}: in the clear");
        let mut empty = Place::on(Engine::Sqlite).await;
        let key = kept.place.path("secrets.key").display().to_string();
        let there = empty.open_with(preau::kernel::Clock::standing(MORNING), &[("secrets.key_file", &key)]).await;
        let (tallies, ()) =
            restore(&there, &folder.join("preau-2026-11-26.db"), false, async |_| Ok(())).await.expect("back");
        assert!(tallies.iter().any(|tally| tally.table == "person" && tally.rows > 0), "{tallies:?}");
        there.close().await;
        empty.remove().await;
        kept.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_fails_is_told_once_and_made_when_it_can_be() {
    for engine in Engine::all() {
        let kept = Kept::on(engine, &[("backup.hour", "00:00")], true).await;
        let folder = kept.place.path("backup");
        // A file stands where the folder should; it was there before the first second was over, or the day's is made.
        if folder.exists() {
            within(SOON, "the first", async || kept.last().await.made.is_some()).await;
            std::fs::remove_dir_all(&folder).expect("removed");
        }
        std::fs::write(&folder, "no folder").expect("a file");
        kept.set("25/11/2026", "08:00");
        within(SOON, "failed", async || kept.last().await.failed.is_some()).await;
        let told = || {
            let mails = kept.sandbox.mails().into_iter();
            mails.filter(|mail| mail.subject == "Préau : la sauvegarde du jour n’est pas faite").count()
        };
        assert_eq!(told(), 1, "{engine:?}");
        let mails = kept.sandbox.mails();
        let told_why = mails.iter().any(|mail| mail.body.contains("un fichier s’y trouve, pas un dossier"));
        assert!(told_why, "{engine:?}: in words: {mails:#?}");
        let failed = kept.last().await.failed.expect("failed");
        assert!(failed.told && failed.why.contains("backup"), "{failed:?}");
        let clock = kept.database.db.clock();
        let next = clock.wall().plus_minutes(61);
        clock.correct_wall(next);
        within(SOON, "again", async || kept.last().await.failed.is_some_and(|failed| failed.wall >= next)).await;
        assert_eq!(told(), 1, "{engine:?}: told once");
        std::fs::remove_file(&folder).expect("removed");
        clock.correct_wall(clock.wall().plus_minutes(61));
        within(SOON, "made", async || kept.last().await.failed.is_none()).await;
        assert_eq!(names(&folder), ["preau-2026-11-25.db"], "{engine:?}");
        kept.end().await;
    }
}

/// Of several programs on one store, one makes it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_stands_by_makes_none() {
    for engine in Engine::all() {
        let kept = Kept::on(engine, &[("backup.hour", "00:00")], false).await;
        let mut raw = Raw::open(&kept.place).await;
        let moments = "SELECT COUNT(*) FROM outbox WHERE key LIKE 'moment:%'";
        within(SOON, "kept", async || raw.number(moments).await > 0).await;
        preau::kernel::Clock::machine().rest(Duration::from_millis(1_500)).await;
        assert!(!kept.place.path("backup").exists(), "{engine:?}");
        drop(raw);
        kept.end().await;
    }
}

/// As a school runs it, with the program's own minute; both engines wait for it at the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_program_saves_itself_and_says_when() {
    let engines = Engine::all().into_iter().map(async |engine| {
        let machine = Machine::on(engine).await;
        let command = |args: &[&str]| {
            let mut command = machine.command(args);
            command.env("PREAU__BACKUP__FOLDER", "backup").env("PREAU__BACKUP__HOUR", "07:00");
            command
        };
        let check = async || super::told(command(&["check"]).output().await.expect("it ran")).1;
        let running = super::Running::start(command(&["run"]), &machine.folder().join("run.log"));
        machine.until("/readyz", 200).await;
        let said = check().await;
        assert!(said.contains("✓ Sauvegarde chaque jour à partir de 07:00, dans backup ; 7 sont gardées."), "{said}");
        assert!(!said.contains("Dernière sauvegarde"), "{said}");
        let key = "· Seule la clé des secrets (secrets.key_file) ouvre les sauvegardes : gardez-en une copie ailleurs";
        assert!(said.replace('\u{a0}', " ").contains(key), "{said}");
        let file = machine.folder().join("backup/preau-2026-11-24.db");
        within(Duration::from_secs(90), "the day's backup", async || file.exists()).await;
        let wanted = "✓ Dernière sauvegarde : mar. 24 nov., 08:00 (Paris).";
        within(Duration::from_secs(10), "check says it", async || check().await.contains(wanted)).await;
        let (_, measures) = machine.ask("/metrics").await;
        assert!(measures.contains("preau_backup_last_seconds 1795503600"), "{measures}");
        let admin = machine.admin().await;
        machine.sandbox.say(admin, admin, "/etat");
        let card = async || machine.sandbox.last(admin).is_some_and(|last| last.text.contains("Base de données :"));
        super::eventually("the card", card).await;
        let card = machine.sandbox.last(admin).expect("a card").text;
        assert!(
            card.contains("· Sauvegarde : la dernière, 08:00 (Paris) ; la prochaine, mer. 25 nov., 07:00 (Paris)."),
            "{card}"
        );
        running.signal("TERM").await;
        assert_eq!(running.ended().await.0, 0);
        let (_, said, _) = machine.said(&["check"]).await;
        assert!(said.contains("· Préau ne se sauvegarde pas de lui-même."), "{said}");
        machine.remove().await;
    });
    futures::future::join_all(engines).await;
}

/// The disk of the database is full (with PostgreSQL: that of kept files), the backup's own is not: it says which.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_without_room_for_the_copy_is_named() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        let (code, _, err) = machine.said(&["migrate"]).await;
        assert_eq!(code, 0, "{engine:?}: {err}");
        // In a mount namespace of its own: nothing is left of it.
        let mut small = std::process::Command::new("unshare");
        small.args(["--mount", "mount", "-t", "tmpfs", "tmpfs"]).arg(machine.folder());
        if !small.stderr(std::process::Stdio::null()).status().is_ok_and(|done| done.success()) {
            crate::place::tell("skipped: a full disk, since none can be mounted here");
            machine.remove().await;
            continue;
        }
        std::fs::create_dir_all(machine.folder().join("data/files")).expect("a folder");
        let (disk, room) = match engine {
            Engine::Sqlite => {
                let held = std::fs::metadata(machine.folder().join("data/preau.db")).expect("a database").len();
                ("data", held + 160 * 1024)
            }
            Engine::Postgres => ("data/files", 64 * 1024),
        };
        let script = format!(
            "cp -r {disk} kept && mount -t tmpfs -o size={room} tmpfs {disk} && cp -r kept/. {disk} && exec \"$0\" backup saved"
        );
        let program = machine.command(&["backup"]);
        let mut command = tokio::process::Command::new("unshare");
        command.args(["--mount", "sh", "-c", &script, env!("CARGO_BIN_EXE_preau")]).current_dir(machine.folder());
        command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        command.envs(program.as_std().get_envs().filter_map(|(key, value)| Some((key, value?))));
        let (code, _, err) = super::told(command.output().await.expect("it ran"));
        let why = format!("Sauvegarde : {disk} : il n’y a plus de place sur le disque.");
        assert!(code == 1 && err.replace('\u{a0}', " ").contains(&why), "{engine:?}: {code}: {err}");
        let left = names(machine.folder());
        assert!(left.iter().all(|name| !name.starts_with("saved")), "{engine:?}: {left:?}");
        machine.remove().await;
    }
}
