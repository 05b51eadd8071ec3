//! Groups whose account is lost, or held back, on the way and afterwards.

use preau::sandbox::Fault;

use super::groups_made::{ADMIT, CREATE, asked, group_of, sign_in, titles};
use super::school::{School, at, id_of};
use crate::world::Engine;

async fn audit(school: &School, action: &str) -> usize {
    let all = school.write(async |tx| preau::school::audit::store::latest(tx, 200).await).await;
    all.iter().filter(|entry| entry.action == action).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_is_lost_while_it_makes_a_group_leaves_the_class_to_another() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        let accounts = sign_in(&school, 1..=2).await;
        let first = group_of(&school, &school.class).await.expect("a group").owner.expect("an owner");
        // The next class falls to the other account: it asks, is not answered, and is signed out.
        let other = accounts.iter().copied().find(|account| *account != first).expect("two");
        school.sandbox.fault(Fault::LostAnswer { method: Some(CREATE.to_owned()), times: 1 });
        school.sandbox.fault(Fault::Refuse {
            method: "messages.getDialogs".to_owned(),
            code: 401,
            error: "SESSION_REVOKED".to_owned(),
            times: 1,
        });
        let class = school.add_class("BTS SIO 1B").await;
        school.until("08:30").await;
        let group = group_of(&school, &class).await.expect("the first account made one");
        assert_eq!(group.owner, Some(first), "{engine:?}: {other} is lost");
        assert_eq!(titles(&school), ["BTS SIO 1A", "BTS SIO 1B", "BTS SIO 1B"]);
        // What the lost one made serves nobody, and that is said.
        let told = school.all(school.is("Claire"));
        let said = told.iter().filter(|message| message.text.contains("ne sert à personne")).count();
        assert_eq!(said, 1, "{told:?}");
        assert_eq!(audit(&school, "group.orphaned").await, 1);
        // Its other group keeps its owner; nobody stands by any more.
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_is_lost_before_the_bot_is_in_leaves_the_class_to_another() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        school.sandbox.fault(Fault::Refuse {
            method: ADMIT.to_owned(),
            code: 401,
            error: "AUTH_KEY_UNREGISTERED".to_owned(),
            times: 1,
        });
        let first = sign_in(&school, 1..=1).await[0];
        school.until("08:20").await;
        assert_eq!(group_of(&school, &school.class).await, None);
        let list = school.ask("Claire", "/classes").await;
        assert!(list.contains("– BTS SIO 1A : pas encore de groupe"), "{list}");
        let next = sign_in(&school, 2..=2).await[0];
        school.until("08:40").await;
        let group = group_of(&school, &school.class).await.expect("another one made it");
        assert_eq!(group.owner, Some(next), "{engine:?}: not {first}");
        assert_eq!(titles(&school).len(), 2);
        let told = school.all(school.is("Claire"));
        assert_eq!(told.iter().filter(|message| message.text.contains("ne sert à personne")).count(), 1, "{told:?}");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_wait_is_another_account_s_and_else_its_true_day_is_said() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        let flood = |seconds| Fault::FloodWait { method: CREATE.to_owned(), seconds, times: 1 };
        school.sandbox.fault(flood(7_200));
        sign_in(&school, 1..=2).await;
        assert_eq!(titles(&school).len(), 2, "the second account made it");
        assert!(group_of(&school, &school.class).await.is_some());
        // The second is put off for two days: today the first is free again in two hours.
        school.sandbox.fault(flood(2 * 86_400));
        let class = school.add_class("BTS SIO 1B").await;
        assert_eq!(group_of(&school, &class).await, None);
        assert!(school.told("Claire").contains("Prochain essai"), "{}", school.told("Claire"));
        school.until("09:59").await;
        assert_eq!(group_of(&school, &class).await, None);
        school.until("10:01").await;
        assert!(group_of(&school, &class).await.is_some(), "{engine:?}: as soon as one may");
        // Now the first is put off for long too.
        school.sandbox.fault(flood(3 * 86_400));
        let class = school.add_class("BTS SIO 1C").await;
        let list = school.ask("Claire", "/classes").await;
        assert!(list.contains("– BTS SIO 1C : le groupe sera créé le ven. 27 nov."), "{engine:?}: {list}");
        school.to("25/11/2026", "08:00").await;
        assert_eq!(group_of(&school, &class).await, None);
        school.to("26/11/2026", "08:01").await;
        assert!(group_of(&school, &class).await.is_some(), "the second is free again");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spare_becomes_the_owner_and_the_next_account_stands_by() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        let accounts = sign_in(&school, 1..=2).await;
        let group = group_of(&school, &school.class).await.expect("a group");
        let (owner, spare) = (group.owner.expect("an owner"), group.spare.expect("a spare"));
        school.sandbox.fault(Fault::RevokeSession(owner));
        // The morning's look finds out.
        school.to("25/11/2026", "06:00").await;
        let group = group_of(&school, &school.class).await.expect("a group");
        assert_eq!((group.owner, group.spare), (Some(spare), None), "{engine:?}: {accounts:?}");
        // The owner is signed in anew: it stands by from now on.
        let next = if owner == accounts[0] { 1 } else { 2 };
        std::fs::write(crate::world::seed(&school.place, next), school.sandbox.caller_seed(Some(owner)))
            .expect("a seed");
        school.app().expect("running").callers().gather().await.expect("signed in");
        school.drain().await.expect("quiet");
        let group = group_of(&school, &school.class).await.expect("a group");
        assert_eq!((group.owner, group.spare), (Some(spare), Some(owner)), "{engine:?}");
        assert!(asked(&school, "phone.createGroupCall").is_empty());
        school.check().await;
    }
}

