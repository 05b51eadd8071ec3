//! The roster's SQL: people and their classes; `accounts` whose account is whose · `links` personal links, and who is to
//! leave a group · `welcomes` who is greeted there.

mod accounts;
mod links;
mod welcomes;

pub use self::accounts::{
    account_of_person, delete_account, insert_account, linked_accounts, linked_by_role, person_of_account, reachable,
    reachable_account, reachable_by_role, reachable_in_charge, set_lang, set_reachable, tie_of, unlinked_of,
    unlinked_staff,
};
pub(super) use self::accounts::{ended_ties, insert_accounts, linked_of, linked_staff, reachable_of_all, tied_since};
pub(super) use self::links::{
    count_printed, count_printed_staff, departures, drop_departure, drop_departures_back, forget_links, hold_departure,
    insert_link, kill_link, kill_links_of, kill_printed_of, link, open_link, put_departure, release_departures,
    tried_link, use_link,
};
pub(super) use self::welcomes::{welcome, welcomed};

use super::{Person, Role};
use crate::kernel::text::names;
use crate::kernel::{At, Result};
use crate::platform::store::{Affected as _, Tx};
use crate::{fetch_all, fetch_optional, insert_many, run, statements};

statements! {
    PERSON = "SELECT id, last_name, first_name, email, birth, card, role, lang, active FROM person WHERE id = $1";
    PEOPLE = "SELECT id, last_name, first_name, email, birth, card, role, lang, active FROM person ORDER BY name_fold, id";
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
    /// Before the people are flipped: who comes back to the school.
    FLIP_BACK = "DELETE FROM departure WHERE person_id IN (SELECT s.id FROM person_staged s JOIN person p ON p.id = s.id \
        WHERE s.batch = $1 AND s.active AND NOT p.active) AND (account IN (SELECT a.telegram_id FROM account a \
        WHERE a.person_id = departure.person_id) \
        OR NOT EXISTS (SELECT 1 FROM account a WHERE a.person_id = departure.person_id))";
    STAGED_PEOPLE = "SELECT id, last_name, first_name, email, birth, card, role, lang, active FROM person_staged \
        WHERE batch = $1 ORDER BY id";
    STAGED_ENROLMENTS = "SELECT person_id, classroom_id, leaves FROM enrolment_staged WHERE batch = $1 \
        ORDER BY person_id, classroom_id";
    UNDER_STAGED = "SELECT id, last_name, first_name, email, birth, card, role, lang, active, updated_at FROM person \
        WHERE id IN (SELECT id FROM person_staged WHERE batch = $1 \
        UNION SELECT person_id FROM enrolment_staged WHERE batch = $1) ORDER BY id";
    UNSTAGE_PERSON = "DELETE FROM person_staged WHERE batch = $1 AND id = $2";
    UNSTAGE_ENROLMENTS = "DELETE FROM enrolment_staged WHERE batch = $1 AND person_id = $2";
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
    SET_ROLE = "UPDATE person SET role = $2, updated_at = $3 WHERE id = $1";
    IS_ENROLLED = "SELECT COUNT(*) FROM enrolment WHERE person_id = $1 AND classroom_id = $2";
    CLASS_SIZE = "SELECT COUNT(*) FROM enrolment WHERE classroom_id = $1";
    DELETE_LINKS_OF = "DELETE FROM personal_link WHERE person_id = $1";
    DELETE_DEPARTURES_OF = "DELETE FROM departure WHERE person_id = $1";
    DELETE_PERSON = "DELETE FROM person WHERE id = $1";
    COUNT_BY_ROLE = "SELECT role, COUNT(*) FROM person WHERE active GROUP BY role ORDER BY role";
}

/// The SQL of the other files of this store.
pub const FURTHER: &[&[(&str, &str)]] = &[accounts::STATEMENTS, links::STATEMENTS, welcomes::STATEMENTS];

pub async fn person(tx: &mut Tx, id: &str) -> Result<Option<Person>> {
    fetch_optional!(tx, Person, PERSON, id)
}

/// Everybody, by name.
pub async fn people(tx: &mut Tx) -> Result<Vec<Person>> {
    fetch_all!(tx, Person, PEOPLE)
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

/// Who comes back to the school need not leave any group any more.
pub(super) async fn flip_people(tx: &mut Tx, batch: &str) -> Result<u64> {
    let now = tx.now();
    run!(tx, FLIP_BACK, batch)?;
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

/// A batch's people as they will be, where that is not as they are.
pub(super) async fn staged_people(tx: &mut Tx, batch: &str) -> Result<Vec<Person>> {
    fetch_all!(tx, Person, STAGED_PEOPLE, batch)
}

/// Who enters which class by a batch, or leaves it (true).
pub(super) async fn staged_enrolments(tx: &mut Tx, batch: &str) -> Result<Vec<(String, String, bool)>> {
    fetch_all!(tx, (String, String, bool), STAGED_ENROLMENTS, batch)
}

/// A person, and when what is known of them last changed.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Touched {
    #[sqlx(flatten)]
    pub person: Person,
    pub updated_at: At,
}

/// A batch's people as they are; new ones are not yet.
pub(super) async fn under_staged(tx: &mut Tx, batch: &str) -> Result<Vec<Touched>> {
    fetch_all!(tx, Touched, UNDER_STAGED, batch)
}

/// This person is not to be flipped.
pub(super) async fn unstage(tx: &mut Tx, batch: &str, id: &str) -> Result<()> {
    run!(tx, UNSTAGE_PERSON, batch, id)?;
    run!(tx, UNSTAGE_ENROLMENTS, batch, id).map(|_| ())
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

/// How many active people have each role.
pub async fn count_by_role(tx: &mut Tx) -> Result<Vec<(Role, i64)>> {
    fetch_all!(tx, (Role, i64), COUNT_BY_ROLE)
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

pub async fn is_enrolled(tx: &mut Tx, person_id: &str, classroom_id: &str) -> Result<bool> {
    let count = fetch_optional!(tx, (i64,), IS_ENROLLED, person_id, classroom_id)?;
    Ok(count.is_some_and(|(count,)| count > 0))
}
