//! SQL (DESIGN 2 and 4): it stands in the stores, in constants with a name that a test prepares on both engines, and each
//! store writes its own tables only.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};

use crate::source;

/// The macros that run a statement, and which of their arguments it is.
const RUNNERS: [(&str, usize); 4] = [("run", 1), ("insert_many", 1), ("fetch_all", 2), ("fetch_optional", 2)];

/// Who reads a table that another store writes, and why it may.
const READS: &[(&str, &str, &str)] = &[
    ("school/audit", "session", "an entry about a lesson is found by its class"),
    ("school/attendance", "account", "whom an account in a call belongs to is known by their tie"),
    ("school/attendance", "live_call", "when no call was open between two of one session"),
    ("school/attendance", "person", "a line of a sheet is sorted and shown by its person's name"),
    ("school/session", "outbox", "what a notice took along is told once its row is done"),
    ("school/attendance", "session", "a sheet is found by the hours of its session"),
];

/// A macro that is called: its name, its line, what stands between its parentheses.
struct Called {
    name: String,
    line: usize,
    inner: TokenStream,
}

/// Every macro called in these tokens, within others too.
fn calls(tokens: TokenStream, found: &mut Vec<Called>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, tree) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = tree else { continue };
        if at >= 2
            && let (TokenTree::Ident(name), TokenTree::Punct(bang)) = (&tokens[at - 2], &tokens[at - 1])
            && bang.as_char() == '!'
        {
            found.push(Called { name: name.to_string(), line: name.span().start().line, inner: group.stream() });
        }
        calls(group.stream(), found);
    }
}

/// What stands between the commas.
fn arguments(inner: &TokenStream) -> Vec<Vec<TokenTree>> {
    let (mut all, mut depth) = (vec![Vec::new()], 0_i32);
    for tree in inner.clone() {
        if let TokenTree::Punct(mark) = &tree {
            // A type's arguments (`Option<(A, B)>`) hold commas too.
            depth += i32::from(mark.as_char() == '<') - i32::from(mark.as_char() == '>');
            if mark.as_char() == ',' && depth == 0 {
                all.push(Vec::new());
                continue;
            }
        }
        all.last_mut().expect("one at least").push(tree);
    }
    all
}

/// The constants of `statements! { NAME = "…"; … }`.
fn constants(inner: &TokenStream) -> BTreeMap<String, String> {
    let tokens: Vec<TokenTree> = inner.clone().into_iter().collect();
    let named = tokens.windows(3).filter_map(|three| match three {
        [TokenTree::Ident(name), TokenTree::Punct(is), TokenTree::Literal(sql)] if is.as_char() == '=' => {
            Some((name.to_string(), syn::parse_str::<syn::LitStr>(&sql.to_string()).ok()?.value()))
        }
        _ => None,
    });
    named.collect()
}

/// What of sqlx takes a text of SQL.
fn runs(name: &str) -> bool {
    name.to_lowercase().starts_with("query") || matches!(name, "*" | "raw_sql" | "Executor" | "AssertSqlSafe")
}

/// `store.rs`, or the files of a folder `store/` where one file would be too long. The room `platform::store` makes the
/// macros; the others use them.
fn is_store(path: &str) -> bool {
    path.ends_with("/store.rs") || path.contains("/store/")
}

