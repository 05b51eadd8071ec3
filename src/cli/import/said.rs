//! What is said below the preview, to whoever typed the command.

use super::Outcome;
use crate::kernel::{Text, id};
use crate::school::workbook::flow::{self, Seen};
use crate::school::workbook::{self, Receipt};
use crate::text;

/// What is said below the preview.
pub(super) fn said(seen: &Seen, outcome: &Outcome, give_rights: bool) -> Vec<Text> {
    let removes = |(count, classes): &flow::Count| {
        let (classes, moves) = (classes.join(", "), workbook::lessons_moving(&seen.difference));
        let (removes, option) = (count.saturating_sub(moves), format!("--remove {count}"));
        text!(
            "workbook-cli-remove",
            count = *count,
            classes = classes,
            moves = moves,
            removes = removes,
            option = option
        )
    };
    match outcome {
        Outcome::Shown(brake) => {
            let people = brake
                .people
                .as_ref()
                .map(|gone| text!("workbook-cli-people", count = gone.count(), classes = gone.places()));
            brake.sessions.as_ref().map(removes).into_iter().chain(people).collect()
        }
        Outcome::Ended(flow::Ended::Removes(count)) => vec![removes(count)],
        Outcome::Ended(flow::Ended::Asked(agreement, gone)) => {
            let command = format!("preau agree {}", id::reference(agreement));
            let asked = text!("workbook-cli-asked", count = gone.count(), classes = gone.places(), command = command);
            let roles = &seen.difference.rights;
            let later = (give_rights && !workbook::all_named(roles))
                .then(|| text!("workbook-cli-rights-later", count = roles.len(), option = "--give-rights"));
            std::iter::once(asked).chain(later).collect()
        }
        Outcome::Ended(flow::Ended::Nobody(gone)) => {
            let command = "preau invite --role admin";
            vec![text!("workbook-cli-nobody", count = gone.count(), classes = gone.places(), command = command)]
        }
        Outcome::Ended(flow::Ended::Applied(_)) if seen.difference.is_empty() => Vec::new(),
        Outcome::Ended(flow::Ended::Applied(receipt)) => applied(receipt),
    }
}

fn applied(receipt: &Receipt) -> Vec<Text> {
    let mut lines: Vec<Text> = workbook::done(receipt).into_iter().chain(workbook::kept(receipt)).collect();
    if receipt.rights_given > 0 {
        lines.push(text!("workbook-rights-given", count = receipt.rights_given));
    }
    if receipt.rights_waiting > 0 {
        lines.push(text!("workbook-cli-rights", count = receipt.rights_waiting, option = "--give-rights"));
    }
    lines
}
