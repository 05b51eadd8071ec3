//! The calling account is lost, comes back, is away for a while.

use preau::platform::store::Tx;
use preau::sandbox::Fault;
use preau::school::session::{Mode, Session};
use preau::telegram::caller::store;

use super::school::School;
use crate::world::{Engine, seed};

/// « Réseaux », 14:00–16:00, remote, without a link of its own.
async fn remote(school: &School) -> String {
    let lesson = school.lesson("14:00", "16:00", None);
    school.plan(Session { mode: Mode::Remote, ..lesson }).await
}

/// How often somebody was told of a lost account.
fn losses(school: &School, who: &str) -> Vec<String> {
    let said = school.all(school.is(who)).into_iter().map(|message| message.text);
    said.filter(|text| text.contains("n’est plus connecté à Telegram")).collect()
}

async fn accounts(school: &School) -> Vec<store::Account> {
    school.write(async |tx: &mut Tx| store::accounts(tx).await).await
}

/// What an account asked of Telegram so far.
fn asked(school: &School, method: &str) -> usize {
    school.sandbox.journal().iter().filter(|call| call.method == method).count()
}

const LOOK: &str = "phone.getGroupCall";

/// What the running program does every two seconds.
async fn gather(school: &School) {
    school.app().expect("running").callers().gather().await.expect("gathered");
    school.drain().await.expect("quiet");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_account_takes_the_live_call_over_and_admins_are_told_once() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let first = school.caller().await;
        let second = school.caller_number(2).await;
        let id = remote(&school).await;
        school.until("14:01").await;
        let calls = school.sandbox.calls(school.group);
        assert_eq!(calls.len(), 1, "{calls:?}");
        school.sandbox.join_call(school.is("Inès"), school.group).expect("joined");
        school.until("14:05").await;
        school.sandbox.fault(Fault::RevokeSession(first));
        school.until("14:10").await;
        let kept = accounts(&school).await;
        let state = |account| kept.iter().find(|kept| kept.account == account).expect("kept");
        assert_eq!(state(first).why.as_deref(), Some("AUTH_KEY_UNREGISTERED"));
        assert!(state(second).is_ready());
        assert_eq!(losses(&school, "Claire").len(), 1);
        let told = &losses(&school, "Claire")[0];
        assert!(told.contains("Telegram l’a déconnecté"), "{told}");
        assert!(told.contains("« preau login » avec ce compte ou un autre."), "{told}");
        assert!(losses(&school, "Mamadou").is_empty() && losses(&school, "Éric").is_empty(), "admins only");
        // The other goes on looking, into the same call.
        let looked = asked(&school, LOOK);
        school.sandbox.join_call(school.is("Léa"), school.group).expect("joined");
        school.until("14:12").await;
        assert!(asked(&school, LOOK) > looked);
        let told = school.told("Mamadou");
        assert!(told.contains("Présents 2 · Pas encore là 3"), "{told}");
        assert_eq!(school.sandbox.calls(school.group).len(), 1, "no second call");
        let state = school.ask("Claire", "/etat").await;
        assert!(state.contains(&format!("· Compte appelant {first} : perdu depuis le mar. 24 nov., 14:05")), "{state}");
        assert!(state.contains(&format!("· Compte appelant : {second}.")), "{state}");
        school.until("16:05").await;
        assert!(!school.sandbox.calls(school.group)[0].open, "the other ended it");
        assert_eq!(losses(&school, "Claire").len(), 1);
        assert!(school.sheet(&id).await.is_some());
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_another_account_the_lesson_goes_on_without_its_call() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let account = school.caller().await;
        remote(&school).await;
        school.until("13:58").await;
        assert!(school.sandbox.calls(school.group)[0].open);
        school.sandbox.fault(Fault::Deactivated(account));
        school.until("14:00").await;
        let told = losses(&school, "Claire");
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("Telegram l’a banni ou supprimé"), "{told:?}");
        assert!(told[0].contains("avec un autre numéro") && !told[0].contains("avec ce compte"), "{told:?}");
        let said = school.all(school.is("Mamadou"));
        assert_eq!(said.iter().filter(|said| said.text.starts_with("Je ne vois plus qui est dans l’appel")).count(), 1);
        school.press_in("Inès", school.group, "Je suis là").await;
        school.until("14:10").await;
        let roll = school.all(school.is("Mamadou")).into_iter().any(|said| said.text.contains("Présents 1"));
        assert!(roll, "the roll follows what students say");
        let asked_before = school.sandbox.journal().iter().filter(|call| call.method.contains('.')).count();
        school.until("16:10").await;
        let asked_after = school.sandbox.journal().iter().filter(|call| call.method.contains('.')).count();
        assert_eq!(asked_before, asked_after, "who is lost is not asked again");
        // A second lesson: its call is not even tried, and nobody is told of the loss again.
        assert_eq!(losses(&school, "Claire").len(), 1);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_before_a_call_it_is_used_again_after_a_new_sign_in() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let account = school.caller().await;
        remote(&school).await;
        school.sandbox.fault(Fault::RevokeSession(account));
        school.until("13:56").await;
        assert!(school.sandbox.calls(school.group).is_empty());
        assert_eq!(losses(&school, "Claire").len(), 1);
        let keys = school.keys(school.group);
        assert!(keys.iter().flatten().any(|key| key == "Je suis là"), "{keys:?}");
        let why = [
            ("Mamadou", "le compte de l’école n’est pas connecté ; l’administrateur est prévenu."),
            ("Claire", "aucun compte appelant n’est connecté (« preau login » sur le serveur)."),
        ];
        for (who, why) in why {
            let said = school.all(school.is(who)).into_iter().map(|said| said.text);
            let told: Vec<_> = said.filter(|text| text.starts_with("Pas d’appel vidéo pour Réseaux")).collect();
            assert!(told.len() == 1 && told[0].contains(why), "{engine:?}, {who}: {told:#?}");
        }
        // The seed that was lost is not taken for a new sign-in.
        gather(&school).await;
        assert!(!accounts(&school).await[0].is_ready());
        // Another is, and the next lesson has its call.
        std::fs::write(seed(&school.place, 1), school.sandbox.caller_seed(Some(account))).expect("a seed");
        school.until("13:57").await;
        gather(&school).await;
        assert!(accounts(&school).await[0].is_ready());
        let lesson = school.lesson("17:00", "18:00", None);
        school.plan(Session { mode: Mode::Remote, ..lesson }).await;
        school.until("16:57").await;
        let calls = school.sandbox.calls(school.group);
        assert_eq!(calls.iter().filter(|call| call.open).count(), 1, "{calls:?}");
        let state = school.ask("Claire", "/etat").await;
        assert!(state.contains(&format!("· Compte appelant : {account}.")) && !state.contains("perdu"), "{state}");
        school.until("18:06").await;
        assert_eq!(losses(&school, "Claire").len(), 1);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_break_lose_nothing_and_tell_nobody() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.caller().await;
        remote(&school).await;
        school.until("14:01").await;
        school.sandbox.restart();
        school.until("14:03").await;
        let method = Some(LOOK.to_owned());
        school.sandbox.fault(Fault::Reset { method: method.clone(), times: 2 });
        school.sandbox.fault(Fault::LostAnswer { method, times: 2 });
        school.sandbox.join_call(school.is("Inès"), school.group).expect("joined");
        school.until("14:06").await;
        school.sandbox.restart();
        school.until("14:12").await;
        assert!(school.told("Mamadou").contains("Présents 1"), "{}", school.told("Mamadou"));
        assert!(accounts(&school).await.iter().all(store::Account::is_ready));
        for who in ["Claire", "Éric", "Mamadou"] {
            assert!(losses(&school, who).is_empty());
            let unseen = |text: &str| text.contains("Je ne vois plus") || text.contains("Pas d’appel");
            assert!(school.all(school.is(who)).iter().all(|said| !unseen(&said.text)), "{who}");
        }
        assert_eq!(school.sandbox.calls(school.group).len(), 1);
        school.until("16:06").await;
        assert!(!school.sandbox.calls(school.group)[0].open);
        school.check().await;
    }
}

