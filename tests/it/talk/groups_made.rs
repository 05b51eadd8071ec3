//! Groups that the school's accounts make: once each, in order, equipped; who is in them.

use std::collections::BTreeSet;

use preau::kernel::Lang;
use preau::platform::outbox::store as outbox;
use preau::sandbox::{Call, Fault};
use preau::school::audit::Actor;
use preau::school::classroom::flow as classrooms;
use preau::school::classroom::{Group, Making};
use preau::school::roster::{Role, flow as roster};
use preau::school::session::Session;

use super::school::{School, id_of};
use crate::world::{Engine, seed};

pub const CREATE: &str = "channels.createChannel";
pub const ADMIT: &str = "channels.editAdmin";

pub const RESOLVE: &str = "contacts.resolveUsername";

/// So many of the school's accounts sign in.
pub async fn sign_in(school: &School, numbers: std::ops::RangeInclusive<usize>) -> Vec<i64> {
    let mut accounts = Vec::new();
    for number in numbers {
        let account = school.sandbox.add_caller("Horizon", "Appels", &format!("+3360000000{number}"), None);
        std::fs::write(seed(&school.place, number), school.sandbox.caller_seed(Some(account))).expect("a seed");
        // Whoever lets nobody add them comes in all the same: by a link.
        school.sandbox.fault(Fault::CannotBeAdded(account));
        accounts.push(account);
    }
    school.app().expect("running").callers().gather().await.expect("signed in");
    school.drain().await.expect("quiet");
    accounts
}

pub async fn group_of(school: &School, class: &str) -> Option<Group> {
    school.write(async |tx| classrooms::group_of(tx, class).await).await
}

pub async fn makings(school: &School) -> Vec<Making> {
    school.write(async |tx| classrooms::makings(tx).await).await
}

pub fn asked(school: &School, method: &str) -> Vec<Call> {
    school.sandbox.journal().into_iter().filter(|call| call.method == method).collect()
}

/// The titles of the groups that were asked for, in order.
pub fn titles(school: &School) -> Vec<String> {
    let title = |call: &Call| call.params["title"].as_str().unwrap_or_default().to_owned();
    asked(school, CREATE).iter().map(title).collect()
}

/// The rights that were last given to somebody over MTProto, by their Bot API names.
pub fn given(school: &School, account: i64) -> Option<BTreeSet<String>> {
    let last = asked(school, ADMIT).into_iter().rfind(|call| call.params["user"] == account)?;
    let rights = last.params["rights"].as_array()?.iter();
    Some(rights.filter_map(|right| right.as_str().map(str::to_owned)).collect())
}

pub fn names(all: &[&str]) -> BTreeSet<String> {
    all.iter().map(|name| (*name).to_owned()).collect()
}

/// Asks to join by the class's link, as `/start` offers it.
pub async fn join(school: &School, who: i64, group: &Group) {
    let link = group.join_link.clone().expect("a link");
    school.sandbox.ask_to_join(who, &link).expect("asked");
    school.drain().await.expect("quiet");
}

