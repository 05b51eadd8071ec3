//! Telegram gives a bot's updates to one reader. Who else takes them is told apart, and told to people.

use std::time::Duration;

use futures::future::BoxFuture;
use preau::kernel::{Clock, Lang, Result, Text};
use preau::platform::http;
use preau::platform::store::Tx;
use preau::sandbox::{Fault, Sandbox};
use preau::telegram::command::{Answer, Audience, Caller, Command, Place};
use serde_json::{Value, json};

use super::adapter::{Adapter, Parts};
use crate::paths::{Machine, eventually, told};
use crate::store::Raw;
use crate::world::Engine;

const PING: Command = Command {
    fr: "ping",
    en: "ping",
    line: "welcome-menu-ping",
    help: "help-ping",
    audience: Audience::Anyone,
    place: Place::Both,
    shown: true,
    reads: true,
    take: |_| Box::pin(async { Ok(Answer::say(Text::verbatim("pong"))) }),
};

static COMMANDS: [Command; 1] = [PING];

fn identify<'a>(_: &'a mut Tx, account: i64, _: Option<&'a str>) -> BoxFuture<'a, Result<Caller>> {
    Box::pin(async move { Ok(Caller { account, person: None, rank: Audience::Anyone, lang: Lang::Fr, spoken: None }) })
}

/// What slow answers wait for.
static GATE: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(0);

static SLOW: [Command; 1] = [Command {
    take: |_| {
        Box::pin(async {
            GATE.acquire().await.expect("a gate").forget();
            Ok(Answer::say(Text::verbatim("pong")))
        })
    },
    ..PING
}];

const PARTS: Parts = Parts { commands: &COMMANDS, buttons: &[], identify };

async fn call(sandbox: &Sandbox, method: &str, params: &Value) -> Value {
    let client = http::client(Duration::from_secs(1), Duration::from_mins(1)).expect("a client");
    let url = format!("{}/bot{}/{method}", sandbox.bot_api_url(), sandbox.token());
    client.post(url).json(params).send().await.expect("an answer").json().await.expect("JSON")
}

async fn set_webhook(sandbox: &Sandbox) {
    let hook = json!({ "url": "https://bots.example/secret-path" });
    assert_eq!(call(sandbox, "setWebhook", &hook).await["ok"], json!(true));
}

/// A webhook that somebody left there: it is taken off, no message is lost, and admins are told, once an hour.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webhook_is_taken_off_and_told() {
    for engine in Engine::all() {
        let adapter = Adapter::on(engine, PARTS).await;
        let sandbox = &adapter.sandbox;
        let ines = sandbox.add_person("Inès", "Moreau", "fr");
        for count in 1..3 {
            set_webhook(sandbox).await;
            sandbox.say(ines, ines, "/ping");
            assert_eq!(adapter.says(ines, count).await, "pong", "{engine:?}");
            assert_eq!(call(sandbox, "getWebhookInfo", &json!({})).await["result"]["url"], json!(""), "{engine:?}");
        }
        eventually("admins are told", async || !sandbox.mails().is_empty()).await;
        let mails = sandbox.mails();
        assert_eq!(mails.len(), 1, "{engine:?}: {mails:?}");
        assert_eq!(mails[0].subject, "Préau : un webhook prenait les messages du bot");
        assert!(mails[0].body.contains("bots.example") && !mails[0].body.contains("secret"), "{}", mails[0].body);
        adapter.end().await;
    }
}

/// A hand-over between two programs is no news; one that goes on polling is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_program_that_polls_is_told() {
    for engine in Engine::all() {
        let adapter = Adapter::on(engine, PARTS).await;
        let sandbox = &adapter.sandbox;
        let clock = Clock::machine();
        let rival = async || {
            call(sandbox, "getUpdates", &json!({ "timeout": 1 })).await;
            clock.rest(Duration::from_millis(40)).await;
        };
        for _ in 0..3 {
            rival().await;
        }
        assert!(sandbox.mails().is_empty(), "{engine:?}");
        eventually("admins are told", async || {
            rival().await;
            !sandbox.mails().is_empty()
        })
        .await;
        assert_eq!(sandbox.mails()[0].subject, "Préau : un autre programme relève les messages du bot");
        let ines = sandbox.add_person("Inès", "Moreau", "fr");
        sandbox.say(ines, ines, "/ping");
        assert_eq!(adapter.says(ines, 1).await, "pong", "{engine:?}");
        assert_eq!(sandbox.mails().len(), 1, "{engine:?}");
        adapter.end().await;
    }
}