/// What in one file is SQL out of its place: line, sentence, what it is.
pub(super) fn misplaced(path: &str, text: &str) -> Vec<(usize, &'static str, String)> {
    let mut found = Vec::new();
    let mut called = Vec::new();
    calls(text.parse().unwrap_or_default(), &mut called);
    let named: BTreeSet<String> = called
        .iter()
        .filter(|call| call.name == "statements")
        .flat_map(|call| constants(&call.inner).into_keys())
        .collect();
    for call in &called {
        let runner = RUNNERS.iter().find(|(name, _)| *name == call.name);
        if runner.is_none() && call.name != "statements" {
            continue;
        }
        if !is_store(path) {
            found.push((call.line, "SQL only in files named store.rs", format!("{}!", call.name)));
            continue;
        }
        let Some((_, at)) = runner else { continue };
        let sql = arguments(&call.inner).into_iter().nth(*at).unwrap_or_default();
        if !matches!(&sql[..], [TokenTree::Ident(name)] if named.contains(&name.to_string())) {
            let sentence = "a statement is a named constant of this file's statements!, so that a test prepares it";
            let shown: TokenStream = sql.into_iter().collect();
            found.push((call.line, sentence, format!("{}!(… {shown} …)", call.name)));
        }
    }
    for used in source::facts(path, text).used {
        let path_used: Vec<&str> = used.path.iter().map(String::as_str).collect();
        match path_used.as_slice() {
            ["crate", name, ..] if !is_store(path) && RUNNERS.iter().any(|(runner, _)| runner == name) => {
                found.push((used.line, "SQL only in files named store.rs", used.path.join("::")));
            }
            ["sqlx", name, ..] if is_store(path) && !path.starts_with("src/platform/store/") && runs(name) => {
                let sentence = "a store runs its statements by the macros of platform::store";
                found.push((used.line, sentence, used.path.join("::")));
            }
            _ => {}
        }
    }
    found
}

/// The tables that a statement writes, and those that it reads.
fn tables(sql: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let spaced: String = sql
        .chars()
        .flat_map(|c| if c.is_alphanumeric() || "_.".contains(c) { vec![c] } else { vec![' ', c, ' '] })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let word = |at: usize| words.get(at).copied().unwrap_or_default();
    let is = |at: usize, what: &str| word(at).eq_ignore_ascii_case(what);
    let (mut written, mut read) = (BTreeSet::new(), BTreeSet::new());
    for at in 0..words.len() {
        let before = at.checked_sub(1);
        let after = |what: &str| before.is_some_and(|before| is(before, what));
        if is(at, "INTO") || (is(at, "UPDATE") && !after("DO") && !after("FOR")) || (is(at, "FROM") && after("DELETE"))
        {
            written.insert(word(at + 1).to_owned());
        } else if is(at, "JOIN") || (is(at, "FROM") && !after("DISTINCT")) {
            read.insert(word(at + 1).to_owned());
            // `FROM a x, b y`
            let mut next = at + 2;
            while is(at, "FROM") && (word(next) == "," || word(next + 1) == ",") {
                let comma = if word(next) == "," { next } else { next + 1 };
                read.insert(word(comma + 1).to_owned());
                next = comma + 2;
            }
        }
    }
    (written, read)
}

/// `src/school/approval/store.rs`, all of `src/school/roster/store/` and all of `src/platform/store/` are a store each.
fn store_of(path: &str) -> &str {
    let folder = path.trim_start_matches("src/").rsplit_once('/').map_or(path, |(folder, _)| folder);
    folder.strip_suffix("/store").filter(|_| folder != "platform/store").unwrap_or(folder)
}

/// Each table of the migrations.
fn created() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(source::root().join("migrations")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ext| ext == "sql") {
            let text = std::fs::read_to_string(path).unwrap();
            let names = text.split("CREATE TABLE ").skip(1).filter_map(|rest| rest.split([' ', '(']).next());
            found.extend(names.map(str::to_owned));
            // A table that is built anew bears another name for a moment.
            let renamed = text.split("ALTER TABLE ").skip(1).filter_map(|rest| rest.split_once(" RENAME TO "));
            for (name, _) in renamed {
                found.remove(name);
            }
        }
    }
    found
}

type Uses = BTreeMap<String, BTreeSet<String>>;

/// Which stores write and which read each of these tables.
fn uses(files: &[(String, String)], created: &BTreeSet<String>) -> (Uses, Uses) {
    let (mut writers, mut readers) = (Uses::new(), Uses::new());
    for (path, text) in files {
        let mut called = Vec::new();
        calls(text.parse().unwrap(), &mut called);
        let blocks = called.iter().filter(|call| call.name == "statements");
        for sql in blocks.flat_map(|call| constants(&call.inner).into_values()) {
            let (written, read) = tables(&sql);
            for (tables, uses) in [(written, &mut writers), (read, &mut readers)] {
                for table in tables.intersection(created) {
                    uses.entry(table.clone()).or_default().insert(store_of(path).to_owned());
                }
            }
        }
    }
    (writers, readers)
}

