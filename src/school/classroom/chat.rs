//! `/adopter` and `/classes`, and what is noticed of groups.

use futures::future::BoxFuture;

use super::flow::{self, Adoptable, Choice};
use super::{Classroom, GROUP_PAGE, Group, LIST, Making, store};
use crate::kernel::text::Arg;
use crate::kernel::text::names::nearest;
use crate::kernel::{Result, Text};
use crate::platform::store::Tx;
use crate::school::rights::Act;
use crate::telegram::command::{Answer, Chat, ChatKind, Happening, Turn};
use crate::telegram::screen::{Key, Screen, page_asked, part};
use crate::text;

/// The button that links this group with a class.
pub const CHOOSE: &str = "classroom.choose";
/// Another page of the classes that may be linked, of all classes.
pub const CHOICES: &str = "classroom.choices";

/// Classes on one page of `/classes`: their keys stand in six rows.
const LINES: usize = 18;

/// `/adopter [class]` in a group.
pub async fn adopt(turn: &mut Turn<'_>) -> Result<Answer> {
    if turn.chat.kind != ChatKind::Supergroup {
        return Ok(Answer::say(text!("classroom-adopt-small-group")));
    }
    let name = turn.args.clone();
    if name.is_empty() {
        return choose(turn).await;
    }
    match flow::adoptable(turn.tx, turn.chat.id, &name).await? {
        Adoptable::Unknown => {
            let classes = store::classrooms(turn.tx).await?;
            let near = nearest(&name, classes.iter().map(|class| class.name.as_str()), 2).join(", ");
            let words = if near.is_empty() {
                text!("classroom-unknown", name = name)
            } else {
                text!("classroom-unknown-near", name = name, near = near)
            };
            Ok(Answer::say(words))
        }
        Adoptable::Already(class) => again(turn, class.id).await,
        Adoptable::Taken(other) => Ok(Answer::say(text!("classroom-group-taken", class = other.name))),
        Adoptable::HasGroup(class, group) => replace(&class, &group),
        Adoptable::Free(class) => link(turn, Choice { classroom_id: class.id, instead_of: None }).await,
    }
}

/// The class has another group: to replace it is asked, by name.
fn replace(class: &Classroom, group: &Group) -> Result<Answer> {
    let words = text!("classroom-has-group", class = &class.name, title = &group.title);
    let choice = Choice { classroom_id: class.id.clone(), instead_of: Some(group.chat) };
    let key = Key::press(text!("classroom-replace-key"), CHOOSE, serde_json::to_string(&choice)?);
    Ok(Answer::screen(Screen::new(words).row([key])))
}

/// No class was named: those without a group are offered.
async fn choose(turn: &mut Turn<'_>) -> Result<Answer> {
    if let Some(group) = store::group_of_chat(turn.tx, turn.chat.id).await? {
        return again(turn, group.classroom_id).await;
    }
    let taken: Vec<String> = store::groups(turn.tx).await?.into_iter().map(|group| group.classroom_id).collect();
    let mut free = store::classrooms(turn.tx).await?;
    free.retain(|class| !taken.contains(&class.id));
    if free.is_empty() {
        return Ok(Answer::say(text!("classroom-none-free")));
    }
    let mut keys = Vec::with_capacity(free.len());
    for class in free {
        let choice = Choice { classroom_id: class.id, instead_of: None };
        keys.push(Key::press(Text::verbatim(class.name), CHOOSE, serde_json::to_string(&choice)?));
    }
    let page = page_asked(&turn.args).unwrap_or(1);
    Ok(Answer::screen(Screen::new(text!("classroom-choose")).paged(&keys, 2, page, CHOICES)))
}

/// Another page of them. Of a group that is linked meanwhile nothing is begun again: the page was an old one.
pub async fn choices(turn: &mut Turn<'_>) -> Result<Answer> {
    if let Some(group) = store::group_of_chat(turn.tx, turn.chat.id).await? {
        let class = store::classroom(turn.tx, &group.classroom_id).await?.map(|class| class.name).unwrap_or_default();
        return Ok(Answer::say(text!("classroom-adopted-already", class = class)));
    }
    choose(turn).await
}

