//! From the file to the receipt.

use preau::sandbox::Message;
use preau::school::audit::Actor;
use preau::school::roster::Role;
use preau::school::session::{self, State};
use preau::school::workbook::open;

use super::*;
use crate::workbook::files::{biff, ole};
use crate::world::Engine;

const STAFF: [[&str; 7]; 3] = [
    ["Diallo", "Mamadou", "m.diallo@ecole.example", "01/02/1980", "enseignant", "", ""],
    ["Moreau", "Inès", "ines@ecole.example", "12/03/2006", "", "1A", ""],
    ["Blanc", "Noé", "noe@ecole.example", "05/06/2006", "étudiant", "1A", ""],
];

const WEEK: [[&str; 7]; 5] = [
    ["25/11/2026", "08:30", "10:30", "1A", "Réseaux", "M. Diallo", "B204"],
    ["31/11/2026", "08:30", "10:30", "1A", "Algorithmique", "M. Diallo", "B204"],
    ["26/11/2026", "08:30", "10:30", "1A", "Réseaux", "M. Diallo", "B204"],
    ["26/11/2026", "14:00", "12:00", "1A", "Anglais", "Mme Roy", "A1"],
    ["27/11/2026", "08:30", "10:30", "1A", "Droit", "Mme Roy", "A1"],
];

