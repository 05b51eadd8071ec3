//! A large file is written in rounds: in the end as if at once, and what happened between two rounds is never undone.

use std::collections::BTreeMap;

use preau::kernel::Clock;
use preau::platform::store::{Database, Probe};
use preau::school::session::State;
use preau::school::workbook::flow::{self, Application, AtOnce, Ended};
use preau::school::workbook::{Receipt, jobs, read};

use super::*;
use crate::place::Place;
use crate::store::Raw;
use crate::world::Engine;

const STAFF: [[&str; 7]; 4] = [
    ["Diallo", "Mamadou", "m.diallo@ecole.example", "01/02/1980", "enseignant", "", ""],
    ["Moreau", "Inès", "ines@ecole.example", "12/03/2006", "", "1A", ""],
    ["Blanc", "Noé", "noe@ecole.example", "05/06/2006", "", "1A", ""],
    ["Petit", "Lou", "lou@ecole.example", "07/06/2006", "", "1A", ""],
];

/// So many lessons, an hour and a day of their own each, from the 25th on.
fn lessons(count: usize, room: &'static str) -> Vec<[&'static str; 7]> {
    const DAYS: [&str; 4] = ["25/11/2026", "26/11/2026", "27/11/2026", "30/11/2026"];
    const HOURS: [&str; 6] = ["08:00", "09:00", "10:00", "13:00", "14:00", "15:00"];
    const ENDS: [&str; 6] = ["08:50", "09:50", "10:50", "13:50", "14:50", "15:50"];
    let line = |n: usize| [DAYS[n / 6 % 4], HOURS[n % 6], ENDS[n % 6], "1A", "Maths", "", room];
    (0..count).map(line).collect()
}

// ── Over the chat ────────────────────────────────────────────────────────────────────────────────────────────────

/// What is left of a life in the end, without what a number or an hour makes different.
#[derive(Debug, PartialEq)]
struct Left {
    sessions: Vec<Session>,
    people: Vec<(Person, usize)>,
    audit: BTreeMap<String, usize>,
    rows: Vec<String>,
    said: Vec<String>,
    group: Vec<String>,
}

async fn left(world: &World, claire: i64, group: i64) -> Left {
    let sessions = timetable(world).await.into_iter();
    let mut everybody = Vec::new();
    for person in people(world).await {
        let id = person.id.clone();
        let classes = world.db().expect("running").read(async |tx| roster::classrooms_of(tx, &id).await).await;
        everybody.push((Person { id: String::new(), ..person }, classes.expect("read").len()));
    }
    let entries = world.db().expect("running").read(async |tx| audit::store::latest(tx, 10_000).await).await;
    let mut audit = BTreeMap::new();
    for entry in entries.expect("read") {
        *audit.entry(entry.action).or_default() += 1;
    }
    let mut raw = Raw::open(&world.place).await;
    // How a plan is cut makes other rows of these alone.
    let rows = "SELECT kind || ' ' || state || ' ' || COUNT(*) FROM outbox \
        WHERE kind NOT IN ('session.arrange', 'workbook.rest', 'workbook.leave') GROUP BY kind, state ORDER BY 1";
    let words = |chat: i64| world.sandbox.messages(chat).into_iter().map(|message| message.text).collect();
    Left {
        sessions: sessions
            .map(|one| Session { id: String::new(), classroom_id: String::new(), teacher_id: None, ..one })
            .collect(),
        people: everybody,
        audit,
        rows: raw.texts(rows).await,
        said: words(claire),
        group: words(group),
    }
}

