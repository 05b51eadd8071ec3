//! An answer that is lost, or a crash, while a message is on its way to a group: the group itself is asked what came of it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use preau::platform::outbox::store as outbox;
use preau::platform::store::Probe;
use preau::sandbox::{Fault, Sandbox};
use preau::school::attendance::flow as attendance;
use preau::school::session::{Mode, Session};

use super::school::{School, at};
use crate::store::Raw;
use crate::world::{Engine, World};

/// Stops the program for good at its next call: before the bytes leave, or when the answer has come.
#[derive(Clone, Default)]
struct Stop {
    armed: Arc<AtomicBool>,
    hit: Arc<AtomicBool>,
}

impl Stop {
    fn probe(&self, wanted: &'static str) -> Probe {
        let stop = self.clone();
        Probe::new(move |point| {
            let stop = stop.clone();
            Box::pin(async move {
                if !stop.armed.load(Ordering::SeqCst) {
                    return;
                }
                if point == wanted {
                    stop.hit.store(true, Ordering::SeqCst);
                }
                while stop.hit.load(Ordering::SeqCst) && stop.armed.load(Ordering::SeqCst) {
                    std::future::pending::<()>().await;
                }
            })
        })
    }
}

/// The lesson's reminder is due, and the program stops at its call.
async fn stopped(engine: Engine, point: &'static str, account: bool) -> (School, String) {
    stopped_with(engine, point, account, None).await
}

/// As [`stopped`]; the lesson, in a room, has this link.
async fn stopped_with(engine: Engine, point: &'static str, account: bool, link: Option<&str>) -> (School, String) {
    let stop = Stop::default();
    let world = World::with(engine, stop.probe(point), &[("outbox.lease_seconds", "10")]).await;
    let mut school = School::of(world).await;
    school.group = school.adopt("BTS SIO 1A").await;
    if account {
        school.caller().await;
    }
    let id = match link {
        Some(link) => {
            let lesson = school.lesson("14:00", "16:00", Some(link));
            school.plan(Session { mode: Mode::OnSite, ..lesson }).await
        }
        None => school.plan_usual().await,
    };
    school.until("13:44").await;
    stop.armed.store(true, Ordering::SeqCst);
    school.clock.set(at("24/11/2026", "13:45"));
    let began = school.clock.elapsed();
    while !stop.hit.load(Ordering::SeqCst) {
        assert!(school.clock.elapsed().saturating_sub(began) < Duration::from_secs(20), "no call was made");
        school.clock.rest(Duration::from_millis(2)).await;
    }
    school.crash().await;
    stop.armed.store(false, Ordering::SeqCst);
    (school, id)
}

