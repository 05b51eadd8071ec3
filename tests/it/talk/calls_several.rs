//! Several accounts share the calls and step in for each other; what they cannot do is said.

use preau::platform::store::Tx;
use preau::sandbox::Fault;
use preau::school::call::LiveCall;
use preau::school::call::flow as calls;
use preau::school::session::{CallState, Mode, Session};

use super::calls::{enter, in_call, remote};
use super::calls_found::meanwhile;
use super::calls_seen::state;
use super::school::School;
use crate::world::Engine;

const CREATE: &str = "phone.createGroupCall";
const LOOK: &str = "phone.getGroupCall";

async fn open_call(school: &School, id: &str) -> Option<LiveCall> {
    school.write(async |tx: &mut Tx| calls::open_of(tx, id).await).await
}

fn told_so(school: &School, who: &str, words: &str) -> usize {
    school.all(school.is(who)).iter().filter(|said| said.text.contains(words)).count()
}

/// Two accounts, and the lesson's call is open; gives the session, the account that looks and the other.
async fn two_in_call(engine: Engine) -> (School, String, [i64; 2]) {
    let school = School::on(engine).await;
    let both = [school.caller().await, school.caller_number(2).await];
    let id = remote(&school).await;
    school.sandbox.add_member(school.group, school.is("Mamadou"), school.is("Claire"));
    school.until("13:56").await;
    let first = open_call(&school, &id).await.expect("open").account;
    let other = both.into_iter().find(|account| *account != first).expect("two");
    (school, id, [first, other])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_class_does_not_wait_for_one_account_while_another_is_free() {
    for engine in Engine::all() {
        let method = || CREATE.to_owned();
        let faults = [
            Fault::FloodWait { method: method(), seconds: 120, times: 1 },
            Fault::FloodWait { method: method(), seconds: 900, times: 1 },
            Fault::Reset { method: Some(method()), times: 1 },
        ];
        for fault in faults {
            let school = School::on(engine).await;
            let first = school.caller().await;
            school.caller_number(2).await;
            let id = remote(&school).await;
            school.sandbox.fault(fault.clone());
            school.until("13:55").await;
            let found = school.sandbox.calls(school.group);
            assert_eq!((found.len(), found[0].open), (1, true), "{fault:?}: {found:?}");
            assert_ne!(open_call(&school, &id).await.expect("open").account, first, "{fault:?}");
            assert_eq!(told_so(&school, "Mamadou", "Pas d’appel"), 0, "{fault:?}");
            school.check().await;
        }
    }
}

/// Telegram began the call, and the account that asked heard no more of it: the next one finds it, and knows whose it is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_one_account_began_and_lost_is_ours_for_the_other() {
    for engine in Engine::all() {
        let mut school = School::with(engine, &[("call.join_muted", "yes")]).await;
        school.group = school.adopt("BTS SIO 1A").await;
        let first = school.caller().await;
        school.caller_number(2).await;
        let id = remote(&school).await;
        school.until("13:54").await;
        school.sandbox.fault(Fault::LostAnswer { method: Some(CREATE.to_owned()), times: 1 });
        meanwhile(&school, "13:55", CREATE, async || {
            let method = Some("channels.getFullChannel".to_owned());
            school.sandbox.fault(Fault::Reset { method, times: 2 });
        })
        .await;
        let found = school.sandbox.calls(school.group);
        assert_eq!((found.len(), found[0].open, found[0].join_muted), (1, true, true), "{engine:?}: {found:?}");
        let call = open_call(&school, &id).await.expect("open");
        assert!(call.account != first && !call.adopted, "{engine:?}: {call:?}");
        let created = school.sandbox.journal().iter().filter(|call| call.method == CREATE).count();
        assert_eq!(created, 1, "{engine:?}");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_lessons_at_one_hour_are_opened_by_two_accounts() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let ours = school.group;
        let second = school.add_class("BTS SIO 1B").await;
        let theirs = school.adopt("BTS SIO 1B").await;
        let both = [school.caller().await, school.caller_number(2).await];
        for account in both {
            school.sandbox.add_member(theirs, account, school.is("Claire"));
            school.sandbox.promote(theirs, account, school.is("Claire"), &["manage_call"]);
        }
        let lesson = school.lesson("14:00", "15:00", None);
        let mut accounts = Vec::new();
        for class in [school.class.clone(), second] {
            school.plan(Session { mode: Mode::Remote, classroom_id: class, ..lesson.clone() }).await;
        }
        school.until("13:56").await;
        for group in [ours, theirs] {
            let found = school.sandbox.calls(group);
            assert_eq!((found.len(), found[0].open), (1, true), "{found:?}");
            let journal = school.sandbox.journal();
            let made = journal.iter().find(|call| call.method == CREATE && call.chat_id == Some(group));
            accounts.push(made.expect("made").params["account"].as_i64());
        }
        assert_ne!(accounts[0], accounts[1]);
        school.until("15:06").await;
        assert!([ours, theirs].iter().all(|group| !school.sandbox.calls(*group)[0].open));
        school.group = ours;
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_thrown_out_is_replaced_and_nobody_left_is_said() {
    for engine in Engine::all() {
        let (school, id, [first, other]) = two_in_call(engine).await;
        let admin = school.is("Claire");
        enter(&school, &["Inès"]);
        school.until("14:02").await;
        school.sandbox.ban(admin, first, school.group);
        school.until("14:04").await;
        assert_eq!(open_call(&school, &id).await.expect("open").account, other);
        enter(&school, &["Léa"]);
        school.until("14:06").await;
        assert!(school.told("Mamadou").contains("Présents 2 · Pas encore là 3"), "{}", school.told("Mamadou"));
        assert_eq!(told_so(&school, "Mamadou", "Je ne vois plus"), 0);
        // The last one too.
        school.sandbox.ban(admin, other, school.group);
        school.until("14:10").await;
        assert_eq!(told_so(&school, "Mamadou", "Je ne vois plus qui est dans l’appel"), 1);
        assert_eq!(told_so(&school, "Mamadou", "le compte appelant n’a plus accès à ce groupe"), 1);
        assert_eq!(told_so(&school, "Mamadou", "le compte de l’école n’est pas connecté"), 0, "both are signed in");
        assert_eq!(state(&school, &id).await, Some(CallState::Unseen));
        // Nobody can end it: the teacher is asked to, and it is not written as over.
        school.until("16:08").await;
        assert!(school.sandbox.calls(school.group)[0].open);
        assert!(open_call(&school, &id).await.is_some());
        assert_eq!(told_so(&school, "Mamadou", "reste ouvert et je ne peux pas le fermer"), 1);
        // Let in again, the account ends it within a minute.
        school.sandbox.unban(admin, first, school.group);
        school.sandbox.add_member(school.group, first, admin);
        school.sandbox.promote(school.group, first, admin, &["manage_call"]);
        school.until("16:10").await;
        assert!(!school.sandbox.calls(school.group)[0].open);
        assert!(open_call(&school, &id).await.is_none());
        assert_eq!(told_so(&school, "Mamadou", "reste ouvert"), 1);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_lost_the_right_to_end_calls_is_stood_in_for() {
    for engine in Engine::all() {
        let (school, _, [first, _]) = two_in_call(engine).await;
        school.until("14:02").await;
        school.sandbox.promote(school.group, first, school.is("Claire"), &[]);
        school.until("16:05").await;
        assert!(!school.sandbox.calls(school.group)[0].open);
        assert_eq!(told_so(&school, "Mamadou", "reste ouvert"), 0);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_an_account_cannot_see_is_said_once_and_comes_back_in_silence() {
    for engine in Engine::all() {
        let fault = |times| Fault::Refuse {
            method: LOOK.to_owned(),
            code: 500,
            error: "WORKER_BUSY_TOO_LONG_RETRY".to_owned(),
            times,
        };
        let (school, id) = in_call(engine).await;
        enter(&school, &["Inès"]);
        school.until("14:00").await;
        school.sandbox.fault(fault(18));
        school.until("14:02").await;
        assert_eq!(told_so(&school, "Mamadou", "Je ne vois plus"), 1);
        assert_eq!(told_so(&school, "Mamadou", "Telegram ne répond pas au compte appelant"), 1);
        assert_eq!(state(&school, &id).await, Some(CallState::Unseen));
        school.press_in("Karim", school.group, "Je suis là").await;
        assert!(!school.told("Mamadou").contains("aucun compte"));
        // Seen again; and once more out of sight, of which nobody is told twice.
        school.until("14:09").await;
        assert_eq!(state(&school, &id).await, Some(CallState::Open));
        school.sandbox.fault(fault(18));
        school.until("14:11").await;
        assert_eq!(state(&school, &id).await, Some(CallState::Unseen));
        school.until("14:18").await;
        assert_eq!(state(&school, &id).await, Some(CallState::Open));
        assert_eq!(told_so(&school, "Mamadou", "Je ne vois plus"), 1);
        // A few looks that fail are nothing.
        school.sandbox.fault(fault(4));
        school.until("14:20").await;
        assert_eq!(state(&school, &id).await, Some(CallState::Open));
        school.until("16:06").await;
        assert!(!school.sandbox.calls(school.group)[0].open);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_must_wait_for_minutes_is_not_asked_and_the_other_looks() {
    for engine in Engine::all() {
        let flood = || Fault::FloodWait { method: LOOK.to_owned(), seconds: 900, times: 1 };
        let (school, id) = in_call(engine).await;
        school.until("14:00").await;
        school.sandbox.fault(flood());
        school.until("14:03").await;
        assert_eq!(told_so(&school, "Mamadou", "Telegram fait attendre le compte appelant."), 1);
        assert_eq!(state(&school, &id).await, Some(CallState::Unseen));
        let journal = school.sandbox.journal();
        let after = journal.iter().rev().take_while(|call| !call.outcome.contains("FLOOD_WAIT"));
        assert_eq!(after.filter(|call| call.method == LOOK).count(), 0, "waited for without asking");
        school.end().await;

        let (school, id, [first, other]) = two_in_call(engine).await;
        school.until("14:00").await;
        school.sandbox.fault(flood());
        school.until("14:03").await;
        assert_eq!(open_call(&school, &id).await.expect("open").account, other, "not {first}");
        assert_eq!(state(&school, &id).await, Some(CallState::Open));
        assert_eq!(told_so(&school, "Mamadou", "Je ne vois plus"), 0);
        school.check().await;
    }
}
