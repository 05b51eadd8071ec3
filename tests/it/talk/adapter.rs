//! The Telegram side alone, with commands of a test's own.

use std::sync::Arc;
use std::time::Duration;

use preau::app;
use preau::kernel::id::Ids;
use preau::kernel::{Clock, Lang};
use preau::platform::abilities::Abilities;
use preau::platform::alert::Alert;
use preau::platform::inbox;
use preau::platform::outbox::{Hooks, Tenures, Worker};
use preau::platform::store::{Database, Probe, Tenure};
use preau::platform::tasks::Tasks;
use preau::sandbox::{Limits, Message, Options, Sandbox};
use preau::telegram::caller::Accounts;
use preau::telegram::command::{Button, Command, Identify};
use preau::telegram::port::{Desk, Messenger, Newest, Updates};
use preau::telegram::{BUTTONS, JOBS, REASONS, Routes, Telegram};

use crate::paths::{MORNING, eventually};
use crate::world::{Engine, Place, schema};

/// What a feature would register.
pub struct Parts {
    pub commands: &'static [Command],
    pub buttons: &'static [Button],
    pub identify: Identify,
}

/// The adapter alone.
pub struct Adapter {
    pub sandbox: Sandbox,
    database: Database,
    telegram: Telegram,
    tasks: Tasks,
    place: Place,
}

impl Adapter {
    pub async fn on(engine: Engine, parts: Parts) -> Self {
        Self::with(engine, parts, &[]).await
    }

    pub async fn with(engine: Engine, parts: Parts, keys: &[(&str, &str)]) -> Self {
        Self::at(Place::on(engine).await, 5, parts, keys).await
    }

    /// On a store that may know something already; another seed is another bot.
    pub async fn at(place: Place, seed: u64, parts: Parts, keys: &[(&str, &str)]) -> Self {
        let clock = Clock::standing(MORNING);
        let options = Options { clock: clock.clone(), seed, limits: Limits::default(), schema: schema() };
        let sandbox = Sandbox::start(options).await.expect("the sandbox");
        let (url, port) = (sandbox.bot_api_url(), sandbox.smtp_port().to_string());
        let mut all = vec![
            ("telegram.token", sandbox.token()),
            ("telegram.api_url", &url),
            ("outbox.retry_base_ms", "20"),
            ("alert.smtp_host", "127.0.0.1"),
            ("alert.smtp_port", &port),
            ("alert.smtp_tls", "none"),
            ("alert.mail_from", "preau@school.example"),
            ("alert.mail_to", "admin@school.example"),
        ];
        all.extend(keys);
        let config = place.config(&all);
        let ids = Ids::seeded(clock.clone(), seed);
        let opened = Database::open_alone(Arc::clone(&config), clock.clone(), ids.clone(), Probe::default()).await;
        let database = opened.expect("the database");
        let bot = app::connect(&config, &clock, &Probe::default()).await.expect("the bot");
        let Parts { commands, buttons, identify } = parts;
        let routes =
            Routes::new(commands, buttons.iter().chain(BUTTONS), [], [], [], REASONS, identify).expect("the routes");
        let (routes, tenure) = (Arc::new(routes), Tenure::alone(&clock));
        let alert = Alert::new(&config.alert, Lang::Fr, &clock).expect("the alerts");
        let db = database.db.clone();
        let bot = Arc::new(bot);
        let line = (Arc::clone(&bot) as Arc<dyn Updates>, Arc::clone(&bot) as Arc<dyn Messenger>);
        let telegram = Telegram::new(db.clone(), line, Arc::clone(&routes), tenure.clone(), alert);
        let tasks = Tasks::default();
        let desk = Desk {
            db: db.clone(),
            telegram: bot,
            callers: Arc::new(Accounts::new(db.clone(), tenure.clone(), tasks.clone(), Probe::default()).0),
            commands: routes.commands.clone().into(),
            reasons: routes.reasons.clone().into(),
            abilities: Abilities::default(),
            newest: Newest::default(),
        };
        let worker = Worker::new(
            db,
            JOBS,
            desk,
            ids.next(),
            Tenures { telegram: tenure.clone(), caller: tenure },
            Hooks::none(),
        );
        tasks.spawn(worker.run(tasks.clone()));
        tasks.spawn(telegram.clone().run(tasks.clone()));
        Self { sandbox, database, telegram, tasks, place }
    }

    /// Where its store is.
    pub fn url(&self) -> &str {
        &self.place.url
    }

    pub fn in_hand(&self) -> usize {
        self.telegram.in_hand()
    }

    pub fn said(&self, chat: i64) -> Vec<Message> {
        self.sandbox.messages(chat).into_iter().filter(|message| message.from_bot).collect()
    }

    pub async fn says(&self, chat: i64, count: usize) -> String {
        eventually("the bot answers", async || self.said(chat).len() >= count).await;
        self.said(chat).last().map(|message| message.text.clone()).unwrap_or_default()
    }

    pub async fn end(self) {
        self.stop().await.remove().await;
    }

    /// What it stored stays.
    pub async fn stop(self) -> Place {
        eventually("nothing in hand", async || self.telegram.in_hand() == 0).await;
        let waiting = self.database.db.read(async |tx| inbox::store::waiting(tx).await).await.expect("read");
        assert_eq!(waiting, 0);
        let violations = self.sandbox.violations();
        assert!(violations.is_empty(), "{violations:#?}");
        self.tasks.stop(&Clock::machine(), Duration::from_secs(4)).await;
        self.database.close().await;
        self.sandbox.stop().await;
        self.place
    }
}
