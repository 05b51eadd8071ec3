//! Snippets that break a rule, and the sentence each must get; snippets that break none.

use super::{broken, order};

fn told(path: &str, text: &str) -> Vec<String> {
    let order: Vec<String> = ["classroom", "session", "emargement"].map(str::to_owned).into();
    broken(path, text, &order)
}

#[track_caller]
fn refused(path: &str, text: &str, sentence: &str) {
    let found = told(path, text);
    assert!(
        found.iter().any(|line| line.contains(sentence)),
        "{path}: {text}\nexpected « {sentence} », got {found:#?}"
    );
}

#[track_caller]
fn fine(path: &str, text: &str) {
    assert_eq!(told(path, text), Vec::<String>::new(), "{path}: {text}");
}

#[test]
fn rooms() {
    refused("src/kernel/id.rs", "use crate::platform::store::Db;", "kernel imports nothing of ours");
    refused("src/kernel/a.rs", "fn f() { crate::school::classroom::f(); }", "kernel imports nothing of ours");
    refused("src/platform/http.rs", "use crate::{kernel::At, telegram::screen};", "platform imports only kernel");
    refused("src/platform/web/mod.rs", "use super::super::school::x;", "platform imports only kernel");
    refused("src/telegram/routes.rs", "use crate::school::classroom as c;", "telegram imports only");
    refused("src/telegram/routes.rs", "use crate::connectors::ability::X;", "telegram imports only");
    refused("src/school/session/flow.rs", "use crate::sandbox::World;", "school imports only lower rooms");
    refused("src/sandbox/world.rs", "use crate::telegram::screen::Screen;", "sandbox imports only kernel");
    refused("src/app/mod.rs", "use crate::demo;", "app imports neither");
    refused("src/platform/a.rs", "use crate as us; fn f() { us::school::x(); }", "platform imports only kernel");
    refused("src/platform/a.rs", "macro_rules! m { () => { $crate::school::x::y() } }", "platform imports only kernel");
    refused("src/platform/a.rs", "fn f() { dbg!(crate::telegram::{a, b}); }", "platform imports only kernel");
    refused("src/platform/a.rs", "use crate::*;", "names no room");
    refused("src/extras.rs", "fn f() {}", "src holds the rooms");
    fine("src/platform/a.rs", "use crate::kernel::{At, text}; fn f() { crate::text!(\"a\", b = text::c::d(1)); }");
    fine("src/demo.rs", "use crate::{app, sandbox}; use crate::school::classroom::flow::x;");
    fine("src/telegram/a.rs", "#[cfg(test)] mod tests { use super::*; use crate::sandbox::World; }");
    refused("src/kernel/a.rs", "#[cfg(test)] mod tests { use crate::sandbox::World; }", "kernel imports nothing");
}

#[test]
fn what_a_role_may_stands_in_one_table() {
    let (role, rank) = ("a role is named in school/rights.rs", "a rank is named in telegram");
    let flow = "src/school/session/flow/groups.rs";
    for compared in ["who.role >= Role::Teacher", "who.role == Role::Admin", "matches!(who.role, Role::Manager)"] {
        refused(flow, &format!("use crate::school::roster::Role; fn f() {{ {compared} }}"), role);
    }
    refused(flow, "use crate::school::roster as r; fn f() { match x { r::Role::Student => 1, _ => 2 }; }", role);
    refused(flow, "use crate::school::roster::Role::{self, Admin}; fn f() { x == Admin }", role);
    refused(flow, "use crate::school::roster::Role::*;", role);
    refused("src/app/house.rs", "use crate::school::roster::Role; fn f() { x < Role::Admin }", role);
    fine(flow, "use crate::school::roster::Role; fn f() { Role::ALL; Role::read(x); x.role.is_least(); }");
    fine("src/school/rights.rs", "use super::roster::Role; fn f() { x == Role::Admin }");
    fine("src/school/roster/flow/ties.rs", "use super::super::Role; fn f() { x == Role::Admin }");
    fine(flow, "#[cfg(test)] mod tests { use crate::school::roster::Role; fn f() { x == Role::Admin } }");
    let chat = "src/school/classroom/chat.rs";
    refused(chat, "use crate::telegram::command::Audience; fn f() { who.rank >= Audience::Admin }", rank);
    fine(chat, "use crate::telegram::command::Audience; const SCHOOL: Audience = x();");
    fine("src/telegram/routes/menus.rs", "use super::super::command::Audience; fn f() { Audience::Anyone }");
}

