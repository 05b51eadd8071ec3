//! Reading how things stand; telling admins; doing again or forgetting what ended badly.

use serde::Deserialize;

use super::{
    Backup, Card, Done, Ended, HeldBack, Lesson, Marked, Parts, RESTORED, TELL, TROUBLE, Tell, TellHeldBack, Trouble,
    Weak, rules, screens,
};
use crate::kernel::absence::{Absence, Needed};
use crate::kernel::{At, Result, Text};
use crate::platform::inbox::{self, absence};
use crate::platform::outbox::store::{Overdue, Troubled};
use crate::platform::outbox::{self, Door, Put};
use crate::platform::store::{Nightly, Tx};
use crate::school::approval::flow as approvals;
use crate::school::audit::Actor;
use crate::school::audit::flow::record;
use crate::school::call::flow as calls;
use crate::school::classroom::flow as classrooms;
use crate::school::classroom::{Group, Making, RIGHTS};
use crate::school::rights::Act;
use crate::school::roster::flow as roster;
use crate::school::roster::{Reachable, Role};
use crate::school::session::flow as sessions;
use crate::school::workbook::flow as workbooks;

/// How things stand now; `own` updates are being answered with this.
pub async fn card(tx: &mut Tx, own: i64, callers: Vec<(String, Option<Text>)>) -> Result<Card> {
    let (now, zone) = (tx.now(), tx.zone());
    let config = tx.config();
    let (school, stuck_minutes) = (config.school.name.clone(), config.outbox.stuck_minutes);
    let alert = config.alert.is_connected();
    let saves = config.backup.folder.is_some();
    let caller_foreseen = config.telegram.caller.api_id != 0;
    let caller_nameless = !caller_foreseen && config.telegram.caller.seeds.is_empty() && !callers.is_empty();
    let counts = outbox::store::counts(tx).await?;
    let count = |state: &str| counts.iter().find(|(known, _)| known == state).map_or(0, |(_, count)| *count);
    let (doubts, dead) = (count("unknown"), count("discarded"));
    let most = i64::try_from(rules::MOST_LISTED).unwrap_or(i64::MAX);
    let mut troubles = Vec::new();
    for row in outbox::store::troubles(tx, At(0), most).await? {
        troubles.push(trouble_of(tx, row).await?);
    }
    let since = overdue_since(tx);
    let mut overdue = Vec::new();
    for row in outbox::store::overdue_rows(tx, since, most).await? {
        overdue.push(overdue_of(tx, row).await?);
    }
    let classes = classrooms::classrooms(tx).await?;
    let groups = classrooms::groups(tx).await?;
    let has_group = |id: &str| groups.iter().any(|group| group.classroom_id == id);
    let (makings, today) = (classrooms::makings(tx).await?, zone.day(now));
    let (mut groupless, mut days) = (Vec::new(), Vec::new());
    for class in classes.iter().filter(|class| !has_group(&class.id)) {
        let making = makings.iter().find(|making| making.classroom_id == class.id);
        match making.and_then(Making::by).filter(|day| *day >= today) {
            Some(day) => days.push(day),
            None => groupless.push(class.name.clone()),
        }
    }
    let coming = days.iter().max().map(|last| (days.len(), *last));
    let weak = groups.iter().filter_map(weak).collect();
    let open = approvals::open_agreements(tx).await?;
    let agreements = open.iter().map(|agreement| agreement.expires_at).min().map(|first| (open.len(), first));
    let (all, linked) = (roster::count_by_role(tx).await?, roster::linked_by_role(tx).await?);
    let of = |counts: &[(Role, i64)], role| counts.iter().find(|(known, _)| *known == role).map_or(0, |(_, n)| *n);
    let people = Role::ALL.into_iter().map(|role| (role, of(&linked, role), of(&all, role))).collect();
    Ok(Card {
        school,
        now,
        zone,
        updates: (inbox::store::waiting(tx).await? - own).max(0),
        waiting: outbox::store::waiting(tx).await?,
        stuck: outbox::store::overdue(tx, since).await?,
        stuck_minutes,
        troubles,
        overdue,
        doubts,
        dead,
        next: outbox::store::ahead(tx, rules::AHEAD).await?.into_iter().find(|(kind, _)| rules::is_told(kind)),
        classes: classes.len(),
        groupless,
        coming,
        weak,
        people,
        agreements,
        callers,
        caller_foreseen,
        caller_nameless,
        alert,
        backup: if saves { Some(backup(tx).await?) } else { None },
        parts: parts(tx).await?,
        absences: absences(tx).await?,
    })
}

/// What is away, and what came back within the last day.
async fn absences(tx: &mut Tx) -> Result<Vec<Absence>> {
    let yesterday = tx.now().plus_days(-1);
    let mut all = Vec::new();
    for what in Needed::ALL {
        let last = absence::last(tx, what).await?;
        all.extend(last.filter(|last| last.until.is_none_or(|until| until >= yesterday)));
    }
    Ok(all)
}

