//! Every registered button, forged: by others, elsewhere, with other letters, cut, twice, after the role was taken away,
//! after its time.

use preau::school::audit::Actor;
use preau::school::rights::Act;
use preau::school::roster::{Person, Role, flow as roster};
use preau::telegram::store;

use super::super::school::id_of;
use super::cases::{self, Case};
use super::{One, PEOPLE, Stage, buttons, is_refusal, sends_files, shows_lessons, shows_names};

/// Whose button it is: the first who may, students before staff, and whoever is in charge before admins.
pub fn owner(case: &Case) -> &'static One {
    PEOPLE.iter().find(|one| one.role.is_some() && one.may(case.act)).expect("somebody may")
}

/// The same data with one letter another, at these places.
fn changed(data: &str) -> Vec<String> {
    [0, 1, data.len() / 2, data.len() - 1]
        .into_iter()
        .map(|place| {
            let mut bytes = data.as_bytes().to_vec();
            bytes[place] = if bytes[place] == b'a' { b'b' } else { b'a' };
            String::from_utf8(bytes).expect("letters")
        })
        .collect()
}

fn broken(data: &str) -> Vec<String> {
    let mut all = changed(data);
    all.extend([data[..data.len() - 1].to_owned(), data[..data.len() / 2].to_owned(), String::new()]);
    all.extend([data.to_uppercase(), format!("{}é", &data[..data.len() - 1]), format!("1{data}"), "1".repeat(64)]);
    // Another school's: as long, as random, and nothing of ours.
    all.push(format!("1{}", "q".repeat(32)));
    all
}

/// None of these presses does anything: words over it, nothing written, nothing sent, nothing kept.
async fn come_to_nothing(stage: &Stage, what: &str, presses: &[(i64, i64, String)]) -> usize {
    let (then, audited) = (stage.asked(), stage.audited().await);
    let queries: Vec<String> = presses.iter().map(|(account, chat, data)| stage.forge(*account, *chat, data)).collect();
    stage.drain().await.expect("quiet");
    for (query, (account, chat, data)) in queries.iter().zip(presses) {
        let over = stage.over(query);
        let told = over.contains("(TEL-01)") || over.contains("(TEL-02)");
        assert!(told, "{what}: « {data} » by {account} in {chat}: {over}");
        let said = [stage.since(then, *chat), stage.since(then, *account)].concat();
        assert!(said.is_empty(), "{what}: « {data} » by {account} in {chat}: {said:?}");
    }
    assert_eq!(stage.audited().await, audited, "{what} changed something");
    presses.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_button_can_be_forged_or_pressed_by_another_or_elsewhere() {
    let (stage, mut count) = (Stage::new().await, 0);
    for button in buttons() {
        let case = cases::of(button.action, &stage).unwrap_or_else(|| panic!("no case for {}", button.action));
        let owner = stage.is(owner(&case).name);
        let (chat, actor) = if case.in_group { (stage.group, None) } else { (owner, Some(owner)) };
        let data = stage.laid(button.action, &case.args, chat, actor).await;
        let mut presses: Vec<(i64, i64, String)> = broken(&data).into_iter().map(|data| (owner, chat, data)).collect();
        let elsewhere = if case.in_group { owner } else { stage.group };
        presses.push((owner, elsewhere, data.clone()));
        if actor.is_some() {
            // Under the owner's message, by everybody else, who may do the same elsewhere or not.
            let others = PEOPLE.iter().map(|one| stage.is(one.name)).filter(|other| *other != owner);
            presses.extend(others.map(|other| (other, chat, data.clone())));
        }
        count += come_to_nothing(&stage, button.action, &presses).await;
    }
    assert!(count >= 1000, "{count} forgeries");

    // The name of a menu after a button that is none opens what may be typed there, and nothing else.
    let claire = stage.is("Claire");
    let menus = ["adopter", "presence ", "../liens", "welcome.run"].map(|menu| format!("1{}{menu}", "q".repeat(32)));
    come_to_nothing(&stage, "menus", &menus.map(|data| (claire, claire, data))).await;

    // After its time.
    let mut old = Vec::new();
    for button in buttons() {
        let case = cases::of(button.action, &stage).expect("a case");
        old.push((claire, claire, stage.laid(button.action, &case.args, claire, Some(claire)).await));
    }
    let purge = async |tx: &mut preau::platform::store::Tx| store::purge(tx, tx.now().plus_days(1)).await;
    stage.write(purge).await;
    come_to_nothing(&stage, "forgotten buttons", &old).await;
    stage.over_with().await;
}

/// A group that becomes a supergroup takes its buttons along.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn buttons_move_with_their_group() {
    let stage = Stage::new().await;
    let claire = stage.is("Claire");
    let small = stage.sandbox.add_basic_group("SIO", claire);
    stage.sandbox.add_bot(small, claire);
    stage.drain().await.expect("quiet");
    let data = stage.laid("session.absent", &stage.lesson, small, None).await;
    let big = stage.sandbox.upgrade_group(small);
    stage.drain().await.expect("quiet");
    let query = stage.forge(stage.is("Zoé"), big, &data);
    stage.drain().await.expect("quiet");
    assert!(stage.over(&query).contains("(SES-03)"), "{}", stage.over(&query));
    come_to_nothing(&stage, "where it stood", &[(claire, small, data)]).await;
    stage.over_with().await;
}

