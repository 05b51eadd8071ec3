//! Groups: adopted, renamed, upgraded, lost; who comes and goes.

use preau::kernel::Lang;
use preau::school::audit::Actor;
use preau::school::classroom::flow::{self as classrooms, Adoption, Choice};
use preau::school::classroom::{Group, RIGHTS};
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
– bannir des membres (pour faire sortir qui quitte la classe)\n\
– épingler des messages\n\
– modifier le profil du groupe"
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
– modifier le profil du groupe"
        );
        let standing = group_of(&school, &school.class).await.expect("adopted");
        assert_eq!((standing.chat, standing.missing_rights.as_str()), (group, "can_pin_messages can_change_info"));
        assert!(standing.join_link.is_some());
        // Its link may have been revoked in Telegram: the same again makes a new one, and says what is missing still.
        let said = school.say(admin, group, "/adopter bts sio 1a").await;
        assert_eq!(
            said,
            "Ce groupe est bien celui de la classe BTS SIO 1A. Son lien d’entrée est renouvelé : chacun le trouve avec /start.\n\
Il me manque encore ces droits d’administrateur dans ce groupe (CLA-03) :\n– épingler des messages\n– modifier le profil du groupe"
        );
        let renewed = group_of(&school, &school.class).await.expect("adopted");
        assert_ne!(renewed.join_link, standing.join_link);

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

/// A key that was shown before the class had its group replaces nothing without a word.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_key_replaces_no_group_unasked() {
    for engine in Engine::all() {
        let school = School::without_group(engine).await;
        let admin = school.is("Claire");
        let room = |title: &str| {
            let group = school.sandbox.add_group(title, admin);
            school.sandbox.add_bot(group, admin);
            school.sandbox.promote_bot(group, admin, &RIGHTS);
            group
        };
        let (first, second, third) = (room("Un"), room("Deux"), room("Trois"));
        for group in [first, second] {
            assert_eq!(school.say(admin, group, "/adopter").await, "Quelle classe se retrouve dans ce groupe ?");
        }
        school.press_in("Claire", first, "BTS SIO 1A").await;
        school.press_in("Claire", second, "BTS SIO 1A").await;
        assert_eq!(school.last(second), "La classe BTS SIO 1A a déjà un groupe : « Un ». Le remplacer par celui-ci ?");
        assert_eq!(group_of(&school, &school.class).await.map(|group| group.chat), Some(first));
        // Two ask to replace the same group: the second was not asked about the first's.
        school.say(admin, third, "/adopter BTS SIO 1A").await;
        school.press_in("Claire", third, "Prendre ce groupe-ci").await;
        assert_eq!(group_of(&school, &school.class).await.map(|group| group.chat), Some(third));
        school.press_in("Claire", second, "Prendre ce groupe-ci").await;
        assert_eq!(
            school.last(second),
            "La classe BTS SIO 1A a déjà un groupe : « Trois ». Le remplacer par celui-ci ?"
        );
        assert_eq!(group_of(&school, &school.class).await.map(|group| group.chat), Some(third));
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
            owner: None,
            spare: None,
        };
        let choice = Choice { classroom_id: school.class.clone(), instead_of: None };
        let adoption = Adoption { choice, chat: small, by: "p-claire".to_owned() };
        assert!(school.write(async |tx| classrooms::adopted(tx, &group, &adoption).await).await);
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
        let mut school = School::on(engine).await;
        school.expects("bot was kicked from the supergroup");
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

        // One right less is told to those who look after the class, not before the class; the same again is not.
        school.sandbox.promote_bot(group, admin, &["can_invite_users", "can_delete_messages"]);
        school.drain().await.expect("quiet");
        let said = school.told("Éric");
        assert_eq!(
            said,
            "Dans le groupe « SIO première année » de la classe BTS SIO 1A, il me manque des droits d’administrateur :\n\
– bannir des membres (pour faire sortir qui quitte la classe)\n– épingler des messages\n– modifier le profil du groupe\n\
Pour y remédier : dans le groupe, ouvrez ses administrateurs, touchez mon nom et rendez-moi ces droits."
        );
        school.sandbox.promote_bot(group, admin, &RIGHTS);
        school.drain().await.expect("quiet");
        assert_eq!(school.told("Éric"), said, "a right that came back needs no words");
        school.sandbox.promote_bot(group, admin, &[]);
        school.drain().await.expect("quiet");
        assert!(school.told("Éric").contains("– inviter des membres"), "{}", school.told("Éric"));
        assert_eq!(school.all(group).len(), count, "the class hears nothing of it");
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

