//! An SMTP server that keeps what it is given.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use super::botapi::{Shared, lock};
use super::door::{Lines, spawn};
use super::mime;
use super::values::Mail;

const IDLE: Duration = Duration::from_mins(5);
const LONGEST_MAIL: usize = 25 * 1024 * 1024;

/// Serves until told to stop.
pub async fn serve(listener: TcpListener, world: Shared, lines: Lines, stop: CancellationToken) {
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        let Ok((stream, address)) = accepted else { continue };
        if !address.ip().is_loopback() {
            continue;
        }
        let (world, line) = (world.clone(), lines.line());
        spawn(async move {
            let _ = line.run_until_cancelled(talk(stream, world)).await;
        });
    }
}

/// What has been said so far of the mail in hand.
#[derive(Default)]
struct Envelope {
    from: Option<String>,
    to: Vec<String>,
}

fn address(argument: &str) -> String {
    let inside = argument.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or_else(|| argument.trim().to_owned(), |(address, _)| address.to_owned())
}

async fn talk(stream: TcpStream, world: Shared) -> std::io::Result<()> {
    let clock = lock(&world).clock.clone();
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 sandbox.local ESMTP\r\n").await?;
    let mut envelope = Envelope::default();
    loop {
        let mut line = String::new();
        let Some(read) = clock.within(IDLE, stream.read_line(&mut line)).await else { return Ok(()) };
        if read? == 0 {
            return Ok(());
        }
        let line = line.trim_end();
        let (verb, argument) = line.split_once([' ', ':']).unwrap_or((line, ""));
        let answer = match verb.to_uppercase().as_str() {
            "EHLO" => "250-sandbox.local\r\n250-8BITMIME\r\n250-AUTH PLAIN\r\n250-SMTPUTF8\r\n250 SIZE 26214400",
            // Any name and password will do: what matters is that they were offered in the right way.
            "AUTH" if argument.to_uppercase().starts_with("PLAIN ") => "235 2.7.0 Authentication successful",
            "AUTH" => "504 5.5.4 Unrecognized authentication type",
            "HELO" | "NOOP" => "250 OK",
            "MAIL" if lock(&world).plan.mail_refused() => "451 4.3.0 Temporary failure, try again later",
            "MAIL" => {
                envelope = Envelope { from: Some(address(argument)), to: Vec::new() };
                "250 2.1.0 OK"
            }
            "RCPT" if envelope.from.is_none() => "503 5.5.1 MAIL first",
            "RCPT" if address(argument).contains('@') => {
                envelope.to.push(address(argument));
                "250 2.1.5 OK"
            }
            "RCPT" => "501 5.1.3 Bad recipient address syntax",
            "DATA" if envelope.to.is_empty() => "503 5.5.1 RCPT first",
            "DATA" => {
                stream.write_all(b"354 End data with <CR><LF>.<CR><LF>\r\n").await?;
                let raw = data(&mut stream).await?;
                let mail = mime::read(&raw, std::mem::take(&mut envelope.to), envelope.from.take().unwrap_or_default());
                if keep(&world, mail) {
                    return Ok(());
                }
                "250 2.0.0 OK: queued"
            }
            "RSET" => {
                envelope = Envelope::default();
                "250 2.0.0 OK"
            }
            "QUIT" => {
                stream.write_all(b"221 2.0.0 Bye\r\n").await?;
                return stream.shutdown().await;
            }
            _ => "502 5.5.2 Command not recognized",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

/// `true` when nobody is to be told that it was taken.
fn keep(world: &Shared, mail: Mail) -> bool {
    let mut world = lock(world);
    world.mails.push(mail);
    world.plan.mail_lost()
}

/// Reads until the lone dot; dots that were doubled at line starts are single again.
async fn data(stream: &mut BufReader<TcpStream>) -> std::io::Result<Vec<u8>> {
    let mut raw = Vec::new();
    loop {
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == b".\r\n" {
            return Ok(raw);
        }
        if raw.len() > LONGEST_MAIL {
            return Err(std::io::Error::other("the mail is too long"));
        }
        raw.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}
