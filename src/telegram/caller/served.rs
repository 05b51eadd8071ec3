//! The lines of all accounts: opened while this process serves them, proved, let go as soon as another one does.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream;

use super::identity::Identity;
use super::line::{Line, Opening};
use super::{Accounts, CONNECTED, Inner, LEFT, api_id, login, opened, rotation, store, trouble};
use crate::kernel::{Error, Result, Text};
use crate::platform::outbox::{self, Put};
use crate::platform::store::Tx;
use crate::telegram::port::{AWAY, Called, Callers as _, LOST, LostAccount, SHUT, ShutAccount, Trouble};
use crate::text;

/// The store is asked so often whether an account was signed in (by `preau login` beside us).
const LOOK: Duration = Duration::from_secs(2);
/// Each line is proved to be alive so often.
const PROVE: Duration = Duration::from_mins(1);
/// So many are proved at once.
const PROVED_AT_ONCE: usize = 8;

/// Why an account's secret does not open, with what to do.
fn shut_because(error: &Error) -> Text {
    match error {
        Error::Refusal(refusal) => refusal.said(),
        Error::Outage { detail, .. } | Error::Fault { detail } => text!("caller-shut-other", why = detail.as_str()),
    }
}

/// An account that Telegram does not answer for long is told to admins: one absence, one sentence, however many accounts
/// it takes. Who was away first stands for it.
async fn tell_when_long(tx: &mut Tx) -> Result<()> {
    let all = store::accounts(tx).await?;
    let away = all.iter().filter(|kept| kept.is_away()).filter_map(|kept| kept.standing_since);
    let Some(since) = away.min() else { return Ok(()) };
    let due = since.plus_minutes(tx.config().outbox.stuck_minutes);
    let key = format!("{AWAY}:{}", since.millis());
    outbox::put(tx, Put::new(AWAY, key, &since)?.due(due)).await.map(|_| ())
}

impl Accounts {
    /// Connects the accounts of the store while this process may, and proves each minute that they are still signed in.
    pub async fn serve(self) {
        let clock = self.0.db.clock().clone();
        let stopping = self.0.tasks.stopping().clone();
        let mut proved = clock.elapsed();
        while !stopping.is_cancelled() {
            // Whoever holds the lease connects with the same keys: what is under way ends, and ours are let go.
            if self.0.tenure.during(self.tend(&mut proved)).await.is_none() {
                self.let_go();
                stopping.run_until_cancelled(clock.rest(LOOK)).await;
            }
        }
        self.let_go();
    }

    /// One look, and the time until the next.
    async fn tend(&self, proved: &mut Duration) {
        let (clock, stopping) = (self.0.db.clock(), self.0.tasks.stopping());
        if let Err(error) = self.gather().await {
            tracing::warn!(error = %error, "caller.gather_failed");
        }
        if clock.elapsed().saturating_sub(*proved) >= PROVE {
            *proved = clock.elapsed();
            stopping.run_until_cancelled(self.prove()).await;
        }
        stopping.run_until_cancelled(clock.rest(LOOK)).await;
    }

    /// Closes every line.
    pub fn let_go(&self) {
        let mut lines = self.lines();
        if !lines.is_empty() {
            lines.clear();
            *self.0.idle.lock().unwrap_or_else(PoisonError::into_inner) = self.0.db.clock().elapsed();
        }
    }

    /// Brings the lines in step with the accounts of the store. Where another process serves them, or this one stops,
    /// none is opened.
    pub async fn gather(&self) -> Result<()> {
        let _alone = self.0.gathering.lock().await;
        if self.serves() {
            if self.0.vault.is_rotating() {
                // `preau secrets rotate` was cut off: it is alone while it works, so nobody is at it now.
                rotation::finish(&self.0.db, &self.0.vault).await?;
            }
            self.take_seeds().await?;
        }
        let known = self.0.db.read(async |tx| store::accounts(tx).await).await?;
        self.0.any.store(!known.is_empty(), Ordering::Relaxed);
        *self.own() = known.iter().map(|kept| kept.account).collect();
        let ready: Vec<_> = known.into_iter().filter(store::Account::is_ready).collect();
        // One that was signed in anew has another key.
        let same =
            |line: &Line| ready.iter().any(|known| (known.account, known.signed_in_at) == (line.account, line.since));
        self.lines().retain(|_, line| same(line) && line.is_open());
        for kept in ready.iter().filter(|_| self.serves()) {
            if self.lines().contains_key(&kept.account) {
                continue;
            }
            match opened(self.0.db.config(), &self.0.vault, kept) {
                Ok(identity) => {
                    self.unopened().remove(&kept.account);
                    let line = self.connect(kept, &identity).await?;
                    if self.keep(line) {
                        tracing::info!(caller.account = kept.account, "caller.connected");
                        self.connected(kept.account).await?;
                    }
                }
                // The others go on.
                Err(error) => self.does_not_open(kept, &error).await?,
            }
        }
        for kept in ready.iter().filter(|kept| kept.standing == store::SHUT) {
            if self.serves() && self.lines().contains_key(&kept.account) {
                self.0.db.transact(async |tx| store::set_standing(tx, kept, store::WELL, None).await).await?;
            }
        }
        self.unopened().retain(|account, _| ready.iter().any(|kept| kept.account == *account));
        let signed_in = ready.iter().any(|kept| !self.unopened().contains_key(&kept.account));
        self.0.signed_in.store(signed_in, Ordering::Relaxed);
        Ok(())
    }

