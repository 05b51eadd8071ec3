//! A backup is one SQLite file, whatever engine it comes from, sealed whole; it holds no secret key. Restoring brings it
//! into an empty database of either engine.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::alone::alone;
use super::copy::{Tally, carried, copy, count, empty};
use super::open::{Database, sqlite_path};
use super::schema::look_at;
use super::sealed;
use super::sql::{code_of, store_error};
use super::transaction::{Pools, Tx};
use crate::kernel::{At, Error, Result};
use crate::platform::vault::Vault;

/// What a crash left of a copy in the clear goes after so long.
const LEFT_HOURS: i64 = 24;

/// Writes everything to `file`, sealed, beside a live run. The file appears under its name only when it is whole; what is
/// sealed is written in the clear nowhere but beside the database.
pub async fn backup(database: &Database, file: &Path) -> Result<Vec<Tally>> {
    if file.exists() {
        return Err(Error::outage("the backup", &format!("{} is there already", file.display())));
    }
    let partial = beside(file, "partial");
    remove(&partial);
    private_file(&partial)?;
    let scratch = scratch(database, BACKUP)?;
    let outcome = write_to(database, &scratch, &partial).await;
    remove_all_of(&scratch);
    match outcome {
        Ok(tallies) => {
            let kept = File::open(&partial).and_then(|whole| whole.sync_all());
            kept.and_then(|()| std::fs::rename(&partial, file))
                .map_err(|error| Error::outage("the backup", &format!("{}: {error}", file.display())))?;
            Ok(tallies)
        }
        Err(error) => {
            remove(&partial);
            Err(error)
        }
    }
}

async fn write_to(database: &Database, scratch: &Path, partial: &Path) -> Result<Vec<Tally>> {
    private_file(scratch)?;
    let tallies = copy_to(database, scratch).await.map_err(|error| without_room(error, scratch))?;
    sealed::seal(&vault(database), scratch, partial).await?;
    Ok(tallies)
}

/// A disk that is full is named: the copy in the clear does not lie where backups are kept.
fn without_room(error: Error, scratch: &Path) -> Error {
    match &error {
        Error::Outage { detail, .. } if code_of(detail) == Some("13") => {
            let folder = scratch.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let full = std::io::Error::from_raw_os_error(rustix::io::Errno::NOSPC.raw_os_error());
            Error::outage("the backup", &format!("{}: {full}", folder.display()))
        }
        _ => error,
    }
}

fn vault(database: &Database) -> Vault {
    Vault::of(&database.db.config().secrets)
}

/// What a backup holds, as the SQLite file `plain`, which must not be there: for whoever looks into it.
pub async fn open_backup(database: &Database, file: &Path, plain: &Path) -> Result<()> {
    private_file(plain)?;
    if sealed::is_sealed(file)? {
        return sealed::open(&vault(database), file, plain).await;
    }
    std::fs::copy(file, plain).map_err(|error| Error::outage("the backup", &error))?;
    private(plain)
}

async fn copy_to(database: &Database, partial: &Path) -> Result<Vec<Tally>> {
    let name = partial.to_str().ok_or_else(|| Error::outage("the backup", "its path is not readable text"))?;
    if let Pools::Sqlite { writer, .. } = &database.db.pools {
        sqlx::query("VACUUM INTO $1").bind(name).execute(writer).await.map_err(store_error)?;
    }
    let copied = Database::open_file(partial, &database.db).await?;
    let tallies = if database.db.is_sqlite() {
        copied.db.read(counted).await
    } else {
        database.db.read(async |from| copied.db.transact(async |to| copy(from, to).await).await).await
    };
    let whole = close_into_one_file(copied).await;
    tallies.and_then(|tallies| whole.map(|()| tallies))
}

async fn counted(tx: &mut Tx) -> Result<Vec<Tally>> {
    let tables = carried(tx).await?;
    count(tx, &tables).await
}

/// Leaves no write-ahead log beside the file.
async fn close_into_one_file(database: Database) -> Result<()> {
    let outcome = match &database.db.pools {
        Pools::Sqlite { writer, readers, .. } => {
            readers.close().await;
            sqlx::query("PRAGMA journal_mode = DELETE").execute(writer).await.map(|_| ()).map_err(store_error)
        }
        Pools::Postgres { .. } => Ok(()),
    };
    database.close().await;
    outcome
}

