//! Menus: closed, gone back from, renewed when they have expired; and the lists of commands at Telegram.

use std::collections::BTreeSet;

use preau::kernel::Lang;
use preau::sandbox::Fault;
use preau::school::classroom::RIGHTS;
use preau::school::roster::Role;
use preau::telegram::store;
use serde_json::{Value, json};

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
        assert_eq!(school.keys(claire), [vec!["BTS SIO 1A", "Personnel sans classe"], vec!["✕ Fermer"]]);
        school.press("Claire", "BTS SIO 1A").await;
        assert_eq!(
            school.keys(claire),
            [vec!["Créer 1 lien"], vec!["Délier un compte…"], vec!["« Retour", "✕ Fermer"]]
        );
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
        assert_eq!(
            school.keys(claire),
            [vec!["BTS SIO 1A", "BTS SIO 1B"], vec!["Personnel sans classe"], vec!["✕ Fermer"]]
        );

        // A menu that was opened by another's button is renewed as itself.
        school.ask("Claire", "/aide").await;
        school.press("Claire", "Les liens personnels").await;
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

/// « no list is cut without a word »: pages of at most eight rows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_lists_have_pages() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        let claire = school.is("Claire");
        for n in 1..=24 {
            school.add_class(&format!("Classe {n:02}")).await;
        }
        // Twelve classes on a page of keys: 25 classes make three.
        school.ask("Claire", "/liens").await;
        let keys = school.keys(claire);
        assert_eq!((keys.len(), keys[6].clone()), (8, vec!["1/3".to_owned(), "›".to_owned()]), "{engine:?}");
        school.press("Claire", "›").await;
        school.press("Claire", "›").await;
        let last = [vec!["Classe 24", "Personnel sans classe"], vec!["‹", "3/3"], vec!["✕ Fermer"]];
        assert_eq!(school.keys(claire), last, "{engine:?}");
        school.press("Claire", "‹").await;
        assert_eq!(school.keys(claire)[6], ["‹", "2/3", "›"], "{engine:?}");

        // Twenty lines on a page of words.
        assert!(school.ask("Claire", "/classes").await.starts_with("25 classes"), "{engine:?}");
        assert!(!school.last(claire).contains("Classe 24"), "{engine:?}");
        school.press("Claire", "›").await;
        assert!(school.last(claire).contains("Classe 24"), "{engine:?}: {}", school.last(claire));

        let group = school.sandbox.add_group("Sans nom", claire);
        school.sandbox.add_bot(group, claire);
        school.sandbox.promote_bot(group, claire, &preau::school::classroom::RIGHTS);
        school.drain().await.expect("quiet");
        school.say(claire, group, "/adopter").await;
        school.press_in("Claire", group, "›").await;
        school.press_in("Claire", group, "›").await;
        school.press_in("Claire", group, "Classe 24").await;
        assert!(school.last(group).starts_with("Ce groupe est maintenant celui de la classe Classe 24."), "{engine:?}");
        school.check().await;
    }
}

/// Documents are for the school's office; what holds no words gets one sentence.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_is_for_the_office() {
    for engine in Engine::all() {
        let mut school = School::without_group(engine).await;
        let (claire, ines) = (school.is("Claire"), school.is("Inès"));
        school.sandbox.send_file(ines, ines, "certificat.pdf", b"%PDF".to_vec(), None);
        school.drain().await.expect("quiet");
        assert_eq!(school.last(ines), "Je ne garde pas de document ici : remettez-le à la vie scolaire.", "{engine:?}");
        school.sandbox.send_file(claire, claire, "horaires.pdf", b"%PDF".to_vec(), None);
        school.drain().await.expect("quiet");
        assert!(school.last(claire).contains("TEL-03"), "{engine:?}: {}", school.last(claire));
        // Timetables are an admin's to send: a manager is not told how.
        let mona = school.add("Mona", "Lise", Role::Manager, &[], Lang::Fr).await;
        school.sandbox.send_file(mona, mona, "horaires.pdf", b"%PDF".to_vec(), None);
        school.drain().await.expect("quiet");
        assert_eq!(school.last(mona), school.last(ines), "{engine:?}");
        school.check().await;
    }
}

/// What stands in the menus of somebody whose Telegram speaks so: in private, and in the class's group.
fn menus(school: &School, who: i64, telegram: &str) -> [String; 2] {
    let names = |scope: Value, language: &str| -> String {
        let list = school.sandbox.commands(&scope, language);
        list.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(" ")
    };
    let mine = names(json!({"type": "chat", "chat_id": who}), "");
    let in_group = names(json!({"type": "chat_member", "chat_id": school.group, "user_id": who}), "");
    // As Telegram does: the narrowest list there is, else that of everybody in their Telegram's language.
    let everybody = |kind: &str| names(json!({ "type": kind }), telegram);
    let or = |own: String, kind: &str| if own.is_empty() { everybody(kind) } else { own };
    [or(mine, "all_private_chats"), or(in_group, "all_group_chats")]
}

