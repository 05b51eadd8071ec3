//! What a class is told of changes in its timetable: merged, few, not at night unless it must be.

use preau::demo::stage::Kill;
use preau::kernel::At;
use preau::platform::outbox;
use preau::platform::store::Tx;
use preau::sandbox::Fault;
use preau::school::session::{Session, State, flow as sessions};

use super::school::School;
use crate::world::Engine;

/// The notices in the group, oldest first.
fn notices(school: &School) -> Vec<String> {
    let said = school.all(school.group).into_iter().map(|message| message.text);
    said.filter(|text| text.starts_with("Changements :")).collect()
}

/// A lesson in so many days.
fn in_days(school: &School, days: i64, subject: &str) -> Session {
    let lesson = school.lesson("14:00", "16:00", None);
    Session {
        start_at: lesson.start_at.plus_days(days),
        end_at: lesson.end_at.plus_days(days),
        subject: subject.to_owned(),
        ..lesson
    }
}

/// A school whose class has Algo, Droit and Réseaux on Wednesday, Thursday and Friday.
async fn week(engine: Engine) -> (School, [String; 3]) {
    let school = School::on(engine).await;
    let plan = [in_days(&school, 1, "Algo"), in_days(&school, 2, "Droit"), in_days(&school, 3, "Réseaux")];
    school.plan_together(&plan).await;
    let until = plan[2].end_at;
    let all = school.write(async |tx| sessions::between(tx, At(0), until).await).await;
    let id = |at: usize| all[at].id.clone();
    (school, [id(0), id(1), id(2)])
}

async fn minutes(school: &School, count: i64) {
    school.go_to(school.clock.now().plus_minutes(count)).await.expect("time passes");
}

