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

/// PRODUCT c.2: personal things go to the private chat; to whoever never pressed Start, one button that names nobody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_in_a_group_gets_one_button_and_no_name() {
    for engine in Engine::all() {
        let mut world = World::on(engine).await;
        world.expects("bot can't initiate conversation");
        let owner = world.sandbox.add_person("Claire", "Martin", "fr");
        let (ines, noe) =
            (world.sandbox.add_person("Inès", "Moreau", "fr"), world.sandbox.add_person("Noé", "Blanc", "fr"));
        let group = world.sandbox.add_group("BTS SIO 1A", owner);
        world.sandbox.add_bot(group, owner);
        world.sandbox.add_member(group, ines, owner);
        world.sandbox.add_member(group, noe, owner);
        world.sandbox.start_bot(noe, "");
        world.drain().await.expect("quiet");
        let before = world.sandbox.messages(group).len();
        world.sandbox.say(ines, group, "/moi");
        world.sandbox.say(ines, group, "/moi");
        world.drain().await.expect("quiet");
        let said: Vec<_> =
            world.sandbox.messages(group).into_iter().skip(before).filter(|message| message.from_bot).collect();
        assert_eq!(said.len(), 1, "{engine:?}: {said:?}");
        assert!(!said[0].text.contains("Inès"));
        assert_eq!(said[0].buttons[0][0].text, "Ouvrir le chat privé");
        assert!(said[0].buttons[0][0].url.as_ref().is_some_and(|url| url.ends_with("?start=bonjour")));
        // Whoever pressed Start is answered there.
        world.sandbox.say(noe, group, "/moi");
        world.drain().await.expect("quiet");
        assert!(last(&world, noe).contains("TEL-04"), "{}", last(&world, noe));
        world.check().await;
    }
}
