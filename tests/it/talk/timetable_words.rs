//! `/aujourdhui`, `/semaine`, `/prochain`: who asks, and where.

use preau::kernel::Lang;
use preau::school::roster::Role;
use preau::school::session::{Mode, Session};

use super::school::School;
use crate::world::Engine;

/// Two lessons today, one tomorrow; another class has one at the same time.
async fn week(engine: Engine) -> School {
    let mut school = School::on(engine).await;
    let other = school.add_class("BTS SIO 2B").await;
    school.add("Zoé", "Adam", Role::Student, &[&other], Lang::Fr).await;
    school.plan_usual().await;
    let algo = school.lesson("09:00", "12:00", Some("https://visio.example/algo"));
    let algo = Session { subject: "Algo".to_owned(), teacher_id: None, teacher_name: "Mme Roy".to_owned(), ..algo };
    school.plan(Session { mode: Mode::Hybrid, ..algo }).await;
    let droit = school.lesson("14:00", "15:00", None);
    let droit = Session { subject: "Droit".to_owned(), classroom_id: other, room: String::new(), ..droit };
    school.plan(Session { start_at: droit.start_at.plus_hours(3), end_at: droit.end_at.plus_hours(3), ..droit }).await;
    let maths = school.lesson("08:00", "10:00", None);
    let maths = Session { subject: "Maths".to_owned(), ..maths };
    let maths = Session { start_at: maths.start_at.plus_days(1), end_at: maths.end_at.plus_days(1), ..maths };
    let maths = school.plan(maths).await;
    school.cancel(&maths).await;
    school
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_sees_what_concerns_them() {
    for engine in Engine::all() {
        let school = week(engine).await;
        let student = "mardi 24 novembre\n\
– Algo, 09:00–12:00 (Paris), Mme Roy, salle B204 ou à distance\n\
– Réseaux, 14:00–16:00 (Paris), M. Diallo, salle B204";
        assert_eq!(school.ask("Noé", "/aujourdhui").await, student);
        assert_eq!(school.ask("Noé", "/today").await, student);
        assert_eq!(
            school.ask("Noé", "/semaine").await,
            format!("{student}\nmercredi 25 novembre\n– annulé : Maths, 08:00–10:00 (Paris), M. Diallo, salle B204")
        );
        assert_eq!(
            school.ask("Mamadou", "/aujourdhui").await,
            "mardi 24 novembre\n\
– BTS SIO 1A : Réseaux, 14:00–16:00 (Paris), M. Diallo, salle B204\n\
– BTS SIO 2B : Droit, 17:00–18:00 (Paris), M. Diallo, salle à préciser"
        );
        // In charge of one class; in charge of all.
        assert_eq!(school.ask("Éric", "/aujourdhui").await, student);
        assert_eq!(school.ask("Claire", "/week").await.lines().count(), 6);
        assert_eq!(school.say(school.is("Noé"), school.group, "/aujourdhui").await, student);
        let bot = school.sandbox.bot_username().to_owned();
        assert_eq!(school.say(school.is("Noé"), school.group, &format!("/today@{bot}")).await, student);
        let x = school.sandbox.add_person("X", "", "en");
        assert_eq!(
            school.say(x, x, "/today").await,
            "I do not know you yet. Ask the school for your personal link, then open it. (SES-01)"
        );
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_lesson_is_the_one_that_runs_or_comes() {
    for engine in Engine::all() {
        let mut school = week(engine).await;
        let algo = "Algo, mar. 24 nov., 09:00–12:00 (Paris), Mme Roy, salle B204 ou à distance";
        assert_eq!(school.ask("Noé", "/prochain").await, algo);
        assert_eq!(school.keys(school.is("Noé")), [["Rejoindre"]]);
        school.until("09:30").await;
        assert_eq!(school.ask("Noé", "/next").await, format!("En ce moment : {algo}"));
        school.until("12:00").await;
        let next = school.ask("Noé", "/prochain").await;
        assert_eq!(next, "Réseaux, mar. 24 nov., 14:00–16:00 (Paris), M. Diallo, salle B204");
        assert!(school.keys(school.is("Noé")).is_empty());
        assert_eq!(school.ask("Mamadou", "/prochain").await, format!("BTS SIO 1A : {next}"));
        assert_eq!(school.say(school.is("Noé"), school.group, "/prochain").await, next);
        school.add("Mary", "Jones", Role::Teacher, &[], Lang::En).await;
        assert_eq!(school.ask("Mary", "/next").await, "No lesson planned for now.");
        assert_eq!(school.ask("Mary", "/aujourdhui").await, "No lesson today.");
        assert_eq!(school.ask("Mary", "/semaine").await, "No lesson this week.");
        school.until("18:30").await;
        assert_eq!(
            school.ask("Noé", "/prochain").await,
            "Pas de cours prévu pour l’instant.",
            "a cancelled one is none"
        );
        school.check().await;
    }
}

/// Whoever is in charge of all classes is told the one lesson that comes first, however far it lies: it is asked for, not
/// found among everybody's next two months.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_all_classes_the_first_lesson_comes_next() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        assert_eq!(school.ask("Claire", "/prochain").await, "Pas de cours prévu pour l’instant.");
        let far = |days: i64, class: &str| {
            let lesson = school.lesson("14:00", "16:00", None);
            let (start_at, end_at) = (lesson.start_at.plus_days(days), lesson.end_at.plus_days(days));
            Session { start_at, end_at, classroom_id: class.to_owned(), ..lesson }
        };
        school.plan(far(90, &school.class)).await;
        let words = "Réseaux, lun. 22 févr., 14:00–16:00 (Paris), M. Diallo, salle B204";
        assert_eq!(school.ask("Claire", "/prochain").await, words, "{engine:?}: one class needs no name");
        let other = school.add_class("BTS SIO 1B").await;
        assert_eq!(school.ask("Claire", "/prochain").await, format!("BTS SIO 1A : {words}"), "{engine:?}");
        let dropped = school.plan(far(0, &school.class)).await;
        school.cancel(&dropped).await;
        school.plan(far(1, &other)).await;
        school.plan(far(2, &school.class)).await;
        let words = "BTS SIO 1B : Réseaux, mer. 25 nov., 14:00–16:00 (Paris), M. Diallo, salle B204";
        assert_eq!(school.ask("Claire", "/prochain").await, words, "{engine:?}");
        school.to("25/11/2026", "15:59").await;
        assert_eq!(school.ask("Claire", "/prochain").await, format!("En ce moment : {words}"), "{engine:?}");
        school.to("25/11/2026", "16:00").await;
        assert!(
            school.ask("Claire", "/prochain").await.starts_with("BTS SIO 1A : Réseaux, jeu. 26 nov."),
            "{engine:?}"
        );
        school.end().await;
    }
}

/// A lesson after a long pause is a lesson ahead, for its class and for its teacher.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_lesson_may_be_months_ahead() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let far = |days: i64, class: &str| {
            let lesson = school.lesson("14:00", "16:00", None);
            let (start_at, end_at) = (lesson.start_at.plus_days(days), lesson.end_at.plus_days(days));
            Session { start_at, end_at, classroom_id: class.to_owned(), ..lesson }
        };
        school.plan(far(70, &school.class)).await;
        let words = "Réseaux, mar. 2 févr., 14:00–16:00 (Paris), M. Diallo, salle B204";
        for who in ["Noé", "Mamadou", "Éric"] {
            assert_eq!(school.ask(who, "/prochain").await, words, "{engine:?}: {who}");
        }
        assert_eq!(school.say(school.is("Noé"), school.group, "/prochain").await, words, "{engine:?}");
        // Of two classes the one that comes first, and it is named.
        let other = school.add_class("BTS SIO 2B").await;
        let sooner = far(64, &other);
        school.add("Zoé", "Adam", Role::Student, &[&other, &school.class.clone()], Lang::Fr).await;
        school.plan(sooner).await;
        let sooner = "BTS SIO 2B : Réseaux, mer. 27 janv., 14:00–16:00 (Paris), M. Diallo, salle B204";
        for who in ["Mamadou", "Zoé"] {
            assert_eq!(school.ask(who, "/prochain").await, sooner, "{engine:?}: {who}");
        }
        assert_eq!(school.ask("Noé", "/prochain").await, words, "{engine:?}");
        school.check().await;
    }
}
