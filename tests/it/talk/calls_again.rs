//! Lessons that come back into a call which they left, calls that are prolonged while they end, and who is put in charge
//! while one waits.

use preau::kernel::Lang;
use preau::platform::store::Tx;
use preau::sandbox::Fault;
use preau::school::call::flow as calls;
use preau::school::roster::Role;
use preau::school::session::{CallState, Session, State, flow as sessions};

use super::calls::{enter, in_call};
use super::calls_found::meanwhile;
use super::calls_seen::{lesson, shown, state, titled};
use super::school::{School, id_of};
use crate::world::Engine;

const DISCARD: &str = "phone.discardGroupCall";
const TITLE: &str = "phone.editGroupCallTitle";

/// A quarter of an hour more for the session's open call, as its teacher says.
async fn prolong(school: &School, id: &str) {
    school
        .write(async |tx: &mut Tx| {
            let session = sessions::session(tx, id).await?.expect("planned");
            let call = calls::open_of(tx, id).await?.expect("open");
            let until = calls::extend(tx, &session, &call, 15, &id_of("Mamadou")).await?;
            assert_eq!(until, session.end_at.plus_minutes(20));
            Ok(())
        })
        .await;
}

/// Out and back: what a file did by mistake, and what takes it back.
type Mistake = (fn(&mut Session), fn(&mut Session));

fn moved(session: &mut Session, hours: i64) {
    session.start_at = session.start_at.plus_hours(hours);
    session.end_at = session.end_at.plus_hours(hours);
}

/// « Algo » is in the call of « Réseaux » since 15:55, leaves it by mistake, and is put back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lesson_that_is_put_back_comes_into_the_call_that_it_left() {
    let mistakes: [Mistake; 2] = [
        (|session| moved(session, 4), |session| moved(session, -4)),
        (|session| session.state = State::Cancelled, |session| session.state = State::Planned),
    ];
    for engine in Engine::all() {
        for (number, (out, back)) in mistakes.into_iter().enumerate() {
            let (mut school, first) = in_call(engine).await;
            // The call is called after the one that stays in it already.
            school.expects("GROUPCALL_NOT_MODIFIED");
            let second = lesson(&school, "Algo", "16:00", "17:00").await;
            school.until("15:56").await;
            assert_eq!(state(&school, &second).await, Some(CallState::Open), "{engine:?}, {number}");
            let open = |messages: Vec<preau::sandbox::Message>| {
                let of_it = messages.into_iter().filter(|message| message.text.contains("Algo"));
                of_it.filter(|message| message.text.starts_with("L’appel")).count()
            };
            let told = |school: &School| (open(school.all(school.group)), open(school.all(school.is("Mamadou"))));
            assert_eq!(told(&school), (1, 1), "{engine:?}, {number}");
            // Twice: it may go wrong as often as somebody likes.
            for (left, again) in [("15:57", "15:58"), ("15:59", "15:59")] {
                school.change(&second, out).await;
                school.until(left).await;
                assert_ne!(state(&school, &second).await, Some(CallState::Open), "{engine:?}, {number}, {left}");
                school.change(&second, back).await;
                school.until(again).await;
                assert_eq!(state(&school, &second).await, Some(CallState::Open), "{engine:?}, {number}, {again}");
                let told = school.all(school.is("Mamadou")).into_iter().map(|message| message.text);
                let board = told.rev().find(|text| text.contains("Algo")).expect("a board");
                assert!(board.starts_with("L’appel est ouvert"), "{engine:?}, {number}, {again}: {board}");
            }
            assert_eq!(school.last(school.group), "L’appel « Algo · 24/11 » est ouvert.", "{engine:?}, {number}");
            assert_eq!(told(&school), (1, 1), "{engine:?}, {number}: in the messages that stand there");
            school.until("16:04").await;
            enter(&school, &["Inès"]);
            school.until("16:10").await;
            assert_eq!(state(&school, &first).await, Some(CallState::Over), "{engine:?}, {number}");
            assert_eq!(shown(&school), titled(&[("Algo", true)]), "{engine:?}, {number}");
            school.until("17:00").await;
            let said = school.said(&second).await;
            assert!(said.iter().any(|line| line == "Inès M. : présent"), "{engine:?}, {number}: it is seen: {said:?}");
            school.until("17:06").await;
            assert_eq!(shown(&school), titled(&[("Algo", false)]), "{engine:?}, {number}");
            assert_eq!(state(&school, &second).await, Some(CallState::Over), "{engine:?}, {number}");
            school.check().await;
        }
    }
}

