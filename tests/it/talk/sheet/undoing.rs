//! A tap too many is taken back; nobody's word goes where nobody reads it.

use preau::school::attendance::SheetState;
use preau::school::session::Session;

use super::super::school::School;
use super::fair::{held, night};
use crate::world::Engine;

/// « Tous présents » stands beside « Tous présents sauf… ».
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_roll_that_was_saved_is_taken_back() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        school.until("13:45").await;
        school.press_in("Noé", school.group, "Je serai absent").await;
        school.until("14:00").await;
        let before = school.said(&id).await;
        assert_eq!(school.press("Mamadou", "Tous présents").await, "");
        // The first key that says so is « Tous présents sauf… »: who announced an absence is picked already.
        assert!(school.told("Mamadou").starts_with("1 absent choisi, 4 à noter « présent »."));
        school.press("Mamadou", "Retour").await;
        let teacher = school.is("Mamadou");
        let roll = school.all(teacher).pop().expect("the roll");
        let all = roll.buttons.iter().flatten().find(|key| key.text == "Tous présents").expect("a key");
        let query = school.sandbox.press_data(teacher, teacher, roll.id, all.data.as_ref().expect("data"));
        school.drain().await.expect("quiet");
        assert_eq!(school.sandbox.callback_answer(&query).flatten(), None);
        // It would have made an announced absence a presence: it asks.
        assert_eq!(school.told("Mamadou"), "Noé B. a annoncé son absence. Que noter ?");
        assert_eq!(
            school.keys(teacher),
            [vec!["Tous présents sauf 1"], vec!["Tous présents : 5"], vec!["« Retour", "✕ Fermer"]]
        );
        assert_eq!(school.said(&id).await, before);
        assert_eq!(school.press("Mamadou", "Tous présents : 5").await, "5 lignes notées.");
        assert_eq!(school.keys(teacher), [["Liste"], ["Annuler (10 min)"]]);
        // What students say meanwhile brings the roll up to date and leaves the key.
        school.until("14:02").await;
        assert_eq!(school.keys(teacher), [["Liste"], ["Annuler (10 min)"]]);
        assert_eq!(school.press("Mamadou", "Annuler").await, "C’est annulé : 5 lignes sont comme avant.");
        assert_eq!(school.said(&id).await, before);
        assert_eq!(school.keys(teacher)[0], ["Tous présents sauf…", "Tous présents"]);

        // Not once somebody changed the sheet since, nor after ten minutes.
        school.press("Mamadou", "sauf").await;
        school.press("Mamadou", "Enregistrer, 1").await;
        let saved = school.said(&id).await;
        let roll = school.all(teacher).pop().expect("the roll");
        let undo = roll.buttons.iter().flatten().find(|key| key.text.starts_with("Annuler")).expect("a key").clone();
        school.until("14:20").await;
        let query = school.sandbox.press_data(teacher, teacher, roll.id, undo.data.as_ref().expect("data"));
        school.drain().await.expect("quiet");
        let words = school.sandbox.callback_answer(&query).flatten();
        assert_eq!(words.as_deref(), Some("Les 10 minutes sont passées. Changez chaque ligne par la liste."));
        assert_eq!(school.said(&id).await, saved);
        school.check().await;
    }
}

/// Once somebody stands by a sheet, each change of it has its reason.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_validated_sheet_is_not_filled_by_one_tap() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        school.until("16:00").await;
        let teacher = school.is("Mamadou");
        let asked = school.all(teacher).pop().expect("the sheet");
        let all = asked.buttons.iter().flatten().find(|key| key.text == "Tous présents").expect("a key").clone();
        school.press("Mamadou", "Valider").await;
        school.press("Mamadou", "Valider ainsi").await;
        assert_eq!(school.sheet(&id).await.expect("a sheet").state, SheetState::Validated);
        let before = school.said(&id).await;
        assert!(
            !school.keys(teacher).iter().flatten().any(|key| key.contains("présents")),
            "{:?}",
            school.keys(teacher)
        );
        // The key of before does nothing either.
        let query = school.sandbox.press_data(teacher, teacher, asked.id, all.data.as_ref().expect("data"));
        school.drain().await.expect("quiet");
        assert!(school.sandbox.callback_answer(&query).flatten().is_some());
        assert_eq!(school.said(&id).await, before);
        school.check().await;
    }
}

