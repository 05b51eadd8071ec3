//! `/etat`, and what admins are told of effects that ended badly.

use preau::kernel::At;
use preau::platform::store::{Failed, Nightly, Tx};
use preau::platform::{inbox, outbox};
use preau::sandbox::{Fault, Message};
use preau::school::audit::{Actor, store as audit};
use preau::school::roster::flow as roster;
use preau::school::session::{Mode, Session, State};
use preau::school::state::rules::is_told;
use preau::school::{classroom, session, state};

use super::school::School;
use super::timetable::book;
use crate::world::{Engine, World, at, last};

async fn write<T>(world: &World, work: impl AsyncFnOnce(&mut Tx) -> preau::kernel::Result<T>) -> T {
    world.db().expect("running").transact(work).await.expect("written")
}

async fn says(world: &World, who: i64, words: &str) -> String {
    world.sandbox.say(who, who, words);
    world.drain().await.expect("quiet");
    last(world, who)
}

/// What the parts did, as they keep it themselves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_part_says_what_it_did_last_and_does_next() {
    for engine in Engine::all() {
        let mut school = School::with(engine, &[("alert.webhook_url", "http://127.0.0.1:9/alert")]).await;
        school.group = school.adopt("BTS SIO 1A").await;
        school.caller().await;
        let remote = |from: &str, to: &str| Session { mode: Mode::Remote, ..school.lesson(from, to, None) };
        school.plan(remote("09:00", "10:00")).await;
        let later = school.plan(remote("14:00", "16:00")).await;
        let said = school.ask("Claire", "/etat").await;
        assert!(said.contains("\n· Appels vidéo : le premier, à partir de 08:45 (Paris).\n"), "{engine:?}: {said}");
        school.until("08:55").await;
        let said = school.ask("Claire", "/etat").await;
        let line = "\n· Appels vidéo : le dernier, 08:55 (Paris) ; le prochain, à partir de 13:45 (Paris).\n";
        assert!(said.contains(line), "{engine:?}: {said}");
        // A call is looked into each twelve seconds: that is no news.
        let next = school.write(async |tx| outbox::store::ahead(tx, 1).await).await;
        assert!(next.first().is_some_and(|(kind, _)| !is_told(kind)), "{engine:?}: {next:?}");
        assert!(said.contains("\n· Ensuite : ") && !said.contains("Ensuite : un regard"), "{engine:?}: {said}");
        let claire = school.is("Claire");
        let lessons = [["26/11/2026", "13:00", "15:00", "BTS SIO 1A", "Anglais", "", "A1"]];
        school.sandbox.send_file(claire, claire, "EDT.xlsx", book(&[], &lessons), None);
        school.drain().await.expect("quiet");
        school.press("Claire", "Appliquer").await;
        let told = school.clock.now().plus_days(-1).millis().to_string();
        school.write(async |tx| inbox::store::set_setting(tx, inbox::store::LAST_ALERT, &told).await).await;
        let said = school.ask("Claire", "/etat").await;
        for line in [
            "Emploi du temps : dernier import, 08:55 (Paris).",
            "Canal d’alerte : la dernière, lun. 23 nov., 08:55 (Paris).",
        ] {
            assert!(said.contains(&format!("\n· {line}\n")), "{engine:?}: {line}: {said}");
        }
        school.press("Claire", "Annuler (10 min)").await;
        let said = school.ask("Claire", "/etat").await;
        assert!(said.contains("\n· Emploi du temps : aucun import encore.\n"), "{engine:?}: {said}");
        school.until("10:05").await;
        // The next one is not today's any more.
        school.cancel(&later).await;
        let (start_at, end_at) = (at("25/11/2026", "09:00"), at("25/11/2026", "10:00"));
        school.plan(Session { start_at, end_at, ..remote("09:00", "10:00") }).await;
        let said = school.ask("Claire", "/etat").await;
        let line = "le dernier, 08:55 (Paris) ; le prochain, à partir du mer. 25 nov., 08:45 (Paris).";
        assert!(said.contains(&format!("\n· Appels vidéo : {line}\n")), "{engine:?}: {said}");
        school.end().await;
    }
}

