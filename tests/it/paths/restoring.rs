//! A backup of this morning is brought back in the afternoon: what went in between does not go again.

use preau::kernel::At;
use preau::platform::store::{Tx, backup, open_backup, restore};
use preau::school::audit::Actor;
use preau::school::session::{Mode, Session, State};
use preau::school::{session, state};
use serde_json::json;

use super::{Machine, eventually};
use crate::store::Raw;
use crate::talk::timetable::{admin, group, write};
use crate::world::{Engine, World, at, last};

async fn lesson(tx: &mut Tx, class: &str, subject: &str, start: At) -> preau::kernel::Result<()> {
    let lesson = Session {
        id: String::new(),
        classroom_id: class.to_owned(),
        reference: None,
        start_at: start,
        end_at: start.plus_minutes(45),
        subject: subject.to_owned(),
        teacher_id: None,
        teacher_name: "M. Diallo".to_owned(),
        room: "B204".to_owned(),
        mode: Mode::OnSite,
        link: None,
        state: State::Planned,
        revision: 0,
    };
    session::flow::plan(tx, &Actor::Cli, lesson).await.map(|_| ())
}

/// A row as a program that is stopped leaves it.
async fn left(raw: &mut Raw, chat: i64, key: &str, policy: &str, state: &str, called: &str) {
    let page = json!({ "text": key, "keys": [], "silent": false });
    let payload = json!({ "chat": chat, "page": page, "edit": null, "slot": null });
    let due = at("24/11/2026", "07:59").millis();
    raw.execute(&format!(
        "INSERT INTO outbox (id, kind, key, lane, door, rank, policy, payload, state, due_at, expires_at, lease_until, \
        holder, called_at, attempts, created_at) VALUES ('{key}', 'telegram.answer', '{key}', '{key}', 'telegram', 0, \
        '{policy}', '{payload}', '{state}', {due}, {due} + 86400000, 0, 'somebody gone', {called}, 1, 1)"
    ))
    .await;
}

fn reminders(world: &World, group: i64, subject: &str) -> usize {
    let messages = world.sandbox.messages(group);
    let words = [format!("Rappel : {subject}"), format!("Séance terminée : {subject}")];
    messages.iter().filter(|message| words.iter().any(|words| message.text.contains(words))).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_went_after_the_backup_does_not_go_again_and_admins_are_told() {
    for engine in Engine::all() {
        let mut world = World::on(engine).await;
        let boss = admin(&world, "Claire", "Claire Laurent").await;
        let group = group(&world, boss, "1A").await;
        let lessons = [("Algèbre", "09:00"), ("Biologie", "10:00"), ("Chimie", "11:00"), ("Danse", "18:00")];
        write(&world, async |tx| {
            let class = preau::school::classroom::flow::ensure(tx, &Actor::Cli, "1A").await?.0;
            for (subject, hour) in lessons {
                lesson(tx, &class, subject, at("24/11/2026", hour)).await?;
            }
            Ok(())
        })
        .await;
        world.drain().await.expect("quiet");
        world.stop().await;
        let mut raw = Raw::open(&world.place).await;
        left(&mut raw, boss, "begun", "at_most_once", "executing", "1").await;
        left(&mut raw, boss, "not begun", "at_most_once", "executing", "NULL").await;
        left(&mut raw, boss, "an answer", "at_least_once", "scheduled", "NULL").await;
        let file = world.place.path("morning.db");
        let beside = world.beside().await.expect("the database");
        backup(&beside, &file).await.expect("saved");
        let clear = world.place.path("clear.db");
        open_backup(&beside, &file, &clear).await.expect("opened");
        beside.close().await;
        raw.execute("DELETE FROM outbox WHERE holder = 'somebody gone'").await;

        world.start().await.expect("it starts");
        world.until("12:00").await;
        for subject in ["Algèbre", "Biologie", "Chimie"] {
            assert_eq!(reminders(&world, group, subject), 1, "{engine:?}: {subject}");
        }
        world.stop().await;

        let beside = world.beside().await.expect("the database");
        let settle = async |tx: &mut Tx| state::flow::restored(tx).await;
        let (_, held) = restore(&beside, &file, true, settle).await.expect("restored");
        beside.close().await;
        // The class was told this morning that lessons were added: that goes once too.
        let noon = at("24/11/2026", "12:00").millis();
        let notices = format!(
            "SELECT COUNT(*) FROM outbox WHERE kind = 'session.notice' AND state = 'scheduled' AND due_at <= {noon}"
        );
        let notices = Raw::at(&clear).await.number(&notices).await;
        assert_eq!((held.reminders, held.others, held.doubts), (3, 2 + notices, 1), "{engine:?}");
        world.start().await.expect("it starts again");
        world.drain().await.expect("quiet");
        let told: Vec<String> = world
            .sandbox
            .messages(boss)
            .into_iter()
            .map(|message| message.text)
            .filter(|text| text.contains("restaurée"))
            .collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("3 rappels de cours d’avant la restauration n’ont pas été renvoyés"), "{told:?}");
        let others = format!("{} autres messages n’ont pas été renvoyés", 2 + notices);
        assert!(told[0].contains(&others), "{told:?}");
        assert!(told[0].contains("1 envoi était en cours"), "{told:?}");
        world.sandbox.say(boss, boss, "/etat");
        world.drain().await.expect("quiet");
        assert!(last(&world, boss).contains("1 envoi peut-être pas parti"), "{}", last(&world, boss));
        world.until("20:00").await;
        for (subject, _) in lessons {
            assert_eq!(reminders(&world, group, subject), 1, "{engine:?}: {subject} once, over both lives");
        }
        let sent = |words: &str| world.sandbox.messages(boss).iter().any(|message| message.text == words);
        assert!(!sent("begun") && !sent("not begun") && !sent("an answer"));
        assert!(world.sandbox.violations().is_empty(), "{:#?}", world.sandbox.violations());
        world.strike().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_says_what_is_not_sent_again() {
    for engine in Engine::all() {
        let machine = Machine::on(engine).await;
        assert_eq!(machine.said(&["migrate"]).await.0, 0);
        let mut raw = Raw::url(&machine.database_url()).await;
        left(&mut raw, 7, "not begun", "at_most_once", "scheduled", "NULL").await;
        assert_eq!(machine.said(&["backup", "b.db"]).await.0, 0);
        let (code, out, err) = machine.said(&["restore", "b.db", "--replace"]).await;
        assert_eq!(code, 0, "{engine:?}: {err}");
        assert!(out.contains("· 1 autre message n’a pas été renvoyé."), "{out}");
        let cancelled = "SELECT COUNT(*) FROM outbox WHERE key = 'not begun' AND state = 'cancelled'";
        assert_eq!(raw.number(cancelled).await, 1);
        // Nothing is restored under a program that runs.
        let running = machine.run();
        machine.until("/readyz", 200).await;
        let (code, _, err) = machine.said(&["restore", "b.db", "--replace"]).await;
        assert_eq!(code, 1, "{err}");
        assert!(err.contains("sert déjà à un autre preau"), "{err}");
        running.signal("TERM").await;
        assert_eq!(running.ended().await.0, 0);
        eventually("restored", async || machine.said(&["restore", "b.db", "--replace"]).await.0 == 0).await;
        machine.remove().await;
    }
}
