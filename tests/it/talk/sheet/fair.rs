//! Nobody is shut out: a sheet forgotten by its teacher, a contest made late, namesakes, many lessons a day.

use preau::kernel::Lang;
use preau::school::attendance::SheetState;
use preau::school::roster::Role;
use preau::school::session::Session;

use super::super::school::School;
use crate::world::Engine;

/// The teacher says who is absent, and the lesson ends.
pub async fn held(school: &School, absent: &str) {
    school.until("14:00").await;
    school.press("Mamadou", "sauf").await;
    school.press("Mamadou", absent).await;
    school.press("Mamadou", "Enregistrer").await;
    school.until("16:00").await;
}

/// The nightly work of a day.
pub async fn night(school: &mut School, day: &str) {
    school.to(day, "02:00").await;
    school.stop().await;
    school.start().await.expect("starts");
    school.until("04:00").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sheet_that_nobody_validated_is_locked_too_and_a_contest_has_its_seven_days() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let id = school.plan_usual().await;
        held(&school, "Noé B.").await;
        // Before it is locked, those in charge hear of it once more.
        let before = school.all(school.is("Éric")).len();
        school.to("03/12/2026", "16:00").await;
        let told = school.all(school.is("Éric"));
        assert!(told.len() > before, "told");
        let last = school.told("Éric");
        assert!(last.starts_with("Cette feuille n’est toujours pas validée"), "{last}");
        night(&mut school, "05/12/2026").await;
        assert_eq!(school.sheet(&id).await.expect("a sheet").state, SheetState::Locked);
        // Older than a week, it is found all the same, by the teacher and by those in charge.
        for who in ["Mamadou", "Éric", "Claire"] {
            assert_eq!(school.ask(who, "/presence").await, "Quelle feuille ?\nÀ valider, en tête de liste : 1.");
            assert_eq!(
                school.keys(school.is(who)),
                [["14:00 Réseaux · BTS SIO 1A, mar. 24 nov."], ["✕ Fermer"]],
                "{who}"
            );
        }
        school.press("Éric", "14:00 Réseaux").await;
        let sheet = school.told("Éric");
        assert!(
            sheet.contains("Feuille close sans avoir été validée : vous pouvez la valider telle quelle"),
            "{sheet}"
        );
        assert!(school.files("Éric").is_empty());
        assert_eq!(school.press("Éric", "Valider").await, "Feuille validée.");
        assert!(school.last(school.group).contains("4 présents sur 5"));
        // Validated on the eleventh day: seven days to contest from now on, lock or no lock.
        night(&mut school, "12/12/2026").await;
        assert_eq!(school.sheet(&id).await.expect("a sheet").state, SheetState::Locked);
        school.ask("Noé", "/moi").await;
        school.press("Noé", "Contester").await;
        let noted = school.ask("Noé", "J’étais là").await;
        assert_eq!(noted, "C’est transmis à votre enseignant. La réponse vous arrivera ici.");
        // To agree with it changes a locked sheet: a second person is asked.
        school.until("08:00").await;
        school.press("Mamadou", "Mettre présent").await;
        let asked = school.press("Mamadou", "Contestation acceptée").await;
        assert!(asked.starts_with("Cette feuille est close : un administrateur doit donner son accord."), "{asked}");
        assert!(school.last(school.group).contains("4 présents sur 5"));
        school.press("Claire", "Accepter").await;
        assert!(school.last(school.group).contains("5 présents sur 5"));
        assert!(school.told("Noé").starts_with("Votre contestation est acceptée."), "{}", school.told("Noé"));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_roll_on_a_sheet_that_is_locked_takes_a_second_person_once() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let id = school.plan_usual().await;
        school.until("16:00").await;
        school.to("05/12/2026", "02:00").await;
        night(&mut school, "05/12/2026").await;
        assert_eq!(school.sheet(&id).await.expect("a sheet").state, SheetState::Locked);
        school.ask("Mamadou", "/presence").await;
        school.press("Mamadou", "14:00 Réseaux").await;
        school.press("Mamadou", "sauf").await;
        school.press("Mamadou", "Noé B.").await;
        let asked = school.press("Mamadou", "Enregistrer").await;
        assert!(asked.starts_with("Cette feuille est close : un administrateur doit donner son accord."), "{asked}");
        assert!(school.said(&id).await.iter().all(|line| line.ends_with("à pointer")), "{:?}", school.said(&id).await);
        let wanted = school.told("Claire");
        assert!(
            wanted.contains("Faire l’appel d’une feuille de présence close. BTS SIO 1A, Réseaux, mar. 24 nov., 14:00–16:00 (Paris). Présents : 4. Absent : Noé B."),
            "{wanted}"
        );
        // Asked once.
        school.press("Mamadou", "sauf").await;
        school.press("Mamadou", "Noé B.").await;
        assert_eq!(
            school.press("Mamadou", "Enregistrer").await,
            "Cette demande attend déjà l’accord d’un administrateur."
        );
        school.press("Claire", "Accepter").await;
        assert_eq!(school.said(&id).await[0], "Noé B. : absent");
        assert_eq!(school.said(&id).await.iter().filter(|line| line.ends_with(": présent")).count(), 4);
        // Marked is not validated: nothing was made public.
        assert!(school.files("Éric").is_empty());
        assert!(!school.last(school.group).contains("présents sur"));
        school.ask("Mamadou", "/presence").await;
        school.press("Mamadou", "14:00 Réseaux").await;
        assert_eq!(school.press("Mamadou", "Valider").await, "Feuille validée.");
        assert!(school.last(school.group).contains("4 présents sur 5"));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_by_the_list_answers_the_contest() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        held(&school, "Noé B.").await;
        school.press("Mamadou", "Valider").await;
        school.ask("Noé", "/moi").await;
        school.press("Noé", "Contester").await;
        school.ask("Noé", "Je suis arrivé à 14:10").await;
        assert_eq!(school.keys(school.is("Mamadou")), [vec!["Mettre présent", "Autre état…"], vec!["Refuser"]]);
        // Another state than present.
        school.press("Mamadou", "Autre état").await;
        school.press("Mamadou", "En retard").await;
        school.press("Mamadou", "10 min").await;
        let done = school.press("Mamadou", "Contestation acceptée").await;
        assert_eq!(done, "C’est noté : la ligne dit maintenant « en retard de 10 min », et je le fais savoir.");
        assert_eq!(school.said(&id).await[0], "Noé B. : en retard de 10 min");
        assert_eq!(
            school.told("Noé"),
            "Votre contestation est acceptée. Votre ligne dit maintenant « en retard de 10 min » : Réseaux, mar. 24 nov., 14:00–16:00 (Paris)."
        );
        // By the list, with a reason of its own: answered too.
        school.press("Mamadou", "Corriger").await;
        school.press("Mamadou", "Inès M.").await;
        school.press("Mamadou", "En retard").await;
        school.press("Mamadou", "5 min").await;
        school.press("Mamadou", "Erreur de ma part").await;
        school.ask("Inès", "/moi").await;
        school.press("Inès", "Contester").await;
        school.ask("Inès", "J’étais à l’heure").await;
        // Nothing is wiped out without a reason.
        school.press("Mamadou", "Mettre présent").await;
        assert_eq!(school.said(&id).await[1], "Inès M. : en retard de 5 min");
        assert!(
            school
                .all(school.is("Mamadou"))
                .iter()
                .any(|one| one.text == "Inès M. : en retard de 5 min → présent. Motif ?"),
            "{}",
            school.told("Mamadou")
        );
        school.press("Mamadou", "« Retour").await;
        school.press("Mamadou", "Inès M.").await;
        school.press("Mamadou", "Présent").await;
        school.press("Mamadou", "Autre…").await;
        school.ask("Mamadou", "Horloge en avance").await;
        assert_eq!(
            school.told("Inès"),
            "Réponse à votre contestation : votre ligne dit maintenant « présent ». Réseaux, mar. 24 nov., 14:00–16:00 (Paris). Motif : Horloge en avance"
        );
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn namesakes_are_told_apart() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let class = school.class.clone();
        for (first, last, id) in [("Inès", "Martin", "p-i2"), ("Inès", "Mo", "p-i3"), ("Noé", "Blanc", "p-n2")] {
            let person = preau::school::roster::Person {
                id: id.to_owned(),
                last_name: last.to_owned(),
                first_name: first.to_owned(),
                email: None,
                birth: None,
                card: None,
                role: Role::Student,
                lang: None,
                active: true,
            };
            school
                .write(async |tx| {
                    preau::school::roster::flow::add(tx, &preau::school::audit::Actor::Cli, &person).await?;
                    preau::school::roster::flow::enrol(tx, &preau::school::audit::Actor::Cli, id, &class).await
                })
                .await;
        }
        school.plan_usual().await;
        school.until("14:00").await;
        school.press("Mamadou", "Liste").await;
        let keys = school.keys(school.is("Mamadou")).concat();
        let names: Vec<&str> = keys.iter().filter_map(|key| key.split(" · ").next()).take(8).collect();
        assert_eq!(
            names,
            ["Noé Blanc (1)", "Noé Blanc (2)", "Inès Ma.", "Inès Mo", "Inès Mor.", "Léa P.", "Paul S.", "Karim T."]
        );
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_many_lessons_a_day_every_line_and_every_sheet_is_reached() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let other = school.add_class("BTS SIO 2B").await;
        school.add("Anne", "Roy", Role::Teacher, &[], Lang::Fr).await;
        let mut first = String::new();
        for day in ["24/11/2026", "25/11/2026", "26/11/2026"] {
            school.to(day, "07:30").await;
            for hour in 8..13 {
                let (from, to) = (format!("{hour:02}:00"), format!("{hour:02}:50"));
                let id = school.plan(school.lesson(&from, &to, None)).await;
                if first.is_empty() {
                    first = id;
                }
            }
            for hour in 8..13 {
                school.until(&format!("{hour:02}:00")).await;
                school.press("Mamadou", "sauf").await;
                school.press("Mamadou", "Noé B.").await;
                school.press("Mamadou", "Enregistrer").await;
            }
            school.until("13:00").await;
        }
        school.plan(Session { classroom_id: other, ..school.lesson("12:00", "12:30", None) }).await;
        // Fifteen absences, the newest first, six a page.
        school.ask("Noé", "/moi").await;
        let keys = school.keys(school.is("Noé"));
        assert_eq!(keys.len(), 8, "{keys:?}");
        assert_eq!(keys[0], ["Contester 12:00 jeu. 26 nov."]);
        assert_eq!((&keys[6], &keys[7]), (&vec!["2/3 ›".to_owned()], &vec!["✕ Fermer".to_owned()]));
        school.press("Noé", "2/3").await;
        school.press("Noé", "3/3").await;
        let keys = school.keys(school.is("Noé"));
        assert_eq!((keys.len(), &keys[3]), (5, &vec!["‹ 2/3".to_owned()]), "{keys:?}");
        school.press("Noé", "Contester 08:00 mar. 24 nov.").await;
        assert!(school.told("Noé").starts_with("Vous contestez votre ligne : Réseaux, mar. 24 nov., 08:00"));
        school.ask("Noé", "J’étais là").await;
        // The admin reaches the oldest of all.
        assert_eq!(school.ask("Claire", "/presence").await, "Quelle feuille ?\nÀ valider, en tête de liste : 15.");
        school.press("Claire", "2/3").await;
        school.press("Claire", "3/3").await;
        school.press("Claire", "08:00 Réseaux · BTS SIO 1A, mar. 24 nov.").await;
        assert!(school.told("Claire").starts_with("BTS SIO 1A : Réseaux, mar. 24 nov., 08:00–08:50"));
        assert_eq!(school.press("Claire", "Valider").await, "Feuille validée.");
        assert_eq!(school.sheet(&first).await.expect("a sheet").state, SheetState::Validated);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_roll_that_cannot_be_delivered_goes_to_those_in_charge_and_a_late_one_says_so() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        // She never opened the chat: Telegram refuses.
        school.add_unlinked("Anne", "Roy", Role::Teacher, &[]).await;
        let anne = school.sandbox.add_person("Anne", "Roy", "fr");
        let tie = async |tx: &mut preau::platform::store::Tx| {
            preau::school::roster::store::insert_account(tx, anne, "p-anne", Some(Lang::Fr), None).await
        };
        school.write(tie).await;
        let theirs = Session { teacher_id: Some("p-anne".to_owned()), ..school.lesson("14:00", "16:00", None) };
        school.plan(theirs).await;
        school.until("14:00").await;
        assert!(school.told("Éric").contains("5 inscrits. Qui est là ?"), "{}", school.told("Éric"));
        school.until("16:00").await;
        assert!(school.told("Éric").contains("Le cours est terminé. Tout est bon ?"), "{}", school.told("Éric"));
        // Préau is stopped over a reminder, then over a start.
        school.plan(Session { subject: "Algo".to_owned(), ..school.lesson("17:00", "18:00", None) }).await;
        school.stop().await;
        school.clock.set(super::super::school::at("24/11/2026", "16:54"));
        school.start().await.expect("starts");
        school.drain().await.expect("quiet");
        let reminder = school.about("Algo").pop().expect("a reminder").text;
        assert!(reminder.ends_with("Ce rappel part avec 9 min de retard."), "{reminder}");
        school.stop().await;
        school.clock.set(super::super::school::at("24/11/2026", "17:20"));
        school.start().await.expect("starts");
        school.drain().await.expect("quiet");
        let told = school.told("Mamadou");
        assert!(told.starts_with("Cet appel arrive avec 20 min de retard.\nBTS SIO 1A : Algo"), "{told}");
        // Telegram refused what was for her: that is the story.
        school.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lesson_cancelled_while_it_runs_takes_its_roll_away() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let id = school.plan_usual().await;
        school.until("14:08").await;
        school.press("Mamadou", "Liste").await;
        // Just where one line is decided.
        school.press("Mamadou", "Noé B.").await;
        let messages = school.all(school.is("Mamadou")).len();
        school.cancel(&id).await;
        school.until("14:09").await;
        let told = school.told("Mamadou");
        assert!(told.ends_with("Ce cours vient d’être annulé : il n’y a plus d’appel à faire."), "{told}");
        assert!(school.keys(school.is("Mamadou")).is_empty());
        assert_eq!(school.all(school.is("Mamadou")).len(), messages, "by edit");
        assert!(school.ask("Mamadou", "/presence").await.starts_with("Aucune feuille"));
        school.check().await;
    }
}