/// Pressed while our hang-up is on its way: what the teacher reads is so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_is_prolonged_while_it_is_ended_is_open_again_for_as_long() {
    for engine in Engine::all() {
        let (school, id) = in_call(engine).await;
        school.until("16:04").await;
        meanwhile(&school, "16:05", DISCARD, async || prolong(&school, &id).await).await;
        school.until("16:06").await;
        assert_eq!(shown(&school), titled(&[("Réseaux", false), ("Réseaux", true)]), "{engine:?}");
        assert_eq!(state(&school, &id).await, Some(CallState::Open), "{engine:?}");
        assert_eq!(school.last(school.group), "L’appel « Réseaux · 24/11 » est ouvert.", "{engine:?}");
        school.until("16:19").await;
        assert!(shown(&school)[1].1, "{engine:?}");
        school.until("16:21").await;
        assert_eq!(shown(&school), titled(&[("Réseaux", false), ("Réseaux", false)]), "{engine:?}");
        school.check().await;
    }
}

/// The report is public by then: it stays what stands in the group of this lesson.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_is_open_again_after_its_lesson_leaves_the_report() {
    for engine in Engine::all() {
        let (school, id) = in_call(engine).await;
        school.until("16:01").await;
        school.press("Mamadou", "Valider").await;
        let report = school.last(school.group);
        assert!(report.contains("0 présent"), "{engine:?}: {report}");
        school.until("16:04").await;
        meanwhile(&school, "16:05", DISCARD, async || prolong(&school, &id).await).await;
        school.until("16:21").await;
        assert_eq!(shown(&school), titled(&[("Réseaux", false), ("Réseaux", false)]), "{engine:?}");
        assert_eq!(school.last(school.group), report, "{engine:?}");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prolonged_call_that_is_not_to_be_had_again_is_told() {
    for engine in Engine::all() {
        let (school, id) = in_call(engine).await;
        school.until("16:04").await;
        let refused = async || {
            school.sandbox.fault(Fault::CallsRefused(school.group));
            prolong(&school, &id).await;
        };
        meanwhile(&school, "16:05", DISCARD, refused).await;
        school.until("16:07").await;
        assert_eq!(shown(&school), titled(&[("Réseaux", false)]), "{engine:?}");
        let all = school.all(school.is("Mamadou")).into_iter().map(|message| message.text);
        let told: Vec<String> =
            all.filter(|text| text.contains("s’est fermé au moment où il était prolongé")).collect();
        assert!(told.len() == 1 && told[0].contains("CREATE_CALL_FAILED"), "{engine:?}: {told:?}");
        school.check().await;
    }
}

/// « Réseaux » is prolonged while it leaves the call to « Algo »: it comes into it again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lesson_that_is_prolonged_while_it_leaves_a_shared_call_stays_in_it() {
    for engine in Engine::all() {
        let (mut school, first) = in_call(engine).await;
        // It leaves twice, and the call is called after the next one already.
        school.expects("GROUPCALL_NOT_MODIFIED");
        let second = lesson(&school, "Algo", "16:00", "17:00").await;
        school.until("16:04").await;
        meanwhile(&school, "16:05", TITLE, async || prolong(&school, &first).await).await;
        school.until("16:06").await;
        assert_eq!(state(&school, &first).await, Some(CallState::Open), "{engine:?}");
        school.until("16:19").await;
        assert_eq!(state(&school, &first).await, Some(CallState::Open), "{engine:?}");
        school.until("16:21").await;
        assert_eq!(state(&school, &first).await, Some(CallState::Over), "{engine:?}");
        assert_eq!(state(&school, &second).await, Some(CallState::Open), "{engine:?}");
        assert_eq!(shown(&school), titled(&[("Algo", true)]), "{engine:?}");
        school.until("17:06").await;
        assert_eq!(shown(&school), titled(&[("Algo", false)]), "{engine:?}");
        school.check().await;
    }
}

