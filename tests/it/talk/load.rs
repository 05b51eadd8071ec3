//! A whole school at one hour, at Telegram's own limits: what is due leaves in its order and without a single 429, and
//! whoever asks or presses meanwhile is answered within a second. Campaigns:
//! `cargo test --release --test it -- --ignored --nocapture load::`.

use std::collections::BTreeMap;
use std::time::Duration;

use preau::kernel::{At, Clock, Lang};
use preau::school::audit::Actor;
use preau::school::roster::{Person, Role, flow as roster, store as roster_store};
use preau::school::session::{Session, flow as sessions};

use super::school::{School, at};
use crate::world::{Engine, World};

/// Whoever asks waits no longer.
const PROMISED: Duration = Duration::from_secs(1);
/// So many rows are in the hands of workers at once: among them the order is nobody's.
const IN_HAND: usize = 16;

struct House {
    groups: Vec<i64>,
    /// Accounts, class by class.
    students: Vec<Vec<i64>>,
}

/// So many classes with a group each, and so many students in each, who all have an account.
async fn house(school: &School, classes: usize, students: usize) -> House {
    let admin = school.is("Claire");
    let (mut groups, mut all) = (Vec::new(), Vec::new());
    for number in 0..classes {
        let name = format!("BTS {number:04}");
        let class = school.add_class(&name).await;
        let group = school.adopt_empty(&name).await;
        let accounts: Vec<i64> =
            (0..students).map(|n| school.sandbox.add_person(&format!("E{number}-{n}"), "Élève", "fr")).collect();
        school
            .write(async |tx| {
                for (n, account) in accounts.iter().enumerate() {
                    let person = Person {
                        id: format!("p-{number}-{n}"),
                        last_name: format!("Élève{number}"),
                        first_name: format!("E{n}"),
                        email: None,
                        birth: None,
                        card: None,
                        role: Role::Student,
                        lang: None,
                        active: true,
                    };
                    roster::add(tx, &Actor::Cli, &person).await?;
                    roster::enrol(tx, &Actor::Cli, &person.id, &class).await?;
                    roster_store::insert_account(tx, *account, &person.id, Some(Lang::Fr), None).await?;
                }
                Ok(())
            })
            .await;
        for account in &accounts {
            school.sandbox.add_member(group, *account, admin);
        }
        groups.push(group);
        all.push(accounts);
    }
    school.drain().await.expect("quiet");
    House { groups, students: all }
}

/// Has each class its lesson, `start` says when.
async fn plan(school: &School, house: &House, start: impl Fn(usize) -> At) {
    for number in 0..house.groups.len() {
        let class = school.add_class(&format!("BTS {number:04}")).await;
        let start_at = start(number);
        let usual = school.lesson("14:00", "16:00", Some("https://visio.example/1"));
        let lesson = Session { classroom_id: class, start_at, end_at: start_at.plus_minutes(90), ..usual };
        school.write(async |tx| sessions::plan(tx, &Actor::Cli, lesson).await).await;
    }
}

/// How long it takes until `answered`.
async fn waited(clock: &Clock, what: &str, answered: impl Fn() -> bool) -> Duration {
    let began = clock.elapsed();
    while !answered() {
        clock.rest(Duration::from_millis(2)).await;
        assert!(clock.elapsed().saturating_sub(began) < Duration::from_mins(1), "{what}: no answer in a minute");
    }
    clock.elapsed().saturating_sub(began)
}

/// These people ask, one after the other; how long each waits.
async fn ask(school: &School, people: &[i64]) -> Vec<Duration> {
    let mut all = Vec::new();
    for person in people {
        let answers = || school.sandbox.messages(*person).iter().filter(|message| message.from_bot).count();
        let before = answers();
        school.sandbox.say(*person, *person, "/prochain");
        all.push(waited(&school.clock, "/prochain", || answers() > before).await);
        school.clock.rest(Duration::from_millis(20)).await;
    }
    all
}

/// Everybody of a class says « Je suis là » at once, class after class; how long each waits for what shows over the key.
async fn press(school: &School, house: &House) -> Vec<Duration> {
    let mut all = Vec::new();
    for (group, people) in house.groups.iter().zip(&house.students) {
        let has =
            |message: &preau::sandbox::Message| message.buttons.iter().flatten().any(|key| key.text == "Je suis là");
        let found = school.all(*group).into_iter().rev().find(has).expect("a key");
        let press = |person: &i64| school.sandbox.press(*person, *group, found.id, "Je suis là").expect("a key");
        let queries: Vec<String> = people.iter().map(press).collect();
        let began = school.clock.elapsed();
        for query in &queries {
            waited(&school.clock, "Je suis là", || school.sandbox.callback_answer(query).is_some()).await;
            all.push(school.clock.elapsed().saturating_sub(began));
        }
    }
    all
}

