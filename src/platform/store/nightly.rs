//! The backup of each day: when one is due, its file, and which older ones go.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::backup::backup;
use super::open::Database;
use super::transaction::Db;
use crate::kernel::time::Zone;
use crate::kernel::{At, Clock, Error, Result, Text};
use crate::platform::why::why;

const BEFORE: &str = "preau-";
const AFTER: &str = ".db";
/// After a failure it is tried again this much later.
const AGAIN_HOURS: i64 = 1;

/// How the last backups of the house went: a setting of the store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nightly {
    /// School time of the last one that came about.
    pub made: Option<At>,
    /// Why there is none since.
    pub failed: Option<Failed>,
}

/// A backup that did not come about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// School time.
    pub at: At,
    /// Machine time.
    pub wall: At,
    pub why: String,
    /// Admins were told, outside Telegram, that this day's failed.
    pub told: bool,
}

impl Failed {
    /// Why, for people.
    pub fn words(&self) -> Text {
        why(&self.why)
    }

    /// How long it is not tried again from this machine time on; `None`: it may be.
    pub fn rests(&self, wall: At) -> Option<Duration> {
        let again = self.wall.plus_hours(AGAIN_HOURS);
        (again > wall).then(|| wall.until(again))
    }
}

impl Nightly {
    /// The setting's name.
    pub const SETTING: &'static str = "backup.nightly";

    /// Out of the setting; what does not parse counts as never.
    pub fn read(setting: Option<&str>) -> Self {
        setting.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// One a school day, from `hour` on; one that failed, an hour later again.
    pub fn is_due(&self, clock: &Clock, zone: Zone, hour: NaiveTime) -> bool {
        let (now, wall) = (clock.now(), clock.wall());
        let made = self.made.is_some_and(|made| zone.day(made) == zone.day(now));
        let waits = self.failed.as_ref().is_some_and(|failed| failed.rests(wall).is_some());
        zone.time(now) >= hour && !made && !waits
    }

    /// It came about, or did not; a failure is told once for each day.
    pub fn ended(&mut self, clock: &Clock, zone: Zone, outcome: &Result<()>) {
        let (at, wall) = (clock.now(), clock.wall());
        self.failed = match outcome {
            Ok(()) => {
                self.made = Some(at);
                None
            }
            Err(error) => {
                let why = match error {
                    Error::Outage { detail, .. } => detail.clone(),
                    other => other.to_string(),
                };
                let before = self.failed.take();
                let told = before.is_some_and(|before| before.told && zone.day(before.at) == zone.day(at));
                Some(Failed { at, wall, why, told })
            }
        };
    }
}

/// Makes the backup of this school day in `folder`, beside whatever the program does, and removes all but the newest
/// `keep`. One that is there already is whole: a backup appears under its name only then.
pub async fn make(db: &Db, folder: &Path, keep: usize) -> Result<()> {
    let wrong = |error: std::io::Error| Error::outage("the backup", &format!("{}: {error}", folder.display()));
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(wrong)?;
    let day = db.config().school.time_zone.day(db.clock().now());
    let file = folder.join(format!("{BEFORE}{day}{AFTER}"));
    if !file.exists() {
        // On connections of its own: while it is written, whoever decides does not wait for the one that writes.
        let beside = Database::beside(Arc::clone(db.config()), db.clock().clone(), db.ids().clone()).await?;
        let saved = backup(&beside, &file).await;
        beside.close().await;
        saved?;
    }
    for old in superseded(folder, &file, keep).map_err(wrong)? {
        std::fs::remove_file(&old).map_err(wrong)?;
    }
    Ok(())
}

/// What may go now that `newest` is there: our files beyond the newest `keep`, and what a crash left of others.
fn superseded(folder: &Path, newest: &Path, keep: usize) -> std::io::Result<Vec<PathBuf>> {
    let (mut whole, mut gone) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        match path.file_name().and_then(|name| name.to_str()).and_then(dated) {
            Some((day, "")) => whole.push((day, path)),
            Some((_, rest)) if rest.starts_with(".partial") => gone.push(path),
            _ => {}
        }
    }
    whole.sort();
    whole.retain(|(_, path)| path != newest);
    whole.truncate((whole.len() + 1).saturating_sub(keep.max(1)));
    gone.extend(whole.into_iter().map(|(_, path)| path));
    Ok(gone)
}

/// `preau-2026-11-24.db`: its day, and what stands behind.
fn dated(name: &str) -> Option<(NaiveDate, &str)> {
    let (day, rest) = name.strip_prefix(BEFORE)?.split_once(AFTER)?;
    let parsed = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    (parsed.to_string() == day).then_some((parsed, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_older_files_go() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "preau-2026-11-20.db",
            "preau-2026-11-21.db",
            "preau-2026-11-22.db",
            "preau-2026-11-24.db",
            "preau-2026-11-19.db.partial",
            "preau-2026-11-19.db.partial-journal",
            "preau-2026-11-19.db.gz",
            "preau-before-the-move.db",
            "preau-2026-1-1.db",
            "preau.db",
            "notes.txt",
        ] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        let gone = |keep| {
            let newest = folder.path().join("preau-2026-11-24.db");
            let gone = superseded(folder.path(), &newest, keep).unwrap();
            let mut names: Vec<String> =
                gone.iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
            names.sort();
            names
        };
        let torn = ["preau-2026-11-19.db.partial", "preau-2026-11-19.db.partial-journal"];
        assert_eq!(gone(4), torn);
        assert_eq!(gone(3), [torn[0], torn[1], "preau-2026-11-20.db"]);
        assert_eq!(gone(1).len(), 5, "the newest stays");
        // A clock that was wrong once: what was made just now stays all the same.
        std::fs::write(folder.path().join("preau-2031-01-01.db"), "x").unwrap();
        assert!(!gone(1).contains(&"preau-2026-11-24.db".to_owned()));
    }

    #[test]
    fn once_a_school_day_and_an_hour_after_a_failure() {
        let zone = Zone::default();
        let clock = Clock::standing(zone.instant(NaiveDate::from_ymd_opt(2026, 11, 24).unwrap(), NaiveTime::MIN));
        let hour = NaiveTime::from_hms_opt(2, 30, 0).unwrap();
        let mut last = Nightly::default();
        assert!(!last.is_due(&clock, zone, hour), "at midnight");
        clock.set(clock.now().plus_minutes(150));
        assert!(last.is_due(&clock, zone, hour));
        let full = Err(Error::outage("the backup", "disk full"));
        last.ended(&clock, zone, &full);
        assert!(!last.is_due(&clock, zone, hour), "not at once again");
        let failed = last.failed.as_mut().unwrap();
        assert_eq!((failed.why.as_str(), failed.told), ("disk full", false));
        failed.told = true;
        clock.correct_wall(clock.wall().plus_minutes(61));
        assert!(last.is_due(&clock, zone, hour));
        last.ended(&clock, zone, &full);
        assert!(last.failed.as_ref().unwrap().told, "once for each day");
        clock.set(clock.now().plus_days(1));
        last.ended(&clock, zone, &full);
        assert!(!last.failed.as_ref().unwrap().told, "the next day's is another");
        last.ended(&clock, zone, &Ok(()));
        assert_eq!(last, Nightly::read(Some(&serde_json::to_string(&last).unwrap())));
        assert!(last.failed.is_none() && !last.is_due(&clock, zone, hour));
        clock.set(clock.now().plus_days(1));
        assert!(last.is_due(&clock, zone, hour));
    }
}
