//! The world of a test: sandbox and product on one stage, on SQLite, and on PostgreSQL when `TEST_POSTGRES_URL` is set.

use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::sync::Once;

use preau::demo::stage::{Set, Stage};
use preau::kernel::At;
use preau::kernel::time::{Zone, read_day, read_hour};
use preau::platform::store::Probe;
use preau::sandbox::{Call, Limits};

use crate::place::{in_ci, tell};

mod keyboards;
pub use crate::place::{Engine, Place};

static TOLD: Once = Once::new();

/// The Bot API's schema, where it lies beside the checkout. In CI its absence is a failure.
pub fn schema() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/telegram/api.json");
    if path.exists() {
        return Some(path);
    }
    assert!(!in_ci(), "CI has no ../shared/telegram/api.json to hold the wire against");
    TOLD.call_once(|| tell("skipped: the Bot API's schema is not here; the wire is not held against it"));
    None
}

/// A school on a stage.
pub struct World {
    stage: Stage,
    pub place: Place,
    /// What Telegram refused and the test is about: words of its answers.
    refusals: Vec<&'static str>,
    ended: bool,
}

/// A world that nobody looked at in the end may have gone wrong unseen.
impl Drop for World {
    fn drop(&mut self) {
        assert!(self.ended || std::thread::panicking(), "a test ends its world with check(), or with strike()");
    }
}

impl Deref for World {
    type Target = Stage;
    fn deref(&self) -> &Stage {
        &self.stage
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut Stage {
        &mut self.stage
    }
}

/// `at("24/11/2026", "13:45")` in Paris.
pub fn at(day: &str, hour: &str) -> At {
    Zone::default().instant(read_day(day).expect("a day"), read_hour(hour).expect("an hour"))
}

/// Where sign-ins of callers may lie; no file is there before a test writes it.
fn seeds(place: &Place) -> String {
    [1, 2, 3, 4].map(|number| seed(place, number).display().to_string()).join(",")
}

pub fn seed(place: &Place, number: usize) -> PathBuf {
    place.path(&format!("caller{number}.seed"))
}

impl World {
    /// Tuesday 24 November 2026, 08:00 in Paris.
    pub async fn on(engine: Engine) -> Self {
        Self::with(engine, Probe::default(), &[]).await
    }

    pub async fn with(engine: Engine, probe: Probe, keys: &[(&str, &str)]) -> Self {
        Self::limited(engine, probe, keys, Limits::default()).await
    }

    /// At Telegram's own limits, and the product at its usual pace.
    pub async fn paced(engine: Engine) -> Self {
        let keys = [("overall", "30"), ("chat", "1"), ("group", "20")];
        let keys = keys.map(|(name, most)| (format!("telegram.limits.{name}"), most));
        let keys: Vec<(&str, &str)> = keys.iter().map(|(name, most)| (name.as_str(), *most)).collect();
        let limits = Limits { overall_per_second: 30, chat_per_second: 1, group_per_minute: 20, ..Limits::default() };
        Self::limited(engine, Probe::default(), &keys, limits).await
    }

    /// At Telegram's limits for calls, and the product at its own pace: for worlds whose hours pass as hours do.
    pub async fn of_calls(engine: Engine) -> Self {
        let keys = [("telegram.caller.poll_seconds", "12"), ("telegram.caller.pace_ms", "212")];
        Self::paced_or_not(engine, Probe::default(), &keys, Limits::default()).await
    }

    async fn limited(engine: Engine, probe: Probe, keys: &[(&str, &str)], limits: Limits) -> Self {
        Self::paced_or_not(engine, probe, keys, Limits { calls_unpaced: true, ..limits }).await
    }

