//! Every statement of every store is prepared on both engines, and every store lists its own.

use std::collections::BTreeSet;

use preau::kernel::At;
use preau::platform::{inbox, outbox, store};
use preau::school::FEATURES;
use preau::telegram;
use proc_macro2::{TokenStream, TokenTree};
use sqlx::{Executor as _, Row as _, SqlSafeStr as _};

use super::Raw;
use crate::place::{Engine, Place};
use crate::source;

fn listed() -> Vec<(String, &'static str)> {
    let [leases, alone] = store::STATEMENTS;
    let rooms: [(&str, &[(&str, &str)]); 7] = [
        ("platform::store::lease", leases),
        ("platform::store::alone", alone),
        ("platform::outbox", outbox::store::STATEMENTS),
        ("platform::outbox, shown", outbox::store::SHOWN),
        ("platform::inbox", inbox::store::STATEMENTS),
        ("telegram", telegram::store::STATEMENTS),
        ("telegram::caller", telegram::caller::store::STATEMENTS),
    ];
    let features = FEATURES.iter().flat_map(|feature| {
        let further = feature.further_statements.iter().copied();
        std::iter::once(feature.statements).chain(further).map(|statements| (feature.name, statements))
    });
    rooms
        .into_iter()
        .chain(features)
        .flat_map(|(room, statements)| statements.iter().map(move |(name, sql)| (format!("{room}::{name}"), *sql)))
        .collect()
}

/// The texts within `statements! { NAME = "…"; … }`.
fn written(tokens: TokenStream, found: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, tree) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = tree else { continue };
        let called = at >= 2
            && matches!(&tokens[at - 1], TokenTree::Punct(bang) if bang.as_char() == '!')
            && matches!(&tokens[at - 2], TokenTree::Ident(name) if name == "statements");
        if !called {
            written(group.stream(), found);
            continue;
        }
        let inner: Vec<TokenTree> = group.stream().into_iter().collect();
        for pair in inner.windows(2) {
            if let [TokenTree::Punct(is), TokenTree::Literal(sql)] = pair
                && is.as_char() == '='
                && let Ok(sql) = syn::parse_str::<syn::LitStr>(&sql.to_string())
            {
                found.insert(sql.value());
            }
        }
    }
}

#[test]
fn every_store_lists_its_statements() {
    let listed: BTreeSet<String> = listed().into_iter().map(|(_, sql)| sql.to_owned()).collect();
    let mut count = 0;
    for (path, text) in source::files() {
        let mut found = BTreeSet::new();
        written(text.parse().unwrap(), &mut found);
        count += found.len();
        let missing: Vec<&String> = found.iter().filter(|sql| !listed.contains(*sql)).collect();
        assert!(missing.is_empty(), "{path}: its STATEMENTS stand in no list that the tests know: {missing:#?}");
    }
    assert!(count > 50, "the statements were not found");
}

#[tokio::test]
async fn every_statement_is_prepared_on_both_engines() {
    for engine in Engine::all() {
        let mut place = Place::on(engine).await;
        place.open(At(0)).await.close().await;
        let mut raw = Raw::open(&place).await;
        let mut wrong = Vec::new();
        for (name, sql) in listed() {
            let prepared = match &mut raw {
                Raw::Sqlite(c) => c.prepare(sql.into_sql_str()).await.map(|_| ()),
                Raw::Postgres(c) => c.prepare(sql.into_sql_str()).await.map(|_| ()),
            };
            if let Err(error) = prepared {
                wrong.push(format!("{name}: {error}"));
            }
        }
        assert!(wrong.is_empty(), "{engine:?}:\n{}", wrong.join("\n"));
        drop(raw);
        place.remove().await;
    }
}

/// How the engine would go about it.
async fn explained(raw: &mut Raw, sql: &str) -> String {
    let sql = sql.replace("$1", "1795500000000").replace("$2", "1795600000000");
    match raw {
        Raw::Sqlite(c) => {
            let rows =
                sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).fetch_all(c).await.unwrap();
            rows.iter().map(|row| row.get::<String, _>("detail")).collect::<Vec<_>>().join("\n")
        }
        Raw::Postgres(_) => {
            // A table of no rows would be read from end to end whatever there is.
            raw.execute("SET enable_seqscan = off; SET enable_bitmapscan = off").await;
            raw.texts(&format!("EXPLAIN {sql}")).await.join("\n")
        }
    }
}

#[tokio::test]
async fn sessions_of_all_classes_are_found_by_their_start() {
    for engine in Engine::all() {
        let mut place = Place::on(engine).await;
        place.open(At(0)).await.close().await;
        let mut raw = Raw::open(&place).await;
        for wanted in ["BETWEEN", "NEXT"] {
            let all = preau::school::session::store::STATEMENTS.iter();
            let (_, sql) = all.copied().find(|(name, _)| *name == wanted).expect("a statement");
            let plan = explained(&mut raw, sql).await;
            assert!(plan.contains("session_start"), "{engine:?}, {wanted}: {plan}");
            // In their order already: the first one is enough where one is wanted.
            assert!(!plan.contains("TEMP B-TREE") && !plan.contains("Sort"), "{engine:?}, {wanted}: {plan}");
        }
        drop(raw);
        place.remove().await;
    }
}
