//! What the outbox performs for groups.

use crate::kernel::{Lang, Result, Text};
use crate::platform::outbox::{Outcome, Row};
use crate::telegram::port::Standing;
use crate::telegram::port::{Desk, Post, Trouble, outcome_of, post};
use crate::telegram::screen::Screen;
use crate::text;

use super::flow::{self, Adoption, Line};
use super::{Group, rules, store};

/// Links a group with a class, or says in the group what stands in the way.
pub async fn adopt(desk: &Desk, row: &Row) -> Result<Outcome> {
    let adoption: Adoption = row.read()?;
    let (chat, me) = (adoption.chat, desk.telegram.me().0);
    let lang = desk.db.config().school.language;
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
    let class = desk.db.read(async |tx| store::classroom(tx, &adoption.classroom_id).await).await?;
    let Some(class) = class else { return Ok(Outcome::Cancel("the class is gone".to_owned())) };
    // Another press may have been quicker.
    let taken = desk.db.read(async |tx| store::group_of_chat(tx, chat).await).await?;
    if taken.is_some_and(|group| group.classroom_id != class.id) {
        return Ok(Outcome::Cancel("the group is another class's".to_owned()));
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
    };
    desk.db.transact(async |tx| flow::adopted(tx, &group, &adoption.by).await).await?;
    let mut words = vec![text!("classroom-adopted", class = class.name)];
    if !missing.is_empty() {
        words.push(text!("classroom-rights-missing"));
        words.push(wanted(&missing));
    }
    say(desk, row, chat, lang, Text::lines(words)).await
}

/// Asks again what the bot may do in a group, and says in the group when something is missing.
pub async fn look_at_rights(desk: &Desk, row: &Row) -> Result<Outcome> {
    let chat: i64 = row.read()?;
    row.about_to_call(&desk.db).await?;
    let (is_admin, missing) = match desk.telegram.member(chat, desk.telegram.me().0).await {
        Ok(member) => (member.standing == Standing::Admin, rules::missing(&member.rights)),
        Err(Trouble::Unreachable(_) | Trouble::Refused(_)) => (false, rules::missing(&[])),
        Err(trouble) => return Ok(outcome_of(desk, row, trouble)),
    };
    let before = desk
        .db
        .transact(async |tx| {
            let before = store::group_of_chat(tx, chat).await?;
            flow::rights_seen(tx, chat, is_admin, &missing.join(" ")).await?;
            Ok(before)
        })
        .await?;
    // Somebody who only looked at the rights, or gave one back, hears nothing.
    let worse = before.is_some_and(|group| group.missing_rights != missing.join(" ")) && !missing.is_empty();
    if !worse {
        return Ok(Outcome::Done);
    }
    let lang = desk.db.config().school.language;
    say(desk, row, chat, lang, Text::lines([text!("classroom-rights-missing"), wanted(&missing)])).await
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

async fn say(desk: &Desk, row: &Row, chat: i64, lang: Lang, words: Text) -> Result<Outcome> {
    post(desk, row, Post::new(chat, Screen::new(words), lang)).await
}

/// The missing rights in the words that Telegram's own screens use.
fn wanted(missing: &[&str]) -> Text {
    Text::lines(missing.iter().map(|right| match *right {
        "can_invite_users" => text!("classroom-right-invite"),
        "can_delete_messages" => text!("classroom-right-delete"),
        "can_restrict_members" => text!("classroom-right-ban"),
        "can_pin_messages" => text!("classroom-right-pin"),
        _ => text!("classroom-right-info"),
    }))
}