fn files(world: &World, who: i64) -> Vec<Message> {
    world.sandbox.messages(who).into_iter().filter(|m| m.from_bot && m.document.is_some()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_timetable_with_its_mistakes_is_read_annotated_and_applied() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        assert!(says(&world, claire, "/horaires").await.starts_with("Envoyez-moi ici votre emploi du temps"));
        assert_eq!(
            sends(&world, claire, "EDT_S48.xlsx", book(&STAFF, &WEEK)).await,
            "Lu : 2 onglets, 8 lignes.\n\
Séances : +3 −0 ~0, inchangées 0.\n\
Personnes : +2 ~0, inchangées 0.\n\
+ à ajouter, − à retirer, ~ à modifier.\n\
Classe à créer : 1A.\n\
2 lignes à corriger, 1 avertissement :\n\
• EDT, ligne 3, Date : « 31/11/2026 » n’existe pas. Corrigez la date.\n\
• EDT, ligne 5, Fin : la fin ne vient pas après le début. Corrigez l’une des deux heures.\n\
• EDT, ligne 6 : aucun enseignant ne s’appelle « Mme Roy ». L’appel d’une séance ira à la vie scolaire.\n\
Rôle à confirmer à part : Mamadou Diallo (enseignant).\n\
1 personne et 2 séances attendent ces droits."
        );
        // One message: « Je lis… » became the preview.
        assert_eq!(message(&world, claire).edits, 1);
        assert_eq!(
            keys(&world, claire),
            ["Voir les 6 changements", "Appliquer le reste", "Avoir le fichier annoté", "Abandonner"]
        );
        assert!(timetable(&world).await.is_empty() && people(&world).await.len() == 1, "nothing is applied");

        let shown = message(&world, claire);
        for _ in 0..2 {
            world.sandbox.press(claire, claire, shown.id, "annoté").expect("a button");
        }
        world.drain().await.expect("quiet");
        let sent = files(&world, claire);
        assert_eq!(sent.len(), 1, "two presses, one file");
        let file = sent[0].document.as_ref().expect("a file");
        assert_eq!(file.name, "problemes_EDT_S48.xlsx");
        let grid = open(&file.bytes).expect("a workbook");
        let edt = grid.sheets.iter().find(|sheet| sheet.name == "EDT").expect("the sheet");
        let words: Vec<String> =
            edt.rows.iter().flat_map(preau::school::workbook::read::Row::cells).map(|(_, cell)| cell.words()).collect();
        assert!(words.iter().any(|words| words == "Problème"), "{words:?}");
        assert!(words.iter().any(|words| words.contains("« 31/11/2026 » n’existe pas")), "{words:?}");

        // Two presses, one effect.
        for _ in 0..2 {
            world.sandbox.press(claire, claire, shown.id, "Appliquer le reste").expect("a button");
        }
        world.drain().await.expect("quiet");
        let text = |id: i64| world.sandbox.messages(claire).into_iter().find(|m| m.id == id).expect("there").text;
        assert_eq!(
            text(shown.id),
            "Fait : 3 séances ajoutées, 2 personnes ajoutées, 1 classe créée.\nRôle à confirmer à part : Mamadou Diallo (enseignant)."
        );
        assert_eq!((timetable(&world).await.len(), recorded(&world, "workbook.applied").await), (3, 1));

        // Sent again meanwhile it has nothing more to do but to give that right.
        let again = sends(&world, claire, "EDT_S48.xlsx", book(&STAFF, &WEEK)).await;
        assert!(again.contains("Séances : +0 −0 ~0, inchangées 3.\nPersonnes : +0 ~0, inchangées 2."), "{again}");
        assert!(again.ends_with("1 personne et 2 séances attendent ces droits."), "{again}");
        assert_eq!(presses(&world, claire, "Abandonner").await.0, "Abandonné : rien n’a changé.");

        // The right waits, and its person with it; their sessions have no teacher yet.
        assert!(people(&world).await.iter().all(|person| person.last_name != "Diallo"));
        assert!(timetable(&world).await.iter().all(|session| session.teacher_id.is_none()));
        assert_eq!(presses(&world, claire, "Donner ces droits").await.0, "Fait : 1 rôle donné.");
        let diallo = named(&world, "Diallo").await;
        assert_eq!(diallo.role, Role::Teacher);
        let theirs = timetable(&world).await.into_iter().filter(|s| s.teacher_id.as_ref() == Some(&diallo.id));
        assert_eq!(theirs.count(), 2);
        let account = joins(&world, &diallo, "01/02/1980").await;
        assert!(!says(&world, account, "/presence").await.contains("réservé"));
        assert!(sends(&world, account, "EDT.xlsx", book(&STAFF, &WEEK)).await.contains("réservé aux administrateurs"));

        // The same file again has nothing left to do.
        let again = sends(&world, claire, "EDT_S48.xlsx", book(&STAFF, &WEEK)).await;
        assert!(again.contains("Séances : +0 −0 ~0, inchangées 3.\nPersonnes : +0 ~0, inchangées 3."), "{again}");
        assert!(
            again.ends_with("Rien à appliquer : corrigez d’abord ces lignes, puis renvoyez le fichier."),
            "{again}"
        );
        assert_eq!(keys(&world, claire), ["Avoir le fichier annoté", "Abandonner"]);
        assert_eq!(presses(&world, claire, "Abandonner").await.0, "Abandonné : rien n’a changé.");

        // One more, one less, one in another room.
        let mut changed = vec![WEEK[0], WEEK[2], ["27/11/2026", "14:00", "16:00", "1A", "Anglais", "", "A1"]];
        changed[0][6] = "C3";
        let shown = sends(&world, claire, "EDT.xlsx", book(&[], &changed)).await;
        assert!(shown.contains("Séances : +1 −1 ~1, inchangées 1."), "{shown}");
        assert_eq!(presses(&world, claire, "Appliquer").await.0, "Fait : 1 séance ajoutée, 1 modifiée, 1 retirée.");
        let all = timetable(&world).await;
        let cancelled: Vec<&str> =
            all.iter().filter(|s| s.state == State::Cancelled).map(|s| s.subject.as_str()).collect();
        assert_eq!((all.len(), cancelled), (4, vec!["Droit"]));
        assert!(world.place.path("files").join("imports").is_dir());
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changed_since_the_preview_is_shown_again() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        sends(&world, claire, "EDT.xlsx", book(&STAFF, &WEEK[..1])).await;
        presses(&world, claire, "Appliquer").await;
        sends(&world, claire, "EDT.xlsx", book(&[], &[WEEK[0], WEEK[2]])).await;
        let moved = timetable(&world).await.remove(0);
        let after = session::Session { room: "Z9".to_owned(), ..moved };
        write(&world, async |tx| session::flow::change(tx, &Actor::Cli, after).await).await;
        let (text, _) = presses(&world, claire, "Appliquer").await;
        assert!(text.starts_with("L’emploi du temps a changé depuis cet aperçu. Voici l’aperçu à jour.\n"), "{text}");
        assert!(text.contains("Séances : +1 −0 ~1, inchangées 0."), "{text}");
        assert_eq!(timetable(&world).await.len(), 1, "nothing was applied");
        assert_eq!(presses(&world, claire, "Appliquer").await.0, "Fait : 1 séance ajoutée, 1 modifiée.");

        // Given up: an old press does nothing any more.
        sends(&world, claire, "EDT.xlsx", book(&[], &[WEEK[0]])).await;
        let shown = message(&world, claire);
        let data = shown.buttons[1][0].data.clone().expect("a button");
        presses(&world, claire, "Abandonner").await;
        let query = world.sandbox.press_data(claire, claire, shown.id, &data);
        world.drain().await.expect("quiet");
        assert_eq!(world.sandbox.callback_answer(&query), Some(Some("Cet import est déjà terminé.".to_owned())));
        assert_eq!(timetable(&world).await.len(), 2);

        // After a week nothing is left of a file that nobody applied.
        sends(&world, claire, "EDT.xlsx", book(&[], &[WEEK[0]])).await;
        let kept =
            |world: &World| std::fs::read_dir(world.place.path("files").join("imports")).map_or(0, Iterator::count);
        assert!(kept(&world) > 0);
        let mut world = world;
        world.go_to(world.clock.now().plus_days(8)).await.expect("time passes");
        // What recurs is written again each minute of the machine, and at the start.
        world.stop().await;
        world.start().await.expect("it starts");
        world.go_to(world.clock.now().plus_days(1)).await.expect("time passes");
        assert_eq!(kept(&world), 0);
        assert!(presses(&world, claire, "Appliquer").await.0.starts_with("Je n’ai plus ce fichier."));
        world.check().await;
    }
}

