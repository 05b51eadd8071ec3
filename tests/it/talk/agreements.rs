//! What one person may not decide alone.

use preau::kernel::Text;
use preau::platform::outbox;
use preau::school::approval::{Ask, State, flow as approval, key_of, store};
use preau::school::roster::flow as roster;

use crate::world::{Engine, World, last};

async fn admin(world: &World, first: &str, name: &str) -> (i64, String) {
    let account = world.sandbox.add_person(first, "", "fr");
    let db = world.db().expect("running");
    let token = db.transact(async |tx| roster::admin_link(tx).await).await.expect("a link");
    world.sandbox.start_bot(account, &token);
    world.drain().await.expect("quiet");
    world.sandbox.say(account, account, name);
    world.drain().await.expect("quiet");
    let person = db.read(async |tx| roster::person_of_account(tx, account).await).await.expect("read").expect("tied");
    (account, person.id)
}

async fn ask(world: &World, needs: i64, asker: &str) -> String {
    let ask = Ask {
        kind: "roster.menu",
        effects: Text::verbatim("Retirer 24 élèves de BTS SIO 1A."),
        payload: serde_json::json!({ "account": 1 }),
        needs,
        asked_by: Some(asker.to_owned()),
        hours: 48,
    };
    let id = world.db().expect("running").transact(async |tx| approval::ask(tx, ask).await).await.expect("asked");
    world.drain().await.expect("quiet");
    id
}

async fn state(world: &World, id: &str) -> State {
    let read = world.db().expect("running").read(async |tx| store::agreement(tx, id).await).await;
    read.expect("read").expect("an agreement").state
}

