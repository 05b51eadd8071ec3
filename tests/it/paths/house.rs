//! The minute's house-keeping, and how admins hear outside Telegram that something is wrong.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use preau::app::{self, House};
use preau::kernel::absence::{Absence, Needed};
use preau::kernel::{Clock, Lang};
use preau::platform::alert::Alert;
use preau::platform::inbox;
use preau::platform::outbox::{self, Put};
use preau::platform::store::{Lease, Probe, Tenure};
use preau::platform::tasks::Tasks;
use preau::sandbox::{Fault, Limits, Options, Sandbox};
use preau::telegram::Telegram;
use preau::telegram::port::{Messenger, Updates};

use super::{MORNING, eventually, within};
use crate::world::{Engine, Place, schema};

/// The house is kept each second.
const EACH_SECOND: &str = "* * * * * *";

/// A house on a store of its own, with a mail server that a test reads.
async fn house(engine: Engine) -> (House, Sandbox, Place, preau::platform::store::Database) {
    let clock = Clock::standing(MORNING);
    let options = Options { clock: clock.clone(), seed: 5, limits: Limits::default(), schema: schema() };
    let sandbox = Sandbox::start(options).await.expect("the sandbox");
    let place = Place::on(engine).await;
    let keys = [
        ("telegram.token", sandbox.token().to_owned()),
        ("telegram.api_url", sandbox.bot_api_url()),
        ("alert.smtp_host", "127.0.0.1".to_owned()),
        ("alert.smtp_port", sandbox.smtp_port().to_string()),
        ("alert.smtp_tls", "none".to_owned()),
        ("alert.mail_from", "preau@school.example".to_owned()),
        ("alert.mail_to", "admin@school.example".to_owned()),
    ];
    let keys: Vec<(&str, &str)> = keys.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let database = place.open_with(clock.clone(), &keys).await;
    let alert = Alert::new(&database.db.config().alert, Lang::Fr, &clock).expect("the alerts");
    let shared = engine == Engine::Postgres;
    let tenure = if shared { Tenure::shared(&clock, Duration::from_secs(10)) } else { Tenure::alone(&clock) };
    let house = House::new(database.db.clone(), alert, tenure, Arc::new(OnceLock::new()));
    (house, sandbox, place, database)
}

/// The same, and it serves Telegram.
async fn serving_house(engine: Engine) -> (House, Sandbox, Place, preau::platform::store::Database) {
    let (house, sandbox, place, database) = house(engine).await;
    let tenure = Tenure::alone(database.db.clock());
    (House::new(database.db.clone(), house.alert.clone(), tenure, Arc::default()), sandbox, place, database)
}

fn subjects(sandbox: &Sandbox) -> Vec<String> {
    sandbox.mails().into_iter().map(|mail| mail.subject).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_are_stuck_are_told_and_what_served_is_purged() {
    for engine in Engine::all() {
        // What this task measures, as `/metrics` says it: other tests measure beside it.
        let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
        let page = recorder.handle();
        let _measured = metrics::set_default_local_recorder(&recorder);
        let stuck = |count: u32| page.render().lines().any(|line| line == format!("preau_outbox_stuck {count}"));
        let (house, sandbox, mut place, database) = serving_house(engine).await;
        let clock = database.db.clock().clone();
        house.keep().await.expect("kept");
        assert!(sandbox.mails().is_empty(), "{engine:?}: nothing is wrong");
        assert!(stuck(0), "{engine:?}: {}", page.render());
        let put = Put::new("session.remind", "stuck", &serde_json::json!({})).unwrap();
        database.db.transact(async |tx| outbox::put(tx, put.due(MORNING)).await).await.unwrap();
        // An update that was taken two days ago, and one of today.
        for id in [1, 2] {
            database.db.transact(async |tx| inbox::store::insert(tx, id, 7, "{}").await).await.unwrap();
        }
        database.db.transact(async |tx| inbox::store::settle(tx, 1).await).await.unwrap();
        clock.set(MORNING.plus_minutes(4));
        house.keep().await.expect("kept");
        assert!(sandbox.mails().is_empty(), "{engine:?}: a few minutes are no news");
        assert!(stuck(0), "{engine:?}");
        clock.set(MORNING.plus_minutes(6));
        for _ in 0..3 {
            house.keep().await.expect("kept");
        }
        assert!(stuck(1), "{engine:?}: {}", page.render());
        let mails = sandbox.mails();
        assert_eq!(mails.len(), 1, "{engine:?}: once an hour: {mails:?}");
        assert!(mails[0].subject.starts_with("Préau"), "{mails:?}");
        assert_eq!(database.db.read(async |tx| inbox::store::waiting(tx).await).await.unwrap(), 1);
        // What was done: an answer to somebody, and a reminder.
        database
            .db
            .transact(async |tx| {
                for kind in ["telegram.answer", "attendance.report"] {
                    outbox::put(tx, Put::new(kind, kind, &serde_json::json!({}))?).await?;
                    outbox::store::absorb(tx, kind).await?;
                }
                Ok(())
            })
            .await
            .expect("done");
        let mut raw = crate::store::Raw::open(&place).await;
        for (hours, updates, answers, reports) in [(47, 2, 1, 1), (2, 1, 0, 1), (5 * 24 - 2, 1, 0, 1), (2, 1, 0, 0)] {
            clock.correct_wall(clock.wall().plus_hours(hours));
            house.keep().await.expect("kept");
            let rows = |kind: &str| format!("SELECT COUNT(*) FROM outbox WHERE kind = '{kind}'");
            assert_eq!(
                [
                    raw.number("SELECT COUNT(*) FROM inbox").await,
                    raw.number(&rows("telegram.answer")).await,
                    raw.number(&rows("attendance.report")).await,
                ],
                [updates, answers, reports],
                "{engine:?}: /confidentialite: what was taken and answered lives 48 hours, what was sent unasked 7 days"
            );
        }
        database.close().await;
        sandbox.stop().await;
        place.remove().await;
    }
}

/// Telegram away at the start, or from some moment on: told by mail, since nothing else would tell it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silence_is_told() {
    for engine in Engine::all() {
        let (house, sandbox, mut place, database) = house(engine).await;
        let clock = database.db.clock().clone();
        house.listen_for_silence().await.expect("listened");
        clock.correct_wall(clock.wall().plus_minutes(4));
        house.listen_for_silence().await.expect("listened");
        assert!(sandbox.mails().is_empty(), "{engine:?}: four minutes");
        clock.correct_wall(clock.wall().plus_minutes(2));
        house.listen_for_silence().await.expect("listened");
        assert_eq!(subjects(&sandbox), ["Préau : Telegram ne répond pas"], "{engine:?}");
        // It answered: no news for as long as it does.
        let bot = app::connect(database.db.config(), &clock, &Probe::default()).await.expect("the bot");
        house.bot.set(Arc::new(bot)).ok();
        for _ in 0..3 {
            clock.correct_wall(clock.wall().plus_minutes(70));
            house.listen_for_silence().await.expect("listened");
        }
        assert_eq!(subjects(&sandbox).len(), 1, "{engine:?}");
        database.close().await;
        sandbox.stop().await;
        place.remove().await;
    }
}