/// An account that makes many groups looks the bot up by its name once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bot_is_looked_up_once() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        sign_in(&school, 1..=1).await;
        let second = school.add_class("BTS SIO 1B").await;
        assert_eq!(titles(&school), ["BTS SIO 1A", "BTS SIO 1B"], "{engine:?}");
        assert!(group_of(&school, &second).await.is_some_and(|group| group.bot_is_admin), "{engine:?}");
        assert_eq!(asked(&school, RESOLVE).len(), 1, "{engine:?}");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_class_gets_its_group_with_everything_in_it() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        assert!(school.sandbox.journal().iter().all(|call| call.method != CREATE));
        let accounts = sign_in(&school, 1..=2).await;
        let group = group_of(&school, &school.class).await.expect("a group");
        assert_eq!(titles(&school), ["BTS SIO 1A"]);
        assert_eq!(school.sandbox.title(group.chat), "BTS SIO 1A");
        assert!(group.bot_is_admin && group.missing_rights.is_empty());
        let owner = group.owner.expect("an owner");
        let spare = group.spare.expect("a spare");
        assert_eq!(BTreeSet::from([owner, spare]), accounts.iter().copied().collect());
        assert_eq!(school.sandbox.member_status(group.chat, owner), "creator");
        assert_eq!(school.sandbox.member_status(group.chat, spare), "administrator");

        // The bot has what it needs, and no more; the spare what it needs to step in.
        let bot_rights = [
            "can_delete_messages",
            "can_restrict_members",
            "can_invite_users",
            "can_pin_messages",
            "can_manage_video_chats",
            "can_change_info",
            "can_promote_members",
        ];
        let first = asked(&school, ADMIT).into_iter().next().expect("the bot came first");
        let bot = first.params["user"].as_i64().expect("an account");
        assert_eq!(given(&school, bot), Some(names(&bot_rights)));
        assert!(given(&school, spare).expect("rights").contains("can_manage_video_chats"));

        // The welcome stands on top.
        let welcome = school.all(group.chat);
        assert_eq!(welcome.len(), 1, "{welcome:?}");
        assert!(
            welcome[0].text.starts_with("Bienvenue dans le groupe de la classe BTS SIO 1A."),
            "{}",
            welcome[0].text
        );
        assert!(welcome[0].pinned);
        let told = school.told("Éric");
        assert!(told.starts_with("Le groupe de la classe BTS SIO 1A est créé."), "{told}");
        assert!(school.ask("Claire", "/classes").await.contains("– BTS SIO 1A : groupe « BTS SIO 1A »"));

        // A student comes in as one; the class's teacher manages calls, its supervisor keeps order too.
        school.plan_usual().await;
        for who in ["Inès", "Mamadou", "Éric"] {
            join(&school, school.is(who), &group).await;
        }
        assert_eq!(school.sandbox.member_status(group.chat, school.is("Inès")), "member");
        assert_eq!(school.sandbox.member_status(group.chat, school.is("Mamadou")), "administrator");
        assert_eq!(given(&school, school.is("Mamadou")), Some(names(&["can_manage_video_chats"])));
        assert_eq!(
            given(&school, school.is("Éric")),
            Some(names(&["can_manage_video_chats", "can_delete_messages", "can_pin_messages"]))
        );
        assert_eq!(given(&school, school.is("Inès")), None);

        // Nothing more to do the next morning, but to take back what is theirs no more.
        let before = asked(&school, ADMIT).len();
        school.to("25/11/2026", "06:00").await;
        assert_eq!(given(&school, school.is("Mamadou")), Some(names(&[])), "no lesson of his is ahead");
        assert_eq!(school.sandbox.member_status(group.chat, school.is("Mamadou")), "member");
        assert_eq!(asked(&school, ADMIT).len(), before + 1);
        assert_eq!(titles(&school).len(), 1);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_makes_no_second_group() {
    for engine in Engine::all() {
        let mut school = School::without_group(engine).await;
        school.sandbox.fault(Fault::LostAnswer { method: Some(CREATE.to_owned()), times: 1 });
        // The cut connection takes two more questions along: the account is not away for that.
        school.sandbox.fault(Fault::Reset { method: Some("updates.getState".to_owned()), times: 2 });
        sign_in(&school, 1..=1).await;
        assert_eq!(titles(&school).len(), 1, "asked for once, found afterwards");
        let group = group_of(&school, &school.class).await.expect("a group");
        assert_eq!(group.spare, None);
        assert_eq!(school.sandbox.title(group.chat), "BTS SIO 1A");
        // The steps after it may be lost as well.
        for method in [ADMIT, "createChatInviteLink"] {
            school.sandbox.fault(Fault::LostAnswer { method: Some(method.to_owned()), times: 1 });
        }
        let other = school.add_class("BTS SIO 1B").await;
        let made = group_of(&school, &other).await.expect("a group");
        assert_ne!(made.chat, group.chat);
        assert_eq!(titles(&school), ["BTS SIO 1A", "BTS SIO 1B"]);
        school.stop().await;
        school.start().await.expect("again");
        school.drain().await.expect("quiet");
        assert_eq!(titles(&school).len(), 2);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn so_many_a_day_and_the_nearest_lesson_first() {
    for engine in Engine::all() {
        let school = School::with(engine, &[("telegram.caller.groups_a_day", "2")]).await;
        let mut ids = Vec::new();
        for name in ["A", "B", "C", "D"] {
            ids.push(school.add_class(name).await);
        }
        // C meets first, then D; BTS SIO 1A, A and B have no lesson ahead.
        for (id, from, to) in [(&ids[3], "16:00", "17:00"), (&ids[2], "10:00", "11:00")] {
            let lesson = school.lesson(from, to, None);
            school.plan(Session { classroom_id: id.clone(), ..lesson }).await;
        }
        sign_in(&school, 1..=1).await;
        assert_eq!(titles(&school), ["C", "D"]);
        let list = school.ask("Claire", "/classes").await;
        assert!(list.contains("– A : le groupe sera créé le mer. 25 nov."), "{list}");
        assert!(list.contains("– BTS SIO 1A : le groupe sera créé le jeu. 26 nov."), "{list}");
        // What makes itself is nothing that an admin should see to.
        let state = school.ask("Claire", "/etat").await;
        assert!(!state.contains("sans groupe") && state.contains("· Classes : 5, dont 2 avec un groupe."), "{state}");
        assert!(
            state.contains("· Groupes à créer : 3, d’ici au jeu. 26 nov. ; /classes montre lesquels.\n"),
            "{engine:?}: {state}"
        );
        // One that is adopted meanwhile leaves its place to the next.
        let claire = school.is("Claire");
        let own = school.sandbox.add_group("Chez B", claire);
        school.sandbox.add_bot(own, claire);
        school.sandbox.promote_bot(own, claire, &preau::school::classroom::RIGHTS);
        school.drain().await.expect("quiet");
        school.say(claire, own, "/adopter B").await;
        let list = school.ask("Claire", "/classes").await;
        assert!(list.contains("– BTS SIO 1A : le groupe sera créé le mer. 25 nov."), "{list}");
        school.to("25/11/2026", "06:00").await;
        assert_eq!(titles(&school), ["C", "D", "A", "BTS SIO 1A"]);
        assert_eq!(group_of(&school, &ids[1]).await.map(|group| group.chat), Some(own));
        school.to("26/11/2026", "06:00").await;
        assert_eq!(titles(&school).len(), 4);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_account_nothing_happens() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        school.to("25/11/2026", "06:00").await;
        assert_eq!(makings(&school).await, []);
        assert!(school.ask("Claire", "/classes").await.contains("– BTS SIO 1A : pas encore de groupe"));
        let state = school.ask("Claire", "/etat").await;
        assert!(state.contains("· 1 classe sans groupe : BTS SIO 1A.") && !state.contains("à créer :"), "{state}");
        assert_eq!(titles(&school).len(), 0);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_is_held_back_leaves_it_to_another() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        let refuse =
            |times| Fault::Refuse { method: CREATE.to_owned(), code: 400, error: "PEER_FLOOD".to_owned(), times };
        school.sandbox.fault(refuse(1));
        sign_in(&school, 1..=2).await;
        assert_eq!(titles(&school).len(), 2, "the second account made it");
        assert!(group_of(&school, &school.class).await.is_some());
        // Both: admins know what to do, and the day is said.
        school.sandbox.fault(refuse(1));
        let other = school.add_class("BTS SIO 1B").await;
        assert_eq!(group_of(&school, &other).await, None);
        let told = school.told("Claire");
        assert!(told.contains("1 groupe de classe attend") && told.contains("PEER_FLOOD"), "{told}");
        let list = school.ask("Claire", "/classes").await;
        assert!(list.contains("– BTS SIO 1B : le groupe sera créé le mer. 25 nov."), "{list}");
        school.to("25/11/2026", "06:00").await;
        assert!(group_of(&school, &other).await.is_some());
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_in_a_group_is_held_against_the_roster_and_nobody_is_removed() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let claire = school.is("Claire");
        school.caller().await;
        // Known to nobody; and one of another class.
        let zoe = school.sandbox.add_person("Zoé", "Ailleurs", "fr");
        let other = school.add_class("BTS SIO 1B").await;
        let max = school.add("Max", "Autre", Role::Student, &[&other], Lang::Fr).await;
        for who in [zoe, max] {
            school.sandbox.add_member(school.group, who, claire);
        }
        school.add("Nina", "Neuve", Role::Student, &[&school.class.clone()], Lang::Fr).await;
        school.drain().await.expect("quiet");
        let inside = school.sandbox.members(school.group);
        // A list that leaves people out says nothing of anybody.
        school.sandbox.fault(Fault::PartialMembers(school.group));
        let before = school.all(school.is("Éric")).len();
        school.to("25/11/2026", "07:30").await;
        assert_eq!(school.all(school.is("Éric")).len(), before);
        let known = school.write(async |tx| classrooms::members(tx, school.group).await).await;
        assert!(known.iter().any(|(member, _)| *member == zoe), "{known:?}");
        assert_eq!(school.sandbox.members(school.group), inside);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_are_proposed_and_the_missing_are_told_once() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let claire = school.is("Claire");
        school.caller().await;
        let zoe = school.sandbox.add_person("Zoé", "Ailleurs", "fr");
        school.sandbox.add_member(school.group, zoe, claire);
        let class = school.class.clone();
        school.add("Nina", "Neuve", Role::Student, &[&class], Lang::Fr).await;
        let inside = school.sandbox.members(school.group);
        let before = school.all(school.is("Éric")).len();
        school.to("25/11/2026", "06:59").await;
        assert_eq!(school.all(school.is("Éric")).len(), before, "nobody is woken");
        school.to("25/11/2026", "07:30").await;
        let told: Vec<String> = school.all(school.is("Éric")).into_iter().skip(before).map(|one| one.text).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(
            told[0].starts_with("Une personne est dans le groupe BTS SIO 1A sans être de la classe : Zoé Ailleurs.")
        );
        assert!(told[1].starts_with("Un élève de BTS SIO 1A n’est pas dans le groupe : Nina N."), "{told:?}");
        assert_eq!(school.sandbox.members(school.group), inside, "nobody was removed");
        // Once only.
        school.to("26/11/2026", "07:30").await;
        assert_eq!(school.all(school.is("Éric")).len(), before + 2);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_that_is_lost_takes_its_rights_along() {
    for engine in Engine::all() {
        let mut school = School::without_group(engine).await;
        let chief = school.add("Omar", "Vidal", Role::Supervisor, &[], Lang::Fr).await;
        sign_in(&school, 1..=1).await;
        let group = group_of(&school, &school.class).await.expect("a group");
        join(&school, chief, &group).await;
        assert_eq!(school.sandbox.member_status(group.chat, chief), "administrator");
        // Whom somebody of the school made an administrator is theirs to change.
        let helper = school.is("Noé");
        join(&school, helper, &group).await;
        school.sandbox.promote(group.chat, helper, group.owner.expect("an owner"), &["can_pin_messages"]);
        school.drain().await.expect("quiet");
        school
            .write(async |tx| {
                let person = roster::person(tx, &id_of("Omar")).await?.expect("a person");
                roster::change_role(tx, &Actor::Cli, &person, Role::Student).await
            })
            .await;
        // At once, not the next morning.
        assert_eq!(school.sandbox.member_status(group.chat, chief), "member");
        assert_eq!(school.sandbox.member_status(group.chat, helper), "administrator");
        school.check().await;
    }
}

/// A lesson given to somebody else, a class given to a supervisor, a file that says so: the group follows at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_teaches_or_looks_after_a_class_from_now_on_manages_its_calls_from_now_on() {
    for engine in Engine::all() {
        let mut school = School::without_group(engine).await;
        school.add("Sofia", "Roy", Role::Teacher, &[], Lang::Fr).await;
        let other = school.add_class("BTS SIO 1B").await;
        school.add("Omar", "Vidal", Role::Supervisor, &[&other], Lang::Fr).await;
        sign_in(&school, 1..=1).await;
        let group = group_of(&school, &school.class).await.expect("a group");
        let lesson = school.plan_usual().await;
        for who in ["Mamadou", "Sofia", "Omar"] {
            school.sandbox.add_member(group.chat, school.is(who), school.is("Claire"));
        }
        school.drain().await.expect("quiet");
        let status = |who: &str| school.sandbox.member_status(group.chat, school.is(who));
        assert_eq!([status("Mamadou"), status("Sofia"), status("Omar")], ["administrator", "member", "member"]);
        school.change(&lesson, |lesson| lesson.teacher_id = Some(id_of("Sofia"))).await;
        assert_eq!([status("Mamadou"), status("Sofia")], ["member", "administrator"], "{engine:?}");
        let class = school.class.clone();
        school.write(async |tx| roster::enrol(tx, &Actor::Cli, &id_of("Omar"), &class).await).await;
        assert_eq!(status("Omar"), "administrator", "{engine:?}");
        school.write(async |tx| roster::unenrol(tx, &Actor::Cli, &id_of("Omar"), &class).await).await;
        assert_eq!(status("Omar"), "member", "{engine:?}");
        // As a file does.
        let again = Session { teacher_id: Some(id_of("Mamadou")), ..school.lesson("17:00", "18:00", None) };
        school.plan_together(&[again]).await;
        assert_eq!(status("Mamadou"), "administrator", "{engine:?}");
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_class_that_is_adopted_while_its_group_is_made_keeps_its_own() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        // The group is made, and the bot is not let in.
        let refusal = "CHAT_ADMIN_INVITE_REQUIRED".to_owned();
        school.sandbox.fault(Fault::Refuse { method: ADMIT.to_owned(), code: 400, error: refusal, times: 1 });
        sign_in(&school, 1..=1).await;
        assert_eq!(titles(&school).len(), 1);
        assert_eq!(group_of(&school, &school.class).await, None);
        assert!(school.ask("Claire", "/classes").await.contains("– BTS SIO 1A : le groupe est en cours de création"));
        let claire = school.is("Claire");
        let own = school.sandbox.add_group("SIO 1A", claire);
        school.sandbox.add_bot(own, claire);
        school.sandbox.promote_bot(own, claire, &preau::school::classroom::RIGHTS);
        school.drain().await.expect("quiet");
        school.say(claire, own, "/adopter BTS SIO 1A").await;
        // An admin has it tried again.
        school
            .write(async |tx| {
                let dead = outbox::troubled(tx, 5).await?;
                assert_eq!(dead.len(), 1, "{dead:?}");
                outbox::revive(tx, &dead[0].id).await
            })
            .await;
        assert_eq!(group_of(&school, &school.class).await.map(|group| group.chat), Some(own));
        let told = school.told("Claire");
        assert!(told.starts_with("Pendant que je créais le groupe « BTS SIO 1A »"), "{told}");
        school.to("25/11/2026", "06:00").await;
        assert_eq!(titles(&school).len(), 1);
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_account_that_comes_later_becomes_the_spare() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        let first = sign_in(&school, 1..=1).await[0];
        let group = group_of(&school, &school.class).await.expect("a group");
        assert_eq!((group.owner, group.spare), (Some(first), None));
        let second = sign_in(&school, 2..=2).await[0];
        let group = group_of(&school, &school.class).await.expect("a group");
        assert_eq!((group.owner, group.spare), (Some(first), Some(second)));
        assert_eq!(school.sandbox.member_status(group.chat, second), "administrator");
        // It is nobody's stranger the next morning, and nothing changes.
        let before = school.all(school.is("Éric")).len();
        let admitted = asked(&school, ADMIT).len();
        school.to("25/11/2026", "08:00").await;
        let told: Vec<String> = school.all(school.is("Éric")).into_iter().skip(before).map(|one| one.text).collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("5 élèves de BTS SIO 1A ne sont pas dans le groupe"), "{told:?}");
        assert_eq!(asked(&school, ADMIT).len(), admitted);
        school.check().await;
    }
}

/// An admin has a group compared with its class now; a list that is hidden, or leaves people out, says nothing of anybody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_has_the_members_compared_now() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let claire = school.is("Claire");
        school.ask("Claire", "/classes").await;
        school.press("Claire", "BTS SIO 1A").await;
        assert!(
            school.last(claire).starts_with("Classe BTS SIO 1A · groupe « BTS SIO 1A »."),
            "{}",
            school.last(claire)
        );
        let shown = school.press("Claire", "Comparer les membres").await;
        assert!(shown.contains("la réponse arrive ici"), "{shown}");
        assert!(
            school.told("Claire").contains("Aucun de nos comptes n’est dans le groupe"),
            "{}",
            school.told("Claire")
        );
        school.caller().await;
        school.press("Claire", "Comparer les membres").await;
        // Claire herself looks after every class.
        assert_eq!(
            school.told("Claire"),
            "Groupe BTS SIO 1A : 6 personnes comparées à la liste de la classe.\nChacun est à sa place."
        );
        let zoe = school.sandbox.add_person("Zoé", "Ailleurs", "fr");
        school.sandbox.add_member(school.group, zoe, claire);
        let class = school.class.clone();
        school.add("Nina", "Neuve", Role::Student, &[&class], Lang::Fr).await;
        school.press("Claire", "Comparer les membres").await;
        assert_eq!(
            school.told("Claire"),
            "Groupe BTS SIO 1A : 7 personnes comparées à la liste de la classe.\n\
             Sans être de la classe : Zoé Ailleurs. Je n’ai retiré personne.\n\
             De la classe, sans être dans le groupe : Nina N."
        );
        let inside = school.sandbox.members(school.group);
        for fault in [Fault::HiddenMembers(school.group), Fault::PartialMembers(school.group)] {
            school.sandbox.fault(fault);
            school.press("Claire", "Comparer les membres").await;
            let told = school.told("Claire");
            assert!(told.contains("ne me montre pas tous les membres") && told.contains("retiré personne"), "{told}");
        }
        assert_eq!(school.sandbox.members(school.group), inside, "{engine:?}");
        // Nobody but admins.
        school.ask("Éric", "/classes").await;
        assert!(school.keys(school.is("Éric")).is_empty());
        school.check().await;
    }
}

