//! A backup is always one SQLite file, whatever engine it comes from; it holds no secret key. Restoring brings it into
//! an empty database of either engine.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::alone::alone;
use super::copy::{Tally, carried, copy, count, empty};
use super::open::{Database, sqlite_path};
use super::schema::look_at;
use super::sql::store_error;
use super::transaction::{Pools, Tx};
use crate::kernel::{Error, Result};

/// Writes everything to `file`, beside a live run. The file appears under its name only when it is whole.
pub async fn backup(database: &Database, file: &Path) -> Result<Vec<Tally>> {
    if file.exists() {
        return Err(Error::outage("the backup", &format!("{} is there already", file.display())));
    }
    let partial = beside(file, "partial");
    remove(&partial);
    private_file(&partial)?;
    let outcome = write_to(database, &partial).await;
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

async fn write_to(database: &Database, partial: &Path) -> Result<Vec<Tally>> {
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
        Pools::Sqlite { writer, readers } => {
            readers.close().await;
            sqlx::query("PRAGMA journal_mode = DELETE").execute(writer).await.map(|_| ()).map_err(store_error)
        }
        Pools::Postgres(..) => Ok(()),
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
    let schema = look_at(file).await.map_err(|_| refused("is no backup of Préau"))?;
    if schema.applied.is_empty() {
        return Err(refused("is no backup of Préau"));
    }
    if schema.is_newer() {
        return Err(refused("was written by a newer version of Préau: install that version first"));
    }
    let scratch = scratch(database)?;
    let outcome = alone(&database.db, Box::pin(pour_from(database, file, &scratch, replace, settle))).await;
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut name = scratch.clone().into_os_string();
        name.push(ending);
        remove(Path::new(&name));
    }
    outcome
}

/// The backup itself is never written: a copy is brought up to date and read.
async fn pour_from<T>(
    database: &Database,
    file: &Path,
    scratch: &Path,
    replace: bool,
    settle: impl AsyncFnOnce(&mut Tx) -> Result<T>,
) -> Result<(Vec<Tally>, T)> {
    private_file(scratch)?;
    std::fs::copy(file, scratch).map_err(|error| Error::outage("the backup", &format!("{error}")))?;
    private(scratch)?;
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

/// A name beside the database (SQLite) or in the folder of kept files, where we may write and the disk has room.
fn scratch(database: &Database) -> Result<PathBuf> {
    let config = database.db.config();
    let folder = sqlite_path(&config.database.url)
        .and_then(|path| path.parent().map(Path::to_owned))
        .unwrap_or_else(|| config.files.folder.clone());
    if !folder.as_os_str().is_empty() {
        std::fs::create_dir_all(&folder)
            .map_err(|error| Error::outage("the backup", &format!("{}: {error}", folder.display())))?;
    }
    Ok(folder.join(format!(".restore-{}", database.db.ids().next())))
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