fn later(session: &mut Session, hours: i64) {
    session.start_at = session.start_at.plus_hours(hours);
    session.end_at = session.end_at.plus_hours(hours);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changed_together_is_one_notice_with_old_and_new() {
    for engine in Engine::all() {
        let (school, [algo, droit, reseaux]) = week(engine).await;
        minutes(&school, 5).await;
        assert!(notices(&school).is_empty(), "a timetable that is made is no change");
        school.cancel(&algo).await;
        school.change(&droit, |session| later(session, 2)).await;
        minutes(&school, 1).await;
        school.change(&reseaux, |session| session.room = "A10".to_owned()).await;
        school.plan(in_days(&school, 4, "Anglais")).await;
        assert!(notices(&school).is_empty(), "not yet");
        minutes(&school, 1).await;
        assert_eq!(
            notices(&school),
            ["Changements :\n\
– Annulé : Algo, mer. 25 nov., 14:00–16:00 (Paris)\n\
– Déplacé : Droit, jeu. 26 nov., 14:00–16:00 (Paris) → jeu. 26 nov., 16:00–18:00 (Paris)\n\
– Modifié : Réseaux, ven. 27 nov., 14:00–16:00 (Paris) ; salle B204 → salle A10\n\
– Ajouté : Anglais, sam. 28 nov., 14:00–16:00 (Paris), M. Diallo, salle B204"]
        );
        // What nobody but the school notes, what is far away, and the same again: no notice.
        school.change(&droit, |session| session.reference = Some("R-7".to_owned())).await;
        school.plan(in_days(&school, 9, "Maths")).await;
        school.cancel(&algo).await;
        minutes(&school, 10).await;
        assert_eq!(notices(&school).len(), 1);
        // Told from what the class was told last.
        school.change(&droit, |session| later(session, 1)).await;
        minutes(&school, 3).await;
        let said = notices(&school);
        assert!(said[1].contains("16:00–18:00 (Paris) → jeu. 26 nov., 17:00–19:00"), "{said:#?}");
        school.to("28/11/2026", "19:00").await;
        assert_eq!(notices(&school).len(), 2);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_undone_in_time_was_never_changed() {
    for engine in Engine::all() {
        let (school, [algo, droit, _]) = week(engine).await;
        school.cancel(&algo).await;
        school.change(&droit, |session| later(session, 2)).await;
        let extra = school.plan(in_days(&school, 4, "Anglais")).await;
        minutes(&school, 1).await;
        let calls = school.sandbox.journal().len();
        school.change(&algo, |session| session.state = State::Planned).await;
        school.change(&droit, |session| later(session, -2)).await;
        school.cancel(&extra).await;
        minutes(&school, 10).await;
        assert!(notices(&school).is_empty());
        let sent = school.sandbox.journal().into_iter().skip(calls).filter(|call| call.method == "sendMessage").count();
        assert_eq!(sent, 0);
        // Undone once it was told: told again.
        school.cancel(&algo).await;
        minutes(&school, 3).await;
        assert_eq!(notices(&school).len(), 1);
        school.change(&algo, |session| session.state = State::Planned).await;
        minutes(&school, 3).await;
        assert_eq!(
            notices(&school)[1],
            "Changements :\n– De nouveau prévu : Algo, mer. 25 nov., 14:00–16:00 (Paris), M. Diallo, salle B204"
        );
        // Taken out and put in again by two files: another session, the same lesson.
        school.cancel(&algo).await;
        school.plan(in_days(&school, 1, "Algo")).await;
        minutes(&school, 10).await;
        assert_eq!(notices(&school).len(), 2);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_night_is_quiet_unless_the_lesson_is_near() {
    for engine in Engine::all() {
        let (school, [_, droit, reseaux]) = week(engine).await;
        school.until("21:00").await;
        school.change(&droit, |session| later(session, 1)).await;
        minutes(&school, 30).await;
        assert!(notices(&school).is_empty());
        school.to("25/11/2026", "06:59").await;
        assert!(notices(&school).is_empty());
        school.until("07:00").await;
        assert_eq!(notices(&school).len(), 1);
        assert!(notices(&school)[0].contains("Droit"));
        // In the night before: 14:00 is more than twelve hours away at 01:00, less at 03:00. What waited goes along.
        school.to("26/11/2026", "01:00").await;
        school.cancel(&reseaux).await;
        school.until("03:30").await;
        assert_eq!(notices(&school).len(), 1);
        school.change(&droit, |session| session.room = "A1".to_owned()).await;
        minutes(&school, 2).await;
        let said = notices(&school);
        assert_eq!(said.len(), 2);
        assert!(said[1].contains("Droit") && said[1].contains("Annulé : Réseaux"), "{said:#?}");
        school.until("09:00").await;
        assert_eq!(notices(&school).len(), 2, "nothing is left for the morning");
        // On Sunday nobody is called.
        school.to("28/11/2026", "21:00").await;
        let monday = [in_days(&school, 2, "Sport"), in_days(&school, 2, "Web")];
        let (from, until) = (monday[0].start_at, monday[0].end_at);
        school.plan_together(&monday).await;
        school.to("29/11/2026", "12:00").await;
        assert_eq!(notices(&school).len(), 2, "a week that had nothing is being made");
        let sport = school.write(async |tx| sessions::between(tx, from, until).await).await.remove(0);
        school.cancel(&sport.id).await;
        school.to("30/11/2026", "06:59").await;
        assert_eq!(notices(&school).len(), 2);
        school.until("07:00").await;
        assert_eq!(notices(&school).len(), 3);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_messages_a_day_then_the_last_one_says_it_too() {
    for engine in Engine::all() {
        let (school, [algo, droit, reseaux]) = week(engine).await;
        for (id, room) in [(&algo, "A1"), (&droit, "A2"), (&reseaux, "A3"), (&algo, "A4"), (&droit, "A5")] {
            school.change(id, |session| session.room = room.to_owned()).await;
            minutes(&school, 3).await;
        }
        let said = notices(&school);
        assert_eq!(said.len(), 3);
        let lines: Vec<&str> = said[2].lines().collect();
        assert_eq!(
            lines,
            [
                "Changements :",
                "– Modifié : Réseaux, ven. 27 nov., 14:00–16:00 (Paris) ; salle B204 → salle A3",
                "– Modifié : Algo, mer. 25 nov., 14:00–16:00 (Paris) ; salle A1 → salle A4",
                "– Modifié : Droit, jeu. 26 nov., 14:00–16:00 (Paris) ; salle A2 → salle A5"
            ]
        );
        // Tomorrow is another day.
        school.to("25/11/2026", "10:00").await;
        school.cancel(&reseaux).await;
        minutes(&school, 3).await;
        assert_eq!(notices(&school).len(), 4);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reminder_that_is_out_is_corrected_and_one_that_follows_says_it_all() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let (early, late) = (school.plan_usual().await, school.plan(in_days(&school, 1, "Algo")).await);
        school.until("13:50").await;
        assert!(notices(&school)[0].contains("Ajouté : Algo"), "this week was known");
        school.cancel(&early).await;
        let said: Vec<String> = school.about("Réseaux").into_iter().map(|message| message.text).collect();
        assert_eq!(said, ["Cours annulé : Réseaux, mar. 24 nov., 14:00–16:00 (Paris)."]);
        minutes(&school, 2).await;
        assert_eq!(notices(&school)[1], "Changements :\n– Annulé : Réseaux, mar. 24 nov., 14:00–16:00 (Paris)");
        // Another room a minute before the reminder: the reminder has it.
        school.to("25/11/2026", "13:44").await;
        school.change(&late, |session| session.room = "A9".to_owned()).await;
        school.until("14:30").await;
        assert_eq!(school.last(school.group), "Rappel : Algo, 14:00–16:00 (Paris), M. Diallo, salle A9.");
        assert_eq!(notices(&school).len(), 2);
        // It runs: whoever looks for it is told. It is over: nobody is.
        school.change(&late, |session| session.room = "A10".to_owned()).await;
        minutes(&school, 3).await;
        assert_eq!(notices(&school).len(), 3);
        school.until("16:01").await;
        school.change(&late, |session| session.room = "A11".to_owned()).await;
        minutes(&school, 3).await;
        assert_eq!(notices(&school).len(), 3);
        assert!(!notices(&school)[2].contains("A11"));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_group_nothing_is_kept_to_be_said() {
    for engine in Engine::all() {
        let mut school = School::without_group(engine).await;
        let id = school.plan(in_days(&school, 1, "Algo")).await;
        school.cancel(&id).await;
        let rows =
            school.db().expect("running").read(async |tx| outbox::store::ahead(tx, 1).await).await.expect("read");
        assert!(rows.first().is_none_or(|(kind, _)| kind != "session.notice"));
        school.group = school.adopt("BTS SIO 1A").await;
        minutes(&school, 5).await;
        assert!(notices(&school).is_empty());
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_whose_answer_is_lost_is_in_doubt_and_not_said_again() {
    for engine in Engine::all() {
        let (school, [algo, droit, _]) = week(engine).await;
        school.cancel(&algo).await;
        school.sandbox.fault(Fault::LostAnswer { method: Some("sendMessage".to_owned()), times: 1 });
        minutes(&school, 3).await;
        assert_eq!(notices(&school).len(), 1);
        let told = school.told("Claire");
        assert!(told.starts_with("Peut-être non envoyé : un avis de changements à une classe"), "{told}");
        school.change(&droit, |session| session.room = "A1".to_owned()).await;
        minutes(&school, 3).await;
        let said = notices(&school);
        assert!(said.len() == 2 && !said[1].contains("Algo"), "{said:#?}");
        // An admin wants it again: as things stand now.
        school.press("Claire", "Réessayer").await;
        assert_eq!(notices(&school)[2], said[0]);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_was_slept_through_is_missed_and_told() {
    for engine in Engine::all() {
        let (mut school, [algo, _, reseaux]) = week(engine).await;
        school.cancel(&algo).await;
        school.change(&reseaux, |session| session.room = "A1".to_owned()).await;
        school.stop().await;
        school.clock.set(super::school::at("24/11/2026", "18:00"));
        school.start().await.expect("starts");
        school.drain().await.expect("quiet");
        assert_eq!(notices(&school).len(), 1, "late, and of use");
        school.change(&reseaux, |session| session.room = "A2".to_owned()).await;
        school.stop().await;
        // Held up into the night: it waits for the morning.
        school.clock.set(super::school::at("24/11/2026", "23:00"));
        school.start().await.expect("starts");
        school.drain().await.expect("quiet");
        assert_eq!(notices(&school).len(), 1);
        school.to("25/11/2026", "07:00").await;
        assert_eq!(notices(&school).len(), 2);
        school.change(&reseaux, |session| session.room = "A3".to_owned()).await;
        school.stop().await;
        school.clock.set(super::school::at("26/11/2026", "19:00"));
        school.start().await.expect("starts");
        school.drain().await.expect("quiet");
        assert_eq!(notices(&school).len(), 2);
        let told = school.told("Claire");
        assert!(told.contains("Non parti à temps : un avis de changements à une classe"), "{told}");
        school.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_anywhere_it_is_said_once_or_is_in_doubt() {
    let (mut struck, mut known) = (0, 0);
    for point in 1..60 {
        let (mut school, [algo, ..]) = week(Engine::Sqlite).await;
        let kill = Kill::at(point);
        school.stop().await;
        school.set_probe(kill.probe());
        school.start().await.expect("starts");
        school.drain().await.expect("quiet");
        school.cancel(&algo).await;
        school.arm(kill);
        let at = school.clock.now().plus_minutes(3);
        school.pass_to(at).await.expect("time passes");
        let killed = school.kills() > 0;
        let read = async |tx: &mut Tx| outbox::store::troubled(tx, 10).await;
        let left = school.db().expect("running").read(read).await.expect("read");
        let doubts: Vec<&str> = left.iter().map(|row| row.kind.as_str()).collect();
        let said = notices(&school).len();
        assert!(said == 1 && doubts.len() <= 1 || doubts == ["session.notice"], "point {point}: {said} {doubts:?}");
        let at = school.clock.now().plus_minutes(30);
        school.pass_to(at).await.expect("time passes");
        assert_eq!(notices(&school).len(), said, "point {point}");
        if killed && said == 1 && doubts.is_empty() {
            // What was told is known, wherever the program stopped behind it.
            school.change(&algo, |session| session.state = State::Planned).await;
            let at = school.clock.now().plus_minutes(3);
            school.pass_to(at).await.expect("time passes");
            let told = notices(&school).pop().unwrap_or_default();
            assert!(told.contains("De nouveau prévu : Algo"), "point {point}: {told}");
            known += 1;
        }
        school.end().await;
        if !killed {
            break;
        }
        struck += 1;
    }
    assert!((8..59).contains(&struck) && known > 4, "{struck} points, {known} behind it");
}