/// The groups' picture is a file's: from the beginning, and when the file becomes another one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_has_the_picture_that_the_configuration_names() {
    for engine in Engine::all() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("logo.png");
        let (old, new) = (b"\x89PNG the old one".to_vec(), b"\x89PNG the new one".to_vec());
        std::fs::write(&file, &old).expect("a picture");
        let mut school = School::with(engine, &[("school.photo", &file.display().to_string())]).await;
        sign_in(&school, 1..=1).await;
        let group = group_of(&school, &school.class).await.expect("a group");
        assert_eq!(school.sandbox.photo(group.chat), Some(old), "{engine:?}");
        school.to("25/11/2026", "06:00").await;
        assert_eq!(asked(&school, "setChatPhoto").len(), 1, "once");
        std::fs::write(&file, &new).expect("a picture");
        school.stop().await;
        school.start().await.expect("again");
        school.app().expect("running").callers().gather().await.expect("connected");
        // A start looks at the picture by itself, a moment after it.
        school.soon("the new picture", async || school.sandbox.photo(group.chat).as_ref() == Some(&new)).await;
        school.drain().await.expect("quiet");
        // Gone: they keep what they have, and admins know why.
        std::fs::remove_file(&file).expect("removed");
        school.to("26/11/2026", "08:00").await;
        assert_eq!(school.sandbox.photo(group.chat), Some(new));
        assert_eq!(asked(&school, "setChatPhoto").len(), 2);
        let told = school.told("Claire");
        assert!(told.starts_with("Je ne peux pas lire l’image des groupes") && told.contains("logo.png"), "{told}");
        school.check().await;
    }
}