/// Exactly what each role sees, and what it sees once it chose English.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_role_has_its_list_in_its_language() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        school.add("Odile", "Roy", Role::Manager, &[], Lang::Fr).await;
        for first in ["Éric", "Mamadou", "Odile"] {
            school.sandbox.add_member(school.group, school.is(first), school.is("Claire"));
        }
        // As after a change of role: everybody's own list is there.
        for first in ["Inès", "Mamadou", "Éric", "Odile", "Claire"] {
            let account = school.is(first);
            school.write(async |tx| preau::school::roster::flow::put_menu(tx, account).await).await;
        }
        let always = ("aide reglages confidentialite annuler", "help settings privacy cancel");
        let lessons = ("aujourdhui semaine prochain", "today week next");
        let admin = ("horaires modele", "timetable template");
        let student = (format!("start {} moi {}", lessons.0, always.0), format!("start {} me {}", lessons.1, always.1));
        let teacher =
            (format!("{} presence moi {}", lessons.0, always.0), format!("{} attendance me {}", lessons.1, always.1));
        let supervisor =
            (format!("start classes liens {}", teacher.0), format!("start classrooms links {}", teacher.1));
        let teacher = (format!("start {}", teacher.0), format!("start {}", teacher.1));
        let (group, in_english) =
            ("aujourdhui semaine prochain moi aide confidentialite", "today week next me help privacy");
        for menu in [group, in_english] {
            assert!((5..=7).contains(&menu.split(' ').count()), "PRODUCT c.1: {menu}");
        }
        let above = (
            format!("start classes liens {} presence moi {} etat journal {}", lessons.0, admin.0, always.0),
            format!("start classrooms links {} attendance me {} status audit {}", lessons.1, admin.1, always.1),
        );
        let table = [
            ("Inès", student, (group, in_english)),
            ("Mamadou", teacher, (group, in_english)),
            ("Éric", supervisor.clone(), (group, in_english)),
            ("Odile", supervisor, (group, in_english)),
            (
                "Claire",
                above,
                (
                    "adopter aujourdhui semaine prochain moi aide confidentialite",
                    "adopt today week next me help privacy",
                ),
            ),
        ];
        for (first, (fr, en), (group_fr, group_en)) in table {
            let account = school.is(first);
            assert_eq!(menus(&school, account, "fr"), [fr.as_str(), group_fr], "{engine:?}: {first}");
            school.ask(first, "/reglages").await;
            school.press(first, "English").await;
            assert_eq!(menus(&school, account, "fr"), [en.as_str(), group_en], "{engine:?}: {first}, in English");
        }
        // A group's own administrator who is none of the school's, and a stranger.
        let list = school.sandbox.commands(&json!({"type": "all_chat_administrators"}), "fr");
        assert!(!list.iter().any(|(name, _)| name == "adopter"), "{engine:?}");
        let stranger = school.sandbox.add_person("X", "", "en");
        assert_eq!(menus(&school, stranger, "en"), ["start today week next help settings privacy cancel", in_english]);
        school.check().await;
    }
}

/// Who comes into a group with a language of their own sees its menu so; an admin who brings the bot finds `/adopter`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn menus_follow_into_groups() {
    for engine in Engine::all() {
        let mut school = School::without_group(engine).await;
        let claire = school.is("Claire");
        school.group = school.sandbox.add_group("BTS SIO 1A", claire);
        school.sandbox.add_bot(school.group, claire);
        school.drain().await.expect("quiet");
        assert_eq!(
            menus(&school, claire, "fr")[1],
            "adopter aujourdhui semaine prochain moi aide confidentialite",
            "{engine:?}"
        );
        school.sandbox.promote_bot(school.group, claire, &RIGHTS);
        school.drain().await.expect("quiet");
        school.say(claire, school.group, "/adopter BTS SIO 1A").await;
        school.ask("Inès", "/reglages").await;
        school.press("Inès", "English").await;
        let link = school.sandbox.links(school.group).first().cloned().expect("a link");
        for first in ["Inès", "Noé"] {
            school.sandbox.ask_to_join(school.is(first), &link).expect("asks");
            school.drain().await.expect("quiet");
        }
        assert_eq!(menus(&school, school.is("Inès"), "fr")[1], "today week next me help privacy", "{engine:?}");
        let own = json!({"type": "chat_member", "chat_id": school.group, "user_id": school.is("Noé")});
        assert!(school.sandbox.commands(&own, "").is_empty(), "what everybody sees is what he sees");
        school.check().await;
    }
}