/// While as many updates as may be are in hand, Telegram keeps the others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_more_is_fetched_while_hands_are_full() {
    let clock = Clock::machine();
    for engine in Engine::all() {
        let slow = Parts { commands: &SLOW, buttons: &[], identify };
        let adapter = Adapter::with(engine, slow, &[("telegram.in_hand", "1")]).await;
        let sandbox = &adapter.sandbox;
        let polls = || sandbox.journal().into_iter().filter(|call| call.method == "getUpdates").count();
        let (ines, lea) = (sandbox.add_person("Inès", "Moreau", "fr"), sandbox.add_person("Léa", "Petit", "fr"));
        sandbox.say(ines, ines, "/ping");
        eventually("it is in hand", async || adapter.in_hand() == 1).await;
        let before = polls();
        sandbox.say(lea, lea, "/ping");
        for _ in 0..40 {
            clock.rest(Duration::from_millis(20)).await;
            assert_eq!((polls(), adapter.in_hand()), (before, 1), "{engine:?}: it was asked for");
        }
        GATE.add_permits(2);
        assert_eq!(adapter.says(ines, 1).await, "pong", "{engine:?}");
        assert_eq!(adapter.says(lea, 1).await, "pong", "{engine:?}");
        assert!(polls() > before, "{engine:?}");
        adapter.end().await;
    }
}

/// After a week without any update Telegram numbers anew, and lower: what comes then is taken, each once, also under a
/// number that stood there before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn updates_that_are_numbered_anew_are_taken() {
    const WEEK: i64 = 7 * 86_400_000;
    for engine in Engine::all() {
        let adapter = Adapter::on(engine, PARTS).await;
        let sandbox = &adapter.sandbox;
        let mut raw = Raw::url(adapter.url()).await;
        let ines = sandbox.add_person("Inès", "Moreau", "fr");
        let renumber = async |next: i64| {
            eventually("all is confirmed and done", async || sandbox.idle() && adapter.in_hand() == 0).await;
            sandbox.renumber_updates(next).expect("nothing waits")
        };
        sandbox.say(ines, ines, "/ping");
        assert_eq!(adapter.says(ines, 1).await, "pong", "{engine:?}");
        let first = renumber(900_000_000).await - 1;
        sandbox.say(ines, ines, "/ping");
        assert_eq!(adapter.says(ines, 2).await, "pong", "{engine:?}");
        assert_eq!(renumber(first).await, 900_000_001);
        raw.execute(&format!("UPDATE inbox SET settled_at = settled_at - {WEEK} WHERE state <> 'new'")).await;
        for count in 3..6 {
            sandbox.say(ines, ines, "/ping");
            assert_eq!(adapter.says(ines, count).await, "pong", "{engine:?}");
        }
        assert_eq!(renumber(1).await, first + 3, "{engine:?}");
        let stands = "SELECT CAST(value AS BIGINT) FROM setting WHERE name LIKE 'telegram.offset:%'";
        assert_eq!(raw.number(stands).await, first + 3, "{engine:?}");
        assert_eq!(adapter.said(ines).len(), 5, "{engine:?}: each once");
        drop(raw);
        adapter.end().await;
    }
}

/// What another bot was given over the same store says nothing of this one's updates.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_bot_has_numbers_of_its_own() {
    for engine in Engine::all() {
        let one = Adapter::on(engine, PARTS).await;
        let ines = one.sandbox.add_person("Inès", "Moreau", "fr");
        one.sandbox.say(ines, ines, "/ping");
        assert_eq!(one.says(ines, 1).await, "pong", "{engine:?}");
        eventually("all is confirmed and done", async || one.sandbox.idle() && one.in_hand() == 0).await;
        let taken = one.sandbox.renumber_updates(1).expect("nothing waits") - 1;
        let bot = one.sandbox.bot_id();
        let place = one.stop().await;

        let other = Adapter::at(place, 6, PARTS, &[]).await;
        assert_ne!(other.sandbox.bot_id(), bot);
        other.sandbox.renumber_updates(taken).expect("nothing waits");
        let ines = other.sandbox.add_person("Inès", "Moreau", "fr");
        for count in 1..3 {
            other.sandbox.say(ines, ines, "/ping");
            assert_eq!(other.says(ines, count).await, "pong", "{engine:?}");
        }
        other.end().await;
    }
}