/// Whoever was muted by an admin is in the group all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_muted_member_is_one_of_the_members() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let claire = school.is("Claire");
        school.caller().await;
        let zoe = school.sandbox.add_person("Zoé", "Ailleurs", "fr");
        school.sandbox.add_member(school.group, zoe, claire);
        for who in [school.is("Inès"), zoe] {
            school.sandbox.mute(school.group, who, claire);
        }
        school.drain().await.expect("quiet");
        assert_eq!(school.sandbox.member_status(school.group, zoe), "restricted");
        school.ask("Claire", "/classes").await;
        school.press("Claire", "BTS SIO 1A").await;
        school.press("Claire", "Comparer les membres").await;
        assert_eq!(
            school.told("Claire"),
            "Groupe BTS SIO 1A : 7 personnes comparées à la liste de la classe.\n\
             Sans être de la classe : Zoé Ailleurs. Je n’ai retiré personne.",
            "{engine:?}"
        );
        // Out of the group, and muted should they come back: they are not there.
        school.sandbox.leave(school.is("Inès"), school.group);
        school.drain().await.expect("quiet");
        school.press("Claire", "Comparer les membres").await;
        let told = school.told("Claire");
        assert!(told.contains("6 personnes comparées"), "{told}");
        assert!(told.contains("sans être dans le groupe : Inès M."), "{told}");
        school.check().await;
    }
}
