//! A tie that stands in somebody's way: undone months later, left behind, held by the wrong person; and what is kept of it.

use preau::kernel::Lang;
use preau::sandbox::Fault;
use preau::school::audit::{Actor, store as audit};
use preau::school::classroom::RIGHTS;
use preau::school::roster::{LinkKind, Person, Role, flow as roster, store};
use preau::school::session::flow as sessions;
use preau::telegram::store as telegram;

use super::school::{School, id_of};
use crate::store::Raw;
use crate::world::Engine;

async fn link(school: &School, first: &str) -> String {
    let id = id_of(first);
    school.write(async |tx| roster::make_link(tx, LinkKind::Printed, Some(&id), &Actor::Cli).await).await
}

/// Opens a link; gives the answer.
async fn opens(school: &School, account: i64, token: &str) -> String {
    school.sandbox.start_bot(account, token);
    school.drain().await.expect("quiet");
    school.last(account)
}

/// Presses the newest key that says so in somebody's private chat.
async fn presses(school: &School, account: i64, label: &str) -> String {
    let messages = school.sandbox.messages(account);
    let has = |message: &&preau::sandbox::Message| message.buttons.iter().flatten().any(|key| key.text.contains(label));
    let found = messages.iter().rev().find(has).unwrap_or_else(|| panic!("no key « {label} »: {messages:#?}"));
    school.sandbox.press(account, account, found.id, label).expect("a key");
    school.drain().await.expect("quiet");
    school.last(account)
}

/// From the link to the tie, as a student of 18.
async fn ties(school: &School, account: i64, first: &str) {
    let token = link(school, first).await;
    opens(school, account, &token).await;
    school.say(account, account, "12/03/2005").await;
    presses(school, account, "Oui").await;
    let done = presses(school, account, "18").await;
    assert!(done.starts_with("C’est fait"), "{done}");
}

async fn holder(school: &School, account: i64) -> Option<String> {
    school.write(async |tx| store::tie_of(tx, account).await).await.map(|(person, ..)| person)
}

fn is_in(school: &School, account: i64) -> bool {
    school.sandbox.members(school.group).contains(&account)
}

async fn pass(school: &School, minutes: i64) {
    school.go_to(school.clock.now().plus_minutes(minutes)).await.expect("time passes");
}

fn said(school: &School, who: &str) -> Vec<String> {
    school.all(school.is(who)).into_iter().map(|message| message.text).collect()
}

/// Every value of every table in which this number stands.
async fn traces(school: &School, account: i64) -> Vec<String> {
    traces_of(school, &account.to_string()).await
}

