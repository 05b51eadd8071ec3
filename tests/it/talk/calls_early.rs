//! Calls that end, and lessons that move, before they begin: the messages that told of them tell of that.

use preau::kernel::Lang;
use preau::sandbox::Message;
use preau::school::roster::Role;
use preau::school::session::Mode;

use super::calls::{enter, in_call};
use super::school::{School, id_of};
use crate::world::Engine;

/// What stands in a chat with this id.
fn message(school: &School, chat: i64, id: i64) -> Message {
    school.all(chat).into_iter().find(|message| message.id == id).expect("it stands there")
}

/// The newest message of a chat, and how many there are.
fn newest(school: &School, chat: i64) -> (Message, usize) {
    let all = school.all(chat);
    (all.last().cloned().expect("a message"), all.len())
}

async fn end(school: &School, id: &str, how: &str) {
    match how {
        "key" => assert_eq!(school.press("Mamadou", "Fermer l’appel").await, "L’appel se ferme."),
        "app" => assert!(school.sandbox.end_call(school.is("Claire"), school.group)),
        "cancelled" => school.cancel(id).await,
        _ => school.change(id, |session| session.mode = Mode::OnSite).await,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_ends_before_its_lesson_leaves_one_true_message() {
    for engine in Engine::all() {
        for how in ["key", "app", "cancelled", "on site"] {
            let (school, id) = in_call(engine).await;
            let teacher = school.is("Mamadou");
            school.until("13:56").await;
            let (board, many) = newest(&school, teacher);
            assert!(board.text.starts_with("L’appel est ouvert"), "{engine:?}, {how}: {board:#?}");
            end(&school, &id, how).await;
            school.until("13:58").await;
            let (over, count) = newest(&school, teacher);
            assert_eq!((over.id, count), (board.id, many), "{engine:?}, {how}: {over:#?}");
            let words = if how == "cancelled" {
                "Ce cours vient d’être annulé : il n’y a plus d’appel à faire."
            } else {
                "L’appel est terminé. Réseaux, mar. 24 nov., 14:00–16:00 (Paris)"
            };
            assert!(over.text.contains(words) && over.buttons.is_empty(), "{engine:?}, {how}: {over:#?}");
            school.until("14:01").await;
            let (roll, count) = newest(&school, teacher);
            assert_eq!((roll.id, count), (board.id, many), "{engine:?}, {how}: one board stands: {roll:#?}");
            if how == "cancelled" {
                assert_eq!(roll.text, over.text, "{engine:?}");
            } else {
                let keys = roll.buttons.concat();
                let except = keys.iter().any(|key| key.text == "Tous présents sauf…");
                assert!(roll.text.contains("Présents 0") && except, "{engine:?}, {how}: {roll:#?}");
            }
            school.check().await;
        }
    }
}

/// Put back before it began: the same message holds again, and becomes the roll.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lesson_that_is_put_back_before_it_begins_keeps_its_message() {
    for engine in Engine::all() {
        let (school, id) = in_call(engine).await;
        let teacher = school.is("Mamadou");
        school.until("13:56").await;
        let (board, many) = newest(&school, teacher);
        school.cancel(&id).await;
        school.until("13:57").await;
        assert!(message(&school, teacher, board.id).text.contains("annulé"), "{engine:?}");
        school.change(&id, |session| session.state = preau::school::session::State::Planned).await;
        school.until("13:59").await;
        let (again, count) = newest(&school, teacher);
        assert!(again.text.starts_with("L’appel est ouvert"), "{engine:?}: {again:#?}");
        assert_eq!((again.id, count), (board.id, many), "{engine:?}");
        school.until("14:01").await;
        assert_eq!(newest(&school, teacher).1, many, "{engine:?}");
        school.check().await;
    }
}

/// At its new hours it calls anew, and is heard; what told of the old ones tells of the move.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lesson_that_is_moved_from_its_call_has_new_messages_with_the_next_one() {
    for engine in Engine::all() {
        for ended in [false, true] {
            let (school, id) = in_call(engine).await;
            let (teacher, group) = (school.is("Mamadou"), school.group);
            school.until("13:56").await;
            let (board, call) = (newest(&school, teacher).0, newest(&school, group).0);
            assert!(call.text.ends_with("est ouvert."), "{engine:?}: {call:#?}");
            if ended {
                end(&school, &id, "key").await;
                school.until("13:57").await;
            }
            school
                .change(&id, |session| {
                    session.start_at = session.start_at.plus_hours(3);
                    session.end_at = session.end_at.plus_hours(3);
                })
                .await;
            school.until("13:59").await;
            let moved = "Cours déplacé : Réseaux, mar. 24 nov., 17:00–19:00 (Paris)";
            let old = message(&school, teacher, board.id);
            assert!(old.text.starts_with(moved) && old.buttons.is_empty(), "{engine:?}, {ended}: {old:#?}");
            let told = message(&school, group, call.id);
            // One that was over when its lesson moved told the class so.
            let words = if ended { "L’appel est terminé." } else { moved };
            assert!(told.text.starts_with(words) && told.buttons.is_empty(), "{engine:?}, {ended}: {told:#?}");

            school.until("16:54").await;
            let before = (newest(&school, teacher).1, newest(&school, group).1);
            school.until("16:56").await;
            let ((now, all), (call_now, group_all)) = (newest(&school, teacher), newest(&school, group));
            assert_eq!((all, group_all), (before.0 + 1, before.1 + 1), "{engine:?}, {ended}");
            assert!(now.text.starts_with("L’appel est ouvert : Réseaux, mar. 24 nov., 17:00"), "{engine:?}: {now:#?}");
            assert!(
                call_now.text.ends_with("est ouvert.") && !call_now.buttons.is_empty(),
                "{engine:?}: {call_now:#?}"
            );
            assert_eq!(message(&school, teacher, board.id).text, old.text, "{engine:?}: what was moved stays");
            assert_eq!(message(&school, group, call.id).text, told.text, "{engine:?}: what was moved stays");
            enter(&school, &["Inès"]);
            school.until("17:02").await;
            let (roll, count) = newest(&school, teacher);
            assert_eq!((roll.id, count), (now.id, all), "{engine:?}, {ended}: the roll stands there: {roll:#?}");
            assert!(roll.text.contains("Présents 1"), "{engine:?}, {ended}: {roll:#?}");
            school.until("19:06").await;
            let over = message(&school, group, call_now.id);
            assert!(over.text.starts_with("L’appel est terminé."), "{engine:?}, {ended}: {over:#?}");
            school.check().await;
        }
    }
}

