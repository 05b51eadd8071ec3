//! Two real programs on one PostgreSQL, each a process of its own: told by the sandbox's clock, killed and paused from
//! outside. What [`super::several`] shows within one process holds for processes too.

use std::time::Duration;

use preau::demo::day::{Day, at};
use preau::demo::stage::Stage;
use preau::kernel::Clock;
use preau::platform::store::Probe;
use preau::sandbox::{Fault, Sandbox};
use serde_json::Value;

use super::kill::verdict;
use super::outcome::{self, Outcome};
use crate::paths::{Running, ask, bare, eventually, free_port};
use crate::place::{Engine, Place};
use crate::store::Raw;

/// A `preau run` on the stage's database.
pub(super) struct Program {
    pub(super) running: Running,
    admin: u16,
}

impl Program {
    fn start(stage: &Stage, place: &Place) -> Self {
        Self::start_with(stage, place, &[])
    }

    pub(super) fn start_with(stage: &Stage, place: &Place, settings: &[(&str, &str)]) -> Self {
        Self::on(&stage.sandbox, place, settings)
    }

    /// … on this sandbox, with which it shares the place's folder.
    pub(super) fn on(sandbox: &Sandbox, place: &Place, settings: &[(&str, &str)]) -> Self {
        let admin = free_port();
        let mut command = bare(&place.path(""), &["run"]);
        command
            .env("PREAU__TELEGRAM__TOKEN", sandbox.token())
            .env("PREAU__TELEGRAM__API_URL", sandbox.bot_api_url())
            .env("PREAU__CLOCK__SOURCE", format!("{}/clock", sandbox.control_url()))
            .env("PREAU__WEB__ADMIN_LISTEN", format!("127.0.0.1:{admin}"))
            .env("PREAU__DATABASE__URL", &place.url)
            .env("PREAU__FILES__FOLDER", place.path("files"))
            .env("PREAU__SCHOOL__NAME", "École Horizon")
            .env("PREAU__OUTBOX__LEASE_SECONDS", "5")
            .env("PREAU__OUTBOX__RETRY_BASE_MS", "20");
        for limit in ["OVERALL", "CHAT", "GROUP"] {
            command.env(format!("PREAU__TELEGRAM__LIMITS__{limit}"), "0");
        }
        command.envs(settings.iter().copied());
        Self { running: Running::start(command, &place.path(&format!("{admin}.log"))), admin }
    }

    /// What it wrote on standard error.
    pub(super) fn log(&self, place: &Place) -> String {
        std::fs::read_to_string(place.path(&format!("{}.log", self.admin))).expect("a log")
    }

    /// `serves`, `stands by`, or nothing when it does not answer.
    pub(super) async fn telegram(&self) -> String {
        let body: Value = serde_json::from_str(&ask(self.admin, "/readyz").await.1).unwrap_or_default();
        let checks = body["checks"].as_array().cloned().unwrap_or_default();
        let telegram = checks.into_iter().find(|check| check["name"] == "telegram").unwrap_or_default();
        telegram["detail"].as_str().unwrap_or_default().to_owned()
    }

    pub(super) async fn until(&self, wanted: &str) {
        eventually(wanted, async || self.telegram().await == wanted).await;
    }
}

/// A day before which two programs stand: the first serves Telegram, the second stands by.
async fn two(place: &Place) -> (Day, Program, Program) {
    let stage = Stage::watch(outcome::set(place, Probe::default())).await.expect("the stage");
    let first = Program::start(&stage, place);
    first.until("serves").await;
    let second = Program::start(&stage, place);
    second.until("stands by").await;
    (outcome::day(stage), first, second)
}

async fn end(day: Day, mut place: Place, programs: Vec<Program>) {
    for program in programs {
        program.running.signal("TERM").await;
        assert_eq!(program.running.ended().await.0, 0);
    }
    outcome::strike(day.stage).await;
    place.remove().await;
}

/// The afternoon's reminder takes two seconds to leave; meanwhile something happens to the program that sends it.
fn slow_reminder(day: &mut Day) {
    let slow = Fault::Delay { method: Some("sendMessage".to_owned()), millis: 2_000, times: 1 };
    day.trouble = Some(("13:45", slow));
}

/// Waits until the reminder is on its way; the keys of what is.
async fn reminder_leaves(clock: &Clock, place: &Place) -> Vec<String> {
    clock.until(at("24/11/2026", "13:45")).await;
    clock.rest(Duration::from_millis(900)).await;
    let begun = "SELECT key FROM outbox WHERE state = 'executing' AND called_at IS NOT NULL";
    Raw::open(place).await.texts(begun).await
}