    async fn paced_or_not(engine: Engine, probe: Probe, keys: &[(&str, &str)], limits: Limits) -> Self {
        let place = Place::ready(engine).await;
        let mut all = vec![
            ("database.url".to_owned(), place.url.clone()),
            ("files.folder".to_owned(), place.path("files").display().to_string()),
            ("telegram.limits.overall".to_owned(), "0".to_owned()),
            ("telegram.limits.chat".to_owned(), "0".to_owned()),
            ("telegram.limits.group".to_owned(), "0".to_owned()),
            ("school.name".to_owned(), "École Horizon".to_owned()),
            ("secrets.key_file".to_owned(), place.path("secrets.key").display().to_string()),
            // This program is a test: what reads workbooks is the real one.
            ("files.reader".to_owned(), env!("CARGO_BIN_EXE_preau").to_owned()),
            ("telegram.caller.seeds".to_owned(), seeds(&place)),
            // Twice as seldom as usual, and still never blind.
            ("telegram.caller.poll_seconds".to_owned(), "30".to_owned()),
        ];
        all.extend(keys.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        let set = Set { at: at("24/11/2026", "08:00"), seed: 7, keys: all, limits, schema: schema(), probe };
        let stage = Stage::raise(set).await.expect("the stage");
        Self { stage, place, refusals: Vec::new(), ended: false }
    }

    /// Lets school time pass until this hour of the day on which the world stands.
    pub async fn until(&self, hour: &str) {
        let zone = Zone::default();
        let day = zone.day(self.clock.now());
        self.go_to(zone.instant(day, read_hour(hour).expect("an hour"))).await.expect("time passes");
    }

    /// Telegram refuses something with these words, and that is part of what the test is about.
    pub fn expects(&mut self, words: &'static str) {
        self.refusals.push(words);
    }

    /// Everything that was said on the wire is Telegram's own language and was not refused; nothing is left undone.
    pub async fn check(mut self) {
        self.drain().await.expect("quiet");
        let refused = self.sandbox.journal().into_iter().filter(|call| !is_expected(call));
        let refused: Vec<_> =
            refused.filter(|call| !self.refusals.iter().any(|words| call.outcome.contains(words))).collect();
        assert!(refused.is_empty(), "refused by Telegram: {refused:#?}");
        let clumsy = keyboards::clumsy(&self.sandbox.journal());
        assert!(clumsy.is_empty(), "keyboards against PRODUCT c.2: {clumsy:#?}");
        let troubled = self
            .db()
            .expect("running")
            .read(async |tx| preau::platform::outbox::store::troubled(tx, 20).await)
            .await
            .expect("the outbox");
        assert!(troubled.is_empty(), "dead or in doubt: {troubled:#?}");
        self.strike().await;
    }

    /// Takes everything down; what was said on the wire was Telegram's own language in any case.
    pub async fn strike(&mut self) {
        self.ended = true;
        let violations = self.sandbox.violations();
        assert!(violations.is_empty(), "against the Bot API's schema: {violations:#?}");
        self.stage.stop().await;
        self.stage.sandbox.stop().await;
        self.place.remove().await;
    }
}

/// What user accounts learn of calls, groups and themselves by asking: each of these has its answer in the product. That
/// one asked too often (`FLOOD_WAIT`), or for what there is not, is not among them.
const LEARNT: [&str; 11] = [
    "AUTH_KEY_UNREGISTERED",
    "CHANNEL_PRIVATE",
    "CHAT_ADMIN_REQUIRED",
    "CREATE_CALL_FAILED",
    "GROUPCALL_ALREADY_DISCARDED",
    "GROUPCALL_ALREADY_STARTED",
    "GROUPCALL_FORBIDDEN",
    "GROUPCALL_INVALID",
    "USER_ALREADY_PARTICIPANT",
    "USER_CREATOR",
    "USER_DEACTIVATED_BAN",
];

/// All that may become of a request in a world where nothing is wrong. Whatever else Telegram says (that it knows no
/// such chat, token or right, that another program polls, that it was asked too often) a test must expect by name.
fn is_expected(call: &Call) -> bool {
    match call.outcome.as_str() {
        // Lines are broken by the fault plan, and by programs that end.
        "ok" | "lost" | "reset" => true,
        // The poll of a program that runs.
        "waiting" => call.method == "getUpdates",
        // Words that stand there already may be said again: nothing changes.
        other => call.planned || LEARNT.contains(&other) || other.contains("message is not modified"),
    }
}

#[test]
fn what_telegram_refuses_is_expected_by_name_or_by_plan() {
    let call = |method: &str, outcome: &str, planned: bool| Call {
        number: 1,
        at: At(0),
        method: method.to_owned(),
        params: serde_json::Value::Null,
        chat_id: None,
        outcome: outcome.to_owned(),
        planned,
    };
    let usual = [("sendMessage", "ok"), ("getUpdates", "waiting"), ("sendMessage", "lost")];
    for (method, outcome) in usual.into_iter().chain([("phone.getGroupCall", "GROUPCALL_INVALID")]) {
        assert!(is_expected(&call(method, outcome, false)), "{method}: {outcome}");
    }
    let refused = [
        "Unauthorized",
        "Conflict: terminated by other getUpdates request",
        "Too Many Requests: retry after 3",
        "Bad Gateway",
        "Bad Request: chat not found",
        "waiting",
        "FLOOD_WAIT_7",
        "PEER_ID_INVALID",
    ];
    for outcome in refused {
        assert!(!is_expected(&call("sendMessage", outcome, false)), "{outcome}");
    }
    assert!(is_expected(&call("sendMessage", "Too Many Requests: retry after 3", true)));
}

/// What the bot said last in a chat.
pub fn last(world: &World, chat: i64) -> String {
    world.sandbox.last(chat).map(|message| message.text).unwrap_or_default()
}
