//! Menus: closed, gone back from, renewed when they have expired; and the lists of commands at Telegram.

use std::collections::BTreeSet;

use preau::sandbox::Fault;
use preau::school::roster::Role;
use preau::telegram::store;
use serde_json::Value;

use super::school::School;
use crate::paths::eventually;
use crate::world::{Engine, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_menu_is_closed_and_gone_back_from() {
    for engine in Engine::all() {
        let mut school = School::without_group(engine).await;
        school.expects("message can't be deleted for everyone");
        let claire = school.is("Claire");
        school.add_unlinked("Zoé", "Zola", Role::Student, &[&school.class.clone()]).await;
        school.ask("Claire", "/liens").await;
        assert_eq!(school.keys(claire), [vec!["BTS SIO 1A"], vec!["✕ Fermer"]], "{engine:?}");
        school.press("Claire", "BTS SIO 1A").await;
        assert_eq!(school.keys(claire), [vec!["Créer 1 lien"], vec!["« Retour", "✕ Fermer"]]);
        school.press("Claire", "« Retour").await;
        assert_eq!(school.last(claire), "Pour quelle classe ?");
        let menu = school.sandbox.last(claire).expect("the menu").id;
        school.press("Claire", "Fermer").await;
        assert!(school.all(claire).iter().all(|message| message.id != menu), "deleted");

        // Telegram keeps what is older than two days: then the menu says that it is closed.
        school.ask("Claire", "/reglages").await;
        let menu = school.sandbox.last(claire).expect("the menu").id;
        school.to("27/11/2026", "09:00").await;
        school.press_on("Claire", claire, menu, "Fermer").await;
        let closed = school.all(claire).into_iter().find(|message| message.id == menu).expect("it stays");
        assert_eq!((closed.text.as_str(), closed.buttons.len()), ("C’est fermé.", 0), "{engine:?}");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expired_menu_comes_back_up_to_date() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        let claire = school.is("Claire");
        school.add_unlinked("Zoé", "Zola", Role::Student, &[&school.class.clone()]).await;
        school.ask("Claire", "/liens").await;
        school.press("Claire", "BTS SIO 1A").await;
        let menu = school.sandbox.last(claire).expect("the menu").id;
        // Two months later the buttons are forgotten, and there is a second class.
        school.write(async |tx| store::purge(tx, tx.now().plus_minutes(1)).await).await;
        school.add_class("BTS SIO 1B").await;
        let said = school.press_on("Claire", claire, menu, "Créer").await;
        assert_eq!(said, "Ce menu a expiré, le voici à jour. (TEL-01)", "{engine:?}");
        assert_eq!(school.sandbox.last(claire).expect("the menu").id, menu, "in its place");
        assert_eq!(school.last(claire), "Pour quelle classe ?");
        assert_eq!(school.keys(claire), [vec!["BTS SIO 1A", "BTS SIO 1B"], vec!["✕ Fermer"]]);

        // A menu that was opened by another's button is renewed as itself.
        school.ask("Claire", "/aide").await;
        school.press("Claire", "Créer les liens personnels").await;
        school.write(async |tx| store::purge(tx, tx.now().plus_minutes(1)).await).await;
        assert!(school.press("Claire", "BTS SIO 1B").await.contains("le voici à jour"));
        assert_eq!(school.last(claire), "Pour quelle classe ?");

        // The same rights as ever: what the hint names is a command like any other.
        let ines = school.is("Inès");
        school.ask("Inès", "/reglages").await;
        let menu = school.sandbox.last(ines).expect("the menu").id;
        let forged = format!("1{}liens", "x".repeat(32));
        let query = school.sandbox.press_data(ines, ines, menu, &forged);
        school.drain().await.expect("quiet");
        let said = school.sandbox.callback_answer(&query).flatten().unwrap_or_default();
        assert!(said.contains("TEL-05"), "{engine:?}: {said}");
        // And what names nothing is only told.
        let query = school.sandbox.press_data(ines, ines, menu, &format!("1{}", "x".repeat(32)));
        school.drain().await.expect("quiet");
        let said = school.sandbox.callback_answer(&query).flatten().unwrap_or_default();
        assert_eq!(said, "Ce menu a expiré. Refaites la commande pour l’avoir à jour. (TEL-01)");
        school.check().await;
    }
}

/// Asked to wait in the middle, it goes on from there: twelve lists, each set once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lists_of_commands_go_on_where_they_stopped() {
    for engine in Engine::all() {
        let mut world = World::on(engine).await;
        world.drain().await.expect("quiet");
        let set = |world: &World, from: usize| -> Vec<(String, bool)> {
            let journal = world.sandbox.journal();
            let calls = journal.into_iter().filter(|call| call.method.eq_ignore_ascii_case("setMyCommands"));
            let list = |params: &Value| format!("{} {}", params["scope"], params["language_code"]);
            calls.map(|call| (list(&call.params), call.outcome == "ok")).skip(from).collect()
        };
        let first = set(&world, 0);
        assert!(first.len() == 12 && first.iter().all(|(_, ok)| *ok), "{engine:?}: {first:?}");

        // Started again, nothing is set again.
        world.stop().await;
        world.start().await.expect("it starts again");
        world.drain().await.expect("quiet");
        assert_eq!(set(&world, 12), []);

        // On a store that has forgotten, Telegram asks to wait after some of them.
        world.stop().await;
        let beside = world.beside().await.expect("the database");
        let forget = "DELETE FROM setting WHERE name LIKE 'telegram.menus%'";
        beside.db.transact(async |tx| preau::run!(tx, forget)).await.expect("forgotten");
        beside.close().await;
        let method = || Some("setMyCommands".to_owned());
        world.sandbox.fault(Fault::Delay { method: method(), millis: 20, times: 12 });
        world.start().await.expect("it starts again");
        eventually("some are set", async || set(&world, 12).len() >= 4).await;
        world.sandbox.fault(Fault::TooManyRequests { method: method(), retry_after: 1, times: 1 });
        world.drain().await.expect("quiet");
        let again = set(&world, 12);
        let done: BTreeSet<&String> = again.iter().filter(|(_, ok)| *ok).map(|(list, _)| list).collect();
        assert_eq!((again.len(), done.len()), (13, 12), "{engine:?}: each once, one was asked to wait: {again:?}");
        world.check().await;
    }
}
