//! Canaries in every secret and every person; a day with faults; then everything that left, and what lies on the disk, is
//! searched for them.

mod chatter;
mod columns;
mod planted;
mod town;

use std::time::Duration;

use preau::kernel::Clock;
use preau::platform::telemetry;
use preau::sandbox::Fault;
use preau::school::classroom;
use rust_xlsxwriter::Workbook;

use self::planted::{
    ADMIN, BIO, CHANNEL, CHATTER, CLASS, Canary, FILE, LINK, PEOPLE, SECRETS, TEACHER, TYPED, canary, found,
};
use self::town::Town;
use crate::place::Engine;
use crate::source;
use crate::store::Raw;

/// The school's file; each line of the timetable that is wrong names a canary.
fn book(wrong: bool) -> Vec<u8> {
    let mut book = Workbook::new();
    let mut sheet = |name: &str, lines: &[Vec<&str>]| {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        for (row, line) in (0..).zip(lines) {
            for (column, words) in (0..).zip(line) {
                sheet.write_string(row, column, *words).expect("a cell");
            }
        }
    };
    let heads = ["Nom", "Prénom", "E-mail", "Naissance", "Rôle", "Classe(s)", "Carte"].to_vec();
    let lines: Vec<Vec<&str>> = std::iter::once(heads).chain(PEOPLE.iter().map(|line| line.to_vec())).collect();
    sheet("Personnes", &lines);
    let teacher = format!("M. {TEACHER}");
    let heads = vec!["Date", "Début", "Fin", "Classe", "Matière", "Enseignant", "Salle", "Mode", "Lien"];
    let mut lessons = vec![
        heads,
        vec!["24/11/2026", "14:00", "14:45", CLASS, "Réseaux", &teacher, "B204", "distanciel", ""],
        vec!["24/11/2026", "16:00", "16:45", CLASS, "Anglais", &teacher, "", "distanciel", LINK],
    ];
    if wrong {
        lessons.push(vec![FILE[1], "14:00", "14:45", CLASS, FILE[1], &teacher, "B204", FILE[1], ""]);
    }
    sheet("EDT", &lessons);
    book.save_to_buffer().expect("a workbook")
}

/// What follows `?start=`, wherever it stands.
fn tokens(text: &str) -> Vec<String> {
    let links = text.split("start=").skip(1);
    links.map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()).collect()
}

/// Accounts: the admin, then [`PEOPLE`] but the last.
struct Cast {
    admin: i64,
    people: Vec<i64>,
    group: i64,
}

