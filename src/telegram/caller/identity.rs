//! What an account is to Telegram: a key with a data centre. Kept sealed; read from a seed beside a Telegram on loopback.

use std::collections::HashMap;
use std::net::{SocketAddrV4, SocketAddrV6};
use std::sync::Arc;

use grammers_client::session::storages::MemorySession;
use grammers_client::session::types::{DcOption, PeerAuth, PeerId, PeerInfo};
use grammers_client::session::{Session as _, SessionData};
use serde::{Deserialize, Serialize};

use crate::kernel::{Error, Result};

/// The account that is signed in under a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Own {
    pub id: i64,
    pub access_hash: i64,
}

/// A key and where it is known. Whoever holds it is the account: never shown, never logged.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    dc: i32,
    address: SocketAddrV4,
    /// 512 hexadecimal digits; none before the first connection.
    auth_key: Option<String>,
    pub account: Option<Own>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Identity(dc {})", self.dc)
    }
}

impl Identity {
    /// Reads a seed or what was sealed.
    pub fn read(json: &[u8]) -> Result<Self> {
        let identity: Self = serde_json::from_slice(json)?;
        if identity.auth_key.as_ref().is_some_and(|key| bytes(key).is_none()) {
            return Err(Error::fault("caller: an authorization key that is none"));
        }
        Ok(identity)
    }

    pub fn is_loopback(&self) -> bool {
        self.address.ip().is_loopback()
    }

    /// A session for the client; it lives in memory, and what must last is taken back by [`Identity::of`].
    pub fn session(&self) -> Arc<MemorySession> {
        let mut data = SessionData { home_dc: self.dc, ..SessionData::default() };
        if self.is_loopback() {
            // Nothing but this one address: a Telegram on loopback never leads elsewhere.
            data.dc_options = HashMap::new();
        }
        let auth_key = self.auth_key.as_deref().and_then(bytes);
        let ipv6 = SocketAddrV6::new(self.address.ip().to_ipv6_mapped(), self.address.port(), 0, 0);
        data.dc_options.insert(self.dc, DcOption { id: self.dc, ipv4: self.address, ipv6, auth_key });
        if let Some(own) = &self.account {
            let info = PeerInfo::User {
                id: own.id,
                auth: Some(PeerAuth::from_hash(own.access_hash)),
                bot: Some(false),
                is_self: Some(true),
            };
            data.peer_infos.insert(PeerId::self_user(), info.clone());
            data.peer_infos.insert(info.id(), info);
        }
        Arc::new(MemorySession::from(data))
    }

    /// What a session has become by signing in.
    pub fn of(session: &MemorySession, own: Own) -> Result<Self> {
        let fault = |what: &str| Error::fault(&format!("caller: the session has no {what}"));
        let dc = session.home_dc_id().map_err(|_| fault("home"))?;
        let option = session.dc_option(dc).ok().flatten().ok_or_else(|| fault("address"))?;
        let auth_key = option.auth_key.map(|key| hex(&key)).ok_or_else(|| fault("key"))?;
        Ok(Self { dc, address: option.ipv4, auth_key: Some(auth_key), account: Some(own) })
    }

    /// The session of somebody who has none yet: Telegram's own entrance.
    pub fn fresh() -> Self {
        let data = SessionData::default();
        let home = data.dc_options.get(&data.home_dc);
        let address = home.map_or(SocketAddrV4::new([0, 0, 0, 0].into(), 0), |home| home.ipv4);
        Self { dc: data.home_dc, address, auth_key: None, account: None }
    }

    /// Is it the same key?
    pub fn has_key_of(&self, other: &Self) -> bool {
        self.auth_key.is_some() && self.auth_key == other.auth_key
    }

    pub const fn dc(&self) -> i32 {
        self.dc
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn bytes(hex: &str) -> Option<[u8; 256]> {
    let digits: Option<Vec<u8>> =
        hex.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let bytes: Vec<u8> = digits?.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
    (hex.len() == 512).then(|| <[u8; 256]>::try_from(bytes).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_what_was_seeded() {
        let key = "5a".repeat(256);
        let seed = format!(
            r#"{{"dc":2,"address":"127.0.0.1:4433","auth_key":"{key}","account":{{"id":7001,"access_hash":-5}}}}"#
        );
        let identity = Identity::read(seed.as_bytes()).unwrap();
        assert!(identity.is_loopback());
        assert!(!format!("{identity:?}").contains("5a5a"));
        let session = identity.session();
        assert_eq!(session.dc_option(1).unwrap(), None, "no way out");
        let again = Identity::of(&session, Own { id: 7001, access_hash: -5 }).unwrap();
        assert_eq!(again, identity);
        assert_eq!(Identity::read(&serde_json::to_vec(&again).unwrap()).unwrap(), identity);
        assert!(Identity::read(seed.replace("5a5a", "5").as_bytes()).is_err());
        assert!(!Identity::fresh().is_loopback());
    }
}
