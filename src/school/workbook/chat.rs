//! The timetable in chat: a file arrives, its difference is shown, it is applied.

use serde::{Deserialize, Serialize};

use super::flow::{self, Application, MOST_BYTES, Pressed, Receipt, Standing};
use super::{rules_preview, slot};
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

/// What a file says and would do, with what can be pressed.
pub fn preview(standing: &Standing) -> Result<Screen> {
    let (workbook, difference) = (&standing.workbook, &standing.difference);
    let mut screen = Screen::new(rules_preview::preview(workbook, difference));
    let import = standing.import.id.clone();
    let key = |rights: bool, label: Text| press(&import, &standing.fingerprint, rights, false, label);
    let rights = difference.rights.len();
    let plain = !difference.without_rights(&standing.known).is_empty();
    if plain {
        let label = match rules_preview::faulty_lines(workbook, difference).as_slice() {
            [] => text!("workbook-apply-key"),
            lines @ [(_, row), ..] => text!("workbook-apply-without-key", count = lines.len(), row = *row),
        };
        screen = screen.row([key(false, label)?]);
    }
    if rights > 0 {
        let label =
            if plain { text!("workbook-apply-rights-key", count = rights) } else { text!("workbook-give-rights-key") };
        screen = screen.row([key(true, label)?]);
    }
    let mut last = Vec::new();
    let clean = workbook.faults.is_empty() && workbook.warnings.is_empty();
    if !clean || !difference.faults.is_empty() || !difference.warnings.is_empty() {
        last.push(Key::press(text!("workbook-annotated-key"), ANNOTATED, import.clone()));
    }
    last.push(Key::press(text!("workbook-abandon-key"), ABANDON, import));
    Ok(screen.row(last))
}

fn press(import: &str, fingerprint: &str, rights: bool, sure: bool, label: Text) -> Result<Key> {
    let press = Press { import: import.to_owned(), fingerprint: fingerprint.to_owned(), rights, sure };
    Ok(Key::press(label, APPLY, serde_json::to_string(&press)?))
}

/// What was done, and the rights that wait.
pub fn done(receipt: Option<&Receipt>, standing: Option<&Standing>) -> Result<Screen> {
    let mut lines = Vec::new();
    if let Some(receipt) = receipt {
        let Receipt { added, removed, changed, people_added, people_changed, people_left, .. } = *receipt;
        if receipt.rights_given > 0 && added + removed + changed + people_added == 0 {
            lines.push(text!("workbook-rights-given", count = receipt.rights_given));
        } else {
            lines.push(text!("workbook-applied", added = added, removed = removed, changed = changed));
            if people_added + people_changed + people_left > 0 {
                lines.push(text!(
                    "workbook-applied-people",
                    added = people_added,
                    changed = people_changed,
                    left = people_left
                ));
            }
        }
    }
    let Some(standing) = standing.filter(|standing| !standing.difference.rights.is_empty()) else {
        return Ok(Screen::lines(lines));
    };
    lines.extend(rules_preview::rights(&standing.difference));
    let label = text!("workbook-give-rights-key");
    Ok(Screen::lines(lines).row([press(&standing.import.id, &standing.fingerprint, true, false, label)?]))
}

/// What an import's message shows when it was not applied because what is known changed.
pub fn afresh(standing: &Standing) -> Result<Screen> {
    if standing.import.state == "applied" { done(None, Some(standing)) } else { preview(standing) }
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
        Pressed::ConfirmSessions((count, classes)) => {
            let classes = classes.join(", ");
            let words = text!("workbook-confirm", count = count, classes = classes.as_str());
            let label = text!("workbook-confirm-key", count = count, classes = classes);
            let sure = press(&pressed.import, &pressed.fingerprint, pressed.rights, true, label)?;
            let abandon = Key::press(text!("workbook-abandon-key"), ABANDON, pressed.import.clone());
            Answer::screen(Screen::new(words).row([sure]).row([abandon]))
        }
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
