//! Answers on their way: as outbox rows in the transaction that caused them, or at once when nothing was changed.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::super::callback;
use super::super::command::{Answer, Audience, Button, Reason, Way};
use super::super::port::{self, Called, Desk, Messenger, Trouble, outcome_of};
use super::super::screen::{CLOSE, Key, Page, Screen, WHY, WireDoes, WireKey};
use super::super::{store, why};
use super::menus;
use crate::kernel::{Lang, Result};
use crate::platform::outbox::{self, Door, Job, Outcome, Put, Rank, Row};
use crate::platform::store::Tx;
use crate::text;

const ANSWER: &str = "telegram.answer";
const DELETE: &str = "telegram.delete";
const PRESS: &str = "telegram.press";

/// Kinds of the adapter's rows that are worth nothing later.
pub const FADING: &[&str] = &[PRESS];

/// Kinds of the rows that answer an update, and name its chat or its account.
pub const ANSWERS: &[&str] = &[ANSWER, DELETE, PRESS];

/// The press is answered at once; its row takes over after this long when that did not succeed (a stop, a 429).
const PRESS_AGAIN: Duration = Duration::from_secs(2);
/// Telegram shows nothing over a press that is older.
const PRESS_ENDS: Duration = Duration::from_secs(15);

/// The adapter's own jobs.
pub const JOBS: &[Job<Desk>] = &[
    Job { name: ANSWER, door: Door::Telegram, run: |desk, row| Box::pin(answer(desk, row)) },
    Job { name: DELETE, door: Door::Telegram, run: |desk, row| Box::pin(delete(desk, row)) },
    Job { name: PRESS, door: Door::Telegram, run: |desk, row| Box::pin(press(desk, row)) },
    Job { name: menus::MENUS, door: Door::Telegram, run: |desk, row| Box::pin(menus::set(desk, row)) },
];

/// The adapter's own buttons.
pub const BUTTONS: &[Button] = &[
    Button { action: CLOSE, audience: Audience::Anyone, take: |_| Box::pin(async { Ok(Answer::none().hush()) }) },
    Button { action: WHY, audience: Audience::Anyone, take: |turn| Box::pin(why::tell(turn)) },
];

/// Where the thing happened that is answered.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub chat: i64,
    pub account: i64,
    pub message: i64,
    pub pressed: bool,
    /// Can something still be shown over the chat? Only over a press that was not answered yet.
    pub alerts: bool,
    /// Who may press the keys of the message that is shown in place.
    pub actor: Option<i64>,
    /// The command that renews what is shown.
    pub menu: Option<&'static str>,
    pub update: i64,
}

