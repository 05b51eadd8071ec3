//! Secrets at rest: sealed with chacha20poly1305 under one key, which is never in the store nor in a backup.
//!
//! The key comes from `PREAU__SECRETS__KEY` (64 hexadecimal digits), else from the file that `secrets.key_file` names; a
//! file that is not there is written, with mode 0600, when the first secret is sealed. A new key takes the old one's place
//! by `preau secrets rotate`: from a file beside it, or from `PREAU__SECRETS__NEW_KEY`. The key before it stays in a file
//! beside it: backups of that time open with it.

use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead as _, Generate as _, Key, KeyInit as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use secrecy::{ExposeSecret as _, SecretString};

use crate::kernel::error::refuse;
use crate::kernel::{Error, Result};
use crate::platform::config;
use crate::text;

/// What stands before every sealed text: how it was sealed.
const VERSION: &str = "c1:";
const NONCE: usize = 12;

/// Seals and opens. `what` names the secret: sealed under one name, it opens under no other.
///
/// While a new key lies beside the old one, it seals, and both open.
#[derive(Debug, Clone)]
pub struct Vault {
    given: Option<SecretString>,
    next: Option<SecretString>,
    file: PathBuf,
}

impl Vault {
    pub fn new(given: Option<SecretString>, file: impl Into<PathBuf>) -> Self {
        Self { given, next: None, file: file.into() }
    }

    /// The vault of a configuration.
    pub fn of(secrets: &config::Secrets) -> Self {
        Self::new(secrets.key.clone(), &secrets.key_file).with_next(secrets.new_key.clone())
    }

    /// The key that takes the place of the one that is given.
    pub fn with_next(mut self, next: Option<SecretString>) -> Self {
        self.next = next;
        self
    }

    /// The key is read (and written, when there is none yet) each time: seldom, and it need not stay in memory.
    pub fn seal(&self, what: &str, plain: &[u8]) -> Result<String> {
        let key = match self.sealing()? {
            Some(key) => key,
            None => make(&self.file)?,
        };
        let nonce = Nonce::generate();
        let cipher = ChaCha20Poly1305::new(&key);
        let sealed = cipher.encrypt(&nonce, Payload { msg: plain, aad: what.as_bytes() });
        let sealed = sealed.map_err(|_| Error::fault("vault: cannot seal"))?;
        Ok(format!("{VERSION}{}{}", hex(&nonce), hex(&sealed)))
    }

    /// Opens what [`Vault::seal`] sealed. Another key, another name or a changed text is a refusal that says what to do.
    pub fn open(&self, what: &str, sealed: &str) -> Result<Vec<u8>> {
        let keys: Vec<_> = [self.next()?, self.key()?].into_iter().flatten().collect();
        if keys.is_empty() {
            return refuse("SEC-01", text!("vault-key-missing"));
        }
        for key in &keys {
            if let Some(plain) = opened(key, what, sealed)? {
                return Ok(plain);
            }
        }
        refuse("SEC-01", text!("vault-key-other"))
    }

    /// As [`Vault::open`], what a backup holds: it may have been made before the key was changed.
    pub fn open_backup(&self, what: &str, sealed: &str) -> Result<Vec<u8>> {
        let before = read(&self.old_file())?;
        for key in [self.next()?, self.key()?, before].into_iter().flatten() {
            if let Some(plain) = opened(&key, what, sealed)? {
                return Ok(plain);
            }
        }
        refuse("SEC-05", text!("vault-backup-sealed"))
    }

    /// Is it sealed with the key that seals now?
    pub fn is_current(&self, what: &str, sealed: &str) -> Result<bool> {
        match self.sealing()? {
            Some(key) => Ok(opened(&key, what, sealed)?.is_some()),
            None => Ok(false),
        }
    }

    /// Does a new key lie beside the old one in a file?
    pub fn is_rotating(&self) -> bool {
        self.given.is_none() && self.new_file().exists()
    }

    /// Is the key given by the environment?
    pub fn is_given(&self) -> bool {
        self.given.is_some()
    }

    /// Can the keys be read, as far as there are any?
    pub fn try_out(&self) -> Result<()> {
        self.next()?;
        self.key().map(|_| ())
    }

