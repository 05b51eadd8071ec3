//! What is secret, and how it is kept: as `secrecy` values in memory, as hashes in the store.

use sha2::{Digest, Sha256};

pub use secrecy::{ExposeSecret, SecretString};

/// SHA-256 in lower-case hexadecimal. Fine for tokens of 160 random bits (nothing to guess) and for naming content;
/// not for passwords.
pub fn sha256_hex(bytes: impl AsRef<[u8]>) -> String {
    let halves = |byte: u8| [byte >> 4, byte & 0x0f];
    let digest = Sha256::digest(bytes.as_ref());
    digest.iter().flat_map(|byte| halves(*byte)).filter_map(|half| char::from_digit(u32::from(half), 16)).collect()
}

/// The first eight letters of [`sha256_hex`]: enough to see that two are the same.
pub fn fingerprint(bytes: impl AsRef<[u8]>) -> String {
    let digest = Sha256::digest(bytes.as_ref());
    let first = digest.iter().take(4).fold(0_u32, |all, byte| all << 8 | u32::from(*byte));
    format!("{first:08x}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_fingerprint_begins_as_the_hash() {
        for words in ["", "M. Diallo", "https://visio.example/j/7"] {
            assert!(super::sha256_hex(words).starts_with(&super::fingerprint(words)), "{words}");
        }
    }

    #[test]
    fn sha256_of_nothing_is_the_known_one() {
        let whole = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(super::sha256_hex(""), whole);
    }
}