/// Brings a backup into `database`, which must be empty unless `replace`: then what it holds is removed in the same
/// transaction. A backup of a newer version is refused; one of an older version is brought up to date on the way.
/// `settle` is told of it in that transaction: what was to be sent when the backup was made is not sent blindly. While it
/// lasts no program runs on the database.
pub async fn restore<T>(
    database: &Database,
    file: &Path,
    replace: bool,
    settle: impl AsyncFnOnce(&mut Tx) -> Result<T>,
) -> Result<(Vec<Tally>, T)> {
    let refused = |why: &str| Error::outage("the backup", &format!("{} {why}", file.display()));
    if !file.is_file() {
        return Err(refused("is not there"));
    }
    let scratch = scratch(database, RESTORE)?;
    let outcome = async {
        // The backup itself is never written: a copy is brought up to date and read.
        open_backup(database, file, &scratch).await?;
        let schema = look_at(&scratch).await.map_err(|_| refused("is no backup of Préau"))?;
        if schema.applied.is_empty() {
            return Err(refused("is no backup of Préau"));
        }
        if schema.is_newer() {
            return Err(refused("was written by a newer version of Préau: install that version first"));
        }
        alone(&database.db, Box::pin(pour_from(database, &scratch, replace, settle))).await
    };
    let outcome = Box::pin(outcome).await;
    remove_all_of(&scratch);
    outcome
}

async fn pour_from<T>(
    database: &Database,
    scratch: &Path,
    replace: bool,
    settle: impl AsyncFnOnce(&mut Tx) -> Result<T>,
) -> Result<(Vec<Tally>, T)> {
    let source = Database::open_file(scratch, &database.db).await?;
    let outcome = source
        .db
        .read(async |from| {
            database
                .db
                .transact(async |to| {
                    if replace {
                        empty(to).await?;
                    }
                    let tallies = copy(from, to).await?;
                    Ok((tallies, settle(to).await?))
                })
                .await
        })
        .await;
    source.close().await;
    outcome
}

const BACKUP: &str = ".backup-";
const RESTORE: &str = ".restore-";

/// A name beside the database (SQLite) or in the folder of kept files, where we may write and the disk has room.
fn scratch(database: &Database, before: &str) -> Result<PathBuf> {
    let config = database.db.config();
    let folder = sqlite_path(&config.database.url)
        .and_then(|path| path.parent().map(Path::to_owned))
        .unwrap_or_else(|| config.files.folder.clone());
    if !folder.as_os_str().is_empty() {
        std::fs::create_dir_all(&folder)
            .map_err(|error| Error::outage("the backup", &format!("{}: {error}", folder.display())))?;
    }
    remove_left(&folder, database.db.clock().wall());
    Ok(folder.join(format!("{before}{}", database.db.ids().next())))
}

/// Copies that a crash left in the clear.
fn remove_left(folder: &Path, now: At) {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let left = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let ours = |name: &std::ffi::OsStr| {
        name.to_str().is_some_and(|name| [BACKUP, RESTORE].iter().any(|own| name.starts_with(own)))
    };
    for file in left.filter(|file| ours(&file.file_name())) {
        let written = file.metadata().ok().map(|meta| meta.mtime());
        if written.is_some_and(|seconds| At(seconds * 1000).plus_hours(LEFT_HOURS) < now) {
            remove(&file.path());
        }
    }
}

/// The file, and what SQLite lays beside it.
fn remove_all_of(scratch: &Path) {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut name = scratch.to_owned().into_os_string();
        name.push(ending);
        remove(Path::new(&name));
    }
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

fn remove(file: &Path) {
    // Not there, or not removable: the next step says so where it matters.
    let _ = std::fs::remove_file(file);
}

/// An empty file that only its owner may read: SQLite fills it and keeps its mode.
fn private_file(file: &Path) -> Result<()> {
    OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(file)
        .map(|_| ())
        .map_err(|error| Error::outage("the backup", &format!("{}: {error}", file.display())))
}

fn private(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))
        .map_err(|error| Error::outage("the backup", &error))
}
