//! Lessons of one class whose calls meet: one ends as the next one opens, two run side by side, somebody foresaw a call.

use std::time::Duration;

use preau::kernel::Lang;
use preau::platform::outbox;
use preau::platform::store::Tx;
use preau::sandbox::Fault;
use preau::school::call::flow as calls;
use preau::school::roster::Role;
use preau::school::session::{CallState, Mode, Session};

use super::calls::{in_call, remote};
use super::calls_found::meanwhile;
use super::calls_seen::{lesson, shown, state, titled};
use super::school::{School, id_of};
use crate::store::Raw;
use crate::world::{Engine, at};

const HISTORY: &str = "messages.getHistory";
const DISCARD: &str = "phone.discardGroupCall";
const MUTE: &str = "phone.toggleGroupCallSettings";

fn delay(school: &School, method: &str, millis: u64) {
    school.sandbox.fault(Fault::Delay { method: Some(method.to_owned()), millis, times: 1 });
}

fn asked(school: &School, method: &str) -> usize {
    school.sandbox.journal().iter().filter(|call| call.method == method).count()
}

/// Ten minutes apart: the first call is ended at the moment at which the second is opened, which finds it open still.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lesson_ten_minutes_after_another_one_has_its_call() {
    for engine in Engine::all() {
        // The end is written before the second lesson's call is, and after it.
        for (history, discard) in [(1_200, 400), (100, 1_000)] {
            let (school, first) = in_call(engine).await;
            let second = lesson(&school, "Algo", "16:10", "17:00").await;
            school.until("16:04").await;
            delay(&school, HISTORY, history);
            delay(&school, DISCARD, discard);
            school.until("16:05").await;
            school.until("16:06").await;
            assert_eq!(asked(&school, DISCARD), 1, "{engine:?}, {history}");
            assert_eq!(shown(&school), titled(&[("Réseaux", false), ("Algo", true)]), "{engine:?}, {history}");
            assert_eq!(state(&school, &first).await, Some(CallState::Over), "{engine:?}, {history}");
            assert_eq!(state(&school, &second).await, Some(CallState::Open), "{engine:?}, {history}");
            assert_eq!(school.last(school.group), "L’appel « Algo · 24/11 » est ouvert.", "{engine:?}, {history}");
            school.until("16:59").await;
            assert!(shown(&school)[1].1, "{engine:?}, {history}");
            school.until("17:06").await;
            assert_eq!(shown(&school), titled(&[("Réseaux", false), ("Algo", false)]), "{engine:?}, {history}");
            school.check().await;
        }
    }
}

/// The teacher leaves it by our key for the first lesson, and ends it in the app a moment later: the next one was not meant.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_is_ended_just_after_a_lesson_left_it_is_opened_anew_for_the_next() {
    for engine in Engine::all() {
        for (end, again) in [("15:58", true), ("15:59", false)] {
            let (school, first) = in_call(engine).await;
            let second = lesson(&school, "Algo", "16:00", "17:00").await;
            school.until("15:57").await;
            let call = school.write(async |tx: &mut Tx| calls::open_of(tx, &first).await).await.expect("open");
            school.write(async |tx: &mut Tx| calls::end(tx, &call, &id_of("Mamadou")).await).await;
            assert_eq!(state(&school, &first).await, Some(CallState::Over), "{engine:?}, {end}");
            assert_eq!(shown(&school), titled(&[("Algo", true)]), "{engine:?}, {end}: it goes on");
            let soon = at("24/11/2026", end).plus_minutes(-1).plus(Duration::from_secs(20));
            school.go_to(soon).await.expect("time passes");
            school.sandbox.end_call(school.is("Mamadou"), school.group);
            school.until("16:01").await;
            let calls = shown(&school);
            assert_eq!(calls.len(), 1 + usize::from(again), "{engine:?}, {end}: {calls:?}");
            let wanted = if again { CallState::Open } else { CallState::Over };
            assert_eq!(state(&school, &second).await, Some(wanted), "{engine:?}, {end}");
            school.check().await;
        }
    }
}