#[test]
fn pure_files() {
    for file in ["mod", "rules", "rules_roll", "sheet", "cells"] {
        let path = format!("src/school/session/{file}.rs");
        refused(&path, "async fn f() {}", "nothing waits");
        refused(&path, "fn f() { tracing::info!(async { 1 }.await); }", "nothing waits");
        refused(&path, "use crate::platform::store::Db;", "are pure");
        refused(&path, "use crate::school::session as s; use s::store;", "are pure");
        refused(&path, "use crate::school::session::{store::read};", "are pure");
        refused(&path, "use crate::connectors::ability::Mail;", "jobs.rs alone asks connectors");
        refused(&path, "fn f() { std::fs::read(\"x\"); }", "are pure: no I/O");
        refused(&path, "use crate::school::classroom::flow::join;", "of another feature only mod.rs");
        refused(&path, "use crate::school::classroom::names::short;", "of another feature only mod.rs");
        refused(&path, "use crate::school::session::*; fn f() { flow::open(); }", "name it");
        refused(&path, "use crate::school::classroom::*;", "name it");
        fine(&path, "use crate::kernel::At; use crate::school::classroom::{ClassId, self as c};");
        fine(&path, "fn f() { crate::school::classroom::Kind::Open; crate::school::classroom::read(1); }");
        fine(&path, "#[cfg(test)] mod tests { #[test] fn t() { std::fs::read(\"x\").unwrap(); } }");
    }
}

#[test]
fn screens_are_values() {
    let screens = "src/school/session/screens.rs";
    fine(screens, "use super::{Session, rules}; use crate::telegram::screen::{Key, Screen};");
    refused(screens, "use crate::telegram::port::post;", "screens.rs is pure");
    refused(screens, "use crate::platform::store::Tx;", "screens.rs is pure");
    refused(screens, "use super::store::session;", "pure");
}

#[test]
fn stores_flows_and_jobs() {
    let (store, flow, jobs) =
        ("src/school/session/store.rs", "src/school/session/flow.rs", "src/school/session/jobs.rs");
    fine(store, "use crate::platform::store::Tx; use super::{Session, rules}; use sqlx::Row;");
    refused(store, "use crate::platform::outbox::put;", "store.rs imports of the lower rooms");
    refused(store, "use super::flow::open;", "store.rs imports of its own feature");
    fine(
        flow,
        "use crate::platform::{store::Tx, outbox}; use super::{rules, store::read}; use crate::school::classroom::flow::find;",
    );
    refused(flow, "use crate::platform::http::Client;", "flow.rs imports of the lower rooms");
    refused(flow, "use crate::telegram::port::Messenger;", "flow.rs imports of the lower rooms");
    refused(flow, "use crate::school::emargement::flow::close;", "listed earlier");
    refused(flow, "use crate::school::unlisted::flow;", "listed earlier");
    refused(flow, "use crate::school::classroom::store::read;", "of another feature only mod.rs");
    refused(flow, "use super::jobs::Remind;", "flow.rs imports of its own feature");
    refused(flow, "use crate::connectors::ability::Mail;", "jobs.rs alone asks connectors");
    refused(flow, "use crate::school::feature::Feature;", "feature.rs alone knows");
    fine(jobs, "use crate::telegram::{port, screen, callback}; use super::flow; use crate::connectors::ability::Mail;");
    refused(jobs, "use crate::telegram::bot::Bot;", "jobs.rs imports of the lower rooms");
    refused(jobs, "use crate::connectors::odoo::Client;", "by their abilities only");
    refused(jobs, "use super::chat;", "jobs.rs imports of its own feature");
}

