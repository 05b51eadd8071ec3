//! From a file to the timetable and the roster: received, previewed, agreed, applied in one transaction.
//!
//! `known` what is known, what a file would change in it, and the brake · `apply` writing a difference.
//!
//! Each step is a row of its own: [`READ`] fetches and reads the file, [`APPLY`] applies it; both write a [`SHOW`] row,
//! in the order of the chat, that brings the import's message up to date.

mod apply;
mod known;

use serde::{Deserialize, Serialize};

pub use self::apply::{AtOnce, Carried, Ended, at_once, carry_out, receipt};
pub use self::known::{Brake, Count, Seen, brake, known, see, standing};
use super::store;
use super::{Standing, Workbook};
use crate::kernel::{Refusal, Result, Text};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::approval::Ask;
use crate::school::approval::flow::{ask, voice};
use crate::text;

pub const READ: &str = "workbook.read";
pub const APPLY: &str = "workbook.apply";
pub const SHOW: &str = "workbook.show";
pub const ANNOTATE: &str = "workbook.annotate";
pub const TEMPLATE: &str = "workbook.template";

/// Telegram gives bots files up to 20 MB.
pub const MOST_BYTES: u64 = 20 * 1024 * 1024;

/// A workbook that nobody did anything about is forgotten after so many days: it holds people's data.
const DAYS_KEPT: i64 = 7;

/// A file to fetch and read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetch {
    pub import_id: String,
    pub file_id: String,
    pub account: i64,
}

/// An import to apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    pub import_id: String,
    /// What was on the screen when it was agreed to.
    pub fingerprint: String,
    /// Roles above student too.
    pub rights: bool,
    /// The second button, which names the sessions that are removed beyond the limit, was pressed.
    pub sure: bool,
    /// The person who applies it; nobody: the school's machine.
    pub by: Option<String>,
    /// Where its message stands.
    pub account: Option<i64>,
}

/// Something for one account about one import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForImport {
    pub import_id: String,
    pub account: i64,
}

/// What an import's message shall say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Show {
    pub import_id: String,
    pub account: i64,
    pub what: What,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum What {
    Preview,
    /// What is known changed before it could be applied: the preview, afresh.
    Stale,
    Refused(Text),
    /// The receipt that is kept under this key.
    Done(String),
    /// It was agreed to, but what is known changed meanwhile.
    Late,
}

/// `why` names the effect: the same news is told once.
async fn show(tx: &mut Tx, import_id: &str, account: i64, why: &str, what: What) -> Result<()> {
    let show = Show { import_id: import_id.to_owned(), account, what };
    let put = Put::new(SHOW, format!("{SHOW}:{why}"), &show)?.lane(format!("chat:{account}"));
    outbox::put(tx, put.rank(Rank::Answer).repeatable()).await.map(|_| ())
}

/// A file arrived: it will be fetched and read.
pub async fn receive(tx: &mut Tx, name: &str, file_id: &str, account: i64, by: Option<&str>) -> Result<String> {
    let import_id = store::insert(tx, name, Some(account), by).await?;
    let fetch = Fetch { import_id: import_id.clone(), file_id: file_id.to_owned(), account };
    let put = Put::new(READ, format!("{READ}:{import_id}"), &fetch)?;
    outbox::put(tx, put.rank(Rank::Answer).repeatable()).await?;
    Ok(import_id)
}

/// The import, as long as its file has not been read.
pub async fn unread(tx: &mut Tx, import_id: &str) -> Result<Option<store::Import>> {
    Ok(store::import(tx, import_id).await?.filter(|import| import.state == "reading"))
}

/// The file was read: what it says is kept until it is applied or given up, and what it would change is shown.
pub async fn was_read(tx: &mut Tx, fetch: &Fetch, sha256: &str, workbook: &Workbook) -> Result<()> {
    if unread(tx, &fetch.import_id).await?.is_some() {
        store::previewed(tx, &fetch.import_id, sha256, &serde_json::to_string(workbook)?).await?;
        let why = format!("read:{}", fetch.import_id);
        show(tx, &fetch.import_id, fetch.account, &why, What::Preview).await?;
    }
    Ok(())
}

/// The file cannot be read: its sender is told why.
pub async fn cannot_read(tx: &mut Tx, fetch: &Fetch, refusal: &Refusal) -> Result<()> {
    if unread(tx, &fetch.import_id).await?.is_some() {
        store::settle(tx, &fetch.import_id, "refused").await?;
        let words = Text::joined(" ", [refusal.text.clone(), Text::verbatim(format!("({})", refusal.code))]);
        let why = format!("read:{}", fetch.import_id);
        show(tx, &fetch.import_id, fetch.account, &why, What::Refused(words)).await?;
    }
    Ok(())
}

