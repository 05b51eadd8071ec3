//! Calls that are not seen any more once they were: what their roll says then, and who is written to.

use preau::sandbox::{Fault, Message};

use super::calls::{enter, in_call, remote};
use super::school::School;
use crate::world::Engine;

const HIDDEN: &str = "Telegram cache qui est dans l’appel : pointez ici.";

/// The one message in which the teacher follows who is there.
fn board(school: &School) -> Message {
    let counts = |message: &Message| ["Présents ", "Vus "].iter().any(|words| message.text.contains(words));
    let found: Vec<_> = school.all(school.is("Mamadou")).into_iter().filter(counts).collect();
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0].clone()
}

fn keys(message: &Message) -> Vec<String> {
    message.buttons.concat().into_iter().map(|key| key.text).collect()
}

fn nudges(school: &School) -> Vec<String> {
    let said = school.all(school.is("Mamadou")).into_iter().map(|said| said.text);
    said.filter(|text| text.contains("personne n’est noté présent")).collect()
}

/// The empty call was seen whole at first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_missed_in_a_call_that_hides_its_listeners_after_a_while() {
    for engine in Engine::all() {
        let (school, _) = in_call(engine).await;
        school.until("13:56").await;
        assert!(board(&school).text.contains("Présents 0/5"), "{engine:?}: {}", board(&school).text);
        school.sandbox.fault(Fault::HiddenListeners(school.group));
        enter(&school, &["Inès", "Karim"]);
        school.until("13:58").await;
        assert!(board(&school).text.contains("Vus 0/5 : Telegram cache"), "{engine:?}: {}", board(&school).text);
        school.until("14:20").await;
        let roll = board(&school);
        assert!(roll.text.contains("À pointer 5") && roll.text.contains(HIDDEN), "{engine:?}: {}", roll.text);
        assert!(keys(&roll).iter().all(|key| !key.starts_with("Écrire")), "{engine:?}: {roll:#?}");
        assert!(nudges(&school).is_empty(), "{engine:?}: {:?}", nudges(&school));
        // They are shown again: who was there all along is, and the others are missed.
        school.sandbox.fault(Fault::ShownListeners(school.group));
        school.until("14:22").await;
        let roll = board(&school);
        assert!(roll.text.contains("Présents 2 · Pas encore là 3"), "{engine:?}: {}", roll.text);
        assert!(!roll.text.contains(HIDDEN), "{engine:?}: {}", roll.text);
        assert!(keys(&roll).contains(&"Écrire aux 3".to_owned()), "{engine:?}: {roll:#?}");
        assert!(nudges(&school).is_empty(), "{engine:?}: {:?}", nudges(&school));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_nobody_came_is_told_once_a_call_that_hid_them_is_seen_again() {
    for engine in Engine::all() {
        let (school, _) = in_call(engine).await;
        school.until("14:02").await;
        school.sandbox.fault(Fault::HiddenListeners(school.group));
        school.until("14:12").await;
        assert!(nudges(&school).is_empty(), "{engine:?}: {:?}", nudges(&school));
        school.sandbox.fault(Fault::ShownListeners(school.group));
        school.until("14:20").await;
        let told = nudges(&school);
        assert!(told.len() == 1 && told[0].contains("12 min après"), "{engine:?}: {told:?}");
        let roll = board(&school);
        assert!(roll.text.contains("Présents 0 · Pas encore là 5"), "{engine:?}: {}", roll.text);
        school.check().await;
    }
}

/// The school's only account is signed out while the call is open.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_missed_in_a_call_that_nobody_looks_into_any_more() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let account = school.caller().await;
        remote(&school).await;
        school.until("13:56").await;
        school.sandbox.fault(Fault::RevokeSession(account));
        enter(&school, &["Karim"]);
        school.until("14:20").await;
        let roll = board(&school);
        assert!(roll.text.contains("Présents 0 · À pointer 5"), "{engine:?}: {}", roll.text);
        assert!(keys(&roll).iter().all(|key| !key.starts_with("Écrire")), "{engine:?}: {roll:#?}");
        assert!(nudges(&school).is_empty(), "{engine:?}: {:?}", nudges(&school));
        let said = school.all(school.is("Mamadou"));
        let told = said.iter().filter(|said| said.text.starts_with("Je ne vois plus qui est dans l’appel")).count();
        assert_eq!(told, 1, "{engine:?}: {said:#?}");
        school.check().await;
    }
}

