//! A class's group is made: queued, asked for, equipped, linked.

use std::time::Duration;

use chrono::{Days, NaiveDate};

use super::super::{Work, mark, store};
use super::{lang_of, tell};
use crate::kernel::text::Arg;
use crate::kernel::{At, Result};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::classroom::flow::{self as classrooms, Waiting, allot};
use crate::school::classroom::{Classroom, Group, Making, QUEUE};
use crate::school::roster::flow::{admins, staff_of};
use crate::school::session::State;
use crate::school::session::flow as sessions;
use crate::text;

/// Asks Telegram for the group, or finds the one that was asked for.
pub const MAKE: &str = "group.make";
/// Admits the bot.
pub const EQUIP: &str = "group.equip";
/// Links the group with its class.
pub const LINK: &str = "group.link";
/// Lets a second account in.
pub const SPARE: &str = "group.spare";
/// The welcome, and its place on top.
pub const GREET: &str = "group.greet";
pub const PIN: &str = "group.pin";

/// Sessions are looked at so far ahead to find which class meets first.
const DAYS_AHEAD: i64 = 60;
/// A group's description holds no more (Telegram's limit).
const MOST_ABOUT: usize = 255;

fn object(classroom_id: &str) -> String {
    format!("classroom:{classroom_id}")
}

/// An account is there: classes may wait for their group, groups for their spare account. `mark` names the occasion.
pub async fn arrived(tx: &mut Tx, mark: &str) -> Result<()> {
    classrooms::queue(tx).await?;
    for group in classrooms::groups(tx).await? {
        let (Some(account), None) = (group.owner, group.spare) else { continue };
        let work = Work { classroom_id: group.classroom_id, account, chat: Some(group.chat) };
        spare_in(tx, &work, mark).await?;
    }
    Ok(())
}

/// Decides who makes which group today and what day the others are foreseen for. `ready`: the accounts there are.
pub async fn plan(tx: &mut Tx, ready: &[i64]) -> Result<()> {
    classrooms::drop_foreseen(tx).await?;
    let most = usize::try_from(tx.config().telegram.caller.groups_a_day).unwrap_or(0);
    if ready.is_empty() || most == 0 {
        return Ok(());
    }
    let waiting = waiting(tx).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let today = tx.zone().day(now);
    let made = classrooms::made_on(tx, &today.to_string()).await?;
    let paused = store::paused(tx, &today.to_string()).await?;
    let left = |account: i64| {
        let used = made.iter().find(|(known, _)| *known == account).map_or(0, |(_, count)| *count);
        let paused = paused.iter().any(|(known, ..)| *known == account);
        (account, if paused { 0 } else { most.saturating_sub(used) })
    };
    let accounts: Vec<(i64, usize)> = ready.iter().map(|account| left(*account)).collect();
    let allotted = allot(waiting, &accounts, most);
    // Whoever is free first: until then nobody makes any.
    let free = accounts.iter().map(|(account, _)| paused.iter().find(|(known, ..)| known == account)).map(|pause| {
        let last = pause.and_then(|(_, day, _)| day.parse::<NaiveDate>().ok()).unwrap_or(today);
        u64::try_from((last - today).num_days()).unwrap_or(0)
    });
    let beyond = free.min().unwrap_or(0);
    let count = i64::try_from(allotted.len()).unwrap_or(0);
    for (place, one) in (0..).zip(&allotted) {
        let days = u64::try_from(one.days).unwrap_or(0) + if one.account.is_none() { beyond } else { 0 };
        let day = today.checked_add_days(Days::new(days)).unwrap_or(today);
        classrooms::set_making(tx, &one.classroom_id, one.account, &day.to_string()).await?;
        if let Some(account) = one.account {
            let work = Work { classroom_id: one.classroom_id.clone(), account, chat: None };
            let key = format!("{MAKE}:{}:{}", one.classroom_id, tx.new_id());
            // One after the other, in this order.
            let due = At(now.millis() - count + place);
            let put = Put::new(MAKE, key, &work)?.caller().repeatable().rank(Rank::Bulk).due(due);
            outbox::put(tx, put.lane(format!("{MAKE}:{account}")).whenever()).await?;
        }
    }
    let why = paused.iter().find(|(account, ..)| ready.contains(account)).map(|(_, _, why)| why.clone());
    if let Some(why) =
        why.filter(|_| accounts.iter().all(|(account, _)| paused.iter().any(|(known, ..)| known == account)))
    {
        let day = today.checked_add_days(Days::new(beyond + 1)).unwrap_or(today);
        let words = text!("group-all-paused", count = allotted.len(), why = why, day = Arg::Day(day));
        let all = admins(tx).await?;
        tell(tx, &all, &format!("group-paused:{today}"), &words).await?;
    }
    Ok(())
}

