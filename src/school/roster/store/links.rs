//! The SQL of personal links, and of those who are to leave a group.

use super::super::{Link, LinkKind};
use crate::kernel::{At, Result};
use crate::platform::store::Tx;
use crate::{fetch_all, fetch_optional, run, statements};

statements! {
    END_LINKS = "DELETE FROM personal_link WHERE person_id IN (SELECT id FROM person WHERE NOT active AND updated_at <= $1)";
    FORGET_USERS = "UPDATE personal_link SET used_by = NULL WHERE used_by IS NOT NULL \
        AND NOT EXISTS (SELECT 1 FROM account a WHERE a.telegram_id = personal_link.used_by)";
    INSERT_LINK = "INSERT INTO personal_link (token_hash, kind, person_id, made_at, expires_at, made_by, state) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    LINK = "SELECT token_hash, kind, person_id, expires_at, tries, state, used_by FROM personal_link WHERE token_hash = $1";
    TRIED_LINK = "UPDATE personal_link SET tries = tries + 1 WHERE token_hash = $1 AND state = 'open'";
    USE_LINK = "UPDATE personal_link SET state = 'used', used_by = $2, used_at = $3 WHERE token_hash = $1 AND state = 'open'";
    KILL_LINK = "UPDATE personal_link SET state = 'dead' WHERE token_hash = $1 AND state = 'open'";
    KILL_LINKS_OF = "UPDATE personal_link SET state = 'dead' WHERE person_id = $1 AND state = 'open'";
    KILL_PRINTED_OF = "UPDATE personal_link SET state = 'dead' WHERE person_id = $1 AND kind = 'printed' AND state = 'open'";
    OPEN_LINK = "UPDATE personal_link SET state = 'open' WHERE token_hash = $1 AND state = 'dead' AND tries = 0";
    COUNT_PRINTED = "SELECT COUNT(*) FROM personal_link l JOIN enrolment e ON e.person_id = l.person_id \
        WHERE e.classroom_id = $1 AND l.kind = 'printed' AND l.state = 'open' AND l.expires_at > $2 \
        AND NOT EXISTS (SELECT 1 FROM account a WHERE a.person_id = l.person_id)";
    COUNT_PRINTED_STAFF = "SELECT COUNT(*) FROM personal_link l JOIN person p ON p.id = l.person_id \
        WHERE p.active AND p.role IN ('teacher', 'supervisor', 'manager') \
        AND NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.person_id = p.id) \
        AND l.kind = 'printed' AND l.state = 'open' AND l.expires_at > $1 \
        AND NOT EXISTS (SELECT 1 FROM account a WHERE a.person_id = l.person_id)";
    PUT_DEPARTURE = "INSERT INTO departure (classroom_id, person_id, account, due_at, state, at) \
        VALUES ($1, $2, $3, $4, 'waiting', $5) ON CONFLICT (classroom_id, person_id) DO UPDATE SET \
        account = excluded.account, due_at = excluded.due_at, state = excluded.state, at = excluded.at";
    DROP_DEPARTURE = "DELETE FROM departure WHERE classroom_id = $1 AND person_id = $2";
    /// An account that is another's, or nobody's while they have one, was theirs by mistake.
    DROP_DEPARTURES_BACK = "DELETE FROM departure WHERE person_id = $1 AND (account IN \
        (SELECT a.telegram_id FROM account a WHERE a.person_id = $1) \
        OR NOT EXISTS (SELECT 1 FROM account a WHERE a.person_id = $1))";
    DEPARTURES = "SELECT person_id, account, at FROM departure WHERE classroom_id = $1 AND state = 'waiting' AND due_at <= $2 \
        ORDER BY at, person_id";
    HOLD_DEPARTURE = "UPDATE departure SET state = 'held' WHERE classroom_id = $1 AND person_id = $2";
    RELEASE_DEPARTURES = "UPDATE departure SET state = 'waiting', due_at = $2 WHERE classroom_id = $1 AND state = 'held'";
}

/// The links of those who left the school before, and which account used a link whose tie is no more.
pub(in crate::school::roster) async fn forget_links(tx: &mut Tx, before: At) -> Result<()> {
    run!(tx, END_LINKS, before)?;
    run!(tx, FORGET_USERS).map(|_| ())
}