    /// `false`: it came too late, and is closed again. Whoever lets all go looks after the same lock.
    fn keep(&self, line: Line) -> bool {
        let mut lines = self.lines();
        let serves = self.serves();
        if serves {
            lines.insert(line.account, Arc::new(line));
        }
        serves
    }

    async fn connected(&self, account: i64) -> Result<()> {
        let put = async |tx: &mut Tx| {
            let key = format!("{CONNECTED}:{account}:{}", tx.new_id());
            outbox::put(tx, Put::new(CONNECTED, key, &account)?.inner()).await.map(|_| ())
        };
        self.0.db.transact(put).await
    }

    /// The account's secret does not open: logged here, kept where every process reads it, and admins are told, once.
    async fn does_not_open(&self, kept: &store::Account, error: &Error) -> Result<()> {
        let why = error.to_string();
        if self.unopened().insert(kept.account, why.clone()) != Some(why) {
            tracing::warn!(caller.account = kept.account, error = %error, "caller.not_connected");
        }
        let words = shut_because(error);
        let written = serde_json::to_string(&words)?;
        let is_news = kept.standing != store::SHUT;
        if !self.serves() || (!is_news && kept.standing_why.as_deref() == Some(&*written)) {
            return Ok(());
        }
        let keep = async |tx: &mut Tx| {
            if store::set_standing(tx, kept, store::SHUT, Some(&written)).await? && is_news {
                let told = ShutAccount { account: kept.account, name: kept.name.clone(), why: words };
                let key = format!("{SHUT}:{}:{}", kept.account, tx.new_id());
                outbox::put(tx, Put::new(SHUT, key, &told)?.inner().whenever()).await?;
            }
            Ok(())
        };
        self.0.db.transact(keep).await
    }

    async fn connect(&self, kept: &store::Account, identity: &Identity) -> Result<Line> {
        let Inner { db, tasks, hints, tenure, .. } = &*self.0;
        let opening = Opening {
            account: kept.account,
            since: kept.signed_in_at,
            api_id: api_id(db.config()),
            clock: db.clock(),
            tasks,
            tenure,
            hints: Some(hints.clone()),
            step: Duration::from_millis(db.config().telegram.caller.pace_ms),
        };
        let line = Line::open(identity, identity.session(), &opening);
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

    /// Asks each account for a sign of life. One that does not answer holds up no other; `None`: this process serves them
    /// no more.
    pub async fn prove(&self) -> Option<()> {
        let lines: Vec<_> = self.lines().values().cloned().collect();
        let proved = stream::iter(lines).for_each_concurrent(PROVED_AT_ONCE, |line| async move {
            let answers = self.answers(line.account).await;
            if !answers {
                tracing::warn!(caller.account = line.account, "caller.silent");
            }
            if let Err(error) = self.proved(&line, answers).await {
                tracing::warn!(caller.account = line.account, error = %error, "caller.standing_not_kept");
            }
        });
        self.0.tenure.during(proved).await
    }

    /// Keeps whether Telegram answers an account where every process reads it, when that changes.
    async fn proved(&self, line: &Line, answers: bool) -> Result<()> {
        // Without its line, or in another process's hands, that nothing was heard says nothing of Telegram.
        if !self.serves() || self.lines().get(&line.account).is_none_or(|known| known.since != line.since) {
            return Ok(());
        }
        let (was, is) = if answers { (store::AWAY, store::WELL) } else { (store::WELL, store::AWAY) };
        let kept = self.0.db.read(async |tx| store::account(tx, line.account).await).await?;
        let Some(kept) = kept.filter(|kept| (kept.signed_in_at, kept.standing.as_str()) == (line.since, was)) else {
            return Ok(());
        };
        let keep = async |tx: &mut Tx| {
            if store::set_standing(tx, &kept, is, None).await? && is == store::AWAY {
                tell_when_long(tx).await?;
            }
            Ok(())
        };
        self.0.db.transact(keep).await
    }

    fn line(&self, account: i64) -> Called<Arc<Line>> {
        if !self.0.tenure.holds() {
            return Err(Trouble::Unsent("another process serves the callers".to_owned()));
        }
        let line = self.lines().get(&account).cloned();
        line.ok_or_else(|| Trouble::Unsent("the account is not connected".to_owned()))
    }

    /// Does something with an account's line, as long as this process serves the callers.
    pub(super) async fn with<T>(&self, account: i64, work: impl AsyncFnOnce(&Line) -> Called<T>) -> Called<T> {
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
}