/// The open classes that have no group, and of which nobody makes one yet.
async fn waiting(tx: &mut Tx) -> Result<Vec<Waiting>> {
    let groups = classrooms::groups(tx).await?;
    let makings = classrooms::makings(tx).await?;
    let taken = |id: &str| {
        groups.iter().any(|group| group.classroom_id == id) || makings.iter().any(|making| making.classroom_id == id)
    };
    let mut classes = classrooms::classrooms(tx).await?;
    classes.retain(|class| !taken(&class.id));
    if classes.is_empty() {
        return Ok(Vec::new());
    }
    let now = tx.now();
    let ahead = sessions::between(tx, now, now.plus_days(DAYS_AHEAD)).await?;
    let nearest = |id: &str| {
        let own = ahead.iter().filter(|session| session.classroom_id == id && session.state == State::Planned);
        own.map(|session| session.start_at).min()
    };
    Ok(classes
        .into_iter()
        .map(|Classroom { id, name, .. }| Waiting { nearest: nearest(&id), classroom_id: id, name })
        .collect())
}

/// How the making of a group stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stand {
    pub class: Classroom,
    pub making: Making,
    /// The class is closed, or has a group: none is wanted any more.
    pub idle: bool,
    pub title: String,
    pub about: String,
}

/// `None`: it is not this account's (any more), or done.
pub async fn stand(tx: &mut Tx, work: &Work) -> Result<Option<Stand>> {
    let making = classrooms::making(tx, &work.classroom_id).await?;
    let Some(making) = making.filter(|making| making.account == Some(work.account) && making.done_at.is_none()) else {
        return Ok(None);
    };
    let Some(class) = classrooms::classroom(tx, &work.classroom_id).await? else { return Ok(None) };
    let open = classrooms::classrooms(tx).await?.iter().any(|open| open.id == class.id);
    let group = classrooms::group_of(tx, &class.id).await?;
    let another = group.is_some_and(|group| Some(group.chat) != making.chat);
    let about = about(tx, &class);
    Ok(Some(Stand { title: class.name.clone(), about, idle: !open || another, class, making }))
}

/// A group's description: whose it is, and the mark by which it is found again.
pub(super) fn about(tx: &Tx, class: &Classroom) -> String {
    let school = tx.config().school.name.clone();
    let words = text!("group-about", class = class.name.as_str(), school = school).render(lang_of(tx, class));
    let mark = mark(&class.id);
    let room = MOST_ABOUT.saturating_sub(mark.chars().count() + 1);
    format!("{}\n{mark}", words.chars().take(room).collect::<String>())
}

/// The making ends without a group; the others are looked at again.
pub async fn given_up(tx: &mut Tx, work: &Work) -> Result<()> {
    let making = classrooms::making(tx, &work.classroom_id).await?;
    if making.is_some_and(|making| making.account == Some(work.account)) {
        classrooms::drop_making(tx, &work.classroom_id).await?;
    }
    classrooms::queue(tx).await
}

/// Telegram lets this account make no more groups today.
pub async fn exhausted(tx: &mut Tx, work: &Work, why: &str) -> Result<()> {
    let day = tx.zone().day(tx.now()).to_string();
    store::pause(tx, work.account, &day, why, None).await?;
    record(tx, &Actor::System, "group.account_paused", &object(&work.classroom_id), None, Some(why)).await?;
    given_up(tx, work).await
}

/// Telegram puts this account off for so long: another one makes the group, or this one when that is over.
pub async fn held_back(tx: &mut Tx, work: &Work, span: Duration) -> Result<()> {
    let until = tx.now().plus(span);
    let (day, why) = (tx.zone().day(until).to_string(), format!("FLOOD_WAIT {} s", span.as_secs()));
    store::pause(tx, work.account, &day, &why, Some(until)).await?;
    record(tx, &Actor::System, "group.account_paused", &object(&work.classroom_id), None, Some(&why)).await?;
    given_up(tx, work).await?;
    // It is looked at again when that is over, not only the next morning.
    let key = format!("{QUEUE}:{}:{}", work.account, until.millis());
    let put = Put::new(QUEUE, key, &())?.caller().repeatable().rank(Rank::Bulk).due(until.plus(Duration::from_secs(1)));
    outbox::put(tx, put.whenever()).await.map(|_| ())
}

