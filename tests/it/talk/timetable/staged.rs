//! What an import writes is staged first: nobody sees it before it is flipped, and what is never flipped is nothing.

use preau::kernel::Clock;
use preau::school::workbook::flow::{self, Application, AtOnce};
use preau::school::workbook::{jobs, read};

use super::*;
use crate::place::Place;
use crate::store::Raw;
use crate::world::Engine;

const STAFF: [[&str; 7]; 2] = [
    ["Diallo", "Mamadou", "m.diallo@ecole.example", "01/02/1980", "enseignant", "", ""],
    ["Moreau", "Inès", "ines@ecole.example", "12/03/2006", "", "1A", ""],
];
const WEEK: [[&str; 7]; 2] = [
    ["25/11/2026", "08:30", "10:30", "1A", "Réseaux", "M. Diallo", "B204"],
    ["26/11/2026", "14:00", "16:00", "1A", "Anglais", "", "A1"],
];
const STAGED: [&str; 4] = ["session_pack", "person_staged", "enrolment_staged", "audit_staged"];

async fn staged(world: &World) -> Vec<i64> {
    let mut raw = Raw::open(&world.place).await;
    let mut counts = Vec::new();
    for table in STAGED {
        counts.push(raw.number(&format!("SELECT COUNT(*) FROM {table}")).await);
    }
    counts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_staged_is_not_seen_and_in_the_end_forgotten() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let db = world.db().expect("running");
        let workbook = read(&book(&STAFF, &WEEK), "EDT.xlsx").expect("read");
        let terms = AtOnce { sha256: String::new(), rights: true, remove: None };
        let look = async |tx: &mut Tx| flow::preview(tx, &workbook, Some(&terms)).await;
        let entries = db.read(async |tx| audit::store::latest(tx, 100).await).await.expect("read").len();
        let looked = db.read(look).await.expect("looked at");
        jobs::stage(db, looked.plan.as_ref()).await.expect("staged");
        assert_eq!(staged(&world).await, [1, 2, 1, 5]);
        assert!(timetable(&world).await.is_empty() && people(&world).await.is_empty());
        let now = db.read(async |tx| audit::store::latest(tx, 100).await).await.expect("read").len();
        assert_eq!(now, entries, "what was not done is not recorded");

        let import = write(&world, async |tx| flow::kept(tx, &workbook, &terms, true).await).await;
        // Something happens before it is written: it is looked at again.
        write(&world, async |tx| classroom::flow::ensure(tx, &Actor::Cli, "1A").await).await;
        let ended = write(&world, async |tx| flow::at_once(tx, &import, &workbook, &terms, &looked).await).await;
        assert_eq!(ended, None);
        assert!(timetable(&world).await.is_empty() && people(&world).await.is_empty());
        let looked = db.read(look).await.expect("looked at");
        jobs::stage(db, looked.plan.as_ref()).await.expect("staged");
        let ended = write(&world, async |tx| flow::at_once(tx, &import, &workbook, &terms, &looked).await).await;
        assert!(
            matches!(ended, Some(flow::Ended::Applied(receipt)) if (receipt.added, receipt.people_added) == (2, 2))
        );
        assert_eq!((timetable(&world).await.len(), people(&world).await.len()), (2, 2));
        for (action, count) in [("session.planned", 2), ("person.added", 2), ("person.enrolled", 1)] {
            assert_eq!(recorded(&world, action).await, count, "{action}");
        }
        jobs::clear(db, looked.plan.as_ref()).await.expect("cleared");
        assert_eq!(
            staged(&world).await,
            [1, 2, 1, 10],
            "the first one’s rows: its program may have been stopped; and what counts"
        );
        world.go_to(at("27/11/2026", "04:00")).await.expect("time passes");
        world.check().await;
    }
}

