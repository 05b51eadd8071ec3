//! Strangers are taken out of a group: named, confirmed, and only as many as one person decides in a day.

use preau::kernel::Lang;
use preau::sandbox::Fault;
use preau::school::roster::Role;

use super::school::School;
use crate::store::Raw;
use crate::world::Engine;

/// So many people whom the school does not know come into the group.
fn strangers(school: &School, count: usize) -> Vec<i64> {
    let claire = school.is("Claire");
    (0..count)
        .map(|number| {
            let who = school.sandbox.add_person(&format!("Zoé{number}"), "Ailleurs", "fr");
            school.sandbox.add_member(school.group, who, claire);
            who
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_is_removed_by_name_after_a_confirmation() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        school.caller().await;
        let zoe = strangers(&school, 1)[0];
        school.ask("Claire", "/classes").await;
        school.press("Claire", "BTS SIO 1A").await;
        school.press("Claire", "Comparer les membres").await;
        school.press("Claire", "Retirer une personne").await;
        let sure = school.told("Claire");
        assert!(sure.starts_with("Retirer du groupe de la classe BTS SIO 1A : Zoé0 Ailleurs ?"), "{sure}");
        assert!(school.sandbox.members(school.group).contains(&zoe), "nothing before the confirmation");
        school.press("Claire", "Oui, retirer 1").await;
        assert!(!school.sandbox.members(school.group).contains(&zoe), "{engine:?}");
        assert_eq!(school.told("Claire"), "Sortie du groupe : Zoé0 Ailleurs.");
        // The same press again finds nobody.
        let shown = school.press("Claire", "Retirer une personne").await;
        assert!(shown.starts_with("Il n’y a plus personne à retirer"), "{shown}");
        school.check().await;
    }
}

/// Whoever was enrolled meanwhile stays, whatever the key said when it was shown.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_of_the_class_by_now_stays() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        school.caller().await;
        let claire = school.is("Claire");
        let max = school.add("Max", "Neuf", Role::Student, &[], Lang::Fr).await;
        school.sandbox.add_member(school.group, max, claire);
        school.ask("Claire", "/classes").await;
        school.press("Claire", "BTS SIO 1A").await;
        school.press("Claire", "Comparer les membres").await;
        school.press("Claire", "Retirer une personne").await;
        let class = school.class.clone();
        let person = super::school::id_of("Max");
        let actor = preau::school::audit::Actor::Cli;
        school.write(async |tx| preau::school::roster::flow::enrol(tx, &actor, &person, &class).await).await;
        let shown = school.press("Claire", "Oui, retirer 1").await;
        assert!(shown.starts_with("Il n’y a plus personne à retirer"), "{shown}");
        assert!(school.sandbox.members(school.group).contains(&max), "{engine:?}");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_than_one_person_decides_needs_two() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        school.caller().await;
        school.add("Diane", "Roux", Role::Admin, &[], Lang::Fr).await;
        let all = strangers(&school, 3);
        school.ask("Claire", "/classes").await;
        school.press("Claire", "BTS SIO 1A").await;
        school.press("Claire", "Comparer les membres").await;
        school.press("Claire", "Retirer 3 personnes").await;
        school.press("Claire", "Oui, retirer 3").await;
        let inside =
            |school: &School| all.iter().filter(|one| school.sandbox.members(school.group).contains(one)).count();
        assert_eq!(inside(&school), 3, "{engine:?}: held back");
        school.press("Claire", "Accepter").await;
        assert_eq!(inside(&school), 3, "{engine:?}: one voice is not two");
        school.press("Diane", "Accepter").await;
        assert_eq!(inside(&school), 0, "{engine:?}");
        assert!(school.told("Claire").starts_with("Sorties du groupe : Zoé0"), "{}", school.told("Claire"));
        // They count for the day: even one more needs two.
        strangers(&school, 1);
        school.ask("Claire", "/classes").await;
        school.press("Claire", "BTS SIO 1A").await;
        school.press("Claire", "Comparer les membres").await;
        school.press("Claire", "Retirer une personne").await;
        school.press("Claire", "Oui, retirer 1").await;
        let held = school.all(school.is("Diane")).iter().filter(|one| one.text.contains("Zoé0 Ailleurs.")).count();
        assert_eq!(held, 1, "{engine:?}: asked again");
        school.check().await;
    }
}

