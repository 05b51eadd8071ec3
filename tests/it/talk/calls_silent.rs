//! Telegram that says nothing; and calls of which not everything can be read.

use std::time::Duration;

use preau::platform::store::{Probe, Tx};
use preau::sandbox::Fault;
use preau::school::call::flow as calls;
use preau::school::session::{Mode, Session};
use preau::telegram::port::{Callers as _, Trouble};

use super::calls::{enter, in_call, remote};
use super::calls_load::house;
use super::school::School;
use crate::world::{Engine, World};

const LOOK: &str = "phone.getGroupCall";
const PAGE: &str = "phone.getGroupParticipants";

fn silent(method: &str, times: u32) -> Fault {
    Fault::Delay { method: Some(method.to_owned()), millis: 120_000, times }
}

/// Fifty looks of an account that is silent must not hold what the looks of others need.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_left_a_question_unanswered_holds_nobody_up() {
    let (school, id) = in_call(Engine::Sqlite).await;
    let call = school.write(async |tx: &mut Tx| calls::open_of(tx, &id).await).await.expect("open");
    let accounts = school.app().expect("running").callers().clone();
    let look = || accounts.look(call.account, call.chat, call.call_id);
    school.sandbox.fault(silent(LOOK, 3));
    // Given up with the connection of the first, the second is no sign of life.
    let second = async {
        school.clock.rest(Duration::from_secs(1)).await;
        look().await
    };
    let (first, second) = tokio::join!(look(), second);
    assert!(matches!((&first, &second), (Err(Trouble::Lost(_)), Err(Trouble::Lost(_)))), "{first:?}, {second:?}");
    {
        let mut probe = std::pin::pin!(look());
        tokio::select! {
            seen = &mut probe => panic!("answered: {seen:?}"),
            () = school.clock.rest(Duration::from_millis(300)) => {}
        }
        let began = school.clock.elapsed();
        for _ in 0..50 {
            assert!(matches!(look().await, Err(Trouble::Unsent(_))));
        }
        assert!(school.clock.elapsed().saturating_sub(began) < Duration::from_secs(2));
    }
    // It answers again: as ever.
    assert!(look().await.is_ok_and(|seen| seen.open));
    assert!(look().await.is_ok_and(|seen| seen.open));
    school.end().await;
}

/// All accounts together are asked for less than a minute.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_for_a_call_is_there_within_a_minute_though_every_account_is_silent() {
    let mut school = School::on(Engine::Sqlite).await;
    for number in 1..=4 {
        school.caller_number(number).await;
    }
    school.set_patience(Duration::from_secs(90));
    school.until("14:01").await;
    school.sandbox.fault(silent("channels.getFullChannel", 1_000));
    let began = school.clock.elapsed();
    remote(&school).await;
    let took = school.clock.elapsed().saturating_sub(began);
    let told = school.all(school.is("Mamadou"));
    assert!(told.iter().any(|said| said.text.contains("Telegram ne répond pas")), "{told:#?}");
    assert!(took < Duration::from_secs(50), "{took:?}");
    school.end().await;
}

/// Sixteen lessons without a call: their groups are asked about at the pace that Telegram likes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_without_a_call_are_asked_about_in_turn() {
    let school =
        School::of(World::with(Engine::Sqlite, Probe::default(), &[("telegram.caller.pace_ms", "212")]).await).await;
    let groups = house(&school, 16, 1).await.groups;
    for group in &groups {
        school.sandbox.fault(Fault::CallsRefused(*group));
    }
    school.to("24/11/2026", "13:57").await;
    let asked = || school.sandbox.journal().iter().filter(|call| call.method == "channels.getFullChannel").count();
    let (before, began) = (asked(), school.clock.elapsed());
    school.clock.set(super::school::at("24/11/2026", "13:58"));
    school.drain().await.expect("quiet");
    let (count, took) = (asked() - before, school.clock.elapsed().saturating_sub(began));
    assert!(count >= groups.len(), "{count}");
    let least = Duration::from_millis(212) * u32::try_from(count - 6).expect("few");
    assert!(took >= least, "{count} questions in {took:?}");
    school.end().await;
}

