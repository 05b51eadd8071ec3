//! The brake: what leaves in numbers leaves by a second word.

use preau::school::session::State;

use super::*;
use crate::world::Engine;

fn lessons(days: &[&'static str]) -> Vec<[&'static str; 7]> {
    let hours = [("08:00", "10:00"), ("10:00", "12:00"), ("14:00", "16:00")];
    let at = |day: &&'static str| hours.map(|(start, end)| [*day, start, end, "1A", "Maths", "", "B1"]);
    days.iter().flat_map(at).collect()
}

const WEEK: [&str; 5] = ["30/11/2026", "01/12/2026", "02/12/2026", "03/12/2026", "04/12/2026"];

async fn planned(world: &World) -> usize {
    timetable(world).await.iter().filter(|session| session.state == State::Planned).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_sessions_leave_by_a_second_button_that_names_them() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        sends(&world, claire, "EDT.xlsx", book(&[], &lessons(&WEEK))).await;
        presses(&world, claire, "Appliquer").await;
        assert_eq!(planned(&world).await, 15);

        let shown = sends(&world, claire, "EDT.xlsx", book(&[], &lessons(&WEEK[..3]))).await;
        assert!(shown.contains("Séances : +0 −6 ~0, inchangées 9."), "{shown}");
        let (asked, _) = presses(&world, claire, "Appliquer").await;
        assert_eq!(asked, "Ce fichier retire 6 séances (1A) : plus que d’habitude en un jour. Est-ce voulu ?");
        assert_eq!(keys(&world, claire), ["Retirer 6 : 1A", "Abandonner"]);
        assert_eq!(planned(&world).await, 15);
        presses(&world, claire, "Abandonner").await;
        assert_eq!(planned(&world).await, 15);

        sends(&world, claire, "EDT.xlsx", book(&[], &lessons(&WEEK[..3]))).await;
        presses(&world, claire, "Appliquer").await;
        // The timetable changes before the second press: shown afresh, and asked again.
        let one = timetable(&world).await.remove(0);
        let actor = Actor::Cli;
        let after = Session { room: "Z".to_owned(), ..one };
        write(&world, async |tx| session::flow::change(tx, &actor, after).await).await;
        let (text, _) = presses(&world, claire, "Retirer 6").await;
        assert!(text.contains("−6 ~1") && text.contains("a changé"), "{text}");
        presses(&world, claire, "Appliquer").await;
        assert_eq!(presses(&world, claire, "Retirer 6").await.0, "Fait : 1 séance modifiée, 6 retirées.");
        assert_eq!(planned(&world).await, 9);

        // Those of the last 24 hours count: one more is too many until then, and after that it is not.
        for hours in [0, 23] {
            world.go_to(world.clock.now().plus_hours(hours)).await.expect("time passes");
            sends(&world, claire, "EDT.xlsx", book(&[], &lessons(&WEEK[..3])[1..])).await;
            assert!(presses(&world, claire, "Appliquer").await.0.contains("retire 1 séance (1A)"), "{hours} h later");
            presses(&world, claire, "Abandonner").await;
        }
        world.go_to(world.clock.now().plus_hours(2)).await.expect("time passes");
        sends(&world, claire, "EDT.xlsx", book(&[], &lessons(&WEEK[..3])[1..])).await;
        assert_eq!(presses(&world, claire, "Appliquer").await.0, "Fait : 1 séance retirée.");
        world.check().await;
    }
}

fn class(count: usize, status: &'static str) -> Vec<[String; 7]> {
    let person = |n: usize| {
        [
            format!("Nom{n}"),
            format!("Prénom{n}"),
            format!("p{n}@ecole.example"),
            String::new(),
            String::new(),
            "1A".to_owned(),
            status.to_owned(),
        ]
    };
    (0..count).map(person).collect()
}

fn staff(people: &[[String; 7]]) -> Vec<u8> {
    let lines: Vec<[&str; 7]> = people.iter().map(|line| line.each_ref().map(String::as_str)).collect();
    book(&lines, &[])
}

