//! The roster's SQL: people, enrolments, accounts.

use super::{Link, LinkKind, Person, Reachable, Role};
use crate::kernel::text::names;
use crate::kernel::{At, Lang, Result};
use crate::platform::store::{Affected as _, Tx};
use crate::{fetch_all, fetch_optional, insert_many, run, statements};

statements! {
    PERSON = "SELECT id, last_name, first_name, email, birth, card, role, lang, active FROM person WHERE id = $1";
    PEOPLE = "SELECT id, last_name, first_name, email, birth, card, role, lang, active FROM person ORDER BY name_fold, id";
    PERSON_OF_ACCOUNT = "SELECT p.id, p.last_name, p.first_name, p.email, p.birth, p.card, p.role, \
        COALESCE(a.lang, p.lang) AS lang, p.active FROM account a JOIN person p ON p.id = a.person_id WHERE a.telegram_id = $1";
    INSERT_PERSON = "INSERT INTO person (id, last_name, first_name, name_fold, email, email_fold, birth, card, role, lang, \
        active, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)";
    STAGE_PERSON = "INSERT INTO person_staged (batch, id, last_name, first_name, name_fold, email, email_fold, birth, card, \
        role, lang, active) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    FLIP_PEOPLE = "INSERT INTO person (id, last_name, first_name, name_fold, email, email_fold, birth, card, role, lang, \
        active, created_at, updated_at) SELECT id, last_name, first_name, name_fold, email, email_fold, birth, card, role, \
        lang, active, CAST($2 AS BIGINT), CAST($2 AS BIGINT) FROM person_staged WHERE batch = $1 \
        ON CONFLICT (id) DO UPDATE SET last_name = excluded.last_name, first_name = excluded.first_name, \
        name_fold = excluded.name_fold, email = excluded.email, email_fold = excluded.email_fold, birth = excluded.birth, \
        card = excluded.card, role = excluded.role, lang = excluded.lang, active = excluded.active, \
        updated_at = excluded.updated_at";
    STAGE_ENROLMENT = "INSERT INTO enrolment_staged (batch, person_id, classroom_id, leaves) VALUES ($1, $2, $3, $4)";
    KEEP_LEAVING = "INSERT INTO enrolment_past (person_id, classroom_id, since, until) \
        SELECT e.person_id, e.classroom_id, e.since, CAST($2 AS BIGINT) FROM enrolment e \
        JOIN enrolment_staged s ON s.person_id = e.person_id AND s.classroom_id = e.classroom_id \
        WHERE s.batch = $1 AND s.leaves ON CONFLICT (person_id, classroom_id, until) DO NOTHING";
    FLIP_LEAVING = "DELETE FROM enrolment WHERE (person_id, classroom_id) IN \
        (SELECT person_id, classroom_id FROM enrolment_staged WHERE batch = $1 AND leaves)";
    FLIP_ENTERING = "INSERT INTO enrolment (person_id, classroom_id, since) \
        SELECT person_id, classroom_id, CAST($2 AS BIGINT) FROM enrolment_staged WHERE batch = $1 AND NOT leaves \
        ON CONFLICT (person_id, classroom_id) DO NOTHING";
    FLIP_RETURNING = "DELETE FROM departure WHERE (person_id, classroom_id) IN \
        (SELECT person_id, classroom_id FROM enrolment_staged WHERE batch = $1 AND NOT leaves)";
    CLEAR_PEOPLE = "DELETE FROM person_staged WHERE batch = $1";
    CLEAR_ENROLMENTS = "DELETE FROM enrolment_staged WHERE batch = $1";
    CLEAR_OLD_PEOPLE = "DELETE FROM person_staged WHERE batch < $1";
    CLEAR_OLD_ENROLMENTS = "DELETE FROM enrolment_staged WHERE batch < $1";
    LEFT_SINCE = "SELECT id FROM person WHERE NOT active AND updated_at > $1 ORDER BY id";
    UPDATE_PERSON = "UPDATE person SET last_name = $2, first_name = $3, name_fold = $4, email = $5, email_fold = $6, \
        birth = $7, card = $8, role = $9, lang = $10, active = $11, updated_at = $12 WHERE id = $1";
    ENROL = "INSERT INTO enrolment (person_id, classroom_id, since) VALUES ($1, $2, $3) \
        ON CONFLICT (person_id, classroom_id) DO NOTHING";
    KEEP_ENROLMENT = "INSERT INTO enrolment_past (person_id, classroom_id, since, until) \
        SELECT person_id, classroom_id, since, CAST($3 AS BIGINT) FROM enrolment \
        WHERE person_id = $1 AND classroom_id = $2 ON CONFLICT (person_id, classroom_id, until) DO NOTHING";
    UNENROL = "DELETE FROM enrolment WHERE person_id = $1 AND classroom_id = $2";
    CLASSROOMS_OF = "SELECT classroom_id FROM enrolment WHERE person_id = $1 ORDER BY classroom_id";
    ENROLMENTS = "SELECT person_id, classroom_id FROM enrolment ORDER BY person_id, classroom_id";
    STUDENTS_OF = "SELECT p.id, p.last_name, p.first_name, p.email, p.birth, p.card, p.role, p.lang, p.active \
        FROM enrolment e JOIN person p ON p.id = e.person_id \
        WHERE e.classroom_id = $1 AND p.active AND p.role = 'student' ORDER BY p.last_name, p.first_name, p.id";
    /// Who has left the school meanwhile was touched since.
    STUDENTS_AT = "SELECT p.id FROM person p WHERE p.role = 'student' AND (p.active OR p.updated_at > $2) AND p.id IN ( \
        SELECT e.person_id FROM enrolment e WHERE e.classroom_id = $1 AND e.since <= $2 UNION \
        SELECT q.person_id FROM enrolment_past q WHERE q.classroom_id = $1 AND q.since <= $2 AND q.until > $2) \
        ORDER BY p.id";
    PURGE_PAST = "DELETE FROM enrolment_past WHERE until < $1";
    DELETE_PAST_OF = "DELETE FROM enrolment_past WHERE person_id = $1";
    REACHABLE = "SELECT a.person_id, a.telegram_id, p.first_name, p.last_name, p.role, COALESCE(a.lang, p.lang) AS lang \
        FROM account a JOIN person p ON p.id = a.person_id WHERE a.person_id = $1 AND a.reachable AND p.active";
    REACHABLE_IN_CHARGE = "SELECT a.person_id, a.telegram_id, p.first_name, p.last_name, p.role, \
        COALESCE(a.lang, p.lang) AS lang FROM account a JOIN person p ON p.id = a.person_id \
        JOIN enrolment e ON e.person_id = p.id \
        WHERE e.classroom_id = $1 AND p.role = $2 AND a.reachable AND p.active ORDER BY p.name_fold, p.id";
    REACHABLE_BY_ROLE = "SELECT a.person_id, a.telegram_id, p.first_name, p.last_name, p.role, \
        COALESCE(a.lang, p.lang) AS lang FROM account a JOIN person p ON p.id = a.person_id \
        WHERE p.role = $1 AND a.reachable AND p.active ORDER BY p.name_fold, p.id";
    REACHABLE_OF_ALL = "SELECT a.person_id, a.telegram_id, p.first_name, p.last_name, p.role, \
        COALESCE(a.lang, p.lang) AS lang FROM account a JOIN person p ON p.id = a.person_id \
        WHERE p.role = $1 AND a.reachable AND p.active \
        AND NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.person_id = p.id) ORDER BY p.name_fold, p.id";
    LINKED_STUDENTS = "SELECT a.telegram_id FROM account a JOIN person p ON p.id = a.person_id \
        JOIN enrolment e ON e.person_id = p.id WHERE e.classroom_id = $1 AND p.active ORDER BY a.telegram_id";
    INSERT_ACCOUNT = "INSERT INTO account (telegram_id, person_id, lang, linked_at, reachable, age_band) \
        VALUES ($1, $2, $3, $4, TRUE, $5)";
    DELETE_ACCOUNT = "DELETE FROM account WHERE telegram_id = $1";
    ACCOUNT_OF_PERSON = "SELECT telegram_id FROM account WHERE person_id = $1";
    SET_REACHABLE = "UPDATE account SET reachable = $2 WHERE telegram_id = $1";
    SET_LANG = "UPDATE account SET lang = $2 WHERE telegram_id = $1";
    SET_ROLE = "UPDATE person SET role = $2, updated_at = $3 WHERE id = $1";
    REACHABLE_ACCOUNT = "SELECT a.person_id, a.telegram_id, p.first_name, p.last_name, p.role, COALESCE(a.lang, p.lang) AS lang \
        FROM account a JOIN person p ON p.id = a.person_id WHERE a.telegram_id = $1 AND a.reachable AND p.active";
    UNLINKED_OF = "SELECT p.id, p.last_name, p.first_name, p.email, p.birth, p.card, p.role, p.lang, p.active \
        FROM enrolment e JOIN person p ON p.id = e.person_id WHERE e.classroom_id = $1 AND p.active \
        AND NOT EXISTS (SELECT 1 FROM account a WHERE a.person_id = p.id) ORDER BY p.name_fold, p.id";
    UNLINKED_STAFF = "SELECT p.id, p.last_name, p.first_name, p.email, p.birth, p.card, p.role, p.lang, p.active \
        FROM person p WHERE p.active AND p.role IN ('teacher', 'supervisor', 'manager') \
        AND NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.person_id = p.id) \
        AND NOT EXISTS (SELECT 1 FROM account a WHERE a.person_id = p.id) ORDER BY p.name_fold, p.id";
    LINKED_OF = "SELECT p.id, p.last_name, p.first_name, p.email, p.birth, p.card, p.role, p.lang, p.active \
        FROM enrolment e JOIN person p ON p.id = e.person_id WHERE e.classroom_id = $1 AND p.active \
        AND EXISTS (SELECT 1 FROM account a WHERE a.person_id = p.id) ORDER BY p.name_fold, p.id";
    LINKED_STAFF = "SELECT p.id, p.last_name, p.first_name, p.email, p.birth, p.card, p.role, p.lang, p.active \
        FROM person p WHERE p.active AND p.role <> 'student' \
        AND NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.person_id = p.id) \
        AND EXISTS (SELECT 1 FROM account a WHERE a.person_id = p.id) ORDER BY p.name_fold, p.id";
    ENDED_TIES = "SELECT a.telegram_id, a.person_id FROM account a JOIN person p ON p.id = a.person_id \
        WHERE NOT p.active AND p.updated_at <= $1 ORDER BY a.telegram_id";
    END_LINKS = "DELETE FROM personal_link WHERE person_id IN (SELECT id FROM person WHERE NOT active AND updated_at <= $1)";
    FORGET_USERS = "UPDATE personal_link SET used_by = NULL WHERE used_by IS NOT NULL \
        AND NOT EXISTS (SELECT 1 FROM account a WHERE a.telegram_id = personal_link.used_by)";
    IS_ENROLLED = "SELECT COUNT(*) FROM enrolment WHERE person_id = $1 AND classroom_id = $2";
    ACCOUNT_OF = "SELECT person_id, age_band, linked_at FROM account WHERE telegram_id = $1";
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
    LINKED_BY_ROLE = "SELECT p.role, COUNT(*) FROM account a JOIN person p ON p.id = a.person_id \
        WHERE p.active GROUP BY p.role ORDER BY p.role";
    CLASS_SIZE = "SELECT COUNT(*) FROM enrolment WHERE classroom_id = $1";
    DELETE_LINKS_OF = "DELETE FROM personal_link WHERE person_id = $1";
    DELETE_DEPARTURES_OF = "DELETE FROM departure WHERE person_id = $1";
    DELETE_PERSON = "DELETE FROM person WHERE id = $1";
    PUT_DEPARTURE = "INSERT INTO departure (classroom_id, person_id, account, due_at, state, at) \
        VALUES ($1, $2, $3, $4, 'waiting', $5) ON CONFLICT (classroom_id, person_id) DO UPDATE SET \
        account = excluded.account, due_at = excluded.due_at, state = excluded.state, at = excluded.at";
    DROP_DEPARTURE = "DELETE FROM departure WHERE classroom_id = $1 AND person_id = $2";
    DEPARTURES = "SELECT person_id, account, at FROM departure WHERE classroom_id = $1 AND state = 'waiting' AND due_at <= $2 \
        ORDER BY at, person_id";
    HOLD_DEPARTURE = "UPDATE departure SET state = 'held' WHERE classroom_id = $1 AND person_id = $2";
    RELEASE_DEPARTURES = "UPDATE departure SET state = 'waiting', due_at = $2 WHERE classroom_id = $1 AND state = 'held'";
    COUNT_BY_ROLE = "SELECT role, COUNT(*) FROM person WHERE active GROUP BY role ORDER BY role";
}

