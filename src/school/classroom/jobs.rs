//! What the outbox performs for groups.

use crate::kernel::{Lang, Result, Text};
use crate::platform::outbox::{Outcome, Row};
use crate::telegram::port::Standing;
use crate::telegram::port::{Desk, Post, outcome_of, post};
use crate::telegram::screen::Screen;
use crate::text;

use super::flow::{self, Adoption, Line, Somebody};
use super::rules::wanted;
use super::{Group, rules};

/// Links a group with a class, or says in the group what stands in the way.
pub async fn adopt(desk: &Desk, row: &Row) -> Result<Outcome> {
    let adoption: Adoption = row.read()?;
    let (chat, me) = (adoption.chat, desk.telegram.me().0);
    let class = desk.db.read(async |tx| flow::classroom(tx, &adoption.choice.classroom_id).await).await?;
    let lang = class.as_ref().and_then(|class| class.lang).unwrap_or(desk.db.config().school.language);
    row.about_to_call(&desk.db).await?;
    let info = match desk.telegram.chat(chat).await {
        Ok(info) => info,
        Err(trouble) => return Ok(outcome_of(desk, row, trouble)),
    };
    if !info.is_supergroup {
        return say(desk, row, chat, lang, text!("classroom-adopt-small-group")).await;
    }
    let member = match desk.telegram.member(chat, me).await {
        Ok(member) => member,
        Err(trouble) => return Ok(outcome_of(desk, row, trouble)),
    };
    let missing = rules::missing(&member.rights);
    if member.standing != Standing::Admin || missing.contains(&"can_invite_users") {
        let words = Text::lines([text!("classroom-adopt-not-admin"), wanted(&missing)]);
        return say(desk, row, chat, lang, words).await;
    }
    let Some(class) = class else { return Ok(Outcome::Cancel("the class is gone".to_owned())) };
    // Another press may have been quicker.
    if !desk.db.read(async |tx| flow::still_holds(tx, &adoption).await).await? {
        return say(desk, row, chat, lang, text!("classroom-adopt-late", class = class.name)).await;
    }
    let link = match desk.telegram.join_link(chat, &class.name).await {
        Ok(link) => link,
        Err(trouble) => return Ok(outcome_of(desk, row, trouble)),
    };
    let group = Group {
        classroom_id: class.id.clone(),
        chat,
        title: info.title,
        bot_is_admin: true,
        missing_rights: missing.join(" "),
        join_link: Some(link),
        owner: None,
        spare: None,
    };
    if !desk.db.transact(async |tx| flow::adopted(tx, &group, &adoption).await).await? {
        return say(desk, row, chat, lang, text!("classroom-adopt-late", class = class.name)).await;
    }
    let again = adoption.choice.instead_of == Some(chat);
    let words = if again {
        text!("classroom-adopted-again", class = class.name)
    } else {
        text!("classroom-adopted", class = class.name)
    };
    let mut words = vec![words];
    if !missing.is_empty() {
        words.push(text!("classroom-rights-missing"));
        words.push(wanted(&missing));
    }
    say(desk, row, chat, lang, Text::lines(words)).await
}

/// Deletes Telegram's own line about a departure.
pub async fn hush(desk: &Desk, row: &Row) -> Result<Outcome> {
    let line: Line = row.read()?;
    row.about_to_call(&desk.db).await?;
    Ok(match desk.telegram.delete(line.chat, line.message).await {
        Ok(_) => Outcome::Done,
        Err(trouble) => outcome_of(desk, row, trouble),
    })
}

/// Asks Telegram what somebody is in a group, where what it told of them does not fit together.
pub async fn standing(desk: &Desk, row: &Row) -> Result<Outcome> {
    let Somebody { chat, account } = row.read()?;
    row.about_to_call(&desk.db).await?;
    let member = match desk.telegram.member(chat, account).await {
        Ok(member) => member,
        Err(trouble) => return Ok(outcome_of(desk, row, trouble)),
    };
    desk.db.transact(async |tx| flow::member_seen(tx, chat, account, member.standing.code()).await).await?;
    Ok(Outcome::Done)
}

async fn say(desk: &Desk, row: &Row, chat: i64, lang: Lang, words: Text) -> Result<Outcome> {
    post(desk, row, Post::new(chat, Screen::new(words), lang)).await
}
