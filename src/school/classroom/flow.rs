//! Adopting a group, and following what happens to it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::rules::Settings;
pub use super::rules::{Waiting, allot, missing, wanted};
pub use super::store::{
    begin_making, drop_foreseen, drop_making, end_making, gone_since, group_of, group_of_chat, groups, made_on, making,
    makings, member, members, set_made, set_making, set_owner, set_spare, set_title, standings,
};
use super::{Classroom, GROUPED, Group, MANAGERS, QUEUE, store};
use crate::kernel::{Error, Result};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;

pub const ADOPT: &str = "classroom.adopt";
/// Performed by the roster, which knows whom to tell.
pub const RIGHTS_LOOK: &str = "classroom.rights";
pub const HUSH: &str = "classroom.hush";
pub const STANDING: &str = "classroom.standing";
/// What Telegram has to say of somebody has come by then.
const SETTLED_SECONDS: u64 = 5;

/// The school's own word stands above what is stored.
fn speaking(tx: &Tx, mut class: Classroom) -> Result<Classroom> {
    class.lang = tx.config().section::<Settings>()?.language_of(&class.name).or(class.lang);
    Ok(class)
}

/// The classes that are open, by name.
pub async fn classrooms(tx: &mut Tx) -> Result<Vec<Classroom>> {
    let all = store::classrooms(tx).await?;
    all.into_iter().map(|class| speaking(tx, class)).collect()
}

pub async fn classroom(tx: &mut Tx, id: &str) -> Result<Option<Classroom>> {
    let found = store::classroom(tx, id).await?;
    found.map(|class| speaking(tx, class)).transpose()
}

/// By name, without case, accents or spacing.
pub async fn by_name(tx: &mut Tx, name: &str) -> Result<Option<Classroom>> {
    let found = store::by_name(tx, name).await?;
    found.map(|class| speaking(tx, class)).transpose()
}

/// What a press means: this class, instead of the group that it had when the button was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub classroom_id: String,
    pub instead_of: Option<i64>,
}

/// The intention to link a group with a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adoption {
    #[serde(flatten)]
    pub choice: Choice,
    pub chat: i64,
    pub by: String,
}

/// A line of Telegram's own to be deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub chat: i64,
    pub message: i64,
}

/// Somebody in a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Somebody {
    pub chat: i64,
    pub account: i64,
}

/// What may be adopted from here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Adoptable {
    /// This group is this class's already.
    Already(Classroom),
    /// This group belongs to another class.
    Taken(Classroom),
    /// The class has another group; replacing it must be confirmed.
    HasGroup(Classroom, Group),
    Free(Classroom),
    Unknown,
}

/// Looks whether `chat` may become the group of the class called `name` (or with that id).
pub async fn adoptable(tx: &mut Tx, chat: i64, name: &str) -> Result<Adoptable> {
    let found = match store::by_name(tx, name).await? {
        Some(found) => Some(found),
        None => store::classroom(tx, name).await?,
    };
    let Some(class) = found else { return Ok(Adoptable::Unknown) };
    if let Some(group) = store::group_of_chat(tx, chat).await? {
        if group.classroom_id == class.id {
            return Ok(Adoptable::Already(class));
        }
        if let Some(other) = store::classroom(tx, &group.classroom_id).await? {
            return Ok(Adoptable::Taken(other));
        }
    }
    Ok(match store::group_of(tx, &class.id).await? {
        Some(group) => Adoptable::HasGroup(class, group),
        None => Adoptable::Free(class),
    })
}

/// Intends to link the group: Telegram is asked what it is and what the bot may do there. While that is under way, who
/// presses again is answered by what comes of it.
pub async fn adopt(tx: &mut Tx, choice: Choice, chat: i64, by: &str) -> Result<()> {
    let (lane, same) = (format!("group:{chat}"), format!("{ADOPT}:{chat}:{}:", choice.classroom_id));
    if outbox::store::open_in(tx, &lane).await?.iter().any(|key| key.starts_with(&same)) {
        return Ok(());
    }
    let key = format!("{same}{}", tx.new_id());
    let adoption = Adoption { choice, chat, by: by.to_owned() };
    let row = Put::new(ADOPT, key, &adoption)?.lane(lane).rank(Rank::Answer).repeatable();
    outbox::put(tx, row).await.map(|_| ())
}

/// Does what was chosen still hold: is this group nobody else's, and has the class the group that is to be replaced?
pub async fn still_holds(tx: &mut Tx, adoption: &Adoption) -> Result<bool> {
    let Choice { classroom_id, instead_of } = &adoption.choice;
    if store::group_of_chat(tx, adoption.chat).await?.is_some_and(|group| group.classroom_id != *classroom_id) {
        return Ok(false);
    }
    let had = store::group_of(tx, classroom_id).await?.map(|group| group.chat);
    // After a crash it may be linked already.
    Ok(had == *instead_of || had == Some(adoption.chat))
}

