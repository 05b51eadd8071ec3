//! What was received before the program stopped is taken by the next one, in its order, before anything new.

use preau::platform::inbox;

use crate::store::Raw;
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
        assert!(answers[0].contains("TEL-04"), "{answers:?}");
        assert!(answers[1].contains("/semaine"), "{answers:?}");
        assert!(!answers[2].contains('/') || answers[2].contains("/aide"), "{answers:?}");
        world.check().await;
    }
}

/// What ends the program each time it is taken is found undone at each start; beyond the limit it is given up, and
/// whoever asked is told. What waits behind it is taken.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_update_that_stops_the_program_each_time_is_given_up() {
    for engine in Engine::all() {
        let mut world = World::on(engine).await;
        let ines = world.sandbox.add_person("Inès", "Moreau", "fr");
        world.sandbox.start_bot(ines, "");
        world.drain().await.expect("quiet");
        let before = world.sandbox.messages(ines).len();
        world.stop().await;

        let beside = world.beside().await.expect("the database");
        beside
            .db
            .transact(async |tx| {
                for (id, starts) in [(1, 8), (2, 7), (3, 0)] {
                    assert!(inbox::store::insert(tx, id, ines, &update(id, ines, "/semmaine")).await?, "new");
                    for _ in 0..starts {
                        inbox::store::tried(tx, id, "found undone").await?;
                    }
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
        assert!(answers[0].starts_with("Quelque chose s’est cassé"), "{answers:?}");
        assert!(answers[1..].iter().all(|words| words.contains("/semaine")), "{answers:?}");

        // Each start is counted before the update is taken; one that comes while the program runs costs no write.
        world.sandbox.say(ines, ines, "/semmaine");
        world.drain().await.expect("quiet");
        let mut raw = Raw::open(&world.place).await;
        let shown = "SELECT state || ' ' || CAST(attempts AS TEXT) FROM inbox ORDER BY update_id";
        let rows = raw.texts(shown).await;
        assert_eq!(rows[..3], ["failed 8", "done 8", "done 1"], "{engine:?}");
        assert_eq!(rows.last().map(String::as_str), Some("done 0"), "{engine:?}: {rows:?}");
        // Words are kept no longer than it takes to answer them, or to give them up.
        let kept = "SELECT state FROM inbox WHERE body <> ''";
        assert_eq!(raw.texts(kept).await, Vec::<String>::new(), "{engine:?}");
        drop(raw);
        world.check().await;
    }
}

/// Stand-ins: an admin who writes as the group, a channel that does, and somebody else's words passed on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_acts_by_a_stand_in() {
    for engine in Engine::all() {
        let mut world = World::on(engine).await;
        let owner = world.sandbox.add_person("Claire", "Martin", "fr");
        let group = world.sandbox.add_group("BTS SIO 1A", owner);
        world.sandbox.add_bot(group, owner);
        world.sandbox.start_bot(owner, "");
        world.drain().await.expect("quiet");
        let (in_group, in_private) = (world.sandbox.messages(group).len(), world.sandbox.messages(owner).len());
        world.stop().await;

        let said = |id: i64, chat: serde_json::Value, sender: Option<i64>, forwarded: bool| {
            let mut update: serde_json::Value = serde_json::from_str(&update(id, 1_087_968_824, "/adopter")).unwrap();
            update["message"]["chat"] = chat;
            if let Some(sender) = sender {
                let kind = if sender == group { "supergroup" } else { "channel" };
                update["message"]["sender_chat"] = serde_json::json!({ "id": sender, "type": kind, "title": "x" });
            }
            if forwarded {
                update["message"]["from"]["id"] = owner.into();
                update["message"]["forward_origin"] =
                    serde_json::json!({ "type": "hidden_user", "sender_user_name": "x", "date": 1_795_503_600 });
            }
            update.to_string()
        };
        let here = serde_json::json!({ "id": group, "type": "supergroup", "title": "BTS SIO 1A" });
        let private = serde_json::json!({ "id": owner, "type": "private", "first_name": "Claire" });
        let rows = [
            (1, group, said(1, here.clone(), Some(group), false)),
            (2, group, said(2, here, Some(-1_009_999_999_999), false)),
            (3, owner, said(3, private, None, true)),
        ];
        let beside = world.beside().await.expect("the database");
        beside
            .db
            .transact(async |tx| {
                for (id, chat, body) in &rows {
                    assert!(inbox::store::insert(tx, *id, *chat, body).await?, "new");
                }
                Ok(())
            })
            .await
            .expect("stored");
        beside.close().await;
        world.start().await.expect("it starts again");
        world.drain().await.expect("quiet");
        let text = |chat, before: usize| -> Vec<String> {
            world.sandbox.messages(chat).into_iter().skip(before).map(|message| message.text).collect()
        };
        let (group_said, private_said) = (text(group, in_group), text(owner, in_private));
        assert_eq!(group_said.len(), 1, "{engine:?}: {group_said:?}");
        assert!(group_said[0].contains("TEL-06"), "{group_said:?}");
        assert_eq!(private_said.len(), 1, "{private_said:?}");
        assert!(private_said[0].contains("transférée"), "{private_said:?}");
        world.check().await;
    }
}
