//! Applying a file: looked at and planned on a snapshot, staged, then flipped in short transactions, of which the first
//! decides.

use super::super::store;
use super::super::{Difference, Known, Receipt, Standing, Told, Workbook};
use super::agree::{ToAgree, ask_two};
use super::plan::{Plan, foretell, plan, plan_of};
use super::rounds::{flip, go_on};
use super::{Application, Brake, Count, Leavers, Seen, What, brake, see, show, standing};
use crate::kernel::{At, Result};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::{Mark, holds, mark, moved, record};
use crate::school::roster::flow as roster;

/// How a row that applies an import ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    Applied,
    /// What is known is not what was agreed to: nothing was done.
    Stale,
    /// More must be said first: by the importer on a second button, or by two persons.
    Asked,
    /// Something happened since the look, or another import is not wholly written: nothing was done, and it must be
    /// looked at again.
    Moved,
}

/// What was looked at on a snapshot, before the writer is asked for: the difference and the plan take longer than the
/// writing.
#[derive(Debug, Clone)]
pub struct Looked {
    standing: Standing,
    brake: Brake,
    mark: Mark,
    at: At,
    /// It would do what was agreed to.
    same: bool,
    /// What is to be staged; none: something else must be said or done first.
    pub plan: Option<Plan>,
}

/// What is to be done about an application.
enum Next {
    Apply,
    /// It is not what was agreed to any more.
    Late,
    /// The importer's second word.
    Sure(Count),
    /// Two persons.
    Two(Leavers),
}

/// Would it do what was on the screen? An agreement takes hours, in which lessons begin: they alone may be missing.
fn is_as_agreed(tx: &Tx, standing: &Standing, application: &Application, agreement: Option<&str>) -> Result<bool> {
    let (Some(asked), Some(_)) = (application.asked_at, agreement) else {
        return Ok(standing.fingerprint == application.fingerprint);
    };
    // They read the effects; what it would clash with is the importer's affair, who pressed hours ago.
    let agreed = application.agreed.as_ref().unwrap_or(&application.fingerprint);
    let Standing { workbook, known, difference, .. } = standing;
    if difference.effects_print()? == *agreed {
        return Ok(true);
    }
    let then = Difference::as_of(asked, tx.now(), known, workbook, tx.zone());
    Ok(then.effects_print()? == *agreed && difference.is_left_of(&then))
}

fn next(standing: &Standing, brake: &Brake, application: &Application, same: bool, agreement: Option<&str>) -> Next {
    let may = match (standing.state.as_str(), agreement) {
        ("waiting", Some(_)) => standing.agreement_id.as_deref() == agreement,
        ("previewed", None) => true,
        ("applied", None) => application.rights && !standing.difference.rights.is_empty(),
        _ => false,
    };
    if !may || !same {
        return Next::Late;
    }
    match (&brake.sessions, &brake.people) {
        // What two persons read and agreed to needs no further press.
        (Some(count), _) if !application.sure && agreement.is_none() => Next::Sure(count.clone()),
        (_, Some(leavers)) if agreement.is_none() => Next::Two(leavers.clone()),
        _ => Next::Apply,
    }
}

/// Looks at an import as it stands, and plans what applying it writes. For a snapshot.
pub async fn look_ahead(tx: &mut Tx, application: &Application, agreement: Option<&str>) -> Result<Option<Looked>> {
    let (mark, at) = (mark(tx).await?, tx.now());
    let import_id = &application.import_id;
    let Some(standing) = standing(tx, import_id).await? else { return Ok(None) };
    let brake = brake(tx, &standing.known, &standing.difference).await?;
    let same = is_as_agreed(tx, &standing, application, agreement)?;
    let plan = match next(&standing, &brake, application, same, agreement) {
        Next::Apply => {
            let actor = application.by.clone().map_or(Actor::Cli, Actor::Person);
            let undoable = application.account.map(|_| import_id.as_str());
            let (known, difference) = (&standing.known, &standing.difference);
            Some(plan(tx, actor, known, difference, application.rights, undoable).await?)
        }
        Next::Late | Next::Sure(_) | Next::Two(_) => None,
    };
    Ok(Some(Looked { standing, brake, mark, at, same, plan }))
}

