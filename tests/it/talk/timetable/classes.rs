//! A session that goes to another class: the same session, which one group loses and another gains.

use preau::school::session::State;
use preau::school::workbook::store as imports;

use super::*;
use crate::world::Engine;

/// A timetable with references: day, start, end, class, subject, room, reference.
fn referred(lessons: &[[&str; 7]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let head = ["Date", "Début", "Fin", "Classe", "Matière", "Salle", "Référence"];
    for (row, line) in (0..).zip(std::iter::once(&head).chain(lessons)) {
        for (column, words) in (0..).zip(line) {
            sheet.write_string(row, column, *words).expect("a cell");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

async fn school(engine: Engine) -> (World, i64, [i64; 2]) {
    let world = World::on(engine).await;
    let claire = admin(&world, "Claire", "Claire Dupont").await;
    let groups = [group(&world, claire, "4A").await, group(&world, claire, "4B").await];
    (world, claire, groups)
}

fn notices(world: &World, group: i64) -> Vec<String> {
    let all = world.sandbox.messages(group).into_iter().map(|message| message.text);
    all.filter(|text| text.starts_with("Changements :")).collect()
}

/// Reference, class, id of what is planned.
async fn standing(world: &World) -> Vec<(String, String, String)> {
    let classes = write(world, async |tx| classroom::flow::classrooms(tx).await).await;
    let name = |id: &str| classes.iter().find(|class| class.id == id).expect("a class").name.clone();
    let planned = timetable(world).await.into_iter().filter(|one| one.state == State::Planned);
    let mut all: Vec<_> =
        planned.map(|one| (one.reference.unwrap_or_default(), name(&one.classroom_id), one.id)).collect();
    all.sort();
    all
}

async fn removals(world: &World) -> Vec<i64> {
    let since = world.clock.now().plus_days(-1);
    let all = write(world, async |tx| imports::removals(tx, "session", since).await).await;
    all.into_iter().map(|(_, count)| count).collect()
}

const LESSONS: [[&str; 7]; 3] = [
    ["26/11/2026", "10:00", "12:00", "4A", "Algorithmique", "A1", "T1"],
    ["26/11/2026", "14:00", "16:00", "4B", "Droit", "B1", "T2"],
    ["27/11/2026", "14:00", "16:00", "4A", "Sport", "C1", "T3"],
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_changes_its_class_and_both_groups_are_told() {
    for engine in Engine::all() {
        let (world, claire, [first, second]) = school(engine).await;
        sends(&world, claire, "EDT.xlsx", referred(&LESSONS)).await;
        presses(&world, claire, "Appliquer").await;
        let before = standing(&world).await;

        // T1 goes to 4B, an hour later.
        let mut moved = LESSONS;
        (moved[0][1], moved[0][2], moved[0][3]) = ("11:00", "13:00", "4B");
        let shown = sends(&world, claire, "EDT.xlsx", referred(&moved)).await;
        assert!(shown.contains("Séances : +0 −0 ~1, inchangées 2."), "{shown}");
        assert!(shown.ends_with("2 classes seront prévenues tout de suite."), "{shown}");
        let (list, _) = presses(&world, claire, "Voir").await;
        assert!(
            list.contains("4A · Algorithmique : désormais jeu. 26 nov., 11:00–13:00 (Paris) ; classe 4A → 4B"),
            "{list}"
        );
        presses(&world, claire, "Fermer").await;
        assert_eq!(presses(&world, claire, "Appliquer").await.0, "Fait : 1 séance modifiée.");
        let after = standing(&world).await;
        assert_eq!((&after[0].1, &after[0].2), (&"4B".to_owned(), &before[0].2), "{engine:?}: the same session");
        assert_eq!(after[1..], before[1..]);
        assert_eq!(removals(&world).await, [1], "{engine:?}: it left 4A");
        world.go_to(world.clock.now().plus_minutes(3)).await.expect("time passes");
        let old = "Changements :\n– Annulé : Algorithmique, jeu. 26 nov., 10:00–12:00 (Paris)";
        let new = "Changements :\n– Ajouté : Algorithmique, jeu. 26 nov., 11:00–13:00 (Paris), salle A1";
        assert_eq!(
            (notices(&world, first), notices(&world, second)),
            (vec![old.into()], vec![new.into()]),
            "{engine:?}"
        );

        // Undone: as before, told to both, and no removal any more.
        let said = presses(&world, claire, "Annuler").await.0;
        assert_eq!(said, "Annulé : l’emploi du temps et les personnes sont comme avant cet import.");
        assert_eq!(standing(&world).await, before);
        assert!(removals(&world).await.is_empty());
        world.go_to(world.clock.now().plus_minutes(3)).await.expect("time passes");
        let back = "Changements :\n– Ajouté : Algorithmique, jeu. 26 nov., 10:00–12:00 (Paris), salle A1";
        let gone = "Changements :\n– Annulé : Algorithmique, jeu. 26 nov., 11:00–13:00 (Paris)";
        assert_eq!(notices(&world, first).last().map(String::as_str), Some(back), "{engine:?}");
        assert_eq!(notices(&world, second).last().map(String::as_str), Some(gone), "{engine:?}");

        // The reminder comes in its class's group alone.
        sends(&world, claire, "EDT.xlsx", referred(&moved)).await;
        presses(&world, claire, "Appliquer").await;
        world.go_to(at("26/11/2026", "10:50")).await.expect("time passes");
        let reminded =
            |group| world.sandbox.messages(group).iter().filter(|message| message.text.starts_with("Rappel")).count();
        assert_eq!((reminded(first), reminded(second)), (0, 1), "{engine:?}");
        world.check().await;
    }
}

/// Two lessons of the same hours change places before anybody is told: nobody has anything to hear.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_and_comes_back_before_the_notice_is_not_told() {
    for engine in Engine::all() {
        let (world, claire, [first, second]) = school(engine).await;
        sends(&world, claire, "EDT.xlsx", referred(&LESSONS)).await;
        presses(&world, claire, "Appliquer").await;
        let before = standing(&world).await;
        let mut swapped = LESSONS;
        (swapped[0][3], swapped[1][3]) = ("4B", "4A");
        for file in [&swapped, &LESSONS] {
            let shown = sends(&world, claire, "EDT.xlsx", referred(file)).await;
            assert!(shown.contains("Séances : +0 −0 ~2, inchangées 1."), "{shown}");
            assert!(
                presses(&world, claire, "Appliquer").await.0.starts_with("Fait : 2 séances modifiées"),
                "{engine:?}"
            );
        }
        assert_eq!(standing(&world).await, before);
        world.go_to(world.clock.now().plus_minutes(5)).await.expect("time passes");
        assert_eq!((notices(&world, first), notices(&world, second)), (vec![], vec![]), "{engine:?}");
        world.check().await;
    }
}

/// What leaves a class for another weighs as what leaves it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_that_change_their_class_need_the_second_word() {
    const NAMES: [&str; 6] = ["R0", "R1", "R2", "R3", "R4", "R5"];
    const HOURS: [(&str, &str); 4] = [("08:00", "09:00"), ("09:00", "10:00"), ("10:00", "11:00"), ("11:00", "12:00")];
    let lesson = |class: &'static str, n: usize, reference: &'static str| {
        [["26/11/2026", "27/11/2026"][n / 4], HOURS[n % 4].0, HOURS[n % 4].1, class, "Maths", "A1", reference]
    };
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let file = |classes: [&'static str; 6]| {
            let lessons: Vec<[&str; 7]> = (0..6).map(|n| lesson(classes[n], n, NAMES[n])).collect();
            referred(&[lessons, vec![["28/11/2026", "08:00", "09:00", "BTS Comptabilité 2", "M", "", "R9"]]].concat())
        };
        sends(&world, claire, "EDT.xlsx", file(["4A"; 6])).await;
        presses(&world, claire, "Appliquer").await;
        let before = standing(&world).await;
        sends(&world, claire, "EDT.xlsx", file(["4A", "4B", "4B", "4B", "4B", "4B"])).await;
        let (asked, _) = presses(&world, claire, "Appliquer").await;
        assert!(asked.starts_with("Ce fichier déplace 5 séances (4A)"), "{engine:?}: {asked}");
        assert_eq!(standing(&world).await, before);
        presses(&world, claire, "Abandonner").await;
        // One of them goes altogether.
        let mixed = (1..6).map(|n| lesson(if n == 5 { "4A" } else { "4B" }, n, NAMES[n])).collect::<Vec<_>>();
        sends(&world, claire, "EDT.xlsx", referred(&mixed)).await;
        let (asked, _) = presses(&world, claire, "Appliquer").await;
        let kept = "Ce fichier retire ou déplace 5 séances (4A) : plus que d’habitude en un jour. Est-ce voulu ?";
        assert_eq!((asked.as_str(), keys(&world, claire)[0].as_str()), (kept, "Oui, 5 : 4A"), "{engine:?}");
        presses(&world, claire, "Abandonner").await;
        sends(&world, claire, "EDT.xlsx", file(["4A", "4B", "4B", "4B", "4B", "4B"])).await;
        presses(&world, claire, "Appliquer").await;
        assert_eq!(presses(&world, claire, "Oui, 5 : 4A").await.0, "Fait : 5 séances modifiées, 1 classe créée.");
        let after = standing(&world).await;
        let ids = |all: &[(String, String, String)]| all.iter().map(|one| one.2.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&after), ids(&before));
        // The name of the class is too long for a key: the number of classes stands there.
        world.go_to(world.clock.now().plus_hours(25)).await.expect("time passes");
        let long = |classes: &[&'static str]| {
            let lessons = (0..6).map(|n| {
                let mut line = lesson(classes[n % classes.len()], n, NAMES[n]);
                line[0] = ["03/12/2026", "04/12/2026"][n / 4];
                line[6] = "";
                line
            });
            referred(&lessons.collect::<Vec<_>>())
        };
        sends(&world, claire, "EDT.xlsx", long(&["BTS Comptabilité 2", "BTS Gestion 1"])).await;
        presses(&world, claire, "Appliquer").await;
        let rest = ["BTS Comptabilité 2", "BTS Gestion 1"];
        let rest = rest.map(|class| ["05/12/2026", "08:00", "09:00", class, "Z", "", ""]);
        sends(&world, claire, "EDT.xlsx", referred(&rest)).await;
        let (asked, _) = presses(&world, claire, "Appliquer").await;
        assert!(asked.starts_with("Ce fichier retire 6 séances (BTS Comptabilité 2, BTS Gestion 1)"), "{asked}");
        assert_eq!(keys(&world, claire), ["Retirer 6 (2 classes)", "Abandonner"]);
        presses(&world, claire, "Abandonner").await;
        world.check().await;
    }
}
