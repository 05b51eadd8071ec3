//! Who somebody in the call is, whom no account tells: a person in charge says so, and may take it back.

use super::super::store::{self, Change};
use super::super::{Line, Naming, Sheet, SheetState};
use super::locked::sheet;
use super::opening::verdicts;
use super::validating::publish;
use super::{Unchanged, object};
use crate::kernel::Result;
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::session::flow::{follow, session};

/// The reason of a line that changed because somebody in the call got a name.
const NAMED: &str = "named";

/// Says who it is, or (`undo_until` is set) takes that back. What was seen of them then counts for that person, and the
/// rules speak again of that line alone. Gives the line as it is now; `None` when it is nobody of the class.
pub async fn match_peer(
    tx: &mut Tx,
    naming: &Naming,
    by: &str,
) -> Result<std::result::Result<Option<Line>, Unchanged>> {
    let session_id = naming.session.as_str();
    let Some(sheet) = sheet(tx, session_id).await? else { return Ok(Err(Unchanged::Gone)) };
    if sheet.state == SheetState::Locked {
        return Ok(Err(Unchanged::Locked));
    }
    if sheet.version != naming.version {
        return Ok(Err(Unchanged::Stale));
    }
    let (person, undo) = (naming.person.as_deref(), naming.undo_until.is_some());
    if let Some(person) = person
        && store::line(tx, session_id, person).await?.is_none()
    {
        return Ok(Err(Unchanged::Gone));
    }
    let done = if undo {
        store::unname_peer(tx, session_id, naming.peer).await?
    } else {
        store::name_peer(tx, session_id, naming.peer, person, by).await?
    };
    if !done || !store::bump(tx, session_id, sheet.version).await? {
        return Ok(Err(Unchanged::Stale));
    }
    let actor = Actor::Person(by.to_owned());
    let who = format!("{} {}", naming.peer, person.map_or_else(|| "nobody".to_owned(), |id| format!("person:{id}")));
    let (what, old, new) = if undo {
        ("presence.unnamed", Some(who.as_str()), None)
    } else {
        ("presence.named", None, Some(who.as_str()))
    };
    record(tx, &actor, what, &object(session_id), old, new).await?;
    let Some(person) = person else { return Ok(Ok(None)) };
    rejudge(tx, &sheet, person, by).await?;
    Ok(Ok(store::line(tx, session_id, person).await?))
}

/// The rules speak again of one line.
async fn rejudge(tx: &mut Tx, sheet: &Sheet, person: &str, by: &str) -> Result<()> {
    let session_id = sheet.session_id.as_str();
    let Some(session) = session(tx, session_id).await? else { return Ok(()) };
    let running = sheet.state == SheetState::Running;
    let all = verdicts(tx, &session, running).await?;
    let Some((line, verdict)) = all.into_iter().find(|(line, _)| line.person_id == person) else { return Ok(()) };
    if verdict == line.verdict() {
        return Ok(());
    }
    store::set_line(tx, session_id, person, &verdict).await?;
    if running {
        return follow(tx, session_id).await;
    }
    let (old, new) = (serde_json::to_string(&line.verdict())?, serde_json::to_string(&verdict)?);
    let change = Change { session_id, person_id: person, version: sheet.version + 1, old, new, reason: NAMED, by };
    store::insert_change(tx, &change).await?;
    if sheet.validated_at.is_some() { publish(tx, session_id, by).await } else { Ok(()) }
}
