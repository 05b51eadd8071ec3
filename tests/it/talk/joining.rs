//! From the first admin to the group: personal links, joining, unlinking.

use preau::kernel::{At, Lang};
use preau::platform::store::Tx;
use preau::sandbox::Message;
use preau::school::audit::Actor;
use preau::school::roster::{LinkKind, Person, Role, flow as roster, store};
use preau::school::{audit, classroom};
use serde_json::json;

use crate::world::{Engine, World, last};

/// Telegram's people of the story.
struct Cast {
    admin: i64,
    class: String,
    group: i64,
}

async fn write<T>(world: &World, work: impl AsyncFnOnce(&mut Tx) -> preau::kernel::Result<T>) -> T {
    world.db().expect("running").transact(work).await.expect("written")
}

fn person(id: &str, first: &str, last: &str, role: Role) -> Person {
    Person {
        id: id.to_owned(),
        last_name: last.to_owned(),
        first_name: first.to_owned(),
        email: Some(format!("{}@ecole.example", first.to_lowercase())),
        birth: Some("2009-03-12".to_owned()),
        card: None,
        role,
        lang: None,
        active: true,
    }
}

async fn enrol(world: &World, class: &str, person: &Person) {
    write(world, async |tx| {
        store::insert_person(tx, person).await?;
        store::enrol(tx, &person.id, class).await
    })
    .await;
}

async fn link(world: &World, person: &str) -> String {
    write(world, async |tx| roster::make_link(tx, LinkKind::Printed, Some(person), &Actor::Cli).await).await
}

async fn says(world: &World, who: i64, words: &str) -> String {
    world.sandbox.say(who, who, words);
    world.drain().await.expect("quiet");
    last(world, who)
}

async fn starts(world: &World, who: i64, payload: &str) -> String {
    world.sandbox.start_bot(who, payload);
    world.drain().await.expect("quiet");
    last(world, who)
}

/// Presses under the last message of the private chat; gives what stands there then.
async fn presses(world: &World, who: i64, label: &str) -> String {
    let message = message(world, who);
    world.sandbox.press(who, who, message.id, label).expect("a button");
    world.drain().await.expect("quiet");
    last(world, who)
}

/// Waits until the bot says so, whatever else is under way.
async fn wait_for(world: &World, who: i64, words: &str) {
    for _ in 0..500 {
        if last(world, who).contains(words) {
            return;
        }
        world.clock.rest(std::time::Duration::from_millis(10)).await;
    }
    panic!("« {words} » was not said; the last was: {}", last(world, who));
}

fn message(world: &World, who: i64) -> Message {
    world.sandbox.last(who).expect("a message")
}

