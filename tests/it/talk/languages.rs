//! PRODUCT c.1: « the person’s choice, else Telegram’s `language_code`, else the class’s language, else French ».

use preau::school::audit::Actor;
use preau::school::roster::{LinkKind, Role, flow as roster};

use super::school::{School, id_of};
use crate::world::Engine;

const KEYS: [(&str, &str); 1] = [("classroom.languages", "BTS SIO 1A: en")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_english_class_of_a_french_school_is_spoken_to_in_english() {
    for engine in Engine::all() {
        let mut school = School::with(engine, &KEYS).await;
        school.group = school.adopt("BTS SIO 1A").await;
        assert!(school.last(school.group).starts_with("This group now belongs"), "{}", school.last(school.group));
        let french = school.add_class("BTS SIO 1B").await;
        school.plan_usual().await;
        school.until("13:45").await;
        assert_eq!(
            school.last(school.group),
            "Reminder: Réseaux, 14:00–16:00 (Paris), M. Diallo, room B204.",
            "{engine:?}"
        );
        school.until("14:00").await;
        school.press("Mamadou", "Tous présents sauf").await;
        school.press("Mamadou", "Enregistrer").await;
        school.until("16:00").await;
        school.press("Mamadou", "Valider").await;
        let report = school.about("Réseaux").pop().expect("a report").text;
        assert!(report.contains("lesson over, 5 of 5 present"), "{engine:?}: {report}");
        // The people of it keep what they chose or their Telegram says; a class that is not named is French.
        assert!(school.told("Mamadou").contains("Feuille"), "{}", school.told("Mamadou"));
        let class = school.write(async |tx| roster::class(tx, &french).await).await.expect("a class");
        assert_eq!(class.lang, None);
        school.check().await;
    }
}

/// Whose Telegram speaks neither language gets that of the class from the tie on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_class_speaks_for_whom_telegram_does_not() {
    for engine in Engine::all() {
        let mut school = School::with(engine, &KEYS).await;
        school.group = school.adopt("BTS SIO 1A").await;
        let class = school.class.clone();
        for (first, tag, expected) in [("Hans", "de", "Done, Hans"), ("Jean", "fr", "C’est fait, Jean")] {
            school.add_unlinked(first, "Muller", Role::Student, &[&class]).await;
            let account = school.sandbox.add_person(first, "", tag);
            let id = id_of(first);
            let token =
                school.write(async |tx| roster::make_link(tx, LinkKind::Printed, Some(&id), &Actor::Cli).await).await;
            school.sandbox.start_bot(account, &token);
            school.drain().await.expect("quiet");
            school.say(account, account, "12/03/2005").await;
            for label in ["Oui", "18"] {
                let last = school.sandbox.last(account).expect("asked");
                school.sandbox.press(account, account, last.id, label).expect("a key");
                school.drain().await.expect("quiet");
            }
            // The tie's own answer is still in the language of the conversation; what follows is in theirs.
            let said = school.say(account, account, "/aide").await;
            let english = said.starts_with("This is what");
            assert_eq!(english, expected.starts_with("Done"), "{engine:?}: {said}");
        }
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_line_is_refused_at_the_start() {
    use preau::app::sections;
    use preau::platform::config::Config;
    for (line, why) in [("1A", "1A"), ("1A: de", "1A: de"), ("1A: en,1a: fr", "twice")] {
        let refused = Config::with(&[("classroom.languages", line)], &sections()).expect_err("refused").to_string();
        assert!(refused.contains("classroom.languages") && refused.contains(why), "{line}: {refused}");
    }
}
