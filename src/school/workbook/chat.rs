//! The timetable in chat: a file arrives, its difference is shown, it is applied.

use serde::{Deserialize, Serialize};

use super::flow::{self, Application, MOST_BYTES, Pressed, Standing};
use super::store;
use crate::kernel::{Result, Text};
use crate::telegram::command::{Answer, Turn};
use crate::telegram::screen::{Key, Screen};
use crate::text;

pub const APPLY: &str = "workbook.apply";
pub const ABANDON: &str = "workbook.abandon";
pub const ANNOTATED: &str = "workbook.annotated";

/// What `[Appliquer]` carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Press {
    import: String,
    fingerprint: String,
    rights: bool,
    /// The second press, which names the number and the classes.
    sure: bool,
}

/// The message that shows an import.
pub fn slot(import_id: &str) -> String {
    format!("import:{import_id}")
}

/// A workbook was sent.
pub async fn upload(turn: &mut Turn<'_>) -> Result<Answer> {
    let Some(file) = turn.file.clone() else { return Ok(Answer::say(text!("workbook-send"))) };
    if file.size > MOST_BYTES {
        return Ok(Answer::say(Text::joined(" ", [text!("workbook-too-heavy"), Text::verbatim("(IMP-01)")])));
    }
    let by = turn.who.person.clone().unwrap_or_default();
    let import = flow::receive(turn.tx, &file.name, &file.file_id, turn.who.account, &by).await?;
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

/// What a file says and would do, with what can be pressed.
pub fn preview(standing: &Standing) -> Result<Screen> {
    let mut screen = Screen::new(flow::preview(standing));
    let import = standing.import.id.clone();
    let troubled = !standing.workbook.faults.is_empty()
        || !standing.difference.faults.is_empty()
        || !standing.difference.warnings.is_empty()
        || !standing.workbook.warnings.is_empty();
    if !standing.difference.is_empty() {
        let key = |rights: bool, label: Text| press(&import, &standing.fingerprint, rights, false, label);
        let faults = standing.workbook.faults.len() + standing.difference.faults.len();
        let label =
            if faults == 0 { text!("workbook-apply-key") } else { text!("workbook-apply-without-key", count = faults) };
        screen = screen.row([key(false, label)?]);
        if !standing.difference.rights.is_empty() {
            let label = text!("workbook-apply-rights-key", count = standing.difference.rights.len());
            screen = screen.row([key(true, label)?]);
        }
    }
    let mut last = Vec::new();
    if troubled {
        last.push(Key::press(text!("workbook-annotated-key"), ANNOTATED, import.clone()));
    }
    last.push(Key::press(text!("workbook-abandon-key"), ABANDON, import));
    Ok(screen.row(last))
}

fn press(import: &str, fingerprint: &str, rights: bool, sure: bool, label: Text) -> Result<Key> {
    let press = Press { import: import.to_owned(), fingerprint: fingerprint.to_owned(), rights, sure };
    Ok(Key::press(label, APPLY, serde_json::to_string(&press)?))
}

/// `[Donner ces droits]`, once the rest was applied.
pub fn rights_key(import: &str, fingerprint: &str) -> Result<Key> {
    press(import, fingerprint, true, false, text!("workbook-give-rights-key"))
}

/// `[Appliquer]`
pub async fn apply(turn: &mut Turn<'_>) -> Result<Answer> {
    let pressed: Press = serde_json::from_str(&turn.args)?;
    let application = Application {
        import_id: pressed.import.clone(),
        fingerprint: pressed.fingerprint.clone(),
        rights: pressed.rights,
        by: turn.who.person.clone().unwrap_or_default(),
        account: turn.who.account,
        agreed: pressed.sure,
    };
    Ok(match flow::press_apply(turn.tx, &application).await? {
        Pressed::Applying => Answer::say(text!("workbook-applying")).slot(slot(&pressed.import)),
        Pressed::Stale(standing) => {
            Answer::screen(preview(&standing)?).with_alert(text!("workbook-stale")).loud().slot(slot(&pressed.import))
        }
        Pressed::ConfirmSessions(count, classes) => {
            let words = text!("workbook-confirm", count = count, classes = classes.join(", "));
            let label = text!("workbook-confirm-key", count = count);
            let sure = press(&pressed.import, &pressed.fingerprint, pressed.rights, true, label)?;
            let screen = Screen::new(words).row([sure]).row([Key::press(
                text!("workbook-abandon-key"),
                ABANDON,
                pressed.import.clone(),
            )]);
            Answer::screen(screen).slot(slot(&pressed.import))
        }
        Pressed::Waiting(count) => Answer::say(text!("workbook-waiting", count = count)).slot(slot(&pressed.import)),
        Pressed::Settled => Answer::alert(text!("workbook-settled")),
        Pressed::Gone => Answer::say(text!("workbook-forgotten")),
    })
}

/// `[Abandonner]`
pub async fn abandon(turn: &mut Turn<'_>) -> Result<Answer> {
    let id = turn.args.clone();
    match store::import(turn.tx, &id).await? {
        Some(import) if matches!(import.state.as_str(), "reading" | "previewed") => {
            flow::close(turn.tx, &id, "abandoned").await?;
            Ok(Answer::say(text!("workbook-abandoned")))
        }
        _ => Ok(Answer::alert(text!("workbook-settled"))),
    }
}

/// `[Recevoir le fichier annoté]`
pub async fn annotated(turn: &mut Turn<'_>) -> Result<Answer> {
    let id = turn.args.clone();
    flow::annotate(turn.tx, &id, turn.who.account).await?;
    Ok(Answer::alert(text!("workbook-annotated-coming")))
}