#[derive(Debug, Serialize, Deserialize)]
struct Reply {
    chat: i64,
    page: Page,
    /// The message to edit.
    edit: Option<i64>,
    slot: Option<String>,
    /// What a group is shown when the person cannot be written to.
    #[serde(default)]
    otherwise: Option<Otherwise>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Otherwise {
    chat: i64,
    page: Page,
}

#[derive(Debug, Serialize, Deserialize)]
struct Gone {
    chat: i64,
    message: i64,
    /// What a message of ours says that can no longer be deleted (Telegram keeps those older than 48 h).
    #[serde(default)]
    otherwise: Option<Page>,
}

/// What is shown over a press.
#[derive(Debug, Serialize, Deserialize)]
struct Shown {
    query: String,
    words: String,
    loud: bool,
}

/// Words over a press may be all that somebody hears of it: they are kept with what was done, until they are shown.
pub(super) async fn put_press(tx: &mut Tx, update: i64, query: &str, words: String, loud: bool) -> Result<()> {
    let shown = Shown { query: query.to_owned(), words, loud };
    let now = tx.now();
    let row = Put::new(PRESS, press_key(update), &shown)?.rank(Rank::Answer).repeatable();
    let row = row.due(now.plus(PRESS_AGAIN)).until(now.plus(PRESS_ENDS));
    outbox::put(tx, row).await.map(|_| ())
}

/// The words were shown.
pub(super) async fn press_shown(tx: &mut Tx, update: i64) -> Result<()> {
    outbox::store::absorb(tx, &press_key(update)).await.map(|_| ())
}

fn press_key(update: i64) -> String {
    format!("{PRESS}:{update}")
}

/// Writes the intentions of an answer.
pub(super) async fn put(
    tx: &mut Tx,
    answer: Answer,
    lang: Lang,
    place: &Place,
    reasons: &[&'static Reason],
) -> Result<()> {
    if answer.hush {
        let closed = Page { text: text!("telegram-closed").render(lang), keys: Vec::new(), silent: true };
        let gone = Gone { chat: place.chat, message: place.message, otherwise: place.pressed.then_some(closed) };
        let key = format!("{DELETE}:{}:{}", place.chat, place.message);
        outbox::put(tx, Put::new(DELETE, key, &gone)?.rank(Rank::Answer).repeatable()).await?;
    }
    let (answer, beside) = if place.alerts { (answer, None) } else { answer.aloud(place.chat == place.account) };
    put_screen(tx, &answer, lang, place, reasons, "").await?;
    match beside {
        Some(beside) => put_screen(tx, &beside, lang, place, reasons, ":beside").await,
        None => Ok(()),
    }
}

async fn put_screen(
    tx: &mut Tx,
    answer: &Answer,
    lang: Lang,
    place: &Place,
    reasons: &[&'static Reason],
    part: &str,
) -> Result<()> {
    let Some(screen) = &answer.screen else { return Ok(()) };
    // An alert says it all when a press was refused: no second message with the same words.
    if place.alerts && answer.loud && answer.alert.as_ref() == Some(&screen.text) {
        return Ok(());
    }
    let chat = if answer.way == Way::Private { place.account } else { place.chat };
    let private = chat == place.account;
    let actor = if private { Some(place.account) } else { place.actor };
    let offered = private.then(|| why::offer(screen, lang, reasons));
    let seen = callback::Seen { chat, actor, menu: answer.of.or(place.menu) };
    let page = callback::lay(tx, offered.as_ref().unwrap_or(screen), lang, seen).await?;
    let edit = (place.pressed && answer.way == Way::InPlace).then_some(place.message);
    let otherwise = (chat != place.chat).then(|| Otherwise { chat: place.chat, page: open_private(lang) });
    let reply = Reply { chat, page, edit, slot: answer.slot.clone(), otherwise };
    let key = format!("{ANSWER}:{}{part}", place.update);
    let row = Put::new(ANSWER, key, &reply)?.lane(format!("chat:{chat}")).rank(Rank::Answer).repeatable();
    outbox::put(tx, row).await?;
    Ok(())
}

/// One button for whoever never pressed Start; it names nobody.
fn open_private(lang: Lang) -> Page {
    let key =
        WireKey { label: text!("telegram-open-private-key").render(lang), does: WireDoes::Start("bonjour".to_owned()) };
    Page { text: text!("telegram-open-private").render(lang), keys: vec![vec![key]], silent: true }
}

/// Sends an answer that changed nothing, without a row; `false` when it could not go now.
pub(super) async fn send_now(messenger: &Arc<dyn Messenger>, page: &Page, chat: i64) -> bool {
    let sent = match messenger.turn(chat, Rank::Answer).await {
        Ok(leave) => messenger.send(leave, page).await,
        Err(trouble) => Err(trouble),
    };
    matches!(sent, Ok(_) | Err(Trouble::Unreachable(_) | Trouble::Refused(_)))
}

/// A screen without anything to press, as it is read.
pub(super) fn page_of(screen: &Screen, lang: Lang) -> Option<Page> {
    let row = |row: &Vec<Key>| row.iter().map(|key| plain_key(key, lang)).collect::<Option<Vec<WireKey>>>();
    let keys = screen.keys.iter().map(row).collect::<Option<Vec<_>>>()?;
    Some(Page { text: screen.words(lang), keys, silent: screen.silent })
}

fn plain_key(key: &Key, lang: Lang) -> Option<WireKey> {
    use super::super::screen::Does;
    let does = match &key.does {
        Does::Open(address) => WireDoes::Url(address.clone()),
        Does::Start(payload) => WireDoes::Start(payload.clone()),
        Does::Press { .. } => return None,
    };
    Some(WireKey { label: key.label.render(lang), does })
}

fn answer<'a>(desk: &'a Desk, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        let reply: Reply = row.read()?;
        if let Some(message) = reply.edit {
            match edit(desk, row, reply.chat, message, &reply.page).await? {
                Ok(_) => {
                    remember(desk, &reply, message).await?;
                    return Ok(Outcome::Done);
                }
                Err(Trouble::MessageGone) => {}
                Err(trouble) => return Ok(outcome_of(desk, row, trouble)),
            }
        }
        let sent = match port::send(desk, row, reply.chat, &reply.page, reply.slot.clone()).await? {
            // The group became a supergroup meanwhile: the answer follows.
            Err(Trouble::Upgraded(to)) => port::send(desk, row, to, &reply.page, reply.slot).await?,
            sent => sent,
        };
        match sent {
            Ok(outcome) => Ok(outcome),
            Err(Trouble::Unreachable(why)) => {
                if let Some(otherwise) = reply.otherwise {
                    offer_private(desk, otherwise).await?;
                }
                Ok(Outcome::Cancel(why))
            }
            Err(trouble) => Ok(outcome_of(desk, row, trouble)),
        }
    })
}

