//! Logs and measures.
//!
//! Logs go to standard error; what is logged once is logged where it is handled, with dotted field names, and never
//! holds names, tokens, keys, texts of messages or raw answers. Measures are read at `/metrics` of `web.admin_listen`:
//!
//! | name | kind | labels | what |
//! |---|---|---|---|
//! | `preau_inbox_updates_total` | counter | `kept` | updates received: stored (`yes`) or dropped (`no`) |
//! | `preau_inbox_failed_total` | counter | | updates given up |
//! | `preau_inbox_waiting` | gauge | | updates in hand: stored and not done |
//! | `preau_outbox_settled_total` | counter | `job`, `outcome` | effects performed, by how they ended |
//! | `preau_outbox_rows` | gauge | `state` | rows in each state, at the last machine minute |
//! | `preau_outbox_stuck` | gauge | | rows overdue by more than `outbox.stuck_minutes`, at the last machine minute |
//! | `preau_outbox_late_seconds` | histogram | `job` | from due to done (school time) |
//! | `preau_telegram_requests_total` | counter | `method`, `outcome` | calls of the Bot API |
//! | `preau_telegram_seconds` | histogram | `method` | how long they took |
//! | `preau_store_seconds` | histogram | `kind` | transactions: `read`, `write` |
//! | `preau_alerts_total` | counter | `channel`, `outcome` | alerts outside Telegram |
//! | `preau_backups_total` | counter | `outcome` | backups of the day (`backup.folder`): `made`, `failed` |
//! | `preau_backup_last_seconds` | gauge | | when the last one came about, in seconds since 1970 |
//! | `preau_ready` | gauge | `check` | 1 when a check of `/readyz` passed at the last look |

use std::io::IsTerminal as _;
use std::sync::OnceLock;
use std::time::Duration;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::kernel::Clock;
use crate::platform::config::{Log, LogFormat};
use crate::platform::tasks::Tasks;

/// Names of measures; the table above says what each one is.
pub mod names {
    /// Updates received.
    pub const INBOX_UPDATES: &str = "preau_inbox_updates_total";
    /// Updates given up.
    pub const INBOX_FAILED: &str = "preau_inbox_failed_total";
    /// Updates stored and not done.
    pub const INBOX_WAITING: &str = "preau_inbox_waiting";
    /// Effects performed.
    pub const OUTBOX_SETTLED: &str = "preau_outbox_settled_total";
    /// Rows in each state.
    pub const OUTBOX_ROWS: &str = "preau_outbox_rows";
    /// Rows that are overdue.
    pub const OUTBOX_STUCK: &str = "preau_outbox_stuck";
    /// From due to done.
    pub const OUTBOX_LATE: &str = "preau_outbox_late_seconds";
    /// Calls of the Bot API.
    pub const TELEGRAM_REQUESTS: &str = "preau_telegram_requests_total";
    /// How long they took.
    pub const TELEGRAM_SECONDS: &str = "preau_telegram_seconds";
    /// Transactions.
    pub const STORE_SECONDS: &str = "preau_store_seconds";
    /// Alerts outside Telegram.
    pub const ALERTS: &str = "preau_alerts_total";
    /// Backups of the day.
    pub const BACKUPS: &str = "preau_backups_total";
    /// The last one.
    pub const BACKUP_LAST: &str = "preau_backup_last_seconds";
    /// The last look at `/readyz`.
    pub const READY: &str = "preau_ready";
}

/// Libraries that show requests, tokens or raw answers when they may say everything: never below `info`, unless the
/// filter names them.
const DISCREET: &str = "hyper=info,hyper_util=info,reqwest=info,rustls=info,lettre=info,sqlx=info,h2=info,\
                        teloxide=info,teloxide_core=info,grammers_client=info,grammers_mtproto=info,\
                        grammers_mtsender=info,grammers_session=info";

fn filter(level: &str) -> EnvFilter {
    let talkative = ["debug", "trace"].iter().any(|word| level.to_lowercase().contains(word));
    if talkative { EnvFilter::new(format!("{DISCREET},{level}")) } else { EnvFilter::new(level) }
}

/// Begins logging as configured, also for libraries that use `log`. A second call changes nothing.
pub fn init(log: &Log) {
    use tracing_subscriber::util::SubscriberInitExt as _;
    let base = tracing_subscriber::fmt().with_env_filter(filter(&log.level)).with_writer(std::io::stderr);
    // Already begun (a second test, the demo inside a test): the first one stays.
    let _ = match log.format {
        LogFormat::Human => base.with_ansi(std::io::stderr().is_terminal()).finish().try_init(),
        LogFormat::Json => base.json().flatten_event(true).finish().try_init(),
    };
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
        // Somebody else's recorder is there already: ours then stays empty, which is no reason to stop.
        if ::metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!(name: "telemetry.second_recorder", "another metrics recorder was installed before ours");
        }
        handle
    })
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
    }

    #[test]
    fn every_name_stands_in_the_table() {
        let source = include_str!("telemetry.rs");
        let table: String = source.lines().filter(|line| line.starts_with("//! | `")).collect();
        for name in source.lines().filter_map(|line| line.split_once(": &str = \"preau_")).map(|(_, rest)| rest) {
            let name = name.trim_end_matches("\";");
            assert!(table.contains(&format!("`preau_{name}`")), "{name} is not in the table");
        }
    }

    #[test]
    fn libraries_stay_discreet_when_everything_is_logged() {
        assert!(filter("debug").to_string().contains("teloxide_core=info"));
        assert!(!filter("info").to_string().contains("teloxide_core"));
        assert!(filter("debug,sqlx=trace").to_string().contains("sqlx=trace"));
    }
}
