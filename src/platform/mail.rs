//! One mail server, by lettre: how it is reached, what may be said of its failures.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use secrecy::ExposeSecret as _;

use crate::kernel::{Clock, Error, Result};
use crate::platform::config::{self, SmtpTls};
use crate::platform::store::Probe;

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// The mail server of `[alert]`.
pub struct Server {
    transport: Transport,
    clock: Clock,
    probe: Probe,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Server")
    }
}

/// Why a mail was not sent. The kind of trouble only: a mail server quotes addresses in its answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The server was not reached, or said « not now »: nothing left.
    Unsent(String),
    /// The connection ended before the server had answered: the mail may have left.
    Lost(String),
    /// The server will not take this mail.
    Refused(String),
}

impl Failure {
    pub fn why(&self) -> &str {
        match self {
            Self::Unsent(why) | Self::Lost(why) | Self::Refused(why) => why,
        }
    }
}

impl Server {
    /// `None` when no server is configured. `patience`: how long one command of the conversation may take.
    pub fn of(config: &config::Alert, patience: Duration, clock: &Clock) -> Result<Option<Self>> {
        let Some(host) = config.smtp_host.as_deref() else { return Ok(None) };
        let builder = match config.smtp_tls {
            SmtpTls::StartTls => Transport::starttls_relay(host),
            SmtpTls::Tls => Transport::relay(host),
            SmtpTls::Plain => Ok(Transport::builder_dangerous(host)),
        };
        let builder = builder.map_err(|_| Error::fault("alert.smtp_host is not a host name"))?;
        let mut builder = builder.port(config.smtp_port).timeout(Some(patience));
        if let (Some(user), Some(password)) = (&config.smtp_user, &config.smtp_password) {
            builder = builder.credentials(Credentials::new(user.clone(), password.expose_secret().to_owned()));
        }
        Ok(Some(Self { transport: builder.build(), clock: clock.clone(), probe: Probe::default() }))
    }

    /// A test may stop the program before and after each mail.
    pub fn under(self, probe: &Probe) -> Self {
        Self { probe: probe.clone(), ..self }
    }

    /// Is there a server that talks to us? What fails here has sent nothing.
    pub async fn reach(&self) -> std::result::Result<(), Failure> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Failure::Unsent("the server does not answer".to_owned())),
            Err(error) => Err(Failure::Unsent(kind(&error))),
        }
    }

    /// One mail; its words hold nothing that others may not read.
    pub async fn send(
        &self,
        from: &Mailbox,
        to: &[Mailbox],
        subject: &str,
        body: &str,
    ) -> std::result::Result<(), Failure> {
        let millis = u64::try_from(self.clock.wall().millis()).unwrap_or(0);
        let mut message = Message::builder()
            .from(from.clone())
            .subject(subject.replace(['\r', '\n'], " "))
            .date(UNIX_EPOCH + Duration::from_millis(millis))
            .header(ContentType::TEXT_PLAIN);
        for to in to {
            message = message.to(to.clone());
        }
        let refused = |_| Failure::Refused("the mail could not be composed".to_owned());
        let message = message.body(body.to_owned()).map_err(refused)?;
        self.probe.reach("before call").await;
        // Boxed: a conversation with a mail server is a large state.
        let outcome = Box::pin(self.hand_over(message)).await;
        self.probe.reach("after call").await;
        outcome
    }

    async fn hand_over(&self, message: Message) -> std::result::Result<(), Failure> {
        // What fails before the server is ready for a mail has sent nothing.
        self.reach().await?;
        self.transport.send(message).await.map(|_| ()).map_err(|error| {
            // Our own side gives up an address that this server cannot take before anything of the mail is said.
            if error.is_permanent() || error.is_client() {
                Failure::Refused(kind(&error))
            } else if error.is_transient() {
                Failure::Unsent(kind(&error))
            } else {
                Failure::Lost(kind(&error))
            }
        })
    }
}

/// A mail address of ours or of the roster; `None` when it is none.
pub fn address(text: &str) -> Option<Mailbox> {
    text.trim().parse().ok()
}

fn kind(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("the server answered {code}"),
        None if error.is_timeout() => "no answer in time".to_owned(),
        None if error.is_tls() => "no TLS connection".to_owned(),
        None if error.is_client() => "the server does not offer what this mail needs".to_owned(),
        None => "no connection".to_owned(),
    }
}
