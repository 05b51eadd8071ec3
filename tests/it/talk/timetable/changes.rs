//! `[Voir les 20 changements]`: what would change, line by line, before it does.

use super::*;
use crate::world::Engine;

const STAFF: [[&str; 7]; 3] = [
    ["Moreau", "Inès", "ines@ecole.example", "12/03/2006", "", "1A", ""],
    ["Blanc", "Noé", "noe@ecole.example", "05/06/2006", "", "1A", ""],
    ["Diallo", "Mamadou", "m.diallo@ecole.example", "01/02/1980", "", "1A", ""],
];

fn week(room: &'static str, subject: &'static str) -> Vec<[&'static str; 7]> {
    vec![
        ["25/11/2026", "08:30", "10:30", "1A", "Réseaux", "M. Diallo", room],
        ["26/11/2026", "14:00", "16:00", "1A", subject, "", "A1"],
        ["27/11/2026", "14:00", "16:00", "1A", "Droit", "", "A1"],
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_would_change_is_listed_old_and_new() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        sends(&world, claire, "EDT.xlsx", book(&STAFF, &week("B204", "Anglais"))).await;
        presses(&world, claire, "Appliquer").await;

        let mut lessons = week("C3", "Anglais");
        lessons[0][5] = "Mme Roy";
        lessons[1][1] = "15:00";
        lessons[1][2] = "17:00";
        lessons[2] = ["30/11/2026", "09:00", "10:00", "1B", "Maths", "", "A1"];
        let people = [
            ["Moreau", "Inès", "ines.m@ecole.example", "12/03/2006", "", "1B", ""],
            ["Blanc", "Noé", "noe@ecole.example", "", "", "", "parti"],
            ["Diallo", "Mamadou", "m.diallo@ecole.example", "", "enseignant", "", ""],
            ["Petit", "Zoé", "zoe@ecole.example", "", "", "1B", ""],
            ["Roux", "Eva", "eva@ecole.example", "", "", "1B", ""],
        ];
        let preview = sends(&world, claire, "EDT.xlsx", book(&people, &lessons)).await;
        assert!(preview.contains("Séances : +1 −1 ~2, inchangées 0."), "{preview}");
        assert_eq!(keys(&world, claire)[0], "Voir les 9 changements");
        let shown = message(&world, claire);
        let (text, _) = presses(&world, claire, "Voir").await;
        assert_eq!(
            text,
            "Séances à retirer (1)\n\
− ven. 27 nov., 14:00–16:00 (Paris) · 1A · Droit\n\
Séances à modifier (2)\n\
~ mer. 25 nov., 08:30–10:30 (Paris) · 1A · Réseaux : enseignant M. Diallo → Mme Roy ; salle B204 → C3\n\
~ jeu. 26 nov., 14:00–16:00 (Paris) · 1A · Anglais : désormais jeu. 26 nov., 15:00–17:00 (Paris)\n\
Séances à ajouter (1)\n\
+ lun. 30 nov., 09:00–10:00 (Paris) · 1B · Maths\n\
Départs (1)\n\
− Noé Blanc (étudiant) · 1A\n\
Personnes à modifier (1)\n\
~ Inès Moreau : classe 1A → 1B ; e-mail changé\n\
Personnes à ajouter (2)\n\
+ Zoé Petit (étudiant) · 1B\n\
+ Eva Roux (étudiant) · 1B"
        );
        assert_eq!(keys(&world, claire), ["2/2 ›", "« Retour", "✕ Fermer"]);
        let (text, _) = presses(&world, claire, "2/2").await;
        assert_eq!(text, "Classes à créer (1)\n+ 1B");
        assert_eq!(keys(&world, claire), ["‹ 1/2", "« Retour", "✕ Fermer"]);
        let old = presses(&world, claire, "‹ 1/2").await.0;
        assert!(old.starts_with("Séances à retirer (1)"), "{old}");
        let (text, _) = presses(&world, claire, "Retour").await;
        assert_eq!(text, preview);
        assert_eq!(message(&world, claire).id, shown.id, "one message, edited");
        // Closed, the list is gone and what is to be decided is not.
        presses(&world, claire, "Voir").await;
        assert_eq!(presses(&world, claire, "Fermer").await.0, preview);
        assert_eq!(
            (message(&world, claire).id, keys(&world, claire)[0].as_str()),
            (shown.id, "Voir les 9 changements")
        );

        // Nobody else's to press; applied meanwhile, the list shows nothing any more.
        let marc = admin(&world, "Marc", "Marc Petit").await;
        let data = shown.buttons[0][0].data.clone().expect("a button");
        let query = world.sandbox.press_data(marc, claire, shown.id, &data);
        world.drain().await.expect("quiet");
        assert!(world.sandbox.callback_alert(&query));
        presses(&world, claire, "Appliquer").await;
        let done = world.sandbox.messages(claire).into_iter().find(|m| m.id == shown.id).expect("there").text;
        world.sandbox.press_data(claire, claire, shown.id, &data);
        world.drain().await.expect("quiet");
        let now = world.sandbox.messages(claire).into_iter().find(|m| m.id == shown.id).expect("there").text;
        assert!(done.starts_with("Fait : 1 séance ajoutée, 2 modifiées, 1 retirée, 2 personnes ajoutées, 1 modifiée, 1 départ, 1 classe créée.") && now == done, "{done} / {now}");
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn long_words_never_break_a_page() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let long = "Élaboration et conduite de projets numériques transversaux en équipe ".repeat(2);
        let rooms = ["A", "B"].map(|room| room.repeat(190));
        let days: Vec<String> = (1..=20).map(|day| format!("{day:02}/12/2026")).collect();
        for (room, subject) in rooms.iter().zip([long.trim(), "Maths"]) {
            let lessons: Vec<[&str; 7]> = days
                .iter()
                .map(|day| [day.as_str(), "08:00", "10:00", "1A", "Maths", subject, room.as_str()])
                .collect();
            sends(&world, claire, "EDT.xlsx", book(&[], &lessons)).await;
            let mut seen = presses(&world, claire, "Voir").await.0.matches("Maths").count();
            for page in ["2/3", "3/3"] {
                let text = presses(&world, claire, page).await.0;
                assert!(text.encode_utf16().count() < 4096, "cut: {text}");
                seen += text.matches(" · Maths").count();
            }
            assert!(seen >= 20, "{seen}");
            presses(&world, claire, "Retour").await;
            presses(&world, claire, "Appliquer").await;
        }
        world.check().await;
    }
}
