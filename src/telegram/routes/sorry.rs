//! Updates that could not be taken: whoever waits for an answer is told so.

use super::super::command::Answer;
use super::super::incoming::Asker;
use super::Telegram;
use super::answers::{self, Place};
use crate::kernel::text::Arg;
use crate::kernel::{At, Error, Lang, Result, Text, id};
use crate::platform::inbox::{self, Received};
use crate::platform::store::Tx;
use crate::platform::telemetry::names;
use crate::text;

impl Telegram {
    /// Settles an update that failed for good. Nothing of it was done; whoever asked is told to say it again.
    pub(super) async fn give_up(&self, received: &Received, error: &Error, since: At, answered: bool) -> Result<()> {
        let reference = id::reference(&self.db.ids().next());
        tracing::error!(telegram.update = received.update_id, reference, error = %error, "telegram.given_up");
        let words = if error.is_outage() {
            text!("telegram-given-up", since = Arg::Moment(since, self.db.config().school.time_zone))
        } else {
            text!("telegram-fault", reference = reference)
        };
        self.fail(received, "given up", &words, answered).await
    }

    /// An update that is not Telegram's JSON as we know it. What a person did is answered, other news are not.
    pub(super) async fn unreadable(&self, received: &Received, why: &str) -> Result<()> {
        self.fail(received, why, &text!("telegram-unreadable"), false).await
    }

    async fn fail(&self, received: &Received, note: &str, words: &Text, answered: bool) -> Result<()> {
        let asker = Asker::of(&received.body);
        let told = self
            .db
            .transact(async |tx| {
                if inbox::store::fail(tx, received.update_id, note).await?
                    && let Some(asker) = &asker
                {
                    let lang = (self.routes.identify)(tx, asker.account, asker.language.as_deref()).await?.lang;
                    self.apologise(tx, received, asker, words, lang).await?;
                }
                Ok(())
            })
            .await;
        if told.is_err() {
            // To find out who it is may be what fails: then without that, in the language that Telegram names.
            self.db
                .transact(async |tx| {
                    if inbox::store::fail(tx, received.update_id, note).await?
                        && let Some(asker) = &asker
                    {
                        let spoken = asker.language.as_deref().and_then(Lang::read);
                        let lang = spoken.unwrap_or(tx.config().school.language);
                        self.apologise(tx, received, asker, words, lang).await?;
                    }
                    Ok(())
                })
                .await?;
        }
        metrics::counter!(names::INBOX_FAILED).increment(1);
        if let Some(query) = asker.and_then(|asker| asker.query).filter(|_| !answered) {
            // The words come as a message: after so long Telegram may show nothing over the chat any more.
            let _ = self.messenger.answer_press(&query, None, false).await;
        }
        Ok(())
    }

    async fn apologise(&self, tx: &mut Tx, received: &Received, asker: &Asker, words: &Text, lang: Lang) -> Result<()> {
        let place = Place {
            chat: asker.chat,
            account: asker.account,
            message: 0,
            pressed: false,
            alerts: false,
            actor: Some(asker.account),
            menu: None,
            update: received.update_id,
        };
        let answer = Answer::say(words.clone()).privately();
        answers::put(tx, answer, lang, &place, &self.routes.reasons).await
    }

    /// The work behind a press takes long: the button stops spinning, what comes of it is told by a message. `true` when
    /// there was a press and it was answered.
    pub(super) async fn one_moment(&self, received: &Received) -> bool {
        let Some(asker) = Asker::of(&received.body) else { return false };
        let Some(query) = &asker.query else { return false };
        let lang = asker.language.as_deref().and_then(Lang::read).unwrap_or_default();
        let words = text!("telegram-one-moment").render(lang);
        self.messenger.answer_press(query, Some(&words), false).await.is_ok()
    }
}