/// Did nothing happen since it was looked at?
async fn still(tx: &mut Tx, import_id: &str, looked: &Looked) -> Result<bool> {
    let stands = store::state(tx, import_id).await?;
    let Standing { state, agreement_id, known, difference, .. } = &looked.standing;
    let same = stands.is_some_and(|stands| stands.0 == *state && stands.1 == *agreement_id);
    Ok(same && holds(tx, &looked.mark).await? && !begun(known, difference, looked.at, tx.now()))
}

/// Did a session begin between the two moments? A file never touches one that has begun.
fn begun(known: &Known, difference: &Difference, from: At, until: At) -> bool {
    let mut starts = known.lessons.iter().map(|lesson| lesson.start);
    let mut new = difference.added.iter().map(|new| new.lesson.start);
    let between = |start: At| start > from && start <= until;
    until > from
        && (starts.any(between) || new.any(between) || difference.changed.iter().any(|c| between(c.after.start)))
}

/// The job's half: what was looked at (and staged) is written, asked or refused; the message follows. `row`: the row's
/// id. `agreement`: the one that the row carries out.
pub async fn carry_out(
    tx: &mut Tx,
    application: &Application,
    row: &str,
    agreement: Option<&str>,
    looked: Option<&Looked>,
) -> Result<Carried> {
    if store::receipt(tx, row).await?.is_some() {
        // The row ran before, and the program stopped before it could be settled.
        return Ok(Carried::Applied);
    }
    let import_id = &application.import_id;
    let Some(looked) = looked else { return late(tx, application, row, agreement).await };
    if store::has_rest(tx).await? || !still(tx, import_id, looked).await? {
        return Ok(Carried::Moved);
    }
    let plan = match (next(&looked.standing, &looked.brake, application, looked.same, agreement), &looked.plan) {
        (Next::Apply, Some(plan)) => plan,
        (Next::Apply, None) => return Ok(Carried::Moved),
        (Next::Late, _) => return late(tx, application, row, agreement).await,
        (Next::Sure(count), _) => return ask(tx, application, row, What::Confirm(application.clone(), count)).await,
        (Next::Two(leavers), _) => {
            let Standing { workbook, file_name: file, known, difference, .. } = &looked.standing;
            let what = ToAgree { workbook, file, known, difference, leavers: &leavers };
            ask_two(tx, application, &what).await?;
            return ask(tx, application, row, What::Standing).await;
        }
    };
    let actor = application.by.clone().map_or(Actor::Cli, Actor::Person);
    settle(tx, &actor, import_id, plan).await?;
    store::keep_receipt(tx, row, &serde_json::to_string(&plan.receipt)?).await?;
    if plan.goes_on() {
        go_on(tx, plan, import_id, row, application.account).await?;
    } else if let Some(account) = application.account {
        show(tx, import_id, account, row, What::Done(row.to_owned())).await?;
    }
    Ok(Carried::Applied)
}

async fn ask(tx: &mut Tx, application: &Application, row: &str, what: What) -> Result<Carried> {
    if let Some(account) = application.account {
        show(tx, &application.import_id, account, row, what).await?;
    }
    Ok(Carried::Asked)
}

async fn late(tx: &mut Tx, application: &Application, row: &str, agreement: Option<&str>) -> Result<Carried> {
    let stands = store::state(tx, &application.import_id).await?;
    let state = stands.as_ref().map_or("", |(state, _)| state.as_str());
    let what = match agreement {
        Some(_) => What::Late,
        None => What::Stale,
    };
    if agreement.is_some() && state == "waiting" {
        store::settle(tx, &application.import_id, "abandoned").await?;
    }
    // Who gave it up meanwhile was told so.
    if let Some(account) = application.account.filter(|_| matches!(state, "previewed" | "waiting" | "applied")) {
        show(tx, &application.import_id, account, row, what).await?;
    }
    Ok(Carried::Stale)
}

