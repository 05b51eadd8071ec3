//! A lesson in its group: reminded, moved, cancelled, announced.

use preau::platform::outbox;
use preau::school::roster::Role;
use preau::school::session::Session;

use super::school::School;
use crate::world::Engine;

const LINK: &str = "https://visio.example/sio";
const REMINDER: &str = "Rappel : Réseaux, 14:00–16:00 (Paris), M. Diallo, salle B204.";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_reminder_fifteen_minutes_before() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.plan_usual().await;
        school.until("13:44").await;
        assert_eq!(school.about("Réseaux"), []);
        school.until("13:45").await;
        let said = school.about("Réseaux");
        assert_eq!(said.iter().map(|message| message.text.as_str()).collect::<Vec<_>>(), [REMINDER]);
        assert_eq!(school.keys(school.group), [["Je serai absent", "En retard"]]);
        let call = school.sandbox.journal().into_iter().rfind(|call| call.method == "sendMessage").expect("a call");
        assert_ne!(call.params.get("disable_notification").map(ToString::to_string).as_deref(), Some("true"));
        school.until("16:01").await;
        assert_eq!(school.about("Réseaux").len(), 1, "a lesson costs the group one message");
        assert_eq!(school.keys(school.group), Vec::<Vec<String>>::new(), "nothing is announced after the end");
        // Nobody has validated yet: the group's words are about what was, not about what comes.
        let over = REMINDER.replace("Rappel", "Séance terminée");
        assert_eq!(school.last(school.group), over, "{engine:?}");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lesson_from_afar_has_its_link_and_no_teacher_s_name_leaves_no_gap() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let lesson = school.lesson("14:00", "16:00", Some(LINK));
        school.plan(Session { teacher_name: String::new(), teacher_id: None, ..lesson }).await;
        school.until("13:45").await;
        assert_eq!(school.last(school.group), "Rappel : Réseaux, 14:00–16:00 (Paris), à distance.");
        let message = school.about("Réseaux").pop().expect("a reminder");
        assert_eq!(message.buttons[0][0].url.as_deref(), Some(LINK));
        assert_eq!(school.keys(school.group), [vec!["Rejoindre"], vec!["Je serai absent", "En retard"]]);
        school.until("13:55").await;
        assert_eq!(school.keys(school.group)[0], ["Rejoindre", "Je suis là"]);
        school.until("14:16").await;
        assert_eq!(school.keys(school.group)[0], ["Rejoindre"]);
        school.until("16:00").await;
        assert_eq!(school.keys(school.group), Vec::<Vec<String>>::new());
        assert_eq!(school.about("Réseaux").len(), 1);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_lesson_is_still_reminded() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        // Written down ten minutes before it begins.
        school.until("16:50").await;
        let lesson = school.lesson("17:00", "18:00", None);
        school.plan(Session { subject: "Algo".to_owned(), ..lesson }).await;
        assert_eq!(school.last(school.group), "Rappel : Algo, 17:00–18:00 (Paris), M. Diallo, salle B204.");
        // Written down while it runs: no reminder, but a roll.
        school.until("18:30").await;
        let lesson = school.lesson("18:00", "19:00", None);
        let id = school.plan(Session { subject: "Droit".to_owned(), ..lesson }).await;
        assert_eq!(school.about("Droit"), []);
        assert!(school.told("Mamadou").starts_with("BTS SIO 1A : Droit, mar. 24 nov., 18:00–19:00 (Paris)"));
        assert!(school.sheet(&id).await.is_some());
        // Written down when it is over: too late for everything.
        school.until("20:00").await;
        let id = school.plan(school.lesson("08:00", "09:00", None)).await;
        school.until("20:30").await;
        assert_eq!(school.sheet(&id).await, None);
        school.check().await;
    }
}

