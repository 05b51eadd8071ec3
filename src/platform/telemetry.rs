//! Logs and measures.
//!
//! Logs go to standard error; what is logged once is logged where it is handled, with dotted field names, and never
//! holds names, tokens, keys, texts of messages or raw answers. Measures are read at `/metrics` of `web.admin_listen`;
//! [`MEASURES`] says what each one is, and `/metrics` says it with them.

use std::io::{IsTerminal as _, Write as _};
use std::sync::OnceLock;
use std::time::Duration;

use ::metrics::{KeyName, Recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::kernel::Clock;
use crate::platform::config::{Log, LogFormat};
use crate::platform::tasks::Tasks;

/// Names of measures; [`MEASURES`] says what each one is.
pub mod names {
    pub const INBOX_UPDATES: &str = "preau_inbox_updates_total";
    pub const INBOX_FAILED: &str = "preau_inbox_failed_total";
    pub const INBOX_WAITING: &str = "preau_inbox_waiting";
    pub const OUTBOX_SETTLED: &str = "preau_outbox_settled_total";
    pub const OUTBOX_ROWS: &str = "preau_outbox_rows";
    pub const OUTBOX_STUCK: &str = "preau_outbox_stuck";
    pub const OUTBOX_LATE: &str = "preau_outbox_late_seconds";
    pub const TELEGRAM_REQUESTS: &str = "preau_telegram_requests_total";
    pub const TELEGRAM_SECONDS: &str = "preau_telegram_seconds";
    pub const STORE_SECONDS: &str = "preau_store_seconds";
    pub const ALERTS: &str = "preau_alerts_total";
    pub const BACKUPS: &str = "preau_backups_total";
    pub const BACKUP_LAST: &str = "preau_backup_last_seconds";
    pub const READY: &str = "preau_ready";
}

/// How a measure is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    Counter,
    Gauge,
    Histogram,
}

/// Every measure: its name, how it is kept, its labels, and what it is.
pub const MEASURES: [(&str, Kept, &[&str], &str); 14] = [
    (names::INBOX_UPDATES, Kept::Counter, &["kept"], "Updates received: stored (yes) or dropped (no)"),
    (names::INBOX_FAILED, Kept::Counter, &[], "Updates given up"),
    (names::INBOX_WAITING, Kept::Gauge, &[], "Updates in hand: stored and not done"),
    (names::OUTBOX_SETTLED, Kept::Counter, &["job", "outcome"], "Effects performed, by how they ended"),
    (names::OUTBOX_ROWS, Kept::Gauge, &["state"], "Rows in each state, at the last machine minute"),
    (
        names::OUTBOX_STUCK,
        Kept::Gauge,
        &[],
        "Rows overdue by more than outbox.stuck_minutes, at the last machine minute",
    ),
    (names::OUTBOX_LATE, Kept::Histogram, &["job"], "From due to done, in seconds of school time"),
    (names::TELEGRAM_REQUESTS, Kept::Counter, &["method", "outcome"], "Calls of the Bot API"),
    (names::TELEGRAM_SECONDS, Kept::Histogram, &["method"], "How long calls of the Bot API took, in seconds"),
    (names::STORE_SECONDS, Kept::Histogram, &["kind"], "How long transactions took, in seconds: read, write"),
    (names::ALERTS, Kept::Counter, &["channel", "outcome"], "Alerts outside Telegram"),
    (names::BACKUPS, Kept::Counter, &["outcome"], "Backups of the day (backup.folder): made, failed"),
    (
        names::BACKUP_LAST,
        Kept::Gauge,
        &[],
        "When the last backup of the day came about, in seconds since 1970; absent before the first",
    ),
    (names::READY, Kept::Gauge, &["check"], "1 when this check of /readyz passed at the last look"),
];

/// Libraries that show requests, tokens or raw answers when they may say everything: never below `info`, unless the
/// filter names them.
const DISCREET: &str = "hyper=info,hyper_util=info,reqwest=info,rustls=info,lettre=info,sqlx=info,h2=info,\
                        teloxide=info,teloxide_core=info,grammers_client=info,grammers_mtproto=info,\
                        grammers_mtsender=info,grammers_session=info";

/// A library that tells of itself at each start what tells nobody anything.
const QUIET: &str = "tokio_cron_scheduler=warn";

/// A library that warns of each connection that ends, ours too.
const CONNECTIONS: &str = "grammers_mtsender=error";

fn filter(level: &str) -> EnvFilter {
    let says = |words: &[&str]| words.iter().any(|word| level.to_lowercase().contains(word));
    // What is named later wins: whoever asks for a library by name hears it.
    if says(&["debug", "trace"]) {
        EnvFilter::new(format!("{DISCREET},{QUIET},{level}"))
    } else if says(&["info"]) {
        EnvFilter::new(format!("{QUIET},{level}"))
    } else {
        // What a connection meets is told by whoever asked through it.
        EnvFilter::new(format!("{CONNECTIONS},{level}"))
    }
}

