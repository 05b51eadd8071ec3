//! Asking to join a class's group, and being reachable.

use serde::{Deserialize, Serialize};

use super::super::{APPROVE, Identity, Person, Role, store};
use super::{identify, may, put_menu_in, staff_of, tell};
use crate::kernel::{Lang, Result, Text};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::classroom::flow as classrooms;
use crate::school::rights::Act;
use crate::text;

pub const DECLINE: &str = "roster.decline_join";
pub const DECLINE_NOTE: &str = "roster.decline_note";

/// A request to be answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Join {
    /// The group may be upgraded meanwhile: its chat is looked up by class.
    pub classroom: String,
    pub account: i64,
    /// Names this one request.
    pub request: String,
    /// The group's usual menu is not theirs: another language, or an admin of the school.
    #[serde(default)]
    pub own_menu: bool,
}

/// What somebody is told who may not join.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Stranger {
    pub user_chat: i64,
    pub lang: Lang,
    /// The school knows them, in other classes.
    pub known: bool,
}

/// May this person be in the class's group? Those of the class, and who looks after it.
pub(super) async fn belongs(tx: &mut Tx, person: &Person, classroom_id: &str) -> Result<bool> {
    may(tx, person, Act::Group, classroom_id, false).await
}

/// May whoever the account stands for be in the class's group, or join it? `teaches`: they teach there.
async fn may_join(tx: &mut Tx, person: Option<&Person>, classroom_id: &str, teaches: bool) -> Result<bool> {
    match person {
        Some(person) => may(tx, person, Act::Group, classroom_id, teaches).await,
        None => Ok(false),
    }
}

/// Somebody asks to join a group of ours: those of the class may, who looks after it, and who `teaches` there; anybody
/// else is declined politely. `tag` is the language that Telegram names.
pub async fn asks_to_join(
    tx: &mut Tx,
    chat: i64,
    (account, tag): (i64, Option<&str>),
    user_chat: i64,
    teaches: bool,
) -> Result<()> {
    let Some(group) = classrooms::group_of_chat(tx, chat).await? else { return Ok(()) };
    let Identity { person, lang, spoken } = identify(tx, account, tag).await?;
    let welcome = may_join(tx, person.as_ref(), &group.classroom_id, teaches).await?;
    let is_admin = person.as_ref().is_some_and(|person| person.role == Role::Admin);
    let own_menu = is_admin || spoken != Some(lang);
    let join = Join { classroom: group.classroom_id, account, request: tx.new_id(), own_menu };
    note_answer(tx, &join, person.as_ref(), welcome).await?;
    if !welcome {
        return put_decline(tx, &join, chat, &Stranger { user_chat, lang, known: person.is_some() }).await;
    }
    let put = Put::new(APPROVE, format!("{APPROVE}:{}", join.request), &join)?;
    outbox::put(tx, put.repeatable().rank(Rank::Answer).lane(queue(chat, account)).whenever()).await.map(|_| ())
}

/// The request waited (Telegram was away, the program stopped). May whoever asked join now? If not, they are declined.
pub async fn still_joins(tx: &mut Tx, chat: i64, join: &Join, teaches: bool) -> Result<bool> {
    let Identity { person, lang, .. } = identify(tx, join.account, None).await?;
    if may_join(tx, person.as_ref(), &join.classroom, teaches).await? {
        return Ok(true);
    }
    note_answer(tx, join, person.as_ref(), false).await?;
    // Their account was tied when they asked: they have a chat with the bot.
    let stranger = Stranger { user_chat: join.account, lang, known: person.is_some() };
    put_decline(tx, join, chat, &stranger).await?;
    Ok(false)
}

async fn note_answer(tx: &mut Tx, join: &Join, person: Option<&Person>, welcome: bool) -> Result<()> {
    let actor = person.map_or(Actor::Account(join.account), |person| Actor::Person(person.id.clone()));
    let action = if welcome { "group.join_approved" } else { "group.join_declined" };
    record(tx, &actor, action, &format!("classroom:{}", join.classroom), None, None).await
}

