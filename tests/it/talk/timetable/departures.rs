//! Who left a class leaves its Telegram group: after the ten minutes, without a word there, told to staff.

use preau::school::classroom::RIGHTS;
use preau::school::workbook::store as imports;

use super::*;
use crate::world::Engine;

fn pupil(n: usize, classes: &'static str, status: &'static str) -> [String; 7] {
    [
        format!("Nom{n}"),
        format!("Prénom{n}"),
        format!("p{n}@ecole.example"),
        "12/03/2006".to_owned(),
        String::new(),
        classes.to_owned(),
        status.to_owned(),
    ]
}

fn file(lines: &[[String; 7]]) -> Vec<u8> {
    let lines: Vec<[&str; 7]> = lines.iter().map(|line| line.each_ref().map(String::as_str)).collect();
    book(&lines, &[])
}

/// They tie their accounts and come into the group by its link.
async fn members(world: &World, group: i64, count: usize) -> Vec<i64> {
    let mut accounts = Vec::new();
    for n in 0..count {
        let account = joins(world, &named(world, &format!("Nom{n}")).await, "12/03/2006").await;
        asks(world, group, account).await;
        assert!(is_in(world, group, account), "Nom{n}");
        accounts.push(account);
    }
    accounts
}

/// Asks to join by the class's link.
async fn asks(world: &World, group: i64, account: i64) {
    let found = world.db().expect("running").read(async |tx| classroom::flow::group_of_chat(tx, group).await).await;
    let link = found.expect("read").expect("a group").join_link.expect("a link");
    let _ = world.sandbox.ask_to_join(account, &link);
    world.drain().await.expect("quiet");
}

fn is_in(world: &World, group: i64, account: i64) -> bool {
    world.sandbox.members(group).contains(&account)
}

