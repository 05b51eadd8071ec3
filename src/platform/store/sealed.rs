//! A backup on disk: sealed whole, so that whoever finds the file reads nothing in it.
//!
//! A line that says what it is, a line with the file's own key (sealed by the [`Vault`], so that the key of the secrets
//! opens every backup made under it), then pieces of 64 KiB, each sealed under its number: none can be changed, moved, left
//! out or cut off at the end without being noticed.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;

use chacha20poly1305::aead::{Aead as _, Generate as _, Key, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};

use crate::kernel::{Error, Result};
use crate::platform::vault::Vault;

/// The first line.
const MARK: &[u8] = b"preau-backup 1\n";
/// Under which name the file's key is sealed.
const NAME: &str = "backup";
/// The second line is no longer than this.
const LONGEST_KEY: u64 = 1_024;
const PIECE: usize = 64 * 1024;
const TAG: usize = 16;

fn away(file: &Path, error: &std::io::Error) -> Error {
    Error::outage("the backup", &format!("{}: {error}", file.display()))
}

fn damaged(file: &Path) -> Error {
    Error::outage("the backup", &format!("{} is damaged: a part of it was changed or is missing", file.display()))
}

/// Is this a sealed backup? One of an older version is the database itself.
pub(super) fn is_sealed(file: &Path) -> Result<bool> {
    let mut start = Vec::new();
    let length = u64::try_from(MARK.len()).unwrap_or(u64::MAX);
    let read = File::open(file).and_then(|open| open.take(length).read_to_end(&mut start));
    read.map_err(|error| away(file, &error))?;
    Ok(start == MARK)
}

/// Seals everything of `plain` into `sealed`, an empty file that is there.
pub(super) async fn seal(vault: &Vault, plain: &Path, sealed: &Path) -> Result<()> {
    let key = Key::<ChaCha20Poly1305>::generate();
    let line = vault.seal(NAME, &key)?;
    let mut from = File::open(plain).map_err(|error| away(plain, &error))?;
    let mut to = File::create(sealed).map_err(|error| away(sealed, &error))?;
    let write = |to: &mut File, bytes: &[u8]| to.write_all(bytes).map_err(|error| away(sealed, &error));
    write(&mut to, MARK)?;
    write(&mut to, line.as_bytes())?;
    write(&mut to, b"\n")?;
    let mut pieces = Pieces::new(&key);
    let mut next = piece(&mut from, PIECE).map_err(|error| away(plain, &error))?;
    loop {
        let mine = next;
        next = piece(&mut from, PIECE).map_err(|error| away(plain, &error))?;
        write(&mut to, &pieces.seal(&mine, next.is_empty())?)?;
        if next.is_empty() {
            return to.sync_all().map_err(|error| away(sealed, &error));
        }
        // A large database takes seconds: others go on meanwhile.
        tokio::task::yield_now().await;
    }
}

/// Opens `sealed` into `plain`, an empty file that is there. Another key is a refusal that says what to do.
pub(super) async fn open(vault: &Vault, sealed: &Path, plain: &Path) -> Result<()> {
    let wrong = |error: &std::io::Error| away(sealed, error);
    let mut from = BufReader::with_capacity(PIECE + TAG, File::open(sealed).map_err(|error| wrong(&error))?);
    let mut mark = vec![0; MARK.len()];
    from.read_exact(&mut mark).map_err(|error| wrong(&error))?;
    let line = line_of(&mut from).map_err(|error| wrong(&error))?.ok_or_else(|| damaged(sealed))?;
    let key = Key::<ChaCha20Poly1305>::try_from(vault.open_backup(NAME, &line)?.as_slice());
    let key = key.map_err(|_| damaged(sealed))?;
    let mut to = File::create(plain).map_err(|error| away(plain, &error))?;
    let mut pieces = Pieces::new(&key);
    let mut next = piece(&mut from, PIECE + TAG).map_err(|error| wrong(&error))?;
    loop {
        let mine = next;
        next = piece(&mut from, PIECE + TAG).map_err(|error| wrong(&error))?;
        let opened = pieces.open(&mine, next.is_empty()).ok_or_else(|| damaged(sealed))?;
        to.write_all(&opened).map_err(|error| away(plain, &error))?;
        if next.is_empty() {
            return to.sync_all().map_err(|error| away(plain, &error));
        }
        tokio::task::yield_now().await;
    }
}