async fn active(world: &World) -> usize {
    people(world).await.iter().filter(|person| person.active && person.role == Role::Student).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_people_leave_by_the_word_of_two() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let marc = admin(&world, "Marc", "Marc Petit").await;
        sends(&world, claire, "Personnes.xlsx", staff(&class(12, ""))).await;
        presses(&world, claire, "Appliquer").await;
        assert_eq!(active(&world).await, 12);

        // Two may leave by the importer's word alone.
        let shown = sends(&world, claire, "Personnes.xlsx", staff(&class(2, "parti"))).await;
        assert!(shown.contains("Personnes : +0 ~0, 2 départs, inchangées 0."), "{shown}");
        assert_eq!(presses(&world, claire, "Appliquer").await.0, "Fait : 2 départs.");
        assert_eq!(active(&world).await, 10);

        sends(&world, claire, "Personnes.xlsx", staff(&class(8, "parti"))).await;
        let import = message(&world, claire).id;
        let (asked, _) = presses(&world, claire, "Appliquer").await;
        assert!(asked.starts_with("Ce fichier retire 6 personnes : plus que permis"), "{asked}");
        let request = last(&world, marc);
        assert!(request.contains("Le fichier « Personnes.xlsx » retire 6 personnes (1A).\nPersonnes retirées : Prénom2 N., Prénom3 N., Prénom4 N., Prénom5 N., Prénom6 N., Prénom7 N.\nPersonnes : +0 ~0, 6 départs, inchangées 2.\nDemandé par Claire D.\nAccepté par Claire D.\nIl manque 1 accord"), "{request}");
        assert_eq!(active(&world).await, 10);
        presses(&world, claire, "Accepter").await;
        assert_eq!(active(&world).await, 10, "one person is one voice");
        presses(&world, marc, "Accepter").await;
        assert_eq!(active(&world).await, 4);
        assert!(last(&world, marc).contains("Accepté, et fait."), "{}", last(&world, marc));
        let text = |id: i64| world.sandbox.messages(claire).into_iter().find(|m| m.id == id).expect("there").text;
        assert_eq!(text(import), "Fait : 6 départs.");
        assert_eq!(recorded(&world, "person.left").await, 8);

        // A refusal, and an agreement that comes too late: nobody leaves.
        world.go_to(world.clock.now().plus_hours(25)).await.expect("time passes");
        let rest = || staff(&class(12, "parti"));
        sends(&world, claire, "Personnes.xlsx", rest()).await;
        let import = message(&world, claire).id;
        presses(&world, claire, "Appliquer").await;
        assert_eq!(
            keys_of(&world, claire, import),
            ["Voir les 4 changements", "Abandonner"],
            "what two persons are asked can be seen, and taken back"
        );
        presses(&world, marc, "Refuser").await;
        assert_eq!(active(&world).await, 4);
        assert_eq!(
            text(import),
            "Rien n’a été appliqué : un admin a refusé. Parlez-en entre vous ; si c’est voulu, renvoyez le fichier. (IMP-11)"
        );
        assert!(!keys_of(&world, claire, import).iter().any(|key| key == "Abandonner"));
        sends(&world, claire, "Personnes.xlsx", rest()).await;
        let import = message(&world, claire).id;
        presses(&world, claire, "Appliquer").await;
        let gone = named(&world, "Nom11").await.id;
        write(&world, async |tx| roster::deactivate(tx, &Actor::Cli, &gone).await).await;
        presses(&world, marc, "Accepter").await;
        assert_eq!(active(&world).await, 3);
        assert!(text(import).starts_with("Rien n’a été appliqué"), "{}", text(import));
        let told = last(&world, marc);
        assert!(told.contains("Accepté, mais rien n’est fait : ") && !told.contains("et fait."), "{told}");
        assert_eq!(recorded(&world, "agreement.came_to_nothing").await, 1);

        // Nobody answers: three days later it is over. Taken back by whoever asked: nobody need answer.
        sends(&world, claire, "Personnes.xlsx", rest()).await;
        let import = message(&world, claire).id;
        presses(&world, claire, "Appliquer").await;
        world.go_to(world.clock.now().plus_hours(73)).await.expect("time passes");
        assert!(text(import).starts_with("Rien n’a été appliqué : personne d’autre n’a accepté"), "{}", text(import));
        sends(&world, claire, "Personnes.xlsx", rest()).await;
        let import = message(&world, claire).id;
        presses(&world, claire, "Appliquer").await;
        assert_eq!(presses(&world, claire, "Abandonner").await.0, "Abandonné : rien n’a changé.");
        assert!(last(&world, marc).contains("Retiré par la personne qui l’a demandé"), "{}", last(&world, marc));
        assert!(keys(&world, marc).is_empty());
        assert!(text(import).starts_with("Abandonné"));
        assert_eq!((active(&world).await, recorded(&world, "workbook.applied").await), (3, 3));
        world.check().await;
    }
}

