//! Taking one update: who is it, may they, what do they want — and settling it with what it caused.

use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::Ordering;
use std::time::Duration;

use dptree::deps;
use futures::future::FutureExt as _;
use tokio_util::sync::CancellationToken;

use super::super::callback;
use super::super::command::{Answer, Audience, Caller, Chat, ChatKind, Command, Happening, Sent, Take, Turn, Way};
use super::super::incoming::{BotName, From, Incoming, Route, parse, schema};
use super::super::screen::{Does, Screen};
use super::super::store;
use super::Telegram;
use super::answers::{self, Place};
use crate::kernel::text::names::nearest;
use crate::kernel::{Error, Lang, Result, Text, id};
use crate::platform::inbox::{self, Received};
use crate::platform::store::Tx;
use crate::platform::telemetry::names;
use crate::text;

/// An update that fails this often is given up.
const MOST_TRIES: u32 = 8;

/// What is to be done with an update, found without touching anything.
struct Task {
    take: Take,
    audience: Audience,
    args: String,
    asked: String,
    file: Option<Sent>,
    message: i64,
    reads: bool,
}

/// The press to be answered, once.
#[derive(Debug, Clone)]
struct Press {
    query: String,
    /// The one account that may press the message's keys.
    actor: Option<i64>,
}

impl Telegram {
    /// Takes an update, again when something is away, until it is settled.
    pub(super) async fn take_patiently(&self, received: &Received, stopping: &CancellationToken) {
        let mut tries = 0;
        loop {
            let taken = AssertUnwindSafe(self.take(received)).catch_unwind().await;
            let Err(error) = taken.unwrap_or_else(|_| Err(Error::fault("taking the update panicked"))) else { return };
            tries += 1;
            let give_up = tries >= MOST_TRIES || !error.is_outage();
            tracing::warn!(telegram.update = received.update_id, tries, error = %error, "telegram.take_failed");
            let noted = self
                .db
                .transact(async |tx| {
                    if give_up {
                        inbox::store::fail(tx, received.update_id, "given up").await
                    } else {
                        inbox::store::tried(tx, received.update_id, "outage").await
                    }
                })
                .await;
            if give_up && noted.is_ok() {
                metrics::counter!(names::INBOX_FAILED).increment(1);
                return;
            }
            if !self.holds.load(Ordering::Acquire) {
                return;
            }
            let pause = Duration::from_millis(100 << tries.min(7));
            tokio::select! {
                () = stopping.cancelled() => return,
                () = self.db.clock().rest(pause) => {}
            }
        }
    }

    async fn take(&self, received: &Received) -> Result<()> {
        let incoming = match parse(&received.body) {
            Ok(incoming) => incoming,
            Err(why) => {
                tracing::warn!(telegram.update = received.update_id, why, "telegram.unreadable");
                return self.db.transact(async |tx| inbox::store::fail(tx, received.update_id, &why).await).await;
            }
        };
        let name = BotName(self.messenger.me().1);
        let route = match schema().dispatch(deps![incoming.clone(), name]).await {
            ControlFlow::Break(route) => route,
            ControlFlow::Continue(_) => Route::Nothing,
        };
        match route {
            Route::Nothing => self.settle(received).await,
            Route::Happening(happening) => {
                self.db
                    .transact(async |tx| {
                        if inbox::store::settle(tx, received.update_id).await? {
                            if let Happening::Upgraded { to } = happening {
                                store::move_slots(tx, incoming.chat.id, to).await?;
                            }
                            for notice in &self.routes.notices {
                                notice(tx, &incoming.chat, &happening).await?;
                            }
                        }
                        Ok(())
                    })
                    .await
            }
            Route::Command { name, args, message } => self.command(received, &incoming, &name, args, message).await,
            Route::Press { query, data, message } => self.press(received, &incoming, &query, &data, message).await,
            Route::Forwarded { message } => self.say(received, &incoming, message, text!("telegram-forwarded")).await,
            Route::File { file, message } => self.file(received, &incoming, file, message).await,
            Route::Text { text, message } => self.text(received, &incoming, text, message).await,
        }
    }