/// Every row of every table in which these words stand.
async fn traces_of(school: &School, words: &str) -> Vec<String> {
    let mut raw = Raw::open(&school.place).await;
    let mut found = Vec::new();
    for table in raw.tables().await {
        let columns = raw.columns(&table).await;
        let rows = raw.values(&table, &columns).await;
        found.extend(rows.into_iter().filter(|row| row.contains(words)).map(|row| format!("{table}: {row}")));
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_unlinked_two_months_later() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let (old, eric) = (school.is("Inès"), school.is("Éric"));
        school.to("25/01/2027", "10:00").await;
        let new = school.sandbox.add_person("Inès", "", "fr");
        assert!(opens(&school, new, "").await.contains("Je ne vous connais pas encore"));
        let groups = school.all(school.group).len();

        // Everybody is linked, and there is a way all the same.
        let words = school.ask("Éric", "/liens BTS SIO 1A").await;
        assert_eq!(words, "BTS SIO 1A : tout le monde est relié. Il n’y a pas de lien à créer.");
        assert_eq!(school.keys(eric), [vec!["Délier un compte…"], vec!["« Retour", "✕ Fermer"]], "{engine:?}");
        school.press("Éric", "Délier un compte").await;
        assert!(school.told("Éric").starts_with("BTS SIO 1A : quel compte délier ?"), "{}", school.told("Éric"));
        let offered = school.keys(eric).concat();
        assert_eq!(
            offered,
            ["Inès M.", "Karim T.", "Léa P.", "Noé B.", "Paul S.", "« Retour", "✕ Fermer"],
            "not himself"
        );
        school.press("Éric", "Inès M.").await;
        assert_eq!(
            school.told("Éric"),
            "Depuis le mar. 24 nov., Inès M. (BTS SIO 1A) a un compte Telegram relié. Le délier ? Cette personne ne reçoit alors plus rien, et le compte quitte les groupes où il n’était que par ce lien."
        );
        school.press("Éric", "Délier").await;
        assert!(school.told("Éric").starts_with("Le compte de Inès M. n’est plus relié"), "{}", school.told("Éric"));
        assert!(school.ask("Inès", "/moi").await.contains("TEL-04"), "{engine:?}");

        // The new account is hers, the old one leaves the group; staff alone hear of it.
        ties(&school, new, "Inès").await;
        assert_eq!(holder(&school, new).await, Some(id_of("Inès")));
        assert!(is_in(&school, old), "it can still be undone");
        pass(&school, 11).await;
        assert!(!is_in(&school, old), "{engine:?}");
        assert_eq!(
            school.told("Éric"),
            "Le compte Telegram délié de Inès M. n’est plus dans le groupe de BTS SIO 1A. Le groupe n’en est pas informé."
        );
        assert_eq!(school.all(school.group).len(), groups, "{engine:?}");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tie_that_blocks_comes_with_its_button() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let class = school.class.clone();
        let other = school.add_class("BTS SIO 1B").await;
        school.add("Max", "Vie", Role::Supervisor, &[&other], Lang::Fr).await;
        school.add_unlinked("Zoé", "Zola", Role::Student, &[&other]).await;

        // The person has another account: 61 days after its tie, when the first button is long forgotten.
        school.to("25/01/2027", "10:00").await;
        let new = school.sandbox.add_person("Inès", "", "fr");
        let token = link(&school, "Inès").await;
        assert!(opens(&school, new, &token).await.contains("LIE-07"));
        assert_eq!(
            school.told("Éric"),
            "Quelqu’un a ouvert un lien de Inès M., qui a déjà relié un autre compte Telegram. Je n’ai rien relié. Si Inès M. a changé de compte, déliez l’ancien, puis dites-lui de rouvrir son lien."
        );
        assert_eq!(school.keys(school.is("Éric")), [["Délier"]], "{engine:?}");
        school.press("Éric", "Délier").await;
        assert_eq!(holder(&school, school.is("Inès")).await, None, "{engine:?}");
        assert!(opens(&school, new, &token).await.contains("date de naissance"), "{engine:?}");

        // The account is another's: who looks after that one gets the button and the name, who does not gets neither.
        let noe = school.is("Noé");
        let token = link(&school, "Zoé").await;
        assert!(opens(&school, noe, &token).await.contains("LIE-06"));
        let told = school.told("Max");
        assert!(
            told.starts_with("Quelqu’un a ouvert le lien de Zoé Z. depuis un compte Telegram déjà relié"),
            "{told}"
        );
        assert!(!told.contains("Noé") && school.keys(school.is("Max")).is_empty(), "{engine:?}: {told}");
        let told = school.told("Éric");
        assert!(
            told.starts_with("Quelqu’un a ouvert le lien de Zoé Z. depuis un compte Telegram relié à Noé B."),
            "{told}"
        );
        school.press("Éric", "Délier").await;
        assert!(opens(&school, noe, &token).await.contains("date de naissance"), "{engine:?}");
        let entries = school.write(async |tx| audit::of_object(tx, &format!("person:{}", id_of("Noé"))).await).await;
        let last = entries.last().expect("an entry");
        assert_eq!((last.action.as_str(), last.new.as_deref()), ("account.untied", None), "{class}");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_back_under_a_new_record_is_let_in() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let (account, class) = (school.is("Inès"), school.class.clone());
        school.write(async |tx| roster::deactivate(tx, &Actor::Cli, &id_of("Inès")).await).await;
        school.add_unlinked("Inès bis", "Moreau", Role::Student, &[&class]).await;
        ties(&school, account, "Inès bis").await;
        assert_eq!(holder(&school, account).await, Some(id_of("Inès bis")), "{engine:?}");
        assert!(!said(&school, "Éric").iter().any(|words| words.contains("relié à Inès")), "nobody is bothered");
        // As an admin too.
        school.write(async |tx| roster::deactivate(tx, &Actor::Cli, &id_of("Noé")).await).await;
        let token = school.write(async |tx| roster::admin_link(tx).await).await;
        assert!(opens(&school, school.is("Noé"), &token).await.contains("prénom et nom"), "{engine:?}");
        let done = school.ask("Noé", "Noé Blanc").await;
        assert!(done.contains("vous êtes administrateur"), "{engine:?}: {done}");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wrong_person_leaves_the_group_unless_it_is_undone() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let (class, group) = (school.class.clone(), school.group);
        for first in ["Zed", "Yan"] {
            school.add_unlinked(first, "Zola", Role::Student, &[&class]).await;
        }
        let wrong = school.sandbox.add_person("X", "", "fr");
        let join = school.sandbox.links(group).first().cloned().expect("a link");
        ties(&school, wrong, "Zed").await;
        school.sandbox.ask_to_join(wrong, &join).expect("asks");
        school.drain().await.expect("quiet");
        assert!(is_in(&school, wrong));

        // A press by mistake puts nobody out.
        school.press("Éric", "Délier").await;
        pass(&school, 5).await;
        school.press("Éric", "Annuler").await;
        pass(&school, 30).await;
        assert!(is_in(&school, wrong) && holder(&school, wrong).await.is_some(), "{engine:?}");

        // It was another student of the class: theirs to be there.
        let tie = school.write(async |tx| roster::person(tx, &id_of("Éric")).await).await.expect("Éric");
        let untie = async |person: &str| {
            let id = id_of(person);
            school.write(async |tx| roster::untie(tx, &tie, &id, wrong).await).await;
        };
        untie("Zed").await;
        ties(&school, wrong, "Yan").await;
        pass(&school, 30).await;
        assert!(is_in(&school, wrong), "{engine:?}");

        // Nobody we know: out, also when the person of the tie is leaving the class just then.
        school
            .write(async |tx| {
                roster::unenrol(tx, &Actor::Cli, &id_of("Yan"), &class).await?;
                roster::plan_departure(tx, &id_of("Yan"), &class).await
            })
            .await;
        untie("Yan").await;
        let before = school.all(group).len();
        pass(&school, 11).await;
        assert!(!is_in(&school, wrong), "{engine:?}");
        assert!(school.told("Éric").contains("Yan Z. a quitté la classe"), "{}", school.told("Éric"));
        assert_eq!(school.all(group).len(), before, "{engine:?}: the group hears nothing");
        school.check().await;
    }
}

