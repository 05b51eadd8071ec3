//! School time from the sandbox's control door (`clock.source`): tests and the demo of several processes share one
//! clock. Exists with the feature `sandbox` only, and only beside a Telegram on loopback.

use std::time::Duration;

use serde::Deserialize;

use crate::kernel::{At, Clock, Error, Result};
use crate::platform::http;
use crate::platform::tasks::Tasks;

/// The door answers a waiting look within twenty seconds.
const PATIENCE: Duration = Duration::from_secs(25);

#[derive(Deserialize)]
struct Reading {
    now: At,
}

/// The sandbox's clock door.
#[derive(Debug, Clone)]
pub struct ClockDoor {
    client: http::Client,
    url: String,
}

impl ClockDoor {
    pub fn new(url: &str) -> Result<Self> {
        Ok(Self { client: http::client(Duration::from_secs(2), PATIENCE)?, url: url.to_owned() })
    }

    /// The hour now; with `after`, as soon as it is later than that.
    pub async fn read(&self, after: Option<At>) -> Result<At> {
        let away = |error| Error::outage("clock.source", &http::said(error));
        let after: Vec<(&str, i64)> = after.iter().map(|at| ("after", at.millis())).collect();
        let answer = self.client.get(&self.url).query(&after).send().await.map_err(away)?;
        let reading: Reading = answer.error_for_status().map_err(away)?.json().await.map_err(away)?;
        Ok(reading.now)
    }

    /// Moves a standing clock as the door's clock moves, until the tasks stop.
    pub async fn follow(self, clock: Clock, tasks: Tasks) {
        while !tasks.stopping().is_cancelled() {
            match tasks.stopping().run_until_cancelled(self.read(Some(clock.now()))).await {
                None => return,
                Some(Ok(now)) => clock.set(now),
                Some(Err(error)) => {
                    tracing::warn!(error = %error, "clock.door_away");
                    tasks.stopping().run_until_cancelled(clock.rest(Duration::from_millis(500))).await;
                }
            }
        }
    }
}
