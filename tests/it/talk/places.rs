//! Commands where they do not belong: answered to one person, in their language; what is about people is deleted.

use std::collections::BTreeMap;

use preau::kernel::Lang;
use preau::school::roster::Role;
use preau::telegram::store;
use serde_json::{Value, json};

use super::school::School;
use crate::store::Raw;
use crate::world::{Engine, World};

/// PRODUCT: « `/bloquer`, `/retirer`, `/absence` typed in a group are deleted and answered in private ».
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_about_people_is_deleted_in_groups() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let (eric, ines, group) = (school.is("Éric"), school.is("Inès"), school.group);
        school.sandbox.add_member(group, eric, school.is("Claire"));
        school.drain().await.expect("quiet");
        let before = school.all(group).len();
        for (who, typed) in [
            (eric, "/bloquer Léa P."),
            (eric, "/retirer Léa"),
            (ines, "/absence demain, médecin"),
            (ines, "/retard 10 min"),
        ] {
            let line = school.sandbox.say(who, group, typed);
            school.drain().await.expect("quiet");
            let stands = school.sandbox.messages(group).into_iter().any(|message| message.id == line);
            assert!(!stands, "{engine:?}: {typed}");
            let said = school.last(who);
            assert!(said.starts_with("Tout le groupe BTS SIO 1A peut lire ce que vous venez"), "{engine:?}: {said}");
            let absent = typed.starts_with("/absence") || typed.starts_with("/retard");
            let how = said.ends_with("Pour prévenir : le bouton sous le rappel du cours, ou la vie scolaire.");
            assert_eq!(how, absent, "{engine:?}: {said}");
            assert_eq!(said.contains("je n’ai pas de commande"), !absent, "{engine:?}: {said}");
            assert!(!said.contains("Léa") && !said.contains("médecin"), "{engine:?}: {said}");
        }
        // A file with such words under it (a medical note) is one, too: nothing of it is kept, not even its name.
        let note = school.sandbox.send_file(ines, group, "arret-grippe.jpg", vec![0xFF, 0xD8], Some("/absence grippe"));
        let other = school.sandbox.send_file(ines, group, "devoir.pdf", vec![1], Some("/danse"));
        school.drain().await.expect("quiet");
        let stands: Vec<i64> = school.sandbox.messages(group).into_iter().map(|message| message.id).collect();
        assert!(!stands.contains(&note) && stands.contains(&other), "{engine:?}: {stands:?}");
        assert!(school.last(ines).ends_with("ou la vie scolaire."), "{engine:?}: {}", school.last(ines));
        let mut raw = Raw::open(&school.place).await;
        for table in raw.tables().await {
            let columns = raw.columns(&table).await;
            let rows = raw.values(&table, &columns).await;
            assert!(!rows.iter().any(|row| row.contains("grippe")), "{engine:?}: {table}");
        }
        drop(raw);
        // Anybody's joke stays, and so do the words about people that are said in private.
        let joke = school.sandbox.say(ines, group, "/danse");
        school.drain().await.expect("quiet");
        assert!(school.sandbox.messages(group).into_iter().any(|message| message.id == joke), "{engine:?}");
        assert!(school.ask("Inès", "/bloquer Léa").await.starts_with("Je ne connais pas cette commande"), "{engine:?}");
        assert_eq!(school.all(group).len(), before, "{engine:?}: nothing is said in the group");
        school.check().await;
    }
}

/// PRODUCT c.2: as few messages in groups as possible; « every text follows the person's choice ».
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_of_the_other_place_is_answered_in_private() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let class = school.class.clone();
        let john = school.add("John", "Doe", Role::Teacher, &[&class], Lang::Fr).await;
        school.ask("John", "/reglages").await;
        school.press("John", "English").await;
        let (claire, ines, group) = (school.is("Claire"), school.is("Inès"), school.group);
        school.sandbox.add_member(group, john, claire);
        school.drain().await.expect("quiet");
        let before = school.all(group).len();
        let expected = "/attendance is used in private: type it here, in our chat.";
        school.say(john, group, "/presence").await;
        assert_eq!(school.last(john), expected, "{engine:?}");
        school.say(claire, group, "/horaires").await;
        assert_eq!(school.last(claire), "/horaires s’utilise en privé : tapez-la ici, dans notre conversation.");
        school.say(ines, group, "/start").await;
        assert_eq!(school.last(ines), "/start s’utilise en privé : tapez-la ici, dans notre conversation.");
        // What somebody may not do, they may do nowhere.
        school.say(ines, group, "/horaires").await;
        assert!(school.last(ines).contains("TEL-05"), "{engine:?}: {}", school.last(ines));
        assert!(school.ask("Inès", "/adopter").await.contains("TEL-05"), "{engine:?}");
        assert!(school.ask("Claire", "/adopter").await.contains("dans le groupe d’une classe"), "{engine:?}");
        assert_eq!(school.all(group).len(), before, "{engine:?}: nothing is said in the group");
        school.write(async |tx| store::purge(tx, tx.now()).await).await;
        school.check().await;
    }
}

