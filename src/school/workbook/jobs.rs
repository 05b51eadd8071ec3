//! What the outbox performs for imports: fetching and reading the file, applying it, sending files back.

use std::path::PathBuf;

use super::flow::{self, Application, Fetch, ForImport, MOST_BYTES, Receipt};
use super::{chat, read, sheet, store};
use crate::kernel::secret::sha256_hex;
use crate::kernel::{Error, Lang, Result, Text};
use crate::platform::outbox::{self, Outcome, Row};
use crate::school::approval;
use crate::school::roster::flow::person_of_account;
use crate::telegram::port::{Attachment, Desk, Post, Trouble, outcome_of, post};
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

/// Where an uploaded file lies, by its content.
fn place(desk: &Desk, sha256: &str) -> PathBuf {
    desk.db.config().files.folder.join(sha256)
}

/// Fetches and reads a file, and shows what applying it would do.
pub async fn read_file(desk: &Desk, row: &Row) -> Result<Outcome> {
    let fetch: Fetch = row.read()?;
    let Some(import) = desk.db.read(async |tx| store::import(tx, &fetch.import_id).await).await? else {
        return Ok(Outcome::Cancel("the import is gone".to_owned()));
    };
    let lang = lang(desk, fetch.account).await?;
    if import.workbook.is_none() {
        row.about_to_call(&desk.db).await?;
        let bytes = match desk.telegram.download(&fetch.file_id, MOST_BYTES).await {
            Ok(bytes) => bytes,
            Err(Trouble::Refused(_)) => {
                return refuse(desk, row, &fetch, lang, "IMP-01", text!("workbook-too-heavy")).await;
            }
            Err(trouble) => return Ok(outcome_of(desk, row, trouble)),
        };
        let name = import.file_name.clone();
        let (bytes, outcome) = tokio::task::spawn_blocking(move || {
            let outcome = read::read(&bytes, &name);
            (bytes, outcome)
        })
        .await
        .map_err(|error| Error::fault(&format!("reading a workbook ended early: {error}")))?;
        let workbook = match outcome {
            Ok(workbook) => workbook,
            Err(refusal) => return refuse(desk, row, &fetch, lang, refusal.code, refusal.text).await,
        };
        let sha256 = sha256_hex(&bytes);
        keep(place(desk, &sha256), bytes).await?;
        desk.db.transact(async |tx| flow::was_read(tx, &fetch.import_id, &sha256, &workbook).await).await?;
    }
    let screen = desk
        .db
        .read(async |tx| {
            let standing = flow::standing(tx, &fetch.import_id).await?;
            standing.map(|standing| chat::preview(&standing)).transpose()
        })
        .await?;
    let Some(screen) = screen else { return Ok(Outcome::Cancel("the import is gone".to_owned())) };
    post(desk, row, Post::private(fetch.account, screen, lang).slot(chat::slot(&fetch.import_id))).await
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

async fn refuse(desk: &Desk, row: &Row, fetch: &Fetch, lang: Lang, code: &str, words: Text) -> Result<Outcome> {
    desk.db.transact(async |tx| flow::close(tx, &fetch.import_id, "refused").await).await?;
    let words = Text::joined(" ", [words, Text::verbatim(format!("({code})"))]);
    post(desk, row, Post::private(fetch.account, Screen::new(words), lang).slot(chat::slot(&fetch.import_id))).await
}

/// Applies an import in one transaction, then says what was done.
pub async fn apply(desk: &Desk, row: &Row) -> Result<Outcome> {
    let application: Application = row.read()?;
    let lang = lang(desk, application.account).await?;
    let agreement = approval::id_of(&row.key).map(str::to_owned);
    let slot = chat::slot(&application.import_id);
    // The row may run again after a crash between the two: what was applied is found in the audit and told, not redone.
    let receipt = desk
        .db
        .transact(async |tx| {
            if let Some(receipt) = flow::receipt(tx, &row.key).await? {
                return Ok(Some(receipt));
            }
            let done = flow::carry_out(tx, &application).await?;
            if let Some(receipt) = &done {
                flow::keep_receipt(tx, &row.key, receipt).await?;
            }
            if let Some(id) = &agreement {
                approval::flow::carried_out(tx, id).await?;
            }
            Ok(done)
        })
        .await?;
    let screen = match receipt {
        Some(receipt) => {
            let fingerprint = desk
                .db
                .read(async |tx| {
                    Ok(flow::standing(tx, &application.import_id).await?.map(|standing| standing.fingerprint))
                })
                .await?;
            done(&receipt, &application, fingerprint)?
        }
        None => Screen::new(text!("workbook-not-applied")),
    };
    post(desk, row, Post::private(application.account, screen, lang).slot(slot)).await
}

fn done(receipt: &Receipt, application: &Application, fingerprint: Option<String>) -> Result<Screen> {
    let mut lines =
        vec![text!("workbook-applied", added = receipt.added, removed = receipt.removed, changed = receipt.changed)];
    if receipt.people_added + receipt.people_changed + receipt.people_left > 0 {
        lines.push(text!(
            "workbook-applied-people",
            added = receipt.people_added,
            changed = receipt.people_changed,
            left = receipt.people_left
        ));
    }
    let mut screen = Screen::lines(lines);
    if let Some(fingerprint) = fingerprint.filter(|_| receipt.rights_waiting > 0) {
        screen.text = Text::lines([screen.text, text!("workbook-rights-wait", count = receipt.rights_waiting)]);
        screen = screen.row([chat::rights_key(&application.import_id, &fingerprint)?]);
    }
    Ok(screen)
}

/// The school's own file with a column « Problème ».
pub async fn annotate(desk: &Desk, row: &Row) -> Result<Outcome> {
    let about: ForImport = row.read()?;
    let lang = lang(desk, about.account).await?;
    let standing = desk.db.read(async |tx| flow::standing(tx, &about.import_id).await).await?;
    let Some(standing) = standing else { return gone(desk, row, about.account, lang).await };
    let path = place(desk, &standing.import.sha256);
    let Ok(bytes) = tokio::fs::read(&path).await else { return gone(desk, row, about.account, lang).await };
    let name = format!("problemes_{}.xlsx", standing.import.file_name.rsplit_once('.').map_or("", |(name, _)| name));
    let bytes = tokio::task::spawn_blocking(move || {
        let grid = read::open(&bytes)?;
        sheet::annotated(&grid, &standing.workbook, &standing.difference, lang)
    })
    .await
    .map_err(|error| Error::fault(&format!("annotating a workbook ended early: {error}")))??;
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
    row.about_to_call(&desk.db).await?;
    let file = Attachment { name, bytes, caption };
    Ok(match desk.telegram.send_file(account, file, outbox::Rank::Answer).await {
        Ok(_) => Outcome::Done,
        Err(trouble) => outcome_of(desk, row, trouble),
    })
}

/// Workbooks of imports that ended are forgotten after a week, files with them.
pub async fn forget(desk: &Desk, _row: &Row) -> Result<Outcome> {
    desk.db.transact(async |tx| flow::forget(tx).await).await?;
    let kept = desk.db.read(async |tx| store::kept_files(tx).await).await?;
    let folder = desk.db.config().files.folder.clone();
    let Ok(mut entries) = tokio::fs::read_dir(&folder).await else { return Ok(Outcome::Done) };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.len() == 64 && !kept.contains(&name) {
            let _ = tokio::fs::remove_file(entry.path()).await;
        }
    }
    Ok(Outcome::Done)
}
