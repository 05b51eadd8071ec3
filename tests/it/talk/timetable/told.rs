//! The preview says how many classes will be told and when; that is what happens then.

use super::*;
use crate::world::Engine;

const CLASSES: [&str; 5] = ["1A", "1B", "1C", "1D", "1E"];

/// A lesson of each class: 1A's at 08:00 on the first day, the others' at 14:00 on the second.
fn week(room: &'static str, days: [&'static str; 2]) -> Vec<[&'static str; 7]> {
    let line = |class: &&'static str| match *class {
        "1A" => [days[0], "08:00", "10:00", "1A", "Réseaux", "", room],
        class => [days[1], "14:00", "16:00", class, "Anglais", "", room],
    };
    CLASSES.iter().map(line).collect()
}

/// A school of five classes, of which the last has no group.
async fn school(engine: Engine) -> (World, i64, Vec<i64>) {
    let world = World::on(engine).await;
    let claire = admin(&world, "Claire", "Claire Dupont").await;
    let mut groups = Vec::new();
    for class in &CLASSES[..4] {
        groups.push(group(&world, claire, class).await);
    }
    write(&world, async |tx| classroom::flow::ensure(tx, &Actor::Cli, "1E").await).await;
    (world, claire, groups)
}

/// How many notices of changes each group was sent.
fn notices(world: &World, groups: &[i64]) -> Vec<usize> {
    let is_notice = |message: &&Message| message.text.starts_with("Changements :");
    groups.iter().map(|group| world.sandbox.messages(*group).iter().filter(is_notice).count()).collect()
}

async fn to(world: &World, day: &str, hour: &str) {
    world.go_to(at(day, hour)).await.expect("time passes");
}

/// Sends a file; gives what its preview says last.
async fn previewed(world: &World, who: i64, lessons: &[[&str; 7]]) -> String {
    let preview = sends(world, who, "EDT.xlsx", book(&[], lessons)).await;
    preview.lines().last().expect("a line").to_owned()
}

const NEXT: [&str; 2] = ["30/11/2026", "01/12/2026"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_quiet_sunday_classes_are_told_on_monday() {
    for engine in Engine::all() {
        let (world, claire, groups) = school(engine).await;
        // A timetable being made is news to nobody.
        assert_eq!(previewed(&world, claire, &week("A1", NEXT)).await, "Rien à corriger.");
        presses(&world, claire, "Appliquer").await;
        to(&world, "29/11/2026", "18:03").await;
        assert_eq!(notices(&world, &groups), [0; 4]);
        let monday = "4 classes seront prévenues le lun. 30 nov., 07:00 (Paris) : pas d’avis le dimanche.";
        assert_eq!(previewed(&world, claire, &week("B2", NEXT)).await, monday);
        // The list of what would change comes back to the same words.
        presses(&world, claire, "Voir").await;
        assert_eq!(presses(&world, claire, "Fermer").await.0.lines().last(), Some(monday));
        presses(&world, claire, "Appliquer").await;

        // What one class was not told yet and stands as it knew it is not told to it: that was said, too.
        let mut back = week("B2", NEXT);
        back[1][6] = "A1";
        assert_eq!(previewed(&world, claire, &back).await, "Rien à corriger.");
        presses(&world, claire, "Appliquer").await;
        // What goes along with another notice is told with it.
        back[2][6] = "C3";
        let along = "1 classe sera prévenue le lun. 30 nov., 07:00 (Paris) : pas d’avis le dimanche.";
        assert_eq!(previewed(&world, claire, &back).await, along);
        presses(&world, claire, "Appliquer").await;
        to(&world, "30/11/2026", "06:59").await;
        assert_eq!(notices(&world, &groups), [0; 4]);
        to(&world, "30/11/2026", "07:00").await;
        assert_eq!(notices(&world, &groups), [1, 0, 1, 1]);
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_a_lesson_soon_is_told_at_once_and_the_others_after_the_night() {
    for engine in Engine::all() {
        let (world, claire, groups) = school(engine).await;
        let days = ["25/11/2026", "27/11/2026"];
        previewed(&world, claire, &week("A1", days)).await;
        presses(&world, claire, "Appliquer").await;
        // By day.
        let lessons = week("B2", days);
        assert_eq!(previewed(&world, claire, &lessons).await, "4 classes seront prévenues tout de suite.");
        presses(&world, claire, "Appliquer").await;
        assert_eq!(notices(&world, &groups), [0; 4]);
        to(&world, "24/11/2026", "08:02").await;
        assert_eq!(notices(&world, &groups), [1; 4]);
        // One class of two that change has a group.
        let mut lessons = week("B2", days);
        (lessons[3][6], lessons[4][6]) = ("C3", "C3");
        assert_eq!(previewed(&world, claire, &lessons).await, "1 classe sera prévenue tout de suite.");
        presses(&world, claire, "Appliquer").await;
        to(&world, "24/11/2026", "08:10").await;
        assert_eq!(notices(&world, &groups), [1, 1, 1, 2]);
        let mut lessons = lessons.clone();
        lessons[4][6] = "D4";
        assert_eq!(previewed(&world, claire, &lessons).await, "Rien à corriger.", "a class without a group");
        presses(&world, claire, "Abandonner").await;

        to(&world, "24/11/2026", "21:00").await;
        assert_eq!(
            previewed(&world, claire, &week("E5", days)).await,
            "1 classe sera prévenue tout de suite. \
             3 classes seront prévenues le mer. 25 nov., 07:00 (Paris), après les heures calmes."
        );
        presses(&world, claire, "Appliquer").await;
        to(&world, "24/11/2026", "21:02").await;
        assert_eq!(notices(&world, &groups), [2, 1, 1, 2]);
        to(&world, "25/11/2026", "07:00").await;
        assert_eq!(notices(&world, &groups), [2, 2, 2, 3]);
        // Far away, and new: who looks finds it.
        let mut far = week("E5", days);
        far.push(["14/12/2026", "08:00", "10:00", "1A", "Réseaux", "", "A1"]);
        assert_eq!(previewed(&world, claire, &far).await, "Rien à corriger.");
        presses(&world, claire, "Appliquer").await;
        to(&world, "26/11/2026", "12:00").await;
        assert_eq!(notices(&world, &groups), [2, 2, 2, 3]);
        world.check().await;
    }
}