async fn settle(tx: &mut Tx, actor: &Actor, import_id: &str, plan: &Plan) -> Result<()> {
    flip(tx, plan).await?;
    store::settle(tx, import_id, "applied").await?;
    let object = format!("import:{import_id}");
    record(tx, actor, "workbook.applied", &object, None, Some(&serde_json::to_string(&plan.receipt)?)).await
}

/// The receipt that is kept under `key`.
pub async fn receipt(tx: &mut Tx, key: &str) -> Result<Option<Receipt>> {
    Ok(store::receipt(tx, key).await?.map(|json| serde_json::from_str(&json)).transpose()?)
}

/// A file applied at the school's machine: what its user allows beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtOnce {
    pub sha256: String,
    /// Roles above student too.
    pub rights: bool,
    /// So many sessions may be removed, even beyond the limit.
    pub remove: Option<usize>,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    Applied(Receipt),
    /// So many sessions would be removed, beyond the limit, and that number was not allowed.
    Removes(Count),
    /// Two persons must agree; the agreement's id.
    Asked(String, Leavers),
    /// Two persons would have to agree, and no admin can be asked.
    Nobody(Leavers),
}

/// What a file would do, looked at on a snapshot.
#[derive(Debug, Clone)]
pub struct Previewed {
    pub seen: Seen,
    /// What would be done now, when that is not everything: roles wait.
    held: Option<Difference>,
    pub brake: Brake,
    /// Whom it would be told to.
    pub told: Vec<Told>,
    /// The workbook, for those who must be asked.
    kept: Option<String>,
    mark: Mark,
    at: At,
    /// What is to be staged; none: it is not applied as it stands.
    pub plan: Option<Plan>,
}

/// Looks at what a file would do now, and plans it on these terms. For a snapshot.
pub async fn preview(tx: &mut Tx, workbook: &Workbook, terms: Option<&AtOnce>) -> Result<Previewed> {
    let compared = compare(tx, workbook, terms).await?;
    planned(tx, compared, terms).await
}

/// As [`preview`]; the file's lines are let go once they were compared: of a large one nobody need hold both them and
/// what they come to.
pub async fn preview_and_let_go(tx: &mut Tx, workbook: &mut Workbook, terms: &AtOnce) -> Result<Previewed> {
    let compared = compare(tx, workbook, Some(terms)).await?;
    workbook.lessons = Vec::new();
    planned(tx, compared, Some(terms)).await
}

/// What a file would do, before it is planned.
struct Compared {
    mark: Mark,
    at: At,
    seen: Seen,
    brake: Brake,
    kept: Option<String>,
}

async fn compare(tx: &mut Tx, workbook: &Workbook, terms: Option<&AtOnce>) -> Result<Compared> {
    let (mark, at) = (mark(tx).await?, tx.now());
    let seen = see(tx, workbook).await?;
    let brake = brake(tx, &seen.known, &seen.difference).await?;
    // Whoever is asked may look at it for days.
    let asks = terms.is_some() && brake.people.is_some();
    let kept = if asks { Some(serde_json::to_string(workbook)?) } else { None };
    Ok(Compared { mark, at, seen, brake, kept })
}

async fn planned(tx: &mut Tx, compared: Compared, terms: Option<&AtOnce>) -> Result<Previewed> {
    let Compared { mark, at, seen, brake, kept } = compared;
    let rights = terms.is_some_and(|terms| terms.rights);
    let held = (!rights).then(|| seen.difference.without_rights(&seen.known));
    let doing = held.as_ref().unwrap_or(&seen.difference);
    let plan = plan_of(tx, Actor::Cli, (&seen.difference, doing), rights, None).await?;
    let told = foretell(tx, &seen.known, &plan).await?;
    let may = terms.is_some_and(|terms| terms.over(&brake).is_none() && brake.people.is_none());
    Ok(Previewed { seen, held, brake, told, kept, mark, at, plan: may.then_some(plan) })
}