/// « Removals … from all sources … by two persons »: the third of a day in a class is one too many.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_untied_on_one_day_leave_by_the_word_of_two() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        school.add("Marc", "Petit", Role::Admin, &[], Lang::Fr).await;
        let eric = school.write(async |tx| roster::person(tx, &id_of("Éric")).await).await.expect("Éric");
        for first in ["Noé", "Inès", "Léa"] {
            let account = school.is(first);
            school.write(async |tx| roster::untie(tx, &eric, &id_of(first), account).await).await;
        }
        pass(&school, 11).await;
        let there = |school: &School| ["Noé", "Inès", "Léa"].map(|first| is_in(school, school.is(first)));
        assert_eq!(there(&school).iter().filter(|is_in| **is_in).count(), 1, "{engine:?}");
        for who in ["Claire", "Marc"] {
            let told = school.told(who);
            assert!(told.contains("Le compte Telegram délié de") && told.contains("groupe de BTS SIO 1A"), "{told}");
        }
        school.press("Claire", "Accepter").await;
        pass(&school, 11).await;
        assert_eq!(there(&school).iter().filter(|is_in| **is_in).count(), 1, "{engine:?}");
        school.press("Marc", "Accepter").await;
        pass(&school, 1).await;
        assert_eq!(there(&school), [false; 3], "{engine:?}");
        school.check().await;
    }
}