pub(in crate::school::roster) async fn put_departure(
    tx: &mut Tx,
    classroom_id: &str,
    person_id: &str,
    account: i64,
    due: At,
) -> Result<()> {
    let now = tx.now();
    run!(tx, PUT_DEPARTURE, classroom_id, person_id, account, due, now).map(|_| ())
}

/// They need not leave any more, or have left.
pub(in crate::school::roster) async fn drop_departure(
    tx: &mut Tx,
    classroom_id: &str,
    person_id: &str,
) -> Result<bool> {
    Ok(run!(tx, DROP_DEPARTURE, classroom_id, person_id)? == 1)
}

/// They are back in the school, and need leave no group: departures of their own account.
pub(in crate::school::roster) async fn drop_departures_back(tx: &mut Tx, person_id: &str) -> Result<()> {
    run!(tx, DROP_DEPARTURES_BACK, person_id).map(|_| ())
}

/// Those whose time to leave a class's group has come: person, account, since when it is known.
pub(in crate::school::roster) async fn departures(tx: &mut Tx, classroom_id: &str) -> Result<Vec<(String, i64, At)>> {
    let now = tx.now();
    fetch_all!(tx, (String, i64, At), DEPARTURES, classroom_id, now)
}

pub(in crate::school::roster) async fn hold_departure(
    tx: &mut Tx,
    classroom_id: &str,
    person_id: &str,
) -> Result<bool> {
    Ok(run!(tx, HOLD_DEPARTURE, classroom_id, person_id)? == 1)
}

/// Those who were held back are due again; `false` when there are none.
pub(in crate::school::roster) async fn release_departures(tx: &mut Tx, classroom_id: &str) -> Result<bool> {
    let now = tx.now();
    Ok(run!(tx, RELEASE_DEPARTURES, classroom_id, now)? > 0)
}

/// Stores a link; `open`: it works from now on.
pub(in crate::school::roster) async fn insert_link(
    tx: &mut Tx,
    link: (&str, LinkKind, Option<&str>),
    expires_at: At,
    made_by: Option<&str>,
    open: bool,
) -> Result<()> {
    let now = tx.now();
    let (hash, kind, person_id) = link;
    let state = if open { "open" } else { "dead" };
    run!(tx, INSERT_LINK, hash, kind.code(), person_id, now, expires_at, made_by, state).map(|_| ())
}

pub(in crate::school::roster) async fn link(tx: &mut Tx, hash: &str) -> Result<Option<Link>> {
    fetch_optional!(tx, Link, LINK, hash)
}

pub(in crate::school::roster) async fn tried_link(tx: &mut Tx, hash: &str) -> Result<()> {
    run!(tx, TRIED_LINK, hash).map(|_| ())
}

/// `false` when it was used or died before.
pub(in crate::school::roster) async fn use_link(tx: &mut Tx, hash: &str, account: i64) -> Result<bool> {
    let now = tx.now();
    Ok(run!(tx, USE_LINK, hash, account, now)? == 1)
}

pub(in crate::school::roster) async fn kill_link(tx: &mut Tx, hash: &str) -> Result<bool> {
    Ok(run!(tx, KILL_LINK, hash)? == 1)
}

/// All links of a person cease to work.
pub(in crate::school::roster) async fn kill_links_of(tx: &mut Tx, person_id: &str) -> Result<u64> {
    run!(tx, KILL_LINKS_OF, person_id)
}

pub(in crate::school::roster) async fn kill_printed_of(tx: &mut Tx, person_id: &str) -> Result<u64> {
    run!(tx, KILL_PRINTED_OF, person_id)
}

/// A link that was stored closed works from now on.
pub(in crate::school::roster) async fn open_link(tx: &mut Tx, hash: &str) -> Result<bool> {
    Ok(run!(tx, OPEN_LINK, hash)? == 1)
}

/// Printed links of the unlinked of a class that still work.
pub(in crate::school::roster) async fn count_printed(tx: &mut Tx, classroom_id: &str) -> Result<i64> {
    let now = tx.now();
    Ok(fetch_optional!(tx, (i64,), COUNT_PRINTED, classroom_id, now)?.map_or(0, |(count,)| count))
}

/// As [`count_printed`], of the staff of no class.
pub(in crate::school::roster) async fn count_printed_staff(tx: &mut Tx) -> Result<i64> {
    let now = tx.now();
    Ok(fetch_optional!(tx, (i64,), COUNT_PRINTED_STAFF, now)?.map_or(0, |(count,)| count))
}
