//! The SQL of classes, groups and those who come and go.

use super::{Classroom, Group, Making};
use crate::kernel::text::names;
use crate::kernel::{At, Result};
use crate::platform::store::{Affected as _, Tx};
use crate::{fetch_all, fetch_optional, run, statements};

statements! {
    CLASSROOMS = "SELECT id, name, lang FROM classroom WHERE closed_at IS NULL ORDER BY name_fold, id";
    CLASSROOM = "SELECT id, name, lang FROM classroom WHERE id = $1";
    BY_NAME = "SELECT id, name, lang FROM classroom WHERE name_fold = $1";
    INSERT = "INSERT INTO classroom (id, name, name_fold, created_at) VALUES ($1, $2, $3, $4)";
    CLOSE = "UPDATE classroom SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL";
    REOPEN = "UPDATE classroom SET closed_at = NULL WHERE id = $1 AND closed_at IS NOT NULL";
    GROUP_OF = "SELECT classroom_id, chat, title, bot_is_admin, missing_rights, join_link, owner, spare FROM classroom_group WHERE classroom_id = $1";
    GROUP_OF_CHAT = "SELECT classroom_id, chat, title, bot_is_admin, missing_rights, join_link, owner, spare FROM classroom_group WHERE chat = $1";
    GROUPS = "SELECT classroom_id, chat, title, bot_is_admin, missing_rights, join_link, owner, spare FROM classroom_group ORDER BY title, chat";
    GROUPS_WITH = "SELECT g.classroom_id, g.chat, g.title, g.bot_is_admin, g.missing_rights, g.join_link, g.owner, g.spare \
        FROM classroom_group g JOIN group_member m ON m.chat = g.chat \
        WHERE m.account = $1 AND m.standing IN ('member', 'admin') ORDER BY g.chat";
    SAVE_GROUP = "INSERT INTO classroom_group (classroom_id, chat, title, bot_is_admin, missing_rights, join_link, adopted_by, \
        adopted_at, owner, spare) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (classroom_id) DO UPDATE SET chat = excluded.chat, \
        title = excluded.title, bot_is_admin = excluded.bot_is_admin, missing_rights = excluded.missing_rights, \
        join_link = excluded.join_link, adopted_by = excluded.adopted_by, adopted_at = excluded.adopted_at, \
        owner = excluded.owner, spare = excluded.spare";
    SET_ADMIN = "UPDATE classroom_group SET bot_is_admin = $2, missing_rights = $3 WHERE chat = $1";
    SET_JOIN_LINK = "UPDATE classroom_group SET join_link = $2 WHERE chat = $1";
    SET_TITLE = "UPDATE classroom_group SET title = $2 WHERE chat = $1";
    MOVE_GROUP = "UPDATE classroom_group SET chat = $2 WHERE chat = $1";
    MOVE_MEMBERS = "UPDATE group_member SET chat = $2 WHERE chat = $1";
    MOVE_MOVEMENTS = "UPDATE group_movement SET chat = $2 WHERE chat = $1";
    DROP_STRAY_MEMBERS = "DELETE FROM group_member WHERE chat = $1";
    SET_MEMBER = "INSERT INTO group_member (chat, account, standing, since) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (chat, account) DO UPDATE SET standing = excluded.standing, since = excluded.since";
    MEMBER = "SELECT standing FROM group_member WHERE chat = $1 AND account = $2";
    MEMBERS = "SELECT account, standing FROM group_member WHERE chat = $1 AND standing IN ('member', 'admin') ORDER BY account";
    STANDINGS = "SELECT account, standing FROM group_member WHERE chat = $1 ORDER BY account";
    GONE_SINCE = "SELECT account, since FROM group_member \
        WHERE chat = $1 AND standing IN ('absent', 'banned') AND since >= $2 ORDER BY since, account";
    MAKINGS = "SELECT classroom_id, account, day, began_at, chat, done_at FROM classroom_making ORDER BY day, classroom_id";
    MAKING = "SELECT classroom_id, account, day, began_at, chat, done_at FROM classroom_making WHERE classroom_id = $1";
    SET_MAKING = "INSERT INTO classroom_making (classroom_id, account, day) VALUES ($1, $2, $3) \
        ON CONFLICT (classroom_id) DO UPDATE SET account = excluded.account, day = excluded.day";
    BEGIN_MAKING = "UPDATE classroom_making SET began_at = $2 WHERE classroom_id = $1 AND account = $3";
    SET_MADE = "UPDATE classroom_making SET chat = $2 WHERE classroom_id = $1";
    END_MAKING = "UPDATE classroom_making SET done_at = $2 WHERE classroom_id = $1 AND done_at IS NULL";
    DROP_MAKING = "DELETE FROM classroom_making WHERE classroom_id = $1";
    DROP_FORESEEN = "DELETE FROM classroom_making WHERE account IS NULL";
    MADE_ON = "SELECT account, COUNT(*) FROM classroom_making WHERE day = $1 AND account IS NOT NULL GROUP BY account ORDER BY account";
    SET_OWNER = "UPDATE classroom_group SET owner = $2, spare = NULL WHERE chat = $1";
    SET_SPARE = "UPDATE classroom_group SET spare = $2 WHERE chat = $1";
    INSERT_MOVEMENT = "INSERT INTO group_movement (id, chat, account, was, becomes, by_account, at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
}

