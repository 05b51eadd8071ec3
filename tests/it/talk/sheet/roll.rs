//! Names picked and set while the lesson runs; « Je suis là ».

use preau::kernel::Lang;
use preau::school::audit::Actor;
use preau::school::roster::{Person, Role, flow as roster};
use preau::school::session::{Mode, Session};

use super::super::school::{School, at};
use super::{LINK, book, in_call, table};
use crate::world::Engine;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_names_are_paged() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let class = school.class.clone();
        for number in 10..35 {
            school.add_unlinked(&format!("Élève{number}"), &format!("Z{number}"), Role::Student, &[&class]).await;
        }
        let id = school.plan_usual().await;
        school.until("14:00").await;
        let teacher = school.is("Mamadou");
        assert!(school.told("Mamadou").contains("30 inscrits. Qui est là ?"));
        school.press("Mamadou", "sauf").await;
        let keys = school.keys(teacher);
        assert_eq!(keys.len(), 8, "five rows of names, pages, saving, back: {keys:?}");
        assert_eq!(keys[5], ["2/3 ›"]);
        school.press("Mamadou", "Noé B.").await;
        school.press("Mamadou", "2/3").await;
        assert_eq!(school.keys(teacher)[5], ["‹ 1/3", "3/3 ›"]);
        school.press("Mamadou", "3/3").await;
        assert_eq!(school.keys(teacher)[5], ["‹ 2/3"]);
        school.press("Mamadou", "Élève34").await;
        assert_eq!(school.keys(teacher)[6], ["Enregistrer, 2 absents"]);
        assert_eq!(school.press("Mamadou", "Enregistrer").await, "30 lignes notées.");
        let said = school.said(&id).await;
        assert_eq!(said.iter().filter(|line| line.ends_with("présent")).count(), 28);
        assert_eq!((said[0].as_str(), said[29].as_str()), ("Noé B. : absent", "Élève34 Z. : absent"));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn i_am_here_counts_from_five_before_to_fifteen_after() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let class = school.class.clone();
        let id = school.plan(school.lesson("14:00", "16:00", Some(LINK))).await;
        let group = school.group;
        school.until("13:55").await;
        assert_eq!(school.press_in("Noé", group, "Je suis là").await, "C’est noté : vous êtes là.");
        let key = {
            let reminder = school.about("Réseaux").pop().expect("a reminder");
            (reminder.id, reminder.buttons[0][1].data.clone().expect("a key"))
        };
        school.until("14:00").await;
        assert_eq!(school.said(&id).await[..2], ["Noé B. : présent", "Inès M. : à pointer"]);
        // The teacher picks names while others press: nothing is begun again.
        school.press("Mamadou", "sauf").await;
        assert_eq!(school.keys(school.is("Mamadou"))[0], ["Noé B. · présent", "Inès M."]);
        school.press("Mamadou", "Paul S.").await;
        assert_eq!(school.press_in("Inès", group, "Je suis là").await, "C’est noté : vous êtes là.");
        assert_eq!(school.press_in("Inès", group, "Je suis là").await, "C’est noté : vous êtes là.");
        assert_eq!(school.press("Mamadou", "Enregistrer").await, "3 lignes notées.");
        assert_eq!(school.press_in("Paul", group, "Je suis là").await, "C’est noté : vous êtes là.");
        assert_eq!(
            school.said(&id).await,
            ["Noé B. : présent", "Inès M. : présent", "Léa P. : présent", "Paul S. : absent", "Karim T. : présent"],
            "what the teacher said stands"
        );
        // Enrolled after the start: the sheet is frozen.
        school.add_unlinked("Tard", "Venu", Role::Student, &[&class]).await;
        assert_eq!(school.lines(&id).await.len(), 5);
        school.until("14:16").await;
        let query = school.sandbox.press_data(school.is("Karim"), group, key.0, &key.1);
        school.drain().await.expect("quiet");
        let said = school.sandbox.callback_answer(&query).flatten().unwrap_or_default();
        assert_eq!(
            said,
            "« Je suis là » se touche pendant ce créneau : 13:55–14:15 (Paris). En dehors, c’est l’enseignant qui vous pointe. (SES-05)"
        );
        school.until("16:00").await;
        school.press("Mamadou", "Valider").await;
        let (lines, _) = table(&school.files("Mamadou")[0]);
        assert_eq!(lines.len(), 5);
        assert_eq!((lines[0][3].as_str(), lines[2][3].as_str()), ("bouton", "à la main"));
        let place = book(&school.files("Mamadou")[0]);
        assert!(place.rows().nth(4).is_some_and(|row| row.iter().any(|cell| *cell == LINK)));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_on_the_frozen_roster_is_told() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let class = school.class.clone();
        let id = school.plan(school.lesson("14:00", "16:00", Some(LINK))).await;
        school.until("14:01").await;
        school.add("Tom", "Tard", Role::Student, &[&class], Lang::Fr).await;
        school.sandbox.add_member(school.group, school.is("Tom"), school.is("Claire"));
        let said = school.press_in("Tom", school.group, "Je suis là").await;
        assert!(said.starts_with("Votre nom n’est pas sur la feuille"), "{said}");
        school.write(async |tx| roster::unenrol(tx, &Actor::Cli, "p-noe", &class).await).await;
        assert_eq!(school.lines(&id).await.len(), 5, "who leaves the class later stays on it");
        school.until("16:00").await;
        assert!(school.said(&id).await.iter().all(|line| line.ends_with("à pointer")), "no press never means absent");
        school.check().await;
    }
}