async fn doubts(school: &School) -> Vec<(String, String)> {
    let rows = school.write(async |tx| outbox::troubled(tx, 9).await).await;
    rows.into_iter().map(|row| (row.state, row.kind)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_left_before_the_crash_is_found_and_not_sent_again() {
    for engine in Engine::all() {
        let (mut school, id) = stopped(engine, "after call", true).await;
        let words = school.about("Réseaux").into_iter().map(|message| message.text).collect::<Vec<_>>();
        assert_eq!(words.len(), 1, "{engine:?}: it had left: {words:?}");
        school.start().await.expect("again");
        school.drain().await.expect("quiet");
        assert_eq!(school.about("Réseaux").len(), 1, "{engine:?}");
        assert_eq!(doubts(&school).await, [], "{engine:?}: nothing is in doubt");
        // It stands in its place: what changes is written into it.
        school.cancel(&id).await;
        let about = school.about("Réseaux");
        assert_eq!((about.len(), about[0].edits), (1, 1), "{engine:?}: {about:?}");
        assert!(about[0].text.contains("annul"), "{about:?}");
        school.check().await;
    }
}

/// The lesson has begun, and nobody can look yet whether its reminder left: « Je suis là » waits for that, and no second
/// message is sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reminder_in_doubt_at_the_start_is_followed_by_no_second_message() {
    for engine in Engine::all() {
        let (mut school, _) = stopped_with(engine, "after call", true, Some("https://visio.example/a")).await;
        assert_eq!(school.about("Réseaux").len(), 1, "{engine:?}: it had left");
        school.clock.set(at("24/11/2026", "14:01"));
        let (method, error) = ("messages.getHistory".to_owned(), "WORKER_BUSY_TOO_LONG_RETRY".to_owned());
        school.sandbox.fault(Fault::Refuse { method, code: 500, error, times: 4 });
        school.start().await.expect("again");
        school.drain().await.expect("quiet");
        let about = school.about("Réseaux");
        assert_eq!(about.len(), 1, "{engine:?}: {about:#?}");
        let keys: Vec<&str> = about[0].buttons.iter().flatten().map(|key| key.text.as_str()).collect();
        assert!(keys.contains(&"Je suis là"), "{engine:?}: {keys:?}");
        assert_eq!(doubts(&school).await, [], "{engine:?}");
        school.end().await;
    }
}

/// The program was away for long: its accounts are connected again before the group is given up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_left_long_before_the_start_is_found_too() {
    for engine in Engine::all() {
        let (mut school, _) = stopped(engine, "after call", true).await;
        let long_ago = "UPDATE outbox SET called_at = called_at - 3600000 WHERE state = 'executing'";
        Raw::open(&school.place).await.execute(long_ago).await;
        school.start().await.expect("again");
        school.drain().await.expect("quiet");
        assert_eq!(school.about("Réseaux").len(), 1, "{engine:?}");
        assert_eq!(doubts(&school).await, [], "{engine:?}: nothing is in doubt");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_did_not_leave_is_sent_once_whoever_says_the_same_words() {
    // The words, as they would have stood there.
    let (school, _) = stopped(Engine::Sqlite, "after call", false).await;
    let words = school.about("Réseaux")[0].text.clone();
    school.end().await;
    for engine in Engine::all() {
        let (mut school, _) = stopped(engine, "before call", true).await;
        assert_eq!(school.about("Réseaux").len(), 0, "{engine:?}");
        // Not the bot's.
        school.sandbox.say(school.is("Noé"), school.group, &words);
        school.start().await.expect("again");
        school.drain().await.expect("quiet");
        let about = school.about("Réseaux");
        assert_eq!(about.len(), 1, "{engine:?}: {about:?}");
        assert_eq!(about[0].text, words, "{engine:?}");
        assert_eq!(doubts(&school).await, [], "{engine:?}");
        school.check().await;
    }
}

/// Without an account in the group nobody can look: it is in doubt, and admins are told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_account_it_stays_in_doubt() {
    for engine in Engine::all() {
        let (mut school, _) = stopped(engine, "before call", false).await;
        school.start().await.expect("again");
        school.drain().await.expect("quiet");
        assert_eq!(school.about("Réseaux").len(), 0, "{engine:?}");
        let doubts = doubts(&school).await;
        assert_eq!(doubts, [("unknown".to_owned(), "session.remind".to_owned())], "{engine:?}");
        assert!(school.told("Claire").contains("Peut-être non envoyé"), "{}", school.told("Claire"));
        school.end().await;
    }
}

/// On site, and in the timetable only once it had begun: the group has no message of it, and the report is the first.
async fn unannounced(school: &School) -> String {
    school.until("14:10").await;
    let id = school.plan_usual().await;
    for key in ["sauf", "Noé B.", "Enregistrer"] {
        school.press("Mamadou", key).await;
    }
    school.until("16:00").await;
    assert_eq!(school.about("Réseaux").len(), 0, "{:?}", school.about("Réseaux"));
    id
}

fn lost(school: &School, method: &str) -> usize {
    school.sandbox.journal().iter().filter(|call| call.method == method && call.outcome == "lost").count()
}

/// The report may be repeated, and is a message of the group's all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_whose_answer_was_lost_is_looked_for_in_the_group() {
    for engine in Engine::all() {
        for left in [true, false] {
            let school = School::on(engine).await;
            school.caller().await;
            unannounced(&school).await;
            let method = Some("sendMessage".to_owned());
            let fault = if left { Fault::LostAnswer { method, times: 1 } } else { Fault::Reset { method, times: 1 } };
            school.sandbox.fault(fault);
            assert_eq!(school.press("Mamadou", "Valider").await, "Feuille validée.");
            let about = school.about("Réseaux");
            assert_eq!(about.len(), 1, "{engine:?}, left {left}: {about:#?}");
            assert_eq!(lost(&school, "sendMessage"), usize::from(left));
            // It is known where it stands: a correction is written into it.
            for key in ["Corriger", "Karim T.", "Absent", "Erreur de ma part"] {
                school.press("Mamadou", key).await;
            }
            school.until("16:30").await;
            let about = school.about("Réseaux");
            assert_eq!((about.len(), about[0].edits), (1, 1), "{engine:?}: {about:#?}");
            school.check().await;
        }
    }
}