/// A class and a school that are called otherwise: the group follows when the program hears of it, not the next morning.
/// What people of the school called it in Telegram is theirs, and `/classes` says it so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_is_called_as_its_class_and_its_school_are() {
    for engine in Engine::all() {
        let mut school = School::without_group(engine).await;
        sign_in(&school, 1..=1).await;
        let group = group_of(&school, &school.class).await.expect("a group");
        let owner = group.owner.expect("an owner");
        school.sandbox.rename(owner, group.chat, "Les 1A");
        school.drain().await.expect("quiet");
        assert!(school.ask("Claire", "/classes").await.contains("– BTS SIO 1A : groupe « Les 1A »"));
        school.to("25/11/2026", "06:00").await;
        assert_eq!(school.sandbox.title(group.chat), "Les 1A", "{engine:?}");
        assert!(asked(&school, "channels.editTitle").is_empty() && asked(&school, "messages.editChatAbout").is_empty());

        school.stop().await;
        let mut raw = crate::store::Raw::open(&school.place).await;
        raw.execute("UPDATE classroom SET name = 'BTS SIO 1 A', name_fold = 'bts sio 1 a' WHERE name = 'BTS SIO 1A'")
            .await;
        drop(raw);
        let mut config = (*school.config).clone();
        config.school.name = "Lycée Horizon".to_owned();
        school.config = std::sync::Arc::new(config);
        school.start().await.expect("again");
        school.app().expect("running").callers().gather().await.expect("connected");
        // A start looks at names by itself, a moment after it.
        school.soon("the new name", async || school.sandbox.title(group.chat) == "BTS SIO 1 A").await;
        school.drain().await.expect("quiet");
        let about = asked(&school, "messages.editChatAbout");
        assert_eq!(about.len(), 1, "{about:?}");
        let words = about[0].params["about"].as_str().unwrap_or_default();
        assert!(words.starts_with("Groupe de la classe BTS SIO 1 A · Lycée Horizon"), "{words}");
        assert!(school.ask("Claire", "/classes").await.contains("– BTS SIO 1 A : groupe « BTS SIO 1 A »"));
        // Once: nothing is left to do at the next start.
        school.stop().await;
        school.start().await.expect("again");
        school.drain().await.expect("quiet");
        assert_eq!(asked(&school, "channels.editTitle").len(), 1);
        school.check().await;
    }
}

/// Telegram is away for over an hour: the class waits for its group, the group for its second account, and nobody has to
/// see to either.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_of_an_hour_costs_a_class_no_group() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        sign_in(&school, 1..=1).await;
        assert_eq!(titles(&school), ["BTS SIO 1A"]);
        school.sandbox.fault(Fault::Away(true));
        let class = school.add_class("BTS SIO 1B").await;
        sign_in(&school, 2..=2).await;
        // What is due waits, so nothing comes to rest.
        school.clock.set(at("24/11/2026", "09:15"));
        school.clock.rest(std::time::Duration::from_secs(2)).await;
        assert_eq!(group_of(&school, &class).await, None);
        let troubled = school.write(async |tx| preau::platform::outbox::store::troubled(tx, 9).await).await;
        assert_eq!(troubled, [], "{engine:?}: no attempt was burnt");
        school.sandbox.fault(Fault::Away(false));
        school.until("09:30").await;
        let group = group_of(&school, &class).await.expect("made by itself");
        assert!(group.owner.is_some() && group.bot_is_admin, "{engine:?}: {group:?}");
        assert_eq!(titles(&school), ["BTS SIO 1A", "BTS SIO 1B"], "{engine:?}: once");
        let first = group_of(&school, &school.class).await.expect("the first");
        assert!(first.spare.is_some(), "{engine:?}: {first:?}");
        school.check().await;
    }
}

