//! The command line: what it says, and its exit codes.

use std::time::Duration;

use preau::kernel::{Text, id};
use preau::platform::config::shown_database;
use preau::platform::outbox::{self, Put, Rank};
use preau::school::approval;

use super::imports::{PEOPLE, WEEK};
use super::{Machine, Running, ask, bare, eventually, free_port, told};
use crate::place::Engine;
use crate::store::Raw;
use crate::talk::timetable::book;

#[tokio::test]
async fn a_wrong_configuration_is_one_sentence_and_exit_code_2() {
    let folder = tempfile::tempdir().expect("a folder");
    for (key, value, wanted) in [
        ("PREAU__SCHOOL__TIME_ZON", "Europe/Paris", "school.time_zon"),
        ("PREAU__SCHOOL__TIME_ZONE", "Paris", "school.time_zone"),
        ("PREAU__TELEGRAM__API_URL", "http://api.telegram.org", "telegram.api_url"),
        ("PREAU__DATABASE__URL", "mysql://x", "database.url"),
        ("PREAU__CLOCK__SOURCE", "http://127.0.0.1:1/clock", "clock.source"),
        ("PREAU__WEB__ADMIN_LISTEN", "9464", "web.admin_listen"),
        ("PREAU__SCHOOL__NAME", "École", "telegram.token"),
    ] {
        let (code, out, err) = told(bare(folder.path(), &["run"]).env(key, value).output().await.expect("it ran"));
        assert_eq!((code, out.as_str()), (2, ""), "{key}: {err}");
        assert_eq!(err.lines().count(), 1, "{err}");
        assert!(err.contains(wanted), "{err}");
    }
    let (code, _, err) = told(bare(folder.path(), &["dance"]).output().await.expect("it ran"));
    assert_eq!(code, 2, "{err}");
    let (code, _, err) =
        told(bare(folder.path(), &["run", "--config", "nowhere.toml"]).output().await.expect("it ran"));
    assert_eq!(code, 2);
    assert!(err.contains("nowhere.toml"), "{err}");
}

/// Without a configuration of the folder's own, the installed one is read; and none where that is wanted.
#[tokio::test]
async fn the_installed_configuration_stands_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let installed = folder.path().join("installed.toml");
    std::fs::write(&installed, "[school]\ntime_zon = \"Europe/Paris\"\n").expect("written");
    let run = async |file: &std::path::Path| {
        told(bare(folder.path(), &["run"]).env("PREAU_INSTALLED", file).output().await.expect("it ran"))
    };
    let (code, _, err) = run(&installed).await;
    assert!(code == 2 && err.contains("time_zon"), "{err}");
    let (code, _, err) = run(std::path::Path::new("")).await;
    assert!(code == 2 && err.contains("telegram.token"), "{err}");
    std::fs::create_dir(folder.path().join("config")).expect("made");
    std::fs::write(folder.path().join("config/school.toml"), "[school]\nnam = \"École\"\n").expect("written");
    let (code, _, err) = run(&installed).await;
    assert!(code == 2 && err.contains("school.nam"), "the folder's own comes first: {err}");
}

/// On SQLite a second `run` is refused; on PostgreSQL it stands by.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_wants_the_database_alone_is_refused_beside_a_run_and_other_commands_work() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        let (code, out, _) = machine.said(&["migrate"]).await;
        assert_eq!(code, 0, "{out}");
        let running = machine.run();
        machine.until("/readyz", 200).await;
        assert_eq!(machine.said(&["backup", "b.db"]).await.0, 0);
        let alone = [&["restore", "b.db", "--replace"][..], &["store", "move", "--to", "sqlite://x.db"]];
        let (others, second): (&[&[&str]], _) = match engine {
            Engine::Sqlite => (&[&["run"], &["migrate"]], None),
            Engine::Postgres => (&[], Some(stands_by(&machine).await)),
        };
        for alone in alone.iter().chain(others) {
            let (code, _, err) = machine.said(alone).await;
            assert_eq!(code, 1, "{engine:?}, {alone:?}: {err}");
            assert!(err.contains("sert déjà à un autre preau"), "{engine:?}, {alone:?}: {err}");
        }
        for beside in [&["outbox"][..], &["backup", "c.db"], &["check"], &["check", "--health"]] {
            let (code, out, err) = machine.said(beside).await;
            assert_eq!(code, 0, "{engine:?}, {beside:?}: {out} {err}");
        }
        let (code, _, err) = machine.said(&["outbox", "retry", "nothing"]).await;
        assert_eq!(code, 2, "{err}");
        for running in [Some(running), second].into_iter().flatten() {
            running.signal("TERM").await;
            assert_eq!(running.ended().await.0, 0);
        }
        let (code, _, err) = machine.said(&["check", "--health"]).await;
        assert_eq!((code, err.is_empty()), (1, false));
        // Alone again.
        let (code, out, err) = machine.said(&["restore", "b.db", "--replace"]).await;
        assert_eq!(code, 0, "{engine:?}: {err}");
        let place = match engine {
            Engine::Sqlite => "sqlite://data/preau.db".to_owned(),
            Engine::Postgres => shown_database(&machine.database_url()),
        };
        assert!(out.ends_with(&format!("b.db est de retour dans {place}.\n")), "{out}");
        let (code, _, err) = machine.said(&["store", "move", "--to", "sqlite://elsewhere/x.db"]).await;
        assert_eq!(code, 0, "{engine:?}: {err}");
        assert!(machine.folder().join("elsewhere/x.db").is_file());
        machine.remove().await;
    }
}

