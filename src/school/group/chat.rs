//! A class's group, as admins see it.

use super::flow::{self, Removing};
use super::{Progress, Removal, Wish};
use crate::kernel::Result;
use crate::school::classroom::flow as classrooms;
use crate::school::classroom::{GROUP_PAGE, LIST};
use crate::telegram::command::{Answer, Turn};
use crate::telegram::screen::{Key, Screen};
use crate::text;

/// Has the members held against the roster now.
pub const COMPARE: &str = "group.compare";

/// Takes them out.
pub const REMOVE_NOW: &str = "group.remove_now";

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

/// What the key asks for, as it stands now, and how the key is called.
async fn wished(turn: &mut Turn<'_>) -> Result<Option<(Removal, String)>> {
    let Wish { classroom_id, people, press } = serde_json::from_str(&turn.args)?;
    let Some(group) = classrooms::group_of(turn.tx, &classroom_id).await? else { return Ok(None) };
    let by = turn.who.person.clone().unwrap_or_default();
    let (chat, account, progress) = (group.chat, turn.who.account, Progress::default());
    let removal = Removal { classroom_id, chat, people, account, by, progress };
    let people = flow::strangers_of(turn.tx, &removal).await?;
    Ok((!people.is_empty()).then_some((Removal { people, ..removal }, press)))
}

/// `[Retirer 2 personnes]`: who that is, and what it means.
pub async fn remove(turn: &mut Turn<'_>) -> Result<Answer> {
    let Some((removal, _)) = wished(turn).await? else {
        return Ok(Answer::alert(text!("group-remove-nobody")).loud());
    };
    let class = classrooms::classroom(turn.tx, &removal.classroom_id).await?.map(|class| class.name);
    let names: Vec<&str> = removal.people.iter().map(|one| one.name.as_str()).collect();
    let count = names.len();
    let words = text!("group-remove-sure", class = class.unwrap_or_default(), count = count, names = names.join(", "));
    let (classroom_id, press) = (removal.classroom_id.clone(), turn.tx.new_id());
    let wish = Wish { classroom_id, people: removal.people, press };
    let now = Key::press(text!("group-remove-now-key", count = count), REMOVE_NOW, serde_json::to_string(&wish)?);
    let back = Key::press(text!("group-back-key"), GROUP_PAGE, wish.classroom_id);
    Ok(Answer::screen(Screen::new(words).row([now]).menu(Some(back))).new_message())
}

/// `[Oui, retirer 2]`
pub async fn remove_now(turn: &mut Turn<'_>) -> Result<Answer> {
    let Some((removal, press)) = wished(turn).await? else {
        return Ok(Answer::alert(text!("group-remove-nobody")).loud());
    };
    let count = removal.people.len();
    Ok(match flow::remove(turn.tx, removal, &press).await? {
        Removing::Begun => Answer::say(text!("group-remove-begun", count = count)),
        Removing::Asked => Answer::say(text!("group-remove-asked", count = count)),
        // What becomes of it stands there.
        Removing::Already => Answer::none(),
        Removing::Nobody => Answer::alert(text!("group-remove-nobody")).loud(),
    })
}