/// Who looks after all classes looks after this one: a supervisor of no class in particular, a manager.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_looks_after_all_classes_may_join_and_print() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let other = school.add_class("BTS SIO 2B").await;
        let nora = school.add("Nora", "Petit", Role::Supervisor, &[], Lang::Fr).await;
        let yann = school.add("Yann", "Roux", Role::Supervisor, &[&other], Lang::Fr).await;
        let link = school.sandbox.links(school.group).pop().expect("a link");
        for account in [nora, yann] {
            school.sandbox.ask_to_join(account, &link).expect("asked");
        }
        school.drain().await.expect("quiet");
        assert_eq!(school.sandbox.join_requests(school.group), Vec::<i64>::new());
        let standing = school.write(async |tx| classrooms::member(tx, school.group, nora).await).await;
        assert_eq!(standing.as_deref(), Some("member"));
        let standing = school.write(async |tx| classrooms::member(tx, school.group, yann).await).await;
        assert_ne!(standing.as_deref(), Some("member"), "he looks after another class");
        school.add_unlinked("Zoé", "Adam", Role::Student, &[&school.class.clone()]).await;
        assert!(school.ask("Nora", "/liens BTS SIO 1A").await.contains("1 personne"), "{}", school.told("Nora"));
        assert!(school.ask("Yann", "/liens BTS SIO 1A").await.contains("BTS SIO 1A"), "{}", school.told("Yann"));
        assert!(!school.told("Yann").contains("1 personne"), "{}", school.told("Yann"));
        school.check().await;
    }
}

/// Whoever teaches the class is let in, without being listed in it, and finds the way under the week.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_teaches_a_class_may_join_its_group() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let anne = school.add("Anne", "Roy", Role::Teacher, &[], Lang::Fr).await;
        let teacher = school.is("Mamadou");
        school.plan_usual().await;
        let link = school.sandbox.links(school.group).pop().expect("a link");
        school.ask("Mamadou", "/semaine").await;
        assert_eq!(school.keys(teacher), [["Rejoindre BTS SIO 1A"]]);
        for account in [teacher, anne] {
            school.sandbox.ask_to_join(account, &link).expect("asked");
        }
        school.drain().await.expect("quiet");
        assert_eq!(school.sandbox.member_status(school.group, teacher), "member");
        assert_eq!(school.sandbox.member_status(school.group, anne), "left", "she has no lesson there");
        school.ask("Mamadou", "/semaine").await;
        assert!(school.keys(teacher).is_empty(), "{:?}", school.keys(teacher));
        school.check().await;
    }
}

/// In quiet hours nothing that can wait makes a sound; an answer to one's own request does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_quiet_hours_news_come_without_a_sound() {
    for engine in Engine::all() {
        let school = School::on(engine).await;
        let (admin, group) = (school.is("Claire"), school.group);
        let silent = |school: &School| {
            let call = school.sandbox.journal().into_iter().rfind(|call| call.method == "sendMessage").expect("a call");
            call.params.get("disable_notification").map(ToString::to_string).as_deref() == Some("true")
        };
        school.sandbox.promote_bot(group, admin, &["can_invite_users", "can_delete_messages"]);
        school.drain().await.expect("quiet");
        assert!(!silent(&school), "by day: {}", school.told("Éric"));
        school.until("22:00").await;
        school.sandbox.promote_bot(group, admin, &["can_invite_users"]);
        school.drain().await.expect("quiet");
        assert!(school.told("Éric").contains("supprimer des messages"), "{}", school.told("Éric"));
        assert!(silent(&school), "at night");
        school.ask("Éric", "/liens BTS SIO 1A").await;
        assert!(!silent(&school), "his own request");
        // Sundays are quiet all day.
        school.to("29/11/2026", "11:00").await;
        school.sandbox.promote_bot(group, admin, &[]);
        school.drain().await.expect("quiet");
        assert!(silent(&school), "on a Sunday");
        school.check().await;
    }
}

/// Who leaves the group by themselves: staff hear of it in the morning, together; whoever came back is no news.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_walks_out_is_told_to_staff_alone() {
    for engine in Engine::all() {
        let mut school = School::on(engine).await;
        let (admin, group) = (school.is("Claire"), school.group);
        let zoe = school.add("Zoé", "Petit", Role::Student, &[&school.class.clone()], Lang::Fr).await;
        school.sandbox.add_member(group, zoe, admin);
        school.drain().await.expect("quiet");
        let (count, before) = (school.all(group).len(), school.all(school.is("Éric")).len());
        // By day: twenty minutes later, unless they come back.
        school.sandbox.leave(zoe, group);
        school.drain().await.expect("quiet");
        school.sandbox.add_member(group, zoe, admin);
        school.until("09:00").await;
        assert_eq!(school.all(school.is("Éric")).len(), before, "{engine:?}: a slip is no news");
        school.until("21:14").await;
        for who in [zoe, school.is("Noé")] {
            school.sandbox.leave(who, group);
            school.drain().await.expect("quiet");
        }
        school.to("25/11/2026", "06:59").await;
        assert_eq!(school.all(school.is("Éric")).len(), before, "nobody is woken");
        school.to("25/11/2026", "07:01").await;
        let told = school.told("Éric");
        assert!(told.contains("ne sont plus dans le groupe Telegram de BTS SIO 1A"), "{engine:?}: {told}");
        assert!(told.starts_with("Noé B., Zoé P."), "{told}");
        assert_eq!(school.all(school.is("Éric")).len(), before + 1, "one message");
        assert_eq!(school.all(group).len(), count, "the group hears nothing");
        school.check().await;
    }
}