/// Two halves of a class end together; one is prolonged while the call is ended for the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sharer_that_is_prolonged_while_its_call_ends_has_another() {
    for engine in Engine::all() {
        let (school, first) = in_call(engine).await;
        let second = lesson(&school, "Algo", "14:30", "16:00").await;
        school.until("16:04").await;
        meanwhile(&school, "16:05", DISCARD, async || prolong(&school, &second).await).await;
        school.until("16:06").await;
        assert_eq!(shown(&school), titled(&[("Réseaux", false), ("Algo", true)]), "{engine:?}");
        assert_eq!(state(&school, &first).await, Some(CallState::Over), "{engine:?}");
        assert_eq!(state(&school, &second).await, Some(CallState::Open), "{engine:?}");
        school.until("16:21").await;
        assert_eq!(shown(&school), titled(&[("Réseaux", false), ("Algo", false)]), "{engine:?}");
        // Nothing is reported: no row came too late.
        school.check().await;
    }
}

/// Put in charge between the opening of the call and the start: they follow who comes, in one message, which becomes the
/// roll.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_put_in_charge_while_the_call_waits_sees_who_comes() {
    for engine in Engine::all() {
        let (mut school, id) = in_call(engine).await;
        school.add("Sofia", "Roy", Role::Teacher, &[], Lang::Fr).await;
        let sofia = school.is("Sofia");
        let before = school.all(sofia).len();
        school.until("13:56").await;
        let to = |teacher: &'static str, name: &'static str| {
            move |session: &mut Session| {
                session.teacher_id = Some(id_of(teacher));
                name.clone_into(&mut session.teacher_name);
            }
        };
        school.change(&id, to("Sofia", "Mme Roy")).await;
        enter(&school, &["Inès"]);
        school.until("13:57").await;
        let board = school.all(sofia);
        assert_eq!(board.len(), before + 1, "{engine:?}: {board:#?}");
        let board = board.last().expect("a board");
        assert!(board.text.starts_with("L’appel est ouvert : Réseaux"), "{engine:?}: {board:#?}");
        // It is followed as any other, and told once.
        school.until("13:58").await;
        assert!(school.told("Sofia").contains("Présents 1/5"), "{engine:?}: {}", school.told("Sofia"));
        // Given back, it is there again.
        school.change(&id, to("Mamadou", "M. Diallo")).await;
        school.until("13:59").await;
        assert!(school.told("Mamadou").contains("Présents 1/5"), "{engine:?}: {}", school.told("Mamadou"));
        assert!(school.told("Sofia").starts_with("Une autre personne"), "{engine:?}: {}", school.told("Sofia"));
        school.change(&id, to("Sofia", "Mme Roy")).await;
        school.until("14:05").await;
        let roll = school.told("Sofia");
        assert!(roll.contains("Présents 1") && roll.contains("Pas encore là"), "{engine:?}: {roll}");
        school.check().await;
    }
}

/// The first lesson's call was closed by hand, and somebody looks whether another is opened for it: what is found is the
/// next lesson's, and how that one's teacher wants it, even where this program did not see it muted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_looks_for_a_closed_lessons_call_changes_nothing_of_the_next_ones() {
    for engine in Engine::all() {
        let mut school = School::with(engine, &[("call.join_muted", "yes")]).await;
        school.group = school.adopt("BTS SIO 1A").await;
        school.caller().await;
        lesson(&school, "Réseaux", "14:00", "16:00").await;
        lesson(&school, "Algo", "16:00", "17:00").await;
        school.until("15:30").await;
        assert_eq!(school.press("Mamadou", "Fermer l’appel").await, "L’appel se ferme.", "{engine:?}");
        school.until("15:56").await;
        let muted = |school: &School| school.sandbox.calls(school.group)[1].join_muted;
        assert!(muted(&school), "{engine:?}");
        school.stop().await;
        school.sandbox.mute_call(school.group, false);
        school.start().await.expect("again");
        school.app().expect("running").callers().gather().await.expect("gathered");
        school.until("15:59").await;
        assert!(!muted(&school), "{engine:?}: the teacher's own wish");
        school.check().await;
    }
}
