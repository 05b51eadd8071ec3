//! `preau import`: a timetable workbook from the school's machine, also while `preau run` is live.
//!
//! [`report`] what it prints for programs · [`said`] what it says to people below the preview.

mod report;
mod said;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;

use self::report::{Report, report, show};
use self::said::said;
use super::{End, Ended, Here, complain, print, unreadable};
use crate::kernel::secret::sha256_hex;
use crate::kernel::{Error, Refusal};
use crate::platform::apart::Apart;
use crate::platform::config::Config;
use crate::platform::store::Db;
use crate::school::audit::flow::Mark;
use crate::school::workbook::flow::{self, AtOnce, Previewed};
use crate::school::workbook::{self, Receipt, Workbook, jobs, listed, preview};

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
    /// Says it as one JSON object, on one line
    #[arg(long)]
    json: bool,
    /// So many sessions may be removed although that is more than usual in a day: the exact number
    #[arg(long, value_name = "N", conflicts_with = "dry_run")]
    remove: Option<usize>,
    /// Gives the roles above student that the file names
    #[arg(long, conflicts_with = "dry_run")]
    give_rights: bool,
}

/// What became of it.
enum Outcome {
    Shown(flow::Brake),
    Ended(flow::Ended),
}

pub(super) async fn import(here: &Here, import: &Import) -> Ended {
    let bytes = bytes(&import.file).map_err(|error| unreadable(&import.file, &error))?;
    let name = import.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let sha256 = sha256_hex(&bytes);
    let again = again(here, import, &sha256, &name);
    if let (Some(key), Ok(database)) = (&again, here.beside().await) {
        let said = database.db.read(async |tx| flow::said_again(tx, key).await).await;
        database.close().await;
        if let Some(said) = said? {
            print(&said);
            return Ok(());
        }
    }
    let file = File { apart: Apart::under(&here.config), here, bytes, name };
    let workbook = match file.read().await? {
        Ok(workbook) => workbook,
        Err(refusal) => return refused(here, import, file.name, &refusal),
    };
    let terms = AtOnce { sha256, rights: import.give_rights, remove: import.remove };
    let database = here.beside().await?;
    let ended = imported(&file, import, &database.db, workbook, (&terms, again.as_deref())).await;
    database.close().await;
    ended
}

/// What is imported, as it lay there when the command began.
struct File<'a> {
    here: &'a Here,
    apart: Apart,
    bytes: Vec<u8>,
    name: String,
}

impl File<'_> {
    async fn read(&self) -> crate::kernel::Result<Result<Workbook, Refusal>> {
        jobs::understood(&self.apart, &self.here.clock, &self.bytes, &self.name).await
    }
}

/// Names the file's content and all that what is said of it hangs on, when it may be said again without reading it.
fn again(here: &Here, import: &Import, sha256: &str, name: &str) -> Option<String> {
    let Config { school, .. } = &*here.config;
    let (zone, lang, version) = (school.time_zone, school.language.code(), env!("CARGO_PKG_VERSION"));
    let asked = import.apply && import.json && import.remove.is_none();
    asked.then(|| format!("{sha256} {version} line {zone} {lang} {} {name}", import.give_rights))
}

async fn imported(
    file: &File<'_>,
    import: &Import,
    db: &Db,
    mut workbook: Workbook,
    (terms, again): (&AtOnce, Option<&str>),
) -> Ended {
    let here = file.here;
    let (previewed, outcome, written) = if import.apply {
        let (previewed, ended, written) = apply(db, file, &mut workbook, terms).await?;
        (previewed, Outcome::Ended(ended), Some(written))
    } else {
        // What was agreed to before comes first.
        jobs::finish(db).await?;
        let previewed = db.read(async |tx| flow::preview(tx, &workbook, None).await).await?;
        let brake = previewed.brake.clone();
        (previewed, Outcome::Shown(brake), None)
    };
    tell(here, import, &workbook, &previewed, &outcome)?;
    if let (Some(key), Some(written), Outcome::Ended(flow::Ended::Applied(Receipt { kept: 0, .. }))) =
        (again, written, &outcome)
    {
        let said = report(here, &workbook, &previewed, &outcome);
        if said.people.left > 0 {
            return Ok(());
        }
        let said = said.again();
        let said = serde_json::to_string(&said).map_err(Error::from)?;
        db.transact(async |tx| flow::note_again(tx, key, &written, &said).await).await?;
    }
    Ok(())
}

/// So often it is looked at again when something happens between the look and the writing.
const LOOKS: usize = 5;

/// Planned on a snapshot, staged in short transactions, flipped in others.
async fn apply(
    db: &Db,
    file: &File<'_>,
    workbook: &mut Workbook,
    terms: &AtOnce,
) -> crate::kernel::Result<(Previewed, flow::Ended, Mark)> {
    // Only those who must be asked look at it later.
    let import_id = db.transact(async |tx| flow::kept(tx, workbook, terms, false).await).await?;
    for look in 0..LOOKS {
        jobs::finish(db).await?;
        if look > 0 {
            *workbook = file.read().await??;
        }
        let previewed = db.read(async |tx| flow::preview_and_let_go(tx, workbook, terms).await).await?;
        jobs::stage(db, previewed.plan.as_ref()).await?;
        let (ended, written) = db
            .transact(async |tx| {
                let ended = flow::at_once(tx, &import_id, workbook, terms, &previewed).await?;
                Ok((ended, flow::written(tx, &previewed).await?))
            })
            .await?;
        jobs::finish(db).await?;
        jobs::clear(db, previewed.plan.as_ref()).await?;
        if let Some(mut ended) = ended {
            if let flow::Ended::Applied(receipt) = &mut ended {
                // Of a large file something may have been left out.
                let kept = db.read(async |tx| flow::receipt(tx, &import_id).await).await?;
                *receipt = kept.unwrap_or(*receipt);
            }
            return Ok((previewed, ended, written));
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
    show(&Report::refused(file, refusal.code, reason))?;
    Err(End::Said)
}

fn tell(here: &Here, import: &Import, workbook: &Workbook, previewed: &Previewed, outcome: &Outcome) -> Ended {
    let (lang, zone) = (here.config.school.language, here.config.school.time_zone);
    let Previewed { seen, told, .. } = previewed;
    if import.json {
        show(&report(here, workbook, previewed, outcome))?;
    } else {
        here.say(&preview(workbook, &seen.difference, previewed.doing()));
        if let Some(line) = workbook::told(told, zone) {
            here.say(&line);
        }
        if import.dry_run {
            for line in listed(&workbook::changes(&seen.known, previewed.doing(), here.clock.now(), zone)) {
                here.say(&line);
            }
        }
        let more = said(seen, outcome, import.give_rights);
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
