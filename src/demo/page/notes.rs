//! What the outbox notes of its rows, in words for whoever looks behind. The notes themselves are the program's own
//! remarks, in English, as its log is.

use crate::kernel::text::Text;
use crate::platform::why::NO_CONNECTION;
use crate::text;

/// How a row stands.
pub fn state(state: &str) -> Text {
    match state {
        "scheduled" => text!("demo-row-scheduled"),
        "executing" => text!("demo-row-executing"),
        "retryable" => text!("demo-row-retryable"),
        "completed" => text!("demo-row-completed"),
        "cancelled" => text!("demo-row-cancelled"),
        "discarded" => text!("demo-row-discarded"),
        "unknown" => text!("demo-row-unknown"),
        other => Text::verbatim(other),
    }
}

/// An edit that changed nothing did what was asked.
pub fn went_well(outcome: &str) -> bool {
    outcome == "ok" || is_unchanged(outcome)
}

fn is_unchanged(outcome: &str) -> bool {
    outcome.contains("message is not modified")
}

/// How a request ended.
pub fn outcome(outcome: &str) -> Text {
    match outcome {
        unchanged if is_unchanged(unchanged) => text!("demo-call-same"),
        "ok" => text!("demo-call-ok"),
        "waiting" => text!("demo-call-waiting"),
        "lost" => text!("demo-call-lost"),
        "reset" => text!("demo-call-reset"),
        other => Text::verbatim(other),
    }
}

/// A note in words; what the outside said stays as it was said.
pub fn note(note: &str) -> Text {
    if let Some(seconds) = note.strip_suffix(" s late").and_then(|seconds| seconds.parse::<i64>().ok()) {
        return text!("demo-note-late", minutes = (seconds + 30) / 60);
    }
    known(note).unwrap_or_else(|| Text::verbatim(note))
}

fn known(note: &str) -> Option<Text> {
    Some(match note {
        "the session was changed" => text!("demo-note-changed"),
        "done with another" | "a newer revision follows" => text!("demo-note-another"),
        "validated" | "validated meanwhile" => text!("demo-note-validated"),
        "decided" | "decided before it was shown" | "somebody decides there" => text!("demo-note-decided"),
        "the session has begun" => text!("demo-note-begun"),
        "the sheet is gone"
        | "the session is gone"
        | "the contest is gone"
        | "the class is gone"
        | "the call is gone"
        | "no session or no group"
        | "the message is gone" => text!("demo-note-gone"),
        "the roll is there, or no call"
        | "it says so already"
        | "the report stands there"
        | "it has this picture"
        | "looked" => text!("demo-note-already"),
        "nothing stands there"
        | "nothing to tell"
        | "no message to edit"
        | "no message to pin"
        | "nobody is without a link"
        | "nobody is without a link, or who asked may no more"
        | "no group, or no picture" => text!("demo-note-nothing"),
        "the class has no group" | "the class has no group any more" | "no group" | "nobody's group" => {
            text!("demo-note-groupless")
        }
        "the class has another group" => text!("demo-note-other-group"),
        "the account is no admin's any more"
        | "the link is not wanted any more"
        | "not to be made any more"
        | "they may join no more"
        | "they came back, or are of the class no more"
        | "no call is wanted"
        | "all of it was seen to"
        | "untied meanwhile"
        | "they are answered again"
        | "nobody to show it to" => text!("demo-note-unwanted"),
        "no account" | "no account is in the group" => text!("demo-note-no-account"),
        "no second account" => text!("demo-note-no-second"),
        "the members are not shown" => text!("demo-note-members"),
        "no mail server is configured" => text!("demo-note-no-mail"),
        "the call is over" => text!("demo-note-call-over"),
        "nobody sees who is in the call" => text!("demo-note-unseen"),
        "the admin cannot be reached" => text!("demo-note-unreached"),
        "the import went on"
        | "what is known changed"
        | "somebody must say more first"
        | "what is known changes all the time" => text!("demo-note-import"),
        "another process serves the callers" => text!("demo-note-elsewhere"),
        "forgotten" => text!("demo-note-forgotten"),
        "taken back" => text!("demo-note-taken-back"),
        "snoozed" => text!("demo-note-snoozed"),
        NO_CONNECTION => text!("demo-note-no-connection"),
        "the connection broke" => text!("demo-note-broke"),
        "its moment was over" => text!("demo-note-missed"),
        "the program stopped during the call" | "the program stopped during each attempt" => text!("demo-note-stopped"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::text::Lang;

    /// The literal after each of `marks` in the source below `folder`.
    fn literals(folder: &std::path::Path, marks: &[&str], found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                literals(&path, marks, found);
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for mark in marks {
                found.extend(source.split(mark).skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
            }
        }
    }

    #[test]
    fn each_remark_of_the_program_has_words() {
        let school = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/school");
        let mut notes = Vec::new();
        literals(&school, &["Outcome::Cancel(\"", "Outcome::Retry(\""], &mut notes);
        assert!(notes.len() > 40, "{notes:?}");
        let without: Vec<_> = notes.into_iter().filter(|note| known(note).is_none()).collect();
        assert!(without.is_empty(), "demo/page/notes.rs has no words for {without:?}");
        assert!(known(NO_CONNECTION).is_some() && known("the connection broke").is_some());
        assert_eq!(note("125 s late").render(Lang::Fr), "avec 2 min de retard");
        assert_eq!(note("Forbidden: bot was blocked").render(Lang::Fr), "Forbidden: bot was blocked");
    }
}