pub async fn person(tx: &mut Tx, id: &str) -> Result<Option<Person>> {
    fetch_optional!(tx, Person, PERSON, id)
}

/// Everybody, by name.
pub async fn people(tx: &mut Tx) -> Result<Vec<Person>> {
    fetch_all!(tx, Person, PEOPLE)
}

/// The person behind an account; their `lang` is the one chosen for the account, where there is one.
pub async fn person_of_account(tx: &mut Tx, telegram_id: i64) -> Result<Option<Person>> {
    fetch_optional!(tx, Person, PERSON_OF_ACCOUNT, telegram_id)
}

pub async fn insert_person(tx: &mut Tx, person: &Person) -> Result<()> {
    let (now, fold) = (tx.now(), names::fold(&person.full_name()));
    run!(
        tx,
        INSERT_PERSON,
        &person.id,
        &person.last_name,
        &person.first_name,
        &fold,
        person.email.as_deref(),
        person.email.as_deref().map(names::fold_email),
        person.birth.as_deref(),
        person.card.as_deref(),
        person.role,
        person.lang,
        person.active,
        now
    )
    .map(|_| ())
}

/// People as they will be once their batch is flipped.
pub(super) async fn stage_people(tx: &mut Tx, batch: &str, people: &[&Person]) -> Result<()> {
    let touched = insert_many!(tx, STAGE_PERSON, people, |person| [
        batch,
        &person.id,
        &person.last_name,
        &person.first_name,
        names::fold(&person.full_name()),
        person.email.as_deref(),
        person.email.as_deref().map(names::fold_email),
        person.birth.as_deref(),
        person.card.as_deref(),
        person.role,
        person.lang,
        person.active
    ]);
    touched.await.map(|_| ())
}