/// Telegram answered, and goes away while the program runs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silence_from_some_moment_on_is_told() {
    for engine in Engine::all() {
        let (house, sandbox, mut place, database) = serving_house(engine).await;
        let clock = database.db.clock().clone();
        let bot = app::connect(database.db.config(), &clock, &Probe::default()).await.expect("the bot");
        let bot = Arc::new(bot);
        house.bot.set(Arc::clone(&bot) as Arc<dyn Updates>).ok();
        let alert = house.alert.clone();
        let routes = Arc::new(app::routes().expect("the routes"));
        let tasks = Tasks::default();
        let line = (Arc::clone(&bot) as Arc<dyn Updates>, Arc::clone(&bot) as Arc<dyn Messenger>);
        tasks.spawn(Telegram::new(database.db.clone(), line, routes, house.tenure.clone(), alert).run(tasks.clone()));
        let answers = async |so: bool| eventually("polled", async || bot.reader().is_some() == so).await;
        let pass = async |minutes: i64| {
            house.listen_for_silence().await.expect("listened");
            clock.correct_wall(clock.wall().plus_minutes(minutes));
            house.listen_for_silence().await.expect("listened");
        };
        answers(true).await;
        pass(70).await;
        sandbox.fault(Fault::Away(true));
        sandbox.restart();
        answers(false).await;
        pass(4).await;
        assert!(subjects(&sandbox).is_empty(), "{engine:?}: four minutes");
        pass(2).await;
        assert_eq!(subjects(&sandbox), ["Préau : Telegram ne répond pas"], "{engine:?}");
        // It is back for a moment: what is counted begins anew.
        sandbox.fault(Fault::Away(false));
        answers(true).await;
        pass(70).await;
        assert_eq!(subjects(&sandbox).len(), 1, "{engine:?}");
        tasks.stop(&clock, Duration::from_secs(4)).await;
        database.close().await;
        sandbox.stop().await;
        place.remove().await;
    }
}