/// An admin, a class, its group.
async fn cast(world: &World) -> (i64, String, i64) {
    let admin = world.sandbox.add_person("Claire", "D.", "fr");
    let token = write(world, async |tx| roster::admin_link(tx).await).await;
    world.sandbox.start_bot(admin, &token);
    world.drain().await.expect("quiet");
    says(world, admin, "Claire Dupont").await;
    let class = write(world, async |tx| classroom::flow::ensure(tx, &Actor::Cli, "BTS SIO 1A").await).await.0;
    let group = world.sandbox.add_group("BTS SIO 1A", admin);
    world.sandbox.add_bot(group, admin);
    world.sandbox.promote_bot(group, admin, &classroom::RIGHTS);
    world.drain().await.expect("quiet");
    world.sandbox.say(admin, group, "/adopter BTS SIO 1A");
    world.drain().await.expect("quiet");
    (admin, class, group)
}

async fn lesson(world: &World, class: &str, subject: &str) {
    let lesson = Session {
        id: String::new(),
        classroom_id: class.to_owned(),
        reference: None,
        start_at: at("24/11/2026", "14:00"),
        end_at: at("24/11/2026", "16:00"),
        subject: subject.to_owned(),
        teacher_id: None,
        teacher_name: "M. Diallo".to_owned(),
        room: "B204".to_owned(),
        mode: Mode::OnSite,
        link: None,
        state: State::Planned,
        revision: 0,
    };
    write(world, async |tx| session::flow::plan(tx, &Actor::Cli, lesson).await).await;
}

fn saying(world: &World, who: i64, words: &str) -> Vec<Message> {
    let mut messages = world.sandbox.messages(who);
    messages.retain(|message| message.text.contains(words));
    messages
}

fn labels(message: &Message) -> Vec<String> {
    message.buttons.iter().flatten().map(|button| button.text.clone()).collect()
}

/// Presses under this message; gives what stands there then.
async fn presses(world: &World, who: i64, message: i64, label: &str) -> Message {
    world.sandbox.press(who, who, message, label).expect("a button");
    world.drain().await.expect("quiet");
    let stands = world.sandbox.messages(who).into_iter().find(|standing| standing.id == message);
    stands.expect("the message stands")
}