/// What another admin imports in between takes the same room: who presses reads of it first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clash_that_came_since_the_preview_is_shown_first() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let marc = admin(&world, "Marc", "Marc Petit").await;
        sends(&world, claire, "EDT.xlsx", book(&[], &WEEK[..1])).await;
        sends(&world, marc, "EDT.xlsx", book(&[], &[["25/11/2026", "09:00", "10:00", "1B", "Sport", "", "B204"]]))
            .await;
        presses(&world, marc, "Appliquer").await;
        let (text, _) = presses(&world, claire, "Appliquer").await;
        assert!(text.starts_with("L’emploi du temps a changé depuis cet aperçu."), "{engine:?}: {text}");
        assert!(text.contains("la salle B204 est prise deux fois"), "{text}");
        assert_eq!(timetable(&world).await.len(), 1, "nothing was applied");
        assert_eq!(presses(&world, claire, "Appliquer").await.0, "Fait : 1 séance ajoutée, 1 classe créée.");
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odd_files_and_others_than_admins_get_one_sentence() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        for (name, bytes, said) in [
            (
                "EDT.xlsx",
                b"Date;Debut;Fin".to_vec(),
                "ce n’est pas un classeur. Enregistrez-le en .xlsx, .xls ou .ods, puis renvoyez-le. (IMP-02)",
            ),
            (
                "EDT.xlsx",
                ole("EncryptedPackage", &[1; 5000]),
                "mot de passe. Enregistrez une copie sans mot de passe, puis renvoyez-la. (IMP-03)",
            ),
            ("EDT.xls", ole("Workbook", &biff(&[], &[], &[(0x002F, vec![1, 0, 1, 0])])), "(IMP-03)"),
            ("EDT.ods", book(&[], &WEEK)[..900].to_vec(), "il est abîmé"),
            (
                "EDT.xlsx",
                vec![0; 20 * 1024 * 1024 + 1],
                "il dépasse 20 Mo. Enlevez les images et les onglets inutiles, puis renvoyez-le. (IMP-01)",
            ),
            ("photo.pdf", b"%PDF".to_vec(), "(TEL-03)"),
        ] {
            let answer = sends(&world, claire, name, bytes).await;
            assert!(answer.contains(said), "{name}: {answer}");
            assert_eq!(keys(&world, claire), ["Pourquoi ?"]);
        }
        assert!(timetable(&world).await.is_empty());
        sends(&world, claire, "EDT.xlsx", book(&STAFF, &WEEK[..1])).await;
        presses(&world, claire, "Appliquer").await;
        let ines = joins(&world, &named(&world, "Moreau").await, "12/03/2006").await;
        let stranger = world.sandbox.add_person("X", "", "fr");
        for (who, said) in [
            (ines, "C’est réservé aux administrateurs de l’école. (TEL-05)"),
            (
                stranger,
                "Je ne vous connais pas encore. Demandez à l’école votre lien personnel, puis ouvrez-le. (TEL-04)",
            ),
        ] {
            assert_eq!(sends(&world, who, "EDT.xlsx", book(&[], &WEEK)).await, said);
        }
        // Somebody else's buttons.
        let shown = message(&world, claire);
        let data = shown.buttons.iter().flatten().find_map(|key| key.data.clone()).expect("[Donner ces droits]");
        let query = world.sandbox.press_data(ines, claire, shown.id, &data);
        world.drain().await.expect("quiet");
        assert!(world.sandbox.callback_alert(&query));
        assert!(people(&world).await.iter().all(|person| person.last_name != "Diallo"));

        says(&world, claire, "/modele").await;
        let template = files(&world, claire).pop().expect("a file").document.expect("a file");
        assert_eq!(template.name, "modele-emploi-du-temps.xlsx");
        let read = sends(&world, claire, &template.name, template.bytes).await;
        assert!(read.contains("Il n’y a que des titres"), "{read}");
        world.check().await;
    }
}

