//! The backup of each day, as a part of house-keeping.

use super::House;
use crate::kernel::{Result, Text};
use crate::platform::inbox;
use crate::platform::store::{self, Nightly};
use crate::platform::telemetry::names;
use crate::text;

impl House {
    /// Makes the day's backup when it is due. Of several programs on one store, the one that serves Telegram makes it.
    pub(super) async fn back_up(&self) -> Result<()> {
        let config = self.db.config();
        let Some(folder) = &config.backup.folder else { return Ok(()) };
        // The minute before may still be at it.
        let Ok(_alone) = self.backing_up.try_lock() else { return Ok(()) };
        let stands = self.db.read(async |tx| inbox::store::setting(tx, Nightly::SETTING).await).await?;
        let mut last = Nightly::read(stands.as_deref());
        measure(&last);
        let (clock, zone) = (self.db.clock(), config.school.time_zone);
        if !self.tenure.holds() || !last.is_due(clock, zone, config.backup.hour) {
            return Ok(());
        }
        let outcome = store::make_nightly(&self.db, folder, config.backup.keep).await;
        let how = if outcome.is_ok() { "made" } else { "failed" };
        metrics::counter!(names::BACKUPS, "outcome" => how).increment(1);
        last.ended(clock, zone, &outcome);
        if let Some(failed) = last.failed.as_mut().filter(|failed| !failed.told) {
            failed.told = self.told(&folder.display().to_string(), failed.words()).await;
        }
        measure(&last);
        let stands = serde_json::to_string(&last)?;
        self.db.transact(async |tx| inbox::store::set_setting(tx, Nightly::SETTING, &stands).await).await?;
        outcome
    }

    /// Were admins told? Without any channel `/etat` and the log have to do.
    async fn told(&self, folder: &str, why: Text) -> bool {
        let folder = Text::verbatim(folder);
        let (subject, body) = (text!("alert-backup-subject"), text!("alert-backup-body", folder = folder, why = why));
        let sent = self.tell(&subject, &body).await;
        if let Err(error) = &sent {
            tracing::warn!(error = %error, "house.alert_failed");
        }
        sent.is_ok()
    }
}

fn measure(last: &Nightly) {
    if let Some(made) = last.made {
        metrics::gauge!(names::BACKUP_LAST).set(f64::from(u32::try_from(made.seconds()).unwrap_or(0)));
    }
}
