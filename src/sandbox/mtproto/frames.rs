//! Messages inside a packet: what the client sends is taken apart, what the server says is put together.
//!
//! The crate's own versions of containers and gzip are private, hence these few bytes by hand.

use std::io::Read as _;

use flate2::read::GzDecoder;
use grammers_crypto::DequeBuffer;
use grammers_mtproto::transport::{Full, Transport as _};
use grammers_tl_types::functions::{InitConnection, InvokeWithLayer, InvokeWithoutUpdates};
use grammers_tl_types::{Cursor, Deserializable, Identifiable as _, Serializable as _, deserialize};

use super::wire::{self, Key, KeyId};
use crate::kernel::At;

const CONTAINER: u32 = 0x73f1_f8dc;
const GZIP: u32 = 0x3072_cfa1;
const RPC_RESULT: u32 = 0xf35c_6d01;
/// Larger than this, even unpacked, no request of ours can be.
const LARGEST: u64 = 16 * 1024 * 1024;

/// One message of the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: i64,
    pub body: Vec<u8>,
}

/// Everything to the end: what a wrapper wraps.
struct Rest(Vec<u8>);

impl Deserializable for Rest {
    fn deserialize(cursor: &mut Cursor<'_>) -> deserialize::Result<Self> {
        let mut rest = Vec::new();
        cursor.read_to_end(&mut rest)?;
        Ok(Self(rest))
    }
}

/// The session's id and its messages, out of what [`wire::open`] gave.
pub fn read(plain: &[u8]) -> deserialize::Result<(i64, Vec<Message>)> {
    let mut cursor = Cursor::from_slice(plain);
    let _salt = i64::deserialize(&mut cursor)?;
    let session = i64::deserialize(&mut cursor)?;
    let mut messages = Vec::new();
    unfold(one(&mut cursor)?, &mut messages)?;
    Ok((session, messages))
}

fn one(cursor: &mut Cursor<'_>) -> deserialize::Result<Message> {
    let id = i64::deserialize(cursor)?;
    let _sequence = i32::deserialize(cursor)?;
    let length = u64::from(u32::deserialize(cursor)?);
    if length > LARGEST {
        return Err(deserialize::Error::UnexpectedEof);
    }
    let mut body = vec![0; usize::try_from(length).unwrap_or(0)];
    cursor.read_exact(&mut body)?;
    Ok(Message { id, body })
}

fn unfold(message: Message, into: &mut Vec<Message>) -> deserialize::Result<()> {
    let mut cursor = Cursor::from_slice(&message.body);
    match u32::deserialize(&mut cursor)? {
        CONTAINER => {
            for _ in 0..u32::deserialize(&mut cursor)? {
                unfold(one(&mut cursor)?, into)?;
            }
            Ok(())
        }
        GZIP => unfold(Message { id: message.id, body: unpacked(&Vec::<u8>::deserialize(&mut cursor)?)? }, into),
        _ => {
            into.push(message);
            Ok(())
        }
    }
}

fn unpacked(packed: &[u8]) -> deserialize::Result<Vec<u8>> {
    let mut body = Vec::new();
    let read = GzDecoder::new(packed).take(LARGEST).read_to_end(&mut body);
    read.map(|_| body).map_err(|_| deserialize::Error::UnexpectedEof)
}

/// A request without what it is wrapped in: its id and its fields. Also the layer, where one was said.
pub fn unwrapped(body: &[u8]) -> deserialize::Result<(u32, Vec<u8>, Option<i32>)> {
    let (mut body, mut layer) = (body.to_vec(), None);
    loop {
        let mut cursor = Cursor::from_slice(&body);
        let id = u32::deserialize(&mut cursor)?;
        body = match id {
            InvokeWithLayer::<Rest>::CONSTRUCTOR_ID => {
                let wrapper = InvokeWithLayer::<Rest>::deserialize(&mut cursor)?;
                layer = Some(wrapper.layer);
                wrapper.query.0
            }
            InitConnection::<Rest>::CONSTRUCTOR_ID => InitConnection::<Rest>::deserialize(&mut cursor)?.query.0,
            InvokeWithoutUpdates::<Rest>::CONSTRUCTOR_ID => {
                InvokeWithoutUpdates::<Rest>::deserialize(&mut cursor)?.query.0
            }
            GZIP => unpacked(&Vec::<u8>::deserialize(&mut cursor)?)?,
            _ => return Ok((id, Rest::deserialize(&mut cursor)?.0, layer)),
        };
    }
}