/// Person, class, and whether they leave it.
pub(super) async fn stage_enrolments(tx: &mut Tx, batch: &str, moves: &[(&str, &str, bool)]) -> Result<()> {
    insert_many!(tx, STAGE_ENROLMENT, moves, |one| [batch, one.0, one.1, one.2]).await.map(|_| ())
}

pub(super) async fn flip_people(tx: &mut Tx, batch: &str) -> Result<u64> {
    let now = tx.now();
    run!(tx, FLIP_PEOPLE, batch, now)
}

/// Who enters a class need not leave its group any more.
pub(super) async fn flip_enrolments(tx: &mut Tx, batch: &str) -> Result<()> {
    let now = tx.now();
    run!(tx, KEEP_LEAVING, batch, now)?;
    run!(tx, FLIP_LEAVING, batch)?;
    run!(tx, FLIP_ENTERING, batch, now)?;
    run!(tx, FLIP_RETURNING, batch).map(|_| ())
}

pub(super) async fn clear_staged(tx: &mut Tx, batch: &str) -> Result<()> {
    run!(tx, CLEAR_PEOPLE, batch)?;
    run!(tx, CLEAR_ENROLMENTS, batch).map(|_| ())
}

pub(super) async fn clear_old_staged(tx: &mut Tx, before: &str) -> Result<()> {
    run!(tx, CLEAR_OLD_PEOPLE, before)?;
    run!(tx, CLEAR_OLD_ENROLMENTS, before).map(|_| ())
}

