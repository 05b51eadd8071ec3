//! One connection: packets in, answers and news out.

use std::time::Duration;

use grammers_mtproto::transport::Full;
use grammers_tl_types::{Deserializable as _, Identifiable as _, RawVec, Serializable as _, enums, functions, types};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{self, UnboundedSender};

use super::frames::{self, Message, Pen};
use super::requests::{Outcome, Request};
use super::wire;
use crate::sandbox::botapi::{Shared, lock};
use crate::sandbox::door::spawn;
use crate::sandbox::world::callers::KeyId;

/// What the server says to a client whose key it does not know.
const UNKNOWN_KEY: i32 = -404;

/// What is to be written, by whoever found it out.
enum Out {
    /// The answer to one message.
    Answer(Vec<u8>),
    HangUp,
}

/// A connection's place in the world; it leaves with the connection.
struct Seat {
    world: Shared,
    id: u64,
    key: KeyId,
    secret: wire::Key,
    pen: Pen,
}

impl Drop for Seat {
    fn drop(&mut self) {
        lock(&self.world).callers.lines.remove(&self.id);
    }
}

impl Seat {
    fn take(world: &Shared, key: KeyId, news: &UnboundedSender<Vec<u8>>) -> Option<Self> {
        let mut locked = lock(world);
        let secret = locked.callers.keys.get(&key)?.bytes;
        let id = locked.callers.enter(key, news.clone());
        drop(locked);
        Some(Self { world: world.clone(), id, key, secret, pen: Pen::new(secret, 0) })
    }
}

/// Talks until either side has had enough.
pub async fn talk(mut stream: TcpStream, world: Shared) -> std::io::Result<()> {
    let clock = lock(&world).clock.clone();
    let (news, mut pushed) = mpsc::unbounded_channel::<Vec<u8>>();
    let (answers, mut answered) = mpsc::unbounded_channel::<Out>();
    let (mut reader, mut received, mut seat) = (Full::new(), Vec::new(), None::<Seat>);
    loop {
        while let Some(packet) = frames::packet(&mut reader, &mut received).map_err(std::io::Error::other)? {
            let key = wire::owner(&packet);
            if seat.as_ref().is_none_or(|seat| seat.key != key) {
                seat = Seat::take(&world, key, &news);
            }
            let Some(seat) = &mut seat else {
                // Plain packets come here too: they would agree on a key, which cannot be done.
                return stream.write_all(&UNKNOWN_KEY.to_le_bytes()).await;
            };
            let Some(plain) = wire::open(&seat.secret, &packet) else { return Ok(()) };
            let Ok((session, messages)) = frames::read(&plain) else { return Ok(()) };
            seat.pen.session = session;
            for message in messages {
                hear(&world, seat, &message, &answers);
            }
        }
        tokio::select! {
            biased;
            Some(out) = answered.recv() => match (out, &mut seat) {
                (Out::Answer(body), Some(seat)) => {
                    stream.write_all(&seat.pen.write(&body, clock.wall(), true)).await?;
                }
                _ => return Ok(()),
            },
            Some(body) = pushed.recv() => if let Some(seat) = &mut seat {
                stream.write_all(&seat.pen.write(&body, clock.wall(), false)).await?;
            },
            read = stream.read_buf(&mut received) => if read? == 0 {
                return Ok(());
            },
        }
    }
}

/// What one message asks for; the answer goes to `answers`, at once or later.
fn hear(world: &Shared, seat: &Seat, message: &Message, answers: &UnboundedSender<Out>) {
    let Ok((id, fields, layer)) = frames::unwrapped(&message.body) else { return };
    let wall = lock(world).clock.wall();
    if let Some(answer) = service(message.id, id, &fields, wall.seconds()) {
        let _ = answers.send(Out::Answer(answer));
        return;
    }
    // Confirmations and the like want no answer.
    if grammers_tl_types::name_for_id(id).starts_with("msg") {
        return;
    }
    let request = Request { line: seat.id, key: seat.key, id, fields, layer };
    let under_way = request.enter(world);
    let (to, answers) = (message.id, answers.clone());
    let (delay, late) = (under_way.delay(), under_way.late().map(Duration::from_millis));
    let done = delay.is_none().then(|| under_way.finish());
    let clock = lock(world).clock.clone();
    match (done, late) {
        (Some(done), None) => drop(answers.send(out(to, done))),
        (Some(done), Some(late)) => spawn(async move {
            clock.rest(late).await;
            let _ = answers.send(out(to, done));
        }),
        (None, late) => spawn(async move {
            clock.rest(Duration::from_millis(delay.unwrap_or_default())).await;
            // Who was cut off meanwhile gets nothing done.
            if answers.is_closed() {
                return;
            }
            let done = under_way.finish();
            clock.rest(late.unwrap_or_default()).await;
            let _ = answers.send(out(to, done));
        }),
    }
}

fn out(to: i64, outcome: Outcome) -> Out {
    match outcome {
        Outcome::Answer(answer) => Out::Answer(frames::result(to, &answer)),
        Outcome::HangUp => Out::HangUp,
    }
}

/// The protocol's own questions: pings and salts.
fn service(to: i64, id: u32, fields: &[u8], seconds: i64) -> Option<Vec<u8>> {
    let pong = |ping_id: i64| enums::Pong::from(types::Pong { msg_id: to, ping_id }).to_bytes();
    match id {
        functions::Ping::CONSTRUCTOR_ID => functions::Ping::from_bytes(fields).ok().map(|ping| pong(ping.ping_id)),
        functions::PingDelayDisconnect::CONSTRUCTOR_ID => {
            functions::PingDelayDisconnect::from_bytes(fields).ok().map(|ping| pong(ping.ping_id))
        }
        functions::GetFutureSalts::CONSTRUCTOR_ID => {
            let now = i32::try_from(seconds).unwrap_or(0);
            let salt = |hours: i32| types::FutureSalt {
                valid_since: now + hours * 3600 - 60,
                valid_until: now + (hours + 2) * 3600,
                salt: 0,
            };
            let salts = RawVec(vec![salt(0), salt(1), salt(2)]);
            Some(enums::FutureSalts::from(types::FutureSalts { req_msg_id: to, now, salts }).to_bytes())
        }
        _ => None,
    }
}