    async fn settle(&self, received: &Received) -> Result<()> {
        self.db.transact(async |tx| inbox::store::settle(tx, received.update_id).await.map(|_| ())).await
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
        let Some(command) = self.routes.by_name.get(name) else {
            return self.unknown_command(received, incoming, name, message).await;
        };
        if incoming.anonymous {
            return self.anonymous(received, incoming, message).await;
        }
        if !command.place.allows(private) {
            return self.wrong_place(received, incoming, command, message).await;
        }
        let task = Task {
            take: command.take,
            audience: command.audience,
            args,
            asked: String::new(),
            file: None,
            message,
            reads: command.reads,
        };
        self.perform(received, incoming, task, None).await
    }

    async fn press(
        &self,
        received: &Received,
        incoming: &Incoming,
        query: &str,
        data: &str,
        message: i64,
    ) -> Result<()> {
        let found = self.db.read(async |tx| callback::find(tx, data).await).await?;
        let press = Press { query: query.to_owned(), actor: found.as_ref().and_then(|found| found.actor) };
        let account = incoming.from.as_ref().map_or(0, |from| from.account);
        let lang =
            incoming.from.as_ref().and_then(|from| from.language.as_deref()).and_then(Lang::read).unwrap_or_default();
        let button = found.as_ref().and_then(|found| self.routes.buttons.get(found.action.as_str()));
        let (Some(found), Some(button)) = (found.as_ref(), button) else {
            self.settle(received).await?;
            return self.answer_press(&press, Some(&text!("telegram-menu-expired")), true, lang).await;
        };
        if found.actor.is_some_and(|actor| actor != account) {
            self.settle(received).await?;
            return self.answer_press(&press, Some(&text!("telegram-not-your-button")), true, lang).await;
        }
        let task = Task {
            take: button.take,
            audience: button.audience,
            args: found.args.clone(),
            asked: String::new(),
            file: None,
            message,
            reads: false,
        };
        self.perform(received, incoming, task, Some(press)).await
    }

    async fn file(&self, received: &Received, incoming: &Incoming, file: Sent, message: i64) -> Result<()> {
        let name = file.name.to_lowercase();
        let fits = |upload: &&&super::Upload| upload.endings.iter().any(|ending| name.ends_with(ending));
        let Some(upload) = self.routes.uploads.iter().find(fits) else {
            return self.say(received, incoming, message, text!("telegram-file-unknown")).await;
        };
        let task = Task {
            take: upload.take,
            audience: upload.audience,
            args: String::new(),
            asked: String::new(),
            file: Some(file),
            message,
            reads: false,
        };
        self.perform(received, incoming, task, None).await
    }

    async fn text(&self, received: &Received, incoming: &Incoming, words: String, message: i64) -> Result<()> {
        let account = incoming.from.as_ref().map_or(0, |from| from.account);
        let waiting = self.db.read(async |tx| store::dialogue(tx, account).await).await?;
        let Some((topic, asked)) = waiting else {
            return self.say(received, incoming, message, text!("telegram-no-question")).await;
        };
        let Some(topic) = self.routes.topics.get(topic.as_str()) else {
            return self.say(received, incoming, message, text!("telegram-no-question")).await;
        };
        let task = Task {
            take: topic.take,
            audience: Audience::Anyone,
            args: words,
            asked,
            file: None,
            message,
            reads: false,
        };
        self.perform(received, incoming, task, None).await
    }

    /// The heart: one transaction reads, decides, writes state and intentions, and settles the update.
    async fn perform(&self, received: &Received, incoming: &Incoming, task: Task, press: Option<Press>) -> Result<()> {
        let Some(from) = &incoming.from else { return self.settle(received).await };
        let place = Place {
            chat: incoming.chat.id,
            account: from.account,
            message: task.message,
            pressed: press.is_some(),
            actor: press.as_ref().map_or(Some(from.account), |press| press.actor),
            update: received.update_id,
        };
        if task.reads {
            return self.perform_read(received, incoming, &task, from, &place).await;
        }
        let done = self
            .db
            .transact(async |tx| {
                if !inbox::store::settle(tx, received.update_id).await? {
                    return Ok(None);
                }
                let (answer, lang) = self.turn(tx, &incoming.chat, from, &task).await?;
                answers::put(tx, &answer, lang, &place).await?;
                Ok(Some((answer, lang)))
            })
            .await;
        match done {
            Ok(None) => Ok(()),
            Ok(Some((answer, lang))) => match press {
                Some(press) => self.answer_press(&press, answer.alert.as_ref(), answer.loud, lang).await,
                None => Ok(()),
            },
            Err(error) => self.excuse(received, from, &place, press, error).await,
        }
    }

