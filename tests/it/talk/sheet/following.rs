//! The roll on the teacher's phone follows what students say, by edit.

use preau::sandbox::Fault;

use super::super::school::School;
use super::LINK;
use crate::world::Engine;

/// Edits of the teacher's private chat so far.
fn edits(school: &School) -> usize {
    let teacher = school.is("Mamadou");
    let calls = school.sandbox.journal();
    calls.iter().filter(|call| call.method == "editMessageText" && call.chat_id == Some(teacher)).count()
}

/// The roll's message: the first about the lesson.
fn roll(school: &School) -> String {
    let told = school.all(school.is("Mamadou"));
    told.into_iter().find(|message| message.text.contains("Réseaux")).expect("the roll").text
}

async fn seconds(school: &School, count: i64) {
    let at = preau::kernel::At(school.clock.now().millis() + count * 1000);
    school.go_to(at).await.expect("time passes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presses_are_followed_by_edit_a_few_seconds_later() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let group = school.group;
        school.plan(school.lesson("14:00", "16:00", Some(LINK))).await;
        school.until("13:50").await;
        school.press_in("Noé", group, "Je serai absent").await;
        school.until("14:00").await;
        assert_eq!(
            school.told("Mamadou").lines().last(),
            Some("Présents 0 · Pas encore là 4 (Inès M., Léa P., Paul S., Karim T.) · Annoncé absent 1 (Noé B.).")
        );
        let messages = school.all(school.is("Mamadou")).len();
        // Three things said within the same seconds are one edit.
        school.press_in("Inès", group, "Je suis là").await;
        school.press_in("Karim", group, "Je suis là").await;
        school.press_in("Léa", group, "En retard").await;
        assert_eq!(edits(&school), 0, "not yet");
        seconds(&school, 5).await;
        assert_eq!(edits(&school), 1);
        let told = school.told("Mamadou");
        assert_eq!(
            told.lines().skip(1).collect::<Vec<_>>(),
            [
                "5 inscrits. Qui est là ? Je mets ce message à jour.",
                "Présents 2 · Pas encore là 2 (Léa P., Paul S.) · Annoncé absent 1 (Noé B.).",
                "Retard annoncé : Léa P."
            ]
        );
        // Who announced an absence and came all the same is there; what was taken back is announced no more.
        school.press_in("Noé", group, "Je suis là").await;
        school.press("Léa", "Annuler").await;
        seconds(&school, 5).await;
        assert_eq!(school.told("Mamadou").lines().last(), Some("Présents 3 · Pas encore là 2 (Léa P., Paul S.)."));
        assert_eq!(edits(&school), 2);
        assert_eq!(school.keys(school.is("Mamadou")).len(), 2, "its keys are there");
        // Nothing said, nothing edited; the same again, nothing either.
        school.press_in("Inès", group, "Je suis là").await;
        seconds(&school, 60).await;
        assert_eq!(edits(&school), 2);
        // Telegram asks to wait: what was said is not lost.
        let method = Some("editMessageText".to_owned());
        school.sandbox.fault(Fault::TooManyRequests { method, retry_after: 1, times: 1 });
        school.press_in("Paul", group, "Je suis là").await;
        seconds(&school, 5).await;
        assert!(
            school.told("Mamadou").ends_with("Présents 4 · Pas encore là 1 (Léa P.)."),
            "{}",
            school.told("Mamadou")
        );
        assert_eq!(school.all(school.is("Mamadou")).len(), messages, "never a new message");
        school.until("16:00").await;
        assert!(roll(&school).ends_with("La feuille à valider est dans un message à part ; /presence la redonne."));
        assert_eq!(school.all(school.is("Mamadou")).len(), messages + 1, "the proposed sheet");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_thrown_out_of_what_they_do() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let group = school.group;
        let id = school.plan(school.lesson("14:00", "16:00", Some(LINK))).await;
        school.until("14:00").await;
        let teacher = school.is("Mamadou");
        // Picking names: the picks stay, who came in between is shown.
        school.press("Mamadou", "sauf").await;
        school.press("Mamadou", "Paul S.").await;
        school.press_in("Inès", group, "Je suis là").await;
        seconds(&school, 5).await;
        assert_eq!(
            school.keys(teacher)[..2],
            [vec!["Noé B.", "Inès M. · présent"], vec!["Léa P.", "Absent : Paul S."]]
        );
        assert_eq!(school.press("Mamadou", "Enregistrer").await, "4 lignes notées.");
        // In the list it follows; where one line is decided, it waits.
        school.press("Mamadou", "Liste").await;
        school.press("Mamadou", "Léa P.").await;
        let before = (school.told("Mamadou"), school.keys(teacher));
        school.ask("Éric", "/presence").await;
        school.press("Éric", "Réseaux").await;
        school.press("Éric", "Liste").await;
        school.press("Éric", "Karim T.").await;
        school.press("Éric", "Absent").await;
        seconds(&school, 10).await;
        assert_eq!((school.told("Mamadou"), school.keys(teacher)), before);
        assert_eq!(school.press("Mamadou", "Absent").await, "La feuille a changé entre-temps, la voici à jour.");
        school.press("Mamadou", "« Retour").await;
        assert!(school.keys(teacher).concat().contains(&"Karim T. · absent".to_owned()));
        // The supervisor goes on: the list in the teacher's hand follows, and its keys hold.
        school.press("Éric", "Karim T.").await;
        school.press("Éric", "Absence justifiée").await;
        seconds(&school, 5).await;
        assert!(
            school.keys(teacher).concat().contains(&"Karim T. · justifié".to_owned()),
            "{:?}",
            school.keys(teacher)
        );
        school.press("Mamadou", "Léa P.").await;
        school.press("Mamadou", "En retard…").await;
        assert_eq!(school.press("Mamadou", "10 min").await, "");
        assert_eq!(school.said(&id).await[2], "Léa P. : en retard de 10 min");
        // What was just changed can still be undone after it followed.
        school.press("Éric", "Inès M.").await;
        school.press("Éric", "Absent").await;
        seconds(&school, 5).await;
        assert_eq!(school.keys(teacher)[0], ["Annuler (10 min)"]);
        assert!(school.told("Mamadou").starts_with("Léa P. : présent → en retard de 10 min."));
        school.check().await;
    }
}
