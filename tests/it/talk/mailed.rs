//! Personal links by mail: where a mail server is set up, and only there.

use preau::kernel::Lang;
use preau::platform::outbox;
use preau::sandbox::{Fault, Mail};
use preau::school::audit::Actor;
use preau::school::roster::{Person, Role, flow as roster};

use super::school::{School, at, id_of};
use crate::world::Engine;

pub const MAIL: [(&str, &str); 6] = [
    ("alert.smtp_host", "127.0.0.1"),
    ("alert.smtp_port", "{smtp_port}"),
    ("alert.smtp_tls", "none"),
    ("alert.mail_from", "preau@horizon.example"),
    ("alert.mail_to", "admin@horizon.example"),
    ("mail.from", "École Horizon <preau@horizon.example>"),
];

async fn add(school: &School, first: &str, email: Option<&str>, lang: Option<Lang>) {
    let class = school.class.clone();
    let person = Person {
        id: id_of(first),
        last_name: "Zola".to_owned(),
        first_name: first.to_owned(),
        email: email.map(str::to_owned),
        birth: Some("2005-03-12".to_owned()),
        card: None,
        role: Role::Student,
        lang,
        active: true,
    };
    school
        .write(async |tx| {
            roster::add(tx, &Actor::Cli, &person).await?;
            roster::enrol(tx, &Actor::Cli, &person.id, &class).await
        })
        .await;
}

/// A teacher of no class.
pub async fn add_staff(school: &School, first: &str, email: &str) {
    let person = Person {
        id: id_of(first),
        last_name: "Zola".to_owned(),
        first_name: first.to_owned(),
        email: Some(email.to_owned()),
        birth: Some("1980-03-12".to_owned()),
        card: None,
        role: Role::Teacher,
        lang: None,
        active: true,
    };
    school.write(async |tx| roster::add(tx, &Actor::Cli, &person).await).await;
}

fn token(mail: &Mail) -> String {
    let (_, rest) = mail.body.split_once("?start=").expect("a link");
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_leave_by_mail_and_an_expired_one_offers_another() {
    for engine in Engine::all() {
        let school = School::with(engine, &MAIL).await;
        let claire = school.is("Claire");
        add(&school, "Zoé", Some("zoe@horizon.example"), None).await;
        add(&school, "Zach", Some("zach@horizon.example"), Some(Lang::En)).await;
        add(&school, "Zénobie", None, None).await;

        // Seen before it leaves: numbers, names, what it does.
        let said = school.ask("Claire", "/liens BTS SIO 1A mail").await;
        let expected = "BTS SIO 1A : 2 mails partiront, à Zach Z., Zoé Z.\n\
                        1 personne n’a pas d’adresse connue : il lui faut un lien imprimé.\n";
        assert!(said.starts_with(expected), "{engine:?}: {said}");
        assert_eq!(school.keys(claire), [vec!["Envoyer 2 mails"], vec!["« Retour", "✕ Fermer"]]);
        assert!(school.sandbox.mails().is_empty(), "{engine:?}");
        school.press("Claire", "« Retour").await;
        school.press("Claire", "Envoyer par mail").await;

        // The list changed meanwhile: refused with the new one.
        add(&school, "Zélie", Some("zelie@horizon.example"), None).await;
        school.press("Claire", "Envoyer 2 mails").await;
        assert!(school.last(claire).starts_with("La liste a changé"), "{}", school.last(claire));
        assert!(school.sandbox.mails().is_empty());
        // The server is busy at first: tried again, each sent once. Pressed twice: sent once.
        school.sandbox.fault(Fault::RefuseMail { times: 1 });
        let preview = school.sandbox.last(claire).expect("the preview");
        let data = preview.buttons[0][0].data.clone().expect("data");
        school.press("Claire", "Envoyer 3 mails").await;
        school.sandbox.press_data(claire, claire, preview.id, &data);
        school.drain().await.expect("quiet");
        let mails = school.sandbox.mails();
        let mut to: Vec<&str> = mails.iter().flat_map(|mail| &mail.to).map(String::as_str).collect();
        to.sort_unstable();
        assert_eq!(to, ["zach@horizon.example", "zelie@horizon.example", "zoe@horizon.example"], "{engine:?}");
        assert!(school.told("Claire").contains("3 mails partent"), "{}", school.told("Claire"));

        // In the person's language; a first name and a link, nothing else of them.
        let of = |who: &str| mails.iter().find(|mail| mail.to[0].starts_with(who)).expect("a mail").clone();
        let (zach, zoe) = (of("zach"), of("zoe"));
        assert_eq!(zach.subject, "Your link for École Horizon in Telegram");
        assert_eq!(zoe.subject, "Votre lien pour École Horizon dans Telegram");
        assert!(zoe.body.starts_with("Bonjour Zoé,") && zoe.from == "preau@horizon.example", "{zoe:?}");
        for personal in ["Zola", "SIO", "2005", "zoe@"] {
            assert!(!zoe.body.contains(personal), "{personal}: {}", zoe.body);
        }

        // In time: the question, then the name.
        let account = school.sandbox.add_person("Zach", "", "en");
        school.sandbox.start_bot(account, &token(&zach));
        school.drain().await.expect("quiet");
        assert!(school.last(account).contains("of birth"), "{}", school.last(account));
        assert!(
            school.last(account).ends_with("You have an hour to answer. /cancel to stop."),
            "{}",
            school.last(account)
        );

        // Sixteen minutes later: a new one, to the same address, one for each that expired.
        school.to("24/11/2026", "08:16").await;
        assert_eq!(school.say(account, account, "12/03/2005").await, "Zach Z., BTS SIO 1A: is this you?", "as said");
        let stranger = school.sandbox.add_person("Z", "", "fr");
        for _ in 0..2 {
            school.sandbox.start_bot(stranger, &token(&zoe));
            school.drain().await.expect("quiet");
            assert!(school.last(stranger).starts_with("Ce lien a expiré : par mail"), "{}", school.last(stranger));
            let shown = school.sandbox.last(stranger).expect("said");
            school.sandbox.press(stranger, stranger, shown.id, "nouveau lien").expect("a key");
            school.drain().await.expect("quiet");
            assert!(school.last(stranger).starts_with("Un nouveau lien part"), "{}", school.last(stranger));
            assert!(!school.last(stranger).contains("zoe@"), "the address is told to nobody");
        }
        let mails = school.sandbox.mails();
        assert_eq!(mails.len(), 4, "{engine:?}: {mails:?}");
        let again = mails.last().expect("a mail");
        assert_eq!(again.to, ["zoe@horizon.example"]);
        assert_ne!(token(again), token(&zoe));
        school.sandbox.start_bot(stranger, &token(again));
        school.drain().await.expect("quiet");
        school.say(stranger, stranger, "12/03/2005").await;
        assert!(school.last(stranger).contains("Zoé Z."), "{}", school.last(stranger));
        school.check().await;
    }
}

/// An address that no server takes: who ordered it is told whose, and nothing is tried for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_that_cannot_leave_is_told() {
    for engine in Engine::all() {
        let school = School::with(engine, &MAIL).await;
        add(&school, "Zoé", Some("zoe chez horizon"), None).await;
        school.ask("Claire", "/liens BTS SIO 1A mail").await;
        school.press("Claire", "Envoyer 1 mail").await;
        let told = school.told("Claire");
        assert!(told.starts_with("Le lien de Zoé Z. n’a pas pu partir par mail"), "{engine:?}: {told}");
        assert!(school.sandbox.mails().is_empty(), "{engine:?}");
        let waiting = school.write(async |tx| outbox::store::waiting(tx).await).await;
        assert_eq!(waiting, 0);
        school.check().await;
    }
}