pub async fn update_person(tx: &mut Tx, person: &Person) -> Result<()> {
    let (now, fold) = (tx.now(), names::fold(&person.full_name()));
    run!(
        tx,
        UPDATE_PERSON,
        &person.id,
        &person.last_name,
        &person.first_name,
        &fold,
        person.email.as_deref(),
        person.email.as_deref().map(names::fold_email),
        person.birth.as_deref(),
        person.card.as_deref(),
        person.role,
        person.lang,
        person.active,
        now
    )?
    .exactly_one("person to update")
}

/// Ids of those who left the school after a moment (or were touched since).
pub async fn left_since(tx: &mut Tx, since: At) -> Result<Vec<String>> {
    Ok(fetch_all!(tx, (String,), LEFT_SINCE, since)?.into_iter().map(|(id,)| id).collect())
}

pub async fn set_role(tx: &mut Tx, person_id: &str, role: Role) -> Result<()> {
    let now = tx.now();
    run!(tx, SET_ROLE, person_id, role, now)?.exactly_one("person whose role changes")
}

/// `false` when the enrolment stood already.
pub async fn enrol(tx: &mut Tx, person_id: &str, classroom_id: &str) -> Result<bool> {
    let now = tx.now();
    Ok(run!(tx, ENROL, person_id, classroom_id, now)? == 1)
}

