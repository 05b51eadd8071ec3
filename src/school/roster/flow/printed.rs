//! Links for a whole class (or the staff of none), to be printed. Their tokens live in memory only, between their making and their sending.

use serde::{Deserialize, Serialize};

use super::super::{LinkKind, Person, rules, store};
use super::circles::{self, circle, may_link, printed_in, unlinked_in};
use super::links::{object_of, store_link};
use super::tell;
use crate::kernel::{At, Lang, Result, Text};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::text;

pub const LINKS: &str = "roster.links";

/// What making links would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preview {
    pub unlinked: usize,
    /// Printed links that would cease to work.
    pub printed: i64,
}

/// Links that somebody ordered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Order {
    /// A [`circles::Circle`]'s id.
    pub classroom: String,
    pub account: i64,
    pub person: String,
    pub lang: Lang,
}

/// Links that are made and do not work yet: they are opened once their file has gone out.
#[derive(Debug)]
pub struct Draft {
    pub class: Text,
    pub until: At,
    /// Person, token, hash.
    pub lines: Vec<(Person, String, String)>,
}

pub async fn preview(tx: &mut Tx, classroom_id: &str) -> Result<Preview> {
    let unlinked = unlinked_in(tx, classroom_id).await?.len();
    Ok(Preview { unlinked, printed: printed_in(tx, classroom_id).await? })
}

/// Orders the file; `press` names the button, so that two presses are one order.
pub async fn order(tx: &mut Tx, order: &Order, press: &str) -> Result<()> {
    let object = circles::object_of(&order.classroom);
    let put = Put::new(LINKS, format!("{LINKS}:{press}"), order)?;
    if outbox::put(tx, put.rank(Rank::Answer).lane(format!("links:{}", order.classroom))).await? {
        record(tx, &Actor::Person(order.person.clone()), "links.ordered", &object, None, None).await?;
    }
    Ok(())
}

/// Makes the links of the unlinked, closed. `None` when nobody is unlinked any more, or who ordered them may no more.
pub async fn draft(tx: &mut Tx, order: &Order) -> Result<Option<Draft>> {
    let Some(class) = circle(tx, &order.classroom).await? else { return Ok(None) };
    // The order may have waited for hours: the file opens the accounts of a class to whoever holds it.
    let by = store::person_of_account(tx, order.account).await?.filter(|by| by.active && by.id == order.person);
    let Some(by) = by else { return Ok(None) };
    if !may_link(tx, &by, &class).await? {
        return Ok(None);
    }
    let (actor, until) = (Actor::Person(order.person.clone()), rules::expiry(LinkKind::Printed, tx.now()));
    let mut lines = Vec::new();
    for person in unlinked_in(tx, &order.classroom).await? {
        let token = tx.ids().token();
        let hash = store_link(tx, &token, LinkKind::Printed, Some(&person.id), &actor, false).await?;
        lines.push((person, token, hash));
    }
    Ok((!lines.is_empty()).then_some(Draft { class: class.name, until, lines }))
}

/// The file has gone out: its links work from now on, those printed before no longer.
pub async fn open_draft(tx: &mut Tx, order: &Order, draft: &Draft) -> Result<()> {
    let actor = Actor::Person(order.person.clone());
    for (person, _, hash) in &draft.lines {
        store::kill_printed_of(tx, &person.id).await?;
        store::open_link(tx, hash).await?;
        record(tx, &actor, "link.made", &object_of(hash), None, Some(LinkKind::Printed.code())).await?;
    }
    Ok(())
}

/// The file may not have arrived: its links do not work, and whoever ordered it is told to do it again.
pub async fn links_failed(tx: &mut Tx, order: &Order, row: &str) -> Result<()> {
    let Some(reader) = store::reachable_account(tx, order.account).await? else { return Ok(()) };
    let class = circle(tx, &order.classroom).await?.map_or_else(|| Text::verbatim(""), |class| class.name);
    tell(tx, &[reader], &format!("links:{row}"), &text!("roster-links-failed", class = class), None).await
}