fn teachers(numbers: std::ops::Range<usize>, status: &str) -> Vec<[String; 7]> {
    let words = |n: usize| {
        let (name, mail) = (format!("Prof{n:02}"), format!("t{n}@ecole.example"));
        [name, "Sam".to_owned(), mail, String::new(), "enseignant".to_owned(), String::new(), status.to_owned()]
    };
    numbers.map(words).collect()
}

/// Whoever is in no class is of the school all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_of_no_class_leave_by_the_word_of_two() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let marc = admin(&world, "Marc", "Marc Petit").await;
        let there = async || people(&world).await.iter().filter(|one| one.active && one.role == Role::Teacher).count();
        sends(&world, claire, "P.xlsx", staff(&teachers(0..21, ""))).await;
        presses(&world, claire, "Donner ces droits").await;
        assert_eq!(there().await, 21);

        sends(&world, claire, "P.xlsx", staff(&teachers(0..11, "parti"))).await;
        let (asked, _) = presses(&world, claire, "Appliquer").await;
        assert!(asked.starts_with("Ce fichier retire 11 personnes : plus que permis"), "{engine:?}: {asked}");
        let request = last(&world, marc);
        assert!(request.contains("retire 11 personnes (sans classe).\n"), "{request}");
        assert!(request.contains("Sam P.\nPersonnes : +0 ~0, 11 départs, inchangées 0.\n"), "{request}");
        assert_eq!(request.matches("Sam P.").count(), 11, "all are named: {request}");
        assert_eq!(there().await, 21);
        presses(&world, marc, "Accepter").await;
        assert_eq!(there().await, 10);

        // The day's departures count, from wherever they came; the next day's do not.
        sends(&world, claire, "P.xlsx", staff(&teachers(11..12, "parti"))).await;
        assert!(presses(&world, claire, "Appliquer").await.0.starts_with("Ce fichier retire 1 personne"));
        presses(&world, claire, "Abandonner").await;
        world.go_to(world.clock.now().plus_hours(25)).await.expect("time passes");
        sends(&world, claire, "P.xlsx", staff(&teachers(11..21, "parti"))).await;
        assert!(presses(&world, claire, "Appliquer").await.0.starts_with("Fait : "), "ten are few");
        assert_eq!(there().await, 0);
        world.check().await;
    }
}

/// One person of two classes is one person; and no role is given by the press that applies.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_counted_once_and_roles_wait_for_their_own_key() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let marc = admin(&world, "Marc", "Marc Petit").await;
        let of_two = |status| {
            let mut all = class(6, status);
            for line in &mut all {
                "1A, 1B".clone_into(&mut line[5]);
            }
            all
        };
        sends(&world, claire, "P.xlsx", staff(&of_two(""))).await;
        presses(&world, claire, "Appliquer").await;
        assert_eq!(active(&world).await, 6);
        let mut mixed = of_two("parti");
        mixed.extend(teachers(0..1, ""));
        sends(&world, claire, "P.xlsx", staff(&mixed)).await;
        let import = message(&world, claire).id;
        let (asked, _) = presses(&world, claire, "Appliquer").await;
        assert!(asked.starts_with("Ce fichier retire 6 personnes : plus que permis"), "{engine:?}: {asked}");
        let request = last(&world, marc);
        assert!(request.contains("retire 6 personnes (1A, 1B).\n"), "{request}");
        assert!(request.contains("Personnes : +0 ~0, 6 départs, inchangées 0.\nDemandé"), "{request}");
        presses(&world, marc, "Accepter").await;
        assert_eq!(active(&world).await, 0);
        assert!(people(&world).await.iter().all(|one| one.last_name != "Prof00"));
        assert_eq!(keys_of(&world, claire, import), ["Donner ces droits", "Annuler (10 min)"]);
        presses(&world, claire, "Donner ces droits").await;
        assert_eq!(named(&world, "Prof00").await.role, Role::Teacher);
        world.check().await;
    }
}