/// The classes that are open, by name.
pub async fn classrooms(tx: &mut Tx) -> Result<Vec<Classroom>> {
    fetch_all!(tx, Classroom, CLASSROOMS)
}

pub async fn classroom(tx: &mut Tx, id: &str) -> Result<Option<Classroom>> {
    fetch_optional!(tx, Classroom, CLASSROOM, id)
}

/// By name, without case, accents or spacing.
pub async fn by_name(tx: &mut Tx, name: &str) -> Result<Option<Classroom>> {
    fetch_optional!(tx, Classroom, BY_NAME, names::fold(name))
}

/// Makes a class.
pub async fn insert(tx: &mut Tx, id: &str, name: &str) -> Result<()> {
    let now = tx.now();
    run!(tx, INSERT, id, name, names::fold(name), now).map(|_| ())
}

/// `false` when it was closed before.
pub(super) async fn close(tx: &mut Tx, id: &str) -> Result<bool> {
    let now = tx.now();
    Ok(run!(tx, CLOSE, id, now)? == 1)
}

/// `false` when it was open.
pub(super) async fn reopen(tx: &mut Tx, id: &str) -> Result<bool> {
    Ok(run!(tx, REOPEN, id)? == 1)
}

pub async fn group_of(tx: &mut Tx, classroom_id: &str) -> Result<Option<Group>> {
    fetch_optional!(tx, Group, GROUP_OF, classroom_id)
}

pub async fn group_of_chat(tx: &mut Tx, chat: i64) -> Result<Option<Group>> {
    fetch_optional!(tx, Group, GROUP_OF_CHAT, chat)
}

pub async fn groups(tx: &mut Tx) -> Result<Vec<Group>> {
    fetch_all!(tx, Group, GROUPS)
}

pub async fn save_group(tx: &mut Tx, group: &Group, adopted_by: Option<&str>) -> Result<()> {
    let now = tx.now();
    run!(
        tx,
        SAVE_GROUP,
        &group.classroom_id,
        group.chat,
        &group.title,
        group.bot_is_admin,
        &group.missing_rights,
        group.join_link.as_deref(),
        adopted_by,
        now,
        group.owner,
        group.spare
    )?
    .exactly_one("group to save")
}

/// What the bot may do in a group now; `false` when the group is none of ours.
pub async fn set_admin(tx: &mut Tx, chat: i64, is_admin: bool, missing_rights: &str) -> Result<bool> {
    Ok(run!(tx, SET_ADMIN, chat, is_admin, missing_rights)? == 1)
}

pub async fn set_join_link(tx: &mut Tx, chat: i64, link: &str) -> Result<bool> {
    Ok(run!(tx, SET_JOIN_LINK, chat, link)? == 1)
}

pub async fn set_title(tx: &mut Tx, chat: i64, title: &str) -> Result<bool> {
    Ok(run!(tx, SET_TITLE, chat, title)? == 1)
}

/// A group was upgraded: everything of it goes on under the new id.
pub async fn move_group(tx: &mut Tx, from: i64, to: i64) -> Result<()> {
    run!(tx, DROP_STRAY_MEMBERS, to)?;
    run!(tx, MOVE_GROUP, from, to)?;
    run!(tx, MOVE_MEMBERS, from, to)?;
    run!(tx, MOVE_MOVEMENTS, from, to)?;
    Ok(())
}

