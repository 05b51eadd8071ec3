//! People whose accounts are used over `MTProto`: their phones and passwords, the keys of their sessions, and the
//! connections that are open now.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::sync::mpsc::UnboundedSender;

use super::World;
use super::chat::Chat;
use crate::kernel::At;
use crate::kernel::id::Ids;
use crate::sandbox::values::Fault;

/// How many `phone.*` requests an account may make in a second, and calls it may begin in a minute.
const PHONE_PER_SECOND: usize = 5;
const CALLS_PER_MINUTE: usize = 20;
/// How many supergroups an account may create in a day of school time: days are long, and tests cannot wait for one.
const GROUPS_PER_DAY: usize = 50;

pub type KeyId = [u8; 8];

#[derive(Debug)]
pub struct Account {
    pub phone: String,
    pub password: Option<String>,
    pub deactivated: bool,
    asked: VecDeque<Duration>,
    called: VecDeque<Duration>,
    founded: VecDeque<At>,
}

/// A question for the second factor, which its answer must be made for.
#[derive(Clone, Debug)]
pub struct Riddle {
    pub id: i64,
    pub salts: [Vec<u8>; 2],
    pub server: Vec<u8>,
    /// What the client is to use as its own secret: grammers takes this one, so that the answer can be foreseen.
    pub client: Vec<u8>,
}

/// One authorization key: one session of one account, or of nobody yet.
#[derive(Debug)]
pub struct Key {
    pub bytes: [u8; 256],
    pub account: Option<i64>,
    /// Whose code was right while the password is still asked for.
    pub half: Option<i64>,
    pub riddle: Option<Riddle>,
}

/// An open connection, and how to write to it.
#[derive(Debug)]
pub struct Line {
    pub key: KeyId,
    pub news: UnboundedSender<Vec<u8>>,
}

#[derive(Debug, Default)]
pub struct Callers {
    pub port: u16,
    pub accounts: BTreeMap<i64, Account>,
    pub keys: BTreeMap<KeyId, Key>,
    /// Codes that were sent: by the hash that goes with them, to which phone.
    pub codes: BTreeMap<String, String>,
    pub lines: BTreeMap<u64, Line>,
    /// The line whose request is being answered: its news are in the answer.
    pub asking: Option<u64>,
    /// Who may not be added to groups by others.
    pub private: BTreeSet<i64>,
    /// Parts of files that were uploaded, by file and number.
    pub uploads: BTreeMap<i64, BTreeMap<i32, Vec<u8>>>,
    /// Messages by their sender's random number.
    pub sent: BTreeMap<(i64, i64), i64>,
    secret: u64,
    next_line: u64,
}

/// Digits only: `+33 6…` and `336…` are one phone.
pub fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// So many random bytes.
pub fn random(ids: &Ids, length: usize) -> Vec<u8> {
    (0..length).map(|_| u8::try_from(ids.below(256)).unwrap_or(0)).collect()
}

/// Seconds to wait until one of `many` places within `span` comes free; takes one otherwise.
fn take(taken: &mut VecDeque<Duration>, now: Duration, span: Duration, many: usize) -> Result<(), i32> {
    while taken.front().is_some_and(|at| *at + span <= now) {
        taken.pop_front();
    }
    if let Some(first) = taken.front().filter(|_| taken.len() >= many) {
        let wait = (*first + span).saturating_sub(now);
        return Err(i32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(i32::MAX).max(1));
    }
    taken.push_back(now);
    Ok(())
}

impl Callers {
    pub fn new(secret: u64) -> Self {
        Self { secret, ..Self::default() }
    }

    /// The access hash under which `viewer` knows something: another's is worth nothing.
    pub fn hash(&self, viewer: i64, kind: &str, id: i64) -> i64 {
        let text = format!("{}:{viewer}:{kind}:{id}", self.secret);
        let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        // Zero means « none » to clients.
        i64::from_le_bytes(digest.first_chunk().copied().unwrap_or_default()) | 1
    }

    pub fn account_of(&self, key: KeyId) -> Option<i64> {
        self.keys.get(&key).and_then(|key| key.account)
    }

    pub fn by_phone(&self, phone: &str) -> Option<(i64, &Account)> {
        let phone = digits(phone);
        self.accounts.iter().find(|(_, account)| account.phone == phone).map(|(id, account)| (*id, account))
    }

    pub fn enter(&mut self, key: KeyId, news: UnboundedSender<Vec<u8>>) -> u64 {
        self.next_line += 1;
        self.lines.insert(self.next_line, Line { key, news });
        self.next_line
    }

