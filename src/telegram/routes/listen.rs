//! Polling and the order within a chat.
//!
//! A batch and its offset are stored in one transaction; the next poll confirms it. Updates of one chat are taken one
//! after the other, chats side by side. Polling pauses while `telegram.in_hand` updates wait.
//!
//! Each bot numbers its updates, and after a week without any Telegram begins at a number of chance: an offset is the
//! bot's own, and goes back when Telegram gives what is below it.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::future::FutureExt as _;

use super::super::incoming;
use super::super::port::{NO_CONNECTION, Reader, Trouble};
use super::Telegram;
use crate::kernel::{Error, Result, Text};
use crate::platform::inbox::{self, Received};
use crate::platform::outbox::{self, Door};
use crate::platform::store::Tx;
use crate::platform::tasks::Tasks;
use crate::platform::telemetry::names;
use crate::text;

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

/// So often the store is asked to note what was answered.
const MOST_SETTLINGS: u32 = 8;

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
                    () = self.tenure.held() => continue,
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
        self.reached().await?;
        let clock = self.db.clock();
        let mut looked_back: Option<Duration> = None;
        let most = self.db.config().telegram.in_hand;
        let (mut rivals, mut stale, mut away) = (0, 0, false);
        while self.tenure.holds() && !tasks.stopping().is_cancelled() {
            if looked_back.is_none_or(|at| clock.elapsed().saturating_sub(at) >= LOOK_BACK) {
                for received in self.db.read(async |tx| inbox::store::undone(tx).await).await? {
                    self.take_up(received, tasks);
                }
                looked_back = Some(clock.elapsed());
            }
            if self.hands.count() >= most {
                tokio::select! {
                    () = tasks.stopping().cancelled() => return Ok(()),
                    () = self.tenure.lost() => return Ok(()),
                    () = self.hands.fewer() => continue,
                }
            }
            // Whoever was away is asked for an answer at once, not for one with news.
            let seconds = if away { 0 } else { self.db.config().telegram.poll_seconds };
            let poll = self.updates.poll(offset, seconds);
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
                    if std::mem::take(&mut away) {
                        self.reached().await?;
                    }
                    let brings;
                    (offset, brings) = self.store(&batch, offset, tasks).await?;
                    stale = if brings { 0 } else { stale + 1 };
                    if stale >= MOST_STALE {
                        tracing::warn!(offset, "telegram.nothing_new: Telegram gives the same updates again");
                        self.pause(STALE_REST, tasks).await;
                    }
                }
                Err(trouble) => match self.updates.reader() {
                    Some(Reader::Webhook) => self.take_webhook_off(tasks).await,
                    Some(Reader::Rival) => {
                        rivals += 1;
                        self.meet_rival(rivals, tasks).await;
                    }
                    reader => {
                        away = reader.is_none();
                        self.wait_out(trouble, tasks).await?;
                    }
                },
            }
        }
        Ok(())
    }

    /// Telegram answers: what could not be brought to it goes at once.
    async fn reached(&self) -> Result<()> {
        let waits = async |tx: &mut Tx| outbox::store::unreached(tx, Door::Telegram, NO_CONNECTION).await;
        if self.db.read(waits).await? {
            let go = async |tx: &mut Tx| outbox::store::reached(tx, Door::Telegram, NO_CONNECTION).await;
            self.db.transact(go).await?;
        }
        Ok(())
    }

    /// The offset to begin with. What another bot was given says nothing of this one's updates, which may have the same
    /// numbers.
    async fn start_offset(&self) -> Result<i64> {
        let bot = self.messenger.me().0.to_string();
        // Nearly always there is nothing to note, and nobody's turn to decide is waited for.
        let look = async |tx: &mut Tx| {
            let before = inbox::store::setting(tx, BOT).await?;
            Ok((before, inbox::store::setting(tx, &offset_of(&bot)).await?))
        };
        let offset_in = |text: Option<String>| text.and_then(|text| text.parse().ok()).unwrap_or(0);
        let (before, offset) = self.db.read(look).await?;
        if before.as_ref() == Some(&bot) {
            return Ok(offset_in(offset));
        }
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
        Ok(offset_in(self.db.transact(write).await?))
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
        let take_up = |(fresh, next): (Vec<Received>, i64)| {
            let count = fresh.len();
            for received in fresh {
                self.take_up(received, tasks);
            }
            (count, next)
        };
        // Taken up before the batch is safe on disk: what a turn changes is safe only together with it, and what it
        // answers may be asked again. Telegram is told (by the next poll) once it is safe.
        let (fresh, next) = self
            .db
            .transact_early(
                async |tx| {
                    let fresh = inbox::store::insert_batch(tx, kept).await?;
                    let stored = inbox::store::setting(tx, &setting).await?.and_then(|text| text.parse().ok());
                    let next = next_offset(offset, last, stored);
                    inbox::store::set_setting(tx, &setting, &next.to_string()).await?;
                    Ok((fresh, next))
                },
                take_up,
            )
            .await?;
        if next < offset {
            tracing::warn!(offset, next, "telegram.numbered_anew: updates have lower numbers than before");
        }
        metrics::counter!(names::INBOX_UPDATES, "kept" => "yes").increment(u64::try_from(fresh).unwrap_or(0));
        metrics::counter!(names::INBOX_UPDATES, "kept" => "no").increment(u64::try_from(dropped).unwrap_or(0));
        let brings = fresh > 0 || last >= offset;
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
        let host = self.updates.webhook().await.ok().flatten().unwrap_or_default();
        match self.updates.drop_webhook().await {
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
        let (stopping, tasks) = (tasks.stopping().clone(), tasks.clone());
        let own = tasks.clone();
        tasks.spawn(async move {
            while let Some(received) = telegram.hands.next(chat) {
                let _room = telegram.hands.room().await;
                // What is left when stopping, or when the lease is lost, stays in the inbox: it is taken at the next
                // start, or by who holds the lease then.
                if !stopping.is_cancelled() && telegram.tenure.holds() {
                    let taken = AssertUnwindSafe(telegram.take_patiently(&received, &stopping)).catch_unwind().await;
                    if taken.is_err() {
                        tracing::error!(telegram.update = received.update_id, "telegram.take_panicked");
                    }
                }
                telegram.hands.done(received.update_id);
                if telegram.hands.wants_settling() {
                    own.spawn(telegram.clone().settle_answered());
                }
            }
        });
    }

    /// Settles what was answered, whatever came together in one transaction. They were sent: a store that is away is
    /// asked again for as long as the program runs; else they are found undone at the next start.
    async fn settle_answered(self) {
        loop {
            let ids = self.hands.to_settle();
            if ids.is_empty() {
                return;
            }
            let mut tries = 0;
            while let Err(error) = self.db.transact(async |tx| inbox::store::settle_many(tx, &ids).await).await {
                tracing::warn!(error = %error, "telegram.not_settled");
                tries += 1;
                if tries > MOST_SETTLINGS {
                    break;
                }
                self.db.clock().rest(Duration::from_millis(20 << tries)).await;
            }
            self.hands.settled(&ids);
        }
    }

    /// Updates received, stored and not yet taken.
    pub fn in_hand(&self) -> usize {
        self.hands.count()
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
