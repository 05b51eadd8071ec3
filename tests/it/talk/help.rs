//! What every conversation has.

use preau::kernel::Lang;
use preau::platform::store::Probe;
use preau::school::roster::Role;

use super::school::School;
use crate::world::{Engine, World, last};

async fn says(world: &World, who: i64, words: &str) -> String {
    world.sandbox.say(who, who, words);
    world.drain().await.expect("quiet");
    last(world, who)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_is_helped_too() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let ines = world.sandbox.add_person("Inès", "Moreau", "fr");
        assert_eq!(says(&world, ines, "/ping").await, "pong · mar. 24 nov., 08:00 (Paris)");
        assert_eq!(
            says(&world, ines, "/start").await,
            "Bonjour ! Je suis Préau, l’assistant de l’école dans Telegram (École Horizon). Je ne vous connais pas encore : demandez à l’école votre lien personnel, puis ouvrez-le."
        );
        let message = world.sandbox.last(ines).expect("a message");
        world.sandbox.press(ines, ines, message.id, "ce que je garde").expect("a button");
        world.drain().await.expect("quiet");
        let privacy = last(&world, ines);
        assert!(privacy.contains("48 heures") && privacy.contains("Je ne garde que les commandes"), "{privacy}");
        assert!(privacy.chars().count() < 4096 && !privacy.contains('⟦'));
        assert_eq!(
            says(&world, ines, "/aide reglages").await,
            "Choisir la langue\n\
Choisit la langue dans laquelle je vous écris : elle vaut aussi pour le menu des commandes.\n\
Exemple : tapez /reglages, puis English.\n\
Tapez : /reglages · /settings\n\
Pour tout le monde. Ici, en privé."
        );
        assert!(says(&world, ines, "/aide horaires").await.starts_with("Je ne connais pas cette commande"));
        assert!(says(&world, ines, "/annuler").await.starts_with("Il n’y a rien à abandonner"));
        let john = world.sandbox.add_person("John", "", "en");
        assert!(says(&world, john, "/help").await.contains("/settings — Choose the language"));
        world.check().await;
    }
}

