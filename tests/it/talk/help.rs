//! What every conversation has.

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
Tapez : /reglages · /settings\n\
Pour tout le monde.\n\
Ici, en privé."
        );
        assert!(says(&world, ines, "/aide horaires").await.starts_with("Je ne connais pas cette commande"));
        assert!(says(&world, ines, "/annuler").await.starts_with("Il n’y a rien à abandonner"));
        let john = world.sandbox.add_person("John", "", "en");
        assert!(says(&world, john, "/help").await.contains("/settings — Choose the language"));
        world.check().await;
    }
}