/// Monday evening: the file, the links, the group, the calling account. One link stays unused.
async fn evening(town: &mut Town) -> Cast {
    let sandbox = town.stage.sandbox.clone();
    std::fs::write(town.file("edt.xlsx"), book(false)).expect("a file");
    let (code, out) = town.shown(&["import", "edt.xlsx", "--apply", "--give-rights"]).await;
    assert_eq!(code, 0, "{out}");
    let (_, out) = town.shown(&["invite", "--role", "admin"]).await;
    let (_, spare) = town.shown(&["invite", "--role", "admin"]).await;
    town.credentials.extend(tokens(&spare).iter().map(|token| canary("a link of an admin", token)));
    town.run().await;
    let admin = town.person();
    sandbox.start_bot(admin, &tokens(&out)[0]);
    town.settle().await;
    town.says(admin, admin, &ADMIN.join(" ")).await;
    let group = sandbox.add_group(CLASS, admin);
    sandbox.add_bot(group, admin);
    sandbox.promote_bot(group, admin, &classroom::RIGHTS);
    town.settle().await;
    town.says(admin, group, &format!("/adopter {CLASS}")).await;
    town.says(admin, admin, &format!("/liens {CLASS}")).await;
    town.presses(admin, admin, "Créer").await;
    let file = sandbox.messages(admin).into_iter().rev().find_map(|message| message.document).expect("the links");
    let links = String::from_utf8(file.bytes).expect("text");
    let mut people = Vec::new();
    for [last, _, _, birth, role, ..] in &PEOPLE[..4] {
        let line = links.lines().find(|line| line.contains(last)).expect("a line");
        let account = town.person();
        sandbox.start_bot(account, &tokens(line)[0]);
        town.settle().await;
        town.says(account, account, birth).await;
        town.presses(account, account, "Oui").await;
        if *role == "étudiant" {
            town.presses(account, account, "18").await;
        }
        let keys =
            sandbox.messages(account).into_iter().rev().flat_map(|message| message.buttons.into_iter().flatten());
        if let Some(link) = keys.filter_map(|key| key.url).find(|url| url.contains('+')) {
            let _ = sandbox.ask_to_join(account, &link);
            town.settle().await;
        }
        people.push(account);
    }
    // The last one's goes by mail, to a server that refuses it first.
    sandbox.fault(Fault::RefuseMail { times: 2 });
    town.says(admin, admin, &format!("/liens {CLASS} mail")).await;
    town.presses(admin, admin, "Envoyer").await;
    let mails = sandbox.mails();
    assert!(mails.iter().any(|mail| mail.to[0] == PEOPLE[4][2]), "{mails:#?}");
    let unused = mails.iter().flat_map(|mail| tokens(&mail.body));
    town.credentials.extend(unused.map(|token| canary("a link by mail", &token)));
    let caller = town.signs_in().await;
    sandbox.add_member(group, caller, admin);
    sandbox.promote(group, caller, admin, &["manage_call"]);
    crate::paths::eventually("connected", async || String::from_utf8_lossy(&town.log()).contains("caller.connected"))
        .await;
    town.settle().await;
    assert!(town.credentials.len() >= 4, "an admin's link, a link by mail, the token, the key");
    Cast { admin, people, group }
}

/// What goes wrong at once, at each door.
fn trouble(town: &Town) {
    let method = |name: &str| Some(name.to_owned());
    for fault in [
        Fault::TooManyRequests { method: method("sendMessage"), retry_after: 1, times: 1 },
        Fault::Reset { method: method("sendMessage"), times: 2 },
        Fault::LostAnswer { method: method("editMessageText"), times: 2 },
        Fault::LostAnswer { method: method("answerCallbackQuery"), times: 1 },
        Fault::Reset { method: method("getUpdates"), times: 2 },
        Fault::ServerError { method: method("getUpdates"), times: 1 },
        Fault::FloodWait { method: "phone.getGroupCall".to_owned(), seconds: 1, times: 1 },
        Fault::Refuse { method: "phone.getGroupCall".to_owned(), code: 500, error: "WORKER_BUSY".to_owned(), times: 3 },
        Fault::Reset { method: method("updates.getState"), times: 2 },
    ] {
        town.stage.sandbox.fault(fault);
    }
}

/// A student objects, in words, and is refused in words.
async fn contested(town: &Town, cast: &Cast) {
    let (teacher, student) = (cast.people[0], cast.people[2]);
    town.says(student, student, "/moi").await;
    town.presses(student, student, "Contester").await;
    town.says(student, student, &format!("{TYPED} une objection")).await;
    assert!(town.last(teacher).contains(&format!("{TYPED} une objection")), "{}", town.last(teacher));
    town.presses(teacher, teacher, "Refuser").await;
    town.says(teacher, teacher, &format!("{TYPED} un refus")).await;
    assert!(town.last(student).contains(&format!("{TYPED} un refus")), "{}", town.last(student));
}

/// A line is changed after the lesson, for a reason that is typed.
async fn corrected(town: &Town, cast: &Cast) {
    let (teacher, name) = (cast.people[0], "Zykdeux");
    town.presses(teacher, teacher, "Corriger").await;
    town.presses(teacher, teacher, name).await;
    town.presses(teacher, teacher, "Absent").await;
    town.presses(teacher, teacher, "Autre…").await;
    town.says(teacher, teacher, &format!("{TYPED} un motif")).await;
    let said = town.stage.sandbox.messages(teacher);
    assert!(said.iter().rev().take(4).any(|message| message.text.contains("→ absent")), "{:#?}", said.last());
}