/// `[class]` was pressed.
pub async fn chosen(turn: &mut Turn<'_>) -> Result<Answer> {
    let choice: Choice = serde_json::from_str(&turn.args)?;
    match flow::adoptable(turn.tx, turn.chat.id, &choice.classroom_id).await? {
        Adoptable::Already(class) => Ok(Answer::say(text!("classroom-adopted-already", class = class.name))),
        Adoptable::Taken(other) => Ok(Answer::say(text!("classroom-group-taken", class = other.name))),
        Adoptable::Unknown => Ok(Answer::alert(text!("classroom-gone")).loud()),
        // The class has (another) group meanwhile: that one is not replaced without a word.
        Adoptable::HasGroup(class, group) if choice.instead_of != Some(group.chat) => replace(&class, &group),
        Adoptable::HasGroup(..) => link(turn, choice).await,
        Adoptable::Free(_) => link(turn, Choice { instead_of: None, ..choice }).await,
    }
}

/// The group is this class's already: rights are looked at again, and a new link to join is made (the old one may have
/// been revoked in Telegram).
async fn again(turn: &mut Turn<'_>, classroom_id: String) -> Result<Answer> {
    let choice = Choice { classroom_id, instead_of: Some(turn.chat.id) };
    link(turn, choice).await
}

async fn link(turn: &mut Turn<'_>, choice: Choice) -> Result<Answer> {
    let by = turn.who.person.clone().unwrap_or_default();
    flow::adopt(turn.tx, choice, turn.chat.id, &by).await?;
    // The job says in the group what came of it.
    Ok(Answer::none())
}

/// `/classes`: each class with its group.
pub async fn classes(turn: &mut Turn<'_>) -> Result<Answer> {
    let groups = store::groups(turn.tx).await?;
    let classes = store::classrooms(turn.tx).await?;
    if classes.is_empty() {
        return Ok(Answer::say(text!("classroom-none")));
    }
    let makings = store::makings(turn.tx).await?;
    let mut lines = vec![text!("classroom-list", count = classes.len())];
    let (shown, page, pages) = part(&classes, LINES, page_asked(&turn.args).unwrap_or(1));
    for class in shown {
        let group = groups.iter().find(|group| group.classroom_id == class.id);
        lines.push(match group {
            None => awaited(makings.iter().find(|making| making.classroom_id == class.id), class),
            Some(group) if !group.bot_is_admin => {
                text!("classroom-line-no-rights", class = &class.name, title = &group.title)
            }
            Some(group) => text!("classroom-line", class = &class.name, title = &group.title),
        });
    }
    let mut screen = Screen::lines(lines);
    let with_group = shown.iter().filter(|class| groups.iter().any(|group| group.classroom_id == class.id));
    let keys: Vec<Key> =
        with_group.map(|class| Key::press(Text::verbatim(&class.name), GROUP_PAGE, class.id.as_str())).collect();
    if Act::School.lets(turn.who.rank) {
        for row in keys.chunks(3) {
            screen = screen.row(row.iter().cloned());
        }
    }
    // What stands on one page and opens nothing needs no keys.
    let bare = pages == 1 && screen.keys.is_empty();
    Ok(Answer::screen(if bare { screen } else { screen.turning(page, pages, LIST).menu(None) }))
}

/// A class that has no group: when it gets one, where that is known.
fn awaited(making: Option<&Making>, class: &Classroom) -> Text {
    let name = &class.name;
    match making {
        Some(Making { account: Some(_), done_at: None, .. }) => text!("classroom-line-making", class = name),
        Some(Making { account: None, day, .. }) => match day.parse::<chrono::NaiveDate>() {
            Ok(day) => text!("classroom-line-foreseen", class = name, day = Arg::Day(day)),
            Err(_) => text!("classroom-line-no-group", class = name),
        },
        _ => text!("classroom-line-no-group", class = name),
    }
}

/// What happens in groups, as far as it concerns classes.
pub fn notice<'a>(tx: &'a mut Tx, chat: &'a Chat, happening: &'a Happening) -> BoxFuture<'a, Result<()>> {
    Box::pin(async move {
        if chat.kind == ChatKind::Private {
            return Ok(());
        }
        match happening {
            Happening::Member { account, by, was, is, .. } => {
                flow::member_changed(tx, chat.id, *account, was.code(), is.code(), *by).await
            }
            Happening::Bot { .. } => flow::bot_changed(tx, chat.id).await,
            Happening::Upgraded { to } => flow::upgraded(tx, chat.id, *to).await,
            Happening::Renamed { title } => flow::renamed(tx, chat.id, title).await,
            Happening::DepartureShown { message } => flow::departure_shown(tx, chat.id, *message).await,
            Happening::AsksToJoin { .. } => Ok(()),
        }
    })
}