/// Batches are named by machine time: yesterday's is cleared, one of a moment ago may be in use.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_never_written_is_cleared_after_a_day() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let mut raw = Raw::open(&world.place).await;
        let old = preau::kernel::id::floor(world.clock.wall().plus_days(-2));
        let young = preau::kernel::id::floor(world.clock.wall());
        for batch in [old, young] {
            raw.execute(&format!(
                "INSERT INTO enrolment_staged (batch, person_id, classroom_id, leaves) VALUES ('{batch}', 'p', 'c', FALSE)"
            ))
            .await;
        }
        write(&world, async |tx| flow::forget(tx).await).await;
        assert_eq!(staged(&world).await, [0, 0, 1, 0]);
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_staged_and_not_written_is_not_undone() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        sends(&world, claire, "EDT.xlsx", book(&STAFF, &WEEK)).await;
        presses(&world, claire, "Appliquer").await;
        let db = world.db().expect("running");
        let entries = db.read(async |tx| audit::store::latest(tx, 100).await).await.expect("read");
        let applied = entries.into_iter().find(|entry| entry.action == "workbook.applied").expect("applied");
        let import = applied.object.strip_prefix("import:").expect("an import").to_owned();
        // The rights that wait are pressed, and the program stops when they are staged.
        let standing = db.read(async |tx| flow::standing(tx, &import).await).await.expect("read").expect("there");
        let application = Application {
            import_id: import.clone(),
            fingerprint: standing.fingerprint,
            rights: true,
            sure: false,
            by: None,
            account: Some(claire),
            asked_at: None,
            agreed: None,
        };
        let look = async |tx: &mut Tx| flow::look_ahead(tx, &application, None).await;
        let looked = db.read(look).await.expect("looked at").expect("there");
        assert!(looked.plan.is_some(), "a teacher waits");
        jobs::stage(db, looked.plan.as_ref()).await.expect("staged");
        let done = write(&world, async |tx| flow::undone(tx, &import).await).await;
        presses(&world, claire, "Annuler (10 min)").await;
        assert!(timetable(&world).await.is_empty());
        let undone = write(&world, async |tx| flow::undone(tx, &import).await).await;
        assert_eq!((undone.back, undone.kept, undone.older), (done.older, 0, 0), "what was done, and no more");
        assert_eq!(undone.back, 4, "a class, a person, two sessions");
        world.check().await;
    }
}

/// A program of before the packs was stopped between two rounds: its new sessions lie line by line.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_sessions_that_an_older_version_staged_are_written() {
    for engine in Engine::all() {
        let mut place = Place::ready(engine).await;
        let clock = Clock::standing(at("24/11/2026", "08:00"));
        let database = place.open_with(clock, &[("database.round", "1")]).await;
        let db = &database.db;
        let workbook = read(&book(&[], &WEEK), "EDT.xlsx").expect("read");
        let terms = AtOnce { sha256: String::new(), rights: true, remove: None };
        let import = db.transact(async |tx| flow::kept(tx, &workbook, &terms, false).await).await.expect("kept");
        let looked = db.read(async |tx| flow::preview(tx, &workbook, Some(&terms)).await).await.expect("looked at");
        jobs::stage(db, looked.plan.as_ref()).await.expect("staged");
        let write = async |tx: &mut Tx| flow::at_once(tx, &import, &workbook, &terms, &looked).await;
        assert!(db.transact(write).await.expect("written").is_some());

        let mut raw = Raw::open(&place).await;
        let to_come = raw.texts("SELECT batch FROM workbook_round").await;
        let [batch] = to_come.as_slice() else { panic!("one round is to come: {to_come:?}") };
        let packs = raw.texts(&format!("SELECT sessions FROM session_pack WHERE batch = '{batch}'")).await;
        let pack: serde_json::Value = serde_json::from_str(&packs[0]).expect("a pack");
        let one = &pack["sessions"][0];
        let word = |column: usize| {
            let place = one[column].as_u64().and_then(|place| usize::try_from(place).ok()).expect("a place");
            pack["words"][place].as_str().expect("words")
        };
        let (id, start, end) = (one[0].as_str().expect("an id"), &one[3], &one[4]);
        let (class, subject, name, room) = (word(1), word(5), word(7), word(8));
        raw.execute(&format!(
            "INSERT INTO session_staged (batch, id, classroom_id, start_at, end_at, subject, teacher_name, room, mode, state, \
            revision) VALUES ('{batch}', '{id}', '{class}', {start}, {end}, '{subject}', '{name}', '{room}', 'on_site', \
            'planned', 1); DELETE FROM session_pack"
        ))
        .await;
        jobs::finish(db).await.expect("through");
        let (from, until) = (at("24/11/2026", "00:00"), at("30/11/2026", "00:00"));
        let all = db.read(async |tx| session::flow::between(tx, from, until).await).await.expect("read");
        let said: Vec<_> = all.iter().map(|one| (one.subject.as_str(), one.room.as_str(), one.revision)).collect();
        assert_eq!(said, [("Réseaux", "B204", 1), ("Anglais", "A1", 1)]);
        assert_eq!(raw.number("SELECT COUNT(*) FROM session_staged").await, 0);
        drop(raw);
        database.close().await;
        place.remove().await;
    }
}