/// Begins logging as configured, also for libraries that use `log`. A second call changes nothing.
pub fn init(log: &Log) {
    use tracing_subscriber::util::SubscriberInitExt as _;
    let base = tracing_subscriber::fmt().with_env_filter(filter(&log.level)).with_writer(std::io::stderr);
    // A line that cannot be written (its file's disk is full) is lost: telling so on the same way would panic.
    let base = base.log_internal_errors(false);
    // Already begun (a second test, the demo inside a test): the first one stays.
    let _ = match log.format {
        LogFormat::Human => base.with_ansi(std::io::stderr().is_terminal()).finish().try_init(),
        LogFormat::Json => base.json().flatten_event(true).finish().try_init(),
    };
}

/// What a panic leaves behind tells where it was, and its words only where they stand so in the source: others quote what
/// was being worked on (a name, a token). No dump of the memory is written either.
pub fn crash_discreetly() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let words = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(its words are not kept)");
        tracing::error!(place, words, "preau.panicked");
        // Whoever filters the log, or has none yet, is told all the same.
        if !tracing::enabled!(tracing::Level::ERROR) {
            let _ = writeln!(std::io::stderr(), "preau: panicked at {place}: {words}");
        }
    }));
    let none = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    // Where it is not allowed, the system's own limit stays.
    let _ = rustix::process::setrlimit(rustix::process::Resource::Core, none);
}

/// The measures of this process, installed at the first call.
pub fn metrics() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        // In seconds: from a fast transaction to a job that is an hour late.
        let buckets = [0.005, 0.02, 0.1, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 3600.0];
        let builder = PrometheusBuilder::new();
        let builder = builder.set_buckets(&buckets).unwrap_or_else(|_| PrometheusBuilder::new());
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        describe(&recorder);
        // Somebody else's recorder is there already: ours then stays empty, which is no reason to stop.
        if ::metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!(name: "telemetry.second_recorder", "another metrics recorder was installed before ours");
        }
        handle
    })
}

/// Has `/metrics` say what each measure is.
fn describe(recorder: &impl Recorder) {
    for (name, kept, _, what) in MEASURES {
        let name = KeyName::from_const_str(name);
        match kept {
            Kept::Counter => recorder.describe_counter(name, None, what.into()),
            Kept::Gauge => recorder.describe_gauge(name, None, what.into()),
            Kept::Histogram => recorder.describe_histogram(name, None, what.into()),
        }
    }
}

/// Keeps histograms from growing: the exporter leaves that to us.
pub fn keep(tasks: &Tasks, clock: &Clock) {
    let (stopping, clock) = (tasks.stopping().clone(), clock.clone());
    tasks.spawn(async move {
        while stopping.run_until_cancelled(clock.rest(Duration::from_secs(5))).await.is_some() {
            metrics().run_upkeep();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginning_twice_is_harmless() {
        let log = Log { format: LogFormat::Json, level: "warn".to_owned() };
        init(&log);
        init(&Log { format: LogFormat::Human, ..log });
    }

    #[test]
    fn measures_are_rendered() {
        let handle = metrics();
        ::metrics::counter!(names::INBOX_UPDATES, "kept" => "yes").increment(1);
        ::metrics::histogram!(names::TELEGRAM_SECONDS, "method" => "getMe").record(0.01);
        handle.run_upkeep();
        let page = handle.render();
        assert!(page.contains("preau_inbox_updates_total{kept=\"yes\"}"), "{page}");
        assert!(page.contains("preau_telegram_seconds_bucket"), "{page}");
        assert!(page.contains("# HELP preau_inbox_updates_total Updates received"), "{page}");
    }

    #[test]
    fn every_measure_is_described() {
        let source = include_str!("telemetry.rs");
        let names = source.lines().filter_map(|line| line.trim().strip_prefix("pub const ")?.split_once("\"preau_"));
        let names: Vec<String> = names.map(|(_, rest)| format!("preau_{}", rest.trim_end_matches("\";"))).collect();
        assert_eq!(names, MEASURES.map(|(name, ..)| name), "in the order of their names");
        let recorder = PrometheusBuilder::new().build_recorder();
        describe(&recorder);
        ::metrics::with_local_recorder(&recorder, || {
            for (name, kept, ..) in MEASURES {
                match kept {
                    Kept::Counter => ::metrics::counter!(name).increment(1),
                    Kept::Gauge => ::metrics::gauge!(name).set(1.0),
                    Kept::Histogram => ::metrics::histogram!(name).record(1.0),
                }
            }
        });
        let page = recorder.handle().render();
        for (name, _, _, what) in MEASURES {
            assert!(page.contains(&format!("# HELP {name} {what}\n")), "{name}: {page}");
        }
    }

    #[test]
    fn libraries_stay_discreet_when_everything_is_logged() {
        assert!(filter("debug").to_string().contains("teloxide_core=info"));
        assert!(!filter("info").to_string().contains("teloxide_core"));
        for (level, said) in [("info", true), ("debug", true), ("warn", false)] {
            assert_eq!(filter(level).to_string().contains(QUIET), said, "{level}");
        }
        assert!(filter("info,tokio_cron_scheduler=debug").to_string().contains("tokio_cron_scheduler=debug"));
        assert!(filter("debug,sqlx=trace").to_string().contains("sqlx=trace"));
    }
}
