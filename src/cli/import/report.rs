//! What `preau import --json` prints: one line.

use std::io::{BufWriter, Write as _};

use serde::Serialize;

use super::super::{Ended, Here};
use super::Outcome;
use crate::kernel::time::Zone;
use crate::kernel::{At, Error, Lang, id};
use crate::school::workbook::flow::{self, Previewed, Seen};
use crate::school::workbook::{self, Difference, Fate, Thing, Workbook, faults};

/// What `--json` prints.
#[derive(Default, Serialize)]
pub(super) struct Report<'a> {
    file: String,
    applied: bool,
    lessons: Lessons,
    pub people: People,
    classes: Vec<String>,
    /// What would change or was changed, one thing each.
    changes: Changes<'a>,
    rights: Vec<Right>,
    faults: Vec<Place>,
    warnings: Vec<Place>,
    /// Which classes hear of it, and when.
    told: Vec<Told>,
    /// Changes that were not made: the session began, or somebody changed it or the person, while the file was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<usize>,
    /// What hinders it.
    #[serde(skip_serializing_if = "Option::is_none")]
    held: Option<Held>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<Refused>,
}

impl Report<'_> {
    /// A file that cannot be read at all.
    pub fn refused(file: String, code: &'static str, reason: String) -> Self {
        Self { file, refused: Some(Refused { code, reason }), ..Self::default() }
    }

    /// What is to be said of the same file when nothing happened since: it has nothing to do.
    pub fn again(mut self) -> Self {
        let Lessons { added, changed, removed, unchanged, .. } = &mut self.lessons;
        (*unchanged, *added, *changed, *removed) = (*unchanged + *added + *changed, 0, 0, 0);
        let People { added, changed, left, unchanged } = &mut self.people;
        (*unchanged, *added, *changed, *left) = (*unchanged + *added + *changed, 0, 0, 0);
        self.classes.clear();
        self.told.clear();
        self.changes = Changes::default();
        // Those of no line are about classes that were made.
        self.warnings.retain(|warning| warning.row.is_some());
        self
    }
}

#[derive(Debug, Default, Serialize)]
struct Lessons {
    added: usize,
    changed: usize,
    removed: usize,
    unchanged: usize,
    /// Lines that mean a session which a file may not change so.
    untaken: usize,
    frozen: usize,
    past: usize,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct People {
    added: usize,
    changed: usize,
    pub left: usize,
    unchanged: usize,
}

/// Each is put into words when it is printed.
#[derive(Default)]
struct Changes<'a>(Option<(&'a Seen, &'a Difference, At, Zone, Lang)>);

impl Serialize for Changes<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let each = self.0.into_iter().flat_map(|(seen, doing, now, zone, lang)| {
            workbook::each(&seen.known, doing, now, (zone, Some(lang))).map(move |one| change(&one, lang))
        });
        serializer.collect_seq(each)
    }
}

#[derive(Debug, Serialize)]
struct Change {
    /// `session`, `person` or `class`.
    what: &'static str,
    /// `removed`, `changed` or `added`.
    how: &'static str,
    /// Which one, in words.
    which: String,
    /// What becomes otherwise, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Right {
    name: String,
    role: &'static str,
    given: bool,
}

#[derive(Debug, Serialize)]
struct Place {
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    reason: String,
}

