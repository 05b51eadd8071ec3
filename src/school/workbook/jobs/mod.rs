//! What the outbox performs for imports: fetching and reading the file, applying it, showing how it stands, sending
//! files back.
//!
//! `apart`: bytes are read in a process of their own.

mod apart;

use std::path::PathBuf;
use std::time::Duration;

pub use self::apart::understood;
use super::flow::{self, Application, Carried, Fetch, ForImport, Leaving, MOST_BYTES, Plan, Show, What};
use super::{lessons_moving, screens, sheet, slot, store};
use crate::kernel::secret::sha256_hex;
use crate::kernel::{Error, Lang, Refusal, Result, Text};
use crate::platform::apart::{Apart, seat};
use crate::platform::outbox::{Outcome, Row};
use crate::platform::store::Db;
use crate::school::approval::{self, Over};
use crate::school::rights::Act;
use crate::school::roster::Stray;
use crate::school::roster::flow::{account_may, person_of_account};
use crate::telegram::port::{Attachment, Desk, Post, Trouble, outcome_of, post, send_file};
use crate::telegram::screen::Screen;
use crate::text;

async fn lang(desk: &Desk, account: i64) -> Result<Lang> {
    desk.db
        .read(async |tx| {
            let chosen = person_of_account(tx, account).await?.and_then(|person| person.lang);
            Ok(chosen.unwrap_or(tx.config().school.language))
        })
        .await
}

const NOT_THEIRS: &str = "the account is no admin's any more";

/// The names of a whole school are for admins, also when what they asked for had to wait.
async fn theirs(desk: &Desk, account: i64) -> Result<bool> {
    desk.db.read(async |tx| account_may(tx, account, Act::School).await).await
}

/// Until it is looked whether one more file can be read.
const BUSY: Duration = Duration::from_millis(500);

/// Where uploaded workbooks lie, by their content.
fn folder(desk: &Desk) -> PathBuf {
    desk.db.config().files.folder.join("imports")
}

/// Fetches and reads a file.
pub async fn read_file(desk: &Desk, row: &Row) -> Result<Outcome> {
    let fetch: Fetch = row.read()?;
    let Some(import) = desk.db.read(async |tx| flow::unread(tx, &fetch.import_id).await).await? else {
        // It was read before the program stopped.
        return Ok(Outcome::Done);
    };
    let Some(_seat) = seat() else { return Ok(busy(desk)) };
    row.about_to_call(&desk.db).await?;
    let (bytes, outcome) = match desk.telegram.download(&fetch.file_id, MOST_BYTES).await {
        Ok(bytes) => {
            let apart = Apart::under(desk.db.config());
            let outcome = understood(&apart, desk.db.clock(), &bytes, &import.file_name).await?;
            (bytes, outcome)
        }
        Err(Trouble::Refused(why)) if why.contains("too big") => {
            (Vec::new(), Err(Refusal::new("IMP-01", text!("workbook-too-heavy"))))
        }
        Err(Trouble::Refused(_)) => (Vec::new(), Err(Refusal::new("IMP-09", text!("workbook-unfetched")))),
        Err(trouble) => return Ok(outcome_of(desk, row, trouble)),
    };
    match outcome {
        Ok(workbook) => {
            let sha256 = sha256_hex(&bytes);
            keep(folder(desk).join(&sha256), bytes).await?;
            desk.db.transact(async |tx| flow::was_read(tx, &fetch, &sha256, &workbook).await).await?;
        }
        Err(refusal) => desk.db.transact(async |tx| flow::cannot_read(tx, &fetch, &refusal).await).await?,
    }
    Ok(Outcome::Done)
}

/// Other files are being read: soon.
fn busy(desk: &Desk) -> Outcome {
    Outcome::Snooze(desk.db.clock().wall().plus(BUSY))
}

