//! At Telegram's own limits: many things due at once are sent without a single 429, answers first.

use preau::school::audit::Actor;
use preau::school::session::{Session, flow as sessions};

use super::school::{School, at};
use crate::world::{Engine, World};

const CLASSES: usize = 40;
const PEOPLE: usize = 30;

/// Forty classes with a group each, and a lesson for all of them at two.
async fn full_house(engine: Engine) -> (School, Vec<i64>) {
    let school = School::of(World::paced(engine).await).await;
    let mut groups = Vec::new();
    for number in 0..CLASSES {
        let name = format!("BTS {number:02}");
        let class = school.add_class(&name).await;
        let group = school.adopt_empty(&name).await;
        let lesson = Session { classroom_id: class, ..school.lesson("14:00", "16:00", None) };
        school.write(async |tx| sessions::plan(tx, &Actor::Cli, lesson).await).await;
        groups.push(group);
    }
    (school, groups)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_reminders_and_thirty_questions_at_once_stay_within_the_limits() {
    for engine in Engine::all() {
        let (school, groups) = full_house(engine).await;
        school.to("24/11/2026", "13:44").await;
        let people: Vec<i64> = (0..PEOPLE).map(|n| school.sandbox.add_person(&format!("P{n}"), "", "fr")).collect();
        let before = school.sandbox.journal().len();
        for person in &people {
            school.sandbox.say(*person, *person, "/ping");
        }
        school.clock.set(at("24/11/2026", "13:45"));
        school.drain().await.expect("quiet");

        let journal = school.sandbox.journal();
        let slow: Vec<_> = journal.iter().filter(|call| call.outcome.contains("Too Many Requests")).collect();
        assert!(slow.is_empty(), "{engine:?}: {slow:#?}");
        let sent: Vec<i64> = journal[before..]
            .iter()
            .filter(|call| call.method.eq_ignore_ascii_case("sendMessage"))
            .filter_map(|call| call.chat_id)
            .collect();
        let count = |chats: &[i64]| sent.iter().filter(|chat| chats.contains(chat)).count();
        assert_eq!((count(&groups), count(&people)), (CLASSES, PEOPLE), "{engine:?}: each once");
        // In the first second reminders may have begun; from then on whoever asked goes before.
        let last = sent.iter().rposition(|chat| people.contains(chat)).expect("answers");
        let later = sent[last..].iter().filter(|chat| groups.contains(chat)).count();
        assert!(later >= CLASSES + PEOPLE - 60, "{engine:?}: {later} reminders after the last answer");
        school.check().await;
    }
}
