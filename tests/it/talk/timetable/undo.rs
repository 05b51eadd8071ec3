//! `[Annuler (10 min)]`: as before, for what nobody changed since.

use preau::school::session::State;
use preau::school::workbook::store as imports;

use super::*;
use crate::world::Engine;

const STAFF: [[&str; 7]; 3] = [
    ["Diallo", "Mamadou", "m.diallo@ecole.example", "01/02/1980", "enseignant", "", ""],
    ["Moreau", "Inès", "ines@ecole.example", "12/03/2006", "", "1A", ""],
    ["Blanc", "Noé", "noe@ecole.example", "05/06/2006", "", "1A", ""],
];

const WEEK: [[&str; 7]; 3] = [
    ["25/11/2026", "08:30", "10:30", "1A", "Réseaux", "M. Diallo", "B204"],
    ["26/11/2026", "14:00", "16:00", "1A", "Anglais", "", "A1"],
    ["27/11/2026", "14:00", "16:00", "1A", "Droit", "", "A1"],
];

/// Sessions as people know them, people with their classes, open classes.
async fn school(world: &World) -> (Vec<Session>, Vec<(Person, Vec<String>)>, Vec<String>) {
    let sessions = timetable(world).await.into_iter().map(|one| Session { revision: 0, ..one }).collect();
    let mut people = Vec::new();
    for person in super::people(world).await {
        let id = person.id.clone();
        let classes = world.db().expect("running").read(async |tx| roster::classrooms_of(tx, &id).await).await;
        people.push((person, classes.expect("read")));
    }
    let classes = world.db().expect("running").read(async |tx| classroom::flow::classrooms(tx).await).await;
    (sessions, people, classes.expect("read").into_iter().map(|class| class.name).collect())
}