/// Tuesday.
async fn day(town: &mut Town, cast: &Cast) {
    let sandbox = town.stage.sandbox.clone();
    let (teacher, group) = (cast.people[0], cast.group);
    town.until("13:45").await;
    assert!(town.last(group).contains("Réseaux"), "{}", town.last(group));
    trouble(town);
    chatter::talk(town, cast).await;
    for (nth, words) in [TYPED, "/moi", "/semmaine", &format!("/presence {TYPED}"), "/aujourdhui"].iter().enumerate() {
        town.says(cast.people[nth % 4], cast.people[nth % 4], words).await;
    }
    town.until("13:56").await;
    let open = sandbox.calls(group).iter().any(|call| call.open);
    assert!(open, "the lesson's call: {}", town.last(group));
    for account in &cast.people {
        sandbox.join_call(*account, group).expect("in the call");
    }
    sandbox.join_call_as_channel(cast.admin, group, CHANNEL).expect("in the call");
    town.until("14:10").await;
    trouble(town);
    sandbox.leave_call(cast.people[2], group);
    town.kill().await;
    sandbox.say(cast.people[3], cast.people[3], &format!("{TYPED} /etat"));
    town.run().await;
    town.until("14:20").await;
    sandbox.fault(Fault::Away(true));
    sandbox.restart();
    sandbox.say(cast.people[2], cast.people[2], TYPED);
    Clock::machine().rest(Duration::from_millis(1_500)).await;
    sandbox.fault(Fault::Away(false));
    town.until("14:45").await;
    town.presses(teacher, teacher, "Valider").await;
    // Whoever has no account is to be marked still.
    town.presses(teacher, teacher, "Valider ainsi").await;
    contested(town, cast).await;
    corrected(town, cast).await;
    // Files: one that is none, one with lines that cannot be read, fetched over a line that breaks.
    sandbox.fault(Fault::Reset { method: Some("getFile".to_owned()), times: 1 });
    for (name, bytes) in [(FILE[0], FILE[1].repeat(99).into_bytes()), ("edt", book(true))] {
        sandbox.send_file(cast.admin, cast.admin, &format!("{name}.xlsx"), bytes, Some(TYPED));
        town.settle().await;
    }
    // A bug of ours: what the database says of it stands in the log.
    let mut raw = Raw::open(&town.place).await;
    for table in ["person", "account"] {
        raw.execute(&format!("ALTER TABLE {table} RENAME TO zz_elsewhere")).await;
        sandbox.say(cast.people[2], cast.people[2], "/moi");
        Clock::machine().rest(Duration::from_millis(800)).await;
        raw.execute(&format!("ALTER TABLE zz_elsewhere RENAME TO {table}")).await;
    }
    town.until("15:50").await;
    let keys = sandbox.messages(group).into_iter().flat_map(|message| message.buttons.into_iter().flatten());
    assert!(keys.filter_map(|key| key.url).any(|url| url == LINK), "the class sees where the lesson is");
    town.until("18:00").await;
    town.look_from_outside().await;
}

/// Everything that the database holds, as a thief would read it: while the program runs, each value of each row; on
/// SQLite the bytes of its files too, with what was deleted.
async fn stolen(town: &Town) -> Vec<(String, Vec<u8>)> {
    let mut raw = Raw::open(&town.place).await;
    let mut all = Vec::new();
    for table in raw.tables().await {
        let columns = raw.columns(&table).await;
        all.push((format!("table {table}"), raw.values(&table, &columns).await.join("\n").into_bytes()));
    }
    for ending in ["", "-wal", "-shm"] {
        if let Ok(bytes) = std::fs::read(town.file(&format!("preau.db{ending}"))) {
            all.push((format!("preau.db{ending}"), bytes));
        }
    }
    // Files on their way.
    let mut folders = vec![town.file("files")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all.push((format!("the file {}", path.display()), std::fs::read(path).expect("read")));
            }
        }
    }
    all
}

fn judge(broken: &mut Vec<String>, places: &[(String, Vec<u8>)], canaries: &[Canary]) {
    broken.extend(places.iter().flat_map(|(place, bytes)| found(place, bytes, canaries)));
}