/// What is said of one account's requests to one group comes in its order.
fn queue(chat: i64, account: i64) -> String {
    format!("join:{chat}:{account}")
}

async fn put_decline(tx: &mut Tx, join: &Join, chat: i64, stranger: &Stranger) -> Result<()> {
    // Who never pressed Start can be written to only until the request is answered, and for five minutes: words first.
    let note = Put::new(DECLINE_NOTE, format!("{DECLINE_NOTE}:{}", join.request), stranger)?;
    let until = tx.now().plus_minutes(4);
    outbox::put(tx, note.rank(Rank::Answer).lane(queue(chat, join.account)).until(until)).await?;
    let decline = Put::new(DECLINE, format!("{DECLINE}:{}", join.request), join)?;
    outbox::put(tx, decline.repeatable().rank(Rank::Answer).lane(queue(chat, join.account)).whenever()).await?;
    Ok(())
}

/// An admin of the school brought the bot into a group: the command that links it with a class stands in their menu there.
pub async fn arrived(tx: &mut Tx, chat: i64, by: i64) -> Result<()> {
    let person = store::person_of_account(tx, by).await?.filter(|person| person.active);
    if person.is_some_and(|person| person.role == Role::Admin) {
        put_menu_in(tx, by, Some(chat)).await?;
    }
    Ok(())
}

/// Telegram did not let us approve: somebody of the staff can.
pub async fn join_failed(tx: &mut Tx, join: &Join) -> Result<()> {
    let Some(person) = store::person_of_account(tx, join.account).await? else { return Ok(()) };
    let class = classrooms::classroom(tx, &join.classroom).await?.map(|class| class.name).unwrap_or_default();
    let words = text!("roster-told-join-failed", name = person.short_name(), class = class);
    let staff = staff_of(tx, &join.classroom).await?;
    tell(tx, &staff, &format!("join-failed:{}", join.request), &words, None).await
}

/// The bot was put out of a class's group, or lost its rights so far that it cannot say so there: staff hear of it.
pub async fn bot_left(tx: &mut Tx, chat: i64) -> Result<()> {
    let Some(group) = classrooms::group_of_chat(tx, chat).await? else { return Ok(()) };
    let class = classrooms::classroom(tx, &group.classroom_id).await?.map(|class| class.name).unwrap_or_default();
    let words = text!("roster-told-bot-left", class = class, title = group.title);
    let staff = staff_of(tx, &group.classroom_id).await?;
    let key = format!("bot-left:{chat}:{}", tx.now().millis());
    tell(tx, &staff, &key, &words, None).await
}

/// What the bot may do in a group was asked again: when it lacks something more than before, staff hear of it.
pub async fn rights_seen(tx: &mut Tx, chat: i64, is_admin: bool, missing: &[&str], row: &str) -> Result<()> {
    let Some(group) = classrooms::rights_seen(tx, chat, is_admin, missing).await? else { return Ok(()) };
    let class = classrooms::classroom(tx, &group.classroom_id).await?.map(|class| class.name).unwrap_or_default();
    let head = text!("roster-told-rights", class = class, title = group.title);
    let staff = staff_of(tx, &group.classroom_id).await?;
    let words = Text::lines([head, classrooms::wanted(missing), text!("roster-told-rights-how")]);
    tell(tx, &staff, &format!("rights:{row}"), &words, None).await
}

/// A person blocked the bot, or opened the chat again.
pub async fn reached(tx: &mut Tx, account: i64, reachable: bool) -> Result<()> {
    let Some((person, ..)) = store::tie_of(tx, account).await? else { return Ok(()) };
    if store::set_reachable(tx, account, reachable).await? {
        let (old, new) = if reachable { ("no", "yes") } else { ("yes", "no") };
        let object = format!("person:{person}");
        record(tx, &Actor::Person(person), "account.reachable", &object, Some(old), Some(new)).await?;
    }
    Ok(())
}