    /// A question that changes nothing: answered from a snapshot, its row settled afterwards.
    async fn perform_read(
        &self,
        received: &Received,
        incoming: &Incoming,
        task: &Task,
        from: &From,
        place: &Place,
    ) -> Result<()> {
        let done = self
            .db
            .read(async |tx| {
                if !inbox::store::is_new(tx, received.update_id).await? {
                    return Ok(None);
                }
                self.turn(tx, &incoming.chat, from, task).await.map(Some)
            })
            .await;
        let (answer, lang) = match done {
            Ok(Some(done)) => done,
            Ok(None) => return Ok(()),
            Err(error) => return self.excuse(received, from, place, None, error).await,
        };
        let plain = answer.screen.as_ref().filter(|screen| {
            !answer.hush
                && answer.way == Way::InPlace
                && !screen.keys.iter().flatten().any(|key| matches!(key.does, Does::Press { .. }))
        });
        // Whoever must wait for its turn waits in the outbox: nobody's press waits behind it.
        let now = plain.filter(|_| self.messenger.is_free(place.chat) && self.holds.load(Ordering::Acquire));
        if let Some(screen) = now
            && answers::send_now(&self.messenger, screen, lang, place.chat).await
        {
            return self.settle(received).await;
        }
        self.db
            .transact(async |tx| {
                if inbox::store::settle(tx, received.update_id).await? {
                    answers::put(tx, &answer, lang, place).await?;
                }
                Ok(())
            })
            .await
    }

    async fn turn(&self, tx: &mut Tx, chat: &Chat, from: &From, task: &Task) -> Result<(Answer, Lang)> {
        let who = (self.routes.identify)(tx, from.account, from.language.as_deref()).await?;
        let lang = who.lang;
        if who.rank < task.audience {
            let refusal = refusal_of_rank(&who, task.audience);
            // What somebody may not do is nobody else's business.
            return Ok((if chat.kind == ChatKind::Private { refusal } else { refusal.privately() }, lang));
        }
        let mut turn = Turn {
            tx,
            who,
            chat,
            message: task.message,
            args: task.args.clone(),
            asked: task.asked.clone(),
            file: task.file.clone(),
            commands: &self.routes.commands,
        };
        let taken = AssertUnwindSafe((task.take)(&mut turn)).catch_unwind().await;
        Ok((taken.unwrap_or_else(|_| Err(Error::fault("the turn panicked")))?, lang))
    }

    /// The turn failed and was rolled back: says what the person can do, or that it is our fault.
    async fn excuse(
        &self,
        received: &Received,
        from: &From,
        place: &Place,
        press: Option<Press>,
        error: Error,
    ) -> Result<()> {
        let words = match error {
            outage @ Error::Outage { .. } => return Err(outage),
            Error::Refusal(refusal) => Text::joined(" ", [refusal.text, Text::verbatim(format!("({})", refusal.code))]),
            Error::Fault { detail } => {
                let reference = id::reference(&self.db.ids().next());
                tracing::error!(telegram.update = received.update_id, reference, detail, "telegram.fault");
                text!("telegram-fault", reference = reference)
            }
        };
        let mut answer = Answer::none();
        if press.is_some() {
            answer = answer.with_alert(words).loud();
        } else {
            answer.screen = Some(Screen::new(words));
            answer = answer.new_message();
        }
        let lang = self
            .db
            .transact(async |tx| {
                let lang = (self.routes.identify)(tx, from.account, from.language.as_deref()).await?.lang;
                if inbox::store::settle(tx, received.update_id).await? {
                    answers::put(tx, &answer, lang, place).await?;
                }
                Ok(lang)
            })
            .await?;
        match press {
            Some(press) => self.answer_press(&press, answer.alert.as_ref(), true, lang).await,
            None => Ok(()),
        }
    }