/// Up to the end of the line, without it; `None` when there is no such line.
fn line_of(from: &mut impl BufRead) -> std::io::Result<Option<String>> {
    let mut line = Vec::new();
    from.take(LONGEST_KEY).read_until(b'\n', &mut line)?;
    Ok(if line.pop() == Some(b'\n') { String::from_utf8(line).ok() } else { None })
}

/// So many bytes, or what is left; none at the end.
fn piece(from: &mut impl Read, size: usize) -> std::io::Result<Vec<u8>> {
    let mut piece = Vec::with_capacity(size);
    from.take(u64::try_from(size).unwrap_or(u64::MAX)).read_to_end(&mut piece)?;
    Ok(piece)
}

/// Pieces in their order, each under its own number.
struct Pieces {
    cipher: ChaCha20Poly1305,
    number: u64,
}

impl Pieces {
    fn new(key: &Key<ChaCha20Poly1305>) -> Self {
        Self { cipher: ChaCha20Poly1305::new(key), number: 0 }
    }

    /// The number of the piece, and whether it is the last one; the key is the file's alone, so that none comes twice.
    fn nonce(&mut self, last: bool) -> Nonce {
        let mut nonce = Nonce::default();
        for (place, byte) in nonce.iter_mut().zip(self.number.to_be_bytes()) {
            *place = byte;
        }
        if let Some(place) = nonce.last_mut() {
            *place = u8::from(last);
        }
        self.number += 1;
        nonce
    }

    fn seal(&mut self, plain: &[u8], last: bool) -> Result<Vec<u8>> {
        let nonce = self.nonce(last);
        let sealed = self.cipher.encrypt(&nonce, Payload { msg: plain, aad: MARK });
        sealed.map_err(|_| Error::fault("backup: cannot seal"))
    }

    fn open(&mut self, sealed: &[u8], last: bool) -> Option<Vec<u8>> {
        let nonce = self.nonce(last);
        self.cipher.decrypt(&nonce, Payload { msg: sealed, aad: MARK }).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_sealed_opens_whole_and_never_in_part() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let vault = Vault::new(None, path("secrets.key"));
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            let bytes: Vec<u8> = b"canary ".iter().copied().cycle().take(length).collect();
            std::fs::write(path("plain"), &bytes).unwrap();
            seal(&vault, &path("plain"), &path("sealed")).await.unwrap();
            assert!(is_sealed(&path("sealed")).unwrap() && !is_sealed(&path("plain")).unwrap());
            open(&vault, &path("sealed"), &path("back")).await.unwrap();
            assert!(std::fs::read(path("back")).unwrap() == bytes, "{length}");
        }
        let whole = std::fs::read(path("sealed")).unwrap();
        assert!(!whole.windows(6).any(|some| some == b"canary"));
        let body = whole.len() - 3 * (PIECE + TAG);
        let piece = |number: usize| &whole[body + number * (PIECE + TAG)..body + (number + 1) * (PIECE + TAG)];
        let (head, mut changed) = (&whole[..body], whole.clone());
        changed[body + 7] ^= 1;
        let torn = [
            whole[..whole.len() - 1].to_vec(),
            [head, piece(0), piece(1)].concat(),
            [head, piece(1), piece(0), piece(2)].concat(),
            [head, piece(0), piece(2)].concat(),
            [&whole, piece(2)].concat(),
            head.to_vec(),
            changed,
        ];
        for (nth, torn) in torn.iter().enumerate() {
            std::fs::write(path("torn"), torn).unwrap();
            let error = open(&vault, &path("torn"), &path("back")).await.unwrap_err().to_string();
            assert!(error.contains("is damaged"), "{nth}: {error}");
        }
        let other = Vault::new(None, path("other.key"));
        let refused = open(&other, &path("sealed"), &path("back")).await.unwrap_err();
        assert_eq!(refused.to_string(), "refused (SEC-05)");
    }
}