    /// Lays a new key beside the old one; one that lies there is taken.
    pub fn begin_rotation(&self) -> Result<()> {
        if self.given.is_some() {
            let (new, old) = (self.next()?, self.key()?);
            return if new.is_some() && new != old { Ok(()) } else { refuse("SEC-04", text!("vault-key-new")) };
        }
        if self.is_rotating() {
            return Ok(());
        }
        // It appears whole or not at all.
        let half = beside(&self.file, ".half");
        match std::fs::remove_file(&half) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(away(&half, &error)),
            _ => {}
        }
        make(&half)?;
        self.rename(&half, &self.new_file())
    }

    /// Everything is sealed with the new key: the old one is put aside, for the backups that were made under it.
    pub fn end_rotation(&self) -> Result<()> {
        if !self.is_rotating() {
            return Ok(());
        }
        // Cut off in between, the new key alone is there: that seals and opens, and this goes on from here.
        if self.file.exists() {
            self.rename(&self.file, &self.old_file())?;
        }
        self.rename(&self.new_file(), &self.file)
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<()> {
        let folder = self.file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::rename(from, to)
            .and_then(|()| std::fs::File::open(folder)?.sync_all())
            .map_err(|error| away(to, &error))
    }

    fn new_file(&self) -> PathBuf {
        beside(&self.file, ".new")
    }

    fn old_file(&self) -> PathBuf {
        beside(&self.file, ".old")
    }

    fn sealing(&self) -> Result<Option<Key<ChaCha20Poly1305>>> {
        self.next()?.map_or_else(|| self.key(), |next| Ok(Some(next)))
    }

    fn next(&self) -> Result<Option<Key<ChaCha20Poly1305>>> {
        match (&self.given, &self.next) {
            (Some(_), Some(next)) => parse(next.expose_secret()).map(Some),
            (Some(_), None) => Ok(None),
            (None, _) => read(&self.new_file()),
        }
    }

    fn key(&self) -> Result<Option<Key<ChaCha20Poly1305>>> {
        match &self.given {
            Some(given) => parse(given.expose_secret()).map(Some),
            None => read(&self.file),
        }
    }
}

/// `None`: not with this key.
fn opened(key: &Key<ChaCha20Poly1305>, what: &str, sealed: &str) -> Result<Option<Vec<u8>>> {
    let bytes = sealed.strip_prefix(VERSION).and_then(unhex);
    let parts = bytes.as_ref().and_then(|bytes| bytes.split_at_checked(NONCE));
    let nonce = parts.and_then(|(nonce, _)| Nonce::try_from(nonce).ok());
    let (Some((_, body)), Some(nonce)) = (parts, nonce) else {
        return Err(Error::fault("vault: a sealed text that is none"));
    };
    Ok(ChaCha20Poly1305::new(key).decrypt(&nonce, Payload { msg: body, aad: what.as_bytes() }).ok())
}

/// `data/secrets.key.new`
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn away(file: &Path, error: &std::io::Error) -> Error {
    Error::outage("secrets", &format!("{}: {error}", file.display()))
}

fn read(file: &Path) -> Result<Option<Key<ChaCha20Poly1305>>> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => SecretString::from(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(away(file, &error)),
    };
    let mode = std::fs::metadata(file).map_or(0, |meta| meta.permissions().mode());
    if mode & 0o077 != 0 {
        return refuse("SEC-02", text!("vault-exposed", file = file.display().to_string()));
    }
    parse(text.expose_secret()).map(Some)
}

/// A new key in a file of its own. Two that begin at once: one writes, both read that one.
fn make(file: &Path) -> Result<Key<ChaCha20Poly1305>> {
    let away = |error: std::io::Error| away(file, &error);
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(away)?;
    }
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Ok(mut open) => {
            let key = Key::<ChaCha20Poly1305>::generate();
            open.write_all(hex(&key).as_bytes()).and_then(|()| open.sync_all()).map_err(away)?;
            give_to_owner(file);
            Ok(key)
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            parse(SecretString::from(std::fs::read_to_string(file).map_err(away)?).expose_secret())
        }
        Err(error) => Err(away(error)),
    }
}

/// A key that root makes (by `preau backup`) is for the service, whose the folder is. Who may not give it has it himself.
fn give_to_owner(file: &Path) {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(owner) = std::fs::metadata(folder) {
        let _ = std::os::unix::fs::chown(file, Some(owner.uid()), Some(owner.gid()));
    }
}

