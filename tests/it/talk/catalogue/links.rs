//! Personal links: printed, mailed, opened, refused, undone; who joins the group.

use preau::kernel::Lang;
use preau::school::audit::Actor;
use preau::school::roster::{LinkKind, Person, Role, flow as roster};

use super::super::mailed::MAIL;
use super::super::school::id_of;
use super::tale::Tale;

async fn link(tale: &Tale, first: &str) -> String {
    let id = id_of(first);
    tale.write(async |tx| roster::make_link(tx, LinkKind::Printed, Some(&id), &Actor::Cli).await).await
}

async fn change(tale: &Tale, first: &str, change: impl FnOnce(&mut Person)) {
    let id = id_of(first);
    tale.write(async |tx| {
        let mut person = roster::person(tx, &id).await?.expect("known");
        change(&mut person);
        roster::change(tx, &Actor::Cli, &person).await
    })
    .await;
}

/// Their own link, opened, with the question answered.
async fn ties(tale: &mut Tale) {
    let class = tale.class.clone();
    for (first, last) in [("Zoé", "Zola"), ("Tom", "Jeune"), ("Max", "Neuf"), ("Léo", "Carte")] {
        tale.add_unlinked(first, last, Role::Student, &[&class]).await;
        tale.stranger(first);
    }
    let token = link(tale, "Zoé").await;
    tale.start("Zoé", &token).await;
    tale.tell("Zoé", ["01/01/2001", "01/01/2001"]).await;
    tale.tell("Zoé", ["hier", "yesterday"]).await;
    tale.tell("Zoé", ["12/03/2005", "12/03/2005"]).await;
    tale.touch("Zoé", "roster-yes").await;
    tale.touch("Zoé", "roster-age-adult").await;
    tale.start("Zoé", "").await;
    tale.tell("Zoé", ["/confidentialite", "/privacy"]).await;
    // Used, unknown, another's.
    tale.stranger("Passant");
    tale.start("Passant", &token).await;
    tale.start("Passant", "INCONNU").await;
    let token = link(tale, "Max").await;
    tale.start("Zoé", &token).await;
    let again = link(tale, "Zoé").await;
    tale.start("Passant", &again).await;
    tale.tell("Passant", ["12/03/2005", "12/03/2005"]).await;
    // Five wrong answers; not me; too young; nothing known; by card; expired; replaced.
    let token = link(tale, "Max").await;
    tale.start("Max", &token).await;
    for day in 1..=5 {
        let words = format!("0{day}/01/2001");
        tale.tell("Max", [&words, &words]).await;
    }
    let token = link(tale, "Max").await;
    tale.start("Max", &token).await;
    tale.tell("Max", ["12/03/2005", "12/03/2005"]).await;
    tale.touch("Max", "roster-no").await;
    let token = link(tale, "Tom").await;
    tale.start("Tom", &token).await;
    tale.tell("Tom", ["12/03/2005", "12/03/2005"]).await;
    tale.touch("Tom", "roster-yes").await;
    tale.touch("Tom", "roster-age-under").await;
    change(tale, "Léo", |person| person.birth = None).await;
    let token = link(tale, "Léo").await;
    tale.start("Léo", &token).await;
    change(tale, "Léo", |person| person.card = Some("4711".to_owned())).await;
    let token = link(tale, "Léo").await;
    tale.start("Léo", &token).await;
    change(tale, "Léo", |person| {
        person.card = None;
        person.email = Some("leo@horizon.example".to_owned());
    })
    .await;
    let old = link(tale, "Léo").await;
    let token = link(tale, "Léo").await;
    tale.start("Léo", &old).await;
    tale.start("Léo", &token).await;
    tale.tell("Léo", ["/annuler", "/cancel"]).await;
    tale.wait_to("10/12/2026", "09:00").await;
    tale.start("Léo", &token).await;
}

/// Printed and mailed; accounts unlinked and linked again.
async fn made(tale: &mut Tale) {
    tale.tell("Éric", ["/liens Cuisine", "/links Cuisine"]).await;
    tale.tell("Éric", ["/liens", "/links"]).await;
    tale.touch("Éric", "BTS SIO 1A").await;
    tale.touch("Éric", "roster-links-make").await;
    tale.tell("Éric", ["/liens BTS SIO 1A", "/links BTS SIO 1A"]).await;
    tale.touch("Éric", "roster-mail-key").await;
    tale.touch("Éric", "roster-mail-send").await;
    tale.tell("Claire", ["/liens", "/links"]).await;
    tale.touch("Claire", "roster-links-staff").await;
    tale.tell("Éric", ["/liens", "/links"]).await;
    tale.touch("Éric", "BTS SIO 1A").await;
    tale.touch("Éric", "roster-linked-key").await;
    tale.touch("Éric", "Noé B.").await;
    tale.touch("Éric", "roster-untie").await;
    tale.touch("Éric", "roster-retie").await;
}

/// The second admin, by a link made on the machine.
async fn admin(tale: &mut Tale) {
    tale.stranger("Marc");
    let token = tale.write(async |tx| roster::admin_link(tx).await).await;
    tale.start("Marc", &token).await;
    tale.tell("Marc", ["Marc", "Marc"]).await;
    tale.tell("Marc", ["Marc Petit", "Marc Petit"]).await;
    let token = tale.write(async |tx| roster::admin_link(tx).await).await;
    tale.start("Mamadou", &token).await;
    tale.touch("Mamadou", "roster-admin-no").await;
    tale.start("Mamadou", &token).await;
    tale.touch("Mamadou", "roster-admin-yes").await;
    tale.stranger("Anna");
    let token = tale.write(async |tx| roster::admin_link(tx).await).await;
    tale.wait("12:00").await;
    tale.start("Anna", &token).await;
}

/// Into the group, and out of it.
async fn joins(tale: &mut Tale) {
    let (group, claire) = (tale.group, tale.is("Claire"));
    let link = tale.sandbox.links(group).first().cloned().expect("a link");
    for who in ["Zoé", "Passant", "Odile"] {
        let account = tale.is(who);
        let _ = tale.sandbox.ask_to_join(account, &link);
        tale.drain().await.expect("quiet");
        tale.step(&format!("{who} demande à entrer dans le groupe"));
    }
    let class = tale.class.clone();
    tale.write(async |tx| roster::unenrol(tx, &Actor::Cli, "p-paul", &class).await).await;
    for who in ["Noé", "Inès"] {
        let account = tale.is(who);
        tale.sandbox.leave(account, group);
    }
    tale.drain().await.expect("quiet");
    tale.wait("13:00").await;
    let rights = ["can_invite_users", "can_delete_messages"];
    tale.sandbox.promote_bot(group, claire, &rights);
    tale.drain().await.expect("quiet");
    tale.step("le bot perd des droits");
    tale.write(async |tx| roster::unenrol(tx, &Actor::Cli, "p-karim", &class).await).await;
    tale.wait("13:30").await;
    let bot = tale.sandbox.bot_id();
    tale.sandbox.ban(claire, bot, group);
    tale.drain().await.expect("quiet");
    tale.step("le bot est mis dehors");
}

async fn told(lang: Lang) {
    let mut tale = Tale::grouped(lang, &MAIL).await;
    let other = tale.add_class("BTS SIO 1B").await;
    tale.join("Odile", "Roy", Role::Supervisor, &[&other]).await;
    ties(&mut tale).await;
    made(&mut tale).await;
    admin(&mut tale).await;
    joins(&mut tale).await;
    tale.end("links").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_in_french() {
    told(Lang::Fr).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_in_english() {
    told(Lang::En).await;
}
