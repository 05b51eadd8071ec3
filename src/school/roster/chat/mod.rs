//! `/start`, personal links, `/liens`, and what is noticed of groups.

mod linked;
mod linking;
mod mailed;
mod printed;
mod start;

use futures::future::BoxFuture;

use super::flow;
use crate::kernel::Result;
use crate::platform::store::Tx;
use crate::school::rights::Act;
use crate::telegram::command::{
    Answer, Audience, Button, Caller, Chat, ChatKind, Command, Happening, Notice, Place, Topic, Turn,
};

const ASK: Audience = Act::Ask.audience();
const CLASS: Audience = Act::Class.audience();

pub const COMMANDS: &[Command] = &[
    Command {
        fr: "start",
        en: "start",
        line: "roster-menu-start",
        help: "help-start",
        audience: ASK,
        place: Place::Private,
        shown: true,
        reads: false,
        take: |turn| Box::pin(start::start(turn)),
    },
    Command {
        fr: "liens",
        en: "links",
        line: "roster-menu-links",
        help: "help-links",
        audience: CLASS,
        place: Place::Private,
        shown: true,
        reads: false,
        take: |turn| Box::pin(printed::command(turn)),
    },
];

/// What was pressed under stays: the answer is a message of its own.
async fn beside(answer: impl Future<Output = Result<Answer>>) -> Result<Answer> {
    Ok(answer.await?.new_message())
}

pub const BUTTONS: &[Button] = &[
    Button { action: "roster.me", audience: ASK, take: |turn| Box::pin(linking::me(turn)) },
    Button { action: "roster.not_me", audience: ASK, take: |turn| Box::pin(linking::not_me(turn)) },
    Button { action: "roster.age", audience: ASK, take: |turn| Box::pin(linking::age(turn)) },
    Button { action: "roster.admin", audience: ASK, take: |turn| Box::pin(linking::become_admin(turn)) },
    Button { action: "roster.stay", audience: ASK, take: |turn| Box::pin(linking::stay(turn)) },
    Button { action: "roster.untie", audience: CLASS, take: |turn| Box::pin(linking::untie(turn)) },
    Button { action: flow::UNTIE_TOLD, audience: CLASS, take: |turn| Box::pin(beside(linking::untie(turn))) },
    Button { action: flow::LINKED_TOLD, audience: CLASS, take: |turn| Box::pin(beside(linked::list(turn))) },
    Button { action: "roster.retie", audience: CLASS, take: |turn| Box::pin(linking::retie(turn)) },
    Button { action: "roster.class", audience: CLASS, take: |turn| Box::pin(printed::class(turn)) },
    Button { action: linked::LINKED, audience: CLASS, take: |turn| Box::pin(linked::list(turn)) },
    Button { action: linked::ONE, audience: CLASS, take: |turn| Box::pin(linked::one(turn)) },
    Button { action: mailed::CHOOSE, audience: CLASS, take: |turn| Box::pin(mailed::class(turn)) },
    Button { action: mailed::SEND, audience: CLASS, take: |turn| Box::pin(mailed::send(turn)) },
    Button { action: mailed::AGAIN, audience: ASK, take: |turn| Box::pin(mailed::again(turn)) },
    Button { action: "roster.links", audience: CLASS, take: |turn| Box::pin(printed::press(turn)) },
];

pub const TOPICS: &[Topic] = &[
    Topic { name: linking::ITEM, audience: ASK, take: |turn| Box::pin(linking::item(turn)) },
    Topic { name: linking::NAME, audience: ASK, take: |turn| Box::pin(linking::name(turn)) },
];

pub const NOTICES: &[Notice] = &[|tx, chat, happening| Box::pin(notice(tx, chat, happening))];

/// Who an account is, as Telegram's side asks.
pub fn identify<'a>(tx: &'a mut Tx, account: i64, tag: Option<&'a str>) -> BoxFuture<'a, Result<Caller>> {
    Box::pin(async move {
        let who = flow::identify(tx, account, tag).await?;
        let rank = who.person.as_ref().map(|person| person.role).into();
        let person = who.person.map(|person| person.id);
        Ok(Caller { account, person, rank, lang: who.lang, spoken: who.spoken })
    })
}

async fn notice(tx: &mut Tx, chat: &Chat, happening: &Happening) -> Result<()> {
    match happening {
        // Who teaches where decides too: the sessions' feature takes `AsksToJoin`, and asks `flow::asks_to_join`.
        Happening::Bot { is, .. } if chat.kind == ChatKind::Private => flow::reached(tx, chat.id, is.is_in()).await,
        Happening::Bot { is, .. } if !is.is_in() => flow::bot_left(tx, chat.id).await,
        Happening::Member { was, is, .. } if was.is_in() && !is.is_in() => flow::walked_out(tx, chat.id).await,
        Happening::Bot { by, .. } => {
            flow::arrived(tx, chat.id, *by).await?;
            // A right may have come back that somebody's leaving waits for.
            flow::released(tx, chat.id).await
        }
        _ => Ok(()),
    }
}

/// The person who acts; buttons and commands of staff have one.
async fn acting(turn: &mut Turn<'_>) -> Result<Option<super::Person>> {
    match turn.who.person.clone() {
        Some(id) => flow::person(turn.tx, &id).await,
        None => Ok(None),
    }
}

fn not_known() -> Answer {
    Answer::alert(crate::text!("roster-not-yours")).loud()
}