/// The answer to one request, as the body of a message.
pub fn result(to: i64, answer: &[u8]) -> Vec<u8> {
    let mut body = RPC_RESULT.to_bytes();
    to.serialize(&mut body);
    body.extend_from_slice(answer);
    body
}

/// Takes the next whole packet off the front of what was received.
pub fn packet(
    reader: &mut Full,
    received: &mut Vec<u8>,
) -> Result<Option<Vec<u8>>, grammers_mtproto::transport::Error> {
    match reader.unpack(received) {
        Err(grammers_mtproto::transport::Error::MissingBytes) => Ok(None),
        Err(error) => Err(error),
        Ok(unpacked) => {
            let packet = received.get(unpacked.data_range).unwrap_or_default().to_vec();
            received.drain(..unpacked.next_offset);
            Ok(Some(packet))
        }
    }
}

/// Writes one session's packets.
pub struct Pen {
    transport: Full,
    key: Key,
    key_id: KeyId,
    pub session: i64,
    last: i64,
    sequence: i32,
}

impl Pen {
    pub fn new(key: Key, session: i64) -> Self {
        Self { transport: Full::new(), key, key_id: wire::key_id(key), session, last: 0, sequence: 0 }
    }

    /// Ids rise; their last two bits say whether the message answers one (1) or came by itself (3).
    fn next_id(&mut self, wall: At, answers: bool) -> i64 {
        let fraction = (wall.millis().rem_euclid(1000) << 32) / 1000;
        let time = (wall.seconds() << 32) | (fraction & !3);
        self.last = time.max((self.last & !3) + 4) | if answers { 1 } else { 3 };
        self.last
    }

    /// A packet with one message. What must be confirmed has an odd number.
    pub fn write(&mut self, body: &[u8], wall: At, answers: bool) -> Vec<u8> {
        let mut plain = 0_i64.to_bytes();
        self.session.serialize(&mut plain);
        self.next_id(wall, answers).serialize(&mut plain);
        (self.sequence * 2 + 1).serialize(&mut plain);
        self.sequence += 1;
        u32::try_from(body.len()).unwrap_or(0).serialize(&mut plain);
        plain.extend_from_slice(body);
        let sealed = wire::seal(&self.key, self.key_id, plain);
        let mut buffer = DequeBuffer::with_capacity(sealed.len() + 4, 8);
        buffer.extend(sealed);
        self.transport.pack(&mut buffer);
        buffer.as_ref().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_and_wrappers_come_apart() {
        let inner = |id: i64, body: &[u8]| {
            let mut bytes = id.to_bytes();
            1_i32.serialize(&mut bytes);
            u32::try_from(body.len()).unwrap().serialize(&mut bytes);
            bytes.extend_from_slice(body);
            bytes
        };
        let query = InvokeWithLayer { layer: 230, query: grammers_tl_types::functions::help::GetConfig {} }.to_bytes();
        let mut container = CONTAINER.to_bytes();
        2_u32.serialize(&mut container);
        container.extend(inner(4, &7_u32.to_bytes()));
        container.extend(inner(8, &query));
        let mut plain = 0_i64.to_bytes();
        99_i64.serialize(&mut plain);
        plain.extend(inner(12, &container));
        let (session, messages) = read(&plain).unwrap();
        assert_eq!((session, messages.len()), (99, 2));
        let (id, rest, layer) = unwrapped(&messages[1].body).unwrap();
        assert_eq!(grammers_tl_types::name_for_id(id), "help.getConfig");
        assert_eq!((rest, layer), (Vec::new(), Some(230)));
    }

    #[test]
    fn ids_rise_and_say_what_they_are() {
        let mut pen = Pen::new([1; 256], 5);
        let ids = [pen.next_id(At(1_000), true), pen.next_id(At(1_000), false), pen.next_id(At(900), true)];
        assert!(ids.is_sorted());
        assert_eq!(ids.map(|id| id & 3), [1, 3, 1]);
    }
}
