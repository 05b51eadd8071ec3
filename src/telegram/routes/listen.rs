//! Polling and the order within a chat.
//!
//! A batch and its offset are stored in one transaction; the next poll confirms it. Updates of one chat are taken one
//! after the other, chats side by side. Polling pauses while `telegram.in_hand` updates wait.
//!
//! Each bot numbers its updates, and after a week without any Telegram begins at a number of chance: an offset is the
//! bot's own, and goes back when Telegram gives what is below it.

use std::collections::{HashMap, HashSet, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::future::FutureExt as _;
use tokio::sync::{Notify, Semaphore};

use super::super::bot::{Poll, Reader};
use super::super::incoming;
use super::super::port::Trouble;
use super::Telegram;
use crate::kernel::{Error, Result, Text};
use crate::platform::inbox::{self, Received};
use crate::platform::store::Tx;
use crate::platform::tasks::Tasks;
use crate::platform::telemetry::names;
use crate::text;

/// Chats that are served at once.
const CHATS_AT_ONCE: usize = 32;
/// The bot whose updates were stored last, and how far (`offset_of`).
const BOT: &str = "telegram.bot";
/// So many polls in a row that bring nothing new are no accident: between further ones one rests for so long.
const MOST_STALE: u32 = 2;
const STALE_REST: Duration = Duration::from_secs(1);
/// Updates that are stored and that nobody has in hand (another process stored them and lost its lease, their failure
/// could not be noted) are looked for this often.
const LOOK_BACK: Duration = Duration::from_secs(30);
/// So many polls in a row taken by another program (three seconds apart) are no hand-over any more: admins are told.
const MOST_RIVALS: u32 = 10;

/// Updates in hand, by chat.
#[derive(Debug)]
pub(super) struct Hands {
    held: Mutex<Held>,
    count: AtomicUsize,
    fewer: Notify,
    room: Semaphore,
}

#[derive(Debug, Default)]
struct Held {
    queues: HashMap<i64, VecDeque<Received>>,
    ids: HashSet<i64>,
}

impl Default for Hands {
    fn default() -> Self {
        Self {
            held: Mutex::default(),
            count: AtomicUsize::new(0),
            fewer: Notify::new(),
            room: Semaphore::new(CHATS_AT_ONCE),
        }
    }
}

impl Hands {
    /// Adds an update, unless it is in hand already; `true` when its chat has nobody who takes its updates.
    fn add(&self, received: Received) -> bool {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if !held.ids.insert(received.update_id) {
            return false;
        }
        self.count(held.ids.len());
        if let Some(queue) = held.queues.get_mut(&received.chat) {
            queue.push_back(received);
            return false;
        }
        held.queues.insert(received.chat, VecDeque::from([received]));
        true
    }

    /// The chat's next update; forgets the chat when there is none.
    fn next(&self, chat: i64) -> Option<Received> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let next = held.queues.get_mut(&chat).and_then(VecDeque::pop_front);
        if next.is_none() {
            held.queues.remove(&chat);
        }
        next
    }

    fn done(&self, update_id: i64) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.ids.remove(&update_id);
        self.count(held.ids.len());
        self.fewer.notify_one();
    }

    fn count(&self, count: usize) {
        self.count.store(count, Ordering::Relaxed);
        metrics::gauge!(names::INBOX_WAITING).set(f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
    }
}

fn offset_of(bot: &str) -> String {
    format!("telegram.offset:{bot}")
}

/// The offset after a batch whose last number is `last`, which a poll with `offset` brought; `stored`: the one that
/// stands there, maybe another process's.
fn next_offset(offset: i64, last: i64, stored: Option<i64>) -> i64 {
    let next = last.saturating_add(1);
    if last < offset {
        // Telegram numbers anew, and would give this batch for ever.
        next
    } else {
        // A process that was paused and lost the lease meanwhile does not turn the offset back.
        stored.map_or(next, |stored| stored.max(next))
    }
}

impl Telegram {
    /// Polls and takes updates until the tasks are asked to stop; only while this process holds the `telegram` lease.
    pub async fn run(self, tasks: Tasks) {
        let clock = self.db.clock().clone();
        while !tasks.stopping().is_cancelled() {
            if !self.tenure.holds() {
                tokio::select! {
                    () = tasks.stopping().cancelled() => return,
                    () = clock.rest(Duration::from_millis(200)) => continue,
                }
            }
            if let Err(error) = self.listen(&tasks).await {
                tracing::warn!(error = %error, "telegram.listen_failed");
                tokio::select! {
                    () = tasks.stopping().cancelled() => return,
                    () = clock.rest(Duration::from_secs(1)) => {}
                }
            }
        }
    }

