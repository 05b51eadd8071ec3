//! A school with a canary in everything, and the real program that serves it.

use std::path::PathBuf;

use preau::demo::stage::{Set, Stage};
use preau::kernel::Clock;
use preau::platform::store::Probe;
use preau::sandbox::{Limits, Message};
use tokio::process::Command;

use super::planted::{self, Canary, SECRETS, canary};
use crate::paths::{Running, ask, bare, free_port, told, within};
use crate::place::{Engine, Place};
use crate::talk::school::at;
use crate::world::schema;

pub struct Town {
    pub stage: Stage,
    pub place: Place,
    port: u16,
    running: Option<Running>,
    /// What commands said: standard error, and standard output of those that show nobody's data.
    pub said: Vec<(String, Vec<u8>)>,
    /// Links that nobody has used, and the key of the account that signs in.
    pub credentials: Vec<Canary>,
}

impl Town {
    pub async fn on(engine: Engine) -> Self {
        let place = Place::ready(engine).await;
        let set = Set {
            at: at("23/11/2026", "18:00"),
            seed: 11,
            keys: vec![("database.url".to_owned(), place.url.clone())],
            limits: Limits { calls_unpaced: true, ..Limits::default() },
            schema: schema(),
            probe: Probe::default(),
        };
        let stage = Stage::watch(set).await.expect("the stage");
        for (key, value) in SECRETS {
            std::fs::write(place.path(key), value).expect("a secret's file");
        }
        let credentials = vec![canary("the bot's token", stage.sandbox.token().split_once(':').expect("a token").1)];
        Self { stage, place, port: free_port(), running: None, said: Vec::new(), credentials }
    }

