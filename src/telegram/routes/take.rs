//! Taking one update: what kind of thing it is, and which feature it is for.

use std::borrow::Cow;
use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::sync::LazyLock;
use std::time::Duration;

use dptree::{Handler, deps};
use futures::future::FutureExt as _;
use tokio_util::sync::CancellationToken;

use super::super::callback;
use super::super::command::{Answer, ChatKind, Happening, Sent};
use super::super::incoming::{BotName, HUSHED, Incoming, Route, parse, schema};
use super::super::store;
use super::Telegram;
use super::turn::{Press, Task};
use crate::kernel::{Error, Result};
use crate::platform::inbox::{self, Received};
use crate::text;

/// Built once: what the tree is made of is judged each time.
static TREE: LazyLock<Handler<'static, Route>> = LazyLock::new(schema);

/// An update that fails this often is given up.
const MOST_TRIES: u32 = 8;
/// A press that failed this often is answered « un instant »: its button must not spin.
const TRIES_BEFORE_A_WORD: u32 = 2;

/// Those of them by which somebody means to say that they will be missing.
pub(super) const ABSENCES: [&str; 4] = ["absence", "absent", "retard", "late"];

impl Telegram {
    /// Takes an update, again when something is away, until it is settled.
    pub(super) async fn take_patiently(&self, received: &Received, stopping: &CancellationToken) {
        let since = self.db.clock().now();
        let (mut tries, mut answered, mut counted) = (0, false, !received.found);
        let mut received = Cow::Borrowed(received);
        loop {
            let take = async {
                if !counted {
                    self.count_start(&received).await?;
                    counted = true;
                }
                self.take(&received, answered).await
            };
            let taken = AssertUnwindSafe(take).catch_unwind().await;
            let Err(error) = taken.unwrap_or_else(|_| Err(Error::fault("taking the update panicked"))) else { return };
            tries += 1;
            // What failed may have been done all the same: from now on that is looked at.
            received.to_mut().found = true;
            tracing::warn!(telegram.update = received.update_id, tries, error = %error, "telegram.take_failed");
            if tries >= MOST_TRIES || !error.is_outage() {
                if self.give_up(&received, &error, since, answered).await.is_ok() {
                    return;
                }
            } else {
                let noted =
                    self.db.transact(async |tx| inbox::store::tried(tx, received.update_id, "outage").await).await;
                if noted.is_err() {
                    tracing::debug!(telegram.update = received.update_id, "telegram.try_not_noted");
                }
            }
            if tries >= TRIES_BEFORE_A_WORD && !answered {
                answered = self.one_moment(&received).await;
            }
            if !self.tenure.holds() {
                return;
            }
            // Somebody waits: a twentieth of the outbox's first pause (100 ms), doubled each time.
            let first = self.db.config().outbox.retry_base_ms / 20;
            let pause = Duration::from_millis(first.max(1) << tries.min(7));
            tokio::select! {
                () = stopping.cancelled() => return,
                () = self.db.clock().rest(pause) => {}
            }
        }
    }

    /// An update that was found undone may be what ends the program. The start is counted in a commit of its own, so
    /// that it stands when the program ends again; what was found too often is not taken any more.
    async fn count_start(&self, received: &Received) -> Result<()> {
        if received.attempts >= i64::from(MOST_TRIES) {
            return Err(Error::fault("it was found undone at too many starts"));
        }
        self.db.transact(async |tx| inbox::store::tried(tx, received.update_id, "found undone").await).await
    }

    /// `answered`: the press was told « un instant » already.
    async fn take(&self, received: &Received, answered: bool) -> Result<()> {
        let incoming = match parse(&received.body) {
            Ok(incoming) => incoming,
            Err(why) => {
                tracing::warn!(telegram.update = received.update_id, why, "telegram.unreadable");
                return self.unreadable(received, &why).await;
            }
        };
        let name = BotName(self.messenger.me().1);
        let route = match TREE.dispatch(deps![incoming.clone(), name]).await {
            ControlFlow::Break(route) => route,
            ControlFlow::Continue(_) => Route::Nothing,
        };
        match route {
            Route::Nothing => self.settle(received).await,
            Route::Happening(happening) => self.happened(received, &incoming, &happening).await,
            Route::Command { name, args, message } => self.command(received, &incoming, &name, args, message).await,
            Route::Press { query, data, message } => {
                let press = Press { query, actor: None, menu: None, answered };
                self.press(received, &incoming, press, &data, message).await
            }
            Route::Forwarded { message } => self.say(received, &incoming, message, text!("telegram-forwarded")).await,
            Route::File { file, message } => self.file(received, &incoming, file, message).await,
            Route::Unread { message } => self.say(received, &incoming, message, text!("telegram-only-words")).await,
            Route::Text { text, message } => self.text(received, &incoming, text, message).await,
        }
    }

