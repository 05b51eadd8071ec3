//! A PostgreSQL that says nothing any more (its machine froze, a firewall drops what is sent): nobody is told that the
//! connection is gone.

use std::time::Duration;

use preau::kernel::Clock;
use preau::platform::tasks::Tasks;
use reqwest::Url;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::running::stops_in_time;
use super::{Machine, eventually};
use crate::place::Engine;

/// A way to a server that can be shut: connections stay, and nothing comes through.
struct Gate {
    open: watch::Sender<bool>,
    port: u16,
    tasks: Tasks,
}

impl Gate {
    async fn before(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let (open, seen) = watch::channel(true);
        let tasks = Tasks::default();
        let carriers = tasks.clone();
        tasks.spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (server, seen) = (server.clone(), seen.clone());
                carriers.spawn(async move {
                    let Ok(far) = TcpStream::connect(server).await else { return };
                    let ((near_reads, near_writes), (far_reads, far_writes)) = (near.into_split(), far.into_split());
                    futures::join!(carry(near_reads, far_writes, seen.clone()), carry(far_reads, near_writes, seen));
                });
            }
        });
        Self { open, port, tasks }
    }

    fn open(&self, open: bool) {
        self.open.send_replace(open);
    }
}

async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut open: watch::Receiver<bool>) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let through = open.wait_for(|open| *open).await.is_ok();
        if !through || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
    let _ = open.wait_for(|open| *open).await;
    let _ = to.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_stops_in_time_while_the_database_hangs() {
    if !Engine::all().contains(&Engine::Postgres) {
        return;
    }
    let mut machine = Machine::of(Engine::Postgres).await;
    let place = machine.place.as_mut().expect("a database");
    let mut url = Url::parse(&place.url).expect("an address");
    let gate = Gate::before(format!("{}:{}", url.host_str().expect("a host"), url.port().unwrap_or(5432))).await;
    url.set_host(Some("127.0.0.1")).expect("a host");
    url.set_port(Some(gate.port)).expect("a port");
    place.url = url.to_string();

    let running = machine.run();
    machine.until("/readyz", 200).await;
    gate.open(false);
    machine.until("/readyz", 503).await;
    let ines = machine.sandbox.add_person("Inès", "Moreau", "fr");
    machine.sandbox.say(ines, ines, "/semmaine");
    Clock::machine().rest(Duration::from_secs(1)).await;
    stops_in_time(running, "the database hangs").await;
    // The same at the start.
    let running = machine.run();
    Clock::machine().rest(Duration::from_millis(1_500)).await;
    stops_in_time(running, "the database hangs at the start").await;
    gate.open(true);
    let running = machine.run();
    eventually("answered", async || machine.sandbox.messages(ines).len() == 2).await;
    stops_in_time(running, "nothing is wrong").await;
    machine.remove().await;
    gate.tasks.abandon().await;
}