pub async fn unenrol(tx: &mut Tx, person_id: &str, classroom_id: &str) -> Result<bool> {
    let now = tx.now();
    run!(tx, KEEP_ENROLMENT, person_id, classroom_id, now)?;
    Ok(run!(tx, UNENROL, person_id, classroom_id)? == 1)
}

/// The ids of a person's classes.
pub async fn classrooms_of(tx: &mut Tx, person_id: &str) -> Result<Vec<String>> {
    Ok(fetch_all!(tx, (String,), CLASSROOMS_OF, person_id)?.into_iter().map(|(id,)| id).collect())
}

/// All enrolments: person, class.
pub async fn enrolments(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    fetch_all!(tx, (String, String), ENROLMENTS)
}

/// The active students of a class, by name.
pub async fn students_of(tx: &mut Tx, classroom_id: &str) -> Result<Vec<Person>> {
    fetch_all!(tx, Person, STUDENTS_OF, classroom_id)
}

/// The ids of those who were students of a class at that moment, whatever became of them since.
pub async fn students_at(tx: &mut Tx, classroom_id: &str, at: At) -> Result<Vec<String>> {
    Ok(fetch_all!(tx, (String,), STUDENTS_AT, classroom_id, at)?.into_iter().map(|(id,)| id).collect())
}

/// Who was in which class until before this is not asked any more.
pub(super) async fn forget_past(tx: &mut Tx, before: At) -> Result<()> {
    run!(tx, PURGE_PAST, before).map(|_| ())
}

/// How to write to a person in private, when that is possible.
pub async fn reachable(tx: &mut Tx, person_id: &str) -> Result<Option<Reachable>> {
    fetch_optional!(tx, Reachable, REACHABLE, person_id)
}

/// Those of `role` in charge of a class who can be written to.
pub async fn reachable_in_charge(tx: &mut Tx, classroom_id: &str, role: Role) -> Result<Vec<Reachable>> {
    fetch_all!(tx, Reachable, REACHABLE_IN_CHARGE, classroom_id, role)
}

/// Those of `role` who can be written to.
/// Those of a role who are of no class: they look after all.
pub(super) async fn reachable_of_all(tx: &mut Tx, role: Role) -> Result<Vec<Reachable>> {
    fetch_all!(tx, Reachable, REACHABLE_OF_ALL, role)
}

pub async fn reachable_by_role(tx: &mut Tx, role: Role) -> Result<Vec<Reachable>> {
    fetch_all!(tx, Reachable, REACHABLE_BY_ROLE, role)
}

/// Telegram ids of the linked people of a class.
pub async fn linked_accounts(tx: &mut Tx, classroom_id: &str) -> Result<Vec<i64>> {
    Ok(fetch_all!(tx, (i64,), LINKED_STUDENTS, classroom_id)?.into_iter().map(|(id,)| id).collect())
}