async fn removals(world: &World) -> usize {
    let since = world.clock.now().plus_days(-1);
    let mut all = 0;
    for kind in ["session", "roster", "group"] {
        let some = world.db().expect("running").read(async |tx| imports::removals(tx, kind, since).await).await;
        all += some.expect("read").len();
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_is_undone_as_a_whole() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let nothing = school(&world).await;
        // The very first import, rights and all: afterwards there is nothing, and it can be sent again.
        sends(&world, claire, "EDT.xlsx", book(&STAFF, &WEEK)).await;
        presses(&world, claire, "Appliquer").await;
        presses(&world, claire, "Donner ces droits").await;
        assert_eq!(keys(&world, claire), ["Annuler (10 min)"]);
        let shown = message(&world, claire);
        for _ in 0..2 {
            world.sandbox.press(claire, claire, shown.id, "Annuler").expect("a button");
        }
        world.drain().await.expect("quiet");
        let text = |id: i64| world.sandbox.messages(claire).into_iter().find(|m| m.id == id).expect("there").text;
        assert_eq!(text(shown.id), "Annulé : l’emploi du temps et les personnes sont comme avant cet import.");
        assert_eq!(school(&world).await, nothing);
        assert_eq!(recorded(&world, "workbook.undone").await, 1, "two presses, one effect");
        let again = sends(&world, claire, "EDT.xlsx", book(&STAFF, &WEEK)).await;
        assert!(again.contains("+3 −0 ~0") && again.contains("Personnes : +2 ~0, inchangées 0."), "{again}");
        presses(&world, claire, "Appliquer").await;
        presses(&world, claire, "Donner ces droits").await;
        let before = school(&world).await;

        // Everything at once: moved, gone, new; changed, left, new, a role, a class.
        let lessons = [
            ["25/11/2026", "10:30", "12:30", "1A", "Réseaux", "Mme Roy", "C3"],
            ["26/11/2026", "14:00", "16:00", "1A", "Anglais", "", "A1"],
            ["30/11/2026", "09:00", "10:00", "1B", "Maths", "Mme Roy", "A1"],
        ];
        let people = [
            ["Moreau", "Inès", "ines.m@ecole.example", "12/03/2006", "", "1B", ""],
            ["Blanc", "Noé", "noe@ecole.example", "", "", "", "parti"],
            ["Roy", "Élise", "e.roy@ecole.example", "01/01/1980", "enseignant", "1B", ""],
            ["Diallo", "Mamadou", "m.diallo@ecole.example", "", "superviseur", "1A", ""],
        ];
        sends(&world, claire, "EDT.xlsx", book(&people, &lessons)).await;
        presses(&world, claire, "Appliquer").await;
        presses(&world, claire, "Donner ces droits").await;
        assert_eq!(named(&world, "Diallo").await.role, Role::Supervisor);
        assert_eq!(keys(&world, claire), ["Annuler (10 min)"]);
        assert!(school(&world).await != before && removals(&world).await == 2);
        assert_eq!(
            presses(&world, claire, "Annuler").await.0,
            "Annulé : l’emploi du temps et les personnes sont comme avant cet import."
        );
        assert_eq!(school(&world).await, before, "{engine:?}");
        assert_eq!(removals(&world).await, 0, "what came back was not removed");
        // The same file does all of it again.
        let again = sends(&world, claire, "EDT.xlsx", book(&people, &lessons)).await;
        assert!(again.contains("+1 −1 ~1") && again.contains("Personnes : +0 ~1, 1 départ"), "{again}");
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_touched_since_stays_and_is_said() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let group = group(&world, claire, "1A").await;
        sends(&world, claire, "EDT.xlsx", book(&STAFF[..2], &WEEK)).await;
        presses(&world, claire, "Appliquer").await;
        presses(&world, claire, "Donner ces droits").await;
        world.until("08:40").await;
        let now = |subject: &'static str| ["24/11/2026", "08:45", "10:00", "1A", subject, "", "A1"];
        let lessons = [
            now("Chimie"),
            ["24/11/2026", "09:02", "10:00", "1A", "Dessin", "", "A1"],
            ["25/11/2026", "08:30", "10:30", "1A", "Réseaux", "M. Diallo", "C3"],
            ["26/11/2026", "14:00", "16:00", "1A", "Anglais", "", "Z9"],
        ];
        let people = [
            STAFF[2],
            ["Petit", "Zoé", "zoe@ecole.example", "01/02/2006", "", "1A", ""],
            ["Adam", "Luc", "luc@ecole.example", "01/02/2006", "", "1B", ""],
        ];
        sends(&world, claire, "EDT.xlsx", book(&people, &lessons)).await;
        presses(&world, claire, "Appliquer").await;
        // Somebody moves one; another begins; one is announced in the group; a new student ties her account.
        let moved = timetable(&world).await.into_iter().find(|one| one.subject == "Anglais").expect("there");
        let after = Session { room: "B1".to_owned(), ..moved };
        write(&world, async |tx| session::flow::change(tx, &Actor::Cli, after).await).await;
        joins(&world, &named(&world, "Petit").await, "01/02/2006").await;
        world.until("08:48").await;
        assert!(world.sandbox.messages(group).iter().any(|message| message.text.contains("Dessin")));

        let (text, _) = presses(&world, claire, "Annuler").await;
        assert_eq!(
            text,
            "Annulé : 5 changements sont défaits.\n\
4 restent comme ils sont :\n\
• Noé B. : ce qui reste en a besoin\n\
• Zoé P. : la personne est entrée entre-temps dans Telegram\n\
• Chimie, mar. 24 nov., 08:45–10:00 (Paris) : la séance a commencé\n\
• Anglais, jeu. 26 nov., 14:00–16:00 (Paris) : changé depuis par quelqu’un"
        );
        let all = timetable(&world).await;
        let of = |subject: &str| all.iter().find(|one| one.subject == subject).map(|one| (one.state, one.room.clone()));
        assert_eq!(of("Réseaux"), Some((State::Planned, "B204".to_owned())));
        assert_eq!(of("Droit"), Some((State::Planned, "A1".to_owned())));
        assert_eq!(of("Anglais"), Some((State::Planned, "B1".to_owned())));
        assert_eq!(of("Chimie").map(|(state, _)| state), Some(State::Planned));
        assert_eq!(of("Dessin").map(|(state, _)| state), Some(State::Cancelled), "it was announced");
        let told = world.sandbox.messages(group).into_iter().rfind(|message| message.text.contains("Dessin"));
        assert!(told.is_some_and(|message| message.text.contains("nnul")));
        let people = people_names(&world).await;
        assert_eq!(people, ["Dupont", "Moreau", "Diallo", "Blanc", "Petit"], "Noé is on the sheet that began");
        // Reminders follow what is put back.
        world.go_to(at("25/11/2026", "08:16")).await.expect("time passes");
        assert!(last(&world, group).contains("Réseaux") && last(&world, group).contains("B204"));
        let mut world = world;
        world.strike().await;
    }
}

async fn people_names(world: &World) -> Vec<String> {
    super::people(world).await.into_iter().map(|person| person.last_name).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_ten_minutes_it_is_too_late() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        sends(&world, claire, "EDT.xlsx", book(&STAFF, &WEEK)).await;
        presses(&world, claire, "Appliquer").await;
        let applied = school(&world).await;
        world.go_to(world.clock.now().plus_minutes(11)).await.expect("time passes");
        let (text, alert) = presses(&world, claire, "Annuler").await;
        assert!(alert.starts_with("Trop tard : les 10 minutes sont passées"), "{alert}");
        assert!(text.starts_with("Fait : 3 séances ajoutées"), "{text}");
        assert_eq!(school(&world).await, applied);
        // The rights given now can be undone for themselves; what is older stays, and that is said.
        presses(&world, claire, "Donner ces droits").await;
        let (text, _) = presses(&world, claire, "Annuler").await;
        assert_eq!(
            text,
            "Annulé : 2 changements sont défaits.\n6 changements de cet import ont plus de 10 minutes et restent."
        );
        assert_eq!(school(&world).await, applied);
        world.check().await;
    }
}
