//! The mail door, through lettre.

use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use preau::sandbox::Fault;

use super::sandbox;

fn mail(subject: &str, body: &str) -> Message {
    Message::builder()
        .from("Préau <preau@ecole.example>".parse().unwrap())
        .to("Direction <direction@ecole.example>".parse().unwrap())
        .subject(subject)
        .header(ContentType::TEXT_PLAIN)
        .body(body.to_owned())
        .unwrap()
}

#[tokio::test]
async fn mails_arrive_as_they_were_written() {
    let sandbox = sandbox().await;
    let smtp = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
        .port(sandbox.smtp_port())
        .credentials(Credentials::new("preau".to_owned(), "secret".to_owned()))
        .build();
    sandbox.fault(Fault::RefuseMail { times: 1 });
    assert!(smtp.send(mail("x", "y")).await.unwrap_err().is_transient());
    let body = "Bonjour,\n.une ligne qui commence par un point\némargement prêt = oui";
    smtp.send(mail("Émargement : c'est prêt", body)).await.unwrap();
    let got = sandbox.mails();
    assert_eq!(got.len(), 1);
    assert_eq!(got[0].from, "preau@ecole.example");
    assert_eq!(got[0].to, ["direction@ecole.example"]);
    assert_eq!(got[0].subject, "Émargement : c'est prêt");
    assert_eq!(got[0].body, body);
}
