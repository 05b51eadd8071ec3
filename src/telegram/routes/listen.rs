//! Polling and the order within a chat.
//!
//! A batch and its offset are stored in one transaction; the next poll confirms it. Updates of one chat are taken one
//! after the other, chats side by side. Polling pauses while `telegram.in_hand` updates wait.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};

use super::super::bot::Poll;
use super::super::incoming;
use super::super::port::Trouble;
use super::Telegram;
use crate::kernel::{Error, Result};
use crate::platform::inbox::{self, Received};
use crate::platform::tasks::Tasks;

/// Chats that are served at once.
const CHATS_AT_ONCE: usize = 32;
const OFFSET: &str = "telegram.offset";

/// Updates in hand, by chat.
#[derive(Debug)]
pub(super) struct Hands {
    queues: Mutex<HashMap<i64, VecDeque<Received>>>,
    count: AtomicUsize,
    fewer: Notify,
    room: Semaphore,
}

impl Default for Hands {
    fn default() -> Self {
        Self {
            queues: Mutex::default(),
            count: AtomicUsize::new(0),
            fewer: Notify::new(),
            room: Semaphore::new(CHATS_AT_ONCE),
        }
    }
}

impl Hands {
    /// Adds an update; `true` when its chat has nobody who takes its updates.
    fn add(&self, received: Received) -> bool {
        self.count.fetch_add(1, Ordering::Relaxed);
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = queues.get_mut(&received.chat) {
            queue.push_back(received);
            return false;
        }
        queues.insert(received.chat, VecDeque::from([received]));
        true
    }

    /// The chat's next update; forgets the chat when there is none.
    fn next(&self, chat: i64) -> Option<Received> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let next = queues.get_mut(&chat).and_then(VecDeque::pop_front);
        if next.is_none() {
            queues.remove(&chat);
        }
        next
    }

    fn done(&self) {
        self.count.fetch_sub(1, Ordering::Relaxed);
        self.fewer.notify_one();
    }
}

impl Telegram {
    /// Polls and takes updates until the tasks are asked to stop; only while this process holds the `telegram` lease.
    pub async fn run(self, tasks: Tasks) {
        let clock = self.db.clock().clone();
        while !tasks.stopping().is_cancelled() {
            if !self.holds.load(Ordering::Acquire) {
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
        let (undone, offset) = self
            .db
            .read(async |tx| Ok((inbox::store::undone(tx).await?, inbox::store::setting(tx, OFFSET).await?)))
            .await?;
        // Those that are in hand already (the lease was lost and found) are not taken twice: settling guards it.
        for received in undone {
            self.take_up(received, tasks);
        }
        let mut offset: i64 = offset.and_then(|text| text.parse().ok()).unwrap_or(0);
        let most = self.db.config().telegram.in_hand;
        while self.holds.load(Ordering::Acquire) && !tasks.stopping().is_cancelled() {
            while self.hands.count.load(Ordering::Relaxed) >= most {
                tokio::select! {
                    () = tasks.stopping().cancelled() => return Ok(()),
                    () = self.hands.fewer.notified() => {}
                }
            }
            let poll = self.bot.poll(Poll::from(offset, self.db.config().telegram.poll_seconds));
            let batch = tokio::select! {
                () = tasks.stopping().cancelled() => return Ok(()),
                batch = poll => batch,
            };
            match batch {
                Ok(batch) if batch.is_empty() => {}
                Ok(batch) => offset = self.store(&batch, offset, tasks).await?,
                Err(trouble) => self.wait_out(trouble, tasks).await?,
            }
        }
        Ok(())
    }

    async fn store(&self, batch: &[serde_json::Value], offset: i64, tasks: &Tasks) -> Result<i64> {
        let (id, name) = self.messenger.me();
        let last = batch.iter().filter_map(|update| update.get("update_id")?.as_i64()).max();
        let next = last.map_or(offset, |last| last + 1);
        let kept: Vec<Received> = batch
            .iter()
            .filter(|update| incoming::is_ours(update, id, &name))
            .filter_map(|update| {
                let update_id = update.get("update_id")?.as_i64()?;
                Some(Received { update_id, chat: incoming::chat_of(update), body: update.to_string(), attempts: 0 })
            })
            .collect();
        let dropped = batch.len() - kept.len();
        let fresh = self
            .db
            .transact(async |tx| {
                let mut fresh = Vec::with_capacity(kept.len());
                for received in kept {
                    if inbox::store::insert(tx, received.update_id, received.chat, &received.body).await? {
                        fresh.push(received);
                    }
                }
                inbox::store::set_setting(tx, OFFSET, &next.to_string()).await?;
                Ok(fresh)
            })
            .await?;
        metrics::counter!(crate::platform::telemetry::names::INBOX_UPDATES, "kept" => "yes")
            .increment(u64::try_from(fresh.len()).unwrap_or(0));
        metrics::counter!(crate::platform::telemetry::names::INBOX_UPDATES, "kept" => "no")
            .increment(u64::try_from(dropped).unwrap_or(0));
        for received in fresh {
            self.take_up(received, tasks);
        }
        Ok(next)
    }

    async fn wait_out(&self, trouble: Trouble, tasks: &Tasks) -> Result<()> {
        let pause = match trouble {
            Trouble::Wait(span) => span,
            Trouble::Refused(why) if why.contains("Conflict") => {
                tracing::warn!("telegram.conflict: another program polls with this token");
                Duration::from_secs(3)
            }
            Trouble::Refused(why) => return Err(Error::outage("telegram", &why)),
            _ => Duration::from_millis(500),
        };
        tokio::select! {
            () = tasks.stopping().cancelled() => {}
            () = self.db.clock().rest(pause) => {}
        }
        Ok(())
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
                // What is left when stopping stays in the inbox and is taken at the next start.
                if !stopping.is_cancelled() {
                    let _room = telegram.hands.room.acquire().await;
                    telegram.take_patiently(&received, &stopping).await;
                }
                telegram.hands.done();
            }
        });
    }

    /// Updates received, stored and not yet taken.
    pub fn in_hand(&self) -> usize {
        self.hands.count.load(Ordering::Relaxed)
    }
}