/// /confidentialite: « Le lien avec votre compte Telegram est effacé dans les deux jours qui suivent votre départ ».
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tie_ends_with_the_school() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        school.expects("not enough rights to restrict");
        let (class, group, claire) = (school.class.clone(), school.group, school.is("Claire"));
        school.add_unlinked("Zed", "Zola", Role::Student, &[&class]).await;
        let zed = school.sandbox.add_person("Zed", "", "fr");
        ties(&school, zed, "Zed").await;
        let join = school.sandbox.links(group).first().cloned().expect("a link");
        school.sandbox.ask_to_join(zed, &join).expect("asks");
        school.drain().await.expect("quiet");
        // The bot may not remove anybody, for now.
        school.sandbox.promote_bot(group, claire, &["can_invite_users", "can_delete_messages"]);
        school.drain().await.expect("quiet");
        school
            .write(async |tx| {
                roster::plan_departure(tx, &id_of("Zed"), &class).await?;
                roster::unenrol(tx, &Actor::Cli, &id_of("Zed"), &class).await?;
                roster::deactivate(tx, &Actor::Cli, &id_of("Zed")).await
            })
            .await;
        pass(&school, 60).await;
        assert!(holder(&school, zed).await.is_some() && is_in(&school, zed), "{engine:?}: not while it can be undone");
        school.to("26/11/2026", "08:00").await;
        assert_eq!(holder(&school, zed).await, None, "{engine:?}");
        let left = traces(&school, zed).await;
        let kept =
            |row: &&String| ["account:", "personal_link:", "audit_entry:"].iter().any(|table| row.starts_with(*table));
        assert_eq!(left.iter().filter(kept).collect::<Vec<_>>(), Vec::<&String>::new(), "{engine:?}");
        let entries = school.write(async |tx| audit::of_object(tx, &format!("person:{}", id_of("Zed"))).await).await;
        let (first, last) = (entries.iter().find(|entry| entry.action == "account.tied"), entries.last());
        assert_eq!(last.map(|entry| entry.action.as_str()), Some("account.forgotten"));
        assert_eq!(first.and_then(|entry| entry.new.clone()), last.and_then(|entry| entry.old.clone()));
        // The others stay as they are, and the one who could not be removed is, once the bot may.
        assert!(holder(&school, school.is("Noé")).await.is_some());
        school.sandbox.promote_bot(group, claire, &RIGHTS);
        school.drain().await.expect("quiet");
        assert!(!is_in(&school, zed), "{engine:?}");
        school.check().await;
    }
}

/// A request to join waits while Telegram is held up. Who is untied meanwhile, leaves the class, or teaches there no more
/// is declined; the others are let in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_join_is_asked_again_however_long_the_request_waited() {
    const APPROVES: &str = "approveChatJoinRequest";
    for engine in Engine::all() {
        let mut school = School::without_group(engine).await;
        school.group = school.adopt_empty("BTS SIO 1A").await;
        let (group, class, lesson) = (school.group, school.class.clone(), school.plan_usual().await);
        let claire = school.is("Claire");
        let by = school.write(async |tx| roster::person_of_account(tx, claire).await).await.expect("the admin");
        let approvals = || school.sandbox.journal().iter().filter(|call| call.method == APPROVES).count();
        for (first, why) in [
            ("Inès", Some("je ne vous connais pas encore")),
            ("Noé", Some("vous n’êtes pas dans cette classe")),
            ("Mamadou", Some("vous n’êtes pas dans cette classe")),
            ("Léa", None),
        ] {
            let (account, id, before) = (school.is(first), id_of(first), approvals());
            let method = Some(APPROVES.to_owned());
            school.sandbox.fault(Fault::TooManyRequests { method, retry_after: 1, times: 1 });
            let link = school.sandbox.links(group).pop().expect("a link");
            school.sandbox.ask_to_join(account, &link).expect("asks");
            while approvals() == before {
                school.clock.rest(std::time::Duration::from_millis(5)).await;
            }
            school
                .write(async |tx| match first {
                    "Inès" => roster::untie(tx, &by, &id, account).await.map(|_| ()),
                    "Noé" => roster::unenrol(tx, &Actor::Cli, &id, &class).await.map(|_| ()),
                    "Mamadou" => sessions::cancel(tx, &Actor::Cli, &lesson).await.map(|_| ()),
                    _ => Ok(()),
                })
                .await;
            assert!(school.sandbox.join_requests(group).is_empty(), "{engine:?}: {first} is answered");
            assert_eq!(is_in(&school, account), why.is_none(), "{engine:?}: {first}");
            assert!(school.last(account).contains(why.unwrap_or_default()), "{}", school.last(account));
        }
        let object = format!("classroom:{class}");
        let entries = school.write(async |tx| audit::of_object(tx, &object).await).await;
        assert_eq!(entries.iter().filter(|entry| entry.action == "group.join_declined").count(), 3);
        school.check().await;
    }
}

