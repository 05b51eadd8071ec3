//! The call of a remote lesson: opened by the school's account, seen, ended, and what stands for it when it fails.

use preau::sandbox::Fault;
use preau::school::session::{Mode, Session};

use super::school::School;
use crate::world::Engine;

/// « Réseaux », 14:00–16:00, remote, without a link of its own.
pub async fn remote(school: &School) -> String {
    let lesson = school.lesson("14:00", "16:00", None);
    school.plan(Session { mode: Mode::Remote, ..lesson }).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_opens_by_itself_and_its_presence_becomes_the_sheet() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.caller().await;
        let id = remote(&school).await;
        school.sandbox.add_member(school.group, school.is("Mamadou"), school.is("Claire"));
        school.until("13:45").await;
        let reminder = school.last(school.group);
        assert_eq!(
            reminder,
            "Rappel : Réseaux, 14:00–16:00 (Paris), M. Diallo, à distance.\nAppel vidéo du groupe à 13:55."
        );
        school.until("13:54").await;
        assert!(school.sandbox.calls(school.group).is_empty());
        school.until("13:55").await;
        let calls = school.sandbox.calls(school.group);
        assert_eq!(calls.len(), 1, "{calls:?}");
        assert_eq!((calls[0].title.as_str(), calls[0].open), ("Réseaux · 24/11", true));
        assert_eq!(school.last(school.group), "L’appel « Réseaux · 24/11 » est ouvert.");
        assert_eq!(school.keys(school.group), [["Rejoindre"]]);
        assert!(
            school.told("Mamadou").starts_with("L’appel est ouvert : Réseaux, mar. 24 nov., 14:00–16:00 (Paris)."),
            "{}",
            school.told("Mamadou")
        );
        let board = school.all(school.is("Mamadou")).len();
        for who in ["Inès", "Léa", "Mamadou"] {
            school.sandbox.join_call(school.is(who), school.group).expect("joined");
        }
        school.until("14:00").await;
        assert_eq!(school.all(school.is("Mamadou")).len(), board, "the roll stands where the board stood");
        school.until("14:12").await;
        school.sandbox.join_call(school.is("Paul"), school.group).expect("joined");
        school.until("14:30").await;
        let told = school.told("Mamadou");
        assert!(told.contains("Présents 2 · En retard 1 · Pas encore là 2 (Noé B., Karim T.)"), "{told}");
        // Half an hour of two is no presence.
        school.sandbox.join_call(school.is("Karim"), school.group).expect("joined");
        school.until("15:00").await;
        school.sandbox.leave_call(school.is("Karim"), school.group);
        school.until("16:00").await;
        assert_eq!(
            school.said(&id).await,
            [
                "Noé B. : absent",
                "Inès M. : présent",
                "Léa P. : présent",
                "Paul S. : en retard de 12 min",
                "Karim T. : absent"
            ]
        );
        assert!(school.sandbox.calls(school.group)[0].open, "a lesson may run over");
        school.until("16:05").await;
        assert!(!school.sandbox.calls(school.group)[0].open);
        school.press("Mamadou", "Valider").await;
        let report = school.last(school.group);
        assert!(report.contains("3 présents sur 5"), "{report}");
        assert_eq!(school.about("Réseaux").len(), 2, "a reminder and a call cost the group two messages");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_is_refused_is_replaced_within_a_minute_and_those_in_charge_know_why() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.caller().await;
        remote(&school).await;
        school.sandbox.fault(Fault::CallsRefused(school.group));
        school.until("13:56").await;
        assert!(school.sandbox.calls(school.group).is_empty());
        let keys = school.keys(school.group);
        assert!(keys.iter().flatten().any(|key| key == "Je suis là"), "{keys:?}");
        for who in ["Mamadou", "Claire", "Éric"] {
            let told = school.told(who);
            assert!(told.starts_with("Pas d’appel vidéo pour Réseaux"), "{who}: {told}");
            assert!(told.contains("CREATE_CALL_FAILED"), "{who}: {told}");
        }
        school.check().await;
    }
}