/// The first admin, a class and its group.
async fn cast(world: &World) -> Cast {
    let admin = world.sandbox.add_person("Claire", "D.", "fr");
    let token = write(world, async |tx| roster::admin_link(tx).await).await;
    let asked = starts(world, admin, &token).await;
    assert!(asked.contains("prénom et nom"), "{asked}");
    assert!(asked.ends_with("Vous avez une heure pour répondre. /annuler pour arrêter."), "{asked}");
    assert!(says(world, admin, "Claire").await.contains("un prénom et un nom"));
    let done = says(world, admin, "DUPONT Claire").await;
    assert!(done.contains("Claire DUPONT : vous êtes administrateur"), "{done}");
    let class = write(world, async |tx| classroom::flow::ensure(tx, &Actor::Cli, "BTS SIO 1A").await).await.0;
    let group = world.sandbox.add_group("BTS SIO 1A", admin);
    world.sandbox.add_bot(group, admin);
    world.sandbox.promote_bot(group, admin, &classroom::RIGHTS);
    world.drain().await.expect("quiet");
    world.sandbox.say(admin, group, "/adopter BTS SIO 1A");
    world.drain().await.expect("quiet");
    Cast { admin, class, group }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_admin_comes_by_a_link_that_works_once() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let Cast { admin, .. } = cast(&world).await;
        let menu = world.sandbox.commands(&json!({"type": "chat", "chat_id": admin}), "");
        assert!(menu.iter().any(|(name, _)| name == "liens"), "{menu:?}");
        // Used: polite, and nobody becomes anything.
        let other = world.sandbox.add_person("Marc", "P.", "fr");
        let token = write(&world, async |tx| roster::admin_link(tx).await).await;
        starts(&world, other, &token).await;
        world.clock.set(world.clock.now().plus_hours(2));
        assert!(says(&world, other, "Marc Petit").await.contains("expiré"));
        let token = write(&world, async |tx| roster::admin_link(tx).await).await;
        starts(&world, other, &token).await;
        says(&world, other, "Marc Petit").await;
        assert_eq!(
            last(&world, admin),
            "Marc Petit est maintenant administrateur de l’école, par un lien fait sur la machine. Si vous ne l’attendiez pas, déliez le compte."
        );
        assert!(starts(&world, other, &token).await.contains("déjà relié, Marc"), "their own link, once more");
        let stranger = world.sandbox.add_person("X", "", "fr");
        assert!(starts(&world, stranger, &token).await.contains("déjà servi"));
        says(&world, other, "/reglages").await;
        presses(&world, other, "English").await;
        assert!(presses(&world, admin, "Délier").await.contains("Marc P. n’est plus relié"));
        assert!(says(&world, other, "/liens").await.contains("Je ne vous connais pas encore"));
        let menu = world.sandbox.commands(&json!({"type": "chat", "chat_id": other}), "");
        assert!(!menu.iter().any(|(name, _)| name == "liens"), "{menu:?}");
        assert!(presses(&world, admin, "Annuler").await.contains("de nouveau relié"));
        let which = says(&world, other, "/liens").await;
        assert!(
            which.contains("Which class") || which.contains("which class"),
            "in the language chosen before: {which}"
        );
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_student_links_and_joins_and_nobody_else_does() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let Cast { admin, class, group } = cast(&world).await;
        enrol(&world, &class, &person("p-ines", "Inès", "Moreau", Role::Student)).await;
        let ines = world.sandbox.add_person("Iness", "✨", "fr");
        let token = link(&world, "p-ines").await;

        let asked = starts(&world, ines, &token).await;
        assert!(!asked.contains("Inès"), "no name before the item: {asked}");
        assert_eq!(
            asked,
            "Bonjour ! Pour vérifier que ce lien est le vôtre : quelle est votre date de naissance ? Par exemple 12/03/2009. /annuler pour arrêter."
        );
        assert_eq!(
            says(&world, ines, "13/03/2009").await,
            "Ce n’est pas ce que l’école a noté. Vérifiez et réessayez : il reste 4 essais. /annuler pour arrêter."
        );
        assert_eq!(says(&world, ines, "12 03 2009").await, "Inès M., BTS SIO 1A : c’est vous ?");
        assert_eq!(presses(&world, ines, "Oui").await, "Quel âge avez-vous ?");
        let notice = presses(&world, ines, "16–17").await;
        assert!(notice.contains("C’est fait, Inès") && notice.contains("6. Vos droits"), "{notice}");
        let keys: Vec<String> = message(&world, ines).buttons.into_iter().flatten().filter_map(|key| key.url).collect();
        assert_eq!(keys, world.sandbox.links(group).into_iter().rev().take(1).collect::<Vec<_>>());
        assert_eq!(
            last(&world, admin),
            "Inès M. (BTS SIO 1A) vient de relier son compte Telegram. Si ce n’est pas cette personne, déliez le compte."
        );

        // The link to the group, shared with a friend: declined politely, in private, without a name.
        let friend = world.sandbox.add_person("Tom", "", "fr");
        world.sandbox.ask_to_join(friend, &keys[0]).expect("asks");
        world.drain().await.expect("quiet");
        assert_eq!(world.sandbox.member_status(group, friend), "left");
        assert!(world.sandbox.join_requests(group).is_empty());
        assert_eq!(
            last(&world, friend),
            "Ce groupe est réservé aux personnes de la classe, et je ne vous connais pas encore. Demandez à l’école votre lien personnel, ouvrez-le ici, puis demandez de nouveau à entrer."
        );

        world.sandbox.ask_to_join(ines, &keys[0]).expect("asks");
        world.drain().await.expect("quiet");
        assert_eq!(world.sandbox.member_status(group, ines), "member");
        assert_eq!(last(&world, group), "Bienvenue Inès !");
        assert!(!starts(&world, ines, "").await.is_empty());
        assert!(message(&world, ines).buttons.iter().flatten().all(|key| key.url.is_none()), "in the group already");

        // Their own link once more: nobody to warn. The same in other hands, and a new one for a person who has an account.
        assert!(starts(&world, ines, &token).await.contains("déjà relié, Inès"));
        assert!(starts(&world, friend, &token).await.contains("déjà servi"));
        let again = link(&world, "p-ines").await;
        assert!(starts(&world, friend, &again).await.contains("déjà relié un autre compte"));
        assert!(starts(&world, ines, &again).await.contains("déjà relié, Inès"));

        let entries = write(&world, async |tx| audit::store::of_object(tx, "person:p-ines").await).await;
        assert_eq!(entries.iter().filter(|entry| entry.action == "account.tied").count(), 1);
        world.check().await;
    }
}

