//! `/journal`: the audit in words, searched, paged, as a file; for admins alone.

use preau::school::audit::Actor;
use preau::school::roster::{Role, flow as roster};

use super::school::{School, id_of};
use crate::world::Engine;

/// A lesson whose sheet was corrected and validated.
async fn taught(engine: Engine) -> School {
    let school = School::on(engine).await;
    school.plan_usual().await;
    school.until("14:00").await;
    school.press("Mamadou", "sauf").await;
    school.press("Mamadou", "Noé B.").await;
    school.press("Mamadou", "Enregistrer").await;
    school.until("16:00").await;
    school.press("Mamadou", "Valider").await;
    school
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_reads_who_did_what() {
    for engine in Engine::all() {
        let school = taught(engine).await;
        let validated = "mar. 24 nov., 16:00 (Paris) · Mamadou Diallo · feuille validée · Réseaux, BTS SIO 1A";
        let said = school.ask("Claire", "/journal").await;
        let lines: Vec<&str> = said.lines().collect();
        assert!(lines[0].starts_with("Journal · ") && lines[0].ends_with(" lignes"), "{engine:?}: {said}");
        assert_eq!((lines[1], lines.len()), (validated, 10), "newest first: {said}");
        assert!(lines[9].starts_with("Pour chercher : /journal Diallo"), "{said}");

        // By a person: what they did, what was done to them.
        let said = school.ask("Claire", "/journal diallo").await;
        assert!(said.starts_with("Journal · Mamadou Diallo · ") && said.contains(validated), "{said}");
        let said = school.ask("Claire", "/journal Noé Blanc").await;
        let corrected =
            "mar. 24 nov., 14:00 (Paris) · Mamadou Diallo · présence corrigée · Réseaux, BTS SIO 1A, Noé Blanc";
        assert!(said.contains(corrected), "{said}");
        assert!(said.contains("· sur le serveur · inscription · Noé Blanc, BTS SIO 1A"), "{said}");
        assert!(!said.contains("feuille validée"), "not theirs: {said}");

        // By what was done, in either language, by day, by both.
        for words in ["/journal feuille validée", "/audit sheet approved", "/journal validée 24/11"] {
            let said = school.ask("Claire", words).await;
            assert!(said.contains(validated) && said.lines().count() == 2, "{words}: {said}");
        }
        assert!(school.ask("Claire", "/journal 23/11").await.ends_with(" · rien"));
        assert!(school.ask("Claire", "/journal Diallo 23/11/2026").await.ends_with(" · rien"));
        let said = school.ask("Claire", "/journal zzz").await;
        assert!(said.starts_with("Je ne trouve ni personne, ni classe, ni action pour « zzz »."), "{said}");

        // By class: its lessons and sheets, nothing of another's.
        school.add_class("BTS SIO 1B").await;
        let said = school.ask("Claire", "/journal bts sio 1a").await;
        assert!(said.starts_with("Journal · BTS SIO 1A · ") && said.contains(validated), "{said}");
        let said = school.ask("Claire", "/journal BTS SIO 1B").await;
        let made =
            "Journal · BTS SIO 1B · 1 ligne\nmar. 24 nov., 16:00 (Paris) · sur le serveur · classe créée · BTS SIO 1B";
        assert_eq!(said, made);

        // Nobody else, and nowhere else.
        assert!(!school.ask("Éric", "/journal").await.contains("feuille"));
        assert!(!school.ask("Noé", "/journal").await.contains("feuille"));
        school.say(school.is("Claire"), school.group, "/journal").await;
        assert!(school.all(school.group).iter().all(|message| !message.text.contains("feuille validée")));
        school.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_journal_has_pages_and_a_file() {
    for engine in Engine::all() {
        let school = taught(engine).await;
        let claire = school.is("Claire");
        let first = school.ask("Claire", "/journal").await;
        let keys = school.keys(claire);
        let pages: usize = keys[0][0].strip_prefix("1/").expect("of several").parse().expect("a number");
        assert!(pages > 2 && keys[1..] == [vec!["Fichier CSV"], vec!["✕ Fermer"]], "{engine:?}: {keys:?}");
        // Every line is on one page, once.
        let mut all: Vec<String> = first.lines().skip(1).take(8).map(str::to_owned).collect();
        for _ in 1..pages {
            school.press("Claire", "›").await;
            all.extend(school.last(claire).lines().skip(1).map(str::to_owned));
        }
        all.retain(|line| !line.starts_with("Pour chercher"));
        let count: usize = first.split(' ').nth(2).expect("a count").parse().expect("a number");
        assert_eq!(all.len(), count, "{engine:?}: {all:#?}");
        assert_eq!(school.keys(claire)[0], ["‹".to_owned(), format!("{pages}/{pages}")]);

        school.press("Claire", "Fichier CSV").await;
        let file = school.files("Claire").pop().expect("a file");
        assert_eq!(file.name, "journal-2026-11-24.csv");
        let text = String::from_utf8(file.bytes).expect("UTF-8");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "\u{feff}Quand (Paris);Qui;Quoi;À propos de");
        assert!(lines[1].starts_with("2026-11-24 16:00:0"), "{text}");
        assert!(lines[1].ends_with(";Mamadou Diallo;feuille validée;\"Réseaux, BTS SIO 1A\""), "{text}");
        assert_eq!(lines.len(), count + 1);
        school.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_left_keeps_their_name_and_nothing_else_is_said() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let class = school.class.clone();
        school.add_unlinked("Zoé", "Petit", Role::Student, &[&class]).await;
        school.add_unlinked("Yan", "Zola", Role::Student, &[&class]).await;
        school
            .write(async |tx| {
                let mut paul = roster::person(tx, &id_of("Paul")).await?.expect("Paul");
                paul.email = Some("paul@horizon.example".to_owned());
                roster::change(tx, &Actor::Account(77), &paul).await?;
                roster::deactivate(tx, &Actor::Person(id_of("Claire")), &paul.id).await?;
                roster::take_back(tx, &Actor::System, &id_of("Yan")).await
            })
            .await;
        let said = school.ask("Claire", "/journal Paul").await;
        let left = "mar. 24 nov., 08:00 (Paris) · Claire Laurent · départ de l’école · Paul Simon";
        assert!(said.contains(left), "{engine:?}: {said}");
        assert!(said.contains("· un compte non relié · fiche modifiée · Paul Simon"), "{said}");
        assert!(!said.contains(['@', '#', '{']) && !said.contains("77"), "{said}");
        // Of whom nothing is kept, the audit keeps the name.
        let said = school.ask("Claire", "/journal ajout annulé").await;
        assert!(said.contains("· Préau · ajout annulé · Yan Zola"), "{said}");

        // Two who are called so.
        assert_eq!(school.ask("Claire", "/journal Petit").await, "Plusieurs personnes s’appellent ainsi. Laquelle ?");
        school.press("Claire", "Zoé Petit").await;
        let said = school.last(school.is("Claire"));
        assert!(said.starts_with("Journal · Zoé Petit · ") && !said.contains("Léa"), "{said}");
        school.end().await;
    }
}
