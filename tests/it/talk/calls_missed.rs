//! Calls that are not to be had, or do not end: what stands for them, who hears of it, how often.

use preau::sandbox::Fault;
use preau::school::classroom;
use preau::school::session::{CallState, Mode, Session};

use super::calls::{in_call, remote};
use super::calls_seen::state;
use super::groups_made::sign_in;
use super::school::School;
use crate::world::Engine;

fn count(school: &School, who: &str, words: &str) -> usize {
    school.all(school.is(who)).iter().filter(|said| said.text.contains(words)).count()
}

/// Somebody waits in front of a call that does not close: they hear why, once, though it may go by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_does_not_end_is_told_though_what_is_in_the_way_passes() {
    for engine in Engine::all() {
        let (school, _) = in_call(engine).await;
        school.until("15:00").await;
        let method = "phone.discardGroupCall".to_owned();
        school.sandbox.fault(Fault::FloodWait { method, seconds: 900, times: 1 });
        assert_eq!(school.press("Mamadou", "Fermer l’appel").await, "L’appel se ferme.");
        assert_eq!(school.press("Mamadou", "Prolonger").await, "L’appel se ferme.", "{engine:?}: no hour");
        school.until("15:01").await;
        assert_eq!(count(&school, "Mamadou", "reste ouvert"), 0, "{engine:?}: it may still go by itself");
        school.until("15:03").await;
        assert!(school.sandbox.calls(school.group)[0].open);
        let told = school.told("Mamadou");
        assert!(
            told.contains("reste ouvert et je ne peux pas le fermer.") && told.contains("Telegram fait attendre"),
            "{told}"
        );
        assert!(!told.contains("début du cours"), "{told}");
        school.until("15:10").await;
        assert_eq!(count(&school, "Mamadou", "reste ouvert"), 1, "{engine:?}: once");
        school.end().await;

        let (school, _) = in_call(engine).await;
        school.until("15:00").await;
        let method = Some("phone.discardGroupCall".to_owned());
        school.sandbox.fault(Fault::Reset { method, times: 9 });
        assert_eq!(school.press("Mamadou", "Fermer l’appel").await, "L’appel se ferme.");
        school.until("15:03").await;
        assert_eq!(count(&school, "Mamadou", "reste ouvert"), 1, "{engine:?}: Telegram that is away, too");
        school.until("15:05").await;
        assert!(!school.sandbox.calls(school.group)[0].open, "{engine:?}: and it was tried on");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn classes_without_a_group_are_told_to_admins_once_a_day() {
    for engine in Engine::all() {
        let school = School::with(engine, &[("telegram.caller.groups_a_day", "0")]).await;
        sign_in(&school, 1..=1).await;
        let class = school.add_class("BTS SIO 1B").await;
        remote(&school).await;
        let beside = school.lesson("14:00", "16:00", None);
        let beside = Session { mode: Mode::Remote, classroom_id: class, subject: "Algo".to_owned(), ..beside };
        school.plan(beside).await;
        school.until("13:57").await;
        assert_eq!(count(&school, "Mamadou", "Pas d’appel vidéo pour"), 2, "{engine:?}: each class");
        assert_eq!(count(&school, "Claire", "Pas d’appel vidéo pour"), 1, "{engine:?}");
        school.check().await;
    }
}

/// The class gets its group when its lesson is about to begin, or runs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_that_comes_late_has_its_call_at_once() {
    for engine in Engine::all() {
        for hour in ["13:57", "14:20"] {
            let mut school = School::with(engine, &[("telegram.caller.groups_a_day", "0")]).await;
            let admin = school.is("Claire");
            school.group = school.sandbox.add_group("BTS SIO 1A", admin);
            school.sandbox.add_bot(school.group, admin);
            school.sandbox.promote_bot(school.group, admin, &classroom::RIGHTS);
            school.caller().await;
            let id = remote(&school).await;
            school.until(hour).await;
            assert_eq!(count(&school, "Mamadou", "Pas d’appel vidéo pour"), 1, "{engine:?}");
            school.say(admin, school.group, "/adopter BTS SIO 1A").await;
            let found = school.sandbox.calls(school.group);
            assert_eq!(found.len(), 1, "{engine:?}, {hour}: {found:?}");
            assert!(found[0].open, "{engine:?}, {hour}");
            assert_eq!(state(&school, &id).await, Some(CallState::Open), "{engine:?}, {hour}");
            let said = school.all(school.group);
            assert!(said.iter().any(|said| said.text.contains("est ouvert")), "{engine:?}, {hour}: {said:#?}");
            school.until("16:06").await;
            assert!(!school.sandbox.calls(school.group)[0].open);
            school.check().await;
        }
    }
}

