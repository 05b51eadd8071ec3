//! The user accounts go where Telegram goes: two real programs on one PostgreSQL, one of them paused for longer than the
//! `telegram` lease lasts, and for less than the `caller` lease.

use std::time::Duration;

use preau::demo::stage::Stage;
use preau::platform::store::Probe;
use preau::sandbox::Fault;

use super::outcome;
use super::programs::Program;
use crate::paths::{eventually, within};
use crate::place::{Engine, Place};
use crate::store::Raw;

/// Takeover of the accounts, at most (DESIGN 4, and the looks of whoever waits for them).
const TAKEN_OVER: Duration = Duration::from_mins(1);

async fn holders(raw: &mut Raw) -> Vec<String> {
    raw.texts("SELECT holder FROM lease WHERE name IN ('telegram', 'caller') AND until > 0 ORDER BY name").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_looked_for_by_whoever_took_telegram_over_from_a_paused_program() {
    if !Engine::all().contains(&Engine::Postgres) {
        return;
    }
    let mut place = Place::on(Engine::Postgres).await;
    let stage = Stage::watch(outcome::set(&place, Probe::default())).await.expect("the stage");
    let seed = place.path("caller.seed");
    let seeds = seed.display().to_string();
    let settings = [("PREAU__TELEGRAM__CALLER__SEEDS", seeds.as_str())];
    let first = Program::start_with(&stage, &place, &settings);
    first.until("serves").await;
    let second = Program::start_with(&stage, &place, &settings);
    second.until("stands by").await;
    let mut day = outcome::day(stage);
    day.evening().await.expect("the evening");
    let (group, admin, sandbox) = (day.cast.group, day.cast.admin, day.stage.sandbox.clone());
    let account = sandbox.add_caller("Horizon", "Appels", "+33600000001", None);
    std::fs::write(&seed, sandbox.caller_seed(Some(account))).expect("a seed");
    sandbox.add_member(group, account, admin);
    let inside = *day.cast.people.values().next().expect("somebody");
    let said =
        || sandbox.messages(group).iter().filter(|message| message.from_bot && message.service.is_none()).count();
    let mut raw = Raw::open(&place).await;

    let mut before = said();
    for turn in ["the first", "the second"] {
        within(TAKEN_OVER, "one program has both leases", async || {
            assert!(sandbox.connections(account) <= 1, "{turn}: two with one key");
            let now = holders(&mut raw).await;
            now.len() == 2 && now[0] == now[1]
        })
        .await;
        sandbox.fault(Fault::LostAnswer { method: Some("sendMessage".to_owned()), times: 1 });
        sandbox.say(inside, group, "/aujourdhui");
        eventually("answered", async || said() > before && sandbox.connections(account) == 1).await;
        day.stage.drain().await.expect("quiet");
        assert_eq!(said(), before + 1, "{turn}: {:#?}", sandbox.messages(group));
        before = said();
        if turn == "the first" {
            first.running.signal("STOP").await;
            second.until("serves").await;
            assert!(sandbox.connections(account) <= 1);
            first.running.signal("CONT").await;
            first.until("stands by").await;
        }
    }
    for program in [first, second] {
        program.running.signal("TERM").await;
        assert_eq!(program.running.ended().await.0, 0);
    }
    outcome::strike(day.stage).await;
    place.remove().await;
}
