//! Which tables there are, in which order they may be filled, and which migrations a database has seen.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection as _, PgConnection};

use super::open::{MIGRATIONS, sqlite_path};
use super::sql::store_error;
use super::transaction::{Connection, Tx};
use crate::kernel::{Error, Result};
use crate::platform::config::Config;

const APPLIED: &str = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";

/// What a column holds; there are no other types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Big,
    Bool,
    Real,
}

impl Kind {
    /// By its name: SQLite keeps what the migration says, `PostgreSQL` says it in small letters.
    fn read(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "text" => Self::Text,
            "bigint" => Self::Big,
            "boolean" => Self::Bool,
            "double precision" => Self::Real,
            _ => return None,
        })
    }
}

/// A table and its columns, as the database describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub name: String,
    pub columns: Vec<(String, Kind)>,
}

impl Table {
    /// `"a", "b"`
    pub fn column_list(&self) -> String {
        self.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
    }
}

/// The tables that the migrations create, in their order: what is referred to stands before what refers to it.
fn created() -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for migration in MIGRATIONS.iter() {
        let words: Vec<String> = migration
            .sql
            .as_str()
            .lines()
            .filter(|line| !line.trim_start().starts_with("--"))
            .flat_map(str::split_whitespace)
            .map(str::to_owned)
            .collect();
        for window in words.windows(3) {
            let [one, two, name] = window else { continue };
            let names_a_table = (one.eq_ignore_ascii_case("CREATE") && two.eq_ignore_ascii_case("TABLE"))
                || (one.eq_ignore_ascii_case("RENAME") && two.eq_ignore_ascii_case("TO"));
            let name = name.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_').to_owned();
            if names_a_table && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// Every table of this database, in the order in which they may be filled.
pub(super) async fn tables(tx: &mut Tx) -> Result<Vec<Table>> {
    let order = created();
    let present: Vec<String> = match tx.connection() {
        Connection::Sqlite(c) => {
            let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
            sqlx::query_scalar(sql).fetch_all(c).await
        }
        Connection::Postgres(c) => {
            let sql = "SELECT CAST(table_name AS TEXT) FROM information_schema.tables \
                WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'";
            sqlx::query_scalar(sql).fetch_all(c).await
        }
    }
    .map_err(store_error)?;
    if let Some(stranger) = present.iter().find(|name| *name != "_sqlx_migrations" && !order.contains(name)) {
        return Err(Error::fault(&format!("the table {stranger} is none of ours: this is another program's database")));
    }
    let mut tables = Vec::new();
    for name in order.into_iter().filter(|name| present.contains(name)) {
        tables.push(described(tx, name).await?);
    }
    Ok(tables)
}

async fn described(tx: &mut Tx, name: String) -> Result<Table> {
    let columns: Vec<(String, String)> = match tx.connection() {
        Connection::Sqlite(c) => {
            let sql = "SELECT name, type FROM pragma_table_info($1) ORDER BY name";
            sqlx::query_as(sql).bind(&name).fetch_all(c).await
        }
        Connection::Postgres(c) => {
            let sql = "SELECT CAST(column_name AS TEXT), CAST(data_type AS TEXT) FROM information_schema.columns \
                WHERE table_schema = current_schema() AND table_name = $1 \
                ORDER BY CAST(column_name AS TEXT) COLLATE \"C\"";
            sqlx::query_as(sql).bind(&name).fetch_all(c).await
        }
    }
    .map_err(store_error)?;
    let columns = columns
        .into_iter()
        .map(|(column, kind)| {
            let unknown = || Error::fault(&format!("{name}.{column} is {kind}, which is no type of ours"));
            Kind::read(&kind).map(|kind| (column.clone(), kind)).ok_or_else(unknown)
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Table { name, columns })
}

/// The migrations that a database has seen and those that this program knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    pub applied: Vec<i64>,
    pub known: Vec<i64>,
}

impl Schema {
    /// Migrations that the next start applies.
    pub fn pending(&self) -> usize {
        self.known.iter().filter(|version| !self.applied.contains(version)).count()
    }
    /// Was this database written by a newer version of Préau?
    pub fn is_newer(&self) -> bool {
        self.applied.iter().any(|version| !self.known.contains(version))
    }
}

fn known() -> Vec<i64> {
    MIGRATIONS.iter().map(|migration| migration.version).collect()
}

/// Looks at the configured database without changing it; `None` when a SQLite file is not there yet.
pub async fn look(config: &Config) -> Result<Option<Schema>> {
    if let Some(path) = sqlite_path(&config.database.url) {
        if !path.exists() {
            return Ok(None);
        }
        return look_at(&path).await.map(Some);
    }
    let mut connection = PgConnection::connect(&config.database.url).await.map_err(store_error)?;
    let there = "SELECT COUNT(*) FROM information_schema.tables \
        WHERE table_schema = current_schema() AND table_name = '_sqlx_migrations'";
    let there: i64 = sqlx::query_scalar(there).fetch_one(&mut connection).await.map_err(store_error)?;
    let applied = if there == 0 {
        Vec::new()
    } else {
        sqlx::query_scalar(APPLIED).fetch_all(&mut connection).await.map_err(store_error)?
    };
    let _ = connection.close().await;
    Ok(Some(Schema { applied, known: known() }))
}

/// Looks at a SQLite file without changing it.
pub(super) async fn look_at(path: &Path) -> Result<Schema> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(store_error)?;
    let there = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'";
    let there: i64 = sqlx::query_scalar(there).fetch_one(&mut connection).await.map_err(store_error)?;
    let applied = if there == 0 {
        Vec::new()
    } else {
        sqlx::query_scalar(APPLIED).fetch_all(&mut connection).await.map_err(store_error)?
    };
    let _ = connection.close().await;
    Ok(Schema { applied, known: known() })
}
