//! What the outbox performs: declining join requests (who may join the sessions tell), greeting, telling staff, menus, the file of links.

use futures::future::BoxFuture;

use super::flow::{self, Departing, Draft, Join, Left, MailOrder, Order, Stranger, Tell, Welcome};
use super::sheet::{self, Line};
use super::{Person, Role, rules};
use crate::connectors::ability::{Failed, Letter, Mailer};
use crate::kernel::{Result, Text};
use crate::platform::outbox::{self, Outcome, Row};
use crate::school::classroom::flow::missing;
use crate::telegram::port::{
    Attachment, Called, Desk, MenuScope, Post, Standing, Trouble, deep_link, done, menu_for, outcome_of, post,
    send_file,
};
use crate::telegram::screen::{Key, Screen};
use crate::text;

pub fn decline<'a>(desk: &'a Desk, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        let join: Join = row.read()?;
        let Some(chat) = desk.db.read(async |tx| flow::chat_of(tx, &join.classroom).await).await? else {
            return Ok(Outcome::Cancel("the class has no group any more".to_owned()));
        };
        row.about_to_call(&desk.db).await?;
        match desk.telegram.decline_join(chat, join.account).await {
            Ok(()) => Ok(Outcome::Done),
            Err(trouble) => Ok(outcome_of(desk, row, trouble)),
        }
    })
}

/// Says in private why somebody may not join; names nobody.
pub fn decline_note<'a>(desk: &'a Desk, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        let stranger: Stranger = row.read()?;
        let words = if stranger.known { text!("roster-decline-known") } else { text!("roster-decline") };
        post(desk, row, Post::private(stranger.user_chat, Screen::new(words), stranger.lang)).await
    })
}

/// Asks again what the bot may do in a group.
pub fn look_at_rights<'a>(desk: &'a Desk, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        let chat: i64 = row.read()?;
        row.about_to_call(&desk.db).await?;
        let (is_admin, missing) = match desk.telegram.member(chat, desk.telegram.me().0).await {
            Ok(member) => (member.standing == Standing::Admin, missing(&member.rights)),
            Err(Trouble::Unreachable(_) | Trouble::Refused(_)) => (false, missing(&[])),
            Err(trouble) => return Ok(outcome_of(desk, row, trouble)),
        };
        desk.db.transact(async |tx| flow::rights_seen(tx, chat, is_admin, &missing, &row.id).await).await?;
        Ok(Outcome::Done)
    })
}

pub fn welcome<'a>(desk: &'a Desk, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        match greeting(desk, &row.read()?).await? {
            Some(message) => post(desk, row, message).await,
            None => Ok(Outcome::Cancel("the class has no group any more".to_owned())),
        }
    })
}

/// More followed: the day's greeting names them too. Where none stands, they go without.
pub fn welcome_more<'a>(desk: &'a Desk, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        match greeting(desk, &row.read()?).await? {
            Some(message) => post(desk, row, message.edit_only()).await,
            None => Ok(Outcome::Cancel("the class has no group any more".to_owned())),
        }
    })
}

async fn greeting(desk: &Desk, welcome: &Welcome) -> Result<Option<Post>> {
    let Some((chat, names)) = desk.db.read(async |tx| flow::welcomed(tx, welcome).await).await? else {
        return Ok(None);
    };
    let words = rules::greeting(&names);
    Ok(words.map(|words| Post::new(chat, Screen::new(words).silent(), welcome.lang).slot(welcome.slot())))
}

/// Tells one of the staff.
pub fn tell<'a>(desk: &'a Desk, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        let told: Tell = row.read()?;
        let mut screen = Screen::new(told.text);
        if let Some((person, account)) = told.tie {
            screen = screen.row([Key::press(text!("roster-untie"), "roster.untie", format!("{person} {account}"))]);
        }
        let lang = told.lang.unwrap_or(desk.db.config().school.language);
        post(desk, row, Post::private(told.account, screen, lang)).await
    })
}

/// Who tied an account within an hour, as one of the staff is told of it.
async fn just_tied(desk: &Desk, note: &flow::JustTied) -> Result<Option<Post>> {
    let Some(told) = desk.db.read(async |tx| flow::told_of(tx, note).await).await? else { return Ok(None) };
    // The answer comes beside it: it may name others in a moment.
    let key = match told.only {
        Some((person, account)) => Key::press(text!("roster-untie"), flow::UNTIE_TOLD, format!("{person} {account}")),
        None => Key::press(text!("roster-linked-key"), flow::LINKED_TOLD, note.circle.as_str()),
    };
    Ok(Some(Post::private(note.account, Screen::new(told.words).row([key]), told.lang).slot(note.slot())))
}

