//! Personal links for the staff of no class.

use preau::kernel::Lang;
use preau::school::roster::Role;

use super::mailed::MAIL;
use super::school::School;
use crate::world::Engine;

const STAFF: &str = "Personnel sans classe";

fn token(words: &str) -> String {
    let (_, rest) = words.split_once("?start=").expect("a link");
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}

fn offered(school: &School, who: &str) -> bool {
    school.keys(school.is(who)).concat().iter().any(|key| key == STAFF)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_teacher_without_a_class_gets_a_link() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        school.add("Odile", "Roy", Role::Manager, &[], Lang::Fr).await;
        school.add("Max", "Vie", Role::Supervisor, &[], Lang::Fr).await;
        school.ask("Claire", "/liens").await;
        school.press("Claire", STAFF).await;
        let said = school.last(school.is("Claire"));
        assert!(said.starts_with("Personnel sans classe : tout le monde est relié."), "{engine:?}: {said}");
        school.add_unlinked("Nadia", "Rossi", Role::Teacher, &[]).await;
        // Neither a student nor an admin is staff to be linked, nor who has a class.
        school.add_unlinked("Zoé", "Zola", Role::Student, &[]).await;
        school.add_unlinked("Ada", "Adam", Role::Admin, &[]).await;
        school.add_unlinked("Guy", "Gil", Role::Teacher, &[&school.class.clone()]).await;

        for (who, may) in [("Claire", true), ("Odile", true), ("Éric", false), ("Max", false)] {
            school.ask(who, "/liens").await;
            assert_eq!(offered(&school, who), may, "{engine:?}: {who}");
        }
        let said = school.ask("Max", "/liens personnel sans classe").await;
        assert!(said.starts_with("Le personnel sans classe reçoit ses liens"), "{said}");

        school.press("Claire", STAFF).await;
        let said = school.last(school.is("Claire"));
        assert!(said.starts_with("Personnel sans classe : 1 personne n’a pas encore relié son compte."), "{said}");
        school.press("Claire", "Créer 1 lien").await;
        let files = school.files("Claire");
        assert_eq!(files[0].name, "Liens Personnel sans classe.csv", "{engine:?}");
        let text = String::from_utf8(files[0].bytes.clone()).expect("UTF-8");
        assert!(text.contains("Rossi") && text.lines().count() == 2, "{text}");

        // The others' order is one more link that replaces this one, and says so.
        let said = school.ask("Odile", "/liens Staff without a class").await;
        assert!(said.contains("1 lien déjà imprimé cessera de marcher"), "{said}");

        let nadia = school.sandbox.add_person("Nadia", "", "fr");
        school.sandbox.start_bot(nadia, &token(&text));
        school.drain().await.expect("quiet");
        school.say(nadia, nadia, "12/03/2005").await;
        assert_eq!(school.last(nadia), "Nadia R. : c’est vous ?");
        let asked = school.sandbox.last(nadia).expect("asked");
        school.sandbox.press(nadia, nadia, asked.id, "Oui").expect("a key");
        school.drain().await.expect("quiet");
        let said = school.last(nadia);
        assert!(said.starts_with("C’est fait, Nadia") && said.contains("rôle, classes"), "{said}");
        assert!(!said.contains("groupe de") && school.keys(nadia).is_empty(), "no group is hers to join: {said}");
        // Everybody is linked again; an account can be unlinked, those of admins by admins.
        school.ask("Claire", "/liens Personnel sans classe").await;
        school.press("Claire", "Délier un compte").await;
        let keys = school.keys(school.is("Claire")).concat();
        assert_eq!(keys, ["Mamadou D.", "Max V.", "Nadia R.", "Odile R.", "« Retour", "✕ Fermer"], "{engine:?}");
        school.ask("Odile", "/liens Personnel sans classe").await;
        school.press("Odile", "Délier un compte").await;
        let keys = school.keys(school.is("Odile")).concat();
        assert_eq!(keys, ["Mamadou D.", "Max V.", "Nadia R.", "« Retour", "✕ Fermer"], "{engine:?}: no admin");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_staff_get_links_by_mail_too() {
    for engine in Engine::all() {
        let school = School::with(engine, &MAIL).await;
        school.add_unlinked("Nadia", "Rossi", Role::Teacher, &[]).await;
        super::mailed::add_staff(&school, "Zélie", "zelie@horizon.example").await;
        school.ask("Claire", "/liens Personnel sans classe").await;
        school.press("Claire", "Envoyer par mail").await;
        let said = school.last(school.is("Claire"));
        assert!(said.starts_with("Personnel sans classe : 1 mail partira, à Zélie Z."), "{engine:?}: {said}");
        assert!(said.contains("1 personne n’a pas d’adresse connue"), "{said}");
        school.press("Claire", "Envoyer 1 mail").await;
        let mails = school.sandbox.mails();
        assert_eq!(mails.len(), 1, "{engine:?}");
        let zelie = school.sandbox.add_person("Zélie", "", "fr");
        school.sandbox.start_bot(zelie, &token(&mails[0].body));
        school.drain().await.expect("quiet");
        assert!(school.last(zelie).contains("date de naissance"), "{}", school.last(zelie));
        school.check().await;
    }
}
