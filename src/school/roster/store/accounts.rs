//! The SQL of accounts: whose they are, and who can be written to.

use super::super::{Person, Reachable, Role};
use crate::kernel::{At, Lang, Result};
use crate::platform::store::Tx;
use crate::{fetch_all, fetch_optional, insert_many, run, statements};

statements! {
    PERSON_OF_ACCOUNT = "SELECT p.id, p.last_name, p.first_name, p.email, p.birth, p.card, p.role, \
        COALESCE(a.lang, p.lang) AS lang, p.active FROM account a JOIN person p ON p.id = a.person_id WHERE a.telegram_id = $1";
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
    TIED_OF = "SELECT p.id, p.first_name, p.last_name, a.telegram_id FROM enrolment e JOIN person p ON p.id = e.person_id \
        JOIN account a ON a.person_id = p.id WHERE e.classroom_id = $1 AND p.active \
        AND a.linked_at >= $2 AND a.linked_at < $3 AND EXISTS (SELECT 1 FROM personal_link l \
        WHERE l.person_id = p.id AND l.used_by = a.telegram_id AND l.used_at >= $2) ORDER BY p.name_fold, p.id";
    TIED_OF_NO_CLASS = "SELECT p.id, p.first_name, p.last_name, a.telegram_id FROM person p \
        JOIN account a ON a.person_id = p.id WHERE p.active \
        AND NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.person_id = p.id) \
        AND a.linked_at >= $1 AND a.linked_at < $2 AND EXISTS (SELECT 1 FROM personal_link l \
        WHERE l.person_id = p.id AND l.used_by = a.telegram_id AND l.used_at >= $1) ORDER BY p.name_fold, p.id";
    ENDED_TIES = "SELECT a.telegram_id, a.person_id FROM account a JOIN person p ON p.id = a.person_id \
        WHERE NOT p.active AND p.updated_at <= $1 ORDER BY a.telegram_id";
    ACCOUNT_OF = "SELECT person_id, age_band, linked_at FROM account WHERE telegram_id = $1";
    LINKED_BY_ROLE = "SELECT p.role, COUNT(*) FROM account a JOIN person p ON p.id = a.person_id \
        WHERE p.active GROUP BY p.role ORDER BY p.role";
}

/// The person behind an account; their `lang` is the one chosen for the account, where there is one.
pub async fn person_of_account(tx: &mut Tx, telegram_id: i64) -> Result<Option<Person>> {
    fetch_optional!(tx, Person, PERSON_OF_ACCOUNT, telegram_id)
}

/// How to write to a person in private, when that is possible.
pub async fn reachable(tx: &mut Tx, person_id: &str) -> Result<Option<Reachable>> {
    fetch_optional!(tx, Reachable, REACHABLE, person_id)
}

/// Those of `role` in charge of a class who can be written to.
pub async fn reachable_in_charge(tx: &mut Tx, classroom_id: &str, role: Role) -> Result<Vec<Reachable>> {
    fetch_all!(tx, Reachable, REACHABLE_IN_CHARGE, classroom_id, role)
}

/// Those of a role who are of no class: they look after all.
pub(in crate::school::roster) async fn reachable_of_all(tx: &mut Tx, role: Role) -> Result<Vec<Reachable>> {
    fetch_all!(tx, Reachable, REACHABLE_OF_ALL, role)
}

/// Those of a role who can be written to.
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

/// As [`insert_account`], for many: account, person.
pub(in crate::school::roster) async fn insert_accounts(tx: &mut Tx, ties: &[(i64, String)]) -> Result<()> {
    let now = tx.now();
    let touched = insert_many!(tx, INSERT_ACCOUNT, ties, |tie| [
        tie.0,
        &tie.1,
        Option::<Lang>::None,
        now,
        true,
        Option::<&str>::None
    ]);
    touched.await.map(|_| ())
}

pub async fn delete_account(tx: &mut Tx, telegram_id: i64) -> Result<bool> {
    Ok(run!(tx, DELETE_ACCOUNT, telegram_id)? == 1)
}

/// Ties of those who left the school before: account, person.
pub(in crate::school::roster) async fn ended_ties(tx: &mut Tx, before: At) -> Result<Vec<(i64, String)>> {
    fetch_all!(tx, (i64, String), ENDED_TIES, before)
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
pub(in crate::school::roster) async fn linked_of(tx: &mut Tx, classroom_id: &str) -> Result<Vec<Person>> {
    fetch_all!(tx, Person, LINKED_OF, classroom_id)
}

/// The active staff of no class with an account, by name.
pub(in crate::school::roster) async fn linked_staff(tx: &mut Tx) -> Result<Vec<Person>> {
    fetch_all!(tx, Person, LINKED_STAFF)
}

/// Those of a class, or of none, who tied an account by their link in that time: person, first and last name, account.
pub(in crate::school::roster) async fn tied_since(
    tx: &mut Tx,
    classroom_id: Option<&str>,
    since: At,
    until: At,
) -> Result<Vec<(String, String, String, i64)>> {
    match classroom_id {
        Some(id) => fetch_all!(tx, (String, String, String, i64), TIED_OF, id, since, until),
        None => fetch_all!(tx, (String, String, String, i64), TIED_OF_NO_CLASS, since, until),
    }
}

/// An account's tie: person, age band, since when.
pub async fn tie_of(tx: &mut Tx, telegram_id: i64) -> Result<Option<(String, Option<String>, At)>> {
    fetch_optional!(tx, (String, Option<String>, At), ACCOUNT_OF, telegram_id)
}