/// Tells one of the staff of those who tied an account within this hour.
pub fn tied<'a>(desk: &'a Desk, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        match just_tied(desk, &row.read()?).await? {
            Some(message) => post(desk, row, message).await,
            None => Ok(Outcome::Cancel("untied meanwhile".to_owned())),
        }
    })
}

/// More followed: the message names them too. Where none stands (it is in doubt, say), another one is sent.
pub fn tied_more<'a>(desk: &'a Desk, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        let note: flow::JustTied = row.read()?;
        let Some(message) = just_tied(desk, &note).await? else {
            return Ok(Outcome::Cancel("untied meanwhile".to_owned()));
        };
        let outcome = post(desk, row, message.edit_only()).await?;
        if !matches!(outcome, Outcome::Cancel(_)) {
            return Ok(outcome);
        }
        done(desk, row, async |tx| flow::tell_anew(tx, &note, &row.id).await).await
    })
}

/// Tells those who look after a class of students who left its group.
pub fn tell_walkouts<'a>(desk: &'a Desk, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        let note: flow::WalkedOut = row.read()?;
        let told = desk.db.transact(async |tx| flow::tell_walkouts(tx, &note).await).await?;
        Ok(if told { Outcome::Done } else { Outcome::Cancel("they came back, or are of the class no more".to_owned()) })
    })
}

/// The ties of those who left the school end.
pub fn forget<'a>(desk: &'a Desk, _row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        desk.db.transact(async |tx| flow::forget(tx).await).await?;
        Ok(Outcome::Done)
    })
}

/// Sets one person's menu to what they may do now.
pub fn menu<'a>(desk: &'a Desk, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        let menu: flow::Menu = row.read()?;
        let who = desk.db.read(async |tx| flow::identify(tx, menu.account, None).await).await?;
        let role = who.person.map(|person| person.role);
        let (scope, list) = match menu.chat {
            None => (MenuScope::Chat(menu.account), menu_for(&desk.commands, role.into(), true, who.lang)),
            // Whoever is no more of the school sees there what everybody in the group sees.
            Some(chat) => {
                let list = menu_for(&desk.commands, role.or(Some(Role::Student)).into(), false, who.lang);
                (MenuScope::Member(chat, menu.account), list)
            }
        };
        row.about_to_call(&desk.db).await?;
        match desk.telegram.set_menu(scope, None, &list).await {
            Ok(()) => Ok(Outcome::Done),
            // They left the group, or the bot did.
            Err(Trouble::Refused(why) | Trouble::Unreachable(why)) if menu.chat.is_some() => Ok(Outcome::Cancel(why)),
            Err(trouble) => Ok(outcome_of(desk, row, trouble)),
        }
    })
}

/// Has those who left a class leave its group. Each may be tried again without harm.
pub fn depart<'a>(desk: &'a Desk, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        let classroom: String = row.read()?;
        let departing = desk.db.transact(async |tx| flow::departing(tx, &classroom).await).await?;
        let Some(Departing { chat, leavers }) = departing else { return Ok(Outcome::Done) };
        let (mut all, mut trouble) = (Vec::new(), None);
        for leaver in leavers {
            row.about_to_call(&desk.db).await?;
            match leave(desk, chat, leaver.account).await {
                Ok(left) => all.push((leaver, left)),
                Err(away) => {
                    trouble = Some(away);
                    break;
                }
            }
        }
        // An attempt that was cut short may have removed who is absent now.
        if row.attempts > 1 {
            all.iter_mut().filter(|(_, left)| *left == Left::Absent).for_each(|(_, left)| *left = Left::Gone);
        }
        let news = format!("{}:{}", row.id, row.attempts);
        desk.db.transact(async |tx| flow::departed(tx, &classroom, &news, &all).await).await?;
        Ok(trouble.map_or(Outcome::Done, |trouble| outcome_of(desk, row, trouble)))
    })
}

async fn leave(desk: &Desk, chat: i64, account: i64) -> Called<Left> {
    let standing = match desk.telegram.member(chat, account).await {
        Ok(member) => member.standing,
        // Telegram knows no such member.
        Err(Trouble::Refused(_)) => Standing::Absent,
        Err(Trouble::Unreachable(_)) => return Ok(Left::Held),
        Err(trouble) => return Err(trouble),
    };
    match standing {
        // A ban is the school's own doing: it stays.
        Standing::Absent | Standing::Banned => Ok(Left::Absent),
        Standing::Admin => Ok(Left::Stuck),
        Standing::Member => match desk.telegram.remove(chat, account).await {
            Ok(()) => Ok(Left::Gone),
            Err(Trouble::Refused(why)) if why.to_lowercase().contains("not enough rights") => Ok(Left::Held),
            Err(Trouble::Unreachable(_)) => Ok(Left::Held),
            Err(Trouble::Refused(_)) => Ok(Left::Stuck),
            Err(trouble) => Err(trouble),
        },
    }
}

