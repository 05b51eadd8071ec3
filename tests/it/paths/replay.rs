//! What was received before the program stopped is taken by the next one, in its order, before anything new.

use preau::platform::inbox;

use crate::world::{Engine, World};

fn update(id: i64, account: i64, text: &str) -> String {
    let who = serde_json::json!({ "id": account, "is_bot": false, "first_name": "Inès", "language_code": "fr" });
    let chat = serde_json::json!({ "id": account, "type": "private", "first_name": "Inès" });
    let command = serde_json::json!([{ "type": "bot_command", "offset": 0, "length": text.len() }]);
    serde_json::json!({ "update_id": id, "message": {
        "message_id": 1000 + id, "date": 1_795_503_600, "chat": chat, "from": who, "text": text, "entities": command,
    }})
    .to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn undone_updates_are_taken_in_order_after_a_restart() {
    for engine in Engine::all() {
        let mut world = World::on(engine).await;
        let ines = world.sandbox.add_person("Inès", "Moreau", "fr");
        world.sandbox.start_bot(ines, "");
        world.drain().await.expect("quiet");
        let before = world.sandbox.messages(ines).len();
        world.stop().await;

        let beside = world.beside().await.expect("the database");
        let typed = ["/adopter", "/semmaine", "/qqqqqqqqqq"];
        beside
            .db
            .transact(async |tx| {
                for (id, text) in (1..).zip(typed) {
                    assert!(inbox::store::insert(tx, id, ines, &update(id, ines, text)).await?, "new");
                }
                Ok(())
            })
            .await
            .expect("stored");
        beside.close().await;

        world.start().await.expect("it starts again");
        world.drain().await.expect("quiet");
        let answers: Vec<String> = world.sandbox.messages(ines)[before..].iter().map(|m| m.text.clone()).collect();
        assert_eq!(answers.len(), 3, "{engine:?}: {answers:?}");
        assert!(answers[0].contains("/adopter"), "{answers:?}");
        assert!(answers[1].contains("/semaine"), "{answers:?}");
        assert!(!answers[2].contains('/') || answers[2].contains("/aide"), "{answers:?}");
        world.check().await;
    }
}
