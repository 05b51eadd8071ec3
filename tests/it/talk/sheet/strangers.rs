//! Whom the call shows without saying who they are: told to those in charge, named by them, never a reason to be absent.

use preau::kernel::Lang;
use preau::platform::store::Tx;
use preau::school::attendance::SheetState;
use preau::school::audit;
use preau::school::roster::{Role, store as roster_store};

use super::super::school::{School, id_of};
use super::fair::night;
use super::{enter, in_call, in_call_of};
use crate::world::Engine;

/// An account of somebody of the class that nobody has tied to them.
fn unknown(school: &mut School, first: &str) -> i64 {
    let account = school.sandbox.add_person(first, "", "fr");
    school.sandbox.add_member(school.group, account, school.is("Claire"));
    school.who.insert(first.to_owned(), account);
    account
}

async fn tie(school: &School, first: &str) {
    let account = school.is(first);
    let tie = async |tx: &mut Tx| roster_store::insert_account(tx, account, &id_of(first), Some(Lang::Fr), None).await;
    school.write(tie).await;
}

async fn actions(school: &School, id: &str) -> Vec<String> {
    let object = format!("sheet:{id}");
    let all = school.write(async |tx| audit::store::of_object(tx, &object).await).await;
    all.into_iter().map(|entry| entry.action).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_joined_as_a_channel_is_named_by_the_teacher_and_counts() {
    for engine in Engine::all() {
        let (school, id) = in_call(engine).await;
        enter(&school, &["Inès", "Léa", "Noé", "Karim"]);
        school.sandbox.join_call_as_channel(school.is("Paul"), school.group, "Le coin de Paul").expect("joined");
        school.until("14:20").await;
        let told = school.told("Mamadou");
        assert!(told.contains("Dans l’appel, sans que je sache qui : Le coin de Paul (13:55)."), "{told}");
        let teacher = school.is("Mamadou");
        assert!(school.keys(teacher).concat().contains(&"Qui est-ce ?".to_owned()), "{:?}", school.keys(teacher));
        school.until("16:00").await;
        // The proposed sheet says it too: the teacher need not validate an absence that is none.
        let told = school.told("Mamadou");
        assert!(told.contains("Absent : Paul S."), "{told}");
        assert!(told.contains("sans que je sache qui : Le coin de Paul (13:55)."), "{told}");
        assert_eq!(school.press("Mamadou", "Qui est-ce ?").await, "");
        assert_eq!(
            school.told("Mamadou"),
            "Le coin de Paul (13:55) était dans l’appel. Qui est-ce ? Voici ceux que je n’y ai pas vus."
        );
        assert_eq!(
            school.keys(teacher),
            [vec!["Paul S."], vec!["Pas de la classe"], vec!["« Retour", "✕ Fermer"]],
            "who was seen is nobody else"
        );
        school.press("Mamadou", "Paul S.").await;
        assert_eq!(school.said(&id).await[3], "Paul S. : présent");
        let told = school.told("Mamadou");
        assert!(told.starts_with("Le coin de Paul (13:55), c’est Paul S. : présent.\n"), "{told}");
        assert!(!told.contains("sans que je sache qui"), "{told}");
        assert_eq!(school.lines(&id).await[3].minutes, Some(120));
        // A mistake is taken back, and named anew.
        let undone = school.press("Mamadou", "Annuler (10 min)").await;
        assert_eq!(undone, "C’est annulé : je ne sais de nouveau pas qui c’est.");
        assert_eq!(school.said(&id).await[3], "Paul S. : absent");
        school.press("Mamadou", "Qui est-ce ?").await;
        school.press("Mamadou", "Paul S.").await;
        school.press("Mamadou", "Valider").await;
        assert!(school.last(school.group).contains("5 présents sur 5"), "{}", school.last(school.group));
        let named = actions(&school, &id).await.into_iter().filter(|action| action.starts_with("presence."));
        assert_eq!(named.collect::<Vec<_>>(), ["presence.named", "presence.unnamed", "presence.named"]);
        // The group never learns how anybody calls themselves.
        let said = school.all(school.group);
        assert!(said.iter().all(|message| !message.text.contains("Le coin") && !message.text.contains("inconnu")));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_ties_an_account_while_in_the_call_was_there_from_the_beginning() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let class = school.class.clone();
        school.add_unlinked("Zoé", "Adam", Role::Student, &[&class]).await;
        school.add_unlinked("Yann", "Roux", Role::Student, &[&class]).await;
        unknown(&mut school, "Zoé");
        unknown(&mut school, "Yann");
        let (school, id) = in_call_of(school).await;
        enter(&school, &["Inès", "Zoé", "Yann"]);
        school.until("14:30").await;
        let told = school.told("Mamadou");
        assert!(told.contains("Dans l’appel, sans que je sache qui : 2 comptes inconnus."), "{told}");
        tie(&school, "Zoé").await;
        school.until("14:31").await;
        let told = school.told("Mamadou");
        assert!(told.contains("Présents 2 · ") && told.contains("sans que je sache qui : compte inconnu"), "{told}");
        // Yann left before he tied his: he was there all the same.
        school.until("15:45").await;
        school.sandbox.leave_call(school.is("Yann"), school.group);
        school.until("15:50").await;
        tie(&school, "Yann").await;
        school.until("16:00").await;
        let said = school.said(&id).await;
        assert!(said.contains(&"Zoé A. : présent".to_owned()), "{said:?}");
        assert!(said.iter().any(|line| line.starts_with("Yann R. : départ 1")), "{said:?}");
        assert!(!school.told("Mamadou").contains("sans que je sache"), "{}", school.told("Mamadou"));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_no_account_is_to_be_marked_and_never_absent() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let class = school.class.clone();
        school.add_unlinked("Zoé", "Adam", Role::Student, &[&class]).await;
        let (school, id) = in_call_of(school).await;
        enter(&school, &["Inès"]);
        school.until("16:00").await;
        let said = school.said(&id).await;
        assert_eq!(said[0], "Zoé A. : à pointer");
        assert_eq!(said[1], "Noé B. : absent", "the call would have known him");
        assert!(school.told("Mamadou").contains("À pointer : Zoé A."), "{}", school.told("Mamadou"));
        school.press("Mamadou", "Valider").await;
        assert!(school.told("Mamadou").starts_with("1 personne à pointer : la laisser ainsi ?"));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn naming_takes_the_right_to_decide_and_an_open_sheet() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        school.add("Anne", "Roy", Role::Teacher, &[], Lang::Fr).await;
        unknown(&mut school, "Visiteuse");
        let (mut school, id) = in_call_of(school).await;
        // The school's own account is nobody's presence, and no stranger.
        enter(&school, &["Inès", "Visiteuse", "Appels"]);
        school.sandbox.join_call_as_channel(school.is("Paul"), school.group, "Le coin de Paul").expect("joined");
        school.until("14:20").await;
        let told = school.told("Mamadou");
        assert!(told.contains("sans que je sache qui (2) : "), "{told}");
        // Which one, then who: and one is nobody of the class.
        school.press("Mamadou", "Qui est-ce ?").await;
        assert!(school.told("Mamadou").starts_with("Ils étaient dans l’appel"), "{}", school.told("Mamadou"));
        school.press("Mamadou", "compte inconnu").await;
        let teacher = school.is("Mamadou");
        let asked = school.all(teacher).pop().expect("a screen");
        let paul = asked.buttons.iter().flatten().find(|key| key.text == "Paul S.").expect("a key").clone();
        school.press("Mamadou", "Pas de la classe").await;
        let told = school.told("Mamadou");
        assert!(told.starts_with("compte inconnu (13:55) : pas de la classe. C’est noté."), "{told}");
        assert!(told.contains("sans que je sache qui : Le coin de Paul (13:55)."), "{told}");
        assert_eq!(school.said(&id).await[3], "Paul S. : à pointer");
        // The lesson is another teacher's now: what stands on the phone of the first does nothing.
        school.change(&id, |session| session.teacher_id = Some("p-anne".to_owned())).await;
        let refused = school.press("Mamadou", "Qui est-ce ?").await;
        assert!(refused.ends_with("(PRE-02)"), "{refused}");
        let query = school.sandbox.press_data(teacher, teacher, asked.id, paul.data.as_ref().expect("data"));
        school.drain().await.expect("quiet");
        assert!(school.sandbox.callback_answer(&query).flatten().is_some_and(|said| said.ends_with("(PRE-02)")));
        school.change(&id, |session| session.teacher_id = Some("p-mamadou".to_owned())).await;
        school.until("16:05").await;
        // Too old for one person: said, and nothing changes.
        for who in ["Mamadou", "Éric"] {
            school.ask(who, "/presence").await;
            school.press(who, "14:00 Réseaux").await;
            school.press(who, "Qui est-ce ?").await;
        }
        // From the tenth day on, to the minute, and so after the night that writes it down.
        school.to("04/12/2026", "16:01").await;
        let refused = school.press("Éric", "Paul S.").await;
        assert!(refused.ends_with("(PRE-03)"), "{refused}");
        school.to("05/12/2026", "02:00").await;
        night(&mut school, "05/12/2026").await;
        assert_eq!(school.sheet(&id).await.expect("a sheet").state, SheetState::Locked);
        let refused = school.press("Mamadou", "Paul S.").await;
        assert!(refused.ends_with("(PRE-03)"), "{refused}");
        assert_eq!(school.said(&id).await[3], "Paul S. : absent");
        school.ask("Mamadou", "/presence").await;
        school.press("Mamadou", "14:00 Réseaux").await;
        assert!(school.told("Mamadou").contains("sans que je sache qui : Le coin de Paul (13:55)."));
        assert!(!school.keys(teacher).concat().contains(&"Qui est-ce ?".to_owned()));
        school.check().await;
    }
}