/// Ties an account to a person. A second account of one person, or a second person of one account, is refused by the
/// tables: look first.
pub async fn insert_account(
    tx: &mut Tx,
    telegram_id: i64,
    person_id: &str,
    lang: Option<Lang>,
    age_band: Option<&str>,
) -> Result<()> {
    let now = tx.now();
    run!(tx, INSERT_ACCOUNT, telegram_id, person_id, lang, now, age_band).map(|_| ())
}

pub async fn delete_account(tx: &mut Tx, telegram_id: i64) -> Result<bool> {
    Ok(run!(tx, DELETE_ACCOUNT, telegram_id)? == 1)
}

/// Ties of those who left the school before: account, person.
pub(super) async fn ended_ties(tx: &mut Tx, before: At) -> Result<Vec<(i64, String)>> {
    fetch_all!(tx, (i64, String), ENDED_TIES, before)
}

/// The links of those who left the school before, and which account used a link whose tie is no more.
pub(super) async fn forget_links(tx: &mut Tx, before: At) -> Result<()> {
    run!(tx, END_LINKS, before)?;
    run!(tx, FORGET_USERS).map(|_| ())
}

pub async fn account_of_person(tx: &mut Tx, person_id: &str) -> Result<Option<i64>> {
    Ok(fetch_optional!(tx, (i64,), ACCOUNT_OF_PERSON, person_id)?.map(|(id,)| id))
}

/// Telegram told that the person blocked or unblocked the bot.
pub async fn set_reachable(tx: &mut Tx, telegram_id: i64, reachable: bool) -> Result<bool> {
    Ok(run!(tx, SET_REACHABLE, telegram_id, reachable)? == 1)
}

pub async fn set_lang(tx: &mut Tx, telegram_id: i64, lang: Lang) -> Result<bool> {
    Ok(run!(tx, SET_LANG, telegram_id, lang)? == 1)
}

/// How many active people have each role.
pub async fn count_by_role(tx: &mut Tx) -> Result<Vec<(Role, i64)>> {
    fetch_all!(tx, (Role, i64), COUNT_BY_ROLE)
}

/// How many active people of each role have an account.
pub async fn linked_by_role(tx: &mut Tx) -> Result<Vec<(Role, i64)>> {
    fetch_all!(tx, (Role, i64), LINKED_BY_ROLE)
}

/// Who stands behind an account and can be written to.
pub async fn reachable_account(tx: &mut Tx, telegram_id: i64) -> Result<Option<Reachable>> {
    fetch_optional!(tx, Reachable, REACHABLE_ACCOUNT, telegram_id)
}

/// The active people of a class without an account, by name.
pub async fn unlinked_of(tx: &mut Tx, classroom_id: &str) -> Result<Vec<Person>> {
    fetch_all!(tx, Person, UNLINKED_OF, classroom_id)
}

/// The active staff of no class without an account, by name; admins get theirs at the school's machine.
pub async fn unlinked_staff(tx: &mut Tx) -> Result<Vec<Person>> {
    fetch_all!(tx, Person, UNLINKED_STAFF)
}

/// The active people of a class with an account, by name.
pub(super) async fn linked_of(tx: &mut Tx, classroom_id: &str) -> Result<Vec<Person>> {
    fetch_all!(tx, Person, LINKED_OF, classroom_id)
}

/// The active staff of no class with an account, by name.
pub(super) async fn linked_staff(tx: &mut Tx) -> Result<Vec<Person>> {
    fetch_all!(tx, Person, LINKED_STAFF)
}

/// How many people a class has.
pub async fn class_size(tx: &mut Tx, classroom_id: &str) -> Result<i64> {
    Ok(fetch_optional!(tx, (i64,), CLASS_SIZE, classroom_id)?.map_or(0, |(count,)| count))
}