/// What of « its tables only » these files break.
fn strangers(files: &[(String, String)], created: &BTreeSet<String>, agreed: &[(&str, &str, &str)]) -> Vec<String> {
    let (writers, readers) = uses(files, created);
    let mut found = Vec::new();
    for table in created {
        match writers.get(table).map_or(0, BTreeSet::len) {
            0 => found.push(format!("{table}: no store writes it")),
            1 => {}
            _ => found.push(format!("{table}: a table is written by one store, not by {:?}", writers[table])),
        }
    }
    let foreign =
        readers.iter().flat_map(|(table, stores)| stores.iter().map(move |store| (store.as_str(), table.as_str())));
    let foreign: BTreeSet<(&str, &str)> =
        foreign.filter(|(store, table)| !writers.get(*table).is_some_and(|mine| mine.contains(*store))).collect();
    let agreed: BTreeSet<(&str, &str)> = agreed.iter().map(|(store, table, _)| (*store, *table)).collect();
    let told = |(store, table): &(&str, &str), why: &str| format!("{store} reads {table}: {why}");
    found.extend(
        foreign
            .difference(&agreed)
            .map(|pair| told(pair, "a store reads its own tables; agreed exceptions stand in READS")),
    );
    found.extend(agreed.difference(&foreign).map(|pair| told(pair, "it does not any more: take it out of READS")));
    found
}

#[test]
fn each_store_keeps_to_its_own_tables() {
    let created = created();
    assert!(created.len() > 40 && created.contains("outbox"), "the tables were not found: {created:?}");
    let found = strangers(&source::files(), &created, READS);
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn whose_table_it_is_is_seen() {
    for (sql, written, read) in [
        ("SELECT a FROM x WHERE b IS DISTINCT FROM $1", "", "x"),
        ("INSERT INTO x (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = excluded.a", "x", ""),
        ("INSERT INTO x (a) SELECT a FROM y WHERE NOT EXISTS (SELECT 1 FROM z)", "x", "y z"),
        ("UPDATE x SET a = 1 WHERE b IN (SELECT b FROM y)", "x", "y"),
        ("DELETE FROM x WHERE a NOT IN (SELECT a FROM y JOIN z ON z.b = y.b)", "x", "y z"),
        ("SELECT x.a FROM x, y q, z WHERE x.a = q.a", "", "x y z"),
        ("SELECT a FROM (SELECT a FROM x) q LEFT JOIN y ON y.a = q.a FOR UPDATE", "", "( x y"),
    ] {
        let words = |set: BTreeSet<String>| set.into_iter().collect::<Vec<_>>().join(" ");
        let (found_written, found_read) = tables(sql);
        assert_eq!((words(found_written).as_str(), words(found_read).as_str()), (written, read), "{sql}");
    }
    let store =
        |name: &str, sql: &str| (format!("src/school/{name}/store.rs"), format!("statements! {{ ONE = \"{sql}\"; }}"));
    let created: BTreeSet<String> = ["x", "y"].map(str::to_owned).into();
    let told =
        |files: &[(String, String)], agreed: &[(&str, &str, &str)]| strangers(files, &created, agreed).join("; ");
    let (x, y) = (store("a", "DELETE FROM x"), store("b", "UPDATE y SET n = 1"));
    assert_eq!(told(&[x.clone(), y.clone()], &[]), "");
    let theirs = store("c", "INSERT INTO x (n) VALUES (1)");
    assert!(told(&[x.clone(), y.clone(), theirs], &[]).contains("x: a table is written by one store"));
    let looks = store("c", "SELECT y.n FROM y");
    let agreed = ("school/c", "y", "because");
    assert!(told(&[x.clone(), y.clone(), looks.clone()], &[]).contains("school/c reads y"));
    assert_eq!(told(&[x.clone(), y.clone(), looks], &[agreed]), "");
    assert!(told(&[x, y], &[agreed]).contains("take it out of READS"));
}