/// « Telegram demande 16 ans »: the account is not linked, and nothing of it is kept.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_kept_of_who_is_too_young() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let class = school.class.clone();
        school.add_unlinked("Tom", "Roy", Role::Student, &[&class]).await;
        let tom = school.sandbox.add_person("Tom", "", "fr");
        let token = link(&school, "Tom").await;
        opens(&school, tom, &token).await;
        school.say(tom, tom, "12/03/2005").await;
        presses(&school, tom, "Oui").await;
        let told = presses(&school, tom, "Moins de 16").await;
        assert!(
            told.contains("rien n’en est gardé : la trace technique de cet échange s’efface d’elle-même en 48 heures")
        );
        assert!(school.told("Éric").starts_with("Tom R. a moins de 16 ans"), "{}", school.told("Éric"));
        // The trace of the exchange is all there is, and it goes.
        for row in traces(&school, tom).await {
            assert!(row.starts_with("inbox:") || row.starts_with("outbox:"), "{engine:?}: {row}");
        }
        school
            .write(async |tx| {
                let later = tx.wall().plus_days(1);
                preau::platform::inbox::store::purge(tx, later).await?;
                // What goes after 48 hours is all of it.
                for kind in preau::telegram::ANSWERS {
                    preau::platform::outbox::store::purge_kind(tx, kind, later).await?;
                }
                telegram::purge(tx, tx.now().plus_days(-60)).await
            })
            .await;
        assert_eq!(traces(&school, tom).await, Vec::<String>::new(), "{engine:?}");
        let person =
            school.write(async |tx| store::person(tx, &id_of("Tom")).await).await.expect("still of the school");
        assert_eq!(person, Person { active: true, ..person.clone() });
        school.check().await;
    }
}