async fn pass(world: &World, minutes: i64) {
    world.go_to(world.clock.now().plus_minutes(minutes)).await.expect("time passes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_left_leaves_the_group_after_ten_minutes_and_may_come_back() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let group = group(&world, claire, "1A").await;
        let all: Vec<_> = (0..4).map(|n| pupil(n, "1A", "")).collect();
        sends(&world, claire, "P.xlsx", file(&all)).await;
        presses(&world, claire, "Appliquer").await;
        let accounts = members(&world, group, 3).await;
        let said = world.sandbox.messages(group).len();

        // One left the school, one the class; another, unlinked, has nothing to leave.
        let gone = [pupil(0, "1A", "parti"), pupil(1, "1B", "")];
        sends(&world, claire, "P.xlsx", file(&gone)).await;
        presses(&world, claire, "Appliquer").await;
        pass(&world, 9).await;
        assert!(accounts.iter().all(|account| is_in(&world, group, *account)), "not before it can be undone no more");
        pass(&world, 2).await;
        assert_eq!(
            accounts.iter().map(|account| is_in(&world, group, *account)).collect::<Vec<_>>(),
            [false, false, true]
        );
        assert_eq!(
            last(&world, claire),
            "Prénom0 N., Prénom1 N. ont quitté la classe 1A et ne sont plus dans son groupe Telegram. Le groupe n’en est pas informé."
        );
        let shown = world.sandbox.messages(group);
        assert_eq!(shown.len(), said, "never announced, and Telegram's own line is deleted: {shown:#?}");
        assert_eq!(recorded(&world, "group.left").await, 2);

        // The one who is back in the class comes back by the same link; the other may not.
        sends(&world, claire, "P.xlsx", file(&[pupil(1, "1A, 1B", "")])).await;
        presses(&world, claire, "Appliquer").await;
        let start = says(&world, accounts[1], "/start").await;
        assert!(keys(&world, accounts[1]).iter().any(|key| key.contains("ejoindre")), "{start}");
        asks(&world, group, accounts[1]).await;
        asks(&world, group, accounts[0]).await;
        assert!(is_in(&world, group, accounts[1]) && !is_in(&world, group, accounts[0]));
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_undone_in_time_removes_nobody() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let group = group(&world, claire, "1A").await;
        sends(&world, claire, "P.xlsx", file(&[pupil(0, "1A", ""), pupil(1, "1A", "")])).await;
        presses(&world, claire, "Appliquer").await;
        let accounts = members(&world, group, 2).await;
        sends(&world, claire, "P.xlsx", file(&[pupil(0, "1A", "parti"), pupil(1, "1B", "")])).await;
        presses(&world, claire, "Appliquer").await;
        pass(&world, 8).await;
        presses(&world, claire, "Annuler").await;
        pass(&world, 30).await;
        assert!(accounts.iter().all(|account| is_in(&world, group, *account)));
        assert_eq!(recorded(&world, "group.left").await, 0);
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_right_is_told_once_and_made_up_for() {
    for engine in Engine::all() {
        let mut world = World::on(engine).await;
        world.expects("not enough rights to restrict");
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let group = group(&world, claire, "1A").await;
        sends(&world, claire, "P.xlsx", file(&[pupil(0, "1A", ""), pupil(1, "1A", "")])).await;
        presses(&world, claire, "Appliquer").await;
        let accounts = members(&world, group, 2).await;
        world.sandbox.promote_bot(group, claire, &["can_invite_users", "can_delete_messages"]);
        world.drain().await.expect("quiet");
        sends(&world, claire, "P.xlsx", file(&[pupil(0, "1A", "parti")])).await;
        presses(&world, claire, "Appliquer").await;
        pass(&world, 11).await;
        assert!(is_in(&world, group, accounts[0]));
        let told = |words: &str| world.sandbox.messages(claire).iter().filter(|m| m.text.contains(words)).count();
        assert_eq!(told("il me manque le droit « bannir des membres »"), 1, "{}", last(&world, claire));
        // Another right comes: still not this one, and not told again.
        world.sandbox.promote_bot(group, claire, &["can_invite_users", "can_delete_messages", "can_pin_messages"]);
        world.drain().await.expect("quiet");
        assert!(is_in(&world, group, accounts[0]));
        assert_eq!(told("il me manque le droit"), 1);
        world.sandbox.promote_bot(group, claire, &RIGHTS);
        world.drain().await.expect("quiet");
        assert!(!is_in(&world, group, accounts[0]) && is_in(&world, group, accounts[1]));
        assert_eq!(told("n’est plus dans son groupe Telegram"), 1);
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn few_of_a_class_may_be_many_of_its_group() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let marc = admin(&world, "Marc", "Marc Petit").await;
        let group = group(&world, claire, "1A").await;
        let all: Vec<_> = (0..30).map(|n| pupil(n, "1A", "")).collect();
        sends(&world, claire, "P.xlsx", file(&all)).await;
        presses(&world, claire, "Appliquer").await;
        let accounts = members(&world, group, 4).await;
        // Three of thirty are few; three of the four who are in the group need two persons.
        let gone: Vec<_> = (0..3).map(|n| pupil(n, "1A", "parti")).collect();
        sends(&world, claire, "P.xlsx", file(&gone)).await;
        let (asked, _) = presses(&world, claire, "Appliquer").await;
        assert!(asked.starts_with("Ce fichier retire 3 personnes : plus que permis"), "{asked}");
        pass(&world, 30).await;
        assert!(accounts.iter().all(|account| is_in(&world, group, *account)));
        presses(&world, marc, "Accepter").await;
        pass(&world, 11).await;
        assert_eq!(accounts.iter().filter(|account| is_in(&world, group, **account)).count(), 1);
        // The day's removals count, from the group too: one more of the group is one too many, for a whole day.
        for minutes in [0, 23 * 60] {
            pass(&world, minutes).await;
            sends(&world, claire, "P.xlsx", file(&[pupil(3, "1A", "parti")])).await;
            let (asked, _) = presses(&world, claire, "Appliquer").await;
            assert!(asked.starts_with("Ce fichier retire 1 personne"), "{minutes} min later: {asked}");
            presses(&world, claire, "Abandonner").await;
        }
        sends(&world, claire, "P.xlsx", file(&[pupil(9, "1A", "parti")])).await;
        assert!(presses(&world, claire, "Appliquer").await.0.starts_with("Fait : "), "not in the group");
        world.check().await;
    }
}

/// A teacher who is no longer listed with the class but has lessons ahead there stays; gone from the school, they leave.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_teaches_the_class_stays_in_its_group() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let group = group(&world, claire, "1A").await;
        let teacher = |classes: &'static str, status: &'static str| {
            [["Diallo", "Mamadou", "m.diallo@ecole.example", "01/02/1980", "enseignant", classes, status]]
        };
        let lesson = [["26/11/2026", "14:00", "16:00", "1A", "Anglais", "M. Diallo", "A1"]];
        sends(&world, claire, "EDT.xlsx", book(&teacher("1A", ""), &lesson)).await;
        presses(&world, claire, "Appliquer").await;
        presses(&world, claire, "Donner ces droits").await;
        let account = joins(&world, &named(&world, "Diallo").await, "01/02/1980").await;
        asks(&world, group, account).await;
        assert!(is_in(&world, group, account));
        for (classes, status, stays) in [("1B", "", true), ("", "parti", false)] {
            sends(&world, claire, "EDT.xlsx", book(&teacher(classes, status), &lesson)).await;
            presses(&world, claire, "Appliquer").await;
            pass(&world, 11).await;
            assert_eq!(is_in(&world, group, account), stays, "{engine:?}: {classes} {status}");
        }
        world.check().await;
    }
}

