//! A made-up school: whoever asks for their next session must be answered with their own.

use clap::Args;
use serde::Serialize;

use crate::kernel::time::{Zone, monday};
use crate::kernel::{At, Result};
use crate::platform::store::{Db, Tx};
use crate::school::audit::{self, Actor};
use crate::school::classroom;
use crate::school::roster::{self, Person, Role};
use crate::school::session::{self, Mode, Session, State};

/// Students of a class, and classes that are written in one transaction.
const CLASS: u32 = 25;
const CLASSES_AT_ONCE: u32 = 20;

/// Who is made up.
#[derive(Debug, Args)]
pub(in crate::cli) struct Seed {
    /// How many students
    #[arg(long, value_name = "N", default_value_t = 1000)]
    people: u32,
    /// The Telegram account of the first one; the next one has the next
    #[arg(long, value_name = "ID", default_value_t = 100_000)]
    first_user_id: i64,
}

/// What was written.
#[derive(Debug, Serialize)]
pub(super) struct Seeded {
    people: u32,
    classes: u32,
    first_user_id: i64,
    last_user_id: i64,
    /// The class of the first one; the 26th is in the next.
    class_size: u32,
    seconds: f64,
}

/// Class `n` has one session, on the Monday after next: « Cours n », at an hour of its own among 120.
pub(super) async fn seed(db: &Db, asked: &Seed) -> Result<Seeded> {
    let began = db.clock().elapsed();
    let classes = asked.people.div_ceil(CLASS);
    let mut first = 0;
    while first < classes {
        let until = classes.min(first + CLASSES_AT_ONCE);
        db.transact(async |tx| {
            for class in first..until {
                let some = class * CLASS..asked.people.min((class + 1) * CLASS);
                self::class(tx, class, some, asked.first_user_id).await?;
            }
            Ok(())
        })
        .await?;
        first = until;
    }
    Ok(Seeded {
        people: asked.people,
        classes,
        first_user_id: asked.first_user_id,
        last_user_id: asked.first_user_id + i64::from(asked.people) - 1,
        class_size: CLASS,
        seconds: db.clock().elapsed().saturating_sub(began).as_secs_f64(),
    })
}

/// One class with its students, their accounts and its session, as an import writes them.
async fn class(tx: &mut Tx, number: u32, students: std::ops::Range<u32>, first_user_id: i64) -> Result<()> {
    let (id, batch) = (tx.new_id(), tx.new_id());
    classroom::flow::ensure_as(tx, &Actor::Cli, &id, &format!("BENCH-{number:05}")).await?;
    let mut people = Vec::new();
    let mut ties = Vec::new();
    for student in students {
        let person = Person {
            id: tx.new_id(),
            last_name: format!("Nom{student:06}"),
            first_name: format!("Élève{}", student % 97),
            email: None,
            birth: None,
            card: None,
            role: Role::Student,
            lang: None,
            active: true,
        };
        ties.push((first_user_id + i64::from(student), person.id.clone()));
        let enter = vec![id.clone()];
        people.push(roster::flow::Staged { before: None, after: person, enter, leave: Vec::new(), account: None });
    }
    roster::flow::stage(tx, &batch, &Actor::Cli, &people).await?;
    roster::flow::flip(tx, &batch, &people).await?;
    roster::flow::clear(tx, &batch).await?;
    roster::flow::tie_quietly(tx, &ties).await?;
    let planned = [session::flow::Staged::added(tx.new_id(), lesson(tx.zone(), tx.now(), id, number))];
    session::flow::stage(tx, &batch, &Actor::Cli, &planned).await?;
    session::flow::flip(tx, &batch, &planned, &std::collections::BTreeSet::new()).await?;
    session::flow::clear(tx, &batch).await?;
    audit::flow::flip(tx, &batch).await.map(|_| ())
}

/// « Cours 37 », at 8:00 and so many times five minutes, in room B37.
fn lesson(zone: Zone, now: At, classroom_id: String, number: u32) -> Session {
    let day = monday(zone.day(now)).checked_add_days(chrono::Days::new(14)).unwrap_or_default();
    let start_at = zone.start_of(day).plus_minutes(8 * 60 + i64::from(number % 120) * 5);
    Session {
        id: String::new(),
        classroom_id,
        reference: None,
        start_at,
        end_at: start_at.plus_minutes(90),
        subject: format!("Cours {number}"),
        teacher_id: None,
        teacher_name: format!("Prof {}", number % 50),
        room: format!("B{number}"),
        mode: Mode::OnSite,
        link: None,
        state: State::Planned,
        revision: 1,
    }
}
