//! What stands in a session's message for whoever comes: « Je suis là » in its window, the way in.

use preau::demo::day::at;
use preau::sandbox::Fault;
use preau::school::session::Mode;

use super::school::School;
use crate::world::Engine;

const LINK: &str = "https://visio.example/sio";

/// « Je suis là » is offered in its window also where no reminder left: the group came late, or the program was stopped.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_had_no_reminder_has_the_key_all_the_same() {
    let keys = |school: &School| -> Vec<Vec<String>> {
        let said = school.about("Réseaux");
        said.iter().map(|message| message.buttons.concat().into_iter().map(|key| key.text).collect()).collect()
    };
    let all = vec![vec!["Rejoindre", "Je suis là", "Je serai absent", "En retard"]];
    for engine in Engine::all() {
        for (hour, there) in [("14:01", true), ("14:14", true), ("14:17", false)] {
            let mut school = School::without_group(engine).await;
            school.plan(school.lesson("14:00", "16:00", Some(LINK))).await;
            school.until(hour).await;
            school.group = school.adopt("BTS SIO 1A").await;
            let stand = keys(&school);
            if there {
                assert_eq!(stand, all, "{engine:?}: {hour}");
            } else {
                assert!(stand.is_empty(), "{stand:?}");
            }
            school.check().await;
        }
        for (hour, there) in [("14:03", true), ("14:20", false)] {
            let mut school = School::on(engine).await;
            let id = school.plan(school.lesson("14:00", "16:00", Some(LINK))).await;
            school.until("13:40").await;
            school.stop().await;
            school.clock.set(at("24/11/2026", hour));
            school.start().await.expect("again");
            school.drain().await.expect("quiet");
            let stand = keys(&school);
            if there {
                assert_eq!(stand, all, "{engine:?}: {hour}");
            } else {
                assert!(stand.is_empty(), "{stand:?}");
            }
            if there {
                let (ines, message) = (school.is("Inès"), school.about("Réseaux")[0].clone());
                let here = message.buttons.concat().into_iter().find(|key| key.text == "Je suis là").expect("a key");
                school.sandbox.press_data(ines, school.group, message.id, &here.data.expect("data"));
                school.drain().await.expect("quiet");
                assert_eq!(school.said(&id).await[1], "Inès M. : présent", "{engine:?}");
            }
            // The reminder itself is reported as missed.
            school.end().await;
        }
    }
}

/// A reminder of which nobody knows whether it left is not sent in another dress.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reminder_in_doubt_is_not_followed_by_another() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.plan(school.lesson("14:00", "16:00", Some(LINK))).await;
        school.sandbox.fault(Fault::LostAnswer { method: Some("sendMessage".to_owned()), times: 1 });
        school.until("13:56").await;
        assert_eq!(school.about("Réseaux").len(), 1, "{engine:?}");
        school.end().await;
    }
}

/// An on-site lesson of which only a link is known: that is where it is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_there_is_no_room_the_link_is_said() {
    for engine in Engine::all() {
        for (room, keys) in [("", true), ("B204", false)] {
            let school = School::on(engine).await;
            let mut lesson = school.lesson("14:00", "16:00", Some(LINK));
            (lesson.mode, lesson.room) = (Mode::OnSite, room.to_owned());
            school.plan(lesson).await;
            school.until("13:46").await;
            let shown = school.about("Réseaux")[0].buttons.concat();
            assert_eq!(shown.iter().any(|key| key.text == "Rejoindre"), keys, "{engine:?}: {room}");
            school.check().await;
        }
    }
}