/// Whose reminders left from this entry of the journal on, in their order.
fn reminded(school: &School, house: &House, from: usize) -> Vec<usize> {
    let place: BTreeMap<i64, usize> = house.groups.iter().enumerate().map(|(place, group)| (*group, place)).collect();
    let journal = school.sandbox.journal();
    let sends = journal[from..].iter().filter(|call| call.method.eq_ignore_ascii_case("sendMessage"));
    let sends = sends.filter(|call| call.params.to_string().contains("Rappel"));
    sends.filter_map(|call| place.get(&call.chat_id?).copied()).collect()
}

fn no_429(school: &School) {
    let slow: Vec<_> =
        school.sandbox.journal().into_iter().filter(|call| call.outcome.contains("Too Many Requests")).collect();
    assert!(slow.is_empty(), "{slow:#?}");
}

/// The later something is due, the later it leaves: but for what is in hand at once nothing goes before what was due
/// before it.
fn in_order(sent: &[usize], due: impl Fn(usize) -> At) {
    let mut latest_before = Vec::new();
    let mut latest = At(i64::MIN);
    for place in sent {
        latest_before.push(latest);
        latest = latest.max(due(*place));
    }
    for (position, place) in sent.iter().enumerate() {
        let settled = latest_before[position.saturating_sub(IN_HAND)];
        assert!(settled <= due(*place), "the reminder of class {place} left as number {position}, too late");
    }
}

fn told(what: &str, mut waits: Vec<Duration>) -> Duration {
    waits.sort();
    let at = |percent: usize| waits[(waits.len() - 1) * percent / 100];
    println!(
        "{what}: {} of them, half within {:?}, 99 % within {:?}, all within {:?}",
        waits.len(),
        at(50),
        at(99),
        at(100)
    );
    at(100)
}

/// All classes begin within four minutes: reminders that are all due at once, questions meanwhile, then everybody is
/// there.
async fn morning(engine: Engine, classes: usize, students: usize) {
    let school = School::of(World::paced(engine).await).await;
    let house = house(&school, classes, students).await;
    let start = |number: usize| at("25/11/2026", "08:00").plus_minutes(i64::try_from(number % 4).expect("few"));
    plan(&school, &house, start).await;
    school.to("25/11/2026", "07:44").await;
    let (before, clock) = (school.sandbox.journal().len(), school.clock.clone());
    // What was said in the night, a moment ago by the machine's clock, holds no chat up any more.
    clock.rest(Duration::from_secs(2)).await;
    // As after a pause: all of them are due by now, in their order.
    clock.set(at("25/11/2026", "07:49"));
    let askers: Vec<i64> = house.students.iter().flatten().copied().step_by(students).take(50).collect();
    let (quiet, asked) = tokio::join!(school.drain(), ask(&school, &askers));
    quiet.expect("quiet");
    let sent = reminded(&school, &house, before);
    let once: std::collections::BTreeSet<usize> = sent.iter().copied().collect();
    assert_eq!((sent.len(), once.len()), (classes, classes), "each class is reminded once");
    in_order(&sent, start);

    school.to("25/11/2026", "08:01").await;
    let pressed = press(&school, &house).await;
    school.drain().await.expect("quiet");
    no_429(&school);
    let (asked, pressed) = (told("/prochain", asked), told("Je suis là", pressed));
    assert!(asked <= PROMISED && pressed <= PROMISED, "{engine:?}: {asked:?} for a question, {pressed:?} for a press");
    school.check().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_classes_begin_at_eight() {
    for engine in Engine::all() {
        morning(engine, 20, 3).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a campaign"]
async fn two_hundred_classes_of_thirty_begin_at_eight() {
    for engine in Engine::all() {
        morning(engine, 200, 30).await;
    }
}

/// A thousand classes, a hundred of them each hour.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a campaign"]
async fn a_thousand_classes_of_forty_over_a_day() {
    for engine in Engine::all() {
        whole_day(engine).await;
    }
}

async fn whole_day(engine: Engine) {
    let school = School::of(World::paced(engine).await).await;
    let house = house(&school, 1_000, 40).await;
    let start = |number: usize| at("25/11/2026", "08:00").plus_minutes(60 * i64::try_from(number % 10).expect("few"));
    plan(&school, &house, start).await;
    school.to("25/11/2026", "07:40").await;
    let before = school.sandbox.journal().len();
    let mut waits = Vec::new();
    for (hour, first) in (0..10_i64).zip(0_usize..) {
        school.clock.set(at("25/11/2026", "07:50").plus_minutes(60 * hour));
        let askers: Vec<i64> = house.students.iter().skip(first).step_by(50).map(|class| class[0]).collect();
        let (quiet, asked) = tokio::join!(school.drain(), ask(&school, &askers));
        quiet.expect("quiet");
        waits.extend(asked);
    }
    let sent = reminded(&school, &house, before);
    let once: std::collections::BTreeSet<usize> = sent.iter().copied().collect();
    assert_eq!((sent.len(), once.len()), (1_000, 1_000), "{engine:?}: each class is reminded of its lesson, once");
    in_order(&sent, start);
    no_429(&school);
    let longest = told("/prochain", waits);
    assert!(longest <= PROMISED, "{engine:?}: {longest:?} for a question");
    school.check().await;
}