/// They were in its group for their lessons and never listed in the class: they weigh on the group all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn teachers_of_no_class_leave_its_group_by_the_word_of_two() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let marc = admin(&world, "Marc", "Marc Petit").await;
        let group = group(&world, claire, "1A").await;
        let staff = |status: &'static str| {
            [("Diallo", "d@e.fr"), ("Rossi", "r@e.fr"), ("Gil", "g@e.fr")]
                .map(|(name, mail)| [name, "Sam", mail, "01/02/1980", "enseignant", "", status])
        };
        let lessons = [("08:00", "10:00", "Diallo"), ("10:00", "12:00", "Rossi"), ("14:00", "16:00", "Gil")]
            .map(|(from, to, name)| ["26/11/2026", from, to, "1A", "Anglais", name, "A1"]);
        sends(&world, claire, "EDT.xlsx", book(&staff(""), &lessons)).await;
        presses(&world, claire, "Appliquer").await;
        presses(&world, claire, "Donner ces droits").await;
        let mut accounts = Vec::new();
        for name in ["Diallo", "Rossi", "Gil"] {
            let account = joins(&world, &named(&world, name).await, "01/02/1980").await;
            asks(&world, group, account).await;
            assert!(is_in(&world, group, account), "{engine:?}: {name}");
            accounts.push(account);
        }
        sends(&world, claire, "EDT.xlsx", book(&staff("parti"), &lessons)).await;
        let (asked, _) = presses(&world, claire, "Appliquer").await;
        assert!(asked.starts_with("Ce fichier retire 3 personnes : plus que permis"), "{engine:?}: {asked}");
        assert!(last(&world, marc).contains("retire 3 personnes (sans classe).\n"), "{}", last(&world, marc));
        pass(&world, 30).await;
        assert!(accounts.iter().all(|account| is_in(&world, group, *account)));
        presses(&world, marc, "Accepter").await;
        pass(&world, 11).await;
        assert!(!accounts.iter().any(|account| is_in(&world, group, *account)), "{engine:?}");
        world.check().await;
    }
}

/// Noted as gone by mistake, and back: a teacher who was in the group for the lessons alone stays there, whoever said so
/// and however late the removal would have been.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_teacher_who_is_back_stays_in_the_group() {
    for engine in Engine::all() {
        let mut world = World::on(engine).await;
        world.expects("not enough rights to restrict");
        let claire = admin(&world, "Claire", "Claire Dupont").await;
        let group = group(&world, claire, "1A").await;
        let teacher = |status: &'static str| {
            [["Diallo", "Mamadou", "m.diallo@ecole.example", "01/02/1980", "enseignant", "", status]]
        };
        let lesson = [["26/11/2026", "14:00", "16:00", "1A", "Anglais", "M. Diallo", "A1"]];
        let is = async |status: &'static str| {
            sends(&world, claire, "EDT.xlsx", book(&teacher(status), &lesson)).await;
            for key in ["Appliquer", "Donner ces droits"] {
                if keys(&world, claire).iter().any(|shown| shown == key) {
                    presses(&world, claire, key).await;
                }
            }
            let active = named(&world, "Diallo").await.active;
            assert_eq!(active, status != "parti", "{}", last(&world, claire));
        };
        let removals = async || {
            let since = world.clock.now().plus_days(-1);
            let some = world.db().expect("running").read(async |tx| imports::removals(tx, "group", since).await).await;
            some.expect("read").iter().map(|(_, count)| count).sum::<i64>()
        };
        is("").await;
        let account = joins(&world, &named(&world, "Diallo").await, "01/02/1980").await;
        asks(&world, group, account).await;

        is("parti").await;
        assert_eq!(removals().await, 1, "{engine:?}");
        pass(&world, 8).await;
        presses(&world, claire, "Annuler").await;
        assert_eq!(removals().await, 0, "{engine:?}: what came back was not removed");
        pass(&world, 30).await;
        assert!(is_in(&world, group, account), "{engine:?}: undone");

        is("parti").await;
        pass(&world, 5).await;
        is("actif").await;
        pass(&world, 30).await;
        assert!(is_in(&world, group, account), "{engine:?}: another file says so");

        world.sandbox.promote_bot(group, claire, &["can_invite_users", "can_delete_messages"]);
        world.drain().await.expect("quiet");
        is("parti").await;
        pass(&world, 11).await;
        assert!(last(&world, claire).contains("il me manque le droit"), "{}", last(&world, claire));
        is("actif").await;
        world.sandbox.promote_bot(group, claire, &RIGHTS);
        world.drain().await.expect("quiet");
        assert!(is_in(&world, group, account), "{engine:?}: held for want of a right");
        assert_eq!(recorded(&world, "group.left").await, 0, "{engine:?}");
        world.check().await;
    }
}
