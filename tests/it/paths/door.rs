//! What the network does to messages, through the real door: each kind keeps its policy.

use std::time::Duration;

use preau::platform::outbox::{self, Put, Rank};
use preau::sandbox::Fault;
use preau::school::session;

use super::eventually;
use crate::talk::school::School;
use crate::world::{Engine, World};

const SEND: &str = "sendMessage";

fn send() -> String {
    SEND.to_owned()
}

/// A person whom the bot may write to.
async fn person(world: &World) -> i64 {
    let ines = world.sandbox.add_person("Inès", "Moreau", "fr");
    world.sandbox.start_bot(ines, "");
    world.drain().await.expect("quiet");
    ines
}

fn from_bot(world: &World, chat: i64, text: &str) -> usize {
    world.sandbox.messages(chat).iter().filter(|message| message.from_bot && message.text == text).count()
}

async fn put(world: &World, chat: i64, text: &str, repeatable: bool) {
    let page = serde_json::json!({ "text": text, "keys": [], "silent": false });
    let payload = serde_json::json!({ "chat": chat, "page": page, "edit": null, "slot": null });
    let row = Put::new("telegram.answer", text, &payload).expect("a row").rank(Rank::Answer);
    let row = if repeatable { row.repeatable() } else { row };
    world.db().expect("running").transact(async |tx| outbox::put(tx, row).await).await.expect("written");
}

async fn state(world: &World, key: &str) -> String {
    let db = world.db().expect("running");
    let row = db.read(async |tx| outbox::store::look_up(tx, key).await).await.expect("the outbox");
    row.map(|row| row.state).unwrap_or_default()
}

async fn until_state(world: &World, key: &str, wanted: &str) {
    eventually(&format!("{key} is {wanted}"), async || state(world, key).await == wanted).await;
}

async fn end(mut world: World) {
    let violations = world.sandbox.violations();
    assert!(violations.is_empty(), "{violations:#?}");
    world.strike().await;
}

/// The key of the row that tells admins of this one.
async fn told_of(world: &World, key: &str) -> String {
    let troubles = async |tx: &mut preau::platform::store::Tx| {
        preau::platform::outbox::store::troubles(tx, preau::kernel::At(0), 9).await
    };
    let rows = world.db().expect("running").read(troubles).await.expect("read");
    let row = rows.into_iter().find(|row| row.key == key).expect("dead or in doubt");
    format!("state.trouble:{key}:{}", row.settled_at.millis())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_in_doubt_or_repeated_by_policy() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let ines = person(&world).await;
        world.sandbox.fault(Fault::LostAnswer { method: Some(send()), times: 1 });
        put(&world, ines, "once", false).await;
        until_state(&world, "once", "unknown").await;
        assert_eq!(from_bot(&world, ines, "once"), 1, "{engine:?}: it had gone, and is not sent again");
        eventually("an admin is told", async || !state(&world, &told_of(&world, "once").await).await.is_empty()).await;

        world.sandbox.fault(Fault::LostAnswer { method: Some(send()), times: 1 });
        put(&world, ines, "again", true).await;
        until_state(&world, "again", "completed").await;
        assert_eq!(from_bot(&world, ines, "again"), 2, "at least once");
        assert_eq!(from_bot(&world, ines, "once"), 1);
        end(world).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_connection_is_retried_where_that_is_harmless() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let ines = person(&world).await;
        world.sandbox.fault(Fault::Reset { method: Some(send()), times: 2 });
        put(&world, ines, "again", true).await;
        until_state(&world, "again", "completed").await;
        assert_eq!(from_bot(&world, ines, "again"), 1, "{engine:?}");
        // Nobody can tell a reset from a lost answer: what may go once only is in doubt, and said so.
        world.sandbox.fault(Fault::Reset { method: Some(send()), times: 1 });
        put(&world, ines, "once", false).await;
        until_state(&world, "once", "unknown").await;
        assert_eq!(from_bot(&world, ines, "once"), 0);
        end(world).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn being_told_to_wait_is_obeyed() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let ines = person(&world).await;
        world.sandbox.fault(Fault::TooManyRequests { method: Some(send()), retry_after: 1, times: 2 });
        let began = world.clock.elapsed();
        put(&world, ines, "once", false).await;
        until_state(&world, "once", "completed").await;
        assert!(world.clock.elapsed().saturating_sub(began) >= Duration::from_secs(2), "{engine:?}: twice a second");
        assert_eq!(from_bot(&world, ines, "once"), 1);
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_duplicate_update_has_one_effect() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let ines = person(&world).await;
        let before = world.sandbox.messages(ines).len();
        world.sandbox.fault(Fault::DuplicateUpdate { times: 3 });
        world.sandbox.say(ines, ines, "/semmaine");
        world.drain().await.expect("quiet");
        world.sandbox.say(ines, ines, "/semmaine");
        world.drain().await.expect("quiet");
        assert_eq!(world.sandbox.messages(ines).len(), before + 4, "{engine:?}: two questions, two answers");
        world.check().await;
    }
}

/// 502, as Telegram's own front says it: whether what is behind it did anything, it does not say.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_error_is_in_doubt_or_repeated_by_policy() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let ines = person(&world).await;
        world.sandbox.fault(Fault::ServerError { method: Some(send()), times: 2 });
        put(&world, ines, "again", true).await;
        until_state(&world, "again", "completed").await;
        assert_eq!(from_bot(&world, ines, "again"), 1, "{engine:?}");
        end(world).await;
        for account in [true, false] {
            let school = School::on(engine).await;
            if account {
                school.caller().await;
            }
            let id = school.plan_usual().await;
            school.until("13:44").await;
            school.sandbox.fault(Fault::ServerError { method: Some(send()), times: 1 });
            school.until("13:45").await;
            // Where an account looks, it is seen not to stand there, and goes; else it is told, and stays away.
            let (context, told) = (format!("{engine:?}, account {account}"), school.told("Claire"));
            assert_eq!(school.about("Réseaux").len(), usize::from(account), "{context}");
            assert_eq!(told.contains("Peut-être non envoyé"), !account, "{context}: {told}");
            let key = format!("{}:{id}:", session::REMIND);
            let in_doubt = async |tx: &mut preau::platform::store::Tx| outbox::store::troubled(tx, 9).await;
            let rows = school.db().expect("running").read(in_doubt).await.expect("read");
            let unknown = rows.iter().filter(|row| row.state == "unknown" && row.key.starts_with(&key)).count();
            assert_eq!((rows.len(), unknown), if account { (0, 0) } else { (1, 1) }, "{context}: {rows:#?}");
            school.until("14:05").await;
            assert_eq!(school.about("Réseaux").len(), usize::from(account), "{context}");
            school.end().await;
        }
    }
}
