//! Copying a whole database into an empty one, on either engine, and proving it: counts and hashes on both sides.

use futures::TryStreamExt as _;
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, Executor, Postgres, QueryBuilder, Row as _, Sqlite};

use super::alone::alone;
use super::open::Database;
use super::schema::{Kind, Table, tables};
use super::sql::store_error;
use super::transaction::{Connection, Tx};
use crate::kernel::{Error, Result};

/// SQLite binds at most 32,766 values in a statement.
const MOST_VALUES: usize = 16_000;
/// Rows are written when this many bytes wait.
const MOST_BYTES: usize = 4_000_000;

/// What a table holds: how many rows, and a hash over all of them that does not depend on their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    pub table: String,
    pub rows: u64,
    pub hash: String,
}

/// Copies every row into `to`, which must be empty, and proves it. Nothing stays in `to` when anything differs. While
/// it lasts no program runs on either of them.
pub async fn move_to(from: &Database, to: &Database) -> Result<Vec<Tally>> {
    let pour = async |source: &mut Tx| to.db.transact(async |target| copy(source, target).await).await;
    let moved = async {
        if from.db.is_sqlite() {
            // As a writer: what is written beside it waits, and is not written where nobody looks any more.
            from.db.transact(pour).await
        } else {
            from.db.read(pour).await
        }
    };
    let moved = Box::pin(moved);
    Box::pin(alone(&from.db, alone(&to.db, moved))).await
}

/// Who holds what belongs to the processes at one database: leases are not carried elsewhere.
pub(super) async fn carried(tx: &mut Tx) -> Result<Vec<Table>> {
    let mut tables = tables(tx).await?;
    tables.retain(|table| table.name != "lease");
    Ok(tables)
}

/// Copies within two transactions; an error leaves `to` as it was.
pub(super) async fn copy(from: &mut Tx, to: &mut Tx) -> Result<Vec<Tally>> {
    for tx in [&mut *from, &mut *to] {
        take_your_time(tx).await?;
    }
    let (given, wanted) = (carried(from).await?, carried(to).await?);
    if given != wanted {
        return Err(Error::fault("the two databases have different tables: run the same version on both"));
    }
    for tally in count(to, &wanted).await? {
        if tally.rows > 0 {
            return Err(Error::outage("the other database", &format!("{} holds rows; it must be empty", tally.table)));
        }
    }
    let mut read = Vec::with_capacity(given.len());
    for table in &given {
        read.push(pour(from, table, Some(&mut *to)).await?);
    }
    let written = count(to, &wanted).await?;
    if read != written {
        let differ: Vec<&str> =
            read.iter().zip(&written).filter(|(a, b)| a != b).map(|(a, _)| a.table.as_str()).collect();
        return Err(Error::fault(&format!("what arrived differs in {}; nothing was kept", differ.join(", "))));
    }
    Ok(written)
}

/// While one side is written to the other stands still for long: the server is told not to cut it off.
async fn take_your_time(tx: &mut Tx) -> Result<()> {
    if let Connection::Postgres(c) = tx.connection() {
        c.execute("SET LOCAL idle_in_transaction_session_timeout = 0").await.map_err(store_error)?;
    }
    Ok(())
}

/// Removes every row, those that refer before those that are referred to.
pub(super) async fn empty(tx: &mut Tx) -> Result<()> {
    for table in carried(tx).await?.iter().rev() {
        let sql = AssertSqlSafe(format!("DELETE FROM \"{}\"", table.name));
        match tx.connection() {
            Connection::Sqlite(c) => c.execute(sql).await.map(|_| ()),
            Connection::Postgres(c) => c.execute(sql).await.map(|_| ()),
        }
        .map_err(store_error)?;
    }
    Ok(())
}

/// Counts and hashes what is there.
pub(super) async fn count(tx: &mut Tx, tables: &[Table]) -> Result<Vec<Tally>> {
    let mut tallies = Vec::with_capacity(tables.len());
    for table in tables {
        tallies.push(pour(tx, table, None).await?);
    }
    Ok(tallies)
}

/// Reads a table to its end, into `to` when there is one.
async fn pour(from: &mut Tx, table: &Table, to: Option<&mut Tx>) -> Result<Tally> {
    let mut sink = Sink { table, to, rows: Vec::new(), bytes: 0, sum: Sum::default(), count: 0 };
    match from.connection() {
        Connection::Sqlite(c) => drain::<Sqlite>(c, table, &mut sink).await?,
        Connection::Postgres(c) => drain::<Postgres>(c, table, &mut sink).await?,
    }
    sink.flush().await?;
    Ok(Tally { table: table.name.clone(), rows: sink.count, hash: sink.sum.hex() })
}

async fn drain<E: Engine>(from: &mut E::Connection, table: &Table, sink: &mut Sink<'_>) -> Result<()>
where
    for<'c> &'c mut E::Connection: Executor<'c, Database = E>,
{
    let sql = format!("SELECT {} FROM \"{}\"", table.column_list(), table.name);
    let mut rows = from.fetch(AssertSqlSafe(sql));
    while let Some(row) = rows.try_next().await.map_err(store_error)? {
        let values: Vec<Value> = table
            .columns
            .iter()
            .enumerate()
            .map(|(at, (_, kind))| E::value(&row, at, *kind))
            .collect::<Result<_, _>>()
            .map_err(store_error)?;
        sink.take(values).await?;
    }
    Ok(())
}

/// One value of one row.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Text(Option<String>),
    Big(Option<i64>),
    Bool(Option<bool>),
    Real(Option<f64>),
}