/// A timetable is made, changed, and its change undone; gives what was left after each.
async fn lived(engine: Engine, round: &str) -> [Left; 3] {
    let world = World::with(engine, Probe::default(), &[("database.round", round)]).await;
    let claire = admin(&world, "Claire", "Claire Dupont").await;
    let group = group(&world, claire, "1A").await;
    sends(&world, claire, "EDT.xlsx", book(&STAFF, &lessons(21, "B1"))).await;
    presses(&world, claire, "Appliquer").await;
    let (said, _) = presses(&world, claire, "Donner ces droits").await;
    assert_eq!(said, "Fait : 1 rôle donné.");
    let first = left(&world, claire, group).await;
    // Changed, removed, new in a week that its class knows; somebody leaves, somebody is new.
    let mut changed = lessons(20, "B1");
    for line in changed.iter_mut().take(9) {
        line[6] = "C7";
    }
    changed.push(["27/11/2026", "17:00", "18:00", "1A", "Droit", "M. Diallo", "A1"]);
    changed.push(["30/11/2026", "17:00", "18:00", "1A", "Droit", "M. Diallo", "A1"]);
    let people = [
        ["Blanc", "Noé", "noe@ecole.example", "", "", "", "parti"],
        ["Moreau", "Inès", "ines.m@ecole.example", "12/03/2006", "", "1A", ""],
        ["Roy", "Élise", "e.roy@ecole.example", "01/01/2006", "", "1A", ""],
    ];
    sends(&world, claire, "EDT.xlsx", book(&people, &changed)).await;
    let (said, _) = presses(&world, claire, "Appliquer").await;
    let done = "Fait : 2 séances ajoutées, 9 modifiées, 1 retirée, 1 personne ajoutée, 1 modifiée, 1 départ.";
    assert_eq!(said, done, "{engine:?}, {round}");
    let second = left(&world, claire, group).await;
    let (said, _) = presses(&world, claire, "Annuler").await;
    assert_eq!(said, "Annulé : l’emploi du temps et les personnes sont comme avant cet import.");
    let third = left(&world, claire, group).await;
    let mut raw = Raw::open(&world.place).await;
    let rests = raw.number("SELECT COUNT(*) FROM outbox WHERE kind = 'workbook.rest' AND state = 'completed'").await;
    assert_eq!(rests > 0, round == "3", "rounds are what is tried");
    for table in
        ["workbook_rest", "workbook_round", "session_pack", "session_staged", "person_staged", "enrolment_staged"]
    {
        assert_eq!(raw.number(&format!("SELECT COUNT(*) FROM {table}")).await, 0, "{table}");
    }
    // What classes are told leaves by then, and every reminder.
    world.go_to(at("30/11/2026", "19:00")).await.expect("time passes");
    drop(raw);
    world.check().await;
    [first, second, third]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_in_rounds_is_as_if_written_at_once() {
    for engine in Engine::all() {
        let (rounds, at_once) = futures::join!(lived(engine, "3"), lived(engine, "1500"));
        for (rounds, at_once) in rounds.into_iter().zip(at_once) {
            assert_eq!(rounds, at_once, "{engine:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_between_two_rounds_loses_and_doubles_nothing() {
    for engine in Engine::all() {
        let patient = engine == Engine::Postgres;
        let keys = [("outbox.lease_seconds", "10"), ("database.round", "2")];
        let mut world = World::with(engine, Probe::default(), &keys).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let (mut applied, mut struck, mut between) = (0, 0, 0);
        let points: Vec<usize> = if patient { vec![24] } else { (1..=64).step_by(3).collect() };
        for point in points {
            let (probe, armed) = super::crash::trap();
            world.stop().await;
            world.set_probe(probe);
            world.start().await.expect("it starts");
            world.drain().await.expect("quiet");
            let room: &'static str = format!("R{point}").leak();
            sends(&world, claire, "EDT.xlsx", book(&[], &lessons(7, room))).await;
            let shown = message(&world, claire);
            armed.store(point, std::sync::atomic::Ordering::SeqCst);
            world.sandbox.press(claire, claire, shown.id, "Appliquer").expect("a button");
            let mut waited = 0;
            while armed.load(std::sync::atomic::Ordering::SeqCst) != 0 && waited < 100 {
                world.clock.rest(std::time::Duration::from_millis(5)).await;
                waited += 1;
            }
            struck += usize::from(armed.load(std::sync::atomic::Ordering::SeqCst) == 0);
            world.crash().await;
            let so_far = Raw::open(&world.place).await.number("SELECT COUNT(*) FROM workbook_rest").await;
            between += usize::from(so_far > 0);
            world.set_probe(Probe::default());
            world.start().await.expect("it starts again");
            if patient {
                world.clock.rest(std::time::Duration::from_secs(20)).await;
            }
            world.drain().await.expect("quiet");
            let planned = if applied == 0 { "session.planned" } else { "session.changed" };
            applied += 1;
            let rooms: Vec<String> = timetable(&world).await.into_iter().map(|one| one.room).collect();
            assert_eq!(rooms, vec![room; 7], "{engine:?}, point {point}");
            assert_eq!(recorded(&world, "workbook.applied").await, applied, "{engine:?}, point {point}");
            let all = if applied == 1 { 7 } else { 7 * (applied - 1) };
            assert_eq!(recorded(&world, planned).await, all, "{engine:?}, point {point}");
            let text = world.sandbox.messages(claire).into_iter().find(|m| m.id == shown.id).expect("there").text;
            assert!(text.starts_with("Fait : 7 séances"), "{engine:?}, point {point}: {text}");
        }
        assert!(struck >= if patient { 1 } else { 15 }, "{engine:?}: only {struck} points were reached");
        assert!(patient || between >= 4, "{between} stops between two rounds");
        world.check().await;
    }
}

// ── Between two rounds, by hand ──────────────────────────────────────────────────────────────────────────────────

async fn opened(place: &Place, clock: &Clock, round: &str) -> Database {
    place.open_with(clock.clone(), &[("database.round", round)]).await
}

const TERMS: AtOnce = AtOnce { sha256: String::new(), rights: true, remove: Some(1) };

/// Writes the first round of a file, or all that it has; gives the import's id, and how it ended.
async fn begin(database: &Database, bytes: &[u8]) -> (String, Option<Ended>) {
    let workbook = read(bytes, "EDT.xlsx").expect("read");
    let db = &database.db;
    let import = db.transact(async |tx| flow::kept(tx, &workbook, &TERMS, true).await).await.expect("kept");
    let looked = db.read(async |tx| flow::preview(tx, &workbook, Some(&TERMS)).await).await.expect("looked at");
    jobs::stage(db, looked.plan.as_ref()).await.expect("staged");
    let write = async |tx: &mut Tx| flow::at_once(tx, &import, &workbook, &TERMS, &looked).await;
    let ended = db.transact(write).await.expect("written");
    // Whoever clears now clears nothing that is still to come.
    jobs::clear(db, looked.plan.as_ref()).await.expect("cleared");
    (import, ended)
}

async fn planned(database: &Database) -> Vec<Session> {
    let (from, until) = (at("01/01/2026", "00:00"), at("31/12/2027", "00:00"));
    let all = database.db.read(async |tx| session::flow::between(tx, from, until).await).await.expect("read");
    all.into_iter().filter(|one| one.state == State::Planned).collect()
}

async fn receipt(database: &Database, import: &str) -> Receipt {
    let kept = database.db.read(async |tx| flow::receipt(tx, import).await).await.expect("read");
    kept.expect("a receipt is kept of what goes on")
}

async fn entries(database: &Database, action: &str) -> usize {
    let all = database.db.read(async |tx| audit::store::latest(tx, 10_000).await).await.expect("read");
    all.iter().filter(|entry| entry.action == action).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_changed_or_what_began_meanwhile_stays_as_it_is() {
    for engine in Engine::all() {
        let mut place = Place::ready(engine).await;
        let clock = Clock::standing(at("24/11/2026", "08:00"));
        let database = opened(&place, &clock, "2").await;
        begin(&database, &book(&STAFF, &lessons(12, "B1"))).await;
        jobs::finish(&database.db).await.expect("through");
        let before = planned(&database).await;
        assert_eq!((before.len(), entries(&database, "session.planned").await), (12, 12));

        // The next file: four people changed (two rounds), eleven lessons elsewhere, one gone, two new.
        clock.set(at("24/11/2026", "09:00"));
        let staff = STAFF.map(|mut line| {
            line[3] = "30/01/1990";
            line
        });
        let mut changed = lessons(11, "C7");
        changed.push(["26/11/2026", "17:00", "18:00", "1A", "Droit", "", "C7"]);
        changed.push(["30/11/2026", "17:00", "18:00", "1A", "Droit", "", "C7"]);
        let (import, ended) = begin(&database, &book(&staff, &changed)).await;
        assert!(
            matches!(ended, Some(Ended::Applied(receipt)) if (receipt.added, receipt.changed, receipt.removed,
            receipt.people_changed) == (2, 11, 1, 4)),
            "{ended:?}"
        );
        let still = planned(&database).await;
        assert_eq!(still, before, "people come first");

        // Somebody moves the last lesson to another room, and corrects a person; the next lesson begins.
        clock.set(at("25/11/2026", "08:10"));
        let (mine, begun) = (before[10].clone(), before[0].clone());
        let after = Session { room: "Z9".to_owned(), ..mine.clone() };
        let lou = database.db.read(async |tx| roster::people(tx).await).await.expect("read");
        let lou = lou.into_iter().find(|person| person.first_name == "Lou").expect("there");
        let other = Person { email: Some("lou.petit@ecole.example".to_owned()), ..lou };
        let act = async |tx: &mut Tx| {
            session::flow::change(tx, &Actor::Cli, after).await?;
            roster::change(tx, &Actor::Cli, &other).await
        };
        database.db.transact(act).await.expect("done");
        let untouched = entries(&database, "person.changed").await;

        jobs::finish(&database.db).await.expect("through");
        let now = planned(&database).await;
        let find = |id: &str| now.iter().find(|one| one.id == id).expect("there").clone();
        assert_eq!((find(&mine.id).room.as_str(), find(&begun.id)), ("Z9", begun.clone()));
        assert_eq!(now.iter().filter(|one| one.room == "C7").count(), 9 + 2);
        let done = receipt(&database, &import).await;
        let told = (done.added, done.changed, done.removed, done.people_changed, done.kept);
        let lou_waits = entries(&database, "person.changed").await - untouched;
        assert_eq!((told, lou_waits), ((2, 9, 1, 3, 3), 1), "Lou stood in the second round, with Noé");
        // Of what was not done nothing is recorded.
        assert_eq!(entries(&database, "session.changed").await, 9 + 1 + 1);
        let mut raw = Raw::open(&place).await;
        assert_eq!(raw.number("SELECT COUNT(*) FROM removal WHERE kind = 'session'").await, 1);
        drop(raw);
        database.close().await;
        place.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_import_waits_until_all_is_written() {
    for engine in Engine::all() {
        let mut place = Place::ready(engine).await;
        let clock = Clock::standing(at("24/11/2026", "08:00"));
        let database = opened(&place, &clock, "5").await;
        begin(&database, &book(&[], &lessons(12, "B1"))).await;
        assert_eq!(planned(&database).await.len(), 5);
        let (_, ended) = begin(&database, &book(&[], &lessons(12, "C7"))).await;
        assert_eq!((ended, planned(&database).await.len()), (None, 5), "it is looked at again");

        // What waits overnight is not forgotten with what was never written.
        let old = preau::kernel::id::floor(clock.wall().plus_days(-2));
        let mut raw = Raw::open(&place).await;
        for table in ["session_pack", "session_staged", "audit_staged", "workbook_round"] {
            let to_come = "batch IN (SELECT batch FROM workbook_round)";
            raw.execute(&format!("UPDATE {table} SET batch = '{old}' || batch WHERE {to_come}")).await;
        }
        database.db.transact(async |tx| flow::forget(tx).await).await.expect("forgotten");
        jobs::finish(&database.db).await.expect("through");
        assert_eq!((planned(&database).await.len(), entries(&database, "session.planned").await), (12, 12));

        let (import, ended) = begin(&database, &book(&[], &lessons(12, "C7"))).await;
        assert!(matches!(ended, Some(Ended::Applied(_))));
        // Two programs at once.
        let other = opened(&place, &clock, "5").await;
        let (one, two) = futures::join!(jobs::finish(&database.db), jobs::finish(&other.db));
        assert_eq!((one.is_ok(), two.is_ok()), (true, true), "{one:?} {two:?}");
        assert!(planned(&database).await.iter().all(|one| one.room == "C7" && one.revision == 2));
        assert_eq!(entries(&database, "session.changed").await, 12);
        assert_eq!(receipt(&database, &import).await.kept, 0);
        drop(raw);
        other.close().await;
        database.close().await;
        place.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn undoing_waits_for_the_rest_and_names_what_was_left_out() {
    for engine in Engine::all() {
        let mut place = Place::ready(engine).await;
        let clock = Clock::standing(at("24/11/2026", "08:00"));
        let database = opened(&place, &clock, "5").await;
        let db = &database.db;
        begin(&database, &book(&[], &lessons(12, "B1"))).await;
        jobs::finish(db).await.expect("through");
        let before = planned(&database).await;

        let workbook = read(&book(&[], &lessons(12, "C7")), "EDT.xlsx").expect("read");
        let import = db.transact(async |tx| flow::kept(tx, &workbook, &TERMS, true).await).await.expect("kept");
        let standing = db.read(async |tx| flow::standing(tx, &import).await).await.expect("read").expect("there");
        let application = Application {
            import_id: import.clone(),
            fingerprint: standing.fingerprint,
            rights: false,
            sure: false,
            by: None,
            account: Some(77),
            asked_at: None,
            agreed: None,
        };
        let look = async |tx: &mut Tx| flow::look_ahead(tx, &application, None).await;
        let looked = db.read(look).await.expect("looked at").expect("there");
        jobs::stage(db, looked.plan.as_ref()).await.expect("staged");
        let write = async |tx: &mut Tx| flow::carry_out(tx, &application, "row", None, Some(&looked)).await;
        assert_eq!(db.transact(write).await.expect("written"), flow::Carried::Applied);
        let told = "SELECT COUNT(*) FROM outbox WHERE kind = 'workbook.show'";
        let mut raw = Raw::open(&place).await;
        assert_eq!(raw.number(told).await, 0, "nothing is told before the last round");

        let last = before[11].clone();
        let after = Session { room: "Z9".to_owned(), ..last.clone() };
        db.transact(async |tx| session::flow::change(tx, &Actor::Cli, after).await).await.expect("done");
        db.transact(async |tx| flow::press_undo(tx, &import, &Actor::Cli).await).await.expect("pressed");
        // Nothing is put back before the last round.
        assert!(db.transact(async |tx| flow::undo_some(tx, &import).await).await.expect("waits"));
        assert_eq!(planned(&database).await.iter().filter(|one| one.room == "C7").count(), 5);
        jobs::finish(db).await.expect("through");
        assert_eq!(raw.number(told).await, 1);
        while db.transact(async |tx| flow::undo_some(tx, &import).await).await.expect("undone") {}
        let undone = db.read(async |tx| flow::undone(tx, &import).await).await.expect("read");
        assert_eq!((undone.back, undone.kept, undone.named.len()), (11, 1, 1));
        let rooms: Vec<String> = planned(&database).await.into_iter().map(|one| one.room).collect();
        let as_before = before.iter().map(|one| if one.id == last.id { "Z9" } else { one.room.as_str() });
        assert_eq!(rooms, as_before.collect::<Vec<_>>());
        drop(raw);
        database.close().await;
        place.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_transaction_writes_more_than_a_round() {
    for engine in Engine::all() {
        let mut place = Place::ready(engine).await;
        let clock = Clock::standing(at("24/11/2026", "08:00"));
        let database = opened(&place, &clock, "5").await;
        begin(&database, &book(&STAFF, &lessons(12, "B1"))).await;
        let written = async |raw: &mut Raw| {
            raw.number("SELECT (SELECT COUNT(*) FROM session) + (SELECT COUNT(*) FROM person)").await
        };
        let mut raw = Raw::open(&place).await;
        let mut steps = vec![written(&mut raw).await];
        while let Some(batch) = database.db.transact(async |tx| flow::next_round(tx).await).await.expect("written") {
            database.db.transact(async |tx| flow::clear(tx, &batch).await).await.expect("cleared");
            steps.push(written(&mut raw).await);
        }
        assert_eq!(steps, [5, 10, 15, 16]);
        drop(raw);
        database.close().await;
        place.remove().await;
    }
}