pub async fn member(tx: &mut Tx, chat: i64, account: i64) -> Result<Option<String>> {
    Ok(fetch_optional!(tx, (String,), MEMBER, chat, account)?.map(|(standing,)| standing))
}

/// Those who are in a group, as far as Telegram told us: account, standing.
pub async fn members(tx: &mut Tx, chat: i64) -> Result<Vec<(i64, String)>> {
    fetch_all!(tx, (i64, String), MEMBERS, chat)
}

/// Everybody of whom Telegram told us something in this group, those who left too: account, standing.
pub async fn standings(tx: &mut Tx, chat: i64) -> Result<Vec<(i64, String)>> {
    fetch_all!(tx, (i64, String), STANDINGS, chat)
}

/// Those who left a group since then and are not in it now: account, when.
pub async fn gone_since(tx: &mut Tx, chat: i64, since: At) -> Result<Vec<(i64, At)>> {
    fetch_all!(tx, (i64, At), GONE_SINCE, chat, since)
}

/// Records that somebody came, went or was changed.
pub async fn record_movement(tx: &mut Tx, chat: i64, account: i64, was: &str, becomes: &str, by: i64) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now());
    run!(tx, SET_MEMBER, chat, account, becomes, now)?;
    run!(tx, INSERT_MOVEMENT, &id, chat, account, was, becomes, by, now).map(|_| ())
}

/// Every group that is on its way, was made here, or is foreseen.
pub async fn makings(tx: &mut Tx) -> Result<Vec<Making>> {
    fetch_all!(tx, Making, MAKINGS)
}

pub async fn making(tx: &mut Tx, classroom_id: &str) -> Result<Option<Making>> {
    fetch_optional!(tx, Making, MAKING, classroom_id)
}

/// Who makes a class's group (nobody yet: it is only foreseen), on which day.
pub async fn set_making(tx: &mut Tx, classroom_id: &str, account: Option<i64>, day: &str) -> Result<()> {
    run!(tx, SET_MAKING, classroom_id, account, day).map(|_| ())
}

/// From now on it is looked for before it is made; `false` when it is this account's no more.
pub async fn begin_making(tx: &mut Tx, classroom_id: &str, account: i64) -> Result<bool> {
    let now = tx.now();
    Ok(run!(tx, BEGIN_MAKING, classroom_id, now, account)? == 1)
}

pub async fn set_made(tx: &mut Tx, classroom_id: &str, chat: i64) -> Result<()> {
    run!(tx, SET_MADE, classroom_id, chat)?.exactly_one("making of a group")
}

pub async fn end_making(tx: &mut Tx, classroom_id: &str) -> Result<()> {
    let now = tx.now();
    run!(tx, END_MAKING, classroom_id, now).map(|_| ())
}

pub async fn drop_making(tx: &mut Tx, classroom_id: &str) -> Result<()> {
    run!(tx, DROP_MAKING, classroom_id).map(|_| ())
}

pub async fn drop_foreseen(tx: &mut Tx) -> Result<()> {
    run!(tx, DROP_FORESEEN).map(|_| ())
}

/// How many groups count for each account on a day.
pub async fn made_on(tx: &mut Tx, day: &str) -> Result<Vec<(i64, usize)>> {
    let rows = fetch_all!(tx, (i64, i64), MADE_ON, day)?;
    Ok(rows.into_iter().map(|(account, count)| (account, usize::try_from(count).unwrap_or(0))).collect())
}

pub async fn set_spare(tx: &mut Tx, chat: i64, spare: Option<i64>) -> Result<()> {
    run!(tx, SET_SPARE, chat, spare).map(|_| ())
}

/// Another account holds the group; nobody stands by yet.
pub async fn set_owner(tx: &mut Tx, chat: i64, owner: i64) -> Result<()> {
    run!(tx, SET_OWNER, chat, owner).map(|_| ())
}

/// The classes' groups in which an account is.
pub(super) async fn groups_with(tx: &mut Tx, account: i64) -> Result<Vec<Group>> {
    fetch_all!(tx, Group, GROUPS_WITH, account)
}