/// A whole class ties its accounts in a morning: those who look after it get one message an hour, which names everybody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accounts_tied_within_the_hour_are_told_in_one_message() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let class = school.class.clone();
        let new = |first: &str| school.sandbox.add_person(first, "", "fr");
        for (first, last) in [("Zoé", "Zola"), ("Tom", "Jeune"), ("Max", "Neuf"), ("Ada", "Tard")] {
            school.add_unlinked(first, last, Role::Student, &[&class]).await;
        }
        let (eric, before) = (school.is("Éric"), said(&school, "Éric").len());
        ties(&school, new("Zoé"), "Zoé").await;
        assert_eq!(
            school.told("Éric"),
            "Zoé Z. (BTS SIO 1A) vient de relier son compte Telegram. Si ce n’est pas cette personne, déliez le compte."
        );
        assert_eq!(school.keys(eric), [["Délier"]], "{engine:?}");
        let tom = new("Tom");
        ties(&school, tom, "Tom").await;
        ties(&school, new("Max"), "Max").await;
        pass(&school, 1).await;
        assert_eq!(
            school.told("Éric"),
            "BTS SIO 1A : 3 personnes viennent de relier leur compte Telegram : Max N., Tom J., Zoé Z. Ce n’est pas l’une de ces personnes ? Déliez son compte."
        );
        assert_eq!(said(&school, "Éric").len(), before + 1, "{engine:?}: {:?}", said(&school, "Éric"));
        // Each can be untied from there, beside the message, which no press takes away.
        assert_eq!(school.keys(eric), [["Délier un compte…"]]);
        school.press("Éric", "Délier un compte").await;
        school.press("Éric", "Tom J.").await;
        school.press("Éric", "Délier").await;
        assert!(school.told("Éric").starts_with("Le compte de Tom J. n’est plus relié"), "{}", school.told("Éric"));
        assert_eq!(holder(&school, tom).await, None);
        // The next one: who was untied is named no more.
        ties(&school, new("Ada"), "Ada").await;
        pass(&school, 1).await;
        let all = said(&school, "Éric");
        assert_eq!(all.len(), before + 2, "{engine:?}: {all:?}");
        let told = all.iter().find(|words| words.contains("viennent de relier")).expect("the hour's message");
        assert!(told.contains("3 personnes") && told.contains("Ada T., Max N., Zoé Z."), "{told}");
        // Another hour, another message.
        pass(&school, 60).await;
        school.add_unlinked("Lou", "Midi", Role::Student, &[&class]).await;
        ties(&school, new("Lou"), "Lou").await;
        assert!(school.told("Éric").starts_with("Lou M. (BTS SIO 1A) vient de relier"), "{}", school.told("Éric"));
        school.check().await;
    }
}

/// The first message is in doubt: who ties next is told of all the same, and nobody is told twice of one message.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_doubt_about_the_first_of_an_hour_hides_nobody() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let class = school.class.clone();
        for (first, last) in [("Zoé", "Zola"), ("Tom", "Jeune")] {
            school.add_unlinked(first, last, Role::Student, &[&class]).await;
        }
        let (zoe, tom) = (school.sandbox.add_person("Zoé", "", "fr"), school.sandbox.add_person("Tom", "", "fr"));
        let before = said(&school, "Éric").len();
        let token = link(&school, "Zoé").await;
        opens(&school, zoe, &token).await;
        school.say(zoe, zoe, "12/03/2005").await;
        presses(&school, zoe, "Oui").await;
        let method = Some("sendMessage".to_owned());
        school.sandbox.fault(Fault::LostAnswer { method, times: 1 });
        presses(&school, zoe, "18").await;
        ties(&school, tom, "Tom").await;
        pass(&school, 1).await;
        let all = said(&school, "Éric");
        assert!(all.iter().skip(before).any(|words| words.contains("Tom J., Zoé Z.")), "{engine:?}: {all:?}");
        school.end().await;
    }
}

/// PRODUCT: a personal link is « stored hashed »: whoever reads the database opens nothing with it. Neither the row that
/// carried the file, nor the update that opened a link, nor the question that follows keeps it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_link_stands_in_the_database() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        let class = school.class.clone();
        for first in ["Zed", "Yan"] {
            school.add_unlinked(first, "Zola", Role::Student, &[&class]).await;
        }
        school.ask("Claire", "/liens BTS SIO 1A").await;
        school.press("Claire", "Créer 2 liens").await;
        let file = school.files("Claire").pop().expect("the file of links");
        let text = String::from_utf8(file.bytes).expect("UTF-8");
        let token = |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect();
        let mut tokens: Vec<String> = text.split("?start=").skip(1).map(token).collect();
        assert!(tokens.len() == 2 && tokens.iter().all(|token| token.len() == 32), "{engine:?}: {tokens:?}");
        // What `preau invite` prints.
        tokens.push(school.write(async |tx| roster::admin_link(tx).await).await);
        let zed = school.sandbox.add_person("Zed", "", "fr");
        assert!(opens(&school, zed, &tokens[0]).await.contains("date de naissance"), "{engine:?}");
        for token in &tokens {
            assert_eq!(traces_of(&school, token).await, Vec::<String>::new(), "{engine:?}");
        }
        assert!(!traces_of(&school, "Zola").await.is_empty(), "what stands there is found");
        school.check().await;
    }
}
