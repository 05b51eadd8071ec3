//! One's own line, contesting it, and what is too old for either.

use preau::school::attendance::{SheetState, flow as attendance};

use super::super::school::School;
use super::fair::held;
use crate::world::Engine;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_s_own_line_and_contesting_it() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        assert_eq!(
            school.ask("Noé", "/moi").await,
            "Je n’ai aucune présence notée pour vous ces deux dernières semaines."
        );
        school.until("14:00").await;
        school.press("Mamadou", "sauf").await;
        for name in ["Noé B.", "Inès M."] {
            school.press("Mamadou", name).await;
        }
        school.press("Mamadou", "Enregistrer").await;
        school.until("16:00").await;
        assert_eq!(
            school.ask("Noé", "/moi").await,
            "Votre présence ces deux dernières semaines :\n\
– Réseaux, mar. 24 nov., 14:00–16:00 (Paris) : absent (feuille pas encore validée)"
        );
        school.press("Mamadou", "Valider").await;
        // In the group the command goes away, and the answer comes in private.
        let group = school.group;
        let count = school.all(group).len();
        school.sandbox.say(school.is("Noé"), group, "/moi");
        school.drain().await.expect("quiet");
        assert_eq!(school.all(group).len(), count);
        assert!(!school.sandbox.messages(group).iter().any(|message| message.text == "/moi"));
        assert_eq!(
            school.told("Noé"),
            "Votre présence ces deux dernières semaines :\n– Réseaux, mar. 24 nov., 14:00–16:00 (Paris) : absent"
        );
        assert!(school.ask("Léa", "/me").await.ends_with(": présent"));
        assert_eq!(school.keys(school.is("Léa")), [["Contester 14:00 mar. 24 nov."], ["✕ Fermer"]]);

        school.press("Noé", "Contester 14:00 mar. 24 nov.").await;
        assert!(school.told("Noé").starts_with("Vous contestez votre ligne : Réseaux, mar. 24 nov."));
        let noted = school.ask("Noé", "J’étais au fond de la salle").await;
        assert_eq!(noted, "C’est transmis à votre enseignant. La réponse vous arrivera ici.");
        assert_eq!(
            school.told("Mamadou"),
            "Noé B. conteste sa ligne (absent). Réseaux, mar. 24 nov., 14:00–16:00 (Paris). « J’étais au fond de la salle »"
        );
        assert_eq!(school.keys(school.is("Mamadou")), [vec!["Mettre présent", "Autre état…"], vec!["Refuser"]]);
        assert!(school.press("Noé", "Contester").await.starts_with("Vous avez déjà contesté"));
        school.press("Mamadou", "Mettre présent").await;
        assert_eq!(school.said(&id).await[0], "Noé B. : absent", "a reason is asked first");
        assert_eq!(
            school.press("Mamadou", "Contestation acceptée").await,
            "C’est noté : la ligne dit maintenant « présent », et je le fais savoir."
        );
        assert_eq!(
            school.told("Noé"),
            "Votre contestation est acceptée. Votre ligne dit maintenant « présent » : Réseaux, mar. 24 nov., 14:00–16:00 (Paris)."
        );
        assert_eq!(school.said(&id).await[0], "Noé B. : présent");
        assert!(school.last(group).contains("4 présents sur 5"));
        assert_eq!(school.files("Éric").len(), 2);

        // Refused, with a reason.
        school.ask("Inès", "/moi").await;
        school.press("Inès", "Contester").await;
        school.ask("Inès", "Le bus").await;
        school.press("Mamadou", "Refuser").await;
        let asked = school.told("Mamadou");
        assert!(asked.starts_with("Écrivez-moi en une phrase pourquoi vous refusez"), "{asked}");
        assert!(asked.ends_with("Pas de détail de santé, s’il vous plaît."), "{asked}");
        assert_eq!(school.ask("Mamadou", "Le bus n’est pas la salle").await, "Refusé. Je transmets votre explication.");
        assert_eq!(
            school.told("Inès"),
            "Votre contestation est refusée. Réseaux, mar. 24 nov., 14:00–16:00 (Paris). Explication : « Le bus n’est pas la salle »"
        );
        assert_eq!(school.said(&id).await[1], "Inès M. : absent");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_seven_days_nobody_contests_and_after_ten_two_people_change() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let id = school.plan_usual().await;
        held(&school, "Noé B.").await;
        school.press("Mamadou", "Valider").await;
        school.to("01/12/2026", "16:00").await;
        school.ask("Noé", "/moi").await;
        assert_eq!(school.keys(school.is("Noé")).len(), 2);
        school.until("16:01").await;
        assert_eq!(
            school.press("Noé", "Contester").await,
            "Le délai de 7 jours pour contester est passé. Parlez-en à l’école. (PRE-04)"
        );
        school.ask("Noé", "/moi").await;
        assert_eq!(school.keys(school.is("Noé")), [["✕ Fermer"]]);
        school.to("05/12/2026", "02:00").await;
        // Each machine minute the next occurrence is written; so is it at a start.
        school.stop().await;
        school.start().await.expect("starts");
        school.until("04:00").await;
        assert_eq!(school.sheet(&id).await.expect("a sheet").state, SheetState::Locked);
        // What stood on the teacher's phone from then.
        assert_eq!(school.press("Mamadou", "Corriger").await, "");
        school.press("Mamadou", "Noé B.").await;
        school.press("Mamadou", "Présent").await;
        let asked = school.press("Mamadou", "Erreur de ma part").await;
        assert_eq!(
            asked,
            "Cette feuille est close : un administrateur doit donner son accord. Je le lui demande ; sans réponse sous 3 jours, rien ne change."
        );
        assert_eq!(school.said(&id).await[0], "Noé B. : absent");
        let wanted = school.told("Claire");
        assert!(
            wanted.contains("Changer une feuille de présence close. BTS SIO 1A, Réseaux, mar. 24 nov., 14:00–16:00 (Paris). Noé B. : absent → présent. Motif : Erreur de ma part"),
            "{wanted}"
        );
        school.press("Mamadou", "Corriger").await;
        school.press("Mamadou", "Noé B.").await;
        school.press("Mamadou", "Présent").await;
        let again = school.press("Mamadou", "Erreur de ma part").await;
        assert_eq!(again, "Cette demande attend déjà l’accord d’un administrateur.");
        school.press("Claire", "Accepter").await;
        assert_eq!(school.said(&id).await[0], "Noé B. : présent");
        assert!(school.last(school.group).contains("5 présents sur 5"));
        assert!(school.told("Claire").contains("Accepté, et fait."), "{}", school.told("Claire"));
        let state = school.write(async |tx| attendance::sheet(tx, &id).await).await.expect("a sheet").state;
        assert_eq!(state, SheetState::Locked);
        school.check().await;
    }
}