/// What the lost owner gave, its heir may not take back: it is known, said once, and done when the owner is there again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rights_that_nobody_may_take_back_are_said_once_and_taken_back_in_the_end() {
    for engine in Engine::all() {
        let mut school = School::without_group(engine).await;
        school.add("Sofia", "Roy", preau::school::roster::Role::Teacher, &[], preau::kernel::Lang::Fr).await;
        let accounts = sign_in(&school, 1..=2).await;
        let group = group_of(&school, &school.class).await.expect("a group");
        let owner = group.owner.expect("an owner");
        let mut lesson = school.lesson("14:00", "16:00", None);
        (lesson.start_at, lesson.end_at) = (lesson.start_at.plus_days(9), lesson.end_at.plus_days(9));
        let lesson = school.plan(lesson).await;
        school.sandbox.add_member(group.chat, school.is("Mamadou"), school.is("Claire"));
        school.drain().await.expect("quiet");
        let status = |school: &School| school.sandbox.member_status(group.chat, school.is("Mamadou"));
        assert_eq!(status(&school), "administrator");
        school.sandbox.fault(Fault::RevokeSession(owner));
        school.to("25/11/2026", "08:00").await;
        // The lesson is somebody else's now.
        school.change(&lesson, |lesson| lesson.teacher_id = Some(id_of("Sofia"))).await;
        assert_eq!(status(&school), "administrator", "{engine:?}: the heir may not");
        let said = |school: &School| {
            let all = school.all(school.is("Claire")).into_iter().map(|message| message.text);
            all.filter(|text| text.contains("garde ses anciens droits")).collect::<Vec<_>>()
        };
        let told = said(&school);
        assert_eq!(told.len(), 1, "{engine:?}: {told:?}");
        assert!(
            told[0].contains("Mamadou D. garde ses anciens droits") && told[0].contains("« preau login »"),
            "{told:?}"
        );
        // Tried again the next morning, and not said again.
        let before = asked(&school, ADMIT).len();
        school.to("26/11/2026", "08:00").await;
        assert!(asked(&school, ADMIT).len() > before, "{engine:?}: tried again");
        assert_eq!((said(&school).len(), status(&school).as_str()), (1, "administrator"), "{engine:?}");
        // Whoever made the group is signed in anew: it stands by, and may.
        let next = if owner == accounts[0] { 1 } else { 2 };
        std::fs::write(crate::world::seed(&school.place, next), school.sandbox.caller_seed(Some(owner)))
            .expect("a seed");
        school.app().expect("running").callers().gather().await.expect("signed in");
        school.drain().await.expect("quiet");
        school.to("27/11/2026", "08:00").await;
        assert_eq!((said(&school).len(), status(&school).as_str()), (1, "member"), "{engine:?}");
        school.check().await;
    }
}

/// Whoever steps in for a lost owner may do all that an owner does for a class.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_heir_makes_a_new_teacher_a_manager_and_renames_the_group() {
    for engine in Engine::all() {
        let mut school = School::without_group(engine).await;
        school.add("Sofia", "Roy", preau::school::roster::Role::Teacher, &[], preau::kernel::Lang::Fr).await;
        sign_in(&school, 1..=2).await;
        let group = group_of(&school, &school.class).await.expect("a group");
        let (owner, spare) = (group.owner.expect("an owner"), group.spare.expect("a spare"));
        school.sandbox.fault(Fault::RevokeSession(owner));
        school.to("25/11/2026", "08:00").await;
        assert_eq!(group_of(&school, &school.class).await.expect("a group").owner, Some(spare), "{engine:?}");

        let mut lesson = school.lesson("14:00", "16:00", None);
        lesson.teacher_id = Some(id_of("Sofia"));
        school.plan(lesson).await;
        school.sandbox.add_member(group.chat, school.is("Sofia"), school.is("Claire"));
        school.drain().await.expect("quiet");
        assert_eq!(school.sandbox.member_status(group.chat, school.is("Sofia")), "administrator", "{engine:?}");
        let rights = super::groups_made::given(&school, school.is("Sofia")).expect("rights");
        assert!(rights.contains("can_manage_video_chats"), "{engine:?}: {rights:?}");

        school.stop().await;
        let mut raw = crate::store::Raw::open(&school.place).await;
        raw.execute("UPDATE classroom SET name = 'BTS SIO 1 A', name_fold = 'bts sio 1 a' WHERE name = 'BTS SIO 1A'")
            .await;
        drop(raw);
        school.start().await.expect("again");
        school.app().expect("running").callers().gather().await.expect("connected");
        // A start looks at names by itself, a moment after it.
        school.soon("the new name", async || school.sandbox.title(group.chat) == "BTS SIO 1 A").await;
        school.drain().await.expect("quiet");
        school.check().await;
    }
}