/// PRODUCT c.8: at most six lines and an example, for every command, by both names, in both languages.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_is_explained() {
    let commands = preau::app::routes().expect("the routes").commands;
    for engine in Engine::all() {
        let mut school = School::without_group(engine).await;
        school.add("Grace", "Hopper", Role::Admin, &[], Lang::En).await;
        for (who, help, word, lang) in
            [("Claire", "aide", "Exemple : ", Lang::Fr), ("Grace", "help", "Example: ", Lang::En)]
        {
            for command in &commands {
                let by_french = school.ask(who, &format!("/{help} {}", command.fr)).await;
                let by_english = school.ask(who, &format!("/{help} /{}", command.en)).await;
                assert_eq!(by_french, by_english, "{}", command.fr);
                let lines: Vec<&str> = by_french.lines().collect();
                assert!((4..=6).contains(&lines.len()) && !by_french.contains('⟦'), "{by_french}");
                let example = lines.iter().find(|line| line.starts_with(word)).expect("an example");
                let typed = example.split(|c: char| !c.is_ascii_alphanumeric() && c != '/');
                let typed = typed.into_iter().find_map(|word| word.strip_prefix('/')).expect("typed");
                assert_eq!(typed, command.name(lang), "{example}");
                assert!(lines.iter().any(|line| line.contains(&format!("/{}", command.en))), "{by_french}");
            }
        }
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_command_is_near_another_one() {
    for engine in Engine::all() {
        let mut school = School::without_group(engine).await;
        school.add("Grace", "Hopper", Role::Admin, &[], Lang::En).await;
        assert_eq!(
            school.ask("Claire", "/aide horaire").await,
            "Je ne connais pas cette commande. Essayez /aide horaires."
        );
        assert_eq!(school.ask("Grace", "/help timetabel").await, "I do not know this command. Try /help timetable.");
        // By the language that was chosen, among what one may do.
        assert_eq!(school.ask("Grace", "/linsk").await, "I do not know this command. Did you mean /links?");
        assert!(!school.ask("Inès", "/lien").await.contains("/liens"), "not hers");
        // What is not for somebody's role is said to be so.
        assert!(
            school.ask("Inès", "/aide horaires").await.starts_with("C’est réservé aux administrateurs de l’école.")
        );
        // Accents and signs are no part of a name.
        assert!(school.ask("Inès", "/Aujourd’hui").await.starts_with("Pas de cours"), "{engine:?}");
        assert!(school.ask("Mamadou", "/présence").await.starts_with("Aucune feuille"), "{engine:?}");
        assert_eq!(school.ask("Claire", "/adopter 1A").await, "/adopter s’utilise dans le groupe d’une classe.");
        assert_eq!(school.ask("Grace", "/adopter 1A").await, "/adopt is used in a class’s group.");
        school.check().await;
    }
}

/// Each of the tasks that help shows does what it says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tasks_of_a_role_are_buttons_that_work() {
    for engine in Engine::all() {
        let mut school = School::without_group(engine).await;
        school.add("Louise", "Laurent", Role::Manager, &[], Lang::Fr).await;
        for who in ["Inès", "Mamadou", "Éric", "Louise", "Claire"] {
            let chat = school.is(who);
            school.ask(who, "/aide").await;
            let menu = school.sandbox.last(chat).expect("the menu");
            let labels: Vec<String> = menu.buttons.iter().flatten().map(|key| key.text.clone()).collect();
            assert_eq!((labels.len(), labels[5].as_str()), (6, "✕ Fermer"), "{engine:?} {who}: {labels:?}");
            // Only students have lines on sheets.
            assert_eq!(labels.iter().any(|label| label == "Ma présence"), who == "Inès", "{who}: {labels:?}");
            for label in &labels[..5] {
                let before = school.all(chat).len();
                let said = school.press_on(who, chat, menu.id, label).await;
                assert_eq!(said, "", "{who} {label}");
                assert!(school.all(chat).len() > before, "{engine:?} {who}: {label}");
            }
        }
        // « Bonjour » has three buttons for everybody.
        for who in ["Inès", "Mamadou", "Éric", "Louise", "Claire"] {
            school.ask(who, "/start").await;
            assert_eq!(school.keys(school.is(who)).len(), 3, "{engine:?} {who}");
        }
        let stranger = school.sandbox.add_person("X", "", "fr");
        school.say(stranger, stranger, "/start").await;
        assert_eq!(
            school.keys(stranger),
            [["Comment avoir mon lien"], ["Voir ce que je fais"], ["Voir ce que je garde"]]
        );
        let menu = school.sandbox.last(stranger).expect("the menu").id;
        school.sandbox.press(stranger, stranger, menu, "Comment avoir").expect("a key");
        school.drain().await.expect("quiet");
        assert!(school.last(stranger).contains("Demandez votre lien personnel"), "{}", school.last(stranger));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_is_ours_or_not() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let (ines, bot) = (school.is("Inès"), school.sandbox.bot_username().to_owned());
        let before = school.all(school.group).len();
        school.say(ines, school.group, "/aujourdhui@OtherBot").await;
        school.say(ines, school.group, "/unecommande").await;
        assert_eq!(school.all(school.group).len(), before, "{engine:?}: somebody else's");
        assert_eq!(school.say(ines, school.group, &format!("/aujourdhui@{bot}")).await, "Pas de cours aujourd’hui.");
        school.check().await;
    }
}

/// What the words tell people to type is there, by its name in that language.
#[test]
fn the_words_name_commands_that_exist() {
    let commands = preau::app::routes().expect("the routes").commands;
    let mut wrong = Vec::new();
    for lang in Lang::ALL {
        let folder = crate::source::root().join("locales").join(lang.code());
        for file in std::fs::read_dir(folder).expect("the words") {
            let path = file.expect("a file").path();
            let words = std::fs::read_to_string(&path).expect("words");
            for (at, line) in words.lines().enumerate() {
                // A command stands after a space or a quote; dates, paths and BotFather's own commands do not count.
                for word in line.split([' ', '«', '“', '\u{a0}', '(']).filter_map(|word| word.strip_prefix('/')) {
                    let name: String = word.chars().take_while(char::is_ascii_lowercase).collect();
                    let path_like =
                        word.chars().nth(name.len()).is_some_and(|next| next.is_alphanumeric() || next == '/');
                    let theirs =
                        line.contains("@BotFather") || ["healthz", "readyz", "metrics"].contains(&name.as_str());
                    if name.is_empty() || path_like || theirs {
                        continue;
                    }
                    if !commands.iter().any(|command| command.name(lang) == name) {
                        wrong.push(format!("{}:{}: /{name}", path.display(), at + 1));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Whom to write to about one's data, where the school names somebody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn privacy_names_whom_to_write_to() {
    for engine in Engine::all() {
        for (contact, named) in [("dpo@horizon.example", true), ("", false)] {
            let world = World::with(engine, Probe::default(), &[("school.privacy_contact", contact)]).await;
            let ines = world.sandbox.add_person("Inès", "Moreau", "fr");
            world.sandbox.say(ines, ines, "/confidentialite");
            world.drain().await.expect("quiet");
            let said = last(&world, ines);
            assert!(said.contains("Vos droits"), "{said}");
            assert_eq!(said.contains("écrivez à : dpo@horizon.example."), named, "{engine:?}: {said}");
            world.check().await;
        }
    }
}