/// The key stood there when the call was seen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_written_to_who_may_be_in_the_call_unseen() {
    for engine in Engine::all() {
        let (school, _) = in_call(engine).await;
        enter(&school, &["Inès"]);
        school.until("14:02").await;
        let roll = board(&school);
        let key = roll.buttons.concat().into_iter().find(|key| key.text == "Écrire aux 4").expect("a key");
        school.sandbox.fault(Fault::HiddenListeners(school.group));
        enter(&school, &["Karim"]);
        school.until("14:04").await;
        let teacher = school.is("Mamadou");
        let query = school.sandbox.press_data(teacher, teacher, roll.id, key.data.as_deref().expect("a press"));
        school.drain().await.expect("quiet");
        let said = school.sandbox.callback_answer(&query).flatten().unwrap_or_default();
        assert!(said.starts_with("Je ne vois pas qui est dans l’appel"), "{engine:?}: {said}");
        for who in ["Karim", "Léa"] {
            let told = school.all(school.is(who));
            assert!(told.iter().all(|told| !told.text.contains("l’on vous attend")), "{engine:?}: {told:#?}");
        }
        school.check().await;
    }
}

/// The same press twice adds once, and the key that is there then adds again: to the roll, and to the sheet.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_press_that_prolongs_a_call_counts_once() {
    for engine in Engine::all() {
        let (school, _) = in_call(engine).await;
        enter(&school, &["Inès"]);
        school.until("14:12").await;
        let (teacher, roll) = (school.is("Mamadou"), board(&school));
        let key = roll.buttons.concat().into_iter().find(|key| key.text.starts_with("Prolonger")).expect("a key");
        let data = key.data.expect("a press");
        let quick = [(); 2].map(|()| school.sandbox.press_data(teacher, teacher, roll.id, &data));
        school.drain().await.expect("quiet");
        for query in quick {
            let said = school.sandbox.callback_answer(&query).flatten().unwrap_or_default();
            assert_eq!(said, "L’appel reste ouvert jusqu’à 16:20 (Paris).", "{engine:?}");
        }
        assert_eq!(
            school.press("Mamadou", "Prolonger").await,
            "L’appel reste ouvert jusqu’à 16:35 (Paris).",
            "{engine:?}"
        );
        assert!(board(&school).text.contains("Présents 1"), "{engine:?}: {}", board(&school).text);
        school.until("16:10").await;
        assert_eq!(
            school.press("Mamadou", "Prolonger").await,
            "L’appel reste ouvert jusqu’à 16:50 (Paris).",
            "{engine:?}"
        );
        // What stood there before tells what is so, and adds nothing.
        let query = school.sandbox.press_data(teacher, teacher, roll.id, &data);
        school.drain().await.expect("quiet");
        let said = school.sandbox.callback_answer(&query).flatten().unwrap_or_default();
        assert_eq!(said, "L’appel reste ouvert jusqu’à 16:50 (Paris).", "{engine:?}");
        assert_eq!(
            school.press("Mamadou", "Prolonger").await,
            "L’appel reste ouvert jusqu’à 17:05 (Paris).",
            "{engine:?}"
        );
        school.until("17:04").await;
        assert!(school.sandbox.calls(school.group)[0].open, "{engine:?}");
        school.until("17:05").await;
        assert!(!school.sandbox.calls(school.group)[0].open, "{engine:?}");
        school.check().await;
    }
}