    async fn answer_press(&self, press: &Press, alert: Option<&Text>, loud: bool, lang: Lang) -> Result<()> {
        let words = alert.map(|text| text.render(lang));
        if let Err(trouble) = self.messenger.answer_press(&press.query, words.as_deref(), loud).await {
            // The work is done and settled; only the small clock on the button goes on for a while.
            tracing::info!(?trouble, "telegram.press_unanswered");
        }
        Ok(())
    }

    async fn say(&self, received: &Received, incoming: &Incoming, message: i64, words: Text) -> Result<()> {
        let task = Task {
            take: |turn| {
                let words: Result<Text> = serde_json::from_str(&turn.args).map_err(Error::from);
                Box::pin(async move { Ok(Answer::say(words?)) })
            },
            audience: Audience::Anyone,
            args: serde_json::to_string(&words)?,
            asked: String::new(),
            file: None,
            message,
            reads: false,
        };
        self.perform(received, incoming, task, None).await
    }

    /// In private: the two nearest commands. In a group: silence, it may be somebody's joke.
    async fn unknown_command(&self, received: &Received, incoming: &Incoming, name: &str, message: i64) -> Result<()> {
        if incoming.chat.kind != ChatKind::Private {
            return self.settle(received).await;
        }
        let lang =
            incoming.from.as_ref().and_then(|from| from.language.as_deref()).and_then(Lang::read).unwrap_or_default();
        let names = self.routes.commands.iter().filter(|command| command.shown).map(|command| match lang {
            Lang::Fr => command.fr,
            Lang::En => command.en,
        });
        let near = nearest(name, names, 2);
        let words = match near.as_slice() {
            [] => text!("telegram-unknown-command"),
            [one] => text!("telegram-unknown-command-near", near = format!("/{one}")),
            [one, two, ..] => text!("telegram-unknown-command-near", near = format!("/{one}, /{two}")),
        };
        self.say(received, incoming, message, words).await
    }

    /// An admin who speaks as the group: nobody knows which one it is, so nothing may be done for them.
    async fn anonymous(&self, received: &Received, incoming: &Incoming, message: i64) -> Result<()> {
        let (chat, update) = (incoming.chat.id, received.update_id);
        let place = Place { chat, account: 0, message, pressed: false, actor: None, update };
        let answer = Answer::say(text!("telegram-anonymous")).new_message();
        self.db
            .transact(async |tx| {
                if inbox::store::settle(tx, update).await? {
                    let lang = tx.config().school.language;
                    answers::put(tx, &answer, lang, &place).await?;
                }
                Ok(())
            })
            .await
    }

    async fn wrong_place(
        &self,
        received: &Received,
        incoming: &Incoming,
        command: &Command,
        message: i64,
    ) -> Result<()> {
        let words = if incoming.chat.kind == ChatKind::Private {
            text!("telegram-group-only", command = format!("/{}", command.fr))
        } else {
            text!("telegram-private-only", command = format!("/{}", command.fr))
        };
        self.say(received, incoming, message, words).await
    }
}

/// Names the missing right and who can give it.
fn refusal_of_rank(who: &Caller, needed: Audience) -> Answer {
    let words = match needed {
        _ if who.person.is_none() => text!("telegram-not-linked"),
        Audience::Anyone | Audience::Student => text!("telegram-not-linked"),
        Audience::Teacher => text!("telegram-needs-teacher"),
        Audience::Supervisor => text!("telegram-needs-supervisor"),
        Audience::Manager => text!("telegram-needs-manager"),
        Audience::Admin => text!("telegram-needs-admin"),
    };
    Answer { screen: Some(Screen::new(words.clone())), alert: Some(words), loud: true, way: Way::New, ..Answer::none() }
}