/// Brings an import's message up to date.
pub async fn show(desk: &Desk, row: &Row) -> Result<Outcome> {
    let Show { import_id, account, what } = row.read()?;
    finish(&desk.db).await?;
    if !theirs(desk, account).await? {
        return Ok(Outcome::Cancel(NOT_THEIRS.to_owned()));
    }
    let lang = lang(desk, account).await?;
    let screen = desk
        .db
        .read(async |tx| {
            if matches!(what, What::Undone) {
                return Ok(Some(screens::undone(&flow::undone(tx, &import_id).await?, tx.zone())));
            }
            let standing = flow::standing(tx, &import_id).await?;
            let state = standing.as_ref().map_or("", |standing| standing.state.as_str());
            let told = match (&what, &standing) {
                (What::Preview | What::Standing | What::Stale, Some(standing)) if state == "previewed" => {
                    flow::told(tx, standing).await?
                }
                _ => Vec::new(),
            };
            Ok(match (what, &standing) {
                (What::Preview | What::Standing, Some(standing)) if state == "previewed" => {
                    Some(screens::preview(standing, &told, tx.zone())?)
                }
                (What::Standing, Some(standing)) if state == "waiting" => Some(screens::waiting(standing)?),
                (What::Changes(page), Some(standing)) if matches!(state, "previewed" | "waiting") => {
                    Some(screens::changes(standing, page, tx.now(), tx.zone())?)
                }
                (What::Roles(page, receipt), Some(standing))
                    if matches!(state, "previewed" | "waiting" | "applied") =>
                {
                    Some(screens::roles(standing, page, receipt.as_deref())?)
                }
                (What::Standing, Some(standing)) if state == "applied" && !standing.difference.rights.is_empty() => {
                    Some(screens::afresh(standing, &[], tx.zone())?)
                }
                (What::Standing | What::Changes(_) | What::Roles(..), None) => {
                    Some(Screen::new(text!("workbook-forgotten")))
                }
                (What::Confirm(application, count), Some(standing)) if state == "previewed" => {
                    let Application { import_id, fingerprint, rights, .. } = application;
                    let pressed = screens::Press { import: import_id, fingerprint, rights, sure: false };
                    let moves = lessons_moving(&standing.difference);
                    Some(screens::confirm(&pressed, count.0, &count.1, moves)?)
                }
                (What::Stale, Some(standing)) if matches!(state, "previewed" | "applied") => {
                    let mut screen = screens::afresh(standing, &told, tx.zone())?;
                    screen.text = Text::lines([text!("workbook-stale"), screen.text]);
                    Some(screen)
                }
                // It went on meanwhile.
                (
                    What::Preview
                    | What::Stale
                    | What::Standing
                    | What::Changes(_)
                    | What::Roles(..)
                    | What::Confirm(..)
                    | What::Undone,
                    _,
                ) => None,
                (What::Refused(words), _) => Some(Screen::new(words)),
                (What::Done(key), standing) => {
                    // Undone meanwhile: that is told by another row.
                    let left = standing.as_ref().filter(|_| state == "applied");
                    let receipt = flow::receipt(tx, &key).await?;
                    Some(screens::done(&import_id, (Some(&key), receipt.as_ref()), left)?)
                }
                (What::NotAgreed, _) => Some(Screen::new(text!("workbook-not-agreed"))),
                (What::RanOut, _) => Some(Screen::new(text!("workbook-ran-out"))),
                (What::Late, _) => Some(Screen::new(text!("workbook-not-applied"))),
            })
        })
        .await?;
    let Some(screen) = screen else { return Ok(Outcome::Cancel("the import went on".to_owned())) };
    post(desk, row, Post::private(account, screen, lang).slot(slot(&import_id))).await
}

/// Keeps a file under its hash, readable by us alone.
async fn keep(path: PathBuf, bytes: Vec<u8>) -> Result<()> {
    let away = |error: std::io::Error| Error::outage("files", &error);
    if let Some(folder) = path.parent() {
        tokio::fs::create_dir_all(folder).await.map_err(away)?;
    }
    let temporary = path.with_extension("part");
    let mut options = tokio::fs::OpenOptions::new();
    options.create(true).write(true).truncate(true).mode(0o600);
    let mut file = options.open(&temporary).await.map_err(away)?;
    tokio::io::AsyncWriteExt::write_all(&mut file, &bytes).await.map_err(away)?;
    file.sync_all().await.map_err(away)?;
    tokio::fs::rename(&temporary, &path).await.map_err(away)
}

/// So often it is looked at again when something happens between the look and the writing.
const LOOKS: usize = 5;

/// Applies an import: planned on a snapshot, staged in short transactions, flipped in others.
pub async fn apply(desk: &Desk, row: &Row) -> Result<Outcome> {
    let application: Application = row.read()?;
    let agreement = approval::id_of(&row.key);
    for _ in 0..LOOKS {
        finish(&desk.db).await?;
        let looked = desk.db.read(async |tx| flow::look_ahead(tx, &application, agreement).await).await?;
        let plan = looked.as_ref().and_then(|looked| looked.plan.as_ref());
        stage(&desk.db, plan).await?;
        let carried = desk
            .db
            .transact(async |tx| {
                let carried = flow::carry_out(tx, &application, &row.id, agreement, looked.as_ref()).await?;
                if let Some(agreement) = agreement {
                    match carried {
                        Carried::Applied => approval::flow::carried_out(tx, agreement).await?,
                        Carried::Stale | Carried::Asked => {
                            approval::flow::came_to_nothing(tx, agreement, &text!("workbook-agreed-late")).await?
                        }
                        Carried::Moved => false,
                    };
                }
                Ok(carried)
            })
            .await?;
        finish(&desk.db).await?;
        clear(&desk.db, plan).await?;
        match carried {
            Carried::Applied => return Ok(Outcome::Done),
            // Cancelled, so that the same press may write it again.
            Carried::Stale => return Ok(Outcome::Cancel("what is known changed".to_owned())),
            Carried::Asked => return Ok(Outcome::Cancel("somebody must say more first".to_owned())),
            Carried::Moved => {}
        }
    }
    Ok(Outcome::Retry("what is known changes all the time".to_owned()))
}

/// Stages a plan, some of it a transaction.
pub async fn stage(db: &Db, plan: Option<&Plan>) -> Result<()> {
    let Some(plan) = plan else { return Ok(()) };
    for part in plan.parts() {
        db.transact(async |tx| flow::stage(tx, plan, part).await).await?;
    }
    Ok(())
}

