//! A class's group, as admins see it.

use super::flow;
use crate::kernel::Result;
use crate::school::classroom::chat::LIST;
use crate::school::classroom::flow as classrooms;
use crate::telegram::command::{Answer, Turn};
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// Has the members held against the roster now.
pub const COMPARE: &str = "group.compare";

/// `[BTS SIO 1A]` under `/classes`.
pub async fn page(turn: &mut Turn<'_>) -> Result<Answer> {
    let classroom_id = turn.args.clone();
    let class = classrooms::classroom(turn.tx, &classroom_id).await?;
    let group = classrooms::group_of(turn.tx, &classroom_id).await?;
    let (Some(class), Some(group)) = (class, group) else {
        return Ok(Answer::alert(text!("group-page-gone")).loud());
    };
    let words = text!("group-page", class = class.name, title = group.title);
    let back = Key::press(text!("group-back-key"), LIST, "");
    let screen = Screen::new(words).row([Key::press(text!("group-compare-key"), COMPARE, classroom_id)]);
    Ok(Answer::screen(screen.menu(Some(back))))
}

/// `[Comparer les membres]`
pub async fn compare(turn: &mut Turn<'_>) -> Result<Answer> {
    if classrooms::group_of(turn.tx, &turn.args).await?.is_none() {
        return Ok(Answer::alert(text!("group-page-gone")).loud());
    }
    let asked = flow::Comparison { classroom_id: turn.args.clone(), account: turn.who.account, lang: turn.who.lang };
    flow::ask_to_compare(turn.tx, &asked).await?;
    Ok(Answer::alert(text!("group-compare-begun")))
}
