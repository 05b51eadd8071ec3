//! The calls.

use futures::future::BoxFuture;
use lettre::message::Mailbox;

use crate::connectors::ability::{Done, Failed, Letter, Mailer};
use crate::platform::mail::{Failure, Server, address};

/// The school as a sender.
#[derive(Debug)]
pub(super) struct School {
    server: Server,
    from: Mailbox,
}

impl School {
    pub const fn new(server: Server, from: Mailbox) -> Self {
        Self { server, from }
    }
}

impl Mailer for School {
    fn reach(&self) -> BoxFuture<'_, Done<()>> {
        Box::pin(async move { self.server.reach().await.map_err(failed) })
    }

    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Done<()>> {
        Box::pin(async move {
            let to = address(&letter.to).ok_or_else(|| Failed::Refused("that is no mail address".to_owned()))?;
            self.server.send(&self.from, &[to], &letter.subject, &letter.body).await.map_err(failed)
        })
    }
}

fn failed(failure: Failure) -> Failed {
    match failure {
        Failure::Unsent(why) => Failed::Unsent(why),
        Failure::Lost(why) => Failed::Lost(why),
        Failure::Refused(why) => Failed::Refused(why),
    }
}
