//! `preau import`: a timetable workbook from the school's machine, also while `preau run` is live.

use std::borrow::Cow;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::{End, Ended, Here, complain, print, unreadable};
use crate::kernel::secret::sha256_hex;
use crate::kernel::{Error, Lang, Refusal, Text, id};
use crate::platform::store::Db;
use crate::school::workbook::flow::{self, AtOnce, Seen};
use crate::school::workbook::{self, Difference, Fate, Receipt, Thing, Workbook, faults, jobs, listed, preview, read};
use crate::text;

/// What is imported, and what may happen.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(group = clap::ArgGroup::new("what").required(true).args(["dry_run", "apply"]))]
pub(super) struct Import {
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Says what would change, and changes nothing
    #[arg(long)]
    dry_run: bool,
    /// Applies it
    #[arg(long)]
    apply: bool,
    /// Says it as one JSON object
    #[arg(long)]
    json: bool,
    /// So many sessions may be removed although that is more than usual in a day: the exact number
    #[arg(long, value_name = "N", conflicts_with = "dry_run")]
    remove: Option<usize>,
    /// Gives the roles above student that the file names
    #[arg(long, conflicts_with = "dry_run")]
    give_rights: bool,
}

/// What `--json` prints.
#[derive(Debug, Default, Serialize)]
struct Report {
    file: String,
    applied: bool,
    lessons: Lessons,
    people: People,
    classes: Vec<String>,
    /// What would change or was changed, one thing each.
    changes: Vec<Change>,
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
struct People {
    added: usize,
    changed: usize,
    left: usize,
    unchanged: usize,
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

/// What became of it.
enum Outcome {
    Shown(flow::Brake),
    Ended(flow::Ended),
}

pub(super) async fn import(here: &Here, import: &Import) -> Ended {
    let bytes = bytes(&import.file).map_err(|error| unreadable(&import.file, &error))?;
    let name = import.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let workbook = match read(&bytes, &name) {
        Ok(workbook) => workbook,
        Err(refusal) => return refused(here, import, name, &refusal),
    };
    let terms = AtOnce { sha256: sha256_hex(&bytes), rights: import.give_rights, remove: import.remove };
    let database = here.beside().await?;
    let outcome = if import.apply {
        apply(&database.db, &workbook, &terms).await
    } else {
        let look = async {
            // What was agreed to before comes first.
            jobs::finish(&database.db).await?;
            database.db.read(async |tx| flow::preview(tx, &workbook, None).await).await
        };
        look.await.map(|previewed| (previewed.seen, previewed.told, Outcome::Shown(previewed.brake)))
    };
    database.close().await;
    let (seen, told, outcome) = outcome?;
    tell(here, import, &workbook, &seen, &told, &outcome)
}

/// So often it is looked at again when something happens between the look and the writing.
const LOOKS: usize = 5;

/// Planned on a snapshot, staged in short transactions, flipped in others.
async fn apply(
    db: &Db,
    workbook: &Workbook,
    terms: &AtOnce,
) -> crate::kernel::Result<(Seen, Vec<workbook::Told>, Outcome)> {
    let import_id = db.transact(async |tx| flow::kept(tx, workbook, terms).await).await?;
    for _ in 0..LOOKS {
        jobs::finish(db).await?;
        let previewed = db.read(async |tx| flow::preview(tx, workbook, Some(terms)).await).await?;
        jobs::stage(db, previewed.plan.as_ref()).await?;
        let ended = db.transact(async |tx| flow::at_once(tx, &import_id, workbook, terms, &previewed).await).await?;
        jobs::finish(db).await?;
        jobs::clear(db, previewed.plan.as_ref()).await?;
        if let Some(mut ended) = ended {
            if let flow::Ended::Applied(receipt) = &mut ended {
                // Of a large file something may have been left out.
                let kept = db.read(async |tx| flow::receipt(tx, &import_id).await).await?;
                *receipt = kept.unwrap_or(*receipt);
            }
            return Ok((previewed.seen, previewed.told, Outcome::Ended(ended)));
        }
    }
    Err(Error::outage("import", "what is known changes all the time"))
}

/// The file, or enough of it to see that it is too heavy.
fn bytes(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(flow::MOST_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The file cannot be read at all.
fn refused(here: &Here, import: &Import, file: String, refusal: &Refusal) -> Ended {
    if !import.json {
        return Err(crate::kernel::Error::from(refusal.clone()).into());
    }
    let reason = refusal.text.render(here.config.school.language);
    show(&Report { file, refused: Some(Refused { code: refusal.code, reason }), ..Report::default() })?;
    Err(End::Said)
}

fn tell(
    here: &Here,
    import: &Import,
    workbook: &Workbook,
    seen: &Seen,
    told: &[workbook::Told],
    outcome: &Outcome,
) -> Ended {
    let lang = here.config.school.language;
    if import.json {
        show(&report(here, import, workbook, (seen, told), outcome))?;
    } else {
        here.say(&preview(workbook, &seen.difference, &doing(import, seen)));
        if let Some(line) = workbook::told(told, here.config.school.time_zone) {
            here.say(&line);
        }
        if import.dry_run {
            for line in listed(&changes(here, import, seen)) {
                here.say(&line);
            }
        }
        let more = said(seen, outcome);
        // What hinders it goes where the troubles go.
        match outcome {
            Outcome::Ended(flow::Ended::Applied(_)) => more.iter().for_each(|line| here.say(line)),
            _ => more.iter().for_each(|line| complain(&line.render(lang))),
        }
    }
    let faulty = !workbook.faults.is_empty() || !seen.difference.faults.is_empty();
    let nothing_left = faulty && seen.difference.is_empty() && seen.difference.unchanged == 0;
    match outcome {
        Outcome::Ended(flow::Ended::Removes(_) | flow::Ended::Asked(..) | flow::Ended::Nobody(_)) => Err(End::Said),
        _ if nothing_left && seen.difference.people.unchanged == 0 => Err(End::Said),
        _ => Ok(()),
    }
}

/// What is said below the preview.
fn said(seen: &Seen, outcome: &Outcome) -> Vec<Text> {
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
            vec![text!("workbook-cli-asked", count = gone.count(), classes = gone.places(), command = command)]
        }
        Outcome::Ended(flow::Ended::Nobody(gone)) => {
            let command = "preau invite --role admin";
            vec![text!("workbook-cli-nobody", count = gone.count(), classes = gone.places(), command = command)]
        }
        Outcome::Ended(flow::Ended::Applied(_)) if seen.difference.is_empty() => Vec::new(),
        Outcome::Ended(flow::Ended::Applied(receipt)) => applied(receipt),
    }
}

/// What is done: roles only when they are asked for.
fn doing<'a>(import: &Import, seen: &'a Seen) -> Cow<'a, Difference> {
    if import.give_rights {
        return Cow::Borrowed(&seen.difference);
    }
    Cow::Owned(seen.difference.without_rights(&seen.known))
}

fn changes(here: &Here, import: &Import, seen: &Seen) -> Vec<workbook::Change> {
    workbook::changes(&seen.known, &doing(import, seen), here.config.school.time_zone)
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

fn report(
    here: &Here,
    import: &Import,
    workbook: &Workbook,
    (seen, told): (&Seen, &[workbook::Told]),
    outcome: &Outcome,
) -> Report {
    let (difference, lang) = (&seen.difference, here.config.school.language);
    let doing = doing(import, seen);
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
        sheet: warning.place.as_ref().map(|place| place.sheet.clone()),
        row: warning.place.as_ref().map(|place| place.row),
        column: None,
        reason: warning.text.render(lang),
    });
    let rights = difference.rights.iter().map(|right| Right { name: right.name.clone(), role: right.to.code(), given });
    let told = told.iter().map(|told| Told {
        at: here.config.school.time_zone.local(told.at).to_rfc3339(),
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
        changes: changes(here, import, seen).iter().map(|one| change(one, lang)).collect(),
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

fn show(report: &Report) -> Ended {
    let json = serde_json::to_string_pretty(report).map_err(crate::kernel::Error::from)?;
    print(&json);
    Ok(())
}