/// What the bot said in the group, in every wording that it ever had: no personal value but the teacher's name, and first
/// names of whoever arrives.
fn in_the_group(town: &Town, group: i64) -> Vec<String> {
    let mut broken = Vec::new();
    let typed = [TYPED, CHATTER].map(|value| canary("what was said", value));
    // The class sees who gives a lesson and where it is held.
    let theirs = |canary: &Canary| canary.value != TEACHER && canary.value != LINK;
    let own = planted::people().into_iter().filter(theirs).chain(typed);
    let own: Vec<Canary> = own.collect();
    let firsts: Vec<&str> = PEOPLE.iter().map(|line| line[1]).collect();
    for call in town.stage.sandbox.journal().into_iter().filter(|call| call.chat_id == Some(group)) {
        let words = call.params.to_string();
        let welcome = words.contains("Bienvenue ");
        let allowed = |canary: &&Canary| welcome && firsts.contains(&canary.value.as_str());
        let judged: Vec<Canary> = own.iter().filter(|canary| !allowed(canary)).cloned().collect();
        broken.extend(found(&format!("{} in the group", call.method), words.as_bytes(), &judged));
    }
    broken
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_anybody_leaves_by_the_way() {
    for engine in Engine::all() {
        let mut town = Town::on(engine).await;
        let cast = evening(&mut town).await;
        day(&mut town, &cast).await;
        let (people, secrets) = (planted::people(), town.secrets());
        let words = [TYPED, CHATTER, FILE[0], FILE[1]].map(|value| canary("what was said", value));
        let all: Vec<Canary> = people.iter().chain(&secrets).chain(&words).cloned().collect();
        let mut broken = in_the_group(&town, cast.group);

        // A stolen database, while the program runs and after its end.
        let never = [canary("chatter", CHATTER), canary("of themselves", BIO)];
        let hidden: Vec<Canary> = secrets.iter().cloned().chain(never).collect();
        judge(&mut broken, &stolen(&town).await, &hidden);
        broken.extend(columns::wrong(&town.place, &all).await);
        town.ends().await;
        judge(&mut broken, &stolen(&town).await, &hidden);

        // Its backup is sealed whole.
        let (code, _) = town.tells(&["backup", "night.db"]).await;
        assert_eq!(code, 0);
        judge(&mut broken, &[("the backup".to_owned(), std::fs::read(town.file("night.db")).expect("saved"))], &all);

        for args in [&["outbox", "list"][..], &["store", "move", "--to", "nowhere://x"], &["restore", "edt.xlsx"]] {
            town.tells(args).await;
        }
        // It shows the school's own account by its name, to whoever types at the machine.
        let (_, checked) = town.shown(&["check"]).await;
        let own: Vec<Canary> =
            all.iter().filter(|one| !planted::CALLER.contains(&one.value.as_str())).cloned().collect();
        judge(&mut broken, &[("check".to_owned(), checked.into_bytes())], &own);
        town.shown(&["import", "edt.xlsx", "--dry-run"]).await;
        town.shown(&["import", "caller.seed", "--dry-run"]).await;
        let mut rotating = town.command(&["secrets", "rotate"]);
        rotating.env("PREAU__SECRETS__NEW_KEY", SECRETS[4].1);
        let (code, out, err) = crate::paths::told(rotating.output().await.expect("it ran"));
        assert_eq!(code, 0, "{err}");
        town.said.push(("secrets rotate".to_owned(), (out + &err).into_bytes()));

        let log = town.log();
        assert!(String::from_utf8_lossy(&log).contains("TRACE"), "{engine:?}: everything is logged");
        judge(&mut broken, &[("the log".to_owned(), log)], &all);
        judge(&mut broken, &town.said, &all);
        // Alerts; personal links go to whom they are for, with a first name.
        let alerts = town.stage.sandbox.mails().into_iter().filter(|mail| mail.to[0].starts_with("alerte@"));
        let alerts: Vec<(String, Vec<u8>)> =
            alerts.map(|mail| ("an alert".to_owned(), (mail.subject + &mail.body).into_bytes())).collect();
        judge(&mut broken, &alerts, &all);
        broken.sort();
        broken.dedup();
        assert!(broken.is_empty(), "{engine:?}: {broken:#?}");
        town.strike().await;
    }
}

/// A new secret in the configuration is planted too, or this fails.
#[test]
fn every_secret_of_the_configuration_is_planted() {
    let read = |path: &str| std::fs::read_to_string(source::root().join(path)).expect("a file");
    let planted = |key: &str| key == "telegram.token" || SECRETS.iter().any(|(known, _)| *known == key);
    let layers = read("src/platform/config/layers.rs");
    let (_, list) = layers.split_once("SECRETS: &[(&str, &str)] = &[").expect("the list");
    let list = list.split("];").next().expect("its end");
    let pairs: Vec<Vec<&str>> = list.lines().map(|line| line.split('"').skip(1).step_by(2).collect()).collect();
    let pairs: Vec<&Vec<&str>> = pairs.iter().filter(|pair| pair.len() == 2).collect();
    assert!(pairs.len() >= 6, "{pairs:?}");
    for pair in &pairs {
        assert!(planted(pair[0]), "no canary in {}", pair[0]);
    }
    // Each key of the defaults that names a file of one thing alone is such a secret's.
    let (defaults, mut section) = (read("config/default.toml"), "");
    for line in defaults.lines() {
        section = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')).unwrap_or(section);
        let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| key.ends_with("_file")) else { continue };
        let key = format!("{section}.{key}");
        assert!(pairs.iter().any(|pair| pair[1] == key), "{key} is no secret's file: layers.rs SECRETS");
    }
    // What is kept from being shown for another reason: addresses with a password or a token in them.
    let hidden: Vec<String> = ["config/mod.rs", "config/read.rs"]
        .iter()
        .flat_map(|file| read(&format!("src/platform/{file}")).lines().map(str::to_owned).collect::<Vec<_>>())
        .filter(|line| line.contains(": Hidden") || line.contains("Option<Hidden>"))
        .filter_map(|line| Some(line.trim().trim_start_matches("pub ").split_once(':')?.0.to_owned()))
        .filter(|name| !name.starts_with("impl") && !name.contains(' '))
        .collect();
    for name in &hidden {
        let known = name == "url" || SECRETS.iter().any(|(key, _)| key.ends_with(&format!(".{name}")));
        assert!(known, "no canary in the address {name}");
    }
    assert!(hidden.len() >= 2, "{hidden:?}");
}

