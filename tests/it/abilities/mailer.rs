//! Who sends mail says truly what became of it.

use std::sync::{Arc, Mutex};

use preau::connectors::CONNECTORS;
use preau::connectors::ability::{Failed, Letter, Mailer};
use preau::kernel::Clock;
use preau::platform::abilities::Abilities;
use preau::platform::config::Config;
use preau::platform::store::Probe;
use preau::sandbox::{Fault, Limits, Options, Sandbox};

use crate::paths::MORNING;

async fn sandbox() -> Sandbox {
    let options = Options { clock: Clock::standing(MORNING), seed: 2, limits: Limits::default(), schema: None };
    Sandbox::start(options).await.expect("the sandbox")
}

/// Every connector that sends mail, by name, configured for the stand-in.
fn mailers(sandbox: &Sandbox) -> Vec<(&'static str, Arc<dyn Mailer>)> {
    probed(sandbox, &Probe::default())
}

fn probed(sandbox: &Sandbox, probe: &Probe) -> Vec<(&'static str, Arc<dyn Mailer>)> {
    let config = Config::with(
        &[
            ("alert.smtp_host", "127.0.0.1"),
            ("alert.smtp_port", &sandbox.smtp_port().to_string()),
            ("alert.smtp_tls", "none"),
            ("alert.smtp_user", "preau"),
            ("alert.smtp_password", "geheim"),
            ("alert.mail_from", "preau@school.example"),
            ("alert.mail_to", "admin@school.example"),
            ("mail.from", "École Horizon <preau@school.example>"),
        ],
        &[],
    )
    .expect("the configuration");
    let found = CONNECTORS.iter().filter_map(|connector| {
        let mut abilities = Abilities::default();
        (connector.connect)(&config, &Clock::machine(), probe, &mut abilities).expect("connected");
        Some((connector.name, abilities.get::<dyn Mailer>()?))
    });
    found.collect()
}

fn letter(to: &str) -> Letter {
    Letter {
        to: to.to_owned(),
        subject: "Émargement\r\nBcc: all@x".to_owned(),
        body: "Bonjour Zoé,\n.\nÀ bientôt".to_owned(),
    }
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_written() {
    let sandbox = sandbox().await;
    let mailers = mailers(&sandbox);
    assert!(mailers.iter().any(|(name, _)| *name == "smtp"));
    for (name, mailer) in mailers {
        let before = sandbox.mails().len();
        assert_eq!(mailer.reach().await, Ok(()), "{name}");
        assert_eq!(sandbox.mails().len(), before, "{name}: to be reached is to send nothing");
        assert_eq!(mailer.send(&letter("zoe@home.example")).await, Ok(()), "{name}");
        let mails = sandbox.mails().split_off(before);
        assert_eq!(mails.len(), 1, "{name}");
        assert_eq!(
            (mails[0].to.as_slice(), mails[0].from.as_str()),
            (&["zoe@home.example".to_owned()][..], "preau@school.example")
        );
        assert_eq!(mails[0].subject, "Émargement  Bcc: all@x", "{name}");
        assert_eq!(mails[0].body.trim_end().replace('\r', ""), "Bonjour Zoé,\n.\nÀ bientôt", "{name}");
    }
    sandbox.stop().await;
}

/// A test can stop the program before and after each mail.
#[tokio::test]
async fn each_mail_lies_between_two_points() {
    let sandbox = sandbox().await;
    let reached: Arc<Mutex<Vec<(&str, usize)>>> = Arc::default();
    let (heard, world) = (Arc::clone(&reached), sandbox.clone());
    let probe = Probe::new(move |point| {
        heard.lock().expect("points").push((point, world.mails().len()));
        Box::pin(async {})
    });
    for (name, mailer) in probed(&sandbox, &probe) {
        reached.lock().expect("points").clear();
        let before = sandbox.mails().len();
        assert_eq!(mailer.reach().await, Ok(()), "{name}");
        assert_eq!(mailer.send(&letter("zoe@home.example")).await, Ok(()), "{name}");
        let wanted = [("before call", before), ("after call", before + 1)];
        assert_eq!(*reached.lock().expect("points"), wanted, "{name}");
        // Also when nothing came of it.
        sandbox.fault(Fault::RefuseMail { times: 1 });
        mailer.send(&letter("zoe@home.example")).await.expect_err("refused");
        assert_eq!(reached.lock().expect("points").len(), 4, "{name}");
    }
    sandbox.stop().await;
}

#[tokio::test]
async fn what_became_of_it_is_told_apart() {
    let sandbox = sandbox().await;
    for (name, mailer) in mailers(&sandbox) {
        let before = sandbox.mails().len();
        let refused = mailer.send(&letter("nobody")).await;
        assert!(matches!(&refused, Err(Failed::Refused(why)) if !why.contains("nobody")), "{name}: {refused:?}");
        sandbox.fault(Fault::RefuseMail { times: 1 });
        let unsent = mailer.send(&letter("zoe@home.example")).await;
        assert!(matches!(&unsent, Err(Failed::Unsent(why)) if !why.contains("zoe")), "{name}: {unsent:?}");
        assert_eq!(sandbox.mails().len(), before, "{name}");
        sandbox.fault(Fault::LoseMail { times: 1 });
        let lost = mailer.send(&letter("zoe@home.example")).await;
        assert!(matches!(&lost, Err(Failed::Lost(_))), "{name}: {lost:?}");
        assert_eq!(sandbox.mails().len(), before + 1, "{name}");
    }
    let mailers = mailers(&sandbox);
    sandbox.stop().await;
    for (name, mailer) in mailers {
        assert!(matches!(mailer.reach().await, Err(Failed::Unsent(_))), "{name}");
    }
}

/// What is not configured offers nothing.
#[test]
fn without_a_sender_there_is_no_mailer() {
    let config = Config::with(&[], &[]).expect("the configuration");
    for connector in CONNECTORS {
        let mut abilities = Abilities::default();
        (connector.connect)(&config, &Clock::machine(), &Probe::default(), &mut abilities).expect("nothing to connect");
        assert!(abilities.get::<dyn Mailer>().is_none(), "{}", connector.name);
    }
    let alone = Config::with(&[("mail.from", "preau@school.example")], &[]).expect_err("no server");
    assert!(alone.to_string().contains("alert.smtp_host"), "{alone}");
    assert!(Config::with(&[("mail.from", "nobody")], &[]).is_err());
}