/// Two halves of a class at one hour, each with its teacher; gives their lessons.
async fn halves(engine: Engine) -> (School, [String; 2]) {
    let mut school = School::on(engine).await;
    school.caller().await;
    school.add("Nadia", "Roux", Role::Teacher, &[], Lang::Fr).await;
    let admin = school.is("Claire");
    for who in ["Mamadou", "Nadia"] {
        school.sandbox.add_member(school.group, school.is(who), admin);
        school.sandbox.promote(school.group, school.is(who), admin, &["manage_call"]);
    }
    let one = lesson(&school, "TP A", "15:00", "16:00").await;
    let half = school.lesson("15:00", "16:00", None);
    let half = Session { mode: Mode::Remote, subject: "TP B".to_owned(), teacher_id: Some(id_of("Nadia")), ..half };
    let other = school.plan(half).await;
    school.until("14:57").await;
    let found = school.sandbox.calls(school.group);
    assert_eq!((found.len(), found[0].open), (1, true), "{engine:?}: they share one: {found:?}");
    (school, [one, other])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lessons_that_end_together_end_their_call() {
    for engine in Engine::all() {
        let (school, both) = halves(engine).await;
        // Each of them looks before the other one has gone.
        delay(&school, "phone.editGroupCallTitle", 700);
        delay(&school, DISCARD, 700);
        school.until("16:04").await;
        assert!(school.sandbox.calls(school.group)[0].open, "{engine:?}");
        school.until("16:06").await;
        let found = school.sandbox.calls(school.group);
        assert_eq!((found.len(), found[0].open), (1, false), "{engine:?}: {found:?}");
        for id in &both {
            assert_eq!(state(&school, id).await, Some(CallState::Over), "{engine:?}");
        }
        school.check().await;
    }
}

/// Neither half goes out beside the other: whoever ends the call in the app in its first minutes ends it for both.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_two_halves_share_is_the_teachers_to_end_from_the_first_minute() {
    for engine in Engine::all() {
        let (school, both) = halves(engine).await;
        school.until("15:02").await;
        school.sandbox.end_call(school.is("Mamadou"), school.group);
        school.until("15:10").await;
        let found = school.sandbox.calls(school.group);
        assert_eq!((found.len(), found[0].open), (1, false), "{engine:?}: {found:?}");
        for id in &both {
            assert_eq!(state(&school, id).await, Some(CallState::Over), "{engine:?}");
        }
        // Opened again by hand it is both's.
        school.sandbox.start_call(school.is("Nadia"), school.group, "Suite");
        school.until("15:12").await;
        for id in &both {
            assert_eq!(state(&school, id).await, Some(CallState::Open), "{engine:?}");
        }
        school.until("16:06").await;
        assert!(!school.sandbox.calls(school.group)[1].open, "{engine:?}");
        school.check().await;
    }
}

/// The first lesson's call was closed by its teacher; the next one's is begun, and not written down yet, when somebody
/// looks whether another one was opened for the first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_lesson_does_not_take_the_call_that_is_being_opened_for_the_next() {
    for engine in Engine::all() {
        let (school, first) = in_call(engine).await;
        let second = lesson(&school, "Algo", "16:00", "17:00").await;
        school.until("15:30").await;
        let before = school.write(async |tx: &mut Tx| calls::open_of(tx, &first).await).await.expect("open").call_id;
        assert_eq!(school.press("Mamadou", "Fermer l’appel").await, "L’appel se ferme.");
        school.until("15:54").await;
        assert_eq!(state(&school, &first).await, Some(CallState::Over), "{engine:?}");
        school.sandbox.fault(Fault::BareCalls { times: 1 });
        let find = format!("{}:{first}:{before}", calls::FIND);
        meanwhile(&school, "15:55", HISTORY, async || {
            assert_eq!(shown(&school), titled(&[("Réseaux", false), ("Algo", true)]), "{engine:?}");
            let looks = asked(&school, "phone.getGroupCall");
            let now = school.clock.now();
            let db = school.db().expect("running");
            db.transact(async |tx| outbox::hasten(tx, &find, now).await).await.expect("hastened");
            school.soon("it looks", async || asked(&school, "phone.getGroupCall") > looks).await;
        })
        .await;
        school.until("15:57").await;
        assert_eq!(state(&school, &first).await, Some(CallState::Over), "{engine:?}: it was closed");
        assert_eq!(state(&school, &second).await, Some(CallState::Open), "{engine:?}");
        school.until("17:06").await;
        assert_eq!(shown(&school), titled(&[("Réseaux", false), ("Algo", false)]), "{engine:?}");
        school.check().await;
    }
}

