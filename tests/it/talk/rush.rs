//! A crash while many messages wait for their turn: what had not left is sent afterwards, once.

use std::collections::BTreeMap;
use std::time::Duration;

use preau::kernel::Clock;
use preau::platform::outbox::store as outbox;
use preau::platform::store::{Database, Probe};
use preau::school::classroom;
use preau::school::session::Session;

use super::school::{School, at};
use crate::world::{Engine, World};

const CLASSES: usize = 12;

/// Twelve classes with a group each and a lesson at two, at four messages a second.
async fn slow_house(engine: Engine) -> (School, Vec<i64>) {
    let world = World::with(engine, Probe::default(), &[("telegram.limits.overall", "4")]).await;
    let school = School::of(world).await;
    let admin = school.is("Claire");
    let (mut groups, mut lessons) = (Vec::new(), Vec::new());
    for number in 0..CLASSES {
        let name = format!("BTS {number:02}");
        let class = school.add_class(&name).await;
        let group = school.sandbox.add_group(&name, admin);
        school.sandbox.add_bot(group, admin);
        school.sandbox.promote_bot(group, admin, &classroom::RIGHTS);
        school.sandbox.say(admin, group, &format!("/adopter {name}"));
        lessons.push(Session { classroom_id: class, ..school.lesson("14:00", "16:00", None) });
        groups.push(group);
    }
    school.drain().await.expect("quiet");
    school.plan_together(&lessons).await;
    (school, groups)
}

/// What was sent into these chats, and what Telegram answered.
fn sent(school: &School, chats: &[i64], from: usize) -> Vec<(i64, String)> {
    let journal = school.sandbox.journal();
    let sends = journal[from..].iter().filter(|call| call.method.eq_ignore_ascii_case("sendMessage"));
    let sends = sends.filter_map(|call| Some((call.chat_id?, call.outcome.clone())));
    sends.filter(|(chat, _)| chats.contains(chat)).collect()
}

async fn states(database: &Database) -> BTreeMap<String, i64> {
    database.db.read(async |tx| outbox::counts(tx).await).await.expect("counted").into_iter().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_while_messages_wait_for_their_turn_leaves_no_doubt_about_them() {
    for engine in Engine::all() {
        let (mut school, groups) = slow_house(engine).await;
        school.to("24/11/2026", "13:44").await;
        let beside = school.beside().await.expect("the database");
        let done = |states: &BTreeMap<String, i64>| states.get("completed").copied().unwrap_or(0);
        let (before, was) = (school.sandbox.journal().len(), done(&states(&beside).await));
        let clock: Clock = school.clock.clone();
        clock.set(at("24/11/2026", "13:45"));
        // Four leave in the first moment, and the others are in hands that wait.
        let began = clock.elapsed();
        loop {
            let waiting = states(&beside).await.get("executing").copied().unwrap_or(0);
            if sent(&school, &groups, before).len() >= 4 && waiting >= 4 {
                break;
            }
            assert!(clock.elapsed().saturating_sub(began) < Duration::from_secs(20), "{engine:?}: no rush");
            clock.rest(Duration::from_millis(2)).await;
        }
        // Whatever was answered is settled meanwhile.
        clock.rest(Duration::from_millis(120)).await;
        school.crash().await;
        let doubts = beside.db.read(async |tx| outbox::in_flight(tx).await).await.expect("read");
        let after = states(&beside).await;
        assert!(after.get("executing").copied().unwrap_or(0) >= doubts.len().try_into().expect("few"));
        let asked = sent(&school, &groups, before);
        let settled = usize::try_from(done(&after) - was).expect("few");
        let unanswered = asked.len().saturating_sub(settled);
        assert!(doubts.len() <= unanswered, "{engine:?}: {doubts:?} in doubt, {settled} settled of {}", asked.len());
        assert!(asked.len() < groups.len(), "{engine:?}: the crash came too late to mean anything");
        beside.close().await;

        school.start().await.expect("again");
        school.drain().await.expect("quiet");
        for group in &groups {
            let here = school.all(*group).into_iter().filter(|message| message.text.contains("Réseaux")).count();
            let doubtful = doubts.len();
            assert!(here == 1 || (here == 0 && doubtful > 0), "{engine:?}: {here} reminders in {group}; {doubts:?}");
        }
        if doubts.is_empty() {
            school.check().await;
        } else {
            school.end().await;
        }
    }
}