/// Edits when it is the turn for that.
async fn edit(desk: &Desk, row: &Row, chat: i64, message: i64, page: &Page) -> Result<Called<bool>> {
    match desk.telegram.turn_to_edit(chat).await {
        Ok(leave) => {
            row.about_to_call(&desk.db).await?;
            Ok(desk.telegram.edit(leave, message, page).await)
        }
        Err(trouble) => Ok(Err(trouble)),
    }
}

/// « Ouvrir le chat privé » in the group, at most once in ten minutes: groups are no place for many words.
async fn offer_private(desk: &Desk, otherwise: Otherwise) -> Result<()> {
    let Otherwise { chat, page } = otherwise;
    desk.db
        .transact(async |tx| {
            let key = format!("{ANSWER}:open:{chat}:{}", tx.now().millis() / 600_000);
            let reply = Reply { chat, page, edit: None, slot: None, otherwise: None };
            let row = Put::new(ANSWER, key, &reply)?.lane(format!("chat:{chat}")).rank(Rank::Answer).repeatable();
            outbox::put(tx, row).await.map(|_| ())
        })
        .await
}

async fn remember(desk: &Desk, reply: &Reply, message: i64) -> Result<()> {
    match &reply.slot {
        Some(slot) => desk.db.transact(async |tx| store::set_slot(tx, slot, reply.chat, message).await).await,
        None => Ok(()),
    }
}

fn press<'a>(desk: &'a Desk, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        let shown: Shown = row.read()?;
        row.about_to_call(&desk.db).await?;
        match desk.telegram.answer_press(&shown.query, Some(&shown.words), shown.loud).await {
            Ok(()) => Ok(Outcome::Done),
            Err(trouble) => Ok(outcome_of(desk, row, trouble)),
        }
    })
}

fn delete<'a>(desk: &'a Desk, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        let gone: Gone = row.read()?;
        row.about_to_call(&desk.db).await?;
        match desk.telegram.delete(gone.chat, gone.message).await {
            Ok(true) => Ok(Outcome::Done),
            Ok(false) => {
                let Some(page) = gone.otherwise else { return Ok(Outcome::Done) };
                match edit(desk, row, gone.chat, gone.message, &page).await? {
                    Ok(_) | Err(Trouble::MessageGone) => Ok(Outcome::Done),
                    Err(trouble) => Ok(outcome_of(desk, row, trouble)),
                }
            }
            Err(trouble) => Ok(outcome_of(desk, row, trouble)),
        }
    })
}
