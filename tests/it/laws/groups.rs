//! A class's group is made, the product stopped (as by a crash) at numbered points of that: one group, equipped once, one
//! welcome on top.

use std::time::Duration;

use preau::demo::stage::Kill;
use preau::kernel::Result;
use preau::platform::store::{Probe, Tx};
use preau::school::audit::Actor;
use preau::school::classroom::flow as classrooms;
use preau::school::roster::flow as roster;

use super::{came, half};
use crate::place::Engine;
use crate::talk::groups_made::{CREATE, sign_in};
use crate::talk::school::{School, id_of};
use crate::world::{World, at};

const CLASS: &str = "BTS SIO 1B";

/// What the outside shows in the end.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    /// How many groups of this name Telegram made.
    made: usize,
    title: String,
    /// The standing of its owner, of the account that stands by, of the bot.
    standings: Vec<String>,
    /// Its messages, and whether each is pinned.
    said: Vec<(String, bool)>,
    /// How often the supervisor was told.
    told: usize,
}

/// The class, and who looks after it.
async fn ensured(tx: &mut Tx) -> Result<String> {
    let (class, _) = classrooms::ensure(tx, &Actor::Cli, CLASS).await?;
    roster::enrol(tx, &Actor::Cli, &id_of("Éric"), &class).await?;
    Ok(class)
}

/// The making, with one kill or none; gives what is seen, what is in doubt, and how often the kill came.
async fn making(engine: Engine, kill: Option<&Kill>) -> (Seen, Vec<String>, usize) {
    let probe = kill.map_or_else(Probe::default, Kill::probe);
    let mut school = School::of(World::with(engine, probe, &[("outbox.lease_seconds", "10")]).await).await;
    sign_in(&school, 1..=2).await;
    if let Some(kill) = kill {
        school.arm(kill.clone());
    }
    // As an import on the command line does: beside the program.
    let beside = school.beside().await.expect("the database");
    let class = loop {
        let written = beside.db.transact(async |tx| ensured(tx).await);
        match school.clock.within(Duration::from_secs(8), written).await {
            Some(Ok(class)) => break class,
            Some(Err(error)) if !error.is_outage() => panic!("{engine:?}: {error}"),
            // The program was stopped with the store in its hands: it lets go when it is started again.
            _ => school.settle().await.expect("quiet"),
        }
    };
    beside.close().await;
    school.settle().await.expect("quiet");
    school.pass_to(at("24/11/2026", "08:40")).await.expect("a while");
    let reader = school.beside().await.expect("the database");
    let (group, doubts) = reader
        .db
        .read(async |tx| {
            let group = classrooms::group_of(tx, &class).await?;
            Ok((group, preau::platform::outbox::store::troubled(tx, 20).await?))
        })
        .await
        .expect("read");
    reader.close().await;
    let group = group.unwrap_or_else(|| panic!("{engine:?}: no group; {doubts:?}"));
    let made = |call: &preau::sandbox::Call| {
        call.method == CREATE && call.params["title"] == CLASS && ["ok", "lost"].contains(&call.outcome.as_str())
    };
    let status =
        |account: Option<i64>| account.map_or_else(String::new, |of| school.sandbox.member_status(group.chat, of));
    let eric = school.all(school.is("Éric"));
    let seen = Seen {
        made: school.sandbox.journal().iter().filter(|call| made(call)).count(),
        title: school.sandbox.title(group.chat),
        standings: vec![
            status(group.owner),
            status(group.spare),
            format!("{} {}", group.bot_is_admin, group.missing_rights),
        ],
        said: school.all(group.chat).into_iter().map(|message| (message.text, message.pinned)).collect(),
        told: eric.iter().filter(|message| message.text.contains(CLASS) && message.text.contains("est créé")).count(),
    };
    let doubts = doubts.into_iter().map(|row| format!("{} {} {}", row.state, row.key, row.note)).collect();
    let kills = school.kills();
    school.end().await;
    (seen, doubts, kills)
}

async fn points(engine: Engine, which: usize) {
    let (calm, doubts, _) = making(engine, None).await;
    assert!(doubts.is_empty(), "{doubts:?}");
    assert_eq!((calm.made, calm.said.len(), calm.told), (1, 1, 1), "{calm:?}");
    assert!(calm.said[0].1, "{calm:?}");
    assert_eq!(calm.standings, ["creator", "administrator", "true "], "{calm:?}");
    let counting = Kill::at(usize::MAX);
    making(engine, Some(&counting)).await;
    let all = counting.reached();
    let calm = &calm;
    let killed_at = |point: usize| async move {
        let (seen, doubts, kills) = making(engine, Some(&Kill::at(point))).await;
        // Words in private whose answer was lost are in doubt; what stands in the group is read back.
        let private = doubts.iter().all(|doubt| doubt.starts_with("unknown") && doubt.contains("roster.tell"));
        let told = seen.told == 1 || (seen.told == 0 && doubts.len() == 1);
        let shown = format!("{seen:?}");
        let same = Seen { told: 1, ..seen } == *calm;
        (!same || !told || !private || doubts.len() > 1 || !came(point, all, kills))
            .then(|| format!("{engine:?}, point {point} of {all}, {kills} kills: {shown}\n{doubts:?}"))
    };
    let broken = half(engine, which, all, killed_at).await;
    assert!(broken.is_empty(), "against\n{calm:#?}\n{}", broken.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_while_a_group_is_made_first_half() {
    for engine in Engine::all() {
        points(engine, 0).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_while_a_group_is_made_second_half() {
    for engine in Engine::all() {
        points(engine, 1).await;
    }
}
