//! Encryption is asked for where nothing else is configured: a server without it, or with a certificate that nobody
//! vouches for, gets neither the password nor a mail.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use preau::connectors::CONNECTORS;
use preau::connectors::ability::{Failed, Letter, Mailer};
use preau::kernel::{Clock, Lang, Text};
use preau::platform::abilities::Abilities;
use preau::platform::alert::Alert;
use preau::platform::config::Config;
use preau::platform::store::Probe;
use preau::platform::tasks::Tasks;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// Vouched for by nobody but itself, for 127.0.0.1, until 2126.
const CERTIFICATE: &[u8] = include_bytes!("../../data/mail/untrusted.pem");
const KEY: &[u8] = include_bytes!("../../data/mail/untrusted.key");

fn certificate() -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(CERTIFICATE).expect("a certificate")
}

fn acceptor() -> TlsAcceptor {
    let key = PrivateKeyDer::from_pem_slice(KEY).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate()], key)
        .expect("a certificate with its key");
    TlsAcceptor::from(Arc::new(config))
}

/// What a mail server heard.
#[derive(Default)]
struct Heard {
    /// Lines that anybody on the way could read.
    open: Vec<String>,
    /// How each handshake ended.
    handshakes: Vec<Result<(), String>>,
    /// Lines that were said under encryption.
    sealed: Vec<String>,
}

/// A mail server, with STARTTLS or without.
struct Server {
    port: u16,
    heard: Arc<Mutex<Heard>>,
    tasks: Tasks,
}

impl Server {
    async fn start(encrypts: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let (heard, tasks) = (Arc::<Mutex<Heard>>::default(), Tasks::default());
        let (ears, lines) = (Arc::clone(&heard), tasks.clone());
        tasks.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                lines.spawn(meet(stream, encrypts, Arc::clone(&ears)));
            }
        });
        Self { port, heard, tasks }
    }

    fn open(&self) -> Vec<String> {
        self.heard.lock().expect("the ears").open.clone()
    }

    fn handshakes(&self) -> Vec<Result<(), String>> {
        self.heard.lock().expect("the ears").handshakes.clone()
    }

    /// Waits until a handshake has ended at this side too.
    async fn met(&self, count: usize) {
        crate::paths::eventually("the handshake ends", async || self.handshakes().len() >= count).await;
    }
}

async fn meet(mut stream: TcpStream, encrypts: bool, heard: Arc<Mutex<Heard>>) {
    let offers =
        if encrypts { "250-mail\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n" } else { "250-mail\r\n250 AUTH PLAIN\r\n" };
    let greeted = stream.write_all(b"220 mail\r\n").await.is_ok();
    let note = |line: &str| heard.lock().expect("the ears").open.push(line.to_owned());
    if !greeted || !converse(&mut stream, offers, note).await {
        return;
    }
    match acceptor().accept(stream).await {
        Ok(mut sealed) => {
            heard.lock().expect("the ears").handshakes.push(Ok(()));
            let note = |line: &str| heard.lock().expect("the ears").sealed.push(line.to_owned());
            converse(&mut sealed, "250 mail\r\n", note).await;
        }
        Err(error) => heard.lock().expect("the ears").handshakes.push(Err(error.to_string())),
    }
}

/// Speaks just enough SMTP; `true` when the other side asked for encryption and was told to go ahead.
async fn converse<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, offers: &str, note: impl Fn(&str)) -> bool {
    let mut lines = BufReader::new(stream);
    loop {
        let mut line = String::new();
        match lines.read_line(&mut line).await {
            Ok(1..) => note(line.trim_end()),
            _ => return false,
        }
        let answer = match line.get(..4).unwrap_or_default() {
            "EHLO" => offers,
            "STAR" if offers.contains("STARTTLS") => "220 go ahead\r\n",
            "QUIT" => "221 bye\r\n",
            "DATA" => "354 go on\r\n",
            _ => "250 ok\r\n",
        };
        if lines.write_all(answer.as_bytes()).await.is_err() || answer.starts_with("221") {
            return false;
        }
        if answer.starts_with("220") {
            return true;
        }
    }
}

/// As a school configures its mail server: what is not said is the default.
fn config(port: u16, more: &[(&str, &str)]) -> Config {
    let port = port.to_string();
    let mut keys = vec![
        ("alert.smtp_host", "127.0.0.1"),
        ("alert.smtp_port", port.as_str()),
        ("alert.smtp_user", "preau"),
        ("alert.smtp_password", "geheim"),
        ("alert.mail_from", "preau@school.example"),
        ("alert.mail_to", "admin@school.example"),
        ("mail.from", "preau@school.example"),
    ];
    keys.extend_from_slice(more);
    Config::with(&keys, &[]).expect("the configuration")
}

