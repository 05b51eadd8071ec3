//! A workbook is read in a process of its own: what its bytes do to the reader is one sentence here.

use super::super::{Difference, Workbook, wire};
use crate::kernel::{Clock, Lang, Refusal, Result};
use crate::platform::apart::{Apart, Gone};
use crate::platform::store::Db;
use crate::text;

/// The hidden command that reads.
const VERB: &str = "read-workbook";

fn refusal(gone: Gone) -> Refusal {
    match gone {
        Gone::Spent => Refusal::new("IMP-14", text!("workbook-reader-spent")),
        Gone::Broke => Refusal::new("IMP-15", text!("workbook-reader-broke")),
    }
}

/// What a file says, or one sentence that says why not. An [`crate::kernel::Error::Outage`]: the reader cannot be
/// started.
pub async fn understood(apart: &Apart, clock: &Clock, bytes: &[u8], file: &str) -> Result<Result<Workbook, Refusal>> {
    let (question, mut answer) = (wire::to_read(file)?, wire::Answer::about(file));
    let asked = apart.ask(clock, VERB, &[&question, bytes], &mut |some| answer.take(some)).await?;
    Ok(match asked {
        Ok(()) => answer.workbook().unwrap_or_else(|| Err(refusal(Gone::Broke))),
        Err(gone) => Err(refusal(gone)),
    })
}

/// The same file with what is wrong beside each line.
pub(super) async fn annotated(
    db: &Db,
    bytes: &[u8],
    (read, difference): (&Workbook, &Difference),
    lang: Lang,
) -> Result<Result<Vec<u8>, Refusal>> {
    let (question, mut answer) = (wire::to_annotate(read, difference, lang)?, wire::Answer::default());
    let apart = Apart::under(db.config());
    let asked = apart.ask(db.clock(), VERB, &[&question, bytes], &mut |some| answer.take(some)).await?;
    Ok(match asked {
        Ok(()) => answer.file().unwrap_or_else(|| Err(refusal(Gone::Broke))),
        Err(gone) => Err(refusal(gone)),
    })
}