impl Value {
    fn size(&self) -> usize {
        if let Self::Text(Some(text)) = self { text.len() } else { 8 }
    }

    /// The same bytes on both engines; two different rows never give the same.
    fn write(&self, hash: &mut Sha256) {
        let mut put = |tag: u8, bytes: &[u8]| {
            hash.update([tag]);
            hash.update(u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(bytes);
        };
        match self {
            Self::Text(Some(text)) => put(1, text.as_bytes()),
            Self::Big(Some(number)) => put(2, &number.to_be_bytes()),
            Self::Bool(Some(truth)) => put(3, &[u8::from(*truth)]),
            Self::Real(Some(number)) => put(4, &number.to_bits().to_be_bytes()),
            Self::Text(None) | Self::Big(None) | Self::Bool(None) | Self::Real(None) => put(0, &[]),
        }
    }
}

/// What differs per engine: how a value is read, how rows are written.
trait Engine: sqlx::Database {
    fn value(row: &Self::Row, at: usize, kind: Kind) -> Result<Value, sqlx::Error>;
    fn insert(table: &Table, rows: Vec<Vec<Value>>) -> QueryBuilder<Self>;
}

macro_rules! engine {
    ($engine:ty) => {
        impl Engine for $engine {
            fn value(row: &Self::Row, at: usize, kind: Kind) -> Result<Value, sqlx::Error> {
                Ok(match kind {
                    Kind::Text => Value::Text(row.try_get_unchecked(at)?),
                    Kind::Big => Value::Big(row.try_get_unchecked(at)?),
                    Kind::Bool => Value::Bool(row.try_get_unchecked(at)?),
                    Kind::Real => Value::Real(row.try_get_unchecked(at)?),
                })
            }

            fn insert(table: &Table, rows: Vec<Vec<Value>>) -> QueryBuilder<Self> {
                let head = format!("INSERT INTO \"{}\" ({}) ", table.name, table.column_list());
                let mut query = QueryBuilder::new(head);
                query.push_values(rows, |mut places, row| {
                    for value in row {
                        match value {
                            Value::Text(text) => places.push_bind(text),
                            Value::Big(number) => places.push_bind(number),
                            Value::Bool(truth) => places.push_bind(truth),
                            Value::Real(number) => places.push_bind(number),
                        };
                    }
                });
                query
            }
        }
    };
}

engine!(Sqlite);
engine!(Postgres);

/// Where rows go: counted, hashed, and written in batches.
struct Sink<'t> {
    table: &'t Table,
    to: Option<&'t mut Tx>,
    rows: Vec<Vec<Value>>,
    bytes: usize,
    sum: Sum,
    count: u64,
}

impl Sink<'_> {
    async fn take(&mut self, row: Vec<Value>) -> Result<()> {
        let mut hash = Sha256::new();
        for value in &row {
            value.write(&mut hash);
        }
        self.sum.add(&hash.finalize());
        self.count += 1;
        if self.to.is_none() {
            return Ok(());
        }
        self.bytes += row.iter().map(Value::size).sum::<usize>();
        self.rows.push(row);
        if self.bytes >= MOST_BYTES || (self.rows.len() + 1) * self.table.columns.len() > MOST_VALUES {
            self.flush().await?;
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<()> {
        let (rows, Some(to)) = (std::mem::take(&mut self.rows), self.to.as_mut()) else { return Ok(()) };
        self.bytes = 0;
        if rows.is_empty() {
            return Ok(());
        }
        match to.connection() {
            Connection::Sqlite(c) => Sqlite::insert(self.table, rows).build().execute(c).await.map(|_| ()),
            Connection::Postgres(c) => Postgres::insert(self.table, rows).build().execute(c).await.map(|_| ()),
        }
        .map_err(store_error)
    }
}

/// The sum of the rows' hashes, modulo 2²⁵⁶: the same in whatever order they come, and a row twice is seen.
#[derive(Debug, Default)]
struct Sum([u8; 32]);

impl Sum {
    fn add(&mut self, hash: &[u8]) {
        let mut carry = 0_u16;
        for (mine, theirs) in self.0.iter_mut().rev().zip(hash.iter().rev()) {
            let [high, low] = (u16::from(*mine) + u16::from(*theirs) + carry).to_be_bytes();
            (*mine, carry) = (low, u16::from(high));
        }
    }

    fn hex(&self) -> String {
        use std::fmt::Write as _;
        self.0.iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashed(rows: &[&[Value]]) -> String {
        let mut sum = Sum::default();
        for row in rows {
            let mut hash = Sha256::new();
            for value in *row {
                value.write(&mut hash);
            }
            sum.add(&hash.finalize());
        }
        sum.hex()
    }

    #[test]
    fn the_hash_knows_no_order_and_forgets_no_row() {
        let text = |text: &str| Value::Text(Some(text.to_owned()));
        let (one, two) = ([text("a"), text("bc")], [text("ab"), text("c")]);
        assert_eq!(hashed(&[&one, &two]), hashed(&[&two, &one]));
        assert_ne!(hashed(&[&one]), hashed(&[&two]));
        assert_ne!(hashed(&[&one, &one]), hashed(&[]));
        assert_ne!(hashed(&[&[Value::Text(None)]]), hashed(&[&[text("")]]));
        assert_ne!(hashed(&[&[Value::Big(Some(1))]]), hashed(&[&[Value::Bool(Some(true))]]));
    }
}
