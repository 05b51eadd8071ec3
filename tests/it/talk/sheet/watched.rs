//! What the call shows on a roll and a sheet: before the lesson, while it runs, at its end; « Je suis là » when nobody sees.

use preau::sandbox::Fault;

use super::super::school::School;
use super::{enter, in_call, in_call_of, table};
use crate::world::Engine;

/// Edits of the teacher's private chat so far.
fn edits(school: &School) -> usize {
    let teacher = school.is("Mamadou");
    let calls = school.sandbox.journal();
    calls.iter().filter(|call| call.method == "editMessageText" && call.chat_id == Some(teacher)).count()
}

async fn seconds(school: &School, count: i64) {
    let at = preau::kernel::At(school.clock.now().millis() + count * 1000);
    school.go_to(at).await.expect("time passes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_board_follows_who_comes_before_the_lesson() {
    for engine in Engine::all() {
        let (school, _) = in_call(engine).await;
        let teacher = school.is("Mamadou");
        let opened =
            "L’appel est ouvert : Réseaux, mar. 24 nov., 14:00–16:00 (Paris). Présents 0/5. Je mets ce message à jour.";
        assert_eq!(school.told("Mamadou"), opened);
        assert_eq!(school.keys(teacher), [vec!["Liste", "Fermer l’appel"], vec!["Annoncer 5 min de retard"]]);
        let (messages, before) = (school.all(teacher).len(), edits(&school));
        enter(&school, &["Inès"]);
        school.until("13:56").await;
        assert!(school.told("Mamadou").contains("Présents 1/5."), "{}", school.told("Mamadou"));
        // However many come, it is edited twice a minute at most.
        enter(&school, &["Léa"]);
        seconds(&school, 20).await;
        enter(&school, &["Noé"]);
        school.until("13:58").await;
        assert!(school.told("Mamadou").contains("Présents 3/5."), "{}", school.told("Mamadou"));
        assert!(edits(&school) - before <= 4, "{}", edits(&school) - before);
        let still = edits(&school);
        school.until("13:59").await;
        assert_eq!(edits(&school), still, "nobody came, nothing is edited");
        school.press("Mamadou", "Liste").await;
        assert_eq!(
            school.told("Mamadou").lines().skip(1).collect::<Vec<_>>(),
            [
                "– Noé B. : dans l’appel",
                "– Inès M. : dans l’appel",
                "– Léa P. : dans l’appel",
                "– Paul S. : pas encore là",
                "– Karim T. : pas encore là"
            ]
        );
        // The list follows too, and « Retour » leads to the board.
        enter(&school, &["Karim"]);
        seconds(&school, 31).await;
        assert!(school.told("Mamadou").contains("– Karim T. : dans l’appel"), "{}", school.told("Mamadou"));
        school.press("Mamadou", "« Retour").await;
        assert!(school.told("Mamadou").contains("Présents 4/5."), "{}", school.told("Mamadou"));
        assert_eq!(
            school.press("Mamadou", "Annoncer 5 min").await,
            "Le groupe sait que vous arrivez avec 5 min de retard."
        );
        school.until("14:01").await;
        assert!(
            school.told("Mamadou").contains("Présents 4 · Pas encore là 1 (Paul S.)"),
            "{}",
            school.told("Mamadou")
        );
        assert_eq!(school.all(teacher).len(), messages, "the roll stands where the board stood");
        school.check().await;

        let (school, _) = in_call(engine).await;
        assert_eq!(school.press("Mamadou", "Fermer l’appel").await, "L’appel se ferme.");
        assert!(!school.sandbox.calls(school.group)[0].open);
        assert_eq!(school.press("Mamadou", "Liste").await, "La feuille s’ouvre au début du cours.");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_left_the_call_long_ago_is_told_of_as_gone() {
    for engine in Engine::all() {
        let (school, _) = in_call(engine).await;
        enter(&school, &["Inès", "Léa", "Noé"]);
        school.until("14:30").await;
        school.sandbox.leave_call(school.is("Léa"), school.group);
        school.until("14:31").await;
        let told = school.told("Mamadou");
        assert!(told.contains("Présents 3 · ") && !told.contains("Parti"), "a minute is no leaving: {told}");
        school.until("14:34").await;
        let told = school.told("Mamadou");
        assert!(told.contains("Présents 2 · Parti 1 (Léa P.) · Pas encore là 2"), "{told}");
        enter(&school, &["Léa"]);
        school.until("14:36").await;
        let told = school.told("Mamadou");
        assert!(told.contains("Présents 3 · Pas encore là 2"), "{told}");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_proposed_sheet_says_its_rule_its_minutes_and_what_was_not_seen() {
    for engine in Engine::all() {
        let mut school = School::with(engine, &[("attendance.present_percent", "75")]).await;
        school.group = school.adopt("BTS SIO 1A").await;
        let (school, id) = in_call_of(school).await;
        enter(&school, &["Inès", "Léa", "Paul"]);
        school.until("14:50").await;
        school.sandbox.leave_call(school.is("Léa"), school.group);
        school.until("15:00").await;
        let method = "phone.getGroupCall".to_owned();
        let error = "WORKER_BUSY_TOO_LONG_RETRY".to_owned();
        school.sandbox.fault(Fault::Refuse { method, code: 500, error, times: 15 });
        school.until("15:45").await;
        school.sandbox.leave_call(school.is("Paul"), school.group);
        school.until("16:00").await;
        let told = school.told("Mamadou");
        let rule = told.lines().find(|line| line.starts_with("Règle")).unwrap_or_default().to_owned();
        assert!(rule.starts_with("Règle : présent si ≥ 75 % des 11") && rule.ends_with(" min."), "{told}");
        assert!(told.contains(" min, je n’ai pas vu qui était dans l’appel"), "{told}");
        // In tests it is looked at twice a minute: slower than it should be, so it is said.
        // Or a little more often: looks are spread.
        let pace = |words: &str, said: &str| (27..=30).any(|seconds| said.contains(&format!("{words} {seconds} s")));
        assert!(pace("L’appel a été regardé toutes les", &told), "{told}");
        let teacher = school.is("Mamadou");
        assert_eq!(
            school.keys(teacher),
            [vec!["Valider", "Corriger"], vec!["Voir les minutes"], vec!["Prolonger 15 min", "Fermer l’appel"]]
        );
        school.press("Mamadou", "Voir les minutes").await;
        let minutes = school.told("Mamadou");
        assert!(minutes.contains(&rule) && minutes.contains("\n– Noé B. : 0 min, absent\n"), "{minutes}");
        assert!(minutes.contains("– Léa P. : 50 min, absent"), "{minutes}");
        assert!(minutes.contains("min, départ 1"), "{minutes}");
        assert_eq!(school.keys(teacher), [["« Retour", "✕ Fermer"]]);
        school.press("Mamadou", "« Retour").await;
        school.press("Mamadou", "Corriger").await;
        assert!(school.keys(teacher).concat().iter().any(|key| key.starts_with("Paul S. · départ 1")));
        school.press("Mamadou", "Léa P.").await;
        let line = school.told("Mamadou");
        assert!(line.contains("Vu 50 min sur 11") && line.ends_with("Règle : présent si ≥ 75 %."), "{line}");
        school.press("Mamadou", "« Retour").await;
        school.press("Mamadou", "« Retour").await;
        // The call goes on for a while: it can be prolonged, or closed.
        assert_eq!(school.press("Mamadou", "Prolonger").await, "L’appel reste ouvert jusqu’à 16:20 (Paris).");
        school.until("16:10").await;
        assert!(school.sandbox.calls(school.group)[0].open);
        assert_eq!(school.press("Mamadou", "Fermer l’appel").await, "L’appel se ferme.");
        assert!(!school.sandbox.calls(school.group)[0].open);
        school.press("Mamadou", "Valider").await;
        assert_eq!(school.said(&id).await[0], "Noé B. : absent");
        let own = school.ask("Léa", "/moi").await;
        assert!(own.ends_with(" : absent, vu 50 min dans l’appel"), "{own}");
        let (_, rest) = table(&school.files("Mamadou")[0]);
        assert!(rest.contains("Règle : présent si ≥ 75 % des minutes vues") && rest.contains("Appel vu 11"), "{rest}");
        assert!(pace("Appel regardé toutes les", &rest), "{rest}");
        school.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn i_am_here_is_taken_once_nobody_has_seen_into_the_call_for_46_seconds() {
    for engine in Engine::all() {
        let (school, id) = in_call(engine).await;
        let group = school.group;
        let offered = || {
            let reminder = school.about("Réseaux").remove(0);
            let key = reminder.buttons.into_iter().flatten().find(|key| key.text == "Je suis là")?;
            Some((reminder.id, key.data.expect("data")))
        };
        school.until("13:58").await;
        assert_eq!(offered(), None);
        // For a while no look succeeds.
        let method = "phone.getGroupCall".to_owned();
        let error = "WORKER_BUSY_TOO_LONG_RETRY".to_owned();
        school.sandbox.fault(Fault::Refuse { method, code: 500, error, times: 15 });
        seconds(&school, 10).await;
        assert_eq!(offered(), None, "not yet");
        school.until("14:00").await;
        let (message, key) = offered().expect("nobody sees");
        assert_eq!(school.press_in("Inès", group, "Je suis là").await, "C’est noté : vous êtes là.");
        assert_eq!(school.said(&id).await[1], "Inès M. : présent");
        // Seen again: to be in the call is what counts, and the key goes.
        school.until("14:08").await;
        assert_eq!(offered(), None);
        let said = async |who: &str| {
            let query = school.sandbox.press_data(school.is(who), group, message, &key);
            school.drain().await.expect("quiet");
            school.sandbox.callback_answer(&query).flatten().unwrap_or_default()
        };
        let open = "Un appel est ouvert dans le groupe : entrez-y, c’est ce qui compte.";
        assert_eq!(said("Karim").await, open);
        assert_eq!(school.said(&id).await[4], "Karim T. : à pointer");
        // Outside of its minutes it is refused, with the hours.
        school.until("14:16").await;
        let closed = said("Karim").await;
        assert!(closed.starts_with("« Je suis là » se touche pendant ce créneau : 13:55–14:15 (Paris)."), "{closed}");
        school.change(&id, |session| session.start_at = session.start_at.plus_minutes(40)).await;
        let early = said("Karim").await;
        assert!(early.starts_with("« Je suis là » se touche pendant ce créneau : 14:35–14:55 (Paris)."), "{early}");
        school.check().await;
    }
}
