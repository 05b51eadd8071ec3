//! A class's group is made, step by step.

use super::super::flow::{self, Stand};
use super::super::{BOT_RIGHTS, SPARE_RIGHTS, Work, mark, rules, welcome_slot};
use super::{STARTING, answered, awaited, done, later};
use crate::kernel::{Lang, Result};
use crate::platform::outbox::{self, Outcome, Row};
use crate::school::classroom::flow as classrooms;
use crate::school::classroom::{Classroom, Group};
use crate::telegram::port::{self, Called, Desk, Post, Standing, Trouble, Whom, post};
use crate::telegram::screen::Screen;
use crate::text;

/// An account was signed in: what waits for one is looked at.
pub async fn ready(desk: &Desk, row: &Row) -> Result<Outcome> {
    let account: i64 = row.read()?;
    if !desk.callers.gathered().await.contains(&account) {
        return Ok(Outcome::Snooze(desk.db.clock().wall().plus(STARTING)));
    }
    done(desk, row, async |tx| flow::arrived(tx, &row.id).await).await
}

/// Which classes want a group, and who makes the next. The row is cancelled in the end so that it may be put again: a
/// class that is made meanwhile is seen now or puts it.
pub async fn queue(desk: &Desk, row: &Row) -> Result<Outcome> {
    let ready = desk.callers.gathered().await;
    if let Some(later) = awaited(desk) {
        return Ok(later);
    }
    let looked = Outcome::Cancel("looked".to_owned());
    desk.db
        .transact(async |tx| {
            flow::plan(tx, &ready).await?;
            outbox::store::settle(tx, row, &looked, row.due_at).await
        })
        .await?;
    Ok(Outcome::Settled)
}

/// The group is asked for; where it was asked for before, it is looked for first.
pub async fn make(desk: &Desk, row: &Row) -> Result<Outcome> {
    let work: Work = row.read()?;
    let Some(stand) = desk.db.read(async |tx| flow::stand(tx, &work).await).await? else {
        return Ok(Outcome::Cancel("not to be made any more".to_owned()));
    };
    if let Some(chat) = stand.making.chat {
        return done(desk, row, async |tx| flow::made(tx, &work, chat).await).await;
    }
    let asked = stand.making.began_at;
    if stand.idle && asked.is_none() {
        return done(desk, row, async |tx| flow::given_up(tx, &work).await).await;
    }
    let ready = desk.callers.gathered().await;
    if !ready.contains(&work.account) {
        if desk.callers.is_lost(work.account).await? {
            return done(desk, row, async |tx| flow::maker_lost(tx, &work, &stand).await).await;
        }
        // What this account was asked for only it can find again.
        if asked.is_some() || ready.is_empty() {
            return Ok(later(desk));
        }
        return done(desk, row, async |tx| flow::given_up(tx, &work).await).await;
    }
    row.about_to_call(&desk.db).await?;
    if let Some(began) = asked {
        match desk.callers.find_group(work.account, &mark(&work.classroom_id), began).await {
            Ok(Some(chat)) => return found(desk, row, &work, &stand, chat).await,
            Ok(None) if stand.idle => return done(desk, row, async |tx| flow::given_up(tx, &work).await).await,
            Ok(None) => {}
            Err(trouble) => return Ok(answered(desk, work.account, trouble).await),
        }
    } else if !desk.db.transact(async |tx| classrooms::begin_making(tx, &work.classroom_id, work.account).await).await?
    {
        return done(desk, row, async |tx| flow::given_up(tx, &work).await).await;
    }
    match desk.callers.create_group(work.account, &stand.title, &stand.about).await {
        Ok(chat) => found(desk, row, &work, &stand, chat).await,
        Err(Trouble::Refused(why)) if rules::is_exhausted(&why) => {
            done(desk, row, async |tx| flow::exhausted(tx, &work, &why).await).await
        }
        Err(Trouble::Wait(span)) if rules::is_held_back(span, ready.len() > 1) => {
            done(desk, row, async |tx| flow::held_back(tx, &work, span).await).await
        }
        Err(trouble) => Ok(answered(desk, work.account, trouble).await),
    }
}

/// The group is there, wanted or not.
async fn found(desk: &Desk, row: &Row, work: &Work, stand: &Stand, chat: i64) -> Result<Outcome> {
    done(desk, row, async |tx| {
        if stand.idle {
            classrooms::set_made(tx, &work.classroom_id, chat).await?;
            flow::orphaned(tx, stand, chat).await
        } else {
            flow::made(tx, work, chat).await
        }
    })
    .await
}

/// The bot comes in as an administrator.
pub async fn equip(desk: &Desk, row: &Row) -> Result<Outcome> {
    let work: Work = row.read()?;
    let Some(chat) = work.chat else { return Ok(Outcome::Cancel("no group".to_owned())) };
    if !desk.callers.gathered().await.contains(&work.account) {
        if desk.callers.is_lost(work.account).await? {
            return lost(desk, row, &work).await;
        }
        return Ok(later(desk));
    }
    let (account, name) = desk.telegram.me();
    row.about_to_call(&desk.db).await?;
    match admit(desk, work.account, chat, Whom::Bot { account, name: &name }).await {
        Ok(()) => done(desk, row, async |tx| flow::ended(tx, &work, chat).await).await,
        Err(trouble) => Ok(answered(desk, work.account, trouble).await),
    }
}