    /// Takes what is undone from before, then polls for as long as the lease is held.
    async fn listen(&self, tasks: &Tasks) -> Result<()> {
        let mut offset = self.start_offset().await?;
        let clock = self.db.clock();
        let mut looked_back: Option<Duration> = None;
        let most = self.db.config().telegram.in_hand;
        let (mut rivals, mut stale) = (0, 0);
        while self.tenure.holds() && !tasks.stopping().is_cancelled() {
            if looked_back.is_none_or(|at| clock.elapsed().saturating_sub(at) >= LOOK_BACK) {
                for received in self.db.read(async |tx| inbox::store::undone(tx).await).await? {
                    self.take_up(received, tasks);
                }
                looked_back = Some(clock.elapsed());
            }
            if self.hands.count.load(Ordering::Relaxed) >= most {
                tokio::select! {
                    () = tasks.stopping().cancelled() => return Ok(()),
                    () = self.tenure.lost() => return Ok(()),
                    () = self.hands.fewer.notified() => continue,
                }
            }
            let poll = self.bot.poll(Poll::from(offset, self.db.config().telegram.poll_seconds));
            let batch = tokio::select! {
                () = tasks.stopping().cancelled() => return Ok(()),
                () = self.tenure.lost() => return Ok(()),
                batch = poll => batch,
            };
            match batch {
                // Who holds the lease now gets the same updates: nothing was confirmed.
                Ok(_) if !self.tenure.holds() => return Ok(()),
                Ok(batch) => {
                    rivals = 0;
                    let brings;
                    (offset, brings) = self.store(&batch, offset, tasks).await?;
                    stale = if brings { 0 } else { stale + 1 };
                    if stale >= MOST_STALE {
                        tracing::warn!(offset, "telegram.nothing_new: Telegram gives the same updates again");
                        self.pause(STALE_REST, tasks).await;
                    }
                }
                Err(trouble) => match self.bot.reader() {
                    Some(Reader::Webhook) => self.take_webhook_off(tasks).await,
                    Some(Reader::Rival) => {
                        rivals += 1;
                        self.meet_rival(rivals, tasks).await;
                    }
                    _ => self.wait_out(trouble, tasks).await?,
                },
            }
        }
        Ok(())
    }

