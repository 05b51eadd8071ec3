//! How admins are told when something needs a person and Telegram may be down: by mail, by a webhook, or both.
//!
//! An alert says what is wrong with the machine and never holds personal data: it leaves the house unencrypted at rest,
//! over systems that the school does not run. Counts, references and names of jobs, not people.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lettre::message::Mailbox;

use crate::kernel::{Clock, Error, Lang, Result, Text};
use crate::platform::config::{self, Hidden};
use crate::platform::mail::{Server, address};
use crate::platform::store::Probe;
use crate::platform::{http, telemetry};

/// The same subject is not sent again within this time.
const QUIET: Duration = Duration::from_hours(1);
/// How long one channel may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// No more subjects than this are remembered.
const REMEMBERED: usize = 1000;

struct Mail {
    server: Server,
    from: Mailbox,
    to: Vec<Mailbox>,
}

struct Inner {
    mail: Option<Mail>,
    webhook: Option<(http::Client, Hidden)>,
    lang: Lang,
    clock: Clock,
    probe: Probe,
    sent: Mutex<HashMap<String, Duration>>,
}

/// The alert channel. Cheap to clone.
#[derive(Clone)]
pub struct Alert(Arc<Inner>);

impl std::fmt::Debug for Alert {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Alert(mail: {}, webhook: {})", self.0.mail.is_some(), self.0.webhook.is_some())
    }
}

impl Alert {
    /// The channels of the configuration; alerts are written in `lang`.
    pub fn new(config: &config::Alert, lang: Lang, clock: &Clock) -> Result<Self> {
        Self::under(config, lang, clock, &Probe::default())
    }

    /// The same; a test may stop the program before and after each call.
    pub fn under(config: &config::Alert, lang: Lang, clock: &Clock, probe: &Probe) -> Result<Self> {
        let server = if config.by_mail() { Server::of(config, PATIENCE / 2, clock)? } else { None };
        let mail = server.map(|server| Mail::new(config, server.under(probe))).transpose()?;
        let webhook = match &config.webhook_url {
            Some(url) => Some((http::client(Duration::from_secs(10), PATIENCE)?, url.clone())),
            None => None,
        };
        let sent = Mutex::default();
        Ok(Self(Arc::new(Inner { mail, webhook, lang, clock: clock.clone(), probe: probe.clone(), sent })))
    }

    /// Is there any way to tell somebody?
    pub fn is_connected(&self) -> bool {
        self.0.mail.is_some() || self.0.webhook.is_some()
    }

    /// Tells the admins; `true` when somebody was told by this. The same subject within an hour is not sent again; with no channel at all, the log has to do.
    /// `Outage` when every channel failed: nobody was told, and the next try may send. When only one of two failed,
    /// somebody was told: that is logged.
    pub async fn send(&self, subject: &Text, body: &Text) -> Result<bool> {
        let line = subject.render(self.0.lang).replace(['\r', '\n'], " ");
        if !self.claim(&line) {
            return Ok(false);
        }
        if !self.is_connected() {
            tracing::warn!(name: "alert.unconnected", { alert.subject = subject.key() }, "no alert channel is configured");
            return Ok(false);
        }
        let body = body.render(self.0.lang);
        let (mail, webhook) = futures::join!(self.by_mail(&line, &body), self.by_webhook(&line, &body));
        let tries: Vec<Result<()>> = [mail, webhook].into_iter().flatten().collect();
        let reached = tries.iter().any(Result::is_ok);
        let failure = tries.into_iter().find_map(Result::err);
        match failure {
            Some(error) if !reached => {
                self.forget(&line);
                Err(error)
            }
            Some(error) => {
                tracing::warn!(name: "alert.half", %error, "one of two alert channels failed");
                Ok(true)
            }
            None => Ok(true),
        }
    }

    async fn by_mail(&self, subject: &str, body: &str) -> Option<Result<()>> {
        let mail = self.0.mail.as_ref()?;
        let sending = async {
            let sent = mail.server.send(&mail.from, &mail.to, subject, body).await;
            sent.map_err(|failure| Error::outage("mail server", failure.why()))
        };
        Some(self.bounded("mail", sending).await)
    }

    async fn by_webhook(&self, subject: &str, body: &str) -> Option<Result<()>> {
        let (client, url) = self.0.webhook.as_ref()?;
        let post = client.post(&**url).json(&serde_json::json!({ "subject": subject, "body": body }));
        let sending = async {
            self.0.probe.reach("before call").await;
            let answer = post.send().await;
            self.0.probe.reach("after call").await;
            let answer = answer.map_err(|error| Error::outage("alert webhook", &http::said(error)))?;
            let status = answer.status();
            if status.is_success() {
                Ok(())
            } else {
                Err(Error::outage("alert webhook", &format!("answered {}", status.as_u16())))
            }
        };
        Some(self.bounded("webhook", sending).await)
    }

    async fn bounded(&self, channel: &'static str, sending: impl Future<Output = Result<()>>) -> Result<()> {
        let sent = self.0.clock.within(PATIENCE, sending).await;
        let sent = sent.unwrap_or_else(|| Err(Error::outage("alert channel", "no answer in time")));
        let outcome = if sent.is_ok() { "sent" } else { "failed" };
        metrics::counter!(telemetry::names::ALERTS, "channel" => channel, "outcome" => outcome).increment(1);
        sent
    }

    /// May this subject be sent now? Remembers it at once, so that two at the same time are one.
    fn claim(&self, subject: &str) -> bool {
        let now = self.0.clock.elapsed();
        let mut sent = self.0.sent.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_due(sent.get(subject).copied(), now) {
            return false;
        }
        if sent.len() >= REMEMBERED {
            sent.retain(|_, last| !is_due(Some(*last), now));
        }
        sent.insert(subject.to_owned(), now);
        true
    }

    fn forget(&self, subject: &str) {
        self.0.sent.lock().unwrap_or_else(PoisonError::into_inner).remove(subject);
    }
}

fn is_due(last: Option<Duration>, now: Duration) -> bool {
    last.is_none_or(|last| now.saturating_sub(last) >= QUIET)
}

impl Mail {
    fn new(config: &config::Alert, server: Server) -> Result<Self> {
        let address =
            |text: &String| address(text).ok_or_else(|| Error::fault("an address of [alert] is no mail address"));
        let to = config.mail_to.iter().map(address).collect::<Result<_>>()?;
        Ok(Self { server, from: address(&config.mail_from)?, to })
    }
}

#[cfg(test)]
mod tests;
