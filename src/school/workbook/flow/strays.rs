//! An account that was untied leaves the groups that it was in by that tie alone. That is a removal as any other: beyond
//! the limits of a rolling day it waits for two persons.

use super::super::{removals_over_limit, store};
use super::brake::groups_loads;
use crate::kernel::{Result, Text};
use crate::platform::store::Tx;
use crate::school::approval::{Ask, flow as approvals};
use crate::school::classroom::flow as classroom;
use crate::school::roster::{STRAY, Stray, flow as roster};
use crate::text;

/// What becomes of an untied account, when untying can be undone no more; `agreement`: what two persons said.
pub async fn stray(tx: &mut Tx, stray: &Stray, agreement: Option<&str>) -> Result<()> {
    let classes = roster::strays_in(tx, stray).await?;
    if classes.is_empty() {
        if let Some(agreement) = agreement {
            approvals::came_to_nothing(tx, agreement, &text!("workbook-stray-nothing")).await?;
        }
        return Ok(());
    }
    if agreement.is_none() && is_over(tx, &classes).await? {
        return ask_two(tx, stray, &classes).await;
    }
    for class in &classes {
        roster::plan_stray_departure(tx, stray, class).await?;
        store::insert_removal(tx, "group", class, &stray.person).await?;
    }
    if let Some(agreement) = agreement {
        approvals::carried_out(tx, agreement).await?;
    }
    Ok(())
}

async fn is_over(tx: &mut Tx, classes: &[String]) -> Result<bool> {
    let leaving = classes.iter().map(|class| (class.clone(), 1));
    let since = tx.now().plus_days(-1);
    let (loads, school) = groups_loads(tx, leaving, since).await?;
    Ok(removals_over_limit(&loads, school).any())
}

/// Whoever untied it asks; where that is an admin, they are one of the two.
async fn ask_two(tx: &mut Tx, stray: &Stray, classes: &[String]) -> Result<()> {
    let mut names = Vec::new();
    for class in classes {
        names.extend(classroom::classroom(tx, class).await?.map(|class| Text::verbatim(class.name)));
    }
    let name = roster::person(tx, &stray.person).await?.map(|person| person.short_name()).unwrap_or_default();
    let ask = Ask {
        kind: STRAY,
        effects: text!("workbook-agree-stray", name = name, classes = Text::joined(", ", names)),
        payload: serde_json::to_value(stray)?,
        needs: 2,
        asked_by: Some(stray.by.clone()),
        hours: 72,
    };
    let agreement = approvals::ask(tx, ask).await?;
    if roster::admins(tx).await?.iter().any(|admin| admin.person_id == stray.by) {
        approvals::voice(tx, &agreement, &stray.by, true).await?;
    }
    Ok(())
}
