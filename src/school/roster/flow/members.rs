//! Adding, changing and letting go people, and their classes. Each change is audited.

use std::collections::BTreeMap;

use super::super::{Person, Role, store};
use super::put_menu;
use crate::kernel::Result;
use crate::platform::store::Tx;
use crate::school::audit::flow::{record, salt};
use crate::school::audit::{Actor, Salt};
use crate::school::classroom::flow as classrooms;

/// Adds a person (their id is given).
pub async fn add(tx: &mut Tx, actor: &Actor, person: &Person) -> Result<()> {
    store::insert_person(tx, person).await?;
    let salt = salt(tx).await?;
    record(tx, actor, "person.added", &object(&person.id), None, Some(&facts(person, &salt))).await
}

/// Changes what is known of a person. A role that changes brings another menu; who comes back to the school need leave no
/// group any more.
pub async fn change(tx: &mut Tx, actor: &Actor, after: &Person) -> Result<()> {
    let Some(before) = store::person(tx, &after.id).await? else { return Ok(()) };
    if before == *after {
        return Ok(());
    }
    store::update_person(tx, after).await?;
    if after.active && !before.active {
        store::drop_departures_back(tx, &after.id).await?;
    }
    let salt = salt(tx).await?;
    let (old, new) = compared(&before, after, &salt);
    record(tx, actor, "person.changed", &object(&after.id), Some(&old), Some(&new)).await?;
    menu_of(tx, &after.id, (before.role, before.active) != (after.role, after.active)).await
}

/// The person left the school: kept for the evidence, without rights.
pub async fn deactivate(tx: &mut Tx, actor: &Actor, person_id: &str) -> Result<()> {
    let Some(person) = store::person(tx, person_id).await?.filter(|person| person.active) else { return Ok(()) };
    let after = Person { active: false, ..person.clone() };
    store::update_person(tx, &after).await?;
    let salt = salt(tx).await?;
    let (old, new) = compared(&person, &after, &salt);
    record(tx, actor, "person.left", &object(person_id), Some(&old), Some(&new)).await?;
    menu_of(tx, person_id, true).await
}

/// A person who was noted by mistake, whom nobody knew and who did nothing: as if they had never been noted.
pub async fn take_back(tx: &mut Tx, actor: &Actor, person_id: &str) -> Result<()> {
    for classroom in store::classrooms_of(tx, person_id).await? {
        unenrol(tx, actor, person_id, &classroom).await?;
    }
    let Some(person) = store::person(tx, person_id).await? else { return Ok(()) };
    store::delete_person(tx, person_id).await?;
    let salt = salt(tx).await?;
    record(tx, actor, "person.taken_back", &object(person_id), Some(&facts(&person, &salt)), None).await
}

async fn menu_of(tx: &mut Tx, person_id: &str, changed: bool) -> Result<()> {
    match store::account_of_person(tx, person_id).await? {
        Some(account) if changed => put_menu(tx, account).await,
        _ => Ok(()),
    }
}

/// Puts a person in a class; `false` when they were in it.
pub async fn enrol(tx: &mut Tx, actor: &Actor, person_id: &str, classroom_id: &str) -> Result<bool> {
    let done = store::enrol(tx, person_id, classroom_id).await?;
    if done {
        // Who comes back need not leave the group any more.
        store::drop_departure(tx, classroom_id, person_id).await?;
        record(tx, actor, "person.enrolled", &object(person_id), None, Some(classroom_id)).await?;
        staff_moved(tx, person_id, classroom_id).await?;
    }
    Ok(done)
}

/// Takes a person out of a class; `false` when they were not in it.
pub async fn unenrol(tx: &mut Tx, actor: &Actor, person_id: &str, classroom_id: &str) -> Result<bool> {
    let done = store::unenrol(tx, person_id, classroom_id).await?;
    if done {
        record(tx, actor, "person.unenrolled", &object(person_id), Some(classroom_id), None).await?;
        staff_moved(tx, person_id, classroom_id).await?;
    }
    Ok(done)
}

/// Who looks after a class, or does no more, may otherwise in its group.
async fn staff_moved(tx: &mut Tx, person_id: &str, classroom_id: &str) -> Result<()> {
    match store::person(tx, person_id).await? {
        Some(person) if person.role != Role::Student => classrooms::managers_changed(tx, classroom_id).await,
        _ => Ok(()),
    }
}

pub(super) fn object(person_id: &str) -> String {
    format!("person:{person_id}")
}

/// For the audit: what is known of a person, by name, as one JSON object. What identifies them elsewhere is a fingerprint.
pub(super) fn facts(person: &Person, salt: &Salt) -> String {
    json(known(person, salt))
}

/// What differs: as it was, as it is.
pub(super) fn compared(before: &Person, after: &Person, salt: &Salt) -> (String, String) {
    let (mut old, mut new) = (known(before, salt), known(after, salt));
    let same: Vec<&str> =
        old.iter().filter(|(name, value)| new.get(*name) == Some(value)).map(|(name, _)| *name).collect();
    for name in same {
        old.remove(name);
        new.remove(name);
    }
    (json(old), json(new))
}

type Known = BTreeMap<&'static str, String>;

fn json(known: Known) -> String {
    serde_json::Value::from_iter(known).to_string()
}

fn known(person: &Person, salt: &Salt) -> Known {
    let object = object(&person.id);
    let print = |value: &Option<String>| value.as_deref().map(|value| salt.print(&object, value));
    let all = [
        ("last_name", Some(person.last_name.clone())),
        ("first_name", Some(person.first_name.clone())),
        ("email", print(&person.email)),
        ("birth", print(&person.birth)),
        ("card", print(&person.card)),
        ("role", Some(person.role.code().to_owned())),
        ("lang", person.lang.map(|lang| lang.code().to_owned())),
        ("active", Some(if person.active { "yes" } else { "no" }.to_owned())),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_audit_keeps_names_and_fingerprints() {
        let salt = Salt::of("s".to_owned());
        let before = Person {
            id: "p".to_owned(),
            last_name: "Moreau".to_owned(),
            first_name: "Inès".to_owned(),
            email: None,
            birth: Some("2009-03-12".to_owned()),
            card: Some("0042".to_owned()),
            role: Role::Student,
            lang: None,
            active: true,
        };
        let after = Person { last_name: "Petit".to_owned(), card: Some("0043".to_owned()), ..before.clone() };
        let (old, new) = compared(&before, &after, &salt);
        let (was, is) = (salt.print("person:p", "0042"), salt.print("person:p", "0043"));
        assert_eq!(old, format!(r#"{{"card":"{was}","last_name":"Moreau"}}"#));
        assert_eq!(new, format!(r#"{{"card":"{is}","last_name":"Petit"}}"#));
        assert_ne!(was, is);
        // The same birth of two people, or in two schools, is not seen to be the same.
        let (here, twin, there) =
            (salt.print("person:p", "x"), salt.print("person:q", "x"), Salt::of("t".to_owned()).print("person:p", "x"));
        assert!(here != twin && here != there);
        for personal in ["2009", "0042"] {
            assert!(!facts(&before, &salt).contains(personal));
        }
        let (old, new) = compared(&before, &Person { active: false, ..before.clone() }, &salt);
        assert_eq!((old.as_str(), new.as_str()), (r#"{"active":"yes"}"#, r#"{"active":"no"}"#));
    }
}