/// The class gets its group when the moment of the reminder is over: it is reminded all the same, until the start.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_that_comes_late_is_reminded_until_the_start() {
    for engine in Engine::all() {
        let late = format!("{REMINDER}\nCe rappel part avec 8 min de retard.");
        for (hour, said) in [("13:46", Some(REMINDER)), ("13:53", Some(late.as_str())), ("14:01", None)] {
            let mut school = School::without_group(engine).await;
            school.plan_usual().await;
            school.until(hour).await;
            school.group = school.adopt("BTS SIO 1A").await;
            let about: Vec<String> = school.about("Réseaux").into_iter().map(|message| message.text).collect();
            assert_eq!(about, said.into_iter().collect::<Vec<_>>(), "{engine:?}: {hour}");
            school.check().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moved_the_old_message_says_so_and_a_new_reminder_follows() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        school.until("13:50").await;
        let two_hours = |session: &mut Session| {
            session.start_at = session.start_at.plus_hours(2);
            session.end_at = session.end_at.plus_hours(2);
            session.room = "A10".to_owned();
        };
        school.change(&id, two_hours).await;
        let said = school.about("Réseaux");
        assert_eq!(said.len(), 1);
        assert_eq!(said[0].text, "Cours déplacé : Réseaux, mar. 24 nov., 16:00–18:00 (Paris), M. Diallo, salle A10.");
        assert!(said[0].buttons.is_empty());
        school.until("14:05").await;
        assert_eq!(school.sheet(&id).await, None, "the old hours open nothing");
        school.until("15:45").await;
        let said: Vec<String> = school.about("Réseaux").into_iter().map(|message| message.text).collect();
        assert_eq!(said.len(), 2);
        assert_eq!(said[1], "Rappel : Réseaux, 16:00–18:00 (Paris), M. Diallo, salle A10.");
        // Another room: the same message, changed. A longer lesson: no second reminder.
        school.until("15:50").await;
        school.change(&id, |session| session.room = "A11".to_owned()).await;
        school.change(&id, |session| session.end_at = session.end_at.plus_minutes(30)).await;
        let said: Vec<String> = school.about("Réseaux").into_iter().map(|message| message.text).collect();
        assert_eq!(said.len(), 2);
        assert_eq!(said[1], "Rappel : Réseaux, 16:00–18:30 (Paris), M. Diallo, salle A11.");
        // Five minutes later, with the reminder out: a note, and a reminder that is true.
        school.change(&id, |session| session.start_at = session.start_at.plus_minutes(5)).await;
        let said: Vec<String> = school.about("Réseaux").into_iter().map(|message| message.text).collect();
        assert_eq!(said.len(), 3);
        assert_eq!(
            said[1..],
            [
                "Cours déplacé : Réseaux, mar. 24 nov., 16:05–18:30 (Paris), M. Diallo, salle A11.",
                "Rappel : Réseaux, 16:05–18:30 (Paris), M. Diallo, salle A11."
            ]
        );
        assert_eq!(school.keys(school.group).len(), 1);
        // And back: those hours were told, the message holds again.
        school.change(&id, |session| session.start_at = session.start_at.plus_minutes(-5)).await;
        assert_eq!(school.about("Réseaux").len(), 3);
        assert_eq!(school.last(school.group), "Rappel : Réseaux, 16:00–18:30 (Paris), M. Diallo, salle A11.");
        school.until("16:00").await;
        assert!(school.sheet(&id).await.is_some());
        school.until("18:00").await;
        assert!(!school.told("Mamadou").contains("Tout est bon ?"), "not over yet");
        school.until("18:30").await;
        assert!(school.told("Mamadou").contains("Tout est bon ?"));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancelled_the_message_says_so_and_nobody_is_asked() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let (early, late) = (school.plan_usual().await, school.plan(school.lesson("17:00", "18:00", None)).await);
        school.cancel(&late).await;
        school.until("13:50").await;
        school.cancel(&early).await;
        school.cancel(&early).await;
        assert_eq!(school.last(school.group), "Cours annulé : Réseaux, mar. 24 nov., 14:00–16:00 (Paris).");
        assert!(school.keys(school.group).is_empty());
        school.until("19:00").await;
        assert_eq!(school.about("Réseaux").len(), 1);
        assert_eq!((school.sheet(&early).await, school.sheet(&late).await), (None, None));
        assert!(!school.told("Mamadou").contains("Réseaux"));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopped_over_the_moment_it_is_made_up_for_while_it_is_of_use() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        school.plan_usual().await;
        school.until("13:40").await;
        school.stop().await;
        school.clock.set(super::school::at("24/11/2026", "13:52"));
        school.start().await.expect("starts");
        school.drain().await.expect("quiet");
        assert_eq!(school.about("Réseaux").len(), 1);
        assert_eq!(school.last(school.group), format!("{REMINDER}\nCe rappel part avec 7 min de retard."));

        // Until after the start: no reminder of what has begun; the roll opens, late.
        let lesson = school.lesson("17:00", "18:00", None);
        let algo = school.plan(Session { subject: "Algo".to_owned(), ..lesson }).await;
        let start = school.lesson("17:00", "18:00", None).start_at.millis();
        school.until("16:30").await;
        school.stop().await;
        school.clock.set(super::school::at("24/11/2026", "17:10"));
        school.start().await.expect("starts");
        for _ in 0..500 {
            if school.told("Mamadou").contains("Algo") {
                break;
            }
            school.clock.rest(std::time::Duration::from_millis(10)).await;
        }
        assert!(school.told("Mamadou").contains("Qui est là ?"), "{}", school.told("Mamadou"));
        assert_eq!(school.about("Algo"), []);
        let key = format!("session.remind:{algo}:{start}");
        let row = school.db().expect("running").read(async |tx| outbox::store::look_up(tx, &key).await).await;
        assert_eq!(row.expect("read").map(|row| row.state).as_deref(), Some("discarded"), "missed, and known");
        school.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_absence_is_announced_in_private_and_taken_back() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let other = school.add_class("BTS SIO 2B").await;
        school.add("Zoé", "Adam", Role::Student, &[&other], preau::kernel::Lang::Fr).await;
        let stranger = school.sandbox.add_person("X", "", "fr");
        school.who.insert("X".to_owned(), stranger);
        for who in ["X", "Zoé", "Éric", "Mamadou"] {
            school.sandbox.add_member(school.group, school.is(who), school.is("Claire"));
        }
        school.plan_usual().await;
        school.until("13:45").await;
        let group = school.group;
        let count = school.all(group).len();
        let noted = "C’est noté : absence annoncée. L’enseignant la voit sur sa liste.";
        assert_eq!(school.press_in("Noé", group, "Je serai absent").await, noted);
        let private =
            "Absence annoncée : Réseaux, mar. 24 nov., 14:00–16:00 (Paris). L’enseignant la voit sur sa liste.";
        assert_eq!(school.told("Noé"), private);
        assert_eq!(school.keys(school.is("Noé")), [["Annuler"]]);
        let before = school.all(school.is("Noé")).len();
        assert_eq!(school.press_in("Noé", group, "Je serai absent").await, noted);
        assert_eq!(school.all(school.is("Noé")).len(), before, "the same press, once");

        // Those whose lesson it is not.
        assert_eq!(
            school.press_in("X", group, "Je serai absent").await,
            "Je ne vous connais pas encore. Demandez à l’école votre lien personnel, puis ouvrez-le. (SES-01)"
        );
        assert_eq!(
            school.press_in("Zoé", group, "En retard").await,
            "Ce cours n’est pas celui de votre classe. (SES-03)"
        );
        assert_eq!(
            school.press_in("Éric", group, "En retard").await,
            "Ce bouton est pour les élèves de la classe. (SES-06)"
        );
        // The lesson is his, and he is of no class.
        assert_eq!(
            school.press_in("Mamadou", group, "Je serai absent").await,
            "Ce bouton est pour les élèves de la classe. (SES-06)"
        );

        // Late instead; and Léa takes it back.
        assert!(school.press_in("Noé", group, "En retard").await.contains("retard annoncé"));
        assert!(school.told("Noé").starts_with("Retard annoncé : Réseaux"));
        school.press_in("Léa", group, "Je serai absent").await;
        school.press("Léa", "Annuler").await;
        assert_eq!(
            school.told("Léa"),
            "C’est annulé. Plus rien n’est annoncé pour vous : Réseaux, mar. 24 nov., 14:00–16:00 (Paris)."
        );
        school.press_in("Inès", group, "Je serai absent").await;
        assert_eq!(school.all(group).len(), count, "the group stays silent");

        school.until("14:00").await;
        assert_eq!(
            school.told("Mamadou"),
            "BTS SIO 1A : Réseaux, mar. 24 nov., 14:00–16:00 (Paris), M. Diallo, salle B204\n\
5 inscrits. Qui est là ? Je mets ce message à jour.\n\
Présents 0 · À pointer 4 · Annoncé absent 1 (Inès M.).\n\
Retard annoncé : Noé B."
        );
        // After the end neither new words nor taking back: the sheet speaks.
        let reminder = school.about("Réseaux").pop().expect("a reminder");
        let key = reminder.buttons[0][0].data.clone().expect("a key");
        school.until("16:00").await;
        let query = school.sandbox.press_data(school.is("Karim"), group, reminder.id, &key);
        school.drain().await.expect("quiet");
        let said = school.sandbox.callback_answer(&query).flatten();
        assert_eq!(said.as_deref(), Some("Ce cours est terminé. Votre ligne se trouve avec /moi."));
        assert!(school.press("Inès", "Annuler").await.starts_with("Ce cours est terminé."));
        school.check().await;
    }
}
