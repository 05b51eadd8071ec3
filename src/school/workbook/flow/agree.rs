//! What two persons must agree to: asked, taken back, refused, run out.

use super::super::{Difference, Known, Workbook, rules_preview, store};
use super::{APPLY, Application, Leavers, What, show};
use crate::kernel::text::names;
use crate::kernel::{Result, Text};
use crate::platform::store::Tx;
use crate::school::approval::flow::{ask, voice, when_over, withdraw};
use crate::school::approval::{Ask, Over};
use crate::school::audit::Actor;
use crate::text;

/// Hears that an agreement was refused or ran out.
pub const OVER: &str = "workbook.over";

/// What two persons are asked about.
#[derive(Debug, Clone, Copy)]
pub(super) struct ToAgree<'a> {
    pub workbook: &'a Workbook,
    pub file: &'a str,
    pub known: &'a Known,
    pub difference: &'a Difference,
    pub leavers: &'a Leavers,
}

impl ToAgree<'_> {
    /// Spelled out, with names: for admins, in private.
    fn words(&self, rights: bool) -> Text {
        let Self { workbook, file, known, difference, leavers } = *self;
        let gone = known.people.iter().filter(|person| leavers.people.contains(&person.id));
        let mut gone: Vec<String> = gone.map(|person| names::short(&person.first_name, &person.last_name)).collect();
        gone.sort();
        let head = text!("workbook-agree-people", count = leavers.count(), classes = leavers.places(), file = file);
        let what = if rights {
            rules_preview::effects(workbook, difference, &gone, true)
        } else {
            rules_preview::effects(workbook, &difference.without_rights(known), &gone, false)
        };
        Text::lines(std::iter::once(head).chain(what))
    }
}

/// Asks two persons to agree to what leaves the classes; the importer, who just asked for it, is one of them. Roles that
/// cannot all be named to them are no part of it: they are given on their own.
pub(super) async fn ask_two(tx: &mut Tx, application: &Application, what: &ToAgree<'_>) -> Result<String> {
    let agreed = Some(what.difference.effects_print()?);
    let rights = application.rights && rules_preview::all_named(&what.difference.rights);
    let application = &Application { asked_at: Some(tx.now()), agreed, rights, ..application.clone() };
    let agreement = Ask {
        kind: APPLY,
        effects: what.words(application.rights),
        payload: serde_json::to_value(application)?,
        needs: 2,
        asked_by: application.by.clone(),
        hours: 72,
    };
    let agreement_id = ask(tx, agreement).await?;
    when_over(tx, &agreement_id, OVER).await?;
    store::wait(tx, &application.import_id, &agreement_id, &application.fingerprint).await?;
    if let Some(by) = &application.by {
        voice(tx, &agreement_id, by, true).await?;
    }
    Ok(agreement_id)
}

/// `[Abandonner]`; `false` when it was applied or given up before, or is agreed to. While two persons are waited for, they
/// need not answer any more.
pub async fn abandon(tx: &mut Tx, import_id: &str, actor: &Actor) -> Result<bool> {
    let Some(import) = store::import(tx, import_id).await? else { return Ok(false) };
    let free = match (import.state.as_str(), import.agreement_id.as_deref()) {
        // An application that was pressed just before finds the import given up.
        ("previewed", _) => true,
        ("waiting", Some(agreement)) => withdraw(tx, agreement, actor).await?,
        _ => false,
    };
    if free {
        store::settle(tx, import_id, "abandoned").await?;
    }
    Ok(free)
}

/// Somebody refused, or nobody answered in time: the import ends, and its message says what to do.
pub async fn over(tx: &mut Tx, over: &Over) -> Result<()> {
    let application: Application = serde_json::from_value(over.payload.clone())?;
    let import_id = &application.import_id;
    let waits = store::import(tx, import_id).await?.is_some_and(|import| {
        import.state == "waiting" && import.agreement_id.as_deref() == Some(over.agreement.as_str())
    });
    if !waits {
        return Ok(());
    }
    store::settle(tx, import_id, "abandoned").await?;
    if let Some(account) = application.account {
        let what = if over.refused { What::NotAgreed } else { What::RanOut };
        show(tx, import_id, account, &format!("over:{}", over.agreement), what).await?;
    }
    Ok(())
}