/// What somebody asks in a group is answered there once, though the answer may be repeated.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_in_a_group_that_was_lost_is_looked_for_there() {
    for engine in Engine::all() {
        for (account, answers) in [(true, 1), (false, 2)] {
            let school = School::on(engine).await;
            if account {
                school.caller().await;
            }
            school.plan_usual().await;
            let words = ["/aujourdhui", "/adopter BTS SIO 1A"];
            for (words, who) in words.into_iter().zip(["Inès", "Claire"]) {
                let before = school.all(school.group).len();
                school.sandbox.fault(Fault::LostAnswer { method: Some("sendMessage".to_owned()), times: 1 });
                school.say(school.is(who), school.group, words).await;
                let said = school.all(school.group).split_off(before);
                assert_eq!(said.len(), answers, "{engine:?}, {words}, account {account}: {said:#?}");
            }
            assert_eq!(lost(&school, "sendMessage"), 2);
            school.check().await;
        }
    }
}

/// Telegram goes to another program sooner than the accounts do: meanwhile nothing is sent again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_lost_before_the_accounts_are_taken_over_is_looked_for_when_they_are() {
    if !Engine::all().contains(&Engine::Postgres) {
        return;
    }
    let mut school = School::on(Engine::Postgres).await;
    school.caller().await;
    school.plan_usual().await;
    school.start_another().await.expect("a second program");
    school.lose_first().await;
    school.sandbox.restart();
    let before = school.all(school.group).len();
    school.sandbox.fault(Fault::LostAnswer { method: Some("sendMessage".to_owned()), times: 1 });
    school.say(school.is("Inès"), school.group, "/aujourdhui").await;
    let said = school.all(school.group).split_off(before);
    assert_eq!((said.len(), lost(&school, "sendMessage")), (1, 1), "{said:#?}");
    school.check().await;
}

/// The same words stood there a minute before: what was lost is not taken for them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_said_the_same_before_is_not_taken_for_the_lost_answer() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.caller().await;
        school.plan_usual().await;
        let before = school.all(school.group).len();
        school.say(school.is("Inès"), school.group, "/aujourdhui").await;
        // The second does not leave.
        school.sandbox.fault(Fault::Reset { method: Some("sendMessage".to_owned()), times: 1 });
        school.say(school.is("Noé"), school.group, "/aujourdhui").await;
        let said = school.all(school.group).split_off(before);
        assert_eq!(said.len(), 2, "{engine:?}: {said:#?}");
        assert_eq!(said[0].text, said[1].text);
        school.check().await;
    }
}

/// The report stands in the group, and the program stops before it knows.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_that_left_before_the_crash_is_not_sent_again() {
    for engine in Engine::all() {
        let stop = Stop::default();
        let stands: Arc<OnceLock<(Sandbox, i64)>> = Arc::default();
        let (seen, armed) = (Arc::clone(&stands), stop.clone());
        let probe = Probe::new(move |_| {
            let (seen, armed) = (Arc::clone(&seen), armed.clone());
            Box::pin(async move {
                let Some((sandbox, group)) = seen.get() else { return };
                if sandbox.last(*group).is_some_and(|last| last.text.contains("séance terminée")) {
                    armed.hit.store(true, Ordering::SeqCst);
                }
                while armed.hit.load(Ordering::SeqCst) && armed.armed.load(Ordering::SeqCst) {
                    std::future::pending::<()>().await;
                }
            })
        });
        let mut school = School::of(World::with(engine, probe, &[("outbox.lease_seconds", "10")]).await).await;
        school.group = school.adopt("BTS SIO 1A").await;
        school.caller().await;
        let id = unannounced(&school).await;
        let version = school.sheet(&id).await.expect("a sheet").version;
        stop.armed.store(true, Ordering::SeqCst);
        assert!(stands.set((school.sandbox.clone(), school.group)).is_ok());
        let by = super::school::id_of("Mamadou");
        let validate = async |tx: &mut _| attendance::validate(tx, &id, &by, version, false).await;
        let done = school.db().expect("running").transact(validate).await.expect("written");
        assert_eq!(done, attendance::Validated::Done);
        let began = school.clock.elapsed();
        while !stop.hit.load(Ordering::SeqCst) {
            assert!(school.clock.elapsed().saturating_sub(began) < Duration::from_secs(20), "no report was sent");
            school.clock.rest(Duration::from_millis(2)).await;
        }
        school.crash().await;
        stop.armed.store(false, Ordering::SeqCst);
        school.start().await.expect("again");
        school.drain().await.expect("quiet");
        let about = school.about("Réseaux");
        assert_eq!(about.len(), 1, "{engine:?}: {about:#?}");
        assert!(doubts(&school).await.iter().all(|(_, kind)| kind != "attendance.report"), "{engine:?}");
        school.end().await;
    }
}
