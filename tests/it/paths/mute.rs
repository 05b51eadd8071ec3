//! Telegram does what it was asked and says nothing: the line is open, and whoever asked gives up after a while. Nothing is
//! done twice that may be done once, and what is in doubt is looked for, or told.

use std::time::Duration;

use preau::platform::outbox::store as outbox;
use preau::sandbox::Fault;
use preau::school::session;

use super::within;
use crate::place::Engine;
use crate::talk::calls::remote;
use crate::talk::groups_made::{CREATE, group_of, sign_in, titles};
use crate::talk::school::School;

const SEND: &str = "sendMessage";
const BEGIN: &str = "phone.createGroupCall";

/// Longer than anybody waits.
fn mute(method: &str) -> Fault {
    Fault::LateAnswer { method: Some(method.to_owned()), millis: 120_000, times: 1 }
}

fn lost(school: &School, method: &str) -> usize {
    school.sandbox.journal().iter().filter(|call| call.method == method && call.outcome == "lost").count()
}

async fn doubts(school: &School) -> Vec<(String, String)> {
    let rows = school.write(async |tx| outbox::troubled(tx, 9).await).await;
    rows.into_iter().map(|row| (row.state, row.kind)).collect()
}

/// Each waits for as long as the product does: beside each other.
async fn on_each(work: impl AsyncFn(Engine)) {
    futures::future::join_all(Engine::all().into_iter().map(|engine| work(engine))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reminder_without_an_answer_is_told_to_be_in_doubt() {
    on_each(async |engine| {
        let school = School::on(engine).await;
        school.plan_usual().await;
        school.until("13:44").await;
        school.sandbox.fault(mute(SEND));
        school.until("13:45").await;
        assert_eq!((school.about("Réseaux").len(), lost(&school, SEND)), (1, 1), "{engine:?}: it stands");
        assert_eq!(doubts(&school).await, [("unknown".to_owned(), session::REMIND.to_owned())], "{engine:?}");
        let told = school.told("Claire");
        assert!(told.contains("Peut-être non envoyé"), "{engine:?}: {told}");
        school.until("14:05").await;
        assert_eq!(school.about("Réseaux").len(), 1, "{engine:?}: it is not sent again");
        school.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reminder_without_an_answer_is_looked_for_where_an_account_can() {
    on_each(async |engine| {
        let school = School::on(engine).await;
        school.caller().await;
        let id = school.plan_usual().await;
        school.until("13:44").await;
        school.sandbox.fault(mute(SEND));
        school.until("13:45").await;
        assert_eq!((school.about("Réseaux").len(), lost(&school, SEND)), (1, 1), "{engine:?}");
        assert_eq!(doubts(&school).await, [], "{engine:?}: nothing is in doubt");
        school.cancel(&id).await;
        let about = school.about("Réseaux");
        assert_eq!((about.len(), about[0].edits), (1, 1), "{engine:?}: {about:?}");
        school.check().await;
    })
    .await;
}

/// Whoever asked themselves is answered again, once; nobody else waits for that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_without_an_answer_is_given_again_once() {
    on_each(async |engine| {
        let school = School::on(engine).await;
        school.plan_usual().await;
        let (ines, noe) = (school.is("Inès"), school.is("Noé"));
        let before = [ines, noe].map(|who| school.all(who).len());
        school.sandbox.fault(mute(SEND));
        school.sandbox.say(ines, ines, "/prochain");
        school.soon("she reads it", async || school.all(ines).len() == before[0] + 1).await;
        school.sandbox.say(noe, noe, "/prochain");
        within(Duration::from_secs(8), "he is answered", async || school.all(noe).len() == before[1] + 1).await;
        school.drain().await.expect("quiet");
        let said = school.all(ines).split_off(before[0]);
        assert_eq!((said.len(), lost(&school, SEND)), (2, 1), "{engine:?}: {said:#?}");
        assert_eq!(said[0].text, said[1].text, "{engine:?}");
        assert_eq!(school.all(noe).len(), before[1] + 1, "{engine:?}");
        school.check().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_was_begun_without_an_answer_is_found() {
    on_each(async |engine| {
        let school = School::on(engine).await;
        school.caller().await;
        remote(&school).await;
        school.until("13:54").await;
        school.sandbox.fault(mute(BEGIN));
        school.until("13:56").await;
        assert_eq!((school.sandbox.requests(BEGIN), lost(&school, BEGIN)), (1, 1), "{engine:?}: asked once");
        let calls = school.sandbox.calls(school.group);
        assert!(calls.len() == 1 && calls[0].open, "{engine:?}: {calls:?}");
        let told = school.told("Mamadou");
        assert!(told.starts_with("L’appel est ouvert : Réseaux"), "{engine:?}: {told}");
        // It is ours: it is ended with the lesson.
        school.until("16:06").await;
        let calls = school.sandbox.calls(school.group);
        assert!(calls.len() == 1 && !calls[0].open, "{engine:?}: {calls:?}");
        school.check().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_that_was_made_without_an_answer_is_found() {
    on_each(async |engine| {
        let school = School::without_group(engine).await;
        school.sandbox.fault(mute(CREATE));
        sign_in(&school, 1..=1).await;
        assert_eq!((titles(&school).len(), lost(&school, CREATE)), (1, 1), "{engine:?}: asked for once");
        let group = group_of(&school, &school.class).await.expect("a group");
        assert!(group.bot_is_admin, "{engine:?}");
        assert_eq!(school.sandbox.title(group.chat), "BTS SIO 1A", "{engine:?}");
        school.check().await;
    })
    .await;
}