/// The timetable was late: no reminder left, and what is promised in the group's message stands in one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_promised_in_the_groups_message_stands_there_after_the_start_too() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.caller().await;
        school.sandbox.fault(Fault::CallsRefused(school.group));
        school.until("14:05").await;
        remote(&school).await;
        let all = school.all(school.is("Mamadou"));
        let promised = |words: &str| all.iter().any(|said| said.text.contains(words));
        assert!(promised("Les élèves ont le bouton « Je suis là » dans le message du groupe."), "{engine:?}: {all:#?}");
        assert_eq!(school.about("Réseaux").len(), 1, "{engine:?}: {:#?}", school.all(school.group));
        school.press_in("Inès", school.group, "Je suis là").await;
        // After a quarter of an hour there is no such key any more, and none is promised.
        school.until("14:16").await;
        let keys = school.about("Réseaux")[0].buttons.concat();
        assert!(!keys.iter().any(|key| key.text == "Je suis là"), "{engine:?}: {keys:?}");
        school.check().await;

        for (link, words) in
            [(None, "Pointez dans la feuille."), (Some("https://visio.example/a"), "Le lien du cours est")]
        {
            let school = School::on(engine).await;
            school.caller().await;
            school.sandbox.fault(Fault::CallsRefused(school.group));
            school.until("14:30").await;
            let lesson = school.lesson("14:00", "16:00", link);
            school.plan(Session { mode: Mode::Remote, ..lesson }).await;
            let all = school.all(school.is("Mamadou"));
            assert!(all.iter().any(|said| said.text.contains(words)), "{engine:?}: {all:#?}");
            let told = all.iter().find(|said| said.text.starts_with("Pas d’appel vidéo")).expect("told");
            assert!(!told.text.contains("« Je suis là »"), "{engine:?}: {told:?}");
            let about = school.about("Réseaux");
            let ways = about.iter().flat_map(|said| said.buttons.concat()).filter(|key| key.url.is_some()).count();
            assert_eq!(ways, usize::from(link.is_some()), "{engine:?}: {about:#?}");
            school.check().await;
        }
    }
}

/// A group is asked about again and again while its lesson has no call: what Telegram wants waited for is waited for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_that_telegram_wants_left_alone_is_not_asked_about() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.caller().await;
        school.sandbox.fault(Fault::CallsRefused(school.group));
        remote(&school).await;
        school.until("13:58").await;
        let method = "channels.getFullChannel";
        let asked = || school.sandbox.journal().iter().filter(|call| call.method == method).count();
        let before = asked();
        school.until("14:00").await;
        let looked = asked() - before;
        assert!((3..=10).contains(&looked), "{engine:?}: one question each half minute: {looked}");
        school.sandbox.fault(Fault::FloodWait { method: method.to_owned(), seconds: 900, times: 1 });
        let before = asked();
        school.until("14:10").await;
        assert_eq!(asked(), before + 1, "{engine:?}");
        school.end().await;
    }
}

/// « BTS SIO 1B », with a group in which the school's account may open calls or not yet.
async fn second_class(school: &mut School) -> (String, i64) {
    let (ours, class) = (school.group, school.add_class("BTS SIO 1B").await);
    let group = school.adopt("BTS SIO 1B").await;
    school.group = ours;
    (class, group)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trouble_that_many_lessons_have_is_told_to_admins_once_an_hour_and_to_each_teacher() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        // Adopted before there is an account, which would make a group of its own.
        let (class, group) = second_class(&mut school).await;
        let account = school.caller().await;
        school.sandbox.add_member(group, account, school.is("Claire"));
        school.sandbox.promote(group, account, school.is("Claire"), &["manage_call"]);
        for group in [school.group, group] {
            school.sandbox.fault(Fault::CallsRefused(group));
        }
        remote(&school).await;
        let beside = school.lesson("14:00", "16:00", None);
        let beside = Session { mode: Mode::Remote, classroom_id: class, subject: "Algo".to_owned(), ..beside };
        school.plan(beside.clone()).await;
        // Nobody teaches it who could be written to: staff stand in.
        let orphan = Session { teacher_id: None, subject: "Droit".to_owned(), ..beside };
        school.plan(orphan).await;
        school.until("13:57").await;
        assert_eq!(count(&school, "Mamadou", "Pas d’appel vidéo pour"), 2, "{engine:?}: each of the teacher's own");
        assert_eq!(count(&school, "Claire", "Pas d’appel vidéo pour"), 1, "{engine:?}");
        assert!(school.told("Claire").contains("dans l’heure, seuls leurs enseignants"), "{}", school.told("Claire"));
        assert!(!school.told("Mamadou").contains("dans l’heure"), "{}", school.told("Mamadou"));
        assert_eq!(count(&school, "Éric", "Pas d’appel vidéo pour"), 1, "{engine:?}");
        let later = school.lesson("17:00", "18:00", None);
        school.plan(Session { mode: Mode::Remote, subject: "Anglais".to_owned(), ..later }).await;
        school.until("16:57").await;
        assert_eq!(count(&school, "Claire", "Pas d’appel vidéo pour"), 2, "{engine:?}: another hour");
        school.check().await;
    }
}