impl Previewed {
    /// What is done: roles only when they are asked for.
    pub fn doing(&self) -> &Difference {
        self.held.as_ref().unwrap_or(&self.seen.difference)
    }
}

/// Notes that the file was read; `whole`: what it says is kept too, for those who look at it later. The import's id.
pub async fn kept(tx: &mut Tx, workbook: &Workbook, terms: &AtOnce, whole: bool) -> Result<String> {
    let import_id = store::insert(tx, &workbook.file, None, None).await?;
    let json = if whole { Some(serde_json::to_string(workbook)?) } else { None };
    store::previewed(tx, &import_id, &terms.sha256, json.as_deref()).await?;
    Ok(import_id)
}

/// Which classes would be told of an import, and when, were it applied now. Roles that wait make no difference to that.
pub async fn told(tx: &mut Tx, standing: &Standing) -> Result<Vec<Told>> {
    let plan = plan(tx, Actor::Cli, &standing.known, &standing.difference, false, None).await?;
    foretell(tx, &standing.known, &plan).await
}

impl AtOnce {
    /// More sessions than these terms allow.
    fn over(&self, brake: &Brake) -> Option<Count> {
        brake.sessions.clone().filter(|count| self.remove != Some(count.0))
    }
}

/// In the transaction that applied a file: what will stand in the audit once all of its rounds are written, if nobody
/// else records anything.
pub async fn written(tx: &mut Tx, previewed: &Previewed) -> Result<Mark> {
    // Each round that is still to come is one entry.
    let rounds = previewed.plan.as_ref().map_or(0, |plan| plan.batches().count().saturating_sub(1));
    moved(tx, &previewed.mark, i64::try_from(rounds).unwrap_or(0)).await
}

/// Applies a file that was kept, looked at and staged, or says what hinders it. `None`: something happened since the
/// look, or another import is not wholly written, and it must be looked at again. Of a large file rounds are still to
/// come; its receipt is kept under the import's id then.
pub async fn at_once(
    tx: &mut Tx,
    import_id: &str,
    workbook: &Workbook,
    terms: &AtOnce,
    previewed: &Previewed,
) -> Result<Option<Ended>> {
    let Previewed { seen, brake, mark, at, plan, .. } = previewed;
    if store::has_rest(tx).await? || !holds(tx, mark).await? || begun(&seen.known, &seen.difference, *at, tx.now()) {
        return Ok(None);
    }
    if let Some(count) = terms.over(brake) {
        store::settle(tx, import_id, "abandoned").await?;
        return Ok(Some(Ended::Removes(count)));
    }
    if let Some(leavers) = brake.people.as_ref()
        && roster::admins(tx).await?.is_empty()
    {
        store::settle(tx, import_id, "abandoned").await?;
        return Ok(Some(Ended::Nobody(leavers.clone())));
    }
    if let Some(leavers) = &brake.people {
        let application = Application {
            import_id: import_id.to_owned(),
            fingerprint: seen.difference.fingerprint()?,
            rights: terms.rights,
            sure: true,
            by: None,
            account: None,
            asked_at: None,
            agreed: None,
        };
        if let Some(kept) = &previewed.kept {
            store::keep_workbook(tx, import_id, kept).await?;
        }
        let (file, known, difference) = (workbook.file.as_str(), &seen.known, &seen.difference);
        let agreement = ask_two(tx, &application, &ToAgree { workbook, file, known, difference, leavers }).await?;
        return Ok(Some(Ended::Asked(agreement, leavers.clone())));
    }
    let Some(plan) = plan else { return Ok(None) };
    settle(tx, &Actor::Cli, import_id, plan).await?;
    if plan.goes_on() {
        store::keep_receipt(tx, import_id, &serde_json::to_string(&plan.receipt)?).await?;
        go_on(tx, plan, import_id, import_id, None).await?;
    }
    Ok(Some(Ended::Applied(plan.receipt)))
}
