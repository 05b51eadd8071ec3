//! The timetable in chat: a file arrives, its difference is shown, it is applied.

use super::flow::{self, Application, MOST_BYTES, Pressed, Undoing, What};
use super::screens::{Look, Press};
use super::slot;
use crate::kernel::{Result, Text};
use crate::school::audit::Actor;
use crate::telegram::command::{Answer, Turn};
use crate::text;

/// A workbook was sent.
pub async fn upload(turn: &mut Turn<'_>) -> Result<Answer> {
    let Some(file) = turn.file.clone() else { return Ok(timetable()) };
    if file.size > MOST_BYTES {
        return Ok(Answer::say(Text::joined(" ", [text!("workbook-too-heavy"), Text::verbatim("(IMP-01)")])));
    }
    let by = turn.who.person.as_deref();
    let import = flow::receive(turn.tx, &file.name, &file.file_id, turn.who.account, by).await?;
    Ok(Answer::say(text!("workbook-reading")).slot(slot(&import)))
}

/// `/horaires`: how to send a timetable.
pub fn timetable() -> Answer {
    Answer::say(text!("workbook-send"))
}

/// `/modele`
pub async fn template(turn: &mut Turn<'_>) -> Result<Answer> {
    flow::template(turn.tx, turn.who.account).await?;
    Ok(Answer::none())
}

/// `[Appliquer]`
pub async fn apply(turn: &mut Turn<'_>) -> Result<Answer> {
    let pressed: Press = serde_json::from_str(&turn.args)?;
    let application = Application {
        import_id: pressed.import.clone(),
        fingerprint: pressed.fingerprint.clone(),
        rights: pressed.rights,
        sure: pressed.sure,
        by: turn.who.person.clone(),
        account: Some(turn.who.account),
        asked_at: None,
        agreed: None,
    };
    let answer = match flow::press_apply(turn.tx, &application).await? {
        Pressed::Applying => Answer::say(text!("workbook-applying")),
        Pressed::Underway => return Ok(Answer::alert(text!("workbook-applying"))),
        Pressed::Waiting => return Ok(Answer::alert(text!("workbook-waits"))),
        Pressed::Settled => return Ok(Answer::alert(text!("workbook-settled"))),
        Pressed::Gone => Answer::say(text!("workbook-forgotten")),
    };
    Ok(answer.slot(slot(&pressed.import)))
}

/// `[Voir les 20 changements]`, `[Voir les 20 rôles]`, their pages, and back: shown in the import's message.
pub async fn look(turn: &mut Turn<'_>) -> Result<Answer> {
    let Look { import, page, roles, receipt } = serde_json::from_str(&turn.args)?;
    let what = match (page, receipt) {
        (Some(page), receipt) if roles => What::Roles(page, receipt),
        (Some(page), _) => What::Changes(page),
        (None, Some(receipt)) => What::Done(receipt),
        (None, None) => What::Standing,
    };
    flow::look(turn.tx, &import, turn.who.account, what).await?;
    Ok(Answer::none())
}

/// `[Annuler (10 min)]`
pub async fn undo(turn: &mut Turn<'_>) -> Result<Answer> {
    let (import, actor) = (turn.args.clone(), acting(turn));
    Ok(match flow::press_undo(turn.tx, &import, &actor).await? {
        Undoing::Begun => Answer::say(text!("workbook-undoing")).slot(slot(&import)),
        Undoing::Already => Answer::alert(text!("workbook-undone-already")),
        Undoing::TooLate => Answer::alert(text!("workbook-undo-late")).loud(),
        Undoing::Nothing => Answer::alert(text!("workbook-settled")),
    })
}

fn acting(turn: &Turn<'_>) -> Actor {
    turn.who.person.clone().map_or(Actor::Account(turn.who.account), Actor::Person)
}

/// `[Abandonner]`
pub async fn abandon(turn: &mut Turn<'_>) -> Result<Answer> {
    let (import, actor) = (turn.args.clone(), acting(turn));
    if flow::abandon(turn.tx, &import, &actor).await? {
        return Ok(Answer::say(text!("workbook-abandoned")).slot(slot(&import)));
    }
    Ok(Answer::alert(text!("workbook-settled")))
}

/// `[Avoir le fichier annoté]`
pub async fn annotated(turn: &mut Turn<'_>) -> Result<Answer> {
    let id = turn.args.clone();
    flow::annotate(turn.tx, &id, turn.who.account).await?;
    Ok(Answer::alert(text!("workbook-annotated-coming")))
}