/// Each from what is stored anyway.
async fn parts(tx: &mut Tx) -> Result<Parts> {
    let (now, wall) = (tx.now(), tx.wall());
    let told = inbox::store::setting(tx, inbox::store::LAST_ALERT).await?;
    Ok(Parts {
        received: inbox::store::last_received(tx).await?.map(|at| rules::school_time(at, wall, now)),
        sent: outbox::store::last_done(tx, Door::Telegram).await?.map(|at| rules::school_time(at, wall, now)),
        called: calls::last_opened(tx).await?,
        next_call: outbox::store::ahead_of(tx, rules::CALL_OPEN).await?,
        imported: workbooks::last_applied(tx).await?,
        alerted: told.and_then(|millis| millis.parse().ok()).map(At),
        engine: if tx.config().database.url.starts_with("postgres") { "PostgreSQL" } else { "SQLite" },
    })
}

async fn backup(tx: &mut Tx) -> Result<Backup> {
    let Nightly { made, failed } = Nightly::read(inbox::store::setting(tx, Nightly::SETTING).await?.as_deref());
    // A failure is waited out on the machine's clock.
    let rests = failed.as_ref().and_then(|failed| failed.rests(tx.wall())).map(|rest| rules::after(rest, tx.now()));
    let next = rules::next_backup(made, rests, tx.now(), tx.zone(), tx.config().backup.hour);
    Ok(Backup { made, next, failed: failed.map(|failed| failed.words()) })
}

fn weak(group: &Group) -> Option<Weak> {
    let missing = if group.bot_is_admin { group.missing_rights.split_whitespace().count() } else { RIGHTS.len() };
    (missing > 0).then(|| Weak { title: group.title.clone(), missing })
}

/// What many rows carry.
#[derive(Deserialize)]
struct About {
    session_id: String,
}

/// What is due since before then, and not done, is overdue.
fn overdue_since(tx: &Tx) -> At {
    tx.now().plus_minutes(-tx.config().outbox.stuck_minutes)
}

/// The session that a row's payload names.
async fn lesson_of(tx: &mut Tx, payload: &str) -> Result<Option<Lesson>> {
    match serde_json::from_str::<About>(payload) {
        Ok(about) => lesson(tx, &about.session_id).await,
        Err(_) => Ok(None),
    }
}

/// What an overdue row is about, and when it is tried again.
async fn overdue_of(tx: &mut Tx, row: Overdue) -> Result<Trouble> {
    let lesson = lesson_of(tx, &row.payload).await?;
    let (now, wall) = (tx.now(), tx.wall());
    let ended = match row.rests(wall).map(|until| now.plus(wall.until(until))) {
        Some(at) if row.was_asked_to_wait() => Ended::Turn(at),
        Some(at) => Ended::Again(at),
        None => Ended::Queued,
    };
    let retry = matches!(ended, Ended::Again(_));
    Ok(Trouble { id: row.id, kind: row.kind, ended, due: row.due_at, lesson, retry })
}

/// What a row that ended badly was about.
async fn trouble_of(tx: &mut Tx, row: Troubled) -> Result<Trouble> {
    let lesson = lesson_of(tx, &row.payload).await?;
    let ended = if row.is_in_doubt() {
        Ended::Doubt
    } else if row.is_missed() {
        Ended::Missed
    } else {
        Ended::Failed
    };
    let retry = rules::may_retry(&row.kind, lesson.as_ref().map(|lesson| lesson.start), tx.now());
    Ok(Trouble { id: row.id, kind: row.kind, ended, due: row.due_at, lesson, retry })
}

async fn lesson(tx: &mut Tx, session_id: &str) -> Result<Option<Lesson>> {
    let Some(session) = sessions::session(tx, session_id).await? else { return Ok(None) };
    let class = classrooms::classroom(tx, &session.classroom_id).await?.map_or_else(String::new, |class| class.name);
    Ok(Some(Lesson { class, subject: session.subject, start: session.start_at }))
}

/// Those of these rows that still need somebody, in their order.
pub async fn still_open(tx: &mut Tx, rows: &[String]) -> Result<Vec<Trouble>> {
    let mut open = Vec::new();
    for id in rows {
        if let Some(row) = outbox::store::trouble(tx, id).await? {
            open.push(trouble_of(tx, row).await?);
        }
    }
    Ok(open)
}

/// Whoever holds the account, where it can be written to and is an admin's still.
pub async fn reachable_admin(tx: &mut Tx, account: i64) -> Result<Option<Reachable>> {
    let found = roster::reachable_account(tx, account).await?;
    Ok(found.filter(|found| Act::School.is_always(Some(found.role))))
}

