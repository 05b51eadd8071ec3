//! From a file to the timetable and the roster: received, previewed, agreed, applied.
//!
//! `known` what is known, what a file would change in it, and the brake · `plan` what that writes, `lesson` its sessions · `rounds` staged and
//! flipped, in one transaction or, a large one, in several · `apply` who applies it, or what is said first · `again` the same file once more · `agree` what two persons must agree to · `undo` putting back what an
//! import changed · `strays` accounts that were untied.
//!
//! Each step is a row of its own: [`READ`] fetches and reads the file, [`APPLY`] applies it; both write a [`SHOW`] row,
//! in the order of the chat, that brings the import's message up to date.

mod again;
mod agree;
mod apply;
mod brake;
mod known;
mod lesson;
mod plan;
mod rounds;
mod strays;
mod undo;

use serde::{Deserialize, Serialize};

pub use self::again::{note_again, said_again};
pub use self::agree::{OVER, abandon, over};
pub use self::apply::{
    AtOnce, Carried, Ended, Looked, Previewed, at_once, carry_out, kept, look_ahead, preview, preview_and_let_go,
    receipt, told, written,
};
pub use self::brake::{Brake, Count, Leavers, brake, group_over_limit, left_group};
pub use self::known::{Seen, known, see, standing};
pub use self::lesson::Lesson;
pub use self::plan::{Plan, leave_groups};
pub use self::rounds::{LEAVE, Leaving, Part, REST, clear, has_rest, next_round, stage};
pub use self::strays::stray;
pub use self::undo::{UNDO, Undoing, press_undo, undo_some, undone};
use super::Workbook;
use super::store;
pub use super::store::last_applied;
use crate::kernel::{At, Refusal, Result, Text, id};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;

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
    /// When two persons were asked, if they were.
    #[serde(default)]
    pub asked_at: Option<At>,
    /// What they read of its effects.
    #[serde(default)]
    pub agreed: Option<String>,
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
    /// The preview, or that two persons are waited for.
    Standing,
    /// A page of what would change.
    Changes(usize),
    /// A page of who would get a role, and the receipt under which it was asked for.
    Roles(usize, Option<String>),
    /// So many sessions would be removed: this application needs the importer's second word.
    Confirm(Application, Count),
    /// Somebody refused to agree.
    NotAgreed,
    /// Nobody agreed in time.
    RanOut,
    /// `[Annuler]` came to this.
    Undone,
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
        store::previewed(tx, &fetch.import_id, sha256, Some(&serde_json::to_string(workbook)?)).await?;
        let why = format!("read:{}", fetch.import_id);
        show(tx, &fetch.import_id, fetch.account, &why, What::Preview).await?;
    }
    Ok(())
}

/// The file cannot be read: its sender is told why.
pub async fn cannot_read(tx: &mut Tx, fetch: &Fetch, refusal: &Refusal) -> Result<()> {
    if unread(tx, &fetch.import_id).await?.is_some() {
        store::settle(tx, &fetch.import_id, "refused").await?;
        let why = format!("read:{}", fetch.import_id);
        show(tx, &fetch.import_id, fetch.account, &why, What::Refused(refusal.said())).await?;
    }
    Ok(())
}

/// Workbooks of imports that ended, or that nobody touched, for a week are forgotten.
pub async fn forget(tx: &mut Tx) -> Result<u64> {
    let unused = tx.now().plus_days(-DAYS_KEPT);
    // What an import changed is kept no longer than it can be undone.
    let over = tx.now().plus_minutes(-2 * undo::UNDO_MINUTES);
    store::forget_effects(tx, over).await?;
    // What was staged yesterday and never flipped will not be.
    let before = id::floor(tx.wall().plus_days(-1));
    rounds::clear_old(tx, &before).await?;
    store::forget_again(tx, unused).await?;
    store::forget(tx, unused).await
}

/// How a press of `[Appliquer]` is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    /// It is looked at, and applied if nothing stands in the way; the message says what came of it.
    Applying,
    /// It was pressed before, and is being applied.
    Underway,
    /// Two persons were asked before.
    Waiting,
    /// Applied or given up before.
    Settled,
    Gone,
}

/// `[Appliquer]`: the looking and the work are a row; no writer waits for them here.
pub async fn press_apply(tx: &mut Tx, application: &Application) -> Result<Pressed> {
    let import = store::import(tx, &application.import_id).await?;
    let Some(import) = import.filter(|import| import.workbook.is_some()) else { return Ok(Pressed::Gone) };
    match import.state.as_str() {
        "previewed" => {}
        "applied" if application.rights => {}
        "waiting" => return Ok(Pressed::Waiting),
        _ => return Ok(Pressed::Settled),
    }
    let Application { import_id, fingerprint, rights, sure, .. } = application;
    let key = format!("{APPLY}:{import_id}:{fingerprint}:{rights}:{sure}");
    let fresh = outbox::put(tx, Put::new(APPLY, key, application)?.lane(APPLY).rank(Rank::Answer).repeatable()).await?;
    Ok(if fresh { Pressed::Applying } else { Pressed::Underway })
}

/// `[Voir les 20 changements]`, another page of it, or back to the import's own message.
pub async fn look(tx: &mut Tx, import_id: &str, account: i64, what: What) -> Result<()> {
    let why = format!("look:{import_id}:{}", tx.new_id());
    show(tx, import_id, account, &why, what).await
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