    /// The offset to begin with. What another bot was given says nothing of this one's updates, which may have the same
    /// numbers.
    async fn start_offset(&self) -> Result<i64> {
        let bot = self.messenger.me().0.to_string();
        let write = async |tx: &mut Tx| {
            let before = inbox::store::setting(tx, BOT).await?;
            if before.as_ref() != Some(&bot) {
                if before.is_some() {
                    inbox::store::forget_settled(tx).await?;
                }
                inbox::store::set_setting(tx, BOT, &bot).await?;
            }
            inbox::store::setting(tx, &offset_of(&bot)).await
        };
        Ok(self.db.transact(write).await?.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// Gives the next offset, and whether the batch brought anything new.
    async fn store(&self, batch: &[serde_json::Value], offset: i64, tasks: &Tasks) -> Result<(i64, bool)> {
        let Some(last) = batch.iter().filter_map(|update| update.get("update_id")?.as_i64()).max() else {
            // Nobody did anything until the poll ended.
            return Ok((offset, true));
        };
        let (id, name) = self.messenger.me();
        let kept: Vec<Received> = batch
            .iter()
            .filter_map(|update| {
                let update = incoming::kept(update, id, &name)?;
                let update_id = update.get("update_id")?.as_i64()?;
                let (chat, body) = (incoming::chat_of(&update), update.to_string());
                Some(Received { update_id, chat, body, attempts: 0, found: false })
            })
            .collect();
        let (dropped, setting) = (batch.len() - kept.len(), offset_of(&id.to_string()));
        let (fresh, next) = self
            .db
            .transact(async |tx| {
                let mut fresh = Vec::with_capacity(kept.len());
                for received in kept {
                    if inbox::store::insert(tx, received.update_id, received.chat, &received.body).await? {
                        fresh.push(received);
                    }
                }
                let stored = inbox::store::setting(tx, &setting).await?.and_then(|text| text.parse().ok());
                let next = next_offset(offset, last, stored);
                inbox::store::set_setting(tx, &setting, &next.to_string()).await?;
                Ok((fresh, next))
            })
            .await?;
        if next < offset {
            tracing::warn!(offset, next, "telegram.numbered_anew: updates have lower numbers than before");
        }
        metrics::counter!(names::INBOX_UPDATES, "kept" => "yes").increment(u64::try_from(fresh.len()).unwrap_or(0));
        metrics::counter!(names::INBOX_UPDATES, "kept" => "no").increment(u64::try_from(dropped).unwrap_or(0));
        let brings = !fresh.is_empty() || last >= offset;
        for received in fresh {
            self.take_up(received, tasks);
        }
        Ok((next, brings))
    }

    async fn wait_out(&self, trouble: Trouble, tasks: &Tasks) -> Result<()> {
        let pause = match trouble {
            Trouble::Wait(span) => span,
            Trouble::Refused(why) => return Err(Error::outage("telegram", &why)),
            _ => Duration::from_millis(500),
        };
        self.pause(pause, tasks).await;
        Ok(())
    }

    async fn pause(&self, pause: Duration, tasks: &Tasks) {
        tokio::select! {
            () = tasks.stopping().cancelled() => {}
            () = self.db.clock().rest(pause) => {}
        }
    }

    /// While a webhook is set Telegram lets nobody poll. The token is ours, so the webhook is a left-over (of a program
    /// that the bot served before) or somebody else's: it is taken off, no update is lost, and admins are told.
    async fn take_webhook_off(&self, tasks: &Tasks) {
        let host = self.bot.webhook().await.ok().flatten().unwrap_or_default();
        match self.bot.drop_webhook().await {
            Ok(()) => {
                tracing::warn!(host, "telegram.webhook_taken_off: Telegram posted our updates there");
                self.warn(text!("alert-webhook-subject"), text!("alert-webhook-body", host = host), tasks);
            }
            Err(trouble) => {
                tracing::warn!(?trouble, "telegram.webhook_stays");
                self.pause(self.after_conflict(), tasks).await;
            }
        }
    }

    /// Another program polled with our token and ended our poll.
    async fn meet_rival(&self, times: u32, tasks: &Tasks) {
        tracing::warn!(times, "telegram.rival: another program polls with this token");
        if times == MOST_RIVALS {
            self.warn(text!("alert-rival-subject"), text!("alert-rival-body"), tasks);
        }
        self.pause(self.after_conflict(), tasks).await;
    }

    /// Three seconds, as the outbox's first pause is two.
    fn after_conflict(&self) -> Duration {
        Duration::from_millis(self.db.config().outbox.retry_base_ms * 3 / 2)
    }

    /// Tells admins outside Telegram, beside the polling.
    fn warn(&self, subject: Text, body: Text, tasks: &Tasks) {
        let alert = self.alert.clone();
        tasks.spawn(async move {
            if let Err(error) = alert.send(&subject, &body).await {
                tracing::warn!(error = %error, "telegram.alert_failed");
            }
        });
    }

    fn take_up(&self, received: Received, tasks: &Tasks) {
        let chat = received.chat;
        if !self.hands.add(received) {
            return;
        }
        let telegram = self.clone();
        let stopping = tasks.stopping().clone();
        tasks.spawn(async move {
            while let Some(received) = telegram.hands.next(chat) {
                let _room = telegram.hands.room.acquire().await;
                // What is left when stopping, or when the lease is lost, stays in the inbox: it is taken at the next
                // start, or by who holds the lease then.
                if !stopping.is_cancelled() && telegram.tenure.holds() {
                    let taken = AssertUnwindSafe(telegram.take_patiently(&received, &stopping)).catch_unwind().await;
                    if taken.is_err() {
                        tracing::error!(telegram.update = received.update_id, "telegram.take_panicked");
                    }
                }
                telegram.hands.done(received.update_id);
            }
        });
    }

    /// Updates received, stored and not yet taken.
    pub fn in_hand(&self) -> usize {
        self.hands.count.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_goes_back_only_when_telegram_numbers_anew() {
        for (offset, last, stored, next) in [
            (0, 41, None, 42),
            (42, 44, Some(42), 45),
            // Paused since 42, while another holder went on.
            (42, 44, Some(60), 60),
            (60, 7, Some(60), 8),
            (60, 59, Some(60), 60),
        ] {
            assert_eq!(next_offset(offset, last, stored), next, "{offset} {last} {stored:?}");
        }
    }
}