/// In a room, and with a link: those who are afar may say so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn i_am_here_stands_beside_a_link_in_a_room_too() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let lesson = school.lesson("14:00", "16:00", Some(LINK));
        let id = school.plan(Session { mode: Mode::OnSite, ..lesson }).await;
        school.until("13:54").await;
        assert_eq!(school.keys(school.group), [["Je serai absent", "En retard"]]);
        school.until("13:55").await;
        assert_eq!(school.keys(school.group)[0], ["Je suis là"]);
        assert_eq!(school.press_in("Noé", school.group, "Je suis là").await, "C’est noté : vous êtes là.");
        school.until("14:16").await;
        assert_eq!(school.keys(school.group), [["Je serai absent", "En retard"]]);
        school.until("16:00").await;
        assert_eq!(school.said(&id).await[..2], ["Noé B. : présent", "Inès M. : à pointer"]);
        school.check().await;
    }
}

/// The program is stopped over the start, and people change class meanwhile, on the machine and by a file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_late_a_sheet_is_opened_its_roster_is_that_of_the_start() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let (class, other) = (school.class.clone(), school.add_class("BTS SIO 2B").await);
        school.add_unlinked("Zoé", "Adam", Role::Student, &[&other]).await;
        let first = school.plan_usual().await;
        let second = school.plan(school.lesson("17:00", "18:00", None)).await;
        school.until("13:50").await;
        school.stop().await;
        school.clock.set(at("24/11/2026", "14:20"));
        let beside = school.beside().await.expect("open");
        let moves = async |tx: &mut preau::platform::store::Tx| {
            roster::unenrol(tx, &Actor::Cli, "p-noe", &class).await?;
            roster::enrol(tx, &Actor::Cli, "p-noe", &other).await?;
            roster::enrol(tx, &Actor::Cli, "p-zoe", &class).await?;
            roster::deactivate(tx, &Actor::Cli, "p-karim").await?;
            let lea: Person = roster::person(tx, "p-lea").await?.expect("known");
            let (enter, leave) = (vec![other.clone()], vec![class.clone()]);
            let all = [roster::Staged { before: Some(lea.clone()), after: lea, enter, leave, account: None }];
            roster::stage(tx, "b", &Actor::Cli, &all).await?;
            roster::flip(tx, "b", &all).await?;
            preau::school::audit::flow::flip(tx, "b").await
        };
        beside.db.transact(moves).await.expect("written");
        beside.close().await;
        school.clock.set(at("24/11/2026", "14:30"));
        school.start().await.expect("starts");
        school.drain().await.expect("quiet");
        let names = async |id: &str| -> Vec<String> {
            school.lines(id).await.into_iter().map(|line| line.first_name).collect()
        };
        assert_eq!(names(&first).await, ["Noé", "Inès", "Léa", "Paul", "Karim"], "{engine:?}");
        school.until("17:00").await;
        assert_eq!(names(&second).await, ["Zoé", "Inès", "Paul"], "{engine:?}");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stale_screen_and_other_people_s_presses() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        school.add("Anne", "Roy", Role::Teacher, &[], Lang::Fr).await;
        let id = school.plan_usual().await;
        school.until("14:00").await;
        school.press("Mamadou", "Liste").await;
        school.press("Mamadou", "Noé B.").await;
        // Meanwhile the supervisor marks somebody.
        school.ask("Éric", "/presence").await;
        school.press("Éric", "Réseaux").await;
        school.press("Éric", "Liste").await;
        school.press("Éric", "Inès M.").await;
        school.press("Éric", "Absent").await;
        assert_eq!(school.press("Mamadou", "Présent").await, "La feuille a changé entre-temps, la voici à jour.");
        assert_eq!(school.said(&id).await[0], "Noé B. : à pointer");
        school.press("Mamadou", "Présent").await;
        assert_eq!(school.said(&id).await[..2], ["Noé B. : présent", "Inès M. : absent"]);
        // Keys of the teacher's chat are the teacher's; those of one's own open only one's own sheets.
        let teacher = school.is("Mamadou");
        let roll = school.all(teacher).pop().expect("the roll");
        let key = roll.buttons[1][0].data.clone().expect("a key");
        for who in ["Anne", "Noé"] {
            let query = school.sandbox.press_data(school.is(who), teacher, roll.id, &key);
            school.drain().await.expect("quiet");
            let said = school.sandbox.callback_answer(&query).flatten().unwrap_or_default();
            assert_eq!(said, "Ce bouton s’adresse à une autre personne. (TEL-02)", "{who}");
        }
        assert!(school.ask("Anne", "/presence").await.starts_with("Aucune feuille de présence ces 7 derniers jours."));
        assert!(school.ask("Noé", "/presence").await.contains("enseignant"));
        // The lesson passes to Mme Roy: what stood with M. Diallo opens nothing any more.
        school.change(&id, |session| session.teacher_id = Some("p-anne".to_owned())).await;
        assert_eq!(
            school.press("Mamadou", "Léa P.").await,
            "Cette feuille est celle d’un autre enseignant. La vie scolaire peut la corriger. (PRE-02)"
        );
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_linked_teacher_the_roll_goes_to_the_supervisor_and_english_is_spoken() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let lesson = school.lesson("09:00", "10:00", None);
        school.plan(Session { teacher_id: None, teacher_name: "Mme Roy".to_owned(), ..lesson }).await;
        school.add("John", "Smith", Role::Teacher, &[], Lang::En).await;
        let lesson = school.lesson("14:00", "16:00", Some(LINK));
        school
            .plan(Session { teacher_id: Some("p-john".to_owned()), teacher_name: "Mr Smith".to_owned(), ..lesson })
            .await;
        school.until("09:00").await;
        assert!(school.told("Éric").starts_with("BTS SIO 1A : Réseaux, mar. 24 nov., 09:00–10:00 (Paris), Mme Roy"));
        school.until("14:00").await;
        assert_eq!(
            school.told("John"),
            "BTS SIO 1A: Réseaux, Tue 24 Nov, 14:00–16:00 (Paris), Mr Smith, remote\n\
5 enrolled. Who is here? I keep this message up to date.\n\
Present 0 · Not here yet 5 (Noé B., Inès M., Léa P., Paul S., Karim T.)."
        );
        assert_eq!(school.keys(school.is("John")), [vec!["All present except…", "All present"], vec!["List"]]);
        school.press("John", "except").await;
        school.press("John", "Noé B.").await;
        school.press("John", "Save: 1 absent").await;
        school.until("16:00").await;
        school.press("John", "Approve").await;
        assert_eq!(
            school.last(school.is("John")),
            "Attendance sheet, BTS SIO 1A: Réseaux, Tue 24 Nov, 14:00–16:00 (Paris)"
        );
        let range = book(&school.files("John")[0]);
        assert_eq!(range.get((0, 0)).map(ToString::to_string).as_deref(), Some("Attendance sheet"));
        assert!(school.last(school.group).contains("4 présents sur 5"), "the class speaks French");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_minutes_without_a_mark_are_told_once_with_a_call_or_without() {
    for engine in Engine::all() {
        let nudges = |school: &School| {
            let said = school.all(school.is("Mamadou")).into_iter().map(|message| message.text);
            said.filter(|text| text.contains("10 min après le début, personne n’est noté présent.")).collect::<Vec<_>>()
        };
        let school = School::on(engine).await;
        school.plan_usual().await;
        school.until("14:09").await;
        assert!(nudges(&school).is_empty());
        school.until("15:00").await;
        let said = nudges(&school);
        assert_eq!(said.len(), 1);
        assert!(
            said[0].ends_with("Si le cours a lieu, touchez « Tous présents sauf… » ; sinon, prévenez la vie scolaire."),
            "{said:?}"
        );
        school.check().await;

        let (school, _) = in_call(engine).await;
        school.until("15:00").await;
        assert_eq!(nudges(&school).len(), 1, "once, with a call too");
        school.check().await;

        let school = School::on(engine).await;
        school.plan_usual().await;
        school.until("14:05").await;
        school.press("Mamadou", "Liste").await;
        school.press("Mamadou", "Noé B.").await;
        school.press("Mamadou", "Absent").await;
        school.until("15:00").await;
        assert!(nudges(&school).is_empty(), "somebody is at it");
        school.check().await;
    }
}