/// Teachers and supervisors of a class whose roles were not given: not on its roll, without a link that takes them for
/// students; once given, they have their classes and are asked for no age.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_whose_role_waits_are_on_no_roll() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let mut staff = STAFF.to_vec();
        staff.push(["Roy", "Anne", "roy@ecole.example", "02/03/1979", "superviseur", "1A", ""]);
        staff[0][5] = "1A";
        sends(&world, claire, "EDT.xlsx", book(&staff, &WEEK[..1])).await;
        presses(&world, claire, "Appliquer").await;
        let class = timetable(&world).await.remove(0).classroom_id;
        let on_roll = async || {
            let class = class.clone();
            let students = write(&world, async |tx| roster::students_of(tx, &class).await).await;
            let unlinked = write(&world, async |tx| roster::unlinked_of(tx, &class).await).await;
            (students.into_iter().map(|person| person.last_name).collect::<Vec<_>>(), unlinked.len())
        };
        assert_eq!(on_roll().await, (vec!["Blanc".to_owned(), "Moreau".to_owned()], 2), "{engine:?}");
        let counts = write(&world, async |tx| roster::count_by_role(tx).await).await;
        assert_eq!(counts, [(Role::Admin, 1), (Role::Student, 2)], "{engine:?}");
        assert_eq!(presses(&world, claire, "Donner ces droits").await.0, "Fait : 2 rôles donnés.");
        assert_eq!(on_roll().await, (vec!["Blanc".to_owned(), "Moreau".to_owned()], 4), "{engine:?}");
        // Staff are asked for no age.
        let roy = named(&world, "Roy").await;
        let account = world.sandbox.add_person("Anne", "", "fr");
        let token =
            write(&world, async |tx| roster::make_link(tx, LinkKind::Printed, Some(&roy.id), &Actor::Cli).await).await;
        world.sandbox.start_bot(account, &token);
        world.drain().await.expect("quiet");
        says(&world, account, "02/03/1979").await;
        assert!(presses(&world, account, "Oui").await.0.contains("relié"), "{}", last(&world, account));
        assert!(says(&world, account, "/liens").await.contains("Pour quelle classe"));
        world.check().await;
    }
}