/// An agreement takes hours. Lessons that begin meanwhile are left as they are; all else is as it was agreed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lessons_that_begin_do_not_end_an_agreement() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let marc = admin(&world, "Marc", "Marc Petit").await;
        let file = |status: &'static str, lessons: &[[&'static str; 7]]| {
            let people = class(6, status);
            let lines: Vec<[&str; 7]> = people.iter().map(|line| line.each_ref().map(String::as_str)).collect();
            book(&lines, lessons)
        };
        let today = |room: &'static str| ["24/11/2026", "10:00", "12:00", "1A", "Maths", "", room];
        let later = |room: &'static str| ["26/11/2026", "10:00", "12:00", "1A", "Maths", "", room];
        let new = |day: &'static str| [day, "10:00", "12:00", "1B", "Anglais", "", "C1"];
        sends(&world, claire, "EDT.xlsx", file("", &[today("A1"), later("A1")])).await;
        presses(&world, claire, "Appliquer").await;
        assert_eq!((active(&world).await, planned(&world).await), (6, 2));

        let next = file("parti", &[today("B2"), later("B2"), new("24/11/2026"), new("26/11/2026")]);
        sends(&world, claire, "EDT.xlsx", next.clone()).await;
        assert!(presses(&world, claire, "Appliquer").await.0.starts_with("Ce fichier retire 6 personnes"));
        world.go_to(at("24/11/2026", "10:30")).await.expect("time passes");
        // What changes otherwise still ends it.
        let moved =
            timetable(&world).await.into_iter().find(|one| one.start_at > world.clock.now()).expect("Thursday's");
        let after = |room: &str| Session { room: room.to_owned(), ..moved.clone() };
        write(&world, async |tx| session::flow::change(tx, &Actor::Cli, after("Z")).await).await;
        presses(&world, marc, "Accepter").await;
        assert_eq!((active(&world).await, planned(&world).await), (6, 2), "{engine:?}");
        write(&world, async |tx| session::flow::change(tx, &Actor::Cli, after("A1")).await).await;

        world.go_to(at("25/11/2026", "09:00")).await.expect("time passes");
        let next =
            |day| file("parti", &[later("B2"), ["25/11/2026", "10:00", "12:00", "1A", "Maths", "", "B2"], new(day)]);
        sends(&world, claire, "EDT.xlsx", next("26/11/2026")).await;
        assert!(presses(&world, claire, "Appliquer").await.0.starts_with("Ce fichier retire 6 personnes"));
        // Nor does a lesson elsewhere that takes the same room: two persons agreed to what happens.
        let other = [["26/11/2026", "11:00", "13:00", "2C", "Sport", "", "C1"]];
        sends(&world, marc, "EDT.xlsx", book(&[], &other)).await;
        presses(&world, marc, "Appliquer").await;
        world.go_to(at("25/11/2026", "10:30")).await.expect("time passes");
        presses(&world, marc, "Accepter").await;
        assert_eq!(active(&world).await, 0, "{engine:?}: {}", last(&world, marc));
        let all: Vec<_> = timetable(&world).await.into_iter().map(|one| (one.subject, one.room)).collect();
        let words = |subject: &str, room: &str| (subject.to_owned(), room.to_owned());
        assert_eq!(
            all,
            [words("Maths", "A1"), words("Maths", "B2"), words("Anglais", "C1"), words("Sport", "C1")],
            "{engine:?}"
        );
        world.check().await;
    }
}