/// As if the person had never been noted. Their classes have been taken from them before.
pub(super) async fn delete_person(tx: &mut Tx, person_id: &str) -> Result<()> {
    run!(tx, DELETE_LINKS_OF, person_id)?;
    run!(tx, DELETE_DEPARTURES_OF, person_id)?;
    run!(tx, DELETE_PAST_OF, person_id)?;
    run!(tx, DELETE_PERSON, person_id)?.exactly_one("person to delete")
}

pub(super) async fn put_departure(
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
pub(super) async fn drop_departure(tx: &mut Tx, classroom_id: &str, person_id: &str) -> Result<bool> {
    Ok(run!(tx, DROP_DEPARTURE, classroom_id, person_id)? == 1)
}

/// Those whose time to leave a class's group has come: person, account, since when it is known.
pub(super) async fn departures(tx: &mut Tx, classroom_id: &str) -> Result<Vec<(String, i64, At)>> {
    let now = tx.now();
    fetch_all!(tx, (String, i64, At), DEPARTURES, classroom_id, now)
}

pub(super) async fn hold_departure(tx: &mut Tx, classroom_id: &str, person_id: &str) -> Result<bool> {
    Ok(run!(tx, HOLD_DEPARTURE, classroom_id, person_id)? == 1)
}

/// Those who were held back are due again; `false` when there are none.
pub(super) async fn release_departures(tx: &mut Tx, classroom_id: &str) -> Result<bool> {
    let now = tx.now();
    Ok(run!(tx, RELEASE_DEPARTURES, classroom_id, now)? > 0)
}

pub async fn is_enrolled(tx: &mut Tx, person_id: &str, classroom_id: &str) -> Result<bool> {
    let count = fetch_optional!(tx, (i64,), IS_ENROLLED, person_id, classroom_id)?;
    Ok(count.is_some_and(|(count,)| count > 0))
}

/// An account's tie: person, age band, since when.
pub async fn tie_of(tx: &mut Tx, telegram_id: i64) -> Result<Option<(String, Option<String>, At)>> {
    fetch_optional!(tx, (String, Option<String>, At), ACCOUNT_OF, telegram_id)
}

/// Stores a link; `open`: it works from now on.
pub(super) async fn insert_link(
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

pub(super) async fn link(tx: &mut Tx, hash: &str) -> Result<Option<Link>> {
    fetch_optional!(tx, Link, LINK, hash)
}

pub(super) async fn tried_link(tx: &mut Tx, hash: &str) -> Result<()> {
    run!(tx, TRIED_LINK, hash).map(|_| ())
}

/// `false` when it was used or died before.
pub(super) async fn use_link(tx: &mut Tx, hash: &str, account: i64) -> Result<bool> {
    let now = tx.now();
    Ok(run!(tx, USE_LINK, hash, account, now)? == 1)
}

pub(super) async fn kill_link(tx: &mut Tx, hash: &str) -> Result<bool> {
    Ok(run!(tx, KILL_LINK, hash)? == 1)
}

/// All links of a person cease to work.
pub(super) async fn kill_links_of(tx: &mut Tx, person_id: &str) -> Result<u64> {
    run!(tx, KILL_LINKS_OF, person_id)
}

pub(super) async fn kill_printed_of(tx: &mut Tx, person_id: &str) -> Result<u64> {
    run!(tx, KILL_PRINTED_OF, person_id)
}

/// A link that was stored closed works from now on.
pub(super) async fn open_link(tx: &mut Tx, hash: &str) -> Result<bool> {
    Ok(run!(tx, OPEN_LINK, hash)? == 1)
}

/// Printed links of the unlinked of a class that still work.
pub(super) async fn count_printed(tx: &mut Tx, classroom_id: &str) -> Result<i64> {
    let now = tx.now();
    Ok(fetch_optional!(tx, (i64,), COUNT_PRINTED, classroom_id, now)?.map_or(0, |(count,)| count))
}

/// As [`count_printed`], of the staff of no class.
pub(super) async fn count_printed_staff(tx: &mut Tx) -> Result<i64> {
    let now = tx.now();
    Ok(fetch_optional!(tx, (i64,), COUNT_PRINTED_STAFF, now)?.map_or(0, |(count,)| count))
}