/// A group whose making was not answered is looked for among those that the account made since: older ones cost no
/// question.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_that_was_asked_for_is_not_looked_for_among_older_ones() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        sign_in(&school, 1..=1).await;
        let old = group_of(&school, &school.class).await.expect("a group");
        school.until("09:00").await;
        let before = school.sandbox.journal().len();
        school.sandbox.fault(Fault::LostAnswer { method: Some(CREATE.to_owned()), times: 1 });
        let class = school.add_class("BTS SIO 1B").await;
        let new = group_of(&school, &class).await.expect("found again");
        assert_eq!(titles(&school), ["BTS SIO 1A", "BTS SIO 1B"], "{engine:?}: made once");
        let journal = school.sandbox.journal().split_off(before);
        let read = |chat| {
            let calls = journal.iter().filter(|call| call.method == "channels.getFullChannel");
            calls.filter(|call| call.chat_id == Some(chat)).count()
        };
        assert!(read(new.chat) > 0 && read(old.chat) == 0, "{engine:?}: {} {}", read(new.chat), read(old.chat));
        school.check().await;
    }
}

/// The account that was lost is in the group still: it is the school's own, whoever holds the group now.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_schools_own_lost_account_is_no_stranger() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        sign_in(&school, 1..=2).await;
        let group = group_of(&school, &school.class).await.expect("a group");
        let (owner, spare) = (group.owner.expect("an owner"), group.spare.expect("a spare"));
        school.sandbox.fault(Fault::RevokeSession(owner));
        school.to("25/11/2026", "07:30").await;
        let group = group_of(&school, &school.class).await.expect("a group");
        assert_eq!(group.owner, Some(spare), "{engine:?}");
        assert!(school.sandbox.members(group.chat).contains(&owner));
        for who in ["Éric", "Claire"] {
            let told = school.all(school.is(who));
            assert!(
                told.iter().all(|message| !message.text.contains("sans être de la classe")),
                "{engine:?}: {told:?}"
            );
        }
        school.ask("Claire", "/classes").await;
        school.press("Claire", "BTS SIO 1A").await;
        school.press("Claire", "Comparer les membres").await;
        let told = school.told("Claire");
        assert!(told.contains("comparée") && !told.contains("Sans être de la classe"), "{engine:?}: {told}");
        let keys = school.keys(school.is("Claire")).concat();
        assert!(keys.iter().all(|key| !key.contains("Retirer")), "{keys:?}");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_by_which_nobody_stands_is_told_of_once_with_all_its_groups() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        let owner = sign_in(&school, 1..=1).await[0];
        school.add_class("BTS SIO 1B").await;
        school.add_class("BTS SIO 1C").await;
        school.until("08:40").await;
        assert_eq!(titles(&school).len(), 3, "{engine:?}");
        school.sandbox.fault(Fault::RevokeSession(owner));
        school.to("25/11/2026", "09:00").await;
        let told = school.all(school.is("Claire"));
        let lost: Vec<&str> =
            told.iter().map(|one| one.text.as_str()).filter(|text| text.contains("aucun autre n’y est")).collect();
        assert_eq!(lost.len(), 1, "{engine:?}: {told:?}");
        let begin = "Le compte qui tenait ces 3 groupes est perdu et aucun autre n’y est : ";
        assert!(lost[0].starts_with(begin), "{}", lost[0]);
        for class in ["BTS SIO 1A", "BTS SIO 1B", "BTS SIO 1C"] {
            assert!(lost[0].contains(class), "{}", lost[0]);
        }
        school.check().await;
    }
}