/// A panic quotes what was being worked on: its words are kept only where they stand in the source.
#[test]
fn a_crash_tells_where_it_was_and_nothing_of_anybody() {
    const CRASH: &str = "PREAU_TEST_CRASH";
    let program = std::env::current_exe().expect("this program");
    let mut command = std::process::Command::new(program);
    command.args(["paths::canary::a_program_that_crashes", "--exact", "--nocapture"]).env(CRASH, "yes");
    let output = command.output().expect("it ran");
    let said = [output.stdout, output.stderr].concat();
    let all: Vec<Canary> = planted::people().into_iter().chain([canary("token", "zyksecrettoken")]).collect();
    let broken = found("a crash", &said, &all);
    let said = String::from_utf8_lossy(&said);
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(said.contains("canary/mod.rs:") && said.contains("a word of the source"), "{said}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test above says so by the environment")]
fn a_program_that_crashes() {
    if std::env::var("PREAU_TEST_CRASH").is_err() {
        return;
    }
    telemetry::crash_discreetly();
    let name = format!("{} {}", PEOPLE[2][1], PEOPLE[2][0]);
    let of = |what: &(dyn Fn() + std::panic::RefUnwindSafe)| assert!(std::panic::catch_unwind(what).is_err());
    of(&|| panic!("nobody is called {name}, zyksecrettoken"));
    of(&|| drop(format!("é{name}")[1..].to_owned()));
    of(&|| name.parse::<std::net::IpAddr>().map(drop).unwrap());
    of(&|| panic!("a word of the source"));
}