/// What was staged for a plan is not needed any more.
pub async fn clear(db: &Db, plan: Option<&Plan>) -> Result<()> {
    for batch in plan.into_iter().flat_map(Plan::batches) {
        db.transact(async |tx| flow::clear(tx, batch).await).await?;
    }
    Ok(())
}

/// What was agreed to and is not wholly written comes before anything else: round by round.
pub async fn finish(db: &Db) -> Result<()> {
    while db.read(async |tx| flow::has_rest(tx).await).await? {
        // Another program may have been quicker.
        let Some(batch) = db.transact(async |tx| flow::next_round(tx).await).await? else { break };
        db.transact(async |tx| flow::clear(tx, &batch).await).await?;
    }
    Ok(())
}

/// The program that wrote the first round of an import may have stopped.
pub async fn rest(desk: &Desk, _row: &Row) -> Result<Outcome> {
    finish(&desk.db).await?;
    Ok(Outcome::Done)
}

/// Those who left classes are to leave their groups.
pub async fn leave(desk: &Desk, row: &Row) -> Result<Outcome> {
    let left: Vec<Leaving> = row.read()?;
    desk.db.transact(async |tx| flow::leave_groups(tx, &left).await).await?;
    Ok(Outcome::Done)
}

/// An account was untied, or two persons agreed on what follows.
pub async fn stray(desk: &Desk, row: &Row) -> Result<Outcome> {
    let stray: Stray = row.read()?;
    desk.db.transact(async |tx| flow::stray(tx, &stray, approval::id_of(&row.key)).await).await?;
    Ok(Outcome::Done)
}

/// An agreement was refused or ran out.
pub async fn over(desk: &Desk, row: &Row) -> Result<Outcome> {
    let over: Over = row.read()?;
    desk.db.transact(async |tx| flow::over(tx, &over).await).await?;
    Ok(Outcome::Done)
}

/// Puts back what an import changed, some things at a time.
pub async fn undo(desk: &Desk, row: &Row) -> Result<Outcome> {
    let import: String = row.read()?;
    loop {
        finish(&desk.db).await?;
        if !desk.db.transact(async |tx| flow::undo_some(tx, &import).await).await? {
            return Ok(Outcome::Done);
        }
    }
}

/// The school's own file with a column « Problème ».
pub async fn annotate(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: ForImport = row.read()?;
    if !theirs(desk, about.account).await? {
        return Ok(Outcome::Cancel(NOT_THEIRS.to_owned()));
    }
    let lang = lang(desk, about.account).await?;
    let standing = desk.db.read(async |tx| flow::standing(tx, &about.import_id).await).await?;
    let Some(standing) = standing else { return gone(desk, row, about.account, lang).await };
    let path = folder(desk).join(&standing.sha256);
    let Ok(bytes) = tokio::fs::read(&path).await else { return gone(desk, row, about.account, lang).await };
    let name = format!("problemes_{}.xlsx", standing.file_name.rsplit_once('.').map_or("", |(name, _)| name));
    let Some(_seat) = seat() else { return Ok(busy(desk)) };
    let bytes = match apart::annotated(&desk.db, &bytes, (&standing.workbook, &standing.difference), lang).await? {
        Ok(bytes) => bytes,
        Err(refusal) => return post(desk, row, Post::private(about.account, Screen::new(refusal.said()), lang)).await,
    };
    send(desk, row, about.account, name, bytes, text!("workbook-annotated-caption").render(lang)).await
}

async fn gone(desk: &Desk, row: &Row, account: i64, lang: Lang) -> Result<Outcome> {
    post(desk, row, Post::private(account, Screen::new(text!("workbook-forgotten")), lang)).await
}

/// An empty template.
pub async fn template(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: ForImport = row.read()?;
    let lang = lang(desk, about.account).await?;
    let bytes = sheet::template(lang)?;
    let name = text!("workbook-template-name").render(lang);
    send(desk, row, about.account, name, bytes, text!("workbook-template-caption").render(lang)).await
}

async fn send(desk: &Desk, row: &Row, account: i64, name: String, bytes: Vec<u8>, caption: String) -> Result<Outcome> {
    let file = Attachment { name, bytes, caption };
    Ok(match send_file(desk, row, account, file).await? {
        Ok(_) => Outcome::Done,
        Err(trouble) => outcome_of(desk, row, trouble),
    })
}

/// Workbooks of imports that ended are forgotten after a week, files with them.
pub async fn forget(desk: &Desk, _row: &Row) -> Result<Outcome> {
    desk.db.transact(async |tx| flow::forget(tx).await).await?;
    let kept = desk.db.read(async |tx| store::kept_files(tx).await).await?;
    let Ok(mut entries) = tokio::fs::read_dir(folder(desk)).await else { return Ok(Outcome::Done) };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.len() == 64 && !kept.contains(&name) {
            let _ = tokio::fs::remove_file(entry.path()).await;
        }
    }
    Ok(Outcome::Done)
}