/// A Telegram that gives the same again and again is not asked without rest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_brings_nothing_new_is_asked_at_rest() {
    let clock = Clock::machine();
    for engine in Engine::all() {
        let adapter = Adapter::on(engine, PARTS).await;
        let sandbox = &adapter.sandbox;
        let polls = || sandbox.journal().into_iter().filter(|call| call.method == "getUpdates").count();
        let ines = sandbox.add_person("Inès", "Moreau", "fr");
        sandbox.fault(Fault::DeafPolls { times: 1000 });
        sandbox.say(ines, ines, "/ping");
        assert_eq!(adapter.says(ines, 1).await, "pong", "{engine:?}");
        eventually("it comes again", async || polls() > 2).await;
        let before = polls();
        clock.rest(Duration::from_millis(900)).await;
        assert!(polls() - before <= 2, "{engine:?}: {} polls", polls() - before);
        // New ones are taken all the same.
        sandbox.say(ines, ines, "/ping");
        assert_eq!(adapter.says(ines, 2).await, "pong", "{engine:?}");
        adapter.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn check_tells_of_a_webhook() {
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        let (_, before, _) = machine.said(&["check"]).await;
        assert!(!before.contains("bots.example"), "{before}");
        set_webhook(&machine.sandbox).await;
        let (code, told, _) = machine.said(&["check"]).await;
        assert_eq!(code, 0, "{told}");
        assert!(told.contains("· Telegram envoie les messages du bot à bots.example"), "{told}");
        assert!(!told.contains("secret-path"), "{told}");
        machine.remove().await;
    }
}

/// What is connected is what answers: a server or an address that nobody serves is set, and no more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn check_tells_whether_mail_can_leave() {
    const ALERT: &str = "✓ Canal d’alerte connecté : les administrateurs sont prévenus même sans Telegram.";
    const LINKS: &str = "✓ Les liens personnels peuvent partir par mail, de preau@school.example.";
    for engine in Engine::all() {
        let machine = Machine::of(engine).await;
        let check = async |keys: &[(&str, &str)]| {
            let mut command = machine.command(&["check"]);
            command.envs(keys.iter().copied());
            let (code, said, err) = told(command.output().await.expect("the program"));
            assert!(code < 2, "{err}");
            (code, said)
        };
        let server = |port: u16| {
            [("PREAU__ALERT__SMTP_HOST", "127.0.0.1".to_owned()), ("PREAU__ALERT__SMTP_PORT", port.to_string())]
        };
        let people = ("PREAU__MAIL__FROM", "preau@school.example");
        let admins =
            [("PREAU__ALERT__MAIL_FROM", "preau@school.example"), ("PREAU__ALERT__MAIL_TO", "admin@school.example")];
        let mail = async |port: u16, more: &[(&str, &str)]| {
            let server = server(port);
            let mut keys: Vec<(&str, &str)> = server.iter().map(|(key, value)| (*key, value.as_str())).collect();
            keys.extend([("PREAU__ALERT__SMTP_TLS", "none"), people]);
            keys.extend(more);
            check(&keys).await
        };
        let (code, said) = mail(machine.sandbox.smtp_port(), &admins).await;
        assert!(code == 0 && said.contains(ALERT) && said.contains(LINKS), "{said}");
        let (code, said) = mail(1, &admins).await;
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("✗ Le serveur de mail (alert.smtp_host) ne répond pas comme il faut"), "{said}");
        assert!(!said.contains("Canal d’alerte") && !said.contains("Les liens personnels"), "{said}");
        // For personal links alone: nobody is alerted.
        let (code, said) = mail(machine.sandbox.smtp_port(), &[]).await;
        assert!(code == 0 && said.contains(LINKS) && said.contains("· Aucun canal d’alerte"), "{said}");

        // A webhook is asked, and no alert posted.
        let door = format!("{}/act", machine.sandbox.control_url());
        let (code, said) = check(&[("PREAU__ALERT__WEBHOOK_URL", &door)]).await;
        assert!(code == 0 && said.contains(ALERT), "{said}");
        let (code, said) = check(&[("PREAU__ALERT__WEBHOOK_URL", "http://127.0.0.1:1/geheim")]).await;
        assert!(code == 1 && !said.contains("Canal d’alerte connecté") && !said.contains("geheim"), "{said}");
        assert!(said.contains("✗ L’adresse des alertes (alert.webhook_url) ne répond pas"), "{said}");
        // One of two is enough to be told.
        let both = [admins[0], admins[1], ("PREAU__ALERT__WEBHOOK_URL", door.as_str())];
        let (code, said) = mail(1, &both).await;
        assert!(code == 1 && said.contains(ALERT), "{said}");
        let (_, said) = check(&[]).await;
        assert!(said.contains("· Les liens personnels ne partent pas par mail."), "{said}");
        assert!(said.contains("· Aucun canal d’alerte"), "{said}");
        machine.remove().await;
    }
}
