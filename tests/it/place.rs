//! A database of a test's own: on SQLite, and on PostgreSQL when `TEST_POSTGRES_URL` is set.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Once};
use std::time::Duration;

use preau::kernel::id::Ids;
use preau::kernel::{At, Clock};
use preau::platform::config::Config;
use preau::platform::store::{Database, Probe};
use sqlx::Connection as _;

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// The engines of this run. `TEST_SQLITE=no` leaves SQLite out of a run on PostgreSQL: CI tries it in a step of its own.
    pub fn all() -> Vec<Self> {
        if postgres_url().is_none() {
            static TOLD: Once = Once::new();
            TOLD.call_once(|| tell("skipped on PostgreSQL: TEST_POSTGRES_URL is not set"));
            vec![Self::Sqlite]
        } else if without_sqlite() {
            static TOLD: Once = Once::new();
            TOLD.call_once(|| tell("skipped on SQLite: TEST_SQLITE is no"));
            vec![Self::Postgres]
        } else {
            vec![Self::Sqlite, Self::Postgres]
        }
    }

    /// What is carried from one database to another is tried for every pair of engines that are there: a run on
    /// PostgreSQL alone leaves out only what has no PostgreSQL in it.
    pub fn pairs() -> Vec<(Self, Self)> {
        Self::all();
        pairs(postgres_url().is_some(), !without_sqlite())
    }

    /// How many days of a law go beside each other in one test: they mostly wait. On PostgreSQL a program that was stopped
    /// leaves leases behind that its successor waits out (15 s and more), while the other days go on.
    #[cfg(feature = "sandbox")]
    pub const fn beside(self) -> usize {
        match self {
            Self::Sqlite => 4,
            Self::Postgres => 8,
        }
    }
}

fn pairs(postgres: bool, sqlite_alone: bool) -> Vec<(Engine, Engine)> {
    use Engine::{Postgres, Sqlite};
    let all = [(Sqlite, Sqlite), (Sqlite, Postgres), (Postgres, Sqlite), (Postgres, Postgres)];
    let tried = |(one, two): &(Engine, Engine)| {
        let in_it = *one == Postgres || *two == Postgres;
        if in_it { postgres } else { sqlite_alone || !postgres }
    };
    all.into_iter().filter(tried).collect()
}

/// Says it to whoever runs the tests: what is printed within one, the harness keeps to itself.
pub fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[expect(clippy::disallowed_methods, reason = "tests are told their database by the environment")]
pub fn postgres_url() -> Option<String> {
    std::env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "tests are told their databases by the environment")]
fn without_sqlite() -> bool {
    std::env::var("TEST_SQLITE").is_ok_and(|value| value == "no")
}

/// Waits until it is so, and not longer than this.
pub async fn within(limit: Duration, what: &str, mut so: impl AsyncFnMut() -> bool) {
    let clock = Clock::machine();
    while !so().await {
        assert!(clock.elapsed() < limit, "never: {what}");
        clock.rest(Duration::from_millis(20)).await;
    }
}

/// Is this CI, where nothing may be skipped?
#[cfg(feature = "sandbox")]
#[expect(clippy::disallowed_methods, reason = "CI says that it is CI by the environment")]
pub fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

/// A database of this test's own.
pub struct Place {
    pub url: String,
    postgres: Option<(String, String)>,
    folder: tempfile::TempDir,
}

