//! Identifiers (uuid v7 from our clock and our randomness) and tokens.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};
use uuid::Uuid;

use crate::kernel::clock::{At, Clock};

/// Makes identifiers, tokens and jitter. Seeded in tests, from the operating system otherwise. Cheap to clone.
#[derive(Clone)]
pub struct Ids {
    clock: Clock,
    rng: Arc<Mutex<StdRng>>,
    last: Arc<AtomicU64>,
}

impl std::fmt::Debug for Ids {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ids")
    }
}

impl Ids {
    pub fn from_system(clock: Clock) -> Self {
        Self { clock, rng: Arc::new(Mutex::new(StdRng::from_os_rng())), last: Arc::default() }
    }

    pub fn seeded(clock: Clock, seed: u64) -> Self {
        Self { clock, rng: Arc::new(Mutex::new(StdRng::seed_from_u64(seed))), last: Arc::default() }
    }

    fn fill(&self, bytes: &mut [u8]) {
        self.rng.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }

    /// A new uuid v7, in text. Its time part is machine time, so that two processes sort alike; within one process
    /// each is greater than the one before (the twelve bits after the time count within a millisecond).
    pub fn next(&self) -> String {
        let mut random = [0_u8; 10];
        self.fill(&mut random);
        let now = u64::try_from(self.clock.wall().millis()).unwrap_or(0) << 12;
        let before = self.last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(now.max(last + 1)));
        let stamp = now.max(before.unwrap_or(0) + 1);
        let [high, low, ..] = &mut random;
        let [.., a, b] = stamp.to_be_bytes();
        (*high, *low) = (a & 0x0f, b);
        uuid::Builder::from_unix_timestamp_millis(stamp >> 12, &random).into_uuid().to_string()
    }

    /// A secret of 160 random bits in 32 letters of `[a-z2-7]`: fits deep links, file names and buttons.
    pub fn token(&self) -> String {
        let mut random = [0_u8; 20];
        self.fill(&mut random);
        base32(&random)
    }

    /// A number in `0..below` (0 when `below` is 0): jitter, short codes.
    pub fn below(&self, below: u64) -> u64 {
        let mut random = [0_u8; 8];
        self.fill(&mut random);
        u64::from_le_bytes(random).checked_rem(below).unwrap_or(0)
    }
}

/// A reference that a person can read out: 6 letters.
pub fn reference(id: &str) -> String {
    let compact: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
    compact.chars().rev().take(6).collect::<Vec<_>>().into_iter().rev().collect()
}

/// What every id that is made at `wall` (machine time) or later sorts after.
pub fn floor(wall: At) -> String {
    let millis = u64::try_from(wall.millis()).unwrap_or(0);
    format!("{:08x}-{:04x}-7000-8000-000000000000", millis >> 16, millis & 0xffff)
}

/// Is this a uuid of ours?
pub fn is_id(text: &str) -> bool {
    Uuid::parse_str(text).is_ok()
}

fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut out = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut buffer, mut held) = (0_u32, 0_u32);
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            let index = usize::try_from((buffer >> held) & 31).unwrap_or(0);
            out.push(char::from(LETTERS.get(index).copied().unwrap_or(b'a')));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_carry_160_bits_and_fit_a_deep_link() {
        let ids = Ids::seeded(Clock::standing(At(0)), 7);
        let (one, two) = (ids.token(), ids.token());
        assert_ne!(one, two);
        assert_eq!(one.len(), 32);
        assert!(one.chars().all(|c| c.is_ascii_lowercase() || ('2'..='7').contains(&c)));
    }

    #[test]
    fn ids_are_version_7_and_rise() {
        let ids = Ids::seeded(Clock::standing(At(0)), 7);
        let many: Vec<String> = (0..10_000).map(|_| ids.next()).collect();
        assert!(many.is_sorted());
        assert_eq!(many.iter().collect::<std::collections::HashSet<_>>().len(), many.len());
        assert_eq!(Uuid::parse_str(&ids.next()).map(|id| id.get_version_num()).ok(), Some(7));
        assert_eq!(reference("018f-abc123").len(), 6);
    }

    #[test]
    fn ids_sort_after_the_floor_of_their_moment() {
        let clock = Clock::machine();
        let at = clock.wall();
        let id = Ids::seeded(clock.clone(), 7).next();
        assert!(floor(at) <= id && id < floor(clock.wall().plus_minutes(1)), "{id}");
        assert!(is_id(&floor(at)));
    }
}
