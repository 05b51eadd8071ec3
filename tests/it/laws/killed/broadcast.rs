//! Reminders to many groups at the same minute, and the program that sends them is killed.

use preau::demo::day::at;
use preau::demo::stage::{Set, Stage};
use preau::kernel::Result;
use preau::platform::outbox::store as outbox;
use preau::platform::store::{Probe, Tx};
use preau::sandbox::Call;
use preau::school::audit::Actor;
use preau::school::roster::{Person, Role, flow as roster, store as roster_store};
use preau::school::session::{Mode, Session, State};
use preau::school::{classroom, session};

use super::super::outcome;
use super::super::programs::Program;
use super::{Ended, House, Moment, Struck, end, strike};
use crate::place::{Engine, Place};

/// So many groups hear of their lesson at once.
const GROUPS: usize = 40;

/// A school of many classes, each with its group and a lesson at nine; gives its admin, and each lesson with its group.
async fn many(stage: &Stage) -> (i64, Vec<(String, i64)>) {
    let (sandbox, beside) = (&stage.sandbox, stage.beside().await.expect("the database"));
    let admin = sandbox.add_person("Claire", "Laurent", "fr");
    let groups: Vec<i64> = (0..GROUPS)
        .map(|number| {
            let group = sandbox.add_group(&format!("Classe {number}"), admin);
            sandbox.add_bot(group, admin);
            sandbox.promote_bot(group, admin, &classroom::RIGHTS);
            group
        })
        .collect();
    // The bot may write to whoever has pressed Start.
    sandbox.start_bot(admin, "");
    let write = async |tx: &mut Tx| {
        roster::add(tx, &Actor::Cli, &claire()).await?;
        roster_store::insert_account(tx, admin, "p-claire", None, None).await?;
        let mut lessons = Vec::new();
        for (number, group) in groups.iter().enumerate() {
            lessons.push((lesson(tx, number, *group).await?, *group));
        }
        Ok(lessons)
    };
    let lessons = beside.db.transact(write).await.expect("written");
    beside.close().await;
    (admin, lessons)
}

fn claire() -> Person {
    Person {
        id: "p-claire".to_owned(),
        last_name: "Laurent".to_owned(),
        first_name: "Claire".to_owned(),
        email: None,
        birth: None,
        card: None,
        role: Role::Admin,
        lang: None,
        active: true,
    }
}

async fn lesson(tx: &mut Tx, number: usize, chat: i64) -> Result<String> {
    let (class, _) = classroom::flow::ensure(tx, &Actor::Cli, &format!("Classe {number}")).await?;
    let group = classroom::Group {
        classroom_id: class.clone(),
        chat,
        title: format!("Classe {number}"),
        bot_is_admin: true,
        missing_rights: String::new(),
        join_link: None,
        owner: None,
        spare: None,
    };
    classroom::store::save_group(tx, &group, None).await?;
    let session = Session {
        id: String::new(),
        classroom_id: class,
        reference: None,
        start_at: at("24/11/2026", "09:00"),
        end_at: at("24/11/2026", "10:00"),
        subject: format!("Cours {number}"),
        teacher_id: None,
        teacher_name: "M. Diallo".to_owned(),
        room: "B204".to_owned(),
        mode: Mode::OnSite,
        link: None,
        state: State::Planned,
        revision: 1,
    };
    session::flow::plan(tx, &Actor::Cli, session).await
}

/// Reminders to many groups, with one kill.
pub(super) async fn broadcast(engine: Engine, moment: &Moment) -> Ended {
    let mut place = Place::ready(engine).await;
    let set = Set { at: at("24/11/2026", "08:00"), ..outcome::set(&place, Probe::default()) };
    let stage = Stage::watch(set).await.expect("the stage");
    let sandbox = stage.sandbox.clone();
    let (admin, lessons) = many(&stage).await;
    let program = Program::on(&sandbox, &place, &[]);
    program.until("serves").await;
    stage.go_to(at("24/11/2026", "08:44")).await.expect("the morning");
    stage.clock.set(at("24/11/2026", "08:45"));
    let house = House { sandbox: &sandbox, place: &place, settings: &[] };
    let struck = strike(program, &house, moment, || None).await;
    let mut broken = Vec::new();
    if let Err(error) = stage.go_to(at("24/11/2026", "08:50")).await {
        broken.push(format!("it does not come to rest: {error}"));
    }
    broken.extend(reminded(&stage, admin, &lessons, &struck).await);
    broken.extend(sandbox.violations());
    let wrong = end(&struck.again, &place).await;
    let ended = Ended::of(broken, &struck, wrong);
    stage.strike().await;
    place.remove().await;
    ended
}

/// Each group was reminded once; or not, and that is in doubt, was under way, and is told of.
async fn reminded(stage: &Stage, admin: i64, lessons: &[(String, i64)], struck: &Struck) -> Vec<String> {
    let sandbox = &stage.sandbox;
    let read = stage.db().expect("watched").read(async |tx| outbox::troubled(tx, 1_000).await);
    let (doubts, dead): (Vec<_>, Vec<_>) =
        read.await.expect("read").into_iter().partition(|row| row.state == "unknown");
    let mut broken: Vec<String> = dead.iter().map(|row| format!("dead: {row:?}")).collect();
    let beyond = doubts.iter().filter(|row| !struck.in_flight.contains(&row.key));
    broken.extend(beyond.map(|row| format!("in doubt and not under way: {row:?}")));
    let gone: Vec<Option<i64>> =
        sandbox.journal().iter().filter(|call| is_reminder(call)).map(|call| call.chat_id).collect();
    for (lesson, group) in lessons {
        let count = gone.iter().filter(|chat| **chat == Some(*group)).count();
        let doubted = doubts.iter().any(|row| row.key.starts_with(&format!("session.remind:{lesson}:")));
        if count > 1 || (count == 0 && !doubted) {
            broken.push(format!("{count} reminders of {lesson}, in doubt: {doubted}"));
        }
    }
    let told: usize = sandbox.messages(admin).iter().map(|message| outcome::reported(&message.text)).sum();
    let reports = doubts.iter().filter(|row| row.key.starts_with("state.tell:")).count();
    if reports == 0 && told < doubts.len() {
        broken.push(format!("{} in doubt, {told} told", doubts.len()));
    }
    broken
}

fn is_reminder(call: &Call) -> bool {
    let is_sent = call.method.eq_ignore_ascii_case("sendMessage") && matches!(call.outcome.as_str(), "ok" | "lost");
    is_sent && call.params["text"].to_string().contains("Rappel")
}
