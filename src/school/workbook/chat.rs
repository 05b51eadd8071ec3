//! The timetable in chat: a file arrives, its difference is shown, it is applied.

use super::flow::{self, Application, MOST_BYTES, Pressed};
use super::screens::{Press, afresh, confirm};
use super::slot;
use crate::kernel::{Result, Text};
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
    };
    let answer = match flow::press_apply(turn.tx, &application).await? {
        Pressed::Applying => Answer::say(text!("workbook-applying")),
        Pressed::Underway => return Ok(Answer::alert(text!("workbook-applying"))),
        Pressed::Stale(standing) => Answer::screen(afresh(&standing)?).with_alert(text!("workbook-stale")).loud(),
        Pressed::ConfirmSessions((count, classes)) => Answer::screen(confirm(&pressed, count, &classes)?),
        Pressed::Asked((count, _)) => Answer::say(text!("workbook-waiting", count = count)),
        Pressed::Waiting => return Ok(Answer::alert(text!("workbook-waits"))),
        Pressed::Settled => return Ok(Answer::alert(text!("workbook-settled"))),
        Pressed::Gone => Answer::say(text!("workbook-forgotten")),
    };
    Ok(answer.slot(slot(&pressed.import)))
}

/// `[Abandonner]`
pub async fn abandon(turn: &mut Turn<'_>) -> Result<Answer> {
    let import = turn.args.clone();
    if flow::abandon(turn.tx, &import).await? {
        return Ok(Answer::say(text!("workbook-abandoned")).slot(slot(&import)));
    }
    Ok(Answer::alert(text!("workbook-settled")))
}

/// `[Recevoir le fichier annoté]`
pub async fn annotated(turn: &mut Turn<'_>) -> Result<Answer> {
    let id = turn.args.clone();
    flow::annotate(turn.tx, &id, turn.who.account).await?;
    Ok(Answer::alert(text!("workbook-annotated-coming")))
}