/// An answer that is lost, and then a wait: who is out by then is counted and named like the others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_removal_that_is_cut_off_counts_and_names_everybody() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        school.caller().await;
        school.add("Diane", "Roux", Role::Admin, &[], Lang::Fr).await;
        let all = strangers(&school, 3);
        school.ask("Claire", "/classes").await;
        for key in ["BTS SIO 1A", "Comparer les membres", "Retirer 3 personnes", "Oui, retirer 3", "Accepter"] {
            school.press("Claire", key).await;
        }
        let method = || Some("unbanChatMember".to_owned());
        school.sandbox.fault(Fault::LostAnswer { method: method(), times: 1 });
        school.sandbox.fault(Fault::TooManyRequests { method: method(), retry_after: 1, times: 1 });
        school.press("Diane", "Accepter").await;
        assert!(all.iter().all(|one| !school.sandbox.members(school.group).contains(one)), "{engine:?}");
        let told = school.told("Claire");
        assert!((0..3).all(|number| told.contains(&format!("Zoé{number}"))), "{engine:?}: {told}");
        let mut raw = Raw::open(&school.place).await;
        let counted = raw.texts("SELECT old FROM audit_entry WHERE action = 'group.stranger_removed'").await;
        assert_eq!(counted.len(), 3, "{engine:?}: {counted:?}");
        assert!(all.iter().all(|one| counted.contains(&one.to_string())), "{engine:?}: {counted:?}");
        school.check().await;
    }
}

/// Until Telegram took them out they are strangers: a finger that slips on the last key counts nobody twice, and asks two
/// persons once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_pressed_twice_at_once_removes_or_asks_once() {
    for engine in Engine::all() {
        for (count, label) in [(1, "Retirer une personne"), (3, "Retirer 3 personnes")] {
            let school = School::on(engine).await;
            school.caller().await;
            let all = strangers(&school, count);
            let claire = school.is("Claire");
            school.ask("Claire", "/classes").await;
            school.press("Claire", "BTS SIO 1A").await;
            school.press("Claire", "Comparer les membres").await;
            school.press("Claire", label).await;
            let sure = school.all(claire).pop().expect("the question").id;
            // Telegram takes its time over whoever goes.
            let method = Some("banChatMember".to_owned());
            school.sandbox.fault(Fault::Delay { method, millis: 400, times: 1 });
            for _ in 0..2 {
                school.sandbox.press(claire, claire, sure, "Oui, retirer").expect("a key");
            }
            school.drain().await.expect("quiet");
            let mut raw = Raw::open(&school.place).await;
            let alone = i64::from(count == 1);
            for (sql, wanted) in [
                ("SELECT COUNT(*) FROM audit_entry WHERE action = 'group.stranger_removed'", alone),
                ("SELECT COUNT(*) FROM removal WHERE kind = 'group'", alone),
                ("SELECT COUNT(*) FROM agreement", 1 - alone),
            ] {
                assert_eq!(raw.number(sql).await, wanted, "{engine:?}, {count}: {sql}");
            }
            let told: Vec<String> = school.all(claire).into_iter().map(|message| message.text).collect();
            let nobody = |text: &&String| text.starts_with("Il n’y a plus personne");
            assert!(!told.iter().any(|text| nobody(&text)), "{engine:?}: {told:#?}");
            let out = told.iter().filter(|text| text.starts_with("Sortie du groupe")).count();
            assert_eq!(out, usize::from(count == 1), "{engine:?}: {told:#?}");
            let inside = all.iter().filter(|one| school.sandbox.members(school.group).contains(one)).count();
            assert_eq!(inside, if count == 1 { 0 } else { 3 }, "{engine:?}");
            school.check().await;
        }
    }
}