fn reminders(world: &World, group: i64) -> usize {
    saying(world, group, "Rappel : ").len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_admin_sees_how_things_stand() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let (admin, class, group) = cast(&world).await;
        lesson(&world, &class, "Réseaux").await;
        write(&world, async |tx| classroom::flow::ensure(tx, &Actor::Cli, "BTS SIO 1B").await).await;
        world.drain().await.expect("quiet");
        assert_eq!(
            says(&world, admin, "/etat").await,
            "2 points à regarder.\n\
École Horizon · mar. 24 nov., 08:00 (Paris)\n\
· 1 classe sans groupe : BTS SIO 1B. Pour en lier un : /adopter dans le groupe.\n\
· Aucun canal d’alerte : si Telegram tombe, personne n’est prévenu. Sur la machine, réglez alert.smtp_host, alert.mail_to et alert.mail_from, ou alert.webhook_url.\n\
En ce moment :\n\
· Lecture : dernier message, 08:00 (Paris).\n\
· Envois : le dernier, 08:00 (Paris).\n\
· Ensuite : un rappel de cours, 13:45 (Paris).\n\
· Compte appelant : aucun, donc ni appels vidéo ni groupes créés. Sur le serveur, « preau check » dit comment en avoir un.\n\
· Emploi du temps : aucun import encore.\n\
· Sauvegarde : aucune ne se fait toute seule. Sur le serveur, « preau check » dit comment.\n\
· Base de données : elle répond (ENGINE).\n\
· Classes : 2, dont 1 avec un groupe.\n\
· Reliés à Telegram : administrateurs 1 sur 1."
                .replace("ENGINE", &format!("{engine:?}").replace("Postgres", "PostgreSQL").replace("Sqlite", "SQLite"))
        );
        world.sandbox.promote_bot(group, admin, &["can_invite_users"]);
        world.drain().await.expect("quiet");
        assert!(says(&world, admin, "/status").await.contains("· Groupe « BTS SIO 1A » : il me manque 4 droits."));
        let ines = world.sandbox.add_person("Inès", "Moreau", "fr");
        assert!(says(&world, ines, "/etat").await.contains("Je ne vous connais pas encore"));
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_an_alert_channel_and_nothing_to_do_all_is_well() {
    for engine in Engine::all() {
        let keys = [("alert.webhook_url", "http://127.0.0.1:9/alert")];
        let world = World::with(engine, preau::platform::store::Probe::default(), &keys).await;
        let (admin, ..) = cast(&world).await;
        let said = says(&world, admin, "/etat").await;
        let first = "Tout va bien.\nÉcole Horizon · mar. 24 nov., 08:00 (Paris)\nEn ce moment :\n";
        assert!(said.starts_with(first), "{said}");
        assert!(
            said.contains("\n· Canal d’alerte : réglé, aucune alerte encore (« preau check » l’essaie).\n"),
            "{said}"
        );
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_failed_is_something_to_look_at() {
    for engine in Engine::all() {
        let keys = [("alert.webhook_url", "http://127.0.0.1:9/alert"), ("backup.folder", "/nowhere")];
        let world = World::with(engine, preau::platform::store::Probe::default(), &keys).await;
        let (admin, ..) = cast(&world).await;
        let now = world.clock.now();
        let failed = Failed {
            at: now,
            wall: world.clock.wall(),
            why: "/nowhere: Not a directory (os error 20)".to_owned(),
            told: true,
        };
        let last = Nightly { made: Some(now.plus_days(-1)), failed: Some(failed) };
        let last = serde_json::to_string(&last).expect("JSON");
        write(&world, async |tx| inbox::store::set_setting(tx, Nightly::SETTING, &last).await).await;
        let said = says(&world, admin, "/etat").await;
        assert!(
            said.contains(
                "\n· Sauvegarde : celle du jour a échoué (/nowhere : un fichier s’y trouve, pas un dossier). Je réessaie chaque heure"
            ),
            "{said}"
        );
        assert!(said.starts_with("1 point à regarder.\n"), "{said}");
        let line = "· Sauvegarde : la dernière, lun. 23 nov., 08:00 (Paris) ; la prochaine, 09:00 (Paris).";
        assert!(said.contains(line), "tried again an hour after it failed: {said}");
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reminder_in_doubt_is_told_and_decided_by_an_admin() {
    for engine in Engine::all() {
        let mut world = World::on(engine).await;
        let (admin, class, group) = cast(&world).await;
        lesson(&world, &class, "Réseaux").await;
        world.until("13:44").await;
        world.sandbox.fault(Fault::LostAnswer { method: Some("sendMessage".to_owned()), times: 1 });
        world.until("13:45").await;
        let told = saying(&world, admin, "Peut-être non envoyé");
        assert_eq!(told.len(), 1);
        assert_eq!(
            told[0].text,
            "Peut-être non envoyé : un rappel de cours (BTS SIO 1A, Réseaux, mar. 24 nov., 14:00 (Paris)). \
Je ne l’ai pas renvoyé, pour ne pas le doubler."
        );
        assert_eq!(labels(&told[0]), ["Réessayer", "Oublier"]);
        assert_eq!(reminders(&world, group), 1, "it had gone out after all");
        // The card has it too.
        let card = says(&world, admin, "/etat").await;
        assert!(
            card.contains("· 1 envoi peut-être pas parti : à vous de décider.\n")
                && card.contains("\nPeut-être non envoyé : "),
            "{card}"
        );
        // Forgotten, taken back, tried again: each once.
        let now = presses(&world, admin, told[0].id, "Oublier").await;
        assert!(now.text.starts_with("Oublié : un rappel de cours (BTS SIO 1A"), "{}", now.text);
        assert_eq!(labels(&now), ["Annuler (10 min)"]);
        assert!(!says(&world, admin, "/etat").await.contains("peut-être pas parti"));
        let now = presses(&world, admin, told[0].id, "Annuler (10 min)").await;
        assert_eq!(labels(&now), ["Réessayer", "Oublier"]);
        let now = presses(&world, admin, told[0].id, "Réessayer").await;
        assert!(now.text.starts_with("Je réessaie : un rappel de cours"), "{}", now.text);
        assert_eq!(reminders(&world, group), 2, "the admin wanted it again");
        // An old card's button does nothing more.
        let old = saying(&world, admin, "1 envoi peut-être pas parti").pop().expect("the card");
        let now = presses(&world, admin, old.id, "Réessayer").await;
        assert!(!now.text.contains("peut-être pas parti"), "{}", now.text);
        assert_eq!(reminders(&world, group), 2);
        world.stop().await;
        world.start().await.expect("it starts");
        world.drain().await.expect("quiet");
        assert_eq!(saying(&world, admin, "Peut-être non envoyé").len(), 0, "told once, and settled");
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reminders_that_were_slept_through_are_told_once_in_one_message() {
    for engine in Engine::all() {
        let mut world = World::on(engine).await;
        let (admin, class, group) = cast(&world).await;
        for subject in ["Algo", "Anglais", "Droit", "Maths", "Réseaux", "Sport", "Web"] {
            lesson(&world, &class, subject).await;
        }
        world.stop().await;
        world.clock.set(at("24/11/2026", "14:05"));
        for _ in 0..2 {
            world.start().await.expect("it starts");
            world.drain().await.expect("quiet");
            assert_eq!(reminders(&world, group), 0, "a reminder is not sent after the start");
            world.stop().await;
        }
        world.start().await.expect("it starts");
        let told = saying(&world, admin, "Non parti à temps");
        assert_eq!(told.len(), 1, "{told:#?}");
        let lines: Vec<&str> = told[0].text.lines().collect();
        assert_eq!(lines.len(), 6, "{lines:#?}");
        assert!(lines[0].starts_with("1. Non parti à temps : un rappel de cours (BTS SIO 1A, "), "{}", lines[0]);
        assert!(
            lines[0].ends_with(", mar. 24 nov., 14:00 (Paris)). Je ne l’ai pas envoyé après coup."),
            "{}",
            lines[0]
        );
        assert_eq!(lines[5], "Et 2 autres. /etat les montre.");
        let wanted: Vec<String> = (1..=5).map(|number| format!("Oublier le {number}")).collect();
        assert_eq!(labels(&told[0]), wanted, "a reminder is of no use any more");
        // One after the other; the rest moves up.
        for left in (0..7_usize).rev() {
            let label = if left == 0 { "Oublier" } else { "Oublier le 1" };
            let now = presses(&world, admin, told[0].id, label).await;
            assert_eq!(now.text.matches("Non parti à temps").count(), left.min(5), "{}", now.text);
        }
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_whose_answer_is_lost_is_told_again() {
    for engine in Engine::all() {
        let mut world = World::on(engine).await;
        let (admin, class, _) = cast(&world).await;
        lesson(&world, &class, "Réseaux").await;
        world.until("13:44").await;
        // The reminder's answer is lost, and so is that of the message about it.
        world.sandbox.fault(Fault::LostAnswer { method: Some("sendMessage".to_owned()), times: 2 });
        world.until("13:45").await;
        assert_eq!(saying(&world, admin, "Peut-être non envoyé").len(), 2, "it had gone out; who knows");
        let db = world.db().expect("running");
        let left = db.read(async |tx| outbox::store::troubles(tx, At(0), 10).await).await.expect("read");
        let kinds: Vec<&str> = left.iter().map(|row| row.kind.as_str()).collect();
        assert_eq!(kinds, ["session.remind"]);
        let card = says(&world, admin, "/etat").await;
        assert!(card.contains("1 envoi peut-être pas parti"), "{card}");
        world.strike().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_roll_that_was_slept_through_is_told_as_missed() {
    for engine in Engine::all() {
        let mut world = World::on(engine).await;
        let (admin, class, _) = cast(&world).await;
        lesson(&world, &class, "Réseaux").await;
        world.stop().await;
        world.clock.set(at("24/11/2026", "16:30"));
        world.start().await.expect("started");
        world.drain().await.expect("quiet");
        world.clock.rest(std::time::Duration::from_millis(1500)).await;
        world.drain().await.expect("quiet");
        let told = saying(&world, admin, "on parti");
        assert!(told.iter().any(|message| message.text.contains("l’appel envoyé")), "{told:#?}");
        world.strike().await;
    }
}

/// The reminder stands in another room from now on, and its new words do not get through: when it is tried again.
async fn kept_back(school: &School, lesson: &str, room: &str, fault: Fault) -> outbox::store::Overdue {
    school.sandbox.fault(fault);
    write(school, async |tx| {
        let mut lesson = session::flow::session(tx, lesson).await?.expect("a session");
        lesson.room = room.to_owned();
        session::flow::change(tx, &Actor::Cli, lesson).await.map(|_| ())
    })
    .await;
    let db = school.db().expect("running");
    let mut kept = None;
    school
        .soon("it rests", async || {
            let look = async |tx: &mut Tx| {
                Ok((outbox::store::overdue_rows(tx, tx.now().plus_minutes(1), 9).await?, tx.wall()))
            };
            let (rows, wall) = db.read(look).await.expect("read");
            kept = rows.into_iter().find(|row| row.rests(wall).is_some());
            kept.is_some()
        })
        .await;
    kept.expect("a row")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_overdue_is_named_and_tried_at_once_when_an_admin_says_so() {
    for engine in Engine::all() {
        let mut school = School::with(engine, &[("outbox.retry_base_ms", "600000")]).await;
        school.group = school.adopt("BTS SIO 1A").await;
        let lesson = school.plan_usual().await;
        school.until("13:45").await;
        let (claire, edit) = (school.is("Claire"), || Some("editMessageText".to_owned()));
        let asks = async |hour: &str| {
            school.clock.set(at("24/11/2026", hour));
            school.sandbox.say(claire, claire, "/etat");
            let title = format!("École Horizon · mar. 24 nov., {hour} (Paris)");
            school.soon(&title, async || last(&school, claire).contains(&title)).await;
            school.sandbox.last(claire).expect("the card")
        };
        kept_back(&school, &lesson, "Z9", Fault::ServerError { method: edit(), times: 1 }).await;
        // Four minutes late is not overdue yet.
        let card = asks("13:49").await;
        assert!(!card.text.contains("En retard") && labels(&card).is_empty(), "{engine:?}: {}", card.text);
        let card = asks("13:51").await;
        assert!(card.text.contains("· 1 envoi attend depuis plus de 5 minutes."), "{engine:?}: {}", card.text);
        let row = "\nEn retard : la mise à jour du message d’un cours (BTS SIO 1A, Réseaux, mar. 24 nov., 14:00 (Paris)). \
Ce n’est pas encore passé ; je réessaie à ";
        assert!(card.text.contains(row), "{engine:?}: {}", card.text);
        assert_eq!(labels(&card), ["Réessayer", "✕ Fermer"], "{engine:?}: it is not given up, so nobody forgets it");
        school.sandbox.press(claire, claire, card.id, "Réessayer").expect("a button");
        school.soon("the new room", async || saying(&school, school.group, "Z9").len() == 1).await;
        school.drain().await.expect("quiet");
        let now = school.sandbox.messages(claire).into_iter().find(|message| message.id == card.id).expect("the card");
        assert!(now.text.starts_with("Je réessaie : la mise à jour du message d’un cours (BTS SIO 1A"), "{}", now.text);
        let db = school.db().expect("running");
        let audit = db.read(async |tx| audit::latest(tx, 9).await).await.expect("read");
        let entry = audit.iter().find(|entry| entry.action == "outbox.retried").expect("an entry");
        assert_eq!((entry.old.as_deref(), entry.new.as_deref()), (Some("session.show overdue"), Some("again")));
        assert!(!school.ask("Claire", "/etat").await.contains("En retard"), "{engine:?}");

        // Telegram asked to wait: nobody is asked to hurry it, and an old button does not.
        let fault = Fault::TooManyRequests { method: edit(), retry_after: 3_600, times: 1 };
        let kept = kept_back(&school, &lesson, "Y8", fault).await;
        let card = asks("13:57").await;
        assert!(card.text.contains("On m’a demandé d’attendre : pas avant le mar. 24 nov., 14:5"), "{}", card.text);
        assert!(labels(&card).is_empty(), "{engine:?}: {:?}", labels(&card));
        let retried = write(&school, async |tx| state::flow::retry(tx, &Actor::Cli, &kept.id).await).await;
        assert_eq!(retried, None, "{engine:?}");
        school.strike().await;
    }
}