#[test]
fn chats_pages_and_features() {
    fine("src/school/session/chat.rs", "use crate::telegram::{command::Command, screen::Screen}; use super::flow;");
    refused(
        "src/school/session/chat.rs",
        "use crate::telegram::port::Messenger;",
        "chat.rs imports of the lower rooms",
    );
    fine("src/school/session/page.rs", "use crate::platform::web; use super::{flow, store};");
    refused("src/school/session/page.rs", "use crate::telegram::screen::Screen;", "page.rs imports of the lower rooms");
    fine("src/school/session/feature.rs", "use super::{chat, jobs, store}; use crate::school::feature::Feature;");
    refused("src/app/mod.rs", "use crate::school::session::FEATURE;", "app iterates over features");
    refused("src/app/mod.rs", "use crate::connectors::odoo::X;", "app iterates over connectors");
    fine("src/app/mod.rs", "use crate::school::FEATURES; use crate::connectors::CONNECTORS;");
    refused("src/connectors/odoo/map.rs", "use crate::connectors::zoom::Call;", "never imports another connector");
    fine("src/connectors/odoo/map.rs", "use crate::connectors::ability::Mail; use super::wire::Row;");
    refused("src/connectors/odoo/map.rs", "use crate::school::session::Session;", "connectors import only");
}

#[test]
fn libraries() {
    let flow = "src/school/session/flow.rs";
    refused(flow, "fn f() { sqlx::query(\"x\"); }", "sqlx only in");
    refused(flow, "use ::sqlx as s; fn f() { s::query(\"x\"); }", "sqlx only in");
    refused(flow, "extern crate sqlx as s;\nfn f() { s::query(\"x\"); }", "flow.rs:2: sqlx only in");
    refused(flow, "fn f() { matches!(x, sqlx::Error::RowNotFound) }", "sqlx only in");
    refused(flow, "#[derive(sqlx::FromRow)] struct A;", "sqlx only in");
    fine("src/school/session/mod.rs", "#[derive(Debug, sqlx::Type, sqlx::FromRow)] #[sqlx(transparent)] struct A;");
    refused("src/school/session/mod.rs", "use sqlx::Row;", "sqlx only in");
    refused(flow, "use teloxide::Bot;", "teloxide only in telegram");
    refused("src/telegram/port.rs", "use teloxide::types::ChatId;", "teloxide only in telegram");
    refused("src/sandbox/bot.rs", "use teloxide::types::ChatId;", "teloxide only in telegram");
    fine("src/telegram/bot/mod.rs", "use teloxide::Bot; use reqwest::Client;");
    refused("src/platform/web/mod.rs", "use grammers_client::Client;", "grammers only in");
    fine("src/sandbox/mtproto.rs", "use grammers_tl_types::enums;");
    refused("src/platform/alert/mod.rs", "use reqwest::Client;", "reqwest only in");
    refused("src/school/roster/rules.rs", "use calamine::Reader;", "calamine only in");
    fine("src/school/workbook/cells.rs", "use calamine::Data;");
    refused("src/app/mod.rs", "use anyhow::Result;", "anyhow only in");
    refused("src/app/mod.rs", "use rand::Rng;", "randomness");
}

#[test]
fn the_machine() {
    let file = "src/platform/outbox/worker.rs";
    refused(file, "use std::env; fn f() { env::var(\"HOME\"); }", "the environment is read");
    refused(file, "fn f() { println!(\"{:?}\", std::env::vars()); }", "the environment is read");
    refused(file, "use std::{env::{self as e}}; fn f() { e::var_os(\"A\"); }", "the environment is read");
    fine("src/platform/config/mod.rs", "fn f() { std::env::vars_os(); }");
    fine(file, "fn f() { std::env::temp_dir(); }");
    refused(file, "use tokio::spawn;", "tasks are tracked");
    refused(file, "use tokio::task; fn f() { task::spawn(g()); }", "tasks are tracked");
    refused(file, "fn f() { tokio::select! { _ = tokio::spawn(g()) => {} } }", "tasks are tracked");
    fine("src/sandbox/door.rs", "fn f() { tokio::spawn(g()); }");
    refused(file, "fn f() { tokio::time::sleep(d); }", "time comes from kernel::clock");
    refused(file, "use chrono::Utc; fn f() { Utc::now(); }", "time comes from kernel::clock");
    refused(file, "use std::time::*; mod m { use std::time::Instant as I; fn f() { I::now(); } }", "time comes from");
    refused("src/platform/helpers.rs", "fn f() {}", "named by what it is about");
    refused("src/platform/a.rs", "mod common { }", "named by what it is about");
    refused("src/main.rs", &"// a line\n".repeat(41), "at most 40 lines");
}

