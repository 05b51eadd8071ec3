//! One turn: one transaction reads, decides, writes state and intentions, and settles the update.

use std::panic::AssertUnwindSafe;

use futures::future::FutureExt as _;

use super::super::command::{Answer, Audience, Chat, Sent, Take, Turn, Way};
use super::super::incoming::{From, Incoming};
use super::super::screen::Page;
use super::super::{store, why};
use super::Telegram;
use super::answers::{self, Place};
use super::strays::refusal_of_rank;
use crate::kernel::{Error, Lang, Result, Text, id};
use crate::platform::inbox::{self, Received};
use crate::platform::store::Tx;
use crate::text;

/// What is to be done with an update, found without touching anything.
pub(super) struct Task {
    pub take: Take,
    pub audience: Audience,
    pub args: String,
    pub asked: String,
    /// A question waits: whoever may not answer it any more is not asked any longer.
    pub ends: bool,
    pub file: Option<Sent>,
    pub message: i64,
    pub reads: bool,
    /// The command that renews what is shown.
    pub menu: Option<&'static str>,
    /// Said over a press, unless the answer has something to say there itself.
    pub alert: Option<Text>,
}

impl Task {
    /// For anyone, with nothing given.
    pub fn new(take: Take, message: i64) -> Self {
        Self {
            take,
            audience: Audience::Anyone,
            args: String::new(),
            asked: String::new(),
            ends: false,
            file: None,
            message,
            reads: false,
            menu: None,
            alert: None,
        }
    }
}

/// The press to be answered, once.
#[derive(Debug, Clone)]
pub(super) struct Press {
    pub query: String,
    /// The one account that may press the message's keys.
    pub actor: Option<i64>,
    /// The command whose menu the button stood in.
    pub menu: Option<String>,
    /// It was told « un instant »: what is still to be said goes by message.
    pub answered: bool,
}

impl Telegram {
    /// Takes a turn and sends what it answers.
    pub(super) async fn perform(
        &self,
        received: &Received,
        incoming: &Incoming,
        task: Task,
        press: Option<Press>,
    ) -> Result<()> {
        let Some(from) = &incoming.from else { return self.settle(received).await };
        let place = Place {
            chat: incoming.chat.id,
            account: from.account,
            message: task.message,
            pressed: press.is_some(),
            alerts: press.as_ref().is_some_and(|press| !press.answered),
            actor: press.as_ref().map_or(Some(from.account), |press| press.actor),
            menu: task.menu,
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
                let (alert, loud) = (answer.alert.clone(), answer.loud);
                promise(tx, received, press.as_ref(), alert.as_ref(), loud, lang).await?;
                answers::put(tx, answer, lang, &place, &self.routes.reasons).await?;
                Ok(Some((alert, loud, lang)))
            })
            .await;
        match done {
            Ok(None) => Ok(()),
            Ok(Some((alert, loud, lang))) => match press {
                Some(press) => self.answer_press(received, &press, alert.as_ref(), loud, lang).await,
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
                // What was stored just now is in nobody else's hand.
                if received.found && !inbox::store::is_new(tx, received.update_id).await? {
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
        // Whoever must wait for its turn waits in the outbox: nobody's press waits behind it. What goes to a group is looked
        // for there when its answer is lost: a row does that.
        let now = self.plain(&answer, lang).filter(|_| place.chat == place.account);
        let now = now.filter(|_| self.messenger.is_free(place.chat) && self.tenure.holds());
        if let Some(page) = now
            && answers::send_now(&self.messenger, &page, place.chat).await
        {
            self.hands.answered(received.update_id);
            return Ok(());
        }
        self.db
            .transact(async |tx| {
                if inbox::store::settle(tx, received.update_id).await? {
                    answers::put(tx, answer, lang, place, &self.routes.reasons).await?;
                }
                Ok(())
            })
            .await
    }

    /// What an answer says that needs no row: nothing to press, nothing beside it.
    fn plain(&self, answer: &Answer, lang: Lang) -> Option<Page> {
        let alone = !answer.hush && answer.way == Way::InPlace && answer.alert.is_none();
        let page = answers::page_of(answer.screen.as_ref().filter(|_| alone)?, lang)?;
        why::asked_in(&page.text, &self.routes.reasons).is_none().then_some(page)
    }

    async fn turn(&self, tx: &mut Tx, chat: &Chat, from: &From, task: &Task) -> Result<(Answer, Lang)> {
        let who = (self.routes.identify)(tx, from.account, from.language.as_deref()).await?;
        let lang = who.lang;
        if who.rank < task.audience {
            if task.ends {
                store::end_dialogue(tx, from.account).await?;
            }
            return Ok((refusal_of_rank(&who, task.audience, chat), lang));
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
            uploads: &self.routes.uploads,
            reasons: &self.routes.reasons,
        };
        let taken = AssertUnwindSafe((task.take)(&mut turn)).catch_unwind().await;
        let mut answer = taken.unwrap_or_else(|_| Err(Error::fault("the turn panicked")))?;
        if answer.alert.is_none() {
            answer.alert.clone_from(&task.alert);
        }
        Ok((answer, lang))
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
                tracing::error!(telegram.update = received.update_id, reference, error = detail, "telegram.fault");
                text!("telegram-fault", reference = reference)
            }
        };
        let answer = if press.is_some() {
            Answer::alert(words.clone()).loud()
        } else {
            Answer::say(words.clone()).new_message()
        };
        let lang = self
            .db
            .transact(async |tx| {
                let lang = (self.routes.identify)(tx, from.account, from.language.as_deref()).await?.lang;
                if inbox::store::settle(tx, received.update_id).await? {
                    promise(tx, received, press.as_ref(), Some(&words), true, lang).await?;
                    answers::put(tx, answer, lang, place, &self.routes.reasons).await?;
                }
                Ok(lang)
            })
            .await?;
        match press {
            Some(press) => self.answer_press(received, &press, Some(&words), true, lang).await,
            None => Ok(()),
        }
    }

    /// Answers the press at once. Where that fails its words wait in the outbox: a row tries again for as long as
    /// Telegram shows them.
    async fn answer_press(
        &self,
        received: &Received,
        press: &Press,
        alert: Option<&Text>,
        loud: bool,
        lang: Lang,
    ) -> Result<()> {
        if press.answered {
            return Ok(());
        }
        let words = alert.map(|text| text.render(lang));
        match self.messenger.answer_press(&press.query, words.as_deref(), loud).await {
            Ok(()) if words.is_some() => {
                let update = received.update_id;
                let noted = self.db.transact(async |tx| answers::press_shown(tx, update).await).await;
                if let Err(error) = noted {
                    // It is shown; the row will find the press answered.
                    tracing::debug!(%error, "telegram.press_not_noted");
                }
            }
            Ok(()) => {}
            // Without words only the small clock on the button goes on for a while.
            Err(trouble) => tracing::info!(?trouble, "telegram.press_unanswered"),
        }
        Ok(())
    }
}

/// Keeps the words that are to be shown over a press, in the transaction that settles it.
async fn promise(
    tx: &mut Tx,
    received: &Received,
    press: Option<&Press>,
    alert: Option<&Text>,
    loud: bool,
    lang: Lang,
) -> Result<()> {
    match (press.filter(|press| !press.answered), alert) {
        (Some(press), Some(alert)) => {
            answers::put_press(tx, received.update_id, &press.query, alert.render(lang), loud).await
        }
        _ => Ok(()),
    }
}