/// A look that is overdue when the program starts is the first thing it does, and its account connects that same moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_during_a_call_alarms_nobody() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        school.caller().await;
        remote(&school).await;
        school.until("14:01").await;
        school.sandbox.join_call(school.is("Inès"), school.group).expect("joined");
        for minute in 5..13 {
            school.stop().await;
            school.clock.set(super::school::at("24/11/2026", &format!("14:{minute:02}")));
            school.start().await.expect("again");
            school.drain().await.expect("quiet");
        }
        let said: Vec<_> = school.all(school.is("Mamadou")).into_iter().map(|said| said.text).collect();
        assert!(!said.iter().any(|text| text.contains("Je ne vois plus")), "{engine:?}: {said:#?}");
        assert!(said.iter().any(|text| text.contains("Présents 1")), "{said:#?}");
        school.check().await;
    }
}

/// An account of the school's that is in a call is nobody's presence, nor anybody to be named.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_schools_own_accounts_are_nobody_in_a_call() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let accounts = [school.caller().await, school.caller_number(2).await];
        let id = remote(&school).await;
        school.until("13:56").await;
        for account in accounts {
            school.sandbox.join_call(account, school.group).expect("joined");
        }
        school.sandbox.join_call(school.is("Inès"), school.group).expect("joined");
        school.until("14:20").await;
        let told = school.told("Mamadou");
        assert!(told.contains("Présents 1") && !told.contains("sans que je sache qui"), "{engine:?}: {told}");
        let strangers = async |tx: &mut Tx| preau::school::attendance::flow::strangers(tx, &id).await;
        assert_eq!(school.write(strangers).await, [], "{engine:?}");
        school.check().await;
    }
}
