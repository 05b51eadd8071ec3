//! A PostgreSQL that says nothing any more (its machine froze, a firewall drops what is sent): nobody is told that the
//! connection is gone. And one that was stopped.

use std::time::Duration;

use preau::kernel::Clock;
use preau::platform::tasks::Tasks;
use preau::platform::web::Health as _;
use reqwest::Url;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::outages::{STORE, subjects};
use super::running::stops_in_time;
use super::{Machine, eventually, within};
use crate::place::{Engine, Place};
use crate::talk::mailed::MAIL;
use crate::talk::school::{School, at};

/// What becomes of what is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Open,
    /// Connections stay, and nothing comes through.
    Mute,
    /// Connections are closed, and no other is served.
    Gone,
}

/// A way to a server that can be shut.
struct Gate {
    way: watch::Sender<Way>,
    tasks: Tasks,
}

impl Gate {
    /// Before the server of this address; gives the address by which it is reached through the gate.
    async fn before(url: &str) -> (Self, String) {
        let mut url = Url::parse(url).expect("an address");
        let server = format!("{}:{}", url.host_str().expect("a host"), url.port().unwrap_or(5432));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let (way, seen) = watch::channel(Way::Open);
        let tasks = Tasks::default();
        let carriers = tasks.clone();
        tasks.spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if *seen.borrow() == Way::Gone {
                    continue;
                }
                let (server, seen) = (server.clone(), seen.clone());
                carriers.spawn(async move {
                    let Ok(far) = TcpStream::connect(server).await else { return };
                    let ((near_reads, near_writes), (far_reads, far_writes)) = (near.into_split(), far.into_split());
                    futures::join!(carry(near_reads, far_writes, seen.clone()), carry(far_reads, near_writes, seen));
                });
            }
        });
        url.set_host(Some("127.0.0.1")).expect("a host");
        url.set_port(Some(port)).expect("a port");
        (Self { way, tasks }, url.to_string())
    }

    fn turn(&self, way: Way) {
        self.way.send_replace(way);
    }
}

async fn carry(from: OwnedReadHalf, to: OwnedWriteHalf, way: watch::Receiver<Way>) {
    let mut seen = way.clone();
    tokio::select! {
        _ = seen.wait_for(|way| *way == Way::Gone) => {}
        () = carry_on(from, to, way) => {}
    }
}

async fn carry_on(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut way: watch::Receiver<Way>) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        let through = way.wait_for(|way| *way == Way::Open).await.is_ok();
        if !through || to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
    let _ = way.wait_for(|way| *way == Way::Open).await;
    let _ = to.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_stops_in_time_while_the_database_hangs() {
    if !Engine::all().contains(&Engine::Postgres) {
        return;
    }
    let mut machine = Machine::of(Engine::Postgres).await;
    let place = machine.place.as_mut().expect("a database");
    let (gate, url) = Gate::before(&place.url).await;
    place.url = url;

    let running = machine.run();
    machine.until("/readyz", 200).await;
    gate.turn(Way::Mute);
    machine.until("/readyz", 503).await;
    let ines = machine.sandbox.add_person("Inès", "Moreau", "fr");
    machine.sandbox.say(ines, ines, "/semmaine");
    Clock::machine().rest(Duration::from_secs(1)).await;
    stops_in_time(running, "the database hangs").await;
    // The same at the start.
    let running = machine.run();
    Clock::machine().rest(Duration::from_millis(1_500)).await;
    stops_in_time(running, "the database hangs at the start").await;
    gate.turn(Way::Open);
    let running = machine.run();
    eventually("answered", async || machine.sandbox.messages(ines).len() == 2).await;
    stops_in_time(running, "nothing is wrong").await;
    machine.remove().await;
    gate.tasks.abandon().await;
}

/// Stopped and started again, or silent and back: whoever looks after the machine hears it once, nothing is lost, and `/etat`
/// says from when to when.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_is_away_for_a_minute() {
    if !Engine::all().contains(&Engine::Postgres) {
        return;
    }
    let ways = [Way::Gone, Way::Mute].into_iter().map(async |way| {
        let mut place = Place::ready(Engine::Postgres).await;
        let (gate, url) = Gate::before(&place.url).await;
        let keys: Vec<(&str, &str)> = MAIL.into_iter().chain([("database.url", url.as_str())]).collect();
        let school = School::with(Engine::Postgres, &keys).await;
        school.until("09:00").await;
        let house = school.app().expect("running").house().clone();
        house.minute().await;
        let asked = ["Inès", "Noé", "Léa"];
        let known = asked.map(|who| school.all(school.is(who)).len());
        gate.turn(way);
        let clock = Clock::machine();
        for who in asked {
            school.sandbox.say(school.is(who), school.is(who), "/moi");
        }
        while clock.elapsed() < Duration::from_secs(62) {
            house.minute().await;
            clock.rest(Duration::from_secs(1)).await;
        }
        let mails = school.sandbox.mails();
        assert_eq!(subjects(&mails), [STORE], "{way:?}: once");
        assert!(mails[0].body.contains("depuis le mar. 24 nov., 09:00 (Paris)"), "{way:?}: {}", mails[0].body);
        assert_eq!(
            asked.map(|who| school.all(school.is(who)).len()),
            known,
            "{way:?}: nobody is answered out of nothing"
        );
        school.clock.set(at("24/11/2026", "09:01"));
        gate.turn(Way::Open);
        let back = async || {
            house.minute().await;
            house.checks().await[0].ok
        };
        within(Duration::from_mins(1), "it is written again", back).await;
        school.drain().await.expect("quiet");
        for (who, known) in asked.iter().zip(known) {
            assert_eq!(school.all(school.is(who)).len(), known + 1, "{way:?}: {who}: once");
        }
        let state = school.ask("Claire", "/etat").await;
        let line = "· La base de données ne s’est pas laissé écrire du mar. 24 nov., 09:00 (Paris) à 09:01 (Paris).";
        assert!(state.contains(line), "{way:?}: {state}");
        assert_eq!(subjects(&school.sandbox.mails()), [STORE], "{way:?}: once");
        school.check().await;
        gate.tasks.abandon().await;
        place.remove().await;
    });
    futures::future::join_all(ways).await;
}
