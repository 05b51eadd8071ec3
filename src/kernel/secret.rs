//! What is secret, and how it is kept: as `secrecy` values in memory, as hashes in the store.

use sha2::{Digest, Sha256};

pub use secrecy::{ExposeSecret, SecretString};

/// SHA-256 in lower-case hexadecimal. Fine for tokens of 160 random bits (nothing to guess) and for naming content;
/// not for passwords.
pub fn sha256_hex(bytes: impl AsRef<[u8]>) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes.as_ref()).iter().fold(String::with_capacity(64), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn sha256_of_nothing_is_the_known_one() {
        assert!(super::sha256_hex("").starts_with("e3b0c44298fc1c14"));
    }
}