async fn press(world: &World, who: i64, label: &str) {
    let message = world.sandbox.messages(who).into_iter().rev().find(|message| message.text.contains("Accord demandé"));
    world.sandbox.press(who, who, message.expect("a message").id, label).expect("a button");
    world.drain().await.expect("quiet");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_accept_and_it_is_carried_out_once() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let (claire, claire_id) = admin(&world, "Claire", "Claire Dupont").await;
        let (marc, _) = admin(&world, "Marc", "Marc Petit").await;
        let id = ask(&world, 2, &claire_id).await;
        let mut said = last(&world, marc);
        said = said.replace(&preau::kernel::id::reference(&id), "XXXXXX");
        assert_eq!(
            said,
            "Accord demandé · XXXXXX\n\
Retirer 24 élèves de BTS SIO 1A.\n\
Demandé par Claire D.\n\
Il manque 2 accords, de personnes différentes. Sans réponse avant le jeu. 26 nov., 08:00 (Paris), rien ne sera fait."
        );
        press(&world, claire, "Accepter").await;
        press(&world, claire, "Accepter").await;
        assert_eq!(state(&world, &id).await, State::Open, "one person is one voice");
        assert!(last(&world, marc).contains("Accepté par Claire D.\n"), "{}", last(&world, marc));
        press(&world, marc, "Accepter").await;
        assert_eq!(state(&world, &id).await, State::Agreed);
        let row = world.db().expect("running").read(async |tx| outbox::store::look_up(tx, &key_of(&id)).await).await;
        assert_eq!(row.expect("read").map(|row| row.kind).as_deref(), Some("roster.menu"));
        let done = world.db().expect("running").transact(async |tx| approval::carried_out(tx, &id).await).await;
        assert!(done.expect("done"));
        world.drain().await.expect("quiet");
        assert!(last(&world, claire).contains("Accepté, et fait."), "{}", last(&world, claire));
        let mut world = world;
        world.strike().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_refusal_ends_it_and_time_does_too() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let (claire, claire_id) = admin(&world, "Claire", "Claire Dupont").await;
        let (marc, _) = admin(&world, "Marc", "Marc Petit").await;
        let id = ask(&world, 2, &claire_id).await;
        press(&world, claire, "Accepter").await;
        press(&world, marc, "Refuser").await;
        assert_eq!(state(&world, &id).await, State::Refused);
        assert!(last(&world, claire).contains("Refusé : rien n’est fait."));
        let id = ask(&world, 2, &claire_id).await;
        world.go_to(world.clock.now().plus_hours(49)).await.expect("time passes");
        assert_eq!(state(&world, &id).await, State::Expired);
        assert!(last(&world, marc).contains("Sans accord avant"));
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_single_admin_waits_a_day_for_the_command_line() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let (claire, claire_id) = admin(&world, "Claire", "Claire Dupont").await;
        let id = ask(&world, 2, &claire_id).await;
        let typed = preau::kernel::id::reference(&id);
        let agree =
            async || world.db().expect("running").transact(async |tx| approval::agree_on_cli(tx, &typed).await).await;
        let refused = |outcome: preau::kernel::Result<approval::Typed>| match outcome {
            Err(preau::kernel::Error::Refusal(refusal)) => refusal.text.to_string(),
            other => panic!("{other:?}"),
        };
        // Nobody else is asked: what she does herself is said from the beginning.
        let line = format!("tapez « preau agree {typed} » sur le serveur.");
        let said = last(&world, claire);
        let (when, until) =
            ("mer. 25 nov., 08:00 (Paris)", "Sans cela avant le jeu. 26 nov., 08:00 (Paris), rien ne sera fait.");
        let alone = "Vous êtes seul administrateur : ";
        assert!(said.ends_with(&format!("{alone}acceptez ici ; puis, à partir du {when}, {line} {until}")), "{said}");
        assert!(!said.contains("personnes différentes"), "{said}");
        assert!(refused(agree().await).contains("d’abord accepter dans Telegram"));
        let message = world.sandbox.last(claire).expect("a message").id;
        let query = world.sandbox.press(claire, claire, message, "Accepter").expect("a button");
        world.drain().await.expect("quiet");
        let shown = world.sandbox.callback_answer(&query).flatten();
        let over = format!("C’est noté. {alone}à partir du {when}, {line}");
        assert_eq!(shown.as_deref(), Some(over.as_str()), "{engine:?}");
        assert!(over.chars().count() <= 200);
        let said = last(&world, claire);
        assert!(said.ends_with(&format!("{alone}à partir du {when}, {line} {until}")), "{said}");
        let early = refused(agree().await);
        assert!(early.starts_with("Trop tôt") && early.ends_with(&format!("à partir du {when}.")), "{early}");
        world.go_to(world.clock.now().plus_hours(24)).await.expect("time passes");
        let done = agree().await.expect("agreed");
        assert!(done.counted && done.words.to_string().contains("Accepté"), "{done:?}");
        assert_eq!(state(&world, &id).await, State::Agreed);
        let mut world = world;
        world.strike().await;
    }
}

/// A second admin without an account can say no word: whoever is alone is not kept waiting for one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_without_an_account_is_no_second_person() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let (claire, claire_id) = admin(&world, "Claire", "Claire Dupont").await;
        let (marc, marc_id) = admin(&world, "Marc", "Marc Petit").await;
        let db = world.db().expect("running");
        let by = db.read(async |tx| roster::person(tx, &claire_id).await).await.expect("read").expect("Claire");
        db.transact(async |tx| roster::untie(tx, &by, &marc_id, marc).await).await.expect("untied");
        world.drain().await.expect("quiet");
        let id = ask(&world, 2, &claire_id).await;
        press(&world, claire, "Accepter").await;
        world.go_to(world.clock.now().plus_hours(24)).await.expect("time passes");
        let typed = preau::kernel::id::reference(&id);
        let said = world.db().expect("running").transact(async |tx| approval::agree_on_cli(tx, &typed).await).await;
        let said = said.expect("agreed");
        assert!(said.counted && said.words.to_string().contains("Accepté"), "{engine:?}: {said:?}");
        assert_eq!(state(&world, &id).await, State::Agreed);
        let mut world = world;
        world.strike().await;
    }
}