/// A program that starts while Telegram is away goes on with what the one before saw: one mail, since the first hour. And
/// whoever only stands by leaves it to who serves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_absence_outlasts_the_program_that_saw_it() {
    for engine in Engine::all() {
        let (house, sandbox, mut place, database) = house(engine).await;
        let clock = database.db.clock().clone();
        let anew = |tenure| {
            let alert = Alert::new(&database.db.config().alert, Lang::Fr, &clock).expect("the alerts");
            House::new(database.db.clone(), alert, tenure, Arc::default())
        };
        let pass = async |house: &House| {
            house.listen_for_silence().await.expect("listened");
            clock.correct_wall(clock.wall().plus_minutes(6));
            clock.set(clock.now().plus_minutes(6));
            house.listen_for_silence().await.expect("listened");
        };
        let last = async || {
            let read = database.db.read(async |tx| inbox::absence::last(tx, Needed::Telegram).await).await;
            read.expect("read").expect("an absence")
        };
        pass(&house).await;
        let next = anew(Tenure::alone(&clock));
        pass(&next).await;
        assert_eq!(subjects(&sandbox).len(), 1, "{engine:?}: one for each absence");
        let seen = Absence { what: Needed::Telegram, since: MORNING, until: None, told: true };
        assert_eq!(last().await, seen, "{engine:?}");
        let bot = app::connect(database.db.config(), &clock, &Probe::default()).await.expect("the bot");
        let bot: Arc<dyn Updates> = Arc::new(bot);
        let tenure = Tenure::shared(&clock, Duration::from_secs(10));
        let beside = anew(tenure.clone());
        beside.bot.set(bot.clone()).ok();
        pass(&beside).await;
        assert_eq!(last().await, seen, "{engine:?}: who stands by does not know");
        let lease = Lease { name: "telegram", holder: "beside".to_owned(), term: Duration::from_secs(10) };
        let tasks = Tasks::default();
        tasks.spawn(tenure.clone().keep(lease, None, database.db.clone(), tasks.clone()));
        tenure.held().await;
        beside.listen_for_silence().await.expect("listened");
        assert_eq!(last().await, seen, "{engine:?}: who takes over did not ask yet");
        tasks.stop(&clock, Duration::from_secs(1)).await;
        let back = anew(Tenure::alone(&clock));
        back.bot.set(bot).ok();
        back.listen_for_silence().await.expect("listened");
        assert_eq!(last().await, Absence { until: Some(clock.now()), ..seen }, "{engine:?}");
        let told = database.db.read(async |tx| outbox::store::waiting(tx).await).await.expect("read");
        assert_eq!(told, 0, "{engine:?}: who had the mail is not told again");
        database.close().await;
        sandbox.stop().await;
        place.remove().await;
    }
}

/// The mail server is away with the network: `/etat` says it all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_absence_is_kept_although_no_mail_leaves() {
    for engine in Engine::all() {
        let (house, sandbox, mut place, database) = house(engine).await;
        let clock = database.db.clock().clone();
        let mut away = database.db.config().alert.clone();
        away.smtp_port = super::free_port();
        let alert = Alert::new(&away, Lang::Fr, &clock).expect("the alerts");
        let house = House::new(database.db.clone(), alert, house.tenure.clone(), Arc::default());
        house.listen_for_silence().await.expect("listened");
        clock.correct_wall(clock.wall().plus_minutes(6));
        assert!(house.listen_for_silence().await.is_err(), "{engine:?}: nobody was told");
        let last = database.db.read(async |tx| inbox::absence::last(tx, Needed::Telegram).await).await.expect("read");
        assert_eq!(last.map(|last| (last.until, last.told)), Some((None, false)), "{engine:?}");
        database.close().await;
        sandbox.stop().await;
        place.remove().await;
    }
}

/// What the minute asks for is done by the tick that the program sets going: rows are counted, silence is heard.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_tick_keeps_the_house_and_hears_silence() {
    for engine in Engine::all() {
        let (house, sandbox, mut place, database) = serving_house(engine).await;
        let clock = database.db.clock().clone();
        let tasks = Tasks::default();
        let mut ticker = house.tick(EACH_SECOND, tasks.clone()).await.expect("it ticks");
        // The moments that recur are written by house-keeping alone.
        let mut raw = crate::store::Raw::open(&place).await;
        let moments = "SELECT COUNT(*) FROM outbox WHERE key LIKE 'moment:%'";
        within(Duration::from_secs(10), "kept", async || raw.number(moments).await > 0).await;
        within(Duration::from_secs(10), "told", async || {
            // Whichever tick heard the silence first, five minutes are soon over.
            clock.correct_wall(clock.wall().plus_minutes(6));
            subjects(&sandbox).contains(&"Préau : Telegram ne répond pas".to_owned())
        })
        .await;
        ticker.shutdown().await.expect("it stops");
        tasks.stop(&clock, Duration::from_secs(4)).await;
        drop(raw);
        database.close().await;
        sandbox.stop().await;
        place.remove().await;
    }
}

/// Two programs on one store: the one that serves Telegram tells of rows that are stuck, the other one does not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_houses_one_tells_that_rows_are_stuck() {
    for engine in Engine::all() {
        let (serving, sandbox, mut place, database) = serving_house(engine).await;
        let clock = database.db.clock().clone();
        let other = Alert::new(&database.db.config().alert, Lang::Fr, &clock).expect("the alerts");
        let tenure = Tenure::shared(&clock, Duration::from_secs(10));
        let standing_by = House::new(database.db.clone(), other, tenure, Arc::default());
        let put = Put::new("session.remind", "stuck", &serde_json::json!({})).unwrap();
        database.db.transact(async |tx| outbox::put(tx, put.due(MORNING)).await).await.unwrap();
        clock.set(MORNING.plus_minutes(6));
        standing_by.keep().await.expect("kept");
        assert!(sandbox.mails().is_empty(), "{engine:?}: it does not serve");
        serving.keep().await.expect("kept");
        standing_by.keep().await.expect("kept");
        assert_eq!(sandbox.mails().len(), 1, "{engine:?}");
        database.close().await;
        sandbox.stop().await;
        place.remove().await;
    }
}
