//! Groups: adopted, renamed, upgraded, lost; who comes and goes.

use preau::kernel::Lang;
use preau::school::audit::Actor;
use preau::school::classroom::{Group, RIGHTS, flow as classrooms};
use preau::school::roster::Role;

use super::school::School;
use crate::world::Engine;

async fn group_of(school: &School, class: &str) -> Option<Group> {
    school.write(async |tx| classrooms::group_of(tx, class).await).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_is_adopted_once_its_rights_are_there() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        let admin = school.is("Claire");
        // A small group first.
        let small = school.sandbox.add_basic_group("SIO", admin);
        school.sandbox.add_bot(small, admin);
        let said = school.say(admin, small, "/adopter BTS SIO 1A").await;
        assert!(said.starts_with("Ce groupe est encore un petit groupe.") && said.contains("CLA-01"), "{said}");

        let group = school.sandbox.add_group("SIO 1A", admin);
        school.sandbox.add_bot(group, admin);
        let said = school.say(admin, group, "/adopter BTS SIO 1A").await;
        assert_eq!(
            said,
            "Je ne peux pas encore m’occuper de ce groupe. Nommez-moi administrateur avec ces droits, puis refaites /adopter (CLA-02) :\n\
– inviter des membres (pour les liens d’entrée)\n\
– supprimer des messages (pour retirer ce qui est privé)\n\
– bannir des membres (pour les blocages décidés par l’école)\n\
– épingler des messages\n\
– modifier le profil du groupe (son nom suit celui de la classe)"
        );
        assert_eq!(group_of(&school, &school.class).await, None);
        school.sandbox.promote_bot(group, admin, &["can_invite_users", "can_delete_messages", "can_restrict_members"]);
        school.drain().await.expect("quiet");

        // Names that are not quite those of a class, people who may not.
        let said = school.say(admin, group, "/adopter BTS SIO 1B").await;
        assert_eq!(said, "Je ne connais pas de classe « BTS SIO 1B ». Vouliez-vous dire BTS SIO 1A ? (CLA-05)");
        let said = school.say(admin, group, "/adopter Cuisine").await;
        assert_eq!(said, "Je ne connais pas de classe « Cuisine ». /classes vous donne la liste. (CLA-05)");
        school.sandbox.add_member(group, school.is("Mamadou"), admin);
        // Who may not is told so in private, not before the class.
        let before = school.sandbox.messages(group).len();
        school.say(school.is("Mamadou"), group, "/adopter BTS SIO 1A").await;
        assert_eq!(school.sandbox.messages(group).len(), before + 1, "only the command itself");
        let said = school.sandbox.last(school.is("Mamadou")).map(|message| message.text).unwrap_or_default();
        assert!(said.contains("administrateur"), "{said}");
        assert_eq!(group_of(&school, &school.class).await, None);

        // No name: those without a group are offered.
        assert_eq!(school.say(admin, group, "/adopt").await, "Quelle classe se retrouve dans ce groupe ?");
        school.press_in("Claire", group, "BTS SIO 1A").await;
        assert_eq!(
            school.last(group),
            "Ce groupe est maintenant celui de la classe BTS SIO 1A. Rappels et bilans des séances arriveront ici.\n\
Il me manque encore ces droits d’administrateur dans ce groupe (CLA-03) :\n\
– épingler des messages\n\
– modifier le profil du groupe (son nom suit celui de la classe)"
        );
        let standing = group_of(&school, &school.class).await.expect("adopted");
        assert_eq!((standing.chat, standing.missing_rights.as_str()), (group, "can_pin_messages can_change_info"));
        assert!(standing.join_link.is_some());
        let said = school.say(admin, group, "/adopter bts sio 1a").await;
        assert_eq!(said, "Ce groupe est déjà celui de la classe BTS SIO 1A.");

        // Taken, and replaced.
        let other = school.add_class("BTS SIO 2B").await;
        let said = school.say(admin, group, "/adopter BTS SIO 2B").await;
        assert_eq!(said, "Ce groupe est déjà celui de la classe BTS SIO 1A. Un groupe ne sert qu’une classe. (CLA-04)");
        assert_eq!(group_of(&school, &other).await, None);
        let new = school.sandbox.add_group("SIO 1A bis", admin);
        school.sandbox.add_bot(new, admin);
        school.sandbox.promote_bot(new, admin, &RIGHTS);
        let said = school.say(admin, new, "/adopter BTS SIO 1A").await;
        assert_eq!(said, "La classe BTS SIO 1A a déjà un groupe : « SIO 1A ». Le remplacer par celui-ci ?");
        school.press_in("Claire", new, "Prendre ce groupe-ci").await;
        assert!(school.last(new).starts_with("Ce groupe est maintenant celui de la classe BTS SIO 1A."));
        assert_eq!(group_of(&school, &school.class).await.map(|group| group.chat), Some(new));
        assert_eq!(
            school.ask("Éric", "/classes").await,
            "2 classes :\n– BTS SIO 1A : groupe « SIO 1A bis »\n– BTS SIO 2B : pas encore de groupe"
        );
        assert!(school.ask("Noé", "/classes").await.contains("vie scolaire"), "{}", school.told("Noé"));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upgraded_group_keeps_everything() {
    for engine in Engine::all() {
        let mut school = School::without_group(engine).await;
        let admin = school.is("Claire");
        // Adopted before it was upgraded, as an older Préau might have done.
        let small = school.sandbox.add_basic_group("SIO 1A", admin);
        school.sandbox.add_bot(small, admin);
        let group = Group {
            classroom_id: school.class.clone(),
            chat: small,
            title: "SIO 1A".to_owned(),
            bot_is_admin: true,
            missing_rights: String::new(),
            join_link: None,
        };
        school.write(async |tx| classrooms::adopted(tx, &group, "p-claire").await).await;
        school.sandbox.add_member(small, school.is("Noé"), admin);
        school.plan_usual().await;
        school.until("13:30").await;
        let big = school.sandbox.upgrade_group(small);
        school.sandbox.promote_bot(big, admin, &RIGHTS);
        school.drain().await.expect("quiet");
        school.group = big;
        let standing = group_of(&school, &school.class).await.expect("kept");
        assert_eq!((standing.chat, standing.bot_is_admin), (big, true));
        school.until("13:45").await;
        assert!(school.last(big).starts_with("Rappel : Réseaux"), "{}", school.last(big));
        assert!(school.press_in("Noé", big, "En retard").await.contains("retard annoncé"));
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_rights_and_members_are_followed() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let (admin, group) = (school.is("Claire"), school.group);
        school.sandbox.rename(admin, group, "SIO première année");
        school.drain().await.expect("quiet");
        assert_eq!(
            group_of(&school, &school.class).await.map(|group| group.title).as_deref(),
            Some("SIO première année")
        );

        // Somebody leaves: recorded, Telegram's line is gone, the group hears nothing more.
        let noe = school.is("Noé");
        let count = school.all(group).len();
        school.sandbox.leave(noe, group);
        school.drain().await.expect("quiet");
        let standing = school.write(async |tx| classrooms::member(tx, group, noe).await).await;
        assert_eq!(standing.as_deref(), Some("absent"));
        let shown = school.sandbox.messages(group);
        assert!(!shown.iter().any(|message| message.service.as_deref() == Some("left_chat_member")), "{shown:#?}");
        school.sandbox.add_member(group, noe, admin);
        school.drain().await.expect("quiet");
        let standing = school.write(async |tx| classrooms::member(tx, group, noe).await).await;
        assert_eq!(standing.as_deref(), Some("member"));
        assert_eq!(school.all(group).len(), count);

        // One right less is said where it is missing; the same again is not.
        school.sandbox.promote_bot(group, admin, &["can_invite_users", "can_delete_messages"]);
        school.drain().await.expect("quiet");
        let said = school.last(group);
        assert!(said.starts_with("Il me manque encore ces droits") && said.contains("– bannir"), "{said}");
        school.sandbox.promote_bot(group, admin, &RIGHTS);
        school.drain().await.expect("quiet");
        assert_eq!(school.last(group), said, "a right that came back needs no words");
        school.sandbox.promote_bot(group, admin, &[]);
        school.drain().await.expect("quiet");
        assert!(school.last(group).contains("– inviter des membres"), "{}", school.last(group));
        assert_eq!(
            school.ask("Éric", "/classes").await,
            "1 classe :\n– BTS SIO 1A : groupe « SIO première année », où je ne suis plus administrateur"
        );
        // Put out altogether: the group cannot be told, the staff are.
        let bot = school.sandbox.bot_id();
        school.sandbox.ban(admin, bot, group);
        school.drain().await.expect("quiet");
        assert_eq!(
            school.told("Éric"),
            "Je ne suis plus dans le groupe « SIO première année » de la classe BTS SIO 1A : ni rappels ni bilans n’y arrivent. \
Pour y remédier : remettez-moi dans le groupe comme administrateur, puis tapez-y /adopter."
        );
        school.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_of_nobody_are_none_of_our_business() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let admin = school.is("Claire");
        let other = school.sandbox.add_group("Foot du jeudi", admin);
        school.sandbox.add_bot(other, admin);
        school.sandbox.promote_bot(other, admin, &RIGHTS);
        let noe = school.is("Noé");
        school.sandbox.add_member(other, noe, admin);
        school.sandbox.leave(noe, other);
        school.sandbox.rename(admin, other, "Foot du vendredi");
        school.drain().await.expect("quiet");
        assert_eq!(school.all(other), []);
        let standing = school.write(async |tx| classrooms::member(tx, other, noe).await).await;
        assert_eq!(standing, None);
        assert_eq!(
            school.say(admin, other, "/aujourdhui").await,
            "Ce groupe n’est lié à aucune classe. Un administrateur de l’école peut le lier avec /adopter. (SES-02)"
        );
        // A class made meanwhile has its group by its own name.
        let class = school.add_class("BTS SIO 2B").await;
        school.add("Zoé", "Adam", Role::Student, &[&class], Lang::Fr).await;
        school.write(async |tx| classrooms::ensure(tx, &Actor::Cli, "bts  sio 2b").await).await;
        let group = school.adopt("BTS SIO 2B").await;
        assert!(school.last(group).starts_with("Ce groupe est maintenant celui de la classe BTS SIO 2B."));
        school.check().await;
    }
}