const LOCKED: &str = "Cette feuille est close : un administrateur doit donner son accord.";

/// Ten days are ten days: nobody waits for the night that writes it down.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_tenth_day_on_two_people_change() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        held(&school, "Noé B.").await;
        school.press("Mamadou", "Valider").await;
        school.to("04/12/2026", "16:00").await;
        let is = async |state: &str| {
            school.press("Mamadou", "Corriger").await;
            school.press("Mamadou", "Noé B.").await;
            school.press("Mamadou", state).await;
            school.press("Mamadou", "Erreur de ma part").await
        };
        is("Présent").await;
        assert_eq!(school.said(&id).await[0], "Noé B. : présent", "{engine:?}: to the minute");
        school.until("16:01").await;
        let asked = is("Absent").await;
        assert!(asked.starts_with(LOCKED), "{engine:?}: {asked}");
        assert_eq!(school.said(&id).await[0], "Noé B. : présent", "{engine:?}");
        school.press("Claire", "Accepter").await;
        assert_eq!(school.said(&id).await[0], "Noé B. : absent", "{engine:?}");
        school.check().await;
    }
}

/// A roll that comes so late, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_tenth_day_on_a_roll_takes_two_people() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        school.to("04/12/2026", "16:01").await;
        school.ask("Mamadou", "/presence").await;
        school.press("Mamadou", "14:00 Réseaux").await;
        assert!(school.told("Mamadou").contains("Feuille close sans avoir été validée"), "{}", school.told("Mamadou"));
        school.press("Mamadou", "sauf").await;
        school.press("Mamadou", "Noé B.").await;
        let asked = school.press("Mamadou", "Enregistrer").await;
        assert!(asked.starts_with(LOCKED), "{engine:?}: {asked}");
        assert!(school.said(&id).await.iter().all(|line| line.ends_with("à pointer")), "{engine:?}");
        school.press("Claire", "Accepter").await;
        assert_eq!(school.said(&id).await[0], "Noé B. : absent", "{engine:?}");
        school.check().await;
    }
}

/// To stand by a sheet changes no line: it may be done so late as it was left, and once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_the_tenth_day_on_a_sheet_is_validated_as_it_was_left_and_once() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        held(&school, "Noé B.").await;
        school.to("04/12/2026", "16:01").await;
        for who in ["Éric", "Mamadou"] {
            school.ask(who, "/presence").await;
            school.press(who, "14:00 Réseaux").await;
        }
        assert_eq!(school.press("Mamadou", "Valider").await, "Feuille validée.");
        assert!(school.last(school.group).contains("4 présents sur 5"));
        let lines = school.said(&id).await;
        let refused = school.press("Éric", "Valider").await;
        assert!(refused.ends_with("(PRE-03)"), "{engine:?}: {refused}");
        assert_eq!(school.said(&id).await, lines, "{engine:?}");
        school.check().await;
    }
}