fn mailers(config: &Config) -> Vec<Arc<dyn Mailer>> {
    let found = CONNECTORS.iter().filter_map(|connector| {
        let mut abilities = Abilities::default();
        (connector.connect)(config, &Clock::machine(), &Probe::default(), &mut abilities).expect("connected");
        abilities.get::<dyn Mailer>()
    });
    found.collect()
}

fn letter(to: &str) -> Letter {
    Letter { to: to.to_owned(), subject: "Votre lien".to_owned(), body: "Bonjour Zoé".to_owned() }
}

/// Both who send mail try: an alert, and a letter to somebody. Nothing leaves, and both know it.
async fn nothing_leaves(server: &Server) {
    let config = config(server.port, &[]);
    let alert = Alert::new(&config.alert, Lang::Fr, &Clock::machine()).expect("the alerts");
    let told = alert.send(&Text::verbatim("Préau : trois lignes attendent"), &Text::verbatim("3")).await;
    assert!(told.as_ref().is_err_and(preau::kernel::Error::is_outage), "{told:?}");
    let mailers = mailers(&config);
    assert!(!mailers.is_empty());
    for mailer in mailers {
        assert!(matches!(mailer.reach().await, Err(Failed::Unsent(_))));
        let sent = mailer.send(&letter("zoe@home.example")).await;
        assert!(matches!(sent, Err(Failed::Unsent(_))), "{sent:?}");
    }
    for line in server.open() {
        let greeting = ["EHLO", "STARTTLS", "QUIT"].iter().any(|word| line.starts_with(word));
        assert!(greeting, "in plain sight: {line}");
    }
}

#[tokio::test]
async fn a_server_without_encryption_gets_nothing() {
    let server = Server::start(false).await;
    Box::pin(nothing_leaves(&server)).await;
    assert!(server.open().iter().any(|line| line.starts_with("EHLO")), "it was reached");
    assert!(server.handshakes().is_empty());
    server.tasks.abandon().await;
}

#[tokio::test]
async fn a_server_whose_certificate_nobody_vouches_for_gets_nothing() {
    let server = Server::start(true).await;
    // Who trusts it gets through: it is the certificate alone that the others refuse.
    assert_eq!(trusting(server.port).await, "250 mail");
    server.met(1).await;
    assert_eq!(server.handshakes(), [Ok(())]);
    Box::pin(nothing_leaves(&server)).await;
    server.met(4).await;
    for refused in &server.handshakes()[1..] {
        let why = refused.as_ref().expect_err("a handshake with somebody unknown");
        assert!(why.contains("alert"), "refused by the other side: {why}");
    }
    assert_eq!(server.heard.lock().expect("the ears").sealed, ["EHLO trusting"], "what was under encryption, too");
    server.tasks.abandon().await;
}

/// A client that knows the certificate: what it is answered under encryption.
async fn trusting(port: u16) -> String {
    let mut roots = RootCertStore::empty();
    roots.add(certificate()).expect("a certificate");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut lines = BufReader::new(TcpStream::connect(("127.0.0.1", port)).await.expect("the server"));
    let mut heard = String::new();
    lines.read_line(&mut heard).await.expect("a greeting");
    lines.write_all(b"STARTTLS\r\n").await.expect("said");
    lines.read_line(&mut heard).await.expect("go ahead");
    let name = ServerName::try_from("127.0.0.1").expect("a name");
    let sealed = TlsConnector::from(Arc::new(config)).connect(name, lines.into_inner()).await.expect("a handshake");
    let mut sealed = BufReader::new(sealed);
    sealed.write_all(b"EHLO trusting\r\n").await.expect("said");
    heard.clear();
    let read = Clock::machine().within(Duration::from_secs(5), sealed.read_line(&mut heard)).await;
    read.expect("in time").expect("an answer");
    heard.trim_end().to_owned()
}

/// An address that the server cannot take is refused, not in doubt: nothing was said of it.
#[tokio::test]
async fn an_address_that_the_server_cannot_take_is_refused() {
    let server = Server::start(false).await;
    for mailer in mailers(&config(server.port, &[("alert.smtp_tls", "none")])) {
        let sent = mailer.send(&letter("zoé@home.example")).await;
        assert!(matches!(&sent, Err(Failed::Refused(why)) if !why.contains("zo")), "{sent:?}");
    }
    assert!(server.open().iter().all(|line| !line.starts_with("MAIL")), "{:?}", server.open());
    server.tasks.abandon().await;
}