/// The server took it and said nothing more: not sent again, told as in doubt, and its link works if it arrived.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_in_doubt_is_sent_once() {
    for engine in Engine::all() {
        let school = School::with(engine, &MAIL).await;
        add(&school, "Zoé", Some("zoe@horizon.example"), None).await;
        school.ask("Claire", "/liens BTS SIO 1A mail").await;
        school.sandbox.fault(Fault::LoseMail { times: 1 });
        school.press("Claire", "Envoyer 1 mail").await;
        school.to("24/11/2026", "08:10").await;
        assert_eq!(school.sandbox.mails().len(), 1, "{engine:?}");
        let said: Vec<String> = school.all(school.is("Claire")).into_iter().map(|message| message.text).collect();
        assert!(said.iter().any(|words| words.contains("n’est peut-être pas parti")), "{said:?}");
        let troubled = school.write(async |tx| outbox::store::troubled(tx, 9).await).await;
        assert_eq!(troubled.len(), 1, "{engine:?}: {troubled:?}");
        let stranger = school.sandbox.add_person("Z", "", "fr");
        school.sandbox.start_bot(stranger, &token(&school.sandbox.mails()[0]));
        school.drain().await.expect("quiet");
        assert!(school.last(stranger).contains("date de naissance"), "{}", school.last(stranger));
        school.end().await;
    }
}

/// Without a mail server nothing of it is offered, and an expired link sends to the school office.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_mail_server_it_is_not_offered() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        let claire = school.is("Claire");
        add(&school, "Zoé", Some("zoe@horizon.example"), None).await;
        school.ask("Claire", "/liens BTS SIO 1A").await;
        let keys = [vec!["Créer 1 lien"], vec!["Délier un compte…"], vec!["« Retour", "✕ Fermer"]];
        assert_eq!(school.keys(claire), keys, "{engine:?}");
        let said = school.ask("Claire", "/liens BTS SIO 1A mail").await;
        assert!(said.starts_with("Je ne peux pas encore écrire par mail"), "{said}");

        let mailed = preau::school::roster::LinkKind::Mailed;
        let token =
            school.write(async |tx| roster::make_link(tx, mailed, Some(&id_of("Zoé")), &Actor::Cli).await).await;
        school.go_to(at("24/11/2026", "08:30")).await.expect("time passes");
        let stranger = school.sandbox.add_person("Z", "", "fr");
        school.sandbox.start_bot(stranger, &token);
        school.drain().await.expect("quiet");
        assert!(school.last(stranger).starts_with("Ce lien a expiré. La vie scolaire"), "{}", school.last(stranger));
        assert_eq!(school.keys(stranger), [["Pourquoi ?"]]);
        school.check().await;
    }
}
