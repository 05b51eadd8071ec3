//! The macros that expand one statement per engine, and what database errors mean.

use crate::kernel::{Error, Result};

/// Names a store's statements and lists them as `STATEMENTS`.
#[macro_export]
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $sql:literal;)+) => {
        $($(#[$doc])* const $name: &str = $sql;)+
        /// Every statement of this store; a test prepares each on both engines.
        pub const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}

/// Runs a statement on a [`crate::platform::store::Tx`]; gives the number of rows it touched.
#[macro_export]
macro_rules! run {
    ($tx:expr, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $tx.connection() {
            $crate::platform::store::Connection::Sqlite(c) =>
                sqlx::query($sql)$(.bind($bind))*.execute(c).await.map(|done| done.rows_affected()),
            $crate::platform::store::Connection::Postgres(c) =>
                sqlx::query($sql)$(.bind($bind))*.execute(c).await.map(|done| done.rows_affected()),
        }
        .map_err($crate::platform::store::store_error)
    };
}

/// All rows as `$row` (a `FromRow` type or a tuple).
#[macro_export]
macro_rules! fetch_all {
    ($tx:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $tx.connection() {
            $crate::platform::store::Connection::Sqlite(c) =>
                sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_all(c).await,
            $crate::platform::store::Connection::Postgres(c) =>
                sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_all(c).await,
        }
        .map_err($crate::platform::store::store_error)
    };
}

/// At most one row as `$row`.
#[macro_export]
macro_rules! fetch_optional {
    ($tx:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $tx.connection() {
            $crate::platform::store::Connection::Sqlite(c) =>
                sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_optional(c).await,
            $crate::platform::store::Connection::Postgres(c) =>
                sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_optional(c).await,
        }
        .map_err($crate::platform::store::store_error)
    };
}

/// Inserts many rows, a hundred a statement; gives how many were touched. `$sql` is the statement for one row: what it
/// says before `VALUES` and after its parenthesis holds for all; `$bind` are its columns in order.
#[macro_export]
macro_rules! insert_many {
    ($tx:expr, $sql:expr, $rows:expr, |$row:ident| [$($bind:expr),+ $(,)?]) => {
        async {
            let (head, tail) = $crate::platform::store::around_values($sql);
            let mut touched = 0_u64;
            for some in $rows.chunks(100) {
                touched += match $tx.connection() {
                    $crate::platform::store::Connection::Sqlite(c) => {
                        let mut query = sqlx::QueryBuilder::<sqlx::Sqlite>::new(head);
                        query.push_values(some, |mut values, $row| { $(values.push_bind($bind);)+ });
                        query.push(tail).build().execute(c).await.map(|done| done.rows_affected())
                    }
                    $crate::platform::store::Connection::Postgres(c) => {
                        let mut query = sqlx::QueryBuilder::<sqlx::Postgres>::new(head);
                        query.push_values(some, |mut values, $row| { $(values.push_bind($bind);)+ });
                        query.push(tail).build().execute(c).await.map(|done| done.rows_affected())
                    }
                }
                .map_err($crate::platform::store::store_error)?;
            }
            $crate::kernel::Result::Ok(touched)
        }
    };
}

/// What an INSERT of one row says before `VALUES` and after its parenthesis.
pub fn around_values(sql: &'static str) -> (&'static str, &'static str) {
    let (head, values) = sql.split_once("VALUES").unwrap_or((sql, ""));
    (head, values.split_once(')').map_or("", |(_, tail)| tail))
}

const SAID: &str = "database error ";

/// The code in what [`store_error`] says: of SQLite without its variant, of PostgreSQL as it is (five signs).
pub fn code_of(detail: &str) -> Option<&str> {
    let code = detail.strip_prefix(SAID)?.split(' ').next()?;
    let plain = code.parse::<u32>().ok().filter(|_| code.len() < 5).map(|code| code & 0xff);
    match plain {
        Some(10) => Some("10"),
        Some(13) => Some("13"),
        Some(14) => Some("14"),
        _ => Some(code),
    }
}

/// What a database error means. Busy, serialisation failures, deadlocks, lost connections and a disk that is full or fails
/// are outages: the row that caused the work runs again. Anything else is a fault of ours. Values never enter the text.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub fn store_error(error: sqlx::Error) -> Error {
    match &error {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            // PostgreSQL: serialisation, deadlock, lock, a transaction that stood still too long; a connection lost, a
            // resource short, the server stopping or turning this database away (55000). SQLite, in their variants: busy,
            // locked, a disk that fails (10) or is full (13), a file that cannot be opened (14).
            let of_sqlite = code.parse::<u32>().ok().filter(|_| code.len() < 5).map(|code| code & 0xff);
            let busy = matches!(code.as_ref(), "25P03" | "40001" | "40P01" | "55000" | "55P03" | "57014")
                || (code.len() == 5 && ["08", "53", "57P"].iter().any(|class| code.starts_with(class)))
                || matches!(of_sqlite, Some(5 | 6 | 10 | 13 | 14));
            let detail = format!("{SAID}{code} ({:?}) on {}", database.kind(), database.table().unwrap_or("?"));
            if busy {
                Error::outage("database", &detail)
            } else {
                // SQLite's and PostgreSQL's messages name tables and columns; details with values are separate fields.
                Error::fault(&format!("{detail}: {}", database.message()))
            }
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => Error::outage("database", &error),
        _ => Error::fault(&format!("database: {error}")),
    }
}

/// Was there no room for what was to be written, or does the disk fail?
pub(super) fn lacks_room(error: &Error) -> bool {
    matches!(error, Error::Outage { detail, .. } if matches!(code_of(detail), Some("10" | "13" | "53100")))
}

/// Guards on affected rows.
pub trait Affected {
    /// Exactly one row must have been touched: anything else is a fault of ours.
    fn exactly_one(self, what: &str) -> Result<()>;
}

impl Affected for u64 {
    fn exactly_one(self, what: &str) -> Result<()> {
        if self == 1 { Ok(()) } else { Err(Error::fault(&format!("{what}: {self} rows touched instead of one"))) }
    }
}
