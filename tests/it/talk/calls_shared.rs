//! Lessons in a row share a call, and part from it.

use preau::kernel::At;
use preau::platform::store::Tx;
use preau::sandbox::Fault;
use preau::school::call::flow as calls;
use preau::school::session::{CallState, Mode, Session};

use super::calls::{enter, in_call};
use super::calls_seen::state;
use super::school::School;
use crate::world::Engine;

/// « Réseaux » is in its call, and « Algo » follows at four.
async fn in_a_row(engine: Engine) -> (School, String, String) {
    let (school, first) = in_call(engine).await;
    let next = Session { mode: Mode::Remote, subject: "Algo".to_owned(), ..school.lesson("16:00", "17:00", None) };
    let second = school.plan(next).await;
    school.sandbox.promote(school.group, school.is("Mamadou"), school.is("Claire"), &["manage_call"]);
    enter(&school, &["Inès"]);
    (school, first, second)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_ends_a_shared_call_in_the_app_ends_it_for_the_lesson_that_goes_out() {
    for engine in Engine::all() {
        for hour in ["15:59", "16:03"] {
            let (school, first, second) = in_a_row(engine).await;
            school.until(hour).await;
            school.sandbox.end_call(school.is("Mamadou"), school.group);
            let soon = At(school.clock.now().millis() + 60_000);
            school.go_to(soon).await.expect("time passes");
            let found = school.sandbox.calls(school.group);
            assert_eq!(found.len(), 2, "{engine:?}, {hour}: {found:?}");
            assert_eq!((found[1].open, found[1].title.as_str()), (true, "Algo · 24/11"), "{hour}: {found:?}");
            assert_eq!(state(&school, &first).await, Some(CallState::Over), "{engine:?}, {hour}: it stays so");
            assert_eq!(state(&school, &second).await, Some(CallState::Open), "{engine:?}, {hour}");
            let shown = school.all(school.group).pop().expect("a message").text;
            assert_eq!(shown, "L’appel « Algo · 24/11 » est ouvert.", "{engine:?}, {hour}");
            enter(&school, &["Inès"]);
            school.until("16:20").await;
            assert!(school.sandbox.calls(school.group)[1].open);
            // Ended for itself it stays ended.
            school.sandbox.end_call(school.is("Mamadou"), school.group);
            school.until("16:30").await;
            let found = school.sandbox.calls(school.group);
            assert_eq!((found.len(), found[1].open), (2, false), "{engine:?}, {hour}: {found:?}");
            school.check().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_leaves_a_shared_call_is_not_told_that_it_ends() {
    for engine in Engine::all() {
        let (school, first, second) = in_a_row(engine).await;
        school.until("15:58").await;
        let teacher = school.is("Mamadou");
        let own = |message: &&preau::sandbox::Message| {
            let keys = message.buttons.iter().flatten();
            message.text.contains("Réseaux") && keys.into_iter().any(|key| key.text == "Fermer l’appel")
        };
        let messages = school.all(teacher);
        let roll = messages.iter().rev().find(own).expect("the roll of the first");
        let said = school.press_on("Mamadou", teacher, roll.id, "Fermer l’appel").await;
        assert_eq!(said, "L’appel continue pour « Algo · 24/11 » ; ce cours le quitte.", "{engine:?}");
        school.until("15:59").await;
        assert_eq!(state(&school, &first).await, Some(CallState::Over), "{engine:?}");
        assert_eq!(state(&school, &second).await, Some(CallState::Open), "{engine:?}");
        let found = school.sandbox.calls(school.group);
        assert_eq!((found.len(), found[0].open), (1, true), "{engine:?}: {found:?}");
        school.until("17:06").await;
        assert!(!school.sandbox.calls(school.group)[0].open);
        school.check().await;
    }
}

/// One lesson's call cannot be ended at the moment at which the next one's is opened: the next one takes it, or has a new
/// one where it was ended first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_whose_end_telegram_puts_off_is_not_lost_for_the_next_lesson() {
    for engine in Engine::all() {
        let (school, first) = in_call(engine).await;
        let next = Session { mode: Mode::Remote, subject: "Algo".to_owned(), ..school.lesson("16:10", "17:00", None) };
        let second = school.plan(next).await;
        school.until("16:04").await;
        let method = "phone.discardGroupCall".to_owned();
        school.sandbox.fault(Fault::FloodWait { method, seconds: 1, times: 1 });
        school.until("16:06").await;
        let open = || {
            let calls = school.sandbox.calls(school.group).into_iter();
            calls.filter(|call| call.open).map(|call| call.title).collect::<Vec<_>>()
        };
        assert_eq!(open(), ["Algo · 24/11"], "{engine:?}");
        assert_eq!(state(&school, &first).await, Some(CallState::Over), "{engine:?}");
        assert_eq!(state(&school, &second).await, Some(CallState::Open), "{engine:?}");
        school.until("16:30").await;
        assert_eq!(open().len(), 1, "{engine:?}: it goes on");
        school.until("17:06").await;
        assert!(open().is_empty(), "{engine:?}");
        school.check().await;
    }
}

/// Pressed twice while Telegram does not end it yet: it was asked for once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_twice_for_the_end_asked_once() {
    for engine in Engine::all() {
        let (school, _) = in_call(engine).await;
        let method = "phone.discardGroupCall".to_owned();
        school.sandbox.fault(Fault::FloodWait { method, seconds: 1, times: 1 });
        let teacher = school.is("Mamadou");
        let messages = school.all(teacher);
        let ends = |message: &&preau::sandbox::Message| {
            message.buttons.iter().flatten().any(|key| key.text == "Fermer l’appel")
        };
        let message = messages.iter().rev().find(ends).expect("a message with the key");
        let key = message.buttons.iter().flatten().find(|key| key.text == "Fermer l’appel").expect("the key");
        let data = key.data.clone().expect("its data");
        for _ in 0..2 {
            school.sandbox.press_data(teacher, teacher, message.id, &data);
        }
        school.drain().await.expect("quiet");
        let asked = school.write(async |tx: &mut Tx| preau::school::audit::store::latest(tx, 1_000).await).await;
        let asked = asked.iter().filter(|entry| entry.action == "call.end_asked").count();
        assert_eq!(asked, 1, "{engine:?}");
        school.check().await;
    }
}

/// The next lesson's call was opened by another account than the one that looks for the first lesson's.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_lessons_call_is_not_the_first_ones_whichever_account_opened_it() {
    for engine in Engine::all() {
        let (school, first, second) = in_a_row(engine).await;
        school.caller_number(2).await;
        school.until("15:57").await;
        let before = school.write(async |tx: &mut Tx| calls::open_of(tx, &first).await).await.expect("open");
        let method = "phone.createGroupCall".to_owned();
        school.sandbox.fault(Fault::FloodWait { method, seconds: 900, times: 1 });
        // Nor does it help that nobody can read who began it.
        let (method, error) = ("messages.getHistory".to_owned(), "WORKER_BUSY_TOO_LONG_RETRY".to_owned());
        school.sandbox.fault(Fault::Refuse { method, code: 500, error, times: 100 });
        school.sandbox.end_call(school.is("Mamadou"), school.group);
        school.until("15:59").await;
        let next = school.write(async |tx: &mut Tx| calls::open_of(tx, &second).await).await.expect("open");
        assert_ne!(next.account, before.account, "{engine:?}");
        assert_eq!(state(&school, &first).await, Some(CallState::Over), "{engine:?}");
        assert_eq!(school.write(async |tx: &mut Tx| calls::open_of(tx, &first).await).await, None, "{engine:?}");
        school.until("17:06").await;
        assert!(!school.sandbox.calls(school.group)[1].open);
        school.check().await;
    }
}
