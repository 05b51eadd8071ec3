//! The school sends its timetable: what is shown, what is applied, and what never happens by itself.

pub mod apart;
mod changes;
mod classes;
mod crash;
mod departures;
mod how_long;
mod import;
mod numbers;
mod removals;
mod roles;
mod rounds;
mod sessions;
mod staged;
mod told;
mod undo;

use preau::platform::store::Tx;
use preau::sandbox::Message;
use preau::school::audit::Actor;
use preau::school::roster::{LinkKind, Person, Role, flow as roster};
use preau::school::session::{self, Session};
use preau::school::{audit, classroom};
use rust_xlsxwriter::Workbook;

use crate::world::{World, at, last};

pub const PEOPLE: [&str; 7] = ["Nom", "Prénom", "E-mail", "Naissance", "Rôle", "Classe(s)", "Statut"];
pub const LESSONS: [&str; 7] = ["Date", "Début", "Fin", "Classe", "Matière", "Enseignant", "Salle"];

/// A workbook as a school makes it: *Personnes* (when there is somebody) and a timetable (when there is a lesson).
pub fn book(people: &[[&str; 7]], lessons: &[[&str; 7]]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, head, lines) in [("Personnes", PEOPLE, people), ("EDT", LESSONS, lessons)] {
        if lines.is_empty() {
            continue;
        }
        let sheet = book.add_worksheet();
        sheet.set_name(name).expect("a name");
        for (row, line) in (0..).zip(std::iter::once(&head).chain(lines)) {
            for (column, words) in (0..).zip(line) {
                sheet.write_string(row, column, *words).expect("a cell");
            }
        }
    }
    book.save_to_buffer().expect("a workbook")
}

pub async fn write<T>(world: &World, work: impl AsyncFnOnce(&mut Tx) -> preau::kernel::Result<T>) -> T {
    world.db().expect("running").transact(work).await.expect("written")
}

/// Somebody becomes an admin by a link.
pub async fn admin(world: &World, first: &str, name: &str) -> i64 {
    let account = world.sandbox.add_person(first, "", "fr");
    let token = write(world, async |tx| roster::admin_link(tx).await).await;
    world.sandbox.start_bot(account, &token);
    world.drain().await.expect("quiet");
    world.sandbox.say(account, account, name);
    world.drain().await.expect("quiet");
    assert!(last(world, account).contains("administrateur"), "{}", last(world, account));
    account
}

/// A class with a group, adopted by the admin.
pub async fn group(world: &World, admin: i64, class: &str) -> i64 {
    write(world, async |tx| classroom::flow::ensure(tx, &Actor::Cli, class).await).await;
    let group = world.sandbox.add_group(class, admin);
    world.sandbox.add_bot(group, admin);
    world.sandbox.promote_bot(group, admin, &classroom::RIGHTS);
    world.drain().await.expect("quiet");
    world.sandbox.say(admin, group, &format!("/adopter {class}"));
    world.drain().await.expect("quiet");
    group
}

/// Somebody of the school ties their account by their personal link and day of birth.
pub async fn joins(world: &World, person: &Person, birth: &str) -> i64 {
    let account = world.sandbox.add_person(&person.first_name, "", "fr");
    let (id, actor) = (person.id.clone(), Actor::Cli);
    let token = write(world, async |tx| roster::make_link(tx, LinkKind::Printed, Some(&id), &actor).await).await;
    world.sandbox.start_bot(account, &token);
    world.drain().await.expect("quiet");
    says(world, account, birth).await;
    presses(world, account, "Oui").await;
    if message(world, account).buttons.iter().flatten().any(|key| key.text.contains("18")) {
        presses(world, account, "18").await;
    }
    account
}

pub async fn says(world: &World, who: i64, words: &str) -> String {
    world.sandbox.say(who, who, words);
    world.drain().await.expect("quiet");
    last(world, who)
}

/// Sends a file; gives what the bot says then.
pub async fn sends(world: &World, who: i64, name: &str, bytes: Vec<u8>) -> String {
    world.sandbox.send_file(who, who, name, bytes, None);
    world.drain().await.expect("quiet");
    last(world, who)
}

pub fn message(world: &World, who: i64) -> Message {
    world.sandbox.last(who).expect("a message")
}

/// Presses the newest button of the private chat that says so; gives what its message says then, and the alert.
pub async fn presses(world: &World, who: i64, label: &str) -> (String, String) {
    let messages = world.sandbox.messages(who);
    let has = |message: &&Message| message.buttons.iter().flatten().any(|key| key.text.contains(label));
    let Some(found) = messages.iter().rev().find(has) else {
        panic!("no button « {label} »; the last message is: {:?}", messages.last());
    };
    let query = world.sandbox.press(who, who, found.id, label).expect("a button");
    world.drain().await.expect("quiet");
    let alert = world.sandbox.callback_answer(&query).expect("answered").unwrap_or_default();
    let now = world.sandbox.messages(who).into_iter().find(|message| message.id == found.id).expect("still there");
    (now.text, alert)
}

pub fn keys(world: &World, who: i64) -> Vec<String> {
    message(world, who).buttons.into_iter().flatten().map(|key| key.text).collect()
}

/// The keys of one message.
pub fn keys_of(world: &World, who: i64, id: i64) -> Vec<String> {
    let message = world.sandbox.messages(who).into_iter().find(|message| message.id == id).expect("there");
    message.buttons.into_iter().flatten().map(|key| key.text).collect()
}

/// Every session, cancelled ones too, by start.
pub async fn timetable(world: &World) -> Vec<Session> {
    let (from, until) = (at("01/01/2026", "00:00"), at("31/12/2027", "00:00"));
    world.db().expect("running").read(async |tx| session::flow::between(tx, from, until).await).await.expect("read")
}

pub async fn people(world: &World) -> Vec<Person> {
    world.db().expect("running").read(async |tx| roster::people(tx).await).await.expect("read")
}

pub async fn named(world: &World, last_name: &str) -> Person {
    people(world).await.into_iter().find(|person| person.last_name == last_name).expect("in the roster")
}

/// How often something was recorded.
pub async fn recorded(world: &World, action: &str) -> usize {
    let entries = world.db().expect("running").read(async |tx| audit::store::latest(tx, 10_000).await).await;
    entries.expect("read").iter().filter(|entry| entry.action == action).count()
}