fn parse(text: &str) -> Result<Key<ChaCha20Poly1305>> {
    let bytes = unhex(text.trim());
    let key = bytes.and_then(|bytes| Key::<ChaCha20Poly1305>::try_from(bytes.as_slice()).ok());
    key.map_or_else(|| refuse("SEC-03", text!("vault-key-bad")), Ok)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(error: &Error) -> &'static str {
        match error {
            Error::Refusal(refusal) => refusal.code,
            _ => "",
        }
    }

    #[test]
    fn what_was_sealed_opens_under_its_own_name_and_key_only() {
        let folder = std::env::temp_dir().join(format!("preau-vault-{}", std::process::id()));
        let file = folder.join("secrets.key");
        let vault = Vault::new(None, &file);
        assert_eq!(code(&vault.open("a", "c1:00").unwrap_err()), "SEC-01", "no key yet");
        let sealed = vault.seal("a", b"the key is the account").unwrap();
        assert!(!sealed.contains("account"));
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(vault.open("a", &sealed).unwrap(), b"the key is the account");
        assert_ne!(vault.seal("a", b"the key is the account").unwrap(), sealed, "never twice the same");
        assert_eq!(code(&vault.open("b", &sealed).unwrap_err()), "SEC-01");
        let mut changed = sealed.clone();
        changed.pop();
        changed.push(if sealed.ends_with('0') { '1' } else { '0' });
        assert_eq!(code(&vault.open("a", &changed).unwrap_err()), "SEC-01");
        let other = Vault::new(Some(SecretString::from("ab".repeat(32))), &file);
        assert_eq!(code(&other.open("a", &sealed).unwrap_err()), "SEC-01");
        assert!(matches!(vault.open("a", "c1:0g"), Err(Error::Fault { .. })));
        assert!(matches!(vault.open("a", "plain"), Err(Error::Fault { .. })));
        let short = Vault::new(Some(SecretString::from("abcd".to_owned())), &file);
        assert_eq!(code(&short.seal("a", b"x").unwrap_err()), "SEC-03");
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(code(&vault.open("a", &sealed).unwrap_err()), "SEC-02");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_new_key_takes_the_old_ones_place_step_by_step() {
        let folder = std::env::temp_dir().join(format!("preau-rotation-{}", std::process::id()));
        let file = folder.join("secrets.key");
        let vault = Vault::new(None, &file);
        let old = vault.seal("a", b"x").unwrap();
        assert!(vault.is_current("a", &old).unwrap() && !vault.is_rotating());
        std::fs::write(folder.join("secrets.key.half"), "begun and cut o").unwrap();
        vault.begin_rotation().unwrap();
        vault.begin_rotation().unwrap();
        let beside = folder.join("secrets.key.new");
        assert_eq!(std::fs::metadata(&beside).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(vault.is_rotating() && !vault.is_current("a", &old).unwrap());
        let new = vault.seal("a", b"x").unwrap();
        assert!(vault.is_current("a", &new).unwrap());
        assert_eq!((vault.open("a", &old).unwrap(), vault.open("a", &new).unwrap()), (b"x".to_vec(), b"x".to_vec()));
        vault.end_rotation().unwrap();
        vault.end_rotation().unwrap();
        assert!(!vault.is_rotating() && !beside.exists());
        assert_eq!(vault.open("a", &new).unwrap(), b"x");
        assert_eq!(code(&vault.open("a", &old).unwrap_err()), "SEC-01");
        assert_eq!(vault.open_backup("a", &old).unwrap(), b"x", "a backup of before");
        assert_eq!(code(&vault.open_backup("b", &old).unwrap_err()), "SEC-05");
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2, "the old key and the new one");
        // Cut off between the two steps of the end.
        vault.begin_rotation().unwrap();
        std::fs::rename(&file, folder.join("secrets.key.old")).unwrap();
        assert!(vault.is_rotating() && vault.seal("a", b"x").is_ok());
        vault.end_rotation().unwrap();
        assert_eq!(vault.open_backup("a", &new).unwrap(), b"x");
        assert_eq!(code(&vault.open("a", &new).unwrap_err()), "SEC-01");
        // Given by the environment.
        let key = |digit: &str| Some(SecretString::from(digit.repeat(64)));
        let given = Vault::new(key("a"), &file);
        let old = given.seal("a", b"x").unwrap();
        assert_eq!(code(&given.begin_rotation().unwrap_err()), "SEC-04");
        assert_eq!(code(&given.clone().with_next(key("a")).begin_rotation().unwrap_err()), "SEC-04");
        let both = given.with_next(key("b"));
        both.begin_rotation().unwrap();
        let new = both.seal("a", b"x").unwrap();
        assert_eq!((both.open("a", &old).unwrap(), both.open("a", &new).unwrap()), (b"x".to_vec(), b"x".to_vec()));
        both.end_rotation().unwrap();
        assert_eq!(Vault::new(key("b"), &file).open("a", &new).unwrap(), b"x");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
