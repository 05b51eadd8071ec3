//! What leads to no feature: unknown commands, the wrong place, menus that have expired.

use super::super::command::{Answer, Audience, Caller, Chat, ChatKind, Command, Turn, Way};
use super::super::incoming::Incoming;
use super::super::screen::Screen;
use super::Telegram;
use super::answers::{self, Place};
use super::take::ABSENCES;
use super::turn::{Press, Task};
use crate::kernel::text::names::nearest;
use crate::kernel::{Error, Result, Text};
use crate::platform::inbox::{self, Received};
use crate::text;

/// To the turn of a command in the wrong place: its message is deleted.
const HUSH: &str = "hush";

impl Telegram {
    /// Says something that depends on nothing.
    pub(super) async fn say(&self, received: &Received, incoming: &Incoming, message: i64, words: Text) -> Result<()> {
        let args = serde_json::to_string(&words)?;
        let take: super::super::command::Take = |turn| {
            let words: Result<Text> = serde_json::from_str(&turn.args).map_err(Error::from);
            Box::pin(async move { Ok(Answer::say(words?)) })
        };
        self.perform(received, incoming, Task { args, ..Task::new(take, message) }, None).await
    }

    /// In private: the two nearest commands. In a group: silence, it may be somebody's joke.
    pub(super) async fn unknown_command(
        &self,
        received: &Received,
        incoming: &Incoming,
        name: &str,
        message: i64,
    ) -> Result<()> {
        if incoming.chat.kind != ChatKind::Private {
            return self.settle(received).await;
        }
        let task = Task { args: name.to_owned(), ..Task::new(|turn| Box::pin(near(turn)), message) };
        self.perform(received, incoming, task, None).await
    }

    /// What is about a person and no command of ours: the class does not read it, whoever typed hears why.
    pub(super) async fn hushed_command(
        &self,
        received: &Received,
        incoming: &Incoming,
        name: &str,
        message: i64,
    ) -> Result<()> {
        let take: super::super::command::Take = |turn| {
            let title = &turn.chat.title;
            // Whoever meant to say that they will be missing hears how that is done.
            let words = if ABSENCES.contains(&turn.args.as_str()) {
                text!("telegram-hushed-absence", title = title)
            } else {
                text!("telegram-hushed", command = format!("/{}", turn.args), title = title)
            };
            Box::pin(async move { Ok(Answer::say(words).privately().hush()) })
        };
        self.perform(received, incoming, Task { args: name.to_owned(), ..Task::new(take, message) }, None).await
    }

    /// An admin who speaks as the group: nobody knows which one it is, so nothing may be done for them.
    pub(super) async fn anonymous(
        &self,
        received: &Received,
        incoming: &Incoming,
        message: i64,
        hushed: bool,
    ) -> Result<()> {
        let (chat, update) = (incoming.chat.id, received.update_id);
        let place = Place { chat, account: 0, message, pressed: false, alerts: false, actor: None, menu: None, update };
        let answer = Answer { hush: hushed, ..Answer::say(text!("telegram-anonymous")).new_message() };
        self.db
            .transact(async |tx| {
                if inbox::store::settle(tx, update).await? {
                    let lang = tx.config().school.language;
                    answers::put(tx, answer, lang, &place, &self.routes.reasons).await?;
                }
                Ok(())
            })
            .await
    }

    pub(super) async fn wrong_place(
        &self,
        received: &Received,
        incoming: &Incoming,
        command: &Command,
        message: i64,
        hushed: bool,
    ) -> Result<()> {
        let take: super::super::command::Take = |turn| {
            let name = turn.commands.iter().find(|command| command.fr == turn.args);
            let command = name.map_or_else(String::new, |command| format!("/{}", command.name(turn.who.lang)));
            let words = if turn.is_private() {
                text!("telegram-group-only", command = command)
            } else {
                text!("telegram-private-only", command = command)
            };
            // In a group it is one person's business where they type it.
            Box::pin(async move { Ok(Answer { hush: turn.asked == HUSH, ..Answer::say(words).privately() }) })
        };
        let asked = if hushed { HUSH.to_owned() } else { String::new() };
        let task = Task { args: command.fr.to_owned(), asked, audience: command.audience, ..Task::new(take, message) };
        self.perform(received, incoming, task, None).await
    }

    /// Only words over the press, in the person's language.
    pub(super) async fn refuse_press(
        &self,
        received: &Received,
        incoming: &Incoming,
        press: Press,
        message: i64,
        words: &Text,
    ) -> Result<()> {
        let args = serde_json::to_string(words)?;
        let take: super::super::command::Take = |turn| {
            let words: Result<Text> = serde_json::from_str(&turn.args).map_err(Error::from);
            Box::pin(async move { Ok(Answer::alert(words?).loud()) })
        };
        self.perform(received, incoming, Task { args, ..Task::new(take, message) }, Some(press)).await
    }

    /// A button that is forgotten, or whose action is no more. A menu that a command opened is opened again in its place;
    /// of another message only this can be said.
    pub(super) async fn expired(
        &self,
        received: &Received,
        incoming: &Incoming,
        press: Press,
        message: i64,
    ) -> Result<()> {
        let command = press.menu.as_deref().and_then(|name| self.routes.by_name.get(name));
        // What cannot be typed here is not opened here.
        let private = incoming.chat.kind == ChatKind::Private;
        let Some(command) = command.filter(|command| private && command.place.allows(true)) else {
            return self.refuse_press(received, incoming, press, message, &text!("telegram-menu-expired")).await;
        };
        let task = Task {
            audience: command.audience,
            menu: Some(command.fr),
            alert: Some(text!("telegram-menu-renewed")),
            ..Task::new(command.take, message)
        };
        self.perform(received, incoming, task, Some(press)).await
    }
}

/// The nearest of the commands that this person may use here.
#[expect(clippy::unused_async, reason = "the shape that turns want")]
async fn near(turn: &mut Turn<'_>) -> Result<Answer> {
    let private = turn.is_private();
    let open = turn
        .commands
        .iter()
        .filter(|command| command.shown && command.audience <= turn.who.rank && command.place.allows(private));
    let near = nearest(&turn.args, open.map(|command| command.name(turn.who.lang)), 2);
    Ok(Answer::say(match near.as_slice() {
        [] => text!("telegram-unknown-command"),
        [one] => text!("telegram-unknown-command-near", near = format!("/{one}")),
        [one, two, ..] => text!("telegram-unknown-command-near", near = format!("/{one}, /{two}")),
    }))
}

/// Names the missing right and who can give it. What somebody may not do is nobody else's business.
pub(super) fn refusal_of_rank(who: &Caller, needed: Audience, chat: &Chat) -> Answer {
    let words = if who.person.is_none() { text!("telegram-not-linked") } else { needed.refusal() };
    let way = if chat.kind == ChatKind::Private { Way::New } else { Way::Private };
    Answer { screen: Some(Screen::new(words.clone())), alert: Some(words), loud: true, way, ..Answer::none() }
}