/// A few minutes later is the same call, and the same messages.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lesson_that_is_put_off_by_minutes_keeps_its_call_and_its_messages() {
    for engine in Engine::all() {
        let (school, id) = in_call(engine).await;
        let (teacher, group) = (school.is("Mamadou"), school.group);
        school.until("13:56").await;
        let ((board, many), (call, _)) = (newest(&school, teacher), newest(&school, group));
        school.change(&id, |session| session.start_at = session.start_at.plus_minutes(10)).await;
        school.until("13:57").await;
        let told = message(&school, teacher, board.id);
        assert!(told.text.starts_with("L’appel est ouvert : Réseaux, mar. 24 nov., 14:10"), "{engine:?}: {told:#?}");
        school.until("14:12").await;
        let (roll, count) = newest(&school, teacher);
        assert_eq!((roll.id, count), (board.id, many), "{engine:?}: {roll:#?}");
        assert!(roll.text.contains("Présents 0"), "{engine:?}: {roll:#?}");
        let calls = school.sandbox.calls(group);
        assert_eq!((calls.len(), calls[0].open), (1, true), "{engine:?}: {calls:?}");
        assert!(message(&school, group, call.id).text.ends_with("est ouvert."), "{engine:?}");
        let others = school.all(group).iter().filter(|said| said.text.ends_with("est ouvert.")).count();
        assert_eq!(others, 1, "{engine:?}");
        school.check().await;
    }
}

/// Another teacher, once it is open: what stands with the one before says so, and tells of nobody any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_teacher_who_is_replaced_while_the_call_waits_is_told_of_no_more() {
    for engine in Engine::all() {
        let (mut school, id) = in_call(engine).await;
        school.add("Sofia", "Roy", Role::Teacher, &[], Lang::Fr).await;
        let (before, after) = (school.is("Mamadou"), school.is("Sofia"));
        school.until("13:56").await;
        let (board, many) = newest(&school, before);
        assert!(board.text.contains("Je mets ce message à jour"), "{engine:?}: {board:#?}");
        school
            .change(&id, |session| {
                session.teacher_id = Some(id_of("Sofia"));
                session.teacher_name = "Mme Roy".to_owned();
            })
            .await;
        school.until("13:58").await;
        let said = message(&school, before, board.id);
        let over = "Une autre personne est chargée de ce cours maintenant. Je ne mets plus ce message à jour.";
        assert_eq!((said.text.as_str(), said.buttons.len()), (over, 0), "{engine:?}");
        enter(&school, &["Inès"]);
        school.until("14:02").await;
        assert_eq!(message(&school, before, board.id).text, over, "{engine:?}");
        let told = school.all(before);
        assert!(told[many..].iter().all(|told| !told.text.contains("Présents")), "{engine:?}: {told:#?}");
        let roll = newest(&school, after).0;
        assert!(roll.text.contains("Présents 1"), "{engine:?}: {roll:#?}");
        school.check().await;
    }
}