/// A second program on the same database: it is fit to take over, and does not serve.
async fn stands_by(machine: &Machine) -> Running {
    let (mut command, admin) = (machine.command(&["run"]), free_port());
    command.env("PREAU__WEB__ADMIN_LISTEN", format!("127.0.0.1:{admin}"));
    let running = Running::start(command, &machine.folder().join("second.log"));
    let stands_by = async || ask(admin, "/readyz").await.1.contains(r#""ok":true,"detail":"stands by""#);
    eventually("it stands by", stands_by).await;
    machine.clock.rest(Duration::from_secs(1)).await;
    assert!(stands_by().await, "the first one serves");
    running
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn check_says_what_is_connected_and_what_is_missing() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        let (code, out, err) = machine.said(&["check"]).await;
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.contains(&format!("✓ Telegram répond : le bot est @{}.", machine.sandbox.bot_username())), "{out}");
        // A PostgreSQL database is there before Préau is; on SQLite it is made by the first run.
        let nothing_yet = match engine {
            Engine::Sqlite => "n’existe pas encore",
            Engine::Postgres => "est encore vide : « preau migrate » ou « preau run » y fait ses tables",
        };
        assert!(out.contains(nothing_yet) && !out.contains("0 migration"), "{out}");
        assert!(out.contains("· Aucun canal d’alerte"), "{out}");
        assert!(!machine.folder().join("data").exists(), "checking changes nothing");
        if engine == Engine::Postgres {
            assert!(Raw::url(&machine.database_url()).await.tables().await.is_empty(), "checking changes nothing");
        }
        machine.said(&["migrate"]).await;
        let (code, out, err) = machine.said(&["outbox"]).await;
        assert_eq!((code, out.as_str()), (0, "Rien n’attend.\n"), "{err}");
        // A secret that others may read; an address where nobody listens yet.
        let secret = machine.folder().join("token");
        std::fs::write(&secret, machine.sandbox.token()).expect("a file");
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o644);
        std::fs::set_permissions(&secret, open).expect("a mode");
        let mut noted = machine.command(&["check"]);
        noted.env_remove("PREAU__TELEGRAM__TOKEN").env("PREAU__TELEGRAM__TOKEN_FILE", &secret);
        noted.env("PREAU__WEB__LISTEN", "127.0.0.1:0").env("PREAU__ATTENDANCE__CLASSES", "1A: late_minutes=15");
        let (code, out, _) = told(noted.output().await.expect("it ran"));
        assert_eq!(code, 0, "{out}");
        assert!(out.contains("chmod 600") && out.contains("rien n’y est encore servi"), "{out}");
        assert!(out.contains("« 1A » a sa propre règle de présence"), "{out}");
        let mut wrong = machine.command(&["check"]);
        let wrong = wrong.env("PREAU__TELEGRAM__TOKEN", "1:wrong").env("PREAU__SCHOOL__LANGUAGE", "en").output().await;
        let (code, out, _) = told(wrong.expect("it ran"));
        assert_eq!(code, 1, "{out}");
        assert!(out.contains("✗ telegram.token: Telegram refuses this token (Invalid bot token)."), "{out}");
        assert!(!out.contains("1:wrong"), "a token is never shown");
        let open = match engine {
            Engine::Sqlite => "✓ Database open: SQLite, sqlite://data/preau.db".to_owned(),
            Engine::Postgres => format!("✓ Database open: PostgreSQL, {}", shown_database(&machine.database_url())),
        };
        assert!(out.contains(&open), "{out}");
        machine.remove().await;
    }
}

