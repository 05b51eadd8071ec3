//! Whom a file gives a role is read by name before it is pressed, however many they are.

use std::collections::BTreeSet;

use super::*;
use crate::world::Engine;

const STAFF: usize = 200;

fn staff() -> Vec<u8> {
    let mut lines: Vec<[String; 7]> = (0..STAFF)
        .map(|n| {
            let (name, mail) = (format!("Professeur{n:03}"), format!("p{n}@ecole.example"));
            let role = if n == 150 { "responsable" } else { "enseignant" };
            [name, format!("Prénom{n:03}"), mail, String::new(), role.to_owned(), String::new(), String::new()]
        })
        .collect();
    let pupil = ["Moreau", "Inès", "ines@ecole.example", "12/03/2006", "", "1A", ""];
    lines.push(pupil.map(str::to_owned));
    let lines: Vec<[&str; 7]> = lines.iter().map(|line| line.each_ref().map(String::as_str)).collect();
    book(&lines, &[])
}

/// The names on all pages of the list, from its key on; it stands on the last page then.
async fn read(world: &World, claire: i64) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let (mut shown, _) = presses(world, claire, "Voir les 200 rôles").await;
    assert!(shown.starts_with("Rôles à confirmer à part : 200.\n– Prénom150 Professeur150 (responsable)\n"), "{shown}");
    loop {
        names.extend(shown.lines().skip(1).map(str::to_owned));
        if !keys(world, claire).iter().any(|key| key.ends_with('›')) {
            return names;
        }
        (shown, _) = presses(world, claire, "›").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_who_gets_a_role_can_be_read_before_it_is_given() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let preview = sends(&world, claire, "P.xlsx", staff()).await;
        assert!(preview.contains(" autres."), "{preview}");
        assert_eq!(read(&world, claire).await.len(), STAFF, "{engine:?}");
        let (back, _) = presses(&world, claire, "« Retour").await;
        assert_eq!(back, preview, "{engine:?}");

        presses(&world, claire, "Appliquer").await;
        let done = last(&world, claire);
        assert!(done.starts_with("Fait : ") && done.contains(" autres."), "{done}");
        assert_eq!(read(&world, claire).await.len(), STAFF, "{engine:?}");
        let (back, _) = presses(&world, claire, "✕ Fermer").await;
        assert_eq!(back, done, "{engine:?}: with what was done");
        presses(&world, claire, "Donner ces droits").await;
        let all = people(&world).await;
        assert_eq!(all.iter().filter(|person| person.role == Role::Teacher).count(), STAFF - 1, "{engine:?}");
        world.check().await;
    }
}
