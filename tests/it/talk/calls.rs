//! The call of a remote lesson: opened by the school's account, seen, ended, and what stands for it when it fails.

use preau::sandbox::Fault;
use preau::school::session::{Mode, Session};

use super::school::School;
use crate::world::Engine;

/// « Réseaux », 14:00–16:00, remote, without a link of its own.
async fn remote(school: &School) -> String {
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
