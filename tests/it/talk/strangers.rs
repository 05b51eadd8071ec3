//! What somebody gets who is not known.

use crate::world::{Engine, World, last};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_command_gets_an_answer() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let ines = world.sandbox.add_person("Inès", "Moreau", "fr");
        world.sandbox.say(ines, ines, "/semmaine");
        world.drain().await.expect("quiet");
        assert_eq!(last(&world, ines), "Je ne connais pas cette commande. Vouliez-vous dire /semaine ?");
        world.check().await;
    }
}
