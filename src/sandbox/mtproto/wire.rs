//! The outermost skin of `MTProto` 2.0, as the server wears it: authorization keys and the envelope of a packet.
//!
//! grammers-crypto encrypts as a client only, so the derivation of keys stands here once more, with the sides swapped.

use grammers_crypto::{AuthKey, DequeBuffer, aes, encrypt_data_v2};
use sha2::{Digest, Sha256};

pub type Key = [u8; 256];
pub type KeyId = [u8; 8];

/// Where a key's material begins, by who speaks.
const FROM_CLIENT: usize = 0;
const FROM_SERVER: usize = 8;
/// Key id and message key.
const HEAD: usize = 24;

/// The id under which a key's packets travel (the end of its SHA-1). grammers-crypto keeps it to itself, but writes
/// it in front of whatever it encrypts.
pub fn key_id(key: Key) -> KeyId {
    let mut buffer = DequeBuffer::with_capacity(64, HEAD);
    encrypt_data_v2(&mut buffer, &AuthKey::from_bytes(key));
    buffer.as_ref().first_chunk().copied().unwrap_or_default()
}

/// Whose key a packet was encrypted with; zero for what is not encrypted at all.
pub fn owner(packet: &[u8]) -> KeyId {
    packet.first_chunk().copied().unwrap_or_default()
}

fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

fn part(bytes: &[u8], from: usize, length: usize) -> &[u8] {
    bytes.get(from..from + length).unwrap_or_default()
}

fn joined(parts: [&[u8]; 3]) -> [u8; 32] {
    parts.concat().try_into().unwrap_or_default()
}

/// The AES key and vector for one message.
fn derive(key: &Key, message: &[u8], side: usize) -> ([u8; 32], [u8; 32]) {
    let a = sha256(&[message, part(key, side, 36)]);
    let b = sha256(&[part(key, 40 + side, 36), message]);
    let secret = joined([part(&a, 0, 8), part(&b, 8, 16), part(&a, 24, 8)]);
    let vector = joined([part(&b, 0, 8), part(&a, 8, 16), part(&b, 24, 8)]);
    (secret, vector)
}

fn message_key(key: &Key, plain: &[u8], side: usize) -> [u8; 16] {
    let large = sha256(&[part(key, 88 + side, 32), plain]);
    part(&large, 8, 16).try_into().unwrap_or_default()
}

/// What a client's packet says, padding and all; `None` when it was not made with this key.
pub fn open(key: &Key, packet: &[u8]) -> Option<Vec<u8>> {
    let message = packet.get(8..HEAD)?;
    let mut plain = packet.get(HEAD..)?.to_vec();
    if plain.is_empty() || plain.len() % 16 != 0 {
        return None;
    }
    let (secret, vector) = derive(key, message, FROM_CLIENT);
    aes::ige_decrypt(&mut plain, &secret, &vector);
    (message_key(key, &plain, FROM_CLIENT) == message).then_some(plain)
}

/// A packet for the client.
pub fn seal(key: &Key, id: KeyId, mut plain: Vec<u8>) -> Vec<u8> {
    // Twelve bytes of padding at least; on loopback nobody is to be confused by them, so they are zero.
    let padding = 16 + (16 - plain.len() % 16);
    plain.resize(plain.len() + padding, 0);
    let message = message_key(key, &plain, FROM_SERVER);
    let (secret, vector) = derive(key, &message, FROM_SERVER);
    aes::ige_encrypt(&mut plain, &secret, &vector);
    [&id[..], &message, &plain].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clients_packet_is_opened_and_a_server_packet_is_read_by_a_client() {
        let key = [7; 256];
        let auth = AuthKey::from_bytes(key);
        let mut buffer = DequeBuffer::with_capacity(64, HEAD);
        buffer.extend(*b"good morning, class");
        encrypt_data_v2(&mut buffer, &auth);
        assert_eq!(owner(buffer.as_ref()), key_id(key));
        assert!(open(&key, buffer.as_ref()).unwrap().starts_with(b"good morning, class"));
        assert_eq!(open(&[8; 256], buffer.as_ref()), None);
        let mut packet = seal(&key, key_id(key), b"good morning".to_vec());
        assert!(grammers_crypto::decrypt_data_v2(&mut packet, &auth).unwrap().starts_with(b"good morning"));
    }
}