    /// Ends every session of an account: its keys are nobody's from now on.
    pub fn sign_out(&mut self, account: i64) {
        for key in self.keys.values_mut().filter(|key| key.account == Some(account)) {
            key.account = None;
        }
    }

    /// The account is banned: it is told so at whatever it asks, and its phone can no longer sign in.
    pub fn deactivate(&mut self, account: i64) {
        if let Some(account) = self.accounts.get_mut(&account) {
            account.deactivated = true;
        }
    }

    /// The lines on which `account` hears news, but for one.
    pub fn hearing(&self, account: i64, but: Option<u64>) -> impl Iterator<Item = &UnboundedSender<Vec<u8>>> {
        let others = self.lines.iter().filter(move |(id, _)| Some(**id) != but).map(|(_, line)| line);
        others.filter(move |line| self.account_of(line.key) == Some(account)).map(|line| &line.news)
    }
}

impl World {
    /// A person who is also a user account.
    pub fn add_caller(&mut self, first: &str, last: &str, phone: &str, password: Option<&str>) -> i64 {
        let id = self.add_person(first, last, "fr");
        let account = Account {
            phone: digits(phone),
            password: password.map(str::to_owned),
            deactivated: false,
            asked: VecDeque::new(),
            called: VecDeque::new(),
            founded: VecDeque::new(),
        };
        self.callers.accounts.insert(id, account);
        id
    }

    /// A key that this server knows, signed in as `account` or as nobody.
    pub fn new_key(&mut self, account: Option<i64>) -> [u8; 256] {
        let bytes: [u8; 256] = random(&self.ids, 256).try_into().unwrap_or([1; 256]);
        let key = Key { bytes, account, half: None, riddle: None };
        self.callers.keys.insert(crate::sandbox::mtproto::key_id(bytes), key);
        bytes
    }

    /// Makes trouble: at once where it is a deed, else as the plan says.
    pub fn trouble(&mut self, fault: Fault) {
        match fault {
            Fault::RevokeSession(account) => self.callers.sign_out(account),
            Fault::Deactivated(account) => self.callers.deactivate(account),
            Fault::CannotBeAdded(person) => drop(self.callers.private.insert(person)),
            fault => {
                if let Fault::HiddenListeners(chat) | Fault::ShownListeners(chat) = fault
                    && let Some(call) = self.chats.get_mut(&chat).and_then(Chat::call_mut)
                {
                    call.hidden = matches!(fault, Fault::HiddenListeners(_));
                }
                self.plan.add(fault);
            }
        }
    }

    /// Telegram's pace for an account: how many seconds it is to wait before this method.
    pub fn within_callers_pace(&mut self, account: i64, method: &str) -> Result<(), i32> {
        let (elapsed, now) = (self.clock.elapsed(), self.now());
        let paced = !self.pace.calls_unpaced();
        let Some(account) = self.callers.accounts.get_mut(&account) else { return Ok(()) };
        if paced && method.starts_with("phone.") {
            take(&mut account.asked, elapsed, Duration::from_secs(1), PHONE_PER_SECOND)?;
        }
        match method {
            "phone.createGroupCall" if paced => {
                take(&mut account.called, elapsed, Duration::from_mins(1), CALLS_PER_MINUTE)
            }
            "channels.createChannel" => {
                account.founded.retain(|at| at.plus_days(1) > now);
                if let Some(first) = account.founded.front().filter(|_| account.founded.len() >= GROUPS_PER_DAY) {
                    let wait = now.until(first.plus_days(1));
                    return Err(i32::try_from(wait.as_secs()).unwrap_or(i32::MAX).max(1));
                }
                account.founded.push_back(now);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_its_digits_and_a_hash_is_one_viewers() {
        assert_eq!(digits("+33 6 12-34"), "3361234");
        let callers = Callers::new(7);
        assert_ne!(callers.hash(1, "channel", 5), callers.hash(2, "channel", 5));
        assert_ne!(callers.hash(1, "channel", 5), callers.hash(1, "user", 5));
    }

    #[test]
    fn five_a_second() {
        let mut taken = VecDeque::new();
        let second = Duration::from_secs(1);
        assert!((0..5).all(|_| take(&mut taken, Duration::ZERO, second, 5).is_ok()));
        assert_eq!(take(&mut taken, Duration::from_millis(300), second, 5), Err(1));
        assert_eq!(take(&mut taken, second, second, 5), Ok(()));
    }
}
