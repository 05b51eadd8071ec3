//! `/liens`: personal links for those of a class, and the staff of none, who have none yet.

use super::super::flow::{self, Circle, Order, Preview};
use super::{acting, linked, mailed, not_known};
use crate::kernel::{Result, Text};
use crate::telegram::command::{Answer, Turn};
use crate::telegram::screen::{Key, Screen, page_asked};
use crate::text;

/// Shows a class, or a page of the classes.
const CLASS: &str = "roster.class";

pub async fn command(turn: &mut Turn<'_>) -> Result<Answer> {
    let typed = turn.args.trim().to_owned();
    if typed.is_empty() {
        return choose(turn, 1).await;
    }
    let class = flow::circle_named(turn.tx, &typed).await?;
    if let (None, Some(named)) = (&class, mailed::asked_for(&typed))
        && let Some(class) = flow::circle_named(turn.tx, named).await?
    {
        return mailed::show(turn, &class, None).await;
    }
    match class {
        Some(class) => show(turn, &class, None).await,
        None => Ok(Answer::say(text!("roster-links-no-class", class = typed))),
    }
}

/// Which class?
async fn choose(turn: &mut Turn<'_>, page: usize) -> Result<Answer> {
    let Some(by) = acting(turn).await? else { return Ok(not_known()) };
    let mine = flow::circles_for(turn.tx, &by).await?;
    if mine.is_empty() {
        return Ok(Answer::say(text!("roster-links-no-classes")));
    }
    let key = |class: &Circle| Key::press(class.name.clone(), CLASS, class.id.as_str());
    let keys: Vec<Key> = mine.iter().map(key).collect();
    Ok(Answer::screen(Screen::new(text!("roster-links-which")).paged(&keys, 2, page, CLASS)))
}

/// A class was chosen; without one, « Retour » to their list.
pub async fn class(turn: &mut Turn<'_>) -> Result<Answer> {
    let id = turn.args.clone();
    if id.is_empty() {
        return choose(turn, 1).await;
    }
    if let Some(page) = page_asked(&id) {
        return choose(turn, page).await;
    }
    match flow::circle(turn.tx, &id).await? {
        Some(class) => show(turn, &class, None).await,
        None => Ok(not_known()),
    }
}

/// What would happen; `changed`: said above it.
async fn show(turn: &mut Turn<'_>, class: &Circle, changed: Option<Text>) -> Result<Answer> {
    let Some(by) = acting(turn).await? else { return Ok(not_known()) };
    if !flow::may_link(turn.tx, &by, class).await? {
        return Ok(Answer::say(class.not_yours()));
    }
    let Preview { unlinked, printed } = flow::preview(turn.tx, &class.id).await?;
    let untie = linked::key(turn, &by, class).await?;
    if unlinked == 0 {
        let screen = Screen::new(text!("roster-links-none", class = class.name.clone())).row(untie);
        return Ok(Answer::screen(screen.menu(Some(Key::press(text!("roster-links-back"), CLASS, "")))));
    }
    let mut lines: Vec<Text> = changed.into_iter().collect();
    lines.push(text!("roster-links-count", class = class.name.clone(), count = unlinked));
    if printed > 0 {
        lines.push(text!("roster-links-dying", count = printed));
    }
    lines.push(text!("roster-links-life"));
    let args = format!("{} {unlinked} {printed} {}", class.id, turn.tx.new_id());
    let make = Key::press(text!("roster-links-make", count = unlinked), "roster.links", args);
    let back = Key::press(text!("roster-links-back"), CLASS, "");
    let by_mail = flow::may_mail(turn.tx).then(|| mailed::key(class));
    Ok(Answer::screen(Screen::lines(lines).row([make]).row(by_mail).row(untie).menu(Some(back))))
}

/// `[Créer 27 liens]`: what was shown must still be true.
pub async fn press(turn: &mut Turn<'_>) -> Result<Answer> {
    let args = turn.args.clone();
    let parts: Vec<&str> = args.split(' ').collect();
    let [classroom, unlinked, printed, press] = parts.as_slice() else { return Ok(not_known()) };
    let (class, by) = (flow::circle(turn.tx, classroom).await?, acting(turn).await?);
    let (Some(class), Some(by)) = (class, by) else { return Ok(not_known()) };
    if !flow::may_link(turn.tx, &by, &class).await? {
        return Ok(not_known());
    }
    let now = flow::preview(turn.tx, &class.id).await?;
    if (now.unlinked.to_string().as_str(), now.printed.to_string().as_str()) != (*unlinked, *printed) {
        return show(turn, &class, Some(text!("roster-links-changed"))).await;
    }
    let order = Order { classroom: class.id, account: turn.who.account, person: by.id, lang: turn.who.lang };
    flow::order(turn.tx, &order, press).await?;
    Ok(Answer::say(text!("roster-links-coming", count = now.unlinked, class = class.name)))
}