/// PRODUCT c.1, c.2: a student in a group sees five to seven commands; help and privacy, asked for there, are answered in
/// private, and whoever never pressed Start is offered that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn help_and_privacy_asked_for_in_a_group_are_answered_in_private() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        school.expects("bot can't initiate conversation");
        let (ines, group) = (school.is("Inès"), school.group);
        let before = school.all(group).len();
        school.say(ines, group, "/aide").await;
        assert!(school.last(ines).starts_with("Voici ce que l’on me demande le plus."), "{}", school.last(ines));
        assert_eq!(school.keys(ines).len(), 6, "{engine:?}");
        school.press("Inès", "Ma présence").await;
        school.say(ines, group, "/aide TEL-04").await;
        assert!(school.last(ines).starts_with("Je ne réponds sur les personnes"), "{}", school.last(ines));
        school.say(ines, group, "/aide moi").await;
        assert!(school.last(ines).contains("/moi · /me"), "{}", school.last(ines));
        school.say(ines, group, "/confidentialite").await;
        assert!(school.last(ines).contains("Sur vous, je connais : votre nom (Inès Moreau)"), "{}", school.last(ines));
        assert_eq!(school.all(group).len(), before, "{engine:?}: nothing is said in the group");

        let zed = school.sandbox.add_person("Zed", "", "fr");
        school.sandbox.add_member(group, zed, school.is("Claire"));
        school.drain().await.expect("quiet");
        let before = school.all(group).len();
        school.say(zed, group, "/confidentialite").await;
        assert_eq!(school.all(group).len(), before + 1, "{engine:?}");
        assert_eq!(school.keys(group), [["Ouvrir le chat privé"]], "{engine:?}");
        school.check().await;
    }
}

/// Whoever may not join reads why in the language of their Telegram.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_is_declined_in_their_own_language() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let link = school.sandbox.links(school.group).first().cloned().expect("a link");
        let stranger = school.sandbox.add_person("Zed", "Who", "en");
        school.sandbox.ask_to_join(stranger, &link).expect("asks");
        school.drain().await.expect("quiet");
        let said = school.last(stranger);
        assert!(said.contains("school"), "{engine:?}: {said}");
        school.check().await;
    }
}

/// Each list at Telegram, in both languages.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_scope_has_its_commands() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        world.drain().await.expect("quiet");
        let names = |scope: &str, language: &str| -> String {
            let scope: Value = json!({ "type": scope });
            let list = world.sandbox.commands(&scope, language);
            list.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(" ")
        };
        let mut found = BTreeMap::new();
        for scope in ["default", "all_private_chats", "all_group_chats", "all_chat_administrators"] {
            assert_eq!(names(scope, ""), names(scope, "fr"), "{engine:?}");
            found.insert((scope, "fr"), names(scope, "fr"));
            found.insert((scope, "en"), names(scope, "en"));
        }
        let strangers = "start aujourdhui semaine prochain aide reglages confidentialite annuler";
        let expected = BTreeMap::from([
            (("default", "fr"), strangers.to_owned()),
            (("default", "en"), "start today week next help settings privacy cancel".to_owned()),
            (("all_private_chats", "fr"), strangers.to_owned()),
            (("all_private_chats", "en"), "start today week next help settings privacy cancel".to_owned()),
            (("all_group_chats", "fr"), "aujourdhui semaine prochain moi aide confidentialite".to_owned()),
            (("all_group_chats", "en"), "today week next me help privacy".to_owned()),
            (("all_chat_administrators", "fr"), "aujourdhui semaine prochain moi aide confidentialite".to_owned()),
            (("all_chat_administrators", "en"), "today week next me help privacy".to_owned()),
        ]);
        assert_eq!(found, expected, "{engine:?}");
        world.check().await;
    }
}