#[test]
fn the_outside_of_a_feature_is_its_jobs() {
    let sentence = "no I/O in a transaction";
    for role in ["flow", "store", "chat", "page", "feature"] {
        let path = format!("src/school/session/{role}.rs");
        refused(&path, "fn f() { std::fs::read(\"x\"); }", sentence);
        refused(&path, "use tokio::fs as files; async fn f() { files::read(\"x\").await; }", sentence);
        refused(&path, "use std::{net::TcpStream};", sentence);
        refused(&path, "use tokio::net::TcpStream;", sentence);
        refused(&path, "fn f() { log!(std::process::Command::new(\"x\")); }", sentence);
        refused(&path, "use tokio::process::Command;", sentence);
        fine(&path, "#[cfg(test)] mod tests { #[test] fn t() { std::fs::read(\"x\").unwrap(); } }");
    }
    refused("src/school/session/flow/notices.rs", "fn f() { std::fs::read(\"x\"); }", sentence);
    refused("src/school/mod.rs", "fn f() { std::fs::read(\"x\"); }", sentence);
    for jobs in ["src/school/session/jobs.rs", "src/school/session/jobs/kept.rs"] {
        fine(jobs, "use tokio::fs; async fn f() { fs::read(\"x\").await; std::fs::remove_file(\"x\"); }");
    }
    fine("src/platform/http.rs", "use std::net::IpAddr; fn f() { std::fs::read(\"x\"); }");
}

#[test]
fn the_order_of_features_is_the_order_of_the_list() {
    let school = "pub mod alpha; pub mod beta; pub mod feature;
        pub const FEATURES: &[feature::Feature] = &[beta::feature::FEATURE, alpha::feature::FEATURE];";
    assert_eq!(order(school), ["beta", "alpha"]);
}

#[test]
fn sql_stands_in_stores_under_a_name() {
    let (store, flow) = ("src/school/session/store.rs", "src/school/session/flow.rs");
    let one = "statements! { ONE = \"SELECT 1\"; }";
    let outside = "SQL only in files named store.rs";
    refused(flow, "async fn f(tx: &mut Tx) { crate::run!(tx, \"DELETE FROM session\").await; }", outside);
    refused(
        flow,
        "use crate::fetch_all as all; async fn f(tx: &mut Tx) { all!(tx, (i64,), \"SELECT 1\").await; }",
        outside,
    );
    refused(flow, &format!("{one} fn f() {{}}"), outside);
    refused(flow, "fn f() { g(async |tx| vec![fetch_optional!(tx, (i64,), ONE)]); }", outside);
    refused("src/platform/outbox/worker.rs", "fn f(tx: &mut Tx) { run!(tx, ONE); }", outside);
    let named = "a named constant of this file's statements!";
    refused(store, &format!("{one} fn f(tx: &mut Tx) {{ run!(tx, \"SELECT 1\"); }}"), named);
    refused(store, &format!("{one} fn f(tx: &mut Tx) {{ fetch_all!(tx, (i64, Option<(A, B)>), TWO, a); }}"), named);
    refused(
        store,
        &format!("{one} const TWO: &str = \"x\"; fn f(tx: &mut Tx) {{ insert_many!(tx, TWO, rows, |r| [r]); }}"),
        named,
    );
    refused(store, &format!("{one} fn f(tx: &mut Tx) {{ run!(tx, concat!(\"a\", \"b\")); }}"), named);
    refused("src/platform/store/lease.rs", "fn f(tx: &mut Tx) { run!(tx, \"SELECT 1\"); }", named);
    let macros = "by the macros of platform::store";
    refused(store, "fn f(c: &mut C) { sqlx::query(\"SELECT 1\").execute(c); }", macros);
    refused(store, "use sqlx::query_as; fn f() { query_as(\"SELECT 1\"); }", macros);
    fine(
        store,
        &format!(
            "{one} #[derive(sqlx::FromRow)] struct R; fn f(tx: &mut Tx) {{ fetch_all!(tx, (i64, Option<(A, B)>), ONE, a); }}"
        ),
    );
    fine(
        store,
        &format!(
            "{one} fn f(tx: &mut Tx) {{ insert_many!(tx, ONE, rows, |row| [&row.a, row.b]); crate::run!(tx, ONE); }}"
        ),
    );
    fine(store, "use sqlx::Row; fn f(row: &R) { row.get(0); }");
    fine("src/platform/store/wall.rs", "fn f(c: &mut C) { sqlx::query(SERVER_TIME).execute(c); }");
    fine(flow, "fn f() { outbox::run(tx); other!(tx, ONE); }");
}
