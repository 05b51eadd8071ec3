//! Links by mail: `/liens 1A mail`, and a new link for whoever opened one too late.

use super::super::flow::{self, Circle, MailPreview};
use super::{acting, not_known};
use crate::kernel::{Result, Text};
use crate::telegram::command::{Answer, Turn};
use crate::telegram::screen::{Key, Screen};
use crate::text;

pub const CHOOSE: &str = "roster.mail";
pub const SEND: &str = "roster.mail_all";
pub const AGAIN: &str = "roster.mail_again";

/// So many names are shown before the mails leave.
const MOST_NAMES: usize = 12;

/// « 1A mail »: the class that is meant, when mail is.
pub fn asked_for(typed: &str) -> Option<&str> {
    let (class, way) = typed.rsplit_once(char::is_whitespace)?;
    ["mail", "mails", "e-mail", "email"].contains(&way.to_lowercase().as_str()).then(|| class.trim())
}

/// `[Envoyer par mail]` under a class's links.
pub fn key(class: &Circle) -> Key {
    Key::press(text!("roster-mail-key"), CHOOSE, class.id.as_str())
}

pub async fn class(turn: &mut Turn<'_>) -> Result<Answer> {
    let id = turn.args.clone();
    match flow::circle(turn.tx, &id).await? {
        Some(class) => show(turn, &class, None).await,
        None => Ok(not_known()),
    }
}

/// Who would get a mail; `changed`: said above it.
pub async fn show(turn: &mut Turn<'_>, class: &Circle, changed: Option<Text>) -> Result<Answer> {
    let Some(by) = acting(turn).await? else { return Ok(not_known()) };
    if !flow::may_link(turn.tx, &by, class).await? {
        return Ok(Answer::say(class.not_yours()));
    }
    if !flow::may_mail(turn.tx) {
        return Ok(Answer::say(text!("roster-mail-off")));
    }
    let preview = flow::mail_preview(turn.tx, &class.id).await?;
    let MailPreview { people, without } = &preview;
    let back = Key::press(text!("roster-links-back"), "roster.class", class.id.as_str());
    let mut lines: Vec<Text> = changed.into_iter().collect();
    if people.is_empty() {
        lines.push(text!("roster-mail-nobody", class = class.name.clone(), count = *without));
        return Ok(Answer::screen(Screen::lines(lines).menu(Some(back))));
    }
    let mut names: Vec<String> = people.iter().take(MOST_NAMES).map(super::super::Person::short_name).collect();
    if people.len() > MOST_NAMES {
        names.push("…".to_owned());
    }
    lines.push(text!("roster-mail-count", class = class.name.clone(), count = people.len(), names = names.join(", ")));
    if *without > 0 {
        lines.push(text!("roster-mail-without", count = *without));
    }
    lines.push(text!("roster-mail-life"));
    let args = format!("{} {} {}", class.id, preview.fingerprint(), turn.tx.new_id());
    let send = Key::press(text!("roster-mail-send", count = people.len()), SEND, args);
    Ok(Answer::screen(Screen::lines(lines).row([send]).menu(Some(back))))
}

/// `[Envoyer 27 mails]`: what was shown must still be true.
pub async fn send(turn: &mut Turn<'_>) -> Result<Answer> {
    let args = turn.args.clone();
    let parts: Vec<&str> = args.split(' ').collect();
    let [classroom, fingerprint, press] = parts.as_slice() else { return Ok(not_known()) };
    let (class, by) = (flow::circle(turn.tx, classroom).await?, acting(turn).await?);
    let (Some(class), Some(by)) = (class, by) else { return Ok(not_known()) };
    if !flow::may_mail(turn.tx) || !flow::may_link(turn.tx, &by, &class).await? {
        return Ok(not_known());
    }
    let now = flow::mail_preview(turn.tx, &class.id).await?;
    if now.fingerprint() != *fingerprint {
        return show(turn, &class, Some(text!("roster-links-changed"))).await;
    }
    let by = (by.id.as_str(), turn.who.account);
    flow::order_mails(turn.tx, &now.people, &class.id, by, press).await?;
    Ok(Answer::say(text!("roster-mail-leaving", count = now.people.len(), class = class.name)))
}

/// `[Recevoir un nouveau lien]` under a mailed link that has expired.
pub async fn again(turn: &mut Turn<'_>) -> Result<Answer> {
    let hash = turn.args.clone();
    Ok(Answer::say(if flow::mail_again(turn.tx, turn.who.account, &hash).await? {
        text!("roster-mail-again-sent")
    } else {
        text!("roster-link-dead")
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_is_asked_for_by_the_last_word() {
        assert_eq!(asked_for("BTS SIO 1A mail"), Some("BTS SIO 1A"));
        assert_eq!(asked_for("1A E-Mail"), Some("1A"));
        assert_eq!((asked_for("1A"), asked_for("mail"), asked_for("1A courrier")), (None, None, None));
    }
}
