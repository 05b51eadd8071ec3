//! The school in which the days are played: made once by the program itself, then copied for each day.

use std::sync::{Arc, Mutex};

use preau::kernel::time::{Zone, read_day};
use preau::kernel::{At, Lang};
use preau::platform::store::Tx;
use preau::school::audit::Actor;
use preau::school::classroom;
use preau::school::roster::{Person, Role, flow as roster, store as roster_store};

use super::plan::{ADMIN, MEMBERS, STRANGER, STUDENTS, SUPERVISOR, TEACHER};
use super::program::Program;
use super::telegram::{Is, Telegram};
use crate::place::{Engine, Place};

pub const CLASS: &str = "BTS SIO 1A";
pub const GROUP: i64 = -1_002_000_000_001;
const PEOPLE: [(&str, &str, Role); 9] = [
    (ADMIN, "Laurent", Role::Admin),
    (SUPERVISOR, "Adam", Role::Supervisor),
    (TEACHER, "Diallo", Role::Teacher),
    ("Noé", "Blanc", Role::Student),
    ("Inès", "Moreau", Role::Student),
    ("Léa", "Petit", Role::Student),
    ("Paul", "Simon", Role::Student),
    ("Karim", "Touré", Role::Student),
    (STRANGER, "Lopez", Role::Student),
];

/// Minutes of Tuesday 24 November 2026 as school time; beyond 24 hours it is the next day.
pub fn at(minutes: i64) -> At {
    let day = read_day("24/11/2026").expect("a day");
    Zone::default().instant(day, chrono::NaiveTime::MIN).plus_minutes(minutes)
}

pub fn account(first: &str) -> i64 {
    let place = PEOPLE.iter().position(|(name, _, _)| *name == first).expect("somebody of the story");
    6_100_000_001 + i64::try_from(place).unwrap_or(0)
}

/// How an account is called in what the tests say.
pub fn name(account: i64) -> String {
    match account {
        GROUP => "group".to_owned(),
        other => usize::try_from(other - 6_100_000_001)
            .ok()
            .and_then(|place| PEOPLE.get(place))
            .map_or_else(|| other.to_string(), |(first, ..)| (*first).to_owned()),
    }
}

pub fn person(first: &str) -> String {
    crate::talk::school::id_of(first)
}

/// A school at half past seven: people linked, the group adopted, three students in it.
pub struct School {
    pub place: Place,
    pub world: Telegram,
    pub class: String,
}

impl School {
    pub async fn made(engine: Engine) -> Self {
        let place = Place::ready(engine).await;
        let mut world = Telegram::default();
        for (first, last, _) in PEOPLE {
            world.add_person(account(first), first, last);
        }
        world.add_group(GROUP, CLASS, account(ADMIN));
        let world = Arc::new(Mutex::new(world));
        let mut program = Program::new(&place, Arc::clone(&world), at(7 * 60), 1).await;
        program.start().await.expect("the program");
        let class = program.write(async |tx| people(tx).await).await.expect("the people");
        for student in STUDENTS.into_iter().take(MEMBERS) {
            program.world().set(GROUP, account(ADMIN), account(student), Is::Member, at(7 * 60));
        }
        program.settle().await.expect("quiet");
        program.world().say(account(ADMIN), GROUP, at(7 * 60), &format!("/adopter {CLASS}"));
        program.settle().await.expect("quiet");
        program.pass_to(at(7 * 60 + 30)).await.expect("half past seven");
        program.end().await;
        let mut world = program.world().clone();
        world.journal.clear();
        assert!(world.chats[&GROUP].iter().any(|said| said.text.contains(CLASS)), "adopted: {:?}", world.chats);
        Self { place, world, class }
    }

    pub async fn remove(mut self) {
        self.place.remove().await;
    }
}

async fn people(tx: &mut Tx) -> preau::kernel::Result<String> {
    let class = classroom::flow::ensure(tx, &Actor::Cli, CLASS).await?.0;
    for (first, last, role) in PEOPLE {
        if first == STRANGER {
            continue;
        }
        let one = Person {
            id: person(first),
            last_name: last.to_owned(),
            first_name: first.to_owned(),
            email: None,
            birth: Some("2005-03-12".to_owned()),
            card: None,
            role,
            lang: None,
            active: true,
        };
        roster::add(tx, &Actor::Cli, &one).await?;
        if matches!(role, Role::Student | Role::Supervisor) {
            roster::enrol(tx, &Actor::Cli, &one.id, &class).await?;
        }
        roster_store::insert_account(tx, account(first), &one.id, Some(Lang::Fr), None).await?;
    }
    Ok(class)
}