/// A call that a teacher foresaw in the app is nobody's before it begins: it begins with the lesson.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_a_teacher_scheduled_begins_with_the_lesson() {
    for engine in Engine::all() {
        let (school, teacher) = (School::on(engine).await, "Mamadou");
        school.caller().await;
        let id = remote(&school).await;
        let admin = school.is("Claire");
        school.sandbox.add_member(school.group, school.is(teacher), admin);
        school.sandbox.promote(school.group, school.is(teacher), admin, &["manage_call"]);
        school.until("13:50").await;
        school.sandbox.schedule_call(school.is(teacher), school.group, "Bonjour", at("24/11/2026", "14:00"));
        assert!(school.sandbox.join_call(school.is("Inès"), school.group).is_err());
        school.until("13:56").await;
        let found = school.sandbox.calls(school.group);
        assert_eq!((found.len(), found[0].open, found[0].title.as_str()), (1, true, "Bonjour"), "{engine:?}");
        assert_eq!(asked(&school, "phone.startScheduledGroupCall"), 1, "{engine:?}");
        assert_eq!(state(&school, &id).await, Some(CallState::Open), "{engine:?}");
        school.sandbox.join_call(school.is("Inès"), school.group).expect("joined");
        school.until("14:05").await;
        assert!(school.told(teacher).contains("Présents 1"), "{}", school.told(teacher));
        // What is foreseen after this one was ended is not this lesson's.
        school.sandbox.end_call(school.is(teacher), school.group);
        school.until("14:20").await;
        school.sandbox.schedule_call(school.is(teacher), school.group, "Demain", at("25/11/2026", "14:00"));
        school.until("14:30").await;
        assert_eq!(state(&school, &id).await, Some(CallState::Over), "{engine:?}");
        assert!(!school.sandbox.calls(school.group)[1].open, "{engine:?}");
        // Until somebody begins it.
        school.sandbox.start_call(school.is(teacher), school.group, "");
        school.until("14:32").await;
        assert_eq!(state(&school, &id).await, Some(CallState::Open), "{engine:?}");
        school.until("16:06").await;
        assert!(!school.sandbox.calls(school.group)[1].open, "{engine:?}");
        school.check().await;
    }
}

/// Where it is refused at first, whoever joins is muted as soon as it goes, and once: what the teacher changes stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_joins_is_muted_as_soon_as_telegram_lets_us_and_once() {
    for engine in Engine::all() {
        let mut school = School::with(engine, &[("call.join_muted", "yes")]).await;
        school.group = school.adopt("BTS SIO 1A").await;
        school.caller().await;
        let id = remote(&school).await;
        let (method, error) = (MUTE.to_owned(), "WORKER_BUSY_TOO_LONG_RETRY".to_owned());
        school.sandbox.fault(Fault::Refuse { method, code: 500, error, times: 2 });
        let muted = |school: &School| school.sandbox.calls(school.group)[0].join_muted;
        // Refused as often as it is asked here: at the opening, and by a look or two.
        school.until("13:55").await;
        let refused = asked(&school, MUTE);
        assert!((1..=2).contains(&refused) && !muted(&school), "{engine:?}: {refused}");
        // It is owed beyond a restart, and so is that it was done.
        school.stop().await;
        school.start().await.expect("again");
        school.until("13:58").await;
        assert_eq!((asked(&school, MUTE), muted(&school)), (3, true), "{engine:?}");
        school.stop().await;
        school.start().await.expect("again");
        let call = school.write(async |tx: &mut Tx| calls::open_of(tx, &id).await).await.expect("open").call_id;
        school.sandbox.mute_call(school.group, false);
        // Nor when the next lesson comes into it.
        lesson(&school, "Algo", "16:00", "17:00").await;
        school.until("16:01").await;
        assert_eq!((asked(&school, MUTE), muted(&school)), (3, false), "{engine:?}: the teacher's own wish");
        assert_eq!(school.sandbox.calls(school.group).len(), 1, "{engine:?}");
        assert_eq!(school.sandbox.calls(school.group)[0].id, call);
        school.check().await;
    }
}

/// The application's number was taken out of the configuration, and an account is known.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_without_the_schools_application_is_something_to_look_at() {
    for engine in Engine::all() {
        let school = School::with(engine, &[("telegram.caller.seeds", "")]).await;
        let words = "· Compte appelant : telegram.caller.api_id et telegram.caller.api_hash_file manquent";
        assert!(!school.ask("Claire", "/etat").await.contains(words), "{engine:?}");
        let kept = "INSERT INTO caller_account (account, name, sealed, state, signed_in_at, lost_at) \
            VALUES (77, 'Horizon Appels', 'x', 'lost', 0, 0)";
        Raw::open(&school.place).await.execute(kept).await;
        let state = school.ask("Claire", "/etat").await;
        assert!(state.contains(words), "{engine:?}: {state}");
        school.end().await;
        // Where nothing is missing nothing is said.
        let school = School::on(engine).await;
        school.caller().await;
        assert!(!school.ask("Claire", "/etat").await.contains(words), "{engine:?}");
        school.check().await;
    }
}
