//! The callers: user accounts over MTProto (grammers), for what bots cannot do.
//!
//! `identity` a key and what it stands for · `login` getting one · `rotation` sealing it anew · `line` one account's
//! connections · `pace` how often it asks · `silence` what
//! becomes of one that does not answer · `visit` what commands ask · `trouble` errors · `groups` and `calls` what is asked of Telegram · `wire`
//! Telegram's values read · `store` the SQL.
//!
//! One process serves the callers: the one that holds the `caller` lease. A key used by two at once may be revoked.

mod calls;
mod groups;
pub mod identity;
mod line;
pub mod login;
mod pace;
pub mod rotation;
mod silence;
pub mod store;
mod trouble;
pub mod visit;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use grammers_client::tl;
use tokio::sync::mpsc;

use self::identity::Identity;
use self::line::{Line, Opening};
use super::port::{
    Called, Callers, Hint, InCall, LOST, Look, LostAccount, Members, OpenCall, Rights, Sought, Trouble, Whom,
};
use crate::kernel::{At, Error, Result};
use crate::platform::config::Config;
use crate::platform::outbox::{self, Put};
use crate::platform::store::{Db, Probe, Tenure, Tx};
use crate::platform::tasks::Tasks;
use crate::platform::vault::Vault;

/// Performed by a feature: an account was signed in. Its payload is the account.
pub const READY: &str = "caller.ready";
/// Performed by a feature: an account is connected, as after each start. Its payload is the account.
pub const CONNECTED: &str = "caller.connected";
/// Performed by a feature: what an account held is to be taken over. Its payload is the account.
pub const LEFT: &str = "caller.left";

/// The store is asked so often whether an account was signed in (by `preau login` beside us).
const LOOK: Duration = Duration::from_secs(2);
/// Each line is proved to be alive so often.
const PROVE: Duration = Duration::from_mins(1);
/// Before an account counts as away it is asked again after these pauses.
const ASK_AGAIN: [Duration; 4] =
    [Duration::from_millis(100), Duration::from_millis(300), Duration::from_millis(900), Duration::from_millis(2_700)];
/// A question without an answer for so long was not taken along: nobody is there.
const SILENT: Duration = Duration::from_secs(5);
/// An account's chats are listed so often at most, where one is looked for again and again.
const LISTED_EVERY: Duration = Duration::from_secs(10);
/// So many hints may wait.
const HINTS: usize = 1_000;

/// The accounts that this process serves. Cheap to clone.
#[derive(Clone)]
pub struct Accounts(Arc<Inner>);

struct Inner {
    db: Db,
    vault: Vault,
    tenure: Tenure,
    tasks: Tasks,
    probe: Probe,
    lines: Mutex<BTreeMap<i64, Arc<Line>>>,
    /// One at a time brings the lines in step: no account is connected twice.
    gathering: tokio::sync::Mutex<()>,
    hints: mpsc::Sender<Hint>,
    /// The store knows an account, ready or lost.
    any: AtomicBool,
    /// Every account that was ever signed in: the school's own, nobody's presence.
    own: Mutex<BTreeSet<i64>>,
    /// Accounts whose secret does not open, by what was logged of it.
    shut: Mutex<BTreeMap<i64, String>>,
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Accounts({})", self.ready().len())
    }
}

/// The vault of this configuration.
pub fn vault(config: &Config) -> Vault {
    Vault::new(config.secrets.key.clone(), &config.secrets.key_file).with_next(config.secrets.new_key.clone())
}

/// Under which name an account's identity is sealed.
fn sealed_as(account: i64) -> String {
    format!("caller_account:{account}")
}

/// The number of the application; beside a Telegram on loopback any will do.
fn api_id(config: &Config) -> i32 {
    if config.telegram.caller.api_id == 0 { 1 } else { config.telegram.caller.api_id }
}