/// Only what could be right is a try: words that are no date are asked for again, a while.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_is_no_try() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let Cast { class, .. } = cast(&world).await;
        enrol(&world, &class, &person("p-ines", "Inès", "Moreau", Role::Student)).await;
        let carded =
            Person { birth: None, card: Some("0042".to_owned()), ..person("p-noe", "Noé", "Blanc", Role::Student) };
        enrol(&world, &class, &carded).await;
        let ines = world.sandbox.add_person("Inès", "", "fr");
        let token = link(&world, "p-ines").await;
        starts(&world, ines, &token).await;
        for words in ["bonjour", "31/02/2009", "mars 2009"] {
            assert_eq!(
                says(&world, ines, words).await,
                "Je n’y reconnais pas de date : cette réponse ne compte pas. Écrivez le jour, le mois et l’année de votre naissance, par exemple 25/03/2009. /annuler pour arrêter."
            );
        }
        assert!(says(&world, ines, "13 mars 2009").await.contains("il reste 4 essais"));
        assert_eq!(says(&world, ines, "12 mars 2009").await, "Inès M., BTS SIO 1A : c’est vous ?");
        // Bounded; the link is not used up, and the tries are what they were.
        starts(&world, ines, &token).await;
        for _ in 0..9 {
            assert!(says(&world, ines, "bonjour").await.contains("ne compte pas"));
        }
        assert!(says(&world, ines, "bonjour").await.contains("rouvrez-le"));
        assert!(!says(&world, ines, "12/03/2009").await.contains("c’est vous"));
        starts(&world, ines, &token).await;
        assert!(says(&world, ines, "14/03/2009").await.contains("il reste 3 essais"));

        // In English the example cannot be read the other way round; a card is right with or without its zeros.
        let noe = world.sandbox.add_person("Noah", "", "en");
        assert!(starts(&world, noe, &link(&world, "p-noe").await).await.contains("school card"));
        assert!(says(&world, noe, "hello").await.contains("it does not count"));
        assert_eq!(says(&world, noe, "42").await, "Noé B., BTS SIO 1A: is this you?");
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_wrong_answers_close_a_link_and_the_supervisor_is_told() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let Cast { admin, class, .. } = cast(&world).await;
        let adam =
            Person { birth: None, card: Some("S-7".to_owned()), ..person("p-adam", "Éric", "Adam", Role::Supervisor) };
        enrol(&world, &class, &adam).await;
        enrol(&world, &class, &person("p-noe", "Noé", "Blanc", Role::Student)).await;
        enrol(&world, &class, &person("p-lea", "Léa", "Petit", Role::Student)).await;
        let supervisor = world.sandbox.add_person("Eric", "A", "en");
        let token = link(&world, "p-adam").await;
        assert!(starts(&world, supervisor, &token).await.contains("school card"));
        says(&world, supervisor, "s7").await;
        let done = presses(&world, supervisor, "Yes").await;
        assert!(done.contains("Done, Éric") && !done.contains("age band"), "{done}");

        assert!(says(&world, supervisor, "/settings").await.contains("Language: English"));
        assert!(presses(&world, supervisor, "Français").await.contains("Langue : Français"));
        assert!(says(&world, supervisor, "/aide").await.contains("/liens — Les liens"));
        assert_eq!(presses(&world, supervisor, "Les liens personnels").await, "Pour quelle classe ?");
        assert!(presses(&world, supervisor, "BTS SIO 1A").await.contains("2 personnes"));
        says(&world, supervisor, "/reglages").await;
        presses(&world, supervisor, "English").await;

        let stranger = world.sandbox.add_person("X", "", "fr");
        let token = link(&world, "p-noe").await;
        starts(&world, stranger, &token).await;
        for _ in 0..4 {
            assert!(says(&world, stranger, "01/01/2000").await.contains("il reste"));
        }
        assert!(says(&world, stranger, "01/01/2000").await.contains("fermé après 5"));
        assert_eq!(
            last(&world, supervisor),
            "The personal link of Noé B. (BTS SIO 1A) is closed: 5 answers in a row did not match. If it was this person after all, make a new link with /links."
        );
        assert!(starts(&world, stranger, &token).await.contains("ne marche plus"));
        assert!(!last(&world, admin).contains("Noé"), "the supervisor is told, not the admin");

        // Under 16: no tie, the link dies, the supervisor is told.
        let token = link(&world, "p-lea").await;
        starts(&world, stranger, &token).await;
        says(&world, stranger, "12032009").await;
        presses(&world, stranger, "Oui").await;
        assert!(presses(&world, stranger, "Moins de 16").await.contains("Telegram demande 16 ans"));
        // What else the school offers is one tap away, and nothing is kept for that.
        let see = message(&world, stranger).buttons.into_iter().flatten().find(|key| key.text.starts_with("Voir"));
        let start = see.and_then(|key| key.url).expect("an address");
        let (_, payload) = start.split_once("?start=").expect("a start");
        let offered = starts(&world, stranger, payload).await;
        assert!(offered.contains("par mail") && offered.contains("par un parent"), "{offered}");
        assert!(last(&world, supervisor).contains("Léa P. is under 16"));
        assert!(says(&world, stranger, "/reglages").await.contains("J’écris dans la langue de votre Telegram"));

        // Right item, wrong person.
        let token = link(&world, "p-lea").await;
        starts(&world, stranger, &token).await;
        says(&world, stranger, "12/03/09").await;
        assert!(presses(&world, stranger, "Non").await.contains("Merci de l’avoir dit"));
        assert!(last(&world, supervisor).contains("said they are not this person"));

        // An expired one says how to get another.
        let token = link(&world, "p-lea").await;
        world.clock.set(world.clock.now().plus_days(15));
        assert_eq!(
            starts(&world, stranger, &token).await,
            "Ce lien a expiré. La vie scolaire ou le secrétariat vous en donne un nouveau tout de suite : demandez-le, puis ouvrez-le. (LIE-04)"
        );
        assert!(starts(&world, stranger, &"a".repeat(32)).await.contains("Je ne reconnais pas ce lien"));
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_for_a_class_come_as_a_file_and_replace_those_before() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let Cast { admin, class, .. } = cast(&world).await;
        enrol(&world, &class, &person("p-ines", "Inès", "Moreau", Role::Student)).await;
        enrol(&world, &class, &person("p-tom", "=Tom", "Roy", Role::Student)).await;
        let before = link(&world, "p-ines").await;
        assert_eq!(
            says(&world, admin, "/liens bts sio 1a").await,
            "BTS SIO 1A : 2 personnes n’ont pas encore relié leur compte.\n\
1 lien déjà imprimé cessera de marcher.\n\
Un lien sert une fois et vit 14 jours. Vous recevrez un fichier à imprimer et à découper ; donnez à chacun le sien."
        );
        let shown = message(&world, admin);
        // Two presses, one file.
        world.sandbox.press(admin, admin, shown.id, "Créer 2 liens").expect("a button");
        let _ = world.sandbox.press(admin, admin, shown.id, "Créer 2 liens");
        world.drain().await.expect("quiet");
        let files: Vec<_> = world.sandbox.messages(admin).into_iter().filter_map(|message| message.document).collect();
        assert_eq!(files.len(), 1);
        assert_eq!(files[0].name, "Liens BTS SIO 1A.csv");
        let text = String::from_utf8(files[0].bytes.clone()).expect("UTF-8");
        assert!(text.starts_with("\u{feff}Nom;Prénom;Lien;Valable jusqu’au\r\nMoreau;Inès;https://t.me/"), "{text}");
        assert!(text.contains("Roy;'=Tom;"), "{text}");
        let token = text.lines().nth(1).and_then(|line| line.split("start=").nth(1)).expect("a link");
        let token = token.split(';').next().expect("a token").to_owned();

        let ines = world.sandbox.add_person("Inès", "", "fr");
        assert!(starts(&world, ines, &before).await.contains("ne marche plus"));
        assert!(starts(&world, ines, &token).await.contains("date de naissance"));

        // A file whose fate is unknown: its links do not work, those before do.
        says(&world, admin, "/liens BTS SIO 1A").await;
        let lost = preau::sandbox::Fault::LostAnswer { method: Some("sendDocument".to_owned()), times: 1 };
        world.sandbox.fault(lost);
        let shown = message(&world, admin);
        world.sandbox.press(admin, admin, shown.id, "Créer 2 liens").expect("a button");
        wait_for(&world, admin, "n’est peut-être pas arrivé").await;
        let files: Vec<_> = world.sandbox.messages(admin).into_iter().filter_map(|message| message.document).collect();
        let text = String::from_utf8(files[1].bytes.clone()).expect("UTF-8");
        let doubtful = text.lines().nth(1).and_then(|line| line.split("start=").nth(1)).expect("a link");
        let doubtful = doubtful.split(';').next().expect("a token").to_owned();
        world.sandbox.start_bot(ines, &doubtful);
        wait_for(&world, ines, "(LIE-03)").await;
        world.sandbox.start_bot(ines, &token);
        wait_for(&world, ines, "date de naissance").await;
        let mut world = world;
        world.strike().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_blocks_the_bot_is_no_longer_written_to() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let Cast { admin, .. } = cast(&world).await;
        world.sandbox.block_bot(admin, true);
        world.drain().await.expect("quiet");
        assert!(write(&world, async |tx| roster::admins(tx).await).await.is_empty());
        world.sandbox.block_bot(admin, false);
        world.drain().await.expect("quiet");
        assert_eq!(write(&world, async |tx| roster::admins(tx).await).await.len(), 1);
        let who = write(&world, async |tx| roster::identify(tx, admin, Some("en-GB")).await).await;
        assert_eq!(who.lang, Lang::Fr, "the language of the first conversation stays");
        assert!(world.clock.now() > At(0));
        world.check().await;
    }
}

