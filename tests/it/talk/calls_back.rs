//! Lessons that are put back, and calls that are opened again after they were closed by hand.

use preau::sandbox::Fault;
use preau::school::session::{CallState, Mode, Session, State};

use super::calls::{enter, in_call, remote};
use super::calls_seen::state;
use super::school::School;
use crate::world::Engine;

/// The teacher may open and end calls in the group's app.
async fn trusted(engine: Engine) -> (School, String) {
    let (school, id) = in_call(engine).await;
    school.sandbox.promote(school.group, school.is("Mamadou"), school.is("Claire"), &["manage_call"]);
    (school, id)
}

/// Out and back: what a file did by mistake, and what takes it back.
type Mistake = (fn(&mut Session), fn(&mut Session));

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lesson_that_is_put_back_after_its_call_ended_has_another() {
    let mistakes: [Mistake; 3] = [
        (|session| session.state = State::Cancelled, |session| session.state = State::Planned),
        (|session| session.mode = Mode::OnSite, |session| session.mode = Mode::Remote),
        (
            |session| {
                session.start_at = session.start_at.plus_hours(3);
                session.end_at = session.end_at.plus_hours(3);
            },
            |session| {
                session.start_at = session.start_at.plus_hours(-3);
                session.end_at = session.end_at.plus_hours(-3);
            },
        ),
    ];
    for engine in Engine::all() {
        for (number, (out, back)) in mistakes.into_iter().enumerate() {
            let (school, id) = in_call(engine).await;
            school.until("13:56").await;
            school.change(&id, out).await;
            school.until("13:57").await;
            let found = school.sandbox.calls(school.group);
            assert_eq!((found.len(), found[0].open), (1, false), "{engine:?}, {number}: {found:?}");
            school.until("13:58").await;
            school.change(&id, back).await;
            school.until("13:59").await;
            let found = school.sandbox.calls(school.group);
            let seen = (found.len(), found[1].open, found[1].title.as_str());
            assert_eq!(seen, (2, true, "Réseaux · 24/11"), "{engine:?}, {number}: {found:?}");
            assert_eq!(state(&school, &id).await, Some(CallState::Open), "{engine:?}, {number}");
            let tokens: std::collections::BTreeSet<i64> = school
                .sandbox
                .journal()
                .iter()
                .filter(|call| call.method == "phone.createGroupCall")
                .filter_map(|call| call.params["random_id"].as_i64())
                .collect();
            assert_eq!(tokens.len(), 2, "to Telegram the same number would be the same call: {tokens:?}");
            enter(&school, &["Inès"]);
            school.until("16:00").await;
            assert_eq!(school.said(&id).await[1], "Inès M. : présent", "{engine:?}, {number}");
            school.until("16:06").await;
            let found = school.sandbox.calls(school.group);
            assert!(found.len() == 2 && !found[1].open, "{engine:?}, {number}: {found:?}");
            school.check().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lesson_that_is_moved_from_its_call_promises_the_next_one() {
    for engine in Engine::all() {
        for refused in [false, true] {
            let school = School::on(engine).await;
            school.caller().await;
            let id = remote(&school).await;
            if refused {
                school.sandbox.fault(Fault::CallsRefused(school.group));
            }
            school.until("13:56").await;
            let later = |session: &mut Session| {
                session.start_at = session.start_at.plus_hours(3);
                session.end_at = session.end_at.plus_hours(3);
            };
            school.change(&id, later).await;
            school.until("16:46").await;
            let reminder = school.last(school.group);
            assert!(reminder.ends_with("\nAppel vidéo du groupe à 16:55."), "{engine:?}, {refused}: {reminder}");
            school.check().await;
        }
    }
}

/// Closed is closed, whatever a file changes of the lesson then; and what the teacher opens is the lesson's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_opens_no_call_in_place_of_one_that_the_teacher_closed() {
    for engine in Engine::all() {
        for by_key in [true, false] {
            let (school, id) = trusted(engine).await;
            enter(&school, &["Inès"]);
            school.until("14:30").await;
            if by_key {
                assert_eq!(school.press("Mamadou", "Fermer l’appel").await, "L’appel se ferme.");
            } else {
                school.sandbox.end_call(school.is("Mamadou"), school.group);
            }
            school.until("14:35").await;
            school.change(&id, |session| session.link = Some("https://visio.example/b".to_owned())).await;
            school.until("14:40").await;
            school.cancel(&id).await;
            school.until("14:41").await;
            school.change(&id, |session| session.state = State::Planned).await;
            school.until("14:45").await;
            let found = school.sandbox.calls(school.group);
            assert_eq!((found.len(), found[0].open), (1, false), "{engine:?}, {by_key}: {found:?}");
            school.sandbox.start_call(school.is("Mamadou"), school.group, "Suite");
            school.until("14:47").await;
            assert_eq!(state(&school, &id).await, Some(CallState::Open), "{engine:?}, {by_key}");
            school.until("16:06").await;
            assert!(school.sandbox.calls(school.group).iter().all(|call| !call.open), "{engine:?}, {by_key}");
            school.check().await;
        }
    }
}

/// The teacher closes for a break with our key, and opens again in Telegram.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_opened_again_after_our_key_closed_it_is_seen_and_closed() {
    for engine in Engine::all() {
        let (school, id) = trusted(engine).await;
        enter(&school, &["Inès", "Léa", "Noé"]);
        school.until("15:00").await;
        assert_eq!(school.press("Mamadou", "Fermer l’appel").await, "L’appel se ferme.");
        school.until("15:15").await;
        assert_eq!(school.sandbox.calls(school.group).len(), 1, "closed is closed");
        school.sandbox.start_call(school.is("Mamadou"), school.group, "Réseaux, suite");
        enter(&school, &["Inès", "Noé"]);
        school.until("15:45").await;
        assert_eq!(state(&school, &id).await, Some(CallState::Open), "{engine:?}");
        school.sandbox.leave_call(school.is("Noé"), school.group);
        school.until("16:00").await;
        let said = school.said(&id).await;
        assert_eq!(
            said[1..4],
            ["Inès M. : présent", "Léa P. : partiel, départ 60 min avant la fin", "Paul S. : absent"]
        );
        assert!(said[0].starts_with("Noé B. : départ 1"), "{engine:?}: {said:?}");
        school.until("16:06").await;
        let found = school.sandbox.calls(school.group);
        assert!(found.len() == 2 && found.iter().all(|call| !call.open), "{engine:?}: {found:?}");
        school.check().await;
    }
}