/// It does not get right by itself: a service manager need not try again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_token_is_a_matter_of_configuration() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        let wrong = machine.command(&["run"]).env("PREAU__TELEGRAM__TOKEN", "1:wrong").output().await;
        let (code, out, err) = told(wrong.expect("it ran"));
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        let sentence = "telegram.token : Telegram refuse ce jeton (Invalid bot token).";
        assert!(err.lines().any(|line| line.contains(sentence) && line.ends_with("(TEL-08)")), "{err}");
        assert!(!err.contains("1:wrong") && !err.contains("fault"), "{err}");
        machine.remove().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_admin_is_invited_beside_a_live_run() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        let running = machine.run();
        machine.until("/readyz", 200).await;
        let (code, out, err) = machine.said(&["invite", "--role", "admin"]).await;
        assert_eq!(code, 0, "{err}");
        let head = format!("https://t.me/{}?start=", machine.sandbox.bot_username());
        let token = out.trim_end().strip_prefix(&head).expect(&out);
        assert_eq!((out.lines().count(), token.len()), (1, 32), "exactly one line: {out}");
        assert!(err.contains("une seule fois, jusqu’à"), "{err}");
        let ines = machine.sandbox.add_person("Inès", "Moreau", "fr");
        machine.sandbox.start_bot(ines, token);
        super::eventually("answered", async || machine.sandbox.messages(ines).len() > 1).await;
        let said = machine.sandbox.last(ines).expect("an answer").text;
        assert!(said.contains("administrat"), "{said}");
        running.signal("TERM").await;
        assert_eq!(running.ended().await.0, 0);
        let (code, _, err) = machine.said(&["agree", "nothing"]).await;
        assert_eq!(code, 1, "{err}");
        assert!(err.contains("(AGR-03)"), "{err}");
        let (code, _, _) = machine.said(&["invite", "--role", "student"]).await;
        assert_eq!(code, 2);
        machine.remove().await;
    }
}

/// What went wrong is said as `check` says it: in the school's language, and in nobody's code.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_away_is_said_in_the_language_of_the_school() {
    let machine = Machine::new().await;
    assert_eq!(machine.said(&["migrate"]).await.0, 0);
    let nowhere = format!("http://127.0.0.1:{}", free_port());
    for (lang, said, mail) in [
        (
            "fr",
            "Telegram ne répond pas : pas de connexion.\n",
            "(alert.smtp_host) ne répond pas comme il faut : pas de connexion.",
        ),
        ("en", "Telegram does not answer: no connection.\n", "no connection"),
    ] {
        let mut invite = machine.command(&["invite", "--role", "admin"]);
        invite.env("PREAU__TELEGRAM__API_URL", &nowhere).env("PREAU__SCHOOL__LANGUAGE", lang);
        let (code, out, err) = told(invite.output().await.expect("it ran"));
        assert_eq!((code, out.as_str(), err.as_str()), (1, "", said));
        let mut check = machine.command(&["check"]);
        check.env("PREAU__SCHOOL__LANGUAGE", lang).env("PREAU__ALERT__SMTP_HOST", "127.0.0.1");
        check.env("PREAU__ALERT__SMTP_PORT", free_port().to_string()).env("PREAU__ALERT__SMTP_TLS", "none");
        check.env("PREAU__ALERT__MAIL_TO", "a@b.example").env("PREAU__ALERT__MAIL_FROM", "c@b.example");
        let (code, out, err) = told(check.output().await.expect("it ran"));
        assert!(code == 1 && out.contains(mail), "{out}{err}");
        // Préau runs without it: nothing needed is missing.
        let end = ["Préau peut tourner. Ce qui est réglé et ne marche pas est marqué ✗.\n", "Préau can run."];
        assert!(end.iter().any(|end| out.contains(end)), "{out}");
    }
    // A key that cannot be read is found out here, and not at the first sign-in.
    let key = machine.folder().join("data/secrets.key");
    std::fs::write(&key, "nonsense").expect("a file");
    let (code, out, err) = machine.said(&["check"]).await;
    assert!(code == 1 && out.contains("✗ La clé des secrets (secrets.key_file) ne se lit pas : "), "{out}{err}");
    machine.remove().await;
}

