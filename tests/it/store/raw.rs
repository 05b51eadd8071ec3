//! A database looked at and written to beside the product.

use std::path::Path;
use std::str::FromStr as _;

use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};

use crate::place::Place;

/// A connection of the test's own, beside the product.
pub enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Raw {
    pub async fn open(place: &Place) -> Self {
        Self::url(&place.url).await
    }

    pub async fn url(url: &str) -> Self {
        if url.starts_with("sqlite") {
            // The product may have the writer for a while on a machine that has much to do.
            let options = SqliteConnectOptions::from_str(url).unwrap().create_if_missing(true);
            let options = options.busy_timeout(std::time::Duration::from_secs(30));
            Self::Sqlite(SqliteConnection::connect_with(&options).await.unwrap())
        } else {
            Self::Postgres(PgConnection::connect(url).await.unwrap())
        }
    }

    /// A SQLite file.
    pub async fn at(file: &Path) -> Self {
        let options = SqliteConnectOptions::new().filename(file);
        Self::Sqlite(SqliteConnection::connect_with(&options).await.unwrap())
    }

    /// Several statements, as they stand in a file.
    pub async fn execute(&mut self, text: &str) {
        let sql = sqlx::raw_sql(AssertSqlSafe(text.to_owned()));
        match self {
            Self::Sqlite(c) => c.execute(sql).await.map(|_| ()),
            Self::Postgres(c) => c.execute(sql).await.map(|_| ()),
        }
        .unwrap_or_else(|error| panic!("{error}\n{text}"));
    }

    pub async fn number(&mut self, text: &str) -> i64 {
        let sql = AssertSqlSafe(text.to_owned());
        match self {
            Self::Sqlite(c) => sqlx::query_scalar(sql).fetch_one(c).await,
            Self::Postgres(c) => sqlx::query_scalar(sql).fetch_one(c).await,
        }
        .unwrap()
    }

    /// Every column of a table.
    pub async fn columns(&mut self, table: &str) -> Vec<String> {
        let mut names = match self {
            Self::Sqlite(_) => self.texts(&format!("SELECT name FROM pragma_table_info('{table}')")).await,
            Self::Postgres(_) => {
                let named =
                    "SELECT CAST(column_name AS TEXT) FROM information_schema.columns WHERE table_schema = 'public'";
                self.texts(&format!("{named} AND table_name = '{table}'")).await
            }
        };
        names.sort();
        names
    }

    /// The values of these columns in every row, one text a row, in an order of their own.
    pub async fn values(&mut self, table: &str, columns: &[String]) -> Vec<String> {
        let shown: Vec<String> =
            columns.iter().map(|name| format!("'{name}=' || COALESCE(CAST({name} AS TEXT), 'NULL')")).collect();
        let mut rows = self.texts(&format!("SELECT {} FROM {table}", shown.join(" || ' ' || "))).await;
        rows.sort();
        rows
    }

    /// The only column of every row.
    pub async fn texts(&mut self, text: &str) -> Vec<String> {
        let sql = AssertSqlSafe(text.to_owned());
        match self {
            Self::Sqlite(c) => sqlx::query_scalar(sql).fetch_all(c).await,
            Self::Postgres(c) => sqlx::query_scalar(sql).fetch_all(c).await,
        }
        .unwrap()
    }

    pub async fn migrate_to(&mut self, migrator: &Migrator, version: i64) {
        match self {
            Self::Sqlite(c) => migrator.run_to(version, c).await,
            Self::Postgres(c) => migrator.run_to(version, c).await,
        }
        .unwrap();
    }

    /// Every table of ours that is there.
    pub async fn tables(&mut self) -> Vec<String> {
        let mut names: Vec<String> = match self {
            Self::Sqlite(c) => {
                sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'").fetch_all(c).await.unwrap()
            }
            Self::Postgres(c) => sqlx::query_scalar(
                "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public'",
            )
            .fetch_all(c)
            .await
            .unwrap(),
        };
        names.retain(|name| !name.starts_with("sqlite_") && name != "_sqlx_migrations");
        names.sort();
        names
    }
}