/// The account that makes the group is lost for good: what it made, or may have made, serves nobody, and admins are told
/// so. Another account makes one.
pub async fn maker_lost(tx: &mut Tx, work: &Work, stand: &Stand) -> Result<()> {
    let (title, class) = (stand.title.as_str(), stand.class.name.as_str());
    if stand.making.began_at.is_some() || work.chat.is_some() {
        let chat = work.chat.or(stand.making.chat).map(|chat| chat.to_string());
        record(tx, &Actor::System, "group.orphaned", &object(&stand.class.id), None, chat.as_deref()).await?;
        let all = admins(tx).await?;
        let words = text!("group-maker-lost", title = title, class = class);
        tell(tx, &all, &format!("group-maker-lost:{}:{}", stand.class.id, work.account), &words).await?;
    }
    given_up(tx, work).await
}

/// The group is there: the bot comes next.
pub async fn made(tx: &mut Tx, work: &Work, chat: i64) -> Result<()> {
    classrooms::set_made(tx, &work.classroom_id, chat).await?;
    let work = Work { chat: Some(chat), ..work.clone() };
    let put = Put::new(EQUIP, format!("{EQUIP}:{chat}"), &work)?.caller().repeatable().rank(Rank::Bulk).whenever();
    outbox::put(tx, put).await.map(|_| ())
}

/// The class got another group while this one was made: admins are told that it serves nobody.
pub async fn orphaned(tx: &mut Tx, stand: &Stand, chat: i64) -> Result<()> {
    classrooms::end_making(tx, &stand.class.id).await?;
    record(tx, &Actor::System, "group.orphaned", &object(&stand.class.id), None, Some(&chat.to_string())).await?;
    let all = admins(tx).await?;
    let words = text!("group-orphaned", title = stand.title.as_str(), class = stand.class.name.as_str());
    tell(tx, &all, &format!("group-orphaned:{chat}"), &words).await
}

/// What remains to be done once the bot is in.
pub async fn ended(tx: &mut Tx, work: &Work, chat: i64) -> Result<()> {
    let put = Put::new(LINK, format!("{LINK}:{chat}"), work)?.repeatable().rank(Rank::Bulk).whenever();
    outbox::put(tx, put.lane(format!("group:{chat}"))).await.map(|_| ())
}

/// The group is its class's: a spare account, the welcome and a word to staff come next.
pub async fn linked(tx: &mut Tx, group: &Group, stand: &Stand, account: i64) -> Result<()> {
    if !classrooms::made_here(tx, group).await? {
        return orphaned(tx, stand, group.chat).await;
    }
    let (chat, now) = (group.chat, tx.now());
    store::set_kept(tx, chat, &stand.title, &stand.about).await?;
    let work = Work { classroom_id: stand.class.id.clone(), account, chat: Some(chat) };
    spare_in(tx, &work, "first").await?;
    let lane = format!("chat:{chat}");
    let greet = Put::new(GREET, format!("{GREET}:{chat}"), &work)?.lane(&lane).due(At(now.millis() - 1));
    outbox::put(tx, greet.rank(Rank::Bulk)).await?;
    let pin = Put::new(PIN, format!("{PIN}:{chat}"), &work)?.lane(&lane).rank(Rank::Bulk).repeatable();
    outbox::put(tx, pin).await?;
    if tx.config().school.photo.is_some() {
        super::picture::put(tx, group, "first").await?;
    }
    let staff = staff_of(tx, &stand.class.id).await?;
    let link = group.join_link.clone().unwrap_or_default();
    let words = text!("group-made", class = stand.class.name.as_str(), link = link);
    tell(tx, &staff, &format!("group-made:{chat}"), &words).await
}

/// A second account is to be let in. `occasion` names it: once each.
pub async fn spare_in(tx: &mut Tx, work: &Work, occasion: &str) -> Result<()> {
    let Some(chat) = work.chat else { return Ok(()) };
    let put = Put::new(SPARE, format!("{SPARE}:{chat}:{occasion}"), work)?.caller().repeatable().rank(Rank::Bulk);
    outbox::put(tx, put.lane(format!("{SPARE}:{chat}"))).await.map(|_| ())
}