const STUDENT: [&str; 7] = [
    "Ce que l’école garde (École Horizon), en six lignes :",
    "1. Quoi : nom, classe et, si l’école les a notés, date de naissance, numéro de carte, adresse mail ; compte Telegram, langue, tranche d’âge, présences et absences.",
    "2. Pourquoi : prévenir des cours, vérifier qui vous êtes et établir les feuilles de présence.",
    "3. Combien de temps : les présences de 3 à 10 ans, selon les financeurs ; ce compte tant que vous êtes à l’école.",
    "4. Qui voit : vous, vos enseignants, la vie scolaire, les responsables, les administrateurs. Pas vos camarades.",
    "5. Dans le groupe, je ne garde pas les conversations.",
    "6. Vos droits et le détail : /confidentialite.",
];
const STAFF: [&str; 7] = [
    "Ce que l’école garde (École Horizon), en six lignes :",
    "1. Quoi : nom, rôle, classes et, si l’école les a notés, date de naissance, numéro de carte, adresse mail ; compte Telegram, langue, et vos décisions (appels, corrections, accords).",
    "2. Pourquoi : faire tourner les cours, vérifier qui vous êtes et prouver qui a décidé quoi.",
    "3. Combien de temps : les preuves de 3 à 10 ans, selon les financeurs ; ce compte tant que vous êtes à l’école.",
    "4. Qui voit : vous, la vie scolaire, les responsables, les administrateurs.",
    "5. Dans les groupes, je ne garde pas les conversations.",
    "6. Vos droits et le détail : /confidentialite.",
];