    pub(super) async fn settle(&self, received: &Received) -> Result<()> {
        self.db.transact(async |tx| inbox::store::settle(tx, received.update_id).await.map(|_| ())).await
    }

    async fn happened(&self, received: &Received, incoming: &Incoming, happening: &Happening) -> Result<()> {
        self.db
            .transact(async |tx| {
                if inbox::store::settle(tx, received.update_id).await? {
                    if let Happening::Upgraded { to } = happening {
                        store::move_slots(tx, incoming.chat.id, *to).await?;
                    }
                    for notice in &self.routes.notices {
                        notice(tx, &incoming.chat, happening).await?;
                    }
                }
                Ok(())
            })
            .await
    }

    async fn command(
        &self,
        received: &Received,
        incoming: &Incoming,
        name: &str,
        args: String,
        message: i64,
    ) -> Result<()> {
        let private = incoming.chat.kind == ChatKind::Private;
        let hushed = !private && HUSHED.contains(&name);
        let Some(command) = self.routes.by_name.get(name) else {
            return match (hushed, incoming.anonymous) {
                (true, true) => self.anonymous(received, incoming, message, true).await,
                (true, false) => self.hushed_command(received, incoming, name, message).await,
                (false, _) => self.unknown_command(received, incoming, name, message).await,
            };
        };
        if incoming.anonymous {
            return self.anonymous(received, incoming, message, hushed).await;
        }
        if !command.place.allows(private) {
            return self.wrong_place(received, incoming, command, message, hushed).await;
        }
        let task = Task { args, menu: Some(command.fr), reads: command.reads, ..Task::new(command.take, message) };
        self.perform(received, incoming, Task { audience: command.audience, ..task }, None).await
    }

    async fn press(
        &self,
        received: &Received,
        incoming: &Incoming,
        mut press: Press,
        data: &str,
        message: i64,
    ) -> Result<()> {
        let found = self.db.read(async |tx| callback::find(tx, data).await).await?;
        // Of another chat's button nothing is known here.
        let found = found.filter(|found| found.stands_in(incoming.chat.id));
        press.actor = found.as_ref().and_then(|found| found.actor);
        press.menu = callback::menu_of(data).map(str::to_owned);
        let account = incoming.from.as_ref().map_or(0, |from| from.account);
        let button = found.as_ref().and_then(|found| self.routes.buttons.get(found.action.as_str()));
        let (Some(found), Some(button)) = (found.as_ref(), button) else {
            return self.expired(received, incoming, press, message).await;
        };
        if found.actor.is_some_and(|actor| actor != account) {
            return self.refuse_press(received, incoming, press, message, &text!("telegram-not-your-button")).await;
        }
        let menu = press.menu.as_deref().and_then(|name| self.routes.by_name.get(name)).map(|command| command.fr);
        let task =
            Task { args: found.args.clone(), menu, audience: button.audience, ..Task::new(button.take, message) };
        self.perform(received, incoming, task, Some(press)).await
    }

    async fn file(&self, received: &Received, incoming: &Incoming, file: Sent, message: i64) -> Result<()> {
        let name = file.name.to_lowercase();
        let fits = |upload: &&&super::Upload| upload.endings.iter().any(|ending| name.ends_with(ending));
        let Some(upload) = self.routes.uploads.iter().find(fits) else {
            let take: super::super::command::Take = |turn| {
                // The hint about timetables is for those who may send them.
                let sends = turn.uploads.iter().any(|upload| turn.who.rank >= upload.audience);
                let words = if sends { text!("telegram-file-unknown") } else { text!("telegram-file-elsewhere") };
                Box::pin(async move { Ok(Answer::say(words)) })
            };
            return self.perform(received, incoming, Task::new(take, message), None).await;
        };
        let task = Task { audience: upload.audience, file: Some(file), ..Task::new(upload.take, message) };
        self.perform(received, incoming, task, None).await
    }

    async fn text(&self, received: &Received, incoming: &Incoming, words: String, message: i64) -> Result<()> {
        let account = incoming.from.as_ref().map_or(0, |from| from.account);
        let waiting = self.db.read(async |tx| store::dialogue(tx, account).await).await?;
        let topic = waiting.and_then(|(topic, asked)| Some((self.routes.topics.get(topic.as_str())?, asked)));
        let Some((topic, asked)) = topic else {
            return self.say(received, incoming, message, text!("telegram-no-question")).await;
        };
        let task = Task { audience: topic.audience, args: words, asked, ends: true, ..Task::new(topic.take, message) };
        self.perform(received, incoming, task, None).await
    }
}
