//! `/etat`, and the buttons under what ended badly.

use super::{Press, flow, screens};
use crate::kernel::Result;
use crate::school::audit::Actor;
use crate::telegram::command::{Answer, Turn};
use crate::text;

/// `/etat`: how things stand, in words.
pub async fn state(turn: &mut Turn<'_>) -> Result<Answer> {
    let callers = turn.callers().await?;
    let card = flow::card(turn.tx, 1, callers).await?;
    Ok(Answer::screen(screens::card(None, &card)?))
}

fn actor(turn: &Turn<'_>) -> Actor {
    turn.who.person.clone().map_or(Actor::Account(turn.who.account), Actor::Person)
}

pub async fn retry(turn: &mut Turn<'_>) -> Result<Answer> {
    let (press, actor) = (read(turn)?, actor(turn));
    let done = flow::retry(turn.tx, &actor, &press.row).await?;
    let said = if done.is_some() { text!("state-retried-alert") } else { text!("state-settled-alert") };
    Ok(again(turn, &press, done).await?.with_alert(said))
}

pub async fn forget(turn: &mut Turn<'_>) -> Result<Answer> {
    let (press, actor) = (read(turn)?, actor(turn));
    let done = flow::forget(turn.tx, &actor, &press.row).await?;
    let said = if done.is_some() { text!("state-forgotten-alert") } else { text!("state-settled-alert") };
    Ok(again(turn, &press, done).await?.with_alert(said))
}

pub async fn recall(turn: &mut Turn<'_>) -> Result<Answer> {
    let (press, actor) = (read(turn)?, actor(turn));
    let back = flow::recall(turn.tx, &actor, &press.row, press.doubt).await?;
    let said = if back { text!("state-recalled-alert") } else { text!("state-too-late-alert") };
    Ok(again(turn, &press, None).await?.with_alert(said))
}

fn read(turn: &Turn<'_>) -> Result<Press> {
    Ok(serde_json::from_str(&turn.args)?)
}

/// The message in which the button stood, as it is now.
async fn again(turn: &mut Turn<'_>, press: &Press, done: Option<super::Done>) -> Result<Answer> {
    let screen = if press.of.is_empty() {
        let callers = turn.callers().await?;
        screens::card(done.as_ref(), &flow::card(turn.tx, 0, callers).await?)?
    } else {
        let open = flow::still_open(turn.tx, &press.of).await?;
        screens::told(done.as_ref(), &open, &press.of, turn.tx.zone())?
    };
    Ok(Answer::screen(screen))
}