/// A new holder leaves the one before so much after its term (DESIGN 4), in milliseconds.
const GRACE: i64 = 5_000;
/// How well a process knows the server's clock, on a busy machine.
const BLUR: i64 = 500;
const SERVER_TIME: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

fn postgres() -> bool {
    Engine::all().contains(&Engine::Postgres)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_real_programs_double_nothing() {
    if !postgres() {
        return;
    }
    let calm = outcome::undisturbed(Engine::Postgres).await;
    let place = Place::on(Engine::Postgres).await;
    let (mut day, first, second) = two(&place).await;
    day.play().await.expect("the story");
    assert!(day.wrong.is_empty(), "{:#?}", day.wrong);
    assert_eq!(outcome::outcome(&day).await.expect("the outcome"), calm);
    assert_eq!(day.stage.sandbox.unanswered(), 0, "every press is answered");
    let conflicts = day.stage.sandbox.journal().iter().filter(|call| call.outcome.contains("Conflict")).count();
    assert_eq!(conflicts, 0, "two programs polled at once");
    end(day, place, vec![first, second]).await;
}

/// The day with something done to the program that serves, while the afternoon's reminder is on its way. Gives the day
/// and what of DESIGN 1 it broke; `disturb` says which rows' calls were under way.
async fn disturbed(day: &mut Day, calm: &Outcome, disturb: impl Future<Output = Vec<String>>) -> Vec<String> {
    day.evening().await.expect("the evening");
    slow_reminder(day);
    let (played, in_flight) = futures::join!(Box::pin(day.day()), disturb);
    played.expect("the day");
    let mut broken = verdict(Engine::Postgres, day, calm, &in_flight).await;
    let unanswered = day.stage.sandbox.unanswered();
    if unanswered > 0 {
        broken.push(format!("{unanswered} presses are not answered"));
    }
    broken
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_takes_over_when_the_first_is_killed_and_the_first_comes_back() {
    if !postgres() {
        return;
    }
    let calm = outcome::undisturbed(Engine::Postgres).await;
    let place = Place::on(Engine::Postgres).await;
    let (mut day, first, second) = two(&place).await;
    let (clock, sandbox) = (day.stage.clock.clone(), day.stage.sandbox.clone());
    let killing = async {
        let in_flight = reminder_leaves(&clock, &place).await;
        first.running.kill().await;
        let mut raw = Raw::open(&place).await;
        let free = raw.number("SELECT until FROM lease WHERE name = 'telegram'").await + GRACE;
        // What the first one had said is heard.
        clock.rest(Duration::from_millis(500)).await;
        let heard = sandbox.journal().len();
        while raw.number(SERVER_TIME).await < free - BLUR {
            clock.rest(Duration::from_millis(50)).await;
        }
        assert_eq!(sandbox.journal().len(), heard, "somebody speaks for the bot before the term plus five seconds");
        second.until("serves").await;
        let late = raw.number(SERVER_TIME).await - free;
        assert!(late < 12_000, "it took over {late} ms after it might");
        in_flight
    };
    let broken = disturbed(&mut day, &calm, Box::pin(killing)).await;
    assert!(broken.is_empty(), "{broken:#?}");
    // The one that was killed comes back, and stands by.
    let returned = Program::start(&day.stage, &place);
    returned.until("stands by").await;
    assert_eq!(second.telegram().await, "serves");
    end(day, place, vec![second, returned]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_was_paused_for_longer_than_its_lease_doubles_nothing() {
    if !postgres() {
        return;
    }
    let calm = outcome::undisturbed(Engine::Postgres).await;
    let place = Place::on(Engine::Postgres).await;
    let (mut day, first, second) = two(&place).await;
    let clock = day.stage.clock.clone();
    let pausing = async {
        let in_flight = reminder_leaves(&clock, &place).await;
        first.running.signal("STOP").await;
        second.until("serves").await;
        first.running.signal("CONT").await;
        first.until("stands by").await;
        in_flight
    };
    let broken = disturbed(&mut day, &calm, Box::pin(pausing)).await;
    assert!(broken.is_empty(), "{broken:#?}");
    assert_eq!(second.telegram().await, "serves", "one serves, to the end");
    end(day, place, vec![first, second]).await;
}