/// The account is lost before its group was equipped: another one makes a group.
async fn lost(desk: &Desk, row: &Row, work: &Work) -> Result<Outcome> {
    done(desk, row, async |tx| match flow::stand(tx, work).await? {
        Some(stand) => flow::maker_lost(tx, work, &stand).await,
        None => Ok(()),
    })
    .await
}

/// Whom Telegram makes no administrator from outside is let in first.
async fn admit(desk: &Desk, by: i64, chat: i64, bot: Whom<'_>) -> Called<()> {
    match desk.callers.promote(by, chat, bot, BOT_RIGHTS).await {
        Err(Trouble::Refused(why)) if why == "USER_NOT_PARTICIPANT" => {
            desk.callers.invite(by, chat, bot).await?;
            desk.callers.promote(by, chat, bot, BOT_RIGHTS).await
        }
        answer => answer,
    }
}

/// The bot makes the link to join by, and the group is its class's.
pub async fn link(desk: &Desk, row: &Row) -> Result<Outcome> {
    let work: Work = row.read()?;
    let stand = desk.db.read(async |tx| flow::stand(tx, &work).await).await?;
    let (Some(stand), Some(chat)) = (stand, work.chat) else {
        return Ok(Outcome::Cancel("not to be made any more".to_owned()));
    };
    if stand.idle {
        return done(desk, row, async |tx| flow::orphaned(tx, &stand, chat).await).await;
    }
    // Nobody could let another account in, nor open calls.
    if desk.callers.is_lost(work.account).await? {
        return done(desk, row, async |tx| flow::maker_lost(tx, &work, &stand).await).await;
    }
    row.about_to_call(&desk.db).await?;
    let member = match desk.telegram.member(chat, desk.telegram.me().0).await {
        Ok(member) => member,
        Err(trouble) => return Ok(port::outcome_of(desk, row, trouble)),
    };
    let link = match desk.telegram.join_link(chat, &stand.title).await {
        Ok(link) => link,
        Err(trouble) => return Ok(port::outcome_of(desk, row, trouble)),
    };
    let group = Group {
        classroom_id: stand.class.id.clone(),
        chat,
        title: stand.title.clone(),
        bot_is_admin: member.standing == Standing::Admin,
        missing_rights: classrooms::missing(&member.rights).join(" "),
        join_link: Some(link),
        owner: Some(work.account),
        spare: None,
    };
    done(desk, row, async |tx| flow::linked(tx, &group, &stand, work.account).await).await
}

/// A second account comes in, so that calls go on when the first is gone.
pub async fn spare(desk: &Desk, row: &Row) -> Result<Outcome> {
    let work: Work = row.read()?;
    let group = desk.db.read(async |tx| classrooms::group_of(tx, &work.classroom_id).await).await?;
    let Some(group) = group.filter(|group| Some(group.chat) == work.chat) else {
        return Ok(Outcome::Cancel("the class has another group".to_owned()));
    };
    let ready = desk.callers.gathered().await;
    if let Some(later) = awaited(desk) {
        return Ok(later);
    }
    let chosen = rules::spare(&ready, work.account, group.spare, &group.classroom_id);
    let chosen = chosen.filter(|_| ready.contains(&work.account));
    let Some(chosen) = chosen else { return Ok(Outcome::Cancel("no second account".to_owned())) };
    row.about_to_call(&desk.db).await?;
    let brought = match desk.callers.bring(work.account, group.chat, chosen).await {
        Ok(()) => desk.callers.promote(work.account, group.chat, Whom::Account(chosen), SPARE_RIGHTS).await,
        no => no,
    };
    match brought {
        // Who made the group stands by now, and may everything.
        Err(Trouble::Refused(why)) if why == "USER_CREATOR" => {
            done(desk, row, async |tx| classrooms::set_spare(tx, group.chat, Some(chosen)).await).await
        }
        Ok(()) => done(desk, row, async |tx| classrooms::set_spare(tx, group.chat, Some(chosen)).await).await,
        Err(trouble) => Ok(answered(desk, work.account, trouble).await),
    }
}

/// The class of a work and its language.
async fn class_of(desk: &Desk, work: &Work) -> Result<Option<(Classroom, Lang)>> {
    desk.db
        .read(async |tx| {
            let class = classrooms::classroom(tx, &work.classroom_id).await?;
            Ok(class.map(|class| {
                let lang = flow::lang_of(tx, &class);
                (class, lang)
            }))
        })
        .await
}

/// The words that stand on top of a new group.
pub async fn greet(desk: &Desk, row: &Row) -> Result<Outcome> {
    let work: Work = row.read()?;
    let (Some((class, lang)), Some(chat)) = (class_of(desk, &work).await?, work.chat) else {
        return Ok(Outcome::Cancel("the class is gone".to_owned()));
    };
    let words = text!("group-welcome", class = class.name, bot = desk.telegram.me().1);
    post(desk, row, Post::new(chat, Screen::new(words).silent(), lang).slot(welcome_slot(chat)).any_hour()).await
}

pub async fn pin(desk: &Desk, row: &Row) -> Result<Outcome> {
    let work: Work = row.read()?;
    let Some(chat) = work.chat else { return Ok(Outcome::Cancel("no group".to_owned())) };
    port::pin(desk, row, chat, &welcome_slot(chat)).await
}