#[derive(Debug, Serialize)]
struct Told {
    at: String,
    at_once: bool,
    classes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Held {
    /// `sessions`: `--remove` must say how many; `people`: two persons must agree.
    what: &'static str,
    count: usize,
    classes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agreement: Option<String>,
}

#[derive(Debug, Serialize)]
struct Refused {
    code: &'static str,
    reason: String,
}

fn change(change: &workbook::Change, lang: Lang) -> Change {
    Change {
        what: match change.thing {
            Thing::Session => "session",
            Thing::Person => "person",
            Thing::Class => "class",
        },
        how: match change.fate {
            Fate::Removed => "removed",
            Fate::Changed => "changed",
            Fate::Added => "added",
        },
        which: change.head.render(lang),
        details: change.details.iter().map(|detail| detail.render(lang)).collect(),
    }
}

pub(super) fn report<'a>(here: &Here, workbook: &Workbook, previewed: &'a Previewed, outcome: &Outcome) -> Report<'a> {
    let Previewed { seen, told, .. } = previewed;
    let (difference, lang, zone) = (&seen.difference, here.config.school.language, here.config.school.time_zone);
    let doing = previewed.doing();
    let (applied, given, kept) = match outcome {
        Outcome::Ended(flow::Ended::Applied(receipt)) => (true, receipt.rights_waiting == 0, receipt.kept),
        _ => (false, false, 0),
    };
    let faults = faults(workbook, difference).into_iter().map(|fault| Place {
        sheet: Some(fault.sheet.clone()),
        row: Some(fault.row),
        column: Some(fault.column.clone()).filter(|column| !column.is_empty()),
        reason: fault.reason.render(lang),
    });
    let warnings = workbook.warnings.iter().chain(&difference.warnings).map(|warning| Place {
        sheet: warning.place.as_ref().map(|place| String::from(&place.sheet)),
        row: warning.place.as_ref().map(|place| place.row),
        column: None,
        reason: warning.text.render(lang),
    });
    let rights = difference.rights.iter().map(|right| Right { name: right.name.clone(), role: right.to.code(), given });
    let told = told.iter().map(|told| Told {
        at: zone.local(told.at).to_rfc3339(),
        at_once: told.wait.is_none(),
        classes: told.classes.clone(),
    });
    let gone = |gone: &flow::Leavers| (gone.count(), gone.classes.clone());
    let held = |what, (count, classes): &flow::Count, agreement: Option<&String>| Held {
        what,
        count: *count,
        classes: classes.clone(),
        agreement: agreement.map(|agreement| id::reference(agreement)),
    };
    Report {
        file: workbook.file.clone(),
        applied,
        lessons: Lessons {
            added: doing.added.len(),
            changed: doing.changed.len(),
            removed: doing.removed.len(),
            unchanged: doing.unchanged,
            untaken: doing.untaken,
            frozen: doing.frozen,
            past: doing.past,
        },
        people: People {
            added: doing.people.added.len(),
            changed: doing.people.changed.len(),
            left: doing.people.left.len(),
            unchanged: doing.people.unchanged,
        },
        classes: doing.classes.iter().map(|class| class.name.clone()).collect(),
        changes: Changes(Some((seen, doing, here.clock.now(), zone, lang))),
        rights: rights.collect(),
        faults: faults.collect(),
        warnings: warnings.collect(),
        told: told.collect(),
        kept: (kept > 0).then_some(kept),
        held: match outcome {
            Outcome::Shown(brake) => match (&brake.sessions, &brake.people) {
                (Some(count), _) => Some(held("sessions", count, None)),
                (None, Some(people)) => Some(held("people", &gone(people), None)),
                (None, None) => None,
            },
            Outcome::Ended(flow::Ended::Removes(count)) => Some(held("sessions", count, None)),
            Outcome::Ended(flow::Ended::Asked(agreement, people)) => {
                Some(held("people", &gone(people), Some(agreement)))
            }
            Outcome::Ended(flow::Ended::Nobody(people)) => Some(held("people", &gone(people), None)),
            Outcome::Ended(flow::Ended::Applied(_)) => None,
        },
        refused: None,
    }
}

/// As one line: a program reads it, maybe among others'.
pub(super) fn show(report: &Report<'_>) -> Ended {
    let mut output = BufWriter::with_capacity(64 * 1024, std::io::stdout().lock());
    serde_json::to_writer(&mut output, report).map_err(Error::from)?;
    // Whoever does not listen to the end is told nothing.
    let _ = writeln!(output).and_then(|()| output.flush());
    Ok(())
}
