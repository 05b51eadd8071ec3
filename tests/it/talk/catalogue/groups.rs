//! Groups: adopted, made, compared, lost.

use preau::kernel::Lang;
use preau::school::roster::Role;

use super::super::groups_made::{group_of, sign_in};
use super::tale::Tale;

async fn adopted(tale: &mut Tale) {
    let admin = tale.is("Claire");
    tale.tell("Claire", ["/classes", "/classrooms"]).await;
    let small = tale.sandbox.add_basic_group("SIO", admin);
    tale.add_group(small);
    tale.sandbox.add_bot(small, admin);
    tale.tell_in("Claire", small, ["/adopter BTS SIO 1A", "/adopt BTS SIO 1A"]).await;
    let group = tale.sandbox.add_group("SIO 1A", admin);
    tale.add_group(group);
    tale.sandbox.add_bot(group, admin);
    tale.tell_in("Claire", group, ["/adopter BTS SIO 1A", "/adopt BTS SIO 1A"]).await;
    tale.tell_in("Claire", group, ["/aujourdhui", "/today"]).await;
    tale.sandbox.promote_bot(group, admin, &["can_invite_users", "can_delete_messages", "can_restrict_members"]);
    tale.drain().await.expect("quiet");
    tale.tell_in("Claire", group, ["/adopter BTS SIO 1B", "/adopt BTS SIO 1B"]).await;
    tale.tell_in("Claire", group, ["/adopter Cuisine", "/adopt Cuisine"]).await;
    tale.tell_in("Claire", group, ["/adopter", "/adopt"]).await;
    tale.touch_in("Claire", group, "BTS SIO 1A").await;
    tale.tell_in("Claire", group, ["/adopter BTS SIO 1A", "/adopt BTS SIO 1A"]).await;
    tale.add_class("BTS SIO 1C").await;
    tale.tell_in("Claire", group, ["/adopter BTS SIO 1C", "/adopt BTS SIO 1C"]).await;
    let second = tale.sandbox.add_group("SIO 1A bis", admin);
    tale.add_group(second);
    tale.sandbox.add_bot(second, admin);
    tale.sandbox.promote_bot(second, admin, &preau::school::classroom::RIGHTS);
    tale.drain().await.expect("quiet");
    tale.tell_in("Claire", second, ["/adopter BTS SIO 1A", "/adopt BTS SIO 1A"]).await;
    tale.touch_in("Claire", second, "classroom-replace-key").await;
    tale.tell("Claire", ["/classes", "/classrooms"]).await;
    tale.tell("Claire", ["/etat", "/status"]).await;
}

async fn told(lang: Lang) {
    let mut tale = Tale::begin(lang, &[]).await;
    adopted(&mut tale).await;
    tale.end("groups").await;
}

/// The school's account makes the group; its members are compared, strangers taken out.
async fn made(lang: Lang) {
    let mut tale = Tale::begin(lang, &[]).await;
    tale.join("Diane", "Roux", Role::Admin, &[]).await;
    sign_in(&tale, 1..=1).await;
    let class = tale.class.clone();
    let group = group_of(&tale, &class).await.expect("a group").chat;
    tale.school_mut().group = group;
    tale.add_group(group);
    tale.step("le groupe se crée");
    tale.start("Inès", "").await;
    tale.tell("Éric", ["/semaine", "/week"]).await;
    let claire = tale.is("Claire");
    let link = tale.sandbox.links(group).first().cloned().expect("a link");
    let _ = tale.sandbox.ask_to_join(tale.is("Inès"), &link);
    tale.drain().await.expect("quiet");
    tale.step("Inès entre dans le groupe");
    for n in 1..=3 {
        let who = tale.sandbox.add_person(&format!("Zoé{n}"), "Ailleurs", "fr");
        tale.sandbox.add_member(group, who, claire);
    }
    tale.tell("Claire", ["/classes", "/classrooms"]).await;
    tale.touch("Claire", "BTS SIO 1A").await;
    tale.touch("Claire", "group-compare-key").await;
    tale.touch("Claire", "group-remove-key").await;
    tale.touch("Claire", "group-remove-now-key").await;
    tale.touch("Claire", "approval-accept").await;
    tale.touch("Diane", "approval-accept").await;
    tale.touch("Claire", "group-remove-key").await;
    tale.wait_to("25/11/2026", "09:00").await;
    tale.end("groups-made").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_in_french() {
    told(Lang::Fr).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_in_english() {
    told(Lang::En).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_that_are_made_in_french() {
    made(Lang::Fr).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_that_are_made_in_english() {
    made(Lang::En).await;
}
