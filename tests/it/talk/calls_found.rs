//! Calls that were not opened as planned: by somebody else, late, for a lesson that changed meanwhile.

use std::time::Duration;

use preau::sandbox::Fault;
use preau::school::attendance::Mark;
use preau::school::attendance::flow::{Observation, Visitor};
use preau::school::call::flow::{self as calls, Which};
use preau::school::session::{CallState, Mode, Session, State};

use super::calls::{enter, in_call, remote};
use super::calls_seen::state;
use super::school::School;
use crate::world::Engine;

const CREATE: &str = "phone.createGroupCall";

fn asked(school: &School, method: &str) -> usize {
    school.sandbox.journal().iter().filter(|call| call.method == method).count()
}

/// Time passes to `hour`; while the first request of this method lies with Telegram, something else happens.
pub async fn meanwhile(school: &School, hour: &str, method: &str, act: impl AsyncFnOnce()) {
    school.sandbox.fault(Fault::Delay { method: Some(method.to_owned()), millis: 700, times: 1 });
    let before = asked(school, method);
    let acts = async {
        while asked(school, method) == before {
            school.clock.rest(Duration::from_millis(5)).await;
        }
        act().await;
    };
    tokio::join!(school.until(hour), acts);
}

/// The teacher may open calls in the group's app.
fn trust(school: &School) {
    let (admin, teacher) = (school.is("Claire"), school.is("Mamadou"));
    school.sandbox.add_member(school.group, teacher, admin);
    school.sandbox.promote(school.group, teacher, admin, &["manage_call"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lesson_that_wants_no_call_any_more_ends_the_one_that_was_being_opened() {
    for engine in Engine::all() {
        let changes: [fn(&mut Session); 3] = [
            |session| session.state = State::Cancelled,
            |session| session.mode = Mode::OnSite,
            |session| {
                session.start_at = session.start_at.plus_hours(3);
                session.end_at = session.end_at.plus_hours(3);
            },
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let school = School::on(engine).await;
            school.caller().await;
            let id = remote(&school).await;
            school.until("13:54").await;
            meanwhile(&school, "13:55", CREATE, async || school.change(&id, change).await).await;
            school.until("13:56").await;
            let found = school.sandbox.calls(school.group);
            assert_eq!((found.len(), found[0].open), (1, false), "{number}: {found:?}");
            assert!(found[0].ended.is_some_and(|end| end < school.clock.now()), "{number}: at once: {found:?}");
            assert_ne!(state(&school, &id).await, Some(CallState::Open), "{number}");
            assert!(!school.told("Mamadou").contains("L’appel est ouvert"), "{number}: {}", school.told("Mamadou"));
            school.until("17:05").await;
            let open = school.sandbox.calls(school.group).iter().filter(|call| call.open).count();
            assert_eq!(open, usize::from(number == 2), "moved, it has one at its new hours");
            school.check().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lesson_that_is_turned_on_site_leaves_no_call_open() {
    for engine in Engine::all() {
        let (school, id) = in_call(engine).await;
        school.until("14:10").await;
        school.change(&id, |session| session.mode = Mode::OnSite).await;
        school.until("14:11").await;
        assert!(!school.sandbox.calls(school.group)[0].open);
        school.check().await;
    }
}

/// The answer to a look was on its way when the call was ended.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_seen_of_a_call_that_was_ended_meanwhile_counts_no_more() {
    for engine in Engine::all() {
        let (school, id) = in_call(engine).await;
        school.until("14:10").await;
        let call = school.write(async |tx| calls::open_of(tx, &id).await).await.expect("open");
        let which = Which { session_id: id.clone(), call_id: call.call_id };
        let people = vec![Visitor { peer: school.is("Inès"), title: None, since: school.clock.now() }];
        let stale = Observation { at: school.clock.now(), complete: true, people };
        assert_eq!(school.press("Mamadou", "Fermer l’appel").await, "L’appel se ferme.");
        assert!(!school.write(async |tx| calls::seen(tx, &which, true, &stale).await).await);
        assert_eq!(state(&school, &id).await, Some(CallState::Over));
        assert!(school.lines(&id).await.iter().all(|line| line.mark == Mark::Open), "nobody came");
        school.check().await;
    }
}

/// The teacher opens a call by hand at 14:03; from then on it is the lesson's, and it ends with it.
async fn opened_by_hand(school: &School, id: &str) {
    school.until("14:03").await;
    assert_eq!(school.sandbox.calls(school.group).len(), 0);
    school.sandbox.start_call(school.is("Mamadou"), school.group, "Réseaux, enfin");
    school.until("14:05").await;
    enter(school, &["Inès"]);
    school.until("14:20").await;
    enter(school, &["Léa"]);
    school.until("14:30").await;
    assert!(school.last(school.group).contains("« Réseaux · 24/11 » est ouvert"), "{}", school.last(school.group));
    assert_eq!(state(school, id).await, Some(CallState::Open));
    school.until("16:00").await;
    let said = school.said(id).await;
    assert_eq!(said[1], "Inès M. : présent", "two minutes after the call");
    // From the opening, which was seen within half a minute.
    assert_eq!(said[2], "Léa P. : en retard de 16 min");
    assert_eq!(said[0], "Noé B. : absent");
    school.until("16:06").await;
    let found = school.sandbox.calls(school.group);
    assert_eq!((found.len(), found[0].open), (1, false), "{found:?}");
}

/// What goes wrong in a group, when the fallback is there at the latest, and what is told.
type Case = (fn(i64) -> Fault, &'static str, &'static str);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_the_teacher_opens_late_is_the_lessons_call() {
    for engine in Engine::all() {
        let method = || CREATE.to_owned();
        let faults: [Case; 3] = [
            (Fault::CallsRefused, "13:56", "CREATE_CALL_FAILED"),
            (
                |_| Fault::FloodWait { method: CREATE.to_owned(), seconds: 900, times: 1 },
                "13:56",
                "Telegram fait attendre le compte appelant au-delà du début",
            ),
            (
                |_| Fault::Reset { method: Some(CREATE.to_owned()), times: 1_000 },
                "14:01",
                "Telegram ne répond pas au compte appelant",
            ),
        ];
        for (fault, hour, why) in faults {
            let school = School::on(engine).await;
            school.caller().await;
            trust(&school);
            let id = remote(&school).await;
            school.sandbox.fault(fault(school.group));
            if hour == "14:01" {
                school.until("13:59").await;
                assert!(!school.told("Mamadou").contains("Pas d’appel vidéo"), "{}", school.told("Mamadou"));
                assert!(asked(&school, &method()) >= 10, "asked every twenty seconds");
            }
            school.until(hour).await;
            let told = school.all(school.is("Mamadou"));
            assert!(told.iter().any(|said| said.text.contains(why)), "{why}: {told:#?}");
            school.press_in("Noé", school.group, "Je suis là").await;
            opened_by_hand_over_press(&school, &id).await;
            school.check().await;
        }
    }
}

/// As [`opened_by_hand`]; Noé pressed « Je suis là » before.
async fn opened_by_hand_over_press(school: &School, id: &str) {
    school.until("14:03").await;
    school.sandbox.start_call(school.is("Mamadou"), school.group, "Réseaux, enfin");
    school.until("14:05").await;
    enter(school, &["Inès", "Noé"]);
    school.until("14:20").await;
    enter(school, &["Léa"]);
    school.until("16:00").await;
    let said = school.said(id).await;
    assert_eq!(said[..3], ["Noé B. : présent", "Inès M. : présent", "Léa P. : en retard de 16 min"]);
    school.until("16:06").await;
    let found = school.sandbox.calls(school.group);
    assert_eq!((found.len(), found[0].open), (1, false), "{found:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_by_hand_is_found_by_an_account_that_was_signed_in_since() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        trust(&school);
        let id = remote(&school).await;
        school.until("13:58").await;
        school.caller().await;
        school.until("14:00").await;
        opened_by_hand(&school, &id).await;
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_teacher_who_was_a_second_quicker_keeps_the_call() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.caller().await;
        trust(&school);
        let id = remote(&school).await;
        school.until("13:54").await;
        let quicker = async || {
            school.sandbox.start_call(school.is("Mamadou"), school.group, "Bonjour");
        };
        meanwhile(&school, "13:55", CREATE, quicker).await;
        school.until("13:56").await;
        let found = school.sandbox.calls(school.group);
        assert_eq!((found.len(), found[0].title.as_str()), (1, "Bonjour"), "{found:?}");
        assert!(school.last(school.group).contains("est ouvert"), "{}", school.last(school.group));
        assert_eq!(state(&school, &id).await, Some(CallState::Open));
        for who in ["Mamadou", "Claire", "Éric"] {
            assert!(!school.told(who).contains("Pas d’appel"), "{who}: {}", school.told(who));
        }
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_lost_after_the_start_is_a_call_all_the_same() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.caller().await;
        school.until("14:01").await;
        school.sandbox.fault(Fault::LostAnswer { method: Some(CREATE.to_owned()), times: 1 });
        let id = remote(&school).await;
        school.until("14:02").await;
        let found = school.sandbox.calls(school.group);
        assert_eq!((found.len(), found[0].open), (1, true), "{found:?}");
        assert_eq!(state(&school, &id).await, Some(CallState::Open));
        assert!(!school.told("Mamadou").contains("Pas d’appel"), "{}", school.told("Mamadou"));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whichever_account_is_still_in_the_group_finds_the_call_that_is_opened_again() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.caller().await;
        school.caller_number(2).await;
        trust(&school);
        let id = remote(&school).await;
        school.until("14:30").await;
        let call = school.write(async |tx| calls::open_of(tx, &id).await).await.expect("open");
        school.sandbox.end_call(school.is("Mamadou"), school.group);
        school.until("14:32").await;
        assert_eq!(state(&school, &id).await, Some(CallState::Over));
        school.sandbox.ban(school.is("Claire"), call.account, school.group);
        school.sandbox.start_call(school.is("Mamadou"), school.group, "Suite");
        school.until("14:34").await;
        assert_eq!(state(&school, &id).await, Some(CallState::Open));
        let again = school.write(async |tx| calls::open_of(tx, &id).await).await.expect("open");
        assert_ne!(again.account, call.account);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_way_in_leads_to_telegrams_line_about_the_call_that_was_found() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.caller().await;
        trust(&school);
        remote(&school).await;
        school.until("13:50").await;
        school.sandbox.start_call(school.is("Mamadou"), school.group, "Bonjour");
        school.until("13:56").await;
        let messages = school.sandbox.messages(school.group);
        let line = messages.iter().find(|message| message.service.as_deref() == Some("video_chat_started"));
        let way = format!("/{}", line.expect("Telegram's line").id);
        let shown = school.all(school.group).pop().expect("a message");
        let key = &shown.buttons[0][0];
        assert_eq!(key.text, "Rejoindre");
        assert!(key.url.as_deref().is_some_and(|url| url.ends_with(&way)), "{key:?} {way}");
        school.check().await;
    }
}

/// Telegram's answer to who begins a call brings the line about it, or leaves it to be read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_way_in_leads_to_telegrams_line_about_the_call_that_we_opened() {
    for engine in Engine::all() {
        for bare in [0, 1] {
            let school = School::on(engine).await;
            school.caller().await;
            remote(&school).await;
            school.sandbox.fault(Fault::BareCalls { times: bare });
            school.until("13:56").await;
            let messages = school.sandbox.messages(school.group);
            let line = messages.iter().find(|message| message.service.as_deref() == Some("video_chat_started"));
            let shown = school.all(school.group).pop().expect("a message");
            let way = format!("https://t.me/c/{}/{}", -1_000_000_000_000 - school.group, line.expect("a line").id);
            assert_eq!(shown.buttons[0][0].url, Some(way), "{engine:?}, bare {bare}");
            let read = asked(&school, "messages.getHistory");
            assert_eq!(read > 0, bare == 1, "{engine:?}: what the answer says is not asked for: {read}");
            school.check().await;
        }
    }
}