/// Telegram told what the group is: it is linked. `false` when what was chosen no longer holds.
pub async fn adopted(tx: &mut Tx, group: &Group, adoption: &Adoption) -> Result<bool> {
    if !still_holds(tx, adoption).await? {
        return Ok(false);
    }
    let named = |group: &Group| format!("{} {}", group.chat, group.title);
    let before = store::group_of(tx, &group.classroom_id).await?;
    let same = before.as_ref().filter(|before| before.chat == group.chat);
    let (owner, spare) = same.map_or((None, None), |same| (same.owner, same.spare));
    store::save_group(tx, &Group { owner, spare, ..group.clone() }, Some(&adoption.by)).await?;
    // One that was only queued is not made any more.
    if store::making(tx, &group.classroom_id).await?.is_some_and(|making| making.began_at.is_none()) {
        store::drop_making(tx, &group.classroom_id).await?;
        queue(tx).await?;
    }
    // After a crash between this and saying so it is linked, and recorded, already.
    let linked = before.as_ref().is_some_and(|before| before.chat == group.chat);
    if linked && adoption.choice.instead_of != Some(group.chat) {
        return Ok(true);
    }
    let old = before.as_ref().map(named);
    let (who, new) = (Actor::Person(adoption.by.clone()), named(group));
    let object = object(&group.classroom_id);
    record(tx, &who, "classroom.adopted", &object, old.as_deref(), Some(&new)).await?;
    grouped(tx, group).await?;
    Ok(true)
}

async fn grouped(tx: &mut Tx, group: &Group) -> Result<()> {
    let put = Put::new(GROUPED, format!("{GROUPED}:{}:{}", group.chat, tx.new_id()), &group.classroom_id)?;
    outbox::put(tx, put.inner()).await.map(|_| ())
}

/// A group that was made here is the class's. `false` when the class has another one meanwhile.
pub async fn made_here(tx: &mut Tx, group: &Group) -> Result<bool> {
    match store::group_of(tx, &group.classroom_id).await? {
        Some(before) if before.chat != group.chat => return Ok(false),
        // After a crash.
        Some(_) => {}
        None => {
            let new = format!("{} {}", group.chat, group.title);
            let object = object(&group.classroom_id);
            record(tx, &Actor::System, "classroom.group_made", &object, None, Some(&new)).await?;
            grouped(tx, group).await?;
        }
    }
    store::save_group(tx, group, None).await?;
    store::end_making(tx, &group.classroom_id).await?;
    Ok(true)
}

/// Has it looked at soon which classes want a group. Performing it cancels the row, so that it can be put again.
pub async fn queue(tx: &mut Tx) -> Result<()> {
    let put = Put::new(QUEUE, QUEUE, &())?.caller().repeatable().rank(Rank::Bulk).whenever();
    outbox::put(tx, put).await.map(|_| ())
}

/// Who may do more than others in this class changed: its group follows at once, where one was made here.
pub async fn managers_changed(tx: &mut Tx, classroom_id: &str) -> Result<()> {
    match store::group_of(tx, classroom_id).await? {
        Some(group) => look_at_managers(tx, &group).await,
        None => Ok(()),
    }
}

/// What this account may do changed: the groups in which it is follow at once.
pub async fn may_otherwise(tx: &mut Tx, account: i64) -> Result<()> {
    for group in store::groups_with(tx, account).await? {
        look_at_managers(tx, &group).await?;
    }
    Ok(())
}

async fn look_at_managers(tx: &mut Tx, group: &Group) -> Result<()> {
    if group.owner.is_none() {
        return Ok(());
    }
    let put = Put::new(MANAGERS, format!("{MANAGERS}:{}:{}", group.chat, tx.new_id()), &group.classroom_id)?;
    let put = put.caller().repeatable().lane(format!("{MANAGERS}:{}", group.chat)).whenever();
    outbox::put(tx, put).await.map(|_| ())
}

/// What a complete list of a group's members says of one of them.
pub async fn member_seen(tx: &mut Tx, chat: i64, account: i64, is: &str) -> Result<()> {
    let was = store::member(tx, chat, account).await?;
    if was.as_deref() == Some(is) {
        return Ok(());
    }
    store::record_movement(tx, chat, account, was.as_deref().unwrap_or("absent"), is, 0).await
}

