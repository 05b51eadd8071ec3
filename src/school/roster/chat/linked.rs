//! `[Délier un compte…]` under a class's links: somebody changed accounts, or another holds theirs.

use super::super::Person;
use super::super::flow::{self, Circle};
use super::{acting, not_known};
use crate::kernel::text::Arg;
use crate::kernel::{Result, Text};
use crate::telegram::command::{Answer, Turn};
use crate::telegram::screen::{Key, Screen, page_asked};
use crate::text;

/// Shows the linked people of a circle: its id, or a page of them.
pub const LINKED: &str = "roster.linked";
/// Shows one of them: circle and person.
pub const ONE: &str = "roster.tie";

/// The key under a circle's links; none where nobody could be untied.
pub async fn key(turn: &mut Turn<'_>, by: &Person, circle: &Circle) -> Result<Option<Key>> {
    let some = !flow::linked_in(turn.tx, by, &circle.id).await?.is_empty();
    Ok(some.then(|| Key::press(text!("roster-linked-key"), LINKED, circle.id.as_str())))
}

/// Whose account?
pub async fn list(turn: &mut Turn<'_>) -> Result<Answer> {
    let args = turn.args.clone();
    let (id, page) = args.split_once(' ').unwrap_or((&args, ""));
    let (circle, by) = (flow::circle(turn.tx, id).await?, acting(turn).await?);
    let (Some(circle), Some(by)) = (circle, by) else { return Ok(not_known()) };
    if !flow::may_link(turn.tx, &by, &circle).await? {
        return Ok(Answer::say(circle.not_yours()));
    }
    let linked = flow::linked_in(turn.tx, &by, id).await?;
    let key = |one: &Person| Key::press(Text::verbatim(one.short_name()), ONE, format!("{id} {}", one.id));
    let keys: Vec<Key> = linked.iter().map(key).collect();
    let screen = Screen::new(text!("roster-linked-which", class = circle.name.clone()));
    let back = Key::press(text!("roster-links-back"), "roster.class", id);
    Ok(Answer::screen(screen.paged_within(&keys, 2, page_asked(page).unwrap_or(1), (LINKED, id), back)))
}

/// One of them: since when, and the button.
pub async fn one(turn: &mut Turn<'_>) -> Result<Answer> {
    let args = turn.args.clone();
    let (Some((circle, person)), Some(by)) = (args.split_once(' '), acting(turn).await?) else {
        return Ok(not_known());
    };
    let Some(tie) = flow::standing(turn.tx, &by, person).await? else {
        return Ok(Answer::alert(text!("roster-untied-already")).loud());
    };
    let since = Arg::Day(turn.tx.zone().day(tie.since));
    let words = if tie.classes.is_empty() {
        text!("roster-linked-one", name = tie.name, since = since)
    } else {
        text!("roster-linked-one-of", name = tie.name, classes = tie.classes, since = since)
    };
    let untie = Key::press(text!("roster-untie"), "roster.untie", format!("{person} {}", tie.account));
    let back = Key::press(text!("roster-links-back"), LINKED, circle);
    Ok(Answer::screen(Screen::new(words).row([untie]).menu(Some(back))))
}