/// PRODUCT: « Then six lines of notice (what is kept, why, how long) », to whoever is tied, an admin too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_who_is_tied_reads_six_lines() {
    for engine in Engine::all() {
        let world = World::on(engine).await;
        let read = |words: &str| -> Vec<String> {
            let lines: Vec<&str> = words.lines().map(str::trim).collect();
            let from = lines.iter().position(|line| line.starts_with("Ce que l’école garde")).expect("a notice");
            lines[from..].iter().take(7).map(|line| (*line).to_owned()).collect()
        };
        let Cast { admin, class, .. } = cast(&world).await;
        let told = world.sandbox.messages(admin).into_iter().find(|message| message.text.contains("C’est fait"));
        assert_eq!(read(&told.expect("said").text), STAFF, "{engine:?}: the first admin");
        for (id, first, role, notice) in
            [("p-ines", "Inès", Role::Student, STUDENT), ("p-max", "Max", Role::Teacher, STAFF)]
        {
            enrol(&world, &class, &person(id, first, "Moreau", role)).await;
            let account = world.sandbox.add_person(first, "", "fr");
            starts(&world, account, &link(&world, id).await).await;
            says(&world, account, "12/03/2009").await;
            let mut said = presses(&world, account, "Oui").await;
            if role == Role::Student {
                said = presses(&world, account, "16–17").await;
            }
            assert_eq!(read(&said), notice, "{engine:?}: {first}");
        }
        // The long version says the same, and what the journal keeps.
        let said = says(&world, admin, "/confidentialite").await;
        for words in [
            "adresse mail, date de naissance ou numéro de carte si elle les a notés",
            "Le journal de l’école garde qui a changé quoi, quand, l’ancien et le nouveau",
            "D’un compte que l’école ne connaît pas, il garde le numéro quand ce compte demande à entrer",
            "Le lien avec votre compte Telegram est effacé dans les deux jours qui suivent votre départ de l’école",
        ] {
            assert!(said.contains(words), "{engine:?}: {words}: {said}");
        }
        world.check().await;
    }
}