/// What was laid while somebody was of the staff is nothing to them once they are not; nor are the answers they owe.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_was_taken_away_takes_its_buttons_along() {
    let stage = Stage::new().await;
    let staff = ["Mamadou", "Éric", "Sam", "Mona"];
    let mut laid = Vec::new();
    for button in buttons() {
        let case = cases::of(button.action, &stage).unwrap_or_else(|| panic!("no case for {}", button.action));
        if matches!(case.act, Act::Ask | Act::Own | Act::Announce | Act::Timetable) {
            continue;
        }
        for name in staff.into_iter().chain(["Claire"]) {
            let account = stage.is(name);
            let (chat, actor) = if case.in_group { (stage.group, None) } else { (account, Some(account)) };
            laid.push((name, button.action, chat, stage.laid(button.action, &case.args, chat, actor).await));
        }
    }
    let (mamadou, reason) = (stage.is("Mamadou"), cases::answered("attendance.reason", &stage).expect("a case"));
    stage
        .write(async |tx| {
            store::set_dialogue(tx, mamadou, "attendance.reason", &reason.1).await?;
            for name in staff {
                let person = roster::person(tx, &id_of(name)).await?.expect("of the school");
                let after = Person { role: Role::Student, ..person };
                roster::change(tx, &Actor::Cli, &after).await?;
            }
            roster::deactivate(tx, &Actor::Cli, &id_of("Claire")).await
        })
        .await;
    let (then, audited) = (stage.asked(), stage.audited().await);
    let queries: Vec<_> = laid
        .iter()
        .map(|(name, action, chat, data)| (name, action, chat, stage.forge(stage.is(name), *chat, data)))
        .collect();
    let before = stage.lines(&stage.lesson).await;
    stage.sandbox.say(mamadou, mamadou, "Parti à 15 h");
    stage.drain().await.expect("quiet");
    for (name, action, chat, query) in queries {
        let over = stage.over(&query);
        assert!(is_refusal(&over), "{action} by {name}, who was: {over}");
        let said = [stage.since(then, *chat), stage.since(then, stage.is(name))].concat();
        assert!(!shows_names(&said) && !sends_files(&said) && !shows_lessons(&said), "{action} by {name}: {said:?}");
    }
    assert_eq!(stage.audited().await, audited);
    // His lesson is still written down as his: that opens nothing.
    assert_eq!(stage.lines(&stage.lesson).await, before);
    assert!(stage.last(mamadou).contains("(TEL-05)"), "{}", stage.last(mamadou));
    let again = stage.ask("Mamadou", "Parti à 15 h").await;
    assert!(again.starts_with("Je n’attendais pas"), "he is not asked any longer: {again}");
    assert_eq!(stage.lines(&stage.lesson).await, before);
    stage.over_with().await;
}