/// `[Abandonner]`; `false` when it was applied, given up or is waited for.
pub async fn abandon(tx: &mut Tx, import_id: &str) -> Result<bool> {
    match store::import(tx, import_id).await? {
        Some(import) if import.state == "previewed" => {
            // An application that was pressed just before finds the import given up.
            store::settle(tx, import_id, "abandoned").await?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// Workbooks of imports that ended, or that nobody touched, for a week are forgotten.
pub async fn forget(tx: &mut Tx) -> Result<u64> {
    let before = tx.now().plus_days(-DAYS_KEPT);
    store::forget(tx, before).await
}

/// How a press of `[Appliquer]` is answered.
#[derive(Debug, Clone)]
pub enum Pressed {
    /// It is being applied.
    Applying,
    /// It was pressed before, and is being applied.
    Underway,
    /// What is known changed since the preview.
    Stale(Box<Standing>),
    /// The importer must press a second button that names the number and the classes.
    ConfirmSessions(Count),
    /// Two persons must agree; they were asked.
    Asked(Count),
    /// They were asked before.
    Waiting,
    /// Applied or given up before.
    Settled,
    Gone,
}

/// `[Appliquer]`: checked against what is known now; the work itself is a row.
pub async fn press_apply(tx: &mut Tx, application: &Application) -> Result<Pressed> {
    let Some(standing) = standing(tx, &application.import_id).await? else { return Ok(Pressed::Gone) };
    match standing.state.as_str() {
        "previewed" => {}
        "applied" if application.rights && !standing.difference.rights.is_empty() => {}
        "waiting" => return Ok(Pressed::Waiting),
        _ => return Ok(Pressed::Settled),
    }
    if standing.fingerprint != application.fingerprint {
        return Ok(Pressed::Stale(Box::new(standing)));
    }
    let brake = brake(tx, &standing.known, &standing.difference).await?;
    if let Some(count) = brake.sessions.filter(|_| !application.sure) {
        return Ok(Pressed::ConfirmSessions(count));
    }
    if let Some(count) = brake.people {
        ask_two(tx, application, &standing.file_name, &count).await?;
        return Ok(Pressed::Asked(count));
    }
    let key = format!("{APPLY}:{}:{}:{}", application.import_id, application.fingerprint, application.rights);
    let fresh = outbox::put(tx, Put::new(APPLY, key, application)?.rank(Rank::Answer).repeatable()).await?;
    Ok(if fresh { Pressed::Applying } else { Pressed::Underway })
}

/// Asks two persons to agree to what leaves the classes; the importer, who just asked for it, is one of them.
async fn ask_two(tx: &mut Tx, application: &Application, file: &str, count: &Count) -> Result<String> {
    let agreement = Ask {
        kind: APPLY,
        effects: text!("workbook-agree-people", count = count.0, classes = count.1.join(", "), file = file),
        payload: serde_json::to_value(application)?,
        needs: 2,
        asked_by: application.by.clone(),
        hours: 72,
    };
    let agreement_id = ask(tx, agreement).await?;
    store::wait(tx, &application.import_id, &agreement_id, &application.fingerprint).await?;
    if let Some(by) = &application.by {
        voice(tx, &agreement_id, by, true).await?;
    }
    Ok(agreement_id)
}

/// The file of an import, annotated, for one account. Two presses in one minute are one.
pub async fn annotate(tx: &mut Tx, import_id: &str, account: i64) -> Result<()> {
    let about = ForImport { import_id: import_id.to_owned(), account };
    let key = format!("{ANNOTATE}:{import_id}:{account}:{}", tx.now().millis() / 60_000);
    let put = Put::new(ANNOTATE, key, &about)?;
    outbox::put(tx, put.lane(format!("chat:{account}")).rank(Rank::Answer)).await.map(|_| ())
}

/// An empty template for one account.
pub async fn template(tx: &mut Tx, account: i64) -> Result<()> {
    let about = ForImport { import_id: String::new(), account };
    let put = Put::new(TEMPLATE, format!("{TEMPLATE}:{}", tx.new_id()), &about)?;
    outbox::put(tx, put.lane(format!("chat:{account}")).rank(Rank::Answer)).await.map(|_| ())
}