/// Who stands on a page that was not read is neither gone nor back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_of_several_pages_is_read_to_its_end_and_half_of_it_removes_nobody() {
    for engine in Engine::all() {
        let (school, id) = in_call(engine).await;
        for number in 0..120 {
            let guest = school.sandbox.add_person(&format!("Invité {number}"), "", "fr");
            school.sandbox.add_member(school.group, guest, school.is("Claire"));
            school.sandbox.join_call(guest, school.group).expect("joined");
        }
        enter(&school, &["Inès", "Léa"]);
        school.until("14:10").await;
        assert!(school.told("Mamadou").contains("Présents 2"), "{engine:?}: {}", school.told("Mamadou"));
        let error = "WORKER_BUSY_TOO_LONG_RETRY".to_owned();
        let before = school.sandbox.journal().iter().filter(|call| call.method == PAGE).count();
        assert!(before > 5, "{engine:?}: the second page is read: {before}");
        school.sandbox.fault(Fault::Refuse { method: PAGE.to_owned(), code: 500, error, times: 12 });
        school.until("14:14").await;
        assert!(school.told("Mamadou").contains("Présents 2"), "{engine:?}: {}", school.told("Mamadou"));
        school.sandbox.leave_call(school.is("Léa"), school.group);
        school.until("16:00").await;
        let said = school.said(&id).await;
        assert_eq!(said[1..3], ["Inès M. : présent", "Léa P. : absent"], "{engine:?}: {said:?}");
        school.check().await;
    }
}

/// The second account reads the group where the first may not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_cannot_read_the_history_is_stood_in_for() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        for number in 1..=2 {
            school.caller_number(number).await;
        }
        school.plan(Session { mode: Mode::OnSite, ..school.lesson("14:00", "16:00", None) }).await;
        let before = school.all(school.group).len();
        school.sandbox.fault(Fault::LostAnswer { method: Some("sendMessage".to_owned()), times: 1 });
        let (method, error) = ("messages.getHistory".to_owned(), "WORKER_BUSY_TOO_LONG_RETRY".to_owned());
        school.sandbox.fault(Fault::Refuse { method, code: 500, error, times: 1 });
        school.say(school.is("Inès"), school.group, "/aujourdhui").await;
        let said = school.all(school.group).split_off(before);
        assert_eq!(said.len(), 1, "{engine:?}: {said:#?}");
        school.check().await;
    }
}

/// Telegram hid who listened while it was to be asked whether anybody came: it is asked once everybody is seen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_missed_is_told_at_the_first_whole_look() {
    for engine in Engine::all() {
        for (shown, told_at, words) in [("14:05", "14:10", "10 min après"), ("14:12", "14:13", "12 min après")] {
            let school = School::on(engine).await;
            school.caller().await;
            remote(&school).await;
            school.sandbox.fault(Fault::HiddenListeners(school.group));
            let nudges = || {
                let said = school.all(school.is("Mamadou")).into_iter().map(|said| said.text);
                said.filter(|text| text.contains("personne n’est noté présent")).collect::<Vec<_>>()
            };
            school.until(shown).await;
            school.sandbox.fault(Fault::ShownListeners(school.group));
            assert!(nudges().is_empty(), "{engine:?}, {shown}: {:?}", nudges());
            school.until(told_at).await;
            school.until("14:20").await;
            let told = nudges();
            assert!(told.len() == 1 && told[0].contains(words), "{engine:?}, {shown}: {told:?}");
            school.check().await;
        }
        // Somebody is there: nobody is asked to look.
        let school = School::on(engine).await;
        school.caller().await;
        remote(&school).await;
        school.sandbox.fault(Fault::HiddenListeners(school.group));
        school.until("13:56").await;
        enter(&school, &["Inès"]);
        school.until("14:12").await;
        school.sandbox.fault(Fault::ShownListeners(school.group));
        school.until("14:20").await;
        let said = school.all(school.is("Mamadou"));
        assert!(said.iter().all(|said| !said.text.contains("personne n’est noté")), "{engine:?}: {said:#?}");
        school.check().await;
    }
}