impl Place {
    pub async fn on(engine: Engine) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        match engine {
            Engine::Sqlite => {
                let url = format!("sqlite://{}", folder.path().join("preau.db").display());
                Self { url, postgres: None, folder }
            }
            Engine::Postgres => Self::of_postgres("template1", folder).await,
        }
    }

    /// As [`Place::on`], with its tables: on PostgreSQL copied from a database where they are, which is quicker than all
    /// migrations again.
    #[cfg(feature = "sandbox")]
    pub async fn ready(engine: Engine) -> Self {
        static TEMPLATE: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
        if engine == Engine::Sqlite {
            return Self::on(engine).await;
        }
        let template = TEMPLATE.get_or_init(template).await;
        Self::of_postgres(template, tempfile::tempdir().expect("a folder for the test")).await
    }

    /// A copy of this database, which nobody has open; in memory where there is a place for that.
    #[cfg(feature = "sandbox")]
    pub async fn copied(&self) -> Self {
        let memory = std::path::Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let folder = folder.expect("a folder for the test");
        if let Some((_, name)) = &self.postgres {
            return Self::of_postgres(name, folder).await;
        }
        let file = folder.path().join("preau.db");
        std::fs::copy(self.path("preau.db"), &file).expect("copied");
        Self { url: format!("sqlite://{}", file.display()), postgres: None, folder }
    }

    async fn of_postgres(template: &str, folder: tempfile::TempDir) -> Self {
        let admin = postgres_url().expect("TEST_POSTGRES_URL");
        let name = format!("preau_test_{}", uuid::Uuid::from_u128(rand_u128()).simple());
        let mut connection = sqlx::PgConnection::connect(&admin).await.expect("PostgreSQL");
        order(&mut connection, format!("CREATE DATABASE {name} TEMPLATE {template}")).await.expect("a database");
        let base = admin.rsplit_once('/').expect("an address with a database").0;
        Self { url: format!("{base}/{name}"), postgres: Some((admin, name)), folder }
    }

    /// Opens it beside others, at a standing clock.
    pub async fn open(&self, at: At) -> Database {
        self.open_with(Clock::standing(at), &[]).await
    }

    pub async fn open_with(&self, clock: Clock, keys: &[(&str, &str)]) -> Database {
        self.open_probed(clock, keys, Probe::default()).await
    }

    pub async fn open_probed(&self, clock: Clock, keys: &[(&str, &str)], probe: Probe) -> Database {
        let ids = Ids::from_system(clock.clone());
        Database::open(self.config(keys), clock, ids, probe).await.expect("the database")
    }

    pub fn config(&self, keys: &[(&str, &str)]) -> Arc<Config> {
        let [files, key] = ["files", "secrets.key"].map(|name| self.path(name).display().to_string());
        let mut all = vec![
            ("database.url", self.url.as_str()),
            ("files.folder", files.as_str()),
            ("secrets.key_file", key.as_str()),
        ];
        all.extend_from_slice(keys);
        Arc::new(Config::with(&all, &preau::app::sections()).expect("the configuration"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub async fn remove(&mut self) {
        if let Some((admin, name)) = self.postgres.take()
            && let Ok(mut connection) = sqlx::PgConnection::connect(&admin).await
        {
            let _ = order(&mut connection, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

async fn order(connection: &mut sqlx::PgConnection, order: String) -> Result<(), sqlx::Error> {
    sqlx::query(sqlx::AssertSqlSafe(order)).execute(connection).await.map(|_| ())
}

/// The database with the tables of these migrations, made by whoever needs it first and left for the runs that follow.
#[cfg(feature = "sandbox")]
async fn template() -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the migrations").flatten().map(|file| file.path()).collect();
    files.sort();
    let all: Vec<u8> = files.iter().flat_map(|file| std::fs::read(file).expect("a migration")).collect();
    let name = format!("preau_template_{}", &preau::kernel::secret::sha256_hex(&all)[..16]);
    let admin = postgres_url().expect("TEST_POSTGRES_URL");
    let mut connection = sqlx::PgConnection::connect(&admin).await.expect("PostgreSQL");
    // One of several test programs makes it. The lock ends with the connection.
    order(&mut connection, "SELECT pg_advisory_lock(7270022)".to_owned()).await.expect("the lock");
    let there = sqlx::query("SELECT 1 FROM pg_database WHERE datname = $1").bind(&name);
    if there.fetch_optional(&mut connection).await.expect("looked up").is_none() {
        let mut made = Place::on(Engine::Postgres).await;
        made.open(At(0)).await.close().await;
        let (_, making) = made.postgres.take().expect("on PostgreSQL");
        // Whoever was connected is gone a moment later.
        for _ in 0..100 {
            if order(&mut connection, format!("ALTER DATABASE {making} RENAME TO {name}")).await.is_ok() {
                return name;
            }
            Clock::machine().rest(Duration::from_millis(50)).await;
        }
        panic!("the template is not free");
    }
    name
}

fn rand_u128() -> u128 {
    use std::hash::{BuildHasher as _, RandomState};
    let half = || u128::from(RandomState::new().hash_one(std::thread::current().id()));
    (half() << 64) | half()
}

#[test]
fn every_pair_of_engines_is_tried_somewhere_in_ci() {
    use Engine::{Postgres, Sqlite};
    // Its two steps: SQLite alone, then PostgreSQL with TEST_SQLITE=no.
    assert_eq!(pairs(false, true), [(Sqlite, Sqlite)]);
    assert_eq!(pairs(true, false), [(Sqlite, Postgres), (Postgres, Sqlite), (Postgres, Postgres)]);
    assert_eq!(pairs(true, true).len(), 4);
}

/// A test program of its own, as whoever types `cargo test` runs it: nothing is passed on but what it says itself.
#[test]
fn what_is_skipped_is_said() {
    let program = std::env::current_exe().expect("this program");
    let said = |name: &str, value: &str| {
        let mut command = std::process::Command::new(&program);
        command.args(["place::the_engines_of_a_run", "--exact"]).env_remove("TEST_POSTGRES_URL");
        command.env_remove("TEST_SQLITE").env(name, value);
        let output = command.output().expect("it ran");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stderr).expect("text")
    };
    assert_eq!(said("TEST_SQLITE", "yes"), "skipped on PostgreSQL: TEST_POSTGRES_URL is not set\n");
    let both = said("TEST_POSTGRES_URL", "postgres://nobody@127.0.0.1:1/x");
    assert_eq!(both, "", "nothing is skipped");
}

#[test]
fn the_engines_of_a_run() {
    let engines = Engine::all();
    assert!(!engines.is_empty() && engines == Engine::all());
}