/// Who is said to have been there and was not may say so: [Mettre présent] would answer nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_objects_to_being_present_is_not_answered_with_present() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        held(&school, "Noé B.").await;
        school.press("Mamadou", "Valider").await;
        school.ask("Léa", "/moi").await;
        school.press("Léa", "Contester 14:00 mar. 24 nov.").await;
        school.ask("Léa", "Je n’étais pas là").await;
        assert!(
            school.told("Mamadou").starts_with("Léa P. conteste sa ligne (présent)."),
            "{}",
            school.told("Mamadou")
        );
        assert_eq!(school.keys(school.is("Mamadou")), [["Autre état…"], ["Refuser"]]);
        school.press("Mamadou", "Autre état").await;
        school.press("Mamadou", "Absent").await;
        school.press("Mamadou", "Autre…").await;
        school.ask("Mamadou", "Elle le dit elle-même").await;
        assert!(school.said(&id).await.contains(&"Léa P. : absent".to_owned()), "{:?}", school.said(&id).await);
        assert!(school.told("Léa").contains("votre ligne dit maintenant « absent »"), "{}", school.told("Léa"));
        school.ask("Léa", "/moi").await;
        assert_eq!(school.keys(school.is("Léa")), [["✕ Fermer"]], "{engine:?}: objected to once");
        school.check().await;
    }
}

/// To mark who was never marked asks for no reason; but who objects to that is answered with one, or by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_objects_to_an_unmarked_line_is_answered_with_a_reason() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        school.until("16:00").await;
        for (who, words) in [("Inès", "J’étais devant"), ("Noé", "J’étais au fond")] {
            school.ask(who, "/moi").await;
            school.press(who, "Contester").await;
            school.ask(who, words).await;
        }
        school.press("Mamadou", "Autre état").await;
        school.press("Mamadou", "Absent").await;
        assert_eq!(school.said(&id).await[0], "Noé B. : à pointer", "{engine:?}: a reason is asked first");
        school.press("Mamadou", "Autre…").await;
        school.ask("Mamadou", "Personne au fond").await;
        assert_eq!(school.said(&id).await[0], "Noé B. : absent", "{engine:?}");
        assert_eq!(
            school.told("Noé"),
            "Réponse à votre contestation : votre ligne dit maintenant « absent ». Réseaux, mar. 24 nov., 14:00–16:00 (Paris). Motif : Personne au fond"
        );

        // A roll says nothing of what somebody objects to.
        let before = school.told("Inès");
        school.ask("Mamadou", "/presence").await;
        school.press("Mamadou", "14:00 Réseaux").await;
        school.press("Mamadou", "sauf").await;
        school.press("Mamadou", "Enregistrer").await;
        assert_eq!(school.said(&id).await[1], "Inès M. : présent", "{engine:?}");
        assert_eq!(school.told("Inès"), before, "{engine:?}: not answered by that");
        let teacher = school.is("Mamadou");
        let contest = school.all(teacher).into_iter().find(|message| message.text.contains("J’étais devant"));
        school.press_on("Mamadou", teacher, contest.expect("there").id, "Mettre présent").await;
        assert!(school.told("Inès").starts_with("Votre contestation est acceptée."), "{}", school.told("Inès"));
        school.check().await;
    }
}

/// The words of a contest may come a day after they were asked for: the seven days hold all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_of_a_contest_that_come_too_late_are_refused() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.plan_usual().await;
        held(&school, "Noé B.").await;
        school.press("Mamadou", "Valider").await;
        school.to("01/12/2026", "15:59").await;
        school.ask("Noé", "/moi").await;
        school.press("Noé", "Contester").await;
        let told = school.told("Mamadou");
        school.until("16:01").await;
        assert_eq!(
            school.ask("Noé", "J’étais là").await,
            "Le délai de 7 jours pour contester est passé. Parlez-en à l’école. (PRE-04)"
        );
        assert_eq!(school.told("Mamadou"), told, "{engine:?}");
        school.check().await;
    }
}

/// « Retour » gives the question up: what is written next is no answer to it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_is_given_up_by_going_back() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        held(&school, "Noé B.").await;
        school.press("Mamadou", "Valider").await;
        school.ask("Noé", "/moi").await;
        for back in ["« Retour", "✕ Fermer"] {
            school.press("Noé", "Contester").await;
            assert!(school.told("Noé").contains("(ou /annuler)"), "{}", school.told("Noé"));
            school.press("Noé", back).await;
            assert!(school.told("Noé").starts_with("Votre présence"), "{}", school.told("Noé"));
            let told = school.told("Mamadou");
            school.ask("Noé", "Bonne journée").await;
            assert_eq!(school.told("Mamadou"), told, "{engine:?}: {back}");
            school.ask("Noé", "/moi").await;
        }
        school.press("Noé", "Contester").await;
        school.ask("Noé", "J’étais là").await;
        for back in ["« Retour", "✕ Fermer"] {
            school.press("Mamadou", "Refuser").await;
            assert!(school.told("Mamadou").contains("(ou /annuler)"), "{}", school.told("Mamadou"));
            school.press("Mamadou", back).await;
            let told = school.told("Noé");
            school.ask("Mamadou", "Bonne journée").await;
            assert_eq!(school.told("Noé"), told, "{engine:?}: {back}");
        }
        school.press("Mamadou", "Mettre présent").await;
        school.press("Mamadou", "Contestation acceptée").await;
        assert_eq!(school.said(&id).await[0], "Noé B. : présent", "{engine:?}");
        school.check().await;
    }
}