/// DESIGN 11: 0 says « done ». What came too late was not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn agreeing_too_late_is_no_success() {
    for engine in Engine::all() {
        let machine = Machine::on(engine).await;
        assert_eq!(machine.said(&["migrate"]).await.0, 0);
        let ask = || approval::Ask {
            kind: "roster.menu",
            effects: Text::verbatim("Retirer 24 élèves."),
            payload: serde_json::json!({ "account": 1 }),
            needs: 1,
            asked_by: None,
            hours: 2,
        };
        let beside = machine.database().await;
        let asked = async || {
            let id = beside.db.transact(async |tx| approval::flow::ask(tx, ask()).await).await.expect("asked");
            id::reference(&id)
        };
        let (late, again) = (asked().await, asked().await);
        machine.clock.set(machine.clock.now().plus_hours(1));
        let (code, out, err) = machine.said(&["agree", &again]).await;
        assert_eq!(code, 0, "{engine:?}: {err}");
        assert_eq!(out, "Accepté : je m’en occupe.\nRetirer 24 élèves.\n", "{engine:?}");
        machine.clock.set(machine.clock.now().plus_hours(2));
        let (code, out, err) = machine.said(&["agree", &late]).await;
        assert_eq!((code, out.as_str()), (1, ""), "{engine:?}");
        assert!(err.starts_with("Trop tard : cette demande a expiré, rien n’a été fait."), "{engine:?}: {err}");
        // That it is over was written down.
        let (code, _, err) = machine.said(&["agree", &late]).await;
        assert!(code == 1 && err.contains("(AGR-03)"), "{engine:?}: {err}");
        beside.close().await;
        machine.remove().await;
    }
}

/// What another process writes is seen within a second (and the time that a busy machine takes).
const NOTICED: Duration = Duration::from_millis(2_500);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_work_beside_a_live_run_which_notices_what_they_write() {
    for engine in Engine::all() {
        let machine = Machine::on(engine).await;
        let running = machine.run();
        machine.until("/readyz", 200).await;
        let admin = machine.admin().await;
        let words = |text: &str| machine.sandbox.messages(admin).iter().filter(|said| said.text == text).count();

        // A message that somebody else's process writes down, and one that is in doubt and is asked for again.
        let beside = machine.database().await;
        let payload = |text: &str| {
            let page = serde_json::json!({ "text": text, "keys": [], "silent": false });
            serde_json::json!({ "chat": admin, "page": page, "edit": null, "slot": null })
        };
        let row = Put::new("telegram.answer", "from beside", &payload("from beside")).expect("a row");
        let row = row.rank(Rank::Answer).repeatable();
        let began = machine.clock.elapsed();
        beside.db.transact(async |tx| outbox::put(tx, row).await).await.expect("written");
        eventually("sent", async || words("from beside") == 1).await;
        let took = machine.clock.elapsed().saturating_sub(began);
        assert!(took < NOTICED, "{engine:?}: {took:?}");
        let mut raw = Raw::url(&machine.database_url()).await;
        let put_back =
            format!("UPDATE outbox SET state = 'unknown', payload = '{}' WHERE key = 'from beside'", payload("again"));
        raw.execute(&put_back).await;
        let doubted = async |tx: &mut preau::platform::store::Tx| outbox::store::look_up(tx, "from beside").await;
        let id = beside.db.read(doubted).await.expect("read").expect("the row").id;
        let (code, out, err) = machine.said(&["outbox", "list"]).await;
        assert_eq!(code, 0, "{err}");
        assert!(out.contains(&id), "{out}");
        let (code, _, err) = machine.said(&["outbox", "retry", &id]).await;
        assert_eq!(code, 0, "{err}");
        eventually("sent again", async || words("again") == 1).await;
        beside.close().await;

        machine.puts("edt.xlsx", &book(&PEOPLE, &WEEK));
        let (code, out, err) = machine.imports(&["edt.xlsx", "--apply"]).await;
        assert_eq!(code, 0, "{engine:?}: {out}{err}");
        assert_eq!(machine.sessions().await, 2);
        let (code, out, err) = machine.said(&["backup", "b.db"]).await;
        assert_eq!(code, 0, "{engine:?}: {out}{err}");
        assert!(machine.folder().join("b.db").is_file());
        // The one that runs knows what was imported.
        machine.sandbox.say(admin, admin, "/classes");
        let knows = async || machine.sandbox.last(admin).is_some_and(|last| last.text.contains("1A"));
        eventually("the class", knows).await;
        running.signal("TERM").await;
        assert_eq!(running.ended().await.0, 0);
        assert!(machine.sandbox.violations().is_empty(), "{:#?}", machine.sandbox.violations());
        machine.remove().await;
    }
}