/// What an account's secret holds.
fn opened(config: &Config, vault: &Vault, kept: &store::Account) -> Result<Identity> {
    let identity = Identity::read(&vault.open(&sealed_as(kept.account), &kept.sealed)?)?;
    if identity.is_loopback() && !crate::platform::config::is_loopback_url(&config.telegram.api_url) {
        return Err(Error::fault("caller: an account of a Telegram on loopback"));
    }
    Ok(identity)
}

impl Accounts {
    /// Nothing is connected yet; see [`Accounts::serve`]. Hints about calls come out of the receiver.
    pub fn new(db: Db, tenure: Tenure, tasks: Tasks, probe: Probe) -> (Self, mpsc::Receiver<Hint>) {
        let (hints, pushed) = mpsc::channel(HINTS);
        let vault = vault(db.config());
        (
            Self(Arc::new(Inner {
                db,
                vault,
                tenure,
                tasks,
                probe,
                lines: Mutex::default(),
                gathering: tokio::sync::Mutex::default(),
                hints,
                any: AtomicBool::new(false),
                own: Mutex::default(),
                shut: Mutex::default(),
            })),
            pushed,
        )
    }

    /// Closes every line.
    pub fn let_go(&self) {
        self.lines().clear();
    }

    /// Connects the accounts of the store while this process may, and proves each minute that they are still signed in.
    pub async fn serve(self) {
        let clock = self.0.db.clock().clone();
        let stopping = self.0.tasks.stopping().clone();
        let mut proved = clock.elapsed();
        while !stopping.is_cancelled() {
            if self.0.tenure.holds() {
                if let Err(error) = self.gather().await {
                    tracing::warn!(error = %error, "caller.gather_failed");
                }
                if clock.elapsed().saturating_sub(proved) >= PROVE {
                    proved = clock.elapsed();
                    self.prove().await;
                }
            } else {
                // Whoever holds the lease connects with the same keys: ours are let go.
                self.let_go();
            }
            tokio::select! {
                () = stopping.cancelled() => {}
                () = clock.rest(LOOK) => {}
            }
        }
        self.let_go();
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, BTreeMap<i64, Arc<Line>>> {
        self.0.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn own(&self) -> std::sync::MutexGuard<'_, BTreeSet<i64>> {
        self.0.own.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn shut(&self) -> std::sync::MutexGuard<'_, BTreeMap<i64, String>> {
        self.0.shut.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings the lines in step with the accounts of the store.
    pub async fn gather(&self) -> Result<()> {
        let _alone = self.0.gathering.lock().await;
        if self.0.vault.is_rotating() {
            // `preau secrets rotate` was cut off: it is alone while it works, so nobody is at it now.
            rotation::finish(&self.0.db, &self.0.vault).await?;
        }
        self.take_seeds().await?;
        let known = self.0.db.read(async |tx| store::accounts(tx).await).await?;
        self.0.any.store(!known.is_empty(), Ordering::Relaxed);
        *self.own() = known.iter().map(|kept| kept.account).collect();
        let ready: Vec<_> = known.into_iter().filter(store::Account::is_ready).collect();
        // One that was signed in anew has another key.
        let same =
            |line: &Line| ready.iter().any(|known| (known.account, known.signed_in_at) == (line.account, line.since));
        self.lines().retain(|_, line| same(line));
        for kept in ready {
            if self.lines().contains_key(&kept.account) {
                continue;
            }
            match self.connect(&kept).await {
                Ok(line) => {
                    tracing::info!(caller.account = kept.account, "caller.connected");
                    self.lines().insert(kept.account, Arc::new(line));
                    self.shut().remove(&kept.account);
                    self.connected(kept.account).await?;
                }
                // Its secret does not open: the others go on.
                Err(error) => {
                    let why = error.to_string();
                    if self.shut().insert(kept.account, why.clone()) != Some(why) {
                        tracing::warn!(caller.account = kept.account, error = %error, "caller.not_connected");
                    }
                }
            }
        }
        Ok(())
    }

    async fn connected(&self, account: i64) -> Result<()> {
        let put = async |tx: &mut Tx| {
            let key = format!("{CONNECTED}:{account}:{}", tx.new_id());
            outbox::put(tx, Put::new(CONNECTED, key, &account)?.inner()).await.map(|_| ())
        };
        self.0.db.transact(put).await
    }

    async fn connect(&self, kept: &store::Account) -> Result<Line> {
        let Inner { db, vault, tasks, hints, .. } = &*self.0;
        let identity = opened(db.config(), vault, kept)?;
        let opening = Opening {
            account: kept.account,
            since: kept.signed_in_at,
            api_id: api_id(db.config()),
            clock: db.clock(),
            tasks,
            hints: Some(hints.clone()),
            step: Duration::from_millis(db.config().telegram.caller.pace_ms),
        };
        let line = Line::open(&identity, identity.session(), &opening);
        for (peer, hash) in db.read(async |tx| store::peers(tx, kept.account).await).await? {
            line.met(peer, hash);
        }
        Ok(line)
    }

    /// Beside a Telegram on loopback: seeds that are signed in already stand for `preau login`.
    async fn take_seeds(&self) -> Result<()> {
        for file in &self.0.db.config().telegram.caller.seeds {
            let Ok(text) = std::fs::read(file) else { continue };
            let identity = Identity::read(&text)?;
            let Some(own) = identity.account.clone().filter(|_| identity.is_loopback()) else { continue };
            let known = self.0.db.read(async |tx| store::account(tx, own.id).await).await?;
            // Signed in anew, after it was lost.
            let anew = |kept: &store::Account| {
                !kept.is_ready()
                    && !opened(self.0.db.config(), &self.0.vault, kept).is_ok_and(|old| old.has_key_of(&identity))
            };
            if known.as_ref().is_none_or(anew) {
                login::keep(&self.0.db, &self.0.vault, &identity, own.id, "").await?;
            }
        }
        Ok(())
    }

    async fn prove(&self) {
        let lines: Vec<_> = self.lines().values().cloned().collect();
        for line in lines {
            let answer = line.ask(&tl::functions::updates::GetState {}).await;
            if let Err(trouble) = self.judged(&line, answer).await {
                tracing::warn!(caller.account = line.account, trouble = ?trouble, "caller.silent");
            }
        }
    }

    fn line(&self, account: i64) -> Called<Arc<Line>> {
        if !self.0.tenure.holds() {
            return Err(Trouble::Unsent("another process serves the callers".to_owned()));
        }
        let line = self.lines().get(&account).cloned();
        line.ok_or_else(|| Trouble::Unsent("the account is not connected".to_owned()))
    }

    /// Does something with an account's line, as long as this process serves the callers.
    async fn with<T>(&self, account: i64, work: impl AsyncFnOnce(&Line) -> Called<T>) -> Called<T> {
        let line = self.line(account)?;
        let lost = || Err(Trouble::Lost("another process serves the callers".to_owned()));
        self.0.probe.reach("before call").await;
        let answer = self.0.tenure.during(work(&line)).await.unwrap_or_else(lost);
        self.0.probe.reach("after call").await;
        self.judged(&line, answer).await
    }

    /// An answer that says that the account is gone ends its line, and admins are told.
    async fn judged<T>(&self, line: &Line, answer: Called<T>) -> Called<T> {
        let Err(trouble) = &answer else { return answer };
        let Some(why) = trouble::gone(trouble) else { return answer };
        let account = line.account;
        if self.lines().get(&account).is_some_and(|known| known.since == line.since) {
            self.lines().remove(&account);
        }
        let kept = self.0.db.transact(async |tx| {
            let Some(kept) = store::account(tx, account).await? else { return Ok(()) };
            if store::lose_account(tx, account, why, line.since).await? {
                let told = LostAccount { account, name: kept.name, why: why.to_owned() };
                let key = format!("{LOST}:{account}:{}", tx.new_id());
                outbox::put(tx, Put::new(LOST, key, &told)?.inner().whenever()).await?;
                let key = format!("{LEFT}:{account}:{}", tx.new_id());
                outbox::put(tx, Put::new(LEFT, key, &account)?.inner().whenever()).await?;
            }
            Ok(())
        });
        if let Err(error) = kept.await {
            tracing::warn!(caller.account = account, error = %error, "caller.loss_not_kept");
        }
        tracing::error!(caller.account = account, why, "caller.lost");
        answer
    }

    /// Removes a group that the account owns, for everybody.
    pub async fn delete_group(&self, by: i64, chat: i64) -> Called<()> {
        self.with(by, async move |line| groups::delete(line, chat).await).await
    }

    /// A link by which anybody enters the group.
    pub async fn group_link(&self, by: i64, chat: i64) -> Called<String> {
        self.with(by, async move |line| groups::link(line, chat).await).await
    }

    /// Remembers a peer's hash, beyond a restart too.
    async fn meet(&self, line: &Line, peer: i64, hash: i64) {
        if !line.met(peer, hash) {
            return;
        }
        let kept = self.0.db.transact(async |tx| store::set_peer(tx, line.account, peer, hash).await).await;
        if let Err(error) = kept {
            // It can be learnt again.
            tracing::debug!(caller.account = line.account, error = %error, "caller.peer_not_kept");
        }
    }
}

impl Callers for Accounts {
    fn ready(&self) -> Vec<i64> {
        if self.0.tenure.holds() { self.lines().keys().copied().collect() } else { Vec::new() }
    }
    fn gathered(&self) -> BoxFuture<'_, Vec<i64>> {
        Box::pin(async move {
            if !self.0.tenure.holds() {
                // Another process serves them, if there are any.
                if let Ok(known) = self.0.db.read(async |tx| store::accounts(tx).await).await {
                    self.0.any.store(!known.is_empty(), Ordering::Relaxed);
                }
            } else if let Err(error) = self.gather().await {
                tracing::warn!(error = %error, "caller.gather_failed");
            }
            self.ready()
        })
    }
    fn serves(&self) -> bool {
        self.0.tenure.holds() && !self.0.tasks.stopping().is_cancelled()
    }
    fn ours(&self) -> Vec<i64> {
        self.own().iter().copied().collect()
    }
    fn has_any(&self) -> bool {
        self.0.any.load(Ordering::Relaxed)
    }
    fn answers(&self, account: i64) -> BoxFuture<'_, bool> {
        Box::pin(async move {
            let asked = async move |line: &Line| line.ask(&tl::functions::updates::GetState {}).await;
            let clock = self.0.db.clock();
            for pause in ASK_AGAIN {
                let began = clock.elapsed();
                match self.with(account, asked).await {
                    // A connection that was just cut takes the next questions along; silence is waited for once.
                    Err(Trouble::Lost(_)) if clock.elapsed().saturating_sub(began) < SILENT => clock.rest(pause).await,
                    answer => return answer.is_ok(),
                }
            }
            self.with(account, asked).await.is_ok()
        })
    }
    fn is_lost(&self, account: i64) -> BoxFuture<'_, Result<bool>> {
        Box::pin(async move {
            let kept = self.0.db.read(async |tx| store::account(tx, account).await).await?;
            Ok(kept.is_none_or(|kept| !kept.is_ready()))
        })
    }
    fn create_group<'a>(&'a self, by: i64, title: &'a str, about: &'a str) -> BoxFuture<'a, Called<i64>> {
        Box::pin(self.with(by, async move |line| groups::create(self, line, title, about).await))
    }
    fn find_group<'a>(&'a self, by: i64, mark: &'a str, since: At) -> BoxFuture<'a, Called<Option<i64>>> {
        Box::pin(self.with(by, async move |line| groups::find(self, line, mark, since).await))
    }
    fn knows(&self, by: i64, chat: i64) -> BoxFuture<'_, Called<bool>> {
        Box::pin(self.with(by, async move |line| groups::knows(self, line, chat).await))
    }
    fn invite<'a>(&'a self, by: i64, chat: i64, whom: Whom<'a>) -> BoxFuture<'a, Called<bool>> {
        Box::pin(self.with(by, async move |line| groups::invite(self, line, chat, whom).await))
    }
    fn bring(&self, by: i64, chat: i64, other: i64) -> BoxFuture<'_, Called<()>> {
        Box::pin(async move {
            let link = self.with(by, async |line| groups::one_link(line, chat).await).await?;
            self.with(other, async |line| groups::enter(line, &link).await).await
        })
    }
    fn promote<'a>(&'a self, by: i64, chat: i64, whom: Whom<'a>, rights: Rights<'a>) -> BoxFuture<'a, Called<()>> {
        Box::pin(self.with(by, async move |line| groups::promote(self, line, chat, whom, rights).await))
    }
    fn rename<'a>(&'a self, by: i64, chat: i64, title: &'a str) -> BoxFuture<'a, Called<()>> {
        Box::pin(self.with(by, async move |line| groups::rename(line, chat, title).await))
    }
    fn describe<'a>(&'a self, by: i64, chat: i64, about: &'a str) -> BoxFuture<'a, Called<()>> {
        Box::pin(self.with(by, async move |line| groups::describe(line, chat, about).await))
    }
    fn members(&self, by: i64, chat: i64) -> BoxFuture<'_, Called<Members>> {
        Box::pin(self.with(by, async move |line| groups::members(self, line, chat).await))
    }
    fn open_call(&self, by: i64, chat: i64, muted: bool) -> BoxFuture<'_, Called<Option<OpenCall>>> {
        Box::pin(self.with(by, async move |line| {
            groups::reach(self, line, chat, LISTED_EVERY).await?;
            let own = self.own().clone();
            calls::open(line, chat, Some(chat), &calls::Wish { own: &own, muted }).await
        }))
    }
    fn start_call<'a>(
        &'a self,
        by: i64,
        chat: i64,
        title: &'a str,
        token: i32,
        muted: bool,
    ) -> BoxFuture<'a, Called<OpenCall>> {
        Box::pin(self.with(by, async move |line| {
            groups::reach(self, line, chat, Duration::ZERO).await?;
            let own = self.own().clone();
            calls::start(line, chat, title, token, &calls::Wish { own: &own, muted }).await
        }))
    }
    fn name_call<'a>(&'a self, by: i64, chat: i64, call: i64, title: &'a str) -> BoxFuture<'a, Called<()>> {
        Box::pin(self.with(by, async move |line| calls::name(line, chat, call, title).await))
    }
    fn look(&self, by: i64, chat: i64, call: i64) -> BoxFuture<'_, Called<Look>> {
        Box::pin(async move {
            let mut seen = self.with(by, async move |line| calls::look(line, chat, call).await).await?;
            let own = self.own();
            seen.people.retain(|one| !own.contains(&one.peer));
            Ok(seen)
        })
    }
    fn end_call(&self, by: i64, chat: i64, call: i64) -> BoxFuture<'_, Called<bool>> {
        Box::pin(self.with(by, async move |line| calls::end(line, chat, call).await))
    }
    fn find_message<'a>(&'a self, by: i64, chat: i64, sought: Sought<'a>) -> BoxFuture<'a, Called<Option<i64>>> {
        Box::pin(self.with(by, async move |line| groups::find_message(line, chat, sought).await))
    }
}

/// Two devices of one person are one; the first join counts.
fn united(mut people: Vec<InCall>) -> Vec<InCall> {
    people.sort();
    people.dedup_by(|later, first| later.peer == first.peer);
    people
}
