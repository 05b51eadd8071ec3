//! An account that is signed in and cannot be used: it does not open on the server, or Telegram does not answer it.

use preau::sandbox::Fault;
use preau::school::session::{Mode, Session};
use preau::telegram::port::Callers as _;

use super::school::{School, at};
use crate::world::Engine;

async fn remote(school: &School, from: &str, to: &str) {
    let lesson = school.lesson(from, to, None);
    school.plan(Session { mode: Mode::Remote, ..lesson }).await;
}

/// What somebody was told that holds these words.
fn said(school: &School, who: &str, words: &str) -> Vec<String> {
    let all = school.all(school.is(who)).into_iter().map(|message| message.text);
    all.filter(|text| text.contains(words)).collect()
}

async fn again(school: &mut School, hour: &str) {
    school.stop().await;
    school.clock.set(at("24/11/2026", hour));
    school.start().await.expect("again");
    school.app().expect("running").callers().gather().await.expect("gathered");
    school.drain().await.expect("quiet");
}

const TOLD: &str = "ne s’ouvre pas sur le serveur. Un secret";

/// The key of the secrets is moved away during a call: whoever looks after the machine knows it, once, and everybody hears
/// the true cause; put back, the account is used again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_whose_secret_does_not_open_is_told_of_and_shown() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let account = school.caller().await;
        remote(&school, "14:00", "16:00").await;
        school.until("14:01").await;
        assert_eq!(school.sandbox.calls(school.group).len(), 1, "{engine:?}");
        let (key, aside) = (school.place.path("secrets.key"), school.place.path("aside.key"));
        std::fs::rename(&key, &aside).expect("moved away");
        again(&mut school, "14:05").await;
        school.until("14:08").await;
        let told = said(&school, "Claire", TOLD);
        assert_eq!(told.len(), 1, "{engine:?}: {told:?}");
        assert!(
            told[0].contains("sa clé manque. Remettez le fichier secrets.key_file") && told[0].contains("(SEC-01)")
        );
        assert!(said(&school, "Mamadou", TOLD).is_empty() && said(&school, "Éric", TOLD).is_empty(), "admins only");
        let unseen = said(&school, "Mamadou", "Je ne vois plus qui est dans l’appel");
        assert_eq!(unseen.len(), 1, "{engine:?}: {unseen:?}");
        let cause = "le compte de l’école ne s’ouvre pas sur le serveur ; l’administrateur est prévenu.";
        assert!(unseen[0].contains(cause), "{unseen:?}");
        let state = school.ask("Claire", "/etat").await;
        let name = account.to_string();
        let shut = format!("· Compte appelant {name} : il ne s’ouvre pas sur le serveur depuis le mar. 24 nov., 14:05");
        assert!(state.contains(&shut) && state.contains("Remettez le fichier secrets.key_file"), "{engine:?}: {state}");
        assert!(!state.contains(&format!("· Compte appelant : {name}.")), "{state}");

        // Said once, however often it is started; a lesson without its call has the true cause.
        again(&mut school, "16:30").await;
        assert_eq!(said(&school, "Claire", TOLD).len(), 1, "{engine:?}");
        assert!(school.ask("Claire", "/etat").await.contains(&shut), "since then still");
        remote(&school, "17:00", "18:00").await;
        school.until("17:01").await;
        let causes =
            [("Mamadou", cause), ("Claire", "le compte appelant ne s’ouvre pas sur le serveur. /etat dit pourquoi")];
        for (who, cause) in causes {
            let told = said(&school, who, "Pas d’appel vidéo pour Réseaux");
            assert!(told.len() == 1 && told[0].contains(cause), "{engine:?}, {who}: {told:?}");
        }

        // Its key is back.
        std::fs::rename(&aside, &key).expect("put back");
        school.app().expect("running").callers().gather().await.expect("gathered");
        let state = school.ask("Claire", "/etat").await;
        assert!(
            !state.contains("ne s’ouvre pas") && state.contains(&format!("· Compte appelant : {name}.")),
            "{state}"
        );
        remote(&school, "18:30", "19:00").await;
        school.until("18:31").await;
        assert_eq!(school.sandbox.calls(school.group).iter().filter(|call| call.open).count(), 1, "{engine:?}");
        school.until("19:10").await;
        assert_eq!(said(&school, "Claire", TOLD).len(), 1, "{engine:?}");
        school.check().await;
    }
}

/// MTProto is out of reach while the Bot API works.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_telegram_does_not_answer_is_shown_until_it_does() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let name = school.caller().await.to_string();
        let accounts = school.app().expect("running").callers().clone();
        assert_eq!(accounts.prove().await, Some(()));
        let well = format!("· Compte appelant : {name}.");
        assert!(school.ask("Claire", "/etat").await.contains(&well), "{engine:?}");
        // Asked five times before it counts as away.
        school.sandbox.fault(Fault::Reset { method: Some("updates.getState".to_owned()), times: 5 });
        school.until("09:10").await;
        assert_eq!(accounts.prove().await, Some(()));
        let state = school.ask("Claire", "/etat").await;
        let away = format!("· Compte appelant {name} : Telegram ne lui répond pas depuis le mar. 24 nov., 09:10");
        assert!(state.contains(&away) && !state.contains(&well), "{engine:?}: {state}");
        assert!(!state.starts_with("Tout va bien"), "{state}");
        // One broken connection is no absence; an answer ends it.
        school.sandbox.fault(Fault::Reset { method: Some("updates.getState".to_owned()), times: 1 });
        assert_eq!(accounts.prove().await, Some(()));
        let state = school.ask("Claire", "/etat").await;
        assert!(state.contains(&well) && !state.contains("ne lui répond pas"), "{engine:?}: {state}");
        assert!(said(&school, "Claire", "compte appelant").is_empty(), "nothing that somebody must do at once");
        assert_eq!(accounts.shut(), [0; 0]);
        school.check().await;
    }
}