/// What the bot may do in a group, as Telegram says now. Gives the group as it was when something more is missing:
/// who only looked at the rights, or gave one back, hears nothing.
pub async fn rights_seen(tx: &mut Tx, chat: i64, is_admin: bool, missing: &[&str]) -> Result<Option<Group>> {
    let before = store::group_of_chat(tx, chat).await?;
    let now = missing.join(" ");
    store::set_admin(tx, chat, is_admin, &now).await?;
    Ok(before.filter(|group| !missing.is_empty() && group.missing_rights != now))
}

/// The bot's own standing in a group changed: what it may do there is asked again.
pub async fn bot_changed(tx: &mut Tx, chat: i64) -> Result<()> {
    if store::group_of_chat(tx, chat).await?.is_none() {
        return Ok(());
    }
    let key = format!("{RIGHTS_LOOK}:{chat}:{}", tx.new_id());
    let row = Put::new(RIGHTS_LOOK, key, &chat)?.lane(format!("group:{chat}")).repeatable().whenever();
    outbox::put(tx, row).await.map(|_| ())
}

/// Somebody came, went or was changed. Groups that are no class's are none of our business.
pub async fn member_changed(tx: &mut Tx, chat: i64, account: i64, was: &str, is: &str, by: i64) -> Result<()> {
    if store::group_of_chat(tx, chat).await?.is_none() {
        return Ok(());
    }
    let known = store::member(tx, chat, account).await?;
    store::record_movement(tx, chat, account, was, is, by).await?;
    if known.is_none_or(|known| known == was) {
        return Ok(());
    }
    // What came before this was lost, or comes behind it and is old: what they are now is asked once all is there.
    let due = tx.now().plus(Duration::from_secs(SETTLED_SECONDS));
    let put = Put::new(STANDING, format!("{STANDING}:{chat}:{account}:{}", tx.new_id()), &Somebody { chat, account })?;
    outbox::put(tx, put.repeatable().rank(Rank::Bulk).due(due)).await.map(|_| ())
}

/// The group was upgraded: it keeps everything under its new id.
pub async fn upgraded(tx: &mut Tx, from: i64, to: i64) -> Result<()> {
    let Some(group) = store::group_of_chat(tx, from).await? else { return Ok(()) };
    store::move_group(tx, from, to).await?;
    let (old, new) = (from.to_string(), to.to_string());
    record(tx, &Actor::System, "classroom.group_upgraded", &object(&group.classroom_id), Some(&old), Some(&new))
        .await?;
    bot_changed(tx, to).await
}

pub async fn renamed(tx: &mut Tx, chat: i64, title: &str) -> Result<()> {
    store::set_title(tx, chat, title).await.map(|_| ())
}

/// Departures are told to staff only: Telegram's own line is deleted in our groups.
pub async fn departure_shown(tx: &mut Tx, chat: i64, message: i64) -> Result<()> {
    if store::group_of_chat(tx, chat).await?.is_none() {
        return Ok(());
    }
    let row = Put::new(HUSH, format!("{HUSH}:{chat}:{message}"), &Line { chat, message })?.repeatable();
    outbox::put(tx, row).await.map(|_| ())
}

/// The class called so, made when there is none and opened again when it was closed. Gives its id and whether that
/// was needed.
pub async fn ensure(tx: &mut Tx, actor: &Actor, name: &str) -> Result<(String, bool)> {
    let id = tx.new_id();
    made(tx, actor, &id, name).await
}

/// As [`ensure`], under an id that was given before: somebody else's making of it is an outage, to be looked at again.
pub async fn ensure_as(tx: &mut Tx, actor: &Actor, id: &str, name: &str) -> Result<()> {
    match made(tx, actor, id, name).await? {
        (found, _) if found == id => Ok(()),
        _ => Err(Error::outage("classroom", "a class was made meanwhile")),
    }
}

async fn made(tx: &mut Tx, actor: &Actor, id: &str, name: &str) -> Result<(String, bool)> {
    if let Some(found) = store::by_name(tx, name).await? {
        let opened = store::reopen(tx, &found.id).await?;
        if opened {
            queue(tx).await?;
            record(tx, actor, "classroom.reopened", &object(&found.id), Some("closed"), Some("open")).await?;
        }
        return Ok((found.id, opened));
    }
    store::insert(tx, id, name.trim()).await?;
    queue(tx).await?;
    record(tx, actor, "classroom.made", &object(id), None, Some(name.trim())).await?;
    Ok((id.to_owned(), true))
}

/// The class is there no more; what happened in it stays known.
pub async fn close(tx: &mut Tx, actor: &Actor, classroom_id: &str) -> Result<()> {
    if store::close(tx, classroom_id).await? {
        record(tx, actor, "classroom.closed", &object(classroom_id), Some("open"), Some("closed")).await?;
    }
    Ok(())
}

fn object(classroom_id: &str) -> String {
    format!("classroom:{classroom_id}")
}