/// Makes the links of a class and sends their file, once. They work only when it has gone out.
pub fn links<'a>(desk: &'a Desk, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        let order: Order = row.read()?;
        let Some(draft) = desk.db.transact(async |tx| flow::draft(tx, &order).await).await? else {
            return Ok(Outcome::Cancel("nobody is without a link, or who asked may no more".to_owned()));
        };
        match send_file(desk, row, order.account, attachment(desk, &order, &draft)).await? {
            Ok(_) => {
                desk.db
                    .transact(async |tx| {
                        flow::open_draft(tx, &order, &draft).await?;
                        outbox::store::settle(tx, row, &Outcome::Done, row.due_at).await
                    })
                    .await?;
                Ok(Outcome::Settled)
            }
            Err(trouble) => {
                let outcome = outcome_of(desk, row, trouble);
                if matches!(outcome, Outcome::Unknown(_) | Outcome::Cancel(_)) {
                    desk.db.transact(async |tx| flow::links_failed(tx, &order, &row.id).await).await?;
                }
                Ok(outcome)
            }
        }
    })
}

/// Mails one personal link, once. What is refused or in doubt is told to whoever ordered it.
pub fn mail<'a>(desk: &'a Desk, row: &'a Row) -> BoxFuture<'a, Result<Outcome>> {
    Box::pin(async move {
        let order: MailOrder = row.read()?;
        let Some(mailer) = desk.abilities.get::<dyn Mailer>() else {
            return Ok(Outcome::Cancel("no mail server is configured".to_owned()));
        };
        if let Err(failed) = mailer.reach().await {
            return mail_failed(desk, row, &order, failed).await;
        }
        let Some((person, token)) = desk.db.transact(async |tx| flow::mail_draft(tx, &order).await).await? else {
            return Ok(Outcome::Cancel("the link is not wanted any more".to_owned()));
        };
        let letter = letter(desk, &person, &token);
        row.about_to_call(&desk.db).await?;
        match mailer.send(&letter).await {
            Ok(()) => Ok(Outcome::Done),
            Err(failed) => mail_failed(desk, row, &order, failed).await,
        }
    })
}

async fn mail_failed(desk: &Desk, row: &Row, order: &MailOrder, failed: Failed) -> Result<Outcome> {
    let outcome = match failed {
        Failed::Unsent(why) => return Ok(Outcome::Retry(why)),
        Failed::Lost(why) => Outcome::Unknown(why),
        // Where nobody ordered it, admins are told.
        Failed::Refused(why) if order.by.is_none() => Outcome::Refused(why),
        Failed::Refused(why) => Outcome::Cancel(why),
    };
    desk.db.transact(async |tx| flow::mail_failed(tx, order, &row.id).await).await?;
    Ok(outcome)
}

/// A first name and a link: nothing else of a person travels by mail.
fn letter(desk: &Desk, person: &Person, token: &str) -> Letter {
    let config = desk.db.config();
    let say = |text: Text| text.render(person.lang.unwrap_or(config.school.language));
    let (_, bot) = desk.telegram.me();
    let (school, link) = (&config.school.name, deep_link(&bot, token));
    Letter {
        to: person.email.clone().unwrap_or_default(),
        subject: say(text!("roster-mail-subject", school = school)),
        body: say(text!("roster-mail-body", name = person.first_name.trim(), school = school, link = link)),
    }
}

fn attachment(desk: &Desk, order: &Order, draft: &Draft) -> Attachment {
    let say = |text: Text| text.render(order.lang);
    let until = desk.db.config().school.time_zone.day(draft.until).format("%d/%m/%Y").to_string();
    let (_, bot) = desk.telegram.me();
    let lines: Vec<Line> = draft
        .lines
        .iter()
        .map(|(person, token, _)| Line {
            last_name: person.last_name.clone(),
            first_name: person.first_name.clone(),
            link: deep_link(&bot, token),
            until: until.clone(),
        })
        .collect();
    let headings = [
        say(text!("roster-csv-last-name")),
        say(text!("roster-csv-first-name")),
        say(text!("roster-csv-link")),
        say(text!("roster-csv-until")),
    ];
    Attachment {
        name: format!("{}.csv", say(text!("roster-csv-name", class = draft.class.clone()))),
        bytes: sheet::links(&headings, &lines),
        caption: say(text!("roster-csv-caption", count = lines.len(), class = draft.class.clone(), until = until)),
    }
}
