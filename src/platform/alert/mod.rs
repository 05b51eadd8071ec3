//! How admins are told when something needs a person and Telegram may be down: by mail, by a webhook, or both.
//!
//! An alert says what is wrong with the machine and never holds personal data: it leaves the house unencrypted at rest,
//! over systems that the school does not run. Counts, references and names of jobs, not people.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use secrecy::ExposeSecret as _;

use crate::kernel::{Clock, Error, Lang, Result, Text};
use crate::platform::config::{self, Hidden, SmtpTls};
use crate::platform::{http, telemetry};

/// The same subject is not sent again within this time.
const QUIET: Duration = Duration::from_hours(1);
/// How long one channel may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// No more subjects than this are remembered.
const REMEMBERED: usize = 1000;

type Transport = AsyncSmtpTransport<Tokio1Executor>;

struct Mail {
    transport: Transport,
    from: Mailbox,
    to: Vec<Mailbox>,
}

struct Inner {
    mail: Option<Mail>,
    webhook: Option<(http::Client, Hidden)>,
    lang: Lang,
    clock: Clock,
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
        let mail = config.smtp_host.as_deref().map(|host| Mail::new(config, host)).transpose()?;
        let webhook = match &config.webhook_url {
            Some(url) => Some((http::client(Duration::from_secs(10), PATIENCE)?, url.clone())),
            None => None,
        };
        let sent = Mutex::default();
        Ok(Self(Arc::new(Inner { mail, webhook, lang, clock: clock.clone(), sent })))
    }

    /// Is there any way to tell somebody?
    pub fn is_connected(&self) -> bool {
        self.0.mail.is_some() || self.0.webhook.is_some()
    }

    /// Tells the admins. The same subject within an hour is not sent again; with no channel at all, the log has to do.
    /// `Outage` when every channel failed: nobody was told, and the next try may send. When only one of two failed,
    /// somebody was told: that is logged.
    pub async fn send(&self, subject: &Text, body: &Text) -> Result<()> {
        let line = subject.render(self.0.lang).replace(['\r', '\n'], " ");
        if !self.claim(&line) {
            return Ok(());
        }
        if !self.is_connected() {
            tracing::warn!(name: "alert.unconnected", { alert.subject = subject.key() }, "no alert channel is configured");
            return Ok(());
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
                Ok(())
            }
            None => Ok(()),
        }
    }

    async fn by_mail(&self, subject: &str, body: &str) -> Option<Result<()>> {
        let mail = self.0.mail.as_ref()?;
        let sending = async {
            let message = mail.message(subject, body, &self.0.clock)?;
            mail.transport.send(message).await.map_err(|error| smtp_outage(&error))?;
            Ok(())
        };
        Some(self.bounded("mail", sending).await)
    }

    async fn by_webhook(&self, subject: &str, body: &str) -> Option<Result<()>> {
        let (client, url) = self.0.webhook.as_ref()?;
        let post = client.post(&**url).json(&serde_json::json!({ "subject": subject, "body": body }));
        let sending = async {
            let answer = post.send().await.map_err(|error| Error::outage("alert webhook", &http::said(error)))?;
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
    fn new(config: &config::Alert, host: &str) -> Result<Self> {
        let builder = match config.smtp_tls {
            SmtpTls::StartTls => Transport::starttls_relay(host),
            SmtpTls::Tls => Transport::relay(host),
            SmtpTls::Plain => Ok(Transport::builder_dangerous(host)),
        };
        let builder = builder.map_err(|_| Error::fault("alert.smtp_host is not a host name"))?;
        let mut builder = builder.port(config.smtp_port).timeout(Some(PATIENCE / 2));
        if let (Some(user), Some(password)) = (&config.smtp_user, &config.smtp_password) {
            builder = builder.credentials(Credentials::new(user.clone(), password.expose_secret().to_owned()));
        }
        let address =
            |text: &String| text.parse().map_err(|_| Error::fault("an address of [alert] is no mail address"));
        let to = config.mail_to.iter().map(address).collect::<Result<_>>()?;
        Ok(Self { transport: builder.build(), from: address(&config.mail_from)?, to })
    }

    fn message(&self, subject: &str, body: &str, clock: &Clock) -> Result<Message> {
        let millis = u64::try_from(clock.wall().millis()).unwrap_or(0);
        let mut message = Message::builder()
            .from(self.from.clone())
            .subject(subject)
            .date(UNIX_EPOCH + Duration::from_millis(millis))
            .header(ContentType::TEXT_PLAIN);
        for to in &self.to {
            message = message.to(to.clone());
        }
        message.body(body.to_owned()).map_err(|_| Error::fault("the alert mail could not be composed"))
    }
}

/// The kind of trouble only: a mail server quotes addresses in its answers.
fn smtp_outage(error: &lettre::transport::smtp::Error) -> Error {
    let kind = match error.status() {
        Some(code) => format!("the server answered {code}"),
        None if error.is_timeout() => "no answer in time".to_owned(),
        None if error.is_tls() => "no TLS connection".to_owned(),
        None => "no connection".to_owned(),
    };
    Error::outage("mail server", &kind)
}

#[cfg(test)]
mod tests;