    pub fn secrets(&self) -> Vec<Canary> {
        let all = SECRETS.iter().map(|(key, value)| canary(key, value));
        all.chain([canary("database.url", planted::DATABASE)]).chain(self.credentials.iter().cloned()).collect()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.place.path(name)
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let sandbox = &self.stage.sandbox;
        let mut command = bare(&self.place.path(""), args);
        let secret = |key: &str| SECRETS.iter().find(|(known, _)| *known == key).expect("planted").1;
        // Trust asks for no password: it stands in the address all the same.
        let url = self.place.url.replacen("postgres@", &format!("postgres:{}@", planted::DATABASE), 1);
        command
            .env("PREAU__TELEGRAM__TOKEN", sandbox.token())
            .env("PREAU__TELEGRAM__API_URL", sandbox.bot_api_url())
            .env("PREAU__TELEGRAM__CALLER__API_ID", "12345")
            .env("PREAU__TELEGRAM__CALLER__API_HASH_FILE", self.file("telegram.caller.api_hash"))
            .env("PREAU__TELEGRAM__CALLER__SEEDS", self.file("caller.seed"))
            .env("PREAU__TELEGRAM__CALLER__POLL_SECONDS", "30")
            .env("PREAU__TELEGRAM__CALLER__PACE_MS", "0")
            .env("PREAU__CLOCK__SOURCE", format!("{}/clock", sandbox.control_url()))
            .env("PREAU__WEB__ADMIN_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("PREAU__WEB__ADMIN_TOKEN_FILE", self.file("web.admin_token"))
            .env("PREAU__DATABASE__URL", url)
            .env("PREAU__FILES__FOLDER", self.file("files"))
            .env("PREAU__SECRETS__KEY", secret("secrets.key"))
            .env("PREAU__ALERT__SMTP_HOST", "127.0.0.1")
            .env("PREAU__ALERT__SMTP_PORT", sandbox.smtp_port().to_string())
            .env("PREAU__ALERT__SMTP_TLS", "none")
            .env("PREAU__ALERT__SMTP_USER", "preau")
            .env("PREAU__ALERT__SMTP_PASSWORD_FILE", self.file("alert.smtp_password"))
            .env("PREAU__ALERT__MAIL_FROM", "preau@ecole.example")
            .env("PREAU__ALERT__MAIL_TO", "alerte@ecole.example")
            .env("PREAU__ALERT__WEBHOOK_URL", format!("http://127.0.0.1:9/{}", secret("alert.webhook_url")))
            .env("PREAU__MAIL__FROM", "École <preau@ecole.example>")
            .env("PREAU__OUTBOX__LEASE_SECONDS", "5")
            .env("PREAU__OUTBOX__RETRY_BASE_MS", "20")
            .env("PREAU__OUTBOX__AGAIN_MS", "0")
            .env("PREAU__LOG__LEVEL", "trace");
        for limit in ["OVERALL", "CHAT", "GROUP"] {
            command.env(format!("PREAU__TELEGRAM__LIMITS__{limit}"), "0");
        }
        command
    }

    /// Runs it to its end; gives its exit code and standard output. What it shows to whoever types it may name people.
    pub async fn shown(&mut self, args: &[&str]) -> (i32, String) {
        let (code, out, err) = told(self.command(args).output().await.expect("the program"));
        self.said.push((format!("{args:?} on standard error"), err.into_bytes()));
        (code, out)
    }

    /// The same, of a command that names nobody.
    pub async fn tells(&mut self, args: &[&str]) -> (i32, String) {
        let (code, out) = self.shown(args).await;
        self.said.push((format!("{args:?}"), out.clone().into_bytes()));
        (code, out)
    }

    pub async fn signs_in(&mut self) -> i64 {
        let [first, last, phone] = planted::CALLER;
        let account = self.stage.sandbox.add_caller(first, last, phone, None);
        let seed = self.stage.sandbox.caller_seed(None);
        std::fs::write(self.file("caller.seed"), &seed).expect("a seed");
        let seed: serde_json::Value = serde_json::from_str(&seed).expect("JSON");
        self.credentials.push(canary("the account's key", seed["auth_key"].as_str().expect("a key")));
        let (code, out, err) = crate::paths::typed(self.command(&["login", "--phone", phone]), &["12345"]).await;
        assert_eq!(code, 0, "{out}{err}");
        self.said.push(("login on standard error".to_owned(), err.into_bytes()));
        account
    }

    pub async fn run(&mut self) {
        self.running = Some(Running::start(self.command(&["run"]), &self.file("run.log")));
        let port = self.port;
        within(std::time::Duration::from_mins(1), "ready", async || ask(port, "/readyz").await.0 == 200).await;
    }

    /// It goes without a word. On PostgreSQL whoever comes after waits for half a minute for what it held.
    pub async fn kill(&mut self) {
        self.running.take().expect("it runs").kill().await;
    }

    pub async fn ends(&mut self) {
        let running = self.running.take().expect("it runs");
        running.signal("TERM").await;
        assert_eq!(running.ended().await.0, 0);
    }

    pub fn log(&self) -> Vec<u8> {
        std::fs::read(self.file("run.log")).expect("a log")
    }

    /// What the admin listener shows to whoever has no token.
    pub async fn look_from_outside(&mut self) {
        for path in ["/metrics", "/readyz", "/healthz", "/", "/?token=zykwrong"] {
            let (status, body) = ask(self.port, path).await;
            assert!(status > 0, "{path}");
            self.said.push((path.to_owned(), body.into_bytes()));
        }
    }

    /// Somebody in Telegram, with all that Telegram knows of them.
    pub fn person(&self) -> i64 {
        let sandbox = &self.stage.sandbox;
        let [first, last] = planted::TELEGRAM;
        let account = sandbox.add_person(first, last, "fr");
        sandbox.describe(account, planted::USERNAME, planted::BIO);
        account
    }

    pub async fn settle(&self) {
        self.stage.drain().await.expect("quiet");
    }

    /// Time passes; what is pushed to the account arrives before.
    pub async fn until(&self, hour: &str) {
        Clock::machine().rest(std::time::Duration::from_millis(300)).await;
        self.stage.go_to(at("24/11/2026", hour)).await.expect("time passes");
    }

    pub async fn says(&self, who: i64, chat: i64, words: &str) {
        self.stage.sandbox.say(who, chat, words);
        self.settle().await;
    }

    /// Presses the newest key with this label in a chat.
    pub async fn presses(&self, who: i64, chat: i64, label: &str) {
        let messages = self.stage.sandbox.messages(chat);
        let key = |message: &Message| {
            let mut keys = message.buttons.iter().flatten();
            Some((message.id, keys.find(|key| key.text.contains(label))?.data.clone()?))
        };
        let found = messages.iter().rev().find_map(key);
        let (message, data) = found.unwrap_or_else(|| panic!("no key « {label} »: {:#?}", messages.last()));
        self.stage.sandbox.press_data(who, chat, message, &data);
        self.settle().await;
    }

    pub fn last(&self, chat: i64) -> String {
        self.stage.sandbox.last(chat).map(|message| message.text).unwrap_or_default()
    }

    pub async fn strike(mut self) {
        let violations = self.stage.sandbox.violations();
        assert!(violations.is_empty(), "against the Bot API's schema: {violations:#?}");
        self.stage.strike().await;
        self.place.remove().await;
    }
}