/// A supervisor of other classes could do nothing with a roll: it goes to one who can.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_roll_goes_to_somebody_who_may_take_it() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        // Éric looks after another class only; Claire is an admin.
        let other = school.add_class("BTS SIO 2B").await;
        let lesson = Session { classroom_id: other, teacher_id: None, ..school.lesson("14:00", "16:00", None) };
        school.plan(lesson).await;
        let (before, claire) = (school.all(school.is("Éric")).len(), school.all(school.is("Claire")).len());
        school.until("14:00").await;
        assert_eq!(school.all(school.is("Éric")).len(), before, "he could not take it");
        assert_eq!(school.all(school.is("Claire")).len(), claire + 1);
        school.check().await;
    }
}

/// The teacher blocked the bot: the student was promised that somebody decides.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_contest_that_the_teacher_cannot_be_told_goes_to_those_in_charge() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let id = school.plan_usual().await;
        held(&school, "Noé B.").await;
        school.press("Mamadou", "Valider").await;
        school.sandbox.block_bot(school.is("Mamadou"), true);
        school.expects("bot was blocked");
        school.ask("Noé", "/moi").await;
        school.press("Noé", "Contester").await;
        school.ask("Noé", "J’étais là").await;
        assert!(school.told("Éric").contains("Noé B."), "{}", school.told("Éric"));
        assert!(school.told("Éric").contains("J’étais là"), "{}", school.told("Éric"));
        school.press("Éric", "Mettre présent").await;
        school.press("Éric", "Contestation acceptée").await;
        assert!(school.said(&id).await.iter().any(|line| line == "Noé B. : présent"));
        // It was answered: there is nothing more to wait for.
        let words = school.press("Noé", "Contester").await;
        assert!(words.starts_with("Vous avez déjà contesté cette ligne, et la réponse"), "{words}");
        school.check().await;
    }
}

/// Who did what, from the first day: also when nobody but time did it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_time_does_to_a_sheet_is_recorded() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let id = school.plan_usual().await;
        school.until("16:00").await;
        school.press("Mamadou", "Valider").await;
        school.press("Mamadou", "Valider ainsi").await;
        night(&mut school, "06/12/2026").await;
        let object = format!("sheet:{id}");
        let actions = async || -> Vec<String> {
            let all = school.write(async |tx| preau::school::audit::store::of_object(tx, &object).await).await;
            all.into_iter().map(|entry| entry.action).collect()
        };
        assert_eq!(actions().await, ["sheet.opened", "sheet.proposed", "sheet.validated", "sheet.locked"]);
        school.check().await;
    }
}

/// Who looked at one way of answering may still take another: the student's words stay where they are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_contest_stays_open_to_both_answers_until_one_is_given() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        held(&school, "Noé B.").await;
        school.press("Mamadou", "Valider").await;
        school.ask("Noé", "/moi").await;
        school.press("Noé", "Contester").await;
        school.ask("Noé", "J’étais au fond").await;
        school.press("Mamadou", "Mettre présent").await;
        school.press("Mamadou", "✕ Fermer").await;
        school.press("Mamadou", "Autre état").await;
        school.press("Mamadou", "✕ Fermer").await;
        assert!(school.all(school.is("Mamadou")).iter().any(|message| message.text.contains("J’étais au fond")));
        school.press("Mamadou", "Refuser").await;
        assert_eq!(school.ask("Mamadou", "Personne ne l’a vu").await, "Refusé. Je transmets votre explication.");
        assert_eq!(school.said(&id).await[0], "Noé B. : absent");
        school.check().await;
    }
}
