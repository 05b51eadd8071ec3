//! The teacher stands by the sheet; what is validated is made public.

use super::super::{Counts, Sheet, SheetState, store};
use super::locked::sheet;
use super::{FILE, For, NUDGE, REPORT, TELL_NUDGE, Unchanged, awake, in_charge, object};
use crate::kernel::{At, Result};
use crate::platform::outbox::{self, Put, Rank};
use crate::platform::store::Tx;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::roster::flow::{person, staff_of};
use crate::school::session::flow::session;

/// How a validation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Validated {
    Done,
    /// So many lines are still to be marked or decided: asked first, never turned into absences.
    Open(i64),
    Refused(Unchanged),
}

/// The teacher stands by the sheet. With open lines only when `leave_open` says so.
pub async fn validate(tx: &mut Tx, session_id: &str, by: &str, version: i64, leave_open: bool) -> Result<Validated> {
    let Some(sheet) = sheet(tx, session_id).await? else { return Ok(Validated::Refused(Unchanged::Gone)) };
    match sheet.state {
        // Locked as it was left: to stand by it changes no line.
        SheetState::Locked if sheet.validated_at.is_some() => return Ok(Validated::Refused(Unchanged::Locked)),
        SheetState::Validated if sheet.version == version + 1 => return Ok(Validated::Refused(Unchanged::Same)),
        _ => {}
    }
    let lines = store::lines(tx, session_id).await?;
    let counts = Counts::of(&lines);
    let open = counts.open + counts.partial;
    if open > 0 && !leave_open {
        return Ok(Validated::Open(open));
    }
    if !store::validate(tx, session_id, by, version).await? {
        return Ok(Validated::Refused(Unchanged::Stale));
    }
    let actor = Actor::Person(by.to_owned());
    record(tx, &actor, "sheet.validated", &object(session_id), None, Some(&format!("version {}", version + 1))).await?;
    outbox::cancel_like(tx, &format!("{NUDGE}:{session_id}:"), "validated").await?;
    outbox::cancel_like(tx, &format!("{TELL_NUDGE}:{session_id}:"), "validated").await?;
    publish(tx, session_id, by).await?;
    Ok(Validated::Done)
}

/// The counts go to the group (by editing the session's message), the file to those in charge. Who did it waits for
/// the file; the others are not woken for it.
pub(super) async fn publish(tx: &mut Tx, session_id: &str, by: &str) -> Result<()> {
    store::publish(tx, session_id).await?;
    let (Some(sheet), Some(session)) = (store::sheet(tx, session_id).await?, session(tx, session_id).await?) else {
        return Ok(());
    };
    let about = For { session_id: session_id.to_owned(), account: 0, version: sheet.revision };
    let put = Put::new(REPORT, format!("{REPORT}:{session_id}:{}", sheet.revision), &about)?;
    outbox::put(tx, put.lane(format!("session:{session_id}")).repeatable()).await?;
    let mut people = in_charge(tx, &session).await?;
    for person in staff_of(tx, &session.classroom_id).await? {
        if !people.iter().any(|known| known.telegram_id == person.telegram_id) {
            people.push(person);
        }
    }
    let now = tx.now();
    for person in people {
        let due = if person.person_id == by { now } else { awake(tx, now) };
        let account = person.telegram_id;
        let about = For { session_id: session_id.to_owned(), account, version: sheet.revision };
        let put = Put::new(FILE, file_key(&about), &about)?.lane(format!("chat:{account}"));
        outbox::put(tx, put.due(due)).await?;
    }
    Ok(())
}

/// Who corrected a validated sheet last, and when; nobody while it stands as it was validated.
pub async fn corrected(tx: &mut Tx, sheet: &Sheet) -> Result<Option<(String, At)>> {
    if sheet.revision < 2 {
        return Ok(None);
    }
    let Some((by, at)) = store::last_change(tx, &sheet.session_id).await? else { return Ok(None) };
    Ok(Some((person(tx, &by).await?.map(|person| person.full_name()).unwrap_or_default(), at)))
}

fn file_key(about: &For) -> String {
    format!("{FILE}:{}:{}:{}", about.session_id, about.version, about.account)
}

/// The sheet as a file, for one account that asks for it; two presses in a minute are one.
pub async fn file_for(tx: &mut Tx, session_id: &str, account: i64, revision: i64) -> Result<()> {
    let about = For { session_id: session_id.to_owned(), account, version: revision };
    let key = format!("{}:asked:{}", file_key(&about), tx.now().millis() / 60_000);
    let put = Put::new(FILE, key, &about)?.lane(format!("chat:{account}"));
    outbox::put(tx, put.rank(Rank::Answer)).await.map(|_| ())
}