/// The lesson's call is open and everybody who teaches is in the group.
pub async fn in_call(engine: Engine) -> (School, String) {
    let school = School::on(engine).await;
    school.caller().await;
    let id = remote(&school).await;
    school.sandbox.add_member(school.group, school.is("Mamadou"), school.is("Claire"));
    school.until("13:55").await;
    (school, id)
}

pub fn enter(school: &School, who: &[&str]) {
    for who in who {
        school.sandbox.join_call(school.is(who), school.group).expect("joined");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_the_teacher_opened_is_taken_and_none_is_opened_beside_it() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.caller().await;
        remote(&school).await;
        let admin = school.is("Claire");
        school.sandbox.add_member(school.group, school.is("Mamadou"), admin);
        school.sandbox.promote(school.group, school.is("Mamadou"), admin, &["manage_call"]);
        school.until("13:50").await;
        school.sandbox.start_call(school.is("Mamadou"), school.group, "Bonjour");
        school.until("14:01").await;
        let calls = school.sandbox.calls(school.group);
        assert_eq!(calls.len(), 1, "{calls:?}");
        assert_eq!(calls[0].title, "Bonjour");
        assert!(school.last(school.group).starts_with("L’appel « Réseaux · 24/11 » est ouvert"));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_lost_opens_no_second_call() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.caller().await;
        remote(&school).await;
        let method = Some("phone.createGroupCall".to_owned());
        school.sandbox.fault(Fault::LostAnswer { method, times: 1 });
        school.until("13:57").await;
        let calls = school.sandbox.calls(school.group);
        assert_eq!((calls.len(), calls[0].open), (1, true), "{calls:?}");
        assert!(school.last(school.group).starts_with("L’appel « Réseaux · 24/11 » est ouvert"));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wait_beyond_the_start_is_no_call_and_a_short_one_is_waited_out() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.caller().await;
        remote(&school).await;
        let flood = |seconds| Fault::FloodWait { method: "phone.createGroupCall".to_owned(), seconds, times: 1 };
        school.sandbox.fault(flood(1));
        school.until("13:56").await;
        assert_eq!(school.sandbox.calls(school.group).len(), 1);
        school.check().await;

        let school = School::on(engine).await;
        school.caller().await;
        remote(&school).await;
        school.sandbox.fault(flood(600));
        school.until("13:56").await;
        assert!(school.sandbox.calls(school.group).is_empty());
        let told = school.told("Mamadou");
        assert!(told.contains("Telegram fait attendre le compte appelant au-delà du début du cours."), "{told}");
        school.press_in("Inès", school.group, "Je suis là").await;
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_school_without_a_caller_hears_nothing_of_calls() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = remote(&school).await;
        school.until("13:56").await;
        assert!(!school.last(school.group).contains("Appel vidéo"));
        for who in ["Mamadou", "Claire"] {
            assert!(!school.told(who).contains("appel vidéo"), "{}", school.told(who));
        }
        let state = school.ask("Claire", "/etat").await;
        assert!(state.contains("· Compte appelant : aucun, donc ni appels vidéo ni groupes créés."), "{state}");
        school.press_in("Inès", school.group, "Je suis là").await;
        school.until("16:00").await;
        assert_eq!(school.said(&id).await[1], "Inès M. : présent");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn devices_channels_strangers_and_short_breaks() {
    for engine in Engine::all() {
        let (school, id) = in_call(engine).await;
        let stranger = school.sandbox.add_person("Zoé", "Inconnue", "fr");
        school.sandbox.add_member(school.group, stranger, school.is("Claire"));
        enter(&school, &["Inès", "Léa", "Noé"]);
        school.sandbox.join_call(stranger, school.group).expect("joined");
        school.sandbox.join_call_as_channel(school.is("Paul"), school.group, "Le coin de Paul").expect("joined");
        school.until("14:20").await;
        let told = school.told("Mamadou");
        assert!(told.contains("Dans l’appel, sans que je sache qui (2) : "), "{told}");
        assert!(told.contains("Le coin de Paul (13:5") && told.contains("compte inconnu (13:5"), "{told}");
        assert!(!told.contains("Zoé"), "{told}");
        // A cut of a minute, and one of twenty.
        school.until("14:30").await;
        school.sandbox.leave_call(school.is("Inès"), school.group);
        school.sandbox.leave_call(school.is("Léa"), school.group);
        school.until("14:31").await;
        enter(&school, &["Inès"]);
        // A second device replaces the first.
        enter(&school, &["Noé"]);
        school.until("14:58").await;
        enter(&school, &["Léa"]);
        school.until("16:00").await;
        let said = school.said(&id).await;
        assert_eq!(said[0], "Noé B. : présent");
        assert_eq!(said[1], "Inès M. : présent");
        // 92 of 120 minutes.
        assert_eq!(said[2], "Léa P. : partiel");
        assert_eq!(said[3], "Paul S. : absent", "as a channel: matched by hand");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_was_not_seen_for_long_proposes_nothing_against_anybody() {
    for engine in Engine::all() {
        let (mut school, id) = in_call(engine).await;
        school.expects("Bad Gateway");
        enter(&school, &["Inès", "Léa"]);
        school.until("14:30").await;
        school.sandbox.fault(Fault::Refuse {
            method: "phone.getGroupCall".to_owned(),
            code: 500,
            error: "WORKER_BUSY_TOO_LONG_RETRY".to_owned(),
            times: 10_000,
        });
        school.until("15:00").await;
        school.until("16:00").await;
        let said = school.said(&id).await;
        assert!(said.iter().all(|line| line.ends_with("à pointer")), "{said:?}");
        school.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hidden_listeners_add_and_never_remove() {
    for engine in Engine::all() {
        let (school, id) = in_call(engine).await;
        enter(&school, &["Inès", "Léa"]);
        school.until("14:10").await;
        school.sandbox.fault(Fault::HiddenListeners(school.group));
        school.until("14:20").await;
        let told = school.told("Mamadou");
        assert!(told.contains("Présents 2"), "{told}");
        school.until("16:00").await;
        assert!(school.said(&id).await.iter().all(|line| !line.ends_with("absent")), "{:?}", school.said(&id).await);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_ended_by_mistake_and_opened_again_goes_on() {
    for engine in Engine::all() {
        let (school, id) = in_call(engine).await;
        let admin = school.is("Claire");
        school.sandbox.promote(school.group, school.is("Mamadou"), admin, &["manage_call"]);
        enter(&school, &["Inès", "Léa"]);
        school.until("14:30").await;
        school.sandbox.end_call(school.is("Mamadou"), school.group);
        school.until("14:32").await;
        assert!(school.last(school.group).starts_with("L’appel est terminé."), "{}", school.last(school.group));
        school.sandbox.start_call(school.is("Mamadou"), school.group, "Réseaux, suite");
        enter(&school, &["Inès"]);
        school.until("14:34").await;
        assert!(school.last(school.group).contains("est ouvert"), "{}", school.last(school.group));
        school.until("16:00").await;
        let said = school.said(&id).await;
        assert_eq!(said[1], "Inès M. : présent");
        assert_eq!(said[2], "Léa P. : absent");
        school.until("16:06").await;
        assert!(school.sandbox.calls(school.group).iter().all(|call| !call.open));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_teacher_ends_extends_and_writes() {
    for engine in Engine::all() {
        let (school, id) = in_call(engine).await;
        enter(&school, &["Inès", "Léa", "Noé"]);
        school.until("14:12").await;
        assert_eq!(school.press("Mamadou", "Écrire aux 2").await, "Message envoyé à 2 élèves.");
        assert!(school.told("Karim").starts_with("Le cours a commencé et l’on vous attend : Réseaux"));
        assert_eq!(school.press("Mamadou", "Écrire aux 2").await, "Il n’y a personne d’autre à qui écrire.");
        assert_eq!(
            school.press("Mamadou", "Annoncer 5 min").await,
            "Le groupe sait que vous arrivez avec 5 min de retard."
        );
        assert_eq!(school.last(school.group), "Réseaux : l’enseignant arrive avec 5 min de retard.");
        assert_eq!(school.press("Mamadou", "Prolonger").await, "L’appel reste ouvert jusqu’à 16:20 (Paris).");
        school.until("16:10").await;
        assert!(school.sandbox.calls(school.group)[0].open);
        school.until("16:20").await;
        assert!(!school.sandbox.calls(school.group)[0].open);
        assert_eq!(school.said(&id).await[1], "Inès M. : présent");
        school.check().await;

        let (school, _) = in_call(engine).await;
        school.until("15:00").await;
        assert_eq!(school.press("Mamadou", "Fermer l’appel").await, "L’appel se ferme.");
        assert!(!school.sandbox.calls(school.group)[0].open);
        school.until("15:10").await;
        assert_eq!(school.sandbox.calls(school.group).len(), 1, "closed is closed");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_follows_its_lesson() {
    for engine in Engine::all() {
        // Cancelled while it runs.
        let (school, id) = in_call(engine).await;
        school.until("14:10").await;
        school.cancel(&id).await;
        school.until("14:11").await;
        assert!(!school.sandbox.calls(school.group)[0].open);
        school.check().await;

        // Made longer.
        let (school, id) = in_call(engine).await;
        school.until("14:10").await;
        school.change(&id, |session| session.end_at = session.end_at.plus_minutes(30)).await;
        school.until("16:20").await;
        assert!(school.sandbox.calls(school.group)[0].open);
        school.until("16:35").await;
        assert!(!school.sandbox.calls(school.group)[0].open);
        school.check().await;

        // Two lessons in a row share one call.
        let (school, _) = in_call(engine).await;
        let next = Session { mode: Mode::Remote, subject: "Algo".to_owned(), ..school.lesson("16:00", "17:00", None) };
        let second = school.plan(next).await;
        enter(&school, &["Inès"]);
        school.until("16:10").await;
        let calls = school.sandbox.calls(school.group);
        assert_eq!((calls.len(), calls[0].open), (1, true), "{calls:?}");
        school.until("17:00").await;
        assert_eq!(school.said(&second).await[1], "Inès M. : présent");
        school.until("17:06").await;
        assert!(!school.sandbox.calls(school.group)[0].open);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_minutes_without_anybody_are_told_to_the_teacher() {
    for engine in Engine::all() {
        let (school, _) = in_call(engine).await;
        school.until("14:11").await;
        let told = school.told("Mamadou");
        assert!(told.contains("10 min après le début, personne n’est noté présent."), "{told}");
        school.check().await;

        let (school, _) = in_call(engine).await;
        enter(&school, &["Inès"]);
        school.until("14:11").await;
        assert!(!school.told("Mamadou").contains("personne n’est noté"), "{}", school.told("Mamadou"));
        school.check().await;
    }
}

/// The answer to a message in the group is lost: the school's account looks there before anything is sent again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_whose_answer_was_lost_is_looked_for_in_the_group() {
    for engine in Engine::all() {
        for lost in [true, false] {
            let school = School::on(engine).await;
            school.caller().await;
            let id = school.plan_usual().await;
            school.until("13:44").await;
            let method = Some("sendMessage".to_owned());
            let fault = if lost { Fault::LostAnswer { method, times: 1 } } else { Fault::Reset { method, times: 1 } };
            school.sandbox.fault(fault);
            school.until("13:47").await;
            let reminders = school.about("Réseaux");
            assert_eq!(reminders.len(), 1, "lost {lost}: {reminders:#?}");
            assert!(!school.told("Claire").contains("Peut-être non envoyé"), "{}", school.told("Claire"));
            // It is known where it stands: what follows is written into it.
            school.cancel(&id).await;
            assert!(school.about("Réseaux")[0].text.contains("annulé"), "{:?}", school.about("Réseaux"));
            school.check().await;
        }
    }
}
