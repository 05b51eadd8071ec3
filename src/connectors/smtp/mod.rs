//! The school's mail: to one person at a time, plain text, through the mail server of `[alert]`, from `mail.from`.
//!
//! Its limits: whether a mail arrives, or is read, is never known; a server may take it and bounce it later, to
//! `mail.from`. There is nothing to read back.

mod client;

use std::sync::Arc;
use std::time::Duration;

use super::Connector;
use super::ability::Mailer;
use crate::kernel::Error;
use crate::platform::mail::{Server, address};
use client::School;

/// How long one command of the conversation with the server may take.
const PATIENCE: Duration = Duration::from_secs(15);

pub const CONNECTOR: Connector = Connector {
    name: "smtp",
    settings: &[],
    connect: |config, clock, probe, abilities| {
        let Some(from) = &config.mail.from else { return Ok(()) };
        let from = address(from).ok_or_else(|| Error::fault("mail.from is no mail address"))?;
        if let Some(server) = Server::of(&config.alert, PATIENCE, clock)? {
            abilities.offer::<dyn Mailer>(Arc::new(School::new(server.under(probe), from)));
        }
        Ok(())
    },
};