/// Has each admin who can be reached told of a row that ended badly, and of those that wait behind it in one message.
/// Gives how many rows are told of.
pub async fn tell(tx: &mut Tx, first: &Marked) -> Result<usize> {
    let mut rows = vec![first.id.clone()];
    for (key, payload) in outbox::store::ready_of(tx, TROUBLE).await? {
        let marked: Marked = serde_json::from_str(&payload)?;
        if outbox::store::absorb(tx, &key).await? {
            rows.push(marked.id);
        }
    }
    for admin in roster::admins(tx).await? {
        let tell = Tell { account: admin.telegram_id, rows: rows.clone() };
        let key = format!("{TELL}:{}:{}:{}", first.id, first.at.millis(), admin.telegram_id);
        let put = Put::new(TELL, key, &tell)?.lane(format!("chat:{}", admin.telegram_id)).whenever();
        // Nobody is told of a notice in doubt: told twice is better than not at all.
        outbox::put(tx, put.repeatable()).await?;
    }
    Ok(rows.len())
}

/// A backup is back: what was due before now is not sent, and each admin who can be reached is told how much that is.
pub async fn restored(tx: &mut Tx) -> Result<HeldBack> {
    let (kinds, doubts) = outbox::store::restored(tx, rules::ANSWER).await?;
    let held_back = rules::held_back(&kinds, i64::try_from(doubts).unwrap_or(i64::MAX));
    if held_back.is_empty() {
        return Ok(held_back);
    }
    let id = tx.new_id();
    for admin in roster::admins(tx).await? {
        let tell = TellHeldBack { account: admin.telegram_id, held_back };
        let key = format!("{RESTORED}:{id}:{}", admin.telegram_id);
        outbox::put(tx, Put::new(RESTORED, key, &tell)?.lane(format!("chat:{}", admin.telegram_id))).await?;
    }
    Ok(held_back)
}

/// Each admin who can be reached is told from when to when something was away.
pub async fn tell_absence(tx: &mut Tx, key: &str, absence: &Absence) -> Result<()> {
    let (admins, until) = (roster::admins(tx).await?, tx.now().plus_days(1));
    let words = screens::absence(absence, tx.zone());
    calls::tell_each(tx, &admins, key, &words, until).await
}

/// That a backup was brought back stands in the audit that it brought. `replaced`: what stood there before is gone.
pub async fn note_restored(tx: &mut Tx, backup: &str, replaced: bool) -> Result<()> {
    let old = if replaced { "replaced" } else { "empty" };
    record(tx, &Actor::Cli, "store.restored", "store", Some(old), Some(backup)).await
}

/// Does it again, or at once where it is overdue; `None` when it needs nobody any more, or doing it again is of no use.
pub async fn retry(tx: &mut Tx, actor: &Actor, row: &str) -> Result<Option<Done>> {
    let Some(trouble) = one(tx, row).await?.filter(|trouble| trouble.retry) else { return Ok(None) };
    let again = if trouble.ended.is_over() {
        outbox::store::revive(tx, row).await?
    } else {
        outbox::store::hurry(tx, overdue_since(tx), row).await?
    };
    if !again {
        return Ok(None);
    }
    record(tx, actor, "outbox.retried", &object(row), Some(&ended(&trouble)), Some("again")).await?;
    Ok(Some(Done::Retried(trouble)))
}

/// Nobody need see to it any more.
pub async fn forget(tx: &mut Tx, actor: &Actor, row: &str) -> Result<Option<Done>> {
    let Some(trouble) = one(tx, row).await? else { return Ok(None) };
    let back = tx.wall().plus_minutes(rules::BACK_MINUTES);
    if !outbox::store::forget(tx, row, back).await? {
        return Ok(None);
    }
    record(tx, actor, "outbox.forgotten", &object(row), Some(&ended(&trouble)), Some("forgotten")).await?;
    Ok(Some(Done::Forgotten(trouble)))
}

/// Takes [`forget`] back; `false` when that is too late.
pub async fn recall(tx: &mut Tx, actor: &Actor, row: &str, in_doubt: bool) -> Result<bool> {
    let back = outbox::store::recall(tx, row, in_doubt).await?;
    if back {
        record(tx, actor, "outbox.recalled", &object(row), Some("forgotten"), Some("open")).await?;
    }
    Ok(back)
}

async fn one(tx: &mut Tx, row: &str) -> Result<Option<Trouble>> {
    match outbox::store::trouble(tx, row).await? {
        Some(row) => Ok(Some(trouble_of(tx, row).await?)),
        None => match outbox::store::overdue_row(tx, overdue_since(tx), row).await? {
            Some(row) => Ok(Some(overdue_of(tx, row).await?)),
            None => Ok(None),
        },
    }
}

/// For the audit: what a row was to do, and how it ended.
fn ended(trouble: &Trouble) -> String {
    let how = match trouble.ended {
        Ended::Doubt => "in doubt",
        Ended::Missed => "missed",
        Ended::Failed => "failed",
        Ended::Again(_) | Ended::Turn(_) | Ended::Queued => "overdue",
    };
    format!("{} {how}", trouble.kind)
}

fn object(row: &str) -> String {
    format!("outbox:{row}")
}
